/* Tests of notices for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_run.h"

static struct report_run run;

#define NOTICE(text) "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\n" text
#define EXPECT_NOTICE(text, expected) expect_report(&run, SPAN_LITERAL(NOTICE(text)), expected)
#define NONE "none - - - - 0\n"

static void test_qmail(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n"
        "\r\n<bob@far.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n<eve@far.example>:\r\n"
        "192.0.2.1 does not like recipient.\r\nRemote host said: 554 5.7.1 listed\r\nGiving up on 192.0.2.1.\r\n"
        "\r\n--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <anna@home.example>\r\n"
        "Message-ID:\r\n <1@home.example>\r\n\r\n<mallory@far.example>:\r\nnot of the notice\r\n",
        DSN_HEAD
        "bounce bob@far.example - - - 5.1.1 - - \"Sorry, no mailbox here by that name. (#5.1.1)\"\n"
        "bounce eve@far.example - - 554 5.7.1 rcpt - \"listed\"\n");
}

static void test_dma(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "This is the DragonFly Mail Agent v0.13 at mx.example.\r\n\r\nThere was an error delivering your mail to "
        "<bob@far.example>.\r\n\r\nmx.far.example [192.0.2.1] did not like our RCPT TO:\r\n550 5.1.1 "
        "<bob@far.example>: "
        "unknown\r\n\r\nMessage headers follow.\r\n\r\nFrom: A <anna@home.example>\r\nMessage-ID: <1@home.example>\r\n",
        DSN_HEAD "bounce bob@far.example - - 550 5.1.1 rcpt - \"<bob@far.example>: unknown\"\n");
}

/* Exim without its report part: an entry goes on as long as it is indented deeper. */
static void test_exim(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not "
        "be delivered to one or more of its\r\nrecipients:\r\n\r\n  a@far.example\r\n    SMTP error from remote mail "
        "server after end of data:\r\n    554 5.7.1 <a@far.example>: No\r\n  b@far.example\r\n    Unrouteable "
        "address\r\n"
        "\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n"
        "Return-path: <anna@home.example>\r\nMessage-ID: <1@home.example>\r\n\r\n",
        DSN_HEAD
        "bounce a@far.example - - 554 5.7.1 body - \"<a@far.example>: No\"\n"
        "bounce b@far.example - - - - - - \"Unrouteable address\"\n");
    EXPECT_NOTICE(
        "This message was created automatically by mail delivery software.\r\nA message that you sent has not yet "
        "been delivered to one or more.\r\n\r\n  a@far.example\r\n",
        "delay - - - - 0\ndelay a@far.example - - - - - - \"-\"\n");
}

static void test_sentences(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "Your message to bob@far.example could not be delivered because the mailbox\r\nis over its "
        "quota.\r\n\r\nBye\r\n",
        "bounce - - - - 0\nbounce bob@far.example - - - - - - "
        "\"could not be delivered because the mailbox is over its quota.\"\n");
    EXPECT_NOTICE("Your message to bob@far.example was received.\r\n", NONE);
    EXPECT_NOTICE("Delivery to <bob@far.example> has failed: 550 no\r\n",
                  "bounce - - - - 0\nbounce bob@far.example - - 550 - - - \"no\"\n");
    EXPECT_NOTICE("Delivery to bob@far.example takes some days.\r\n", NONE);
    EXPECT_NOTICE("It could not be delivered to bob@far.example. The server said: 550 no\r\n",
                  "bounce - - - - 0\nbounce bob@far.example - - 550 - - - \"no\"\n");
    EXPECT_NOTICE("Some mails could not be delivered.\r\n", NONE);
    EXPECT_NOTICE("<bob@far.example>: 550 no\r\n", NONE); /* nobody says what it is */
}

/* Quoted, by somebody who is no server, over a list, or with a sender: talk about a notice. */
static void test_talk(void **state) {
    (void)state;
    EXPECT_NOTICE("> Hi. This is the qmail-send program at mx.example.\r\n> <bob@far.example>:\r\n> no\r\n", NONE);
    static const char text[] = "Your message to bob@far.example could not be delivered.\r\n";
    static const char expected[] = "bounce - - - - 0\nbounce bob@far.example - - - - - - \"-\"\n";
    char mail[512];
    (void)snprintf(mail, sizeof mail, "From: Bob <bob@far.example>\r\nSubject: Undeliverable\r\n\r\n%s", text);
    assert_string_equal(run_report(&run, span_from_string(mail), 0), NONE);
    run.envelope.known = true;
    assert_string_equal(run_report(&run, span_from_string(mail), 0), expected);
    (void)snprintf(mail, sizeof mail,
                   "From: postmaster@far.example\r\nList-Id: <x>\r\nSubject: Undeliverable\r\n\r\n%s", text);
    assert_string_equal(run_report(&run, span_from_string(mail), 0), NONE);
    (void)snprintf(mail, sizeof mail, "From: postmaster@far.example\r\nSubject: x\r\n\r\n%s", text);
    assert_string_equal(run_report(&run, span_from_string(mail), 0), expected);
    run.envelope.sender = SPAN_LITERAL("postmaster@far.example");
    assert_string_equal(run_report(&run, span_from_string(mail), 0), NONE);
    run.envelope = (struct report_envelope){.known = false};
}

/* Postfix folds, and a folded line may begin with the address: it is the same entry's. */
static void test_beside_fields(void **state) {
    (void)state;
    expect_report(
        &run,
        SPAN_LITERAL(DSN_MAIL("This is the mail system at host mx.example.\r\n\r\n<bob@far.example>: host "
                              "mx.far.example said: 550 5.1.1\r\n    <bob@far.example>: unknown (in reply to RCPT\r\n"
                              "    TO command)\r\n",
                              "Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n")),
        DSN_HEAD "bounce bob@far.example - 5.1.1 550 5.1.1 rcpt - \"<bob@far.example>: unknown\"\n");
    expect_report(
        &run,
        SPAN_LITERAL(DSN_MAIL("   ----- Transcript of session follows -----\r\n554 5.0.0 MX list points back\r\n"
                              "550 5.1.2 <bob@far.example>... Host unknown\r\n",
                              "Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.2\r\n")),
        DSN_HEAD "bounce bob@far.example - 5.1.2 554 5.0.0 - - \"MX list points back\"\n");
}

