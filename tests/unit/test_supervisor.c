/* The supervisor: who dies, hangs or grows is started again, later and later; who is told to stop does, in order;
 * nobody is left behind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "caught_words.h"
#include "in_child.h"
#include "process/jail.h"
#include "process/rights.h"
#include "process/supervisor.h"
#include "process_figures.h"

#define NEWS_MAX 64
#define BEAT_MS 20
#define REFUSED 77
#define GIVE_UP_MS 60000 /* a test that waits for what does not come */

/* What a supervisor told, and when a test has seen enough. */
struct told {
    struct event_base *base;
    struct supervisor *supervisor;
    struct supervised_news news[NEWS_MAX];
    unsigned news_count, news_wanted;
    unsigned messages, messages_wanted, started, started_wanted, reloads, stops;
    char last[32];
    bool stopped, gave_up;
};

static struct told told;

static void enough_when(bool enough) {
    if (enough) event_base_loopbreak(told.base);
}

static void on_started(void *context, unsigned child) {
    (void)context;
    (void)child;
    enough_when(++told.started == told.started_wanted);
}

static void on_ended(void *context, const struct supervised_news *news) {
    (void)context;
    if (told.news_count < NEWS_MAX) told.news[told.news_count++] = *news;
    enough_when(told.news_count == told.news_wanted);
}

static void on_message(void *context, unsigned child, struct span bytes) {
    (void)context;
    (void)child;
    snprintf(told.last, sizeof told.last, "%.*s", (int)bytes.len, (const char *)bytes.data);
    enough_when(++told.messages == told.messages_wanted);
}

static void on_reload(void *context) {
    (void)context;
    told.reloads++;
    enough_when(true);
}

static void on_asked(void *context) {
    (void)context;
    told.stops++;
    enough_when(true);
}

static void on_stopped(void *context) {
    (void)context;
    told.stopped = true;
    enough_when(true);
}

static const struct supervisor_listener listener = {.started = on_started,
                                                    .ended = on_ended,
                                                    .message = on_message,
                                                    .reload = on_reload,
                                                    .asked_to_stop = on_asked,
                                                    .stopped = on_stopped};

static const struct supervisor_settings quick = {.first_delay_ms = 1,
                                                 .last_delay_ms = 4,
                                                 .tick_ms = 5,
                                                 .start_ms = GIVE_UP_MS,
                                                 .silent_ms = GIVE_UP_MS,
                                                 .refused_code = REFUSED};

static void begin(const struct supervisor_settings *settings) {
    memset(&told, 0, sizeof told);
    told.base = event_base_new();
    assert_non_null(told.base);
    told.supervisor = supervisor_new(told.base, settings, &listener);
    assert_non_null(told.supervisor);
}

static void on_give_up(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    (void)context;
    told.gave_up = true;
    event_base_loopbreak(told.base);
}

static void turn(void) {
    struct timeval limit = {GIVE_UP_MS / 1000, 0};
    struct event *give_up = evtimer_new(told.base, on_give_up, NULL);
    evtimer_add(give_up, &limit);
    event_base_dispatch(told.base);
    event_free(give_up);
    assert_false(told.gave_up);
}

