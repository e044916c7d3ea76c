/* A configuration on its way to judge and decoders: who is handed what, who is waited for, and what becomes of answers
 * that are late, wrong or missing.  The supervisor and the watcher's other files are played here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "caught_words.h"
#include "process/decoder.h"
#include "process/judge.h"
#include "process/watcher_state.h"

#define JUDGE 0 /* the supervisor's numbers for them */
#define DECODER(n) (1 + (n))
#define DECODERS 2
#define CHILDREN (1 + DECODERS)

static const char config_text[] =
    "home_networks: [192.0.2.0/24]\n"
    "redis: {url: 'redis://:geheim@127.0.0.1'}\n"
    "rules: {content: content.yaml, setup: setup.yaml, bounces: bounces.yaml}\n";

static const struct {
    const char *name, *text;
} files[] = {
    {"mailspan.yaml", config_text},
    {"content.yaml", "rules:\n  - {name: KIN, look_at: body, match: 'kin', points: 1, description: d}\n"},
    {"setup.yaml", "rules:\n  - {name: MANY, when: 'recipients > 9', points: 1, description: d}\n"},
    {"bounces.yaml", "classes:\n  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"},
};

static char folder[] = "/tmp/mailspan-reload-XXXXXX", config_path[64];
static struct watcher *w;
static struct config config;
static struct knowledge knowledge;
static enum control_result result_for[CHILDREN];
static unsigned pieces[CHILDREN], renewals[CHILDREN], reloaded, refused;
static uint32_t numbers[CHILDREN]; /* of what was handed to it last */
static char reason[640];

/* --- in the place of the watcher's other files, and of the supervisor ----------------------------------------------
 */

void watcher_note(struct watcher *of, enum health_kind kind, const char *subject, const char *format, ...) {
    va_list values;
    (void)of, (void)subject;
    va_start(values, format);
    (void)vsnprintf(reason, sizeof reason, format, values);
    va_end(values);
    reloaded += kind == HEALTH_RELOADED;
    refused += kind == HEALTH_RELOAD_REFUSED;
}

enum control_result supervisor_send(struct supervisor *s, unsigned child, struct span bytes, const int *fds,
                                    unsigned fd_count) {
    struct span piece;
    (void)s, (void)fds;
    assert_true(child < CHILDREN);
    assert_int_equal(fd_count, 0);
    if (result_for[child] != CONTROL_DONE) return result_for[child];
    assert_int_equal(bytes.data[0], child == JUDGE ? JUDGE_HANDOVER : DECODER_HANDOVER);
    numbers[child] = handover_read_number(span_from(bytes, 1), &piece);
    assert_true(piece.len > 0);
    pieces[child]++;
    return CONTROL_DONE;
}

void supervisor_renew(struct supervisor *s, unsigned child) {
    (void)s;
    assert_true(child < CHILDREN);
    renewals[child]++;
}

static const char *notice, *notice_to_come; /* of an interface */

void capture_group_configure(struct capture_group *group, const struct config *configured) {
    (void)group;
    assert_ptr_equal(configured, w->settings.config);
    notice = notice_to_come;
}

