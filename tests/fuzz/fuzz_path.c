/* Fuzz target: frames through the whole path, to lines of JSON and events.
 *
 * Input: frames as in fuzz_frame: link type, how much longer the wire's frame was, seconds since the one before, length
 * in two bytes, bytes; the last frame has what is left.
 *
 * Every line is JSON, as libjansson reads it, of one type and without a key twice.  Looking at frames ahead of their
 * turn changes nothing: the same frames, told ahead, give the same lines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "judging.h"
#include "publish/publish.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FRAMES_MAX 256
#define START (INT64_C(1700000000) * NS_PER_S)

struct path {
    struct decoding *decoding; /* one for all runs, with nothing open after each: making it takes long */
    struct counters counters;
    struct judging *judging;
    struct jsonl *jsonl;
    struct output output;
    crypto_generichash_state lines;
};

static struct config config;
static struct knowledge knowledge;
static struct wording wording;

static const char config_file[] =
    "detect: any_port\n"
    "limits: {flows: 1024, sources: 16, evidence: 64}\n"
    "capture: {tunnels: any}\n"
    "privacy: {addresses: full, subjects: full}\n";
static const char content_file[] =
    "rules:\n"
    "  - {name: BODY, look_at: body, match: '(?i)free|order', points: 4, description: d}\n"
    "  - {name: URI, look_at: uri, match: '^https?://', points: 3, description: d}\n"
    "  - {name: FACT, when: 'urls > 1', points: 1, description: d}\n";
static const char setup_file[] =
    "rules:\n"
    "  - {name: HELO, when: 'helo_no_dot', points: 4, description: d}\n";
static const char bounce_file[] =
    "classes:\n"
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5, codes: [5yz]}\n"
    "  - {name: list, fault: list, hard: true, weight: 1, enhanced: [x.1.1]}\n";
static const char policy_file[] =
    "active: a\n"
    "policies:\n"
    "  - {name: a, min_messages: 1, warn_total: 1, block_total: 5, block_total_low: 0,"
    " max_unseen_share: 1, levels: [1m, 1h]}\n";

/* --- what is told ------------------------------------------------------------------------------------------------- */

