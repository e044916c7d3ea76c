/* Running a rule set over messages.
 *
 * Each header that a rule looks at has a vectorscan database of its own; the other headers cost one comparison of
 * names.  URLs have one in block mode, text has one in stream mode, so that an expression finds what crosses a cut.
 *
 * Any number of messages are open at once, and their text comes in turns.  There is one open stream: when another
 * message has text, the stream is packed (hs_compress_stream: some ten bytes to a few hundred) into the arena of the
 * message that it belongs to, and unpacked when that one goes on.  So nothing is allocated outside of arenas; a message
 * whose arena is full is searched no further, which is counted.
 *
 * Folded text is gathered in one buffer, because packets bring a kilobyte at a time and each search has its price.  It
 * is searched when it is full, when another message has text, and at the end of a part: what has fired is known when
 * rule_scan_facts was called.
 *
 *   text --(html_text)-+--> text_fold --> text_buffer --> stream --> fired, or candidate when PCRE2 must confirm
 *                      \--> text_urls --> uris
 *
 * PCRE2 confirms a header or URL as a whole.  Text it sees in windows of CONFIRM_WINDOW_BYTES, each with the last
 * CONFIRM_OVERLAP_BYTES of the one before, at places that depend on the text alone and not on its cuts; a candidate is
 * looked for in the window where it became one and in all that follow.  What is longer than the overlap can be missed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/html_text.h"
#include "rules_internal.h"
#include "text_fold.h"
#include "text_urls.h"

#include <stdlib.h>
#include <strings.h>

#define CONFIRM_WINDOW_BYTES 1536
#define CONFIRM_OVERLAP_BYTES 512
#define CONFIRM_STEPS 1000000       /* of PCRE2 for one message: some 20 ms */
#define CONFIRM_SEARCH_STEPS 100000 /* ... for one search */
#define CONFIRM_MATCH_LIMIT 20000   /* ... from one place on: PCRE2's own limit begins anew at each */
#define CONFIRM_HEAP_KIB 256
#define PACKED_SLACK_BYTES 256      /* what hs_compress_stream may want beyond the stream's own size */
#define PIECE_BYTES 112             /* of packed stream; a built-in stream takes one */
#define MANY_EXPRESSIONS_BYTES 1024 /* together: about as many phrases as the library has a simpler search for */
#define RULE_WORDS (LIMIT_RULES / 64)

struct packed_piece {
    struct packed_piece *next;
    uint8_t bytes[PIECE_BYTES];
};

/* Rules that PCRE2 must confirm, in the value or text at hand. */
struct candidates {
    bool any;
    uint64_t bits[RULE_WORDS];
};

/* Text for PCRE2, which only rule sets have for whose text it is asked. */
struct confirm_window {
    size_t len;
    struct candidates candidates;
    uint8_t bytes[CONFIRM_WINDOW_BYTES];
};

struct rule_scan {
    struct ruleset *rules;           /* NULL: ruleset_abandon has ended it */
    struct rule_scan *older, *newer; /* among the open ones of its rule set */
    struct arena *arena;
    struct counters *counters;
    bool in_part;
    bool in_html;
    bool blind;       /* out of memory: text is searched no more */
    bool text_cut;    /* the rest is not looked at */
    bool urls_lost;   /* there was no memory for them */
    bool confirm_cut; /* something was not found because it would have taken too many steps */
    bool stream_used; /* the stream has a state that matters */
    uint8_t url_count;
    unsigned part;
    unsigned text_bytes;
    unsigned packed_len;
    uint32_t confirm_steps; /* left for this message */
    struct packed_piece *packed;
    struct confirm_window *window;
    struct html_text html;
    struct text_fold fold;
    struct text_urls urls;
    uint64_t fired[]; /* a bit for each rule of the set */
};

/* What a search of vectorscan's reports to. */
struct search {
    struct rule_scan *scan;
    struct candidates *candidates; /* NULL: no expression that is searched for must be confirmed */
};

_Static_assert(sizeof(struct rule_scan) + RULE_WORDS * sizeof(uint64_t) <= sizeof((struct arena_block *)0)->bytes,
               "a scan fits an arena block");
_Static_assert(LIMIT_URLS <= UINT8_MAX, "url_count holds it");
_Static_assert(sizeof(struct confirm_window) <= sizeof((struct arena_block *)0)->bytes, "a window fits one, too");

