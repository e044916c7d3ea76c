/* bounce: what a refusal means and whose fault it is, by rules/bounces.yaml and rules/bounce_words.yaml.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_BOUNCE_H
#define MAILSPAN_BOUNCE_H

#include "mailspan/compiled.h"
#include "mailspan/mail_report.h"
#include "mailspan/message.h"
#include "mailspan/problem.h"

enum fault { FAULT_UNKNOWN, FAULT_RECIPIENT, FAULT_LIST, FAULT_SENDER, FAULT_RECEIVER };

struct bounce_class {
    const char *name; /* "no_such_user" */
    enum fault fault;
    bool hard;
    double weight;    /* in the sample, 0 to 1 */
    double passed_on; /* ... when the message was another's, and only passed on, or an answer (docs/scoring.md) */
    const char *advice;
};

struct bounce_rules;

struct bounce_rules *bounce_rules_load(const char *name, struct span text, struct problem *problem);
/* As ruleset_load_compiled. */
struct bounce_rules *bounce_rules_load_compiled(const char *name, struct span text, struct compiled *compiled,
                                                struct problem *problem);
/* Adds the weights of words (rules/bounce_words.yaml), for refusals that no text fits.  strict: that they name a class
 * that the rules have not is a mistake, else it is left out.  False with *problem filled; the rules are as before. */
bool bounce_rules_add_words(struct bounce_rules *rules, const char *name, struct span text, bool strict,
                            struct problem *problem);
/* The classes that a table of words begins with and the rules have not: what speaks for them says nothing.  Their
 * names, with ", " between, as many as there is room for, NUL-terminated; returns how many there are. */
unsigned bounce_rules_strangers(const struct bounce_rules *rules, struct span words, char *names, size_t room);
void bounce_rules_free(struct bounce_rules *rules);
unsigned bounce_class_count(const struct bounce_rules *rules);
const struct bounce_class *bounce_class_at(const struct bounce_rules *rules, unsigned i);

/* What the client had said, which a reply may quote; empty where it is not known. */
struct client_said {
    struct span helo;
    struct span sender, recipient; /* without the brackets */
    struct span subject;
};

/* A reply, what it answered, and who said it. */
struct bounce_case {
    enum stage stage;
    const struct smtp_reply *reply;
    unsigned receiver; /* of bounce_receiver() */
    struct client_said said;
};

/* The product or provider that greets so, by the file's list; 0: not known.  Once a dialogue is enough. */
unsigned bounce_receiver(const struct bounce_rules *rules, struct span greeting);
const char *bounce_receiver_name(const struct bounce_rules *rules, unsigned receiver); /* NULL: not known */

/* What decided: BOUNCE_BY_NOTHING, and it is class 0. */
enum bounce_by { BOUNCE_BY_NOTHING, BOUNCE_BY_TEXT, BOUNCE_BY_WORDS, BOUNCE_BY_ENHANCED, BOUNCE_BY_CODE };

/* The class of a 4yz or 5yz reply: by its text, else by its words, else its enhanced code (or the one that stands in
 * its text, as qmail has it), else its code; class 0 is "unclassified".  For any other reply, NULL.  What was asked
 * last is remembered. */
const struct bounce_class *bounce_classify(const struct bounce_rules *rules, const struct bounce_case *what);
/* The same, with what decided. */
const struct bounce_class *bounce_classify_by(const struct bounce_rules *rules, const struct bounce_case *what,
                                              enum bounce_by *by);

struct bounce_finding {
    const struct bounce_class *class_; /* NULL: it is no refusal */
    enum bounce_by by;
    const char *rule;    /* as it stands in the file: an expression, "x.1.1", "550 rcpt"; NULL: by words or nothing */
    const char *file;    /* that it stands in */
    unsigned line;       /* of it */
    const char *section; /* of the file that a text stands in; NULL: in none */
};
/* The same with its reason, for people; searched each time. */
struct bounce_finding bounce_explain(const struct bounce_rules *rules, const struct bounce_case *what);
/* A word, a pair of them, or a code, that spoke for the class of a refusal. */
struct bounce_word {
    char text[96];
    double weight;
    unsigned line; /* of the file of words */
};
/* Why words decided as they did. */
struct bounce_weighing {
    struct bounce_word words[5]; /* that spoke most for the class, the strongest first */
    unsigned count;
    const struct bounce_class *next; /* that they speak for most after it; NULL: no other */
    double behind;                   /* by how much less */
};
/* Of a finding by words; else false, with nothing in it. */
bool bounce_explain_words(const struct bounce_rules *rules, const struct bounce_case *what,
                          const struct bounce_finding *finding, struct bounce_weighing *weighing);
/* What a report says became of a recipient, as a case of its refusal, which the caller keeps; of code 0 when he was not
 * refused. */
struct bounce_case bounce_report_case(const struct bounce_rules *rules, const struct report_recipient *recipient,
                                      struct smtp_reply *refusal);

/* A blocklist that a refusal names. */
struct bounce_blocklist {
    struct span name;   /* the file's, or the zone as it stands in the text, which it borrows; empty: none is named */
    const char *url;    /* where one asks to be removed; NULL: not known */
    const char *advice; /* in place of the class's, as of a list that was closed; NULL: none */
};
struct bounce_blocklist bounce_blocklist(const struct bounce_rules *rules, struct span text);
/* The same where the class lets one expect a list, and else none: what is refused for other reasons costs nothing. */
struct bounce_blocklist bounce_blocklist_of(const struct bounce_rules *rules, const struct bounce_class *class_,
                                            struct span text);

const char *bounce_rules_name(const struct bounce_rules *rules); /* of the file */
const char *fault_name(enum fault fault);

#endif
