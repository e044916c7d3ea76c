/* Tests of the reader of reports: which part is what, and the kind; the mails of tests/bounces/mails in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glob.h>

#include "report_run.h"

static struct report_run run;

#define NONE "none - - - - 0\n"
#define EXPECT_REPORT(mail, expected) expect_report(&run, SPAN_LITERAL(mail), expected)
#define STATUS "Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
#define BOB "bounce bob@far.example - 5.1.1 - - - - \"-\"\n"

/* --- the mails of real servers ------------------------------------------------------------------------------------ */

static struct span read_file(const char *path, uint8_t *room, size_t size) {
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t len = fread(room, 1, size, file);
    (void)fclose(file);
    assert_true(len > 0 && len < size);
    return span_of(room, len);
}

/* What the mail is by expected.tsv: its line, from the kind on. */
static const char *expected_of(struct span table, const char *path) {
    const char *name = strrchr(path, '/') + 1;
    const char *line = memmem(table.data, table.len, name, strlen(name));
    assert_non_null(line);
    return line + strlen(name) + 1;
}

/* As explain takes it: what a Return-Path says, which the handmade begin with. */
static struct report_envelope envelope_of(struct span mail) {
    struct span path = SPAN_LITERAL("Return-Path: <");
    if (!span_starts_with(mail, path)) return (struct report_envelope){.known = false};
    struct span rest = span_from(mail, path.len);
    return (struct report_envelope){true, span_head(rest, span_find(rest, '>'))};
}

static void test_mails_in_any_cut(void **state) {
    (void)state;
    static uint8_t table_room[65536], room[262144];
    static const size_t cuts[] = {1, 29};
    static char whole[sizeof run.record];
    glob_t found;
    struct span table = read_file("tests/bounces/mails/expected.tsv", table_room, sizeof table_room);
    assert_int_equal(glob("tests/bounces/mails/*.eml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 234);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct span mail = read_file(found.gl_pathv[i], room, sizeof room);
        run.envelope = envelope_of(mail);
        (void)snprintf(whole, sizeof whole, "%s", run_report(&run, mail, 0));
        size_t kind = strcspn(whole, " ");
        if (memcmp(whole, expected_of(table, found.gl_pathv[i]), kind) != 0)
            fail_msg("%s: %s", found.gl_pathv[i], whole);
        for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++)
            assert_string_equal(run_report(&run, mail, cuts[c]), whole);
        assert_int_equal(run.counters.message_memory, 0);
    }
    globfree(&found);
    run.envelope = (struct report_envelope){.known = false};
}

/* --- who sent it -------------------------------------------------------------------------------------------------- */

/* A server that names itself may be believed; a person's own address not, whatever the header says. */
static void test_servers_as_senders(void **state) {
    (void)state;
    static const char mail[] =
        "From: Postmaster@x.example\r\nSubject: x\r\n\r\n"
        "Your message to bob@far.example could not be delivered.\r\n";
    static const char bounce[] = "bounce - - - - 0\nbounce bob@far.example - - - - - - \"-\"\n";
    static const struct {
        const char *sender;
        bool counts;
    } senders[] = {{"", true},
                   {"MAILER-DAEMON", true},
                   {"mailer-daemon@x.example", true},
                   {"mailer-daemon2@x.example", false},
                   {"postmaster@x.example", false}};
    run.envelope.known = true;
    for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++) {
        run.envelope.sender = span_from_string(senders[i].sender);
        assert_string_equal(run_report(&run, span_from_string(mail), 0), senders[i].counts ? bounce : NONE);
    }
    run.envelope = (struct report_envelope){.known = false};
}

/* A postmaster is a program when his mail says that it brings a message back, and does. */
static void test_postmasters_as_senders(void **state) {
    (void)state;
    static const char text[] = "Your message to bob@far.example could not be delivered.\r\n";
    static const char copy[] =
        "\r\n-------original message\r\nMessage-ID: <1@home.example>\r\nFrom: a@home.example\r\n\r\nx\r\n";
    static const char bounce[] =
        "bounce <1@home.example> - a@home.example - 0\n"
        "bounce bob@far.example - - - - - - \"-\"\n";
    static const struct {
        const char *subject;
        bool returns, counts;
    } mails[] = {{"failure notice", true, true},
                 {"failure notice", false, false},
                 {"Fwd: failure notice", true, false},
                 {"Hello", true, false}};
    char mail[1024];
    run.envelope.known = true;
    run.envelope.sender = SPAN_LITERAL("postmaster@x.example");
    for (size_t i = 0; i < sizeof mails / sizeof mails[0]; i++) {
        (void)snprintf(mail, sizeof mail, "From: Postmaster@x.example\r\nSubject: %s\r\n\r\n%s%s", mails[i].subject,
                       text, mails[i].returns ? copy : "");
        assert_string_equal(run_report(&run, span_from_string(mail), 1), mails[i].counts ? bounce : NONE);
    }
    run.envelope = (struct report_envelope){.known = false};
}

/* What nobody signs, with the null sender, is read beside the message that it returns; not beside another. */
static void test_beside_what_returned(void **state) {
    (void)state;
    static const char head[] =
        "From: bob@far.example\r\nSubject: Mail\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\n\r\nCould not be delivered to: <bob@far.example>\r\nAs their mailbox is full.\r\n";
    static const char inner[] = "\r\n\r\nMessage-ID: <1@home.example>\r\n\r\nx\r\n--b--\r\n";
    char mail[1024];
    run.envelope = (struct report_envelope){.known = true};
    (void)snprintf(mail, sizeof mail, "%s--b\r\nContent-Type: message/rfc822%s", head, inner);
    assert_string_equal(run_report(&run, span_from_string(mail), 1),
                        "bounce <1@home.example> - - - 0\n"
                        "bounce bob@far.example - - - - - - \"As their mailbox is full.\"\n");
    (void)snprintf(mail, sizeof mail, "%s--b\r\nContent-Type: text/plain%s", head, inner);
    assert_string_equal(run_report(&run, span_from_string(mail), 1), NONE);
    run.envelope.known = false;
    (void)snprintf(mail, sizeof mail, "%s--b\r\nContent-Type: message/rfc822%s", head, inner);
    assert_string_equal(run_report(&run, span_from_string(mail), 1), NONE);
}

