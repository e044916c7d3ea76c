/* Dialogues: the scripts in tests/unit/dialogues (see dialogue_run.h) in every cut, gaps at every place of them,
 * limits, and secrets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glob.h>

#include "dialogue_run.h"
#include "pool_memory.h"

#define FOLDER "tests/unit/dialogues/"

/* --- every script, in every cut ------------------------------------------------------------------------------------
 */

static bool run_is_as_expected(const char *path, const struct script *script, bool acknowledged, size_t cut_max,
                               unsigned seed) {
    static struct run run;
    run_script(&run, script, acknowledged, cut_max, seed);
    bool same = strcmp(run.report.bytes, script->expected) == 0;
    if (!same)
        print_error("%s (%s, cut %zu, seed %u)\n--- expected\n%s--- got\n%s", path,
                    acknowledged ? "acknowledged" : "no acknowledgements", cut_max, seed, script->expected,
                    run.report.bytes);
    run_free(&run);
    return same;
}

static void test_scripts(void **state) {
    glob_t found;
    unsigned wrong = 0;
    (void)state;
    assert_int_equal(glob(FOLDER "*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct script *script = script_read(found.gl_pathv[i]);
        for (unsigned acknowledged = script->acknowledged_only; acknowledged < 2; acknowledged++) {
            bool good = run_is_as_expected(found.gl_pathv[i], script, acknowledged, 0, 0) &&
                        run_is_as_expected(found.gl_pathv[i], script, acknowledged, 1, 0);
            for (unsigned seed = 1; good && seed <= 12; seed++)
                good = run_is_as_expected(found.gl_pathv[i], script, acknowledged, seed % 3 == 0 ? 40 : 7, seed);
            wrong += !good;
        }
        script_free(script);
    }
    globfree(&found);
    assert_int_equal(wrong, 0);
}

/* --- gaps at every place: nothing may be wrong ---------------------------------------------------------------------
 */

/* What is true of a script without gaps, by sender and by recipient: these differ in each of its messages. */
struct truth {
    unsigned messages, recipients;
    struct {
        char sender[64];
        enum outcome outcome;
        enum stage stage;
        unsigned code; /* of the reply that decided */
        uint64_t body_bytes;
        bool smuggling;
    } message[16];
    struct {
        char mailbox[64];
        unsigned message;
        enum outcome outcome;
        unsigned code;
    } recipient[64];
};

static void name_copy(char *to, struct span from) {
    snprintf(to, 64, "%.*s", (int)from.len, (const char *)from.data);
}

static void learn(void *context, const struct message *message) {
    struct truth *truth = context;
    unsigned m = truth->messages++;
    name_copy(truth->message[m].sender, message->sender);
    truth->message[m].outcome = message->outcome;
    truth->message[m].stage = message->stage;
    truth->message[m].code = message->reply.code;
    truth->message[m].body_bytes = message->body_bytes;
    truth->message[m].smuggling = message->smuggling;
    for (uint32_t i = 0; i < message->recipient_count; i++) {
        const struct recipient *recipient = message_recipient(message, i);
        unsigned r = truth->recipients++;
        name_copy(truth->recipient[r].mailbox, recipient->mailbox);
        truth->recipient[r].message = m;
        truth->recipient[r].outcome = recipient->outcome;
        truth->recipient[r].code = recipient->reply.code;
    }
}

struct sweep {
    const struct truth *truth;
    unsigned checked, known, wrong;
};

static void check_recipient(struct sweep *sweep, const struct recipient *recipient, unsigned *message) {
    char mailbox[64];
    name_copy(mailbox, recipient->mailbox);
    for (unsigned r = 0; r < sweep->truth->recipients; r++) {
        if (strcmp(sweep->truth->recipient[r].mailbox, mailbox) != 0) continue;
        *message = sweep->truth->recipient[r].message;
        if (recipient->reply.code != 0 && recipient->reply.code != sweep->truth->recipient[r].code) sweep->wrong++;
        if (recipient->outcome != OUTCOME_UNKNOWN && recipient->outcome != sweep->truth->recipient[r].outcome)
            sweep->wrong++;
    }
}

static void check_message(void *context, const struct message *message) {
    struct sweep *sweep = context;
    unsigned m = UINT32_MAX;
    char sender[64];
    sweep->checked++;
    if (message->outcome != OUTCOME_UNKNOWN) sweep->known++;
    for (uint32_t i = 0; i < message->recipient_count; i++) {
        unsigned before = m;
        check_recipient(sweep, message_recipient(message, i), &m);
        if (before != UINT32_MAX && m != before) sweep->wrong++; /* two messages in one */
    }
    name_copy(sender, message->sender);
    for (unsigned i = 0; message->sender_seen && i < sweep->truth->messages; i++)
        if (strcmp(sweep->truth->message[i].sender, sender) == 0) {
            if (m != UINT32_MAX && m != i) sweep->wrong++;
            m = i;
        }
    if (m == UINT32_MAX) return;
    /* Where the receiver saw an odd end, and we did not, a body is longer. */
    bool sized = message->body_started && !message->body_size_lost && !sweep->truth->message[m].smuggling;
    if (sized && message->body_bytes != sweep->truth->message[m].body_bytes) sweep->wrong++;
    if (message->outcome == OUTCOME_UNKNOWN) return;
    if (message->outcome != sweep->truth->message[m].outcome || message->stage != sweep->truth->message[m].stage ||
        message->reply.code != sweep->truth->message[m].code)
        sweep->wrong++;
}

struct hole {
    size_t from, to; /* in the side's stream */
};

enum order { ORDER_PIECES, ORDER_WHOLE };

/* A turn with the hole cut out.  A hole over many turns is told a turn at a time, or whole when it begins: the stream
 * promises that it is told before what was said in answer. */
static void run_holed_turn(struct run *run, const struct turn *turn, struct hole hole, size_t start, enum order order) {
    size_t end = start + turn->length;
    size_t from = hole.from < start ? start : hole.from > end ? end : hole.from;
    size_t to = hole.to < start ? start : hole.to > end ? end : hole.to;
    size_t lost = to > from ? to - from : 0;
    if (lost == 0) from = to = end;
    run_data(run, turn->side, span_of(turn->bytes, from - start));
    if (order == ORDER_PIECES) run_gap(run, turn->side, lost);
    if (order == ORDER_WHOLE && lost > 0 && from == hole.from) run_gap(run, turn->side, hole.to - hole.from);
    run_data(run, turn->side, span_of(turn->bytes + (to - start), end - to));
    run->said[turn->side] += turn->length;
}

static void run_holed(struct run *run, const struct script *script, const struct hole holes[2], enum order order) {
    size_t at[2] = {0, 0};
    unsigned seed = 0;
    for (size_t i = 0; i < script->count; i++) {
        const struct turn *turn = &script->turns[i];
        if (turn->kind == TURN_DATA) {
            run_holed_turn(run, turn, holes[turn->side], at[turn->side], order);
            at[turn->side] += turn->length;
        } else {
            run_turn(run, turn, 0, &seed);
        }
    }
}

static size_t side_bytes(const struct script *script, enum stream_side side) {
    size_t bytes = 0;
    for (size_t i = 0; i < script->count; i++)
        if (script->turns[i].kind == TURN_DATA && script->turns[i].side == side) bytes += script->turns[i].length;
    return bytes;
}

static void sweep_one(struct sweep *sweep, const char *path, const struct script *script, const struct hole holes[2],
                      enum order order, bool acknowledged) {
    static struct run run;
    unsigned wrong = sweep->wrong;
    run_begin(&run, script, 256);
    run.acknowledged = acknowledged;
    run.on_message = check_message;
    run.context = sweep;
    run_holed(&run, script, holes, order);
    run_end(&run);
    if (sweep->wrong > wrong && wrong < 5)
        print_error("%s: client hole %zu-%zu, server hole %zu-%zu, order %d, %sacknowledged\n%s", path,
                    holes[SIDE_CLIENT].from, holes[SIDE_CLIENT].to, holes[SIDE_SERVER].from, holes[SIDE_SERVER].to,
                    (int)order, acknowledged ? "" : "not ", run.report.bytes);
    run_free(&run);
}

static void sweep_script(struct sweep *sweep, const char *path, const struct script *script) {
    size_t bytes[2] = {side_bytes(script, SIDE_CLIENT), side_bytes(script, SIDE_SERVER)};
    unsigned seed = 42;
    for (unsigned i = 0; i < 2000; i++) {
        struct hole holes[2] = {{0, 0}, {0, 0}};
        for (unsigned side = 0; side < 2; side++) {
            if (i % 3 == side) continue; /* holes in one side, in the other, in both */
            size_t longest = i % 2 == 0 ? 60 : bytes[side];
            holes[side].from = (size_t)rand_r(&seed) % bytes[side];
            holes[side].to = holes[side].from + 1 + (size_t)rand_r(&seed) % longest;
            if (holes[side].to > bytes[side]) holes[side].to = bytes[side];
        }
        sweep_one(sweep, path, script, holes, (enum order)((unsigned)rand_r(&seed) % 2),
                  script->acknowledged_only || i / 6 % 2 == 0);
    }
}

static void test_gaps_everywhere(void **state) {
    glob_t found;
    unsigned wrong = 0;
    (void)state;
    assert_int_equal(glob(FOLDER "sweep-*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct script *script = script_read(found.gl_pathv[i]);
        static struct run run;
        struct truth truth = {.messages = 0};
        struct sweep sweep = {.truth = &truth};
        run_begin(&run, script, 256);
        run.on_message = learn;
        run.context = &truth;
        unsigned seed = 0;
        for (size_t k = 0; k < script->count; k++) run_turn(&run, &script->turns[k], 0, &seed);
        run_end(&run);
        run_free(&run);
        sweep_script(&sweep, found.gl_pathv[i], script);
        print_message("%s: %u messages, %u known, %u wrong\n", found.gl_pathv[i], sweep.checked, sweep.known,
                      sweep.wrong);
        wrong += sweep.wrong;
        script_free(script);
    }
    globfree(&found);
    assert_int_equal(wrong, 0);
}

/* --- secrets -------------------------------------------------------------------------------------------------------
 */

static bool memory_holds(const struct run *run, size_t blocks, const char *secret) {
    return pool_holds(run->memory, blocks * sizeof *run->memory, secret);
}

static void test_secrets_are_not_kept(void **state) {
    static const char *const secrets[] = {"AGJvYgBzM2NyM3Q", "Ym9iQGEuZXhhbXBsZQ", "czNjcjN0LXBhc3M", "AGJvYgBndWVz"};
    glob_t found;
    (void)state;
    assert_int_equal(glob(FOLDER "auth*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct script *script = script_read(found.gl_pathv[i]);
        for (unsigned seed = 0; seed < 30; seed++) {
            static struct run run;
            unsigned random = seed;
            run_begin(&run, script, 128);
            for (size_t k = 0; k < script->count; k++) {
                run_turn(&run, &script->turns[k], seed == 0 ? 0 : seed == 1 ? 1 : 9, &random);
                for (unsigned s = 0; s < 4; s++) assert_false(memory_holds(&run, 128, secrets[s]));
            }
            run_end(&run);
            run_free(&run);
        }
        script_free(script);
    }
    globfree(&found);
}

/* --- limits --------------------------------------------------------------------------------------------------------
 */

static void say(struct run *run, enum stream_side side, const char *words) {
    run_data(run, side, span_from_string(words));
}

static void remember(void *context, const struct message *message) {
    struct message *copy = context;
    *copy = *message;
}

static void test_more_recipients_than_the_limit(void **state) {
    static struct run run;
    struct script script = {.count = 0};
    struct message seen = {.ordinal = 0};
    char line[64];
    (void)state;
    run_begin(&run, &script, RUN_POOL_BLOCKS);
    run.on_message = remember;
    run.context = &seen;
    say(&run, SIDE_SERVER, "220 mx\r\n");
    say(&run, SIDE_CLIENT, "EHLO a\r\n");
    say(&run, SIDE_SERVER, "250 mx\r\n");
    say(&run, SIDE_CLIENT, "MAIL FROM:<s@a.example>\r\n");
    say(&run, SIDE_SERVER, "250 ok\r\n");
    for (unsigned i = 0; i < LIMIT_RECIPIENTS + 5; i++) {
        snprintf(line, sizeof line, "RCPT TO:<u%u@b.example>\r\n", i);
        say(&run, SIDE_CLIENT, line);
        say(&run, SIDE_SERVER, i % 2 == 0 ? "250 ok\r\n" : "550 no\r\n");
    }
    say(&run, SIDE_CLIENT, "DATA\r\n");
    say(&run, SIDE_SERVER, "354 go\r\n");
    say(&run, SIDE_CLIENT, "x\r\n.\r\n");
    say(&run, SIDE_SERVER, "250 done\r\n");
    assert_int_equal(seen.ordinal, 1);
    assert_int_equal(seen.outcome, OUTCOME_DELIVERED);
    assert_int_equal(seen.recipient_count, LIMIT_RECIPIENTS);
    assert_int_equal(seen.recipients_dropped, 5);
    assert_int_equal(run.counters.recipients_dropped, 5);
    run_end(&run);
    run_free(&run);
}

/* Long recipients and long replies leave half of the message's memory to its content. */
static void test_the_envelope_leaves_room(void **state) {
    static struct run run;
    struct script script = {.count = 0};
    struct message seen = {.ordinal = 0};
    char line[600];
    (void)state;
    run_begin(&run, &script, RUN_POOL_BLOCKS);
    run.on_message = remember;
    run.context = &seen;
    say(&run, SIDE_SERVER, "220 mx\r\n");
    say(&run, SIDE_CLIENT, "HELO a\r\n");
    say(&run, SIDE_SERVER, "250 mx\r\n");
    say(&run, SIDE_CLIENT, "MAIL FROM:<s@a.example>\r\n");
    say(&run, SIDE_SERVER, "250 ok\r\n");
    for (unsigned i = 0; i < 600; i++) {
        snprintf(line, sizeof line, "RCPT TO:<u%0300u@b.example>\r\n", i);
        say(&run, SIDE_CLIENT, line);
        snprintf(line, sizeof line, "250 %0190u\r\n", i);
        say(&run, SIDE_SERVER, line);
    }
    say(&run, SIDE_CLIENT, "DATA\r\n");
    say(&run, SIDE_SERVER, "354 go\r\n");
    say(&run, SIDE_CLIENT, "x\r\n.\r\n");
    say(&run, SIDE_SERVER, "250 done\r\n");
    assert_int_equal(seen.outcome, OUTCOME_DELIVERED);
    assert_int_equal(seen.recipient_count + seen.recipients_dropped, 600);
    assert_true(seen.recipients_dropped > 0);
    assert_true(seen.arena.blocks <= LIMIT_ENVELOPE_ARENA_BYTES / LIMIT_ARENA_BLOCK_BYTES + 1);
    assert_true(run.counters.recipients_dropped > 0);
    run_end(&run);
    run_free(&run);
}

/* 1,000 recipients and the first chunk in one flight, before anything is answered; then long replies, and the rest. */
static void run_chunks_before_replies(struct run *run, struct message *seen, size_t cut) {
    static struct script script;
    static char all[LIMIT_RECIPIENTS * 32], line[400];
    size_t length = 0;
    unsigned seed = 1;
    run_begin(run, &script, RUN_POOL_BLOCKS);
    run->on_message = remember;
    run->context = seen;
    say(run, SIDE_SERVER, "220 mx\r\n");
    say(run, SIDE_CLIENT, "EHLO a\r\n");
    say(run, SIDE_SERVER, "250-mx\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
    length += (size_t)sprintf(all, "MAIL FROM:<s@a.example>\r\n");
    for (unsigned i = 0; i < LIMIT_RECIPIENTS; i++)
        length += (size_t)sprintf(all + length, "RCPT TO:<u%u@b.example>\r\n", i);
    length += (size_t)sprintf(all + length, "BDAT 8\r\nSubject:");
    struct turn const flight = {.side = SIDE_CLIENT, .length = length, .bytes = (uint8_t *)all};
    run_turn(run, &flight, cut, &seed);
    for (unsigned i = 0; i < 1 + LIMIT_RECIPIENTS + 1; i++) {
        struct turn const reply = {
            .side = SIDE_SERVER, .length = (size_t)sprintf(line, "250 %0200u\r\n", i), .bytes = (uint8_t *)line};
        run_turn(run, &reply, cut, &seed);
    }
    say(run, SIDE_CLIENT, "BDAT 8 LAST\r\n x\r\n\r\ny\n");
    say(run, SIDE_SERVER, "554 spam\r\n");
    say(run, SIDE_CLIENT, "QUIT\r\n");
    say(run, SIDE_SERVER, "221 bye\r\n");
    run_end(run);
}

/* That the content has begun is no reason to give its half of the memory to replies that answer recipients. */
static void test_replies_behind_a_chunk_leave_room(void **state) {
    static const size_t cuts[] = {0, 7, 1};
    (void)state;
    for (unsigned i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        static struct run run;
        struct message seen = {.ordinal = 0};
        run_chunks_before_replies(&run, &seen, cuts[i]);
        assert_int_equal(seen.outcome, OUTCOME_BOUNCED);
        assert_int_equal(seen.stage, STAGE_BODY);
        assert_int_equal(seen.reply.text.len, 4); /* what ends it is kept */
        assert_int_equal(seen.recipient_count, LIMIT_RECIPIENTS);
        assert_int_equal(seen.body_bytes, 16);
        assert_true(seen.body_complete);
        assert_true(seen.arena.blocks <= LIMIT_ENVELOPE_ARENA_BYTES / LIMIT_ARENA_BLOCK_BYTES + 1);
        assert_true(run.counters.message_memory > 0 && run.counters.message_memory < LIMIT_RECIPIENTS);
        run_free(&run);
    }
}

/* 2,100 commands at once, then as many replies: none goes to a command that it does not belong to. */
static void test_more_commands_than_the_limit(void **state) {
    static struct run run;
    struct script script = {.count = 0};
    struct message seen = {.ordinal = 0};
    (void)state;
    run_begin(&run, &script, RUN_POOL_BLOCKS);
    run.on_message = remember;
    run.context = &seen;
    say(&run, SIDE_SERVER, "220 mx\r\n");
    say(&run, SIDE_CLIENT, "EHLO a\r\n");
    say(&run, SIDE_SERVER, "250-mx\r\n250 PIPELINING\r\n");
    for (unsigned i = 0; i < 2100; i++) say(&run, SIDE_CLIENT, "NOOP\r\n");
    assert_true(run.counters.commands_dropped > 0);
    say(&run, SIDE_CLIENT, "MAIL FROM:<s@a.example>\r\n");
    for (unsigned i = 0; i < 2100; i++) say(&run, SIDE_SERVER, "250 noop\r\n");
    say(&run, SIDE_SERVER, "550 not you\r\n");
    say(&run, SIDE_CLIENT, "QUIT\r\n");
    say(&run, SIDE_SERVER, "221 bye\r\n");
    run_end(&run);
    assert_int_equal(seen.ordinal, 1);
    assert_true(seen.outcome == OUTCOME_UNKNOWN || seen.outcome == OUTCOME_BOUNCED);
    assert_int_equal(seen.visibility, VISIBILITY_GAPPED);
    assert_non_null(strstr(run.report.bytes, "dialogue: gapped"));
    assert_int_equal(run.counters.dialogue_memory, 0);
    run_free(&run);
}

static void test_a_full_queue_fits_the_arena(void **state) {
    static struct run run;
    struct script script = {.count = 0};
    (void)state;
    run_begin(&run, &script, RUN_POOL_BLOCKS);
    say(&run, SIDE_SERVER, "220 mx\r\n");
    say(&run, SIDE_SERVER, "250 part of a li");
    for (unsigned i = 0; i < LIMIT_PIPELINE_COMMANDS; i++) say(&run, SIDE_CLIENT, i % 7 == 0 ? "NOOP\r\n" : "RSET\r\n");
    say(&run, SIDE_CLIENT, "QU");
    assert_int_equal(run.counters.commands_dropped, 0);
    say(&run, SIDE_CLIENT, "IT\r\n");
    assert_int_equal(run.counters.commands_dropped, 1);
    run_end(&run);
    run_free(&run);
}

static void test_messages_that_never_get_a_reply(void **state) {
    static struct run run;
    struct script script = {.count = 0};
    struct message seen = {.ordinal = 0};
    (void)state;
    run_begin(&run, &script, RUN_POOL_BLOCKS);
    run.on_message = remember;
    run.context = &seen;
    say(&run, SIDE_SERVER, "220 mx\r\n");
    for (unsigned i = 0; i < 100; i++) say(&run, SIDE_CLIENT, "MAIL FROM:<s@a.example>\r\nRSET\r\n");
    assert_int_equal(run.counters.messages_forced, 100 - LIMIT_MESSAGES_IN_FLIGHT);
    assert_int_equal(seen.ordinal, 100 - LIMIT_MESSAGES_IN_FLIGHT);
    assert_int_equal(seen.outcome, OUTCOME_UNKNOWN);
    assert_int_equal(seen.visibility, VISIBILITY_GAPPED);
    run_end(&run);
    run_free(&run);
}

/* With every number of blocks from none on: no crash, nothing wrong, and what is missing is counted. */
static void test_memory_is_out(void **state) {
    struct script *script = script_read(FOLDER "sweep-lockstep.txt");
    (void)state;
    for (size_t blocks = 1; blocks < 12; blocks++) {
        static struct run run;
        unsigned seed = 0;
        run_begin(&run, script, blocks);
        if (run.dialogue == NULL) {
            assert_int_equal(run.counters.dialogue_memory, 1);
            run_free(&run);
            continue;
        }
        for (size_t i = 0; i < script->count; i++) run_turn(&run, &script->turns[i], 5, &seed);
        const struct dialogue_counters *c = &run.counters; /* a line that finds no memory to wait in is cut */
        assert_true(blocks > 3 || c->message_memory + c->commands_dropped + c->line_cut > 0);
        run_end(&run);
        run_free(&run);
    }
    script_free(script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_gaps_everywhere),
        cmocka_unit_test(test_secrets_are_not_kept),
        cmocka_unit_test(test_more_recipients_than_the_limit),
        cmocka_unit_test(test_the_envelope_leaves_room),
        cmocka_unit_test(test_replies_behind_a_chunk_leave_room),
        cmocka_unit_test(test_more_commands_than_the_limit),
        cmocka_unit_test(test_a_full_queue_fits_the_arena),
        cmocka_unit_test(test_messages_that_never_get_a_reply),
        cmocka_unit_test(test_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
