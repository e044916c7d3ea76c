/* Events to Redis 7 or Valkey: asynchronous, in order, each once.
 *
 *   outbox -> [ window in flight ] -> mailspan_publish (mailspan.lua)        removed only when its reply has come
 *
 *   AWAY --timer--> CONNECTING --connected--> GREETING --AUTH, SELECT, FUNCTION LOAD--> READY --events-->
 *    ^                   |                       |                                        |
 *    +---- why, once; wait 0.1 s, doubling to 5 s +---------------------------------------+
 *
 * Whatever goes wrong (the server dies, an error reply, no answer in time) is handled in one way: the connection is
 * given up and everything not acknowledged is sent again on the next.  The function drops an event whose id it has
 * seen, and refuses one whose predecessor is missing, so neither a lost reply nor a failure in mid-window, nor bytes of
 * the old connection that the server reads late, double or reorder events.
 *
 * One event must not stop all others for ever: what is refused again and again as the oldest is set aside, unless the
 * refusal says how the server is, which passes (FOR_A_WHILE below).  An error of the function's own, REFUSED, says that
 * this event cannot come in; of any other, which we do not know, it takes longer to be believed.
 *
 * A process that may open no socket asks another one for the connection (settings.ask_for_connection), which is ASKED
 * in the place of CONNECTING.  Where hiredis 0.14 connects it looks the host up by getaddrinfo, which blocks; give an
 * address or a socket where that matters.  The caller ignores SIGPIPE.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <event2/util.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "mailspan/embedded.h"
#include "redis_answers.h"
#include "redis_command.h"
#include "sink.h"
#include "text_table.h"

#define WINDOW 128 /* events in flight: one round trip pays for all of them */
#define RETRY_FIRST_MS 100
#define RETRY_LAST_MS 5000
#define ANSWER_WITHIN_MS 5000 /* to a connection, or to whatever is in flight */
#define ASKED_WITHIN_MS 8000  /* who is asked tries for ANSWER_WITHIN_MS himself: his answer should not come late */

#define REFUSALS_KNOWN 3  /* of one event, before it is set aside: REFUSED */
#define REFUSALS_OTHER 12 /* ... any other error: about 25 s, with the waits between */

enum connection { AWAY, ASKED, CONNECTING, GREETING, READY };

struct redis_publisher {
    struct event_base *base;
    struct redis_settings settings;
    struct redis_target target;
    char where[CONFIG_TEXT_BYTES + 32]; /* for people: without the password */
    enum connection connection;
    redisAsyncContext *context; /* NULL when AWAY or ASKED */
    struct event *retry, *watch, *beat, *deadline;
    int retry_ms;
    struct outbox outbox;
    size_t in_flight;               /* the first so many of the outbox */
    char last_sent[EVENT_ID_BYTES]; /* on this connection; empty: nothing yet */
    bool time_up;                   /* of a drain */
    unsigned refusals;              /* of the oldest event, one after the other */
    bool lost;                      /* an event was dropped */
    uint64_t connections, published;
    bool beat_in_flight; /* a heartbeat was sent, and not answered yet */
    bool said_full, said_beat, said_connected;
    char trouble[256];            /* why the connection was lost the last time */
    char said[512];               /* the last that was said */
    struct redis_command command; /* scratch */
};

/* --- words to people ---------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void say(struct redis_publisher *publisher, const char *format, ...) {
    char text[512], safe[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (strcmp(text, publisher->said) == 0) return; /* every attempt fails in the same way: said once */
    memcpy(publisher->said, text, sizeof text);
    if (publisher->settings.say == NULL) return;
    publisher->settings.say(publisher->settings.say_context,
                            text_escape(safe, sizeof safe, span_from_string(text), sizeof safe));
}

/* It works: said when an event went through, or when none waits; a server that only takes connections is not enough. */
static void say_connected(struct redis_publisher *publisher) {
    publisher->retry_ms = RETRY_FIRST_MS;
    if (publisher->settings.only_losses || publisher->said_connected) return;
    publisher->said_connected = true;
    say(publisher, "connected to Redis at %s", publisher->where);
}

static void arm(struct event *timer, int64_t ms) {
    struct timeval tv = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
    event_add(timer, &tv);
}

