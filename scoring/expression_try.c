/* See mailspan/expression_try.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/expression_try.h"

#include <stdio.h>
#include <stdlib.h>

#include "expressions.h"

/* Its parser alone: a whole compilation takes up to seconds for one expression. */
static bool can_parse(const char *text, unsigned flags, char *why, size_t size) {
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;
    bool good = hs_expression_info(text, flags, &info, &error) == HS_SUCCESS;
    if (!good)
        (void)snprintf(why, size, "the pattern library cannot compile it: %s",
                       error != NULL && error->message != NULL ? error->message : "not enough memory");
    free(info);
    hs_free_compile_error(error);
    return good;
}

bool expression_try(const char *text, bool in_text, char *why, size_t size) {
    struct problem problem = {.line = 0};
    struct yaml_document *document = yaml_document_load("", SPAN_LITERAL("expression"), &problem);
    bool good = document != NULL;
    if (good) {
        struct expression_file file = {.document = document};
        struct expression expression = {.text = text,
                                        .node = yaml_document_root(document),
                                        .file = &file,
                                        .multiline = in_text,
                                        .steps_counted = true};
        good = expression_check(&expression, &problem);
    }
    if (!good) (void)snprintf(why, size, "%s", problem.what);
    yaml_document_free(document);
    unsigned const flags = HS_FLAG_SINGLEMATCH | (in_text ? HS_FLAG_MULTILINE : 0);
    return good && (can_parse(text, flags, why, size) || can_parse(text, flags | HS_FLAG_PREFILTER, why, size));
}
