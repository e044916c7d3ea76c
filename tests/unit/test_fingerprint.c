/* Fingerprints: the same in any cut, near for what says nearly the same, far for what does not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/fingerprint.h"
#include "mailspan/limits.h"

#define OFFER                                                                                                      \
    "Dear Mary, our warehouse has to be empty by Friday, and so every carpet in the catalogue costs half of what " \
    "it did last week. Call 555-0100 or write to mary.jones@example.com, order 81723. Look at "                    \
    "https://carpets.example/a?id=91823 and choose yours before somebody else takes it home.\nYours, Henry"

/* In pieces of so many bytes. */
static uint64_t cut(struct span text, size_t piece) {
    struct fingerprint f = {0};
    for (size_t at = 0; at < text.len; at += piece) fingerprint_push(&f, span_slice(text, at, piece));
    fingerprint_break(&f);
    return fingerprint_of(&f);
}

static uint64_t of(const char *text) {
    return cut(span_from_string(text), SIZE_MAX / 2);
}

static void assert_near(const char *a, const char *b) {
    if (!fingerprint_is_near(of(a), of(b))) fail_msg("%u bins agree: %s\n%s", fingerprint_agree(of(a), of(b)), a, b);
}

static void in_any_cut(void **state) {
    (void)state;
    static const char *const texts[] = {
        OFFER,
        "https://a.example/x://y user@b 1)http://c@d.example:8080/?q://r ://e : / x",
        "Gr\xc3\xb6\xc3\x9f\x65 \xe2\x80\x9cquoted\xe2\x80\x9d \xc2\xa0words\xc2\xabhere\xc2",
        "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96\xe7\x95\x8c 100\xe5\x85\x83\xe5\x9b\xbd\xe4\xba\xba "
        "abc\xe4\xbd\xa0\xe5\xa5\xbd"
        "def \xe4\xbd x\xe5\xa5 \xe3\x81",
        "one-two(three)four/five,six;seven:eight.nine+ten=eleven",
        "so, you. say: it/ has; all! of? it@ now) (and, \n then\tto 1, 2 a@b. x http:// y: //z don't, 'it'. end.\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct guarded guard = guard_copy(span_from_string(texts[i]));
        uint64_t const whole = cut(guard.bytes, SIZE_MAX / 2);
        assert_true(whole != 0);
        for (size_t piece = 1; piece < 9; piece++) assert_true(cut(guard.bytes, piece) == whole);
        guard_free(&guard);
    }
}

/* A byte at a time no word is taken whole. */
static void in_any_cut_of_any_text(void **state) {
    (void)state;
    static const char *const pieces[] = {"word", "a", "Some", " ",  " ", "\n", ",",        ":",
                                         "/",    "@", "1",    "\'", ".", "-",  "\xc3\xa9", "\xe4\xbd\xa0"};
    uint32_t seed = 1;
    unsigned whole_ones = 0;
    for (unsigned round = 0; round < 3000; round++) {
        char text[1024] = "";
        size_t len = 0;
        for (unsigned i = 0; i < 150; i++) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[seed >> 28];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        uint64_t const whole = cut(span_of((const uint8_t *)text, len), SIZE_MAX / 2);
        assert_true(cut(span_of((const uint8_t *)text, len), 1) == whole);
        whole_ones += whole != 0;
    }
    assert_true(whole_ones > 1000);
}

static void what_is_another_in_each_copy(void **state) {
    (void)state;
    uint64_t const said = of("please look at our offer of today");
    assert_true(of("Please LOOK at\nour offer (of) today!") == said);
    assert_true(of("please look at our offer 17.3 no12 of today x3") == said);
    assert_true(of("please look at our mary@example.com offer of <a.b@c> today") == said);
    assert_true(of("today our offer, please: look at of offer") == said); /* in whatever order, however often */
    uint64_t const linked = of("please look at http://carpets.example/x our offer of today");
    assert_true(linked != said);
    assert_true(of("please look at HTTPS://Carpets.Example/a/b?c=1#:// our offer of today") == linked);
    assert_true(of("please look at <http://me:17@carpets.example:80/> our offer of today") != said);
    assert_true(of("please \xe2\x80\x9clook\xe2\x80\x9d at\xc2\xa0our \xc2\xaboffer\xc2\xbb of today") == said);
}

static void near_and_far(void **state) {
    (void)state;
    assert_near(OFFER,
                "Dear Peter Smith, our warehouse has to be empty by Monday, and so every carpet in the catalogue costs "
                "half of what it did last month. Call 555-0199 or write to p@example.org, order 1. Look at "
                "https://carpets.example/b?id=5 and choose yours before somebody else takes it home.\nYours, Anna");
    assert_near(
        OFFER, /* spun */
        "Hello Mary, the warehouse must be empty by Friday, so every rug in the catalogue costs half of what it "
        "was last week. Phone 555-0100 or write to us, order 81723. See https://carpets.example/a?id=91823 and "
        "choose one before somebody else takes it home.\nRegards, Henry");
    assert_near(
        OFFER, /* turned round */
        "Look at https://carpets.example/a and choose yours before somebody else takes it home. Every carpet in "
        "the catalogue costs half of what it did last week, and so our warehouse has to be empty by Friday. "
        "Yours, Henry. Dear Mary, call or write to order.");
    static const char *const others[] = {
        "The minutes of last week's meeting are in the folder. Please say until Friday whether anything has to be "
        "changed, so that I can send them to the board. Henry",
        "Your parcel has left our warehouse and will be with you on Monday. Follow it at https://post.example/t?id=2 "
        "or write to us. Thank you for your order.",
        "Dear Mary, the children would like to come at four, if it does not rain. Shall they bring the dog? Yours, "
        "Anna",
    };
    for (size_t i = 0; i < 3; i++) {
        assert_true(fingerprint_agree(of(OFFER), of(others[i])) < FINGERPRINT_NEAR - 2);
        for (size_t j = 0; j < i; j++) assert_false(fingerprint_is_near(of(others[i]), of(others[j])));
    }
}

