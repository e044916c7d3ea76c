/* html_text: HTML in any cut, reduced to the text that a reader sees and the addresses that it links to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_TEXT_H
#define MAILSPAN_HTML_TEXT_H

#include "mailspan/html_facts.h"

#define HTML_NAME_BYTES 12   /* "action" is the longest name of an attribute that is looked at */
#define HTML_ENTITY_BYTES 10 /* "#x0010ffff" */

/* Zeroed memory is the state before the first byte. */
struct html_text {
    uint8_t state;
    uint8_t quote; /* around the attribute's value; 0 for none */
    uint8_t attribute_len;
    uint8_t entity_len;
    uint8_t attribute_kind; /* of the attribute whose value is read */
    uint8_t matched;        /* bytes of "<!--", or "</script" seen; how far "-->" is */
    bool closing;           /* the tag is </...> */
    bool in_link;           /* the value is an address */
    bool entity_in_value;
    bool address_begun;              /* the value at hand has more than blanks */
    uint8_t slashes;                 /* at the end of what came of it, 2 at most */
    bool unseen;                     /* nobody sees the text at hand */
    bool text_only;                  /* only the end tag of the tag at hand is one */
    uint8_t foreign;                 /* how deep inside <svg> or <math>, where no text is raw */
    uint64_t tag;                    /* its name, as a number */
    char attribute[HTML_NAME_BYTES]; /* lower case */
    char entity[HTML_ENTITY_BYTES];
};

/* Where it goes.  link: bytes of an address; link_end: the address is complete; unseen: nobody sees the text that
 * follows, as far as facts know, or people see it again. */
struct html_sink {
    void *context;
    void (*text)(void *context, struct span text);
    void (*link)(void *context, struct span bytes);
    void (*link_end)(void *context);
    struct html_facts *facts;                   /* NULL: nobody asks what the markup does */
    void (*unseen)(void *context, bool unseen); /* NULL: nobody asks */
};

/* html is UTF-8 when seen whole; a cut may fall inside a character. */
void html_text_push(struct html_text *html, struct span source, const struct html_sink *sink);
/* The text is over: hands on what waits for more. */
void html_text_end(struct html_text *html, const struct html_sink *sink);

#endif
