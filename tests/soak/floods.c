/* A flood draws frame after frame from a seed.  Those of connections have a number of them open at a time, and go round
 * them, so that a frame's connection and its step follow from its number alone.
 *
 * Customers are in 10.0.0.0/8, so that they are at home where the sensor is told so; servers in 203.0.113.0/24.
 * Checksums are left zero, as with offload.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "floods.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bench/gen_random.h"
#include "wire_out.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

enum {
    MAIL = 25,
    SEGMENT_BYTES = 1400,
    COLLIDING = 20000,
    COLLISION_BITS = 12,
    MILLION = 1000000,
};

static const uint32_t customers = 10U << 24;
static const uint32_t server_address = 203U << 24 | 113U << 8 | 25;

struct ends {
    uint32_t address[2]; /* the client's, the server's */
    uint16_t port[2];
};

enum { CLIENT, SERVER };

struct flood {
    const struct kind *kind;
    struct random random;
    uint64_t frames;
    struct ends *colliding;
    char text[SEGMENT_BYTES]; /* lines of headers */
};

struct kind {
    const char *name, *words;
    size_t (*next)(struct flood *f, uint8_t *room);
};

/* --- frames ---------------------------------------------------------------------------------------------------------
 */

static uint8_t *put16(uint8_t *at, uint32_t number) {
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t number) {
    return put16(put16(at, number >> 16), number);
}

static uint8_t *put_ethernet(uint8_t *at, uint32_t type) {
    static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    memcpy(at, addresses, sizeof addresses);
    return put16(at + sizeof addresses, type);
}

static uint8_t *put_ipv4(uint8_t *at, uint32_t from, uint32_t to, uint8_t protocol, size_t payload) {
    memset(at, 0, 20);
    at[0] = 0x45;
    put16(at + 2, 20 + (uint32_t)payload);
    at[8] = 64;
    at[9] = protocol;
    return put32(put32(at + 12, from), to);
}

struct say {
    unsigned side; /* who says it: CLIENT or SERVER */
    uint8_t flags;
    uint32_t sequence, acknowledgement;
    const char *payload;
    size_t bytes;
};

static uint8_t *put_tcp(uint8_t *at, const struct ends *e, const struct say *say) {
    put32(put32(put16(put16(at, e->port[say->side]), e->port[!say->side]), say->sequence), say->acknowledgement);
    at[12] = 5 << 4;
    at[13] = say->flags;
    put32(put16(at + 14, 65535), 0);
    if (say->bytes > 0) memcpy(at + 20, say->payload, say->bytes);
    return at + 20 + say->bytes;
}

static uint8_t *put_segment(uint8_t *at, const struct ends *e, const struct say *say) {
    at = put_ipv4(at, e->address[say->side], e->address[!say->side], 6, 20 + say->bytes);
    return put_tcp(at, e, say);
}

static size_t segment(uint8_t *room, const struct ends *e, const struct say *say) {
    return (size_t)(put_segment(put_ethernet(room, 0x0800), e, say) - room);
}

/* The n-th customer there may be, on the port that goes with how often it was here. */
static struct ends customer_ends(uint64_t n, uint64_t span) {
    return (struct ends){{customers + 256 + (uint32_t)(n % span), server_address},
                         {(uint16_t)(1024 + n / span % 60000), MAIL}};
}

enum { CLIENT_START = 1000, SERVER_START = 5000, BEGINNING = 4 /* frames */ };

#define BANNER "220 mx.dest.example ESMTP\r\n"

/* The first frames of any connection. */
static size_t beginning(uint8_t *room, const struct ends *e, unsigned step) {
    static const struct say says[] = {
        {CLIENT, SYN, CLIENT_START, 0, NULL, 0},
        {SERVER, SYN | ACK, SERVER_START, CLIENT_START + 1, NULL, 0},
        {CLIENT, ACK, CLIENT_START + 1, SERVER_START + 1, NULL, 0},
        {SERVER, PSH | ACK, SERVER_START + 1, CLIENT_START + 1, BANNER, sizeof BANNER - 1},
    };
    return segment(room, e, &says[step]);
}