#define BOB_IS(rest) "bounce - - - - 0\nbounce bob@far.example - - " rest "\n"

/* Behind words that announce addresses an address may have any words behind it; elsewhere it is part of a sentence. */
static void test_listed(void **state) {
    (void)state;
#define LISTED "did not reach the following\r\nrecipient(s):\r\n\r\n"
    EXPECT_NOTICE(LISTED "bob@far.example on Mon, 1 Jan 2026\r\n    Unknown Recipient\r\n",
                  BOB_IS("- - - - \"Unknown Recipient\""));
    EXPECT_NOTICE(LISTED "bob@far.example Invalid address\r\n", BOB_IS("- - - - \"Invalid address\""));
    EXPECT_NOTICE(LISTED "* bob@far.example\r\n", BOB_IS("- - - - \"-\""));
    EXPECT_NOTICE(LISTED "\"bob@far.example\":\r\n550 5.1.1 gone\r\n", BOB_IS("550 5.1.1 - - \"gone\""));
    EXPECT_NOTICE(LISTED "Recipient: <bob@far.example>\r\n<<< 550 gone\r\n", BOB_IS("550 - - - \"gone\""));
    EXPECT_NOTICE(LISTED "<bob@far.example>:\r\n552: 5.2.2 full\r\n", BOB_IS("552 5.2.2 - - \"full\""));
    EXPECT_NOTICE(LISTED "<\"<eve@near.example> x\"@far.example>: 550 gone\r\n",
                  "bounce - - - - 0\nbounce \"<eve@near.example> x\"@far.example - - 550 - - - \"gone\"\n");
    EXPECT_NOTICE(LISTED "\"bob: b\"@far.example: 550 gone\r\n",
                  "bounce - - - - 0\nbounce \"bob: b\"@far.example - - 550 - - - \"gone\"\n");
    EXPECT_NOTICE("Recipient: <bob@far.example>\r\nfailed permanently\r\n", NONE);
    EXPECT_NOTICE("bob@far.example did not reach me\r\n", NONE);
    EXPECT_NOTICE(LISTED "Please write to\r\neve@far.example for help.\r\n", NONE); /* in a sentence */
}

static void test_bullets(void **state) {
    (void)state;
    static const char *const bullets[] = {"* ", "- ", "-- ", "• ", "1. ", "12) ", ""};
    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
        char mail[256];
        (void)snprintf(mail, sizeof mail, NOTICE(LISTED "%sbob@far.example\r\n"), bullets[i]);
        expect_report(&run, span_from_string(mail), BOB_IS("- - - - \"-\""));
    }
    EXPECT_NOTICE(LISTED "+ bob@far.example\r\n", NONE);
    EXPECT_NOTICE(LISTED "1.bob@far.example\r\n", "bounce - - - - 0\nbounce 1.bob@far.example - - - - - - \"-\"\n");
    EXPECT_NOTICE(LISTED "Bob <@far.example>\r\n", NONE); /* an address has two sides */
}

/* "Recipient:" and "Reason:" stand in other tables, too: of a failure, and of the reader's message, or with a reply. */
static void test_pairs(void **state) {
    (void)state;
#define PAIR(why) "Recipient: bob@far.example\r\nReason: " why "\r\n"
    EXPECT_NOTICE("Your message was not delivered.\r\n" PAIR("full"), BOB_IS("- - - - \"full\""));
    EXPECT_NOTICE("A message was not delivered.\r\n" PAIR("552 full"), BOB_IS("552 - - - \"full\""));
    EXPECT_NOTICE("A message was not delivered.\r\n" PAIR("full"), NONE);
    EXPECT_NOTICE("Your message was held.\r\n" PAIR("552 full"), NONE);
    EXPECT_NOTICE("Your message is here. Another was not delivered.\r\n" PAIR("full"), NONE);
    EXPECT_NOTICE("Another was not delivered. Your message was not delivered.\r\n" PAIR("full"),
                  BOB_IS("- - - - \"full\""));
    EXPECT_NOTICE("Your message was not delivered.\r\nRecipient: bob@far.example\r\nSubject: x\r\n", NONE);
    EXPECT_NOTICE("Your message was not delivered.\r\nSender: bob@far.example\r\nReason: 552 full\r\n", NONE);
}

/* Only one was called and refused: of whom else should it speak. */
static void test_called(void **state) {
    (void)state;
#define CALLED(words, calls)                                                                    \
    words "\r\n--- Session Transcript ---\r\n 10:00: -->  MAIL From:<a@home.example>\r\n" calls \
          " 10:00: <--  550 no\r\n"
#define CALL(who) " 10:00: -->  RCPT To:<" who "@far.example>\r\n"
    EXPECT_NOTICE(CALLED("It had permanent fatal errors", CALL("bob")), BOB_IS("550 - - - \"no\""));
    EXPECT_NOTICE(CALLED("It had permanent fatal errors", CALL("bob") CALL("eve")), "bounce - - - - 0\n");
    EXPECT_NOTICE(CALLED("It was there", CALL("bob")), NONE);
    EXPECT_NOTICE(CALLED("It had permanent fatal errors", " 10:00: -->  RCPT To:<>\r\n"), "bounce - - - - 0\n");
}

/* The same address again: a reply goes before words, and words before nothing. */
static void test_same_address_again(void **state) {
    (void)state;
    EXPECT_NOTICE(LISTED "bob@far.example\r\nThe address was not found.\r\n\r\nbob@far.example\r\n#550 5.1.1 gone\r\n",
                  BOB_IS("550 5.1.1 - - \"gone\""));
    EXPECT_NOTICE(LISTED "bob@far.example\r\n#550 5.1.1 gone\r\n\r\nBob@far.example\r\nNot found.\r\n",
                  BOB_IS("550 5.1.1 - - \"gone\""));
}

