/* Where a rule found what it found: each target, any cut, what is long, what is beyond the bounds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/rules.h"
#include "rule_text.h"

#define RULE(name, target, expression) \
    "  - name: " name "\n    look_at: " target "\n    match: '" expression "'\n    points: 1\n    description: d\n"
#define FACT_RULE(name, condition) \
    "  - name: " name "\n    when: \"" condition "\"\n    points: 1\n    description: d\n"

#define PART(name, condition) "  - name: " name "\n    when: \"" condition "\"\n    points: 0\n"

static const char *const file =
    "rules:\n" RULE("PHRASE", "body", "(?i)next of kin") RULE("END", "body", "\\w+ end$")
        RULE("PARAGRAPH", "body", "^Dear .*") RULE("REPEAT", "body", "said (\\w{4,}) \\1\\b")
            RULE("ACCENT", "body", "(?i)\xc3\xa9t\xc3\xa9.") RULE("LONG", "body", "b{70}")
                RULE("LONG_ACCENTS", "body", "(?:\xc3\xa9){70}") RULE("STEPS", "body", "(?:a+)+[xy]")
                    RULE("FROM", "header From", "(?i)your bank(?!.*@bank)")
                        RULE("ADDRESS_OF", "header From:addr", "^b@.*$") RULE("NAME_OF", "header From:name", "^\\w+ \\w+$")
                            RULE("LOOKS", "header Subject:skeleton", "^free free$")
                            RULE("NAME_LOOKS", "header From:name:skeleton", "your b.*")
                            RULE("NAME_ORG", "header From:name:org", "your .*>$")
                            RULE("UNDECODED", "header Subject:raw", "=\\?.*\\?=") RULE("MAILER", "header X-Mailer", "Mass\\s\\w+")
                                RULE("OF_ANY", "headers", "^X-\\w+: .*") RULE("OF_PARTS", "mime X-Mailer", "P\\w+")
                                    RULE("SUBJECT", "subject", "(?i)fr\\S+") RULE("TAGS", "raw", "<b>.*</b>")
                                        RULE("LINES", "raw", "My  next\\n +of kin$")
                                            RULE("ADDRESS", "uri", "^https?://\\d+\\.\\S+")
                                                RULE("EITHER", "[subject, uri, body]", "(?i)html|example\\.org/|madam")
    "  - {name: THERE, look_at: header X-Mailer, points: 1, description: d}\n"
    "  - {name: THERE_IN_PART, look_at: mime X-Nothing, points: 0}\n"
    FACT_RULE("MANY", "urls >= 3 and not tls") FACT_RULE("ALL", "urls * 2 > parts or headers_seen or urls")
        FACT_RULE("OF_RULES", "count(INNER, PHRASE, urls > 1) >= 2 and not ANOTHER")
            PART("INNER", "DEEPER or parts") PART("DEEPER", "THERE_IN_PART or header_count") PART("ANOTHER", "subject_bytes");

struct fixture {
    struct ruleset *rules;
    struct rules_found *found;
    struct charset_table *charsets;
    struct counters counters;
    struct arena arena;
};

static void begin(struct fixture *f) {
    struct problem problem;
    struct rules_source const source = {RULE_SETUP, "test.yaml", span_from_string(file)};
    *f = (struct fixture){.charsets = charset_table_new()};
    f->rules = ruleset_load(&source, 1, &problem);
    if (f->rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    f->found = rules_found_new(f->rules, LIMIT_TEXT_BYTES_DEFAULT);
    assert_non_null(f->found);
    assert_non_null(f->charsets);
    arena_init(&f->arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
}

static void finish(struct fixture *f) {
    rules_found_free(f->found);
    charset_table_free(f->charsets);
    arena_reset(&f->arena);
    ruleset_free(f->rules);
}

static void read_mail(struct fixture *f, struct span mail, size_t step) {
    uint32_t seed = 1;
    arena_reset(&f->arena);
    rules_found_begin(f->found, &f->arena);
    struct mail_parser *parser = mail_parser_new(&f->arena, f->charsets, &f->counters);
    struct mail_item item;
    assert_non_null(parser);
    while (mail.len > 0) {
        struct span const piece = span_head(mail, test_cut(step, &seed));
        struct guarded copy = guard_copy(piece);
        mail = span_from(mail, piece.len);
        mail_push(parser, copy.bytes);
        while (mail_next(parser, &item)) rules_found_take(f->found, &item);
        guard_free(&copy);
    }
    mail_finish(parser);
    while (mail_next(parser, &item)) rules_found_take(f->found, &item);
}

static unsigned index_of(const struct fixture *f, const char *name) {
    for (unsigned i = 0; i < ruleset_count(f->rules); i++)
        if (strcmp(ruleset_rule(f->rules, i)->name, name) == 0) return i;
    fail_msg("no rule %s", name);
    return 0;
}

static struct rule_finding look(struct fixture *f, const char *name, const struct facts *facts) {
    static const struct facts none;
    static const struct rule_hits no_hits;
    struct rule_finding finding;
    rules_found_look(f->found, index_of(f, name), facts == NULL ? &none : facts, &no_hits, &finding);
    return finding;
}

static void expect(struct fixture *f, const char *name, const char *where, const char *found) {
    struct rule_finding const finding = look(f, name, NULL);
    assert_string_equal(finding.where, where);
    assert_string_equal(finding.found, found);
    assert_int_equal(finding.asked_count, 0);
}

static const char mail[] =
    "From: \"Your Bank\" <a@bank.example>\r\n"
    "From: Your Bank\r\n <b@elsewhere.example>\r\n"
    "Subject: =?utf-8?q?Fr=C3=A9e?=\r\n free\r\n"
    "X-Mailer: Mass\r\n\tMailer\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n"
    "\r\n"
    "--b\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "X-Mailer: Mass Part\r\n"
    "\r\n"
    "My  next\r\n   of kin\r\n\r\nDear\t Sir  and Madam\r\n\r\nshe said what what\r\n"
    "http://example.org/ \xc3\x89T\xc3\x89\xc3\xa8, the\r\nend\r\n"
    "--b\r\n"
    "Content-Type: text/html\r\n"
    "\r\n"
    "<p>No <a href=\"http://192.0.2.1/a?b\">ne<b>xt of</b> kin</a><p>http://192.0.2.2/\r\n"
    "--b--\r\n";

static void tells_where(void **state) {
    (void)state;
    static const size_t steps[] = {100000, 1, 2, 3, 7, 60, 0};
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        read_mail(&f, span_from_string(mail), steps[i]);
        expect(&f, "PHRASE", "body", "next of kin");
        expect(&f, "END", "body", "the end");
        expect(&f, "PARAGRAPH", "body", "Dear Sir and Madam");
        expect(&f, "REPEAT", "body", "said what what");
        expect(&f, "ACCENT", "body", "\xc3\x89T\xc3\x89\xc3\xa8");
        expect(&f, "FROM", "header From", "Your Bank");
        expect(&f, "ADDRESS_OF", "header From:addr", "b@elsewhere.example");
        expect(&f, "NAME_OF", "header From:name", "Your Bank");
        expect(&f, "LOOKS", "header Subject:skeleton", "free free");
        expect(&f, "NAME_LOOKS", "header From:name:skeleton", "your bank");
        expect(&f, "NAME_ORG", "header From:name:org", "your bank <bank.example>");
        expect(&f, "UNDECODED", "header Subject:raw", "=?utf-8?q?Fr=C3=A9e?=");
        expect(&f, "MAILER", "header X-Mailer", "Mass Mailer");
        expect(&f, "OF_ANY", "headers", "X-Mailer: Mass Mailer");
        expect(&f, "OF_PARTS", "mime X-Mailer", "Part");
        expect(&f, "SUBJECT", "subject",
               "Fr\xc3\xa9"
               "e");
        expect(&f, "TAGS", "raw", "<b>xt of</b>");
        expect(&f, "LINES", "raw", "My next of kin");
        expect(&f, "ADDRESS", "uri", "http://192.0.2.1/a?b");
        expect(&f, "EITHER", "uri", "example.org/");
        expect(&f, "THERE", "header X-Mailer", "Mass Mailer");
        expect(&f, "THERE_IN_PART", "mime X-Nothing", "");
    }
    finish(&f);
}

/* Nothing of the mail before is left. */
static void tells_of_one_mail(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    read_mail(&f, span_from_string(mail), 100000);
    read_mail(&f, SPAN_LITERAL("X-Mailer: None\r\n\r\n"), 100000);
    expect(&f, "PHRASE", "body", "");
    expect(&f, "MAILER", "header X-Mailer", "");
    expect(&f, "ADDRESS", "uri", "");
    read_mail(&f, SPAN_LITERAL("\r\nyour next of kin"), 100000);
    expect(&f, "PHRASE", "body", "next of kin");
    finish(&f);
}

