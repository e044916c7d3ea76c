/* Bodies in every cut: the final dot, dot-stuffing, bare newlines, gaps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../decoders/smtp_internal.h"
#include "guard.h"

struct taken {
    bool complete, bare_newlines;
    uint64_t bytes;
    uint32_t odd_ends;
    size_t len, left;
    uint8_t content[4096];
};

static struct taken take(struct span body, size_t cut) {
    struct taken taken = {.complete = false};
    struct body_reader reader = BODY_READER_START;
    for (size_t at = 0; at < body.len && !taken.complete; at += cut) {
        struct guarded piece = guard_copy(span_slice(body, at, cut));
        struct span input = piece.bytes, content;
        while (input.len > 0 && !taken.complete) {
            taken.complete = smtp_body_take(&reader, &input, &content);
            if (content.len > 0) memcpy(taken.content + taken.len, content.data, content.len);
            taken.len += content.len;
        }
        taken.left = input.len + (at + cut < body.len ? body.len - at - cut : 0);
        guard_free(&piece);
    }
    taken.bytes = reader.bytes;
    taken.bare_newlines = reader.bare_newlines;
    taken.odd_ends = reader.odd_ends;
    return taken;
}

static void expect(struct span body, struct span content, uint64_t bytes, bool complete, size_t left, bool bare) {
    for (size_t cut = 1; cut <= body.len; cut++) {
        struct taken taken = take(body, cut);
        assert_int_equal(taken.complete, complete);
        assert_int_equal(taken.len, content.len);
        assert_true(content.len == 0 || memcmp(taken.content, content.data, content.len) == 0);
        assert_int_equal(taken.bytes, bytes);
        assert_int_equal(taken.left, left);
        assert_int_equal(taken.bare_newlines, bare);
    }
}

#define EXPECT(body, content, bytes, complete, left, bare) \
    expect(SPAN_LITERAL(body), SPAN_LITERAL(content), bytes, complete, left, bare)

static void test_bodies(void **state) {
    (void)state;
    EXPECT("a\r\n.\r\nQUIT\r\n", "a\r\n", 3, true, 6, false);
    EXPECT(".\r\n", "", 0, true, 0, false);
    EXPECT("..\r\n.\r\n", ".\r\n", 4, true, 0, false);
    EXPECT("..a\r\n...\r\n.\r\n", ".a\r\n..\r\n", 10, true, 0, false);
    EXPECT(".a\r\n.\r\n", "a\r\n", 4, true, 0, false); /* not stuffed, but it began with a dot */
    EXPECT("a.\r\n.\r\n", "a.\r\n", 4, true, 0, false);
    EXPECT("a\r\n\r\n.\r\n", "a\r\n\r\n", 5, true, 0, false);
}

static void test_odd_ends(void **state) {
    (void)state;
    EXPECT("a\n.\n", "a\n.\n", 4, false, 0, true);
    EXPECT("a\n.\r\n.\r\n", "a\n.\r\n", 5, true, 0, true);
    EXPECT("a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", 8, true, 0, true);
    EXPECT("a\r\r\n.\r\n", "a\r\r\n", 4, true, 0, true);
    EXPECT("a\rb\r\n.\r\n", "a\rb\r\n", 5, true, 0, true);
}

static void expect_odd_ends(struct span body, uint32_t odd_ends) {
    for (size_t cut = 1; cut <= body.len; cut++) assert_int_equal(take(body, cut).odd_ends, odd_ends);
}

#define ODD_ENDS(body, odd_ends) expect_odd_ends(SPAN_LITERAL(body), odd_ends)

