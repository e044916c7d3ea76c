/* What a pool's memory holds, also where nobody has allocated it: secrets must not stay there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_POOL_MEMORY_H
#define MAILSPAN_TEST_POOL_MEMORY_H

#include "mailspan/arena.h"

static inline bool pool_holds(const void *from, size_t bytes, const char *text) {
    ARENA_SHOW(from, bytes);
    return memmem(from, bytes, text, strlen(text)) != NULL;
}

#endif
