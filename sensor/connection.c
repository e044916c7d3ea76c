/* What happens to a connection's bytes: on a port where mail is spoken they go to the SMTP decoder, on any other to
 * nDPI first, which is given back what it needed to decide.  The content of messages goes on to the mail decoder and
 * the rules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection.h"

#define PORT_SMTPS 465 /* RFC 8314: TLS from the first byte */

struct connection {
    struct arena arena; /* holds the connection, its dialogue, and the first bytes of TLS */
    struct connection_shared *shared;
    struct stream_info info;
    struct dialogue *dialogue;
    struct detection *detection; /* NULL: decided */
    bool not_mail;
    uint8_t *hello[2]; /* by enum stream_side */
    uint16_t hello_bytes[2];
};

/* What is made of a message's content; in the message's arena. */
struct content {
    struct mail_parser *parser;
    struct rule_scan *scan;
    struct mail_summary summary;
};

/* --- a message's content -------------------------------------------------------------------------------------------
 */

static struct content *content_of(struct connection_shared *shared, struct message *message) {
    if (message->user != NULL) return message->user;
    struct content *content = arena_alloc(&message->arena, sizeof *content);
    if (content == NULL) {
        shared->counters->message_memory++;
        return NULL;
    }
    content->parser = mail_parser_new(&message->arena, shared->charsets, shared->counters);
    content->scan = rule_scan_begin(shared->rules, &message->arena, shared->counters);
    if (content->parser == NULL) shared->counters->message_memory++;
    message->user = content;
    return content;
}

static void read_items(struct connection_shared *shared, struct message *message, struct content *content) {
    struct mail_item item;
    while (mail_next(content->parser, &item)) {
        mail_summarize(&content->summary, &item, &message->arena, shared->counters);
        if (content->scan == NULL) continue;
        if (item.type == MAIL_HEADER && item.part == 0) rule_scan_header(content->scan, item.name, item.value);
        if (item.type == MAIL_TEXT && item.info->kind != PART_REPORT)
            rule_scan_text(content->scan, item.part, item.info->kind == PART_HTML, item.text);
    }
}

static void read_content(struct connection_shared *shared, const struct smtp_item *smtp) {
    struct content *content = content_of(shared, smtp->message);
    if (content == NULL || content->parser == NULL) return;
    if (smtp->type == SMTP_BODY) mail_push(content->parser, smtp->bytes);
    if (smtp->type == SMTP_BODY_GAP) mail_gap(content->parser, smtp->length);
    if (smtp->type == SMTP_BODY_END) mail_finish(content->parser);
    read_items(shared, smtp->message, content);
}

static void finish_message(struct connection *c, struct message *message) {
    struct content *content = message->user;
    struct rule_scan *scan = content == NULL ? NULL : content->scan;
    struct message_record record = {
        .stream = &c->info, .message = message, .summary = content == NULL ? NULL : &content->summary};
    c->shared->message(c->shared->context, &record, dialogue_facts(c->dialogue), scan);
    if (scan != NULL) rule_scan_end(scan);
    message_free(message);
}

/* --- a connection's dialogue ---------------------------------------------------------------------------------------
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

static enum stream_interest read_dialogue(struct connection *c) {
    struct smtp_item item;
    while (smtp_next(c->dialogue, &item)) {
        switch (item.type) {
            case SMTP_MESSAGE_BEGIN:
                break;
            case SMTP_BODY:
            case SMTP_BODY_GAP:
            case SMTP_BODY_END:
                read_content(c->shared, &item);
                break;
            case SMTP_MESSAGE_END:
                finish_message(c, item.message);
                break;
            case SMTP_TLS:
                keep_hello(c, item.side, item.bytes);
                break;
            case SMTP_NOT_SMTP:
                c->not_mail = true;
                c->shared->counters->flows_not_mail++;
                return STREAM_ENOUGH;
        }
    }
    return STREAM_GO_ON;
}

static bool start_dialogue(struct connection *c) {
    bool implicit_tls = c->info.server.port == PORT_SMTPS;
    c->dialogue = dialogue_new(&c->arena, &c->info, implicit_tls, c->shared->counters);
    return c->dialogue != NULL;
}

static enum stream_interest push_data(struct connection *c, enum stream_side side, struct span bytes, nstime now) {
    smtp_push(c->dialogue, side, bytes, now);
    return read_dialogue(c);
}

static enum stream_interest push_gap(struct connection *c, enum stream_side side, uint64_t length, nstime now) {
    smtp_gap(c->dialogue, side, length, now);
    return read_dialogue(c);
}

/* nDPI has decided: the dialogue hears from its first byte what was said meanwhile. */
static enum stream_interest detection_is_over(struct connection *c, enum detect_answer answer) {
    enum stream_interest interest = STREAM_ENOUGH;
    if (answer != DETECT_OTHER && start_dialogue(c)) {
        struct detection_item item;
        c->shared->counters->flows_detected++;
        interest = STREAM_GO_ON;
        for (unsigned i = 0; interest == STREAM_GO_ON && detection_replay(c->detection, i, &item); i++)
            interest = item.gap_length > 0 ? push_gap(c, item.side, item.gap_length, item.time)
                                           : push_data(c, item.side, item.bytes, item.time);
    } else {
        c->not_mail = true;
        c->shared->counters->flows_not_mail++;
    }
    detection_end(c->detection);
    c->detection = NULL;
    return interest;
}

