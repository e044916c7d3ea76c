/* config: the options of a sensor, one row each.
 *
 * A row says where the option stands in the file, its default, where its value goes, what is allowed and which function
 * reads it.  The default is YAML text that goes through the same function as a file's value, so a default cannot be
 * what a file may not say.  A file is read into a fresh configuration that replaces the old one only when all of it is
 * sound: a bad file changes nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/config.h"

#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "home_networks.h"
#include "mailspan/limits.h"
#include "mailspan/yaml_document.h"
#include "text_file.h"

#define INTERFACE_NAME_BYTES_MAX 15 /* IFNAMSIZ of Linux, without its NUL */
#define HEARTBEAT_MAX_S 3600
#define SNAP_LENGTH_MAX 262144 /* libpcap's own maximum */
#define BUFFER_MIB_MAX 2047    /* libpcap takes its bytes as an int */
#define CHOICES_MAX 4
#define OPTION_KEYS_MAX 16 /* options of one group, or groups */

struct reading {
    const struct yaml_document *document;
    struct config *config;
    const char *folder; /* what relative paths start from */
    struct problem *problem;
};

struct option {
    const char *path;   /* "group.key", or "key" */
    const char *preset; /* YAML */
    bool (*read)(const struct reading *reading, const struct option *option, const struct yaml_node *node);
    size_t offset, size; /* of the value in struct config */
    int64_t min, max;    /* of a number or a duration; of a text: its length */
    const char *choices[CHOICES_MAX];
    const char *expected;
    const char *help;
    enum { AT_NEXT_START, LIVE } taken; /* from a file that was read again by a sensor that runs */
};

static void *option_value(const struct reading *reading, const struct option *option) {
    return (uint8_t *)reading->config + option->offset;
}

static bool wrong(const struct reading *reading, const struct yaml_node *node, const char *what, const char *expected) {
    return yaml_problem(reading->document, node, false, reading->problem, "%s; expected %s", what, expected);
}

/* --- readers: one kind of value each ---------------------------------------------------------------------------- */

/* Rows with numbers, choices and truth values differ only in the width of their storage. */
static void store(const struct reading *reading, const struct option *option, uint64_t value) {
    void *target = option_value(reading, option);
    uint8_t narrow8 = (uint8_t)value;
    uint32_t narrow32 = (uint32_t)value;
    if (option->size == sizeof narrow8)
        memcpy(target, &narrow8, sizeof narrow8);
    else if (option->size == sizeof narrow32)
        memcpy(target, &narrow32, sizeof narrow32);
    else
        memcpy(target, &value, sizeof value);
}

static bool read_integer(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    int64_t value;
    if (!yaml_integer(reading->document, node, option->min, option->max, &value, reading->problem)) return false;
    store(reading, option, (uint64_t)value);
    return true;
}

static bool read_duration(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    int64_t value;
    if (!yaml_duration_s(reading->document, node, option->min, option->max, &value, reading->problem)) return false;
    store(reading, option, (uint64_t)value);
    return true;
}

static bool read_boolean(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    bool value;
    if (!yaml_boolean(reading->document, node, &value, reading->problem)) return false;
    store(reading, option, value);
    return true;
}

static bool read_choice(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    unsigned value;
    if (!yaml_choice(reading->document, node, option->choices, &value, reading->problem)) return false;
    store(reading, option, value);
    return true;
}

/* Text of allowed length; a secret, so a problem does not repeat it. */
static bool read_text(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    const char *text;
    if (!yaml_string(reading->document, node, &text, reading->problem)) return false;
    size_t len = strlen(text);
    if (len >= option->size || (int64_t)len < option->min || (int64_t)len > option->max)
        return yaml_problem(reading->document, node, false, reading->problem, "a text of %zu bytes; expected %s", len,
                            option->expected);
    memset(option_value(reading, option), 0, option->size);
    memcpy(option_value(reading, option), text, len);
    return true;
}

/* Names become part of keys, channels and file names. */
static bool read_name(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    if (!read_text(reading, option, node)) return false;
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:{}-";
    size_t sound = strspn(node->text, allowed);
    if (node->text[sound] == '\0') return true;
    return yaml_problem(reading->document, node, false, reading->problem,
                        "'%.60s' has a character of another kind; expected %s", node->text, option->expected);
}

