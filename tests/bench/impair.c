/* impair: reads a capture and writes one that a worse mirror port, or a worse network, would have given.
 *
 * Frames are read in one pass and mostly written at once. Some are not: a frame that is to come late is held until as
 * many frames have passed as it is to be late by (of the file, or with --in-flow of its own connection). A
 * retransmitted frame is held in the same way, and the other side's acknowledgements are held back with it: no byte is
 * acknowledged before it is seen. Everything that was done is printed as JSON, by the frame numbers of the input.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen_random.h"

enum {
    FILE_HEADER_BYTES = 24,
    RECORD_BYTES = 16,
    FRAME_BYTES_MAX = 262144,
    TAG_BYTES = 4,
    RETRANSMIT_FRAMES = 20, /* of its connection: about a round trip of a full window */
    RETRANSMIT_US = 200000, /* the sender's timer at the latest */
    LATE_US_MAX = 50000,    /* with --in-flow: a mirror delays by milliseconds, not until the next command */
    FIN = 1,
    SYN = 2,
    RST = 4,
    ACK = 16,
};

enum harm { HARM_NONE, HARM_DROPPED, HARM_SWAPPED, HARM_LATE, HARM_RETRANSMITTED, HARM_KINDS };

static const char *const harm_names[HARM_KINDS] = {"untouched", "dropped", "swapped", "late", "retransmitted"};

struct endpoints {
    uint8_t address[2][16]; /* in the order of their bytes, so that both directions have one key */
    uint16_t port[2];
};

struct flow {
    struct endpoints key;
    bool used;
    uint64_t frames;    /* read so far */
    uint32_t newest[2]; /* TCP timestamp of each side */
    uint32_t newest_ack[2];
    struct held *waiting; /* one segment at a time is lost and sent again */
};

/* What is known of one frame. */
struct frame {
    uint8_t *bytes; /* may be changed: the map is private */
    uint32_t length;
    uint64_t time_us;
    uint64_t number; /* from 1 */
    uint8_t *tcp;    /* NULL: not TCP */
    uint32_t payload_bytes;
    unsigned from; /* index of the sender in the key */
    struct flow *flow;
};

struct held {
    struct frame frame;
    enum harm harm;
    uint64_t due_frame; /* of the file or of the flow */
    uint64_t due_us;
    bool done;
};

struct numbers {
    uint64_t *at;
    size_t count, room;
};

struct damage {
    struct endpoints key;
    uint64_t frame;
    bool end; /* a FIN or RST without payload */
};

struct impairer {
    double share[HARM_KINDS];
    uint32_t late_max;
    bool in_flow, double_all, double_tags;
    struct random random;
    FILE *out;
    struct numbers hit[HARM_KINDS];
    struct flow *flows; /* open addressing; grows */
    size_t flow_room, flow_count;
    struct held **held; /* in the order of reading */
    size_t held_first, held_count, held_room;
    struct damage *damages;
    size_t damage_count, damage_room;
    uint64_t frames_in, frames_out;
    uint64_t last_out_us; /* a capture's clock does not go back */
};

static void *grown(void *old, size_t count, size_t bytes) {
    void *room = realloc(old, count * bytes);
    if (room == NULL) {
        fprintf(stderr, "impair: no memory\n");
        exit(1);
    }
    return room;
}

static uint32_t get16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t get32(const uint8_t *at) {
    return get16(at) << 16 | get16(at + 2);
}

