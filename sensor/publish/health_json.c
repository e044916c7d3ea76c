/* What happened to the sensor, as a CloudEvent 1.0 (docs/events.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "json_record.h"
#include "publish.h"
#include "wording.h"

const char *health_kind_name(enum health_kind kind) {
    static const char *const names[HEALTH_KINDS] = {
#define X(kind, name, help) [kind] = (name),
        MAILSPAN_HEALTH_KINDS(X)
#undef X
    };
    return names[kind];
}

const char *health_id(const struct wording *wording, const struct health_record *record, char text[EVENT_ID_BYTES]) {
    char time[TIME_TEXT_BYTES];
    (void)snprintf(text, EVENT_ID_BYTES, "%s/health/%" PRIu64 "/%s", wording->config->sensor_id, record->sequence,
                   time_to_text(record->time, time));
    return text;
}

size_t health_json(const struct wording *wording, const struct health_record *record, char *text, size_t capacity) {
    char id[EVENT_ID_BYTES];
    struct json_text json = {.bytes = text, .capacity = capacity}, *j = &json;
    json_start(j);
    json_open(j, NULL, '{');
    json_put_cloud_event(j, "health", health_id(wording, record, id), wording->config->sensor_id, record->time,
                         record->subject);
    json_open(j, "data", '{');
    json_put_word(j, "kind", health_kind_name(record->kind));
    json_put_word(j, "reason", record->reason);
    json_put_unsigned(j, "restarts", record->restarts);
    if (record->next_try_s < 0)
        json_put_null(j, "next_try_s");
    else
        json_put_signed(j, "next_try_s", record->next_try_s);
    json_close(j, '}');
    json_close(j, '}');
    return j->full ? 0 : j->length;
}
