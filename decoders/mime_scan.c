/* Lines of a body: where its parts begin and end (RFC 2046 5.1).
 *
 * Only a line that begins with "--" can be a boundary.  Wanted content is searched for line ends, content that is only
 * passed over for "-" (which base64 does not have, so attachments go by at the speed of memchr).  The line end before a
 * boundary belongs to the boundary, so the last one seen is held until the line after it is known.
 *
 * A boundary must fill its line but for blanks at its end, so one that is a prefix of another is not taken for it; the
 * innermost level is asked first.  What is decided does not depend on the cut: a line longer than SCAN_LINE_BYTES is no
 * boundary.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime_scan.h"

enum line_verdict { LINE_UNDECIDED, LINE_CONTENT, LINE_BOUNDARY };

static bool boundary_matches(const struct mime_boundary *boundary, struct span text, bool *final) {
    if (boundary == NULL || !span_starts_with(text, span_of(boundary->bytes, boundary->len))) return false;
    struct span rest = span_from(text, boundary->len);
    *final = rest.len >= 2 && span_equal(span_from(rest, rest.len - 2), SPAN_LITERAL("--"));
    return rest.len == 0 || boundary->cut || (rest.len == 2 && *final);
}

/* A whole line, without or with its end. */
static enum line_verdict judge_whole(struct mime_scan *scan, struct span line) {
    while (line.len > 0 && ascii_is_space(line.data[line.len - 1])) line.len--;
    if (line.len < 3) return LINE_CONTENT;
    struct span text = span_from(line, 2);
    for (unsigned i = scan->depth; i > 0; i--) {
        if (boundary_matches(scan->levels[i - 1], text, &scan->found_final)) {
            scan->found_level = (uint8_t)(i - 1);
            return LINE_BOUNDARY;
        }
    }
    return LINE_CONTENT;
}

/* The line that s begins with; *len is its length with its end, when it is decided to be a boundary. */
static enum line_verdict judge(struct mime_scan *scan, struct span s, bool end, size_t *len) {
    if (s.len > 0 && s.data[0] != '-') return LINE_CONTENT;
    if (s.len > 1 && s.data[1] != '-') return LINE_CONTENT;
    struct span head = span_head(s, SCAN_LINE_BYTES);
    size_t newline = span_find(head, '\n');
    if (newline == head.len && head.len == SCAN_LINE_BYTES) return LINE_CONTENT;
    if (newline == head.len && !end) return LINE_UNDECIDED;
    *len = newline < head.len ? newline + 1 : newline;
    return judge_whole(scan, span_head(head, newline));
}

bool mime_scan_keep(struct mime_scan *scan, struct span *input) {
    if (scan->line == NULL) scan->line = arena_alloc(scan->arena, SCAN_LINE_BYTES);
    if (scan->line == NULL) {
        scan->counters->message_memory++;
        return false;
    }
    scan->line[scan->line_len++] = input->data[0];
    *input = span_from(*input, 1);
    return true;
}

/* Judges the line at hand, most often in input, else what is kept of it together with what comes. */
static enum line_verdict judge_next(struct mime_scan *scan, struct span *input, bool end) {
    size_t len = 0;
    if (scan->line_len == 0) {
        enum line_verdict verdict = input->len == 0 && !end ? LINE_UNDECIDED : judge(scan, *input, end, &len);
        if (verdict == LINE_BOUNDARY) *input = span_from(*input, len);
        if (verdict != LINE_UNDECIDED) return verdict;
    }
    for (;;) {
        enum line_verdict verdict = judge(scan, span_of(scan->line, scan->line_len), end && input->len == 0, &len);
        if (verdict == LINE_BOUNDARY) scan->line_len = 0;
        if (verdict != LINE_UNDECIDED || input->len == 0) return verdict;
        if (!mime_scan_keep(scan, input)) return LINE_CONTENT;
    }
}

static struct span held_text(struct mime_scan *scan) {
    static const uint8_t newline[2] = {'\r', '\n'};
    struct span text = SPAN_EMPTY;
    if (scan->held == HELD_CR) text = span_of(newline, 1);
    if (scan->held == HELD_LF) text = span_of(newline + 1, 1);
    if (scan->held == HELD_CRLF) text = span_of(newline, 2);
    scan->held = HELD_NONE;
    return text;
}

/* Content up to the next line that may be a boundary; the line end before that, or at the end of input, is held. */
static struct span content_run(struct mime_scan *scan, struct span *input) {
    struct span all = *input;
    size_t at = 0, newline;
    while ((newline = at + span_find(span_from(all, at), '\n')) < all.len) {
        at = newline + 1;
        if (at == all.len || all.data[at] == '-') break;
    }
    if (newline == all.len) {
        *input = SPAN_EMPTY;
        if (all.len > 0 && all.data[all.len - 1] == '\r') {
            scan->held = HELD_CR;
            all.len--;
        }
        return all;
    }
    *input = span_from(all, at);
    bool after_return = newline > 0 && all.data[newline - 1] == '\r';
    scan->held = after_return ? HELD_CRLF : HELD_LF;
    scan->line_start = true;
    return span_head(all, after_return ? newline - 1 : newline);
}

