/* Several decodings, each with its part of the flows, tell together what one tells, and in its order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "decoding_run.h"

#define TOLD_MAX 4000

struct told {
    struct decoding_place place;
    unsigned part;
    char *line;
};

struct run {
    struct decoding *decoding;
    struct jsonl *jsonl;
    struct output lines;
    bool alone;
    unsigned part;
    struct counters frames, counters;
    unsigned count, advances;
    struct told told[TOLD_MAX];
};

static void note(struct run *run, struct span line) {
    struct decoding_place place = decoding_place(run->decoding);
    assert_true(run->count < TOLD_MAX);
    if (run->count > 0) { /* one decoding's places never go back */
        struct decoding_place before = run->told[run->count - 1].place;
        assert_true(place.step > before.step || (place.step == before.step && place.turn >= before.turn));
    }
    char *text = malloc(line.len + 1);
    memcpy(text, line.data, line.len);
    text[line.len] = '\0';
    run->told[run->count++] = (struct told){place, run->part, text};
}

static void on_message(void *context, const struct message_record *record) {
    struct run *run = context;
    run->lines.message(run->lines.context, record);
    note(run, jsonl_line(run->jsonl));
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct run *run = context;
    run->lines.dialogue(run->lines.context, record);
    note(run, jsonl_line(run->jsonl));
}

static void on_advance(void *context, nstime now) {
    struct run *run = context;
    char text[32];
    run->advances++;
    (void)snprintf(text, sizeof text, "advance %lld", (long long)now);
    if (run->part == 0) note(run, span_from_string(text));
}

static void on_notice(void *context, const struct notice *notice) {
    char text[64];
    (void)snprintf(text, sizeof text, "notice %d %llx", notice->kind, (unsigned long long)notice->message_id);
    note(context, span_from_string(text));
}

static void begin_run(struct run *run, unsigned part, unsigned parts) {
    *run = (struct run){.part = part, .alone = parts == 0};
    struct decoding_settings settings = {.config = &config,
                                         .knowledge = &knowledge,
                                         .frame_counters = &run->frames,
                                         .counters = &run->counters,
                                         .part = part,
                                         .parts = parts,
                                         .part_key = "sixteen byte key",
                                         .look_ahead_from = part * 2}; /* the first always, others now and then */
    run->jsonl = jsonl_new(NULL, &wording);
    run->lines = jsonl_output(run->jsonl);
    run->decoding =
        decoding_new(&settings, &(struct decoding_listener){run, on_message, on_dialogue, on_notice, on_advance, NULL});
    assert_non_null(run->decoding);
}

/* One that decodes all of them alone does so at once, the parts when some more have come: it is the same. */
static void on_frame(void *context, const struct frame_seen *frame) {
    struct run *run = context;
    struct frame_seen seen = *frame;
    if (run->alone) seen.stays = false;
    decoding_frame(run->decoding, &seen);
}

static void end_run(struct run *run) {
    for (unsigned i = 0; i < run->count; i++) free(run->told[i].line);
    decoding_free(run->decoding);
    jsonl_free(run->jsonl);
}

static void show_hurried_and_patient(struct run *run);

/* name: of a capture; NULL: what is made by hand. */
static void run_capture(struct run *run, const char *name, unsigned part, unsigned parts) {
    begin_run(run, part, parts);
    if (name != NULL) {
        each_frame(name, &run->frames, on_frame, run, run->decoding);
        return;
    }
    show_hurried_and_patient(run);
    decoding_finish(run->decoding);
}

static int compare_told(const void *a, const void *b) {
    const struct told *first = a, *second = b;
    if (first->place.step != second->place.step) return first->place.step < second->place.step ? -1 : 1;
    if (first->place.turn != second->place.turn) return first->place.turn < second->place.turn ? -1 : 1;
    return 0;
}

static struct run whole, part_run;
static struct told together[TOLD_MAX];

/* The parts' words in the order of their places are the whole's, at the same places; so are the counters. */
static void compare_with_parts(const char *name, unsigned parts) {
    unsigned count = 0, busy = 0;
    struct counters sum = {.packets = 0};
    struct decoding_figures of_whole, of_part;
    decoding_figures(whole.decoding, &of_whole);
    for (unsigned part = 0; part < parts; part++) {
        run_capture(&part_run, strcmp(name, "handmade") == 0 ? NULL : name, part, parts);
        assert_false(decoding_ran_short(part_run.decoding));
        assert_int_equal(part_run.advances, whole.advances);
        assert_memory_equal(&part_run.frames, &whole.frames, sizeof whole.frames); /* all see all frames */
        decoding_figures(part_run.decoding, &of_part);
        assert_int_equal(of_part.first, of_whole.first);
        assert_int_equal(of_part.last, of_whole.last);
        counters_add(&sum, &part_run.counters);
        busy += part_run.counters.flows > 0;
        for (unsigned i = 0; i < part_run.count; i++) { /* stable: no two parts are at one place, one part may be */
            struct told told = part_run.told[i];
            unsigned at = count++;
            for (; at > 0 && compare_told(&told, &together[at - 1]) < 0; at--) together[at] = together[at - 1];
            if (at > 0 && compare_told(&told, &together[at - 1]) == 0)
                assert_int_equal(told.part, together[at - 1].part);
            together[at] = told;
            part_run.told[i].line = NULL;
        }
        end_run(&part_run);
    }
    if (count != whole.count) fail_msg("%s in %u parts: %u records, alone %u", name, parts, count, whole.count);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(together[i].line, whole.told[i].line) != 0 || compare_told(&together[i], &whole.told[i]) != 0)
            fail_msg("%s in %u parts, record %u: %s, alone %s", name, parts, i, together[i].line, whole.told[i].line);
        free(together[i].line);
    }
    assert_memory_equal(&sum, &whole.counters, sizeof sum);
    assert_true(parts == 1 || busy > 1 || whole.counters.flows < 8); /* else this shows little */
}

