/* What is wrong with a file that a person wrote: where, what, and what was expected.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROBLEM_H
#define MAILSPAN_PROBLEM_H

struct problem {
    char file[256];  /* as the person named it, or "built-in rules/content.yaml" */
    unsigned line;   /* from 1; 0 when the whole file is meant */
    unsigned column; /* from 1 */
    char what[512];  /* "unknown key 'prots'; expected one of: ports, ..." */
};

#endif
