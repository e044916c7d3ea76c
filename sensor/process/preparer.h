/* preparer: a process that reads configuration and rules anew, compiles what has changed, and ends.
 *
 * To compile many expressions takes long, half a minute perhaps, in which the supervisor has to hear signals, its
 * children and its own watchdog.  What the files say, a password perhaps, is in this one's memory alone, and in what it
 * hands on.  It has the rights of the supervisor: what it reads is the operator's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_PREPARER_H
#define MAILSPAN_PROCESS_PREPARER_H

#include <event2/event.h>

#include "handover.h"

#define PREPARER_WITHIN_MS 300000 /* a thousand times what an ordinary change takes */
#define PREPARED_WHY_BYTES 768
#define PREPARED_WAITING_BYTES 256

struct prepared {
    bool fine;
    char why[PREPARED_WHY_BYTES];         /* it is not, in words for people */
    char waiting[PREPARED_WAITING_BYTES]; /* options that the file says otherwise, taken at the next start */
    /* Blobs of handover.h, which are the listener's. */
    struct span for_judge;
    struct span for_decoders; /* without user and password of Redis; empty: they could not be taken out */
};

struct preparer_settings {
    const char *path;
    uint32_t number; /* of the generation */
    const struct config *running;
    bool interfaces_named;                                        /* on the command line, in place of the file's */
    struct compiled *compiled;                                    /* what need not be compiled again */
    int64_t within_ms;                                            /* 0: PREPARER_WITHIN_MS */
    void (*done)(void *context, const struct prepared *prepared); /* once, from the loop; it may free the preparer */
    void *context;
};

struct preparer;

/* NULL: the system gives no process or memory. */
struct preparer *preparer_start(struct event_base *base, const struct preparer_settings *settings);
/* Ends the process, if it still runs; done does not come any more. */
void preparer_free(struct preparer *preparer);

#endif
