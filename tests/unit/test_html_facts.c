/* What the markup does, counted by hand for each piece of HTML.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_run.h"

/* Text of these bytes is seen, and so many are not. */
static void assert_seen(const char *source, unsigned visible, unsigned hidden) {
    struct html_figures const figures = html_run(source);
    if (figures.visible_bytes != visible || figures.hidden_bytes != hidden)
        fail_msg("%s: %u seen, %u hidden", source, figures.visible_bytes, figures.hidden_bytes);
}

static void hidden_by_style(void **state) {
    (void)state;
    assert_seen("<p>abc <span style=\"display:none\">de f</span> gh</p>", 5, 3);
    assert_seen("<div style=\"DISPLAY : None !important\">ab</div>c", 1, 2);
    assert_seen("<div style='visibility:hidden'>ab<b style='visibility:visible'>c</b></div>d", 2, 2);
    assert_seen("<div style=font-size:0px>ab<i style=font-size:12px>c</i><i>d</i></div>e", 2, 3);
    assert_seen("<font style=\"font-size:1px;color:#333\">ab</font>c", 1, 2);
    assert_seen("<div style=\"opacity:0\">ab<i style=\"opacity:1\">c</i></div>d", 1, 3);
    assert_seen("<div style=\"max-height:0px;overflow:hidden\">ab</div>c", 1, 2);
    assert_seen("<div style=\"max-height:0px\">ab</div>c", 3, 0);
    assert_seen("<table><tr><td style=\"max-width:0;overflow:hidden\">ab</table>c", 3,
                0); /* of a cell that ends in dots */
    assert_seen("<div style=\"font-size:0;font-size:16zz\">ab</div>c", 1, 2);
    assert_seen("<div style=\"font-size:3vmax\">ab</div>c", 3, 0);
    assert_seen("<div style=\"text-indent:-9999px\">ab</div>c", 1, 2);
    assert_seen("<div hidden>ab</div><div hidden=\"\">cd</div>e", 1, 4);
    assert_seen("<div style=\"dis&#112;lay:none\">ab</div>c", 1, 2);
    assert_seen("<div class=\"display:none\">ab</div>c", 3, 0);
    assert_seen("<div style=\"mso-hide:all\">ab</div>c", 3, 0);
}

static void hidden_by_colour(void **state) {
    (void)state;
    assert_seen("<font color=\"#FFFFFF\">ab</font>c", 1, 2);
    assert_seen("<font color=white>ab</font>c", 1, 2);
    assert_seen("<span style=\"color:#fefefe\">ab</span>c", 1, 2);
    assert_seen("<span style=\"color:#ddd\">ab</span>c", 3, 0);
    assert_seen("<td bgcolor=\"#336699\"><span style=\"color:#fff\">ab</span><i style=\"color:#369\">c</i></td>", 2, 1);
    assert_seen("<body bgcolor=black><font color=white>ab</font><font color=black>c</font></body>", 2, 1);
    assert_seen("<td style=\"background:#123 url(x.png)\"><span style=\"color:#fff\">ab</span></td>", 2, 0);
    assert_seen("<td background=\"x.png\"><span style=\"color:#fff\">ab</span></td>", 2, 0);
    assert_seen("<span style=\"color:transparent\">ab</span><span style=\"color:rgba(0,0,0,0)\">c</span>d", 1, 3);
    assert_seen("<b style=\"color:white\">a<b style=\"color:inherit\">b</b></b>c", 1, 2);
    assert_seen("<div class=a><font color=white>ab</font></div>", 0, 2);
    assert_seen("<style>.a { background: #00f }</style><div class=a><font color=white>ab</font></div>", 2, 0);
    assert_seen("<style>.a { background: #fff }</style><div class=a><font color=white>ab</font></div>c", 1, 2);
    assert_seen("<body text=white>ab<font color=black>c</font></body>", 1, 2);
    assert_seen("<font color='&#119;hite'>ab</font>c", 1, 2);
}

