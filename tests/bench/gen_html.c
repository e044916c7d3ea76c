/* Rows are drawn by chance: paragraphs most of all, some buttons, pictures, headings and spacers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_html.h"

#define CELL                                                                                              \
    "<tr><td align=\"left\" valign=\"top\" style=\"padding:0 24px 12px 24px;font-family:Arial,Helvetica," \
    "sans-serif;font-size:14px;line-height:21px;color:#333333;mso-line-height-rule:exactly\">\r\n"

static const char *const style_lines[] = {
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\""
    " \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\r\n<html "
    "xmlns=\"http://www.w3.org/1999/xhtml\">\r\n",
    "<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\" />\r\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1.0\" />\r\n<style type=\"text/css\">\r\n",
    "body { margin: 0 !important; padding: 0 !important; width: 100% !important; -webkit-text-size-adjust: 100%; }\r\n"
    "table, td { border-collapse: collapse; mso-table-lspace: 0pt; mso-table-rspace: 0pt; }\r\n"
    "img { border: 0; height: auto; line-height: 100%; outline: none; text-decoration: none; display: block; }\r\n",
    "a { color: #1a73e8; text-decoration: none; } a:hover { text-decoration: underline; }\r\n"
    ".preheader { display: none !important; visibility: hidden; opacity: 0; color: transparent; height: 0; width: 0; "
    "}\r\n"
    ".button a { background-color: #1a73e8; border-radius: 4px; color: #ffffff; display: inline-block; }\r\n",
    "@media only screen and (max-width: 600px) {\r\n  .container { width: 100% !important; max-width: 100% !important; "
    "}\r\n"
    "  .column { display: block !important; width: 100% !important; }\r\n"
    "  .mobile-hide { display: none !important; } .mobile-center { text-align: center !important; }\r\n}\r\n",
    "</style></head>\r\n<body bgcolor=\"#f4f4f4\" style=\"margin:0;padding:0\">\r\n"
    "<table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" width=\"100%\" role=\"presentation\"><tr>"
    "<td align=\"center\">\r\n<table class=\"container\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" width=\"600\""
    " bgcolor=\"#ffffff\">\r\n",
};

void html_style(struct text *t, unsigned line) {
    if (line < sizeof(style_lines) / sizeof(style_lines[0])) {
        text_string(t, style_lines[line]);
    }
}

/* An address that tells the sender who has followed it. */
static void tracking_url(struct text *t, struct random *r, const char *host, const char *path) {
    text_string(t, "https://click.");
    text_string(t, host);
    text_string(t, path);
    text_hex(t, random_next(r), 16);
    text_hex(t, random_next(r), 16);
    text_string(t, "?utm_source=newsletter&amp;utm_medium=email&amp;utm_campaign=");
    text_word(t, random_next(r));
    text_string(t, "&amp;c=");
    text_hex(t, random_next(r), 12);
}

static void text_of(struct text *t, struct random *words_random, size_t bytes_min) {
    t->at = words_write(words_random, t->at, bytes_min);
}

static void row_picture(struct text *t, struct random *r, const char *host) {
    text_string(t, "<tr><td align=\"center\"><img src=\"");
    tracking_url(t, r, host, "/images/");
    text_string(t,
                ".png\" width=\"552\" height=\"240\" alt=\"\" style=\"display:block;width:100%;max-width:552px\" "
                "/></td></tr>\r\n");
}

static void row_button(struct text *t, struct random *r, struct random *words_random, const char *host) {
    text_string(
        t,
        "<tr><td align=\"center\" class=\"button\" style=\"padding:12px 24px 24px 24px\"><table border=\"0\" "
        "cellpadding=\"0\" cellspacing=\"0\"><tr><td style=\"border-radius:4px\" bgcolor=\"#1a73e8\"><a href=\"");
    tracking_url(t, r, host, "/f/a/");
    text_string(t, "\" target=\"_blank\" style=\"font-size:16px;padding:12px 24px;font-weight:bold\">");
    text_of(t, words_random, 12);
    text_string(t, "</a></td></tr></table></td></tr>\r\n");
}

static void row_spacer(struct text *t) {
    text_string(
        t,
        "<tr><td height=\"16\" style=\"font-size:0;line-height:0;border-bottom:1px solid #e0e0e0\">&nbsp;</td></tr>\r\n"
        "<!--[if mso]><table width=\"600\"><tr><td><![endif]-->\r\n");
}

void html_line(struct text *t, struct random *r, struct random *words_random, const char *host) {
    uint32_t kind = random_below(r, 16);
    if (kind == 0) {
        row_picture(t, r, host);
    } else if (kind == 1) {
        row_button(t, r, words_random, host);
    } else if (kind == 2) {
        row_spacer(t);
    } else {
        text_string(t, CELL);
        text_string(t, kind == 3 ? "<h2 style=\"margin:0;font-size:20px;line-height:28px\">"
                                 : "<p style=\"margin:0 0 12px 0\">");
        text_of(t, words_random, kind == 3 ? 20 : random_between(r, 40, 140));
        text_string(t, kind == 3 ? "</h2></td></tr>\r\n" : "<br />\r\n</p></td></tr>\r\n");
    }
}
