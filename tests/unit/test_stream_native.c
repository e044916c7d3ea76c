/* stream_native: what the listener hears, worked out by hand from the segments sent.  The randomised part makes a
 * conversation, spoils its segments, and holds what was heard against the original.  Most connections are scripts:
 * tests/unit/streams/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream_script.h"

static int setup(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    bench_start(b, &stream_native, 64);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    struct bench *b = *state;
    bench_end(b);
    free(b);
    return 0;
}

/* Bytes of a side at an offset from its first byte (sequence numbers begin at 1001 and 5001). */
static struct packet at(struct bench *b, enum stream_side side, uint32_t offset, const char *text) {
    uint32_t const first = side == SIDE_CLIENT ? 1001 : 5001;
    return talk_segment(&b->talk, side, first + offset, b->talk.next[side_other(side)], TCP_ACK | TCP_PSH,
                        span_from_string(text));
}

/* --- whole ------------------------------------------------------------------------------------------------------- */

static void in_order(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    HEARD(b, "");
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    goodbye(b, &b->talk);
    HEARD(b, "open s:220 c:EHLOMAIL c!FIN s!FIN close;");
    assert_false(b->notes.info.midstream);
    assert_int_equal(b->notes.info.client.port, 40000);
    assert_int_equal(b->counters.stream_bytes, 11);
    assert_int_equal(b->counters.flows, 1);
    assert_int_equal(b->counters.mail_segments, 9);
    bench_finish(b);
    HEARD(b, "open s:220 c:EHLOMAIL c!FIN s!FIN close;");
}

static void ipv6(void **state) {
    struct bench *b = *state;
    struct talk six = talk_between("2001:db8::1", 40000, "2001:db8::2", 25);
    handshake(b, &six);
    hear(b, talk_say(&six, SIDE_SERVER, "220"));
    goodbye(b, &six);
    HEARD(b, "open s:220 c!FIN s!FIN close;");
    talk_free(&six);
}

static void other_ports_are_left_alone(void **state) {
    struct bench *b = *state;
    struct talk web = talk_between("192.0.2.1", 40000, "198.51.100.25", 80);
    handshake(b, &web);
    hear(b, talk_say(&web, SIDE_SERVER, "220"));
    goodbye(b, &web);
    HEARD(b, "");
    assert_int_equal(b->counters.flows, 0);
    assert_int_equal(b->counters.mail_segments, 0);
    talk_free(&web);
}

static void any_port_needs_the_beginning(void **state) {
    struct bench *b = *state;
    stream_native.destroy(b->engine);
    b->settings.any_port = true;
    b->engine = stream_native.create(&b->settings, &b->listener, &b->counters);
    struct talk odd = talk_between("192.0.2.1", 40000, "198.51.100.25", 2526);
    handshake(b, &odd);
    hear(b, talk_say(&odd, SIDE_SERVER, "220"));
    goodbye(b, &odd);
    HEARD(b, "open s:220 c!FIN s!FIN close;");
    struct talk middle = talk_between("192.0.2.1", 40001, "198.51.100.25", 2526);
    hear(b, talk_say(&middle, SIDE_SERVER, "220"));
    HEARD(b, "open s:220 c!FIN s!FIN close;");
    talk_free(&odd);
    talk_free(&middle);
}

static void neighbours_swapped_everywhere(void **state) {
    struct bench *b = *state;
    struct packet all[12];
    size_t n = 0;
    all[n++] = talk_syn(&b->talk);
    all[n++] = talk_syn_ack(&b->talk);
    all[n++] = talk_ack(&b->talk, SIDE_CLIENT);
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "220");
    all[n++] = talk_say(&b->talk, SIDE_CLIENT, "EHLO");
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "250");
    all[n++] = talk_say(&b->talk, SIDE_CLIENT, "QUIT");
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "221");
    all[n++] = talk_fin(&b->talk, SIDE_SERVER);
    all[n++] = talk_fin(&b->talk, SIDE_CLIENT);
    for (size_t swap = 0; swap + 1 < n; swap++) {
        b->notes.len = 0;
        b->notes.text[0] = '\0';
        for (size_t i = 0; i < n; i++) hear(b, all[i == swap ? i + 1 : i == swap + 1 ? i - 1 : i]);
        HEARD(b, "open s:220 c:EHLO s:250 c:QUIT s:221 s!FIN c!FIN close;");
        bench_finish(b);
        assert_int_equal(b->counters.gaps, 0);
    }
}

