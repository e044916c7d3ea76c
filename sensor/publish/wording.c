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

#include "mailspan/mailbox.h"
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

void wording_renew(struct wording *wording, const struct config *config, const struct ruleset *rules,
                   const struct bounce_rules *bounces) {
    wording->config = config;
    wording->rules = rules;
    wording->bounces = bounces;
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

/* --- characters --------------------------------------------------------------------------------------------------- */

bool hides_text(uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
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

/* Where a path begins that was cut off in its quotes or comments, in which anything may stand; the text's length when
 * none was. */
static size_t unfinished_path(struct span text) {
    size_t const closed = span_find_last(text, '>');
    struct span const behind = span_from(text, closed == text.len ? 0 : closed + 1);
    size_t const open = span_find(behind, '<'); /* the first: there may be more in its comments */
    struct span const path = span_from(behind, open + 1);
    bool const bare = span_find(path, '(') == path.len && span_find(path, '\\') == path.len;
    return open == behind.len || bare ? text.len : text.len - path.len;
}

/* Where the last word begins that may be a local part whose @ or domain was cut off: quoted, or plain.  A mailbox of
 * which a piece of the domain is left is found like any other. */
static size_t unfinished_word(struct span text) {
    size_t end = text.len, quotes = 0;
    size_t const path = unfinished_path(text);
    if (path < text.len) return path;
    if (end > 0 && text.data[end - 1] == '@') end--;
    for (size_t i = 0; i < end; i++) quotes += text.data[i] == '"';
    if (quotes % 2 == 1) return span_find_last(span_head(text, end), '"');
    if (quotes > 0 && text.data[end - 1] == '"') return span_find_last(span_head(text, end - 1), '"');
    size_t begin = end;
    while (begin > 0 && is_local_byte(text.data[begin - 1])) begin--;
    bool domain = end == text.len && begin > 0 && begin < end && text.data[begin - 1] == '@';
    return domain ? text.len : begin;
}

struct span word_reply_text(const struct wording *wording, struct span text, bool cut, struct word_buffer *buffer) {
    if (wording->config->addresses == PRIVACY_FULL) return text;
    size_t sound = cut ? unfinished_word(text) : text.len;
    cut = sound < text.len;
    text = span_head(text, sound);
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
    if (done == 0 && !cut) return text;
    add(buffer, span_from(text, done));
    if (cut) add(buffer, SPAN_LITERAL("\xe2\x80\xa6"));
    return added(buffer);
}

struct span word_reply(const struct wording *wording, const struct smtp_reply *reply, struct word_buffer *buffer) {
    bool cut = reply->cut || reply->text.len >= LIMIT_REPLY_TEXT_BYTES;
    return word_reply_text(wording, reply->text, cut, buffer);
}

struct span word_evidence_text(const struct wording *wording, const struct verdict *verdict,
                               struct word_buffer *buffer) {
    struct span text = span_of(verdict->reply_text, strnlen(verdict->reply_text, sizeof verdict->reply_text));
    /* It is cut between characters, so up to a character may be free before its NUL. */
    bool cut = verdict->reply_cut || text.len + UTF8_BYTES_MAX >= sizeof verdict->reply_text;
    return word_reply_text(wording, text, cut, buffer);
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

const char *word_told_by(const struct verdict *verdict) {
    static const char *const names[] = {"dialogue", "bounce", "complaint"};
    return verdict->told_by <= TOLD_BY_COMPLAINT ? names[verdict->told_by] : NULL;
}

const struct bounce_class *bounce_class_of(const struct wording *wording, const struct verdict *verdict) {
    bool refused = verdict->outcome == OUTCOME_BOUNCED || verdict->outcome == OUTCOME_DEFERRED;
    if (wording->bounces == NULL || (verdict->bounce_class == 0 && !refused)) return NULL;
    return bounce_class_at(wording->bounces, verdict->bounce_class);
}

const char *word_bounce_class(const struct wording *wording, const struct verdict *verdict) {
    const struct bounce_class *class_ = bounce_class_of(wording, verdict);
    return class_ == NULL ? NULL : class_->name;
}

/* A list that the file does not know is told by its zone as it stands in the text: so only in one without mailboxes. */
struct span word_blocklist(const struct wording *wording, const struct bounce_class *class_, struct span worded) {
    return wording->bounces == NULL ? SPAN_EMPTY : bounce_blocklist_of(wording->bounces, class_, worded).name;
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
