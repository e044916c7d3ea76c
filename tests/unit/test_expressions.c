/* Expressions: where they are wrong, which become prefilters, and what the compiled ones find.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../../scoring/expressions.h"

#define EXPRESSIONS_MAX 8

struct set {
    struct expression_file file;
    struct expression list[EXPRESSIONS_MAX];
    unsigned count;
    hs_database_t *database;
    hs_scratch_t *scratch;
    struct problem problem;
};

/* yaml: a list of expressions. */
static struct set set_of(const char *yaml) {
    struct set set = {.file = {.source = span_from_string(yaml)}};
    set.file.document = yaml_document_load("test.yaml", set.file.source, &set.problem);
    assert_non_null(set.file.document);
    const struct yaml_node *node = yaml_document_root(set.file.document)->first;
    for (; node != NULL; node = node->next) {
        assert_true(set.count < EXPRESSIONS_MAX);
        set.list[set.count] = (struct expression){.text = node->text, .node = node, .id = 10 + set.count};
        set.count++;
    }
    return set;
}

static void set_place(struct set *set) {
    for (unsigned i = 0; i < set->count; i++) set->list[i].file = &set->file;
}

static void set_free(struct set *set) {
    for (unsigned i = 0; i < set->count; i++) pcre2_code_free(set->list[i].confirm);
    hs_free_database(set->database);
    hs_free_scratch(set->scratch);
    yaml_document_free(set->file.document);
}

static void set_compile(struct set *set, unsigned mode) {
    set_place(set);
    if (!expressions_compile(set->list, set->count, mode, NULL, &set->database, &set->scratch, &set->problem))
        fail_msg("%u:%u: %s", set->problem.line, set->problem.column, set->problem.what);
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from, (void)to, (void)flags;
    *(unsigned *)context |= 1u << (id - 10);
    return 0;
}

/* The expressions that match, as bits. */
static unsigned found_in(const struct set *set, const char *text) {
    unsigned found = 0;
    assert_int_equal(hs_scan(set->database, text, (unsigned)strlen(text), 0, set->scratch, on_match, &found),
                     HS_SUCCESS);
    return found;
}

static void assert_wrong(const char *yaml, unsigned line, unsigned column, const char *what) {
    struct set set = set_of(yaml);
    set_place(&set);
    assert_false(expression_check(&set.list[set.count - 1], &set.problem));
    assert_int_equal(set.problem.line, line);
    assert_int_equal(set.problem.column, column);
    assert_non_null(strstr(set.problem.what, what));
    set_free(&set);
}

/* "a(b": PCRE2 misses the bracket behind the last character, which is the fourth place. */
static void wrong_ones_have_a_place(void **state) {
    (void)state;
    assert_wrong("- a(b\n", 1, 6, "its character 4");
    assert_wrong("- fine\n- 'a(b'\n", 2, 7, "its character 4");
    assert_wrong("- '''a(b'\n", 1, 9, "its character 5");      /* '' is one character */
    assert_wrong("- \"\\x41(b\"\n", 1, 10, "its character 4"); /* \x41 is one character */
    struct set set = set_of("- 'a(b)'\n");
    set_place(&set);
    assert_true(expression_check(&set.list[0], &set.problem));
    set_free(&set);
}

static void all_together(void **state) {
    (void)state;
    struct set set = set_of("- 'next of kin'\n- '(?i)casino'\n- '^dear'\n- 'a.b'\n");
    set_compile(&set, HS_MODE_BLOCK);
    for (unsigned i = 0; i < set.count; i++) {
        assert_false(set.list[i].prefilter);
        assert_null(set.list[i].confirm);
    }
    assert_int_equal(found_in(&set, "the next of kin"), 1);
    assert_int_equal(found_in(&set, "CaSiNo a-b"), 2 + 8);
    assert_int_equal(found_in(&set, "oh dear"), 0);
    assert_int_equal(found_in(&set, "dear\na\nb"), 4);
    set_free(&set);
}

static void flags(void **state) {
    (void)state;
    struct set set = set_of("- '^dear'\n- 'casino'\n");
    set.list[0].multiline = true;
    set.list[1].caseless = true;
    set_compile(&set, HS_MODE_BLOCK);
    assert_int_equal(found_in(&set, "oh\ndear"), 1);
    assert_int_equal(found_in(&set, "CASINO"), 2);
    set_free(&set);
}

/* All that vectorscan cannot hold become prefilters, and nothing else does. */
static void prefilters(void **state) {
    (void)state;
    struct set set = set_of("- 'plain'\n- '(ab)\\1'\n- 'more'\n- 'pay(?!pal)'\n- '(?>a+)bc'\n");
    set_compile(&set, HS_MODE_STREAM);
    static bool const expected[] = {false, true, false, true, true};
    for (unsigned i = 0; i < set.count; i++) {
        assert_int_equal(set.list[i].prefilter, expected[i]);
        assert_int_equal(set.list[i].confirm != NULL, expected[i]);
    }
    set_free(&set);
}