/* Nobody is left, not even as a zombie. */
static void end(void) {
    supervisor_free(told.supervisor);
    event_base_free(told.base);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void stop_and_end(void) {
    supervisor_stop(told.supervisor, GIVE_UP_MS);
    while (!told.stopped) turn();
    end();
}

static unsigned add(const char *name, int (*run)(void *, int), void *context) {
    return (unsigned)supervisor_add(told.supervisor,
                                    &(struct child_spec){.name = name, .run = run, .context = context});
}

/* --- children ------------------------------------------------------------------------------------------------------
 */

static int statm = -1; /* a child's own */

static void say_alive(int control) {
    if (statm < 0) statm = process_figures_open();
    (void)control_alive(control, process_address_space_bytes(statm));
}

/* Lives, and says back what it is told; writes on a descriptor that it is handed. */
static int live(void *context, int control) {
    static struct control_message message;
    struct pollfd readable = {.fd = control, .events = POLLIN};
    (void)context;
    for (;;) {
        say_alive(control);
        poll(&readable, 1, BEAT_MS);
        enum control_result result = control_receive(control, CONTROL_CHILD, &message);
        if (result == CONTROL_GONE) return 1;
        if (result != CONTROL_DONE) continue;
        if (message.kind == CONTROL_STOP) return 0;
        if (message.fd_count == 1 && write(message.fds[0], "!", 1) != 1) return 2;
        control_send(control, CONTROL_MESSAGE, span_of(message.bytes, message.length), NULL, 0);
    }
}

static int exit_with(void *context, int control) {
    (void)control;
    return *(int *)context;
}

static int speak_and_exit_with(void *context, int control) {
    say_alive(control);
    return *(int *)context;
}

static int be_killed(void *context, int control) {
    (void)control;
    signal(SIGSEGV, SIG_DFL); /* a sanitizer would report it */
    kill(getpid(), *(int *)context);
    return 0;
}

static int hang(void *context, int control) {
    if (context != NULL) say_alive(control);
    while (pause() < 0) continue;
    return 0;
}

/* Has as much memory before it speaks, and takes it once more when it is told anything. */
static int grow(void *context, int control) {
    static struct control_message message;
    size_t bytes = *(size_t *)context;
    for (unsigned i = 0; i < 2; i++) {
        char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return 1;
        struct pollfd readable = {.fd = control, .events = POLLIN};
        say_alive(control);
        if (i == 0) poll(&readable, 1, -1);
        if (i == 0 && control_receive(control, CONTROL_CHILD, &message) != CONTROL_DONE) return 2;
    }
    return live(NULL, control);
}

/* --- who ends is started again -------------------------------------------------------------------------------------
 */

static void delays_double(void **state) {
    (void)state;
    struct supervisor_settings settings = {.first_delay_ms = 1000, .last_delay_ms = 60000};
    static const int64_t delays[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    for (unsigned i = 0; i < 8; i++) assert_int_equal(supervisor_delay_ms(&settings, i + 1), delays[i]);
    assert_int_equal(supervisor_delay_ms(&settings, 4000000000U), 60000);
}

static void who_exits_is_started_again_later_and_later(void **state) {
    (void)state;
    static const int64_t delays[] = {1, 2, 4, 4, 4};
    int code = 3;
    begin(&quick);
    unsigned lives = add("lives", live, NULL), dies = add("dies", exit_with, &code);
    supervisor_start(told.supervisor);
    pid_t pid = supervisor_pid(told.supervisor, lives);
    told.news_wanted = 5;
    turn();
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(told.news[i].child, dies);
        assert_string_equal(told.news[i].name, "dies");
        assert_int_equal(told.news[i].end, SUPERVISED_EXITED);
        assert_int_equal(told.news[i].code, 3);
        assert_int_equal(told.news[i].restarts, i);
        assert_int_equal(told.news[i].next_try_ms, delays[i]);
        assert_false(told.news[i].told);
    }
    assert_int_equal(supervisor_pid(told.supervisor, lives), pid); /* the other goes on */
    assert_int_equal(supervisor_counters(told.supervisor)->ends[SUPERVISED_EXITED], 5);
    assert_int_equal(supervisor_counters(told.supervisor)->restarts, 4);
    assert_int_equal(supervisor_counters(told.supervisor)->starts, 6);
    stop_and_end();
}

static void who_is_killed_is_started_again(void **state) {
    (void)state;
    int signal = SIGSEGV;
    char text[128];
    begin(&quick);
    add("decoder", be_killed, &signal);
    supervisor_start(told.supervisor);
    told.news_wanted = 2;
    turn();
    assert_int_equal(told.news[1].end, SUPERVISED_KILLED);
    assert_int_equal(told.news[1].code, SIGSEGV);
    supervised_end_text(&told.news[1], text, sizeof text);
    assert_string_equal(text, "killed by signal 11 (Segmentation fault)");
    stop_and_end();
}

static int64_t shift_ms;

static int64_t shifted_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + shift_ms;
}

