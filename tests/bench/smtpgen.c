/* smtpgen: writes a capture of ordinary outgoing mail, and the truth about it.
 *
 * A simulated clock and a queue of connections by the time of their next frame make the traffic of many connections
 * interleave as it would on a mirror port beside the customers' servers: what a client sends is seen at once, what a
 * server sends a round trip later. A connection's slot is taken by a new connection when it ends, so memory depends on
 * --open only. The same options give the same file to the byte.
 *
 * A body is sent as TCP would: ten segments, then two to four for every acknowledgement of two, round by round. The
 * connections never lose a segment; impair makes the losses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_script.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_FIRST = 10, /* segments, RFC 6928 */
    WINDOW_MAX = 40,   /* stays below the 64 KB that the other end announces */
    SEGMENT_TIME_US = 12,
    DELAYED_ACK_US = 40000,
    RAMP_US = 1000000, /* within this time the first connections begin */
    OPEN_MAX = 50000,
    SOURCES_MAX = 16000000,
};

/* Monday, 5 January 2026, 08:00 UTC: a capture must not depend on the day it was made. */
static const uint64_t clock_start_us = 1767600000ULL * 1000000;

enum step {
    STEP_SYN,
    STEP_SYN_ACK,
    STEP_OPEN,
    STEP_LINES,
    STEP_LATE_ACK,
    STEP_SEGMENT,
    STEP_STREAM_ACK,
    STEP_FIN,
    STEP_FIN_ACK,
    STEP_LAST_ACK,
    STEP_RESET,
    STEP_OVER
};

struct connection {
    struct script script;
    struct flow flow;
    uint8_t step;
    uint8_t window;    /* segments that may be on their way */
    uint8_t in_flight; /* of them are */
    bool new_round;    /* the next acknowledgement is a round trip away */
    struct turn turn;
    uint32_t round_trip_us;
    uint32_t round_end; /* sequence number at which the next round trip begins */
    uint32_t rest_of_pause_us;
};

struct event {
    uint64_t at_us;
    uint32_t slot;
};

struct simulation {
    struct run run;
    struct wire wire;
    struct random random;
    struct connection *slots;
    struct event *queue; /* a binary heap, soonest first */
    uint32_t queued;
    uint32_t started;
};

static bool sooner(struct event a, struct event b) {
    return a.at_us != b.at_us ? a.at_us < b.at_us : a.slot < b.slot;
}

/* Puts an event in at the top and lets it sink to its place. */
static void queue_sink(struct simulation *sim, struct event moving) {
    uint32_t hole = 0;
    for (;;) {
        uint32_t child = 2 * hole + 1;
        if (child + 1 < sim->queued && sooner(sim->queue[child + 1], sim->queue[child])) {
            child++;
        }
        if (child >= sim->queued || !sooner(sim->queue[child], moving)) {
            break;
        }
        sim->queue[hole] = sim->queue[child];
        hole = child;
    }
    sim->queue[hole] = moving;
}