/* --- holes ------------------------------------------------------------------------------------------------------- */

/* One segment in four is lost: the second hole does not begin to wait when the first is given up. */
static void holes_age_side_by_side(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    for (unsigned i = 0; i < 2000; i++) {
        if (i % 4 == 0)
            talk_lose(&b->talk, SIDE_CLIENT, 10);
        else
            hear(b, talk_say(&b->talk, SIDE_CLIENT, "x"));
        if (i % 2 == 0) hear(b, talk_ack(&b->talk, SIDE_SERVER));
    }
    bench_finish(b);
    assert_int_equal(b->counters.segment_pool_full, 0);
    assert_int_equal(b->counters.gaps, 500);
    assert_int_equal(b->counters.gap_bytes, 5000);
    assert_int_equal(b->counters.stream_bytes, 1500);
}

/* --- limits ------------------------------------------------------------------------------------------------------ */

static void a_flood_evicts_no_live_flow(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    for (unsigned i = 0; i < 5000; i++) {
        struct talk flood = talk_between("203.0.113.9", (uint16_t)(i + 1), "198.51.100.25", 25);
        flood.now = b->talk.now;
        hear(b, talk_syn(&flood));
        talk_free(&flood);
    }
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c:EHLO");
    assert_int_equal(b->counters.flow_evicted, 5000 - 32 - 1); /* half of 64 are for the weak, and one on the way */
}

/* Nobody has spoken yet; but the client has acknowledged the server's SYN, which nobody can who does not see it. */
static void a_flood_evicts_no_whole_handshake(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    for (unsigned i = 0; i < 5000; i++) {
        char client[IP_TEXT_BYTES];
        (void)snprintf(client, sizeof client, "10.0.%u.%u", i >> 8, i & 255);
        struct talk flood = talk_between(client, (uint16_t)(i + 1), "198.51.100.25", 25);
        flood.now = b->talk.now;
        hear(b, talk_syn(&flood));
        if (i % 3 > 0) hear(b, talk_syn_ack(&flood));
        if (i % 3 > 1) hear(b, talk_segment(&flood, SIDE_CLIENT, 1001, 77, TCP_ACK, SPAN_EMPTY)); /* guessed */
        talk_free(&flood);
    }
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c:EHLO");
    assert_false(b->notes.info.midstream);
}

static void the_oldest_live_flow_makes_room(void **state) {
    struct bench *b = *state;
    struct talk talks[65];
    for (unsigned i = 0; i < 65; i++) {
        char client[16];
        snprintf(client, sizeof client, "192.0.2.%u", 1 + i);
        talks[i] = talk_between(client, (uint16_t)(100 + i), "198.51.100.25", 25);
        talks[i].now += i * NS_PER_S;
        hear(b, talk_say(&talks[i], SIDE_SERVER, "220"));
        hear(b, talk_say(&talks[i], SIDE_CLIENT, i == 0 ? "first" : "x"));
        if (i == 0) hear(b, talk_segment(&talks[0], SIDE_CLIENT, 1010, 5000, TCP_ACK, SPAN_LITERAL("waits")));
    }
    assert_int_equal(b->counters.flow_evicted, 1);
    assert_non_null(strstr(b->notes.text, " c~5 c:waits c!EVICTED s!EVICTED close;")); /* nothing is lost silently */
    for (unsigned i = 0; i < 65; i++) talk_free(&talks[i]);
    bench_finish(b);
}

static void idle_flows_end(void **state) {
    struct bench *b = *state;
    assert_int_equal(stream_native.flows_open(b->engine), 0);
    handshake(b, &b->talk);
    assert_int_equal(stream_native.flows_open(b->engine), 1);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, at(b, SIDE_CLIENT, 3, "LO")); /* what waits is told at the end */
    pass_time(b, &b->talk, LIMIT_HOLE_UNCERTAIN_S - 1);
    HEARD(b, "open s:220");
    pass_time(b, &b->talk, 6);
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, LIMIT_FLOW_IDLE_S - 6); /* since the hole was given up */
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, 6);
    assert_int_equal(stream_native.flows_open(b->engine), 0);
    HEARD(b, "open s:220 c~3 c:LO c!TIMEOUT s!TIMEOUT close;");
    assert_int_equal(b->counters.flow_idle, 1);
}

