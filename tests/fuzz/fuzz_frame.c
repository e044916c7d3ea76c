/* Fuzz target: frames through one decoder, so that fragments meet.  Before each frame stand its link type, how much
 * longer the wire's frame was, the time since the one before (in steps of 2 s; an odd number: checksums are verified;
 * with the next bit nobody's tunnels are opened, else everybody's), and its length in two bytes; the last frame has
 * what is left.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "mailspan/address.h"
#include "mailspan/defragment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DATAGRAM_BYTES_MAX (65535 + 40)
#define FRAME_BYTES_MAX (65535 + 18)

static bool is_inside(struct span part, struct span whole) {
    return part.len == 0 || (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

/* In a heap block of its own size, where a checker sees a read past its end. */
static void decode(struct frame_decoder *decoder, int link, struct span bytes, uint32_t longer, nstime now) {
    uint8_t *copy = malloc(bytes.len == 0 ? 1 : bytes.len);
    assert(copy != NULL);
    if (bytes.len > 0) memcpy(copy, bytes.data, bytes.len);
    struct span const frame = span_of(copy, bytes.len);
    struct counters before = *decoder->counters;
    struct packet packet;
    uint32_t const wire = (uint32_t)frame.len + longer;
    enum frame_result const result = frame_decode(decoder, link, frame, wire, now, &packet);
    const struct counters *c = decoder->counters;
    uint64_t const counted = c->tcp_segments - before.tcp_segments + c->frame_other - before.frame_other +
                             c->frame_malformed - before.frame_malformed + c->frame_too_deep - before.frame_too_deep +
                             c->frame_unknown - before.frame_unknown + c->checksum_ip - before.checksum_ip +
                             c->checksum_tcp - before.checksum_tcp + c->tunnel_untrusted - before.tunnel_untrusted +
                             (result == FRAME_FRAGMENT);
    assert(counted == 1);
    assert(decoder->verify_checksums || c->checksum_ip + c->checksum_tcp == before.checksum_ip + before.checksum_tcp);
    assert(decoder->tunnel_source_count == 0 || c->tunnel_untrusted == before.tunnel_untrusted);
    assert(result != FRAME_FRAGMENT || c->fragments > before.fragments);
    assert(c->fragments_reassembled - before.fragments_reassembled <= c->fragments - before.fragments);
    if (result == FRAME_TCP) {
        bool const together = c->fragments_reassembled > before.fragments_reassembled;
        assert(packet.payload.len <= packet.payload_length);
        assert(packet.payload_length <= (wire > FRAME_BYTES_MAX ? wire : FRAME_BYTES_MAX));
        assert((packet.payload.len < packet.payload_length) == (c->segment_snapped > before.segment_snapped));
        assert(is_inside(packet.payload, packet.datagram));
        assert(together ? packet.datagram.len <= DATAGRAM_BYTES_MAX : is_inside(packet.datagram, frame));
        if (!together) assert(is_inside(packet.payload, frame));
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int links[] = {1, 113, 276, 12, 0, 108, 101, 14, 228, 229, 105};
    static const uint8_t hash_key[16] = {1};
    static struct counters counters;
    static struct defragment *fragments; /* one for all runs, empty after each: making it takes longer than a run */
    if (fragments == NULL) {
        void *memory = calloc(1, defragment_memory_bytes());
        assert(memory != NULL);
        fragments = defragment_in(memory, hash_key, &counters);
    }
    counters = (struct counters){0};
    static const struct ip_prefix everybody = {.bits = 0};
    struct frame_decoder decoder = {.fragments = fragments, .counters = &counters, .tunnel_sources = &everybody};
    struct reader input = reader_of(span_of(data, size));
    nstime now = INT64_C(1700000000) * NS_PER_S;
    while (reader_left(&input) >= 5) {
        int const link = links[reader_u8(&input) % (sizeof links / sizeof *links)];
        uint32_t const longer = reader_u8(&input) * 16u;
        uint8_t const steps = reader_u8(&input);
        now += steps * 2 * NS_PER_S;
        decoder.verify_checksums = steps % 2 != 0;
        decoder.tunnel_source_count = (steps & 2) == 0 ? 1 : 0;
        size_t const length = reader_be16(&input);
        size_t const left = reader_left(&input);
        decode(&decoder, link, reader_bytes(&input, length < left ? length : left), longer, now);
    }
    defragment_finish(decoder.fragments);
    assert(counters.fragments_reassembled + counters.fragments_overlap + counters.fragments_expired +
               counters.fragments_evicted <=
           counters.fragments);
    return 0;
}
