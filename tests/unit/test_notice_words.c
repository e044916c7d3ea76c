/* Tests of the sentences that mail servers write.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../decoders/report_internal.h"
#include "report_run.h"

static struct notice_index sentences;

static unsigned marks_of(struct span text, size_t old, unsigned known) {
    struct notice_sense sense = {.supposed = false};
    return notice_marks(&sentences, text, old, known, &sense);
}

static void expect_marks(const char *text, unsigned marks) {
    struct guarded guarded = guard_copy(span_from_string(text));
    unsigned found = marks_of(guarded.bytes, 0, 0);
    guard_free(&guarded);
    if (found != marks) fail_msg("%s: marks %u, expected %u", text, found, marks);
}

static void test_marks(void **state) {
    (void)state;
    expect_marks("", 0);
    expect_marks("Hello", 0);
    expect_marks("Hi. THIS IS the qmail-send program at mx.example.", NOTICE_PROGRAM);
    expect_marks("It could not be delivered", NOTICE_FAILS);
    expect_marks("It could not be delivere", 0);
    expect_marks("unable to deliver it to the following addresses:", NOTICE_FAILS | NOTICE_ANNOUNCES);
    expect_marks("cannot be delivered, will be retried", NOTICE_FAILS | NOTICE_DELAYS);
    expect_marks("was successfully delivered to these recipients", NOTICE_SUCCEEDS | NOTICE_ANNOUNCES);
    expect_marks("--- Below this line is a copy of the message.", NOTICE_COPY_FOLLOWS);
    expect_marks("   ----- Transcript of session follows -----", NOTICE_TRANSCRIPT);
    expect_marks("konnte nicht zugestellt werden", NOTICE_FAILS);
    expect_marks("es wird weiter versucht", NOTICE_DELAYS);
    expect_marks("no se volverá a intentar", NOTICE_DELAYS | NOTICE_GIVES_UP); /* what gives up counts more */
    expect_marks("If we gave up", 0);
    expect_marks("If a message is delayed, it will be retried", 0);
    expect_marks("The train is delayed. So is your mail", 0);
    expect_marks("Mail to bob@far.example is delayed", NOTICE_DELAYS);
    expect_marks("It will be delivered immediately", 0);
    expect_marks("It cannot be delivered immediately", NOTICE_FAILS | NOTICE_DELAYS);
}

/* "if" before it in the same sentence; not in another one, not behind it, and not as a part of a word. */
static void test_supposed(void **state) {
    (void)state;
    expect_marks("If it could not be delivered, it ends.", 0);
    expect_marks("Wenn sie nicht zugestellt wird", 0);
    expect_marks("Ask us if you like. It could not be delivered", NOTICE_FAILS);
    expect_marks("If you ask: it could not be delivered", NOTICE_FAILS);
    expect_marks("It could not be delivered. Ask if you like", NOTICE_FAILS);
    expect_marks("A motif could not be delivered", NOTICE_FAILS);
    expect_marks("Well. When it cannot be delivered, it ends.", 0);
    expect_marks("An error came when it could not be delivered", NOTICE_FAILS);
    expect_marks("If", 0);
    expect_marks("If mail to bob@far.example could not be delivered", 0); /* a dot in a name ends no sentence */
    expect_marks("Our motif stands if it could not be delivered", 0);
    expect_marks("If it could not be delivered, wait. It could not be delivered", NOTICE_FAILS);
    expect_marks("In case it could not be delivered", 0);
    expect_marks("We ask whether it could not be delivered", 0);
}

/* Rules of dashes begin a line, whatever stood on the line before. */
static void test_ruled(void **state) {
    (void)state;
    expect_marks("----- Original message -----", NOTICE_COPY_FOLLOWS);
    expect_marks(" --- Unsent message follows", NOTICE_COPY_FOLLOWS);
    expect_marks("Offer --- original message", 0);
    assert_int_equal(marks_of(SPAN_LITERAL("a ----- Original message"), 1, 0), NOTICE_COPY_FOLLOWS);
    assert_int_equal(marks_of(SPAN_LITERAL("a b ----- Original message"), 1, 0), 0);
}

/* Wherever the new bytes begin, a sentence is found once: with its last byte. */
static void test_only_what_is_new(void **state) {
    (void)state;
    static const char *const texts[] = {"x could not be delivered y", "could not be delivered",
                                        "x could not be delivered, and a text so long that it is searched otherwise"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t end = (size_t)(strstr(texts[i], "delivered") - texts[i]) + strlen("delivered");
        for (size_t old = 0; old <= strlen(texts[i]); old++) {
            struct guarded guarded = guard_copy(span_from_string(texts[i]));
            assert_int_equal(marks_of(guarded.bytes, old, 0), old < end ? NOTICE_FAILS : 0);
            assert_int_equal(marks_of(guarded.bytes, old, NOTICE_FAILS), 0);
            guard_free(&guarded);
        }
    }
}

static void expect_opening(const char *text, const char *behind, unsigned flags) {
    unsigned after = 0;
    size_t begin, at = 0;
    struct guarded guarded = guard_copy(span_from_string(text));
    const struct notice_opening *opening = notice_opening(guarded.bytes, &after, &begin, &at);
    guard_free(&guarded);
    assert_int_equal(opening != NULL, behind != NULL);
    if (opening == NULL) return;
    assert_string_equal(text + at, behind);
    assert_int_equal(opening->flags, flags);
}

static void test_openings(void **state) {
    (void)state;
    expect_opening("Failed Recipient: a@b", " a@b", NOTICE_SURE | NOTICE_AT_START);
    expect_opening("The Failed Recipient: a@b", NULL, 0);
    expect_opening("Sorry. Your message to a@b", "a@b", 0);
    expect_opening("Your message to", NULL, 0);
    expect_opening("We are unable to deliver your message to a@b", "a@b", NOTICE_SURE);
}

