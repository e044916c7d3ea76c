/* protocol_table: counts by name, most first, in a bounded table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "protocol_table.h"

static void row_is(const struct protocol_table *table, unsigned row, const char *name, uint64_t flows) {
    assert_true(row < table->count);
    assert_string_equal(table->rows[row].name, name);
    assert_int_equal(table->rows[row].flows, flows);
}

static void most_first(void **state) {
    (void)state;
    struct protocol_table table = {.count = 0};
    const char *const names[] = {"SSH", "HTTP", "TLS", "HTTP", "TLS", "TLS", "Redis"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) protocol_table_add(&table, names[i]);
    assert_int_equal(table.count, 4);
    row_is(&table, 0, "TLS", 3);
    row_is(&table, 1, "HTTP", 2);
    row_is(&table, 2, "Redis", 1); /* as many as the next: by name */
    row_is(&table, 3, "SSH", 1);
}

static void bounded(void **state) {
    (void)state;
    struct protocol_table table = {.count = 0};
    uint64_t all = 0;
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < 100; i++) {
            char name[40];
            (void)snprintf(name, sizeof name, "protocol %02u", i);
            protocol_table_add(&table, name);
        }
    assert_int_equal(table.count, LIMIT_PROTOCOLS);
    row_is(&table, 0, PROTOCOL_OTHERS, 3 * (100 - (LIMIT_PROTOCOLS - 1)));
    row_is(&table, 1, "protocol 00", 3);
    for (unsigned i = 0; i < table.count; i++) all += table.rows[i].flows;
    assert_int_equal(all, 300);
}

static void long_name(void **state) {
    (void)state;
    struct protocol_table table = {.count = 0};
    protocol_table_add(&table, "a name that is longer than any of nDPI's");
    protocol_table_add(&table, "a name that is longer than any of nDPI's, or of others");
    assert_int_equal(table.count, 1);
    row_is(&table, 0, "a name that is longer t", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(most_first), cmocka_unit_test(bounded),
                                       cmocka_unit_test(long_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