/* An enemy's crumbs want twice the pool: his oldest queues are given up, and a swapped pair elsewhere is whole. */
static void crumbs_do_not_fill_the_pool(void **state) {
    static struct bench wide;
    (void)state;
    bench_start(&wide, &stream_native, LIMIT_FLOWS_DEFAULT);
    for (unsigned i = 0; i < 16000; i++) {
        struct talk crumbs = talk_between("192.0.2.1", (uint16_t)(i + 1), "198.51.100.25", 25);
        crumbs.now = wide.talk.now += NS_PER_MS;
        crumbs.step = 0;
        hear(&wide, talk_syn(&crumbs));
        for (uint32_t k = 1; k <= 4; k++)
            hear(&wide, talk_segment(&crumbs, SIDE_CLIENT, 1001 + 3 * k, 5001, TCP_ACK, SPAN_LITERAL("x")));
        talk_free(&crumbs);
        wide.notes.len = 0; /* the text would be long */
    }
    /* 32768 small slots: half for flows that are no conversation yet, of which a sixteenth is kept free: 15360 for four
     * crumbs each, the last queue with room to spare. */
    assert_in_range(wide.counters.queues_given_up, 16000 - 15360 / 4 - 4, 16000 - 15360 / 4 + 4);
    assert_int_equal(wide.counters.segment_pool_full, 0);
    assert_int_equal(wide.counters.flow_evicted, 0);
    struct talk victim = talk_between("192.0.2.2", 7, "198.51.100.25", 25);
    victim.now = wide.talk.now;
    handshake(&wide, &victim);
    wide.notes.len = 0;
    struct packet const late = talk_say(&victim, SIDE_CLIENT, "EH");
    hear(&wide, talk_say(&victim, SIDE_CLIENT, "LO"));
    hear(&wide, late);
    assert_non_null(strstr(wide.notes.text, "open c:EHLO"));
    stream_native.destroy(wide.engine);
    talk_free(&victim);
    talk_free(&wide.talk);
}

static void a_greeting_may_be_slow(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    pass_time(b, &b->talk, 120);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    HEARD(b, "open s:220");
    assert_false(b->notes.info.midstream);
    struct talk silent = talk_between("192.0.2.9", 9, "198.51.100.25", 25); /* a SYN without an answer is forgotten */
    hear(b, talk_syn(&silent));
    pass_time(b, &silent, LIMIT_FLOW_HALF_OPEN_S + 2);
    talk_lose(&silent, SIDE_SERVER, 1);
    hear(b, talk_say(&silent, SIDE_CLIENT, "EHLO"));
    assert_true(b->notes.info.midstream);
    talk_free(&silent);
}

static void enough_is_enough(void **state) {
    struct bench *b = *state;
    b->notes.enough_after = 2;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    struct packet const first = talk_say(&b->talk, SIDE_CLIENT, "EH");
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "LO"));
    hear(b, first);
    HEARD(b, "open s:220 c:EH close;");
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    goodbye(b, &b->talk);
    bench_finish(b);
    HEARD(b, "open s:220 c:EH close;");
}

static void enough_of_a_gap(void **state) {
    struct bench *b = *state;
    b->notes.enough_after = 1;
    handshake(b, &b->talk);
    hear(b, talk_snapped(talk_say(&b->talk, SIDE_SERVER, "220"), 0));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    bench_finish(b);
    HEARD(b, "open s~3 close;");
}

static void unwanted(void **state) {
    struct bench *b = *state;
    b->notes.unwanted = true;
    handshake(b, &b->talk);
    hear(b, at(b, SIDE_CLIENT, 4, "LO"));
    hear(b, at(b, SIDE_CLIENT, 0, "EHLO"));
    hear(b, at(b, SIDE_CLIENT, 9, "LO"));
    b->talk.next[SIDE_CLIENT] += 11;
    goodbye(b, &b->talk);
    bench_finish(b);
    HEARD(b, "no;");
}

