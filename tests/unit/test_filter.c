/* The filter of a live capture against the decoder: what the decoder finds mail in must pass, whatever it is wrapped
 * in; what cannot be mail must not.  By the captures of pcaps/, by frames written by hand, and by frames damaged at
 * random. (Tags that the kernel has taken off a frame are a matter of tests/live/check_capture.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <glob.h>
#include <pcap/pcap.h>

#include "capture/filter.h"
#include "frame_made.h"
#include "mailspan/defragment.h"

#define NOBODYS "home_networks: [192.0.2.0/24]\n"
#define LISTED NOBODYS "capture: {tunnels: [203.0.113.0/24, '2001:db8:ff::/48']}\n"

struct filter {
    struct config config;
    int link_type;
    struct bpf_program program;
};

static void read_config(struct config *config, const char *yaml) {
    struct problem problem;
    config_default(config);
    if (!config_parse(config, "t.yaml", "", span_from_string(yaml), &problem)) fail_msg("%s", problem.what);
}

static struct filter *filter_of(const char *yaml, int link_type) {
    struct filter *f = calloc(1, sizeof *f);
    const char *why;
    assert_non_null(f);
    read_config(&f->config, yaml);
    f->link_type = link_type;
    char *text = capture_filter_text(&f->config, link_type, &why);
    assert_non_null(text);
    assert_null(why);
    pcap_t *pcap = pcap_open_dead(link_type, 262144);
    if (pcap_compile(pcap, &f->program, text, 1, PCAP_NETMASK_UNKNOWN) != 0) fail_msg("%s", pcap_geterr(pcap));
    pcap_close(pcap);
    free(text);
    return f;
}

static void filter_free(struct filter *f) {
    pcap_freecode(&f->program);
    config_free(&f->config);
    free(f);
}

static bool passes(const struct filter *f, const uint8_t *bytes, size_t len) {
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)len, .len = (bpf_u_int32)len};
    return pcap_offline_filter(&f->program, &header, bytes) != 0;
}

static bool is_mail(const struct filter *f, const struct packet *packet) {
    return port_is_set(f->config.mail_ports, packet->from.port) || port_is_set(f->config.mail_ports, packet->to.port);
}

static struct frame_decoder decoder_of(const struct filter *f, struct counters *counters,
                                       struct defragment *fragments) {
    return (struct frame_decoder){.fragments = fragments,
                                  .counters = counters,
                                  .tunnel_sources = f->config.tunnel_sources,
                                  .tunnel_source_count = f->config.tunnel_source_count};
}

/* --- the captures ------------------------------------------------------------------------------------------------- */

struct mail_seen {
    unsigned frames, passed, segments;
    uint64_t digest; /* of the segments, in their order */
};

static void note_segment(struct mail_seen *seen, const struct packet *packet) {
    uint64_t values[] = {(uint64_t)packet->time, packet->from.port, packet->to.port, packet->sequence,
                         packet->payload_length};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        seen->digest = (seen->digest ^ values[i]) * 0x100000001b3;
    seen->segments++;
}

/* All of a capture, or only what passes. */
static struct mail_seen see_capture(const struct filter *f, const char *path, bool filtered) {
    char error[PCAP_ERRBUF_SIZE];
    struct counters counters = {.packets = 0};
    void *memory = calloc(1, defragment_memory_bytes());
    assert_non_null(memory);
    struct defragment *fragments = defragment_in(memory, (const uint8_t[16]){1}, &counters);
    struct frame_decoder decoder = decoder_of(f, &counters, fragments);
    struct mail_seen seen = {.frames = 0};
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, error);
    assert_non_null(pcap);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    while (pcap_next_ex(pcap, &header, &bytes) == 1) {
        struct packet packet;
        nstime time = header->ts.tv_sec * NS_PER_S + header->ts.tv_usec;
        seen.frames++;
        if (filtered && pcap_offline_filter(&f->program, header, bytes) == 0) continue;
        seen.passed++;
        enum frame_result result =
            frame_decode(&decoder, f->link_type, span_of(bytes, header->caplen), header->len, time, &packet);
        if (result == FRAME_TCP && is_mail(f, &packet)) note_segment(&seen, &packet);
    }
    pcap_close(pcap);
    free(memory);
    return seen;
}

