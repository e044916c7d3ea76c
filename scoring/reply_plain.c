/* Hiding in a refusal's text what the one who sends could choose.
 *
 * Servers quote mailboxes, host names and what the client said, and whoever sends mail chooses all of these:
 * mailbox.full@example.net must not be taken for a mailbox that is full.  In place of a mailbox stands "x@x", of a host
 * name "h.h".  What was said in the dialogue is known, and is hidden as it was said; where only the text is known, by
 * how mailboxes and host names look.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_internal.h"
#include "mailspan/mailbox.h"
#include "reply_words.h"

#define SAID_BYTES_MIN 4 /* of a word that was said, to be looked for */

/* A text that grows shorter while it is read: nothing is written behind where it is read.  The bytes before that may be
 * new ones: whoever looks back from there may see what stands for something. */
struct shortening {
    struct span text;
    uint8_t *room; /* text's own bytes, or others */
    size_t read, written;
};

static void keep_until(struct shortening *s, size_t end) {
    size_t const length = end - s->read;
    if (length > 0) memmove(s->room + s->written, s->text.data + s->read, length);
    s->written += length;
    s->read = end;
}

/* [begin, end) is no shorter than what stands for it. */
static void replace(struct shortening *s, size_t begin, size_t end, struct span instead) {
    keep_until(s, begin);
    memcpy(s->room + s->written, instead.data, instead.len);
    s->written += instead.len;
    s->read = end;
}

static struct span shortened(struct shortening *s) {
    keep_until(s, s->text.len);
    return span_of(s->room, s->written);
}

/* --- host names --------------------------------------------------------------------------------------------------- */

/* Exchange writes causes like host names: RESOLVER.ADR.RecipNotFound.  Of such a name a sender could choose the end. */
static bool is_cause(struct span host) {
    static const char *const begins[] = {"resolver.adr.", "resolver.rst.",        "resolver.grp.",    "resolver.fwd.",
                                         "smtpsend.dns.", "storedrv.submission.", "storedrv.deliver."};
    for (unsigned i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        struct span const begin = span_from_string(begins[i]);
        if (!span_starts_with_nocase(host, begin)) continue;
        struct span const rest = span_from(host, begin.len);
        return span_find(rest, '.') == rest.len;
    }
    return false;
}

/* The length of a host name at the start of text, or 0: labels with dots between, of two letters or more behind the
 * last one, or one of IDNA (RFC 5890); of two labels the second begins small or has four letters at most: a sentence
 * may begin behind a dot. */
static size_t host_length(struct span text) {
    size_t end = 0, label = 0, letters = 0, labels = 0;
    for (; end < text.len; end++) {
        uint8_t const c = text.data[end];
        if (c == '.' && end > label && end + 1 < text.len &&
            (ascii_is_alpha(text.data[end + 1]) || ascii_is_digit(text.data[end + 1]))) {
            labels++;
            label = end + 1;
            letters = 0;
        } else if (ascii_is_alpha(c)) {
            letters++;
        } else if (!ascii_is_digit(c) && c != '-' && c != '_') {
            break;
        }
    }
    bool const is_idn = label + 4 < end && span_starts_with_nocase(span_from(text, label), SPAN_LITERAL("xn--"));
    bool const is_name = (is_idn || letters == end - label) && letters >= 2 &&
                         (labels >= 2 || (labels == 1 && (letters <= 4 || text.data[label] >= 'a')));
    return is_name ? end : 0;
}

static bool is_host_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '_' || c == '.';
}

/* Whoever sends chooses what his host and domain are called, and servers quote them.  What stands in a link is the
 * receiver's. */
static size_t host_at(struct span text, size_t at) {
    uint8_t const before = at > 0 ? text.data[at - 1] : ' ';
    return is_host_byte(before) || before == '/' || before == '@' ? 0 : host_length(span_from(text, at));
}

