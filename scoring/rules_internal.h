/* What rules_file.c reads and rules_match.c runs.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_RULES_INTERNAL_H
#define SCORING_RULES_INTERNAL_H

#include "expressions.h"
#include "mailspan/rules.h"

#define RULE_CONDITIONS_MAX 6       /* of one "when" */
#define RULE_TEXT_BUFFER_BYTES 4096 /* of folded text, before vectorscan gets it */

enum comparison { LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL };

struct condition {
    enum fact fact;
    enum comparison comparison;
    double number;
};

struct rule_entry {
    struct rule rule;
    struct expression expression;                     /* all targets but RULE_FACT */
    struct condition conditions[RULE_CONDITIONS_MAX]; /* RULE_FACT: all of them must hold */
    unsigned condition_count;
};

/* The expressions for one header, compiled together. */
struct header_patterns {
    const char *name;
    hs_database_t *database;
};

struct ruleset {
    struct rule_entry *entries;
    unsigned count;
    struct expression_file *files; /* their documents hold every string of a rule */
    size_t file_count;
    struct header_patterns *headers;
    unsigned header_count;
    hs_database_t *uris;
    hs_database_t *body;
    bool body_confirms; /* a body rule needs PCRE2 */
    bool wants_body;    /* a rule looks at what is behind the headers */
    hs_scratch_t *scratch;
    struct compiled *compiled; /* while it is loaded: where the databases may be already */
    struct rule_scan *scans;   /* those that were begun and not ended */
    /* The one open stream.  Its owner's state is in it; every other scan's is packed in its arena. */
    hs_stream_t *stream;
    struct rule_scan *stream_owner;
    char *packed; /* room to pack a stream */
    size_t packed_bytes;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    uint32_t confirm_steps;         /* that its search may still take */
    struct rule_scan *buffer_owner; /* whose text waits in the buffer; NULL: nobody's */
    size_t text_buffered;
    uint8_t text_buffer[RULE_TEXT_BUFFER_BYTES];
};

/* rules_file.c: adds the rules of one file, unchecked expressions included. */
bool rules_file_read(struct ruleset *rules, const struct expression_file *file, enum rule_group group,
                     struct problem *problem);

/* rules_match.c: whether a RULE_FACT rule holds; false for any other. */
bool rule_holds(const struct ruleset *rules, unsigned rule, const struct facts *facts);

#endif
