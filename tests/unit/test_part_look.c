/* The first and the last bytes of a part, in any cut: as pieces of a message, and alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail_run.h"

#include "../../decoders/part_look.h"
#include "content_made.h"

#define CONTENT_BYTES 60000
#define HEAD_BYTES (2 * LIMIT_LOOK_PAGE_BYTES)

static struct mail_run run;

/* --- as a part of a message --------------------------------------------------------------------------------------- */

static char mail[3 * CONTENT_BYTES];
static size_t mail_len;

static void put_mail(const char *text) {
    size_t len = strlen(text);
    assert_true(mail_len + len < sizeof mail);
    memcpy(mail + mail_len, text, len);
    mail_len += len;
}

static void begin_mail(const char *encoding) {
    mail_len = 0;
    put_mail(
        "Content-Type: multipart/mixed; boundary=0_b\r\n\r\n--0_b\r\nContent-Type: application/x-y\r\n"
        "Content-Transfer-Encoding: ");
    put_mail(encoding);
    put_mail("\r\n\r\n");
}

/* Lines of 76 digits, as RFC 2045 6.8 has them. */
static void put_base64(struct span s) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.len; i += 3) {
        uint32_t bits = (uint32_t)s.data[i] << 16 | (i + 1 < s.len ? (uint32_t)s.data[i + 1] << 8 : 0) |
                        (i + 2 < s.len ? s.data[i + 2] : 0);
        char group[5] = {digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63], digits[bits & 63], '\0'};
        for (size_t k = s.len - i + 1; k < 4; k++) group[k] = '=';
        put_mail(group);
        if (i / 3 % 19 == 18) put_mail("\r\n");
    }
}

static void put_quoted(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        char escape[8];
        (void)snprintf(escape, sizeof escape, i % 20 == 19 ? "=%02X=\r\n" : "=%02X", s.data[i]);
        put_mail(escape);
    }
}

/* The mail as it is now, in many cuts, must say this of its part. */
static void expect_mail(const char *expected) {
    static const size_t cuts[] = {0, 1, 7, 1448, 2039, 2040, 2041, 4096, 1000001};
    static const char start[] = "\nP1";
    put_mail("\r\n--0_b--\r\n");
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        if (cuts[i] != 0 && cuts[i] < 100 && mail_len > 14000) continue; /* would take long */
        const char *record = run_message(&run, span_of(mail, mail_len), cuts[i], NO_GAP);
        const char *found = memmem(record, run.record_len, start, strlen(start)); /* text may have zeros */
        assert_non_null(found);
        if (strcmp(found + strlen(start), expected) != 0)
            fail_msg("in pieces of %zu: \"%s\", expected \"%s\"", cuts[i], found + strlen(start), expected);
    }
}

static uint8_t content[CONTENT_BYTES];

/* A ZIP with one packed file of so many bytes in front of its list. */
static struct span make_zip(size_t packed, const char *const *names, size_t count) {
    struct made made = {.len = 0};
    size_t len = 0;
    put_zip_local(&made, names[0], 0, 8, SPAN_EMPTY);
    memcpy(content, made.bytes, made.len);
    len += made.len;
    for (size_t i = 0; i < packed; i++) content[len++] = (uint8_t)(i * 7 + i / 251);
    made.len = 0;
    for (size_t i = 0; i < count; i++) put_zip_central(&made, names[i], 0);
    put_zip_end(&made, (unsigned)count);
    assert_true(len + made.len <= sizeof content);
    memcpy(content + len, made.bytes, made.len);
    return span_of(content, len + made.len);
}

static const char *const hidden[] = {"a.txt", "b.txt", "run.exe"};

/* Long ones and short ones, and each length around the edges of what is looked at. */
static void test_list_at_the_end(void **state) {
    (void)state;
    static const size_t lengths[] = {0, 100, 3000, 3800, 3900, 4000, 4036, 6000, 8000, 8160, 50000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        begin_mail("base64");
        put_base64(make_zip(lengths[i], hidden, 3));
        expect_mail(" zip 8 0 0");
        begin_mail("binary");
        struct span zip = make_zip(lengths[i], hidden, 3);
        memcpy(mail + mail_len, zip.data, zip.len);
        mail_len += zip.len;
        expect_mail(" zip 8 0 0");
    }
}

/* The list lies across the end of the head, at every place. */
static void test_list_across_the_edge(void **state) {
    (void)state;
    for (size_t packed = HEAD_BYTES - 300; packed < HEAD_BYTES; packed++) {
        begin_mail("base64");
        put_base64(make_zip(packed, hidden, 3));
        put_mail("\r\n--0_b--\r\n");
        const char *record = run_message(&run, span_of(mail, mail_len), 1448, NO_GAP);
        if (strstr(record, "\nP1 zip 8 0 0") == NULL) fail_msg("%zu packed bytes: %s", packed, strstr(record, "\nP1"));
    }
}

/* Behind the text that a decoder leaves out, and with line ends of all kinds. */
static void test_base64_as_it_comes(void **state) {
    (void)state;
    begin_mail("base64");
    put_base64(make_zip(20000, hidden, 3));
    put_mail("\r\n\r\n \n\n");
    expect_mail(" zip 8 0 0");
    begin_mail("base64");
    put_base64(make_zip(20001, hidden, 3));
    expect_mail(" zip 8 0 0");
    begin_mail("base64");
    put_base64(make_zip(20002, hidden, 3));
    expect_mail(" zip 8 0 0");
}

