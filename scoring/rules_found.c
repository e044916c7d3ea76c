/* Where a rule that fired found what it found.
 *
 * Keeps headers and texts as they came, each part and each slice of one for itself.  Of most mails nobody asks what was
 * found in text; so its URLs, its lines, and the text folded as rules_text.c folds it, are made when the first rule
 * asks. A rule's expression is then searched for by PCRE2, whose answer has a place, in the texts that its target
 * names.  What vectorscan found PCRE2 finds, because it read the expression first; but it has its limits, and then the
 * place stays unknown.
 *
 * The expression of a rule is compiled when the rule fires for the first time, to machine code where the system lets
 * PCRE2 make some.  So this allocates, and is not for processes in a jail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/utf8.h"
#include "rule_scan.h"

#include <stdlib.h>

#define MATCH_LIMIT 20000 /* of PCRE2, from one place on */
#define HEAP_KIB 1024
#define STACK_BYTES_MIN 32768 /* of its machine code */
#define STACK_BYTES_MAX 262144

enum kept_kind { KEPT_HEADER, KEPT_TEXT, KEPT_BODY, KEPT_RAW, KEPT_URI };

/* Texts of a kind lie in one room; those that grow together must not share one. */
enum room_name { ROOM_WHOLE, ROOM_TEXT, ROOM_BODY, ROOM_RAW, ROOMS };

#define WHOLE_BYTES \
    (LIMIT_HEADERS * (LIMIT_HEADER_NAME_BYTES + 2 * LIMIT_HEADER_VALUE_BYTES) + LIMIT_URLS * LIMIT_URL_BYTES)
#define TEXTS_MAX (LIMIT_MIME_PARTS + LIMIT_TEXT_SLICES)
#define KEPT_MAX (LIMIT_HEADERS + LIMIT_URLS + 3 * TEXTS_MAX) /* of a text: as it came, folded, its lines */

struct kept {
    enum kept_kind kind;
    bool html; /* of a text as it came */
    unsigned part;
    struct span name, raw; /* of a header */
    struct span text;      /* ... decoded */
};

struct room {
    uint8_t *bytes;
    size_t size, used;
};

struct rules_found {
    const struct ruleset *rules;
    struct room rooms[ROOMS];
    unsigned kept_count;
    struct kept kept[KEPT_MAX];
    struct kept *growing; /* the text that comes; NULL: none does, or there is no room for it */
    unsigned read_count;  /* so many of those kept were read for what is in them */
    /* The text that is read. */
    unsigned part;
    struct html_text html;
    struct text_fold fold;
    struct text_urls urls;
    unsigned url_count;
    struct kept *body, *raw; /* what grows; NULL: nothing does */
    /* Searching. */
    pcre2_code *codes[LIMIT_RULES]; /* NULL: it did not fire so far */
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    pcre2_jit_stack *stack;
};

/* --- life --------------------------------------------------------------------------------------------------------- */

void rules_found_free(struct rules_found *found) {
    if (found == NULL) return;
    for (unsigned i = 0; i < LIMIT_RULES; i++) pcre2_code_free(found->codes[i]);
    for (unsigned i = 0; i < ROOMS; i++) free(found->rooms[i].bytes);
    pcre2_match_data_free(found->match_data);
    pcre2_match_context_free(found->match_context);
    pcre2_jit_stack_free(found->stack);
    free(found);
}

static bool make_rooms(struct rules_found *found, size_t text_bytes) {
    bool made = true;
    found->rooms[ROOM_WHOLE].size = WHOLE_BYTES;
    found->rooms[ROOM_BODY].size = text_bytes + TEXTS_MAX * (size_t)TEXT_FOLD_ROOM_BYTES;
    found->rooms[ROOM_TEXT].size = found->rooms[ROOM_RAW].size = text_bytes * (size_t)(1 + LIMIT_TEXT_FREE_TIMES);
    for (unsigned i = 0; i < ROOMS; i++) {
        found->rooms[i].bytes = malloc(found->rooms[i].size);
        made = made && found->rooms[i].bytes != NULL;
    }
    return made;
}

struct rules_found *rules_found_new(const struct ruleset *rules, uint32_t text_bytes) {
    struct rules_found *found = calloc(1, sizeof *found);
    if (found == NULL) return NULL;
    bool const made = make_rooms(found, text_bytes);
    found->rules = rules;
    found->match_data = pcre2_match_data_create(1, NULL);
    found->match_context = pcre2_match_context_create(NULL);
    found->stack = pcre2_jit_stack_create(STACK_BYTES_MIN, STACK_BYTES_MAX, NULL); /* NULL: there is no such code */
    if (!made || found->match_data == NULL || found->match_context == NULL) {
        rules_found_free(found);
        return NULL;
    }
    (void)pcre2_set_match_limit(found->match_context, MATCH_LIMIT);
    (void)pcre2_set_heap_limit(found->match_context, HEAP_KIB);
    if (found->stack != NULL) pcre2_jit_stack_assign(found->match_context, NULL, found->stack);
    return found;
}

