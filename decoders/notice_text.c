/* Notices for people: what a server's program says of each address, line by line (Postfix, OpenSMTPD, Exim, qmail's
 * QSBMF, dma, Dovecot, Exchange, Sendmail), and plain sentences such as "Your message to A could not be delivered".
 *
 *   A: why          <A>: why          <A>:            A                    to <A>.
 *       more                          why                 why
 *                                                                          why
 *
 * A line that begins with an address begins an entry, unless it is indented deeper than the entry before: then that
 * goes on.  An empty line ends it.  Behind a line that announces a copy of the message come its headers.
 *
 * Quoted lines (">") are somebody's talk about a notice, and say nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

static bool has_any(struct span text, const char *const *phrases) {
    for (; *phrases != NULL; phrases++)
        if (report_has(text, span_from_string(*phrases))) return true;
    return false;
}

static const char *const programs[] = {"this is the qmail-send program at ",
                                       "this is the dragonfly mail agent",
                                       "this message was created automatically by mail delivery software",
                                       "this is the mail system at host ",
                                       "this is the mailer-daemon, ",
                                       NULL};
static const char *const failures[] = {"could not be delivered",
                                       "cannot be delivered",
                                       "can not be delivered",
                                       "couldn't be delivered",
                                       "was not delivered",
                                       "wasn't able to deliver",
                                       "unable to deliver",
                                       "error delivering your m",
                                       "delivery has failed",
                                       "delivery failed",
                                       "is undeliverable",
                                       "was automatically rejected",
                                       NULL};
static const char *const delays[] = {"has not yet been delivered",
                                     "message is delayed for",
                                     "delivery attempts will continue",
                                     "will be retried",
                                     "will retry",
                                     NULL};
static const char *const successes[] = {"was successfully delivered", "successful delivery notifications",
                                        "was relayed to these", "was delivered to these", NULL};
static const char *const copies[] = {"--- below this line is a copy of the",
                                     "message headers follow.",
                                     "original message follows.",
                                     "--- this is a copy of the message",
                                     "--- this is a copy of your message",
                                     "--- original message follows",
                                     NULL};
/* What stands before the address in a sentence that an entry begins with. */
static const char *const openings[] = {
    "error delivering your mail to ", "your message to ", "your mail to ", "your e-mail to ", "your email to ", NULL};

/* --- the entry at hand -------------------------------------------------------------------------------------------- */

static void say(struct notice *notice, struct span words) {
    words = span_trim(words);
    if (words.len == 0 || notice->said == NULL) return;
    size_t room = LIMIT_REPORT_LINE_BYTES - notice->said_len;
    if (words.len + 1 > room) notice->said_cut = true;
    if (notice->said_len > 0 && room > 0) {
        notice->said[notice->said_len++] = ' ';
        room--;
    }
    words = span_head(words, room);
    if (words.len > 0) memcpy(notice->said + notice->said_len, words.data, words.len);
    notice->said_len = (uint16_t)(notice->said_len + words.len);
}

static void close_entry(struct notice *notice) {
    struct report_recipient *open = notice->open;
    notice->open = NULL;
    if (open == NULL) return;
    struct span said = span_of(notice->said, notice->said_len);
    struct span rejected = SPAN_LITERAL("was automatically rejected:");
    if (notice->in_sentence && has_any(said, failures)) notice->sentence = true;
    if (span_starts_with_nocase(said, rejected)) said = span_trim(span_from(said, rejected.len));
    open->stage = report_stage(said);
    report_read_reply(&notice->store, said, notice->said_cut, open);
}

