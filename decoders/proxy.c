/* Requests to a proxy, and its answers; see proxy.h.
 *
 * SOCKS has messages whose first bytes say how long they are: a message is collected until it is as long as it says.
 * HTTP has lines: the first of each side is collected, the headers are only counted past.
 *
 * Which message comes next is read from its first byte, on each side alone (SOCKS 5: 1 is the password's, 5 the
 * request's), so it makes no difference whether a client waits for the answers in between.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/proxy.h"

#include "mailspan/address.h"

enum side_state {
    SIDE_BEGINS,  /* a request line, a status line, or a SOCKS message */
    SIDE_GREETED, /* SOCKS 5: the methods were said */
    SIDE_HEADERS,
    SIDE_DONE,
    SIDE_IGNORED, /* HTTP, refused: the answer's body, or whatever the client says now */
};

enum {
    SOCKS4_REQUEST_BYTES = 8, /* version, command, port, address; then a name, and in 4a a host, each with its NUL */
    SOCKS4_GRANTED = 0x5a,
    SOCKS5_METHOD_NONE = 0,
    SOCKS5_METHOD_PASSWORD = 2,
    SOCKS5_NO_METHOD = 0xff,
    SOCKS5_AUTH_VERSION = 1,
    SOCKS_CONNECT = 1,
    SOCKS5_IPV4 = 1,
    SOCKS5_NAME = 3,
    SOCKS5_IPV6 = 4,
};

/* --- the target ------------------------------------------------------------------------------------------------ */

static bool is_printable(struct span text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~') return false;
    return text.len > 0;
}

/* "host:port" */
static bool keep_target(struct proxy *p, struct span host, uint16_t port) {
    char digits[5];
    size_t count = 0;
    if (!is_printable(host) || port == 0 || host.len > sizeof p->target - sizeof digits - 2) return false;
    for (unsigned rest = port; rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
    memcpy(p->target, host.data, host.len);
    size_t at = host.len;
    p->target[at++] = ':';
    while (count > 0) p->target[at++] = digits[--count];
    p->target[at] = '\0';
    p->target_port = port;
    return true;
}

static bool keep_address(struct proxy *p, const struct ip_address *ip, uint16_t port) {
    char text[IP_TEXT_BYTES + 2] = "[";
    bool v4 = ip_is_v4(ip);
    ip_to_text(ip, text + 1);
    size_t len = strlen(text);
    if (!v4) text[len++] = ']';
    return keep_target(p, v4 ? span_of(text + 1, len - 1) : span_of(text, len), port);
}

static struct ip_address address_of(struct span bytes) {
    struct ip_address ip = {{0}};
    if (bytes.len == 4) ip.bytes[10] = ip.bytes[11] = 0xff;
    memcpy(ip.bytes + 16 - bytes.len, bytes.data, bytes.len);
    return ip;
}

/* --- HTTP ------------------------------------------------------------------------------------------------------ */

/* "CONNECT host:port HTTP/1.1".  What stands before an "@" is a name and a password, and is not kept. */
static bool http_request(struct proxy *p, struct span line) {
    struct span word = SPAN_LITERAL("CONNECT ");
    if (!span_starts_with(line, word)) return false;
    line = span_from(line, word.len);
    struct span target = span_head(line, span_find(line, ' '));
    if (!span_starts_with(span_from(line, target.len), SPAN_LITERAL(" HTTP/1."))) return false;
    size_t at = span_find_last(target, '@');
    if (at < target.len) target = span_from(target, at + 1);
    size_t colon = span_find_last(target, ':');
    struct span digits = span_from(target, colon + 1);
    uint32_t port = 0;
    if (digits.len == 0 || digits.len > 5) return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!ascii_is_digit(digits.data[i])) return false;
        port = port * 10 + digits.data[i] - '0';
    }
    return port <= UINT16_MAX && keep_target(p, span_head(target, colon), (uint16_t)port);
}

