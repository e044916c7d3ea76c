/* What content is by its first and last bytes: the table, and the closer looks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_made.h"

static void test_fixed_bytes(void **state) {
    (void)state;
    EXPECT_KIND(
        "\x7f"
        "ELF\x02\x01\x01",
        ELF);
    EXPECT_KIND("\xCF\xFA\xED\xFE\x07\0\0\x01", MACH_O);
    EXPECT_KIND("\xFE\xED\xFA\xCE\0\0\0\x07", MACH_O);
    EXPECT_KIND("dex\n035\0", DEX);
    EXPECT_KIND("#@~^EgAAAA==", ENCODED_SCRIPT);
    EXPECT_KIND("L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\x9B\0\0\0", SHORTCUT);
    EXPECT_KIND("ITSF\x03\0\0\0", CHM);
    EXPECT_KIND("vhdxfile", VHD);
    EXPECT_KIND("conectix\0\0\0\x02", VHD);
    EXPECT_KIND("BZh91AY&SY", BZIP2);
    EXPECT_KIND(
        "\xFD"
        "7zXZ\0\0\x04",
        XZ);
    EXPECT_KIND("\x28\xB5\x2F\xFD\x04\0", ZSTD);
    EXPECT_KIND("LZIP\x01\x0C", LZIP);
    EXPECT_KIND("\x1F\x9D\x90", COMPRESS);
    EXPECT_KIND("\x31\x02\x31\0\0\x10\x10**ACE**", ACE);
    EXPECT_KIND("\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3", ONENOTE);
    EXPECT_KIND("{\\rtf1\\ansi", RTF);
    EXPECT_KIND("{\\rt", RTF); /* Word takes it */
    EXPECT_KIND("%!PS-Adobe-3.0", POSTSCRIPT);
    EXPECT_KIND("II*\0\x08\0\0\0", TIFF);
    EXPECT_KIND("MM\0*\0\0\0\x08", TIFF);
}

static void test_what_is_none(void **state) {
    (void)state;
    EXPECT_KIND("", UNKNOWN);
    EXPECT_KIND("M", UNKNOWN);
    EXPECT_KIND("MZ is what Mark Zbikowski put there, and this is a text of more than sixty-four letters", UNKNOWN);
    EXPECT_KIND("#! is no script", UNKNOWN);
    EXPECT_KIND("BM is two letters, too, and stands in front of this text", UNKNOWN);
    EXPECT_KIND("PK", UNKNOWN);
    EXPECT_KIND("Hello\r\n", UNKNOWN);
    EXPECT_KIND("\xCA\xFE\xBA\xBE\0\0\0\0", UNKNOWN);
}

static void test_scripts(void **state) {
    (void)state;
    EXPECT_KIND("#!/bin/sh\n", SCRIPT);
    EXPECT_KIND("#! /usr/bin/perl -w\n", SCRIPT);
}

/* A class file of Java 8 has version 52 where a universal binary has two processors. */
static void test_cafebabe(void **state) {
    (void)state;
    EXPECT_KIND("\xCA\xFE\xBA\xBE\0\0\0\x34", JAVA_CLASS);
    EXPECT_KIND("\xCA\xFE\xBA\xBE\0\0\0\x02", MACH_O);
}

static void test_windows_programs(void **state) {
    (void)state;
    struct made made = {.len = 0};
    PUT(&made, "MZ");
    put_zeros(&made, 58);
    put_le32(&made, 128);
    expect_content(made_span(&made), CONTENT_DOS, 0);
    put_zeros(&made, 64);
    PUT(&made, "NE\0\0");
    expect_content(made_span(&made), CONTENT_DOS, 0);
    made.len -= 4;
    PUT(&made, "PE\0\0\x64\x86");
    expect_content(made_span(&made), CONTENT_PE, 0);
    memset(made.bytes + 60, 0xFF, 4); /* far outside */
    expect_content(made_span(&made), CONTENT_DOS, 0);
}

