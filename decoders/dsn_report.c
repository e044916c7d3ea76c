/* The fields of message/delivery-status (RFC 3464 2.2, 2.3), message/disposition-notification (RFC 8098 3.2) and their
 * global forms (RFC 6533): of a message and of each recipient, in blocks with an empty line between.
 *
 * Not every server writes that empty line, or an Action: a block that names a recipient tells of it wherever it stands.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

static bool is(struct span name, const char *wanted) {
    return span_equal_nocase(name, span_from_string(wanted));
}

static void keep_first(struct dsn_report *dsn, struct span *field, struct span value, size_t bytes_max) {
    if (field->len == 0) *field = report_keep(&dsn->store, value, bytes_max);
}

/* Action may have a comment behind it (Sendmail: "relayed (to non-DSN-aware mailer)"). */
static struct span first_word(struct span s) {
    size_t len = 0;
    while (len < s.len && (ascii_is_alpha(s.data[len]) || s.data[len] == '-')) len++;
    return span_head(s, len);
}

static void note_diagnostic(struct dsn_report *dsn, struct span value, bool cut) {
    struct report_recipient *told = &dsn->block.told;
    struct span type;
    if (told->reply.text.len > 0 || told->reply.code != 0) return;
    struct span text = report_typed(value, &type);
    bool named = type.len > 0 && ascii_is_alpha(type.data[0]) && span_find(type, ' ') == type.len;
    if (!named) text = value; /* SendGrid leaves the type out, and a reply may have semicolons */
    bool replied = !named || is(type, "smtp") || is(type, "lmtp");
    if (!replied && ascii_is_digit(text.len > 0 ? text.data[0] : 0)) {
        told->reply.text = report_keep(&dsn->store, text, LIMIT_REPLY_TEXT_BYTES);
        return;
    }
    report_read_reply(&dsn->store, text, cut, told);
}

/* Fields of a recipient; false when it is none. */
static bool note_recipient(struct dsn_report *dsn, struct span name, struct span value, bool cut) {
    struct dsn_block *block = &dsn->block;
    struct span type;
    if (is(name, "Original-Recipient")) {
        keep_first(dsn, &block->original, report_mailbox(report_typed(value, &type)), LIMIT_ADDRESS_BYTES);
    } else if (is(name, "Final-Recipient")) {
        keep_first(dsn, &block->final, report_mailbox(report_typed(value, &type)), LIMIT_ADDRESS_BYTES);
    } else if (is(name, "Action")) {
        if (!block->action_seen) block->action = report_keep(&dsn->store, first_word(value), 16);
        block->action_seen = true;
    } else if (is(name, "Status")) {
        if (block->told.status.class_ == 0) (void)enhanced_code_parse(value, &block->told.status);
    } else if (is(name, "Diagnostic-Code")) {
        note_diagnostic(dsn, value, cut);
    } else if (is(name, "Remote-MTA")) {
        keep_first(dsn, &block->remote, report_typed(value, &type), LIMIT_DOMAIN_BYTES);
    } else if (is(name, "Will-Retry-Until")) {
        block->will_retry = true;
    } else {
        return false;
    }
    return true;
}

void dsn_report_field(struct dsn_report *dsn, struct span name, struct span value, bool cut) {
    struct span type;
    if (dsn->block.lost) return;
    if (is(name, "Original-Envelope-Id")) {
        keep_first(dsn, &dsn->envelope_id, value, LIMIT_MESSAGE_ID_BYTES);
    } else if (is(name, "Original-Message-ID") || is(name, "X-Original-Message-ID")) {
        keep_first(dsn, &dsn->message_id, mail_message_id(value), LIMIT_MESSAGE_ID_BYTES);
    } else if (is(name, "X-Postfix-Sender")) {
        keep_first(dsn, &dsn->sender, report_mailbox(report_typed(value, &type)), LIMIT_ADDRESS_BYTES);
    } else if (dsn->blocks < LIMIT_REPORT_RECIPIENTS) {
        dsn->block.any |= note_recipient(dsn, name, value, cut);
    } else if (is(name, "Final-Recipient")) {
        dsn->list.dropped++;
        dsn->store.counters->report_recipients++;
    }
}

/* It has such a field, or tells of another recipient, whose names come first, what became of him. */
bool dsn_report_begins_block(const struct dsn_report *dsn, struct span name) {
    const struct dsn_block *block = &dsn->block;
    bool const told = block->action_seen || block->told.status.class_ != 0;
    bool const named = block->original.len > 0 || block->final.len > 0;
    if (is(name, "Action")) return block->action_seen;
    if (is(name, "Status")) return block->told.status.class_ != 0;
    if (is(name, "Original-Recipient")) return block->original.len > 0 || (named && told);
    return is(name, "Final-Recipient") && block->final.len > 0;
}

/* A server that goes on trying says so; without a readable Action its Status tells. */
static enum report_kind kind_of(const struct dsn_block *block) {
    if (is(block->action, "failed") || is(block->action, "expired")) return REPORT_BOUNCE; /* SendGrid's own */
    if (is(block->action, "delayed")) return REPORT_DELAY;
    if (is(block->action, "delivered") || is(block->action, "relayed") || is(block->action, "expanded"))
        return REPORT_SUCCESS;
    if (block->will_retry) return REPORT_DELAY;
    switch (block->told.status.class_) {
        case 2:
            return REPORT_SUCCESS;
        case 4:
            return REPORT_DELAY;
        case 5:
            return REPORT_BOUNCE;
        default:
            return REPORT_NONE;
    }
}

void dsn_report_block_end(struct dsn_report *dsn, enum report_kind kind) {
    struct dsn_block block = dsn->block;
    memset(&dsn->block, 0, sizeof dsn->block);
    if (block.lost || !block.any) return;
    dsn->blocks++;
    if (kind == REPORT_NONE) kind = kind_of(&block);
    struct span mailbox = block.original.len > 0 ? block.original : block.final;
    if (mailbox.len == 0 || kind == REPORT_NONE) return;
    struct report_recipient *recipient = report_add(&dsn->store, &dsn->list, mailbox);
    if (recipient == NULL) return;
    *recipient = block.told;
    recipient->kind = kind;
    recipient->expired = is(block.action, "expired");
    recipient->mailbox = mailbox;
    if (!span_equal_nocase(block.final, mailbox)) recipient->final = block.final;
    recipient->remote_mta = block.remote;
}
