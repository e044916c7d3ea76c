/* Configuration and rules read anew while the sensor runs (SIGHUP).
 *
 *   file -> checked, expressions compiled -> judge, which says that it has them -> decoders
 *   (by a process of its own, preparer.h)
 *
 * The judge first: it must know the rules that a decoder names.  Until it does, whoever is started begins with the old
 * ones; from then on with the new ones, and a judge knows the last but one, too.  Who does not take them is started
 * again.  A file with a mistake, and what the judge refuses, change nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/decoder.h"
#include "process/judge.h"
#include "process/notify.h"
#include "process/watcher_state.h"
#include "publish/publish.h"
#include "publish/sink.h"
#include "text_file.h"

#define TURN_MS 20       /* until a full socket is tried again */
#define RENEWED_MS 20000 /* then who has not taken it is started again */

/* The one before stays as long as it is the last but one: a judge that is started anew is told of messages that began
 * with it. */
static void run_by_next(struct watcher *w) {
    struct generation *next = w->renewal.next;
    generation_free(w->own_earlier);
    w->own_earlier = w->own;
    w->earlier_config = w->settings.config;
    w->earlier_knowledge = w->settings.knowledge;
    w->earlier_generation = w->generation;
    sodium_memzero(w->earlier_config->redis_url, sizeof w->earlier_config->redis_url); /* nobody needs it there */
    w->own = next;
    w->settings.config = &next->config;
    w->settings.knowledge = &next->knowledge;
    w->generation = next->number;
    wording_renew(&w->wording, &next->config, next->knowledge.rules, next->knowledge.bounces);
    w->renewal.next = NULL;
}

static void wait_a_turn(struct watcher *w) {
    static const struct timeval turn = {0, TURN_MS * 1000};
    (void)event_add(w->renewal.timer, &turn);
}

/* --- the end of it -------------------------------------------------------------------------------------------------
 */

static void forget(struct watcher *w) {
    struct renewal *r = &w->renewal;
    handover_blob_free(r->for_judge);
    handover_blob_free(r->for_decoders);
    r->for_judge = r->for_decoders = SPAN_EMPTY;
    r->stage = RENEWAL_NONE;
    (void)event_del(r->timer);
    (void)notify_state(NOTIFY_READY, NULL);
    watcher_reload_owed(w);
}

/* What the interface cannot do of it, as at the start, is said once: it costs processor time from now on. */
static void configure(struct capture_group *group, const struct config *config) {
    char before[2 * CAPTURE_ERROR_BYTES];
    (void)snprintf(before, sizeof before, "%s", capture_group_notice(group));
    capture_group_configure(group, config);
    const char *now = capture_group_notice(group);
    if (now[0] != '\0' && strcmp(now, before) != 0) say_without_waiting(now);
}

static void finish(struct watcher *w) {
    struct renewal *r = &w->renewal;
    for (unsigned i = 0; i < w->mirror_count; i++) configure(w->mirrors[i].group, w->settings.config);
    if (r->waiting[0] != '\0')
        watcher_note(w, HEALTH_RELOADED, "configuration",
                     "configuration and rules were read anew; what %s says holds from the next start on", r->waiting);
    else
        watcher_note(w, HEALTH_RELOADED, "configuration", "configuration and rules were read anew");
    forget(w);
}

/* All stays as it was. */
static void drop(struct watcher *w, const char *why) {
    struct renewal *r = &w->renewal;
    generation_free(r->next);
    r->next = NULL;
    watcher_note(w, HEALTH_RELOAD_REFUSED, "configuration", "the configuration stays as it was: %s", why);
    forget(w);
}

/* --- handing it over ------------------------------------------------------------------------------------------------
 */

static void begin_handing(struct handing *handing, struct span blob) {
    handing->state = blob.len > 0 ? HANDING_SENDS : HANDING_DONE;
    handing->at = handing->piece_bytes = 0;
}

