/* The pattern library is asked for matches whose answers are known.
 *
 * vectorscan and hyperscan are one API with different code for each processor.  vectorscan 5.4.9 loses matches where it
 * runs its AVX-512 code: an expression that waits for a single byte does not see it beyond the first 64 bytes.  A
 * sensor whose rules silently do not match is worse than one that does not start.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "matcher_check.h"

#include <string.h>

#define TEXT_BYTES 320

const hs_platform_info_t any_processor = {.tune = HS_TUNE_FAMILY_GENERIC, .cpu_features = 0};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)id;
    (void)from;
    (void)to;
    (void)flags;
    ++*(unsigned *)context;
    return 0;
}

/* "a12345b" among other letters: found at every place, in texts of every length. */
static bool finds_all(const hs_database_t *database, hs_scratch_t *scratch) {
    static const char needle[] = "a12345b";
    size_t const needle_len = sizeof needle - 1;
    char text[TEXT_BYTES];
    for (size_t len = needle_len; len <= sizeof text; len += 13) {
        for (size_t at = 0; at + needle_len <= len; at += 11) {
            unsigned matches = 0;
            memset(text, 'x', len);
            memcpy(text + at, needle, needle_len);
            if (hs_scan(database, text, (unsigned)len, 0, scratch, on_match, &matches) != HS_SUCCESS) return false;
            if (matches != 1) return false;
        }
    }
    return true;
}

bool matcher_is_sound(void) {
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    hs_scratch_t *scratch = NULL;
    bool sound =
        hs_compile("a.{3,9}b", HS_FLAG_SINGLEMATCH, HS_MODE_BLOCK, &any_processor, &database, &error) == HS_SUCCESS &&
        hs_alloc_scratch(database, &scratch) == HS_SUCCESS && finds_all(database, scratch);
    if (error != NULL) hs_free_compile_error(error);
    if (scratch != NULL) hs_free_scratch(scratch);
    if (database != NULL) hs_free_database(database);
    return sound;
}
