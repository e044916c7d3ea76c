/* The report for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "publish_samples.h"

static struct config config;
static struct wording wording;
static struct ruleset *rules;
static struct bounce_rules *bounces;
static struct report *report;
static struct output output;
static FILE *file;
static char *text;
static size_t text_bytes;

static int begin_with(bool colour) {
    sample_config(&config);
    wording_init(&wording, &config, rules, bounces);
    file = open_memstream(&text, &text_bytes);
    report = report_new(file, &wording, colour);
    output = report_output(report);
    return report == NULL;
}

static int begin(void **state) {
    (void)state;
    return begin_with(false);
}

static int begin_coloured(void **state) {
    (void)state;
    return begin_with(true);
}

static int end(void **state) {
    (void)state;
    report_free(report);
    fclose(file);
    free(text);
    return 0;
}

static void has(const char *part) {
    fflush(file);
    if (strstr(text, part) == NULL) fail_msg("no '%s' in:\n%s", part, text);
}

static void has_not(const char *part) {
    fflush(file);
    if (strstr(text, part) != NULL) fail_msg("'%s' in:\n%s", part, text);
}

static void block_event(void **state) {
    (void)state;
    struct verdict verdict = sample_verdict();
    struct decision decision = sample_decision(DECISION_BLOCK);
    verdict.rule_count = 1;
    verdict.bounce_class = 1;
    decision.evidence[decision.evidence_count++] = &verdict;
    output.event(output.context, &decision);
    has("BLOCK 192.0.2.7  2026-01-02 03:04:05 UTC  level 1, discard, until 2026-01-02 04:04:05 UTC\n");
    has("  why      22 of 100 messages bounced\n");
    has("  scores   content 45.0 (35.5 to 54.8), set-up 0.0 (0.0 to 3.7), bounce 22.0 (15.0 to 31.0), total 38.1 (30.0 "
        "to 47.0)\n");
    has("  sample   100 messages from 2026-01-02 03:03:05 to 2026-01-02 03:04:05 UTC: 70 delivered, 5 deferred, 20 "
        "bounced, "
        "3 aborted, 2 unknown\n");
    has("  not seen 1 gapped, 2 one-sided, 4 encrypted\n");
    has("  beside   60 messages told nothing: 6 gapped, 7 one-sided, 8 encrypted\n");
    has("  policy   default (0123456789abcdef)\n");
    has("203.0.113.25:25");
    has("<1@mail.example.com>");
    has("550 5.1.1 <b***@example.org>: User unknown\n");
    has(bounce_class_at(bounces, 1)->name);
    has(ruleset_rule(rules, 0)->name);
    has_not("\033");
    has_not("bob");
}

/* A cell of the table has room for some; the others are counted with their points. */
static void more_rules_than_a_row_holds(void **state) {
    (void)state;
    static char file_text[4000];
    struct problem problem;
    size_t used = (size_t)snprintf(file_text, sizeof file_text, "rules:\n");
    for (unsigned i = 0; i < 20; i++)
        used += (size_t)snprintf(file_text + used, sizeof file_text - used,
                                 "  - {name: R%u, when: tls, points: %u, description: d}\n", i, 20 - i);
    struct rules_source const source = {RULE_CONTENT, "rules", span_from_string(file_text)};
    struct ruleset *many = ruleset_load(&source, 1, &problem);
    if (many == NULL) fail_msg("%s", problem.what);
    wording_init(&wording, &config, many, bounces);
    struct verdict verdict = sample_verdict();
    struct decision decision = sample_decision(DECISION_BLOCK);
    for (unsigned i = 0; i < 20; i++) verdict.rules[i] = (uint16_t)i;
    verdict.rule_count = 3;
    verdict.unnamed_count = 5;
    verdict.unnamed_points = -2.5f;
    decision.evidence[decision.evidence_count++] = &verdict;
    output.event(output.context, &decision);
    has("  R0 +20, R1 +19, R2 +18 and 5 more -2.5\n");
    verdict.rule_count = 20;
    verdict.unnamed_count = 0;
    verdict.unnamed_points = 0;
    output.event(output.context, &decision);
    has("  R0 +20, R1 +19, R2 +18, R3 +17, R4 +16, R5 +15, R6 +14, R7 +13, R8 +12 and 11 more +66\n");
    wording_init(&wording, &config, rules, bounces);
    ruleset_free(many);
}

