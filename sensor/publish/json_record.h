/* Pieces of records that several JSON objects have.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_JSON_RECORD_H
#define MAILSPAN_PUBLISH_JSON_RECORD_H

#include "json_text.h"
#include "mailspan/sample.h"
#include "mailspan/verdict.h"

/* The attributes of a CloudEvent (docs/events.md), all but its data. */
void json_put_cloud_event(struct json_text *j, const char *type, const char *id, const char *sensor_id, nstime time,
                          const char *subject);
/* {"ip","port"} */
void json_put_endpoint(struct json_text *j, const char *key, const struct endpoint *endpoint);
/* "scores": content, setup, bounce, total, each {"value","low","high"} */
void json_put_scores(struct json_text *j, const struct scores *scores);
/* "outcomes": how many of the sample's messages were delivered, deferred, bounced, aborted, unknown; and "in_part": how
 * many of the delivered ones were refused to some of their recipients */
void json_put_outcomes(struct json_text *j, const struct scores *scores);
/* What stands beside the sample: "uninformative", messages that told nothing, and how many of them were not seen in
 * whole; "auth", what the source's clients had of AUTH; "later", what came of its mail after the first try */
void json_put_beside(struct json_text *j, const struct scores *scores);
/* "more_rules": {"count","points"} of those that fired and are not named; null: all are */
void json_put_more_rules(struct json_text *j, const struct verdict *verdict);

#endif
