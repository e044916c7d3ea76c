/* url_host: where an http or https URL leads, as browsers read it (WHATWG URL).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_URL_HOST_H
#define MAILSPAN_URL_HOST_H

#include "mailspan/span.h"

struct url_authority {
    struct span host; /* as it is written; empty: it is no such URL */
    struct span port;
    struct span rest; /* behind the authority: path, query, fragment */
    bool schemeless;  /* it begins with // */
    bool named;       /* a name stands before the host, http://bank@evil.example/ */
};

/* "\" is "/", any number of them may stand behind the scheme, and blanks in front. */
struct url_authority url_authority_read(struct span url);

/* Writes the host as it is looked up, in its place: %31 is 1, full-width letters are ASCII, their full stops are dots.
 * What no host may have stays encoded.  Returns how long it is then. */
size_t url_host_decode(uint8_t *host, size_t len);

/* Whether it is an IP address in any form: 192.0.2.1, 3221225985, 0xc0000201, [2001:db8::1]. */
bool url_host_is_address(struct span host);
/* Whether one of its labels is an A-label, xn--, or is looked up as one, for its letters beyond ASCII. */
bool url_host_is_punycode(struct span host);

#endif
