/* What the readers of reports share: mailboxes, replies and stages as texts have them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/span_search.h"
#include "report_internal.h"

struct span report_keep(const struct report_store *store, struct span s, size_t bytes_max) {
    struct span kept = arena_copy(store->arena, span_head(s, bytes_max));
    if (s.len > 0 && kept.len == 0) store->counters->message_memory++;
    return kept;
}

struct report_recipient *report_add(const struct report_store *store, struct report_list *list, struct span mailbox) {
    if (mailbox.len == 0) return NULL;
    if (list->count == LIMIT_REPORT_RECIPIENTS) {
        list->dropped++;
        store->counters->report_recipients++;
        return NULL;
    }
    struct report_recipient *recipient = arena_alloc(store->arena, sizeof *recipient);
    if (recipient == NULL) {
        list->dropped++;
        store->counters->message_memory++;
        return NULL;
    }
    list->at[list->count++] = recipient;
    return recipient;
}

struct report_recipient *report_add_kept(const struct report_store *store, struct report_list *list,
                                         struct span mailbox) {
    struct report_recipient *recipient = report_add(store, list, mailbox);
    if (recipient != NULL) recipient->mailbox = report_keep(store, mailbox, LIMIT_ADDRESS_BYTES);
    return recipient;
}

size_t report_quoted(struct span s) {
    if (s.len == 0 || s.data[0] != '"') return 0;
    for (size_t at = 1; at < s.len; at++) {
        if (s.data[at] == '"') return at + 1;
        if (s.data[at] == '\\') at++;
    }
    return 0;
}

/* A comment at the start (RFC 5322 3.2.2), whole; 0: there is none, or it does not end. */
static size_t comment(struct span s) {
    size_t depth = 0;
    for (size_t at = 0; at < s.len; at++) {
        if (s.data[at] == '(') depth++;
        if (s.data[at] == ')') depth--;
        if (depth == 0) return s.data[at] == ')' ? at + 1 : 0;
        if (s.data[at] == '\\') at++;
    }
    return 0;
}

/* What begins at the start: a quoted string, a comment, or one byte; 0: it does not end. */
static size_t mailbox_token(struct span s) {
    if (s.data[0] == '"') return report_quoted(s);
    return s.data[0] == '(' ? comment(s) : 1;
}

/* The inside of brackets, else all without the comments and blanks around; empty when a quote or a comment is open. */
static struct span bare_mailbox(struct span s) {
    size_t begin = s.len, end = 0, open = s.len;
    for (size_t at = 0, len; at < s.len; at += len) {
        len = mailbox_token(span_from(s, at));
        if (len == 0) return SPAN_EMPTY;
        if (s.data[at] == '>' && open < s.len) return span_trim(span_slice(s, open, at - open));
        if (s.data[at] == '<' && open == s.len) open = at + 1;
        if (s.data[at] == '(' || ascii_is_space(s.data[at])) continue;
        if (begin == s.len) begin = at;
        end = at + len;
    }
    return open < s.len ? span_trim(span_from(s, open)) : span_slice(s, begin, end > begin ? end - begin : 0);
}

/* A local part in quotes may have blanks and brackets (RFC 5321 4.1.2), nothing else may. */
static bool is_mailbox(struct span s) {
    size_t quoted = report_quoted(s);
    if (s.len == 0 || s.len > LIMIT_ADDRESS_BYTES) return false;
    if (quoted > 0 && (quoted >= s.len || s.data[quoted] != '@')) return false;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        if (c < ' ' || c == 127) return false;
        if (i >= quoted && (c == ' ' || c == '<' || c == '>' || c == '(' || c == '"')) return false;
    }
    return true;
}

struct span report_mailbox(struct span s) {
    s = bare_mailbox(s);
    if (s.len > 2 && report_quoted(s) == s.len) s = span_slice(s, 1, s.len - 2); /* all of it is in quotes */
    return is_mailbox(s) ? s : SPAN_EMPTY;
}

