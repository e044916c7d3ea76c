/* What a decoder writes, read back at the other end; and that a shortage is told before anything that follows from it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoding_run.h"
#include "process/reporter.h"
#include "process/wire.h"
#include "publish/sink.h"

#define KEPT_MAX 5000

struct kept {
    enum wire_kind kind;
    struct decoding_place place;
    char line[200]; /* its beginning: time, ends */
};

static int ends[2];
static struct reporter *reporter;
static struct channel_reader *reader;
static unsigned kept_count, kinds[WIRE_KINDS];
static struct kept kept[KEPT_MAX], all[KEPT_MAX];
static struct counters told_counters;
static uint64_t auth_tries;

static void open_reporter(unsigned part, unsigned parts, bool lines) {
    struct reporter_settings settings = {.config = &config,
                                         .knowledge = &knowledge,
                                         .wording = lines ? &wording : NULL,
                                         .queue_bytes = 4 << 20,
                                         .patience = CHANNEL_NEVER_WAITS,
                                         .statm = -1,
                                         .part = part,
                                         .parts = parts,
                                         .part_key = "sixteen byte key"};
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    settings.fd = ends[1];
    reporter = reporter_new(&settings);
    reader = channel_reader_new(ends[0]);
    assert_non_null(reporter);
    memset(kinds, 0, sizeof kinds);
    kept_count = 0;
    auth_tries = 0;
}

static void close_reporter(void) {
    reporter_free(reporter);
    channel_reader_free(reader);
    close(ends[0]);
    close(ends[1]);
}

/* Reads what has come so far. */
static void read_told(void) {
    struct span bytes;
    struct wire_record record;
    enum channel_result result;
    while ((result = channel_read(reader, &bytes)) == CHANNEL_RECORD) {
        assert_true(wire_read(bytes, ruleset_count(knowledge.rules), bounce_class_count(knowledge.bounces), &record));
        assert_true(kept_count < KEPT_MAX);
        struct kept *one = &kept[kept_count++];
        *one = (struct kept){.kind = record.kind, .place = record.place};
        struct span head = span_head(record.line, sizeof one->line - 1);
        if (head.len > 0) memcpy(one->line, head.data, head.len);
        kinds[record.kind]++;
        if (record.kind == WIRE_DIALOGUE) auth_tries += record.dialogue.auth.tries;
        if (record.kind == WIRE_FIGURES || record.kind == WIRE_END) told_counters = record.figures.decoder.counters;
    }
    assert_int_equal(result, CHANNEL_NOTHING);
}

static void on_frame(void *context, const struct frame_seen *frame) {
    (void)context;
    decoding_frame(reporter_decoding(reporter), frame);
    assert_true(reporter_goes_on(reporter));
}

static void read_demo(void) {
    each_frame("demo.pcap", reporter_frame_counters(reporter), on_frame, NULL, reporter_decoding(reporter));
}

static void finish_reading(void) {
    for (unsigned before = UINT_MAX; before != kept_count;) { /* the socket holds less than the queue */
        before = kept_count;
        assert_true(reporter_turn(reporter));
        read_told();
        if (kinds[WIRE_PROGRESS] > 0 && kept[kept_count - 1].kind == WIRE_PROGRESS) break;
    }
    assert_true(reporter_end(reporter));
    read_told();
}

/* A line for each dialogue and message, the figures at the end; how often is what the figures say. */
static void all_is_told(void **state) {
    (void)state;
    load_config("");
    open_reporter(0, 1, true);
    read_demo();
    assert_true(reporter_turn(reporter));
    reporter_tell_figures(reporter);
    finish_reading();
    assert_int_equal(kept[kept_count - 1].kind, WIRE_END);
    assert_true(kinds[WIRE_FIGURES] == 1 && kinds[WIRE_END] == 1);
    assert_true(kinds[WIRE_MESSAGE] > 20 && kinds[WIRE_DIALOGUE] > 20 && kinds[WIRE_ADVANCE] > 1);
    assert_int_equal(kinds[WIRE_PROGRESS] + kinds[WIRE_SHORT], 0); /* there is nobody to wait for it */
    assert_int_equal(kinds[WIRE_MESSAGE], told_counters.messages);
    assert_int_equal(kinds[WIRE_DIALOGUE], told_counters.dialogues);
    assert_int_equal(auth_tries, told_counters.auth_tries);
    assert_true(told_counters.packets > 100);
    assert_int_equal(told_counters.verdicts_dropped + told_counters.records_dropped, 0);
    for (unsigned i = 0; i < kept_count; i++) {
        const char *begin = kept[i].kind == WIRE_MESSAGE ? "{\"type\":\"message\"," : "{\"type\":\"dialogue\",";
        if (kept[i].kind == WIRE_MESSAGE || kept[i].kind == WIRE_DIALOGUE)
            assert_memory_equal(kept[i].line, begin, strlen(begin));
        else
            assert_string_equal(kept[i].line, "");
    }
    close_reporter();
    unload_config();
}