/* --- losing the connection ---------------------------------------------------------------------------------------- */

static void go_away(struct redis_publisher *publisher, const char *why) {
    publisher->connection = AWAY;
    publisher->context = NULL;
    publisher->in_flight = 0;
    publisher->beat_in_flight = false;
    publisher->last_sent[0] = '\0';
    event_del(publisher->watch);
    arm(publisher->retry, publisher->retry_ms);
    publisher->retry_ms = publisher->retry_ms * 2 < RETRY_LAST_MS ? publisher->retry_ms * 2 : RETRY_LAST_MS;
    snprintf(publisher->trouble, sizeof publisher->trouble, "%s", why);
    publisher->said_connected = false;
    if (publisher->settings.only_losses) return;
    say(publisher, "events do not reach Redis at %s: %s; they wait, and it is tried again within %d s",
        publisher->where, why, RETRY_LAST_MS / 1000);
}

/* By our own wish.  Not from on_connect: hiredis goes on using the context there. */
static void give_up(struct redis_publisher *publisher, const char *why) {
    redisAsyncContext *context = publisher->context;
    char reason[256];
    snprintf(reason, sizeof reason, "%s", why); /* why may point into the context */
    go_away(publisher, reason);
    if (context == NULL) return;
    context->data = NULL; /* its callbacks, which all come with a NULL reply now, are nobody's */
    redisAsyncFree(context);
}

static void on_disconnect(const redisAsyncContext *context, int status) {
    struct redis_publisher *publisher = context->data;
    (void)status;
    if (publisher == NULL || publisher->context != context) return;
    go_away(publisher, redis_answers_trouble(context));
}

static bool waits_for_answer(const struct redis_publisher *publisher) {
    return publisher->in_flight > 0 || publisher->beat_in_flight;
}

static void on_watch(evutil_socket_t fd, short what, void *argument) {
    struct redis_publisher *publisher = argument;
    (void)fd, (void)what;
    if (publisher->connection == AWAY || (publisher->connection == READY && !waits_for_answer(publisher))) return;
    give_up(publisher, publisher->connection == ASKED ? "no connection within 8 s" : "no answer within 5 s");
}

/* --- sending events ----------------------------------------------------------------------------------------------- */

static void send_events(struct redis_publisher *publisher);

/* Somebody has flushed the functions: only a new connection loads ours. */
static bool function_is_gone(const char *error) {
    return strstr(error, "Function not found") != NULL;
}

/* Errors that say how the server is, not what it thinks of an event: these pass, or somebody mends them.  WRONGTYPE is
 * of a key that all events share: of a source's own key the function says REFUSED. */
static bool is_for_a_while(const char *error) {
    static const char *const FOR_A_WHILE[] = {"LOADING",    "READONLY",    "OOM",        "NOSCRIPT",   "BUSY",
                                              "MASTERDOWN", "MISCONF",     "NOREPLICAS", "NOAUTH",     "OUTOFORDER",
                                              "NOPERM",     "CLUSTERDOWN", "TRYAGAIN",   "MOVED",      "ASK",
                                              "NOPROTO",    "WRONGPASS",   "WRONGTYPE",  "NOGOODSLAVE"};
    size_t length = strcspn(error, " ");
    for (size_t i = 0; i < sizeof FOR_A_WHILE / sizeof FOR_A_WHILE[0]; i++)
        if (strlen(FOR_A_WHILE[i]) == length && strncmp(error, FOR_A_WHILE[i], length) == 0) return true;
    return function_is_gone(error) || strstr(error, "max number of clients") != NULL;
}

static void drop(struct redis_publisher *publisher) {
    publisher->settings.counters->events_dropped++;
    publisher->lost = true;
}

/* The oldest event was refused.  True when it is set aside, so that those behind it have their turn. */
static bool set_aside(struct redis_publisher *publisher, const char *error) {
    if (is_for_a_while(error)) return false;
    bool known = strncmp(error, "REFUSED ", 8) == 0;
    if (++publisher->refusals < (known ? REFUSALS_KNOWN : REFUSALS_OTHER)) return false;
    const struct outbox_command *command = outbox_at(&publisher->outbox, 0);
    struct span id = command->arguments[redis_command_id_argument(command->arguments, command->count)];
    say(publisher, "Redis at %s refuses the event %.*s: %s; it is dropped, and those behind it go on", publisher->where,
        (int)id.len, (const char *)id.data, error);
    drop(publisher);
    publisher->refusals = 0;
    outbox_pop(&publisher->outbox);
    return true;
}

