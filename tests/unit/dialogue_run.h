/* dialogue_run: runs a dialogue that is written down as a script, and writes down what the decoder made of it.
 *
 * A script has one turn a line, up to a line "---"; behind that stands what is expected, as dialogue_report writes it.
 *
 *   S: 220 mx ESMTP     the server says this and CRLF; each S: or C: is one push
 *   C: EHLO a           the client
 *   C| QUIT             more in the same push (S| likewise)
 *   GAP C 100           100 bytes of the client's are lost
 *   END C fin           the client's side ends: fin, rst, timeout, replaced, evicted, clock, eof
 *   WAIT 30             so many seconds pass
 *   MIDSTREAM           the connection's beginning was not captured
 *   UNANSWERED          its SYN/ACK was not captured
 *   PORT 24             the server's; else it is 25; on 465 TLS is spoken from the first byte
 *   ACKNOWLEDGED        what is expected holds only where acknowledgements are known
 *   # ...               a remark
 *
 * In a text, \r \n \0 \t \\ and \xHH stand for a byte, and \c at its end for no CRLF.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_DIALOGUE_RUN_H
#define MAILSPAN_TEST_DIALOGUE_RUN_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "mailspan/counters.h"
#include "mailspan/dialogue.h"

enum turn_kind { TURN_DATA, TURN_GAP, TURN_END, TURN_WAIT };

struct turn {
    enum turn_kind kind;
    enum stream_side side;
    enum stream_end reason;
    size_t length; /* of bytes, or of the gap */
    size_t seconds;
    uint8_t *bytes;
};

struct script {
    bool midstream, unanswered, implicit_tls, acknowledged_only;
    uint16_t port;
    size_t count;
    struct turn turns[256];
    char expected[16384];
};

struct text {
    size_t len;
    char bytes[16384];
};

__attribute__((format(printf, 2, 3))) static inline void text_add(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text->bytes + text->len, sizeof text->bytes - text->len, format, arguments);
    va_end(arguments);
    if (n > 0) text->len += (size_t)n;
    if (text->len >= sizeof text->bytes) abort();
}

/* --- reading a script ----------------------------------------------------------------------------------------------
 */

static inline size_t script_unescape(const char *from, uint8_t *to) {
    size_t n = 0;
    for (; *from != '\0'; from++) {
        if (*from != '\\') {
            to[n++] = (uint8_t)*from;
            continue;
        }
        char hex[3] = {0};
        switch (*++from) {
            case 'r':
                to[n++] = '\r';
                break;
            case 'n':
                to[n++] = '\n';
                break;
            case 't':
                to[n++] = '\t';
                break;
            case '0':
                to[n++] = '\0';
                break;
            case 'c':
                return n; /* no CRLF */
            case 'x':
                hex[0] = *++from;
                hex[1] = *++from;
                to[n++] = (uint8_t)strtoul(hex, NULL, 16);
                break;
            default:
                to[n++] = (uint8_t)*from;
                break;
        }
    }
    to[n++] = '\r';
    to[n++] = '\n';
    return n;
}

static inline void script_say(struct script *script, const char *line) {
    enum stream_side side = line[0] == 'C' ? SIDE_CLIENT : SIDE_SERVER;
    const char *words = line[2] == ' ' ? line + 3 : line + 2;
    uint8_t bytes[8192];
    size_t length = script_unescape(words, bytes);
    struct turn *turn = script->count > 0 ? &script->turns[script->count - 1] : NULL;
    if (line[1] == ':' || turn == NULL || turn->side != side || turn->kind != TURN_DATA) {
        turn = &script->turns[script->count++];
        *turn = (struct turn){.kind = TURN_DATA, .side = side};
    }
    turn->bytes = realloc(turn->bytes, turn->length + length + 1);
    memcpy(turn->bytes + turn->length, bytes, length);
    turn->length += length;
}

