/* What structured header values say: addresses, identifiers, dates, tag lists (RFC 5322, 6376).
 *
 * They are read as mail is, not only as it should be: a quote or a comment that is never closed is an ordinary
 * character, an address may stand without angle brackets behind a name.  Every function passes over its value a bounded
 * number of times, and nothing is recursive (comments nest by a count).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/mail.h"

/* --- words and comments ------------------------------------------------------------------------------------------- */

/* The offset behind the quoted string that begins at `at`; s.len + 1 when it is not closed. */
static size_t behind_quoted(struct span s, size_t at) {
    for (size_t i = at + 1; i < s.len; i++) {
        if (s.data[i] == '\\')
            i++;
        else if (s.data[i] == '"')
            return i + 1;
    }
    return s.len + 1;
}

/* The same for a comment; comments nest (RFC 5322 3.2.2). */
static size_t behind_comment(struct span s, size_t at) {
    size_t depth = 0;
    for (size_t i = at; i < s.len; i++) {
        if (s.data[i] == '\\')
            i++;
        else if (s.data[i] == '(')
            depth++;
        else if (s.data[i] == ')' && --depth == 0)
            return i + 1;
    }
    return s.len + 1;
}

/* Without the blanks and comments at its ends. */
static struct span trim_comments(struct span s) {
    s = span_trim(s);
    while (s.len > 0 && s.data[0] == '(') {
        size_t behind = behind_comment(s, 0);
        if (behind > s.len) break;
        s = span_trim(span_from(s, behind));
    }
    while (s.len > 0 && s.data[s.len - 1] == ')') {
        size_t open = span_find_last(s, '(');
        if (open == s.len) break;
        s = span_trim(span_head(s, open));
    }
    return s;
}