static struct span hide_hosts(struct span text, uint8_t *room) {
    static const uint8_t instead[] = {'h', '.', 'h'}; /* no host name is shorter */
    struct shortening s = {.text = text, .room = room};
    size_t end = 0;
    for (size_t dot; (dot = end + span_find(span_from(text, end), '.')) < text.len;) {
        size_t begin = dot;
        while (begin > end && is_host_byte(text.data[begin - 1])) begin--;
        end = dot + 1;
        if (begin == dot || end == text.len || !is_host_byte(text.data[end])) continue; /* of a sentence, mostly */
        for (; end < text.len && is_host_byte(text.data[end]);) end++;
        size_t const host = host_at(text, begin);
        if (host > 0 && !is_cause(span_slice(text, begin, host)))
            replace(&s, begin, begin + host, span_of(instead, sizeof instead));
    }
    return s.read == 0 ? text : shortened(&s);
}

/* --- what the client said ----------------------------------------------------------------------------------------- */

static bool is_part_of_word(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c >= 0x80;
}

static bool quotes(uint8_t before, uint8_t after) {
    return ((before == '"' || before == '\'') && after == before) || (before == '<' && after == '>') ||
           (before == '(' && (after == ')' || after == '[')) || (before == '[' && after == ']');
}

/* A word of letters alone may be the server's own: "user" would make another text of "no such user". */
static bool is_plain_word(struct span word) {
    for (size_t i = 0; i < word.len; i++)
        if (!ascii_is_alpha(word.data[i]) && word.data[i] < 0x80) return false;
    return true;
}

/* A code, or an address. */
static bool is_number(struct span word) {
    static const char marks[] = ".:[]";
    for (size_t i = 0; i < word.len; i++) {
        uint8_t const c = word.data[i];
        if (!ascii_is_digit(c) && (c == 0 || strchr(marks, c) == NULL)) return false;
    }
    return true;
}

static bool stands_alone(struct span text, size_t at, struct span word, bool quoted) {
    size_t const end = at + word.len;
    uint8_t const before = at == 0 ? ' ' : text.data[at - 1], after = end == text.len ? ' ' : text.data[end];
    if (is_part_of_word(before) || is_part_of_word(after)) return false;
    return (!quoted && !is_plain_word(word)) || quotes(before, after);
}

/* Where a word stands alone, of any case, not before `from`; the text's length when it does not. */
static size_t find_alone(struct span text, size_t from, struct span word, bool quoted) {
    uint8_t const small = ascii_lower(word.data[0]), big = ascii_is_alpha(small) ? small & 0xdfu : small;
    size_t next[2] = {from, from};
    for (size_t at = from; at + word.len <= text.len; at++) {
        for (unsigned i = 0; i < 2; i++)
            if (next[i] <= at) next[i] = at + span_find(span_from(text, at), i == 0 ? small : big);
        at = next[0] < next[1] ? next[0] : next[1];
        if (at + word.len > text.len) break;
        if (span_equal_nocase(span_slice(text, at, word.len), word) && stands_alone(text, at, word, quoted)) return at;
    }
    return text.len;
}

/* In place of a word that the client said; of fewer letters than SAID_BYTES_MIN it says nothing anyhow. */
static struct span hide_where(struct span text, uint8_t *room, struct span word, struct span instead, bool quoted) {
    struct shortening s = {.text = text, .room = room};
    if (word.len < SAID_BYTES_MIN || is_number(word)) return text;
    size_t at = find_alone(text, 0, word, quoted);
    if (at == text.len) return text;
    for (; at < text.len; at = find_alone(text, at + word.len, word, quoted)) replace(&s, at, at + word.len, instead);
    return shortened(&s);
}

static struct span hide_word(struct span text, uint8_t *room, struct span word, struct span instead) {
    return hide_where(text, room, word, instead, false);
}

static struct span hide_mailbox_said(struct span text, uint8_t *room, struct span mailbox) {
    static const uint8_t bytes[] = {'x', '@', 'x'};
    struct span const instead = span_of(bytes, sizeof bytes), local = span_head(mailbox, span_find_last(mailbox, '@'));
    if (local.len == mailbox.len) return text;
    text = hide_word(text, room, mailbox, instead);
    text = hide_word(text, room, local, instead);
    bool const quoted = local.len > 2 && local.data[0] == '"';
    return quoted ? hide_word(text, room, span_slice(local, 1, local.len - 2), instead) : text;
}

