/* What the build puts into the program: files (the rules, and the function library for Redis), and the expressions of
 * the rules, compiled.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_EMBEDDED_H
#define MAILSPAN_EMBEDDED_H

#include "mailspan/compiled.h"
#include "mailspan/span.h"

struct embedded_file {
    const char *name; /* "rules/content.yaml" */
    struct span text;
};

/* NULL when the build has no such file. */
const struct embedded_file *embedded_find(const char *name);

/* The databases of the built-in rules, for any processor.  None in what is linked without them
 * (sensor/embedded_none.c). */
const struct compiled_database *embedded_databases(unsigned *count);

#endif
