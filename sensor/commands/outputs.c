/* Where a command's records go; see outputs.h.
 *
 *   jsonl.c or report.c -> sink.c -> standard output       each record is one of the sink's
 *   redis.c                                                in the caller's loop, or in turns of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/outputs.h"

#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "publish/publish.h"
#include "publish/sink.h"

struct outputs {
    struct outputs_settings settings;
    struct wording wording;
    struct sink *sink;
    struct jsonl *jsonl;
    struct report *report;
    struct output inner; /* of the jsonl or report */
    struct redis_publisher *redis;
    struct event *writable; /* of the loop: standard output's reader goes on */
    int64_t wait_until;     /* 0: nobody has said */
    uint64_t sources_untold;
    bool lost, said_error, said_slow, said_long;
    bool said_no_room; /* and not yet that there is room again */
};

/* --- words -------------------------------------------------------------------------------------------------------- */

void say(const char *text) {
    fprintf(stderr, "mailspan: %s\n", text);
}

void say_without_waiting(const char *text) {
    char line[1200];
    struct pollfd state = {.fd = STDERR_FILENO, .events = POLLOUT};
    int length = snprintf(line, sizeof line, "mailspan: %s\n", text);
    if (length <= 0 || poll(&state, 1, 0) != 1) return;
    size_t bytes = (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    if (write(STDERR_FILENO, line, bytes) < 0) return; /* there is nobody left to say it to */
}

__attribute__((format(printf, 2, 3))) static void tell(struct outputs *o, const char *format, ...) {
    char text[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    o->settings.say(text);
}

bool format_choose(const char *text, enum format *format) {
    *format = isatty(STDOUT_FILENO) ? FORMAT_REPORT : FORMAT_JSONL;
    if (text == NULL) return true;
    *format = strcmp(text, "report") == 0 ? FORMAT_REPORT : FORMAT_JSONL;
    if (*format == FORMAT_REPORT || strcmp(text, "jsonl") == 0) return true;
    fprintf(stderr, "mailspan: --format '%s'; expected report or jsonl\n", text);
    return false;
}

static void on_redis_says(void *context, const char *text) {
    const struct outputs *o = context;
    o->settings.say(text);
}

/* --- standard output ---------------------------------------------------------------------------------------------- */

/* The reader of a replay may have seen enough (`| head`); a sensor's should stay. */
static void check_error(struct outputs *o) {
    int error = sink_error(o->sink);
    if (error == 0 || o->said_error) return;
    o->said_error = o->lost = true;
    if (error == EPIPE && !o->settings.live) return;
    const char *then = o->redis == NULL ? "; what is written there is lost, and the sensor ends"
                                        : "; what is written there is lost until it is started anew";
    tell(o, "standard output: %s%s", strerror(error), o->settings.live ? then : "");
}

static void check_room(struct outputs *o) {
    int no_room = sink_no_room(o->sink);
    if (o->said_no_room == (no_room != 0)) return;
    o->said_no_room = no_room != 0;
    if (no_room == 0)
        tell(o, "standard output: it is written again");
    else
        tell(o, "standard output: %s; records that find no room are dropped and counted", strerror(no_room));
}

static void arm_writable(struct outputs *o) {
    if (o->writable != NULL && sink_waiting_bytes(o->sink) > 0 && sink_error(o->sink) == 0 &&
        sink_no_room(o->sink) == 0)
        (void)event_add(o->writable, NULL); /* what cannot be waited for is tried again at the next turn */
}

static void on_writable(evutil_socket_t fd, short what, void *context) {
    struct outputs *o = context;
    (void)fd, (void)what;
    (void)sink_flush(o->sink);
    arm_writable(o);
}

static void say_why_not_taken(struct outputs *o) {
    if (sink_error(o->sink) != 0) {
        check_error(o);
    } else if (sink_no_room(o->sink) != 0) {
        check_room(o);
    } else if (!o->said_slow) {
        o->said_slow = true;
        tell(o, "standard output: its reader does not keep up; records that find no room are dropped and counted");
    }
    o->lost = true;
}

/* Ends the record that was just written; false when it is lost. */
static bool end_record(struct outputs *o, bool at_once) {
    if (sink_record_bytes(o->sink) == 0) { /* jsonl.c writes nothing of a line that is too long */
        if (!o->said_long) tell(o, "a record longer than a line of JSON may be is dropped and counted");
        o->said_long = o->lost = true;
        return false;
    }
    bool taken = sink_record_end(o->sink);
    if (at_once) (void)sink_flush(o->sink);
    arm_writable(o);
    if (taken && sink_error(o->sink) == 0) return true;
    say_why_not_taken(o);
    return false;
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct outputs *o = context;
    o->inner.dialogue(o->inner.context, record);
    if (!end_record(o, false)) o->settings.counters->records_dropped++;
}

static void on_message(void *context, const struct message_record *record) {
    struct outputs *o = context;
    o->inner.message(o->inner.context, record);
    if (!end_record(o, false)) o->settings.counters->records_dropped++;
}

static void on_notice(void *context, const struct notice *notice, enum notice_finding finding) {
    struct outputs *o = context;
    o->inner.notice(o->inner.context, notice, finding);
    if (!end_record(o, false)) o->settings.counters->records_dropped++;
}

static void on_event(void *context, const struct decision *decision) {
    struct outputs *o = context;
    o->inner.event(o->inner.context, decision);
    if (!end_record(o, true)) o->settings.counters->events_dropped++; /* somebody acts on it: written now */
}

static void on_health(void *context, const struct health_record *record) {
    struct outputs *o = context;
    o->inner.health(o->inner.context, record);
    if (!end_record(o, true)) o->settings.counters->events_dropped++;
}

/* A million of them take longer than a sensor has at its end: the summary is told in any case. */
static void on_source(void *context, const struct source_table *table, const struct source *source) {
    struct outputs *o = context;
    if (o->settings.live && o->jsonl != NULL && o->wait_until > 0 && sink_now() >= o->wait_until) {
        o->settings.counters->records_dropped++;
        o->sources_untold++;
        o->lost = true;
        return;
    }
    o->inner.source(o->inner.context, table, source);
    if (o->jsonl != NULL && !end_record(o, false)) o->settings.counters->records_dropped++; /* a report only collects */
}

static void on_summary(void *context, const struct summary_record *record) {
    struct outputs *o = context;
    o->inner.summary(o->inner.context, record);
    if (!end_record(o, true)) o->settings.counters->records_dropped++;
}

unsigned outputs_list(struct outputs *o, struct output list[OUTPUTS_MAX]) {
    bool all = o->settings.all_records;
    list[0] = (struct output){.context = o,
                              .dialogue = all && o->inner.dialogue != NULL ? on_dialogue : NULL,
                              .message = all && o->inner.message != NULL ? on_message : NULL,
                              .notice = all && o->inner.notice != NULL ? on_notice : NULL,
                              .event = on_event,
                              .health = on_health,
                              .source = on_source,
                              .summary = on_summary};
    if (o->redis == NULL) return 1;
    list[1] = redis_publisher_output(o->redis);
    return 2;
}

void outputs_line(struct outputs *o, struct span line) {
    if (outputs_wording(o) == NULL) return;
    FILE *file = sink_file(o->sink); /* an empty one was too long where it was made */
    if (line.len > 0 && fwrite(line.data, 1, line.len, file) == line.len) (void)putc('\n', file);
    if (!end_record(o, false)) o->settings.counters->records_dropped++;
}

void outputs_renew(struct outputs *o, const struct config *config, const struct knowledge *knowledge) {
    o->settings.config = config;
    o->settings.knowledge = knowledge;
    wording_renew(&o->wording, config, knowledge->rules, knowledge->bounces);
}

const struct wording *outputs_wording(const struct outputs *o) {
    return o->settings.all_records && o->jsonl != NULL ? &o->wording : NULL;
}

void outputs_redis_connected(struct outputs *o, int fd) {
    if (o->redis != NULL)
        redis_publisher_connected(o->redis, fd);
    else
        close(fd);
}

void outputs_redis_not_connected(struct outputs *o, const char *why) {
    if (o->redis != NULL) redis_publisher_not_connected(o->redis, why);
}

/* --- turns and end ------------------------------------------------------------------------------------------------ */

bool outputs_turn(struct outputs *o) {
    if (!o->settings.live && o->redis != NULL) redis_publisher_turn(o->redis);
    (void)sink_flush(o->sink);
    arm_writable(o);
    check_room(o);
    check_error(o);
    return sink_error(o->sink) == 0 || o->redis != NULL;
}

void outputs_wait(struct outputs *o, int64_t monotonic_ns) {
    o->wait_until = monotonic_ns;
    sink_wait_until(o->sink, monotonic_ns);
}

void outputs_redis_figures(const struct outputs *o, struct redis_figures *figures) {
    *figures = (struct redis_figures){.configured = false};
    if (o->redis != NULL) redis_publisher_figures(o->redis, figures);
}

static void finish_redis(struct outputs *o, int64_t monotonic_ns) {
    int64_t start = sink_now(), left_ms = (monotonic_ns - start) / 1000000;
    if (o->redis == NULL || redis_publisher_drain(o->redis, left_ms > 1 ? (int)left_ms : 1)) return;
    o->lost = true;
    size_t pending = redis_publisher_pending(o->redis);
    tell(o, "%zu event%s did not reach Redis at %s within %lld s: %s; see that it runs and takes them%s", pending,
         pending == 1 ? "" : "s", redis_publisher_where(o->redis),
         (long long)((sink_now() - start + 500000000) / 1000000000), redis_publisher_trouble(o->redis),
         o->settings.live ? "" : ", and replay again: nothing arrives twice");
}

bool outputs_finish(struct outputs *o, int64_t monotonic_ns) {
    if (o->sources_untold > 0)
        tell(o, "there was no time to tell %" PRIu64 " sources; the summary counts them in records_dropped",
             o->sources_untold);
    if (o->settings.live) sink_wait_until(o->sink, SINK_WAIT_NEVER); /* Redis first: its events are acted on */
    (void)sink_flush(o->sink);
    finish_redis(o, monotonic_ns);
    if (o->settings.live) sink_wait_until(o->sink, monotonic_ns);
    (void)sink_flush(o->sink);
    check_error(o);
    if (!sink_flush(o->sink) && sink_error(o->sink) == 0) {
        int no_room = sink_no_room(o->sink);
        o->lost = true;
        tell(o, "standard output: %s; the last %zu bytes were not written",
             no_room == 0 ? "its reader does not read" : strerror(no_room), sink_waiting_bytes(o->sink));
    }
    return !o->lost && (o->redis == NULL || !redis_publisher_lost(o->redis));
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static bool open_standard_output(struct outputs *o) {
    o->sink = sink_new(o->settings.fd, LIMIT_OUTPUT_BYTES);
    if (o->sink == NULL) return false;
    sink_wait_until(o->sink, o->settings.live ? SINK_WAIT_NEVER : SINK_WAIT_EVER);
    if (o->settings.format == FORMAT_JSONL) {
        o->jsonl = jsonl_new(sink_file(o->sink), &o->wording);
        if (o->jsonl != NULL) o->inner = jsonl_output(o->jsonl);
    } else {
        o->report = report_new(sink_file(o->sink), &o->wording, report_wants_colour(stdout));
        if (o->report != NULL) o->inner = report_output(o->report);
    }
    struct stat stat;
    bool waits =
        fstat(sink_descriptor(o->sink), &stat) == 0 && !S_ISREG(stat.st_mode); /* a file can always be written */
    if (o->settings.base != NULL && o->settings.live && waits)
        o->writable = event_new(o->settings.base, sink_descriptor(o->sink), EV_WRITE, on_writable, o);
    return o->jsonl != NULL || o->report != NULL;
}

static bool open_redis(struct outputs *o) {
    struct problem problem;
    if (o->settings.config->redis_url[0] == '\0') return true;
    struct redis_settings settings = {.wording = &o->wording,
                                      .counters = o->settings.counters,
                                      .shown = o->settings.shown,
                                      .packet_time = o->settings.packet_time,
                                      .only_losses = !o->settings.live,
                                      .say = on_redis_says,
                                      .say_context = o,
                                      .ask_for_connection = o->settings.ask_for_redis,
                                      .ask_context = o->settings.ask_context};
    o->redis = redis_publisher_new(o->settings.base, &settings, &problem);
    if (o->redis == NULL) o->settings.say(problem.what);
    return o->redis != NULL;
}

struct outputs *outputs_open(const struct outputs_settings *settings) {
    struct outputs *o = calloc(1, sizeof *o);
    if (o != NULL) {
        o->settings = *settings;
        if (settings->wording != NULL)
            o->wording = *settings->wording;
        else
            wording_init(&o->wording, settings->config, settings->knowledge->rules, settings->knowledge->bounces);
    }
    if (o == NULL || !open_standard_output(o)) {
        settings->say("not enough memory for the output");
    } else if (open_redis(o)) {
        if (o->redis != NULL && settings->live) sink_wait_for_room(o->sink); /* else nobody hears the sensor */
        return o;
    }
    outputs_close(o);
    return NULL;
}

void outputs_close(struct outputs *o) {
    if (o == NULL) return;
    redis_publisher_free(o->redis);
    if (o->writable != NULL) event_free(o->writable);
    jsonl_free(o->jsonl);
    report_free(o->report);
    sink_free(o->sink);
    free(o);
}
