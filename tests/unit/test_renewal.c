/* Rules and configuration that change under messages in flight: which rules a message is judged by, what its verdict
 * names, when old rules are let go, and what the judge makes of what comes late.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "handover.h"
#include "judging.h"
#include "packets.h"
#include "process/channel.h"
#include "process/reporter.h"
#include "process/wire.h"
#include "publish/publish.h"
#include "verdicts.h"

#define RAW_LINK 12 /* a frame is an IP datagram */

/* --- generations ---------------------------------------------------------------------------------------------------
 */

#define BODY(name, word, points) \
    "  - {name: " name ", look_at: body, match: '" word "', points: " points ", description: d}\n"
#define SETUP(name, points) "  - {name: " name ", when: 'recipients > 0', points: " points ", description: d}\n"
#define CLASS(name, code) "  - {name: " name ", fault: list, hard: true, weight: 1, codes: ['" code "']}\n"
#define CLASSES "classes:\n  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"

static const char policy_format[] =
    "active: only\nsample: {content_spam_points: %s, setup_bad_points: 3}\npolicies:\n"
    "  - {name: only, min_messages: 3, warn_total: 20, block_total: 40, block_total_low: 0, max_unseen_share: 0.3, "
    "max_lost_share: 0.05, action: %s, levels: [1h]}\n";

struct words {
    const char *content, *setup, *classes, *spam_points, *action, *config;
};

static const struct words first = {BODY("ALPHA", "alpha", "1") BODY("BETA", "beta", "2"),
                                   SETUP("SET", "1"),
                                   CLASS("busy", "550") CLASS("away", "551"),
                                   "5",
                                   "discard",
                                   ""},
                          second = {BODY("BETA", "beta", "2") BODY("GAMMA", "alpha", "4"),
                                    SETUP("SET", "0.5"),
                                    CLASS("away", "551"),
                                    "5",
                                    "discard",
                                    ""},
                          third = {BODY("NEW", "nothing", "8") BODY("BETA", "beta", "16") BODY("ALPHA", "alpha", "32"),
                                   SETUP("SET", "0.25"),
                                   CLASS("gone", "559") CLASS("away", "551"),
                                   "5",
                                   "discard",
                                   ""};

static struct generation *generation_of(uint32_t number, const struct words *words) {
    char content[1024], setup[512], bounces[1024], policy[512];
    struct generation *generation = calloc(1, sizeof *generation);
    struct problem problem;
    assert_non_null(generation);
    (void)snprintf(content, sizeof content, "rules:\n%s", words->content);
    (void)snprintf(setup, sizeof setup, "rules:\n%s", words->setup);
    (void)snprintf(bounces, sizeof bounces, CLASSES "%s", words->classes);
    (void)snprintf(policy, sizeof policy, policy_format, words->spam_points, words->action);
    const struct knowledge_texts texts = {
        {[KNOWLEDGE_CONTENT] = {"content", span_from_string(content), false},
         [KNOWLEDGE_SETUP] = {"setup", span_from_string(setup), false},
         [KNOWLEDGE_CONTENT_WORDS] = {"content_words", span_from_string("words: []\n"), false},
         [KNOWLEDGE_BOUNCES] = {"bounces", span_from_string(bounces), false},
         [KNOWLEDGE_WORDS] = {"words", span_from_string("words: []\n"), false},
         [KNOWLEDGE_POLICY] = {"policy", span_from_string(policy), false}}};
    generation->number = number;
    config_default(&generation->config);
    if (!config_parse(&generation->config, "config", "", span_from_string(words->config), &problem) ||
        !knowledge_load_texts(&texts, NULL, &generation->knowledge, &problem))
        fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    return generation;
}

static void start_small(struct config *config) {
    config->flows_max = 64;
    config->sources_max = config->evidence_max = 64;
}

/* --- a decoding, and mail that comes in turns ----------------------------------------------------------------------
 */

static const struct sent no_keys;

struct told {
    struct verdict verdict;
    uint16_t client_port;
};

