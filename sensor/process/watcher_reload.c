/* Configuration and rules read anew while the sensor runs (SIGHUP).
 *
 *   file -> checked, expressions compiled -> judge, which says that it has them -> decoders
 *
 * The judge first: it must know the rules that a decoder names.  A process that ends meanwhile is started again with
 * the new ones; one that does not take them is started again, too.  A file with a mistake changes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
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

static void run_by(struct watcher *w, struct config *config, struct knowledge *knowledge, uint32_t number) {
    w->settings.config = config;
    w->settings.knowledge = knowledge;
    w->generation = number;
    wording_renew(&w->wording, config, knowledge->rules, knowledge->bounces);
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
    if (!r->again) return;
    r->again = false;
    watcher_reload(w);
}

static void finish(struct watcher *w) {
    struct renewal *r = &w->renewal;
    for (unsigned i = 0; i < w->mirror_count; i++) capture_group_configure(w->mirrors[i].group, w->settings.config);
    generation_free(w->own);
    w->own = r->next;
    r->next = NULL;
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
    run_by(w, r->old_config, r->old_knowledge, r->old_generation);
    generation_free(r->next);
    r->next = NULL;
    watcher_note(w, HEALTH_RELOAD_REFUSED, "configuration", "the configuration stays as it was: %s", why);
    forget(w);
}

/* --- handing it over ------------------------------------------------------------------------------------------------
 */

/* Sends what the child's socket takes. */
static void send_pieces(struct watcher *w, unsigned child, struct span blob, uint8_t kind, struct handing *handing) {
    while (handing->state == HANDING_SENDS) {
        if (handing->piece_bytes == 0)
            handing->piece_bytes = handover_cut_piece(blob, &handing->at, handing->piece + 1);
        if (handing->piece_bytes == 0) {
            handing->state = HANDING_WAITS;
            return;
        }
        handing->piece[0] = kind;
        if (supervisor_send(w->supervisor, child, span_of(handing->piece, handing->piece_bytes + 1), NULL, 0) !=
            CONTROL_DONE)
            return;
        handing->piece_bytes = 0;
    }
}

static void begin_decoders(struct watcher *w) {
    struct renewal *r = &w->renewal;
    r->stage = RENEWAL_DECODERS;
    r->deadline = sink_now() + RENEWED_MS * NS_PER_MS;
    for (unsigned i = 0; i < w->queue_count; i++) {
        r->decoders[i].state = r->for_decoders.len > 0 ? HANDING_SENDS : HANDING_DONE;
        r->decoders[i].at = r->decoders[i].piece_bytes = 0;
        /* A password stands in it that could not be taken out: a new process has the rules by its birth. */
        if (r->for_decoders.len == 0) supervisor_renew(w->supervisor, (unsigned)w->queues[i].child);
    }
}

/* What it holds open is lost with it, so people should hear why. */
static void say_started_again(const struct watcher *w, const struct handing *handing, const char *why) {
    char text[256];
    (void)snprintf(text, sizeof text, "%s did not take the new configuration, and is started again: %s",
                   w->queues[handing - w->renewal.decoders].name, why);
    say_without_waiting(text);
}

static void hand_to_decoders(struct watcher *w) {
    struct renewal *r = &w->renewal;
    bool late = sink_now() > r->deadline, done = true;
    for (unsigned i = 0; i < w->queue_count; i++) {
        struct handing *handing = &r->decoders[i];
        send_pieces(w, (unsigned)w->queues[i].child, r->for_decoders, DECODER_HANDOVER, handing);
        if (handing->state != HANDING_DONE && late) {
            say_started_again(w, handing, "it did not answer in time");
            supervisor_renew(w->supervisor, (unsigned)w->queues[i].child);
            handing->state = HANDING_DONE;
        }
        done = done && handing->state == HANDING_DONE;
    }
    if (done) finish(w);
}

/* Who is to end is handed nothing more: the word for it stands behind what fills the socket. */
static void go_on(struct watcher *w) {
    struct renewal *r = &w->renewal;
    if (w->stopping) return;
    if (r->stage == RENEWAL_JUDGE) {
        send_pieces(w, (unsigned)w->judge, r->for_judge, JUDGE_HANDOVER, &r->judge);
        if (r->judge.state == HANDING_DONE) {
            begin_decoders(w);
        } else if (sink_now() > r->deadline) {
            drop(w, "the judge did not take it in time");
            return;
        }
    }
    if (r->stage == RENEWAL_DECODERS) hand_to_decoders(w);
    if (r->stage != RENEWAL_NONE) wait_a_turn(w);
}

static void on_turn(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    go_on(context);
}

