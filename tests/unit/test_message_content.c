/* message_content: a body, whole and with a hole, becomes a summary and a scan that finds a rule's word.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_bench.h"
#include "message_content.h"

static struct message *new_message(struct bench *b) {
    struct arena arena;
    arena_init(&arena, &b->pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct message *message = arena_alloc(&arena, sizeof *message);
    assert_non_null(message);
    message->arena = arena;
    return message;
}

static const struct stream_info stranger;

static void body(struct bench *b, struct message *message, const char *text) {
    struct smtp_item item = {.type = SMTP_BODY, .message = message, .bytes = span_from_string(text)};
    message_content_read(&b->shared, &stranger, &item);
}

static void end(struct bench *b, struct message *message) {
    struct smtp_item item = {.type = SMTP_BODY_END, .message = message};
    message_content_read(&b->shared, &stranger, &item);
}

static void a_body(void **state) {
    struct bench *b = *state;
    struct message *message = new_message(b);
    assert_null(message_content_summary(message));
    assert_null(message_content_scan(message));
    body(b, message, "From: a@b.example\r\nSubj");
    body(b, message, "ect: hi\r\nMessage-ID: <1@b.example>\r\n\r\nyour or");
    body(b, message, "der\r\n");
    end(b, message);
    const struct mail_summary *summary = message_content_summary(message);
    assert_true(span_equal(summary->subject, SPAN_LITERAL("hi")));
    assert_true(span_equal(summary->message_id, SPAN_LITERAL("<1@b.example>")));
    assert_non_null(message_content_scan(message));
    message_content_end(message);
    message_free(message);
}

/* What the markup does is counted while the text is searched; what is attached is no page. */
static void a_body_of_html(void **state) {
    struct bench *b = *state;
    struct message *message = new_message(b);
    body(b, message, "From: a@shop.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n");
    body(b, message, "--x\r\nContent-Type: text/html\r\n\r\n<p>some<i hidd");
    body(b, message, "en>more</i></p><a href=http://a.com/>www.b.com\r\n--x\r\nContent-Type: text/html\r\n");
    body(b, message, "Content-Disposition: attachment\r\n\r\n<form>text</form>\r\n--x--\r\n");
    end(b, message);
    const struct html_figures *html = &message_content_summary(message)->html;
    assert_int_equal(html->visible_bytes, strlen("some") + strlen("www.b.com"));
    assert_int_equal(html->hidden_bytes, strlen("more"));
    assert_int_equal(html->link_text_elsewhere, 1); /* though its end is missing */
    assert_int_equal(html->link_text_foreign, 1);
    assert_int_equal(html->forms, 0);
    assert_int_equal(message_content_summary(message)->url_figures.urls, 1);
    assert_int_equal(message_content_summary(message)->url_figures.of_from, 0);
    message_content_end(message);
    message_free(message);
}

#define VERSION \
    "Thank you for your order, which arrives tomorrow morning; follow the parcel under this number below here"
#define OTHER \
    "Your mailbox reached storage limit: verify account details today otherwise access becomes suspended forever"

static const struct mail_summary *read_versions(struct bench *b, struct message *message, const char *plain) {
    body(b, message, "From: a@shop.com\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n");
    body(b, message, plain);
    body(b, message, "\r\n--x\r\nContent-Type: text/html\r\n\r\n<table><tr><td>" VERSION "</td></tr></table>\r\n");
    body(b, message, "--x--\r\n");
    end(b, message);
    return message_content_summary(message);
}

