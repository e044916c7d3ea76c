/* Matching: headers in every form, what PCRE2 confirms, conditions, and scans that are given up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/rules_internal.h"
#include "rule_scan_bench.h"

static void confirms_by_pcre2(void **state) {
    (void)state;
    assert_text(false, "we said hello hello to them", "REPEAT", true);
    assert_text(false, "we said hello hullo to them", "REPEAT", false);
    /* Far into the text, so that it lies over the border of two windows. */
    for (size_t pad = 1490; pad < 1550; pad += 6) {
        char text[2000];
        for (size_t i = 0; i < pad; i++) text[i] = "a b c d "[i % 8];
        strcpy(text + pad, " said twice twice and so on");
        assert_text(false, text, "REPEAT", true);
    }
}

/* Each place of such a text costs a step for each byte behind it.  The limit is one of each message. */
static void slow_confirmations_are_given_up_and_counted(void **state) {
    (void)state;
    static const char slow[] = "rules:\n" RULE("SLOW", "body", "(?=.*bill)(?=.*paid).*@") RULE("QUICK", "body", "plain")
        RULE("ECHO", "header X-Echo", "^@(?!.*@[^>]*bank)");
    static char text[60000];
    struct fixture f;
    begin_with(&f, slow, LIMIT_MESSAGE_ARENA_BYTES);
    for (size_t i = 0; i + 1 < sizeof text; i++) text[i] = "a bill@ "[i % 8];
    memcpy(text + sizeof text - 20, "plain", 5);
    scan_text(&f, false, text, 1448, 1);
    assert_true(fired(&f, "QUICK"));
    assert_false(fired(&f, "SLOW"));
    assert_int_equal(f.counters.confirm_cut, 1);
    again(&f);
    scan_text(&f, false, "the bill is paid to a@b.example", 7, 1);
    assert_true(fired(&f, "SLOW"));
    assert_int_equal(f.counters.confirm_cut, 1);
    again(&f);
    memset(text, '@', 1800);
    scan_header(f.scan, "X-Echo", span_of((const uint8_t *)text, 1800));
    assert_int_equal(f.counters.confirm_cut, 2);
    finish(&f);
}

static void finds_headers(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    scan_header(f.scan, "from", SPAN_LITERAL("Bank <x@bank.example>"));
    scan_header(f.scan, "X-Other", SPAN_LITERAL("Mass"));
    scan_header(f.scan, "X-MAILER", SPAN_LITERAL("a Mass"));
    scan_header(f.scan, "Subject", SPAN_EMPTY);
    assert_false(fired(&f, "FROM") || fired(&f, "MAILER") || fired(&f, "SUBJECT"));
    scan_header(f.scan, "FROM", SPAN_LITERAL("Bank <x@other.example>"));
    scan_header(f.scan, "x-mailer", SPAN_LITERAL("Mass"));
    scan_header(f.scan, "SUBJECT", SPAN_LITERAL("for Free"));
    assert_true(fired(&f, "FROM") && fired(&f, "MAILER") && fired(&f, "SUBJECT"));
    assert_false(rule_scan_fired(f.scan, 9999));
    finish(&f);
}

static const char *const looks_file =
    "rules:\n" RULE("ADDR", "header From:addr", "^a@b\\.example$") RULE("NAME", "header From:name", "^Bank \xc3\xa9$")
        RULE("RAW", "header From:raw", "=\\?utf-8\\?") RULE("ANY", "headers", "^X-Odd: x$")
            RULE("MIME", "mime Content-Type", "name=x\\.exe")
                "  - {name: THERE, look_at: header X-Odd, points: 1, description: d}\n"
                "  - {name: PART_THERE, look_at: mime Content-ID, points: 1, description: d}\n" RULE(
                    "SOURCE", "raw", "^<b>win<!-- -->ner$") RULE("ECHO", "raw", "<(\\w)>win.*<\\1>");