/* Only what the judge needs: no lines, and no dialogues that say nothing of their client. */
static void only_what_is_needed(void **state) {
    (void)state;
    load_config("");
    open_reporter(0, 0, false);
    each_frame("auth-587.pcap", reporter_frame_counters(reporter), on_frame, NULL, reporter_decoding(reporter));
    finish_reading();
    for (unsigned i = 0; i < kept_count; i++) assert_string_equal(kept[i].line, "");
    assert_int_equal(kinds[WIRE_MESSAGE], told_counters.messages);
    assert_true(auth_tries > 0 && auth_tries == told_counters.auth_tries);
    assert_true(kinds[WIRE_DIALOGUE] <= told_counters.dialogues);
    close_reporter();
    open_reporter(0, 0, false);
    each_frame("pipelining.pcap", reporter_frame_counters(reporter), on_frame, NULL, reporter_decoding(reporter));
    finish_reading();
    assert_true(told_counters.dialogues > 0);
    assert_int_equal(told_counters.auth_tries, 0);
    assert_int_equal(kinds[WIRE_DIALOGUE], 0);
    close_reporter();
    unload_config();
}

/* Frames are counted by the first part, and seconds told by it; the others tell of their flows. */
static void another_part(void **state) {
    (void)state;
    uint64_t messages = 0, packets = 0;
    load_config("");
    for (unsigned part = 0; part < 2; part++) {
        open_reporter(part, 2, true);
        read_demo();
        assert_true(reporter_turn(reporter));
        finish_reading();
        assert_true(kinds[WIRE_PROGRESS] >= 1);
        assert_int_equal(kinds[WIRE_ADVANCE] > 0, part == 0);
        assert_int_equal(told_counters.packets > 0, part == 0);
        packets += told_counters.packets;
        messages += told_counters.messages;
        close_reporter();
    }
    open_reporter(0, 1, true);
    read_demo();
    finish_reading();
    assert_int_equal(messages, told_counters.messages);
    assert_int_equal(packets, told_counters.packets);
    close_reporter();
    unload_config();
}

/* Connections that say hello and goodbye, until the reporter wants no more; how many. */
static unsigned converse(unsigned count) {
    for (unsigned n = 0; n < count; n++) {
        char client[32];
        (void)snprintf(client, sizeof client, "192.0.2.%u", 1 + n);
        struct talk talk = talk_between(client, (uint16_t)(20000 + n), "198.51.100.25", 25);
        talk.now += n * NS_PER_MS * 20;
        struct packet packets[] = {talk_syn(&talk),
                                   talk_syn_ack(&talk),
                                   talk_ack(&talk, SIDE_CLIENT),
                                   talk_say(&talk, SIDE_SERVER, "220 mx.example.net ESMTP\r\n"),
                                   talk_say(&talk, SIDE_CLIENT, "EHLO client.example\r\n"),
                                   talk_say(&talk, SIDE_SERVER, "250 mx.example.net\r\n"),
                                   talk_say(&talk, SIDE_CLIENT, "QUIT\r\n"),
                                   talk_say(&talk, SIDE_SERVER, "221 bye\r\n"),
                                   talk_fin(&talk, SIDE_SERVER),
                                   talk_fin(&talk, SIDE_CLIENT),
                                   talk_ack(&talk, SIDE_SERVER)};
        bool goes_on = true;
        for (unsigned i = 0; i < sizeof packets / sizeof *packets && goes_on; i++) {
            struct frame_seen frame = raw_frame(packets[i]);
            decoding_frame(reporter_decoding(reporter), &frame);
            goes_on = reporter_goes_on(reporter);
        }
        talk_free(&talk);
        if (!goes_on) return n;
    }
    return count;
}

