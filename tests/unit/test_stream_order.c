/* stream_order: what is heard of segments that come in any order, many times, or not at all.  The randomised part makes
 * a conversation, spoils its segments, and holds what was heard against the original.  Single cases are scripts
 * (tests/unit/streams/), which test_stream_native runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream_notes.h"

#define T(f) cmocka_unit_test_setup_teardown(f, native_setup, native_teardown)

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

int main(void) {
    static const struct CMUnitTest tests[] = {
        T(neighbours_swapped_everywhere),      T(holes_age_side_by_side),
        T(crumbs_do_not_fill_the_pool),        T(the_pool_is_shared),
        cmocka_unit_test(spoilt_without_loss), cmocka_unit_test(spoilt_with_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