static void queue_add(struct simulation *sim, struct event added) {
    uint32_t hole = sim->queued++;
    while (hole > 0 && sooner(added, sim->queue[(hole - 1) / 2])) {
        sim->queue[hole] = sim->queue[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    sim->queue[hole] = added;
}

static void put_number(uint8_t *at, uint32_t number) {
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(number >> (24 - 8 * i));
    }
}

/* Sources are in 10.0.0.0/8 and 2001:db8:1000::/40 (a /64 each), servers in 198.18.0.0/15 and 2001:db8:f000::/40. */
static void address_pick(struct flow *f, uint32_t source, uint32_t server) {
    if (!f->ipv6) {
        put_number(f->address[CLIENT], (10U << 24) + 256 + source);
        put_number(f->address[SERVER], (198U << 24) + (18U << 16) + 256 + server);
        return;
    }
    for (unsigned side = CLIENT; side <= SERVER; side++) {
        put_number(f->address[side], 0x20010DB8);
        put_number(f->address[side] + 4, side == CLIENT ? 0x10000000 + source : 0xF0000000 + server);
        f->address[side][15] = 0x25;
    }
}

static uint16_t other_port(struct random *r) {
    static const uint16_t ports[10] = {443, 443, 443, 443, 443, 443, 80, 80, 8080, 8443};
    return ports[random_below(r, 10)];
}

static void connection_start(struct simulation *sim, struct connection *c) {
    struct settings *set = &sim->run.settings;
    struct random r = {random_next(&sim->random)};
    double skew = random_unit(&r); /* squared: some sources send much more than others */
    memset(c, 0, sizeof(*c));
    struct script *s = &c->script;
    s->source = (uint32_t)(skew * skew * set->sources);
    s->server = random_below(&r, SERVERS);
    s->flow = &c->flow;
    c->flow.ipv6 = (double)(random_mix(s->source ^ set->seed) >> 11) * 0x1.0p-53 < set->ipv6_share;
    c->flow.timestamps = server_kind_of(s->server)->timestamps;
    address_pick(&c->flow, s->source, s->server);
    c->flow.port[CLIENT] = (uint16_t)(1024 + sim->started++ % 64000); /* no two alike among those open */
    c->flow.port[SERVER] = set->not_mail ? other_port(&r) : 25;
    for (unsigned side = CLIENT; side <= SERVER; side++) {
        c->flow.next_seq[side] = (uint32_t)random_next(&r);
        c->flow.clock_start[side] = (uint32_t)random_next(&r) >> 4;
        c->flow.ip_id[side] = (uint16_t)random_next(&r);
    }
    flow_prepare(&c->flow);
    c->round_trip_us = random_between(&r, 4000, 30000) << random_below(&r, 3);
    c->step = STEP_SYN;
    s->random = r;
    if (set->not_mail) {
        exchange_start(s, &sim->run);
    } else {
        dialogue_start(s, &sim->run);
    }
}

static bool more_to_write(const struct simulation *sim, const struct script *s) {
    return sim->run.settings.not_mail ? exchange_more(s) : dialogue_more(s);
}

/* Sends everything that the script says in this segment; both ends know what they have received. */
static void emit(struct simulation *sim, struct connection *c, enum side from, uint8_t flags, size_t bytes) {
    wire_emit(&sim->wire, &c->flow, from, flags, bytes, c->script.now_us);
    c->script.frame = sim->wire.frames;
}

static size_t write_payload(struct simulation *sim, struct connection *c) {
    struct script *s = &c->script;
    char *place = wire_payload(&sim->wire, &c->flow);
    s->frame = sim->wire.frames + 1;
    return sim->run.settings.not_mail ? exchange_write(s, &sim->run, place, c->flow.payload_max)
                                      : dialogue_write(s, &sim->run, place, c->flow.payload_max);
}

static void acknowledge_all(struct connection *c, enum side by) {
    c->flow.acknowledged[by] = c->flow.next_seq[1 - by];
}

/* Asks the script what comes next, and says how long until then. */
static uint64_t turn_plan(struct simulation *sim, struct connection *c) {
    struct script *s = &c->script;
    enum side before = c->turn.side;
    c->turn = sim->run.settings.not_mail ? exchange_next(s, &sim->run) : dialogue_next(s, &sim->run);
    static const uint8_t steps[] = {
        [TURN_LINES] = STEP_LINES, [TURN_STREAM] = STEP_SEGMENT, [TURN_FIN] = STEP_FIN, [TURN_RESET] = STEP_RESET};
    uint64_t way_us = c->turn.side == SERVER && before != SERVER ? c->round_trip_us : 0;
    c->step = steps[c->turn.kind];
    c->in_flight = 0;
    c->window = WINDOW_FIRST;
    c->new_round = true;
    bool owes_ack = c->flow.acknowledged[c->turn.side] != c->flow.next_seq[1 - c->turn.side];
    acknowledge_all(c, c->turn.side);
    if (c->step == STEP_LINES && c->turn.delay_us > DELAYED_ACK_US && owes_ack) {
        c->step = STEP_LATE_ACK; /* who takes long to answer acknowledges first */
        c->rest_of_pause_us = c->turn.delay_us - DELAYED_ACK_US;
        return way_us + DELAYED_ACK_US;
    }
    return way_us + c->turn.delay_us;
}

static uint64_t step_syn(struct simulation *sim, struct connection *c) {
    emit(sim, c, CLIENT, TCP_SYN, 0);
    if (!sim->run.settings.not_mail) {
        c->script.mail.dialogue_first = sim->wire.frames;
    }
    c->step = STEP_SYN_ACK;
    return c->round_trip_us;
}

static uint64_t step_syn_ack(struct simulation *sim, struct connection *c) {
    acknowledge_all(c, SERVER);
    emit(sim, c, SERVER, TCP_SYN | TCP_ACK, 0);
    c->step = STEP_OPEN;
    return 30;
}

static uint64_t step_open(struct simulation *sim, struct connection *c) {
    acknowledge_all(c, CLIENT);
    emit(sim, c, CLIENT, TCP_ACK, 0);
    return turn_plan(sim, c);
}

static uint64_t step_lines(struct simulation *sim, struct connection *c) {
    size_t bytes = write_payload(sim, c);
    emit(sim, c, c->turn.side, TCP_PSH | TCP_ACK, bytes);
    return turn_plan(sim, c);
}

static uint64_t step_late_ack(struct simulation *sim, struct connection *c) {
    emit(sim, c, c->turn.side, TCP_ACK, 0);
    c->step = STEP_LINES;
    return c->rest_of_pause_us;
}

/* Within a round the acknowledgements come as fast as the segments went. */
static uint64_t pause_before_ack(struct connection *c) {
    if (!c->new_round) {
        return 2 * SEGMENT_TIME_US;
    }
    c->new_round = false;
    c->round_end = c->flow.next_seq[c->turn.side];
    return c->turn.side == CLIENT ? c->round_trip_us : SEGMENT_TIME_US;
}

static uint64_t step_segment(struct simulation *sim, struct connection *c) {
    size_t bytes = write_payload(sim, c);
    bool more = more_to_write(sim, &c->script);
    emit(sim, c, c->turn.side, more ? TCP_ACK : TCP_PSH | TCP_ACK, bytes);
    c->in_flight++;
    if (more && c->in_flight < c->window) {
        return SEGMENT_TIME_US;
    }
    if (!more && c->in_flight < 2) {
        return turn_plan(sim, c); /* the answer will acknowledge it */
    }
    c->step = STEP_STREAM_ACK;
    return pause_before_ack(c);
}

/* The receiver acknowledges two segments, which lets the sender send the next ones. */
static uint64_t step_stream_ack(struct simulation *sim, struct connection *c) {
    enum side receiver = c->turn.side == CLIENT ? SERVER : CLIENT;
    struct flow *f = &c->flow;
    bool more = more_to_write(sim, &c->script);
    if (c->in_flight <= 2) {
        acknowledge_all(c, receiver);
        c->in_flight = 0;
    } else {
        f->acknowledged[receiver] += 2U * f->payload_max;
        c->in_flight = (uint8_t)(c->in_flight - 2);
    }
    emit(sim, c, receiver, TCP_ACK, 0);
    c->window = (uint8_t)(c->window + 2 < WINDOW_MAX ? c->window + 2 : WINDOW_MAX);
    c->new_round = (int32_t)(f->acknowledged[receiver] - c->round_end) >= 0;
    if (more) {
        c->step = STEP_SEGMENT;
        return c->turn.side == SERVER && c->new_round ? c->round_trip_us : SEGMENT_TIME_US;
    }
    return c->in_flight >= 2 ? pause_before_ack(c) : turn_plan(sim, c);
}

static uint64_t step_fin(struct simulation *sim, struct connection *c) {
    emit(sim, c, c->turn.side, TCP_FIN | TCP_ACK, 0);
    c->step = STEP_FIN_ACK;
    return c->turn.side == CLIENT ? c->round_trip_us : 60;
}

static uint64_t step_fin_ack(struct simulation *sim, struct connection *c) {
    enum side other = c->turn.side == CLIENT ? SERVER : CLIENT;
    acknowledge_all(c, other);
    emit(sim, c, other, TCP_FIN | TCP_ACK, 0);
    c->step = STEP_LAST_ACK;
    return other == CLIENT ? c->round_trip_us : 30;
}

static uint64_t step_last_ack(struct simulation *sim, struct connection *c) {
    acknowledge_all(c, c->turn.side);
    emit(sim, c, c->turn.side, TCP_ACK, 0);
    c->step = STEP_OVER;
    return 0;
}

static uint64_t step_reset(struct simulation *sim, struct connection *c) {
    emit(sim, c, c->turn.side, TCP_RST | TCP_ACK, 0);
    c->step = STEP_OVER;
    return 0;
}

/* Each step emits one frame and returns the time until the next. */
static uint64_t (*const steps[])(struct simulation *sim, struct connection *c) = {
    [STEP_SYN] = step_syn,
    [STEP_SYN_ACK] = step_syn_ack,
    [STEP_OPEN] = step_open,
    [STEP_LINES] = step_lines,
    [STEP_LATE_ACK] = step_late_ack,
    [STEP_SEGMENT] = step_segment,
    [STEP_STREAM_ACK] = step_stream_ack,
    [STEP_FIN] = step_fin,
    [STEP_FIN_ACK] = step_fin_ack,
    [STEP_LAST_ACK] = step_last_ack,
    [STEP_RESET] = step_reset,
};

/* Ends a connection and starts the next one in its slot; false when there is nothing left to send. */
static bool slot_renew(struct simulation *sim, struct connection *c) {
    struct settings *set = &sim->run.settings;
    if (c->step == STEP_OVER && !set->not_mail) {
        dialogue_finish(&c->script, &sim->run);
    }
    if (set->file_bytes > 0 && sim->wire.bytes + sim->wire.used >= set->file_bytes) {
        sim->run.messages_left = 0;
    }
    if (sim->run.messages_left == 0) {
        return false;
    }
    connection_start(sim, c);
    return true;
}

static void simulate(struct simulation *sim) {
    for (uint32_t slot = 0; slot < sim->run.settings.open && slot_renew(sim, &sim->slots[slot]); slot++) {
        queue_add(sim, (struct event){clock_start_us + random_below(&sim->random, RAMP_US), slot});
    }
    while (sim->queued > 0) {
        struct event now = sim->queue[0];
        struct connection *c = &sim->slots[now.slot];
        c->script.now_us = now.at_us;
        now.at_us += steps[c->step](sim, c);
        if (c->step == STEP_OVER) {
            now.at_us += random_below(&sim->random, 20000);
            if (!slot_renew(sim, c)) {
                now = sim->queue[--sim->queued];
            }
        }
        if (sim->queued > 0) {
            queue_sink(sim, now);
        }
    }
}

static void usage(void) {
    fprintf(stderr,
            "usage: smtpgen --out FILE [--truth FILE] [--seed N] [--messages N] [--open N] [--sources N]\n"
            "               [--bytes-min N] [--bytes-max N] [--ipv6-share X] [--reuse-share X] [--bounce-share X]\n"
            "               [--file-bytes N] [--nonmail] [--loss-note]\n"
            "tests/bench/README.md tells what each is for.\n");
    exit(2);
}

static uint64_t number_option(const char *value, uint64_t lowest, uint64_t highest) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < lowest || number > highest) {
        fprintf(stderr, "smtpgen: %s is not a number from %llu to %llu\n", value, (unsigned long long)lowest,
                (unsigned long long)highest);
        exit(2);
    }
    return number;
}

