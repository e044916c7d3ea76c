/* redis_target: where Redis is, from its URL.
 *
 *   redis://[user:password@]host[:port][/database]     user, password and host percent-encoded (RFC 3986)
 *   unix://[user:password@]/path/of/the/socket
 *
 * A URL may hold a password, so no problem repeats any part of it but the scheme.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <stdio.h>

#include "mailspan/config.h"

#define REDIS_PORT 6379
#define REDIS_DATABASE_MAX 9999
#define UNIX_PATH_BYTES_MAX 107 /* sun_path of unix(7), without its NUL */
#define HOST_BYTES_MAX 253      /* RFC 1035 2.3.4, as text */

static const char expected_forms[] = "redis://[user:password@]host[:port][/database] or unix:///path";

static bool url_problem(struct problem *problem, const char *what, const char *expected) {
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->what, sizeof problem->what, "%s in the Redis URL; expected %s", what, expected);
    return false;
}

static int hex_value(uint8_t digit) {
    if (ascii_is_digit(digit)) return digit - '0';
    uint8_t lower = ascii_lower(digit);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Percent-decodes into room bytes, NUL-terminated.  False on a broken escape, a NUL, or too long a text. */
static bool percent_decode(struct span text, char *decoded, size_t room) {
    size_t used = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = text.data[i];
        if (value == '%') {
            if (text.len - i < 3) return false;
            int high = hex_value(text.data[i + 1]), low = hex_value(text.data[i + 2]);
            if (high < 0 || low < 0) return false;
            value = high << 4 | low;
            i += 2;
        }
        if (value == 0 || used + 1 >= room) return false;
        decoded[used++] = (char)value;
    }
    decoded[used] = '\0';
    return true;
}

static bool parse_number(struct span text, unsigned max, unsigned *value) {
    if (text.len == 0 || text.len > 5) return false;
    *value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.data[i])) return false;
        *value = *value * 10 + (unsigned)(text.data[i] - '0');
    }
    return *value <= max;
}

/* "user:password" or ":password". */
static bool parse_credentials(struct span text, struct redis_target *target, struct problem *problem) {
    size_t colon = span_find(text, ':');
    if (colon + 1 >= text.len)
        return url_problem(problem, "no password before '@'", "user:password@ or :password@, percent-encoded");
    if (!percent_decode(span_head(text, colon), target->user, sizeof target->user))
        return url_problem(problem, "a user that is too long or badly percent-encoded", "at most 63 bytes");
    if (!percent_decode(span_from(text, colon + 1), target->password, sizeof target->password))
        return url_problem(problem, "a password that is too long or badly percent-encoded", "at most 127 bytes");
    return true;
}

static bool is_host_name(const char *host) {
    struct span text = span_from_string(host);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '.' && c != '-' && c != '_') return false;
    }
    return text.len > 0 && text.len <= HOST_BYTES_MAX;
}

/* "[2001:db8::1]"; *rest is what follows the bracket. */
static bool parse_bracketed(struct span text, struct span *rest, struct redis_target *target) {
    size_t close = span_find(text, ']');
    struct span inside = span_slice(text, 1, close - 1);
    struct ip_address ip;
    if (close == text.len || span_find(inside, ':') == inside.len || !ip_from_text(inside, &ip)) return false;
    memcpy(target->host, inside.data, inside.len);
    target->host[inside.len] = '\0';
    *rest = span_from(text, close + 1);
    return true;
}

static bool parse_host_and_port(struct span text, struct redis_target *target, struct problem *problem) {
    struct span rest = SPAN_EMPTY;
    if (text.len > 0 && text.data[0] == '[') {
        if (!parse_bracketed(text, &rest, target))
            return url_problem(problem, "no IPv6 address in the brackets", "one such as [2001:db8::1]");
        if (rest.len > 0 && rest.data[0] != ':') return url_problem(problem, "text after ']'", "':' and a port");
    } else {
        size_t colon = span_find(text, ':');
        rest = span_from(text, colon);
        if (span_find(span_from(rest, 1), ':') < span_from(rest, 1).len)
            return url_problem(problem, "two ':' in the host", "an IPv6 address in brackets, [2001:db8::1]");
        if (colon == 0 || !percent_decode(span_head(text, colon), target->host, sizeof target->host) ||
            !is_host_name(target->host))
            return url_problem(problem, "no host name or address", expected_forms);
    }
    unsigned port = REDIS_PORT;
    if (rest.len > 0 && (!parse_number(span_from(rest, 1), UINT16_MAX, &port) || port == 0))
        return url_problem(problem, "a bad port", "a number from 1 to 65535");
    target->port = (uint16_t)port;
    return true;
}

static bool parse_database(struct span path, struct redis_target *target, struct problem *problem) {
    struct span number = span_from(path, 1); /* past the '/' */
    if (number.len == 0 || parse_number(number, REDIS_DATABASE_MAX, &target->database)) return true;
    return url_problem(problem, "a bad database", "'/' and a number from 0 to 9999 at the end");
}

static bool parse_socket_path(struct span path, struct redis_target *target, struct problem *problem) {
    target->unix_socket = true;
    bool fine = path.len > 1 && path.data[0] == '/' && percent_decode(path, target->host, sizeof target->host) &&
                strlen(target->host) <= UNIX_PATH_BYTES_MAX;
    if (fine) return true;
    return url_problem(problem, "no usable socket path", "unix:///path, absolute, at most 107 bytes");
}

/* Strips "scheme://" and says which it is. */
static bool parse_scheme(struct span *url, bool *unix_socket, struct problem *problem) {
    static const struct span redis = {(const uint8_t *)"redis://", 8}, sockets = {(const uint8_t *)"unix://", 7};
    if (span_starts_with_nocase(*url, SPAN_LITERAL("rediss://")))
        return url_problem(problem, "TLS (rediss://) is not supported",
                           "redis:// or unix:/// to a local TLS tunnel, such as stunnel, in front of the server");
    *unix_socket = span_starts_with_nocase(*url, sockets);
    if (!*unix_socket && !span_starts_with_nocase(*url, redis))
        return url_problem(problem, "an unknown scheme, or none,", expected_forms);
    *url = span_from(*url, *unix_socket ? sockets.len : redis.len);
    return true;
}

static bool parse_target(struct span url, struct redis_target *target, struct problem *problem) {
    bool unix_socket;
    if (!parse_scheme(&url, &unix_socket, problem)) return false;
    if (span_find(url, '?') < url.len || span_find(url, '#') < url.len)
        return url_problem(problem, "a '?' or '#'", "no parameters ('?' in a password is %3F, '#' is %23)");
    struct span authority = span_head(url, span_find(url, '/'));
    struct span path = span_from(url, authority.len);
    size_t at = span_find_last(authority, '@');
    struct span host = authority;
    if (at < authority.len) {
        if (!parse_credentials(span_head(authority, at), target, problem)) return false;
        host = span_from(authority, at + 1);
    }
    if (unix_socket && host.len > 0)
        return url_problem(problem, "a host before the socket's path", "unix:///path, with three slashes");
    if (unix_socket) return parse_socket_path(path, target, problem);
    return parse_host_and_port(host, target, problem) && parse_database(path, target, problem);
}

void redis_target_forget(struct redis_target *target) {
    sodium_memzero(target->user, sizeof target->user);
    sodium_memzero(target->password, sizeof target->password);
}

bool redis_target_parse(const char *url, struct redis_target *target, struct problem *problem) {
    struct redis_target found = {.port = 0};
    bool fine = parse_target(span_from_string(url), &found, problem);
    if (fine) *target = found;
    redis_target_forget(&found);
    return fine;
}