/* For ever the same address, or one reason after the other: it takes no more memory than many addresses do. */
static void test_again_and_again(void **state) {
    (void)state;
    static const char *const lines[] = {
        "bob@far.example: it is full, and this is long enough to take some room here\r\n",
        "Reason: it is full, and this is long enough to take some room here, too\r\n\r\n"};
    static char mail[550 * 80 + 400];
    run.arena_bytes = 32 << 10; /* less than all that is said */
    for (size_t l = 0; l < 2; l++) {
        size_t len = (size_t)snprintf(mail, sizeof mail, NOTICE(LISTED "eve@far.example: 550 no\r\n\r\n"));
        for (size_t i = 0; i < 550; i++) len += (size_t)snprintf(mail + len, sizeof mail - len, "%s", lines[l]);
        (void)snprintf(mail + len, sizeof mail - len,
                       "\r\n--- This is a copy of the message\r\nMessage-ID: <1@home.example>\r\n");
        assert_memory_equal(run_report(&run, span_from_string(mail), 0), "bounce <1@home.example> ", 24);
        assert_int_equal(run.counters.message_memory, 0);
    }
    run.arena_bytes = LIMIT_MESSAGE_ARENA_BYTES;
}

static void test_words_before(void **state) {
    (void)state;
    EXPECT_NOTICE("Failed Recipient: bob@far.example\r\nReason: Remote host said: 550 5.7.1 no\r\n",
                  BOB_IS("550 5.7.1 - - \"no\""));
    EXPECT_NOTICE(
        "Unknown user: bob@far.example\r\n\r\nOriginal message follows.\r\n\r\nMessage-ID: <1@home.example>\r\n",
        "bounce <1@home.example> - - - 0\nbounce bob@far.example - - - - - - \"Unknown user:\"\n");
    EXPECT_NOTICE("Dear all,\r\nwe are unable to deliver your message to <bob@far.example>.\r\n",
                  BOB_IS("- - - - \"-\""));
    EXPECT_NOTICE("If we are unable to deliver your message to bob@far.example, we tell you.\r\n", NONE);
    EXPECT_NOTICE("To whom it may concern\r\nFailed Recipient: nobody\r\n", NONE);
}

/* A reason that stands apart is of all that have none; the one with a reply goes before the one without. */
/* That nothing came is no reason; the sentence behind may be one, or the next paragraph. */
static void test_bare(void **state) {
    (void)state;
#define TO "message to bob@far.example "
    static const char *const forms[][2] = {
        {"Your " TO "couldn't be delivered.\r\n", BOB_IS("- - - - \"-\"")},
        {"Ihre Nachricht an bob@far.example konnte nicht zugestellt werden.\r\n", BOB_IS("- - - - \"-\"")},
        {"Sua mensagem para bob@far.example não pôde ser entregue.\r\n", BOB_IS("- - - - \"-\"")},
        {"Your " TO "couldn't be delivered. It is full.\r\n", BOB_IS("- - - - \"It is full.\"")},
        {"Your " TO "couldn't be\r\ndelivered.\r\n\r\nIt is\r\nfull.\r\n\r\nBye\r\n",
         BOB_IS("- - - - \"It is full.\"")},
        {"We were unable to deliver your message to bob@far.example.\r\n\r\nIt is full.\r\n",
         BOB_IS("- - - - \"It is full.\"")},
        {"Your " TO "couldn't be delivered.\r\n\r\n552 5.2.2 full\r\n", BOB_IS("552 5.2.2 - - \"full\"")},
        {"Your " TO "couldn't be delivered.\r\n\r\nIt is bad.\r\n\r\nReason: full\r\n", BOB_IS("- - - - \"full\"")},
        {"Your " TO "couldn't be delivered, it is full.\r\n", BOB_IS("- - - - \"couldn't be delivered, it is full.\"")},
        {"Ihre Nachricht an bob@far.example wurde nicht zugestellt, weil er ging.\r\n",
         BOB_IS("- - - - \"wurde nicht zugestellt, weil er ging.\"")},
        {"Your " TO "couldn't be delivered for a reason that is long.\r\n",
         BOB_IS("- - - - \"couldn't be delivered for a reason that is long.\"")},
        /* no reasons */
        {"Your " TO "couldn't be delivered.\r\n\r\nPlease ask.\r\n", BOB_IS("- - - - \"-\"")},
        {"Your " TO "couldn't be delivered.\r\n\r\nDate: x\r\n", BOB_IS("- - - - \"-\"")},
        {"Your " TO "couldn't be delivered.\r\n\r\nneither to these recipients\r\n", BOB_IS("- - - - \"-\"")},
        {"Your " TO "couldn't be delivered.\r\n\r\n  eve@far.example: 550 no\r\n",
         BOB_IS("- - - - \"-\"") "bounce eve@far.example - - 550 - - - \"no\"\n"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char mail[512];
        (void)snprintf(mail, sizeof mail, NOTICE("%s"), forms[i][0]);
        expect_report(&run, span_from_string(mail), forms[i][1]);
    }
}

static void test_reasons_apart(void **state) {
    (void)state;
    EXPECT_NOTICE(LISTED
                  "bob@far.example\r\n\r\nThe reason follows. Because:\r\n\r\nBecause:\r\n\r\n  mailbox full\r\n",
                  BOB_IS("- - - - \"mailbox full\""));
    EXPECT_NOTICE(
        "Could not be delivered because of\r\n\r\n550 5.1.1 User unknown\r\n\r\nThe following recipients:\r\n"
        "  bob@far.example\r\n  eve@far.example\r\n    421 4.3.2 busy\r\n",
        BOB_IS("550 5.1.1 - - \"User unknown\"") "bounce eve@far.example - - 421 4.3.2 - - \"busy\"\n");
    EXPECT_NOTICE(LISTED
                  "bob@far.example\r\n\r\nTechnical details of permanent failure:\r\nIt was rejected.\r\n\r\n"
                  "The error that the other server returned was:\r\n550 550 5.1.1 gone\r\n",
                  BOB_IS("550 5.1.1 - - \"gone\""));
    EXPECT_NOTICE("Unable to deliver message to bob@far.example\r\n\r\n550 gone\r\n\r\n551 not it\r\n",
                  BOB_IS("550 - - - \"gone\""));
    EXPECT_NOTICE("Unable to deliver message to bob@far.example\r\n\r\n580 days\r\n", BOB_IS("- - - - \"-\""));
    EXPECT_NOTICE("The response was:\r\n\r\n550 5.1.1 gone\r\n", NONE); /* of nobody */
    /* Behind a sentence, on the next line or in the next paragraph; the sentence's end is no reason. */
#define SENTENCE_OF_BOB "Your message to bob@far.example could not be delivered.\r\n"
    EXPECT_NOTICE(SENTENCE_OF_BOB "Reason: 550 5.1.1 gone\r\n", BOB_IS("550 5.1.1 - - \"gone\""));
    EXPECT_NOTICE(SENTENCE_OF_BOB "Reason: mailbox full\r\n", BOB_IS("- - - - \"mailbox full\""));
    EXPECT_NOTICE(SENTENCE_OF_BOB "\r\nReason: mailbox full\r\n", BOB_IS("- - - - \"mailbox full\""));
    EXPECT_NOTICE(SENTENCE_OF_BOB "\r\nReason:\r\n\r\n552 full\r\n", BOB_IS("552 - - - \"full\""));
    EXPECT_NOTICE("Your message to bob@far.example was received.\r\nReason: could not be delivered\r\n", NONE);
    EXPECT_NOTICE("Your message to bob@far.example is here.\r\nAnother could not be delivered.\r\n", NONE);
}

static void test_transcripts(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "   ----- Transcript of session follows -----\r\n>>> RCPT To:<bob@far.example>\r\n"
        "<<< 550 no\r\n550 5.1.1 <bob@far.example>... User unknown\r\n421 4.4.1 <eve@far.example>... Deferred\r\n"
        "\r\n   ----- Unsent message follows -----\r\nMessage-ID: <1@home.example>\r\n",
        "bounce <1@home.example> - - - 0\n"
        "bounce bob@far.example - - 550 5.1.1 - - \"<bob@far.example>... User unknown\"\n"
        "bounce eve@far.example - - 421 4.4.1 - - \"<eve@far.example>... Deferred\"\n");
    EXPECT_NOTICE(
        "Failed address: bob@far.example\r\n\r\n--- Session Transcript ---\r\n"
        " Mon 10:00: <--  220 hello\r\n Mon 10:00: -->  MAIL\r\n Mon 10:00: <--  554 5.7.1 no\r\n",
        BOB_IS("554 5.7.1 - - \"no\""));
}

