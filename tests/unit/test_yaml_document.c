/* YAML as a tree: what is read, what is refused and where, and that nothing takes long.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/limits.h"
#include "mailspan/yaml_document.h"

#define SECONDS_ALLOWED 50.0 /* of CPU, with sanitizers on a busy machine; hundreds were needed without the bounds */

static struct yaml_document *load_bytes(struct span bytes, struct problem *problem) {
    struct guarded copy = guard_copy(bytes);
    struct yaml_document *document = yaml_document_load("t.yaml", copy.bytes, problem);
    guard_free(&copy); /* the text need not outlive the call */
    return document;
}

static struct yaml_document *load(const char *text) {
    struct problem problem;
    struct yaml_document *document = load_bytes(span_from_string(text), &problem);
    if (document == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    return document;
}

static const struct yaml_node *root_of(const struct yaml_document *document) {
    return yaml_document_root(document);
}

/* --- what is read ---------------------------------------------------------------------------------------------- */

static void reads_a_tree_with_places(void **state) {
    (void)state;
    struct yaml_document *document = load(
        "# a comment\n"
        "sensor: edge-1\n"
        "capture:\n"
        "  ports: [25, \"465\"]\n"
        "  list:\n"
        "    - a: 1\n"
        "      b: 2\n"
        "    - {}\n");
    assert_string_equal(yaml_document_name(document), "t.yaml");
    const struct yaml_node *root = root_of(document);
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 2);
    assert_null(root->key);
    const struct yaml_node *sensor = yaml_get(root, "sensor");
    assert_ptr_equal(sensor, root->first);
    assert_string_equal(sensor->text, "edge-1");
    assert_int_equal(sensor->line, 2);
    assert_int_equal(sensor->column, 9);
    assert_int_equal(sensor->key_line, 2);
    assert_int_equal(sensor->key_column, 1);
    const struct yaml_node *ports = yaml_get(yaml_get(root, "capture"), "ports");
    assert_int_equal(ports->kind, YAML_LIST);
    assert_int_equal(ports->count, 2);
    assert_false(ports->first->quoted);
    assert_true(ports->first->next->quoted);
    assert_int_equal(ports->first->next->line, 4);
    assert_int_equal(ports->first->next->column, 15);
    assert_null(ports->first->next->next);
    const struct yaml_node *list = yaml_get(yaml_get(root, "capture"), "list");
    assert_int_equal(list->count, 2);
    assert_string_equal(yaml_get(list->first, "b")->text, "2");
    assert_int_equal(list->first->next->kind, YAML_MAP);
    assert_int_equal(list->first->next->count, 0);
    assert_null(yaml_get(root, "missing"));
    assert_null(yaml_get(sensor, "not a map"));
    assert_null(yaml_get(NULL, "x"));
    yaml_document_free(document);
}

static void nothing_is_an_empty_map(void **state) {
    (void)state;
    static const char *const texts[] = {"", "\n", "# only a comment\n", "---\n", "---\n...\n", "\xef\xbb\xbf", "{}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct yaml_document *document = load(texts[i]);
        assert_int_equal(root_of(document)->kind, YAML_MAP);
        assert_int_equal(root_of(document)->count, 0);
        assert_int_equal(root_of(document)->line, 1);
        yaml_document_free(document);
    }
    struct problem problem;
    struct yaml_document *document = yaml_document_load("t.yaml", SPAN_EMPTY, &problem);
    assert_non_null(document);
    yaml_document_free(document);
    yaml_document_free(NULL);
}