struct span report_typed(struct span value, struct span *type) {
    size_t semicolon = span_find(value, ';');
    *type = SPAN_EMPTY;
    if (semicolon == value.len) return span_trim(value);
    *type = span_trim(span_head(value, semicolon));
    return span_trim(span_from(value, semicolon + 1));
}

size_t report_find(struct span text, struct span words) {
    uint8_t lower = ascii_lower(words.data[0]);
    uint8_t upper = (uint8_t)(ascii_is_alpha(lower) ? lower & ~0x20 : lower);
    for (size_t at = 0; at + words.len <= text.len; at++) {
        at += span_find_either(span_from(text, at), lower, upper);
        if (at + words.len <= text.len && span_equal_nocase(span_slice(text, at, words.len), words)) return at;
    }
    return text.len;
}

/* --- replies ------------------------------------------------------------------------------------------------------ */

/* "550 " or "550-" (or "550:", as Yahoo writes) at the start of s, else 0. */
static uint16_t reply_code(struct span s) {
    if (s.len < 4 || (s.data[3] != ' ' && s.data[3] != '-' && s.data[3] != ':')) return 0;
    if (s.data[3] == ':' && (s.len == 4 || s.data[4] != ' ')) return 0;
    if ((s.data[0] != '2' && s.data[0] != '4' && s.data[0] != '5') || !ascii_is_digit(s.data[1]) ||
        !ascii_is_digit(s.data[2]))
        return 0;
    return (uint16_t)((s.data[0] - '0') * 100 + (s.data[1] - '0') * 10 + (s.data[2] - '0'));
}

static bool span_ends_with(struct span s, struct span end) {
    return s.len >= end.len && span_equal(span_from(s, s.len - end.len), end);
}

/* "-'5.2.2 full'": IronPort writes words of its own, a code, and what the other server said behind it. */
static bool is_quoted_whole(struct span s) {
    return s.len > 3 && s.data[0] == '-' && s.data[1] == '\'' && span_find(span_from(s, 2), '\'') + 2 < s.len;
}

/* Where a reply begins: at the start, or behind what introduces one ("said: 550", "(reason: 550", "returned '550",
 * "#550 ", "[550 "). */
static size_t reply_start(struct span text) {
    static const char *const introductions[] = {"'", "#", "[", "], ", ": ", " said ", NULL};
    for (size_t at = 0; at < text.len; at++) {
        uint16_t code = reply_code(span_from(text, at));
        if (code == 0) continue;
        if (at == 0 || (at == 1 && text.data[0] == '(' && code >= 400)) return at; /* GroupWise: in parentheses */
        if (code >= 400 && is_quoted_whole(span_from(text, at + 3)) && text.data[at - 1] == ' ') return at;
        struct span before = span_head(text, at);
        for (const char *const *words = introductions; code >= 400 && *words != NULL; words++)
            if (span_ends_with(before, span_from_string(*words))) return at;
    }
    return text.len;
}

size_t report_refusal_start(struct span text) {
    size_t at = reply_start(text);
    return at < text.len && reply_code(span_from(text, at)) >= 400 ? at : text.len;
}

/* The codes of a further line of the same reply, which stands behind the line before: "550-5.1.1 ", "550 5.1.1 ". */
static size_t repeated_codes(struct span s, uint16_t code, const struct enhanced_code *enhanced) {
    struct enhanced_code again;
    if (reply_code(s) != code) return 0;
    size_t used = enhanced_code_parse(span_from(s, 4), &again);
    bool same = used > 0 && again.class_ == enhanced->class_ && again.subject == enhanced->subject &&
                again.detail == enhanced->detail;
    if (same) return 4 + used;
    return s.data[3] == '-' ? 4 : 0;
}

