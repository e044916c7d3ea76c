/* looped: captures played over and over, several at a time, each pass with other customers and, some of them, spoilt.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOOPED_H
#define LOOPED_H

#include <stddef.h>
#include <stdint.h>

struct looped_settings {
    uint64_t seed;
    double harm;      /* share of the passes that are spoilt */
    uint32_t sources; /* customers that the passes are spread over */
    unsigned players; /* passes at a time; with one, frames keep the order of their capture */
    char **captures;
    unsigned capture_count;
};

struct looped;

/* Ends the program when a capture cannot be read. */
struct looped *looped_new(const struct looped_settings *settings);
void looped_free(struct looped *looped);

/* Writes the next frame, of at most WIRE_FRAME_MAX bytes; its length. */
size_t looped_next(struct looped *looped, uint8_t *room);

/* Passes that were begun. */
uint64_t looped_passes(const struct looped *looped);

#endif