struct bench {
    struct generation *start;
    struct counters counters;
    struct decoding *decoding;
    struct told told[16];
    unsigned count, dialogues;
    nstime now;
};

static void on_message(void *context, const struct message_record *record) {
    struct bench *b = context;
    assert_true(b->count < 16);
    b->told[b->count++] = (struct told){*record->verdict, record->stream->client.port};
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct bench *b = context;
    (void)record;
    b->dialogues++;
}

static void on_advance(void *context, nstime now) {
    (void)context, (void)now;
}

static void on_notice(void *context, const struct notice *notice) {
    (void)context, (void)notice;
}

static int bench_open(void **state) {
    static struct bench bench;
    bench = (struct bench){.start = generation_of(0, &first), .now = INT64_C(1700000000) * NS_PER_S};
    start_small(&bench.start->config);
    const struct decoding_settings settings = {.config = &bench.start->config,
                                               .knowledge = &bench.start->knowledge,
                                               .frame_counters = &bench.counters,
                                               .counters = &bench.counters};
    const struct decoding_listener listener = {&bench, on_message, on_dialogue, on_notice, on_advance, NULL};
    bench.decoding = decoding_new(&settings, &listener);
    *state = &bench;
    return bench.decoding == NULL;
}

static int bench_close(void **state) {
    struct bench *b = *state;
    decoding_free(b->decoding);
    generation_free(b->start);
    return 0;
}

static void show_to(struct decoding *decoding, struct talk *talk, struct packet packet, nstime *now) {
    *now += NS_PER_MS;
    talk->now = *now;
    const struct frame_seen frame = {
        .link_type = RAW_LINK, .wire_length = (uint32_t)packet.datagram.len, .time = *now, .captured = packet.datagram};
    decoding_frame(decoding, &frame);
}

static void show(struct bench *b, struct talk *talk, struct packet packet) {
    show_to(b->decoding, talk, packet, &b->now);
}

static void say(struct bench *b, struct talk *talk, enum stream_side side, const char *text) {
    show(b, talk, talk_say(talk, side, text));
    show(b, talk, talk_ack(talk, side_other(side)));
}

static struct talk connect_to(struct bench *b, uint16_t client_port, uint16_t server_port) {
    struct talk talk = talk_between("192.0.2.1", client_port, "198.51.100.25", server_port);
    talk.now = b->now;
    show(b, &talk, talk_syn(&talk));
    show(b, &talk, talk_syn_ack(&talk));
    show(b, &talk, talk_ack(&talk, SIDE_CLIENT));
    return talk;
}

/* Up to the content's first words. */
static struct talk begin_on(struct bench *b, uint16_t client_port, uint16_t server_port, const char *words) {
    static const char *const lines[] = {"220 mx ESMTP\r\n", "EHLO a\r\n",
                                        "250 mx\r\n",       "MAIL FROM:<a@b.example>\r\n",
                                        "250 ok\r\n",       "RCPT TO:<c@d.example>\r\n",
                                        "250 ok\r\n",       "DATA\r\n",
                                        "354 go\r\n",       "From: a@b.example\r\nSubject: s\r\n\r\n"};
    struct talk talk = connect_to(b, client_port, server_port);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        say(b, &talk, i % 2 == 0 ? SIDE_SERVER : SIDE_CLIENT, lines[i]);
    say(b, &talk, SIDE_CLIENT, words);
    return talk;
}

static struct talk begin(struct bench *b, uint16_t client_port, const char *words) {
    return begin_on(b, client_port, 25, words);
}

static const struct verdict *end_with(struct bench *b, struct talk *talk, const char *words, const char *reply) {
    unsigned before = b->count;
    say(b, talk, SIDE_CLIENT, words);
    say(b, talk, SIDE_CLIENT, "\r\n.\r\n");
    say(b, talk, SIDE_SERVER, reply);
    show(b, talk, talk_fin(talk, SIDE_CLIENT));
    show(b, talk, talk_fin(talk, SIDE_SERVER));
    show(b, talk, talk_ack(talk, SIDE_CLIENT));
    assert_int_equal(b->count, before + 1);
    assert_int_equal(b->told[before].client_port, talk->peer[SIDE_CLIENT].port);
    talk_free(talk);
    return &b->told[before].verdict;
}

