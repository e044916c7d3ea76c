/* The provider's own networks, in an order in which one address is looked up in few steps, however many there are: a
 * flood of new connections asks for each of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HOME_NETWORKS_H
#define MAILSPAN_HOME_NETWORKS_H

#include "mailspan/address.h"

/* Brings prefixes into that order, and leaves out those that lie in others.  How many are left. */
unsigned home_networks_arrange(struct ip_prefix *prefixes, unsigned count);
/* Of arranged ones.  Where there are none all addresses are at home. */
bool home_networks_contain(const struct ip_prefix *prefixes, unsigned count, const struct ip_address *ip);

#endif
