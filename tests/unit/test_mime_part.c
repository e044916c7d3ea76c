/* Tests of the message parser: structure, headers, cuts, gaps, limits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail_run.h"

static struct mail_run run;

static void test_plain_message(void **state) {
    (void)state;
    EXPECT(&run, "From: a@b.example\r\nSubject: one\r\n two\r\n\r\nHello\r\nthere\r\n",
           "H0 From|a@b.example|a@b.example\nH0 Subject|one two|one two\nE\n"
           "B0 plain text/plain  7bit 0 0 \nT0 Hello$there$\nP0");
}

static void test_bare_newlines(void **state) {
    (void)state;
    EXPECT(&run, "A: 1\nB:\n\t2\n\nx\n", "H0 A|1|1\nH0 B|2|2\nE\nB0 plain text/plain  7bit 0 0 \nT0 x~\nP0");
}

static void test_no_body(void **state) {
    (void)state;
    EXPECT(&run, "A: 1\r\n", "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nP0");
    EXPECT(&run, "A: 1", "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nP0");
    EXPECT(&run, "", "E\nB0 plain text/plain  7bit 0 0 \nP0");
    EXPECT(&run, "\r\n", "E\nB0 plain text/plain  7bit 0 0 \nP0");
}

/* What is no header ends the headers, and is the first line of the body. */
static void test_headers_end_at_other_line(void **state) {
    (void)state;
    EXPECT(&run, "A: 1\r\nHello there\r\nB: 2\r\n",
           "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nT0 Hello there$B: 2$\nP0");
    EXPECT(&run, "A: 1\r\nnocolon", "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nT0 nocolon\nP0");
    EXPECT(&run, "A: 1\r\n: x\r\n", "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nT0 : x$\nP0");
    EXPECT(&run, " x\r\nA: 1\r\n", "E\nB0 plain text/plain  7bit 0 0 \nT0  x$A: 1$\nP0");
    EXPECT(&run, "\rA: 1\r\n", "E\nB0 plain text/plain  7bit 0 0 \nT0 \rA: 1$\nP0");
}

static void test_obsolete_headers(void **state) {
    (void)state;
    EXPECT(&run, "Subject : x\r\nTo:\r\n y\r\n \r\n\r\nb",
           "H0 Subject|x|x\nH0 To|y|y\nE\nB0 plain text/plain  7bit 0 0 \nT0 b\nP0");
}

static void test_mbox_line(void **state) {
    (void)state;
    EXPECT(&run, "From a@b Mon Jan  1 00:00:00 2001\nA: 1\n\nx",
           "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nT0 x\nP0");
    EXPECT(&run, "From \nA: 1\n\nx", "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nT0 x\nP0");
}

static void test_name_at_limit(void **state) {
    (void)state;
    char message[200], expected[400], name[LIMIT_HEADER_NAME_BYTES + 2];
    memset(name, 'n', sizeof name);
    name[LIMIT_HEADER_NAME_BYTES] = '\0';
    (void)snprintf(message, sizeof message, "%s: v\r\n\r\n", name);
    (void)snprintf(expected, sizeof expected, "H0 %s|v|v\nE\nB0 plain text/plain  7bit 0 0 \nP0", name);
    expect_record(&run, span_from_string(message), NO_GAP, expected);
    name[LIMIT_HEADER_NAME_BYTES] = 'n';
    name[LIMIT_HEADER_NAME_BYTES + 1] = '\0';
    (void)snprintf(message, sizeof message, "%s: v\r\n", name);
    (void)snprintf(expected, sizeof expected, "E\nB0 plain text/plain  7bit 0 0 \nT0 %s: v$\nP0", name);
    expect_record(&run, span_from_string(message), NO_GAP, expected);
}

static void test_multipart(void **state) {
    (void)state;
    EXPECT(&run,
           "Content-Type: multipart/mixed; boundary=\"b 1\"\r\n\r\npreamble\r\n--b 1 \r\n\r\nfirst\r\n\r\n--b 1\r\n"
           "Content-Type: TEXT/HTML; charset=UTF-8\r\n\r\n<p>\r\n--b 1--\r\nepilogue\r\n--b 1\r\n",
           "H0 Content-Type|multipart/mixed; boundary=\"b 1\"|multipart/mixed; boundary=\"b 1\"\nE\n"
           "B1 plain text/plain  7bit 1 0 \nT1 first$\nP1\n"
           "H2 Content-Type|TEXT/HTML; charset=UTF-8|TEXT/HTML; charset=UTF-8\n"
           "B2 html text/html utf-8 7bit 1 0 \nT2 <p>\nP2");
}

