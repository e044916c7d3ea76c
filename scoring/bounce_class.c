/* What a refusal means, by rules/bounces.yaml (bounce_file.c).
 *
 * The words of a reply decide first, because servers say 550 for everything and some give no enhanced code or always
 * 5.0.0: first the texts that people wrote down, then the weights of words (bounce_words.c); then the enhanced code
 * (RFC 3463); then the code and the stage.  Expressions are compiled together by vectorscan; the first in the file
 * that matches wins.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_internal.h"

struct text_search {
    const struct bounce_rules *rules;
    const struct bounce_case *what;
    unsigned best;                                    /* the first text in the file that matches for certain so far */
    bool any_pending;                                 /* a bit is set in */
    uint64_t pending[BITSET_WORDS(BOUNCE_TEXTS_MAX)]; /* texts that PCRE2 has to confirm */
};

static bool is_for(const struct text_rule *rule, const struct bounce_case *what) {
    return (rule->only == 0 || rule->only == what->reply->code / 100u) &&
           (rule->stage == BOUNCE_ANY || rule->stage == (unsigned)what->stage) &&
           (rule->receiver == 0 || rule->receiver == what->receiver);
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    struct text_search *search = context;
    const struct text_rule *rule = &search->rules->texts[id];
    if (id >= search->best || !is_for(rule, search->what)) return 0;
    if (rule->expression.confirm == NULL) {
        search->best = id;
        return 0;
    }
    if (!search->any_pending) memset(search->pending, 0, sizeof search->pending);
    search->any_pending = true;
    search->pending[id / 64] |= UINT64_C(1) << (id % 64);
    return 0;
}

static bool is_confirmed(const struct bounce_rules *rules, const struct expression *expression, struct span text) {
    return expression->confirm == NULL ||
           pcre2_match(expression->confirm, text.data, text.len, 0, 0, rules->match_data, rules->match_context) >= 0;
}

/* PCRE2 takes as long for one expression as all the rest together: it is asked of what stands before the best, and no
 * longer than until one is. */
static unsigned confirm_pending(const struct text_search *search, struct span text) {
    for (unsigned id = 0; search->any_pending && id < search->best; id++) {
        if (search->pending[id / 64] == 0)
            id |= 63; /* none of these */
        else if ((search->pending[id / 64] >> (id % 64) & 1) != 0 &&
                 is_confirmed(search->rules, &search->rules->texts[id].expression, text))
            return id;
    }
    return search->best;
}

const struct text_rule *bounce_text_of(const struct bounce_rules *rules, const struct bounce_case *what) {
    struct span const text = span_head(what->reply->text, LIMIT_REPLY_TEXT_BYTES);
    struct text_search search;
    search.rules = rules;
    search.what = what;
    search.best = rules->text_count;
    search.any_pending = false;
    if (text.len == 0 || rules->database == NULL) return NULL;
    (void)hs_scan(rules->database, (const char *)text.data, (unsigned)text.len, 0, rules->scratch, on_match, &search);
    unsigned const id = confirm_pending(&search, text);
    return id < rules->text_count ? &rules->texts[id] : NULL;
}

/* 5.1.1 before x.1.1, before x.1.*: the more a rule says, the more it weighs. */
static const struct enhanced_rule *by_enhanced(const struct bounce_rules *rules, const struct enhanced_code *code) {
    const struct enhanced_rule *best = NULL;
    unsigned best_weight = 0;
    for (unsigned i = 0; i < rules->enhanced_count; i++) {
        const struct enhanced_rule *rule = &rules->enhanced[i];
        bool fits = rule->subject == code->subject && (rule->class_ == BOUNCE_ANY || rule->class_ == code->class_) &&
                    (rule->detail == BOUNCE_ANY || rule->detail == code->detail);
        unsigned weight = 1u + (rule->detail != BOUNCE_ANY ? 2u : 0u) + (rule->class_ != BOUNCE_ANY ? 1u : 0u);
        if (!fits || weight <= best_weight) continue;
        best = rule;
        best_weight = weight;
    }
    return best;
}

/* 550 rcpt before 550, before 5yz rcpt, before 5yz. */
static const struct code_rule *by_code(const struct bounce_rules *rules, enum stage stage, unsigned code) {
    const struct code_rule *best = NULL;
    unsigned best_weight = 0;
    for (unsigned i = 0; i < rules->code_count; i++) {
        const struct code_rule *rule = &rules->codes[i];
        bool fits = (rule->code == code || rule->code == code / 100) &&
                    (rule->stage == BOUNCE_ANY || rule->stage == (unsigned)stage);
        unsigned weight = 1u + (rule->code >= 100 ? 2u : 0u) + (rule->stage != BOUNCE_ANY ? 1u : 0u);
        if (!fits || weight <= best_weight) continue;
        best = rule;
        best_weight = weight;
    }
    return best;
}

