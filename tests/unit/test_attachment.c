/* What attachments are signs of: names, types and contents against each other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/mail.h"

#define BIT(sign) (UINT32_C(1) << ATTACHED_##sign)

static uint32_t signs_of(const char *name, const char *type, enum part_kind kind, struct part_content content) {
    struct part_info info = {.kind = kind,
                             .type = span_from_string(type),
                             .filename = span_from_string(name),
                             .attachment = true,
                             .content = content};
    return attachment_signs(&info);
}

/* An attachment of a type that says nothing. */
static void expect(const char *name, enum content_kind kind, unsigned content_signs, uint32_t expected) {
    struct part_content content = {.kind = (uint8_t)kind, .signs = (uint8_t)content_signs};
    uint32_t signs = signs_of(name, "application/octet-stream", PART_OTHER, content);
    if (signs != expected)
        fail_msg("%s, %s %02x: signs %04x, expected %04x", name, content_kind_name(kind), content_signs,
                 (unsigned)signs, (unsigned)expected);
}

static void test_programs(void **state) {
    (void)state;
    static const char *const names[] = {
        "a.exe",     "A.SCR",  "x.pif", "x.bat", "x.cmd", "x.js",        "x.jse",
        "x.vbs",     "x.vbe",  "x.wsf", "x.hta", "x.lnk", "x.ps1",       "x.msi",
        "x.jar",     "x.apk",  "x.iso", "x.img", "x.vhd", "x.xll",       "x.cpl",
        "x.com",     "x.vhdx", "x.chm", "x.reg", "x.url", "x.appref-ms", "x.settingcontent-ms",
        "x.exe. . ", "x.7.exe"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) expect(names[i], CONTENT_UNKNOWN, 0, BIT(EXECUTABLE));
    static const char *const others[] = {"",
                                         "exe",
                                         "x.",
                                         ".",
                                         "x.pdfx",
                                         "x.ex",
                                         "x.exe1",
                                         "x.doc",
                                         "report",
                                         "x.one",
                                         "x.a-name-that-is-longer-than-any-in-the-table.exe-"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) expect(others[i], CONTENT_UNKNOWN, 0, 0);
    expect("readme", CONTENT_PE, 0, BIT(EXECUTABLE));
    expect("x.sh", CONTENT_SCRIPT, 0, BIT(EXECUTABLE));
    expect("x.one", CONTENT_ONENOTE, 0, 0);
}

/* Many things are called after a domain. */
static void test_com(void **state) {
    (void)state;
    struct part_content none = {.kind = CONTENT_UNKNOWN};
    expect("mail.example.com", CONTENT_PNG, 0, BIT(IMAGE));
    assert_int_equal(signs_of("example.com", "text/plain", PART_PLAIN, none), 0);
    assert_int_equal(signs_of("letter to x@example.com", "message/rfc822", PART_MESSAGE, none), 0);
    expect("setup.com", CONTENT_PE, 0, BIT(EXECUTABLE));
}

