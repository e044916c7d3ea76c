/* Which part of a mail tells what became of another one, and what it tells in the end.
 *
 *   own headers -> may it be a report? no: nothing more is looked at
 *   multipart   -> notice (the first plain text, or HTML)  notice_text.c, notice_words.c, notice_html.c
 *                  message/delivery-status, MDN            dsn_report.c
 *                  message/feedback-report, X-ARF          arf_report.c
 *                  message/rfc822, text/rfc822-headers     its Message-ID and sender
 *
 * Only the mail's own parts count, and those of a multipart/report one level down, which a list or a gateway put a text
 * beside: what lies deeper, or in a message, is a report that somebody forwards.  A mail that is a multipart/report
 * says itself what it is; anything else is believed when a mail server signs it (From), or when it came with the null
 * sender.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime_header.h"
#include "report_internal.h"

/* Of a refusal whose code is not told: no server has these, so only rules for all codes of a kind fit them. */
#define REFUSED_FOR_NOW 499
#define REFUSED_FOR_GOOD 599

/* What somebody's own mail says of being away, it says at once; a copy of each subject is kept. */
#define AWAY_SUBJECT_BYTES 64

/* Texts that say nothing before the one that does. */
#define NOTICES_MAX 4

enum reader_state { READER_HEADERS, READER_PARTS, READER_OFF };
/* A server's program is MAILER-DAEMON (EZweb, Biglobe, Domino); a postmaster may be one (Exchange, m-FILTER) or a
 * person. */
enum sender_kind { SENDER_UNKNOWN, SENDER_NULL, SENDER_SERVER, SENDER_POSTMASTER, SENDER_SOMEBODY };
enum part_role { ROLE_NONE, ROLE_NOTICE, ROLE_STATUS, ROLE_DISPOSITION, ROLE_FEEDBACK, ROLE_RETURNED };

/* What takes the parts' lines; had only where the headers allow a report. */
struct report_lines {
    uint8_t line[LIMIT_REPORT_LINE_BYTES];
    uint8_t field[LIMIT_REPORT_LINE_BYTES];
    uint16_t line_len, field_len;
    bool line_cut, field_cut;
    bool blanks;       /* a line of blanks alone came before the next field */
    bool field_behind; /* ... before the one at hand */
    bool skip;         /* the line began in bytes that are missing */
};

struct report_parts {
    struct dsn_report dsn, mdn;
    struct arf_report arf;
    struct notice notice;
    struct notice_html html;
    struct span message_id, sender; /* of the returned message */
};

_Static_assert(sizeof(struct report_lines) <= LIMIT_ARENA_BLOCK_BYTES - sizeof(void *), "fits an arena block");
_Static_assert(sizeof(struct notice_index) <= LIMIT_ARENA_BLOCK_BYTES - sizeof(void *), "fits an arena block");
_Static_assert(sizeof(struct report_parts) <= LIMIT_ARENA_BLOCK_BYTES - sizeof(void *), "fits an arena block");

struct report_reader {
    struct arena *arena;
    struct counters *counters;
    struct report_lines *lines;
    struct report_parts *parts;
    struct notice_index *index;
    struct mail_report report;
    struct span subject;
    struct span failed;  /* X-Failed-Recipients */
    struct span returns; /* X-CM-Original-Message-ID (Coremail): of the message that it speaks of */
    struct span answers; /* the last identifier of In-Reply-To, else of References */
    unsigned returned;   /* the part whose headers are the returned message's; 0: not known */
    unsigned wrapped;    /* the part that is a multipart/report, in a mail that is none; 0: there is none so far */
    uint8_t state, role, sender;
    uint8_t notices;                      /* begun: each may take memory */
    bool is_multipart : 1, is_report : 1; /* multipart/report */
    bool other_report : 1;                /* ... of a type that is not read */
    bool may_wrap : 1;                    /* multipart/mixed or signed: a report may be a part of it */
    bool in_wrapped : 1;                  /* the parts at hand are its */
    bool daemon : 1;                      /* a mail server signs it */
    bool text_counts : 1;                 /* what is written for people */
    bool if_returned : 1;                 /* ... only beside the message that came back: nothing else speaks of it */
    bool answers_directly : 1;            /* they are In-Reply-To's */
    bool headers_over : 1;                /* the mail's own headers are complete */
    bool list : 1;                        /* it came over a list, or to many */
    bool automatic : 1, vacation : 1;
    bool generated : 1;   /* Auto-Submitted: auto-generated */
    bool away : 1;        /* the subject says that somebody is away */
    bool answering : 1;   /* ... in the words of an autoresponder */
    bool replied : 1;     /* Auto-Submitted: auto-replied (RFC 3834 5) */
    bool undelivered : 1; /* the subject speaks of it */
    bool of_another : 1;  /* the subject is another mail's */
    bool junk : 1;        /* the subject is that of Microsoft's complaints */
    bool from_staff : 1;  /* ... and so is the sender */
    bool xarf : 1;        /* a header says that this is X-ARF */
    bool notice_seen : 1, returned_seen : 1;
    bool notice_is_html : 1;
    bool mdn_seen : 1, arf_seen : 1;
};