/* Whether there is such a user depends on the machine; this one is refused on all. */
static bool read_user(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    if (!read_name(reading, option, node)) return false;
    return strcmp(node->text, "root") != 0 || wrong(reading, node, "the user 'root'", "one without rights");
}

static bool read_key(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    if (!read_text(reading, option, node)) return false;
    size_t len = strlen(node->text);
    if (len == 0 || len >= CONFIG_PRIVACY_KEY_BYTES_MIN) return true;
    return yaml_problem(reading->document, node, false, reading->problem, "a key of %zu bytes; expected %s", len,
                        option->expected);
}

static bool read_path(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    const char *text;
    if (!yaml_string(reading->document, node, &text, reading->problem)) return false;
    bool relative = text[0] != '/' && text[0] != '\0' && reading->folder[0] != '\0';
    const char *separator = relative && strcmp(reading->folder, "/") != 0 ? "/" : "";
    memset(option_value(reading, option), 0, option->size);
    int len = snprintf(option_value(reading, option), option->size, "%s%s%s", relative ? reading->folder : "",
                       separator, text);
    if (len >= 0 && (size_t)len < option->size) return true;
    return yaml_problem(reading->document, node, false, reading->problem,
                        "the path is %d bytes long with its folder; expected at most %zu", len, option->size - 1);
}

static bool read_redis_url(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    if (!read_text(reading, option, node)) return false;
    struct redis_target target;
    struct problem why;
    if (node->text[0] == '\0') return true;
    bool fine = redis_target_parse(node->text, &target, &why);
    if (fine) redis_target_forget(&target);
    return fine || yaml_problem(reading->document, node, false, reading->problem, "%s", why.what);
}

static bool read_metrics_listen(const struct reading *reading, const struct option *option,
                                const struct yaml_node *node) {
    if (!read_text(reading, option, node)) return false;
    struct metrics_target target;
    struct problem why;
    if (node->text[0] == '\0' || metrics_target_parse(node->text, &target, &why)) return true;
    return yaml_problem(reading->document, node, false, reading->problem, "%s", why.what);
}

static bool need_list(const struct reading *reading, const struct option *option, const struct yaml_node *node,
                      unsigned max) {
    if (node->kind != YAML_LIST) return wrong(reading, node, "this is no list", option->expected);
    if (node->count <= max) return true;
    return yaml_problem(reading->document, node, false, reading->problem, "%u entries; expected at most %u",
                        node->count, max);
}

static bool read_port_list(const struct reading *reading, const struct option *option, const struct yaml_node *node,
                           unsigned max) {
    if (!need_list(reading, option, node, max)) return false;
    uint8_t *ports = option_value(reading, option);
    memset(ports, 0, option->size); /* the file's list replaces the default one */
    for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next) {
        int64_t port;
        if (!yaml_integer(reading->document, entry, option->min, option->max, &port, reading->problem)) return false;
        if (port_is_set(ports, (uint16_t)port))
            return yaml_problem(reading->document, entry, false, reading->problem,
                                "the port %" PRId64 " stands twice; expected it once", port);
        port_set(ports, (uint16_t)port);
    }
    return true;
}

static bool read_ports(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    return read_port_list(reading, option, node, UINT16_MAX);
}

static bool read_scored_ports(const struct reading *reading, const struct option *option,
                              const struct yaml_node *node) {
    return read_port_list(reading, option, node, CONFIG_SCORED_PORTS_MAX);
}

/* Says what is wrong with a prefix, and how it should read when only host bits are set. */
static bool prefix_problem(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    struct span text = span_from_string(node->text);
    size_t slash = span_find(text, '/');
    struct ip_address ip;
    if (!ip_from_text(span_head(text, slash), &ip))
        return yaml_problem(reading->document, node, false, reading->problem, "'%.60s' is no IP prefix; expected %s",
                            node->text, option->expected);
    bool v4_notation = span_find(text, ':') == text.len;
    struct span bits_text = span_from(text, slash + 1);
    for (unsigned bits = 0; bits <= (v4_notation ? 32u : 128u); bits++) {
        char digits[8], address[IP_TEXT_BYTES];
        (void)snprintf(digits, sizeof digits, "%u", bits);
        if (!span_equal(bits_text, span_from_string(digits))) continue;
        struct ip_address network = ip_mask(&ip, (uint8_t)(bits + (v4_notation ? 96 : 0)));
        return yaml_problem(reading->document, node, false, reading->problem,
                            "'%.60s' has host bits set; expected %s/%u, or the address alone", node->text,
                            ip_to_text(&network, address), bits);
    }
    return yaml_problem(reading->document, node, false, reading->problem,
                        "'%.60s' has a bad length; expected a number from 0 to %d after '/'", node->text,
                        v4_notation ? 32 : 128);
}