/* Exim writes what is no ASCII as \303\244. */
static size_t octal_byte(struct span s, uint8_t *byte) {
    if (s.len < 4 || s.data[0] != '\\' || (s.data[1] != '2' && s.data[1] != '3')) return 0;
    if (s.data[2] < '0' || s.data[2] > '7' || s.data[3] < '0' || s.data[3] > '7') return 0;
    *byte = (uint8_t)((s.data[1] - '0') << 6 | (s.data[2] - '0') << 3 | (s.data[3] - '0'));
    return 4;
}

/* What servers write behind the reply that they tell of.  Exim's does not say why, unless it is all that there is. */
static struct span without_tail(struct span s) {
    struct span given_up = SPAN_LITERAL(": retry timeout exceeded");
    s = span_head(s, report_find(s, SPAN_LITERAL(" (in reply to ")));
    s = span_head(s, report_find(s, SPAN_LITERAL(" [RCPT_TO]")));
    s = span_trim(span_head(s, report_find(s, SPAN_LITERAL(" Giving up on "))));
    if (s.len > given_up.len && span_equal(span_from(s, s.len - given_up.len), given_up)) s.len -= given_up.len;
    return s;
}

static struct span keep_text(const struct report_store *store, struct span s, struct report_recipient *told,
                             bool many_lines) {
    uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    size_t len = 0, at = 0;
    while (at < s.len && len < sizeof room) {
        bool word = at > 0 && s.data[at - 1] == ' ';
        size_t codes = many_lines && word ? repeated_codes(span_from(s, at), told->reply.code, &told->in_reply) : 0;
        size_t used = codes > 0 ? 0 : octal_byte(span_from(s, at), room + len);
        if (codes == 0 && used == 0) {
            room[len] = s.data[at];
            used = 1;
        }
        if (codes == 0) len++;
        at += codes + used;
    }
    if (at < s.len) told->reply.cut = true;
    return report_keep(store, span_of(room, len), sizeof room);
}

/* qmail: "(#5.1.1)" */
static void hashed_code(struct span text, struct enhanced_code *code) {
    uint8_t room[12];
    size_t at = report_find(text, SPAN_LITERAL("(#"));
    struct span rest = span_from(text, at + 2);
    struct span word = span_head(rest, span_find(rest, ')'));
    if (word.len == 0 || word.len == rest.len || word.len > sizeof room) return;
    memcpy(room, word.data, word.len);
    (void)enhanced_code_parse(span_of(room, word.len), code);
}

/* GMX: "SMTP error from remote server after RCPT command: host: mx.far.example 5.2.1 gone", if the other server said no
 * code before it; else 0. */
static size_t bare_code_start(struct span text) {
    struct enhanced_code code;
    if (!span_starts_with_nocase(text, SPAN_LITERAL("SMTP error from remote "))) return 0;
    for (size_t at = 1; at < text.len; at++)
        if (text.data[at - 1] == ' ' && enhanced_code_parse(span_from(text, at), &code) > 0 && code.class_ >= 4)
            return at;
    return 0;
}

void report_read_reply(const struct report_store *store, struct span text, bool cut, struct report_recipient *told) {
    size_t start = reply_start(text);
    bool many_lines = false;
    if (start < text.len) {
        bool const whole = is_quoted_whole(span_from(text, start + 3));
        uint8_t before = whole ? '\'' : start > 0 ? text.data[start - 1] : 0;
        uint8_t end = before == '[' ? ']' : before == '(' && start == 1 ? ')' : before;
        told->reply.code = reply_code(span_from(text, start));
        many_lines = text.data[start + 3] == '-' && !whole;
        text = span_trim(span_from(text, start + (whole ? 5 : 4)));
        if (end == ']' || end == '\'' || end == ')') text = span_head(text, span_find_last(text, end));
        uint16_t const again = reply_code(text);
        if (again != 0 && again == told->reply.code && text.data[3] == ' ')
            text = span_from(text, 4); /* Gmail: "550 550" */
    } else {
        text = span_from(text, bare_code_start(text));
    }
    size_t used = enhanced_code_parse(text, &told->in_reply);
    if (used > 0)
        text = span_from(text, used);
    else
        hashed_code(text, &told->in_reply);
    told->reply.cut = cut;
    told->reply.text = keep_text(store, without_tail(text), told, many_lines);
}

