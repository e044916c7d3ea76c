/* See import_lists.h.
 *
 * A long list is cut, because PCRE2 has 64 KiB for what it makes of one expression.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_lists.h"

#include <stdlib.h>

#include "commands/import_set.h"

#define PIECE_BYTES 6000 /* of one expression */
#define NAME_KEPT 30     /* of a rule's name, before what tells its pieces apart */

/* --- the lists ---------------------------------------------------------------------------------------------------- */

static struct import_list *find(const struct import_lists *lists, struct span name) {
    for (unsigned i = 0; i < lists->count; i++)
        if (span_equal(span_from_string(lists->all[i].name), name)) return &lists->all[i];
    return NULL;
}

void import_lists_add(struct import_lists *lists, const char *name, struct span words) {
    struct import_list *list = find(lists, span_from_string(name));
    if (list == NULL) {
        struct import_list *all = realloc(lists->all, (lists->count + 1) * sizeof *all);
        if (all == NULL) {
            lists->failed = true;
            return;
        }
        lists->all = all;
        list = &all[lists->count++];
        *list = (struct import_list){.name = name};
    }
    import_text_add(&list->words, words);
    import_text_byte(&list->words, ' ');
    lists->failed = lists->failed || list->words.failed;
}

void import_lists_free(struct import_lists *lists) {
    for (unsigned i = 0; i < lists->count; i++) import_text_free(&lists->all[i].words);
    free(lists->all);
    *lists = (struct import_lists){.all = NULL};
}

/* --- as expressions ----------------------------------------------------------------------------------------------- */

/* What `?` and `*` stand for is said by whoever calls. */
static void add_glob(struct import_text *out, struct span glob, const char *one, const char *many) {
    for (size_t i = 0; i < glob.len; i++) {
        uint8_t const c = glob.data[i];
        if (c == '?') {
            import_text_string(out, one);
        } else if (c == '*') {
            import_text_string(out, many);
        } else {
            if (c != '_' && !ascii_is_alpha(c) && !ascii_is_digit(c) && c < 0x80) import_text_byte(out, '\\');
            import_text_byte(out, c);
        }
    }
}

/* A whole address, or a domain. */
static void add_alternative(struct import_text *out, struct span word, bool domain) {
    if (domain) {
        import_text_byte(out, '@');
        add_glob(out, word, "[^.]", "[^.]*");
    } else if (word.data[0] == '*') {
        add_glob(out, span_from(word, 1), ".", ".*");
    } else {
        import_text_byte(out, '^');
        add_glob(out, word, ".", ".*");
    }
}

static struct span next_word(struct span *rest) {
    while (rest->len > 0 && ascii_is_space(rest->data[0])) *rest = span_from(*rest, 1);
    size_t len = 0;
    while (len < rest->len && !ascii_is_space(rest->data[len])) len++;
    struct span const word = span_head(*rest, len);
    *rest = span_from(*rest, len);
    return word;
}

struct asking {
    const char *rule, *header;
    const struct import_list *list;
    struct span also; /* an expression that the address must fit as well; may be empty */
};

/* The rules of SpamAssassin that say the same: false when the list has nothing. */
static bool say(const struct asking *a, struct import_text *out) {
    struct span rest = import_text_span(&a->list->words);
    unsigned pieces = 0;
    for (struct span word = next_word(&rest); word.len > 0;) {
        import_text_print(out, "header __%.*s_%u %s:addr =~ /(?:", NAME_KEPT, a->rule, ++pieces, a->header);
        size_t const begin = out->length;
        for (bool first = true; word.len > 0 && out->length - begin < PIECE_BYTES; word = next_word(&rest)) {
            if (!first) import_text_byte(out, '|');
            first = false;
            add_alternative(out, word, a->list->name[0] == '\0');
        }
        import_text_string(out, ")$/i\n");
    }
    if (pieces == 0) return false;
    if (a->also.len > 0)
        import_text_print(out, "header __%.*s_ALSO %s:addr =~ /%.*s/i\n", NAME_KEPT, a->rule, a->header,
                          (int)a->also.len, (const char *)a->also.data);
    import_text_print(out, "meta %s %s(", a->rule, a->also.len > 0 ? "" : " ");
    for (unsigned i = 1; i <= pieces; i++)
        import_text_print(out, "%s__%.*s_%u", i == 1 ? "" : " || ", NAME_KEPT, a->rule, i);
    import_text_byte(out, ')');
    if (a->also.len > 0) import_text_print(out, " && __%.*s_ALSO", NAME_KEPT, a->rule);
    import_text_byte(out, '\n');
    return true;
}

