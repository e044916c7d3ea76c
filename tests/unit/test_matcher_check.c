/* The installed pattern library is sound, and says what PCRE2 says of texts of every length.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "../../scoring/matcher_check.h"

static void sound(void **state) {
    (void)state;
    assert_true(matcher_is_sound());
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)id, (void)from, (void)to, (void)flags;
    *(int *)context = 1;
    return 1;
}

/* A fixed generator, so that a failure can be seen again. */
static unsigned next_random(unsigned *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static void agrees_with_pcre2(void **state) {
    (void)state;
    static const char *const expressions[] = {"a.{3,9}b",        "a.*b",     "[ab]c+d", "\\ba\\w+d\\b",
                                              "(?i)AB.{0,20}CD", "d[^a]{5}a"};
    unsigned seed = 7, compared = 0, matched = 0;
    for (size_t e = 0; e < sizeof expressions / sizeof expressions[0]; e++) {
        hs_database_t *database;
        hs_compile_error_t *error;
        hs_scratch_t *scratch = NULL;
        int code;
        PCRE2_SIZE offset;
        assert_int_equal(hs_compile(expressions[e], 0, HS_MODE_BLOCK, NULL, &database, &error), HS_SUCCESS);
        assert_int_equal(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
        pcre2_code *pcre = pcre2_compile((PCRE2_SPTR)expressions[e], PCRE2_ZERO_TERMINATED, 0, &code, &offset, NULL);
        pcre2_match_data *data = pcre2_match_data_create(4, NULL);
        for (unsigned len = 1; len < 400; len += 3) {
            char text[400];
            for (unsigned i = 0; i < len; i++) /* mostly other letters, so that a match is far from certain */
                text[i] = next_random(&seed) % 8 == 0 ? "abcd"[next_random(&seed) % 4] : 'x';
            int ours = 0;
            (void)hs_scan(database, text, len, 0, scratch, on_match, &ours);
            int theirs = pcre2_match(pcre, (PCRE2_SPTR)text, len, 0, 0, data, NULL) > 0;
            if (ours != theirs)
                fail_msg("%s on '%.*s': %d, PCRE2 says %d", expressions[e], (int)len, text, ours, theirs);
            compared++;
            matched += (unsigned)theirs;
        }
        pcre2_match_data_free(data);
        pcre2_code_free(pcre);
        hs_free_scratch(scratch);
        hs_free_database(database);
    }
    assert_true(matched > compared / 10 && matched < compared); /* both answers were asked for */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sound), cmocka_unit_test(agrees_with_pcre2)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
