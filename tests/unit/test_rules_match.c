/* Matching: every target, any cut, messages that take turns, confirmation, and memory that is full.
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

static const char *const file = "rules:\n" RULE("PHRASE", "body", "(?i)next of kin") RULE("END", "body", "the end$")
    RULE("PARAGRAPH", "body", "^Dear") RULE("ACCENT", "body", "(?i)\xc3\xa9t\xc3\xa9")
        RULE("REPEAT", "body", "said (\\w{4,}) \\1\\b") RULE("FROM", "header From", "(?i)^bank(?!.*@bank)")
            RULE("MAILER", "header X-Mailer", "^Mass") RULE("SUBJECT", "subject", "(?i)free")
                RULE("ADDRESS", "uri", "^https?://\\d+\\.\\d+\\.\\d+\\.\\d+/")
                    FACT_RULE("MANY", "urls >= 3 and not tls") FACT_RULE("FEW", "urls < 2.5") FACT_RULE("SOME", "urls");

struct fixture {
    struct ruleset *rules;
    struct counters counters;
    struct arena arena;
    struct rule_scan *scan;
};

/* In place, because the scan points to the arena. */
static void begin_with(struct fixture *f, const char *text, size_t arena_bytes) {
    *f = (struct fixture){0};
    struct problem problem;
    struct rules_source source = {RULE_SETUP, "test.yaml", span_from_string(text)};
    f->rules = ruleset_load(&source, 1, &problem);
    if (f->rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    arena_init(&f->arena, test_pool(), arena_bytes);
    f->scan = rule_scan_begin(f->rules, &f->arena, &f->counters);
}

static void again(struct fixture *f) {
    rule_scan_end(f->scan);
    arena_reset(&f->arena);
    f->scan = rule_scan_begin(f->rules, &f->arena, &f->counters);
    assert_non_null(f->scan);
}

static void finish(struct fixture *f) {
    rule_scan_end(f->scan);
    arena_reset(&f->arena);
    ruleset_free(f->rules);
}

static bool fired_in(const struct ruleset *rules, const struct rule_scan *scan, const char *name) {
    for (unsigned i = 0; i < ruleset_count(rules); i++)
        if (strcmp(ruleset_rule(rules, i)->name, name) == 0) return rule_scan_fired(scan, i);
    fail_msg("no rule %s", name);
    return false;
}

static bool fired(const struct fixture *f, const char *name) {
    return fired_in(f->rules, f->scan, name);
}

/* The text as one part, in cuts, and the facts behind it. */
static void scan_text(struct fixture *f, bool html, const char *text, size_t step, uint32_t seed) {
    struct span left = span_from_string(text);
    while (left.len > 0) {
        struct span piece = span_head(left, test_cut(step, &seed));
        left = span_from(left, piece.len);
        struct guarded copy = guard_copy(piece);
        rule_scan_text(f->scan, 1, html, copy.bytes);
        guard_free(&copy);
    }
    struct facts facts = {{0}};
    rule_scan_facts(f->scan, &facts);
}

static void assert_text(bool html, const char *text, const char *name, bool expected) {
    static size_t const steps[] = {SIZE_MAX, 1, 3, 0, 0, 0};
    struct fixture f;
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        scan_text(&f, html, text, steps[i], (uint32_t)i);
        if (fired(&f, name) != expected) fail_msg("%s: %s, cut %zu", name, text, steps[i]);
        again(&f);
    }
    finish(&f);
}

static void finds_text(void **state) {
    (void)state;
    assert_text(false, "the Next\r\nof    kin.", "PHRASE", true);
    assert_text(false, "the next kin of", "PHRASE", false);
    assert_text(false, "this is the end", "END", true);
    assert_text(false, "this is the end \r\n", "END", true);
    assert_text(false, "the end is near", "END", false);
    assert_text(false, "Hi.\r\n\r\nDear you", "PARAGRAPH", true);
    assert_text(false, "Hi.\r\nDear you", "PARAGRAPH", false);
    assert_text(false, "un \xc3\x89t\xc3\xa9", "ACCENT", true);
}

static void finds_text_in_html(void **state) {
    (void)state;
    assert_text(true, "<p>Ne<b>xt</b>\n of&nbsp;k<!-- x -->i&#110;</p>", "PHRASE", true);
    assert_text(true, "<p>Hello</p><p>Dear you", "PARAGRAPH", true);
    assert_text(true, "<span title=\"next of kin\">x</span>", "PHRASE", false);
}

