/* The configuration: defaults, each option, each mistake with its place, and that a bad file changes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/config.h"
#include "mailspan/limits.h"
#include "text_file.h"

static bool parse(struct config *config, const char *text, struct problem *problem) {
    struct guarded copy = guard_copy(span_from_string(text));
    bool fine = config_parse(config, "t.yaml", "/etc/mailspan", copy.bytes, problem);
    guard_free(&copy);
    return fine;
}

static void expect_prefix(const struct ip_prefix *prefix, const char *text) {
    struct ip_prefix expected;
    assert_true(ip_prefix_from_text(span_from_string(text), &expected));
    assert_int_equal(prefix->bits, expected.bits);
    assert_true(ip_equal(&prefix->ip, &expected.ip));
}

/* --- values ---------------------------------------------------------------------------------------------------- */

static void defaults(void **state) {
    (void)state;
    struct config config;
    config_default(&config);
    assert_string_equal(config.file, "");
    assert_string_equal(config.sensor_id, "mailspan");
    assert_int_equal(config.home_network_count, 0);
    unsigned ports = 0;
    for (unsigned port = 0; port <= 65535; port++) ports += port_is_set(config.mail_ports, (uint16_t)port);
    assert_int_equal(ports, 4);
    assert_true(port_is_set(config.mail_ports, 25) && port_is_set(config.mail_ports, 465));
    assert_true(port_is_set(config.mail_ports, 587) && port_is_set(config.mail_ports, 2525));
    unsigned scored = 0;
    for (unsigned port = 0; port <= 65535; port++) scored += port_is_set(config.scored_ports, (uint16_t)port);
    assert_true(scored == 1 && port_is_set(config.scored_ports, 25));
    assert_false(config.any_port);
    assert_false(config.libnids);
    assert_int_equal(config.flows_max, LIMIT_FLOWS_DEFAULT);
    assert_int_equal(config.text_bytes, LIMIT_TEXT_BYTES_DEFAULT);
    assert_int_equal(config.sources_max, LIMIT_SOURCES_DEFAULT);
    assert_int_equal(config.evidence_max, LIMIT_EVIDENCE_DEFAULT);
    assert_int_equal(config.habits_max, 0);
    assert_int_equal(config.ipv6_prefix_bits, 64);
    assert_int_equal(config.interface_count, 0);
    assert_int_equal(config.capture_buffer_mib, 64);
    assert_int_equal(config.snap_length, 262144);
    assert_true(config.promiscuous);
    assert_int_equal(config.capture_queues, 1);
    assert_true(config.capture_filter);
    assert_int_equal(config.timestamps, TIMESTAMP_HOST);
    assert_false(config.verify_checksums);
    assert_true(config.tunnels_auto); /* which without home_networks is any */
    assert_int_equal(config.tunnel_source_count, 1);
    expect_prefix(&config.tunnel_sources[0], "::/0");
    assert_string_equal(config.content_rules, "");
    assert_string_equal(config.policy_rules, "");
    assert_int_equal(config.addresses, PRIVACY_MASKED);
    assert_int_equal(config.subjects, PRIVACY_MASKED);
    assert_string_equal(config.redis_url, "");
    assert_string_equal(config.redis_prefix, "mailspan:");
    assert_int_equal(config.redis_stream_max, 100000);
    assert_string_equal(config.metrics_listen, "");
    assert_int_equal(config.heartbeat_s, 10);
    config_free(&config);
}

static const char everything[] =
    "sensor_id: edge-1.example\n"
    "home_networks: [192.0.2.0/24, '2001:db8::/32', 198.51.100.7]\n"
    "ports: [25, 1, 65535]\n"
    "scored_ports: [65535, 25]\n"
    "detect: any_port\n"
    "reassembly: libnids\n"
    "ipv6_prefix: 56\n"
    "heartbeat: 2m\n"
    "capture:\n"
    "  interfaces:\n"
    "    - mirror0\n"
    "    - mirror1\n"
    "  buffer_mib: 256\n"
    "  queues: 64\n"
    "  filter: none\n"
    "  timestamps: adapter_unsynced\n"
    "  snap_length: 1600\n"
    "  promiscuous: no\n"
    "  checksums: verify\n"
    "  tunnels: [203.0.113.7, '2001:db8:7::/48']\n"
    "limits: {flows: 4194304, sources: 1048576, habits: 1048576, evidence: 16, text_bytes: 4096}\n"
    "rules:\n"
    "  content: content.yaml\n"
    "  setup: /srv/setup.yaml\n"
    "  bounces: ''\n"
    "  policy: ../policy.yaml\n"
    "privacy:\n"
    "  addresses: full\n"
    "  subjects: hashed\n"
    "  key: 0123456789abcdef\n"
    "redis:\n"
    "  url: redis://u:p%40ss@[2001:db8::5]:7000/3\n"
    "  prefix: 'ms:{a}:'\n"
    "  stream_max: 5\n"
    "metrics:\n"
    "  listen: '[::1]:9125'\n";

