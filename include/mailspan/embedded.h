/* Files that the build puts into the program: the rules, and the function library for Redis.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_EMBEDDED_H
#define MAILSPAN_EMBEDDED_H

#include "mailspan/span.h"

struct embedded_file {
    const char *name; /* "rules/content.yaml" */
    struct span text;
};

/* NULL when the build has no such file. */
const struct embedded_file *embedded_find(const char *name);

#endif
