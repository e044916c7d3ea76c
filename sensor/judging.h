/* judging: from verdicts to what the outputs are told of sources.
 *
 * It sees no packet: verdicts come from a decoding, in the same process or through a socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_JUDGING_H
#define MAILSPAN_JUDGING_H

#include "decoding.h"

#define JUDGING_OUTPUTS_MAX 4

#define SECONDS_NOT_TOLD (-1.0)

struct judging;

/* NULL when there is not enough memory.  All three must outlive it; config and knowledge, until they are renewed. */
struct judging *judging_new(const struct config *config, const struct knowledge *knowledge, struct counters *counters);
void judging_free(struct judging *judging);
void judging_add_output(struct judging *judging, struct output output);

/* Whose clock times its stages; none at first. */
void judging_time(struct judging *judging, struct stage_clock *stages);
/* --- when rules and configuration change while it runs (handover.h) --- */

/* What it was created with is of that generation, not of the first, 0. */
void judging_begin_with(struct judging *judging, uint32_t generation);
/* From now on these hold.  Samples stay as they were counted, evidence names its rules by their new places.  Blocks end
 * here when only one of the two policies acts.  The outputs' wording is to be renewed behind this, before anything else
 * is told; then the old ones may go.  generation: of these; more than the last.  False: not enough memory, and nothing
 * has changed. */
bool judging_renew(struct judging *judging, const struct config *config, const struct knowledge *knowledge,
                   uint32_t generation);
/* How many rules and bounce classes that generation had: what a decoder may say of it (wire.h).  False when it is none
 * of the last LIMIT_GENERATIONS. */
bool judging_knows(const struct judging *judging, uint32_t generation, unsigned *rules, unsigned *classes);
/* Words a verdict of a generation that it knows in terms of the newest; to be done before judging_verdict. */
void judging_translate(const struct judging *judging, uint32_t generation, struct verdict *verdict);
void judging_translate_notice(const struct judging *judging, uint32_t generation, struct notice *notice);

/* --- */

/* Counts a verdict in its source's sample, and tells what follows. */
void judging_verdict(struct judging *judging, const struct verdict *verdict, const struct sent *sent);
/* The same of what a mail that came in tells of a message sent before. */
void judging_notice(struct judging *judging, const struct notice *notice);
/* The figures of a client's dialogue that has ended. */
void judging_auth(struct judging *judging, const struct ip_address *client, const struct auth_figures *auth);
/* So much of the mirror's frames was lost lately, from 0 to 1: beyond what policy allows decisions are withheld. */
void judging_lost_share(struct judging *judging, double share);
/* Something happened to the sensor itself. */
void judging_health(struct judging *judging, const struct health_record *record);
/* Packet time has come so far: blocks end by it. */
void judging_advance(struct judging *judging, nstime now);

/* Tells each source, and then the summary. */
void judging_tell_sources(struct judging *judging);
/* counters: of all decodings and the judging together.  seconds: of the run; SECONDS_NOT_TOLD: nor the memory, so
 * that two runs of one capture tell the same. */
void judging_tell_summary(struct judging *judging, const struct counters *counters,
                          const struct decoding_figures *figures, double seconds);
size_t judging_memory_bytes(const struct judging *judging);
/* For the metrics: counters, messages, decisions and sources; the others are the caller's to fill. */
void judging_metrics(const struct judging *judging, struct judge_figures *figures);

/* Goes on counting where another judging was: counters, messages, decisions and health. */
void judging_resume(struct judging *judging, const struct judge_figures *figures);

/* What a dialogue's end says of its client's passwords. */
struct auth_figures judging_auth_of(const struct dialogue_facts *facts);

#endif
