/* knowledge: all that the sensor knows from rule files, loaded together or not at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_KNOWLEDGE_H
#define MAILSPAN_KNOWLEDGE_H

#include "mailspan/bounce.h"
#include "mailspan/config.h"
#include "mailspan/decision.h"
#include "mailspan/rules.h"

struct knowledge {
    struct ruleset *rules;
    struct bounce_rules *bounces;
    struct policies *policies;
};

/* Reads the files that the configuration names, and the built-in ones for the rest.  False with *problem filled on the
 * first mistake; *knowledge is then as it was. */
bool knowledge_load(const struct config *config, struct knowledge *knowledge, struct problem *problem);

/* Sets all to NULL, so it can be called again. */
void knowledge_free(struct knowledge *knowledge);

#endif
