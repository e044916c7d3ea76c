/* Tests of which bytes of a long text are read: stretches, what is set aside for what, edges.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../decoders/text_sample.h"
#include "mailspan/limits.h"

#define KIB 1024u

static uint8_t letters[64 * KIB]; /* zeros will do: nobody reads what they say */

/* What is seen of a part of single bytes. */
struct seen {
    uint64_t first_gap;                      /* where it begins; the part's length when there is none */
    uint64_t read, slice_max, gap_max, last; /* last: where the last slice begins */
    unsigned slices;
};

/* Goes through a part of so many bytes, each of which is read where it may be. */
static struct seen walk(struct text_sample *sample, uint64_t bytes) {
    struct seen seen = {.first_gap = bytes};
    uint64_t slice = 0;
    for (uint64_t at = 0; at < bytes;) {
        if (sample->stretch_left == 0) text_sample_next(sample);
        uint64_t len = sample->stretch_left < bytes - at ? sample->stretch_left : bytes - at;
        if (sample->stretch == TEXT_SLICE) {
            seen.slices++;
            seen.last = at;
            slice = 0;
        }
        if (text_sample_reads(sample)) {
            if (len > sizeof letters) len = sizeof letters;
            size_t const paid = text_sample_pay(sample, span_of(letters, len));
            seen.read += paid;
            slice += paid;
            if (sample->slices > 0 && slice > seen.slice_max) seen.slice_max = slice;
        } else {
            if (seen.first_gap == bytes) seen.first_gap = at;
            if (sample->stretch == TEXT_GAP && len > seen.gap_max) seen.gap_max = len;
        }
        sample->stretch_left -= (uint32_t)len;
        at += len;
    }
    return seen;
}

static struct seen walk_alone(uint32_t budget, uint64_t bytes, const char *header) {
    struct text_sample sample;
    text_sample_begin(&sample, budget);
    text_sample_stir(&sample, span_from_string(header));
    text_sample_part(&sample, false, true, TEXT_CUT_WORDS);
    return walk(&sample, bytes);
}

/* Three quarters in one piece; then slices of at most 2 KiB with the end of a word, more and more apart. */
static void a_long_text(void **state) {
    (void)state;
    static const struct {
        uint64_t bytes;
        unsigned slices_min, slices_max;
    } sizes[] = {{100 * KIB, 4, 12}, {KIB * KIB, 10, 18}, {25 * KIB * KIB, 16, 26}};
    for (size_t i = 0; i < 3; i++) {
        struct seen const seen = walk_alone(64 * KIB, sizes[i].bytes, "one");
        assert_in_range(seen.first_gap, 47 * KIB, 48 * KIB + 256);
        assert_in_range(seen.slices, sizes[i].slices_min, sizes[i].slices_max);
        assert_true(seen.read <= 64 * KIB && seen.slice_max <= 2 * KIB + 256);
        assert_true(seen.gap_max <= sizes[i].bytes / 2);
    }
}

/* Slices lie also in the last third of all that is not absurdly long. */
static void slices_reach_far(void **state) {
    (void)state;
    for (uint64_t bytes = 100 * KIB; bytes < 2 * KIB * KIB; bytes = bytes * 3 / 2)
        assert_true(walk_alone(64 * KIB, bytes, "one").last > bytes / 2);
}

/* What is left of 64 KiB behind so much text in these pieces. */
static uint32_t left_behind(const char *text, size_t step) {
    struct text_sample sample;
    text_sample_begin(&sample, 64 * KIB);
    text_sample_part(&sample, true, true, TEXT_CUT_TAGS);
    text_sample_next(&sample);
    for (struct span rest = span_from_string(text); rest.len > 0; rest = span_from(rest, step))
        assert_int_equal(text_sample_pay(&sample, span_head(rest, step)), span_head(rest, step).len);
    return 64 * KIB - sample.left;
}

static void assert_price(const char *text, uint32_t price) {
    for (size_t step = 1; step < 9; step++)
        if (left_behind(text, step) != price) fail_msg("%s: %u, not %u", text, left_behind(text, step), price);
}

