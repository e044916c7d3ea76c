/* A mail as a line of JSON (docs/schema/report.schema.json); see explain_told.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/explain_told.h"

#define FILE_BYTES_MAX 4096
#define RULE_TEXT_BYTES_MAX 1024 /* of a description or an advice */

static void put_text(struct json_text *j, const char *key, struct span text) {
    if (text.len == 0)
        json_put_null(j, key);
    else
        json_put_text(j, key, text);
}

static void put_string(struct json_text *j, const char *key, const char *string) {
    put_text(j, key, span_head(span_from_string(string), RULE_TEXT_BYTES_MAX));
}

static void put_rule(struct json_text *j, const struct told_mail *told, const struct told_rule *fired) {
    const struct rule *rule = fired->rule;
    struct rule_finding finding;
    char found[TOLD_FOUND_BYTES];
    told_find(told, fired, &finding, found);
    json_open(j, NULL, '{');
    json_put_word(j, "name", rule->name);
    json_put_word(j, "group", rule->group == RULE_CONTENT ? "content" : "setup");
    json_put_decimal(j, "points", rule->points, 2);
    put_string(j, "description", rule->description);
    json_put_word(j, "where", finding.where);
    put_text(j, "found", span_from_string(found));
    put_string(j, "advice", rule->advice);
    json_put_text(j, "file", span_head(span_from_string(rule->file), FILE_BYTES_MAX));
    json_put_unsigned(j, "line", rule->line);
    json_close(j, '}');
}

static void put_cut(struct json_text *j, const char *name, uint64_t count) {
    if (count > 0) json_put_unsigned(j, name, count);
}

static void put_text_read(struct json_text *j, const struct told_mail *told) {
    json_open(j, "text", '{');
    json_put_unsigned(j, "read", told->text_bytes);
    json_put_unsigned(j, "unread", told->counters->text_unread_bytes);
    json_put_unsigned(j, "slices", told->counters->text_slices);
    json_close(j, '}');
}

static void put_facts(struct json_text *j, const struct facts *facts) {
    json_open(j, "facts", '{');
    for (unsigned i = 0; i < FACT_COUNT; i++)
        if (facts->value[i] != 0) json_put_decimal(j, fact_name((enum fact)i), facts->value[i], 2);
    json_close(j, '}');
}

bool explain_put_mail(struct json_text *j, const struct told_mail *told, bool with_facts) {
    const struct counters *counters = told->counters;
    json_start(j);
    json_open(j, NULL, '{');
    json_put_text(j, "file", span_head(span_from_string(told->file), FILE_BYTES_MAX));
    json_put_unsigned(j, "mail", told->number);
    json_put_decimal(j, "content_points", (double)told->verdict.content_points, 2);
    json_put_decimal(j, "setup_points", (double)told->verdict.setup_points, 2);
    json_put_bool(j, "spam_like", told_is_spam_like(told));
    json_put_bool(j, "badly_set_up", told_is_badly_set_up(told));
    json_put_bool(j, "critical", told->verdict.critical);
    json_open(j, "rules", '[');
    for (unsigned i = 0; i < told->rule_count; i++) put_rule(j, told, &told->rules[i]);
    json_close(j, ']');
    put_text_read(j, told);
    json_open(j, "cuts", '{');
#define X(name, help) put_cut(j, #name, counters->name);
    MAILSPAN_LOSSES(X)
#undef X
    json_close(j, '}');
    if (with_facts) put_facts(j, &told->facts);
    explain_put_report(j, told);
    json_close(j, '}');
    return !j->full;
}
