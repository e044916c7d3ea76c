/* Metrics over HTTP: GET /metrics, on loopback or a socket (docs/metrics.md).
 *
 * The supervisor opens the listening descriptor while it still may; the judge serves it from its jail, with libevent's
 * HTTP server in the judge's own loop.
 *
 * Whoever can reach the port may be hostile, and can neither stop the judge nor make it grow:
 *   connections   CONNECTIONS_MAX at once; the oldest makes room, so idle ones keep nobody out
 *                 ACCEPTS_MAX a second; the rest waits in the kernel's backlog
 *                 one request each, closed after CONNECTION_S, however busy it is
 *   requests      GET and HEAD, REQUEST_BYTES_MAX of line and headers, no body; INPUT_BYTES_MAX are read ahead
 *   answers       made at most once in TEXT_AGE_MS, and shared by all connections
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CONSOLE_METRICS_H
#define MAILSPAN_CONSOLE_METRICS_H

#include "mailspan/config.h"
#include "mailspan/figures.h"

struct event_base; /* libevent's */

/* --- the supervisor: metrics_listen.c ----------------------------------------------------------------------------- */

/* A listening descriptor, not blocking, closed by exec; -1 with problem->what filled.  It also makes the C library read
 * what its calendar needs (TZ), which a jailed child can not.  A socket left by a dead sensor is replaced; one that
 * somebody serves is not. */
int metrics_listen(const struct metrics_target *target, struct problem *problem);
/* Closes it, and removes a socket of the file system, as far as the rights that are left allow. */
void metrics_listen_close(const struct metrics_target *target, int listener);

/* --- the judge: metrics.c ----------------------------------------------------------------------------------------- */

struct metrics_server;

/* Whom the server asks, at most once in TEXT_AGE_MS; the answer is used before the function is called again. */
struct metrics_source {
    void *context;
    const struct metrics_snapshot *(*snapshot)(void *context);
};

/* Serves the listener, which stays the caller's, in the loop of base.  NULL when there is not enough memory.  The
 * caller ignores SIGPIPE. */
struct metrics_server *metrics_serve(struct event_base *base, int listener, const struct metrics_source *source);
void metrics_server_free(struct metrics_server *server);

#endif