/* Sends what the child's socket takes. */
static void send_pieces(struct watcher *w, unsigned child, struct span blob, uint8_t kind, struct handing *handing) {
    while (handing->state == HANDING_SENDS) {
        if (handing->piece_bytes == 0)
            handing->piece_bytes = handover_cut_piece(blob, &handing->at, handing->piece + 1 + HANDOVER_NUMBER_BYTES);
        if (handing->piece_bytes == 0) {
            handing->state = HANDING_WAITS;
            return;
        }
        handing->piece[0] = kind;
        handover_write_number(w->renewal.number, handing->piece + 1);
        struct span message = span_of(handing->piece, 1 + HANDOVER_NUMBER_BYTES + handing->piece_bytes);
        enum control_result result = supervisor_send(w->supervisor, child, message, NULL, 0);
        if (result == CONTROL_GONE) handing->state = HANDING_DONE; /* the next one of its name begins with it */
        if (result != CONTROL_DONE) return;
        handing->piece_bytes = 0;
    }
}

/* The judge knows it, so it may be told of it.  Who was started before has to be handed it like the others. */
static void begin_decoders(struct watcher *w) {
    struct renewal *r = &w->renewal;
    run_by_next(w);
    r->stage = RENEWAL_DECODERS;
    r->deadline = sink_now() + RENEWED_MS * NS_PER_MS;
    for (unsigned i = 0; i < w->queue_count; i++) {
        begin_handing(&r->decoders[i], r->for_decoders);
        /* A password stands in it that could not be taken out: a new process has the rules by its birth. */
        if (r->for_decoders.len == 0) supervisor_renew(w->supervisor, (unsigned)w->queues[i].child);
    }
}

/* What it holds open is lost with it, so people should hear why. */
static void say_started_again(const char *name, const char *why) {
    char text[256];
    (void)snprintf(text, sizeof text, "%s did not take the new configuration, and is started again: %s", name, why);
    say_without_waiting(text);
}

static void hand_to_decoders(struct watcher *w) {
    struct renewal *r = &w->renewal;
    bool late = sink_now() > r->deadline, done = true;
    for (unsigned i = 0; i < w->queue_count; i++) {
        struct handing *handing = &r->decoders[i];
        send_pieces(w, (unsigned)w->queues[i].child, r->for_decoders, DECODER_HANDOVER, handing);
        if (handing->state != HANDING_DONE && late) {
            say_started_again(w->queues[i].name, "it did not answer in time");
            supervisor_renew(w->supervisor, (unsigned)w->queues[i].child);
            handing->state = HANDING_DONE;
        }
        done = done && handing->state == HANDING_DONE;
    }
    if (done) finish(w);
}

/* One that does not answer may have taken it or not.  When it has ended, which the supervisor sees to, the next one
 * begins with it. */
static void hand_to_judge(struct watcher *w) {
    struct renewal *r = &w->renewal;
    send_pieces(w, (unsigned)w->judge, r->for_judge, JUDGE_HANDOVER, &r->judge);
    if (r->judge.state != HANDING_DONE && sink_now() > r->deadline) {
        say_started_again("the judge", "it did not answer in time; its samples are lost");
        supervisor_renew(w->supervisor, (unsigned)w->judge);
        r->deadline = INT64_MAX;
    }
    if (r->judge.state == HANDING_DONE) begin_decoders(w);
}

/* Who is to end is handed nothing more: the word for it stands behind what fills the socket. */
static void go_on(struct watcher *w) {
    struct renewal *r = &w->renewal;
    if (w->stopping) return;
    if (r->stage == RENEWAL_JUDGE) hand_to_judge(w);
    if (r->stage == RENEWAL_DECODERS) hand_to_decoders(w);
    if (r->stage != RENEWAL_NONE) wait_a_turn(w);
}

static void on_turn(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    go_on(context);
}

/* NULL: nothing is waited for. */
static struct handing *handing_of(struct watcher *w, unsigned child) {
    struct renewal *r = &w->renewal;
    struct handing *handing = NULL;
    if (r->stage == RENEWAL_JUDGE && (int)child == w->judge) handing = &r->judge;
    for (unsigned i = 0; r->stage == RENEWAL_DECODERS && i < w->queue_count; i++)
        if (w->queues[i].child == (int)child) handing = &r->decoders[i];
    return handing == NULL || handing->state == HANDING_DONE ? NULL : handing;
}

