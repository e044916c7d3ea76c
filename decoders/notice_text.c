/* Notices for people: what a server's program says of each address, line by line (Postfix, OpenSMTPD, Exim, qmail's
 * QSBMF, dma, Dovecot, Exchange, Sendmail, and those whose sentences stand in notice_words.c).
 *
 *   A: why          <A>: why          <A>:            A                    ... to <A>.      Words: A
 *       more                          why                 why                                  why
 *                                                                          why
 *
 * A line that begins with an address begins an entry, unless it is indented deeper than the entry before: then that
 * goes on.  An empty line ends it.  A reason may also stand apart, behind words that announce it ("Reason:"): it is of
 * all who have none of their own.  Behind a line that announces a copy of the message come its headers.
 *
 * Sentences are looked for in each line with the end of the one before, because lines are broken anywhere.
 *
 * Quoted lines (">") are somebody's talk about a notice, and say nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

/* --- the entry at hand -------------------------------------------------------------------------------------------- */

/* "-----", "=====" */
static bool is_rule(struct span words) {
    for (size_t i = 0; i < words.len; i++)
        if (words.data[i] != words.data[0] || span_find(SPAN_LITERAL("-=_*"), words.data[i]) == 4) return false;
    return true;
}

static void say(struct notice *notice, struct span words) {
    words = span_trim(words);
    if (is_rule(words) || notice->said == NULL) return;
    size_t room = LIMIT_REPORT_LINE_BYTES - notice->said_len;
    if (words.len + 1 > room) notice_set(notice, NOTICE_SAID_CUT, true);
    if (notice->said_len > 0 && room > 0) {
        notice->said[notice->said_len++] = ' ';
        room--;
    }
    words = span_head(words, room);
    if (words.len > 0) memcpy(notice->said + notice->said_len, words.data, words.len);
    notice->said_len = (uint16_t)(notice->said_len + words.len);
}

/* "reason: why" or "Remote server replied: why" */
static void read_said(struct notice *notice, struct report_recipient *told) {
    struct span said = span_of(notice->said, notice->said_len);
    struct span rejected = SPAN_LITERAL("was automatically rejected:");
    if (span_starts_with_nocase(said, rejected)) said = span_trim(span_from(said, rejected.len));
    told->stage = report_stage(said);
    report_read_reply(&notice->store, said, notice_has(notice, NOTICE_SAID_CUT), told);
}

static bool says_nothing(const struct report_recipient *told) {
    return told->reply.code == 0 && told->reply.text.len == 0;
}

static bool is_coded(const struct report_recipient *told) {
    return told->reply.code != 0 || told->in_reply.class_ != 0;
}

/* What was said later counts where nothing was said before, or only words and now a reply. */
static bool says_more(const struct report_recipient *now, const struct report_recipient *before) {
    return says_nothing(before) || (!is_coded(before) && is_coded(now));
}

static void take_told(struct report_recipient *recipient, const struct report_recipient *told) {
    recipient->reply = told->reply;
    recipient->in_reply = told->in_reply;
    if (told->stage != STAGE_NONE) recipient->stage = told->stage;
}

static bool says_not_there(const struct notice *notice, struct span words) {
    struct notice_sense sense = {.yours = true};
    return (notice_marks(notice->index, words, 0, 0, &sense) & (NOTICE_FAILS | NOTICE_DELAYS)) != 0;
}

/* "Recipient: A", "Reason: why": such a pair may stand in other tables, too.  So it tells of a message that the reader
 * sent, or quotes a refusal. */
static void end_pair(struct notice *notice, const struct report_recipient *told) {
    bool const refused = told->reply.code >= 400 || told->in_reply.class_ >= 4;
    if (notice_has(notice, NOTICE_LABELLED_WHY) && (refused || (notice->marks & NOTICE_YOURS) != 0))
        notice_set(notice, NOTICE_TELLS | NOTICE_IN_FORM, true);
}

/* Whether what was said behind an address, in the same sentence, is that nothing came to it: then that is told, and no
 * reason yet. */
static void end_sentence(struct notice *notice) {
    if (!notice_has(notice, NOTICE_IN_SENTENCE) || notice->said_len == 0) return;
    notice_set(notice, NOTICE_IN_SENTENCE, false);
    if (says_not_there(notice, notice_sentence_head(span_of(notice->said, notice->said_len))))
        notice_set(notice, NOTICE_TELLS, true);
}

static void note_in_words(struct notice *notice, const struct report_recipient *recipient) {
    for (unsigned i = 0; i < notice->list.count; i++)
        if (notice->list.at[i] == recipient) notice->in_words |= UINT32_C(1) << i;
}

/* "Delivery to A failed", "... has failed" */
static bool then_failed(struct span rest) {
    rest = span_trim(rest);
    if (span_starts_with_nocase(rest, SPAN_LITERAL("has "))) rest = span_from(rest, 4);
    return span_starts_with_nocase(rest, SPAN_LITERAL("failed"));
}

