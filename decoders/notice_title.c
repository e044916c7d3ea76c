/* What a notice for people quotes of the message that it speaks of: its title, and where its copy begins.  Both are its
 * sender's words, who would write "will try again" there to make a delay of a bounce.
 *
 *   Subject: ...          Your message "..." could not be delivered        --- words in any language ---
 *            ...                                                            From: ...
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

#define LABEL_BYTES 40 /* "Original message subject" */
#define COPY_TITLE_BYTES 80

static bool ends_with(struct span text, struct span end) {
    return text.len >= end.len && span_equal_nocase(span_from(text, text.len - end.len), end);
}

static bool ends_with_any(struct span text, const char *const *words) {
    for (; *words != NULL; words++)
        if (ends_with(text, span_from_string(*words))) return true;
    return false;
}

/* --- behind a label ----------------------------------------------------------------------------------------------- */

static const char *const labels[] = {
    "subject", "subj",      "betreff",       "objet", "sujet", "asunto", "oggetto", "assunto", "temat",
    "tytuł",   "onderwerp", "your document", "Тема",  "тема",  "Ämne",   "ämne",    "emne",    "předmět",
    "konu",    "件名",      "主题",          "主旨",  "標題",  "主題",   "제목",    NULL};
static const char *const labels_without_colon[] = {"件名", "主题", "主旨", "標題", "主題", "제목", NULL}; /* QQ */

static size_t count_words(struct span text) {
    size_t words = 0;
    for (size_t at = 0; at < text.len; at++)
        if (!ascii_is_space(text.data[at]) && (at == 0 || ascii_is_space(text.data[at - 1]))) words++;
    return words;
}

static bool starts_with_word(struct span text, struct span word) {
    return span_starts_with_nocase(text, word) && (text.len == word.len || ascii_is_space(text.data[word.len]));
}

/* "Subject", "Original subject", "Subject of the message"; a sentence that ends in the word goes on behind it. */
static bool is_label(struct span head) {
    size_t const words = count_words(head);
    if (head.len > LABEL_BYTES || words > 5) return false;
    for (const char *const *label = labels; *label != NULL; label++) {
        struct span const word = span_from_string(*label);
        if (starts_with_word(head, word) || (words <= 2 && ends_with(head, word))) return true;
    }
    return false;
}

/* Where the title begins in a line that begins with a label; 0: it does not. */
static size_t behind_label(struct span text) {
    struct span const wide = SPAN_LITERAL("：");
    text = span_head(text, LABEL_BYTES + wide.len);
    size_t const colon = span_find(text, ':'), wide_colon = report_find(text, wide);
    size_t const end = colon < wide_colon ? colon : wide_colon;
    size_t bullet = 0;
    while (bullet < end && (text.data[bullet] == '*' || text.data[bullet] == '-' || text.data[bullet] == ' ')) bullet++;
    if (end < text.len && is_label(span_trim(span_slice(text, bullet, end - bullet))))
        return end + (end == colon ? 1 : wide.len);
    if (text.len == 0 || text.data[0] < 0x80) return 0;
    for (const char *const *label = labels_without_colon; *label != NULL; label++)
        if (starts_with_word(text, span_from_string(*label))) return strlen(*label);
    return 0;
}

/* An address begins what is said of it, wherever it stands. */
static bool first_word_is_address(struct span text) {
    size_t end = 0;
    while (end < text.len && !ascii_is_space(text.data[end])) end++;
    return span_find(span_head(text, end), '@') < end;
}

bool notice_title_line(struct notice_title *title, struct span text, size_t indent) {
    size_t const at = behind_label(text);
    bool const deeper = indent > title->indent && !first_word_is_address(text);
    title->awaited = false;
    if (at == 0 && title->labelled && deeper) return true;
    title->labelled = at > 0;
    title->awaited = at > 0 && span_trim(span_from(text, at)).len == 0;
    if (at > 0) title->indent = (uint16_t)(indent < UINT16_MAX ? indent : UINT16_MAX);
    return at > 0;
}

/* A label alone may have its title behind an empty line (Mailman). */
void notice_title_blank(struct notice_title *title) {
    title->labelled = title->awaited;
    title->closing = 0;
}

/* --- in quotes ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *opening, *closing;
} quotes[] = {{"\"", "\""}, {"“", "”"},   {"„", "“"}, {"„", "”"}, {"«", "»"},
              {"「", "」"}, {"『", "』"}, {"‘", "’"}, {"'", "'"}};

/* What is quoted behind these is a title. */
static const char *const titled[] = {
    "message",   "mail",     "subject",  "entitled",   "titled",  "document",   "regarding",   "nachricht", "betreff",
    "courriel",  "objet",    "sujet",    "intitulé",   "mensaje", "correo",     "asunto",      "titulado",  "messaggio",
    "oggetto",   "mensagem", "assunto",  "bericht",    "temat",   "wiadomość",  "wiadomości",  "tematem",   "tytule",
    "onderwerp", "письмо",   "письма",   "сообщение",  "темой",   "тема",       "meddelandet", "ämnet",     "ämne",
    "emnet",     "emne",     "beskeden", "meddelelse", "件名",    "メッセージ", "メール",      "邮件",      "主题",
    "主题为",    "主旨",     "主旨為",   "郵件",       "제목",    "메시지",     NULL};

static bool names_title(struct span before) {
    before = span_trim(before);
    while (before.len > 0 && (before.data[before.len - 1] == ':' || before.data[before.len - 1] == ','))
        before = span_trim(span_head(before, before.len - 1));
    return ends_with_any(before, titled);
}

static size_t find_last(struct span text, struct span words) {
    size_t found = text.len;
    for (size_t at = 0; at + words.len <= text.len; at++)
        if (span_starts_with(span_from(text, at), words)) found = at;
    return found;
}