/* Two ends, then a long life, then an end: the delay begins anew. */
static void a_quiet_while_resets_the_delay(void **state) {
    (void)state;
    struct supervisor_settings settings = quick;
    settings.now_ms = shifted_ms;
    settings.quiet_ms = 1000000;
    shift_ms = 0;
    begin(&settings);
    unsigned child = add("lives", live, NULL);
    supervisor_start(told.supervisor);
    for (unsigned i = 1; i <= 3; i++) {
        if (i == 3) shift_ms = settings.quiet_ms;
        kill(supervisor_pid(told.supervisor, child), SIGKILL);
        told.news_wanted = i;
        turn();
        told.started_wanted = i + 1;
        turn();
    }
    assert_int_equal(told.news[0].next_try_ms, 1);
    assert_int_equal(told.news[1].next_try_ms, 2);
    assert_int_equal(told.news[2].next_try_ms, 1);
    stop_and_end();
}

static int say_and_exit_with(void *context, int control) {
    (void)control_send(control, CONTROL_MESSAGE, SPAN_LITERAL("a hole"), NULL, 0);
    return *(int *)context;
}

static void who_refuses_or_is_wanted_once_is_left(void **state) {
    (void)state;
    int refused = REFUSED, done = 0;
    begin(&quick);
    add("refuses", say_and_exit_with, &refused);
    supervisor_add(told.supervisor,
                   &(struct child_spec){.name = "once", .run = exit_with, .context = &done, .once = true});
    supervisor_start(told.supervisor);
    told.news_wanted = 2;
    turn();
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(told.news[i].end, told.news[i].child == 0 ? SUPERVISED_REFUSED : SUPERVISED_EXITED);
        assert_int_equal(told.news[i].next_try_ms, -1);
    }
    stop_and_end();
    assert_int_equal(told.started, 2);
}

/* A child says that it lives when it is behind its walls.  Then it cannot refuse any more: it may be somebody else. */
static void who_has_spoken_cannot_refuse(void **state) {
    (void)state;
    int refused = REFUSED;
    begin(&quick);
    add("was taken over", speak_and_exit_with, &refused);
    supervisor_start(told.supervisor);
    told.news_wanted = 3;
    turn();
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(told.news[i].end, SUPERVISED_EXITED);
        assert_int_equal(told.news[i].code, REFUSED);
        assert_true(told.news[i].next_try_ms > 0);
    }
    stop_and_end();
}

static bool prepared_at_third(void *context, bool again) {
    unsigned *tries = context;
    errno = ENODEV;
    return !again && ++*tries == 3;
}

static int live_prepared(void *context, int control) {
    (void)context;
    return live(NULL, control);
}

static void what_cannot_be_prepared_is_tried_again(void **state) {
    (void)state;
    unsigned tries = 0;
    begin(&quick);
    supervisor_add(
        told.supervisor,
        &(struct child_spec){.name = "queue 0", .run = live_prepared, .context = &tries, .prepare = prepared_at_third});
    supervisor_start(told.supervisor);
    told.started_wanted = 1;
    turn();
    assert_int_equal(tries, 3);
    assert_int_equal(told.news_count, 2);
    assert_int_equal(told.news[1].end, SUPERVISED_UNSTARTED);
    assert_int_equal(told.news[1].code, ENODEV);
    assert_int_equal(told.news[1].next_try_ms, 2);
    stop_and_end();
}

/* --- who hangs, who grows ------------------------------------------------------------------------------------------
 */

static void the_silent_are_killed(void **state) {
    (void)state;
    struct supervisor_settings settings = quick;
    settings.start_ms = settings.silent_ms = 50;
    begin(&settings);
    add("speaks once", hang, "");
    add("never speaks", hang, NULL);
    supervisor_start(told.supervisor);
    told.news_wanted = 4;
    turn();
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(told.news[i].end, SUPERVISED_HUNG);
        assert_true(told.news[i].ran_ms >= 50);
    }
    assert_true(supervisor_counters(told.supervisor)->ends[SUPERVISED_HUNG] >= 4);
    end(); /* they would not hear a word */
}

