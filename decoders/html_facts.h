/* What html_text tells of what it meets.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DECODERS_HTML_FACTS_H
#define MAILSPAN_DECODERS_HTML_FACTS_H

#include "html_tags.h"
#include "mailspan/html_facts.h"

/* Attributes that are looked at. */
enum html_attribute {
    ATTRIBUTE_NONE,
    ATTRIBUTE_HREF, /* up to ATTRIBUTE_ACTION: addresses */
    ATTRIBUTE_SRC,
    ATTRIBUTE_ACTION,
    ATTRIBUTE_STYLE,
    ATTRIBUTE_CLASS,
    ATTRIBUTE_HIDDEN,
    ATTRIBUTE_BGCOLOR,
    ATTRIBUTE_BACKGROUND,
    ATTRIBUTE_COLOR,
    ATTRIBUTE_TYPE,
    ATTRIBUTE_HTTP_EQUIV,
    ATTRIBUTE_WIDTH,
    ATTRIBUTE_HEIGHT,
    ATTRIBUTE_ID,
    ATTRIBUTE_TEXT,
    ATTRIBUTE_SIZE,
    ATTRIBUTE_MEDIA,
};

static inline bool attribute_is_link(enum html_attribute attribute) {
    return attribute >= ATTRIBUTE_HREF && attribute <= ATTRIBUTE_ACTION;
}

/* Text between tags, references decoded, in any cut; not empty.  True when nobody sees it. */
bool html_facts_text(struct html_facts *facts, struct span text);
/* The same of a whole text of at most 16 bytes, where there are 16 to be read. */
bool html_facts_short_text(struct html_facts *facts, const uint8_t *text, size_t len);
/* A reference for an ASCII letter or digit, in text or in an attribute. */
void html_facts_ascii_reference(struct html_facts *facts);
/* The value of an attribute in any cut, with references decoded, and its end. */
void html_facts_value(struct html_facts *facts, enum html_attribute attribute, struct span bytes);
void html_facts_value_end(struct html_facts *facts, uint64_t tag, enum html_attribute attribute);
/* A whole value at once. */
void html_facts_attribute(struct html_facts *facts, uint64_t tag, enum html_attribute attribute, struct span value);
/* A tag is over; its attributes came before. */
void html_facts_tag(struct html_facts *facts, const struct html_tag_row *row, uint64_t name, bool closing);
/* Bytes of a comment; over: with its end. */
void html_facts_comment(struct html_facts *facts, size_t bytes, bool over);
/* What is inside of a style sheet or a script, in any cut, and the end tag's name. */
void html_facts_raw(struct html_facts *facts, uint64_t tag, struct span bytes);
/* The part's text is over. */
void html_facts_end(struct html_facts *facts);

#endif
