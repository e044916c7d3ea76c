/* import_set: all that SpamAssassin's rule files say of rules, gathered by their names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_SET_H
#define MAILSPAN_IMPORT_SET_H

#include "commands/import_lines.h"
#include "commands/import_lists.h"
#include "commands/import_tags.h"

enum import_kind {
    IMPORT_NOTHING, /* a score or a description without a rule */
    IMPORT_HEADER,
    IMPORT_BODY,
    IMPORT_RAWBODY,
    IMPORT_FULL,
    IMPORT_URI,
    IMPORT_MIMEHEADER,
    IMPORT_META,
    IMPORT_EVAL, /* of any of these: a function of Perl */
    IMPORT_KINDS,
};

enum import_state { IMPORT_WAITING, IMPORT_CONVERTED, IMPORT_REFUSED, IMPORT_OFF };

struct import_rule {
    const char *name;
    enum import_kind kind;
    struct span value; /* behind the name */
    const char *file;
    unsigned line, column; /* of the value */
    const char *description;
    double score;
    bool scored;
    bool multiple, nosubject, nice, net, ranged; /* tflags */
    bool replaces;                               /* replace_rules names it */
    bool made;                                   /* import_lists.c says it, and no file */
    /* What the conversion makes of it. */
    enum import_state state;
    bool needed;
    const char *why;     /* refused, or off */
    const char *as;      /* its name among ours */
    const char *look_at; /* with match; NULL: it has `when` alone */
    const char *match;   /* NULL: any such header will do */
    const char *when;    /* NULL: it is `look_at` that says when it fires */
    const char *helper;  /* the rule that `look_at` and `match` belong to, if not this one */
    const char *there;   /* the header that `when` asks for, by the rule of this name */
    const char *there_look_at;
    const char *zeros; /* names in a meta that count as 0 */
    bool numeric;      /* a meta whose value may be another one than 0 and 1 */
    struct import_rule *same_hash;
};

struct import_setting { /* a key that is none of a rule */
    const char *key;
    unsigned count;
};

struct import_set {
    struct import_strings strings;
    struct import_plugins plugins;
    struct import_tags tags;
    struct import_lists lists;
    struct import_rule **rules; /* in the order of their definitions */
    unsigned count, room;
    struct import_rule **table;
    struct import_setting *settings;
    unsigned setting_count;
    unsigned problems;
    void (*tell)(void *context, const struct problem *problem);
    void *context;
    bool failed; /* out of memory */
};

bool import_set_init(struct import_set *set);
/* Reads one file; text and name must outlive the set.  What is wrong with a line is told, and the next one read. */
void import_set_read(struct import_set *set, const char *file, struct span text);
struct import_rule *import_set_find(const struct import_set *set, struct span name);
/* Gives a name to something that no file has said.  NULL when it has one, or there is no memory. */
struct import_rule *import_set_reserve(struct import_set *set, const char *name);
void import_set_free(struct import_set *set);

/* "header", "body", ... */
const char *import_kind_name(enum import_kind kind);

#endif
