/* The sentences that mail servers write, as they stand in the texts of the servers and of big providers; one table for
 * each question that is asked of a line, and a row for each sentence.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

/* --- marks -------------------------------------------------------------------------------------------------------- */

#define SENTENCE(words, marks) \
    { words, sizeof(words) - 1, marks, (uint8_t)(words)[sizeof(words) - 2] }

static const struct {
    const char *words; /* in lower case */
    uint8_t len;
    uint8_t marks;
    uint8_t last; /* byte of the words */
} sentences[] = {
    /* a mail server's program names itself */
    SENTENCE("this is the qmail-send program at ", NOTICE_PROGRAM),
    SENTENCE("this is the dragonfly mail agent", NOTICE_PROGRAM),
    SENTENCE("this message was created automatically by mail delivery software", NOTICE_PROGRAM),
    SENTENCE("this is the mail system at host ", NOTICE_PROGRAM),
    SENTENCE("this is the mailer-daemon, ", NOTICE_PROGRAM),
    SENTENCE("this is the james mail server at ", NOTICE_PROGRAM),
    SENTENCE("this is an automatically generated delivery status notification", NOTICE_PROGRAM),
    SENTENCE("this is the deliver program at ", NOTICE_PROGRAM),
    SENTENCE("this is the email server at ", NOTICE_PROGRAM),
    SENTENCE("machine generated message from mail service", NOTICE_PROGRAM),
    /* a message came to nobody */
    SENTENCE("could not be delivered", NOTICE_FAILS),
    SENTENCE("could not deliver", NOTICE_FAILS),
    SENTENCE("cannot be delivered", NOTICE_FAILS),
    SENTENCE("can not be delivered", NOTICE_FAILS),
    SENTENCE("couldn't be delivered", NOTICE_FAILS),
    SENTENCE("could not be reached", NOTICE_FAILS),
    SENTENCE("was not delivered", NOTICE_FAILS),
    SENTENCE("wasn't delivered", NOTICE_FAILS),
    SENTENCE("was not able to be delivered", NOTICE_FAILS),
    SENTENCE("wasn't able to deliver", NOTICE_FAILS),
    SENTENCE("unable to deliver", NOTICE_FAILS),
    SENTENCE("error delivering your m", NOTICE_FAILS),
    SENTENCE("delivery has failed", NOTICE_FAILS),
    SENTENCE("delivery failed", NOTICE_FAILS),
    SENTENCE("did not reach ", NOTICE_FAILS),
    SENTENCE("failed permanently", NOTICE_FAILS),
    SENTENCE("had permanent fatal ", NOTICE_FAILS),
    SENTENCE("had delivery problems", NOTICE_FAILS),
    SENTENCE("had delivery errors", NOTICE_FAILS),
    SENTENCE("is undeliverable", NOTICE_FAILS),
    SENTENCE("was automatically rejected", NOTICE_FAILS),
    SENTENCE("was rejected by a remote", NOTICE_FAILS),
    SENTENCE("has been blocked", NOTICE_FAILS),
    SENTENCE("error occurred while trying to deliver", NOTICE_FAILS),
    SENTENCE("did not receive a copy of your", NOTICE_FAILS),
    SENTENCE("failed recipients", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("failed addresses", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("failure reasons", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("your message could not be sent", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("the user(s) account is ", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("nicht zugestellt", NOTICE_FAILS),
    SENTENCE("nicht ausgeliefert", NOTICE_FAILS),
    SENTENCE("n'a pas pu être remis", NOTICE_FAILS),
    SENTENCE("no se pudo entregar", NOTICE_FAILS),
    SENTENCE("no se ha podido entregar", NOTICE_FAILS),
    SENTENCE("non è stato recapitato", NOTICE_FAILS),
    SENTENCE("não pôde ser entregue", NOTICE_FAILS),
    SENTENCE("не может быть доставлено", NOTICE_FAILS),
    SENTENCE("送信に失敗しました", NOTICE_FAILS),
    SENTENCE("邮件被退回", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("邮件无法发送到", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("无法送达", NOTICE_FAILS),
    /* it waits */
    SENTENCE("has not yet been delivered", NOTICE_DELAYS),
    SENTENCE("recipient has been delayed", NOTICE_DELAYS),
    SENTENCE("message is delayed for", NOTICE_DELAYS),
    SENTENCE("delivery attempts will continue", NOTICE_DELAYS),
    SENTENCE("will be retried", NOTICE_DELAYS),
    SENTENCE("will retry", NOTICE_DELAYS),
    SENTENCE("this is a warning message only", NOTICE_DELAYS),
    SENTENCE("has been postponed", NOTICE_DELAYS),
    SENTENCE("this is just a warning", NOTICE_DELAYS),
    /* it was delivered */
    SENTENCE("was successfully delivered", NOTICE_SUCCEEDS),
    SENTENCE("successful delivery notifications", NOTICE_SUCCEEDS),
    SENTENCE("was relayed to these", NOTICE_SUCCEEDS),
    SENTENCE("was delivered to these", NOTICE_SUCCEEDS),
    /* addresses follow that this is said of */
    SENTENCE("following address", NOTICE_ANNOUNCES),
    SENTENCE("following recipient", NOTICE_ANNOUNCES),
    SENTENCE("these recipients", NOTICE_ANNOUNCES),
    SENTENCE("to some recipients", NOTICE_ANNOUNCES),
    SENTENCE("following user", NOTICE_ANNOUNCES),
    SENTENCE("the affected recipients", NOTICE_ANNOUNCES),
    SENTENCE("delivery of email to this address", NOTICE_ANNOUNCES),
    SENTENCE("addressed to email address", NOTICE_ANNOUNCES),
    SENTENCE("one or more of its recipients", NOTICE_ANNOUNCES),
    SENTENCE("one or more recipients", NOTICE_ANNOUNCES),
    SENTENCE("of the intended recipients", NOTICE_ANNOUNCES),
    SENTENCE("was not delivered to:", NOTICE_ANNOUNCES),
    SENTENCE("had delivery problems", NOTICE_ANNOUNCES),
    SENTENCE("had delivery errors", NOTICE_ANNOUNCES),
    SENTENCE("addresses had permanent fatal errors", NOTICE_ANNOUNCES),
    SENTENCE("folgenden empfänger", NOTICE_ANNOUNCES),
    SENTENCE("folgende adresse", NOTICE_ANNOUNCES),
    SENTENCE("destinataires suivants", NOTICE_ANNOUNCES),
    SENTENCE("destinatarios siguientes", NOTICE_ANNOUNCES),
    SENTENCE("siguientes destinatarios", NOTICE_ANNOUNCES),
    SENTENCE("seguenti destinatari", NOTICE_ANNOUNCES),
    SENTENCE("以下のメールアドレス", NOTICE_ANNOUNCES),
    /* a copy of the message follows, or its headers */
    SENTENCE("--- below this line is a copy of the", NOTICE_COPY_FOLLOWS),
    SENTENCE("message headers follow.", NOTICE_COPY_FOLLOWS),
    SENTENCE("message headers follow:", NOTICE_COPY_FOLLOWS),
    SENTENCE("copy of the message header", NOTICE_COPY_FOLLOWS),
    SENTENCE("lines of your original message follow", NOTICE_COPY_FOLLOWS),
    SENTENCE("原信件的一份拷贝", NOTICE_COPY_FOLLOWS),
    SENTENCE("original message follows.", NOTICE_COPY_FOLLOWS),
    SENTENCE("original message headers:", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- this is a copy of the message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- this is a copy of your message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- original message", NOTICE_COPY_FOLLOWS),
    SENTENCE("---original message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- unsent message follows", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- returned message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- the header of the original message is following", NOTICE_COPY_FOLLOWS),
    SENTENCE("lines of the message follow", NOTICE_COPY_FOLLOWS),
    /* what was said between the servers */
    SENTENCE("----- transcript of session follows", NOTICE_TRANSCRIPT),
    SENTENCE("--- session transcript ---", NOTICE_TRANSCRIPT),
};

#define SHORT_BYTES 16

/* A dot or colon inside a name or an address ends no sentence. */
static bool ends_sentence(struct span text, size_t at) {
    return (text.data[at] == '.' || text.data[at] == ':') && (at + 1 == text.len || ascii_is_space(text.data[at + 1]));
}

struct span notice_sentence_head(struct span text) {
    for (size_t at = 0; at < text.len; at++)
        if (text.data[at] == '.' && ends_sentence(text, at)) return span_head(text, at);
    return text;
}

static bool has_word(struct span text, struct span word) {
    for (size_t from = 0, at; (at = from + report_find(span_from(text, from), word)) < text.len; from = at + 1)
        if (at == 0 || ascii_is_space(text.data[at - 1])) return true;
    return false;
}

/* "If messages to this address cannot be delivered, ...": nothing has happened yet. */
static bool is_supposed(struct span text, size_t at) {
    static const char *const words[] = {"if ", "unless ", "whether ", "in case ", "wenn ", "falls ", NULL};
    size_t begin = at;
    while (begin > 0 && !ends_sentence(text, begin - 1)) begin--;
    struct span before = span_slice(text, begin, at - begin);
    if (span_starts_with_nocase(span_trim(before), SPAN_LITERAL("when "))) return true;
    for (const char *const *word = words; *word != NULL; word++)
        if (has_word(before, span_from_string(*word))) return true;
    return false;
}

/* "----- Original message" begins its line. */
static bool is_ruled(struct span text, size_t line, size_t at) {
    while (line < at && (text.data[line] == '-' || text.data[line] == ' ')) line++;
    return line == at;
}

/* Where the words stand that end behind the byte `old`; text.len: nowhere.  Behind short lines, of which there can be
 * very many, a look at where they could end is less work. */
static size_t find_new(struct span text, size_t old, struct span words) {
    size_t first = old < words.len ? 0 : old + 1 - words.len;
    if (text.len < words.len || first + words.len > text.len) return text.len;
    if (text.len - words.len - first >= SHORT_BYTES) {
        size_t at = report_find(span_from(text, first), words);
        return at + first;
    }
    uint8_t last = words.data[words.len - 1];
    for (size_t at = first; at + words.len <= text.len; at++)
        if (ascii_lower(text.data[at + words.len - 1]) == last &&
            span_equal_nocase(span_slice(text, at, words.len), words))
            return at;
    return text.len;
}

/* A bit for each byte that is new: what ends in none of them need not be looked for. */
static uint64_t last_bytes(struct span new) {
    uint64_t bits = new.len < 64 ? 0 : UINT64_MAX;
    for (size_t i = 0; i < new.len &&new.len < 64; i++) bits |= UINT64_C(1) << (ascii_lower(new.data[i]) & 63);
    return bits;
}

/* Whether row i says in this text, with what is new behind the byte `old`, what it means. */
static bool says(struct span text, size_t old, size_t i) {
    struct span const words = span_of((const uint8_t *)sentences[i].words, sentences[i].len);
    bool const fails = (sentences[i].marks & NOTICE_FAILS) != 0, ruled = words.data[0] == '-';
    size_t const line = old > 0 ? old + 1 : 0;
    for (size_t end = old, at; (at = find_new(text, end, words)) < text.len; end = at + words.len)
        if (!(fails && is_supposed(text, at)) && (!ruled || is_ruled(text, line, at))) return true;
    return false;
}

unsigned notice_marks(struct span text, size_t old, unsigned known) {
    unsigned marks = 0;
    uint64_t const lasts = last_bytes(span_from(text, old));
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if ((lasts >> (sentences[i].last & 63) & 1) == 0) continue;
        if ((sentences[i].marks & ~(marks | known)) == 0) continue; /* it says nothing new */
        if (says(text, old, i)) marks |= sentences[i].marks;
    }
    return marks;
}

/* --- what stands before an address -------------------------------------------------------------------------------- */

#define OPENING(words, flags) \
    { words, sizeof(words) - 1, flags }

static const struct notice_opening openings[] = {
    OPENING("error delivering your mail to ", NOTICE_SURE | NOTICE_BEHIND_BLANK),
    OPENING("your message wasn't delivered to ", NOTICE_SURE),
    OPENING("your message couldn't be delivered to ", NOTICE_SURE),
    OPENING("your message could not be delivered to ", NOTICE_SURE),
    OPENING("unable to deliver message to ", NOTICE_SURE),
    OPENING("unable to deliver message to:", NOTICE_SURE),
    OPENING("unable to deliver your message to ", NOTICE_SURE),
    OPENING("could not be delivered to:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("failed recipient:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("failed address:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("unknown user:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("user mailbox exceeds allowed size:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("invalid final delivery userid:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("undeliverable to ", NOTICE_SURE | NOTICE_AT_START),
    OPENING("undeliverable address:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("user's mailbox is full:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("rejected recipient ", NOTICE_SURE),
    OPENING("recipient:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("addressed to:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("intended recipient:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("final-recipient: rfc822;", NOTICE_AT_START | NOTICE_LISTED), /* in a text */
    OPENING("收件人", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("recipient address:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("rcpt to:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("your message to ", 0), /* what stands around it says more */
    OPENING("your mail to ", 0),
    OPENING("your e-mail to ", 0),
    OPENING("your email to ", 0),
};

static size_t find_start(struct span text, struct span words) {
    return span_starts_with_nocase(text, words) ? 0 : text.len;
}

const struct notice_opening *notice_opening(struct span text, unsigned *after, size_t *behind) {
    for (; *after < sizeof openings / sizeof openings[0]; (*after)++) {
        const struct notice_opening *opening = &openings[*after];
        struct span words = span_of((const uint8_t *)opening->words, opening->len);
        size_t at = (opening->flags & NOTICE_AT_START) != 0 ? find_start(text, words) : report_find(text, words);
        if (at == text.len || is_supposed(text, at)) continue;
        *behind = at + words.len;
        (*after)++;
        return opening;
    }
    return NULL;
}

/* --- what stands before a reason ---------------------------------------------------------------------------------- */

#define REASON(words, at_start, of_it) \
    { words, sizeof(words) - 1, at_start, of_it }

static const struct {
    const char *words;
    uint8_t len;
    bool at_start;
    bool of_it; /* the words are part of the reason, and it is one only behind an address */
} reasons[] = {
    REASON("reason:", true, false),
    REASON("because:", true, false),
    REASON("error: ", true, false),
    REASON("------- failure reasons", true, false), /* Notes */
    REASON("----- non-delivered information", true, false),
    REASON("error message:", true, false),
    REASON("error message below:", true, false),
    REASON("the response was:", true, false),
    REASON("technical details:", true, false),
    REASON("technical details of permanent failure:", true, false),
    REASON("technical details of temporary failure:", true, false),
    REASON("could not be delivered because of", true, false),
    REASON("received >>> ", true, false), /* InterScan: what came from the other server */
    REASON("-------server message", true, false),
    REASON("the error that the other server returned was:", false, false),
    REASON("the response from the remote server was:", false, false),
    REASON("for the following reason:", false, false),
    REASON("for the following reasons:", false, false),
    REASON("the group you tried to contact ", false, false), /* Google Groups */
    REASON("the problem appears to be :", true, false),      /* Mimecast */
    REASON("additional information follows :", true, false),
    REASON("diagnostic-code: smtp;", true, false),
    REASON("退信原因：", true, false),
    REASON("英文说明:", true, false),
    REASON("host ", true, true),
    REASON("smtp error from remote", true, true),
    REASON("has been postponed", true, true),
};

size_t notice_reason(struct span text, bool behind_address) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        struct span words = span_of((const uint8_t *)reasons[i].words, reasons[i].len);
        size_t at = reasons[i].at_start ? find_start(text, words) : report_find(text, words);
        if (at == text.len) continue;
        if (!reasons[i].of_it) return at + words.len;
        if (behind_address) return at;
    }
    return NOTICE_NO_REASON;
}
