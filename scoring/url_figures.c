/* URLs, each looked at once as a whole.
 *
 * Finding a host's organisation costs a microsecond, and a newsletter has fifty URLs on three hosts: so organisations
 * are kept by a hash of the host.  Hosts beyond those that are kept count for no organisation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/url_figures.h"

#include "mailspan/domain_org.h"
#include "mailspan/span_search.h"

#define LONG_HOST_BYTES 45 /* longer than those of most click trackers */
#define MANY_HYPHENS 3     /* in one host */
#define MANY_DIGITS 5
#define MANY_LABELS 6

static bool is_slash(uint8_t c) {
    return c == '/' || c == '\\';
}

/* What stands behind "http:" and the slashes; empty for any other URL. */
static struct span behind_scheme(struct span url) {
    size_t const colon = span_find(url, ':');
    struct span const scheme = span_head(url, colon);
    if (!span_equal_nocase(scheme, SPAN_LITERAL("http")) && !span_equal_nocase(scheme, SPAN_LITERAL("https")))
        return SPAN_EMPTY;
    size_t at = colon + 1;
    while (at < url.len && is_slash(url.data[at])) at++;
    return span_from(url, at);
}

static size_t authority_bytes(struct span text) {
    size_t len = 0;
    while (len < text.len && !is_slash(text.data[len]) && text.data[len] != '?' && text.data[len] != '#') len++;
    return len;
}

/* Whether text ends in "http" or "https". */
static bool ends_in_scheme(struct span text) {
    if (text.len > 0 && ascii_lower(text.data[text.len - 1]) == 's') text.len--;
    return text.len >= 4 && span_equal_nocase(span_from(text, text.len - 4), SPAN_LITERAL("http"));
}

/* Whether another URL is inside: "http:" or "https%3A". */
static bool leads_on(struct span text) {
    for (size_t at = 0; (at += span_find_either(span_from(text, at), ':', '%')) < text.len; at++) {
        bool const colon = text.data[at] == ':' || span_starts_with_nocase(span_from(text, at), SPAN_LITERAL("%3a"));
        if (colon && ends_in_scheme(span_head(text, at))) return true;
    }
    return false;
}

struct host_shape {
    unsigned hyphens, digits, labels;
    uint32_t hash;
    bool has_letters;
};

static struct host_shape shape_of(struct span host) {
    struct host_shape shape = {.labels = 1, .hash = 2166136261u};
    for (size_t i = 0; i < host.len; i++) {
        uint8_t const c = ascii_lower(host.data[i]);
        shape.hyphens += c == '-';
        shape.digits += ascii_is_digit(c);
        shape.labels += c == '.';
        shape.has_letters = shape.has_letters || ascii_is_alpha(c) || c >= 0x80;
        shape.hash = (shape.hash ^ c) * 16777619u;
    }
    return shape;
}

static void add(uint8_t *number, bool one) {
    *number = (uint8_t)(*number + one); /* there are LIMIT_URLS at most */
}

/* The organisation of a host, shortened; 0 when there was no room for it. */
static uint32_t org_of(struct url_figures *figures, struct span host, uint32_t hash) {
    for (unsigned i = 0; i < figures->host_count; i++)
        if (figures->hosts[i].host == hash) return figures->hosts[i].org;
    if (figures->host_count == LIMIT_URL_HOSTS) return 0;
    uint32_t const org = (uint32_t)domain_org_hash(host) | 1;
    bool known = false;
    for (unsigned i = 0; i < figures->host_count; i++) known = known || figures->hosts[i].org == org;
    add(&figures->orgs, !known);
    figures->hosts[figures->host_count].host = hash;
    figures->hosts[figures->host_count++].org = org;
    return org;
}

void url_figures_take(struct url_figures *figures, struct span url, struct span from_domain) {
    struct span const rest = behind_scheme(url);
    struct span const authority = span_head(rest, authority_bytes(rest));
    size_t const sign = span_find_last(authority, '@');
    struct span const place = sign < authority.len ? span_from(authority, sign + 1) : authority;
    size_t const host_bytes = place.len > 0 && place.data[0] == '[' ? span_find(place, ']') + 1 : span_find(place, ':');
    struct span const host = span_head(place, host_bytes);
    struct span const port = span_from(place, host.len + 1);
    if (host.len == 0 || figures->urls == LIMIT_URLS) return;
    figures->urls++;
    struct host_shape const shape = shape_of(host);
    add(&figures->named, sign < authority.len);
    add(&figures->ports,
        port.len > 0 && !span_equal(port, SPAN_LITERAL("80")) && !span_equal(port, SPAN_LITERAL("443")));
    add(&figures->redirecting, leads_on(span_from(rest, authority.len)));
    add(&figures->long_hosts, host.len > LONG_HOST_BYTES);
    add(&figures->hyphened_hosts, shape.hyphens >= MANY_HYPHENS);
    add(&figures->digit_hosts, shape.has_letters && shape.digits >= MANY_DIGITS);
    add(&figures->deep_hosts, shape.labels >= MANY_LABELS);
    if (figures->from_org == 0) figures->from_org = domain_org_hash(from_domain);
    uint32_t const org = org_of(figures, host, shape.hash);
    add(&figures->of_from, figures->from_org != 0 && org == ((uint32_t)figures->from_org | 1));
}