/* HTML 5, 13.2.5.33: a second attribute of one name is none; 15.3: which elements have colours of their own. */
static void attributes_give_way(void **state) {
    (void)state;
    assert_seen("<font style='color:#fff' color='#000'>ab</font><font color=red style='color:white'>c</font>d", 1, 3);
    assert_seen("<font style='color:#000' color='#fff'>ab</font><font color=white style='color:red'>c</font>d", 4, 0);
    assert_seen("<td bgcolor=white style='background:black'><font color=white>ab</font></td>", 2, 0);
    assert_seen("<i style='display:none' style='display:block'>ab</i><i style='a:b' style='display:none'>c</i>", 1, 2);
    assert_seen("<font color=white color=black>ab</font><font color=black color=white>c</font>", 1, 2);
    assert_seen("<div bgcolor=black><font color=white>ab</font></div><p color=white>c</p>", 1, 2);
    assert_seen("<div background='x.png'><font color=white>ab</font></div>", 0, 2);
    assert_seen("<tr bgcolor=black><td><font color=white>ab</font></td></tr>", 2, 0);
}

static void elements_end(void **state) {
    (void)state;
    assert_seen("<div style='display:none'><div>a</div>b</div>c", 1, 2);
    assert_seen("<p style='display:none'>a<p>b", 1, 1);
    assert_seen("<p style='display:none'>a<span>b<div>c</div>", 1, 2);
    assert_seen("<table><tr><td style='display:none'>a<td>b</table>c", 2, 1);
    assert_seen("<table><tr style='display:none'><td>a<tr><td>b</table>c", 2, 1);
    assert_seen("<ul><li style='display:none'>a<ul><li>b</ul>c<li>d</ul>", 1, 3);
    assert_seen("<td style='display:none'><table><tr><td>a</td></tr></table>b</td><td>c</td>", 1, 2);
    assert_seen("<div style='display:none'><table><tr><td>a</div>b</td></table></div>c", 1, 2);
    assert_seen("<div style='display:none'><br style='display:none'><img style='display:none'></div>a", 1, 0);
    assert_seen("a</div></div>b<div style='display:none'>c", 2, 1);
    assert_seen("<div style='display:none'>a", 0, 1);
}

/* What browsers show of tags that stand in each other's way (HTML 5, 13.2.6.4.7). */
static void elements_go_on(void **state) {
    (void)state;
    assert_seen("<p><font color=white></p>ab<p>cd</p></font>e", 1, 4);
    assert_seen("<div><b style='display:none'></div>ab</b>c", 1, 2);
    assert_seen("<table><tr><td><p><font color=white></p>a</td><td>b</td></tr></table>c", 2, 1);
    assert_seen("<font color=white><p style='display:none'>a</font>b</p>c", 1, 2);
    assert_seen("<span style='display:none'><div>a</span>b</div>c</span>d", 1, 3);
    assert_seen("<div hidden>a</body></html>b", 0, 2);
    assert_seen("<div style=font-size:.4em><div style=font-size:.4em>ab</div>c</div>", 1, 2);
    assert_seen("<div style=font-size:0><font size=3>ab</font>c</div>", 2, 1);
}

static void hidden_by_sheet(void **state) {
    (void)state;
    assert_seen("<style>.x{display:none}</style>a<p class=x>bc</p><p class='y X z'>d</p>e", 2, 3);
    assert_seen("<style>p.x, #y { display: none }</style><p class=x>a</p><div class=x>b</div><p id=y>c", 1, 2);
    assert_seen("<style>p{color:#fff}</style><p>a<b style='color:#000'>b</b></p>c", 2, 1);
    assert_seen("<style>.x{display:none}</style><p class=x style='display:block'>a</p>", 1, 0);
    assert_seen("<style>.x{display:none!important}</style><p class=x style='display:block'>a</p>", 0, 1);
    assert_seen("<style>.x{display:none}p.x{display:block}</style><p class=x>a</p><i class=x>b</i>", 1, 1);
    assert_seen("<style>@media (max-width:9px){.x{display:none}}</style><p class=x>a</p>", 1, 0);
    assert_seen("<style media='(max-width:9px)'>.x{display:none}</style><p class=x>a</p>", 1, 0);
    assert_seen("<style media=screen>.x{display:none}</style><p class='&#120;'>a</p>", 0, 1);
    assert_seen("<style>.w .x{display:none}</style><p class=x>a</p><div class=w><p class=x>b</div>", 1, 1);
    assert_seen("<style>.x{font-size:0", 0, 0);
    assert_seen("<style>.x{font-size:0</style><p class=x>a</p><p>b", 1, 1);
    assert_seen("<style>.x{font-size:1px}</style><style>.y{opacity:0}</style><p class=x>a<p class=y>b", 0, 2);
}

