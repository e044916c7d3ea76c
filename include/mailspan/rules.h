/* rules: what a message is searched for, read from rules/(content|setup).yaml.
 *
 * A rule looks at targets (headers, the text, URLs) with a regular expression, or states a condition on facts and other
 * rules, and adds points.  All expressions are compiled together by vectorscan; one that vectorscan cannot express is
 * prefiltered there and confirmed by PCRE2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_RULES_H
#define MAILSPAN_RULES_H

#include "mailspan/arena.h"
#include "mailspan/compiled.h"
#include "mailspan/counters.h"
#include "mailspan/facts.h"
#include "mailspan/problem.h"

enum rule_group { RULE_CONTENT, RULE_SETUP };

/* Where a rule looks (docs/rules.md). */
enum rule_target {
    RULE_HEADER,  /* one header of the message */
    RULE_HEADERS, /* all of them, as "Name: value" */
    RULE_MIME,    /* one header of each MIME part */
    RULE_BODY,    /* decoded text, HTML reduced, white space folded */
    RULE_RAW,     /* decoded text as it stands */
    RULE_URI,
};

/* What of a header. */
enum header_form {
    HEADER_DECODED,
    HEADER_RAW,           /* unfolded only */
    HEADER_ADDRESS,       /* its first address, local@domain */
    HEADER_NAME,          /* the decoded display name of that */
    HEADER_SKELETON,      /* how the decoded value looks, in small ASCII letters (text_signs.h) */
    HEADER_NAME_SKELETON, /* ... the display name */
    HEADER_NAME_ORG,      /* ... and behind it whose domain the address has: "paypal service <paypal.co.uk>" */
};

struct rule_look {
    enum rule_target target;
    enum header_form form; /* RULE_HEADER */
    struct span header;    /* RULE_HEADER and RULE_MIME: its name */
};

#define RULE_LOOKS_MAX 8 /* targets of one rule */

struct rule {
    const char *name;        /* unique, as evidence shows it */
    const char *description; /* "" when the file has none, which only rules without points may */
    const char *advice;      /* to the customer; NULL when the file has none */
    enum rule_group group;
    struct rule_look looks[RULE_LOOKS_MAX];
    unsigned look_count; /* 0: it has a condition */
    double points;       /* 0: it is there for other rules, and never named */
    bool critical;       /* severity: critical */
    const char *file;
    unsigned line;
};

/* Which of two that fired is told first: a critical one, then one that gives or takes more points. */
bool rule_is_stronger(const struct rule *rule, const struct rule *other);

struct ruleset;

struct rules_source {
    enum rule_group group;
    const char *name; /* of the file */
    struct span text;
};

/* Reads and compiles.  NULL with *problem filled on the first error: nothing is half loaded. */
struct ruleset *ruleset_load(const struct rules_source *sources, size_t count, struct problem *problem);
/* The same; compiled is where its expressions may be already, and are kept.  It may go when this has returned. */
struct ruleset *ruleset_load_compiled(const struct rules_source *sources, size_t count, struct compiled *compiled,
                                      struct problem *problem);
/* Adds the words that speak for spam (rules/content_words.yaml), once; the fact words_of_spam is their sum, or 0
 * where no rule asks for it.  False with
 * *problem filled. */
bool ruleset_add_words(struct ruleset *rules, const char *name, struct span text, struct problem *problem);
/* All its scans have ended, or were abandoned. */
void ruleset_free(struct ruleset *rules);
unsigned ruleset_count(const struct ruleset *rules);
const struct rule *ruleset_rule(const struct ruleset *rules, unsigned i);
/* Whether a rule looks at anything behind a message's headers.  Else nobody needs to read on. */
bool ruleset_wants_body(const struct ruleset *rules);
size_t ruleset_memory_bytes(const struct ruleset *rules);

/* The search of one message.  Lives in the message's arena; NULL when that is full. */
struct rule_scan;
struct rule_scan *rule_scan_begin(struct ruleset *rules, struct arena *arena, struct counters *counters);
/* A MAIL_HEADER, of the message or of a part. */
void rule_scan_header(struct rule_scan *scan, const struct mail_item *header);
/* Text in any cut; an expression finds what crosses a cut.  part tells one text from the next. */
void rule_scan_text(struct rule_scan *scan, unsigned part, bool html, struct span text);
/* Whatever comes of a message, in order, behind mail_summarize.  The summary is told of markup and URLs, because they
 * are read here. */
void rule_scan_item(struct rule_scan *scan, const struct mail_item *item, struct mail_summary *summary);
/* All has come: ends the text, adds the facts that the search itself knows, and judges the rules that have conditions,
 * but for those about the source. */
