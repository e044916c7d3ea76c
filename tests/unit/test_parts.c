/* Decoders in processes of their own: all they tell arrives, and one that dies is told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoding_run.h"
#include "process/jail.h"
#include "process/parts.h"

static char folder[] = "/tmp/mailspan-parts-XXXXXX";
static char fifo[64];

static int begin(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    if (mkdtemp(folder) == NULL) return 1;
    (void)snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    load_config("");
    return mkfifo(fifo, 0600);
}

static int end(void **state) {
    (void)state;
    unload_config();
    unlink(fifo);
    return rmdir(folder);
}

/* What they have to say, in this process. */
static char said[512];

static void note(const char *text) {
    (void)snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", text);
}

static struct parts *start(char *const *names, unsigned name_count, unsigned unread, unsigned count) {
    struct parts_settings settings = {.config = &config,
                                      .knowledge = &knowledge,
                                      .wording = &wording,
                                      .names = names,
                                      .name_count = name_count,
                                      .unread = unread,
                                      .complain = note};
    struct parts *parts = parts_start(&settings, count);
    assert_non_null(parts);
    return parts;
}

static struct merge *listen_to(const struct parts *parts, unsigned count) {
    return merge_new(parts_channels(parts), count, ruleset_count(knowledge.rules),
                     bounce_class_count(knowledge.bounces));
}

/* The next record, or why there is none. */
static enum merge_result wait_next(const struct parts *parts, struct merge *merge, const struct wire_record **record) {
    enum merge_result result;
    while ((result = merge_next(merge, record)) == MERGE_NOTHING) {
        struct pollfd state = {.fd = parts_channels(parts)[merge_waits_for(merge)], .events = POLLIN};
        (void)poll(&state, 1, -1);
    }
    return result;
}

static void expect_no_children(void) {
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* Of any number of parts: as many records as the figures say, and the same figures. */
static void all_arrives(void **state) {
    (void)state;
    char *names[] = {(char[]){"pcaps/demo.pcap"}, (char[]){"pcaps/pipelining.pcap"}};
    struct counters first = {.packets = 0};
    for (unsigned count = 1; count <= 3; count++) {
        const struct wire_record *record;
        uint64_t messages = 0, dialogues = 0;
        struct parts *parts = start(names, 2, 0, count);
        struct merge *merge = listen_to(parts, count);
        enum merge_result result;
        while ((result = wait_next(parts, merge, &record)) == MERGE_RECORD) {
            messages += record->kind == WIRE_MESSAGE;
            dialogues += record->kind == WIRE_DIALOGUE;
        }
        assert_int_equal(result, MERGE_OVER);
        struct counters counters;
        struct decoding_figures figures;
        merge_figures(merge, &counters, &figures);
        merge_free(merge);
        assert_true(parts_finish(parts));
        expect_no_children();
        assert_true(messages > 20 && counters.packets > 100);
        assert_int_equal(messages, counters.messages);
        assert_int_equal(dialogues, counters.dialogues);
        if (count == 1) first = counters;
        assert_memory_equal(&counters, &first, sizeof counters);
    }
}

/* The pid of the newest child that is there. */
static pid_t a_child(void) {
    char path[64];
    int pid = -1;
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file == NULL) return -1;
    while (fscanf(file, "%d", &pid) == 1) continue;
    (void)fclose(file);
    return pid;
}

/* A FIFO that nobody writes keeps the parts where they are: killed there, one is lost, and it is known how. */
static void one_is_killed(void **state) {
    (void)state;
    char *names[] = {fifo};
    const struct wire_record *record;
    int status = 0;
    struct parts *parts = start(names, 1, 0, 2);
    struct merge *merge = listen_to(parts, 2);
    pid_t child = a_child();
    assert_true(child > 0);
    assert_int_equal(merge_next(merge, &record), MERGE_NOTHING);
    assert_int_equal(kill(child, SIGTERM), 0);
    /* The first one has not ended: what the merge waits for is the first, so that is asked of its own channel. */
    struct pollfd channel = {.fd = parts_channels(parts)[1], .events = POLLIN};
    assert_int_equal(poll(&channel, 1, -1), 1);
    struct merge *of_second = merge_new(parts_channels(parts) + 1, 1, 1, 1);
    assert_int_equal(wait_next(parts, of_second, &record), MERGE_LOST);
    merge_free(of_second);
    merge_free(merge);
    parts_kill(parts, 1, &status);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    expect_no_children();
}

