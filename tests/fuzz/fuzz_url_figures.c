/* Any bytes as the URLs of a message: nothing outside them is read, no count passes that of the URLs, a URL that comes
 * again adds no host, and capitals make no difference.
 *
 * Input: From's domain, and URLs, each behind a newline.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/url_figures.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) abort();
}

/* Exactly as long, so that the sanitizer sees a byte too far. */
static uint8_t *copy_of(struct span bytes, bool small) {
    uint8_t *copy = malloc(bytes.len);
    require(copy != NULL);
    for (size_t i = 0; i < bytes.len; i++) copy[i] = small ? ascii_lower(bytes.data[i]) : bytes.data[i];
    return copy;
}

static void take(struct url_figures *figures, struct span url, struct span from, bool small) {
    uint8_t *one = copy_of(url, small), *other = copy_of(from, small);
    (void)url_figures_take(figures, span_of(one, url.len), (struct url_written){.bare = false},
                           span_of(other, from.len));
    free(one);
    free(other);
}

static void check_counts(const struct url_figures *figures, unsigned lines) {
    uint8_t const counts[] = {figures->of_from,     figures->redirecting, figures->named,
                              figures->ports,       figures->long_hosts,  figures->hyphened_hosts,
                              figures->digit_hosts, figures->deep_hosts,  figures->host_count};
    require(figures->urls <= LIMIT_URLS && figures->urls <= lines);
    for (size_t i = 0; i < sizeof counts; i++) require(counts[i] <= figures->urls);
    require(figures->host_count <= LIMIT_URL_HOSTS && figures->orgs <= figures->host_count);
    require((figures->host_count > 0) == (figures->orgs > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span rest = span_of(data, size);
    struct span const from = span_head(rest, span_find(rest, '\n'));
    struct url_figures figures = {.urls = 0}, small = {.urls = 0};
    rest = span_from(rest, from.len + 1);
    for (unsigned lines = 1; rest.len > 0; lines++) {
        struct span const url = span_head(rest, span_find(rest, '\n'));
        rest = span_from(rest, url.len + 1);
        take(&figures, url, from, false);
        take(&small, url, from, true);
        check_counts(&figures, lines);
        require(memcmp(&figures, &small, sizeof figures) == 0);
        struct url_figures again = figures;
        take(&again, url, from, false);
        require(again.host_count == figures.host_count && again.orgs == figures.orgs);
    }
    return 0;
}