void rules_found_begin(struct rules_found *found, struct arena *arena) {
    for (unsigned i = 0; i < ROOMS; i++) found->rooms[i].used = 0;
    found->kept_count = found->read_count = 0;
    found->growing = NULL;
    found->html = (struct html_text){.state = 0};
    found->fold = (struct text_fold){.space = 0};
    found->urls = (struct text_urls){.arena = arena};
    found->url_count = 0;
}

/* --- keeping ------------------------------------------------------------------------------------------------------ */

/* As much of it as there is room for. */
static struct span room_add(struct rules_found *found, enum room_name name, struct span bytes) {
    struct room *room = &found->rooms[name];
    bytes = span_head(bytes, room->size - room->used);
    uint8_t *at = room->bytes + room->used;
    if (bytes.len > 0) memcpy(at, bytes.data, bytes.len);
    room->used += bytes.len;
    return span_of(at, bytes.len);
}

/* NULL: there are as many as there can be. */
static struct kept *keep(struct rules_found *found, enum kept_kind kind, unsigned part) {
    if (found->kept_count == KEPT_MAX) return NULL;
    struct kept *kept = &found->kept[found->kept_count++];
    *kept = (struct kept){.kind = kind, .part = part};
    return kept;
}

static void keep_header(struct rules_found *found, const struct mail_item *item) {
    struct kept *kept = keep(found, KEPT_HEADER, item->part);
    if (kept == NULL) return;
    kept->name = room_add(found, ROOM_WHOLE, span_head(item->name, LIMIT_HEADER_NAME_BYTES));
    kept->raw = room_add(found, ROOM_WHOLE, span_head(item->raw, LIMIT_HEADER_VALUE_BYTES));
    /* mail_display_name can tell by this that there was nothing to decode. */
    bool const same = item->value.data == item->raw.data && item->value.len <= kept->raw.len;
    kept->text = same ? span_head(kept->raw, item->value.len)
                      : room_add(found, ROOM_WHOLE, span_head(item->value, LIMIT_HEADER_VALUE_BYTES));
}

static void grow(struct rules_found *found, struct kept *kept, enum room_name name, struct span bytes) {
    if (kept == NULL) return;
    struct span const added = room_add(found, name, bytes);
    if (kept->text.len == 0) kept->text.data = added.data;
    kept->text.len += added.len;
}

void rules_found_take(struct rules_found *found, const struct mail_item *item) {
    if (item->type == MAIL_HEADER) keep_header(found, item);
    if (item->type != MAIL_TEXT) return;
    struct kept *growing = found->growing;
    bool const html = item->info->kind == PART_HTML;
    if (item->jump) growing = NULL;
    if (item->info->kind != PART_REPORT) {
        if (growing == NULL || growing->part != item->part || growing->html != html) {
            growing = keep(found, KEPT_TEXT, item->part);
            if (growing != NULL) growing->html = html;
        }
        grow(found, growing, ROOM_TEXT, item->text);
    }
    found->growing = growing;
}

/* --- reading texts ------------------------------------------------------------------------------------------------ */

static void on_url(void *context, struct span url) {
    struct rules_found *found = context;
    struct kept *kept = found->url_count < LIMIT_URLS ? keep(found, KEPT_URI, found->part) : NULL;
    if (kept == NULL) return;
    found->url_count++;
    kept->text = room_add(found, ROOM_WHOLE, span_head(url, LIMIT_URL_BYTES));
}

static void on_text(void *context, struct span text) {
    struct rules_found *found = context;
    text_urls_push(&found->urls, text, on_url, found);
    uint8_t folded[512];
    while (text.len > 0) {
        size_t const length = text_fold(&found->fold, &text, folded, sizeof folded);
        grow(found, found->body, ROOM_BODY, span_of(folded, length));
    }
}

/* Lines as they are, but that they end in a newline alone. */
static void on_raw_text(struct rules_found *found, struct span text) {
    while (text.len > 0) {
        struct span const run = span_head(text, span_find(text, '\r'));
        grow(found, found->raw, ROOM_RAW, run);
        text = span_from(text, run.len + 1);
    }
}

static void on_html_link(void *context, struct span bytes) {
    struct rules_found *found = context;
    text_urls_link(&found->urls, bytes, on_url, found);
}

static void on_html_link_end(void *context) {
    struct rules_found *found = context;
    text_urls_end(&found->urls, on_url, found);
}

static struct html_sink html_sink_of(struct rules_found *found) {
    return (struct html_sink){found, on_text, on_html_link, on_html_link_end, NULL, NULL};
}

