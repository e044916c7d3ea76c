/* The supervisor: starts processes, and keeps them running.
 *
 *   waiting --(its time has come)--> running --(it ended, or was ended)--> waiting, later and later
 *                                       |                                     `--> ended: once, refused, or stopping
 *                                       `-- says CONTROL_ALIVE each second over its control socket
 *
 * A child is a fork without exec: it has the configuration and the rules of its parent, and what its parent opened for
 * it.  Its end is a descriptor that becomes readable (pidfd_open(2)): no SIGCHLD, so none can be lost, and nobody
 * else's child is waited for.  A child that is silent for too long, or holds too much memory, is killed.  Time is the
 * monotonic clock's; a supervisor that was held up itself blames nobody for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_SUPERVISOR_H
#define MAILSPAN_PROCESS_SUPERVISOR_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "mailspan/span.h"
#include "process/control.h"

#define SUPERVISOR_CHILDREN_MAX 72 /* 64 capture queues, a judge, and some */
#define SUPERVISOR_KEPT_MAX 66     /* descriptors that a child has from the start: as many channels, and some */

enum supervised_end {
    SUPERVISED_EXITED,    /* by itself; code: exit code */
    SUPERVISED_KILLED,    /* by a signal that was not ours; code: the signal.  SIGSYS: the filter's */
    SUPERVISED_HUNG,      /* silent for too long, and killed */
    SUPERVISED_OVERGROWN, /* took too much memory, and was killed */
    SUPERVISED_REFUSED,   /* exited with refused_code before its first sign of life: not started again */
    SUPERVISED_LATE,      /* did not end in time when it was told to, and was killed */
    SUPERVISED_UNSTARTED, /* no process could be had, or prepare said no; code: errno */
};
#define SUPERVISED_ENDS 7

struct supervised_news {
    unsigned child;
    const char *name;
    enum supervised_end end;
    int code;
    bool told; /* to end, by us: no reason for alarm */
    int64_t ran_ms;
    uint64_t restarts;   /* of this child, so far */
    int64_t next_try_ms; /* from now; -1: it is not started again */
};

struct supervisor_listener {
    void *context;
    void (*started)(void *context, unsigned child);
    void (*ended)(void *context, const struct supervised_news *news);
    void (*message)(void *context, unsigned child, struct span bytes); /* CONTROL_MESSAGE: of a process that may lie */
    void (*reload)(void *context);                                     /* SIGHUP */
    void (*asked_to_stop)(void *context);                              /* SIGTERM, SIGINT; call supervisor_stop */
    void (*stopped)(void *context);                                    /* no child is left, nor will one be started */
};

/* What is 0 is as in limits.h, which these repeat. */
struct supervisor_settings {
    int64_t first_delay_ms;  /* 1,000; doubled at each further end */
    int64_t last_delay_ms;   /* 60,000 */
    int64_t quiet_ms;        /* 120,000: who ran for so long begins with the first delay again */
    int64_t start_ms;        /* 30,000 until the first sign of life: tables are made */
    int64_t silent_ms;       /* 10,000 between two of them */
    int64_t tick_ms;         /* 250: how often all this is looked at */
    int refused_code;        /* an exit code; 0: none */
    int64_t (*now_ms)(void); /* the monotonic clock; tests have their own */
    int stop_descriptor; /* readable: asked_to_stop (stop_signals_open); 0 or -1: SIGTERM and SIGINT are taken here */
};

struct child_spec {
    const char *name; /* stays the caller's */
    int (*run)(void *context, int control_fd);
    void *context;
    /* Before each start, in the supervisor: opens what the child needs.  False (errno): it cannot be had now.  May be
     * NULL. */
    bool (*prepare)(void *context, bool again);
    /* In the child: which descriptors stay open besides the control socket and 0 to 2.  Returns how many.  May be NULL.
     */
    unsigned (*keep)(void *context, int fds[SUPERVISOR_KEPT_MAX]);
    unsigned order; /* lower ones are told to stop first, and have ended before the next are told */
    bool once;      /* not started again, however it ends */
    uint64_t
        growth_bytes; /* when its address space has grown by more since it first spoke it is killed; 0: not looked at */
};

struct supervisor_counters {
    uint64_t starts, restarts;
    uint64_t ends[SUPERVISED_ENDS];
    uint64_t control_invalid;   /* messages that nobody of ours sends */
    uint64_t memory_unreadable; /* looks at a child's memory when it did not know it: there is no /proc */
};

struct supervisor;

/* NULL: not enough memory, or no signals.  Takes SIGHUP (and the signals to stop, see above) of the process. */
struct supervisor *supervisor_new(struct event_base *base, const struct supervisor_settings *settings,
                                  const struct supervisor_listener *listener);
/* Kills and waits for whoever is left. */
void supervisor_free(struct supervisor *s);

/* Returns the child's number, or -1 when there are SUPERVISOR_CHILDREN_MAX. */
int supervisor_add(struct supervisor *s, const struct child_spec *spec);
/* Starts all that were added; the loop does the rest. */
void supervisor_start(struct supervisor *s);
/* Tells the children to stop, order by order; each order has an equal share of the time that is left, then its rest is
 * killed.  Nobody is started any more.  A second call does nothing. */
void supervisor_stop(struct supervisor *s, int64_t within_ms);
/* Ends a child and starts it anew, without a delay: after a reload.  Counted as a restart alone. */
void supervisor_renew(struct supervisor *s, unsigned child);

/* CONTROL_LATER: its socket is full; CONTROL_GONE: it does not run.  The descriptors stay open here. */
enum control_result supervisor_send(struct supervisor *s, unsigned child, struct span bytes, const int *fds,
                                    unsigned fd_count);
pid_t supervisor_pid(const struct supervisor *s, unsigned child); /* 0: does not run */
const struct supervisor_counters *supervisor_counters(const struct supervisor *s);
/* "killed by signal 11 (Segmentation fault)", for people. */
void supervised_end_text(const struct supervised_news *news, char *text, size_t capacity);

/* How long a child waits that ended so many times in a row. */
int64_t supervisor_delay_ms(const struct supervisor_settings *settings, unsigned failures);

#endif
