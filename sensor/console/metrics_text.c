/* See metrics_text.h.  One function a group of metrics; a later part of the sensor adds its own, and a line in GROUPS.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics_text.h"

#include <event2/buffer.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 32
#define NAME_BYTES 96

struct text {
    struct evbuffer *out;
    bool failed;
    const struct metrics_snapshot *snapshot;
    struct decoder_figures sum;
    const char *name; /* of the metric whose samples are being written */
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...) {
    va_list values;
    va_start(values, format);
    if (evbuffer_add_vprintf(text->out, format, values) < 0) text->failed = true;
    va_end(values);
}

/* --- what a metric is made of ------------------------------------------------------------------------------------- */

/* name must live until the next metric begins. */
static void begin(struct text *text, const char *name, const char *type, const char *help) {
    text->name = name;
    add(text, "# HELP mailspan_%s %s\n# TYPE mailspan_%s %s\n", name, help, name, type);
}

static void sample(struct text *text, uint64_t value) {
    add(text, "mailspan_%s %" PRIu64 "\n", text->name, value);
}

/* Label values come from the configuration: an interface's name may hold a quote. */
static void add_escaped(struct text *text, const char *value) {
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            add(text, "\\n");
        else
            add(text, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
    }
}

static void labelled(struct text *text, const char *label, const char *value, uint64_t number) {
    add(text, "mailspan_%s{%s=\"", text->name, label);
    add_escaped(text, value);
    add(text, "\"} %" PRIu64 "\n", number);
}

/* The shortest digits that read back as the same number. */
static const char *number(double value, char out[NUMBER_BYTES]) {
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(out, NUMBER_BYTES, "%.*g", digits, value);
        if (strtod(out, NULL) == value) break;
    }
    return out;
}

static const char *seconds(uint64_t ns, char out[NUMBER_BYTES]) {
    uint64_t whole = ns / NS_PER_S; /* ns of today are no exact double */
    return number((double)whole + (double)(ns % NS_PER_S) / 1e9, out);
}

static void gauge(struct text *text, const char *name, uint64_t value, const char *help) {
    begin(text, name, "gauge", help);
    sample(text, value);
}

/* A time since 1970; none is told that is not known. */
static void timestamp(struct text *text, const char *name, nstime time, const char *help) {
    char digits[NUMBER_BYTES];
    begin(text, name, "gauge", help);
    if (time > 0) add(text, "mailspan_%s %s\n", name, seconds((uint64_t)time, digits));
}

/* --- the sensor --------------------------------------------------------------------------------------------------- */

static void add_sensor(struct text *text) {
    const struct config *config = text->snapshot->config;
    begin(text, "build_info", "gauge", "what runs: its version, and the engine that puts streams together");
    add(text, "mailspan_build_info{version=\"%s\",reassembly=\"%s\",sensor=\"", MAILSPAN_VERSION,
        config->libnids ? "libnids" : "native");
    add_escaped(text, config->sensor_id);
    add(text, "\"} 1\n");
    timestamp(text, "start_time_seconds", text->snapshot->started,
              "when the sensor was started, in seconds since 1970");
    timestamp(text, "newest_packet_timestamp_seconds", text->sum.newest_packet,
              "time of the newest frame, in seconds since 1970");
}

/* --- counters.h --------------------------------------------------------------------------------------------------- */

static const struct row {
    const char *name, *help;
    size_t offset;
} rows[] = {
#define X(name, help) {#name "_total", help, offsetof(struct counters, name)},
    MAILSPAN_TOTALS(X) MAILSPAN_LOSSES(X)
#undef X
};

/* These have labels, and functions of their own below. */
static bool has_labels(const struct row *row) {
    static const size_t labelled_rows[] = {
        offsetof(struct counters, messages),      offsetof(struct counters, events),
        offsetof(struct counters, kernel_drops),  offsetof(struct counters, interface_drops),
        offsetof(struct counters, frames_unread), offsetof(struct counters, verdicts_dropped)};
    for (size_t i = 0; i < sizeof labelled_rows / sizeof labelled_rows[0]; i++)
        if (row->offset == labelled_rows[i]) return true;
    return false;
}