enum { CLIENT_NEXT = CLIENT_START + 1, SERVER_NEXT = SERVER_START + sizeof BANNER };

/* Lines of headers, which go on in the next segment. */
static void text_fill(char text[SEGMENT_BYTES]) {
    static const char line[] = "X-Endless: and more of it, and of it, and of it.\r\n";
    _Static_assert(SEGMENT_BYTES % 50 == 0, "a segment holds whole lines");
    for (size_t i = 0; i < SEGMENT_BYTES; i++) text[i] = line[i % 50];
}

/* --- connections that are never made --------------------------------------------------------------------------------
 */

static struct ends anybody(struct flood *f) {
    uint64_t drawn = random_next(&f->random);
    return (struct ends){{(uint32_t)drawn, server_address}, {(uint16_t)(1024 + (drawn >> 32) % 64000), MAIL}};
}

static size_t next_syn(struct flood *f, uint8_t *room) {
    struct ends e = anybody(f);
    return segment(room, &e, &(struct say){.side = CLIENT, .flags = SYN, .sequence = (uint32_t)f->frames});
}

/* With customers' addresses: others have less room from the start. */
static size_t next_half_open(struct flood *f, uint8_t *room) {
    struct ends e = customer_ends(f->frames / 2 * 7919, 1 << 23);
    return beginning(room, &e, f->frames % 2);
}

/* --- connections that are never done --------------------------------------------------------------------------------
 */

/* So many are open; each has so many frames before another takes its place. */
struct round {
    uint64_t connection;
    uint32_t step;
};

static struct round round_of(const struct flood *f, uint32_t open, uint32_t steps) {
    uint64_t turn = f->frames / open;
    return (struct round){.connection = turn / steps * open + f->frames % open, .step = (uint32_t)(turn % steps)};
}

/* Every other segment is missing for ever, and they come in any order. */
static size_t next_holes(struct flood *f, uint8_t *room) {
    struct round r = round_of(f, 4096, 64);
    struct ends e = customer_ends(r.connection, 1 << 20);
    if (r.step < BEGINNING) return beginning(room, &e, r.step);
    uint32_t place = 1 + 2 * random_below(&f->random, 120);
    return segment(
        room, &e, &(struct say){CLIENT, ACK, CLIENT_NEXT + place * SEGMENT_BYTES, SERVER_NEXT, f->text, SEGMENT_BYTES});
}

/* A byte a segment, and as many lines as can be: what is said is "\n", "a\n" and "a\r\n". */
static size_t next_tiny(struct flood *f, uint8_t *room) {
    static const char said[] = "\na\na\r\n";
    struct round r = round_of(f, 1024, 2000);
    struct ends e = customer_ends(r.connection, 1 << 20);
    if (r.step < BEGINNING) return beginning(room, &e, r.step);
    uint32_t n = r.step - 4;
    const char *byte = &said[n % (sizeof said - 1)];
    return segment(room, &e, &(struct say){CLIENT, PSH | ACK, CLIENT_NEXT + n, SERVER_NEXT, byte, 1});
}

#define ENVELOPE "EHLO endless.example\r\nMAIL FROM:<a@endless.example>\r\nRCPT TO:<b@dest.example>\r\nDATA\r\n"
#define ACCEPTED "250 mx.dest.example\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n"

static size_t next_headers(struct flood *f, uint8_t *room) {
    struct round r = round_of(f, 512, 2000);
    struct ends e = customer_ends(r.connection, 1 << 20);
    if (r.step < BEGINNING) return beginning(room, &e, r.step);
    if (r.step == 4)
        return segment(room, &e,
                       &(struct say){CLIENT, PSH | ACK, CLIENT_NEXT, SERVER_NEXT, ENVELOPE, sizeof ENVELOPE - 1});
    uint32_t here = CLIENT_NEXT + sizeof ENVELOPE - 1;
    if (r.step == 5)
        return segment(room, &e, &(struct say){SERVER, PSH | ACK, SERVER_NEXT, here, ACCEPTED, sizeof ACCEPTED - 1});
    uint32_t heard = SERVER_NEXT + sizeof ACCEPTED - 1;
    uint32_t n = r.step - 6;
    if (n % 4 == 3)
        return segment(room, &e, &(struct say){SERVER, ACK, heard, here + (n - n / 4) * SEGMENT_BYTES, NULL, 0});
    return segment(room, &e,
                   &(struct say){CLIENT, ACK, here + (n - n / 4) * SEGMENT_BYTES, heard, f->text, SEGMENT_BYTES});
}