/* Sentences are broken anywhere, and stand in other languages, too. */
static void test_broken_sentences(void **state) {
    (void)state;
    EXPECT_NOTICE("A message could\r\nnot be\r\ndelivered to the following\r\naddresses:\r\n\r\nbob@far.example\r\n",
                  BOB_IS("- - - - \"-\""));
    EXPECT_NOTICE("A message could not\r\n\r\nbe delivered to the following addresses:\r\n\r\nbob@far.example\r\n",
                  NONE);
    EXPECT_NOTICE("Die Nachricht konnte an folgende Adresse nicht zugestellt werden:\r\n\r\nbob@far.example\r\n",
                  BOB_IS("- - - - \"-\""));
}

/* What would be if it happened, and what is held for its reader. */
static void test_nothing_happened(void **state) {
    (void)state;
    EXPECT_NOTICE("If mail to the following address cannot be delivered, it ends:\r\n\r\nbob@far.example\r\n", NONE);
    EXPECT_NOTICE("It ends.  When mail to the following address cannot be delivered:\r\n\r\nbob@far.example\r\n", NONE);
    EXPECT_NOTICE(
        "If, for whatever reason there may be, and whoever it is that has to answer for it,\r\na message to the "
        "following\r\naddress cannot be\r\ndelivered, it ends:\r\n\r\nbob@far.example\r\n",
        NONE);
    EXPECT_NOTICE(
        "If in the next thirty days, for a reason that neither you nor we have any part in,\r\nyour message to "
        "bob@far.example could not be delivered\r\n",
        NONE);
    EXPECT_NOTICE("If\r\nunable to deliver message to bob@far.example\r\n", NONE);
    EXPECT_NOTICE(
        "Your message to bob@far.example was received. Earlier trouble, that it could\r\nnot be delivered, is "
        "over.\r\n",
        NONE);
    EXPECT_NOTICE(
        "The following address is fine.  Earlier trouble, that it could not be delivered, is over:\r\n\r\n"
        "bob@far.example\r\n",
        NONE);
    EXPECT_NOTICE("As if. Mail to the following address cannot be delivered:\r\n\r\nbob@far.example\r\n",
                  BOB_IS("- - - - \"-\""));
    EXPECT_NOTICE("These were held for you, and not delivered:\r\n\r\nbob@far.example\r\n", NONE);
}

