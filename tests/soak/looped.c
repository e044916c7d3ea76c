/* Each pass changes the addresses of its capture: customers (who speak from the higher port) become others
 * of 10.0.0.0/8 and 2001:db8:1000::/40, servers others of 198.18.0.0/15 and 2001:db8:f000::/40.  An address is changed
 * by XOR, so what harm did to its bytes stays done.  Checksums are left as they are, and are wrong then.  Addresses
 * inside of tunnels, and of what is no TCP, stay.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "looped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bench/gen_random.h"
#include "../campaign/mutant.h"
#include "wire_out.h"

enum {
    ADDRESSES_MAX = 1 << 15, /* of a capture */
    BUCKETS = 1 << 16,
    BURST_MAX = 16, /* frames that a player sends in a row */
    NO_ADDRESS = -1,
};

struct address {
    uint8_t bytes[16]; /* IPv4: the first four */
    bool ipv6, customer;
};

/* Where a frame's addresses stand, and which they are. */
struct place {
    uint32_t ip; /* 0: none that are changed */
    int32_t source, target;
};

/* A capture as it was read, with what never changes about it. */
struct score {
    struct capture capture;
    struct place *places; /* by frame */
    struct address *addresses;
    uint32_t address_count;
    uint32_t *buckets; /* 1 + an address, found by its hash; 0: none */
};

struct player {
    const struct score *score; /* NULL: no pass was begun */
    struct capture capture;    /* a copy, with its harm done; of an unspoilt pass the score's own */
    struct placed *placed;     /* NULL: unspoilt */
    size_t count, next;
    uint64_t pass;
    uint8_t (*changes)[16]; /* of each address: what it is XORed with */
};

struct looped {
    struct looped_settings settings;
    struct random random;
    struct score *scores;
    struct player *players;
    unsigned current, left; /* frames that the current player still sends in a row */
    uint64_t passes;
};

static void *zeroed(size_t count, size_t bytes) {
    void *room = calloc(count, bytes);
    if (room == NULL) {
        fprintf(stderr, "soak_send: no memory\n");
        exit(1);
    }
    return room;
}

static uint32_t get16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static uint64_t mix_bytes(uint64_t seed, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) seed = random_mix(seed ^ bytes[i]) + 1;
    return seed;
}

/* --- what is known of a capture ----------------------------------------------------------------------------------- */

/* Its number; NO_ADDRESS when there are too many. */
static int32_t address_note(struct score *s, const uint8_t *bytes, bool ipv6, bool customer) {
    size_t length = ipv6 ? 16 : 4;
    uint32_t at = (uint32_t)mix_bytes(ipv6, bytes, length) % BUCKETS;
    for (; s->buckets[at] != 0; at = (at + 1) % BUCKETS) {
        const struct address *a = &s->addresses[s->buckets[at] - 1];
        if (a->ipv6 == ipv6 && memcmp(a->bytes, bytes, length) == 0) return (int32_t)s->buckets[at] - 1;
    }
    if (s->address_count == ADDRESSES_MAX) return NO_ADDRESS;
    struct address *a = &s->addresses[s->address_count++];
    *a = (struct address){.ipv6 = ipv6, .customer = customer};
    memcpy(a->bytes, bytes, length);
    s->buckets[at] = s->address_count;
    return (int32_t)s->address_count - 1;
}

/* Fragments have no ports; their addresses are known by other frames, or else belong to a server. */
static void place_note(struct score *s, size_t number) {
    const struct frame *f = &s->capture.frames[number];
    uint32_t at = 12;
    while (at + 6 < f->captured && (get16(f->bytes + at) == 0x8100 || get16(f->bytes + at) == 0x88A8)) at += 4;
    if (at + 42 > f->captured) return;
    bool ipv6 = get16(f->bytes + at) == 0x86DD;
    const uint8_t *ip = f->bytes + at + 2;
    if ((!ipv6 && get16(f->bytes + at) != 0x0800) || ip[ipv6 ? 6 : 9] != 6) return;
    const uint8_t *ports = ip + (ipv6 ? 40 : (ip[0] & 15) * 4);
    const uint8_t *addresses = ip + (ipv6 ? 8 : 12);
    bool has_ports = ports + 4 <= f->bytes + f->captured && (ipv6 || (get16(ip + 6) & 0x1FFF) == 0);
    bool client = has_ports && get16(ports) > get16(ports + 2);
    s->places[number] =
        (struct place){.ip = at + 2,
                       .source = address_note(s, addresses, ipv6, client),
                       .target = address_note(s, addresses + (ipv6 ? 16 : 4), ipv6, has_ports && !client)};
}

static void score_read(struct score *s, const char *path) {
    capture_read(&s->capture, path);
    s->places = zeroed(s->capture.count + 1, sizeof *s->places);
    s->addresses = zeroed(ADDRESSES_MAX, sizeof *s->addresses);
    s->buckets = zeroed(BUCKETS, sizeof *s->buckets);
    for (size_t i = 1; i <= s->capture.count; i++) place_note(s, i);
}