static const struct verdict *end(struct bench *b, struct talk *talk, const char *words) {
    return end_with(b, talk, words, "250 ok\r\n");
}

static void expect_rules(const struct verdict *verdict, const struct generation *now, double content, double setup,
                         const char *names) {
    char text[256] = "";
    for (unsigned i = 0; i < verdict->rule_count; i++) {
        size_t at = strlen(text);
        (void)snprintf(text + at, sizeof text - at, "%s%s", i == 0 ? "" : " ",
                       ruleset_rule(now->knowledge.rules, verdict->rules[i])->name);
    }
    assert_string_equal(text, names);
    assert_float_equal(verdict->content_points, content, 1e-6);
    assert_float_equal(verdict->setup_points, setup, 1e-6);
}

static void renew(struct bench *b, const struct generation *next) {
    assert_true(decoding_renew(b->decoding, &next->config, &next->knowledge));
}

/* --- messages in flight --------------------------------------------------------------------------------------------
 */

static void each_message_has_the_rules_that_it_began_with(void **state) {
    struct bench *b = *state;
    struct generation *two = generation_of(1, &second), *three = generation_of(2, &third);
    struct talk old = begin(b, 1, "alpha and be");
    renew(b, two);
    struct talk middle = begin(b, 2, "beta and al");
    renew(b, three);
    struct talk young = begin(b, 3, "alp");
    assert_null(decoding_spent_knowledge(b->decoding));
    /* The points of the first rules: 2 and 1; what they are called now: the same. */
    expect_rules(end(b, &old, "ta"), three, 3, 1, "BETA ALPHA SET");
    assert_ptr_equal(decoding_spent_knowledge(b->decoding), &b->start->knowledge);
    assert_null(decoding_spent_knowledge(b->decoding));
    /* GAMMA, with 4, is not there any more. */
    expect_rules(end(b, &middle, "pha"), three, 6, 0.5, "BETA SET");
    assert_ptr_equal(decoding_spent_knowledge(b->decoding), &two->knowledge);
    generation_free(two);
    expect_rules(end(b, &young, "ha beta"), three, 48, 0.25, "ALPHA BETA SET");
    assert_null(decoding_spent_knowledge(b->decoding));
    assert_int_equal(b->dialogues, 3);
    assert_int_equal(b->counters.scans_abandoned, 0);
    decoding_free(b->decoding); /* before what it goes by */
    b->decoding = NULL;
    generation_free(three);
}

/* 551 is class 2 of the first rules, 1 of the second, 2 of the third; 550 is class 1, and not there any more. */
static void bounce_classes_are_found_by_name(void **state) {
    struct bench *b = *state;
    struct generation *two = generation_of(1, &second), *three = generation_of(2, &third);
    struct talk away = begin(b, 1, "x"), busy = begin(b, 2, "x");
    renew(b, two);
    struct talk later = begin(b, 3, "x");
    assert_int_equal(end_with(b, &away, "x", "551 not here\r\n")->bounce_class, 1);
    renew(b, three);
    const struct verdict *verdict = end_with(b, &busy, "x", "550 no\r\n");
    assert_int_equal(verdict->bounce_class, 0);
    assert_true(verdict->bounce_weight == 1); /* as it was then */
    assert_int_equal(end_with(b, &later, "x", "551 not here\r\n")->bounce_class, 2);
    decoding_free(b->decoding);
    b->decoding = NULL;
    generation_free(two);
    generation_free(three);
}

