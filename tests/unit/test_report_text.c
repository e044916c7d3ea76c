/* Tests of mailboxes, replies and stages as reports write them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../decoders/report_internal.h"
#include "report_run.h"

static struct arena_block memory[16];
static struct block_pool pool;
static struct arena arena;
static struct counters counters;
static struct report_store store;

static void begin(void) {
    block_pool_leave(memory, sizeof memory);
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    memset(&counters, 0, sizeof counters);
    store = (struct report_store){&arena, &counters};
}

static void expect_reply(const char *said, unsigned code, const char *enhanced, const char *text) {
    struct report_recipient told = {.kind = REPORT_NONE};
    struct enhanced_code wanted = {0, 0, 0};
    begin();
    (void)enhanced_code_parse(span_from_string(enhanced), &wanted);
    struct guarded guarded = guard_copy(span_from_string(said));
    report_read_reply(&store, guarded.bytes, false, &told);
    guard_free(&guarded);
    assert_int_equal(told.reply.code, code);
    assert_int_equal(told.in_reply.class_, wanted.class_);
    assert_int_equal(told.in_reply.subject, wanted.subject);
    assert_int_equal(told.in_reply.detail, wanted.detail);
    assert_int_equal(told.reply.text.len, strlen(text));
    if (*text != '\0') assert_memory_equal(told.reply.text.data, text, strlen(text));
    assert_false(told.reply.cut);
}

static void test_replies(void **state) {
    (void)state;
    expect_reply("550 5.1.1 no such user", 550, "5.1.1", "no such user");
    expect_reply("550 no such user", 550, "", "no such user");
    expect_reply("5.1.1 no such user", 0, "5.1.1", "no such user");
    expect_reply("host mx[192.0.2.1] said: 452 4.2.2 full (in reply to RCPT TO command)", 452, "4.2.2", "full");
    expect_reply("Remote Server returned '550 5.1.1 RESOLVER; not found'", 550, "5.1.1", "RESOLVER; not found");
    expect_reply("Sorry. (#5.1.1)", 0, "5.1.1", "Sorry. (#5.1.1)");
    /* whatever stands before it */
    expect_reply("550 sorry (#5.1.1)", 550, "5.1.1", "sorry (#5.1.1)");
    expect_reply("h said: 550 sorry, no mailbox here by that name (#5.1.1)", 550, "5.1.1",
                 "sorry, no mailbox here by that name (#5.1.1)");
    expect_reply("host mx.a.example said: 550 sorry (#5.1.1)", 550, "5.1.1", "sorry (#5.1.1)");
    expect_reply("550-5.1.1 one 550-5.1.1 two 550 5.1.1 three", 550, "5.1.1", "one two three");
    expect_reply("550-one 550-two 550 three", 550, "", "one two 550 three");
    expect_reply("550 a 550 5.1.1 b", 550, "", "a 550 5.1.1 b");
    expect_reply("550 Empf\\303\\244nger \\8 \\101", 550, "", "Empf\xc3\xa4nger \\8 \\101");
    expect_reply("mailbox is full: retry timeout exceeded", 0, "", "mailbox is full");
    expect_reply("retry timeout exceeded", 0, "", "retry timeout exceeded");
    expect_reply("room 404 is full", 0, "", "room 404 is full");
    expect_reply("he said: 250 is fine", 0, "", "he said: 250 is fine"); /* a sentence tells of no success */
    expect_reply("#550 5.1.1 RESOLVER; not found ##", 550, "5.1.1", "RESOLVER; not found ##");
    expect_reply("It responded as follows: [550 5.1.1 gone]", 550, "5.1.1", "gone");
    expect_reply("[550 5.1.1 gone", 550, "5.1.1", "gone");
    expect_reply("[192.0.2.5], 550 gone", 550, "", "gone");
    expect_reply("552: 5.2.2 full", 552, "5.2.2", "full");
    expect_reply("552:5.2.2 full", 0, "", "552:5.2.2 full");
    expect_reply("552:", 0, "", "552:");
    expect_reply("550 550 5.1.1 gone", 550, "5.1.1", "gone");
    expect_reply("550 450 gone", 550, "", "450 gone");
    expect_reply("550 5.1.1 gone [RCPT_TO]", 550, "5.1.1", "gone");
    expect_reply("(550 5.1.1 gone)", 550, "5.1.1", "gone");
    expect_reply("(550 5.1.1 gone", 550, "5.1.1", "gone");
    expect_reply("he has (550 bytes)", 0, "", "he has (550 bytes)");
    expect_reply("(250 fine)", 0, "", "(250 fine)");
    /* GMX, of a server that has no code before it */
    expect_reply(
        "SMTP error from remote server after RCPT command: host: mx.far.example 5.2.1 <x@far.example>... Unknown", 0,
        "5.2.1", "<x@far.example>... Unknown");
    expect_reply("SMTP error from remote server: host: 192.0.2.1 5.x 2.0.0 it", 0, "",
                 "SMTP error from remote server: host: 192.0.2.1 5.x 2.0.0 it");
    /* IronPort, and SES: its own words, then the other server's */
    expect_reply("5.1.0 - Unknown address error 550-'5.2.2 <x@far.example>... Mailbox Full' (delivery attempts: 0)",
                 550, "5.2.2", "<x@far.example>... Mailbox Full");
    expect_reply("4.3.2 - Not accepting messages at this time 421-'try later'", 421, "", "try later");
    expect_reply("5.1.0 - Unknown address error 550-'it isn't here' (delivery attempts: 0)", 550, "", "it isn't here");
    expect_reply("5.1.0 - Unknown address error 550-'gone", 0, "5.1.0", "- Unknown address error 550-'gone");
    expect_reply("550-'gone'", 550, "", "gone");
    expect_reply("550-it isn't 550 here", 550, "", "it isn't 550 here");
    expect_reply("", 0, "", "");
    expect_reply("550", 0, "", "550");
}

