/* What happens to a connection's bytes, from the first one on:
 *
 *   asking     a client that speaks first may ask a proxy to connect it (decoders/proxy.c): what follows then is read
 * as a connection of its own, to the port that was asked for detecting  on a port that is not mail's nDPI decides, and
 * what it needed for that is handed on speaking   the SMTP decoder has it; the content of messages goes on to the mail
 * decoder and the rules over       it is no mail, and was counted by the name that nDPI has for it; or its memory was
 * needed
 *
 * A port alone proves nothing: of a connection to a mail port the opening is kept until the client has said something
 * that only SMTP has, and nDPI is asked of it when that does not come.  TLS where nobody expects it must say itself
 * that it is mail's (flow/tls_mail.h).
 *
 * A dialogue takes memory on the account of its source (memory_share.c).  When that is used up another one of the same
 * source is ended early: its messages are told as far as they were seen.  It then holds the one block that this file's
 * own record lies in, on nobody's account, until the engine lets go of the connection: there are half as many again as
 * connections.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection.h"

#include "flow/tls_mail.h"
#include "protocol_table.h"

#define PORT_SMTPS 465 /* RFC 8314: TLS from the first byte */
#define CUTS_MAX 4     /* dialogues ended early before one piece of another is read */

enum connection_stage { DETECTING, SPEAKING, OVER };

/* An end that came before there was a dialogue to hear it. */
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
    uint16_t port; /* of the server, or what the proxy was asked for */
    enum connection_stage stage;
    bool begun, asking;          /* something was said; and it may be, or is, the request to a proxy */
    bool proxy_answers;          /* the server has begun to answer that */
    const char *asked_name;      /* what that is called, when it was said to a mail server; else NULL */
    uint64_t asked;              /* so much of the client's was the request, lost bytes counted */
    struct proxy *proxy;         /* what it goes through; NULL: none */
    struct detection *detection; /* while DETECTING; NULL: it had to make room */
    struct detection *opening;   /* while SPEAKING, and not certain; NULL: not kept */
    struct dialogue *dialogue;   /* while SPEAKING, from the first byte on */
    struct early_end early_end[2];
    bool client_spoke, tls_is_mail;
    bool not_smtp;     /* the decoder has had enough of it; its name is still looked for */
    bool not_mail;     /* it was counted as something else */
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

/* --- what is no mail -----------------------------------------------------------------------------------------------
 */

static void end_detections(struct connection *c) {
    if (c->detection != NULL) detection_end(c->detection);
    if (c->opening != NULL) detection_end(c->opening);
    c->detection = c->opening = NULL;
}

/* It is something else: counted, once, by its name (NULL: none is known), and not listened to any more. */
static enum stream_interest let_go(struct connection *c, const char *name) {
    if (!c->not_mail) {
        c->shared->counters->flows_not_mail++;
        protocol_table_add(c->shared->not_mail, name == NULL ? PROTOCOL_UNKNOWN : name);
    }
    c->not_mail = true;
    end_detections(c);
    return STREAM_ENOUGH;
}

static const char *name_of_opening(struct connection *c) {
    if (c->asked_name != NULL) return c->asked_name;
    return c->opening == NULL ? NULL : detection_name(c->opening);
}

/* TLS from the first byte is mail's on 465, and on a port that the operator calls mail's, where STARTTLS has not its
 * place (RFC 3207, 6409; 2525 is 587's stand-in).  Anywhere else it must say so. */
static bool is_tls_port(const struct connection *c) {
    if (c->port == PORT_SMTPS) return true;
    return c->port != 25 && c->port != 587 && c->port != 2525 && port_is_set(c->shared->config->mail_ports, c->port);
}

/* Some bytes of TLS have come: its ClientHello may have said whose it is. */
static enum stream_interest judge_tls(struct connection *c) {
    struct tls_facts facts;
    if (c->tls_is_mail || dialogue_facts(c->dialogue)->tls != TLS_IMPLICIT) return STREAM_GO_ON;
    if (dialogue_is_open(c->dialogue)) return STREAM_GO_ON; /* the server's first word will tell whether it is TLS */
    struct span hello = span_of(c->hello[SIDE_CLIENT], c->hello_bytes[SIDE_CLIENT]);
    if (is_tls_port(c) || c->shared->detector == NULL) {
        c->tls_is_mail = true;
    } else if (detector_tls_facts(c->shared->detector, &c->info, hello, SPAN_EMPTY, &facts)) {
        if (!tls_is_mail(&facts)) return let_go(c, "TLS");
        c->tls_is_mail = true;
    } else if (hello.len == LIMIT_HELLO_BYTES || c->hello_bytes[SIDE_SERVER] > 0) {
        return let_go(c, "TLS");
    }
    return STREAM_GO_ON;
}