/* More flows with a hole than the pool can hold: all get something, what did not fit is counted and becomes gaps. */
static void the_pool_is_shared(void **state) {
    struct bench *b = *state;
    static struct bench wide;
    (void)b;
    bench_start(&wide, &stream_native, LIMIT_FLOWS_DEFAULT);
    struct talk *talks = calloc(200, sizeof *talks);
    char chunk[1001];
    memset(chunk, 'x', 1000);
    chunk[1000] = '\0';
    for (unsigned i = 0; i < 200; i++) {
        talks[i] = talk_between("192.0.2.1", (uint16_t)(i + 1), "198.51.100.25", 25);
        hear(&wide, talk_say(&talks[i], SIDE_CLIENT, "begin"));
        talk_lose(&talks[i], SIDE_CLIENT, 10);
        for (unsigned k = 0; k < LIMIT_SEGMENTS_PER_FLOW - LIMIT_HOLE_GRACE_SEGMENTS - 1; k++)
            hear(&wide, talk_say(&talks[i], SIDE_CLIENT, chunk));
    }
    assert_true(wide.counters.segment_pool_full > 0);
    struct talk victim = talk_between("192.0.2.2", 7, "198.51.100.25", 25);
    handshake(&wide, &victim);
    wide.notes.len = 0;
    struct packet const late = talk_say(&victim, SIDE_CLIENT, "EH");
    hear(&wide, talk_say(&victim, SIDE_CLIENT, "LO"));
    hear(&wide, late);
    HEARD(&wide, "open c:EHLO");
    wide.notes.unwanted = true; /* the text would be long */
    stream_native.destroy(wide.engine);
    talk_free(&victim);
    talk_free(&wide.talk);
    for (unsigned i = 0; i < 200; i++) talk_free(&talks[i]);
    free(talks);
}

/* --- any conversation, spoilt in any way ------------------------------------------------------------------------- */

#define SPOILT_BYTES 60000
#define SPOILT_PACKETS 4096

static uint32_t random_state;

static uint32_t any(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(random_state >> 4) * below >> 28);
}

struct spoilt {
    uint8_t bytes[2][SPOILT_BYTES];
    uint32_t sent[2];
    uint32_t heard[2]; /* data and gaps */
    uint32_t lost[2];  /* gaps */
    bool ended[2], open, closed, cause_broken;
    uint64_t told; /* a sum over all that was told, in order */
    struct packet packets[SPOILT_PACKETS];
    uint32_t needs[2][SPOILT_BYTES]; /* how much of the peer's had been sent when this byte was first sent */
    size_t count;
    struct talk talk;
};

static void spoilt_note(struct spoilt *s, char what, enum stream_side side, uint64_t length, uint64_t detail) {
    const uint64_t words[] = {(uint64_t)what, side, length, detail};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) s->told = s->told * 1099511628211u + words[i];
}

static void *spoilt_open(void *context, const struct stream_info *info) {
    struct spoilt *s = context;
    (void)info;
    assert_false(s->open || s->closed);
    s->open = true;
    return s;
}

static enum stream_interest spoilt_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                        uint32_t unread, nstime now) {
    struct spoilt *s = context;
    (void)handle;
    spoilt_note(s, 'd', side, bytes.len, (uint64_t)now * 3 + unread);
    assert_true(s->open && !s->closed && !s->ended[side]);
    assert_true(s->heard[side] + bytes.len <= s->sent[side]);
    assert_memory_equal(s->bytes[side] + s->heard[side], bytes.data, bytes.len);
    if (s->needs[side][s->heard[side]] > s->heard[side_other(side)]) s->cause_broken = true;
    s->heard[side] += (uint32_t)bytes.len;
    return STREAM_GO_ON;
}

static enum stream_interest spoilt_gap(void *context, void *handle, enum stream_side side, uint64_t length,
                                       nstime now) {
    struct spoilt *s = context;
    (void)handle;
    spoilt_note(s, 'g', side, length, (uint64_t)now);
    assert_true(s->open && !s->closed && !s->ended[side]);
    s->heard[side] += (uint32_t)length;
    s->lost[side] += (uint32_t)length;
    assert_true(s->heard[side] <= s->sent[side] + 1); /* a FIN may count */
    return STREAM_GO_ON;
}

static enum stream_interest spoilt_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                       nstime now) {
    struct spoilt *s = context;
    (void)handle;
    spoilt_note(s, 'e', side, reason, (uint64_t)now);
    assert_true(s->open && !s->closed && !s->ended[side]);
    s->ended[side] = true;
    return STREAM_GO_ON;
}