/* --- codes that stand in the text ----------------------------------------------------------------------------------
 */

/* "(#5.1.1)", as qmail has it: the last one, because it stands at the end. */
static bool code_behind_hash(struct span text, struct enhanced_code *code) {
    for (size_t at; (at = span_find_last(text, '#')) < text.len; text = span_head(text, at)) {
        struct span const rest = span_from(text, at + 1);
        size_t end = 0;
        while (end < rest.len && (ascii_is_digit(rest.data[end]) || rest.data[end] == '.')) end++;
        if (enhanced_code_parse(span_head(rest, end), code) > 0) return true;
    }
    return false;
}

/* A word that begins as a code does, without what stands around it, "[5.1.1]", "5.1.1:"; empty when it does not. */
static struct span bare_code(struct span word) {
    while (word.len > 0 && (word.data[0] == '(' || word.data[0] == '[' || word.data[0] == '<' || word.data[0] == '#'))
        word = span_from(word, 1);
    if (word.len == 0 || !ascii_is_digit(word.data[0])) return SPAN_EMPTY;
    while (!ascii_is_digit(word.data[word.len - 1]) && !ascii_is_alpha(word.data[word.len - 1])) word.len--;
    return word;
}

/* "550 5.1.1 ..." said twice, or a code behind the first word: "mx1 5.1.1 ..."; or as the last one: "... (5.1.1)". */
static bool code_at_an_end(struct span text, struct enhanced_code *code) {
    struct span const last = span_from(text, span_find_last(text, ' '));
    for (unsigned word = 0; word < 3 && text.len > 0; word++) {
        size_t const blank = span_find(text, ' ');
        if (enhanced_code_parse(bare_code(span_head(text, blank)), code) > 0) return true;
        text = span_trim(span_from(text, blank));
    }
    return enhanced_code_parse(bare_code(span_trim(last)), code) > 0;
}

/* The one of the reply, else the one in its text.  Where it contradicts the code ("550 4.2.2") it still tells what it
 * is about; the code tells for how long, because clients go by it. */
struct enhanced_code bounce_enhanced(const struct smtp_reply *reply) {
    struct enhanced_code code = reply->enhanced;
    if (code.class_ >= 4) return code;
    bool const found = code_behind_hash(reply->text, &code) || code_at_an_end(reply->text, &code);
    if (!found || code.class_ < 4 || !reply_is_refusal(reply)) return (struct enhanced_code){0, 0, 0};
    code.class_ = (uint8_t)(reply->code / 100);
    return code;
}

/* --- receivers -----------------------------------------------------------------------------------------------------
 */

struct name_search {
    const struct bounce_rules *rules;
    const struct named_rules *list;
    struct span text;
    unsigned best;
};

static int on_name(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    struct name_search *search = context;
    if (id < search->best && is_confirmed(search->rules, &search->list->rules[id].expression, search->text))
        search->best = id;
    return 0;
}

unsigned first_match(const struct bounce_rules *rules, const struct named_rules *list, struct span text) {
    struct name_search search = {rules, list, text, list->count};
    if (text.len == 0 || list->database == NULL) return list->count;
    (void)hs_scan(list->database, (const char *)text.data, (unsigned)text.len, 0, rules->scratch, on_name, &search);
    return search.best;
}

unsigned bounce_receiver(const struct bounce_rules *rules, struct span greeting) {
    unsigned row = first_match(rules, &rules->receivers, span_head(greeting, LIMIT_REPLY_TEXT_BYTES));
    return row < rules->receivers.count ? row + 1 : 0;
}

const char *bounce_receiver_name(const struct bounce_rules *rules, unsigned receiver) {
    return receiver > 0 && receiver <= rules->receivers.count ? rules->receivers.rules[receiver - 1].name : NULL;
}

/* --- all of it -----------------------------------------------------------------------------------------------------
 */

static struct bounce_finding found(const struct bounce_rules *rules, enum bounce_by by, unsigned bounce_class,
                                   const struct yaml_node *node) {
    return (struct bounce_finding){
        &rules->classes[bounce_class], by, node->text, yaml_document_name(rules->file.document), node->line, NULL};
}

/* RFC 3463: a detail of 0 says no more than the subject does, and 5.7.1 is said of everything.  Any other code knows
 * more than words that say nothing. */
static bool is_vague(const struct enhanced_code *code) {
    return code->detail == 0 || (code->subject == 7 && code->detail == 1);
}

/* -1: none. */
static int class_by_words(const struct bounce_rules *rules, const struct bounce_case *what,
                          const struct enhanced_code *enhanced) {
    struct reply_traits traits;
    if (rules->words == NULL || what->reply->text.len == 0) return -1;
    reply_traits_find(what, enhanced, &traits);
    return bounce_words_class(rules->words, &traits);
}