static void put32(uint8_t *at, uint32_t value) {
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

/* Sorts the two ends; returns where the first one went. */
static unsigned endpoints_sort(struct endpoints *e) {
    int order = memcmp(e->address[0], e->address[1], 16);
    if (order < 0 || (order == 0 && e->port[0] <= e->port[1])) {
        return 0;
    }
    struct endpoints swapped = *e;
    memcpy(e->address[0], swapped.address[1], 16);
    memcpy(e->address[1], swapped.address[0], 16);
    e->port[0] = swapped.port[1];
    e->port[1] = swapped.port[0];
    return 1;
}

static uint64_t endpoints_hash(const struct endpoints *e) {
    uint64_t parts[4];
    memcpy(parts, e->address, sizeof(parts));
    uint64_t hash = (uint64_t)e->port[0] << 16 | e->port[1];
    for (unsigned i = 0; i < 4; i++) {
        hash = random_mix(hash ^ parts[i]);
    }
    return hash;
}

static struct flow *flow_slot(struct flow *table, size_t room, const struct endpoints *key) {
    size_t slot = endpoints_hash(key) & (room - 1);
    while (table[slot].used && memcmp(&table[slot].key, key, sizeof(*key)) != 0) {
        slot = (slot + 1) & (room - 1);
    }
    return &table[slot];
}

/* Flows never move while a held frame points to them, so the table grows only between frames. */
static void flows_grow(struct impairer *im) {
    size_t room = im->flow_room == 0 ? 65536 : im->flow_room * 4;
    struct flow *table = calloc(room, sizeof(*table));
    if (table == NULL) {
        fprintf(stderr, "impair: no memory for %zu flows\n", room);
        exit(1);
    }
    for (size_t i = 0; i < im->flow_room; i++) {
        if (im->flows[i].used) {
            *flow_slot(table, room, &im->flows[i].key) = im->flows[i];
        }
    }
    for (size_t i = im->held_first; i < im->held_count; i++) {
        struct frame *f = &im->held[i]->frame;
        f->flow = f->flow != NULL ? flow_slot(table, room, &f->flow->key) : NULL;
    }
    free(im->flows);
    im->flows = table;
    im->flow_room = room;
}

static struct flow *flow_find(struct impairer *im, const struct endpoints *key) {
    struct flow *flow = flow_slot(im->flows, im->flow_room, key);
    if (!flow->used) {
        flow->used = true;
        flow->key = *key;
        im->flow_count++;
    }
    return flow;
}

/* Finds the IP header behind Ethernet and at most two tags; returns its offset, or 0. */
static uint32_t ip_offset(const struct frame *f) {
    uint32_t at = 12;
    while (at + 6 < f->length && (get16(f->bytes + at) == 0x8100 || get16(f->bytes + at) == 0x88A8)) {
        at += TAG_BYTES;
    }
    uint32_t type = at + 2 < f->length ? get16(f->bytes + at) : 0;
    uint32_t needed = type == 0x0800 ? 20 : 40;
    bool is_ip = type == 0x0800 || type == 0x86DD;
    return is_ip && at + 2 + needed + 20 <= f->length ? at + 2 : 0;
}

static void frame_understand(struct impairer *im, struct frame *f) {
    struct endpoints key;
    memset(&key, 0, sizeof(key));
    uint32_t at = ip_offset(f);
    if (at == 0) {
        return;
    }
    const uint8_t *ip = f->bytes + at;
    bool v6 = ip[0] >> 4 == 6;
    uint32_t header = v6 ? 40 : (ip[0] & 15U) * 4;
    uint32_t total = v6 ? 40 + get16(ip + 4) : get16(ip + 2);
    if (ip[v6 ? 6 : 9] != 6 || header < 20 || at + total > f->length || header + 20 > total) {
        return;
    }
    uint32_t tcp_header = (ip[header + 12] >> 4) * 4U;
    if (tcp_header < 20 || header + tcp_header > total) {
        return;
    }
    memcpy(key.address[0], ip + (v6 ? 8 : 12), v6 ? 16 : 4);
    memcpy(key.address[1], ip + (v6 ? 24 : 16), v6 ? 16 : 4);
    key.port[0] = (uint16_t)get16(ip + header);
    key.port[1] = (uint16_t)get16(ip + header + 2);
    f->from = endpoints_sort(&key);
    f->tcp = f->bytes + at + header;
    f->payload_bytes = total - header - tcp_header;
    f->flow = flow_find(im, &key);
}

/* Replaces four bytes of the TCP header and mends the checksum by the difference (RFC 1624). The place may be odd
 * within a 16-bit word only where options are unaligned, which is refused. */
static void tcp_rewrite(uint8_t *tcp, uint32_t offset, uint32_t value) {
    if (offset % 2 != 0) {
        return;
    }
    uint32_t sum = ~get16(tcp + 16) & 0xFFFF;
    sum += (~get16(tcp + offset) & 0xFFFF) + (~get16(tcp + offset + 2) & 0xFFFF);
    put32(tcp + offset, value);
    sum += get16(tcp + offset) + get16(tcp + offset + 2);
    while (sum >> 16) {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    tcp[16] = (uint8_t)(~sum >> 8);
    tcp[17] = (uint8_t)~sum;
}

/* Offset of the timestamp's value in the TCP header, or 0. */
static uint32_t timestamp_offset(const uint8_t *tcp) {
    uint32_t end = (tcp[12] >> 4) * 4U;
    for (uint32_t at = 20; at + 1 < end && tcp[at] != 0;) {
        if (tcp[at] == 8 && at + 10 <= end) {
            return at + 2;
        }
        at += tcp[at] == 1 ? 1 : tcp[at + 1] < 2 ? end : tcp[at + 1];
    }
    return 0;
}

static void write_out(struct impairer *im, const void *bytes, size_t length) {
    if (fwrite(bytes, 1, length, im->out) != length) {
        fprintf(stderr, "impair: writing failed: %s\n", strerror(errno));
        exit(1);
    }
}

/* vlan 0: no tag is put in. */
static void write_copy(struct impairer *im, const struct frame *f, uint64_t time_us, uint8_t vlan) {
    uint32_t length = f->length + (vlan > 0 ? TAG_BYTES : 0);
    time_us = im->last_out_us = time_us > im->last_out_us ? time_us : im->last_out_us;
    const uint32_t header[4] = {(uint32_t)(time_us / 1000000), (uint32_t)(time_us % 1000000), length, length};
    const uint8_t tag[TAG_BYTES] = {0x81, 0x00, 0x00, vlan};
    write_out(im, header, sizeof(header));
    if (vlan > 0 && f->length >= 12) {
        write_out(im, f->bytes, 12);
        write_out(im, tag, sizeof(tag));
        write_out(im, f->bytes + 12, f->length - 12);
    } else {
        write_out(im, f->bytes, f->length);
    }
    im->frames_out++;
}

static void write_frame(struct impairer *im, const struct frame *f, uint64_t time_us) {
    write_copy(im, f, time_us, im->double_tags ? 10 : 0);
    if (im->double_all) {
        write_copy(im, f, time_us, im->double_tags ? 20 : 0);
    }
}

/* A held frame takes the time of its new place. A segment that is sent again carries its sender's newest numbers. */
static void held_release(struct impairer *im, struct held *h, uint64_t time_us) {
    struct frame *f = &h->frame;
    if (h->harm == HARM_RETRANSMITTED) {
        uint32_t stamp = timestamp_offset(f->tcp);
        tcp_rewrite(f->tcp, 8, f->flow->newest_ack[f->from]);
        if (stamp > 0) {
            tcp_rewrite(f->tcp, stamp, f->flow->newest[f->from]);
        }
        f->flow->waiting = NULL;
    }
    write_frame(im, f, time_us);
    h->done = true;
}

static bool held_is_due(const struct impairer *im, const struct held *h, uint64_t now_us) {
    bool by_flow = h->frame.flow != NULL && (im->in_flow || h->harm == HARM_RETRANSMITTED);
    uint64_t passed = by_flow ? h->frame.flow->frames : im->frames_in;
    return passed > h->due_frame || now_us >= h->due_us;
}

/* Lets go what is due before the frame that was just read; all of it at the end. */
static void held_look(struct impairer *im, uint64_t now_us, bool all) {
    for (size_t i = im->held_first; i < im->held_count; i++) {
        struct held *h = im->held[i];
        if (!h->done && (all || held_is_due(im, h, now_us))) {
            held_release(im, h, now_us < h->due_us ? now_us : h->due_us);
        }
    }
    while (im->held_first < im->held_count && im->held[im->held_first]->done) {
        free(im->held[im->held_first++]);
    }
    if (im->held_first == im->held_count) {
        im->held_first = im->held_count = 0;
    }
}

static void held_add(struct impairer *im, const struct frame *f, enum harm harm) {
    uint32_t places = harm == HARM_SWAPPED ? 1 : random_between(&im->random, 1, im->late_max);
    uint64_t limit_us = im->in_flow ? LATE_US_MAX : UINT32_MAX;
    bool by_flow = f->flow != NULL && (im->in_flow || harm == HARM_RETRANSMITTED);
    if (harm == HARM_RETRANSMITTED) {
        places = RETRANSMIT_FRAMES;
        limit_us = RETRANSMIT_US;
    }
    if (im->held_count == im->held_room) {
        im->held_room = im->held_room * 2 + 64;
        im->held = grown(im->held, im->held_room, sizeof(struct held *));
    }
    struct held *h = grown(NULL, 1, sizeof(*h));
    *h = (struct held){.frame = *f, .harm = harm, .due_us = f->time_us + limit_us};
    h->due_frame = (by_flow ? f->flow->frames : im->frames_in) + places;
    im->held[im->held_count++] = h;
    if (harm == HARM_RETRANSMITTED) {
        f->flow->waiting = h;
    }
}

static void hit_add(struct impairer *im, enum harm harm, uint64_t number) {
    struct numbers *n = &im->hit[harm];
    if (n->count == n->room) {
        n->room = n->room * 2 + 64;
        n->at = grown(n->at, n->room, sizeof(*n->at));
    }
    n->at[n->count++] = number;
}

static void damage_add(struct impairer *im, const struct frame *f) {
    if (im->damage_count == im->damage_room) {
        im->damage_room = im->damage_room * 2 + 64;
        im->damages = grown(im->damages, im->damage_room, sizeof(*im->damages));
    }
    im->damages[im->damage_count++] = (struct damage){f->flow->key, f->number, f->payload_bytes == 0};
}

static enum harm harm_pick(struct impairer *im, const struct frame *f) {
    double drawn = random_unit(&im->random);
    for (enum harm harm = HARM_DROPPED; harm < HARM_KINDS; harm++) {
        drawn -= im->share[harm];
        if (drawn >= 0) {
            continue;
        }
        bool whole = f->flow != NULL && f->payload_bytes > 0 && (f->tcp[13] & (SYN | FIN | RST)) == 0;
        bool possible = harm != HARM_RETRANSMITTED || (whole && f->flow->waiting == NULL);
        return possible ? harm : HARM_NONE;
    }
    return HARM_NONE;
}

/* Keeps the flow plausible around a segment that is yet to be sent again: the other side must not say anything that
 * shows it has it. Pure acknowledgements repeat the old number; anything else brings the segment first. */
static void flow_hold_back(struct impairer *im, struct frame *f) {
    struct flow *flow = f->flow;
    struct held *lost = flow->waiting;
    if (lost == NULL) {
        return;
    }
    bool from_sender = f->from == lost->frame.from;
    bool ends = (f->tcp[13] & (SYN | FIN | RST)) != 0;
    uint32_t first_lost = get32(lost->frame.tcp + 4);
    if (ends || (!from_sender && f->payload_bytes > 0)) {
        held_release(im, lost, f->time_us);
    } else if (!from_sender && (int32_t)(get32(f->tcp + 8) - first_lost) > 0) {
        tcp_rewrite(f->tcp, 8, first_lost);
    }
}

static void flow_note(const struct frame *f) {
    uint32_t stamp = timestamp_offset(f->tcp);
    f->flow->newest_ack[f->from] = get32(f->tcp + 8);
    f->flow->newest[f->from] = stamp > 0 ? get32(f->tcp + stamp) : 0;
}

static void frame_take(struct impairer *im, struct frame *f) {
    f->number = ++im->frames_in;
    if (im->flow_count * 2 >= im->flow_room) {
        flows_grow(im);
    }
    frame_understand(im, f);
    if (f->flow != NULL) {
        f->flow->frames++;
        flow_hold_back(im, f);
    }
    held_look(im, f->time_us, false);
    if (f->flow != NULL) {
        flow_note(f);
    }
    enum harm harm = harm_pick(im, f);
    if (harm == HARM_NONE) {
        write_frame(im, f, f->time_us);
        return;
    }
    hit_add(im, harm, f->number);
    if (harm != HARM_DROPPED) {
        held_add(im, f, harm);
    } else if (f->payload_bytes > 0 || (f->flow != NULL && (f->tcp[13] & (FIN | RST)) != 0)) {
        damage_add(im, f);
    }
}

static uint8_t *map_file(const char *path, size_t *length) {
    struct stat facts;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &facts) != 0) {
        fprintf(stderr, "impair: cannot read %s: %s\n", path, strerror(errno));
        exit(1);
    }
    *length = (size_t)facts.st_size;
    uint8_t *bytes =
        *length < FILE_HEADER_BYTES ? MAP_FAILED : mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    close(file);
    if (bytes == MAP_FAILED) {
        fprintf(stderr, "impair: %s is not a capture\n", path);
        exit(1);
    }
    return bytes;
}