static struct handing *handing_of(struct watcher *w, unsigned child) {
    struct renewal *r = &w->renewal;
    if ((int)child == w->judge) return r->stage == RENEWAL_JUDGE ? &r->judge : NULL;
    for (unsigned i = 0; r->stage == RENEWAL_DECODERS && i < w->queue_count; i++)
        if (w->queues[i].child == (int)child) return &r->decoders[i];
    return NULL;
}

void watcher_renewed(struct watcher *w, unsigned child) {
    struct handing *handing = handing_of(w, child);
    if (handing == NULL) return;
    handing->state = HANDING_DONE;
    go_on(w);
}

void watcher_not_renewed(struct watcher *w, unsigned child, const char *why) {
    struct handing *handing = handing_of(w, child);
    if (handing == NULL) return;
    if ((int)child == w->judge) {
        drop(w, why);
        return;
    }
    handing->state = HANDING_DONE;
    say_started_again(w, handing, why);
    supervisor_renew(w->supervisor, child);
    go_on(w);
}

/* --- the beginning --------------------------------------------------------------------------------------------------
 */

/* What the file says that this sensor can take at its next start only. */
static void find_waiting(struct watcher *w) {
    struct config file;
    struct problem problem;
    const struct config *running = w->settings.config;
    w->renewal.waiting[0] = '\0';
    config_default(&file);
    if (config_load(&file, w->settings.config_path, &problem)) {
        if (w->settings.interfaces_named) { /* on the command line, in place of the file's */
            file.interface_count = running->interface_count;
            memcpy(file.interfaces, running->interfaces, sizeof file.interfaces);
        }
        (void)config_changes(running, &file, false, w->renewal.waiting, sizeof w->renewal.waiting);
    }
    config_free(&file);
}

static bool pack(struct watcher *w, struct handover *handover) {
    struct renewal *r = &w->renewal;
    bool packed = handover_pack(handover, &r->for_judge);
    if (packed && handover_hide_password(&handover->config)) packed = handover_pack(handover, &r->for_decoders);
    return packed;
}

static void refuse(struct watcher *w, const char *why) {
    watcher_note(w, HEALTH_RELOAD_REFUSED, "configuration", "the configuration stays as it was: %s", why);
    (void)notify_state(NOTIFY_READY, NULL);
}

static bool read_anew(struct watcher *w, char *why, size_t size) {
    struct renewal *r = &w->renewal;
    struct handover handover;
    struct problem problem;
    r->next = handover_read(w->settings.config_path, w->last_generation + 1, w->settings.config, w->settings.compiled,
                            &handover, &problem);
    if (r->next == NULL) {
        problem_text(&problem, why, size);
        return false;
    }
    bool fine = r->next->config.home_network_count > 0;
    if (!fine)
        (void)snprintf(why, size, "%s: no home_networks; expected your customers' prefixes", w->settings.config_path);
    if (fine && !pack(w, &handover)) {
        (void)snprintf(why, size, "not enough memory");
        fine = false;
    }
    handover_read_free(&handover);
    if (fine) return true;
    generation_free(r->next);
    r->next = NULL;
    handover_blob_free(r->for_judge);
    r->for_judge = SPAN_EMPTY;
    return false;
}

void watcher_reload(struct watcher *w) {
    struct renewal *r = &w->renewal;
    char why[640];
    if (w->stopping || !w->ready) return;
    if (r->stage != RENEWAL_NONE) {
        r->again = true;
        return;
    }
    (void)notify_state(NOTIFY_RELOADING, NULL);
    if (!read_anew(w, why, sizeof why)) {
        refuse(w, why);
        return;
    }
    find_waiting(w);
    r->old_config = w->settings.config;
    r->old_knowledge = w->settings.knowledge;
    r->old_generation = w->generation;
    w->last_generation = r->next->number;
    run_by(w, &r->next->config, &r->next->knowledge, r->next->number);
    r->stage = RENEWAL_JUDGE;
    r->deadline = sink_now() + RENEWED_MS * NS_PER_MS;
    r->judge.state = HANDING_SENDS;
    r->judge.at = r->judge.piece_bytes = 0;
    go_on(w);
}

bool watcher_reload_open(struct watcher *w) {
    w->renewal.timer = event_new(w->base, -1, 0, on_turn, w);
    return w->renewal.timer != NULL;
}

void watcher_reload_close(struct watcher *w) {
    struct renewal *r = &w->renewal;
    handover_blob_free(r->for_judge);
    handover_blob_free(r->for_decoders);
    generation_free(r->next);
    generation_free(w->own);
    if (r->timer != NULL) event_free(r->timer);
}