/* A supervisor that stood still for a quarter of an hour finds nobody hung who had spoken before. */
static void its_own_delay_is_no_silence(void **state) {
    (void)state;
    struct supervisor_settings settings = quick;
    settings.now_ms = shifted_ms;
    shift_ms = 0;
    begin(&settings);
    unsigned child = add("lives", live, NULL);
    supervisor_start(told.supervisor);
    pid_t pid = supervisor_pid(told.supervisor, child);
    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(supervisor_send(told.supervisor, child, SPAN_LITERAL("?"), NULL, 0), CONTROL_DONE);
        told.messages_wanted = i;
        turn();
        kill(pid, SIGSTOP); /* so it says nothing meanwhile */
        shift_ms += 15 * GIVE_UP_MS;
        struct timeval some = {0, 50000};
        event_base_loopexit(told.base, &some);
        event_base_dispatch(told.base);
        kill(pid, SIGCONT);
    }
    assert_int_equal(told.news_count, 0);
    assert_int_equal(supervisor_pid(told.supervisor, child), pid);
    stop_and_end();
}

static void who_takes_too_much_memory_is_killed(void **state) {
    (void)state;
    size_t bytes = 192U << 20;
    begin(&quick);
    supervisor_add(told.supervisor,
                   &(struct child_spec){.name = "grows", .run = grow, .context = &bytes, .growth_bytes = 128U << 20});
    unsigned other = add("lives", live, NULL);
    supervisor_start(told.supervisor);
    struct timeval some = {0, 200000}; /* a dozen looks at what it has from the beginning */
    event_base_loopexit(told.base, &some);
    event_base_dispatch(told.base);
    assert_int_equal(told.news_count, 0);
    supervisor_send(told.supervisor, 0, SPAN_LITERAL("grow"), NULL, 0);
    told.news_wanted = 1;
    turn();
    assert_int_equal(told.news[0].child, 0);
    assert_int_equal(told.news[0].end, SUPERVISED_OVERGROWN);
    assert_int_not_equal(supervisor_pid(told.supervisor, other), 0);
    assert_int_equal(supervisor_counters(told.supervisor)->memory_unreadable, 0);
    stop_and_end();
}

static int live_without_proc(void *context, int control) {
    statm = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return live(context, control);
}

static void who_does_not_know_its_memory_is_counted(void **state) {
    (void)state;
    begin(&quick);
    supervisor_add(told.supervisor,
                   &(struct child_spec){.name = "lives", .run = live_without_proc, .growth_bytes = 128U << 20});
    supervisor_start(told.supervisor);
    while (supervisor_counters(told.supervisor)->memory_unreadable < 3) event_base_loop(told.base, EVLOOP_ONCE);
    assert_int_equal(told.news_count, 0);
    stop_and_end();
}

/* --- stopping ------------------------------------------------------------------------------------------------------
 */

struct stopper {
    int written;
    char letter;
};

static int write_when_stopped(void *context, int control) {
    const struct stopper *stopper = context;
    int result = live(NULL, control);
    return write(stopper->written, &stopper->letter, 1) == 1 ? result : 3;
}

static unsigned keep_written(void *context, int fds[SUPERVISOR_KEPT_MAX]) {
    fds[0] = ((const struct stopper *)context)->written;
    return 1;
}

static void orders_stop_one_behind_the_other(void **state) {
    (void)state;
    int ends[2];
    char text[8] = "";
    assert_int_equal(pipe(ends), 0);
    struct stopper stoppers[] = {{ends[1], 'c'}, {ends[1], 'a'}, {ends[1], 'b'}, {ends[1], 'a'}};
    static const unsigned orders[] = {7, 0, 2, 0};
    begin(&quick);
    for (unsigned i = 0; i < 4; i++)
        supervisor_add(told.supervisor, &(struct child_spec){.name = "stops",
                                                             .run = write_when_stopped,
                                                             .context = &stoppers[i],
                                                             .keep = keep_written,
                                                             .order = orders[i]});
    supervisor_start(told.supervisor);
    stop_and_end();
    assert_int_equal(read(ends[0], text, sizeof text - 1), 4);
    assert_string_equal(text, "aabc");
    for (unsigned i = 0; i < 4; i++) {
        assert_true(told.news[i].told);
        assert_int_equal(told.news[i].end, SUPERVISED_EXITED);
        assert_int_equal(told.news[i].code, 0);
        assert_int_equal(told.news[i].next_try_ms, -1);
    }
    close(ends[0]);
    close(ends[1]);
}

