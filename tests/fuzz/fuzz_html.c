/* Any bytes as HTML, whole and in pieces: html_text and html_facts read nothing outside and come to the same; as a
 * style, a domain, a subject.
 *
 * Input: 's' and a style, 'd' and two domains with a NUL between, 't' and a text; or any other byte, which says how the
 * HTML behind it is cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "../../decoders/html_style.h"
#include "mailspan/domain_org.h"
#include "mailspan/html_text.h"
#include "mailspan/text_signs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena_block blocks[16];

struct run {
    struct html_figures figures;
    uint64_t text; /* hashes of what came out */
    uint64_t links;
};

static void require(bool condition) {
    if (!condition) abort();
}

static void add(uint64_t *hash, struct span bytes) {
    for (size_t i = 0; i < bytes.len; i++) *hash = (*hash ^ bytes.data[i]) * UINT64_C(0x100000001b3) + 1;
}

static void on_text(void *context, struct span text) {
    add(&((struct run *)context)->text, text);
}

static void on_link(void *context, struct span bytes) {
    add(&((struct run *)context)->links, bytes);
}

static void on_link_end(void *context) {
    add(&((struct run *)context)->links, SPAN_LITERAL("\n"));
}

static struct run run_html(struct span html, size_t step, bool with_facts) {
    struct run run = {.text = 0};
    struct block_pool pool;
    struct arena arena;
    struct counters counters = {.packets = 0};
    struct html_text state = {.state = 0};
    block_pool_init(&pool, blocks, sizeof blocks);
    arena_init(&arena, &pool, sizeof blocks);
    struct html_facts *facts = html_facts_new(&arena, &run.figures, SPAN_LITERAL("shop.example.co.uk"), &counters);
    struct html_sink const sink = {&run, on_text, on_link, on_link_end, with_facts ? facts : NULL, NULL};
    require(facts != NULL);
    while (html.len > 0) {
        struct span const piece = span_head(html, step);
        uint8_t *copy = malloc(piece.len); /* exactly as long, so that the sanitizer sees a byte too far */
        require(copy != NULL);
        memcpy(copy, piece.data, piece.len);
        html_text_push(&state, span_of(copy, piece.len), &sink);
        free(copy);
        html = span_from(html, piece.len);
    }
    html_text_end(&state, &sink);
    arena_reset(&arena);
    return run;
}

static void look_at_html(struct span html, size_t step) {
    struct run const whole = run_html(html, SIZE_MAX, true), cut = run_html(html, step, true);
    struct run const alone = run_html(html, step, false);
    const struct html_figures *figures = &whole.figures;
    require(memcmp(&whole, &cut, sizeof whole) == 0);
    require(alone.text == whole.text && alone.links == whole.links);         /* nobody who counts changes the text */
    require(figures->visible_bytes + figures->hidden_bytes <= 3 * html.len); /* "&euro" is longer, others are less */
    require(figures->hidden_behind <= figures->hidden_bytes && figures->comment_bytes <= html.len);
    require(figures->link_text_foreign <= figures->link_text_elsewhere &&
            figures->link_text_elsewhere <= figures->links);
    require(figures->link_hosts <= figures->links && figures->images_linked <= figures->images);
}

static void look_at_domains(struct span text) {
    struct span const a = span_head(text, span_find(text, '\0')), b = span_from(text, a.len + 1);
    struct span const org = domain_org(a);
    require(org.len <= a.len);
    bool const equal = domain_orgs_equal(a, b);
    require(equal == domain_orgs_equal(b, a) && (!equal || domain_org_hash(a) == domain_org_hash(b)));
    require(a.len == 0 || domain_orgs_equal(a, a));
    (void)domain_is_under_known_suffix(a);
}

static void look_at_text(struct span text) {
    struct text_signs signs;
    uint8_t *room = malloc(text.len + 1);
    require(room != NULL);
    text_signs_read(&signs, text);
    require(text_skeleton(text, room, text.len) <= text.len);
    free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    struct span const rest = span_of(data + 1, size - 1);
    struct html_look look;
    if (data[0] == 's')
        html_style_read(&look, rest);
    else if (data[0] == 'd')
        look_at_domains(rest);
    else if (data[0] == 't')
        look_at_text(rest);
    else
        look_at_html(rest, 1u + data[0] % 40u);
    return 0;
}
