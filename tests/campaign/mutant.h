/* mutant: a capture in memory, and how it is spoilt by a plan that is drawn (mutate.c says what a plan is).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MUTANT_H
#define MUTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>

enum { MUTANT_COPIES_MAX = 4 /* of one frame */ };

struct frame {
    struct timeval time;
    uint32_t captured, wire;
    uint8_t *bytes;
    uint32_t payload; /* offset of the TCP payload; captured: there is none, or it was not found */
    uint64_t sender;  /* addresses and ports mixed into one number; 0: no TCP */
    uint32_t late;    /* the plan: places later */
    bool dropped;
    uint32_t copies[MUTANT_COPIES_MAX];
    unsigned copy_count;
};

struct capture {
    struct frame *frames; /* [0] is not used */
    size_t count, room;
    int link_type;
    uint64_t truncate_bytes;
    FILE *told; /* where a plan that is drawn is written; NULL: nowhere */
};

/* A frame of the mutant. */
struct placed {
    uint64_t place, order;
    const struct frame *frame;
};

/* Kinds of harm by their names; the last has none. */
struct mutant_kind {
    const char *name;
    unsigned operations;
};

extern const struct mutant_kind mutant_kinds[];

/* Both end the program when the file cannot be read. */
void capture_read(struct capture *c, const char *path);
void plan_read(struct capture *c, const char *path);

/* One that can be spoilt by itself. */
void capture_copy(struct capture *copy, const struct capture *c);
void capture_free(struct capture *c);

/* The same seed draws the same plan, and does what it says to the bytes. */
void plan_draw(struct capture *c, unsigned operations, uint64_t seed);

/* The frames in the mutant's order; the room is for each frame and all copies of it that there may be. */
size_t place_all(const struct capture *c, struct placed *placed);
size_t place_room(const struct capture *c);

#endif