static int link_type_of(const char *path) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline(path, error);
    assert_non_null(pcap);
    int link_type = pcap_datalink(pcap);
    pcap_close(pcap);
    return link_type;
}

static void captures_lose_no_mail(void **state) {
    (void)state;
    static const char *const configs[] = {"{}", NOBODYS, LISTED,
                                          "ports: [26, 1025, 2626, 40000]\nscored_ports: [26]\n"};
    glob_t found;
    assert_int_equal(glob("pcaps/*.pcap", 0, NULL, &found), 0);
    unsigned captures = 0, segments = 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        int link_type = link_type_of(path);
        if (link_type != DLT_EN10MB && link_type != DLT_RAW) continue;
        captures++;
        for (size_t c = 0; c < sizeof configs / sizeof configs[0]; c++) {
            struct filter *f = filter_of(configs[c], link_type);
            struct mail_seen all = see_capture(f, path, false), some = see_capture(f, path, true);
            if (all.segments != some.segments || all.digest != some.digest)
                fail_msg("%s with %s: %u segments, and filtered %u", path, configs[c], all.segments, some.segments);
            segments += all.segments;
            filter_free(f);
        }
    }
    globfree(&found);
    assert_true(captures >= 50 && segments >= 20000);
}

/* Mail on other ports is no mail. */
static void captures_without_mail_do_not_pass(void **state) {
    (void)state;
    static const char *const captures[] = {"pcaps/demo.pcap", "pcaps/ipv6.pcap", "pcaps/pipelining.pcap"};
    struct filter *f = filter_of(NOBODYS "ports: [1, 24, 26]\nscored_ports: [1]\n", DLT_EN10MB);
    for (size_t i = 0; i < sizeof captures / sizeof captures[0]; i++) {
        struct mail_seen seen = see_capture(f, captures[i], true);
        assert_true(seen.frames > 20);
        assert_int_equal(seen.passed, 0);
    }
    filter_free(f);
}

/* --- frames by hand ----------------------------------------------------------------------------------------------- */

#define WEB "9c40 01bb " TCP_REST /* to 443 */
#define V4_OF(protocol, flags, source) "45 00 0054 0001 " flags " 40" protocol " 1234 " source " c6336419"
#define V6_OF(next, source) "60000000 0041 " next " 40" source "20010db8000000000000000000000002"
#define LISTED_V4 "cb007101"
#define LISTED_V6 "20010db800ff00000000000000000001"
#define OTHER_V4 "c0000201"
#define OTHER_V6 "20010db8000000000000000000000001"
#define REST "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
#define UDP_TO(port) "c000 " port " 0040 0000"

enum verdict { NEVER, TRUSTED, LISTED_TOO, ALWAYS }; /* TRUSTED: with tunnels: any alone */

