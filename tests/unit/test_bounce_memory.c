/* What was classified last is known again, and nothing else is taken for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../scoring/bounce_internal.h"

static const char file[] =
    "classes:\n"
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5, codes: [5yz]}\n"
    "  - {name: a, fault: list, hard: true, weight: 1, enhanced: [x.1.1], codes: [554 data]}\n"
    "  - {name: b, fault: sender, hard: true, weight: 1}\n"
    "  - {name: c, fault: sender, hard: true, weight: 1}\n"
    "receivers: [{name: one, match: 'esmtp one', example: ESMTP one}]\n"
    "texts:\n"
    "  - {class: c, match: 'no (?!thanks)', receiver: one, example: 550 no way}\n"
    "  - {class: b, match: 'go away', only: 5yz, example: 550 go away}\n"
    "  - {class: b, match: '(?<!not )closed', example: 550 closed}\n"
    "  - {class: a, match: 'away', example: 450 away}\n"
    "  - {class: c, match: 'closed', example: 550 not closed}\n";

static struct bounce_rules *rules;

static int load(void **state) {
    (void)state;
    struct problem problem;
    rules = bounce_rules_load("test", span_from_string(file), &problem);
    if (rules == NULL) fail_msg("%u: %s", problem.line, problem.what);
    return rules == NULL;
}

static int unload(void **state) {
    (void)state;
    bounce_rules_free(rules);
    return 0;
}

static struct smtp_reply reply_of(uint16_t code, const char *text) {
    return (struct smtp_reply){.code = code, .text = span_from_string(text)};
}

/* Twice, and alike; the second time it is remembered. */
static void assert_class(const struct bounce_case *what, const char *name, enum bounce_by by) {
    for (unsigned time = 0; time < 2; time++) {
        enum bounce_by said = BOUNCE_BY_NOTHING;
        assert_string_equal(bounce_classify_by(rules, what, &said)->name, name);
        assert_int_equal(said, by);
        assert_string_equal(bounce_explain(rules, what).class_->name, name);
    }
    struct bounce_answer answer;
    const struct bounce_memory *place = bounce_memory_of(rules->memory, what);
    assert_true(bounce_memory_knows(place, what, &answer));
    assert_string_equal(answer.class_->name, name);
    assert_int_equal(answer.by, by);
}

/* Alike but for one thing, which decides: whoever forgets to compare it is told the class of the one before. */
static void test_all_is_compared(void **state) {
    (void)state;
    struct smtp_reply reply = reply_of(550, "go away");
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}, "b", BOUNCE_BY_TEXT);
    reply.code = 450;
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}, "a", BOUNCE_BY_TEXT);
    reply = reply_of(554, "no");
    assert_class(&(struct bounce_case){.stage = STAGE_DATA, .reply = &reply}, "a", BOUNCE_BY_CODE);
    assert_class(&(struct bounce_case){.stage = STAGE_BODY, .reply = &reply}, "unclassified", BOUNCE_BY_CODE);
    reply.enhanced = (struct enhanced_code){5, 1, 1};
    assert_class(&(struct bounce_case){.stage = STAGE_BODY, .reply = &reply}, "a", BOUNCE_BY_ENHANCED);
    reply = reply_of(554, "no more");
    assert_class(&(struct bounce_case){.stage = STAGE_BODY, .reply = &reply}, "unclassified", BOUNCE_BY_CODE);
    assert_class(&(struct bounce_case){.stage = STAGE_BODY, .reply = &reply, .receiver = 1}, "c", BOUNCE_BY_TEXT);
}

