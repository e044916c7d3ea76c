/* Making a notice of what a mail that came in says of one recipient.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mailspan/notice.h"
#include "plain_text.h"

bool notice_is_due(const struct mail_report *report) {
    if (report == NULL) return false;
    return report->kind >= REPORT_BOUNCE && report->kind <= REPORT_COMPLAINT;
}

static void fill_reply(struct notice *notice, const struct bounce_rules *bounces,
                       const struct report_recipient *recipient) {
    struct smtp_reply reply = recipient->reply;
    notice->code = reply.code;
    notice->enhanced = report_enhanced(recipient);
    notice->reply_cut = reply.cut;
    plain_text_copy(notice->reply_text, sizeof notice->reply_text, reply.text);
    if (notice->kind != REPORT_BOUNCE) return;
    struct smtp_reply refusal;
    struct bounce_case const what = bounce_report_case(bounces, recipient, &refusal);
    const struct bounce_class *class_ = bounce_classify(bounces, &what);
    if (class_ == NULL) return;
    notice->bounce_class = (uint16_t)(class_ - bounce_class_at(bounces, 0));
    notice->weight = (float)class_->weight;
    notice->passed_on_weight = (float)class_->passed_on;
}

void notice_make(struct notice *notice, const struct verdict_context *context, const struct message *message,
                 const struct mail_report *report, const struct report_recipient *recipient) {
    const struct recipient *came_to = message_recipient((struct message *)message, 0);
    memset(notice, 0, sizeof *notice);
    notice->time = message->end;
    notice->source = context->stream->server;
    notice->brought_by = context->stream->client;
    notice->kind = (uint8_t)(recipient == NULL || report->kind == REPORT_COMPLAINT ? report->kind : recipient->kind);
    if (report->message_id.len > 0) notice->message_id = sent_hash(report->message_id);
    if (came_to != NULL && came_to->mailbox.len > 0) notice->sender = sent_hash_mailbox(came_to->mailbox);
    plain_text_copy(notice->message_id_text, sizeof notice->message_id_text, report->message_id);
    if (recipient == NULL) return;
    if (recipient->mailbox.len > 0) notice->mailbox = sent_hash_mailbox(recipient->mailbox);
    plain_text_copy(notice->recipient, sizeof notice->recipient, recipient->mailbox);
    if (recipient->final.len > 0) notice->final = sent_hash_mailbox(recipient->final);
    fill_reply(notice, context->bounces, recipient);
}
