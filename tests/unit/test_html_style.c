/* Styles, by what CSS says of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/html_style.h"
#include "guard.h"

static struct html_look look_of_pieces(struct span style, size_t step) {
    struct html_style_reader reader;
    bool over;
    memset(&reader, 0, sizeof reader);
    while (style.len > 0) {
        struct span const piece = span_head(style, step);
        assert_int_equal(html_style_push(&reader, piece, false, &over), piece.len);
        style = span_from(style, piece.len);
    }
    html_style_end(&reader);
    return reader.look;
}

/* What is said in vain, and what LOOK_GONE tells. */
static uint32_t what_matters(uint32_t says) {
    says &= 0xffff;
    if ((says & LOOK_INK_AROUND) != 0) says &= ~(uint32_t)(LOOK_INK | LOOK_INK_AROUND);
    if ((says & LOOK_PAPER_AROUND) != 0) says &= ~(uint32_t)(LOOK_PAPER | LOOK_PAPER_AROUND);
    return says;
}

static struct html_look look_of(const char *style) {
    struct html_look look;
    struct guarded copy = guard_copy(span_from_string(style));
    html_style_read(&look, copy.bytes);
    for (size_t step = 1; step < 20; step += 5) {
        struct html_look const cut = look_of_pieces(copy.bytes, step);
        if (memcmp(&look, &cut, sizeof look) != 0) fail_msg("%s: in pieces of %zu", style, step);
    }
    guard_free(&copy);
    html_look_end(&look);
    look.says = what_matters(look.says);
    return look;
}

static void assert_says(const char *style, unsigned says) {
    if (look_of(style).says != says) fail_msg("%s: %x", style, look_of(style).says);
}

static void assert_ink(const char *style, uint32_t ink) {
    struct html_look const look = look_of(style);
    if (look.says != LOOK_INK || look.ink != ink) fail_msg("%s: %x %06x", style, look.says, look.ink);
}

static void assert_paper(const char *style, uint32_t paper) {
    struct html_look const look = look_of(style);
    if (look.says != LOOK_PAPER || look.paper != paper) fail_msg("%s: %x %06x", style, look.says, look.paper);
}

static void assert_size(const char *style, uint32_t says, uint32_t size) {
    struct html_look const look = look_of(style);
    if (look.says != says || look.size != size) fail_msg("%s: %x %u", style, look.says, look.size);
}

static void says_what_is_gone(void **state) {
    (void)state;
    assert_says("display:none", LOOK_GONE);
    assert_says(" margin : 0 ; DISPLAY : NONE !important ; color", LOOK_GONE);
    assert_says("display:none;display:block", 0);
    assert_says("opacity:0", LOOK_GONE);
    assert_says("opacity:0.01", LOOK_GONE);
    assert_says("opacity:4%", LOOK_GONE);
    assert_says("opacity:.5", 0);
    assert_says("opacity:1", 0);
    assert_says("max-height:0;overflow:hidden", LOOK_GONE);
    assert_says("overflow:hidden;width:0px", LOOK_GONE);
    assert_says("overflow:hidden;width:0%", LOOK_GONE);
    assert_says("overflow:hidden;width:5%", 0);
    assert_says("overflow:hidden;width:0zz", 0);
    assert_says("overflow:hidden;height:100px", 0);
    assert_says("height:0", 0);
    assert_says("text-indent:-9999px", LOOK_GONE);
    assert_says("position:absolute;left:-100em", LOOK_GONE);
    assert_says("margin-left:-20px", 0);
    assert_says("clip:rect(0 0 0 0)", LOOK_GONE);
    assert_says("mso-hide:all", 0);
    assert_says("x-display:none;-display:none;displa:none;display", 0);
}

static void says_size_and_visibility(void **state) {
    (void)state;
    assert_says("font-size:0", LOOK_SIZE | LOOK_TINY);
    assert_says("font-size:1px", LOOK_SIZE | LOOK_TINY);
    assert_says("font-size:1pt", LOOK_SIZE | LOOK_TINY);
    assert_size("font-size:0.05em", LOOK_SIZE | LOOK_SIZE_SHARE, 51); /* 1024 / 20 */
    assert_size("font-size:3.9px", LOOK_SIZE | LOOK_TINY, 62);
    assert_size("font-size:4px", LOOK_SIZE, 64);
    assert_size("font-size:1.5em", LOOK_SIZE | LOOK_SIZE_SHARE, 1536);
    assert_size("font-size:90%", LOOK_SIZE | LOOK_SIZE_SHARE, 922);
    assert_size("font-size:smaller", LOOK_SIZE | LOOK_SIZE_SHARE, 853);
    assert_size("font-size:1ex", LOOK_SIZE | LOOK_SIZE_SHARE, 512);
    assert_size("font-size:inherit", LOOK_SIZE | LOOK_SIZE_SHARE, 1024);
    assert_size("font-size:.1rem", LOOK_SIZE | LOOK_TINY, 26);
    assert_size("font-size:small", LOOK_SIZE, 13 * 16);
    assert_says("font:0/0 a", LOOK_SIZE | LOOK_TINY);
    assert_says("font:bold 14px/20px Arial", LOOK_SIZE);
    assert_says("font:700 1px Arial", LOOK_SIZE | LOOK_TINY);
    assert_says("font:inherit", 0);
    assert_says("visibility:hidden", LOOK_VISIBILITY | LOOK_UNSEEN);
    assert_says("visibility:visible", LOOK_VISIBILITY);
}