static void test_disks(void **state) {
    (void)state;
    struct made made = {.len = 0};
    PUT(&made, "\xEB\x3C\x90MSDOS5.0");
    put_le16(&made, 512);
    put_zeros(&made, 54 - made.len);
    PUT(&made, "FAT12   ");
    put_zeros(&made, 510 - made.len);
    expect_content(made_span(&made), CONTENT_UNKNOWN, 0);
    PUT(&made, "\x55\xAA");
    expect_content(made_span(&made), CONTENT_FAT, 0);
    made.bytes[12] = 3; /* a sector of 768 bytes */
    expect_content(made_span(&made), CONTENT_UNKNOWN, 0);

    struct content_look look = {.names = 0};
    static const uint8_t zeros[100];
    content_look_head(&look, span_of(zeros, sizeof zeros), false);
    assert_true(content_wants_deep(&look, span_of(zeros, sizeof zeros)));
    assert_false(content_wants_deep(&look, SPAN_LITERAL("\0\0\x01")));
    assert_true(content_wants_deep(&look, SPAN_LITERAL("ER\x08\0\0\x01")));
    uint8_t boot[512] = {0x33, 0xED};
    assert_false(content_wants_deep(&look, span_of(boot, sizeof boot)));
    boot[510] = 0x55;
    boot[511] = 0xAA;
    assert_true(content_wants_deep(&look, span_of(boot, sizeof boot)));
    content_look_deep(&look, SPAN_LITERAL("CD002").data);
    assert_int_equal(look.found.kind, CONTENT_UNKNOWN);
    content_look_deep(&look, SPAN_LITERAL("CD001").data);
    assert_int_equal(look.found.kind, CONTENT_ISO);
    look.found.kind = CONTENT_UNKNOWN;
    content_look_deep(&look, SPAN_LITERAL("BEA01").data);
    assert_int_equal(look.found.kind, CONTENT_ISO);
}

static void test_old_archives(void **state) {
    (void)state;
    expect_content(SPAN_LITERAL("\x60\xEA\x29\0\x22\x0B\x01\x02\0\0\x02"), CONTENT_ARJ, 0);
    expect_content(SPAN_LITERAL("\x60\xEA\x29\0\x22\x0B\x01\x02\0\0\x07"), CONTENT_UNKNOWN, 0);
    expect_content(SPAN_LITERAL("\x1F\x7A-lh5-\x10\0\0\0\x20\0\0\0\0\0\0\0\x20\x01\x05"
                                "a.txt"),
                   CONTENT_LZH, 0);
    expect_content(SPAN_LITERAL("a -lh5 is no archive here"), CONTENT_UNKNOWN, 0);
}

/* --- OLE ---------------------------------------------------------------------------------------------------------- */

