/* Making a rule set of its files: all expressions for one place are compiled together.
 *
 * Each header that a rule looks at has a vectorscan database of its own for each form of its value, and one for the
 * same header of MIME parts; "Name: value" of all headers and URLs have one in block mode; text has one in stream mode
 * for each of its two kinds, so that an expression finds what crosses a cut.  A rule with several targets is in several
 * databases.  But many that look at the subject and at body, as SpamAssassin's do, are compiled for body alone, and the
 * subject is searched by that: else the largest database, which takes most of the time and memory, would be there
 * twice.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <strings.h>

#include "rules_internal.h"

#define CONFIRM_SEARCH_STEPS 100000 /* for a search that only makes memory */
#define CONFIRM_MATCH_LIMIT 20000   /* from one place on: PCRE2's own limit begins anew at each */
#define CONFIRM_HEAP_KIB 256
#define PACKED_SLACK_BYTES 256      /* what hs_compress_stream may want beyond the stream's own size */
#define MANY_EXPRESSIONS_BYTES 1024 /* together: about as many phrases as the library has a simpler search for */
#define SHARED_EXPRESSIONS_BYTES \
    16384 /* together: fewer take a second or so to compile, and a database of its own is the quicker search */

/* --- what is compiled together ------------------------------------------------------------------------------------ */

/* A rule's own place is in entries; the list to be compiled is a copy, from which the findings come back. */
static bool compile_list(struct ruleset *rules, struct expression *list, unsigned count, unsigned mode,
                         hs_database_t **database, struct problem *problem) {
    bool good = expressions_compile(list, count, mode, rules->compiled, database, &rules->scratch, problem);
    for (unsigned i = 0; i < count; i++)
        if (list[i].id < rules->count) rules->entries[list[i].id].expression = list[i];
    return good;
}

static bool looks_at(const struct rule *rule, enum rule_target target) {
    for (unsigned i = 0; i < rule->look_count; i++)
        if (rule->looks[i].target == target) return true;
    return false;
}

static unsigned list_target(const struct ruleset *rules, enum rule_target target, struct expression *list) {
    unsigned count = 0;
    for (unsigned i = 0; i < rules->count; i++)
        if (looks_at(&rules->entries[i].rule, target)) list[count++] = rules->entries[i].expression;
    return count;
}

/* Adds two bytes that no UTF-8 has, when there are many expressions for text; rule_on_match passes over them.
 *
 * The library looks for the fixed phrases of all expressions by the pairs of letters in their last eight bytes.  Where
 * all phrases are long it compares the pairs at every second or fourth byte only; in prose, which is made of a few
 * hundred pairs, so little agrees nearly everywhere, and each time all is compared.  A phrase of two bytes makes it
 * look at every byte: two to three times as fast, as measured. */
static unsigned add_short_phrase(struct expression *list, unsigned count) {
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) bytes += strlen(list[i].text);
    if (bytes < MANY_EXPRESSIONS_BYTES || count == LIMIT_RULES) return count;
    list[count] =
        (struct expression){.text = "\\xfe\\xff", .node = list[0].node, .file = list[0].file, .id = LIMIT_RULES};
    return count + 1;
}

static bool compile_target(struct ruleset *rules, enum rule_target target, struct expression *list,
                           hs_database_t **database, struct problem *problem) {
    return compile_list(rules, list, list_target(rules, target, list), HS_MODE_BLOCK, database, problem);
}

