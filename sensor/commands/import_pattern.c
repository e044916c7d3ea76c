/* Rules with a regular expression: header, body, rawbody, uri, mimeheader.  See import_convert.h.
 *
 * SpamAssassin searches a header that is not there as if it were empty, or were what [if-unset: ...] says.  So what the
 * expression finds in that is asked here, once, and a condition says it:
 *
 *                                finds nothing in it              finds something in it
 *   NAME =~ /expression/         NAME_FOUND                       NAME_FOUND or not THERE
 *   NAME !~ /expression/         not NAME_FOUND                   THERE and not NAME_FOUND
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "commands/import_convert.h"
#include "commands/import_regex.h"
#include "mailspan/limits.h"

#define PLACES_MAX 10000 /* the pattern library takes a second or two to compile so many, and minutes for more */

struct pattern {
    struct import_set *set;
    const struct import_options *options;
    struct import_rule *rule;
    struct span header; /* with its modifiers */
    struct span literal;
    struct span unset; /* what a missing header is */
    bool negated;
    enum import_place place;
    const char *look_at;
    const char *there; /* the name of the rule that finds the header at all, and what it looks at */
    const char *there_look_at;
    const char *match;
};

static bool refuse(const struct pattern *p, const char *why) {
    import_refuse(p->set, p->rule, "%s", why);
    return false;
}

static const char *keep_string(const struct pattern *p, const char *string) {
    return import_keep(&p->set->strings, span_from_string(string));
}

/* --- which header ------------------------------------------------------------------------------------------------- */

/* Headers of SpamAssassin's own making. */
static const struct {
    const char *name, *why;
} made_up[] = {
    {"ALL-TRUSTED", "looks at the headers of certain relays"},
    {"ALL-INTERNAL", "looks at the headers of certain relays"},
    {"ALL-UNTRUSTED", "looks at the headers of certain relays"},
    {"ALL-EXTERNAL", "looks at the headers of certain relays"},
    {"X-Spam-Relays-Trusted", "looks at what SpamAssassin makes of Received (X-Spam-Relays)"},
    {"X-Spam-Relays-Untrusted", "looks at what SpamAssassin makes of Received (X-Spam-Relays)"},
    {"X-Spam-Relays-Internal", "looks at what SpamAssassin makes of Received (X-Spam-Relays)"},
    {"X-Spam-Relays-External", "looks at what SpamAssassin makes of Received (X-Spam-Relays)"},
    {"EnvelopeFrom", "looks at the envelope's sender (EnvelopeFrom)"},
    {"X-Languages", "looks at the language that a plugin has found"},
    {"X-Relay-Countries", "looks at the countries that a plugin has found"},
    {"X-ASN", "looks at the networks that a plugin has found"},
};

/* Names that stand for several headers, with room for a modifier behind each. */
static const struct {
    const char *name, *there;
    const char *headers[6];
} several[] = {
    {"ToCc", "__THERE_IS_TOCC", {"To", "Cc"}},
    {"*from",
     "__THERE_IS_FROM",
     {"From", "Resent-From", "Envelope-Sender", "X-Envelope-From", "Return-Path"}}, /* ours */
    {"MESSAGEID", "__THERE_IS_MESSAGEID", {"X-Message-Id", "Resent-Message-Id", "X-Original-Message-ID", "Message-Id"}},
};

static bool is_header_name(struct span name) {
    if (name.len == 0 || name.len > LIMIT_HEADER_NAME_BYTES) return false;
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_alpha(name.data[i]) && !ascii_is_digit(name.data[i]) && name.data[i] != '-' &&
            name.data[i] != '_')
            return false;
    return true;
}

/* Case does not matter but in MESSAGEID, as with SpamAssassin: MessageID is a header. */
static bool is_called(struct span name, const char *several_name) {
    struct span const wanted = span_from_string(several_name);
    return span_equal(wanted, SPAN_LITERAL("MESSAGEID")) ? span_equal(name, wanted) : span_equal_nocase(name, wanted);
}

static bool take_several(struct pattern *p, struct span name, const char *modifier) {
    for (size_t i = 0; i < sizeof several / sizeof several[0]; i++) {
        if (!is_called(name, several[i].name)) continue;
        struct import_text look = {.bytes = NULL}, there = {.bytes = NULL};
        for (size_t k = 0; several[i].headers[k] != NULL; k++) {
            import_text_print(&look, "%sheader %s%s", k == 0 ? "[" : ", ", several[i].headers[k], modifier);
            import_text_print(&there, "%sheader %s", k == 0 ? "[" : ", ", several[i].headers[k]);
        }
        import_text_byte(&look, ']');
        import_text_byte(&there, ']');
        p->look_at = import_keep(&p->set->strings, import_text_span(&look));
        p->there_look_at = import_keep(&p->set->strings, import_text_span(&there));
        p->there = several[i].there;
        import_text_free(&look);
        import_text_free(&there);
        return true;
    }
    return false;
}

