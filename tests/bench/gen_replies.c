#include "gen_replies.h"

#include <stddef.h>
#include <string.h>

enum { SERVER_KINDS = 6, CLIENT_KINDS = 6, REFUSALS_MAX = 5 };

static const struct server_kind server_kinds[SERVER_KINDS] = {
    {.name = "postfix",
     .pipelining = true,
     .timestamps = true,
     .greeting = "220 %h ESMTP Postfix (Debian/GNU)\r\n",
     .ehlo = "250-%h\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-VRFY\r\n250-ETRN\r\n250-ENHANCEDSTATUSCODES\r\n"
             "250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8\r\n",
     .helo = "250 %h\r\n",
     .mail_ok = "250 2.1.0 Ok\r\n",
     .rcpt_ok = "250 2.1.5 Ok\r\n",
     .rcpt_enhanced = "2.1.5",
     .data_go = "354 End data with <CR><LF>.<CR><LF>\r\n",
     .final_ok = "250 2.0.0 Ok: queued as %q\r\n",
     .reset_ok = "250 2.0.0 Ok\r\n",
     .bye = "221 2.0.0 Bye\r\n",
     .no_mail = {503, "5.5.1", "503 5.5.1 Error: need MAIL command\r\n"},
     .no_recipients = {554, "5.5.1", "554 5.5.1 Error: no valid recipients\r\n"}},
    {.name = "exim",
     .pipelining = true,
     .chunking = true,
     .timestamps = true,
     .greeting = "220 %h ESMTP Exim 4.96 Ready\r\n",
     .ehlo = "250-%h Hello %c\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-PRDR\r\n"
             "250 HELP\r\n",
     .helo = "250 %h Hello %c\r\n",
     .mail_ok = "250 OK\r\n",
     .rcpt_ok = "250 Accepted\r\n",
     .data_go = "354 Enter message, ending with \".\" on a line by itself\r\n",
     .final_ok = "250 OK id=%q\r\n",
     .chunk_ok = "250 chunk received\r\n",
     .reset_ok = "250 Reset OK\r\n",
     .bye = "221 %h closing connection\r\n",
     .no_mail = {503, NULL, "503 sender not yet given\r\n"},
     .no_recipients = {503, NULL,
                       "503-All RCPT commands were rejected\r\n503 valid RCPT command must precede DATA\r\n"}},
    {.name = "opensmtpd",
     .timestamps = true,
     .greeting = "220 %h ESMTP OpenSMTPD\r\n",
     .ehlo = "250-%h Hello %c, pleased to meet you\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250-SIZE 36700160\r\n"
             "250-DSN\r\n250 HELP\r\n",
     .helo = "250 %h Hello %c, pleased to meet you\r\n",
     .mail_ok = "250 2.0.0 Ok\r\n",
     .rcpt_ok = "250 2.1.5 Destination address valid: Recipient ok\r\n",
     .rcpt_enhanced = "2.1.5",
     .data_go = "354 Enter mail, end with \".\" on a line by itself\r\n",
     .final_ok = "250 2.0.0 %q Message accepted for delivery\r\n",
     .reset_ok = "250 2.0.0 Reset state\r\n",
     .bye = "221 2.0.0 Bye\r\n",
     .no_mail = {503, "5.5.1", "503 5.5.1 Invalid command: Command not allowed at this point.\r\n"},
     .no_recipients = {503, "5.5.1", "503 5.5.1 Invalid command: Command not allowed at this point.\r\n"}},
    {.name = "exchange",
     .pipelining = true,
     .chunking = true,
     .replies_apart = true,
     .greeting = "220 %h Microsoft ESMTP MAIL Service ready\r\n",
     .ehlo = "250-%h Hello [%c]\r\n250-SIZE 37748736\r\n250-PIPELINING\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n"
             "250-8BITMIME\r\n250-BINARYMIME\r\n250 CHUNKING\r\n",
     .helo = "250 %h Hello [%c]\r\n",
     .mail_ok = "250 2.1.0 Sender OK\r\n",
     .rcpt_ok = "250 2.1.5 Recipient OK\r\n",
     .rcpt_enhanced = "2.1.5",
     .data_go = "354 Start mail input; end with <CRLF>.<CRLF>\r\n",
     .final_ok = "250 2.6.0 <%q@%h> [InternalId=%q, Hostname=%h] Queued mail for delivery\r\n",
     .chunk_ok = "250 2.6.0 Chunk received OK\r\n",
     .reset_ok = "250 2.0.0 Resetting\r\n",
     .bye = "221 2.0.0 Service closing transmission channel\r\n",
     .no_mail = {503, "5.5.2", "503 5.5.2 Need mail command\r\n"},
     .no_recipients = {503, "5.5.2", "503 5.5.2 Need rcpt command\r\n"}},
    {.name = "gmail",
     .pipelining = true,
     .chunking = true,
     .timestamps = true,
     .replies_apart = true,
     .greeting = "220 %h ESMTP %q - gsmtp\r\n",
     .ehlo = "250-%h at your service, [%c]\r\n250-SIZE 157286400\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
             "250-PIPELINING\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n",
     .helo = "250 %h at your service\r\n",
     .mail_ok = "250 2.1.0 OK %q - gsmtp\r\n",
     .rcpt_ok = "250 2.1.5 OK %q - gsmtp\r\n",
     .rcpt_enhanced = "2.1.5",
     .data_go = "354 Go ahead %q - gsmtp\r\n",
     .final_ok = "250 2.0.0 OK %q - gsmtp\r\n",
     .chunk_ok = "250 2.0.0 OK %q - gsmtp\r\n",
     .reset_ok = "250 2.1.5 Flushed %q - gsmtp\r\n",
     .bye = "221 2.0.0 closing connection %q - gsmtp\r\n",
     .no_mail = {503, "5.5.1", "503 5.5.1 MAIL first. %q - gsmtp\r\n"},
     .no_recipients = {503, "5.5.1", "503 5.5.1 RCPT first. %q - gsmtp\r\n"}},
    {.name = "old relay",
     .greeting = "220 %h SMTP ready\r\n",
     .helo = "250 %h\r\n",
     .mail_ok = "250 ok\r\n",
     .rcpt_ok = "250 ok\r\n",
     .data_go = "354 go ahead\r\n",
     .final_ok = "250 ok %q\r\n",
     .reset_ok = "250 flushed\r\n",
     .bye = "221 %h\r\n",
     .no_mail = {503, NULL, "503 MAIL first\r\n"},
     .no_recipients = {503, NULL, "503 RCPT first\r\n"}},
};