static bool bit_get(const uint64_t *bits, unsigned i) {
    return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static void bit_set(uint64_t *bits, unsigned i) {
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

/* --- loading --------------------------------------------------------------------------------------------------- */

static const char *header_of(const struct rule *rule) {
    if (rule->target == RULE_SUBJECT) return "Subject";
    return rule->target == RULE_HEADER ? rule->header : NULL;
}

/* A rule's own place is in entries; the list to be compiled is a copy, from which the findings come back. */
static bool compile_list(struct ruleset *rules, struct expression *list, unsigned count, unsigned mode,
                         hs_database_t **database, struct problem *problem) {
    bool good = expressions_compile(list, count, mode, rules->compiled, database, &rules->scratch, problem);
    for (unsigned i = 0; i < count; i++)
        if (list[i].id < rules->count) rules->entries[list[i].id].expression = list[i];
    return good;
}

static unsigned list_target(const struct ruleset *rules, enum rule_target target, struct expression *list) {
    unsigned count = 0;
    for (unsigned i = 0; i < rules->count; i++)
        if (rules->entries[i].rule.target == target) list[count++] = rules->entries[i].expression;
    return count;
}

/* Adds two bytes that no UTF-8 has, when there are many expressions for text; on_match passes over them.
 *
 * The library looks for the fixed phrases of all expressions by the pairs of letters in their last eight bytes.  Where
 * all phrases are long it compares the pairs at every second or fourth byte only; in prose, which is made of a few
 * hundred pairs, so little agrees nearly everywhere, and each time all is compared.  A phrase of two bytes makes it
 * look at every byte: two to three times as fast, as measured. */
static unsigned add_short_phrase(const struct ruleset *rules, struct expression *list, unsigned count) {
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) bytes += strlen(list[i].text);
    if (bytes < MANY_EXPRESSIONS_BYTES || count == LIMIT_RULES) return count;
    list[count] =
        (struct expression){.text = "\\xfe\\xff", .node = list[0].node, .file = list[0].file, .id = rules->count};
    return count + 1;
}

static bool compile_uris(struct ruleset *rules, struct expression *list, struct problem *problem) {
    unsigned count = list_target(rules, RULE_URI, list);
    return compile_list(rules, list, count, HS_MODE_BLOCK, &rules->uris, problem);
}

static bool compile_body(struct ruleset *rules, struct expression *list, struct problem *problem) {
    unsigned count = add_short_phrase(rules, list, list_target(rules, RULE_BODY, list));
    return compile_list(rules, list, count, HS_MODE_STREAM, &rules->body, problem);
}

static bool compile_header(struct ruleset *rules, const char *name, struct expression *list, struct problem *problem) {
    unsigned count = 0;
    for (unsigned i = 0; i < rules->count; i++) {
        const char *header = header_of(&rules->entries[i].rule);
        if (header != NULL && strcasecmp(header, name) == 0) list[count++] = rules->entries[i].expression;
    }
    struct header_patterns *patterns = &rules->headers[rules->header_count++];
    patterns->name = name;
    return compile_list(rules, list, count, HS_MODE_BLOCK, &patterns->database, problem);
}

static struct header_patterns *header_find(const struct ruleset *rules, struct span name) {
    for (unsigned i = 0; i < rules->header_count; i++)
        if (span_equal_nocase(name, span_from_string(rules->headers[i].name))) return &rules->headers[i];
    return NULL;
}

static bool compile_headers(struct ruleset *rules, struct expression *list, struct problem *problem) {
    for (unsigned i = 0; i < rules->count; i++) {
        const char *header = header_of(&rules->entries[i].rule);
        if (header == NULL || header_find(rules, span_from_string(header)) != NULL) continue;
        if (!compile_header(rules, header, list, problem)) return false;
    }
    return true;
}

static bool compile_all(struct ruleset *rules, struct problem *problem) {
    struct expression *list = calloc(rules->count + 1, sizeof *list);
    rules->headers = calloc(rules->count + 1, sizeof *rules->headers);
    bool good = list != NULL && rules->headers != NULL;
    if (!good && rules->file_count > 0)
        (void)yaml_problem(rules->files[0].document, yaml_document_root(rules->files[0].document), false, problem,
                           "not enough memory");
    good = good && compile_headers(rules, list, problem) && compile_uris(rules, list, problem) &&
           compile_body(rules, list, problem);
    free(list);
    return good;
}

static bool open_stream(struct ruleset *rules) {
    if (rules->body == NULL) return true;
    size_t bytes = 0;
    if (hs_stream_size(rules->body, &bytes) != HS_SUCCESS) return false;
    rules->packed_bytes = bytes + PACKED_SLACK_BYTES;
    rules->packed = malloc(rules->packed_bytes);
    return rules->packed != NULL && hs_open_stream(rules->body, 0, &rules->stream) == HS_SUCCESS;
}

/* One search now: it makes the memory that later searches use again. */
static void confirm_warm_up(struct ruleset *rules, const struct expression *expression) {
    if (expression->confirm == NULL) return;
    (void)pcre2_match(expression->confirm, (PCRE2_SPTR) "", 0, 0, 0, rules->match_data, rules->match_context);
}

static int on_step(pcre2_callout_block *block, void *context) {
    uint32_t *left = context;
    (void)block;
    if (*left == 0) return PCRE2_ERROR_CALLOUT;
    --*left;
    return 0;
}

static bool prepare_confirm(struct ruleset *rules) {
    rules->match_data = pcre2_match_data_create(1, NULL);
    rules->match_context = pcre2_match_context_create(NULL);
    if (rules->match_data == NULL || rules->match_context == NULL) return false;
    (void)pcre2_set_match_limit(rules->match_context, CONFIRM_MATCH_LIMIT);
    (void)pcre2_set_heap_limit(rules->match_context, CONFIRM_HEAP_KIB);
    (void)pcre2_set_callout(rules->match_context, on_step, &rules->confirm_steps);
    rules->confirm_steps = CONFIRM_SEARCH_STEPS; /* for all that is searched now */
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        confirm_warm_up(rules, &entry->expression);
        if (entry->rule.target == RULE_BODY && entry->expression.confirm != NULL) rules->body_confirms = true;
    }
    return true;
}

