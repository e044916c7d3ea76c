/* Fuzz target: what a client says to a proxy, and what that answers.
 *
 * Input: pieces: a byte with the side (lowest bit) and the length, and the bytes; length 0 is a gap.  The same is read
 * byte by byte: the answer, the target and what is left for the tunnel are the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "mailspan/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct proxy proxy;
    size_t tunnel_bytes; /* left by the piece that opened it */
};

static void read_piece(struct reading *reading, enum stream_side side, struct span bytes, size_t step) {
    while (bytes.len > 0 && reading->proxy.answer != PROXY_NO) {
        struct span piece = span_head(bytes, step);
        bytes = span_from(bytes, piece.len);
        if (reading->proxy.answer == PROXY_OPEN) {
            reading->tunnel_bytes += piece.len;
            continue;
        }
        enum proxy_answer answer = proxy_push(&reading->proxy, side, &piece);
        assert(answer == reading->proxy.answer);
        assert(piece.len == 0 || answer == PROXY_OPEN || answer == PROXY_NO);
        reading->tunnel_bytes += piece.len;
    }
}

static void read_all(struct reading *reading, struct reader r, size_t step) {
    proxy_begin(&reading->proxy);
    reading->tunnel_bytes = 0;
    while (reader_left(&r) > 0 && reading->proxy.answer != PROXY_NO && reading->proxy.answer != PROXY_OPEN) {
        uint8_t const head = reader_u8(&r);
        enum stream_side const side = (head & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
        size_t const wanted = head >> 1;
        if (wanted == 0)
            (void)proxy_gap(&reading->proxy, side);
        else
            read_piece(reading, side, reader_bytes(&r, wanted < reader_left(&r) ? wanted : reader_left(&r)), step);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct reading whole, bytes;
    read_all(&whole, reader_of(span_of(data, size)), 4096);
    read_all(&bytes, reader_of(span_of(data, size)), 1);
    assert(whole.proxy.answer == bytes.proxy.answer);
    assert(memchr(whole.proxy.target, '\0', sizeof whole.proxy.target) != NULL);
    if (whole.proxy.answer == PROXY_NO) return 0;
    assert(strcmp(whole.proxy.target, bytes.proxy.target) == 0);
    assert(whole.tunnel_bytes == bytes.tunnel_bytes && whole.proxy.early_bytes == bytes.proxy.early_bytes);
    assert(whole.proxy.early_lost == bytes.proxy.early_lost && whole.proxy.early_bytes <= LIMIT_PROXY_EARLY_BYTES);
    if (whole.proxy.answer == PROXY_OPEN) assert(whole.proxy.target[0] != '\0' && whole.proxy.target_port != 0);
    return 0;
}