/* Where children were ignored their ends would be unknown. */
static void whoever_started_us_ignores_children(void **state) {
    (void)state;
    char *names[] = {fifo};
    int status = 0;
    (void)signal(SIGCHLD, SIG_IGN);
    struct parts *parts = start(names, 1, 0, 1);
    assert_int_equal(kill(a_child(), SIGTERM), 0);
    struct pollfd channel = {.fd = parts_channels(parts)[0], .events = POLLIN};
    assert_int_equal(poll(&channel, 1, -1), 1);
    parts_kill(parts, 0, &status);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    parts = start(names, 1, 0, 1);
    assert_int_equal(kill(a_child(), SIGTERM), 0);
    assert_false(parts_finish(parts));
    expect_no_children();
}

/* One that could read less than was there before would tell something else than the others. */
static void a_capture_is_gone(void **state) {
    (void)state;
    char *names[] = {(char[]){"pcaps/demo.pcap"}, (char[]){"pcaps/nothing.pcap"}};
    const struct wire_record *record;
    int status = 0;
    for (unsigned unread = 0; unread < 2; unread++) {
        struct parts *parts = start(names, 2, unread, 1);
        struct merge *merge = listen_to(parts, 1);
        enum merge_result result;
        while ((result = wait_next(parts, merge, &record)) == MERGE_RECORD) continue;
        assert_int_equal(result, unread == 0 ? MERGE_LOST : MERGE_OVER);
        merge_free(merge);
        if (unread == 1) {
            assert_true(parts_finish(parts));
            continue;
        }
        parts_kill(parts, 0, &status);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
    }
    expect_no_children();
}

static void write_cut(const char *name) {
    uint8_t bytes[1000];
    FILE *whole = fopen("pcaps/demo.pcap", "r"), *cut = fopen(name, "w");
    assert_true(whole != NULL && cut != NULL);
    assert_int_equal(fread(bytes, 1, sizeof bytes, whole), sizeof bytes);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, cut), sizeof bytes);
    (void)fclose(whole);
    (void)fclose(cut);
}

/* A part writes to nobody but its parent: standard error may be where events stand.  What it says is one line, and no
 * terminal obeys it. */
static void words_come_from_the_parent(void **state) {
    (void)state;
    char cut[80], path[64], where[64];
    (void)snprintf(cut, sizeof cut, "%s/cut\033[2J\n.pcap", folder);
    write_cut(cut);
    char *both[] = {cut, (char[]){"pcaps/demo.pcap"}}, *silent[] = {fifo};
    const struct wire_record *record;
    struct parts *parts = start(both, 2, 0, 2);
    struct merge *merge = listen_to(parts, 2);
    while (wait_next(parts, merge, &record) == MERGE_RECORD) continue;
    assert_string_equal(said, "");
    parts_hear(parts);
    assert_non_null(strstr(said, "/cut\\x1b[2J\\x0a.pcap: "));
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* the first part alone */
    merge_free(merge);
    assert_true(parts_finish(parts));
    said[0] = '\0';
    (void)unlink(cut);
    parts = start(silent, 1, 0, 1);
    for (unsigned fd = 0; fd < (JAIL_SANITIZED ? 2 : 3); fd++) {
        (void)snprintf(path, sizeof path, "/proc/%d/fd/%u", (int)a_child(), fd);
        do { /* it may not have come so far yet */
            ssize_t length = readlink(path, where, sizeof where - 1);
            if (length < 0) fail_msg("%s: %s", path, strerror(errno));
            where[length] = '\0'; /* what stood there before may be longer */
        } while (strcmp(where, "/dev/null") != 0 && usleep(1000) == 0);
    }
    parts_kill(parts, PART_NONE, NULL);
    assert_string_equal(said, "");
}

/* Nobody wants to know the rest. */
static void killed_at_once(void **state) {
    (void)state;
    char *names[] = {fifo};
    for (unsigned i = 0; i < 3; i++) parts_kill(start(names, 1, 0, 5), 0, NULL);
    expect_no_children();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arrives),       cmocka_unit_test(one_is_killed),
        cmocka_unit_test(a_capture_is_gone), cmocka_unit_test(whoever_started_us_ignores_children),
        cmocka_unit_test(killed_at_once),    cmocka_unit_test(words_come_from_the_parent),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
