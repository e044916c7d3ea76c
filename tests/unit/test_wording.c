/* Wording: what privacy hides, and what it leaves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "publish/wording.h"
#include "publish_samples.h"

static struct config config;
static struct wording wording;
static struct word_buffer buffer;

static void with(enum privacy_mode mode) {
    sample_config(&config);
    config.addresses = config.subjects = mode;
    wording_init(&wording, &config, NULL, NULL);
}

static const char *terminated(struct span span) {
    static char text[2048];
    if (span.len > 0) memcpy(text, span.data, span.len);
    text[span.len] = '\0';
    return text;
}

static const char *mailbox(const char *text) {
    return terminated(word_mailbox(&wording, span_from_string(text), &buffer));
}

static const char *reply(const char *text) {
    return terminated(word_reply_text(&wording, span_from_string(text), false, &buffer));
}

static const char *subject(const char *text) {
    return terminated(word_subject(&wording, span_from_string(text), &buffer));
}

static void masked(void **state) {
    (void)state;
    with(PRIVACY_MASKED);
    assert_string_equal(mailbox("alice@example.com"), "a***@example.com");
    assert_string_equal(mailbox("a@example.com"), "a***@example.com");
    assert_string_equal(mailbox("@example.com"), "***@example.com");
    assert_string_equal(mailbox("\xc3\xb6zil@example.com"), "\xc3\xb6***@example.com");
    assert_string_equal(mailbox("postmaster"), "p***");
    assert_string_equal(mailbox("\"a@b\"@example.com"), "\"***@example.com");
    assert_int_equal(word_mailbox(&wording, SPAN_EMPTY, &buffer).len, 0);
    assert_string_equal(subject("Your  invoice\t2026-17 "), "Y*** i*** 2***");
    assert_string_equal(subject("\xc3\x9c"
                                "berweisung"),
                        "\xc3\x9c***");
    assert_int_equal(word_subject(&wording, SPAN_EMPTY, &buffer).len, 0);
}

static void masked_in_replies(void **state) {
    (void)state;
    with(PRIVACY_MASKED);
    assert_string_equal(reply("User unknown"), "User unknown");
    assert_string_equal(reply("<bob@example.com>: no such user"), "<b***@example.com>: no such user");
    assert_string_equal(reply("bob@example.com"), "b***@example.com");
    assert_string_equal(reply("to=bob.o'hara+x@[192.0.2.1], from eve@b.example."),
                        "t***@[192.0.2.1], from e***@b.example.");
    assert_string_equal(reply("<\"bob smith\"@example.com> gone"), "<\"***@example.com> gone");
    assert_string_equal(reply("<\"bob \\\" smith\"@example.com> gone"), "<\"***@example.com> gone");
    assert_string_equal(reply("<bob(at home)@example.com> gone"), "<b***@example.com> gone");
    assert_string_equal(reply("<eve@b.example, bob@example.com> gone"), "<e***@b.example, b***@example.com> gone");
    assert_string_equal(reply("<mx.example #5.7.1 smtp;550 no relay for bob@example.com>"),
                        "<mx.example #5.7.1 smtp;550 no relay for b***@example.com>"); /* as Exchange says it */
    assert_string_equal(reply("\"bob\".\"b smith\"@example.com gone"), "\"***@example.com gone");
    assert_string_equal(reply("a < b, bob@example.com"), "a < b, b***@example.com");
    assert_string_equal(reply("<https://mx.example/?bob@example.com>"), "<https:/***@example.com>");
    assert_string_equal(reply("queued @ host, a @b c@ d"), "queued @ host, a @b c@ d");
    assert_string_equal(reply("x@y@z"), "x***@y@z");
    assert_string_equal(reply("\"@a \"b@c"), "\"@a \"b***@c");
    assert_string_equal(reply("@"), "@");
}

static const char *cut_reply(const char *text) {
    return terminated(word_reply_text(&wording, span_from_string(text), true, &buffer));
}

#define CUT "\xe2\x80\xa6"