/* Each text ends before the next begins, as parts and slices do. */
static void read_text(struct rules_found *found, const struct kept *text) {
    struct html_sink const sink = html_sink_of(found);
    uint8_t rest[TEXT_FOLD_ROOM_BYTES];
    found->part = text->part;
    found->body = keep(found, KEPT_BODY, text->part);
    found->raw = keep(found, KEPT_RAW, text->part);
    on_raw_text(found, text->text);
    if (text->html) {
        html_text_push(&found->html, text->text, &sink);
        html_text_end(&found->html, &sink);
    } else {
        on_text(found, text->text);
    }
    size_t const length = text_fold_end(&found->fold, rest);
    grow(found, found->body, ROOM_BODY, span_of(rest, length));
    text_urls_end(&found->urls, on_url, found);
}

static void read_texts(struct rules_found *found) {
    unsigned const count = found->kept_count;
    found->growing = NULL;
    for (; found->read_count < count; found->read_count++)
        if (found->kept[found->read_count].kind == KEPT_TEXT) read_text(found, &found->kept[found->read_count]);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

static pcre2_code *code_of(struct rules_found *found, unsigned rule) {
    pcre2_code **code = &found->codes[rule];
    if (*code == NULL) {
        *code = expression_code(&found->rules->entries[rule].expression);
        if (*code != NULL) (void)pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE);
    }
    return *code;
}

static bool search(struct rules_found *found, const pcre2_code *code, struct span text, struct span *match) {
    if (text.len == 0) return false;
    int const matched = pcre2_match(code, text.data, text.len, 0, 0, found->match_data, found->match_context);
    if (matched < 0) return false;
    const size_t *place = pcre2_get_ovector_pointer(found->match_data);
    *match = span_slice(text, place[0], place[1] - place[0]); /* none is empty (expression_check) */
    return true;
}

/* Runs of white space are one blank. */
static void copy_found(char found[RULE_FOUND_BYTES], struct span text) {
    static const char more[] = "\xe2\x80\xa6"; /* ... */
    size_t length = 0;
    unsigned characters = 0;
    bool blank = false;
    text = span_trim(text);
    while (text.len > 0 && characters < RULE_FOUND_CHARACTERS &&
           length + UTF8_BYTES_MAX + sizeof more < RULE_FOUND_BYTES) {
        uint32_t code_point;
        size_t const bytes = utf8_next(text, &code_point);
        bool const space = ascii_is_space(text.data[0]);
        if (space && !blank) found[length++] = ' ';
        if (!space) memcpy(found + length, text.data, bytes);
        if (!space) length += bytes;
        if (!space || !blank) characters++;
        blank = space;
        text = span_from(text, bytes);
    }
    if (text.len > 0) {
        memcpy(found + length, more, sizeof more - 1);
        length += sizeof more - 1;
    }
    found[length] = '\0';
}

/* What a target of a rule is made of.  A new one is a line here. */
static const struct target {
    const char *word; /* of a rule file */
    enum kept_kind kind;
    bool is_own; /* of the message itself only */
} targets[] = {
    [RULE_HEADER] = {"header", KEPT_HEADER, true}, [RULE_HEADERS] = {"headers", KEPT_HEADER, true},
    [RULE_MIME] = {"mime", KEPT_HEADER, false},    [RULE_BODY] = {"body", KEPT_BODY, false},
    [RULE_RAW] = {"raw", KEPT_RAW, false},         [RULE_URI] = {"uri", KEPT_URI, false},
};

static void say(char where[RULE_WHERE_BYTES], struct span word) {
    size_t const used = strlen(where);
    word = span_head(word, RULE_WHERE_BYTES - 1 - used);
    if (word.len > 0) memcpy(where + used, word.data, word.len);
    where[used + word.len] = '\0';
}

static void say_where(char where[RULE_WHERE_BYTES], const struct rule_look *look) {
    static const char *const forms[] = {
        [HEADER_DECODED] = "",          [HEADER_RAW] = ":raw",           [HEADER_ADDRESS] = ":addr",
        [HEADER_NAME] = ":name",        [HEADER_SKELETON] = ":skeleton", [HEADER_NAME_SKELETON] = ":name:skeleton",
        [HEADER_NAME_ORG] = ":name:org"};
    bool const subject = look->target == RULE_HEADER && look->form == HEADER_DECODED &&
                         span_equal_nocase(look->header, SPAN_LITERAL("Subject"));
    where[0] = '\0';
    say(where, span_from_string(subject ? "subject" : targets[look->target].word));
    if (subject || look->header.len == 0) return;
    say(where, SPAN_LITERAL(" "));
    say(where, look->header);
    say(where, span_from_string(forms[look->form]));
}

static bool looks_at(const struct rule_look *look, const struct kept *kept) {
    const struct target *target = &targets[look->target];
    if (kept->kind != target->kind || (target->is_own && kept->part != 0)) return false;
    return look->header.len == 0 || span_equal_nocase(kept->name, look->header);
}

