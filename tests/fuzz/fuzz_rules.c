/* Fuzz: any bytes as a rule file, and a message that its rules look at; any bytes as a message that a fixed rule set
 * looks at.  The same text must fire the same rules whole and in cuts, also while another message takes turns with it.
 * Text is valid UTF-8, as the decoders hand it on; headers and replies may be anything.
 *
 * Input: 'r', a rule file, and behind a NUL the facts, one byte each, and a text; or a byte that says how the text
 * behind it is cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/bounce.h"
#include "mailspan/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const rule_file =
    "rules:\n"
    "  - {name: A, look_at: body, match: '(?i)next of kin', points: 1, description: d}\n"
    "  - {name: B, look_at: body, match: 'said (\\w+) \\1 ', points: 1, description: d}\n"
    "  - {name: C, look_at: body, match: '^Dear|end$|kin.{3,9}the', points: 1, description: d}\n"
    "  - {name: D, look_at: body, match: '(?i)x\\x{e9}\\p{Lu}', points: 1, description: d}\n"
    "  - {name: E, look_at: uri, match: '^https?://(\\d+\\.){3}\\d+|(.)\\2\\2', points: 1, description: d}\n"
    "  - {name: F, look_at: subject, match: '(?i)free|!!', points: 1, description: d}\n"
    "  - {name: G, look_at: header From, match: '^(?!.*@).*<', points: 1, description: d}\n"
    "  - {name: H, look_at: [header From:addr, header From:name, headers], match: 'a+@|b$', points: 1, description: "
    "d}\n"
    "  - {name: I, look_at: [raw, mime Content-Type], match: '^<b>|(x)y\\1', points: 1, description: d}\n"
    "  - {name: L, look_at: [header From:skeleton, header Subject:name:skeleton], match: '^a+ b|c$', points: 1, "
    "description: d}\n"
    "  - {name: J, look_at: header Subject, points: -1, description: d}\n"
    "  - {name: K, when: 'J and not (A or count(B, C, D) > 1) and urls < 3', points: 1, description: d}\n";

static const char *const bounce_file =
    "classes:\n"
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
    "  - {name: b, fault: list, hard: true, weight: 1, enhanced: [x.1.*, 5.1.1], codes: [550 rcpt, 4yz]}\n"
    "texts:\n"
    "  - {class: b, match: 'user (unknown|\\1)|(?<!no )such', example: 550 such}\n";

static struct arena_block blocks[256];

struct run {
    struct arena arena;
    struct rule_scan *scan;
};

static void require(bool condition) {
    if (!condition) abort();
}

static struct run run_begin(struct ruleset *rules, struct block_pool *pool, struct arena *arena,
                            struct counters *counters) {
    arena_init(arena, pool, LIMIT_MESSAGE_ARENA_BYTES);
    return (struct run){.scan = rule_scan_begin(rules, arena, counters)};
}

static uint64_t run_end(struct ruleset *rules, const struct run *run, struct arena *arena) {
    struct facts facts = {{0}};
    uint64_t fired = 0;
    rule_scan_facts(run->scan, &facts);
    for (unsigned i = 0; i < ruleset_count(rules); i++) fired |= (uint64_t)rule_scan_fired(run->scan, i) << i;
    rule_scan_end(run->scan);
    arena_reset(arena);
    return fired;
}

/* Whole, and in cuts of step bytes with a second message between them. */
static void scan_twice(struct ruleset *rules, bool html, size_t step, struct span text) {
    struct block_pool pool;
    struct counters counters = {0};
    struct arena first;
    struct arena second;
    block_pool_init(&pool, blocks, sizeof blocks);
    struct run whole = run_begin(rules, &pool, &first, &counters);
    rule_scan_text(whole.scan, 1, html, text);
    uint64_t expected = run_end(rules, &whole, &first);

    struct run cut = run_begin(rules, &pool, &first, &counters);
    struct run other = run_begin(rules, &pool, &second, &counters);
    for (size_t at = 0; at < text.len; at += step) {
        rule_scan_text(cut.scan, 1, html, span_slice(text, at, step));
        rule_scan_text(other.scan, 1, !html, span_slice(text, at, step));
    }
    uint64_t got = run_end(rules, &cut, &first);
    (void)run_end(rules, &other, &second);
    require(got == expected);
}

/* Makes valid UTF-8 of two-byte characters at most: bytes that cannot be become '?'. */
static struct span make_valid(struct span text, uint8_t *out) {
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        bool leads = c >= 0xc2 && c < 0xe0 && i + 1 < text.len && (text.data[i + 1] & 0xc0) == 0x80;
        out[i] = c < 0x80 || leads ? c : '?';
        if (!leads) continue;
        i++;
        out[i] = text.data[i];
    }
    return span_of(out, text.len);
}