/* The @ and the domain may have been cut off: what could be a local part is not shown. */
static void cut_replies(void **state) {
    (void)state;
    with(PRIVACY_MASKED);
    assert_string_equal(cut_reply("unknown user <jane.doe.s"), "unknown user <" CUT);
    assert_string_equal(cut_reply("unknown user jane"), "unknown user " CUT);
    assert_string_equal(cut_reply("jane.doe"), CUT);
    assert_string_equal(cut_reply("to=jane.doe@"), CUT); /* "=" may stand in a local part */
    assert_string_equal(cut_reply("<bob@example.com> and <jane"), "<b***@example.com> and <" CUT);
    assert_string_equal(cut_reply("unknown <jane@exam"), "unknown <j***@exam");
    assert_string_equal(cut_reply("unknown <jane@[192.0"), "unknown <j***@[" CUT);
    assert_string_equal(cut_reply("unknown <jane@x.example>: "), "unknown <j***@x.example>: ");
    assert_string_equal(cut_reply("unknown <\"jane doe"), "unknown <" CUT);
    assert_string_equal(cut_reply("unknown <\"jane doe\""), "unknown <" CUT);
    assert_string_equal(cut_reply("unknown <\"jane doe\"@"), "unknown <" CUT);
    assert_string_equal(cut_reply("unknown <\"jane \\\"x\\\" doe"), "unknown <" CUT);
    assert_string_equal(cut_reply("unknown <jane(her other name"), "unknown <" CUT);
    assert_string_equal(cut_reply("<bob@x.example> <jane(her <other"), "<b***@x.example> <" CUT);
    assert_string_equal(cut_reply("unknown <jane@(her other name"), "unknown <" CUT);
    assert_string_equal(cut_reply("unknown \xc3\xb6zil\xc3"), "unknown " CUT);
    assert_string_equal(cut_reply(""), "");
    assert_string_equal(cut_reply("@"), CUT);
    assert_string_equal(cut_reply("\""), CUT);
    with(PRIVACY_HASHED);
    assert_string_equal(cut_reply("unknown user <jane.doe.s"), "unknown user <" CUT);
    with(PRIVACY_FULL);
    assert_string_equal(cut_reply("unknown user <jane.doe.s"), "unknown user <jane.doe.s");
}

/* Both limits are told by the length of the text. */
static void cut_at_the_limits(void **state) {
    (void)state;
    char text[LIMIT_REPLY_TEXT_BYTES + 1];
    struct verdict verdict = sample_verdict();
    with(PRIVACY_MASKED);
    memset(text, 'y', sizeof text);
    memcpy(text + LIMIT_REPLY_TEXT_BYTES - 5, " jane", 5);
    struct smtp_reply reply_cut = {.code = 550, .text = span_of(text, LIMIT_REPLY_TEXT_BYTES)};
    assert_null(strstr(terminated(word_reply(&wording, &reply_cut, &buffer)), "jane"));
    reply_cut.text = span_from(reply_cut.text, 1);
    assert_non_null(strstr(terminated(word_reply(&wording, &reply_cut, &buffer)), " jane"));
    /* A line can be cut before that, when it begins with hundreds of blanks. */
    struct smtp_reply short_cut = {.code = 550, .text = SPAN_LITERAL("no user jane"), .cut = true};
    assert_string_equal(terminated(word_reply(&wording, &short_cut, &buffer)), "no user \xe2\x80\xa6");
    strcpy(verdict.reply_text, "no user jane");
    verdict.reply_cut = true;
    assert_string_equal(terminated(word_evidence_text(&wording, &verdict, &buffer)), "no user \xe2\x80\xa6");
    verdict.reply_cut = false;
    assert_string_equal(terminated(word_evidence_text(&wording, &verdict, &buffer)), "no user jane");
    for (size_t length = VERDICT_TEXT_BYTES - 8; length < VERDICT_TEXT_BYTES; length++) {
        memset(verdict.reply_text, 0, sizeof verdict.reply_text);
        memset(verdict.reply_text, 'y', length - 5);
        memcpy(verdict.reply_text + length - 5, " jane", 5);
        bool shown = strstr(terminated(word_evidence_text(&wording, &verdict, &buffer)), "jane") != NULL;
        assert_int_equal(shown, length < VERDICT_TEXT_BYTES - 4);
    }
}

static void full(void **state) {
    (void)state;
    with(PRIVACY_FULL);
    assert_string_equal(mailbox("alice@example.com"), "alice@example.com");
    assert_string_equal(reply("<bob@example.com>: no"), "<bob@example.com>: no");
    assert_string_equal(subject("Your  invoice"), "Your  invoice");
}