static void every_option_is_read(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    config_default(&config);
    if (!parse(&config, everything, &problem)) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    assert_string_equal(config.file, "t.yaml");
    assert_string_equal(config.sensor_id, "edge-1.example");
    assert_int_equal(config.home_network_count, 3);
    expect_prefix(&config.home_networks[0], "192.0.2.0/24");
    expect_prefix(&config.home_networks[1], "198.51.100.7/32"); /* in the order of their bytes, IPv4 before IPv6 */
    expect_prefix(&config.home_networks[2], "2001:db8::/32");
    assert_true(port_is_set(config.mail_ports, 25) && port_is_set(config.mail_ports, 1));
    assert_true(port_is_set(config.mail_ports, 65535));
    assert_false(port_is_set(config.mail_ports, 587)); /* the list replaces the default one */
    assert_true(port_is_set(config.scored_ports, 25) && port_is_set(config.scored_ports, 65535));
    assert_false(port_is_set(config.scored_ports, 1));
    assert_true(config.any_port);
    assert_true(config.libnids);
    assert_int_equal(config.ipv6_prefix_bits, 56);
    assert_int_equal(config.heartbeat_s, 120);
    assert_int_equal(config.interface_count, 2);
    assert_string_equal(config.interfaces[0], "mirror0");
    assert_string_equal(config.interfaces[1], "mirror1");
    assert_int_equal(config.capture_buffer_mib, 256);
    assert_int_equal(config.capture_queues, 64);
    assert_false(config.capture_filter);
    assert_int_equal(config.timestamps, TIMESTAMP_ADAPTER_UNSYNCED);
    assert_int_equal(config.snap_length, 1600);
    assert_false(config.promiscuous);
    assert_true(config.verify_checksums);
    assert_false(config.tunnels_auto);
    assert_int_equal(config.tunnel_source_count, 2);
    expect_prefix(&config.tunnel_sources[0], "203.0.113.7");
    expect_prefix(&config.tunnel_sources[1], "2001:db8:7::/48");
    assert_int_equal(config.flows_max, 4194304);
    assert_int_equal(config.text_bytes, 4096);
    assert_int_equal(config.sources_max, 1048576);
    assert_int_equal(config.evidence_max, 16);
    assert_int_equal(config.habits_max, 1048576);
    assert_string_equal(config.content_rules, "/etc/mailspan/content.yaml");
    assert_string_equal(config.setup_rules, "/srv/setup.yaml");
    assert_string_equal(config.bounce_rules, "");
    assert_string_equal(config.policy_rules, "/etc/mailspan/../policy.yaml");
    assert_int_equal(config.addresses, PRIVACY_FULL);
    assert_int_equal(config.subjects, PRIVACY_HASHED);
    assert_string_equal(config.privacy_key, "0123456789abcdef");
    assert_string_equal(config.redis_prefix, "ms:{a}:");
    assert_int_equal(config.redis_stream_max, 5);
    assert_string_equal(config.metrics_listen, "[::1]:9125");
    struct redis_target target;
    assert_true(redis_target_parse(config.redis_url, &target, &problem));
    assert_string_equal(target.host, "2001:db8::5");
    /* the next file starts from the defaults, not from this one */
    assert_true(parse(&config, "detect: any_port\nports: []\ncapture:\n  # all commented out\n", &problem));
    assert_int_equal(config.home_network_count, 0);
    assert_int_equal(config.interface_count, 0);
    assert_string_equal(config.sensor_id, "mailspan");
    config_free(&config);
}

