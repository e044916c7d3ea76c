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
    assert_int_equal(run.counters.header_name_long, 0);
    name[LIMIT_HEADER_NAME_BYTES] = 'n';
    name[LIMIT_HEADER_NAME_BYTES + 1] = '\0';
    (void)snprintf(message, sizeof message, "%s: v\r\n", name);
    (void)snprintf(expected, sizeof expected, "E\nB0 plain text/plain  7bit 0 0 \nT0 %s: v$\nP0", name);
    expect_record(&run, span_from_string(message), NO_GAP, expected);
    assert_int_equal(run.counters.header_name_long, 1);
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
    /* It is not handed out, but known; and nobody says that the headers were all. */
    assert_non_null(strstr(record, "\nB0 html text/html  7bit 0 0 \nT0 x\nP0"));
    assert_null(strstr(record, "\nE\n"));
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

/* A row of words that say which they are: w000000 w000001 ..., as one byte a letter. */
static size_t put_words(char *out, unsigned count, const char *between, const char *each_ninth) {
    size_t len = 0;
    for (unsigned i = 0; i < count; i++)
        len += (size_t)sprintf(out + len, "w%06u%s", i, i % 9 == 8 ? each_ninth : between);
    return len;
}

struct words_read {
    unsigned head, slices, words; /* words before the first gap; texts behind gaps; words in all */
    unsigned last;
};

/* The text of a part: whole words in a row, or rows with ^ between.  edges: the first and the last word of a row may be
 * cut. */
static struct words_read read_words(const char *text, bool edges) {
    struct words_read read = {0};
    bool first = true;
    unsigned next = 0;
    size_t end = strcspn(text, "\n");
    for (size_t at = 0; at < end;) {
        size_t const len = strcspn(text + at, " $~^<\r\n");
        if (text[at] == '^') {
            read.slices++;
            first = true;
        }
        if (len == 0 || text[at] == '^') {
            at += 1;
            continue;
        }
        unsigned const word = (unsigned)strtoul(text + at + 1, NULL, 10);
        bool const last = text[at + len] == '^' || text[at + len] == '\n' || text[at + len] == '\0';
        bool const whole = len == 7 && text[at] == 'w';
        if (!whole && !(edges && (first || last))) fail_msg("'%.*s' is no word", (int)len, text + at);
        if (whole && !first && word != next) fail_msg("%u follows %u", word, next - 1);
        if (whole) {
            assert_true(word >= next);
            next = word + 1;
            read.words++;
            if (read.slices == 0) read.head++;
            first = false;
        }
        at += len;
    }
    read.last = next;
    return read;
}

static const size_t cuts_of_long[] = {0, 1460, 61, 1000001, 1};
#define CUTS_OF_LONG (sizeof cuts_of_long / sizeof cuts_of_long[0])

/* The record of a message, which is the same in each cut, as are the counters.  A piece costs a page: long messages
 * come in none that are so short. */
static const char *record_of_long(struct span message) {
    static char whole[RECORD_BYTES];
    struct counters counters;
    for (size_t i = 0; i < CUTS_OF_LONG; i++) {
        if (message.len > 200000 && cuts_of_long[i] == 1) continue;
        const char *record = run_message(&run, message, cuts_of_long[i], NO_GAP);
        if (i == 0) {
            (void)snprintf(whole, sizeof whole, "%s", record);
            counters = run.counters;
        }
        if (strcmp(record, whole) != 0) fail_msg("another text in pieces of %zu", cuts_of_long[i]);
        assert_memory_equal(&run.counters, &counters, sizeof counters);
    }
    return whole;
}

#define LONG_WORDS 2400 /* 19,400 bytes of them */
#define SMALL 4096      /* may be read: of it 3,072 at the head, in single bytes 384 words; the last unit is 64 bytes */

static void put_base64(char *out, size_t *len, const uint8_t *bytes, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i + 2 < count; i += 3) {
        unsigned const group = (unsigned)(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6) out[(*len)++] = digits[group >> shift & 63];
        if (i % 57 == 54) *len += (size_t)sprintf(out + *len, i % 5 == 0 ? " \r\n" : "\r\n");
    }
}

