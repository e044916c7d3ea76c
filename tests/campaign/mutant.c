/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mutant.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "../bench/gen_random.h"

enum {
    BURST_MAX = 30,
    LATE_MAX = 60,
};

enum operation { DROP, LATE, DOUBLE, SNAP, PAYLOAD, HEADER, TRUNCATE, OPERATIONS };

static const char *const operation_names[OPERATIONS] = {"drop", "late", "double", "snap", "byte", "byte", "truncate"};

const struct mutant_kind mutant_kinds[] = {
    {"drop", 1U << DROP},
    {"late", 1U << LATE},
    {"double", 1U << DOUBLE},
    {"snap", 1U << SNAP},
    {"payload", 1U << PAYLOAD},
    {"header", 1U << HEADER},
    {"truncate", 1U << TRUNCATE},
    {"order", 1U << LATE | 1U << DOUBLE},
    {"loss", 1U << DROP | 1U << LATE | 1U << DOUBLE | 1U << SNAP | 1U << TRUNCATE},
    {"all", (1U << OPERATIONS) - 1},
    {NULL, 0},
};

/* How many frames an operation hits, and which. */
enum pattern { FEW, SHARE, BURST, SIDE, HEAD, PATTERNS };

static void *grown(void *old, size_t count, size_t bytes) {
    void *room = realloc(old, count * bytes);
    if (room == NULL) {
        fprintf(stderr, "mutate: no memory\n");
        exit(1);
    }
    return room;
}

static uint32_t get16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

/* --- reading -------------------------------------------------------------------------------------------------------
 */

/* Where the IP header begins behind Ethernet and its tags; 0 when there is none. */
static uint32_t ip_offset(const struct frame *f) {
    uint32_t at = 12;
    while (at + 6 < f->captured && (get16(f->bytes + at) == 0x8100 || get16(f->bytes + at) == 0x88A8)) at += 4;
    if (at + 2 >= f->captured) return 0;
    uint32_t type = get16(f->bytes + at);
    return type == 0x0800 || type == 0x86DD ? at + 2 : 0;
}

static uint64_t mix_bytes(uint64_t seed, const uint8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) seed = random_mix(seed ^ bytes[i]) + 1;
    return seed;
}

/* Finds the payload, and who sent it. */
static void understand(struct frame *f, int link_type) {
    f->payload = f->captured;
    uint32_t at = link_type == DLT_EN10MB ? ip_offset(f) : 0;
    if (at == 0 || at + 40 > f->captured) return;
    const uint8_t *ip = f->bytes + at;
    bool v6 = ip[0] >> 4 == 6;
    uint32_t tcp = at + (v6 ? 40 : (ip[0] & 15U) * 4);
    if (ip[v6 ? 6 : 9] != 6 || tcp + 20 > f->captured) return;
    uint32_t end = at + (v6 ? 40 + get16(ip + 4) : get16(ip + 2));
    uint32_t payload = tcp + (f->bytes[tcp + 12] >> 4) * 4U;
    f->sender = mix_bytes(1, ip + (v6 ? 8 : 12), v6 ? 32 : 8);
    f->sender = mix_bytes(f->sender, f->bytes + tcp, 4) | 1;
    if (payload < end && end <= f->captured) f->payload = payload; /* a frame may be padded behind `end` */
}

static void add_frame(struct capture *c, const struct pcap_pkthdr *header, const uint8_t *bytes) {
    if (c->count + 1 >= c->room) {
        c->room = c->room * 2 + 256;
        c->frames = grown(c->frames, c->room, sizeof *c->frames);
    }
    struct frame *f = &c->frames[++c->count];
    *f = (struct frame){.time = header->ts, .captured = header->caplen, .wire = header->len};
    f->bytes = grown(NULL, f->captured + 1U, 1);
    memcpy(f->bytes, bytes, f->captured);
    understand(f, c->link_type);
}

