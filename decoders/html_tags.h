/* The tags that HTML has, by name.  Private to decoders/.
 *
 * A tag's name is a number: 6 bits for each of its letters and digits, also for ":" of a name space, and 0 for any
 * other byte, which no name that is looked for has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_TAGS_H
#define MAILSPAN_HTML_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#define HTML_LETTER_BITS 6
#define HTML_LETTERS_MAX 10 /* "blockquote" */
#define HTML_LETTER_COLON 37

/* A name that is too long for its number is none that is looked for, and stays so. */
#define HTML_NAME_TOO_LONG UINT64_MAX

static inline uint64_t html_name_add(uint64_t name, uint8_t c) {
    bool const full = name >> HTML_LETTER_BITS * (HTML_LETTERS_MAX - 1) != 0;
    uint8_t const small = c | 0x20;
    uint64_t const letter = c >= '0' && c <= '9'           ? (uint64_t)(c - '0' + 27)
                            : small >= 'a' && small <= 'z' ? (uint64_t)(small - 'a' + 1)
                            : c == ':'                     ? HTML_LETTER_COLON
                                                           : 0;
    return full ? HTML_NAME_TOO_LONG : name << HTML_LETTER_BITS | letter;
}

/* "body", "html", "svg", "math" */
#define HTML_NAME_BODY UINT64_C(586009)
#define HTML_NAME_HTML UINT64_C(2179916)
#define HTML_NAME_SVG UINT64_C(79239)
#define HTML_NAME_MATH UINT64_C(3413256)

/* What the reader sees of a tag: a cell, a line or a paragraph begins; or nothing of it and what is inside. */
enum html_seen { SEEN_NOT, SEEN_CELL, SEEN_LINE, SEEN_PARAGRAPH, SEEN_RAW };

/* Those that something is done for. */
enum html_tag {
    HTML_OTHER,
    HTML_BODY,
    HTML_CELL, /* td, th */
    HTML_FONT,
    HTML_HTML,
    HTML_LI,
    HTML_LIST,
    HTML_P,
    HTML_ROW,
    HTML_ROWS, /* thead, tbody, tfoot */
    HTML_STYLE,
    HTML_TITLE,
    HTML_UNSEEN, /* nobody is shown what is inside */
    HTML_WBR,
    HTML_COUNTED, /* those behind it are counted */
    HTML_A,
    HTML_AREA,
    HTML_BASE,
    HTML_FORM,
    HTML_IFRAME,
    HTML_IMG,
    HTML_INPUT,
    HTML_META,
    HTML_SCRIPT,
    HTML_TABLE,
};

enum html_form {
    TAG_INLINE = 0,
    TAG_BLOCK = 1,
    TAG_VOID = 2,     /* nothing is inside, and it is not closed */
    TAG_TEXT = 4,     /* what is inside is text up to its own end tag, whatever it looks like (HTML 5, 13.1.2) */
    TAG_LEAVES = 8,   /* it ends <svg> and <math> (13.2.6.5) */
    TAG_FORMATS = 16, /* it goes on behind the block that ends around it (13.2.4.3) */
};

struct html_tag_row {
    uint64_t name;
    uint8_t seen; /* enum html_seen */
    uint8_t tag;  /* enum html_tag */
    uint8_t form; /* enum html_form */
};

/* The factor was searched for: no two names have one place, else the compiler would speak of a row given twice. */
#define HTML_TAG_PLACE_BITS 10
#define HTML_TAG_PLACE(name) ((name)*UINT64_C(0x1e8824a8a3232b9f) >> (64 - HTML_TAG_PLACE_BITS))

extern const struct html_tag_row html_tags[1 << HTML_TAG_PLACE_BITS];

/* The tag's row; one without a name when HTML has none of this name. */
static inline const struct html_tag_row *html_tag_find(uint64_t name) {
    const struct html_tag_row *row = &html_tags[HTML_TAG_PLACE(name)];
    return row->name == name ? row : &html_tags[0];
}

#endif