static void parts_tell_what_one_tells(void **state) {
    (void)state;
    static const struct {
        const char *name, *more;
        unsigned dialogues_min; /* pcaps/README.md */
    } captures[] = {
        {"demo.pcap", "", 20},
        {"abrupt.pcap", "", 3},
        {"fragments.pcap", "", 1},
        {"not-mail.pcap", "", 0},
        {"any-port.pcap", "detect: any_port\n", 1},
    };
    for (unsigned i = 0; i < sizeof captures / sizeof *captures; i++) {
        load_config(captures[i].more);
        run_capture(&whole, captures[i].name, 0, 0);
        assert_true(whole.counters.dialogues >= captures[i].dialogues_min);
        assert_false(decoding_ran_short(whole.decoding));
        for (unsigned parts = i == 0 ? 1 : 2; parts <= (i == 0 ? 5 : 3);
             parts++) /* each decoding takes 50 ms to make */
            compare_with_parts(captures[i].name, parts);
        end_run(&whole);
        unload_config();
    }
}

static void show(struct run *run, struct packet packet, int64_t at_ms) {
    struct frame_seen frame = raw_frame(packet);
    frame.time = INT64_C(1700000000) * NS_PER_S + at_ms * NS_PER_MS;
    decoding_frame(run->decoding, &frame);
}

/* Behind a hole both wait three seconds from their last packets on.  That of the first is the later one, although it
 * began to wait earlier: it must not keep the sensor from seeing that the second one's time has come. */
static void show_hurried_and_patient(struct run *run) {
    struct talk talks[8];
    struct talk clock = talk_between("192.0.2.99", 40000, "198.51.100.25", 25);
    for (unsigned i = 0; i < 8; i++) {
        talks[i] = talk_between("192.0.2.1", (uint16_t)(30000 + i), "198.51.100.25", 25);
        show(run, talk_syn(&talks[i]), 0);
        show(run, talk_syn_ack(&talks[i]), 1);
        show(run, talk_ack(&talks[i], SIDE_CLIENT), 2);
        show(run, talk_say(&talks[i], SIDE_SERVER, "220 mx.example.net ESMTP\r\n"), 3);
        show(run, talk_say(&talks[i], SIDE_CLIENT, "EHLO client.example\r\n"), 4);
        show(run, talk_say(&talks[i], SIDE_SERVER, "250 mx.example.net\r\n"), 5);
        show(run, talk_say(&talks[i], SIDE_CLIENT, "MAIL FROM:<a@b.example>\r\n"), 6);
        show(run, talk_say(&talks[i], SIDE_SERVER, "250 ok\r\n"), 7);
        show(run, talk_say(&talks[i], SIDE_CLIENT, "RCPT TO:<c@d.example>\r\n"), 8);
        show(run, talk_say(&talks[i], SIDE_SERVER, "250 ok\r\n"), 9);
        show(run, talk_say(&talks[i], SIDE_CLIENT, "DATA\r\n"), 10);
        show(run, talk_say(&talks[i], SIDE_SERVER, "354 go on\r\n"), 11);
        show(run, talk_say(&talks[i], SIDE_CLIENT, "Subject: x\r\n\r\n"), 12);
        talk_lose(&talks[i], SIDE_CLIENT, 40); /* of its text */
    }
    for (unsigned i = 0; i < 8; i++) {
        show(run, talk_say(&talks[i], SIDE_CLIENT, "\r\n.\r\n"), 320 + i * 60);
        show(run, talk_say(&talks[i], SIDE_SERVER, "250 queued\r\n"), 321 + i * 60);
    }
    show(run, talk_syn(&clock), 1200); /* the sensor looks at 4.2 s, when only those with odd numbers are due */
    for (unsigned i = 0; i < 8; i += 2) show(run, talk_say(&talks[i], SIDE_CLIENT, "NOOP\r\n"), 1250 + i);
    for (int64_t ms = 1300; ms < 9000; ms += 10)
        show(run, talk_segment(&clock, SIDE_CLIENT, 1, 0, TCP_SYN, SPAN_EMPTY), ms);
    for (unsigned i = 0; i < 8; i++) talk_free(&talks[i]);
    talk_free(&clock);
}

