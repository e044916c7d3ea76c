/* The search of one message, as rules_match.c and rules_text.c share it.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_RULE_SCAN_H
#define SCORING_RULE_SCAN_H

#include "mailspan/fingerprint.h"
#include "mailspan/html_text.h"
#include "rules_internal.h"
#include "text_urls.h"

#define PIECE_BYTES 112 /* of packed stream; a built-in stream takes one */
#define CONFIRM_WINDOW_BYTES 1536
#define CONFIRM_OVERLAP_BYTES 512

struct packed_piece {
    struct packed_piece *next;
    uint8_t bytes[PIECE_BYTES];
};

/* Rules that PCRE2 must confirm, in the value or text at hand. */
struct candidates {
    bool any;
    uint64_t *bits; /* as many as the rule set has rules */
};

/* Text for PCRE2, which only rule sets have for whose text it is asked. */
struct confirm_window {
    size_t len;
    struct candidates candidates;
    uint8_t bytes[CONFIRM_WINDOW_BYTES];
};

/* How far the text of one kind was searched. */
struct text_state {
    bool used; /* the stream has a state that matters */
    unsigned packed_len;
    struct packed_piece *packed;
    struct confirm_window *window;
};

struct rule_scan {
    struct ruleset *rules;           /* NULL: ruleset_abandon has ended it */
    struct rule_scan *older, *newer; /* among the open ones of its rule set */
    struct arena *arena;
    struct counters *counters;
    bool in_part;
    bool in_html;
    bool blind;       /* out of memory: text is searched no more */
    bool urls_lost;   /* there was no memory for them */
    bool confirm_cut; /* something was not found because it would have taken too many steps */
    uint8_t url_count;
    unsigned part;
    uint32_t confirm_steps; /* left for this message */
    struct text_state texts[TEXT_KINDS];
    struct html_text html;
    struct html_facts *html_facts; /* whom the markup is told; may be NULL */
    struct mail_summary *summary;  /* ... and URLs; may be NULL */
    struct text_fold fold;
    struct text_urls urls;
    struct said_words said;
    size_t told;                    /* of the folded buffer, to said */
    struct fingerprint fingerprint; /* of the folded text */
    uint64_t fired[];               /* a bit for each rule of the set */
};

/* What a search of vectorscan's reports to. */
struct search {
    struct rule_scan *scan;
    struct candidates *candidates; /* NULL: no expression that is searched for must be confirmed */
    const uint64_t *only;          /* a bit for each rule that may fire; NULL: all that are in the database */
};

static inline size_t rule_bits_bytes(const struct ruleset *rules) {
    return (rules->count + 63) / 64 * sizeof(uint64_t);
}

/* rules_match.c: what vectorscan calls for each match. */
int rule_on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);
/* rules_match.c: lets PCRE2 look at bytes for every candidate.  Those that it does not find stay candidates. */
void rule_confirm(struct rule_scan *scan, struct candidates *candidates, struct span bytes);
/* rules_match.c: what a rule sees of a header; may lie in room. */
struct span rule_header_value(const struct mail_item *header, enum header_form form,
                              uint8_t room[LIMIT_HEADER_VALUE_BYTES]);
/* rules_match.c: searches a URL. */
void rule_scan_url(struct rule_scan *scan, struct span url);

/* rules_text.c: counts the words that are listed; over: what follows is no neighbour. */
void rule_words_say(struct rule_scan *scan, struct span text, bool over);
/* rules_text.c: ends the text at hand, so that a match that needs the end is found now. */
void rule_text_end(struct rule_scan *scan);
/* rules_text.c: the scan has ended: no stream is its own any more. */
void rule_text_leave(struct rule_scan *scan);

#endif