static void what_nobody_reads_is_free(void **state) {
    (void)state;
    assert_price("abc<b>d</b>", 11);
    assert_price("ab<!-- x -> - -->c", 7);
    assert_price("ab<!---->c", 7);
    assert_price("<!-->ab", 4 + 2);
    assert_price("<!--->ab", 4 + 2);
    assert_price("<STYLE>.a{b:c}</style>a", 7 + 6 + 1);
    assert_price("<style\tx>.a{b:c}</style>a", 7 + 6 + 1);
    assert_price("<script>if (a<b) c</script>a", 8 + 7 + 1);
    assert_price("<scrx>a<stylo>b<scripts>c<scr>d", 31);
    assert_price("<strong>a<s>b<!- c -->d<!DOCTYPE e>", 35);
    assert_price("<!-- x", 4);
    assert_price("<<!-- x -->", 5);
}

/* As many bytes of them as LIMIT_TEXT_FREE_TIMES says; what is behind is read. */
static void comments_do_not_hide_what_is_behind(void **state) {
    (void)state;
    struct text_sample sample;
    struct span const begin = SPAN_LITERAL("<!--"), end = SPAN_LITERAL("-->");
    text_sample_begin(&sample, 64 * KIB);
    text_sample_part(&sample, true, true, TEXT_CUT_TAGS);
    text_sample_next(&sample);
    assert_int_equal(text_sample_pay(&sample, begin), 4);
    assert_int_equal(walk(&sample, 150 * KIB).read, 150 * KIB);
    assert_int_equal(text_sample_pay(&sample, end), 3);
    assert_int_equal(sample.left, 64 * KIB - 4);
    assert_int_equal(walk(&sample, 47 * KIB).read, 47 * KIB);
    assert_in_range(walk(&sample, 999 * KIB).read, KIB, 17 * KIB);
    text_sample_begin(&sample, 64 * KIB);
    text_sample_part(&sample, true, true, TEXT_CUT_TAGS);
    text_sample_next(&sample);
    assert_int_equal(text_sample_pay(&sample, begin), 4);
    assert_in_range(walk(&sample, 999 * KIB).first_gap, (192 + 46) * KIB, (192 + 48) * KIB + 256);
}

static void a_short_text(void **state) {
    (void)state;
    struct seen const seen = walk_alone(64 * KIB, 47 * KIB, "one");
    assert_int_equal(seen.read, 47 * KIB);
    assert_int_equal(seen.first_gap, 47 * KIB);
    assert_int_equal(seen.slices, 0);
}

/* Where slices lie is another place for each message, and the same for the same one. */
static void headers_say_where(void **state) {
    (void)state;
    static char header[] = "<20261123.0000@example.org>";
    uint64_t places[50];
    for (unsigned i = 0; i < 50; i++) {
        header[10] = (char)('0' + i / 10);
        header[13] = (char)('0' + i % 10);
        places[i] = walk_alone(64 * KIB, 60 * KIB, header).last;
        assert_int_equal(places[i], walk_alone(64 * KIB, 60 * KIB, header).last);
    }
    unsigned same = 0;
    for (unsigned i = 1; i < 50; i++) same += places[i] == places[i - 1];
    assert_true(same < 5);
}

/* The head is used up by another part: of HTML 6 KiB are read at once (3/4 of an eighth of 64), of other text 1 KiB (a
 * quarter of the half that is not kept for HTML), and however many of these come, HTML still has 3 KiB. */
static void beginnings_of_later_parts(void **state) {
    (void)state;
    struct text_sample used, sample;
    text_sample_begin(&used, 64 * KIB);
    text_sample_part(&used, false, false, TEXT_CUT_WORDS);
    (void)walk(&used, 49 * KIB);
    sample = used;
    text_sample_part(&sample, true, false, TEXT_CUT_TAGS);
    assert_in_range(walk(&sample, 100 * KIB).first_gap, 6 * KIB, 6 * KIB + 256);
    sample = used;
    text_sample_part(&sample, false, false, TEXT_CUT_WORDS);
    assert_in_range(walk(&sample, 100 * KIB).first_gap, KIB, KIB + 256);
    for (unsigned i = 0; i < 60; i++) {
        text_sample_part(&sample, false, false, TEXT_CUT_WORDS);
        (void)walk(&sample, 200 * KIB);
    }
    text_sample_part(&sample, true, false, TEXT_CUT_TAGS);
    assert_in_range(walk(&sample, 100 * KIB).first_gap, 3 * KIB, 6 * KIB);
    assert_true(sample.slices <= LIMIT_TEXT_SLICES);
}

