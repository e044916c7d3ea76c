/* Fuzz: any bytes as a configuration file, and as a Redis URL.  A file that is refused must change nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) abort();
}

static void try_redis_url(const uint8_t *data, size_t size) {
    char url[600];
    struct redis_target target = {.port = 7};
    struct problem problem;
    size_t len = size < sizeof url - 1 ? size : sizeof url - 1;
    if (len > 0) memcpy(url, data, len);
    url[len] = '\0';
    if (!redis_target_parse(url, &target, &problem)) {
        require(target.port == 7 && problem.what[0] != '\0');
        return;
    }
    require(target.host[0] != '\0' && (target.unix_socket ? target.host[0] == '/' : target.port != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
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
    }
    config_free(&config);
    try_redis_url(data, size);
    return 0;
}