/* tunnels: auto is any without home_networks, and none with them, in whatever order they stand. */
static void tunnels_depend_on_home_networks(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_auto;
        unsigned count;
        const char *first;
    } cases[] = {
        {"", true, 1, "::/0"},
        {"capture: {tunnels: auto}\n", true, 1, "::/0"},
        {"home_networks: [192.0.2.0/24]\n", true, 0, NULL},
        {"capture: {tunnels: auto}\nhome_networks: [192.0.2.0/24]\n", true, 0, NULL},
        {"home_networks: [192.0.2.0/24]\ncapture: {tunnels: any}\n", false, 1, "::/0"},
        {"home_networks: [192.0.2.0/24]\ncapture: {tunnels: [10.1.0.0/16]}\n", false, 1, "10.1.0.0/16"},
        {"capture: {tunnels: none}\n", false, 0, NULL},
        {"capture: {tunnels: []}\n", false, 0, NULL},
    };
    struct config config;
    struct problem problem;
    config_default(&config);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(parse(&config, cases[i].text, &problem));
        assert_int_equal(config.tunnels_auto, cases[i].is_auto);
        assert_int_equal(config.tunnel_source_count, cases[i].count);
        if (cases[i].count > 0) expect_prefix(&config.tunnel_sources[0], cases[i].first);
    }
    config_free(&config);
}

/* CONFIG_TUNNEL_SOURCES_MAX prefixes are taken, one more is not. */
static void many_tunnels(void **state) {
    (void)state;
    static char text[CONFIG_TUNNEL_SOURCES_MAX * 16 + 64];
    struct config config;
    struct problem problem;
    config_default(&config);
    for (unsigned count = CONFIG_TUNNEL_SOURCES_MAX; count <= CONFIG_TUNNEL_SOURCES_MAX + 1; count++) {
        size_t len = (size_t)snprintf(text, sizeof text, "capture: {tunnels: [");
        for (unsigned i = 0; i < count; i++)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s10.0.%u.%u", i == 0 ? "" : ",", i / 256, i % 256);
        (void)snprintf(text + len, sizeof text - len, "]}\n");
        assert_int_equal(parse(&config, text, &problem), count == CONFIG_TUNNEL_SOURCES_MAX);
    }
    assert_non_null(strstr(problem.what, "257 entries; expected at most 256"));
    expect_prefix(&config.tunnel_sources[CONFIG_TUNNEL_SOURCES_MAX - 1], "10.0.0.255");
    config_free(&config);
}

/* On a machine with any number of processors there is a decoder at least, and at most CONFIG_QUEUES_MAX. */
static void queues_by_the_processors(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    config_default(&config);
    assert_true(parse(&config, "capture: {queues: auto}\n", &problem));
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    assert_in_range(config.capture_queues, 1, processors < CONFIG_QUEUES_MAX ? processors : CONFIG_QUEUES_MAX);
    config_free(&config);
}

static void an_empty_file_is_the_defaults(void **state) {
    (void)state;
    struct config config, preset;
    struct problem problem;
    config_default(&config);
    config_default(&preset);
    assert_true(parse(&config, "", &problem));
    assert_string_equal(config.file, "t.yaml");
    config.file[0] = '\0';
    assert_memory_equal(config.mail_ports, preset.mail_ports, sizeof preset.mail_ports);
    assert_string_equal(config.redis_prefix, preset.redis_prefix);
    assert_int_equal(config.flows_max, preset.flows_max);
    config_free(&config);
    config_free(&preset);
}

/* --- mistakes -------------------------------------------------------------------------------------------------- */

struct mistake {
    const char *text;
    unsigned line, column;
    const char *what;
};

