/* Texts that say the same, and others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/word_sets.h"

static const char one[] =
    "Thank you for your order. We have received your payment and will send the parcel tomorrow morning. You can follow "
    "its journey with the number below. If anything should be wrong, answer this letter within fourteen days.\n";
static const char other[] =
    "Dear winner, your mailbox reached its storage limit. Verify account details today, otherwise access becomes "
    "suspended permanently. Security department requires confirmation through following secure portal immediately.\n";

static unsigned difference(const char *plain, const char *html, size_t step) {
    struct word_sets sets = {.plain = {.words = 0}};
    struct span const texts[] = {span_from_string(plain), span_from_string(html)};
    for (unsigned i = 0; i < 2; i++)
        for (size_t at = 0; at < texts[i].len; at += step)
            word_set_add(i == 0 ? &sets.plain : &sets.html, span_slice(texts[i], at, step));
    return word_sets_difference(&sets);
}

static void assert_between(const char *plain, const char *html, unsigned least, unsigned most) {
    unsigned const whole = difference(plain, html, SIZE_MAX / 2);
    for (size_t step = 1; step < 9; step++) assert_int_equal(difference(plain, html, step), whole);
    assert_in_range(whole, least, most);
}

static void the_same_text(void **state) {
    (void)state;
    assert_between(one, one, 0, 0);
    assert_between(
        "THANK-YOU FOR \"YOUR\" ORDER: WE HAVE RECEIVED YOUR PAYMENT AND WILL SEND THE PARCEL TOMORROW MORNING. "
        "YOU CAN FOLLOW ITS JOURNEY WITH THE NUMBER BELOW http://a.example/tracking/parcel?x=y",
        one, 0, 0); /* a part of it, in capitals, and a link */
    assert_between(
        "wir haben \xc3\xbc\x62"
        "erwiesen Gr\xc3\xbc\xc3\x9f"
        "e gestern morgen abend heute jetzt immer niemals dort hier "
        "oben unten links",
        "wir\xc2\xa0haben\xe2\x80\x9c\xc3\xbc\x62"
        "erwiesen Gr\xc3\xbc\xc3\x9f"
        "e gestern morgen abend heute jetzt immer "
        "niemals dort hier oben unten links",
        0, 0);
}

static void other_texts(void **state) {
    (void)state;
    assert_between(one, other, 85, 100); /* "your" is in both */
    assert_between(other, one, 85, 100);
}

static void too_few_words(void **state) {
    (void)state;
    assert_between("", one, 0, 0);
    assert_between("only three words here", other, 0, 0);
    assert_between(
        "a1b2c3d4 e5f6g7h8 12345 x@y.example http://shop.example/one/two/three/four/five/six/seven/eight/nine/ten",
        other, 0, 0);
}

static void is_bounded(void **state) {
    (void)state;
    struct word_sets sets = {.plain = {.words = 0}};
    char word[16];
    for (unsigned i = 0; i < 5000; i++) {
        int len = snprintf(word, sizeof word, "word%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
        word_set_add(&sets.plain, span_of(word, (size_t)len));
        word_set_add(&sets.html, SPAN_LITERAL("0123456789"));
    }
    assert_int_equal(sets.plain.words, WORD_SET_WORDS);
    assert_int_equal(sets.html.text_bytes, WORD_SET_TEXT_BYTES);
    assert_int_equal(word_sets_difference(&sets), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_text),
        cmocka_unit_test(other_texts),
        cmocka_unit_test(too_few_words),
        cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