/* What is in flight behind the refused event is refused, too: its predecessor is missing. */
static void on_refused(struct redis_publisher *publisher, const char *error) {
    char reason[256];
    snprintf(reason, sizeof reason, "%s", error); /* error lives in the context */
    if (set_aside(publisher, reason)) publisher->retry_ms = RETRY_FIRST_MS;
    give_up(publisher, reason);
}

static void on_published(redisAsyncContext *context, void *answer, void *unused) {
    struct redis_publisher *publisher = context->data;
    const redisReply *reply = answer;
    (void)unused;
    if (publisher == NULL || reply == NULL) return; /* given up; or on_disconnect follows */
    if (reply->type == REDIS_REPLY_ERROR) {
        on_refused(publisher, reply->str);
        return;
    }
    outbox_pop(&publisher->outbox);
    publisher->published++;
    publisher->refusals = 0;
    publisher->in_flight--;
    say_connected(publisher);
    if (waits_for_answer(publisher))
        arm(publisher->watch, ANSWER_WITHIN_MS);
    else
        event_del(publisher->watch);
    send_events(publisher);
}

static int send_command(struct redis_publisher *publisher, redisCallbackFn *callback, const struct span *arguments,
                        unsigned count) {
    const char *texts[COMMAND_ARGUMENTS_MAX];
    size_t lengths[COMMAND_ARGUMENTS_MAX];
    for (unsigned i = 0; i < count; i++) {
        texts[i] = (const char *)arguments[i].data;
        lengths[i] = arguments[i].len;
    }
    return redisAsyncCommandArgv(publisher->context, callback, NULL, (int)count, texts, lengths);
}

static bool send_event(struct redis_publisher *publisher, const struct outbox_command *command) {
    unsigned at = redis_command_id_argument(command->arguments, command->count);
    struct span arguments[COMMAND_ARGUMENTS_MAX], id = command->arguments[at];
    memcpy(arguments, command->arguments, command->count * sizeof arguments[0]);
    arguments[at + 1] = span_from_string(publisher->last_sent);
    if (send_command(publisher, on_published, arguments, command->count) != REDIS_OK) return false;
    memcpy(publisher->last_sent, id.data, id.len); /* event_id made it: shorter than EVENT_ID_BYTES */
    publisher->last_sent[id.len] = '\0';
    return true;
}

static void send_events(struct redis_publisher *publisher) {
    if (publisher->connection != READY) return;
    if (publisher->in_flight == 0 && publisher->outbox.count > 0) arm(publisher->watch, ANSWER_WITHIN_MS);
    while (publisher->in_flight < WINDOW) {
        const struct outbox_command *command = outbox_at(&publisher->outbox, publisher->in_flight);
        if (command == NULL) return;
        if (!send_event(publisher, command)) {
            give_up(publisher, "the connection takes no more commands");
            return;
        }
        publisher->in_flight++;
    }
}

/* --- heartbeat ---------------------------------------------------------------------------------------------------- */

static void on_beaten(redisAsyncContext *context, void *answer, void *unused) {
    struct redis_publisher *publisher = context->data;
    const redisReply *reply = answer;
    (void)unused;
    if (publisher == NULL || reply == NULL) return;
    publisher->beat_in_flight = false;
    if (!waits_for_answer(publisher)) event_del(publisher->watch);
    bool refused = reply->type == REDIS_REPLY_ERROR, said = publisher->said_beat;
    if (refused && function_is_gone(reply->str)) {
        give_up(publisher, reply->str); /* it is loaded again with the next connection */
        return;
    }
    publisher->said_beat = refused;
    if (refused == said) return;
    if (refused) /* events may well go through: no reason to give up */
        say(publisher, "Redis at %s does not take the heartbeat: %s", publisher->where, reply->str);
    else
        say(publisher, "Redis at %s takes the heartbeat again", publisher->where);
}

