/* mail_file: the mails in a file, each in pieces, with lines that end in LF or CR LF.
 *
 *   while (mail_file_next(file)) while ((piece = mail_file_piece(file)).len > 0) ...
 *
 * A file holds one mail, its lines ended by LF, CR LF or CR; what editors and programs leave before it, a UTF-8 byte
 * order mark and empty lines, is no part of it.  A file whose first line is that of an mbox (RFC 4155: "From ", a
 * sender, a date as asctime writes it) holds a mail behind it, and one more behind each such line that follows an empty
 * line.  The quoting of mbox files (">From ") is left as it is: nobody can tell who quoted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAIL_FILE_H
#define MAILSPAN_MAIL_FILE_H

#include "mailspan/span.h"

#define MAIL_FILE_BYTES 65536
#define MAIL_FILE_BEFORE_BYTES 3   /* kept of what was handed on: the end of a line, and an empty one */
#define MAIL_FILE_LINE_BYTES 512   /* a longer line is no mbox line */
#define MAIL_FILE_SENDER_BYTES 320 /* LIMIT_ADDRESS_BYTES */

enum mail_file_lines { LINES_UNKNOWN, LINES_BY_LF, LINES_BY_CR };

struct mail_file {
    int descriptor;
    int error;       /* errno of a read that failed, or 0 */
    unsigned number; /* of the mail at hand, from 1 */
    /* What an mbox line says of the SMTP sender; NULL: there was no such line, or it does not say.  Empty: the null
     * sender. */
    const char *sender;
    bool over, is_mbox;
    bool mail_over;
    enum mail_file_lines lines;
    size_t begin, end; /* of what was read and not handed on */
    size_t seen;       /* how far its lines' ends were looked at */
    char sender_text[MAIL_FILE_SENDER_BYTES + 1];
    uint8_t bytes[MAIL_FILE_BYTES];
};

/* The descriptor stays the caller's. */
void mail_file_begin(struct mail_file *file, int descriptor);
/* Goes to the next mail; the first is always there, be it empty.  What is left of the one at hand is passed over.
 * False: there is no more, or nothing can be read (error). */
bool mail_file_next(struct mail_file *file);
/* The next bytes of the mail at hand; empty: it is over, or nothing more can be read (error).  They live until the next
 * call. */
struct span mail_file_piece(struct mail_file *file);

#endif