static char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static void take_one(struct pattern *p, struct span name, const char *modifier, const char *kind) {
    char text[LIMIT_HEADER_NAME_BYTES + 32];
    int const length = (int)name.len;
    (void)snprintf(text, sizeof text, "%s %.*s%s", kind, length, (const char *)name.data, modifier);
    p->look_at = keep_string(p, text);
    (void)snprintf(text, sizeof text, "%s %.*s", kind, length, (const char *)name.data);
    p->there_look_at = keep_string(p, text);
    (void)snprintf(text, sizeof text, "__THERE_IS_%.*s", length, (const char *)name.data);
    for (char *c = text; *c != '\0'; c++) *c = *c == '-' ? '_' : ascii_upper(*c);
    p->there = keep_string(p, text);
}

/* The modifiers that ours has, too; "" for none, NULL for any other. */
static const char *modifier_of(struct span modifiers) {
    static const char *const known[] = {"", ":raw", ":addr", ":name"};
    if (span_equal(modifiers, SPAN_LITERAL(":"))) modifiers = SPAN_EMPTY;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (span_equal(modifiers, span_from_string(known[i]))) return known[i];
    return NULL;
}

static bool take_header(struct pattern *p) {
    size_t const colon = span_find(p->header, ':');
    struct span const name = span_head(p->header, colon), modifiers = span_from(p->header, colon);
    const char *modifier = modifier_of(modifiers);
    if (modifier == NULL) {
        import_refuse(p->set, p->rule, "asks for a part of a header that ours does not have (%.*s)", (int)modifiers.len,
                      (const char *)modifiers.data);
        return false;
    }
    for (size_t i = 0; i < sizeof made_up / sizeof made_up[0]; i++)
        if (span_equal_nocase(name, span_from_string(made_up[i].name))) return refuse(p, made_up[i].why);
    if (span_equal(name, SPAN_LITERAL("ALL"))) {
        if (modifier[0] != '\0') return refuse(p, "looks at all headers as they came (ALL:raw)");
        p->place = IMPORT_IN_HEADERS;
        p->look_at = p->there_look_at = "headers";
        p->there = "__THERE_ARE_HEADERS";
        return true;
    }
    if (take_several(p, name, modifier)) return true;
    if (!is_header_name(name)) return refuse(p, "a header's name with signs that ours cannot have");
    if (span_equal_nocase(name, SPAN_LITERAL("Received"))) p->place = IMPORT_IN_RECEIVED;
    take_one(p, name, modifier, "header");
    return true;
}

/* --- taking a line apart ------------------------------------------------------------------------------------------ */

/* NAME =~ /.../ [if-unset: TEXT] */
static bool split_test(struct pattern *p) {
    struct span value = p->rule->value;
    size_t end = 0;
    while (end < value.len && !ascii_is_space(value.data[end]) && value.data[end] != '=' && value.data[end] != '!')
        end++;
    p->header = span_head(value, end);
    struct span rest = span_trim(span_from(value, end));
    p->negated = span_starts_with(rest, SPAN_LITERAL("!~"));
    if (!p->negated && !span_starts_with(rest, SPAN_LITERAL("=~")))
        return refuse(p, "no test of a header; expected NAME =~ and a regular expression");
    rest = span_trim(span_from(rest, 2));
    struct span const word = SPAN_LITERAL("[if-unset:");
    for (size_t at = 0; at + word.len < rest.len && rest.data[rest.len - 1] == ']'; at++) {
        if (!span_starts_with(span_from(rest, at), word) || at == 0 || !ascii_is_space(rest.data[at - 1])) continue;
        p->unset = span_trim(span_slice(rest, at + word.len, rest.len - at - word.len - 1));
        rest = span_trim(span_head(rest, at));
        break;
    }
    p->literal = rest;
    return true;
}

/* --- the expression ----------------------------------------------------------------------------------------------- */

static bool convert_expression(struct pattern *p) {
    struct span body, modifiers;
    const char *why = NULL;
    struct import_text filled = {.bytes = NULL}, converted = {.bytes = NULL};
    if (!import_regex_split(p->literal, &body, &modifiers, &why)) return refuse(p, why);
    bool good = true;
    if (p->rule->replaces) {
        good = import_tags_fill(&p->set->tags, body, &filled);
        body = import_text_span(&filled);
        if (!good) why = "with its tags filled in it is too long";
    }
    good = good && import_regex_convert(body, modifiers, p->place, &converted, &why);
    p->match = good ? import_keep(&p->set->strings, import_text_span(&converted)) : NULL;
    p->set->failed = p->set->failed || filled.failed || converted.failed;
    import_text_free(&filled);
    import_text_free(&converted);
    return good || refuse(p, why);
}

static bool ask_engine(const struct pattern *p) {
    char why[IMPORT_WHY_BYTES] = "";
    bool const in_text = p->place == IMPORT_IN_BODY || p->place == IMPORT_IN_RAW;
    if (import_regex_places(p->match) > PLACES_MAX) return refuse(p, "its repetitions multiply to too many places");
    if (p->options->is_sound == NULL || p->options->is_sound(p->options->context, in_text, p->match, why)) return true;
    return refuse(p, why);
}

