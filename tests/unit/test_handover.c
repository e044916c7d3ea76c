/* A configuration with its rules on its way to a process that can open no file: packed, cut, joined, unpacked, loaded;
 * and damaged on the way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cmocka.h>

#include "handover.h"
#include "mailspan/limits.h"

static const char config_text[] =
    "sensor_id: other\n"
    "home_networks: [192.0.2.0/24]\n"
    "limits: {flows: 99}\n"
    "rules: {content: content.yaml, setup: setup.yaml, bounces: bounces.yaml}\n";

static const char content_text[] =
    "rules:\n"
    "  - {name: KIN, look_at: body, match: 'next of kin', points: 1, description: d}\n"
    "  - {name: TWICE, look_at: subject, match: '(.)\\1\\1', points: 1, description: d}\n";

static const char setup_text[] = "rules:\n  - {name: MANY, when: 'recipients > 9', points: 1, description: d}\n";

static const char bounces_text[] =
    "classes:\n"
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
    "texts:\n"
    "  - {class: unclassified, match: 'user (unknown|missing)', example: 550 user unknown}\n";

static void write_file(const char *folder, const char *name, const char *text) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A folder with the four files, and what a running sensor has. */
struct bench {
    char folder[64], path[128];
    struct config running;
    struct compiled *compiled;
};

static int bench_open(void **state) {
    static struct bench bench;
    (void)snprintf(bench.folder, sizeof bench.folder, "/tmp/mailspan-handover-XXXXXX");
    assert_non_null(mkdtemp(bench.folder));
    (void)snprintf(bench.path, sizeof bench.path, "%s/mailspan.yaml", bench.folder);
    write_file(bench.folder, "mailspan.yaml", config_text);
    write_file(bench.folder, "content.yaml", content_text);
    write_file(bench.folder, "setup.yaml", setup_text);
    write_file(bench.folder, "bounces.yaml", bounces_text);
    config_default(&bench.running);
    bench.compiled = compiled_new();
    *state = &bench;
    return 0;
}

