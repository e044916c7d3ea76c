/* Hiding what the sender could choose: what is left of texts, worked out by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/bounce_internal.h"

static struct client_said const nothing = {.helo = {NULL, 0}};

static void assert_left(const struct client_said *said, const char *text, const char *expected) {
    struct smtp_reply const reply = {.code = 550, .text = span_from_string(text)};
    struct plain_case room;
    struct span const left =
        bounce_plain(&(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply, .said = *said}, &room)->reply->text;
    if (!span_equal(left, span_from_string(expected)))
        fail_msg("%s: %.*s, expected %s", text, (int)left.len, (const char *)left.data, expected);
}

static void assert_plain(const char *text, const char *expected) {
    assert_left(&nothing, text, expected);
}

static void mailboxes_are_hidden(void **state) {
    (void)state;
    assert_plain("<kim@far.example>: gone", "<x@x>: gone");
    assert_plain("<\"quota \\\" full\"@far.example> gone", "<x@x> gone");
    assert_plain("<\"quota/\".\"x\"@far.example> gone", "<x@x> gone");
    assert_plain("\"quota full\".\"x\"@far.example gone", "x@x gone");
    assert_plain("<kim(quota full)@far.example> gone", "<x@x> gone");
    assert_plain("<kim(quota/ > full)@far.example> gone", "<x@x> gone");
    assert_plain("<(quota <)kim@far.example> gone", "<x@x> gone");
    assert_plain("<@quota.full,@full:kim@far.example> gone", "<x@x> gone");
    assert_plain("<kim(quota full@far.example> gone", "<kim(quota x@x> gone"); /* no path: its comment has no end */
    assert_plain("<mx.example #5.7.1 smtp;550 no relay for kim@far.example>",
                 "<h.h #5.7.1 smtp;550 no relay for x@x>"); /* as Exchange says it */
    assert_plain("<a@far.example> full, <b@far.example> gone", "<x@x> full, <x@x> gone");
    assert_plain("quota @ full a@b", "quota @ full x@x");
    assert_plain("no mailbox here", "no mailbox here");
}

static void mailboxes_in_links_are_hidden(void **state) {
    (void)state;
    assert_plain("see http://spf.example/Why?s=mfrom;id=over.quota%40virus.example;ip=192.0.2.1",
                 "see http://spf.example/Why?s=mfrom;id=x@x;ip=192.0.2.1");
    assert_plain("see http://x.example/?id=quota%40full.example", "see http://x.example/?id=x@x");
    assert_plain("%40 and quota%40full%40", "x@x and x@x");
    assert_plain("100% full", "100% full");
    assert_plain("over 40%", "over 40%");
}

static void what_the_client_said_is_hidden(void **state) {
    (void)state;
    struct client_said said = {.sender = SPAN_LITERAL("over-quota@near.example"),
                               .recipient = SPAN_LITERAL("attr31@far.example")};
    assert_left(&said, "No such user attr31 here", "No such user x@x here");
    assert_left(&said, "No such user ATTR31", "No such user x@x");
    assert_left(&said, "attr31: ATTR311 attr31", "x@x: ATTR311 x@x");
    assert_left(&said, "Over-Quota may not send to attr31", "x@x may not send to x@x");
    assert_left(&said, "<attr31@far.example> full", "<x@x> full");
    said.recipient = SPAN_LITERAL("kim@(mailbox full)far.example"); /* no mailbox of RFC 5321, and servers quote it */
    assert_left(&said, "syntax: kim@(mailbox full)far.example", "syntax: x@x");
    said.recipient = SPAN_LITERAL("\"greylisted @ full\"@far.example");
    assert_left(&said, "\"greylisted @ full\"@far.example unknown", "x@x unknown");
    assert_left(&said, "user greylisted @ full unknown", "user x@x unknown");
    assert_left(&said, "user \"greylisted @ full\" unknown", "user x@x unknown");
    said.recipient = SPAN_LITERAL("try.Greylisted@far.example");
    assert_left(&said, "try.Greylisted unknown", "x@x unknown");
    assert_left(&said, "Recipient try.greylisted rejected", "Recipient x@x rejected");
    said.recipient = SPAN_LITERAL("mailbox!full@far.example");
    assert_left(&said, "mailbox!full unknown", "x@x unknown");
    said.recipient = SPAN_LITERAL("\"mailbox full\"@far.example");
    assert_left(&said, "mailbox full unknown", "x@x unknown");
}

