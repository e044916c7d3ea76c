/* Tests of what is kept of a message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail_run.h"

static struct mail_run run;

static void expect_span(struct span s, const char *expected) {
    if (!span_equal(s, span_from_string(expected)))
        fail_msg("got \"%.*s\", expected \"%s\"", (int)s.len, (const char *)s.data, expected);
}

static const struct mail_summary *summary_of(struct span message) {
    (void)run_message(&run, message, 1000001, NO_GAP);
    return &run.summary;
}

#define SUMMARY(text) summary_of(SPAN_LITERAL(text))

/* Of 4,096 bytes that may be read 3,072 are the head. */
static void test_text_cut(void **state) {
    (void)state;
    static char mail[9000];
    run.text_bytes = 4096;
    (void)snprintf(mail, sizeof mail, "Subject: x\r\n\r\n%03000d\r\n", 0);
    assert_false(summary_of(span_from_string(mail))->text_cut);
    (void)snprintf(mail, sizeof mail, "Subject: x\r\n\r\n%08000d\r\n", 0);
    assert_true(summary_of(span_from_string(mail))->text_cut);
    run.text_bytes = 0;
}

static void test_ordinary(void **state) {
    (void)state;
    const struct mail_summary *s = SUMMARY(
        "Received: from a by b\r\nReceived: from c by d\r\n"
        "DKIM-Signature: v=1; d=Mail.Example; s=x\r\nDKIM-Signature: v=1; d=other.example\r\n"
        "From: =?utf-8?Q?Acme=2C_\"Inc\"=2E?= <Sales@ACME.example>\r\nReply-To: x@Elsewhere.example\r\n"
        "To: \"Y\" <y@z.example>\r\nSubject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n"
        "Message-Id: <1@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
        "List-Unsubscribe: <https://u.example/1>\r\nList-Unsubscribe-Post: "
        "List-Unsubscribe=One-Click\r\n\r\nHello\r\n");
    expect_span(s->from, "Acme, \"Inc\". <Sales@ACME.example>");
    expect_span(s->from_domain, "acme.example");
    expect_span(s->from_display, "Acme, \"Inc\".");
    expect_span(s->reply_to_domain, "elsewhere.example");
    expect_span(s->to, "\"Y\" <y@z.example>");
    expect_span(s->subject,
                "Gr\xC3\xBC\xC3\x9F"
                "e");
    expect_span(s->message_id, "<1@acme.example>");
    expect_span(s->dkim_domain, "mail.example");
    expect_span(s->list_unsubscribe, "<https://u.example/1>");
    expect_span(s->content_type, "text/plain");
    assert_true(s->date == INT64_C(1704067200) * NS_PER_S);
    assert_int_equal(s->headers, 14);
    assert_int_equal(s->from_headers, 1);
    assert_int_equal(s->from_addresses, 1);
    assert_int_equal(s->received_headers, 2);
    assert_int_equal(s->dkim_signatures, 2);
    assert_int_equal(s->parts, 1);
    assert_int_equal(s->plain_parts, 1);
    assert_int_equal(s->text_bytes, 7);
    assert_true(s->one_click && s->headers_complete && s->mime_version);
    assert_false(s->date_bad || s->message_id_bad || s->from_bad);
}

static void test_bad_and_missing(void **state) {
    (void)state;
    const struct mail_summary *s = SUMMARY("From: nobody\r\nDate: yesterday\r\nMessage-ID: 123\r\n\r\n");
    assert_true(s->from_bad && s->date_bad && s->message_id_bad);
    assert_int_equal(s->from_addresses, 0);
    assert_true(s->date == 0);
    expect_span(s->from, "nobody");
    expect_span(s->message_id, "");
    s = SUMMARY("X: 1\r\n\r\n");
    assert_false(s->from_bad || s->date_bad || s->message_id_bad || s->mime_version || s->one_click);
    assert_int_equal(s->from_headers + s->date_headers + s->message_id_headers + s->to_headers + s->subject_headers, 0);
}