static void remove_files(const struct bench *bench) {
    static const char *const names[] = {"mailspan.yaml", "content.yaml", "setup.yaml", "bounces.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", bench->folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(bench->folder);
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    remove_files(bench);
    config_free(&bench->running);
    compiled_free(bench->compiled);
    return 0;
}

static struct generation *read_files(struct bench *bench, uint32_t number, struct span *blob) {
    struct handover handover;
    struct problem problem;
    struct generation *next = handover_read(bench->path, number, &bench->running, bench->compiled, &handover, &problem);
    if (next == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    assert_true(handover_pack(&handover, blob));
    handover_read_free(&handover);
    return next;
}

static struct span packed(struct bench *bench, uint32_t number) {
    struct span blob;
    generation_free(read_files(bench, number, &blob));
    return blob;
}

/* --- there and back ------------------------------------------------------------------------------------------------
 */

static void expect_generation(const struct generation *generation) {
    assert_int_equal(generation->number, 7);
    assert_string_equal(generation->config.sensor_id, "mailspan"); /* of those that it keeps until the next start */
    assert_int_equal(generation->config.flows_max, LIMIT_FLOWS_DEFAULT);
    assert_int_equal(generation->config.home_network_count, 1);
    assert_int_equal(ruleset_count(generation->knowledge.rules), 3);
    assert_string_equal(ruleset_rule(generation->knowledge.rules, 1)->name, "TWICE");
    assert_int_equal(ruleset_rule(generation->knowledge.rules, 1)->line, 3);
    assert_non_null(strstr(ruleset_rule(generation->knowledge.rules, 1)->file, "/content.yaml"));
    assert_int_equal(bounce_class_count(generation->knowledge.bounces), 1);
    assert_non_null(policies_active(generation->knowledge.policies));
}

static void there_and_back(void **state) {
    struct bench *bench = *state;
    struct span blob;
    struct problem problem;
    struct generation *read = read_files(bench, 7, &blob);
    expect_generation(read);
    remove_files(bench); /* nobody needs them any more */
    struct generation *opened = handover_open(blob, &bench->running, &problem);
    if (opened == NULL) fail_msg("%s:%u: %s", problem.file, problem.line, problem.what);
    expect_generation(opened);
    assert_string_equal(opened->config.content_rules, read->config.content_rules);
    assert_string_equal(opened->config.file, bench->path);
    generation_free(opened);
    generation_free(read);
    handover_blob_free(blob);
}

/* Texts that have changed are compiled, the others are not, and what is gone is handed over no more. */
static void what_has_not_changed_is_not_compiled_again(void **state) {
    struct bench *bench = *state;
    handover_blob_free(packed(bench, 1));
    assert_int_equal(compiled_count(bench->compiled), 3); /* text, subject, replies */
    const uint8_t *of_replies = compiled_at(bench->compiled, 2)->bytes.data;
    write_file(bench->folder, "content.yaml",
               "rules:\n  - {name: KIN, look_at: body, match: 'next of skin', points: 1, description: d}\n");
    handover_blob_free(packed(bench, 2));
    assert_int_equal(compiled_count(bench->compiled), 2);
    assert_ptr_equal(compiled_at(bench->compiled, 0)->bytes.data, of_replies);
}

static void mistakes_in_files(void **state) {
    struct bench *bench = *state;
    static const struct {
        const char *file, *text, *what;
        unsigned line;
    } mistakes[] = {
        {"mailspan.yaml", "sensor_id: a\nprots: [25]\n", "unknown key 'prots'", 2},
        {"content.yaml", "rules:\n  - {name: KIN, look_at: body, match: '(', points: 1, description: d}\n", "wrong at",
         2},
        {"bounces.yaml", "classes: []\n", "unclassified", 1},
    };
    for (size_t i = sizeof mistakes / sizeof *mistakes; i-- > 0;) {
        struct handover handover;
        struct problem problem;
        write_file(bench->folder, mistakes[i].file, mistakes[i].text);
        assert_null(handover_read(bench->path, 1, &bench->running, bench->compiled, &handover, &problem));
        assert_non_null(strstr(problem.file, mistakes[i].file));
        assert_non_null(strstr(problem.what, mistakes[i].what));
        assert_int_equal(problem.line, mistakes[i].line);
    }
}

/* --- without files -------------------------------------------------------------------------------------------------
 */

#define REFUSE(call) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

/* From here on who opens a file or a socket, or begins a program, is killed. */
static bool forbid_files(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(openat),
#ifdef SYS_open
        REFUSE(open),
#endif
#ifdef SYS_openat2
        REFUSE(openat2),
#endif
        REFUSE(socket),
        REFUSE(execve),
        REFUSE(getcwd),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool fires(const struct generation *generation, const char *text, const char *name) {
    static struct arena_block blocks[64];
    struct block_pool pool;
    struct arena arena;
    struct counters counters = {0};
    struct facts facts = {{0}};
    bool fired = false;
    block_pool_init(&pool, blocks, sizeof blocks);
    arena_init(&arena, &pool, sizeof blocks);
    struct rule_scan *scan = rule_scan_begin(generation->knowledge.rules, &arena, &counters);
    struct mail_item const subject = {.type = MAIL_HEADER,
                                      .name = SPAN_LITERAL("Subject"),
                                      .raw = span_from_string(text),
                                      .value = span_from_string(text)};
    rule_scan_header(scan, &subject);
    rule_scan_text(scan, 1, false, span_from_string(text));
    rule_scan_facts(scan, &facts);
    for (unsigned i = 0; i < ruleset_count(generation->knowledge.rules); i++)
        if (strcmp(ruleset_rule(generation->knowledge.rules, i)->name, name) == 0) fired = rule_scan_fired(scan, i);
    rule_scan_end(scan);
    return fired;
}

enum { FINE, NO_FILTER, NOT_OPENED, NOT_FOUND, BOUNCE_NOT_FOUND };

static int jailed(const struct bench *bench, struct span blob) {
    struct problem problem;
    struct smtp_reply reply = {.code = 550, .text = SPAN_LITERAL("user unknown")};
    if (!forbid_files()) return NO_FILTER;
    struct generation *next = handover_open(blob, &bench->running, &problem);
    if (next == NULL) return NOT_OPENED;
    if (!fires(next, "my next of kin", "KIN") || fires(next, "nobody", "KIN")) return NOT_FOUND;
    if (!fires(next, "zzz", "TWICE") || fires(next, "zz", "TWICE")) return NOT_FOUND;
    if (bounce_classify(next->knowledge.bounces, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply}) == NULL)
        return BOUNCE_NOT_FOUND;
    generation_free(next);
    return FINE;
}

static void a_jailed_process_opens_no_file(void **state) {
    const struct bench *bench = *state;
    struct span blob = packed(*state, 7);
    for (int forbidden = 0; forbidden < 2; forbidden++) { /* 1: the filter does what it should */
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            int code = jailed(bench, blob);
            if (forbidden == 1 && fopen("/dev/null", "r") != NULL) _exit(code);
            _exit(code);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (forbidden == 1) {
            assert_true(WIFSIGNALED(status));
        } else {
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), FINE);
        }
    }
    handover_blob_free(blob);
}