/* One more behind the `count` that are there. */
static bool add_prefix(const struct reading *reading, const struct option *option, const struct yaml_node *node,
                       struct ip_prefix *prefixes, unsigned *count) {
    const char *text;
    struct ip_prefix prefix;
    if (!yaml_string(reading->document, node, &text, reading->problem)) return false;
    if (!ip_prefix_from_text(span_from_string(text), &prefix)) return prefix_problem(reading, option, node);
    for (unsigned i = 0; i < *count; i++) {
        if (prefixes[i].bits == prefix.bits && ip_equal(&prefixes[i].ip, &prefix.ip))
            return yaml_problem(reading->document, node, false, reading->problem,
                                "the prefix '%s' stands twice; expected it once", text);
    }
    prefixes[(*count)++] = prefix;
    return true;
}

static bool read_home_networks(const struct reading *reading, const struct option *option,
                               const struct yaml_node *node) {
    struct config *config = reading->config;
    if (!need_list(reading, option, node, CONFIG_PREFIXES_MAX)) return false;
    free(config->home_networks);
    config->home_networks = NULL;
    config->home_network_count = 0;
    if (node->count == 0) return true;
    config->home_networks = calloc(node->count, sizeof *config->home_networks);
    if (config->home_networks == NULL) return wrong(reading, node, "out of memory", "fewer prefixes, or more memory");
    for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next)
        if (!add_prefix(reading, option, entry, config->home_networks, &config->home_network_count)) return false;
    config->home_network_count = home_networks_arrange(config->home_networks, config->home_network_count);
    return true;
}

/* The processors that the program may run on. */
static unsigned count_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1; /* more than cpu_set_t has: say the number */
    unsigned count = (unsigned)CPU_COUNT(&set);
    return count < CONFIG_QUEUES_MAX ? count : CONFIG_QUEUES_MAX;
}

static bool read_queues(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    bool automatic = node->kind == YAML_SCALAR && strcmp(node->text, "auto") == 0;
    int64_t value = count_processors();
    if (!automatic && !yaml_integer(reading->document, node, option->min, option->max, &value, reading->problem))
        return yaml_problem(reading->document, node, false, reading->problem, "'%.60s'; expected %s",
                            node->kind == YAML_SCALAR ? node->text : "a list or map", option->expected);
    store(reading, option, (uint64_t)value);
    return true;
}

static void trust_all_tunnels(struct config *config) {
    config->tunnel_sources[0] = (struct ip_prefix){.bits = 0};
    config->tunnel_source_count = 1;
}

static bool read_tunnels(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    struct config *config = reading->config;
    config->tunnel_source_count = 0;
    if (node->kind == YAML_SCALAR) {
        config->tunnels_auto = strcmp(node->text, "auto") == 0;
        if (config->tunnels_auto || strcmp(node->text, "none") == 0) return true;
        if (strcmp(node->text, "any") != 0)
            return yaml_problem(reading->document, node, false, reading->problem, "unknown value '%.60s'; expected %s",
                                node->text, option->expected);
        trust_all_tunnels(config);
        return true;
    }
    config->tunnels_auto = false;
    if (!need_list(reading, option, node, CONFIG_TUNNEL_SOURCES_MAX)) return false;
    for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next)
        if (!add_prefix(reading, option, entry, config->tunnel_sources, &config->tunnel_source_count)) return false;
    return true;
}

/* Without home_networks nobody acts on what is seen, and somebody looks at a capture: then all of it is read. */
static void settle_tunnels(struct config *config) {
    if (!config->tunnels_auto) return;
    config->tunnel_source_count = 0;
    if (config->home_network_count == 0) trust_all_tunnels(config);
}

