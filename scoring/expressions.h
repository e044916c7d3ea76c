/* expressions: regular expressions out of a YAML file, compiled together by vectorscan.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_EXPRESSIONS_H
#define SCORING_EXPRESSIONS_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "mailspan/compiled.h"
#include "mailspan/limits.h"
#include "mailspan/problem.h"
#include "mailspan/span.h"
#include "mailspan/yaml_document.h"

#include <hs/hs.h>
#include <pcre2.h>

/* The file that an expression stands in: for its place in a problem. */
struct expression_file {
    struct yaml_document *document;
    struct span source;
    bool checked; /* its expressions and examples were, by whoever compiled them */
};

struct expression {
    const char *text;
    const struct yaml_node *node;
    const struct expression_file *file;
    unsigned id;    /* what a match is reported as */
    bool multiline; /* ^ and $ are at lines, too */
    bool caseless;
    bool steps_counted;  /* PCRE2 calls out at each step of confirm, which makes it slower */
    bool prefilter;      /* set here: vectorscan's matches are candidates, and confirm has the last word */
    pcre2_code *confirm; /* set here: with prefilter; the caller frees it */
};

/* Checks one expression by PCRE2, whose messages say where.  False with *problem filled. */
bool expression_check(struct expression *expression, struct problem *problem);

/* Compiles them, which were checked.  Expressions that vectorscan cannot hold become prefilters.  mode: HS_MODE_BLOCK
 * or HS_MODE_STREAM.  *scratch grows to what the database needs.  compiled: where the result may be already, and else
 * is kept; NULL: nowhere.  False with *problem filled. */
bool expressions_compile(struct expression *expressions, unsigned count, unsigned mode, struct compiled *compiled,
                         hs_database_t **database, hs_scratch_t **scratch, struct problem *problem);

/* As the pattern library takes it. */
unsigned expression_flags(const struct expression *expression);
/* The expression for a search of one's own, without counted steps; NULL: not enough memory.  The caller frees it. */
pcre2_code *expression_code(const struct expression *expression);

/* Fills *problem with the place of the byte at offset of the node's text.  Always false. */
bool expression_problem(const struct expression_file *file, const struct yaml_node *node, size_t offset,
                        struct problem *problem, const char *what);

#endif
