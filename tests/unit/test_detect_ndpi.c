/* detect_ndpi: which connections are mail, what is kept for the dialogue, and what a TLS handshake says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "flow/detect_ndpi.h"
#include "guard.h"
#include "mailspan/limits.h"
#include "packets.h"
#include "tls_hellos.h"

static struct detector *detector; /* nDPI's module takes a while to make: one for all tests */
static struct counters counters;
static struct detection *holder; /* of the detection that a test begins */

static int setup(void **state) {
    (void)state;
    detector = detector_new(&counters, LIMIT_DETECTIONS);
    return detector == NULL ? -1 : 0;
}

static int teardown(void **state) {
    (void)state;
    detector_free(detector);
    return 0;
}

static struct stream_info info_of(uint16_t server_port) {
    return (struct stream_info){.client = {talk_ip("192.0.2.1"), 40000},
                                .server = {talk_ip("198.51.100.25"), server_port},
                                .start = INT64_C(1700000000) * NS_PER_S};
}

struct line {
    enum stream_side side;
    const char *text;
};

static const struct line smtp_dialogue[] = {
    {SIDE_SERVER, "220 mx.example.org ESMTP ready\r\n"},
    {SIDE_CLIENT, "EHLO client.example.net\r\n"},
    {SIDE_SERVER, "250-mx.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n"},
    {SIDE_CLIENT, "MAIL FROM:<a@example.net>\r\n"},
    {SIDE_SERVER, "250 ok\r\n"},
    {SIDE_CLIENT, "RCPT TO:<b@example.org>\r\n"},
};
#define LINES(array) array, sizeof array / sizeof array[0]

/* Feeds the lines in pieces of at most `piece` bytes, until there is an answer; then checks that the items and the
 * piece that decided are, together, all that was said, each side in order. */
static enum detect_answer detect(struct detection *d, const struct line *lines, size_t count, size_t piece) {
    char said[2][8192] = {{0}}, kept[2][8192] = {{0}};
    size_t said_bytes[2] = {0}, kept_bytes[2] = {0};
    nstime now = INT64_C(1700000000) * NS_PER_S;
    enum detect_answer answer = DETECT_MORE;
    for (size_t i = 0; i < count && answer == DETECT_MORE; i++) {
        enum stream_side const side = lines[i].side;
        struct span rest = span_from_string(lines[i].text);
        while (rest.len > 0 && answer == DETECT_MORE) {
            struct guarded part = guard_copy(span_head(rest, piece));
            answer = detection_data(d, side, part.bytes, now += NS_PER_MS);
            if (answer == DETECT_MORE) {
                memcpy(said[side] + said_bytes[side], part.bytes.data, part.bytes.len);
                said_bytes[side] += part.bytes.len;
            }
            rest = span_from(rest, part.bytes.len);
            guard_free(&part);
        }
    }
    struct detection_item item;
    unsigned n = 0;
    for (; detection_replay(d, n, &item); n++) {
        assert_true(item.bytes.len > 0 && item.gap_length == 0 && item.time <= now);
        memcpy(kept[item.side] + kept_bytes[item.side], item.bytes.data, item.bytes.len);
        kept_bytes[item.side] += item.bytes.len;
    }
    assert_true(n <= LIMIT_DETECT_ITEMS);
    assert_string_equal(kept[SIDE_CLIENT], said[SIDE_CLIENT]);
    assert_string_equal(kept[SIDE_SERVER], said[SIDE_SERVER]);
    return answer;
}

static void test_smtp_on_an_odd_port(void **state) {
    (void)state;
    struct stream_info const info = info_of(26000);
    for (size_t piece = 1; piece < 100; piece++) {
        struct detection *d = detection_begin(detector, &info, &holder);
        assert_non_null(d);
        assert_int_equal(detect(d, LINES(smtp_dialogue), piece), DETECT_SMTP);
        assert_string_equal(detection_protocol(d), "SMTP");
        detection_end(d);
    }
    assert_int_equal(counters.detect_cut, 0);
}

