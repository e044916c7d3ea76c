/* Content that begins with words, not with fixed bytes: HTML, SVG, XML, mail, calendars.
 *
 * The head is read as a browser would: behind a byte order mark (UTF-16 too), white space, comments, and what stands
 * before the first element; then the first row of a table that fits.  Letters' case does not matter.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_kind.h"

#define NARROW_BYTES 2048 /* of UTF-16, made one byte a letter */

static const struct span active_words[] = {
    SPAN_LITERAL("<script"),        SPAN_LITERAL("<form"),    SPAN_LITERAL("javascript:"),
    SPAN_LITERAL("onload="),        SPAN_LITERAL("onerror="), SPAN_LITERAL("http-equiv=\"refresh"),
    SPAN_LITERAL("<foreignobject"),
};

/* Something runs in it, or asks for input. */
static bool look_active(struct content_look *look, struct span text) {
    for (size_t i = 0; i < sizeof active_words / sizeof active_words[0]; i++) {
        if (!span_has_nocase(text, active_words[i])) continue;
        look->found.signs |= CONTENT_ACTIVE;
        break;
    }
    return true;
}

static bool look_html(struct content_look *look, struct span text) {
    if (span_has_nocase(text, SPAN_LITERAL("<hta:application"))) look->found.kind = CONTENT_HTA;
    return look_active(look, text);
}

/* What draws itself into a page that asks to be clicked is a page. */
static bool look_svg(struct content_look *look, struct span text) {
    bool links =
        span_has_nocase(text, SPAN_LITERAL("href=\"http")) || span_has_nocase(text, SPAN_LITERAL("href='http"));
    if (links) look->found.signs |= CONTENT_ACTIVE;
    return look_active(look, text);
}

/* A comment begins HTML as well as XML, or a text about them; one that does not end hides what comes. */
static bool look_comment(struct content_look *look, struct span text) {
    bool open = span_find_bytes(text, 0, SPAN_LITERAL("-->")) == text.len;
    bool html = span_has_nocase(text, SPAN_LITERAL("<html")) || span_has_nocase(text, SPAN_LITERAL("<body"));
    return look_active(look, text) && (open || html || (look->found.signs & CONTENT_ACTIVE) != 0);
}

/* <job>, <package> and <component> are elements of others, too. */
static bool look_wsf(struct content_look *look, struct span text) {
    (void)look;
    return span_has_nocase(text, SPAN_LITERAL("<script"));
}

/* Mail, if more than one header says so; a page with its images in one file, if that is its type. */
static bool look_message(struct content_look *look, struct span text) {
    bool related = span_has_nocase(text, SPAN_LITERAL("multipart/related"));
    if (related && span_has_nocase(text, SPAN_LITERAL("\nmime-version:")) &&
        !span_has_nocase(text, SPAN_LITERAL("\nreceived:")) && !span_has_nocase(text, SPAN_LITERAL("\nto:")))
        look->found.kind = CONTENT_MHTML;
    return span_has_nocase(text, SPAN_LITERAL("\nfrom:")) || span_has_nocase(text, SPAN_LITERAL("\nsubject:")) ||
           span_has_nocase(text, SPAN_LITERAL("\ncontent-type:")) || span_has_nocase(text, SPAN_LITERAL("\ndate:"));
}

struct beginning {
    struct span word; /* small letters */
    uint8_t kind;
    bool (*look)(struct content_look *look, struct span text);
};