static double share_option(const char *value) {
    char *end;
    double share = strtod(value, &end);
    if (end == value || *end != '\0' || !(share >= 0 && share <= 1)) {
        fprintf(stderr, "smtpgen: %s is not a share from 0 to 1\n", value);
        exit(2);
    }
    return share;
}

static void option_take(struct settings *s, int option, const char *value) {
    switch (option) {
        case 's':
            s->seed = number_option(value, 0, UINT64_MAX);
            return;
        case 'm':
            s->messages = (uint32_t)number_option(value, 1, UINT32_MAX / 2);
            return;
        case 'o':
            s->out = value;
            return;
        case 't':
            s->truth = value;
            return;
        case 'n':
            s->open = (uint32_t)number_option(value, 1, OPEN_MAX);
            return;
        case 'l':
            s->bytes_min = (uint32_t)number_option(value, 64, 1 << 28);
            return;
        case 'h':
            s->bytes_max = (uint32_t)number_option(value, 64, 1 << 28);
            return;
        case '6':
            s->ipv6_share = share_option(value);
            return;
        case 'r':
            s->reuse_share = share_option(value);
            return;
        case 'b':
            s->bounce_share = share_option(value);
            return;
        case 'c':
            s->sources = (uint32_t)number_option(value, 1, SOURCES_MAX);
            return;
        case 'f':
            s->file_bytes = number_option(value, 1, UINT64_MAX);
            return;
        case 'x':
            s->not_mail = true;
            return;
        case 'z':
            s->loss_note = true;
            return;
        default:
            usage();
    }
}

