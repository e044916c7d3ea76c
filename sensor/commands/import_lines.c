/* See import_lines.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_lines.h"

#include <stdio.h>

#include "commands/import_formula.h"

#define SA_VERSION 4.000001
#define SA_VERSION_TEXT "4.000001"
#define PERL_VERSION 5.036

/* What the default configuration of SpamAssassin 4.0.1 loads (v310.pre to v401.pre). */
static const char *const default_plugins[] = {
    "AskDNS",   "AutoLearnThreshold", "Bayes",     "BodyEval",      "Check",     "DKIM",        "DMARC",
    "DNSEval",  "FreeMail",           "HTMLEval",  "HTTPSMismatch", "HashBL",    "HeaderEval",  "ImageInfo",
    "MIMEEval", "MIMEHeader",         "Pyzor",     "Razor2",        "RelayEval", "ReplaceTags", "SPF",
    "SpamCop",  "URIDNSBL",           "URIDetail", "URIEval",       "VBounce",   "WLBLEval",    "WelcomeListSubject",
};

/* What `can(Mail::SpamAssassin::Conf::...)` finds in SpamAssassin 4.0.1. */
static const char *const features[] = {
    "feature_originating_ip_headers",
    "feature_dns_local_ports_permit_avoid",
    "feature_bayes_auto_learn_on_error",
    "feature_uri_host_listed",
    "feature_yesno_takes_args",
    "feature_bug6558_free",
    "feature_edns",
    "feature_dns_query_restriction",
    "feature_registryboundaries",
    "feature_geodb",
    "feature_dns_block_rule",
    "feature_compile_regexp",
    "feature_meta_rules_matching",
    "feature_subjprefix",
    "feature_bayes_stopwords",
    "feature_get_host",
    "feature_blocklist_welcomelist",
    "feature_welcomelist_blocklist",
    "feature_header_address_parser",
    "feature_local_tests_only",
    "feature_header_first_last",
    "feature_header_match_many",
    "feature_capture_rules",
    "has_tflags_nosubject",
    "has_tflags_nolog",
    "perl_min_version_5010000",
};

#define PLUGIN_PREFIX SPAN_LITERAL("Mail::SpamAssassin::Plugin::")
#define CONF_PREFIX SPAN_LITERAL("Mail::SpamAssassin::Conf::")

static bool is_one_of(struct span name, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(name, span_from_string(list[i]))) return true;
    return false;
}

static bool was_named(const struct import_plugins *plugins, struct span name) {
    struct span rest = import_text_span(&plugins->names);
    while (rest.len > 0) {
        size_t end = span_find(rest, '\n');
        if (span_equal(span_head(rest, end), name)) return true;
        rest = span_from(rest, end + 1);
    }
    return false;
}

static bool has_plugin(const struct import_plugins *plugins, struct span name) {
    /* Two names that SpamAssassin 4 still knows by their older spelling. */
    if (span_equal(name, SPAN_LITERAL("Mail::SpamAssassin::Plugin::Dmarc")))
        name = SPAN_LITERAL("Mail::SpamAssassin::Plugin::DMARC");
    if (span_equal(name, SPAN_LITERAL("Mail::SpamAssassin::Plugin::WhiteListSubject")))
        name = SPAN_LITERAL("Mail::SpamAssassin::Plugin::WelcomeListSubject");
    if (was_named(plugins, name)) return true;
    return span_starts_with(name, PLUGIN_PREFIX) && is_one_of(span_from(name, PLUGIN_PREFIX.len), default_plugins,
                                                              sizeof default_plugins / sizeof default_plugins[0]);
}

/* Of a plugin that is loaded each feature is taken to be there, as they are in 4.0.1. */
static bool can(const struct import_plugins *plugins, struct span method) {
    if (span_starts_with(method, CONF_PREFIX))
        return is_one_of(span_from(method, CONF_PREFIX.len), features, sizeof features / sizeof features[0]);
    size_t colon = span_find_last(method, ':');
    return colon > 1 && colon < method.len && has_plugin(plugins, span_head(method, colon - 1));
}

static double value_of(const struct import_plugins *plugins, const struct formula_node *node) {
    if (node->op == FORMULA_NUMBER) return node->number;
    if (span_equal(node->name, SPAN_LITERAL("version"))) return SA_VERSION;
    if (span_equal(node->name, SPAN_LITERAL("perl_version"))) return PERL_VERSION;
    if (span_equal(node->name, SPAN_LITERAL("local_tests_only"))) return 1;
    if (span_equal(node->name, SPAN_LITERAL("plugin"))) return has_plugin(plugins, node->argument);
    return can(plugins, node->argument);
}

