/* What the files of a rule set share: rules_file.c reads it, rules_order.c looks up what conditions name, rules_load.c
 * compiles it, rules_match.c and rules_text.c search messages by it, rules_judge.c judges its conditions.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_RULES_INTERNAL_H
#define SCORING_RULES_INTERNAL_H

#include "content_words.h"
#include "expressions.h"
#include "mailspan/rules.h"
#include "rule_condition.h"
#include "text_fold.h"

#define RULE_TEXT_BUFFER_BYTES 4096 /* of text, before vectorscan gets it */
#define RULE_WORDS (LIMIT_RULES / 64)
#define HEADER_BUCKETS 128

struct rule_entry {
    struct rule rule;
    struct expression expression; /* text NULL: it has a condition, or asks only whether there is such a header */
    struct condition condition;
    const struct yaml_node *when;   /* where the condition stands */
    const struct yaml_node *points; /* ... and the points */
    const struct expression_file *file;
    bool of_source; /* its condition asks what the source did */
    bool of_bare;   /* ... may hold of a message without content */
};

/* What looks at one header in one form, compiled together. */
struct header_patterns {
    struct rule_look look;
    struct header_patterns *next; /* of the same bucket */
    hs_database_t *database;      /* NULL: no expression */
    uint16_t present_first;       /* rules that fire when there is such a header: of the rule set's present */
    uint16_t present_count;
};

/* Text as the rules see it. */
enum text_kind { TEXT_FOLDED, TEXT_RAW, TEXT_KINDS };

/* All expressions for text of one kind.  There is one open stream: its owner's state is in it; every other scan's is
 * packed in its arena. */
struct text_search {
    hs_database_t *database; /* NULL: no rule looks there */
    hs_stream_t *stream;
    struct rule_scan *stream_owner;
    char *packed; /* room to pack a stream */
    size_t packed_bytes;
    bool confirms;                  /* PCRE2 has the last word for one of them */
    struct rule_scan *buffer_owner; /* whose text waits in the buffer; NULL: nobody's */
    size_t buffered;
    uint8_t buffer[RULE_TEXT_BUFFER_BYTES];
};

#define RULE_URLS_KEPT 8 /* a fifth of all URLs is one of the last eight different ones */

/* URLs that were searched last, of one scan: a page names most of its pictures more than once. */
struct searched_urls {
    const struct rule_scan *owner; /* NULL: nobody */
    unsigned count;                /* that were added; the last ones are there */
    struct {
        uint16_t len;
        uint8_t bytes[LIMIT_URL_BYTES];
    } urls[RULE_URLS_KEPT];
};

struct ruleset {
    struct rule_entry *entries;
    unsigned count;
    struct expression_file *files; /* their documents hold every string of a rule */
    size_t file_count;
    /* Rules with conditions, each behind those that it asks for. */
    uint16_t *conditions;
    unsigned condition_count;
    uint16_t *bare_conditions; /* of these, those that may hold of a message without content */
    unsigned bare_count;
    uint16_t *source_conditions; /* the same, of those about the source */
    unsigned source_count;
    uint16_t carried[RULE_CARRIED_MAX]; /* other rules that these ask for */
    unsigned carried_count;
    struct header_patterns *headers;
    unsigned header_count;
    struct header_patterns *header_buckets[HEADER_BUCKETS];
    uint16_t *present; /* rules that ask only whether there is a header */
    uint16_t present_used;
    hs_database_t *all_headers; /* RULE_HEADERS */
    hs_database_t *uris;
    struct searched_urls searched;
    struct text_search texts[TEXT_KINDS];
    /* Many rules that look at the subject and at body are compiled once, for body. */
    uint64_t *subject_shared;    /* a bit for each of them; NULL: there are few */
    hs_stream_t *subject_stream; /* of body's database: for subjects, each of which is whole */
    struct content_words *words; /* NULL: nobody listed any */
    bool wants_mime;             /* a rule looks at headers of parts */
    bool wants_body;             /* a rule looks at what is behind the headers */
    hs_scratch_t *scratch;
    struct compiled *compiled; /* while it is loaded: where the databases may be already */
    struct rule_scan *scans;   /* those that were begun and not ended */
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    uint32_t confirm_steps; /* that its search may still take */
};

static inline bool bit_get(const uint64_t *bits, unsigned i) {
    return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static inline void bit_set(uint64_t *bits, unsigned i) {
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

/* Two headers of one name fall into one bucket. */
static inline unsigned header_bucket(struct span name) {
    if (name.len == 0) return 0;
    return (unsigned)(name.len * 31 + ascii_lower(name.data[0]) * 7u + ascii_lower(name.data[name.len - 1])) %
           HEADER_BUCKETS;
}

/* rules_file.c: adds the rules of one file; their expressions are checked, and not compiled; names in conditions stay
 * names. */
bool rules_file_read(struct ruleset *rules, const struct expression_file *file, enum rule_group group,
                     struct problem *problem);

/* rules_load.c: whether two targets are one. */
bool rule_looks_are_same(const struct rule_look *one, const struct rule_look *other);

/* rules_order.c: looks up the names in all conditions, and puts these in order. */
bool rules_order(struct ruleset *rules, struct problem *problem);

/* rules_judge.c: sets the bits of those with conditions that hold, but for those about the source. */
void rules_judge(const struct ruleset *rules, const struct facts *facts, uint64_t *fired);
/* ... the same of a message without content. */
void rules_judge_bare(const struct ruleset *rules, const struct facts *facts, uint64_t *fired);

#endif