/* Whatever is asked for: no more is read, and there are no more slices. */
static void keeps_to_bounds(void **state) {
    (void)state;
    for (uint32_t budget = 0; budget <= LIMIT_TEXT_BYTES_MAX; budget = budget * 2 + 1) {
        struct text_sample sample;
        uint64_t read = 0;
        text_sample_begin(&sample, budget);
        for (unsigned part = 0; part < LIMIT_MIME_PARTS; part++) {
            text_sample_part(&sample, part % 3 == 0, false, part % 2 == 0 ? TEXT_CUT_TAGS : TEXT_CUT_ANYWHERE);
            read += walk(&sample, budget + part * 1000u).read;
        }
        assert_true(read <= budget && sample.slices <= LIMIT_TEXT_SLICES);
    }
}

/* --- edges -------------------------------------------------------------------------------------------------------- */

/* What is left of a text in a stretch, in pieces of so many bytes. */
static size_t edge(enum text_cut cut_at, enum text_stretch stretch, const char *text, size_t cut, char *out) {
    struct text_sample sample;
    size_t len = 0;
    text_sample_begin(&sample, 64 * KIB);
    text_sample_part(&sample, false, true, cut_at);
    sample.stretch = (uint8_t)stretch;
    sample.at_edge = true;
    sample.edge_left = 20;
    for (struct span left = span_from_string(text); left.len > 0; left = span_from(left, cut)) {
        struct span const kept = text_sample_edge(&sample, span_head(left, cut));
        if (kept.len > 0) memcpy(out + len, kept.data, kept.len);
        len += kept.len;
    }
    out[len] = '\0';
    return len;
}

static void expect_edge(enum text_cut cut_at, enum text_stretch stretch, const char *text, const char *expected) {
    char out[200];
    for (size_t cut = 1; cut <= strlen(text); cut++) {
        (void)edge(cut_at, stretch, text, cut, out);
        if (strcmp(out, expected) != 0) fail_msg("%s in pieces of %zu: '%s'", text, cut, out);
    }
}

static void begins_behind_a_word(void **state) {
    (void)state;
    expect_edge(TEXT_CUT_WORDS, TEXT_SLICE, "ord and more", "and more");
    expect_edge(TEXT_CUT_WORDS, TEXT_SLICE, " and", "and");
    expect_edge(TEXT_CUT_LINES, TEXT_SLICE, "rest of\nnext line", "next line");
    expect_edge(TEXT_CUT_TAGS, TEXT_SLICE, "'x' b>c d", "c d");
    expect_edge(TEXT_CUT_TAGS, TEXT_SLICE, "text <b>c", "<b>c");
    /* Of 20 bytes the last three may be the rest of a character. */
    expect_edge(TEXT_CUT_WORDS, TEXT_SLICE, "12345678901234567890x y", "890x y");
    expect_edge(TEXT_CUT_WORDS, TEXT_SLICE, "12345678901234567\x82\xac-x y", "-x y");
    expect_edge(TEXT_CUT_WORDS, TEXT_SLICE, "12345678901234567\x82\x82\x82\x82x", "\x82x");
}

static void ends_with_a_word(void **state) {
    (void)state;
    expect_edge(TEXT_CUT_WORDS, TEXT_END, "ord and more", "ord ");
    expect_edge(TEXT_CUT_WORDS, TEXT_END, " and", " ");
    expect_edge(TEXT_CUT_LINES, TEXT_END, "rest of\nnext\nline", "rest of\n");
    expect_edge(TEXT_CUT_TAGS, TEXT_END, "'x' b>c <d>", "'x' b>");
    expect_edge(TEXT_CUT_TAGS, TEXT_END, "text <b>c", "text ");
    expect_edge(TEXT_CUT_WORDS, TEXT_END, "allofitisread", "allofitisread");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_text),
        cmocka_unit_test(slices_reach_far),
        cmocka_unit_test(a_short_text),
        cmocka_unit_test(what_nobody_reads_is_free),
        cmocka_unit_test(comments_do_not_hide_what_is_behind),
        cmocka_unit_test(headers_say_where),
        cmocka_unit_test(keeps_to_bounds),
        cmocka_unit_test(beginnings_of_later_parts),
        cmocka_unit_test(ends_with_a_word),
        cmocka_unit_test(begins_behind_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
