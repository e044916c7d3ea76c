/* What is in archives, by headers put together after the formats' specifications.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_made.h"

static void expect_zip(const char *const *names, size_t count, unsigned flags, enum content_kind kind, unsigned signs) {
    struct made made = {.len = 0};
    put_zip(&made, names, count, flags);
    expect_content(made_span(&made), kind, signs);
}

#define ZIP(kind, signs, ...)                                                        \
    do {                                                                             \
        static const char *const names[] = {__VA_ARGS__};                            \
        expect_zip(names, sizeof names / sizeof names[0], 0, CONTENT_##kind, signs); \
    } while (0)

static void test_zip_names(void **state) {
    (void)state;
    ZIP(ZIP, 0, "invoice.txt");
    ZIP(ZIP, 0, "folder/", "folder/invoice.pdf");
    ZIP(ZIP, CONTENT_PROGRAM_INSIDE, "invoice.exe");
    ZIP(ZIP, CONTENT_PROGRAM_INSIDE, "a.txt", "INVOICE.PDF.SCR");
    ZIP(ZIP, CONTENT_PROGRAM_INSIDE, "invoice.js");
    ZIP(ZIP, 0, "index.html", "jquery.js", "build.bat"); /* a web page's, not to be run */
    ZIP(ZIP, 0, "exe");
    ZIP(ZIP, 0, "setup.exe/"); /* a folder */
}

