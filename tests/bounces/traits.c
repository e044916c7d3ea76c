/* What a table of weights may say something about, of each refusal on standard input ("STAGE<tab>REPLY" a line): the
 * traits, between tabs, a code as "=550 rcpt".  learn fits the table to it, so that words are cut in one place only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../scoring/bounce_internal.h"
#include "mailspan/reply.h"

static void print_traits(enum stage stage, struct span said) {
    static struct reply_traits traits;
    static struct plain_case room;
    uint8_t text_room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    if (!smtp_reply_read(said, text_room, &reply)) return;
    struct bounce_case const given = {.stage = stage, .reply = &reply};
    const struct bounce_case *what = bounce_plain(&given, &room);
    struct enhanced_code const enhanced = bounce_enhanced(what->reply);
    reply_traits_find(what, &enhanced, &traits);
    for (unsigned i = 0; i < traits.count; i++) {
        char text[TRAIT_TEXT_BYTES];
        trait_text(what, &enhanced, &traits, i, text);
        (void)printf("%s%s%s", i == 0 ? "" : "\t", traits.traits[i].kind == TRAIT_CODE ? "=" : "", text);
    }
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&line, &room, stdin)) >= 0;) {
        struct span const text = span_trim(span_of(line, (size_t)length));
        size_t const tab = span_find(text, '\t');
        enum stage stage;
        (void)stage_read(span_head(text, tab), &stage);
        print_traits(stage, span_from(text, tab + 1));
        (void)putchar('\n');
    }
    free(line);
    return ferror(stdin) || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