const char *capture_group_notice(const struct capture_group *group) {
    (void)group;
    return notice;
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void write_files(void) {
    char path[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(files[i].text, file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
}

static int begin(void **state) {
    struct problem problem;
    (void)state;
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    write_files();
    (void)snprintf(config_path, sizeof config_path, "%s/mailspan.yaml", folder);
    config_default(&config);
    w = calloc(1, sizeof *w);
    if (w == NULL) return 1;
    w->settings = (struct watcher_settings){
        .config_path = config_path, .config = &config, .knowledge = &knowledge, .compiled = knowledge_compiled_new()};
    if (!config_load(&config, config_path, &problem) ||
        !knowledge_load_compiled(&config, w->settings.compiled, &knowledge, &problem))
        fail_msg("%s:%u: %s", problem.file, problem.line, problem.what);
    w->base = event_base_new();
    w->ready = true;
    w->judge = JUDGE;
    w->queue_count = DECODERS;
    for (unsigned i = 0; i < DECODERS; i++) {
        w->queues[i].child = (int)DECODER(i);
        (void)snprintf(w->queues[i].name, sizeof w->queues[i].name, "decoder %u", i);
    }
    memset(result_for, 0, sizeof result_for);
    memset(pieces, 0, sizeof pieces);
    memset(renewals, 0, sizeof renewals);
    reloaded = refused = 0;
    notice = notice_to_come = "";
    return watcher_reload_open(w) ? 0 : 1;
}

static int end(void **state) {
    char path[128];
    (void)state;
    watcher_reload_close(w);
    event_base_free(w->base);
    compiled_free(w->settings.compiled);
    knowledge_free(&knowledge);
    config_free(&config);
    free(w);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        (void)unlink(path);
    }
    return rmdir(folder);
}

static void a_turn(void) {
    assert_int_equal(event_base_loop(w->base, EVLOOP_ONCE), 0);
}

/* Another process reads the files; then the judge has been handed all that it has to be. */
static void wait_until_read(void) {
    assert_int_equal(w->renewal.stage, RENEWAL_READING);
    while (w->renewal.stage == RENEWAL_READING) a_turn();
    assert_int_equal(w->renewal.stage, RENEWAL_JUDGE);
}

static void reload(void) {
    watcher_reload(w);
    wait_until_read();
}

/* Who is started while the judge has not answered begins with the old ones: the judge may not know the new ones yet. */
static void decoders_follow_the_judge(void **state) {
    (void)state;
    reload();
    assert_true(pieces[JUDGE] > 0);
    assert_int_equal(pieces[DECODER(0)], 0);
    assert_int_equal(numbers[JUDGE], 1);
    assert_int_equal(w->generation, 0);
    assert_ptr_equal(w->settings.config, &config);
    watcher_renewed(w, JUDGE, 1);
    assert_int_equal(w->renewal.stage, RENEWAL_DECODERS);
    assert_int_equal(w->generation, 1);
    assert_ptr_not_equal(w->settings.config, &config);
    assert_true(pieces[DECODER(0)] > 0 && pieces[DECODER(1)] > 0);
    watcher_renewed(w, DECODER(0), 1);
    watcher_begins_anew(w, DECODER(1)); /* it has ended, and is started with them */
    assert_int_equal(w->renewal.stage, RENEWAL_NONE);
    assert_int_equal(reloaded, 1);
    for (unsigned i = 0; i < CHILDREN; i++) assert_int_equal(renewals[i], 0);
}

/* A judge that is started from now on needs the ones before for messages in flight, but no password of theirs. */
static void the_ones_before_are_kept(void **state) {
    (void)state;
    for (uint32_t number = 1; number <= 3; number++) {
        const struct config *before = w->settings.config;
        reload();
        watcher_renewed(w, JUDGE, number);
        assert_ptr_equal(w->earlier_config, before);
        assert_int_equal(w->earlier_generation, number - 1);
        assert_string_equal(w->earlier_config->redis_url, "");
        assert_string_equal(w->settings.config->redis_url, "redis://:geheim@127.0.0.1");
        for (unsigned i = 0; i < DECODERS; i++) watcher_renewed(w, DECODER(i), number);
        assert_int_equal(reloaded, number);
        assert_ptr_equal(w->earlier_config, before);
    }
}

/* All runs on as it did; and what is said of it later is no answer to the next one. */
static void what_the_judge_refuses_changes_nothing(void **state) {
    (void)state;
    reload();
    watcher_not_renewed(w, JUDGE, 1, "not enough memory");
    assert_int_equal(refused, 1);
    assert_non_null(strstr(reason, "the judge does not take it: not enough memory"));
    assert_int_equal(w->renewal.stage, RENEWAL_NONE);
    assert_int_equal(w->generation, 0);
    assert_ptr_equal(w->settings.config, &config);
    assert_int_equal(pieces[DECODER(0)] + pieces[DECODER(1)], 0);
    assert_int_equal(renewals[JUDGE] + renewals[DECODER(0)] + renewals[DECODER(1)], 0);
    reload();
    assert_int_equal(numbers[JUDGE], 2);
    watcher_renewed(w, JUDGE, 1);
    watcher_not_renewed(w, JUDGE, 1, "late");
    watcher_renewed(w, DECODER(0), 1);
    assert_int_equal(w->renewal.stage, RENEWAL_JUDGE);
    assert_int_equal(refused, 1);
    watcher_renewed(w, JUDGE, 2);
    watcher_renewed(w, DECODER(0), 1);
    watcher_not_renewed(w, DECODER(1), 1, "late");
    assert_int_equal(w->renewal.stage, RENEWAL_DECODERS);
    assert_int_equal(renewals[DECODER(1)], 0);
}

/* Nobody is handed anything of it, and its number is not given again. */
static void a_file_with_a_mistake_changes_nothing(void **state) {
    (void)state;
    FILE *file = fopen(config_path, "a");
    assert_non_null(file);
    assert_true(fputs("prots: [25]\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    watcher_reload(w);
    while (refused == 0) a_turn();
    assert_non_null(strstr(reason, "mailspan.yaml:4:1: unknown key 'prots'"));
    assert_int_equal(w->renewal.stage, RENEWAL_NONE);
    assert_int_equal(w->generation, 0);
    write_files();
    reload();
    assert_int_equal(numbers[JUDGE], 2);
    assert_int_equal(pieces[DECODER(0)] + pieces[DECODER(1)], 0);
}

/* It may have taken it or not: the next one knows both. */
static void a_late_judge_is_started_again(void **state) {
    (void)state;
    reload();
    w->renewal.deadline = 0;
    a_turn();
    a_turn();
    assert_int_equal(renewals[JUDGE], 1);
    assert_int_equal(w->renewal.stage, RENEWAL_JUDGE);
    assert_int_equal(w->generation, 0);
    watcher_begins_anew(w, JUDGE);
    assert_int_equal(w->renewal.stage, RENEWAL_DECODERS);
    assert_int_equal(w->generation, 1);
    assert_int_equal(refused, 0);
}

static void late_or_refusing_decoders_are_started_again(void **state) {
    (void)state;
    reload();
    watcher_renewed(w, JUDGE, 1);
    for (unsigned i = 0; i < 3; i++) watcher_not_renewed(w, DECODER(0), 1, "I will not"); /* once is enough */
    assert_int_equal(renewals[DECODER(0)], 1);
    w->renewal.deadline = 0;
    a_turn();
    assert_int_equal(renewals[DECODER(1)], 1);
    assert_int_equal(w->renewal.stage, RENEWAL_NONE);
    assert_int_equal(reloaded, 1);
}

/* Who does not run now begins with them. */
static void who_does_not_run_is_not_waited_for(void **state) {
    (void)state;
    for (unsigned i = 0; i < CHILDREN; i++) result_for[i] = CONTROL_GONE;
    watcher_reload(w);
    while (reloaded == 0) a_turn();
    assert_int_equal(w->generation, 1);
    for (unsigned i = 0; i < CHILDREN; i++) assert_int_equal(pieces[i] + renewals[i], 0);
}

/* Behind what fills its socket the word to end would come late. */
static void a_sensor_that_ends_hands_nothing_over(void **state) {
    (void)state;
    result_for[JUDGE] = CONTROL_LATER;
    reload();
    w->stopping = true;
    result_for[JUDGE] = CONTROL_DONE;
    a_turn();
    watcher_renewed(w, JUDGE, 1);
    for (unsigned i = 0; i < CHILDREN; i++) assert_int_equal(pieces[i], 0);
}

/* What it says on standard error while the reload goes on from the judge's answer to its end. */
static void expect_said(uint32_t number, const char *words) {
    struct caught_words caught;
    reload();
    catch_words(&caught);
    watcher_renewed(w, JUDGE, number);
    for (unsigned i = 0; i < DECODERS; i++) watcher_renewed(w, DECODER(i), number);
    caught_were(&caught, words);
}

/* An interface that cannot do what is asked of it, such as to filter, is said to be so when that is new. */
static void what_an_interface_cannot_do_is_said_once(void **state) {
    (void)state;
    w->mirror_count = 1;
    expect_said(1, "");
    notice_to_come = "interface span0: without a filter";
    expect_said(2, "mailspan: interface span0: without a filter\n");
    expect_said(3, "");
    notice_to_come = "";
    expect_said(4, "");
    notice_to_come = "interface span0: without a filter";
    expect_said(5, "mailspan: interface span0: without a filter\n");
    assert_int_equal(reloaded, 5);
}

/* Asked for while the processes were started, or while another reload went on: once more, when that is over. */
static void what_was_asked_for_is_owed(void **state) {
    (void)state;
    w->ready = false;
    for (unsigned i = 0; i < 3; i++) watcher_reload(w);
    assert_int_equal(w->renewal.stage, RENEWAL_NONE);
    w->ready = true;
    watcher_reload_owed(w);
    for (uint32_t number = 1; number <= 2; number++) {
        wait_until_read();
        if (number == 1) watcher_reload(w);
        watcher_renewed(w, JUDGE, number);
        for (unsigned i = 0; i < DECODERS; i++) watcher_renewed(w, DECODER(i), number);
        assert_int_equal(reloaded, number);
    }
    watcher_reload_owed(w);
    assert_int_equal(w->renewal.stage, RENEWAL_NONE);
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(decoders_follow_the_judge),
        T(the_ones_before_are_kept),
        T(what_the_judge_refuses_changes_nothing),
        T(a_file_with_a_mistake_changes_nothing),
        T(a_late_judge_is_started_again),
        T(late_or_refusing_decoders_are_started_again),
        T(who_does_not_run_is_not_waited_for),
        T(a_sensor_that_ends_hands_nothing_over),
        T(what_an_interface_cannot_do_is_said_once),
        T(what_was_asked_for_is_owed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
