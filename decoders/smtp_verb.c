/* Commands: one table of verbs, and the arguments of those that have any (RFC 5321 4.1, 3030, 3207, 4954, 2033).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

struct verb_row {
    struct span word;
    enum smtp_verb verb;
    struct span follow; /* what stands behind it in a line that can only be a command; empty: no line is so certain */
};

#define ROW(word, follow) \
    { SPAN_LITERAL(#word), VERB_##word, SPAN_LITERAL(follow) }
#define LINE_END "\r" /* or LF */

static const struct verb_row verbs[] = {
    ROW(MAIL, " FROM:"), ROW(RCPT, " TO:"),   ROW(DATA, LINE_END), ROW(QUIT, LINE_END), ROW(EHLO, " "),
    ROW(RSET, LINE_END), ROW(HELO, " "),      ROW(LHLO, " "),      ROW(BDAT, " "),      ROW(STARTTLS, LINE_END),
    ROW(AUTH, ""),       ROW(NOOP, LINE_END), ROW(VRFY, ""),       ROW(EXPN, ""),       ROW(HELP, ""),
    ROW(ETRN, ""),       ROW(TURN, ""),       ROW(XCLIENT, " "),   ROW(XFORWARD, " "),
};

#define VERBS (sizeof verbs / sizeof verbs[0])

struct smtp_command smtp_command_parse(struct span line) {
    while (line.len > 0 && ascii_is_blank(line.data[0])) line = span_from(line, 1);
    size_t length = 0;
    while (length < line.len && !ascii_is_space(line.data[length])) length++;
    struct smtp_command command = {.verb = VERB_UNKNOWN, .argument = span_trim(span_from(line, length))};
    struct span word = span_head(line, length);
    for (size_t i = 0; i < VERBS; i++) {
        if (!span_equal_nocase(word, verbs[i].word)) continue;
        command.verb = verbs[i].verb;
        break;
    }
    return command;
}

enum verb_guess smtp_verb_guess(struct span start) {
    enum verb_guess guess = VERB_GUESS_NO;
    for (size_t i = 0; i < VERBS; i++) {
        struct span word = verbs[i].word;
        if (start.len <= word.len) {
            if (span_starts_with_nocase(word, start)) guess = VERB_GUESS_MAYBE;
        } else if (span_starts_with_nocase(start, word) && ascii_is_space(start.data[word.len])) {
            return VERB_GUESS_YES;
        }
    }
    return guess;
}

static bool is_line_end(struct span follow) {
    return span_equal(follow, SPAN_LITERAL(LINE_END));
}

static enum verb_guess guess_row(const struct verb_row *row, struct span start) {
    if (row->follow.len == 0) return VERB_GUESS_NO;
    if (start.len <= row->word.len) return span_starts_with_nocase(row->word, start) ? VERB_GUESS_MAYBE : VERB_GUESS_NO;
    if (!span_starts_with_nocase(start, row->word)) return VERB_GUESS_NO;
    struct span behind = span_from(start, row->word.len);
    if (is_line_end(row->follow) && behind.data[0] == '\n') return VERB_GUESS_YES;
    if (span_starts_with_nocase(behind, row->follow)) return VERB_GUESS_YES;
    return span_starts_with_nocase(row->follow, behind) ? VERB_GUESS_MAYBE : VERB_GUESS_NO;
}

enum verb_guess smtp_certain_guess(struct span start) {
    enum verb_guess guess = VERB_GUESS_NO;
    for (size_t i = 0; i < VERBS && guess == VERB_GUESS_NO; i++) guess = guess_row(&verbs[i], start);
    return guess;
}

bool smtp_is_certain(struct span line) {
    for (size_t i = 0; i < VERBS; i++) {
        const struct verb_row *row = &verbs[i];
        if (row->follow.len == 0 || !span_starts_with_nocase(line, row->word)) continue;
        struct span behind = span_from(line, row->word.len);
        return is_line_end(row->follow) ? behind.len == 0 : span_starts_with_nocase(behind, row->follow);
    }
    return false;
}

/* The end of a path that begins behind its '<': the '>' that no quoted string hides, or, where a quote is never closed,
 * the first one. */
static size_t path_end(struct span path) {
    bool quoted = false;
    size_t first = span_find(path, '>');
    if (span_find(span_head(path, first), '"') == first) return first;
    for (size_t i = 0; i < path.len; i++) {
        if (path.data[i] == '\\' && quoted) {
            i++;
        } else if (path.data[i] == '"') {
            quoted = !quoted;
        } else if (path.data[i] == '>' && !quoted) {
            return i;
        }
    }
    return first;
}

/* "@one,@two:user@host" gives "user@host": source routes are obsolete, and ignored (RFC 5321 4.1.1.3). */
static struct span without_route(struct span path) {
    size_t colon = span_find(path, ':');
    return path.len > 0 && path.data[0] == '@' && colon < path.len ? span_from(path, colon + 1) : path;
}

struct span smtp_path(struct span argument) {
    size_t colon = span_find(argument, ':');
    size_t bracket = span_find(argument, '<'); /* "FROM <...>" is taken by lenient servers */
    if (colon == argument.len && bracket == argument.len) return SPAN_EMPTY;
    struct span path = span_trim(span_from(argument, bracket < colon ? bracket : colon + 1));
    if (path.len > 0 && path.data[0] == '<') {
        path = span_from(path, 1);
        path = span_head(path, path_end(path));
    } else { /* no brackets: up to the first blank, as lenient servers take it */
        path = span_head(path, span_find(path, ' '));
    }
    return span_head(span_trim(without_route(path)), LIMIT_ADDRESS_BYTES);
}

/* Of the argument what stands behind its path. */
static struct span smtp_parameters(struct span argument) {
    size_t bracket = span_find(argument, '<');
    if (bracket == argument.len) return SPAN_EMPTY;
    struct span path = span_from(argument, bracket + 1);
    return span_from(path, path_end(path) + 1);
}

uint32_t smtp_size(struct span argument) {
    struct span rest = smtp_parameters(argument);
    while (rest.len > 0) {
        rest = span_trim(rest);
        size_t blank = span_find(rest, ' ');
        struct span word = span_head(rest, blank);
        rest = span_from(rest, blank);
        if (!span_starts_with_nocase(word, SPAN_LITERAL("SIZE="))) continue;
        uint64_t size = 0;
        for (size_t i = 5; i < word.len; i++) {
            if (!ascii_is_digit(word.data[i]) || size > UINT32_MAX) return 0;
            size = size * 10 + (word.data[i] - (uint64_t)'0');
        }
        return size > UINT32_MAX ? 0 : (uint32_t)size;
    }
    return 0;
}

bool smtp_bdat(struct span argument, struct smtp_chunk *chunk) {
    size_t digits = 0;
    uint64_t number = 0;
    bool sign = argument.len > 0 && argument.data[0] == '+';
    if (sign) argument = span_from(argument, 1);
    while (digits < argument.len && ascii_is_digit(argument.data[digits])) {
        if (number > (UINT64_MAX - 9) / 10) return false;
        number = number * 10 + (argument.data[digits++] - (uint64_t)'0');
    }
    struct span rest = span_trim(span_from(argument, digits));
    *chunk = (struct smtp_chunk){
        .size = number, .last = span_equal_nocase(rest, SPAN_LITERAL("LAST")), .odd = sign || number > UINT32_MAX};
    return digits > 0 && (rest.len == 0 || chunk->last);
}
