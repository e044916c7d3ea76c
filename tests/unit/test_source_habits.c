/* What a source's messages have in common, its rate, and who keeps a memory of both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/recipient_order.h"
#include "../../scoring/source_table.h"
#include "verdicts.h"

#define BODY UINT64_C(0x1234567812345678)
#define BODY_NEAR UINT64_C(0x1234567800000000)  /* agrees in 8 of 16 */
#define BODY_FAR UINT64_C(0x1234567000000000)   /* ... in 7 */
#define BODY_OTHER UINT64_C(0x8765432187654321) /* in none */

struct bench {
    struct habit_table table;
    struct counters counters;
    struct source_habits habits[8]; /* of the sources in these slots */
    struct facts facts;
    nstime now;
};

static void begin_with(struct bench *bench, size_t sources_max, size_t habits_max) {
    *bench = (struct bench){.now = TEST_START};
    assert_true(habits_init(&bench->table, sources_max, habits_max, &bench->counters));
}

static void begin(struct bench *bench, size_t sources_max) {
    begin_with(bench, sources_max, 0);
}

static struct sent envelope(uint64_t body, uint32_t subject, uint32_t from, const char *recipient) {
    struct sent sent = {.marks = {.body = body, .subject = subject, .from_org = from}};
    recipient_order_add(&sent.marks.recipients, span_from_string(recipient), false);
    sent.everyone = sent_hash_mailbox(span_from_string(recipient));
    sent.recipients = 1;
    return sent;
}

static void join(struct bench *bench, uint32_t slot, const struct sent *sent) {
    struct verdict const verdict = verdict_good(ipv4(192, 0, 2, (uint8_t)slot), bench->now);
    bench->facts = (struct facts){{0}};
    habits_join(&bench->table, &bench->habits[slot], slot, &verdict, sent, &bench->facts);
}

static void join_body(struct bench *bench, uint32_t slot, uint64_t body, const char *recipient) {
    struct sent const sent = envelope(body, 0, 0, recipient);
    join(bench, slot, &sent);
}

#define ASSERT_FACT(bench, name, number) assert_true((bench)->facts.value[FACT_##name] == (number))

static void bodies_alike(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    join_body(&b, 0, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 0);
    ASSERT_FACT(&b, source_alike_recipients, 1);
    join_body(&b, 0, BODY_NEAR, "b@x");
    ASSERT_FACT(&b, source_alike, 1);
    ASSERT_FACT(&b, source_alike_recipients, 2);
    join_body(&b, 0, BODY_FAR, "c@x"); /* near the one that is near: 15 bins */
    ASSERT_FACT(&b, source_alike, 1);
    join_body(&b, 0, BODY_OTHER, "c@x");
    ASSERT_FACT(&b, source_alike, 0);
    join_body(&b, 0, 0, "d@x"); /* too little text, as often as you like */
    join_body(&b, 0, 0, "d@x");
    ASSERT_FACT(&b, source_alike, 0);
    ASSERT_FACT(&b, source_alike_recipients, 0);
    join_body(&b, 0, BODY, "b@x"); /* to somebody who had it */
    ASSERT_FACT(&b, source_alike, 2);
    ASSERT_FACT(&b, source_alike_recipients, 2);
    join_body(&b, 1, BODY, "b@x"); /* another source's are its own */
    ASSERT_FACT(&b, source_alike, 0);
    habits_free(&b.table);
}

/* The 33rd pushes the first one out. */
static void the_last_32(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    for (unsigned i = 0; i < 31; i++) join_body(&b, 0, i == 0 ? BODY : BODY_OTHER, "a@x");
    join_body(&b, 0, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 1);
    join_body(&b, 0, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 1); /* with the one before; the first has left */
    for (unsigned i = 0; i < 100; i++) join_body(&b, 0, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 31);
    habits_free(&b.table);
}