/* --- damage --------------------------------------------------------------------------------------------------------
 */

static void expect_refused(struct span blob) {
    struct handover handover;
    struct problem problem = {.line = 0};
    assert_false(handover_unpack(blob, &handover, &problem));
    assert_non_null(strstr(problem.what, "damaged"));
}

static void damaged_or_incomplete(void **state) {
    struct bench *bench = *state;
    struct span blob = packed(bench, 7);
    uint8_t *copy = malloc(blob.len + 1);
    assert_non_null(copy);
    memcpy(copy, blob.data, blob.len);
    copy[blob.len] = 0;
    for (size_t at = 0; at < blob.len; at += 1 + at / 8) {
        copy[at] ^= 0x10;
        expect_refused(span_of(copy, blob.len));
        copy[at] ^= 0x10;
        expect_refused(span_of(copy, at));
    }
    expect_refused(span_of(copy, blob.len + 1));
    expect_refused(SPAN_EMPTY);
    free(copy);
    handover_blob_free(blob);
}

/* A handover without what was compiled: it is not compiled where no time is to be lost. */
static void nothing_is_compiled(void **state) {
    struct bench *bench = *state;
    struct handover handover;
    struct problem problem;
    struct span blob;
    struct generation *next = handover_read(bench->path, 1, &bench->running, bench->compiled, &handover, &problem);
    struct compiled *none = compiled_new();
    handover.compiled = none;
    assert_true(handover_pack(&handover, &blob));
    assert_null(handover_open(blob, &bench->running, &problem));
    assert_non_null(strstr(problem.what, "is missing"));
    handover_blob_free(blob);
    compiled_free(none);
    handover_read_free(&handover);
    generation_free(next);
}

static void more_than_fits(void **state) {
    (void)state;
    struct handover handover = {.compiled = compiled_new()};
    struct span blob;
    uint8_t *large = calloc(1, LIMIT_HANDOVER_BYTES);
    assert_non_null(large);
    handover.config.text = span_of(large, LIMIT_HANDOVER_BYTES);
    assert_false(handover_pack(&handover, &blob));
    free(large);
    compiled_free(handover.compiled);
}

/* --- the password --------------------------------------------------------------------------------------------------
 */

#define MANY_A "%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61%61" /* 22 */

static bool hide_in(const char *text, char *hidden, size_t size) {
    assert_true(strlen(text) < size);
    memcpy(hidden, text, strlen(text) + 1);
    struct config_source source = {.name = "test", .folder = "/", .text = span_of((uint8_t *)hidden, strlen(hidden))};
    return handover_hide_password(&source);
}