static bool compile_text(struct ruleset *rules, enum rule_target target, struct expression *list,
                         struct text_search *search, struct problem *problem) {
    unsigned count = add_short_phrase(list, list_target(rules, target, list));
    return compile_list(rules, list, count, HS_MODE_STREAM, &search->database, problem);
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

bool rule_looks_are_same(const struct rule_look *one, const struct rule_look *other) {
    return one->target == other->target && one->form == other->form && span_equal_nocase(one->header, other->header);
}

static bool looks_so(const struct rule *rule, const struct rule_look *look) {
    for (unsigned i = 0; i < rule->look_count; i++)
        if (rule_looks_are_same(&rule->looks[i], look)) return true;
    return false;
}

static bool is_compiled(const struct ruleset *rules, const struct rule_look *look) {
    for (const struct header_patterns *p = rules->header_buckets[header_bucket(look->header)]; p != NULL; p = p->next)
        if (rule_looks_are_same(&p->look, look)) return true;
    return false;
}

static bool is_subject(const struct rule_look *look) {
    return look->target == RULE_HEADER && look->form == HEADER_DECODED &&
           span_equal_nocase(look->header, SPAN_LITERAL("Subject"));
}

static bool looks_at_subject_and_body(const struct rule *rule) {
    bool subject = false;
    for (unsigned i = 0; i < rule->look_count; i++) subject |= is_subject(&rule->looks[i]);
    return subject && looks_at(rule, RULE_BODY);
}

/* Finds out whether there are many of them. */
static bool share_subject(struct ruleset *rules) {
    size_t bytes = 0;
    for (unsigned i = 0; i < rules->count; i++)
        if (looks_at_subject_and_body(&rules->entries[i].rule)) bytes += strlen(rules->entries[i].expression.text);
    if (bytes < SHARED_EXPRESSIONS_BYTES) return true;
    rules->subject_shared = calloc(RULE_WORDS, sizeof *rules->subject_shared);
    for (unsigned i = 0; rules->subject_shared != NULL && i < rules->count; i++)
        if (looks_at_subject_and_body(&rules->entries[i].rule)) bit_set(rules->subject_shared, i);
    return rules->subject_shared != NULL;
}

/* Whether body's database has the rule for this header, too. */
static bool is_shared(const struct ruleset *rules, unsigned rule, const struct rule_look *look) {
    return rules->subject_shared != NULL && is_subject(look) && bit_get(rules->subject_shared, rule);
}

static bool compile_header(struct ruleset *rules, const struct rule_look *look, struct expression *list,
                           struct problem *problem) {
    struct header_patterns *patterns = &rules->headers[rules->header_count++];
    struct header_patterns **bucket = &rules->header_buckets[header_bucket(look->header)];
    unsigned count = 0;
    *patterns = (struct header_patterns){.look = *look, .next = *bucket, .present_first = rules->present_used};
    *bucket = patterns;
    rules->wants_mime |= look->target == RULE_MIME;
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        if (!looks_so(&entry->rule, look) || is_shared(rules, i, look)) continue;
        if (entry->expression.text != NULL)
            list[count++] = entry->expression;
        else
            rules->present[rules->present_used++] = (uint16_t)i;
    }
    patterns->present_count = (uint16_t)(rules->present_used - patterns->present_first);
    return compile_list(rules, list, count, HS_MODE_BLOCK, &patterns->database, problem);
}

static bool compile_headers(struct ruleset *rules, struct expression *list, struct problem *problem) {
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->entries[i].rule;
        for (unsigned l = 0; l < rule->look_count; l++) {
            const struct rule_look *look = &rule->looks[l];
            bool const header = look->target == RULE_HEADER || look->target == RULE_MIME;
            if (header && !is_compiled(rules, look) && !compile_header(rules, look, list, problem)) return false;
        }
    }
    return true;
}

static unsigned count_looks(const struct ruleset *rules) {
    unsigned looks = 0;
    for (unsigned i = 0; i < rules->count; i++) looks += rules->entries[i].rule.look_count;
    return looks;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static bool compile_all(struct ruleset *rules, struct problem *problem) {
    struct expression *list = calloc(rules->count + 1, sizeof *list);
    unsigned const looks = count_looks(rules);
    rules->headers = calloc(looks + 1, sizeof *rules->headers);
    rules->present = calloc(looks + 1, sizeof *rules->present);
    bool good = list != NULL && rules->headers != NULL && rules->present != NULL;
    good = good && share_subject(rules) && compile_headers(rules, list, problem) &&
           compile_target(rules, RULE_HEADERS, list, &rules->all_headers, problem) &&
           compile_target(rules, RULE_URI, list, &rules->uris, problem) &&
           compile_text(rules, RULE_BODY, list, &rules->texts[TEXT_FOLDED], problem) &&
           compile_text(rules, RULE_RAW, list, &rules->texts[TEXT_RAW], problem);
    free(list);
    return good;
}

static bool open_stream(struct text_search *search) {
    if (search->database == NULL) return true;
    size_t bytes = 0;
    if (hs_stream_size(search->database, &bytes) != HS_SUCCESS) return false;
    search->packed_bytes = bytes + PACKED_SLACK_BYTES;
    search->packed = malloc(search->packed_bytes);
    return search->packed != NULL && hs_open_stream(search->database, 0, &search->stream) == HS_SUCCESS;
}

static bool open_subject(struct ruleset *rules) {
    return rules->subject_shared == NULL ||
           hs_open_stream(rules->texts[TEXT_FOLDED].database, 0, &rules->subject_stream) == HS_SUCCESS;
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
    rules->confirm_steps = CONFIRM_SEARCH_STEPS;
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        confirm_warm_up(rules, &entry->expression);
        if (entry->expression.confirm == NULL) continue;
        rules->texts[TEXT_FOLDED].confirms |= looks_at(&entry->rule, RULE_BODY);
        rules->texts[TEXT_RAW].confirms |= looks_at(&entry->rule, RULE_RAW);
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
    static const enum rule_target behind[] = {RULE_BODY, RULE_RAW, RULE_URI, RULE_MIME};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++)
        if (looks_at(&entry->rule, behind[i])) return true;
    for (unsigned i = 0; i < entry->condition.count; i++) {
        const struct condition_step *step = &entry->condition.steps[i];
        if (step->op == CONDITION_FACT && fact_is_of_body((enum fact)step->index)) return true;
    }
    return false;
}