void watcher_begins_anew(struct watcher *w, unsigned child) {
    struct handing *handing = handing_of(w, child);
    if (handing == NULL) return;
    handing->state = HANDING_DONE;
    go_on(w);
}

void watcher_renewed(struct watcher *w, unsigned child, uint32_t number) {
    if (number == w->renewal.number) watcher_begins_anew(w, child);
}

void watcher_not_renewed(struct watcher *w, unsigned child, uint32_t number, const char *why) {
    struct handing *handing = handing_of(w, child);
    if (handing == NULL || number != w->renewal.number) return;
    if ((int)child == w->judge) {
        char text[512];
        (void)snprintf(text, sizeof text, "the judge does not take it: %s", why);
        drop(w, text);
        return;
    }
    handing->state = HANDING_DONE;
    say_started_again(w->queues[handing - w->renewal.decoders].name, why);
    supervisor_renew(w->supervisor, child);
    go_on(w);
}

/* --- the beginning --------------------------------------------------------------------------------------------------
 */

/* Of what another process has prepared; the copy without a password, if there is one, so that none is read here. */
static bool take_prepared(struct watcher *w, const struct prepared *prepared, char *why, size_t size) {
    struct renewal *r = &w->renewal;
    struct problem problem;
    if (!prepared->fine) {
        (void)snprintf(why, size, "%s", prepared->why);
        return false;
    }
    r->for_judge = prepared->for_judge;
    r->for_decoders = prepared->for_decoders;
    memcpy(r->waiting, prepared->waiting, sizeof r->waiting);
    r->next = handover_take(r->for_decoders.len > 0 ? r->for_decoders : r->for_judge, w->settings.config,
                            w->settings.compiled, &problem);
    if (r->next == NULL) problem_text(&problem, why, size);
    return r->next != NULL;
}

static void on_prepared(void *context, const struct prepared *prepared) {
    struct watcher *w = context;
    struct renewal *r = &w->renewal;
    char why[PREPARED_WHY_BYTES];
    preparer_free(r->preparer);
    r->preparer = NULL;
    if (!take_prepared(w, prepared, why, sizeof why)) {
        drop(w, why);
        return;
    }
    r->stage = RENEWAL_JUDGE;
    r->deadline = sink_now() + RENEWED_MS * NS_PER_MS;
    begin_handing(&r->judge, r->for_judge);
    go_on(w);
}

void watcher_reload(struct watcher *w) {
    struct renewal *r = &w->renewal;
    if (w->stopping) return;
    if (!w->ready || r->stage != RENEWAL_NONE) { /* what was read before may have changed since */
        r->again = true;
        return;
    }
    (void)notify_state(NOTIFY_RELOADING, NULL);
    r->number = ++w->last_generation;
    r->stage = RENEWAL_READING;
    struct preparer_settings settings = {.path = w->settings.config_path,
                                         .number = r->number,
                                         .running = w->settings.config,
                                         .interfaces_named = w->settings.interfaces_named,
                                         .compiled = w->settings.compiled,
                                         .done = on_prepared,
                                         .context = w};
    r->preparer = preparer_start(w->base, &settings);
    if (r->preparer == NULL) drop(w, "the system gives no process or memory to read it");
}

void watcher_stop_reading(struct watcher *w) {
    preparer_free(w->renewal.preparer);
    w->renewal.preparer = NULL;
}

void watcher_reload_owed(struct watcher *w) {
    if (!w->renewal.again) return;
    w->renewal.again = false;
    watcher_reload(w);
}

bool watcher_reload_open(struct watcher *w) {
    w->renewal.timer = event_new(w->base, -1, 0, on_turn, w);
    return w->renewal.timer != NULL;
}

void watcher_reload_close(struct watcher *w) {
    struct renewal *r = &w->renewal;
    watcher_stop_reading(w);
    handover_blob_free(r->for_judge);
    handover_blob_free(r->for_decoders);
    generation_free(r->next);
    generation_free(w->own);
    generation_free(w->own_earlier);
    if (r->timer != NULL) event_free(r->timer);
}