static void a_flows_time_is_its_own(void **state) {
    (void)state;
    load_config("");
    run_capture(&whole, NULL, 0, 0);
    assert_int_equal(whole.counters.dialogues, 8);
    assert_int_equal(whole.counters.gaps, 8);
    for (unsigned parts = 2; parts <= 4; parts++) compare_with_parts("handmade", parts);
    end_run(&whole);
    unload_config();
}

/* Connections that only say hello, a second apart. */
static unsigned connect_until_short(struct run *run, unsigned count) {
    unsigned known = 0;
    for (unsigned n = 0; n < count && !decoding_ran_short(run->decoding); n++) {
        char client[32];
        (void)snprintf(client, sizeof client, "192.0.%u.%u", 2 + n / 250, 1 + n % 250);
        struct talk talk = talk_between(client, (uint16_t)(20000 + n), "198.51.100.25", 25);
        talk.now += n * NS_PER_MS * 10;
        struct packet packets[] = {talk_syn(&talk), talk_syn_ack(&talk), talk_ack(&talk, SIDE_CLIENT),
                                   talk_say(&talk, SIDE_SERVER, "220 mx.example.net ESMTP\r\n"),
                                   talk_say(&talk, SIDE_CLIENT, "EHLO client.example\r\n")};
        for (unsigned i = 0; i < 5; i++) {
            struct frame_seen frame = raw_frame(packets[i]);
            decoding_frame(run->decoding, &frame);
        }
        talk_free(&talk);
        known = n;
    }
    return known;
}

/* It says so when its table is full, which a part's is sooner, and not before. */
static void runs_short(void **state) {
    (void)state;
    load_config("limits: {flows: 400}\n");
    begin_run(&whole, 0, 1);
    unsigned alone = connect_until_short(&whole, 1000);
    assert_true(decoding_ran_short(whole.decoding));
    assert_true(alone <= 400);
    decoding_finish(whole.decoding);
    assert_true(decoding_ran_short(whole.decoding)); /* it stays so */
    begin_run(&part_run, 1, 4);
    unsigned of_part = connect_until_short(&part_run, 1000);
    assert_true(decoding_ran_short(part_run.decoding));
    assert_true(part_run.counters.flows <= 101 && part_run.counters.flows >= 20);
    assert_true(of_part <= 1000);
    decoding_finish(part_run.decoding);
    end_run(&part_run);
    end_run(&whole);
    begin_run(&whole, 0, 1);
    (void)connect_until_short(&whole, 50);
    assert_false(decoding_ran_short(whole.decoding));
    decoding_finish(whole.decoding);
    assert_int_equal(whole.counters.dialogues, 50);
    end_run(&whole);
    unload_config();
}

/* Both directions of a connection are one part's, whoever comes first. */
static void each_flow_is_one_parts(void **state) {
    (void)state;
    load_config("");
    uint64_t flows = 0, segments = 0;
    for (unsigned part = 0; part < 5; part++) {
        begin_run(&part_run, part, 5);
        (void)connect_until_short(&part_run, 60);
        decoding_finish(part_run.decoding);
        assert_int_equal(part_run.counters.mail_segments, 5 * part_run.counters.flows);
        assert_int_equal(part_run.counters.dialogues, part_run.counters.flows);
        flows += part_run.counters.flows;
        segments += part_run.counters.mail_segments;
        end_run(&part_run);
    }
    assert_int_equal(flows, 60);
    assert_int_equal(segments, 300);
    unload_config();
}

static void expect_newest(const struct run *run, nstime first, nstime last) {
    struct decoding_figures figures;
    struct decoder_figures shown = {.newest_packet = -1};
    decoding_figures(run->decoding, &figures);
    decoding_metrics(run->decoding, &shown);
    assert_int_equal(figures.first, first);
    assert_int_equal(figures.last, last);
    assert_int_equal(shown.newest_packet, last);
    assert_int_equal(*decoding_time(run->decoding), last);
}

/* Where nothing is seen time goes on, and the newest frame gets older. */
static void silence_is_no_frame(void **state) {
    (void)state;
    const nstime start = INT64_C(1700000000) * NS_PER_S;
    load_config("");
    begin_run(&whole, 0, 1);
    decoding_tick(whole.decoding, start - 5 * NS_PER_S);
    expect_newest(&whole, 0, 0);
    (void)connect_until_short(&whole, 1); /* five frames, from there on, a millisecond after each other */
    expect_newest(&whole, start, start + 4 * NS_PER_MS);
    for (unsigned i = 1; i <= 30; i++) decoding_tick(whole.decoding, start + i * NS_PER_S);
    assert_true(whole.advances >= 30); /* it heard of them */
    expect_newest(&whole, start, start + 4 * NS_PER_MS);
    decoding_finish(whole.decoding);
    expect_newest(&whole, start, start + 4 * NS_PER_MS);
    end_run(&whole);
    unload_config();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_is_no_frame),     cmocka_unit_test(parts_tell_what_one_tells),
        cmocka_unit_test(a_flows_time_is_its_own), cmocka_unit_test(runs_short),
        cmocka_unit_test(each_flow_is_one_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