/* Forms of servers, each with what it does otherwise than the others. */
static void test_forms(void **state) {
    (void)state;
    static const char *const forms[][2] = {
        /* MailEnable */
        {"MailEnable: Message could not be delivered to some recipients.\r\nThe following recipient(s) could not be "
         "reached:\r\n\r\n\tRecipient: [SMTP:bob@far.example]\r\n\tReason: Remote SMTP Server Returned: 550 no\r\n",
         BOB_IS("550 - - - \"no\"")},
        /* Mimecast */
        {"an email a@home.example addressed to email address :\r\n-- bob@far.example\r\n\r\nWith subject x sent "
         "today\r\n"
         "could not be delivered. The problem appears to be :\r\n-- Recipient server busy\r\n\r\n"
         "Additional information follows :\r\n-- 4.4.4 Temporary server error.\r\n",
         BOB_IS("- 4.4.4 - - \"Temporary server error.\"")},
        /* 1&1: why stands behind the addresses, and nothing announces it */
        {"A message that you sent has not yet been delivered to one or more of\r\nits recipients after 2 days.\r\n\r\n"
         "to the following addresses:\r\n\r\n  <bob@far.example>\r\n\r\nhost far.example[192.0.2.1]:\r\nconnection to "
         "mail exchanger failed\r\n\r\nDelivery attempts will continue for\r\n",
         "delay - - - - 0\ndelay bob@far.example - - - - - - "
         "\"host far.example[192.0.2.1]: connection to mail exchanger failed\"\n"},
        /* Microsoft SMTPSVC; a name before the address */
        {"The email below could not be delivered to the following user:\r\n\r\nBob B. <bob@far.example>\r\n",
         BOB_IS("- - - - \"-\"")},
        {"Delivery has failed to these recipients or groups:\r\n\r\nBob B.<mailto:bob@far.example>\r\nNot found.\r\n",
         BOB_IS("- - - - \"Not found.\"")},
        {"Delivery has failed to these recipients or groups:\r\n\r\nContact: Eve <eve@far.example>\r\n", NONE},
        /* Exchange's warning */
        {"Delivery of email to this address\r\n\t\t\r\n\"bob@far.example\"\r\n\t\t\r\nhas been postponed due to a full "
         "mailbox.\r\n",
         "delay - - - - 0\ndelay bob@far.example - - - - - - \"has been postponed due to a full mailbox.\"\n"},
        /* Sina */
        {"sina.com.\r\n邮件无法发送到您指定的地址中。\r\n\r\n<bob@far.example>:\r\n\r\n--- "
         "附件中的内容是原信件的一份拷贝\r\n",
         BOB_IS("- - - - \"-\"")},
        /* Notes: the reason comes first */
        {"------- Failure Reasons  --------\r\n\r\nUser not listed in public Name & Address "
         "Book\r\nbob@far.example\r\n\r\n"
         "------- Returned Message --------\r\nMessage-ID: <1@home.example>\r\n",
         "bounce <1@home.example> - - - 0\n"
         "bounce bob@far.example - - - - - - \"User not listed in public Name & Address Book\"\n"},
        /* the address on the line behind */
        {"---The following addresses had delivery errors---\r\nbob@far.example [User unknown]\r\n",
         BOB_IS("- - - - \"[User unknown]\"")},
        {"SMTP Server <mx> rejected recipient <bob@far.example>\r\n  (Error following RCPT command). It responded as "
         "follows: [550 5.1.1 no]\r\n",
         BOB_IS("550 5.1.1 - - \"no\"")},
        /* MailFoundry, SurfControl */
        {"Unable to deliver message to: <bob@far.example>\r\nDelivery failed for the following reason:\r\n"
         "Server mx[192.0.2.1] failed with: 550 no\r\n",
         BOB_IS("550 - - - \"no\"")},
        {"Your message could not be sent.\r\nAddressed To: bob@far.example\r\n\r\nFailed to send,\r\n"
         "bob@far.example: [192.0.2.5], 550 no\r\n",
         BOB_IS("550 - - - \"no\"")},
        /* PowerMTA, without its fields */
        {"a list of\r\nthe affected recipients\r\n\r\n  <bob@far.example>  delivery failed; will not continue "
         "trying\r\n",
         BOB_IS("- - - - \"delivery failed; will not continue trying\"")},
        /* Amazon WorkMail: fields in the text */
        {"An error occurred while trying to deliver the mail to the following recipients:\r\nbob@far.example\r\n\r\n"
         "Action: failed\r\nFinal-Recipient: rfc822; bob@far.example\r\nDiagnostic-Code: smtp; 550 5.1.1 gone\r\n",
         BOB_IS("550 5.1.1 - - \"gone\"")},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char mail[1024];
        (void)snprintf(mail, sizeof mail, NOTICE("%s"), forms[i][0]);
        expect_report(&run, span_from_string(mail), forms[i][1]);
    }
}

/* What the sender wrote says nothing, and who is refused for good waits no more. */
static void test_words_of_others(void **state) {
    (void)state;
    static const char *const forms[][2] = {
        {"Your message\r\n\r\n  Subject: it will be retried --- original message\r\n\r\ndid not reach the following "
         "recipient(s):\r\n\r\nbob@far.example on Mon\r\n    550 5.7.1 spam\r\n",
         BOB_IS("550 5.7.1 - - \"spam\"")},
        {"This is the mail system at host mx.\r\n\r\nYour message could not\r\nbe delivered.\r\n\r\n<bob@far.example>: "
         "host mx said: 550 5.7.1 mail that will be "
         "retried is blocked\r\n",
         BOB_IS("550 5.7.1 - - \"mail that will be retried is blocked\"")},
        {"If your message to bob@far.example could not be delivered, we tell you.\r\n", NONE},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char mail[1024];
        (void)snprintf(mail, sizeof mail, NOTICE("%s"), forms[i][0]);
        expect_report(&run, span_from_string(mail), forms[i][1]);
    }
}

