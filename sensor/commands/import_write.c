/* See import_write.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_write.h"

#include <stdlib.h>

#include "commands/import_convert.h"
#include "mailspan/utf8.h"
#include "publish/json_text.h"

#define LINE_BYTES 16384 /* of JSON */
#define TEXT_BYTES_MAX 2000

/* --- YAML --------------------------------------------------------------------------------------------------------- */

/* 'text', where nothing but ' must be doubled.  What is in it was made plain ASCII without controls. */
static void put_single_quoted(struct import_text *out, const char *text) {
    import_text_byte(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'') import_text_byte(out, '\'');
        import_text_byte(out, (uint8_t)*text);
    }
    import_text_byte(out, '\'');
}

/* What no YAML file may hold (its 5.1), or steers a terminal. */
static bool is_control(uint32_t code_point) {
    return code_point < ' ' || (code_point >= 0x7f && code_point < 0xa0) || code_point == 0x2028 ||
           code_point == 0x2029 || code_point == 0xfeff || code_point == 0xfffe || code_point == 0xffff;
}

/* "text": what people wrote.  What is no UTF-8, or a control character, becomes '?'. */
static void put_double_quoted(struct import_text *out, struct span text) {
    import_text_byte(out, '"');
    while (text.len > 0) {
        uint32_t code_point;
        size_t length = utf8_next(text, &code_point);
        bool const bad = (code_point == UTF8_REPLACEMENT && length == 1) || is_control(code_point);
        if (code_point == '"' || code_point == '\\') import_text_byte(out, '\\');
        if (bad)
            import_text_byte(out, code_point == '\t' ? ' ' : '?');
        else
            import_text_add(out, span_head(text, length));
        text = span_from(text, length);
    }
    import_text_byte(out, '"');
}

static void put_sub_rule(struct import_text *out, const char *name, const char *look_at, const char *match) {
    import_text_print(out, "  - name: %s\n    look_at: %s\n", name, look_at);
    if (match != NULL) {
        import_text_string(out, "    match: ");
        put_single_quoted(out, match);
        import_text_byte(out, '\n');
    }
}

static void put_description(struct import_text *out, const struct import_rule *rule) {
    import_text_string(out, "    description: ");
    if (rule->description != NULL)
        put_double_quoted(out, span_from_string(rule->description));
    else
        import_text_print(out, "\"SpamAssassin's rule %s\"", rule->name);
    import_text_byte(out, '\n');
}

static void put_comment(struct import_text *out, const struct import_rule *rule) {
    import_text_print(out, "\n  # %s:%u", rule->file, rule->line);
    if (strcmp(rule->name, rule->as) != 0) import_text_print(out, " (%s)", rule->name);
    if (rule->zeros != NULL) import_text_print(out, "; worth 0 here: %s", rule->zeros);
    import_text_byte(out, '\n');
}

/* One after the other, until *context says that it is there. */
static bool was_put(const struct import_set *set, unsigned before, const char *there) {
    for (unsigned i = 0; i < before; i++) {
        const struct import_rule *rule = set->rules[i];
        if (rule->needed && rule->there != NULL && strcmp(rule->there, there) == 0) return true;
    }
    return false;
}

static void put_rule(const struct import_set *set, unsigned i, struct import_text *out) {
    const struct import_rule *rule = set->rules[i];
    double const points = import_points(rule);
    put_comment(out, rule);
    if (rule->there != NULL && !was_put(set, i, rule->there)) {
        put_sub_rule(out, rule->there, rule->there_look_at, NULL);
        import_text_string(out, "    points: 0\n");
    }
    if (rule->helper != NULL) {
        put_sub_rule(out, rule->helper, rule->look_at, rule->match);
        import_text_string(out, "    points: 0\n");
    }
    if (rule->when == NULL)
        put_sub_rule(out, rule->as, rule->look_at, rule->match);
    else
        import_text_print(out, "  - name: %s\n    when: \"%s\"\n", rule->as, rule->when);
    import_text_print(out, "    points: %.9g\n", points);
    if (points != 0 || rule->description != NULL) put_description(out, rule);
}

unsigned import_written(const struct import_set *set) {
    unsigned count = 0;
    for (unsigned i = 0; i < set->count; i++) {
        const struct import_rule *rule = set->rules[i];
        if (!rule->needed) continue;
        count++;
        if (rule->helper != NULL) count++;
        if (rule->there != NULL && !was_put(set, i, rule->there)) count++;
    }
    return count;
}