static void release_event(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_RELEASE);
    decision.ip = (struct ip_address){{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2}};
    decision.prefix_bits = 64;
    output.event(output.context, &decision);
    has("RELEASE 2001:db8:1:2::/64  2026-01-02 03:04:05 UTC\n");
    has_not("level");
    has_not("evidence");
}

/* Nothing of what the wire says reaches the terminal as a control. */
static void hostile_evidence(void **state) {
    (void)state;
    struct verdict verdict = sample_verdict();
    struct decision decision = sample_decision(DECISION_BLOCK);
    memset(verdict.message_id, 0x1b, sizeof verdict.message_id - 1);
    memset(verdict.from_domain, 0x9b, sizeof verdict.from_domain - 1);
    memset(verdict.reply_text, '\r', sizeof verdict.reply_text - 1);
    memset(decision.reason, 7, sizeof decision.reason - 1);
    for (unsigned i = 0; i < LIMIT_EVENT_EVIDENCE; i++) decision.evidence[i] = &verdict;
    decision.evidence_count = LIMIT_EVENT_EVIDENCE;
    output.event(output.context, &decision);
    fflush(file);
    for (size_t i = 0; i < text_bytes; i++)
        assert_true((text[i] >= ' ' && text[i] != 0x7f) || text[i] == '\n' || (text[i] & 0x80));
    assert_null(memchr(text, 0x9b, text_bytes));
}

static void colour_where_wanted(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_BLOCK);
    output.event(output.context, &decision);
    has("\033[1;31mBLOCK 192.0.2.7\033[0m");
}

static void no_colour_in_a_file_or_with_no_color(void **state) {
    (void)state;
    assert_false(report_wants_colour(file));
    setenv("NO_COLOR", "1", 1);
    assert_false(report_wants_colour(stdout));
    unsetenv("NO_COLOR");
}

static void say_source(struct source_table *table, uint8_t last, enum source_state source_state) {
    struct verdict verdict = sample_verdict();
    verdict.source.ip = sample_ipv4(192, 0, 2, last);
    struct source *source = source_table_add(table, &verdict, NULL);
    source_standing(source)->state = source_state;
    output.source(output.context, table, source);
}

static void sources_worst_first(void **state) {
    (void)state;
    struct counters counters = {.packets = 10, .messages = 3, .gap_bytes = 17, .capture_cut = 1, .flows_not_mail = 15};
    counters.duplicate_bytes = 23;
    counters.fragments = 5;
    counters.fragments_reassembled = 2;
    struct protocol_table not_mail = {2, {{"HTTP", 12}, {"Unknown", 3}}};
    struct summary_record summary = {.counters = &counters,
                                     .not_mail = &not_mail,
                                     .by_outcome = {0, 0, 0, 3, 0},
                                     .by_visibility = {3},
                                     .seconds = 2,
                                     .first = SAMPLE_TIME,
                                     .last = SAMPLE_TIME,
                                     .memory_bytes = 3 << 20};
    struct unclassified row = {
        .count = 3, .first = {.stage = STAGE_RCPT, .code = 550, .reply_text = "<bob@example.org>: rather not"}};
    counters.replies_unclassified = 4;
    summary.unclassified[0] = &row;
    summary.unclassified_count = 1;
    struct sample_settings settings = {
        .sources_max = 16, .evidence_max = 16, .ipv6_prefix_bits = 64, .content_spam_points = 5, .setup_bad_points = 5};
    struct source_table *table = source_table_new(&settings, &counters);
    say_source(table, 1, STATE_CLEAR);
    say_source(table, 2, STATE_BLOCKED);
    say_source(table, 3, STATE_WARNED);
    output.summary(output.context, &summary);
    fflush(file);
    const char *clear = strstr(text, "192.0.2.1 "), *blocked = strstr(text, "192.0.2.2 "),
               *warned = strstr(text, "192.0.2.3 ");
    assert_non_null(clear);
    assert_true(blocked != NULL && blocked < warned && warned < clear);
    has("blocked\n");
    has("outcomes  3 bounced\n");
    has("seen      3 clear\n");
    has("refusals of no known kind: 4; those most often seen, which a text in the rules could name:\n"
        "             3  rcpt     550 <b***@example.org>: rather not\n");
    has("no mail   15 connections were something else: 12 HTTP, 3 Unknown\n");
    has("took      2.00 s, 5 packets/s, 3.0 MiB reserved\n");
    has("            17  gap_bytes            bytes of these holes\n");
    has("capture_cut          captures that end in the middle of a frame\n");
    has_not("kernel_drops");
    has("again     23 bytes were seen more than once: sent again, or doubled by the mirror\n"); /* no loss */
    has("fragments 5 of IP, put together to 2 datagrams\n");
    has_not("  duplicate_bytes");
    source_table_free(table);
}

