/* Which blocklist a refusal names, by the table in rules/bounces.yaml; the first row that matches.
 *
 * A list that the table does not know may still be named: in "blocked using dnsbl.example.org" by its zone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_internal.h"

/* What stands before a zone, in lower case. */
static const char *const leads[] = {"blocked using ", "blocked by ", "listed at ", "listed in ",
                                    "listed by ",     "listed on ",  "found in ",  "rejected using "};

static bool is_of_name(uint8_t c) {
    return ascii_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

/* A name with a dot, whose last label is of two letters or more: no address, no word at the end of a sentence. */
static struct span zone_at(struct span text) {
    size_t length = 0, dots = 0, letters = 0;
    while (length < text.len && is_of_name(text.data[length])) length++;
    if (length < text.len && text.data[length] == '@') return SPAN_EMPTY; /* of a mailbox */
    while (length > 0 && text.data[length - 1] == '.') length--;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = text.data[i];
        letters = c == '.' ? 0 : letters + (ascii_is_digit(c) || c == '-' ? 0 : 1);
        dots += c == '.';
    }
    return dots > 0 && letters >= 2 ? span_head(text, length) : SPAN_EMPTY;
}

static bool starts_with_lead(struct span text, const char *lead) {
    size_t i = 0;
    for (; i < text.len && lead[i] != '\0'; i++) {
        uint8_t c = text.data[i];
        if (c >= 'A' && c <= 'Z') c = (uint8_t)(c + 'a' - 'A');
        if (c != (uint8_t)lead[i]) return false;
    }
    return lead[i] == '\0';
}

static struct span zone_in(struct span text) {
    for (; text.len > 0; text = span_from(text, 1)) {
        for (unsigned i = 0; i < sizeof leads / sizeof leads[0]; i++) {
            if (!starts_with_lead(text, leads[i])) continue;
            struct span zone = zone_at(span_from(text, strlen(leads[i])));
            if (zone.len > 0) return zone;
        }
    }
    return SPAN_EMPTY;
}

struct bounce_blocklist bounce_blocklist(const struct bounce_rules *rules, struct span text) {
    text = span_head(text, LIMIT_REPLY_TEXT_BYTES);
    unsigned row = first_match(rules, &rules->blocklists, text);
    if (row == rules->blocklists.count) return (struct bounce_blocklist){zone_in(text), NULL, NULL};
    const struct named_rule *rule = &rules->blocklists.rules[row];
    return (struct bounce_blocklist){span_from_string(rule->name), rule->url, rule->advice};
}

/* A receiver that speaks of reputation often says whose. */
static bool may_name_one(const struct bounce_class *class_) {
    return strcmp(class_->name, "blocklisted") == 0 || strcmp(class_->name, "bad_reputation") == 0;
}

struct bounce_blocklist bounce_blocklist_of(const struct bounce_rules *rules, const struct bounce_class *class_,
                                            struct span text) {
    if (class_ == NULL || !may_name_one(class_)) return (struct bounce_blocklist){SPAN_EMPTY, NULL, NULL};
    return bounce_blocklist(rules, text);
}
