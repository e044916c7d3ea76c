/* Publishing to a real redis-server: what stands where, and that every event arrives once and in order, whatever
 * happens to the server.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <event2/event.h>

#include "publish/sink.h"
#include "redis_events.h"

#define DRAIN_MS 20000

static struct redis_server server;
static struct config config;
static struct wording wording;
static struct counters counters;
static struct event_base *base;
static struct redis_publisher *publisher;
static struct output output;
static char said[8192];
static unsigned said_count;

static void on_say(void *context, const char *text) {
    (void)context;
    said_count++;
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%s\n", text);
}

static void publisher_begin(void) {
    struct problem problem;
    struct redis_settings settings = {.wording = &wording, .counters = &counters, .say = on_say};
    publisher = redis_publisher_new(base, &settings, &problem);
    assert_non_null(publisher);
    output = redis_publisher_output(publisher);
}

static int begin_with_password(const char *password) {
    signal(SIGPIPE, SIG_IGN);
    if (!redis_server_new(&server, password)) return 1;
    memset(&counters, 0, sizeof counters);
    said[0] = '\0';
    said_count = 0;
    sample_config(&config);
    snprintf(config.redis_url, sizeof config.redis_url, "unix://%s", server.socket);
    wording_init(&wording, &config, NULL, NULL);
    base = event_base_new();
    return base == NULL;
}

static int begin(void **state) {
    (void)state;
    if (begin_with_password(NULL) != 0) return 1;
    publisher_begin();
    return 0;
}

static int begin_locked(void **state) {
    (void)state;
    return begin_with_password("secret");
}

static int end(void **state) {
    (void)state;
    redis_publisher_free(publisher);
    publisher = NULL;
    if (base != NULL) event_base_free(base);
    base = NULL;
    redis_server_free(&server);
    return 0;
}

/* --- asking the server -------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 1, 2))) static redisReply *ask(const char *format, ...) {
    va_list values;
    va_start(values, format);
    redisReply *reply = redisvCommand(server.client, format, values);
    va_end(values);
    assert_non_null(reply);
    if (reply->type == REDIS_REPLY_ERROR) fail_msg("%s: %s", format, reply->str);
    return reply;
}

static long long ask_number(const char *command) {
    redisReply *reply = ask(command, NULL);
    assert_int_equal(reply->type, REDIS_REPLY_INTEGER);
    long long number = reply->integer;
    freeReplyObject(reply);
    return number;
}

/* A text in a buffer of its own, good until the fourth next call; "(nil)" when there is none. */
static const char *ask_text(const char *command) {
    static char texts[4][1024];
    static unsigned next;
    char *text = texts[next++ % 4];
    redisReply *reply = ask(command, NULL);
    snprintf(text, sizeof texts[0], "%s", reply->str == NULL ? "(nil)" : reply->str);
    freeReplyObject(reply);
    return text;
}

/* --- publishing --------------------------------------------------------------------------------------------------- */

static void publish_numbered(unsigned first, unsigned last) {
    for (unsigned n = first; n <= last; n++) {
        struct decision decision = event_numbered(n);
        output.event(output.context, &decision);
    }
}

static void stream_holds(unsigned last) {
    stream_holds_numbered(&server, &wording, last);
}

static void block_and_release(void **state) {
    (void)state;
    static char event[EVENT_JSON_BYTES];
    struct decision decision = sample_decision(DECISION_BLOCK);
    output.event(output.context, &decision);
    assert_int_equal(redis_publisher_pending(publisher), 1);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_int_equal(redis_publisher_pending(publisher), 0);

    event[event_json(&wording, &decision, event, sizeof event - 1)] = '\0';
    redisReply *stream = ask("XRANGE mailspan:events - +");
    assert_int_equal(stream->elements, 1);
    assert_string_equal(stream_field(stream, 0, "event"), event);
    assert_string_equal(stream_field(stream, 0, "kind"), "block");
    assert_string_equal(stream_field(stream, 0, "subject"), "192.0.2.7");
    freeReplyObject(stream);
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 state"), "blocked");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 level"), "1");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 action"), "discard");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 seq"), "3");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 expires_at"), "2026-01-02T04:04:05.123456Z");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 prefix"), "192.0.2.7/32");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 reason"), "22 of 100 messages bounced");
    /* 2026-01-02T04:04:05.123456Z is 1767326645.123456 */
    assert_int_equal(strncmp(ask_text("ZSCORE mailspan:blocked 192.0.2.7"), "1767326645.123456", 17), 0);

    decision = sample_decision(DECISION_RELEASE);
    decision.sequence = 4;
    output.event(output.context, &decision);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_int_equal(ask_number("XLEN mailspan:events"), 2);
    assert_int_equal(ask_number("ZCARD mailspan:blocked"), 0);
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 state"), "clear");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 expires_at"), "");
}

