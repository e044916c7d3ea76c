/* recut: writes a capture anew so that its TCP payloads are cut at other places.
 *
 *     recut --bytes N IN OUT      segments of N bytes (1: every byte is a segment of its own)
 *     recut --random SEED IN OUT  segments of random lengths, now and then longer than any was
 *
 * What a receiver of the streams gets is the same, so a decoder must say the same of both captures. Only the payload
 * of a frame is distributed anew: its pieces stand where it stood, with its time, acknowledgement number and options,
 * with right lengths and checksums (RFC 791, 8200, 9293); FIN and PSH only with the last piece. Frames that are no
 * whole TCP segment with payload, or carry SYN, RST or URG, stay as they are, and so does all that is not on Ethernet.
 *
 * --random first joins segments up to JOIN_BYTES: those that follow each other in the stream and directly in the file,
 * with the same acknowledgement number, so that nothing of the other side lay between and the order of all else holds.
 * A piece that spans two segments has the time of the earlier one. Bytes that thereby moved in time are told on
 * standard output, a line each: "SECONDS.NANOSECONDS SECONDS.NANOSECONDS", the old time and the new one.
 *
 * Assumes a well-formed capture of ours. The output is pcap with nanoseconds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOIN_BYTES 8192
#define RUN_BYTES_MAX 262144 /* one frame of the largest snap length */
#define HEADERS_BYTES_MAX 256
#define SEGMENTS_MAX JOIN_BYTES
#define PIECE_BYTES_MAX 32768
#define SNAP_BYTES 262144

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_URG = 0x20 };
enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_VLAN = 0x8100, ETHERTYPE_QINQ = 0x88a8 };

/* Where the headers of a segment lie in its frame. */
struct segment {
    const uint8_t *frame;
    size_t ip, tcp, payload, end; /* offsets */
    bool ipv6;
};

/* Segments that follow each other, as one piece of stream under the headers of the first. */
struct run {
    uint8_t headers[HEADERS_BYTES_MAX];
    struct segment layout;
    size_t length;
    unsigned segments;
    size_t starts[SEGMENTS_MAX]; /* of each segment in bytes[] */
    struct timeval times[SEGMENTS_MAX];
    uint8_t last_flags;
    uint8_t bytes[RUN_BYTES_MAX];
};

struct recut {
    pcap_dumper_t *out;
    size_t piece_bytes; /* 0: random */
    uint64_t random;
    struct run run;
};