/* HTML 5, 15.3.1. */
static void elements_that_nobody_sees(void **state) {
    (void)state;
    assert_seen("<template>ab<b style='font-size:9px;color:red'>c</b></template>d", 1, 3);
    assert_seen("<iframe>ab</iframe>c<noframes>d</noframes><noembed>e</noembed><datalist>f</datalist>", 1, 5);
    assert_seen("<title>ab<div></title>c", 1, 0);
}

static void ink_is_counted(void **state) {
    (void)state;
    assert_seen("a\xc3\xa9 \xe2\x82\xac\xf0\x9f\x98\x80", 10, 0);
    assert_seen("&nbsp;&zwnj;&#847;&shy;\xe2\x80\x8b\xc2\xa0\xe3\x80\x80\xef\xbb\xbf", 0, 0);
    assert_seen("<div style='display:none'>ab&nbsp;&zwnj;&nbsp;&zwnj;&#8199;&#65279;&#847;</div>", 0, 2);
    assert_seen("<title>Not on the page</title><style>.a{}</style><script>b</script><!-- c -->d", 1, 0);
    assert_seen("some longer text, of more than sixteen bytes, with blanks", 48, 0);
    assert_seen("a &amp; b &unknown; < c", 1 + 1 + 1 + 9 + 1 + 1, 0);
}

static void where_it_is_hidden(void **state) {
    (void)state;
    struct html_figures f =
        html_run("<i style='display:none'>abc</i><i hidden>d</i>e<i hidden>fg</i> <i hidden>h</i>i");
    assert_int_equal(f.hidden_bytes, 7);
    assert_int_equal(f.hidden_blocks, 2);
    assert_int_equal(f.hidden_behind, 3);
}

static void assert_words(const char *source, unsigned split, unsigned tagged, unsigned soft) {
    struct html_figures const f = html_run(source);
    if (f.words_split != split || f.words_tagged != tagged || f.soft_hyphens != soft)
        fail_msg("%s: %u split, %u tagged, %u soft", source, f.words_split, f.words_tagged, f.soft_hyphens);
}

static void words_are_split(void **state) {
    (void)state;
    assert_words("vi<!x>ag<?y>ra a</ z>b <!DOCTYPE html> c", 3, 0, 0);
    assert_words("V<b></b>iagra", 1, 1, 0);
    assert_words("H<span style=font-size:0>xx</span>i", 1, 1, 0);
    assert_words("Pay<!-- x -->Pal", 1, 0, 0);
    assert_words("Pay&zwnj;Pal Pay\xe2\x80\x8bPal", 2, 0, 0);
    assert_words("P&#8203;a<i></i>y", 2, 1, 0);
    assert_words("<b>H</b>ello w<b>or</b>ld", 0, 3, 0);
    assert_words("Vertrags&shy;be&shy;dingung", 0, 0, 2);
    assert_words("one <b></b>two three<b></b> four", 0, 0, 0);
    assert_words("one<br>two<p></p>three<td>four", 0, 0, 0);
    assert_words("one<wbr>two", 0, 0, 0);
    assert_words("1<b></b>2 a<b></b>. \xc3\xa9<b></b>a", 0, 0, 0);
    assert_words("a<img src=x>b", 0, 0, 0);
    assert_words("a<span hidden> </span>b", 0, 1, 0);
}

static void references_for_ascii(void **state) {
    (void)state;
    assert_int_equal(html_run("&#80;&#x61;y&#46; &amp;&eacute;&#233;&#48;").ascii_references, 3);
    assert_int_equal(html_run("<a href=\"&#104;ttp://a.example/\">x</a>").ascii_references, 1);
    assert_int_equal(html_run("<a href=\"&#104;ttp://a.example/\">x</a>").links, 1);
}

static void assert_links(const char *source, unsigned links, unsigned hosts, unsigned elsewhere, unsigned foreign) {
    struct html_figures const f = html_run_from(source, "news.shop.com");
    if (f.links != links || f.link_hosts != hosts || f.link_text_elsewhere != elsewhere ||
        f.link_text_foreign != foreign)
        fail_msg("%s: %u links, %u hosts, %u elsewhere, %u foreign", source, f.links, f.link_hosts,
                 f.link_text_elsewhere, f.link_text_foreign);
}