/* A dot alone between two newlines of any kind, but for CR LF . CR LF. */
static void test_ends_for_lenient_receivers(void **state) {
    (void)state;
    ODD_ENDS("a\n.\nb\r\n.\r\n", 1);
    ODD_ENDS("a\n.\r\nb\r\n.\r\n", 1);
    ODD_ENDS("a\n.\rb\r\n.\r\n", 1);
    ODD_ENDS("a\r.\rb\r\n.\r\n", 1);
    ODD_ENDS("a\r.\nb\r\n.\r\n", 1);
    ODD_ENDS("a\r.\r\nb\r\n.\r\n", 1);
    ODD_ENDS("a\r\n.\nb\r\n.\r\n", 1);
    ODD_ENDS("a\r\n.\rb\r\n.\r\n", 1);
    ODD_ENDS(".\nb\r\n.\r\n", 1); /* the body begins behind a newline */
    ODD_ENDS(".\rb\r\n.\r\n", 1);
    ODD_ENDS("\n.\n.\n\r\n.\r\n", 2);
    ODD_ENDS("a\r\n.\r.\r\n.\r\n", 2);
    ODD_ENDS("a\r.\r.\r.\nb\r\n.\r\n", 3);
    ODD_ENDS("a\r\n.\r\n", 0);
    ODD_ENDS("a\n..\n.b\n .\n. \nb.\n\r\n.\r\n", 0);
    ODD_ENDS("a\r..\r.b\rb.\r\n..\r\n.\r\n", 0);
    ODD_ENDS("a\n\0.\nb\r\n.\r\n", 0);
}

/* A line far longer than the reader looks for its end at once, an odd end at every place of it: however it is cut, the
 * same comes out as of a short line. */
static void test_long_lines(void **state) {
    (void)state;
    static uint8_t body[2100];
    for (size_t at = 3; at < 1300; at += at < 230 || at > 280 ? 61 : 1) {
        memset(body, 'a', sizeof body);
        memcpy(body + at, "\r.\r", 3);
        memcpy(body + 1400, "\r\n..b\rc\r\n.\r\n", 12);
        for (size_t cut = 1; cut < 1500; cut = cut * 6 + 1) {
            struct taken taken = take(span_of(body, 1412), cut);
            assert_true(taken.complete && taken.bare_newlines);
            assert_int_equal(taken.odd_ends, 1);
            assert_int_equal(taken.bytes, 1400 + 2 + 7);
            assert_int_equal(taken.len, 1400 + 2 + 6);
            assert_memory_equal(taken.content, body, 1402);
            assert_memory_equal(taken.content + 1402, ".b\rc\r\n", 6);
        }
    }
    for (size_t i = 0; i < sizeof body; i++) body[i] = i % 2 == 0 ? '\r' : '.'; /* each CR but the first ends one */
    for (size_t cut = 1; cut < 1500; cut = cut * 6 + 1) assert_int_equal(take(span_of(body, 2001), cut).odd_ends, 1000);
    memset(body, 'a', sizeof body); /* the CR LF at every place, and what is behind it */
    for (size_t at = 200; at<1100; at += at % 256> 240 || at % 256 < 4 ? 1 : 13) {
        memcpy(body + at, "\r\n.\r\n", 5);
        struct taken taken = take(span_of(body, sizeof body), sizeof body);
        assert_true(taken.complete && !taken.bare_newlines);
        assert_int_equal(taken.bytes, at + 2);
        assert_int_equal(taken.left, sizeof body - at - 5);
        memset(body + at, 'a', 5);
    }
}

static uint32_t next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Few odd bytes among many ordinary lines.  In pieces of up to 16 bytes no run of ordinary text is passed over. */
static void test_runs_and_lines_say_the_same(void **state) {
    (void)state;
    static uint8_t body[1500];
    static const uint8_t odd[] = {'\r', '\n', '.', '.', '\r', '\n', 0};
    static const size_t cuts[] = {16, 17, 18, 33, 64, 65, 100, 257, 1499, 1500};
    uint32_t random = 1;
    for (unsigned turn = 0; turn < 400; turn++) {
        for (size_t i = 0; i < sizeof body; i++) body[i] = i % 40 == 38 ? '\r' : i % 40 == 39 ? '\n' : 'a';
        for (unsigned changes = next(&random) % 12; changes > 0; changes--) {
            size_t at = next(&random) % (sizeof body - 60);
            if (next(&random) % 2 == 0) at = at - at % 40 + 36; /* about a line's end */
            for (unsigned i = next(&random) % 4 + 1; i > 0; i--) body[at++] = odd[next(&random) % sizeof odd];
        }
        size_t length = sizeof body - next(&random) % 50;
        struct taken slow = take(span_of(body, length), 1 + next(&random) % 16);
        for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
            struct taken taken = take(span_of(body, length), cuts[i]);
            assert_int_equal(taken.complete, slow.complete);
            assert_int_equal(taken.bytes, slow.bytes);
            assert_int_equal(taken.odd_ends, slow.odd_ends);
            assert_int_equal(taken.bare_newlines, slow.bare_newlines);
            assert_int_equal(taken.left, slow.left);
            assert_int_equal(taken.len, slow.len);
            assert_memory_equal(taken.content, slow.content, slow.len);
        }
    }
}