bool config_add_interface(struct config *config, const char *name, struct problem *problem) {
    *problem = (struct problem){.line = 0};
    size_t len = strlen(name);
    if (len == 0 || len > INTERFACE_NAME_BYTES_MAX || strpbrk(name, "/ \t\r\n") != NULL) {
        (void)snprintf(problem->what, sizeof problem->what,
                       "'%.40s' is no interface name; expected at most %d characters without '/' and spaces", name,
                       INTERFACE_NAME_BYTES_MAX);
        return false;
    }
    if (strcmp(name, "any") == 0) { /* libpcap's word for all of them at once, the sensor's own traffic among them */
        (void)snprintf(problem->what, sizeof problem->what,
                       "'any' is no interface; expected the name of each that receives the mirror");
        return false;
    }
    for (unsigned i = 0; i < config->interface_count; i++) {
        if (strcmp(config->interfaces[i], name) != 0) continue;
        (void)snprintf(problem->what, sizeof problem->what, "the interface '%s' stands twice; expected it once", name);
        return false;
    }
    if (config->interface_count == CONFIG_INTERFACES_MAX) {
        (void)snprintf(problem->what, sizeof problem->what, "too many interfaces; expected at most %d",
                       CONFIG_INTERFACES_MAX);
        return false;
    }
    memcpy(config->interfaces[config->interface_count++], name, len + 1);
    return true;
}

static bool add_interface(const struct reading *reading, const struct yaml_node *node) {
    const char *name;
    struct problem why;
    if (!yaml_string(reading->document, node, &name, reading->problem)) return false;
    if (config_add_interface(reading->config, name, &why)) return true;
    return yaml_problem(reading->document, node, false, reading->problem, "%s", why.what);
}

static bool read_interfaces(const struct reading *reading, const struct option *option, const struct yaml_node *node) {
    if (!need_list(reading, option, node, CONFIG_INTERFACES_MAX)) return false;
    reading->config->interface_count = 0;
    for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next)
        if (!add_interface(reading, entry)) return false;
    return true;
}

/* --- the table -------------------------------------------------------------------------------------------------- */

#define AT(field) .offset = offsetof(struct config, field), .size = sizeof(((struct config *)NULL)->field)
#define TEXT_OF(value) #value
#define PRESET(limit) TEXT_OF(limit)
#define NAME_EXPECTED "1 to 63 letters, digits and . _ : { } -"
#define RULES_EXPECTED "the path of a file, or '' for the built-in one"
#define PRIVACY_CHOICES \
    { "full", "masked", "hashed", NULL }

