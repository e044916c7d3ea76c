/* The content of one message, made line by line so that a message of any size takes the same few hundred bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_MAIL_H
#define GEN_MAIL_H

#include "gen_random.h"
#include "gen_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAIL_LINE_BYTES_MAX = 1024, /* the longest header with its folds */
    MAIL_RECIPIENTS_MAX = 10,
};

/* Who writes to whom: everything else about a message follows from these numbers. */
struct mail_plan {
    uint64_t seed;
    uint64_t time_us;
    uint32_t number; /* unique in a run */
    uint32_t source;
    uint32_t server;
    uint32_t bytes; /* wanted; the message ends with the first complete part beyond it */
    uint8_t recipients;
    bool null_sender;
    bool dot_stuffed;
};

struct mail {
    struct random random;
    struct random words; /* of the text */
    struct mail_plan plan;
    uint32_t made_bytes; /* as sent: with stuffed dots */
    uint32_t part_end;   /* of made_bytes */
    uint8_t shape;
    uint8_t item;
    uint8_t line; /* within an item of few lines */
    uint8_t text_coding;
    uint16_t carried; /* bytes of the last line that did not fit */
    char carry[MAIL_LINE_BYTES_MAX];
};

void mail_start(struct mail *m, const struct mail_plan *plan);

/* Writes the next bytes, at most bytes_max; fewer means that the message has ended. The buffer must have room for
 * MAIL_LINE_BYTES_MAX more, which are used as scratch space. */
size_t mail_write(struct mail *m, char *out, size_t bytes_max);

/* Size as sent of the whole message that this plan makes. */
uint32_t mail_measure(const struct mail_plan *plan);

void mail_source_domain(struct text *t, uint32_t source);
void mail_server_domain(struct text *t, uint32_t server);
void mail_sender(struct text *t, const struct mail_plan *plan);
void mail_recipient(struct text *t, const struct mail_plan *plan, unsigned index);
void mail_message_id(struct text *t, const struct mail_plan *plan);

#endif
