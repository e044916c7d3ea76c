/* The dialogue of a connection: read by the SMTP decoder, its messages' content handed on, and told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_state.h"
#include "message_content.h"

#define PORT_SMTPS 465 /* RFC 8314: TLS from the first byte */

/* --- reading -------------------------------------------------------------------------------------------------------
 */

/* Keeps the first bytes that each side says inside TLS. */
static void keep_hello(struct connection *c, enum stream_side side, struct span bytes) {
    if (c->shared->detector == NULL || c->hello_bytes[side] == LIMIT_HELLO_BYTES) return;
    if (c->hello[side] == NULL) c->hello[side] = arena_alloc(&c->arena, LIMIT_HELLO_BYTES);
    if (c->hello[side] == NULL) return;
    bytes = span_head(bytes, LIMIT_HELLO_BYTES - (size_t)c->hello_bytes[side]);
    if (bytes.len == 0) return;
    memcpy(c->hello[side] + c->hello_bytes[side], bytes.data, bytes.len);
    c->hello_bytes[side] = (uint16_t)(c->hello_bytes[side] + bytes.len);
}

static void forget_message(struct message *message) {
    message_content_end(message);
    message_free(message);
}

static void finish_message(struct connection *c, struct message *message) {
    if (c->stage != OTHER) { /* else nobody wants to hear of it */
        struct message_record record = {.stream = &c->info,
                                        .message = message,
                                        .summary = message_content_summary(message),
                                        .report = message_content_report(message)};
        counters_take(c->shared->counters, &c->counters);
        c->shared->message(c->shared->context, &record, dialogue_facts(c->dialogue), message_content_scan(message));
    }
    forget_message(message);
}

static void read_content(struct connection *c, const struct smtp_item *item) {
    enum timed_stage before = stage_enter(c->shared->stages, TIMED_CONTENT);
    message_content_read(c->shared, &c->info, item);
    stage_leave(c->shared->stages, before);
}

static enum stream_interest read_items(struct connection *c) {
    enum stream_interest interest = STREAM_GO_ON;
    struct smtp_item item;
    while (interest == STREAM_GO_ON && smtp_next(c->dialogue, &item)) {
        switch (item.type) {
            case SMTP_MESSAGE_BEGIN:
                break;
            case SMTP_BODY:
            case SMTP_BODY_GAP:
            case SMTP_BODY_END:
                read_content(c, &item);
                break;
            case SMTP_MESSAGE_END:
                finish_message(c, item.message);
                break;
            case SMTP_MESSAGE_NONE:
                forget_message(item.message);
                break;
            case SMTP_TLS:
                keep_hello(c, item.side, item.bytes);
                interest = connection_judge_tls(c);
                break;
            case SMTP_NOT_SMTP:
                return connection_no_smtp(c);
        }
    }
    return interest;
}

bool connection_start_dialogue(struct connection *c) {
    c->dialogue = dialogue_new(&c->arena, &c->info, c->port == PORT_SMTPS, &c->counters);
    c->stage = c->dialogue == NULL ? OVER : SPEAKING;
    if (c->dialogue == NULL) counters_take(c->shared->counters, &c->counters); /* they say why */
    return c->dialogue != NULL;
}

bool connection_skim(struct connection *c, struct piece *piece) {
    bool speaks = c->stage == SPEAKING && c->dialogue != NULL && c->opening == NULL;
    if (!speaks || piece->side != SIDE_CLIENT) return false;
    enum timed_stage before = stage_enter(c->shared->stages, TIMED_DIALOGUE);
    size_t skimmed = smtp_skim(c->dialogue, piece->bytes, piece->unread, piece->time);
    stage_leave(c->shared->stages, before);
    if (skimmed == 0) return false;
    c->client_spoke = true;
    piece->bytes = span_from(piece->bytes, skimmed);
    return piece->bytes.len == 0;
}

enum stream_interest connection_read(struct connection *c, const struct piece *piece) {
    enum timed_stage before = stage_enter(c->shared->stages, TIMED_DIALOGUE);
    if (piece->gap_length > 0) {
        smtp_gap(c->dialogue, piece->side, piece->gap_length);
    } else {
        if (piece->side == SIDE_CLIENT) c->client_spoke = true;
        smtp_push(c->dialogue, piece->side, piece->bytes, piece->unread, piece->time);
    }
    enum stream_interest interest = read_items(c);
    stage_leave(c->shared->stages, before);
    return interest;
}

enum stream_interest connection_speak(struct connection *c, const struct piece *piece) {
    if (c->dialogue == NULL && !connection_start_dialogue(c)) return STREAM_ENOUGH;
    bool kept = connection_record(c, piece);
    if (c->stage == SPEAKING && connection_read(c, piece) == STREAM_ENOUGH) return STREAM_ENOUGH;
    return connection_look_at_opening(c, kept);
}

enum stream_interest connection_hear_end(struct connection *c, enum stream_side side, const struct early_end *end) {
    if (c->stage != SPEAKING) return STREAM_GO_ON;
    enum timed_stage before = stage_enter(c->shared->stages, TIMED_DIALOGUE);
    smtp_end(c->dialogue, side, end->reason, end->time);
    enum stream_interest interest = read_items(c);
    stage_leave(c->shared->stages, before);
    return interest;
}

/* --- telling -------------------------------------------------------------------------------------------------------
 */

static void tell(struct connection *c) {
    struct counters *counters = c->shared->counters;
    struct tls_facts tls = {0};
    struct dialogue_record record = {.stream = &c->info,
                                     .facts = dialogue_facts(c->dialogue),
                                     .end = dialogue_end(c->dialogue),
                                     .proxied = c->proxied};
    if (record.facts->tls != TLS_NONE) {
        record.tls = &tls;
        counters->dialogues_encrypted++;
        if (c->shared->detector != NULL)
            (void)detector_tls_facts(c->shared->detector, &c->info,
                                     span_of(c->hello[SIDE_CLIENT], c->hello_bytes[SIDE_CLIENT]),
                                     span_of(c->hello[SIDE_SERVER], c->hello_bytes[SIDE_SERVER]), &tls);
    }
    if (c->proxied != NULL) counters->dialogues_proxied++;
    counters->dialogues++;
    counters->auth_tries += record.facts->auth_tries;
    counters->auth_refused += record.facts->auth_refused;
    counters_take(counters, &c->counters);
    c->shared->dialogue(c->shared->context, &record);
}

void connection_finish_dialogue(struct connection *c, nstime now) {
    enum timed_stage before = stage_enter(c->shared->stages, TIMED_DIALOGUE);
    connection_settle(c);
    smtp_finish(c->dialogue, now);
    (void)read_items(c);
    if (c->stage != OTHER) tell(c);
    struct message *left; /* where it was found to be no mail */
    while ((left = dialogue_take_message(c->dialogue)) != NULL) forget_message(left);
    dialogue_free(c->dialogue);
    c->dialogue = NULL;
    c->stage = OVER;
    stage_leave(c->shared->stages, before);
}