static void finds_urls(void **state) {
    (void)state;
    assert_text(false, "go to http://192.0.2.1/x now", "ADDRESS", true);
    assert_text(false, "go to http://192.0.2.1/", "ADDRESS", true);
    assert_text(false, "go to http://192.0.2.1.example/", "ADDRESS", false);
    assert_text(true, "<a href='https://192.0.2.1/?a'>http://www.example.org/</a>", "ADDRESS", true);
}

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
    rule_scan_header(f.scan, SPAN_LITERAL("X-Echo"), span_of((const uint8_t *)text, 1800));
    assert_int_equal(f.counters.confirm_cut, 2);
    finish(&f);
}

static void finds_headers(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
    rule_scan_header(f.scan, SPAN_LITERAL("from"), SPAN_LITERAL("Bank <x@bank.example>"));
    rule_scan_header(f.scan, SPAN_LITERAL("X-Other"), SPAN_LITERAL("Mass"));
    rule_scan_header(f.scan, SPAN_LITERAL("X-MAILER"), SPAN_LITERAL("a Mass"));
    rule_scan_header(f.scan, SPAN_LITERAL("Subject"), SPAN_EMPTY);
    assert_false(fired(&f, "FROM") || fired(&f, "MAILER") || fired(&f, "SUBJECT"));
    rule_scan_header(f.scan, SPAN_LITERAL("FROM"), SPAN_LITERAL("Bank <x@other.example>"));
    rule_scan_header(f.scan, SPAN_LITERAL("x-mailer"), SPAN_LITERAL("Mass"));
    rule_scan_header(f.scan, SPAN_LITERAL("SUBJECT"), SPAN_LITERAL("for Free"));
    assert_true(fired(&f, "FROM") && fired(&f, "MAILER") && fired(&f, "SUBJECT"));
    assert_false(rule_scan_fired(f.scan, 9999));
    finish(&f);
}

static void judges_facts(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
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

static void one_part_does_not_go_on_in_the_next(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
    struct facts facts = {{0}};
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("the next of"));
    rule_scan_text(f.scan, 2, false, SPAN_LITERAL(" kin, not the end"));
    rule_scan_text(f.scan, 3, true, SPAN_LITERAL("<b"));
    rule_scan_text(f.scan, 4, true, SPAN_LITERAL(">next of kix"));
    assert_true(fired(&f, "END")); /* at the end of part 2 */
    rule_scan_facts(f.scan, &facts);
    assert_false(fired(&f, "PHRASE"));
    finish(&f);
}

#define TURNS 40

/* Messages whose text comes byte by byte in turns; each third one has the phrase, and each second one the address. */
static void messages_take_turns(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
    struct block_pool *pool = test_pool();
    arena_init(&f.arena, pool, LIMIT_MESSAGE_ARENA_BYTES);
    f.scan = rule_scan_begin(f.rules, &f.arena, &f.counters);
    struct arena arenas[TURNS];
    struct rule_scan *scans[TURNS];
    char texts[TURNS][200];
    for (unsigned i = 0; i < TURNS; i++) {
        arena_init(&arenas[i], pool, LIMIT_MESSAGE_ARENA_BYTES);
        scans[i] = rule_scan_begin(f.rules, &arenas[i], &f.counters);
        (void)snprintf(texts[i], sizeof texts[i], "<p>number %u is %s and http://%s/ the rest", i,
                       i % 3 == 0 ? "next of kin" : "the next kin", i % 2 == 0 ? "192.0.2.1" : "www.example.org");
    }
    for (size_t at = 0; at < 200; at++)
        for (unsigned i = 0; i < TURNS; i++)
            if (at < strlen(texts[i])) rule_scan_text(scans[i], 0, i % 5 == 0, span_of(texts[i] + at, 1));
    struct facts facts = {{0}};
    for (unsigned i = 0; i < TURNS; i++) {
        rule_scan_facts(scans[i], &facts);
        assert_int_equal(fired_in(f.rules, scans[i], "PHRASE"), i % 3 == 0);
        assert_int_equal(fired_in(f.rules, scans[i], "ADDRESS"), i % 2 == 0);
        rule_scan_end(scans[i]);
        arena_reset(&arenas[i]);
    }
    assert_int_equal(f.counters.message_memory, 0);
    finish(&f);
}

static void what_is_too_long_is_cut_and_counted(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
    struct facts facts = {{0}};
    for (unsigned i = 0; i < LIMIT_BODY_TEXT_BYTES / 16; i++)
        rule_scan_text(f.scan, 1, false, SPAN_LITERAL("0123456789 12345"));
    assert_int_equal(f.counters.text_cut, 0);
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL(" next of kin"));
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL(" next of kin"));
    rule_scan_facts(f.scan, &facts);
    assert_int_equal(f.counters.text_cut, 1);
    assert_false(fired(&f, "PHRASE"));
    finish(&f);
}