static bool read_sources(struct ruleset *rules, const struct rules_source *sources, size_t count,
                         struct problem *problem) {
    for (size_t i = 0; i < count; i++) {
        struct yaml_document *document = yaml_document_load(sources[i].name, sources[i].text, problem);
        if (document == NULL) return false;
        struct expression_file *file = &rules->files[rules->file_count++];
        *file = (struct expression_file){document, sources[i].text,
                                         rules->compiled != NULL && compiled_is_closed(rules->compiled)};
        if (!rules_file_read(rules, file, sources[i].group, problem)) return false;
    }
    return true;
}

static bool rule_wants_body(const struct rule_entry *entry) {
    if (entry->rule.target == RULE_BODY || entry->rule.target == RULE_URI) return true;
    for (unsigned i = 0; i < entry->condition_count; i++)
        if (fact_is_of_body(entry->conditions[i].fact)) return true;
    return false;
}

static bool load_into(struct ruleset *rules, const struct rules_source *sources, size_t count,
                      struct problem *problem) {
    if (!read_sources(rules, sources, count, problem) || !compile_all(rules, problem)) return false;
    for (unsigned i = 0; i < rules->count; i++)
        if (rule_wants_body(&rules->entries[i])) rules->wants_body = true;
    if (open_stream(rules) && prepare_confirm(rules)) return true;
    const struct yaml_document *document = rules->files[0].document;
    return yaml_problem(document, yaml_document_root(document), false, problem, "not enough memory for the rules");
}

struct ruleset *ruleset_load(const struct rules_source *sources, size_t count, struct problem *problem) {
    return ruleset_load_compiled(sources, count, NULL, problem);
}

struct ruleset *ruleset_load_compiled(const struct rules_source *sources, size_t count, struct compiled *compiled,
                                      struct problem *problem) {
    *problem = (struct problem){.what = "not enough memory for the rules"};
    struct ruleset *rules = calloc(1, sizeof *rules);
    if (rules == NULL) return NULL;
    rules->compiled = compiled;
    rules->files = calloc(count + 1, sizeof *rules->files);
    if (rules->files != NULL && load_into(rules, sources, count, problem)) {
        for (size_t i = 0; i < count; i++) rules->files[i].source = SPAN_EMPTY; /* the caller's, as this is: */
        rules->compiled = NULL;
        return rules;
    }
    ruleset_free(rules);
    return NULL;
}

