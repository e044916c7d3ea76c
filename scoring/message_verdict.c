/* Making the verdict of a message that has ended.
 *
 * Content points count when enough of the content was seen; set-up points always, because a fact about what was not
 * seen does not hold (facts.c).  bounce_weight is the mean over the recipients whose outcome is known, 0 for a
 * delivered one and its class's weight for another; of a message that was refused before any recipient it is the weight
 * of the reply's class. Text is made valid UTF-8 without control characters, and cut between characters, because it
 * goes to people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/verdict.h"

#include "plain_text.h"
#include "rules_internal.h"
#include "sent_keys.h"

/* --- bounces --------------------------------------------------------------------------------------------------- */

static bool is_failure(enum outcome outcome) {
    return outcome == OUTCOME_BOUNCED || outcome == OUTCOME_DEFERRED;
}

static uint16_t class_number(const struct bounce_rules *bounces, const struct bounce_class *class_) {
    return (uint16_t)(class_ - bounce_class_at(bounces, 0));
}

/* What a failure weighs: as the sender's own mail, and as mail that he only passed on. */
struct weights {
    double own, passed_on;
};

/* Who refused is asked once a message, and only where somebody did. */
struct refuser {
    const struct verdict_context *context;
    const struct message *message;
    const struct mail_summary *summary; /* NULL: no content was seen */
    unsigned receiver;
    bool known;
};

/* recipient: of whom the reply was said; NULL: of nobody, or of all. */
static const struct bounce_class *classify(struct refuser *refuser, enum stage stage, const struct smtp_reply *reply,
                                           const struct recipient *recipient, enum bounce_by *by) {
    const struct verdict_context *context = refuser->context;
    if (!refuser->known && reply_is_refusal(reply) && context->dialogue != NULL) {
        refuser->receiver = bounce_receiver(context->bounces, context->dialogue->greeting.text);
        refuser->known = true;
    }
    struct client_said const said = {.helo = context->dialogue != NULL ? context->dialogue->helo : SPAN_EMPTY,
                                     .sender = refuser->message->sender,
                                     .recipient = recipient != NULL ? recipient->mailbox : SPAN_EMPTY,
                                     .subject = refuser->summary != NULL ? refuser->summary->subject : SPAN_EMPTY};
    struct bounce_case const what = {.stage = stage, .reply = reply, .receiver = refuser->receiver, .said = said};
    return bounce_classify_by(context->bounces, &what, by);
}

struct recipient_tally {
    const struct message *message;
    struct sent *sent;
    struct refuser *refuser;
    const struct bounce_class *class_; /* of the message's own answer; NULL: not classified so far */
    enum bounce_by by;                 /* ... and what decided */
    struct weights sum;
    unsigned known;
    const struct recipient *refused; /* who weighs most; NULL: nobody weighs */
    const struct bounce_class *refused_class;
};

/* stage: what the reply refused.  Each is asked for, the same one, too: it may quote whom it is said of. */
static struct weights weights_of(struct recipient_tally *tally, enum stage stage, const struct smtp_reply *reply,
                                 const struct recipient *recipient) {
    enum bounce_by by;
    const struct bounce_class *class_ = classify(tally->refuser, stage, reply, recipient, &by);
    if (class_ == NULL) return (struct weights){0, 0};
    if (tally->class_ == NULL && stage == tally->message->stage && reply_equal(reply, &tally->message->reply)) {
        tally->class_ = class_;
        tally->by = by;
    }
    if (class_->weight > 0 && (tally->refused == NULL || class_->weight > tally->refused_class->weight)) {
        tally->refused = recipient;
        tally->refused_class = class_;
    }
    return (struct weights){class_->weight, class_->passed_on};
}

/* A recipient failed by the answer to its own RCPT, or together with the message. */
static struct weights recipient_weights(struct recipient_tally *tally, const struct recipient *recipient) {
    bool own = reply_is_transient(&recipient->reply) || reply_is_permanent(&recipient->reply);
    return weights_of(tally, own ? STAGE_RCPT : tally->message->stage, own ? &recipient->reply : &tally->message->reply,
                      recipient);
}