static void who_does_not_stop_is_killed(void **state) {
    (void)state;
    begin(&quick);
    add("deaf", hang, NULL);
    supervisor_add(told.supervisor, &(struct child_spec){.name = "hears", .run = live, .order = 1});
    supervisor_start(told.supervisor);
    supervisor_stop(told.supervisor, 200);
    while (!told.stopped) turn();
    assert_int_equal(told.news_count, 2);
    assert_int_equal(told.news[0].child, 0);
    assert_int_equal(told.news[0].end, SUPERVISED_LATE);
    assert_int_equal(told.news[1].child, 1);
    end();
}

/* Does not read before it is allowed to. */
static int live_later(void *context, int control) {
    char byte;
    say_alive(control);
    return read(((const int *)context)[0], &byte, 1) == 1 ? live(NULL, control) : 4;
}

static unsigned keep_first(void *context, int fds[SUPERVISOR_KEPT_MAX]) {
    fds[0] = *(int *)context;
    return 1;
}

static void fill_socket(unsigned child) {
    static const uint8_t bytes[CONTROL_BYTES_MAX];
    enum control_result result = CONTROL_DONE;
    while (result == CONTROL_DONE)
        result = supervisor_send(told.supervisor, child, span_of(bytes, sizeof bytes), NULL, 0);
    assert_int_equal(result, CONTROL_LATER);
}

static void begin_to_stop(void) {
    supervisor_stop(told.supervisor, GIVE_UP_MS);
}

static void begin_to_renew(void) {
    supervisor_renew(told.supervisor, 0);
}

/* A reload fills the sockets; the word to end must not be lost behind it. */
static void a_full_socket_is_told_to_end(void **state) {
    (void)state;
    static void (*const begin_to_end[])(void) = {begin_to_stop, begin_to_renew};
    for (unsigned i = 0; i < 2; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        begin(&quick);
        supervisor_add(told.supervisor,
                       &(struct child_spec){.name = "slow", .run = live_later, .context = ends, .keep = keep_first});
        supervisor_start(told.supervisor);
        fill_socket(0);
        begin_to_end[i]();
        assert_int_equal(event_base_loop(told.base, EVLOOP_NONBLOCK), 0); /* that it could not be told */
        assert_int_equal(write(ends[1], "!!", 2), 2);                     /* now it reads, and so does who comes next */
        told.news_wanted = 1;
        turn();
        assert_int_equal(told.news[0].end, SUPERVISED_EXITED);
        assert_int_equal(told.news[0].code, 0);
        assert_true(told.news[0].told);
        stop_and_end();
        close(ends[0]);
        close(ends[1]);
    }
}

static void who_waits_is_not_started_any_more(void **state) {
    (void)state;
    struct supervisor_settings settings = quick;
    int code = 1;
    settings.first_delay_ms = settings.last_delay_ms = GIVE_UP_MS;
    begin(&settings);
    add("dies", exit_with, &code);
    supervisor_start(told.supervisor);
    told.news_wanted = 1;
    turn();
    stop_and_end();
    assert_int_equal(told.started, 1);
}

static void free_ends_whoever_is_left(void **state) {
    (void)state;
    begin(&quick);
    add("lives", live, NULL);
    add("deaf", hang, NULL);
    supervisor_start(told.supervisor);
    end();
}

/* --- what is said --------------------------------------------------------------------------------------------------
 */

static void children_are_spoken_to(void **state) {
    (void)state;
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    begin(&quick);
    unsigned child = add("lives", live, NULL);
    assert_int_equal(supervisor_send(told.supervisor, child, SPAN_EMPTY, NULL, 0), CONTROL_GONE); /* not yet */
    supervisor_start(told.supervisor);
    assert_int_equal(supervisor_send(told.supervisor, child, SPAN_LITERAL("redis"), &ends[1], 1), CONTROL_DONE);
    told.messages_wanted = 1;
    turn();
    assert_string_equal(told.last, "redis");
    assert_int_equal(read(ends[0], &byte, 1), 1);
    stop_and_end();
    close(ends[0]);
    close(ends[1]);
}