static void looks_at_forms_of_headers(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, looks_file, LIMIT_MESSAGE_ARENA_BYTES);
    struct mail_item item = {.type = MAIL_HEADER,
                             .name = SPAN_LITERAL("FROM"),
                             .raw = SPAN_LITERAL("=?utf-8?q?Bank_=C3=A9?= <a@b.example>, c@d.example"),
                             .value = SPAN_LITERAL("Bank \xc3\xa9 <a@b.example>, c@d.example")};
    rule_scan_header(f.scan, &item);
    assert_true(fired(&f, "ADDR") && fired(&f, "NAME") && fired(&f, "RAW"));
    assert_false(fired(&f, "ANY") || fired(&f, "THERE"));
    scan_header(f.scan, "x-odd", SPAN_EMPTY);
    assert_true(fired(&f, "THERE"));
    assert_false(fired(&f, "ANY"));
    scan_header(f.scan, "X-Odd", SPAN_LITERAL("x"));
    assert_true(fired(&f, "ANY"));
    again(&f);
    item.part = 2;
    rule_scan_header(f.scan, &item);
    assert_false(fired(&f, "ADDR") || fired(&f, "NAME") || fired(&f, "RAW"));
    scan_header(f.scan, "From", SPAN_LITERAL("nobody"));
    assert_false(fired(&f, "ADDR") || fired(&f, "NAME"));
    finish(&f);
}

/* Brand names in Cyrillic and Greek letters, in bold ones, with what has no width in them; and in plain ones. */
static void looks_at_how_headers_look(void **state) {
    (void)state;
    static const struct {
        const char *name, *value;
        bool whole, display;
    } cases[] = {
        {"From", "\"P\xd0\xb0y\xd0\xa0\xd0\xb0l Service\" <x@b.example>", true, true},
        {"from",
         "\xce\xa1"
         "ay\xe2\x80\x8bPal  <x@b.example>",
         true, true},
        {"From", "PayPal <x@b.example>", true, true},
        {"From",
         "\xf0\x9d\x97\xa3\xf0\x9d\x97\xae\xf0\x9d\x98\x86\xf0\x9d\x97\xbd\xf0\x9d\x97\xae\xf0\x9d\x97\xb9 "
         "<x@b.example>",
         true, true},
        {"From", "Anna <x@paypal.example>", true, false},
        {"From", "Pay my pal <x@b.example>", false, false},
        {"From", "nobody", false, false},
        {"From", "", false, false},
        {"Subject", "Your P\xd0\xb0yPal", false, false},
    };
    struct fixture f;
    begin_with(&f,
               "rules:\n" RULE("WHOLE", "header From:skeleton", "\\bpaypal\\b")
                   RULE("DISPLAY", "header From:name:skeleton", "\\bpaypal\\b")
                       RULE("SUBJECT", "header Subject:skeleton", "^your paypal$") RULE("PLAIN", "subject", "paypal"),
               LIMIT_MESSAGE_ARENA_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scan_header(f.scan, cases[i].name, span_from_string(cases[i].value));
        assert_int_equal(fired(&f, "WHOLE"), cases[i].whole);
        assert_int_equal(fired(&f, "DISPLAY"), cases[i].display);
        assert_int_equal(fired(&f, "SUBJECT"), strcmp(cases[i].name, "Subject") == 0);
        assert_false(fired(&f, "PLAIN"));
        again(&f);
    }
    uint8_t longest[LIMIT_HEADER_VALUE_BYTES + 9];
    memset(longest, 'x', sizeof longest); /* what is behind the most that is kept is not seen */
    memcpy(longest + LIMIT_HEADER_VALUE_BYTES - 7, " paypal", 7);
    struct guarded copy = guard_copy(span_of(longest, sizeof longest));
    scan_header(f.scan, "From", span_head(copy.bytes, LIMIT_HEADER_VALUE_BYTES));
    assert_true(fired(&f, "WHOLE"));
    again(&f);
    scan_header(f.scan, "From", copy.bytes);
    assert_true(fired(&f, "WHOLE"));
    guard_free(&copy);
    finish(&f);
}

