/* The filter of a live capture, from the configuration: the kernel copies only what can be mail.
 *
 * It may pass too much, and never too little: every frame passes in which decoders/frame*.c can find a TCP segment of a
 * configured port (tests/unit/test_filter.c holds the two together).  So it looks for ports where these stand behind
 * IP, and takes whole what it cannot look into: fragments (the second has no ports, and the decoder wants all of a
 * datagram or none), IPv6 extension headers that may lead to TCP, three tags and more, MPLS, PPPoE and what else stands
 * between link and IP, and the tunnels that the configuration opens.
 *
 * Of tunnels that are not opened a small part passes, chosen by bytes that differ from packet to packet: a mirror that
 * comes in a tunnel whose exporter is not listed would otherwise look like one without mail, and with it
 * `tunnel_untrusted` is near `packets`.
 *
 * The expression is libpcap's own language, which network engineers read.  There `vlan` moves all that stands behind it
 * by one tag, so the cases are nested: untagged, or behind one, or behind two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/filter.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

/* IPv6: hop-by-hop, routing, fragment, authentication, destination (decoders/frame_ip.c). */
static const unsigned extensions[] = {0, 43, 44, 51, 60};
/* IP in IP, IPv6 in IP, GRE, EtherIP, MPLS in IP. */
static const unsigned tunnel_protocols[] = {4, 41, 47, 97, 137};
/* VXLAN, VXLAN-GPE, GENEVE, VXLAN of old, TZSP. */
static const unsigned tunnel_ports[] = {4789, 4790, 6081, 8472, 37008};
/* MPLS, its multicast, PPPoE, a tag that libpcap does not know, provider backbone, VN-Tag, 802.1BR, bridging; and any
 * frame of a length with SNAP's 0xaa. */
static const char *const taken_whole[] = {"0x8847", "0x8848", "0x8864", "0x9200", "0x88e7",
                                          "0x8926", "0x893f", "0x6558", "0xaa"};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* "(ip[9] = 4 or ip[9] = 41)" */
static void put_one_of(FILE *text, const char *what, const unsigned *values, size_t count) {
    for (size_t i = 0; i < count; i++) (void)fprintf(text, "%s%s = %u", i == 0 ? "(" : " or ", what, values[i]);
    (void)fputc(')', text);
}

/* The end of the run of mail ports that begins here. */
static unsigned run_end(const struct config *config, unsigned port) {
    while (port < UINT16_MAX && port_is_set(config->mail_ports, (uint16_t)(port + 1))) port++;
    return port;
}

static bool run_begins(const struct config *config, unsigned port) {
    return port_is_set(config->mail_ports, (uint16_t)port) &&
           (port == 0 || !port_is_set(config->mail_ports, (uint16_t)(port - 1)));
}

static unsigned count_runs(const struct config *config) {
    unsigned runs = 0;
    for (unsigned port = 0; port <= UINT16_MAX; port++) runs += run_begins(config, port);
    return runs;
}

static void put_ports(FILE *text, const struct config *config) {
    const char *separator = "";
    for (unsigned port = 0; port <= UINT16_MAX; port++) {
        if (!run_begins(config, port)) continue;
        unsigned end = run_end(config, port);
        (void)fprintf(text, end == port ? "%stcp port %u" : "%stcp portrange %u-%u", separator, port, end);
        separator = " or ";
    }
}

/* Whole datagrams or none: of a fragment alone the decoder can only wait for the others. */
static void put_pieces(FILE *text) {
    (void)fputs(" or (ip[6:2] & 0x3fff != 0 and ip[9] = 6) or (", text);
    put_one_of(text, "ip6[6]", extensions, COUNT(extensions));
    (void)fputs(" and (ip6[40] = 6 or ", text);
    put_one_of(text, "ip6[40]", extensions, COUNT(extensions));
    (void)fputs("))", text);
}

static void put_tunnels(FILE *text) {
    put_one_of(text, "ip[9]", tunnel_protocols, COUNT(tunnel_protocols));
    (void)fputs(" or ", text);
    put_one_of(text, "ip6[6]", tunnel_protocols, COUNT(tunnel_protocols));
    for (size_t i = 0; i < COUNT(tunnel_ports); i++) (void)fprintf(text, " or udp dst port %u", tunnel_ports[i]);
}

