/* rules: what a message is searched for, read from rules/(content|setup).yaml.
 *
 * A rule looks at one target (a header, the subject, the text, a URL) with a regular expression, or states a condition
 * on a fact, and adds points.  All expressions are compiled together by vectorscan; one that vectorscan cannot express
 * is prefiltered there and confirmed by PCRE2.
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
enum rule_target { RULE_HEADER, RULE_SUBJECT, RULE_BODY, RULE_URI, RULE_FACT };

struct rule {
    const char *name; /* unique, as evidence shows it */
    const char *description;
    const char *advice; /* to the customer; NULL when the file has none */
    enum rule_group group;
    enum rule_target target;
    const char *header; /* RULE_HEADER: its name */
    double points;
    bool critical; /* severity: critical */
    const char *file;
    unsigned line;
};

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
void rule_scan_header(struct rule_scan *scan, struct span name, struct span value);
/* Text in any cut; an expression finds what crosses a cut.  part tells one text from the next. */
void rule_scan_text(struct rule_scan *scan, unsigned part, bool html, struct span text);
void rule_scan_facts(struct rule_scan *scan, const struct facts *facts);
/* Must be called once for each begin, also for a message that is given up. */
void rule_scan_end(struct rule_scan *scan);
bool rule_scan_fired(const struct rule_scan *scan, unsigned rule);

/* Whether scans were begun and not ended. */
bool ruleset_is_searching(const struct ruleset *rules);
/* Ends all of them, and says how many: what their owners hold is only good for rule_scan_rules from now on. */
unsigned ruleset_abandon(struct ruleset *rules);
/* The rule set that it searches by; NULL when it was abandoned. */
const struct ruleset *rule_scan_rules(const struct rule_scan *scan);

#endif
