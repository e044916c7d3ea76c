/* The event as JSON text, read back by libjansson.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "publish/wording.h"
#include "publish_samples.h"

static struct config config;
static struct wording wording;
static char text[EVENT_JSON_BYTES];

static int setup(void **state) {
    (void)state;
    sample_config(&config);
    wording_init(&wording, &config, NULL, NULL);
    return 0;
}

static json_t *event_of(const struct decision *decision) {
    size_t length = event_json(&wording, decision, text, sizeof text);
    assert_true(length > 0);
    assert_null(memchr(text, '\n', length));
    json_error_t error;
    json_t *event = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (event == NULL) fail_msg("%s in %.*s", error.text, (int)length, text);
    return event;
}

static void keys_and_their_order(void **state) {
    (void)state;
    char keys[512];
    struct verdict verdict = sample_verdict();
    struct decision decision = sample_decision(DECISION_BLOCK);
    decision.evidence[decision.evidence_count++] = &verdict;
    json_t *event = event_of(&decision);
    assert_string_equal(keys_of(event, keys, sizeof keys),
                        "type specversion id source time subject datacontenttype data");
    assert_string_equal(keys_of(json_at(event, "data"), keys, sizeof keys),
                        "kind seq prefix direction protocol ports action level starts expires reason scores sample "
                        "outcomes in_part health uninformative auth later policy shadow evidence");
    assert_string_equal(keys_of(json_at(event, "data.evidence.0"), keys, sizeof keys),
                        "time destination message_id from_domain outcome told_by code enhanced text bounce_class "
                        "blocklist visibility rules more_rules");
    json_decref(event);
}

static void block(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_BLOCK);
    json_t *event = event_of(&decision);
    assert_string_equal(text_at(event, "specversion"), "1.0");
    assert_string_equal(text_at(event, "type"), "event");
    assert_string_equal(text_at(event, "id"), "sensor 1/192.0.2.7/3/2026-01-02T03:04:05.123456Z");
    assert_string_equal(text_at(event, "source"), "mailspan/sensor%201");
    assert_string_equal(text_at(event, "time"), "2026-01-02T03:04:05.123456Z");
    assert_string_equal(text_at(event, "subject"), "192.0.2.7");
    assert_string_equal(text_at(event, "data.kind"), "block");
    assert_string_equal(text_at(event, "data.action"), "discard");
    assert_string_equal(text_at(event, "data.prefix"), "192.0.2.7/32");
    assert_int_equal(integer_at(event, "data.seq"), 3);
    assert_int_equal(integer_at(event, "data.level"), 1);
    assert_int_equal(integer_at(event, "data.ports.0"), 25);
    assert_string_equal(text_at(event, "data.expires"), "2026-01-02T04:04:05.123456Z");
    assert_string_equal(text_at(event, "data.reason"), "22 of 100 messages bounced");
    assert_true(fabs(json_number_value(json_at(event, "data.scores.content.high")) - 54.76) < 1e-9);
    assert_true(fabs(json_number_value(json_at(event, "data.scores.total.value")) - 38.13) < 1e-9);
    assert_string_equal(text_at(event, "data.sample.from"), "2026-01-02T03:03:05.123456Z");
    assert_int_equal(integer_at(event, "data.outcomes.bounced"), 20);
    assert_int_equal(integer_at(event, "data.health.encrypted"), 4);
    assert_int_equal(integer_at(event, "data.uninformative.messages"), 60);
    assert_int_equal(integer_at(event, "data.uninformative.gapped"), 6);
    assert_int_equal(integer_at(event, "data.uninformative.one_sided"), 7);
    assert_int_equal(integer_at(event, "data.uninformative.encrypted"), 8);
    assert_int_equal(integer_at(event, "data.auth.dialogues"), 9);
    assert_int_equal(integer_at(event, "data.auth.fruitless"), 10);
    assert_int_equal(integer_at(event, "data.auth.tries"), 12);
    assert_int_equal(integer_at(event, "data.auth.refused"), 11);
    assert_string_equal(text_at(event, "data.auth.refused_last"), "2026-01-02T03:04:05.123456Z");
    assert_string_equal(text_at(event, "data.policy.hash"), "0123456789abcdef");
    assert_true(json_is_false(json_at(event, "data.shadow"))); /* its policy has an action */
    assert_int_equal(json_array_size(json_at(event, "data.evidence")), 0);
    json_decref(event);
}

/* The ports that are scored, ascending, to the last one. */
static void ports(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_BLOCK);
    port_set(config.scored_ports, 65535);
    port_set(config.scored_ports, 2525);
    json_t *event = event_of(&decision);
    char *listed = json_dumps(json_at(event, "data.ports"), JSON_COMPACT);
    assert_string_equal(listed, "[25,2525,65535]");
    free(listed);
    json_decref(event);
}

