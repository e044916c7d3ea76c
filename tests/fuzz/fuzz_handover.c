/* Fuzz: any bytes as what is handed over to a process that can open no file.
 *
 *   'b'   a blob behind its checksum, which is made here: what unpacks packs to the same bytes again, and is opened
 *   else  pieces, each behind its length in two bytes; and all of it as a blob that is cut and joined
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <stdlib.h>

#include "handover.h"
#include "mailspan/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECKSUM_BYTES 32

static void require(bool condition) {
    if (!condition) abort();
}

static void pack_again(struct span blob) {
    struct handover handover;
    struct problem problem = {.line = 0};
    struct span packed;
    if (!handover_unpack(blob, &handover, &problem)) {
        require(problem.what[0] != '\0');
        return;
    }
    require(compiled_is_closed(handover.compiled));
    require(handover_pack(&handover, &packed));
    require(span_equal(blob, packed));
    handover_blob_free(packed);
    handover_unpacked_free(&handover);
}

static void open_it(struct span blob) {
    struct config running;
    struct problem problem = {.line = 0};
    config_default(&running);
    struct generation *generation = handover_open(blob, &running, &problem);
    require(generation != NULL || problem.what[0] != '\0');
    generation_free(generation);
    config_free(&running);
}

static void read_blob(struct span rest) {
    uint8_t *bytes = malloc(CHECKSUM_BYTES + rest.len);
    require(bytes != NULL);
    if (rest.len > 0) memcpy(bytes + CHECKSUM_BYTES, rest.data, rest.len);
    (void)crypto_generichash(bytes, CHECKSUM_BYTES, rest.data, rest.len, NULL, 0);
    struct span blob = span_of(bytes, CHECKSUM_BYTES + rest.len);
    pack_again(blob);
    open_it(blob);
    free(bytes);
}

static void read_pieces(struct span input) {
    struct handover_joiner *joiner = handover_joiner_new();
    struct reader reader = reader_of(input);
    size_t said = 0;
    while (reader_left(&reader) >= 2) {
        struct span blob, piece = reader_bytes(&reader, reader_be16(&reader));
        if (reader.failed) break;
        said += piece.len;
        if (handover_join_piece(joiner, piece, &blob) != HANDOVER_WHOLE) continue;
        require(blob.len > 0 && blob.len <= said);
        pack_again(blob);
    }
    handover_joiner_free(joiner);
}

static void cut_and_join(struct span blob) {
    static uint8_t piece[HANDOVER_PIECE_BYTES];
    struct handover_joiner *joiner = handover_joiner_new();
    enum handover_joined joined = HANDOVER_MORE;
    struct span result = SPAN_EMPTY;
    size_t at = 0, length;
    while ((length = handover_cut_piece(blob, &at, piece)) > 0) {
        require(joined == HANDOVER_MORE);
        joined = handover_join_piece(joiner, span_of(piece, length), &result);
    }
    require(blob.len == 0 || (joined == HANDOVER_WHOLE && span_equal(result, blob)));
    handover_joiner_free(joiner);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1) return 0;
    struct span rest = span_of(data + 1, size - 1);
    if (data[0] == 'b') {
        read_blob(rest);
        return 0;
    }
    read_pieces(rest);
    cut_and_join(rest);
    return 0;
}
