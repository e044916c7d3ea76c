/* import_lines: the lines of SpamAssassin's rule files: key and value, of those lines that count.
 *
 * Comments, blanks, `if`, `ifplugin`, `else`, `endif`, `require_version`, `lang` and `loadplugin` are dealt with here,
 * as SpamAssassin 4.0.1 does with the plugins of its default configuration.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_LINES_H
#define MAILSPAN_IMPORT_LINES_H

#include "commands/import_text.h"
#include "mailspan/problem.h"

#define IMPORT_IF_DEPTH_MAX 64

/* Which plugins SpamAssassin would have loaded: those of its default configuration, and what `loadplugin` names. */
struct import_plugins {
    struct import_text names; /* "\nNAME\n..." of those that were named */
};

struct import_line {
    struct span key;   /* in small letters, with _ for - */
    struct span value; /* trimmed; may be empty */
    unsigned line, key_column, value_column;
};

struct import_lines {
    const char *file;
    struct span text;
    struct import_plugins *plugins;
    unsigned line;
    bool skipping;
    bool ended;
    unsigned depth;
    struct {
        unsigned line;
        bool skipping; /* what held before it */
    } open[IMPORT_IF_DEPTH_MAX];
    struct import_text current;
};

enum import_got { IMPORT_LINE, IMPORT_PROBLEM, IMPORT_END };

/* The next line that counts; what it holds is good until the next call.  IMPORT_PROBLEM: *problem says what is wrong
 * with a line, and the next call goes on behind it.  The caller frees `current`. */
enum import_got import_lines_next(struct import_lines *lines, struct import_line *out, struct problem *problem);

#endif
