/* Fuzz target: a connection from its first byte to its end: proxy, detection, opening, dialogue, name.
 *
 * Input: one byte that chooses the port and whether the start was seen, then pieces: a byte with the side (lowest bit)
 * and the length, and the bytes; length 0 is a gap, and behind the last piece of a side comes its end.
 *
 * Each connection is told as a dialogue, or counted once by name, or was cut short; and gives all its memory back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "connection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BLOCKS 2048
#define START (INT64_C(1700000000) * NS_PER_S)
#define RULES "rules:\n  - {name: A_WORD, look_at: body, match: 'order', points: 1, description: a}\n"

static struct counters counters;
static struct protocol_table not_mail;
static unsigned dialogues;

static void on_message(void *context, const struct message_record *record, const struct dialogue_facts *facts,
                       struct rule_scan *scan) {
    (void)context;
    (void)facts;
    (void)scan;
    assert(record->message != NULL);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    (void)context;
    unsigned depth = 0;
    for (const struct proxied *proxied = record->proxied; proxied != NULL; proxied = proxied->next, depth++)
        assert(proxied->protocol >= PROXY_HEADER_V1 || memchr(proxied->target, ':', sizeof proxied->target) != NULL);
    assert(depth <= LIMIT_PROXY_DEPTH);
    dialogues++;
}

static struct connection_shared *shared(void) {
    static struct config config;
    static struct block_pool pool;
    static struct connection_shared made;
    struct problem problem;
    if (made.context == NULL) {
        struct rules_source source = {RULE_CONTENT, "content.yaml", SPAN_LITERAL(RULES)};
        config_default(&config);
        block_pool_init(&pool, calloc(BLOCKS, sizeof(struct arena_block)), BLOCKS * sizeof(struct arena_block));
        made = (struct connection_shared){.config = &config,
                                          .pool = &pool,
                                          .shares = share_table_new(&pool),
                                          .detector = detector_new(&counters, LIMIT_DETECTIONS),
                                          .charsets = charset_table_new(),
                                          .rules = ruleset_load(&source, 1, &problem),
                                          .counters = &counters,
                                          .not_mail = &not_mail,
                                          .context = &made,
                                          .message = on_message,
                                          .dialogue = on_dialogue};
        if (made.shares == NULL || made.detector == NULL || made.charsets == NULL || made.rules == NULL) abort();
    }
    return &made;
}

static void feed(const struct stream_listener *listener, void *handle, struct reader *r) {
    enum stream_interest interest = STREAM_GO_ON;
    nstime now = START;
    while (reader_left(r) > 0 && interest == STREAM_GO_ON) {
        uint8_t const head = reader_u8(r);
        enum stream_side const side = (head & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
        size_t const wanted = head >> 1;
        now += NS_PER_MS;
        if (wanted == 0) {
            interest = listener->gap(listener->context, handle, side, 100, now);
            continue;
        }
        struct span const bytes = reader_bytes(r, wanted < reader_left(r) ? wanted : reader_left(r));
        interest = listener->data(listener->context, handle, side, bytes, STREAM_UNREAD_UNKNOWN, now);
    }
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER && interest == STREAM_GO_ON; side++)
        interest = listener->end(listener->context, handle, side, STREAM_FIN, now);
    listener->close(listener->context, handle, now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint16_t const ports[4] = {25, 465, 587, 26000};
    struct stream_listener const listener = connection_listener(shared());
    struct reader r = reader_of(span_of(data, size));
    uint8_t const first = reader_u8(&r);
    struct stream_info const info = {.client = {{{[10] = 0xff, 0xff, 192, 0, 2, 1}}, 40000},
                                     .server = {{{[10] = 0xff, 0xff, 198, 51, 100, 25}}, ports[first % 4]},
                                     .start = START,
                                     .midstream = (first & 4) != 0};
    counters = (struct counters){.packets = 0};
    not_mail = (struct protocol_table){.count = 0};
    dialogues = 0;
    void *handle = listener.open(listener.context, &info);
    assert(handle != NULL);
    feed(&listener, handle, &r);
    assert(dialogues + counters.flows_not_mail + counters.dialogue_memory == 1);
    assert(counters.dialogues == dialogues && shared()->pool->in_use == 0);
    assert(!ruleset_is_searching(shared()->rules));
    if (counters.flows_not_mail == 0) return 0;
    assert(not_mail.count == 1 && not_mail.rows[0].flows == 1 && not_mail.rows[0].name[0] != '\0');
    return 0;
}
