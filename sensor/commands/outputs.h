/* Where a command's records go: standard output, as a report or as JSON lines, and Redis when there is a URL.
 *
 * What is lost here is counted (events_dropped, records_dropped), said once, and makes the command fail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_OUTPUTS_H
#define MAILSPAN_COMMANDS_OUTPUTS_H

#include "knowledge.h"
#include "mailspan/event.h"
#include "mailspan/figures.h"

struct event_base; /* libevent's */

enum format { FORMAT_REPORT, FORMAT_JSONL };

/* "report" or "jsonl"; NULL: the report on a terminal, JSON lines elsewhere.  False, and said, when it is neither. */
bool format_choose(const char *text, enum format *format);

/* One line on standard error. */
void say(const char *text);
/* The same for a sensor that must go on: when standard error takes nothing now, the line is lost. */
void say_without_waiting(const char *text);

struct outputs_settings {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct wording *wording; /* NULL: one of its own, by config and knowledge */
    struct counters *counters;
    const struct counters *shown; /* of all processes, for the heartbeat; NULL: counters */
    const nstime *packet_time;    /* of the newest packet */
    enum format format;
    int fd;                  /* standard output */
    bool all_records;        /* dialogues and messages too, not only events */
    bool live;               /* nobody is waited for, and what happens to Redis is said when it happens */
    struct event_base *base; /* whose loop is run by the caller */
    void (*say)(const char *text);
    bool (*ask_for_redis)(void *context); /* publish.h, ask_for_connection; NULL: connects itself */
    void *ask_context;
};

struct outputs;

#define OUTPUTS_MAX 2

/* NULL when something could not be opened, which was said. */
struct outputs *outputs_open(const struct outputs_settings *settings);
void outputs_close(struct outputs *outputs);
/* What the pipeline is to be given; returns how many. */
unsigned outputs_list(struct outputs *outputs, struct output list[OUTPUTS_MAX]);
/* The answer to ask_for_redis: a connection, or why there is none. */
void outputs_redis_connected(struct outputs *outputs, int fd);
void outputs_redis_not_connected(struct outputs *outputs, const char *why);
/* What is told from now on is worded by these; the old ones may go. */
void outputs_renew(struct outputs *outputs, const struct config *config, const struct knowledge *knowledge);
/* A line of JSON for a message or dialogue, made elsewhere; shown when such records are.  An empty one is of a record
 * that is longer than a line may be: that is said and counted. */
void outputs_line(struct outputs *outputs, struct span line);
/* How records are worded here, wherever they are made; NULL when messages and dialogues are not shown. */
const struct wording *outputs_wording(const struct outputs *outputs);
/* From time to time: writes what waits, and says what has failed.  False when nobody is left to be told anything. */
bool outputs_turn(struct outputs *outputs);
/* For the metrics: what Redis has and has not; nothing is `configured` without a URL. */
void outputs_redis_figures(const struct outputs *outputs, struct redis_figures *figures);
/* From here on a full standard output is waited for, at most so long. */
void outputs_wait(struct outputs *outputs, int64_t monotonic_ns);
/* The end: Redis has until then to take what waits.  False when anything was lost, which was said. */
bool outputs_finish(struct outputs *outputs, int64_t monotonic_ns);

#endif
