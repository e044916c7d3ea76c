/* Fuzz target: stream bytes and TLS hellos through nDPI's shim.
 *
 * Input: one byte that chooses the port, then pieces: a byte with the side (lowest bit) and the length, and the bytes.
 * The same pieces are recorded, and nDPI is asked for their name.  What is left unread by the detection goes to the TLS
 * facts as both hellos.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "flow/detect_ndpi.h"
#include "mailspan/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing is kept beyond the limits, and the name is asked for whatever was kept. */
static void name_pieces(struct detector *detector, const struct stream_info *info, struct reader r) {
    struct detection *holder, *d = detection_record_begin(detector, info, &holder);
    assert(d != NULL && holder == d);
    size_t kept = 0;
    bool all = true;
    for (nstime now = 1; reader_left(&r) > 0; now++) {
        uint8_t const head = reader_u8(&r);
        enum stream_side const side = (head & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
        size_t const wanted = head >> 1;
        struct span const bytes = reader_bytes(&r, wanted < reader_left(&r) ? wanted : reader_left(&r));
        all = (wanted == 0 ? detection_record_gap(d, side, 1000, now) : detection_record(d, side, bytes, now)) && all;
        if (all) kept += bytes.len;
    }
    const char *name = detection_name(d);
    assert(name == NULL || name[0] != '\0');
    struct detection_item item;
    size_t found = 0;
    for (unsigned i = 0; detection_replay(d, i, &item); i++) found += item.bytes.len;
    assert(found >= kept && found <= LIMIT_DETECT_BYTES);
    detection_end(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct detector *detector;
    static struct counters counters;
    static uint16_t const ports[4] = {25, 465, 26000, 993};
    if (detector == NULL) detector = detector_new(&counters, LIMIT_DETECTIONS);
    if (detector == NULL) abort();
    struct reader r = reader_of(span_of(data, size));
    struct stream_info const info = {.client = {{{[15] = 1}}, 40000},
                                     .server = {{{[15] = 2}}, ports[reader_u8(&r) % 4]}};
    struct detection *holder, *d = detection_begin(detector, &info, &holder);
    assert(d != NULL && holder == d);
    name_pieces(detector, &info, r);
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
