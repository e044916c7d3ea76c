/* See handover.h.  A blob, numbers in network order:
 *
 *   checksum of the rest (BLAKE2b, 32 bytes)    magic    generation
 *   name, folder and text of the configuration
 *   name and text of each rule file
 *   number of databases    of each: key (32 bytes), which are prefiltered, bytes
 *
 * where a text is a length and so many bytes.  A piece: magic, length of the blob, offset, bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "handover.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mailspan/limits.h"

#define MAGIC 0x4d735201u
#define PIECE_MAGIC 0x4d735202u
#define CHECKSUM_BYTES 32

/* --- packing ------------------------------------------------------------------------------------------------------ */

/* Measures when it has no memory yet. */
struct packer {
    uint8_t *bytes;
    size_t used;
};

static void pack_bytes(struct packer *p, const void *bytes, size_t length) {
    if (p->bytes != NULL && length > 0) memcpy(p->bytes + p->used, bytes, length);
    p->used += length;
}

static void pack_number(struct packer *p, size_t number) {
    uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    pack_bytes(p, bytes, sizeof bytes);
}

static void pack_text(struct packer *p, struct span text) {
    pack_number(p, text.len);
    pack_bytes(p, text.data, text.len);
}

static void pack_all(struct packer *p, const struct handover *handover) {
    static const uint8_t no_checksum_yet[CHECKSUM_BYTES];
    pack_bytes(p, no_checksum_yet, sizeof no_checksum_yet);
    pack_number(p, MAGIC);
    pack_number(p, handover->generation);
    pack_text(p, span_from_string(handover->config.name));
    pack_text(p, span_from_string(handover->config.folder));
    pack_text(p, handover->config.text);
    for (size_t i = 0; i < KNOWLEDGE_FILES; i++) {
        pack_text(p, span_from_string(handover->texts.files[i].name));
        pack_text(p, handover->texts.files[i].text);
    }
    unsigned count = compiled_count(handover->compiled);
    pack_number(p, count);
    for (unsigned i = 0; i < count; i++) {
        const struct compiled_database *database = compiled_at(handover->compiled, i);
        pack_bytes(p, database->key, sizeof database->key);
        pack_text(p, database->prefiltered);
        pack_text(p, database->bytes);
    }
}

static void checksum_of(struct span blob, uint8_t checksum[CHECKSUM_BYTES]) {
    struct span rest = span_from(blob, CHECKSUM_BYTES);
    (void)crypto_generichash(checksum, CHECKSUM_BYTES, rest.data, rest.len, NULL, 0);
}

bool handover_pack(const struct handover *handover, struct span *blob) {
    struct packer packer = {.bytes = NULL};
    pack_all(&packer, handover);
    if (packer.used > LIMIT_HANDOVER_BYTES) return false;
    packer = (struct packer){.bytes = malloc(packer.used)};
    if (packer.bytes == NULL) return false;
    pack_all(&packer, handover);
    *blob = span_of(packer.bytes, packer.used);
    checksum_of(*blob, packer.bytes);
    return true;
}

void handover_blob_free(struct span blob) {
    void *bytes = (void *)(uintptr_t)blob.data;
    if (bytes == NULL) return;
    sodium_memzero(bytes, blob.len);
    free(bytes);
}

/* --- unpacking ---------------------------------------------------------------------------------------------------- */

static struct span take_text(struct reader *r) {
    return reader_bytes(r, reader_be32(r));
}

/* A name is text without a NUL in it. */
static void take_name(struct reader *r, char *name, size_t size) {
    struct span text = take_text(r);
    if (text.len >= size || span_find(text, '\0') != text.len) {
        r->failed = true;
        text = SPAN_EMPTY;
    }
    if (text.len > 0) memcpy(name, text.data, text.len);
    name[text.len] = '\0';
}

