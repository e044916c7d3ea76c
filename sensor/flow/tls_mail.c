/* See tls_mail.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/tls_mail.h"

/* The next word of a list, up to one of two separators; false behind the last. */
static bool next_word(struct span *rest, uint8_t either, uint8_t other, struct span *word) {
    if (rest->len == 0) return false;
    size_t length = span_find(*rest, either), second = span_find(*rest, other);
    if (second < length) length = second;
    *word = span_head(*rest, length);
    *rest = span_from(*rest, length + 1);
    return true;
}

static bool alpn_is_mail(struct span list) {
    struct span word;
    while (next_word(&list, ',', ';', &word))
        if (span_equal(word, SPAN_LITERAL("smtp")) || span_equal(word, SPAN_LITERAL("esmtp"))) return true;
    return false;
}

static bool name_is_mail(struct span name) {
    struct span label = span_head(name, span_find(name, '.')), word;
    if (label.len == name.len) return false; /* a single label is nobody's public name */
    while (next_word(&label, '-', '_', &word)) {
        while (word.len > 0 && ascii_is_digit(word.data[word.len - 1])) word.len--;
        if (span_equal_nocase(word, SPAN_LITERAL("smtp")) || span_equal_nocase(word, SPAN_LITERAL("smtps")) ||
            span_equal_nocase(word, SPAN_LITERAL("mx")))
            return true;
    }
    return false;
}

bool tls_is_mail(const struct tls_facts *facts) {
    if (facts->alpn[0] != '\0') return alpn_is_mail(span_from_string(facts->alpn));
    return name_is_mail(span_from_string(facts->sni));
}