static void tally_recipient(struct recipient_tally *tally, const struct recipient *recipient) {
    struct weights weights = {0, 0};
    if (is_failure(recipient->outcome)) weights = recipient_weights(tally, recipient);
    if (is_failure(recipient->outcome) || recipient->outcome == OUTCOME_DELIVERED) tally->known++;
    tally->sum.own += weights.own;
    tally->sum.passed_on += weights.passed_on;
    sent_add_mailbox(tally->sent, recipient, weights.own, weights.passed_on);
}

/* The recipients one after the other, without counting through the chain for each. */
static void tally_recipients(struct recipient_tally *tally) {
    uint32_t left = tally->message->recipient_count;
    for (const struct recipient_block *block = tally->message->recipients_first; block != NULL && left > 0;
         block = block->next)
        for (unsigned i = 0; i < RECIPIENTS_PER_BLOCK && left > 0; i++, left--)
            tally_recipient(tally, &block->recipients[i]);
}

static void fill_reply(struct verdict *verdict, const struct smtp_reply *reply) {
    verdict->code = reply->code;
    verdict->enhanced = reply->enhanced;
    verdict->reply_cut = reply->cut;
    memset(verdict->reply_text, 0, sizeof verdict->reply_text);
    plain_text_copy(verdict->reply_text, sizeof verdict->reply_text, reply->text);
}

static void fill_bounce(struct verdict *verdict, struct sent *sent, const struct verdict_context *context,
                        const struct message *message, const struct mail_summary *summary) {
    struct refuser refuser = {.context = context, .message = message, .summary = summary};
    struct recipient_tally tally = {.message = message, .sent = sent, .refuser = &refuser};
    tally_recipients(&tally);
    if (tally.class_ == NULL && is_failure(message->outcome))
        tally.class_ = classify(&refuser, message->stage, &message->reply, NULL, &tally.by);
    const struct bounce_class *class_ = is_failure(message->outcome) ? tally.class_ : NULL;
    if (class_ != NULL) verdict->bounce_class = class_number(context->bounces, class_);
    verdict->by_code = class_ != NULL && tally.by == BOUNCE_BY_CODE;
    if (message->outcome == OUTCOME_DELIVERED &&
        tally.refused != NULL) { /* that it was taken for others is no evidence */
        verdict->bounce_class = class_number(context->bounces, tally.refused_class);
        fill_reply(verdict, &tally.refused->reply);
    }
    if (tally.known == 0 && class_ != NULL) {
        tally.known = 1;
        tally.sum = (struct weights){class_->weight, class_->passed_on};
    }
    if (tally.known == 0) return;
    verdict->bounce_weight = (float)(tally.sum.own / tally.known);
    verdict->passed_on_weight = (float)(tally.sum.passed_on / tally.known);
}

/* --- rules ----------------------------------------------------------------------------------------------------- */

/* What was hidden cannot speak; of a message with a gap the headers at least must be there. */
static bool content_is_known(const struct message *message, const struct mail_summary *summary,
                             const struct rule_scan *scan) {
    if (summary == NULL || scan == NULL || !summary->headers_complete) return false;
    return message->visibility != VISIBILITY_ENCRYPTED && message->visibility != VISIBILITY_SERVER_ONLY;
}

/* The weakest named one, or the rule itself when that is weaker, is counted and not named.  False: the rule is it. */
static bool make_room(struct verdict *verdict, const struct ruleset *rules, const struct rule *rule) {
    const struct rule *weakest = ruleset_rule(rules, verdict->rules[LIMIT_VERDICT_RULES - 1]);
    bool const stronger = rule_is_stronger(rule, weakest);
    verdict->unnamed_count++;
    verdict->unnamed_points += (float)(stronger ? weakest : rule)->points;
    verdict->rule_count -= stronger;
    return stronger;
}