static const struct by_hand {
    const char *name, *hex;
    enum verdict verdict;
} by_hand[] = {
    {"IPv4", MACS "0800" V4_EHLO, ALWAYS},
    {"IPv4 with options", MACS "0800 46 00 0030 0001 4000 40 06 0000 " V4_FROM_TO "01010101" TCP EHLO, ALWAYS},
    {"IPv6", MACS "86dd" V6_EHLO, ALWAYS},
    {"a reply", MACS "0800" V4 "0019 9c40" TCP_REST EHLO, ALWAYS},
    {"submission over IPv6", MACS "86dd 60000000 0018 06 40" V6_FROM_TO "9c40 024b" TCP_REST EHLO, ALWAYS},
    {"a tag", MACS "8100 0007 0800" V4_EHLO, ALWAYS},
    {"a tag before IPv6", MACS "88a8 0007 86dd" V6_EHLO, ALWAYS},
    {"two tags", MACS "88a8 0007 8100 0008 0800" V4_EHLO, ALWAYS},
    {"two old tags before IPv6", MACS "9100 0007 8100 0008 86dd" V6_EHLO, ALWAYS},
    {"three tags", MACS "88a8 0007 8100 0008 8100 0009 0800" V4_EHLO, ALWAYS},
    {"five tags", MACS "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 0800" V4_EHLO, ALWAYS},
    {"a tag that libpcap does not know", MACS "9200 0007 0800" V4_EHLO, ALWAYS},
    {"and behind another", MACS "8100 0007 9200 0007 0800" V4_EHLO, ALWAYS},
    {"SNAP", MACS "0034 aaaa03 000000 0800" V4_EHLO, ALWAYS},
    {"SNAP behind a tag", MACS "8100 0007 0034 aaaa03 000000 0800" V4_EHLO, ALWAYS},
    {"MPLS", MACS "8847 00001140" V4_EHLO, ALWAYS},
    {"MPLS behind two tags", MACS "8100 0007 8100 0007 8847 00001140" V4_EHLO, ALWAYS},
    {"PPPoE", MACS "8864 11 00 0001 002e 0021" V4_EHLO, ALWAYS},
    {"first fragment", MACS "0800" V4_OF("06", "2000", OTHER_V4) TCP REST, ALWAYS},
    {"first fragment of web", MACS "0800" V4_OF("06", "2000", OTHER_V4) WEB REST,
     ALWAYS}, /* or the second waits for it */
    {"second fragment", MACS "0800" V4_OF("06", "0003", OTHER_V4) REST REST, ALWAYS},
    {"second fragment behind two tags", MACS "8100 0001 8100 0002 0800" V4_OF("06", "0003", OTHER_V4) REST REST,
     ALWAYS},
    {"IPv6 fragment", MACS "86dd" V6_OF("2c", OTHER_V6) "06 00 0009 00000001" REST REST, ALWAYS},
    {"IPv6 hop-by-hop", MACS "86dd" V6_OF("00", OTHER_V6) "06 00 0104 00000000" TCP REST, ALWAYS},
    {"IPv6 routing, destination", MACS "86dd" V6_OF("2b", OTHER_V6) "3c 00 0000 00000000 0600 0104 00000000" TCP REST,
     ALWAYS},

    {"web", MACS "0800" V4 WEB EHLO, NEVER},
    {"web over IPv6", MACS "86dd 60000000 0018 06 40" V6_FROM_TO WEB EHLO, NEVER},
    {"web behind a tag", MACS "8100 0007 0800" V4 WEB EHLO, NEVER},
    {"web behind two tags", MACS "88a8 0007 8100 0008 0800" V4 WEB EHLO, NEVER},
    {"DNS", MACS "0800" V4_OF("11", "4000", OTHER_V4) UDP_TO("0035") REST, NEVER},
    {"UDP to 25", MACS "0800" V4_OF("11", "4000", OTHER_V4) UDP_TO("0019") REST, NEVER},
    {"UDP fragment", MACS "0800" V4_OF("11", "0003", OTHER_V4) REST, TRUSTED},
    {"ICMP that quotes mail", MACS "0800" V4_OF("01", "4000", OTHER_V4) "0301 0000 00000000" V4_EHLO, NEVER},
    {"ICMPv6", MACS "86dd" V6_OF("3a", OTHER_V6) REST, NEVER},
    {"multicast listeners, behind hop-by-hop", MACS "86dd" V6_OF("00", OTHER_V6) "3a 00 0502 00000000" REST, NEVER},
    {"IPv6 fragment of UDP", MACS "86dd" V6_OF("2c", OTHER_V6) "11 00 0009 00000001" REST, TRUSTED},
    {"ARP", MACS "0806 0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202", NEVER},
    {"LLDP", MACS "88cc 0207 04 020000000001" REST, NEVER},
    {"spanning tree", MACS "0026 424203" REST REST, NEVER},

    {"GRE", MACS "0800" V4_OF("2f", "4000", OTHER_V4) "0000 0800" V4_EHLO, TRUSTED},
    {"GRE of the listed", MACS "0800" V4_OF("2f", "4000", LISTED_V4) "0000 0800" V4_EHLO, LISTED_TOO},
    {"GRE of the listed, behind two tags",
     MACS "8100 0001 8100 0002 0800" V4_OF("2f", "4000", LISTED_V4) "0000 0800" V4_EHLO, LISTED_TOO},
    {"GRE, second fragment", MACS "0800" V4_OF("2f", "0003", LISTED_V4) REST, LISTED_TOO},
    {"GRE over IPv6", MACS "86dd" V6_OF("2f", OTHER_V6) "0000 0800" V4_EHLO, TRUSTED},
    {"GRE over IPv6 of the listed", MACS "86dd" V6_OF("2f", LISTED_V6) "0000 0800" V4_EHLO, LISTED_TOO},
    {"GRE behind destination options", MACS "86dd" V6_OF("3c", LISTED_V6) "2f 00 0104 00000000 0000 0800" V4_EHLO,
     LISTED_TOO},
    {"IP in IP", MACS "0800" V4_OF("04", "4000", LISTED_V4) V4_EHLO, LISTED_TOO},
    {"IPv6 in IP", MACS "0800" V4_OF("29", "4000", LISTED_V4) V6_EHLO, LISTED_TOO},
    {"EtherIP", MACS "0800" V4_OF("61", "4000", LISTED_V4) "3000" MACS "0800" V4_EHLO, LISTED_TOO},
    {"MPLS in IP", MACS "0800" V4_OF("89", "4000", LISTED_V4) "00001140" V4_EHLO, LISTED_TOO},
    {"VXLAN", MACS "0800" V4_OF("11", "4000", LISTED_V4) UDP_TO("12b5") "0800000000000100" MACS "0800" V4_EHLO,
     LISTED_TOO},
    {"VXLAN of others", MACS "0800" V4_OF("11", "4000", OTHER_V4) UDP_TO("12b5") "0800000000000100" MACS "0800" V4_EHLO,
     TRUSTED},
    {"VXLAN of old", MACS "0800" V4_OF("11", "4000", LISTED_V4) UDP_TO("2118") "0800000000000100" MACS "0800" V4_EHLO,
     LISTED_TOO},
    {"VXLAN-GPE over IPv6", MACS "86dd" V6_OF("11", LISTED_V6) UDP_TO("12b6") "0c00000100000000" V4_EHLO, LISTED_TOO},
    {"GENEVE", MACS "0800" V4_OF("11", "4000", LISTED_V4) UDP_TO("17c1") "0000080000000000" V4_EHLO, LISTED_TOO},
    {"TZSP", MACS "0800" V4_OF("11", "4000", LISTED_V4) UDP_TO("9090") "01000001 01" MACS "0800" V4_EHLO, LISTED_TOO},
    {"VXLAN, second fragment", MACS "0800" V4_OF("11", "0003", LISTED_V4) REST, LISTED_TOO},
};