/* A prefilter finds at least what the expression finds; PCRE2 says what that is. */
static void confirmation(void **state) {
    (void)state;
    struct set set = set_of("- 'pay(?!pal)'\n");
    set_compile(&set, HS_MODE_BLOCK);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    assert_int_equal(found_in(&set, "paying"), 1);
    assert_true(pcre2_match(set.list[0].confirm, (PCRE2_SPTR) "paying", 6, 0, 0, data, NULL) >= 0);
    assert_true(pcre2_match(set.list[0].confirm, (PCRE2_SPTR) "paypal", 6, 0, 0, data, NULL) < 0);
    assert_int_equal(found_in(&set, "nothing"), 0);
    pcre2_match_data_free(data);
    set_free(&set);
}

/* Plain ASCII is matched on bytes; other characters, \x{...} and \p make an expression one of characters. */
static void bytes_and_characters(void **state) {
    (void)state;
    struct set set = set_of("- '^a.b$'\n- '^\xc3\xa9.b$'\n- '(?i)^\\x{e9}$'\n- '^x\\xe2\\x82\\xac'\n");
    set_compile(&set, HS_MODE_BLOCK);
    assert_int_equal(found_in(&set,
                              "a\xff"
                              "b"),
                     1);
    assert_int_equal(found_in(&set,
                              "a\xc3\xa9"
                              "b"),
                     0); /* two bytes */
    assert_int_equal(found_in(&set,
                              "\xc3\xa9\xc3\xa9"
                              "b"),
                     2); /* one character */
    assert_int_equal(found_in(&set, "\xc3\x89"), 4);
    assert_int_equal(found_in(&set, "x\xe2\x82\xac"), 8); /* U+20AC by its bytes */
    set_free(&set);
}

static void none(void **state) {
    (void)state;
    struct set set = {.count = 0};
    assert_true(expressions_compile(set.list, 0, HS_MODE_BLOCK, NULL, &set.database, &set.scratch, &set.problem));
    assert_null(set.database);
}

/* Neither takes it: what matches nothing at all is refused by vectorscan, also as a prefilter. */
static void refused(void **state) {
    (void)state;
    struct set set = set_of("- fine\n- 'x*'\n");
    set_place(&set);
    assert_false(expressions_compile(set.list, 2, HS_MODE_BLOCK, NULL, &set.database, &set.scratch, &set.problem));
    assert_int_equal(set.problem.line, 2);
    assert_non_null(strstr(set.problem.what, "cannot compile"));
    assert_null(set.database);
    set_free(&set);
}

/* --- what was compiled before ------------------------------------------------------------------------------------ */

static const char *const kept_yaml = "['next of kin', 'said (\\w+) \\1', '^Dear']"; /* the second needs PCRE2 */

static void set_compile_kept(struct set *set, unsigned mode, struct compiled *compiled) {
    set_place(set);
    if (!expressions_compile(set->list, set->count, mode, compiled, &set->database, &set->scratch, &set->problem))
        fail_msg("%u:%u: %s", set->problem.line, set->problem.column, set->problem.what);
}

static unsigned matches_of(const struct set *set, const char *text) {
    unsigned matches = 0;
    assert_int_equal(hs_scan(set->database, text, (unsigned)strlen(text), 0, set->scratch, on_match, &matches),
                     HS_SUCCESS);
    return matches;
}

static void compiled_once_and_found_again(void **state) {
    (void)state;
    struct compiled *compiled = compiled_new();
    struct set first = set_of(kept_yaml), again = set_of(kept_yaml);
    set_compile_kept(&first, HS_MODE_BLOCK, compiled);
    assert_int_equal(compiled_count(compiled), 1);
    assert_true(compiled_is_sound(compiled));
    compiled_close(compiled); /* nothing can be compiled any more */
    set_compile_kept(&again, HS_MODE_BLOCK, compiled);
    assert_int_equal(compiled_count(compiled), 1);
    assert_int_equal(matches_of(&again, "Dear next of kin"), 1u << 0 | 1u << 2);
    assert_int_equal(matches_of(&again, "he said no no"), 1u << 1);
    assert_null(again.list[0].confirm);
    assert_non_null(again.list[1].confirm);
    assert_true(again.list[1].prefilter);
    set_free(&first);
    set_free(&again);
    compiled_free(compiled);
}

