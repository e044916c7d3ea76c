/* What happens to interfaces and processes, said on standard error and told to the judge, who publishes it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "process/judge.h"
#include "process/watcher_state.h"
#include "process_figures.h"

/* --- telling -------------------------------------------------------------------------------------------------------
 */

/* The judge may be starting anew: what it did not take waits, the oldest makes room. */
static void tell_waiting(struct watcher *w) {
    unsigned told = 0;
    while (told < w->health_count && watcher_tell_judge(w, JUDGE_HEALTH, &w->health[told], sizeof w->health[told], -1))
        told++;
    w->health_count -= told;
    memmove(w->health, w->health + told, w->health_count * sizeof w->health[0]);
}

static void keep(struct watcher *w, const struct health_record *record) {
    if (w->health_count == HEALTH_KEPT) {
        w->health_count--;
        memmove(w->health, w->health + 1, w->health_count * sizeof w->health[0]);
    }
    w->health[w->health_count] = *record;
    w->health[w->health_count].time = watcher_clock();
    w->health[w->health_count++].sequence = ++w->health_sequence;
    tell_waiting(w);
}

/* Fills the record's texts, says its sentence, and keeps it. */
__attribute__((format(printf, 4, 0))) static void note(struct watcher *w, struct health_record *record,
                                                       const char *subject, const char *format, va_list values) {
    (void)snprintf(record->subject, sizeof record->subject, "%s", subject);
    (void)vsnprintf(record->reason, sizeof record->reason, format, values);
    say_without_waiting(record->reason);
    keep(w, record);
}

void watcher_note_quietly(struct watcher *w, enum health_kind kind, const char *subject, const char *reason) {
    struct health_record record = {.kind = kind, .next_try_s = -1};
    (void)snprintf(record.subject, sizeof record.subject, "%s", subject);
    (void)snprintf(record.reason, sizeof record.reason, "%s", reason);
    keep(w, &record);
}

void watcher_note(struct watcher *w, enum health_kind kind, const char *subject, const char *format, ...) {
    struct health_record record = {.kind = kind, .next_try_s = -1};
    va_list values;
    va_start(values, format);
    note(w, &record, subject, format, values);
    va_end(values);
}

void watcher_note_process(struct watcher *w, enum health_kind kind, const char *subject, uint64_t restarts,
                          int64_t next_try_s, const char *format, ...) {
    struct health_record record = {.kind = kind, .restarts = (uint32_t)restarts, .next_try_s = next_try_s};
    va_list values;
    va_start(values, format);
    note(w, &record, subject, format, values);
    va_end(values);
}

/* --- interfaces ----------------------------------------------------------------------------------------------------
 */

/* A decoder reads all interfaces, so what it had open on another one was told as far as it was seen, and begins anew.
 */
static void note_up(struct watcher *w, struct mirror *mirror) {
    const char *name = capture_group_name(mirror->group);
    bool others = mirror->reopened && w->mirror_count > 1;
    mirror->reopened = false;
    watcher_note(w, HEALTH_INTERFACE_UP, name, "interface %s is up again%s", name,
                 others ? "; decoders were started again for it, so connections that were open on other interfaces are "
                          "told in two parts"
                        : "");
}

/* A mirror that brings nothing looks like customers who send nothing: people are told which it is. */
static void note_link(struct watcher *w, struct mirror *mirror, enum capture_link link) {
    const char *name = capture_group_name(mirror->group);
    if (link == mirror->link) return;
    mirror->link = link;
    switch (link) {
        case CAPTURE_LINK_UP:
            note_up(w, mirror);
            break;
        case CAPTURE_LINK_DOWN:
            watcher_note(w, HEALTH_INTERFACE_DOWN, name,
                         "interface %s is down, nothing is seen; `ip link set %s up` brings it up", name, name);
            break;
        case CAPTURE_LINK_NO_CARRIER:
            watcher_note(w, HEALTH_INTERFACE_DOWN, name,
                         "interface %s has no carrier, nothing is seen; look at the cable and the mirror port", name);
            break;
        case CAPTURE_LINK_GONE:
        case CAPTURE_LINK_STALE:
            watcher_note(w, HEALTH_INTERFACE_DOWN, name,
                         "interface %s is gone, nothing is seen; it is watched again when there is one of its name",
                         name);
            break;
    }
}

/* It is there again, as another one: all its queues are opened anew.  Tried at each look until it works.  Of one that
 * was said to be down nothing was seen, and it has not gone since. */
static bool reopen(struct watcher *w, unsigned number) {
    char error[CAPTURE_ERROR_BYTES];
    struct mirror *mirror = &w->mirrors[number];
    if (mirror->link != CAPTURE_LINK_DOWN) note_link(w, mirror, CAPTURE_LINK_GONE);
    if (!capture_group_reopen(mirror->group, error)) {
        note_link(w, mirror, CAPTURE_LINK_GONE);
        return false;
    }
    mirror->reopened = true;
    for (unsigned queue = 0; queue < w->queue_count; queue++) watcher_renew_decoder(w, queue, number);
    return true;
}

/* A decoder that died while the interface was down, or memory short, could not be given a new handle. */
static void give_missing_handles(struct watcher *w, unsigned number) {
    char error[CAPTURE_ERROR_BYTES];
    struct capture_group *group = w->mirrors[number].group;
    for (unsigned queue = 0; queue < w->queue_count; queue++)
        if (capture_group_lacks(group, queue) && capture_group_renew(group, queue, error))
            watcher_renew_decoder(w, queue, number);
}

static enum interface_link figure_of(enum capture_link link) {
    if (link == CAPTURE_LINK_UP) return INTERFACE_UP;
    return link == CAPTURE_LINK_NO_CARRIER ? INTERFACE_NO_CARRIER : INTERFACE_DOWN;
}

