/* Pieces of records that several JSON objects have; see json_record.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_record.h"

#include "wording.h"

#include "mailspan/address.h"

void json_put_endpoint(struct json_text *j, const char *key, const struct endpoint *endpoint) {
    char ip[IP_TEXT_BYTES];
    json_open(j, key, '{');
    json_put_word(j, "ip", ip_to_text(&endpoint->ip, ip));
    json_put_unsigned(j, "port", endpoint->port);
    json_close(j, '}');
}

static void put_score(struct json_text *j, const char *key, const struct score *score) {
    json_open(j, key, '{');
    json_put_decimal(j, "value", score->value, 2);
    json_put_decimal(j, "low", score->low, 2);
    json_put_decimal(j, "high", score->high, 2);
    json_close(j, '}');
}

void json_put_scores(struct json_text *j, const struct scores *scores) {
    json_open(j, "scores", '{');
    put_score(j, "content", &scores->content);
    put_score(j, "setup", &scores->setup);
    put_score(j, "bounce", &scores->bounce);
    put_score(j, "total", &scores->total);
    json_close(j, '}');
}

void json_put_outcomes(struct json_text *j, const struct scores *scores) {
    json_open(j, "outcomes", '{');
    json_put_unsigned(j, "delivered", scores->delivered);
    json_put_unsigned(j, "deferred", scores->deferred);
    json_put_unsigned(j, "bounced", scores->bounced);
    json_put_unsigned(j, "aborted", scores->aborted);
    json_put_unsigned(j, "unknown", scores->unknown);
    json_close(j, '}');
    json_put_unsigned(j, "in_part", scores->in_part);
}

static void put_uninformative(struct json_text *j, const struct scores *scores) {
    json_open(j, "uninformative", '{');
    json_put_unsigned(j, "messages", scores->uninformative);
    json_put_unsigned(j, "gapped", scores->uninformative_gapped);
    json_put_unsigned(j, "one_sided", scores->uninformative_one_sided);
    json_put_unsigned(j, "encrypted", scores->uninformative_encrypted);
    json_close(j, '}');
}

static void put_auth(struct json_text *j, const struct scores *scores) {
    json_open(j, "auth", '{');
    json_put_unsigned(j, "dialogues", scores->auth.dialogues);
    json_put_unsigned(j, "fruitless", scores->auth.fruitless);
    json_put_unsigned(j, "tries", scores->auth.tries);
    json_put_unsigned(j, "refused", scores->auth.refused);
    json_put_time(j, "refused_last", scores->auth.refused_last);
    json_close(j, '}');
}

static void put_later(struct json_text *j, const struct scores *scores) {
    json_open(j, "later", '{');
    json_put_unsigned(j, "retried", scores->later.retried);
    json_put_unsigned(j, "repeated", scores->later.repeated);
    json_put_unsigned(j, "passed_on", scores->later.passed_on);
    json_put_unsigned(j, "bounced", scores->later.bounced);
    json_put_unsigned(j, "complained", scores->later.complained);
    json_put_unsigned(j, "backscatter", scores->later.backscatter);
    json_close(j, '}');
}

void json_put_beside(struct json_text *j, const struct scores *scores) {
    put_uninformative(j, scores);
    put_auth(j, scores);
    put_later(j, scores);
}

/* "mailspan/" and the sensor's id, with what a URI's path segment cannot hold as %XX (RFC 3986 2.1). */
static void put_cloud_source(struct json_text *j, const char *sensor_id) {
    static const char hex[] = "0123456789ABCDEF";
    struct word_buffer text = {.length = 0};
    memcpy(text.bytes, "mailspan/", 9);
    text.length = 9;
    for (const char *at = sensor_id; *at != '\0' && text.length + 3 <= sizeof text.bytes; at++) {
        uint8_t c = (uint8_t)*at;
        if (ascii_is_alpha(c) || ascii_is_digit(c) || strchr("-._~", c) != NULL) {
            text.bytes[text.length++] = c;
        } else {
            text.bytes[text.length++] = '%';
            text.bytes[text.length++] = (uint8_t)hex[c >> 4];
            text.bytes[text.length++] = (uint8_t)hex[c & 15];
        }
    }
    json_put_text(j, "source", span_of(text.bytes, text.length));
}

void json_put_more_rules(struct json_text *j, const struct verdict *verdict) {
    if (verdict->unnamed_count == 0) {
        json_put_null(j, "more_rules");
        return;
    }
    json_open(j, "more_rules", '{');
    json_put_unsigned(j, "count", verdict->unnamed_count);
    json_put_decimal(j, "points", (double)verdict->unnamed_points, 2);
    json_close(j, '}');
}

void json_put_cloud_event(struct json_text *j, const char *type, const char *id, const char *sensor_id, nstime time,
                          const char *subject) {
    json_put_word(j, "type", type);
    json_put_word(j, "specversion", "1.0");
    json_put_word(j, "id", id);
    put_cloud_source(j, sensor_id);
    json_put_time(j, "time", time);
    json_put_word(j, "subject", subject);
    json_put_word(j, "datacontenttype", "application/json");
}
