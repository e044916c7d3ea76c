/* What the files of the native engine share; see stream_native.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_STREAM_NATIVE_H
#define MAILSPAN_STREAM_NATIVE_H

#include "flow/flow_table.h"
#include "flow/segment_queue.h"
#include "mailspan/config.h"

struct due_flow;

struct stream_engine {
    struct flow_table *table;
    struct due_flow *due; /* room for every flow, touched when it is used */
    nstime now;           /* the packet's, or that which has come */
    uint64_t turn;        /* see stream.h */
    bool ran_short;
    size_t untold; /* flows whose beginning the listener knows, and not their end */
    struct segment_pool *pool;
    const struct stream_listener *listener;
    struct stream_settings settings;
    struct counters *counters;
    uint32_t lengths; /* of the streams that were closed, by their sequence numbers, modulo 2^32 */
};

static inline bool stream_is_mail_port(const struct stream_engine *e, uint16_t port) {
    return port_is_set(e->settings.mail_ports, port);
}

/* --- stream_begin.c ---------------------------------------------------------------------------------------------- */

/* The flow that the packet belongs to, of which `flow` has its ends (NULL: no flow has).  NULL: none, and nothing of it
 * is believed. */
struct flow *stream_flow_of(struct stream_engine *e, struct flow *flow, const struct packet *packet,
                            enum stream_side *side);

/* --- stream_order.c: what goes to the listener ------------------------------------------------------------------- */

/* What comes of a flow that is closed is counted here. */
uint64_t *stream_counter_of_closed(struct stream_engine *e, const struct flow *flow);
/* Counts bytes that lie before half->next: before the stream, in its last gap, or seen already. */
void stream_count_old_bytes(struct stream_engine *e, const struct flow *flow, enum stream_side side, uint32_t sequence,
                            size_t bytes);

/* What the sender of a segment had not received of its peer's bytes (stream.h). */
uint32_t stream_unread_bytes(const struct flow *flow, enum stream_side side, uint32_t sequence, bool has_ack,
                             uint32_t acknowledgement);
/* The next bytes of a side, and `length` bytes of it that are lost.  The listener may have enough: the flow is closed
 * then. */
void stream_hand_on(struct stream_engine *e, struct flow *flow, enum stream_side side, struct span bytes,
                    uint32_t unread, nstime now);
void stream_declare_gap(struct stream_engine *e, struct flow *flow, enum stream_side side, uint32_t length, nstime now);
/* Tells the side's end, if a FIN is due and counts. */
void stream_end_if_fin_counts(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now);

/* --- what waits --------------------------------------------------------------------------------------------------- */

/* The server may drop such a segment: it acknowledges what was not sent, or was acknowledged long ago. */
bool stream_is_doubtful(const struct flow *flow, enum stream_side side, const struct packet *packet);
/* All that the segment acknowledges has been handed on, as far as it is believed. */
bool stream_cause_came(const struct flow *flow, enum stream_side side, bool has_ack, uint32_t acknowledgement);
/* Hands on all that neither a hole nor a missing cause holds back. */
void stream_settle(struct stream_engine *e, struct flow *flow, nstime now);
/* Ages the hole of a side by one segment of its flow, and gives it up when it is old. */
void stream_watch_hole(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now);
/* Its peer is not heard, or not any more: early pieces count as others do. */
void stream_trust_early(struct half *half);
/* The pool may run short: oldest queues of the flow's kind are handed on, with gaps for their holes. */
void stream_make_queue_room(struct stream_engine *e, const struct flow *flow, nstime now);

/* --- the flow as a whole ------------------------------------------------------------------------------------------ */

/* Nothing waits, is missing, or is reset: true for nearly every packet. */
bool stream_is_quiet(const struct flow *flow);
/* Puts the flow into the list that its state asks for.  quiet: stream_is_quiet. */
void stream_relist(struct stream_engine *e, struct flow *flow, bool quiet, nstime now);
bool stream_reset_is_pending(const struct flow *flow);
/* Seconds of silence in which the reset counts. */
int64_t stream_reset_grace_s(const struct flow *flow);
/* The reason why it ends: its reset, if it has one. */
enum stream_end stream_why_over(const struct flow *flow, enum stream_end otherwise);
/* Tells the ends of what is left: holes are gaps, and what waits behind them is handed on.  Closed, it stays in the
 * table so that stragglers do not look like a new one; forgotten, it does not. */
void stream_close_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now);
void stream_forget_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now);

#endif
