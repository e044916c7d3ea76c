/* What is kept of a message: one item after the other, each looked at once (RFC 5322 3.6, 6376, 8058).
 *
 * Only the message's own headers count, not those of its parts.  Of a header that should be there once, the first one
 * counts; how many there were is kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "charset.h"
#include "text_shape.h"
#include "word_sets.h"

#define KEEP_FROM_BYTES 400 /* a display name and an address */
#define FROM_LINES_MAX 4    /* whose names are kept: there should be one */
#define KEEP_CONTENT_TYPE_BYTES 128
#define KEEP_UNSUBSCRIBE_BYTES 512
#define LINE_BYTES_MAX 998     /* RFC 5322 2.1.1: longer lines need an encoding */
#define PLAIN_LOOKED_BYTES 512 /* of plain text, to see whether there is any */
#define BEYOND_ASCII_MAX 0.05  /* of a text: quoted-printable is shorter than base64 up to here, and readable */

struct taker {
    struct mail_summary *summary;
    const struct mail_item *item;
    struct arena *arena;
    struct counters *counters;
};

static void count(uint16_t *counter) {
    if (*counter < UINT16_MAX) (*counter)++;
}

/* A copy in the arena; bytes that are no UTF-8 (a value read raw may have them) become "?". */
static struct span keep_as(const struct taker *taker, struct span s, size_t len_max, bool lower) {
    s = utf8_head(s, len_max);
    uint8_t *copy = s.len == 0 ? NULL : arena_alloc(taker->arena, s.len);
    if (copy == NULL) {
        if (s.len > 0) taker->counters->message_memory++;
        return SPAN_EMPTY;
    }
    bool const valid = utf8_valid(s);
    memcpy(copy, s.data, s.len);
    for (size_t i = 0; i < s.len && !valid; i++)
        if (copy[i] >= 0x80) copy[i] = '?';
    for (size_t i = 0; i < s.len && lower; i++) copy[i] = ascii_lower(copy[i]);
    return span_of(copy, s.len);
}

static struct span keep(const struct taker *taker, struct span s, size_t len_max) {
    return keep_as(taker, s, len_max, false);
}

