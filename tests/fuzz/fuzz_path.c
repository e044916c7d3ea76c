/* Fuzz target: frames through the whole path, to lines of JSON and events.
 *
 * Input: frames as in fuzz_frame: link type, how much longer the wire's frame was, seconds since the one before, length
 * in two bytes, bytes; the last frame has what is left.
 *
 * Every line is JSON, as libjansson reads it, of one type and without a key twice.  Looking at frames ahead of their
 * turn changes nothing: the same frames, waiting for their turn, give the same lines.  So do two decodings that each
 * follow a part of the flows, unless one ran short of something.
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
#define TOLD_MAX 2048
#define START (INT64_C(1700000000) * NS_PER_S)

/* A line, as it is told. */
struct told {
    struct decoding_place place;
    uint8_t hash[16];
};

struct path {
    unsigned part, parts;
    struct told told[TOLD_MAX]; /* of messages and dialogues */
    unsigned told_count;
    struct decoding *decoding; /* one for all runs, with nothing open after each: making it takes long */
    struct counters frames, counters;
    struct judging *judging;
    struct jsonl *jsonl, *private; /* the second words less of addresses and subjects */
    struct output output, private_output;
    crypto_generichash_state lines;
};

static struct config config;
static struct knowledge knowledge;
static struct wording wording, private_wording;
static struct config private_config;

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

static void check_line(struct span line) {
    json_error_t error;
    if (line.len == 0) return; /* too long for one */
    json_t *value = json_loadb((const char *)line.data, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    assert(json_is_object(value) && json_is_string(json_object_get(value, "type")));
    assert(memchr(line.data, '\n', line.len) == NULL);
    json_decref(value);
}

static void take_line(struct path *path) {
    struct span const line = jsonl_line(path->jsonl);
    check_line(line);
    check_line(jsonl_line(path->private));
    (void)crypto_generichash_update(&path->lines, line.data, line.len);
}

static void note_place(struct path *path) {
    struct span const line = jsonl_line(path->jsonl);
    assert(path->told_count < TOLD_MAX);
    struct told *told = &path->told[path->told_count++];
    told->place = decoding_place(path->decoding);
    (void)crypto_generichash(told->hash, sizeof told->hash, line.data, line.len, NULL, 0);
}

static void on_message(void *context, const struct message_record *record) {
    struct path *path = context;
    path->output.message(path->output.context, record);
    path->private_output.message(path->private_output.context, record);
    take_line(path);
    note_place(path);
    judging_verdict(path->judging, record->verdict, record->sent);
}

/* No line of its own: what became of it the judge knows. */
static void on_notice(void *context, const struct notice *notice) {
    struct path *path = context;
    judging_notice(path->judging, notice);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct path *path = context;
    struct auth_figures const auth = judging_auth_of(record->facts);
    path->output.dialogue(path->output.context, record);
    path->private_output.dialogue(path->private_output.context, record);
    take_line(path);
    note_place(path);
    judging_auth(path->judging, &record->stream->client.ip, &auth);
}

static void on_advance(void *context, nstime now) {
    struct path *path = context;
    judging_advance(path->judging, now);
}

static void on_event(void *context, const struct decision *decision) {
    struct path *path = context;
    path->output.event(path->output.context, decision);
    path->private_output.event(path->private_output.context, decision);
    take_line(path);
}

static void on_source(void *context, const struct source_table *table, const struct source *source) {
    struct path *path = context;
    path->output.source(path->output.context, table, source);
    path->private_output.source(path->private_output.context, table, source);
    take_line(path);
}

/* --- the path ----------------------------------------------------------------------------------------------------- */

static void load_knowledge(void) {
    struct problem problem;
    struct knowledge_texts texts = {{{.owned = false}}};
    const char *const files[KNOWLEDGE_FILES] = {[KNOWLEDGE_CONTENT] = content_file,
                                                [KNOWLEDGE_SETUP] = setup_file,
                                                [KNOWLEDGE_IMPORTED] = "",
                                                [KNOWLEDGE_CONTENT_WORDS] = "words: [{say: offer, speaks: 1}]",
                                                [KNOWLEDGE_BOUNCES] = bounce_file,
                                                [KNOWLEDGE_WORDS] = "words: []",
                                                [KNOWLEDGE_POLICY] = policy_file};
    for (unsigned i = 0; i < KNOWLEDGE_FILES; i++) texts.files[i].text = span_from_string(files[i]);
    config_default(&config);
    if (!config_parse(&config, "fuzz", "/", span_from_string(config_file), &problem) ||
        !knowledge_load_texts(&texts, NULL, &knowledge, &problem)) {
        (void)fprintf(stderr, "%s\n", problem.what);
        abort();
    }
    private_config = config;
    private_config.addresses = PRIVACY_MASKED;
    private_config.subjects = PRIVACY_HASHED;
    wording_init(&wording, &config, knowledge.rules, knowledge.bounces);
    wording_init(&private_wording, &private_config, knowledge.rules, knowledge.bounces);
}

static void path_make(struct path *path) {
    struct decoding_settings const settings = {.config = &config,
                                               .knowledge = &knowledge,
                                               .frame_counters = &path->frames,
                                               .counters = &path->counters,
                                               .part = path->part,
                                               .parts = path->parts,
                                               .part_key = {1}};
    struct decoding_listener const listener = {path, on_message, on_dialogue, on_notice, on_advance, NULL};
    if (config.flows_max == 0) load_knowledge();
    path->decoding = decoding_new(&settings, &listener);
    path->jsonl = jsonl_new(NULL, &wording);
    if (path->decoding == NULL || path->jsonl == NULL) abort();
    path->private = jsonl_new(NULL, &private_wording);
    if (path->private == NULL) abort();
    path->output = jsonl_output(path->jsonl);
    path->private_output = jsonl_output(path->private);
}

/* A hash of all lines; frames wait to be looked at ahead, or do not. */
static void run(struct path *path, const struct frame_seen *frames, unsigned count, bool wait, uint8_t hash[32]) {
    if (path->decoding == NULL) path_make(path);
    uint64_t const packets = path->frames.packets; /* they count on: so does the engine */
    path->told_count = 0;
    path->judging = judging_new(&config, &knowledge, &path->counters);
    if (path->judging == NULL) abort();
    judging_add_output(path->judging, (struct output){.context = path, .event = on_event, .source = on_source});
    (void)crypto_generichash_init(&path->lines, NULL, 0, 32);
    for (unsigned i = 0; i < count; i++) {
        struct frame_seen frame = frames[i];
        frame.stays = wait && i % 41 != 40; /* what waits has its turn before one that does not */
        decoding_frame(path->decoding, &frame);
    }
    decoding_finish(path->decoding);
    judging_tell_sources(path->judging);
    struct counters sum = path->frames;
    counters_add(&sum, &path->counters);
    assert(path->frames.packets == packets + count);
    assert(path->parts > 1 || counters_account_for_all_bytes(&sum));
    (void)crypto_generichash_update(&path->lines, (const uint8_t *)&path->frames, sizeof path->frames);
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
        frames[count] = (struct frame_seen){.link_type = link,
                                            .wire_length = (uint32_t)bytes.len + longer,
                                            .time = now,
                                            .captured = span_of(copy, bytes.len)};
    }
    return count;
}