static void add_counters(struct text *text) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value;
        if (has_labels(&rows[i])) continue;
        memcpy(&value, (const uint8_t *)&text->sum.counters + rows[i].offset, sizeof value);
        begin(text, rows[i].name, "counter", rows[i].help);
        sample(text, value);
    }
}

/* --- messages and events ------------------------------------------------------------------------------------------ */

static void add_messages(struct text *text) {
    begin(text, "messages_total", "counter", "mail transactions and refused greetings, by outcome and visibility");
    for (unsigned outcome = 0; outcome < FIGURES_OUTCOMES; outcome++)
        for (unsigned visibility = 0; visibility < FIGURES_VISIBILITIES; visibility++)
            add(text, "mailspan_messages_total{outcome=\"%s\",visibility=\"%s\"} %" PRIu64 "\n", outcome_name(outcome),
                visibility_name(visibility), text->snapshot->judge.messages[outcome][visibility]);
}

static void add_events(struct text *text) {
    begin(text, "events_total", "counter", "events published, by kind: decisions, and the sensor's own health");
    for (unsigned kind = DECISION_NONE + 1; kind < FIGURES_DECISIONS; kind++)
        labelled(text, "kind", decision_kind_name(kind), text->snapshot->judge.decisions[kind]);
    for (unsigned kind = 0; kind < HEALTH_KINDS; kind++)
        labelled(text, "kind", health_kind_name((enum health_kind)kind), text->snapshot->judge.health[kind]);
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

static void add_tables(struct text *text) {
    const struct judge_figures *judge = &text->snapshot->judge;
    gauge(text, "flows_open", text->sum.flows_open, "TCP connections remembered now");
    gauge(text, "flows_max", text->sum.flows_max, "TCP connections that the tables have room for");
    gauge(text, "pool_used_bytes", text->sum.pool_used_bytes, "memory that dialogues and messages have now");
    gauge(text, "pool_bytes", text->sum.pool_bytes, "memory that they can have");
    gauge(text, "sources", judge->sources, "source addresses remembered now");
    gauge(text, "sources_max", judge->sources_max, "source addresses that the table has room for");
}

/* --- interfaces --------------------------------------------------------------------------------------------------- */

static void add_interfaces(struct text *text) {
    static const struct {
        const char *name, *help;
        size_t offset;
    } counts[] = {
        {"interface_frames_total", "frames that the kernel handed to the sensor, by interface",
         offsetof(struct interface_figures, frames)},
        {"kernel_drops_total", "frames the kernel dropped before the sensor could read them, by interface",
         offsetof(struct interface_figures, kernel_drops)},
        {"interface_drops_total", "frames the interface dropped before the kernel could have them, by interface",
         offsetof(struct interface_figures, interface_drops)},
        {"frames_unread_total", "frames that nobody read: their decoder had died, or the end came first; by interface",
         offsetof(struct interface_figures, frames_unread)},
    };
    const struct config *config = text->snapshot->config;
    begin(text, "interface_up", "gauge", "1: frames can come; 0: the interface is down, or has no carrier");
    for (unsigned i = 0; i < config->interface_count; i++)
        labelled(text, "interface", config->interfaces[i], text->snapshot->supervisor.links[i] == INTERFACE_UP);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        begin(text, counts[c].name, "counter", counts[c].help);
        for (unsigned i = 0; i < config->interface_count; i++) {
            uint64_t value;
            memcpy(&value, (const uint8_t *)&text->snapshot->supervisor.interfaces[i] + counts[c].offset, sizeof value);
            labelled(text, "interface", config->interfaces[i], value);
        }
    }
}

/* --- decoders ----------------------------------------------------------------------------------------------------- */