#define LINE_BYTES (LIMIT_HEADER_NAME_BYTES + 2 + LIMIT_HEADER_VALUE_BYTES)

/* The bytes that a rule sees of it, which may lie in room. */
static struct span seen_of(const struct rule_look *look, const struct kept *kept, uint8_t room[LINE_BYTES]) {
    struct mail_item const header = {.name = kept->name, .raw = kept->raw, .value = kept->text};
    if (kept->kind != KEPT_HEADER) return kept->text;
    if (look->target != RULE_HEADERS) return rule_header_value(&header, look->form, room);
    if (kept->name.len > 0) memcpy(room, kept->name.data, kept->name.len);
    room[kept->name.len] = ':';
    room[kept->name.len + 1] = ' ';
    if (kept->text.len > 0) memcpy(room + kept->name.len + 2, kept->text.data, kept->text.len);
    return span_of(room, kept->name.len + 2 + kept->text.len);
}

/* Without an expression it is there at all that counts. */
static bool look_for(struct rules_found *found, unsigned rule, const struct rule_look *look,
                     struct rule_finding *finding) {
    bool const searches = found->rules->entries[rule].expression.text != NULL;
    const pcre2_code *code = searches ? code_of(found, rule) : NULL;
    if (targets[look->target].kind != KEPT_HEADER) read_texts(found);
    for (unsigned i = 0; i < found->kept_count; i++) {
        uint8_t room[LINE_BYTES];
        const struct kept *kept = &found->kept[i];
        if (!looks_at(look, kept)) continue;
        struct span const seen = seen_of(look, kept, room);
        struct span match = seen;
        if (searches && (code == NULL || !search(found, code, seen, &match))) continue;
        copy_found(finding->found, match);
        return true;
    }
    return false;
}

/* In the order of the rule's targets; where none has it any more, the first is told. */
static void look_for_any(struct rules_found *found, unsigned rule, struct rule_finding *finding) {
    const struct rule *what = &found->rules->entries[rule].rule;
    unsigned at = 0;
    while (at < what->look_count && !look_for(found, rule, &what->looks[at], finding)) at++;
    say_where(finding->where, &what->looks[at < what->look_count ? at : 0]);
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

static void ask(struct rule_finding *finding, struct rule_asked asked) {
    for (unsigned i = 0; i < finding->asked_count; i++)
        if (finding->asked[i].name == asked.name) return;
    if (finding->asked_count < RULE_ASKED_MAX) finding->asked[finding->asked_count++] = asked;
}

/* A row of rules whose conditions are to be told; none comes twice. */
struct asking {
    const struct rule_hits *hits;
    struct rule_hits seen;
    unsigned count;
    uint16_t rules[LIMIT_RULES]; /* of which count are filled in: clearing it all would cost more than the rest */
};

static void ask_of_rule(const struct rules_found *found, struct asking *asking, unsigned index,
                        struct rule_finding *finding) {
    const struct rule_entry *entry = &found->rules->entries[index];
    bool const fired = rule_hit(asking->hits, index);
    if (fired && entry->rule.points == 0 && entry->condition.steps != NULL) {
        if (!rule_hit(&asking->seen, index)) asking->rules[asking->count++] = (uint16_t)index;
        bit_set(asking->seen.bits, index);
        return;
    }
    ask(finding,
        (struct rule_asked){.name = entry->rule.name, .value = fired ? 1 : 0, .rule = &entry->rule, .index = index});
}

static void tell_condition(const struct rules_found *found, unsigned rule, const struct facts *facts,
                           const struct rule_hits *hits, struct rule_finding *finding) {
    struct asking asking;
    asking.hits = hits;
    asking.seen = (struct rule_hits){{0}};
    asking.count = 1;
    asking.rules[0] = (uint16_t)rule;
    bit_set(asking.seen.bits, rule);
    for (unsigned i = 0; i < asking.count; i++) {
        const struct condition *condition = &found->rules->entries[asking.rules[i]].condition;
        for (unsigned s = 0; s < condition->count; s++) {
            const struct condition_step *step = &condition->steps[s];
            if (step->op == CONDITION_FACT)
                ask(finding,
                    (struct rule_asked){.name = fact_name((enum fact)step->index), .value = facts->value[step->index]});
            if (step->op == CONDITION_RULE) ask_of_rule(found, &asking, step->index, finding);
        }
    }
}

void rules_found_look(struct rules_found *found, unsigned rule, const struct facts *facts, const struct rule_hits *hits,
                      struct rule_finding *finding) {
    *finding = (struct rule_finding){.where = "fact"};
    if (found->rules->entries[rule].rule.look_count > 0)
        look_for_any(found, rule, finding);
    else
        tell_condition(found, rule, facts, hits, finding);
}