/* Everything that the result depends on is in the key. */
static void another_set_is_not_found(void **state) {
    (void)state;
    static const struct {
        const char *yaml;
        unsigned mode, id;
        bool caseless, multiline;
    } others[] = {
        {"['next of kim', 'said (\\w+) \\1', '^Dear']", HS_MODE_BLOCK, 10, false, false},
        {"['next of kin', 'said (\\w+) \\1']", HS_MODE_BLOCK, 10, false, false},
        {"['said (\\w+) \\1', 'next of kin', '^Dear']", HS_MODE_BLOCK, 10, false, false},
        {"['next of kin', 'said (\\w+) \\1', '^Dear']", HS_MODE_STREAM, 10, false, false},
        {"['next of kin', 'said (\\w+) \\1', '^Dear']", HS_MODE_BLOCK, 20, false, false},
        {"['next of kin', 'said (\\w+) \\1', '^Dear']", HS_MODE_BLOCK, 10, true, false},
        {"['next of kin', 'said (\\w+) \\1', '^Dear']", HS_MODE_BLOCK, 10, false, true},
    };
    struct compiled *compiled = compiled_new();
    struct set first = set_of(kept_yaml);
    set_compile_kept(&first, HS_MODE_BLOCK, compiled);
    compiled_close(compiled);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct set set = set_of(others[i].yaml);
        set_place(&set);
        set.list[0].id = others[i].id;
        set.list[0].caseless = others[i].caseless;
        set.list[0].multiline = others[i].multiline;
        assert_false(expressions_compile(set.list, set.count, others[i].mode, compiled, &set.database, &set.scratch,
                                         &set.problem));
        assert_non_null(strstr(set.problem.what, "is missing"));
        assert_int_equal(set.problem.line, 1);
        set_free(&set);
    }
    set_free(&first);
    compiled_free(compiled);
}

/* A copy of the first database with another mode's bytes, or bytes cut short: refused, and nothing leaks. */
static void a_damaged_one_is_refused(void **state) {
    (void)state;
    struct compiled *good = compiled_new();
    struct set block = set_of(kept_yaml), stream = set_of(kept_yaml);
    set_compile_kept(&block, HS_MODE_BLOCK, good);
    set_compile_kept(&stream, HS_MODE_STREAM, good);
    for (unsigned damage = 0; damage < 3; damage++) {
        struct compiled_database database = *compiled_at(good, 0);
        struct compiled *compiled = compiled_new();
        if (damage == 0) database.bytes = compiled_at(good, 1)->bytes;
        if (damage == 1) database.bytes.len -= 7;
        if (damage == 2) database.prefiltered.len = 0;
        assert_true(compiled_add(compiled, &database));
        struct set set = set_of(kept_yaml);
        set_place(&set);
        assert_false(expressions_compile(set.list, set.count, HS_MODE_BLOCK, compiled, &set.database, &set.scratch,
                                         &set.problem));
        assert_non_null(strstr(set.problem.what, "damaged"));
        set_free(&set);
        compiled_free(compiled);
    }
    set_free(&block);
    set_free(&stream);
    compiled_free(good);
}

/* --- what came with the program ---------------------------------------------------------------------------------- */

/* The databases of kept_yaml: 0 of blocks, 1 of streams. */
static struct compiled *made_by_the_build(void) {
    struct compiled *made = compiled_new();
    struct set block = set_of(kept_yaml), stream = set_of(kept_yaml);
    set_compile_kept(&block, HS_MODE_BLOCK, made);
    set_compile_kept(&stream, HS_MODE_STREAM, made);
    set_free(&block);
    set_free(&stream);
    return made;
}

static void assert_finds_all(const struct set *set) {
    assert_int_equal(matches_of(set, "Dear next of kin"), 1u << 0 | 1u << 2);
    assert_int_equal(matches_of(set, "he said no no"), 1u << 1);
    assert_null(set->list[0].confirm);
    assert_non_null(set->list[1].confirm);
    assert_true(set->list[1].prefilter);
    assert_false(set->list[2].prefilter);
}

/* Nothing is compiled, and nothing is kept; the library is asked all the same whether it is sound. */
static void what_came_with_the_program_is_taken(void **state) {
    (void)state;
    struct compiled *made = made_by_the_build(), *compiled = compiled_new();
    compiled_bring(compiled, compiled_at(made, 0), 1);
    struct set set = set_of(kept_yaml);
    set_compile_kept(&set, HS_MODE_BLOCK, compiled);
    assert_finds_all(&set);
    assert_int_equal(compiled_brought(compiled), 1);
    assert_int_equal(compiled_count(compiled), 0);
    assert_true(compiled_is_sound(compiled));
    set_free(&set);
    compiled_free(compiled);
    compiled_free(made);
}