static void reads_colours(void **state) {
    (void)state;
    assert_ink("color:#1a2B3c", 0x1a2b3c);
    assert_ink("color:#fA0", 0xffaa00);
    assert_ink("color:#1a2b3c80", 0x1a2b3c);
    assert_ink("color:#fa08", 0xffaa00);
    assert_ink("color:rgb(1, 255,16)", 0x01ff10);
    assert_ink("color:rgb(100% 0% 300%)", 0xff00ff);
    assert_ink("color:rgba(1,2,3,0.9)", 0x010203);
    assert_ink("color:White", 0xffffff);
    assert_says("color:rgba(1,2,3,0)", LOOK_INK | LOOK_CLEAR_INK);
    assert_says("color:#1a2b3c00", LOOK_INK | LOOK_CLEAR_INK);
    assert_says("color:transparent", LOOK_INK | LOOK_CLEAR_INK);
    assert_ink("color:hsl(0,100%,50%)", 0xff0000);
    assert_ink("color:hsl(120deg 100% 25%)", 0x008000);
    assert_ink("color:hsl(-120,100%,50%)", 0x0000ff);
    assert_ink("color:hsl(720, 0%, 98%)", 0xfafafa);
    assert_ink("color:hsla(30,100%,50%,.5)", 0xff8000);
    assert_says("color:hsla(0 0% 0% / 0%)", LOOK_INK | LOOK_CLEAR_INK);
    assert_says("color:lab(1 2 3)", LOOK_INK | LOOK_INK_STRANGE);
    assert_ink("color:aliceblue", 0xf0f8ff);
    assert_ink("color:YellowGreen", 0x9acd32);
    assert_ink("color:lightgoldenrodyellow", 0xfafad2);
    assert_ink("color:seashell", 0xfff5ee);
    assert_says("color:seashells", 0);
    assert_says("color:sea", 0);
    assert_says("color:#12345", 0);
    assert_says("color:CanvasText", LOOK_INK | LOOK_INK_STRANGE);
    assert_ink("color:#fff;color:foo", 0xffffff);
    assert_ink("color:#fff;color:black x", 0xffffff);
    assert_paper("background:#fff;background:foo", 0xffffff);
    assert_says("color:inherit", 0);
    assert_paper("background-color:#102030", 0x102030);
    assert_paper("background:#123", 0x112233);
    assert_paper("background:none;background:black", 0);
    assert_says("background:transparent", 0);
    assert_says("background:#fff url(data:image/png;base64,AA;display:none)", LOOK_PAPER | LOOK_PAPER_STRANGE);
    assert_says("background-image:linear-gradient(#fff,#000)", LOOK_PAPER | LOOK_PAPER_STRANGE);
}

static void reads_as_browsers_do(void **state) {
    (void)state;
    assert_says("display/* : block; */:/**/none", LOOK_GONE);
    assert_says("d\\69 splay:\\6eone", LOOK_GONE);
    assert_says("font-family:\"a;display:none\";color:#000", LOOK_INK);
    assert_says("font-family:';display:none", 0);
    assert_says("font-family:'a\n;display:none", LOOK_GONE); /* no string has two lines */
    assert_says("font-family:'a\\';display:none", 0);
    assert_says("a\\3b display:none", 0);
    assert_says("background:url(//a/*b);display:none", LOOK_PAPER | LOOK_PAPER_STRANGE | LOOK_GONE);
    assert_says("background:url( ';)');display:none", LOOK_PAPER | LOOK_PAPER_STRANGE | LOOK_GONE);
    assert_says("a:(;display:none", 0);
    assert_says("a{b:c}display:none", LOOK_GONE);
    assert_says("}display:none", 0);
    assert_says("a/b:c;display:/none;display:none/", 0);
    assert_says("/* display:none", 0);
    assert_says("content:'\\", 0);
    assert_says("", 0);
    assert_says(";;:;a:;:b;", 0);
}

