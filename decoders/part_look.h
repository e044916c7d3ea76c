/* The first bytes of a part, and where they ask for them the last ones, kept until it is known what it is.  Private to
 * decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PART_LOOK_H
#define MAILSPAN_PART_LOOK_H

#include "charset.h"
#include "content_kind.h"
#include "mime_transfer.h"

enum look_stage {
    LOOK_OFF,    /* nothing more is wanted */
    LOOK_FIRST,  /* decoded bytes, a page of them */
    LOOK_HEAD,   /* ... and one more */
    LOOK_CLOSED, /* the head is kept, and nothing more is wanted */
    LOOK_DEEP,   /* decoded bytes up to CONTENT_DEEP_AT, of which none is kept but those there */
    LOOK_TAIL,   /* encoded bytes, of which the last ones are kept */
};

struct part_look {
    uint8_t *pages[2]; /* LIMIT_LOOK_PAGE_BYTES each, taken when the first part needs them */
    struct content_look content;
    uint32_t
        len; /* FIRST, HEAD: bytes in the pages; DEEP: bytes so far; TAIL: bytes in the page that is being filled */
    uint8_t stage;
    uint8_t page;   /* TAIL: the one that is being filled */
    bool turned;    /* TAIL: and the other one is full */
    bool head_only; /* nothing behind the head is looked at */
    uint8_t deep[CONTENT_DEEP_BYTES];
};

/* A part begins; wanted: it is looked at. */
void part_look_begin(struct part_look *look, bool wanted, bool head_only);
/* How many decoded bytes are wanted next; 0: none. */
size_t part_look_room(const struct part_look *look);
/* Decoded bytes, of which it takes what it wants.  room: MAIL_TEXT_BYTES to work in. */
void part_look_push(struct part_look *look, struct arena *arena, struct counters *counters, struct span bytes,
                    uint8_t *room);
/* Encoded bytes behind the head (LOOK_TAIL). */
void part_look_pass(struct part_look *look, struct span bytes);
/* Bytes are missing here. */
void part_look_gap(struct part_look *look);
/* The part has ended: what it is. */
struct part_content part_look_end(struct part_look *look, enum transfer_encoding encoding, struct counters *counters,
                                  uint8_t *room);

#endif
