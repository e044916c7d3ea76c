/* A decoder of a sensor: reads one queue of every interface, and tells the judge what was in it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_DECODER_H
#define MAILSPAN_PROCESS_DECODER_H

#include "capture/capture.h"
#include "process/jail.h"
#include "process/reporter.h"

/* What it says to the supervisor in a CONTROL_MESSAGE: the kind, and what belongs to it. */
enum decoder_says {
    DECODER_READY = 1, /* it is in its jail, and reads */
    DECODER_SAYS,      /* a text for people, of at most DECODER_WORDS_BYTES_MAX: it has no standard error */
    DECODER_RENEWED,   /* it has what was handed over, of which this is the number (handover.h) */
    DECODER_REFUSES,   /* ... it has not, and why, as a text behind the number */
};

#define DECODER_WORDS_BYTES_MAX 512

/* ... and the supervisor to it. */
enum decoder_told {
    DECODER_HANDOVER = 1, /* number and piece (handover.h) */
};

struct decoder_settings {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct wording *wording;                       /* reporter.h */
    struct capture_live *handles[CONFIG_INTERFACES_MAX]; /* in the configuration's order; NULL: there is none now */
    unsigned handle_count;
    int channel;          /* to the judge */
    uint32_t incarnation; /* how often one of this number was started */
    uint32_t generation;  /* of config and knowledge */
    struct jail_settings jail;
};

/* The life of the process, from the fork to its exit code.  control: to the supervisor. */
int decoder_run(const struct decoder_settings *settings, int control);

#endif