/* --- stages ------------------------------------------------------------------------------------------------------- */

enum stage report_stage(struct span text) {
    static const struct {
        const char *words;
        enum stage stage;
    } told[] = {
        {"(in reply to RCPT TO command", STAGE_RCPT}, /* Postfix */
        {"(in reply to MAIL FROM command", STAGE_MAIL},
        {"(in reply to DATA command", STAGE_DATA},
        {"(in reply to end of DATA command", STAGE_BODY},
        {" refused to talk to me:", STAGE_GREETING},
        {"while sending end of data", STAGE_BODY},
        {"remote mail server after RCPT TO:<", STAGE_RCPT}, /* Exim */
        {"remote mail server after pipelined RCPT TO:<", STAGE_RCPT},
        {"remote mail server after MAIL FROM:<", STAGE_MAIL},
        {"remote mail server after pipelined MAIL FROM:<", STAGE_MAIL},
        {"remote mail server after DATA:", STAGE_DATA},
        {"remote mail server after pipelined DATA:", STAGE_DATA},
        {"remote mail server after end of data:", STAGE_BODY},
        {"remote mail server after pipelined end of data:", STAGE_BODY},
        {"remote mail server after initial connection:", STAGE_GREETING},
        {"did not like our RCPT TO:", STAGE_RCPT}, /* dma */
        {"did not like our MAIL FROM:", STAGE_MAIL},
        {"did not like our DATA:", STAGE_DATA},
        {"did not like our final DATA:", STAGE_BODY},
        {"does not like recipient.", STAGE_RCPT}, /* qmail */
        {"does not like sender.", STAGE_MAIL},
        {"failed on DATA command.", STAGE_DATA},
        {"failed after I sent the message.", STAGE_BODY},
        {"but greeting failed.", STAGE_GREETING},
        {"[RCPT_TO]", STAGE_RCPT}, /* Yahoo */
        {"hMailServer sent: RCPT TO:", STAGE_RCPT},
        {"hMailServer sent: MAIL FROM:", STAGE_MAIL},
        {"server for RCPT TO command", STAGE_RCPT}, /* GMX */
        {"server for MAIL FROM command", STAGE_MAIL},
        {"server for TEXT command", STAGE_BODY},
        {"server after RCPT command", STAGE_RCPT},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if (report_has(text, span_from_string(told[i].words))) return told[i].stage;
    return STAGE_NONE;
}

/* --- the returned message ----------------------------------------------------------------------------------------- */

void report_returned_header(const struct report_store *store, struct span name, struct span value,
                            struct span *message_id, struct span *sender) {
    if (span_equal_nocase(name, SPAN_LITERAL("Message-ID"))) {
        struct span id = mail_message_id(value);
        if (message_id->len == 0 && id.len <= LIMIT_MESSAGE_ID_BYTES)
            *message_id = report_keep(store, id, LIMIT_MESSAGE_ID_BYTES);
    } else if (sender->len == 0 && span_equal_nocase(name, SPAN_LITERAL("Return-Path"))) {
        *sender = report_keep(store, report_mailbox(value), LIMIT_ADDRESS_BYTES);
    } else if (sender->len == 0 && span_equal_nocase(name, SPAN_LITERAL("From"))) {
        struct mail_address from;
        if (mail_addresses(value, &from) == 0) return;
        size_t len = (size_t)(from.domain.data + from.domain.len - from.local.data);
        *sender = report_keep(store, report_mailbox(span_of(from.local.data, len)), LIMIT_ADDRESS_BYTES);
    }
}