static void put_tunnel_pieces(FILE *text) {
    (void)fputs(" or (ip[6:2] & 0x3fff != 0 and ip[9] = 17) or (", text);
    put_one_of(text, "ip6[6]", extensions, COUNT(extensions));
    (void)fputs(" and (ip6[40] = 17 or ", text);
    put_one_of(text, "ip6[40]", tunnel_protocols, COUNT(tunnel_protocols));
    (void)fputs("))", text);
}

static void put_source(FILE *text, const struct ip_prefix *source) {
    char address[IP_TEXT_BYTES];
    static const struct ip_address v4_mapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    bool v4 = source->bits >= 96 && ip_is_v4(&source->ip);
    (void)fprintf(text, "src net %s/%u", ip_to_text(&source->ip, address),
                  v4 ? (unsigned)source->bits - 96 : (unsigned)source->bits);
    if (!v4 && ip_prefix_contains(source, &v4_mapped)) (void)fputs(" or ip", text); /* ::/0 is everybody */
}

static bool everybody_is_trusted(const struct config *config) {
    for (unsigned i = 0; i < config->tunnel_source_count; i++)
        if (config->tunnel_sources[i].bits == 0) return true;
    return false;
}

static void put_trusted_tunnels(FILE *text, const struct config *config) {
    (void)fputs(" or ((", text);
    put_tunnels(text);
    put_tunnel_pieces(text);
    (void)fputc(')', text);
    if (!everybody_is_trusted(config)) {
        for (unsigned i = 0; i < config->tunnel_source_count; i++) {
            (void)fputs(i == 0 ? " and (" : " or ", text);
            put_source(text, &config->tunnel_sources[i]);
        }
        (void)fputc(')', text);
    }
    (void)fputc(')', text);
}

/* The low byte of IPv4's checksum, and of IPv6, which has none, of its length. */
static void put_sample_of_tunnels(FILE *text) {
    (void)fputs(" or ((", text);
    put_tunnels(text);
    (void)fputs(") and (ip[11] = 0 or ip6[5] & 0x1f = 0))", text);
}

static void put_ip(FILE *text, const struct config *config) {
    put_ports(text, config);
    put_pieces(text);
    if (config->tunnel_source_count > 0) put_trusted_tunnels(text, config);
    if (!everybody_is_trusted(config)) put_sample_of_tunnels(text);
}

static void put_ethernet(FILE *text, const struct config *config) {
    static const char *const behind_tags[] = {"", " or (vlan and (", " or (vlan and ("};
    for (size_t i = 0; i < COUNT(behind_tags); i++) {
        (void)fputs(behind_tags[i], text);
        put_ip(text, config);
        for (size_t type = 0; type < COUNT(taken_whole); type++)
            (void)fprintf(text, " or ether proto %s", taken_whole[type]);
    }
    (void)fputs(" or ether proto 0x8100 or ether proto 0x88a8 or ether proto 0x9100))))", text);
}

static const char *why_not(const struct config *config, int link_type) {
    if (!config->capture_filter) return "capture.filter is none";
    if (config->any_port) return "detect is any_port";
    if (link_type != DLT_EN10MB && link_type != DLT_RAW) return "the interface is neither Ethernet nor plain IP";
    if (count_runs(config) > CAPTURE_FILTER_RUNS_MAX) return "there are too many ports";
    return NULL;
}

char *capture_filter_text(const struct config *config, int link_type, const char **why) {
    char *words = NULL;
    size_t size;
    *why = why_not(config, link_type);
    if (*why != NULL) return NULL;
    *why = "not enough memory";
    FILE *text = open_memstream(&words, &size);
    if (text == NULL) return NULL;
    if (link_type == DLT_EN10MB)
        put_ethernet(text, config);
    else
        put_ip(text, config);
    bool failed = ferror(text) != 0;
    if (fclose(text) != 0 || failed) {
        free(words);
        return NULL;
    }
    *why = NULL;
    return words;
}
