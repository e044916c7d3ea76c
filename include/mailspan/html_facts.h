/* html_facts: what the markup of a message's HTML does beyond showing text: hides it, cuts its words, leads elsewhere.
 *
 * Numbers, not judgements: honest newsletters hide a line of preview text and carry parts for small screens.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_FACTS_H
#define MAILSPAN_HTML_FACTS_H

#include "mailspan/arena.h"
#include "mailspan/counters.h"

/* Of all HTML of a message together.  Bytes of text are those of characters that leave ink: no white space, nothing
 * without width. */
struct html_figures {
    uint32_t visible_bytes, hidden_bytes;
    uint32_t hidden_behind; /* hidden bytes that stand behind the first visible one */
    uint16_t hidden_blocks; /* runs of hidden text */
    uint16_t words_split; /* letters that nothing parts for the eye, but empty or hidden elements, comments, no width */
    uint16_t words_tagged;        /* ... any tags inside a line */
    uint16_t soft_hyphens;        /* between letters */
    uint16_t ascii_references;    /* &#80; and the like for ASCII letters and digits */
    uint16_t links;               /* to http and https */
    uint16_t link_hosts;          /* their different hosts, LIMIT_HTML_HOSTS at most */
    uint16_t link_text_elsewhere; /* links whose text shows a host of another organisation */
    uint16_t link_text_foreign;   /* ... which is not From's either */
    uint16_t images, images_linked, images_remote, images_data, images_attached;
    uint16_t image_pixels; /* of one or two pixels, which are not among the images */
    uint16_t forms, password_inputs, scripts, iframes, tables;
    uint16_t meta_refresh, base_href;
    uint16_t empty_elements; /* inside a line, with nothing between their tags */
    uint16_t unknown_tags;
    uint16_t too_deep;   /* elements for which there was no room */
    uint16_t rules_lost; /* style sheets had more rules than there was room for */
    uint32_t comment_bytes, style_bytes;
};

struct word_set; /* of the words that are seen: decoders/word_sets.h */

struct html_facts; /* opaque: decoders/html_facts.c; html_text hands it what it meets */

/* In the arena, NULL when that is full.  figures are what it counts in; from_domain: of the message's From, or empty.
 */
struct html_facts *html_facts_new(struct arena *arena, struct html_figures *figures, struct span from_domain,
                                  struct counters *counters);
/* Where words that are seen are put, too; NULL: nowhere. */
void html_facts_tell_words(struct html_facts *facts, struct word_set *words);

#endif