static void looks_at_whose_address_a_name_has(void **state) {
    (void)state;
    static const struct {
        const char *value;
        bool own;
    } cases[] = {
        {"\"P\xd0\xb0yPal, Inc.\" <service@mail.PAYPAL.co.uk>", true},
        {"PayPal <x@paypal.com>", true},
        {"PayPal <x@paypal.abc.shop>", false},
        {"PayPal <x@paypal-support.com>", false},
        {"PayPal <x@paypal.github.io>", false},
        {"PayPal <x@paypal.com.de>", false},
        {"\"PayPal <paypal.com>\" <x@b.example>", false},
        {"x@paypal.com", false}, /* no name */
        {"PayPal <x@p\xd0\xb0ypal.com>", false},
        {"PayPal", false},
        {"PayPal <x@[192.0.2.1]>", false},
    };
    struct fixture f;
    begin_with(&f, "rules:\n" RULE("OWN", "header From:name:org", "^paypal[^<]*<paypal\\.[a-z.]+>$"),
               LIMIT_MESSAGE_ARENA_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scan_header(f.scan, "From", span_from_string(cases[i].value));
        if (fired(&f, "OWN") != cases[i].own) fail_msg("%s", cases[i].value);
        again(&f);
    }
    uint8_t longest[LIMIT_HEADER_VALUE_BYTES];
    memset(longest, 'x', sizeof longest); /* the name is cut, and not whose the address is */
    memcpy(longest, "PayPal ", 7);
    memcpy(longest + sizeof longest - 15, " <x@paypal.com>", 15);
    struct guarded copy = guard_copy(span_of(longest, sizeof longest));
    scan_header(f.scan, "From", copy.bytes);
    assert_true(fired(&f, "OWN"));
    guard_free(&copy);
    finish(&f);
}

static void looks_at_headers_of_parts(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, looks_file, LIMIT_MESSAGE_ARENA_BYTES);
    for (unsigned part = 0; part < 3; part++) {
        struct span const value = SPAN_LITERAL("application/octet-stream; name=x.exe");
        struct mail_item const type = {
            .type = MAIL_HEADER, .part = part, .name = SPAN_LITERAL("content-type"), .raw = value, .value = value};
        struct mail_item const id = {.type = MAIL_HEADER, .part = part, .name = SPAN_LITERAL("Content-Id")};
        rule_scan_header(f.scan, &type);
        assert_true(fired(&f, "MIME") && !fired(&f, "PART_THERE"));
        rule_scan_header(f.scan, &id);
        assert_true(fired(&f, "PART_THERE") && !fired(&f, "THERE"));
        again(&f);
    }
    finish(&f);
}

#define SHARED 500
#define BOTH(name, expression) RULE(name, "[header SUBJECT, body]", expression)

/* So many rules look at subject and body that both are searched by one database, which has body's other rules, too. */
static char *rules_for_subject_and_body(void) {
    static char text[SHARED * 160 + 2000];
    size_t used = (size_t)snprintf(text, sizeof text,
                                   "rules:\n" BOTH("PHRASE", "(?i)next of kin") BOTH("LAST", "the end$")
                                       BOTH("TWICE", "said (\\w{4,}) \\1\\b") RULE("ONLY_BODY", "body", "widow")
                                           RULE("ONLY_SUBJECT", "subject", "urgent") RULE("AHEAD", "body", "win(?!dow)")
                                               RULE("RAW_SUBJECT", "[header Subject:raw, body]", "=[?]utf-8"));
    for (unsigned i = 0; i < SHARED; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 BOTH("SHARED_%03u", "a phrase of about forty letters, number %u of many"), i, i);
    assert_true(used < sizeof text);
    return text;
}

