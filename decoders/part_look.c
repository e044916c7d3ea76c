/* The first bytes of a part, and where they ask for them the last ones, kept until it is known what it is.
 *
 *   FIRST -> HEAD (if more says more)                                  both pages: the first bytes, decoded
 *   either -+-> CLOSED (text, or bytes are missing behind it)
 *           +-> DEEP (may be a disk image: that says so behind 32 KiB) -> OFF
 *           +-> TAIL (ZIP, OLE, PDF ...: their lists are at the end)     the pages in turn: the last bytes, encoded
 *           +-> OFF
 *
 * Only the head is decoded as it comes; behind it bytes are passed over, or copied as they stand into two pages that
 * are filled in turn, so that at the end one page or more is there.  Base64 is decoded from there with its groups
 * counted from the end, because nobody counted them from the beginning.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "part_look.h"

#define PAGE LIMIT_LOOK_PAGE_BYTES

void part_look_begin(struct part_look *look, bool wanted, bool head_only) {
    uint8_t *pages[2] = {look->pages[0], look->pages[1]};
    *look = (struct part_look){.stage = wanted ? LOOK_FIRST : LOOK_OFF, .head_only = head_only};
    memcpy(look->pages, pages, sizeof pages);
}

size_t part_look_room(const struct part_look *look) {
    if (look->stage == LOOK_FIRST) return PAGE - look->len;
    if (look->stage == LOOK_HEAD) return 2 * PAGE - look->len;
    if (look->stage == LOOK_DEEP) return CONTENT_DEEP_AT + CONTENT_DEEP_BYTES - look->len;
    return 0;
}

/* --- the head ----------------------------------------------------------------------------------------------------- */

static struct span join_head(const struct part_look *look, uint8_t *room) {
    size_t first = look->len < PAGE ? look->len : PAGE;
    if (first > 0) memcpy(room, look->pages[0], first);
    if (look->len > PAGE) memcpy(room + PAGE, look->pages[1], look->len - PAGE);
    return span_of(room, look->len);
}

/* One page has come, or two. */
static void judge_head(struct part_look *look, uint8_t *room) {
    bool const first = look->stage == LOOK_FIRST;
    look->stage = first ? LOOK_HEAD : LOOK_CLOSED;
    if (look->head_only) return; /* there may be text in the room */
    struct span head = join_head(look, room);
    content_look_head(&look->content, head, false);
    if (first && content_wants_more(&look->content)) return;
    look->stage = LOOK_OFF;
    if (content_wants_tail(&look->content)) {
        look->stage = LOOK_TAIL;
        look->len = 0;
    } else if (content_wants_deep(&look->content, head)) {
        look->stage = LOOK_DEEP;
    }
}

static bool push_head(struct part_look *look, struct arena *arena, struct span bytes) {
    while (bytes.len > 0) {
        uint8_t **page = &look->pages[look->len / PAGE];
        size_t at = look->len % PAGE;
        if (*page == NULL) *page = arena_alloc(arena, PAGE);
        if (*page == NULL) return false;
        struct span fits = span_head(bytes, PAGE - at);
        memcpy(*page + at, fits.data, fits.len);
        look->len += (uint32_t)fits.len;
        bytes = span_from(bytes, fits.len);
    }
    return true;
}

static void push_deep(struct part_look *look, struct span bytes) {
    for (size_t i = look->len < CONTENT_DEEP_AT ? CONTENT_DEEP_AT - look->len : 0; i < bytes.len; i++)
        look->deep[look->len + i - CONTENT_DEEP_AT] = bytes.data[i];
    look->len += (uint32_t)bytes.len;
    if (part_look_room(look) > 0) return;
    content_look_deep(&look->content, look->deep);
    look->stage = LOOK_OFF;
}

void part_look_push(struct part_look *look, struct arena *arena, struct counters *counters, struct span bytes,
                    uint8_t *room) {
    bytes = span_head(bytes, part_look_room(look));
    if (bytes.len == 0) return;
    if (look->stage == LOOK_DEEP) {
        push_deep(look, bytes);
        return;
    }
    if (!push_head(look, arena, bytes)) {
        counters->message_memory++;
        look->stage = LOOK_CLOSED;
    } else if (part_look_room(look) == 0) {
        judge_head(look, room);
    }
}

/* --- the tail ----------------------------------------------------------------------------------------------------- */

void part_look_pass(struct part_look *look, struct span bytes) {
    if (look->stage != LOOK_TAIL) return;
    /* What would be written over before anybody reads it; whole rounds, so that pages are turned at the same places. */
    if (bytes.len > 4 * PAGE) {
        bytes = span_from(bytes, (bytes.len / (2 * PAGE) - 1) * 2 * PAGE);
        look->turned = true;
    }
    while (bytes.len > 0) {
        if (look->len == PAGE) {
            look->page ^= 1;
            look->turned = true;
            look->len = 0;
        }
        struct span fits = span_head(bytes, PAGE - look->len);
        memcpy(look->pages[look->page] + look->len, fits.data, fits.len);
        look->len += (uint32_t)fits.len;
        bytes = span_from(bytes, fits.len);
    }
}

/* Where a group of four begins, so that the last one ends with the text: what is no line end or blank is a digit. */
static struct span from_group(struct span text) {
    size_t digits = 0, at = 0;
    for (size_t i = 0; i < text.len; i++) digits += text.data[i] > ' ';
    for (digits %= 4; digits > 0; at++) digits -= text.data[at] > ' ';
    return span_from(text, at);
}

/* The end of the head lies in the second page as long as no page was turned. */
static size_t copy_open(const struct part_look *look, uint8_t *out) {
    if (look->turned || look->content.open > PAGE) return 0;
    memcpy(out, look->pages[1] + PAGE - look->content.open, look->content.open);
    return look->content.open;
}

/* The pages in their order, decoded, behind what was open in the head. */
static struct span decode_tail(const struct part_look *look, enum transfer_encoding encoding, uint8_t *room) {
    size_t len = 0;
    if (look->turned) {
        memcpy(room, look->pages[look->page ^ 1], PAGE);
        len = PAGE;
    }
    if (look->len > 0) memcpy(room + len, look->pages[look->page], look->len);
    struct span text = span_of(room, len + look->len);
    struct transfer_state state = {.encoding = encoding};
    if (encoding == TRANSFER_BASE64 && look->turned) text = from_group(text);
    uint8_t *decoded = room + 2 * PAGE;
    size_t decoded_len = copy_open(look, decoded);
    decoded_len += transfer_decode(&state, &text, decoded + decoded_len, 2 * PAGE);
    return span_of(decoded, decoded_len);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

void part_look_gap(struct part_look *look) {
    if (look->stage == LOOK_FIRST || look->stage == LOOK_HEAD) look->stage = LOOK_CLOSED;
    if (look->stage == LOOK_DEEP || look->stage == LOOK_TAIL) look->stage = LOOK_OFF;
}

struct part_content part_look_end(struct part_look *look, enum transfer_encoding encoding, struct counters *counters,
                                  uint8_t *room) {
    bool const whole = look->stage == LOOK_FIRST || look->stage == LOOK_HEAD;
    if (whole || look->stage == LOOK_CLOSED) content_look_head(&look->content, join_head(look, room), whole);
    if (look->stage == LOOK_TAIL) content_look_tail(&look->content, decode_tail(look, encoding, room));
    look->stage = LOOK_OFF;
    if ((look->content.found.signs & CONTENT_CUT) != 0) counters->archives_cut++;
    return look->content.found;
}