/* --- passes ---------------------------------------------------------------------------------------------------------
 */

static void put_number(uint8_t *at, uint32_t number) {
    for (unsigned i = 0; i < 4; i++) at[i] = (uint8_t)(number >> (24 - 8 * i));
}

/* Who an address is in this pass. */
static void address_now(const struct address *a, uint64_t pass, uint32_t sources, uint8_t now[16]) {
    uint32_t drawn = (uint32_t)(mix_bytes(random_mix(pass), a->bytes, a->ipv6 ? 16 : 4) >> 16);
    memcpy(now, a->bytes, 16);
    if (a->ipv6) {
        put_number(now, 0x20010DB8);
        put_number(now + 4, a->customer ? 0x10000000 + drawn % sources : 0xF0000000 + (drawn & 0xFFFFFF));
    } else {
        put_number(now,
                   a->customer ? (10U << 24) + 256 + drawn % sources : (198U << 24) + (18U << 16) + (drawn & 0x1FFFF));
    }
}

static void pass_addresses(const struct looped *l, struct player *p) {
    p->changes = zeroed(p->score->address_count + 1, sizeof *p->changes);
    for (uint32_t i = 0; i < p->score->address_count; i++) {
        const struct address *a = &p->score->addresses[i];
        address_now(a, random_mix(l->settings.seed) + p->pass, l->settings.sources, p->changes[i]);
        for (unsigned k = 0; k < 16; k++) p->changes[i][k] ^= a->bytes[k];
    }
}

static void pass_end(struct player *p) {
    if (p->score == NULL) return;
    if (p->placed != NULL) capture_free(&p->capture);
    free(p->placed);
    p->placed = NULL;
    free(p->changes);
    p->score = NULL;
}

static void spoil(struct looped *l, struct player *p) {
    unsigned kinds = 0;
    while (mutant_kinds[kinds].name != NULL) kinds++;
    capture_copy(&p->capture, &p->score->capture);
    plan_draw(&p->capture, mutant_kinds[random_below(&l->random, kinds)].operations, random_next(&l->random));
    p->placed = zeroed(place_room(&p->capture), sizeof *p->placed);
    p->count = place_all(&p->capture, p->placed);
}

static void pass_begin(struct looped *l, struct player *p) {
    p->pass = l->passes++;
    p->score = &l->scores[random_below(&l->random, l->settings.capture_count)];
    p->capture = p->score->capture;
    p->count = p->capture.count;
    p->next = 0;
    if (random_chance(&l->random, l->settings.harm)) spoil(l, p);
    pass_addresses(l, p);
}

struct looped *looped_new(const struct looped_settings *settings) {
    struct looped *l = zeroed(1, sizeof *l);
    l->settings = *settings;
    l->random.state = random_mix(settings->seed + 1);
    l->scores = zeroed(settings->capture_count, sizeof *l->scores);
    l->players = zeroed(settings->players, sizeof *l->players);
    for (unsigned i = 0; i < settings->capture_count; i++) score_read(&l->scores[i], settings->captures[i]);
    return l;
}

void looped_free(struct looped *l) {
    for (unsigned i = 0; i < l->settings.capture_count; i++) {
        capture_free(&l->scores[i].capture);
        free(l->scores[i].places);
        free(l->scores[i].addresses);
        free(l->scores[i].buckets);
    }
    for (unsigned i = 0; i < l->settings.players; i++) pass_end(&l->players[i]);
    free(l->scores);
    free(l->players);
    free(l);
}

/* --- frames ---------------------------------------------------------------------------------------------------------
 */

static void change(uint8_t *at, const uint8_t *change, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) at[i] ^= change[i];
}

static size_t frame_write(const struct player *p, const struct frame *f, uint8_t *room) {
    const struct place *place = &p->score->places[f - p->capture.frames];
    size_t bytes = f->captured < WIRE_FRAME_MAX ? f->captured : WIRE_FRAME_MAX;
    memcpy(room, f->bytes, bytes);
    if (place->ip == 0 || place->source == NO_ADDRESS || place->target == NO_ADDRESS) return bytes;
    bool ipv6 = p->score->addresses[place->source].ipv6;
    size_t at = place->ip + (ipv6 ? 8 : 12);
    size_t length = ipv6 ? 16 : 4;
    if (at + 2 * length > bytes) return bytes;
    change(room + at, p->changes[place->source], length);
    change(room + at + length, p->changes[place->target], length);
    return bytes;
}

size_t looped_next(struct looped *l, uint8_t *room) {
    if (l->left == 0) {
        l->current = random_below(&l->random, l->settings.players);
        l->left = 1 + random_below(&l->random, BURST_MAX);
    }
    l->left--;
    struct player *p = &l->players[l->current];
    while (p->score == NULL || p->next == p->count) { /* a plan may leave nothing of a capture */
        pass_end(p);
        pass_begin(l, p);
    }
    size_t next = p->next++;
    return frame_write(p, p->placed == NULL ? &p->capture.frames[next + 1] : p->placed[next].frame, room);
}

uint64_t looped_passes(const struct looped *l) {
    return l->passes;
}
