/* Events by number, for tests that want each of them in Redis once and in order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_REDIS_EVENTS_H
#define MAILSPAN_TEST_REDIS_EVENTS_H

#include "publish/wording.h"
#include "publish_samples.h"
#include "redis_server.h"

/* Event number n, from 1, of 20 sources that are blocked and released in turn. */
static inline struct decision event_numbered(unsigned n) {
    struct decision decision = sample_decision(n / 20 % 2 == 0 ? DECISION_BLOCK : DECISION_RELEASE);
    decision.ip = sample_ipv4(192, 0, 2, (uint8_t)(n % 20));
    decision.sequence = n;
    decision.time = SAMPLE_TIME + n * NS_PER_MS;
    return decision;
}

/* Field of entry i of the stream, as it stands there: id, kind, subject, event. */
static inline const char *stream_field(redisReply *stream, size_t i, const char *field) {
    redisReply *fields = stream->element[i]->element[1];
    for (size_t f = 0; f + 1 < fields->elements; f += 2)
        if (strcmp(fields->element[f]->str, field) == 0) return fields->element[f + 1]->str;
    return "(none)";
}

/* The stream holds exactly the events 1 to last, in this order. */
static inline void stream_holds_numbered(struct redis_server *server, const struct wording *wording, unsigned last) {
    redisReply *stream = redisCommand(server->client, "XRANGE mailspan:events - +");
    assert_non_null(stream);
    assert_int_equal(stream->type, REDIS_REPLY_ARRAY);
    assert_int_equal(stream->elements, last);
    for (unsigned n = 1; n <= last; n++) {
        char id[EVENT_ID_BYTES];
        struct decision decision = event_numbered(n);
        assert_string_equal(stream_field(stream, n - 1, "id"), event_id(wording, &decision, id));
    }
    freeReplyObject(stream);
}

#endif