/* --- headers that may be missing ---------------------------------------------------------------------------------- */

/* helper_holds, missing_fires: whether the rule fires where the expression finds something, and where there is no such
 * header. */
static bool say_when(const struct pattern *p, bool helper_holds, bool missing_fires) {
    char when[3 * LIMIT_RULE_NAME_BYTES];
    struct import_rule *rule = p->rule;
    rule->look_at = p->look_at;
    rule->match = p->match;
    if (helper_holds && !missing_fires) return true;
    (void)snprintf(when, sizeof when, "%.34s_FOUND", rule->as);
    const char *helper = rule->helper = import_new_name(p->set, p->options, when);
    const char *there = "";
    if (helper_holds || !missing_fires) {
        there = rule->there = import_there(p->set, p->options, p->there, p->there_look_at);
        rule->there_look_at = p->there_look_at;
    }
    if (helper_holds)
        (void)snprintf(when, sizeof when, "%s or not %s", helper, there);
    else if (missing_fires)
        (void)snprintf(when, sizeof when, "not %s", helper);
    else
        (void)snprintf(when, sizeof when, "%s and not %s", there, helper);
    rule->when = keep_string(p, when);
    return true;
}

static bool convert_header_test(struct pattern *p) {
    enum import_empty const empty = import_regex_empty(p->match);
    bool const missing = import_regex_matches(p->match, p->unset) != p->negated;
    if (empty == IMPORT_MATCHES_ALL)
        return refuse(p, p->negated ? "never fires: the expression matches everything"
                                    : "always fires: the expression matches everything");
    if (empty == IMPORT_MATCHES_EMPTY) return refuse(p, "its expression matches the empty text");
    if (empty == IMPORT_MATCHES_BLANK) { /* then what is not blank is looked for */
        p->match = "\\S";
        return say_when(p, p->negated, missing);
    }
    return ask_engine(p) && say_when(p, !p->negated, missing);
}

static bool convert_header(struct pattern *p) {
    struct span const exists = SPAN_LITERAL("exists:");
    p->place = IMPORT_IN_HEADER;
    if (!span_starts_with(p->rule->value, exists))
        return split_test(p) && take_header(p) && convert_expression(p) && convert_header_test(p);
    p->header = span_trim(span_from(p->rule->value, exists.len));
    if (!take_header(p)) return false;
    if (p->place == IMPORT_IN_HEADERS) return refuse(p, "always fires: there are headers");
    p->rule->look_at = p->there_look_at;
    return true;
}

/* --- the other kinds ---------------------------------------------------------------------------------------------- */

static bool convert_text(struct pattern *p, enum import_place place, const char *look_at) {
    p->place = place;
    p->literal = p->rule->value;
    if (!convert_expression(p)) return false;
    if (import_regex_empty(p->match) != IMPORT_NEEDS_TEXT && import_regex_empty(p->match) != IMPORT_IS_WRONG)
        return refuse(p, "its expression matches the empty text");
    if (!ask_engine(p)) return false;
    p->rule->look_at = look_at;
    p->rule->match = p->match;
    return true;
}

static bool convert_mimeheader(struct pattern *p) {
    p->place = IMPORT_IN_HEADER;
    if (!split_test(p)) return false;
    if (p->rule->ranged) return refuse(p, "counts parts (tflags range or concat)");
    if (p->negated) return refuse(p, "!~ of a MIME header, which SpamAssassin 4.0.1 fires always");
    if (!is_header_name(p->header) || span_equal(p->header, SPAN_LITERAL("ALL")))
        return refuse(p, "asks for a part of a header that ours does not have");
    take_one(p, p->header, "", "mime");
    if (!convert_expression(p)) return false;
    if (import_regex_empty(p->match) != IMPORT_NEEDS_TEXT || import_regex_matches(p->match, p->unset))
        return refuse(p, "fires for parts without such a header");
    if (!ask_engine(p)) return false;
    return say_when(p, true, false);
}

static bool convert(struct pattern *p) {
    switch (p->rule->kind) {
        case IMPORT_HEADER:
            return convert_header(p);
        case IMPORT_BODY:
            return convert_text(p, IMPORT_IN_BODY, p->rule->nosubject ? "body" : "[subject, body]");
        case IMPORT_RAWBODY:
            return convert_text(p, IMPORT_IN_RAW, "raw");
        case IMPORT_URI:
            return convert_text(p, IMPORT_IN_URI, "uri");
        case IMPORT_MIMEHEADER:
            return convert_mimeheader(p);
        case IMPORT_FULL:
            return refuse(p, "looks at the message as it came (full)");
        default:
            return refuse(p, "a kind of rule that ours does not have");
    }
}

void import_convert_pattern(struct import_set *set, const struct import_options *options, struct import_rule *rule) {
    struct pattern p = {.set = set, .options = options, .rule = rule};
    if (convert(&p)) rule->state = IMPORT_CONVERTED;
}
