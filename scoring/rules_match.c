/* Running a rule set over messages: headers, URLs, what PCRE2 confirms, and the life of a scan.  Text is in
 * rules_text.c, conditions are in rules_judge.c.
 *
 * A header that no rule looks at costs a look into a bucket of names.  PCRE2 confirms a header or URL as a whole, what
 * vectorscan has found in it first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/domain_org.h"
#include "mailspan/text_signs.h"
#include "rule_scan.h"

#define CONFIRM_STEPS 1000000       /* of PCRE2 for one message: some 20 ms */
#define CONFIRM_SEARCH_STEPS 100000 /* ... for one search */

_Static_assert(sizeof(struct rule_scan) + sizeof(uint64_t[RULE_WORDS]) <= sizeof((struct arena_block *)0)->bytes,
               "a scan fits an arena block");
_Static_assert(LIMIT_URLS <= UINT8_MAX, "url_count holds it");

/* --- matches ------------------------------------------------------------------------------------------------------ */

int rule_on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    const struct search *search = context;
    struct rule_scan *scan = search->scan;
    if (id >= scan->rules->count) return 0; /* add_short_phrase */
    if (search->only != NULL && !bit_get(search->only, id)) return 0;
    if (scan->rules->entries[id].expression.confirm == NULL) {
        bit_set(scan->fired, id);
    } else if (search->candidates != NULL && !bit_get(scan->fired, id)) {
        bit_set(search->candidates->bits, id);
        search->candidates->any = true;
    }
    return 0;
}

/* What takes too many steps is not found, as what is not there. */
static bool confirm_one(struct rule_scan *scan, const struct expression *expression, struct span bytes) {
    struct ruleset *rules = scan->rules;
    uint32_t given = scan->confirm_steps < CONFIRM_SEARCH_STEPS ? scan->confirm_steps : CONFIRM_SEARCH_STEPS;
    rules->confirm_steps = given;
    int found = pcre2_match(expression->confirm, bytes.data, bytes.len, 0, 0, rules->match_data, rules->match_context);
    scan->confirm_steps -= given - rules->confirm_steps;
    if (found < 0 && found != PCRE2_ERROR_NOMATCH && !scan->confirm_cut) {
        scan->confirm_cut = true;
        scan->counters->confirm_cut++;
    }
    return found >= 0;
}

void rule_confirm(struct rule_scan *scan, struct candidates *candidates, struct span bytes) {
    struct ruleset *rules = scan->rules;
    if (!candidates->any) return;
    candidates->any = false;
    for (unsigned word = 0; word < (rules->count + 63) / 64; word++) {
        for (uint64_t left = candidates->bits[word] & ~scan->fired[word]; left != 0; left &= left - 1) {
            unsigned const rule = word * 64 + (unsigned)__builtin_ctzll(left);
            if (confirm_one(scan, &rules->entries[rule].expression, bytes))
                bit_set(scan->fired, rule);
            else
                candidates->any = true;
        }
    }
}

/* Headers and URLs, whole; they come between pieces of text. */
static void scan_block(struct rule_scan *scan, const hs_database_t *database, struct span bytes) {
    if (database == NULL || bytes.len == 0) return;
    uint64_t bits[RULE_WORDS];
    memset(bits, 0, rule_bits_bytes(scan->rules));
    struct candidates candidates = {.any = false, .bits = bits};
    struct search search = {scan, &candidates, NULL};
    (void)hs_scan(database, (const char *)bytes.data, (unsigned)bytes.len, 0, scan->rules->scratch, rule_on_match,
                  &search);
    rule_confirm(scan, &candidates, bytes);
}

/* Whether it is one that was searched last; if not, it takes the place of the oldest. */
static bool was_searched(const struct rule_scan *scan, struct span url) {
    struct searched_urls *searched = &scan->rules->searched;
    if (url.len == 0 || url.len > LIMIT_URL_BYTES) return false;
    if (searched->owner != scan) searched->count = 0;
    searched->owner = scan;
    unsigned const kept = searched->count < RULE_URLS_KEPT ? searched->count : RULE_URLS_KEPT;
    for (unsigned i = 0; i < kept; i++)
        if (searched->urls[i].len == url.len && memcmp(searched->urls[i].bytes, url.data, url.len) == 0) return true;
    unsigned const at = searched->count++ % RULE_URLS_KEPT;
    searched->urls[at].len = (uint16_t)url.len;
    memcpy(searched->urls[at].bytes, url.data, url.len);
    return false;
}

