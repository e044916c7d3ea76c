/* The jail, wall by wall: for jail.c, and for the test that leaves one out and sees the proof fail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_JAIL_PARTS_H
#define MAILSPAN_PROCESS_JAIL_PARTS_H

#include "process/jail.h"

enum jail_part {
    JAIL_PART_ROOT = 1 << 0,
    JAIL_PART_RIGHTS = 1 << 1,
    JAIL_PART_LIMITS = 1 << 2,
    JAIL_PART_LANDLOCK = 1 << 3,
    JAIL_PART_PARENT = 1 << 4,
    JAIL_PART_FILTER = 1 << 5,
    JAIL_PARTS_ALL = (1 << 6) - 1,
};

int jail_build(const struct jail_settings *settings, unsigned parts, char error[JAIL_TEXT_BYTES]);

#endif