static void tells_the_beginning_of_what_is_long(void **state) {
    (void)state;
    struct fixture f;
    char text[600] = "\r\n", expected[RULE_FOUND_BYTES] = "";
    begin(&f);
    memset(text + 2, 'b', 70);
    memset(expected, 'b', 60);
    memcpy(expected + 60, "\xe2\x80\xa6", 4);
    read_mail(&f, span_from_string(text), 100000);
    expect(&f, "LONG", "body", expected);
    (void)snprintf(text, sizeof text, "Content-Type: text/plain; charset=utf-8\r\n\r\n");
    expected[0] = '\0';
    for (unsigned i = 0; i < 70; i++) memcpy(text + strlen(text), "\xc3\xa9", 3);
    for (unsigned i = 0; i < 60; i++) memcpy(expected + 2 * (size_t)i, "\xc3\xa9", 3);
    memcpy(expected + 120, "\xe2\x80\xa6", 4);
    read_mail(&f, span_from_string(text), 100000);
    expect(&f, "LONG_ACCENTS", "body", expected);
    finish(&f);
}

static void expect_asked(const struct rule_asked *asked, const char *name, double value, bool rule) {
    assert_string_equal(asked->name, name);
    assert_true(asked->value == value);
    assert_int_equal(asked->rule != NULL, rule);
}