/* Its own words say that it waits; another server's do not, and what is given up waits no more. */
static void test_delays(void **state) {
    (void)state;
    static const char *const forms[][2] = {
        {"delay",
         "Your message could not be delivered to the following recipients yet:\r\n\r\n<bob@far.example>: 451 4.2.0 "
         "busy\r\n\r\nWe will keep trying for 4 days.\r\n"},
        {"delay", "Your message to bob@far.example could not be delivered: 451 busy. It will be attempted again.\r\n"},
        {"delay", "Your message to bob@far.example could not be delivered immediately.\r\n"},
        {"delay", "Your message to bob@far.example is delayed: 451 busy\r\n"},
        {"delay",
         "Your message could not be delivered to the following recipients:\r\n\r\n<bob@far.example>: 451 "
         "busy\r\nWe will keep trying for 4 days.\r\n"},
        {"delay",
         "There was a temporary problem delivering your message to bob@far.example.\r\n\r\nThe response "
         "was:\r\n\r\n451 busy\r\n"},
        {"delay",
         "Your message to bob@far.example could not be delivered. Reason:\r\n451 busy\r\n\r\nDelivery will be "
         "attempted again. If it is not possible in 4 days, we gave up.\r\n"},
        {"bounce",
         "Your message could not be delivered to the following recipients:\r\n\r\n<bob@far.example>: 451 4.2.0 "
         "busy, your message will be attempted again\r\n"},
        {"bounce",
         "Your message could not be delivered to the following recipients:\r\n\r\n<bob@far.example>: host mx "
         "said: 451 4.2.0\r\n    busy, we will keep trying\r\n"},
        {"bounce",
         "Your message could not be delivered to the following recipients:\r\n\r\nbob@far.example\r\n  Reason: "
         "451 busy, will be attempted again\r\n"},
        {"bounce",
         "Your message to bob@far.example could not be delivered: 451 busy, will be attempted\r\nagain. Sorry.\r\n"},
        {"bounce",
         "Your message to bob@far.example was temporarily rejected and could not be delivered. We gave up after "
         "4 days.\r\n"},
        {"bounce",
         "Your message to bob@far.example could not be delivered: 451 busy\r\n\r\nDelivery will not be attempted "
         "again.\r\n"},
        {"bounce",
         "Your message could not be delivered to the following recipients yet:\r\n\r\n<bob@far.example>: 550 "
         "5.1.1 gone\r\n\r\nWe will keep trying.\r\n"},
        {"bounce",
         "Your message was temporarily rejected by the following recipients:\r\n\r\n<bob@far.example>: 451 "
         "busy\r\n\r\nThe message expired.\r\n"},
        {"success", "Your message to bob@far.example was delivered, but the attachment could not be delivered.\r\n"},
        {"bounce",
         "Your message to bob@far.example was delivered without delay to us, and could not be delivered: 550 "
         "no\r\n"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char mail[1024];
        (void)snprintf(mail, sizeof mail, NOTICE("%s"), forms[i][1]);
        const char *told = run_report(&run, span_from_string(mail), 0);
        bool const as_expected =
            strncmp(told, forms[i][0], strlen(forms[i][0])) == 0 && strstr(told, "bob@far.example") != NULL;
        if (!as_expected) fail_msg("%s: %s", forms[i][1], told);
        static char whole[sizeof run.record];
        (void)snprintf(whole, sizeof whole, "%s", told);
        expect_report(&run, span_from_string(mail), whole); /* in any cut */
    }
}

/* A desk repeats what a customer wrote, and a person or a program what came to it. */
/* The message's title is its sender's, who would have his bounce taken for something else. */
static void test_titles(void **state) {
    (void)state;
#define TO_BOB "could not be delivered to the following recipients:\r\n\r\nbob@far.example\r\n    no such user\r\n"
    static const char *const texts[] = {
        "Subject: will try again\r\n\r\nIt " TO_BOB,
        "It\r\n  To: x\r\n  Betreff: x\r\n     will try again\r\n  Gesendet: Sat\r\n" TO_BOB,
        "Your message \"We will try again\" " TO_BOB,
        "Your message \"was delivered, but\" " TO_BOB,
        "Your message \"What if\" " TO_BOB,
        "Your message \"We will\r\ntry again\" " TO_BOB,
        "The message with the subject „Wird weiter versucht“ " TO_BOB,
        "The message with the subject: What. If it will be retried\r\nif it was delivered, but " TO_BOB,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char mail[512];
        (void)snprintf(mail, sizeof mail, NOTICE("%s"), texts[i]);
        expect_report(&run, span_from_string(mail), BOB_IS("- - - - \"no such user\""));
    }
    EXPECT_NOTICE("Your message \"x\" to bob@far.example could not be delivered. No such user.\r\n",
                  BOB_IS("- - - - \"No such user.\""));
    EXPECT_NOTICE("It " TO_BOB "    the message \"x\" is spam\r\n", /* a server's quotes are its own */
                  BOB_IS("- - - - \"no such user the message \"x\" is spam\""));
}

/* Behind a rule with words and before headers stands the message, in whatever language the words are. */
static void test_copies(void **state) {
    (void)state;
    static const char *const rules[] = {"----- Ursprüngliche Nachricht -----",
                                        "Ihre ursprüngliche Nachricht:", "--- Alkuperäinen viesti ---",
                                        "_____ x _____\r\n"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char mail[512];
        (void)snprintf(mail, sizeof mail,
                       NOTICE("It " TO_BOB "\r\n%s\r\nFrom: Anna <anna@home.example>\r\n"
                              "Message-ID: <1@home.example>\r\n\r\nWe will try again.\r\n"),
                       rules[i]);
        expect_report(&run, span_from_string(mail), DSN_HEAD "bounce bob@far.example - - - - - - \"no such user\"\n");
    }
    EXPECT_NOTICE("It " TO_BOB "\r\n--- Hints ---\r\nWe will try again.\r\n",
                  "delay - - - - 0\ndelay bob@far.example - - - - - - \"no such user\"\n");
    EXPECT_NOTICE("--- Details ---\r\nFrom: anna@home.example\r\n\r\nIt " TO_BOB, /* of nobody yet */
                  BOB_IS("- - - - \"no such user\""));
}

#define BOB_WAITS "delay - - - - 0\ndelay bob@far.example - - "
#define SUCCESS(recipients) "success - - - - 0\n" recipients
#define CAME(who) "success " who "@far.example - - - - - - \"-\"\n"

/* Another server's words, and what would be, say nothing of this notice. */
static void test_own_words(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "We will keep trying to deliver to the following recipient:\r\n\r\nbob@far.example\r\n"
        "    451 4.7.1 listed, message expired\r\n",
        BOB_WAITS "451 4.7.1 - - \"listed, message expired\"\n");
    /* the quote goes on in its column, or deeper than its own line, however deep an entry before was */
    EXPECT_NOTICE(
        "It could not be delivered to the following recipient:\r\n\r\nbob@far.example\r\n"
        "550 mail that\r\nwill be retried is blocked\r\n",
        BOB_IS("550 - - - \"mail that will be retried is blocked\""));
    EXPECT_NOTICE(
        "It could not be delivered to the following recipient:\r\n\r\n      bob@far.example\r\n\r\n"
        "Reason: 450 mail that\r\n  Will be retried\r\n",
        BOB_IS("450 - - - \"mail that Will be retried\""));
    EXPECT_NOTICE("If a message is delayed, it will be retried.\r\n\r\nThis one " TO_BOB,
                  BOB_IS("- - - - \"no such user\""));
}