static size_t count_blanks(struct span text) {
    size_t blanks = 0;
    for (size_t at = 0; at < text.len; at++) blanks += text.data[at] == ' ';
    return blanks;
}

#define BARE_BEFORE_BYTES 24
#define BARE_BEHIND_BYTES 16

/* How much of what is said of an address only says that nothing came to it: its first sentence, if that has hardly
 * another word ("n'a pas pu être remis", "konnte nicht zugestellt werden"). */
static size_t bare_failure(const struct notice *notice, struct span said) {
    struct span const head = span_trim(notice_sentence_head(said));
    size_t begin = 0, end = notice_failure(notice->index, head, &begin);
    if (then_failed(head) && end == 0) end = span_find(head, 'd') + 1;
    if (end == 0 || begin > BARE_BEFORE_BYTES || head.len - end > BARE_BEHIND_BYTES) return 0;
    struct span const behind = span_from(head, end);
    if (span_find(head, ':') < head.len || span_find(head, ',') < head.len) return 0;
    if (span_find(behind, '(') < behind.len || count_blanks(span_trim(behind)) > 1) return 0;
    return head.len + 1 < said.len ? head.len + 1 : said.len;
}

/* In the middle of a sentence about the address, not behind a label. */
static bool is_amid_words(const struct notice *notice) {
    return notice->open != NULL && notice_has(notice, NOTICE_IN_SENTENCE) && !notice_has(notice, NOTICE_LABELLED);
}

/* That nothing came is no reason; what stands behind may be one. */
static void drop_failure(struct notice *notice) {
    struct span said = span_of(notice->said, notice->said_len);
    size_t const bare = said.len > 0 ? bare_failure(notice, said) : 0;
    if (bare == 0) return;
    struct span const rest = span_trim(span_from(said, bare));
    if (rest.len > 0) memmove(notice->said, rest.data, rest.len);
    notice->said_len = (uint16_t)rest.len;
}

/* Behind a sentence alone, which has no reason. */
static bool awaits_reason(struct notice *notice) {
    if (!is_amid_words(notice) || notice_has(notice, NOTICE_BESIDE_FIELDS)) return false;
    struct span const said = span_of(notice->said, notice->said_len);
    if (said.len > 0 && bare_failure(notice, said) < said.len) return false;
    end_sentence(notice);
    if (!notice_has(notice, NOTICE_TELLS)) return false;
    notice->said_len = 0;
    notice_set(notice, NOTICE_IN_SENTENCE, false);
    notice_set(notice, NOTICE_BARE | NOTICE_WAITS, true);
    return true;
}

/* Ends what is being read: the entry of an address, or a reason. */
static void close_entry(struct notice *notice) {
    struct report_recipient *into = notice->open != NULL ? notice->open : &notice->reason;
    bool const in_words = notice_has(notice, NOTICE_IN_SENTENCE | NOTICE_BARE) && notice->open != NULL;
    bool const drops = is_amid_words(notice);
    end_sentence(notice);
    if (drops) drop_failure(notice);
    bool const any = (notice->open != NULL || notice_has(notice, NOTICE_IN_REASON)) && notice->said_len > 0;
    if (any && into->reply.code == 0 && notice->reads < NOTICE_READS_MAX) {
        struct report_recipient told = {.stage = STAGE_NONE};
        notice->reads++;
        read_said(notice, &told);
        end_pair(notice, &told);
        if (says_more(&told, into)) {
            take_told(into, &told);
            if (in_words) note_in_words(notice, into);
        }
    }
    notice->open = NULL;
    notice_set(
        notice,
        NOTICE_IN_REASON | NOTICE_IN_SENTENCE | NOTICE_LABELLED | NOTICE_LABELLED_WHY | NOTICE_QUOTES | NOTICE_BARE,
        false);
    notice->said_len = 0;
}

static bool can_be_said(struct notice *notice) {
    if (notice->said == NULL) notice->said = arena_alloc(notice->store.arena, LIMIT_REPORT_LINE_BYTES);
    if (notice->said == NULL) notice->store.counters->message_memory++;
    return notice->said != NULL;
}

static struct report_recipient *find_recipient(const struct notice *notice, struct span mailbox) {
    for (unsigned i = 0; mailbox.len > 0 && i < notice->list.count; i++)
        if (span_equal_nocase(notice->list.at[i]->mailbox, mailbox)) return notice->list.at[i];
    return NULL;
}

static struct report_recipient *add_recipient(struct notice *notice, struct span mailbox) {
    struct report_recipient *recipient = find_recipient(notice, mailbox);
    if (recipient != NULL) return recipient;
    if (notice->list.count == LIMIT_REPORT_RECIPIENTS) return NULL; /* the fields' own list counts what is dropped */
    return report_add_kept(&notice->store, &notice->list, mailbox);
}

