/* SMTP smuggling: commands that stand in a body, behind a dot between newlines that are not CR LF.
 *
 * What they are is the receiver's choice.  One that goes by RFC 5321 4.5.2 sees content, and answers once.  One that
 * takes a bare LF or CR for a newline sees the data end there, and answers the commands, too.  So what stands behind
 * such an odd end is kept, up to LIMIT_SMUGGLED_BYTES; when the final reply comes early, or when there are more replies
 * than commands, it is read again, as commands of a client that pipelines, and the replies find them in their order.
 *
 * Which of several odd ends the receiver goes by is not known: the first one with a command behind it is taken.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "smtp_state.h"

_Static_assert(sizeof(struct smuggled) <= LIMIT_ARENA_BLOCK_BYTES - 64, "it fits an arena block");

static const struct span final_dot = {(const uint8_t *)"\r\n.\r\n", 5};

static void forget(struct smuggled *smuggled) {
    memset(smuggled, 0, offsetof(struct smuggled, bytes) + smuggled->len);
}

static void begin(struct dialogue *d, bool half_newline) {
    if (d->smuggled == NULL) d->smuggled = arena_alloc(d->arena, sizeof *d->smuggled);
    if (d->smuggled == NULL) { /* that there is an odd end is known all the same */
        d->counters->message_memory++;
        return;
    }
    struct smuggled *smuggled = d->smuggled;
    forget(smuggled);
    smuggled->open = true;
    smuggled->skip_newline = half_newline;
    smuggled->body_left = d->body.reader.bytes;
}

static void keep(struct dialogue *d, struct span taken) {
    struct smuggled *smuggled = d->smuggled;
    if (smuggled->skip_newline && taken.len > 0) {
        if (taken.data[0] == '\n') {
            taken = span_from(taken, 1);
            smuggled->body_left++;
        }
        smuggled->skip_newline = false;
    }
    struct span kept = span_head(taken, LIMIT_SMUGGLED_BYTES - smuggled->len);
    if (kept.len > 0) memcpy(smuggled->bytes + smuggled->len, kept.data, kept.len);
    smuggled->len += (uint32_t)kept.len;
    smuggled->lost += taken.len - kept.len;
    if (smuggled->len > 0 && !ascii_is_alpha(smuggled->bytes[0])) return; /* no command, and this is cheaper */
    if (smtp_certain_guess(span_head(span_of(smuggled->bytes, smuggled->len), VERB_GUESS_BYTES)) != VERB_GUESS_YES)
        return;
    smuggled->commands = true;
    if (d->current != NULL) d->current->smuggled_commands = true;
}

bool smuggled_is_open(const struct dialogue *d) {
    return d->smuggled != NULL && d->smuggled->open;
}

bool smuggled_is_replaying(const struct dialogue *d) {
    return d->smuggled != NULL && d->smuggled->replaying;
}

void smuggled_note(struct dialogue *d, struct span taken, bool odd_end) {
    if (odd_end && d->current != NULL) d->current->smuggling = true;
    if (smuggled_is_replaying(d)) return;
    if (smuggled_is_open(d)) keep(d, taken);
    bool has_commands = d->smuggled != NULL && d->smuggled->commands;
    if (odd_end && !has_commands) begin(d, taken.len > 0 && taken.data[taken.len - 1] == '\r');
}

/* The next replies may be of more commands than are known, or of fewer. */
static bool is_uncertain(struct dialogue *d) {
    return d->smuggled->uncertain || d->server.skip || d->server.gap_open || pairing_is_lost(d);
}

bool smuggled_body_ended(struct dialogue *d) {
    struct smuggled *smuggled = d->smuggled;
    if (!smuggled_is_open(d) || smuggled->replaying) return false;
    bool uncertain = smuggled->commands && is_uncertain(d);
    if (uncertain && d->current != NULL) message_doubt(d->current);
    if (smuggled->commands && !uncertain) {
        smuggled->open = false;
        smuggled->ended = true;
    } else {
        forget(smuggled);
    }
    return uncertain;
}

void smuggled_server_gap(struct dialogue *d) {
    struct smuggled *smuggled = d->smuggled;
    if (smuggled == NULL || smuggled->replaying || !(smuggled->open || smuggled->ended)) return;
    for (struct message *message = d->oldest; message != NULL; message = message->next)
        if (message->smuggled_commands) message_doubt(message);
    smuggled->uncertain = true;
    if (!smuggled->ended) return;
    forget(smuggled);
    pairing_hole(d);
}

void smuggled_forget(struct dialogue *d) {
    struct smuggled *smuggled = d->smuggled;
    if (smuggled == NULL || smuggled->replaying) return;
    if (smuggled->open || smuggled->ended) forget(smuggled);
}

bool smuggled_is_answered(struct dialogue *d, uint16_t code) {
    if (d->smuggled == NULL || !d->smuggled->ended || d->smuggled->replaying || code == 421) return false;
    if (d->queue.count == 0) return true;
    return d->queue.count == 1 && command_queue_first(&d->queue)->verb == VERB_QUIT && code != 221;
}

void smuggled_replay(struct dialogue *d, bool reply_waits) {
    struct smuggled *smuggled = d->smuggled;
    smuggled->replaying = true;
    smuggled->reply_waits = reply_waits;
    smuggled->quit_waits = d->queue.count > 0;
    if (smuggled->quit_waits) pairing_forget_first(d, false);
    dialogue_read_first(d, span_of(smuggled->bytes, smuggled->len), INPUT_SMUGGLED);
    d->mode = CLIENT_COMMANDS;
    smuggled->line_kept = smuggled->ended;
    if (!smuggled->line_kept) return;
    smuggled->line = d->client_line; /* the beginning of what the client said behind the body */
    d->client_line = (struct line_buffer){.bytes = d->spare_line};
    d->spare_line = NULL;
}

void smuggled_replayed(struct dialogue *d) {
    struct smuggled *smuggled = d->smuggled;
    if (smuggled->lost > 0) { /* what did not fit is a gap, with the body's end behind it, if that has come */
        uint64_t lost = smuggled->lost;
        bool ended = smuggled->ended && content_is_body(d);
        smuggled->lost = 0;
        client_gap(d, ended && lost > final_dot.len ? lost - final_dot.len : lost);
        if (ended) dialogue_read_first(d, final_dot, INPUT_SMUGGLED);
        if (ended) return;
    }
    bool reply_waits = smuggled->reply_waits;
    if (smuggled->quit_waits) pairing_await(d, NULL, (struct waiting){.verb = VERB_QUIT});
    if (smuggled->line_kept) {
        smtp_line_hush(&d->client_line, 0);
        d->spare_line = d->client_line.bytes;
        d->client_line = smuggled->line;
    }
    forget(smuggled);
    if (reply_waits) server_resume(d);
}
