/* floods: frames as somebody would send them who wants the sensor to fall, without an end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FLOODS_H
#define FLOODS_H

#include <stddef.h>
#include <stdint.h>

struct flood;

/* NULL: there is none of this name. */
struct flood *flood_new(const char *name, uint64_t seed);
void flood_free(struct flood *flood);

/* Writes the next frame, of at most WIRE_FRAME_MAX bytes; its length. */
size_t flood_next(struct flood *flood, uint8_t *room);

/* The name of the number-th flood, and what it is; NULL behind the last. */
const char *flood_name(size_t number);
const char *flood_words(size_t number);

#endif
