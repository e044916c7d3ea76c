/* JSON lines, read back by libjansson.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <time.h>

#include "publish_samples.h"

static struct config config;
static struct wording wording;
static struct ruleset *rules;
static struct bounce_rules *bounces;
static struct jsonl *jsonl;
static struct output output;
static FILE *file;
static char *written;
static size_t written_bytes;

static int begin(void **state) {
    (void)state;
    sample_config(&config);
    wording_init(&wording, &config, rules, bounces);
    file = open_memstream(&written, &written_bytes);
    jsonl = jsonl_new(file, &wording);
    output = jsonl_output(jsonl);
    return jsonl == NULL;
}

static int end(void **state) {
    (void)state;
    jsonl_free(jsonl);
    fclose(file);
    free(written);
    return 0;
}

/* The one line that was written. */
static json_t *line(void) {
    json_error_t error;
    assert_int_equal(fflush(file), 0);
    assert_true(written_bytes > 1 && written_bytes <= LIMIT_JSON_LINE_BYTES);
    assert_ptr_equal(memchr(written, '\n', written_bytes), written + written_bytes - 1);
    json_t *value = json_loadb(written, written_bytes, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) fail_msg("%s: %s", error.text, written);
    return value;
}

static double number_at(json_t *value, const char *path) {
    return json_number_value(json_at(value, path));
}

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

static void dialogue_line(void **state) {
    (void)state;
    char keys[256];
    struct stream_info stream = sample_stream();
    struct dialogue_facts facts = {
        .start = SAMPLE_TIME,
        .end = SAMPLE_TIME + NS_PER_S,
        .visibility = VISIBILITY_GAPPED,
        .greeting = {.code = 220},
        .helo = SPAN_LITERAL("mail.example.com"),
        .tls = TLS_STARTTLS,
        .messages = 2,
        .auth_tries = 3,
        .auth_refused = 1,
        .gaps = 4,
        .gap_bytes = 5000000000,
    };
    struct tls_facts tls = {.version = "TLSv1.3", .sni = "mx.example.net"};
    struct proxied proxied = {.protocol = PROXY_SOCKS5, .target = "mx.example.net:25"},
                   header = {.next = &proxied,
                             .protocol = PROXY_HEADER_V2,
                             .addressed = true,
                             .client = {stream.server.ip, 1},
                             .server = {stream.client.ip, 2}};
    struct dialogue_record record = {&stream, &facts, DIALOGUE_RST, &tls, &header};
    output.dialogue(output.context, &record);
    json_t *value = line();
    assert_string_equal(
        keys_of(value, keys, sizeof keys),
        "type time end_time client server proxied visibility greeting_code helo tls messages auth end gaps");
    assert_string_equal(text_at(value, "type"), "dialogue");
    assert_string_equal(text_at(value, "time"), "2026-01-02T03:04:05.123456Z");
    assert_string_equal(text_at(value, "end_time"), "2026-01-02T03:04:06.123456Z");
    assert_string_equal(text_at(value, "client.ip"), "192.0.2.7");
    assert_int_equal(integer_at(value, "client.port"), 40123);
    assert_string_equal(text_at(value, "server.ip"), "203.0.113.25");
    assert_string_equal(keys_of(json_at(value, "proxied.0"), keys, sizeof keys), "protocol target client server");
    assert_string_equal(text_at(value, "proxied.0.protocol"), "proxy_v2");
    assert_true(null_at(value, "proxied.0.target"));
    assert_string_equal(text_at(value, "proxied.0.client.ip"), "203.0.113.25");
    assert_int_equal(integer_at(value, "proxied.0.client.port"), 1);
    assert_string_equal(text_at(value, "proxied.0.server.ip"), "192.0.2.7");
    assert_string_equal(text_at(value, "proxied.1.protocol"), "socks5");
    assert_string_equal(text_at(value, "proxied.1.target"), "mx.example.net:25");
    assert_true(null_at(value, "proxied.1.client") && null_at(value, "proxied.1.server"));
    assert_null(json_at(value, "proxied.2"));
    assert_string_equal(text_at(value, "visibility"), "gapped");
    assert_int_equal(integer_at(value, "greeting_code"), 220);
    assert_string_equal(text_at(value, "helo"), "mail.example.com");
    assert_string_equal(keys_of(json_at(value, "tls"), keys, sizeof keys), "mode version sni ja3 alpn");
    assert_string_equal(text_at(value, "tls.mode"), "starttls");
    assert_string_equal(text_at(value, "tls.sni"), "mx.example.net");
    assert_true(null_at(value, "tls.ja3"));
    assert_int_equal(integer_at(value, "messages"), 2);
    assert_int_equal(integer_at(value, "auth.refused"), 1);
    assert_string_equal(text_at(value, "end"), "rst");
    assert_int_equal(integer_at(value, "gaps.bytes"), 5000000000);
    json_decref(value);
}

