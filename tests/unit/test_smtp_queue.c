/* The queue of commands: first in, first out, over many blocks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../decoders/smtp_internal.h"
#include "guard.h"

static struct arena_block memory[64];

struct queue {
    struct block_pool pool;
    struct arena arena;
    struct command_queue queue;
};

static void start(struct queue *q, size_t blocks) {
    *q = (struct queue){.queue = {.count = 0}};
    block_pool_init(&q->pool, memory, blocks * sizeof memory[0]);
    arena_init(&q->arena, &q->pool, blocks * sizeof memory[0]);
}

static struct waiting row(size_t i) {
    return (struct waiting){.ordinal = (uint32_t)i, .verb = VERB_RCPT};
}

static void test_order(void **state) {
    (void)state;
    struct queue q;
    size_t in = 0, out = 0;
    start(&q, 64);
    for (unsigned round = 1; round < 200; round++) {
        for (unsigned i = 0; i < round % 67; i++) assert_true(command_queue_push(&q.queue, &q.arena, row(in++)));
        assert_int_equal(command_queue_last(&q.queue) == NULL, in == out);
        if (in > out) assert_int_equal(command_queue_last(&q.queue)->ordinal, in - 1);
        for (unsigned i = 0; i < round % 59 && out < in; i++) {
            assert_int_equal(command_queue_first(&q.queue)->ordinal, out++);
            command_queue_pop(&q.queue);
        }
        assert_int_equal(q.queue.count, in - out);
        assert_int_equal(command_queue_holds(&q.queue, VERB_RCPT), in > out);
    }
    assert_true(q.arena.blocks < 64); /* blocks are used again */
}

static void test_limit_and_memory(void **state) {
    (void)state;
    struct queue q;
    start(&q, 48);
    for (unsigned i = 0; i < LIMIT_PIPELINE_COMMANDS; i++) assert_true(command_queue_push(&q.queue, &q.arena, row(i)));
    assert_false(command_queue_push(&q.queue, &q.arena, row(0)));
    start(&q, 0);
    assert_false(command_queue_push(&q.queue, &q.arena, row(0)));
    assert_null(command_queue_first(&q.queue));
    command_queue_pop(&q.queue);
    assert_int_equal(q.queue.count, 0);
}

static void test_spoil(void **state) {
    (void)state;
    struct queue q;
    start(&q, 8);
    for (unsigned i = 0; i < 20; i++) assert_true(command_queue_push(&q.queue, &q.arena, row(i)));
    assert_false(command_queue_holds(&q.queue, VERB_HOLE));
    command_queue_spoil_last(&q.queue);
    assert_true(command_queue_holds(&q.queue, VERB_HOLE));
    assert_int_equal(command_queue_last(&q.queue)->verb, VERB_HOLE);
    assert_int_equal(command_queue_last(&q.queue)->ordinal, 0);
    assert_int_equal(command_queue_count(&q.queue, VERB_RCPT), 19);
    assert_int_equal(q.queue.count, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_limit_and_memory),
        cmocka_unit_test(test_spoil),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