/* --- which part is what ------------------------------------------------------------------------------------------- */

static void test_mixed(void **state) {
    (void)state;
    static const char rest[] =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\n" STATUS "--b--\r\n";
    char mail[1024];
    (void)snprintf(mail, sizeof mail, "From: Mailer Daemon <MAILER-DAEMON@x.example>\r\n%s", rest);
    assert_string_equal(run_report(&run, span_from_string(mail), 1), "bounce - - - - 0\n" BOB);
    (void)snprintf(mail, sizeof mail, "From: Bob <bob@far.example>\r\nSubject: Fwd: Undeliverable\r\n%s", rest);
    assert_string_equal(run_report(&run, span_from_string(mail), 1), NONE);
    run.envelope.known = true; /* the null sender */
    assert_string_equal(run_report(&run, span_from_string(mail), 1), NONE);
    (void)snprintf(mail, sizeof mail, "From: Bob <bob@far.example>\r\nSubject: Undeliverable\r\n%s", rest);
    assert_string_equal(run_report(&run, span_from_string(mail), 1), "bounce - - - - 0\n" BOB);
    run.envelope.known = false;
}

/* A list or a gateway put a text beside a report, or signed it: it is the report that it was. */
#define DAEMON "From: MAILER-DAEMON@far.example\r\nSubject: Undelivered\r\n"
#define IN(type) "Content-Type: multipart/" type "; boundary=o\r\n\r\n"
#define OUTER_PART(headers, text) "--o\r\n" headers "\r\n" text "\r\n"
#define INNER_REPORT(first)                                                                        \
    "--o\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=i\r\n\r\n" first \
    "--i\r\nContent-Type: message/delivery-status\r\n\r\n" STATUS                                  \
    "--i\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@home.example>\r\n\r\nHello\r\n--i--\r\n"
#define INNER_TEXT "--i\r\n\r\n<bob@far.example>: host mx said: 550 5.1.1 gone (in reply to RCPT TO command)\r\n"
#define WRAPPED "bounce <1@home.example> - - - 0\n"
#define BOB_SAID "bounce bob@far.example - 5.1.1 550 5.1.1 rcpt - \"gone\"\n"

static void test_wrapped(void **state) {
    (void)state;
    static const char told[] = WRAPPED BOB_SAID;
    run.envelope.known = true;
    EXPECT_REPORT(DAEMON IN("mixed") INNER_REPORT(INNER_TEXT) OUTER_PART("", "Confidential.") "--o--\r\n", told);
    EXPECT_REPORT(DAEMON IN("signed") INNER_REPORT(INNER_TEXT)
                      OUTER_PART("Content-Type: application/pkcs7-signature\r\n", "MIIB") "--o--\r\n",
                  told);
    /* In front of it, too; and a text of two forms. */
    EXPECT_REPORT(DAEMON IN("mixed") OUTER_PART("", "Caution: this mail is from outside.")
                      INNER_REPORT(INNER_TEXT) "--o--\r\n",
                  told);
    EXPECT_REPORT(DAEMON IN("mixed")
                      INNER_REPORT("--i\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
                                   "--a\r\nContent-Type: text/html\r\n\r\n&lt;bob@far.example&gt;: host mx said: "
                                   "550 5.1.1 gone (in reply to RCPT TO command)\r\n--a--\r\n") "--o--\r\n",
                  told);
    /* Over a list, and when nothing but the null sender says what it is. */
    EXPECT_REPORT(DAEMON "List-Id: <x>\r\n" IN("mixed") INNER_REPORT(INNER_TEXT) "--o--\r\n", told);
    EXPECT_REPORT("From: office@far.example\r\nSubject: Your order\r\n" IN("mixed")
                      INNER_REPORT("--i\r\n\r\nSorry.\r\n") "--o--\r\n",
                  WRAPPED BOB);
    run.envelope.known = false;
    EXPECT_REPORT(DAEMON IN("mixed") INNER_REPORT(INNER_TEXT) "--o--\r\n", told);
}

/* Somebody sends it on, or it speaks of something else, or it lies deeper. */
static void test_wrapped_by_somebody(void **state) {
    (void)state;
    EXPECT_REPORT("From: bob@far.example\r\nSubject: Undelivered\r\n" IN("mixed") INNER_REPORT("") "--o--\r\n", NONE);
    run.envelope = (struct report_envelope){true, SPAN_LITERAL("postmaster@far.example")};
    EXPECT_REPORT("From: postmaster@far.example\r\nSubject: Undelivered\r\n" IN("mixed") INNER_REPORT("") "--o--\r\n",
                  NONE);
    run.envelope = (struct report_envelope){.known = true};
    EXPECT_REPORT(DAEMON IN("mixed") "--o\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <outer@x>\r\n"
                                     "Content-Type: multipart/report; boundary=i\r\n\r\n--i\r\n"
                                     "Content-Type: message/delivery-status\r\n\r\n" STATUS "--i--\r\n--o--\r\n",
                  NONE);
    EXPECT_REPORT(DAEMON IN("digest") "--o\r\n\r\nContent-Type: multipart/report; boundary=i\r\n\r\n--i\r\n"
                                      "Content-Type: message/delivery-status\r\n\r\n" STATUS "--i--\r\n--o--\r\n",
                  NONE);
    EXPECT_REPORT(DAEMON IN("mixed") "--o\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
                                     "Content-Type: multipart/report; boundary=i\r\n\r\n--i\r\n"
                                     "Content-Type: message/delivery-status\r\n\r\n" STATUS "--i--\r\n--m--\r\n--o--\r\n",
                  NONE);
    EXPECT_REPORT(DAEMON IN("mixed") "--o\r\nContent-Type: multipart/report; report-type=tlsrpt; boundary=i\r\n\r\n"
                                     "--i\r\nContent-Type: message/delivery-status\r\n\r\n" STATUS "--i--\r\n--o--\r\n",
                  NONE);
    run.envelope.known = false;
}

