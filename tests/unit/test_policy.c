/* rules/policy.yaml: what is read, what is refused and where, and the hash.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/decision.h"
#include "mailspan/problem.h"

static struct policies *load(const char *text) {
    struct problem problem;
    struct policies *policies = policies_load("policy.yaml", span_from_string(text), &problem);
    if (policies == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    return policies;
}

static void assert_refused(const char *text, unsigned line, const char *what) {
    struct problem problem = {0};
    struct policies *policies = policies_load("policy.yaml", span_from_string(text), &problem);
    assert_null(policies);
    assert_string_equal(problem.file, "policy.yaml");
    if (problem.line != line || strstr(problem.what, what) == NULL)
        fail_msg("expected line %u: %s, got %u:%u: %s", line, what, problem.line, problem.column, problem.what);
}

static void assert_hash(const char *text, const char *hash) {
    struct policies *policies = load(text);
    assert_string_equal(policies_active(policies)->hash, hash);
    policies_free(policies);
}

static void what_is_left_out_has_a_default(void **state) {
    (void)state;
    struct policies *policies = load("policies:\n  - name: mine\n");
    const struct policy *policy = policies_active(policies);
    assert_string_equal(policy->name, "mine");
    assert_int_equal(policy->min_messages, 100);
    assert_true(policy->warn_total == 20 && policy->block_total == 40 && policy->block_total_low == 30);
    assert_true(policy->max_unseen_share == 0.3);
    assert_true(policy->max_lost_share == 0.05);
    assert_int_equal(policy->action, ACTION_DISCARD);
    assert_int_equal(policy->levels, 4);
    assert_int_equal(policy->level_duration_s[0], 3600);
    assert_int_equal(policy->level_duration_s[1], 21600);
    assert_int_equal(policy->level_duration_s[2], 86400);
    assert_int_equal(policy->level_duration_s[3], 604800);
    assert_true(policies_sample(policies)->content_spam_points == 5);
    assert_true(policies_sample(policies)->setup_bad_points == 3);
    policies_free(policies);
}

static void every_value_is_read(void **state) {
    (void)state;
    struct policies *policies = load(
        "active: b\n"
        "sample: {content_spam_points: 6.5, setup_bad_points: 2}\n"
        "policies:\n"
        "  - name: a\n"
        "  - name: b\n"
        "    min_messages: 50\n"
        "    warn_total: 10\n"
        "    block_total: 33.5\n"
        "    block_total_low: 25\n"
        "    max_unseen_share: 0.5\n"
        "    max_lost_share: 0.1\n"
        "    action: rate\n"
        "    levels: [15m, 2h]\n");
    const struct policy *policy = policies_active(policies);
    assert_string_equal(policy->name, "b");
    assert_int_equal(policy->min_messages, 50);
    assert_true(policy->warn_total == 10 && policy->block_total == 33.5 && policy->block_total_low == 25);
    assert_true(policy->max_unseen_share == 0.5);
    assert_true(policy->max_lost_share == 0.1);
    assert_int_equal(policy->action, ACTION_RATE);
    assert_int_equal(policy->levels, 2);
    assert_int_equal(policy->level_duration_s[0], 900);
    assert_int_equal(policy->level_duration_s[1], 7200);
    assert_true(policies_sample(policies)->content_spam_points == 6.5);
    assert_true(policies_sample(policies)->setup_bad_points == 2);
    policies_free(policies);
}

static void mistakes_are_named_with_their_place(void **state) {
    (void)state;
    assert_refused("", 1, "policies");
    assert_refused("policies: []\n", 1, "1 to 16");
    assert_refused("policies: yes\n", 1, "a list of policies");
    assert_refused("policies:\n  - min_messages: 5\n", 2, "no name");
    assert_refused("policies:\n  - name: a\n  - name: a\n", 3, "two policies 'a'");
    assert_refused("policies:\n  - name: a\n  - name: b\n", 1, "active");
    assert_refused("active: c\npolicies:\n  - name: a\n", 1, "no policy 'c'");
    assert_refused("policies:\n  - name: a\n    min_mesages: 5\n", 3, "min_messages");
    assert_refused("policies:\n  - name: a\n    min_messages: 101\n", 3, "100");
    assert_refused("policies:\n  - name: a\n    warn_total: 50\n", 2, "warn_total");
    assert_refused("policies:\n  - name: a\n    block_total_low: 41\n", 2, "block_total_low");
    assert_refused("policies:\n  - name: a\n    max_unseen_share: 30\n", 3, "1");
    assert_refused("policies:\n  - name: a\n    action: reject\n", 3, "discard");
    assert_refused("policies:\n  - name: a\n    levels: []\n", 3, "1 to 8");
    assert_refused("policies:\n  - name: a\n    levels: 1h\n", 3, "list of durations");
    assert_refused("policies:\n  - name: a\n    levels: [1h, 30m]\n", 3, "");
    assert_refused("policies:\n  - name: a\n    levels: [1h,1h,1h,1h,1h,1h,1h,1h,1h]\n", 3, "1 to 8");
    assert_refused("sample: {content_spam_points: 0}\npolicies:\n  - name: a\n", 1, "");
    assert_refused("sample: {spam: 5}\npolicies:\n  - name: a\n", 1, "content_spam_points");
    assert_refused("policies:\n  - name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 2, "1 to 47");
}

/* The hash is BLAKE2b (RFC 7693), 16 bytes, of little-endian 64-bit numbers, its first half in hex; this is from
 * Python's hashlib.blake2b(b"".join(v.to_bytes(8, "little") for v in values), digest_size=16), values =
 * [100, 20e6, 40e6, 30e6, 0.3e6, 2, 5e6, 3e6, 4, 3600, 21600, 86400, 604800]. */
