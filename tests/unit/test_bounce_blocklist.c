/* Blocklists that refusals name, by the table of the built-in file and by their zones.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mailspan/bounce.h"
#include "rule_text.h"

static struct bounce_rules *rules;

static int load_rules(void **state) {
    (void)state;
    struct problem problem;
    struct span yaml = test_file("rules/bounces.yaml");
    rules = bounce_rules_load("bounces.yaml", yaml, &problem);
    free((void *)(uintptr_t)yaml.data);
    return rules == NULL;
}

static int free_rules(void **state) {
    (void)state;
    bounce_rules_free(rules);
    return 0;
}

static void assert_list(const char *text, const char *name, bool removable) {
    struct bounce_blocklist list = bounce_blocklist(rules, span_from_string(text));
    if (!span_equal(list.name, span_from_string(name)))
        fail_msg("%s: %.*s, expected %s", text, (int)list.name.len, (const char *)list.name.data, name);
    assert_true((list.url != NULL) == removable);
}

static void blocklists_are_named(void **state) {
    (void)state;
    assert_list("Client host [192.0.2.1] blocked using zen.spamhaus.org", "Spamhaus ZEN", true);
    assert_list("192.0.2.1 is on the Spamhaus XBL blacklist", "Spamhaus XBL", true);
    assert_list("IP blacklisted by Spamhaus", "Spamhaus", true);
    assert_list("blocked using b.barracudacentral.org", "Barracuda", true);
    assert_list("part of their network is on our block list (S3150)", "Microsoft", true);
    assert_list("blocked using Trend Micro RBL+", "Trend Micro ERS", true);
    assert_list("listed in dnsbl.sorbs.net", "SORBS", false);
    assert_list("Rejected, Listed At bl.example.org.", "bl.example.org", false);
    assert_list("blocked using list-7.example.net; see there", "list-7.example.net", false);
    assert_list("blocked by 192.0.2.1", "", false);
    assert_list("blocked by you", "", false);
    assert_list("blocked by john.smith@example.org", "", false); /* a person */
    assert_list("blocked using x.", "", false);
    assert_list("listed in ", "", false);
    assert_list("", "", false);
}

/* Nobody can be asked to be removed from a list that is no more. */
static void closed_lists_have_their_own_advice(void **state) {
    (void)state;
    static const char *const closed[] = {"listed in dnsbl.sorbs.net", "blocked by ix.dnsbl.manitu.net",
                                         "see combined.njabl.org", "listed by list.dsbl.org"};
    for (unsigned i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        struct bounce_blocklist const list = bounce_blocklist(rules, span_from_string(closed[i]));
        assert_null(list.url);
        assert_non_null(list.advice);
        assert_non_null(strstr(list.advice, "was closed in "));
    }
    assert_null(bounce_blocklist(rules, SPAN_LITERAL("blocked using zen.spamhaus.org")).advice);
    assert_null(bounce_blocklist(rules, SPAN_LITERAL("blocked using bl.example.org")).advice);
}

static const struct bounce_class *class_named(const char *name) {
    for (unsigned i = 0; i < bounce_class_count(rules); i++)
        if (strcmp(bounce_class_at(rules, i)->name, name) == 0) return bounce_class_at(rules, i);
    fail_msg("no class %s", name);
    return NULL;
}

/* Who is on a list by its class, or may be, is asked which; and nobody else. */
static void only_where_the_class_says_so(void **state) {
    (void)state;
    static const struct span text = SPAN_LITERAL("blocked using zen.spamhaus.org");
    static const struct {
        const char *class_;
        bool listed;
    } cases[] = {{"blocklisted", true}, {"bad_reputation", true}, {"no_such_user", false}, {"unclassified", false}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(bounce_blocklist_of(rules, class_named(cases[i].class_), text).name.len > 0, cases[i].listed);
    assert_int_equal(bounce_blocklist_of(rules, NULL, text).name.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocklists_are_named),
        cmocka_unit_test(closed_lists_have_their_own_advice),
        cmocka_unit_test(only_where_the_class_says_so),
    };
    return cmocka_run_group_tests(tests, load_rules, free_rules);
}