static const struct mistake mistakes[] = {
    {"prots: [25]\n", 1, 1, "unknown key 'prots' (did you mean 'ports'?)"},
    {"buffer_mib: 64\n", 1, 1, "unknown key 'buffer_mib'"},
    {"capture:\n  bufer_mib: 64\n", 2, 3, "did you mean 'buffer_mib'?); expected one of: interfaces, buffer_mib"},
    {"capture: [eth0]\n", 1, 10, "a list; expected a map"},
    {"- a\n", 1, 1, "a list; expected a map"},
    {"hello\n", 1, 1, "'hello'; expected a map"},
    {"sensor_id: ''\n", 1, 12, "expected 1 to 63 letters"},
    {"sensor_id: a b\n", 1, 12, "'a b' has a character of another kind"},
    {"sensor_id:\n", 1, 11, "nothing; expected text"},
    {"sensor_id: [x]\n", 1, 12, "a list; expected text"},
    {"sensor_id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 1, 12, "64 bytes"},
    {"home_networks: 192.0.2.0/24\n", 1, 16, "no list; expected a list of prefixes"},
    {"home_networks: [192.0.2.1/24]\n", 1, 17, "'192.0.2.1/24' has host bits set; expected 192.0.2.0/24"},
    {"home_networks: ['2001:db8::1/32']\n", 1, 17, "expected 2001:db8::/32, or the address alone"},
    {"home_networks: [192.0.2.0/33]\n", 1, 17, "bad length; expected a number from 0 to 32"},
    {"home_networks: ['2001:db8::/129']\n", 1, 17, "bad length; expected a number from 0 to 128"},
    {"home_networks: [192.0.2.0/]\n", 1, 17, "bad length"},
    {"home_networks: [192.0.2/24]\n", 1, 17, "no IP prefix; expected a list of prefixes"},
    {"home_networks: [example.com]\n", 1, 17, "no IP prefix"},
    {"home_networks: [192.0.2.0/24, 192.0.2.0/24]\n", 1, 31, "stands twice"},
    {"home_networks: [192.0.2.1, 192.0.2.1/32]\n", 1, 28, "stands twice"},
    {"home_networks: [[192.0.2.0/24]]\n", 1, 17, "a list; expected text"},
    {"ports: 25\n", 1, 8, "no list; expected a list of TCP ports"},
    {"ports: []\n", 1, 8, "at least one, or 'detect: any_port'"},
    {"ports: [0]\n", 1, 9, "'0'; expected a whole number from 1 to 65535"},
    {"ports: [70000]\n", 1, 9, "'70000'; expected a whole number from 1 to 65535"},
    {"ports: [-25]\n", 1, 9, "'-25'; expected"},
    {"ports: [25, smtp]\n", 1, 13, "'smtp'; expected"},
    {"ports: ['25']\n", 1, 9, "'25' in quotes; expected"},
    {"ports: [25, 587, 25]\n", 1, 18, "the port 25 stands twice"},
    {"ports: {25: yes}\n", 1, 8, "no list"},
    {"detect: any\n", 1, 9, "unknown value 'any'"},
    {"reassembly: nids\n", 1, 13, "expected one of: native, libnids"},
    {"ipv6_prefix: 129\n", 1, 14, "from 1 to 128"},
    {"ipv6_prefix: 0\n", 1, 14, "from 1 to 128"},
    {"heartbeat: 0s\n", 1, 12, "from 1s to 1h"},
    {"heartbeat: soon\n", 1, 12, "expected a duration"},
    {"heartbeat: 2h\n", 1, 12, "from 1s to 1h"},
    {"capture: {interfaces: eth0}\n", 1, 23, "no list; expected a list of interface names"},
    {"capture: {interfaces: [eth0, eth0]}\n", 1, 30, "stands twice"},
    {"capture: {interfaces: [../../etc]}\n", 1, 24, "no interface name"},
    {"capture: {interfaces: [abcdefghijklmnop]}\n", 1, 24, "at most 15 characters"},
    {"capture: {interfaces: ['']}\n", 1, 24, "no interface name"},
    {"capture: {interfaces: [mirror0, any]}\n", 1, 33, "'any' is no interface; expected the name of each"},
    {"user: root\n", 1, 7, "the user 'root'; expected one without rights"},
    {"capture: {interfaces: [a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q]}\n", 1, 23, "17 entries; expected at most 16"},
    {"capture: {buffer_mib: 2048}\n", 1, 23, "'2048'; expected a whole number from 1 to 2047"},
    {"scored_ports: []\n", 1, 15, "no ports; expected at least one"},
    {"scored_ports: [25, 26]\n", 1, 15, "the port 26 is scored but does not stand in ports; expected it in both"},
    {"scored_ports: [0]\n", 1, 16, "from 1 to 65535"},
    {"capture: {buffer_mib: 0}\n", 1, 23, "from 1 to 2047"},
    {"capture: {queues: 65}\n", 1, 19, "'65'; expected a whole number from 1 to 64, or auto"},
    {"capture: {queues: all}\n", 1, 19, "'all'; expected a whole number from 1 to 64, or auto"},
    {"capture: {queues: [1]}\n", 1, 19, "expected a whole number from 1 to 64, or auto"},
    {"capture: {filter: false}\n", 1, 19, "expected one of: none, ports"},
    {"capture: {timestamps: auto}\n", 1, 23, "expected one of: host, adapter, adapter_unsynced"},
    {"capture: {snap_length: 262145}\n", 1, 24, "from 128 to 262144"},
    {"capture: {promiscuous: maybe}\n", 1, 24, "expected true or false"},
    {"capture: {checksums: always}\n", 1, 22, "expected one of: ignore, verify"},
    {"capture: {tunnels: all}\n", 1, 20, "unknown value 'all'; expected auto, any, none, or a list of prefixes"},
    {"capture: {tunnels: }\n", 1, 20, "unknown value ''; expected auto, any"},
    {"capture: {tunnels: 192.0.2.1}\n", 1, 20, "unknown value '192.0.2.1'; expected auto, any"},
    {"capture: {tunnels: {any: yes}}\n", 1, 20, "no list; expected auto, any"},
    {"capture: {tunnels: [any]}\n", 1, 21, "'any' is no IP prefix; expected auto, any"},
    {"capture: {tunnels: [192.0.2.1/24]}\n", 1, 21, "host bits set; expected 192.0.2.0/24"},
    {"capture: {tunnels: [192.0.2.1, 192.0.2.1]}\n", 1, 32, "stands twice"},
    {"metrics: {listen: 0.0.0.0:9125}\n", 1, 19,
     "an address that others can reach in '0.0.0.0:9125'; expected a loopback one"},
    {"metrics: {listen: 9125}\n", 1, 19, "no port in '9125'; expected 127.0.0.1:9125"},
    {"metrics: {listen: unix://run/x}\n", 1, 19, "three slashes"},
    {"limits: {flows: 4194305}\n", 1, 17, "from 16 to 4194304"},
    {"limits: {flows: 99999999999999999999999}\n", 1, 17, "from 16 to 4194304"},
    {"limits: {sources: 1048577}\n", 1, 19, "from 16 to 1048576"},
    {"limits: {habits: 1048577}\n", 1, 18, "from 0 to 1048576"},
    {"limits: {evidence: 1.5}\n", 1, 20, "whole number"},
    {"limits: {text_bytes: 0}\n", 1, 22, "from 4096 to 1048576"},
    {"limits: {text_bytes: 4095}\n", 1, 22, "from 4096 to 1048576"},
    {"limits:\n  text_bytes: 1048577\n", 2, 15, "from 4096 to 1048576"},
    {"limits: {text_bytes: 64k}\n", 1, 22, "whole number"},
    {"rules: {content: [a]}\n", 1, 18, "a list; expected text"},
    {"rules: {contents: a}\n", 1, 9, "did you mean 'content'?"},
    {"privacy: {addresses: none}\n", 1, 22, "expected one of: full, masked, hashed"},
    {"privacy: {subjects: hashed, key: short}\n", 1, 34, "a key of 5 bytes; expected 16 to 255 bytes"},
    {"privacy: {key: 0123456789abcdef}\n", 1, 16, "a key that nothing uses"},
    {"redis: {url: localhost}\n", 1, 14, "unknown scheme"},
    {"redis: {url: 'rediss://h'}\n", 1, 14, "TLS (rediss://) is not supported"},
    {"redis: {prefix: ''}\n", 1, 17, "expected 1 to 63"},
    {"redis: {prefix: 'a*'}\n", 1, 17, "another kind"},
    {"redis: {stream_max: 0}\n", 1, 21, "from 1 to 1000000000"},
    {"ports: [25]\nports: [26]\n", 2, 1, "stands twice"},
    {"sensor_id: *x\n", 1, 12, "alias"},
};

static void mistakes_are_named_and_change_nothing(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    config_default(&config);
    assert_true(parse(&config, everything, &problem));
    struct config before = config;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const struct mistake *mistake = &mistakes[i];
        if (parse(&config, mistake->text, &problem)) fail_msg("accepted: %s", mistake->text);
        if (problem.line != mistake->line || problem.column != mistake->column ||
            strstr(problem.what, mistake->what) == NULL || strstr(problem.what, "expected") == NULL ||
            strchr(problem.what, '\n') != NULL)
            fail_msg("%s gives %u:%u: %s", mistake->text, problem.line, problem.column, problem.what);
        assert_string_equal(problem.file, "t.yaml");
        assert_memory_equal(&config, &before, sizeof config); /* the pointer too: nothing was freed */
    }
    expect_prefix(&config.home_networks[2], "2001:db8::/32");
    config_free(&config);
}

