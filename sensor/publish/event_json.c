/* A decision as a CloudEvent 1.0 in JSON; docs/events.md says what stands where, docs/schema/event.schema.json holds
 * it.
 *
 * The same bytes go to standard output, to the stream and to the channels.  The attribute `type` is "event", because a
 * reader of JSON lines tells lines apart by `type`; what kind of event it is stands in data.kind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_record.h"
#include "publish.h"
#include "wording.h"

/* What was scored is what a decision concerns. */
static void put_ports(struct json_text *j, const struct config *config) {
    json_open(j, "ports", '[');
    for (unsigned port = 1; port <= UINT16_MAX; port++) {
        if (config->scored_ports[port / 8] == 0)
            port |= 7; /* none of these eight: few are set */
        else if (port_is_set(config->scored_ports, (uint16_t)port))
            json_put_unsigned(j, NULL, port);
    }
    json_close(j, ']');
}

static void put_sample(struct json_text *j, const struct scores *scores) {
    json_open(j, "sample", '{');
    json_put_unsigned(j, "messages", scores->messages);
    json_put_time(j, "from", scores->oldest);
    json_put_time(j, "to", scores->newest);
    json_close(j, '}');
    json_put_outcomes(j, scores);
    json_open(j, "health", '{');
    json_put_unsigned(j, "gapped", scores->gapped);
    json_put_unsigned(j, "one_sided", scores->one_sided);
    json_put_unsigned(j, "encrypted", scores->encrypted);
    json_close(j, '}');
    json_put_beside(j, scores);
}

static void put_policy(struct json_text *j, const struct policy *policy) {
    if (policy == NULL) {
        json_put_null(j, "policy");
        return;
    }
    json_open(j, "policy", '{');
    json_put_word(j, "name", policy->name);
    json_put_word(j, "hash", policy->hash);
    json_close(j, '}');
}

static const char *word_or_null(const char *text) {
    return text[0] == '\0' ? NULL : text;
}

static void put_rules(struct json_text *j, const struct wording *wording, const struct verdict *verdict) {
    json_open(j, "rules", '[');
    for (unsigned i = 0; i < verdict->rule_count && i < LIMIT_VERDICT_RULES; i++) {
        const struct rule *rule = word_rule(wording, verdict->rules[i]);
        if (rule == NULL) continue;
        json_open(j, NULL, '{');
        json_put_word(j, "name", rule->name);
        json_put_decimal(j, "points", rule->points, 2);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_put_more_rules(j, verdict);
}

static void put_evidence(struct json_text *j, const struct wording *wording, const struct verdict *verdict) {
    char enhanced[24];
    struct word_buffer buffer;
    const struct bounce_class *class_ = bounce_class_of(wording, verdict);
    struct span list = SPAN_EMPTY;
    json_open(j, NULL, '{');
    json_put_time(j, "time", verdict->time);
    json_put_endpoint(j, "destination", &verdict->destination);
    json_put_word(j, "message_id", word_or_null(verdict->message_id));
    json_put_word(j, "from_domain", word_or_null(verdict->from_domain));
    json_put_word(j, "outcome", outcome_name((enum outcome)verdict->outcome));
    json_put_word(j, "told_by", word_told_by(verdict));
    if (verdict->code == 0) {
        json_put_null(j, "code");
        json_put_null(j, "enhanced");
        json_put_null(j, "text");
    } else {
        json_put_unsigned(j, "code", verdict->code);
        json_put_word(j, "enhanced", enhanced_to_text(&verdict->enhanced, enhanced));
        struct span text = word_evidence_text(wording, verdict, &buffer);
        json_put_text(j, "text", text);
        list = word_blocklist(wording, class_, text);
    }
    json_put_word(j, "bounce_class", class_ == NULL ? NULL : class_->name);
    if (list.len == 0)
        json_put_null(j, "blocklist");
    else
        json_put_text(j, "blocklist", list);
    json_put_word(j, "visibility", visibility_name((enum visibility)verdict->visibility));
    put_rules(j, wording, verdict);
    json_close(j, '}');
}

static void put_data(struct json_text *j, const struct wording *wording, const struct decision *decision) {
    char prefix[PREFIX_TEXT_BYTES];
    json_open(j, "data", '{');
    json_put_word(j, "kind", decision_kind_name(decision->kind));
    json_put_unsigned(j, "seq", decision->sequence);
    json_put_word(j, "prefix", prefix_to_text(&decision->ip, decision->prefix_bits, prefix));
    json_put_word(j, "direction", "out");
    json_put_word(j, "protocol", "tcp");
    put_ports(j, wording->config);
    json_put_word(j, "action", action_name(decision->action));
    json_put_unsigned(j, "level", decision->level);
    json_put_time(j, "starts", decision->time);
    json_put_time(j, "expires", decision->expires);
    json_put_word(j, "reason", decision->reason);
    json_put_scores(j, &decision->scores);
    put_sample(j, &decision->scores);
    put_policy(j, decision->policy);
    json_put_bool(j, "shadow", decision_is_shadow(decision));
    json_open(j, "evidence", '[');
    for (unsigned i = 0; i < decision->evidence_count && i < LIMIT_EVENT_EVIDENCE; i++)
        put_evidence(j, wording, decision->evidence[i]);
    json_close(j, ']');
    json_close(j, '}');
}

size_t event_json(const struct wording *wording, const struct decision *decision, char *text, size_t capacity) {
    char id[EVENT_ID_BYTES], ip[IP_TEXT_BYTES];
    struct json_text json = {.bytes = text, .capacity = capacity}, *j = &json;
    json_start(j);
    json_open(j, NULL, '{');
    json_put_cloud_event(j, "event", event_id(wording, decision, id), wording->config->sensor_id, decision->time,
                         ip_to_text(&decision->ip, ip));
    put_data(j, wording, decision);
    json_close(j, '}');
    return j->full ? 0 : j->length;
}