static bool is_known(const struct formula_node *node) {
    return node->is_call ? !span_equal(node->name, SPAN_LITERAL("rules_matching"))
                         : span_equal(node->name, SPAN_LITERAL("version")) ||
                               span_equal(node->name, SPAN_LITERAL("perl_version")) ||
                               span_equal(node->name, SPAN_LITERAL("local_tests_only"));
}

/* Whether the condition holds.  False with *expected: it cannot be read. */
static bool condition_holds(const struct import_plugins *plugins, struct span text, size_t *at, const char **expected) {
    static struct formula formula; /* 100 KiB; this command has one thread */
    static double stack[IMPORT_FORMULA_NODES_MAX];
    unsigned depth = 0;
    *expected = NULL;
    if (!formula_read(text, &formula, at, expected)) return false;
    for (unsigned i = 0; i < formula.count; i++) {
        const struct formula_node *node = &formula.nodes[i];
        if (node->op == FORMULA_NAME && !is_known(node)) {
            *at = (size_t)(node->name.data - text.data);
            *expected = "version, perl_version, local_tests_only, plugin(), can() or has()";
            return false;
        }
        if (node->op == FORMULA_NUMBER || node->op == FORMULA_NAME) {
            stack[depth++] = value_of(plugins, node);
        } else if (formula_is_unary(node->op)) {
            stack[depth - 1] = formula_apply(node->op, stack[depth - 1], 0);
        } else {
            depth--;
            stack[depth - 1] = formula_apply(node->op, stack[depth - 1], stack[depth]);
        }
    }
    return stack[0] != 0;
}

