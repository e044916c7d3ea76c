/* See mailspan/url_host.h.
 *
 * A host is what stands behind the last "@" and before a port.  It is an address when its last label is a number, or
 * when it is in square brackets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/url_host.h"

#include "mailspan/utf8.h"

static bool is_slash(uint8_t c) {
    return c == '/' || c == '\\';
}

/* How long "http:" or "https:" is at the start of text; 0 when neither is there. */
static size_t scheme_bytes(struct span text) {
    if (span_starts_with_nocase(text, SPAN_LITERAL("https:"))) return 6;
    return span_starts_with_nocase(text, SPAN_LITERAL("http:")) ? 5 : 0;
}

static size_t authority_bytes(struct span text) {
    size_t len = 0;
    while (len < text.len && !is_slash(text.data[len]) && text.data[len] != '?' && text.data[len] != '#' &&
           text.data[len] > ' ')
        len++;
    return len;
}

/* Without what belongs to the sentence: "(see http://192.0.2.1)," */
static struct span without_punctuation(struct span authority) {
    static const uint8_t marks[] = {'!', '\'', '(', ')', ',', ';', ':', '*'};
    while (authority.len > 0 && memchr(marks, authority.data[authority.len - 1], sizeof marks) != NULL) authority.len--;
    return authority;
}

struct url_authority url_authority_read(struct span url) {
    struct url_authority found = {.host = SPAN_EMPTY};
    size_t at = 0;
    while (at < url.len && url.data[at] <= ' ') at++;
    url = span_from(url, at);
    at = scheme_bytes(url);
    found.schemeless = at == 0;
    if (at == 0 && !(url.len > 1 && is_slash(url.data[0]) && is_slash(url.data[1]))) return found;
    while (at < url.len && is_slash(url.data[at])) at++;
    url = span_from(url, at);
    struct span authority = span_head(url, authority_bytes(url));
    found.rest = span_from(url, authority.len);
    authority = without_punctuation(authority);
    size_t const sign = span_find_last(authority, '@');
    found.named = sign < authority.len;
    struct span const place = found.named ? span_from(authority, sign + 1) : authority;
    bool const literal = place.len > 0 && place.data[0] == '[';
    found.host = span_head(place, literal ? span_find(place, ']') + 1 : span_find(place, ':'));
    found.port = span_from(place, found.host.len + 1);
    return found;
}

/* --- hosts -------------------------------------------------------------------------------------------------------- */

/* The value of a digit; 16 and more: it is none. */
static unsigned hex_value(uint8_t c) {
    if (ascii_is_digit(c)) return c - (unsigned)'0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

/* What may stand in a host: a %2F there makes the URL none. */
static bool is_host_byte(uint32_t c) {
    return c >= 0x80 || ascii_is_alpha((uint8_t)c) || ascii_is_digit((uint8_t)c) || c == '-' || c == '.' || c == '_';
}

static size_t decode_percents(uint8_t *host, size_t len) {
    size_t used = 0;
    for (size_t at = 0; at < len; at++) {
        uint8_t c = host[at];
        if (c == '%' && len - at > 2 && hex_value(host[at + 1]) < 16 && hex_value(host[at + 2]) < 16) {
            unsigned const value = hex_value(host[at + 1]) * 16 + hex_value(host[at + 2]);
            if (is_host_byte(value)) {
                c = (uint8_t)value;
                at += 2;
            }
        }
        host[used++] = c;
    }
    return used;
}

/* The ASCII character that stands for it (UTS #46); 0: none, or it is one. */
static uint8_t plain_of(uint32_t c) {
    if (c == 0x3002 || c == 0xff61) return '.';
    return c >= 0xff01 && c <= 0xff5e && is_host_byte(c - 0xfee0) ? (uint8_t)(c - 0xfee0) : 0;
}

size_t url_host_decode(uint8_t *host, size_t len) {
    len = decode_percents(host, len);
    size_t used = 0;
    for (size_t at = 0; at < len;) {
        uint32_t c;
        size_t const bytes = utf8_next(span_of(host + at, len - at), &c);
        uint8_t const plain = plain_of(c);
        if (plain != 0)
            host[used] = plain;
        else
            memmove(host + used, host + at, bytes);
        used += plain != 0 ? 1 : bytes;
        at += bytes;
    }
    return used;
}

bool url_host_is_address(struct span host) {
    if (host.len > 0 && host.data[host.len - 1] == '.') host.len--;
    if (host.len > 0 && host.data[0] == '[') return true;
    size_t const dot = span_find_last(host, '.');
    struct span const label = dot < host.len ? span_from(host, dot + 1) : host;
    bool const hex = span_starts_with_nocase(label, SPAN_LITERAL("0x"));
    for (size_t i = hex ? 2 : 0; i < label.len; i++)
        if (hex ? hex_value(label.data[i]) > 15 : !ascii_is_digit(label.data[i])) return false;
    return label.len > 0;
}

bool url_host_is_punycode(struct span host) {
    for (size_t at = 0; at < host.len; at += span_find(span_from(host, at), '.') + 1)
        if (span_starts_with_nocase(span_from(host, at), SPAN_LITERAL("xn--"))) return true;
    for (size_t at = 0; at < host.len; at++)
        if (host.data[at] >= 0x80) return true; /* it is looked up as such a name (RFC 5891 5) */
    return false;
}
