/* Fuzz: any bytes as a configuration file, as a Redis URL, and as where metrics are served.  A file that is refused
 * must change nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) abort();
}

static void try_redis_url(const char *url) {
    struct redis_target target = {.port = 7};
    struct problem problem;
    if (!redis_target_parse(url, &target, &problem)) {
        require(target.port == 7 && problem.what[0] != '\0');
        return;
    }
    require(target.host[0] != '\0' && (target.unix_socket ? target.host[0] == '/' : target.port != 0));
}

static void try_metrics_target(const char *text) {
    struct metrics_target target = {.port = 7};
    struct problem problem;
    if (!metrics_target_parse(text, &target, &problem)) {
        require(target.port == 7 && problem.what[0] != '\0');
        return;
    }
    require(target.unix_socket ? target.path[0] == '/' : target.port != 0);
    require(target.unix_socket || ip_is_v4(&target.ip) || target.ip.bytes[15] == 1); /* 127.0.0.0/8 or ::1 */
}

/* What a reload says has changed, of what may change while it runs and of what may not. */
static void compare(const struct config *before, const struct config *after) {
    char text[200];
    for (int live = 0; live < 2; live++) {
        require(!config_changes(after, after, live, text, sizeof text) && text[0] == '\0');
        require(config_changes(before, after, live, text, sizeof text) || text[0] == '\0');
        require(strlen(text) < sizeof text);
    }
    struct config kept = *after;
    config_keep_running(&kept, before);
    require(!config_changes(before, &kept, false, text, sizeof text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[600];
    struct config config;
    struct problem problem;
    config_default(&config);
    struct config before = config;
    if (!config_parse(&config, "fuzz.yaml", "/etc/mailspan", span_of(data, size), &problem)) {
        require(memcmp(&config, &before, sizeof config) == 0);
        require(problem.what[0] != '\0' && strchr(problem.what, '\n') == NULL);
    } else {
        require((config.home_network_count == 0) == (config.home_networks == NULL));
        require(config.tunnel_source_count <= CONFIG_TUNNEL_SOURCES_MAX);
        require(!config.tunnels_auto || config.tunnel_source_count == (config.home_network_count == 0 ? 1 : 0));
        require(config.interface_count <= CONFIG_INTERFACES_MAX);
        require(config.ipv6_prefix_bits >= 1 && config.ipv6_prefix_bits <= 128);
        require(config.heartbeat_s > 0 && config.flows_max > 0 && config.sensor_id[0] != '\0');
        compare(&before, &config);
    }
    config_free(&config);
    size_t len = size < sizeof text - 1 ? size : sizeof text - 1;
    if (len > 0) memcpy(text, data, len);
    text[len] = '\0';
    try_redis_url(text);
    try_metrics_target(text);
    return 0;
}
