/* Prefixes in order of their first address, without those that lie in another one: two prefixes overlap only when one
 * holds the other, so that the last one that begins at or before an address is the only one that may hold it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "home_networks.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
    const struct ip_prefix *left = a, *right = b;
    int order = memcmp(left->ip.bytes, right->ip.bytes, sizeof left->ip.bytes);
    return order != 0 ? order : left->bits - right->bits;
}

unsigned home_networks_arrange(struct ip_prefix *prefixes, unsigned count) {
    unsigned kept = 0;
    if (count > 0) qsort(prefixes, count, sizeof *prefixes, compare);
    for (unsigned i = 0; i < count; i++) {
        bool inside = kept > 0 && ip_prefix_contains(&prefixes[kept - 1], &prefixes[i].ip);
        if (!inside) prefixes[kept++] = prefixes[i];
    }
    return kept;
}

bool home_networks_contain(const struct ip_prefix *prefixes, unsigned count, const struct ip_address *ip) {
    unsigned low = 0, high = count; /* those before low begin at or before the address, those from high on behind */
    if (count == 0) return true;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (memcmp(prefixes[middle].ip.bytes, ip->bytes, sizeof ip->bytes) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && ip_prefix_contains(&prefixes[low - 1], ip);
}
