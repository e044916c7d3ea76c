/* Captures whose content is the same and whose number of connections open at once, or of sources, is not: what rises
 * from one to the next is the price of larger tables.
 *
 *   growth OUT CONNECTIONS OPEN SOURCES mail|greeting
 *
 * Connections come in groups of OPEN; each packet of a script is sent by all of a group before the next one, so that
 * every packet finds its connection where it was OPEN packets ago.  Such short connections are nobody's mail as it is:
 * they are the worst case of a table, with next to nothing else to do.
 *
 *   greeting   SYN, SYN, ACK, 220, EHLO, 250, QUIT, 221, FIN, FIN, ACK
 *   mail       a message of some 300 bytes, whose client says all that it may at once
 *
 * Nothing is kept of a connection: its sequence numbers follow from its number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_random.h"
#include "gen_wire.h"

enum { PACKET_US = 20, START_S = 1767600000, NUMBER_DIGITS = 10 };

struct step {
    enum side from;
    uint8_t flags;
    const char *payload; /* ########## becomes the connection's number */
};

#define SAYS (TCP_PSH | TCP_ACK)

static const struct step greeting[] = {
    {CLIENT, TCP_SYN, ""},
    {SERVER, TCP_SYN | TCP_ACK, ""},
    {CLIENT, TCP_ACK, ""},
    {SERVER, SAYS, "220 mx.example ESMTP\r\n"},
    {CLIENT, SAYS, "EHLO host.example\r\n"},
    {SERVER, SAYS, "250 mx.example\r\n"},
    {CLIENT, SAYS, "QUIT\r\n"},
    {SERVER, SAYS, "221 2.0.0 Bye\r\n"},
    {CLIENT, TCP_FIN | TCP_ACK, ""},
    {SERVER, TCP_FIN | TCP_ACK, ""},
    {CLIENT, TCP_ACK, ""},
    {.payload = NULL},
};

static const struct step mail[] = {
    {CLIENT, TCP_SYN, ""},
    {SERVER, TCP_SYN | TCP_ACK, ""},
    {SERVER, SAYS, "220 mx.example ESMTP\r\n"},
    {CLIENT, SAYS, "EHLO host.example\r\n"},
    {SERVER, SAYS, "250-mx.example\r\n250 PIPELINING\r\n"},
    {CLIENT, SAYS, "MAIL FROM:<news@customer.example>\r\nRCPT TO:<a.reader@receiver.example>\r\nDATA\r\n"},
    {SERVER, SAYS, "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n"},
    {CLIENT, SAYS,
     "From: News <news@customer.example>\r\nTo: a.reader@receiver.example\r\nSubject: Number ##########\r\n"
     "Date: Mon, 05 Jan 2026 08:00:00 +0000\r\nMessage-ID: <##########@customer.example>\r\n\r\n"
     "The library in the old harbour opens again on Friday morning.\r\n.\r\nQUIT\r\n"},
    {SERVER, SAYS, "250 2.0.0 Ok: queued\r\n221 2.0.0 Bye\r\n"},
    {SERVER, TCP_FIN | TCP_ACK, ""},
    {CLIENT, TCP_FIN | TCP_ACK, ""},
    {.payload = NULL},
};

static void put_number(char *payload, size_t bytes, uint32_t number) {
    static const char mark[] = "##########";
    char digits[NUMBER_DIGITS + 1];
    snprintf(digits, sizeof(digits), "%010u", number);
    for (char *at = memmem(payload, bytes, mark, NUMBER_DIGITS); at != NULL;
         at = memmem(at, bytes - (size_t)(at - payload), mark, NUMBER_DIGITS)) {
        memcpy(at, digits, NUMBER_DIGITS);
    }
}

static void put_address(uint8_t *at, uint32_t first_octets, uint32_t number) {
    uint32_t address = first_octets + number;
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(address >> (24 - 8 * i));
    }
}

/* The connection as it stands before the step. */
static struct flow flow_at(const struct step *script, unsigned step, uint32_t number, uint32_t sources) {
    struct flow f = {.port = {(uint16_t)(1024 + number / sources % 64000), 25}};
    put_address(f.address[CLIENT], 0x0A000000, number % sources);
    put_address(f.address[SERVER], 0xC6120000, (uint32_t)random_mix(number) & 0xFFFF);
    f.next_seq[CLIENT] = (uint32_t)random_mix(number + 1000000007ULL);
    f.next_seq[SERVER] = (uint32_t)random_mix(number + 2000000011ULL);
    for (unsigned i = 0; i < step; i++) {
        f.next_seq[script[i].from] += (uint32_t)strlen(script[i].payload);
        f.next_seq[script[i].from] += (script[i].flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0;
    }
    f.acknowledged[CLIENT] = f.next_seq[SERVER];
    f.acknowledged[SERVER] = f.next_seq[CLIENT];
    flow_prepare(&f);
    return f;
}

static void write_group(struct wire *w, const struct step *script, uint32_t first, uint32_t count, uint32_t sources) {
    for (unsigned step = 0; script[step].payload != NULL; step++) {
        for (uint32_t number = first; number < first + count; number++) {
            struct flow f = flow_at(script, step, number, sources);
            size_t bytes = strlen(script[step].payload);
            char *payload = wire_payload(w, &f);
            memcpy(payload, script[step].payload, bytes);
            put_number(payload, bytes, number);
            uint64_t now_us = START_S * 1000000ULL + w->frames * PACKET_US;
            wire_emit(w, &f, script[step].from, script[step].flags, bytes, now_us);
        }
    }
}

static uint32_t number_of(const char *text) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*end != '\0' || number == 0 || number > 16000000) {
        fprintf(stderr, "growth: '%s' is not a number from 1 to 16000000\n", text);
        exit(2);
    }
    return (uint32_t)number;
}

int main(int argc, char **argv) {
    if (argc != 6 || (strcmp(argv[5], "mail") != 0 && strcmp(argv[5], "greeting") != 0)) {
        fprintf(stderr, "usage: growth OUT CONNECTIONS OPEN SOURCES mail|greeting\n");
        return 2;
    }
    const struct step *script = strcmp(argv[5], "mail") == 0 ? mail : greeting;
    uint32_t connections = number_of(argv[2]), open = number_of(argv[3]), sources = number_of(argv[4]);
    struct wire w;
    wire_open(&w, argv[1]);
    for (uint32_t first = 0; first < connections; first += open) {
        uint32_t left = connections - first;
        write_group(&w, script, first, left < open ? left : open, sources);
    }
    wire_close(&w);
    printf("{\"type\":\"capture\",\"frames\":%llu,\"bytes\":%llu,\"dialogues\":%u,\"messages\":%u}\n",
           (unsigned long long)w.frames, (unsigned long long)w.bytes, connections, script == mail ? connections : 0);
    return 0;
}