static void send_heartbeat(struct redis_publisher *publisher) {
    struct timespec clock;
    const struct config *config = publisher->settings.wording->config;
    if (config->heartbeat_s <= 0 || publisher->connection != READY) return;
    arm(publisher->beat, config->heartbeat_s * 1000);
    if (publisher->beat_in_flight) return; /* what does not answer one gets no second */
    clock_gettime(CLOCK_REALTIME, &clock);
    struct heartbeat heartbeat = {
        .counters = publisher->settings.shown == NULL ? publisher->settings.counters : publisher->settings.shown,
        .pending = publisher->outbox.count,
        .now = (nstime)clock.tv_sec * NS_PER_S + clock.tv_nsec,
        .packet_time = publisher->settings.packet_time == NULL ? 0 : *publisher->settings.packet_time,
    };
    redis_command_heartbeat(&publisher->command, config, &heartbeat);
    bool waited = waits_for_answer(publisher);
    publisher->beat_in_flight =
        send_command(publisher, on_beaten, publisher->command.arguments, publisher->command.count) == REDIS_OK;
    if (!waited && publisher->beat_in_flight) arm(publisher->watch, ANSWER_WITHIN_MS);
}

static void on_beat(evutil_socket_t fd, short what, void *argument) {
    (void)fd, (void)what;
    send_heartbeat(argument);
}

/* --- connecting --------------------------------------------------------------------------------------------------- */

static void become_ready(struct redis_publisher *publisher) {
    publisher->connection = READY;
    publisher->connections++;
    event_del(publisher->watch);
    if (publisher->outbox.count == 0) say_connected(publisher);
    send_heartbeat(publisher);
    send_events(publisher);
}

/* step: what was asked, for people; the last is FUNCTION LOAD. */
static void on_greeted(redisAsyncContext *context, void *answer, void *step) {
    struct redis_publisher *publisher = context->data;
    const redisReply *reply = answer;
    if (publisher == NULL || reply == NULL) return;
    if (reply->type == REDIS_REPLY_ERROR) {
        char why[256];
        bool old = strstr(reply->str, "unknown command") != NULL;
        snprintf(why, sizeof why, "%s: %s%s", (const char *)step, reply->str,
                 old ? " (Redis 7 or Valkey is needed)" : "");
        give_up(publisher, why);
        return;
    }
    arm(publisher->watch, ANSWER_WITHIN_MS);
    if (strcmp(step, "FUNCTION LOAD") == 0) become_ready(publisher);
}

static void greet(struct redis_publisher *publisher) {
    redisAsyncContext *context = publisher->context;
    const struct redis_target *target = &publisher->target;
    const struct embedded_file *library = embedded_find("sensor/publish/mailspan.lua");
    publisher->connection = GREETING;
    if (target->user[0] != '\0')
        redisAsyncCommand(context, on_greeted, "AUTH", "AUTH %s %s", target->user, target->password);
    else if (target->password[0] != '\0')
        redisAsyncCommand(context, on_greeted, "AUTH", "AUTH %s", target->password);
    if (target->database != 0) redisAsyncCommand(context, on_greeted, "SELECT", "SELECT %u", target->database);
    redisAsyncCommand(context, on_greeted, "FUNCTION LOAD", "FUNCTION LOAD REPLACE %b", library->text.data,
                      library->text.len);
}

static void on_connect(const redisAsyncContext *context, int status) {
    struct redis_publisher *publisher = context->data;
    if (publisher == NULL || publisher->context != context) return;
    if (status != REDIS_OK)
        go_away(publisher, context->errstr); /* hiredis frees the context */
    else
        greet(publisher);
}

/* False when it was given up. */
static bool take_context(struct redis_publisher *publisher, redisAsyncContext *context) {
    publisher->context = context;
    if (context == NULL || context->err != 0) {
        give_up(publisher, context == NULL ? "out of memory" : context->errstr);
        return false;
    }
    context->data = publisher;
    if (!redis_answers_attach(context, publisher->base)) {
        give_up(publisher, "libevent takes no more connections");
        return false;
    }
    redisAsyncSetDisconnectCallback(context, on_disconnect);
    arm(publisher->watch, ANSWER_WITHIN_MS);
    return true;
}