static void tells_what_a_condition_asked(void **state) {
    (void)state;
    struct fixture f;
    struct facts facts = {{0}};
    begin(&f);
    facts.value[FACT_urls] = 4;
    read_mail(&f, span_from_string(mail), 100000);
    struct rule_finding finding = look(&f, "MANY", &facts);
    assert_string_equal(finding.where, "fact");
    assert_string_equal(finding.found, "");
    assert_int_equal(finding.asked_count, 2);
    expect_asked(&finding.asked[0], "urls", 4, false);
    expect_asked(&finding.asked[1], "tls", 0, false);
    finding = look(&f, "ALL", &facts);
    assert_int_equal(finding.asked_count, 3);
    expect_asked(&finding.asked[0], "urls", 4, false);
    expect_asked(&finding.asked[1], "parts", 0, false);
    expect_asked(&finding.asked[2], "headers_seen", 0, false);
    finish(&f);
}

/* INNER and DEEPER have no points of their own: in their place stands what they ask for. */
static void tells_what_rules_without_points_asked(void **state) {
    (void)state;
    struct fixture f;
    struct facts facts = {{0}};
    struct rule_hits hits = {{0}};
    struct rule_finding finding;
    begin(&f);
    read_mail(&f, span_from_string(mail), 100000);
    facts.value[FACT_header_count] = 5;
    static const char *const fired[] = {"OF_RULES", "INNER", "DEEPER", "PHRASE"};
    for (unsigned i = 0; i < 4; i++) {
        unsigned const rule = index_of(&f, fired[i]);
        hits.bits[rule / 64] |= UINT64_C(1) << (rule % 64);
    }
    rules_found_look(f.found, index_of(&f, "OF_RULES"), &facts, &hits, &finding);
    assert_int_equal(finding.asked_count, 6);
    expect_asked(&finding.asked[0], "PHRASE", 1, true);
    assert_int_equal(finding.asked[0].index, index_of(&f, "PHRASE"));
    expect_asked(&finding.asked[1], "urls", 0, false);
    expect_asked(&finding.asked[2], "ANOTHER", 0, true);
    expect_asked(&finding.asked[3], "parts", 0, false);
    expect_asked(&finding.asked[4], "THERE_IN_PART", 0, true);
    expect_asked(&finding.asked[5], "header_count", 5, false);
    finish(&f);
}