static void test_the_reader_stops_behind_an_odd_end(void **state) {
    (void)state;
    struct body_reader reader = BODY_READER_START;
    struct span input = SPAN_LITERAL("a\n.\nMAIL"), content;
    assert_false(smtp_body_take(&reader, &input, &content));
    assert_true(span_equal(content, SPAN_LITERAL("a\n.\n")));
    assert_true(span_equal(input, SPAN_LITERAL("MAIL")));
    assert_int_equal(reader.bytes, 4);
}

static void test_gap(void **state) {
    (void)state;
    struct body_reader reader = {.state = BODY_LINE_START};
    struct span input = SPAN_LITERAL("a\r\n"), content;
    assert_false(smtp_body_take(&reader, &input, &content));
    smtp_body_gap(&reader, 100);
    input = SPAN_LITERAL(".\r\nb\r\n.\r\nX");
    while (!smtp_body_take(&reader, &input, &content)) assert_true(content.len > 0);
    assert_int_equal(reader.bytes, 3 + 100 + 6); /* the first dot may have stood in a line */
    assert_int_equal(input.len, 1);
}

/* A dot that was held back, and the CR behind it, were sent, too: the body went on behind them. */
static void test_gap_behind_a_dot(void **state) {
    (void)state;
    static const char *const begins[] = {"a\r\n.", "a\r\n.\r"};
    for (size_t i = 0; i < 2; i++) {
        struct body_reader reader = {.state = BODY_LINE_START};
        struct span input = span_from_string(begins[i]), content;
        while (input.len > 0) assert_false(smtp_body_take(&reader, &input, &content));
        smtp_body_gap(&reader, 100);
        input = SPAN_LITERAL("b\r\n.\r\n");
        while (!smtp_body_take(&reader, &input, &content)) assert_true(content.len > 0);
        assert_int_equal(reader.bytes, strlen(begins[i]) + 100 + 3);
    }
}

/* Text of few kinds of bytes, long enough for every width that is looked at at once: what is passed over makes the same
 * content, the same counts and the same end as what is taken. */
static void test_skimmed(void **state) {
    (void)state;
    static const char *const words[] = {
        "abcdefghijklmnopqrstuvwxyz", "\r\n", "\r\n", ".", "\n", "\r", "a line of text"};
    uint32_t random = 1;
    for (unsigned round = 0; round < 3000; round++) {
        uint8_t text[400];
        size_t len = 0, ordinary = round % 3 == 0 ? 7 : 3 + (round % 2);
        while (len < sizeof text - 30) {
            random = random * 1664525u + 1013904223u;
            const char *word = words[(random >> 16) % ordinary];
            memcpy(text + len, word, strlen(word));
            len += strlen(word);
            if ((random >> 8) % 40 == 0) break;
        }
        struct guarded piece = guard_copy(span_of(text, len));
        struct body_reader taken = BODY_READER_START, skimmed = BODY_READER_START;
        struct span left = piece.bytes, rest = piece.bytes, content;
        bool ended = false, skim_ended = false;
        while (left.len > 0 && !ended) ended = smtp_body_take(&taken, &left, &content);
        while (rest.len > 0 && !skim_ended) {
            rest = smtp_body_skim(&skimmed, rest);
            if (rest.len > 0) skim_ended = smtp_body_take(&skimmed, &rest, &content);
        }
        assert_int_equal(skim_ended, ended);
        assert_int_equal(rest.len, left.len);
        assert_int_equal(skimmed.state, taken.state);
        assert_int_equal(skimmed.bytes, taken.bytes);
        assert_int_equal(skimmed.odd_ends, taken.odd_ends);
        assert_int_equal(skimmed.bare_newlines, taken.bare_newlines);
        assert_memory_equal(skimmed.before, taken.before, sizeof taken.before);
        guard_free(&piece);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_odd_ends),
        cmocka_unit_test(test_ends_for_lenient_receivers),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_runs_and_lines_say_the_same),
        cmocka_unit_test(test_the_reader_stops_behind_an_odd_end),
        cmocka_unit_test(test_gap),
        cmocka_unit_test(test_gap_behind_a_dot),
        cmocka_unit_test(test_skimmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