/* --- the listener --------------------------------------------------------------------------------------------------
 */

static void *on_open(void *context, const struct stream_info *info) {
    struct connection_shared *shared = context;
    struct arena arena;
    arena_init(&arena, shared->pool, DIALOGUE_ARENA_BYTES + 2 * LIMIT_ARENA_BLOCK_BYTES);
    struct connection *c = arena_alloc(&arena, sizeof *c);
    if (c == NULL) {
        shared->counters->dialogue_memory++;
        return NULL;
    }
    c->arena = arena;
    c->shared = shared;
    c->info = *info;
    bool decided = port_is_set(shared->config->mail_ports, info->server.port);
    if (!decided && shared->detector != NULL) c->detection = detection_begin(shared->detector, info);
    if (c->detection != NULL || (decided && start_dialogue(c))) return c;
    arena = c->arena; /* the connection lies in it */
    arena_reset(&arena);
    return NULL;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->detection != NULL) {
        enum detect_answer answer = detection_data(c->detection, side, bytes, now);
        if (answer == DETECT_MORE) return STREAM_GO_ON;
        if (detection_is_over(c, answer) == STREAM_ENOUGH) return STREAM_ENOUGH;
    }
    return push_data(c, side, bytes, now);
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->detection != NULL) {
        enum detect_answer answer = detection_gap(c->detection, side, length, now);
        if (answer == DETECT_MORE) return STREAM_GO_ON;
        if (detection_is_over(c, answer) == STREAM_ENOUGH) return STREAM_ENOUGH;
    }
    return push_gap(c, side, length, now);
}

static enum stream_interest on_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                   nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->dialogue == NULL) return STREAM_GO_ON;
    smtp_end(c->dialogue, side, reason, now);
    return read_dialogue(c);
}

static void tell_dialogue(struct connection *c) {
    struct tls_facts tls = {0};
    struct dialogue_record record = {
        .stream = &c->info, .facts = dialogue_facts(c->dialogue), .end = dialogue_end(c->dialogue)};
    if (record.facts->tls != TLS_NONE) {
        record.tls = &tls;
        if (c->shared->detector != NULL)
            (void)detector_tls_facts(c->shared->detector, &c->info,
                                     span_of(c->hello[SIDE_CLIENT], c->hello_bytes[SIDE_CLIENT]),
                                     span_of(c->hello[SIDE_SERVER], c->hello_bytes[SIDE_SERVER]), &tls);
    }
    c->shared->counters->dialogues++;
    c->shared->dialogue(c->shared->context, &record);
}

static void on_close(void *context, void *handle, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->detection != NULL) { /* nothing was found out: too little was said */
        c->shared->counters->flows_not_mail++;
        detection_end(c->detection);
    }
    if (c->dialogue != NULL && !c->not_mail) {
        smtp_finish(c->dialogue, now);
        (void)read_dialogue(c);
        if (dialogue_is_mail(c->dialogue)) tell_dialogue(c);
    }
    if (c->dialogue != NULL) dialogue_free(c->dialogue);
    struct arena arena = c->arena; /* the connection lies in it */
    arena_reset(&arena);
}

struct stream_listener connection_listener(struct connection_shared *shared) {
    return (struct stream_listener){
        .context = shared, .open = on_open, .data = on_data, .gap = on_gap, .end = on_end, .close = on_close};
}