/* "HTTP/1.1 200 ..." */
static bool http_status(struct proxy *p, struct span line) {
    struct span code = span_slice(line, strlen("HTTP/1.1 "), 3);
    if (code.len < 3 || !span_starts_with(line, SPAN_LITERAL("HTTP/1.")) || line.data[8] != ' ') return false;
    p->status = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!ascii_is_digit(code.data[i])) return false;
        p->status = p->status * 10 + code.data[i] - '0';
    }
    return true;
}

/* Collects a line; true when it has come, without its end, or when it is longer than any that is looked for. */
static bool http_line(struct proxy_message *message, uint8_t byte) {
    if (byte != '\n') {
        message->bytes[message->have++] = byte;
        return message->have == sizeof message->bytes;
    }
    if (message->have > 0 && message->bytes[message->have - 1] == '\r') message->have--;
    return true;
}

/* True behind the empty line. */
static bool http_headers_end(unsigned *line_bytes, uint8_t byte) {
    if (byte == '\r') return false;
    if (byte != '\n') {
        (*line_bytes)++;
        return false;
    }
    bool empty = *line_bytes == 0;
    *line_bytes = 0;
    return empty;
}

static enum proxy_answer http_client(struct proxy *p, uint8_t byte) {
    bool again = p->answer == PROXY_REFUSED;
    if (p->client_state == SIDE_HEADERS) {
        if (http_headers_end(&p->client_line_bytes, byte)) p->client_state = SIDE_DONE;
        return p->answer;
    }
    struct span word = SPAN_LITERAL("CONNECT ");
    size_t at = p->client.have;
    bool fits = at >= word.len || byte == word.data[at];
    if (fits && !http_line(&p->client, byte)) return p->answer;
    bool asks = fits && http_request(p, span_of(p->client.bytes, p->client.have));
    memset(p->client.bytes, 0, sizeof p->client.bytes); /* perhaps a password */
    p->client.have = 0;
    if (!asks) {
        p->client_state = SIDE_IGNORED;
        return again ? PROXY_REFUSED : PROXY_NO;
    }
    p->client_state = SIDE_HEADERS;
    if (again) p->server_state = SIDE_BEGINS;
    return PROXY_ASKED;
}

static enum proxy_answer http_refused(struct proxy *p) {
    p->server_state = SIDE_IGNORED;
    p->client_state = SIDE_BEGINS;
    p->client.have = 0;
    p->early_bytes = 0;
    p->early_lost = 0;
    return PROXY_REFUSED;
}

static enum proxy_answer http_server(struct proxy *p, uint8_t byte) {
    if (p->answer == PROXY_MAYBE) return PROXY_NO; /* an answer to no request */
    if (p->server_state == SIDE_HEADERS) {
        if (!http_headers_end(&p->server_line_bytes, byte)) return p->answer;
        if (p->status < 200) { /* an answer before the answer */
            p->server_state = SIDE_BEGINS;
            return p->answer;
        }
        if (p->status >= 300) return http_refused(p);
        p->server_state = SIDE_DONE;
        return PROXY_OPEN;
    }
    if (!http_line(&p->server, byte)) return p->answer;
    bool is_status = http_status(p, span_of(p->server.bytes, p->server.have));
    p->server.have = 0;
    p->server_state = SIDE_HEADERS;
    return is_status ? p->answer : PROXY_NO;
}

/* --- SOCKS ----------------------------------------------------------------------------------------------------- */

/* How long the message is, as far as its first bytes say: when no more than there is, it is complete.  0: it is none.
 */

static size_t socks4_request_bytes(struct span m) {
    if (m.len < SOCKS4_REQUEST_BYTES) return m.len > 1 && m.data[1] != SOCKS_CONNECT ? 0 : SOCKS4_REQUEST_BYTES;
    bool has_host = m.data[4] == 0 && m.data[5] == 0 && m.data[6] == 0 && m.data[7] != 0; /* 4a */
    struct span rest = span_from(m, SOCKS4_REQUEST_BYTES);
    size_t name = span_find(rest, 0);
    if (name == rest.len) return m.len + 1;
    size_t length = SOCKS4_REQUEST_BYTES + name + 1;
    if (!has_host) return length;
    rest = span_from(m, length);
    size_t host = span_find(rest, 0);
    return host == rest.len ? m.len + 1 : length + host + 1;
}

