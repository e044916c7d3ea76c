/* import_tags: <A>, <SP> and their kin in expressions, as SpamAssassin's plugin ReplaceTags fills them in.
 *
 *   replace_tag A [a@]      replace_inter SP [\s._]?      body X /<inter SP><A><A>/      becomes     /[a@][\s._]?[a@]/
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_TAGS_H
#define MAILSPAN_IMPORT_TAGS_H

#include "commands/import_text.h"

enum import_tag_kind { IMPORT_TAG, IMPORT_TAG_BEFORE, IMPORT_TAG_BETWEEN, IMPORT_TAG_BEHIND };

struct import_tag {
    enum import_tag_kind kind;
    struct span name, value;
};

struct import_tags {
    struct import_tag *list;
    unsigned count, room;
    bool failed;
};

#define IMPORT_EXPRESSION_BYTES_MAX \
    32768 /* of one expression with its tags filled in: several times the largest known */

/* Those that were set later count. */
void import_tags_set(struct import_tags *tags, enum import_tag_kind kind, struct span name, struct span value);
void import_tags_free(struct import_tags *tags);
/* Adds the body with its tags filled in.  False: it has grown too long. */
bool import_tags_fill(const struct import_tags *tags, struct span body, struct import_text *out);

#endif