static void every_kind(void **state) {
    (void)state;
    static const char *const kinds[] = {[DECISION_WARN] = "warn",
                                        [DECISION_THROTTLE] = "throttle",
                                        [DECISION_BLOCK] = "block",
                                        [DECISION_RELEASE] = "release",
                                        [DECISION_WITHHELD] = "withheld"};
    for (unsigned kind = DECISION_WARN; kind <= DECISION_WITHHELD; kind++) {
        struct decision decision = sample_decision((enum decision_kind)kind);
        json_t *event = event_of(&decision);
        assert_string_equal(text_at(event, "data.kind"), kinds[kind]);
        assert_int_equal(null_at(event, "data.expires"), kind != DECISION_BLOCK);
        json_decref(event);
    }
}

static void ipv6_source_without_policy(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_WARN);
    decision.ip = (struct ip_address){{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2}};
    decision.prefix_bits = 64;
    decision.policy = NULL;
    json_t *event = event_of(&decision);
    assert_string_equal(text_at(event, "subject"), "2001:db8:1:2::");
    assert_string_equal(text_at(event, "data.prefix"), "2001:db8:1:2::/64");
    assert_true(null_at(event, "data.policy"));
    json_decref(event);
}

static void evidence_is_private_and_named(void **state) {
    (void)state;
    struct ruleset *rules;
    struct bounce_rules *bounces;
    sample_knowledge(&rules, &bounces);
    assert_non_null(rules);
    assert_non_null(bounces);
    wording_init(&wording, &config, rules, bounces);
    struct verdict verdict = sample_verdict();
    verdict.rule_count = 2;
    verdict.rules[0] = 1;
    verdict.rules[1] = 0xffff; /* of no rule set */
    verdict.bounce_class = 1;
    struct decision decision = sample_decision(DECISION_BLOCK);
    decision.evidence[decision.evidence_count++] = &verdict;
    json_t *event = event_of(&decision), *row = json_at(event, "data.evidence.0");
    assert_string_equal(text_at(row, "destination.ip"), "203.0.113.25");
    assert_int_equal(integer_at(row, "destination.port"), 25);
    assert_string_equal(text_at(row, "message_id"), "<1@mail.example.com>");
    assert_string_equal(text_at(row, "from_domain"), "example.com");
    assert_int_equal(integer_at(row, "code"), 550);
    assert_string_equal(text_at(row, "enhanced"), "5.1.1");
    assert_string_equal(text_at(row, "text"), "<b***@example.org>: User unknown");
    assert_string_equal(text_at(row, "outcome"), "bounced");
    assert_string_equal(text_at(row, "visibility"), "clear");
    assert_string_equal(text_at(row, "bounce_class"), bounce_class_at(bounces, 1)->name);
    assert_true(null_at(row, "blocklist"));
    assert_int_equal(json_array_size(json_at(row, "rules")), 1);
    assert_string_equal(text_at(row, "rules.0.name"), ruleset_rule(rules, 1)->name);
    assert_true(null_at(row, "more_rules"));
    json_decref(event);
    while (strcmp(bounce_class_at(bounces, verdict.bounce_class)->name, "blocklisted") != 0) verdict.bounce_class++;
    strcpy(verdict.reply_text, "Service unavailable, host blocked using dnsbl.example.org");
    event = event_of(&decision);
    assert_string_equal(text_at(event, "data.evidence.0.blocklist"), "dnsbl.example.org");
    json_decref(event);
    wording_init(&wording, &config, NULL, NULL);
    ruleset_free(rules);
    bounce_rules_free(bounces);
}

/* The longest rows that there can be, each byte of them hostile. */
static struct verdict hostile_verdict(void) {
    struct verdict verdict = sample_verdict();
    memset(verdict.message_id, 0x1b, sizeof verdict.message_id - 1);
    memset(verdict.from_domain, 0xff, sizeof verdict.from_domain - 1);
    memset(verdict.reply_text, 1, sizeof verdict.reply_text - 1);
    return verdict;
}

static struct decision hostile_decision(const struct verdict *verdict) {
    struct decision decision = sample_decision(DECISION_BLOCK);
    memset(decision.reason, 2, sizeof decision.reason - 1);
    for (unsigned i = 0; i < LIMIT_EVENT_EVIDENCE; i++) decision.evidence[i] = verdict;
    decision.evidence_count = LIMIT_EVENT_EVIDENCE;
    return decision;
}