/* --- the functions ------------------------------------------------------------------------------------------------ */

/* The next 'text' of a call; empty when there is none. */
static struct span next_quoted(struct span *rest) {
    size_t const begin = span_find(*rest, '\'');
    struct span const behind = span_from(*rest, begin + 1);
    size_t const end = span_find(behind, '\'');
    if (end >= behind.len) return SPAN_EMPTY;
    *rest = span_from(behind, end + 1);
    return span_head(behind, end);
}

/* Which header a function asks for, and which list; false: it is none of these. */
static bool read_call(struct import_set *set, const struct import_rule *rule, struct asking *a) {
    struct span rest = rule->value;
    *a = (struct asking){.rule = rule->name, .header = "*from"};
    if (span_starts_with(rest, SPAN_LITERAL("eval:check_from_in_list("))) {
        struct span const name = next_quoted(&rest);
        a->list = name.len == 0 ? NULL : find(&set->lists, name);
        return a->list != NULL;
    }
    a->list = find(&set->lists, SPAN_EMPTY);
    if (a->list == NULL) return false;
    if (span_equal(rest, SPAN_LITERAL("eval:check_freemail_from()"))) return true;
    if (!span_starts_with(rest, SPAN_LITERAL("eval:check_freemail_header("))) return false;
    struct span const header = next_quoted(&rest);
    a->also = next_quoted(&rest);
    a->header = import_keep(&set->strings, span_head(header, span_find(header, ':')));
    return header.len > 0 && !span_equal_nocase(header, SPAN_LITERAL("EnvelopeFrom"));
}

/* What stands for a rule is where the rule is. */
static void say_anew(struct import_set *set, struct import_rule *rule, const struct asking *a) {
    struct import_text out = {.bytes = NULL};
    struct import_rule const before = *rule;
    unsigned const count = set->count;
    if (say(a, &out))
        import_set_read(set, before.file, span_from_string(import_keep(&set->strings, import_text_span(&out))));
    rule->file = before.file;
    rule->line = before.line;
    rule->column = before.column;
    for (unsigned i = count - 1; i < set->count; i++) { /* what is said twice has moved to the end */
        if (set->rules[i] == rule) continue;
        set->rules[i]->made = true;
        set->rules[i]->line = before.line;
    }
    set->failed = set->failed || out.failed;
    import_text_free(&out);
}

/* No file says a rule of such a name, as a rule. */
static bool is_free(const struct import_set *set, const char *rule) {
    struct import_text name = {.bytes = NULL};
    import_text_print(&name, "__%.*s_1", NAME_KEPT, rule);
    bool const taken = import_set_find(set, import_text_span(&name)) != NULL;
    import_text_free(&name);
    return !taken;
}

void import_lists_say(struct import_set *set) {
    unsigned const said = set->count;
    struct asking a;
    struct import_rule **rules = calloc(said + 1, sizeof(struct import_rule *));
    if (rules != NULL && said > 0) memcpy(rules, set->rules, said * sizeof(struct import_rule *));
    for (unsigned i = 0; rules != NULL && i < said; i++)
        if (rules[i]->kind == IMPORT_EVAL && read_call(set, rules[i], &a) && is_free(set, rules[i]->name))
            say_anew(set, rules[i], &a);
    set->failed = set->failed || rules == NULL || set->lists.failed;
    free(rules);
}