static bool load_into(struct ruleset *rules, const struct rules_source *sources, size_t count,
                      struct problem *problem) {
    if (!read_sources(rules, sources, count, problem)) return false;
    if (!rules_order(rules, problem) || !compile_all(rules, problem)) return false;
    for (unsigned i = 0; i < rules->count; i++)
        if (rule_wants_body(&rules->entries[i])) rules->wants_body = true;
    bool streams = true;
    for (unsigned kind = 0; kind < TEXT_KINDS; kind++) streams = streams && open_stream(&rules->texts[kind]);
    return streams && open_subject(rules) && prepare_confirm(rules);
}

struct ruleset *ruleset_load(const struct rules_source *sources, size_t count, struct problem *problem) {
    return ruleset_load_compiled(sources, count, NULL, problem);
}

/* What fails without a word of its own has had no memory. */
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

static bool asks_for(const struct ruleset *rules, enum fact fact) {
    for (unsigned i = 0; i < rules->count; i++) {
        const struct condition *condition = &rules->entries[i].condition;
        for (unsigned s = 0; s < condition->count; s++)
            if (condition->steps[s].op == CONDITION_FACT && condition->steps[s].index == (uint32_t)fact) return true;
    }
    return false;
}

bool ruleset_add_words(struct ruleset *rules, const char *name, struct span text, struct problem *problem) {
    struct content_words *words = content_words_load(name, text, problem);
    if (words == NULL) return false;
    if (asks_for(rules, FACT_words_of_spam))
        rules->words = words;
    else
        content_words_free(words); /* sound, and nobody needs the sum */
    return true;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void free_text(struct text_search *search) {
    if (search->stream != NULL) (void)hs_close_stream(search->stream, NULL, NULL, NULL);
    hs_free_database(search->database);
    free(search->packed);
}

void ruleset_free(struct ruleset *rules) {
    if (rules == NULL) return;
    for (unsigned i = 0; i < rules->count; i++) {
        pcre2_code_free(rules->entries[i].expression.confirm);
        condition_free(&rules->entries[i].condition);
    }
    for (unsigned i = 0; i < rules->header_count; i++) hs_free_database(rules->headers[i].database);
    if (rules->subject_stream != NULL) (void)hs_close_stream(rules->subject_stream, NULL, NULL, NULL);
    free(rules->subject_shared);
    for (unsigned kind = 0; kind < TEXT_KINDS; kind++) free_text(&rules->texts[kind]);
    hs_free_database(rules->all_headers);
    hs_free_database(rules->uris);
    hs_free_scratch(rules->scratch);
    pcre2_match_data_free(rules->match_data);
    pcre2_match_context_free(rules->match_context);
    for (size_t i = 0; i < rules->file_count; i++) yaml_document_free(rules->files[i].document);
    content_words_free(rules->words);
    free(rules->files);
    free(rules->headers);
    free(rules->present);
    free(rules->conditions);
    free(rules->source_conditions);
    free(rules->bare_conditions);
    free(rules->entries);
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
    for (unsigned i = 0; i < rules->count; i++)
        bytes += rules->entries[i].condition.count * sizeof *rules->entries[i].condition.steps;
    for (unsigned i = 0; i < rules->header_count; i++) bytes += database_bytes(rules->headers[i].database);
    bytes += database_bytes(rules->all_headers) + database_bytes(rules->uris);
    for (unsigned kind = 0; kind < TEXT_KINDS; kind++)
        bytes += database_bytes(rules->texts[kind].database) + 2 * rules->texts[kind].packed_bytes;
    bytes += content_words_memory_bytes(rules->words);
    size_t scratch = 0;
    if (rules->scratch != NULL && hs_scratch_size(rules->scratch, &scratch) == HS_SUCCESS) bytes += scratch;
    return bytes;
}
