/* The fields of message/feedback-report (RFC 5965 3), and complaints in other forms: Microsoft's, which is the message
 * itself with a header more, and X-ARF 0.2, whose fields stand in a text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime_header.h"
#include "report_internal.h"

static bool is(struct span name, const char *wanted) {
    return span_equal_nocase(name, span_from_string(wanted));
}

/* A token by RFC 5965, with comments around; some put it in quotes.  It appears once, so the first counts. */
static void keep_type(struct arf_report *arf, struct span value) {
    uint8_t lower[32];
    struct span type = mime_field_head(value);
    if (arf->feedback_type.len > 0) return;
    if (type.len > 0 && type.data[0] == '"') {
        type = span_from(type, 1);
        type = span_head(type, span_find(type, '"'));
    }
    type = span_head(type, sizeof lower);
    for (size_t i = 0; i < type.len; i++) lower[i] = ascii_lower(type.data[i]);
    arf->feedback_type = report_keep(&arf->store, span_of(lower, type.len), sizeof lower);
}

void arf_report_field(struct arf_report *arf, struct span name, struct span value) {
    struct span mailbox = report_mailbox(value);
    if (is(name, arf->is_xarf ? "Report-Type" : "Feedback-Type")) {
        keep_type(arf, value);
    } else if (is(name, "Original-Envelope-Id") && arf->envelope_id.len == 0) {
        arf->envelope_id = report_keep(&arf->store, value, LIMIT_MESSAGE_ID_BYTES);
    } else if (is(name, "Original-Mail-From") && arf->sender.len == 0) {
        arf->sender = report_keep(&arf->store, mailbox, LIMIT_ADDRESS_BYTES);
    } else if (is(name, "Original-Rcpt-To")) {
        (void)report_add_kept(&arf->store, &arf->list, mailbox);
    }
}

void arf_returned_header(struct arf_report *arf, struct span name, struct span value) {
    if (!is(name, "X-HmXmrOriginalRecipient")) return;
    if (arf->list.count == 0) (void)report_add_kept(&arf->store, &arf->list, report_mailbox(value));
    arf->names_junk = true;
}

/* RFC 5965's types complain of a message, and so do other names of the same.  RFC 6430's takes a complaint back; RFC
 * 6591's tells of forgery, or of a set-up; and what no RFC has ("unsubscribe", "ham") may say anything.  XARF tells of
 * anything, too: of a message only where one came back with it. */
bool arf_report_complains(const struct arf_report *arf, bool message_came_back) {
    static const char *const types[] = {"abuse", "fraud", "virus", "other", "spam", "phishing", NULL};
    if (arf->is_xarf) return message_came_back && is(arf->feedback_type, "spam");
    if (is(arf->feedback_type, "xarf")) return message_came_back;
    for (const char *const *type = types; *type != NULL; type++)
        if (is(arf->feedback_type, *type)) return true;
    return false;
}
