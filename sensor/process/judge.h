/* The judge of a sensor: takes what the decoders tell, and tells the outputs what follows.  It never sees a packet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_JUDGE_H
#define MAILSPAN_PROCESS_JUDGE_H

#include "commands/outputs.h"
#include "mailspan/figures.h"
#include "process/jail.h"
#include "process/judge_memory.h"

/* What the supervisor says in a CONTROL_MESSAGE: the kind, and what belongs to it. */
enum judge_told {
    JUDGE_FIGURES = 1, /* struct supervisor_figures */
    JUDGE_HEALTH,      /* struct health_record */
    JUDGE_HANDOVER,    /* number and piece (handover.h) */
    JUDGE_REDIS,       /* a connection, as a descriptor; or none, and why, as a text */
};

/* ... and the judge, in one byte, behind which a text may stand. */
enum judge_says {
    JUDGE_READY = 1,  /* it is in its jail, and listens */
    JUDGE_ASKS_REDIS, /* for a connection */
    JUDGE_RENEWED,    /* it has what was handed over, of which this is the number (handover.h) */
    JUDGE_REFUSES,    /* ... it has not, and why, as a text behind the number */
    JUDGE_UNHEARD,    /* nobody hears the sensor any more: whoever runs it should know */
};

struct judge_settings {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct wording *wording;
    enum format format;
    bool all_records; /* dialogues and messages too, not only events */
    unsigned decoder_count;
    const int *channels; /* of each decoder */
    int metrics;         /* a listening socket; -1: none */
    uint32_t generation; /* of config and knowledge */
    /* What was there before: decoders still tell of messages that began with it.  NULL: nothing was. */
    const struct config *earlier_config;
    const struct knowledge *earlier_knowledge;
    uint32_t earlier_generation;
    struct judge_memory *memory; /* NULL: none; its figures begin with nothing */
    nstime started;              /* when the sensor was, by the system's clock */
    struct jail_settings jail;
};

/* The life of the process, from the fork to its exit code.  control: to the supervisor. */
int judge_run(const struct judge_settings *settings, int control);

#endif