/* A group's name stands before the display name, and is none. */
static void finds_a_display_name_in_a_group(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    read_mail(&f, SPAN_LITERAL("From: Some group: Your Bank <a@b.example>;\r\n\r\n"), 100000);
    expect(&f, "NAME_OF", "header From:name", "Your Bank");
    finish(&f);
}

static void read_piece(struct fixture *f, const char *text, bool jump) {
    struct part_info const info = {.kind = PART_PLAIN};
    struct mail_item const item = {.type = MAIL_TEXT, .info = &info, .text = span_from_string(text), .jump = jump};
    rules_found_take(f->found, &item);
}

/* As the engine does: what was not read parts texts. */
static void finds_in_slices(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    rules_found_begin(f.found, &f.arena);
    read_piece(&f, "the next of ", false);
    read_piece(&f, "kin, this is an", true);
    read_piece(&f, " end", false);
    read_piece(&f, " Dear you ", true);
    expect(&f, "PHRASE", "body", "");
    expect(&f, "END", "body", "an end");
    expect(&f, "PARAGRAPH", "body", "Dear you");
    for (unsigned i = 0; i < 2 * LIMIT_TEXT_SLICES; i++) read_piece(&f, "x", true);
    expect(&f, "PARAGRAPH", "body", "Dear you");
    finish(&f);
}

/* What the engine does not see is not searched: text that was not read, and what would take too long. */
static void keeps_to_bounds(void **state) {
    (void)state;
    static char text[3 * LIMIT_TEXT_BYTES_DEFAULT];
    struct fixture f;
    begin(&f);
    memset(text, ' ', sizeof text - 1);
    memcpy(text, "\r\n", 2);
    size_t const head = LIMIT_TEXT_BYTES_DEFAULT * 3 / 4;
    memcpy(text + head - 2000, "next of kin", 11);
    read_mail(&f, span_from_string(text), 100000);
    expect(&f, "PHRASE", "body", "next of kin");
    memset(text + head - 2000, ' ', 11);
    memcpy(text + head + 300, "next of kin", 11); /* the first gap begins before, and has 512 bytes or more */
    read_mail(&f, span_from_string(text), 100000);
    expect(&f, "PHRASE", "body", "");
    memset(text + 2, 'a', 5000);
    memcpy(text + 5002, " ax", 4);
    read_mail(&f, span_from_string(text), 100000);
    expect(&f, "STEPS", "body", "");
    finish(&f);
}

/* More headers, parts and URLs than are kept; the first ones are found all the same. */
static void takes_more_than_it_keeps(void **state) {
    (void)state;
    static char text[1 << 20];
    struct fixture f;
    begin(&f);
    size_t length =
        (size_t)snprintf(text, sizeof text, "X-Mailer: Mass One\r\nContent-Type: multipart/mixed; boundary=b\r\n");
    for (unsigned i = 0; i < 2 * LIMIT_HEADERS; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "X-%u: %0700d\r\n", i, 1);
    for (unsigned i = 0; i < 2 * LIMIT_MIME_PARTS; i++)
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "\r\n--b\r\nX-P: p\r\n\r\nnext of kin http://192.0.2.1/%u http://192.0.2.2/\r\n", i);
    read_mail(&f, span_of(text, length), 100000);
    expect(&f, "MAILER", "header X-Mailer", "Mass One");
    expect(&f, "PHRASE", "body", "next of kin");
    expect(&f, "ADDRESS", "uri", "http://192.0.2.1/0");
    finish(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_where),
        cmocka_unit_test(tells_of_one_mail),
        cmocka_unit_test(tells_the_beginning_of_what_is_long),
        cmocka_unit_test(tells_what_a_condition_asked),
        cmocka_unit_test(tells_what_rules_without_points_asked),
        cmocka_unit_test(finds_a_display_name_in_a_group),
        cmocka_unit_test(finds_in_slices),
        cmocka_unit_test(keeps_to_bounds),
        cmocka_unit_test(takes_more_than_it_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