bool bounce_explain_words(const struct bounce_rules *rules, const struct bounce_case *said,
                          const struct bounce_finding *finding, struct bounce_weighing *weighing) {
    enum { WORDS = sizeof weighing->words / sizeof weighing->words[0] };
    _Static_assert(sizeof weighing->words[0].text == TRAIT_TEXT_BYTES, "a trait is told whole");
    struct plain_case room;
    struct reply_traits traits;
    struct word_reason reasons[WORDS];
    *weighing = (struct bounce_weighing){.count = 0};
    if (finding->by != BOUNCE_BY_WORDS || rules->words == NULL) return false;
    const struct bounce_case *what = bounce_plain(said, &room);
    struct enhanced_code const enhanced = bounce_enhanced(what->reply);
    reply_traits_find(what, &enhanced, &traits);
    unsigned const class_ = (unsigned)(finding->class_ - rules->classes);
    weighing->count = bounce_words_reasons(rules->words, &traits, class_, reasons, WORDS);
    for (unsigned i = 0; i < weighing->count; i++) {
        struct bounce_word *word = &weighing->words[i];
        word->weight = reasons[i].weight;
        word->line = reasons[i].line;
        trait_text(what, &enhanced, &traits, reasons[i].trait, word->text);
    }
    int const next = bounce_words_next(rules->words, &traits, class_, &weighing->behind);
    if (next >= 0) weighing->next = &rules->classes[next];
    return true;
}

static struct bounce_finding explain(const struct bounce_rules *rules, const struct bounce_case *what) {
    if (!reply_is_refusal(what->reply)) return (struct bounce_finding){.class_ = NULL};
    const struct text_rule *text = bounce_text_of(rules, what);
    if (text != NULL) {
        struct bounce_finding finding = found(rules, BOUNCE_BY_TEXT, text->bounce_class, text->expression.node);
        finding.section = text->section;
        return finding;
    }
    struct enhanced_code const said = bounce_enhanced(what->reply);
    int const by_words = class_by_words(rules, what, &said);
    struct bounce_finding const words = {.class_ = &rules->classes[by_words < 0 ? 0 : by_words],
                                         .by = BOUNCE_BY_WORDS,
                                         .file = rules->words == NULL ? NULL : bounce_words_name(rules->words)};
    if (by_words > 0 || (by_words == 0 && is_vague(&said))) return words;
    const struct enhanced_rule *enhanced = said.class_ >= 4 ? by_enhanced(rules, &said) : NULL;
    if (enhanced != NULL) return found(rules, BOUNCE_BY_ENHANCED, enhanced->bounce_class, enhanced->node);
    if (by_words == 0) return words;
    const struct code_rule *code = by_code(rules, what->stage, what->reply->code);
    if (code != NULL) return found(rules, BOUNCE_BY_CODE, code->bounce_class, code->node);
    return (struct bounce_finding){.class_ = &rules->classes[0]};
}

struct bounce_finding bounce_explain(const struct bounce_rules *rules, const struct bounce_case *said) {
    struct plain_case room;
    return explain(rules, bounce_plain(said, &room));
}

const struct bounce_class *bounce_classify(const struct bounce_rules *rules, const struct bounce_case *what) {
    enum bounce_by by;
    return bounce_classify_by(rules, what, &by);
}

const struct bounce_class *bounce_classify_by(const struct bounce_rules *rules, const struct bounce_case *said,
                                              enum bounce_by *by) {
    struct plain_case room;
    *by = BOUNCE_BY_NOTHING;
    if (!reply_is_refusal(said->reply)) return NULL; /* most replies are none: their texts are not looked at */
    const struct bounce_case *what = bounce_without_mailboxes(said, &room);
    struct bounce_memory *memory = bounce_memory_of(rules->memory, what);
    struct bounce_answer answer;
    if (memory != NULL && bounce_memory_knows(memory, what, &answer)) {
        *by = answer.by;
        return answer.class_;
    }
    struct plain_case without_hosts; /* what was asked is remembered as it was asked */
    struct bounce_finding const found = explain(rules, bounce_without_hosts(what, &without_hosts));
    *by = found.by;
    if (memory != NULL) bounce_memory_keep(memory, what, (struct bounce_answer){found.class_, found.by});
    return found.class_;
}

struct bounce_case bounce_report_case(const struct bounce_rules *rules, const struct report_recipient *recipient,
                                      struct smtp_reply *refusal) {
    *refusal = report_refusal(recipient);
    return (struct bounce_case){.stage = recipient->stage,
                                .reply = refusal,
                                .receiver = bounce_receiver(rules, recipient->remote_mta),
                                .said.recipient = recipient->mailbox};
}

const char *bounce_rules_name(const struct bounce_rules *rules) {
    return yaml_document_name(rules->file.document);
}
