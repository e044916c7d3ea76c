/* Which refusals of no known kind are the most frequent, in a table of fixed size (space-saving: Metwally, Agrawal, El
 * Abbadi, 2005).  One that has no place takes that of the rarest, and what was counted there before: so what is more
 * frequent than a LIMIT_UNCLASSIFIEDth of all is never missed, and a flood of texts that are all different does not
 * push it out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/unclassified.h"

#include "mailspan/utf8.h"

/* Numbers, queue ids, addresses, mailboxes and names of hosts: what has a digit, an @, or a dot or colon inside. */
static bool is_variable(struct span word) {
    for (size_t i = 0; i < word.len; i++) {
        uint8_t c = word.data[i];
        bool inside = i > 0 && i + 1 < word.len;
        if (ascii_is_digit(c) || c == '@' || (inside && (c == '.' || c == ':' || c == '='))) return true;
    }
    return false;
}

/* Words in small letters, each variable one as "#", and some of them in a row as one.  A text that fills its place may
 * end in half a word, which is left out. */
static void make_shape(const char *text, char shape[VERDICT_TEXT_BYTES]) {
    struct span rest = span_of((const uint8_t *)text, strnlen(text, VERDICT_TEXT_BYTES - 1));
    bool cut = rest.len + UTF8_BYTES_MAX >= VERDICT_TEXT_BYTES;
    size_t length = 0;
    while ((rest = span_trim(rest)).len > 0) {
        struct span word = span_head(rest, span_find(rest, ' '));
        rest = span_from(rest, word.len);
        if (rest.len == 0 && cut) break;
        bool variable = is_variable(word);
        if (variable && length > 1 && shape[length - 2] == '#') continue;
        if (variable) word = SPAN_LITERAL("#");
        for (size_t i = 0; i < word.len; i++) shape[length++] = (char)ascii_lower(word.data[i]);
        shape[length++] = ' ';
    }
    shape[length > 0 ? length - 1 : 0] = '\0';
}

static bool is_alike(const struct unclassified *row, const struct verdict *verdict, const char *shape) {
    return row->count > 0 && row->first.code == verdict->code && row->first.stage == verdict->stage &&
           strcmp(row->shape, shape) == 0;
}

void unclassified_add(struct unclassified_table *table, const struct verdict *verdict) {
    char shape[VERDICT_TEXT_BYTES];
    struct unclassified *rarest = &table->rows[0];
    make_shape(verdict->reply_text, shape);
    for (unsigned i = 0; i < LIMIT_UNCLASSIFIED; i++) {
        struct unclassified *row = &table->rows[i];
        if (is_alike(row, verdict, shape)) {
            row->count++;
            return;
        }
        if (row->count + row->before < rarest->count + rarest->before) rarest = row;
    }
    rarest->before += rarest->count;
    rarest->count = 1;
    rarest->first = *verdict;
    memcpy(rarest->shape, shape, sizeof shape);
}

static bool is_before(const struct unclassified *a, const struct unclassified *b) {
    return a->count != b->count ? a->count > b->count : a->first.time < b->first.time;
}

unsigned unclassified_most(const struct unclassified_table *table,
                           const struct unclassified *most[LIMIT_UNCLASSIFIED_TOLD]) {
    unsigned count = 0;
    for (unsigned i = 0; i < LIMIT_UNCLASSIFIED && table->rows[i].count > 0; i++) {
        unsigned at = count;
        while (at > 0 && is_before(&table->rows[i], most[at - 1])) at--;
        if (at == LIMIT_UNCLASSIFIED_TOLD) continue;
        if (count < LIMIT_UNCLASSIFIED_TOLD) count++;
        for (unsigned j = count - 1; j > at; j--) most[j] = most[j - 1];
        most[at] = &table->rows[i];
    }
    return count;
}