static inline enum stream_end script_reason(const char *word) {
    static const char *const words[] = {"fin", "rst", "timeout", "replaced", "evicted", "clock", "eof"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return (enum stream_end)i;
    abort();
}

static inline void script_line(struct script *script, const char *line) {
    char side, word[16];
    size_t length;
    if ((line[0] == 'C' || line[0] == 'S') && (line[1] == ':' || line[1] == '|')) {
        script_say(script, line);
    } else if (sscanf(line, "GAP %c %zu", &side, &length) == 2) {
        script->turns[script->count++] =
            (struct turn){.kind = TURN_GAP, .side = side == 'C' ? SIDE_CLIENT : SIDE_SERVER, .length = length};
    } else if (sscanf(line, "END %c %15s", &side, word) == 2) {
        script->turns[script->count++] = (struct turn){
            .kind = TURN_END, .side = side == 'C' ? SIDE_CLIENT : SIDE_SERVER, .reason = script_reason(word)};
    } else if (sscanf(line, "WAIT %zu", &length) == 1) {
        script->turns[script->count++] = (struct turn){.kind = TURN_WAIT, .seconds = length};
    } else if (strcmp(line, "MIDSTREAM") == 0) {
        script->midstream = true;
    } else if (strcmp(line, "UNANSWERED") == 0) {
        script->unanswered = true;
    } else if (strcmp(line, "PORT 465") == 0) {
        script->implicit_tls = true;
    } else if (sscanf(line, "PORT %hu", &script->port) == 1) {
    } else if (strcmp(line, "ACKNOWLEDGED") == 0) {
        script->acknowledged_only = true;
    } else if (line[0] != '#' && line[0] != '\0') {
        fprintf(stderr, "no such line: %s\n", line);
        abort();
    }
}

static inline struct script *script_read(const char *path) {
    struct script *script = calloc(1, sizeof *script);
    FILE *file = fopen(path, "r");
    char line[8192];
    bool expected = false;
    if (file == NULL) abort();
    while (fgets(line, sizeof line, file) != NULL) {
        if (expected) {
            strcat(script->expected, line);
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        expected = strcmp(line, "---") == 0;
        if (!expected) script_line(script, line);
    }
    fclose(file);
    return script;
}

static inline void script_free(struct script *script) {
    for (size_t i = 0; i < script->count; i++) free(script->turns[i].bytes);
    free(script);
}

/* --- running it ----------------------------------------------------------------------------------------------------
 */

#define RUN_POOL_BLOCKS 4096

struct run_content {
    uint64_t bytes, lost;
    uint32_t hash;
};

struct run {
    struct arena_block *memory;
    struct block_pool pool;
    struct arena arena;
    struct dialogue_counters counters;
    struct dialogue *dialogue;
    struct text report;
    uint64_t tls_bytes[2];
    /* By enum stream_side: bytes and gaps that were pushed, and those that had been said.  With acknowledgements each
     * side has read all that was said before; without, nobody knows. */
    bool acknowledged;
    uint64_t pushed[2], said[2];
    bool skims;               /* nobody wants content behind its first piece: smtp_skim takes what it can of it */
    struct message *speaking; /* ... which is of this message */
    bool stopped;
    /* For those who want to see more than the report. */
    void (*on_message)(void *context, const struct message *message);
    void *context;
    nstime now;
};

static inline void run_begin(struct run *run, const struct script *script, size_t blocks) {
    struct stream_info info = {.start = NS_PER_S, .midstream = script->midstream, .unanswered = script->unanswered};
    info.server.port = script->port == 0 ? 25 : script->port;
    memset(run, 0, sizeof *run);
    run->memory = calloc(blocks, sizeof *run->memory);
    block_pool_init(&run->pool, run->memory, blocks * sizeof *run->memory);
    arena_init(&run->arena, &run->pool, DIALOGUE_ARENA_BYTES);
    run->dialogue = dialogue_new(&run->arena, &info, script->implicit_tls, &run->counters);
    run->now = NS_PER_S;
}

static inline void report_text(struct text *text, struct span s) {
    for (size_t i = 0; i < s.len; i++)
        text_add(text, s.data[i] >= ' ' && s.data[i] < 127 ? "%c" : "\\x%02x", s.data[i]);
}

static inline void report_reply(struct text *text, const struct smtp_reply *reply) {
    if (reply->code == 0) {
        text_add(text, "none");
        return;
    }
    text_add(text, "%u", reply->code);
    if (reply->enhanced.class_ != 0)
        text_add(text, " %u.%u.%u", reply->enhanced.class_, reply->enhanced.subject, reply->enhanced.detail);
    if (reply->text.len > 0) text_add(text, " ");
    report_text(text, reply->text);
}

static inline void report_message(struct text *text, const struct message *message) {
    const struct run_content *content = message->user;
    text_add(text, "message %u: %s", message->ordinal, outcome_name(message->outcome));
    if (message->stage != STAGE_NONE) text_add(text, " at %s", stage_name(message->stage));
    text_add(text, ", %s%s\n", visibility_name(message->visibility), message->smuggled ? ", smuggled" : "");
    if (message->stage != STAGE_GREETING) {
        text_add(text, "  from %s", message->sender_seen ? "<" : "?");
        report_text(text, message->sender);
        text_add(text, message->sender_seen ? ">\n" : "\n");
    }
    for (uint32_t i = 0; i < message->recipient_count; i++) {
        const struct recipient *recipient = message_recipient(message, i);
        text_add(text, "  to <");
        report_text(text, recipient->mailbox);
        text_add(text, "> %s %u\n", outcome_name(recipient->outcome), recipient->reply.code);
    }
    if (message->body_started) {
        text_add(text, message->body_size_lost ? "  body ? " : "  body %llu ", (unsigned long long)message->body_bytes);
        text_add(text, "%s%s%s%s%s", message->body_complete ? "complete" : "incomplete",
                 message->chunked ? ", chunked" : "", message->bare_newlines ? ", bare newlines" : "",
                 message->smuggling ? ", odd end" : "", message->smuggled_commands ? " with commands" : "");
        if (content != NULL && content->lost > 0) text_add(text, ", %llu lost", (unsigned long long)content->lost);
        text_add(text, ", content %llu\n", content == NULL ? 0 : (unsigned long long)content->bytes);
    }
    text_add(text, "  reply ");
    report_reply(text, &message->reply);
    text_add(text, "\n");
}

static inline void report_dialogue(struct run *run) {
    const struct dialogue_facts *facts = dialogue_facts(run->dialogue);
    static const char *const tls[] = {"none", "starttls", "implicit"};
    text_add(&run->report, "dialogue: %s, end %s, messages %u, greeting %u, helo ", visibility_name(facts->visibility),
             dialogue_end_name(dialogue_end(run->dialogue)), facts->messages, facts->greeting.code);
    report_text(&run->report, facts->helo);
    if (facts->tls != TLS_NONE)
        text_add(&run->report, ", tls %s C %llu S %llu", tls[facts->tls], (unsigned long long)run->tls_bytes[0],
                 (unsigned long long)run->tls_bytes[1]);
    if (facts->auth_tries > 0) text_add(&run->report, ", auth %u refused %u", facts->auth_tries, facts->auth_refused);
    text_add(&run->report, "\n");
}

static inline struct run_content *run_content_of(struct message *message) {
    if (message->user == NULL) message->user = arena_alloc(&message->arena, sizeof(struct run_content));
    return message->user;
}

static inline void run_take(struct run *run, const struct smtp_item *item) {
    struct run_content *content = item->message == NULL ? NULL : run_content_of(item->message);
    switch (item->type) {
        case SMTP_BODY:
            if (content != NULL) content->bytes += item->bytes.len;
            for (size_t i = 0; content != NULL && i < item->bytes.len; i++)
                content->hash = content->hash * 31 + item->bytes.data[i];
            break;
        case SMTP_BODY_GAP:
            if (content != NULL) content->lost += item->length;
            break;
        case SMTP_MESSAGE_END:
            if (run->report.len < 12000 && item->message->recipient_count < 100)
                report_message(&run->report, item->message);
            if (run->on_message != NULL) run->on_message(run->context, item->message);
            message_free(item->message);
            break;
        case SMTP_MESSAGE_NONE:
            message_free(item->message);
            break;
        case SMTP_TLS:
            run->tls_bytes[item->side] += item->bytes.len;
            break;
        case SMTP_NOT_SMTP:
            text_add(&run->report, "not smtp\n");
            run->stopped = true;
            break;
        case SMTP_MESSAGE_BEGIN:
        case SMTP_BODY_END:
            break;
    }
}

static inline void run_drain(struct run *run) {
    struct smtp_item item;
    while (!run->stopped && smtp_next(run->dialogue, &item)) {
        if (run->skims && item.type == SMTP_BODY) {
            run->speaking = item.message;
            item.message->content_done = true;
        }
        run_take(run, &item);
    }
}

/* Returns what is left to be pushed. */
static inline struct span run_skim(struct run *run, struct span bytes, uint32_t unread) {
    size_t skimmed = smtp_skim(run->dialogue, bytes, unread, run->now);
    struct run_content *content = skimmed == 0 ? NULL : run_content_of(run->speaking);
    if (content != NULL) content->bytes += skimmed;
    return span_from(bytes, skimmed);
}

static inline void run_data(struct run *run, enum stream_side side, struct span bytes) {
    if (run->stopped || bytes.len == 0) return;
    struct guarded guarded = guard_copy(bytes);
    struct span rest = guarded.bytes;
    enum stream_side other = side_other(side);
    uint32_t unread = (uint32_t)(run->pushed[other] - run->said[other]);
    if (!run->acknowledged) unread = STREAM_UNREAD_UNKNOWN;
    if (run->skims && side == SIDE_CLIENT) rest = run_skim(run, rest, unread);
    if (rest.len > 0) smtp_push(run->dialogue, side, rest, unread, run->now);
    run->pushed[side] += bytes.len;
    run_drain(run);
    guard_free(&guarded);
}

static inline void run_gap(struct run *run, enum stream_side side, uint64_t length) {
    if (run->stopped || length == 0) return;
    smtp_gap(run->dialogue, side, length);
    run->pushed[side] += length;
    run_drain(run);
}

/* Pieces of at most cut_max bytes, as the seed will have it; 0: a turn is one push. */
static inline void run_turn(struct run *run, const struct turn *turn, size_t cut_max, unsigned *seed) {
    run->now += turn->kind == TURN_WAIT ? (nstime)turn->seconds * NS_PER_S : NS_PER_MS;
    if (turn->kind == TURN_GAP) run_gap(run, turn->side, turn->length);
    if (turn->kind != TURN_END) run->said[turn->side] += turn->length;
    if (turn->kind == TURN_END && !run->stopped) {
        smtp_end(run->dialogue, turn->side, turn->reason, run->now);
        run_drain(run);
    }
    if (turn->kind != TURN_DATA) return;
    for (size_t at = 0; at < turn->length;) {
        size_t length = turn->length - at;
        if (cut_max > 0) {
            size_t cut = 1 + (size_t)rand_r(seed) % cut_max;
            if (cut < length) length = cut;
        }
        run_data(run, turn->side, span_of(turn->bytes + at, length));
        at += length;
    }
}

/* What is left when it is over: nothing of the messages. */
static inline void run_end(struct run *run) {
    if (!run->stopped) {
        smtp_finish(run->dialogue, run->now);
        run_drain(run);
        report_dialogue(run);
    }
    dialogue_free(run->dialogue);
    if (run->pool.in_use != run->arena.blocks) abort();
    arena_reset(&run->arena);
}

static inline void run_free(struct run *run) {
    free(run->memory);
}

static inline void run_script(struct run *run, const struct script *script, bool acknowledged, size_t cut_max,
                              unsigned seed) {
    run_begin(run, script, RUN_POOL_BLOCKS);
    run->acknowledged = acknowledged;
    run->skims = seed % 2 == 1;
    for (size_t i = 0; i < script->count; i++) run_turn(run, &script->turns[i], cut_max, &seed);
    run_end(run);
}

#endif
