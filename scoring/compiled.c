/* See compiled.h.  What is loaded again is asked for in the order in which it was added, so the search begins behind
 * the one that was found last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/compiled.h"

#include <stdlib.h>
#include <string.h>

#include "mailspan/limits.h"

struct kept {
    struct compiled_database database; /* its spans are in one allocation, that of prefiltered */
    bool used;
    bool offered;
};

struct compiled {
    struct kept *kept; /* LIMIT_COMPILED */
    unsigned count;
    unsigned next; /* where the search begins */
    const struct compiled_database *brought;
    unsigned brought_count, brought_loaded;
    bool closed, sound;
    int64_t (*watch)(void); /* NULL: nobody measures */
    int64_t spent_ns;
};

struct compiled *compiled_new(void) {
    struct compiled *c = calloc(1, sizeof *c);
    if (c == NULL) return NULL;
    c->kept = calloc(LIMIT_COMPILED, sizeof *c->kept);
    if (c->kept != NULL) return c;
    free(c);
    return NULL;
}

static void free_bytes(struct kept *kept) {
    free((void *)(uintptr_t)kept->database.prefiltered.data);
}

void compiled_free(struct compiled *c) {
    if (c == NULL) return;
    for (unsigned i = 0; i < c->count; i++) free_bytes(&c->kept[i]);
    free(c->kept);
    free(c);
}

void compiled_close(struct compiled *c) {
    c->closed = true;
}

bool compiled_is_closed(const struct compiled *c) {
    return c->closed;
}

void compiled_note_sound(struct compiled *c) {
    c->sound = true;
}

bool compiled_is_sound(const struct compiled *c) {
    return c->sound;
}

static bool add(struct compiled *c, const struct compiled_database *database, bool offered) {
    if (c->count == LIMIT_COMPILED) return false;
    uint8_t *memory = malloc(database->prefiltered.len + database->bytes.len + 1);
    if (memory == NULL) return false;
    uint8_t *bytes = memory + database->prefiltered.len;
    if (database->prefiltered.len > 0) memcpy(memory, database->prefiltered.data, database->prefiltered.len);
    if (database->bytes.len > 0) memcpy(bytes, database->bytes.data, database->bytes.len);
    struct kept *kept = &c->kept[c->count++];
    kept->used = !offered;
    kept->offered = offered;
    memcpy(kept->database.key, database->key, sizeof kept->database.key);
    kept->database.prefiltered = span_of(memory, database->prefiltered.len);
    kept->database.bytes = span_of(bytes, database->bytes.len);
    return true;
}

bool compiled_add(struct compiled *c, const struct compiled_database *database) {
    return add(c, database, false);
}

bool compiled_offer(struct compiled *c, const struct compiled_database *database) {
    for (unsigned i = 0; i < c->count; i++) {
        if (memcmp(c->kept[i].database.key, database->key, COMPILED_KEY_BYTES) != 0) continue;
        c->kept[i].offered = true;
        return true;
    }
    return add(c, database, true);
}

unsigned compiled_offered(const struct compiled *c) {
    unsigned offered = 0;
    for (unsigned i = 0; i < c->count; i++) offered += c->kept[i].offered;
    return offered;
}

const struct compiled_database *compiled_find(struct compiled *c, const uint8_t key[COMPILED_KEY_BYTES]) {
    for (unsigned tried = 0; tried < c->count; tried++) {
        if (c->next >= c->count) c->next = 0;
        struct kept *kept = &c->kept[c->next++];
        if (memcmp(kept->database.key, key, COMPILED_KEY_BYTES) != 0) continue;
        kept->used = true;
        return &kept->database;
    }
    return NULL;
}

void compiled_bring(struct compiled *c, const struct compiled_database *databases, unsigned count) {
    c->brought = databases;
    c->brought_count = count;
}

const struct compiled_database *compiled_find_brought(const struct compiled *c, const uint8_t key[COMPILED_KEY_BYTES]) {
    for (unsigned i = 0; i < c->brought_count; i++)
        if (memcmp(c->brought[i].key, key, COMPILED_KEY_BYTES) == 0) return &c->brought[i];
    return NULL;
}

void compiled_watch_time(struct compiled *c, int64_t (*watch)(void)) {
    c->watch = watch;
    c->spent_ns = 0;
}

bool compiled_has_watch(const struct compiled *c) {
    return c->watch != NULL;
}

int64_t compiled_time(const struct compiled *c) {
    return c->watch();
}

int64_t compiled_spend(struct compiled *c, int64_t ns) {
    c->spent_ns += ns;
    return c->spent_ns;
}

void compiled_note_brought(struct compiled *c) {
    c->brought_loaded++;
}

unsigned compiled_brought(const struct compiled *c) {
    return c->brought_loaded;
}

unsigned compiled_count(const struct compiled *c) {
    return c->count;
}

const struct compiled_database *compiled_at(const struct compiled *c, unsigned i) {
    return i < c->count ? &c->kept[i].database : NULL;
}

void compiled_drop_unused(struct compiled *c) {
    unsigned left = 0;
    for (unsigned i = 0; i < c->count; i++) {
        if (!c->kept[i].used) {
            free_bytes(&c->kept[i]);
            continue;
        }
        c->kept[left] = c->kept[i];
        c->kept[left++].used = false;
    }
    c->count = left;
    c->next = 0;
}