static void links_lead_elsewhere(void **state) {
    (void)state;
    assert_links("<a href=\"http://evil.com/x\">http://www.bank.com/login</a>", 1, 1, 1, 1);
    assert_links("<a href=\"http://evil.com/x\"><b>www</b>.bank.<i>com</i></a>", 1, 1, 1, 1);
    assert_links("<a href='https://evil.com/'>bank.com</a>", 1, 1, 1, 1);
    assert_links("<a href='https://click.mailer.com/'>www.shop.com</a>", 1, 1, 1, 0); /* From's own, tracked */
    assert_links("<a href='https://www.bank.com/'>login.bank.com</a>", 1, 1, 0, 0);
    assert_links("<a href='https://www.bank.co.uk/'>other.co.uk</a>", 1, 1, 1, 1);
    assert_links("<a href='https://evil.com/'>Your bank</a>", 1, 1, 0, 0);
    assert_links("<a href='https://evil.com/'>read node.js</a><a href='https://EVIL.com/'>node.js</a>", 2, 1, 0, 0);
    assert_links("<a href='mailto:x@evil.com'>bank.com</a><a href='#top'>bank.com</a><a name=a>b</a>", 0, 0, 0, 0);
    assert_links("<a href='https://evil.com/'>help@bank.com</a>", 1, 1, 0, 0);
    assert_links("<a href='https://evil.com/'>a<a href='https://b.com/'>bank.com", 2, 2, 1, 1);
    assert_links("<a href=https://user:p@evil.com:81/x?y>https://evil.com</a>", 1, 1, 0, 0);
    assert_links("<a href='https://evil.com/'><span hidden>bank.com</span>go</a>", 1, 1, 0, 0);
    assert_links("<a href='https://evil.com/' href='https://bank.com/'>bank.com</a>", 1, 1, 1, 1);
    assert_links(
        "<a href='https://evil.com/'>                                                            \n"
        "                                                            \n  bank.com \n </a>",
        1, 1, 1, 1);
    assert_links("<area href=https://a.com/>bank.com<area href=//b.com/>", 2, 2, 0, 0);
}

static void pictures(void **state) {
    (void)state;
    struct html_figures f = html_run(
        "<img src=\"http://a.example/x.png\" width=600><a href=http://b.example/>"
        "<img src='cid:1' height=\"40%\"></a><img src='DATA:image/png;base64,AA'><img>"
        "<img width=1 height=1 src=http://c.example/><img height=\"0\" src=x>");
    assert_int_equal(f.images, 4);
    assert_int_equal(f.images_linked, 1);
    assert_int_equal(f.images_remote, 1);
    assert_int_equal(f.images_attached, 1);
    assert_int_equal(f.images_data, 1);
    assert_int_equal(f.image_pixels, 2);
}

static void pictures_of_other_names(void **state) {
    (void)state;
    struct html_figures f = html_run(
        "<a href=//b.example/><input src=http://a.example/x.png type=IMAGE></a><input type=text src=cid:1>"
        "<image src=cid:1><input type=image width=1 src=http://c.example/>");
    assert_int_equal(f.images, 2);
    assert_int_equal(f.images_linked, 1);
    assert_int_equal(f.images_remote, 1);
    assert_int_equal(f.images_attached, 1);
    assert_int_equal(f.image_pixels, 1);
}

static void tags_are_counted(void **state) {
    (void)state;
    struct html_figures f = html_run(
        "<base href=http://a.example/><base target=x><meta http-equiv=\"Refresh\" content=\"0;url=x\"><meta name=x>"
        "<form action=/x><input type=PASSWORD><input type=text></form><script>a</script><iframe src=x></iframe>"
        "<table><tr><td></td></tr></table><span></span><b> </b><i><b></b></i><o:p></o:p><xyzzy>a</xyzzy>"
        "<a name=x></a><verylongtagname>");
    assert_int_equal(f.base_href, 1);
    assert_int_equal(f.meta_refresh, 1);
    assert_int_equal(f.forms, 1);
    assert_int_equal(f.password_inputs, 1);
    assert_int_equal(f.scripts, 1);
    assert_int_equal(f.iframes, 1);
    assert_int_equal(f.tables, 1);
    assert_int_equal(f.empty_elements, 3); /* span, b, o:p */
    assert_int_equal(f.unknown_tags, 2);
    f = html_run("a<!-- 45678 -->b<style>.a{}</style>");
    assert_int_equal(f.comment_bytes, strlen(" 45678 -->"));
    assert_int_equal(f.style_bytes, strlen(".a{}</style"));
}