static const struct option options[] = {
    {"sensor_id", "mailspan", read_name, AT(sensor_id), .min = 1, .max = 63, .expected = NAME_EXPECTED,
     .help = "name of this sensor in events and in its heartbeat; one of its own for each sensor"},
    {"home_networks", "[]", read_home_networks, AT(home_networks),
     .expected = "a list of prefixes such as [192.0.2.0/24, 2001:db8::/32]",
     .help = "your own networks: only SMTP clients inside are scored; empty: every client is", .taken = LIVE},
    {"ports", "[25, 465, 587, 2525]", read_ports, AT(mail_ports), .min = 1, .max = UINT16_MAX,
     .expected = "a list of TCP ports such as [25, 587], each from 1 to 65535", .help = "TCP ports that are mail",
     .taken = LIVE},
    {"scored_ports", "[25]", read_scored_ports, AT(scored_ports), .min = 1, .max = UINT16_MAX,
     .expected = "a list of TCP ports such as [25], each from 1 to 65535",
     .help = "mail to these ports is scored, and events concern them; other mail is only told", .taken = LIVE},
    {"detect", "configured_ports", read_choice, AT(any_port), .choices = {"configured_ports", "any_port", NULL},
     .help = "any_port: let nDPI also find SMTP on other ports", .taken = LIVE},
    {"reassembly", "native", read_choice, AT(libnids), .choices = {"native", "libnids", NULL},
     .help = "engine that puts TCP streams together; libnids: IPv4 only, for cross-checks"},
    {"ipv6_prefix", "64", read_integer, AT(ipv6_prefix_bits), .min = 1, .max = 128,
     .help = "bits of an IPv6 address that make one source"},
    {"late_bounces", "same_source", read_choice, AT(late_any_source), .choices = {"same_source", "any_source", NULL},
     .help = "who is told of a message that failed later: its source alone; any_source: whichever it comes in to"},
    {"heartbeat", "10s", read_duration, AT(heartbeat_s), .min = 1, .max = HEARTBEAT_MAX_S,
     .help = "time between two heartbeats of a watching sensor", .taken = LIVE},
    {"user", "''", read_user, AT(user), .max = CONFIG_USER_BYTES - 1, .expected = "the name of a user, or ''",
     .help = "whom a sensor started by root becomes; '': mailspan where there is one, else nobody"},
    {"capture.interfaces", "[]", read_interfaces, AT(interfaces),
     .expected = "a list of interface names such as [mirror0]", .help = "interfaces that receive the mirrored traffic"},
    {"capture.buffer_mib", "64", read_integer, AT(capture_buffer_mib), .min = 1, .max = BUFFER_MIB_MAX,
     .help = "ring buffer of each queue of each interface, in MiB; too small a one drops packets"},
    {"capture.queues", "1", read_queues, AT(capture_queues), .min = 1, .max = CONFIG_QUEUES_MAX,
     .expected = "a whole number from 1 to " PRESET(CONFIG_QUEUES_MAX) ", or auto",
     .help = "queues of each interface, with a decoder each; auto: as many as the sensor has processors"},
    {"capture.filter", "ports", read_choice, AT(capture_filter), .choices = {"none", "ports", NULL},
     .help = "ports: the kernel hands over only what can be mail on the ports above; none: everything"},
    {"capture.timestamps", "host", read_choice, AT(timestamps),
     .choices = {"host", "adapter", "adapter_unsynced", NULL},
     .help = "whose clock tells the time of a frame; adapter: the interface's own, where it has one"},
    {"capture.snap_length", "262144", read_integer, AT(snap_length), .min = 128, .max = SNAP_LENGTH_MAX,
     .help = "bytes captured of each frame; less than a whole frame leaves gaps"},
    {"capture.promiscuous", "true", read_boolean, AT(promiscuous),
     .help = "take frames that are addressed to others, as on a mirror all are"},
    {"capture.checksums", "ignore", read_choice, AT(verify_checksums), .choices = {"ignore", "verify", NULL},
     .help = "verify: leave out IPv4 headers and TCP segments whose checksum is wrong", .taken = LIVE},
    {"capture.tunnels", "auto", read_tunnels, AT(tunnel_sources),
     .expected = "auto, any, none, or a list of prefixes such as [198.51.100.2, 2001:db8::/64]",
     .help = "outer source addresses whose tunnels are opened; auto: any while home_networks is empty, else none",
     .taken = LIVE},
    {"limits.flows", PRESET(LIMIT_FLOWS_DEFAULT), read_integer, AT(flows_max), .min = 16, .max = LIMIT_FLOWS_MAX,
     .help = "TCP connections followed at once; 256 bytes each, and 3.5 KiB each of pools that all share"},
    {"limits.sources", PRESET(LIMIT_SOURCES_DEFAULT), read_integer, AT(sources_max), .min = 16,
     .max = LIMIT_SOURCES_MAX, .help = "source addresses remembered; at most 1.5 KiB each"},
    {"limits.habits", "0", read_integer, AT(habits_max), .min = 0, .max = LIMIT_SOURCES_MAX,
     .help = "sources whose last messages are compared with each other; 616 bytes each; 0: a tenth of limits.sources"},
    {"limits.evidence", PRESET(LIMIT_EVIDENCE_DEFAULT), read_integer, AT(evidence_max), .min = 16,
     .max = LIMIT_EVIDENCE_MAX, .help = "evidence rows of all sources together; the oldest are overwritten"},
    {"limits.sent", PRESET(LIMIT_SENT_DEFAULT), read_integer, AT(sent_max), .min = 16, .max = LIMIT_SENT_MAX,
     .help = "keys by which retries and late bounces find their message, two or three for each; 36 bytes each"},
    {"limits.text_bytes", PRESET(LIMIT_TEXT_BYTES_DEFAULT), read_integer, AT(text_bytes), .min = LIMIT_TEXT_BYTES_MIN,
     .max = LIMIT_TEXT_BYTES_MAX,
     .help = "decoded text read of a message; of more the head, beginnings of later parts, and slices", .taken = LIVE},
    {"rules.content", "''", read_path, AT(content_rules), .expected = RULES_EXPECTED,
     .help = "rules on what messages say", .taken = LIVE},
    {"rules.setup", "''", read_path, AT(setup_rules), .expected = RULES_EXPECTED,
     .help = "rules on how the sending server is set up", .taken = LIVE},
    {"rules.imported", "''", read_path, AT(imported_rules), .expected = "the path of a rule file, or ''",
     .help = "rules beside those, such as SpamAssassin's (mailspan rules import); '': none", .taken = LIVE},
    {"rules.content_words", "''", read_path, AT(content_words), .expected = RULES_EXPECTED,
     .help = "words that speak for spam, and how much", .taken = LIVE},
    {"rules.bounces", "''", read_path, AT(bounce_rules), .expected = RULES_EXPECTED,
     .help = "what refusals mean and whose fault they are", .taken = LIVE},
    {"rules.bounce_words", "''", read_path, AT(bounce_words), .expected = RULES_EXPECTED,
     .help = "which class the words of a refusal speak for", .taken = LIVE},
    {"rules.policy", "''", read_path, AT(policy_rules), .expected = RULES_EXPECTED,
     .help = "thresholds, actions and how long they last", .taken = LIVE},
    {"rules.compiled", "''", read_path, AT(compiled_rules), .expected = "the path of a file, or ''",
     .help = "expressions of these files, compiled before (mailspan rules compile); '': compiled at each start",
     .taken = LIVE},
    {"privacy.addresses", "masked", read_choice, AT(addresses), .choices = PRIVACY_CHOICES,
     .help = "local parts of mail addresses in all output", .taken = LIVE},
    {"privacy.subjects", "masked", read_choice, AT(subjects), .choices = PRIVACY_CHOICES,
     .help = "subjects in all output", .taken = LIVE},
    {"privacy.key", "''", read_key, AT(privacy_key), .max = CONFIG_TEXT_BYTES - 1,
     .expected = "16 to 255 bytes, or '' for a random key",
     .help = "secret key of hashed values; '': a new random one for each run"},
    {"redis.url", "''", read_redis_url, AT(redis_url), .max = CONFIG_TEXT_BYTES - 1,
     .expected = "redis://[user:password@]host[:port][/database], unix:///path, or ''",
     .help = "where events are published; '': nowhere"},
    {"redis.prefix", "'mailspan:'", read_name, AT(redis_prefix), .min = 1, .max = 63, .expected = NAME_EXPECTED,
     .help = "start of every key and channel name in Redis"},
    {"redis.stream_max", "100000", read_integer, AT(redis_stream_max), .min = 1, .max = 1000000000,
     .help = "events kept in the stream; the oldest are trimmed", .taken = LIVE},
    {"metrics.listen", "''", read_metrics_listen, AT(metrics_listen), .max = CONFIG_TEXT_BYTES - 1,
     .expected = "127.0.0.1:9125, '[::1]:9125', unix:///path, or ''",
     .help = "where a watching sensor serves metrics for Prometheus: loopback or a socket; '': nowhere"},
};

