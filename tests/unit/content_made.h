/* content_made: bytes of attachments put together by hand, after the formats' specifications; what is looked at ends at
 * an unreadable page, and every shorter head of it is looked at, too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_CONTENT_MADE_H
#define MAILSPAN_TEST_CONTENT_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../decoders/content_kind.h"
#include "guard.h"

struct made {
    uint8_t bytes[8192];
    size_t len;
};

static inline void put_bytes(struct made *made, struct span s) {
    assert_true(made->len + s.len <= sizeof made->bytes);
    if (s.len > 0) memcpy(made->bytes + made->len, s.data, s.len);
    made->len += s.len;
}

#define PUT(made, literal) put_bytes(made, SPAN_LITERAL(literal))

static inline void put_zeros(struct made *made, size_t len) {
    while (len-- > 0) put_bytes(made, span_of("", 1));
}

static inline void put_le16(struct made *made, unsigned value) {
    uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    put_bytes(made, span_of(bytes, sizeof bytes));
}

static inline void put_le32(struct made *made, uint32_t value) {
    put_le16(made, value & 0xFFFF);
    put_le16(made, value >> 16);
}

static inline struct span made_span(const struct made *made) {
    return span_of(made->bytes, made->len);
}

/* What all of it is; and no shorter head makes it read too far. */
static inline struct part_content look_at_all(struct span bytes) {
    struct content_look look = {.names = 0};
    for (size_t len = 0; len <= bytes.len; len = len < 300 || len + 97 > bytes.len ? len + 1 : len + 97) {
        struct guarded head = guard_copy(span_head(bytes, len));
        look = (struct content_look){.names = 0};
        content_look_head(&look, head.bytes, true);
        guard_free(&head);
    }
    return look.found;
}

static inline void expect_content(struct span bytes, enum content_kind kind, unsigned signs) {
    struct part_content found = look_at_all(bytes);
    if (found.kind != kind || found.signs != signs)
        fail_msg("found %s %02x, expected %s %02x", content_kind_name((enum content_kind)found.kind), found.signs,
                 content_kind_name(kind), signs);
}

#define EXPECT_KIND(literal, kind) expect_content(SPAN_LITERAL(literal), CONTENT_##kind, 0)

/* --- ZIP ---------------------------------------------------------------------------------------------------------- */

static inline void put_zip_local(struct made *made, const char *name, unsigned flags, unsigned method,
                                 struct span data) {
    PUT(made, "PK\x03\x04");
    put_le16(made, 20);
    put_le16(made, flags);
    put_le16(made, method);
    put_zeros(made, 8); /* time, date, checksum */
    put_le32(made, (uint32_t)data.len);
    put_le32(made, (uint32_t)data.len);
    put_le16(made, (unsigned)strlen(name));
    put_le16(made, 0);
    put_bytes(made, span_from_string(name));
    put_bytes(made, data);
}

static inline void put_zip_central(struct made *made, const char *name, unsigned flags) {
    PUT(made, "PK\x01\x02");
    put_le16(made, 20);
    put_le16(made, 20);
    put_le16(made, flags);
    put_zeros(made, 18); /* method, time, date, checksum, sizes */
    put_le16(made, (unsigned)strlen(name));
    put_zeros(made, 16); /* lengths, disk, attributes, offset */
    put_bytes(made, span_from_string(name));
}

static inline void put_zip_end(struct made *made, unsigned entries) {
    PUT(made, "PK\x05\x06");
    put_zeros(made, 4);
    put_le16(made, entries);
    put_le16(made, entries);
    put_zeros(made, 10);
}

/* An archive of these empty files; flags of each. */
static inline void put_zip(struct made *made, const char *const *names, size_t count, unsigned flags) {
    for (size_t i = 0; i < count; i++) put_zip_local(made, names[i], flags, 0, SPAN_EMPTY);
    for (size_t i = 0; i < count; i++) put_zip_central(made, names[i], flags);
    put_zip_end(made, (unsigned)count);
}

#endif