static void put_quoted(char *out, size_t *len, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool const plain = bytes[i] > ' ' && bytes[i] != '=' && bytes[i] < 127;
        *len += (size_t)sprintf(out + *len, plain ? "%c" : "=%02X", bytes[i]);
        if (i % 30 == 29) *len += (size_t)sprintf(out + *len, "=\r\n");
    }
}

/* Text of single bytes, or of so many a letter, as some charset and encoding have it. */
static size_t make_long(char *out, const char *charset, const char *encoding, unsigned width, const char *text,
                        size_t text_len) {
    static uint8_t wide[400000];
    size_t len = (size_t)sprintf(out,
                                 "Subject: x\r\nContent-Type: text/plain; charset=%s\r\n"
                                 "Content-Transfer-Encoding: %s\r\n\r\n",
                                 charset, encoding);
    memset(wide, 0, text_len * width);
    for (size_t i = 0; i < text_len; i++) wide[i * width] = (uint8_t)text[i];
    if (strcmp(encoding, "base64") == 0) {
        put_base64(out, &len, wide, text_len * width);
    } else if (strcmp(encoding, "quoted-printable") == 0) {
        put_quoted(out, &len, wide, text_len * width);
    } else {
        memcpy(out + len, wide, text_len * width);
        len += text_len * width;
    }
    return len;
}

/* A text is read at its head and in slices, words are whole, and of text in single bytes each byte is accounted for. */
static void test_long_text(void **state) {
    (void)state;
    static const struct {
        const char *charset, *encoding;
        unsigned width;
        bool edges; /* words may be cut: they are not looked for, or lines are that are longer than what is searched */
    } forms[] = {
        {"us-ascii", "7bit", 1, false},          {"us-ascii", "base64", 1, false},
        {"utf-8", "quoted-printable", 1, false}, {"iso-2022-jp", "7bit", 1, true},
        {"iso-2022-jp", "base64", 1, true},      {"big5", "8bit", 1, false},
        {"utf-16le", "base64", 2, true},         {"utf-16", "base64", 2, true},
        {"utf-16le", "8bit", 2, true},           {"utf-16le", "quoted-printable", 2, true},
        {"utf-32le", "base64", 4, true},
    };
    static char text[50000], message[1000000];
    size_t const text_len = put_words(text, LONG_WORDS, " ", "\r\n");
    run.text_bytes = SMALL;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t const len =
            make_long(message, forms[i].charset, forms[i].encoding, forms[i].width, text, text_len / 12 * 12);
        const char *record = strstr(record_of_long(span_of(message, len)), "\nT0 ");
        assert_non_null(record);
        struct words_read const read = read_words(record + 4, forms[i].edges);
        assert_in_range(read.head, (SMALL * 3 / 4 - 64) * 9 / 73 - 1, (SMALL * 3 / 4 + 256) / 8);
        assert_in_range(read.slices, 6, LIMIT_TEXT_SLICES);
        assert_int_equal(run.counters.text_slices, read.slices);
        assert_true(read.last > LONG_WORDS / 2);
        assert_true(run.summary.text_bytes <= SMALL);
        assert_int_equal(run.counters.text_cut, 1);
        if (strcmp(forms[i].charset, "us-ascii") == 0 && strcmp(forms[i].encoding, "7bit") == 0)
            assert_int_equal(run.summary.text_bytes + run.counters.text_unread_bytes, text_len / 12 * 12);
    }
}

/* A character of several bytes is not cut where no blank is for long, and what comes behind a gap is no other charset.
 */
static void test_long_text_without_blanks(void **state) {
    (void)state;
    static char message[200000];
    size_t len = (size_t)snprintf(message, sizeof message, "Content-Type: text/plain\r\n\r\n");
    for (int i = 0; i < 30000; i++) len += (size_t)snprintf(message + len, sizeof message - len, "\xE2\x82\xAC");
    run.text_bytes = SMALL;
    const char *record = strstr(record_of_long(span_of(message, len)), "\nT0 ");
    assert_non_null(record);
    unsigned jumps = 0;
    for (record += 4; *record != '\n'; record += *record == '^' ? 1 : 3) {
        jumps += *record == '^';
        if (*record != '^') assert_memory_equal(record, "\xE2\x82\xAC", 3);
    }
    assert_true(jumps > 3);
}

