/* What became of a message, from its replies.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../decoders/smtp_internal.h"
#include "guard.h"

static struct arena_block memory[256];
static struct block_pool pool;

static struct message *begin(uint16_t mail, uint16_t data, uint16_t final) {
    block_pool_init(&pool, memory, sizeof memory);
    struct message *message = message_new(&pool, NULL, 1, 5);
    assert_non_null(message);
    message->mail_reply.code = mail;
    message->data_reply.code = data;
    message->final_reply.code = final;
    message->body_started = data == 354;
    return message;
}

static void add(struct message *message, uint16_t code) {
    struct recipient *recipient = message_add_recipient(message, SPAN_LITERAL("a@b.example"));
    assert_non_null(recipient);
    recipient->reply.code = code;
}

static void expect(struct message *message, enum outcome outcome, enum stage stage, unsigned code) {
    message_decide(message);
    assert_int_equal(message->outcome, outcome);
    assert_int_equal(message->stage, stage);
    assert_int_equal(message->reply.code, code);
}

static void expect_recipient(const struct message *message, uint32_t i, enum outcome outcome) {
    assert_int_equal(message_recipient(message, i)->outcome, outcome);
}

static void end(struct message *message) {
    message_free(message);
    assert_int_equal(pool.in_use, 0);
}

/* mail, rcpt, rcpt, data, final (0: no such reply) -> outcome, stage, code that decided, outcome of each recipient */
static void test_outcomes(void **state) {
    static const struct {
        uint16_t mail, rcpt[2], data, final;
        enum outcome outcome;
        enum stage stage;
        unsigned code;
        enum outcome each[2];
    } rows[] = {
        {250, {250, 250}, 354, 250, OUTCOME_DELIVERED, STAGE_NONE, 250, {OUTCOME_DELIVERED, OUTCOME_DELIVERED}},
        {250, {250, 550}, 354, 250, OUTCOME_DELIVERED, STAGE_NONE, 250, {OUTCOME_DELIVERED, OUTCOME_BOUNCED}},
        {250, {250, 450}, 354, 554, OUTCOME_BOUNCED, STAGE_BODY, 554, {OUTCOME_BOUNCED, OUTCOME_DEFERRED}},
        {250, {250, 550}, 354, 451, OUTCOME_DEFERRED, STAGE_BODY, 451, {OUTCOME_DEFERRED, OUTCOME_BOUNCED}},
        {250, {250, 250}, 451, 0, OUTCOME_DEFERRED, STAGE_DATA, 451, {OUTCOME_DEFERRED, OUTCOME_DEFERRED}},
        {250, {550, 450}, 503, 0, OUTCOME_BOUNCED, STAGE_RCPT, 550, {OUTCOME_BOUNCED, OUTCOME_DEFERRED}},
        {250, {450, 451}, 503, 0, OUTCOME_DEFERRED, STAGE_RCPT, 450, {OUTCOME_DEFERRED, OUTCOME_DEFERRED}},
        {250, {550, 551}, 354, 554, OUTCOME_BOUNCED, STAGE_RCPT, 550, {OUTCOME_BOUNCED, OUTCOME_BOUNCED}},
        {550, {503, 503}, 503, 0, OUTCOME_BOUNCED, STAGE_MAIL, 550, {OUTCOME_BOUNCED, OUTCOME_BOUNCED}},
        {451, {503, 503}, 503, 0, OUTCOME_DEFERRED, STAGE_MAIL, 451, {OUTCOME_DEFERRED, OUTCOME_DEFERRED}},
        {250, {250, 421}, 0, 0, OUTCOME_DEFERRED, STAGE_RCPT, 421, {OUTCOME_DEFERRED, OUTCOME_DEFERRED}},
        {250, {250, 250}, 354, 0, OUTCOME_ABORTED, STAGE_NONE, 0, {OUTCOME_ABORTED, OUTCOME_ABORTED}},
        {250, {0, 250}, 354, 250, OUTCOME_DELIVERED, STAGE_NONE, 250, {OUTCOME_UNKNOWN, OUTCOME_DELIVERED}},
        {250, {0, 550}, 354, 550, OUTCOME_BOUNCED, STAGE_BODY, 550, {OUTCOME_UNKNOWN, OUTCOME_BOUNCED}},
        {250, {251, 252}, 354, 250, OUTCOME_DELIVERED, STAGE_NONE, 250, {OUTCOME_DELIVERED, OUTCOME_DELIVERED}},
    };
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message *message = begin(rows[i].mail, rows[i].data, rows[i].final);
        add(message, rows[i].rcpt[0]);
        add(message, rows[i].rcpt[1]);
        expect(message, rows[i].outcome, rows[i].stage, rows[i].code);
        expect_recipient(message, 0, rows[i].each[0]);
        expect_recipient(message, 1, rows[i].each[1]);
        end(message);
    }
}