static void frames_by_hand(void **state) {
    (void)state;
    struct filter *any = filter_of("{}", DLT_EN10MB);
    struct filter *listed = filter_of(LISTED, DLT_EN10MB);
    struct filter *nobodys = filter_of(NOBODYS, DLT_EN10MB);
    for (size_t i = 0; i < sizeof by_hand / sizeof by_hand[0]; i++) {
        const struct by_hand *frame = &by_hand[i];
        struct made m = make(frame->hex);
        if (passes(any, m.bytes, m.len) != (frame->verdict >= TRUSTED)) fail_msg("%s, tunnels: any", frame->name);
        if (passes(listed, m.bytes, m.len) != (frame->verdict >= LISTED_TOO)) fail_msg("%s, listed", frame->name);
        if (passes(nobodys, m.bytes, m.len) != (frame->verdict == ALWAYS)) fail_msg("%s, tunnels: none", frame->name);
    }
    filter_free(any);
    filter_free(listed);
    filter_free(nobodys);
}

static void plain_ip_without_ethernet(void **state) {
    (void)state;
    struct filter *f = filter_of(NOBODYS, DLT_RAW);
    struct made mail4 = make(V4_EHLO), mail6 = make(V6_EHLO), web = make(V4 WEB EHLO);
    assert_true(passes(f, mail4.bytes, mail4.len));
    assert_true(passes(f, mail6.bytes, mail6.len));
    assert_false(passes(f, web.bytes, web.len));
    filter_free(f);
}

