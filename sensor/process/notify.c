/* sd_notify(3) by libsystemd, which is in the process anyway: Debian's libpcap has it by way of libdbus.
 *
 * The library writes one datagram, and waits while the manager's queue is full.  The manager's queue holds hundreds;
 * for the calls to stay far below that, tell a status when it changes, not each second.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/notify.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#define STATUS_BYTES 256 /* with its end; longer ones are cut */
#define MESSAGE_BYTES (STATUS_BYTES + 128)

static bool tell(const char *message) {
    return sd_notify(0, message) >= 0;
}

/* A line feed would begin another assignment: what stands in a status must not become MAINPID= or READY=. */
static const char *one_line(char line[STATUS_BYTES], const char *status) {
    snprintf(line, STATUS_BYTES, "%s", status);
    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = ' ';
    return line;
}

/* systemd 253 and later (Type=notify-reload) take a READY=1 for the end of this reload only when they know when it
 * began; earlier ones pass over what they do not know. */
static void word_state(char message[MESSAGE_BYTES], enum notify_state state) {
    struct timespec now = {0};
    switch (state) {
        case NOTIFY_READY:
            snprintf(message, MESSAGE_BYTES, "READY=1");
            break;
        case NOTIFY_RELOADING:
            clock_gettime(CLOCK_MONOTONIC, &now);
            snprintf(message, MESSAGE_BYTES, "RELOADING=1\nMONOTONIC_USEC=%lld",
                     (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
            break;
        case NOTIFY_STOPPING:
            snprintf(message, MESSAGE_BYTES, "STOPPING=1");
            break;
    }
}

bool notify_state(enum notify_state state, const char *status) {
    char message[MESSAGE_BYTES] = "", line[STATUS_BYTES];
    word_state(message, state);
    size_t length = strlen(message);
    if (status != NULL) snprintf(message + length, sizeof message - length, "\nSTATUS=%s", one_line(line, status));
    return tell(message);
}

nstime notify_alive_interval(void) {
    uint64_t wait_us = 0;
    if (sd_watchdog_enabled(0, &wait_us) <= 0 || wait_us > INT64_MAX / NS_PER_US) return 0;
    return (nstime)wait_us * NS_PER_US / 2;
}

bool notify_alive(void) {
    return tell("WATCHDOG=1");
}