static void impair(struct impairer *im, const char *path) {
    size_t length;
    uint8_t *bytes = map_file(path, &length);
    uint32_t magic;
    memcpy(&magic, bytes, 4);
    if (magic != 0xA1B2C3D4U) {
        fprintf(stderr, "impair: %s is not a pcap with microseconds in this machine's byte order\n", path);
        exit(1);
    }
    write_out(im, bytes, FILE_HEADER_BYTES);
    uint64_t last_us = 0;
    for (size_t at = FILE_HEADER_BYTES; at + RECORD_BYTES <= length;) {
        uint32_t header[4];
        memcpy(header, bytes + at, sizeof(header));
        if (header[2] > FRAME_BYTES_MAX || header[2] > length - at - RECORD_BYTES) {
            fprintf(stderr, "impair: %s is cut in frame %llu\n", path, (unsigned long long)im->frames_in + 1);
            break;
        }
        struct frame f = {.bytes = bytes + at + RECORD_BYTES, .length = header[2]};
        f.time_us = last_us = header[0] * 1000000ULL + header[1];
        frame_take(im, &f);
        at += RECORD_BYTES + header[2];
    }
    held_look(im, last_us, true);
    munmap(bytes, length);
}

static int damage_order(const void *a, const void *b) {
    const struct damage *x = a;
    const struct damage *y = b;
    int order = memcmp(&x->key, &y->key, sizeof(x->key));
    return order != 0 ? order : (x->frame > y->frame) - (x->frame < y->frame);
}