/* The rules are renewed again and again under one message that does not end. */
static void one_message_cannot_keep_all_rules(void **state) {
    struct bench *b = *state;
    struct generation *next[LIMIT_GENERATIONS];
    struct talk talks[LIMIT_GENERATIONS];
    talks[0] = begin(b, 1, "alpha beta");
    for (unsigned i = 1; i < LIMIT_GENERATIONS; i++) {
        next[i] = generation_of(i, i % 2 == 0 ? &first : &second);
        renew(b, next[i]);
        talks[i] = begin(b, (uint16_t)(i + 1), "alpha beta");
    }
    assert_int_equal(b->counters.scans_abandoned, 0);
    assert_null(decoding_spent_knowledge(b->decoding));
    struct generation *last = generation_of(LIMIT_GENERATIONS, &third), *more = generation_of(9, &first);
    renew(b, last);
    assert_int_equal(b->counters.scans_abandoned, 1);
    assert_false(decoding_renew(b->decoding, &more->config, &more->knowledge)); /* one is spent, and not asked for */
    assert_ptr_equal(decoding_spent_knowledge(b->decoding), &b->start->knowledge);
    assert_null(decoding_spent_knowledge(b->decoding));
    generation_free(more);
    /* Its content is as if it had not been seen; what is known of its set-up is judged by the newest rules. */
    const struct verdict *verdict = end(b, &talks[0], " alpha beta");
    expect_rules(verdict, last, 0, 0.25, "SET");
    assert_false(verdict->content_known);
    assert_int_equal(verdict->outcome, OUTCOME_DELIVERED);
    verdict = end(b, &talks[1], ".");
    expect_rules(verdict, last, 6, 0.5, "BETA SET");
    assert_true(verdict->content_known);
    for (unsigned i = 2; i < LIMIT_GENERATIONS; i++) (void)end(b, &talks[i], ".");
    for (unsigned i = 1; i < LIMIT_GENERATIONS; i++) assert_non_null(decoding_spent_knowledge(b->decoding));
    assert_null(decoding_spent_knowledge(b->decoding));
    decoding_free(b->decoding);
    b->decoding = NULL;
    for (unsigned i = 1; i < LIMIT_GENERATIONS; i++) generation_free(next[i]);
    generation_free(last);
}

/* Every dialogue that ends, however it ends, lets its rules go. */
static void what_is_cut_off_lets_go(void **state) {
    struct bench *b = *state;
    struct generation *two = generation_of(1, &second);
    struct talk talks[3] = {begin(b, 1, "alpha"), begin(b, 2, "alpha"), begin(b, 3, "alpha")};
    renew(b, two);
    show(b, &talks[0], talk_rst(&talks[0], SIDE_SERVER));
    for (int i = 0; i < 140; i++) {
        b->now += 5 * NS_PER_S;
        decoding_tick(b->decoding, b->now);
    }
    assert_int_equal(b->count, 3);
    assert_ptr_equal(decoding_spent_knowledge(b->decoding), &b->start->knowledge);
    for (int i = 0; i < 3; i++) talk_free(&talks[i]);
    decoding_free(b->decoding);
    b->decoding = NULL;
    generation_free(two);
}

/* --- configuration -------------------------------------------------------------------------------------------------
 */

/* A port that is looked at from now on, and one that is no longer: a connection on it is told as far as it was seen. */
static void ports_change(void **state) {
    struct bench *b = *state;
    struct words words = first;
    words.config = "ports: [26]\nscored_ports: [26]\n";
    struct generation *two = generation_of(1, &words);
    struct talk on_25 = begin(b, 1, "alpha"), on_26 = begin_on(b, 2, 26, "alpha");
    assert_int_equal(b->counters.flows, 1);
    renew(b, two);
    struct talk next_25 = begin(b, 3, "alpha"), next_26 = begin_on(b, 4, 26, "alpha");
    assert_int_equal(b->counters.flows, 2);
    (void)end(b, &next_26, "x");
    decoding_finish(b->decoding);
    assert_int_equal(b->count, 2);
    assert_int_equal(b->told[1].client_port, 1);
    assert_int_equal(b->dialogues, 2);
    talk_free(&on_25);
    talk_free(&on_26);
    talk_free(&next_25);
    decoding_free(b->decoding);
    b->decoding = NULL;
    generation_free(two);
}

