/* text_urls: the URLs in plain text that comes in any cut, each as one span.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_TEXT_URLS_H
#define SCORING_TEXT_URLS_H

#include "mailspan/arena.h"

#define URL_SCHEME_BYTES 6 /* "mailto" */

/* Zeroed memory, with arena set, is the state before the first byte. */
struct text_urls {
    struct arena *arena;
    uint8_t *url; /* LIMIT_URL_BYTES, made when the first URL comes */
    uint16_t len; /* of the URL so far, what was cut off not counted */
    uint8_t state;
    uint8_t tail_len;
    uint8_t tail[URL_SCHEME_BYTES + 1]; /* what came before the next byte, lower case */
    bool full;                          /* there is no memory for a URL */
    bool bare;                          /* the URL at hand, or the last one, was written without its scheme */
    bool encoded;                       /* ... its host was not written as it is looked up */
};

typedef void url_found(void *context, struct span url);

/* http, https, ftp and mailto URLs, and what begins with "www.", to which "http://" is added.  A URL longer than
 * LIMIT_URL_BYTES is cut. */
void text_urls_push(struct text_urls *urls, struct span text, url_found *found, void *context);
void text_urls_end(struct text_urls *urls, url_found *found, void *context);
/* A URL that is known to be one, from a link; it comes in pieces and ends with text_urls_end. */
void text_urls_link(struct text_urls *urls, struct span bytes, url_found *found, void *context);

#endif
