/* The whole path in one process, from a captured frame to what the outputs are told: a decoding and a judging.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PIPELINE_H
#define MAILSPAN_PIPELINE_H

#include "decoding.h"
#include "judging.h"

struct pipeline;

/* Reserves every table and pool.  NULL when there is not enough memory.  config and knowledge must outlive it. */
struct pipeline *pipeline_new(const struct config *config, const struct knowledge *knowledge);
void pipeline_free(struct pipeline *pipeline);
void pipeline_add_output(struct pipeline *pipeline, struct output output);

/* One captured frame, borrowed for the call, or for as long as it stays (decoding.h). */
void pipeline_frame(struct pipeline *pipeline, const struct frame_seen *frame);
/* Time has passed without a frame (live only). */
void pipeline_tick(struct pipeline *pipeline, nstime now);
/* The capture is over: everything open is ended and told. */
void pipeline_finish(struct pipeline *pipeline);
/* Tells each source, and then the summary (judging.h). */
void pipeline_tell_sources(struct pipeline *pipeline);
void pipeline_tell_summary(struct pipeline *pipeline, double seconds);

struct counters *pipeline_counters(struct pipeline *pipeline);
const nstime *pipeline_time(const struct pipeline *pipeline); /* of the newest frame */
size_t pipeline_memory_bytes(const struct pipeline *pipeline);

#endif
