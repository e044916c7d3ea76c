/* Pieces of records that several JSON objects have.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_JSON_RECORD_H
#define MAILSPAN_PUBLISH_JSON_RECORD_H

#include "json_text.h"
#include "mailspan/sample.h"
#include "mailspan/verdict.h"

/* "source" of a CloudEvent: "mailspan/" and the sensor's id, with what a URI's path segment cannot hold as %XX (RFC
 * 3986 2.1). */
void json_put_cloud_source(struct json_text *j, const char *sensor_id);
/* {"ip","port"} */
void json_put_endpoint(struct json_text *j, const char *key, const struct endpoint *endpoint);
/* "scores": content, setup, bounce, total, each {"value","low","high"} */
void json_put_scores(struct json_text *j, const struct scores *scores);
/* "outcomes": how many of the sample's messages were delivered, deferred, bounced, aborted, unknown; and "in_part": how
 * many of the delivered ones were refused to some of their recipients */
void json_put_outcomes(struct json_text *j, const struct scores *scores);
/* "uninformative": messages beside the sample that told nothing, and how many of them were not seen in whole */
void json_put_uninformative(struct json_text *j, const struct scores *scores);
/* "auth": what the source's clients had of AUTH, beside the sample, too */
void json_put_auth(struct json_text *j, const struct scores *scores);
void json_put_later(struct json_text *j, const struct scores *scores);
/* "more_rules": {"count","points"} of those that fired and are not named; null: all are */
void json_put_more_rules(struct json_text *j, const struct verdict *verdict);

#endif
