/* The refusals that were classified last: one that is said again is not searched again.
 *
 * A server that refuses one message refuses the next in the same words, and of each message verdict and outputs ask.
 * Each refusal has one place, by a hash that need not be secret: who makes his refusals meet in one place has them
 * searched, as if there were no memory.  All of it is compared.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_internal.h"

_Static_assert((LIMIT_BOUNCE_MEMORY & (LIMIT_BOUNCE_MEMORY - 1)) == 0, "the hash's last bits are the place");

static uint64_t mixed(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const struct bounce_case *what) {
    struct span text = what->reply->text;
    uint64_t hash = mixed(what->reply->code, (uint64_t)what->stage << 32 | what->receiver);
    for (; text.len > 0; text = span_from(text, sizeof hash)) {
        uint64_t word = 0;
        memcpy(&word, text.data, text.len < sizeof word ? text.len : sizeof word);
        hash = mixed(hash, word);
    }
    return hash;
}

struct bounce_memory *bounce_memory_of(struct bounce_memory *memory, const struct bounce_case *what) {
    if (memory == NULL || !reply_is_refusal(what->reply) || what->reply->text.len > LIMIT_REPLY_TEXT_BYTES) return NULL;
    return &memory[hash_of(what) & (LIMIT_BOUNCE_MEMORY - 1)];
}

bool bounce_memory_knows(const struct bounce_memory *place, const struct bounce_case *what,
                         struct bounce_answer *answer) {
    struct smtp_reply const kept = {
        .code = place->code, .enhanced = place->enhanced, .text = span_of(place->text, place->length)};
    if (place->answer.class_ == NULL || place->stage != what->stage || place->receiver != what->receiver) return false;
    if (!reply_equal(&kept, what->reply)) return false;
    *answer = place->answer;
    return true;
}

void bounce_memory_keep(struct bounce_memory *place, const struct bounce_case *what, struct bounce_answer answer) {
    const struct smtp_reply *reply = what->reply;
    place->stage = what->stage;
    place->receiver = what->receiver;
    place->code = reply->code;
    place->enhanced = reply->enhanced;
    place->answer = answer;
    place->length = reply->text.len;
    if (reply->text.len > 0) memcpy(place->text, reply->text.data, reply->text.len);
}
