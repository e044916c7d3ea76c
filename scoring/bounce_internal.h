/* What bounce_file.c reads and bounce_class.c goes by.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_BOUNCE_INTERNAL_H
#define SCORING_BOUNCE_INTERNAL_H

#include "expressions.h"
#include "mailspan/bounce.h"

#define BOUNCE_TEXTS_MAX 1024
#define BOUNCE_CODES_MAX 1024
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
};

/* Receivers, or blocklists: a list of names, each with an expression; the first that matches is meant. */
struct named_rule {
    const char *name;
    const char *url; /* of a blocklist: where one asks to be removed; NULL: none */
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
    hs_database_t *database;
    hs_scratch_t *scratch;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
};

/* The first of a list that matches; its count when none does. */
unsigned first_match(const struct bounce_rules *rules, const struct named_rules *list, struct span text);

#endif