/* Behind the quote that closes the title: the line's last, because a title may have some of its own; but an address
 * that is quoted behind it is none of it.  text.len + 1: it is not closed here. */
static size_t behind_title(struct span text, struct span closing) {
    size_t const first = report_find(text, closing), last = find_last(text, closing);
    if (first == text.len) return text.len + 1;
    bool const address = span_find(span_slice(text, first, last - first), '@') < last - first;
    return (address ? first : last) + closing.len;
}

static bool may_open(uint8_t c) {
    return c == '"' || c == '\'' || c == 0xe2 || c == 0xc2 || c == 0xe3;
}

/* Where a title's quote opens, and what closes it; text.len: nowhere. */
static size_t find_title(struct span text, size_t *begin, uint8_t *closing) {
    for (size_t at = 1; at < text.len; at++) {
        if (!may_open(text.data[at])) continue;
        for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
            struct span const opening = span_from_string(quotes[i].opening), rest = span_from(text, at);
            if (!span_starts_with(rest, opening) || !names_title(span_head(text, at))) continue;
            struct span const inside = span_from(rest, opening.len), close = span_from_string(quotes[i].closing);
            bool const single = quotes[i].opening[0] == '\''; /* an apostrophe, if nothing closes it */
            bool const other = i + 1 < sizeof quotes / sizeof quotes[0] &&
                               span_equal(opening, span_from_string(quotes[i + 1].opening));
            if ((single || other) && report_find(inside, close) == inside.len) continue;
            *begin = at + opening.len;
            *closing = (uint8_t)(i + 1);
            return at;
        }
    }
    return text.len;
}

static struct span join(struct span before, struct span after, uint8_t *room) {
    size_t len = before.len;
    memmove(room, before.data, before.len);
    if (after.len > 0) memmove(room + len, after.data, after.len);
    return span_of(room, len + after.len);
}

bool notice_quotes_title(const struct notice_title *title, struct span text) {
    size_t begin;
    uint8_t closing;
    return title->closing != 0 || find_title(text, &begin, &closing) < report_refusal_start(text);
}

struct span notice_without_title(struct notice_title *title, struct span text, uint8_t *room) {
    size_t begin = 0, at = 0;
    text = span_head(text, LIMIT_REPORT_LINE_BYTES);
    if (title->closing == 0) {
        at = find_title(text, &begin, &title->closing);
        title->lines = 0;
    }
    if (title->closing == 0) return text;
    struct span const inside = span_from(text, begin);
    size_t const behind = behind_title(inside, span_from_string(quotes[title->closing - 1].closing));
    if (behind <= inside.len || ++title->lines == NOTICE_TITLE_LINES) title->closing = 0;
    struct span const after = span_trim(span_from(inside, behind)), before = span_head(text, at);
    return at == 0 ? after : join(before, after, room);
}

/* --- its copy ----------------------------------------------------------------------------------------------------- */

static const char *const copies[] = {"ursprüngliche nachricht",
                                     "originalnachricht",
                                     "original-nachricht",
                                     "kopie ihrer nachricht",
                                     "kopie der nachricht",
                                     "message d'origine",
                                     "message d’origine",
                                     "message original",
                                     "message initial",
                                     "copie de votre message",
                                     "copie du message",
                                     "mensaje original",
                                     "copia de su mensaje",
                                     "copia del mensaje",
                                     "messaggio originale",
                                     "copia del messaggio",
                                     "mensagem original",
                                     "cópia da mensagem",
                                     "cópia da sua mensagem",
                                     "oorspronkelijk bericht",
                                     "oorspronkelijke bericht",
                                     "origineel bericht",
                                     "kopie van uw bericht",
                                     "oryginalna wiadomość",
                                     "kopia wiadomości",
                                     "сходное сообщение",
                                     "сходное письмо",
                                     "опия сообщения",
                                     "опия письма",
                                     "ursprungligt meddelande",
                                     "oprindelig meddelelse",
                                     "opprinnelig melding",
                                     "původní zpráva",
                                     "元のメッセージ",
                                     "元のメール",
                                     "原始邮件",
                                     "原始郵件",
                                     "원본 메시지",
                                     "원본 메일",
                                     NULL};

static bool is_dash(uint8_t c) {
    return c == '-' || c == '=' || c == '_' || c == '*';
}

/* "--- words ---", "=== words": more than a signature's two dashes. */
bool notice_is_rule(struct span text) {
    size_t begin = 0;
    while (begin < text.len && is_dash(text.data[begin])) begin++;
    return begin > 2 && begin < text.len;
}

enum notice_copy notice_copy_title(struct span text) {
    bool const ruled = notice_is_rule(text);
    bool const colon = text.len > 0 && (text.data[text.len - 1] == ':' || ends_with(text, SPAN_LITERAL("：")));
    if (text.len > COPY_TITLE_BYTES || (!ruled && !colon)) return NOTICE_NO_COPY;
    for (const char *const *words = copies; *words != NULL; words++)
        if (report_has(text, span_from_string(*words))) return NOTICE_COPY_IS_SURE;
    return ruled ? NOTICE_COPY_MAY_FOLLOW : NOTICE_NO_COPY;
}

bool notice_is_copied_header(struct span text) {
    static const char *const names[] = {"from",    "to",          "date",         "received",     "message-id",
                                        "subject", "return-path", "delivered-to", "mime-version", NULL};
    struct span const name = span_head(text, span_find(text, ':'));
    for (const char *const *known = names; name.len < text.len && *known != NULL; known++)
        if (span_equal_nocase(name, span_from_string(*known))) return true;
    return false;
}