static const char replies[] = "250-mx.dest.example says more, and more, and never comes to an end of it\r\n";

static size_t next_replies(struct flood *f, uint8_t *room) {
    static const char hello[] = "EHLO endless.example\r\n";
    struct round r = round_of(f, 512, 2000);
    struct ends e = customer_ends(r.connection, 1 << 20);
    if (r.step < BEGINNING) return beginning(room, &e, r.step);
    if (r.step == 4)
        return segment(room, &e, &(struct say){CLIENT, PSH | ACK, CLIENT_NEXT, SERVER_NEXT, hello, sizeof hello - 1});
    char text[SEGMENT_BYTES];
    size_t bytes = 0;
    for (; bytes + sizeof replies < sizeof text; bytes += sizeof replies - 1)
        memcpy(text + bytes, replies, sizeof replies - 1);
    uint32_t here = SERVER_NEXT + (r.step - 5) * (uint32_t)bytes;
    return segment(room, &e, &(struct say){SERVER, ACK, here, CLIENT_NEXT + sizeof hello - 1, text, bytes});
}

/* --- sources --------------------------------------------------------------------------------------------------------
 */

#define ATTEMPT "EHLO a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<nobody@dest.example>\r\nQUIT\r\n"
#define REFUSED "250 mx.dest.example\r\n250 2.1.0 Ok\r\n550 5.1.1 User unknown\r\n221 2.0.0 Bye\r\n"

static size_t next_sources(struct flood *f, uint8_t *room) {
    struct ends e = customer_ends(f->frames / 6, MILLION);
    unsigned step = (unsigned)(f->frames % 6);
    if (step < BEGINNING) return beginning(room, &e, step);
    uint32_t here = CLIENT_NEXT + sizeof ATTEMPT - 1;
    if (step == 4)
        return segment(room, &e,
                       &(struct say){CLIENT, PSH | ACK, CLIENT_NEXT, SERVER_NEXT, ATTEMPT, sizeof ATTEMPT - 1});
    return segment(room, &e, &(struct say){SERVER, PSH | ACK, SERVER_NEXT, here, REFUSED, sizeof REFUSED - 1});
}

/* --- collisions: against hashes without a key -----------------------------------------------------------------------
 */

static uint32_t fnv1a(const struct ends *e) {
    uint8_t bytes[12];
    put16(put16(put32(put32(bytes, e->address[0]), e->address[1]), e->port[0]), e->port[1]);
    uint32_t hash = 2166136261U;
    for (unsigned i = 0; i < sizeof bytes; i++) hash = (hash ^ bytes[i]) * 16777619U;
    return hash;
}

/* All have one value under FNV-1a, or under its low bits. */
static bool find_colliding(struct flood *f) {
    f->colliding = calloc(COLLIDING, sizeof *f->colliding);
    if (f->colliding == NULL) return false;
    uint64_t n = 0;
    for (uint32_t found = 0; found < COLLIDING; n++) {
        struct ends e = customer_ends(random_mix(n), 1 << 23);
        if ((fnv1a(&e) & ((1U << COLLISION_BITS) - 1)) == 0) f->colliding[found++] = e;
    }
    return true;
}