static void test_names_that_lie(void **state) {
    (void)state;
    expect("invoice.pdf", CONTENT_PE, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("invoice.pdf.exe", CONTENT_PE, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("invoice.pdf.exe", CONTENT_UNKNOWN, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("invoice.pdf .exe", CONTENT_UNKNOWN, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("invoice.pdf.html", CONTENT_HTML, 0, BIT(HTML) | BIT(DISGUISED));
    expect("invoice.pdf", CONTENT_HTML, 0, BIT(HTML) | BIT(DISGUISED));
    expect("photo.zip", CONTENT_PE, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("photo.jpg", CONTENT_ZIP, 0, BIT(ARCHIVE) | BIT(DISGUISED));
    expect("notes.txt", CONTENT_SHORTCUT, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("letter.doc", CONTENT_ONENOTE, 0, BIT(DISGUISED));
    /* "gpj.exe" to be read from the right: photo exe.jpg */
    expect("photo \xE2\x80\xAEgpj.exe", CONTENT_UNKNOWN, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
    expect("photo.jpg                  .scr", CONTENT_UNKNOWN, 0, BIT(EXECUTABLE) | BIT(DISGUISED));
}

static void test_names_that_do_not_lie(void **state) {
    (void)state;
    expect("setup-1.2.exe", CONTENT_PE, 0, BIT(EXECUTABLE));
    expect("invoice.pdf.zip", CONTENT_ZIP, 0, BIT(ARCHIVE));
    expect("letter.doc", CONTENT_RTF, 0, 0);
    expect("export.xls", CONTENT_HTML, 0, BIT(HTML));
    expect("letter.docx", CONTENT_OOXML, 0, 0);
    expect("letter.docx", CONTENT_OLE, 0, 0);
    expect("photo.png", CONTENT_JPEG, 0, BIT(IMAGE));
    expect("a title with    blanks.pdf", CONTENT_PDF, 0, BIT(PDF));
    expect("a title with          blanks.pdf", CONTENT_PDF, 0, BIT(PDF)); /* nothing runs */
    expect("log.txt", CONTENT_SCRIPT, 0, BIT(EXECUTABLE));
}

static void test_types_that_lie(void **state) {
    (void)state;
    struct part_content html = {.kind = CONTENT_HTML}, program = {.kind = CONTENT_PE}, svg = {.kind = CONTENT_SVG};
    assert_int_equal(signs_of("", "image/png", PART_IMAGE, html), BIT(IMAGE) | BIT(HTML) | BIT(DISGUISED));
    assert_int_equal(signs_of("x.html", "application/pdf", PART_OTHER, html), BIT(HTML) | BIT(DISGUISED));
    assert_int_equal(signs_of("x.html", "text/html", PART_HTML, html), BIT(HTML));
    assert_int_equal(signs_of("x.html", "text/plain", PART_PLAIN, html), BIT(HTML));
    assert_int_equal(signs_of("x.exe", "application/x-msdownload", PART_OTHER, program), BIT(EXECUTABLE));
    assert_int_equal(signs_of("x.exe", "audio/x-wav", PART_OTHER, program), BIT(EXECUTABLE) | BIT(DISGUISED));
    assert_int_equal(signs_of("x.svg", "image/svg+xml", PART_IMAGE, svg), BIT(IMAGE));
    svg.signs = CONTENT_ACTIVE;
    assert_int_equal(signs_of("x.svg", "image/svg+xml", PART_IMAGE, svg), BIT(IMAGE) | BIT(HTML));
}

static void test_archives(void **state) {
    (void)state;
    expect("x.zip", CONTENT_ZIP, CONTENT_ENCRYPTED, BIT(ARCHIVE) | BIT(ARCHIVE_ENCRYPTED));
    expect("x.rar", CONTENT_RAR, CONTENT_PROGRAM_INSIDE, BIT(ARCHIVE) | BIT(ARCHIVE_EXECUTABLE));
    expect("x.zip", CONTENT_UNKNOWN, 0, BIT(ARCHIVE)); /* its bytes were not seen */
    expect("report.xml.gz", CONTENT_GZIP, 0, BIT(ARCHIVE));
    expect("report.exe.gz", CONTENT_GZIP, 0, BIT(ARCHIVE) | BIT(ARCHIVE_EXECUTABLE));
    expect("example.com.gz", CONTENT_GZIP, 0, BIT(ARCHIVE));
    expect("sources.zip", CONTENT_JAR, 0, BIT(ARCHIVE)); /* nothing runs it by this name */
    expect("game.jar", CONTENT_JAR, 0, BIT(EXECUTABLE));
}

static void test_documents(void **state) {
    (void)state;
    expect("x.docm", CONTENT_OOXML, 0, BIT(MACRO));
    expect("x.doc", CONTENT_OLE, CONTENT_MACRO, BIT(MACRO));
    expect("x.xlsx", CONTENT_OLE, CONTENT_ENCRYPTED, BIT(DOCUMENT_ENCRYPTED));
    expect("x.pdf", CONTENT_PDF, CONTENT_ENCRYPTED, BIT(PDF) | BIT(DOCUMENT_ENCRYPTED));
    expect("x.pdf", CONTENT_PDF, CONTENT_ACTIVE, BIT(PDF) | BIT(PDF_ACTIVE));
}

static uint32_t image(unsigned width, unsigned height, bool content_id, bool attachment) {
    struct part_info info = {.kind = PART_IMAGE,
                             .type = SPAN_LITERAL("image/png"),
                             .content_id = content_id,
                             .attachment = attachment,
                             .content = {.kind = CONTENT_PNG, .width = (uint16_t)width, .height = (uint16_t)height}};
    return attachment_signs(&info);
}

static void test_images(void **state) {
    (void)state;
    assert_int_equal(image(0, 0, false, true), BIT(IMAGE));
    assert_int_equal(image(0, 0, true, true), BIT(IMAGE));
    assert_int_equal(image(0, 0, true, false), BIT(IMAGE_INLINE));
    assert_int_equal(image(300, 300, true, false), BIT(IMAGE_INLINE) | BIT(IMAGE_SQUARE));
    assert_int_equal(image(100, 105, false, false), BIT(IMAGE) | BIT(IMAGE_SQUARE));
    assert_int_equal(image(99, 99, false, false), BIT(IMAGE));
    assert_int_equal(image(601, 601, false, false), BIT(IMAGE));
    assert_int_equal(image(300, 340, false, false), BIT(IMAGE));
    assert_int_equal(image(65535, 65535, false, false), BIT(IMAGE));
}

/* The text of the message is no attachment, whatever it is. */
static void test_text_is_none(void **state) {
    (void)state;
    struct part_info info = {.kind = PART_HTML, .type = SPAN_LITERAL("text/html"), .content = {.kind = CONTENT_HTML}};
    assert_false(part_is_attached(&info));
    assert_int_equal(attachment_signs(&info), 0);
    info.filename = SPAN_LITERAL("page.html");
    assert_true(part_is_attached(&info));
    assert_int_equal(attachment_signs(&info), BIT(HTML));
    info = (struct part_info){.kind = PART_OTHER, .type = SPAN_LITERAL("application/octet-stream")};
    assert_true(part_is_attached(&info));
}

static void test_names_in_archives(void **state) {
    (void)state;
    assert_true(name_is_program(SPAN_LITERAL("a/b/invoice.exe"), false));
    assert_true(name_is_program(SPAN_LITERAL("a/b/invoice.js"), true));
    assert_false(name_is_program(SPAN_LITERAL("a/b/invoice.js"), false));
    assert_false(name_is_program(SPAN_LITERAL("a/www.example.com"), false));
    assert_false(name_is_program(SPAN_EMPTY, true));
    assert_false(name_is_program(SPAN_LITERAL("..."), true));
    assert_false(name_is_program(SPAN_LITERAL("a.ex\0e"), true));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),       cmocka_unit_test(test_com),
        cmocka_unit_test(test_names_that_lie), cmocka_unit_test(test_names_that_do_not_lie),
        cmocka_unit_test(test_types_that_lie), cmocka_unit_test(test_archives),
        cmocka_unit_test(test_documents),      cmocka_unit_test(test_images),
        cmocka_unit_test(test_text_is_none),   cmocka_unit_test(test_names_in_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