/* A part whose table is full: what it has told is what it tells with more room, then SHORT, and nothing behind it. */
static void a_shortage_is_told_first(void **state) {
    (void)state;
    load_config("");
    open_reporter(1, 2, true);
    assert_int_equal(converse(200), 200);
    decoding_finish(reporter_decoding(reporter));
    finish_reading();
    unsigned all_count = kept_count;
    memcpy(all, kept, sizeof all);
    close_reporter();
    unload_config();
    load_config("limits: {flows: 64}\n");
    open_reporter(1, 2, true);
    unsigned count = converse(200);
    assert_true(count >= 32 && count < 200); /* its 32 places are not filled by fewer connections */
    assert_false(reporter_goes_on(reporter));
    decoding_finish(reporter_decoding(reporter)); /* whatever this tells is not written */
    (void)reporter_end(reporter);
    read_told();
    assert_int_equal(kinds[WIRE_SHORT], 1);
    assert_int_equal(kept[kept_count - 1].kind, WIRE_SHORT);
    assert_true(kept_count > 20 && kept_count - 1 < all_count);
    for (unsigned i = 0; i + 1 < kept_count; i++) {
        assert_int_equal(kept[i].kind, all[i].kind);
        assert_int_equal(kept[i].place.step, all[i].place.step);
        assert_int_equal(kept[i].place.turn, all[i].place.turn);
        assert_string_equal(kept[i].line, all[i].line);
    }
    assert_true(kept[kept_count - 1].place.step < all[kept_count - 1].place.step);
    close_reporter();
    unload_config();
}

/* One decoder alone goes on: there is nobody whose answer it could spoil. */
static void alone_goes_on(void **state) {
    (void)state;
    load_config("limits: {flows: 64}\n");
    open_reporter(0, 1, true);
    assert_int_equal(converse(200), 200);
    assert_true(decoding_ran_short(reporter_decoding(reporter)));
    decoding_finish(reporter_decoding(reporter));
    finish_reading();
    assert_int_equal(kinds[WIRE_SHORT], 0);
    assert_int_equal(kinds[WIRE_DIALOGUE], 200);
    close_reporter();
    unload_config();
}

/* Connections that stay open: each has begun a mail. */
static void begin_mails(unsigned count) {
    for (unsigned n = 0; n < count; n++) {
        char client[32];
        (void)snprintf(client, sizeof client, "192.0.2.%u", 1 + n % 250);
        struct talk talk = talk_between(client, (uint16_t)(20000 + n), "198.51.100.25", 25);
        struct packet packets[] = {talk_syn(&talk),
                                   talk_syn_ack(&talk),
                                   talk_ack(&talk, SIDE_CLIENT),
                                   talk_say(&talk, SIDE_SERVER, "220 mx.example.net ESMTP\r\n"),
                                   talk_say(&talk, SIDE_CLIENT, "EHLO client.example\r\n"),
                                   talk_say(&talk, SIDE_SERVER, "250 mx.example.net\r\n"),
                                   talk_say(&talk, SIDE_CLIENT, "MAIL FROM:<a@client.example>\r\n")};
        for (unsigned i = 0; i < sizeof packets / sizeof *packets; i++) {
            struct frame_seen frame = raw_frame(packets[i]);
            decoding_frame(reporter_decoding(reporter), &frame);
        }
        talk_free(&talk);
    }
}

