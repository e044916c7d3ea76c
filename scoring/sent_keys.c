/* By what later mail is tied to a message: see mailspan/sent.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sent_keys.h"

#include "mailspan/domain_org.h"
#include "mailspan/fingerprint.h"
#include "recipient_order.h"

#include <sodium.h>
#include <string.h>

static uint64_t hash_bytes(const uint8_t *bytes, size_t len) {
    static const uint8_t no_key[crypto_shorthash_KEYBYTES];
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "SipHash gives 64 bits");
    (void)crypto_shorthash((uint8_t *)&hash, bytes, len, no_key);
    return hash == 0 ? 1 : hash;
}

uint64_t sent_hash(struct span text) {
    return hash_bytes(text.data, text.len);
}

uint64_t sent_hash_mailbox(struct span mailbox) {
    uint8_t lower[LIMIT_ADDRESS_BYTES];
    mailbox = span_head(mailbox, sizeof lower);
    for (size_t i = 0; i < mailbox.len; i++) lower[i] = ascii_lower(mailbox.data[i]);
    return hash_bytes(lower, mailbox.len);
}

/* The organisation of From's domain: who writes from news.a.example and mail.a.example has one.  Where the message has
 * URLs it was looked up already.  Never 0. */
static uint32_t from_org(const struct mail_summary *summary) {
    uint64_t const known = summary->url_figures.from_org;
    return (uint32_t)(known != 0 ? known : domain_org_hash(summary->from_domain)) | 1;
}

void sent_begin(struct sent *sent, const struct message *message, const struct mail_summary *summary) {
    memset(sent, 0, sizeof *sent); /* it is written to a socket as it lies */
    sent->size = message->declared_size;
    if (message->sender_seen) sent->sender = sent_hash_mailbox(message->sender);
    if (summary == NULL) return;
    if (summary->message_id.len > 0) sent->message_id = sent_hash(summary->message_id);
    sent->marks.subject = fingerprint_subject(summary->subject);
    if (summary->from_domain.len > 0) sent->marks.from_org = from_org(summary);
}

static uint8_t percent_of(double weight) {
    return (uint8_t)(weight * 100 + 0.5);
}

/* Takes one more into the mean of count - 1. */
static uint8_t next_mean(uint8_t mean, double percent, uint32_t count) {
    return (uint8_t)(mean + (percent - mean) / count + 0.5);
}

void sent_add_mailbox(struct sent *sent, const struct recipient *recipient, double own, double passed_on) {
    uint64_t mailbox = recipient->mailbox.len == 0 ? 0 : sent_hash_mailbox(recipient->mailbox);
    sent->recipients++;
    sent->everyone += mailbox;
    recipient_order_add(&sent->marks.recipients, recipient->mailbox, reply_is_permanent(&recipient->reply));
    if (sent->kept < LIMIT_SENT_MAILBOXES) {
        struct sent_mailbox *kept = &sent->mailboxes[sent->kept++];
        kept->mailbox = mailbox;
        kept->outcome = (uint8_t)recipient->outcome;
        kept->percent = percent_of(own);
        kept->passed_on_percent = percent_of(passed_on);
        return;
    }
    uint32_t rest = sent->recipients - sent->kept;
    sent->rest_percent = next_mean(sent->rest_percent, own * 100, rest);
    sent->rest_passed_on_percent = next_mean(sent->rest_passed_on_percent, passed_on * 100, rest);
}

void sent_end(struct sent *sent, const struct message *message) {
    bool all = message->recipients_dropped == 0 && !message->commands_lost;
    if (!all) sent->everyone = 0;
}

/* The Sender Rewriting Scheme: its separator behind the tag is "=", "+" or "-". */
static bool is_rewritten(struct span sender) {
    if (sender.len < 6) return false;
    bool tag =
        span_starts_with_nocase(sender, SPAN_LITERAL("SRS0")) || span_starts_with_nocase(sender, SPAN_LITERAL("SRS1"));
    return tag && (sender.data[4] == '=' || sender.data[4] == '+' || sender.data[4] == '-');
}

uint8_t sent_passes_on(const struct message *message, const struct mail_summary *summary) {
    unsigned signs = summary == NULL ? 0 : summary->passes_on;
    if (message->sender_seen && message->sender.len == 0) signs |= PASSES_NULL;
    if (message->sender_seen && is_rewritten(message->sender)) signs |= PASSES_SRS;
    return (uint8_t)signs;
}