/* Only where it is quoted: who calls his mail as the server calls spam would erase what the server says of it. */
static struct span hide_subject(struct span text, uint8_t *room, struct span subject) {
    static const uint8_t instead[] = {'x'}; /* any word that says nothing */
    return hide_where(text, room, span_trim(subject), span_of(instead, sizeof instead), true);
}

static struct span hide_helo(struct span text, uint8_t *room, struct span helo) {
    static const uint8_t instead[] = {'h', '.', 'h'};
    bool const is_name = helo.len > 0 && host_at(helo, 0) == helo.len; /* found by how it looks */
    return is_name ? text : hide_word(text, room, helo, span_of(instead, sizeof instead));
}

/* --- what looks like a mailbox ------------------------------------------------------------------------------------ */

static struct span hide_mailboxes(struct span text, uint8_t *room) {
    static const uint8_t instead[] = {'x', '@', 'x'}; /* no mailbox is shorter */
    struct shortening s = {.text = text, .room = room};
    size_t from = 0;
    for (size_t at; (at = from + span_find(span_from(text, from), '@')) < text.len;) {
        struct span const mailbox = mailbox_around(text, s.read, at);
        from = at + 1;
        if (mailbox.len == 0) continue;
        size_t const begin = (size_t)(mailbox.data - text.data);
        replace(&s, begin, begin + mailbox.len, span_of(instead, sizeof instead));
        from = s.read;
    }
    return shortened(&s);
}

static bool ends_value(uint8_t c) {
    return c <= ' ' || c == '&' || c == '?' || c == '=' || c == ';' || c == '>' || c == ')' || c == '"';
}

/* A mailbox in a link: "?s=mfrom&id=bob%40example.net". */
static struct span hide_linked_mailboxes(struct span text, uint8_t *room) {
    static const uint8_t instead[] = {'x', '@', 'x'};
    struct shortening s = {.text = text, .room = room};
    for (size_t at = 0; (at += span_find(span_from(text, at), '%')) < text.len; at++) {
        size_t begin = at, end = at;
        if (!span_starts_with(span_from(text, at), SPAN_LITERAL("%40"))) continue;
        while (begin > s.read && !ends_value(text.data[begin - 1])) begin--;
        while (end < text.len && !ends_value(text.data[end])) end++;
        replace(&s, begin, end, span_of(instead, sizeof instead));
        at = end - 1;
    }
    return shortened(&s);
}

/* --- a whole case ------------------------------------------------------------------------------------------------- */

/* `what` may be the one in the room already. */
static const struct bounce_case *with_text(const struct bounce_case *what, struct plain_case *room, struct span text) {
    room->what = *what;
    room->reply = *what->reply;
    room->reply.text = text;
    room->what.reply = &room->reply;
    return &room->what;
}

const struct bounce_case *bounce_without_mailboxes(const struct bounce_case *what, struct plain_case *room) {
    struct span const text = span_head(what->reply->text, LIMIT_REPLY_TEXT_BYTES);
    const struct client_said *said = &what->said;
    bool const any_said = said->helo.len + said->sender.len + said->recipient.len + said->subject.len > 0;
    if (!any_said && span_find(text, '@') == text.len && span_find(text, '%') == text.len) return what;
    struct span plain = span_of(room->room, text.len);
    if (text.len > 0) memcpy(room->room, text.data, text.len);
    plain = hide_mailbox_said(plain, room->room, said->recipient);
    plain = hide_mailbox_said(plain, room->room, said->sender);
    plain = hide_helo(plain, room->room, said->helo);
    plain = hide_subject(plain, room->room, said->subject);
    plain = hide_mailboxes(plain, room->room);
    plain = hide_linked_mailboxes(plain, room->room);
    return with_text(what, room, plain);
}

const struct bounce_case *bounce_without_hosts(const struct bounce_case *what, struct plain_case *room) {
    struct span const text = span_head(what->reply->text, LIMIT_REPLY_TEXT_BYTES);
    struct span const plain = hide_hosts(text, room->room);
    return plain.len == text.len ? what : with_text(what, room, plain); /* each is longer than what stands for it */
}

const struct bounce_case *bounce_plain(const struct bounce_case *what, struct plain_case *room) {
    return bounce_without_hosts(bounce_without_mailboxes(what, room), room);
}