static void texts_come_in_every_style(void **state) {
    (void)state;
    struct yaml_document *document = load(
        "\xef\xbb\xbf"
        "plain: a b\r\n"
        "single: 'it''s \\d+'\r\n"
        "double: \"tab\\there \\xe9\"\r\n"
        "block: |\r\n"
        "  one\r\n"
        "  two\r\n"
        "folded: >-\r\n"
        "  one\r\n"
        "  two\r\n"
        "utf8: Stra\xc3\x9f"
        "e \xf0\x9f\x93\xac\r\n"
        "5.1.1: number-like keys are words\r\n"
        "\"quoted\": key\r\n");
    const struct yaml_node *root = root_of(document);
    assert_string_equal(yaml_get(root, "plain")->text, "a b");
    assert_int_equal(yaml_get(root, "plain")->column, 8); /* the byte order mark takes no column */
    assert_string_equal(yaml_get(root, "single")->text, "it's \\d+");
    assert_string_equal(yaml_get(root, "double")->text, "tab\there \xc3\xa9");
    assert_string_equal(yaml_get(root, "block")->text, "one\ntwo\n");
    assert_true(yaml_get(root, "block")->quoted);
    assert_string_equal(yaml_get(root, "folded")->text, "one two");
    assert_string_equal(yaml_get(root, "utf8")->text,
                        "Stra\xc3\x9f"
                        "e \xf0\x9f\x93\xac");
    assert_non_null(yaml_get(root, "5.1.1"));
    assert_non_null(yaml_get(root, "quoted"));
    yaml_document_free(document);
}

/* --- what is refused ------------------------------------------------------------------------------------------- */

struct refusal {
    const char *text;
    unsigned line, column;
    const char *what; /* a part of the problem */
};

static void expect_refusal(struct span bytes, const struct refusal *expected) {
    struct problem problem;
    struct yaml_document *document = load_bytes(bytes, &problem);
    if (document != NULL) fail_msg("accepted: %s", expected->text);
    if (problem.line != expected->line || problem.column != expected->column ||
        strstr(problem.what, expected->what) == NULL || strstr(problem.what, "expected") == NULL)
        fail_msg("%s\n gives %u:%u: %s", expected->text, problem.line, problem.column, problem.what);
    assert_string_equal(problem.file, "t.yaml");
}

static void refuses_with_the_place(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"a: 1\nb: &x 2\n", 2, 4, "anchor"},
        {"a: &x\n  b: 1\n", 1, 4, "anchor"},
        {"a: &x [1]\n", 1, 4, "anchor"},
        {"&k a: 1\n", 1, 1, "anchor"},
        {"a: *x\n", 1, 4, "alias"},
        {"&a [*a]\n", 1, 1, "anchor"},
        {"a: !!int 5\n", 1, 4, "tag"},
        {"a: !x [1]\n", 1, 4, "tag"},
        {"a: ! b\n", 1, 4, "tag"},
        {"<<: {a: 1}\n", 1, 1, "merge key"},
        {"a: 1\nb: 2\na: 3\n", 3, 1, "'a' stands twice; expected it once (first at line 1)"},
        {"b: 1\na: 1\nb: 2\na: 2\n", 3, 1, "'b' stands twice"},
        {"a: 1\n\"a\": 2\n", 2, 1, "'a' stands twice"},
        {"m:\n  - {x: 1, y: 2, x: 3}\n", 2, 18, "'x' stands twice"},
        {"a: 1\n---\nb: 2\n", 2, 1, "second document"},
        {"a: 1\n...\n---\n", 3, 1, "second document"},
        {"[a, b]: 1\n", 1, 1, "list or map as a key"},
        {"? {a: b}\n: c\n", 1, 3, "list or map as a key"},
        {"'': 1\n", 1, 1, "empty key"},
        {": 1\n", 1, 1, "did not find expected key"},
        {"?\n: 1\n", 1, 2, "empty key"},
        {"%YAML 1.1\n---\na: 1\n", 1, 1, "directive"},
        {"a: 1\n\tb: 2\n", 2, 1, "tab"},
        {"a:\t1\n", 1, 3, "tab"},
        {"\xc3\xa4\xc3\xa4: \x01\n", 1, 5, "control character"}, /* columns count characters, not bytes */
        {"a: \xff\n", 1, 4, "byte 0xff is no UTF-8"},
        {"a: \xc0\xaf\n", 1, 4, "no UTF-8"},         /* overlong */
        {"a: \xe0\x80\xaf\n", 1, 4, "no UTF-8"},     /* overlong */
        {"a: \xf0\x80\x80\xaf\n", 1, 4, "no UTF-8"}, /* overlong */
        {"a: \xed\xa0\x80\n", 1, 4, "no UTF-8"},     /* a surrogate */
        {"a: \xf4\x90\x80\x80\n", 1, 4, "no UTF-8"}, /* beyond U+10FFFF */
        {"a: \xf5\x80\x80\x80\n", 1, 4, "no UTF-8"},
        {"a: \x80\n", 1, 4, "no UTF-8"},
        {"a: \xe2\x82", 1, 4, "no UTF-8"}, /* cut at the end */
        {"a: \xc2\x9b"
         "31m\n",
         1, 4, "control character"}, /* CSI in C1 */
        {"a: b\xe2\x80\xa8"
         "c\n",
         1, 5, "line end"},
        {"a: b\xef\xbb\xbf\n", 1, 5, "byte order mark"},
        {"\xff\xfe"
         "a\n",
         1, 1, "no UTF-8"}, /* UTF-16 */
        {"a: \"x\\0y\"\n", 1, 4, "NUL"},
        {"a: b: c\n", 1, 5, "mapping values are not allowed"},
        {"a: [1, 2\nb: 3\n", 2, 2, ""},
        {"a: \"\\d\"\n", 1, 5, "single quotes"},
        {"a: 'open\n", 2, 1, "closing quote"},
        {"a: @x\n", 1, 4, "quotes around"},
        {"a:\r\n  b: 1\r\n c: 2\r\n", 3, 2, "indentation"},
        {"a: 1\rb: 2\r\001", 3, 1, "control character"}, /* CR alone ends a line */
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        expect_refusal(span_from_string(refusals[i].text), &refusals[i]);
    expect_refusal(SPAN_LITERAL("a: 1\nb: x\0y\n"), &(struct refusal){"NUL", 2, 5, "NUL byte"});
}

