/* Charsets of mail to UTF-8, in chunks.  Private to decoders/.
 *
 * The table also holds the room in which headers and text are worked on: there is one table in a process, and what a
 * parser hands out lives until the next call of any parser of this table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CHARSET_H
#define MAILSPAN_CHARSET_H

#include "mailspan/counters.h"
#include "mailspan/limits.h"
#include "mailspan/mail.h"
#include "mailspan/span.h"

#define CHARSET_IN_BYTES 2048 /* most that one call takes */
/* Room that so many bytes need at most: U+FFFD is three bytes, and eight may have waited. */
#define CHARSET_OUT_BYTES(in) (3 * ((in) + 8) + 8)

#define MAIL_RAW_BYTES 2048   /* of one folded header */
#define MAIL_CHUNK_BYTES 1024 /* of text decoded in one go */
#define MAIL_TEXT_BYTES 16384 /* most in one text item */

struct mail_scratch {
    uint8_t joined[MAIL_RAW_BYTES];                   /* a header that came in several pushes, or a line of text */
    uint8_t raw[MAIL_RAW_BYTES];                      /* unfolded */
    uint8_t lines[MAIL_RAW_BYTES];                    /* the same, with one blank where a line went on */
    uint8_t word[MAIL_RAW_BYTES];                     /* what encoded words hold, in their charset */
    uint8_t value[CHARSET_OUT_BYTES(MAIL_RAW_BYTES)]; /* in UTF-8 */
    uint8_t parameter[MAIL_RAW_BYTES];                /* of a Content-Type or Content-Disposition */
    uint8_t chunk[MAIL_CHUNK_BYTES];                  /* text without its transfer encoding */
    uint8_t text[MAIL_TEXT_BYTES];                    /* in UTF-8 */
};

struct charset; /* NULL stands for: not said, or not known */

struct charset_stream {
    const struct charset *charset;
    uint8_t carry[8]; /* a character of several bytes that is not complete */
    uint8_t carry_len;
};

/* The charset of this name or alias; NULL when it is not known. */
const struct charset *charset_find(const struct charset_table *table, struct span name);
/* Its state lasts from byte to byte but never over a line (ISO-2022-*, UTF-7): it must be converted in whole lines. */
bool charset_by_lines(const struct charset *charset);
/* It has characters of ASCII in several bytes, four at most (UTF-16, UTF-32). */
bool charset_is_wide(const struct charset *charset);

/* Converts at most CHARSET_IN_BYTES; out has room for CHARSET_OUT_BYTES(in.len).  Returns bytes written.  Without a
 * charset: UTF-8 as far as it is UTF-8, and windows-1252 from the first byte that is not. */
size_t charset_convert(const struct charset_table *table, struct charset_stream *stream, struct span in, uint8_t *out);
/* Nothing follows: what waits becomes U+FFFD (or windows-1252).  Room for CHARSET_OUT_BYTES(0). */
size_t charset_end(const struct charset_table *table, struct charset_stream *stream, uint8_t *out);

struct mail_scratch *charset_scratch(struct charset_table *table);

bool utf8_valid(struct span s);
/* The longest head of at most len bytes that does not end inside a UTF-8 character. */
struct span utf8_head(struct span s, size_t len);
/* Number of ASCII bytes that s begins with. */
size_t ascii_run(struct span s);

#endif