static enum import_got complain(const struct import_lines *lines, unsigned line, unsigned column,
                                struct problem *problem, const char *what) {
    *problem = (struct problem){.line = line, .column = column};
    (void)snprintf(problem->file, sizeof problem->file, "%s", lines->file);
    (void)snprintf(problem->what, sizeof problem->what, "%s", what);
    return IMPORT_PROBLEM;
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

/* The next line of the file without its comment, with \# as #.  SpamAssassin knows no continuation of lines. */
static struct span take_line(struct import_lines *lines) {
    size_t end = span_find(lines->text, '\n');
    struct span raw = span_head(lines->text, end);
    lines->text = span_from(lines->text, end + 1);
    lines->line++;
    import_text_clear(&lines->current);
    for (size_t i = 0; i < raw.len; i++) {
        bool escaped = raw.data[i] == '\\' && i + 1 < raw.len && raw.data[i + 1] == '#';
        if (raw.data[i] == '#') break;
        if (escaped) i++;
        import_text_byte(&lines->current, raw.data[i]);
    }
    return import_text_span(&lines->current);
}

static struct span split_word(struct span *rest) {
    size_t end = 0;
    while (end < rest->len && !ascii_is_space(rest->data[end])) end++;
    struct span word = span_head(*rest, end);
    *rest = span_trim(span_from(*rest, end));
    return word;
}

/* `lang de describe ...` is for readers of German: only English is taken.  False: the line is for others. */
static bool take_language(struct span *line) {
    struct span rest = *line;
    if (!span_equal(split_word(&rest), SPAN_LITERAL("lang"))) return true;
    struct span language = split_word(&rest);
    *line = rest;
    return language.len > 0 && span_starts_with_nocase(SPAN_LITERAL("en_US"), language);
}

static bool split_line(struct import_lines *lines, struct span line, struct import_line *out) {
    struct span all = line;
    struct span rest = span_trim(line);
    if (rest.len == 0 || !take_language(&rest) || rest.len == 0) return false;
    out->line = lines->line;
    struct span key = split_word(&rest);
    for (size_t i = 0; i < key.len; i++) {
        char *byte = &lines->current.bytes[(size_t)(key.data - all.data) + i];
        *byte = *byte == '-' ? '_' : (char)ascii_lower((uint8_t)*byte);
    }
    out->key = key;
    out->value = rest;
    out->key_column = (unsigned)(key.data - all.data) + 1;
    out->value_column = rest.len == 0 ? out->key_column : (unsigned)(rest.data - all.data) + 1;
    return true;
}

/* --- if, else, endif ---------------------------------------------------------------------------------------------- */

static enum import_got begin_if(struct import_lines *lines, const struct import_line *line, bool plugin,
                                struct problem *problem) {
    size_t at = 0;
    const char *expected = NULL;
    if (line->value.len == 0)
        return complain(lines, line->line, line->key_column, problem, "no condition; expected one");
    if (lines->depth == IMPORT_IF_DEPTH_MAX)
        return complain(lines, line->line, line->key_column, problem, "too many conditions; expected at most 64 open");
    bool holds =
        plugin ? has_plugin(lines->plugins, line->value) : condition_holds(lines->plugins, line->value, &at, &expected);
    lines->open[lines->depth].line = line->line;
    lines->open[lines->depth++].skipping = lines->skipping;
    if (!holds) lines->skipping = true;
    if (expected == NULL) return IMPORT_LINE;
    char what[sizeof problem->what];
    (void)snprintf(what, sizeof what, "this condition cannot be read, and is taken for false; expected %s", expected);
    return complain(lines, line->line, line->value_column + (unsigned)at, problem, what);
}

static enum import_got turn_if(struct import_lines *lines, const struct import_line *line, struct problem *problem) {
    bool outside = false;
    if (lines->depth == 0 || line->value.len > 0)
        return complain(lines, line->line, line->key_column, problem,
                        lines->depth == 0 ? "nothing is open here; expected an 'if' before it"
                                          : "words behind it; expected nothing");
    for (unsigned i = 0; i < lines->depth; i++) outside = outside || lines->open[i].skipping;
    lines->skipping = outside || !lines->skipping;
    return IMPORT_LINE;
}

static enum import_got end_if(struct import_lines *lines, const struct import_line *line, struct problem *problem) {
    if (lines->depth == 0 || line->value.len > 0)
        return complain(lines, line->line, line->key_column, problem,
                        lines->depth == 0 ? "nothing is open here; expected an 'if' before it"
                                          : "words behind it; expected nothing");
    lines->skipping = lines->open[--lines->depth].skipping;
    return IMPORT_LINE;
}

/* As SpamAssassin: another version than this one makes the rest of the file count for nothing. */
static enum import_got require_version(struct import_lines *lines, const struct import_line *line,
                                       struct problem *problem) {
    if (span_equal(line->value, SPAN_LITERAL("@@VERSION@@")) || span_equal(line->value, SPAN_LITERAL(SA_VERSION_TEXT)))
        return IMPORT_LINE;
    lines->skipping = true;
    return complain(lines, line->line, line->value_column, problem,
                    "the rest is for another version of SpamAssassin; expected " SA_VERSION_TEXT);
}

/* IMPORT_LINE with *taken: this line said what counts from now on, and is done. */
static enum import_got steer(struct import_lines *lines, const struct import_line *line, bool *taken,
                             struct problem *problem) {
    *taken = true;
    if (span_equal(line->key, SPAN_LITERAL("endif"))) return end_if(lines, line, problem);
    if (span_equal(line->key, SPAN_LITERAL("if"))) return begin_if(lines, line, false, problem);
    if (span_equal(line->key, SPAN_LITERAL("ifplugin"))) return begin_if(lines, line, true, problem);
    if (span_equal(line->key, SPAN_LITERAL("else"))) return turn_if(lines, line, problem);
    if (lines->skipping) return IMPORT_LINE;
    if (span_equal(line->key, SPAN_LITERAL("require_version"))) return require_version(lines, line, problem);
    *taken = false;
    return IMPORT_LINE;
}

static void note_plugin(struct import_plugins *plugins, struct span value) {
    import_text_add(&plugins->names, split_word(&value));
    import_text_byte(&plugins->names, '\n');
}

enum import_got import_lines_next(struct import_lines *lines, struct import_line *out, struct problem *problem) {
    while (lines->text.len > 0) {
        bool taken;
        if (!split_line(lines, take_line(lines), out)) continue;
        enum import_got got = steer(lines, out, &taken, problem);
        if (got != IMPORT_LINE) return got;
        if (taken) continue;
        if (!span_equal(out->key, SPAN_LITERAL("loadplugin"))) return IMPORT_LINE;
        note_plugin(lines->plugins, out->value);
    }
    if (lines->ended || lines->depth == 0) return IMPORT_END;
    lines->ended = true;
    return complain(lines, lines->open[lines->depth - 1].line, 1, problem,
                    "this 'if' is still open at the end of the file; expected 'endif'");
}