void rule_scan_url(struct rule_scan *scan, struct span url) {
    if (scan->url_count == LIMIT_URLS) return; /* mail_summary counts them */
    scan->url_count++;
    if (scan->rules->uris == NULL || was_searched(scan, url)) return;
    scan_block(scan, scan->rules->uris, url);
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

/* local@domain without what stands around and between. */
static struct span bare_address(struct span raw, uint8_t room[LIMIT_HEADER_VALUE_BYTES]) {
    struct mail_address address;
    if (mail_addresses(raw, &address) == 0) return SPAN_EMPTY;
    size_t const len = address.local.len + 1 + address.domain.len;
    if (len > LIMIT_HEADER_VALUE_BYTES) return SPAN_EMPTY;
    memcpy(room, address.local.data, address.local.len);
    room[address.local.len] = '@';
    memcpy(room + address.local.len + 1, address.domain.data, address.domain.len);
    return span_of(room, len);
}

static struct span display_name(const struct mail_item *header) {
    struct mail_address address;
    if (mail_addresses(header->raw, &address) == 0) return SPAN_EMPTY;
    return mail_display_name(header->raw, header->value, &address);
}

static struct span skeleton(struct span text, uint8_t room[LIMIT_HEADER_VALUE_BYTES]) {
    return span_of(room, text_skeleton(text, room, LIMIT_HEADER_VALUE_BYTES));
}

/* How the name looks, and behind it, in angle brackets, whom the domain of its address belongs to. */
static struct span name_and_org(const struct mail_item *header, uint8_t room[LIMIT_HEADER_VALUE_BYTES]) {
    struct mail_address address;
    if (mail_addresses(header->raw, &address) == 0) return SPAN_EMPTY;
    struct span const name = mail_display_name(header->raw, header->value, &address);
    struct span const org = span_head(domain_owned(address.domain), LIMIT_DOMAIN_BYTES);
    if (name.len == 0) return SPAN_EMPTY;
    size_t used = text_skeleton(name, room, LIMIT_HEADER_VALUE_BYTES - org.len - 3);
    room[used++] = ' ';
    room[used++] = '<';
    for (size_t i = 0; i < org.len; i++) room[used++] = ascii_lower(org.data[i]);
    room[used++] = '>';
    return span_of(room, used);
}

struct span rule_header_value(const struct mail_item *header, enum header_form form,
                              uint8_t room[LIMIT_HEADER_VALUE_BYTES]) {
    switch (form) {
        case HEADER_RAW:
            return header->raw;
        case HEADER_ADDRESS:
            return bare_address(header->raw, room);
        case HEADER_NAME:
            return display_name(header);
        case HEADER_SKELETON:
            return skeleton(header->value, room);
        case HEADER_NAME_SKELETON:
            return skeleton(display_name(header), room);
        case HEADER_NAME_ORG:
            return name_and_org(header, room);
        case HEADER_DECODED:
            break;
    }
    return header->value;
}

static void scan_named(struct rule_scan *scan, const struct header_patterns *patterns, const struct mail_item *header) {
    uint8_t room[LIMIT_HEADER_VALUE_BYTES];
    const struct ruleset *rules = scan->rules;
    for (unsigned i = 0; i < patterns->present_count; i++)
        bit_set(scan->fired, rules->present[patterns->present_first + i]);
    scan_block(scan, patterns->database,
               span_head(rule_header_value(header, patterns->look.form, room), LIMIT_HEADER_VALUE_BYTES));
}

/* For rules that look at body, too.  The stream's state is of no use behind it. */
static void scan_subject(struct rule_scan *scan, struct span subject) {
    struct ruleset *rules = scan->rules;
    if (rules->subject_stream == NULL || subject.len == 0) return;
    uint64_t bits[RULE_WORDS];
    memset(bits, 0, rule_bits_bytes(rules));
    struct candidates candidates = {.any = false, .bits = bits};
    struct search search = {scan, &candidates, rules->subject_shared};
    (void)hs_scan_stream(rules->subject_stream, (const char *)subject.data, (unsigned)subject.len, 0, rules->scratch,
                         rule_on_match, &search);
    (void)hs_reset_stream(rules->subject_stream, 0, rules->scratch, rule_on_match, &search);
    rule_confirm(scan, &candidates, subject);
}

/* "Name: value", for rules that look at all headers. */
static void scan_among_all(struct rule_scan *scan, const struct mail_item *header) {
    uint8_t line[LIMIT_HEADER_NAME_BYTES + 2 + LIMIT_HEADER_VALUE_BYTES];
    struct span const name = span_head(header->name, LIMIT_HEADER_NAME_BYTES);
    struct span const value = span_head(header->value, LIMIT_HEADER_VALUE_BYTES);
    memcpy(line, name.data, name.len);
    line[name.len] = ':';
    line[name.len + 1] = ' ';
    if (value.len > 0) memcpy(line + name.len + 2, value.data, value.len);
    scan_block(scan, scan->rules->all_headers, span_of(line, name.len + 2 + value.len));
}

void rule_scan_header(struct rule_scan *scan, const struct mail_item *header) {
    const struct ruleset *rules = scan->rules;
    bool const own = header->part == 0;
    if ((!own && !rules->wants_mime) || header->name.len == 0) return;
    const struct header_patterns *patterns = rules->header_buckets[header_bucket(header->name)];
    for (; patterns != NULL; patterns = patterns->next) {
        if (!own && patterns->look.target != RULE_MIME) continue;
        if (span_equal_nocase(header->name, patterns->look.header)) scan_named(scan, patterns, header);
    }
    if (own && rules->all_headers != NULL) scan_among_all(scan, header);
    if (!own || !span_equal_nocase(header->name, SPAN_LITERAL("Subject"))) return;
    scan_subject(scan, span_head(header->value, LIMIT_HEADER_VALUE_BYTES));
    rule_words_say(scan, header->value, true);
}

/* --- the end of a message ----------------------------------------------------------------------------------------- */

void rule_scan_facts(struct rule_scan *scan, struct facts *facts) {
    rule_text_end(scan);
    facts->value[FACT_words_of_spam] = said_words_sum(&scan->said, scan->rules->words);
    rules_judge(scan->rules, facts, scan->fired);
}

void ruleset_bare_hits(const struct ruleset *rules, const struct facts *facts, struct rule_hits *hits) {
    *hits = (struct rule_hits){{0}};
    rules_judge_bare(rules, facts, hits->bits);
}

void ruleset_hits(const struct ruleset *rules, const struct rule_scan *scan, const struct facts *facts,
                  struct rule_hits *hits) {
    *hits = (struct rule_hits){{0}};
    if (scan != NULL)
        memcpy(hits->bits, scan->fired, rule_bits_bytes(rules));
    else
        rules_judge(rules, facts, hits->bits);
}

double rule_scan_words(const struct rule_scan *scan, struct said_word *strongest, unsigned room, unsigned *count) {
    const struct content_words *words = scan->rules->words;
    *count = words == NULL ? 0 : said_words_strongest(&scan->said, words, strongest, room);
    return said_words_sum(&scan->said, words);
}

bool rule_scan_fired(const struct rule_scan *scan, unsigned rule) {
    return rule < scan->rules->count && bit_get(scan->fired, rule);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

struct rule_scan *rule_scan_begin(struct ruleset *rules, struct arena *arena, struct counters *counters) {
    struct rule_scan *scan = arena_alloc(arena, sizeof *scan + rule_bits_bytes(rules));
    if (scan == NULL) {
        counters->message_memory++;
        return NULL;
    }
    scan->rules = rules;
    scan->arena = arena;
    scan->counters = counters;
    scan->urls.arena = arena;
    scan->confirm_steps = CONFIRM_STEPS;
    scan->older = rules->scans;
    if (rules->scans != NULL) rules->scans->newer = scan;
    rules->scans = scan;
    return scan;
}

static void leave_open_ones(struct rule_scan *scan) {
    if (scan->older != NULL) scan->older->newer = scan->newer;
    if (scan->newer != NULL)
        scan->newer->older = scan->older;
    else
        scan->rules->scans = scan->older;
}

void rule_scan_end(struct rule_scan *scan) {
    if (scan == NULL || scan->rules == NULL) return;
    rule_text_end(scan);
    rule_text_leave(scan);
    if (scan->rules->searched.owner == scan) scan->rules->searched.owner = NULL;
    leave_open_ones(scan);
}

const struct ruleset *rule_scan_rules(const struct rule_scan *scan) {
    return scan->rules;
}

bool ruleset_is_searching(const struct ruleset *rules) {
    return rules->scans != NULL;
}

unsigned ruleset_abandon(struct ruleset *rules) {
    unsigned ended = 0;
    while (rules->scans != NULL) {
        struct rule_scan *scan = rules->scans;
        rule_scan_end(scan);
        scan->rules = NULL;
        ended++;
    }
    return ended;
}