static void test_smtp_over_ipv6(void **state) {
    (void)state;
    struct stream_info info = info_of(26000);
    info.client.ip = talk_ip("2001:db8::1");
    info.server.ip = talk_ip("2001:db8::25");
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detect(d, LINES(smtp_dialogue), 1000), DETECT_SMTP);
    detection_end(d);
}

/* A name that nDPI knows as a service's must not hide that this is SMTP. */
static void test_smtp_of_a_known_service(void **state) {
    (void)state;
    static const struct line lines[] = {
        {SIDE_SERVER, "220 mx.google.com ESMTP 4-20020a05 - gsmtp\r\n"},
        {SIDE_CLIENT, "EHLO client.example.net\r\n"},
        {SIDE_SERVER, "250-mx.google.com at your service\r\n250 SIZE 157286400\r\n"},
        {SIDE_CLIENT, "MAIL FROM:<a@example.net>\r\n"},
    };
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detect(d, LINES(lines), 1000), DETECT_SMTP);
    assert_string_equal(detection_protocol(d), "SMTP");
    detection_end(d);
}

static void test_client_only(void **state) {
    (void)state;
    static const struct line lines[] = {{SIDE_CLIENT, "EHLO client.example.net\r\n"},
                                        {SIDE_CLIENT, "MAIL FROM:<a@example.net>\r\n"},
                                        {SIDE_CLIENT, "RCPT TO:<b@example.org>\r\n"},
                                        {SIDE_CLIENT, "DATA\r\n"}};
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detect(d, LINES(lines), 1000), DETECT_SMTP);
    detection_end(d);
}