static void spoilt_close(void *context, void *handle, nstime now) {
    struct spoilt *s = context;
    (void)handle;
    (void)now;
    assert_true(s->open && !s->closed && s->ended[0] && s->ended[1]);
    s->closed = true;
}

/* Turns of random length; the acknowledgement of each segment is of all that its sender has got. */
static void make_conversation(struct spoilt *s) {
    s->talk = talk_between("192.0.2.1", 40000, "198.51.100.25", 25);
    uint32_t const start[2] = {any(1u << 28) << 4, UINT32_MAX - any(SPOILT_BYTES)};
    s->talk.next[0] = start[0];
    s->talk.next[1] = start[1];
    s->packets[s->count++] = talk_syn(&s->talk);
    s->packets[s->count++] = talk_syn_ack(&s->talk);
    s->packets[s->count++] = talk_ack(&s->talk, SIDE_CLIENT);
    enum stream_side side = SIDE_SERVER;
    while (s->count < SPOILT_PACKETS / 8 && s->sent[0] < SPOILT_BYTES / 2 && s->sent[1] < SPOILT_BYTES / 2) {
        for (uint32_t burst = 1 + any(any(4) == 0 ? 30 : 3); burst > 0; burst--) {
            uint8_t chunk[3000];
            uint32_t len = 1 + any(any(8) == 0 ? 3000 : 200);
            if (s->sent[side] + len > SPOILT_BYTES) break;
            for (uint32_t i = 0; i < len; i++) {
                chunk[i] = s->bytes[side][s->sent[side] + i] = (uint8_t)any(256);
                s->needs[side][s->sent[side] + i] = s->sent[side_other(side)];
            }
            s->packets[s->count++] = talk_say_span(&s->talk, side, span_of(chunk, len));
            s->sent[side] += len;
            if (any(3) == 0) s->packets[s->count++] = talk_ack(&s->talk, side_other(side));
        }
        side = side_other(side);
    }
    s->packets[s->count++] = talk_fin(&s->talk, SIDE_CLIENT);
    s->packets[s->count++] = talk_fin(&s->talk, SIDE_SERVER);
    s->packets[s->count++] = talk_ack(&s->talk, SIDE_CLIENT);
}

struct spoiling {
    unsigned drop, swap, late, twice, again, snap; /* one in so many; 0: never */
};

static bool one_in(unsigned n) {
    return n != 0 && any(n) == 0;
}

/* A retransmission cut differently: begins inside an old segment, ends inside it or before. */
static struct packet sent_again(struct spoilt *s, size_t i) {
    struct packet p = s->packets[i];
    if (p.payload.len < 2) return p;
    size_t skip = any((uint32_t)p.payload.len);
    p.payload = span_slice(p.payload, skip, 1 + any((uint32_t)(p.payload.len - skip)));
    p.payload_length = (uint32_t)p.payload.len;
    p.sequence += (uint32_t)skip;
    p.flags &= (uint8_t)~TCP_FIN;
    return p;
}

/* Writes what the mirror shows into out; returns how many. */
static size_t spoil(struct spoilt *s, const struct spoiling *how, struct packet *out) {
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (i >= 3 && one_in(how->drop)) continue; /* without a SYN nobody knows where the stream begins */
        out[n++] = s->packets[i];
        if (one_in(how->snap)) {
            struct packet *p = &out[n - 1];
            p->payload = span_head(p->payload, any((uint32_t)p->payload.len + 1));
        }
        if (one_in(how->twice)) out[n] = out[n - 1], n++;
        if (one_in(how->again) && i > 3) out[n++] = sent_again(s, i - any((uint32_t)(i < 10 ? i : 10)));
    }
    for (size_t i = 0; i < n; i++) { /* a late one comes behind who has its new place */
        size_t far = one_in(how->late) ? 1 + any(20) : one_in(how->swap);
        out[i].time = (nstime)(2 * (i + far) + (far > 0));
    }
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && out[k - 1].time > out[k].time; k--) {
            struct packet moved = out[k];
            out[k] = out[k - 1];
            out[k - 1] = moved;
        }
    for (size_t i = 0; i < n; i++) out[i].time = INT64_C(1700000000) * NS_PER_S + (nstime)i * NS_PER_MS;
    return n;
}

