/* JSON written straight into one reused buffer (RFC 8259): keys in the order in which they are written, no blanks.
 *
 * Why not libjansson: building and dumping its tree took 15 us for a message line of 0.9 KB, this takes 2 to 3 us,
 * and a replay writes a line for every message.  The tests read what this writes with libjansson.
 *
 * What comes from the wire may be any bytes: a byte that is no part of well-formed UTF-8 becomes U+FFFD, and so
 * does NUL (many readers of JSON refuse \u0000); every other control character (C0, DEL, C1), and what hides text or
 * turns it round (hides_text of wording.h), is written as \uxxxx, so that no terminal obeys it and nobody is misled.
 *
 * A line that does not fit sets `full` and is cut; the caller looks at `full` once, at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_JSON_TEXT_H
#define MAILSPAN_PUBLISH_JSON_TEXT_H

#include "mailspan/clock.h"
#include "mailspan/span.h"

struct json_text {
    char *bytes;
    size_t capacity;
    size_t length;
    bool comma; /* a value was written before, on this level */
    bool full;
};

static inline void json_start(struct json_text *j) {
    j->length = 0;
    j->comma = false;
    j->full = false;
}

/* key is NULL inside an array and at the top.  bracket: '{' or '[', and '}' or ']'. */
void json_open(struct json_text *j, const char *key, char bracket);
void json_close(struct json_text *j, char bracket);

void json_put_null(struct json_text *j, const char *key);
void json_put_bool(struct json_text *j, const char *key, bool value);
void json_put_unsigned(struct json_text *j, const char *key, uint64_t value);
void json_put_signed(struct json_text *j, const char *key, int64_t value);
/* Rounded to so many decimals (0 to 6), without trailing zeros; null when it is no number. */
void json_put_decimal(struct json_text *j, const char *key, double value, unsigned decimals);
void json_put_text(struct json_text *j, const char *key, struct span value);
void json_put_word(struct json_text *j, const char *key, const char *word); /* NULL: null */
void json_put_time(struct json_text *j, const char *key, nstime time);      /* 0: null */

#endif
