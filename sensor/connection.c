/* What happens to a connection's bytes: on a port where mail is spoken they go to the SMTP decoder, on any other to
 * nDPI first, which is given back what it needed to decide.  The content of messages goes on to the mail decoder and
 * the rules.
 *
 * A dialogue takes memory on the account of its source (memory_share.c).  When that is used up another one of the same
 * source is ended early: its messages are told as far as they were seen.  It then holds the one block that this file's
 * own record lies in, on nobody's account, until the engine lets go of the connection: there are half as many again as
 * connections.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection.h"

#define PORT_SMTPS 465 /* RFC 8314: TLS from the first byte */
#define CUTS_MAX 4     /* dialogues ended early before one piece of another is read */

/* An end that came while nDPI had not decided. */
struct early_end {
    bool came;
    enum stream_end reason;
    nstime time;
};

struct connection {
    struct share_member member; /* first: what memory_share.c knows of it */
    struct arena arena;         /* holds the connection, its dialogue, and the first bytes of TLS */
    struct connection_shared *shared;
    struct stream_info info;
    struct dialogue *dialogue;   /* NULL: not begun, or ended early */
    struct detection *detection; /* NULL: decided */
    struct early_end early_end[2];
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
    if (c->not_mail) { /* nobody wants to hear of it */
        if (scan != NULL) rule_scan_end(scan);
        message_free(message);
        return;
    }
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

static enum stream_interest push_data(struct connection *c, enum stream_side side, struct span bytes, uint32_t unread,
                                      nstime now) {
    smtp_push(c->dialogue, side, bytes, unread, now);
    return read_dialogue(c);
}

static enum stream_interest push_gap(struct connection *c, enum stream_side side, uint64_t length, nstime now) {
    smtp_gap(c->dialogue, side, length, now);
    return read_dialogue(c);
}

static enum stream_interest push_end(struct connection *c, enum stream_side side, enum stream_end reason, nstime now) {
    smtp_end(c->dialogue, side, reason, now);
    return read_dialogue(c);
}

/* What the detection has kept, in order, and then the ends: behind its end a side says nothing. */
static enum stream_interest replay_detection(struct connection *c) {
    enum stream_interest interest = STREAM_GO_ON;
    struct detection_item item;
    for (unsigned i = 0; interest == STREAM_GO_ON && detection_replay(c->detection, i, &item); i++)
        interest = item.gap_length > 0 ? push_gap(c, item.side, item.gap_length, item.time)
                                       : push_data(c, item.side, item.bytes, STREAM_UNREAD_UNKNOWN, item.time);
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        const struct early_end *end = &c->early_end[side];
        if (interest == STREAM_GO_ON && end->came) interest = push_end(c, side, end->reason, end->time);
    }
    return interest;
}

/* nDPI has decided: the dialogue hears from its first byte what was said meanwhile. */
static enum stream_interest detection_is_over(struct connection *c, enum detect_answer answer) {
    enum stream_interest interest = STREAM_ENOUGH;
    if (answer == DETECT_OTHER) {
        c->shared->counters->flows_not_mail++;
    } else if (start_dialogue(c)) { /* where that fails it has counted why */
        c->shared->counters->flows_detected++;
        interest = replay_detection(c);
    }
    detection_end(c->detection);
    c->detection = NULL;
    return interest;
}

static void tell_dialogue(struct connection *c) {
    struct tls_facts tls = {0};
    struct dialogue_record record = {
        .stream = &c->info, .facts = dialogue_facts(c->dialogue), .end = dialogue_end(c->dialogue)};
    if (record.facts->tls != TLS_NONE) {
        record.tls = &tls;
        c->shared->counters->dialogues_encrypted++;
        if (c->shared->detector != NULL)
            (void)detector_tls_facts(c->shared->detector, &c->info,
                                     span_of(c->hello[SIDE_CLIENT], c->hello_bytes[SIDE_CLIENT]),
                                     span_of(c->hello[SIDE_SERVER], c->hello_bytes[SIDE_SERVER]), &tls);
    }
    c->shared->counters->dialogues++;
    c->shared->dialogue(c->shared->context, &record);
}

/* Ends what is open, and tells it: messages in flight are told as far as they were seen. */
static void finish_dialogue(struct connection *c, nstime now) {
    smtp_finish(c->dialogue, now);
    (void)read_dialogue(c);
    if (!c->not_mail && dialogue_is_mail(c->dialogue)) tell_dialogue(c);
    dialogue_free(c->dialogue);
    c->dialogue = NULL;
}