/* Puts a rule in its place. */
static void name_rule(struct verdict *verdict, const struct ruleset *rules, unsigned index) {
    const struct rule *rule = ruleset_rule(rules, index);
    if (verdict->rule_count == LIMIT_VERDICT_RULES && !make_room(verdict, rules, rule)) return;
    unsigned at = verdict->rule_count++;
    for (; at > 0 && rule_is_stronger(rule, ruleset_rule(rules, verdict->rules[at - 1])); at--)
        verdict->rules[at] = verdict->rules[at - 1];
    verdict->rules[at] = (uint16_t)index;
}

void verdict_add_rules(struct verdict *verdict, const struct ruleset *rules, const struct rule_hits *hits,
                       struct counters *counters) {
    double points[2] = {verdict->content_points, verdict->setup_points};
    uint16_t const unnamed = verdict->unnamed_count;
    for (unsigned word = 0; word < (ruleset_count(rules) + 63) / 64; word++) {
        for (uint64_t left = hits->bits[word]; left != 0; left &= left - 1) {
            unsigned const i = word * 64 + (unsigned)__builtin_ctzll(left);
            const struct rule *rule = ruleset_rule(rules, i);
            if (rule->group == RULE_CONTENT && !verdict->content_known) continue;
            points[rule->group] += rule->points;
            verdict->critical = verdict->critical || rule->critical;
            if (rule->points != 0) name_rule(verdict, rules, i);
        }
    }
    verdict->content_points = (float)points[RULE_CONTENT];
    verdict->setup_points = (float)points[RULE_SETUP];
    if (unnamed == 0 && verdict->unnamed_count > 0) counters->rules_cut++;
}

static void fill_rules(struct verdict *verdict, const struct ruleset *rules, const struct rule_scan *scan, bool bare,
                       const struct facts *facts, struct counters *counters) {
    struct rule_hits hits;
    if (bare)
        ruleset_bare_hits(rules, facts, &hits);
    else
        ruleset_hits(rules, scan, facts, &hits);
    verdict->carried = ruleset_carried(rules, &hits);
    verdict_add_rules(verdict, rules, &hits, counters);
}

/* --- all of it ------------------------------------------------------------------------------------------------- */

static void fill_names(struct verdict *verdict, const struct verdict_context *context, const struct message *message) {
    verdict->time = message->end;
    verdict->source = context->stream->client;
    verdict->destination = context->stream->server;
    verdict->visibility = (uint8_t)message->visibility;
    verdict->outcome = (uint8_t)message->outcome;
    verdict->stage = (uint8_t)message->stage;
    verdict->confidence = 1;
    fill_reply(verdict, &message->reply);
}

void verdict_make(struct verdict *verdict, struct sent *sent, const struct verdict_context *context,
                  const struct message *message, const struct mail_summary *summary, struct rule_scan *scan,
                  struct counters *counters) {
    memset(verdict, 0, sizeof *verdict);
    fill_names(verdict, context, message);
    sent_begin(sent, message, summary);
    fill_bounce(verdict, sent, context, message, summary);
    sent_end(sent, message);
    verdict->passes_on = sent_passes_on(message, summary);
    verdict->content_known = content_is_known(message, summary, scan);
    if (summary != NULL) {
        plain_text_copy(verdict->message_id, sizeof verdict->message_id, summary->message_id);
        plain_text_copy(verdict->from_domain, sizeof verdict->from_domain, summary->from_domain);
    }
    struct facts own;
    struct facts *facts = context->facts;
    if (facts == NULL) facts = &own;
    facts_collect(facts, context->dialogue, message, summary);
    if (scan != NULL) {
        rule_scan_facts(scan, facts);
        sent->marks.body = rule_scan_fingerprint(scan);
    }
    fill_rules(verdict, context->rules, scan, scan == NULL && summary == NULL, facts, counters);
}