/* "user" would make another text of it, and so would "reputation" of others. */
static void words_of_letters_stay(void **state) {
    (void)state;
    struct client_said said = {.recipient = SPAN_LITERAL("user@far.example")};
    assert_left(&said, "No such user", "No such user");
    said.recipient = SPAN_LITERAL("reputation@far.example");
    assert_left(&said, "poor reputation", "poor reputation");
    assert_left(&said, "No user \"reputation\" (reputation) [reputation] <reputation>",
                "No user \"x@x\" (x@x) [x@x] <x@x>");
    assert_left(&said, "no 'reputation' here", "no x@x' here"); /* ' may begin a mailbox */
    assert_left(&said, "reputation's", "reputation's");
    said.recipient = SPAN_LITERAL("a1@far.example");
    assert_left(&said, "No such user: a1", "No such user: a1");
    said.recipient = SPAN_LITERAL("postmaster"); /* RFC 5321 4.1.1.3: without a domain */
    assert_left(&said, "No such user: postmaster", "No such user: postmaster");
    said.recipient = SPAN_LITERAL("@");
    assert_left(&said, "No @ such", "No @ such");
}

static void helo_is_hidden(void **state) {
    (void)state;
    struct client_said said = {.helo = SPAN_LITERAL("over-quota")};
    assert_left(&said, "Access denied (over-quota[192.0.2.1])", "Access denied (h.h[192.0.2.1])");
    assert_left(&said, "<over-quota>: Helo command rejected", "<h.h>: Helo command rejected");
    said.helo = SPAN_LITERAL("mail.near.example"); /* found by how it looks */
    assert_left(&said, "mail.near.example: no", "h.h: no");
    said.helo = SPAN_LITERAL("localhost");
    assert_left(&said, "localhost is not your name", "localhost is not your name");
    assert_left(&said, "Access denied (localhost[192.0.2.1])", "Access denied (h.h[192.0.2.1])");
}

static void subjects_are_hidden(void **state) {
    (void)state;
    struct client_said said = {.subject = SPAN_LITERAL(" Over quota, mailbox full ")};
    assert_left(&said, "Mail 'over quota, mailbox full' is spam", "Mail 'x' is spam");
    assert_left(&said, "Over quota, mailbox full", "Over quota, mailbox full"); /* what he says, the server may say */
    assert_left(&said, "Your mailbox is over quota", "Your mailbox is over quota");
    said.subject = SPAN_LITERAL("Hi"); /* "Hi, this server is busy" */
    assert_left(&said, "Hi, too busy", "Hi, too busy");
}

/* A text as long as one can be, of nothing but what is hidden. */
static void long_texts_fit(void **state) {
    (void)state;
    char text[LIMIT_REPLY_TEXT_BYTES + 1], expected[LIMIT_REPLY_TEXT_BYTES + 1];
    struct client_said const said = {.recipient = SPAN_LITERAL("a1b2@far.example")};
    size_t used = 0, at = 0;
    while (at + 5 <= LIMIT_REPLY_TEXT_BYTES) {
        memcpy(text + at, "a1b2 ", 5);
        memcpy(expected + used, "x@x ", 4);
        at += 5;
        used += 4;
    }
    text[at] = expected[used] = '\0';
    assert_left(&said, text, expected);
}

/* Not in an address of a link, but where it says something of the sender. */
static void hosts_are_hidden(void **state) {
    (void)state;
    assert_plain("Client host [attr31.near.example] blocked", "Client host [h.h] blocked");
    assert_plain("see https://full.far.example/over.quota.html", "see https://full.far.example/over.quota.html");
    assert_plain("see https://far.example/?host=full.near.example", "see https://far.example/?host=h.h");
    assert_plain("smtp.mailfrom=full.near.example fails", "h.h=h.h fails"); /* its name looks like a host's, too */
    assert_plain("RESOLVER.ADR.RecipNotFound; not found", "RESOLVER.ADR.RecipNotFound; not found");
    assert_plain("resolver.adr.full.near.example", "h.h");
    assert_plain("full.xn--p1ai [full.9] a..b", "h.h [full.9] a..b");
    assert_plain("no dot", "no dot");
    assert_plain("a dot. And more", "a dot. And more");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mailboxes_are_hidden),
        cmocka_unit_test(mailboxes_in_links_are_hidden),
        cmocka_unit_test(what_the_client_said_is_hidden),
        cmocka_unit_test(words_of_letters_stay),
        cmocka_unit_test(helo_is_hidden),
        cmocka_unit_test(subjects_are_hidden),
        cmocka_unit_test(long_texts_fit),
        cmocka_unit_test(hosts_are_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
