/* The provider's own networks, sorted once so that a flood of new connections with many networks costs little.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HOME_NETWORKS_H
#define MAILSPAN_HOME_NETWORKS_H

#include <stddef.h>

#include "mailspan/address.h"

struct home_networks;

/* NULL: not enough memory. */
struct home_networks *home_networks_new(const struct ip_prefix *prefixes, size_t count);
void home_networks_free(struct home_networks *home);
size_t home_networks_memory_bytes(const struct home_networks *home);
/* Where none are configured all addresses are at home. */
bool home_networks_contain(const struct home_networks *home, const struct ip_address *ip);

#endif