/* CSS 2.1 4.2: a declaration whose value the property does not have is passed over; 6.2.1: inherit. */
static void what_is_wrong_changes_nothing(void **state) {
    (void)state;
    assert_says("display:none;display:x", LOOK_GONE);
    assert_says("display:none;display:inline-block", 0);
    assert_says("display:none;display:none-x", LOOK_GONE);
    assert_says("visibility:hidden;visibility:x", LOOK_VISIBILITY | LOOK_UNSEEN);
    assert_says("visibility:inherit", 0);
    assert_says("font-size:0;font-size:x", LOOK_SIZE | LOOK_TINY);
    assert_says("font-size:0;font-size:xx-large", LOOK_SIZE);
    assert_says("color:unset", 0);
    assert_says("color:currentColor", 0);
    assert_says("color:white;color:inherit", 0);
    assert_says("background:#123;background:none", 0);
    assert_says("background:#123;background:no-repeat 0 0", 0);
    assert_paper("background:none repeat scroll 0 0 #123", 0x112233);
    assert_paper("background:no-repeat white", 0xffffff);
    assert_paper("background:#123 no-repeat", 0x112233);
    assert_says("background:strange", 0);
}

/* CSS Cascade 4, 8.1. */
static void what_is_important_stays(void **state) {
    (void)state;
    assert_says("display:none!important;display:block", LOOK_GONE);
    assert_says("display:none ! IMPORTANT;display:block", LOOK_GONE);
    assert_says("display:none!important;display:block!important", 0);
    assert_says("display:block!important;display:none", 0);
    assert_says("display:none!x", 0);
    assert_says("display:none!", 0);
    assert_ink("color:#fff!important;color:red", 0xffffff);
    assert_ink("color:red;color:#fff!important", 0xffffff);
    assert_size("font-size:0!important;font-size:12px", LOOK_SIZE | LOOK_TINY, 0);
    assert_says("color:#fff!important;visibility:hidden", LOOK_INK | LOOK_VISIBILITY | LOOK_UNSEEN);
}

static void length_matters_not(void **state) {
    (void)state;
    static char style[4096];
    (void)sprintf(style, "%0600d;display:none", 0);
    assert_says(style, LOOK_GONE);
    (void)sprintf(style, "display:%200snone%200s!important;x:%0300d;display:block", "", "", 0);
    assert_says(style, LOOK_GONE);
    (void)sprintf(style, "display%200s:none", "");
    assert_says(style, LOOK_GONE);
    (void)sprintf(style, "background-color%200sx:red", "");
    assert_says(style, 0);
    (void)sprintf(style, "%0300d:(%0300d", 0, 0);
    assert_says(style, 0);
}

static void reads_attributes(void **state) {
    (void)state;
    struct html_look look = {.says = 0};
    html_paper_read(&look, SPAN_LITERAL(" #ff0000 "));
    html_ink_read(&look, SPAN_LITERAL("00FF00"));
    assert_int_equal(look.says, LOOK_INK | LOOK_PAPER);
    assert_int_equal(look.paper, 0xff0000);
    assert_int_equal(look.ink, 0x00ff00);
    html_ink_read(&look, SPAN_LITERAL("gray"));
    assert_int_equal(look.ink, 0x808080);
    html_ink_read(&look, SPAN_LITERAL("chucknorris"));
    assert_int_equal(look.says, LOOK_INK | LOOK_INK_STRANGE | LOOK_PAPER);
    look = (struct html_look){.says = 0};
    html_size_read(&look, SPAN_LITERAL(" 1 "));
    assert_int_equal(look.size, 10 * 16);
    html_size_read(&look, SPAN_LITERAL("-1"));
    assert_int_equal(look.size, 13 * 16);
    html_size_read(&look, SPAN_LITERAL("+9"));
    assert_int_equal(look.size, 48 * 16);
    html_size_read(&look, SPAN_LITERAL("x"));
    assert_int_equal(look.size, 48 * 16);
    assert_int_equal(look.says, LOOK_SIZE);
    look = (struct html_look){.says = LOOK_PAPER};
    html_ink_read(&look, SPAN_EMPTY);
    assert_int_equal(look.says, LOOK_INK | LOOK_INK_STRANGE | LOOK_PAPER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_gone),       cmocka_unit_test(says_size_and_visibility),
        cmocka_unit_test(reads_colours),           cmocka_unit_test(reads_as_browsers_do),
        cmocka_unit_test(reads_attributes),        cmocka_unit_test(what_is_wrong_changes_nothing),
        cmocka_unit_test(what_is_important_stays), cmocka_unit_test(length_matters_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