/* ^C and a service manager's SIGTERM reach the children too, and SIGHUP when the terminal goes. */
static void children_end_by_the_supervisors_word_alone(void **state) {
    (void)state;
    begin(&quick);
    unsigned child = add("lives", live, NULL);
    supervisor_start(told.supervisor);
    pid_t pid = supervisor_pid(told.supervisor, child);
    for (unsigned i = 1; i <= 2; i++) { /* the first answer says that it has come so far as to ignore them */
        supervisor_send(told.supervisor, child, SPAN_LITERAL("?"), NULL, 0);
        told.messages_wanted = i;
        turn();
        if (i == 1) {
            kill(pid, SIGTERM);
            kill(pid, SIGINT);
            kill(pid, SIGHUP);
        }
    }
    assert_int_equal(told.news_count, 0);
    stop_and_end();
}

static void signals_are_told(void **state) {
    (void)state;
    begin(&quick);
    add("lives", live, NULL);
    supervisor_start(told.supervisor);
    kill(getpid(), SIGHUP);
    turn();
    assert_int_equal(told.reloads, 1);
    kill(getpid(), SIGTERM);
    turn();
    kill(getpid(), SIGINT);
    turn();
    assert_int_equal(told.stops, 2);
    stop_and_end();
}

static void a_stop_descriptor_is_heard(void **state) {
    (void)state;
    int ends[2];
    struct supervisor_settings settings = quick;
    assert_int_equal(pipe(ends), 0);
    settings.stop_descriptor = ends[0];
    begin(&settings);
    add("lives", live, NULL);
    supervisor_start(told.supervisor);
    assert_int_equal(write(ends[1], "", 1), 1);
    turn();
    assert_int_equal(told.stops, 1);
    stop_and_end();
    close(ends[0]);
    close(ends[1]);
}

static void a_renewed_child_comes_back_at_once(void **state) {
    (void)state;
    struct supervisor_settings settings = quick;
    settings.first_delay_ms = settings.last_delay_ms = 10 * GIVE_UP_MS; /* it would never come by this */
    begin(&settings);
    unsigned child = add("lives", live, NULL);
    supervisor_start(told.supervisor);
    pid_t pid = supervisor_pid(told.supervisor, child);
    supervisor_renew(told.supervisor, child);
    told.started_wanted = 2;
    turn();
    assert_true(told.news[0].told);
    assert_int_equal(told.news[0].next_try_ms, 0);
    assert_int_not_equal(supervisor_pid(told.supervisor, child), pid);
    assert_int_equal(supervisor_counters(told.supervisor)->restarts, 1);
    stop_and_end();
}

/* --- what a child has, and whom it outlives ------------------------------------------------------------------------
 */

static int has_what_it_kept(void *context, int control) {
    const int *fds = context;
    (void)control;
    return fcntl(fds[0], F_GETFD) >= 0 && fcntl(fds[1], F_GETFD) < 0 ? 0 : 1;
}

static void a_child_has_what_it_kept(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    begin(&quick);
    supervisor_add(told.supervisor,
                   &(struct child_spec){
                       .name = "keeps", .run = has_what_it_kept, .context = ends, .keep = keep_first, .once = true});
    supervisor_start(told.supervisor);
    told.news_wanted = 1;
    turn();
    assert_int_equal(told.news[0].code, 0);
    stop_and_end();
    close(ends[0]);
    close(ends[1]);
}

static unsigned keep_too_many(void *context, int fds[SUPERVISOR_KEPT_MAX]) {
    (void)context, (void)fds;
    return SUPERVISOR_KEPT_MAX + 1;
}

/* On standard error, which is all that it has. */
static void who_cannot_begin_says_why(void **state) {
    (void)state;
    static const char words[] =
        "mailspan: keeps does not begin: it would have more descriptors than a process may keep\n";
    struct caught_words caught;
    begin(&quick);
    supervisor_add(told.supervisor,
                   &(struct child_spec){.name = "keeps", .run = live, .keep = keep_too_many, .once = true});
    catch_words(&caught);
    supervisor_start(told.supervisor);
    told.news_wanted = 1;
    turn();
    caught_were(&caught, words);
    assert_int_equal(told.news[0].end, SUPERVISED_EXITED);
    stop_and_end();
}

static int supervise_and_die(void *context) {
    struct stopper stopper = {*(int *)context, 'x'};
    begin(&quick);
    for (unsigned i = 0; i < 3; i++)
        supervisor_add(told.supervisor,
                       &(struct child_spec){.name = "lives", .run = hang, .context = &stopper, .keep = keep_written});
    supervisor_start(told.supervisor);
    raise(SIGKILL);
    return 0;
}

