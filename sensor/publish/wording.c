/* How the outputs word things; see wording.h.
 *
 * Privacy: a masked local part keeps its first character, which with the domain, the time and the Message-ID is enough
 * to find the mail in the customer's own log, and says nothing of the length.  A hashed one is the first 16 hex digits
 * of BLAKE2b over the lower-cased mailbox, domain included, with a key that is not published: equal mailboxes can be
 * counted, and not be found by trying names.  Replies quote mailboxes ("<bob@example.com>: unknown"), so texts are
 * searched for them too; a local part that a reply quotes without its domain cannot be told from any other word.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "wording.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

#include "publish.h"

void wording_init(struct wording *wording, const struct config *config, const struct ruleset *rules,
                  const struct bounce_rules *bounces) {
    *wording = (struct wording){.config = config, .rules = rules, .bounces = bounces};
    if (sodium_init() < 0 || config->privacy_key[0] == '\0')
        randombytes_buf(wording->privacy_key, sizeof wording->privacy_key);
    else
        crypto_generichash(wording->privacy_key, sizeof wording->privacy_key, (const uint8_t *)config->privacy_key,
                           strlen(config->privacy_key), NULL, 0);
}

/* --- times, addresses, codes -------------------------------------------------------------------------------------- */

static void put_number(char *at, unsigned width, unsigned value) {
    while (width > 0) {
        at[--width] = (char)('0' + value % 10);
        value /= 10;
    }
}

const char *time_to_text(nstime time, char text[TIME_TEXT_BYTES]) {
    int64_t us = time / NS_PER_US - (time % NS_PER_US < 0);
    int64_t seconds = us / 1000000 - (us % 1000000 < 0);
    time_t clock = (time_t)seconds;
    struct tm tm;
    if (gmtime_r(&clock, &tm) == NULL) tm = (struct tm){.tm_year = 70, .tm_mday = 1}; /* cannot be: 64 bits of ns */
    memcpy(text, "0000-00-00T00:00:00.000000Z", TIME_TEXT_BYTES);
    put_number(text, 4, (unsigned)tm.tm_year + 1900);
    put_number(text + 5, 2, (unsigned)tm.tm_mon + 1);
    put_number(text + 8, 2, (unsigned)tm.tm_mday);
    put_number(text + 11, 2, (unsigned)tm.tm_hour);
    put_number(text + 14, 2, (unsigned)tm.tm_min);
    put_number(text + 17, 2, (unsigned)tm.tm_sec);
    put_number(text + 20, 6, (unsigned)(us - seconds * 1000000));
    return text;
}

const char *prefix_to_text(const struct ip_address *ip, uint8_t bits, char text[PREFIX_TEXT_BYTES]) {
    char address[IP_TEXT_BYTES];
    unsigned length = ip_is_v4(ip) ? (bits > 96 ? bits - 96u : 0) : bits;
    snprintf(text, PREFIX_TEXT_BYTES, "%s/%u", ip_to_text(ip, address), length);
    return text;
}

const char *enhanced_to_text(const struct enhanced_code *code, char text[24]) {
    if (code->class_ == 0) return NULL;
    char *at = text;
    unsigned const parts[3] = {code->class_, code->subject, code->detail};
    for (unsigned i = 0; i < 3; i++) {
        unsigned width = parts[i] < 10 ? 1 : parts[i] < 100 ? 2 : parts[i] < 1000 ? 3 : 5;
        put_number(at, width, parts[i]);
        at += width;
        *at++ = i < 2 ? '.' : '\0';
    }
    return text;
}

/* --- UTF-8 -------------------------------------------------------------------------------------------------------- */

size_t utf8_next(struct span text, uint32_t *code_point) {
    uint8_t first = text.data[0];
    *code_point = first;
    if (first < 0x80) return 1;
    unsigned length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    uint32_t value = first & (0x7fu >> length);
    /* The smallest value of each length: what is less is an overlong form, and so no UTF-8. */
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    bool sound = first >= 0xc2 && first <= 0xf4 && text.len >= length;
    for (unsigned i = 1; sound && i < length; i++) {
        sound = (text.data[i] & 0xc0) == 0x80;
        value = value << 6 | (text.data[i] & 0x3fu);
    }
    sound = sound && value >= smallest[length] && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
    *code_point = sound ? value : UTF8_REPLACEMENT;
    return sound ? length : 1;
}

/* --- privacy ------------------------------------------------------------------------------------------------------ */

static void add(struct word_buffer *buffer, struct span bytes) {
    size_t room = sizeof buffer->bytes - buffer->length;
    if (bytes.len > room) bytes.len = room;
    if (bytes.len > 0) memcpy(buffer->bytes + buffer->length, bytes.data, bytes.len);
    buffer->length += bytes.len;
}

static struct span added(const struct word_buffer *buffer) {
    return span_of(buffer->bytes, buffer->length);
}

static void add_first_and_stars(struct word_buffer *buffer, struct span word) {
    uint32_t code_point;
    if (word.len > 0) add(buffer, span_head(word, utf8_next(word, &code_point)));
    add(buffer, SPAN_LITERAL("***"));
}

