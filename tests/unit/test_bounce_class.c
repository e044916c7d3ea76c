/* Bounce classes: the built-in file with its examples, and what decides.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/bounce.h"
#include "mailspan/yaml_document.h"
#include "rule_text.h"

static struct bounce_rules *rules, *small;
static struct span yaml;

static int load_rules(void **state) {
    (void)state;
    struct problem problem;
    yaml = test_file("rules/bounces.yaml");
    rules = bounce_rules_load("bounces.yaml", yaml, &problem);
    if (rules == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    return 0;
}

static int free_rules(void **state) {
    (void)state;
    bounce_rules_free(rules);
    free((void *)(uintptr_t)yaml.data);
    return 0;
}

static struct smtp_reply reply_of(const char *text) {
    static uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    if (!smtp_reply_read(span_from_string(text), room, &reply)) fail_msg("no reply: %s", text);
    return reply;
}

static void assert_class(enum stage stage, const char *text, const char *expected) {
    struct smtp_reply reply = reply_of(text);
    const struct bounce_class *class_ = bounce_classify(rules, stage, &reply);
    const char *name = class_ == NULL ? "none" : class_->name;
    if (strcmp(name, expected) != 0) fail_msg("%s: %s, expected %s", text, name, expected);
}

/* That a text is for. */
static enum stage stage_of(const struct yaml_node *text) {
    const struct yaml_node *node = yaml_get(text, "stage");
    for (enum stage stage = STAGE_GREETING; node != NULL && stage <= STAGE_BODY; stage++)
        if (strcmp(stage_name(stage), node->text) == 0) return stage;
    return STAGE_NONE;
}

/* Every example of the file, by its words alone: with a code that says nothing, and without its enhanced code. */
static void every_example_is_known_by_its_words(void **state) {
    (void)state;
    struct problem problem;
    struct yaml_document *document = yaml_document_load("bounces.yaml", yaml, &problem);
    assert_non_null(document);
    const struct yaml_node *texts = yaml_get(yaml_document_root(document), "texts");
    unsigned count = 0;
    for (const struct yaml_node *text = texts->first; text != NULL; text = text->next, count++) {
        const char *example = yaml_get(text, "example")->text;
        enum stage stage = stage_of(text);
        assert_class(stage == STAGE_NONE ? STAGE_RCPT : stage, example, yaml_get(text, "class")->text);
        struct smtp_reply reply = reply_of(example);
        reply.code = reply.code < 500 ? 499 : 599;
        reply.enhanced = (struct enhanced_code){0, 0, 0};
        const struct bounce_class *class_ = bounce_classify(rules, stage, &reply);
        if (strcmp(class_->name, yaml_get(text, "class")->text) != 0) fail_msg("%s: %s", example, class_->name);
    }
    assert_true(count > 40);
    yaml_document_free(document);
}

static void every_class_is_there(void **state) {
    (void)state;
    static const char *const names[] = {"unclassified",
                                        "no_such_user",
                                        "no_such_domain",
                                        "mailbox_full",
                                        "mailbox_disabled",
                                        "recipient_refuses",
                                        "moved",
                                        "too_big",
                                        "spam_content",
                                        "virus",
                                        "bad_content",
                                        "policy",
                                        "blocklisted",
                                        "bad_reputation",
                                        "no_ptr",
                                        "spf_failed",
                                        "dkim_failed",
                                        "dmarc_failed",
                                        "unauthenticated",
                                        "login_failed",
                                        "bad_sender",
                                        "rate_limited",
                                        "too_many_connections",
                                        "too_many_recipients",
                                        "relay_denied",
                                        "greylisted",
                                        "tls_required",
                                        "not_accepting",
                                        "protocol_error",
                                        "bad_message",
                                        "system_trouble",
                                        "network",
                                        "loop",
                                        "expired"};
    assert_int_equal(bounce_class_count(rules), sizeof names / sizeof names[0]);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(bounce_class_at(rules, i)->name, names[i]);
        assert_true(i == 0 || bounce_class_at(rules, i)->advice != NULL);
    }
    assert_null(bounce_class_at(rules, 99));
    assert_int_equal(bounce_class_at(rules, 1)->fault, FAULT_LIST);
    assert_true(bounce_class_at(rules, 1)->hard && bounce_class_at(rules, 1)->weight == 1);
    assert_true(bounce_class_at(rules, 3)->weight == 0 && !bounce_class_at(rules, 3)->hard);
    assert_string_equal(fault_name(FAULT_RECEIVER), "receiver");
}

static void words_decide_first(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "550 5.0.0 Mailbox is full", "mailbox_full");
    assert_class(STAGE_RCPT, "550 5.1.1 Blocked, see zen.spamhaus.org", "blocklisted");
    assert_class(STAGE_RCPT, "550 Unrouteable address", "no_such_user"); /* Exim */
    assert_class(STAGE_RCPT, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "no_such_user");
    assert_class(STAGE_RCPT, "550 Requested action not taken: mailbox unavailable", "no_such_user");
    assert_class(STAGE_RCPT, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "relay_denied");
    assert_class(STAGE_BODY, "554 5.7.1 Message rejected under suspicion of SPAM", "spam_content");
    assert_class(STAGE_BODY, "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
                 "spf_failed");
    assert_class(STAGE_MAIL, "451 4.7.500 Server busy. Please try again later from [192.0.2.1]", "not_accepting");
    assert_class(STAGE_GREETING, "554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster", "bad_reputation");
    assert_class(STAGE_BODY, "421 4.7.28 Our system has detected an unusual rate of unsolicited mail",
                 "bad_reputation");
}

