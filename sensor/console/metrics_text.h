/* The figures of a sensor in Prometheus' text format, version 0.0.4 (docs/metrics.md).
 *
 * Names: mailspan_, what is counted, its unit if it has one, and _total for what only grows.  Each row of counters.h is
 * a metric of its own, not a label of one `lost` metric: a sum over frames, bytes and holes would mean nothing, and the
 * help belongs to the row.  A label stands where a sum over it means something: outcomes, interfaces, decoders.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CONSOLE_METRICS_TEXT_H
#define MAILSPAN_CONSOLE_METRICS_TEXT_H

#include "mailspan/figures.h"

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct evbuffer; /* libevent's */

/* Appends all metrics.  False when there was no memory; then what was appended is of no use. */
bool metrics_text(struct evbuffer *out, const struct metrics_snapshot *snapshot);

#endif