static void ipv6_block_without_end(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_BLOCK);
    decision.ip = (struct ip_address){{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2}};
    decision.prefix_bits = 64;
    decision.expires = 0;
    output.event(output.context, &decision);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_string_equal(ask_text("ZSCORE mailspan:blocked 2001:db8:1:2::/64"), "inf");
    assert_string_equal(ask_text("HGET mailspan:source:2001:db8:1:2:: state"), "blocked");
}

/* A decision that was withheld leaves the source as it is. */
static void withheld_changes_no_state(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_WITHHELD);
    output.event(output.context, &decision);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 state"), "clear");
    struct decision block = sample_decision(DECISION_BLOCK);
    block.sequence = 4;
    decision.sequence = 5;
    output.event(output.context, &block);
    output.event(output.context, &decision);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 state"), "blocked");
    assert_string_equal(ask_text("HGET mailspan:source:192.0.2.7 seq"), "5");
    assert_int_equal(ask_number("ZCARD mailspan:blocked"), 1);
    assert_int_equal(ask_number("TTL mailspan:source:192.0.2.7"), -1);
}

static void each_kind_on_its_channel(void **state) {
    (void)state;
    static const char *const channels[] = {[DECISION_WARN] = "mailspan:warn",
                                           [DECISION_THROTTLE] = "mailspan:throttle",
                                           [DECISION_BLOCK] = "mailspan:block",
                                           [DECISION_RELEASE] = "mailspan:release",
                                           [DECISION_WITHHELD] = "mailspan:health"};
    static char event[EVENT_JSON_BYTES];
    freeReplyObject(ask("PSUBSCRIBE mailspan:*"));
    for (unsigned kind = DECISION_WARN; kind <= DECISION_WITHHELD; kind++) {
        struct decision decision = sample_decision((enum decision_kind)kind);
        decision.sequence = kind;
        output.event(output.context, &decision);
        assert_true(redis_publisher_drain(publisher, DRAIN_MS));
        event[event_json(&wording, &decision, event, sizeof event - 1)] = '\0';
        redisReply *message = NULL;
        assert_int_equal(redisGetReply(server.client, (void **)&message), REDIS_OK);
        assert_string_equal(message->element[2]->str, channels[kind]);
        assert_string_equal(message->element[3]->str, event);
        freeReplyObject(message);
    }
}

static void heartbeat(void **state) {
    (void)state;
    config.heartbeat_s = 1;
    counters.packets = 12345;
    for (unsigned i = 0; i < 100 && ask_number("EXISTS mailspan:sensor:abc") == 0; i++) {
        if (i == 0) strcpy(config.sensor_id, "abc");
        redis_publisher_turn(publisher);
        usleep(10000);
    }
    assert_string_equal(ask_text("HGET mailspan:sensor:abc packets"), "12345");
    assert_string_equal(ask_text("HGET mailspan:sensor:abc version"), MAILSPAN_VERSION);
    assert_string_equal(ask_text("HGET mailspan:sensor:abc pending"), "0");
    long long ttl = ask_number("TTL mailspan:sensor:abc");
    assert_true(ttl >= 1 && ttl <= 3);
    assert_string_equal(said + strlen(said) - 1, "\n");
    assert_int_equal(said_count, 1);
    assert_non_null(strstr(said, "connected to Redis at /tmp/mailspan-test-redis-"));
}

static void stream_is_capped_and_ids_are_bounded(void **state) {
    (void)state;
    config.redis_stream_max = 100;
    publish_numbered(1, 5000);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_int_equal(ask_number("XLEN mailspan:events"), 100);
    assert_int_equal(ask_number("ZCARD mailspan:seen"), 4096);
}

/* --- trouble ------------------------------------------------------------------------------------------------------ */

/* Lets the loop run until at most so many wait. */
static void run_until_pending(size_t at_most) {
    for (unsigned i = 0; i < 1000000 && redis_publisher_pending(publisher) > at_most; i++)
        event_base_loop(base, EVLOOP_ONCE);
}

