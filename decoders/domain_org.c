/* Organisational domains through libpsl, whose list is built in: it reads no file and keeps no state.
 *
 * The library wants lower-case A-labels that end in a NUL.  So a copy of the last labels is made, with those beyond
 * ASCII written as A-labels (RFC 3492; capitals beyond ASCII are not folded: who writes them means another name), and
 * what the library finds in it is counted in labels, to be found in the name as it was given.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/domain_org.h"

#include <libpsl.h>

#include "mailspan/limits.h"
#include "mailspan/utf8.h"

#define NAME_BYTES 256
#define LABEL_BYTES 63  /* RFC 1035 2.3.4 */
#define LABELS_LOOKED 8 /* the longest suffix on the list has five */

struct plain_name {
    char text[NAME_BYTES];
    size_t len; /* 0: it cannot be written so */
};

/* --- A-labels (RFC 3492) ------------------------------------------------------------------------------------------ */

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 0x80 };

static bool name_add(struct plain_name *name, uint8_t c) {
    if (name->len >= NAME_BYTES - 1) return false;
    name->text[name->len++] = (char)c;
    return true;
}

static uint32_t adapt(uint32_t delta, uint32_t points, bool first) {
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE) delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* A number in digits whose places weigh as the bias says. */
static bool add_number(struct plain_name *name, uint32_t number, uint32_t bias) {
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        uint32_t digit = number < t ? number : t + (number - t) % (BASE - t);
        if (!name_add(name, (uint8_t)(digit < 26 ? 'a' + digit : '0' + digit - 26))) return false;
        if (number < t) return true;
        number = (number - t) / (BASE - t);
    }
}

/* One label of at most LABEL_BYTES, so that no sum here leaves its 32 bits. */
static bool add_a_label(struct plain_name *name, struct span label) {
    uint32_t points[LABEL_BYTES];
    uint32_t count = 0, done = 0, n = INITIAL_N, delta = 0, bias = INITIAL_BIAS;
    for (size_t at = 0; at < label.len; count++) at += utf8_next(span_from(label, at), &points[count]);
    for (size_t i = 0; i < 4; i++)
        if (!name_add(name, (uint8_t) "xn--"[i])) return false;
    for (uint32_t i = 0; i < count; i++)
        if (points[i] < INITIAL_N && (done++, !name_add(name, ascii_lower((uint8_t)points[i])))) return false;
    uint32_t const basic = done;
    if (basic > 0 && !name_add(name, '-')) return false;
    while (done < count) {
        uint32_t next = UINT32_MAX;
        for (uint32_t i = 0; i < count; i++)
            if (points[i] >= n && points[i] < next) next = points[i];
        delta += (next - n) * (done + 1);
        n = next;
        for (uint32_t i = 0; i < count; i++) {
            if (points[i] < n) delta++;
            if (points[i] != n) continue;
            if (!add_number(name, delta, bias)) return false;
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        n++;
    }
    return true;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static struct span without_final_dot(struct span domain) {
    if (domain.len > 0 && domain.data[domain.len - 1] == '.') domain.len--;
    return domain;
}

/* The last labels, at most so many. */
static struct span last_labels(struct span domain, unsigned labels) {
    struct span rest = domain;
    size_t begin = domain.len;
    while (begin > 0 && labels-- > 0) {
        size_t dot = span_find_last(rest, '.');
        if (dot == rest.len) return domain;
        begin = dot;
        rest = span_head(rest, dot);
    }
    return span_from(domain, begin + 1);
}

/* No A-label is needed to write it. */
static bool is_plain(struct span text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] >= 0x80 || text.data[i] <= ' ') return false;
    return true;
}

static bool add_label(struct plain_name *name, struct span label) {
    if (label.len == 0 || label.len > LABEL_BYTES) return false;
    if (!is_plain(label)) return add_a_label(name, label);
    for (size_t i = 0; i < label.len; i++)
        if (!name_add(name, ascii_lower(label.data[i]))) return false;
    return true;
}