static void dialogue_of_which_nothing_is_known(void **state) {
    (void)state;
    struct stream_info stream = sample_stream();
    struct dialogue_facts facts = {.start = SAMPLE_TIME};
    struct dialogue_record record = {&stream, &facts, DIALOGUE_EOF, NULL, NULL};
    output.dialogue(output.context, &record);
    json_t *value = line();
    assert_true(null_at(value, "proxied"));
    assert_true(null_at(value, "greeting_code"));
    assert_true(null_at(value, "helo"));
    assert_true(null_at(value, "tls"));
    json_decref(value);
}

/* --- message ------------------------------------------------------------------------------------------------------ */

/* One message with recipients blocks[0].recipients[0 .. count - 1]; more than a block's worth go on in the next. */
static void give_recipients(struct message *message, struct recipient_block *blocks, uint32_t count) {
    for (uint32_t i = 0; i + 1 < (count + RECIPIENTS_PER_BLOCK - 1) / RECIPIENTS_PER_BLOCK; i++)
        blocks[i].next = &blocks[i + 1];
    message->recipients_first = blocks;
    message->recipient_count = count;
}

static struct message sample_message(void) {
    return (struct message){
        .ordinal = 1,
        .start = SAMPLE_TIME,
        .end = SAMPLE_TIME + NS_PER_S,
        .outcome = OUTCOME_BOUNCED,
        .stage = STAGE_RCPT,
        .sender = SPAN_LITERAL("alice@example.com"),
        .sender_seen = true,
        .mail_reply = sample_reply(250, 2, 1, 0, "Ok"),
        .reply = sample_reply(550, 5, 1, 1, "<bob@example.org>: User unknown"),
        .body_bytes = 12345,
    };
}

static json_t *message_line(const struct message *message, const struct mail_summary *summary,
                            const struct verdict *verdict) {
    struct stream_info stream = sample_stream();
    struct message_record record = {.stream = &stream, .message = message, .summary = summary, .verdict = verdict};
    output.message(output.context, &record);
    return line();
}

static void message_keys(void **state) {
    (void)state;
    char keys[512];
    struct recipient_block block = {.recipients = {{.mailbox = SPAN_LITERAL("bob@example.org")}}};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    verdict.bounce_weight = 0.75f;
    verdict.passed_on_weight = 0.125f;
    verdict.outcome = OUTCOME_DELIVERED;
    verdict.bounce_class = 1; /* of one of its recipients */
    give_recipients(&message, &block, 1);
    json_t *value = message_line(&message, NULL, &verdict);
    assert_string_equal(
        keys_of(value, keys, sizeof keys),
        "type time end_time client server ordinal visibility outcome stage sender recipients "
        "recipients_dropped reply bounce_class blocklist body_bytes anomalies message_id from_domain subject points "
        "weight rules more_rules confidence passes_on report");
    assert_string_equal(keys_of(json_at(value, "recipients.0"), keys, sizeof keys),
                        "address outcome code enhanced text bounce_class blocklist");
    assert_string_equal(keys_of(json_at(value, "reply"), keys, sizeof keys), "code enhanced text");
    assert_true(json_number_value(json_at(value, "weight.own")) == 0.75);
    assert_true(json_number_value(json_at(value, "weight.passed_on")) == 0.125);
    assert_true(json_is_null(json_at(value, "bounce_class")));
    json_decref(value);
}