/* One report of a mail counts, and what stands behind it is no part of it. */
static void test_beside_the_wrapped(void **state) {
    (void)state;
    static const char told[] = WRAPPED BOB;
    run.envelope.known = true;
    EXPECT_REPORT(DAEMON IN("mixed") INNER_REPORT("")
                      OUTER_PART("Content-Type: message/delivery-status\r\n",
                                 "Final-Recipient: rfc822; eve@far.example\r\nAction: failed") "--o--\r\n",
                  told);
    EXPECT_REPORT(DAEMON IN("mixed") INNER_REPORT("") "--o\r\nContent-Type: multipart/report; boundary=j\r\n\r\n--j\r\n"
                                                      "Content-Type: message/delivery-status\r\n\r\n"
                                                      "Final-Recipient: rfc822; eve@far.example\r\nAction: failed\r\n"
                                                      "--j--\r\n--o--\r\n",
                  told);
    EXPECT_REPORT(DAEMON IN("mixed") INNER_REPORT("") "--o\r\nContent-Type: multipart/mixed; boundary=j\r\n\r\n--j\r\n"
                                                      "Content-Type: message/delivery-status\r\n\r\n"
                                                      "Final-Recipient: rfc822; eve@far.example\r\nAction: failed\r\n"
                                                      "--j--\r\n--o--\r\n",
                  told);
    /* Over a list its own fields and texts say nothing. */
    EXPECT_REPORT(DAEMON "List-Id: <x>\r\nX-Failed-Recipients: bob@far.example\r\n" IN("mixed")
                      OUTER_PART("Content-Type: message/delivery-status\r\n",
                                 "Final-Recipient: rfc822; eve@far.example\r\nAction: failed")
                          OUTER_PART("", "Failed address: eve@far.example") "--o--\r\n",
                  NONE);
    /* A message in front of it is not the one that came back. */
    EXPECT_REPORT(
        DAEMON IN("mixed") "--o\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <wrong@x>\r\n\r\nx\r\n" INNER_REPORT(
            "") "--o--\r\n",
        NONE);
    run.envelope.known = false;
}

/* Fields that somebody has from another mail: who is away, a desk, a person who sends on.  A mail server's own are its
 * word, whatever its subject. */
static void test_fields_of_another(void **state) {
    (void)state;
    static const struct {
        const char *headers;
        const char *kind;
    } cases[] = {
        {"From: bob@far.example\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n"
         "In-Reply-To: <2@home.example>\r\n",
         "vacation <2@home.example> - - - 0\n"},
        {"From: bob@far.example\r\nSubject: Your mail\r\nAuto-Submitted: auto-replied\r\n"
         "In-Reply-To: <2@home.example>\r\n",
         "vacation <2@home.example> - - - 0\n"},
        {"From: postmaster@far.example\r\nSubject: x\r\nAuto-Submitted: auto-replied (vacation)\r\n",
         "vacation - - - - 0\n"},
        {"From: desk@far.example\r\nSubject: [Ticket#77] Undelivered\r\n", NONE},
        {"From: desk@far.example\r\nSubject: AW: Undelivered\r\n", NONE},
        {"From: desk@far.example\r\nSubject: Undelivered: [Ticket#77] x\r\n", NULL},
        {"From: desk@far.example\r\nSubject: Fwd: x\r\nX-Failed-Recipients: bob@far.example\r\n", NULL},
        {"From: MAILER-DAEMON@far.example\r\nSubject: Re: your mail\r\n", NULL},
        {"From: MAILER-DAEMON@far.example\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n"
         "In-Reply-To: <2@home.example>\r\n",
         NULL},
    };
    static const char *const forms[] = {
        IN("mixed") "--o\r\nContent-Type: message/delivery-status\r\n\r\n" STATUS
                    "--o\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@home.example>\r\n\r\n--o--\r\n",
        IN("mixed") INNER_REPORT("") "--o--\r\n"};
    char mail[1024];
    run.envelope.known = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t f = 0; f < 2; f++) {
            (void)snprintf(mail, sizeof mail, "%s%s", cases[i].headers, forms[f]);
            expect_report(&run, span_from_string(mail), cases[i].kind == NULL ? WRAPPED BOB : cases[i].kind);
        }
    }
    run.envelope.sender = SPAN_LITERAL("paul@far.example");
    for (size_t f = 0; f < 2; f++) {
        (void)snprintf(mail, sizeof mail, "From: Mail Administrator <paul@far.example>\r\nSubject: x\r\n%s", forms[f]);
        expect_report(&run, span_from_string(mail), NONE);
    }
    run.envelope = (struct report_envelope){.known = false};
}