/* --- memory --------------------------------------------------------------------------------------------------------
 */

bool connection_is_home(const struct config *config, const struct ip_address *ip) {
    if (config->home_network_count == 0) return true;
    for (unsigned i = 0; i < config->home_network_count; i++)
        if (ip_prefix_contains(&config->home_networks[i], ip)) return true;
    return false;
}

/* Ends a dialogue early, as of the last that was heard of it. */
static void cut_dialogue(struct connection *c) {
    share_leave(&c->member);
    if (c->dialogue == NULL) return;
    c->shared->counters->dialogues_cut++;
    finish_dialogue(c, dialogue_facts(c->dialogue)->end);
    c->hello[SIDE_CLIENT] = c->hello[SIDE_SERVER] = NULL;
    struct arena arena = c->arena; /* the connection lies in the oldest block */
    arena_trim(&arena, 1);
    share_forget(&c->member);
    c->arena = arena;
}

/* Others give way when the share or the pool runs short. */
static void make_memory(struct connection_shared *shared, struct source_share *share,
                        const struct share_member *current) {
    struct share_member *victim;
    for (unsigned i = 0; i < CUTS_MAX && (victim = share_victim(shared->shares, share, current)) != NULL; i++)
        cut_dialogue((struct connection *)(void *)victim);
}

/* False when the connection was ended early. */
static bool begin_turn(struct connection *c, nstime now) {
    if (c->dialogue == NULL && c->detection == NULL) return false;
    share_touch(&c->member, now);
    make_memory(c->shared, c->member.share, &c->member);
    return true;
}

static struct connection *make_connection(struct connection_shared *shared, const struct stream_info *info) {
    struct source_share *share =
        connection_is_home(shared->config, &info->client.ip)
            ? share_of_source(shared->shares, &info->client.ip, shared->config->ipv6_prefix_bits)
            : share_of_outside(shared->shares);
    struct arena arena;
    make_memory(shared, share, NULL);
    arena_init(&arena, shared->pool, DIALOGUE_ARENA_BYTES + 2 * LIMIT_ARENA_BLOCK_BYTES);
    arena.account = share_account(share);
    struct connection *c = arena_alloc(&arena, sizeof *c);
    if (c == NULL) return NULL;
    share_join(&c->member, share, arena.blocks);
    c->arena = arena;
    c->arena.account = &c->member.account;
    c->shared = shared;
    c->info = *info;
    return c;
}

static void free_connection(struct connection *c) {
    share_leave(&c->member);
    struct arena arena = c->arena; /* the connection lies in it */
    arena_reset(&arena);
}

/* --- the listener --------------------------------------------------------------------------------------------------
 */

static void *on_open(void *context, const struct stream_info *info) {
    struct connection_shared *shared = context;
    struct connection *c = make_connection(shared, info);
    if (c == NULL) {
        shared->counters->dialogue_memory++;
        return NULL;
    }
    bool decided = port_is_set(shared->config->mail_ports, info->server.port);
    if (!decided && shared->detector != NULL) c->detection = detection_begin(shared->detector, info);
    if (c->detection != NULL || (decided && start_dialogue(c))) {
        share_touch(&c->member, info->start);
        return c;
    }
    free_connection(c);
    return NULL;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                    uint32_t unread, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (!begin_turn(c, now)) return STREAM_ENOUGH;
    if (c->detection != NULL) {
        enum detect_answer answer = detection_data(c->detection, side, bytes, now);
        if (answer == DETECT_MORE) return STREAM_GO_ON;
        if (detection_is_over(c, answer) == STREAM_ENOUGH) return STREAM_ENOUGH;
    }
    return push_data(c, side, bytes, unread, now);
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (!begin_turn(c, now)) return STREAM_ENOUGH;
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
    if (c->detection != NULL) c->early_end[side] = (struct early_end){true, reason, now};
    return c->dialogue == NULL ? STREAM_GO_ON : push_end(c, side, reason, now);
}

static void on_close(void *context, void *handle, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->detection != NULL) { /* nothing was found out: too little was said */
        c->shared->counters->flows_not_mail++;
        detection_end(c->detection);
    }
    if (c->dialogue != NULL) finish_dialogue(c, now);
    free_connection(c);
}

struct stream_listener connection_listener(struct connection_shared *shared) {
    return (struct stream_listener){
        .context = shared, .open = on_open, .data = on_data, .gap = on_gap, .end = on_end, .close = on_close};
}
