/* A connection, from its first byte to its end: what the stream engine says goes to whom it is for.  Its stages:
 *
 *   BEGINNING      nothing was said yet; or nothing behind a proxy's answer
 *   HEADER         a load balancer's PROXY header is read, as it seems
 *   BEHIND_HEADER  it is whole; what follows is held back until the server has shown whether it took it for one
 *   ASKING         a proxy is asked to connect, as it seems: what follows is a connection of its own, to another port
 *   DETECTING      on a port that is not mail's: nDPI decides, and what it needed for that is handed on
 *   SPEAKING       the SMTP decoder has it; the content of messages goes on to the mail decoder and the rules
 *   NAMING         the SMTP decoder has had enough of it; nDPI may yet have a name for it
 *   OTHER          it is no mail, and was counted by the name that nDPI has for it
 *   OVER           it was told, or its memory was needed
 *
 * The first four are connection_proxy.c's, DETECTING and NAMING are connection_kind.c's, SPEAKING is
 * connection_dialogue.c's.
 *
 * A dialogue takes memory on the account of its source (memory_share.c).  When that is used up another one of the same
 * source is ended early: its messages are told as far as they were seen.  It then holds the one block that this file's
 * own record lies in, on nobody's account, until the engine lets go of the connection: there are half as many again as
 * connections.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_state.h"

#include <stddef.h>

#define CUTS_MAX 4 /* dialogues ended early before one piece of another is read */
#define CACHE_LINE_BYTES 64
#define HOT_BYTES offsetof(struct connection, arena)
#define HOT_DIALOGUE_BYTES 320 /* see smtp_state.h */

/* --- memory --------------------------------------------------------------------------------------------------------
 */

/* Ends a dialogue early, as of the last that was heard of it. */
static void cut_dialogue(struct connection *c) {
    share_leave(&c->member);
    if (c->stage == OVER) return;
    c->shared->counters->dialogues_cut++;
    if (c->dialogue != NULL) {
        const struct early_end end = {true, STREAM_EVICTED, dialogue_facts(c->dialogue)->end};
        (void)connection_hear_end(c, SIDE_CLIENT, &end);
        (void)connection_hear_end(c, SIDE_SERVER, &end);
        connection_finish_dialogue(c, end.time);
    }
    connection_end_detections(c);
    c->stage = OVER;
    c->approach = NULL;
    c->proxied = c->nearest = NULL;
    c->hello[SIDE_CLIENT] = c->hello[SIDE_SERVER] = NULL;
    struct arena arena = c->arena; /* the connection lies in the oldest block */
    arena_trim(&arena, 1);
    share_forget(&c->member);
    c->arena = arena;
}

/* Others give way when the share or the pool runs short. */
static void make_memory(struct connection_shared *shared, struct source_share *share,
                        const struct share_member *current) {
    struct share_member *victim;
    for (unsigned i = 0; i < CUTS_MAX && (victim = share_victim(shared->shares, share, current)) != NULL; i++) {
        shared->pool->ran_short = true;
        cut_dialogue((struct connection *)(void *)victim);
    }
}

/* False when the connection was ended early. */
static bool begin_turn(struct connection *c, nstime now) {
    if (c->stage == OVER || c->stage == OTHER) return false;
    share_touch(&c->member, now);
    return true;
}

/* Something is to be read, which may take memory. */
static enum stream_interest hear(struct connection *c, const struct piece *piece) {
    make_memory(c->shared, c->member.share, &c->member);
    return connection_hear(c, piece);
}

static struct connection *make_connection(struct connection_shared *shared, const struct stream_info *info) {
    struct source_share *share = config_is_home(shared->config, &info->client.ip)
                                     ? share_get(shared->shares, &info->client.ip, shared->config->ipv6_prefix_bits)
                                     : share_get_outside(shared->shares);
    struct arena arena;
    if (share == NULL) return NULL;
    make_memory(shared, share, NULL);
    arena_init(&arena, shared->pool, DIALOGUE_ARENA_BYTES + 2 * LIMIT_ARENA_BLOCK_BYTES);
    arena.account = share_account(share);
    struct connection *c = arena_alloc(&arena, sizeof *c);
    if (c == NULL) {
        share_put(shared->shares, share);
        return NULL;
    }
    share_join(&c->member, share, arena.blocks);
    c->arena = arena;
    c->arena.account = &c->member.account;
    c->shared = shared;
    c->info = *info;
    c->port = info->server.port;
    return c;
}

static void free_connection(struct connection *c) {
    struct share_table *shares = c->shared->shares;
    struct source_share *share = c->member.share;
    struct arena arena = c->arena; /* the connection lies in it */
    share_leave(&c->member);
    arena_reset(&arena);
    share_put(shares, share);
}

/* --- the listener --------------------------------------------------------------------------------------------------
 */

static void *on_open(void *context, const struct stream_info *info) {
    struct connection_shared *shared = context;
    if (shared->detector == NULL && !port_is_set(shared->config->mail_ports, info->server.port)) return NULL;
    struct connection *c = make_connection(shared, info);
    if (c == NULL) {
        shared->counters->dialogue_memory++;
        return NULL;
    }
    share_touch(&c->member, info->start);
    return c;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                    uint32_t unread, nstime now) {
    struct connection *c = handle;
    struct piece piece = {.side = side, .bytes = bytes, .unread = unread, .time = now};
    (void)context;
    if (!begin_turn(c, now)) return STREAM_ENOUGH;
    return connection_skim(c, &piece) ? STREAM_GO_ON : hear(c, &piece);
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct connection *c = handle;
    struct piece piece = {.side = side, .gap_length = length, .unread = STREAM_UNREAD_UNKNOWN, .time = now};
    (void)context;
    return begin_turn(c, now) ? hear(c, &piece) : STREAM_ENOUGH;
}

static enum stream_interest on_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                   nstime now) {
    struct connection *c = handle;
    struct early_end end = {true, reason, now};
    (void)context;
    if (c->dialogue != NULL) return connection_hear_end(c, side, &end);
    c->early_end[side] = end;
    return STREAM_GO_ON;
}

static void on_close(void *context, void *handle, nstime now) {
    struct connection *c = handle;
    (void)context;
    connection_stop_asking(c);
    if (c->dialogue != NULL) {
        connection_finish_dialogue(c, now);
    } else if (c->stage != OVER) { /* nothing was found out: too little was said, or a proxy refused */
        connection_let_go(c, c->detection == NULL ? NULL : detection_protocol(c->detection));
    }
    connection_end_detections(c);
    free_connection(c);
}

/* The dialogue lies behind the connection: what a segment touches of both, by its place. */
static void on_foresee(void *context, const void *handle, bool very_soon) {
    const struct connection *c = handle;
    const char *lines = handle;
    (void)context;
    if (very_soon) {
        if (c->dialogue != NULL) smtp_foresee(c->dialogue);
        return;
    }
    for (size_t at = 0; at < HOT_BYTES; at += CACHE_LINE_BYTES) __builtin_prefetch(lines + at, 1);
    for (size_t at = 0; at < HOT_DIALOGUE_BYTES; at += CACHE_LINE_BYTES)
        __builtin_prefetch(lines + sizeof(struct connection) + at, 1);
}

struct stream_listener connection_listener(struct connection_shared *shared) {
    return (struct stream_listener){.context = shared,
                                    .open = on_open,
                                    .data = on_data,
                                    .gap = on_gap,
                                    .end = on_end,
                                    .close = on_close,
                                    .foresee = on_foresee};
}