/* Those with ten refusals or more, most first; sources with as many in the order of their addresses. */
static void guessers(void **state) {
    (void)state;
    struct counters counters = {.packets = 0};
    struct summary_record summary = {.counters = &counters};
    struct sample_settings settings = {.sources_max = 64, .evidence_max = 16, .ipv6_prefix_bits = 64};
    struct source_table *table = source_table_new(&settings, &counters);
    for (uint8_t i = 1; i <= 30; i++) {
        struct ip_address ip = sample_ipv4(10, 0, 0, i);
        struct auth_figures auth = {.dialogues = 2, .fruitless = 1, .tries = 100, .refused = i / 2 + 4u};
        auth.refused_last = SAMPLE_TIME;
        source_table_add_auth(table, &ip, &auth);
        output.source(output.context, table, source_table_find(table, &ip));
    }
    output.summary(output.context, &summary);
    fflush(file);
    const char *list =
        strstr(text,
               "Passwords guessed? AUTH refused to\n  10.0.0.30  19 of 100 tries in 2 dialogues, 1 of them "
               "without success or mail; last 2026-01-02 03:04:05 UTC\n  10.0.0.28  18 of");
    assert_non_null(list);
    const char *first = strstr(list, "  10.0.0.12  10 of"), *second = strstr(list, "  10.0.0.13  10 of");
    assert_true(first != NULL && second != NULL && first < second);
    assert_null(strstr(
        list,
        "9 of 100 tries in 2 dialogues, 1 of them without success or mail; last 2026-01-02 03:04:05 UTC\n  10.0.0.11"));
    assert_null(strstr(list, "  10.0.0.11  "));
    assert_null(strstr(list, "sources more"));
    source_table_free(table);
}

static void nothing_at_all(void **state) {
    (void)state;
    struct counters counters = {.packets = 0};
    struct summary_record summary = {.counters = &counters};
    output.summary(output.context, &summary);
    has("No source sent a message.\n");
    has("outcomes  none\n");
    has_not("no mail");
    has("nothing was lost, cut, or not understood\n");
}

/* More sources than the table shows: the worst are in it, the others are counted. */
static void many_sources(void **state) {
    (void)state;
    struct counters counters = {.packets = 0};
    struct summary_record summary = {.counters = &counters};
    struct sample_settings settings = {.sources_max = 2048,
                                       .evidence_max = 16,
                                       .ipv6_prefix_bits = 64,
                                       .content_spam_points = 5,
                                       .setup_bad_points = 5};
    struct source_table *table = source_table_new(&settings, &counters);
    for (unsigned i = 0; i < 1000; i++) {
        struct verdict verdict = sample_verdict();
        verdict.source.ip = sample_ipv4(10, 0, (uint8_t)(i >> 8), (uint8_t)i);
        struct source *source = source_table_add(table, &verdict, NULL);
        source_standing(source)->state = i == 7 || i == 999 ? STATE_BLOCKED : STATE_CLEAR;
        output.source(output.context, table, source);
    }
    output.summary(output.context, &summary);
    has("10.0.0.7 ");
    has("10.0.3.231 ");
    has("and 900 sources more");
    source_table_free(table);
}

static int load(void **state) {
    (void)state;
    sample_knowledge(&rules, &bounces);
    return rules == NULL || bounces == NULL;
}

static int unload(void **state) {
    (void)state;
    ruleset_free(rules);
    bounce_rules_free(bounces);
    return 0;
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(block_event),
        TEST(more_rules_than_a_row_holds),
        TEST(release_event),
        TEST(hostile_evidence),
        cmocka_unit_test_setup_teardown(colour_where_wanted, begin_coloured, end),
        TEST(no_colour_in_a_file_or_with_no_color),
        TEST(sources_worst_first),
        TEST(guessers),
        TEST(nothing_at_all),
        TEST(many_sources),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
