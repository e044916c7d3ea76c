/* Whether a table of words that somebody wrote can say what he meant: bounce_words.c takes all that does no harm.
 *
 * The table is read a second time for this, because it is not kept as it was written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_words_check.h"

#include "bounce_internal.h"

#include "mailspan/yaml_document.h"

#define READ_BYTES 160 /* of what a word is read as */

/* What a text comes to when it is read as a reply's: "Mail-Box" is "mail box". */
static void read_as(struct span text, char out[READ_BYTES]) {
    struct smtp_reply const reply = {.code = 550, .text = text};
    struct enhanced_code const none = {0, 0, 0};
    struct reply_traits traits;
    size_t used = 0;
    struct plain_case room;
    struct bounce_case const said = {.stage = STAGE_NONE, .reply = &reply};
    reply_traits_find(bounce_without_hosts(&said, &room), &none, &traits);
    for (unsigned i = 1; i + 1 < traits.words.count; i++) {
        const struct reply_word *word = &traits.words.words[i];
        if (used + word->length + 2u > READ_BYTES) break;
        if (used > 0) out[used++] = ' ';
        memcpy(out + used, traits.words.room + word->at, word->length);
        used += word->length;
    }
    out[used] = '\0';
}

static bool is_word(const struct yaml_document *document, const struct yaml_node *say, struct problem *problem) {
    struct span const text = span_from_string(say->text);
    char read[READ_BYTES];
    uint64_t hash;
    if (trait_hash(text, false, &hash)) return true;
    read_as(span_head(text, LIMIT_REPLY_TEXT_BYTES), read);
    return yaml_problem(document, say, false, problem,
                        "no reply has this word: it would be read as '%s'; expected one word, two with one blank "
                        "between, or five letters and a *, in lower case, without marks, 9 for a number of three "
                        "digits or more, n.n or ip for some with dots, 9x for a long word with digits, h.h for a "
                        "host, x@x for a mailbox",
                        read);
}

struct checking {
    const struct yaml_document *document;
    const struct yaml_node *begin; /* NULL: there is none */
    class_number *number;
    const void *context;
};

/* A class that begin does not name is never meant, whatever words speak for it. */
static bool all_begin(const struct checking *checking, const struct yaml_node *speaks, struct problem *problem) {
    const struct yaml_node *begin = checking->begin;
    for (const struct yaml_node *class_ = speaks->first; class_ != NULL; class_ = class_->next) {
        if (begin != NULL && begin->kind == YAML_MAP && yaml_get(begin, class_->key) != NULL) continue;
        if (checking->number(checking->context, class_->key) < 0) continue; /* that is another mistake */
        return yaml_problem(checking->document, class_, true, problem,
                            "'begin' does not name this class, so that it is never meant; expected it there, as "
                            "'%s: 0'",
                            class_->key);
    }
    return true;
}

bool bounce_words_sound(const char *name, struct span text, class_number *number, const void *context,
                        struct problem *problem) {
    struct yaml_document *document = yaml_document_load(name, text, problem);
    if (document == NULL) return false;
    const struct yaml_node *root = yaml_document_root(document);
    const struct yaml_node *begin = root->kind == YAML_MAP ? yaml_get(root, "begin") : NULL;
    const struct yaml_node *list = root->kind == YAML_MAP ? yaml_get(root, "words") : NULL;
    struct checking const checking = {document, begin, number, context};
    bool sound = true;
    for (const struct yaml_node *node = list == NULL ? NULL : list->first; node != NULL && sound; node = node->next) {
        const struct yaml_node *say = node->kind == YAML_MAP ? yaml_get(node, "say") : NULL;
        const struct yaml_node *speaks = node->kind == YAML_MAP ? yaml_get(node, "speaks") : NULL;
        if (say != NULL && say->kind == YAML_SCALAR) sound = is_word(document, say, problem);
        if (sound && speaks != NULL && speaks->kind == YAML_MAP) sound = all_begin(&checking, speaks, problem);
    }
    yaml_document_free(document);
    return sound;
}

unsigned bounce_words_strangers(struct span text, class_number *number, const void *context, char *names, size_t room) {
    struct problem problem;
    struct yaml_document *document = yaml_document_load("words", text, &problem);
    unsigned count = 0;
    size_t used = 0;
    if (room > 0) names[0] = '\0';
    if (document == NULL) return 0;
    const struct yaml_node *root = yaml_document_root(document);
    const struct yaml_node *begin = root->kind == YAML_MAP ? yaml_get(root, "begin") : NULL;
    for (const struct yaml_node *node = begin == NULL ? NULL : begin->first; node != NULL; node = node->next) {
        size_t const length = node->key == NULL ? 0 : strlen(node->key);
        if (node->key == NULL || number(context, node->key) >= 0) continue;
        count++;
        if (used + length + 3 > room) continue;
        if (used > 0) {
            memcpy(names + used, ", ", 2);
            used += 2;
        }
        memcpy(names + used, node->key, length + 1);
        used += length;
    }
    yaml_document_free(document);
    return count;
}
