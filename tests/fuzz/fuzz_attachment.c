/* Any bytes as an attachment under any name: no crash, no read outside; the same in another cut; and what is said of it
 * is possible: no size but of an image, no names but of an archive.
 *
 * Input: one byte for the cut (0: byte by byte), one for the type, one for the length of the name, the name, the
 * content.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "../../decoders/part_look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
    struct span type;
    enum part_kind kind;
} types[] = {
    {SPAN_LITERAL("application/octet-stream"), PART_OTHER},
    {SPAN_LITERAL("application/pdf"), PART_OTHER},
    {SPAN_LITERAL("image/png"), PART_IMAGE},
    {SPAN_LITERAL("text/html"), PART_HTML},
};

/* As the parser does it: decoded bytes as long as they are wanted, then what stands there. */
static struct part_content look_at(struct span content, size_t cut, bool head_only) {
    static struct arena_block memory[4];
    static uint8_t room[MAIL_TEXT_BYTES];
    struct counters counters = {.packets = 0};
    struct part_look look = {.len = 0};
    struct block_pool pool;
    struct arena arena;
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    part_look_begin(&look, true, head_only);
    while (content.len > 0) {
        size_t wanted = part_look_room(&look);
        struct span piece = span_head(content, cut);
        if (wanted > 0) piece = span_head(piece, wanted);
        content = span_from(content, piece.len);
        uint8_t *copy = malloc(piece.len); /* exactly as long, so that the sanitizer sees a byte too far */
        memcpy(copy, piece.data, piece.len);
        if (wanted > 0)
            part_look_push(&look, &arena, &counters, span_of(copy, piece.len), room);
        else
            part_look_pass(&look, span_of(copy, piece.len));
        free(copy);
    }
    return part_look_end(&look, TRANSFER_IDENTITY, &counters, room);
}

static void check(const struct part_content *content) {
    enum content_kind kind = (enum content_kind)content->kind;
    if (kind >= CONTENT_KIND_COUNT) abort();
    enum content_class class = content_class_of(kind);
    if (class != CLASS_IMAGE && (content->width != 0 || content->height != 0)) abort();
    if (class == CLASS_UNKNOWN && content->signs != 0) abort();
    bool archive = class == CLASS_ARCHIVE || class == CLASS_PACKED || class == CLASS_PROGRAM || class == CLASS_DOCUMENT;
    if (!archive && (content->signs & (CONTENT_PROGRAM_INSIDE | CONTENT_CUT)) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3) return 0;
    size_t cut = data[0] == 0 ? 1 : (size_t)data[0] * 16;
    size_t type = data[1] % (sizeof types / sizeof types[0]);
    struct span rest = span_of(data + 3, size - 3);
    struct span name = span_head(rest, data[2]);
    struct span bytes = span_from(rest, name.len);
    bool const head_only = types[type].kind == PART_HTML;
    struct part_content whole = look_at(bytes, SIZE_MAX, head_only);
    struct part_content pieces = look_at(bytes, cut, head_only);
    if (whole.kind != pieces.kind || whole.signs != pieces.signs || whole.width != pieces.width ||
        whole.height != pieces.height)
        abort();
    check(&whole);
    struct part_info info = {
        .kind = types[type].kind, .type = types[type].type, .filename = name, .attachment = true, .content = whole};
    uint32_t signs = attachment_signs(&info);
    if (signs >> ATTACHED_COUNT != 0) abort();
    if (content_class_of((enum content_kind)whole.kind) == CLASS_PROGRAM && signs == 0) abort();
    return 0;
}
