/* A mail transaction: its memory, its recipients, and what became of it (RFC 5321 3.3, 4.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/message.h"

struct message *message_new(struct block_pool *pool, struct block_account *account, uint32_t ordinal, nstime start) {
    struct arena arena;
    arena_init(&arena, pool, LIMIT_MESSAGE_ARENA_BYTES);
    arena.account = account;
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

/* A client that names many recipients must not leave the content without memory. */
static bool envelope_is_full(const struct message *message) {
    return message->arena.blocks >= LIMIT_ENVELOPE_ARENA_BYTES / LIMIT_ARENA_BLOCK_BYTES;
}

static struct smtp_reply keep(struct message *message, const struct smtp_reply *reply, bool room) {
    struct smtp_reply kept = *reply;
    message->replies++;
    bool wanted = room && (!reply_is_positive(reply) || !arena_is_tight(&message->arena));
    kept.text = wanted ? arena_copy(&message->arena, reply->text) : SPAN_EMPTY;
    return kept;
}

struct smtp_reply message_keep_reply(struct message *message, const struct smtp_reply *reply) {
    return keep(message, reply, !envelope_is_full(message));
}

/* There are few of them, unless a server repeats itself. */
struct smtp_reply message_keep_final(struct message *message, const struct smtp_reply *reply) {
    bool is_repeated = reply->code / 100 == message->final_reply.code / 100;
    return keep(message, reply, !is_repeated || !envelope_is_full(message));
}

struct recipient *message_add_recipient(struct message *message, struct span mailbox) {
    struct recipient_block *block = message->recipients_last;
    uint32_t in_block = message->recipient_count % RECIPIENTS_PER_BLOCK;
    if (message->recipient_count >= LIMIT_RECIPIENTS || envelope_is_full(message)) return NULL;
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
    bool wanted = mailbox.len <= LIMIT_SHORT_MAILBOX_BYTES || !arena_is_tight(&message->arena);
    *recipient = (struct recipient){.mailbox = wanted ? arena_copy(&message->arena, mailbox) : SPAN_EMPTY};
    message->recipient_count++;
    return recipient;
}

void message_note_unlisted(struct message *message, const struct smtp_reply *reply) {
    uint32_t known = message->dropped_accepted + message->dropped_permanent + message->dropped_transient;
    if (known == message->recipients_dropped) return;
    bool outweighs_it = message->dropped_refusal.code == 0 || reply_is_transient(&message->dropped_refusal);
    if (reply_is_permanent(reply) ? outweighs_it : reply_is_transient(reply) && message->dropped_refusal.code == 0)
        message->dropped_refusal = (struct smtp_reply){.code = reply->code, .enhanced = reply->enhanced};
    if (reply_is_positive(reply)) message->dropped_accepted++;
    if (reply_is_permanent(reply)) message->dropped_permanent++;
    if (reply_is_transient(reply)) message->dropped_transient++;
}

/* Of a recipient that there is. */
static struct recipient_block *block_of(const struct message *message, uint32_t i) {
    struct recipient_block *block = message->recipients_first;
    for (uint32_t skip = i / RECIPIENTS_PER_BLOCK; skip > 0; skip--) block = block->next;
    return block;
}

struct recipient *message_recipient(const struct message *message, uint32_t i) {
    if (i >= message->recipient_count) return NULL;
    return &block_of(message, i)->recipients[i % RECIPIENTS_PER_BLOCK];
}

void message_forget_replies(struct message *message) {
    struct smtp_reply none = {.code = 0};
    uint32_t i = 0;
    message->mail_reply = message->data_reply = message->final_reply = none;
    message->replies = 0;
    message->dropped_accepted = message->dropped_permanent = message->dropped_transient = 0;
    message->dropped_refusal = none;
    message_doubt(message);
    for (struct recipient_block *block = message->recipients_first; block != NULL; block = block->next)
        for (unsigned k = 0; k < RECIPIENTS_PER_BLOCK && i < message->recipient_count; k++, i++) {
            block->recipients[k].reply = none;
            block->recipients[k].outcome = OUTCOME_UNKNOWN;
        }
}

/* --- what became of it ---------------------------------------------------------------------------------------------
 */

static enum outcome outcome_of(const struct smtp_reply *reply) {
    if (reply_is_positive(reply)) return OUTCOME_DELIVERED;
    if (reply_is_permanent(reply)) return OUTCOME_BOUNCED;
    if (reply_is_transient(reply)) return OUTCOME_DEFERRED;
    return OUTCOME_UNKNOWN;
}

/* Delivered to one is delivered; refused for good weighs more than for now (as at stage rcpt). */
static bool outweighs(const struct smtp_reply *reply, const struct smtp_reply *other) {
    if (other->code == 0 || reply_is_positive(reply)) return true;
    return reply_is_permanent(reply) && reply_is_transient(other);
}

