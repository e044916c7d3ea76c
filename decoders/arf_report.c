/* The fields of message/feedback-report (RFC 5965 3).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

static bool is(struct span name, const char *wanted) {
    return span_equal_nocase(name, span_from_string(wanted));
}

static void keep_type(struct arf_report *arf, struct span value) {
    uint8_t lower[32];
    size_t len = 0;
    if (arf->feedback_type.len > 0) return;
    while (len < value.len && len < sizeof lower && !ascii_is_space(value.data[len]) && value.data[len] != ';') {
        lower[len] = ascii_lower(value.data[len]);
        len++;
    }
    arf->feedback_type = report_keep(&arf->store, span_of(lower, len), sizeof lower);
}

void arf_report_field(struct arf_report *arf, struct span name, struct span value) {
    struct span mailbox = report_mailbox(value);
    if (is(name, "Feedback-Type")) {
        keep_type(arf, value);
    } else if (is(name, "Original-Envelope-Id") && arf->envelope_id.len == 0) {
        arf->envelope_id = report_keep(&arf->store, value, LIMIT_MESSAGE_ID_BYTES);
    } else if (is(name, "Original-Mail-From") && arf->sender.len == 0) {
        arf->sender = report_keep(&arf->store, mailbox, LIMIT_ADDRESS_BYTES);
    } else if (is(name, "Original-Rcpt-To") && mailbox.len > 0) {
        struct report_recipient *recipient = report_add(&arf->store, &arf->list, mailbox);
        if (recipient != NULL) recipient->mailbox = report_keep(&arf->store, mailbox, LIMIT_ADDRESS_BYTES);
    }
}

/* RFC 6430 takes a complaint back; RFC 6591 tells of forgery, or of a set-up, and nobody complained. */
bool arf_report_complains(const struct arf_report *arf) {
    return arf->feedback_type.len > 0 && !is(arf->feedback_type, "not-spam") &&
           !is(arf->feedback_type, "auth-failure") && !is(arf->feedback_type, "dmarc") &&
           !is(arf->feedback_type, "opt-out") && !is(arf->feedback_type, "opt-out-list");
}