static void test_http_named(void **state) {
    (void)state;
    static const struct line lines[] = {
        {SIDE_CLIENT, "GET /index.html HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: test\r\n\r\n"},
        {SIDE_SERVER, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"},
        {SIDE_CLIENT, "GET /again HTTP/1.1\r\nHost: www.example.org\r\n\r\n"}};
    uint16_t const ports[] = {25, 80, 8025};
    for (size_t i = 0; i < 3; i++) {
        struct stream_info const info = info_of(ports[i]);
        for (size_t piece = 1; piece < 200; piece += 33) {
            struct detection *d = detection_begin(detector, &info, &holder);
            assert_int_equal(detect(d, LINES(lines), piece), DETECT_OTHER);
            assert_string_equal(detection_protocol(d), "HTTP");
            detection_end(d);
        }
    }
}

static void test_others_named(void **state) {
    (void)state;
    static const struct line ssh[] = {{SIDE_SERVER, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"},
                                      {SIDE_CLIENT, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"},
                                      {SIDE_SERVER, "\x01\x02\x03\x04"}};
    static const struct line ftp[] = {{SIDE_SERVER, "220 ftp.example.org FTP server ready\r\n"},
                                      {SIDE_CLIENT, "USER anonymous\r\n"},
                                      {SIDE_SERVER, "331 Guest login ok\r\n"},
                                      {SIDE_CLIENT, "PASS guest\r\n"},
                                      {SIDE_SERVER, "230 logged in\r\n"}};
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detect(d, LINES(ssh), 1000), DETECT_OTHER);
    assert_string_equal(detection_protocol(d), "SSH");
    detection_end(d);
    d = detection_begin(detector, &info, &holder);
    assert_int_equal(detect(d, LINES(ftp), 1000), DETECT_OTHER);
    assert_string_equal(detection_protocol(d), "FTP_CONTROL");
    detection_end(d);
}

static void test_tls_ports(void **state) {
    (void)state;
    struct {
        uint16_t port;
        enum detect_answer answer;
        const char *name;
        bool alpn; /* the ClientHello offers "smtp" */
    } const cases[] = {{465, DETECT_TLS_MAIL, "SMTPS", false},
                       {26000, DETECT_OTHER, "TLS", false},
                       {993, DETECT_OTHER, "IMAPS", false},
                       {465, DETECT_TLS_MAIL, "SMTPS", true},
                       {26000, DETECT_TLS_MAIL, "TLS", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stream_info const info = info_of(cases[i].port);
        struct span client = span_of(implicit_12_client, sizeof implicit_12_client);
        struct span server = span_of(implicit_12_server, sizeof implicit_12_server);
        if (cases[i].alpn) client = span_of(implicit_13_client, sizeof implicit_13_client);
        if (cases[i].alpn) server = span_of(implicit_13_server, sizeof implicit_13_server);
        struct detection *d = detection_begin(detector, &info, &holder);
        enum detect_answer answer = detection_data(d, SIDE_CLIENT, client, info.start);
        if (answer == DETECT_MORE) answer = detection_data(d, SIDE_SERVER, server, info.start);
        assert_int_equal(answer, cases[i].answer);
        assert_string_equal(detection_protocol(d), cases[i].name);
        detection_end(d);
    }
}

static void test_limit_of_bytes(void **state) {
    (void)state;
    uint64_t const before = counters.detect_cut;
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    enum detect_answer answer = DETECT_MORE;
    size_t taken = 0;
    while (answer == DETECT_MORE && taken < 100000) {
        answer = detection_data(d, SIDE_SERVER, SPAN_LITERAL("\x80\x81\x82 no protocol at all"), info.start);
        if (answer == DETECT_MORE) taken += 22;
    }
    assert_int_equal(answer, DETECT_OTHER);
    assert_true(taken <= LIMIT_DETECT_BYTES);
    struct detection_item item;
    assert_true(detection_replay(d, 0, &item));
    assert_int_equal(item.bytes.len, taken);
    assert_false(detection_replay(d, 1, &item));
    assert_string_equal(detection_protocol(d), "Unknown");
    detection_end(d);
    assert_true(counters.detect_cut <= before + 1);
}

/* One span larger than all that may be kept. */
static void test_large_span(void **state) {
    (void)state;
    static char text[LIMIT_DETECT_BYTES * 3];
    memset(text, 'a', sizeof text);
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detection_data(d, SIDE_CLIENT, span_of(text, sizeof text), info.start), DETECT_OTHER);
    struct detection_item item;
    assert_false(detection_replay(d, 0, &item));
    detection_end(d);
}

static void test_limit_of_turns(void **state) {
    (void)state;
    uint64_t const before = counters.detect_cut;
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    unsigned turns = 0;
    while (detection_data(d, turns % 2 == 0 ? SIDE_CLIENT : SIDE_SERVER, SPAN_LITERAL("220"), info.start) ==
           DETECT_MORE)
        assert_true(++turns <= LIMIT_DETECT_ITEMS);
    struct detection_item item;
    assert_true(detection_replay(d, turns - 1, &item));
    assert_false(detection_replay(d, turns, &item));
    detection_end(d);
    assert_true(counters.detect_cut <= before + 1);
}

static void test_gap_is_replayed(void **state) {
    (void)state;
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detection_gap(d, SIDE_SERVER, 40, info.start), DETECT_MORE);
    assert_int_equal(detection_data(d, SIDE_CLIENT, SPAN_LITERAL("EHLO client\r\n"), info.start + 1), DETECT_MORE);
    assert_int_equal(detection_gap(d, SIDE_CLIENT, 7, info.start + 2), DETECT_MORE);
    struct detection_item item;
    assert_true(detection_replay(d, 0, &item));
    assert_int_equal(item.gap_length, 40);
    assert_int_equal(item.side, SIDE_SERVER);
    assert_true(detection_replay(d, 1, &item));
    assert_true(span_equal(item.bytes, SPAN_LITERAL("EHLO client\r\n")));
    assert_int_equal(item.time, info.start + 1);
    assert_true(detection_replay(d, 2, &item));
    assert_int_equal(item.gap_length, 7);
    assert_false(detection_replay(d, 3, &item));
    detection_end(d);
}

/* Where there is no room the one that was silent longest makes some: first of those that are only recorded. */
static void test_pool(void **state) {
    (void)state;
    static struct detection *all[LIMIT_DETECTIONS];
    struct stream_info const info = info_of(26000);
    uint64_t const before = counters.detect_cut;
    for (size_t i = 0; i < LIMIT_DETECTIONS; i++) {
        if (i % 2 == 0)
            detection_begin(detector, &info, &all[i]);
        else
            detection_record_begin(detector, &info, &all[i]);
        assert_non_null(all[i]);
    }
    struct detection *more[LIMIT_DETECTIONS / 2];
    detection_record(all[1], SIDE_CLIENT, SPAN_LITERAL("a"), info.start);
    detection_begin(detector, &info, &more[0]);
    assert_null(all[3]);
    assert_non_null(all[1]);
    for (size_t i = 1; i < LIMIT_DETECTIONS / 2; i++) detection_begin(detector, &info, &more[i]);
    for (size_t i = 0; i < LIMIT_DETECTIONS; i++) assert_true((all[i] == NULL) == (i % 2 == 1));
    assert_int_equal(counters.detect_cut, before);
    (void)detection_data(all[0], SIDE_CLIENT, SPAN_LITERAL("a"), info.start);
    struct detection *last;
    detection_begin(detector, &info, &last);
    assert_null(all[2]);
    assert_non_null(all[0]);
    assert_int_equal(counters.detect_cut, before + 1);
    detection_end(last);
    for (size_t i = 0; i < LIMIT_DETECTIONS / 2; i++) detection_end(more[i]);
    for (size_t i = 0; i < LIMIT_DETECTIONS; i++)
        if (all[i] != NULL) detection_end(all[i]);
    struct detection *d = detection_begin(detector, &info, &holder);
    assert_int_equal(detect(d, LINES(smtp_dialogue), 1000), DETECT_SMTP); /* nothing of its former life */
    detection_end(d);
}

/* --- names of what is no mail ------------------------------------------------------------------------------------ */

static const char *name_of(const struct line *lines, size_t count) {
    struct stream_info const info = info_of(25);
    struct detection *d = detection_record_begin(detector, &info, &holder);
    for (size_t i = 0; i < count; i++)
        assert_true(detection_record(d, lines[i].side, span_from_string(lines[i].text), info.start));
    const char *name = detection_name(d);
    detection_end(d);
    return name;
}
#define NAME_OF(...) name_of(LINES(((const struct line[]){__VA_ARGS__})))

static void test_names(void **state) {
    (void)state;
    assert_string_equal(NAME_OF({SIDE_CLIENT, "GET / HTTP/1.0\r\n\r\n"}, {SIDE_SERVER, "220 mx ESMTP\r\n"}), "HTTP");
    assert_string_equal(NAME_OF({SIDE_SERVER, "220 mx ESMTP\r\n"}, {SIDE_CLIENT, "GET / HTTP/1.0\r\n\r\n"}), "HTTP");
    assert_string_equal(NAME_OF({SIDE_CLIENT, "*1\r\n$4\r\nPING\r\n"}, {SIDE_SERVER, "+PONG\r\n"},
                                {SIDE_CLIENT, "*1\r\n$4\r\nPING\r\n"}, {SIDE_SERVER, "+PONG\r\n"}),
                        "Redis");
    assert_string_equal(NAME_OF({SIDE_SERVER, "RFB 003.008\n"}, {SIDE_CLIENT, "RFB 003.008\n"}), "VNC");
    assert_null(name_of(LINES(smtp_dialogue)));
    assert_null(NAME_OF({SIDE_SERVER, "220 mx.example.org ESMTP\r\n"}));
    assert_null(NAME_OF({SIDE_CLIENT, "hello\r\n"}, {SIDE_SERVER, "what?\r\n"}));
}

/* No name without ground: random bytes have none (fixed seed). */
static void test_random_bytes_have_no_name(void **state) {
    (void)state;
    struct stream_info const info = info_of(25);
    uint64_t seed = 20240229;
    unsigned named = 0;
    for (unsigned i = 0; i < 5000; i++) {
        struct detection *d = detection_record_begin(detector, &info, &holder);
        for (unsigned turn = 0; turn < 6; turn++) {
            uint8_t bytes[200];
            for (size_t at = 0; at < sizeof bytes; at++) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                bytes[at] = (uint8_t)(seed >> 56);
            }
            detection_record(d, turn % 2 == 0 ? SIDE_CLIENT : SIDE_SERVER, span_of(bytes, 1 + bytes[0] % 199),
                             info.start);
        }
        const char *name = detection_name(d);
        if (name != NULL) (void)fprintf(stderr, "random bytes %u: %s\n", i, name);
        named += name != NULL;
        detection_end(d);
    }
    assert_int_equal(named, 0);
}

