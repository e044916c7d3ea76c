/* Makes connections to Redis for a process that may open no socket: in the background, one at a time.
 *
 * Nothing here waits: the host's name is asked of name servers by libevent, and files of /etc are read anew each time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_REDIS_CONNECTOR_H
#define MAILSPAN_PROCESS_REDIS_CONNECTOR_H

#include "mailspan/config.h"

#define REDIS_CONNECTOR_WITHIN_MS 5000

struct event_base; /* libevent's */

struct redis_connector_settings {
    const struct redis_target *target; /* is copied */
    int within_ms;                     /* name and connection together; 0: REDIS_CONNECTOR_WITHIN_MS */
    const char *name_servers, *hosts;  /* files; NULL: /etc/resolv.conf, /etc/hosts.  They stay the caller's */
    /* fd: connected, non-blocking, and the listener's from now on; or -1 and why.  Comes from the loop, once for each
     * attempt, and may begin the next, or free the connector. */
    void (*done)(void *context, int fd, const char *why);
    void *context;
};

struct redis_connector;

/* NULL: not enough memory. */
struct redis_connector *redis_connector_new(struct event_base *base, const struct redis_connector_settings *settings);
/* Cancels.  A look-up under way gives its memory back in a later turn of the loop. */
void redis_connector_free(struct redis_connector *connector);
/* False: an attempt is under way, and done comes for that one. */
bool redis_connector_begin(struct redis_connector *connector);
/* done does not come any more for the attempt under way. */
void redis_connector_cancel(struct redis_connector *connector);

#endif