/* The domain as the list has it; false for what is no name: too long, an empty label. */
static bool plain_name_of(struct plain_name *name, struct span domain) {
    name->len = 0;
    if (domain.len == 0) return false;
    for (size_t at = 0; at <= domain.len;) {
        struct span rest = span_from(domain, at);
        struct span label = span_head(rest, span_find(rest, '.'));
        if ((at > 0 && !name_add(name, '.')) || !add_label(name, label)) return false;
        at += label.len + 1;
    }
    name->text[name->len] = '\0';
    return true;
}

/* [192.0.2.1], 192.0.2.1, or what else browsers take for an address. */
static bool is_address(struct span domain) {
    struct span last = last_labels(domain, 1);
    if (last.len == 0) return false;
    for (size_t i = 0; i < last.len; i++)
        if (!ascii_is_digit(last.data[i])) return last.data[last.len - 1] == ']';
    return true;
}

static unsigned count_labels(const char *text) {
    unsigned labels = 1;
    for (; *text != '\0'; text++) labels += *text == '.';
    return labels;
}

struct span domain_org(struct span domain) {
    struct plain_name name;
    domain = without_final_dot(domain);
    struct span const end = last_labels(domain, LABELS_LOOKED);
    if (is_address(domain) || !plain_name_of(&name, end)) return domain;
    const char *org = psl_registrable_domain(psl_builtin(), name.text);
    return org == NULL ? domain : last_labels(end, count_labels(org));
}

struct span domain_owned(struct span domain) {
    struct plain_name name;
    domain = without_final_dot(domain);
    struct span const end = last_labels(domain, LABELS_LOOKED);
    if (is_address(domain) || !plain_name_of(&name, end)) return domain;
    const char *owned = name.text;
    for (const char *dot = strchr(owned, '.');
         dot != NULL && psl_is_public_suffix2(psl_builtin(), dot + 1, PSL_TYPE_ICANN) == 0; dot = strchr(owned, '.'))
        owned = dot + 1;
    return last_labels(end, count_labels(owned));
}

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

uint64_t domain_org_hash(struct span domain) {
    struct plain_name name;
    struct span const org = domain_org(domain);
    uint64_t hash = FNV_START;
    if (org.len == 0) return 0;
    bool const plain = plain_name_of(&name, org);
    size_t const len = plain ? name.len : org.len;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (plain ? (uint8_t)name.text[i] : ascii_lower(org.data[i]))) * FNV_PRIME;
    return hash == 0 ? 1 : hash;
}

/* Whether their last two labels say so, which end each organisational domain that has as many.  Beyond ASCII one name
 * can be written in two ways. */
static bool end_in_others(struct span a, struct span b) {
    a = last_labels(without_final_dot(a), 2);
    b = last_labels(without_final_dot(b), 2);
    return !span_equal_nocase(a, b) && is_plain(a) && is_plain(b);
}

bool domain_orgs_equal(struct span a, struct span b) {
    if (a.len == 0 || b.len == 0) return false;
    if (span_equal_nocase(a, b)) return true; /* as in most mail; a look-up takes half a microsecond */
    if (end_in_others(a, b)) return false;
    struct span const org_a = domain_org(a), org_b = domain_org(b);
    if (span_equal_nocase(org_a, org_b)) return true;
    struct plain_name name_a, name_b; /* one may be in UTF-8, the other in A-labels */
    if (!plain_name_of(&name_a, org_a) || !plain_name_of(&name_b, org_b)) return false;
    return span_equal(span_of(name_a.text, name_a.len), span_of(name_b.text, name_b.len));
}

bool domain_orgs_differ(struct span a, struct span b) {
    return a.len > 0 && b.len > 0 && !domain_orgs_equal(a, b);
}

bool domain_is_under_known_suffix(struct span domain) {
    struct plain_name name;
    domain = without_final_dot(domain);
    struct span const last = last_labels(domain, 1);
    if (last.len == domain.len || !plain_name_of(&name, last)) return false;
    return psl_is_public_suffix2(psl_builtin(), name.text, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}