static struct settings settings_read(int argc, char **argv) {
    static const struct option options[] = {
        {"seed", 1, NULL, 's'},         {"messages", 1, NULL, 'm'},   {"out", 1, NULL, 'o'},
        {"truth", 1, NULL, 't'},        {"open", 1, NULL, 'n'},       {"bytes-min", 1, NULL, 'l'},
        {"bytes-max", 1, NULL, 'h'},    {"ipv6-share", 1, NULL, '6'}, {"reuse-share", 1, NULL, 'r'},
        {"bounce-share", 1, NULL, 'b'}, {"sources", 1, NULL, 'c'},    {"file-bytes", 1, NULL, 'f'},
        {"nonmail", 0, NULL, 'x'},      {"loss-note", 0, NULL, 'z'},  {NULL, 0, NULL, 0}};
    struct settings s = {.seed = 1,
                         .messages = 1000,
                         .open = 500,
                         .bytes_min = 4096,
                         .bytes_max = 61440,
                         .sources = 2000,
                         .ipv6_share = 0.2,
                         .reuse_share = 0.2,
                         .bounce_share = 0.05};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        option_take(&s, option, optarg);
    }
    if (s.out == NULL || optind != argc || s.bytes_min > s.bytes_max) {
        usage();
    }
    if (s.bounce_share * 2 > 1) {
        fprintf(stderr, "smtpgen: --bounce-share is at most 0.5\n");
        exit(2);
    }
    return s;
}

