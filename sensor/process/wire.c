/* See wire.h.  A record: the kind and the place, the structure that belongs to the kind as it lies in memory (both ends
 * are the same program), and the line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/wire.h"

#include <math.h>
#include <stddef.h>

#include "process/line_check.h"

struct head {
    uint32_t kind;
    uint32_t body_bytes;
    uint32_t generation;
    uint32_t unused; /* 0: no byte is sent that nobody has set */
    struct decoding_place place;
};

/* Where the structure of a kind lies in the record, and its size. */
static size_t body_bytes(enum wire_kind kind) {
    static const size_t bytes[WIRE_KINDS] = {
        [WIRE_MESSAGE] = sizeof((struct wire_record *)NULL)->message,
        [WIRE_NOTICE] = sizeof((struct wire_record *)NULL)->notice,
        [WIRE_DIALOGUE] = sizeof((struct wire_record *)NULL)->dialogue,
        [WIRE_ADVANCE] = sizeof((struct wire_record *)NULL)->now,
        [WIRE_FIGURES] = sizeof((struct wire_record *)NULL)->figures,
        [WIRE_END] = sizeof((struct wire_record *)NULL)->figures,
    };
    return bytes[kind];
}

static uint8_t *body_of(struct wire_record *record) {
    return (uint8_t *)record + offsetof(struct wire_record, message); /* the members of the union begin together */
}

bool wire_write(struct channel_writer *writer, const struct wire_record *record) {
    struct head head = {.kind = record->kind,
                        .body_bytes = (uint32_t)body_bytes(record->kind),
                        .generation = record->generation,
                        .place = record->place};
    struct span parts[] = {
        span_of((const uint8_t *)&head, sizeof head),
        span_of((const uint8_t *)record + offsetof(struct wire_record, message), head.body_bytes),
        record->line,
    };
    return channel_write(writer, parts, 3);
}

/* --- what a judge believes ---------------------------------------------------------------------------------------- */

/* A byte of a bool is 0 or 1, or reading it means nothing. */
#define IS_BOOL(body, type, member) ((body)[offsetof(type, member)] <= 1)

static bool is_share(float value) {
    return isfinite(value) && value >= 0 && value <= 1;
}

static bool is_text(const char *text, size_t size) {
    return memchr(text, '\0', size) != NULL;
}

static bool is_sound_verdict(const uint8_t *body, struct verdict *v, unsigned rules, unsigned classes) {
    if (body == NULL) return false; /* an empty span; the length was looked at */
    if (!IS_BOOL(body, struct verdict, reply_cut) || !IS_BOOL(body, struct verdict, critical) ||
        !IS_BOOL(body, struct verdict, by_code) || !IS_BOOL(body, struct verdict, content_known))
        return false;
    memcpy(v, body, sizeof *v);
    if (v->visibility > VISIBILITY_ENCRYPTED || v->outcome > OUTCOME_ABORTED || v->stage > STAGE_BODY) return false;
    if (v->rule_count > LIMIT_VERDICT_RULES || v->code > 999 || v->time < 0 || v->time >= NSTIME_END) return false;
    for (unsigned i = 0; i < v->rule_count; i++)
        if (v->rules[i] >= rules) return false;
    if (v->unnamed_count > LIMIT_RULES || (v->unnamed_count == 0 && v->unnamed_points != 0)) return false;
    if (v->bounce_class != 0 && v->bounce_class >= classes) return false;
    if (!isfinite(v->content_points) || !isfinite(v->setup_points) || !isfinite(v->unnamed_points)) return false;
    if (v->passes_on > PASSES_ALL || v->told_by != TOLD_BY_DIALOGUE) return false;
    return is_share(v->bounce_weight) && is_share(v->passed_on_weight) && is_share(v->confidence) &&
           is_text(v->message_id, sizeof v->message_id) && is_text(v->from_domain, sizeof v->from_domain) &&
           is_text(v->reply_text, sizeof v->reply_text);
}

/* None is longer than all of them together. */
static bool is_sound_run(const struct recipient_run *run, const struct recipient_order *order) {
    return run->refused <= run->count && run->count <= order->all.count;
}