static void take_line(struct path *path) {
    struct span const line = jsonl_line(path->jsonl);
    if (line.len == 0) return; /* too long for one */
    json_error_t error;
    json_t *value = json_loadb((const char *)line.data, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    assert(json_is_object(value) && json_is_string(json_object_get(value, "type")));
    assert(memchr(line.data, '\n', line.len) == NULL);
    json_decref(value);
    (void)crypto_generichash_update(&path->lines, line.data, line.len);
}

static void on_message(void *context, const struct message_record *record) {
    struct path *path = context;
    path->output.message(path->output.context, record);
    take_line(path);
    judging_verdict(path->judging, record->verdict);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct path *path = context;
    struct auth_figures const auth = judging_auth_of(record->facts);
    path->output.dialogue(path->output.context, record);
    take_line(path);
    judging_auth(path->judging, &record->stream->client.ip, &auth);
}

static void on_advance(void *context, nstime now) {
    struct path *path = context;
    judging_advance(path->judging, now);
}

static void on_event(void *context, const struct decision *decision) {
    struct path *path = context;
    path->output.event(path->output.context, decision);
    take_line(path);
}

static void on_source(void *context, const struct source_table *table, const struct source *source) {
    struct path *path = context;
    path->output.source(path->output.context, table, source);
    take_line(path);
}

/* --- the path ----------------------------------------------------------------------------------------------------- */

static void load_knowledge(void) {
    struct problem problem;
    struct knowledge_texts texts = {{{.owned = false}}};
    const char *const files[KNOWLEDGE_FILES] = {[KNOWLEDGE_CONTENT] = content_file,
                                                [KNOWLEDGE_SETUP] = setup_file,
                                                [KNOWLEDGE_BOUNCES] = bounce_file,
                                                [KNOWLEDGE_POLICY] = policy_file};
    for (unsigned i = 0; i < KNOWLEDGE_FILES; i++) texts.files[i].text = span_from_string(files[i]);
    config_default(&config);
    if (!config_parse(&config, "fuzz", "/", span_from_string(config_file), &problem) ||
        !knowledge_load_texts(&texts, NULL, &knowledge, &problem)) {
        (void)fprintf(stderr, "%s\n", problem.what);
        abort();
    }
    wording_init(&wording, &config, knowledge.rules, knowledge.bounces);
}

static void path_make(struct path *path) {
    struct decoding_settings const settings = {
        .config = &config, .knowledge = &knowledge, .frame_counters = &path->counters, .counters = &path->counters};
    struct decoding_listener const listener = {path, on_message, on_dialogue, on_advance};
    if (config.flows_max == 0) load_knowledge();
    path->decoding = decoding_new(&settings, &listener);
    path->jsonl = jsonl_new(NULL, &wording);
    if (path->decoding == NULL || path->jsonl == NULL) abort();
    path->output = jsonl_output(path->jsonl);
}

/* A hash of all lines; told ahead, or not. */
static void run(struct path *path, const struct frame_seen *frames, unsigned count, bool ahead, uint8_t hash[32]) {
    if (path->decoding == NULL) path_make(path);
    uint64_t const packets = path->counters.packets; /* they count on: so does the engine */
    path->judging = judging_new(&config, &knowledge, &path->counters);
    if (path->judging == NULL) abort();
    judging_add_output(path->judging, (struct output){.context = path, .event = on_event, .source = on_source});
    (void)crypto_generichash_init(&path->lines, NULL, 0, 32);
    for (unsigned i = 0, told = 0; i < count; i++) {
        while (ahead && told < count && decoding_can_foresee(path->decoding))
            decoding_foresee(path->decoding, &frames[told++]);
        decoding_frame(path->decoding, &frames[i]);
    }
    decoding_finish(path->decoding);
    judging_tell_sources(path->judging);
    assert(path->counters.packets == packets + count && counters_account_for_all_bytes(&path->counters));
    (void)crypto_generichash_update(&path->lines, (const uint8_t *)&path->counters, sizeof path->counters);
    (void)crypto_generichash_final(&path->lines, hash, 32);
    judging_free(path->judging);
}

/* Each in a heap block of its own size, where a checker sees a read past its end. */
static unsigned read_frames(struct reader input, struct frame_seen *frames) {
    static const int links[] = {1, 113, 276, 12, 0, 108, 101, 14, 228, 229, 105};
    nstime now = START;
    unsigned count = 0;
    for (; count < FRAMES_MAX && reader_left(&input) >= 5; count++) {
        int const link = links[reader_u8(&input) % (sizeof links / sizeof *links)];
        uint32_t const longer = reader_u8(&input) * 16u;
        now += reader_u8(&input) * NS_PER_S;
        size_t const length = reader_be16(&input), left = reader_left(&input);
        struct span const bytes = reader_bytes(&input, length < left ? length : left);
        uint8_t *copy = malloc(bytes.len == 0 ? 1 : bytes.len);
        if (copy == NULL) abort();
        if (bytes.len > 0) memcpy(copy, bytes.data, bytes.len);
        frames[count] = (struct frame_seen){link, (uint32_t)bytes.len + longer, now, span_of(copy, bytes.len)};
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct path plain, told_ahead;
    static struct frame_seen frames[FRAMES_MAX];
    uint8_t first[32], second[32];
    unsigned const count = read_frames(reader_of(span_of(data, size)), frames);
    run(&plain, frames, count, false, first);
    run(&told_ahead, frames, count, true, second);
    assert(memcmp(first, second, sizeof first) == 0);
    for (unsigned i = 0; i < count; i++) free((void *)(uintptr_t)frames[i].captured.data);
    return 0;
}