/* What another process reads of the channel until the end is told: 0 when that were so many messages. */
static pid_t read_in_another_process(unsigned messages) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    struct pollfd readable = {.fd = ends[0], .events = POLLIN};
    struct span bytes;
    while (kinds[WIRE_END] == 0) {
        while (channel_read(reader, &bytes) == CHANNEL_RECORD) {
            struct wire_record record;
            if (!wire_read(bytes, ruleset_count(knowledge.rules), bounce_class_count(knowledge.bounces), &record))
                _exit(2);
            if (record.kind == WIRE_MESSAGE && kinds[WIRE_MESSAGE]++ % 100 == 0) (void)poll(NULL, 0, 1); /* slowly */
            kinds[record.kind] += record.kind != WIRE_MESSAGE;
        }
        if (kinds[WIRE_END] == 0) (void)poll(&readable, 1, -1);
    }
    _exit(kinds[WIRE_MESSAGE] == messages && kinds[WIRE_DIALOGUE] == messages && kinds[WIRE_FIGURES] > 0 ? 0 : 1);
}

/* More is open at the end than waits in the queue: the judge is waited for, and nothing is lost. */
static void an_end_waits_for_the_judge(void **state) {
    (void)state;
    enum { MANY = 6000 };
    int status;
    load_config("");
    open_reporter(0, 1, true);
    begin_mails(MANY);
    pid_t child = read_in_another_process(MANY);
    reporter_end_by(reporter, sink_now() + 600 * NS_PER_S, sink_now() + 600 * NS_PER_S);
    decoding_finish(reporter_decoding(reporter));
    while (!reporter_end(reporter)) (void)poll(&(struct pollfd){.fd = ends[1], .events = POLLOUT}, 1, 100);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_false(reporter_was_late(reporter, NULL, 0));
    close_reporter();
    unload_config();
}

/* Time to tell is up, and not to finish: each message and dialogue is counted, and told as dropped. */
static void an_end_without_time_to_tell(void **state) {
    (void)state;
    char text[128];
    load_config("");
    open_reporter(0, 1, true);
    begin_mails(100);
    reporter_end_by(reporter, sink_now() - 1, sink_now() + 600 * NS_PER_S);
    decoding_finish(reporter_decoding(reporter));
    assert_true(reporter_end(reporter));
    read_told();
    assert_int_equal(kept[kept_count - 1].kind, WIRE_END);
    assert_int_equal(kinds[WIRE_MESSAGE] + kinds[WIRE_DIALOGUE], 0);
    assert_int_equal(told_counters.messages, 100);
    assert_int_equal(told_counters.verdicts_dropped, 100);
    assert_int_equal(told_counters.dialogues, 100);
    assert_int_equal(told_counters.dialogues_dropped, 100);
    assert_int_equal(told_counters.records_dropped + told_counters.flows_lost, 0);
    assert_true(reporter_was_late(reporter, text, sizeof text));
    assert_string_equal(text, "time was up: 100 messages, 100 dialogues and 0 open connections not told");
    close_reporter();
    unload_config();
}

/* Nor to finish: the connections are counted. */
static void an_end_without_any_time(void **state) {
    (void)state;
    load_config("");
    open_reporter(0, 1, true);
    begin_mails(100);
    reporter_end_by(reporter, sink_now() - 1, sink_now() - 1);
    decoding_finish(reporter_decoding(reporter));
    assert_true(reporter_end(reporter));
    read_told();
    assert_int_equal(kept[kept_count - 1].kind, WIRE_END);
    assert_int_equal(kinds[WIRE_MESSAGE] + kinds[WIRE_DIALOGUE], 0);
    assert_int_equal(told_counters.flows_lost, 100);
    assert_int_equal(told_counters.messages, told_counters.verdicts_dropped);
    assert_int_equal(told_counters.dialogues, told_counters.dialogues_dropped);
    close_reporter();
    unload_config();
}

static void judge_is_gone(void **state) {
    (void)state;
    load_config("");
    open_reporter(0, 1, true);
    close(ends[0]);
    read_demo();
    assert_false(reporter_turn(reporter));
    assert_false(reporter_end(reporter));
    ends[0] = dup(ends[1]);
    close_reporter();
    unload_config();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_told),
        cmocka_unit_test(only_what_is_needed),
        cmocka_unit_test(another_part),
        cmocka_unit_test(a_shortage_is_told_first),
        cmocka_unit_test(alone_goes_on),
        cmocka_unit_test(judge_is_gone),
        cmocka_unit_test(an_end_waits_for_the_judge),
        cmocka_unit_test(an_end_without_time_to_tell),
        cmocka_unit_test(an_end_without_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