static bool ran_short(const struct path *path) {
    return decoding_ran_short(path->decoding);
}

/* To be made anew: it would be short of it for ever. */
static void path_free(struct path *path) {
    decoding_free(path->decoding);
    jsonl_free(path->jsonl);
    jsonl_free(path->private);
    *path = (struct path){.part = path->part, .parts = path->parts};
}

static bool is_before(const struct decoding_place *a, const struct decoding_place *b) {
    return a->step < b->step || (a->step == b->step && a->turn < b->turn);
}

/* What two parts tell, in the order of the places where they tell it, is what one decoding tells. */
static void compare_parts(const struct path *whole, const struct path *a, const struct path *b) {
    unsigned at_a = 0, at_b = 0;
    assert(whole->told_count == a->told_count + b->told_count);
    for (unsigned i = 0; i < whole->told_count; i++) {
        bool const from_a =
            at_a < a->told_count && (at_b == b->told_count || is_before(&a->told[at_a].place, &b->told[at_b].place));
        const struct told *told = from_a ? &a->told[at_a++] : &b->told[at_b++];
        assert(!is_before(&told->place, &whole->told[i].place) && !is_before(&whole->told[i].place, &told->place));
        assert(memcmp(told->hash, whole->told[i].hash, sizeof told->hash) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct path plain, ahead, parts[2] = {{.part = 0, .parts = 2}, {.part = 1, .parts = 2}};
    static struct frame_seen frames[FRAMES_MAX];
    uint8_t first[32], second[32];
    unsigned const count = read_frames(reader_of(span_of(data, size)), frames);
    run(&plain, frames, count, false, first);
    run(&ahead, frames, count, true, second);
    assert(memcmp(first, second, sizeof first) == 0);
    for (unsigned i = 0; i < 2; i++) run(&parts[i], frames, count, i == 0, second);
    bool const short_of = ran_short(&plain) || ran_short(&parts[0]) || ran_short(&parts[1]);
    if (!short_of) compare_parts(&plain, &parts[0], &parts[1]);
    for (unsigned i = 0; short_of && i < 4; i++) path_free((struct path *[]){&plain, &ahead, parts, parts + 1}[i]);
    for (unsigned i = 0; i < count; i++) free((void *)(uintptr_t)frames[i].captured.data);
    return 0;
}