static void refused_message(void **state) {
    (void)state;
    struct recipient_block block = {
        .recipients = {{SPAN_LITERAL("bob@example.org"), sample_reply(550, 5, 1, 1, "<bob@example.org>: User unknown"),
                        OUTCOME_BOUNCED}}};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    verdict.bounce_class = 1;
    verdict.rule_count = 2;
    verdict.rules[0] = 1;
    verdict.rules[1] = 0;
    verdict.unnamed_count = 3;
    verdict.unnamed_points = 0.75f;
    struct mail_summary summary = {
        .subject = SPAN_LITERAL("Cheap pills"), .subject_headers = 1, .from_domain = SPAN_LITERAL("example.com")};
    give_recipients(&message, &block, 1);
    json_t *value = message_line(&message, &summary, &verdict);
    assert_string_equal(text_at(value, "outcome"), "bounced");
    assert_string_equal(text_at(value, "stage"), "rcpt");
    assert_string_equal(text_at(value, "sender"), "a***@example.com");
    assert_string_equal(text_at(value, "recipients.0.address"), "b***@example.org");
    assert_string_equal(text_at(value, "recipients.0.outcome"), "bounced");
    assert_int_equal(integer_at(value, "recipients.0.code"), 550);
    assert_string_equal(text_at(value, "recipients.0.enhanced"), "5.1.1");
    assert_string_equal(text_at(value, "recipients.0.text"), "<b***@example.org>: User unknown");
    assert_string_equal(
        text_at(value, "recipients.0.bounce_class"),
        bounce_classify(bounces, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &message.reply})->name);
    assert_string_equal(text_at(value, "reply.text"), "<b***@example.org>: User unknown");
    assert_string_equal(text_at(value, "bounce_class"), bounce_class_at(bounces, 1)->name);
    assert_string_equal(text_at(value, "subject"), "C*** p***");
    assert_string_equal(text_at(value, "from_domain"), "example.com");
    assert_true(null_at(value, "message_id"));
    assert_string_equal(text_at(value, "rules.0"), ruleset_rule(rules, 1)->name);
    assert_string_equal(text_at(value, "rules.1"), ruleset_rule(rules, 0)->name);
    assert_int_equal(integer_at(value, "more_rules.count"), 3);
    assert_true(fabs(number_at(value, "more_rules.points") - 0.75) < 1e-9);
    assert_true(fabs(number_at(value, "points.content") - 3.5) < 1e-9);
    assert_true(fabs(number_at(value, "points.setup") - 1.25) < 1e-9);
    assert_true(fabs(number_at(value, "confidence") - 1) < 1e-9);
    json_decref(value);
}

static void fill(struct recipient_block *blocks, const struct recipient *list, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        blocks[i / RECIPIENTS_PER_BLOCK].recipients[i % RECIPIENTS_PER_BLOCK] = list[i];
}

/* What a mail that came in says of another one: the enhanced code in the reply that it quotes, else its Status. */
static void codes_of_a_report(void **state) {
    (void)state;
    struct report_recipient told = {.mailbox = SPAN_LITERAL("bob@example.org"),
                                    .kind = REPORT_BOUNCE,
                                    .reply = sample_reply(550, 5, 0, 0, "No"),
                                    .in_reply = {5, 1, 1}};
    struct report_recipient other = told;
    struct report_recipient *const list[] = {&told, &other};
    struct mail_report const report = {.kind = REPORT_BOUNCE, .recipients = list, .recipient_count = 2};
    struct stream_info stream = sample_stream();
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    struct message_record const record = {
        .stream = &stream, .message = &message, .verdict = &verdict, .report = &report};
    other.in_reply.class_ = 0;
    output.message(output.context, &record);
    json_t *value = line();
    assert_int_equal(integer_at(value, "report.recipients.0.code"), 550);
    assert_string_equal(text_at(value, "report.recipients.0.enhanced"), "5.1.1");
    assert_string_equal(text_at(value, "report.recipients.1.enhanced"), "5.0.0");
    assert_string_equal(text_at(value, "report.recipients.0.text"), "No");
    json_decref(value);
}

