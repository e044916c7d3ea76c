/* A mail transaction: its memory, its recipients, and what became of it (RFC 5321 3.3, 4.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/message.h"

struct message *message_new(struct block_pool *pool, uint32_t ordinal, nstime start) {
    struct arena arena;
    arena_init(&arena, pool, LIMIT_MESSAGE_ARENA_BYTES);
    struct message *message = arena_alloc(&arena, sizeof *message);
    if (message == NULL) return NULL;
    message->arena = arena;
    message->ordinal = ordinal;
    message->start = start;
    message->end = start;
    return message;
}

void message_free(struct message *message) {
    struct arena arena = message->arena; /* the message lies in it */
    arena_reset(&arena);
}

struct recipient *message_add_recipient(struct message *message, struct span mailbox) {
    struct recipient_block *block = message->recipients_last;
    uint32_t in_block = message->recipient_count % RECIPIENTS_PER_BLOCK;
    if (message->recipient_count >= LIMIT_RECIPIENTS) return NULL;
    if (block == NULL || in_block == 0) {
        block = arena_alloc(&message->arena, sizeof *block);
        if (block == NULL) return NULL;
        if (message->recipients_last == NULL) {
            message->recipients_first = block;
        } else {
            message->recipients_last->next = block;
        }
        message->recipients_last = block;
    }
    struct recipient *recipient = &block->recipients[in_block];
    *recipient = (struct recipient){.mailbox = arena_copy(&message->arena, mailbox)};
    message->recipient_count++;
    return recipient;
}

struct recipient *message_recipient(const struct message *message, uint32_t i) {
    if (i >= message->recipient_count) return NULL;
    struct recipient_block *block = message->recipients_first;
    for (uint32_t skip = i / RECIPIENTS_PER_BLOCK; skip > 0; skip--) block = block->next;
    return &block->recipients[i % RECIPIENTS_PER_BLOCK];
}

/* What the replies to the RCPTs say together. */
struct rcpt_tally {
    uint32_t accepted, transient, permanent, unknown;
    const struct smtp_reply *first_transient;
    const struct smtp_reply *first_permanent;
};

static struct rcpt_tally tally_recipients(const struct message *message) {
    struct rcpt_tally tally = {0};
    uint32_t i = 0;
    for (const struct recipient_block *block = message->recipients_first; block != NULL; block = block->next) {
        for (unsigned k = 0; k < RECIPIENTS_PER_BLOCK && i < message->recipient_count; k++, i++) {
            const struct smtp_reply *reply = &block->recipients[k].reply;
            if (reply_is_positive(reply)) {
                tally.accepted++;
            } else if (reply_is_permanent(reply)) {
                tally.permanent++;
                if (tally.first_permanent == NULL) tally.first_permanent = reply;
            } else if (reply_is_transient(reply)) {
                tally.transient++;
                if (tally.first_transient == NULL) tally.first_transient = reply;
            } else {
                tally.unknown++;
            }
        }
    }
    tally.unknown += message->recipients_dropped;
    return tally;
}

static enum outcome outcome_of(const struct smtp_reply *reply) {
    if (reply_is_positive(reply)) return OUTCOME_DELIVERED;
    if (reply_is_permanent(reply)) return OUTCOME_BOUNCED;
    if (reply_is_transient(reply)) return OUTCOME_DEFERRED;
    return OUTCOME_UNKNOWN;
}

static void decide(struct message *message, enum stage stage, const struct smtp_reply *reply) {
    message->outcome = outcome_of(reply);
    message->stage = message->outcome == OUTCOME_DELIVERED ? STAGE_NONE : stage;
    message->reply = *reply;
}

static bool is_refusal(const struct smtp_reply *reply) {
    return reply_is_permanent(reply) || reply_is_transient(reply);
}

/* Nobody decided: the client gave up, or it was not seen. */
static void leave_undecided(struct message *message) {
    message->outcome = message->cut_off ? OUTCOME_UNKNOWN : OUTCOME_ABORTED;
    message->stage = STAGE_NONE;
}

static void decide_message(struct message *message) {
    struct rcpt_tally tally = tally_recipients(message);
    bool none_accepted = message->recipient_count > 0 && tally.accepted == 0 && tally.unknown == 0;
    if (message->stage == STAGE_GREETING) {
        decide(message, STAGE_GREETING, &message->reply);
    } else if (is_refusal(&message->mail_reply)) {
        decide(message, STAGE_MAIL, &message->mail_reply);
    } else if (none_accepted && tally.permanent > 0) {
        decide(message, STAGE_RCPT, tally.first_permanent); /* whatever a DATA sent blindly was told */
    } else if (none_accepted) {
        decide(message, STAGE_RCPT, tally.first_transient);
    } else if (reply_is_positive(&message->final_reply) || is_refusal(&message->final_reply)) {
        decide(message, message->body_started || message->chunked ? STAGE_BODY : STAGE_DATA, &message->final_reply);
    } else if (is_refusal(&message->data_reply)) {
        decide(message, STAGE_DATA, &message->data_reply);
    } else {
        leave_undecided(message);
    }
}

/* A recipient that was refused stays so; one that was accepted shares the message's fate. */
static enum outcome recipient_outcome(const struct message *message, const struct recipient *recipient) {
    if (is_refusal(&message->mail_reply)) return message->outcome;
    if (is_refusal(&recipient->reply)) return outcome_of(&recipient->reply);
    if (reply_is_positive(&recipient->reply)) return message->outcome;
    /* No reply was seen: a message that was delivered need not have been to this one. */
    return message->outcome == OUTCOME_DELIVERED ? OUTCOME_UNKNOWN : message->outcome;
}

void message_decide(struct message *message) {
    decide_message(message);
    uint32_t i = 0;
    for (struct recipient_block *block = message->recipients_first; block != NULL; block = block->next)
        for (unsigned k = 0; k < RECIPIENTS_PER_BLOCK && i < message->recipient_count; k++, i++)
            block->recipients[k].outcome = recipient_outcome(message, &block->recipients[k]);
}

const char *visibility_name(enum visibility visibility) {
    static const char *const names[] = {"clear", "gapped", "client_only", "server_only", "encrypted"};
    return names[visibility];
}

const char *outcome_name(enum outcome outcome) {
    static const char *const names[] = {"unknown", "delivered", "deferred", "bounced", "aborted"};
    return names[outcome];
}

const char *stage_name(enum stage stage) {
    static const char *const names[] = {NULL, "greeting", "mail", "rcpt", "data", "body"};
    return names[stage];
}
