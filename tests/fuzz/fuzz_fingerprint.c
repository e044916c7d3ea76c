/* Fuzz target: what messages of a source are compared by.
 *
 * Input: a byte, how long pieces are, and text: as a body, as a subject, and each of its lines as a recipient, refused
 * when it begins with "!".  In any cut it has the same fingerprint; the recipients of one message have the runs that
 * they have as messages of one recipient each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "../../scoring/recipient_order.h"
#include "mailspan/fingerprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t body(struct span text, size_t step) {
    struct fingerprint fingerprint = {0};
    while (text.len > 0) {
        fingerprint_push(&fingerprint, span_head(text, step));
        text = span_from(text, step);
    }
    fingerprint_break(&fingerprint);
    return fingerprint_of(&fingerprint);
}

static void compare_fingerprints(struct span text, size_t step) {
    uint64_t const whole = body(text, SIZE_MAX);
    assert(body(text, 1) == whole && body(text, step) == whole);
    assert(whole == 0 || (fingerprint_is_near(whole, whole) && fingerprint_agree(whole, whole) == 16));
    uint64_t const subject = fingerprint_subject(text);
    unsigned const agree = fingerprint_agree(whole, subject);
    assert(agree <= 16 && agree == fingerprint_agree(subject, whole));
}

static void check_run(const struct recipient_run *run, const struct recipient_order *order) {
    assert(run->refused <= run->count && run->count <= order->all.count);
}

static bool runs_are_equal(struct recipient_run a, struct recipient_run b) {
    return a.count == b.count && a.refused == b.refused;
}

static void compare_recipients(struct span text) {
    struct recipient_order all = {.all = {0, 0}};
    struct recipient_mark last = {.domain = 0};
    struct recipient_run run = {0, 0}, longest = {0, 0};
    while (text.len > 0) {
        struct recipient_order one = {.all = {0, 0}};
        struct span line = span_head(text, span_find(text, '\n'));
        text = span_from(text, line.len + 1);
        bool const refused = line.len > 0 && line.data[0] == '!';
        line = span_from(line, refused ? 1 : 0);
        recipient_order_add(&all, line, refused);
        recipient_order_add(&one, line, refused);
        struct recipient_run const joined = recipient_order_join(&last, &run, &one);
        if (joined.count > longest.count) longest = joined;
    }
    check_run(&all.all, &all);
    check_run(&all.head, &all);
    check_run(&all.tail, &all);
    check_run(&all.longest, &all);
    assert(all.all.count == 0 || (all.longest.count > 0 && all.longest.count >= all.head.count));
    assert(runs_are_equal(all.tail, run) && runs_are_equal(all.longest, longest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    struct span const text = span_of(data + 1, size - 1);
    compare_fingerprints(text, 1 + data[0] % 16u);
    compare_recipients(text);
    return 0;
}