#define OPTION_COUNT (sizeof options / sizeof options[0])

static void option_expected(const struct option *option, char *text, size_t size) {
    if (option->expected != NULL)
        (void)snprintf(text, size, "%s", option->expected);
    else if (option->read == read_integer)
        (void)snprintf(text, size, "a whole number from %" PRId64 " to %" PRId64, option->min, option->max);
    else if (option->read == read_duration)
        (void)snprintf(text, size, "a duration from %" PRId64 " to %" PRId64 " seconds, such as 90s or 15m",
                       option->min, option->max);
    else if (option->read == read_boolean)
        (void)snprintf(text, size, "true or false");
    else
        (void)snprintf(text, size, "%s, %s%s%s", option->choices[0], option->choices[1],
                       option->choices[2] == NULL ? "" : ", ", option->choices[2] == NULL ? "" : option->choices[2]);
}

bool config_help(unsigned i, struct option_help *help) {
    if (i >= OPTION_COUNT) return false;
    const struct option *option = &options[i];
    *help = (struct option_help){
        .path = option->path, .preset = option->preset, .help = option->help, .live = option->taken == LIVE};
    option_expected(option, help->expected, sizeof help->expected);
    return true;
}

/* --- from one configuration to the next ------------------------------------------------------------------------- */

static bool same_prefixes(const struct ip_prefix *a, unsigned a_count, const struct ip_prefix *b, unsigned b_count) {
    if (a_count != b_count) return false;
    for (unsigned i = 0; i < a_count; i++)
        if (a[i].bits != b[i].bits || !ip_equal(&a[i].ip, &b[i].ip)) return false;
    return true;
}