static bool is_sound_sent(const uint8_t *body, struct sent *sent) {
    if (!IS_BOOL(body, struct sent, passed_on)) return false;
    memcpy(sent, body, sizeof *sent);
    if (sent->kept > LIMIT_SENT_MAILBOXES || sent->kept > sent->recipients || sent->passed_on) return false;
    for (unsigned i = 0; i < sent->kept; i++)
        if (sent->mailboxes[i].outcome > OUTCOME_ABORTED || sent->mailboxes[i].percent > 100 ||
            sent->mailboxes[i].passed_on_percent > 100)
            return false;
    const struct recipient_order *order = &sent->marks.recipients;
    if (order->first.common > 1 || order->last.common > 1) return false;
    if (!is_sound_run(&order->all, order) || !is_sound_run(&order->head, order) || !is_sound_run(&order->tail, order) ||
        !is_sound_run(&order->longest, order))
        return false;
    return sent->rest_percent <= 100 && sent->rest_passed_on_percent <= 100;
}

static bool is_sound_notice(const uint8_t *body, struct notice *n, unsigned classes) {
    if (body == NULL || !IS_BOOL(body, struct notice, reply_cut)) return false;
    memcpy(n, body, sizeof *n);
    if (n->kind < REPORT_BOUNCE || n->kind > REPORT_COMPLAINT || n->code > 999) return false;
    if (n->time < 0 || n->time >= NSTIME_END || (n->bounce_class != 0 && n->bounce_class >= classes)) return false;
    return is_share(n->weight) && is_share(n->passed_on_weight) &&
           is_text(n->message_id_text, sizeof n->message_id_text) && is_text(n->reply_text, sizeof n->reply_text) &&
           is_text(n->recipient, sizeof n->recipient);
}

/* See judging_auth_of. */
static bool is_sound_dialogue(const struct wire_record *record) {
    const struct auth_figures *auth = &record->dialogue.auth;
    return auth->dialogues == (auth->tries > 0) && auth->fruitless <= auth->dialogues && auth->refused_last >= 0;
}

/* nDPI's names, and ours, are keys of the summary as they stand. */
static bool is_name(const char *text, size_t size) {
    size_t i = 0;
    for (; i < size && text[i] != '\0'; i++)
        if (text[i] < ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\') return false;
    return i > 0 && i < size;
}

static bool is_sound_figures(const struct wire_record *record) {
    const struct protocol_table *table = &record->figures.decoding.not_mail;
    if (table->count > LIMIT_PROTOCOLS) return false;
    for (unsigned i = 0; i < table->count; i++)
        if (!is_name(table->rows[i].name, sizeof table->rows[i].name)) return false;
    return record->figures.decoding.first >= 0 && record->figures.decoding.last >= 0 &&
           record->figures.decoder.newest_packet >= 0;
}

/* One line of JSON of the type that it should be: who reads the output must not be told an event by a decoder. */
static bool is_sound_line(enum wire_kind kind, struct span line) {
    if (line.len == 0) return true;
    const char *begin = kind == WIRE_MESSAGE ? "{\"type\":\"message\"," : "{\"type\":\"dialogue\",";
    if (kind != WIRE_MESSAGE && kind != WIRE_DIALOGUE) return false;
    return span_starts_with(line, span_from_string(begin)) && line_is_object(line);
}

uint32_t wire_generation(struct span bytes) {
    struct head head;
    if (bytes.len < sizeof head) return 0;
    memcpy(&head, bytes.data, sizeof head);
    return head.generation;
}

bool wire_read(struct span bytes, unsigned rules, unsigned classes, struct wire_record *record) {
    struct head head;
    if (bytes.len < sizeof head) return false;
    memcpy(&head, bytes.data, sizeof head);
    bytes = span_from(bytes, sizeof head);
    if (head.kind == 0 || head.kind >= WIRE_KINDS || head.unused != 0) return false;
    if (head.body_bytes != body_bytes(head.kind) || bytes.len < head.body_bytes) return false;
    record->kind = head.kind;
    record->generation = head.generation;
    record->place = head.place;
    record->line = span_from(bytes, head.body_bytes);
    if (!is_sound_line(record->kind, record->line)) return false;
    if (record->kind == WIRE_NOTICE) return is_sound_notice(bytes.data, &record->notice, classes);
    if (record->kind == WIRE_MESSAGE)
        return is_sound_verdict(bytes.data, &record->message.verdict, rules, classes) &&
               is_sound_sent(bytes.data + ((const uint8_t *)&record->message.sent - (const uint8_t *)&record->message),
                             &record->message.sent);
    if (head.body_bytes > 0) memcpy(body_of(record), bytes.data, head.body_bytes);
    switch (record->kind) {
        case WIRE_DIALOGUE:
            return is_sound_dialogue(record);
        case WIRE_ADVANCE:
            return record->now >= 0;
        case WIRE_FIGURES:
        case WIRE_END:
            return is_sound_figures(record);
        default:
            return true;
    }
}