static uint16_t get16(const uint8_t *at) {
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at) {
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void put16(uint8_t *at, unsigned value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

/* xorshift64* (Vigna): any capture can be cut again in the same way. */
static size_t random_below(struct recut *r, size_t limit) {
    r->random ^= r->random >> 12;
    r->random ^= r->random << 25;
    r->random ^= r->random >> 27;
    return (size_t)((r->random * 0x2545f4914f6cdd1dULL) >> 33) % limit;
}

static uint32_t sum16(const uint8_t *bytes, size_t length, uint32_t sum) {
    for (size_t i = 0; i + 1 < length; i += 2) sum += get16(bytes + i);
    if (length % 2 != 0) sum += (uint32_t)bytes[length - 1] << 8;
    return sum;
}

static unsigned checksum(uint32_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

/* Finds the IP header behind Ethernet and its VLAN tags; 0 if there is none. */
static size_t find_ip(const uint8_t *frame, size_t length, bool *ipv6) {
    size_t at = 12;
    while (at + 4 <= length && (get16(frame + at) == ETHERTYPE_VLAN || get16(frame + at) == ETHERTYPE_QINQ)) at += 4;
    if (at + 2 > length) return 0;
    *ipv6 = get16(frame + at) == ETHERTYPE_IPV6;
    return *ipv6 || get16(frame + at) == ETHERTYPE_IPV4 ? at + 2 : 0;
}

/* Finds the TCP header, and the end of the IP packet (Ethernet may have padded the frame). */
static bool find_tcp(struct segment *s, size_t length) {
    const uint8_t *ip = s->frame + s->ip;
    size_t left = length - s->ip;
    if (s->ipv6) {
        if (left < 40 || ip[0] >> 4 != 6 || ip[6] != 6) return false;
        s->tcp = s->ip + 40;
        s->end = s->tcp + get16(ip + 4);
        return true;
    }
    if (left < 20 || ip[0] >> 4 != 4 || ip[9] != 6 || (get16(ip + 6) & 0x3fff) != 0) return false; /* no fragments */
    s->tcp = s->ip + (size_t)(ip[0] & 15) * 4;
    s->end = s->ip + get16(ip + 2);
    return true;
}

/* A whole segment with payload whose cuts may move. */
static bool find_segment(struct segment *s, const struct pcap_pkthdr *header, const uint8_t *frame) {
    s->frame = frame;
    s->ip = find_ip(frame, header->caplen, &s->ipv6);
    if (s->ip == 0 || !find_tcp(s, header->caplen)) return false;
    if (s->end > header->caplen || s->tcp + 20 > s->end) return false;
    s->payload = s->tcp + (size_t)(frame[s->tcp + 12] >> 4) * 4;
    if (s->payload >= s->end || s->payload > HEADERS_BYTES_MAX) return false;
    return (frame[s->tcp + 13] & (TCP_SYN | TCP_RST | TCP_URG)) == 0;
}

static void write_piece(struct recut *r, size_t from, size_t length, struct timeval time) {
    static uint8_t frame[HEADERS_BYTES_MAX + RUN_BYTES_MAX];
    struct run *run = &r->run;
    const struct segment *s = &run->layout;
    bool last = from + length == run->length;
    uint8_t *ip = frame + s->ip, *tcp = frame + s->tcp;
    size_t tcp_length = s->payload - s->tcp + length;
    memcpy(frame, run->headers, s->payload);
    memcpy(frame + s->payload, run->bytes + from, length);
    put32(tcp + 4, get32(tcp + 4) + (uint32_t)from);
    tcp[13] = (uint8_t)((tcp[13] & ~(TCP_FIN | TCP_PSH)) | (last ? run->last_flags & (TCP_FIN | TCP_PSH) : 0));
    put16(tcp + 16, 0);
    if (s->ipv6) {
        put16(ip + 4, (unsigned)tcp_length);
        put16(tcp + 16, checksum(sum16(tcp, tcp_length, sum16(ip + 8, 32, 6 + (uint32_t)tcp_length))));
    } else {
        put16(ip + 2, (unsigned)(s->tcp - s->ip + tcp_length));
        put16(ip + 10, 0);
        put16(ip + 10, checksum(sum16(ip, s->tcp - s->ip, 0)));
        put16(tcp + 16, checksum(sum16(tcp, tcp_length, sum16(ip + 12, 8, 6 + (uint32_t)tcp_length))));
    }
    struct pcap_pkthdr header = {.ts = time, .caplen = (bpf_u_int32)(s->payload + length)};
    header.len = header.caplen;
    pcap_dump((u_char *)r->out, &header, frame);
}

static size_t choose_length(struct recut *r, size_t left) {
    size_t length = r->piece_bytes;
    if (length == 0) {
        switch (random_below(r, 4)) {
            case 0:
                length = left;
                break;
            case 1:
                length = 1 + random_below(r, left);
                break;
            default:
                length = 1 + random_below(r, 24);
                break; /* inside of lines, and of CRLF . CRLF */
        }
    }
    if (length > PIECE_BYTES_MAX) length = PIECE_BYTES_MAX;
    return length < left ? length : left;
}

static void write_run(struct recut *r) {
    struct run *run = &r->run;
    unsigned segment = 0;
    for (size_t from = 0, length; from < run->length; from += length) {
        length = choose_length(r, run->length - from);
        while (segment + 1 < run->segments && run->starts[segment + 1] <= from) segment++;
        write_piece(r, from, length, run->times[segment]);
        for (unsigned next = segment + 1; next < run->segments && run->starts[next] < from + length; next++)
            printf("%ld.%09ld %ld.%09ld\n", (long)run->times[next].tv_sec, (long)run->times[next].tv_usec,
                   (long)run->times[segment].tv_sec, (long)run->times[segment].tv_usec);
    }
    run->length = 0;
    run->segments = 0;
}

/* The same headers but for what differs from segment to segment: lengths, IPv4's id, flags, checksums, options. */
static bool continues(const struct run *run, const struct segment *s) {
    const struct segment *first = &run->layout;
    const uint8_t *old = run->headers, *new = s->frame;
    if (run->length == 0 || run->length + (s->end - s->payload) > JOIN_BYTES || run->segments == SEGMENTS_MAX)
        return false;
    if (s->ipv6 != first->ipv6 || s->ip != first->ip || s->tcp != first->tcp || s->payload != first->payload)
        return false;
    size_t addresses = s->ip + (s->ipv6 ? 8 : 12);
    return memcmp(old, new, s->ip) == 0 && memcmp(old + addresses, new + addresses, s->ipv6 ? 32 : 8) == 0 &&
           memcmp(old + s->tcp, new + s->tcp, 4) == 0 &&         /* ports */
           memcmp(old + s->tcp + 8, new + s->tcp + 8, 4) == 0 && /* acknowledgement */
           (run->last_flags & TCP_FIN) == 0 && get32(new + s->tcp + 4) == get32(old + s->tcp + 4) + run->length;
}

static void add_segment(struct recut *r, const struct segment *s, struct timeval time) {
    struct run *run = &r->run;
    if (r->piece_bytes != 0 || !continues(run, s)) {
        write_run(r);
        memcpy(run->headers, s->frame, s->payload);
        run->layout = *s;
    }
    run->starts[run->segments] = run->length;
    run->times[run->segments++] = time;
    memcpy(run->bytes + run->length, s->frame + s->payload, s->end - s->payload);
    run->length += s->end - s->payload;
    run->last_flags = s->frame[s->tcp + 13];
}

static int copy_capture(struct recut *r, pcap_t *in) {
    struct pcap_pkthdr *header;
    const u_char *frame;
    struct segment s;
    int result;
    bool ethernet = pcap_datalink(in) == DLT_EN10MB;
    while ((result = pcap_next_ex(in, &header, &frame)) == 1) {
        if (ethernet && find_segment(&s, header, frame)) {
            add_segment(r, &s, header->ts);
            continue;
        }
        write_run(r);
        pcap_dump((u_char *)r->out, header, frame);
    }
    write_run(r);
    return result;
}

static bool read_number(const char *text, uint64_t *number) {
    char *end;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0';
}

int main(int argc, char **argv) {
    static struct recut r;
    char error[PCAP_ERRBUF_SIZE];
    uint64_t number;
    bool bytes = argc == 5 && strcmp(argv[1], "--bytes") == 0;
    if (argc != 5 || (!bytes && strcmp(argv[1], "--random") != 0) || !read_number(argv[2], &number) ||
        (bytes && (number == 0 || number > PIECE_BYTES_MAX))) {
        fprintf(stderr, "usage: recut --bytes N IN OUT | --random SEED IN OUT\n");
        return 2;
    }
    r.piece_bytes = bytes ? (size_t)number : 0;
    r.random = number * 2 + 1; /* never 0, where xorshift stands still */
    pcap_t *in = pcap_open_offline_with_tstamp_precision(argv[3], PCAP_TSTAMP_PRECISION_NANO, error);
    if (in == NULL) {
        fprintf(stderr, "recut: %s: %s\n", argv[3], error);
        return 1;
    }
    pcap_t *form = pcap_open_dead_with_tstamp_precision(pcap_datalink(in), SNAP_BYTES, PCAP_TSTAMP_PRECISION_NANO);
    r.out = form == NULL ? NULL : pcap_dump_open(form, argv[4]);
    if (r.out == NULL) {
        fprintf(stderr, "recut: %s: %s\n", argv[4], form == NULL ? "not enough memory" : pcap_geterr(form));
        return 1;
    }
    if (copy_capture(&r, in) != PCAP_ERROR_BREAK || pcap_dump_flush(r.out) != 0) {
        fprintf(stderr, "recut: %s to %s: %s\n", argv[3], argv[4], pcap_geterr(in));
        return 1;
    }
    pcap_dump_close(r.out);
    pcap_close(form);
    pcap_close(in);
    return 0;
}
