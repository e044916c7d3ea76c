/* What a refusal means, by rules/bounces.yaml (bounce_file.c).
 *
 * The words of a reply decide first, because servers say 550 for everything and some give no enhanced code or always
 * 5.0.0; then the enhanced code (RFC 3463); then the code and the stage.  All expressions are compiled together by
 * vectorscan; the first in the file that matches wins.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_internal.h"

struct text_search {
    const struct bounce_rules *rules;
    struct span text;
    unsigned digit; /* 4 or 5 */
    enum stage stage;
    unsigned receiver;
    unsigned best; /* the first text in the file that matches so far */
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    struct text_search *search = context;
    const struct text_rule *rule = &search->rules->texts[id];
    if (id >= search->best || (rule->only != 0 && rule->only != search->digit)) return 0;
    if (rule->stage != BOUNCE_ANY && rule->stage != (unsigned)search->stage) return 0;
    if (rule->receiver != 0 && rule->receiver != search->receiver) return 0;
    if (rule->expression.confirm != NULL &&
        pcre2_match(rule->expression.confirm, search->text.data, search->text.len, 0, 0, search->rules->match_data,
                    search->rules->match_context) < 0)
        return 0;
    search->best = id;
    return 0;
}

static const struct text_rule *by_text(const struct bounce_rules *rules, const struct bounce_case *what) {
    struct span text = span_head(what->reply->text, LIMIT_REPLY_TEXT_BYTES);
    struct text_search search = {rules, text, what->reply->code / 100u, what->stage, what->receiver, rules->text_count};
    if (text.len == 0 || rules->database == NULL) return NULL;
    (void)hs_scan(rules->database, (const char *)text.data, (unsigned)text.len, 0, rules->scratch, on_match, &search);
    return search.best < rules->text_count ? &rules->texts[search.best] : NULL;
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
    for (size_t at = text.len; at > 0; at--) {
        struct span rest = span_from(text, at);
        if (text.data[at - 1] != '#') continue;
        size_t end = 0;
        while (end < rest.len && (ascii_is_digit(rest.data[end]) || rest.data[end] == '.')) end++;
        if (enhanced_code_parse(span_head(rest, end), code) > 0) return true;
    }
    return false;
}

/* "550 5.1.1 ..." said twice, or a code behind the first word: "mx1 5.1.1 ...". */
static bool code_near_start(struct span text, struct enhanced_code *code) {
    for (unsigned word = 0; word < 3 && text.len > 0; word++) {
        if (enhanced_code_parse(text, code) > 0) return true;
        text = span_trim(span_from(text, span_find(text, ' ')));
    }
    return false;
}

/* The one of the reply, else the one in its text; a class that contradicts the code is none. */
static struct enhanced_code enhanced_of(const struct smtp_reply *reply) {
    struct enhanced_code code = reply->enhanced;
    if (code.class_ >= 4) return code;
    bool found = code_behind_hash(reply->text, &code) || code_near_start(reply->text, &code);
    if (!found || code.class_ != reply->code / 100) return (struct enhanced_code){0, 0, 0};
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
    const struct expression *expression = &search->list->rules[id].expression;
    if (id >= search->best) return 0;
    if (expression->confirm != NULL && pcre2_match(expression->confirm, search->text.data, search->text.len, 0, 0,
                                                   search->rules->match_data, search->rules->match_context) < 0)
        return 0;
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
    return (struct bounce_finding){&rules->classes[bounce_class], by, node->text, node->line, NULL};
}

struct bounce_finding bounce_explain(const struct bounce_rules *rules, const struct bounce_case *what) {
    if (!reply_is_refusal(what->reply)) return (struct bounce_finding){.class_ = NULL};
    const struct text_rule *text = by_text(rules, what);
    if (text != NULL) {
        struct bounce_finding finding = found(rules, BOUNCE_BY_TEXT, text->bounce_class, text->expression.node);
        finding.section = text->section;
        return finding;
    }
    struct enhanced_code said = enhanced_of(what->reply);
    const struct enhanced_rule *enhanced = said.class_ >= 4 ? by_enhanced(rules, &said) : NULL;
    if (enhanced != NULL) return found(rules, BOUNCE_BY_ENHANCED, enhanced->bounce_class, enhanced->node);
    const struct code_rule *code = by_code(rules, what->stage, what->reply->code);
    if (code != NULL) return found(rules, BOUNCE_BY_CODE, code->bounce_class, code->node);
    return (struct bounce_finding){.class_ = &rules->classes[0]};
}

const struct bounce_class *bounce_classify(const struct bounce_rules *rules, const struct bounce_case *what) {
    return bounce_explain(rules, what).class_;
}

struct bounce_finding bounce_explain_report(const struct bounce_rules *rules,
                                            const struct report_recipient *recipient) {
    struct smtp_reply const refusal = report_refusal(recipient);
    struct bounce_case const what = {recipient->stage, &refusal, bounce_receiver(rules, recipient->remote_mta)};
    return bounce_explain(rules, &what);
}

const char *bounce_rules_name(const struct bounce_rules *rules) {
    return yaml_document_name(rules->file.document);
}
