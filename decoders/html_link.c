/* Hosts in links and in their texts.
 *
 * Browsers take "\" for "/", any number of slashes behind the scheme, and what stands before the last "@" for a name
 * (WHATWG URL); so does this.  A text shows a host when a URL is in it, or when it is a single name that ends in a
 * top-level domain which exists: "example.com" and "example.com/login", but not "node.js" or "somebody@example.com".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_link.h"

#include "mailspan/domain_org.h"
#include "mailspan/mailbox.h"

static bool is_slash(uint8_t c) {
    return c == '/' || c == '\\';
}

/* How long "http:" or "https:" is at the start of text; 0 when neither is there. */
static size_t scheme_bytes(struct span text) {
    if (span_starts_with_nocase(text, SPAN_LITERAL("https:"))) return 6;
    return span_starts_with_nocase(text, SPAN_LITERAL("http:")) ? 5 : 0;
}

/* The host that an authority begins with, without a name before and a port behind. */
static struct span authority_host(struct span text) {
    size_t end = 0;
    while (end < text.len && !is_slash(text.data[end]) && text.data[end] != '?' && text.data[end] != '#' &&
           text.data[end] > ' ')
        end++;
    struct span host = span_head(text, end);
    size_t const sign = span_find_last(host, '@');
    if (sign < host.len) host = span_from(host, sign + 1);
    if (host.len > 0 && host.data[0] == '[') return span_head(host, span_find(host, ']') + 1);
    return span_head(host, span_find(host, ':'));
}

struct span html_url_host(struct span url) {
    size_t at = 0;
    while (at < url.len && url.data[at] <= ' ') at++;
    url = span_from(url, at);
    size_t const scheme = scheme_bytes(url);
    if (scheme == 0 && !(url.len > 1 && is_slash(url.data[0]) && is_slash(url.data[1]))) return SPAN_EMPTY;
    at = scheme;
    while (at < url.len && is_slash(url.data[at])) at++;
    return authority_host(span_from(url, at));
}

static size_t domain_bytes(struct span text) {
    size_t len = 0;
    while (len < text.len && is_domain_byte(text.data[len])) len++;
    while (len > 0 && text.data[len - 1] == '.') len--;
    return len;
}

/* Whether a word begins at text[at]. */
static bool begins_word(struct span text, size_t at) {
    return at == 0 || (!is_domain_byte(text.data[at - 1]) && text.data[at - 1] != '@');
}

/* "http://host", "www.host" at the first place where there is one. */
static struct span host_of_url_inside(struct span text) {
    for (size_t at = 0; at < text.len; at++) {
        uint8_t const c = ascii_lower(text.data[at]);
        if ((c != 'h' && c != 'w') || !begins_word(text, at)) continue;
        struct span rest = span_from(text, at);
        size_t const scheme = scheme_bytes(rest);
        if (scheme > 0 && rest.len > scheme && is_slash(rest.data[scheme])) {
            struct span host = html_url_host(rest);
            return span_head(host, domain_bytes(host));
        }
        if (span_starts_with_nocase(rest, SPAN_LITERAL("www."))) return span_head(rest, domain_bytes(rest));
    }
    return SPAN_EMPTY;
}

struct span html_shown_host(struct span text) {
    text = span_trim(text);
    struct span host = host_of_url_inside(text);
    bool const is_name = host.len == 0;
    if (is_name) {
        host = span_head(text, domain_bytes(text));
        bool const whole = host.len == text.len || text.data[host.len] == '/' || text.data[host.len] == '.';
        if (!whole || span_find(text, ' ') < text.len) return SPAN_EMPTY;
    }
    return span_find(host, '.') < host.len && domain_is_under_known_suffix(host) ? host : SPAN_EMPTY;
}
