/* import_lists: addresses that SpamAssassin's rules ask for by functions, as expressions.
 *
 *   enlist_addrlist (BANKS) *@bank.example           eval:check_from_in_list('BANKS')
 *   freemail_domains mail.example gmx.*              eval:check_freemail_from(), eval:check_freemail_header('Reply-To')
 *
 * become header rules, several where a list is long, and a meta over them in place of the function.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_LISTS_H
#define MAILSPAN_IMPORT_LISTS_H

#include "commands/import_text.h"

struct import_set;

struct import_list {
    const char *name;         /* "": the domains of free mail */
    struct import_text words; /* a blank behind each */
};

struct import_lists {
    struct import_list *all;
    unsigned count;
    bool failed;
};

/* name and words outlive it. */
void import_lists_add(struct import_lists *lists, const char *name, struct span words);
void import_lists_free(struct import_lists *lists);
/* When all files have been read: says each rule anew whose function asks for a list. */
void import_lists_say(struct import_set *set);

#endif