/* Three scans that fill an arena of one block each: when they take turns, none has room for the stream. */
static void a_full_arena_is_counted(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, "rules:\n" RULE("PHRASE", "body", "next of kin"), sizeof(struct arena_block));
    struct arena other;
    arena_init(&other, f.arena.pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct rule_scan *second = rule_scan_begin(f.rules, &other, &f.counters);
    while (arena_alloc(&f.arena, 8) != NULL) {
    }
    struct facts facts = {{0}};
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("next of"));
    rule_scan_text(second, 1, false, SPAN_LITERAL("next of"));
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL(" kin http://example.org/"));
    rule_scan_text(second, 1, false, SPAN_LITERAL(" kin"));
    rule_scan_facts(f.scan, &facts);
    rule_scan_facts(second, &facts);
    assert_int_equal(f.counters.message_memory, 1);
    assert_false(fired(&f, "PHRASE"));
    assert_true(fired_in(f.rules, second, "PHRASE"));
    rule_scan_end(second);
    arena_reset(&other);
    rule_scan_end(f.scan);
    assert_null(rule_scan_begin(f.rules, &f.arena, &f.counters));
    assert_int_equal(f.counters.message_memory, 2);
    arena_reset(&f.arena);
    ruleset_free(f.rules);
}

static bool content_fires(const char *name, const char *text) {
    struct span yaml = test_file("rules/content.yaml");
    struct problem problem;
    struct rules_source source = {RULE_CONTENT, "content.yaml", yaml};
    struct fixture f = {.rules = ruleset_load(&source, 1, &problem)};
    assert_non_null(f.rules);
    arena_init(&f.arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    f.scan = rule_scan_begin(f.rules, &f.arena, &f.counters);
    scan_text(&f, false, text, SIZE_MAX, 0);
    bool yes = fired(&f, name);
    finish(&f);
    free((void *)(uintptr_t)yaml.data);
    return yes;
}

static void a_url_that_finds_no_room_is_counted(void **state) {
    (void)state;
    static const char links[] = "rules:\n" RULE("LINK", "uri", "link");
    struct fixture f;
    begin_with(&f, links, LIMIT_ARENA_BLOCK_BYTES);
    while (arena_alloc(&f.arena, 100) != NULL) continue;
    scan_text(&f, false, "see http://link.example/1 and http://link.example/2 now", 7, 1);
    assert_false(fired(&f, "LINK"));
    assert_int_equal(f.counters.message_memory, 1);
    finish(&f);
}

static void the_test_string_is_found(void **state) {
    (void)state;
    assert_true(content_fires("GTUBE", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"));
    assert_false(content_fires("GTUBE", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34Y\r\n"));
}

/* Many expressions are searched together with a phrase of two bytes that belongs to no rule.  Here it would be the rule
 * behind the last that there may be. */
static void bytes_of_no_text_fire_nothing(void **state) {
    (void)state;
    static char text[LIMIT_RULES * 160];
    int len = snprintf(text, sizeof text, "rules:\n" FACT_RULE("FEW", "urls < 2.5"));
    for (unsigned i = 1; i < LIMIT_RULES; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, RULE("R%u", "body", "phrase number %04u"), i, i);
    assert_true((size_t)len < sizeof text);
    struct fixture f;
    begin_with(&f, text, LIMIT_MESSAGE_ARENA_BYTES);
    assert_int_equal(ruleset_count(f.rules), LIMIT_RULES);
    scan_text(&f, false, "\xfe\xff \xfe\xff\xfe\xff a phrase  number\r\n0007 \xfe\xff", 3, 1);
    for (unsigned i = 0; i < LIMIT_RULES; i++) assert_int_equal(rule_scan_fired(f.scan, i), i == 0 || i == 7);
    finish(&f);
}

/* Three messages take turns with the one stream; the rule set goes away under two of them. */
static void scans_are_abandoned(void **state) {
    (void)state;
    struct fixture f;
    struct arena arenas[2];
    struct rule_scan *others[2];
    begin_with(&f, file, LIMIT_MESSAGE_ARENA_BYTES);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_text),
        cmocka_unit_test(finds_text_in_html),
        cmocka_unit_test(finds_urls),
        cmocka_unit_test(confirms_by_pcre2),
        cmocka_unit_test(slow_confirmations_are_given_up_and_counted),
        cmocka_unit_test(finds_headers),
        cmocka_unit_test(judges_facts),
        cmocka_unit_test(one_part_does_not_go_on_in_the_next),
        cmocka_unit_test(messages_take_turns),
        cmocka_unit_test(what_is_too_long_is_cut_and_counted),
        cmocka_unit_test(a_full_arena_is_counted),
        cmocka_unit_test(a_url_that_finds_no_room_is_counted),
        cmocka_unit_test(the_test_string_is_found),
        cmocka_unit_test(bytes_of_no_text_fire_nothing),
        cmocka_unit_test(scans_are_abandoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
