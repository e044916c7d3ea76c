/* The decoders of a replay: each a process that reads all captures and tells of its part of the flows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PARTS_H
#define MAILSPAN_PARTS_H

#include "process/merge.h"

#include <limits.h>

struct parts_settings {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct wording *wording; /* reporter.h */
    char *const *names;            /* of captures, plain files: each part reads them for itself */
    unsigned name_count;
    unsigned unread;                    /* of these cannot be read; a part that can read more, or less, ends at once */
    void (*complain)(const char *text); /* what parts have to say to people: of a capture the first alone says it */
};

#define PART_NONE UINT_MAX

struct parts;

/* Starts so many.  NULL when the system gives no process, socket or memory. */
struct parts *parts_start(const struct parts_settings *settings, unsigned count);
/* The channel of each. */
const int *parts_channels(const struct parts *parts);
/* Hands on what they had to say until now, which parts_finish and parts_kill do, too.  A part waits until it is heard.
 */
void parts_hear(const struct parts *parts);
/* Waits for their end: all have said their last word.  False when one did not end well. */
bool parts_finish(struct parts *parts);
/* Ends them wherever they are.  In *status how that one ended that was gone already, as waitpid says it; may be NULL.
 */
void parts_kill(struct parts *parts, unsigned part, int *status);

#endif
