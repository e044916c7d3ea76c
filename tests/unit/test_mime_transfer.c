/* Tests of transfer encodings in any cut.  Base64 examples: RFC 4648, section 10; quoted-printable: RFC 2045, 6.7.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../decoders/mime_transfer.h"
#include "guard.h"

/* Decodes in pieces of `cut`, with room for `max` at a time. */
static size_t decode(enum transfer_encoding encoding, struct span in, size_t cut, size_t max, uint8_t *out) {
    struct transfer_state state = {.encoding = encoding};
    size_t len = 0;
    while (in.len > 0) {
        struct guarded guarded = guard_copy(span_head(in, cut));
        struct span piece = guarded.bytes;
        while (piece.len > 0) {
            size_t left = piece.len, got = transfer_decode(&state, &piece, out + len, max);
            assert_true(got <= max);
            assert_true(got > 0 || piece.len < left);
            len += got;
        }
        guard_free(&guarded);
        in = span_from(in, cut);
    }
    return len + transfer_end(&state, out + len);
}

static void expect(enum transfer_encoding encoding, const char *in, const char *expected) {
    static const size_t rooms[] = {TRANSFER_END_BYTES + 1, 100, 4096};
    uint8_t out[8192];
    struct span s = span_from_string(in);
    for (size_t cut = 1; cut <= s.len + 1; cut++) {
        for (size_t r = 0; r < 3; r++) {
            size_t len = decode(encoding, s, cut, rooms[r], out);
            if (!span_equal(span_of(out, len), span_from_string(expected)))
                fail_msg("%s in pieces of %zu: got \"%.*s\", expected \"%s\"", in, cut, (int)len, (char *)out,
                         expected);
        }
    }
}

static void test_base64(void **state) {
    (void)state;
    expect(TRANSFER_BASE64, "", "");
    expect(TRANSFER_BASE64, "Zg==", "f");
    expect(TRANSFER_BASE64, "Zm8=", "fo");
    expect(TRANSFER_BASE64, "Zm9v", "foo");
    expect(TRANSFER_BASE64, "Zm9vYg==", "foob");
    expect(TRANSFER_BASE64, "Zm9vYmE=", "fooba");
    expect(TRANSFER_BASE64, "Zm9vYmFy", "foobar");
    expect(TRANSFER_BASE64, "+/+/", "\xFB\xFF\xBF");
}

static void test_base64_as_it_comes(void **state) {
    (void)state;
    expect(TRANSFER_BASE64, "Zm9v\r\nYmFy\r\n", "foobar");
    expect(TRANSFER_BASE64, " Z m9\tv*Ym-F_y!\x80", "foobar");
    expect(TRANSFER_BASE64, "Zg", "f");
    expect(TRANSFER_BASE64, "Zm8", "fo");
    expect(TRANSFER_BASE64, "Z", "");
    expect(TRANSFER_BASE64, "Zg==Zm8=", "ffo"); /* two texts joined by a gateway */
    expect(TRANSFER_BASE64, "Z===Zm9v", "foo");
    expect(TRANSFER_BASE64, "====", "");
}

static void test_quoted_printable(void **state) {
    (void)state;
    expect(TRANSFER_QUOTED_PRINTABLE, "", "");
    expect(TRANSFER_QUOTED_PRINTABLE, "Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.",
           "Now's the time for all folk to come to the aid of their country.");
    expect(TRANSFER_QUOTED_PRINTABLE, "=C3=A4 1=3D1", "\xC3\xA4 1=1");
    expect(TRANSFER_QUOTED_PRINTABLE, "a\r\nb\n", "a\r\nb\n");
}

static void test_quoted_printable_as_it_comes(void **state) {
    (void)state;
    expect(TRANSFER_QUOTED_PRINTABLE, "=c3=a4", "\xC3\xA4");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=\nb", "ab");
    expect(TRANSFER_QUOTED_PRINTABLE, "a= \t\r\nb", "ab");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=zb", "a=zb");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=4z", "a=4z");
    expect(TRANSFER_QUOTED_PRINTABLE, "a==41", "a=A");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=4=41", "a=4A");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=\rb", "a=\rb");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=\r\r\nb", "a=\r\r\nb");
    expect(TRANSFER_QUOTED_PRINTABLE, "a= b", "a= b");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=", "a");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=4", "a=4");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=4\nb", "a=4\nb");
}

/* RFC 2045 6.7, rule 3. */
static void test_blanks_that_end_lines(void **state) {
    (void)state;
    expect(TRANSFER_QUOTED_PRINTABLE, "a \r\nb \t \nc\td", "a\r\nb\nc\td");
    expect(TRANSFER_QUOTED_PRINTABLE, " \r\n  \n\t", "\r\n\n");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=20 \r\nb =20\r\n", "a \r\nb  \r\n"); /* what is written =20 is meant */
    expect(TRANSFER_QUOTED_PRINTABLE, "a =\r\n b  = \t\n c \t=3D \t=3D", "a  b   c \t= \t=");
    expect(TRANSFER_QUOTED_PRINTABLE, "a =zb = c", "a =zb = c");
    expect(TRANSFER_QUOTED_PRINTABLE, "a=4 \r\nb=\r \n", "a=4\r\nb=\r\n");
    expect(TRANSFER_QUOTED_PRINTABLE, "a \rb \t\r\r\nc \r \nd", "a \rb \t\r\r\nc \r\nd");
    expect(TRANSFER_QUOTED_PRINTABLE, "the end  ", "the end");
    expect(TRANSFER_QUOTED_PRINTABLE, "the end \t\r", "the end \t\r");
    expect(TRANSFER_QUOTED_PRINTABLE, "a \t  \t b", "a \t  \t b");
}