static void problems_cannot_steer_a_terminal(void **state) {
    (void)state;
    struct problem problem;
    assert_null(yaml_document_load("t\x1b[2J.yaml", SPAN_LITERAL("\"\\e[2Ja\\n\": 1\n\"\\e[2Ja\\n\": 2\n"), &problem));
    assert_string_equal(problem.file, "t?[2J.yaml");
    assert_non_null(strstr(problem.what, "'?[2Ja?' stands twice"));
}

/* --- bounds ---------------------------------------------------------------------------------------------------- */

struct text_builder {
    char *text;
    size_t len, size;
};

static void append(struct text_builder *builder, const char *piece, size_t times) {
    size_t len = strlen(piece);
    if (builder->len + len * times > builder->size) {
        builder->size = (builder->len + len * times) * 2;
        builder->text = realloc(builder->text, builder->size);
        if (builder->text == NULL) abort();
    }
    for (size_t i = 0; i < times; i++, builder->len += len) memcpy(builder->text + builder->len, piece, len);
}

/* Loads and throws away; says whether it was accepted, and fails when it took long. */
static bool quick_load(struct text_builder *builder, struct problem *problem) {
    clock_t start = clock();
    struct yaml_document *document = load_bytes(span_of(builder->text, builder->len), problem);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (seconds > SECONDS_ALLOWED) fail_msg("%.30s... took %.1f s", builder->text, seconds);
    yaml_document_free(document);
    free(builder->text);
    *builder = (struct text_builder){NULL, 0, 0};
    return document != NULL;
}

static void depth_is_bounded(void **state) {
    (void)state;
    struct problem problem;
    struct text_builder builder = {NULL, 0, 0};
    append(&builder, "[", LIMIT_YAML_DEPTH);
    append(&builder, "]", LIMIT_YAML_DEPTH);
    assert_true(quick_load(&builder, &problem));
    append(&builder, "[", LIMIT_YAML_DEPTH + 1);
    append(&builder, "]", LIMIT_YAML_DEPTH + 1);
    assert_false(quick_load(&builder, &problem));
    assert_int_equal(problem.column, LIMIT_YAML_DEPTH + 1);
    assert_non_null(strstr(problem.what, "too deeply"));
    static const char *const pieces[] = {"[", "{", "- ", "? ", "[\n", "{a: ", "[[a,b]: "};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        append(&builder, pieces[i], 200000);
        assert_false(quick_load(&builder, &problem));
    }
}