static void open_entry(struct notice *notice, struct span mailbox, struct span rest, size_t indent) {
    close_entry(notice);
    notice->said_len = 0;
    notice->said_cut = notice->behind_blank = notice->in_sentence = false;
    notice->indent = (uint16_t)(indent < UINT16_MAX ? indent : UINT16_MAX);
    if (notice->said == NULL) notice->said = arena_alloc(notice->store.arena, LIMIT_REPORT_LINE_BYTES);
    if (notice->said == NULL) {
        notice->store.counters->message_memory++;
        return;
    }
    if (notice->list.count == LIMIT_REPORT_RECIPIENTS) return; /* the fields' own list counts what is dropped */
    notice->open = report_add(&notice->store, &notice->list, mailbox);
    if (notice->open == NULL) return;
    notice->open->mailbox = report_keep(&notice->store, mailbox, LIMIT_ADDRESS_BYTES);
    say(notice, rest);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* A mailbox at the start of the text, in brackets or not; the rest is what follows. */
static struct span leading_mailbox(struct span text, struct span *rest) {
    size_t end = 0;
    struct span mailbox;
    if (text.len > 0 && text.data[0] == '<') {
        end = span_find(text, '>');
        mailbox = report_mailbox(span_slice(text, 1, end - 1));
        end++;
    } else {
        while (end < text.len && !ascii_is_space(text.data[end]) && text.data[end] != ':' && text.data[end] != '<' &&
               text.data[end] != ',' && text.data[end] != ';')
            end++;
        mailbox = report_mailbox(span_head(text, end));
    }
    *rest = span_from(text, end);
    size_t at = span_find_last(mailbox, '@');
    return at == 0 || at + 1 >= mailbox.len ? SPAN_EMPTY : mailbox;
}

/* "A: why", "<A>:", "A", "<A> (why)", "A<mailto:A>" */
static bool begins_entry(struct notice *notice, struct span text, size_t indent) {
    struct span rest;
    if (notice->open != NULL && indent > notice->indent) return false;
    if (notice->open != NULL && notice->colon && notice->said_len == 0) return false; /* QSBMF: the reason comes */
    struct span mailbox = leading_mailbox(text, &rest);
    if (mailbox.len == 0) return false;
    bool colon = rest.len > 0 && rest.data[0] == ':';
    if (rest.len > 0 && !colon && !span_starts_with(rest, SPAN_LITERAL(" (")) &&
        !span_starts_with(rest, SPAN_LITERAL("<mailto:")))
        return false;
    if (!colon && rest.len > 0 && rest.data[0] == '<') rest = SPAN_EMPTY;
    open_entry(notice, mailbox, span_from(rest, colon ? 1 : 0), indent);
    notice->colon = colon;
    return true;
}

static bool begins_sentence(struct notice *notice, struct span text, size_t indent) {
    for (const char *const *opening = openings; *opening != NULL; opening++) {
        struct span words = span_from_string(*opening), rest;
        size_t at = report_find(text, words);
        if (at == text.len) continue;
        struct span mailbox = leading_mailbox(span_from(text, at + words.len), &rest);
        if (mailbox.len == 0) continue;
        if (mailbox.data[mailbox.len - 1] == '.') mailbox.len--;
        if (rest.len > 0 && (rest.data[0] == '.' || rest.data[0] == ':')) rest = span_from(rest, 1);
        open_entry(notice, mailbox, rest, indent);
        notice->colon = false;
        notice->behind_blank = opening == openings;
        notice->in_sentence = true;
        if (notice->behind_blank) notice->sentence = true;
        return true;
    }
    return false;
}

static void copy_line(struct notice *notice, struct span line) {
    struct span text = span_trim(line);
    if (text.len == 0) {
        if (notice->phase == NOTICE_COPY) notice->phase = NOTICE_OVER;
        return;
    }
    notice->phase = NOTICE_COPY;
    size_t colon = span_find(line, ':');
    if (ascii_is_blank(line.data[0])) { /* a Message-ID may stand on a line of its own */
        if (notice->id_ahead && notice->message_id.len == 0)
            report_returned_header(&notice->store, SPAN_LITERAL("Message-ID"), text, &notice->message_id,
                                   &notice->sender);
        return;
    }
    struct span name = span_trim(span_head(line, colon));
    notice->id_ahead = span_equal_nocase(name, SPAN_LITERAL("Message-ID"));
    report_returned_header(&notice->store, name, span_trim(span_from(line, colon + 1)), &notice->message_id,
                           &notice->sender);
}

static void transcript_line(struct notice *notice, struct span text) {
    if (span_starts_with(text, SPAN_LITERAL("<<< "))) text = span_from(text, 4);
    bool refusal = text.len > 4 && (text.data[0] == '4' || text.data[0] == '5') && ascii_is_digit(text.data[1]) &&
                   ascii_is_digit(text.data[2]);
    if (refusal && notice->transcript.len == 0)
        notice->transcript = report_keep(&notice->store, text, LIMIT_REPLY_TEXT_BYTES);
}

static void note_phrases(struct notice *notice, struct span text) {
    notice->program |= has_any(text, programs);
    notice->fails |= has_any(text, failures);
    notice->delays |= has_any(text, delays);
    notice->succeeds |= has_any(text, successes);
}

static void empty_line(struct notice *notice) {
    notice->in_transcript = false;
    if (notice->open != NULL && notice->behind_blank && notice->said_len == 0) return;
    close_entry(notice);
}

void notice_line(struct notice *notice, struct span line, bool cut) {
    struct span text = span_trim(line);
    if (notice->phase == NOTICE_OVER) return;
    if (notice->phase != NOTICE_TEXT) {
        copy_line(notice, line);
        return;
    }
    if (text.len == 0) {
        empty_line(notice);
        return;
    }
    if (notice->in_transcript) {
        transcript_line(notice, text);
        return;
    }
    if (text.data[0] == '>') return;
    size_t indent = (size_t)(text.data - line.data);
    note_phrases(notice, text);
    if (has_any(text, copies)) {
        close_entry(notice);
        notice->phase = NOTICE_COPY_AHEAD;
    } else if (report_has(text, SPAN_LITERAL("----- Transcript of session follows"))) {
        close_entry(notice);
        notice->in_transcript = true;
    } else if (!begins_entry(notice, text, indent) && !begins_sentence(notice, text, indent) && notice->open != NULL) {
        say(notice, text);
        notice->said_cut |= cut;
    }
}

void notice_end(struct notice *notice) {
    close_entry(notice);
}

enum report_kind notice_kind(const struct notice *notice) {
    if (!notice->program && !notice->sentence) return REPORT_NONE;
    if (notice->delays) return REPORT_DELAY;
    if (notice->fails || notice->sentence) return REPORT_BOUNCE;
    return notice->succeeds ? REPORT_SUCCESS : REPORT_NONE;
}

const struct report_recipient *notice_of(const struct notice *notice, const struct report_recipient *recipient) {
    for (unsigned i = 0; i < notice->list.count; i++) {
        struct span mailbox = notice->list.at[i]->mailbox;
        if (mailbox.len > 0 &&
            (span_equal_nocase(mailbox, recipient->mailbox) || span_equal_nocase(mailbox, recipient->final)))
            return notice->list.at[i];
    }
    return NULL;
}