static void begin_ole(struct made *made) {
    made->len = 0;
    PUT(made, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put_zeros(made, 504);
}

static void put_wide(struct made *made, const char *text) {
    for (; *text != '\0'; text++) put_le16(made, (unsigned char)*text);
}

static void test_ole(void **state) {
    (void)state;
    struct made made;
    begin_ole(&made);
    expect_content(made_span(&made), CONTENT_OLE, 0);
    put_wide(&made, "Root Entry");
    expect_content(made_span(&made), CONTENT_OLE, 0);
    put_wide(&made, "_VBA_PROJECT");
    expect_content(made_span(&made), CONTENT_OLE, CONTENT_MACRO);
    begin_ole(&made);
    put_wide(&made, "EncryptedPackage");
    expect_content(made_span(&made), CONTENT_OLE, CONTENT_ENCRYPTED);
    begin_ole(&made);
    PUT(&made, "\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46");
    expect_content(made_span(&made), CONTENT_MSI, 0);
}

/* MS-DOC 2.5.1: wIdent, and fEncrypted in the fifth word behind it.  MS-XLS 2.4.117: FilePass behind BOF. */
static void test_ole_password(void **state) {
    (void)state;
    struct made made;
    begin_ole(&made);
    PUT(&made, "\xEC\xA5\xC1\0\0\0\0\0\0\0\x00\x02");
    expect_content(made_span(&made), CONTENT_OLE, 0);
    made.bytes[512 + 11] = 0x03;
    expect_content(made_span(&made), CONTENT_OLE, CONTENT_ENCRYPTED);
    begin_ole(&made);
    PUT(&made, "\x09\x08\x10\0");
    put_zeros(&made, 16);
    PUT(&made, "\xE1\0\x02\0");
    expect_content(made_span(&made), CONTENT_OLE, 0);
    made.bytes[512 + 20] = 0x2F;
    expect_content(made_span(&made), CONTENT_OLE, CONTENT_ENCRYPTED);
}

/* --- PDF ---------------------------------------------------------------------------------------------------------- */

static void test_pdf(void **state) {
    (void)state;
    EXPECT_KIND("%PDF-1.4\n1 0 obj << /Type /Catalog /OpenAction [3 0 R /Fit] >>", PDF);
    EXPECT_KIND("\r\nHTTP rubbish in front\r\n%PDF-1.4\n", PDF);
    expect_content(SPAN_LITERAL("%PDF-1.4\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), CONTENT_PDF, CONTENT_ACTIVE);
    expect_content(SPAN_LITERAL("%PDF-1.4\n<</S/JS<00>>>"), CONTENT_PDF, CONTENT_ACTIVE);
    expect_content(SPAN_LITERAL("%PDF-1.4\n/JSX /Encrypted /Launcher"), CONTENT_PDF, 0);
    expect_content(SPAN_LITERAL("%PDF-1.4\ntrailer << /Encrypt 5 0 R >>"), CONTENT_PDF, CONTENT_ENCRYPTED);
}

static void test_pdf_far_inside_is_none(void **state) {
    (void)state;
    struct made made = {.len = 0};
    PUT(&made, "some text ");
    while (made.len < 1030) PUT(&made, "x");
    PUT(&made, "%PDF-1.4");
    expect_content(made_span(&made), CONTENT_UNKNOWN, 0);
}

/* --- tails -------------------------------------------------------------------------------------------------------- */

static struct part_content with_tail(struct span head, struct span tail) {
    struct content_look look = {.names = 0};
    content_look_head(&look, head, false);
    assert_true(content_wants_tail(&look));
    content_look_tail(&look, tail);
    return look.found;
}

static void test_tails(void **state) {
    (void)state;
    struct made ole;
    begin_ole(&ole);
    assert_int_equal(with_tail(SPAN_LITERAL("%PDF-1.4"), SPAN_LITERAL("trailer<</Encrypt 1 0 R>>")).signs,
                     CONTENT_ENCRYPTED);
    struct part_content found = with_tail(made_span(&ole), SPAN_LITERAL("_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"));
    assert_int_equal(found.kind, CONTENT_OLE);
    assert_int_equal(found.signs, CONTENT_MACRO);
    found = with_tail(made_span(&ole), SPAN_LITERAL("\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"));
    assert_int_equal(found.kind, CONTENT_MSI);
    struct content_look look = {.names = 0};
    content_look_head(&look,
                      SPAN_LITERAL("\x7f"
                                   "ELF"),
                      false);
    assert_false(content_wants_tail(&look));
}

static void test_names_and_classes(void **state) {
    (void)state;
    assert_string_equal(content_kind_name(CONTENT_PE), "pe");
    assert_string_equal(content_kind_name(CONTENT_MESSAGE), "eml");
    assert_int_equal(content_class_of(CONTENT_UNKNOWN), CLASS_UNKNOWN);
    assert_int_equal(content_class_of(CONTENT_ISO), CLASS_PROGRAM);
    assert_int_equal(content_class_of(CONTENT_RAR), CLASS_ARCHIVE);
}

static void test_words_in_any_case(void **state) {
    (void)state;
    assert_true(span_has_nocase(SPAN_LITERAL("ooOnLOAD="), SPAN_LITERAL("onload=")));
    assert_true(span_has_nocase(SPAN_LITERAL("<SCRIPT"), SPAN_LITERAL("<script")));
    assert_false(span_has_nocase(SPAN_LITERAL("<SCRIP"), SPAN_LITERAL("<script")));
    assert_false(span_has_nocase(SPAN_EMPTY, SPAN_LITERAL("<script")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_bytes),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_cafebabe),
        cmocka_unit_test(test_windows_programs),
        cmocka_unit_test(test_disks),
        cmocka_unit_test(test_old_archives),
        cmocka_unit_test(test_ole),
        cmocka_unit_test(test_ole_password),
        cmocka_unit_test(test_pdf),
        cmocka_unit_test(test_pdf_far_inside_is_none),
        cmocka_unit_test(test_tails),
        cmocka_unit_test(test_names_and_classes),
        cmocka_unit_test(test_words_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