/* Shows it the packets, all with these flags more. */
static void show_spoilt(struct spoilt *s, const struct packet *shown, size_t n, uint8_t flags,
                        struct counters *counters) {
    static uint8_t ports[8192];
    struct stream_settings const settings = {.flows_max = 16, .mail_ports = ports};
    struct stream_listener const listener = {s, spoilt_open, spoilt_data, spoilt_gap, spoilt_end, spoilt_close, NULL};
    port_set(ports, 25);
    s->open = s->closed = s->ended[0] = s->ended[1] = false;
    s->heard[0] = s->heard[1] = s->lost[0] = s->lost[1] = 0;
    s->told = 0;
    struct stream_engine *engine = stream_native.create(&settings, &listener, counters);
    assert_non_null(engine);
    for (size_t i = 0; i < n; i++) {
        struct packet packet = shown[i];
        packet.flags |= flags;
        stream_native.packet(engine, &packet);
    }
    nstime end = INT64_C(1700000100) * NS_PER_S;
    stream_native.expire(engine, end);
    stream_native.finish(engine, STREAM_EOF, end);
    if (s->open) assert_true(s->closed);
    stream_native.destroy(engine);
}

static void run_spoilt(uint32_t seed, const struct spoiling *how, bool nothing_is_lost) {
    static struct packet shown[SPOILT_PACKETS * 3];
    struct spoilt *s = calloc(1, sizeof *s);
    assert_non_null(s);
    struct counters counters = {0}, counters_urgent = {0};
    random_state = seed;
    make_conversation(s);
    size_t n = spoil(s, how, shown);
    /* URG says nothing, but no segment with it is an ordinary one, which is taken in a shorter way. */
    show_spoilt(s, shown, n, TCP_URG, &counters_urgent);
    uint64_t told_urgent = s->told;
    show_spoilt(s, shown, n, 0, &counters);
    assert_true(s->told == told_urgent);
    counters_urgent.urgent_segments = 0;
    assert_memory_equal(&counters, &counters_urgent, sizeof counters);
    assert_int_equal(counters.gap_bytes, s->lost[0] + s->lost[1]);
    assert_int_equal(counters.stream_bytes, s->heard[0] + s->heard[1] - s->lost[0] - s->lost[1]);
    assert_int_equal(counters.overlap_conflict, 0);
    assert_true(counters_account_for_all_bytes(&counters));
    if (nothing_is_lost) {
        assert_int_equal(counters.gaps, 0);
        assert_false(s->cause_broken);
        for (unsigned side = 0; side < 2; side++) assert_int_equal(s->heard[side], s->sent[side]);
    }
    talk_free(&s->talk);
    free(s);
}

static void spoilt_without_loss(void **state) {
    (void)state;
    static const struct spoiling ways[] = {
        {0}, {.swap = 5}, {.late = 30}, {.twice = 1}, {.again = 3}, {.swap = 10, .late = 60, .twice = 10, .again = 8},
    };
    for (uint32_t seed = 1; seed <= 100; seed++)
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) run_spoilt(seed, &ways[i], true);
}

static void spoilt_with_loss(void **state) {
    (void)state;
    static const struct spoiling ways[] = {
        {.drop = 100}, {.drop = 10},
        {.drop = 2},   {.drop = 20, .swap = 10, .late = 20, .twice = 5, .again = 5},
        {.snap = 4},   {.snap = 4, .drop = 20, .late = 20, .again = 5},
    };
    for (uint32_t seed = 1; seed <= 100; seed++)
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) run_spoilt(seed, &ways[i], false);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    static const struct CMUnitTest tests[] = {
        T(in_order),
        T(ipv6),
        T(other_ports_are_left_alone),
        T(any_port_needs_the_beginning),
        T(neighbours_swapped_everywhere),
        T(holes_age_side_by_side),
        T(crumbs_do_not_fill_the_pool),
        T(a_flood_evicts_no_live_flow),
        T(a_flood_evicts_no_whole_handshake),
        T(the_oldest_live_flow_makes_room),
        T(idle_flows_end),
        T(a_greeting_may_be_slow),
        T(enough_is_enough),
        T(enough_of_a_gap),
        T(unwanted),
        T(the_pool_is_shared),
        cmocka_unit_test(spoilt_without_loss),
        cmocka_unit_test(spoilt_with_loss),
    };
    return scripts_run_with(&stream_native, tests, sizeof tests / sizeof *tests);
}
