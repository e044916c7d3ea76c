/* Lines of a body: where its parts begin and end (RFC 2046 5.1).  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MIME_SCAN_H
#define MAILSPAN_MIME_SCAN_H

#include "mailspan/arena.h"
#include "mailspan/counters.h"

/* Looked at of a line that may be a boundary: "--", the boundary, "--", and blanks that transport may have added. */
#define SCAN_LINE_BYTES 160

/* What stands between the parts of a multipart. */
struct mime_boundary {
    bool digest; /* the parts are messages unless they say otherwise (RFC 2046 5.1.5) */
    bool cut;    /* it is longer: what begins like it is it */
    uint8_t len; /* from 1 to LIMIT_MIME_BOUNDARY_BYTES */
    uint8_t bytes[];
};

enum held_newline { HELD_NONE, HELD_CR, HELD_LF, HELD_CRLF };

struct mime_scan {
    struct arena *arena;
    struct counters *counters;
    /* The multiparts around the place where we are, the outermost first; NULL: a message/rfc822, which has none. */
    const struct mime_boundary *levels[LIMIT_MIME_DEPTH];
    uint8_t depth;
    uint8_t line_len;
    bool line_start; /* the next byte begins a line (or goes on the one in line[]) */
    bool skip_line;  /* bytes are missing before: nothing is certain before the next line */
    bool found_final;
    uint8_t found_level;
    uint8_t held; /* a line end that belongs to the boundary, if one follows (enum held_newline) */
    /* The head of a line that began in an earlier push and is not yet judged.  Few messages have such lines, so its
     * SCAN_LINE_BYTES are taken with the first one. */
    uint8_t *line;
};

enum scan_result { SCAN_CONTENT, SCAN_BOUNDARY, SCAN_STARVED };

enum scan_want {
    SCAN_WANT_CONTENT,
    SCAN_WANT_PASSED, /* content is passed over, and seen as it goes by: with the line end that belongs to a boundary */
    SCAN_WANT_NOTHING, /* ... and is not handed out */
};

/* Takes off input the next piece of content, or the next boundary line (then found_level and found_final say which).
 * end: nothing follows the input. */
enum scan_result mime_scan_next(struct mime_scan *scan, struct span *input, bool end, enum scan_want want,
                                struct span *content);

/* Moves the first byte of input to the line that is kept, which has room for it.  False: there is no memory for a line,
 * which is counted. */
bool mime_scan_keep(struct mime_scan *scan, struct span *input);

/* Bytes are missing here: nothing is certain up to the next line. */
void mime_scan_gap(struct mime_scan *scan);

/* Takes the rest of the line that a gap fell into off input.  True when the next line begins. */
bool mime_scan_skip_line(struct mime_scan *scan, struct span *input);

/* A copy that lives as long as the arena; NULL: no memory. */
struct mime_boundary *mime_boundary_new(struct arena *arena, struct span boundary, bool digest);

/* Opens a level; without a boundary (NULL) that of a message/rfc822.  False when there are too many. */
bool mime_scan_enter(struct mime_scan *scan, const struct mime_boundary *boundary);

#endif
