/* Frames and the capture file: Ethernet, IPv4 or IPv6, TCP, with correct checksums, in the order they are emitted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_WIRE_H
#define GEN_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum side { CLIENT = 0, SERVER = 1 };

enum tcp_flag { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };

/* One TCP connection as both ends see it. */
struct flow {
    uint8_t address[2][16]; /* IPv4 uses the first four bytes */
    uint16_t port[2];
    uint16_t ip_id[2];
    uint16_t payload_max; /* the segment size that is left after TCP options */
    bool ipv6;
    bool timestamps;
    uint32_t next_seq[2];     /* of the next byte that this side sends */
    uint32_t acknowledged[2]; /* what this side has acknowledged last */
    uint32_t clock_start[2];  /* of this side's TCP timestamps */
    uint32_t clock_seen[2];   /* the peer's timestamp that this side echoes */
    uint64_t address_sum;     /* of the pseudo-header, which never changes */
};

struct wire {
    int file;
    uint8_t *buffer;
    size_t used;
    uint64_t frames;
    uint64_t bytes;
};

enum {
    WIRE_BUFFER_BYTES = 1 << 20,
    WIRE_SLACK_BYTES = 8192, /* a frame and what a payload writer may write beyond it */
};

void wire_open(struct wire *w, const char *path);
void wire_close(struct wire *w);

/* Fills what follows from addresses, ports and options. Call once, before the first frame. */
void flow_prepare(struct flow *f);

/* Where the payload of this side's next frame is to be written, before wire_emit. */
char *wire_payload(struct wire *w, const struct flow *f);

/* Completes and appends the frame; its acknowledgement number is f->acknowledged[from]. */
void wire_emit(struct wire *w, struct flow *f, enum side from, uint8_t flags, size_t payload_bytes, uint64_t now_us);

#endif