static void test_missing_final_boundary(void **state) {
    (void)state;
    EXPECT(&run, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n\nsecond\n",
           "H0 Content-Type|multipart/mixed; boundary=b|multipart/mixed; boundary=b\nE\n"
           "B1 plain text/plain  7bit 1 0 \nT1 first\nP1\nB2 plain text/plain  7bit 1 0 \nT2 second~\nP2");
    EXPECT(&run, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b--",
           "H0 Content-Type|multipart/mixed; boundary=b|multipart/mixed; boundary=b\nE\n"
           "B1 plain text/plain  7bit 1 0 \nT1 first\nP1");
}

/* Neither is "ab" found in "abc", nor the other way round; lines that only look like boundaries are text. */
static void test_prefix_boundaries(void **state) {
    (void)state;
    EXPECT(&run,
           "Content-Type: multipart/mixed; boundary=ab\n\n--ab\nContent-Type: multipart/mixed; boundary=abc\n\n"
           "--abc\n\n-- \n--a\n--abcd\n--ab-\n-\n--abc--\nepilogue\n--ab\n\nlast\n--ab--\n",
           "H0 Content-Type|multipart/mixed; boundary=ab|multipart/mixed; boundary=ab\nE\n"
           "H1 Content-Type|multipart/mixed; boundary=abc|multipart/mixed; boundary=abc\n"
           "B2 plain text/plain  7bit 2 0 \nT2 -- ~--a~--abcd~--ab-~-\nP2\n"
           "B3 plain text/plain  7bit 1 0 \nT3 last\nP3");
}

/* The inner multipart is not closed: the outer boundary closes both. */
static void test_outer_boundary_closes_inner(void **state) {
    (void)state;
    EXPECT(&run,
           "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n"
           "--i\n\nx\n--o\n\ny\n--i\n--o--\n",
           "H0 Content-Type|multipart/mixed; boundary=o|multipart/mixed; boundary=o\nE\n"
           "H1 Content-Type|multipart/mixed; boundary=i|multipart/mixed; boundary=i\n"
           "B2 plain text/plain  7bit 2 0 \nT2 x\nP2\nB3 plain text/plain  7bit 1 0 \nT3 y~--i\nP3");
}

static void test_boundary_in_part_headers(void **state) {
    (void)state;
    EXPECT(&run, "Content-Type: multipart/mixed; boundary=\"a:b\"\n\n--a:b\nX: 1\n--a:b\n\ny\n--a:b--\n",
           "H0 Content-Type|multipart/mixed; boundary=\"a:b\"|multipart/mixed; boundary=\"a:b\"\nE\n"
           "H1 X|1|1\nB1 plain text/plain  7bit 1 0 \nP1\nB2 plain text/plain  7bit 1 0 \nT2 y\nP2");
}

static void test_long_boundary(void **state) {
    (void)state;
    EXPECT(
        &run,
        "Content-Type: multipart/mixed;\n "
        "boundary=1234567890123456789012345678901234567890123456789012345678901234567890"
        "XYZ\n\n--1234567890123456789012345678901234567890123456789012345678901234567890XYZ\n\nx\n"
        "--1234567890123456789012345678901234567890123456789012345678901234567890XYZ--\n",
        "H0 Content-Type|multipart/mixed; boundary=123456789012345678901234567890123456789012345678901234567890123456"
        "7890XYZ|multipart/mixed; boundary=1234567890123456789012345678901234567890123456789012345678901234567890XYZ\n"
        "E\nB1 plain text/plain  7bit 1 0 \nT1 x\nP1");
}

static void test_nested_message(void **state) {
    (void)state;
    EXPECT(&run,
           "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: in\n\ntext\n--d\nContent-Type: text/plain\n\n"
           "plain\n--d--\n",
           "H0 Content-Type|multipart/digest; boundary=d|multipart/digest; boundary=d\nE\n"
           "H2 Subject|in|in\nB2 plain text/plain  7bit 2 0 \nT2 text\nP2\n"
           "H3 Content-Type|text/plain|text/plain\nB3 plain text/plain  7bit 1 0 \nT3 plain\nP3");
}

static void test_multipart_without_boundary_is_text(void **state) {
    (void)state;
    EXPECT(&run, "Content-Type: multipart/mixed\n\n--b\n",
           "H0 Content-Type|multipart/mixed|multipart/mixed\nE\nB0 plain multipart/mixed  7bit 0 0 \nT0 --b~\nP0");
}