static void ask_now(struct redis_publisher *publisher) {
    publisher->connection = ASKED;
    arm(publisher->watch, ASKED_WITHIN_MS);
    bool asked = publisher->settings.ask_for_connection(publisher->settings.ask_context);
    if (!asked && publisher->connection == ASKED) give_up(publisher, "a connection cannot be asked for");
}

static void connect_now(struct redis_publisher *publisher) {
    const struct redis_target *target = &publisher->target;
    if (publisher->settings.ask_for_connection != NULL) {
        ask_now(publisher);
        return;
    }
    publisher->connection = CONNECTING;
    redisAsyncContext *context =
        target->unix_socket ? redisAsyncConnectUnix(target->host) : redisAsyncConnect(target->host, target->port);
    if (take_context(publisher, context)) redisAsyncSetConnectCallback(context, on_connect);
}

static void on_retry(evutil_socket_t fd, short what, void *argument) {
    struct redis_publisher *publisher = argument;
    (void)fd, (void)what;
    if (publisher->connection == AWAY) connect_now(publisher);
}

/* --- a connection from somebody else ------------------------------------------------------------------------------ */

/* A context of a connection that exists; NULL, and fd is still the caller's, when there is no memory.
 *
 * hiredis 0.14 makes an asynchronous context only by connecting.  So one is made that cannot connect, because a folder
 * is no socket (and where socket() is refused, because of that): such a context is whole but for its descriptor and its
 * error, which are set here.  REDIS_CONNECTED says that nothing is left to be found out: hiredis 1.0 would call
 * connect() once more to see whether the connection stands. */
static redisAsyncContext *context_of_connected(int fd) {
#if HIREDIS_MAJOR >= 1
    redisOptions options = {.type = REDIS_CONN_USERFD, .endpoint.fd = fd};
    redisAsyncContext *context = redisAsyncConnectWithOptions(&options);
    if (context == NULL) return NULL;
#else
    redisAsyncContext *context = redisAsyncConnectUnix("/");
    if (context == NULL) return NULL;
    if (context->c.fd > 0) (void)close(context->c.fd); /* 0 is one that was never opened */
    context->c.fd = fd;
    context->c.err = context->err = 0;
    context->c.errstr[0] = '\0';
#endif
    context->c.flags |= REDIS_CONNECTED;
    return context;
}

void redis_publisher_connected(struct redis_publisher *publisher, int fd) {
    redisAsyncContext *context = NULL;
    if (publisher->connection == ASKED && evutil_make_socket_nonblocking(fd) == 0) context = context_of_connected(fd);
    if (context == NULL) (void)close(fd);
    if (publisher->connection == ASKED && take_context(publisher, context)) greet(publisher);
}

void redis_publisher_not_connected(struct redis_publisher *publisher, const char *why) {
    if (publisher->connection == ASKED) give_up(publisher, why);
}

/* --- the loop, for a caller that does not run it ------------------------------------------------------------------ */

static void on_deadline(evutil_socket_t fd, short what, void *argument) {
    struct redis_publisher *publisher = argument;
    (void)fd, (void)what;
    publisher->time_up = true;
}

void redis_publisher_turn(struct redis_publisher *publisher) {
    event_base_loop(publisher->base, EVLOOP_NONBLOCK);
}

bool redis_publisher_drain(struct redis_publisher *publisher, int timeout_ms) {
    publisher->time_up = false;
    publisher->retry_ms = RETRY_FIRST_MS;
    arm(publisher->deadline, timeout_ms);
    if (publisher->connection == AWAY) event_active(publisher->retry, EV_TIMEOUT, 0);
    while (publisher->outbox.count > 0 && !publisher->time_up)
        if (event_base_loop(publisher->base, EVLOOP_ONCE) != 0) break;
    event_del(publisher->deadline);
    return publisher->outbox.count == 0;
}

size_t redis_publisher_pending(const struct redis_publisher *publisher) {
    return publisher->outbox.count;
}

