/* See mailspan/expression_try.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/expression_try.h"

#include <stdlib.h>

#include "expressions.h"

/* Its parser alone: a whole compilation takes up to seconds for one expression. */
static bool can_parse(const struct expression *expression, unsigned flags, struct problem *problem) {
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;
    bool good = hs_expression_info(expression->text, flags, &info, &error) == HS_SUCCESS;
    if (!good)
        (void)yaml_problem(expression->file->document, expression->node, false, problem,
                           "the pattern library cannot compile this regular expression: %s",
                           error != NULL && error->message != NULL ? error->message : "not enough memory");
    free(info);
    hs_free_compile_error(error);
    return good;
}

bool expression_try(const char *text, bool in_text, struct problem *problem) {
    struct yaml_document *document = yaml_document_load("", SPAN_LITERAL("expression"), problem);
    if (document == NULL) return false;
    struct expression_file file = {.document = document};
    struct expression expression = {
        .text = text, .node = yaml_document_root(document), .file = &file, .multiline = in_text, .steps_counted = true};
    unsigned const flags = HS_FLAG_SINGLEMATCH | (in_text ? HS_FLAG_MULTILINE : 0);
    bool good = expression_check(&expression, problem) &&
                (can_parse(&expression, flags, problem) || can_parse(&expression, flags | HS_FLAG_PREFILTER, problem));
    yaml_document_free(document);
    return good;
}