/* A line may have several: who finds no address behind one asks for the next. */
static void test_next_opening(void **state) {
    (void)state;
    unsigned after = 0, found = 0;
    size_t at, behind;
    struct span text = SPAN_LITERAL("your message to x, your e-mail to y");
    while (notice_opening(text, &after, &at, &behind) != NULL) found++;
    assert_int_equal(found, 2);
    assert_null(notice_opening(text, &after, &at, &behind));
}

static void test_reasons(void **state) {
    (void)state;
    assert_int_equal(notice_reason(SPAN_LITERAL("Reason: full"), false), 7);
    assert_int_equal(notice_reason(SPAN_LITERAL("The reason: full"), false), NOTICE_NO_REASON);
    assert_int_equal(notice_reason(SPAN_LITERAL("Failed for the following reason:"), false), 32);
    assert_int_equal(notice_reason(SPAN_LITERAL(""), true), NOTICE_NO_REASON);
    assert_int_equal(notice_reason(SPAN_LITERAL("host mx: connection refused"), true), 0);
    assert_int_equal(notice_reason(SPAN_LITERAL("host mx: connection refused"), false), NOTICE_NO_REASON);
}

/* A row that is longer than the tail, or has capital letters, would not be found; one that stands twice is a slip. */
static void test_rows(void **state) {
    (void)state;
    unsigned count = 0;
    for (const struct notice_sentence *row; (row = notice_sentence(count)) != NULL; count++) {
        assert_int_equal(row->len, strlen(row->words));
        assert_in_range(row->len, 2, NOTICE_TAIL_BYTES);
        assert_true(row->marks != 0);
        for (const char *c = row->words; *c != '\0'; c++)
            if (*c >= 'A' && *c <= 'Z') fail_msg("%s: a capital letter", row->words);
        for (unsigned before = 0; before < count; before++)
            if (strcmp(notice_sentence(before)->words, row->words) == 0) fail_msg("%s: twice", row->words);
    }
    assert_true(count > 100);
}

/* Each is found where it stands alone, with all of its marks, or makes of what follows a supposition or a title. */
static void test_each_row(void **state) {
    (void)state;
    for (unsigned i = 0; notice_sentence(i) != NULL; i++) {
        const struct notice_sentence *row = notice_sentence(i);
        char text[2 * NOTICE_TAIL_BYTES + 64];
        bool const supposes = (row->marks & (NOTICE_SUPPOSES | NOTICE_SUPPOSES_FIRST)) != 0;
        bool const titled = (row->marks & NOTICE_NAMES_TITLE) != 0;
        bool const alone =
            !supposes && !titled && (row->marks & NOTICE_YOURS) == 0; /* these say it only of what failed */
        unsigned const marks = row->marks & ~(unsigned)NOTICE_OF_MAIL;
        (void)snprintf(text, sizeof text, "%s%s%s", marks == row->marks ? "" : "the mail ", row->words,
                       alone    ? ""
                       : titled ? " it will be retried"
                                : " it could not be delivered");
        unsigned found = marks_of(span_from_string(text), 0, 0);
        if (supposes || titled ? found != 0 : (found & marks) != marks) fail_msg("%s: %u", row->words, found);
    }
}

/* From line to line: what is supposed ends with its sentence, however long that is. */
static void test_sense(void **state) {
    (void)state;
    struct notice_sense sense = {.supposed = false};
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("Hello. If you"), 0, 0, &sense), 0);
    assert_true(sense.supposed && sense.begun);
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("it could not be delivered"), 0, 0, &sense), 0);
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("it ends."), 0, 0, &sense), 0);
    assert_true(!sense.supposed && !sense.begun);
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("it could not be delivered"), 0, 0, &sense), NOTICE_FAILS);
    assert_true(sense.begun);
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("when could not be delivered"), 0, 0, &sense), NOTICE_FAILS);
    sense.begun = false;
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL(" when could not be delivered"), 0, 0, &sense), 0);
}

/* Of what may be the message's title only that it failed counts: to the line's end, then to the sentence's. */
static void test_titled(void **state) {
    (void)state;
    struct notice_sense sense = {.supposed = false};
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("with the subject: Hi. If we gave up"), 0, 0, &sense), 0);
    assert_true(sense.titled && !sense.supposed);
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("will be retried, could not be delivered"), 0, 0, &sense),
                     NOTICE_FAILS);
    assert_true(sense.titled);
    assert_int_equal(notice_marks(&sentences, SPAN_LITERAL("now. It will be retried"), 0, 0, &sense), NOTICE_DELAYS);
    assert_false(sense.titled);
}

static void test_failure(void **state) {
    (void)state;
    size_t begin = 9;
    assert_int_equal(notice_failure(&sentences, SPAN_LITERAL("It could not be delivered today"), &begin), 25);
    assert_int_equal(begin, 3);
    assert_int_equal(notice_failure(&sentences, SPAN_LITERAL("It will be retried"), &begin), 0);
    assert_int_equal(notice_failure(&sentences, SPAN_LITERAL("we gave up"), &begin), 0);
    assert_int_equal(notice_failure(&sentences, SPAN_LITERAL(""), &begin), 0);
}

int main(void) {
    notice_index_make(&sentences);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),    cmocka_unit_test(test_supposed),
        cmocka_unit_test(test_ruled),    cmocka_unit_test(test_only_what_is_new),
        cmocka_unit_test(test_openings), cmocka_unit_test(test_next_opening),
        cmocka_unit_test(test_reasons),  cmocka_unit_test(test_rows),
        cmocka_unit_test(test_each_row), cmocka_unit_test(test_sense),
        cmocka_unit_test(test_titled),   cmocka_unit_test(test_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
