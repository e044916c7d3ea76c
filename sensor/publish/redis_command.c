/* The commands that a sensor gives to Redis; see redis_command.h, and mailspan.lua for what they do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "redis_command.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void add(struct redis_command *command, const void *bytes, size_t length) {
    if (command->count == COMMAND_ARGUMENTS_MAX || sizeof command->bytes - command->used < length) {
        command->full = true;
        return;
    }
    char *to = command->bytes + command->used;
    memcpy(to, bytes, length);
    command->arguments[command->count++] = span_of(to, length);
    command->used += length;
}

static void add_text(struct redis_command *command, const char *text) {
    add(command, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void add_format(struct redis_command *command, const char *format, ...) {
    char text[512];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= sizeof text)
        command->full = true;
    else
        add(command, text, (size_t)length);
}

static void add_number(struct redis_command *command, const char *field, uint64_t value) {
    add_text(command, field);
    add_format(command, "%" PRIu64, value);
}

static void add_field(struct redis_command *command, const char *field, const char *value) {
    add_text(command, field);
    add_text(command, value);
}

/* FCALL function numkeys */
static void begin(struct redis_command *command, const char *function, const char *key_count) {
    command->count = 0;
    command->used = 0;
    command->full = false;
    add_text(command, "FCALL");
    add_text(command, function);
    add_text(command, key_count);
}

/* What a source is after such an event; empty: as before. */
static const char *state_after(const struct decision *decision) {
    if (decision_is_shadow(decision)) return "";
    switch (decision->kind) {
        case DECISION_WARN:
            return source_state_name(STATE_WARNED);
        case DECISION_THROTTLE:
            return source_state_name(STATE_THROTTLED);
        case DECISION_BLOCK:
            return source_state_name(STATE_BLOCKED);
        case DECISION_RELEASE:
            return source_state_name(STATE_CLEAR);
        case DECISION_WITHHELD:
        case DECISION_NONE:
            break;
    }
    return "";
}

/* The name of the channel: a decision that was withheld tells of the sensor's view, not of the source; and who acts on
 * blocks must not hear what only would be one. */
static const char *channel_of(const struct decision *decision) {
    if (decision->kind == DECISION_WITHHELD) return "health";
    return decision_is_shadow(decision) ? "shadow" : decision_kind_name(decision->kind);
}

static void add_event_text(struct redis_command *command, const struct wording *wording,
                           const struct decision *decision) {
    char *to = command->bytes + command->used;
    size_t length = event_json(wording, decision, to, sizeof command->bytes - command->used);
    if (length == 0 || command->count == COMMAND_ARGUMENTS_MAX) {
        command->full = true;
        return;
    }
    command->arguments[command->count++] = span_of(to, length);
    command->used += length;
}

/* What the source's hash holds: its state; of a decision that was withheld only that there was one. */
static void add_source_fields(struct redis_command *command, const struct decision *decision, const char *id,
                              const char *prefix) {
    char time[TIME_TEXT_BYTES];
    add_number(command, "seq", decision->sequence);
    add_field(command, "event", id);
    add_field(command, "prefix", prefix);
    if (decision->kind == DECISION_WITHHELD) {
        add_field(command, "withheld_at", time_to_text(decision->time, time));
        add_field(command, "withheld", decision->reason);
        return;
    }
    if (decision_is_shadow(decision)) {
        add_field(command, "shadow_at", time_to_text(decision->time, time));
        add_field(command, "shadow", decision_kind_name(decision->kind));
        add_field(command, "shadow_reason", decision->reason);
        return;
    }
    add_field(command, "time", time_to_text(decision->time, time));
    add_field(command, "state", state_after(decision));
    add_number(command, "level", decision->level);
    add_field(command, "action", action_name(decision->action));
    add_field(command, "expires_at", decision->expires == 0 ? "" : time_to_text(decision->expires, time));
    add_field(command, "reason", decision->reason);
    add_field(command, "policy", decision->policy == NULL ? "" : decision->policy->name);
}

