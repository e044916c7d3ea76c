/* import_write: the converted rules as a rule file of ours, and what became of each, for people and for programs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_WRITE_H
#define MAILSPAN_IMPORT_WRITE_H

#include <stdio.h>

#include "commands/import_set.h"

/* The rule file, in the order of the source. */
void import_write(const struct import_set *set, struct import_text *out);
/* How many were converted, and a line for each that was not. */
void import_report(const struct import_set *set, bool json, FILE *file);
/* How many rules the file has, those that others are made of included. */
unsigned import_written(const struct import_set *set);

#endif
