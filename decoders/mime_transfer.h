/* Content-Transfer-Encoding (RFC 2045 6) undone in any cut.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MIME_TRANSFER_H
#define MAILSPAN_MIME_TRANSFER_H

#include "mailspan/span.h"

/* The value of a hexadecimal digit, small or capital; -1 when it is none. */
static inline int hex_digit(uint8_t c) {
    if (ascii_is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum transfer_encoding { TRANSFER_IDENTITY, TRANSFER_BASE64, TRANSFER_QUOTED_PRINTABLE };

struct transfer_state {
    enum transfer_encoding encoding;
    uint32_t bits;     /* base64: those not yet given out */
    uint8_t bit_count; /* 0, 2, 4 or 6 */
    uint8_t escape[2]; /* quoted-printable: "=", and one digit or a return */
    uint8_t escape_len;
    uint16_t blanks;    /* between "=" and the end of the line */
    uint8_t held;       /* blanks that may end a line, TRANSFER_BLANKS at most */
    bool held_return;   /* ... and a return behind them */
    uint64_t held_tabs; /* which of them are tabs, the first in the lowest bit */
};

/* What encoding this name (any case) stands for; unknown ones are identity. */
enum transfer_encoding transfer_encoding_of(struct span name);

/* Takes of *in what fits out, moves *in behind it, and returns how much was written. */
size_t transfer_decode(struct transfer_state *state, struct span *in, uint8_t *out, size_t max);
/* Nothing follows: an escape that is not complete comes out as it stands, but "=" alone is a soft break, and blanks end
 * their line.  Room for TRANSFER_END_BYTES. */
size_t transfer_end(struct transfer_state *state, uint8_t *out);

/* Passes over the bytes; behind them it is still known where a group of base64 or an escape begins.  Returns how many
 * bytes they are decoded (of quoted-printable: at most). */
size_t transfer_pass(struct transfer_state *state, struct span in);
/* A group of base64 begins here, and no escape of quoted-printable goes on here, unless blanks stand in it. */
static inline bool transfer_is_between(const struct transfer_state *state) {
    return state->bit_count == 0 && (state->escape_len == 0 || state->blanks > 0);
}

/* What comes next does not go on what came before: half an escape is given up, and blanks that may have ended a line.
 */
void transfer_break(struct transfer_state *state);

#define TRANSFER_BLANKS 64 /* more at a line end are no padding that transport added: a line has 76 bytes */
#define TRANSFER_END_BYTES (2 + TRANSFER_BLANKS)

#endif