static void a_long_path_is_refused_whole(void **state) {
    (void)state;
    char text[400] = "rules: {policy: ";
    memset(text + strlen(text), 'x', 242); /* with "/etc/mailspan/" one byte too long for the 255 */
    strcat(text, "}");
    struct config config;
    struct problem problem;
    config_default(&config);
    assert_false(parse(&config, text, &problem));
    assert_non_null(strstr(problem.what, "256 bytes long with its folder; expected at most 255"));
    text[strlen(text) - 2] = '}';
    text[strlen(text) - 1] = '\0';
    assert_true(parse(&config, text, &problem));
    assert_int_equal(strlen(config.policy_rules), 255);
    config_free(&config);
}

static void secrets_are_not_repeated(void **state) {
    (void)state;
    static const char *const texts[] = {
        "redis: {url: 'redis://u:geheim@host:0'}\n",  "redis: {url: 'redis://u:geh/geheim@host'}\n",
        "redis: {url: 'redis://u:geheim%zz@host'}\n", "redis: {url: 'geheim'}\n",
        "redis: {url: 'rediss://u:geheim@host'}\n",   "redis: {url: 'redis://:geheim@host:1:2'}\n",
        "privacy: {subjects: hashed, key: geheim}\n", "redis: {url: 'redis://u:geheim?@host'}\n",
        "redis: {url: 'redis://geheim@host'}\n",      "redis: {url: 'unix://geheim'}\n",
    };
    struct config config;
    config_default(&config);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct problem problem;
        assert_false(parse(&config, texts[i], &problem));
        if (strstr(problem.what, "geh") != NULL) fail_msg("%s tells: %s", texts[i], problem.what);
    }
    config_free(&config);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* As from the command line, without a place in a file. */
