/* Commands: one table of verbs, and the arguments of those that have any (RFC 5321 4.1, 3030, 3207, 4954, 2033).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

struct verb_row {
    const char *word;
    enum smtp_verb verb;
};

static const struct verb_row verbs[] = {
    {"HELO", VERB_HELO}, {"EHLO", VERB_EHLO}, {"LHLO", VERB_LHLO},         {"MAIL", VERB_MAIL},
    {"RCPT", VERB_RCPT}, {"DATA", VERB_DATA}, {"BDAT", VERB_BDAT},         {"RSET", VERB_RSET},
    {"QUIT", VERB_QUIT}, {"AUTH", VERB_AUTH}, {"STARTTLS", VERB_STARTTLS}, {"NOOP", VERB_NOOP},
    {"VRFY", VERB_VRFY}, {"EXPN", VERB_EXPN}, {"HELP", VERB_HELP},         {"ETRN", VERB_ETRN},
    {"TURN", VERB_TURN}, {"XCLIENT", VERB_XCLIENT}, {"XFORWARD", VERB_XFORWARD},
};

struct smtp_command smtp_command_parse(struct span line) {
    while (line.len > 0 && ascii_is_blank(line.data[0])) line = span_from(line, 1);
    size_t length = 0;
    while (length < line.len && !ascii_is_space(line.data[length])) length++;
    struct smtp_command command = {.verb = VERB_UNKNOWN, .argument = span_trim(span_from(line, length))};
    struct span word = span_head(line, length);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (span_equal_nocase(word, span_from_string(verbs[i].word))) command.verb = verbs[i].verb;
    return command;
}

enum verb_guess smtp_verb_guess(struct span start) {
    enum verb_guess guess = VERB_GUESS_NO;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        struct span word = span_from_string(verbs[i].word);
        if (start.len <= word.len) {
            if (span_starts_with_nocase(word, start)) guess = VERB_GUESS_MAYBE;
        } else if (span_starts_with_nocase(start, word) && ascii_is_space(start.data[word.len])) {
            return VERB_GUESS_YES;
        }
    }
    return guess;
}

/* The end of a path that begins behind its '<': the '>' that no quoted string hides. */
static size_t path_end(struct span path) {
    bool quoted = false;
    for (size_t i = 0; i < path.len; i++) {
        if (path.data[i] == '\\' && quoted) {
            i++;
        } else if (path.data[i] == '"') {
            quoted = !quoted;
        } else if (path.data[i] == '>' && !quoted) {
            return i;
        }
    }
    return path.len;
}

/* "@one,@two:user@host" gives "user@host": source routes are obsolete, and ignored (RFC 5321 4.1.1.3). */
static struct span without_route(struct span path) {
    size_t colon = span_find(path, ':');
    return path.len > 0 && path.data[0] == '@' && colon < path.len ? span_from(path, colon + 1) : path;
}

struct span smtp_path(struct span argument) {
    size_t colon = span_find(argument, ':');
    if (colon == argument.len) return SPAN_EMPTY;
    struct span path = span_trim(span_from(argument, colon + 1));
    if (path.len > 0 && path.data[0] == '<') {
        path = span_from(path, 1);
        path = span_head(path, path_end(path));
    } else { /* no brackets: up to the first blank, as lenient servers take it */
        path = span_head(path, span_find(path, ' '));
    }
    return span_head(span_trim(without_route(path)), LIMIT_ADDRESS_BYTES);
}

bool smtp_bdat(struct span argument, uint64_t *size, bool *last) {
    size_t digits = 0;
    uint64_t number = 0;
    while (digits < argument.len && ascii_is_digit(argument.data[digits])) {
        if (number > (UINT64_MAX - 9) / 10) return false;
        number = number * 10 + (argument.data[digits++] - (uint64_t)'0');
    }
    struct span rest = span_trim(span_from(argument, digits));
    *size = number;
    *last = span_equal_nocase(rest, SPAN_LITERAL("LAST"));
    return digits > 0 && (rest.len == 0 || *last);
}
