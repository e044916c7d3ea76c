/* See import_regex.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_STEPS_MAX 100000

struct converting {
    struct span text;
    size_t at;
    enum import_place place;
    struct import_text *out;
    bool in_class, extended, dot_is_any, lines;
    const char *why;
};

/* --- taking apart ------------------------------------------------------------------------------------------------- */

static bool no(const char **why, const char *reason) {
    *why = reason;
    return false;
}

static uint8_t closing(uint8_t opening) {
    switch (opening) {
        case '{':
            return '}';
        case '(':
            return ')';
        case '<':
            return '>';
        case '[':
            return ']';
        default:
            return opening;
    }
}

static bool is_in(const char *set, uint8_t c) {
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_modifier(uint8_t c) {
    return c >= 'a' && c <= 'z' && c != 'e';
}

/* An odd number of backslashes before it escapes a byte. */
static bool has_bare(struct span text, uint8_t c) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (text.data[i] == c)
            return true;
    }
    return false;
}

static bool is_word_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_';
}

bool import_regex_split(struct span literal, struct span *body, struct span *modifiers, const char **why) {
    size_t begin = 0;
    if (span_starts_with(literal, SPAN_LITERAL("qr")))
        begin = 2;
    else if (span_starts_with(literal, SPAN_LITERAL("m")))
        begin = 1;
    if (literal.len <= begin || (begin == 0 && literal.data[0] != '/') || is_word_byte(literal.data[begin]))
        return no(why, "no regular expression; expected one between / and /, or m{ and }");
    uint8_t const open = literal.data[begin], close = closing(open);
    if (open == '\\') return no(why, "a backslash around the expression; expected another sign");
    size_t end = literal.len;
    while (end > begin + 1 && is_modifier(literal.data[end - 1])) end--;
    if (end <= begin + 1 || literal.data[end - 1] != close)
        return no(why, "the regular expression has no end; expected its delimiter and perhaps modifiers");
    *body = span_slice(literal, begin + 1, end - begin - 2);
    *modifiers = span_from(literal, end);
    bool const symmetric = close == '}' || close == ')' || close == ']'; /* these may stand inside */
    if (!symmetric && has_bare(*body, close))
        return no(why, "its delimiter stands inside the regular expression; expected \\ before it");
    if (body->len == 0) return no(why, "the regular expression is empty");
    return true;
}

/* --- modifiers ---------------------------------------------------------------------------------------------------- */

/* What is left of them.  In `body` a match never leaves its paragraph, so what /s allows changes nothing. */
static bool convert_modifiers(struct converting *c, struct span modifiers) {
    char kept[8];
    size_t count = 0;
    for (size_t i = 0; i < modifiers.len; i++) {
        uint8_t const m = modifiers.data[i];
        if (m == 's') c->dot_is_any = true;
        if (m == 'x') c->extended = true;
        if (m == 'm') c->lines = true;
        if (is_in("ulgc", m)) return no(&c->why, "a modifier with no counterpart (u, l, g or c)");
        if (!is_in("imsxnapod", m)) return no(&c->why, "an unknown modifier");
        bool const wanted = is_in("imsx", m) && !(m == 's' && c->place == IMPORT_IN_BODY);
        if (wanted && memchr(kept, m, count) == NULL) kept[count++] = (char)m;
    }
    if (count > 0) import_text_print(c->out, "(?%.*s)", (int)count, kept);
    return true;
}

/* --- bytes and escapes -------------------------------------------------------------------------------------------- */

static uint8_t peek(const struct converting *c, size_t ahead) {
    return c->at + ahead < c->text.len ? c->text.data[c->at + ahead] : 0;
}