/* Nothing more will come, or nothing more is kept: what does not look like mail so far is none. */
static void settle(struct connection *c) {
    const struct dialogue_facts *facts = dialogue_facts(c->dialogue);
    bool is_mail = !c->not_smtp && dialogue_is_mail(c->dialogue);
    if (c->not_mail || facts->messages > 0 || dialogue_is_certain(c->dialogue)) return;
    if (facts->tls == TLS_IMPLICIT) {
        if (!c->tls_is_mail && !is_tls_port(c)) let_go(c, "TLS");
        return;
    }
    /* Where a client says nothing, a server that makes sense is believed. */
    const char *name = c->client_spoke || !is_mail ? name_of_opening(c) : NULL;
    if (name != NULL || !is_mail) let_go(c, name);
}

/* --- a connection's dialogue, read ----------------------------------------------------------------------------------
 */

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
                if (judge_tls(c) == STREAM_ENOUGH) return STREAM_ENOUGH;
                break;
            case SMTP_NOT_SMTP:
                c->not_smtp = true;
                const char *name = name_of_opening(c);
                return name != NULL || c->opening == NULL ? let_go(c, name) : STREAM_GO_ON;
        }
    }
    return STREAM_GO_ON;
}

static bool start_dialogue(struct connection *c) {
    c->stage = SPEAKING;
    c->dialogue = dialogue_new(&c->arena, &c->info, c->port == PORT_SMTPS, c->shared->counters);
    if (c->dialogue == NULL) c->stage = OVER; /* it has counted why */
    return c->dialogue != NULL;
}

/* The opening is kept until the client has said something that only SMTP has, or as long as there is room; but what an
 * early talker says decides nothing. */
static enum stream_interest look_at_opening(struct connection *c, bool kept) {
    if (c->not_smtp && (!kept || c->opening == NULL)) return let_go(c, name_of_opening(c));
    if (c->opening == NULL) return STREAM_GO_ON;
    if (!dialogue_is_certain(c->dialogue) && (kept || dialogue_is_open(c->dialogue))) return STREAM_GO_ON;
    settle(c);
    end_detections(c);
    return c->not_mail ? STREAM_ENOUGH : STREAM_GO_ON;
}

static enum stream_interest push_data(struct connection *c, enum stream_side side, struct span bytes, uint32_t unread,
                                      nstime now) {
    bool kept = c->opening == NULL || detection_record(c->opening, side, bytes, now);
    if (c->not_smtp) return look_at_opening(c, kept);
    smtp_push(c->dialogue, side, bytes, unread, now);
    return read_dialogue(c) == STREAM_ENOUGH ? STREAM_ENOUGH : look_at_opening(c, kept);
}

static enum stream_interest push_gap(struct connection *c, enum stream_side side, uint64_t length, nstime now) {
    bool kept = c->opening == NULL || detection_record_gap(c->opening, side, length, now);
    if (c->not_smtp) return look_at_opening(c, kept);
    smtp_gap(c->dialogue, side, length);
    return read_dialogue(c) == STREAM_ENOUGH ? STREAM_ENOUGH : look_at_opening(c, kept);
}

static enum stream_interest push_end(struct connection *c, enum stream_side side, enum stream_end reason, nstime now) {
    if (c->not_smtp) return STREAM_GO_ON;
    smtp_end(c->dialogue, side, reason, now);
    return read_dialogue(c);
}

/* What was kept before there was a dialogue, in order. */
static enum stream_interest replay(struct connection *c, const struct detection *kept) {
    enum stream_interest interest = STREAM_GO_ON;
    struct detection_item item;
    for (unsigned i = 0; interest == STREAM_GO_ON && detection_replay(kept, i, &item); i++) {
        if (item.gap_length > 0)
            smtp_gap(c->dialogue, item.side, item.gap_length);
        else
            smtp_push(c->dialogue, item.side, item.bytes, STREAM_UNREAD_UNKNOWN, item.time);
        interest = read_dialogue(c);
    }
    return interest;
}