static void interfaces_one_by_one(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    config_default(&config);
    assert_true(config_add_interface(&config, "mirror0", &problem));
    assert_false(config_add_interface(&config, "mirror0", &problem));
    assert_string_equal(problem.what, "the interface 'mirror0' stands twice; expected it once");
    assert_false(config_add_interface(&config, "an-interface-of-fifty-characters-is-no-interface-x", &problem));
    assert_string_equal(problem.what,
                        "'an-interface-of-fifty-characters-is-no-i' is no interface name; expected at "
                        "most 15 characters without '/' and spaces");
    assert_false(config_add_interface(&config, "", &problem));
    for (unsigned i = 1; i < CONFIG_INTERFACES_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "mirror%u", i);
        assert_true(config_add_interface(&config, name, &problem));
    }
    assert_false(config_add_interface(&config, "onemore", &problem));
    assert_string_equal(problem.what, "too many interfaces; expected at most 16");
    config_free(&config);
}

static void read_files(bool (*load)(struct config *, const char *, struct problem *)) {
    char folder[] = "/tmp/mailspan-config-XXXXXX", path[128], expected[160];
    assert_non_null(mkdtemp(folder));
    struct config config;
    struct problem problem;
    config_default(&config);
    (void)snprintf(path, sizeof path, "%s/c.yaml", folder);
    write_file(path, "sensor_id: filed\nrules: {policy: p.yaml}\nhome_networks: [192.0.2.0/24, 198.51.100.0/24]\n");
    assert_true(load(&config, path, &problem));
    assert_string_equal(config.file, path);
    assert_string_equal(config.sensor_id, "filed");
    (void)snprintf(expected, sizeof expected, "%s/p.yaml", folder);
    assert_string_equal(config.policy_rules, expected);
    assert_false(load(&config, folder, &problem)); /* what else is no file: test_text_file.c */
    assert_string_equal(problem.what, "is a directory; expected a file");
    assert_string_equal(problem.file, folder);
    write_file(path, "sensor_id: filed\nsensor_id: other\n");
    assert_false(load(&config, path, &problem));
    assert_int_equal(problem.line, 2);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_string_equal(config.sensor_id, "filed");
    assert_int_equal(config.home_network_count, 2);
    assert_true(ip_equal(&config.home_networks[1].ip, &(struct ip_address){{[10] = 0xff, 0xff, 198, 51, 100, 0}}));
    config_free(&config);
}