static void then_enhanced_codes_then_codes(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "550 5.1.1 xyz", "no_such_user");
    assert_class(STAGE_RCPT, "450 4.2.2 xyz", "mailbox_full");
    assert_class(STAGE_BODY, "550 5.7.26 xyz", "unauthenticated");
    assert_class(STAGE_MAIL, "550 5.7.30 xyz", "tls_required"); /* RFC 8689 */
    assert_class(STAGE_BODY, "550 5.7.1 xyz", "policy");
    assert_class(STAGE_RCPT, "550 5.0.0 xyz", "no_such_user"); /* 5.0.0 says nothing: the code at its stage */
    assert_class(STAGE_RCPT, "550 2.1.1 xyz", "no_such_user");
    assert_class(STAGE_RCPT, "550 xyz", "no_such_user");
    assert_class(STAGE_BODY, "550 xyz", "policy");
    assert_class(STAGE_GREETING, "554 xyz", "bad_reputation");
    assert_class(STAGE_BODY, "552 xyz", "too_big");
    assert_class(STAGE_RCPT, "552 xyz", "mailbox_full");
    assert_class(STAGE_DATA, "451 xyz", "system_trouble");
    assert_class(STAGE_RCPT, "472 xyz", "system_trouble");
    assert_class(STAGE_MAIL, "599 xyz", "unclassified");
    assert_class(STAGE_RCPT, "503", "protocol_error");
}

static void other_replies_have_no_class(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "250 2.1.5 user unknown", "none");
    assert_class(STAGE_DATA, "354 go on", "none");
    struct smtp_reply none = {0};
    assert_null(bounce_classify(rules, STAGE_NONE, &none));
}

static void any_bytes_are_a_text(void **state) {
    (void)state;
    uint8_t bytes[256];
    for (unsigned i = 0; i < 256; i++) bytes[i] = (uint8_t)(255 - i);
    struct smtp_reply reply = {.code = 599, .text = span_of(bytes, sizeof bytes)};
    assert_string_equal(bounce_classify(rules, STAGE_RCPT, &reply)->name, "unclassified");
}

static void assert_why(const char *text, enum stage stage, const char *name, enum bounce_by by, const char *rule,
                       unsigned line) {
    struct smtp_reply reply = reply_of(text);
    struct bounce_finding found = bounce_explain(small, stage, &reply);
    assert_string_equal(found.class_->name, name);
    assert_int_equal(found.by, by);
    assert_int_equal(found.line, line);
    if (rule == NULL)
        assert_null(found.rule);
    else
        assert_string_equal(found.rule, rule);
}

static void says_what_decided(void **state) {
    (void)state;
    static const char file[] =
        "classes:\n"
        "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
        "  - name: a\n"
        "    fault: list\n"
        "    hard: true\n"
        "    weight: 1\n"
        "    enhanced: [x.1.*, 5.2.1]\n"
        "    codes:\n"
        "      - 4yz\n"
        "      - 550 rcpt\n"
        "  - {name: b, fault: sender, hard: true, weight: 1, enhanced: [x.1.7]}\n"
        "texts:\n"
        "  - {class: b, match: 'go ?away', example: 550 go away}\n"
        "  - {class: a, match: 'away', example: 550 away}\n"
        "  - {class: b, match: 'here', stage: mail, example: 550 here}\n"
        "  - {class: a, match: 'here', example: 550 here}\n";
    struct problem problem;
    small = bounce_rules_load("small.yaml", span_from_string(file), &problem);
    assert_non_null(small);
    assert_string_equal(bounce_rules_name(small), "small.yaml");
    assert_why("550 5.1.1 Go Away", STAGE_RCPT, "b", BOUNCE_BY_TEXT, "go ?away", 13);
    assert_why("550 5.1.1 far away", STAGE_RCPT, "a", BOUNCE_BY_TEXT, "away", 14);
    assert_why("550 nobody here", STAGE_MAIL, "b", BOUNCE_BY_TEXT, "here", 15);
    assert_why("550 nobody here", STAGE_RCPT, "a", BOUNCE_BY_TEXT, "here", 16);
    assert_why("550 nobody here", STAGE_NONE, "a", BOUNCE_BY_TEXT, "here", 16);
    assert_why("550 5.1.1 x", STAGE_RCPT, "a", BOUNCE_BY_ENHANCED, "x.1.*", 7);
    assert_why("550 5.1.7 x", STAGE_RCPT, "b", BOUNCE_BY_ENHANCED, "x.1.7", 11);
    assert_why("550 5.2.1 x", STAGE_RCPT, "a", BOUNCE_BY_ENHANCED, "5.2.1", 7);
    assert_why("450 4.2.1 x", STAGE_RCPT, "a", BOUNCE_BY_CODE, "4yz", 9);
    assert_why("550 x", STAGE_RCPT, "a", BOUNCE_BY_CODE, "550 rcpt", 10);
    assert_why("550 x", STAGE_NONE, "unclassified", BOUNCE_BY_NOTHING, NULL, 0);
    struct smtp_reply fine = reply_of("250 far away");
    assert_null(bounce_explain(small, STAGE_RCPT, &fine).class_);
    bounce_rules_free(small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_known_by_its_words),
        cmocka_unit_test(every_class_is_there),
        cmocka_unit_test(words_decide_first),
        cmocka_unit_test(then_enhanced_codes_then_codes),
        cmocka_unit_test(other_replies_have_no_class),
        cmocka_unit_test(any_bytes_are_a_text),
        cmocka_unit_test(says_what_decided),
    };
    return cmocka_run_group_tests(tests, load_rules, free_rules);
}