/* Killed with a window in flight, more events while it is away, and back with what it had on disk. */
static void server_killed_and_back(void **state) {
    (void)state;
    publish_numbered(1, 1000);
    run_until_pending(500);
    assert_true(redis_publisher_pending(publisher) > 0);
    redis_server_kill(&server);
    publish_numbered(1001, 1500);
    assert_false(redis_publisher_drain(publisher, 400));
    assert_true(redis_publisher_pending(publisher) >= 500);
    assert_true(redis_server_start(&server));
    publish_numbered(1501, 2000);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_int_equal(redis_publisher_pending(publisher), 0);
    stream_holds(2000);
    assert_int_equal(counters.events_dropped, 0);
    assert_non_null(strstr(said, "events do not reach Redis"));
    assert_true(said_count >= 3 && said_count <= 6); /* connected, lost, no socket, connected: not once for each try */
}

static void redis_figures(struct redis_figures *figures) {
    memset(figures, 0xff, sizeof *figures);
    redis_publisher_figures(publisher, figures);
    assert_true(figures->configured);
}

/* What waits grows older until Redis has it. */
static void figures_of_what_waits(void **state) {
    (void)state;
    struct redis_figures figures, later;
    int64_t begun, published, looked;
    redis_figures(&figures);
    assert_false(figures.connected);
    assert_int_equal(figures.connections + figures.published + figures.pending, 0);
    assert_int_equal(figures.lag_ns, 0);
    publish_numbered(1, 3);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redis_figures(&figures);
    assert_true(figures.connected);
    assert_int_equal(figures.connections, 1);
    assert_int_equal(figures.published, 3);
    assert_int_equal(figures.pending, 0);
    assert_int_equal(figures.lag_ns, 0);
    redis_server_kill(&server);
    begun = sink_now();
    publish_numbered(4, 5);
    published = sink_now();
    assert_false(redis_publisher_drain(publisher, 100));
    looked = sink_now();
    redis_figures(&figures);
    assert_false(figures.connected);
    assert_int_equal(figures.pending, 2);
    assert_true(figures.lag_ns >= looked - published && figures.lag_ns <= sink_now() - begun);
    assert_false(redis_publisher_drain(publisher, 20));
    redis_figures(&later);
    assert_true(later.lag_ns > figures.lag_ns);
    assert_true(redis_server_start(&server));
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redis_figures(&later);
    assert_int_equal(later.connections, 2);
    assert_int_equal(later.published, 5);
    assert_int_equal(later.lag_ns, 0);
}

/* The server dies again and again, at other places of the window each time. */
static void server_killed_often(void **state) {
    (void)state;
    publish_numbered(1, 1000);
    for (unsigned kill = 1; kill <= 4; kill++) {
        run_until_pending(1000 - kill * 170);
        redis_server_kill(&server);
        for (unsigned turn = 0; turn < kill; turn++) redis_publisher_turn(publisher);
        assert_true(redis_server_start(&server));
    }
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(1000);
}

static void connections_killed(void **state) {
    (void)state;
    for (unsigned round = 0; round < 10; round++) {
        publish_numbered(round * 300 + 1, round * 300 + 300);
        run_until_pending(200);
        freeReplyObject(ask("CLIENT KILL TYPE normal SKIPME yes"));
    }
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(3000);
}

/* One source's key is somebody else's: its events are set aside, the rest goes on in its order. */
static void refused_for_good(void **state) {
    (void)state;
    freeReplyObject(ask("SET mailspan:source:192.0.2.10 no_hash"));
    publish_numbered(1, 60);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redisReply *stream = ask("XRANGE mailspan:events - +");
    assert_int_equal(stream->elements, 57);
    for (unsigned n = 1, i = 0; n <= 60; n++) {
        char id[EVENT_ID_BYTES];
        struct decision decision = event_numbered(n);
        if (n % 20 == 10) continue;
        assert_string_equal(stream_field(stream, i++, "id"), event_id(&wording, &decision, id));
    }
    freeReplyObject(stream);
    assert_int_equal(counters.events_dropped, 3);
    assert_true(redis_publisher_lost(publisher));
    assert_non_null(strstr(said,
                           "refuses the event sensor 1/192.0.2.10/30/2026-01-02T03:04:05.153456Z: REFUSED "
                           "mailspan:source:192.0.2.10 is no hash; it is dropped"));
}

