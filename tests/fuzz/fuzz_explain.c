/* Any bytes as a file of mails, as `mailspan explain` reads them: what a rule found is looked for where it fired.
 *
 * A rule that fired is found again, and one that is found has fired.  What PCRE2 confirms is left out: that saw windows
 * only, and counts its steps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mail_file.h"
#include "mailspan/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXACT_RULES 12 /* the first ones; the others PCRE2 confirms */

static const char *const rule_file =
    "rules:\n"
    "  - {name: A, look_at: body, match: '(?i)next of kin', points: 1, description: d}\n"
    "  - {name: B, look_at: body, match: '^Dear|end$|kin.{3,9}the', points: 1, description: d}\n"
    "  - {name: C, look_at: [subject, body, raw], match: '(?i)free|!!', points: 1, description: d}\n"
    "  - {name: D, look_at: uri, match: '^https?://(?:\\d+\\.){3}\\d+', points: 1, description: d}\n"
    "  - {name: E, look_at: header From:addr, match: '@b', points: 1, description: d}\n"
    "  - {name: F, look_at: header From:name, match: '(?i)bank', points: 1, description: d}\n"
    "  - {name: G, look_at: 'header Subject:raw', match: '=[?]', points: 1, description: d}\n"
    "  - {name: H, look_at: headers, match: '^X-\\w+: [a-f]+$', points: 1, description: d}\n"
    "  - {name: I, look_at: mime Content-Type, match: 'name=', points: 1, description: d}\n"
    "  - {name: J, look_at: raw, match: '<b>|\\n\\n', points: 1, description: d}\n"
    "  - {name: K, look_at: mime X-There, points: 1, description: d}\n"
    "  - {name: L, look_at: body, match: '(?i)\\xc3\\xa9t\\p{L}', points: 1, description: d}\n"
    "  - {name: M, look_at: body, match: 'said (\\w+) \\1 ', points: 1, description: d}\n"
    "  - {name: N, look_at: header From, match: '^(?!.*@).*<', points: 1, description: d}\n"
    "  - {name: O, when: 'count(A, P, urls) > 1 or not B', points: 1, description: d}\n"
    "  - {name: P, when: 'C or D or html_only', points: 0}\n";

static struct arena_block blocks[LIMIT_MESSAGE_ARENA_BYTES / sizeof(struct arena_block)];
static struct ruleset *rules;
static struct rules_found *found;
static struct charset_table *charsets;

static void require(bool condition) {
    if (!condition) abort();
}

static void prepare(void) {
    struct problem problem;
    struct rules_source const source = {RULE_CONTENT, "rules", span_from_string(rule_file)};
    rules = ruleset_load(&source, 1, &problem);
    require(rules != NULL);
    found = rules_found_new(rules, LIMIT_TEXT_BYTES_DEFAULT);
    charsets = charset_table_new();
    require(found != NULL && charsets != NULL);
}

static void compare(struct rule_scan *scan, const struct facts *facts, bool whole) {
    struct rule_hits hits;
    ruleset_hits(rules, scan, facts, &hits);
    for (unsigned i = 0; i < ruleset_count(rules); i++) {
        struct rule_finding finding;
        bool const fired = rule_hit(&hits, i);
        rules_found_look(found, i, facts, &hits, &finding);
        require(finding.where[0] != '\0');
        if (i < EXACT_RULES && whole) require(fired || finding.found[0] == '\0');
        /* An empty header is there, and blanks are told as nothing. */
        if (i < EXACT_RULES && whole && i != 9 && i != 10) require(!fired || finding.found[0] != '\0');
    }
}

static void explain(struct mail_file *file, uint32_t text_bytes) {
    struct block_pool pool;
    struct arena arena;
    struct counters counters = {.packets = 0};
    struct mail_summary summary = {.headers = 0};
    struct mail_item item;
    bool over = false;
    block_pool_init(&pool, blocks, sizeof blocks);
    arena_init(&arena, &pool, sizeof blocks);
    struct mail_parser *parser = mail_parser_new(&arena, charsets, &counters);
    struct rule_scan *scan = rule_scan_begin(rules, &arena, &counters);
    require(parser != NULL && scan != NULL);
    mail_limit_text(parser, text_bytes);
    rules_found_begin(found, &arena);
    while (!over) {
        struct span const piece = mail_file_piece(file);
        over = piece.len == 0;
        if (over)
            mail_finish(parser);
        else
            mail_push(parser, piece);
        while (mail_next(parser, &item)) {
            mail_summarize(&summary, &item, &arena, &counters);
            rules_found_take(found, &item);
            rule_scan_item(scan, &item, &summary);
        }
    }
    static const struct dialogue_facts no_dialogue = {.visibility = VISIBILITY_CLIENT_ONLY};
    struct message const message = {.visibility = VISIBILITY_CLEAR};
    struct facts facts;
    facts_collect(&facts, &no_dialogue, &message, &summary);
    rule_scan_facts(scan, &facts);
    compare(scan, &facts, counters.message_memory == 0);
    rule_scan_end(scan);
    arena_reset(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mail_file file;
    if (rules == NULL) prepare();
    int const descriptor = memfd_create("mails", MFD_CLOEXEC);
    require(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size && lseek(descriptor, 0, SEEK_SET) == 0);
    mail_file_begin(&file, descriptor);
    while (mail_file_next(&file)) explain(&file, size % 2 == 0 ? LIMIT_TEXT_BYTES_DEFAULT : 50 + size % 997);
    require(file.error == 0);
    (void)close(descriptor);
    return 0;
}
