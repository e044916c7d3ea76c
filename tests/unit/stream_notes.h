/* A listener that writes down what it hears, and a bench with an engine of either kind under it.
 *
 *   open c:text s:text c~gap c!FIN s!FIN close;
 *
 * `midstream` stands for `open` where the beginning was not seen, `no;` where the listener did not want the connection.
 * Pieces that follow each other are one text, so cuts do not show; runs of more than 16 x are written x{17}.  With
 * show_unread a piece is c[3]:text when its sender had not read 3 bytes, and c[?]:text when that is not known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_STREAM_NOTES_H
#define MAILSPAN_TEST_STREAM_NOTES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/config.h"
#include "mailspan/limits.h"
#include "packets.h"

#define NOTES_RUN_MAX 16

struct notes {
    char text[65536];
    size_t len;
    size_t run;       /* of x at the end */
    unsigned handles; /* opened and not closed */
    bool unwanted;    /* open answers NULL */
    bool show_unread;
    unsigned enough_after; /* the n-th data or gap is answered ENOUGH; 0: never */
    unsigned heard;
    enum stream_side last_side;
    uint32_t last_unread;
    bool last_data;
    uint64_t bytes[2], lost[2]; /* by enum stream_side */
    struct stream_info info;
};

static inline void notes_end_run(struct notes *n) {
    if (n->run > NOTES_RUN_MAX) {
        n->len -= NOTES_RUN_MAX;
        n->len += (size_t)snprintf(n->text + n->len, sizeof n->text - n->len, "x{%zu}", n->run);
    }
    n->run = 0;
}

static inline void note(struct notes *n, const char *text) {
    size_t const len = strlen(text);
    notes_end_run(n);
    assert_true(n->len + len < sizeof n->text);
    memcpy(n->text + n->len, text, len + 1);
    n->len += len;
}

static inline void note_bytes(struct notes *n, struct span bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.data[i] != 'x') notes_end_run(n);
        if (bytes.data[i] == 'x' && ++n->run > NOTES_RUN_MAX) continue;
        assert_true(n->len + 32 < sizeof n->text);
        n->text[n->len++] = (char)bytes.data[i];
    }
    n->text[n->len] = '\0';
}

static inline const char *notes_text(struct notes *n) {
    notes_end_run(n); /* a run that goes on is begun anew: look behind it */
    return n->text;
}

static inline void *notes_open(void *context, const struct stream_info *info) {
    struct notes *n = context;
    n->info = *info;
    n->last_data = false;
    note(n, n->unwanted ? "no;" : info->midstream ? "midstream" : "open");
    if (n->unwanted) return NULL;
    n->handles++;
    return n;
}

static inline enum stream_interest notes_answer(struct notes *n) {
    return ++n->heard == n->enough_after ? STREAM_ENOUGH : STREAM_GO_ON;
}

static inline void notes_mark(struct notes *n, enum stream_side side, uint32_t unread) {
    char mark[32];
    char which = side == SIDE_CLIENT ? 'c' : 's';
    if (!n->show_unread) {
        snprintf(mark, sizeof mark, " %c:", which);
    } else if (unread == STREAM_UNREAD_UNKNOWN) {
        snprintf(mark, sizeof mark, " %c[?]:", which);
    } else {
        snprintf(mark, sizeof mark, " %c[%u]:", which, unread);
    }
    note(n, mark);
}

static inline enum stream_interest notes_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                              uint32_t unread, nstime now) {
    struct notes *n = context;
    assert_ptr_equal(handle, n);
    assert_true(bytes.len > 0 && now > 0);
    bool goes_on = n->last_data && n->last_side == side && (!n->show_unread || n->last_unread == unread);
    if (!goes_on) notes_mark(n, side, unread);
    note_bytes(n, bytes);
    n->bytes[side] += bytes.len;
    n->last_data = true;
    n->last_side = side;
    n->last_unread = unread;
    return notes_answer(n);
}

static inline enum stream_interest notes_gap(void *context, void *handle, enum stream_side side, uint64_t length,
                                             nstime now) {
    struct notes *n = context;
    char text[64];
    assert_ptr_equal(handle, n);
    assert_true(length > 0 && now > 0);
    snprintf(text, sizeof text, " %c~%llu", side == SIDE_CLIENT ? 'c' : 's', (unsigned long long)length);
    note(n, text);
    n->lost[side] += length;
    n->last_data = false;
    return notes_answer(n);
}

static inline enum stream_interest notes_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                             nstime now) {
    static const char *const names[] = {"FIN", "RST", "TIMEOUT", "REPLACED", "EVICTED", "CLOCK", "EOF"};
    struct notes *n = context;
    assert_ptr_equal(handle, n);
    assert_true(now > 0);
    note(n, side == SIDE_CLIENT ? " c!" : " s!");
    note(n, names[reason]);
    n->last_data = false;
    return STREAM_GO_ON;
}

static inline void notes_close(void *context, void *handle, nstime now) {
    struct notes *n = context;
    assert_ptr_equal(handle, n);
    assert_true(now > 0 && n->handles > 0);
    n->handles--;
    note(n, " close;");
    n->last_data = false;
}

struct bench {
    const struct stream_engine_kind *kind;
    struct notes notes;
    struct counters counters;
    uint8_t ports[8192];
    struct stream_settings settings;
    struct stream_listener listener;
    struct stream_engine *engine;
    struct talk talk;
};

static inline void bench_start(struct bench *b, const struct stream_engine_kind *kind, size_t flows) {
    b->kind = kind;
    b->settings = (struct stream_settings){.flows_max = flows, .mail_ports = b->ports};
    b->listener = (struct stream_listener){&b->notes, notes_open, notes_data, notes_gap, notes_end, notes_close, NULL};
    port_set(b->ports, 25);
    b->engine = kind->create(&b->settings, &b->listener, &b->counters);
    assert_non_null(b->engine);
    b->talk = talk_between("192.0.2.1", 40000, "198.51.100.25", 25);
}

/* Ends what is open.  The native engine accounts for every byte. */
static inline void bench_finish(struct bench *b) {
    b->kind->finish(b->engine, STREAM_EOF, b->talk.now);
    assert_int_equal(b->notes.handles, 0);
    assert_true(b->kind != &stream_native || counters_account_for_all_bytes(&b->counters));
}

static inline void bench_end(struct bench *b) {
    bench_finish(b);
    b->kind->destroy(b->engine);
    talk_free(&b->talk);
}

static inline void hear(struct bench *b, struct packet packet) {
    b->kind->packet(b->engine, &packet);
}

static inline void handshake(struct bench *b, struct talk *t) {
    hear(b, talk_syn(t));
    hear(b, talk_syn_ack(t));
    hear(b, talk_ack(t, SIDE_CLIENT));
}

static inline void goodbye(struct bench *b, struct talk *t) {
    hear(b, talk_fin(t, SIDE_CLIENT));
    hear(b, talk_fin(t, SIDE_SERVER));
    hear(b, talk_ack(t, SIDE_CLIENT));
}

static inline void pass_time(struct bench *b, struct talk *t, int64_t seconds) {
    for (int64_t i = 0; i < seconds; i++) {
        t->now += NS_PER_S;
        b->kind->expire(b->engine, t->now);
    }
}

#define HEARD(b, expected) assert_string_equal(notes_text(&(b)->notes), expected)

/* For tests of the native engine: *state is a bench with 64 flows. */
static inline int native_setup(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    bench_start(b, &stream_native, 64);
    *state = b;
    return 0;
}

static inline int native_teardown(void **state) {
    struct bench *b = *state;
    bench_end(b);
    free(b);
    return 0;
}

#endif
