/* What content is that begins with words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_made.h"

#define EXPECT_ACTIVE(literal, kind) expect_content(SPAN_LITERAL(literal), CONTENT_##kind, CONTENT_ACTIVE)

static void test_html(void **state) {
    (void)state;
    EXPECT_KIND("<!DOCTYPE html><p>", HTML);
    EXPECT_KIND("<html>", HTML);
    EXPECT_KIND("\xEF\xBB\xBF \r\n<HTML>", HTML);
    EXPECT_KIND("<!-- a comment --><!-- and one more --> <Body>", HTML);
    EXPECT_KIND("<!-- a comment that does not end in what is looked at", HTML);
    EXPECT_KIND("<!-- a page --> with a text before its <BODY>", HTML);
    EXPECT_ACTIVE("<!-- a page --> with a text before its <script>", HTML);
    EXPECT_KIND("<!-- a type of documents --> <!ELEMENT cron (x)>", UNKNOWN);
    EXPECT_KIND("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">", HTML);
    EXPECT_ACTIVE("<html><body><form action=x>", HTML);
    EXPECT_ACTIVE("<script>location='x'</script>", HTML);
    EXPECT_ACTIVE("<meta HTTP-EQUIV=\"refresh\" content=0>", HTML);
    EXPECT_ACTIVE("<div ONLOAD=x()>", HTML);
    EXPECT_KIND("<anything else>", UNKNOWN);
    EXPECT_KIND("1 < 2 <html>", UNKNOWN);
}

/* With a mark, and without; either order of the bytes. */
static void test_html_of_two_bytes(void **state) {
    (void)state;
    EXPECT_KIND("\xFF\xFE<\0h\0t\0m\0l\0>\0", HTML);
    EXPECT_KIND("\xFE\xFF\0<\0h\0t\0m\0l\0>", HTML);
    EXPECT_KIND("<\0h\0t\0m\0l\0>\0", HTML);
    EXPECT_ACTIVE("\xFF\xFE<\0s\0c\0r\0i\0p\0t\0>\0", HTML);
}

static void test_svg(void **state) {
    (void)state;
    EXPECT_KIND("<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>", SVG);
    EXPECT_KIND("<?xml version='1.0'?><!-- made by hand -->\n<svg>", SVG);
    EXPECT_KIND("<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'>", SVG);
    EXPECT_ACTIVE("<svg><script>x()</script></svg>", SVG);
    EXPECT_ACTIVE("<svg><a xlink:href=\"https://x.example/\"><text>Open</text></a></svg>", SVG);
    EXPECT_KIND("<svg><use xlink:href='#a'/><cc:license rdf:resource='http://creativecommons.org/'/></svg>", SVG);
    EXPECT_ACTIVE("<svg onload='x()'>", SVG);
    EXPECT_ACTIVE("<svg><foreignObject>", SVG);
}

static void test_programs_of_text(void **state) {
    (void)state;
    EXPECT_KIND("<html><head><HTA:APPLICATION ID=x>", HTA);
    EXPECT_KIND("<job id='x'><script language='JScript'>", WSF);
    EXPECT_KIND("<?xml version='1.0'?><package><job><script>", WSF);
    EXPECT_KIND("<package xmlns='http://www.idpf.org/2007/opf'>", UNKNOWN);
    EXPECT_KIND("<?xml version='1.0'?><package xmlns='http://www.idpf.org/2007/opf'>", XML);
    EXPECT_KIND("<?XML version='1.0'?><scriptlet>", WSF);
    EXPECT_KIND("[InternetShortcut]\r\nURL=file://x", URL_SHORTCUT);
    EXPECT_KIND("Windows Registry Editor Version 5.00\r\n", REGISTRY);
    EXPECT_KIND("\xFF\xFEW\0i\0n\0d\0o\0w\0s\0 \0R\0e\0g\0i\0s\0t\0r\0y\0 \0E\0d\0i\0t\0o\0r\0 \0V\0e\0r\0s\0i\0o\0n\0",
                REGISTRY);
    EXPECT_KIND("REGEDIT4\r\n", REGISTRY);
}

static void test_other_texts(void **state) {
    (void)state;
    EXPECT_KIND("BEGIN:VCALENDAR\r\nVERSION:2.0", ICS);
    EXPECT_KIND("BEGIN:VCARD\r\nVERSION:3.0", VCF);
    EXPECT_KIND("<?xml version='1.0'?><feedback>", XML);
    EXPECT_KIND("Received: from a by b\r\nFrom: x@y.example\r\n\r\nHello", MESSAGE);
    EXPECT_KIND("From: the beginning of a letter that is no mail", UNKNOWN);
    EXPECT_KIND("MIME-Version: 1.0\r\nSubject: x\r\nTo: y@example.net\r\nContent-Type: multipart/related\r\n", MESSAGE);
    EXPECT_KIND("From: <Saved by a browser>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n",
                MHTML);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),        cmocka_unit_test(test_html_of_two_bytes),
        cmocka_unit_test(test_svg),         cmocka_unit_test(test_programs_of_text),
        cmocka_unit_test(test_other_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
