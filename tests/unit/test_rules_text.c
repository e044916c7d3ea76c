/* Searching text: any cut, messages that take turns, both kinds of text, and memory that is full.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_scan_bench.h"

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

static void one_part_does_not_go_on_in_the_next(void **state) {
    (void)state;
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
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
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
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

static void scan_piece(struct fixture *f, struct mail_summary *summary, bool html, const char *text, bool jump) {
    struct part_info const info = {.kind = html ? PART_HTML : PART_PLAIN};
    struct mail_item const item = {
        .type = MAIL_TEXT, .part = 1, .info = &info, .text = span_from_string(text), .jump = jump};
    rule_scan_item(f->scan, &item, summary);
}

/* Text between two pieces was not read: nothing is found across, and each has its begin and its end. */
static void nothing_matches_across_what_was_not_read(void **state) {
    (void)state;
    struct mail_summary summary = {.headers = 0};
    struct facts facts = {{0}};
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    for (int html = 0; html < 2; html++) {
        scan_piece(&f, &summary, html, "the next of ", false);
        scan_piece(&f, &summary, html, "kin said again http://192.0.2", true);
        scan_piece(&f, &summary, html, ".1/ again, the end ", true);
        scan_piece(&f, &summary, html, "Dear you", true);
        assert_true(fired(&f, "END"));
        rule_scan_facts(f.scan, &facts);
        assert_true(fired(&f, "PARAGRAPH"));
        assert_false(fired(&f, "PHRASE") || fired(&f, "REPEAT") || fired(&f, "ADDRESS"));
        again(&f);
        scan_piece(&f, &summary, html, "the next of ", false);
        scan_piece(&f, &summary, html, "kin said again", false);
        scan_piece(&f, &summary, html, " again", false);
        rule_scan_facts(f.scan, &facts);
        assert_true(fired(&f, "PHRASE") && fired(&f, "REPEAT"));
        again(&f);
    }
    finish(&f);
}

/* A tag in which what was read ends does not go on; and behind a gap nobody knows what is open, so nothing is hidden
 * there, and no markup is counted. */
static void markup_does_not_go_on_across_what_was_not_read(void **state) {
    (void)state;
    struct mail_summary summary = {.headers = 0};
    struct facts facts = {{0}};
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    summary.html_facts = html_facts_new(&f.arena, &summary.html, SPAN_EMPTY, &f.counters);
    struct part_info const info = {.kind = PART_HTML};
    struct mail_item const part = {.type = MAIL_PART_BEGIN, .part = 1, .info = &info};
    rule_scan_item(f.scan, &part, &summary);
    scan_piece(&f, &summary, true,
               "ink <a href='http://192.0.2.1/'>x</a><div style='display:none'>gone <b title=\"next", false);
    scan_piece(&f, &summary, true, "next of kin <form><font color=white>seen</font>\">", true);
    rule_scan_facts(f.scan, &facts);
    assert_true(fired(&f, "PHRASE") && fired(&f, "ADDRESS"));
    assert_int_equal(summary.html.visible_bytes, 4);
    assert_int_equal(summary.html.hidden_bytes, 4);
    assert_int_equal(summary.html.links, 1);
    assert_int_equal(summary.html.forms, 0);
    rule_scan_item(f.scan, &part, &summary); /* another one is known from its beginning */
    scan_piece(&f, &summary, true, "<form>", false);
    assert_int_equal(summary.html.forms, 1);
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

static const char *const text_file = "rules:\n" RULE("TWO", "[subject, body]", "^win")
    RULE("SOURCE", "raw", "^<b>win<!-- -->ner$") RULE("ECHO", "raw", "<(\\w)>win.*<\\1>");

/* Any of its targets will do; and raw text is what the part says, with lines that end in a newline. */
static void looks_at_several_targets(void **state) {
    (void)state;
    static size_t const steps[] = {SIZE_MAX, 1, 3, 0, 0};
    struct fixture f;
    begin_with(&f, text_file, LIMIT_MESSAGE_ARENA_BYTES);
    scan_header(f.scan, "Subject", SPAN_LITERAL("win it"));
    assert_true(fired(&f, "TWO"));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        again(&f);
        scan_text(&f, true, "x\r\n<b>win<!-- -->ner\r\n</b>", steps[i], (uint32_t)i);
        assert_true(fired(&f, "SOURCE") && !fired(&f, "TWO") && !fired(&f, "ECHO"));
        again(&f);
        scan_text(&f, true, "<b>win</b> it\r\nor <b>lose", steps[i], (uint32_t)i);
        assert_true(fired(&f, "TWO") && !fired(&f, "SOURCE") && !fired(&f, "ECHO"));
        again(&f);
        scan_text(&f, false, "one <b>win</b> or <b>lose", steps[i], (uint32_t)i);
        assert_true(!fired(&f, "TWO") && !fired(&f, "SOURCE") && fired(&f, "ECHO"));
    }
    finish(&f);
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

/* begin -1; "offer" 1.5 in the subject, "free offer" 0.75 in the text: 1.25.  Subject and text are no neighbours. */
static void adds_up_what_words_speak_for(void **state) {
    (void)state;
    struct fixture f;
    struct problem problem;
    struct said_word strongest[3];
    unsigned count;
    struct facts facts = {{0}};
    begin_with(&f, "rules:\n" FACT_RULE("WORDY", "words_of_spam > 1.2 and words_of_spam < 1.3"),
               LIMIT_MESSAGE_ARENA_BYTES);
    assert_true(ruleset_add_words(f.rules, "words.yaml",
                                  SPAN_LITERAL("begin: -1\n"
                                               "words: [{say: offer, speaks: 1.5}, {say: free offer, speaks: 0.75},\n"
                                               "        {say: offer now, speaks: 9}]\n"),
                                  &problem));
    scan_header(f.scan, "Subject", SPAN_LITERAL("An OFFER"));
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("now a free\r\nof"));
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("fer"));
    rule_scan_facts(f.scan, &facts);
    assert_true(fired(&f, "WORDY"));
    assert_true(facts.value[FACT_words_of_spam] == rule_scan_words(f.scan, strongest, 3, &count));
    assert_int_equal(count, 2);
    assert_string_equal(strongest[0].word, "offer");
    assert_string_equal(strongest[1].word, "free offer");
    again(&f);
    facts = (struct facts){{0}};
    rule_scan_facts(f.scan, &facts);
    assert_true(facts.value[FACT_words_of_spam] == 0); /* nothing was read */
    finish(&f);
}