struct report_reader *report_reader_new(struct arena *arena, struct counters *counters) {
    struct report_reader *reader = arena_alloc(arena, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->arena = arena;
    reader->counters = counters;
    return reader;
}

void report_reader_came_from(struct report_reader *reader, struct span sender) {
    struct span const local = span_head(sender, span_find(sender, '@'));
    reader->sender = sender.len == 0                                           ? SENDER_NULL
                     : span_equal_nocase(local, SPAN_LITERAL("MAILER-DAEMON")) ? SENDER_SERVER
                     : span_equal_nocase(local, SPAN_LITERAL("postmaster"))    ? SENDER_POSTMASTER
                                                                               : SENDER_SOMEBODY;
}

/* --- the mail's own headers --------------------------------------------------------------------------------------- */

static void note_from(struct report_reader *reader, struct span value) {
    struct mail_address from;
    reader->daemon |= report_from_server(value);
    if (mail_addresses(value, &from) == 0) return;
    reader->from_staff = span_equal_nocase(from.local, SPAN_LITERAL("staff")) &&
                         span_equal_nocase(from.domain, SPAN_LITERAL("hotmail.com"));
}

static void note_subject(struct report_reader *reader, struct span value) {
    if (reader->subject.len > 0) return; /* a mail has one (RFC 5322 3.6) */
    struct report_store store = {reader->arena, reader->counters};
    size_t const most = reader->sender == SENDER_SOMEBODY ? AWAY_SUBJECT_BYTES : LIMIT_REPORT_LINE_BYTES;
    reader->subject = report_keep(&store, value, most);
    reader->junk = span_starts_with_nocase(value, SPAN_LITERAL("complaint about message from "));
}

static void note_answers(struct report_reader *reader, struct span value, bool directly) {
    size_t last = span_find_last(value, '<');
    struct span id = mail_message_id(span_from(value, last));
    if (id.len == 0 || id.len > LIMIT_MESSAGE_ID_BYTES || reader->answers_directly) return;
    if (reader->answers.len > 0 && !directly) return;
    reader->answers_directly = directly;
    struct report_store store = {reader->arena, reader->counters};
    reader->answers = report_keep(&store, id, LIMIT_MESSAGE_ID_BYTES);
}

static void note_automatic(struct report_reader *reader, struct span value) {
    size_t word = 0;
    while (word < value.len && (ascii_is_alpha(value.data[word]) || value.data[word] == '-')) word++;
    if (span_equal_nocase(span_head(value, word), SPAN_LITERAL("no"))) return;
    reader->automatic = true;
    if (report_has(value, SPAN_LITERAL("auto-generated"))) reader->generated = true;
    if (!report_has(value, SPAN_LITERAL("auto-replied"))) return;
    reader->replied = true;
    if (report_has(value, SPAN_LITERAL("vacation"))) reader->vacation = true;
}

/* A report-type (RFC 6522 3) that is none of those that are read: its text for people speaks of something else. */
static bool tells_otherwise(struct span field) {
    static const char *const types[] = {"deliver", "feedback", "disposition", "xarf", NULL};
    struct span value = mime_parameter_word(field, SPAN_LITERAL("report-type"));
    for (const char *const *type = types; *type != NULL; type++)
        if (report_has(value, span_from_string(*type))) return false;
    return value.len > 0;
}

static void note_own(struct report_reader *reader, const struct mail_item *item) {
    struct span name = item->name;
    if (span_equal_nocase(name, SPAN_LITERAL("From"))) {
        note_from(reader, item->value);
    } else if (span_equal_nocase(name, SPAN_LITERAL("Subject"))) {
        note_subject(reader, item->value);
    } else if (span_equal_nocase(name, SPAN_LITERAL("Content-Type"))) {
        struct span type = mime_field_head(item->raw);
        reader->is_multipart = span_starts_with_nocase(type, SPAN_LITERAL("multipart/"));
        reader->is_report = span_equal_nocase(type, SPAN_LITERAL("multipart/report"));
        reader->other_report = reader->is_report && tells_otherwise(item->raw);
        reader->may_wrap = span_equal_nocase(type, SPAN_LITERAL("multipart/mixed")) ||
                           span_equal_nocase(type, SPAN_LITERAL("multipart/signed"));
    } else if (span_equal_nocase(name, SPAN_LITERAL("Auto-Submitted"))) {
        note_automatic(reader, item->raw);
    } else if (span_equal_nocase(name, SPAN_LITERAL("Precedence"))) {
        if (span_equal_nocase(item->raw, SPAN_LITERAL("list"))) reader->list = true;
        reader->automatic = true;
    } else if (span_equal_nocase(name, SPAN_LITERAL("X-Auto-Response-Suppress")) ||
               span_starts_with_nocase(name, SPAN_LITERAL("X-Autore"))) { /* -ply, -spond */
        reader->automatic = true;
    } else if (span_equal_nocase(name, SPAN_LITERAL("X-Failed-Recipients")) && reader->failed.len == 0) {
        struct report_store store = {reader->arena, reader->counters};
        reader->failed = report_keep(&store, item->raw, LIMIT_REPORT_LINE_BYTES);
    } else if (span_equal_nocase(name, SPAN_LITERAL("X-CM-Original-Message-ID")) && reader->returns.len == 0) {
        struct report_store store = {reader->arena, reader->counters};
        struct span id = mail_message_id(item->raw);
        if (id.len <= LIMIT_MESSAGE_ID_BYTES) reader->returns = report_keep(&store, id, LIMIT_MESSAGE_ID_BYTES);
    } else if (span_equal_nocase(name, SPAN_LITERAL("X-XARF")) || span_equal_nocase(name, SPAN_LITERAL("X-ARF"))) {
        reader->xarf = true;
    } else if (span_starts_with_nocase(name, SPAN_LITERAL("List-"))) {
        reader->list = true;
    } else if (span_equal_nocase(name, SPAN_LITERAL("In-Reply-To"))) {
        note_answers(reader, item->raw, true);
    } else if (span_equal_nocase(name, SPAN_LITERAL("References"))) {
        note_answers(reader, item->raw, false);
    }
}

static void begin_parts(struct report_reader *reader) {
    reader->state = READER_OFF;
    reader->lines = arena_alloc(reader->arena, sizeof *reader->lines);
    reader->parts = arena_alloc(reader->arena, sizeof *reader->parts);
    reader->index = arena_alloc(reader->arena, sizeof *reader->index);
    if (reader->lines == NULL || reader->parts == NULL || reader->index == NULL) {
        reader->counters->message_memory++;
        return;
    }
    struct report_store store = {reader->arena, reader->counters};
    reader->parts->dsn.store = reader->parts->mdn.store = reader->parts->arf.store = reader->parts->notice.store =
        store;
    notice_index_make(reader->index);
    reader->parts->notice.index = reader->index;
    reader->parts->arf.is_xarf = reader->xarf && !reader->is_report;
    reader->state = READER_PARTS;
}

static bool is_signed(const struct report_reader *reader) {
    return reader->daemon || reader->sender == SENDER_NULL;
}

static bool may_be_person(const struct report_reader *reader) {
    return reader->sender == SENDER_SOMEBODY || reader->sender == SENDER_POSTMASTER;
}

/* Of mail that somebody sent it says something only where a program wrote it; it is held against many words. */
static void read_subject(struct report_reader *reader) {
    if (reader->sender == SENDER_SOMEBODY && !reader->automatic) return;
    enum report_subject const subject = report_subject(reader->subject);
    reader->undelivered = subject == SUBJECT_UNDELIVERED;
    reader->of_another = report_subject_of_another(reader->subject);
    reader->answering = subject == SUBJECT_ANSWERS;
    reader->away = reader->answering || subject == SUBJECT_AWAY;
}

/* Ordinary mail ends here. */
static void end_own_headers(struct report_reader *reader) {
    read_subject(reader);
    bool complaint = reader->is_multipart && (reader->junk || reader->xarf);
    bool returns = reader->failed.len > 0 || reader->returns.len > 0;
    bool text =
        is_signed(reader) && reader->sender != SENDER_SOMEBODY && (reader->daemon || reader->undelivered || returns);
    bool fields = is_signed(reader) && reader->is_multipart && !may_be_person(reader);
    bool wraps = fields && reader->may_wrap;
    bool const unsigned_text = reader->sender == SENDER_NULL && reader->is_multipart && !reader->is_report;
    reader->if_returned = text ? reader->sender == SENDER_POSTMASTER : unsigned_text;
    text |= unsigned_text;
    reader->headers_over = true;
    reader->text_counts = (reader->is_report || complaint || text) && !reader->other_report;
    reader->state = READER_OFF;
    if (reader->is_report || wraps || (!reader->list && (complaint || fields || text))) begin_parts(reader);
}

/* --- fields and lines of the parts -------------------------------------------------------------------------------- */

static void end_block(struct report_reader *reader) {
    if (reader->role == ROLE_STATUS) dsn_report_block_end(&reader->parts->dsn, REPORT_NONE);
    if (reader->role == ROLE_DISPOSITION) dsn_report_block_end(&reader->parts->mdn, REPORT_MDN);
    if (reader->role == ROLE_RETURNED) reader->role = ROLE_NONE; /* its headers are over */
}

static void end_field(struct report_reader *reader) {
    struct report_lines *lines = reader->lines;
    struct report_parts *parts = reader->parts;
    struct span field = span_of(lines->field, lines->field_len);
    size_t colon = span_find(field, ':');
    struct report_store store = {reader->arena, reader->counters};
    lines->field_len = 0;
    if (colon == field.len) return;
    struct span name = span_trim(span_head(field, colon)), value = span_trim(span_from(field, colon + 1));
    if (reader->role == ROLE_STATUS && lines->field_behind && dsn_report_begins_block(&parts->dsn, name))
        end_block(reader);
    if (reader->role == ROLE_STATUS) dsn_report_field(&parts->dsn, name, value, lines->field_cut);
    if (reader->role == ROLE_DISPOSITION) dsn_report_field(&parts->mdn, name, value, lines->field_cut);
    if (reader->role == ROLE_FEEDBACK) arf_report_field(&parts->arf, name, value);
    if (reader->role == ROLE_RETURNED) report_returned_header(&store, name, value, &parts->message_id, &parts->sender);
}

static void add_to_field(struct report_lines *lines, struct span line, bool cut) {
    size_t room = sizeof lines->field - lines->field_len;
    if (lines->field_len > 0 && room > 0) {
        lines->field[lines->field_len++] = ' ';
        room--;
    }
    if (line.len > room) lines->field_cut = true;
    lines->field_cut |= cut;
    line = span_head(line, room);
    if (line.len > 0) memcpy(lines->field + lines->field_len, line.data, line.len);
    lines->field_len = (uint16_t)(lines->field_len + line.len);
}

static void field_line(struct report_reader *reader, struct span line, bool cut) {
    struct report_lines *lines = reader->lines;
    bool goes_on = line.len > 0 && ascii_is_blank(line.data[0]);
    struct span text = span_trim(line);
    if (text.len == 0 && goes_on) {
        /* Obsolete folding (RFC 5322 4.2), not the end of a block; what comes next can show that it was meant so. */
        lines->blanks = true;
        return;
    }
    if (text.len == 0) {
        end_field(reader);
        end_block(reader);
        lines->blanks = false;
        return;
    }
    if (goes_on && lines->field_len == 0) return; /* what it goes on with is lost */
    if (!goes_on) {
        end_field(reader);
        lines->field_cut = false;
        lines->field_behind = lines->blanks;
    }
    lines->blanks = false;
    add_to_field(lines, text, cut);
}

static void end_line(struct report_reader *reader) {
    struct report_lines *lines = reader->lines;
    struct span line = span_of(lines->line, lines->line_len);
    bool cut = lines->line_cut, skip = lines->skip;
    lines->line_len = 0;
    lines->line_cut = lines->skip = false;
    if (skip) return;
    if (line.len > 0 && line.data[line.len - 1] == '\r') line.len--;
    if (reader->role == ROLE_NOTICE)
        notice_line(&reader->parts->notice, line, cut);
    else
        field_line(reader, line, cut);
}

static void take_lines(void *context, struct span text) {
    struct report_reader *reader = context;
    struct report_lines *lines = reader->lines;
    while (text.len > 0 && reader->role != ROLE_NONE) {
        size_t newline = span_find(text, '\n');
        struct span piece = span_head(text, newline);
        size_t room = sizeof lines->line - lines->line_len;
        if (piece.len > room) lines->line_cut = true;
        piece = span_head(piece, room);
        if (piece.len > 0) memcpy(lines->line + lines->line_len, piece.data, piece.len);
        lines->line_len = (uint16_t)(lines->line_len + piece.len);
        if (newline < text.len) end_line(reader);
        text = span_from(text, newline + 1);
    }
}

static void leave_link(void *context, struct span bytes) {
    (void)context;
    (void)bytes;
}

static void leave_link_end(void *context) {
    (void)context;
}

static struct html_sink html_sink(struct report_reader *reader) {
    return (struct html_sink){reader, take_lines, leave_link, leave_link_end, NULL, NULL};
}

static void take_text(struct report_reader *reader, struct span text) {
    struct html_sink const sink = html_sink(reader);
    if (reader->role == ROLE_NOTICE && reader->notice_is_html)
        notice_html_push(&reader->parts->html, text, &sink);
    else
        take_lines(reader, text);
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static bool is_type(const struct part_info *info, const char *type) {
    return span_equal(info->type, span_from_string(type));
}

static bool has_status(const struct part_info *info) {
    return is_type(info, "message/delivery-status") || is_type(info, "message/global-delivery-status");
}

/* How deep the parts lie that tell something; 0: none does.  Over a list, and behind a report, only a report's do. */
static unsigned depth_of_parts(const struct report_reader *reader) {
    if (reader->in_wrapped) return 2;
    return reader->wrapped != 0 || (reader->list && !reader->is_report) ? 0 : 1;
}

/* The first text; where that says nothing and one of both is HTML, the next. */
static bool may_be_notice(const struct report_reader *reader, const struct part_info *info) {
    unsigned const depth = depth_of_parts(reader);
    if (!reader->text_counts || reader->returned_seen || depth == 0 || info->depth > depth + 1) return false;
    bool html = info->kind == PART_HTML && !info->attachment;
    if (!html && info->kind != PART_PLAIN) return false;
    if (!reader->notice_seen) return true;
    if (reader->notices >= NOTICES_MAX) return false;
    return (html || reader->notice_is_html) && !info->attachment && notice_kind(&reader->parts->notice) == REPORT_NONE;
}

static enum part_role role_of(const struct report_reader *reader, const struct part_info *info) {
    bool own = reader->is_multipart && info->depth == depth_of_parts(reader);
    if (own && info->kind == PART_PLAIN && reader->parts->arf.is_xarf && reader->notice_seen && !reader->arf_seen &&
        !reader->returned_seen)
        return ROLE_FEEDBACK; /* behind the text for people, of whatever form */
    if (may_be_notice(reader, info)) return ROLE_NOTICE;
    if (!own) return ROLE_NONE;
    if (has_status(info)) return ROLE_STATUS;
    if ((is_type(info, "text/rfc822-headers") || is_type(info, "message/global-headers")) && !reader->returned_seen)
        return ROLE_RETURNED;
    if (!reader->is_report) return ROLE_NONE;
    if (is_type(info, "message/disposition-notification") || is_type(info, "message/global-disposition-notification"))
        return ROLE_DISPOSITION;
    return is_type(info, "message/feedback-report") ? ROLE_FEEDBACK : ROLE_NONE;
}

static void begin_notice(struct report_reader *reader, bool is_html) {
    struct report_parts *parts = reader->parts;
    struct notice before = parts->notice;
    reader->notices++;
    memset(&parts->notice, 0, sizeof parts->notice);
    memset(&parts->html, 0, sizeof parts->html);
    parts->notice.store = before.store;
    parts->notice.said = before.said;
    notice_set(&parts->notice, NOTICE_LOST, notice_has(&before, NOTICE_LOST));
    parts->notice.index = reader->index;
    notice_set(&parts->notice, NOTICE_BESIDE_FIELDS, reader->is_report || reader->in_wrapped);
    notice_set(&parts->notice, NOTICE_FLAT, is_html);
    bool const doubted = !reader->daemon && !reader->is_report && reader->failed.len == 0;
    notice_set(&parts->notice, NOTICE_DOUBTED, doubted);
    notice_set(&parts->notice, NOTICE_UNASKED, doubted && reader->generated);
    reader->notice_is_html = is_html;
}

static void begin_part(struct report_reader *reader, const struct mail_item *item) {
    /* A message that is not looked into (encoded, or too deep) has no headers of its own here. */
    if (reader->returned == item->part + 1 && item->info->kind == PART_MESSAGE) {
        reader->returned = 0;
        reader->returned_seen = true;
        return;
    }
    memset(reader->lines, 0, sizeof *reader->lines);
    if (item->info->depth == 1) reader->in_wrapped = false; /* it may have no headers */
    reader->role = (uint8_t)role_of(reader, item->info);
    if (reader->role == ROLE_NOTICE) begin_notice(reader, item->info->kind == PART_HTML);
    reader->notice_seen |= reader->role == ROLE_NOTICE;
    reader->returned_seen |= reader->role == ROLE_RETURNED;
    reader->mdn_seen |= reader->role == ROLE_DISPOSITION;
    reader->arf_seen |= reader->role == ROLE_FEEDBACK;
}

static void end_part(struct report_reader *reader) {
    struct html_sink const sink = html_sink(reader);
    if (reader->role == ROLE_NONE) return;
    if (reader->role == ROLE_NOTICE && reader->notice_is_html) html_text_end(&reader->parts->html.text, &sink);
    if (reader->lines->line_len > 0) end_line(reader);
    if (reader->role == ROLE_NOTICE) {
        notice_end(&reader->parts->notice);
    } else if (reader->role != ROLE_NONE) {
        end_field(reader);
        end_block(reader);
    }
    reader->role = ROLE_NONE;
}

/* A report in a part of the mail's own; the text that stood before it is not the report's. */
static void note_wrapped(struct report_reader *reader, const struct mail_item *item) {
    if (item->info->depth != 1 || item->part == reader->wrapped) return;
    reader->in_wrapped = false;
    if (!reader->may_wrap || reader->wrapped != 0 || reader->returned_seen ||
        !span_equal_nocase(item->name, SPAN_LITERAL("Content-Type")) || !is_type(item->info, "multipart/report") ||
        tells_otherwise(item->raw))
        return;
    reader->wrapped = item->part;
    reader->in_wrapped = true;
    reader->notice_seen = false;
}

/* Headers of parts: the message that comes back is the first one inside. */
static void note_part_header(struct report_reader *reader, const struct mail_item *item) {
    note_wrapped(reader, item);
    struct report_store store = {reader->arena, reader->counters};
    if (reader->returned != 0 && item->part == reader->returned) {
        report_returned_header(&store, item->name, item->raw, &reader->parts->message_id, &reader->parts->sender);
        if (reader->junk) arf_returned_header(&reader->parts->arf, item->name, item->raw);
        return;
    }
    if (reader->returned_seen || !span_equal_nocase(item->name, SPAN_LITERAL("Content-Type"))) return;
    struct span type = mime_field_head(item->raw);
    if (!span_equal_nocase(type, SPAN_LITERAL("message/rfc822")) &&
        !span_equal_nocase(type, SPAN_LITERAL("message/global")))
        return;
    reader->returned = item->part + 1;
    reader->returned_seen = true;
}

void report_reader_take(struct report_reader *reader, const struct mail_item *item) {
    if (reader->state == READER_OFF) return;
    if (reader->state == READER_HEADERS) {
        if (item->type == MAIL_HEADER && item->part == 0)
            note_own(reader, item);
        else if (item->type == MAIL_HEADERS_END)
            end_own_headers(reader);
        else
            reader->state = READER_OFF; /* bytes of the headers are missing: nothing is sure */
        return;
    }
    if (item->type == MAIL_HEADER) note_part_header(reader, item);
    if (item->type == MAIL_PART_BEGIN) begin_part(reader, item);
    if (item->type == MAIL_TEXT && item->jump) end_part(reader); /* what stands far behind is of no use */
    if (item->type == MAIL_TEXT && reader->role != ROLE_NONE) take_text(reader, item->text);
    if (item->type == MAIL_PART_END) end_part(reader);
}

bool report_reader_wants_more(const struct report_reader *reader) {
    return reader->state != READER_OFF;
}

/* The recipient, or the entry, that the missing bytes fell into may be two by now. */
void report_reader_gap(struct report_reader *reader) {
    if (reader->state == READER_HEADERS) reader->state = READER_OFF;
    if (reader->state != READER_PARTS) return;
    struct report_parts *parts = reader->parts;
    if (reader->role == ROLE_STATUS) parts->dsn.block.lost = true;
    if (reader->role == ROLE_DISPOSITION) parts->mdn.block.lost = true;
    if (reader->role == ROLE_NOTICE || !reader->notice_seen) notice_set(&parts->notice, NOTICE_LOST, true);
    if (reader->role == ROLE_RETURNED) reader->role = ROLE_NONE;
    reader->lines->field_len = reader->lines->line_len = 0;
    reader->returned = 0;
    reader->returned_seen = true;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

/* Worst first. */
static enum report_kind worse(enum report_kind a, enum report_kind b) {
    static const uint8_t rank[] = {[REPORT_NONE] = 0,  [REPORT_MDN] = 1,    [REPORT_VACATION] = 1, [REPORT_SUCCESS] = 2,
                                   [REPORT_DELAY] = 3, [REPORT_BOUNCE] = 4, [REPORT_COMPLAINT] = 5};
    return rank[a] >= rank[b] ? a : b;
}

static void use_list(struct report_reader *reader, struct report_list *list, enum report_kind kind) {
    struct mail_report *report = &reader->report;
    report->recipients = list->at;
    report->recipient_count = list->count;
    report->recipients_dropped = list->dropped;
    report->kind = kind;
}

/* A Status of success beside a failure is a slip of the server's: what was replied says more, or nothing does. */
static bool status_counts(const struct report_recipient *recipient) {
    bool fails = recipient->kind == REPORT_BOUNCE || recipient->kind == REPORT_DELAY;
    return recipient->status.class_ != 0 && !(fails && recipient->status.class_ == 2);
}

/* What only the text for people says: the reply, what it was to, that OpenSMTPD has given up. */
static void complete(const struct report_reader *reader, struct report_recipient *recipient, bool only_one) {
    const struct notice *notice = &reader->parts->notice;
    const struct report_recipient *said = notice_has(notice, NOTICE_LOST) ? NULL : notice_of(notice, recipient);
    struct report_store store = {reader->arena, reader->counters};
    struct enhanced_code status = recipient->status;
    bool bare = recipient->reply.code == 0 && recipient->reply.text.len == 0;
    if (said != NULL && bare && said->reply.text.len > 0) {
        recipient->reply = said->reply;
        recipient->in_reply = said->in_reply;
        if (!reader->is_report && status.class_ == 4 && status.subject == 4 && status.detail == 7 &&
            recipient->kind == REPORT_DELAY && span_equal(said->reply.text, SPAN_LITERAL("Envelope expired")))
            recipient->kind = REPORT_BOUNCE;
    } else if (bare && only_one && !notice_has(notice, NOTICE_LOST) && notice->transcript.len > 0) {
        report_read_reply(&store, notice->transcript, false, recipient);
    }
    if (said != NULL && recipient->stage == STAGE_NONE) recipient->stage = said->stage;
    if (recipient->stage == STAGE_NONE) recipient->stage = report_stage(recipient->reply.text);
    recipient->reply.enhanced = status_counts(recipient) ? status : recipient->in_reply;
}

/* Exim names the file that it could not write to, and only its header says for whom that was. */
static void name_failed(struct report_reader *reader, struct report_list *list) {
    struct span *mailbox = list->count == 1 ? &list->at[0]->mailbox : NULL;
    if (mailbox == NULL || mailbox->len == 0 || (mailbox->data[0] != '/' && mailbox->data[0] != '|')) return;
    struct span const failed = report_mailbox(reader->failed);
    if (failed.len > 0 && span_find(failed, ',') == failed.len) *mailbox = failed;
}

static void end_fields(struct report_reader *reader, struct report_list *list) {
    enum report_kind kind = REPORT_NONE;
    name_failed(reader, list);
    for (unsigned i = 0; i < list->count; i++) {
        complete(reader, list->at[i], list->count == 1);
        kind = worse(kind, list->at[i]->kind);
    }
    use_list(reader, list, kind);
}

/* In Microsoft's form the message itself is all there is. */
static bool is_junk_message(const struct report_reader *reader) {
    return reader->junk && !reader->list && reader->parts->message_id.len > 0 &&
           (reader->from_staff || reader->parts->arf.names_junk);
}

static void end_complaint(struct report_reader *reader) {
    struct report_parts *parts = reader->parts;
    struct mail_report *report = &reader->report;
    bool complains = is_junk_message(reader) || arf_report_complains(&parts->arf, parts->message_id.len > 0);
    if (!complains && parts->arf.is_xarf) return;
    enum report_kind kind = complains ? REPORT_COMPLAINT : REPORT_NONE;
    for (unsigned i = 0; i < parts->arf.list.count; i++) parts->arf.list.at[i]->kind = kind;
    use_list(reader, &parts->arf.list, kind);
    report->feedback_type = parts->arf.feedback_type;
    report->envelope_id = parts->arf.envelope_id;
    report->original_sender = parts->arf.sender.len > 0 ? parts->arf.sender : parts->sender;
}

static void end_notice(struct report_reader *reader) {
    struct notice *notice = &reader->parts->notice;
    if (reader->returned_seen) notice_set(notice, NOTICE_UNASKED, false); /* it has the message that it speaks of */
    enum report_kind kind = notice_has(notice, NOTICE_LOST) ? REPORT_NONE : notice_kind(notice);
    if (kind == REPORT_NONE && !notice_has(notice, NOTICE_LOST) &&
        reader->failed.len > 0) /* the header says it, in whatever words */
        kind = notice_delays(notice) ? REPORT_DELAY : REPORT_BOUNCE;
    if (kind == REPORT_NONE) return;
    if (notice->list.count == 0) notice_add_failed(notice, reader->failed);
    for (unsigned i = 0; i < notice->list.count; i++) {
        notice->list.at[i]->kind = kind;
        notice->list.at[i]->reply.enhanced = notice->list.at[i]->in_reply;
    }
    use_list(reader, &notice->list, kind);
}

/* Somebody's answer while he is away.  RFC 3834 3: what goes out for a person has a null sender, and names what it
 * answers. */
static bool is_away(const struct report_reader *reader) {
    bool null_sender = reader->sender == SENDER_NULL;
    bool responder = reader->replied && null_sender && !reader->daemon && reader->answers.len > 0;
    bool answering = reader->answering && null_sender && !reader->daemon;
    return reader->vacation || responder || answering || (reader->automatic && reader->away);
}

/* Such an answer may quote a bounce; unless a mail server writes it, or says whom it speaks of. */
static bool is_answer(const struct report_reader *reader) {
    if (reader->is_report || !is_away(reader)) return false;
    return reader->vacation || (!reader->daemon && reader->failed.len == 0);
}

/* Fields in a mail that is no report itself may be another mail's, which somebody has sent on or back. */
static bool fields_count(const struct report_reader *reader) {
    bool const server = reader->daemon || reader->failed.len > 0;
    if (reader->is_report) return true;
    return is_signed(reader) && !may_be_person(reader) && !is_answer(reader) && (server || !reader->of_another);
}

/* A text without fields: Yahoo's report, or a notice. */
static bool text_counts(const struct report_reader *reader) {
    if (reader->sender == SENDER_SOMEBODY || is_answer(reader)) return false;
    if (reader->is_report) return true;
    if (reader->wrapped != 0) return fields_count(reader);
    if (reader->sender == SENDER_POSTMASTER && !reader->undelivered) return false;
    bool const returned = reader->returned_seen || reader->parts->notice.message_id.len > 0;
    return is_signed(reader) && !reader->list && (returned || !reader->if_returned);
}

static void end_parts(struct report_reader *reader) {
    struct report_parts *parts = reader->parts;
    struct mail_report *report = &reader->report;
    end_part(reader);
    if (reader->arf_seen || is_junk_message(reader)) {
        end_complaint(reader);
    } else if (parts->dsn.list.count > 0) {
        if (fields_count(reader)) end_fields(reader, &parts->dsn.list);
    } else if (reader->mdn_seen) {
        end_fields(reader, &parts->mdn.list);
        report->kind = REPORT_MDN;
    } else if (text_counts(reader)) {
        end_notice(reader);
    }
    if (report->kind == REPORT_NONE && (!reader->arf_seen || parts->arf.is_xarf)) return;
    struct notice *notice = &parts->notice;
    struct span ids[] = {parts->message_id,  parts->dsn.message_id, parts->mdn.message_id,
                         notice->message_id, reader->returns,       reader->answers};
    struct span senders[] = {report->original_sender, parts->dsn.sender, parts->sender, notice->sender};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0] && report->message_id.len == 0; i++) report->message_id = ids[i];
    report->original_sender = SPAN_EMPTY;
    for (size_t i = 0; i < sizeof senders / sizeof senders[0] && report->original_sender.len == 0; i++)
        report->original_sender = senders[i];
    if (report->envelope_id.len == 0) report->envelope_id = parts->dsn.envelope_id;
    if (report->envelope_id.len == 0) report->envelope_id = parts->mdn.envelope_id;
}

const struct mail_report *report_reader_end(struct report_reader *reader) {
    struct mail_report *report = &reader->report;
    memset(report, 0, sizeof *report);
    if (reader->state == READER_PARTS) end_parts(reader);
    if (report->kind == REPORT_NONE && report->feedback_type.len == 0 && is_away(reader) && reader->headers_over &&
        !reader->list && !reader->is_report) {
        report->kind = REPORT_VACATION;
        report->message_id = reader->answers;
    }
    return report;
}

/* --- what others ask ---------------------------------------------------------------------------------------------- */

const struct report_recipient *report_recipient(const struct mail_report *report, unsigned i) {
    return i < report->recipient_count ? report->recipients[i] : NULL;
}

struct smtp_reply report_refusal(const struct report_recipient *recipient) {
    struct smtp_reply reply = recipient->reply;
    const struct enhanced_code *status = &recipient->status;
    if (recipient->kind != REPORT_BOUNCE && recipient->kind != REPORT_DELAY) return (struct smtp_reply){.code = 0};
    bool status_says = status_counts(recipient) && (status->subject != 0 || status->detail != 0);
    bool const loops = status->subject == 4 && status->detail == 6;
    if (recipient->in_reply.class_ != 0 && !status_says) reply.enhanced = recipient->in_reply;
    if (reply.enhanced.class_ == 2) reply.enhanced = (struct enhanced_code){0, 0, 0};
    if (recipient->kind == REPORT_BOUNCE && reply.code == 0 && !loops && (status->class_ == 4 || recipient->expired)) {
        /* Given up, and no server had refused it: whatever was in the way, time ran out (RFC 3463 X.4.7). */
        reply.enhanced = (struct enhanced_code){4, 4, 7};
        reply.text = SPAN_EMPTY;
    }
    if (reply_is_refusal(&reply)) return reply;
    bool for_now = recipient->kind == REPORT_DELAY || reply.enhanced.class_ == 4;
    reply.code = for_now ? REFUSED_FOR_NOW : REFUSED_FOR_GOOD;
    return reply;
}

const char *report_kind_name(enum report_kind kind) {
    static const char *const names[] = {
        [REPORT_NONE] = "none",       [REPORT_BOUNCE] = "bounce",       [REPORT_DELAY] = "delay",
        [REPORT_SUCCESS] = "success", [REPORT_COMPLAINT] = "complaint", [REPORT_VACATION] = "vacation",
        [REPORT_MDN] = "mdn"};
    return names[kind];
}
