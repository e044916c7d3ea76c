/* HTML reduced to text and links, in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/html_text.h"
#include "rule_text.h"

struct output {
    char text[4000];
    size_t text_len;
    char links[4000]; /* each followed by a newline */
    size_t links_len;
};

static void add(char *out, size_t *used, struct span bytes) {
    assert_true(*used + bytes.len < 4000);
    memcpy(out + *used, bytes.data, bytes.len);
    *used += bytes.len;
    out[*used] = '\0';
}

static void on_text(void *context, struct span text) {
    struct output *output = context;
    add(output->text, &output->text_len, text);
}

static void on_link(void *context, struct span bytes) {
    struct output *output = context;
    add(output->links, &output->links_len, bytes);
}

static void on_link_end(void *context) {
    on_link(context, SPAN_LITERAL("\n"));
}

static struct output reduce(struct span source, size_t step, uint32_t seed) {
    static struct output output;
    output = (struct output){.text_len = 0};
    struct html_text html = {0};
    struct html_sink sink = {&output, on_text, on_link, on_link_end, NULL, NULL};
    while (source.len > 0) {
        struct span piece = span_head(source, test_cut(step, &seed));
        source = span_from(source, piece.len);
        struct guarded copy = guard_copy(piece);
        html_text_push(&html, copy.bytes, &sink);
        guard_free(&copy);
    }
    html_text_end(&html, &sink);
    return output;
}

static void assert_reduces(const char *source, const char *text, const char *links) {
    static size_t const steps[] = {SIZE_MAX, 1, 2, 5, 0, 0, 0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct output output = reduce(span_from_string(source), steps[i], (uint32_t)i);
        assert_string_equal(output.text, text);
        assert_string_equal(output.links, links);
    }
}

static void tags_do_not_part_words(void **state) {
    (void)state;
    assert_reduces("V<b></b>i<font color=\"#fff\" size=1>ag</font>ra", "Viagra", "");
    assert_reduces("a<!-- > -- x --->b<!-->c<!DOCTYPE html>d<?php ?>e", "abcde", "");
    assert_reduces("one<BR/>two<p class=\">\">three<td>four</td>", "one\ntwo\n\nthree four ", "");
    assert_reduces("x<style>p { color: red } </p></style>y<script>if (a<b) \"</scrip>\"</SCRIPT >z", "xyz", "");
}

static void references_are_decoded(void **state) {
    (void)state;
    assert_reduces("a&amp;b&lt;c&gt;&quot;&#86;&#x69;&#X41;", "a&b<c>\"ViA", "");
    assert_reduces("a&nbsp;b&shy;c&#8203;d&zwnj;e", "a bcde", "");
    assert_reduces("&eacute;&euro;&#128512;", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "");
    assert_reduces("AT&T &unknown; &#xd800; &#0; &# &; x&amp", "AT&T &unknown; &#xd800; &#0; &# &; x&", "");
    assert_reduces("&abcdefghijklmnop;", "&abcdefghijklmnop;", "");
    assert_reduces("&&&lt&a;&l;&;", "&&<&a;&l;&;", "");
    assert_reduces("&middot;&middots;&middot12;&middot123;", "\xc2\xb7&middots;&middot12;&middot123;", "");
}

/* HTML 5, 13.1.2: what is inside of some elements is text, whatever it looks like; nothing of foreign ones is raw. */
static void text_is_text_alone(void **state) {
    (void)state;
    assert_reduces("<title>a<!-- b</title>c", "\n\na<!-- b\n\nc", "");
    assert_reduces("<title><a href='b</Title >c<b>d</b>", "\n\n<a href='b\n\ncd", "");
    assert_reduces("<textarea></text</TEXTAREAS><style>&lt;</textarea/>x", " </text</textareaS><style>< x", "");
    assert_reduces("<iframe><script></iframe>x<noframes><!--</noframes>y", "<script>x<!--y", "");
    assert_reduces("<title>a</titl", "\n\na</titl", "");
    assert_reduces("<svg><style/></svg>a<svg><style>b</svg><style>c</style>d", "abd", "");
    assert_reduces("<math><svg></svg><style/></math>a<svg><i><style>b</style></svg>c<svg><g><style>d", "acd", "");
}

