/* text_file: a small file that a person wrote, read whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEXT_FILE_H
#define MAILSPAN_TEXT_FILE_H

#include "mailspan/problem.h"
#include "mailspan/span.h"

/* Reads a regular file of at most LIMIT_YAML_BYTES.  False with *problem filled; else free() text->data. */
bool text_file_read(const char *path, struct span *text, struct problem *problem);

/* "file:line:column: what", without the parts that the problem does not have. */
void problem_text(const struct problem *problem, char *text, size_t size);
/* The same as a line on standard error. */
void problem_print(const struct problem *problem);

#endif