/* Each recipient shows the reply to its RCPT, but its bounce class is that of the reply that decided. */
static void replies_of_recipients(void **state) {
    (void)state;
    const struct recipient list[] = {
        {SPAN_LITERAL("one@example.org"), sample_reply(250, 2, 1, 5, "Ok"), OUTCOME_DEFERRED},
        {SPAN_LITERAL("two@example.org"), sample_reply(550, 5, 1, 1, "No"), OUTCOME_BOUNCED},
        {.mailbox = SPAN_LITERAL("three@example.org")}};
    struct recipient_block blocks[3] = {0};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    message.final_reply = sample_reply(451, 4, 7, 1, "Later");
    fill(blocks, list, 3);
    give_recipients(&message, blocks, 3);
    json_t *value = message_line(&message, NULL, &verdict);
    assert_int_equal(integer_at(value, "recipients.0.code"), 250);
    assert_string_equal(text_at(value, "recipients.0.text"), "Ok");
    assert_string_equal(
        text_at(value, "recipients.0.bounce_class"),
        bounce_classify(bounces, &(struct bounce_case){.stage = STAGE_BODY, .reply = &message.final_reply})->name);
    assert_int_equal(integer_at(value, "recipients.1.code"), 550);
    assert_string_equal(
        text_at(value, "recipients.1.bounce_class"),
        bounce_classify(bounces, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &list[1].reply})->name);
    assert_true(null_at(value, "recipients.2.code"));
    assert_true(null_at(value, "recipients.2.text"));
    json_decref(value);
}

static uint16_t class_of_name(const char *name) {
    for (unsigned i = 0; i < bounce_class_count(bounces); i++)
        if (strcmp(bounce_class_at(bounces, i)->name, name) == 0) return (uint16_t)i;
    fail_msg("no class %s", name);
    return 0;
}

/* Of the message and of each recipient, by the file's names or the zone; never half a mailbox. */
static void the_blocklist_that_a_refusal_names(void **state) {
    (void)state;
    const struct recipient list[3] = {
        {SPAN_LITERAL("one@example.org"), sample_reply(554, 5, 7, 1, "Blocked using zen.spamhaus.org"),
         OUTCOME_BOUNCED},
        {SPAN_LITERAL("two@example.org"), sample_reply(554, 5, 7, 1, "blocked using dnsbl.example.org"),
         OUTCOME_BOUNCED},
        {SPAN_LITERAL("three@example.org"),
         sample_reply(554, 5, 7, 1, "blacklisted, blocked by john.smith@example.org"), OUTCOME_BOUNCED}};
    struct recipient_block blocks[3] = {0};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    message.reply = list[0].reply;
    verdict.bounce_class = class_of_name("blocklisted");
    fill(blocks, list, 3);
    give_recipients(&message, blocks, 3);
    json_t *value = message_line(&message, NULL, &verdict);
    assert_string_equal(text_at(value, "blocklist"), "Spamhaus ZEN");
    assert_string_equal(text_at(value, "recipients.0.blocklist"), "Spamhaus ZEN");
    assert_string_equal(text_at(value, "recipients.1.blocklist"), "dnsbl.example.org");
    assert_true(null_at(value, "recipients.2.blocklist"));
    json_decref(value);
}

static void no_blocklist_for_other_reasons(void **state) {
    (void)state;
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    message.reply = sample_reply(550, 5, 1, 1, "User unknown, see zen.spamhaus.org");
    verdict.bounce_class = class_of_name("no_such_user");
    json_t *value = message_line(&message, NULL, &verdict);
    assert_true(null_at(value, "blocklist"));
    json_decref(value);
}