static void add_decoders(struct text *text) {
    static const struct {
        const char *name, *type, *help;
        size_t offset;
    } columns[] = {
        {"decoder_packets_total", "counter", "frames read, by decoder",
         offsetof(struct decoder_seen, figures.counters.packets)},
        {"decoder_flows_open", "gauge", "TCP connections remembered now, by decoder",
         offsetof(struct decoder_seen, figures.flows_open)},
        {"verdicts_sent_total", "counter", "verdicts that the judge's queue took, by decoder",
         offsetof(struct decoder_seen, figures.verdicts_sent)},
        {"verdicts_dropped_total", "counter", "verdicts lost, because the judge's queue was full, by decoder",
         offsetof(struct decoder_seen, figures.counters.verdicts_dropped)},
        {"verdict_queue_bytes", "gauge", "verdicts that wait for the judge, by decoder",
         offsetof(struct decoder_seen, figures.queue_bytes)},
        {"verdict_queue_max_bytes", "gauge", "room in that queue",
         offsetof(struct decoder_seen, figures.queue_max_bytes)},
    };
    const struct metrics_snapshot *snapshot = text->snapshot;
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        begin(text, columns[c].name, columns[c].type, columns[c].help);
        for (unsigned i = 0; i < snapshot->decoder_count; i++) {
            uint64_t value;
            memcpy(&value, (const uint8_t *)&snapshot->decoders[i] + columns[c].offset, sizeof value);
            add(text, "mailspan_%s{decoder=\"%u\"} %" PRIu64 "\n", text->name, i, value);
        }
    }
    begin(text, "decoder_kernel_drops_total", "counter", "frames the kernel dropped of this decoder's queues");
    for (unsigned i = 0; i < snapshot->decoder_count; i++)
        add(text, "mailspan_%s{decoder=\"%u\"} %" PRIu64 "\n", text->name, i,
            snapshot->supervisor.decoders[i].kernel_drops);
    char digits[NUMBER_BYTES];
    begin(text, "decoder_heard_timestamp_seconds", "gauge",
          "when the decoder last told its figures, in seconds since 1970");
    for (unsigned i = 0; i < snapshot->decoder_count; i++)
        if (snapshot->decoders[i].heard > 0)
            add(text, "mailspan_%s{decoder=\"%u\"} %s\n", text->name, i,
                seconds((uint64_t)snapshot->decoders[i].heard, digits));
}

/* --- Redis -------------------------------------------------------------------------------------------------------- */

static void add_redis(struct text *text) {
    const struct redis_figures *redis = &text->snapshot->judge.redis;
    char digits[NUMBER_BYTES];
    if (!redis->configured) return; /* no Redis is not a Redis that is away */
    gauge(text, "redis_connected", redis->connected, "1: events go to Redis");
    begin(text, "redis_connections_total", "counter", "connections to Redis made: more than one, and some were lost");
    sample(text, redis->connections);
    begin(text, "redis_published_total", "counter", "events that Redis has acknowledged");
    sample(text, redis->published);
    gauge(text, "redis_pending_events", redis->pending, "events that Redis has not acknowledged yet");
    begin(text, "redis_lag_seconds", "gauge", "how long the oldest of these has waited");
    add(text, "mailspan_%s %s\n", text->name, seconds(redis->lag_ns > 0 ? (uint64_t)redis->lag_ns : 0, digits));
}

/* --- processes ---------------------------------------------------------------------------------------------------- */

struct process {
    char name[24];
    uint64_t up, restarts;
    const struct process_figures *figures;
};

/* Process i of the sensor: the supervisor, the judge, and the decoders. */
static struct process process_at(const struct metrics_snapshot *snapshot, unsigned i) {
    const struct supervisor_figures *supervisor = &snapshot->supervisor;
    struct process process = {.up = 1};
    if (i == 0) {
        (void)snprintf(process.name, sizeof process.name, "supervisor");
        process.figures = &supervisor->process;
    } else if (i == 1) {
        (void)snprintf(process.name, sizeof process.name, "judge");
        process.restarts = supervisor->judge.restarts;
        process.figures = &snapshot->judge.process;
    } else {
        const struct child_figures *child = &supervisor->decoders[i - 2];
        (void)snprintf(process.name, sizeof process.name, "decoder%u", i - 2);
        process.up = child->up;
        process.restarts = child->restarts;
        process.figures = &snapshot->decoders[i - 2].figures.process;
    }
    return process;
}