/* False when there is no memory. */
static bool take_databases(struct reader *r, struct compiled *compiled) {
    uint32_t count = reader_be32(r);
    if (count > LIMIT_COMPILED) r->failed = true;
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        struct compiled_database database;
        struct span key = reader_bytes(r, sizeof database.key);
        database.prefiltered = take_text(r);
        database.bytes = take_text(r);
        if (r->failed) break;
        memcpy(database.key, key.data, sizeof database.key);
        if (!compiled_add(compiled, &database)) return false;
    }
    return true;
}

static bool refuse(struct problem *problem, const char *what) {
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->what, sizeof problem->what, "%s", what);
    return false;
}

static bool is_whole(struct span blob) {
    uint8_t checksum[CHECKSUM_BYTES];
    if (blob.len < CHECKSUM_BYTES || blob.len > LIMIT_HANDOVER_BYTES) return false;
    checksum_of(blob, checksum);
    return span_equal(span_head(blob, CHECKSUM_BYTES), span_of(checksum, sizeof checksum));
}

static bool unpack_into(struct reader *r, struct handover *handover, struct problem *problem) {
    if (reader_be32(r) != MAGIC) r->failed = true;
    handover->generation = reader_be32(r);
    take_name(r, handover->config.name, sizeof handover->config.name);
    take_name(r, handover->config.folder, sizeof handover->config.folder);
    handover->config.text = take_text(r);
    for (size_t i = 0; i < KNOWLEDGE_FILES; i++) {
        take_name(r, handover->texts.files[i].name, sizeof handover->texts.files[i].name);
        handover->texts.files[i].text = take_text(r);
    }
    if (!take_databases(r, handover->compiled)) return refuse(problem, "not enough memory for new rules");
    if (!r->failed && reader_left(r) == 0) return true;
    return refuse(problem, "the rules that were handed over are damaged");
}

bool handover_unpack(struct span blob, struct handover *handover, struct problem *problem) {
    *handover = (struct handover){.generation = 0};
    if (!is_whole(blob)) return refuse(problem, "the rules that were handed over are damaged or incomplete");
    handover->compiled = knowledge_compiled_new();
    if (handover->compiled == NULL) return refuse(problem, "not enough memory for new rules");
    struct reader reader = reader_of(span_from(blob, CHECKSUM_BYTES));
    if (unpack_into(&reader, handover, problem)) {
        compiled_close(handover->compiled);
        return true;
    }
    handover_unpacked_free(handover);
    return false;
}

void handover_unpacked_free(struct handover *handover) {
    compiled_free(handover->compiled);
    handover->compiled = NULL;
}

/* --- what a process runs by --------------------------------------------------------------------------------------- */

void generation_free(struct generation *generation) {
    if (generation == NULL) return;
    knowledge_free(&generation->knowledge);
    config_free(&generation->config);
    free(generation);
}

static struct generation *generation_new(uint32_t number, struct problem *problem) {
    struct generation *generation = calloc(1, sizeof *generation);
    if (generation == NULL) {
        (void)refuse(problem, "not enough memory for new rules");
        return NULL;
    }
    generation->number = number;
    config_default(&generation->config);
    return generation;
}

static bool read_all(const char *path, struct generation *next, const struct config *running, struct compiled *compiled,
                     struct handover *handover, struct problem *problem) {
    struct config_source *source = &handover->config;
    if (!config_source_read(path, source, problem)) return false;
    if (!config_parse(&next->config, source->name, source->folder, source->text, problem)) return false;
    if (!knowledge_offer_compiled(&next->config, compiled, problem)) return false;
    if (!knowledge_texts_read(&next->config, &handover->texts, problem)) return false;
    config_keep_running(&next->config, running);
    if (!knowledge_load_texts(&handover->texts, compiled, &next->knowledge, problem)) return false;
    knowledge_tell_compiled(&next->config, compiled);
    return true;
}