/* What is no text in quoted-printable has its head looked at, and a list that lies beyond is missed. */
static void test_quoted_printable(void **state) {
    (void)state;
    begin_mail("quoted-printable");
    put_quoted(make_zip(100, hidden, 3));
    expect_mail(" zip 8 0 0");
    begin_mail("quoted-printable");
    put_quoted(make_zip(6000, hidden, 3));
    expect_mail(" zip 0 0 0");
    begin_mail("quoted-printable");
    put_mail("=4D=5A=");
    expect_mail("");
}

static void test_many_names_are_cut(void **state) {
    (void)state;
    static const char *names[70];
    for (size_t i = 0; i < 70; i++) names[i] = i == 0 ? "run.exe" : "a-name-of-some-length.txt";
    begin_mail("base64");
    put_base64(make_zip(9000, names, 70));
    expect_mail(" zip 18 0 0");
    assert_int_equal(run.counters.archives_cut, 1);
    begin_mail("base64");
    put_base64(make_zip(9000, names, 3));
    expect_mail(" zip 8 0 0");
    assert_int_equal(run.counters.archives_cut, 0);
}

static void test_disk_image(void **state) {
    (void)state;
    memset(content, 0, sizeof content);
    memcpy(content + 32769, "CD001", 5);
    begin_mail("base64");
    put_base64(span_of(content, 40000));
    expect_mail(" iso 0 0 0");
    begin_mail("binary");
    memcpy(mail + mail_len, content, 40000);
    mail_len += 40000;
    expect_mail(" iso 0 0 0");
    begin_mail("base64");
    put_base64(span_of(content, 32773)); /* one byte short */
    expect_mail("");
    content[100] = 1;
    begin_mail("base64");
    put_base64(span_of(content, 40000));
    expect_mail("");
}

/* Text is decoded for its own sake, and looked at as it goes by; also when no more of it is wanted. */
static void test_attached_text(void **state) {
    (void)state;
    mail_len = 0;
    put_mail(
        "Content-Type: multipart/mixed; boundary=0_b\r\n\r\n--0_b\r\nContent-Type: text/plain; name=x.pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n");
    put_base64(make_zip(9000, hidden, 3));
    expect_mail(" zip 0 0 0");
    mail_len = 0;
    put_mail("Content-Type: multipart/mixed; boundary=0_b\r\n\r\n--0_b\r\n\r\n");
    for (size_t i = 0; i < LIMIT_TEXT_BYTES_DEFAULT / 64 - 2; i++)
        put_mail("123456789 123456789 123456789 123456789 123456789 123456789 12\r\n");
    put_mail("\r\n--0_b\r\nContent-Type: text/html; name=x\r\n\r\n<html><body>");
    for (int i = 0; i < 300; i++) put_mail("<p>A line of a page that is longer than what is left\r\n");
    put_mail("\r\n--0_b--\r\n");
    static const size_t cuts[] = {0, 61, 1448, 4096};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        const char *record = run_message(&run, span_of(mail, mail_len), cuts[i], NO_GAP);
        assert_non_null(strstr(record, "\nP2 html 0 0 0"));
        assert_int_equal(run.counters.text_cut, 1);
    }
}

/* What came before a gap is known; nothing is made up of what comes behind it. */
static void test_gap(void **state) {
    (void)state;
    begin_mail("base64");
    size_t head = mail_len;
    put_base64(make_zip(20000, hidden, 3));
    put_mail("\r\n--0_b--\r\n");
    static const struct {
        size_t at;
        const char *expected;
    } gaps[] = {{200, "\nP1 zip 10 0 0"}, {10000, "\nP1 zip 0 0 0"}, {26000, "\nP1 zip 0 0 0"}};
    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        (void)run_message(&run, span_of(mail, mail_len), 1448, head + gaps[i].at);
        const char *found = strstr(run.record, "\nP1");
        assert_non_null(found);
        if (i == 0)
            assert_string_equal(found, "\nP1 zip 0 0 0");
        else
            assert_string_equal(found, gaps[i].expected);
    }
}

/* --- alone -------------------------------------------------------------------------------------------------------- */

static void test_no_memory(void **state) {
    (void)state;
    struct part_look look = {.len = 0};
    struct counters counters = {.packets = 0};
    static uint8_t room[MAIL_TEXT_BYTES];
    struct arena arena;
    arena_init(&arena, &run.pool, 0);
    part_look_begin(&look, true, false);
    assert_int_equal(part_look_room(&look), LIMIT_LOOK_PAGE_BYTES);
    part_look_push(&look, &arena, &counters,
                   SPAN_LITERAL("\x7f"
                                "ELF"),
                   room);
    assert_int_equal(counters.message_memory, 1);
    assert_int_equal(part_look_room(&look), 0);
    assert_int_equal(part_look_end(&look, TRANSFER_IDENTITY, &counters, room).kind, CONTENT_UNKNOWN);
}

static void test_not_wanted(void **state) {
    (void)state;
    struct part_look look = {.len = 0};
    struct counters counters = {.packets = 0};
    static uint8_t room[MAIL_TEXT_BYTES];
    part_look_begin(&look, false, false);
    assert_int_equal(part_look_room(&look), 0);
    part_look_pass(&look, SPAN_LITERAL("x"));
    part_look_gap(&look);
    assert_int_equal(part_look_end(&look, TRANSFER_IDENTITY, &counters, room).kind, CONTENT_UNKNOWN);
}

static int set_up(void **state) {
    (void)state;
    run_begin(&run);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    run_end(&run);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_at_the_end),    cmocka_unit_test(test_list_across_the_edge),
        cmocka_unit_test(test_base64_as_it_comes), cmocka_unit_test(test_quoted_printable),
        cmocka_unit_test(test_many_names_are_cut), cmocka_unit_test(test_disk_image),
        cmocka_unit_test(test_attached_text),      cmocka_unit_test(test_gap),
        cmocka_unit_test(test_no_memory),          cmocka_unit_test(test_not_wanted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
