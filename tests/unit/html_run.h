/* HTML through html_text in many cuts, for what html_facts counts: every cut must come to the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_HTML_RUN_H
#define MAILSPAN_TEST_HTML_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/html_text.h"
#include "rule_text.h"

static inline void html_run_text(void *context, struct span text) {
    (void)context;
    (void)text;
}

static inline void html_run_link_end(void *context) {
    (void)context;
}

/* counters may be NULL.  step: bytes of a piece; 0: by chance. */
static inline struct html_figures html_run_cut(struct span source, const char *from_domain, size_t step, uint32_t seed,
                                               struct counters *counters) {
    struct arena arena;
    struct counters own = {.packets = 0};
    struct html_figures figures = {.links = 0};
    struct html_text html = {.state = 0};
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    struct html_facts *facts =
        html_facts_new(&arena, &figures, span_from_string(from_domain), counters == NULL ? &own : counters);
    assert_non_null(facts);
    struct html_sink sink = {NULL, html_run_text, html_run_text, html_run_link_end, facts, NULL};
    while (source.len > 0) {
        struct span piece = span_head(source, test_cut(step, &seed));
        source = span_from(source, piece.len);
        struct guarded copy = guard_copy(piece);
        html_text_push(&html, copy.bytes, &sink);
        guard_free(&copy);
    }
    html_text_end(&html, &sink);
    arena_reset(&arena);
    return figures;
}

static inline struct html_figures html_run_from(const char *source, const char *from_domain) {
    static size_t const steps[] = {1, 2, 3, 7, 16, 0, 0, 0, 0};
    struct span const text = span_from_string(source);
    struct html_figures const whole = html_run_cut(text, from_domain, SIZE_MAX, 0, NULL);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct html_figures const cut = html_run_cut(text, from_domain, steps[i], (uint32_t)i, NULL);
        if (memcmp(&whole, &cut, sizeof whole) != 0) fail_msg("in pieces of %zu: %s", steps[i], source);
    }
    return whole;
}

static inline struct html_figures html_run(const char *source) {
    return html_run_from(source, "shop.example");
}

#endif
