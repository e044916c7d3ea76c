/* Traffic that is not mail, for the cost of packets which a mail sensor must only let go: requests and answers that
 * look like HTTP in clear or like TLS records. The answers have the sizes that the mail would have.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_script.h"

#include <string.h>

enum phase { PHASE_HELLO, PHASE_SERVER_HELLO, PHASE_FINISHED, PHASE_REQUEST, PHASE_RESPONSE, PHASE_CLOSE };

enum { RECORD_HEADER_BYTES = 5, HELLO_BYTES = 517, SERVER_HELLO_BYTES = 3100 };

void exchange_start(struct script *s, struct run *run) {
    struct exchange *e = &s->other;
    uint32_t wanted = random_chance(&s->random, run->settings.reuse_share) ? random_between(&s->random, 2, 6) : 1;
    uint16_t port = s->flow->port[SERVER];
    *e = (struct exchange){.encrypted = port == 443 || port == 8443};
    e->phase = e->encrypted ? PHASE_HELLO : PHASE_REQUEST;
    e->requests_left = (uint16_t)(wanted < run->messages_left ? wanted : run->messages_left);
    run->messages_left -= e->requests_left;
    run->dialogues++;
}

struct turn exchange_next(struct script *s, struct run *run) {
    struct exchange *e = &s->other;
    bool streams = e->phase == PHASE_SERVER_HELLO || e->phase == PHASE_RESPONSE;
    if (e->phase == PHASE_SERVER_HELLO) {
        e->body_left = e->body_bytes = SERVER_HELLO_BYTES;
    } else if (e->phase == PHASE_RESPONSE) {
        e->body_left = e->body_bytes = script_size_pick(&s->random, &run->settings);
    }
    return (struct turn){
        .kind = e->phase == PHASE_CLOSE ? TURN_FIN
                : streams               ? TURN_STREAM
                                        : TURN_LINES,
        .side = streams ? SERVER : CLIENT,
        .delay_us = random_between(&s->random, 100, streams ? 90000 : 3000),
    };
}

static void put_record_header(struct text *t, uint8_t type, uint32_t bytes) {
    const char header[RECORD_HEADER_BYTES] = {(char)type, 3, 3, (char)(bytes >> 8), (char)bytes};
    text_bytes(t, header, sizeof(header));
}

static void put_noise(struct random *r, struct text *t, size_t bytes) {
    for (; bytes > 0; bytes -= bytes < 8 ? bytes : 8) {
        uint64_t eight = random_next(r);
        text_bytes(t, (const char *)&eight, bytes < 8 ? bytes : 8);
    }
}

static size_t write_request(struct script *s, struct text *t) {
    struct exchange *e = &s->other;
    if (e->encrypted) {
        uint32_t bytes = e->phase == PHASE_HELLO ? HELLO_BYTES : e->phase == PHASE_FINISHED ? 74 : 400;
        put_record_header(t, e->phase == PHASE_HELLO ? 22 : 23, bytes - RECORD_HEADER_BYTES);
        put_noise(&s->random, t, bytes - RECORD_HEADER_BYTES);
    } else {
        text_string(t, "GET /");
        text_word(t, random_next(&s->random));
        text_string(t, "/");
        text_word(t, random_next(&s->random));
        text_string(t, ".html HTTP/1.1\r\nHost: www.");
        mail_server_domain(t, s->server);
        text_string(t,
                    "\r\nUser-Agent: bench/1.0\r\nAccept: text/html, image/png\r\nAccept-Encoding: identity\r\n"
                    "Accept-Language: en\r\nConnection: keep-alive\r\n\r\n");
    }
    e->phase = e->phase == PHASE_HELLO      ? PHASE_SERVER_HELLO
               : e->phase == PHASE_FINISHED ? PHASE_REQUEST
                                            : PHASE_RESPONSE;
    return text_length(t);
}

static void response_over(struct exchange *e) {
    if (e->phase == PHASE_SERVER_HELLO) {
        e->phase = PHASE_FINISHED;
        return;
    }
    e->requests_left--;
    e->phase = e->requests_left > 0 ? PHASE_REQUEST : PHASE_CLOSE;
}

static void put_response_part(struct script *s, struct text *t, size_t room) {
    struct exchange *e = &s->other;
    if (!e->encrypted) {
        char line[128 + WORDS_SLACK_BYTES];
        size_t length = (size_t)(words_write(&s->random, line, 100) - line);
        length = length < room ? length : room;
        length = length < e->body_left ? length : e->body_left;
        text_bytes(t, line, length);
        e->body_left -= (uint32_t)length;
        return;
    }
    uint32_t part = (uint32_t)(room - RECORD_HEADER_BYTES);
    part = part < e->body_left ? part : e->body_left;
    put_record_header(t, 23, part); /* a record in each segment, as servers do that want to be quick */
    put_noise(&s->random, t, part);
    e->body_left -= part;
}

size_t exchange_write(struct script *s, struct run *run, char *out, size_t bytes_max) {
    struct exchange *e = &s->other;
    struct text t = text_over(out, bytes_max);
    (void)run;
    if (e->phase != PHASE_RESPONSE && e->phase != PHASE_SERVER_HELLO) {
        return write_request(s, &t);
    }
    if (!e->encrypted && e->body_left == e->body_bytes) {
        text_string(&t, "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: ");
        text_number(&t, e->body_bytes);
        text_string(&t, "\r\n\r\n");
    }
    while (e->body_left > 0 && text_length(&t) < bytes_max) {
        put_response_part(s, &t, bytes_max - text_length(&t));
    }
    if (e->body_left == 0) {
        response_over(e);
    }
    return text_length(&t);
}

bool exchange_more(const struct script *s) {
    return s->other.body_left > 0;
}
