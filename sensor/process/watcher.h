/* The sensor as its supervisor sees it: interfaces, a decoder for each capture queue, the judge, and what happens to
 * them (docs/processes.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_WATCHER_H
#define MAILSPAN_PROCESS_WATCHER_H

#include "commands/outputs.h"

struct watcher_settings {
    const char *config_path;
    bool interfaces_named; /* on the command line, not in the file */
    struct config *config; /* both are replaced at a reload */
    struct knowledge *knowledge;
    struct compiled *compiled; /* of that knowledge */
    enum format format;
    bool all_records; /* dialogues and messages too, not only events */
};

struct watcher;

/* Opens interfaces and sockets, and gives up all rights but that to capture.  NULL when something could not be had,
 * which was said. */
struct watcher *watcher_new(const struct watcher_settings *settings);
/* Until a signal ends it.  False when something failed, which was said. */
bool watcher_run(struct watcher *watcher);
void watcher_free(struct watcher *watcher);

#endif