void capture_read(struct capture *c, const char *path) {
    char problem[PCAP_ERRBUF_SIZE];
    pcap_t *in = pcap_open_offline(path, problem);
    if (in == NULL) {
        fprintf(stderr, "mutate: %s: %s\n", path, problem);
        exit(1);
    }
    struct pcap_pkthdr *header;
    const uint8_t *bytes;
    c->link_type = pcap_datalink(in);
    while (pcap_next_ex(in, &header, &bytes) == 1) add_frame(c, header, bytes);
    pcap_close(in);
    if (c->count == 0) {
        fprintf(stderr, "mutate: %s has no frames\n", path);
        exit(1);
    }
}

void capture_copy(struct capture *copy, const struct capture *c) {
    *copy = *c;
    copy->room = c->count + 1;
    copy->frames = grown(NULL, copy->room, sizeof *copy->frames);
    for (size_t i = 1; i <= c->count; i++) {
        copy->frames[i] = c->frames[i];
        copy->frames[i].bytes = grown(NULL, c->frames[i].captured + 1U, 1);
        memcpy(copy->frames[i].bytes, c->frames[i].bytes, c->frames[i].captured);
    }
}

void capture_free(struct capture *c) {
    for (size_t i = 1; i <= c->count; i++) free(c->frames[i].bytes);
    free(c->frames);
    *c = (struct capture){.frames = NULL};
}

/* --- the plan ------------------------------------------------------------------------------------------------------
 */

static bool do_one(struct capture *c, enum operation operation, uint64_t number, uint64_t argument, uint64_t value) {
    if (operation == TRUNCATE) {
        c->truncate_bytes = number;
        return true;
    }
    if (number == 0 || number > c->count) return false;
    struct frame *f = &c->frames[number];
    switch (operation) {
        case DROP:
            f->dropped = true;
            return true;
        case LATE:
            f->late = (uint32_t)argument;
            return true;
        case DOUBLE:
            if (f->copy_count < MUTANT_COPIES_MAX) f->copies[f->copy_count++] = (uint32_t)argument;
            return true;
        case SNAP:
            if (argument < f->captured) f->captured = (uint32_t)argument;
            return true;
        default:
            if (argument < f->captured) f->bytes[argument] = (uint8_t)value;
            return true;
    }
}

static void plan_one(struct capture *c, enum operation operation, uint64_t number, uint64_t argument, uint64_t value) {
    (void)do_one(c, operation, number, argument, value);
    if (c->told == NULL) return;
    fprintf(c->told, "%s %" PRIu64, operation_names[operation], number);
    if (operation != DROP && operation != TRUNCATE) fprintf(c->told, " %" PRIu64, argument);
    if (operation == PAYLOAD || operation == HEADER) fprintf(c->told, " %" PRIu64, value);
    fprintf(c->told, "\n");
}

void plan_read(struct capture *c, const char *path) {
    FILE *plan = fopen(path, "r");
    char line[128];
    char word[16];
    if (plan == NULL) {
        fprintf(stderr, "mutate: cannot read %s\n", path);
        exit(1);
    }
    while (fgets(line, sizeof line, plan) != NULL) {
        uint64_t number = 0;
        uint64_t argument = 0;
        uint64_t value = 0;
        int fields = sscanf(line, "%15s %" SCNu64 " %" SCNu64 " %" SCNu64, word, &number, &argument, &value);
        unsigned operation = 0;
        while (operation < OPERATIONS && (fields < 2 || strcmp(operation_names[operation], word) != 0)) operation++;
        if (operation == OPERATIONS || !do_one(c, operation, number, argument, value)) {
            fprintf(stderr, "mutate: %s: not understood: %s", path, line);
            exit(1);
        }
    }
    fclose(plan);
}

/* A byte that is at home in SMTP does more harm than any other. */
static uint8_t draw_byte(struct random *r, uint8_t old) {
    static const char words[] = "\r\n. 0245-:<>@\0\t\xff\x16MRDQBE";
    switch (random_below(r, 3)) {
        case 0:
            return (uint8_t)random_next(r);
        case 1:
            return (uint8_t)(old ^ 1U << random_below(r, 8));
        default:
            return (uint8_t)words[random_below(r, sizeof words - 1)];
    }
}