/* The entries of one place are told apart by each of their parts. */
static void test_place(void **state) {
    (void)state;
    struct bounce_memory place = {.answer = {.class_ = NULL}};
    struct smtp_reply const reply = {.code = 550, .enhanced = {5, 1, 1}, .text = SPAN_LITERAL("12345678abc")};
    struct bounce_case const what = {.stage = STAGE_RCPT, .reply = &reply, .receiver = 3};
    struct bounce_answer const kept = {bounce_class_at(rules, 1), BOUNCE_BY_TEXT};
    struct bounce_answer answer;
    assert_false(bounce_memory_knows(&place, &what, &answer));
    bounce_memory_keep(&place, &what, kept);
    assert_true(bounce_memory_knows(&place, &what, &answer));
    assert_ptr_equal(answer.class_, kept.class_);
    assert_int_equal(answer.by, kept.by);
    struct smtp_reply others[6];
    for (unsigned i = 0; i < 6; i++) others[i] = reply;
    others[0].code = 551;
    others[1].enhanced.class_ = 4;
    others[2].enhanced.subject = 2;
    others[3].enhanced.detail = 2;
    others[4].text = SPAN_LITERAL("12345678abd");
    others[5].text = SPAN_LITERAL("12345678ab");
    for (unsigned i = 0; i < 6; i++)
        assert_false(bounce_memory_knows(
            &place, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &others[i], .receiver = 3}, &answer));
    assert_false(bounce_memory_knows(&place, &(struct bounce_case){.stage = STAGE_DATA, .reply = &reply, .receiver = 3},
                                     &answer));
    assert_false(bounce_memory_knows(&place, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply, .receiver = 2},
                                     &answer));
}

/* Nothing of what is no refusal, or too long, is kept; the text that fills its place is. */
static void test_what_has_no_place(void **state) {
    (void)state;
    char text[LIMIT_REPLY_TEXT_BYTES + 2];
    memset(text, 'x', sizeof text);
    struct smtp_reply reply = {.code = 550, .text = span_of((uint8_t *)text, LIMIT_REPLY_TEXT_BYTES + 1)};
    struct bounce_case const what = {.stage = STAGE_RCPT, .reply = &reply};
    assert_null(bounce_memory_of(rules->memory, &what));
    assert_string_equal(bounce_classify(rules, &what)->name, "unclassified");
    reply.text.len = LIMIT_REPLY_TEXT_BYTES;
    assert_class(&what, "unclassified", BOUNCE_BY_CODE);
    reply = reply_of(250, "go away");
    assert_null(bounce_memory_of(rules->memory, &what));
    assert_null(bounce_classify(rules, &what));
    reply = reply_of(550, "");
    assert_class(&what, "unclassified", BOUNCE_BY_CODE);
}

/* More refusals than there are places, in turn: each has its own answer every time. */
static void test_many(void **state) {
    (void)state;
    for (unsigned i = 0; i < 5 * LIMIT_BOUNCE_MEMORY; i++) {
        char text[40];
        snprintf(text, sizeof text, "%s %u", i % 2 == 0 ? "go away" : "closed", i % (2 * LIMIT_BOUNCE_MEMORY));
        struct smtp_reply const reply = reply_of(i % 3 == 0 ? 450 : 550, text);
        bool const away = i % 2 == 0 && i % 3 == 0;
        assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}, away ? "a" : "b", BOUNCE_BY_TEXT);
    }
}

/* What PCRE2 has to confirm gives way to what stands before it, and to what stands behind it only when it does not
 * hold: in the first database and in the second one. */
static void test_first_in_file(void **state) {
    (void)state;
    struct smtp_reply reply = reply_of(550, "no go away");
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply, .receiver = 1}, "c", BOUNCE_BY_TEXT);
    reply = reply_of(550, "no thanks, go away");
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply, .receiver = 1}, "b", BOUNCE_BY_TEXT);
    reply = reply_of(450, "away, closed");
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}, "b", BOUNCE_BY_TEXT);
    reply = reply_of(450, "away, not closed");
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}, "a", BOUNCE_BY_TEXT);
    reply = reply_of(550, "not closed");
    assert_class(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}, "c", BOUNCE_BY_TEXT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_compared),   cmocka_unit_test(test_place),
        cmocka_unit_test(test_what_has_no_place), cmocka_unit_test(test_many),
        cmocka_unit_test(test_first_in_file),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