/* What was lost of a connection from frame first to last. */
struct lost {
    bool bytes, end;
};

static struct lost lost_between(const struct impairer *im, const struct endpoints *key, uint64_t first, uint64_t last) {
    struct damage sought = {*key, first, false};
    struct lost lost = {false, false};
    size_t low = 0;
    size_t high = im->damage_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (damage_order(&im->damages[middle], &sought) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < im->damage_count && im->damages[low].frame <= last; low++) {
        if (memcmp(&im->damages[low].key, key, sizeof(*key)) != 0) break;
        lost.end = lost.end || im->damages[low].end;
        lost.bytes = lost.bytes || !im->damages[low].end;
    }
    return lost;
}

/* Reads one message of a truth file as smtpgen writes it. */
static bool truth_read(const char *line, struct endpoints *key, char address[2][48], unsigned port[2],
                       unsigned *ordinal, unsigned long long frames[2]) {
    const char *span = strstr(line, "\"frames\":[");
    memset(key, 0, sizeof(*key));
    if (span == NULL || sscanf(span, "\"frames\":[%llu,%llu]", &frames[0], &frames[1]) != 2 ||
        sscanf(line,
               "{\"type\":\"message\",\"client_ip\":\"%47[^\"]\",\"client_port\":%u,\"server_ip\":\"%47[^\"]\","
               "\"server_port\":%u,\"ordinal\":%u",
               address[0], &port[0], address[1], &port[1], ordinal) != 5) {
        return false;
    }
    for (unsigned side = 0; side < 2; side++) {
        int family = strchr(address[side], ':') != NULL ? AF_INET6 : AF_INET;
        if (inet_pton(family, address[side], key->address[side]) != 1) {
            return false;
        }
        key->port[side] = (uint16_t)port[side];
    }
    endpoints_sort(key);
    return true;
}

