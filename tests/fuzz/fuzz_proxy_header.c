/* Fuzz target: a PROXY header, as it may stand in front of what a client says.
 *
 * Input: a byte, 0 for none, where a gap is (after 4 times so many bytes), and the client's bytes.  Whole and byte by
 * byte it is the same header, and as long.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "mailspan/proxy_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GAP_BYTES 50

struct reading {
    struct proxy_header header;
    enum proxy_header_answer answer;
    uint64_t taken;
};

static void read_bytes(struct reading *reading, struct span bytes, size_t step) {
    while (bytes.len > 0 && reading->answer == PROXY_HEADER_MORE) {
        struct span piece = span_head(bytes, step), rest = piece;
        bytes = span_from(bytes, piece.len);
        reading->answer = proxy_header_push(&reading->header, &rest);
        assert(rest.len == 0 || reading->answer != PROXY_HEADER_MORE);
        reading->taken += piece.len - rest.len;
    }
}

static void read_all(struct reading *reading, struct span bytes, size_t before, size_t step) {
    uint64_t gap = GAP_BYTES;
    *reading = (struct reading){.answer = PROXY_HEADER_MORE};
    read_bytes(reading, span_head(bytes, before), step);
    if (before < bytes.len && reading->answer == PROXY_HEADER_MORE) {
        reading->answer = proxy_header_gap(&reading->header, &gap);
        assert(gap == 0 || reading->answer != PROXY_HEADER_MORE);
        reading->taken += GAP_BYTES - gap;
    }
    read_bytes(reading, span_from(bytes, before), step);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct reading whole, bytes;
    struct reader r = reader_of(span_of(data, size));
    size_t before = (size_t)reader_u8(&r) * 4;
    struct span text = reader_rest(&r);
    read_all(&whole, text, before == 0 ? text.len : before, 100000);
    read_all(&bytes, text, before == 0 ? text.len : before, 1);
    assert(whole.answer == bytes.answer);
    if (whole.answer == PROXY_HEADER_NO) return 0;
    assert(whole.taken == bytes.taken && whole.header.version == bytes.header.version);
    assert(whole.header.addressed == bytes.header.addressed);
    assert(memcmp(&whole.header.client, &bytes.header.client, sizeof whole.header.client) == 0);
    if (whole.answer == PROXY_HEADER_MORE) return 0;
    assert(whole.header.version == 1 ? whole.taken <= 107 : whole.taken >= 16 && whole.taken <= 16 + UINT16_MAX);
    return 0;
}