/* Of so many blanks the last 64 go; which of them are tabs is remembered. */
static void test_many_blanks_that_end_a_line(void **state) {
    (void)state;
    char in[300], out[300];
    for (size_t blanks = 60; blanks < 140; blanks += 7) {
        size_t const left = blanks > 64 ? blanks - 64 : 0;
        in[0] = out[0] = 'a';
        for (size_t i = 1; i <= blanks; i++) in[i] = i % 3 == 0 ? '\t' : ' ';
        memcpy(out, in, 1 + left);
        strcpy(in + 1 + blanks, "\r\nb");
        strcpy(out + 1 + left, "\r\nb");
        expect(TRANSFER_QUOTED_PRINTABLE, in, out);
        in[1 + blanks] = 'x'; /* then the line goes on */
        expect(TRANSFER_QUOTED_PRINTABLE, in, in);
    }
}

/* Blanks behind "=" that no transport added. */
static void test_many_blanks(void **state) {
    (void)state;
    char in[200] = "=", out[200] = "=";
    memset(in + 1, ' ', 150);
    memset(out + 1, ' ', 150);
    strcat(in, "x");
    strcat(out, "x");
    expect(TRANSFER_QUOTED_PRINTABLE, in, out);
}

static void test_identity(void **state) {
    (void)state;
    expect(TRANSFER_IDENTITY, "a=41\r\n", "a=41\r\n");
}

/* Some bytes passed over, and the rest decoded from where a group begins: the end of what all of it says, from the byte
 * on that was told. */
static void test_base64_passed_over(void **state) {
    (void)state;
    static const char *const texts[] = {
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElK",
        "AAECAwQFBgcI\r\nCQoL DA0ODxAR!EhMUFRYXGBkaGxwdHh8g\r\n\r\nISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNE",
        "Zg==Zm9vZm9vZm8=Zm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9v/+/+Zm9vZ===Zm9vZm9vZm9vZm9vZm9vZm9vZm9v",
        "===Z=Z=\xFF\x80Zm9v[`{@ZZZZ/9/9+,-.ZZZZ*)(ZZZZ:;<ZZZZ>?ZZZZ|}~ZZZZ",
    };
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        struct span const text = span_from_string(texts[t]);
        uint8_t all[200], some[200];
        size_t const all_len = decode(TRANSFER_BASE64, text, text.len, 200, all);
        for (size_t begin = 0; begin < 6; begin++)
            for (size_t at = begin; at < text.len; at++) {
                struct transfer_state passed = {.encoding = TRANSFER_BASE64};
                struct span head = span_head(text, begin), rest = span_from(text, at);
                size_t len = transfer_decode(&passed, &head, some, sizeof some);
                len += transfer_pass(&passed, span_slice(text, begin, at - begin));
                while (!transfer_is_between(&passed) && rest.len > 0) {
                    len += transfer_pass(&passed, span_head(rest, 1));
                    rest = span_from(rest, 1);
                }
                size_t const some_len = transfer_decode(&passed, &rest, some, sizeof some);
                if (len + some_len != all_len) fail_msg("%zu, %zu, %zu: %zu + %zu", t, begin, at, len, some_len);
                assert_memory_equal(some, all + len, some_len);
            }
    }
}

/* Whether an escape goes on behind so much of a text: known behind what was passed over in any cut, as behind what was
 * decoded. */
static void test_quoted_printable_passed_over(void **state) {
    (void)state;
    static const char text[] = "a=41=\r\n=4=4x=\rx==4=42= \r\nx=\t=4";
    for (size_t len = 1; text[len - 1] != '\0'; len++)
        for (size_t cut = 1; cut <= len; cut++) {
            struct transfer_state passed = {.encoding = TRANSFER_QUOTED_PRINTABLE};
            uint8_t out[100];
            struct transfer_state decoded = passed;
            struct span in = span_of(text, len), left = in;
            (void)transfer_decode(&decoded, &in, out, sizeof out);
            for (; left.len > 0; left = span_from(left, cut))
                assert_int_equal(transfer_pass(&passed, span_head(left, cut)), left.len < cut ? left.len : cut);
            if (transfer_is_between(&passed) != transfer_is_between(&decoded))
                fail_msg("behind %zu bytes in pieces of %zu", len, cut);
        }
}

static void test_identity_passed_over(void **state) {
    (void)state;
    struct transfer_state passed = {.encoding = TRANSFER_IDENTITY};
    assert_int_equal(transfer_pass(&passed, SPAN_LITERAL("12=45")), 5);
    assert_true(transfer_is_between(&passed));
}

static void test_names(void **state) {
    (void)state;
    assert_int_equal(transfer_encoding_of(SPAN_LITERAL("BASE64")), TRANSFER_BASE64);
    assert_int_equal(transfer_encoding_of(SPAN_LITERAL("Quoted-Printable")), TRANSFER_QUOTED_PRINTABLE);
    assert_int_equal(transfer_encoding_of(SPAN_LITERAL("8bit")), TRANSFER_IDENTITY);
    assert_int_equal(transfer_encoding_of(SPAN_EMPTY), TRANSFER_IDENTITY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_base64_as_it_comes),
        cmocka_unit_test(test_quoted_printable),
        cmocka_unit_test(test_quoted_printable_as_it_comes),
        cmocka_unit_test(test_blanks_that_end_lines),
        cmocka_unit_test(test_many_blanks_that_end_a_line),
        cmocka_unit_test(test_many_blanks),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_base64_passed_over),
        cmocka_unit_test(test_quoted_printable_passed_over),
        cmocka_unit_test(test_identity_passed_over),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