static void checksums_and_networks_change(void **state) {
    struct bench *b = *state;
    struct words words = first;
    words.config = "capture: {checksums: verify}\nhome_networks: [203.0.113.0/24]\n";
    struct generation *two = generation_of(1, &words);
    (void)memset(&two->config.file, 0, sizeof two->config.file);
    renew(b, two);
    struct talk talk = connect_to(b, 1, 25); /* its checksums are zero */
    assert_int_equal(b->counters.flows, 0);
    assert_int_equal(b->counters.checksum_ip, 3);
    talk_free(&talk);
    decoding_free(b->decoding);
    b->decoding = NULL;
    generation_free(two);
}

/* --- the judge -----------------------------------------------------------------------------------------------------
 */

struct events {
    struct decision last;
    unsigned count;
    unsigned rule_count, rule, bounce_class; /* of the last one's newest evidence */
};

static void on_event(void *context, const struct decision *decision) {
    struct events *events = context;
    events->last = *decision;
    events->count++;
    if (decision->evidence_count == 0) return;
    events->rule_count = decision->evidence[0]->rule_count;
    events->rule = decision->evidence[0]->rules[0];
    events->bounce_class = decision->evidence[0]->bounce_class;
}

static struct judging *judging_of(struct generation *start, struct counters *counters, struct events *events) {
    start_small(&start->config);
    struct judging *judging = judging_new(&start->config, &start->knowledge, counters);
    assert_non_null(judging);
    judging_add_output(judging, (struct output){.context = events, .event = on_event});
    return judging;
}

static struct verdict spam_at(int seconds) {
    struct verdict verdict = verdict_spam(ipv4(192, 0, 2, 1), TEST_START + SECONDS(seconds));
    verdict.rule_count = 2;
    verdict.rules[0] = 1; /* BETA of the first */
    verdict.rules[1] = 0; /* ALPHA of the first */
    verdict.bounce_class = 2;
    return verdict;
}

static void evidence_names_the_new_rules(void **state) {
    (void)state;
    struct generation *one = generation_of(0, &first), *two = generation_of(1, &second);
    struct counters counters = {0};
    struct events events = {.count = 0};
    struct judging *judging = judging_of(one, &counters, &events);
    struct verdict verdict = spam_at(1);
    judging_verdict(judging, &verdict, &no_keys);
    assert_true(judging_renew(judging, &two->config, &two->knowledge, 1));
    generation_free(one); /* nobody needs it any more */
    /* From now on two that tell nothing of rules; the block's newest evidence is the first. */
    verdict = verdict_spam(ipv4(192, 0, 2, 1), TEST_START + SECONDS(2));
    judging_verdict(judging, &verdict, &no_keys);
    verdict.time += SECONDS(1);
    judging_verdict(judging, &verdict, &no_keys);
    assert_int_equal(events.count, 1);
    assert_int_equal(events.last.kind, DECISION_BLOCK);
    const struct verdict *oldest = events.last.evidence[2];
    assert_int_equal(events.last.evidence_count, 3);
    assert_int_equal(oldest->rule_count, 1); /* ALPHA is gone */
    assert_string_equal(ruleset_rule(two->knowledge.rules, oldest->rules[0])->name, "BETA");
    assert_string_equal(bounce_class_at(two->knowledge.bounces, oldest->bounce_class)->name, "away");
    judging_free(judging);
    generation_free(two);
}