/* Many recipients get the same answer, but each that differs in anything has its own class. */
static void answers_that_are_nearly_the_same(void **state) {
    (void)state;
    const struct smtp_reply replies[8] = {
        sample_reply(550, 5, 1, 1, "Zz"),           sample_reply(550, 5, 1, 1, "Zz"), sample_reply(550, 5, 2, 2, "Zz"),
        sample_reply(550, 5, 2, 2, "User unknown"), sample_reply(554, 0, 0, 0, "Zz"), sample_reply(452, 0, 0, 0, "Zz"),
        sample_reply(550, 0, 0, 0, "Zz"),           sample_reply(250, 2, 1, 5, "Ok"),
    };
    struct recipient list[8] = {0};
    struct recipient_block blocks[8] = {0};
    /* Zz says nothing to any rule. Of rules/bounces.yaml: x.1.1, again, x.2.2, words, 554 rcpt, 452 rcpt, 550 rcpt, and
     * 550 body for the last. */
    static const char *const classes[] = {"no_such_user", "no_such_user",        "mailbox_full", "no_such_user",
                                          "policy",       "too_many_recipients", "no_such_user", "policy"};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    char path[40];
    message.final_reply = sample_reply(550, 0, 0, 0, "Zz");
    for (unsigned i = 0; i < 8; i++) list[i] = (struct recipient){.reply = replies[i], .outcome = OUTCOME_BOUNCED};
    fill(blocks, list, 8);
    give_recipients(&message, blocks, 8);
    json_t *value = message_line(&message, NULL, &verdict);
    for (unsigned i = 0; i < 8; i++) {
        (void)snprintf(path, sizeof path, "recipients.%u.bounce_class", i);
        assert_string_equal(text_at(value, path), classes[i]);
    }
    json_decref(value);
}

static void message_refused_at_data(void **state) {
    (void)state;
    struct recipient_block block = {
        .recipients = {{SPAN_LITERAL("one@example.org"), sample_reply(250, 0, 0, 0, ""), OUTCOME_BOUNCED}}};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    message.data_reply = sample_reply(554, 0, 0, 0, "");
    give_recipients(&message, &block, 1);
    json_t *value = message_line(&message, NULL, &verdict);
    assert_int_equal(integer_at(value, "recipients.0.code"), 250);
    assert_true(null_at(value, "recipients.0.enhanced"));
    assert_string_equal(text_at(value, "recipients.0.text"), "");
    assert_string_equal(
        text_at(value, "recipients.0.bounce_class"),
        bounce_classify(bounces, &(struct bounce_case){.stage = STAGE_DATA, .reply = &message.data_reply})->name);
    json_decref(value);
}

static void message_of_which_nothing_is_known(void **state) {
    (void)state;
    struct message message = {.ordinal = 7, .start = SAMPLE_TIME, .end = SAMPLE_TIME};
    struct verdict verdict = {.confidence = 0.333f};
    static const char *const unknown[] = {"stage",      "sender",      "reply",  "bounce_class",
                                          "message_id", "from_domain", "subject"};
    json_t *value = message_line(&message, NULL, &verdict);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) assert_true(null_at(value, unknown[i]));
    assert_string_equal(text_at(value, "outcome"), "unknown");
    assert_int_equal(integer_at(value, "ordinal"), 7);
    assert_int_equal(json_array_size(json_at(value, "recipients")), 0);
    assert_true(fabs(number_at(value, "confidence") - 0.33) < 1e-9);
    json_decref(value);
}

static void message_of_an_odd_form(void **state) {
    (void)state;
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    json_t *value = message_line(&message, NULL, &verdict);
    assert_int_equal(json_array_size(json_at(value, "anomalies")), 0);
    json_decref(value);
    message.bare_newlines = message.smuggling = message.smuggled_commands = message.smuggled = true;
    rewind(file);
    value = message_line(&message, NULL, &verdict);
    assert_int_equal(json_array_size(json_at(value, "anomalies")), 4);
    assert_string_equal(text_at(value, "anomalies.0"), "bare_newlines");
    assert_string_equal(text_at(value, "anomalies.1"), "smuggling");
    assert_string_equal(text_at(value, "anomalies.2"), "smuggled_commands");
    assert_string_equal(text_at(value, "anomalies.3"), "smuggled");
    json_decref(value);
}

static void null_sender_is_not_an_unseen_one(void **state) {
    (void)state;
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    message.sender = SPAN_EMPTY;
    json_t *value = message_line(&message, NULL, &verdict);
    assert_string_equal(text_at(value, "sender"), "");
    json_decref(value);
}