static int hex_digit(uint8_t c) {
    if (ascii_is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \x{e9}, behind the x. */
static bool convert_braced_hex(struct converting *c) {
    unsigned value = 0;
    size_t i = c->at + 3;
    for (; i < c->text.len && c->text.data[i] != '}'; i++) {
        int digit = hex_digit(c->text.data[i]);
        if (digit < 0) return no(&c->why, "\\x{} around something that is no number");
        value = value * 16 + (unsigned)digit;
        if (value > 0xff) return no(&c->why, "\\x{} of a character that no byte is");
    }
    if (i >= c->text.len) return no(&c->why, "\\x{ without an end");
    import_text_print(c->out, "\\x%02x", value);
    c->at = i + 1;
    return true;
}

/* Line ends between headers cannot be seen where each is looked at by itself. */
static bool newline_fits(struct converting *c) {
    if (c->in_class) return true;
    if (c->place == IMPORT_IN_HEADERS) return no(&c->why, "looks across several headers at once");
    if (c->place == IMPORT_IN_HEADER || c->place == IMPORT_IN_RECEIVED)
        return no(&c->why, "looks for the end of a header's line");
    return true;
}

static bool convert_escape(struct converting *c) {
    uint8_t const e = peek(c, 1);
    if (c->at + 1 >= c->text.len) return no(&c->why, "a backslash at the end");
    if (e == 'x' && peek(c, 2) == '{') return convert_braced_hex(c);
    if (is_in("pPX", e)) return no(&c->why, "classes of Unicode (\\p, \\X), where SpamAssassin sees bytes");
    if (is_in("QELUlu", e) || (e == 'N' && peek(c, 2) == '{') || (e == 'b' && peek(c, 2) == '{') || e == 'o')
        return no(&c->why, "an escape that only Perl has");
    if (is_in("GC", e)) return no(&c->why, "\\G or \\C");
    if (e == 'n' && !newline_fits(c)) return false;
    c->at += 2;
    if (e == 'K' && !c->in_class) return true; /* only moves where a match begins */
    bool const anchors = !c->in_class && c->place == IMPORT_IN_BODY;
    if (anchors && e == 'A')
        import_text_byte(c->out, '^');
    else if (anchors && (e == 'z' || e == 'Z'))
        import_text_byte(c->out, '$');
    else if (is_in("/@\"%", e))
        import_text_byte(c->out, e);
    else if (e >= 0x80 || e < ' ' || e == 0x7f)
        import_text_print(c->out, "\\x%02x", e);
    else
        import_text_print(c->out, "\\%c", e);
    return true;
}

static bool convert_byte(struct converting *c) {
    uint8_t const b = c->text.data[c->at++];
    bool const blank = c->extended && (b == '\t' || b == '\v' || b == '\f');
    if (blank)
        import_text_byte(c->out, ' ');
    else if (b >= 0x80 || b < ' ' || b == 0x7f)
        import_text_print(c->out, "\\x%02x", b);
    else
        import_text_byte(c->out, b);
    return true;
}

/* --- groups, classes and counts ----------------------------------------------------------------------------------- */

static bool at_text(const struct converting *c, struct span text) {
    return span_starts_with(span_from(c->text, c->at), text);
}

/* What SpamAssassin puts there once it is asked: tags of other rules, Perl's code. */
static bool is_bound_to_perl(struct converting *c) {
    if (at_text(c, SPAN_LITERAL("%{")) || at_text(c, SPAN_LITERAL("%\\{")))
        return !no(&c->why, "asks for what another rule has captured (%{NAME})");
    if (at_text(c, SPAN_LITERAL("(?{")) || at_text(c, SPAN_LITERAL("(??{"))) return !no(&c->why, "runs Perl code");
    return false;
}

static bool read_count(const struct converting *c, size_t *at, struct import_text *out) {
    bool any = false;
    while (*at < c->text.len && c->text.data[*at] == ' ') ++*at;
    for (; *at < c->text.len && ascii_is_digit(c->text.data[*at]); ++*at, any = true)
        import_text_byte(out, c->text.data[*at]);
    while (*at < c->text.len && c->text.data[*at] == ' ') ++*at;
    return any;
}

/* {,3} and { 1, 3 } count in Perl 5.34 and are plain text in PCRE2.  Any other brace that counts nothing is text. */
static bool convert_brace(struct converting *c) {
    struct import_text count = {.bytes = NULL};
    size_t at = c->at + 1;
    import_text_byte(&count, '{');
    bool first = read_count(c, &at, &count), second = false;
    bool const comma = at < c->text.len && c->text.data[at] == ',';
    if (comma) {
        if (!first) import_text_byte(&count, '0');
        import_text_byte(&count, ',');
        at++;
        second = read_count(c, &at, &count);
    }
    bool const counts = at < c->text.len && c->text.data[at] == '}' && (first || second);
    if (counts) {
        import_text_byte(&count, '}');
        import_text_add(c->out, import_text_span(&count));
        c->at = at + 1;
    } else {
        import_text_string(c->out, "\\{"); /* the pattern library takes a bare one for a mistake */
        c->at++;
    }
    c->out->failed = c->out->failed || count.failed;
    import_text_free(&count);
    return true;
}

/* [[:alpha:]] and the ] that stands first close nothing. */
static void begin_class(struct converting *c) {
    c->in_class = true;
    import_text_byte(c->out, '[');
    c->at++;
    if (peek(c, 0) == '^') { /* in the body it would take the end of a paragraph, too, which SpamAssassin never sees */
        import_text_string(c->out, c->place == IMPORT_IN_BODY ? "^\\n" : "^");
        c->at++;
    }
    if (peek(c, 0) != ']') return;
    import_text_string(c->out, "\\]");
    c->at++;
}

static void copy_posix_class(struct converting *c) {
    struct span rest = span_from(c->text, c->at);
    size_t end = 2;
    while (end < rest.len && (ascii_is_alpha(rest.data[end]) || rest.data[end] == '^')) end++;
    bool const whole = end + 1 < rest.len && rest.data[end] == ':' && rest.data[end + 1] == ']';
    if (whole)
        import_text_add(c->out, span_head(rest, end + 2));
    else
        import_text_string(c->out, "\\[");
    c->at += whole ? end + 2 : 1;
}

static bool convert_in_class(struct converting *c) {
    uint8_t const b = peek(c, 0);
    if (b == '\\') return convert_escape(c);
    if (b == '[' && peek(c, 1) == ':') {
        copy_posix_class(c);
        return true;
    }
    if (b == '[') {
        import_text_string(c->out, "\\[");
        c->at++;
        return true;
    }
    if (b == ']') c->in_class = false;
    return convert_byte(c);
}

/* Where SpamAssassin puts several headers, or lines, together and ours does not, an anchor means another place. */
static bool convert_anchor(struct converting *c) {
    uint8_t const b = peek(c, 0);
    if (c->place == IMPORT_IN_RECEIVED && !c->lines)
        return no(&c->why, "is anchored in the first or last of several headers");
    if (c->place != IMPORT_IN_RAW || c->lines) return convert_byte(c);
    import_text_string(c->out, b == '^' ? "\\A" : "\\Z");
    c->at++;
    return true;
}

static bool convert_one(struct converting *c) {
    uint8_t const b = peek(c, 0);
    if (c->in_class) return convert_in_class(c);
    if (is_bound_to_perl(c)) return false;
    if (b == '\\') return convert_escape(c);
    if (b == '^' || b == '$') return convert_anchor(c);
    if (b == '{') return convert_brace(c);
    if (b == '.' && c->dot_is_any && c->place == IMPORT_IN_HEADERS)
        return no(&c->why, "looks across several headers at once");
    if (b == '[') {
        begin_class(c);
        return true;
    }
    return convert_byte(c);
}

bool import_regex_convert(struct span body, struct span modifiers, enum import_place place, struct import_text *out,
                          const char **why) {
    struct converting c = {.text = body, .place = place, .out = out};
    bool good = convert_modifiers(&c, modifiers);
    if (good && place == IMPORT_IN_HEADERS &&
        at_text(&c, SPAN_LITERAL("\\n"))) { /* where any header but the first begins */
        import_text_byte(out, '^');
        c.at = 2;
    }
    if (good && place == IMPORT_IN_HEADERS && at_text(&c, SPAN_LITERAL("^")) && !c.lines)
        good = no(&c.why, "looks at the first header alone");
    while (good && c.at < body.len) good = convert_one(&c);
    *why = c.why;
    return good;
}

/* --- what it costs ------------------------------------------------------------------------------------------------ */

#define DEPTH_MAX 250 /* PCRE2's own limit on parentheses */
#define PLACES_CAP UINT64_C(1000000000)

/* The number that a count ends with: 3 of {3}, 5 of {2,5}, 2 of {2,}. */
static uint64_t read_repeat(const char **at) {
    uint64_t value = 0, number = 0;
    for (; **at != '\0' && **at != '}'; ++*at) {
        number = ascii_is_digit((uint8_t) * *at) ? number * 10 + (uint64_t)(**at - '0') : 0;
        if (number > 0) value = number;
        if (value > PLACES_CAP) value = number = PLACES_CAP;
    }
    return value == 0 ? 1 : value;
}

/* Behind a [...]: its last byte. */
static const char *skip_class(const char *at) {
    for (at++; *at != '\0' && *at != ']'; at++)
        if (*at == '\\' && at[1] != '\0') at++;
    return *at == '\0' ? at - 1 : at;
}

uint64_t import_regex_places(const char *expression) {
    uint64_t sum[DEPTH_MAX + 1] = {0}, last = 0;
    unsigned depth = 0;
    for (const char *at = expression; *at != '\0'; at++) {
        uint64_t *here = &sum[depth];
        if (*at == '(' && depth < DEPTH_MAX) {
            sum[++depth] = 0;
            last = 0;
        } else if (*at == ')' && depth > 0) {
            last = *here;
            sum[--depth] += last;
        } else if (*at == '{' && ascii_is_digit((uint8_t)at[1])) {
            *here += last * (read_repeat(&at) - 1);
        } else if (strchr("*+?|^$", *at) == NULL) {
            if (*at == '\\' && at[1] != '\0') at++;
            if (*at == '[') at = skip_class(at);
            last = 1;
            ++*here;
        }
        if (sum[depth] > PLACES_CAP) return PLACES_CAP;
        if (*at == '\0') break;
    }
    return sum[0];
}

/* --- what PCRE2 says ---------------------------------------------------------------------------------------------- */

static pcre2_code *compile(const char *expression) {
    int error;
    size_t at;
    return pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL);
}

static bool matches(const pcre2_code *code, struct span text) {
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    int found = -1;
    if (data != NULL && context != NULL) {
        (void)pcre2_set_match_limit(context, MATCH_STEPS_MAX);
        found = pcre2_match(code, text.len == 0 ? (PCRE2_SPTR) "" : text.data, text.len, 0, 0, data, context);
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return found >= 0;
}

bool import_regex_matches(const char *expression, struct span text) {
    pcre2_code *code = compile(expression);
    bool found = code != NULL && matches(code, text);
    pcre2_code_free(code);
    return found;
}

/* Without the modifiers before it. */
static struct span without_modifiers(const char *expression) {
    struct span text = span_from_string(expression);
    if (!span_starts_with(text, SPAN_LITERAL("(?"))) return text;
    size_t at = 2;
    while (at < text.len && ascii_is_alpha(text.data[at])) at++;
    return at < text.len && text.data[at] == ')' ? span_from(text, at + 1) : text;
}

static bool is_among(struct span text, const char *const *list) {
    for (; *list != NULL; list++)
        if (span_equal(text, span_from_string(*list))) return true;
    return false;
}

enum import_empty import_regex_empty(const char *expression) {
    static const char *const all[] = {"^", ".*", "^.*", "^.*$", ".*$", "$", NULL};
    static const char *const blank[] = {"^$", "^\\s*$", "^\\s*\\z", "^\\s+$", "^[\\s]*$", "^\\s{0,}$", NULL};
    struct span text = without_modifiers(expression);
    uint32_t empty = 0;
    pcre2_code *code = compile(expression);
    if (code == NULL) return IMPORT_IS_WRONG;
    (void)pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty);
    pcre2_code_free(code);
    if (is_among(text, blank)) return IMPORT_MATCHES_BLANK;
    if (empty == 0) return IMPORT_NEEDS_TEXT;
    return is_among(text, all) ? IMPORT_MATCHES_ALL : IMPORT_MATCHES_EMPTY;
}
