/* Characters that are not what they look like; code points are Unicode's charts'.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/text_signs.h"
#include "mailspan/utf8.h"

static void assert_signs(const char *text, unsigned invisible, unsigned mixed, unsigned styled, unsigned emoji) {
    struct text_signs s;
    struct guarded copy = guard_copy(span_from_string(text));
    text_signs_read(&s, copy.bytes);
    guard_free(&copy);
    if (s.invisible != invisible || s.mixed_words != mixed || s.styled != styled || s.emoji != emoji)
        fail_msg("%s: %u invisible, %u mixed, %u styled, %u emoji", text, s.invisible, s.mixed_words, s.styled,
                 s.emoji);
}

static void assert_skeleton(const char *text, const char *expected) {
    uint8_t room[100];
    struct guarded copy = guard_copy(span_from_string(text));
    size_t len = text_skeleton(copy.bytes, room, sizeof room);
    guard_free(&copy);
    if (len != strlen(expected) || memcmp(room, expected, len) != 0) fail_msg("%s: %.*s", text, (int)len, (char *)room);
}

static void honest_texts_have_no_signs(void **state) {
    (void)state;
    assert_signs("Your order no. 4711 of 1,250.00 EUR", 0, 0, 0, 0);
    assert_signs("Vertragsverlängerung für Jürgen Müßig, Ångström, naïve Æsop, Łódź", 0, 0, 0, 0);
    assert_signs("Ваш заказ принят", 0, 0, 0, 0);
    assert_signs("Η παραγγελία σας", 0, 0, 0, 0);
    assert_signs("Новый iPhone и IT-компания в Москве", 0, 0, 0, 0);
    assert_signs("10 kΩ, 5 µm, Δt", 0, 0, 0, 0); /* units of two letters */
    assert_signs("ご注文ありがとうございます LINE公式", 0, 0, 0, 0);
    assert_signs("تم تأكيد طلبك", 0, 0, 0, 0);
    assert_signs("e\xcc\x81te\xcc\x81", 0, 0, 0, 0); /* accents that stand by themselves */
    assert_signs("", 0, 0, 0, 0);
}

static void finds_signs(void **state) {
    (void)state;
    assert_signs("P\xd0\xb0yPal", 0, 1, 0, 0);                           /* Cyrillic a */
    assert_signs("\xce\x91mazon M\xce\xbf\xce\xbfn", 0, 2, 0, 0);        /* Greek Alpha, omicron */
    assert_signs("\xd0\xb0\xce\xbf\xd1\x81", 0, 1, 0, 0);                /* Cyrillic and Greek */
    assert_signs("Pay\xe2\x80\x8bPal \xc2\xad\xe2\x80\xae", 3, 0, 0, 0); /* zero width, soft hyphen, direction */
    assert_signs("P\xe2\x80\x8b\xd0\xb0yPal", 1, 1, 0, 0);               /* in a word, and does not end it */
    assert_signs("\xf0\x9d\x90\x8f\xf0\x9d\x90\x9a\xf0\x9d\x90\xb2", 0, 0, 3, 0); /* mathematical bold "Pay" */
    assert_signs("P\xf0\x9d\x90\x9ay", 0, 1, 1, 0);
    assert_signs("\xef\xbc\xb0\xef\xbd\x81\xef\xbd\x99", 0, 0, 3, 0); /* full width "Pay" */
    assert_signs("\xf0\x9f\x8e\x81 Gift \xe2\x9c\x85\xef\xb8\x8f", 0, 0, 0, 2);
}

static void looks_like(void **state) {
    (void)state;
    assert_skeleton("PayPal Service", "paypal service");
    assert_skeleton("P\xd0\xb0y\xd1\x80\xd0\xb0l", "paypal");
    assert_skeleton("\xf0\x9d\x90\x8f\xf0\x9d\x90\x9a\xf0\x9d\x90\xb2\xf0\x9d\x97\xa3\xf0\x9d\x97\xae\xf0\x9d\x97\xb9",
                    "paypal");
    assert_skeleton("\xef\xbc\xad\xef\xbd\x89\xef\xbd\x83 \xef\xbc\x93\xef\xbc\x96\xef\xbc\x95", "mic 365");
    assert_skeleton("\xe2\x93\x85\xe2\x93\x90\xe2\x93\xa8", "pay"); /* circles */
    assert_skeleton("\xf0\x9f\x85\xbf\xf0\x9f\x84\xb0\xf0\x9f\x85\x88", "pay");
    assert_skeleton("Pay\xe2\x80\x8bPal\xc2\xad", "paypal");
    assert_skeleton("P\xc3\xa1yp\xc4\x85l", "paypal");
    assert_skeleton("pa\xcc\x81ypal", "paypal");
    assert_skeleton(" \xf0\x9f\x94\x92 DHL \xc2\xa0 Express ", "dhl express");
    assert_skeleton("\xd0\x9d\xd0\xb5\xd1\x82\xd1\x84", "he\xd1\x82\xd1\x84"); /* Нетф: two look like none */
    assert_skeleton("\xe1\xb4\x98\xe1\xb4\x80\xca\x8f", "pay");                /* small capitals */
    assert_skeleton("pạypal ɓank", "paypal bank");                             /* a dot below, a hook */
    assert_skeleton("ρayρal π", "paypal π");                                   /* rho is a p, and pi is none */
    assert_skeleton("ᏢᎪᎩ", "pay");                                             /* Cherokee */
    assert_skeleton("ꓑꓮꓬ", "pay");                                             /* Lisu */
    assert_skeleton("𝚸𝚨𝚼", "pay");                                             /* bold Greek */
    assert_skeleton("\xff\x80z", "\xff\x80z");
    assert_skeleton("", "");
}

static void room_is_kept(void **state) {
    (void)state;
    uint8_t room[4] = {'-', '-', '-', '-'};
    assert_int_equal(text_skeleton(SPAN_LITERAL("ab cd"), room, 3), 2); /* not the blank alone */
    assert_memory_equal(room, "ab--", 4);
    assert_int_equal(text_skeleton(SPAN_LITERAL("a\xe6\x97\xa5"), room, 3), 1);
    assert_int_equal(text_skeleton(SPAN_LITERAL("abc"), room, 0), 0);
}

/* Every character can be looked at, and takes no more room than it had. */
static void every_character(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        uint8_t bytes[UTF8_BYTES_MAX], room[8];
        struct text_signs signs;
        struct span const text = span_of(bytes, utf8_encode(c, bytes));
        text_signs_read(&signs, text);
        size_t const len = text_skeleton(text, room, sizeof room);
        assert_true(len <= text.len);
        assert_true(signs.styled == 0 || c >= 0x1d00);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_texts_have_no_signs),
        cmocka_unit_test(finds_signs),
        cmocka_unit_test(looks_like),
        cmocka_unit_test(room_is_kept),
        cmocka_unit_test(every_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