static void verdicts_of_earlier_rules_are_translated(void **state) {
    (void)state;
    struct generation *one = generation_of(5, &first), *two = generation_of(6, &second),
                      *three = generation_of(7, &third);
    struct counters counters = {0};
    struct events events = {.count = 0};
    struct judging *judging = judging_of(one, &counters, &events);
    unsigned rules = 0, classes = 0;
    judging_begin_with(judging, 5); /* as a judge that was started again in the middle of a run */
    assert_true(judging_knows(judging, 5, &rules, &classes));
    assert_false(judging_knows(judging, 4, &rules, &classes));
    assert_false(judging_knows(judging, 6, &rules, &classes));
    assert_true(judging_renew(judging, &two->config, &two->knowledge, 6));
    assert_true(judging_renew(judging, &three->config, &three->knowledge, 7));
    assert_true(judging_knows(judging, 5, &rules, &classes));
    assert_int_equal(rules, 3);
    assert_int_equal(classes, 3);
    assert_true(judging_knows(judging, 6, &rules, &classes));
    assert_int_equal(classes, 2);
    assert_true(judging_knows(judging, 7, &rules, &classes));
    assert_int_equal(rules, 4);
    struct verdict verdict = spam_at(1);
    judging_translate(judging, 7, &verdict);
    assert_int_equal(verdict.rules[0], 1);
    assert_int_equal(verdict.rule_count, 2);
    judging_translate(judging, 5, &verdict);
    assert_int_equal(verdict.rule_count, 1); /* ALPHA was gone in between */
    assert_int_equal(verdict.rules[0], 1);   /* BETA */
    assert_int_equal(verdict.bounce_class, 2);
    for (uint32_t i = 8; i < 8 + LIMIT_GENERATIONS - 2; i++)
        assert_true(judging_renew(judging, &three->config, &three->knowledge, i));
    assert_false(judging_knows(judging, 5, &rules, &classes));
    assert_true(judging_knows(judging, 6, &rules, &classes)); /* the newest and three before */
    judging_free(judging);
    generation_free(one);
    generation_free(two);
    generation_free(three);
}

/* spam is what has 7.5 points: so it is until 8 are wanted. */
static void thresholds_hold_for_what_comes(void **state) {
    (void)state;
    struct words stricter = first;
    stricter.spam_points = "8";
    struct generation *one = generation_of(0, &first), *two = generation_of(1, &stricter);
    struct counters counters = {0};
    struct events events = {.count = 0};
    struct judging *judging = judging_of(one, &counters, &events);
    for (int i = 0; i < 2; i++) {
        struct verdict verdict = spam_at(i);
        judging_verdict(judging, &verdict, &no_keys);
    }
    assert_true(judging_renew(judging, &two->config, &two->knowledge, 1));
    struct verdict verdict = spam_at(3);
    judging_verdict(judging, &verdict, &no_keys); /* 2 of 3 are spam */
    assert_int_equal(events.count, 1);
    assert_int_equal(events.last.scores.spam_like, 2);
    assert_int_equal(events.last.scores.content_known, 3);
    judging_free(judging);
    generation_free(one);
    generation_free(two);
}

static void a_policy_that_no_longer_acts_ends_its_blocks(void **state) {
    (void)state;
    struct words shadow = first;
    shadow.action = "none";
    struct generation *one = generation_of(0, &first), *two = generation_of(1, &first),
                      *none = generation_of(2, &shadow);
    struct counters counters = {0};
    struct events events = {.count = 0};
    struct judging *judging = judging_of(one, &counters, &events);
    for (int i = 0; i < 3; i++) {
        struct verdict verdict = spam_at(i);
        judging_verdict(judging, &verdict, &no_keys);
    }
    assert_int_equal(events.last.kind, DECISION_BLOCK);
    assert_true(judging_renew(judging, &two->config, &two->knowledge, 1));
    assert_int_equal(events.count, 1);
    assert_true(judging_renew(judging, &none->config, &none->knowledge, 2));
    assert_int_equal(events.count, 2);
    assert_int_equal(events.last.kind, DECISION_RELEASE);
    assert_true(events.last.time == TEST_START + SECONDS(2));
    assert_int_equal(events.last.policy->action, ACTION_DISCARD); /* whoever acted on the block hears of it */
    assert_non_null(strstr(events.last.reason, "the policy has changed"));
    judging_advance(judging, TEST_START + HOURS(9));
    assert_int_equal(events.count, 2);
    judging_free(judging);
    generation_free(one);
    generation_free(two);
    generation_free(none);
}

