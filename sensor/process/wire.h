/* What a decoder tells the judge, as records of a channel.
 *
 * The judge does not trust it: a decoder reads what strangers send.  Whatever comes is checked before anything is made
 * of it, and a record that no decoder of this program writes is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_WIRE_H
#define MAILSPAN_WIRE_H

#include "decoding.h"
#include "mailspan/figures.h"
#include "process/channel.h"

enum wire_kind {
    WIRE_MESSAGE = 1, /* message; line */
    WIRE_NOTICE,      /* notice */
    WIRE_DIALOGUE,    /* client, auth; line */
    WIRE_ADVANCE,     /* now */
    WIRE_PROGRESS,    /* nothing is told any more of places before this one */
    WIRE_SHORT,       /* what follows depends on the number of decoders (decoding_ran_short) */
    WIRE_FIGURES,     /* figures, counters: replace those that came before */
    WIRE_END,         /* the same; nothing follows */
    WIRE_KINDS,
};

struct wire_record {
    enum wire_kind kind;
    uint32_t generation; /* of the rules that a verdict names (handover.h); 0 while they were never renewed */
    struct decoding_place place;
    struct span line; /* the record as a line of JSON, without its newline; empty: it is not to be shown */
    union {
        struct {
            struct verdict verdict;
            struct sent sent;
        } message;
        struct notice notice;
        struct {
            struct ip_address client;
            struct auth_figures auth;
        } dialogue;
        nstime now;
        struct {
            uint32_t incarnation; /* of the decoder: figures.h */
            struct decoder_figures decoder;
            struct decoding_figures decoding;
        } figures;
    };
};

/* False when the channel does not take it. */
bool wire_write(struct channel_writer *writer, const struct wire_record *record);

/* Of which generation a record says that it is; 0 when it is too short for one, which wire_read refuses. */
uint32_t wire_generation(struct span bytes);

/* Reads a record that a channel brought; line borrows from it.  False when it is not sound.  rules and classes: how
 * many the judge knows of the record's generation. */
bool wire_read(struct span bytes, unsigned rules, unsigned classes, struct wire_record *record);

#endif