static void scan_header(struct rule_scan *scan, unsigned part, struct span name, struct span value) {
    struct mail_item const item = {.type = MAIL_HEADER, .part = part, .name = name, .raw = value, .value = value};
    rule_scan_header(scan, &item);
}

static void scan_headers(struct ruleset *rules, struct span value) {
    struct block_pool pool;
    struct counters counters = {0};
    struct arena arena;
    block_pool_init(&pool, blocks, sizeof blocks);
    struct run run = run_begin(rules, &pool, &arena, &counters);
    scan_header(run.scan, 0, SPAN_LITERAL("Subject"), value);
    scan_header(run.scan, 0, SPAN_LITERAL("From"), value);
    scan_header(run.scan, 0, value, value);
    scan_header(run.scan, 3, SPAN_LITERAL("Content-Type"), value);
    (void)run_end(rules, &run, &arena);
}

static void classify(const struct bounce_rules *bounces, struct span text) {
    struct smtp_reply reply = {.code = (uint16_t)(400 + text.len % 200), .text = text};
    const struct bounce_class *class_ =
        bounce_classify(bounces, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply});
    require(class_ != NULL && class_->weight >= 0 && class_->weight <= 1);
}

/* Facts of all sizes: -128 to 127, and every second one a hundred times as much. */
static struct facts make_facts(struct reader *r) {
    struct facts facts = {{0}};
    for (size_t i = 0; i < sizeof facts.value / sizeof facts.value[0]; i++)
        facts.value[i] = (double)(int8_t)reader_u8(r) * (i % 2 == 0 ? 1 : 100);
    return facts;
}

static void look_at_message(struct ruleset *rules, struct span message) {
    struct block_pool pool;
    struct counters counters = {0};
    struct arena arena, other;
    struct reader r = reader_of(message);
    struct facts facts = make_facts(&r);
    struct span const rest = reader_rest(&r);
    uint8_t *valid = malloc(rest.len + 1);
    require(valid != NULL);
    struct span const text = make_valid(rest, valid);
    block_pool_init(&pool, blocks, sizeof blocks);
    struct run run = run_begin(rules, &pool, &arena, &counters), given_up = run_begin(rules, &pool, &other, &counters);
    scan_header(run.scan, 0, SPAN_LITERAL("Subject"), text);
    rule_scan_text(run.scan, 1, false, text);
    rule_scan_facts(run.scan, &facts);
    for (unsigned i = 0; i < ruleset_count(rules); i++) {
        require(ruleset_rule(rules, i)->name[0] != '\0');
        (void)rule_scan_fired(run.scan, i);
    }
    rule_scan_end(run.scan);
    rule_scan_text(given_up.scan, 1, true, text);
    require(ruleset_is_searching(rules) && ruleset_abandon(rules) == 1 && rule_scan_rules(given_up.scan) == NULL);
    arena_reset(&arena);
    arena_reset(&other);
    free(valid);
}

static void load_as_file(struct span input) {
    struct problem problem;
    struct span const text = span_head(input, span_find(input, '\0'));
    struct rules_source source = {RULE_SETUP, "fuzz.yaml", text};
    struct ruleset *rules = ruleset_load(&source, 1, &problem);
    require(rules != NULL || problem.what[0] != '\0');
    if (rules == NULL) return;
    require(ruleset_memory_bytes(rules) > 0);
    look_at_message(rules, span_from(input, text.len < input.len ? text.len + 1 : input.len));
    ruleset_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct ruleset *rules;
    static struct bounce_rules *bounces;
    if (rules == NULL) {
        struct problem problem;
        struct rules_source source = {RULE_CONTENT, "rules", span_from_string(rule_file)};
        rules = ruleset_load(&source, 1, &problem);
        bounces = bounce_rules_load("bounces", span_from_string(bounce_file), &problem);
        require(rules != NULL && bounces != NULL);
    }
    if (size < 1) return 0;
    struct span text = span_of(data + 1, size - 1);
    if (data[0] == 'r' && size < 2000) {
        load_as_file(text);
        return 0;
    }
    uint8_t *valid = malloc(size);
    require(valid != NULL);
    scan_twice(rules, (data[0] & 1) != 0, 1u + (data[0] >> 1) % 40u, make_valid(text, valid));
    free(valid);
    scan_headers(rules, text);
    classify(bounces, text);
    return 0;
}