/* What is left of a URL without user and password names the same place, and is none that a process refuses. */
static void a_hidden_password_leaves_a_configuration(void **state) {
    (void)state;
    static const struct {
        const char *url, *secrets[2], *host;
        unsigned port, database;
    } rows[] = {
        {"redis://watcher:geheim@127.0.0.1:6380/2", {"watcher", "geheim"}, "127.0.0.1", 6380, 2},
        {"redis://:geheim@redis.example", {"geheim", "geheim"}, "redis.example", 6379, 0},
        {"redis://:a:b@redis.example", {"a:b", "a:b"}, "redis.example", 6379, 0},
        {"redis://u%73er:p%40ss@[2001:db8::1]", {"u%73er", "p%40ss"}, "2001:db8::1", 6379, 0},
        {"redis://u:" MANY_A MANY_A MANY_A "@host", {"%61", "u:"}, "host", 6379, 0}, /* 66 bytes long, not 198 */
        {"unix://watcher:geheim@/run/a@b.sock", {"watcher", "geheim"}, "/run/a@b.sock", 0, 0},
        {"redis://7:7777@redis.example", {"never", "never"}, "redis.example", 6379, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[640], hidden[640];
        struct config config;
        struct problem problem = {.what = ""};
        struct redis_target target;
        (void)snprintf(text, sizeof text, "# was: %s\nredis: {url: '%s'}\nsensor_id: geh\n", rows[i].url, rows[i].url);
        assert_true(hide_in(text, hidden, sizeof hidden));
        for (size_t j = 0; j < 2; j++) assert_null(strstr(hidden, rows[i].secrets[j]));
        assert_int_equal(strlen(hidden), strlen(text));
        config_default(&config);
        if (!config_parse(&config, "test", "/", span_from_string(hidden), &problem))
            fail_msg("%s: %s", hidden, problem.what);
        assert_string_equal(config.sensor_id, "geh");
        assert_true(redis_target_parse(config.redis_url, &target, &problem));
        assert_string_equal(target.host, rows[i].host);
        if (!target.unix_socket) assert_int_equal(target.port, rows[i].port);
        assert_int_equal(target.database, rows[i].database);
        config_free(&config);
    }
}

static void what_has_no_password_stays(void **state) {
    (void)state;
    static const char *const texts[] = {"sensor_id: a\n", "redis: {url: 'redis://127.0.0.1/1'}\n",
                                        "redis: {url: 'unix:///run/a@b.sock'}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char hidden[128];
        assert_true(hide_in(texts[i], hidden, sizeof hidden));
        assert_string_equal(hidden, texts[i]);
    }
}

/* Such a text is not handed over. */
static void what_cannot_be_hidden_is_said(void **state) {
    (void)state;
    static const char *const texts[] = {
        "redis: {url: \"redis://:geh\\x65im@127.0.0.1\"}\n", "redis:\n  url: \"redis://:geh\\\n    eim@127.0.0.1\"\n",
        "redis: {url: 'redis://geheim@127.0.0.1'}\n", /* no configuration at all */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char hidden[128];
        assert_false(hide_in(texts[i], hidden, sizeof hidden));
    }
}

/* --- pieces --------------------------------------------------------------------------------------------------------
 */

#define PIECES 8 /* of 16 KiB, 12 bytes of each are its head */

struct cut {
    uint8_t bytes[PIECES][HANDOVER_PIECE_BYTES];
    size_t length[PIECES];
    unsigned count;
};

static struct cut *cut_up(struct span blob) {
    struct cut *cut = calloc(1, sizeof *cut);
    assert_non_null(cut);
    size_t at = 0;
    while ((cut->length[cut->count] = handover_cut_piece(blob, &at, cut->bytes[cut->count])) > 0)
        assert_true(++cut->count < PIECES);
    return cut;
}

static enum handover_joined join(struct handover_joiner *joiner, const struct cut *cut, unsigned i, struct span *blob) {
    return handover_join_piece(joiner, span_of(cut->bytes[i], cut->length[i]), blob);
}

static void cut_and_joined(void **state) {
    (void)state;
    static uint8_t bytes[40000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7 + i / 251);
    struct cut *cut = cut_up(span_of(bytes, sizeof bytes)), *other = cut_up(span_of(bytes, 20000));
    assert_int_equal(cut->count, 3); /* 16,372 and 16,372 and 7,256 */
    assert_int_equal(cut->length[0], 16384);
    assert_int_equal(cut->length[2], 7256 + 12);
    assert_int_equal(other->count, 2);
    struct handover_joiner *joiner = handover_joiner_new();
    struct span blob;
    for (unsigned round = 0; round < 2; round++) {
        assert_int_equal(join(joiner, cut, 0, &blob), HANDOVER_MORE);
        assert_int_equal(join(joiner, cut, 1, &blob), HANDOVER_MORE);
        assert_int_equal(join(joiner, other, 0, &blob), HANDOVER_MORE); /* the one before is not wanted any more */
        assert_int_equal(join(joiner, other, 1, &blob), HANDOVER_WHOLE);
        assert_true(span_equal(blob, span_of(bytes, 20000)));
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(join(joiner, cut, i, &blob), i < 2 ? HANDOVER_MORE : HANDOVER_WHOLE);
        assert_true(span_equal(blob, span_of(bytes, sizeof bytes)));
    }
    handover_joiner_clear(joiner);
    handover_joiner_free(joiner);
    free(cut);
    free(other);
}

static void pieces_that_do_not_fit(void **state) {
    (void)state;
    static uint8_t bytes[40000];
    struct cut *cut = cut_up(span_of(bytes, sizeof bytes)), *other = cut_up(span_of(bytes, 20000));
    struct handover_joiner *joiner = handover_joiner_new();
    struct span blob;
    assert_int_equal(join(joiner, cut, 1, &blob), HANDOVER_BROKEN); /* without a beginning */
    assert_int_equal(join(joiner, cut, 0, &blob), HANDOVER_MORE);
    assert_int_equal(join(joiner, cut, 2, &blob), HANDOVER_BROKEN); /* one is missing */
    assert_int_equal(join(joiner, cut, 1, &blob), HANDOVER_BROKEN); /* what came is forgotten */
    assert_int_equal(join(joiner, cut, 0, &blob), HANDOVER_MORE);
    assert_int_equal(join(joiner, other, 1, &blob), HANDOVER_BROKEN); /* of another blob */
    for (size_t length = 0; length <= 12; length++)
        assert_int_equal(handover_join_piece(joiner, span_of(cut->bytes[0], length), &blob), HANDOVER_BROKEN);
    cut->bytes[0][0] ^= 1; /* no piece at all */
    assert_int_equal(join(joiner, cut, 0, &blob), HANDOVER_BROKEN);
    cut->bytes[0][0] ^= 1;
    cut->bytes[0][4] = 0x05; /* 80 MiB */
    assert_int_equal(join(joiner, cut, 0, &blob), HANDOVER_BROKEN);
    cut->bytes[0][4] = cut->bytes[0][5] = cut->bytes[0][6] = 0; /* shorter than the piece */
    assert_int_equal(join(joiner, cut, 0, &blob), HANDOVER_BROKEN);
    handover_joiner_free(joiner);
    handover_joiner_free(NULL);
    free(cut);
    free(other);
}

static void numbers_and_answers(void **state) {
    (void)state;
    uint8_t number[HANDOVER_NUMBER_BYTES], answer[HANDOVER_ANSWER_BYTES];
    char long_text[400] = "";
    struct span rest;
    handover_write_number(0x01020304, number);
    assert_memory_equal(number, "\1\2\3\4", 4);
    assert_int_equal(handover_read_number(span_of(number, 4), &rest), 0x01020304);
    assert_int_equal(rest.len, 0);
    for (size_t length = 0; length < 4; length++) {
        assert_int_equal(handover_read_number(span_of(number, length), &rest), 0);
        assert_int_equal(rest.len, 0);
    }
    assert_int_equal(handover_write_answer('!', 5, "why", answer), 8);
    assert_memory_equal(answer, "!\0\0\0\5why", 8);
    assert_int_equal(handover_read_number(span_of(answer + 1, 7), &rest), 5);
    assert_true(span_equal(rest, SPAN_LITERAL("why")));
    memset(long_text, 'w', sizeof long_text - 1);
    assert_int_equal(handover_write_answer('!', 5, long_text, answer), sizeof answer);
    assert_int_equal(handover_write_answer('!', 5, "", answer), 5);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(there_and_back),
        T(what_has_not_changed_is_not_compiled_again),
        T(mistakes_in_files),
        T(a_jailed_process_opens_no_file),
        T(damaged_or_incomplete),
        T(nothing_is_compiled),
        cmocka_unit_test(more_than_fits),
        cmocka_unit_test(a_hidden_password_leaves_a_configuration),
        cmocka_unit_test(what_has_no_password_stays),
        cmocka_unit_test(what_cannot_be_hidden_is_said),
        cmocka_unit_test(cut_and_joined),
        cmocka_unit_test(pieces_that_do_not_fit),
        cmocka_unit_test(numbers_and_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