static size_t socks5_methods_bytes(struct span m) {
    if (m.len < 2) return 2;
    return m.data[1] == 0 ? 0 : (size_t)2 + m.data[1];
}

static size_t socks5_password_bytes(struct span m) {
    if (m.len < 2) return 2;
    size_t length = (size_t)3 + m.data[1]; /* up to the password's length */
    return m.len < length ? length : length + m.data[length - 1];
}

/* A request or an answer: version, command or reply, 0, address, port. */
static size_t socks5_address_bytes(struct span m) {
    if (m.len > 2 && m.data[2] != 0) return 0;
    if (m.len < 5) return 5;
    switch (m.data[3]) {
        case SOCKS5_IPV4:
            return 10;
        case SOCKS5_IPV6:
            return 22;
        case SOCKS5_NAME:
            return m.data[4] == 0 ? 0 : (size_t)7 + m.data[4];
        default:
            return 0;
    }
}

static size_t socks_client_bytes(const struct proxy *p, struct span m) {
    if (p->protocol == PROXY_SOCKS4) return socks4_request_bytes(m);
    if (p->client_state == SIDE_BEGINS) return socks5_methods_bytes(m);
    if (m.data[0] == SOCKS5_AUTH_VERSION) return socks5_password_bytes(m);
    if (m.data[0] != 5 || (m.len > 1 && m.data[1] != SOCKS_CONNECT)) return 0;
    return socks5_address_bytes(m);
}

static size_t socks_server_bytes(const struct proxy *p, struct span m) {
    if (p->protocol == PROXY_SOCKS4) return m.data[0] == 0 ? 8 : 0;
    if (p->server_state == SIDE_BEGINS) return m.data[0] == 5 ? 2 : 0;
    if (m.data[0] == SOCKS5_AUTH_VERSION) return 2;
    return m.data[0] == 5 ? socks5_address_bytes(m) : 0;
}

static bool socks4_target(struct proxy *p, struct span m) {
    uint16_t port = (uint16_t)((unsigned)m.data[2] << 8 | m.data[3]);
    struct span name = span_from(m, SOCKS4_REQUEST_BYTES);
    struct span host = span_from(name, span_find(name, 0) + 1);
    if (host.len > 0) return keep_target(p, span_head(host, host.len - 1), port);
    struct ip_address ip = address_of(span_slice(m, 4, 4));
    return keep_address(p, &ip, port);
}

static bool socks5_target(struct proxy *p, struct span m) {
    uint16_t port = (uint16_t)((unsigned)m.data[m.len - 2] << 8 | m.data[m.len - 1]);
    if (m.data[3] == SOCKS5_NAME) return keep_target(p, span_slice(m, 5, m.data[4]), port);
    struct ip_address ip = address_of(span_slice(m, 4, m.len - 6));
    return keep_address(p, &ip, port);
}

/* A whole message of the client. */
static enum proxy_answer socks_client_message(struct proxy *p, struct span m) {
    bool is_request = p->protocol == PROXY_SOCKS4 || (p->client_state == SIDE_GREETED && m.data[0] == 5);
    if (!is_request) {
        p->client_state = SIDE_GREETED;
        return p->answer;
    }
    p->client_state = SIDE_DONE;
    return (p->protocol == PROXY_SOCKS4 ? socks4_target(p, m) : socks5_target(p, m)) ? p->answer : PROXY_NO;
}