/* Behind its end a side says nothing. */
static enum stream_interest replay_ends(struct connection *c) {
    enum stream_interest interest = STREAM_GO_ON;
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        const struct early_end *end = &c->early_end[side];
        if (interest == STREAM_GO_ON && end->came) interest = push_end(c, side, end->reason, end->time);
    }
    return interest;
}

/* --- while nDPI has not decided ------------------------------------------------------------------------------------
 */

/* nDPI has decided: the dialogue hears from its first byte what was said meanwhile. */
static enum stream_interest detection_is_over(struct connection *c, enum detect_answer answer) {
    if (answer == DETECT_OTHER) return let_go(c, detection_protocol(c->detection));
    enum stream_interest interest = STREAM_ENOUGH;
    c->tls_is_mail = answer == DETECT_TLS_MAIL;
    if (start_dialogue(c)) {
        c->shared->counters->flows_detected++;
        interest = replay(c, c->detection);
        if (interest == STREAM_GO_ON) interest = replay_ends(c);
    }
    end_detections(c);
    return interest;
}

/* True when what has come is still to be handed on. */
static bool detection_decides(struct connection *c, enum detect_answer answer, enum stream_interest *interest) {
    *interest = answer == DETECT_MORE ? STREAM_GO_ON : detection_is_over(c, answer);
    return answer != DETECT_MORE && *interest == STREAM_GO_ON;
}

static enum stream_interest take_data(struct connection *c, enum stream_side side, struct span bytes, uint32_t unread,
                                      nstime now) {
    enum stream_interest interest;
    if (c->stage == DETECTING) {
        if (c->detection == NULL) return let_go(c, NULL); /* it had to make room */
        if (!detection_decides(c, detection_data(c->detection, side, bytes, now), &interest)) return interest;
    }
    if (c->dialogue == NULL && !start_dialogue(c)) return STREAM_ENOUGH;
    return push_data(c, side, bytes, unread, now);
}

static enum stream_interest take_gap(struct connection *c, enum stream_side side, uint64_t length, nstime now) {
    enum stream_interest interest;
    if (c->stage == DETECTING) {
        if (c->detection == NULL) return let_go(c, NULL);
        if (!detection_decides(c, detection_gap(c->detection, side, length, now), &interest)) return interest;
    }
    if (c->dialogue == NULL && !start_dialogue(c)) return STREAM_ENOUGH;
    return push_gap(c, side, length, now);
}

/* Where it goes is known: what is said from now on may be mail. */
static void begin_stage(struct connection *c) {
    struct stream_info info = c->info;
    info.server.port = c->port;
    c->stage = port_is_set(c->shared->config->mail_ports, c->port) ? SPEAKING : DETECTING;
    if (c->shared->detector == NULL) return;
    if (c->stage == DETECTING) {
        detection_begin(c->shared->detector, &info, &c->detection);
    } else if (!c->info.midstream) {
        detection_record_begin(c->shared->detector, &info, &c->opening);
    }
}

/* --- while a proxy is asked ----------------------------------------------------------------------------------------
 */

static const char *name_of_proxy(const struct proxy *proxy) {
    if (proxy->answer == PROXY_MAYBE) return NULL;
    return proxy->protocol == PROXY_HTTP_CONNECT ? "HTTP_Connect" : "SOCKS"; /* as nDPI calls them */
}

/* Only a client that speaks first may do so.  No SMTP client begins as such a request does. */
static bool may_ask_proxy(struct connection *c, enum stream_side side, struct span bytes) {
    if (c->begun || c->info.midstream || side != SIDE_CLIENT || bytes.len == 0 || !proxy_may_begin(bytes.data[0]))
        return false;
    c->proxy = arena_alloc(&c->arena, sizeof *c->proxy);
    if (c->proxy == NULL) c->shared->counters->dialogue_memory++;
    if (c->proxy != NULL) proxy_begin(c->proxy);
    return c->proxy != NULL;
}

/* The tunnel is there. */
static enum stream_interest enter_tunnel(struct connection *c, enum stream_side side, struct span bytes, nstime now) {
    const struct proxy *proxy = c->proxy;
    enum stream_interest interest = STREAM_GO_ON;
    end_detections(c);
    c->asking = false;
    c->client_spoke = proxy->early_bytes > 0;
    c->port = proxy->target_port;
    begin_stage(c);
    if (proxy->early_bytes > 0)
        interest = take_data(c, SIDE_CLIENT, span_of(proxy->early, proxy->early_bytes), STREAM_UNREAD_UNKNOWN, now);
    if (proxy->early_lost > 0 && interest == STREAM_GO_ON) interest = take_gap(c, SIDE_CLIENT, proxy->early_lost, now);
    if (bytes.len > 0 && interest == STREAM_GO_ON) interest = take_data(c, side, bytes, STREAM_UNREAD_UNKNOWN, now);
    if (c->dialogue != NULL && interest == STREAM_GO_ON) interest = replay_ends(c);
    return interest;
}