static void test_record_limits(void **state) {
    (void)state;
    struct stream_info const info = info_of(25);
    struct detection *d = detection_record_begin(detector, &info, &holder);
    static const uint8_t much[LIMIT_DETECT_BYTES];
    for (unsigned i = 0; i < LIMIT_DETECT_ITEMS; i++)
        assert_true(i % 3 == 2 ? detection_record_gap(d, SIDE_CLIENT, 7, info.start)
                               : detection_record(d, i % 3, SPAN_LITERAL("a"), info.start));
    assert_false(detection_record(d, SIDE_SERVER, SPAN_LITERAL("a"), info.start));
    assert_false(detection_record_gap(d, SIDE_CLIENT, 7, info.start));
    assert_null(detection_name(d));
    detection_end(d);
    d = detection_record_begin(detector, &info, &holder);
    assert_true(detection_record(d, SIDE_CLIENT, span_of(much, sizeof much), info.start));
    assert_false(detection_record(d, SIDE_CLIENT, SPAN_LITERAL("a"), info.start));
    detection_end(d);
}

/* Passwords that nDPI decodes, and the line they came in, are gone when the detection is over. */
static void test_password_wiped(void **state) {
    (void)state;
    struct stream_info const info = info_of(26000);
    struct detection *d = detection_begin(detector, &info, &holder);
    /* base64 of NUL "user" NUL "Secret12" */
    (void)detection_data(d, SIDE_CLIENT, SPAN_LITERAL("AUTH PLAIN AHVzZXIAU2VjcmV0MTI=\r\n"), info.start);
    if (d == NULL) abort();
    size_t const looked_at = 3072; /* a detection is a little more */
    assert_non_null(memmem(d, looked_at, "Secret12", 8));
    assert_non_null(memmem(d, looked_at, "U2VjcmV0MTI", 11));
    detection_end(d); /* the memory stays the pool's */
    assert_null(memmem(d, looked_at, "Secret12", 8));
    assert_null(memmem(d, looked_at, "U2VjcmV0MTI", 11));
}