/* Deeper elements are counted, and hide what they hide; their ends do not end others. */
static void depth_is_bounded(void **state) {
    (void)state;
    struct counters counters = {.packets = 0};
    static char source[4096];
    size_t len = 0;
    for (unsigned i = 0; i < LIMIT_HTML_DEPTH + 9; i++) len += (size_t)sprintf(source + len, "<div>");
    len += (size_t)sprintf(source + len, "seen<div hidden>hidden</div>");
    for (unsigned i = 0; i < LIMIT_HTML_DEPTH + 9; i++) len += (size_t)sprintf(source + len, "</div>");
    len += (size_t)sprintf(source + len, "<div hidden>not</div>");
    struct html_figures f = html_run_cut(span_of(source, len), "", SIZE_MAX, 0, &counters);
    assert_int_equal(f.visible_bytes, 4);
    assert_int_equal(f.hidden_bytes, 6 + 3);
    assert_int_equal(counters.html_depth, 11); /* the page is one of the places */
    assert_int_equal(f.too_deep, 11);
}

static void rules_are_bounded(void **state) {
    (void)state;
    struct counters counters = {.packets = 0};
    static char source[8192];
    size_t len = (size_t)sprintf(source, "<style>.x{display:none}");
    for (unsigned i = 0; i < LIMIT_HTML_SELECTORS; i++) len += (size_t)sprintf(source + len, ".c%u{color:red}", i);
    len += (size_t)sprintf(source + len, "</style><p class=x>ab</p><p class=c><font color=white>c</font></p>d");
    struct html_figures f = html_run_cut(span_of(source, len), "", SIZE_MAX, 0, &counters);
    assert_int_equal(f.hidden_bytes, 2);
    assert_int_equal(f.visible_bytes, 2); /* the class may have a background */
    assert_int_equal(f.rules_lost, 1);
    assert_int_equal(counters.html_rules, 1);
}

/* More styles than are remembered, twice. */
static void styles_are_remembered_apart(void **state) {
    (void)state;
    static char source[16384];
    size_t len = 0;
    for (unsigned i = 0; i < 200; i++)
        len += (size_t)sprintf(source + len, "<i style='margin:%upx;color:#%s'>ab</i> ", i % 100,
                               i % 3 == 0 ? "fff" : "000");
    struct html_figures f = html_run(source);
    assert_int_equal(f.hidden_bytes, 2 * 67);
    assert_int_equal(f.visible_bytes, 2 * 133);
}

static void long_values_are_cut(void **state) {
    (void)state;
    static char source[4096];
    (void)sprintf(source, "<i style='%0600d;display:none'>ab</i><i style='display:none;%0600d'>c</i>", 0, 0);
    assert_seen(source, 0, 3);
    (void)sprintf(source, "<a href='%600s%0600d'>bank.com</a>", "http:", 0);
    for (char *zero = strstr(source, "000000"); *zero == '0'; zero++) *zero = '/';
    (void)strcpy(strstr(source, "'>"), "evil.com/'>bank.com</a>");
    assert_int_equal(html_run(source).link_text_elsewhere, 1); /* blanks and slashes take no room */
    (void)sprintf(source, "<a href='http://%0700d.com/'>bank.com</a>", 0);
    struct html_figures f = html_run(source);
    assert_int_equal(f.links, 1);
    assert_int_equal(f.link_text_elsewhere, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_by_style),
        cmocka_unit_test(hidden_by_colour),
        cmocka_unit_test(attributes_give_way),
        cmocka_unit_test(elements_end),
        cmocka_unit_test(elements_go_on),
        cmocka_unit_test(hidden_by_sheet),
        cmocka_unit_test(elements_that_nobody_sees),
        cmocka_unit_test(ink_is_counted),
        cmocka_unit_test(where_it_is_hidden),
        cmocka_unit_test(words_are_split),
        cmocka_unit_test(references_for_ascii),
        cmocka_unit_test(links_lead_elsewhere),
        cmocka_unit_test(pictures),
        cmocka_unit_test(pictures_of_other_names),
        cmocka_unit_test(tags_are_counted),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(rules_are_bounded),
        cmocka_unit_test(styles_are_remembered_apart),
        cmocka_unit_test(long_values_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