static void test_attachment_is_passed_over(void **state) {
    (void)state;
    EXPECT(
        &run,
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename=\"a b.pdf\"\nContent-Transfer-Encoding: BASE64\n\nAAAA\n-\n--\n--x\n"
        "--b\n\nx\n--b--",
        "H0 Content-Type|multipart/mixed; boundary=b|multipart/mixed; boundary=b\nE\n"
        "H1 Content-Type|application/pdf|application/pdf\n"
        "H1 Content-Disposition|attachment; filename=\"a b.pdf\"|attachment; filename=\"a b.pdf\"\n"
        "H1 Content-Transfer-Encoding|BASE64|BASE64\nB1 other application/pdf  base64 1 1 a b.pdf\nP1\n"
        "B2 plain text/plain  7bit 1 0 \nT2 x\nP2");
}

static void test_encodings_and_charsets(void **state) {
    (void)state;
    EXPECT(&run,
           "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: "
           "quoted-printable\n\na=E4=\nb=\r\n=zz\n",
           "H0 Content-Type|text/plain; charset=iso-8859-1|text/plain; charset=iso-8859-1\n"
           "H0 Content-Transfer-Encoding|quoted-printable|quoted-printable\nE\n"
           "B0 plain text/plain iso-8859-1 quoted-printable 0 0 \nT0 a\xC3\xA4"
           "b=zz~\nP0");
    /* U+65E5 U+672C in ISO-2022-JP, as RFC 1468 writes them: ESC $ B F| K\ ESC ( B */
    EXPECT(&run, "Content-Type: text/plain; charset=ISO-2022-JP\n\n\x1B$BF|K\\\x1B(B!\n\x1B$BF|\x1B(B",
           "H0 Content-Type|text/plain; charset=ISO-2022-JP|text/plain; charset=ISO-2022-JP\nE\n"
           "B0 plain text/plain iso-2022-jp 7bit 0 0 \nT0 \xE6\x97\xA5\xE6\x9C\xAC!~\xE6\x97\xA5\nP0");
    /* U+20AC and U+1F600 in UTF-16, big-endian by its mark: FE FF 20 AC D8 3D DE 00 */
    EXPECT(&run, "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n/v8grNg93gA=\n",
           "H0 Content-Type|text/plain; charset=utf-16|text/plain; charset=utf-16\n"
           "H0 Content-Transfer-Encoding|base64|base64\nE\n"
           "B0 plain text/plain utf-16 base64 0 0 \nT0 \xE2\x82\xAC\xF0\x9F\x98\x80\nP0");
}

static void test_report(void **state) {
    (void)state;
    EXPECT(&run,
           "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nStatus: "
           "5.1.1\n--b--\n",
           "H0 Content-Type|multipart/report; boundary=b|multipart/report; boundary=b\nE\n"
           "H1 Content-Type|message/delivery-status|message/delivery-status\n"
           "B1 report message/delivery-status  7bit 1 0 \nT1 Status: 5.1.1\nP1");
}

/* --- gaps --------------------------------------------------------------------------------------------------------- */

static void test_gap_in_headers(void **state) {
    (void)state;
    /* In the middle of "To": it is given up with the line that goes on with it, there is no headers_end, and "B" is not
     * told: if the end of the header were in the gap, it would be of a message that this one quotes. */
    struct span message =
        SPAN_LITERAL("A: 1\r\nContent-Type: text/plain\r\nTo: y, more\r\n and more\r\nB: 2\r\n\r\nx\r\n");
    expect_record(&run, message, 37,
                  "H0 A|1|1\nH0 Content-Type|text/plain|text/plain\n"
                  "B0 plain text/plain  7bit 0 0 \nT0 x$\nP0");
}

static void test_gap_hides_type(void **state) {
    (void)state;
    expect_record(&run, SPAN_LITERAL("A: 1\r\nB: 2\r\nC: 3\r\n\r\nx\r\n"), 9,
                  "H0 A|1|1\nB0 other text/plain  7bit 0 0 \nP0");
}

static void test_gap_in_text(void **state) {
    (void)state;
    expect_record(&run, SPAN_LITERAL("A: 1\n\nfirst\nsecond\nthird\n"), 15,
                  "H0 A|1|1\nE\nB0 plain text/plain  7bit 0 0 \nT0 first~secthird~\nP0");
    /* Base64 is in step again at the next line: "abc" "def" is YWJj ZGVm */
    expect_record(&run, SPAN_LITERAL("Content-Transfer-Encoding: base64\n\nYWJjZGVm\nYWJjZGVm\n"), 37,
                  "H0 Content-Transfer-Encoding|base64|base64\nE\nB0 plain text/plain  base64 0 0 \nT0 aabcdef\nP0");
}