static void test_what_was_not_seen(void **state) {
    (void)state;
    struct message *message = begin(250, 354, 0);
    add(message, 250);
    message->cut_off = true;
    expect(message, OUTCOME_UNKNOWN, STAGE_NONE, 0);
    end(message);
    message = begin(250, 354, 250); /* perhaps another message's */
    add(message, 550);
    add(message, 250);
    message->doubtful = true;
    expect(message, OUTCOME_UNKNOWN, STAGE_NONE, 0);
    expect_recipient(message, 0, OUTCOME_BOUNCED);
    expect_recipient(message, 1, OUTCOME_UNKNOWN);
    end(message);
    message = begin(250, 0, 0); /* a recipient that was not seen may have been accepted */
    add(message, 550);
    message->commands_lost = true;
    message->cut_off = true;
    expect(message, OUTCOME_UNKNOWN, STAGE_NONE, 0);
    end(message);
}

static void test_greeting(void **state) {
    (void)state;
    struct message *message = begin(0, 0, 0);
    message->stage = STAGE_GREETING;
    message->reply.code = 554;
    expect(message, OUTCOME_BOUNCED, STAGE_GREETING, 554);
    end(message);
}

static void test_lmtp(void **state) {
    (void)state;
    struct message *message = begin(250, 354, 0);
    struct smtp_reply full = {.code = 452}, stored = {.code = 250}, no = {.code = 550};
    add(message, 550);
    add(message, 250);
    add(message, 250);
    add(message, 450);
    add(message, 250);
    assert_false(message_add_final(message, &full));
    assert_false(message_add_final(message, &stored));
    assert_true(message_add_final(message, &no));
    expect(message, OUTCOME_DELIVERED, STAGE_NONE, 250);
    expect_recipient(message, 0, OUTCOME_BOUNCED);
    expect_recipient(message, 1, OUTCOME_DEFERRED);
    expect_recipient(message, 2, OUTCOME_DELIVERED);
    expect_recipient(message, 3, OUTCOME_DEFERRED);
    expect_recipient(message, 4, OUTCOME_BOUNCED);
    end(message);
}

/* A recipient named after the others have their final replies, and lying in the next block, has the next one. */
static void test_lmtp_late_recipient(void **state) {
    (void)state;
    struct message *message = begin(250, 354, 0);
    struct smtp_reply stored = {.code = 250}, no = {.code = 550};
    for (unsigned i = 0; i < RECIPIENTS_PER_BLOCK; i++) {
        add(message, 250);
        assert_true(message_add_final(message, &stored));
    }
    add(message, 250);
    assert_true(message_add_final(message, &no));
    expect(message, OUTCOME_DELIVERED, STAGE_NONE, 250);
    expect_recipient(message, RECIPIENTS_PER_BLOCK - 1, OUTCOME_DELIVERED);
    expect_recipient(message, RECIPIENTS_PER_BLOCK, OUTCOME_BOUNCED);
    end(message);
}

static void answer_unlisted(struct message *message, uint16_t code) {
    message_note_unlisted(message, &(struct smtp_reply){.code = code});
}

/* Recipients that are not kept, among them the only ones of their kind. */
static void test_recipients_that_are_not_kept(void **state) {
    (void)state;
    struct message *message = begin(250, 0, 0);
    add(message, 450);
    message->recipients_dropped = 3;
    answer_unlisted(message, 451);
    answer_unlisted(message, 550);
    expect(message, OUTCOME_ABORTED, STAGE_NONE, 0); /* the third may have been accepted */
    answer_unlisted(message, 551);
    expect(message, OUTCOME_BOUNCED, STAGE_RCPT, 550);
    answer_unlisted(message, 250); /* one too many */
    expect(message, OUTCOME_BOUNCED, STAGE_RCPT, 550);
    end(message);
    message = begin(250, 0, 0);
    message->recipients_dropped = 1; /* no memory for a single one */
    answer_unlisted(message, 450);
    expect(message, OUTCOME_ABORTED, STAGE_NONE, 0);
    end(message);
    message = begin(250, 354, 554);
    add(message, 550);
    message->recipients_dropped = 1;
    answer_unlisted(message, 250);
    expect(message, OUTCOME_BOUNCED, STAGE_BODY, 554);
    end(message);
}