void import_write(const struct import_set *set, struct import_text *out) {
    import_text_string(
        out,
        "# Made by `mailspan rules import` from SpamAssassin's rules, whose file and line stand before each.\n"
        "# It is made anew with their next update: change rules there, or in a file of your own.\n\n");
    import_text_string(out, import_written(set) == 0 ? "rules: []\n" : "rules:\n");
    for (unsigned i = 0; i < set->count; i++)
        if (set->rules[i]->needed) put_rule(set, i, out);
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

struct figures {
    unsigned read, converted, written, partly, refused, off;
};

static void count(const struct import_set *set, struct figures figures[IMPORT_KINDS]) {
    for (unsigned i = 0; i < set->count; i++) {
        const struct import_rule *rule = set->rules[i];
        if (rule->made) continue;
        struct figures *f = &figures[rule->kind];
        f->read++;
        f->converted += rule->state == IMPORT_CONVERTED;
        f->written += rule->needed;
        f->partly += rule->needed && rule->zeros != NULL;
        f->refused += rule->state == IMPORT_REFUSED;
        f->off += rule->state == IMPORT_OFF;
    }
}

static unsigned passed_over(const struct import_set *set) {
    unsigned lines = 0;
    for (unsigned i = 0; i < set->setting_count; i++) lines += set->settings[i].count;
    return lines;
}

static void report_text(const struct import_set *set, FILE *file) {
    struct figures figures[IMPORT_KINDS] = {{.read = 0}};
    count(set, figures);
    for (unsigned i = 0; i < set->count; i++) {
        const struct import_rule *rule = set->rules[i];
        if (rule->state == IMPORT_REFUSED)
            (void)fprintf(file, "%s:%u: %s (%s) %s\n", rule->file, rule->line, rule->name, import_kind_name(rule->kind),
                          rule->why);
    }
    (void)fprintf(file, "%-10s %6s %9s %8s %7s %13s %4s\n", "", "read", "converted", "written", "partly",
                  "not converted", "off");
    for (unsigned k = IMPORT_HEADER; k < IMPORT_KINDS; k++) {
        const struct figures *f = &figures[k];
        if (f->read == 0) continue;
        (void)fprintf(file, "%-10s %6u %9u %8u %7u %13u %4u\n", import_kind_name((enum import_kind)k), f->read,
                      f->converted, f->written, f->partly, f->refused, f->off);
    }
    (void)fprintf(file,
                  "written: with points, or asked for by one that is.  partly: asks for rules that were not converted, "
                  "which count as 0.\noff: has the score 0.  %u lines of %u settings say nothing of rules.\n",
                  passed_over(set), set->setting_count);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void put_line(struct json_text *j, FILE *file) {
    if (!j->full) (void)fprintf(file, "%.*s\n", (int)j->length, j->bytes);
}

static void put_string(struct json_text *j, const char *key, const char *text) {
    if (text == NULL)
        json_put_null(j, key);
    else
        json_put_text(j, key, span_head(span_from_string(text), TEXT_BYTES_MAX));
}

static const char *state_name(const struct import_rule *rule) {
    if (rule->state == IMPORT_REFUSED) return "not_converted";
    if (rule->state == IMPORT_OFF) return "off";
    return rule->needed ? "written" : "not_needed";
}

static void json_rule(struct json_text *j, const struct import_rule *rule) {
    json_start(j);
    json_open(j, NULL, '{');
    json_put_word(j, "type", "rule");
    put_string(j, "name", rule->name);
    json_put_word(j, "kind", import_kind_name(rule->kind));
    put_string(j, "file", rule->file);
    json_put_unsigned(j, "line", rule->line);
    json_put_word(j, "state", state_name(rule));
    put_string(j, "as", rule->state == IMPORT_CONVERTED ? rule->as : NULL);
    put_string(j, "why", rule->why);
    put_string(j, "worth_0", rule->zeros);
    json_close(j, '}');
}

static void json_kind(struct json_text *j, const char *name, const struct figures *f) {
    json_open(j, name, '{');
    json_put_unsigned(j, "read", f->read);
    json_put_unsigned(j, "converted", f->converted);
    json_put_unsigned(j, "written", f->written);
    json_put_unsigned(j, "partly", f->partly);
    json_put_unsigned(j, "not_converted", f->refused);
    json_put_unsigned(j, "off", f->off);
    json_close(j, '}');
}

static void report_json(const struct import_set *set, FILE *file) {
    char *bytes = malloc(LINE_BYTES);
    struct figures figures[IMPORT_KINDS] = {{.read = 0}};
    struct json_text j = {.bytes = bytes, .capacity = LINE_BYTES};
    if (bytes == NULL) return;
    count(set, figures);
    for (unsigned i = 0; i < set->count; i++) {
        if (set->rules[i]->kind == IMPORT_NOTHING || set->rules[i]->made) continue;
        json_rule(&j, set->rules[i]);
        put_line(&j, file);
    }
    json_start(&j);
    json_open(&j, NULL, '{');
    json_put_word(&j, "type", "import");
    json_open(&j, "kinds", '{');
    for (unsigned k = IMPORT_HEADER; k < IMPORT_KINDS; k++)
        json_kind(&j, import_kind_name((enum import_kind)k), &figures[k]);
    json_close(&j, '}');
    json_put_unsigned(&j, "rules_written", import_written(set));
    json_put_unsigned(&j, "bad_lines", set->problems);
    json_put_unsigned(&j, "settings_passed_over", passed_over(set));
    json_close(&j, '}');
    put_line(&j, file);
    free(bytes);
}

void import_report(const struct import_set *set, bool json, FILE *file) {
    if (json)
        report_json(set, file);
    else
        report_text(set, file);
}
