/* Hosts that the texts of links show.
 *
 * A text shows a host when a URL is in it, or when it is a single name that ends in a
 * top-level domain which exists: "example.com" and "example.com/login", but not "node.js" or "somebody@example.com".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_link.h"

#include "mailspan/domain_org.h"
#include "mailspan/mailbox.h"
#include "mailspan/url_host.h"

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

/* "http:/", "https:\": a scheme alone begins many a word. */
static bool is_url(struct span text) {
    bool const http = span_starts_with_nocase(text, SPAN_LITERAL("http:"));
    size_t const scheme = http ? 5 : 6;
    if (!http && !span_starts_with_nocase(text, SPAN_LITERAL("https:"))) return false;
    return text.len > scheme && (text.data[scheme] == '/' || text.data[scheme] == '\\');
}

/* "http://host", "www.host" at the first place where there is one. */
static struct span host_of_url_inside(struct span text) {
    for (size_t at = 0; at < text.len; at++) {
        uint8_t const c = ascii_lower(text.data[at]);
        if ((c != 'h' && c != 'w') || !begins_word(text, at)) continue;
        struct span rest = span_from(text, at);
        if (is_url(rest)) {
            struct span const host = url_authority_read(rest).host;
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
