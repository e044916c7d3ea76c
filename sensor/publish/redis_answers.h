/* What is taken of a Redis server's answers: hiredis believes a server in what it should not.
 *
 *   an answer that nobody asked for   hiredis ends the process (an assertion), unless it is an error
 *   an array                          whatever number of elements it announces is allocated; nothing that a sensor
 *                                     asks is answered by one
 *   an answer without an end          is kept in memory for as long as it comes
 *
 * With these the connection ends as after any other mistake in the protocol.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_REDIS_ANSWERS_H
#define MAILSPAN_PUBLISH_REDIS_ANSWERS_H

#include <stdbool.h>

#define REDIS_ANSWER_BYTES_MAX 65536 /* of one that has not come whole: ours fit in a line */

struct redisAsyncContext; /* hiredis' */
struct event_base;        /* libevent's */

/* Gives the connection to the loop, with these limits.  False: not enough memory. */
bool redis_answers_attach(struct redisAsyncContext *context, struct event_base *base);
/* Why the connection ended: hiredis calls "out of memory" what is refused here. */
const char *redis_answers_trouble(const struct redisAsyncContext *context);

#endif