/* Writes for each message whether a frame with its bytes was dropped, and whether the frame that broke its connection
 * off was (only an aborted message has one); returns how many lost no byte. */
static uint64_t judge_damage(struct impairer *im, const char *truth_path, const char *damage_path) {
    FILE *truth = fopen(truth_path, "r");
    FILE *out = fopen(damage_path, "w");
    if (truth == NULL || out == NULL) {
        fprintf(stderr, "impair: cannot open %s: %s\n", truth == NULL ? truth_path : damage_path, strerror(errno));
        exit(1);
    }
    qsort(im->damages, im->damage_count, sizeof(*im->damages), damage_order);
    char line[16384];
    uint64_t undamaged = 0;
    while (fgets(line, sizeof(line), truth) != NULL) {
        struct endpoints key;
        char address[2][48];
        unsigned port[2];
        unsigned ordinal;
        unsigned long long frames[2];
        if (!truth_read(line, &key, address, port, &ordinal, frames)) {
            continue;
        }
        struct lost lost = lost_between(im, &key, frames[0], frames[1]);
        undamaged += !lost.bytes;
        fprintf(out,
                "{\"client_ip\":\"%s\",\"client_port\":%u,\"server_ip\":\"%s\",\"server_port\":%u,\"ordinal\":%u,"
                "\"undamaged\":%s,\"end_seen\":%s}\n",
                address[0], port[0], address[1], port[1], ordinal, lost.bytes ? "false" : "true",
                lost.end ? "false" : "true");
    }
    fclose(truth);
    if (fclose(out) != 0) {
        fprintf(stderr, "impair: writing %s failed: %s\n", damage_path, strerror(errno));
        exit(1);
    }
    return undamaged;
}

