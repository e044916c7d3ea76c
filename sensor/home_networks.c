/* Prefixes in order of their first address, without those that lie in another one: two prefixes overlap only when one
 * holds the other, so that the last one that begins at or before an address is the only one that may hold it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/home_networks.h"

#include <stdlib.h>
#include <string.h>

struct home_networks {
    size_t given, count;
    struct ip_prefix prefixes[];
};

static int compare(const void *a, const void *b) {
    const struct ip_prefix *left = a, *right = b;
    int order = memcmp(left->ip.bytes, right->ip.bytes, sizeof left->ip.bytes);
    return order != 0 ? order : left->bits - right->bits;
}

struct home_networks *home_networks_new(const struct ip_prefix *prefixes, size_t count) {
    struct home_networks *home = malloc(sizeof *home + count * sizeof *home->prefixes);
    if (home == NULL) return NULL;
    home->given = count;
    home->count = 0;
    if (count > 0) {
        memcpy(home->prefixes, prefixes, count * sizeof *prefixes);
        qsort(home->prefixes, count, sizeof *prefixes, compare);
    }
    for (size_t i = 0; i < count; i++) {
        bool inside = home->count > 0 && ip_prefix_contains(&home->prefixes[home->count - 1], &home->prefixes[i].ip);
        if (!inside) home->prefixes[home->count++] = home->prefixes[i];
    }
    return home;
}

void home_networks_free(struct home_networks *home) {
    free(home);
}

size_t home_networks_memory_bytes(const struct home_networks *home) {
    return sizeof *home + home->given * sizeof *home->prefixes;
}

bool home_networks_contain(const struct home_networks *home, const struct ip_address *ip) {
    size_t low = 0, high = home->count; /* those before low begin at or before the address, those from high on behind */
    if (home->count == 0) return true;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(home->prefixes[middle].ip.bytes, ip->bytes, sizeof ip->bytes) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && ip_prefix_contains(&home->prefixes[low - 1], ip);
}
