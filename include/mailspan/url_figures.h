/* url_figures: where the URLs of a message lead, and by what odd ways.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_URL_FIGURES_H
#define MAILSPAN_URL_FIGURES_H

#include "mailspan/limits.h"
#include "mailspan/span.h"

/* Of http and https URLs in text, and in href, src and action of HTML, LIMIT_URLS at most.  The first three are of
 * those without a scheme, too (www.example.com); the others are not, because what only names a host may be a disguise.
 * Zeroed memory is the state before the first one. */
struct url_figures {
    uint64_t from_org; /* of From's domain; 0: none, or no URL so far */
    uint8_t shown;
    uint8_t bare_ip;  /* their host is an address, or that of a URL behind it */
    uint8_t punycode; /* ... has an A-label */
    uint8_t urls;
    uint8_t of_from;     /* URLs of From's organisation */
    uint8_t redirecting; /* with another URL behind the host */
    uint8_t named;       /* with a name before the host: http://bank.example@evil.example/ */
    uint8_t ports;       /* with a port that is not the usual one */
    uint8_t long_hosts, hyphened_hosts, digit_hosts, deep_hosts;
    uint8_t encoded_hosts; /* not written as it is looked up */
    uint8_t orgs;          /* different organisations, LIMIT_URL_HOSTS at most */
    uint8_t host_count;
    struct {
        uint32_t host; /* hashes */
        uint32_t org;
    } hosts[LIMIT_URL_HOSTS];
};

struct url_written {
    bool bare;    /* without its scheme */
    bool encoded; /* its host was decoded */
};

/* False when there were as many as are counted. */
bool url_figures_take(struct url_figures *figures, struct span url, struct url_written written,
                      struct span from_domain);

#endif