struct generation *handover_read(const char *path, uint32_t number, const struct config *running,
                                 struct compiled *compiled, struct handover *handover, struct problem *problem) {
    *handover = (struct handover){.generation = number, .compiled = compiled};
    struct generation *next = generation_new(number, problem);
    if (next == NULL) return NULL;
    if (read_all(path, next, running, compiled, handover, problem)) return next;
    handover_read_free(handover);
    generation_free(next);
    return NULL;
}

void handover_read_free(struct handover *handover) {
    handover_blob_free(handover->config.text);
    handover->config.text = SPAN_EMPTY;
    knowledge_texts_free(&handover->texts);
}

/* What was compiled elsewhere need not be compiled here next time; where there is no memory for it, it is. */
static void keep_compiled(struct compiled *kept, const struct compiled *got) {
    for (unsigned i = 0; i < compiled_count(got); i++) {
        const struct compiled_database *database = compiled_at(got, i);
        if (compiled_find(kept, database->key) == NULL) (void)compiled_add(kept, database);
    }
    compiled_drop_unused(kept);
}

static struct generation *open_blob(struct span blob, const struct config *running, struct compiled *kept,
                                    struct problem *problem) {
    struct handover handover;
    if (!handover_unpack(blob, &handover, problem)) return NULL;
    const struct config_source *source = &handover.config;
    struct generation *next = generation_new(handover.generation, problem);
    bool fine = next != NULL && config_parse(&next->config, source->name, source->folder, source->text, problem) &&
                knowledge_load_texts(&handover.texts, handover.compiled, &next->knowledge, problem);
    if (fine && kept != NULL) keep_compiled(kept, handover.compiled);
    handover_unpacked_free(&handover);
    if (!fine) {
        generation_free(next);
        return NULL;
    }
    config_keep_running(&next->config, running);
    return next;
}

struct generation *handover_open(struct span blob, const struct config *running, struct problem *problem) {
    return open_blob(blob, running, NULL, problem);
}

struct generation *handover_take(struct span blob, const struct config *running, struct compiled *compiled,
                                 struct problem *problem) {
    return open_blob(blob, running, compiled, problem);
}

/* "user:password" in a URL of Redis; empty when there is none. */
static struct span credentials_of(const char *url) {
    const char *scheme = strstr(url, "://");
    struct span authority = scheme == NULL ? SPAN_EMPTY : span_from_string(scheme + 3);
    authority = span_head(authority, span_find(authority, '/'));
    size_t at = span_find_last(authority, '@');
    return at < authority.len ? span_head(authority, at) : SPAN_EMPTY;
}

/* Of the same form, and as long when it is decoded: what checks a URL finds nothing new in it. */
static uint8_t hidden_byte(uint8_t byte, bool is_separator) {
    return is_separator || byte == '%' ? byte : '7';
}

static bool is_hidden(struct span credentials) {
    size_t colon = span_find(credentials, ':');
    for (size_t i = 0; i < credentials.len; i++)
        if (credentials.data[i] != hidden_byte(credentials.data[i], i == colon)) return false;
    return true;
}

/* Wherever they stand in the text, a comment included. */
static void hide_all(struct span text, struct span credentials) {
    size_t colon = span_find(credentials, ':');
    while (credentials.len > 0 && text.len >= credentials.len) {
        uint8_t *found = memmem(text.data, text.len, credentials.data, credentials.len);
        if (found == NULL) return;
        for (size_t i = 0; i < credentials.len; i++) found[i] = hidden_byte(found[i], i == colon);
        text = span_from(text, (size_t)(found - text.data) + credentials.len);
    }
}

/* Hides the credentials that the text names; *names_any: what it named were not hidden before.  False: the text is no
 * configuration. */
static bool hide_named(const struct config_source *source, bool *names_any) {
    struct config config;
    struct problem problem;
    config_default(&config);
    bool parsed = config_parse(&config, source->name, source->folder, source->text, &problem);
    struct span credentials = credentials_of(config.redis_url);
    *names_any = !is_hidden(credentials);
    if (parsed) hide_all(source->text, credentials);
    config_free(&config);
    sodium_memzero(&config, sizeof config);
    return parsed;
}