static void assert_only(const struct fixture *f, const char *expected) {
    for (unsigned i = 0; i < ruleset_count(f->rules); i++) {
        const char *name = ruleset_rule(f->rules, i)->name;
        if (rule_scan_fired(f->scan, i) != (strstr(expected, name) != NULL))
            fail_msg("%s, expected %s", name, expected);
    }
}

static void subjects_are_searched_by_body_s_database(void **state) {
    (void)state;
    static const struct {
        const char *subject, *fired;
    } cases[] = {
        {"Your Next of Kin", "PHRASE"},
        {"this is the end", "LAST"},
        {"the end is near", ""},
        {"we said hello hello", "TWICE"},
        {"we said hello hullo", ""},
        {"widow, window: wins", ""},
        {"urgent: a phrase of about forty letters, number 499 of many", "ONLY_SUBJECT SHARED_499"},
        {"=?utf-8 is raw, too", "RAW_SUBJECT"}, /* raw and decoded are the same here */
        {"", ""},
    };
    struct fixture f;
    begin_with(&f, rules_for_subject_and_body(), LIMIT_MESSAGE_ARENA_BYTES);
    assert_non_null(f.rules->subject_shared);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scan_header(f.scan, "Subject", span_from_string(cases[i].subject));
        assert_only(&f, cases[i].fired);
        again(&f);
    }
    scan_header(f.scan, "X-Subject", SPAN_LITERAL("next of kin"));
    scan_text(&f, false, "The widow wins: this is the end", 5, 1);
    assert_only(&f, "ONLY_BODY AHEAD LAST");
    finish(&f);
}

/* Nothing goes on from the subject to the text, or to the next subject; and a text that is being searched is left alone
 * by another message's subject. */
static void shared_subjects_stand_alone(void **state) {
    (void)state;
    struct fixture f;
    struct facts facts = {{0}};
    begin_with(&f, rules_for_subject_and_body(), LIMIT_MESSAGE_ARENA_BYTES);
    scan_header(f.scan, "Subject", SPAN_LITERAL("your next of"));
    scan_header(f.scan, "Subject", SPAN_LITERAL(" kin: the end"));
    assert_only(&f, "LAST");
    again(&f);
    scan_header(f.scan, "Subject", SPAN_LITERAL("your next of"));
    scan_text(&f, false, " kin", 1, 1);
    assert_only(&f, "");
    again(&f);
    struct arena other;
    arena_init(&other, f.arena.pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct rule_scan *second = rule_scan_begin(f.rules, &other, &f.counters);
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("your next "));
    scan_header(second, "Subject", SPAN_LITERAL("next of the end"));
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("of kin"));
    rule_scan_facts(f.scan, &facts);
    assert_only(&f, "PHRASE");
    assert_true(fired_in(f.rules, second, "LAST"));
    assert_false(fired_in(f.rules, second, "PHRASE"));
    rule_scan_end(second);
    arena_reset(&other);
    finish(&f);
}

static void few_rules_have_the_subject_for_themselves(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, "rules:\n" BOTH("PHRASE", "next of kin"), LIMIT_MESSAGE_ARENA_BYTES);
    assert_null(f.rules->subject_shared);
    scan_header(f.scan, "Subject", SPAN_LITERAL("my next of kin"));
    assert_only(&f, "PHRASE");
    finish(&f);
}

static void judges_facts(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    struct facts facts = {{0}};
    facts.value[FACT_urls] = 3;
    rule_scan_facts(f.scan, &facts);
    assert_true(fired(&f, "MANY") && fired(&f, "SOME") && !fired(&f, "FEW"));
    again(&f);
    facts.value[FACT_tls] = 1;
    facts.value[FACT_urls] = 2;
    rule_scan_facts(f.scan, &facts);
    assert_true(!fired(&f, "MANY") && fired(&f, "SOME") && fired(&f, "FEW"));
    finish(&f);
}