static void test_gap_before_boundary(void **state) {
    (void)state;
    expect_record(&run, SPAN_LITERAL("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nxxxx\n--b\n\ny\n--b--\n"), 50,
                  "H0 Content-Type|multipart/mixed; boundary=b|multipart/mixed; boundary=b\nE\n"
                  "B1 plain text/plain  7bit 1 0 \nT1 xx\nP1\nB2 plain text/plain  7bit 1 0 \nT2 y\nP2");
}

/* --- limits ------------------------------------------------------------------------------------------------------- */

static void test_long_header_is_cut(void **state) {
    (void)state;
    static char message[8000];
    static const size_t cuts[] = {0, 1, 100, 1460};
    memset(message, 'v', sizeof message);
    memcpy(message, "A: ", 3);
    memcpy(message + sizeof message - 10, "\r\nB: 2\r\n\r\n", 10);
    for (size_t i = 0; i < 4; i++) {
        const char *record = run_message(&run, span_of(message, sizeof message), cuts[i], NO_GAP);
        assert_int_equal(run.counters.header_cut, 1);
        assert_int_equal(strspn(record + 5, "v"), LIMIT_HEADER_VALUE_BYTES);
        assert_non_null(strstr(record, "\nH0 B|2|2\nE\n"));
    }
}

static void test_too_many_headers(void **state) {
    (void)state;
    static char message[8000];
    size_t len = 0;
    for (int i = 0; i < LIMIT_HEADERS + 3; i++) len += (size_t)snprintf(message + len, sizeof message - len, "A: 1\n");
    len += (size_t)snprintf(message + len, sizeof message - len, "Content-Type: text/html\n\nx");
    const char *record = run_message(&run, span_of(message, len), 0, NO_GAP);
    assert_int_equal(run.counters.headers_dropped, 4);
    assert_int_equal(run.summary.headers, LIMIT_HEADERS);
    /* It is not handed out, but known. */
    assert_non_null(strstr(record, "\nE\nB0 html text/html  7bit 0 0 \nT0 x\nP0"));
}

