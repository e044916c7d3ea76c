/* The text of an HTML part in lines, as people see them: white space of the source is one blank, but inside <pre>,
 * where servers put the headers of the message that they send back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

#define PIECE_BYTES 512

/* Follows tags only as far as to know <pre> and </pre>. */
static void note_byte(struct notice_html *html, uint8_t c) {
    static const uint8_t name[] = {'p', 'r', 'e'};
    if (c == '<') {
        html->matched = 1;
        html->closing = false;
    } else if (html->matched == 1 && c == '/') {
        html->closing = true;
    } else if (html->matched > 0 && html->matched <= sizeof name && ascii_lower(c) == name[html->matched - 1]) {
        html->matched++;
    } else if (html->matched > sizeof name && (c == '>' || c == '/' || ascii_is_space(c))) { /* not <prefix> */
        html->in_pre = !html->closing;
        html->matched = 0;
    } else {
        html->matched = 0;
    }
}

void notice_html_push(struct notice_html *html, struct span source, const struct html_sink *sink) {
    uint8_t piece[PIECE_BYTES];
    size_t len = 0;
    for (size_t at = 0; at < source.len; at++) {
        uint8_t c = source.data[at];
        note_byte(html, c);
        if (!html->in_pre && ascii_is_space(c)) {
            if (html->blank) continue;
            c = ' ';
        }
        html->blank = c == ' ';
        piece[len++] = c;
        if (len < sizeof piece) continue;
        html_text_push(&html->text, span_of(piece, len), sink);
        len = 0;
    }
    html_text_push(&html->text, span_of(piece, len), sink);
}
