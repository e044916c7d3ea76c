/* Fuzz: any bytes as a YAML file.  What is accepted must be a sound tree, and every accessor must answer on every node.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/limits.h"
#include "mailspan/yaml_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) abort();
}

static void try_accessors(const struct yaml_document *document, const struct yaml_node *node) {
    static const char *const names[] = {"ports", "detect", NULL};
    struct problem problem;
    const char *text;
    int64_t integer;
    double number;
    bool truth;
    unsigned choice;
    (void)yaml_string(document, node, &text, &problem);
    (void)yaml_integer(document, node, INT64_MIN, INT64_MAX, &integer, &problem);
    (void)yaml_number(document, node, -1e9, 1e9, &number, &problem);
    (void)yaml_boolean(document, node, &truth, &problem);
    (void)yaml_choice(document, node, names, &choice, &problem);
    (void)yaml_duration_s(document, node, 0, INT64_MAX, &integer, &problem);
    (void)yaml_known_keys(document, node, names, &problem);
    require(strlen(problem.what) < sizeof problem.what);
}

/* Walks the tree with a stack of next siblings. */
static void walk(const struct yaml_document *document) {
    const struct yaml_node *stack[LIMIT_YAML_DEPTH + 2] = {yaml_document_root(document)};
    size_t depth = 1;
    while (depth > 0) {
        const struct yaml_node *node = stack[depth - 1];
        if (node == NULL) {
            depth--;
            continue;
        }
        stack[depth - 1] = node->next;
        require(node->line > 0 && node->column > 0);
        require((node->kind == YAML_SCALAR) == (node->text != NULL));
        try_accessors(document, node);
        unsigned count = 0;
        for (const struct yaml_node *child = node->first; child != NULL; child = child->next, count++)
            require((node->kind == YAML_MAP) == (child->key != NULL));
        require(count == node->count && (count == 0 || node->kind != YAML_SCALAR));
        require(depth <= LIMIT_YAML_DEPTH + 1);
        stack[depth++] = node->first;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct problem problem;
    struct yaml_document *document = yaml_document_load("fuzz.yaml", span_of(data, size), &problem);
    if (document == NULL) {
        require(problem.what[0] != '\0');
        return 0;
    }
    walk(document);
    yaml_document_free(document);
    return 0;
}