/* What was kept goes to who is to have it; the piece that told does not belong to it. */
static enum stream_interest leave_proxy(struct connection *c) {
    struct detection *opening = c->opening;
    c->asking = false;
    c->proxy = NULL;
    if (c->stage != SPEAKING) return STREAM_GO_ON;
    if (!start_dialogue(c)) return STREAM_ENOUGH;
    if (opening == NULL) return STREAM_GO_ON;
    return replay(c, opening);
}

/* It looked like a request, but was said to a mail server, which has spoken: an early talker's lines. */
static enum stream_interest leave_mail_server(struct connection *c, nstime now) {
    struct detection_item item;
    uint64_t kept = 0;
    for (unsigned i = 0; c->opening != NULL && detection_replay(c->opening, i, &item); i++)
        kept += item.bytes.len + item.gap_length;
    c->asked_name = name_of_proxy(c->proxy);
    enum stream_interest interest = leave_proxy(c);
    if (interest == STREAM_GO_ON && kept < c->asked) interest = push_gap(c, SIDE_CLIENT, c->asked - kept, now);
    return interest == STREAM_GO_ON ? replay_ends(c) : interest;
}

/* The server's first word to what looks like a request: a proxy's begins with no digit. */
static bool is_mail_servers(struct connection *c, enum stream_side side, struct span bytes) {
    if (side == SIDE_CLIENT || c->stage != SPEAKING || c->proxy_answers || bytes.len == 0) return false;
    c->proxy_answers = !ascii_is_digit(bytes.data[0]);
    return !c->proxy_answers;
}

/* On a mail port a request is kept until then. */
static void keep_asked(struct connection *c, enum stream_side side, struct span bytes, uint64_t lost, nstime now) {
    if (side == SIDE_CLIENT) c->asked += bytes.len + lost;
    if (c->opening == NULL) return;
    if (lost > 0)
        (void)detection_record_gap(c->opening, side, lost, now);
    else
        (void)detection_record(c->opening, side, bytes, now);
}

/* True when the bytes are still to be handed on. */
static bool read_proxy(struct connection *c, enum stream_side side, struct span bytes, nstime now,
                       enum stream_interest *interest) {
    enum proxy_answer before = c->proxy->answer;
    struct span rest = bytes;
    *interest = STREAM_GO_ON;
    if (before == PROXY_ASKED && is_mail_servers(c, side, bytes)) {
        *interest = leave_mail_server(c, now);
        return *interest == STREAM_GO_ON;
    }
    enum proxy_answer answer = proxy_push(c->proxy, side, &rest);
    if (answer == PROXY_NO && before == PROXY_MAYBE) {
        *interest = leave_proxy(c);
        return *interest == STREAM_GO_ON;
    }
    if (answer == PROXY_MAYBE && c->stage == DETECTING) return true;
    if (c->stage == SPEAKING && !c->proxy_answers && (answer == PROXY_MAYBE || answer == PROXY_ASKED)) {
        keep_asked(c, side, bytes, 0, now);
        return false;
    }
    end_detections(c);
    if (answer == PROXY_REFUSED && before != PROXY_REFUSED) c->shared->counters->proxy_refused++;
    if (answer == PROXY_NO) *interest = let_go(c, name_of_proxy(c->proxy));
    if (answer == PROXY_OPEN) *interest = enter_tunnel(c, side, rest, now);
    return false;
}

static bool read_proxy_gap(struct connection *c, enum stream_side side, uint64_t length, nstime now,
                           enum stream_interest *interest) {
    enum proxy_answer before = c->proxy->answer;
    enum proxy_answer answer = proxy_gap(c->proxy, side);
    *interest = STREAM_GO_ON;
    if (answer == PROXY_NO && before == PROXY_MAYBE) {
        *interest = leave_proxy(c);
        return *interest == STREAM_GO_ON;
    }
    if (answer == PROXY_ASKED && c->stage == SPEAKING) keep_asked(c, side, SPAN_EMPTY, length, now);
    if (answer == PROXY_NO) *interest = let_go(c, name_of_proxy(c->proxy));
    if (answer == PROXY_OPEN) *interest = enter_tunnel(c, side, SPAN_EMPTY, now);
    return answer == PROXY_OPEN && *interest == STREAM_GO_ON;
}