/* The first one whose final reply is not known, without counting through the chain for each. */
static struct recipient *first_without_final(struct message *message) {
    if (message->finals >= message->recipient_count) return NULL;
    if (message->finals_block == NULL) message->finals_block = block_of(message, message->finals);
    return &message->finals_block->recipients[message->finals % RECIPIENTS_PER_BLOCK];
}

static void pass_final(struct message *message) {
    message->finals++;
    if (message->finals % RECIPIENTS_PER_BLOCK == 0) message->finals_block = message->finals_block->next;
}

/* The next recipient that has a final reply of its own; NULL: none. */
static struct recipient *next_accepted(struct message *message) {
    struct recipient *recipient = first_without_final(message);
    while (recipient != NULL && reply_is_refusal(&recipient->reply)) {
        pass_final(message);
        recipient = first_without_final(message);
    }
    if (recipient != NULL && recipient->reply.code == 0) message->finals_lost = true; /* was it accepted? */
    return recipient;
}

bool message_add_final(struct message *message, const struct smtp_reply *reply) {
    struct recipient *recipient = next_accepted(message);
    message->final_for_each = true;
    if (message->commands_lost || message->recipients_dropped > 0 || message->doubtful) message->finals_lost = true;
    if (outweighs(reply, &message->final_reply)) message->final_reply = message_keep_final(message, reply);
    if (message->finals_lost) return false;
    if (recipient != NULL) {
        recipient->outcome = outcome_of(reply);
        pass_final(message);
    }
    return next_accepted(message) == NULL;
}

/* LMTP: what the others were told is not known, and may be something else. */
static bool is_final_missing(struct message *message) {
    bool missing = message->finals_lost || next_accepted(message) != NULL;
    return message->final_for_each && missing && (message->cut_off || message->finals_lost);
}

/* What the replies to the RCPTs say together. */
struct rcpt_tally {
    uint32_t accepted, transient, permanent, unknown;
    const struct smtp_reply *first_transient;
    const struct smtp_reply *first_permanent;
    const struct smtp_reply *closing; /* 421: the server closes the connection (RFC 5321 3.8) */
};

static void tally_reply(struct rcpt_tally *tally, const struct smtp_reply *reply) {
    if (reply_is_positive(reply)) {
        tally->accepted++;
    } else if (reply_is_permanent(reply)) {
        tally->permanent++;
        if (tally->first_permanent == NULL) tally->first_permanent = reply;
    } else if (reply_is_transient(reply)) {
        tally->transient++;
        if (tally->first_transient == NULL) tally->first_transient = reply;
        if (tally->closing == NULL && reply->code == 421) tally->closing = reply;
    } else {
        tally->unknown++;
    }
}

static struct rcpt_tally tally_recipients(const struct message *message) {
    struct rcpt_tally tally = {.accepted = message->dropped_accepted,
                               .permanent = message->dropped_permanent,
                               .transient = message->dropped_transient};
    tally.unknown = message->recipients_dropped + message->commands_lost;
    tally.unknown -= tally.accepted + tally.permanent + tally.transient;
    uint32_t i = 0;
    for (const struct recipient_block *block = message->recipients_first; block != NULL; block = block->next)
        for (unsigned k = 0; k < RECIPIENTS_PER_BLOCK && i < message->recipient_count; k++, i++)
            tally_reply(&tally, &block->recipients[k].reply);
    if (message->dropped_permanent > 0 && tally.first_permanent == NULL)
        tally.first_permanent = &message->dropped_refusal;
    if (message->dropped_transient > 0 && tally.first_transient == NULL)
        tally.first_transient = &message->dropped_refusal;
    return tally;
}

static void decide(struct message *message, enum stage stage, const struct smtp_reply *reply) {
    message->outcome = outcome_of(reply);
    message->stage = message->outcome == OUTCOME_DELIVERED ? STAGE_NONE : stage;
    message->reply = *reply;
}

/* How far the client had come when the final reply came: one that nobody asked for (421) may come at any time. */
static enum stage final_stage(const struct message *message) {
    if (message->body_started || reply_is_intermediate(&message->data_reply)) return STAGE_BODY;
    if (message->data_reply.code != 0) return STAGE_DATA;
    return message->recipient_count > 0 ? STAGE_RCPT : STAGE_MAIL;
}

/* A second MAIL is refused with 503 and the first one's transaction goes on (RFC 5321 4.1.4): that a 354 came says so.
 */
static bool mail_was_refused(const struct message *message) {
    if (!reply_is_refusal(&message->mail_reply)) return false;
    return !(message->nested && message->mail_reply.code == 503 && reply_is_intermediate(&message->data_reply));
}

/* Nobody decided: the client gave up, or it was not seen. */
static void leave_undecided(struct message *message) {
    message->outcome = message->cut_off || message->doubtful ? OUTCOME_UNKNOWN : OUTCOME_ABORTED;
    message->stage = STAGE_NONE;
}

/* "503 need MAIL" to a RCPT, when what the MAIL was answered is not known: it was refused for what that says. */
static bool hangs_on_mail(const struct message *message, const struct smtp_reply *reply) {
    return reply != NULL && reply->code == 503 && message->mail_reply.code == 0;
}