static void different_ones(void **state) {
    (void)state;
    static const char *const recipients[] = {"a@one", "b@one", "a@two", "x@three"};
    struct bench b;
    begin(&b, 8);
    for (uint32_t i = 0; i < 200; i++) {
        /* five organisations in From; subjects come in threes; no subject in every fourth */
        struct sent const sent =
            envelope(0, i % 4 == 3 ? 0 : 0x11111111 * (1 + i / 4 % 3), 1 + i % 5, recipients[i % 4]);
        join(&b, 0, &sent);
        ASSERT_FACT(&b, source_from_domains, i < 5 ? i + 1 : 5);
        if (i >= 31) ASSERT_FACT(&b, source_subjects, 3);
        if (i >= 31) ASSERT_FACT(&b, source_recipient_domains, 3);
    }
    /* 32 of 8 groups of 4, three with a subject: the groups have 3, 3 and 2 of the subjects */
    ASSERT_FACT(&b, source_subjects_alike, 0); /* the last one has none */
    struct sent const sent = envelope(0, 0x11111111 * (1 + 200 / 4 % 3), 0, "a@x");
    join(&b, 0, &sent); /* the third: groups 44, 47 have it, with three each; group 42 has left, but for nothing */
    ASSERT_FACT(&b, source_subjects_alike, 6);
    ASSERT_FACT(&b, source_from_domains, 5);
    ASSERT_FACT(&b, source_recipient_domains, 4);
    habits_free(&b.table);
}

/* Without content nothing is compared, and nobody's place is taken; but recipients are tried. */
static void without_content(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    join_body(&b, 0, BODY, "zz@other");
    static const char *const guessed[] = {"abe@x", "abi@x", "ada@x", "ady@x", "aga@x"};
    for (unsigned i = 0; i < 500; i++) {
        struct verdict const verdict = verdict_bounced(ipv4(192, 0, 2, 0), b.now, 1);
        struct sent sent = {.recipients = 1};
        recipient_order_add(&sent.marks.recipients, span_from_string(guessed[i % 5]), i % 5 != 1);
        b.facts = (struct facts){{0}};
        habits_join(&b.table, &b.habits[0], 0, &verdict, &sent, &b.facts);
    }
    ASSERT_FACT(&b, source_recipients_alphabetical, 5);
    ASSERT_FACT(&b, source_recipients_refused, 4);
    ASSERT_FACT(&b, source_recipient_domains, 1); /* of those with content */
    join_body(&b, 0, BODY, "zz@other");
    ASSERT_FACT(&b, source_alike, 1);
    ASSERT_FACT(&b, source_recipients_alphabetical, 1);
    habits_free(&b.table);
}

/* --- the rate ---------------------------------------------------------------------------------------------------- */

/* TEST_START is the beginning of an hour.  A message each minute: at the one of second 60 i of a span there are i + 1
 * in it, and of the ten before it 10 - i are counted. */
static void as_usual(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    for (unsigned i = 0; i < 3000; i++, b.now += MINUTES(1)) {
        join_body(&b, 0, 0, "a@x");
        ASSERT_FACT(&b, source_burst, i < 360 ? 0 : 1.1); /* six hours are the least that is a habit */
        if (i >= 70) assert_true(b.facts.value[FACT_source_messages_hour] == 61);
        if (i < 60) ASSERT_FACT(&b, source_messages_hour, i + 1);
    }
    habits_free(&b.table);
}

static void a_burst(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    for (unsigned i = 0; i < 500; i++, b.now += MINUTES(1)) join_body(&b, 0, 0, "a@x");
    for (unsigned i = 0; i < 199; i++) join_body(&b, 0, 0, "a@x");
    join_body(&b, 0, 0, "a@x"); /* at the beginning of a span: 200 in it, 10 in the one before, 10 are usual */
    ASSERT_FACT(&b, source_burst, 21);
    ASSERT_FACT(&b, source_messages_hour, 260); /* the six spans before, and these */
    b.now += MINUTES(20) + SECONDS(1);
    join_body(&b, 0, 0, "a@x");
    assert_true(b.facts.value[FACT_source_burst] < 0.1); /* it is over; usual is about 13 by now */
    assert_true(b.facts.value[FACT_source_burst] > 0.05);
    habits_free(&b.table);
}

/* Who sends nearly nothing has a habit of one in ten minutes. */
static void behind_a_silence(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    join_body(&b, 0, 0, "a@x");
    b.now += HOURS(6) - SECONDS(1);
    for (unsigned i = 0; i < 50; i++) join_body(&b, 0, 0, "a@x");
    ASSERT_FACT(&b, source_burst, 0);
    b.now += DAYS(2000);
    for (unsigned i = 0; i < 50; i++) join_body(&b, 0, 0, "a@x");
    ASSERT_FACT(&b, source_burst, 50);
    ASSERT_FACT(&b, source_messages_hour, 50);
    habits_free(&b.table);
}