/* Of a stranger's tunnel one packet in 256 passes: the checksum's low byte is 0. */
static void some_of_a_tunnel_passes(void **state) {
    (void)state;
    struct filter *f = filter_of(NOBODYS, DLT_EN10MB);
    struct made v4 = make(MACS "0800" V4_OF("2f", "4000", OTHER_V4) "0000 0800" V4_EHLO);
    unsigned passed = 0;
    for (unsigned sum = 0; sum <= UINT16_MAX; sum++) {
        v4.bytes[14 + 10] = (uint8_t)(sum >> 8);
        v4.bytes[14 + 11] = (uint8_t)sum;
        passed += passes(f, v4.bytes, v4.len);
    }
    assert_int_equal(passed, 256);
    struct made v6 = make(MACS "86dd" V6_OF("2f", OTHER_V6) "0000 0800" V4_EHLO);
    passed = 0;
    for (unsigned length = 0; length <= UINT8_MAX; length++) {
        v6.bytes[14 + 5] = (uint8_t)length;
        passed += passes(f, v6.bytes, v6.len);
    }
    assert_int_equal(passed, 8);
    filter_free(f);
}

/* --- damaged frames ----------------------------------------------------------------------------------------------- */

static uint64_t random_state = 0x9e3779b97f4a7c15;

static unsigned random_below(unsigned limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 33) % limit;
}

/* Whatever a damaged or cut frame is, when the decoder sees mail in it, it passes. */
static void damaged_frames_that_are_mail_pass(void **state) {
    (void)state;
    static const char *const configs[] = {"{}", NOBODYS, LISTED};
    enum { ROUNDS = 100000 };
    unsigned mail = 0;
    for (size_t c = 0; c < sizeof configs / sizeof configs[0]; c++) {
        struct filter *f = filter_of(configs[c], DLT_EN10MB);
        struct counters counters = {.packets = 0};
        struct frame_decoder decoder = decoder_of(f, &counters, NULL);
        for (unsigned round = 0; round < ROUNDS; round++) {
            static const uint8_t likely[] = {0,  1,  4,  6,    8,    17,   25,   41,   43,  44,
                                             47, 51, 60, 0x45, 0x60, 0x81, 0x86, 0x88, 0xaa};
            struct made m = make(by_hand[random_below(sizeof by_hand / sizeof by_hand[0])].hex);
            for (unsigned changes = random_below(4); changes > 0; changes--)
                m.bytes[12 + random_below((unsigned)m.len - 12)] =
                    random_below(3) == 0 ? (uint8_t)random_below(256) : likely[random_below(sizeof likely)];
            size_t captured = random_below(2) == 0 ? m.len : 14 + random_below((unsigned)m.len - 13);
            struct packet packet;
            if (frame_decode(&decoder, ETHERNET, span_of(m.bytes, captured), (uint32_t)m.len, 0, &packet) !=
                    FRAME_TCP ||
                !is_mail(f, &packet))
                continue;
            mail++;
            if (!passes(f, m.bytes, captured)) fail_msg("round %u with %s", round, configs[c]);
        }
        filter_free(f);
    }
    assert_true(mail > ROUNDS / 10);
}