static bool same_interfaces(const struct config *a, const struct config *b) {
    if (a->interface_count != b->interface_count) return false;
    for (unsigned i = 0; i < a->interface_count; i++)
        if (strcmp(a->interfaces[i], b->interfaces[i]) != 0) return false;
    return true;
}

/* Behind the end of a text there are zeros, so the bytes decide. */
static bool same_value(const struct option *option, const struct config *a, const struct config *b) {
    const uint8_t *value_a = (const uint8_t *)a + option->offset, *value_b = (const uint8_t *)b + option->offset;
    if (option->read == read_home_networks)
        return same_prefixes(a->home_networks, a->home_network_count, b->home_networks, b->home_network_count);
    if (option->read == read_tunnels)
        return same_prefixes(a->tunnel_sources, a->tunnel_source_count, b->tunnel_sources, b->tunnel_source_count);
    if (option->read == read_interfaces) return same_interfaces(a, b);
    return memcmp(value_a, value_b, option->size) == 0;
}

bool config_changes(const struct config *a, const struct config *b, bool live, char *text, size_t size) {
    size_t used = 0;
    bool any = false;
    if (size > 0) text[0] = '\0';
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((options[i].taken == LIVE) != live || same_value(&options[i], a, b)) continue;
        size_t needed = (used > 0 ? 2 : 0) + strlen(options[i].path);
        any = true;
        if (size - used <= needed) continue;
        used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", options[i].path);
    }
    return any;
}

void config_keep_running(struct config *next, const struct config *running) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options[i].taken == AT_NEXT_START)
            memcpy((uint8_t *)next + options[i].offset, (const uint8_t *)running + options[i].offset, options[i].size);
    next->interface_count = running->interface_count;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

void config_default(struct config *config) {
    *config = (struct config){.flows_max = 0};
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        struct problem problem;
        struct yaml_document *document =
            yaml_document_load(options[i].path, span_from_string(options[i].preset), &problem);
        if (document == NULL) abort(); /* a row of the table is wrong, or there is no memory to start with */
        struct reading reading = {.document = document, .config = config, .folder = "", .problem = &problem};
        if (!options[i].read(&reading, &options[i], yaml_document_root(document))) abort();
        yaml_document_free(document);
    }
    settle_tunnels(config);
}

/* The length of the group's name in "group.key"; 0 for an option outside of the groups. */
static size_t group_length(const char *path) {
    const char *dot = strchr(path, '.');
    return dot == NULL ? 0 : (size_t)(dot - path);
}

static bool in_group(const char *path, const char *group) {
    size_t len = group_length(path);
    return len == strlen(group) && strncmp(path, group, len) == 0;
}

static bool nothing_stands_here(const struct yaml_node *node) {
    return node == NULL || (node->kind == YAML_SCALAR && !node->quoted && node->text[0] == '\0');
}

/* The keys and values of one group; group "" is the file's own level, whose maps are read by their own calls. */
static bool read_group(const struct reading *reading, const struct yaml_node *map, const char *group,
                       const char *const groups[]) {
    const char *known[2 * OPTION_KEYS_MAX + 1];
    size_t count = 0;
    bool top = group[0] == '\0';
    for (size_t i = 0; i < OPTION_COUNT && count < OPTION_KEYS_MAX; i++)
        if (in_group(options[i].path, group)) known[count++] = options[i].path + (top ? 0 : strlen(group) + 1);
    for (size_t i = 0; top && groups[i] != NULL; i++) known[count++] = groups[i];
    known[count] = NULL;
    if (!yaml_known_keys(reading->document, map, known, reading->problem)) return false;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!in_group(options[i].path, group)) continue;
        const struct yaml_node *node = yaml_get(map, options[i].path + (top ? 0 : strlen(group) + 1));
        if (node == NULL) continue;
        if (!options[i].read(reading, &options[i], node)) return false;
    }
    return true;
}

/* A port that nobody looks at cannot be scored. */
static bool scored_ports_are_read(const struct reading *reading, const struct yaml_node *scored) {
    if (scored == NULL) return true;
    if (scored->count == 0) return wrong(reading, scored, "no ports", "at least one");
    for (unsigned port = 1; port <= UINT16_MAX && !reading->config->any_port; port++) {
        bool read = port_is_set(reading->config->mail_ports, (uint16_t)port);
        if (!port_is_set(reading->config->scored_ports, (uint16_t)port) || read) continue;
        return yaml_problem(reading->document, scored, false, reading->problem,
                            "the port %u is scored but does not stand in ports; expected it in both", port);
    }
    return true;
}