static void the_hash_is_of_the_values(void **state) {
    (void)state;
    assert_hash("policies: [{name: a}]\n", "c901425f79d2f61e");
    assert_hash("policies: [{name: other}]\n", "c901425f79d2f61e");
    assert_hash("# the same\npolicies:\n  - {name: a, warn_total: 20.0, levels: [60m, 6h, 1d, 7d]}\n",
                "c901425f79d2f61e");
}

static void any_other_value_gives_another_hash(void **state) {
    (void)state;
    static const char *const others[] = {
        "policies: [{name: a, min_messages: 99}]",
        "policies: [{name: a, warn_total: 19}]",
        "policies: [{name: a, block_total: 41}]",
        "policies: [{name: a, block_total_low: 31}]",
        "policies: [{name: a, max_unseen_share: 0.2}]",
        "policies: [{name: a, max_lost_share: 0.06}]",
        "policies: [{name: a, action: none}]",
        "policies: [{name: a, levels: [1h, 6h, 24h]}]",
        "{sample: {setup_bad_points: 4}, policies: [{name: a}]}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct policies *policies = load(others[i]);
        assert_string_not_equal(policies_active(policies)->hash, "c901425f79d2f61e");
        assert_int_equal(strlen(policies_active(policies)->hash), 16);
        policies_free(policies);
    }
}

static void the_shipped_file_is_the_default(void **state) {
    (void)state;
    static char text[65536];
    FILE *file = fopen("rules/policy.yaml", "r");
    assert_non_null(file);
    size_t const length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    struct policies *policies = load(text);
    assert_string_equal(policies_active(policies)->name, "standard");
    assert_string_equal(policies_active(policies)->hash, "c901425f79d2f61e");
    policies_free(policies);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_has_a_default),      cmocka_unit_test(every_value_is_read),
        cmocka_unit_test(mistakes_are_named_with_their_place), cmocka_unit_test(the_hash_is_of_the_values),
        cmocka_unit_test(any_other_value_gives_another_hash),  cmocka_unit_test(the_shipped_file_is_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
