/* Records for the tests of the outputs, made by hand: documentation addresses (RFC 5737, 3849), fixed times.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_PUBLISH_SAMPLES_H
#define MAILSPAN_TEST_PUBLISH_SAMPLES_H

#include <jansson.h>
#include <stdlib.h>

#include "knowledge.h"
#include "publish/publish.h"

/* 2026-01-02T03:04:05.123456Z: 20455 days after 1970-01-01 (56 years of 365 days, 14 leap days, and one day). */
#define SAMPLE_TIME (INT64_C(1767323045) * NS_PER_S + 123456 * NS_PER_US)

static inline struct ip_address sample_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
    return (struct ip_address){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}};
}

static inline struct stream_info sample_stream(void) {
    return (struct stream_info){.client = {sample_ipv4(192, 0, 2, 7), 40123},
                                .server = {sample_ipv4(203, 0, 113, 25), 25},
                                .start = SAMPLE_TIME};
}

static inline struct smtp_reply sample_reply(uint16_t code, uint8_t class_, uint16_t subject, uint16_t detail,
                                             const char *text) {
    return (struct smtp_reply){.code = code, .enhanced = {class_, subject, detail}, .text = span_from_string(text)};
}

static inline void sample_config(struct config *config) {
    memset(config, 0, sizeof *config);
    strcpy(config->sensor_id, "sensor 1");
    strcpy(config->privacy_key, "a key of the tests");
    strcpy(config->redis_prefix, "mailspan:");
    config->redis_stream_max = 100000;
    port_set(config->scored_ports, 25);
    config->ipv6_prefix_bits = 64;
    config->addresses = PRIVACY_MASKED;
    config->subjects = PRIVACY_MASKED;
}

static inline struct verdict sample_verdict(void) {
    struct verdict verdict = {
        .time = SAMPLE_TIME,
        .source = {sample_ipv4(192, 0, 2, 7), 40123},
        .destination = {sample_ipv4(203, 0, 113, 25), 25},
        .visibility = VISIBILITY_CLEAR,
        .outcome = OUTCOME_BOUNCED,
        .stage = STAGE_RCPT,
        .code = 550,
        .enhanced = {5, 1, 1},
        .content_points = 3.5f,
        .setup_points = 1.25f,
        .confidence = 1.0f,
    };
    strcpy(verdict.message_id, "<1@mail.example.com>");
    strcpy(verdict.from_domain, "example.com");
    strcpy(verdict.reply_text, "<bob@example.org>: User unknown");
    return verdict;
}

static const struct policy sample_policy = {.name = "default", .hash = "0123456789abcdef", .action = ACTION_DISCARD};

static inline struct decision sample_decision(enum decision_kind kind) {
    struct decision decision = {
        .kind = kind,
        .time = SAMPLE_TIME,
        .ip = sample_ipv4(192, 0, 2, 7),
        .prefix_bits = 128,
        .action = kind == DECISION_BLOCK ? ACTION_DISCARD : ACTION_NONE,
        .level = kind == DECISION_BLOCK ? 1 : 0,
        .sequence = 3,
        .expires = kind == DECISION_BLOCK ? SAMPLE_TIME + 3600 * NS_PER_S : 0,
        .policy = &sample_policy,
        .scores = {.messages = 100,
                   .oldest = SAMPLE_TIME - 60 * NS_PER_S,
                   .newest = SAMPLE_TIME,
                   .content = {45, 35.5, 54.756},
                   .setup = {0, 0, 3.7},
                   .bounce = {22, 15, 31},
                   .total = {38.125, 30, 47},
                   .delivered = 70,
                   .deferred = 5,
                   .bounced = 20,
                   .aborted = 3,
                   .unknown = 2,
                   .gapped = 1,
                   .one_sided = 2,
                   .encrypted = 4,
                   .uninformative = 60,
                   .uninformative_gapped = 6,
                   .uninformative_one_sided = 7,
                   .uninformative_encrypted = 8,
                   .auth = {.dialogues = 9, .fruitless = 10, .tries = 12, .refused = 11, .refused_last = SAMPLE_TIME}},
    };
    strcpy(decision.reason, "22 of 100 messages bounced");
    return decision;
}

/* A value of a parsed line: "client.ip", "recipients.0.code"; NULL when it is not there. */
static inline json_t *json_at(json_t *value, const char *path) {
    char word[64];
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        if (length >= sizeof word) return NULL;
        memcpy(word, path, length);
        word[length] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(word)) : json_object_get(value, word);
        path += length + (path[length] == '.');
    }
    return value;
}

static inline const char *text_at(json_t *value, const char *path) {
    const char *text = json_string_value(json_at(value, path));
    return text == NULL ? "(no text)" : text;
}

static inline long long integer_at(json_t *value, const char *path) {
    json_t *number = json_at(value, path);
    return json_is_integer(number) ? json_integer_value(number) : -999;
}

static inline bool null_at(json_t *value, const char *path) {
    return json_is_null(json_at(value, path));
}

/* "a b c": the keys of an object in their order. */
static inline const char *keys_of(json_t *object, char *text, size_t capacity) {
    size_t at = 0;
    const char *key;
    json_t *value;
    text[0] = '\0';
    json_object_foreach(object, key, value) {
        (void)value;
        at += (size_t)snprintf(text + at, at < capacity ? capacity - at : 0, "%s%s", at > 0 ? " " : "", key);
    }
    return text;
}

/* Whether lines hold their schemas; true where there is no Python to ask. */
static inline bool schemas_hold(const char *lines, size_t length) {
    FILE *validate = popen("tests/replay/validate", "w"); /* tests run in the source folder */
    if (validate == NULL) return false;
    bool all = fwrite(lines, 1, length, validate) == length;
    return pclose(validate) == 0 && all;
}

/* The rules and bounce classes that the program carries, as the build compiled them. */
static inline void sample_knowledge(struct ruleset **rules, struct bounce_rules **bounces) {
    struct config config;
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem;
    config_default(&config);
    if (!knowledge_load(&config, &knowledge, &problem)) abort();
    policies_free(knowledge.policies);
    *rules = knowledge.rules;
    *bounces = knowledge.bounces;
    config_free(&config);
}

#endif