static void open_entry(struct notice *notice, struct span mailbox, struct span rest, size_t indent) {
    close_entry(notice);
    notice_set(notice, NOTICE_SAID_CUT | NOTICE_COLON, false);
    notice_set(notice, NOTICE_WAITS, notice_has(notice, NOTICE_FLAT));
    notice->column = notice->indent = (uint16_t)(indent < UINT16_MAX ? indent : UINT16_MAX);
    if (!can_be_said(notice)) return;
    notice->open = add_recipient(notice, mailbox);
    if (notice->open != NULL) say(notice, rest);
}

/* Behind words that announce a reason: of the entry at hand, else of all. */
static void open_reason(struct notice *notice, struct span rest, size_t indent) {
    if (!can_be_said(notice)) return;
    notice->column = (uint16_t)(indent < UINT16_MAX ? indent : UINT16_MAX);
    end_sentence(notice);
    if (notice->open != NULL && notice_has(notice, NOTICE_LABELLED)) notice_set(notice, NOTICE_LABELLED_WHY, true);
    notice_set(notice, NOTICE_IN_REASON, notice->open == NULL);
    notice->said_len = 0;
    notice_set(notice, NOTICE_SAID_CUT, false);
    notice_set(notice, NOTICE_WAITS, true);
    say(notice, rest);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* Where the bracket at the start is closed, not inside of a quoted local part; text.len: nowhere. */
static size_t bracket_end(struct span text) {
    size_t quoted = report_quoted(span_from(text, 1));
    return 1 + quoted + span_find(span_from(text, 1 + quoted), '>');
}

/* The mailbox, if it has both of its sides. */
static struct span at_domain(struct span mailbox) {
    size_t at = span_find_last(mailbox, '@');
    return at == 0 || at + 1 >= mailbox.len ? SPAN_EMPTY : mailbox;
}

/* A mailbox at the start of the text, in brackets, quotes or neither; the rest is what follows. */
static struct span leading_mailbox(struct span text, struct span *rest) {
    size_t end = 0, quoted = report_quoted(text);
    struct span mailbox, smtp = SPAN_LITERAL("[SMTP:");
    if (span_starts_with(text, smtp)) { /* MailEnable */
        struct span inside = span_from(text, smtp.len);
        end = span_find(inside, ']');
        mailbox = report_mailbox(span_head(inside, end));
        end += smtp.len + 1;
    } else if (text.len > 0 && text.data[0] == '<') {
        end = bracket_end(text);
        mailbox = report_mailbox(span_slice(text, 1, end - 1));
        end++;
    } else if (quoted > 0 && !(quoted < text.len && text.data[quoted] == '@')) {
        mailbox = report_mailbox(span_slice(text, 1, quoted - 2));
        end = quoted;
    } else if (text.len > 0 && text.data[0] == '\'') { /* CommuniGate */
        end = 1 + span_find(span_from(text, 1), '\'');
        mailbox = report_mailbox(span_slice(text, 1, end - 1));
        end++;
    } else {
        end = quoted;
        while (end < text.len && !ascii_is_space(text.data[end]) && text.data[end] != ':' && text.data[end] != '<' &&
               text.data[end] != ',' && text.data[end] != ';')
            end++;
        mailbox = report_mailbox(span_head(text, end));
    }
    *rest = span_from(text, end);
    return at_domain(mailbox);
}

/* "Bob Miller <A>", "Bob Miller<mailto:A>" */
static struct span named_mailbox(struct span text) {
    size_t open = span_find(text, '<');
    struct span mailto = SPAN_LITERAL("mailto:"), inside = span_from(text, open + 1);
    if (open > NOTICE_NAME_BYTES || span_find(inside, '>') + 1 != inside.len) return SPAN_EMPTY;
    if (span_find(span_head(text, open), ':') < open) return SPAN_EMPTY;
    inside.len--;
    if (span_starts_with(inside, mailto)) inside = span_from(inside, mailto.len);
    return at_domain(report_mailbox(inside));
}

/* An address that begins a paragraph, or follows another one, behind words that announce addresses that failed, or
 * wait: then any words may follow it ("A on Monday", "A Invalid address", "A [User unknown]"). */
static bool is_listed(const struct notice *notice) {
    return (notice->marks & (NOTICE_FAILS | NOTICE_DELAYS)) != 0 && (notice->marks & NOTICE_ANNOUNCES) != 0;
}

static bool follows_listed(const struct notice *notice, struct span rest) {
    bool apart = rest.data[0] == ' ' || rest.data[0] == '\t' || rest.data[0] == ',' || rest.data[0] == '[';
    return apart && is_listed(notice) && (notice_has(notice, NOTICE_FRESH) || notice->open != NULL);
}

/* "* A", "- A", "1. A", "1) A" */
static struct span without_bullet(struct span text) {
    static const char *const bullets[] = {"* ", "- ", "-- ", "• ", "· ", "o ", NULL}; /* two dashes: Mimecast */
    for (const char *const *bullet = bullets; *bullet != NULL; bullet++)
        if (span_starts_with(text, span_from_string(*bullet))) return span_trim(span_from(text, strlen(*bullet)));
    size_t digits = 0;
    while (digits < text.len && digits < 3 && ascii_is_digit(text.data[digits])) digits++;
    bool numbered = digits > 0 && digits + 1 < text.len && text.data[digits + 1] == ' ' &&
                    (text.data[digits] == '.' || text.data[digits] == ')');
    return numbered ? span_trim(span_from(text, digits + 2)) : text;
}

/* "A - why", "A : why" */
static struct span without_dash(struct span text) {
    bool const apart = text.len > 1 && (text.data[0] == '-' || text.data[0] == ':') && text.data[1] == ' ';
    return apart ? span_from(text, 2) : text;
}

/* "A: why", "<A>:", "A", "<A> (why)", "A<mailto:A>", "* A" */
static bool begins_entry(struct notice *notice, struct span text, size_t indent) {
    struct span rest;
    if (notice->open != NULL && indent > notice->indent) return false;
    if (notice->open != NULL && notice_has(notice, NOTICE_COLON) && notice->said_len == 0)
        return false; /* QSBMF: the reason comes */
    text = without_bullet(text);
    struct span mailbox = leading_mailbox(text, &rest);
    if (mailbox.len == 0 && notice_has(notice, NOTICE_FRESH) && is_listed(notice)) {
        mailbox = named_mailbox(text);
        rest = SPAN_EMPTY;
    }
    if (mailbox.len == 0) return false;
    if (span_equal_nocase(named_mailbox(text), mailbox)) rest = SPAN_EMPTY; /* "A <A>": Active!Hunter */
    bool colon = rest.len > 0 && rest.data[0] == ':';
    bool mailto = span_starts_with(rest, SPAN_LITERAL("<mailto:"));
    bool known = rest.len == 0 || colon || mailto || span_starts_with(rest, SPAN_LITERAL(" ("));
    if (!known && !follows_listed(notice, rest)) return false;
    bool dated = span_starts_with(rest, SPAN_LITERAL(" on ")); /* Exchange 5.5: when, not why */
    if (mailto || dated) rest = SPAN_EMPTY;
    rest = span_from(rest, colon || !known ? 1 : 0);
    open_entry(notice, mailbox, known ? rest : without_dash(span_trim(rest)), indent);
    notice_set(notice, NOTICE_COLON, colon);
    return true;
}

/* Whether an address may stand behind these words, by what stood before. */
static bool may_open(const struct notice *notice, const struct notice_opening *opening) {
    if ((opening->flags & NOTICE_LISTED) == 0 || is_listed(notice)) return true;
    return (opening->flags & NOTICE_PAIRED) != 0 && (notice->marks & NOTICE_FAILS) != 0 && notice->list.count == 0;
}

/* "If your message to A ...": what stands in the sentence before the words supposes it. */
static bool is_supposed(const struct notice *notice, struct span before) {
    struct notice_sense sense = notice->before;
    (void)notice_marks(notice->index, before, 0, 0, &sense);
    return sense.supposed;
}

static bool begins_behind_words(struct notice *notice, struct span text, size_t indent) {
    size_t at, behind;
    unsigned after = 0;
    const struct notice_opening *opening;
    if (span_find(text, '@') == text.len) return false;
    while ((opening = notice_opening(text, &after, &at, &behind)) != NULL) {
        struct span rest, words = span_head(text, behind);
        struct span mailbox = leading_mailbox(span_trim(span_from(text, behind)), &rest);
        bool const sure = then_failed(rest);
        if (mailbox.len == 0 || !may_open(notice, opening)) continue;
        if ((opening->flags & NOTICE_THEN_FAILED) != 0 && !sure) continue;
        if (is_supposed(notice, span_head(text, at))) return false;
        if (mailbox.data[mailbox.len - 1] == '.') mailbox.len--;
        if (rest.len > 0 && (rest.data[0] == '.' || rest.data[0] == ':')) rest = span_from(rest, 1);
        open_entry(notice, mailbox, (opening->flags & NOTICE_IS_REASON) != 0 ? words : rest, indent);
        if ((opening->flags & NOTICE_BEHIND_BLANK) != 0) notice_set(notice, NOTICE_WAITS, true);
        notice_set(notice, NOTICE_IN_SENTENCE, true);
        notice_set(notice, NOTICE_LABELLED, (opening->flags & NOTICE_PAIRED) != 0);
        if (sure || (opening->flags & NOTICE_SURE) != 0 || says_not_there(notice, words))
            notice_set(notice, NOTICE_TELLS, true);
        if ((opening->flags & NOTICE_AT_START) != 0) notice_set(notice, NOTICE_IN_FORM, true);
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
        if (notice_has(notice, NOTICE_ID_AHEAD) && notice->message_id.len == 0)
            report_returned_header(&notice->store, SPAN_LITERAL("Message-ID"), text, &notice->message_id,
                                   &notice->sender);
        return;
    }
    struct span name = span_trim(span_head(line, colon));
    notice_set(notice, NOTICE_ID_AHEAD, span_equal_nocase(name, SPAN_LITERAL("Message-ID")));
    report_returned_header(&notice->store, name, span_trim(span_from(line, colon + 1)), &notice->message_id,
                           &notice->sender);
}

/* "550 5.1.1 <A>... why": Sendmail's own line, of an address (without fields beside, as Sendmail 5 wrote, it is all).
 */
static void transcript_entry(struct notice *notice, struct span line) {
    struct span rest, text = span_from(line, 4);
    size_t bracket = span_find(text, '<');
    struct enhanced_code code;
    if (bracket > 0 && enhanced_code_parse(text, &code) != bracket) return;
    struct span mailbox = leading_mailbox(span_from(text, bracket), &rest);
    if (mailbox.len == 0 || !span_starts_with(rest, SPAN_LITERAL("... "))) return;
    open_entry(notice, mailbox, line, 0);
    notice->marks |= NOTICE_FAILS;
    close_entry(notice);
}

/* ">>> RCPT To:<A>", "Monday: -->  RCPT To:<A>" */
static void note_call(struct notice *notice, struct span text) {
    struct span command = SPAN_LITERAL("RCPT TO:"), rest;
    size_t arrow = report_find(text, SPAN_LITERAL("-->"));
    if (arrow == text.len && !span_starts_with(text, SPAN_LITERAL(">>> "))) return;
    text = span_trim(span_from(text, (arrow < text.len ? arrow : 0) + 3));
    if (!span_starts_with_nocase(text, command)) return;
    struct span mailbox = leading_mailbox(span_trim(span_from(text, command.len)), &rest);
    if (notice->calls < 2) notice->calls++;
    if (notice->calls == 1) notice->called = report_keep(&notice->store, mailbox, LIMIT_ADDRESS_BYTES);
}

/* "<<< 550 why", "Monday: <--  550 why" */
static void transcript_line(struct notice *notice, struct span text) {
    size_t arrow = report_find(text, SPAN_LITERAL("<-- "));
    bool said_by_other = span_starts_with(text, SPAN_LITERAL("<<< ")) || arrow < text.len;
    note_call(notice, text);
    if (said_by_other) text = span_trim(span_from(text, (arrow < text.len ? arrow : 0) + 4));
    bool refusal = text.len > 4 && (text.data[0] == '4' || text.data[0] == '5') && ascii_is_digit(text.data[1]) &&
                   ascii_is_digit(text.data[2]);
    if (!refusal) return;
    if (notice->transcript.len == 0) notice->transcript = report_keep(&notice->store, text, LIMIT_REPLY_TEXT_BYTES);
    if (!said_by_other && !notice_has(notice, NOTICE_BESIDE_FIELDS)) transcript_entry(notice, text);
}

/* What stands in [begin, end) of a line are another server's words. */
struct quote {
    size_t begin, end;
};

/* What begins with an address, a reply or a label quotes to its end, and goes on where it is indented deeper, or in
 * the same column in the middle of a sentence; in a sentence of the notice the reply ends with it. */
static struct quote find_quote(const struct notice *notice, struct span text, size_t indent) {
    struct span rest;
    bool const goes_on =
        (notice->open != NULL || notice_has(notice, NOTICE_IN_REASON)) && notice_has(notice, NOTICE_QUOTES);
    bool const in_sentence = notice_has(notice, NOTICE_IN_SENTENCE) && !notice_has(notice, NOTICE_LABELLED);
    bool const wrapped = indent == notice->column && text.len > 0 && text.data[0] >= 'a' && text.data[0] <= 'z';
    bool const deeper = indent > notice->column || wrapped || in_sentence;
    struct quote quote = {goes_on && deeper ? 0 : report_refusal_start(text), text.len};
    if (quote.begin == text.len) return quote;
    bool const entry =
        leading_mailbox(without_bullet(text), &rest).len > 0 || notice_reason(text, true) != NOTICE_NO_REASON;
    bool const prose = goes_on
                           ? in_sentence
                           : !entry && (notice->open == NULL || in_sentence) && !notice_has(notice, NOTICE_IN_REASON);
    if (prose) quote.end = quote.begin + notice_sentence_head(span_from(text, quote.begin)).len;
    return quote;
}

/* What the notice itself says in the bytes of the window from `old` on, without what is quoted. */
static unsigned own_marks(const struct notice *notice, struct span words, size_t old, struct quote quote) {
    struct notice_sense sense = notice->before;
    size_t const line = old > 0 ? old + 1 : 0;
    unsigned marks = 0;
    if (quote.begin > 0) marks = notice_marks(notice->index, span_head(words, line + quote.begin), old, 0, &sense);
    sense = (struct notice_sense){.titled = sense.titled};
    return marks | notice_marks(notice->index, span_from(words, line + quote.end), 0, 0, &sense);
}

/* The marks of the line, with the end of what stands before it in its paragraph. */
static unsigned note_marks(struct notice *notice, struct span text, struct quote quote) {
    uint8_t window[NOTICE_TAIL_BYTES + 1 + LIMIT_REPORT_LINE_BYTES];
    size_t len = notice->tail_len;
    if (len > 0) {
        memcpy(window, notice->tail, len);
        window[len++] = ' ';
    }
    text = span_head(text, LIMIT_REPORT_LINE_BYTES);
    if (text.len > 0) memcpy(window + len, text.data, text.len);
    struct span words = span_of(window, len + text.len);
    unsigned const known = notice->marks & (NOTICE_PROGRAM | NOTICE_FAILS | NOTICE_DELAYS | NOTICE_SUCCEEDS |
                                            NOTICE_YOURS | NOTICE_GIVES_UP | NOTICE_ARRIVES | NOTICE_SOLVED);
    notice->before = notice->sense;
    unsigned marks = notice_marks(notice->index, words, notice->tail_len, known, &notice->sense);
    unsigned const own = NOTICE_DELAYS | NOTICE_GIVES_UP; /* another server's say nothing of this one */
    if ((marks & own) != 0 && quote.begin < text.len) marks &= ~own | own_marks(notice, words, notice->tail_len, quote);
    if ((notice->marks & NOTICE_FAILS) == 0) notice->unfailed = (uint8_t)notice->list.count;
    notice->marks |= (uint16_t)marks;
    notice_set(notice, NOTICE_FRESH, notice->tail_len == 0 || notice_has(notice, NOTICE_ANNOUNCED));
    notice_set(notice, NOTICE_ANNOUNCED, (marks & NOTICE_ANNOUNCES) != 0);
    if (words.len > NOTICE_TAIL_BYTES) words = span_from(words, words.len - NOTICE_TAIL_BYTES);
    if (words.len > 0) memcpy(notice->tail, words.data, words.len);
    notice->tail_len = (uint8_t)words.len;
    return marks;
}

static void empty_line(struct notice *notice) {
    notice_set(notice, NOTICE_IN_TRANSCRIPT, false);
    notice->tail_len = 0;
    notice->sense = (struct notice_sense){.supposed = false};
    notice_title_blank(&notice->title);
    bool waits = (notice->open != NULL || notice_has(notice, NOTICE_IN_REASON)) && notice_has(notice, NOTICE_WAITS) &&
                 notice->said_len == 0;
    if (!waits && !awaits_reason(notice)) close_entry(notice);
}

/* Whether a paragraph may say why, behind one that did not. */
static bool may_be_reason(const struct notice *notice, struct span text) {
    static const char *const none[] = {"please",   "if ",  "for more ", "for further ", "bitte",
                                       "veuillez", "si ",  "por favor", "per favore",   "prosimy",
                                       "--",       "http", NULL};
    struct notice_sense sense = {.supposed = false};
    struct span rest;
    unsigned const others = ~(unsigned)(NOTICE_FAILS | NOTICE_GIVES_UP | NOTICE_YOURS);
    if ((notice_marks(notice->index, text, 0, 0, &sense) & others) != 0) return false;
    for (const char *const *words = none; *words != NULL; words++)
        if (span_starts_with_nocase(text, span_from_string(*words))) return false;
    if (ascii_is_digit(text.data[0])) return notice_reason(text, true) == 0; /* a reply, and no "500 years" */
    return !notice_is_copied_header(text) && leading_mailbox(without_bullet(text), &rest).len == 0;
}

/* "From: MAILER-DAEMON": what is behind came to somebody who tells of it. */
static bool is_quoted_header(struct span text) {
    static const char *const names[] = {"from", "von", "de",     "da",     "van",    "od",        "от", "От",
                                        "från", "fra", "差出人", "发件人", "寄件者", "보낸 사람", NULL};
    size_t const colon = span_find(text, ':');
    struct span const name = span_trim(span_head(text, colon));
    for (const char *const *known = names; colon < text.len && *known != NULL; known++)
        if (span_equal_nocase(name, span_from_string(*known)))
            return report_from_server(span_trim(span_from(text, colon + 1)));
    return false;
}

/* Whether the words behind are somebody else's; not where the notice has named a recipient and thanks for reading. */
static bool others_follow(const struct notice *notice, struct span text, unsigned marks) {
    bool const doubted = notice_has(notice, NOTICE_DOUBTED);
    unsigned const others = NOTICE_FORM | (doubted ? NOTICE_ACKNOWLEDGES : 0);
    return (notice->list.count == 0 && (marks & others) != 0) || (doubted && is_quoted_header(text));
}

/* Its sender's words say nothing of the message; in what is said of an address there may be any quotes. */
static struct span without_title(struct notice *notice, struct span text, uint8_t *room) {
    struct span rest;
    bool const reads = notice->open != NULL || notice_has(notice, NOTICE_IN_REASON);
    bool const said = reads && (!notice_has(notice, NOTICE_IN_SENTENCE) || notice_has(notice, NOTICE_LABELLED));
    if (said || !notice_quotes_title(&notice->title, text)) return text;
    return leading_mailbox(without_bullet(text), &rest).len > 0 ? text
                                                                : notice_without_title(&notice->title, text, room);
}

/* Whether the line is the title of the message's copy. */
static bool copy_follows(struct notice *notice, struct span text) {
    if (notice->list.count == 0 && !notice_is_rule(text)) return false;
    enum notice_copy const copy = notice_copy_title(text);
    notice_set(notice, NOTICE_RULED, copy != NOTICE_NO_COPY);
    return copy == NOTICE_COPY_IS_SURE;
}

static void text_line(struct notice *notice, struct span text, size_t indent, bool cut) {
    uint8_t room[LIMIT_REPORT_LINE_BYTES];
    if (notice_title_line(&notice->title, text, indent)) return;
    text = without_title(notice, text, room);
    struct quote const quote = find_quote(notice, text, indent);
    unsigned marks = note_marks(notice, text, quote);
    if (notice_has(notice, NOTICE_BARE) && notice->said_len == 0 && !may_be_reason(notice, text)) close_entry(notice);
    if (others_follow(notice, text, marks)) {
        close_entry(notice);
        notice->phase = NOTICE_OVER;
    } else if ((marks & NOTICE_COPY_FOLLOWS) != 0 || copy_follows(notice, text)) {
        close_entry(notice);
        notice->marks |= NOTICE_COPY_FOLLOWS;
        notice->phase = NOTICE_COPY_AHEAD;
    } else if ((marks & NOTICE_TRANSCRIPT) != 0) {
        close_entry(notice);
        notice_set(notice, NOTICE_IN_TRANSCRIPT, true);
    } else if (!begins_entry(notice, text, indent) && !begins_behind_words(notice, text, indent)) {
        size_t reason = notice_reason(text, notice->open == NULL && notice->list.count > 0);
        if (reason != NOTICE_NO_REASON) {
            open_reason(notice, span_from(text, reason), indent);
        } else if (notice->open != NULL || notice_has(notice, NOTICE_IN_REASON)) {
            bool other = span_starts_with(text, SPAN_LITERAL("<<< ")); /* the other server's words */
            say(notice, other ? span_from(text, 4) : without_bullet(text));
            if (cut) notice_set(notice, NOTICE_SAID_CUT, true);
        }
    }
    bool const reads = notice->open != NULL || notice_has(notice, NOTICE_IN_REASON);
    notice_set(notice, NOTICE_QUOTES, reads && quote.begin < text.len && quote.end == text.len);
}

/* Active!Hunter has ">>> A <A>" where Sendmail has "<A>". */
static struct span without_arrows(const struct notice *notice, struct span text) {
    struct span rest, behind = span_from(text, 4);
    bool const may = span_starts_with(text, SPAN_LITERAL(">>> ")) && notice->tail_len == 0 && is_listed(notice);
    return may && leading_mailbox(behind, &rest).len > 0 ? behind : text;
}

/* Headers behind a rule with words, in whatever language, and behind those whom they are not of. */
static void note_copy(struct notice *notice, struct span text) {
    if (text.len == 0 || !notice_has(notice, NOTICE_RULED)) return;
    notice_set(notice, NOTICE_RULED, false);
    if (notice->phase != NOTICE_TEXT || notice->list.count == 0 || !notice_is_copied_header(text)) return;
    close_entry(notice);
    notice->phase = NOTICE_COPY_AHEAD;
}

void notice_line(struct notice *notice, struct span line, bool cut) {
    struct span text = without_arrows(notice, span_trim(line));
    if (notice->phase == NOTICE_OVER) return;
    note_copy(notice, text);
    if (notice->phase != NOTICE_TEXT) {
        copy_line(notice, line);
    } else if (text.len == 0) {
        empty_line(notice);
    } else if (notice_has(notice, NOTICE_IN_TRANSCRIPT)) {
        transcript_line(notice, text);
    } else if (text.data[0] != '>') {
        text_line(notice, text, notice_has(notice, NOTICE_FLAT) ? 0 : (size_t)(text.data - line.data), cut);
    }
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

/* Who has no reason of his own has the one that stands apart; who is the only one, what was said to the server. */
static void give_reasons(struct notice *notice) {
    struct report_recipient *reason = &notice->reason;
    bool only_one = notice->list.count == 1;
    if (says_nothing(reason) && only_one && notice->transcript.len > 0 && !notice_has(notice, NOTICE_LOST))
        report_read_reply(&notice->store, notice->transcript, false, reason);
    for (unsigned i = 0; i < notice->list.count; i++) {
        struct report_recipient *recipient = notice->list.at[i];
        bool const in_words = (notice->in_words >> i & 1) != 0 && !is_coded(recipient);
        bool more = in_words || (only_one ? says_more(reason, recipient) : says_nothing(recipient));
        if (more && !says_nothing(reason)) take_told(recipient, reason);
    }
}

/* "250 Ok, discarded": no server refused it. */
static bool is_taken(const struct report_recipient *recipient) {
    return recipient->reply.code >= 200 && recipient->reply.code < 300;
}

static bool all_taken(const struct notice *notice) {
    for (unsigned i = 0; i < notice->list.count; i++)
        if (!is_taken(notice->list.at[i])) return false;
    return notice->list.count > 0;
}

/* They are none of those whom the notice is about. */
static void drop_taken(struct notice *notice) {
    unsigned kept = 0;
    if (notice_has(notice, NOTICE_BESIDE_FIELDS) || all_taken(notice)) return;
    for (unsigned i = 0; i < notice->list.count; i++)
        if (!is_taken(notice->list.at[i])) notice->list.at[kept++] = notice->list.at[i];
    notice->list.count = kept;
}

void notice_end(struct notice *notice) {
    close_entry(notice);
    /* Nobody is named, but one was called and refused (MDaemon). */
    if (notice->list.count == 0 && notice->calls == 1 && notice->transcript.len > 0 &&
        (notice->marks & (NOTICE_FAILS | NOTICE_DELAYS)) != 0 && !notice_has(notice, NOTICE_LOST))
        (void)add_recipient(notice, notice->called);
    give_reasons(notice);
    drop_taken(notice);
}

void notice_add_failed(struct notice *notice, struct span mailboxes) {
    while (mailboxes.len > 0) {
        size_t comma = span_find(mailboxes, ',');
        struct span rest, mailbox = leading_mailbox(span_trim(span_head(mailboxes, comma)), &rest);
        if (mailbox.len > 0 && rest.len == 0) (void)add_recipient(notice, mailbox);
        mailboxes = span_from(mailboxes, comma + 1);
    }
    give_reasons(notice);
}

/* Who was refused for good waits no more, whatever words a server, or the sender in what is quoted of him, has beside;
 * nor does what was given up. */
bool notice_delays(const struct notice *notice) {
    for (unsigned i = 0; i < notice->list.count; i++) {
        const struct report_recipient *recipient = notice->list.at[i];
        if (reply_is_permanent(&recipient->reply) || (recipient->reply.code == 0 && recipient->in_reply.class_ == 5))
            return false;
    }
    return (notice->marks & (NOTICE_DELAYS | NOTICE_GIVES_UP)) == NOTICE_DELAYS;
}

/* "was delivered, but the attachment could not be", "was delivered to these recipients: ... It could not be to a
 * telephone": nobody was refused. */
static bool arrives(const struct notice *notice) {
    for (unsigned i = 0; i < notice->list.count; i++)
        if (is_coded(notice->list.at[i])) return false;
    if ((notice->marks & NOTICE_SOLVED) != 0) return true;
    if ((notice->marks & NOTICE_SUCCEEDS) != 0 && notice->list.count > 0 && !notice_has(notice, NOTICE_TELLS))
        return notice->unfailed == notice->list.count && (notice->marks & NOTICE_DELAYS) == 0;
    return (notice->marks & (NOTICE_ARRIVES | NOTICE_ANNOUNCES)) == NOTICE_ARRIVES;
}

enum report_kind notice_kind(const struct notice *notice) {
    bool const amid = notice_has(notice, NOTICE_UNASKED) && !notice_has(notice, NOTICE_IN_FORM) &&
                      (notice->marks & NOTICE_COPY_FOLLOWS) == 0;
    bool told = (notice->marks & (NOTICE_PROGRAM | NOTICE_TRANSCRIPT)) != 0 ||
                (notice_has(notice, NOTICE_TELLS) && !amid) ||
                ((notice->marks & NOTICE_ANNOUNCES) != 0 && notice->list.count > 0);
    if (!told) return REPORT_NONE;
    unsigned const came = NOTICE_SUCCEEDS | NOTICE_ARRIVES | NOTICE_SOLVED;
    if (all_taken(notice)) return (notice->marks & came) != 0 ? REPORT_SUCCESS : REPORT_NONE;
    if (arrives(notice)) return REPORT_SUCCESS;
    if (notice_delays(notice)) return REPORT_DELAY;
    bool const given_up = (notice->marks & NOTICE_DELAYS) != 0 && (notice->marks & NOTICE_GIVES_UP) != 0;
    if ((notice->marks & NOTICE_FAILS) != 0 || given_up || notice_has(notice, NOTICE_TELLS)) return REPORT_BOUNCE;
    return (notice->marks & NOTICE_SUCCEEDS) != 0 ? REPORT_SUCCESS : REPORT_NONE;
}

const struct report_recipient *notice_of(const struct notice *notice, const struct report_recipient *recipient) {
    const struct report_recipient *found = find_recipient(notice, recipient->mailbox);
    return found != NULL ? found : find_recipient(notice, recipient->final);
}
