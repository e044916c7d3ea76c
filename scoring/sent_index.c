/* See sent_index.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sent_index.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct sent_index {
    struct sent_key *keys;
    uint32_t *buckets; /* serial of the newest key; 0: none was ever there */
    uint32_t capacity; /* powers of two, both */
    uint32_t written;  /* serial of the newest key; turns over, and the one with serial 0 is not found then */
    uint8_t hash_key[crypto_shorthash_KEYBYTES];
};

struct sent_index *sent_index_new(size_t keys_max, const uint8_t hash_key[16]) {
    struct sent_index *index = calloc(1, sizeof *index);
    if (index == NULL) return NULL;
    index->capacity = LIMIT_SENT_MAILBOXES * 2;
    while (index->capacity < keys_max && index->capacity < LIMIT_SENT_MAX) index->capacity *= 2;
    index->keys = calloc(index->capacity, sizeof *index->keys);
    index->buckets = calloc(index->capacity, sizeof *index->buckets);
    memcpy(index->hash_key, hash_key, sizeof index->hash_key);
    if (index->keys != NULL && index->buckets != NULL) return index;
    sent_index_free(index);
    return NULL;
}

void sent_index_free(struct sent_index *index) {
    if (index == NULL) return;
    free(index->keys);
    free(index->buckets);
    sodium_memzero(index->hash_key, sizeof index->hash_key);
    free(index);
}

size_t sent_index_memory_bytes(const struct sent_index *index) {
    return sizeof *index + index->capacity * (sizeof *index->keys + sizeof *index->buckets);
}

static uint64_t hash_of(const struct sent_index *index, const struct sent_question *question) {
    struct {
        uint64_t kind, hash;
        struct ip_address scope;
    } asked = {question->kind, question->hash, question->scope};
    uint64_t hash;
    _Static_assert(sizeof asked == 32, "no byte of it is padding");
    (void)crypto_shorthash((uint8_t *)&hash, (const uint8_t *)&asked, sizeof asked, index->hash_key);
    return hash;
}

static uint32_t *bucket_of(const struct sent_index *index, uint64_t hash) {
    return &index->buckets[hash & (index->capacity - 1)];
}

static uint32_t check_of(uint64_t hash) {
    return (uint32_t)(hash >> 32);
}

static struct sent_key *key_of(const struct sent_index *index, uint32_t serial) {
    return &index->keys[serial & (index->capacity - 1)];
}

static bool is_there(const struct sent_index *index, uint32_t serial) {
    return serial != 0 && index->written - serial < index->capacity;
}

/* Of equal hashes a bucket keeps the newest, as many as are looked at: a list's post would stand before what others
 * have in its bucket, a thousand times over. */
static void leave_out_oldest(struct sent_index *index, struct sent_key *newest) {
    uint32_t *link = &newest->older;
    for (unsigned equal = 1; is_there(index, *link); link = &key_of(index, *link)->older) {
        const struct sent_key *key = key_of(index, *link);
        if (key->check != newest->check || ++equal <= LIMIT_SENT_LOOKS) continue;
        *link = key->older;
        return;
    }
}

void sent_index_add(struct sent_index *index, const struct sent_question *question, const struct sent_key *key) {
    struct sent_key *room = key_of(index, ++index->written);
    *room = *key;
    room->older = room->check = 0;
    if (question == NULL) return;
    uint64_t const hash = hash_of(index, question);
    uint32_t *bucket = bucket_of(index, hash);
    room->check = check_of(hash);
    room->older = *bucket;
    *bucket = index->written;
    leave_out_oldest(index, room);
}

struct sent_walk sent_index_walk(const struct sent_index *index, const struct sent_question *question) {
    uint64_t const hash = hash_of(index, question);
    return (struct sent_walk){.serial = *bucket_of(index, hash), .check = check_of(hash)};
}

struct sent_key *sent_index_next(struct sent_index *index, struct sent_walk *walk) {
    while (is_there(index, walk->serial)) {
        struct sent_key *key = key_of(index, walk->serial);
        walk->serial = key->older;
        if (key->check == walk->check) return key;
    }
    return NULL;
}

/* A ring position does not say its serial, but how far it lies behind the newest one does. */
struct sent_key *sent_index_of_message(struct sent_index *index, const struct sent_key *key, unsigned place) {
    uint32_t const mask = index->capacity - 1;
    uint32_t const at = (uint32_t)(key - index->keys);
    uint32_t const behind = (index->written - at) & mask;
    uint32_t const wanted = (behind + key->place - place) & mask;
    /* One that lies further behind than the ring is long was overwritten, and so would wrap to the newest. */
    if (place < key->place && behind + (key->place - place) >= index->capacity) return NULL;
    if (place > key->kept + 1u) return NULL;
    return &index->keys[(index->written - wanted) & mask];
}