static const struct client_kind client_kinds[CLIENT_KINDS] = {
    {.name = "postfix", .pipelining = true, .quit_with_dot = true, .announces_size = true},
    {.name = "exim", .pipelining = true, .announces_size = true, .chunking = true},
    {.name = "exchange", .pipelining = true, .announces_size = true, .chunking = true, .chunk_bytes = 16384},
    {.name = "mail user", .blind_data = true},
    {.name = "script", .says_helo = false},
    {.name = "printer", .says_helo = true},
};

static const struct refusal refusals[REFUSAL_KINDS][REFUSALS_MAX] = {
    [GREETING_BOUNCE] = {{554, "5.7.1", "554 5.7.1 %h Your address is not welcome here\r\n"},
                         {554, NULL, "554-%h\r\n554 No SMTP service here for dynamic addresses\r\n"}},
    [GREETING_DEFER] = {{421, "4.7.0", "421 4.7.0 %h Error: too many connections from this address\r\n"},
                        {421, NULL, "421 %h Service not available, closing transmission channel\r\n"}},
    [MAIL_BOUNCE] = {{553, "5.1.8", "553 5.1.8 <%s>: Sender address rejected: Domain not found\r\n"},
                     {550, NULL, "550 Sender verify failed\r\n"},
                     {552, "5.3.4", "552 5.3.4 Message size exceeds fixed limit\r\n"}},
    [MAIL_DEFER] = {{451, "4.1.8", "451 4.1.8 <%s>: Domain of sender address does not resolve\r\n"},
                    {452, "4.3.1", "452 4.3.1 Insufficient system storage\r\n"}},
    [RCPT_BOUNCE] = {{550, "5.1.1",
                      "550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual mailbox table\r\n"},
                     {550, "5.1.1",
                      "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n"
                      "550-5.1.1 double-checking the recipient's email address for typos or\r\n"
                      "550 5.1.1 unnecessary spaces. %q - gsmtp\r\n"},
                     {550, NULL, "550 No such user here\r\n"},
                     {552, "5.2.2", "552 5.2.2 <%r>: Mailbox is full\r\n"},
                     {550, "5.7.1", "550 5.7.1 <%r>: Relay access denied\r\n"}},
    [RCPT_DEFER] = {{450, "4.2.0", "450 4.2.0 <%r>: Recipient address rejected: Greylisted, try again later\r\n"},
                    {451, "4.7.1", "451 4.7.1 Greylisting in action, please come back in 300 seconds\r\n"},
                    {452, "4.2.2", "452 4.2.2 The recipient's inbox is out of storage space\r\n"},
                    {451, NULL, "451 Temporary local problem - please try later\r\n"}},
    [DATA_BOUNCE] = {{554, "5.7.1", "554 5.7.1 DATA is refused for this sender\r\n"}},
    [DATA_DEFER] = {{451, "4.3.0", "451 4.3.0 Error: queue file write error\r\n"}},
    [BODY_BOUNCE] = {{554, "5.7.1", "554 5.7.1 Message rejected as spam by content scanning\r\n"},
                     {550, "5.7.26",
                      "550-5.7.26 Unauthenticated email is not accepted due to the domain's policy.\r\n"
                      "550 5.7.26 Please contact the administrator of the domain. %q - gsmtp\r\n"},
                     {554, NULL, "554 Transaction failed: message looks like junk\r\n"},
                     {552, "5.3.4", "552 5.3.4 Error: message file too big\r\n"}},
    [BODY_DEFER] = {{451, "4.7.0", "451 4.7.0 Temporary rejection, content scanner is busy\r\n"},
                    {452, "4.3.1", "452 4.3.1 Insufficient system resources\r\n"}},
};

