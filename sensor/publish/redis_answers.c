/* What is taken of a Redis server's answers; see redis_answers.h.
 *
 * hiredis makes each answer by a table of functions, and says that it read on by ev.addRead, between reading and taking
 * what was read apart; both are its interface for others to put in theirs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "redis_answers.h"

#include <event2/event.h>
#include <hiredis/adapters/libevent.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <stdio.h>

#if HIREDIS_MAJOR >= 1
typedef size_t element_count;
#else
typedef int element_count;
#endif

static redisReplyObjectFunctions made;     /* hiredis' own */
static redisReplyObjectFunctions answered; /* in their place */

/* A part of an answer, or an answer that somebody waits for.  What is made of one that is not is NULL, and hiredis then
 * gives the connection up. */
static bool is_awaited(const redisReadTask *task) {
    const redisAsyncContext *context = task->privdata;
    return task->parent != NULL || context->replies.head != NULL;
}

static void *on_string(const redisReadTask *task, char *text, size_t length) {
    bool error = task->type == REDIS_REPLY_ERROR; /* "max number of clients reached": hiredis knows what to do */
    return error || is_awaited(task) ? made.createString(task, text, length) : NULL;
}

static void *on_array(const redisReadTask *task, element_count count) {
    (void)task, (void)count;
    return NULL;
}

static void *on_integer(const redisReadTask *task, long long value) {
    return is_awaited(task) ? made.createInteger(task, value) : NULL;
}

static void *on_nil(const redisReadTask *task) {
    return is_awaited(task) ? made.createNil(task) : NULL;
}

#if HIREDIS_MAJOR >= 1
static void *on_double(const redisReadTask *task, double value, char *text, size_t length) {
    return is_awaited(task) ? made.createDouble(task, value, text, length) : NULL;
}

static void *on_bool(const redisReadTask *task, int value) {
    return is_awaited(task) ? made.createBool(task, value) : NULL;
}
#endif

/* Something was read, and is about to be taken apart; a reader with an error gives the connection up. */
static void on_read(void *data) {
    const redisLibeventEvents *events = data;
    redisReader *reader = events->context->c.reader;
    if (reader->err == 0 && reader->len - reader->pos > REDIS_ANSWER_BYTES_MAX) {
        reader->err = REDIS_ERR_OTHER;
        (void)snprintf(reader->errstr, sizeof reader->errstr, "an answer of more than %d bytes",
                       REDIS_ANSWER_BYTES_MAX);
    }
    redisLibeventAddRead(data);
}

bool redis_answers_attach(struct redisAsyncContext *context, struct event_base *base) {
    redisReader *reader = context->c.reader;
    if (redisLibeventAttach(context, base) != REDIS_OK) return false;
    context->ev.addRead = on_read;
    made = *reader->fn;
    answered = made;
    answered.createString = on_string;
    answered.createArray = on_array;
    answered.createInteger = on_integer;
    answered.createNil = on_nil;
#if HIREDIS_MAJOR >= 1
    answered.createDouble = on_double;
    answered.createBool = on_bool;
#endif
    reader->fn = &answered;
    reader->privdata = context;
    return true;
}

const char *redis_answers_trouble(const struct redisAsyncContext *context) {
    if (context->err == 0) return "the server closed the connection";
    return context->err == REDIS_ERR_OOM ? "an answer that was not asked for, or not enough memory" : context->errstr;
}
