/* `mailspan explain MAIL...`: what the rules say of mails in files, and what these tell of other mails.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_EXPLAIN_MAIL_H
#define MAILSPAN_COMMANDS_EXPLAIN_MAIL_H

#include "knowledge.h"

struct mails_question {
    char *const *names; /* of files, and of folders of such ("-": standard input) */
    int count;
    bool json;
    bool facts;          /* told, too */
    uint32_t text_bytes; /* that are read of each */
};

/* Each mail in its turn.  Returns the exit code. */
int explain_mails(const struct knowledge *knowledge, const struct mails_question *question);

#endif