void redis_command_publish(struct redis_command *command, const struct wording *wording,
                           const struct decision *decision) {
    const char *keys = wording->config->redis_prefix;
    char id[EVENT_ID_BYTES], ip[IP_TEXT_BYTES], prefix[PREFIX_TEXT_BYTES], reach[PREFIX_TEXT_BYTES];
    ip_to_text(&decision->ip, ip);
    prefix_to_text(&decision->ip, decision->prefix_bits, prefix);
    /* A single address is blocked as itself, so that it reads as the key of its hash does. */
    snprintf(reach, sizeof reach, "%s", decision->prefix_bits == 128 ? ip : prefix);
    begin(command, "mailspan_publish", "4");
    add_format(command, "%sevents", keys);
    add_format(command, "%sseen", keys);
    add_format(command, "%ssource:%s", keys, ip);
    add_format(command, "%sblocked", keys);
    add_text(command, event_id(wording, decision, id));
    add_text(command, ""); /* the event before it: known when it is sent */
    add_text(command, decision_kind_name(decision->kind));
    add_event_text(command, wording, decision);
    add_format(command, "%" PRIu64, wording->config->redis_stream_max);
    add_format(command, "%s%s", keys, channel_of(decision));
    add_text(command, state_after(decision));
    add_text(command, reach);
    if (decision->expires == 0)
        add_text(command, "");
    else
        add_format(command, "%" PRId64 ".%06" PRId64, decision->expires / NS_PER_S,
                   decision->expires % NS_PER_S / NS_PER_US);
    add_text(command, ip);
    add_source_fields(command, decision, id, prefix);
}

void redis_command_health(struct redis_command *command, const struct wording *wording,
                          const struct health_record *record) {
    const struct config *config = wording->config;
    char id[EVENT_ID_BYTES], time[TIME_TEXT_BYTES];
    begin(command, "mailspan_health", "3");
    add_format(command, "%sevents", config->redis_prefix);
    add_format(command, "%sseen", config->redis_prefix);
    add_format(command, "%ssensor:%s", config->redis_prefix, config->sensor_id);
    add_text(command, health_id(wording, record, id));
    add_text(command, ""); /* the event before it: known when it is sent */
    add_text(command, health_kind_name(record->kind));
    char *to = command->bytes + command->used;
    size_t length = health_json(wording, record, to, sizeof command->bytes - command->used);
    if (length == 0) command->full = true;
    command->arguments[command->count++] = span_of(to, length);
    command->used += length;
    add_format(command, "%" PRIu64, config->redis_stream_max);
    add_format(command, "%shealth", config->redis_prefix);
    add_text(command, record->subject);
    add_field(command, "health", record->reason);
    add_field(command, "health_at", time_to_text(record->time, time));
}

unsigned redis_command_id_argument(const struct span *arguments, unsigned count) {
    unsigned keys = count > 2 && arguments[2].len == 1 ? (unsigned)(arguments[2].data[0] - '0') : 0;
    return 3 + keys;
}

void redis_command_heartbeat(struct redis_command *command, const struct config *config,
                             const struct heartbeat *heartbeat) {
    const struct counters *counters = heartbeat->counters;
    char time[TIME_TEXT_BYTES];
    begin(command, "mailspan_heartbeat", "1");
    add_format(command, "%ssensor:%s", config->redis_prefix, config->sensor_id);
    add_format(command, "%" PRId64, 3 * config->heartbeat_s); /* two may be late */
    add_field(command, "version", MAILSPAN_VERSION);
    add_field(command, "time", time_to_text(heartbeat->now, time));
    add_number(command, "packets", counters->packets);
    add_number(command, "drops", counters->kernel_drops + counters->interface_drops);
    add_number(command, "dialogues", counters->dialogues);
    add_number(command, "messages", counters->messages);
    add_number(command, "events", counters->events);
    add_number(command, "events_dropped", counters->events_dropped);
    add_number(command, "pending", heartbeat->pending);
    add_text(command, "lag"); /* seconds that the newest packet is behind the clock */
    if (heartbeat->packet_time == 0)
        add_text(command, "");
    else
        add_format(command, "%.3f", (double)(heartbeat->now - heartbeat->packet_time) / 1e9);
}