/* As browsers read them (HTML 5, 13.2.5.72 and on): a number ends with its digits, and may begin with any zeros. */
static void numbers_end_with_their_digits(void **state) {
    (void)state;
    assert_reduces("V&#105agra &#x69gra &#0000000000000000086;&#x000000000000056;&#X0000056 y", "Viagra igra VVV y",
                   "");
    assert_reduces("&#x;&#xg;&#;&#10x;&#000;a&#00", "&#x;&#xg;&#;\nx;&#0;a&#0", "");
    assert_reduces("<a href='h&#116tp&#58//a&#46;example&colon;80&sol;x'>", "", "http://a.example:80/x\n");
    assert_reduces("a&commat;b&period;example", "a@b.example", "");
}

static void addresses_have_no_lines(void **state) {
    (void)state;
    assert_reduces("<a href='ht\r\n\ttp:/\n/a.exa&#9;mple/&NewLine;b c'>", "", "http://a.example/b c\n");
    assert_reduces("<a href='\n'>x", "x", "\n");
    assert_reduces("<a href='&#1; \t http:////\\/a.example/b//c d '>", "", "http://a.example/b//c d \n");
    assert_reduces("<a href=http:/&#92;\\a.example/><a href='/'><a href=' //b'>", "", "http:/\\a.example/\n/\n//b\n");
}

static void links_are_handed_on(void **state) {
    (void)state;
    assert_reduces("<a href=\"http://a.example/?x=1&amp;y=2&copy=3\">go</a>", "go",
                   "http://a.example/?x=1&y=2&copy=3\n");
    assert_reduces("<A title=x HREF = 'http://b.example/'>", "", "http://b.example/\n");
    assert_reduces("<img src=http://c.example/i.gif width=1><form action=/post>", "\n\n",
                   "http://c.example/i.gif\n/post\n");
    assert_reduces("<button FormAction='/a'>b</button><svg><a xlink:href=\"/c\">d</a>", " b d", "/a\n/c\n");
    assert_reduces("<a data-href=\"no\" hrefs=no href>t</a>", "t", "");
    assert_reduces("<a href=\"cut", "", "cut\n");
}

/* Whole ones are passed over at once, others byte by byte: nothing may tell them apart. */
static void attributes_vanish(void **state) {
    (void)state;
    assert_reduces("<td align=\"a>b\" style='c: \"d\"; e:f'>x</td>", " x ", "");
    assert_reduces("<p a=\"1\"b='2'/c=\"3\" / d = \"4>\" e=5>x", "\n\nx", "");
    assert_reduces("<p =\"x\">y\">z", "\n\ny\">z", "");        /* a name that begins with "=", and has no value */
    assert_reduces("<p x\"y=\"a>b\">z", "\n\nz", "");          /* a name with a quote inside */
    assert_reduces("<p x= \"a>b\" y =\"c>d\">z", "\n\nz", ""); /* blanks around the sign */
    assert_reduces("<p x=\"\" y=''>z", "\n\nz", "");           /* nothing in the quotes */
    assert_reduces("<a class=\"b\" SRC=\"http://c.example/\" d=\"e\">f", "f", "http://c.example/\n");
    assert_reduces("<a srcx=\"1\" xhref=\"2\" action=\"/3\">f", "f", "/3\n");
    assert_reduces("<p class=\"never closed > x", "", "");
}

