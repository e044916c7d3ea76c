/* The parser of a message: headers, parts, text (RFC 5322, 2045, 2046), in any cut, never kept whole.
 *
 *   HEADERS -> HEADERS_END -> BODY -+-> LEAF -> LEAF_END -+-> boundary: HEADERS of the next part, or PASS
 *                                   +-> PASS (multipart)  |
 *                                   +-> HEADERS (message) +-> end: DONE
 *
 * A state machine with its own stack of levels (mime_scan.h); each state has one function, which gives an item, or says
 * that it has none before more bytes come, or that another state's turn has come.  Headers are read where they lie in
 * the push; only one that is cut by a push is kept, in pieces, until its end comes.  Text is decoded into room that
 * belongs to the charset table, so that a message at rest holds little more than this struct.
 *
 * How much text is read, and what of a longer one, says text_sample.c; what is not read is passed over as it was sent.
 *
 * Assumed: the caller takes items until there is none before it pushes again (mail.h).  Headers end at an empty line,
 * or at a line that is no header, which is then the first of the body.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "byte_chain.h"
#include "mail_text.h"
#include "mime_fields.h"
#include "mime_scan.h"
#include "part_look.h"
#include "text_sample.h"

enum parser_state {
    STATE_HEADERS,
    STATE_HEADERS_END,
    STATE_BODY,
    STATE_LEAF,
    STATE_LEAF_END,
    STATE_CROSS,
    STATE_PASS,
    STATE_DONE
};

enum step { STEP_ITEM, STEP_STARVED, STEP_AGAIN };

#define LINE_OF_SHIFTS_BYTES 1000 /* of a charset with shift states; RFC 5322 2.1.1 allows 998 */
#define WIDE_BYTES 4              /* of a character of UTF-16 or UTF-32, at most */
#define TEXT_ROOM_BYTES CHARSET_OUT_BYTES(MAIL_CHUNK_BYTES + LINE_OF_SHIFTS_BYTES)

struct mail_parser {
    struct arena *arena;
    struct charset_table *charsets;
    struct counters *counters;
    struct span input;      /* of the last push, not yet looked at */
    struct span piece;      /* of the leaf's content, not yet decoded */
    struct byte_chain kept; /* a header, or a line of text in a charset with shift states, cut by a push */
    struct mime_scan scan;
    struct mime_fields fields; /* of the part at hand */
    struct transfer_state transfer;
    struct charset_stream stream;
    struct part_look look; /* at the leaf's bytes */
    struct text_sample sample;
    uint32_t report_left;
    unsigned part, part_count;
    uint16_t header_count;
    bool headers_lost; /* of the message itself there were more */
    uint8_t state;
    bool finished;
    bool in_header;       /* the name of the header at hand is read */
    bool header_line_end; /* and its last byte was the end of a line */
    bool header_over;
    bool after_gap; /* a line that begins with a blank goes on with a header that was lost */
    bool sampled;   /* the leaf is text for people */
    bool decode;    /* the leaf is a report's text, and is wanted */
    bool report_over;
    bool jump;        /* before the text that comes next some was not read */
    bool at_boundary; /* the leaf ended in one */
    uint8_t phase;    /* bytes of the leaf that were decoded, as far as characters of several bytes need it */
};

struct mail_parser *mail_parser_new(struct arena *arena, struct charset_table *charsets, struct counters *counters) {
    struct mail_parser *parser = arena_alloc(arena, sizeof *parser);
    if (parser == NULL) return NULL;
    parser->arena = arena;
    parser->charsets = charsets;
    parser->counters = counters;
    text_sample_begin(&parser->sample, LIMIT_TEXT_BYTES_DEFAULT);
    parser->report_left = LIMIT_REPORT_TEXT_BYTES;
    parser->part_count = 1;
    parser->scan = (struct mime_scan){.arena = arena, .counters = counters, .line_start = true};
    mime_fields_begin(&parser->fields, 0, false);
    return parser;
}

