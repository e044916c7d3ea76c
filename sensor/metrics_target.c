/* metrics_target: where the metrics are served, from the option metrics.listen.
 *
 *   127.0.0.1:9125, [::1]:9125      a loopback address and a TCP port
 *   unix:///run/mailspan/metrics.sock
 *
 * Only loopback: the server has neither TLS nor passwords, and the machine sits beside a mirror of customers' mail. Who
 * scrapes from elsewhere puts a proxy with both in front.  No names: looking one up would ask the network.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "mailspan/config.h"

static const char expected_forms[] = "127.0.0.1:9125, [::1]:9125 or unix:///path";

static bool wrong(struct problem *problem, const char *text, const char *what, const char *expected) {
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->what, sizeof problem->what, "%s in '%.60s'; expected %s", what, text, expected);
    return false;
}

static bool parse_port(struct span text, uint16_t *port) {
    unsigned value = 0;
    if (text.len == 0 || text.len > 5) return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.data[i])) return false;
        value = value * 10 + (unsigned)(text.data[i] - '0');
    }
    *port = (uint16_t)value;
    return value >= 1 && value <= UINT16_MAX;
}

static bool is_loopback(const struct ip_address *ip) {
    struct ip_prefix v4, v6;
    return ip_prefix_from_text(span_from_string("127.0.0.0/8"), &v4) &&
           ip_prefix_from_text(span_from_string("::1"), &v6) &&
           (ip_prefix_contains(&v4, ip) || ip_prefix_contains(&v6, ip));
}

static bool parse_socket(const char *text, struct span path, struct metrics_target *target, struct problem *problem) {
    if (path.len < 2 || path.data[0] != '/')
        return wrong(problem, text, "no absolute path", "unix:///run/mailspan/metrics.sock, with three slashes");
    if (path.len >= sizeof target->path)
        return wrong(problem, text, "too long a path", "at most 107 bytes, as unix(7) has it");
    target->unix_socket = true;
    memcpy(target->path, path.data, path.len);
    return true;
}

static bool parse_address(const char *text, struct metrics_target *target, struct problem *problem) {
    struct span all = span_from_string(text);
    size_t colon = span_find_last(all, ':');
    struct span address = span_head(all, colon);
    bool bracketed = address.len >= 2 && address.data[0] == '[' && address.data[address.len - 1] == ']';
    if (colon == all.len) return wrong(problem, text, "no port", expected_forms);
    if (bracketed) address = span_head(span_from(address, 1), address.len - 2);
    if (bracketed != (span_find(address, ':') < address.len) || !ip_from_text(address, &target->ip))
        return wrong(problem, text, "no IP address", expected_forms);
    if (!parse_port(span_from(all, colon + 1), &target->port))
        return wrong(problem, text, "a bad port", "one from 1 to 65535");
    if (!is_loopback(&target->ip))
        return wrong(
            problem, text, "an address that others can reach",
            "a loopback one (127.0.0.1:9125, [::1]:9125): there is no TLS and no password; put a proxy in front");
    return true;
}

bool metrics_target_parse(const char *text, struct metrics_target *target, struct problem *problem) {
    static const char scheme[] = "unix://";
    struct metrics_target parsed = {.port = 0};
    bool is_socket = strncmp(text, scheme, strlen(scheme)) == 0;
    if (is_socket ? !parse_socket(text, span_from_string(text + strlen(scheme)), &parsed, problem)
                  : !parse_address(text, &parsed, problem))
        return false;
    *target = parsed;
    return true;
}
