/* The outputs: who is told what the sensor saw.  Each is one file here and a `struct output` (mailspan/event.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_PUBLISH_H
#define MAILSPAN_PUBLISH_PUBLISH_H

#include <stdio.h>

#include "mailspan/event.h"
#include "mailspan/figures.h"

struct event_base; /* libevent's */

/* What every output needs.  The key of hashed names comes from config->privacy_key, else it is random.  All three must
 * outlive the wording, or be renewed; rules and bounces may be NULL (then nothing is named). */
void wording_init(struct wording *wording, const struct config *config, const struct ruleset *rules,
                  const struct bounce_rules *bounces);

/* From now on by these; the key stays, so that hashed names of one run can be compared. */
void wording_renew(struct wording *wording, const struct config *config, const struct ruleset *rules,
                   const struct bounce_rules *bounces);

/* --- jsonl.c: JSON lines (docs/output.md) ------------------------------------------------------------------------- */

struct jsonl;
struct jsonl *jsonl_new(FILE *file, const struct wording *wording); /* NULL: not enough memory */
/* The line that was made last, without its newline, until the next one is made; empty when it was too long.  Where file
 * is NULL lines are only made. */
struct span jsonl_line(const struct jsonl *jsonl);
void jsonl_free(struct jsonl *jsonl); /* flushes; does not close the file */
struct output jsonl_output(struct jsonl *jsonl);
/* A record that does not fit a line of LIMIT_JSON_LINE_BYTES is not written at all: the caller sees that nothing came.
 * errno of the first write that failed, or 0.  The rest is not written then. */
int jsonl_error(const struct jsonl *jsonl);

/* --- report.c: for people ----------------------------------------------------------------------------------------- */

struct report;
struct report *report_new(FILE *file, const struct wording *wording, bool colour); /* NULL: not enough memory */
void report_free(struct report *report);
struct output report_output(struct report *report);
/* A terminal, and the environment has no NO_COLOR. */
bool report_wants_colour(FILE *file);

/* --- event_json.c: a decision as a CloudEvent (docs/events.md) ---------------------------------------------------- */

#define EVENT_JSON_BYTES 98304 /* no event is longer: its rows and their texts are bounded */

/* Writes it without a newline or NUL; returns its length, or 0 when capacity is too small. */
size_t event_json(const struct wording *wording, const struct decision *decision, char *text, size_t capacity);

/* --- health_json.c: what happened to the sensor, likewise ----------------------------------------------------------
 */

size_t health_json(const struct wording *wording, const struct health_record *record, char *text, size_t capacity);

/* --- redis.c: to Redis or Valkey ---------------------------------------------------------------------------------- */

struct redis_settings {
    const struct wording *wording;                /* config->redis_url, redis_prefix, redis_stream_max, heartbeat_s */
    struct counters *counters;                    /* events_dropped is counted here */
    const struct counters *shown;                 /* in the heartbeat; NULL: counters */
    const nstime *packet_time;                    /* of the newest packet, for the heartbeat; may be NULL */
    bool only_losses;                             /* say nothing of the connection: the caller asks at the end */
    void (*say)(void *context, const char *text); /* once when the connection's state changes; may be NULL */
    void *say_context;
    /* Of a process that may open no socket: asks somebody else, who answers by redis_publisher_connected or
     * redis_publisher_not_connected, now or later.  False: he cannot be asked.  NULL: connects itself. */
    bool (*ask_for_connection)(void *context);
    void *ask_context;
};

struct redis_publisher;

/* Connects in the background, whenever the loop runs.  NULL when there is not enough memory, or redis_url is wrong
 * (then *problem is filled). */
struct redis_publisher *redis_publisher_new(struct event_base *base, const struct redis_settings *settings,
                                            struct problem *problem);
/* The answer to ask_for_connection: a connected stream socket, which is the publisher's from now on, or why there is
 * none.  What comes late, twice or unasked changes nothing, and its descriptor is closed. */
void redis_publisher_connected(struct redis_publisher *publisher, int fd);
void redis_publisher_not_connected(struct redis_publisher *publisher, const char *why);
/* What was not acknowledged is lost: drain first. */
void redis_publisher_free(struct redis_publisher *publisher);
struct output redis_publisher_output(struct redis_publisher *publisher); /* events only */
/* Events that Redis has not acknowledged yet. */
size_t redis_publisher_pending(const struct redis_publisher *publisher);
/* For the metrics. */
void redis_publisher_figures(const struct redis_publisher *publisher, struct redis_figures *figures);
/* For people: where Redis is (without the password), and why events do not get there. */
const char *redis_publisher_where(const struct redis_publisher *publisher);
const char *redis_publisher_trouble(const struct redis_publisher *publisher);
/* Whether an event was dropped: no room, or refused for good. */
bool redis_publisher_lost(const struct redis_publisher *publisher);
/* One turn of the loop without waiting, for a caller that does not run the loop itself. */
void redis_publisher_turn(struct redis_publisher *publisher);
/* Runs the loop until all is acknowledged (true) or the time is up. */
bool redis_publisher_drain(struct redis_publisher *publisher, int timeout_ms);

#endif
