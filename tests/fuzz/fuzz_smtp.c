/* Any dialogue, in any cut, with gaps and ends: no crash, no read outside, no leak of a message's memory, and the same
 * messages in another cut.
 *
 * Input: one byte of settings (bit 0: midstream, bit 1: TLS port, bits 2-3: little memory, bit 4:
 * acknowledgements are known, bit 5: they lag behind), then turns, each with a byte before it: bit 0 the side, bits 1-2
 * what it is (0, 1: bytes, 2: a gap, 3: an end), bits 3-7 the length in steps of 1, or, where bit 1 is set, of 16.
 * Before a turn with bit 7 eleven seconds pass.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/counters.h"
#include "mailspan/dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BLOCKS 512

struct run {
    struct dialogue *dialogue;
    uint8_t settings;
    uint64_t hash;
    nstime now;
    bool stopped;
};

static void mix(struct run *run, uint64_t value) {
    run->hash = (run->hash ^ value) * UINT64_C(0x100000001b3);
}

static void mix_span(struct run *run, struct span s) {
    for (size_t i = 0; i < s.len; i++) mix(run, s.data[i]);
}

static void mix_message(struct run *run, const struct message *message) {
    mix(run, message->ordinal);
    mix(run, message->outcome);
    mix(run, message->stage);
    mix(run, message->visibility);
    mix(run, message->body_bytes);
    mix(run, message->body_size_lost);
    mix(run, message->bare_newlines);
    mix(run, message->smuggling);
    mix(run, message->smuggled_commands);
    mix(run, message->smuggled);
    mix(run, message->reply.code);
    mix_span(run, message->reply.text);
    mix_span(run, message->sender);
    for (uint32_t i = 0; i < message->recipient_count; i++) {
        const struct recipient *recipient = message_recipient(message, i);
        mix_span(run, recipient->mailbox);
        mix(run, recipient->outcome);
        mix(run, recipient->reply.code);
        mix_span(run, recipient->reply.text);
    }
}

static void drain(struct run *run) {
    struct smtp_item item;
    while (!run->stopped && smtp_next(run->dialogue, &item)) {
        if (item.type == SMTP_BODY)
            for (size_t i = 0; i < item.bytes.len; i++) (void)*(const volatile uint8_t *)(item.bytes.data + i);
        if (item.type == SMTP_NOT_SMTP) run->stopped = true;
        if (item.type == SMTP_MESSAGE_END) mix_message(run, item.message);
        if (item.type == SMTP_MESSAGE_END || item.type == SMTP_MESSAGE_NONE) message_free(item.message);
    }
}

static uint32_t unread(const struct run *run, uint8_t what) {
    if ((run->settings & 16) == 0) return STREAM_UNREAD_UNKNOWN;
    return (run->settings & 32) == 0 ? 0 : what;
}

static void push(struct run *run, enum stream_side side, struct span bytes, uint8_t what, size_t cut) {
    for (size_t at = 0; at < bytes.len && !run->stopped;) {
        size_t length = cut == 0 || cut > bytes.len - at ? bytes.len - at : cut;
        uint8_t *piece = malloc(length); /* exactly as long, so that the sanitizer sees a byte too far */
        memcpy(piece, bytes.data + at, length);
        smtp_push(run->dialogue, side, span_of(piece, length), unread(run, what), run->now);
        drain(run);
        free(piece);
        at += length;
    }
}

static void turns(struct run *run, struct reader *reader, size_t cut) {
    while (reader_left(reader) > 0 && !run->stopped) {
        uint8_t what = reader_u8(reader);
        enum stream_side side = (what & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
        size_t length = (size_t)(what >> 3) * ((what & 2) != 0 ? 16 : 1);
        unsigned kind = (what >> 1) & 3;
        if ((what & 128) != 0) run->now += 11 * NS_PER_S;
        if (kind < 2) {
            if (length > reader_left(reader)) length = reader_left(reader);
            push(run, side, reader_bytes(reader, length), what, cut);
        } else if (kind == 2) {
            smtp_gap(run->dialogue, side, length + 1);
        } else {
            smtp_end(run->dialogue, side, (enum stream_end)(length / 16 % 5), run->now);
        }
        drain(run);
    }
}

static uint64_t run_dialogue(const uint8_t *data, size_t size, size_t cut) {
    static struct arena_block memory[BLOCKS];
    struct block_pool pool;
    struct arena arena;
    struct dialogue_counters counters = {.messages = 0};
    struct reader reader = reader_of(span_of(data, size));
    uint8_t settings = reader_u8(&reader);
    struct stream_info info = {.start = 1, .midstream = (settings & 1) != 0};
    struct run run = {.hash = 1, .settings = settings, .now = 1};
    static const size_t blocks[] = {BLOCKS, BLOCKS, 3, 6};
    block_pool_init(&pool, memory, blocks[(settings >> 2) & 3] * sizeof memory[0]);
    arena_init(&arena, &pool, DIALOGUE_ARENA_BYTES);
    run.dialogue = dialogue_new(&arena, &info, (settings & 2) != 0, &counters);
    if (run.dialogue == NULL) abort();
    turns(&run, &reader, cut);
    if (!run.stopped) {
        smtp_finish(run.dialogue, run.now);
        drain(&run);
    }
    dialogue_free(run.dialogue);
    if (pool.in_use != arena.blocks) abort();
    arena_reset(&arena);
    return ((settings >> 2) & 3) >= 2 ? 0 : run.hash; /* a line that waits needs memory that a whole one does not */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    uint64_t whole = run_dialogue(data, size, 0);
    if (run_dialogue(data, size, 1) != whole || run_dialogue(data, size, 5) != whole) abort();
    return 0;
}