/* --- the end of a dialogue -----------------------------------------------------------------------------------------
 */

static void tell_dialogue(struct connection *c) {
    struct tls_facts tls = {0};
    struct dialogue_record record = {
        .stream = &c->info, .facts = dialogue_facts(c->dialogue), .end = dialogue_end(c->dialogue), .proxy = c->proxy};
    if (record.facts->tls != TLS_NONE) {
        record.tls = &tls;
        c->shared->counters->dialogues_encrypted++;
        if (c->shared->detector != NULL)
            (void)detector_tls_facts(c->shared->detector, &c->info,
                                     span_of(c->hello[SIDE_CLIENT], c->hello_bytes[SIDE_CLIENT]),
                                     span_of(c->hello[SIDE_SERVER], c->hello_bytes[SIDE_SERVER]), &tls);
    }
    if (c->proxy != NULL) c->shared->counters->dialogues_proxied++;
    c->shared->counters->dialogues++;
    c->shared->counters->auth_tries += record.facts->auth_tries;
    c->shared->counters->auth_refused += record.facts->auth_refused;
    c->shared->dialogue(c->shared->context, &record);
}

/* Ends what is open, and tells it: messages in flight are told as far as they were seen. */
static void finish_dialogue(struct connection *c, nstime now) {
    settle(c);
    smtp_finish(c->dialogue, now);
    (void)read_dialogue(c);
    if (!c->not_mail) tell_dialogue(c);
    dialogue_free(c->dialogue);
    c->dialogue = NULL;
    c->stage = OVER;
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
    if (c->stage == OVER) return;
    c->shared->counters->dialogues_cut++;
    if (c->dialogue != NULL) finish_dialogue(c, dialogue_facts(c->dialogue)->end);
    end_detections(c);
    c->stage = OVER;
    c->asking = false;
    c->proxy = NULL;
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
    if (c->stage == OVER || c->not_mail) return false;
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
    c->port = info->server.port;
    begin_stage(c);
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
    if (shared->detector == NULL && !port_is_set(shared->config->mail_ports, info->server.port)) return NULL;
    struct connection *c = make_connection(shared, info);
    if (c == NULL) {
        shared->counters->dialogue_memory++;
        return NULL;
    }
    share_touch(&c->member, info->start);
    return c;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                    uint32_t unread, nstime now) {
    struct connection *c = handle;
    enum stream_interest interest;
    (void)context;
    if (!begin_turn(c, now)) return STREAM_ENOUGH;
    if (may_ask_proxy(c, side, bytes)) c->asking = true;
    c->begun = true;
    if (side == SIDE_CLIENT) c->client_spoke = true;
    if (c->asking && !read_proxy(c, side, bytes, now, &interest)) return interest;
    interest = take_data(c, side, bytes, unread, now);
    if (c->asking && c->stage == SPEAKING) { /* nDPI has found mail: it was no request */
        c->asking = false;
        c->proxy = NULL;
    }
    return interest;
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct connection *c = handle;
    enum stream_interest interest;
    (void)context;
    if (!begin_turn(c, now)) return STREAM_ENOUGH;
    c->begun = true;
    if (c->asking && !read_proxy_gap(c, side, length, now, &interest)) return interest;
    return take_gap(c, side, length, now);
}

static enum stream_interest on_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                   nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->dialogue != NULL) return push_end(c, side, reason, now);
    c->early_end[side] = (struct early_end){true, reason, now};
    return STREAM_GO_ON;
}

static void on_close(void *context, void *handle, nstime now) {
    struct connection *c = handle;
    (void)context;
    if (c->dialogue != NULL) {
        finish_dialogue(c, now);
    } else if (c->stage != OVER) { /* nothing was found out: too little was said, or a proxy refused */
        const char *name = c->asking ? name_of_proxy(c->proxy) : NULL;
        let_go(c, name == NULL && c->detection != NULL ? detection_protocol(c->detection) : name);
    }
    end_detections(c);
    free_connection(c);
}

struct stream_listener connection_listener(struct connection_shared *shared) {
    return (struct stream_listener){
        .context = shared, .open = on_open, .data = on_data, .gap = on_gap, .end = on_end, .close = on_close};
}