static const struct beginning beginnings[] = {
    {SPAN_LITERAL("<scriptlet"), CONTENT_WSF, NULL},
    {SPAN_LITERAL("<!doctype html"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<html"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<head"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<body"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<script"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<style"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<title"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<meta"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<base"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<link"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<iframe"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<frameset"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<form"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<input"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<table"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<div"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<span"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<center"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<font"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<img"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<h1"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<br"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<p>"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<p "), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<a "), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<b>"), CONTENT_HTML, look_html},
    {SPAN_LITERAL("<hta:application"), CONTENT_HTA, NULL},
    {SPAN_LITERAL("<svg"), CONTENT_SVG, look_svg},
    {SPAN_LITERAL("<!doctype svg"), CONTENT_SVG, look_svg},
    {SPAN_LITERAL("<job"), CONTENT_WSF, look_wsf},
    {SPAN_LITERAL("<package"), CONTENT_WSF, look_wsf},
    {SPAN_LITERAL("<component"), CONTENT_WSF, look_wsf},
    {SPAN_LITERAL("[internetshortcut]"), CONTENT_URL_SHORTCUT, NULL},
    {SPAN_LITERAL("[{000214a0-0000-0000-c000-000000000046}]"), CONTENT_URL_SHORTCUT, NULL},
    {SPAN_LITERAL("windows registry editor version"), CONTENT_REGISTRY, NULL},
    {SPAN_LITERAL("regedit4"), CONTENT_REGISTRY, NULL},
    {SPAN_LITERAL("begin:vcalendar"), CONTENT_ICS, NULL},
    {SPAN_LITERAL("begin:vcard"), CONTENT_VCF, NULL},
    {SPAN_LITERAL("mime-version:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("received:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("return-path:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("delivered-to:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("message-id:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("content-type:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("subject:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("from:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("date:"), CONTENT_MESSAGE, look_message},
    {SPAN_LITERAL("<?xml"), CONTENT_XML, NULL},
    {SPAN_LITERAL("<!--"), CONTENT_HTML, look_comment},
};

/* One byte a letter: every other one of UTF-16 that begins with its mark, or with an ASCII letter and a zero. */
static struct span narrow(struct span head, uint8_t room[NARROW_BYTES]) {
    bool little = span_starts_with(head, SPAN_LITERAL("\xFF\xFE"));
    bool big = span_starts_with(head, SPAN_LITERAL("\xFE\xFF"));
    bool bare = head.len >= 4 && head.data[0] != 0 && head.data[1] == 0 && head.data[2] != 0 && head.data[3] == 0;
    if (span_starts_with(head, SPAN_LITERAL("\xEF\xBB\xBF"))) return span_from(head, 3);
    if (!little && !big && !bare) return head;
    if (!bare) head = span_from(head, 2);
    size_t len = 0;
    for (size_t at = big ? 1 : 0; at < head.len && len < NARROW_BYTES; at += 2) room[len++] = head.data[at];
    return span_of(room, len);
}

static struct span skip_white(struct span s) {
    while (s.len > 0 && (ascii_is_space(s.data[0]) || s.data[0] == 0)) s = span_from(s, 1);
    return s;
}

/* Behind comments, the XML declaration and other instructions: each is left once, so this ends with the text. */
static struct span skip_prologue(struct span s) {
    for (;;) {
        s = skip_white(s);
        struct span close = SPAN_EMPTY;
        if (span_starts_with(s, SPAN_LITERAL("<!--"))) close = SPAN_LITERAL("-->");
        if (span_starts_with(s, SPAN_LITERAL("<?"))) close = SPAN_LITERAL("?>");
        if (close.len == 0) return s;
        size_t end = span_find_bytes(s, 2, close);
        if (end == s.len) return SPAN_EMPTY;
        s = span_from(s, end + close.len);
    }
}

static const struct beginning *find_beginning(struct span s) {
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (span_starts_with_nocase(s, beginnings[i].word)) return &beginnings[i];
    return NULL;
}

static bool begins(struct content_look *look, struct span text, struct span beginning) {
    const struct beginning *row = find_beginning(beginning);
    if (row == NULL) return false;
    look->found.kind = row->kind;
    if (row->look == NULL || row->look(look, text)) return true;
    look->found = (struct part_content){.kind = CONTENT_UNKNOWN};
    return false;
}

bool content_text(struct content_look *look, struct span head) {
    uint8_t room[NARROW_BYTES];
    struct span text = skip_white(narrow(head, room));
    return begins(look, text, skip_prologue(text)) || begins(look, text, text);
}