/* A key that all events share: nothing is set aside, and nothing overtakes. */
static void refused_for_a_while(void **state) {
    (void)state;
    freeReplyObject(ask("SET mailspan:blocked no_set"));
    publish_numbered(1, 60);
    assert_false(redis_publisher_drain(publisher, 2500));
    assert_int_equal(redis_publisher_pending(publisher), 60);
    assert_non_null(strstr(said, "WRONGTYPE"));
    assert_string_equal(redis_publisher_where(publisher), server.socket);
    assert_non_null(strstr(redis_publisher_trouble(publisher), "WRONGTYPE"));
    freeReplyObject(ask("DEL mailspan:blocked"));
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(60);
    freeReplyObject(ask("CONFIG SET maxmemory 1"));
    publish_numbered(61, 70);
    assert_false(redis_publisher_drain(publisher, 2500));
    assert_non_null(strstr(redis_publisher_trouble(publisher), "OOM"));
    freeReplyObject(ask("CONFIG SET maxmemory 0"));
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(70);
    assert_int_equal(counters.events_dropped, 0);
    assert_false(redis_publisher_lost(publisher));
}

/* A replay asks at the end; only what is lost is said. */
static void silent_about_the_connection(void **state) {
    (void)state;
    redis_publisher_free(publisher);
    struct problem problem;
    struct redis_settings settings = {.wording = &wording, .counters = &counters, .only_losses = true, .say = on_say};
    publisher = redis_publisher_new(base, &settings, &problem);
    output = redis_publisher_output(publisher);
    redis_server_kill(&server);
    publish_numbered(1, 3);
    assert_false(redis_publisher_drain(publisher, 300));
    assert_non_null(strstr(redis_publisher_trouble(publisher), "Connection refused"));
    assert_true(redis_server_start(&server));
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_int_equal(said_count, 0);
    freeReplyObject(ask("SET mailspan:source:192.0.2.10 no_hash"));
    publish_numbered(10, 10);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_int_equal(said_count, 1);
}

/* Functions and data gone while connected: loaded anew, and it goes on. */
static void functions_flushed(void **state) {
    (void)state;
    publish_numbered(1, 5);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    freeReplyObject(ask("FUNCTION FLUSH"));
    publish_numbered(6, 10);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(10);
}

/* The same while there is nothing to tell but that the sensor lives. */
static void functions_flushed_in_silence(void **state) {
    (void)state;
    config.heartbeat_s = 1;
    strcpy(config.sensor_id, "abc");
    publish_numbered(1, 1);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    freeReplyObject(ask("FUNCTION FLUSH"));
    freeReplyObject(ask("DEL mailspan:sensor:abc"));
    for (unsigned i = 0; i < 1000 && ask_number("EXISTS mailspan:sensor:abc") == 0; i++) {
        redis_publisher_turn(publisher);
        usleep(10000);
    }
    assert_int_equal(ask_number("EXISTS mailspan:sensor:abc"), 1);
}

/* Its turns, until it has said that. */
static void turn_until_said(const char *words) {
    for (unsigned i = 0; i < 1000 && strstr(said, words) == NULL; i++) {
        redis_publisher_turn(publisher);
        usleep(10000);
    }
    assert_non_null(strstr(said, words));
}

/* Somebody else's key of that name: it is said once, and once that it is over; events have gone through all the time.
 */
static void heartbeat_refused(void **state) {
    (void)state;
    config.heartbeat_s = 1;
    strcpy(config.sensor_id, "abc");
    freeReplyObject(ask("SET mailspan:sensor:abc somebody"));
    turn_until_said("does not take the heartbeat: ");
    unsigned const count = said_count;
    publish_numbered(1, 5);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(5);
    freeReplyObject(ask("DEL mailspan:sensor:abc"));
    turn_until_said("takes the heartbeat again");
    assert_int_equal(said_count, count + 1);
}

/* What a second run over the same capture says is there already. */
static void same_events_again(void **state) {
    (void)state;
    publish_numbered(1, 50);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redis_publisher_free(publisher);
    publisher_begin();
    publish_numbered(1, 60);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(60);
}

static void outbox_full(void **state) {
    (void)state;
    redis_server_kill(&server);
    struct decision decision = sample_decision(DECISION_BLOCK);
    for (unsigned i = 0; i < LIMIT_OUTBOX_EVENTS + 10; i++) {
        decision.sequence = i;
        output.event(output.context, &decision);
    }
    size_t pending = redis_publisher_pending(publisher);
    assert_true(pending > 10000 && pending <= LIMIT_OUTBOX_EVENTS);
    assert_int_equal(counters.events_dropped, LIMIT_OUTBOX_EVENTS + 10 - pending);
    assert_int_equal(said_count, 1);
    assert_non_null(strstr(said, "new ones are dropped"));
}