static void test_cut(void **state) {
    (void)state;
    char said[LIMIT_REPLY_TEXT_BYTES + 20];
    struct report_recipient told = {.kind = REPORT_NONE};
    begin();
    memset(said, 'x', sizeof said);
    report_read_reply(&store, span_of(said, sizeof said), false, &told);
    assert_int_equal(told.reply.text.len, LIMIT_REPLY_TEXT_BYTES);
    assert_true(told.reply.cut);
}

static void expect_mailbox(const char *written, const char *expected) {
    struct span mailbox = report_mailbox(span_from_string(written));
    assert_int_equal(mailbox.len, strlen(expected));
    assert_memory_equal(mailbox.data == NULL ? (const uint8_t *)"" : mailbox.data, expected, strlen(expected));
}

static void test_mailboxes(void **state) {
    (void)state;
    expect_mailbox("bob@far.example", "bob@far.example");
    expect_mailbox(" <bob@far.example> ", "bob@far.example");
    expect_mailbox("Bob <bob@far.example>", "bob@far.example");
    expect_mailbox("m\xc3\xbcller@far.example", "m\xc3\xbcller@far.example");
    expect_mailbox("bob at far.example", "");
    expect_mailbox("<>", "");
    /* RFC 5321 4.1.2: a quoted local part may have anything in it; RFC 5322 3.2.2: comments are no part of it. */
    expect_mailbox("\"bob smith\"@far.example", "\"bob smith\"@far.example");
    expect_mailbox("<\"bob smith\"@far.example>", "\"bob smith\"@far.example");
    expect_mailbox("\"<eve@near.example>\"@far.example", "\"<eve@near.example>\"@far.example");
    expect_mailbox("\"a\\\"b>\"@far.example", "\"a\\\"b>\"@far.example");
    expect_mailbox("\"<eve@near.example>\" <bob@far.example>", "bob@far.example");
    expect_mailbox("\"bob@far.example\"", "bob@far.example");
    expect_mailbox("bob@far.example (Bob (<eve@near.example>) B.)", "bob@far.example");
    expect_mailbox(" (a \\) b) bob@far.example", "bob@far.example");
    expect_mailbox("(Bob) <bob@far.example> (\")", "bob@far.example");
    expect_mailbox("bob@far.example (Bob", "");
    expect_mailbox("bo(x)b@far.example", "");
    expect_mailbox("\"bob smith@far.example", "");
    expect_mailbox("\"bob smith\" @far.example", "");
    expect_mailbox("\"bob\nsmith\"@far.example", "");
    expect_mailbox("bob\" smith\"@far.example", "");
    expect_mailbox("\"\"", "");
    expect_mailbox("<bob@far.example", "bob@far.example");
    expect_mailbox("(", "");
    expect_mailbox(")", ")"); /* a byte as another */
    expect_mailbox("", "");
    char long_one[LIMIT_ADDRESS_BYTES + 2];
    memset(long_one, 'a', sizeof long_one);
    long_one[LIMIT_ADDRESS_BYTES + 1] = '\0';
    expect_mailbox(long_one, "");
}

static void test_stages(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum stage stage;
    } cases[] = {{"x (in reply to RCPT TO command)", STAGE_RCPT},
                 {"x (in reply to end of DATA command)", STAGE_BODY},
                 {"x (in reply to DATA command)", STAGE_DATA},
                 {"x (in reply to MAIL FROM command)", STAGE_MAIL},
                 {"host mx refused to talk to me: 554 no", STAGE_GREETING},
                 {"SMTP error from remote mail server after RCPT TO:<a@b>: 550 no", STAGE_RCPT},
                 {"SMTP error from remote mail server after pipelined end of data: 550 no", STAGE_BODY},
                 {"mx did not like our final DATA: 550", STAGE_BODY},
                 {"192.0.2.1 failed after I sent the message.", STAGE_BODY},
                 {"(in reply to HELO command)", STAGE_NONE},
                 {"", STAGE_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(report_stage(span_from_string(cases[i].text)), cases[i].stage);
}

static void test_no_memory(void **state) {
    (void)state;
    struct report_list list = {.count = 0};
    begin();
    arena_init(&arena, &pool, 0);
    assert_int_equal(report_keep(&store, SPAN_LITERAL("x"), 5).len, 0);
    assert_null(report_add(&store, &list, SPAN_LITERAL("a@b")));
    assert_int_equal(counters.message_memory, 2);
    assert_int_equal(list.dropped, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies), cmocka_unit_test(test_cut),       cmocka_unit_test(test_mailboxes),
        cmocka_unit_test(test_stages),  cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
