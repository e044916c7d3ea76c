/* import_regex: Perl's regular expressions, as SpamAssassin's rules hold them, in the dialect of our rule files.
 *
 * SpamAssassin matches bytes.  So do we, where an expression is of plain ASCII: other bytes become \xHH.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_REGEX_H
#define MAILSPAN_IMPORT_REGEX_H

#include "commands/import_text.h"

/* What the expression looks at, because lines are something else in each. */
enum import_place {
    IMPORT_IN_HEADER,
    IMPORT_IN_RECEIVED,
    IMPORT_IN_HEADERS,
    IMPORT_IN_BODY,
    IMPORT_IN_RAW,
    IMPORT_IN_URI
};

/* Takes /.../i, m{...}i and all their kin apart, as Mail::SpamAssassin::Util::compile_regexp does.  False: *why. */
bool import_regex_split(struct span literal, struct span *body, struct span *modifiers, const char **why);
/* Adds to out what finds the same.  False: *why not. */
bool import_regex_convert(struct span body, struct span modifiers, enum import_place place, struct import_text *out,
                          const char **why);

enum import_empty {
    IMPORT_NEEDS_TEXT,    /* it does not match the empty text */
    IMPORT_MATCHES_EMPTY, /* it does, and perhaps others */
    IMPORT_MATCHES_ALL,   /* whatever there is, as ^ does */
    IMPORT_MATCHES_BLANK, /* what is empty but for white space */
    IMPORT_IS_WRONG,      /* PCRE2 cannot compile it */
};

/* What PCRE2 says of a converted expression. */
enum import_empty import_regex_empty(const char *expression);
/* How many places for a character it has, with its repetitions multiplied out: what it costs to compile. */
uint64_t import_regex_places(const char *expression);
bool import_regex_matches(const char *expression, struct span text);

#endif
