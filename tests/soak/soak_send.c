/* soak_send: puts frames on an interface at a rate: captures over and over, or a flood.
 *
 *     soak_send INTERFACE [OPTION]... play CAPTURE...
 *     soak_send INTERFACE [OPTION]... flood NAME
 *     soak_send floods                    their names
 *
 *     --mbit N        megabits a second; --kpps N thousands of frames a second; unless told: what the machine can
 *     --seconds N     how long; --frames N how many; unless told: until SIGTERM
 *     --seed N        of all that is drawn; 1
 *     --harm X        share of the passes of a capture that are spoilt as tests/campaign/mutate.c does it; 0
 *     --sources N     customers that the passes are spread over; 20000
 *     --players N     passes at a time; 1: the frames keep their order
 *
 * A line of JSON each second, and at the end: {"frames","bytes","refused","no_room","may_vanish","behind","seconds"}.
 * "behind" are frames that a machine too slow for the rate did not send in their time, nor later.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "floods.h"
#include "looped.h"
#include "wire_out.h"

enum { SECOND_NS = 1000000000, PAUSE_NS = 200000, BEHIND_MAX_NS = 50000000 };

static volatile sig_atomic_t over;

struct run {
    struct wire_out *out;
    struct looped *looped;
    struct flood *flood;
    double per_second; /* frames, or bytes; 0: no limit */
    bool by_bytes;
    double seconds;
    uint64_t frames;
    /* the clock */
    uint64_t start_ns, said_ns;
    double sent, forgiven; /* frames or bytes: sent, and not sent in their time */
};

static void on_signal(int number) {
    (void)number;
    over = 1;
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static void say(struct run *r, uint64_t now) {
    const struct wire_totals *t = wire_out_totals(r->out);
    printf("{\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"no_room\":%" PRIu64
           ",\"may_vanish\":%" PRIu64 ",\"behind\":%.0f,\"seconds\":%.3f}\n",
           t->frames, t->bytes, t->refused, t->no_room, t->may_vanish, r->forgiven,
           (double)(now - r->start_ns) / SECOND_NS);
    fflush(stdout);
    r->said_ns = now;
}

static double next_frame(struct run *r) {
    uint8_t *room = wire_out_room(r->out);
    size_t bytes = r->looped != NULL ? looped_next(r->looped, room) : flood_next(r->flood, room);
    wire_out_add(r->out, bytes);
    return r->by_bytes ? (double)bytes : 1;
}

/* What is due and cannot be sent in time is forgiven, or a pause would be followed by a burst of its length. */
static double due(struct run *r, uint64_t now) {
    double until_now = r->per_second * (double)(now - r->start_ns) / SECOND_NS;
    double owed = until_now - r->sent - r->forgiven;
    double most = r->per_second * BEHIND_MAX_NS / SECOND_NS;
    if (owed > most) {
        r->forgiven += owed - most;
        return most;
    }
    return owed;
}

static void send_all(struct run *r) {
    const struct timespec pause = {0, PAUSE_NS};
    uint64_t sent = 0;
    r->start_ns = r->said_ns = now_ns();
    while (!over) {
        uint64_t now = now_ns();
        if (r->seconds > 0 && (double)(now - r->start_ns) >= r->seconds * SECOND_NS) break;
        if (now - r->said_ns >= SECOND_NS) say(r, now);
        if (r->per_second > 0 && due(r, now) <= 0) {
            wire_out_flush(r->out);
            nanosleep(&pause, NULL);
            continue;
        }
        for (unsigned i = 0; i < WIRE_BATCH / 4; i++) {
            if (r->frames > 0 && sent == r->frames) break;
            r->sent += next_frame(r);
            sent++;
        }
        if (r->frames > 0 && sent == r->frames) break;
    }
    wire_out_flush(r->out);
    say(r, now_ns());
}

static void usage(void) {
    fprintf(stderr,
            "usage: soak_send INTERFACE [OPTION]... play CAPTURE...\n"
            "       soak_send INTERFACE [OPTION]... flood NAME\n       soak_send floods\n");
    exit(2);
}

static double number_of(const char *text) {
    char *end;
    double number = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || number < 0) usage();
    return number;
}

static void read_options(struct run *r, struct looped_settings *looped, int argc, char **argv) {
    static const struct option table[] = {
        {"mbit", required_argument, NULL, 'm'},
        {"kpps", required_argument, NULL, 'k'},
        {"seconds", required_argument, NULL, 't'},
        {"frames", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},
        {"harm", required_argument, NULL, 'h'},
        {"sources", required_argument, NULL, 'a'},
        {"players", required_argument, NULL, 'p'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "+", table, NULL)) != -1) {
        if (option == '?') usage();
        double number = number_of(optarg);
        switch (option) {
            case 'm':
            case 'k':
                r->by_bytes = option == 'm';
                r->per_second = number * (r->by_bytes ? 1e6 / 8 : 1e3);
                break;
            case 't':
                r->seconds = number;
                break;
            case 'n':
                r->frames = (uint64_t)number;
                break;
            case 's':
                looped->seed = (uint64_t)number;
                break;
            case 'h':
                looped->harm = number;
                break;
            case 'a':
                looped->sources = (uint32_t)number;
                break;
            default:
                looped->players = (unsigned)number;
        }
    }
    if (looped->sources == 0 || looped->players == 0) usage();
}

static void choose(struct run *r, struct looped_settings *looped, int count, char **words) {
    if (count >= 2 && strcmp(words[0], "play") == 0) {
        looped->captures = words + 1;
        looped->capture_count = (unsigned)count - 1;
        r->looped = looped_new(looped);
    } else if (count == 2 && strcmp(words[0], "flood") == 0) {
        r->flood = flood_new(words[1], looped->seed);
        if (r->flood == NULL) fprintf(stderr, "soak_send: there is no flood %s\n", words[1]);
    }
    if (r->looped == NULL && r->flood == NULL) usage();
}

int main(int argc, char **argv) {
    struct run run = {.frames = 0};
    struct looped_settings looped = {.seed = 1, .sources = 20000, .players = 1};
    if (argc == 2 && strcmp(argv[1], "floods") == 0) {
        for (size_t i = 0; flood_name(i) != NULL; i++) printf("%s\t%s\n", flood_name(i), flood_words(i));
        return 0;
    }
    if (argc < 4) usage();
    read_options(&run, &looped, argc - 1, argv + 1);
    choose(&run, &looped, argc - 1 - optind, argv + 1 + optind);
    run.out = wire_out_open(argv[1]);
    if (run.out == NULL) return 1;
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    (void)prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    send_all(&run);
    wire_out_close(run.out);
    if (run.looped != NULL) looped_free(run.looped);
    flood_free(run.flood);
    return 0;
}
