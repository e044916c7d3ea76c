/* What a mail tells of other mails (docs/reports.md); see explain_told.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "commands/explain_class.h"
#include "commands/explain_told.h"
#include "publish/wording.h"

static void put_text_or_null(struct json_text *j, const char *key, struct span text) {
    if (text.len == 0)
        json_put_null(j, key);
    else
        json_put_text(j, key, text);
}

static void put_class(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_case *what,
                      const struct bounce_finding *found) {
    const struct smtp_reply *reply = what->reply;
    const struct bounce_class *class_ = found->class_;
    json_put_word(j, "class", class_ == NULL ? NULL : class_->name);
    if (class_ == NULL) return;
    json_put_word(j, "fault", fault_name(class_->fault));
    json_put_decimal(j, "weight", class_->weight, 3);
    json_put_decimal(j, "passed_on", class_->passed_on, 3);
    explain_put_reason(j, bounces, what, found, "rule_file");
    json_put_bool(j, "hard", explain_is_hard(found, reply));
    explain_put_help(j, bounces, found, reply);
}

static void put_recipient(struct json_text *j, const struct bounce_rules *bounces,
                          const struct report_recipient *recipient) {
    char code[24];
    struct smtp_reply refusal;
    struct bounce_case const what = bounce_report_case(bounces, recipient, &refusal);
    struct bounce_finding const found = bounce_explain(bounces, &what);
    json_open(j, NULL, '{');
    json_put_text(j, "address", recipient->mailbox);
    put_text_or_null(j, "final", recipient->final);
    json_put_word(j, "kind", report_kind_name(recipient->kind));
    json_put_word(j, "status", enhanced_to_text(&recipient->status, code));
    if (recipient->reply.code == 0)
        json_put_null(j, "code");
    else
        json_put_unsigned(j, "code", recipient->reply.code);
    json_put_word(j, "enhanced", enhanced_to_text(&recipient->in_reply, code));
    put_text_or_null(j, "diagnostic", recipient->reply.text);
    json_put_word(j, "stage", stage_name(recipient->stage));
    put_text_or_null(j, "remote_mta", recipient->remote_mta);
    put_class(j, bounces, &what, &found);
    json_close(j, '}');
}

void explain_put_report(struct json_text *j, const struct told_mail *told) {
    const struct mail_report *report = told->report;
    json_put_word(j, "kind", report_kind_name(report->kind));
    json_open(j, "recipients", '[');
    for (unsigned i = 0; i < report->recipient_count; i++)
        put_recipient(j, told->knowledge->bounces, report_recipient(report, i));
    json_close(j, ']');
    json_put_unsigned(j, "recipients_dropped", report->recipients_dropped);
    put_text_or_null(j, "message_id", report->message_id);
    put_text_or_null(j, "envelope_id", report->envelope_id);
    put_text_or_null(j, "original_sender", report->original_sender);
    put_text_or_null(j, "feedback_type", report->feedback_type);
    if (told->sender_known)
        json_put_text(j, "sender", told->sender);
    else
        json_put_null(j, "sender");
}

/* The codes that are quoted: a Status may say something else. */
static void print_reply(const struct report_recipient *recipient) {
    char code[24];
    const char *enhanced = enhanced_to_text(&recipient->in_reply, code);
    if (recipient->reply.code != 0)
        (void)printf("  reply    %u%s%s\n", recipient->reply.code, enhanced == NULL ? "" : " ",
                     enhanced == NULL ? "" : enhanced);
    else if (enhanced != NULL)
        (void)printf("  reply    %s\n", enhanced);
}

static void print_recipient(const struct bounce_rules *bounces, const struct report_recipient *recipient) {
    char code[24];
    struct smtp_reply refusal;
    struct bounce_case const what = bounce_report_case(bounces, recipient, &refusal);
    struct bounce_finding const found = bounce_explain(bounces, &what);
    explain_print_plain("recipient  ", recipient->mailbox);
    if (recipient->final.len > 0) explain_print_plain("  final    ", recipient->final);
    (void)printf("  became   %s\n", report_kind_name(recipient->kind));
    const char *status = enhanced_to_text(&recipient->status, code);
    if (status != NULL) (void)printf("  status   %s\n", status);
    print_reply(recipient);
    if (recipient->reply.text.len > 0) explain_print_plain("  said     ", recipient->reply.text);
    if (recipient->stage != STAGE_NONE) (void)printf("  to       %s\n", stage_name(recipient->stage));
    if (found.class_ == NULL) return;
    (void)printf("  class    %s, fault: %s, weight %g", found.class_->name, fault_name(found.class_->fault),
                 found.class_->weight);
    if (found.class_->passed_on < found.class_->weight) (void)printf(", passed on %g", found.class_->passed_on);
    (void)putchar('\n');
    explain_print_reason(bounces, &what, &found, "  ");
    explain_print_help(bounces, &found, &refusal, "  ");
}

void explain_print_report(const struct told_mail *told) {
    const struct mail_report *report = told->report;
    if (report->kind == REPORT_NONE) return;
    (void)printf("kind       %s\n", report_kind_name(report->kind));
    if (report->feedback_type.len > 0) explain_print_plain("feedback   ", report->feedback_type);
    if (report->message_id.len > 0) explain_print_plain("message    ", report->message_id);
    for (unsigned i = 0; i < report->recipient_count; i++)
        print_recipient(told->knowledge->bounces, report_recipient(report, i));
    if (report->recipients_dropped > 0) (void)printf("and %u more recipients\n", report->recipients_dropped);
}