static void test_too_deep(void **state) {
    (void)state;
    static char message[8000];
    size_t len = 0;
    for (int i = 0; i <= LIMIT_MIME_DEPTH; i++)
        len += (size_t)snprintf(message + len, sizeof message - len,
                                "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    len += (size_t)snprintf(message + len, sizeof message - len, "\ndeep\n--b0\n\nflat\n");
    const char *record = run_message(&run, span_of(message, len), 1, NO_GAP);
    assert_int_equal(run.counters.mime_depth, 1);
    assert_null(strstr(record, "deep"));
    assert_non_null(strstr(record, "B9 plain text/plain  7bit 1 0 \nT9 flat~\nP9"));
}

static void test_too_many_parts(void **state) {
    (void)state;
    static char message[8000];
    size_t len = (size_t)snprintf(message, sizeof message, "Content-Type: multipart/mixed; boundary=b\n\n");
    for (int i = 1; i <= 70; i++) len += (size_t)snprintf(message + len, sizeof message - len, "--b\n\n%d\n", i);
    const char *record = run_message(&run, span_of(message, len), 13, NO_GAP);
    assert_int_equal(run.counters.mime_parts, 70 - (LIMIT_MIME_PARTS - 1));
    assert_int_equal(run.summary.parts, LIMIT_MIME_PARTS - 1);
    assert_null(strstr(record, "T64"));
}

static void test_text_is_cut(void **state) {
    (void)state;
    static char message[4 * LIMIT_BODY_TEXT_BYTES];
    static const size_t cuts[] = {0, 7, 1460, 1000001};
    size_t len = (size_t)snprintf(message, sizeof message, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n");
    /* The limit falls into the middle of a character of three bytes: 65,536 = 3 * 21,845 + 1. */
    for (int i = 0; i < 30000; i++) len += (size_t)snprintf(message + len, sizeof message - len, "\xE2\x82\xAC");
    len += (size_t)snprintf(message + len, sizeof message - len, "\n--b\n\nmore\n");
    for (size_t i = 0; i < 4; i++) {
        const char *record = run_message(&run, span_of(message, len), cuts[i], NO_GAP);
        assert_int_equal(run.counters.text_cut, 1);
        assert_int_equal(run.summary.text_bytes, LIMIT_BODY_TEXT_BYTES - 1);
        assert_null(strstr(record, "more"));
        assert_non_null(strstr(record, "\nP1\nB2 plain text/plain  7bit 1 0 \nP2"));
    }
}

/* One block; and where there is an attachment the two pages that its bytes are looked at in, however many there are. */
static void test_memory_at_rest(void **state) {
    (void)state;
    static char message[12000];
    size_t len = (size_t)snprintf(message, sizeof message,
                                  "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                                  "Content-Disposition: attachment; filename=x\r\n\r\n");
    memset(message + len, 'x', sizeof message - len);
    memcpy(message + 6000, "\r\n--b\r\nContent-Type: image/png\r\n\r\n", 35);
    for (size_t cut = 1; cut < 100; cut += 7) {
        (void)run_message(&run, span_of(message, len), cut, NO_GAP);
        assert_int_equal(run.blocks_max, 1);
        (void)run_message(&run, span_of(message, sizeof message), cut, NO_GAP);
        assert_int_equal(run.blocks_max, 3);
    }
}

/* An empty arena: no parser.  One that fills up: what does not fit is counted, nothing else happens. */
static void test_memory_full(void **state) {
    (void)state;
    struct arena arena;
    struct counters counters = {.packets = 0};
    struct mail_item item;
    arena_init(&arena, &run.pool, 0);
    assert_null(mail_parser_new(&arena, run.charsets, &counters));
    arena_init(&arena, &run.pool, sizeof(struct arena_block));
    struct mail_parser *parser = mail_parser_new(&arena, run.charsets, &counters);
    assert_non_null(parser);
    for (int i = 0; i < 3000; i++) {
        mail_push(parser, i == 0 ? SPAN_LITERAL("A: ") : SPAN_LITERAL("x"));
        assert_false(mail_next(parser, &item));
    }
    assert_true(counters.message_memory > 0);
    mail_finish(parser);
    assert_true(mail_next(parser, &item));
    arena_reset(&arena);
}

/* Headers whose line could not be put together are headers with a gap: nobody takes them for complete. */
static void test_line_without_memory(void **state) {
    (void)state;
    struct arena arena;
    struct counters counters = {.packets = 0};
    struct mail_item item;
    arena_init(&arena, &run.pool, sizeof(struct arena_block));
    struct mail_parser *parser = mail_parser_new(&arena, run.charsets, &counters);
    while (arena_alloc(&arena, 8) != NULL) continue;
    mail_push(parser, SPAN_LITERAL("Subj"));
    assert_false(mail_next(parser, &item));
    assert_int_equal(counters.message_memory, 1);
    mail_push(parser, SPAN_LITERAL("ect: lost\nTo: x\n\ntext\n"));
    assert_true(mail_next(parser, &item)); /* not of the end of headers */
    assert_int_equal(item.type, MAIL_PART_BEGIN);
    assert_int_equal(item.info->kind, PART_OTHER); /* its Content-Type may be what is lost */
    arena_reset(&arena);
}

static int begin(void **state) {
    (void)state;
    run_begin(&run);
    return 0;
}

static int end(void **state) {
    (void)state;
    run_end(&run);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_message),
        cmocka_unit_test(test_bare_newlines),
        cmocka_unit_test(test_no_body),
        cmocka_unit_test(test_headers_end_at_other_line),
        cmocka_unit_test(test_obsolete_headers),
        cmocka_unit_test(test_mbox_line),
        cmocka_unit_test(test_name_at_limit),
        cmocka_unit_test(test_multipart),
        cmocka_unit_test(test_missing_final_boundary),
        cmocka_unit_test(test_prefix_boundaries),
        cmocka_unit_test(test_outer_boundary_closes_inner),
        cmocka_unit_test(test_boundary_in_part_headers),
        cmocka_unit_test(test_long_boundary),
        cmocka_unit_test(test_nested_message),
        cmocka_unit_test(test_multipart_without_boundary_is_text),
        cmocka_unit_test(test_attachment_is_passed_over),
        cmocka_unit_test(test_encodings_and_charsets),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_gap_in_headers),
        cmocka_unit_test(test_gap_hides_type),
        cmocka_unit_test(test_gap_in_text),
        cmocka_unit_test(test_gap_before_boundary),
        cmocka_unit_test(test_long_header_is_cut),
        cmocka_unit_test(test_too_many_headers),
        cmocka_unit_test(test_too_deep),
        cmocka_unit_test(test_too_many_parts),
        cmocka_unit_test(test_text_is_cut),
        cmocka_unit_test(test_memory_at_rest),
        cmocka_unit_test(test_memory_full),
        cmocka_unit_test(test_line_without_memory),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
