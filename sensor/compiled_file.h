/* compiled_file: compiled expressions in a file, so that a large set of rules need not be compiled at each start.
 *
 * The pattern library believes what it is given: whoever can write such a file can make it read and write anywhere.  So
 * a file is read only when nobody but root, or the user who reads it, can have written it.  Its checksum tells damage,
 * and no more.  What is in it is found by a hash of all that it was made of (mailspan/compiled.h), so that a file that
 * is too old is of no use, and does no harm.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMPILED_FILE_H
#define MAILSPAN_COMPILED_FILE_H

#include "mailspan/compiled.h"
#include "mailspan/problem.h"

enum compiled_file {
    COMPILED_FILE_READ,
    COMPILED_FILE_USELESS, /* not there, or not what compiled_file_write has written: all must be compiled */
    COMPILED_FILE_REFUSED, /* others may write it, or it cannot be read */
};

/* Offers what is in the file.  *problem says why it was not read. */
enum compiled_file compiled_file_read(const char *path, struct compiled *compiled, struct problem *problem);

/* Writes what was compiled, in place of any file of that name: all of it, or nothing.  False with *problem filled. */
bool compiled_file_write(const char *path, const struct compiled *compiled, struct problem *problem);

#endif
