/* import_convert: what was read of SpamAssassin's rules becomes rules of ours, or a reason why not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_CONVERT_H
#define MAILSPAN_IMPORT_CONVERT_H

#include "commands/import_set.h"

#define IMPORT_WHY_BYTES 256

struct import_options {
    bool keep_all; /* also sub-rules that nothing asks for */
    void *context;
    /* Whether a rule of ours, a fact or a word of the language has this name. */
    bool (*is_taken)(void *context, const char *name);
    /* Whether the rule engine takes this expression; in_text: for body or raw.  NULL: nobody asks. */
    bool (*is_sound)(void *context, bool in_text, const char *match, char why[IMPORT_WHY_BYTES]);
};

/* Fills in what the conversion makes of each rule of the set. */
void import_convert(struct import_set *set, const struct import_options *options);
/* Its points among ours. */
double import_points(const struct import_rule *rule);

/* import_pattern.c: all kinds but metas and evals. */
void import_convert_pattern(struct import_set *set, const struct import_options *options, struct import_rule *rule);
/* import_meta.c.  False: it asks for a meta that waits itself. */
bool import_convert_meta(struct import_set *set, struct import_rule *rule);
/* Calls back for each rule that a meta names. */
void import_meta_names(const struct import_set *set, const struct import_rule *rule,
                       void (*each)(void *context, struct import_rule *named), void *context);

/* A name of ours that nothing else has: this one, or one that begins with it. */
const char *import_new_name(struct import_set *set, const struct import_options *options, const char *wanted);
/* The name of the rule that finds one of these headers at all: the same each time it is asked. */
const char *import_there(struct import_set *set, const struct import_options *options, const char *wanted,
                         const char *look_at);
/* Not to be converted, and why. */
void import_refuse(struct import_set *set, struct import_rule *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