void ruleset_free(struct ruleset *rules) {
    if (rules == NULL) return;
    for (unsigned i = 0; i < rules->count; i++) pcre2_code_free(rules->entries[i].expression.confirm);
    for (unsigned i = 0; i < rules->header_count; i++) hs_free_database(rules->headers[i].database);
    if (rules->stream != NULL) (void)hs_close_stream(rules->stream, NULL, NULL, NULL);
    hs_free_database(rules->uris);
    hs_free_database(rules->body);
    hs_free_scratch(rules->scratch);
    pcre2_match_data_free(rules->match_data);
    pcre2_match_context_free(rules->match_context);
    for (size_t i = 0; i < rules->file_count; i++) yaml_document_free(rules->files[i].document);
    free(rules->files);
    free(rules->headers);
    free(rules->entries);
    free(rules->packed);
    free(rules);
}

unsigned ruleset_count(const struct ruleset *rules) {
    return rules->count;
}

const struct rule *ruleset_rule(const struct ruleset *rules, unsigned i) {
    return i < rules->count ? &rules->entries[i].rule : NULL;
}

bool ruleset_wants_body(const struct ruleset *rules) {
    return rules->wants_body;
}

static size_t database_bytes(const hs_database_t *database) {
    size_t bytes = 0;
    return database != NULL && hs_database_size(database, &bytes) == HS_SUCCESS ? bytes : 0;
}

size_t ruleset_memory_bytes(const struct ruleset *rules) {
    size_t bytes = sizeof *rules + rules->count * (sizeof *rules->entries + sizeof *rules->headers);
    for (unsigned i = 0; i < rules->header_count; i++) bytes += database_bytes(rules->headers[i].database);
    bytes += database_bytes(rules->uris) + database_bytes(rules->body) + 2 * rules->packed_bytes;
    size_t scratch = 0;
    if (rules->scratch != NULL && hs_scratch_size(rules->scratch, &scratch) == HS_SUCCESS) bytes += scratch;
    return bytes;
}

/* --- matches --------------------------------------------------------------------------------------------------- */

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    const struct search *search = context;
    struct rule_scan *scan = search->scan;
    if (id >= scan->rules->count) return 0; /* add_short_phrase */
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

/* Lets PCRE2 look at bytes for every candidate.  Those that it does not find stay candidates. */
static void confirm(struct rule_scan *scan, struct candidates *candidates, struct span bytes) {
    struct ruleset *rules = scan->rules;
    if (!candidates->any) return;
    candidates->any = false;
    for (unsigned i = 0; i < rules->count; i++) {
        if (!bit_get(candidates->bits, i) || bit_get(scan->fired, i)) continue;
        if (confirm_one(scan, &rules->entries[i].expression, bytes))
            bit_set(scan->fired, i);
        else
            candidates->any = true;
    }
}

/* Headers and URLs, whole; they come between pieces of text. */
static void scan_block(struct rule_scan *scan, const hs_database_t *database, struct span bytes) {
    if (database == NULL || bytes.len == 0) return;
    struct candidates candidates = {.any = false};
    struct search search = {scan, &candidates};
    (void)hs_scan(database, (const char *)bytes.data, (unsigned)bytes.len, 0, scan->rules->scratch, on_match, &search);
    confirm(scan, &candidates, bytes);
}

void rule_scan_header(struct rule_scan *scan, struct span name, struct span value) {
    const struct header_patterns *patterns = header_find(scan->rules, name);
    if (patterns != NULL) scan_block(scan, patterns->database, span_head(value, LIMIT_HEADER_VALUE_BYTES));
}

static void on_url(void *context, struct span url) {
    struct rule_scan *scan = context;
    if (scan->url_count == LIMIT_URLS) return; /* mail_summary counts them */
    scan->url_count++;
    scan_block(scan, scan->rules->uris, url);
}

/* --- the stream ------------------------------------------------------------------------------------------------ */

static void go_blind(struct rule_scan *scan) {
    scan->blind = true;
    scan->counters->message_memory++;
}

/* Copies the packed stream into the scan's pieces, which grow when they must. */
static bool pieces_store(struct rule_scan *scan, struct span packed) {
    struct packed_piece **link = &scan->packed;
    scan->packed_len = (unsigned)packed.len;
    while (packed.len > 0) {
        if (*link == NULL) *link = arena_alloc(scan->arena, sizeof **link);
        if (*link == NULL) return false;
        struct span head = span_head(packed, PIECE_BYTES);
        memcpy((*link)->bytes, head.data, head.len);
        packed = span_from(packed, head.len);
        link = &(*link)->next;
    }
    return true;
}