static void report(const struct impairer *im) {
    printf("{\"frames_in\":%llu,\"frames_out\":%llu", (unsigned long long)im->frames_in,
           (unsigned long long)im->frames_out);
    for (enum harm harm = HARM_DROPPED; harm < HARM_KINDS; harm++) {
        printf(",\"%s\":[", harm_names[harm]);
        for (size_t i = 0; i < im->hit[harm].count; i++) {
            printf("%s%llu", i > 0 ? "," : "", (unsigned long long)im->hit[harm].at[i]);
        }
        printf("]");
    }
}

static void impairer_free(struct impairer *im) {
    for (enum harm harm = HARM_NONE; harm < HARM_KINDS; harm++) {
        free(im->hit[harm].at);
    }
    free(im->flows);
    free(im->held);
    free(im->damages);
}

static void usage(void) {
    fprintf(stderr,
            "usage: impair [--seed N] [--drop P] [--swap P] [--late P [--late-max N]] [--retransmit P] [--in-flow]\n"
            "              [--double | --double-vlan] [--truth FILE --truth-damage FILE] IN OUT\n"
            "tests/bench/README.md tells what each does.\n");
    exit(2);
}

static double share_option(const char *value) {
    char *end;
    double share = strtod(value, &end);
    if (end == value || *end != '\0' || !(share >= 0 && share <= 1)) {
        fprintf(stderr, "impair: %s is not a share from 0 to 1\n", value);
        exit(2);
    }
    return share;
}

struct choices {
    const char *in, *out, *truth, *damage;
};

static struct choices choices_read(struct impairer *im, int argc, char **argv) {
    static const struct option options[] = {{"seed", 1, NULL, 's'},
                                            {"drop", 1, NULL, HARM_DROPPED},
                                            {"swap", 1, NULL, HARM_SWAPPED},
                                            {"late", 1, NULL, HARM_LATE},
                                            {"retransmit", 1, NULL, HARM_RETRANSMITTED},
                                            {"late-max", 1, NULL, 'm'},
                                            {"in-flow", 0, NULL, 'f'},
                                            {"double", 0, NULL, 'd'},
                                            {"double-vlan", 0, NULL, 'v'},
                                            {"truth", 1, NULL, 't'},
                                            {"truth-damage", 1, NULL, 'g'},
                                            {NULL, 0, NULL, 0}};
    struct choices chosen = {NULL, NULL, NULL, NULL};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
            case HARM_DROPPED:
            case HARM_SWAPPED:
            case HARM_LATE:
            case HARM_RETRANSMITTED:
                im->share[option] = share_option(optarg);
                break;
            case 's':
                im->random.state = random_mix(strtoull(optarg, NULL, 10));
                break;
            case 'm':
                im->late_max = (uint32_t)strtoul(optarg, NULL, 10);
                break;
            case 'f':
                im->in_flow = true;
                break;
            case 'd':
                im->double_all = true;
                break;
            case 'v':
                im->double_all = im->double_tags = true;
                break;
            case 't':
                chosen.truth = optarg;
                break;
            case 'g':
                chosen.damage = optarg;
                break;
            default:
                usage();
        }
    }
    if (argc - optind != 2 || im->late_max == 0 || (chosen.truth == NULL) != (chosen.damage == NULL)) {
        usage();
    }
    chosen.in = argv[optind];
    chosen.out = argv[optind + 1];
    return chosen;
}

int main(int argc, char **argv) {
    struct impairer im = {.late_max = 20, .random = {1}};
    struct choices chosen = choices_read(&im, argc, argv);
    im.out = fopen(chosen.out, "w");
    if (im.out == NULL) {
        fprintf(stderr, "impair: cannot write %s: %s\n", chosen.out, strerror(errno));
        return 1;
    }
    impair(&im, chosen.in);
    if (fclose(im.out) != 0) {
        fprintf(stderr, "impair: writing failed: %s\n", strerror(errno));
        return 1;
    }
    report(&im);
    if (chosen.truth != NULL) {
        printf(",\"undamaged\":%llu", (unsigned long long)judge_damage(&im, chosen.truth, chosen.damage));
    }
    printf("}\n");
    impairer_free(&im);
    return 0;
}