static void files_and_what_is_none(void **state) {
    (void)state;
    read_files(config_load);
    read_files(config_load_apart);
}

/* Tests run in the project's folder. */
static char *read_text(const char *path) {
    struct span text;
    struct problem problem;
    if (!text_file_read(path, &text, &problem)) fail_msg("%s: %s", path, problem.what);
    char *copy = malloc(text.len + 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    free((void *)(uintptr_t)text.data);
    return copy;
}

/* In another order, or with one that lies in another, they are the same networks. */
static void home_networks_are_arranged(void **state) {
    (void)state;
    struct config one, other;
    struct problem problem;
    struct ip_address inside, outside;
    char text[64];
    config_default(&one);
    config_default(&other);
    assert_true(ip_from_text(SPAN_LITERAL("10.1.2.3"), &inside) && ip_from_text(SPAN_LITERAL("11.0.0.0"), &outside));
    assert_true(config_is_home(&one, &inside) && config_is_home(&one, &outside)); /* none are set: all are at home */
    assert_true(parse(&one, "home_networks: [10.0.0.0/8, 192.0.2.0/24]\n", &problem));
    assert_true(parse(&other, "home_networks: [192.0.2.0/24, 10.1.0.0/16, 10.0.0.0/8]\n", &problem));
    assert_false(config_changes(&one, &other, true, text, sizeof text));
    assert_int_equal(other.home_network_count, 2);
    assert_true(config_is_home(&other, &inside));
    assert_false(config_is_home(&other, &outside));
    config_free(&one);
    config_free(&other);
}

/* --- read again ------------------------------------------------------------------------------------------------ */

static const char everything_else[] =
    "sensor_id: edge-2.example\n"
    "home_networks: [192.0.2.0/25, '2001:db8::/32', 198.51.100.7]\n"
    "ports: [25, 2, 65535]\n"
    "scored_ports: [65535]\n"
    "ipv6_prefix: 48\n"
    "heartbeat: 3m\n"
    "user: somebody\n"
    "capture:\n"
    "  interfaces: [mirror0, mirror2]\n"
    "  buffer_mib: 257\n"
    "  snap_length: 1601\n"
    "  tunnels: [203.0.113.7, '2001:db8:8::/48']\n"
    "limits: {flows: 4194303, sources: 1048575, habits: 1, evidence: 17, text_bytes: 1048576}\n"
    "rules: {content: content2.yaml, setup: /srv/setup2.yaml, bounces: b.yaml, policy: ../policy2.yaml}\n"
    "privacy: {addresses: hashed, subjects: full, key: 0123456789abcdeg}\n"
    "redis: {url: 'redis://u:p%40st@[2001:db8::5]:7000/3', prefix: 'ms:{b}:', stream_max: 6}\n"
    "metrics: {listen: '127.0.0.1:9126'}\n";

static void what_changes_and_what_is_kept(void **state) {
    (void)state;
    struct config running, next;
    struct problem problem;
    char text[1024];
    config_default(&running);
    config_default(&next);
    assert_true(parse(&running, everything, &problem));
    assert_true(parse(&next, everything, &problem));
    assert_false(config_changes(&running, &next, true, text, sizeof text));
    assert_string_equal(text, "");
    assert_false(config_changes(&running, &next, false, text, sizeof text));
    if (!parse(&next, everything_else, &problem)) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    assert_true(config_changes(&running, &next, true, text, sizeof text));
    assert_string_equal(text,
                        "home_networks, ports, scored_ports, detect, heartbeat, capture.checksums, capture.tunnels, "
                        "limits.text_bytes, rules.content, rules.setup, rules.bounces, rules.policy, "
                        "privacy.addresses, privacy.subjects, "
                        "redis.stream_max");
    assert_true(config_changes(&next, &running, false, text, sizeof text));
    assert_string_equal(text,
                        "sensor_id, reassembly, ipv6_prefix, user, capture.interfaces, capture.buffer_mib, "
                        "capture.queues, capture.filter, capture.timestamps, capture.snap_length, capture.promiscuous, "
                        "limits.flows, limits.sources, limits.habits, limits.evidence, "
                        "privacy.key, redis.url, redis.prefix, metrics.listen");
    config_keep_running(&next, &running);
    assert_string_equal(next.privacy_key, "0123456789abcdef");
    assert_false(config_changes(&running, &next, false, text, sizeof text));
    assert_string_equal(next.sensor_id, "edge-1.example");
    assert_true(next.libnids);
    assert_int_equal(next.interface_count, 2);
    assert_string_equal(next.interfaces[1], "mirror1");
    assert_int_equal(next.snap_length, 1600);
    assert_false(next.promiscuous);
    assert_string_equal(next.privacy_key, "0123456789abcdef");
    assert_string_equal(next.redis_prefix, "ms:{a}:");
    assert_int_equal(next.home_networks[0].bits, 96 + 25); /* the others are the file's */
    assert_string_equal(next.bounce_rules, "/etc/mailspan/b.yaml");
    assert_int_equal(next.redis_stream_max, 6);
    config_free(&running);
    config_free(&next);
}

/* Names are left out whole when there is no room for them. */
static void changes_in_little_room(void **state) {
    (void)state;
    struct config running, next;
    char text[24];
    config_default(&running);
    config_default(&next);
    running.flows_max++;
    running.capture_buffer_mib++;
    running.ipv6_prefix_bits++;
    assert_true(config_changes(&running, &next, false, text, sizeof text));
    assert_string_equal(text, "ipv6_prefix");
    assert_true(config_changes(&running, &next, false, text, 0));
    running.ipv6_prefix_bits--;
    running.capture_buffer_mib--;
    assert_true(config_changes(&running, &next, false, text, sizeof text));
    assert_string_equal(text, "limits.flows");
    config_free(&running);
    config_free(&next);
}

static void the_documentation_knows_every_option(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    config_default(&config);
    if (!config_load(&config, "docs/mailspan.yaml", &problem))
        fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    config_free(&config);
    char *page = read_text("docs/configuration.md"), *sample = read_text("docs/mailspan.yaml");
    struct option_help help;
    unsigned count = 0;
    for (; config_help(count, &help); count++) {
        char row[256];
        (void)snprintf(row, sizeof row, "| `%s` | `%s` | ", help.path, help.preset);
        const char *there = strstr(page, row), *taken = help.live ? " | at once |\n" : " | next start |\n";
        if (there == NULL) fail_msg("docs/configuration.md has no row \"%s\"", row);
        if (strncmp(strchr(there, '\n') + 1 - strlen(taken), taken, strlen(taken)) != 0)
            fail_msg("docs/configuration.md says wrongly when %s is taken", help.path);
        const char *dot = strchr(help.path, '.'), *name = dot == NULL ? help.path : dot + 1;
        (void)snprintf(row, sizeof row, "# %s: %s", name, help.preset);
        const char *line = strstr(sample, row), *end = line == NULL ? NULL : line + strlen(row);
        if (end == NULL || (*end != '\n' && *end != ' ')) fail_msg("docs/mailspan.yaml has no line \"%s\"", row);
        assert_true(help.expected[0] != '\0' && help.help[0] != '\0');
    }
    assert_int_equal(count, 40);
    free(page);
    free(sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(every_option_is_read),
        cmocka_unit_test(tunnels_depend_on_home_networks),
        cmocka_unit_test(home_networks_are_arranged),
        cmocka_unit_test(many_tunnels),
        cmocka_unit_test(queues_by_the_processors),
        cmocka_unit_test(an_empty_file_is_the_defaults),
        cmocka_unit_test(mistakes_are_named_and_change_nothing),
        cmocka_unit_test(a_long_path_is_refused_whole),
        cmocka_unit_test(secrets_are_not_repeated),
        cmocka_unit_test(interfaces_one_by_one),
        cmocka_unit_test(files_and_what_is_none),
        cmocka_unit_test(what_changes_and_what_is_kept),
        cmocka_unit_test(changes_in_little_room),
        cmocka_unit_test(the_documentation_knows_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