/* --- how long it may be ------------------------------------------------------------------------------------------- */

static void runs_of_ports(char *yaml, size_t size, unsigned runs) {
    size_t len = (size_t)snprintf(yaml, size, "scored_ports: [2]\nhome_networks: [192.0.2.0/24]\nports: [");
    for (unsigned i = 1; i <= runs; i++)
        len += (size_t)snprintf(yaml + len, size - len, "%s%u", i == 1 ? "" : ",", 2 * i);
    (void)snprintf(yaml + len, size - len, "]\n");
}

static void many_ports(void **state) {
    (void)state;
    static char yaml[8192];
    runs_of_ports(yaml, sizeof yaml, CAPTURE_FILTER_RUNS_MAX);
    struct filter *f = filter_of(yaml, DLT_EN10MB);
    assert_true(f->program.bf_len <= CAPTURE_FILTER_INSTRUCTIONS_MAX);
    filter_free(f);
    struct config config;
    const char *why;
    runs_of_ports(yaml, sizeof yaml, CAPTURE_FILTER_RUNS_MAX + 1);
    read_config(&config, yaml);
    assert_null(capture_filter_text(&config, DLT_EN10MB, &why));
    assert_string_equal(why, "there are too many ports");
    config_free(&config);
}

static void ports_that_follow_one_another(void **state) {
    (void)state;
    struct config config;
    const char *why;
    read_config(&config, "ports: [587, 25, 65535, 588, 65534, 589, 1]\n");
    char *text = capture_filter_text(&config, DLT_RAW, &why);
    assert_non_null(text);
    assert_int_equal(
        strncmp(text, "tcp port 1 or tcp port 25 or tcp portrange 587-589 or tcp portrange 65534-65535 or ", 82), 0);
    free(text);
    config_free(&config);
}

static void many_tunnel_sources(void **state) {
    (void)state;
    static char yaml[CONFIG_TUNNEL_SOURCES_MAX * 24 + 64];
    size_t len = (size_t)snprintf(yaml, sizeof yaml, "capture: {tunnels: [");
    for (unsigned i = 0; i < CONFIG_TUNNEL_SOURCES_MAX; i++)
        len += (size_t)snprintf(yaml + len, sizeof yaml - len, i % 2 ? "%s10.0.%u.0/24" : "%s'2001:db8:%x::/48'",
                                i == 0 ? "" : ",", i);
    (void)snprintf(yaml + len, sizeof yaml - len, "]}\n");
    struct filter *f = filter_of(yaml, DLT_EN10MB);
    assert_true(f->program.bf_len <= CAPTURE_FILTER_INSTRUCTIONS_MAX);
    filter_free(f);
}

static void no_filter(void **state) {
    (void)state;
    static const struct {
        const char *yaml;
        int link_type;
        const char *why;
    } cases[] = {
        {"detect: any_port\n", DLT_EN10MB, "detect is any_port"},
        {"capture: {filter: none}\n", DLT_EN10MB, "capture.filter is none"},
        {"{}", DLT_LINUX_SLL2, "the interface is neither Ethernet nor plain IP"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config config;
        const char *why;
        read_config(&config, cases[i].yaml);
        assert_null(capture_filter_text(&config, cases[i].link_type, &why));
        assert_string_equal(why, cases[i].why);
        config_free(&config);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_lose_no_mail),
        cmocka_unit_test(captures_without_mail_do_not_pass),
        cmocka_unit_test(frames_by_hand),
        cmocka_unit_test(plain_ip_without_ethernet),
        cmocka_unit_test(some_of_a_tunnel_passes),
        cmocka_unit_test(damaged_frames_that_are_mail_pass),
        cmocka_unit_test(many_ports),
        cmocka_unit_test(ports_that_follow_one_another),
        cmocka_unit_test(many_tunnel_sources),
        cmocka_unit_test(no_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