/* What no option can see alone. */
static bool options_agree(const struct reading *reading, const struct yaml_node *root) {
    const struct yaml_node *ports = yaml_get(root, "ports");
    if (ports != NULL && ports->count == 0 && !reading->config->any_port)
        return wrong(reading, ports, "no ports", "at least one, or 'detect: any_port'");
    if (!scored_ports_are_read(reading, yaml_get(root, "scored_ports"))) return false;
    const struct yaml_node *key = yaml_get(yaml_get(root, "privacy"), "key");
    bool hashed = reading->config->addresses == PRIVACY_HASHED || reading->config->subjects == PRIVACY_HASHED;
    if (key != NULL && key->text[0] != '\0' && !hashed)
        return wrong(reading, key, "a key that nothing uses", "'hashed' for addresses or subjects, or no key");
    return true;
}

static bool read_root(const struct reading *reading) {
    static const char *const groups[] = {"capture", "limits", "rules", "privacy", "redis", "metrics", NULL};
    const struct yaml_node *root = yaml_document_root(reading->document);
    if (!read_group(reading, root, "", groups)) return false;
    for (size_t i = 0; groups[i] != NULL; i++) {
        const struct yaml_node *map = yaml_get(root, groups[i]);
        if (nothing_stands_here(map)) continue; /* "capture:" above lines that are all commented out */
        if (!read_group(reading, map, groups[i], groups)) return false;
    }
    return options_agree(reading, root);
}

bool config_parse(struct config *config, const char *name, const char *folder, struct span text,
                  struct problem *problem) {
    struct yaml_document *document = yaml_document_load(name, text, problem);
    if (document == NULL) return false;
    struct config next;
    config_default(&next);
    struct reading reading = {.document = document, .config = &next, .folder = folder, .problem = problem};
    bool fine = read_root(&reading);
    settle_tunnels(&next);
    if (fine && strlen(name) >= sizeof next.file)
        fine = yaml_problem(document, NULL, false, problem, "the file's path is too long; expected at most %zu bytes",
                            sizeof next.file - 1);
    yaml_document_free(document);
    if (!fine) {
        config_free(&next);
        return false;
    }
    memcpy(next.file, name, strlen(name) + 1);
    config_free(config);
    *config = next;
    return true;
}

/* The folder that a file is named in, absolute; "" when it cannot be told (then relative paths stay as they are). */
static void folder_of(const char *path, char folder[CONFIG_PATH_BYTES]) {
    _Static_assert(CONFIG_PATH_BYTES >= PATH_MAX, "realpath writes so much");
    char named[PATH_MAX];
    size_t slash = span_find_last(span_from_string(path), '/');
    bool plain_name = slash == strlen(path);
    size_t len = plain_name ? 1 : slash + 1; /* "." or up to and with the slash */
    folder[0] = '\0';
    if (len >= sizeof named) return;
    memcpy(named, plain_name ? "." : path, len);
    named[len] = '\0';
    if (realpath(named, folder) == NULL) folder[0] = '\0';
}

bool config_source_read(const char *path, struct config_source *source, struct problem *problem) {
    if (!text_file_read(path, &source->text, problem)) return false; /* so the path is no longer than PATH_MAX */
    (void)snprintf(source->name, sizeof source->name, "%s", path);
    folder_of(path, source->folder);
    return true;
}

bool config_load(struct config *config, const char *path, struct problem *problem) {
    struct config_source source;
    if (!config_source_read(path, &source, problem)) return false;
    bool fine = config_parse(config, source.name, source.folder, source.text, problem);
    free((void *)(uintptr_t)source.text.data);
    return fine;
}

bool config_is_home(const struct config *config, const struct ip_address *ip) {
    return home_networks_contain(config->home_networks, config->home_network_count, ip);
}

void config_free(struct config *config) {
    sodium_memzero(config->redis_url, sizeof config->redis_url);
    sodium_memzero(config->privacy_key, sizeof config->privacy_key);
    free(config->home_networks);
    config->home_networks = NULL;
    config->home_network_count = 0;
}