static void long_runs_vanish(void **state) {
    (void)state;
    assert_reduces("a<!-- - -- ->- -- > --!- !> ----------------- text with blanks -->b", "ab", "");
    assert_reduces("a<style>/* <b> < / </ </styl> */ .x { y: \"z\" }</style>b", "ab", "");
    assert_reduces("a<!ELEMENT with many - signs -- and quotes \" '>b", "ab", "");
    assert_reduces("<a href=\"http://a.example/a/path/of/some/length?with=a&amp;few=values&#x26;in=it#end\">t</a>", "t",
                   "http://a.example/a/path/of/some/length?with=a&few=values&in=it#end\n");
}

static void what_is_no_tag_is_text(void **state) {
    (void)state;
    assert_reduces("1 < 2 <> <3 </> </ x>y", "1 < 2 <> <3  y", "");
    assert_reduces("a << b <<<c>d<<</c>e <=<&lt;<<b", "a << b <<d<<e <=<<<", "");
    assert_reduces("end <", "end <", "");
    assert_reduces("<verylongtagnamethatisnotknown>x</verylongtagnamethatisnotknown>", "x", "");
}

/* Names that begin, end or count like a known one, and such as do not fit what is kept of a name. */
static void names_are_known_whole(void **state) {
    (void)state;
    assert_reduces("a<BR\t>b<brr>c<b:r>d<br=>e<BlockQuote>f<xblockquote>g<blockquotes>h", "a\nbcde\n\nfgh", "");
    assert_reduces("<h1>a<h7>b<h>c<Td>d<t=d>e<td/>f<hr/x>g", "\n\nabc de f\n\ng", "");
    assert_reduces("a<x------------br>b<p--------------------->c<x------------p>d", "abcd", "");
    assert_reduces("a<style>b</script></styl></STYLE\n>c<Script>d</style></scriptx></script/x>e", "ace", "");
    assert_reduces("a<stylex>b</stylex><x-----style>c", "abc", "");
    assert_reduces("<td a-name-of-some-length=\"a>b\">c<td x\x01y='a>b'>d<td \"href=\"a>b\">e", " c d e", "");
    assert_reduces("<a hrefhrefhref=\"1\" hrefs='2' actions=3 HREF=\"4\">", "", "4\n");
}

/* Where browsers (HTML 5, 13.2.5) see the text begin again: who could make it begin later here would hide all of it. */
static void text_begins_again(void **state) {
    (void)state;
    assert_reduces("a<!-- b --!>c<!----!>d<!-- --!-->e", "acde", "");
    assert_reduces("a<!--!>b--><!---!>c--><!--->d<!---->e<!-->f", "adef", "");
    assert_reduces("a</!--b>c</!-->d</?e>f", "acdf", "");
    assert_reduces("<style\v>a</style\v><script\x01>b", "ab", "");
    assert_reduces("a<style>b</stylex>c</style-d>e</style<f</style g>h", "ah", "");
}

/* More than is gathered at once, in runs of all lengths, so that it ends inside a run, a tag and between them. */
static void short_runs_are_gathered(void **state) {
    (void)state;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    for (int len = 0; len <= 26; len++) {
        char source[8000] = "", text[4000] = "";
        size_t source_len = 0, text_len = 0;
        while (text_len < 1200) {
            source_len += (size_t)sprintf(source + source_len, "%.*s<td><p>", len, letters);
            text_len += (size_t)sprintf(text + text_len, "%.*s \n\n", len, letters);
        }
        assert_reduces(source, text, "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_do_not_part_words),
        cmocka_unit_test(references_are_decoded),
        cmocka_unit_test(links_are_handed_on),
        cmocka_unit_test(attributes_vanish),
        cmocka_unit_test(long_runs_vanish),
        cmocka_unit_test(what_is_no_tag_is_text),
        cmocka_unit_test(names_are_known_whole),
        cmocka_unit_test(text_begins_again),
        cmocka_unit_test(numbers_end_with_their_digits),
        cmocka_unit_test(addresses_have_no_lines),
        cmocka_unit_test(text_is_text_alone),
        cmocka_unit_test(short_runs_are_gathered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