static void pieces_load(const struct rule_scan *scan, char *out) {
    size_t left = scan->packed_len;
    for (const struct packed_piece *piece = scan->packed; left > 0; piece = piece->next) {
        size_t len = left < PIECE_BYTES ? left : PIECE_BYTES;
        memcpy(out, piece->bytes, len);
        out += len;
        left -= len;
    }
}

/* Takes the stream away from its owner. */
static void stream_pack(struct ruleset *rules) {
    struct rule_scan *owner = rules->stream_owner;
    rules->stream_owner = NULL;
    if (owner == NULL || !owner->stream_used) return;
    size_t used = 0;
    bool good = hs_compress_stream(rules->stream, rules->packed, rules->packed_bytes, &used) == HS_SUCCESS;
    if (!good || !pieces_store(owner, span_of(rules->packed, used))) go_blind(owner);
}

static bool stream_take(struct rule_scan *scan) {
    struct ruleset *rules = scan->rules;
    if (scan->blind) return false;
    if (rules->stream_owner == scan) return true;
    stream_pack(rules);
    hs_error_t error;
    if (scan->stream_used) {
        pieces_load(scan, rules->packed);
        error = hs_reset_and_expand_stream(rules->stream, rules->packed, scan->packed_len, rules->scratch, NULL, NULL);
    } else {
        error = hs_reset_stream(rules->stream, 0, rules->scratch, NULL, NULL);
    }
    if (error != HS_SUCCESS) {
        go_blind(scan);
        return false;
    }
    rules->stream_owner = scan;
    scan->stream_used = true;
    return true;
}

/* Where the text's search reports to. */
static struct search text_search(struct rule_scan *scan) {
    return (struct search){scan, scan->window == NULL ? NULL : &scan->window->candidates};
}

static void window_confirm(struct rule_scan *scan) {
    struct confirm_window *window = scan->window;
    confirm(scan, &window->candidates, span_of(window->bytes, window->len));
    if (window->len < CONFIRM_WINDOW_BYTES) return;
    memmove(window->bytes, window->bytes + window->len - CONFIRM_OVERLAP_BYTES, CONFIRM_OVERLAP_BYTES);
    window->len = CONFIRM_OVERLAP_BYTES;
}

/* Scans bytes that fit what the window still takes, and confirms when it is full. */
static void scan_stream(struct rule_scan *scan, struct span bytes) {
    struct ruleset *rules = scan->rules;
    struct search search = text_search(scan);
    (void)hs_scan_stream(rules->stream, (const char *)bytes.data, (unsigned)bytes.len, 0, rules->scratch, on_match,
                         &search);
    struct confirm_window *window = scan->window;
    if (window == NULL) return;
    memcpy(window->bytes + window->len, bytes.data, bytes.len);
    window->len += bytes.len;
    if (window->len == CONFIRM_WINDOW_BYTES) window_confirm(scan);
}