/* Expected by Python: k = blake2b(b"a key of the tests", digest_size=32);
 * blake2b(b"alice@example.com", key=k, digest_size=32).hexdigest()[:16], and so on. */
static void hashed(void **state) {
    (void)state;
    with(PRIVACY_HASHED);
    assert_string_equal(mailbox("alice@example.com"), "724db999908adbc9@example.com");
    assert_string_equal(mailbox("Alice@Example.COM"), "724db999908adbc9@Example.COM");
    assert_string_equal(mailbox("alice@example.org"), "074b482fff9e22f6@example.org");
    assert_string_equal(reply("<alice@example.com>"), "<724db999908adbc9@example.com>");
    assert_string_equal(subject("Your invoice"), "e159fd2cb1470ce8");
    strcpy(config.privacy_key, "");
    wording_init(&wording, &config, NULL, NULL);
    assert_string_not_equal(mailbox("alice@example.com"), "724db999908adbc9@example.com"); /* a key of this run */
}

/* A configuration that was read again: its modes hold, the random key stays. */
static void renewed(void **state) {
    (void)state;
    struct config next;
    char before[64];
    with(PRIVACY_HASHED);
    strcpy(config.privacy_key, "");
    wording_init(&wording, &config, NULL, NULL);
    strcpy(before, mailbox("alice@example.com"));
    sample_config(&next);
    next.addresses = PRIVACY_HASHED;
    next.subjects = PRIVACY_FULL;
    wording_renew(&wording, &next, NULL, NULL);
    assert_string_equal(mailbox("alice@example.com"), before);
    assert_string_equal(subject("Your invoice"), "Your invoice");
}

/* A text of the allowed length, whatever is in it, is never written beyond the buffer. */
static void bounded(void **state) {
    (void)state;
    char text[LIMIT_REPLY_TEXT_BYTES * 8];
    for (unsigned mode = PRIVACY_FULL; mode <= PRIVACY_HASHED; mode++) {
        with((enum privacy_mode)mode);
        for (size_t i = 0; i < sizeof text; i++) text[i] = "a@b "[i % 4];
        assert_true(word_reply_text(&wording, span_of(text, sizeof text), mode % 2 == 0, &buffer).len <= sizeof text);
        assert_true(word_mailbox(&wording, span_of(text, sizeof text), &buffer).len <= sizeof text);
        for (size_t i = 0; i < sizeof text; i++) text[i] = "a "[i % 2];
        assert_true(word_subject(&wording, span_of(text, sizeof text), &buffer).len <= sizeof text);
        memset(text, '@', sizeof text);
        assert_true(word_reply_text(&wording, span_of(text, sizeof text), mode % 2 == 0, &buffer).len <= sizeof text);
    }
}

static void names(void **state) {
    (void)state;
    char text[PREFIX_TEXT_BYTES], code[24], id[EVENT_ID_BYTES];
    struct ip_address v4 = sample_ipv4(192, 0, 2, 7);
    struct ip_address v6 = {{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2}};
    assert_string_equal(prefix_to_text(&v4, 128, text), "192.0.2.7/32");
    assert_string_equal(prefix_to_text(&v6, 64, text), "2001:db8:1:2::/64");
    assert_string_equal(enhanced_to_text(&(struct enhanced_code){5, 7, 26}, code), "5.7.26");
    assert_string_equal(enhanced_to_text(&(struct enhanced_code){4, 0, 999}, code), "4.0.999");
    assert_string_equal(enhanced_to_text(&(struct enhanced_code){255, 65535, 65535}, code), "255.65535.65535");
    assert_null(enhanced_to_text(&(struct enhanced_code){0, 1, 1}, code));
    with(PRIVACY_FULL);
    struct decision decision = sample_decision(DECISION_BLOCK);
    assert_string_equal(event_id(&wording, &decision, id), "sensor 1/192.0.2.7/3/2026-01-02T03:04:05.123456Z");
    assert_null(word_rule(&wording, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masked),      cmocka_unit_test(masked_in_replies), cmocka_unit_test(full),
        cmocka_unit_test(cut_replies), cmocka_unit_test(cut_at_the_limits), cmocka_unit_test(hashed),
        cmocka_unit_test(renewed),     cmocka_unit_test(bounded),           cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
