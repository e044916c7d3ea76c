/* Databases by their keys: found, copied, dropped when nobody asks for them, and no more than fit.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/compiled.h"
#include "mailspan/limits.h"

static struct compiled_database database_of(unsigned number, const char *text) {
    struct compiled_database database = {.prefiltered = span_from_string(text), .bytes = span_from_string(text)};
    database.key[0] = (uint8_t)number;
    database.key[COMPILED_KEY_BYTES - 1] = (uint8_t)(number >> 8);
    return database;
}

static const struct compiled_database *find(struct compiled *compiled, unsigned number) {
    const struct compiled_database database = database_of(number, "");
    return compiled_find(compiled, database.key);
}

static void add(struct compiled *compiled, unsigned number, const char *text) {
    const struct compiled_database database = database_of(number, text);
    assert_true(compiled_add(compiled, &database));
}

static void what_was_added_is_found(void **state) {
    (void)state;
    struct compiled *compiled = compiled_new();
    char text[] = "one";
    assert_null(find(compiled, 1));
    add(compiled, 1, text);
    add(compiled, 2, "two");
    add(compiled, 3, "");
    text[0] = 'x'; /* it was copied */
    for (unsigned round = 0; round < 2; round++) {
        assert_true(span_equal(find(compiled, 2)->bytes, SPAN_LITERAL("two")));
        assert_true(span_equal(find(compiled, 1)->prefiltered, SPAN_LITERAL("one")));
        assert_int_equal(find(compiled, 3)->bytes.len, 0);
        assert_null(find(compiled, 256 + 1)); /* another key's last byte */
    }
    assert_int_equal(compiled_count(compiled), 3);
    assert_ptr_equal(compiled_at(compiled, 1), find(compiled, 2));
    assert_null(compiled_at(compiled, 3));
    compiled_free(compiled);
}

/* What was found or added since the last time stays. */
static void what_nobody_asks_for_is_dropped(void **state) {
    (void)state;
    struct compiled *compiled = compiled_new();
    add(compiled, 1, "one");
    add(compiled, 2, "two");
    add(compiled, 3, "three");
    compiled_drop_unused(compiled);
    assert_int_equal(compiled_count(compiled), 3);
    assert_non_null(find(compiled, 3));
    assert_non_null(find(compiled, 1));
    add(compiled, 4, "four");
    compiled_drop_unused(compiled);
    assert_int_equal(compiled_count(compiled), 3);
    assert_null(find(compiled, 2));
    assert_true(span_equal(compiled_at(compiled, 1)->bytes, SPAN_LITERAL("three")));
    compiled_drop_unused(compiled);
    assert_int_equal(compiled_count(compiled), 0);
    compiled_free(compiled);
}

static void no_more_than_fit(void **state) {
    (void)state;
    struct compiled *compiled = compiled_new();
    for (unsigned i = 0; i < LIMIT_COMPILED; i++) add(compiled, i, "x");
    const struct compiled_database more = database_of(LIMIT_COMPILED, "x");
    assert_false(compiled_add(compiled, &more));
    assert_non_null(find(compiled, LIMIT_COMPILED - 1));
    compiled_free(compiled);
    compiled_free(NULL);
}

/* Neither counted nor dropped, and what was added is looked at by another question. */
static void what_was_brought_stays(void **state) {
    (void)state;
    const struct compiled_database brought[] = {database_of(1, "one"), database_of(2, "two")};
    struct compiled *compiled = compiled_new();
    assert_null(compiled_find_brought(compiled, brought[0].key));
    compiled_bring(compiled, brought, 2);
    add(compiled, 3, "three");
    for (unsigned round = 0; round < 3; round++) {
        assert_ptr_equal(compiled_find_brought(compiled, brought[1].key), &brought[1]);
        assert_ptr_equal(compiled_find_brought(compiled, brought[0].key), &brought[0]);
        assert_null(compiled_find_brought(compiled, database_of(3, "").key));
        assert_null(find(compiled, 1));
        assert_int_equal(compiled_count(compiled), round < 2); /* the third was not asked for */
        compiled_drop_unused(compiled);
    }
    compiled_free(compiled);
}

static void what_is_noted(void **state) {
    (void)state;
    struct compiled *compiled = compiled_new();
    assert_false(compiled_is_closed(compiled));
    assert_false(compiled_is_sound(compiled));
    assert_int_equal(compiled_brought(compiled), 0);
    compiled_close(compiled);
    compiled_note_sound(compiled);
    compiled_note_brought(compiled);
    compiled_note_brought(compiled);
    assert_true(compiled_is_closed(compiled));
    assert_true(compiled_is_sound(compiled));
    assert_int_equal(compiled_brought(compiled), 2);
    compiled_free(compiled);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found), cmocka_unit_test(what_nobody_asks_for_is_dropped),
        cmocka_unit_test(no_more_than_fit),        cmocka_unit_test(what_was_brought_stays),
        cmocka_unit_test(what_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