/* Of HTML slices begin and end at tags. */
static void test_long_html(void **state) {
    (void)state;
    static char message[200000];
    size_t len = (size_t)snprintf(message, sizeof message, "Content-Type: text/html\r\n\r\n");
    for (unsigned i = 0; i < 2000; i++)
        len += (size_t)snprintf(message + len, sizeof message - len,
                                "<a href=\"http://www.example.org/%u\" title='>'>w%06u</a>\r\n", i, i);
    run.text_bytes = 32768; /* slices have 256 bytes and more, half of which may be passed over for a tag */
    const char *record = strstr(record_of_long(span_of(message, len)), "\nT0 ");
    unsigned jumps = 0;
    assert_non_null(record);
    for (const char *at = strchr(record, '^'); at != NULL; at = strchr(at + 1, '^'), jumps++) {
        bool const at_tag = at[1] == '<';
        bool const behind_tag = at[1] == 'w' || at[1] == '$' || strncmp(at + 1, "'>w", 3) == 0;
        if (!at_tag && !behind_tag) fail_msg("a slice begins with %.20s", at + 1);
        assert_true(at[-1] == '>' || (at[-1] >= '0' && at[-1] <= '9') || at[-1] == '$');
    }
    assert_true(jumps > 5);
    run.text_bytes = 0;
}

static size_t put_filler(char *out, const char *type, size_t bytes) {
    size_t len = (size_t)sprintf(out, "\r\n--b\r\nContent-Type: %s\r\n\r\n", type);
    while (bytes > 0) {
        out[len++] = bytes % 8 == 0 ? ' ' : 'f';
        bytes--;
    }
    return len;
}

/* HTML behind filler is seen at its beginning, in whatever and however many parts the filler comes. */
static void test_html_behind_filler(void **state) {
    (void)state;
    static const struct {
        unsigned parts;
        size_t bytes; /* of each */
    } fillers[] = {{1, 60 << 10}, {1, 400 << 10}, {2, 50 << 10}, {30, 20 << 10}, {62, 8 << 10}};
    static char message[800 << 10];
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        size_t len = (size_t)sprintf(message, "Content-Type: multipart/mixed; boundary=b\r\n");
        for (unsigned part = 0; part < fillers[i].parts; part++)
            len += put_filler(message + len, "text/plain", fillers[i].bytes);
        len += (size_t)sprintf(message + len, "\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>click here");
        size_t const begin = len;
        for (unsigned line = 0; line < 80; line++) len += (size_t)sprintf(message + len, "%031u\n", line);
        (void)sprintf(message + len, "\r\n--b--\r\n");
        const char *record = record_of_long(span_of(message, len + 9));
        const char *html = strstr(record, "<p>click here0");
        assert_non_null(html);
        assert_true(strcspn(html, "^\n") >= 2048 && len - begin > 2048);
        assert_int_equal(run.counters.text_cut, 1);
        assert_true(run.summary.text_bytes <= LIMIT_TEXT_BYTES_DEFAULT);
    }
}

/* What is not longer than the head is read whole, whatever the parts. */
static void test_text_within_the_head(void **state) {
    (void)state;
    static char message[LIMIT_TEXT_BYTES_DEFAULT];
    size_t len = (size_t)sprintf(message, "Content-Type: multipart/mixed; boundary=b\r\n");
    for (unsigned part = 0; part < 5; part++) len += put_filler(message + len, "text/plain", 9600);
    (void)run_message(&run, span_of(message, len), 1460, NO_GAP);
    assert_int_equal(run.summary.text_bytes, 48000);
    assert_int_equal(run.counters.text_cut, 0);
    assert_int_equal(run.counters.text_unread_bytes, 0);
    assert_int_equal(run.counters.text_slices, 0);
}