/* What is held is not refused, unless a server refused it with these words. */
static void test_held(void **state) {
    (void)state;
    static const char *const words[] = {"It is in quarantine.",
                                        "Sie liegt in Quarantäne.",
                                        "Está en cuarentena.",
                                        "Il est mis en quarantaine.",
                                        "It awaits review.",
                                        "It is waiting for approval by a moderator.",
                                        "Sie wartet auf Freigabe.",
                                        "Il est en attente de validation.",
                                        "A mensagem ficará em espera.",
                                        "一時保留されました"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char mail[512];
        (void)snprintf(mail, sizeof mail, NOTICE("It " TO_BOB "\r\n%s\r\n"), words[i]);
        expect_report(&run, span_from_string(mail), BOB_WAITS "- - - - \"no such user\"\n");
    }
    EXPECT_NOTICE("Your message to bob@far.example could not be delivered: 550 5.7.1 in quarantine\r\n",
                  BOB_IS("550 5.7.1 - - \"in quarantine\""));
}

/* It came in the end, or otherwise; what was taken was not refused. */
static void test_solved(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "What could not be delivered to the following recipients has now been delivered:\r\n\r\n"
        "bob@far.example\r\n",
        SUCCESS(CAME("bob")));
    EXPECT_NOTICE(
        "An attachment to the following recipients has been blocked:\r\n\r\nbob@far.example\r\n\r\n"
        "The message itself was delivered.\r\n",
        SUCCESS(CAME("bob")));
    EXPECT_NOTICE(
        "It was delivered to these recipients:\r\n\r\nbob@far.example\r\neve@far.example\r\n\r\n"
        "It could not be delivered to a telephone.\r\n",
        SUCCESS(CAME("bob") CAME("eve")));
    EXPECT_NOTICE(
        "It was delivered to these recipients:\r\n\r\nbob@far.example\r\n\r\nIt could not be delivered to "
        "these recipients:\r\n\r\neve@far.example\r\n",
        "bounce - - - - 0\nbounce bob@far.example - - - - - - \"-\"\n"
        "bounce eve@far.example - - - - - - \"-\"\n");
    EXPECT_NOTICE("The message was not delivered to:\r\n<bob@far.example>:\r\n   250 2.7.0 Ok, discarded\r\n", NONE);
    EXPECT_NOTICE(
        "The message was not delivered to:\r\n<eve@far.example>:\r\n   250 Ok, discarded\r\n"
        "<bob@far.example>:\r\n   550 no\r\n",
        BOB_IS("550 - - - \"no\""));
}

#define ROBOT(text) "From: Robot <robot@far.example>\r\nSubject: Undeliverable\r\n\r\n" text

/* Before anybody is named; behind him a notice may say how to ask.  What a form brings is signed by the web server. */
static void test_acknowledged(void **state) {
    (void)state;
    run.envelope.known = true;
    expect_report(&run, SPAN_LITERAL(ROBOT("Vielen Dank für Ihre Kontaktaufnahme.\r\n\r\nIt " TO_BOB)), NONE);
    expect_report(&run, SPAN_LITERAL(ROBOT("受け付けました。\r\n\r\nIt " TO_BOB)), NONE);
    expect_report(
        &run,
        SPAN_LITERAL(ROBOT("Hallo.\r\n\r\nVon: Mail Delivery System <MAILER-DAEMON@mx.example>\r\n\r\nIt " TO_BOB)),
        NONE);
    expect_report(&run, SPAN_LITERAL(ROBOT("It " TO_BOB "\r\nAsk with this ticket number.\r\n550 5.1.1 x\r\n")),
                  BOB_IS("550 5.1.1 - - \"x\""));
    run.envelope = (struct report_envelope){.known = false};
    EXPECT_NOTICE("Somebody filled in your form:\r\n\r\nIt " TO_BOB, NONE);
}

static void test_repeated(void **state) {
    (void)state;
    static const char told[] = "Your message to bob@far.example could not be delivered.\r\n";
    static const struct {
        const char *from, *headers, *before;
        bool bounces;
    } forms[] = {
        {"desk@far.example", "Mail could not be delivered", "Hello,", true},
        {"desk@far.example", "Mail could not be delivered", "We have received your request:", false},
        {"desk@far.example", "Mail could not be delivered\r\nAuto-Submitted: auto-generated",
         "A customer writes:", false},
        {"desk@far.example", "Mail could not be delivered\r\nAuto-Submitted: auto-replied", "Hello,", true},
        {"desk@far.example", "[Ticket#12] Mail could not be delivered", "Hello,", false},
        {"desk@far.example", "[Mail] Mail could not be delivered", "Hello,", true},
        {"desk@far.example", "Fwd: Mail could not be delivered", "Hello,", false},
        {"desk@far.example", "RE: Mail could not be delivered", "Hello,", false},
        {"desk@far.example", "Mail could not be delivered", "---- Forwarded message ----", false},
        {"desk@far.example", "Mail could not be delivered", "From: Mail Delivery System <x@far.example>", false},
        {"desk@far.example", "Mail could not be delivered", "From: anna@home.example", true},
        {"postmaster@far.example", "[Ticket#12] Mail could not be delivered", "We have received your message.", true},
    };
    run.envelope.known = true; /* the null sender */
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char mail[1024];
        (void)snprintf(mail, sizeof mail, "From: %s\r\nSubject: %s\r\n\r\n%s\r\n\r\n%s", forms[i].from,
                       forms[i].headers, forms[i].before, told);
        const char *found = run_report(&run, span_from_string(mail), 0);
        if ((strncmp(found, "bounce", 6) == 0) != forms[i].bounces) fail_msg("%s: %s", mail, found);
    }
    run.envelope.known = false;
}