static void home_networks_change(void **state) {
    (void)state;
    struct words elsewhere = first;
    elsewhere.config = "home_networks: [203.0.113.0/24]\n";
    struct generation *one = generation_of(0, &first), *two = generation_of(1, &elsewhere);
    struct counters counters = {0};
    struct events events = {.count = 0};
    struct judging *judging = judging_of(one, &counters, &events);
    struct verdict verdict = spam_at(0);
    judging_verdict(judging, &verdict, &no_keys);
    assert_true(judging_renew(judging, &two->config, &two->knowledge, 1));
    for (int i = 1; i < 4; i++) {
        verdict = spam_at(i);
        judging_verdict(judging, &verdict, &no_keys);
    }
    assert_int_equal(events.count, 0);
    judging_free(judging);
    generation_free(one);
    generation_free(two);
}

/* --- on the wire ---------------------------------------------------------------------------------------------------
 */

/* A reporter owns what it is renewed by, and says of which generation its verdicts are; its lines name them, too. */
static void a_reporter_says_the_generation(void **state) {
    (void)state;
    struct generation *one = generation_of(3, &first), *two = generation_of(4, &second);
    struct wording wording;
    int ends[2];
    start_small(&one->config);
    wording_init(&wording, &one->config, one->knowledge.rules, one->knowledge.bounces);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    const struct reporter_settings settings = {.config = &one->config,
                                               .knowledge = &one->knowledge,
                                               .wording = &wording,
                                               .fd = ends[0],
                                               .queue_bytes = 65536,
                                               .generation = 3};
    struct reporter *reporter = reporter_new(&settings);
    struct channel_reader *reader = channel_reader_new(ends[1]);
    assert_true(reporter != NULL && reader != NULL);
    struct bench b = {.decoding = reporter_decoding(reporter), .now = INT64_C(1700000000) * NS_PER_S};
    for (int round = 0; round < 2; round++) {
        struct talk talk = begin(&b, (uint16_t)(round + 1), "alpha");
        if (round == 1) {
            assert_true(reporter_renew(reporter, two));
            assert_ptr_equal(reporter_config(reporter), &two->config);
        }
        say(&b, &talk, SIDE_CLIENT, " beta\r\n.\r\n");
        say(&b, &talk, SIDE_SERVER, "250 ok\r\n");
        assert_true(reporter_turn(reporter));
        struct span bytes;
        struct wire_record record;
        do {
            assert_int_equal(channel_read(reader, &bytes), CHANNEL_RECORD);
            assert_true(wire_read(bytes, 3, 3, &record));
        } while (record.kind != WIRE_MESSAGE);
        assert_int_equal(wire_generation(bytes), 3 + round);
        assert_int_equal(record.generation, 3 + round);
        /* ALPHA, BETA, SET; the second has no ALPHA */
        assert_int_equal(record.message.verdict.rule_count, round == 0 ? 3 : 2);
        assert_int_equal(record.message.verdict.rules[0], round == 0 ? 1 : 0);
        assert_float_equal(record.message.verdict.content_points, 3, 1e-6);
        char line[4096];
        (void)snprintf(line, sizeof line, "%.*s", (int)record.line.len, (const char *)record.line.data);
        assert_non_null(strstr(line, "\"BETA\""));
        assert_true((strstr(line, "\"ALPHA\"") != NULL) == (round == 0));
        assert_int_equal(wire_generation(span_head(bytes, 8)), 0);
        talk_free(&talk);
    }
    reporter_free(reporter);
    channel_reader_free(reader);
    generation_free(one);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(each_message_has_the_rules_that_it_began_with),
        T(bounce_classes_are_found_by_name),
        T(one_message_cannot_keep_all_rules),
        T(what_is_cut_off_lets_go),
        T(ports_change),
        T(checksums_and_networks_change),
        cmocka_unit_test(evidence_names_the_new_rules),
        cmocka_unit_test(verdicts_of_earlier_rules_are_translated),
        cmocka_unit_test(thresholds_hold_for_what_comes),
        cmocka_unit_test(a_policy_that_no_longer_acts_ends_its_blocks),
        cmocka_unit_test(home_networks_change),
        cmocka_unit_test(a_reporter_says_the_generation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
