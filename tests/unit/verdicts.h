/* verdicts: messages of the kinds that scoring tells apart, ready to be counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_VERDICTS_H
#define MAILSPAN_TEST_VERDICTS_H

#include "mailspan/decision.h"

#define TEST_START (INT64_C(1767225600) * NS_PER_S) /* 2026-01-01 00:00:00 UTC */
#define SECONDS(n) ((nstime)(n)*NS_PER_S)
#define MINUTES(n) SECONDS((n)*60)
#define HOURS(n) SECONDS((n)*3600)
#define DAYS(n) HOURS((n)*24)

/* A policy: three messages, all of them spam, are a block of so long, at once. */
#define EAGER_POLICY(duration)                                \
    "active: eager\n"                                         \
    "sample: {content_spam_points: 1, setup_bad_points: 1}\n" \
    "policies:\n"                                             \
    "  - name: eager\n"                                       \
    "    min_messages: 3\n"                                   \
    "    warn_total: 1\n"                                     \
    "    block_total: 30\n"                                   \
    "    block_total_low: 0\n"                                \
    "    max_unseen_share: 0.5\n"                             \
    "    action: discard\n"                                   \
    "    levels: [" duration "]\n"

static inline struct ip_address ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
    return (struct ip_address){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}};
}

/* 2001:db8:<network>::<host> */
static inline struct ip_address ipv6(uint16_t network, uint8_t host) {
    return (struct ip_address){{0x20, 0x01, 0x0d, 0xb8, (uint8_t)(network >> 8), (uint8_t)network, [15] = host}};
}

static inline struct verdict verdict_good(struct ip_address ip, nstime time) {
    return (struct verdict){
        .time = time,
        .source = {ip, 40000},
        .destination = {ipv4(198, 51, 100, 25), 25},
        .visibility = VISIBILITY_CLEAR,
        .outcome = OUTCOME_DELIVERED,
        .content_known = true,
        .confidence = 1,
        .code = 250,
    };
}

static inline struct verdict verdict_spam(struct ip_address ip, nstime time) {
    struct verdict verdict = verdict_good(ip, time);
    verdict.content_points = 7.5f;
    return verdict;
}

static inline struct verdict verdict_bounced(struct ip_address ip, nstime time, float weight) {
    struct verdict verdict = verdict_good(ip, time);
    verdict.outcome = OUTCOME_BOUNCED;
    verdict.stage = STAGE_RCPT;
    verdict.code = 550;
    verdict.bounce_weight = weight;
    verdict.content_known = false; /* refused before its content */
    return verdict;
}

static inline struct verdict verdict_deferred(struct ip_address ip, nstime time, float weight) {
    struct verdict verdict = verdict_bounced(ip, time, weight);
    verdict.outcome = OUTCOME_DEFERRED;
    verdict.code = 450;
    return verdict;
}

static inline struct verdict verdict_badly_set_up(struct ip_address ip, nstime time) {
    struct verdict verdict = verdict_good(ip, time);
    verdict.setup_points = 4;
    return verdict;
}

/* MAIL and RSET, and nothing in between. */
static inline struct verdict verdict_given_up(struct ip_address ip, nstime time) {
    struct verdict verdict = verdict_good(ip, time);
    verdict.outcome = OUTCOME_ABORTED;
    verdict.content_known = false;
    verdict.code = 0;
    return verdict;
}

static inline struct verdict verdict_encrypted(struct ip_address ip, nstime time) {
    struct verdict verdict = verdict_good(ip, time);
    verdict.visibility = VISIBILITY_ENCRYPTED;
    verdict.outcome = OUTCOME_UNKNOWN;
    verdict.content_known = false;
    verdict.confidence = 0;
    return verdict;
}

static inline struct verdict verdict_critical(struct ip_address ip, nstime time) {
    struct verdict verdict = verdict_spam(ip, time);
    verdict.critical = true;
    return verdict;
}

static inline struct sample_settings settings_for_tests(size_t sources_max, size_t evidence_max) {
    return (struct sample_settings){
        .sources_max = sources_max,
        .evidence_max = evidence_max,
        .ipv6_prefix_bits = 64,
        .sent_max = 4096,
        .content_spam_points = 5,
        .setup_bad_points = 3,
        .hash_key = "sixteen byte key",
    };
}

#endif