static void size_is_bounded(void **state) {
    (void)state;
    struct problem problem;
    struct text_builder builder = {NULL, 0, 0};
    append(&builder, "[", 10u << 20);
    assert_false(quick_load(&builder, &problem));
    assert_non_null(strstr(problem.what, "10485760 bytes long; expected at most 4194304"));
    append(&builder, "#", LIMIT_YAML_BYTES);
    assert_true(quick_load(&builder, &problem));
    append(&builder, "#", LIMIT_YAML_BYTES + 1);
    assert_false(quick_load(&builder, &problem));
}

static void nodes_are_bounded(void **state) {
    (void)state;
    struct problem problem;
    struct text_builder builder = {NULL, 0, 0};
    append(&builder, "- 1\n", LIMIT_YAML_NODES - 1); /* and the list itself */
    assert_true(quick_load(&builder, &problem));
    append(&builder, "- 1\n", LIMIT_YAML_NODES);
    assert_false(quick_load(&builder, &problem));
    assert_int_equal(problem.line, LIMIT_YAML_NODES);
    assert_non_null(strstr(problem.what, "more than 200000 values"));
}

/* Shapes that were, or could be, dear: in size, in comparisons, in memory. */
static void nothing_takes_long(void **state) {
    (void)state;
    struct problem problem;
    struct text_builder builder = {NULL, 0, 0};
    append(&builder, "%TAG !aaaa! x\n", 250000); /* libyaml compares each with all before */
    assert_false(quick_load(&builder, &problem));
    append(&builder, "- &a 1\n", 100000);
    assert_false(quick_load(&builder, &problem));
    append(&builder, "[", 1);
    append(&builder, "a,", 190000); /* all on one line */
    append(&builder, "]", 1);
    assert_true(quick_load(&builder, &problem));
    append(&builder, "x", LIMIT_YAML_BYTES - 1); /* one word; no key, because it is too long */
    assert_true(quick_load(&builder, &problem));
    append(&builder, "x", LIMIT_YAML_BYTES - 4);
    append(&builder, ": 1", 1);
    assert_false(quick_load(&builder, &problem));
    append(&builder, "a: |\n", 1);
    append(&builder, "  \n", 1000000);
    assert_true(quick_load(&builder, &problem));
    append(&builder, "a: \"", 1);
    append(&builder, "\n", 4000000);
    append(&builder, "\"", 1);
    assert_true(quick_load(&builder, &problem));
    append(&builder, "a:\n", 1);
    append(&builder, "\n \n#\n", 700000);
    assert_true(quick_load(&builder, &problem));
    append(&builder, "\"", 1);
    append(&builder, "[{,:", 1000000);
    assert_false(quick_load(&builder, &problem));
    append(&builder, "{a:[b,c],", 400000); /* nested again and again */
    assert_false(quick_load(&builder, &problem));
}

static void many_keys_are_compared_quickly(void **state) {
    (void)state;
    struct problem problem;
    struct text_builder builder = {NULL, 0, 0};
    char line[32];
    for (unsigned i = 0; i < 150000; i++) {
        (void)snprintf(line, sizeof line, "same-start-%06u: 1\n", i);
        append(&builder, line, 1);
    }
    struct text_builder again = {NULL, 0, 0};
    append(&builder, "", 1);
    again.text = malloc(builder.len + 64);
    assert_non_null(again.text);
    memcpy(again.text, builder.text, builder.len);
    again.len = builder.len;
    again.size = builder.len + 64;
    assert_true(quick_load(&builder, &problem));
    append(&again, "same-start-000007: 2\n", 1);
    assert_false(quick_load(&again, &problem));
    assert_int_equal(problem.line, 150001);
    assert_non_null(strstr(problem.what, "first at line 8"));
}

/* --- scalars --------------------------------------------------------------------------------------------------- */

