/* compiled: expressions as the pattern library has compiled them, kept by what they were compiled from.
 *
 * To compile takes about a second.  So it is done once, by a process that may take its time, and again only for
 * expressions that have changed; a process that must not pause is handed the result.  A key is a hash of the
 * expressions, their flags, the mode and the library's version: what is found by it is what compiling would give.
 *
 * The build compiles the built-in rules, for any processor, and the program brings the result (mailspan/embedded.h).
 * What cannot be loaded of that is compiled as if it were not there.  What an operator's rules add can be kept in a
 * file (sensor/compiled_file.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMPILED_H
#define MAILSPAN_COMPILED_H

#include "mailspan/span.h"

#define COMPILED_KEY_BYTES 32

struct compiled_database {
    uint8_t key[COMPILED_KEY_BYTES];
    struct span prefiltered; /* a bit for each expression, the first in the lowest: PCRE2 must confirm it */
    struct span bytes;       /* as hs_serialize_database gives them */
};

struct compiled;

struct compiled *compiled_new(void); /* NULL: not enough memory */
void compiled_free(struct compiled *compiled);

/* From now on nothing is compiled or checked again: what is not here cannot be loaded. */
void compiled_close(struct compiled *compiled);
bool compiled_is_closed(const struct compiled *compiled);

/* Adds a copy.  False when there is no memory, or LIMIT_COMPILED are there. */
bool compiled_add(struct compiled *compiled, const struct compiled_database *database);
/* The same for what a file has: it counts as used when somebody finds it, and it is not added twice. */
bool compiled_offer(struct compiled *compiled, const struct compiled_database *database);
/* Of those that are here, how many were offered. */
unsigned compiled_offered(const struct compiled *compiled);
/* NULL: there is none of this key.  Lives until something is dropped. */
const struct compiled_database *compiled_find(struct compiled *compiled, const uint8_t key[COMPILED_KEY_BYTES]);
unsigned compiled_count(const struct compiled *compiled);
const struct compiled_database *compiled_at(const struct compiled *compiled, unsigned i);
/* Drops what was neither added nor found since the last time. */
void compiled_drop_unused(struct compiled *compiled);

/* What came with the program: looked at when nothing that was added has the key.  Borrowed, so it is never dropped; and
 * it is in no count and handed to nobody, because all processes of the program have it. */
void compiled_bring(struct compiled *compiled, const struct compiled_database *databases, unsigned count);
/* NULL: none of this key was brought. */
const struct compiled_database *compiled_find_brought(const struct compiled *compiled,
                                                      const uint8_t key[COMPILED_KEY_BYTES]);
/* One that was brought could be loaded. */
void compiled_note_brought(struct compiled *compiled);
unsigned compiled_brought(const struct compiled *compiled); /* how often that was noted */

/* A watch, in nanoseconds of processor time, for what compiles: expressions that take too long are refused.  Without
 * one nothing is measured.  What was spent begins anew. */
void compiled_watch_time(struct compiled *compiled, int64_t (*watch)(void));
bool compiled_has_watch(const struct compiled *compiled);
int64_t compiled_time(const struct compiled *compiled);
/* Adds to what was spent so far, and returns that. */
int64_t compiled_spend(struct compiled *compiled, int64_t ns);

/* The pattern library was found sound, which need not be asked twice. */
void compiled_note_sound(struct compiled *compiled);
bool compiled_is_sound(const struct compiled *compiled);

#endif