/* A dialogue up to the reply to EHLO: enough to be a conversation. */
static size_t greeting(uint8_t *room, const struct ends *e, unsigned step) {
    static const char hello[] = "EHLO a.example\r\n";
    static const char answer[] = "250 mx.dest.example\r\n";
    static const struct say says[] = {
        {CLIENT, PSH | ACK, CLIENT_NEXT, SERVER_NEXT, hello, sizeof hello - 1},
        {SERVER, PSH | ACK, SERVER_NEXT, CLIENT_NEXT + sizeof hello - 1, answer, sizeof answer - 1},
    };
    return step < BEGINNING ? beginning(room, e, step) : segment(room, e, &says[step - BEGINNING]);
}

/* What collisions are compared with. */
static size_t next_begun(struct flood *f, uint8_t *room) {
    struct round r = round_of(f, 256, BEGINNING + 2);
    struct ends e = customer_ends(random_mix(r.connection), 1 << 23);
    return greeting(room, &e, r.step);
}

/* By turns: neighbours on one port; addresses and ports that change against each other, so that their XOR and their sum
 * stay; and those that collide under FNV-1a. */
static size_t next_collide(struct flood *f, uint8_t *room) {
    struct round r = round_of(f, 256, BEGINNING + 2);
    uint32_t n = (uint32_t)(r.connection / 4);
    struct ends e = {{customers + 256 + n, server_address}, {20000, MAIL}};
    if (r.connection % 4 == 1) {
        e.address[0] = customers + (1U << 20) + n % 0x8000;
        e.port[0] = (uint16_t)(0x8000 ^ (n % 0x8000));
    } else if (r.connection % 4 == 2) {
        e.address[0] = customers + (2U << 20) + n % 0x8000;
        e.port[0] = (uint16_t)(0xFFFF - n % 0x8000);
    } else if (r.connection % 4 == 3) {
        e = f->colliding[n % COLLIDING];
    }
    return greeting(room, &e, r.step);
}

/* --- fragments ------------------------------------------------------------------------------------------------------
 */

static size_t ipv6_fragment(struct flood *f, uint8_t *room, uint32_t place) {
    uint8_t *at = put_ethernet(room, 0x86DD);
    memset(at, 0, 48 + 512);
    at[0] = 6 << 4;
    put16(at + 4, 8 + 512);
    at[6] = 44;
    at[7] = 64;
    put32(put32(at + 8, 0x20010DB8), 0x10000000U + (uint32_t)random_below(&f->random, 1 << 16));
    put32(put32(at + 24, 0x20010DB8), 0xF0000000U);
    at[40] = 6;
    put16(at + 42, place * 512 | 1);
    put32(at + 44, (uint32_t)(f->frames / 3));
    return (size_t)(at + 48 + 512 - room);
}

/* The first, or the first and the third piece of each; the last one never comes.  Untagged IPv4, which the kernel may
 * put together for a group of queues; the same behind two tags, which it does not; IPv6. */
static size_t next_fragments(struct flood *f, uint8_t *room) {
    uint32_t place = random_chance(&f->random, 0.5) ? 0 : 2;
    if (f->frames % 3 == 0) return ipv6_fragment(f, room, place);
    uint8_t *at = put_ethernet(room, f->frames % 3 == 1 ? 0x88A8 : 0x0800);
    if (f->frames % 3 == 1) at = put16(put16(put16(put16(at, 100), 0x8100), 200), 0x0800);
    put_ipv4(at, customers + 256 + random_below(&f->random, 1 << 16), server_address, 6, 512);
    put16(at + 4, (uint32_t)random_next(&f->random));
    put16(at + 6, 0x2000 | place * 64);
    memset(at + 20, 'x', 512);
    return (size_t)(at + 20 + 512 - room);
}

/* --- tunnels --------------------------------------------------------------------------------------------------------
 */

enum { LAYERS_MAX = 40, TUNNEL_BYTES = LAYERS_MAX * 64 + 256 };