static void integers(void **state) {
    (void)state;
    struct yaml_document *document = load(
        "good: [0, 7, -5, +5, 65535, 999999999999999999]\n"
        "bad: ['7', 07, 0x10, 1_000, 1.5, '', ~, -, +, 1e3, 70000000000000000000,\n"
        "  [1], {a: 1}, seven, 5 5, '5 ']\n");
    static const int64_t expected[] = {0, 7, -5, 5, 65535, 999999999999999999};
    struct problem problem;
    int64_t value = 0;
    size_t i = 0;
    for (const struct yaml_node *n = yaml_get(root_of(document), "good")->first; n != NULL; n = n->next) {
        assert_true(yaml_integer(document, n, INT64_MIN, INT64_MAX, &value, &problem));
        assert_true(value == expected[i++]);
    }
    assert_int_equal(i, 6);
    value = 42;
    for (const struct yaml_node *n = yaml_get(root_of(document), "bad")->first; n != NULL; n = n->next)
        assert_false(yaml_integer(document, n, INT64_MIN, INT64_MAX, &value, &problem));
    assert_true(value == 42);
    const struct yaml_node *seven = yaml_get(root_of(document), "good")->first->next;
    assert_true(yaml_integer(document, seven, 7, 7, &value, &problem));
    assert_false(yaml_integer(document, seven, 8, 9, &value, &problem));
    assert_string_equal(problem.what, "'7'; expected a whole number from 8 to 9");
    assert_int_equal(problem.line, 1);
    assert_int_equal(problem.column, 11);
    assert_false(yaml_integer(document, seven, -3, 6, &value, &problem));
    yaml_document_free(document);
}

static void numbers(void **state) {
    (void)state;
    struct yaml_document *document = load(
        "good: [0, 0.1, -2.5, 3, 10.25, 123456789012345]\n"
        "bad: [.5, 5., 1e5, .inf, .nan, '1', 1.2.3, 1234567890123456, -, {}, '']\n");
    static const double expected[] = {0, 0.1, -2.5, 3, 10.25, 123456789012345.0};
    struct problem problem;
    double value = 0;
    size_t i = 0;
    for (const struct yaml_node *n = yaml_get(root_of(document), "good")->first; n != NULL; n = n->next) {
        assert_true(yaml_number(document, n, -1e18, 1e18, &value, &problem));
        assert_true(value == expected[i++]);
    }
    for (const struct yaml_node *n = yaml_get(root_of(document), "bad")->first; n != NULL; n = n->next)
        assert_false(yaml_number(document, n, -1e18, 1e18, &value, &problem));
    const struct yaml_node *tenth = yaml_get(root_of(document), "good")->first->next;
    assert_false(yaml_number(document, tenth, 0.25, 1, &value, &problem));
    assert_string_equal(problem.what, "'0.1'; expected a number from 0.25 to 1");
    yaml_document_free(document);
}

static void booleans_and_strings(void **state) {
    (void)state;
    struct yaml_document *document = load(
        "good: [true, false, yes, No, ON, off]\n"
        "bad: ['true', 1, y, ~, [], '']\n"
        "text: [no, 25, '', '~', a b]\n"
        "none: [~, null, [x], {}]\n"
        "empty:\n");
    static const bool expected[] = {true, false, true, false, true, false};
    struct problem problem;
    bool value = false;
    size_t i = 0;
    const struct yaml_node *root = root_of(document);
    for (const struct yaml_node *n = yaml_get(root, "good")->first; n != NULL; n = n->next) {
        assert_true(yaml_boolean(document, n, &value, &problem));
        assert_int_equal(value, expected[i++]);
    }
    for (const struct yaml_node *n = yaml_get(root, "bad")->first; n != NULL; n = n->next)
        assert_false(yaml_boolean(document, n, &value, &problem));
    static const char *const texts[] = {"no", "25", "", "~", "a b"};
    const char *text = NULL;
    i = 0;
    for (const struct yaml_node *n = yaml_get(root, "text")->first; n != NULL; n = n->next) {
        assert_true(yaml_string(document, n, &text, &problem));
        assert_string_equal(text, texts[i++]);
    }
    for (const struct yaml_node *n = yaml_get(root, "none")->first; n != NULL; n = n->next)
        assert_false(yaml_string(document, n, &text, &problem));
    assert_false(yaml_string(document, yaml_get(root, "empty"), &text, &problem));
    assert_string_equal(problem.what, "nothing; expected text");
    assert_int_equal(problem.line, 5);
    yaml_document_free(document);
}

