/* What one process keeps, another one finds: the last that was whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/judge_memory.h"

static struct metrics_snapshot written, found;

static void nothing_was_kept(void **state) {
    (void)state;
    struct judge_memory *memory = judge_memory_new();
    assert_non_null(memory);
    found.judge.sources = 7;
    assert_false(judge_memory_last(memory, &found));
    assert_int_equal(found.judge.sources, 7);
    judge_memory_free(memory);
    judge_memory_free(NULL);
}

static void the_next_process_goes_on(void **state) {
    (void)state;
    static const struct config config;
    struct judge_memory *memory = judge_memory_new();
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (uint64_t i = 1; i <= 5; i++) {
            written.started = 99;
            written.decoder_count = 2;
            written.gone.counters.packets = 100 * i;
            written.decoders[1].verdicts = i;
            written.judge.messages[1][0] = 10 * i;
            judge_memory_keep(memory, &written);
        }
        abort(); /* with the next one in its own memory only */
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    found = (struct metrics_snapshot){.config = &config, .started = 3};
    assert_true(judge_memory_last(memory, &found));
    assert_ptr_equal(found.config, &config); /* a pointer of another process is none */
    assert_int_equal(found.started, 3);
    assert_int_equal(found.decoder_count, 2);
    assert_int_equal(found.gone.counters.packets, 500);
    assert_int_equal(found.decoders[1].verdicts, 5);
    assert_int_equal(found.judge.messages[1][0], 50);
    judge_memory_free(memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_was_kept),
        cmocka_unit_test(the_next_process_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