/* All recipients that can be kept, with the longest texts of the worst bytes: a whole line comes of it. */
static void line_is_bounded(void **state) {
    (void)state;
    static uint8_t bytes[LIMIT_ADDRESS_BYTES];
    static struct recipient_block blocks[(LIMIT_RECIPIENTS + RECIPIENTS_PER_BLOCK - 1) / RECIPIENTS_PER_BLOCK];
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    memset(bytes, 1, sizeof bytes);
    bytes[0] = '@'; /* no local part: nothing to mask */
    for (uint32_t i = 0; i < LIMIT_RECIPIENTS; i++) {
        struct recipient *recipient = &blocks[i / RECIPIENTS_PER_BLOCK].recipients[i % RECIPIENTS_PER_BLOCK];
        recipient->mailbox = span_of(bytes, sizeof bytes);
        recipient->reply = sample_reply(550, 5, 1, 1, "");
        recipient->reply.text = span_of(bytes + 1, LIMIT_REPLY_TEXT_BYTES);
    }
    give_recipients(&message, blocks, LIMIT_RECIPIENTS);
    message.recipients_dropped = 5;
    json_t *value = message_line(&message, NULL, &verdict);
    size_t shown = json_array_size(json_at(value, "recipients"));
    assert_true(shown > 100 && shown < LIMIT_RECIPIENTS);
    assert_int_equal(integer_at(value, "recipients_dropped"), LIMIT_RECIPIENTS - shown + 5);
    assert_true(fabs(number_at(value, "confidence") - 1) < 1e-9); /* the last key is there */
    assert_int_equal(jsonl_error(jsonl), 0);
    json_decref(value);
}

/* --- event, source, summary --------------------------------------------------------------------------------------- */

static void event_line_is_the_event(void **state) {
    (void)state;
    static char event[EVENT_JSON_BYTES];
    struct decision decision = sample_decision(DECISION_BLOCK);
    output.event(output.context, &decision);
    size_t length = event_json(&wording, &decision, event, sizeof event);
    assert_int_equal(written_bytes, length + 1); /* flushed at once */
    assert_memory_equal(written, event, length);
    json_decref(line());
}

static void source_line(void **state) {
    (void)state;
    char keys[256];
    struct counters counters = {0};
    struct sample_settings settings = {
        .sources_max = 16, .evidence_max = 16, .ipv6_prefix_bits = 64, .content_spam_points = 5, .setup_bad_points = 5};
    struct source_table *table = source_table_new(&settings, &counters);
    struct verdict verdict = sample_verdict();
    struct source *source = source_table_add(table, &verdict, NULL);
    struct verdict nothing = sample_verdict(); /* given up before anybody was asked: it stands beside the sample */
    nothing.outcome = OUTCOME_ABORTED;
    nothing.stage = STAGE_NONE;
    nothing.visibility = VISIBILITY_GAPPED;
    nothing.code = 0;
    nothing.bounce_class = 0;
    assert_ptr_equal(source_table_add(table, &nothing, NULL), source);
    struct auth_figures auth = {.dialogues = 1, .tries = 3, .refused = 3, .refused_last = SAMPLE_TIME};
    source_table_add_auth(table, source_ip(source), &auth);
    source_standing(source)->state = STATE_BLOCKED;
    source_standing(source)->level = 2;
    source_standing(source)->expires = SAMPLE_TIME + 3600 * NS_PER_S;
    output.source(output.context, table, source);
    json_t *value = line();
    assert_string_equal(keys_of(value, keys, sizeof keys),
                        "type ip prefix state level expires messages sample scores outcomes in_part visibilities "
                        "uninformative auth later");
    assert_string_equal(text_at(value, "ip"), "192.0.2.7");
    assert_string_equal(text_at(value, "prefix"), "192.0.2.7/32");
    assert_string_equal(text_at(value, "state"), "blocked");
    assert_int_equal(integer_at(value, "level"), 2);
    assert_string_equal(text_at(value, "expires"), "2026-01-02T04:04:05.123456Z");
    assert_int_equal(integer_at(value, "messages"), 2);
    assert_int_equal(integer_at(value, "sample.size"), 1);
    assert_memory_equal(text_at(value, "sample.from"), "2026-01-02T03:04:05", 19); /* the sample may round to seconds */
    assert_int_equal(integer_at(value, "outcomes.bounced"), 1);
    assert_int_equal(integer_at(value, "visibilities.clear"), 1);
    assert_int_equal(integer_at(value, "uninformative.messages"), 1);
    assert_int_equal(integer_at(value, "uninformative.gapped"), 1);
    assert_int_equal(integer_at(value, "uninformative.encrypted"), 0);
    assert_int_equal(integer_at(value, "auth.dialogues"), 1);
    assert_int_equal(integer_at(value, "auth.fruitless"), 0);
    assert_int_equal(integer_at(value, "auth.tries"), 3);
    assert_int_equal(integer_at(value, "auth.refused"), 3);
    assert_string_equal(text_at(value, "auth.refused_last"), "2026-01-02T03:04:05.123456Z");
    json_decref(value);
    source_table_free(table);
}