/* Shares of servers and clients, in sixteenths.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
static const uint8_t server_shares[16] = {0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 5};
static const uint8_t client_shares[16] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5};

const struct server_kind *server_kind_of(uint32_t server) {
    return &server_kinds[server_shares[random_mix(server + 1) & 15]];
}

const struct client_kind *client_kind_of(uint32_t source) {
    return &client_kinds[client_shares[random_mix(source + 1000003) & 15]];
}

const struct refusal *refusal_pick(enum refusal_kind kind, struct random *r) {
    uint32_t count = 0;
    while (count < REFUSALS_MAX && refusals[kind][count].text != NULL) {
        count++;
    }
    return &refusals[kind][random_below(r, count)];
}

static void expand_one(struct text *t, char name, const struct mail_plan *plan, unsigned recipient) {
    switch (name) {
        case 'h':
            text_string(t, "mx.");
            mail_server_domain(t, plan->server);
            return;
        case 'c':
            text_string(t, "mail.");
            mail_source_domain(t, plan->source);
            return;
        case 's':
            mail_sender(t, plan);
            return;
        case 'r':
            mail_recipient(t, plan, recipient);
            return;
        default: /* 'q' */
            text_hex(t, random_mix(plan->seed + recipient), 11);
    }
}

void reply_expand(struct text *t, const char *template, const struct mail_plan *plan, unsigned recipient) {
    for (;;) {
        size_t plain = strcspn(template, "%");
        text_bytes(t, template, plain);
        template += plain;
        if (*template == '\0') {
            return;
        }
        expand_one(t, template[1], plan, recipient);
        template += 2;
    }
}