/* A whole message of the server. */
static enum proxy_answer socks_server_message(struct proxy *p, struct span m) {
    bool first = p->server_state == SIDE_BEGINS;
    uint8_t said = m.data[1];
    p->server_state = SIDE_GREETED;
    if (p->protocol == PROXY_SOCKS4) {
        if (said < SOCKS4_GRANTED || said > SOCKS4_GRANTED + 3 || p->client_state != SIDE_DONE) return PROXY_NO;
        return said == SOCKS4_GRANTED ? PROXY_OPEN : PROXY_REFUSED;
    }
    if (first && said == SOCKS5_NO_METHOD) return PROXY_REFUSED;
    if (first) return said == SOCKS5_METHOD_NONE || said == SOCKS5_METHOD_PASSWORD ? PROXY_ASKED : PROXY_NO;
    if (said != 0) return PROXY_REFUSED; /* the password, or the request */
    if (m.data[0] == SOCKS5_AUTH_VERSION) return p->answer;
    return p->client_state == SIDE_DONE ? PROXY_OPEN : PROXY_NO;
}

static enum proxy_answer socks_byte(struct proxy *p, enum stream_side side, uint8_t byte) {
    struct proxy_message *message = side == SIDE_CLIENT ? &p->client : &p->server;
    if (p->answer == PROXY_REFUSED) return PROXY_REFUSED; /* RFC 1928 6: then the connection is closed */
    message->bytes[message->have++] = byte;
    struct span m = span_of(message->bytes, message->have);
    size_t length = side == SIDE_CLIENT ? socks_client_bytes(p, m) : socks_server_bytes(p, m);
    if (length == 0 || length > sizeof message->bytes) return PROXY_NO;
    if (m.len < length) return p->answer;
    enum proxy_answer answer = side == SIDE_CLIENT ? socks_client_message(p, m) : socks_server_message(p, m);
    memset(message->bytes, 0, message->have); /* perhaps a password */
    message->have = 0;
    return answer;
}

/* --- the interface --------------------------------------------------------------------------------------------- */

static enum proxy_answer one_byte(struct proxy *p, enum stream_side side, uint8_t byte) {
    if (p->protocol != PROXY_HTTP_CONNECT) return socks_byte(p, side, byte);
    if ((side == SIDE_CLIENT ? p->client_state : p->server_state) == SIDE_IGNORED) return p->answer;
    return side == SIDE_CLIENT ? http_client(p, byte) : http_server(p, byte);
}

/* What the client says before it may. */
static void keep_early(struct proxy *p, struct span bytes) {
    struct span kept = span_head(bytes, p->early_lost > 0 ? 0 : sizeof p->early - p->early_bytes);
    if (kept.len > 0) memcpy(p->early + p->early_bytes, kept.data, kept.len);
    p->early_bytes += kept.len;
    p->early_lost += bytes.len - kept.len;
}

enum proxy_answer proxy_push(struct proxy *p, enum stream_side side, struct span *bytes) {
    if (!p->begun && bytes->len > 0) {
        p->begun = true;
        if (side == SIDE_SERVER || !proxy_may_begin(bytes->data[0])) return p->answer = PROXY_NO;
        p->protocol = bytes->data[0] == 4 ? PROXY_SOCKS4 : bytes->data[0] == 5 ? PROXY_SOCKS5 : PROXY_HTTP_CONNECT;
    }
    while (bytes->len > 0 && p->answer != PROXY_NO && p->answer != PROXY_OPEN) {
        if (side == SIDE_CLIENT && p->client_state == SIDE_DONE && p->answer != PROXY_REFUSED) {
            keep_early(p, *bytes);
            *bytes = SPAN_EMPTY;
            break;
        }
        uint8_t byte = bytes->data[0];
        *bytes = span_from(*bytes, 1);
        p->answer = one_byte(p, side, byte);
    }
    return p->answer;
}

enum proxy_answer proxy_gap(struct proxy *p, enum stream_side side) {
    if (p->answer == PROXY_REFUSED) return PROXY_REFUSED;
    if (p->answer != PROXY_ASKED || p->target[0] == '\0') return p->answer = PROXY_NO;
    if (side == SIDE_SERVER) return p->answer = p->status >= 300 ? http_refused(p) : PROXY_OPEN;
    p->client_state = SIDE_DONE;
    return p->answer;
}

const char *proxy_protocol_name(enum proxy_protocol protocol) {
    static const char *const names[] = {"http_connect", "socks4", "socks5", "proxy_v1", "proxy_v2"};
    return names[protocol];
}
