/* Recipients in alphabetical order, or of common names, in a message and over messages.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/recipient_order.h"

/* Words with blanks between; one that begins with "!" is refused. */
static struct recipient_order order_of(const char *mailboxes) {
    struct recipient_order order = {.all = {0, 0}};
    struct span text = span_from_string(mailboxes);
    while (text.len > 0) {
        size_t const end = span_find(text, ' ');
        struct span const word = span_head(text, end);
        bool const refused = word.len > 0 && word.data[0] == '!';
        recipient_order_add(&order, span_from(word, refused ? 1 : 0), refused);
        text = span_from(text, end + 1);
    }
    return order;
}

#define ASSERT_RUN(run, n, r)                 \
    do {                                      \
        struct recipient_run const got = run; \
        assert_int_equal(got.count, n);       \
        assert_int_equal(got.refused, r);     \
    } while (0)

static void marks(void **state) {
    (void)state;
    struct recipient_mark const ann = recipient_mark_of(SPAN_LITERAL("Ann@Example.ORG"));
    assert_int_equal(ann.letters, 11 * 37 * 37 + 24 * 37 + 24); /* others, ten digits, a to z */
    assert_int_equal(ann.common, 1);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("ann@example.org")).mailbox, ann.mailbox);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("bob17@example.org")).common, 1);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("bob.17@example.org")).common, 0);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("bob17@EXAMPLE.org")).domain, ann.domain);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("17@example.org")).common, 0);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("a@x@example.org")).domain, ann.domain);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("_9@x")).letters, 10 * 37);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("postmaster")).domain, 0);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("")).mailbox, 0);
    static const char *const first_and_last[] = {"abuse", "william", "susan", "Elizabeth", "andrea", "ann"};
    for (size_t i = 0; i < 6; i++) {
        char mailbox[32];
        size_t const len = strlen(first_and_last[i]);
        memcpy(mailbox, first_and_last[i], len);
        memcpy(mailbox + len, "@x", 2);
        assert_int_equal(recipient_mark_of(span_of(mailbox, len + 2)).common, 1);
    }
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("willia@x")).common, 0);
    assert_int_equal(recipient_mark_of(SPAN_LITERAL("williams@x")).common, 0);
}

static void within_a_message(void **state) {
    (void)state;
    struct recipient_order order = order_of("kz@x !la@x !lb@x mc@x");
    ASSERT_RUN(order.all, 4, 2);
    ASSERT_RUN(order.head, 4, 2);
    ASSERT_RUN(order.tail, 4, 2);
    order = order_of("kz@x la@x !ca@x da@x !ea@x fa@y ga@y");
    ASSERT_RUN(order.all, 7, 2);
    ASSERT_RUN(order.head, 2, 0);
    ASSERT_RUN(order.longest, 3, 2);
    ASSERT_RUN(order.tail, 2, 0); /* another domain */
    ASSERT_RUN(order_of("user3@x user1@x user2@x").all, 3, 0);
    ASSERT_RUN(order_of("user3@x user1@x user2@x").longest, 3, 0);      /* numbered names: the same letters */
    ASSERT_RUN(order_of("tom@x ann@x info@x zz@x ya@x").longest, 4, 0); /* common names, and one in order */
    ASSERT_RUN(order_of("qq@x qq@x !qq@x").all, 1, 0);                  /* told twice */
    ASSERT_RUN(order_of("postmaster root").longest, 1, 0);              /* of no domain */
    ASSERT_RUN(order_of("").all, 0, 0);
}

static void over_messages(void **state) {
    (void)state;
    struct recipient_mark last = {.domain = 0};
    struct recipient_run run = {0, 0};
    struct recipient_order order = order_of("ab@x");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 1, 0);
    order = order_of("!ac@x");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 2, 1);
    order = order_of("ad@x ae@x");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 4, 1);
    ASSERT_RUN(run, 4, 1);
    order = order_of("");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 4, 1); /* no recipient: nothing changes */
    order = order_of("ae@x");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 4, 1); /* again the same one */
    order = order_of("!af@x ag@x aa@x !ab@x");                   /* goes on, and ends in another run */
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 6, 2);
    ASSERT_RUN(run, 2, 1);
    order = order_of("zz@y");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 1, 0);
    order = order_of("ca@z cb@z cc@z aa@z"); /* longer than what it goes on with */
    ASSERT_RUN(recipient_order_join(&last, &run, &order), 3, 0);
    ASSERT_RUN(run, 1, 0);
}

static void many(void **state) {
    (void)state;
    struct recipient_mark last = {.domain = 0};
    struct recipient_run run = {UINT16_MAX - 1, UINT16_MAX - 1};
    struct recipient_order order = order_of("!ab@x");
    (void)recipient_order_join(&last, &run, &order);
    run = (struct recipient_run){UINT16_MAX - 1, UINT16_MAX - 1};
    order = order_of("!ac@x !ad@x");
    ASSERT_RUN(recipient_order_join(&last, &run, &order), UINT16_MAX, UINT16_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks),
        cmocka_unit_test(within_a_message),
        cmocka_unit_test(over_messages),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