static void test_first_counts(void **state) {
    (void)state;
    const struct mail_summary *s = SUMMARY(
        "From: a@one.example\r\nFrom: b@two.example\r\nSubject: 1\r\nSubject: 2\r\nDate: x\r\n"
        "Date: 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@a>\r\nMessage-ID: <2@a>\r\nTo: a\r\nTo: b\r\n\r\n");
    expect_span(s->from_domain, "one.example");
    expect_span(s->subject, "1");
    expect_span(s->message_id, "<1@a>");
    expect_span(s->to, "a");
    assert_true(s->date_bad && s->date == 0);
    assert_int_equal(s->from_headers, 2);
    assert_int_equal(s->subject_headers, 2);
    assert_int_equal(s->date_headers, 2);
    assert_int_equal(s->message_id_headers, 2);
    assert_int_equal(s->to_headers, 2);
}

/* Of names: nobody knows which From a reader is shown. */
static void test_names_of_every_from(void **state) {
    (void)state;
    expect_span(SUMMARY("From: One <a@one.example>\r\nFrom: b@two.example\r\nFrom: =?utf-8?q?Zw=C3=B6lf?= <c@x>\r\n"
                        "From: nobody\r\n\r\n")
                    ->from_display,
                "One\nZw\xC3\xB6lf");
    expect_span(
        SUMMARY("From: a@one.example\r\nFrom: 2 <b@x>\r\nFrom: 3 <b@x>\r\nFrom: 4 <b@x>\r\nFrom: 5 <b@x>\r\n\r\n")
            ->from_display,
        "\n2\n3\n4"); /* four are kept */
}

static void test_display_names(void **state) {
    (void)state;
    expect_span(SUMMARY("From: \"A B\" <c@d.example>\r\n\r\n")->from_display, "A B");
    expect_span(SUMMARY("From: c@d.example (A B)\r\n\r\n")->from_display, "A B");
    expect_span(SUMMARY("From: c@d.example\r\n\r\n")->from_display, "");
    /* The structure is that of the raw value: what a word hides is no address. */
    const struct mail_summary *s = SUMMARY("From: =?utf-8?Q?service=40bank.example?= <x@evil.example>\r\n\r\n");
    expect_span(s->from_display, "service@bank.example");
    expect_span(s->from_domain, "evil.example");
    assert_int_equal(s->from_addresses, 1);
    s = SUMMARY("From: =?utf-8?Q?x=40evil.example_=3Cx=40bank.example=3E?= <x@evil.example>\r\n\r\n");
    expect_span(s->from_display, "x@evil.example <x@bank.example>");
    expect_span(SUMMARY("From: \xE4 <c@d.example>\r\n\r\n")->from_display, "\xC3\xA4");
    expect_span(SUMMARY("From: a@\xE4.example\r\n\r\n")->from_domain, "?.example");
}

static void test_parts(void **state) {
    (void)state;
    const struct mail_summary *s = SUMMARY(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>\n--b\n"
        "Content-Type: text/plain\nContent-Disposition: attachment\n\nx\n--b\nContent-Type: image/png\n\nx\n"
        "--b\nContent-Type: message/delivery-status\n\nStatus: 5.0.0\n--b\nContent-Type: message/rfc822\n\n"
        "From: inner@x.example\nSubject: inner\n\ninner\n--b--\n");
    assert_int_equal(s->parts, 5);
    assert_int_equal(s->html_parts, 1);
    assert_int_equal(s->plain_parts, 1);
    assert_int_equal(s->attachments, 1);
    assert_int_equal(s->from_headers, 0); /* headers of parts are not the message's */
    assert_int_equal(s->headers, 1);
    assert_int_equal(s->text_bytes, 3 + 1 + 5);
}

