/* What the supervisor remembers, for the files that it is made of:
 *
 *   watcher.c           its life: what is opened, started, reloaded, and how it ends
 *   watcher_children.c  the decoders and the judge
 *   watcher_health.c    interfaces, losses, and what is told of them
 *   watcher_reload.c    configuration and rules, read anew
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_WATCHER_STATE_H
#define MAILSPAN_PROCESS_WATCHER_STATE_H

#include <sys/types.h>

#include "capture/capture.h"
#include "handover.h"
#include "mailspan/figures.h"
#include "mailspan/health.h"
#include "mailspan/loss_window.h"
#include "process/judge_memory.h"
#include "process/preparer.h"
#include "process/redis_connector.h"
#include "process/supervisor.h"
#include "process/watcher.h"
#include "process/word_limit.h"

_Static_assert(CONFIG_INTERFACES_MAX <= 32, "a bit of an uint32_t each");
_Static_assert(FIGURES_DECODERS_MAX <= 64, "a bit of an uint64_t each");

#define HEALTH_KEPT 32 /* of what happened while the judge did not listen */

/* One capture queue and its decoder. */
struct queue {
    struct watcher *watcher;
    unsigned number;
    int child; /* the supervisor's number for it */
    char name[24];
    int ends[2];                    /* of the channel to the judge: its own, the judge's */
    uint32_t incarnation;           /* starts so far */
    uint32_t fresh;                 /* a bit for each interface whose handle is new: nobody has read from it */
    bool ready, mourned;            /* its death was told, its return was not */
    struct loss_counts lost_before; /* when it died */
    struct word_limit words;        /* that it had said to people */
};

/* One interface, with a queue for each decoder. */
struct mirror {
    struct capture_group *group;
    enum capture_link link; /* as it was last said */
    bool reopened;          /* since then, and the decoders started again */
    uint64_t awaited;       /* a bit for each queue whose decoder has not said yet that it reads its new handle */
    struct loss_window losses;
};

/* Rules and configuration on their way to one process. */
struct handing {
    enum { HANDING_DONE, HANDING_SENDS, HANDING_WAITS } state; /* WAITS: for its word that it has them */
    size_t at, piece_bytes;
    uint8_t piece[1 + HANDOVER_NUMBER_BYTES + HANDOVER_PIECE_BYTES];
};

struct renewal {
    enum { RENEWAL_NONE, RENEWAL_READING, RENEWAL_JUDGE, RENEWAL_DECODERS } stage;
    struct preparer *preparer;           /* RENEWAL_READING */
    bool again;                          /* asked for meanwhile, or while the processes were started */
    uint32_t number;                     /* of next, also when the sensor runs by it */
    struct generation *next;             /* NULL: the sensor runs by it */
    struct span for_judge, for_decoders; /* without the password; empty: it could not be taken out */
    int64_t deadline;
    char waiting[PREPARED_WAITING_BYTES]; /* options that are taken at the next start */
    struct event *timer;
    struct handing judge, decoders[FIGURES_DECODERS_MAX];
};

struct watcher {
    struct watcher_settings settings;
    struct generation *own; /* what settings points to now; NULL: what the sensor was started with */
    uint32_t generation, last_generation;
    struct generation *own_earlier; /* the same of the one before */
    struct config *earlier_config;  /* NULL: there was none before */
    const struct knowledge *earlier_knowledge;
    uint32_t earlier_generation;
    struct renewal renewal;
    struct wording wording;
    struct event_base *base;
    struct supervisor *supervisor;
    unsigned mirror_count;
    struct mirror mirrors[CONFIG_INTERFACES_MAX]; /* in the configuration's order */
    struct link_watch *links;
    unsigned queue_count;
    struct queue queues[FIGURES_DECODERS_MAX];
    int judge; /* the supervisor's number for it */
    struct judge_memory *judge_memory;
    bool judge_ready, judge_mourned;
    int metrics; /* a listening socket; -1: none */
    struct metrics_target metrics_target;
    int statm;
    struct redis_connector *redis;
    struct event *tick, *link_changed, *alive;
    bool failed, ready, stopping;
    bool lossy; /* more is lost than policy allows */
    nstime started;
    struct supervisor_figures figures;
    uint64_t health_sequence;
    unsigned health_count;
    struct health_record health[HEALTH_KEPT]; /* not yet told to the judge */
};

nstime watcher_clock(void); /* the system's */

/* --- watcher.c ---------------------------------------------------------------------------------------------------- */

/* All processes work. */
void watcher_ready(struct watcher *w);
/* Ends the sensor.  Whether something failed is said before. */
void watcher_stop(struct watcher *w);

/* --- watcher_children.c ------------------------------------------------------------------------------------------- */

bool watcher_add_children(struct watcher *w);
void watcher_child_ended(struct watcher *w, const struct supervised_news *news);
void watcher_child_says(struct watcher *w, unsigned child, struct span bytes);
/* Each second: of decoders that had more to say than they may. */
void watcher_tell_passed_over(struct watcher *w);
/* The queue's decoder takes its new handle of this interface. */
void watcher_renew_decoder(struct watcher *w, unsigned queue, unsigned mirror);
/* Tells the judge; false when it does not listen now. */
bool watcher_tell_judge(struct watcher *w, uint8_t kind, const void *body, size_t bytes, int fd);

/* --- watcher_reload.c --------------------------------------------------------------------------------------------- */

bool watcher_reload_open(struct watcher *w);
void watcher_reload_close(struct watcher *w);
void watcher_reload(struct watcher *w);
/* All processes work: what was asked for before is done now. */
void watcher_reload_owed(struct watcher *w);
/* The sensor ends: nobody reads anything anew any more. */
void watcher_stop_reading(struct watcher *w);
/* A process has ended: the next one of its name begins with what is handed over now. */
void watcher_begins_anew(struct watcher *w, unsigned child);
/* A process has what was handed to it under this number, or has not. */
void watcher_renewed(struct watcher *w, unsigned child, uint32_t number);
void watcher_not_renewed(struct watcher *w, unsigned child, uint32_t number, const char *why);

/* --- watcher_health.c --------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 4, 5))) void watcher_note(struct watcher *w, enum health_kind kind, const char *subject,
                                                        const char *format, ...);
/* ... without a line on standard error. */
void watcher_note_quietly(struct watcher *w, enum health_kind kind, const char *subject, const char *reason);
__attribute__((format(printf, 6, 7))) void watcher_note_process(struct watcher *w, enum health_kind kind,
                                                                const char *subject, uint64_t restarts,
                                                                int64_t next_try_s, const char *format, ...);
/* The kernel says that something changed, or may have. */
void watcher_look_at_links(struct watcher *w);
/* The queue's decoder works, with the handles that it was started with. */
void watcher_decoder_reads(struct watcher *w, const struct queue *queue);
/* Each second. */
void watcher_look_at_losses(struct watcher *w);
void watcher_tell_figures(struct watcher *w);
/* The end was asked for: the decoders are to read what has come until now. */
void watcher_owe_frames(struct watcher *w);
/* ... and this process has ended.  The judge, whose summary comes behind all decoders, hears what was lost since the
 * last second, and what the process did not read. */
void watcher_tell_last_losses(struct watcher *w, unsigned child);
/* What a queue lost so far, of all interfaces: kernel_drops and unread. */
struct loss_counts watcher_queue_losses(struct watcher *w, unsigned queue);

#endif