static void durations(void **state) {
    (void)state;
    struct yaml_document *document = load(
        "good: [90s, 15m, 1h, 7d, 30, 0]\n"
        "bad: [1w, s, -5s, 1.5h, 1h30m, '1h', 5 m, 1H, ~, 999999999999999999d, [1h]]\n");
    static const int64_t expected[] = {90, 900, 3600, 604800, 30, 0};
    struct problem problem;
    int64_t value = 0;
    size_t i = 0;
    for (const struct yaml_node *n = yaml_get(root_of(document), "good")->first; n != NULL; n = n->next) {
        assert_true(yaml_duration_s(document, n, 0, INT64_MAX, &value, &problem));
        assert_true(value == expected[i++]);
    }
    for (const struct yaml_node *n = yaml_get(root_of(document), "bad")->first; n != NULL; n = n->next)
        assert_false(yaml_duration_s(document, n, 0, INT64_MAX, &value, &problem));
    const struct yaml_node *day = yaml_get(root_of(document), "good")->first->next->next->next;
    assert_false(yaml_duration_s(document, day, 1, 86400, &value, &problem));
    assert_string_equal(problem.what, "'7d'; expected a duration such as 90s, 15m, 1h or 7d, from 1s to 1d");
    yaml_document_free(document);
}

static void choices_and_keys(void **state) {
    (void)state;
    static const char *const engines[] = {"native", "libnids", NULL};
    static const char *const keys[] = {"ports", "detect", "engine", NULL};
    struct yaml_document *document = load(
        "engine: libnids\ntypo: libnid\nother: something\nmap: {prots: 1}\n"
        "list: [1]\nfine: {ports: 1, engine: 2}\n");
    const struct yaml_node *root = root_of(document);
    struct problem problem;
    unsigned value = 9;
    assert_true(yaml_choice(document, yaml_get(root, "engine"), engines, &value, &problem));
    assert_int_equal(value, 1);
    assert_false(yaml_choice(document, yaml_get(root, "typo"), engines, &value, &problem));
    assert_string_equal(problem.what,
                        "unknown value 'libnid' (did you mean 'libnids'?); expected one of: native, libnids");
    assert_false(yaml_choice(document, yaml_get(root, "other"), engines, &value, &problem));
    assert_string_equal(problem.what, "unknown value 'something'; expected one of: native, libnids");
    assert_false(yaml_known_keys(document, yaml_get(root, "map"), keys, &problem));
    assert_string_equal(problem.what,
                        "unknown key 'prots' (did you mean 'ports'?); expected one of: ports, detect, engine");
    assert_int_equal(problem.line, 4);
    assert_int_equal(problem.column, 7);
    assert_false(yaml_known_keys(document, yaml_get(root, "list"), keys, &problem));
    assert_string_equal(problem.what, "a list; expected a map, 'key: value' on each line");
    assert_true(yaml_known_keys(document, yaml_get(root, "fine"), keys, &problem));
    yaml_document_free(document);
}

static void problems_point_at_key_or_value(void **state) {
    (void)state;
    struct yaml_document *document = load("a:\n  b:   5\n");
    const struct yaml_node *b = yaml_get(yaml_get(root_of(document), "a"), "b");
    struct problem problem;
    assert_false(yaml_problem(document, b, false, &problem, "%s %d", "x", 7));
    assert_string_equal(problem.what, "x 7");
    assert_int_equal(problem.line, 2);
    assert_int_equal(problem.column, 8);
    assert_false(yaml_problem(document, b, true, &problem, "x"));
    assert_int_equal(problem.column, 3);
    assert_false(yaml_problem(document, NULL, true, &problem, "x"));
    assert_int_equal(problem.line, 0);
    yaml_document_free(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_tree_with_places),
        cmocka_unit_test(nothing_is_an_empty_map),
        cmocka_unit_test(texts_come_in_every_style),
        cmocka_unit_test(refuses_with_the_place),
        cmocka_unit_test(problems_cannot_steer_a_terminal),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(size_is_bounded),
        cmocka_unit_test(nodes_are_bounded),
        cmocka_unit_test(nothing_takes_long),
        cmocka_unit_test(many_keys_are_compared_quickly),
        cmocka_unit_test(integers),
        cmocka_unit_test(numbers),
        cmocka_unit_test(booleans_and_strings),
        cmocka_unit_test(durations),
        cmocka_unit_test(choices_and_keys),
        cmocka_unit_test(problems_point_at_key_or_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