/* Something is lost, and with it whether any recipient was accepted: a later refusal may only say that none was. */
static bool is_nobody_known(const struct message *message, const struct rcpt_tally *tally) {
    if (!message->cut_off && !message->commands_lost) return false;
    bool content = message->body_complete || (message->body_started && message->recipient_count > 0);
    if (message->chunked) content = false; /* chunks come without a go-ahead */
    return tally->accepted == 0 && tally->unknown > 0 && !content && !reply_is_intermediate(&message->data_reply);
}

/* Accepted by the server, although it was told of no recipient: what was seen is not what was said. */
static bool is_for_nobody(const struct message *message) {
    return message->sender_seen && message->recipient_count == 0 && message->recipients_dropped == 0 &&
           message->visibility == VISIBILITY_CLEAR;
}

static void decide_message(struct message *message) {
    struct rcpt_tally tally = tally_recipients(message);
    bool none_accepted = message->recipient_count > 0 && tally.accepted == 0 && tally.unknown == 0;
    if (message->stage == STAGE_GREETING) {
        decide(message, STAGE_GREETING, &message->reply);
    } else if (mail_was_refused(message)) {
        decide(message, STAGE_MAIL, &message->mail_reply);
    } else if (message->doubtful) {
        leave_undecided(message);
    } else if (none_accepted && hangs_on_mail(message, tally.first_permanent)) {
        leave_undecided(message);
    } else if (none_accepted && tally.first_permanent != NULL) {
        decide(message, STAGE_RCPT, tally.first_permanent); /* whatever a DATA sent blindly was told */
    } else if (none_accepted && tally.first_transient != NULL) {
        decide(message, STAGE_RCPT, tally.first_transient);
    } else if (reply_is_positive(&message->final_reply) && is_for_nobody(message)) {
        message_doubt(message);
        leave_undecided(message);
    } else if (reply_is_positive(&message->final_reply)) {
        decide(message, STAGE_NONE, &message->final_reply);
    } else if (is_nobody_known(message, &tally) || is_final_missing(message)) {
        leave_undecided(message);
    } else if (reply_is_refusal(&message->data_reply)) {
        decide(message, STAGE_DATA, &message->data_reply);
    } else if (reply_is_refusal(&message->final_reply)) {
        decide(message, final_stage(message), &message->final_reply);
    } else if (tally.closing != NULL) {
        decide(message, STAGE_RCPT, tally.closing);
    } else {
        leave_undecided(message);
    }
}

/* A recipient that was refused stays so; one that was accepted shares the message's fate. */
static enum outcome recipient_outcome(const struct message *message, const struct recipient *recipient) {
    if (message->stage == STAGE_MAIL && mail_was_refused(message)) return message->outcome;
    if (recipient->outcome != OUTCOME_UNKNOWN && !message->doubtful) return recipient->outcome; /* LMTP */
    if (message->final_for_each && reply_is_positive(&recipient->reply))
        return message->cut_off || message->finals_lost ? OUTCOME_UNKNOWN : OUTCOME_ABORTED;
    if (hangs_on_mail(message, &recipient->reply)) return OUTCOME_UNKNOWN;
    if (reply_is_refusal(&recipient->reply)) return outcome_of(&recipient->reply);
    if (reply_is_positive(&recipient->reply)) return message->outcome;
    /* No reply was seen: what became of the message need not have become of this one. */
    return message->outcome == OUTCOME_ABORTED ? OUTCOME_ABORTED : OUTCOME_UNKNOWN;
}

void message_decide(struct message *message) {
    decide_message(message);
    bool before_content = message->stage != STAGE_NONE && message->stage != STAGE_BODY;
    if (before_content && message->body_bytes == 0) message->body_size_lost = false;
    uint32_t i = 0;
    for (struct recipient_block *block = message->recipients_first; block != NULL; block = block->next)
        for (unsigned k = 0; k < RECIPIENTS_PER_BLOCK && i < message->recipient_count; k++, i++)
            block->recipients[k].outcome = recipient_outcome(message, &block->recipients[k]);
}

bool message_never_began(const struct message *message) {
    if (message->sender_seen || message->stage == STAGE_GREETING || message->recipient_count == 0) return false;
    if (message->recipients_dropped > 0 || message->body_started || !message->commands_lost) return false;
    uint32_t i = 0;
    for (const struct recipient_block *block = message->recipients_first; block != NULL; block = block->next)
        for (unsigned k = 0; k < RECIPIENTS_PER_BLOCK && i < message->recipient_count; k++, i++)
            if (block->recipients[k].reply.code != 503) return false;
    return true;
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

bool stage_read(struct span name, enum stage *stage) {
    for (*stage = STAGE_GREETING; *stage <= STAGE_BODY; (*stage)++)
        if (span_equal(name, span_from_string(stage_name(*stage)))) return true;
    *stage = STAGE_NONE;
    return false;
}