/* Puts a layer in front of what is there.  `type` is the EtherType of what is inside, and then of the layer. */
static uint8_t *put_layer(struct flood *f, uint8_t *at, const uint8_t *end, uint32_t *type) {
    uint32_t address = customers + random_below(&f->random, 1 << 20);
    bool ip = *type == 0x0800;
    switch (random_below(&f->random, 5)) {
        case 0: /* VLAN */
            put16(put16(at - 4, random_below(&f->random, 4096)), *type);
            *type = 0x8100;
            return at - 4;
        case 1: /* IP in IP, of IP alone */
            if (!ip) return at;
            put_ipv4(at - 20, address, server_address, 4, (size_t)(end - at));
            return at - 20;
        case 2: /* GRE */
            put16(put16(at - 4, 0), *type);
            put_ipv4(at - 24, address, server_address, 47, (size_t)(end - at) + 4);
            *type = 0x0800;
            return at - 24;
        case 3: /* MPLS, of IP alone */
            if (!ip) return at;
            put32(at - 4, 16 << 12 | 1 << 8 | 64);
            put_ethernet(at - 18, 0x8847);
            put16(put16(at - 22, 0), 0x6558);
            put_ipv4(at - 42, address, server_address, 47, (size_t)(end - at) + 22);
            return at - 42;
        default: /* VXLAN */
            put_ethernet(at - 14, *type);
            put32(put32(at - 22, 8U << 24), 7 << 8);
            put16(put16(put16(put16(at - 30, 4096), 4789), (uint32_t)(end - at) + 30), 0);
            put_ipv4(at - 50, address, server_address, 17, (size_t)(end - at) + 30);
            *type = 0x0800;
            return at - 50;
    }
}

static size_t next_tunnels(struct flood *f, uint8_t *room) {
    uint8_t layers[TUNNEL_BYTES];
    struct ends e = customer_ends(random_below(&f->random, 1 << 20), 1 << 20);
    uint8_t *end = layers + sizeof layers;
    uint8_t *at = end - 40;
    uint32_t type = 0x0800;
    put_segment(at, &e, &(struct say){.side = CLIENT, .flags = SYN, .sequence = (uint32_t)f->frames});
    for (uint32_t left = random_below(&f->random, LAYERS_MAX); left > 0; left--) at = put_layer(f, at, end, &type);
    uint8_t *inside = put_ethernet(room, type);
    size_t bytes = (size_t)(end - at);
    memcpy(inside, at, bytes);
    return 14 + bytes;
}

/* --- all of them ----------------------------------------------------------------------------------------------------
 */

static const struct kind kinds[] = {
    {"syn", "SYNs from made-up addresses", next_syn},
    {"half_open", "connections of customers that are answered, and go no farther", next_half_open},
    {"holes", "segments in any order, around holes that are never filled", next_holes},
    {"fragments", "fragments of IPv4 and IPv6 whose datagrams never come together", next_fragments},
    {"tiny", "a byte a segment, a line every other byte", next_tiny},
    {"headers", "headers without end", next_headers},
    {"replies", "replies without end", next_replies},
    {"sources", "a million customers, a mail each", next_sources},
    {"begun", "conversations of customers that are begun, and go no farther", next_begun},
    {"collide", "the same, of ends that collide under hashes without a key", next_collide},
    {"tunnels", "tunnels in tunnels, up to 40 deep", next_tunnels},
};

struct flood *flood_new(const char *name, uint64_t seed) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) != 0) continue;
        struct flood *f = calloc(1, sizeof *f);
        if (f == NULL) return NULL;
        *f = (struct flood){.kind = &kinds[i], .random = {random_mix(seed + 1)}};
        text_fill(f->text);
        if (f->kind->next == next_collide && !find_colliding(f)) {
            flood_free(f);
            return NULL;
        }
        return f;
    }
    return NULL;
}

void flood_free(struct flood *f) {
    if (f == NULL) return;
    free(f->colliding);
    free(f);
}

size_t flood_next(struct flood *f, uint8_t *room) {
    size_t bytes = f->kind->next(f, room);
    f->frames++;
    return bytes;
}

const char *flood_name(size_t number) {
    return number < sizeof kinds / sizeof *kinds ? kinds[number].name : NULL;
}

const char *flood_words(size_t number) {
    return number < sizeof kinds / sizeof *kinds ? kinds[number].words : NULL;
}