/* Passes over content up to the next line that may be a boundary. */
static void skip_run(struct mime_scan *scan, struct span *input) {
    size_t at = 0;
    while ((at += span_find(span_from(*input, at), '-')) < input->len) {
        if (at > 0 && input->data[at - 1] == '\n') {
            *input = span_from(*input, at);
            scan->line_start = true;
            return;
        }
        /* Not at a line's beginning, so neither is any other before the line's end. */
        at += span_find(span_from(*input, at), '\n');
    }
    if (input->len > 0) scan->line_start = input->data[input->len - 1] == '\n';
    *input = SPAN_EMPTY;
}

static bool inside_multipart(const struct mime_scan *scan) {
    for (unsigned i = 0; i < scan->depth; i++)
        if (scan->levels[i] != NULL) return true;
    return false;
}

/* The kept head of a line, which is content after all; its end, when it has one, is held in its turn. */
static struct span take_line(struct mime_scan *scan) {
    struct span line = span_of(scan->line, scan->line_len);
    scan->line_len = 0;
    if (line.len == 0) return line;
    uint8_t last = line.data[line.len - 1];
    if (last == '\n') {
        line.len--;
        scan->held = HELD_LF;
        scan->line_start = true;
    }
    if (line.len > 0 && line.data[line.len - 1] == '\r') {
        line.len--;
        scan->held = last == '\n' ? HELD_CRLF : HELD_CR;
    }
    return line;
}

/* What was held back and is content after all; empty when there is none. */
static struct span take_held(struct mime_scan *scan) {
    struct span held = held_text(scan);
    return held.len > 0 ? held : take_line(scan);
}

bool mime_scan_skip_line(struct mime_scan *scan, struct span *input) {
    size_t newline = span_find(*input, '\n');
    if (newline < input->len) {
        scan->skip_line = false;
        scan->line_start = true;
    }
    *input = span_from(*input, newline + 1);
    return !scan->skip_line;
}

/* A return at the end of the last push is half a line end when a newline follows. */
static void join_return(struct mime_scan *scan, struct span *input) {
    if (scan->held != HELD_CR || input->len == 0 || input->data[0] != '\n') return;
    scan->held = HELD_CRLF;
    scan->line_start = true;
    *input = span_from(*input, 1);
}

static struct span next_content(struct mime_scan *scan, struct span *input, bool multipart, bool end) {
    bool waits = multipart && !end && input->len == 0 && scan->held == HELD_CR;
    struct span content = waits ? SPAN_EMPTY : take_held(scan);
    if (content.len > 0 || (multipart && scan->line_start)) return content;
    if (multipart) return content_run(scan, input);
    content = *input;
    *input = SPAN_EMPTY;
    return content;
}

/* What is passed over; the line that was kept comes first, alone. */
static struct span pass_content(struct mime_scan *scan, struct span *input, bool multipart) {
    struct span all = *input;
    struct span line = span_of(scan->line, scan->line_len);
    (void)take_line(scan);
    scan->held = HELD_NONE;
    if (line.len > 0) return line;
    if (!multipart)
        *input = SPAN_EMPTY;
    else if (!scan->line_start)
        skip_run(scan, input);
    return span_head(all, all.len - input->len);
}

enum scan_result mime_scan_next(struct mime_scan *scan, struct span *input, bool end, enum scan_want want,
                                struct span *content) {
    bool const multipart = inside_multipart(scan);
    *content = SPAN_EMPTY;
    if (want == SCAN_WANT_PASSED && scan->held != HELD_NONE) {
        *content = held_text(scan); /* from when content was wanted: it was no boundary's yet */
        return SCAN_CONTENT;
    }
    if (scan->skip_line && !mime_scan_skip_line(scan, input)) return SCAN_STARVED;
    for (;;) {
        if (multipart) join_return(scan, input);
        if (scan->line_start && multipart) {
            enum line_verdict verdict = judge_next(scan, input, end);
            if (verdict == LINE_UNDECIDED) return SCAN_STARVED;
            if (verdict == LINE_BOUNDARY) {
                scan->held = HELD_NONE;
                return SCAN_BOUNDARY;
            }
            scan->line_start = false;
        }
        if (want == SCAN_WANT_CONTENT)
            *content = next_content(scan, input, multipart, end);
        else
            *content = pass_content(scan, input, multipart);
        if (want == SCAN_WANT_NOTHING) *content = SPAN_EMPTY;
        if (content->len > 0) return SCAN_CONTENT;
        if (input->len == 0 && scan->held == HELD_NONE && scan->line_len == 0) return SCAN_STARVED;
        if (input->len == 0 && !end) return SCAN_STARVED;
    }
}

void mime_scan_gap(struct mime_scan *scan) {
    scan->skip_line = true;
    scan->line_start = false;
    scan->line_len = 0;
    scan->held = HELD_NONE;
}

struct mime_boundary *mime_boundary_new(struct arena *arena, struct span boundary, bool digest) {
    struct span kept = span_head(boundary, LIMIT_MIME_BOUNDARY_BYTES);
    struct mime_boundary *copy = arena_alloc(arena, sizeof *copy + kept.len);
    if (copy == NULL) return NULL;
    copy->digest = digest;
    copy->cut = boundary.len > kept.len;
    copy->len = (uint8_t)kept.len;
    if (kept.len > 0) memcpy(copy->bytes, kept.data, kept.len);
    return copy;
}

bool mime_scan_enter(struct mime_scan *scan, const struct mime_boundary *boundary) {
    if (scan->depth == LIMIT_MIME_DEPTH) return false;
    scan->levels[scan->depth++] = boundary;
    return true;
}