/* A server that takes the connection and never answers. */
static void stopped_server(void **state) {
    (void)state;
    publish_numbered(1, 3);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    kill(server.pid, SIGSTOP);
    publish_numbered(4, 6);
    assert_false(redis_publisher_drain(publisher, 5500));
    assert_non_null(strstr(said, "no answer within 5 s"));
    kill(server.pid, SIGCONT);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(6);
}

static void turn_until_connected_is(bool wanted) {
    struct redis_figures figures;
    redis_figures(&figures);
    for (unsigned i = 0; i < 2000 && figures.connected != wanted; i++) {
        redis_publisher_turn(publisher);
        usleep(10000);
        redis_figures(&figures);
    }
    assert_int_equal(figures.connected, wanted);
}

/* One that stops when nothing waits for it: heartbeats have no answer, either. */
static void stopped_server_in_silence(void **state) {
    (void)state;
    config.heartbeat_s = 1;
    publish_numbered(1, 3);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    kill(server.pid, SIGSTOP);
    turn_until_connected_is(false);
    assert_non_null(strstr(said, "no answer within 5 s"));
    kill(server.pid, SIGCONT);
    turn_until_connected_is(true);
    stream_holds(3);
}

static void password(void **state) {
    (void)state;
    publisher_begin();
    publish_numbered(1, 1);
    assert_false(redis_publisher_drain(publisher, 300));
    assert_non_null(strstr(said, "NOAUTH"));
    redis_publisher_free(publisher);
    said[0] = '\0';

    snprintf(config.redis_url, sizeof config.redis_url, "unix://:wrong@%s", server.socket);
    publisher_begin();
    publish_numbered(1, 1);
    assert_false(redis_publisher_drain(publisher, 300));
    assert_non_null(strstr(said, "AUTH: WRONGPASS"));
    assert_null(strstr(said, "wrong@"));
    redis_publisher_free(publisher);

    snprintf(config.redis_url, sizeof config.redis_url, "unix://:secret@%s", server.socket);
    publisher_begin();
    publish_numbered(1, 1);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redis_publisher_free(publisher);

    snprintf(config.redis_url, sizeof config.redis_url, "unix://default:secret@%s", server.socket);
    publisher_begin();
    publish_numbered(2, 2);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds(2);
}

/* By TCP: nobody listens at first, then the server does; in a database of its own. */
static void over_tcp(void **state) {
    (void)state;
    uint16_t port = redis_server_free_port();
    assert_int_not_equal(port, 0);
    redis_publisher_free(publisher);
    snprintf(config.redis_url, sizeof config.redis_url, "redis://127.0.0.1:%u/3", port);
    publisher_begin();
    publish_numbered(1, 5);
    assert_false(redis_publisher_drain(publisher, 300));
    assert_int_equal(said_count, 1);
    assert_non_null(strstr(said, "Connection refused"));
    freeReplyObject(ask("CONFIG SET port %u", port));
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    freeReplyObject(ask("SELECT 3"));
    stream_holds(5);
}

static void wrong_url(void **state) {
    (void)state;
    struct problem problem;
    struct redis_settings settings = {.wording = &wording, .counters = &counters};
    strcpy(config.redis_url, "http://192.0.2.1");
    assert_null(redis_publisher_new(base, &settings, &problem));
    assert_true(problem.what[0] != '\0');
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(block_and_release),
        TEST(ipv6_block_without_end),
        TEST(withheld_changes_no_state),
        TEST(each_kind_on_its_channel),
        TEST(heartbeat),
        TEST(heartbeat_refused),
        TEST(stream_is_capped_and_ids_are_bounded),
        TEST(server_killed_and_back),
        TEST(figures_of_what_waits),
        TEST(server_killed_often),
        TEST(connections_killed),
        TEST(refused_for_good),
        TEST(refused_for_a_while),
        TEST(silent_about_the_connection),
        TEST(functions_flushed),
        TEST(functions_flushed_in_silence),
        TEST(same_events_again),
        TEST(outbox_full),
        TEST(stopped_server),
        TEST(stopped_server_in_silence),
        cmocka_unit_test_setup_teardown(password, begin_locked, end),
        TEST(over_tcp),
        TEST(wrong_url),
    };
    if (!redis_server_installed()) {
        puts("no redis-server here; expected Debian's package redis-server");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