static struct span unquoted(struct span s) {
    s = span_trim(s);
    bool quoted = s.len >= 2 && s.data[0] == '"' && s.data[s.len - 1] == '"';
    return quoted ? span_trim(span_slice(s, 1, s.len - 2)) : s;
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

struct address_list {
    struct span rest;
    bool no_quotes, no_comments, no_angles, no_literals; /* one was not closed, so none behind it is */
};

/* One mailbox with what is around it. */
struct address_element {
    struct span text;    /* behind the name of a group */
    struct span display; /* before the "<" */
    struct span angle;   /* between "<" and ">" */
    struct span comment; /* the last one, without its brackets */
    bool has_angle;
};

/* Passes over what can hide a separator; 0 when nothing such begins at `at`. */
static size_t behind_hidden(struct address_list *list, size_t at, struct address_element *element) {
    struct span s = list->rest;
    size_t behind = 0;
    if (s.data[at] == '"' && !list->no_quotes) {
        behind = behind_quoted(s, at);
        list->no_quotes = behind > s.len;
    } else if (s.data[at] == '(' && !list->no_comments) {
        behind = behind_comment(s, at);
        list->no_comments = behind > s.len;
        if (behind <= s.len) element->comment = span_trim(span_slice(s, at + 1, behind - at - 2));
    } else if (s.data[at] == '<' && !list->no_angles) {
        behind = at + span_find(span_from(s, at), '>') + 1;
        list->no_angles = behind > s.len;
    } else if (s.data[at] == '[' && !list->no_literals) {
        behind = at + span_find(span_from(s, at), ']') + 1;
        list->no_literals = behind > s.len;
    }
    return behind > s.len ? 0 : behind;
}

static bool next_element(struct address_list *list, struct address_element *element) {
    *element = (struct address_element){.text = SPAN_EMPTY};
    struct span s = list->rest;
    if (s.len == 0) return false;
    size_t start = 0, at = 0;
    while (at < s.len && s.data[at] != ',' && s.data[at] != ';') {
        size_t behind = behind_hidden(list, at, element);
        if (behind > 0 && s.data[at] == '<' && !element->has_angle) {
            element->has_angle = true;
            element->display = span_slice(s, start, at - start);
            element->angle = span_slice(s, at + 1, behind - at - 2);
        }
        if (s.data[at] == ':' && !element->has_angle) start = at + 1; /* the name of a group is before it */
        at = behind > 0 ? behind : at + 1;
    }
    element->text = span_slice(s, start, at - start);
    list->rest = span_from(s, at + 1);
    return true;
}

/* local@domain, or with an obsolete route before it: @a,@b:local@domain. */
static bool addr_spec(struct span text, struct mail_address *address) {
    text = trim_comments(text);
    if (text.len > 0 && text.data[0] == '@') text = span_from(text, span_find(text, ':') + 1);
    size_t at = span_find_last(text, '@');
    if (at == text.len) return false;
    address->local = trim_comments(span_head(text, at));
    address->domain = trim_comments(span_from(text, at + 1));
    if (address->local.len == 0 || address->domain.len == 0) return false;
    for (size_t i = 0; i < address->domain.len; i++)
        if (ascii_is_space(address->domain.data[i]) || address->domain.data[i] == '<') return false;
    return true;
}

/* A mailbox without angle brackets: a name may stand before it, or behind it as a comment. */
static bool bare_address(const struct address_element *element, struct mail_address *address) {
    if (!addr_spec(element->text, address)) return false;
    address->display = unquoted(element->comment);
    struct span local = address->local;
    if (local.data[local.len - 1] == '"') return true;
    size_t word = local.len;
    while (word > 0 && !ascii_is_blank(local.data[word - 1])) word--;
    if (word == 0) return true;
    address->local = span_from(local, word);
    address->display = unquoted(span_head(local, word));
    return true;
}

unsigned mail_addresses(struct span value, struct mail_address *first) {
    struct address_list list = {.rest = value};
    struct address_element element;
    unsigned count = 0;
    *first = (struct mail_address){.local = SPAN_EMPTY};
    while (next_element(&list, &element)) {
        struct mail_address address = {.display = SPAN_EMPTY};
        if (element.has_angle) {
            if (!addr_spec(element.angle, &address)) continue;
            address.display = unquoted(trim_comments(element.display));
            if (address.display.len == 0) address.display = unquoted(element.comment);
        } else if (!bare_address(&element, &address)) {
            continue;
        }
        if (count++ == 0) *first = address;
    }
    return count;
}

/* The structure is read from the raw value, because what encoded words hide is no structure (RFC 2047 5); then the name
 * is what stands before that address in the decoded one. */
struct span mail_display_name(struct span raw, struct span decoded, const struct mail_address *address) {
    if (address->display.len == 0 || raw.data == decoded.data) return address->display;
    const uint8_t *found = memmem(decoded.data, decoded.len, address->local.data, address->local.len);
    const uint8_t *end = decoded.data + decoded.len;
    /* The name may hold the local part too: the address is the place where "@" and the domain follow. */
    while (found != NULL) {
        struct span rest = span_of(found + address->local.len, (size_t)(end - found) - address->local.len);
        struct span tail = span_from(rest, 1);
        bool whole = rest.len > 0 && rest.data[0] == '@' && span_starts_with(tail, address->domain);
        if (whole && found > decoded.data && found[-1] == '<') {
            struct span name = span_trim(span_of(decoded.data, (size_t)(found - 1 - decoded.data)));
            bool quoted = name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"';
            return quoted ? span_trim(span_slice(name, 1, name.len - 2)) : name;
        }
        found = rest.len == 0 ? NULL : memmem(rest.data, rest.len, address->local.data, address->local.len);
    }
    return address->display;
}

/* --- identifiers -------------------------------------------------------------------------------------------------- */

/* id-left "@" id-right, with nothing that would end it early; id-left may be a quoted string (RFC 5322 4.5.4). */
static bool is_id(struct span id) {
    size_t at = span_find_last(id, '@');
    if (at == 0 || at + 1 >= id.len) return false;
    bool quoted = at >= 2 && id.data[0] == '"' && id.data[at - 1] == '"';
    for (size_t i = quoted ? at : 0; i < id.len; i++)
        if (id.data[i] <= ' ' || id.data[i] == '<' || id.data[i] == 127) return false;
    return true;
}

struct span mail_message_id(struct span value) {
    while (value.len > 0) {
        value = span_from(value, span_find(value, '<'));
        size_t close = span_find(value, '>');
        if (close == value.len) return SPAN_EMPTY;
        struct span id = span_slice(value, 1, close - 1);
        /* A "<" that is not closed before the next one begins nothing. */
        size_t inner = span_find_last(id, '<');
        if (inner < id.len) id = span_from(id, inner + 1);
        if (is_id(id)) return span_of(id.data - 1, id.len + 2);
        value = span_from(value, close + 1);
    }
    return SPAN_EMPTY;
}

/* --- dates -------------------------------------------------------------------------------------------------------- */

static struct span skip_blanks_and_comments(struct span s) {
    for (;;) {
        s = span_trim(s);
        if (s.len == 0 || s.data[0] != '(') return s;
        size_t behind = behind_comment(s, 0);
        if (behind > s.len) return s;
        s = span_from(s, behind);
    }
}

/* Takes digits off; false when there are fewer or more than allowed. */
static bool take_number(struct span *s, size_t digits_min, size_t digits_max, int *number, size_t *digits) {
    *s = skip_blanks_and_comments(*s);
    size_t len = 0;
    *number = 0;
    while (len < s->len && len <= digits_max && ascii_is_digit(s->data[len])) {
        *number = *number * 10 + (s->data[len] - '0');
        len++;
    }
    *s = span_from(*s, len);
    if (digits != NULL) *digits = len;
    return len >= digits_min && len <= digits_max;
}

static struct span take_word(struct span *s) {
    *s = skip_blanks_and_comments(*s);
    size_t len = 0;
    while (len < s->len && ascii_is_alpha(s->data[len])) len++;
    struct span word = span_head(*s, len);
    *s = span_from(*s, len);
    return word;
}

static bool take_mark(struct span *s, uint8_t mark) {
    *s = skip_blanks_and_comments(*s);
    if (s->len == 0 || s->data[0] != mark) return false;
    *s = span_from(*s, 1);
    return true;
}

/* The number of a three-letter name in a list of them, or -1. */
static int name_index(struct span word, const char *names) {
    if (word.len != 3) return -1;
    for (int i = 0; names[3 * i] != '\0'; i++)
        if (span_equal_nocase(word, span_of(names + 3 * i, 3))) return i;
    return -1;
}

/* Days since 1970-01-01 of a day in the Gregorian calendar; years begin in March here, so that the leap day is last. */
static int64_t days_since_epoch(int year, int month, int day) {
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;
    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int days_in_month(int year, int month) {
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* RFC 5322 3.3 and 4.3: numeric, or a name; unknown names and the military letters say nothing, which is UTC. */
static bool take_zone(struct span *s, int *minutes) {
    static const char names[] = "GMTESTEDTCSTCDTMSTMDTPSTPDT";
    static const int8_t hours[] = {0, -5, -4, -6, -5, -7, -6, -8, -7};
    *minutes = 0;
    *s = skip_blanks_and_comments(*s);
    if (s->len == 0) return false;
    int sign = s->data[0] == '+' ? 1 : s->data[0] == '-' ? -1 : 0;
    if (sign == 0) {
        struct span word = take_word(s);
        int index = name_index(word, names);
        if (index >= 0) *minutes = hours[index] * 60;
        return word.len > 0;
    }
    int number;
    *s = span_from(*s, 1);
    if (s->len == 0 || !ascii_is_digit(s->data[0]) || !take_number(s, 4, 4, &number, NULL)) return false;
    *minutes = sign * (number / 100 * 60 + number % 100);
    return number % 100 < 60;
}

/* RFC 5322 4.3: what years of two and three digits mean. */
static int whole_year(int year, size_t digits) {
    if (digits == 2) return year < 50 ? year + 2000 : year + 1900;
    return digits == 3 ? year + 1900 : year;
}

static bool take_day(struct span *s, int *year, int *month, int *day) {
    static const char day_names[] = "MonTueWedThuFriSatSun", month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    size_t digits;
    struct span word = take_word(s);
    if (word.len > 0 && name_index(word, day_names) < 0) return false;
    if (word.len > 0) (void)take_mark(s, ',');
    if (!take_number(s, 1, 2, day, NULL)) return false;
    *month = name_index(take_word(s), month_names) + 1;
    if (*month == 0 || !take_number(s, 2, 4, year, &digits)) return false;
    *year = whole_year(*year, digits);
    /* 2262 is where nstime ends. */
    return *year >= 1900 && *year < 2262 && *day >= 1 && *day <= days_in_month(*year, *month);
}

static bool take_time_of_day(struct span *s, int *seconds) {
    int hour, minute, second = 0;
    if (!take_number(s, 1, 2, &hour, NULL) || !take_mark(s, ':') || !take_number(s, 2, 2, &minute, NULL)) return false;
    if (take_mark(s, ':') && !take_number(s, 2, 2, &second, NULL)) return false;
    *seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second <= 60; /* 60 is a leap second */
}

bool mail_date(struct span value, nstime *time) {
    int year, month, day, seconds, zone_minutes;
    if (!take_day(&value, &year, &month, &day) || !take_time_of_day(&value, &seconds)) return false;
    if (!take_zone(&value, &zone_minutes) || skip_blanks_and_comments(value).len > 0) return false;
    *time = (days_since_epoch(year, month, day) * 86400 + seconds - zone_minutes * 60) * NS_PER_S;
    return true;
}

/* --- tag lists ---------------------------------------------------------------------------------------------------- */

struct span mail_tag(struct span value, struct span tag) {
    while (value.len > 0) {
        size_t end = span_find(value, ';');
        struct span item = span_head(value, end);
        size_t equals = span_find(item, '=');
        if (equals < item.len && span_equal(span_trim(span_head(item, equals)), tag))
            return span_trim(span_from(item, equals + 1));
        value = span_from(value, end + 1);
    }
    return SPAN_EMPTY;
}
