/* See protocol_table.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol_table.h"

static unsigned find(const struct protocol_table *table, struct span name) {
    unsigned i = 0;
    while (i < table->count && !span_equal(span_from_string(table->rows[i].name), name)) i++;
    return i;
}

static bool stands_before(const struct protocol_count *a, const struct protocol_count *b) {
    return a->flows != b->flows ? a->flows > b->flows : strcmp(a->name, b->name) < 0;
}

static void add(struct protocol_table *table, const char *name, uint64_t flows) {
    struct span text = span_head(span_from_string(name), LIMIT_PROTOCOL_NAME_BYTES - 1);
    unsigned i = find(table, text);
    if (i == table->count && table->count >= LIMIT_PROTOCOLS - 1) { /* the last row is for the others */
        text = SPAN_LITERAL(PROTOCOL_OTHERS);
        i = find(table, text);
    }
    if (i == table->count) {
        struct protocol_count *row = &table->rows[table->count++];
        *row = (struct protocol_count){.flows = 0};
        if (text.len > 0) memcpy(row->name, text.data, text.len);
    }
    struct protocol_count counted = table->rows[i];
    counted.flows += flows;
    for (; i > 0 && stands_before(&counted, &table->rows[i - 1]); i--) table->rows[i] = table->rows[i - 1];
    table->rows[i] = counted;
}

void protocol_table_add(struct protocol_table *table, const char *name) {
    add(table, name, 1);
}

void protocol_table_add_all(struct protocol_table *table, const struct protocol_table *from) {
    for (unsigned i = 0; i < from->count; i++) add(table, from->rows[i].name, from->rows[i].flows);
}