static struct span keep_lower(const struct taker *taker, struct span s, size_t len_max) {
    return keep_as(taker, s, len_max, true);
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

/* A further From: who shows which one is not known, so what its name does counts, too. */
static void take_more_from(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    struct mail_address address;
    uint8_t both[KEEP_FROM_BYTES];
    if (summary->from_headers > FROM_LINES_MAX || mail_addresses(taker->item->raw, &address) == 0) return;
    struct span const name = mail_display_name(taker->item->raw, taker->item->value, &address);
    struct span const before = span_head(summary->from_display, sizeof both - 1);
    struct span const more = utf8_head(name, sizeof both - 1 - before.len);
    if (more.len == 0) return;
    if (before.len > 0) memcpy(both, before.data, before.len);
    both[before.len] = '\n';
    memcpy(both + before.len + 1, more.data, more.len);
    summary->from_display = keep(taker, span_of(both, before.len + 1 + more.len), sizeof both);
}

static void take_from(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    struct mail_address address;
    count(&summary->from_headers);
    if (summary->from_headers > 1) {
        take_more_from(taker);
        return;
    }
    unsigned addresses = mail_addresses(taker->item->raw, &address);
    summary->from_addresses = (uint16_t)addresses;
    summary->from_bad = addresses == 0;
    summary->from = keep(taker, taker->item->value, KEEP_FROM_BYTES);
    if (addresses == 0) return;
    summary->from_domain = keep_lower(taker, address.domain, LIMIT_DOMAIN_BYTES);
    summary->from_display =
        keep(taker, mail_display_name(taker->item->raw, taker->item->value, &address), KEEP_FROM_BYTES);
}

static void take_reply_to(const struct taker *taker) {
    struct mail_address address;
    if (taker->summary->reply_to_domain.len > 0 || mail_addresses(taker->item->raw, &address) == 0) return;
    taker->summary->reply_to_domain = keep_lower(taker, address.domain, LIMIT_DOMAIN_BYTES);
}

static void take_sender(const struct taker *taker) {
    struct mail_address address;
    if (taker->summary->sender_domain.len > 0 || mail_addresses(taker->item->raw, &address) == 0) return;
    taker->summary->sender_domain = keep_lower(taker, address.domain, LIMIT_DOMAIN_BYTES);
}

static void take_to(const struct taker *taker) {
    count(&taker->summary->to_headers);
    if (taker->summary->to_headers == 1) taker->summary->to = keep(taker, taker->item->value, LIMIT_ADDRESS_BYTES);
}

static void take_subject(const struct taker *taker) {
    count(&taker->summary->subject_headers);
    if (taker->summary->subject_headers == 1)
        taker->summary->subject = keep(taker, taker->item->value, LIMIT_SUBJECT_BYTES);
}

static void take_message_id(const struct taker *taker) {
    count(&taker->summary->message_id_headers);
    if (taker->summary->message_id_headers > 1) return;
    struct span id = mail_message_id(taker->item->raw);
    taker->summary->message_id_bad = id.len == 0;
    taker->summary->message_id = keep(taker, id, LIMIT_MESSAGE_ID_BYTES);
}

static void take_date(const struct taker *taker) {
    count(&taker->summary->date_headers);
    if (taker->summary->date_headers > 1) return;
    taker->summary->date_bad = !mail_date(taker->item->raw, &taker->summary->date);
}

static void take_received(const struct taker *taker) {
    count(&taker->summary->received_headers);
}

static void take_dkim(const struct taker *taker) {
    count(&taker->summary->dkim_signatures);
    if (taker->summary->dkim_signatures > 1) return;
    taker->summary->dkim_domain = keep_lower(taker, mail_tag(taker->item->raw, SPAN_LITERAL("d")), LIMIT_DOMAIN_BYTES);
}

static void take_list_unsubscribe(const struct taker *taker) {
    if (taker->summary->list_unsubscribe.len > 0) return;
    taker->summary->list_unsubscribe = keep(taker, taker->item->value, KEEP_UNSUBSCRIBE_BYTES);
}

/* RFC 8058 3.1: the value is List-Unsubscribe=One-Click and nothing else. */
static void take_one_click(const struct taker *taker) {
    if (span_equal_nocase(taker->item->raw, SPAN_LITERAL("List-Unsubscribe=One-Click")))
        taker->summary->one_click = true;
}

static void take_content_type(const struct taker *taker) {
    if (taker->summary->content_type.len > 0) return;
    taker->summary->content_type = keep(taker, taker->item->value, KEEP_CONTENT_TYPE_BYTES);
}

static void take_mime_version(const struct taker *taker) {
    taker->summary->mime_version = true;
}

/* RFC 3834 5: "no" is what a person sends. */
static void take_automatic(const struct taker *taker) {
    struct span value = span_trim(span_head(taker->item->raw, span_find(taker->item->raw, ';')));
    if (!span_equal_nocase(value, SPAN_LITERAL("no"))) taker->summary->passes_on |= PASSES_AUTOMATIC;
}

static const struct {
    struct span name;
    void (*take)(const struct taker *taker); /* NULL: it is only a sign */
    uint8_t sign;                            /* PASSES_... */
} headers[] = {
    {SPAN_LITERAL("Received"), take_received, 0},
    {SPAN_LITERAL("From"), take_from, 0},
    {SPAN_LITERAL("To"), take_to, 0},
    {SPAN_LITERAL("Subject"), take_subject, 0},
    {SPAN_LITERAL("Date"), take_date, 0},
    {SPAN_LITERAL("Message-ID"), take_message_id, 0},
    {SPAN_LITERAL("Reply-To"), take_reply_to, 0},
    {SPAN_LITERAL("Sender"), take_sender, 0},
    {SPAN_LITERAL("DKIM-Signature"), take_dkim, 0},
    {SPAN_LITERAL("Content-Type"), take_content_type, 0},
    {SPAN_LITERAL("MIME-Version"), take_mime_version, 0},
    {SPAN_LITERAL("List-Unsubscribe"), take_list_unsubscribe, 0},
    {SPAN_LITERAL("List-Unsubscribe-Post"), take_one_click, 0},
    {SPAN_LITERAL("List-Id"), NULL, PASSES_LIST},
    {SPAN_LITERAL("Auto-Submitted"), take_automatic, 0},
    {SPAN_LITERAL("X-Autoreply"), take_automatic, 0},
    {SPAN_LITERAL("Delivered-To"), NULL, PASSES_FORWARDED},
    {SPAN_LITERAL("X-Forwarded-To"), NULL, PASSES_FORWARDED},
    {SPAN_LITERAL("X-Forwarded-For"), NULL, PASSES_FORWARDED},
    {SPAN_LITERAL("X-Sieve-Redirected-From"), NULL, PASSES_FORWARDED},
    {SPAN_LITERAL("ARC-Seal"), NULL, PASSES_ARC},
    {SPAN_LITERAL("Resent-From"), NULL, PASSES_RESENT},
    {SPAN_LITERAL("Resent-Sender"), NULL, PASSES_RESENT},
    {SPAN_LITERAL("Resent-To"), NULL, PASSES_RESENT},
    {SPAN_LITERAL("Resent-Message-ID"), NULL, PASSES_RESENT},
};

static void take_header(const struct taker *taker) {
    if (taker->item->part != 0) return;
    count(&taker->summary->headers);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        if (!span_equal_nocase(taker->item->name, headers[i].name)) continue;
        taker->summary->passes_on |= headers[i].sign;
        if (headers[i].take != NULL) headers[i].take(taker);
        return;
    }
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

/* Words are compared where there can be two versions. */
static void take_words(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    if (summary->word_sets == NULL && taker->item->info->depth > 0 && !arena_is_tight(taker->arena)) {
        summary->word_sets = arena_alloc(taker->arena, sizeof *summary->word_sets);
        if (summary->word_sets == NULL) taker->counters->message_memory++;
    }
    if (summary->word_sets != NULL && summary->html_facts != NULL)
        html_facts_tell_words(summary->html_facts, &summary->word_sets->html);
}

/* It takes as much as all the rest of a message: while others need the memory, too, less of each is better than nothing
 * of some. */
static void take_markup(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    if (arena_is_tight(taker->arena))
        taker->counters->markup_unread++;
    else
        summary->html_facts = html_facts_new(taker->arena, &summary->html, summary->from_domain, taker->counters);
}

static void take_part(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    const struct part_info *info = taker->item->info;
    count(&summary->parts);
    if (info->attachment) {
        count(&summary->attachments);
        return;
    }
    if (info->kind == PART_HTML) {
        count(&summary->html_parts);
        if (summary->html_parts == 1) take_markup(taker);
    }
    if (info->kind == PART_PLAIN) count(&summary->plain_parts);
    if (info->kind == PART_PLAIN || info->kind == PART_HTML) take_words(taker);
}

static bool is_base64(const struct part_info *info) {
    return span_equal(info->encoding, SPAN_LITERAL("base64"));
}

static void take_part_end(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    const struct text_shape *shape = &summary->base64;
    bool const plain = shape->beyond <= BEYOND_ASCII_MAX * shape->bytes && shape->line_max <= LINE_BYTES_MAX;
    if (shape->ink > 0 && plain) count(&summary->base64_needless);
    summary->base64 = (struct text_shape){.bytes = 0};
    if (summary->word_sets != NULL) summary->text_difference = (uint8_t)word_sets_difference(summary->word_sets);
}

static void take_attached(struct mail_summary *summary, const struct part_info *info) {
    uint32_t signs = attachment_signs(info);
    for (unsigned i = 0; i < ATTACHED_COUNT; i++)
        if ((signs >> i & 1) != 0) count(&summary->attached[i]);
}

/* What comes next does not go on what came before. */
static void leave_text(const struct taker *taker) {
    struct mail_summary *summary = taker->summary;
    summary->base64.line = summary->plain.line = 0;
    if (summary->word_sets != NULL) word_set_part(&summary->word_sets->plain);
}

static void take_text(const struct taker *taker) {
    enum part_kind kind = taker->item->info->kind;
    if (kind != PART_PLAIN && kind != PART_HTML) return;
    struct mail_summary *summary = taker->summary;
    const struct part_info *info = taker->item->info;
    summary->text_bytes += (uint32_t)taker->item->text.len;
    if (taker->item->jump) leave_text(taker);
    if (!info->attachment && is_base64(info)) text_shape_add(&summary->base64, taker->item->text);
    if (!info->attachment && kind == PART_PLAIN) {
        text_shape_add(&summary->plain, span_head(taker->item->text, PLAIN_LOOKED_BYTES - summary->plain.bytes));
        if (summary->word_sets != NULL) word_set_add(&summary->word_sets->plain, taker->item->text);
    }
}

void mail_summarize(struct mail_summary *summary, const struct mail_item *item, struct arena *arena,
                    struct counters *counters) {
    struct taker taker = {summary, item, arena, counters};
    switch (item->type) {
        case MAIL_HEADER:
            take_header(&taker);
            break;
        case MAIL_HEADERS_END:
            summary->headers_complete = true;
            break;
        case MAIL_PART_BEGIN:
            take_part(&taker);
            break;
        case MAIL_TEXT:
            take_text(&taker);
            break;
        case MAIL_PART_END:
            summary->text_cut = item->cut;
            take_attached(summary, item->info);
            take_part_end(&taker);
            break;
    }
}
