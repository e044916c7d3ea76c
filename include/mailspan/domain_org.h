/* domain_org: whose a domain is, by the Public Suffix List: mail.shop.example.co.uk is of example.co.uk.
 *
 * RFC 7489 3.2: the organisational domain is the public suffix and one label more, private suffixes (github.io) too.
 * What is a suffix itself, an address, or a single label is its own organisation.  Names come as ASCII in any case, as
 * A-labels (xn--), or in UTF-8.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DOMAIN_ORG_H
#define MAILSPAN_DOMAIN_ORG_H

#include "mailspan/span.h"

/* The organisational domain: the end of the domain that is given, without a final dot. */
struct span domain_org(struct span domain);

/* Whom the domain belongs to: the same without private suffixes, so that somebody.github.io is of github.io. */
struct span domain_owned(struct span domain);

/* A number for the organisation of a domain, equal for all of its names; 0 for an empty one. */
uint64_t domain_org_hash(struct span domain);

/* Both are known, and of one organisation (RFC 7489 3.1, "relaxed") or of two. */
bool domain_orgs_equal(struct span a, struct span b);
bool domain_orgs_differ(struct span a, struct span b);

/* Whether the domain ends in a top-level domain that exists: example.com, but not node.js. */
bool domain_is_under_known_suffix(struct span domain);

#endif
