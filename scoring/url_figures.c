/* URLs, each looked at once as a whole.
 *
 * Finding a host's organisation costs a microsecond, and a newsletter has fifty URLs on three hosts: so organisations
 * are kept by a hash of the host.  Hosts beyond those that are kept count for no organisation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/url_figures.h"

#include "mailspan/domain_org.h"
#include "mailspan/span_search.h"
#include "mailspan/url_host.h"

#define LONG_HOST_BYTES 45 /* longer than those of most click trackers */
#define MANY_HYPHENS 3     /* in one host */
#define MANY_DIGITS 5
#define MANY_LABELS 6

/* How long "http" or "https" at the end of text is; 0 when neither is there. */
static size_t scheme_at_end(struct span text) {
    static const struct span schemes[] = {SPAN_LITERAL("https"), SPAN_LITERAL("http")};
    for (size_t i = 0; i < 2; i++)
        if (text.len >= schemes[i].len && span_equal_nocase(span_from(text, text.len - schemes[i].len), schemes[i]))
            return schemes[i].len;
    return 0;
}

/* The other URL that is inside, "http:" or "https%3A"; empty: there is none. */
static struct span inner_url(struct span text) {
    for (size_t at = 0; (at += span_find_either(span_from(text, at), ':', '%')) < text.len; at++) {
        bool const colon = text.data[at] == ':' || span_starts_with_nocase(span_from(text, at), SPAN_LITERAL("%3a"));
        size_t const scheme = colon ? scheme_at_end(span_head(text, at)) : 0;
        if (scheme > 0) return span_from(text, at - scheme);
    }
    return SPAN_EMPTY;
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

bool url_figures_take(struct url_figures *figures, struct span url, struct url_written written,
                      struct span from_domain) {
    struct url_authority const found = url_authority_read(url);
    struct span const host = found.host, port = found.port;
    if (host.len == 0 || found.schemeless) return true;
    bool const counts = figures->shown < LIMIT_URLS;
    if (!counts && (written.bare || figures->urls == LIMIT_URLS)) return false;
    struct span const inner = inner_url(found.rest);
    add(&figures->shown, counts);
    add(&figures->bare_ip,
        counts && (url_host_is_address(host) || url_host_is_address(url_authority_read(inner).host)));
    add(&figures->punycode, counts && url_host_is_punycode(host));
    if (written.bare || figures->urls == LIMIT_URLS) return counts;
    figures->urls++;
    struct host_shape const shape = shape_of(host);
    add(&figures->named, found.named);
    add(&figures->ports,
        port.len > 0 && !span_equal(port, SPAN_LITERAL("80")) && !span_equal(port, SPAN_LITERAL("443")));
    add(&figures->redirecting, inner.len > 0);
    add(&figures->long_hosts, host.len > LONG_HOST_BYTES);
    add(&figures->hyphened_hosts, shape.hyphens >= MANY_HYPHENS);
    add(&figures->digit_hosts, shape.has_letters && shape.digits >= MANY_DIGITS);
    add(&figures->deep_hosts, shape.labels >= MANY_LABELS);
    add(&figures->encoded_hosts, written.encoded);
    if (figures->from_org == 0) figures->from_org = domain_org_hash(from_domain);
    uint32_t const org = org_of(figures, host, shape.hash);
    add(&figures->of_from, figures->from_org != 0 && org == ((uint32_t)figures->from_org | 1));
    return counts;
}