enum damage {
    BYTES_OF_OTHER_MODE,
    BYTES_CUT,
    BYTES_NONE,
    BYTE_CHANGED,
    PREFILTERED_CUT,
    OTHER_VERSION,   /* of the library, that is of its databases */
    OTHER_PROCESSOR, /* as if compiled for one with abilities that this one has not */
    DAMAGES
};

/* A database as hs_serialize_database writes it begins with three numbers of four bytes (magic, version, length) and
 * one of eight (processor). */
static void damage(struct compiled_database *database, uint8_t *copy, const struct compiled *made, enum damage kind) {
    if (kind == BYTES_OF_OTHER_MODE) database->bytes = compiled_at(made, 1)->bytes;
    if (kind == PREFILTERED_CUT) database->prefiltered.len = 0;
    if (kind < BYTE_CHANGED || kind == PREFILTERED_CUT) {
        if (kind == BYTES_CUT) database->bytes.len -= 7;
        if (kind == BYTES_NONE) database->bytes = SPAN_EMPTY;
        return;
    }
    memcpy(copy, database->bytes.data, database->bytes.len);
    database->bytes.data = copy;
    if (kind == BYTE_CHANGED) copy[database->bytes.len / 2] ^= 0x10;
    if (kind == OTHER_VERSION) copy[4 + 2] ^= 0x01;
    if (kind == OTHER_PROCESSOR) copy[12] ^= 0x02;
    hs_database_t *refused = NULL;
    hs_error_t const error = hs_deserialize_database((const char *)copy, database->bytes.len, &refused);
    assert_int_equal(error, kind == BYTE_CHANGED    ? HS_INVALID
                            : kind == OTHER_VERSION ? HS_DB_VERSION_ERROR
                                                    : HS_DB_PLATFORM_ERROR);
}

/* All is as if it had not come; who may not compile says what is missing. */
static void what_cannot_be_loaded_is_compiled(void **state) {
    (void)state;
    struct compiled *made = made_by_the_build();
    uint8_t *copy = malloc(compiled_at(made, 0)->bytes.len);
    assert_non_null(copy);
    for (enum damage kind = 0; kind < DAMAGES; kind++) {
        struct compiled_database brought = *compiled_at(made, 0);
        damage(&brought, copy, made, kind);
        struct compiled *compiled = compiled_new(), *closed = compiled_new();
        compiled_bring(compiled, &brought, 1);
        struct set set = set_of(kept_yaml), again = set_of(kept_yaml), missing = set_of(kept_yaml);
        set_compile_kept(&set, HS_MODE_BLOCK, compiled);
        set_compile_kept(&again, HS_MODE_BLOCK, compiled); /* finds what was compiled, not what came */
        assert_finds_all(&set);
        assert_finds_all(&again);
        assert_int_equal(compiled_brought(compiled), 0);
        assert_int_equal(compiled_count(compiled), 1);
        compiled_bring(closed, &brought, 1);
        compiled_close(closed);
        set_place(&missing);
        assert_false(expressions_compile(missing.list, missing.count, HS_MODE_BLOCK, closed, &missing.database,
                                         &missing.scratch, &missing.problem));
        assert_non_null(strstr(missing.problem.what, "is missing"));
        set_free(&set);
        set_free(&again);
        set_free(&missing);
        compiled_free(compiled);
        compiled_free(closed);
    }
    free(copy);
    compiled_free(made);
}

/* Another library's version is in the key, so its databases are not even looked at: as those of other expressions. */
static void others_are_not_taken(void **state) {
    (void)state;
    struct compiled *made = made_by_the_build(), *compiled = compiled_new();
    compiled_bring(compiled, compiled_at(made, 0), 1);
    struct set set = set_of("['next of kim', 'said (\\w+) \\1', '^Dear']");
    set_compile_kept(&set, HS_MODE_BLOCK, compiled);
    assert_int_equal(matches_of(&set, "Dear next of kin"), 1u << 2);
    assert_int_equal(matches_of(&set, "next of kim"), 1u << 0);
    assert_int_equal(compiled_brought(compiled), 0);
    assert_int_equal(compiled_count(compiled), 1);
    set_free(&set);
    compiled_free(compiled);
    compiled_free(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_ones_have_a_place),
        cmocka_unit_test(all_together),
        cmocka_unit_test(flags),
        cmocka_unit_test(prefilters),
        cmocka_unit_test(confirmation),
        cmocka_unit_test(none),
        cmocka_unit_test(bytes_and_characters),
        cmocka_unit_test(refused),
        cmocka_unit_test(compiled_once_and_found_again),
        cmocka_unit_test(another_set_is_not_found),
        cmocka_unit_test(a_damaged_one_is_refused),
        cmocka_unit_test(what_came_with_the_program_is_taken),
        cmocka_unit_test(what_cannot_be_loaded_is_compiled),
        cmocka_unit_test(others_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