static void versions_of_a_body(void **state) {
    struct bench *b = *state;
    static const struct {
        const char *plain;
        unsigned difference_min, difference_max, needless;
        bool empty;
    } cases[] = {
        {"\r\n" VERSION, 0, 0, 0, false},
        {"\r\n" OTHER, 90, 100, 0, false},
        {"\r\n \r\n", 0, 0, 0, true},
        {"Content-Transfer-Encoding: base64\r\n\r\nVGhhbmsgeW91\r\n", 0, 0, 1, true}, /* "Thank you" */
        {"Content-Transfer-Encoding: base64\r\n\r\n0JfQsNC60LDQtyDQv9GA0LjQvdGP0YI=\r\n", 0, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct message *message = new_message(b);
        const struct mail_summary *summary = read_versions(b, message, cases[i].plain);
        assert_in_range(summary->text_difference, cases[i].difference_min, cases[i].difference_max);
        assert_int_equal(summary->base64_needless, cases[i].needless);
        assert_true((summary->plain.ink < 10) == cases[i].empty);
        message_content_end(message);
        message_free(message);
    }
}

static void a_body_with_a_hole(void **state) {
    struct bench *b = *state;
    struct message *message = new_message(b);
    body(b, message, "Subject: hi\r\nFrom: a@");
    struct smtp_item gap = {.type = SMTP_BODY_GAP, .message = message, .length = 100};
    message_content_read(&b->shared, &stranger, &gap);
    body(b, message, " text\r\n");
    end(b, message);
    assert_true(span_equal(message_content_summary(message)->subject, SPAN_LITERAL("hi")));
    message_content_end(message);
    message_free(message);
}

/* Behind the headers nothing is read: no part of a type that nobody knows is counted. */
static void a_body_that_no_rule_looks_at(void **state) {
    struct bench *b = *state;
    struct ruleset *before = b->shared.rules;
    static const char *const texts[] = {
        "rules: [{name: A, look_at: subject, match: 'x', points: 1, description: d}]\n",
        "rules: [{name: A, when: 'date_missing', points: 1, description: d}]\n",
        "rules: [{name: A, when: 'parts > 9', points: 1, description: d}]\n",
        "rules: [{name: A, look_at: uri, match: 'x', points: 1, description: d}]\n",
    };
    for (unsigned i = 0; i < 4; i++) {
        struct problem problem;
        struct rules_source source = {RULE_CONTENT, "test", span_from_string(texts[i])};
        b->shared.rules = ruleset_load(&source, 1, &problem);
        if (b->shared.rules == NULL) fail_msg("%s", problem.what);
        struct message *message = new_message(b);
        body(b, message, "Subject: hi\r\n\r\ntext\r\n");
        end(b, message);
        assert_true(message_content_summary(message)->headers_complete);
        assert_true(span_equal(message_content_summary(message)->subject, SPAN_LITERAL("hi")));
        assert_int_equal(message_content_summary(message)->parts, i < 2 ? 0 : 1);
        assert_int_equal(message_content_summary(message)->text_bytes, i < 2 ? 0 : strlen("text\r\n"));
        message_content_end(message);
        message_free(message);
        ruleset_free(b->shared.rules);
    }
    b->shared.rules = before;
}

/* Whether one text goes to many is asked in the judge; what is compared there is made of the body all the same. */
static void a_body_that_only_rules_about_the_source_ask_for(void **state) {
    struct bench *b = *state;
    struct ruleset *before = b->shared.rules;
    static const struct {
        const char *when;
        bool asks;
    } cases[] = {{"source_alike > 9", true},
                 {"not (1 > source_alike_recipients)", true},
                 {"source_subjects_alike > 9", false},
                 {"source_from_domains > 9 and source_recipients_refused > 1", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        struct problem problem;
        struct facts facts = {{0}};
        (void)snprintf(text, sizeof text, "rules: [{name: A, when: '%s', points: 1, description: d}]\n", cases[i].when);
        struct rules_source source = {RULE_CONTENT, "test", span_from_string(text)};
        b->shared.rules = ruleset_load(&source, 1, &problem);
        if (b->shared.rules == NULL) fail_msg("%s", problem.what);
        struct message *message = new_message(b);
        body(b, message, "Subject: hi\r\n\r\nsome words of a letter\r\n");
        end(b, message);
        rule_scan_facts(message_content_scan(message), &facts);
        assert_int_equal(rule_scan_fingerprint(message_content_scan(message)) != 0, cases[i].asks);
        message_content_end(message);
        message_free(message);
        ruleset_free(b->shared.rules);
    }
    b->shared.rules = before;
}

static void no_memory(void **state) {
    struct bench *b = *state;
    struct message *message = new_message(b);
    struct arena all;
    arena_init(&all, &b->pool, BLOCKS * sizeof *memory);
    while (arena_alloc(&all, 2000) != NULL) continue;
    while (arena_alloc(&message->arena, 64) != NULL) continue;
    body(b, message, "Subject: hi\r\n\r\ntext\r\n");
    end(b, message);
    assert_null(message_content_summary(message));
    assert_true(counters.message_memory > 0);
    message_content_end(message);
    message_free(message);
    arena_reset(&all);
}

/* Its rules are given up in the middle: it is read to its end, and searched no more. */
static void rules_that_are_given_up(void **state) {
    struct bench *b = *state;
    struct message *message = new_message(b);
    body(b, message, "From: a@b.example\r\nSubj");
    assert_non_null(message_content_scan(message));
    assert_int_equal(ruleset_abandon(rules), 1);
    body(b, message, "ect: hi\r\n\r\nyour order\r\n");
    end(b, message);
    assert_true(span_equal(message_content_summary(message)->subject, SPAN_LITERAL("hi")));
    assert_null(message_content_scan(message));
    message_content_end(message);
    message_free(message);
}

int main(void) {
    const struct CMUnitTest tests[] = {T(a_body),
                                       T(a_body_of_html),
                                       T(versions_of_a_body),
                                       T(a_body_with_a_hole),
                                       T(a_body_that_no_rule_looks_at),
                                       T(a_body_that_only_rules_about_the_source_ask_for),
                                       T(no_memory),
                                       T(rules_that_are_given_up)};
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
