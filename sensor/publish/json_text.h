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

/* For a value that is known when this is compiled, and for a key whose value follows: `value` is written as it is. Keys
 * are our own, so they need no escape.  All of this is inline because keys are literals: then their lengths are known,
 * copying one takes two or three instructions, and one look at the room is enough for everything. */
static inline void json_put_fixed(struct json_text *j, const char *key, const char *value) {
    size_t key_length = key == NULL ? 0 : strlen(key), value_length = strlen(value);
    bool comma = j->comma;
    size_t length = comma + (key == NULL ? 0 : key_length + strlen("\"\":")) + value_length;
    char *at = j->bytes + j->length;
    j->comma = true;
    if (j->capacity - j->length < length) {
        j->full = true;
        return;
    }
    j->length += length;
    if (comma) *at++ = ',';
    if (key != NULL) {
        *at++ = '"';
        memcpy(at, key, key_length);
        memcpy(at + key_length, "\":", 2);
        at += key_length + 2;
    }
    memcpy(at, value, value_length);
}

/* What follows a key, or stands in an array. */
void json_add_unsigned(struct json_text *j, uint64_t value);
void json_add_signed(struct json_text *j, int64_t value);
void json_add_decimal(struct json_text *j, double value, unsigned decimals);
void json_add_text(struct json_text *j, struct span value);
void json_add_time(struct json_text *j, nstime time);

/* key is NULL inside an array and at the top.  bracket: '{' or '[', and '}' or ']'. */
static inline void json_open(struct json_text *j, const char *key, char bracket) {
    json_put_fixed(j, key, bracket == '{' ? "{" : "[");
    j->comma = false;
}

static inline void json_close(struct json_text *j, char bracket) {
    j->comma = false;
    json_put_fixed(j, NULL, bracket == '}' ? "}" : "]");
}

static inline void json_put_null(struct json_text *j, const char *key) {
    json_put_fixed(j, key, "null");
}

static inline void json_put_bool(struct json_text *j, const char *key, bool value) {
    json_put_fixed(j, key, value ? "true" : "false");
}

static inline void json_put_unsigned(struct json_text *j, const char *key, uint64_t value) {
    json_put_fixed(j, key, "");
    json_add_unsigned(j, value);
}

static inline void json_put_signed(struct json_text *j, const char *key, int64_t value) {
    json_put_fixed(j, key, "");
    json_add_signed(j, value);
}

/* Rounded to so many decimals (0 to 6), without trailing zeros; null when it is no number. */
static inline void json_put_decimal(struct json_text *j, const char *key, double value, unsigned decimals) {
    json_put_fixed(j, key, "");
    json_add_decimal(j, value, decimals);
}

static inline void json_put_text(struct json_text *j, const char *key, struct span value) {
    json_put_fixed(j, key, "");
    json_add_text(j, value);
}

static inline void json_put_word(struct json_text *j, const char *key, const char *word) { /* NULL: null */
    json_put_fixed(j, key, word == NULL ? "null" : "");
    if (word != NULL) json_add_text(j, span_from_string(word));
}

static inline void json_put_time(struct json_text *j, const char *key, nstime time) { /* 0: null */
    json_put_fixed(j, key, "");
    json_add_time(j, time);
}

#endif