/* A report whose type (RFC 6522 3) is another one has a text about something else. */
static void test_other_reports(void **state) {
    (void)state;
#define REPORT_OF(type)                                                         \
    SPAN_LITERAL("From: x@far.example\r\nContent-Type: multipart/report; " type \
                 "boundary=b\r\n\r\n--b\r\n\r\nYour message to bob@far.example could not be delivered.\r\n--b--\r\n")
    expect_report(&run, REPORT_OF("report-type=tlsrpt; "), NONE);
    expect_report(&run, REPORT_OF("report-type = \"TLSRPT\"; "), NONE);
    static const char bob[] = BOB_IS("- - - - \"-\"");
    expect_report(&run, REPORT_OF("report-type=delivery-status; "), bob);
    expect_report(&run, REPORT_OF("Report-Type=\"Delivery-Status\"; "), bob);
    expect_report(&run, REPORT_OF(""), bob);
}

/* X-Failed-Recipients: of whom, where the text does not say it; and that it failed, in whatever words. */
static void test_failed_recipients(void **state) {
    (void)state;
#define FAILED(from, text)                                                                    \
    SPAN_LITERAL("From: " from                                                                \
                 "\r\nSubject: Delivery failure\r\nX-Failed-Recipients: bob@far.example,\r\n" \
                 " eve@far.example, no address\r\n\r\n" text)
    expect_report(&run, FAILED("mailer-daemon@mx.example", "It went wrong.\r\n\r\nReason: full\r\n"),
                  BOB_IS("- - - - \"full\"") "bounce eve@far.example - - - - - - \"full\"\n");
    expect_report(&run, FAILED("mailer-daemon@mx.example", "<bob@far.example>: 550 no\r\n"),
                  BOB_IS("550 - - - \"no\""));
    expect_report(
        &run, FAILED("mailer-daemon@mx.example", "This is a warning message only.\r\n"),
        "delay - - - - 0\ndelay bob@far.example - - - - - - \"-\"\ndelay eve@far.example - - - - - - \"-\"\n");
    expect_report(&run, FAILED("bob@far.example", "It went wrong.\r\n"), NONE);
    run.envelope.known = true; /* the null sender, and a subject that says nothing */
    expect_report(&run, SPAN_LITERAL("Subject: Hello\r\nX-Failed-Recipients: bob@far.example\r\n\r\nSorry.\r\n"),
                  BOB_IS("- - - - \"-\""));
    run.envelope.known = false;
}

/* HTML where there is no plain text that says anything; its lines are what people see. */
static void test_html(void **state) {
    (void)state;
#define PART(type, text) "--b\r\nContent-Type: text/" type "\r\n\r\n" text "\r\n"
#define PARTS(parts)                                                                                            \
    SPAN_LITERAL("From: postmaster@mx.example\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" parts \
                 "--b--\r\n")
#define HTML                                                                                                        \
    "<p>Your message\r\n to <a href=x>bob@far.example</a> could\r\n not be <b>deliv</b>ered.</p><div>Reason:</div>" \
    "<div>550&nbsp;5.1.1 gone</div><p>Original message headers:<pre>Message-ID:\r\n &lt;1@home.example&gt;\r\n</pre>"
    static const char bob[] = "bounce <1@home.example> - - - 0\nbounce bob@far.example - - 550 5.1.1 - - \"gone\"\n";
    expect_report(&run, PARTS(PART("html", HTML)), bob);
    expect_report(&run, PARTS(PART("plain", "See the other part.") PART("html", HTML)), bob);
    expect_report(&run,
                  PARTS(PART("html", "Your message to bob@far.example could not be delivered.<br>Reason: full<br>")),
                  BOB_IS("- - - - \"full\""));
    expect_report(&run, PARTS(PART("plain", "Failed address: eve@far.example") PART("html", HTML)),
                  "bounce - - - - 0\nbounce eve@far.example - - - - - - \"-\"\n");
    expect_report(&run, PARTS(PART("html", HTML) PART("plain", "Failed address: eve@far.example")), bob);
    expect_report(&run, PARTS(PART("html", "<p>See below.") PART("plain", "Failed address: eve@far.example")),
                  "bounce - - - - 0\nbounce eve@far.example - - - - - - \"-\"\n");
    expect_report(&run, PARTS(PART("plain", "See below.") PART("plain", "Failed address: eve@far.example")), NONE);
    expect_report(&run, PARTS(PART("html", "<style>bob@far.example could not be delivered</style><p>Hello")), NONE);
    expect_report(&run,
                  SPAN_LITERAL("From: bob@far.example\r\nSubject: undelivered\r\nContent-Type: text/html\r\n\r\n" HTML),
                  NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qmail),
        cmocka_unit_test(test_dma),
        cmocka_unit_test(test_exim),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_talk),
        cmocka_unit_test(test_beside_fields),
        cmocka_unit_test(test_listed),
        cmocka_unit_test(test_same_address_again),
        cmocka_unit_test(test_bullets),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_called),
        cmocka_unit_test(test_again_and_again),
        cmocka_unit_test(test_words_before),
        cmocka_unit_test(test_bare),
        cmocka_unit_test(test_reasons_apart),
        cmocka_unit_test(test_transcripts),
        cmocka_unit_test(test_broken_sentences),
        cmocka_unit_test(test_nothing_happened),
        cmocka_unit_test(test_words_of_others),
        cmocka_unit_test(test_failed_recipients),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_own_words),
        cmocka_unit_test(test_held),
        cmocka_unit_test(test_solved),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_acknowledged),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_other_reports),
        cmocka_unit_test(test_html),
    };
    report_run_begin(&run);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    report_run_end(&run);
    return failed;
}