/* --- TLS facts: expected values from tshark and from what openssl was told --------------------------------------- */

struct hello_case {
    const uint8_t *client, *server;
    size_t client_bytes, server_bytes;
    const char *version, *sni, *ja3, *alpn;
};

#define HELLO(name) name##_client, name##_server, sizeof name##_client, sizeof name##_server
static const struct hello_case hellos[] = {
    {HELLO(starttls_13), "TLSv1.3", "mx.example.org", "f146948b4a599d4d7ddf071b74696983", ""},
    {HELLO(starttls_12), "TLSv1.2", "mx.example.org", "871a754af286dfb70c1b53c6887c62e0", ""},
    {HELLO(implicit_13), "TLSv1.3", "implicit.example.net", "5a1edc7f170af1014fc65c994878e63c", "smtp"},
    {HELLO(implicit_12), "TLSv1.2", "", "fbe7e189e37a07ee33706f86bc746344", ""},
};

static void test_tls_facts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof hellos / sizeof hellos[0]; i++) {
        const struct hello_case *h = &hellos[i];
        uint16_t const ports[] = {25, 465, 587, 26000};
        for (size_t p = 0; p < 4; p++) {
            struct stream_info const info = info_of(ports[p]);
            struct guarded client = guard_copy(span_of(h->client, h->client_bytes));
            struct guarded server = guard_copy(span_of(h->server, h->server_bytes));
            struct tls_facts facts;
            assert_true(detector_tls_facts(detector, &info, client.bytes, server.bytes, &facts));
            assert_string_equal(facts.version, h->version);
            assert_string_equal(facts.sni, h->sni);
            assert_string_equal(facts.ja3, h->ja3);
            assert_string_equal(facts.alpn, h->alpn);
            guard_free(&client);
            guard_free(&server);
        }
    }
}