static void clocks_that_are_wrong(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 8);
    for (unsigned i = 0; i < 100; i++, b.now += MINUTES(10)) join_body(&b, 0, 0, "a@x");
    b.now -= MINUTES(20); /* to the span before the newest: out of order, and counted where it belongs */
    join_body(&b, 0, 0, "a@x");
    ASSERT_FACT(&b, source_messages_hour, 8); /* seven spans, one with two: nothing says how far the newest is */
    b.now += DAYS(1000);
    join_body(&b, 0, 0, "a@x");
    b.now -= DAYS(1000);
    join_body(&b, 0, 0, "a@x");
    ASSERT_FACT(&b, source_messages_hour, 1); /* begins anew */
    ASSERT_FACT(&b, source_burst, 0);
    b.now = 0;
    join_body(&b, 0, 0, "a@x");
    ASSERT_FACT(&b, source_messages_hour, 1);
    habits_free(&b.table);
}

/* --- room -------------------------------------------------------------------------------------------------------- */

static void who_was_silent_longest_makes_room(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 3);
    for (uint32_t slot = 0; slot < 3; slot++) join_body(&b, slot, BODY, "a@x");
    join_body(&b, 0, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 1);
    join_body(&b, 3, BODY, "a@x"); /* in the place of 1 */
    assert_int_equal(b.counters.habits_evicted, 1);
    assert_int_equal(b.counters.habits_begun_anew, 0); /* 3 never had any */
    ASSERT_FACT(&b, source_alike, 0);
    join_body(&b, 2, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 1);
    join_body(&b, 1, BODY, "a@x"); /* in the place of 0 */
    ASSERT_FACT(&b, source_alike, 0);
    ASSERT_FACT(&b, source_messages_hour, 2); /* its rate it has kept */
    assert_int_equal(b.counters.habits_begun_anew, 1);
    join_body(&b, 3, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 1);
    b.habits[2] = (struct source_habits){.row = 0}; /* another source in this slot */
    join_body(&b, 2, BODY, "a@x");
    ASSERT_FACT(&b, source_alike, 0);
    assert_int_equal(b.counters.habits_evicted, 3);
    assert_int_equal(b.counters.habits_begun_anew, 1); /* nor had that one */
    habits_free(&b.table);
}

static void released(void **state) {
    (void)state;
    struct bench b;
    begin(&b, 2);
    join_body(&b, 0, BODY, "aa@x");
    join_body(&b, 1, BODY, "aa@x");
    habits_clear(&b.table, &b.habits[0], 0);
    habits_clear(&b.table, &b.habits[7], 7); /* has none */
    join_body(&b, 0, BODY, "ab@x");
    ASSERT_FACT(&b, source_alike, 0);
    ASSERT_FACT(&b, source_recipients_alphabetical, 1);
    ASSERT_FACT(&b, source_messages_hour, 2);
    join_body(&b, 1, BODY, "ab@x");
    ASSERT_FACT(&b, source_alike, 1);
    ASSERT_FACT(&b, source_recipients_alphabetical, 2);
    habits_free(&b.table);
}

static void how_many_have_room(void **state) {
    (void)state;
    static const struct {
        size_t sources, habits, rows;
    } cases[] = {
        {20000, 0, 2000}, {1048576, 0, 104857},  {2000, 0, LIMIT_HABITS_MIN}, {1, 0, 1}, /* a tenth */
        {20000, 1, 1},    {20000, 20000, 20000}, {20000, 20001, 20000},                  /* as told */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench b;
        begin_with(&b, cases[i].sources, cases[i].habits);
        assert_int_equal(b.table.max, cases[i].rows);
        assert_int_equal(habits_memory_bytes(&b.table), cases[i].rows * 616);
        habits_free(&b.table);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_alike),
        cmocka_unit_test(the_last_32),
        cmocka_unit_test(different_ones),
        cmocka_unit_test(without_content),
        cmocka_unit_test(as_usual),
        cmocka_unit_test(a_burst),
        cmocka_unit_test(behind_a_silence),
        cmocka_unit_test(clocks_that_are_wrong),
        cmocka_unit_test(who_was_silent_longest_makes_room),
        cmocka_unit_test(released),
        cmocka_unit_test(how_many_have_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