/* As much as may be read, and no more, in whatever parts it comes. */
static void test_text_keeps_to_its_limit(void **state) {
    (void)state;
    static char message[400000];
    size_t len = (size_t)sprintf(message, "Content-Type: multipart/mixed; boundary=b\r\n");
    for (unsigned part = 0; part < 40; part++)
        len += put_filler(message + len, part % 2 == 0 ? "text/html" : "text/plain; charset=iso-8859-1", 9000);
    for (size_t i = 0; i < len; i++) /* three bytes each, in UTF-8 */
        if (message[i] == 'f' && message[i + 1] == 'f' && message[i - 1] == 'f') message[i] = '\x80';
    for (uint32_t limit = 1; limit < 70000; limit = limit * 3 + 1) {
        run.text_bytes = limit;
        (void)run_message(&run, span_of(message, len), 1460, NO_GAP);
        assert_true(run.summary.text_bytes <= limit && run.counters.text_cut == 1);
        assert_true(run.counters.text_slices <= LIMIT_TEXT_SLICES);
    }
}

/* A report's text for programs has a limit of its own, and none of what is said to people hides it. */
static void test_report_is_cut(void **state) {
    (void)state;
    static char message[200000];
    size_t len = (size_t)sprintf(message, "Content-Type: multipart/report; boundary=b\r\n");
    len += put_filler(message + len, "text/plain", 100000);
    len += put_filler(message + len, "message/delivery-status", 40000);
    (void)run_message(&run, span_of(message, len), 1460, NO_GAP);
    assert_int_equal(run.counters.report_text_cut, 1);
    assert_int_equal(strspn(strstr(run.record, "\nT2 ") + 4, "f "), LIMIT_REPORT_TEXT_BYTES);
}

/* The same headers, the same slices; others, others. */
static void test_slices_hang_on_headers(void **state) {
    (void)state;
    static char message[300000], first[RECORD_BYTES];
    for (int i = 0; i < 3; i++) {
        size_t len = (size_t)sprintf(message, "Message-ID: <%d@example.org>\r\n\r\n", i / 2);
        len += put_words(message + len, 20000, " ", "\r\n");
        const char *text = strstr(run_message(&run, span_of(message, len), 1460, NO_GAP), "\nT0 ");
        if (i == 0) (void)snprintf(first, sizeof first, "%s", text);
        assert_int_equal(strcmp(text, first) == 0, i < 2);
    }
}

/* Bytes that the mirror lost in what is not read do no harm. */
static void test_gap_in_unread_text(void **state) {
    (void)state;
    static char text[50000], message[100000];
    size_t const text_len = put_words(text, LONG_WORDS, " ", "\r\n");
    size_t const len = make_long(message, "us-ascii", "base64", 1, text, text_len / 12 * 12);
    run.text_bytes = SMALL;
    for (size_t at = 12001; at < 12005; at++) {
        static char whole[RECORD_BYTES];
        (void)snprintf(whole, sizeof whole, "%s", run_message(&run, span_of(message, len), 0, at));
        for (size_t i = 1; i < CUTS_OF_LONG; i++)
            assert_string_equal(run_message(&run, span_of(message, len), cuts_of_long[i], at), whole);
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

static int as_unless_told(void **state) {
    (void)state;
    run.text_bytes = 0;
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
        cmocka_unit_test_setup(test_long_text, as_unless_told),
        cmocka_unit_test_setup(test_long_text_without_blanks, as_unless_told),
        cmocka_unit_test_setup(test_long_html, as_unless_told),
        cmocka_unit_test_setup(test_html_behind_filler, as_unless_told),
        cmocka_unit_test_setup(test_text_within_the_head, as_unless_told),
        cmocka_unit_test_setup(test_text_keeps_to_its_limit, as_unless_told),
        cmocka_unit_test_setup(test_report_is_cut, as_unless_told),
        cmocka_unit_test_setup(test_slices_hang_on_headers, as_unless_told),
        cmocka_unit_test_setup(test_gap_in_unread_text, as_unless_told),
        cmocka_unit_test(test_memory_at_rest),
        cmocka_unit_test(test_memory_full),
        cmocka_unit_test(test_line_without_memory),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