/* Three messages take turns with the one stream; the rule set goes away under two of them. */
static void scans_are_abandoned(void **state) {
    (void)state;
    struct fixture f;
    struct arena arenas[2];
    struct rule_scan *others[2];
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    assert_true(ruleset_is_searching(f.rules));
    for (int i = 0; i < 2; i++) {
        arena_init(&arenas[i], f.arena.pool, LIMIT_MESSAGE_ARENA_BYTES);
        others[i] = rule_scan_begin(f.rules, &arenas[i], &f.counters);
        assert_ptr_equal(rule_scan_rules(others[i]), f.rules);
        rule_scan_text(others[i], 1, i == 1, SPAN_LITERAL("the next of "));
    }
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("said hello hel"));
    rule_scan_end(others[0]); /* the one between the others */
    assert_int_equal(ruleset_abandon(f.rules), 2);
    assert_false(ruleset_is_searching(f.rules));
    assert_null(rule_scan_rules(f.scan));
    assert_null(rule_scan_rules(others[1]));
    assert_int_equal(ruleset_abandon(f.rules), 0);
    arena_reset(&f.arena);
    f.scan = rule_scan_begin(f.rules, &f.arena, &f.counters); /* it is as good as before */
    scan_text(&f, false, "kin. the next of kin", SIZE_MAX, 0);
    assert_true(fired(&f, "PHRASE"));
    assert_false(fired(&f, "REPEAT"));
    for (int i = 0; i < 2; i++) arena_reset(&arenas[i]);
    finish(&f);
}

static bool finds_address(struct rule_scan *scan, struct ruleset *rules, const char *text) {
    struct facts facts = {{0}};
    rule_scan_text(scan, 1, false, span_from_string(text));
    rule_scan_facts(scan, &facts);
    return fired_in(rules, scan, "ADDRESS");
}

/* A URL that was searched last is not searched again; but in each message it counts anew, and each part of one more. */
static void searches_a_url_once_a_message(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    assert_true(finds_address(f.scan, f.rules, "http://192.0.2.1/ http://192.0.2.1/ "));
    again(&f); /* at the same place in memory */
    assert_true(finds_address(f.scan, f.rules, "http://192.0.2.1/ "));
    again(&f);
    struct arena arena;
    arena_init(&arena, f.arena.pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct rule_scan *other = rule_scan_begin(f.rules, &arena, &f.counters);
    assert_false(finds_address(f.scan, f.rules, "http://a.example/ http://192.0.2.1 "));
    assert_true(finds_address(other, f.rules, "http://192.0.2.1/ "));
    assert_true(finds_address(f.scan, f.rules, "http://a.example/ http://192.0.2.1/ "));
    rule_scan_end(other);
    arena_reset(&arena);
    again(&f);
    assert_true(
        finds_address(f.scan, f.rules,
                      "http://a/ http://b/ http://c/ http://d/ http://e/ http://f/ http://g/ http://h/ http://i/ "
                      "http://a/ http://192.0.2.1/ http://b/ "));
    finish(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confirms_by_pcre2),
        cmocka_unit_test(slow_confirmations_are_given_up_and_counted),
        cmocka_unit_test(finds_headers),
        cmocka_unit_test(looks_at_forms_of_headers),
        cmocka_unit_test(looks_at_how_headers_look),
        cmocka_unit_test(looks_at_whose_address_a_name_has),
        cmocka_unit_test(looks_at_headers_of_parts),
        cmocka_unit_test(subjects_are_searched_by_body_s_database),
        cmocka_unit_test(shared_subjects_stand_alone),
        cmocka_unit_test(few_rules_have_the_subject_for_themselves),
        cmocka_unit_test(judges_facts),
        cmocka_unit_test(scans_are_abandoned),
        cmocka_unit_test(searches_a_url_once_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