static void scan_text(struct rule_scan *scan, struct span text) {
    if (scan->rules->body == NULL || text.len == 0 || !stream_take(scan)) return;
    if (scan->rules->body_confirms && scan->window == NULL) {
        scan->window = arena_alloc(scan->arena, sizeof *scan->window);
        if (scan->window == NULL) {
            go_blind(scan);
            return;
        }
    }
    while (text.len > 0) {
        size_t room = scan->window == NULL ? text.len : CONFIRM_WINDOW_BYTES - scan->window->len;
        scan_stream(scan, span_head(text, room));
        text = span_from(text, room);
    }
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static void buffer_flush(struct rule_scan *scan) {
    struct ruleset *rules = scan->rules;
    scan_text(scan, span_of(rules->text_buffer, rules->text_buffered));
    rules->text_buffered = 0;
}

/* What another scan left in the buffer is searched first. */
static void buffer_take(struct rule_scan *scan) {
    struct ruleset *rules = scan->rules;
    if (rules->buffer_owner == scan) return;
    if (rules->buffer_owner != NULL) buffer_flush(rules->buffer_owner);
    rules->buffer_owner = scan;
}

static void on_text(void *context, struct span text) {
    struct rule_scan *scan = context;
    struct ruleset *rules = scan->rules;
    text_urls_push(&scan->urls, text, on_url, scan);
    buffer_take(scan);
    while (text.len > 0) {
        size_t room = RULE_TEXT_BUFFER_BYTES - rules->text_buffered;
        if (room < TEXT_FOLD_ROOM_BYTES) {
            buffer_flush(scan);
            room = RULE_TEXT_BUFFER_BYTES;
        }
        rules->text_buffered += text_fold(&scan->fold, &text, rules->text_buffer + rules->text_buffered, room);
    }
}

static void on_html_link(void *context, struct span bytes) {
    struct rule_scan *scan = context;
    text_urls_link(&scan->urls, bytes, on_url, scan);
}

static void on_html_link_end(void *context) {
    struct rule_scan *scan = context;
    text_urls_end(&scan->urls, on_url, scan);
}

static struct html_sink html_sink_of(struct rule_scan *scan) {
    return (struct html_sink){scan, on_text, on_html_link, on_html_link_end};
}

/* Unless it was counted that its text is searched no more. */
static void count_lost_urls(struct rule_scan *scan) {
    if (!scan->urls.full || scan->urls_lost || scan->blind) return;
    scan->urls_lost = true;
    scan->counters->message_memory++;
}

/* Ends the text at hand: a match that needs the end is found now. */
static void part_end(struct rule_scan *scan) {
    if (!scan->in_part) return;
    scan->in_part = false;
    struct html_sink sink = html_sink_of(scan);
    if (scan->in_html) html_text_end(&scan->html, &sink);
    buffer_take(scan);
    buffer_flush(scan);
    scan->rules->text_buffered = text_fold_end(&scan->fold, scan->rules->text_buffer);
    buffer_flush(scan);
    scan->rules->buffer_owner = NULL;
    text_urls_end(&scan->urls, on_url, scan);
    count_lost_urls(scan);
    struct search search = text_search(scan);
    if (scan->stream_used && stream_take(scan))
        (void)hs_reset_stream(scan->rules->stream, 0, scan->rules->scratch, on_match, &search);
    if (scan->window != NULL) {
        window_confirm(scan);
        scan->window->len = 0;
        scan->window->candidates = (struct candidates){.any = false};
    }
}

void rule_scan_text(struct rule_scan *scan, unsigned part, bool html, struct span text) {
    if (scan->rules->body == NULL && scan->rules->uris == NULL) return; /* no rule looks at text */
    if (scan->in_part && (part != scan->part || html != scan->in_html)) part_end(scan);
    scan->in_part = true;
    scan->in_html = html;
    scan->part = part;
    size_t room = LIMIT_BODY_TEXT_BYTES - scan->text_bytes;
    if (text.len > room && !scan->text_cut) {
        scan->text_cut = true;
        scan->counters->text_cut++;
    }
    text = span_head(text, room);
    scan->text_bytes += (unsigned)text.len;
    if (html) {
        struct html_sink sink = html_sink_of(scan);
        html_text_push(&scan->html, text, &sink);
    } else {
        on_text(scan, text);
    }
}

/* --- facts ----------------------------------------------------------------------------------------------------- */

static bool holds(const struct condition *condition, const struct facts *facts) {
    double value = facts->value[condition->fact];
    switch (condition->comparison) {
        case LESS:
            return value < condition->number;
        case LESS_OR_EQUAL:
            return value <= condition->number;
        case GREATER:
            return value > condition->number;
        case GREATER_OR_EQUAL:
            return value >= condition->number;
        case EQUAL:
            return value == condition->number;
        case NOT_EQUAL:
            return value != condition->number;
    }
    return false;
}

bool rule_holds(const struct ruleset *rules, unsigned rule, const struct facts *facts) {
    const struct rule_entry *entry = &rules->entries[rule];
    if (entry->rule.target != RULE_FACT) return false;
    for (unsigned i = 0; i < entry->condition_count; i++)
        if (!holds(&entry->conditions[i], facts)) return false;
    return true;
}

void rule_scan_facts(struct rule_scan *scan, const struct facts *facts) {
    part_end(scan);
    for (unsigned i = 0; i < scan->rules->count; i++)
        if (rule_holds(scan->rules, i, facts)) bit_set(scan->fired, i);
}

/* --- life ------------------------------------------------------------------------------------------------------ */

struct rule_scan *rule_scan_begin(struct ruleset *rules, struct arena *arena, struct counters *counters) {
    struct rule_scan *scan = arena_alloc(arena, sizeof *scan + (rules->count + 63) / 64 * sizeof scan->fired[0]);
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
    part_end(scan);
    if (scan->rules->stream_owner == scan) scan->rules->stream_owner = NULL;
    scan->stream_used = false;
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

bool rule_scan_fired(const struct rule_scan *scan, unsigned rule) {
    return rule < scan->rules->count && bit_get(scan->fired, rule);
}