static void plan_frame(struct capture *c, struct random *r, enum operation operation, size_t number,
                       uint32_t late_max) {
    const struct frame *f = &c->frames[number];
    uint32_t from = operation == PAYLOAD ? f->payload : 0;
    uint32_t to = operation == HEADER && f->payload > 0 ? f->payload : f->captured;
    switch (operation) {
        case DROP:
            plan_one(c, DROP, number, 0, 0);
            return;
        case LATE:
        case DOUBLE:
            plan_one(c, operation, number, random_between(r, operation == LATE ? 1 : 0, late_max), 0);
            return;
        case SNAP:
            plan_one(c, SNAP, number, random_below(r, f->captured + 1), 0);
            return;
        default:
            if (from >= to) return;
            for (uint32_t left = 1 + (random_chance(r, 0.2) ? random_below(r, 8) : 0); left > 0; left--) {
                uint32_t offset = from + random_below(r, to - from);
                plan_one(c, operation, number, offset, draw_byte(r, f->bytes[offset]));
            }
    }
}

static double draw_share(struct random *r) {
    static const double shares[] = {0.003, 0.01, 0.03, 0.1, 0.3};
    return shares[random_below(r, sizeof shares / sizeof *shares)];
}

static void plan_operation(struct capture *c, struct random *r, enum operation operation) {
    static const uint32_t late_maxima[] = {1, 3, 20, LATE_MAX};
    enum pattern pattern = random_below(r, PATTERNS);
    uint32_t late_max = late_maxima[random_below(r, 4)];
    size_t first = 1 + random_below(r, (uint32_t)c->count);
    size_t last = first;
    double share = draw_share(r);
    uint64_t sender = 0;
    if (pattern == BURST) last = first + random_below(r, BURST_MAX);
    if (pattern == HEAD) first = 1;
    if (pattern == SHARE || pattern == SIDE) {
        sender = c->frames[first].sender;
        first = 1;
        last = c->count;
    }
    if (pattern == SIDE) share = 1;
    if (pattern == SHARE) sender = 0;
    if (pattern == FEW) {
        for (unsigned left = 1 + random_below(r, 3); left > 0; left--)
            plan_frame(c, r, operation, 1 + random_below(r, (uint32_t)c->count), late_max);
        return;
    }
    for (size_t i = first; i <= last && i <= c->count; i++) {
        bool of_side = sender == 0 || c->frames[i].sender == sender;
        bool hit = pattern == SHARE ? random_chance(r, share) : of_side;
        if (hit) plan_frame(c, r, operation, i, late_max);
    }
}

void plan_draw(struct capture *c, unsigned operations, uint64_t seed) {
    struct random r = {random_mix(seed + 1)};
    bool several = (operations & (operations - 1)) != 0;
    for (unsigned operation = 0; operation < TRUNCATE; operation++) {
        bool wanted = (operations >> operation & 1) != 0 && (!several || random_chance(&r, 0.5));
        if (wanted) plan_operation(c, &r, operation);
    }
    bool truncate = (operations >> TRUNCATE & 1) != 0 && (!several || random_chance(&r, 0.1));
    uint64_t bytes = 24;
    for (size_t i = 1; i <= c->count; i++) bytes += 16 + c->frames[i].captured;
    if (truncate) plan_one(c, TRUNCATE, random_below(&r, (uint32_t)bytes), 0, 0);
}

/* --- the order -------------------------------------------------------------------------------------------------------
 */

static int placed_order(const void *a, const void *b) {
    const struct placed *x = a;
    const struct placed *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* What is late by n comes behind the n-th frame after it. */
size_t place_all(const struct capture *c, struct placed *placed) {
    size_t count = 0;
    for (size_t i = 1; i <= c->count; i++) {
        const struct frame *f = &c->frames[i];
        if (f->dropped) continue;
        placed[count++] = (struct placed){2 * (i + f->late) + (f->late > 0), i, f};
        for (unsigned k = 0; k < f->copy_count; k++)
            placed[count++] = (struct placed){2 * (i + f->late + f->copies[k]) + 1, i, f};
    }
    qsort(placed, count, sizeof *placed, placed_order);
    return count;
}

size_t place_room(const struct capture *c) {
    return c->count * (1 + MUTANT_COPIES_MAX);
}