void redis_publisher_figures(const struct redis_publisher *publisher, struct redis_figures *figures) {
    const struct outbox_command *oldest = outbox_at(&publisher->outbox, 0);
    *figures = (struct redis_figures){.configured = true,
                                      .connected = publisher->connection == READY,
                                      .connections = publisher->connections,
                                      .published = publisher->published,
                                      .pending = publisher->outbox.count,
                                      .lag_ns = oldest == NULL ? 0 : sink_now() - oldest->since_ns};
}

/* --- the output --------------------------------------------------------------------------------------------------- */

/* The command that was made last goes into the outbox. */
static void enqueue(struct redis_publisher *publisher) {
    struct redis_command *command = &publisher->command;
    if (command->full) { /* cannot be: its rows and their texts are bounded */
        drop(publisher);
        say(publisher, "an event longer than a command may be is dropped");
        return;
    }
    if (outbox_push(&publisher->outbox, command->arguments, command->count, sink_now())) {
        publisher->said_full = false;
        send_events(publisher);
        return;
    }
    drop(publisher);
    if (publisher->said_full) return;
    publisher->said_full = true;
    say(publisher, "%zu events wait for Redis at %s and there is no room for more: new ones are dropped",
        publisher->outbox.count, publisher->where);
}

static void on_event(void *context, const struct decision *decision) {
    struct redis_publisher *publisher = context;
    redis_command_publish(&publisher->command, publisher->settings.wording, decision);
    enqueue(publisher);
}

static void on_health(void *context, const struct health_record *record) {
    struct redis_publisher *publisher = context;
    redis_command_health(&publisher->command, publisher->settings.wording, record);
    enqueue(publisher);
}

const char *redis_publisher_where(const struct redis_publisher *publisher) {
    return publisher->where;
}

const char *redis_publisher_trouble(const struct redis_publisher *publisher) {
    if (publisher->connection == READY) return "not all are acknowledged yet";
    return publisher->trouble[0] == '\0' ? "no connection yet" : publisher->trouble;
}

bool redis_publisher_lost(const struct redis_publisher *publisher) {
    return publisher->lost;
}

struct output redis_publisher_output(struct redis_publisher *publisher) {
    return (struct output){.context = publisher, .event = on_event, .health = on_health};
}

static void word_where(struct redis_publisher *publisher) {
    const struct redis_target *target = &publisher->target;
    bool v6 = strchr(target->host, ':') != NULL;
    if (target->unix_socket)
        snprintf(publisher->where, sizeof publisher->where, "%s", target->host);
    else
        snprintf(publisher->where, sizeof publisher->where, "%s%s%s:%u/%u", v6 ? "[" : "", target->host, v6 ? "]" : "",
                 target->port, target->database);
}

struct redis_publisher *redis_publisher_new(struct event_base *base, const struct redis_settings *settings,
                                            struct problem *problem) {
    struct redis_publisher *publisher = calloc(1, sizeof *publisher);
    *problem = (struct problem){.what = "not enough memory for the Redis outbox"};
    if (publisher == NULL) return NULL;
    publisher->base = base;
    publisher->settings = *settings;
    publisher->retry_ms = RETRY_FIRST_MS;
    publisher->retry = evtimer_new(base, on_retry, publisher);
    publisher->watch = evtimer_new(base, on_watch, publisher);
    publisher->beat = evtimer_new(base, on_beat, publisher);
    publisher->deadline = evtimer_new(base, on_deadline, publisher);
    bool made = publisher->retry != NULL && publisher->watch != NULL && publisher->beat != NULL &&
                publisher->deadline != NULL && outbox_init(&publisher->outbox);
    if (!made || !redis_target_parse(settings->wording->config->redis_url, &publisher->target, problem)) {
        redis_publisher_free(publisher);
        return NULL;
    }
    word_where(publisher);
    arm(publisher->retry, 0);
    return publisher;
}

void redis_publisher_free(struct redis_publisher *publisher) {
    if (publisher == NULL) return;
    struct event *timers[] = {publisher->retry, publisher->watch, publisher->beat, publisher->deadline};
    if (publisher->context != NULL) {
        publisher->context->data = NULL;
        redisAsyncFree(publisher->context);
    }
    for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++)
        if (timers[i] != NULL) event_free(timers[i]);
    outbox_clear(&publisher->outbox);
    free(publisher);
}
