/* stream: both directions of one TCP connection as bytes in order, holes included.
 *
 * An engine takes packets and tells a listener; two engines stand behind this one interface (native, libnids).
 *
 *   open -> { data | gap | end }* -> close
 *
 * What an engine promises: a byte is handed on once; in each direction data and gaps come in sequence, and their
 * lengths add up to the stream's; `end` comes at most once for each direction and nothing after it; `close` comes
 * exactly once.  The native engine also keeps cause before effect: bytes that acknowledge the peer's are handed on
 * after the peer's (or after the gap that stands for them).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_STREAM_H
#define MAILSPAN_STREAM_H

#include "mailspan/address.h"

enum stream_side { SIDE_CLIENT, SIDE_SERVER }; /* who sent the bytes */

static inline enum stream_side side_other(enum stream_side side) {
    return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

enum stream_end {
    STREAM_FIN,      /* this side said that it is done */
    STREAM_RST,      /* either side reset the connection */
    STREAM_TIMEOUT,  /* nothing came for LIMIT_FLOW_IDLE_S */
    STREAM_REPLACED, /* a new connection of the same ports began */
    STREAM_EVICTED,  /* forgotten to make room for others; it may go on */
    STREAM_CLOCK,    /* forgotten because the capture's clock was set back; it may go on */
    STREAM_EOF,      /* the capture ended first */
};

struct stream_info {
    struct endpoint client; /* who sent the SYN, or who speaks to a mail port when no SYN was seen */
    struct endpoint server;
    nstime start;
    bool midstream;  /* picked up without its SYN */
    bool unanswered; /* its SYN/ACK was not seen: the server may have said something before what is handed on */
};

#define STREAM_UNREAD_UNKNOWN UINT32_MAX

enum stream_interest { STREAM_GO_ON, STREAM_ENOUGH }; /* ENOUGH: no more data, gaps or ends; only close */

/* The functions may not call back into the engine. */
struct stream_listener {
    void *context;
    /* A connection's first byte (or gap) is about to come.  Returns the listener's own handle, or NULL when it does not
     * want this connection: then nothing more of it comes, not even close. */
    void *(*open)(void *context, const struct stream_info *info);
    /* unread: how many of the other side's bytes that were handed on, gaps included, had not reached the sender of
     * these when it sent them, as its acknowledgement says; or STREAM_UNREAD_UNKNOWN. */
    enum stream_interest (*data)(void *context, void *handle, enum stream_side side, struct span bytes, uint32_t unread,
                                 nstime now);
    enum stream_interest (*gap)(void *context, void *handle, enum stream_side side, uint64_t length, nstime now);
    enum stream_interest (*end)(void *context, void *handle, enum stream_side side, enum stream_end reason, nstime now);
    void (*close)(void *context, void *handle, nstime now);
    /* Something may come of this connection soon, and then very soon: its memory is asked for, and then what that leads
     * to.  NULL: need not be told. */
    void (*foresee)(void *context, const void *handle, bool very_soon);
};

/* Packets that will come, the last of them first: what one look at a packet finds leads to the next.  NULL: none. */
struct stream_foresight {
    struct packet *place;
    const struct packet *flow, *connection, *message;
};

struct stream_settings {
    size_t flows_max;
    const uint8_t *mail_ports; /* 65536 bits, bit set: look at flows that have this port on the server's side */
    bool any_port;             /* look at every flow */
    const struct ip_prefix *home_networks; /* arranged; flows with neither end in them give way to all others */
    unsigned home_network_count;           /* 0: all ends are at home */
    unsigned parts;                        /* engines that share these limits and the flows; 0 and 1: this one alone */
    /* Asked now and then while all that is open is closed at the end: true, and what is left is only counted
     * (flows_lost), not told.  NULL: there is always time. */
    bool (*time_is_up)(void *context);
    void *time_context;
};

struct stream_engine;

#define STREAM_TURN_OF_PACKET UINT64_MAX

/* Of several engines that share the flows of a capture (settings.parts) each tells what one alone would tell of these
 * flows, unless it ran short of room; `turn` puts together in which order the one would have told it. */
struct stream_engine_kind {
    const char *name;
    /* Allocates all it will ever need.  NULL when there is not enough memory.  All three must outlive the engine. */
    struct stream_engine *(*create)(const struct stream_settings *settings, const struct stream_listener *listener,
                                    struct counters *counters);
    void (*packet)(struct stream_engine *engine, const struct packet *packet);
    /* The settings that it was created with, which must still be there, have other ports or networks now.  Flows that
     * it follows stay whose they are; those on a port that it looks at no more grow old. */
    void (*renew)(struct stream_engine *engine, const struct stream_settings *settings);
    /* These packets will come, after others: asks for the memory that they will need, so that they need not wait for it
     * then.  Changes nothing but what of a packet is the engine's.  NULL: no use. */
    void (*foresee)(const struct stream_engine *engine, const struct stream_foresight *foresight);
    /* Ages flows; called about once a second of packet time. */
    void (*expire)(struct stream_engine *engine, nstime now);
    /* Ends and closes what is open.  why: STREAM_EOF, the capture is over, or STREAM_CLOCK. */
    void (*finish)(struct stream_engine *engine, enum stream_end why, nstime now);
    void (*destroy)(struct stream_engine *engine);
    size_t (*memory_bytes)(const struct stream_engine *engine);
    size_t (*flows_open)(const struct stream_engine *engine); /* remembered now; once a second is fine */
    /* ... of which the listener was told the beginning and not the end. */
    size_t (*flows_untold)(const struct stream_engine *engine);
    /* While the listener is called from expire or finish: what is told of flows with lower turns is told before.  Each
     * flow has one of its own.  NULL: this kind has no such order, and cannot share. */
    uint64_t (*turn)(const struct stream_engine *engine);
    /* Something was forgotten or not kept for want of room since the engine began; NULL as above. */
    bool (*ran_short)(const struct stream_engine *engine);
};

extern const struct stream_engine_kind stream_native;
extern const struct stream_engine_kind stream_libnids;

#endif