static void add_processes(struct text *text) {
    unsigned count = text->snapshot->decoder_count + 2;
    char digits[NUMBER_BYTES];
    begin(text, "process_up", "gauge", "1: the process runs");
    for (unsigned i = 0; i < count; i++) {
        struct process process = process_at(text->snapshot, i);
        labelled(text, "process", process.name, process.up);
    }
    begin(text, "process_restarts_total", "counter", "times that the supervisor started it again");
    for (unsigned i = 1; i < count; i++) {
        struct process process = process_at(text->snapshot, i);
        labelled(text, "process", process.name, process.restarts);
    }
    begin(text, "process_resident_memory_bytes", "gauge", "memory that the process has in RAM");
    for (unsigned i = 0; i < count; i++) {
        struct process process = process_at(text->snapshot, i);
        if (process.figures->resident_bytes > 0)
            labelled(text, "process", process.name, process.figures->resident_bytes);
    }
    begin(text, "process_cpu_seconds_total", "counter", "processor time that the process has used");
    for (unsigned i = 0; i < count; i++) {
        struct process process = process_at(text->snapshot, i);
        add(text, "mailspan_%s{process=\"%s\"} %s\n", text->name, process.name,
            seconds(process.figures->cpu_ns, digits));
    }
}

static void add_supervision(struct text *text) {
    const struct supervisor_figures *supervisor = &text->snapshot->supervisor;
    begin(text, "process_memory_unreadable_total", "counter",
          "looks at a process that does not know its memory: its growth is not watched then");
    sample(text, supervisor->memory_unreadable);
    begin(text, "control_messages_invalid_total", "counter",
          "messages to the supervisor that no process of this program sends: one was taken over, or is broken");
    sample(text, supervisor->control_invalid);
}

/* --- where the time goes ------------------------------------------------------------------------------------------ */

static void add_histogram(struct text *text, const char *stage, const struct stage_histogram *histogram) {
    char digits[NUMBER_BYTES];
    uint64_t below = 0;
    for (unsigned b = 0; b < STAGE_BUCKETS; b++) {
        below += histogram->buckets[b];
        add(text, "mailspan_%s_bucket{stage=\"%s\",le=\"%s\"} %" PRIu64 "\n", text->name, stage,
            seconds(UINT64_C(1) * STAGE_BUCKET_FIRST_NS << b, digits), below);
    }
    add(text, "mailspan_%s_bucket{stage=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", text->name, stage, histogram->count);
    add(text, "mailspan_%s_sum{stage=\"%s\"} %s\n", text->name, stage, seconds(histogram->sum_ns, digits));
    add(text, "mailspan_%s_count{stage=\"%s\"} %" PRIu64 "\n", text->name, stage, histogram->count);
}

static void add_stages(struct text *text) {
    static const char *const names[TIMED_STAGES] = {
#define X(stage, name) [stage] = (name),
        MAILSPAN_TIMED_STAGES(X)
#undef X
    };
    begin(text, "stage_seconds", "histogram",
          "time that a stage took for itself, of the few frames and verdicts that are timed");
    for (unsigned s = 0; s < TIMED_STAGES; s++) add_histogram(text, names[s], &text->sum.times.stages[s]);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static void (*const GROUPS[])(struct text *text) = {add_sensor,    add_counters,    add_messages, add_events,
                                                    add_tables,    add_interfaces,  add_decoders, add_redis,
                                                    add_processes, add_supervision, add_stages};

bool metrics_text(struct evbuffer *out, const struct metrics_snapshot *snapshot) {
    struct text text = {.out = out, .snapshot = snapshot};
    metrics_sum(snapshot, &text.sum);
    for (size_t i = 0; i < sizeof GROUPS / sizeof GROUPS[0]; i++) GROUPS[i](&text);
    return !text.failed;
}