/* 48 rules with the longest names, and 60 that have none. */
static void rules_without_number(void **state) {
    (void)state;
    static char file[8000];
    struct problem problem;
    size_t used = (size_t)snprintf(file, sizeof file, "rules:\n");
    for (unsigned i = 0; i < LIMIT_VERDICT_RULES; i++)
        used += (size_t)snprintf(file + used, sizeof file - used,
                                 "  - {name: A_NAME_OF_FORTY_SEVEN_LETTERS_AND_DIGITS_NO_X%02u, when: tls, "
                                 "points: -999.25, description: d}\n",
                                 i);
    struct rules_source const source = {RULE_CONTENT, "rules", span_from_string(file)};
    struct ruleset *rules = ruleset_load(&source, 1, &problem);
    if (rules == NULL) fail_msg("%s", problem.what);
    wording_init(&wording, &config, rules, NULL);
    struct verdict verdict = hostile_verdict();
    for (unsigned i = 0; i < LIMIT_VERDICT_RULES; i++) verdict.rules[i] = (uint16_t)i;
    verdict.rule_count = LIMIT_VERDICT_RULES;
    verdict.unnamed_count = 60;
    verdict.unnamed_points = 12.34f;
    struct decision decision = hostile_decision(&verdict);
    json_t *event = event_of(&decision), *row = json_at(event, "data.evidence.9");
    assert_int_equal(json_array_size(json_at(row, "rules")), LIMIT_VERDICT_RULES);
    assert_int_equal(strlen(text_at(row, "rules.47.name")), LIMIT_RULE_NAME_BYTES - 1);
    assert_int_equal(integer_at(row, "more_rules.count"), 60);
    assert_true(fabs(json_number_value(json_at(row, "more_rules.points")) - 12.34) < 1e-9);
    json_decref(event);
    wording_init(&wording, &config, NULL, NULL);
    ruleset_free(rules);
}

static void nothing_known(void **state) {
    (void)state;
    struct verdict verdict = {.time = SAMPLE_TIME};
    struct decision decision = sample_decision(DECISION_WITHHELD);
    decision.evidence[decision.evidence_count++] = &verdict;
    json_t *event = event_of(&decision), *row = json_at(event, "data.evidence.0");
    static const char *const unknown[] = {"message_id", "from_domain",  "code",     "enhanced",
                                          "text",       "bounce_class", "blocklist"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) assert_true(null_at(row, unknown[i]));
    json_decref(event);
}

static void the_worst_event_fits(void **state) {
    (void)state;
    struct verdict verdict = hostile_verdict();
    struct decision decision = hostile_decision(&verdict);
    json_t *event = event_of(&decision);
    assert_int_equal(json_array_size(json_at(event, "data.evidence")), LIMIT_EVENT_EVIDENCE);
    json_decref(event);
    assert_int_equal(event_json(&wording, &decision, text, 500), 0);
}

static void every_kind_holds_the_schema(void **state) {
    (void)state;
    static char lines[16 * EVENT_JSON_BYTES];
    size_t length = 0;
    struct verdict empty = {.time = SAMPLE_TIME}, verdict = sample_verdict();
    for (unsigned kind = DECISION_WARN; kind <= DECISION_WITHHELD; kind++) {
        struct decision decision = sample_decision((enum decision_kind)kind);
        decision.evidence[0] = &verdict;
        decision.evidence[1] = &empty;
        decision.evidence_count = 2;
        if (kind == DECISION_WITHHELD) decision.policy = NULL;
        length += event_json(&wording, &decision, lines + length, sizeof lines - 1 - length);
        lines[length++] = '\n';
    }
    assert_true(schemas_hold(lines, length));
}

/* Equal decisions give equal bytes; another number gives another id. */
static void deterministic(void **state) {
    (void)state;
    static char again[EVENT_JSON_BYTES];
    struct decision decision = sample_decision(DECISION_BLOCK);
    size_t length = event_json(&wording, &decision, text, sizeof text);
    assert_int_equal(event_json(&wording, &decision, again, sizeof again), length);
    assert_memory_equal(text, again, length);
    char first[EVENT_ID_BYTES], second[EVENT_ID_BYTES];
    event_id(&wording, &decision, first);
    decision.sequence++;
    assert_string_not_equal(event_id(&wording, &decision, second), first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_their_order),
        cmocka_unit_test(block),
        cmocka_unit_test_setup(ports, setup),
        cmocka_unit_test(every_kind),
        cmocka_unit_test(ipv6_source_without_policy),
        cmocka_unit_test(evidence_is_private_and_named),
        cmocka_unit_test(rules_without_number),
        cmocka_unit_test(nothing_known),
        cmocka_unit_test(every_kind_holds_the_schema),
        cmocka_unit_test(the_worst_event_fits),
        cmocka_unit_test(deterministic),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