/* Whether the body can matter, for who sent such a mail; NULL: not known. */
static bool wants_body(const char *sender, const char *headers) {
    struct block_pool pool;
    struct arena arena;
    block_pool_leave(run.memory, LIMIT_MESSAGE_ARENA_BYTES);
    block_pool_init(&pool, run.memory, LIMIT_MESSAGE_ARENA_BYTES);
    arena_init(&arena, &pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct mail_parser *parser = mail_parser_new(&arena, run.charsets, &run.counters);
    struct report_reader *reader = report_reader_new(&arena, &run.counters);
    if (sender != NULL) report_reader_came_from(reader, span_from_string(sender));
    mail_push(parser, span_from_string(headers));
    take_all(reader, parser);
    mail_push(parser, SPAN_LITERAL("\r\nbody\r\n"));
    take_all(reader, parser);
    return report_reader_wants_more(reader);
}

/* What the reader takes of a message's memory, in blocks. */
static size_t blocks_for(const char *headers, const char *more, unsigned times) {
    struct block_pool pool;
    struct arena parsers, arena;
    static struct arena_block memory[LIMIT_MESSAGE_ARENA_BYTES / sizeof(struct arena_block)];
    block_pool_leave(run.memory, LIMIT_MESSAGE_ARENA_BYTES);
    block_pool_init(&pool, run.memory, LIMIT_MESSAGE_ARENA_BYTES);
    arena_init(&parsers, &pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct mail_parser *parser = mail_parser_new(&parsers, run.charsets, &run.counters);
    block_pool_leave(memory, sizeof memory);
    struct block_pool readers_pool;
    block_pool_init(&readers_pool, memory, sizeof memory);
    arena_init(&arena, &readers_pool, sizeof memory);
    struct report_reader *reader = report_reader_new(&arena, &run.counters);
    mail_push(parser, span_from_string(headers));
    take_all(reader, parser);
    for (unsigned i = 0; i < times; i++) {
        mail_push(parser, span_from_string(more));
        take_all(reader, parser);
    }
    size_t const blocks = arena.blocks;
    block_pool_leave(memory, sizeof memory);
    return blocks;
}

/* What a client says again and again must not take what the server's answer needs. */
static void test_repeats_take_no_memory(void **state) {
    (void)state;
    char subject[1000] = "Subject: ", part[1200] = "\r\n--b\r\nContent-Type: text/html\r\n\r\n";
    memset(subject + 9, 'x', 900);
    memcpy(subject + 909, "\r\n", 3);
    assert_true(blocks_for("", subject, 200) <= 2);
    for (unsigned i = 0; i < 32; i++)
        (void)snprintf(part + strlen(part), sizeof part - strlen(part), "&lt;u%u@far.example&gt;:<br>", i);
    static const char report[] = "Content-Type: multipart/report; boundary=b\r\n\r\n";
    size_t const few = blocks_for(report, part, 4);
    assert_true(few > 2 && blocks_for(report, part, 60) <= few + 1);
}

/* Who sent the mail rules most of them out. */
static void test_ordinary_mail_ends_with_its_headers(void **state) {
    (void)state;
    static const char mixed[] = "From: bob@far.example\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    static const char delivery[] = "From: bob@far.example\r\nSubject: Your delivery\r\n";
    static const char daemon[] = "From: mailer-daemon@far.example\r\n";
    assert_false(wants_body("bob@far.example", delivery));
    assert_true(wants_body("", delivery));
    assert_false(wants_body(NULL, delivery)); /* nobody signs it */
    assert_false(wants_body("bob@far.example", mixed));
    assert_true(wants_body("", mixed)); /* there may be fields */
    assert_false(wants_body("bob@far.example", daemon));
    assert_true(wants_body("", daemon));
    assert_true(wants_body(NULL, daemon));
    assert_true(wants_body("bob@far.example", "Content-Type: multipart/report; boundary=b\r\n"));
}

/* Nothing but the null sender says that it is a report: its fields are read, whatever its own headers say. */
static void test_null_sender_alone(void **state) {
    (void)state;
#define PERSON(type, parts)                                                    \
    SPAN_LITERAL(                                                              \
        "From: Bob <bob@far.example>\r\nSubject: Your order\r\nContent-Type: " \
        "multipart/" type "; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n" parts "--b--\r\n")
#define STATUS_PART "Content-Type: message/delivery-status\r\n\r\n" STATUS
    static const char told[] = "bounce <1@home.example> - - - 0\n" BOB;
    struct span mixed =
        PERSON("mixed", STATUS_PART "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@home.example>\r\n\r\n");
    expect_report(&run, mixed, NONE);
    run.envelope.known = true;
    expect_report(&run, mixed, told);
    expect_report(&run, PERSON("alternative", STATUS_PART), "bounce - - - - 0\n" BOB);
    /* A text beside fields that name nobody says nothing: nobody signs it. */
    expect_report(&run,
                  PERSON("mixed",
                         "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n--b\r\n"
                         "Content-Type: text/html\r\n\r\nFailed address: bob@far.example\r\n"),
                  NONE);
    expect_report(&run,
                  SPAN_LITERAL("From: bob@far.example\r\nList-Id: <x>\r\nContent-Type: multipart/mixed; boundary=b\r\n"
                               "\r\n--b\r\n" STATUS_PART "--b--\r\n"),
                  NONE);
    run.envelope.sender = SPAN_LITERAL("bob@far.example");
    expect_report(&run, mixed, NONE);
    run.envelope = (struct report_envelope){.known = true};
    run.gap_at = 140; /* in the first part */
    run.gap_bytes = 3;
    assert_string_equal(run_report(&run, mixed, 0), NONE);
    run.gap_at = NO_GAP;
    run.envelope = (struct report_envelope){.known = false};
}

/* Who is away may quote a bounce, and his own words may be those of one; a mail server may not be away. */
static void test_answers(void **state) {
    (void)state;
#define AWAY_MAIL(from, headers) \
    SPAN_LITERAL("From: " from "\r\n" headers "\r\nYour message to bob@far.example could not be delivered.\r\n")
#define AWAY "vacation - - - - 0\n"
    static const char told[] = "bounce - - - - 0\nbounce bob@far.example - - - - - - \"-\"\n";
    run.envelope.known = true;
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Absent du bureau : delivery\r\n"), AWAY);
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Undelivered: Absent du bureau\r\n"), told);
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Holidays, undelivered\r\n"), NONE);
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Holidays\r\nPrecedence: bulk\r\n"), AWAY);
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"), told);
    expect_report(&run,
                  AWAY_MAIL("bob@far.example",
                            "Subject: Undelivered\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: "
                            "<1@home.example>\r\n"),
                  "vacation <1@home.example> - - - 0\n");
    expect_report(&run, AWAY_MAIL("postmaster@far.example", "Subject: Absent du bureau\r\n"), told);
    expect_report(
        &run, AWAY_MAIL("postmaster@far.example", "Subject: x\r\nAuto-Submitted: auto-replied (vacation)\r\n"), AWAY);
    run.envelope.sender = SPAN_LITERAL("bob@far.example");
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Absent du bureau\r\n"), NONE);
    run.envelope = (struct report_envelope){.known = false};
    expect_report(&run, AWAY_MAIL("bob@far.example", "Subject: Absent du bureau\r\n"), NONE);
}

/* Somebody sends a bounce on: it is not the mail's own. */
static void test_forwarded_whole(void **state) {
    (void)state;
    EXPECT_REPORT(
        "From: postmaster@far.example\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
        "Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/report; boundary=i\r\n\r\n--i\r\n"
        "Content-Type: message/delivery-status\r\n\r\n" STATUS "--i--\r\n--o--\r\n",
        NONE);
}

/* A report without fields (Yahoo), or whose fields name nobody: its text tells. */
static void test_report_without_fields(void **state) {
    (void)state;
    EXPECT_REPORT(
        "From: x@far.example\r\nContent-Type: multipart/report; boundary=o\r\n\r\n--o\r\n\r\n"
        "Failed address: bob@far.example\r\n--o\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
        "x\r\n"
        "--o\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@home.example>\r\n\r\n--o--\r\n",
        "bounce <1@home.example> - - - 0\nbounce bob@far.example - - - - - - \"-\"\n");
}

/* A text is no bounce where the report-type is another one; only the parameter says it, not what is in another one. */
static void test_report_types(void **state) {
    (void)state;
    static const struct {
        const char *parameters;
        bool tells;
    } cases[] = {{"boundary=o", true},
                 {"report-type=delivery-status; boundary=o", true},
                 {"boundary=o; Report-Type=\"Delivery-Status\"", true},
                 {"report-type=delivery-status (x); boundary=o", true},
                 {"report-type*=us-ascii'en'delivery-status; boundary=o", true},
                 {"report-type*0=deliv; report-type*1=ery-status; boundary=o", true},
                 {"report-type=tlsrpt; boundary=o", false},
                 {"boundary=o; report-type = \"tlsrpt\"", false},
                 {"report-type=tlsrpt; x=delivery; boundary=o", false},
                 {"x=\"report-type=tlsrpt\"; boundary=o", true},
                 {"x-report-type=tlsrpt; boundary=o", true},
                 {"x=\"report-type=delivery-status\"; report-type=tlsrpt; boundary=o", false},
                 {"x=\"report-type=tlsrpt;\"; report-type=delivery-status; boundary=o", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char mail[512];
        (void)snprintf(mail, sizeof mail,
                       "From: x@far.example\r\nContent-Type: multipart/report; %s\r\n\r\n--o\r\n\r\n"
                       "Failed address: bob@far.example\r\n--o--\r\n",
                       cases[i].parameters);
        expect_report(&run, span_from_string(mail),
                      cases[i].tells ? "bounce - - - - 0\nbounce bob@far.example - - - - - - \"-\"\n" : NONE);
    }
    EXPECT_REPORT(
        "From: x@far.example\r\nContent-Type: multipart/report; boundary=\"report-type=tlsrpt\"\r\n\r\n"
        "--report-type=tlsrpt\r\n\r\nFailed address: bob@far.example\r\n--report-type=tlsrpt--\r\n",
        "bounce - - - - 0\nbounce bob@far.example - - - - - - \"-\"\n");
}

/* Who signs: an address, or a name in front of it. */
static void test_signed(void **state) {
    (void)state;
    static const struct {
        const char *from;
        bool is;
    } cases[] = {{"MAILER-DAEMON <>", true},
                 {"Mail Delivery System <>", true},
                 {"\"Mail Delivery Subsystem\" <x@far.example>", true},
                 {"MDaemon@far.example", true},
                 {"PostMaster@far.example", true},
                 {"Bob <bob@far.example>", false},
                 {"Bob, Mail Delivery Services <bob@far.example>", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char mail[256];
        (void)snprintf(mail, sizeof mail, "From: %s\r\nSubject: x\r\n\r\nFailed address: bob@far.example\r\n",
                       cases[i].from);
        const char *record = run_report(&run, span_from_string(mail), 1);
        assert_int_equal(strncmp(record, "bounce ", 7) == 0, cases[i].is);
    }
}

static void test_coremail(void **state) {
    (void)state;
    EXPECT_REPORT(
        "From: Postmaster@163.com\r\nX-CM-Original-Message-ID: <1@home.example>\r\nIn-Reply-To: "
        "<0@home.example>\r\n\r\n"
        "Failed address: bob@far.example\r\n",
        "bounce <1@home.example> - - - 0\nbounce bob@far.example - - - - - - \"-\"\n");
}

/* A report of a report: the outer one counts, and the message is the one that came back. */
static void test_report_of_report(void **state) {
    (void)state;
    EXPECT_REPORT(
        "Content-Type: multipart/report; boundary=o\r\n\r\n--o\r\nContent-Type: message/delivery-status\r\n\r\n" STATUS
        "--o\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <outer@x>\r\n"
        "Content-Type: multipart/report; boundary=i\r\n\r\n--i\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Final-Recipient: rfc822; eve@far.example\r\nAction: failed\r\n--i\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <inner@x>\r\n\r\n--i--\r\n--o--\r\n",
        "bounce <outer@x> - - - 0\n" BOB);
}

/* Encoded, the message is not looked into; the headers of the part behind it are not its headers. */
static void test_encoded_message(void **state) {
    (void)state;
    EXPECT_REPORT(
        "Content-Type: multipart/report; boundary=o\r\nReferences: <0@x> <1@x>\r\n\r\n--o\r\n"
        "Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGJvYkBmYXIuZXhhbXBsZQ0KQWN0aW9uOiBmYWlsZWQN\r\n"
        "ClN0YXR1czogNS4xLjENCg==\r\n--o\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "TWVzc2FnZS1JRDogPDJAeD4NCg0K\r\n--o\r\nMessage-ID: <wrong@x>\r\n\r\n--o--\r\n",
        "bounce <1@x> - - - 0\n" BOB);
}

static void test_worst_of_all(void **state) {
    (void)state;
    EXPECT_REPORT(
        "Content-Type: multipart/report; boundary=o\r\n\r\n--o\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Final-Recipient: rfc822; a@x\r\nAction: delivered\r\n\r\nFinal-Recipient: rfc822; b@x\r\nAction: failed\r\n"
        "\r\nFinal-Recipient: rfc822; c@x\r\nAction: delayed\r\n--o--\r\n",
        "bounce - - - - 0\nsuccess a@x - - - - - - \"-\"\nbounce b@x - - - - - - \"-\"\n"
        "delay c@x - - - - - - \"-\"\n");
}

static void test_receipt(void **state) {
    (void)state;
    EXPECT_REPORT(
        "Content-Type: multipart/report; boundary=o\r\nAuto-Submitted: auto-replied\r\n\r\n--o\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nReporting-UA: x\r\n"
        "Final-Recipient: rfc822;bob@far.example\r\nOriginal-Message-ID: <1@home.example>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--o--\r\n",
        "mdn <1@home.example> - - - 0\nmdn bob@far.example - - - - - - \"-\"\n");
}

/* --- people who are away ------------------------------------------------------------------------------------------ */

static void test_vacation(void **state) {
    (void)state;
    static const char away[] = "vacation <1@home.example> - - - 0\n";
    EXPECT_REPORT(
        "Subject: Gone fishing\r\nAuto-Submitted: auto-replied (vacation)\r\n"
        "In-Reply-To: <1@home.example>\r\n\r\nx\r\n",
        away);
    EXPECT_REPORT(
        "Subject: Automatic reply: hello\r\nX-Auto-Response-Suppress: All\r\n"
        "References: <0@home.example>\r\n <1@home.example>\r\n\r\nx\r\n",
        away);
    EXPECT_REPORT("Subject: Abwesenheitsnotiz\r\nPrecedence: bulk\r\n\r\nx\r\n", "vacation - - - - 0\n");
    EXPECT_REPORT("Subject: Your holiday offers\r\nPrecedence: bulk\r\nList-Unsubscribe: <x>\r\n\r\nx\r\n", NONE);
    EXPECT_REPORT("Subject: Out of office on Monday\r\n\r\nA person writes.\r\n", NONE);
    EXPECT_REPORT("Subject: Out of office\r\nAuto-Submitted: no (a person)\r\n\r\nx\r\n", NONE);
    EXPECT_REPORT("Subject: [#1] We have your request\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n", NONE);
    /* Whatever its subject: without a sender, and it names what it answers. */
#define ANSWER                                                      \
    "Subject: Away: Your order\r\nAuto-Submitted: auto-replied\r\n" \
    "In-Reply-To: <1@home.example>\r\n\r\nx\r\n"
    EXPECT_REPORT(ANSWER, NONE);
    run.envelope.known = true; /* the null sender */
    EXPECT_REPORT(ANSWER, away);
    EXPECT_REPORT("Subject: Away\r\nAuto-Submitted: auto-generated\r\nIn-Reply-To: <1@home.example>\r\n\r\nx\r\n",
                  NONE);
    run.envelope.known = false;
}

/* --- what is missing ---------------------------------------------------------------------------------------------- */

/* A hole anywhere may hide what the mail says; it never makes another recipient, status or identifier of it. */
static void test_hole_anywhere(void **state) {
    (void)state;
    static const char mail[] = DSN_MAIL(
        "<one@far.example>: host mx said: 550 5.1.1 gone (in reply to RCPT TO command)\r\n",
        "Original-Envelope-Id: 7\r\n\r\nFinal-Recipient: rfc822; one@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 gone\r\n\r\nFinal-Recipient: rfc822; two@far.example\r\n"
        "Action: delayed\r\nStatus: 4.2.2\r\nDiagnostic-Code: smtp; 452 4.2.2 full\r\n");
    static const char one[] = "bounce one@far.example - 5.1.1 550 5.1.1 ";
    static const char two[] = "delay two@far.example - 4.2.2 452 4.2.2 - - \"full\"\n";
    unsigned told = 0;
    for (run.gap_at = 1; run.gap_at < sizeof mail - 1; run.gap_at++) {
        const char *record = run_report(&run, span_of(mail, sizeof mail - 1), 0);
        for (const char *line = strchr(record, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1, told++)
            if (strncmp(line, one, strlen(one)) != 0 && strncmp(line, two, strlen(two)) != 0)
                fail_msg("a hole at %zu: %s", run.gap_at, record);
        const char *id = strchr(record, ' ') + 1;
        if (*id != '-' && strncmp(id, "<1@home.example> ", 17) != 0) fail_msg("a hole at %zu: %s", run.gap_at, record);
    }
    run.gap_at = NO_GAP;
    assert_true(told > sizeof mail / 2);
}

/* The same where the reasons stand in the text for people alone, in lines of their own. */
static void test_hole_in_the_text(void **state) {
    (void)state;
    static const char mail[] = DSN_MAIL(
        "<one@far.example>: host mx said:\r\n    550 5.1.1 gone (in reply to RCPT TO command)\r\n\r\n"
        "<two@far.example>: host mx said:\r\n    452 4.2.2 full (in reply to end of DATA command)\r\n",
        "Final-Recipient: rfc822; one@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "Final-Recipient: rfc822; two@far.example\r\nAction: delayed\r\nStatus: 4.2.2\r\n");
    static const char *const lines[] = {
        "bounce one@far.example - 5.1.1 550 5.1.1 rcpt - \"gone\"\n", "bounce one@far.example - 5.1.1 - - - - \"-\"\n",
        "delay two@far.example - 4.2.2 452 4.2.2 body - \"full\"\n", "delay two@far.example - 4.2.2 - - - - \"-\"\n"};
    unsigned told[4] = {0, 0, 0, 0};
    for (run.gap_bytes = 0; run.gap_bytes <= 120; run.gap_bytes += 20) {
        for (run.gap_at = 1; run.gap_at + run.gap_bytes < sizeof mail - 1; run.gap_at++) {
            const char *record = run_report(&run, span_of(mail, sizeof mail - 1), 0);
            for (const char *line = strchr(record, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
                size_t i = 0;
                while (i < 4 && strncmp(line, lines[i], strlen(lines[i])) != 0) i++;
                if (i == 4) fail_msg("%zu bytes missing at %zu: %s", run.gap_bytes, run.gap_at, record);
                told[i]++;
            }
        }
    }
    run.gap_at = NO_GAP;
    run.gap_bytes = 0;
    for (size_t i = 0; i < 4; i++) assert_true(told[i] > 0);
}

/* A notice of a delay that X-Failed-Recipients goes with: whatever is missing, it is no bounce, and of nobody else. */
static void test_hole_in_a_notice(void **state) {
    (void)state;
    static const char mail[] =
        "From: mailer-daemon@mx.example\r\nX-Failed-Recipients: bob@far.example\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        "<p>Sorry.</p><p>This is a warning message only.</p>\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
        "This is a warning message only.\r\n\r\nReason: full\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <1@home.example>\r\n\r\nHello\r\n--b--\r\n";
    unsigned told = 0;
    for (run.gap_bytes = 0; run.gap_bytes <= 120; run.gap_bytes += 8) {
        for (run.gap_at = 1; run.gap_at + run.gap_bytes < sizeof mail - 1; run.gap_at++) {
            const char *record = run_report(&run, span_of(mail, sizeof mail - 1), 0);
            bool none = strncmp(record, "none ", 5) == 0, delay = strncmp(record, "delay ", 6) == 0;
            bool bob = strstr(record, "\ndelay bob@far.example ") != NULL;
            if (!none && !(delay && bob)) fail_msg("%zu bytes missing at %zu: %s", run.gap_bytes, run.gap_at, record);
            told += delay;
        }
    }
    run.gap_at = NO_GAP;
    run.gap_bytes = 0;
    assert_true(told > 0);
}

/* Where the returned message begins in a hole, one inside it is not taken for it. */
static void test_hole_before_the_message(void **state) {
    (void)state;
    static const char mail[] =
        "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" STATUS
        "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@home.example>\r\n"
        "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <wrong@x>\r\n\r\n--i--\r\n--b--\r\n";
    unsigned told = 0;
    for (run.gap_bytes = 0; run.gap_bytes <= 80; run.gap_bytes++) {
        for (run.gap_at = 1; run.gap_at + run.gap_bytes < sizeof mail - 1; run.gap_at++) {
            const char *record = run_report(&run, span_of(mail, sizeof mail - 1), 0);
            const char *id = strchr(record, ' ') + 1;
            bool right = strncmp(id, "<1@home.example> ", 17) == 0;
            if (*id != '-' && !right) fail_msg("%zu bytes missing at %zu: %s", run.gap_bytes, run.gap_at, record);
            told += right;
        }
    }
    run.gap_at = NO_GAP;
    run.gap_bytes = 0;
    assert_true(told > 0);
}

/* The same where the report is one level down: a hole may hide its ends. */
static void test_hole_in_the_wrapped(void **state) {
    (void)state;
    static const char mail[] = DAEMON IN("mixed") OUTER_PART("", "Caution.") INNER_REPORT("--i\r\n\r\nSorry.\r\n")
        OUTER_PART("Content-Type: message/rfc822\r\n", "Message-ID: <wrong@x>\r\n\r\nHello") "--o--\r\n";
    unsigned told = 0;
    for (run.gap_bytes = 0; run.gap_bytes <= 160; run.gap_bytes += 8) {
        for (run.gap_at = 1; run.gap_at + run.gap_bytes < sizeof mail - 1; run.gap_at++) {
            const char *record = run_report(&run, span_of(mail, sizeof mail - 1), 0);
            const char *id = strchr(record, ' ') + 1;
            bool none = strcmp(record, NONE) == 0, bob = strstr(record, "\nbounce bob@far.example ") != NULL;
            if (!(none || bob) || (*id != '-' && strncmp(id, "<1@home.example> ", 17) != 0))
                fail_msg("%zu bytes missing at %zu: %s", run.gap_bytes, run.gap_at, record);
            told += bob;
        }
    }
    run.gap_at = NO_GAP;
    run.gap_bytes = 0;
    assert_true(told > 0);
}

/* However little memory there is, nobody is told wrongly, and what is missing is counted. */
static void test_little_memory(void **state) {
    (void)state;
    static const char mail[] = DSN_MAIL("x\r\n", STATUS);
    unsigned short_of = 0;
    for (size_t blocks = 1; blocks < 8; blocks++) {
        run.arena_bytes = blocks * sizeof(struct arena_block);
        const char *record = run_report(&run, span_of(mail, sizeof mail - 1), 0);
        if (record == NULL) continue;
        bool whole = strcmp(record, DSN_HEAD BOB) == 0;
        assert_true(whole || run.counters.message_memory > 0);
        assert_true(whole || strcmp(record, NONE) == 0 || strstr(record, "bob@far.example") != NULL);
        short_of += run.counters.message_memory > 0;
    }
    run.arena_bytes = LIMIT_MESSAGE_ARENA_BYTES;
    assert_true(short_of > 0);
}

/* --- for classes -------------------------------------------------------------------------------------------------- */

static void test_refusals(void **state) {
    (void)state;
    struct report_recipient told = {.kind = REPORT_BOUNCE,
                                    .status = {5, 0, 0},
                                    .in_reply = {5, 1, 1},
                                    .reply = {.code = 550, .enhanced = {5, 0, 0}, .text = SPAN_LITERAL("gone")}};
    struct smtp_reply reply = report_refusal(&told);
    assert_true(reply.code == 550 && reply.enhanced.subject == 1 && reply.enhanced.detail == 1 && reply.text.len == 4);
    told.status = told.reply.enhanced = (struct enhanced_code){5, 2, 2};
    assert_int_equal(report_refusal(&told).enhanced.subject, 2);
    told.reply.code = 0;
    assert_int_equal(report_refusal(&told).code, 599);
    told.kind = REPORT_DELAY;
    assert_int_equal(report_refusal(&told).code, 499);
    /* Given up with nothing but the network in the way. */
    told = (struct report_recipient){
        .kind = REPORT_BOUNCE, .status = {4, 4, 1}, .reply = {.enhanced = {4, 4, 1}, .text = SPAN_LITERAL("refused")}};
    reply = report_refusal(&told);
    assert_true(reply.code == 499 && reply.enhanced.subject == 4 && reply.enhanced.detail == 7 && reply.text.len == 0);
    told.status = told.reply.enhanced = (struct enhanced_code){0, 0, 0};
    assert_int_equal(report_refusal(&told).code, 599);
    told.expired = true;
    assert_int_equal(report_refusal(&told).code, 499);
    assert_int_equal(report_refusal(&told).enhanced.detail, 7);
    told.kind = REPORT_SUCCESS;
    assert_int_equal(report_refusal(&told).code, 0);
    for (enum report_kind kind = REPORT_NONE; kind <= REPORT_MDN; kind++) assert_non_null(report_kind_name(kind));
}

/* A Status of success beside a failure decides nothing. */
static void test_refusal_of_success(void **state) {
    (void)state;
    struct report_recipient told = {.kind = REPORT_BOUNCE, .status = {2, 1, 5}, .reply = {.code = 550}};
    told.reply.enhanced = told.status;
    assert_int_equal(report_refusal(&told).enhanced.class_, 0);
    assert_int_equal(report_refusal(&told).code, 550);
    told.in_reply = (struct enhanced_code){5, 1, 1};
    assert_int_equal(report_refusal(&told).enhanced.class_, 5);
    told.in_reply.class_ = 0;
    told.reply.code = 0;
    assert_int_equal(report_refusal(&told).code, 599);
    told.kind = REPORT_DELAY;
    assert_int_equal(report_refusal(&told).code, 499);
}

/* A notice goes on behind text that was not read: what stands there is no part of it. */
static void test_text_not_read(void **state) {
    (void)state;
    static const char mail[] =
        "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
        "<bob@far.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n";
    for (int jump = 0; jump < 2; jump++) {
        struct block_pool pool;
        struct arena arena;
        block_pool_leave(run.memory, LIMIT_MESSAGE_ARENA_BYTES);
        block_pool_init(&pool, run.memory, LIMIT_MESSAGE_ARENA_BYTES);
        arena_init(&arena, &pool, LIMIT_MESSAGE_ARENA_BYTES);
        struct mail_parser *parser = mail_parser_new(&arena, run.charsets, &run.counters);
        struct report_reader *reader = report_reader_new(&arena, &run.counters);
        mail_push(parser, span_from_string(mail));
        take_all(reader, parser);
        struct part_info const info = {.kind = PART_PLAIN, .type = SPAN_LITERAL("text/plain")};
        struct mail_item item = {.type = MAIL_TEXT, .info = &info, .jump = jump != 0};
        item.text = SPAN_LITERAL("<eve@far.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n");
        report_reader_take(reader, &item);
        mail_finish(parser);
        take_all(reader, parser);
        const struct mail_report *report = report_reader_end(reader);
        assert_int_equal(report->kind, REPORT_BOUNCE);
        assert_int_equal(report->recipient_count, jump ? 1 : 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_null_sender_alone),
        cmocka_unit_test(test_ordinary_mail_ends_with_its_headers),
        cmocka_unit_test(test_repeats_take_no_memory),
        cmocka_unit_test(test_refusal_of_success),
        cmocka_unit_test(test_mails_in_any_cut),
        cmocka_unit_test(test_servers_as_senders),
        cmocka_unit_test(test_postmasters_as_senders),
        cmocka_unit_test(test_beside_what_returned),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_fields_of_another),
        cmocka_unit_test(test_wrapped),
        cmocka_unit_test(test_wrapped_by_somebody),
        cmocka_unit_test(test_beside_the_wrapped),
        cmocka_unit_test(test_hole_in_the_wrapped),
        cmocka_unit_test(test_forwarded_whole),
        cmocka_unit_test(test_report_without_fields),
        cmocka_unit_test(test_report_types),
        cmocka_unit_test(test_signed),
        cmocka_unit_test(test_coremail),
        cmocka_unit_test(test_report_of_report),
        cmocka_unit_test(test_encoded_message),
        cmocka_unit_test(test_worst_of_all),
        cmocka_unit_test(test_receipt),
        cmocka_unit_test(test_vacation),
        cmocka_unit_test(test_hole_anywhere),
        cmocka_unit_test(test_hole_in_the_text),
        cmocka_unit_test(test_hole_before_the_message),
        cmocka_unit_test(test_hole_in_a_notice),
        cmocka_unit_test(test_little_memory),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_text_not_read),
    };
    report_run_begin(&run);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    report_run_end(&run);
    return failed;
}