void mail_limit_text(struct mail_parser *parser, uint32_t bytes) {
    text_sample_begin(&parser->sample, bytes);
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

enum line_class { LINE_UNDECIDED, LINE_HEADER, LINE_EMPTY, LINE_BLANK, LINE_MBOX, LINE_LOST, LINE_LONG, LINE_OTHER };

/* What the line that s begins with is, by its first bytes: a header's name is 33 to 126 without the colon, and blanks
 * may stand before the colon (RFC 5322 4.5). */
static enum line_class classify_name(struct span s) {
    struct span head = span_head(s, LIMIT_HEADER_NAME_BYTES + 1);
    size_t i = 0;
    while (i < head.len && head.data[i] > ' ' && head.data[i] < 127 && head.data[i] != ':') i++;
    size_t name_len = i;
    while (i < head.len && ascii_is_blank(head.data[i])) i++;
    if (i < head.len) return head.data[i] == ':' && name_len > 0 ? LINE_HEADER : LINE_OTHER;
    return head.len > LIMIT_HEADER_NAME_BYTES ? LINE_LONG : LINE_UNDECIDED;
}

static enum line_class classify(struct span s) {
    if (s.len == 0) return LINE_UNDECIDED;
    if (s.data[0] == '\n') return LINE_EMPTY;
    if (ascii_is_blank(s.data[0])) return LINE_BLANK;
    if (s.data[0] == '\r' || s.data[0] == '-') {
        if (s.len < 2) return LINE_UNDECIDED;
        if (s.data[0] == '\r') return s.data[1] == '\n' ? LINE_EMPTY : LINE_OTHER;
        if (s.data[1] == '-') return LINE_OTHER; /* a boundary, more likely */
    }
    return classify_name(s);
}

/* The line that the first mail store in a file writes before a message; some senders forget to take it out. */
static bool is_mbox_line(const struct mail_parser *parser, struct span s) {
    if (parser->part != 0 || parser->header_count != 0) return false;
    return span_starts_with(s, SPAN_LITERAL("From ")) || span_starts_with(s, SPAN_LITERAL(">From "));
}

/* Classifies the line at hand, in input when it lies there whole enough, else in scan.line, where it is put together.
 * An empty line is taken off.  LINE_LOST: there was no memory to put it together. */
static enum line_class next_line_class(struct mail_parser *parser) {
    struct mime_scan *scan = &parser->scan;
    enum line_class class;
    if (scan->line_len == 0) {
        class = classify(parser->input);
        if (class == LINE_OTHER && is_mbox_line(parser, parser->input)) class = LINE_MBOX;
        if (class == LINE_EMPTY) parser->input = span_from(parser->input, parser->input.data[0] == '\n' ? 1 : 2);
        if (class != LINE_UNDECIDED) return class;
    }
    while ((class = classify(span_of(scan->line, scan->line_len))) == LINE_UNDECIDED && parser->input.len > 0)
        if (!mime_scan_keep(scan, &parser->input)) return LINE_LOST;
    if (class == LINE_OTHER && is_mbox_line(parser, span_of(scan->line, scan->line_len))) class = LINE_MBOX;
    if (class == LINE_EMPTY) scan->line_len = 0;
    return class;
}

/* How much of input belongs to the header at hand: it ends before a line that does not begin with a blank. */
static size_t header_extent(struct mail_parser *parser, bool *complete) {
    struct span s = parser->input;
    bool line_end = parser->header_line_end;
    size_t at = 0;
    *complete = false;
    while (at < s.len) {
        if (line_end && !ascii_is_blank(s.data[at])) {
            *complete = true;
            return at;
        }
        size_t newline = at + span_find(span_from(s, at), '\n');
        line_end = newline < s.len;
        at = line_end ? newline + 1 : newline;
    }
    parser->header_line_end = line_end;
    return at;
}

static void keep(struct mail_parser *parser, struct span bytes) {
    if (bytes.len == 0) return;
    if (bytes.len > MAIL_RAW_BYTES - (size_t)parser->kept.len) parser->header_over = true;
    if (!byte_chain_append(&parser->kept, parser->arena, bytes, MAIL_RAW_BYTES)) parser->counters->message_memory++;
}

/* The header whose last bytes are these, in one piece. */
static struct span whole_header(struct mail_parser *parser, struct span last) {
    if (parser->kept.len == 0) {
        if (last.len > MAIL_RAW_BYTES) parser->header_over = true;
        return span_head(last, MAIL_RAW_BYTES);
    }
    keep(parser, last);
    struct span all = byte_chain_join(&parser->kept, charset_scratch(parser->charsets)->joined, MAIL_RAW_BYTES);
    byte_chain_clear(&parser->kept);
    return all;
}

/* What people and most programs make of a folded header: whatever blanks a line goes on with are one.  raw, which
 * structure is read from, has them all (RFC 5322 2.2.3). */
static struct span header_value(struct mail_parser *parser, struct span lines, struct span raw) {
    struct mail_scratch *scratch = charset_scratch(parser->charsets);
    if (raw.data == scratch->raw) raw = mail_text_join_lines(lines, raw.len, scratch->lines);
    return mail_text_decode(parser->charsets, raw, parser->counters);
}

static enum step give_header(struct mail_parser *parser, struct span lines, struct mail_item *item) {
    size_t colon = span_find(lines, ':');
    struct span name = span_trim(span_head(lines, colon));
    lines = span_from(lines, colon + 1);
    struct span raw = mail_text_unfold(lines, charset_scratch(parser->charsets)->raw);
    if (raw.len > LIMIT_HEADER_VALUE_BYTES) {
        parser->header_over = true;
        raw = span_trim(utf8_head(raw, LIMIT_HEADER_VALUE_BYTES));
    }
    if (parser->header_over) parser->counters->header_cut++;
    parser->header_over = false;
    mime_fields_note(&parser->fields, parser->charsets, parser->arena, name, raw, parser->counters);
    if (parser->part == 0) text_sample_stir(&parser->sample, raw);
    if (parser->header_count == LIMIT_HEADERS) {
        parser->counters->headers_dropped++;
        parser->headers_lost |= parser->part == 0;
        return STEP_AGAIN;
    }
    parser->header_count++;
    /* Behind a gap it may be a header of a message that is quoted: what it says of the structure may still help. */
    if (parser->part == 0 && parser->fields.gapped) return STEP_AGAIN;
    struct span value = header_value(parser, lines, raw);
    *item = (struct mail_item){.type = MAIL_HEADER,
                               .part = parser->part,
                               .name = name,
                               .raw = raw,
                               .value = value,
                               .info = &parser->fields.info};
    return STEP_ITEM;
}

static enum step end_headers(struct mail_parser *parser) {
    parser->state = STATE_HEADERS_END;
    parser->after_gap = false;
    parser->scan.line_start = true;
    return STEP_AGAIN;
}

static void skip_mbox_line(struct mail_parser *parser) {
    struct mime_scan *scan = &parser->scan;
    bool whole = scan->line_len > 0 && scan->line[scan->line_len - 1] == '\n';
    mime_scan_gap(scan);
    scan->skip_line = !whole;
}

/* At the beginning of a line in a header section. */
static enum step step_header_line(struct mail_parser *parser) {
    switch (next_line_class(parser)) {
        case LINE_UNDECIDED:
            return parser->finished ? end_headers(parser) : STEP_STARVED;
        case LINE_HEADER:
            parser->in_header = true;
            parser->header_line_end = false;
            parser->after_gap = false;
            keep(parser, span_of(parser->scan.line, parser->scan.line_len));
            parser->scan.line_len = 0;
            return STEP_AGAIN;
        case LINE_BLANK:
            if (!parser->after_gap) return end_headers(parser);
            mime_scan_gap(&parser->scan);
            return STEP_AGAIN;
        case LINE_MBOX:
            skip_mbox_line(parser);
            return STEP_AGAIN;
        case LINE_LOST:
            mime_scan_gap(&parser->scan);
            parser->after_gap = parser->fields.gapped = true;
            return STEP_AGAIN;
        case LINE_LONG:
            parser->counters->header_name_long++;
            break;
        case LINE_EMPTY:
        case LINE_OTHER:
            break;
    }
    return end_headers(parser);
}

static enum step step_headers(struct mail_parser *parser, struct mail_item *item) {
    if (parser->scan.skip_line && !mime_scan_skip_line(&parser->scan, &parser->input))
        return parser->finished ? end_headers(parser) : STEP_STARVED;
    if (!parser->in_header) return step_header_line(parser);
    bool complete;
    size_t extent = header_extent(parser, &complete);
    struct span lines = span_head(parser->input, extent);
    parser->input = span_from(parser->input, extent);
    if (!complete && !parser->finished) {
        keep(parser, lines);
        return STEP_STARVED;
    }
    parser->in_header = false;
    return give_header(parser, whole_header(parser, lines), item);
}

/* Not said of headers that a gap fell into, or that were too many: they are not complete. */
static enum step step_headers_end(struct mail_parser *parser, struct mail_item *item) {
    mime_fields_end(&parser->fields);
    parser->state = STATE_BODY;
    if (parser->part != 0 || parser->fields.gapped || parser->headers_lost) return STEP_AGAIN;
    *item = (struct mail_item){.type = MAIL_HEADERS_END};
    return STEP_ITEM;
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static void begin_part(struct mail_parser *parser, bool message) {
    if (parser->part_count == LIMIT_MIME_PARTS) {
        parser->counters->mime_parts++;
        parser->state = STATE_PASS;
        parser->scan.line_start = true;
        return;
    }
    parser->part = parser->part_count++;
    parser->state = STATE_HEADERS;
    mime_fields_begin(&parser->fields, parser->scan.depth, message);
}

static enum text_cut cut_of(const struct mail_parser *parser) {
    if (charset_is_wide(parser->stream.charset)) return TEXT_CUT_ANYWHERE;
    if (charset_by_lines(parser->stream.charset)) return TEXT_CUT_LINES;
    return parser->fields.info.kind == PART_HTML ? TEXT_CUT_TAGS : TEXT_CUT_WORDS;
}

static void begin_text(struct mail_parser *parser) {
    const struct part_info *info = &parser->fields.info;
    parser->sampled = info->kind == PART_PLAIN || info->kind == PART_HTML;
    parser->decode = info->kind == PART_REPORT && !parser->report_over;
    parser->jump = false;
    parser->phase = 0;
    parser->stream = (struct charset_stream){.charset = charset_find(parser->charsets, info->charset)};
    bool const wanted = parser->sampled || parser->decode;
    if (wanted && info->charset.len > 0 && parser->stream.charset == NULL) parser->counters->charset_unknown++;
    if (parser->sampled)
        text_sample_part(&parser->sample, info->kind == PART_HTML, parser->scan.depth == 0, cut_of(parser));
}

static enum step begin_leaf(struct mail_parser *parser, struct mail_item *item) {
    struct part_info *info = &parser->fields.info;
    parser->state = STATE_LEAF;
    parser->transfer = (struct transfer_state){.encoding = transfer_encoding_of(info->encoding)};
    begin_text(parser);
    /* Text is decoded anyway, and in quoted-printable no place is known but from the beginning. */
    bool head_only =
        parser->sampled || info->kind == PART_REPORT || parser->transfer.encoding == TRANSFER_QUOTED_PRINTABLE;
    part_look_begin(&parser->look, part_is_attached(info), head_only);
    *item = (struct mail_item){.type = MAIL_PART_BEGIN, .part = parser->part, .info = info};
    return STEP_ITEM;
}

/* The headers of a part are read: goes into it. */
static enum step step_body(struct mail_parser *parser, struct mail_item *item) {
    struct mime_fields *fields = &parser->fields;
    if (fields->structure == MIME_LEAF) return begin_leaf(parser, item);
    if (!mime_scan_enter(&parser->scan, fields->structure == MIME_MULTIPART ? fields->boundary : NULL)) {
        parser->counters->mime_depth++;
        return begin_leaf(parser, item);
    }
    if (fields->structure == MIME_MULTIPART)
        parser->state = STATE_PASS;
    else
        begin_part(parser, false);
    return STEP_AGAIN;
}

static void cross_boundary(struct mail_parser *parser) {
    struct mime_scan *scan = &parser->scan;
    scan->depth = (uint8_t)(scan->found_level + (scan->found_final ? 0 : 1));
    scan->line_start = true;
    if (scan->found_final)
        parser->state = STATE_PASS;
    else
        begin_part(parser, scan->levels[scan->found_level]->digest);
}

/* Before the first part, behind the last one, and in parts that are not looked at. */
static enum step step_pass(struct mail_parser *parser, struct mail_item *item) {
    (void)item;
    struct span content;
    if (mime_scan_next(&parser->scan, &parser->input, parser->finished, SCAN_WANT_NOTHING, &content) == SCAN_BOUNDARY) {
        cross_boundary(parser);
        return STEP_AGAIN;
    }
    if (!parser->finished) return STEP_STARVED;
    parser->state = STATE_DONE;
    return STEP_AGAIN;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static size_t to_text(struct mail_parser *parser, struct span bytes, size_t len) {
    uint8_t *text = charset_scratch(parser->charsets)->text;
    if (MAIL_TEXT_BYTES - len < CHARSET_OUT_BYTES(bytes.len)) return len;
    return len + charset_convert(parser->charsets, &parser->stream, bytes, text + len);
}

/* A line in a charset with shift states, as far as it has come. */
static size_t kept_line_to_text(struct mail_parser *parser, size_t len) {
    struct span line = byte_chain_join(&parser->kept, charset_scratch(parser->charsets)->joined, MAIL_RAW_BYTES);
    len = to_text(parser, line, len);
    uint8_t *text = charset_scratch(parser->charsets)->text;
    if (MAIL_TEXT_BYTES - len >= CHARSET_OUT_BYTES(0))
        len += charset_end(parser->charsets, &parser->stream, text + len);
    byte_chain_clear(&parser->kept);
    return len;
}

static size_t lines_to_text(struct mail_parser *parser, struct span bytes, size_t len) {
    while (bytes.len > 0) {
        size_t newline = span_find(bytes, '\n');
        struct span line = span_head(bytes, newline + 1);
        line = span_head(line, LINE_OF_SHIFTS_BYTES - (size_t)parser->kept.len);
        if (!byte_chain_append(&parser->kept, parser->arena, line, LINE_OF_SHIFTS_BYTES)) {
            parser->counters->message_memory++;
            byte_chain_clear(&parser->kept);
        }
        bytes = span_from(bytes, line.len);
        bool whole = (line.len > 0 && line.data[line.len - 1] == '\n') || parser->kept.len == LINE_OF_SHIFTS_BYTES;
        if (whole) len = kept_line_to_text(parser, len);
    }
    return len;
}

/* Shows decoded bytes to who wants to know what they are. */
static void look_at(struct mail_parser *parser, struct span bytes) {
    if (part_look_room(&parser->look) == 0) return;
    part_look_push(&parser->look, parser->arena, parser->counters, bytes, charset_scratch(parser->charsets)->text);
}

/* Bytes of text that nobody reads, as they were sent, or as far as they were decoded. */
static void count_unread(struct mail_parser *parser, size_t bytes) {
    if (bytes == 0) return;
    parser->counters->text_unread_bytes += bytes;
    if (!parser->sample.cut) parser->counters->text_cut++;
    parser->sample.cut = true;
}

static size_t bytes_to_text(struct mail_parser *parser, struct span bytes, size_t len) {
    look_at(parser, bytes);
    parser->phase = (uint8_t)(parser->phase + bytes.len);
    if (parser->sampled) {
        size_t const all = bytes.len;
        bytes = text_sample_edge(&parser->sample, bytes);
        count_unread(parser, all - bytes.len);
    }
    if (charset_by_lines(parser->stream.charset)) return lines_to_text(parser, bytes, len);
    return to_text(parser, bytes, len);
}

/* Decodes some of a piece; returns the text's new length. */
static size_t piece_to_text(struct mail_parser *parser, struct span *piece, size_t len) {
    struct span bytes;
    if (parser->transfer.encoding == TRANSFER_IDENTITY) {
        bytes = span_head(*piece, MAIL_CHUNK_BYTES);
        *piece = span_from(*piece, bytes.len);
    } else {
        uint8_t *chunk = charset_scratch(parser->charsets)->chunk;
        bytes = span_of(chunk, transfer_decode(&parser->transfer, piece, chunk, MAIL_CHUNK_BYTES));
    }
    return bytes_to_text(parser, bytes, len);
}

/* The piece is of a leaf whose text is not wanted, but what it is. */
static void piece_to_look(struct mail_parser *parser) {
    size_t room = part_look_room(&parser->look);
    if (room == 0) {
        part_look_pass(&parser->look, parser->piece);
        parser->piece = SPAN_EMPTY;
        return;
    }
    uint8_t *chunk = charset_scratch(parser->charsets)->chunk;
    size_t max = MAIL_CHUNK_BYTES;
    if (!parser->look.head_only && room < max) max = room; /* behind it bytes are wanted as they stand */
    look_at(parser, span_of(chunk, transfer_decode(&parser->transfer, &parser->piece, chunk, max)));
}

static void end_look(struct mail_parser *parser) {
    uint8_t rest[TRANSFER_END_BYTES];
    look_at(parser, span_of(rest, transfer_end(&parser->transfer, rest)));
}

static enum scan_want wanted_of(const struct mail_parser *parser) {
    if (parser->sampled || parser->decode || part_look_room(&parser->look) > 0) return SCAN_WANT_CONTENT;
    return parser->look.stage == LOOK_TAIL ? SCAN_WANT_PASSED : SCAN_WANT_NOTHING;
}

/* Nothing of the leaf follows. */
static size_t end_text(struct mail_parser *parser, size_t len) {
    uint8_t rest[TRANSFER_END_BYTES];
    len = bytes_to_text(parser, span_of(rest, transfer_end(&parser->transfer, rest)), len);
    if (charset_by_lines(parser->stream.charset)) return kept_line_to_text(parser, len);
    return len + charset_end(parser->charsets, &parser->stream, charset_scratch(parser->charsets)->text + len);
}

/* Keeps what reports say to programs within its limit; no text for people hides it. */
static struct span limit_report(struct mail_parser *parser, struct span text) {
    if (text.len <= parser->report_left) {
        parser->report_left -= (uint32_t)text.len;
        return text;
    }
    text = utf8_head(text, parser->report_left);
    parser->report_left = 0;
    parser->report_over = true;
    parser->decode = false;
    if (part_look_room(&parser->look) == 0) parser->piece = SPAN_EMPTY;
    byte_chain_clear(&parser->kept);
    parser->counters->report_text_cut++;
    return text;
}

/* --- text that may be too long to be read whole ------------------------------------------------------------------- */

/* The text has grown from len on: keeps what is paid for. */
static size_t pay(struct mail_parser *parser, size_t len, size_t grown) {
    struct span const text = span_slice(span_of(charset_scratch(parser->charsets)->text, grown), len, grown - len);
    size_t const kept = text_sample_pay(&parser->sample, text);
    count_unread(parser, text.len - kept);
    return len + kept;
}

/* In quoted-printable only what is decoded tells where characters of several bytes begin. */
static bool must_be_decoded(const struct mail_parser *parser) {
    return parser->transfer.encoding == TRANSFER_QUOTED_PRINTABLE && charset_is_wide(parser->stream.charset);
}

/* Passes over text that is not read; where its groups and characters begin stays known. */
static void pass_text(struct mail_parser *parser, struct span *piece) {
    size_t const before = piece->len;
    if (part_look_room(&parser->look) > 0 || must_be_decoded(parser)) {
        uint8_t *chunk = charset_scratch(parser->charsets)->chunk;
        struct span const bytes = span_of(chunk, transfer_decode(&parser->transfer, piece, chunk, MAIL_CHUNK_BYTES));
        look_at(parser, bytes);
        parser->phase = (uint8_t)(parser->phase + bytes.len);
    } else {
        parser->phase = (uint8_t)(parser->phase + transfer_pass(&parser->transfer, *piece));
        *piece = SPAN_EMPTY;
    }
    count_unread(parser, before - piece->len);
}

/* Text may begin here: no group of base64, no escape and no character is cut. */
static bool may_begin(const struct mail_parser *parser) {
    bool const wide = charset_is_wide(parser->stream.charset);
    return transfer_is_between(&parser->transfer) && (!wide || parser->phase % WIDE_BYTES == 0);
}

/* What is read ends here, for now.  Half a character, or half an escape, is left out. */
static size_t end_run(struct mail_parser *parser, size_t len) {
    size_t grown = len;
    if (charset_by_lines(parser->stream.charset)) grown = kept_line_to_text(parser, len);
    parser->stream.carry_len = 0;
    return pay(parser, len, grown);
}

static void begin_run(struct mail_parser *parser) {
    parser->jump = true;
    parser->stream.carry_len = 0;
    if (!must_be_decoded(parser)) transfer_break(&parser->transfer);
}

/* The next stretch of the text.  False: what was read before a gap must be handed out first. */
static bool begin_stretch(struct mail_parser *parser, size_t *len) {
    struct text_sample *sample = &parser->sample;
    bool const gap = sample->stretch == TEXT_GAP, read = text_sample_reads(sample);
    if (gap && !may_begin(parser)) {
        sample->stretch_left = 1;
        return true;
    }
    if (gap && *len > 0) return false;
    text_sample_next(sample);
    bool const reads = text_sample_reads(sample);
    if (read && !reads) *len = end_run(parser, *len);
    if (gap && reads) begin_run(parser);
    if (sample->stretch == TEXT_SLICE || sample->stretch == TEXT_BEGINNING) parser->counters->text_slices++;
    return true;
}

/* Some of the piece.  False: what was read must be handed out first. */
static bool sample_piece(struct mail_parser *parser, size_t *len) {
    struct text_sample *sample = &parser->sample;
    if (sample->stretch_left == 0) return begin_stretch(parser, len);
    struct span const now = span_head(parser->piece, sample->stretch_left);
    struct span rest = now;
    if (text_sample_reads(sample))
        *len = pay(parser, *len, piece_to_text(parser, &rest, *len));
    else
        pass_text(parser, &rest);
    size_t const taken = now.len - rest.len;
    sample->stretch_left -= (uint32_t)taken;
    parser->piece = span_from(parser->piece, taken);
    return true;
}

/* --- a leaf ------------------------------------------------------------------------------------------------------- */

/* Some of the piece.  False: what was read must be handed out first. */
static bool take_piece(struct mail_parser *parser, size_t *len) {
    if (parser->sampled) return sample_piece(parser, len);
    if (parser->decode)
        *len = piece_to_text(parser, &parser->piece, *len);
    else
        piece_to_look(parser);
    return true;
}

static size_t end_leaf(struct mail_parser *parser, size_t len) {
    if (parser->sampled && text_sample_reads(&parser->sample)) return pay(parser, len, end_text(parser, len));
    if (parser->decode) return end_text(parser, len);
    end_look(parser);
    return len;
}

static enum step step_leaf(struct mail_parser *parser, struct mail_item *item) {
    size_t len = 0;
    enum scan_result result = SCAN_CONTENT;
    while (MAIL_TEXT_BYTES - len >= TEXT_ROOM_BYTES) {
        if (parser->piece.len == 0)
            result = mime_scan_next(&parser->scan, &parser->input, parser->finished, wanted_of(parser), &parser->piece);
        if (result != SCAN_CONTENT || !take_piece(parser, &len)) break;
    }
    if (result == SCAN_BOUNDARY || (result == SCAN_STARVED && parser->finished)) {
        parser->at_boundary = result == SCAN_BOUNDARY;
        parser->state = STATE_LEAF_END;
        len = end_leaf(parser, len);
    }
    struct span text = span_of(charset_scratch(parser->charsets)->text, len);
    if (!parser->sampled) text = limit_report(parser, text);
    if (text.len == 0) return parser->state == STATE_LEAF && result == SCAN_STARVED ? STEP_STARVED : STEP_AGAIN;
    *item = (struct mail_item){
        .type = MAIL_TEXT, .part = parser->part, .info = &parser->fields.info, .text = text, .jump = parser->jump};
    parser->jump = false;
    return STEP_ITEM;
}

static enum step step_leaf_end(struct mail_parser *parser, struct mail_item *item) {
    parser->fields.info.content = part_look_end(&parser->look, parser->transfer.encoding, parser->counters,
                                                charset_scratch(parser->charsets)->text);
    *item = (struct mail_item){
        .type = MAIL_PART_END, .part = parser->part, .info = &parser->fields.info, .cut = parser->sample.cut};
    /* The item shows the part's description: the next part's may be begun only after it was looked at. */
    parser->state = parser->at_boundary ? STATE_CROSS : STATE_DONE;
    return STEP_ITEM;
}

/* --- the caller's side -------------------------------------------------------------------------------------------- */

void mail_push(struct mail_parser *parser, struct span bytes) {
    parser->input = bytes;
}

void mail_gap(struct mail_parser *parser, uint64_t length) {
    if (length == 0) return;
    parser->input = parser->piece = SPAN_EMPTY;
    byte_chain_clear(&parser->kept);
    mime_scan_gap(&parser->scan);
    parser->in_header = parser->header_over = false;
    part_look_gap(&parser->look);
    if (parser->state == STATE_HEADERS) parser->after_gap = parser->fields.gapped = true;
    parser->transfer = (struct transfer_state){.encoding = parser->transfer.encoding};
    parser->stream.carry_len = 0;
    parser->phase = 0;
}

void mail_finish(struct mail_parser *parser) {
    parser->finished = true;
    parser->input = SPAN_EMPTY;
}

static enum step step_cross(struct mail_parser *parser, struct mail_item *item) {
    (void)item;
    cross_boundary(parser);
    return STEP_AGAIN;
}

static enum step step_done(struct mail_parser *parser, struct mail_item *item) {
    (void)item;
    parser->input = SPAN_EMPTY;
    return STEP_STARVED;
}

static enum step (*const steps[])(struct mail_parser *parser, struct mail_item *item) = {
    [STATE_HEADERS] = step_headers,   [STATE_HEADERS_END] = step_headers_end,
    [STATE_BODY] = step_body,         [STATE_LEAF] = step_leaf,
    [STATE_LEAF_END] = step_leaf_end, [STATE_CROSS] = step_cross,
    [STATE_PASS] = step_pass,         [STATE_DONE] = step_done,
};

bool mail_next(struct mail_parser *parser, struct mail_item *item) {
    enum step step;
    while ((step = steps[parser->state](parser, item)) == STEP_AGAIN) continue;
    return step == STEP_ITEM;
}