/* The first 16 hex digits of the keyed hash of the bytes; ASCII letters count as small ones. */
static void add_hash(struct word_buffer *buffer, const struct wording *wording, struct span bytes) {
    crypto_generichash_state state;
    uint8_t hash[crypto_generichash_BYTES], small[256];
    char hex[17];
    crypto_generichash_init(&state, wording->privacy_key, sizeof wording->privacy_key, sizeof hash);
    while (bytes.len > 0) {
        struct span piece = span_head(bytes, sizeof small);
        for (size_t i = 0; i < piece.len; i++) small[i] = ascii_lower(piece.data[i]);
        crypto_generichash_update(&state, small, piece.len);
        bytes = span_from(bytes, piece.len);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(hex, sizeof hex, hash, 8);
    add(buffer, span_from_string(hex));
}

static void add_mailbox(struct word_buffer *buffer, const struct wording *wording, struct span mailbox) {
    size_t at = span_find_last(mailbox, '@');
    if (wording->config->addresses == PRIVACY_HASHED)
        add_hash(buffer, wording, mailbox);
    else
        add_first_and_stars(buffer, span_head(mailbox, at));
    add(buffer, span_from(mailbox, at));
}

struct span word_mailbox(const struct wording *wording, struct span mailbox, struct word_buffer *buffer) {
    if (wording->config->addresses == PRIVACY_FULL || mailbox.len == 0) return mailbox;
    buffer->length = 0;
    add_mailbox(buffer, wording, mailbox);
    return added(buffer);
}

/* What a local part is made of where it is not quoted (RFC 5321 4.1.2 and RFC 6531). */
static bool is_local_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c >= 0x80 || (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_domain_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c >= 0x80 || c == '-' || c == '.';
}

/* The mailbox around the @ at offset `at`: from its first byte on, not before `floor`; empty when there is none. */
static struct span mailbox_around(struct span text, size_t floor, size_t at) {
    size_t begin = at, end = at + 1;
    if (begin > floor + 1 && text.data[begin - 1] == '"') { /* a quoted local part */
        struct span before = span_slice(text, floor, begin - 1 - floor);
        size_t quote = span_find_last(before, '"');
        if (quote < before.len) begin = floor + quote;
    }
    while (begin == at || begin > floor) {
        if (begin == floor || !is_local_byte(text.data[begin - 1])) break;
        begin--;
    }
    if (end < text.len && text.data[end] == '[') end++;
    while (end < text.len && (is_domain_byte(text.data[end]) || (text.data[at + 1] == '[' && text.data[end] == ':')))
        end++;
    return begin == at || end == at + 1 ? SPAN_EMPTY : span_slice(text, begin, end - begin);
}

struct span word_reply_text(const struct wording *wording, struct span text, struct word_buffer *buffer) {
    if (wording->config->addresses == PRIVACY_FULL || span_find(text, '@') == text.len) return text;
    buffer->length = 0;
    size_t done = 0, from = 0;
    while (from < text.len) {
        size_t at = from + span_find(span_from(text, from), '@');
        if (at >= text.len) break;
        struct span mailbox = mailbox_around(text, done, at);
        from = at + 1;
        if (mailbox.len == 0) continue;
        add(buffer, span_slice(text, done, (size_t)(mailbox.data - text.data) - done));
        add_mailbox(buffer, wording, mailbox);
        done = from = (size_t)(mailbox.data - text.data) + mailbox.len;
    }
    add(buffer, span_from(text, done));
    return added(buffer);
}

struct span word_subject(const struct wording *wording, struct span subject, struct word_buffer *buffer) {
    if (wording->config->subjects == PRIVACY_FULL || subject.len == 0) return subject;
    buffer->length = 0;
    if (wording->config->subjects == PRIVACY_HASHED) {
        add_hash(buffer, wording, subject);
        return added(buffer);
    }
    subject = span_trim(subject);
    while (subject.len > 0) {
        size_t length = 0;
        while (length < subject.len && !ascii_is_space(subject.data[length])) length++;
        if (buffer->length > 0) add(buffer, SPAN_LITERAL(" "));
        add_first_and_stars(buffer, span_head(subject, length));
        subject = span_trim(span_from(subject, length));
    }
    return added(buffer);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

const char *word_bounce_class(const struct wording *wording, const struct verdict *verdict) {
    bool refused = verdict->outcome == OUTCOME_BOUNCED || verdict->outcome == OUTCOME_DEFERRED;
    if (wording->bounces == NULL || (verdict->bounce_class == 0 && !refused)) return NULL;
    if (verdict->bounce_class >= bounce_class_count(wording->bounces)) return NULL;
    return bounce_class_at(wording->bounces, verdict->bounce_class)->name;
}

const struct rule *word_rule(const struct wording *wording, unsigned index) {
    if (wording->rules == NULL || index >= ruleset_count(wording->rules)) return NULL;
    return ruleset_rule(wording->rules, index);
}

const char *event_id(const struct wording *wording, const struct decision *decision, char text[EVENT_ID_BYTES]) {
    char ip[IP_TEXT_BYTES], time[TIME_TEXT_BYTES];
    snprintf(text, EVENT_ID_BYTES, "%s/%s/%llu/%s", wording->config->sensor_id, ip_to_text(&decision->ip, ip),
             (unsigned long long)decision->sequence, time_to_text(decision->time, time));
    return text;
}