static void test_tls_one_side(void **state) {
    (void)state;
    const struct hello_case *h = &hellos[0];
    struct stream_info const info = info_of(25);
    struct span const client = span_of(h->client, h->client_bytes), server = span_of(h->server, h->server_bytes);
    struct tls_facts facts;
    assert_true(detector_tls_facts(detector, &info, client, SPAN_EMPTY, &facts));
    assert_string_equal(facts.version, ""); /* what a client offers is not what was agreed */
    assert_string_equal(facts.ja3, h->ja3);
    assert_true(detector_tls_facts(detector, &info, SPAN_EMPTY, server, &facts));
    assert_string_equal(facts.version, "TLSv1.3");
    assert_string_equal(facts.ja3, "");
    assert_string_equal(facts.sni, "");
}

/* The ClientHello in two records, as some clients send it: the facts are the same. */
static void test_tls_hello_in_two_records(void **state) {
    (void)state;
    const struct hello_case *h = &hellos[0];
    struct stream_info const info = info_of(25);
    for (size_t first = 1; first < h->client_bytes - 6; first++) {
        uint8_t two[4096];
        size_t const rest = h->client_bytes - 5 - first;
        memcpy(two, h->client, 3);
        talk_put16(two + 3, (uint32_t)first);
        memcpy(two + 5, h->client + 5, first);
        memcpy(two + 5 + first, h->client, 3);
        talk_put16(two + 5 + first + 3, (uint32_t)rest);
        memcpy(two + 5 + first + 5, h->client + 5 + first, rest);
        struct tls_facts facts;
        assert_true(detector_tls_facts(detector, &info, span_of(two, h->client_bytes + 5), SPAN_EMPTY, &facts));
        assert_string_equal(facts.ja3, h->ja3);
        assert_string_equal(facts.sni, h->sni);
    }
}

static void test_tls_cut_or_broken(void **state) {
    (void)state;
    const struct hello_case *h = &hellos[0];
    struct stream_info const info = info_of(25);
    struct tls_facts facts;
    for (size_t len = 0; len < h->client_bytes; len++) {
        struct guarded client = guard_copy(span_of(h->client, len));
        assert_false(detector_tls_facts(detector, &info, client.bytes, client.bytes, &facts));
        assert_string_equal(facts.ja3, "");
        guard_free(&client);
    }
    for (size_t i = 0; i < h->client_bytes * 8; i++) { /* one bit flipped: anything but a crash */
        struct guarded client = guard_copy(span_of(h->client, h->client_bytes));
        client.memory[client.bytes.data - client.memory + (ptrdiff_t)(i / 8)] ^= (uint8_t)(1 << i % 8);
        (void)detector_tls_facts(detector, &info, client.bytes, span_of(h->server, h->server_bytes), &facts);
        guard_free(&client);
    }
    for (size_t i = 0; i < h->server_bytes * 8; i++) {
        struct guarded server = guard_copy(span_of(h->server, h->server_bytes));
        server.memory[server.bytes.data - server.memory + (ptrdiff_t)(i / 8)] ^= (uint8_t)(1 << i % 8);
        (void)detector_tls_facts(detector, &info, span_of(h->client, h->client_bytes), server.bytes, &facts);
        guard_free(&server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smtp_on_an_odd_port),
        cmocka_unit_test(test_smtp_over_ipv6),
        cmocka_unit_test(test_smtp_of_a_known_service),
        cmocka_unit_test(test_client_only),
        cmocka_unit_test(test_http_named),
        cmocka_unit_test(test_others_named),
        cmocka_unit_test(test_tls_ports),
        cmocka_unit_test(test_limit_of_bytes),
        cmocka_unit_test(test_large_span),
        cmocka_unit_test(test_limit_of_turns),
        cmocka_unit_test(test_gap_is_replayed),
        cmocka_unit_test(test_pool),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_random_bytes_have_no_name),
        cmocka_unit_test(test_record_limits),
        cmocka_unit_test(test_password_wiped),
        cmocka_unit_test(test_tls_facts),
        cmocka_unit_test(test_tls_one_side),
        cmocka_unit_test(test_tls_hello_in_two_records),
        cmocka_unit_test(test_tls_cut_or_broken),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