static void test_zip_documents(void **state) {
    (void)state;
    ZIP(OOXML, 0, "[Content_Types].xml", "_rels/.rels", "word/document.xml");
    ZIP(OOXML, 0, "xl/workbook.xml", "[Content_Types].xml");
    ZIP(OOXML, CONTENT_MACRO, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin");
    ZIP(OOXML, CONTENT_MACRO, "[Content_Types].xml", "xl/macrosheets/sheet1.xml");
    ZIP(ZIP, 0, "letter.txt", "word/document.xml"); /* a document's parts that somebody packed with other things */
    ZIP(JAR, CONTENT_PROGRAM_INSIDE, "META-INF/MANIFEST.MF", "a.exe");
    ZIP(JAR, 0, "Main.class", "META-INF/MANIFEST.MF");
    ZIP(APK, 0, "META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex");
}

static void test_zip_mimetype(void **state) {
    (void)state;
    struct made made = {.len = 0};
    put_zip_local(&made, "mimetype", 0, 0, SPAN_LITERAL("application/vnd.oasis.opendocument.text"));
    put_zip_local(&made, "META-INF/manifest.xml", 0, 8, SPAN_LITERAL("..."));
    expect_content(made_span(&made), CONTENT_ODF, 0);
    made.len = 0;
    put_zip_local(&made, "mimetype", 0, 0, SPAN_LITERAL("application/epub+zip"));
    expect_content(made_span(&made), CONTENT_EPUB, 0);
}

static void test_zip_passwords(void **state) {
    (void)state;
    static const char *const one[] = {"invoice.txt"};
    expect_zip(one, 1, 0x0001, CONTENT_ZIP, CONTENT_ENCRYPTED);
    expect_zip(one, 1, 0x0800, CONTENT_ZIP, 0); /* the name is UTF-8 */
    struct made made = {.len = 0};
    put_zip_local(&made, "invoice.txt", 0, 99, SPAN_LITERAL("..."));
    put_zip_central(&made, "invoice.txt", 0);
    put_zip_end(&made, 1);
    expect_content(made_span(&made), CONTENT_ZIP, CONTENT_ENCRYPTED);
}

/* Sizes that lie, an archive in the archive, one that was split and came as one, one that is empty. */
static void test_zip_odd(void **state) {
    (void)state;
    struct made inner = {.len = 0}, made = {.len = 0};
    static const char *const virus[] = {"invoice.vbs"};
    put_zip(&inner, virus, 1, 0);
    put_zip_local(&made, "letter.zip", 0, 0, made_span(&inner));
    made.bytes[18] = 0xFF; /* the packed size */
    put_zip_central(&made, "letter.zip", 0);
    put_zip_end(&made, 1);
    expect_content(made_span(&made), CONTENT_ZIP, CONTENT_PROGRAM_INSIDE);
    made.len = 0;
    PUT(&made, "PK\x07\x08");
    put_zip(&made, virus, 1, 0);
    expect_content(made_span(&made), CONTENT_ZIP, CONTENT_PROGRAM_INSIDE);
    made.len = 0;
    put_zip_end(&made, 0);
    expect_content(made_span(&made), CONTENT_ZIP, 0);
}

/* The list at the end says more than was seen, or is not there. */
static void test_zip_cut(void **state) {
    (void)state;
    struct made made = {.len = 0};
    put_zip_local(&made, "a.txt", 0, 0, SPAN_EMPTY);
    expect_content(made_span(&made), CONTENT_ZIP, CONTENT_CUT);
    put_zip_central(&made, "a.txt", 0);
    put_zip_end(&made, 2);
    expect_content(made_span(&made), CONTENT_ZIP, CONTENT_CUT);
}

static void test_zip_tail(void **state) {
    (void)state;
    struct made head = {.len = 0}, tail = {.len = 0};
    struct content_look look;
    put_zip_local(&head, "a.txt", 0, 8, SPAN_LITERAL("..."));
    content_look_head(&look, made_span(&head), false);
    assert_int_equal(look.found.signs, 0); /* nothing is missed yet */
    assert_true(content_wants_tail(&look));
    PUT(&tail, "the end of something");
    put_zip_central(&tail, "a.txt", 0);
    put_zip_central(&tail, "b.exe", 1);
    put_zip_end(&tail, 2);
    content_look_tail(&look, made_span(&tail));
    assert_int_equal(look.found.kind, CONTENT_ZIP);
    assert_int_equal(look.found.signs, CONTENT_ENCRYPTED | CONTENT_PROGRAM_INSIDE);

    content_look_head(&look, made_span(&head), false);
    content_look_tail(&look, SPAN_LITERAL("no list"));
    assert_int_equal(look.found.signs, CONTENT_CUT);
}

/* --- RAR ---------------------------------------------------------------------------------------------------------- */

/* Technote 4.x: checksum, type, flags, size; of a file: packed size, size, system, checksum, time, version, method,
 * length of the name, attributes, name. */
static void put_rar4_file(struct made *made, const char *name, unsigned flags, uint32_t packed) {
    put_le16(made, 0);
    PUT(made, "\x74");
    put_le16(made, flags | 0x8000);
    put_le16(made, (unsigned)(32 + strlen(name)));
    put_le32(made, packed);
    put_le32(made, packed);
    PUT(made, "\x02");
    put_zeros(made, 8);
    PUT(made, "\x1D\x33");
    put_le16(made, (unsigned)strlen(name));
    put_le32(made, 0x20);
    put_bytes(made, span_from_string(name));
    put_zeros(made, packed);
}

static void begin_rar4(struct made *made, unsigned flags) {
    made->len = 0;
    PUT(made, "Rar!\x1A\x07\0");
    put_le16(made, 0x90CF);
    PUT(made, "\x73");
    put_le16(made, flags);
    put_le16(made, 13);
    put_zeros(made, 6);
}

static void test_rar4(void **state) {
    (void)state;
    struct made made;
    begin_rar4(&made, 0);
    expect_content(made_span(&made), CONTENT_RAR, 0);
    put_rar4_file(&made, "a.txt", 0, 50);
    expect_content(made_span(&made), CONTENT_RAR, 0);
    put_rar4_file(&made, "b.exe", 0, 50);
    expect_content(made_span(&made), CONTENT_RAR, CONTENT_PROGRAM_INSIDE);
    put_rar4_file(&made, "c.txt", 0x0004, 50);
    expect_content(made_span(&made), CONTENT_RAR, CONTENT_PROGRAM_INSIDE | CONTENT_ENCRYPTED);
    begin_rar4(&made, 0x0080);
    expect_content(made_span(&made), CONTENT_RAR, CONTENT_ENCRYPTED);
}

/* A block that says it has no length, or one that leads outside. */
static void test_rar4_that_lies(void **state) {
    (void)state;
    struct made made;
    begin_rar4(&made, 0);
    made.bytes[12] = 0;
    put_rar4_file(&made, "b.exe", 0, 50);
    expect_content(made_span(&made), CONTENT_RAR, 0);
    begin_rar4(&made, 0);
    put_rar4_file(&made, "a.txt", 0, 50);
    memset(made.bytes + 27, 0xFF, 4); /* its packed size */
    put_rar4_file(&made, "b.exe", 0, 50);
    expect_content(made_span(&made), CONTENT_RAR, 0);
}

/* Technote 5.0: checksum; then numbers of seven bits: size, type, flags, sizes behind it; of a file: flags, size,
 * attributes, method, system, length of the name, name; then its records. */
static void put_rar5_file(struct made *made, const char *name, struct span extra) {
    size_t len = strlen(name);
    uint8_t head[] = {(uint8_t)(10 + len + extra.len), 2, (uint8_t)(extra.len > 0 ? 3 : 2), (uint8_t)extra.len, 5};
    put_le32(made, 0);
    if (extra.len > 0) {
        put_bytes(made, span_of(head, sizeof head));
    } else { /* no length of records */
        head[0]--;
        head[3] = 5;
        put_bytes(made, span_of(head, 4));
    }
    PUT(made, "\0\x05\x20\0\0");
    uint8_t name_len = (uint8_t)len;
    put_bytes(made, span_of(&name_len, 1));
    put_bytes(made, span_from_string(name));
    put_bytes(made, extra);
    PUT(made, "data!");
}

static void begin_rar5(struct made *made) {
    made->len = 0;
    PUT(made, "Rar!\x1A\x07\x01\0");
    PUT(made, "\0\0\0\0\x03\x01\0\0");
}

static void test_rar5(void **state) {
    (void)state;
    struct made made;
    begin_rar5(&made);
    put_rar5_file(&made, "a.txt", SPAN_EMPTY);
    expect_content(made_span(&made), CONTENT_RAR, 0);
    put_rar5_file(&made, "b.exe", SPAN_LITERAL("\x02\x03\0")); /* a record of another kind: the time */
    expect_content(made_span(&made), CONTENT_RAR, CONTENT_PROGRAM_INSIDE);
    put_rar5_file(&made, "c.txt", SPAN_LITERAL("\x02\x03\0\x03\x01\0\0"));
    expect_content(made_span(&made), CONTENT_RAR, CONTENT_PROGRAM_INSIDE | CONTENT_ENCRYPTED);
    made.len = 0;
    PUT(&made, "Rar!\x1A\x07\x01\0\0\0\0\0\x05\x04\0\0\0\x0F");
    put_rar5_file(&made, "b.exe", SPAN_EMPTY); /* is rubbish: it would be encrypted */
    expect_content(made_span(&made), CONTENT_RAR, CONTENT_ENCRYPTED);
}

/* A number that does not end, and sizes beyond all that there is. */
static void test_rar5_that_lies(void **state) {
    (void)state;
    EXPECT_KIND("Rar!\x1A\x07\x01\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", RAR);
    EXPECT_KIND("Rar!\x1A\x07\x01\0\0\0\0\0\x08\x02\x02\xFF\xFF\xFF\xFF\xFF\x0F\x01", RAR);
    EXPECT_KIND("Rar!\x1A\x07\x01\0\0\0\0\0\x0A\x02\0\0\0\0\0\0\xFF\xFF\x01\0", RAR);
}

/* --- 7z, CAB, TAR, gzip ------------------------------------------------------------------------------------------- */

static void test_seven_zip(void **state) {
    (void)state;
    struct made made = {.len = 0};
    PUT(&made, "7z\xBC\xAF\x27\x1C\0\x04");
    put_zeros(&made, 24);
    expect_content(made_span(&made), CONTENT_SEVEN_ZIP, CONTENT_CUT); /* no names are there */
    PUT(&made, "\x17\x06\x10\x01\x09\x20\0\x07\x0B\x01\0\x01\x24\x06\xF1\x07\x01\x0A\x53\x07");
    expect_content(made_span(&made), CONTENT_SEVEN_ZIP, CONTENT_ENCRYPTED | CONTENT_CUT);
    PUT(&made, "\x11\x0D\0a\0.\0t\0x\0t\0\0\0");
    expect_content(made_span(&made), CONTENT_SEVEN_ZIP, CONTENT_ENCRYPTED);
    PUT(&made, "v\0.\0p\0d\0f\0.\0s\0c\0r\0\0\0");
    expect_content(made_span(&made), CONTENT_SEVEN_ZIP, CONTENT_ENCRYPTED | CONTENT_PROGRAM_INSIDE);
    struct content_look look;
    content_look_head(&look, SPAN_LITERAL("7z\xBC\xAF\x27\x1C\0\x04"), false);
    assert_int_equal(look.found.signs, 0);
    content_look_tail(&look, SPAN_LITERAL("\x11\x0D\0v\0.\0e\0x\0e\0\0\0"));
    assert_int_equal(look.found.signs, CONTENT_PROGRAM_INSIDE);
}

/* MS-CAB 2.1: where the files are stands at 16, how many at 28; 2.3: 16 bytes, then the name. */
static void test_cab(void **state) {
    (void)state;
    struct made made = {.len = 0};
    PUT(&made, "MSCF\0\0\0\0");
    put_le32(&made, 200);
    put_le32(&made, 0);
    put_le32(&made, 44);
    put_le32(&made, 0);
    PUT(&made, "\x03\x01\x01\0");
    put_le16(&made, 2);
    put_zeros(&made, 44 - made.len);
    put_zeros(&made, 16);
    PUT(&made, "readme.txt\0");
    put_zeros(&made, 16);
    PUT(&made, "setup.exe\0");
    expect_content(made_span(&made), CONTENT_CAB, CONTENT_PROGRAM_INSIDE);
    made.bytes[28] = 1;
    expect_content(made_span(&made), CONTENT_CAB, 0);
    made.bytes[28] = 9;
    expect_content(made_span(&made), CONTENT_CAB, CONTENT_PROGRAM_INSIDE | CONTENT_CUT);
    memset(made.bytes + 16, 0xFF, 4);
    expect_content(made_span(&made), CONTENT_CAB, CONTENT_CUT);
}

static void put_tar_file(struct made *made, const char *name, const char *size, size_t blocks) {
    size_t start = made->len;
    put_bytes(made, span_from_string(name));
    put_zeros(made, 124 - strlen(name));
    put_bytes(made, span_from_string(size));
    put_zeros(made, start + 257 - made->len);
    PUT(made,
        "ustar\0"
        "00");
    put_zeros(made, start + 512 - made->len);
    put_zeros(made, blocks * 512);
}

static void test_tar(void **state) {
    (void)state;
    struct made made = {.len = 0};
    put_tar_file(&made, "a.txt", "00000001001 ", 2); /* 513 bytes */
    expect_content(made_span(&made), CONTENT_TAR, 0);
    put_tar_file(&made, "b.exe", "00000000000 ", 0);
    expect_content(made_span(&made), CONTENT_TAR, CONTENT_PROGRAM_INSIDE);
    made.len = 0;
    put_tar_file(&made, "a.txt", "77777777777 ", 0);
    put_tar_file(&made, "b.exe", "00000000000 ", 0); /* is in the first one's content */
    expect_content(made_span(&made), CONTENT_TAR, 0);
}

static void test_gzip(void **state) {
    (void)state;
    EXPECT_KIND("\x1F\x8B\x08\0\0\0\0\0\0\x03", GZIP);
    expect_content(SPAN_LITERAL("\x1F\x8B\x08\x08\0\0\0\0\0\x03invoice.exe\0..."), CONTENT_GZIP,
                   CONTENT_PROGRAM_INSIDE);
    expect_content(SPAN_LITERAL("\x1F\x8B\x08\x0C\0\0\0\0\0\x03\x02\0xxinvoice.exe\0..."), CONTENT_GZIP,
                   CONTENT_PROGRAM_INSIDE);
    EXPECT_KIND("\x1F\x8B\x08\0\0\0\0\0\0\x03invoice.exe\0", GZIP);
    EXPECT_KIND("\x1F\x8B\x08\x80\0\0\0\0\0\x03", UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zip_names),
        cmocka_unit_test(test_zip_documents),
        cmocka_unit_test(test_zip_mimetype),
        cmocka_unit_test(test_zip_passwords),
        cmocka_unit_test(test_zip_odd),
        cmocka_unit_test(test_zip_cut),
        cmocka_unit_test(test_zip_tail),
        cmocka_unit_test(test_rar4),
        cmocka_unit_test(test_rar4_that_lies),
        cmocka_unit_test(test_rar5),
        cmocka_unit_test(test_rar5_that_lies),
        cmocka_unit_test(test_seven_zip),
        cmocka_unit_test(test_cab),
        cmocka_unit_test(test_tar),
        cmocka_unit_test(test_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