static void *room_for(size_t count, size_t bytes) {
    void *room = calloc(count, bytes);
    if (room == NULL) {
        fprintf(stderr, "smtpgen: no memory for %zu connections\n", count);
        exit(1);
    }
    return room;
}

int main(int argc, char **argv) {
    struct simulation sim = {.run.settings = settings_read(argc, argv)};
    struct settings *set = &sim.run.settings;
    words_load();
    sim.run.messages_left = set->messages;
    sim.random.state = random_mix(set->seed);
    sim.slots = room_for(set->open, sizeof(*sim.slots));
    sim.queue = room_for(set->open, sizeof(*sim.queue));
    wire_open(&sim.wire, set->out);
    if (set->truth != NULL && (sim.run.truth = fopen(set->truth, "w")) == NULL) {
        fprintf(stderr, "smtpgen: cannot write %s: %s\n", set->truth, strerror(errno));
        return 1;
    }
    simulate(&sim);
    wire_close(&sim.wire);
    truth_capture(&sim.run, &sim.wire);
    if (sim.run.truth != NULL && fclose(sim.run.truth) != 0) {
        fprintf(stderr, "smtpgen: writing %s failed: %s\n", set->truth, strerror(errno));
        return 1;
    }
    fprintf(stderr, "%llu frames, %llu bytes, %llu connections, %u messages\n", (unsigned long long)sim.wire.frames,
            (unsigned long long)sim.wire.bytes, (unsigned long long)sim.run.dialogues, sim.run.messages_begun);
    free(sim.slots);
    free(sim.queue);
    return 0;
}
