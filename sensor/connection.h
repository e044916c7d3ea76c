/* A connection on its way from the stream engine to the messages: found out to be mail, read, and told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CONNECTION_H
#define MAILSPAN_CONNECTION_H

#include "flow/detect_ndpi.h"
#include "mailspan/event.h"
#include "mailspan/stage_times.h"
#include "mailspan/stream.h"
#include "memory_share.h"

/* What all connections share. */
struct connection_shared {
    const struct config *config;
    struct block_pool *pool;
    struct share_table *shares; /* of the pool */
    struct detector *detector;  /* NULL: no nDPI */
    struct charset_table *charsets;
    struct ruleset *rules;
    struct counters *counters;
    struct stage_clock *stages; /* NULL: nothing is timed */
    struct protocol_table *not_mail;
    void *context;
    /* A message has ended.  The record, which has no verdict yet, lives until the function returns. */
    void (*message)(void *context, const struct message_record *record, const struct dialogue_facts *dialogue,
                    struct rule_scan *scan);
    void (*dialogue)(void *context, const struct dialogue_record *record);
};

/* The listener for a stream engine; shared must outlive it. */
struct stream_listener connection_listener(struct connection_shared *shared);

#endif