void watcher_look_at_links(struct watcher *w) {
    struct link_change change;
    while (link_watch_next(w->links, &change))
        for (unsigned i = 0; i < w->mirror_count; i++) capture_group_note(w->mirrors[i].group, &change);
    for (unsigned i = 0; i < w->mirror_count; i++) {
        struct mirror *mirror = &w->mirrors[i];
        enum capture_link link = capture_group_link(mirror->group);
        if (link == CAPTURE_LINK_STALE && reopen(w, i)) link = capture_group_link(mirror->group);
        if (link == CAPTURE_LINK_UP || link == CAPTURE_LINK_NO_CARRIER) give_missing_handles(w, i);
        bool captures = link != CAPTURE_LINK_UP || mirror->awaited == 0; /* else that is told when it does */
        if (link != CAPTURE_LINK_STALE && captures) note_link(w, mirror, link);
        w->figures.links[i] = (uint8_t)figure_of(link);
    }
}

/* One that was started before its new handle was made reads none of it. */
void watcher_decoder_reads(struct watcher *w, const struct queue *queue) {
    bool news = false;
    for (unsigned i = 0; i < w->mirror_count; i++) {
        uint64_t bit = UINT64_C(1) << queue->number;
        if ((w->mirrors[i].awaited & bit) == 0 || (queue->fresh & 1U << i) != 0) continue;
        w->mirrors[i].awaited &= ~bit;
        news = true;
    }
    if (news) watcher_look_at_links(w);
}

/* --- losses --------------------------------------------------------------------------------------------------------
 */

struct loss_counts watcher_queue_losses(struct watcher *w, unsigned queue) {
    struct loss_counts lost = {.taken = 0};
    for (unsigned i = 0; i < w->mirror_count; i++) {
        struct loss_counts of_mirror = capture_group_queue_totals(w->mirrors[i].group, queue);
        lost.kernel_drops += of_mirror.kernel_drops;
        lost.unread += of_mirror.unread;
    }
    return lost;
}

static double count_losses(struct watcher *w) {
    nstime now = watcher_clock();
    double worst = 0;
    for (unsigned i = 0; i < w->mirror_count; i++) {
        struct mirror *mirror = &w->mirrors[i];
        struct loss_counts counts = capture_group_totals(mirror->group);
        loss_window_note(&mirror->losses, now, &counts);
        double share = loss_window_share(&mirror->losses, now);
        if (share > worst) worst = share;
        w->figures.interfaces[i] = (struct interface_figures){.frames = counts.taken - counts.kernel_drops,
                                                              .kernel_drops = counts.kernel_drops,
                                                              .interface_drops = counts.interface_drops,
                                                              .frames_unread = counts.unread};
    }
    for (unsigned i = 0; i < w->queue_count; i++)
        w->figures.decoders[i].kernel_drops = watcher_queue_losses(w, i).kernel_drops;
    w->figures.lost_share = worst;
    return worst;
}

void watcher_look_at_losses(struct watcher *w) {
    const struct policy *policy = policies_active(w->settings.knowledge->policies);
    double worst = count_losses(w);
    if (worst > policy->max_lost_share && !w->lossy) {
        w->lossy = true;
        watcher_note(w, HEALTH_FRAMES_LOST, "sensor",
                     "%.1f %% of the mirror's frames were lost in the last minute, so nothing is decided; raise "
                     "capture.buffer_mib or capture.queues, or mirror less",
                     100 * worst);
    } else if (worst <= policy->max_lost_share / 2 && w->lossy) {
        w->lossy = false;
        watcher_note(w, HEALTH_FRAMES_KEPT, "sensor", "%.1f %% of the mirror's frames were lost in the last minute",
                     100 * worst);
    }
}

/* Without /proc nobody's memory is watched, and an operator may want to know. */
static void look_at_supervision(struct watcher *w) {
    const struct supervisor_counters *counters = supervisor_counters(w->supervisor);
    if (counters->memory_unreadable > 0 && w->figures.memory_unreadable == 0)
        say_without_waiting(
            "there is no /proc, so the sensor's processes do not know their memory: it is not watched, and only the "
            "limit on their address space holds them");
    w->figures.memory_unreadable = counters->memory_unreadable;
    w->figures.control_invalid = counters->control_invalid;
}

void watcher_tell_figures(struct watcher *w) {
    process_figures_read(w->statm, &w->figures.process);
    look_at_supervision(w);
    (void)watcher_tell_judge(w, JUDGE_FIGURES, &w->figures, sizeof w->figures, -1);
    tell_waiting(w);
}

/* --- the end --------------------------------------------------------------------------------------------------------
 */

static void give_up(struct watcher *w, struct queue *queue) {
    char text[128];
    uint64_t unread = 0;
    for (unsigned i = 0; i < w->mirror_count; i++) unread += capture_group_give_up(w->mirrors[i].group, queue->number);
    if (unread == 0) return;
    w->failed = true;
    (void)snprintf(text, sizeof text, "%s: %" PRIu64 " frames that had come were not read before the end", queue->name,
                   unread);
    say_without_waiting(text);
}

void watcher_owe_frames(struct watcher *w) {
    watcher_look_at_losses(w);
    for (unsigned i = 0; i < w->mirror_count; i++) capture_group_end(w->mirrors[i].group);
    for (unsigned i = 0; i < w->queue_count; i++)
        if (w->queues[i].mourned) give_up(w, &w->queues[i]);
}

void watcher_tell_last_losses(struct watcher *w, unsigned child) {
    for (unsigned i = 0; i < w->queue_count; i++)
        if (w->queues[i].child == (int)child) give_up(w, &w->queues[i]);
    (void)count_losses(w);
    watcher_tell_figures(w);
}