void rule_scan_facts(struct rule_scan *scan, struct facts *facts);
/* Must be called once for each begin, also for a message that is given up. */
void rule_scan_end(struct rule_scan *scan);
bool rule_scan_fired(const struct rule_scan *scan, unsigned rule);
/* Of its text as the rules see it (fingerprint.h); the last part counts when rule_scan_facts was called. */
uint64_t rule_scan_fingerprint(const struct rule_scan *scan);

/* A bit for each rule. */
struct rule_hits {
    uint64_t bits[LIMIT_RULES / 64];
};
/* What fires of a message without content, whose facts about it are 0: quicker, for whoever sends nothing else. */
void ruleset_bare_hits(const struct ruleset *rules, const struct facts *facts, struct rule_hits *hits);
/* What has fired; scan may be NULL: then nothing was searched, and the conditions speak alone. */
void ruleset_hits(const struct ruleset *rules, const struct rule_scan *scan, const struct facts *facts,
                  struct rule_hits *hits);
static inline bool rule_hit(const struct rule_hits *hits, unsigned rule) {
    return (hits->bits[rule / 64] >> (rule % 64) & 1) != 0;
}

/* --- rules about the source: judged where the samples are, when a message joins one ------------------------------- */

#define RULE_CARRIED_MAX 64 /* other rules that they may ask for */

bool ruleset_has_source_rules(const struct ruleset *rules);
bool ruleset_is_source_rule(const struct ruleset *rules, unsigned rule);
/* The rules that they ask for, in the order in which the verdict carries them. */
unsigned ruleset_carried_count(const struct ruleset *rules);
unsigned ruleset_carried_rule(const struct ruleset *rules, unsigned i);
/* Which of these have fired. */
uint64_t ruleset_carried(const struct ruleset *rules, const struct rule_hits *hits);
/* Which of them fire; in hits nothing else is set. */
void ruleset_source_hits(const struct ruleset *rules, const struct facts *facts, uint64_t carried,
                         struct rule_hits *hits);

/* A word that speaks for spam, and how much. */
struct said_word {
    const char *word; /* as long as the rule set */
    double weight;
};
/* What the fact words_of_spam is; and the words with the largest weights, the largest first, of at most room: *count.
 */
double rule_scan_words(const struct rule_scan *scan, struct said_word *strongest, unsigned room, unsigned *count);

/* Whether scans were begun and not ended. */
bool ruleset_is_searching(const struct ruleset *rules);
/* Ends all of them, and says how many: what their owners hold is only good for rule_scan_rules from now on. */
unsigned ruleset_abandon(struct ruleset *rules);
/* The rule set that it searches by; NULL when it was abandoned. */
const struct ruleset *rule_scan_rules(const struct rule_scan *scan);

/* --- where a rule found what it found (scoring/rules_found.c) -----------------------------------------------------
 *
 * A scan says which rules fired, and no more.  Who explains one message keeps beside it what rules look at, in bounded
 * memory, and has each rule that fired searched for anew.  No packet pays for this. */

#define RULE_WHERE_BYTES (LIMIT_HEADER_NAME_BYTES + 24)
#define RULE_FOUND_BYTES 256
#define RULE_FOUND_CHARACTERS 60 /* of what is longer the beginning is told */
#define RULE_ASKED_MAX 16

struct rule_asked {
    const char *name;
    double value;
    const struct rule *rule; /* NULL: a fact */
    unsigned index;          /* of the rule */
};

struct rule_finding {
    char where[RULE_WHERE_BYTES]; /* as a rule file says it: "subject", "header From", "body"; "fact": a condition */
    char found[RULE_FOUND_BYTES]; /* what matched, white space as blanks; empty: it was not found again */
    /* Of a condition: the facts and rules that it asks for; in place of a rule without points that has a condition,
     * and fired, what that one asks for. */
    unsigned asked_count;
    struct rule_asked asked[RULE_ASKED_MAX];
};

struct rules_found; /* of one rule set */
/* text_bytes: what the mail parser reads of a message.  NULL: not enough memory. */
struct rules_found *rules_found_new(const struct ruleset *rules, uint32_t text_bytes);
void rules_found_free(struct rules_found *found);
/* Forgets the message before.  arena: of the message; until it is reset the others may be called. */
void rules_found_begin(struct rules_found *found, struct arena *arena);
/* Every item of the mail parser, in order. */
void rules_found_take(struct rules_found *found, const struct mail_item *item);
/* For a rule that fired.  facts, hits: by what it was judged. */
void rules_found_look(struct rules_found *found, unsigned rule, const struct facts *facts, const struct rule_hits *hits,
                      struct rule_finding *finding);

#endif