static void test_gap_leaves_headers_incomplete(void **state) {
    (void)state;
    (void)run_message(&run, SPAN_LITERAL("A: 1\r\nB: 2\r\nContent-Type: text/plain\r\n\r\nx\r\n"), 0, 8);
    assert_false(run.summary.headers_complete);
}

static void test_long_values_are_cut(void **state) {
    (void)state;
    static char message[2000];
    size_t len = (size_t)snprintf(message, sizeof message, "Subject: ");
    /* 400 euros of 3 bytes: 256 bytes are 85 of them, and one byte that is left out. */
    for (int i = 0; i < 400; i++) len += (size_t)snprintf(message + len, sizeof message - len, "\xE2\x82\xAC");
    len += (size_t)snprintf(message + len, sizeof message - len, "\r\n\r\n");
    assert_int_equal(summary_of(span_of(message, len))->subject.len, 255);
}

static void test_memory_full(void **state) {
    (void)state;
    struct arena arena;
    struct counters counters = {.packets = 0};
    struct mail_summary summary = {.headers = 0};
    struct mail_item item = {.type = MAIL_HEADER, .name = SPAN_LITERAL("Subject"), .value = SPAN_LITERAL("x")};
    arena_init(&arena, &run.pool, 0);
    mail_summarize(&summary, &item, &arena, &counters);
    assert_int_equal(summary.subject_headers, 1);
    assert_int_equal(summary.subject.len, 0);
    assert_int_equal(counters.message_memory, 1);
}

/* A program that is called a PDF, a picture in the page, and the page, which is none. */
static void test_attached(void **state) {
    (void)state;
    const struct mail_summary *s = SUMMARY(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<html><script></script></html>\r\n"
        "--b\r\nContent-Type: image/gif\r\nContent-ID: <1@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "R0lGODlhyADIAIAAAA==\r\n" /* GIF89a, 200 by 200 */
        "--b\r\nContent-Type: application/pdf; name=\"invoice.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "f0VMRgIBAQA=\r\n" /* 7F ELF */
        "--b--\r\n");
    static const uint16_t expected[ATTACHED_COUNT] = {
        [ATTACHED_EXECUTABLE] = 1, [ATTACHED_DISGUISED] = 1, [ATTACHED_IMAGE_INLINE] = 1, [ATTACHED_IMAGE_SQUARE] = 1};
    assert_memory_equal(s->attached, expected, sizeof expected);
}

/* With an account that may hold little more than a mail without markup, its text is read all the same. */
static void test_markup_waits_for_memory(void **state) {
    (void)state;
    static const char mail[] = "From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>you</b>\r\n";
    struct block_account account = {.min = 1, .max = 1};
    const struct mail_summary *s = summary_of(span_from_string(mail));
    assert_non_null(s->html_facts);
    assert_int_equal(run.counters.markup_unread, 0);
    arena_reset(&run.arena);
    run.arena.account = &account;
    s = summary_of(span_from_string(mail));
    assert_null(s->html_facts);
    assert_int_equal(run.counters.markup_unread, 1);
    assert_int_equal(s->html_parts, 1);
    assert_int_equal(s->text_bytes, 21);
    assert_non_null(strstr(run.record, "<p>Hello <b>you</b>"));
    arena_reset(&run.arena);
    run.arena.account = NULL;
}

static int begin(void **state) {
    (void)state;
    run_begin(&run);
    return 0;
}

static int end(void **state) {
    (void)state;
    run_end(&run);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ordinary),
        cmocka_unit_test(test_text_cut),
        cmocka_unit_test(test_bad_and_missing),
        cmocka_unit_test(test_first_counts),
        cmocka_unit_test(test_names_of_every_from),
        cmocka_unit_test(test_display_names),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_gap_leaves_headers_incomplete),
        cmocka_unit_test(test_memory_full),
        cmocka_unit_test(test_long_values_are_cut),
        cmocka_unit_test(test_attached),
        cmocka_unit_test(test_markup_waits_for_memory),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
