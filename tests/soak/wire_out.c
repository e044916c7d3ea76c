/* packet(7) with sendmmsg(2): the queueing discipline is left out, so that what is sent is on the cable, or refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire_out.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ETHERNET_BYTES = 14, SEND_BUFFER_BYTES = 16 << 20 };

struct wire_out {
    int socket;
    unsigned count;
    struct mmsghdr messages[WIRE_BATCH];
    struct iovec pieces[WIRE_BATCH];
    struct wire_totals totals;
    uint8_t frames[WIRE_BATCH][WIRE_FRAME_MAX];
};

static bool bind_to(int handle, const char *interface) {
    struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface)};
    int one = 1;
    int buffer_bytes = SEND_BUFFER_BYTES;
    if (where.sll_ifindex == 0) return false;
    if (setsockopt(handle, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one) != 0) return false;
    (void)setsockopt(handle, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_bytes, sizeof buffer_bytes);
    return bind(handle, (const struct sockaddr *)&where, sizeof where) == 0;
}

struct wire_out *wire_out_open(const char *interface) {
    struct wire_out *out = calloc(1, sizeof *out);
    int handle = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (out == NULL || handle < 0 || !bind_to(handle, interface)) {
        fprintf(stderr, "soak_send: interface %s: %s\n", interface, strerror(errno));
        if (handle >= 0) close(handle);
        free(out);
        return NULL;
    }
    out->socket = handle;
    for (unsigned i = 0; i < WIRE_BATCH; i++) {
        out->pieces[i].iov_base = out->frames[i];
        out->messages[i].msg_hdr = (struct msghdr){.msg_iov = &out->pieces[i], .msg_iovlen = 1};
    }
    return out;
}

void wire_out_close(struct wire_out *out) {
    if (out == NULL) return;
    close(out->socket);
    free(out);
}

static uint32_t get16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static bool may_vanish(const uint8_t *frame, size_t bytes) {
    size_t at = 12;
    while (get16(frame + at) == 0x8100 || get16(frame + at) == 0x88A8) {
        at += 4;
        if (at + 2 > bytes) return true;
    }
    /* With a wrong length, too, it is not handed on. */
    return get16(frame + at) == 0x0800 && at + 10 <= bytes && (get16(frame + at + 8) & 0x3FFF) != 0;
}

static void count_sent(struct wire_out *out, unsigned index) {
    out->totals.frames++;
    out->totals.bytes += out->pieces[index].iov_len;
    out->totals.may_vanish += may_vanish(out->frames[index], out->pieces[index].iov_len);
}

void wire_out_flush(struct wire_out *out) {
    unsigned next = 0;
    while (next < out->count) {
        int sent = sendmmsg(out->socket, out->messages + next, out->count - next, 0);
        for (int i = 0; i < sent; i++) count_sent(out, next++);
        if (sent > 0 || errno == EINTR) continue;
        if (errno == ENOBUFS || errno == EAGAIN) {
            out->totals.no_room++;
        } else {
            out->totals.refused++;
        }
        next++;
    }
    out->count = 0;
}

uint8_t *wire_out_room(struct wire_out *out) {
    return out->frames[out->count];
}

void wire_out_add(struct wire_out *out, size_t bytes) {
    if (bytes < ETHERNET_BYTES || bytes > WIRE_FRAME_MAX) {
        out->totals.refused++;
        return;
    }
    out->pieces[out->count].iov_len = bytes;
    out->count++;
    if (out->count == WIRE_BATCH) wire_out_flush(out);
}

const struct wire_totals *wire_out_totals(const struct wire_out *out) {
    return &out->totals;
}
