/* The payload is written in its final place in the output buffer and the headers are put before it, so no byte is
 * copied twice. The checksum's fixed part (addresses, protocol) is summed once a connection.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    RECORD_BYTES = 16,
    ETHERNET_BYTES = 14,
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    TCP_BYTES = 20,
    SYN_OPTION_BYTES = 20,
    TIMESTAMP_BYTES = 12,
    PROTOCOL_TCP = 6,
};

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xFFFF);
}

/* One's complement sums do not care about byte order as long as the result is stored as it was read. */
static uint64_t sum_bytes(const uint8_t *at, size_t length) {
    uint64_t low = 0;
    uint64_t high = 0;
    for (; length >= 8; at += 8, length -= 8) {
        uint64_t eight;
        memcpy(&eight, at, 8);
        low += eight & 0xFFFFFFFFU;
        high += eight >> 32;
    }
    if (length > 0) {
        uint64_t rest = 0;
        memcpy(&rest, at, length);
        low += rest & 0xFFFFFFFFU;
        high += rest >> 32;
    }
    return low + high;
}

static void put_checksum(uint8_t *at, uint64_t sum) {
    while (sum >> 16) {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    uint16_t folded = (uint16_t)~sum;
    memcpy(at, &folded, 2);
}

static void wire_flush(struct wire *w) {
    size_t done = 0;
    while (done < w->used) {
        ssize_t wrote = write(w->file, w->buffer + done, w->used - done);
        if (wrote < 0 && errno != EINTR) {
            fprintf(stderr, "smtpgen: writing the capture failed: %s\n", strerror(errno));
            exit(1);
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    w->bytes += w->used;
    w->used = 0;
}

void wire_open(struct wire *w, const char *path) {
    const struct {
        uint32_t magic;
        uint16_t major, minor;
        uint32_t zone, accuracy, snap_bytes, link_type;
    } header = {0xA1B2C3D4U, 2, 4, 0, 0, 262144, 1};

    *w = (struct wire){.file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644)};
    if (w->file < 0) {
        fprintf(stderr, "smtpgen: cannot write %s: %s\n", path, strerror(errno));
        exit(1);
    }
    w->buffer = malloc(WIRE_BUFFER_BYTES + WIRE_SLACK_BYTES);
    if (w->buffer == NULL) {
        fprintf(stderr, "smtpgen: no memory for the output buffer\n");
        exit(1);
    }
    memcpy(w->buffer, &header, sizeof(header));
    w->used = sizeof(header);
}

void wire_close(struct wire *w) {
    wire_flush(w);
    if (close(w->file) != 0) {
        fprintf(stderr, "smtpgen: closing the capture failed: %s\n", strerror(errno));
        exit(1);
    }
    free(w->buffer);
}

void flow_prepare(struct flow *f) {
    size_t address_bytes = f->ipv6 ? 16 : 4;
    uint8_t protocol[2] = {0, PROTOCOL_TCP};
    f->address_sum = sum_bytes(f->address[CLIENT], address_bytes) + sum_bytes(f->address[SERVER], address_bytes) +
                     sum_bytes(protocol, 2);
    uint32_t headers = TCP_BYTES + (f->timestamps ? TIMESTAMP_BYTES : 0U) + (f->ipv6 ? IPV6_BYTES : IPV4_BYTES);
    f->payload_max = (uint16_t)(1500 - headers);
}

static size_t headers_before_payload(const struct flow *f) {
    size_t ip_bytes = f->ipv6 ? IPV6_BYTES : IPV4_BYTES;
    size_t option_bytes = f->timestamps ? TIMESTAMP_BYTES : 0;
    return ETHERNET_BYTES + ip_bytes + TCP_BYTES + option_bytes;
}

char *wire_payload(struct wire *w, const struct flow *f) {
    if (w->used > WIRE_BUFFER_BYTES - WIRE_SLACK_BYTES) {
        wire_flush(w);
    }
    return (char *)w->buffer + w->used + RECORD_BYTES + headers_before_payload(f);
}

/* The customer's side has an address made of its IP; behind the router there is only the router. */
static void put_ethernet(uint8_t *at, const struct flow *f, enum side from) {
    static const uint8_t router[6] = {0x02, 0x00, 0x5E, 0x10, 0x00, 0x01};
    uint8_t host[6] = {0x02, 0x42};
    memcpy(host + 2, f->address[CLIENT] + (f->ipv6 ? 4 : 0), 4);
    memcpy(at, from == CLIENT ? router : host, 6);
    memcpy(at + 6, from == CLIENT ? host : router, 6);
    put16(at + 12, f->ipv6 ? 0x86DD : 0x0800);
}

static size_t put_ip(uint8_t *at, struct flow *f, enum side from, size_t tcp_bytes) {
    uint8_t hops = from == CLIENT ? 64 : 53;
    if (f->ipv6) {
        put32(at, 0x60000000);
        put16(at + 4, (uint32_t)tcp_bytes);
        at[6] = PROTOCOL_TCP;
        at[7] = hops;
        memcpy(at + 8, f->address[from], 16);
        memcpy(at + 24, f->address[1 - from], 16);
        return IPV6_BYTES;
    }
    put16(at, 0x4500);
    put16(at + 2, (uint32_t)(IPV4_BYTES + tcp_bytes));
    put16(at + 4, f->ip_id[from]++);
    put16(at + 6, 0x4000); /* don't fragment */
    at[8] = hops;
    at[9] = PROTOCOL_TCP;
    put16(at + 10, 0);
    memcpy(at + 12, f->address[from], 4);
    memcpy(at + 16, f->address[1 - from], 4);
    put_checksum(at + 10, sum_bytes(at, IPV4_BYTES));
    return IPV4_BYTES;
}

static void put_timestamp(uint8_t *at, struct flow *f, enum side from, uint64_t now_us) {
    uint32_t mine = f->clock_start[from] + (uint32_t)(now_us / 1000);
    at[0] = 8;
    at[1] = 10;
    put32(at + 2, mine);
    put32(at + 6, f->clock_seen[from]);
    f->clock_seen[1 - from] = mine;
}

/* Options of a SYN: segment size, selective acknowledgements, timestamps, window scale of 7. */
static size_t put_syn_options(uint8_t *at, struct flow *f, enum side from, uint64_t now_us) {
    put32(at, 0x02040000U | (f->ipv6 ? 1440U : 1460U));
    if (f->timestamps) {
        put16(at + 4, 0x0402);
        put_timestamp(at + 6, f, from, now_us);
    } else {
        put32(at + 4, 0x04020101);
        memset(at + 8, 1, 8);
    }
    put32(at + 16, 0x01030307);
    return SYN_OPTION_BYTES;
}

static size_t put_tcp(uint8_t *at, struct flow *f, enum side from, uint8_t flags, uint64_t now_us) {
    size_t header_bytes = TCP_BYTES;
    put16(at, f->port[from]);
    put16(at + 2, f->port[1 - from]);
    put32(at + 4, f->next_seq[from]);
    put32(at + 8, flags & TCP_ACK ? f->acknowledged[from] : 0);
    at[13] = flags;
    put16(at + 14, flags & TCP_SYN ? 64240 : 502);
    put32(at + 16, 0); /* checksum, urgent pointer */
    if (flags & TCP_SYN) {
        header_bytes += put_syn_options(at + TCP_BYTES, f, from, now_us);
    } else if (f->timestamps) {
        put16(at + TCP_BYTES, 0x0101);
        put_timestamp(at + TCP_BYTES + 2, f, from, now_us);
        header_bytes += TIMESTAMP_BYTES;
    }
    at[12] = (uint8_t)(header_bytes / 4 << 4);
    return header_bytes;
}

void wire_emit(struct wire *w, struct flow *f, enum side from, uint8_t flags, size_t payload_bytes, uint64_t now_us) {
    (void)wire_payload(w, f); /* makes room when nobody asked for a place: only a frame without payload */
    uint8_t *record = w->buffer + w->used;
    uint8_t *frame = record + RECORD_BYTES;
    size_t ip_bytes = f->ipv6 ? IPV6_BYTES : IPV4_BYTES;
    uint8_t *tcp = frame + ETHERNET_BYTES + ip_bytes;

    size_t tcp_bytes = put_tcp(tcp, f, from, flags, now_us) + payload_bytes;
    put_ethernet(frame, f, from);
    put_ip(frame + ETHERNET_BYTES, f, from, tcp_bytes);

    uint8_t length[2];
    put16(length, (uint32_t)tcp_bytes);
    put_checksum(tcp + 16, f->address_sum + sum_bytes(length, 2) + sum_bytes(tcp, tcp_bytes));

    uint32_t frame_bytes = (uint32_t)(ETHERNET_BYTES + ip_bytes + tcp_bytes);
    const uint32_t header[4] = {(uint32_t)(now_us / 1000000), (uint32_t)(now_us % 1000000), frame_bytes, frame_bytes};
    memcpy(record, header, sizeof(header));
    w->used += RECORD_BYTES + frame_bytes;
    w->frames++;
    f->next_seq[from] += (uint32_t)payload_bytes + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
}