/* Pairs of characters are words. */
static void without_blanks(void **state) {
    (void)state;
    /* "Our company offers invoices of all kinds, tel. 13800138000", with another number, another beginning */
    static const char one[] =
        "\xe6\x88\x91\xe5\x85\xac\xe5\x8f\xb8\xe4\xbb\xa3\xe5\xbc\x80\xe5\x90\x84\xe7\xb1\xbb\xe5\x8f\x91"
        "\xe7\xa5\xa8\xe8\x81\x94\xe7\xb3\xbb\xe7\x94\xb5\xe8\xaf\x9d"
        "13800138000";
    static const char two[] =
        "\xe6\x9c\xac\xe5\x85\xac\xe5\x8f\xb8\xe4\xbb\xa3\xe5\xbc\x80\xe5\x90\x84\xe7\xb1\xbb\xe5\x8f\x91"
        "\xe7\xa5\xa8\xe8\x81\x94\xe7\xb3\xbb\xe7\x94\xb5\xe8\xaf\x9d"
        "13912345678";
    /* "the meeting of tomorrow afternoon was moved to Wednesday" */
    static const char three[] =
        "\xe6\x98\x8e\xe5\xa4\xa9\xe4\xb8\x8b\xe5\x8d\x88\xe7\x9a\x84\xe4\xbc\x9a\xe8\xae\xae\xe6\x94\xb9"
        "\xe5\x88\xb0\xe6\x98\x9f\xe6\x9c\x9f\xe4\xb8\x89";
    assert_near(one, two);
    assert_false(fingerprint_is_near(of(one), of(three)));
}

static void too_little(void **state) {
    (void)state;
    assert_true(of("") == 0);
    assert_true(of("two words 3 4@5") == 0);
    assert_true(of("three such words") != 0);
    assert_false(fingerprint_is_near(0, 0));
    assert_false(fingerprint_is_near(0, of(OFFER)));
    assert_int_equal(fingerprint_agree(of(OFFER), of(OFFER)), 16);
    assert_int_equal(fingerprint_agree(UINT64_C(0x0123456789abcdef), UINT64_C(0x0123456789abcd00)), 14);
}

/* What is behind the limit changes nothing, and costs nothing. */
static void no_more_than_the_limit(void **state) {
    (void)state;
    static char text[LIMIT_FINGERPRINT_BYTES + 64];
    for (size_t i = 0; i < sizeof text; i++) text[i] = i % 6 == 5 ? ' ' : (char)('a' + i * i / 36 % 26);
    uint64_t const all = cut(span_of(text, LIMIT_FINGERPRINT_BYTES), 1000);
    assert_true(cut(span_of(text, sizeof text), 1000) == all);
    struct fingerprint f = {0};
    for (unsigned i = 0; i < 3; i++) fingerprint_push(&f, span_of(text, sizeof text));
    assert_int_equal(f.bytes, LIMIT_FINGERPRINT_BYTES);
}

static uint32_t subject(const char *text) {
    return fingerprint_subject(span_from_string(text));
}

static void subjects(void **state) {
    (void)state;
    assert_true(subject("") == 0);
    assert_true(subject("#12345 x@y.example") == 0);
    assert_true(subject("Your order #12345") == subject("your  ORDER #9"));
    assert_true(fingerprint_subject_is_near(subject("Mary, half price on all carpets today"),
                                            subject("Peter, half price on all carpets today")));
    assert_true(fingerprint_subject_is_near(subject("Half price on all carpets today"),
                                            subject("Half pr1ce on all carpets today!")));
    assert_false(fingerprint_subject_is_near(subject("Half price on all carpets today"),
                                             subject("Minutes of the last meeting")));
    assert_false(fingerprint_subject_is_near(subject(""), subject("")));
    char text[2 * LIMIT_SUBJECT_BYTES]; /* as many blanks are added as there are letters to stand between, at most */
    for (size_t i = 0; i < sizeof text; i++) text[i] = i % 2 == 0 ? 'q' : '-';
    assert_true(fingerprint_subject(span_of(text, sizeof text)) ==
                fingerprint_subject(span_of(text, LIMIT_SUBJECT_BYTES)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_any_cut),
        cmocka_unit_test(in_any_cut_of_any_text),
        cmocka_unit_test(what_is_another_in_each_copy),
        cmocka_unit_test(near_and_far),
        cmocka_unit_test(without_blanks),
        cmocka_unit_test(too_little),
        cmocka_unit_test(no_more_than_the_limit),
        cmocka_unit_test(subjects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