static void summary_line(void **state) {
    (void)state;
    struct counters counters = {
        .packets = 3000, .bytes = UINT64_C(1) << 40, .messages = 7, .gap_bytes = 9, .duplicate_bytes = 8};
    struct protocol_table not_mail = {2, {{"HTTP", 12}, {"Unknown", 3}}};
    struct summary_record summary = {.counters = &counters,
                                     .not_mail = &not_mail,
                                     .by_outcome = {1, 2, 3, 4, 5},
                                     .by_visibility = {6, 7, 8, 9, 10},
                                     .seconds = 1.5,
                                     .first = SAMPLE_TIME,
                                     .memory_bytes = 1048576};
    struct unclassified row = {.count = 3,
                               .first = {.stage = STAGE_RCPT,
                                         .code = 550,
                                         .enhanced = {5, 7, 0},
                                         .reply_text = "<bob@example.org>: we would rather not"}};
    summary.unclassified[0] = &row;
    summary.unclassified_count = 1;
    output.summary(output.context, &summary);
    json_t *value = line();
    assert_string_equal(text_at(value, "type"), "summary");
    assert_string_equal(text_at(value, "first_time"), "2026-01-02T03:04:05.123456Z");
    assert_true(null_at(value, "last_time"));
    assert_int_equal(integer_at(value, "packets"), 3000);
    assert_int_equal(integer_at(value, "bytes"), 1099511627776);
    assert_int_equal(integer_at(value, "packets_per_second"), 2000);
    assert_int_equal(integer_at(value, "outcomes.unknown"), 1);
    assert_int_equal(integer_at(value, "outcomes.aborted"), 5);
    assert_int_equal(integer_at(value, "visibilities.encrypted"), 10);
    assert_int_equal(integer_at(value, "not_mail.HTTP"), 12);
    assert_int_equal(json_array_size(json_at(value, "unclassified")), 1);
    assert_int_equal(integer_at(value, "unclassified.0.count"), 3);
    assert_string_equal(text_at(value, "unclassified.0.stage"), "rcpt");
    assert_int_equal(integer_at(value, "unclassified.0.code"), 550);
    assert_string_equal(text_at(value, "unclassified.0.enhanced"), "5.7.0");
    assert_string_equal(text_at(value, "unclassified.0.text"), "<b***@example.org>: we would rather not");
    assert_int_equal(integer_at(value, "not_mail.Unknown"), 3);
    assert_int_equal(integer_at(value, "losses.gap_bytes"), 9);
    assert_int_equal(integer_at(value, "duplicate_bytes"), 8); /* nothing is lost by them */
    assert_int_equal(integer_at(value, "fragments"), 0);
    assert_int_equal(integer_at(value, "losses.kernel_drops"), 0);
#define X(name, help) +1
    assert_int_equal(json_object_size(json_at(value, "losses")), MAILSPAN_LOSSES(X));
#undef X
    json_decref(value);
}

