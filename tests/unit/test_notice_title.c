/* Tests of the titles and copies of messages in notices.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../decoders/report_internal.h"
#include "report_run.h"

static bool takes(struct notice_title *title, const char *text, size_t indent) {
    struct guarded guarded = guard_copy(span_from_string(text));
    bool const is = notice_title_line(title, guarded.bytes, indent);
    guard_free(&guarded);
    return is;
}

static void test_labels(void **state) {
    (void)state;
    static const char *const are[] = {"Subject: x",
                                      "SUBJECT:x",
                                      "* Subject: x",
                                      "Subj: x",
                                      "Original subject: x",
                                      "Betreff : x",
                                      "Betreff der Mail: x",
                                      "Objet : x",
                                      "Asunto: x",
                                      "Oggetto: x",
                                      "Assunto: x",
                                      "Onderwerp: x",
                                      "Temat: x",
                                      "Тема: x",
                                      "Ämne: x",
                                      "Emne: x",
                                      "件名: x",
                                      "件名：x",
                                      "主题  x",
                                      "主旨:x",
                                      "제목: x",
                                      "Your document: x",
                                      "Subject of it: x",

                                      "Subject:"};
    static const char *const are_not[] = {"",
                                          "Subject",
                                          "Subject x",
                                          "Subjects: x",
                                          "Your message with the subject: x",
                                          "Reason: Subject: x",
                                          "bob@far.example: the subject: x",
                                          "主题的",
                                          "A subject of more than forty bytes in words: x"};
    for (size_t i = 0; i < sizeof are / sizeof are[0]; i++) {
        struct notice_title title = {.indent = 0};
        if (!takes(&title, are[i], 0)) fail_msg("%s", are[i]);
    }
    for (size_t i = 0; i < sizeof are_not / sizeof are_not[0]; i++) {
        struct notice_title title = {.indent = 0};
        if (takes(&title, are_not[i], 0)) fail_msg("%s", are_not[i]);
    }
}

/* It goes on where it is indented deeper, unless an address comes; behind an empty line only if nothing came. */
static void test_folded(void **state) {
    (void)state;
    struct notice_title title = {.indent = 0};
    assert_false(takes(&title, "x", 4));
    assert_true(takes(&title, "Subject: x", 2));
    assert_true(takes(&title, "y", 4));
    assert_true(takes(&title, "z", 3));
    assert_false(takes(&title, "w", 2));
    assert_false(takes(&title, "v", 4));
    assert_true(takes(&title, "Subject: x", 2));
    assert_false(takes(&title, "bob@far.example: x", 4));
    assert_true(takes(&title, "Subject: x", 2));
    notice_title_blank(&title);
    assert_false(takes(&title, "y", 4));
    assert_true(takes(&title, "Subject:", 0));
    notice_title_blank(&title);
    assert_true(takes(&title, "y", 4));
    notice_title_blank(&title);
    assert_false(takes(&title, "z", 4));
}

static void expect_without(struct notice_title *title, const char *text, const char *expected) {
    uint8_t room[LIMIT_REPORT_LINE_BYTES];
    struct guarded guarded = guard_copy(span_from_string(text));
    struct span const left = notice_without_title(title, guarded.bytes, room);
    if (!span_equal(left, span_from_string(expected))) fail_msg("%s: %.*s", text, (int)left.len, left.data);
    guard_free(&guarded);
}

static void test_quotes(void **state) {
    (void)state;
    static const char *const texts[][2] = {
        {"Your message \"x y\" to b@c failed", "Your message to b@c failed"},
        {"with the subject: \"x\" failed", "with the subject: failed"},
        {"Nachricht „x“ ging nicht", "Nachricht ging nicht"},
        {"Nachricht „x” ging nicht", "Nachricht ging nicht"},
        {"message “x” failed", "message failed"},
        {"message « x » failed", "message failed"},
        {"件名「x」を", "件名を"},
        {"message 'x' failed", "message failed"},
        {"message 's x", "message 's x"},
        {"the word \"x\" is not allowed", "the word \"x\" is not allowed"},
        {"\"x\" failed", "\"x\" failed"},
        /* quotes of its own; an address is not in it */
        {"message \"x\" y \"z\" failed", "message failed"},
        {"message \"x\" to \"b@c\" failed", "message to \"b@c\" failed"},
        {"message \"x", "message "},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct notice_title title = {.indent = 0};
        expect_without(&title, texts[i][0], texts[i][1]);
    }
    struct notice_title title = {.indent = 0};
    assert_true(notice_quotes_title(&title, SPAN_LITERAL("message \"x\" y")));
    assert_true(notice_quotes_title(&title, SPAN_LITERAL("message \"x\": 550 y")));
    assert_false(notice_quotes_title(&title, SPAN_LITERAL("550 message \"x\" y"))); /* another server's */
    assert_false(notice_quotes_title(&title, SPAN_LITERAL("")));
    title.closing = 1;
    assert_true(notice_quotes_title(&title, SPAN_LITERAL("x")));
}

/* Over a few lines, then it was none. */
static void test_broken_quotes(void **state) {
    (void)state;
    struct notice_title title = {.indent = 0};
    expect_without(&title, "message \"x", "message ");
    expect_without(&title, "y\" failed", "failed");
    expect_without(&title, "y\" failed", "y\" failed");
    expect_without(&title, "message \"x", "message ");
    for (unsigned i = 1; i < NOTICE_TITLE_LINES; i++) expect_without(&title, "y", "");
    expect_without(&title, "y", "y");
    expect_without(&title, "message \"x", "message ");
    notice_title_blank(&title);
    expect_without(&title, "y", "y");
}

static void test_copies(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum notice_copy copy;
    } cases[] = {{"----- Ursprüngliche Nachricht -----", NOTICE_COPY_IS_SURE},
                 {"--- Message d'origine ---", NOTICE_COPY_IS_SURE},
                 {"=== Mensaje original", NOTICE_COPY_IS_SURE},
                 {"Original-Nachricht:", NOTICE_COPY_IS_SURE},
                 {"元のメッセージ：", NOTICE_COPY_IS_SURE},
                 {"Original-Nachricht: x", NOTICE_NO_COPY},
                 {"---- Alkuperäinen viesti ----", NOTICE_COPY_MAY_FOLLOW},
                 {"-- Bob", NOTICE_NO_COPY},
                 {"-------", NOTICE_NO_COPY},
                 {"", NOTICE_NO_COPY}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (notice_copy_title(span_from_string(cases[i].text)) != cases[i].copy) fail_msg("%s", cases[i].text);
    assert_true(notice_is_copied_header(SPAN_LITERAL("received: from x")));
    assert_true(notice_is_copied_header(SPAN_LITERAL("Message-ID:")));
    assert_false(notice_is_copied_header(SPAN_LITERAL("From")));
    assert_false(notice_is_copied_header(SPAN_LITERAL("Reason: x")));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_labels), cmocka_unit_test(test_folded),
                                       cmocka_unit_test(test_quotes), cmocka_unit_test(test_broken_quotes),
                                       cmocka_unit_test(test_copies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
