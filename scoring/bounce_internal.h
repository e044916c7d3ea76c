/* What bounce_file.c reads and bounce_class.c goes by.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_BOUNCE_INTERNAL_H
#define SCORING_BOUNCE_INTERNAL_H

#include "bounce_words.h"
#include "expressions.h"
#include "mailspan/bounce.h"

#define BOUNCE_TEXTS_MAX 1024
#define BOUNCE_CODES_MAX 1024
#define BITSET_WORDS(count) (((count) + 63) / 64)
#define BOUNCE_ANY 0xffffu /* of a class, a detail, a digit pair or a stage */

struct enhanced_rule {
    unsigned class_; /* 4, 5 or BOUNCE_ANY */
    unsigned subject;
    unsigned detail; /* or BOUNCE_ANY */
    unsigned bounce_class;
    const struct yaml_node *node;
};

struct code_rule {
    unsigned code;  /* 550; 5 for 5yz */
    unsigned stage; /* enum stage or BOUNCE_ANY */
    unsigned bounce_class;
    const struct yaml_node *node;
};

struct text_rule {
    struct expression expression;
    unsigned bounce_class;
    unsigned only;       /* 4, 5 or 0 for both */
    unsigned stage;      /* enum stage or BOUNCE_ANY */
    unsigned receiver;   /* 0: whoever says it */
    const char *section; /* NULL: none */
    const struct yaml_node *example;
};

/* Receivers, or blocklists: a list of names, each with an expression; the first that matches is meant. */
struct named_rule {
    const char *name;
    const char *url;                 /* of a blocklist: where one asks to be removed; NULL: none */
    const char *advice;              /* of a blocklist: in place of the class's; NULL: none */
    const struct yaml_node *example; /* of a receiver: its greeting; NULL: none */
    struct expression expression;
};

struct named_rules {
    struct named_rule rules[LIMIT_BOUNCE_NAMES];
    unsigned count;
    hs_database_t *database;
};

struct bounce_rules {
    struct expression_file file;
    struct bounce_class classes[LIMIT_BOUNCE_CLASSES];
    unsigned class_count;
    struct enhanced_rule enhanced[BOUNCE_CODES_MAX];
    unsigned enhanced_count;
    struct code_rule codes[BOUNCE_CODES_MAX];
    unsigned code_count;
    struct text_rule texts[BOUNCE_TEXTS_MAX];
    unsigned text_count;
    struct named_rules receivers; /* the first is number 1 */
    struct named_rules blocklists;
    const char *section; /* that is being read; NULL: none */
    unsigned section_receiver;
    hs_database_t *database;      /* of the texts; NULL: there are none */
    struct bounce_words *words;   /* NULL: none */
    struct bounce_memory *memory; /* LIMIT_BOUNCE_MEMORY */
    hs_scratch_t *scratch;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
};

/* --- bounce_memory.c ---------------------------------------------------------------------------------------------- */

struct bounce_answer {
    const struct bounce_class *class_;
    enum bounce_by by;
};

/* A refusal that was classified before, and what it was. */
struct bounce_memory {
    enum stage stage;
    unsigned receiver;
    uint16_t code;
    struct enhanced_code enhanced;
    struct bounce_answer answer; /* class_ NULL: free */
    size_t length;
    uint8_t text[LIMIT_REPLY_TEXT_BYTES];
};

/* The place of a refusal among LIMIT_BOUNCE_MEMORY, whatever is there; NULL when it can have none. */
struct bounce_memory *bounce_memory_of(struct bounce_memory *memory, const struct bounce_case *what);
bool bounce_memory_knows(const struct bounce_memory *place, const struct bounce_case *what,
                         struct bounce_answer *answer);
void bounce_memory_keep(struct bounce_memory *place, const struct bounce_case *what, struct bounce_answer answer);

/* --- reply_plain.c ------------------------------------------------------------------------------------------------ */

/* A case in whose text no mailbox stands, no host name that is not in a link's address, nor what the client said. */
struct plain_case {
    struct bounce_case what;
    struct smtp_reply reply;
    uint8_t room[LIMIT_REPLY_TEXT_BYTES];
};
/* The case itself when nothing of it stood there.  bounce_plain does both of what is behind it. */
const struct bounce_case *bounce_plain(const struct bounce_case *what, struct plain_case *room);
const struct bounce_case *bounce_without_mailboxes(const struct bounce_case *what, struct plain_case *room);
const struct bounce_case *bounce_without_hosts(const struct bounce_case *what, struct plain_case *room);

/* --- bounce_class.c ----------------------------------------------------------------------------------------------- */

/* The enhanced code of a reply, or the one that stands in its text; of class 0 when there is none. */
struct enhanced_code bounce_enhanced(const struct smtp_reply *reply);

/* The first text that a refusal without mailboxes fits; NULL: none. */
const struct text_rule *bounce_text_of(const struct bounce_rules *rules, const struct bounce_case *what);

/* The first of a list that matches; its count when none does. */
unsigned first_match(const struct bounce_rules *rules, const struct named_rules *list, struct span text);

/* --- bounce_examples.c -------------------------------------------------------------------------------------------- */

/* Each example is known by what it stands at; else false, with *problem filled. */
bool bounce_examples_hold(const struct bounce_rules *rules, struct problem *problem);

#endif