static void assert_words(const char *html, double sum) {
    for (size_t step = 1; step < 200; step += 66) {
        struct fixture f;
        struct problem problem;
        struct facts facts = {{0}};
        struct html_figures figures = {.links = 0};
        begin_with(&f, "rules:\n" FACT_RULE("WORDY", "words_of_spam > 0"), LIMIT_MESSAGE_ARENA_BYTES);
        assert_true(ruleset_add_words(f.rules, "words.yaml",
                                      SPAN_LITERAL("words: [{say: offer, speaks: 2}, {say: library, speaks: -1},\n"
                                                   "        {say: free offer, speaks: 4}]\n"),
                                      &problem));
        struct mail_summary summary = {.html_facts = html_facts_new(&f.arena, &figures, SPAN_EMPTY, &f.counters)};
        struct part_info const info = {.kind = PART_HTML};
        struct mail_item item = {.type = MAIL_PART_BEGIN, .part = 1, .info = &info};
        rule_scan_item(f.scan, &item, &summary);
        item.type = MAIL_TEXT;
        for (struct span rest = span_from_string(html); rest.len > 0; rest = span_from(rest, step)) {
            item.text = span_head(rest, step);
            rule_scan_item(f.scan, &item, &summary);
        }
        rule_scan_facts(f.scan, &facts);
        if (facts.value[FACT_words_of_spam] != sum) fail_msg("%s: %f", html, (double)facts.value[FACT_words_of_spam]);
        finish(&f);
    }
}

static void words_that_nobody_sees_speak_for_spam_alone(void **state) {
    (void)state;
    assert_words("an offer", 2);
    assert_words("an offer<p>of a library", 1);
    assert_words("an offer<p hidden>of a library", 2);
    assert_words("<p hidden>of a library</p>an offer<i hidden> library </i>, a library", 1);
    assert_words("<p hidden>offer</p>an <i hidden>library</i>", 2);
    assert_words("<p hidden>offer</p>an offer", 2); /* once */
    assert_words("<p hidden>a library</p>an offer<p>of a library", 1);
    assert_words("<title>library</title>offer", 2);
    assert_words("off<i hidden>x</i>er", 2); /* as the eye reads it */
    assert_words("an<div hidden>x</div>offer", 2);
    assert_words("free<div hidden>x</div>offer", 2); /* a block parts them */
    assert_words("free <i hidden>x</i>offer", 6);
}

static void words_that_no_rule_asks_for_are_not_looked_for(void **state) {
    (void)state;
    struct fixture f;
    struct problem problem;
    struct facts facts = {{0}};
    begin_with(&f, "rules:\n" RULE("PHRASE", "body", "free"), LIMIT_MESSAGE_ARENA_BYTES);
    assert_false(
        ruleset_add_words(f.rules, "words.yaml", SPAN_LITERAL("words: 5\n"), &problem)); /* wrong all the same */
    assert_true(ruleset_add_words(f.rules, "words.yaml", SPAN_LITERAL("words: [{say: free, speaks: 2}]\n"), &problem));
    rule_scan_text(f.scan, 1, false, SPAN_LITERAL("free"));
    rule_scan_facts(f.scan, &facts);
    assert_true(fired(&f, "PHRASE"));
    assert_true(facts.value[FACT_words_of_spam] == 0);
    finish(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_text),
        cmocka_unit_test(finds_text_in_html),
        cmocka_unit_test(finds_urls),
        cmocka_unit_test(one_part_does_not_go_on_in_the_next),
        cmocka_unit_test(messages_take_turns),
        cmocka_unit_test(nothing_matches_across_what_was_not_read),
        cmocka_unit_test(markup_does_not_go_on_across_what_was_not_read),
        cmocka_unit_test(a_full_arena_is_counted),
        cmocka_unit_test(looks_at_several_targets),
        cmocka_unit_test(a_url_that_finds_no_room_is_counted),
        cmocka_unit_test(the_test_string_is_found),
        cmocka_unit_test(bytes_of_no_text_fire_nothing),
        cmocka_unit_test(adds_up_what_words_speak_for),
        cmocka_unit_test(words_that_no_rule_asks_for_are_not_looked_for),
        cmocka_unit_test(words_that_nobody_sees_speak_for_spam_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