/* A line of each type, as full and as empty as can be. */
static void lines_hold_their_schemas(void **state) {
    (void)state;
    struct stream_info stream = sample_stream();
    struct tls_facts tls = {.version = "TLSv1.2"};
    struct dialogue_facts facts = {.start = SAMPLE_TIME, .end = SAMPLE_TIME}, inside_tls = facts;
    struct recipient_block block = {
        .recipients = {{SPAN_LITERAL("bob@example.org"), sample_reply(550, 5, 1, 1, "No"), OUTCOME_BOUNCED}}};
    struct message message = sample_message(), empty = {.ordinal = 1, .start = SAMPLE_TIME, .end = SAMPLE_TIME};
    struct mail_summary content = {.subject = SPAN_LITERAL("\xff\x1b"), .subject_headers = 1};
    struct verdict verdict = sample_verdict(), none = {.confidence = 0};
    struct decision decision = sample_decision(DECISION_BLOCK);
    struct counters counters = {.packets = 1};
    struct sample_settings settings = {
        .sources_max = 16, .evidence_max = 16, .ipv6_prefix_bits = 64, .content_spam_points = 5, .setup_bad_points = 5};
    struct source_table *table = source_table_new(&settings, &counters);
    inside_tls.tls = TLS_IMPLICIT;
    give_recipients(&message, &block, 1);
    output.dialogue(output.context, &(struct dialogue_record){&stream, &facts, DIALOGUE_EOF, NULL, NULL});
    output.dialogue(output.context, &(struct dialogue_record){&stream, &inside_tls, DIALOGUE_QUIT, &tls, NULL});
    output.message(output.context,
                   &(struct message_record){&stream, &message, &content, &verdict, NULL, NULL, SPAN_EMPTY, SPAN_EMPTY});
    output.message(output.context,
                   &(struct message_record){&stream, &empty, NULL, &none, NULL, NULL, SPAN_EMPTY, SPAN_EMPTY});
    output.event(output.context, &decision);
    output.source(output.context, table, source_table_add(table, &verdict, NULL));
    output.summary(output.context, &(struct summary_record){.counters = &counters});
    assert_true(schemas_hold(written, written_bytes));
    source_table_free(table);
}

/* --- errors and cost ---------------------------------------------------------------------------------------------- */

static void full_disk_is_noticed(void **state) {
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    struct jsonl *lines = jsonl_new(full, &wording);
    struct output to = jsonl_output(lines);
    struct decision decision = sample_decision(DECISION_BLOCK);
    assert_int_equal(jsonl_error(lines), 0);
    to.event(to.context, &decision);
    assert_int_equal(jsonl_error(lines), ENOSPC);
    jsonl_free(lines);
    fclose(full);
}

/* Printed, not judged: other work may be going on beside. */
static void cost_of_a_message(void **state) {
    (void)state;
    enum { ROUNDS = 20000 };
    FILE *null = fopen("/dev/null", "w");
    struct jsonl *lines = jsonl_new(null, &wording);
    struct output to = jsonl_output(lines);
    struct recipient_block block = {
        .recipients = {{SPAN_LITERAL("bob@example.org"), sample_reply(550, 5, 1, 1, "<bob@example.org>: User unknown"),
                        OUTCOME_BOUNCED}}};
    struct message message = sample_message();
    struct verdict verdict = sample_verdict();
    struct mail_summary summary = {.subject = SPAN_LITERAL("Cheap pills for everybody"), .subject_headers = 1};
    struct stream_info stream = sample_stream();
    struct message_record record = {.stream = &stream, .message = &message, .summary = &summary, .verdict = &verdict};
    give_recipients(&message, &block, 1);
    clock_t start = clock();
    for (unsigned i = 0; i < ROUNDS; i++) to.message(to.context, &record);
    printf("%.2f us for a message line\n", (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / ROUNDS);
    jsonl_free(lines);
    fclose(null);
}

static int load(void **state) {
    (void)state;
    sample_knowledge(&rules, &bounces);
    return rules == NULL || bounces == NULL;
}

static int unload(void **state) {
    (void)state;
    ruleset_free(rules);
    bounce_rules_free(bounces);
    return 0;
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(dialogue_line),
        TEST(dialogue_of_which_nothing_is_known),
        TEST(message_keys),
        TEST(refused_message),
        TEST(the_blocklist_that_a_refusal_names),
        TEST(no_blocklist_for_other_reasons),
        TEST(codes_of_a_report),
        TEST(replies_of_recipients),
        TEST(answers_that_are_nearly_the_same),
        TEST(message_refused_at_data),
        TEST(message_of_which_nothing_is_known),
        TEST(message_of_an_odd_form),
        TEST(null_sender_is_not_an_unseen_one),
        TEST(line_is_bounded),
        TEST(event_line_is_the_event),
        TEST(source_line),
        TEST(summary_line),
        TEST(lines_hold_their_schemas),
        TEST(full_disk_is_noticed),
        TEST(cost_of_a_message),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
