/* Fuzz target: stream bytes and TLS hellos through nDPI's shim.
 *
 * Input: one byte that chooses the port, then pieces: a byte with the side (lowest bit) and the length, and the bytes.
 * What is left unread by the detection goes to the TLS facts as both hellos.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "flow/detect_ndpi.h"
#include "mailspan/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct detector *detector;
    static struct counters counters;
    static uint16_t const ports[4] = {25, 465, 26000, 993};
    if (detector == NULL) detector = detector_new(&counters);
    if (detector == NULL) abort();
    struct reader r = reader_of(span_of(data, size));
    struct stream_info const info = {.client = {{{[15] = 1}}, 40000},
                                     .server = {{{[15] = 2}}, ports[reader_u8(&r) % 4]}};
    struct detection *d = detection_begin(detector, &info);
    assert(d != NULL);
    enum detect_answer answer = DETECT_MORE;
    size_t taken = 0;
    nstime now = 1;
    while (reader_left(&r) > 0 && answer == DETECT_MORE) {
        uint8_t const head = reader_u8(&r);
        enum stream_side const side = (head & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
        size_t const wanted = head >> 1;
        if (wanted == 0) {
            answer = detection_gap(d, side, 1000, now++);
            continue;
        }
        struct span const bytes = reader_bytes(&r, wanted < reader_left(&r) ? wanted : reader_left(&r));
        answer = detection_data(d, side, bytes, now++);
        if (answer == DETECT_MORE) taken += bytes.len;
    }
    struct detection_item item;
    size_t kept = 0;
    for (unsigned i = 0; detection_replay(d, i, &item); i++) kept += item.bytes.len;
    assert(kept == taken && kept <= LIMIT_DETECT_BYTES);
    assert(detection_protocol(d) != NULL);
    detection_end(d);
    struct span const rest = span_head(reader_rest(&r), LIMIT_HELLO_BYTES);
    struct tls_facts facts;
    (void)detector_tls_facts(detector, &info, rest, rest, &facts);
    (void)detector_tls_facts(detector, &info, span_head(span_of(data, size), LIMIT_HELLO_BYTES), SPAN_EMPTY, &facts);
    return 0;
}
