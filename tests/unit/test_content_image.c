/* How large images are, by headers put together after the formats' specifications.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_made.h"

static void expect_size(struct span bytes, enum content_kind kind, unsigned width, unsigned height) {
    struct part_content found = look_at_all(bytes);
    assert_int_equal(found.kind, kind);
    assert_int_equal(found.width, width);
    assert_int_equal(found.height, height);
}

#define SIZE(literal, kind, width, height) expect_size(SPAN_LITERAL(literal), CONTENT_##kind, width, height)

static void test_png(void **state) {
    (void)state;
    SIZE("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x01\x2C\0\0\x01\x90", PNG, 300, 400);
    SIZE("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\x01\0\0\0\0\0\0\x01", PNG, 0, 0); /* wider than any code */
    SIZE(
        "\x89PNG\r\n\x1A\n\0\0\0\x04"
        "CgBI\0\0\0\0\0\0\0\0",
        PNG, 0, 0);
}

static void test_gif(void **state) {
    (void)state;
    SIZE("GIF89a\x2C\x01\x90\x01\x80\0\0", GIF, 300, 400);
    SIZE("GIF87a\x01\0\x02\0\x80\0\0", GIF, 1, 2);
}

/* APP0, a comment, fill bytes, then the frame: precision, height, width. */
static void test_jpeg(void **state) {
    (void)state;
    SIZE(
        "\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xFE\0\x04hi\xFF\xFF\xC0\0\x11\x08\x01\x90\x01\x2C"
        "\x03",
        JPEG, 300, 400);
    SIZE("\xFF\xD8\xFF\xC2\0\x11\x08\0\x64\0\xC8\x03", JPEG, 200, 100);                   /* progressive */
    SIZE("\xFF\xD8\xFF\xC4\0\x04\0\0\xFF\xC1\0\x11\x08\0\x64\0\xC8\x03", JPEG, 200, 100); /* C4 is a table */
    SIZE(
        "\xFF\xD8\xFF\xE1\xFF\xFF"
        "Exif, and far more of it than is looked at",
        JPEG, 0, 0);
    SIZE("\xFF\xD8\xFF\xE1\0\x01\xFF\xC0\0\x11\x08\0\x64\0\xC8\x03", JPEG, 0, 0); /* a length that cannot be */
    SIZE("\xFF\xD8\xFF", JPEG, 0, 0);
}

static void test_webp(void **state) {
    (void)state;
    SIZE("RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9D\x01\x2A\x2C\x01\x90\x41", WEBP, 300,
         400); /* scaled: two bits */
    /* 14 bits of width - 1, 14 of height - 1: 299 = 0x12B, 399 = 0x18F; 0x18F << 14 | 0x12B = 0x0063C12B */
    SIZE("RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2F\x2B\xC1\x63\x00\0\0\0\0\0", WEBP, 300, 400);
    SIZE("RIFF\x24\0\0\0WEBPVP8X\x0A\0\0\0\x10\0\0\0\x2B\x01\0\x8F\x01\0", WEBP, 300, 400);
    SIZE("RIFF\x24\0\0\0WEBPVP8X", WEBP, 0, 0);
    SIZE("RIFX\x24\0\0\0WEBPVP8X", UNKNOWN, 0, 0);
}

static void test_bmp(void **state) {
    (void)state;
    SIZE("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x2C\x01\0\0\x90\x01\0\0", BMP, 300, 400);
    SIZE("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x2C\x01\0\0\x70\xFE\xFF\xFF", BMP, 300, 400); /* from top to bottom */
    SIZE("BM\0\0\0\0\0\0\0\0\x1A\0\0\0\x0C\0\0\0\x2C\x01\x90\x01", BMP, 300, 400);
    SIZE("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x29\0\0\0\x2C\x01\0\0\x90\x01\0\0", UNKNOWN, 0, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png),  cmocka_unit_test(test_gif), cmocka_unit_test(test_jpeg),
        cmocka_unit_test(test_webp), cmocka_unit_test(test_bmp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