static void children_end_with_their_supervisor(void **state) {
    (void)state;
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(result_of(AS_USER, supervise_and_die, &ends[1]), 256 + SIGKILL);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* each child held the other end */
    close(ends[0]);
}

/* --- with the jail -------------------------------------------------------------------------------------------------
 */

static int live_jailed(void *context, int control) {
    struct jail_settings settings = {.role = JAIL_DECODER,
                                     .uid = NOBODY,
                                     .gid = NOBODY,
                                     .parent = *(pid_t *)context,
                                     .send_count = 2,
                                     .sends = {control, STDERR_FILENO}};
    statm = process_figures_open();
    jail_or_exit(&settings, "decoder");
    void *volatile leaked = malloc(100); /* a sanitizer's build must still find it */
    leaked = NULL;
    (void)leaked;
    return live(NULL, control);
}

static int supervise_jailed(void *context) {
    char error[RIGHTS_ERROR_BYTES];
    pid_t self = getpid();
    (void)context;
    if (!rights_give_up(NOBODY, NOBODY, RIGHTS_CAPTURE, error)) return 90;
    begin(&quick);
    supervisor_add(told.supervisor,
                   &(struct child_spec){
                       .name = "decoder", .run = live_jailed, .context = &self, .growth_bytes = UINT64_C(4) << 30});
    supervisor_start(told.supervisor);
    supervisor_send(told.supervisor, 0, SPAN_LITERAL("inside"), NULL, 0);
    told.messages_wanted = 1;
    turn();
    if (strcmp(told.last, "inside") != 0) return 1;
    supervisor_stop(told.supervisor, GIVE_UP_MS);
    while (!told.stopped) turn();
    if (told.news_count != 1 || told.news[0].end != SUPERVISED_EXITED) return 2;
    if (told.news[0].code != (JAIL_SANITIZED ? 23 : 0)) return 3; /* 23: LeakSanitizer found what was leaked */
    if (supervisor_counters(told.supervisor)->memory_unreadable > 0) return 4;
    end();
    return 0;
}

/* From whatever it was started as, the supervisor keeps no right but the one to capture, and its children none. */
static void jailed_children_are_supervised(void **state) {
    (void)state;
    for (enum started_as who = geteuid() == 0 ? AS_ROOT : AS_USER; who <= AS_USER; who++)
        assert_int_equal(result_of(who, supervise_jailed, NULL), 0);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delays_double),
        cmocka_unit_test(who_exits_is_started_again_later_and_later),
        cmocka_unit_test(who_is_killed_is_started_again),
        cmocka_unit_test(a_quiet_while_resets_the_delay),
        cmocka_unit_test(who_refuses_or_is_wanted_once_is_left),
        cmocka_unit_test(who_has_spoken_cannot_refuse),
        cmocka_unit_test(what_cannot_be_prepared_is_tried_again),
        cmocka_unit_test(the_silent_are_killed),
        cmocka_unit_test(its_own_delay_is_no_silence),
        cmocka_unit_test(who_takes_too_much_memory_is_killed),
        cmocka_unit_test(who_does_not_know_its_memory_is_counted),
        cmocka_unit_test(orders_stop_one_behind_the_other),
        cmocka_unit_test(who_does_not_stop_is_killed),
        cmocka_unit_test(a_full_socket_is_told_to_end),
        cmocka_unit_test(who_waits_is_not_started_any_more),
        cmocka_unit_test(free_ends_whoever_is_left),
        cmocka_unit_test(children_are_spoken_to),
        cmocka_unit_test(children_end_by_the_supervisors_word_alone),
        cmocka_unit_test(signals_are_told),
        cmocka_unit_test(a_stop_descriptor_is_heard),
        cmocka_unit_test(a_renewed_child_comes_back_at_once),
        cmocka_unit_test(a_child_has_what_it_kept),
        cmocka_unit_test(who_cannot_begin_says_why),
        cmocka_unit_test(children_end_with_their_supervisor),
        cmocka_unit_test(jailed_children_are_supervised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
