/* What the sensor tells the service manager that started it (systemd's sd_notify(3)): when it is ready, reloads, ends,
 * how it fares, and that it is alive.  Where no manager listens (NOTIFY_SOCKET is not set) each of these does nothing.
 *
 * Only the supervisor calls them: it is the process that the manager knows, and the jailed ones have no socket to give.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SENSOR_PROCESS_NOTIFY_H
#define MAILSPAN_SENSOR_PROCESS_NOTIFY_H

#include <stdbool.h>

#include "mailspan/clock.h"

enum notify_state {
    NOTIFY_READY,     /* it watches: at the start, and again behind each NOTIFY_RELOADING */
    NOTIFY_RELOADING, /* the configuration is being read again */
    NOTIFY_STOPPING,  /* it drains what it has, and ends */
};

/* `status` is one line for people (`systemctl status` shows it), or NULL for none.  Control characters become spaces.
 * False: a manager is named, and could not be told. */
bool notify_state(enum notify_state state, const char *status);

/* How often notify_alive() must be called: half of what the manager waits (WatchdogSec=), so that one call may come
 * late.  0: nobody waits.  It is asked for once, at the start: it is the environment's, and does not change. */
nstime notify_alive_interval(void);
bool notify_alive(void);

#endif
