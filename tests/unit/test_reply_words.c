/* Which words a refusal has. Expectations are written as rules/bounce_words.yaml writes them, by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../scoring/bounce_internal.h"
#include "../../scoring/reply_words.h"
#include "mailspan/reply.h"

static const struct enhanced_code no_code = {0, 0, 0};

/* The words of a text between blanks, with where it begins and ends. */
static void assert_words(struct span text, const char *expected) {
    static struct reply_traits traits;
    struct smtp_reply const reply = {.code = 550, .text = text};
    char words[1024] = "";
    struct plain_case room; /* as they are cut in a refusal: without host names */
    struct bounce_case const said = {.stage = STAGE_RCPT, .reply = &reply};
    reply_traits_find(bounce_plain(&said, &room), &no_code, &traits);
    for (unsigned i = 0; i < traits.words.count; i++) {
        const struct reply_word *word = &traits.words.words[i];
        size_t const used = strlen(words);
        (void)snprintf(words + used, sizeof words - used, "%s%.*s", i == 0 ? "" : " ", (int)word->length,
                       (const char *)traits.words.room + word->at);
    }
    assert_string_equal(words, expected);
}

static void words_are_cut(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", "^ $"},
        {"Mailbox full", "^ mailbox full $"},
        {"  ,;. Mailbox--full!  ", "^ mailbox full $"},
        {"User doesn't exist", "^ user doesn't exist $"},
        {"User doesn\xe2\x80\x99t exist", "^ user doesn't exist $"},
        {"the 'user' ' isn't '", "^ the user isn't $"},
        {"x@x #5.1.1 a_b", "^ x@x n.n.n a_b $"},
        {"from 192.0.2.1, or 192.0.2.17.", "^ from ip or ip $"},
        {"1.2.3 and 1.2.3.4.5 and 1..2.3.4", "^ n.n.n and ip 5 and 1 n.n.n $"},
        {"<mail.over.quota>: Helo, over.quota.", "^ h.h helo h.h $"},
        {"due to near.example's policy 'mx.far.example'", "^ due to h.h s policy h.h $"},
        {"see https://full.example.net/a.b.cd for Full.See", "^ see https full example net a b cd for h.h $"},
        {"is full.Please wait. a.b. .ab ab..cd 1.2.3.de", "^ is full please wait a b ab ab cd h.h $"},
        {"12 123 1234567", "^ 12 9 9 $"},
        {"HL:REP IB108 a1b2c3d4 a1b2c3d4e", "^ hl rep ib108 a1b2c3d4 9x $"},
        {"\xc3\x9c"
         "BER Quota",
         "^ \xc3\xbc"
         "ber quota $"},
        {"\xd0\x9d\xd0\x95\xd0\xa2 \xd0\xaf", "^ \xd0\xbd\xd0\xb5\xd1\x82 \xd1\x8f $"},
        {"\xe7\x94\xa8\xe6\x88\xb7 ok\xe4\xb8\x8d", "^ \xe7\x94\xa8 \xe6\x88\xb7 ok \xe4\xb8\x8d $"},
        {"\xe2\x80\x9cno\xe2\x80\x9d\xc2\xa0way\xe3\x80\x82", "^ no way $"},
        {"\xc2\xabMailbox\xc2\xbb \xc5\x81\xc3\xb3"
         "d\xc5\xba \xef\xbc\x9a ok",
         "^ mailbox \xc5\x82\xc3\xb3"
         "d\xc5\xba ok $"},
        {"a\xff\xfe"
         "b\xc3",
         "^ a b $"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_words(span_from_string(cases[i][0]), cases[i][1]);
    assert_words(span_of("a\0b", 3), "^ a b $");
}

/* Each trait of "550 5.1.1 No mailbox here" at RCPT. */
static void traits_are_named(void **state) {
    (void)state;
    static const char *const expected[] = {"no",         "mailbox",      "here",     "mailb*", "^ no",
                                           "no mailbox", "mailbox here", "here $",   "550",    "5yz",
                                           "rcpt",       "550 rcpt",     "5yz rcpt", "5.1.1",  "x.1.1"};
    static struct reply_traits traits;
    struct enhanced_code const enhanced = {5, 1, 1};
    struct smtp_reply const reply = {.code = 550, .text = SPAN_LITERAL("No mailbox here")};
    struct bounce_case const what = {.stage = STAGE_RCPT, .reply = &reply};
    reply_traits_find(&what, &enhanced, &traits);
    assert_int_equal(traits.count, sizeof expected / sizeof expected[0]);
    for (unsigned i = 0; i < traits.count; i++) {
        char text[TRAIT_TEXT_BYTES];
        uint64_t hash;
        trait_text(&what, &enhanced, &traits, i, text);
        assert_string_equal(text, expected[i]);
        assert_true(trait_hash(span_from_string(text), traits.traits[i].kind == TRAIT_CODE, &hash));
        assert_true(hash == traits.traits[i].hash); /* the table finds what the text has */
    }
}

/* The starts that a text has: of words with six letters or more, whatever bytes they have. */
static void assert_starts(const char *said, const char *expected) {
    static struct reply_traits traits;
    struct smtp_reply const reply = {.code = 550, .text = span_from_string(said)};
    struct bounce_case const what = {.stage = STAGE_NONE, .reply = &reply};
    char all[1024] = "";
    reply_traits_find(&what, &no_code, &traits);
    for (unsigned i = 0; i < traits.count; i++) {
        char text[TRAIT_TEXT_BYTES];
        uint64_t hash;
        if (traits.traits[i].kind != TRAIT_START) continue;
        trait_text(&what, &no_code, &traits, i, text);
        assert_true(trait_hash(span_from_string(text), false, &hash) && hash == traits.traits[i].hash);
        size_t const used = strlen(all);
        (void)snprintf(all + used, sizeof all - used, "%s%s", used == 0 ? "" : " ", text);
    }
    assert_string_equal(all, expected);
}

static void starts_of_words(void **state) {
    (void)state;
    assert_starts("Quota", "");
    assert_starts("Quotas quota-like QUOTED user's 12345x", "quota* quote* user'* 12345*");
    assert_starts("12345678 a1b2c3d4e5 x@x 1.2.3.4 mail.over.quota", ""); /* marks have none */
    assert_starts(
        "\xc3\x9c"
        "berf\xc3\xbcllt \xd0\x90\xd0\x91\xd0\x92\xd0\x93\xd0\x94 "
        "\xd0\x90\xd0\x91\xd0\x92\xd0\x93\xd0\x94\xd0\x95",
        "\xc3\xbc"
        "berf* \xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb3\xd0\xb4*");
}

/* Without a stage and an enhanced code there is nothing to say of them. */
static void codes_that_are_not_there(void **state) {
    (void)state;
    static struct reply_traits traits;
    struct smtp_reply const reply = {.code = 450, .text = SPAN_LITERAL("busy")};
    struct bounce_case const what = {.stage = STAGE_NONE, .reply = &reply};
    reply_traits_find(&what, &no_code, &traits);
    char text[TRAIT_TEXT_BYTES];
    assert_int_equal(traits.count, 5); /* busy, ^ busy, busy $, 450, 4yz */
    trait_text(&what, &no_code, &traits, 3, text);
    assert_string_equal(text, "450");
    trait_text(&what, &no_code, &traits, 4, text);
    assert_string_equal(text, "4yz");
}

static void what_can_be_no_trait(void **state) {
    (void)state;
    static const char *const words[] = {"",        " ",       "a b c",     "a ",    " a", "a  b",
                                        "a * b",   "Mailbox", "12345",     "a@b.c", "$",  "^ * full",
                                        "no-such", "full ^",  "a 1.2.3",   "A",     "*",  "quot*",
                                        "quotas*", "Quota*",  "no quota*", "^*",    "9*"};
    static const char *const codes[] = {"",         "250",  "55",         "5500",  "5y0",      "noon",
                                        "550 noon", "5.1",  "5.1.1 rcpt", "y.1.1", "x.1.1234", "5.1.1.1.1.1.1.1",
                                        "2.1.1",    "550 ", " 550"};
    uint64_t hash, other = 0;
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_false(trait_hash(span_from_string(words[i]), false, &hash));
    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (trait_hash(span_from_string(codes[i]), true, &hash)) fail_msg("'%s' is a code", codes[i]);
    /* The same letters of another kind are another trait. */
    assert_true(trait_hash(SPAN_LITERAL("rcpt"), false, &hash) && trait_hash(SPAN_LITERAL("rcpt"), true, &other));
    assert_true(hash != other);
    assert_true(trait_hash(SPAN_LITERAL("a b"), false, &hash));
    assert_true(trait_hash(SPAN_LITERAL("b a"), false, &other));
    assert_true(hash != other);
}

/* Whatever the bytes: nothing is written behind the room (the sanitizers watch), and what stands in it is UTF-8. */
static void any_bytes(void **state) {
    (void)state;
    static struct reply_traits traits;
    uint8_t bytes[LIMIT_REPLY_TEXT_BYTES + 50];
    static const uint8_t some[] = {'a',  '1',  '.',  ' ', '\'', 0xe4, 0xb8, 0xad,
                                   0xc3, 0xbc, 0xff, 0,   '@',  0xe2, 0x80, 0x99};
    uint32_t random = 7;
    for (unsigned round = 0; round < 20000; round++) {
        for (unsigned i = 0; i < sizeof bytes; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = some[(random >> 24) % sizeof some];
        }
        struct smtp_reply const reply = {.code = 550, .text = span_of(bytes, sizeof bytes)};
        reply_traits_find(&(struct bounce_case){.stage = STAGE_BODY, .reply = &reply}, &no_code, &traits);
        assert_true(traits.words.count >= 2 && traits.words.count <= REPLY_WORDS_MAX);
        assert_true(traits.count <= REPLY_TRAITS_MAX && traits.words.used <= sizeof traits.words.room);
        for (unsigned i = 0; i < traits.words.count; i++) {
            const struct reply_word *word = &traits.words.words[i];
            assert_true(word->length > 0 && word->at + word->length <= (int)traits.words.used);
        }
    }
    /* As many words as there can be: one letter, one blank. */
    for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = i % 2 == 0 ? 'a' : ' ';
    struct smtp_reply const reply = {.code = 550, .text = span_of(bytes, sizeof bytes)};
    reply_traits_find(&(struct bounce_case){.stage = STAGE_BODY, .reply = &reply}, &no_code, &traits);
    assert_int_equal(traits.words.count, LIMIT_REPLY_TEXT_BYTES / 2 + 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_cut),        cmocka_unit_test(traits_are_named),
        cmocka_unit_test(starts_of_words),      cmocka_unit_test(codes_that_are_not_there),
        cmocka_unit_test(what_can_be_no_trait), cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
