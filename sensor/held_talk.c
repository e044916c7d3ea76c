/* See held_talk.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "held_talk.h"

static struct held_turn *last_turn(struct held_talk *held, enum stream_side side) {
    struct held_turn *turn = held->count == held->sealed ? NULL : &held->turns[held->count - 1];
    return turn != NULL && turn->side == side ? turn : NULL;
}

static struct held_turn *new_turn(struct held_talk *held, const struct piece *piece) {
    if (held->count == LIMIT_HELD_TURNS) return NULL;
    struct held_turn *turn = &held->turns[held->count++];
    *turn = (struct held_turn){.side = piece->side, .start = held->used, .unread = piece->unread, .time = piece->time};
    return turn;
}

static void add_gap(struct held_talk *held, const struct piece *piece, uint64_t length) {
    struct held_turn *turn = last_turn(held, piece->side);
    if (turn == NULL || turn->gap_length == 0) turn = new_turn(held, piece);
    *(turn == NULL ? &held->lost[piece->side] : &turn->gap_length) += length;
}

static bool has_overflowed(const struct held_talk *held) {
    return held->lost[SIDE_CLIENT] + held->lost[SIDE_SERVER] > 0;
}

bool held_talk_add(struct held_talk *held, const struct piece *piece) {
    size_t length = piece->bytes.len;
    if (has_overflowed(held)) {
        held->lost[piece->side] += piece->gap_length > 0 ? piece->gap_length : length;
        return piece->gap_length == 0 && length == 0;
    }
    if (piece->gap_length > 0) {
        add_gap(held, piece, piece->gap_length);
        return !has_overflowed(held);
    }
    if (length == 0) return true;
    struct held_turn *turn = last_turn(held, piece->side);
    if (turn == NULL || turn->gap_length > 0 || turn->unread != piece->unread) turn = new_turn(held, piece);
    struct span kept = span_head(piece->bytes, turn == NULL ? 0 : sizeof held->bytes - held->used);
    if (kept.len > 0) {
        memcpy(held->bytes + held->used, kept.data, kept.len);
        held->used = (uint16_t)(held->used + kept.len);
        turn->length = (uint16_t)(turn->length + kept.len);
    }
    if (turn != NULL && turn->length == 0) held->count--;
    if (kept.len < length) add_gap(held, piece, length - kept.len);
    return kept.len == length;
}

void held_talk_seal(struct held_talk *held) {
    held->sealed = held->count;
}

bool held_talk_piece(const struct held_talk *held, unsigned i, struct piece *piece) {
    if (i < held->count) {
        const struct held_turn *turn = &held->turns[i];
        *piece = (struct piece){.side = turn->side,
                                .bytes = span_of(held->bytes + turn->start, turn->length),
                                .gap_length = turn->gap_length,
                                .unread = turn->unread,
                                .time = turn->time};
        return true;
    }
    i -= held->count;
    if (i > 1) return false;
    *piece = (struct piece){.side = (enum stream_side)i,
                            .gap_length = held->lost[i],
                            .unread = STREAM_UNREAD_UNKNOWN,
                            .time = held->count == 0 ? 0 : held->turns[held->count - 1].time};
    return true;
}

void held_talk_wipe(struct held_talk *held) {
    memset(held, 0, sizeof *held);
}