static void test_recipients_over_blocks(void **state) {
    (void)state;
    struct message *message = begin(250, 0, 0);
    for (uint16_t i = 0; i < 50; i++) add(message, (uint16_t)(250 + i));
    for (uint32_t i = 0; i < 50; i++) assert_int_equal(message_recipient(message, i)->reply.code, 250 + i);
    assert_null(message_recipient(message, 50));
    end(message);
}

/* Envelope or content took more than the envelope may: what ends the message is kept all the same, once of each kind,
 * and what is answered to its RCPTs is not, however much of the content was said by then. */
static void test_the_answer_behind_the_content(void **state) {
    struct smtp_reply const refused = {.code = 554, .text = SPAN_LITERAL("spam")};
    struct smtp_reply const later = {.code = 452, .text = SPAN_LITERAL("full")};
    (void)state;
    block_pool_init(&pool, memory, sizeof memory);
    struct message *message = message_new(&pool, NULL, 1, 5);
    while (message->arena.blocks < LIMIT_ENVELOPE_ARENA_BYTES / LIMIT_ARENA_BLOCK_BYTES)
        assert_non_null(arena_alloc(&message->arena, LIMIT_ARENA_BLOCK_BYTES / 2));
    assert_int_equal(message_keep_reply(message, &refused).text.len, 0);
    message->body_started = true;
    assert_int_equal(message_keep_reply(message, &refused).text.len, 0);
    message->final_reply = message_keep_final(message, &later);
    assert_int_equal(message->final_reply.text.len, 4);
    assert_int_equal(message_keep_final(message, &later).text.len, 0);
    message->final_reply = message_keep_final(message, &refused);
    assert_int_equal(message->final_reply.text.len, 4);
    assert_int_equal(message->replies, 5);
    message_free(message);
}

/* More than half of what its dialogue may have is used: long mailboxes and the texts of acceptances are not kept, what
 * became of each recipient is. */
static void test_memory_is_tight(void **state) {
    static uint8_t name[LIMIT_ADDRESS_BYTES];
    struct block_account account = {.min = 16, .max = 16};
    struct span const mailbox = span_of(memset(name, 'a', sizeof name), sizeof name);
    struct smtp_reply const accepted = {.code = 250, .text = SPAN_LITERAL("ok")};
    struct smtp_reply const refused = {.code = 550, .text = SPAN_LITERAL("no such user")};
    (void)state;
    block_pool_init(&pool, memory, sizeof memory);
    struct message *message = message_new(&pool, &account, 1, 5);
    assert_int_equal(message_add_recipient(message, mailbox)->mailbox.len, mailbox.len);
    assert_int_equal(message_keep_reply(message, &accepted).text.len, 2);
    while (account.in_use <= 8) assert_non_null(message_add_recipient(message, mailbox));
    uint32_t before = message->recipient_count;
    assert_int_equal(message_add_recipient(message, span_head(mailbox, 64))->mailbox.len, 64);
    assert_int_equal(message_keep_reply(message, &accepted).text.len, 0);
    assert_int_equal(message_keep_reply(message, &refused).text.len, 12);
    while (message_add_recipient(message, mailbox) != NULL)
        assert_int_equal(message_recipient(message, message->recipient_count - 1)->mailbox.len, 0);
    assert_true(message->recipient_count > before + 150);
    assert_true(account.in_use <= 16);
    end(message);
    assert_int_equal(account.in_use, 0);
}

static void test_names_of_stages(void **state) {
    (void)state;
    enum stage stage = STAGE_BODY;
    assert_null(stage_name(STAGE_NONE));
    assert_true(stage_read(SPAN_LITERAL("rcpt"), &stage) && stage == STAGE_RCPT);
    assert_true(stage_read(SPAN_LITERAL("body"), &stage) && stage == STAGE_BODY);
    const char *const none[] = {"", "RCPT", "rcp", "rcpt ", "none"};
    for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(stage_read(span_from_string(none[i]), &stage));
        assert_int_equal(stage, STAGE_NONE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_tight),
        cmocka_unit_test(test_the_answer_behind_the_content),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_what_was_not_seen),
        cmocka_unit_test(test_greeting),
        cmocka_unit_test(test_lmtp),
        cmocka_unit_test(test_lmtp_late_recipient),
        cmocka_unit_test(test_recipients_that_are_not_kept),
        cmocka_unit_test(test_recipients_over_blocks),
        cmocka_unit_test(test_names_of_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