/* By the text's own URL: the one that the sensor runs by may be an older one.  Read again, it shows whether all is
 * well. */
bool handover_hide_password(struct config_source *source) {
    bool names_any;
    if (!hide_named(source, &names_any)) return false;
    return hide_named(source, &names_any) && !names_any;
}

/* --- in pieces ---------------------------------------------------------------------------------------------------- */

#define PIECE_HEAD_BYTES 12

struct handover_joiner {
    uint8_t *bytes; /* of the blob; NULL: none has begun */
    size_t length, joined;
};

size_t handover_cut_piece(struct span blob, size_t *at, uint8_t piece[HANDOVER_PIECE_BYTES]) {
    struct span rest = span_slice(blob, *at, HANDOVER_PIECE_BYTES - PIECE_HEAD_BYTES);
    if (rest.len == 0) return 0;
    struct packer packer = {.bytes = piece};
    pack_number(&packer, PIECE_MAGIC);
    pack_number(&packer, blob.len);
    pack_number(&packer, *at);
    pack_bytes(&packer, rest.data, rest.len);
    *at += rest.len;
    return packer.used;
}

void handover_write_number(uint32_t number, uint8_t bytes[HANDOVER_NUMBER_BYTES]) {
    pack_number(&(struct packer){.bytes = bytes}, number);
}

uint32_t handover_read_number(struct span bytes, struct span *rest) {
    struct reader reader = reader_of(bytes);
    uint32_t number = reader_be32(&reader);
    *rest = reader_rest(&reader);
    return number;
}

size_t handover_write_answer(uint8_t kind, uint32_t number, const char *why, uint8_t answer[HANDOVER_ANSWER_BYTES]) {
    struct packer packer = {.bytes = answer};
    pack_bytes(&packer, &kind, 1);
    pack_number(&packer, number);
    pack_bytes(&packer, why, span_head(span_from_string(why), HANDOVER_ANSWER_BYTES - packer.used).len);
    return packer.used;
}

struct handover_joiner *handover_joiner_new(void) {
    return calloc(1, sizeof(struct handover_joiner));
}

void handover_joiner_clear(struct handover_joiner *j) {
    handover_blob_free(span_of(j->bytes, j->joined)); /* the rest was never written */
    *j = (struct handover_joiner){.bytes = NULL};
}

void handover_joiner_free(struct handover_joiner *j) {
    if (j == NULL) return;
    handover_joiner_clear(j);
    free(j);
}

static bool begin_blob(struct handover_joiner *j, size_t length) {
    handover_joiner_clear(j);
    if (length == 0 || length > LIMIT_HANDOVER_BYTES) return false;
    j->bytes = malloc(length);
    if (j->bytes == NULL) return false;
    j->length = length;
    return true;
}

static bool join(struct handover_joiner *j, struct span piece) {
    struct reader reader = reader_of(piece);
    bool is_piece = reader_be32(&reader) == PIECE_MAGIC;
    size_t length = reader_be32(&reader), offset = reader_be32(&reader);
    struct span bytes = reader_rest(&reader);
    if (reader.failed || !is_piece || bytes.len == 0) return false;
    if (offset == 0 && !begin_blob(j, length)) return false;
    if (length != j->length || offset != j->joined || bytes.len > j->length - j->joined) return false;
    memcpy(j->bytes + j->joined, bytes.data, bytes.len);
    j->joined += bytes.len;
    return true;
}

enum handover_joined handover_join_piece(struct handover_joiner *j, struct span piece, struct span *blob) {
    if (j->length > 0 && j->joined == j->length) handover_joiner_clear(j); /* that one was handed out */
    if (!join(j, piece)) {
        handover_joiner_clear(j);
        return HANDOVER_BROKEN;
    }
    if (j->joined < j->length) return HANDOVER_MORE;
    *blob = span_of(j->bytes, j->length);
    return HANDOVER_WHOLE;
}
