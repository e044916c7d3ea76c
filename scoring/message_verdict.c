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

#include "mailspan/utf8.h"
#include "rules_internal.h"

/* --- text ------------------------------------------------------------------------------------------------------ */

static bool is_control(struct span character) {
    uint8_t c = character.data[0];
    return c < 0x20 || c == 0x7f || (character.len == 2 && c == 0xc2 && character.data[1] < 0xa0);
}

/* Whether all eight bytes lie from ' ' to '~'. */
static bool are_printable(uint64_t bytes) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highest = ones << 7;
    uint64_t low = (bytes | highest) - ones * ' ';             /* the highest bit stays where a byte's other seven do */
    uint64_t high = (bytes & ~highest) + ones * (0x80 - 0x7f); /* ... and is set by 0x7f */
    return ((~low | high | bytes) & highest) == 0;
}

/* How many bytes from the start are printable ASCII: most of any text. */
static size_t printable_run(struct span text) {
    size_t at = 0;
    uint64_t bytes;
    for (; at + sizeof bytes <= text.len; at += sizeof bytes) {
        memcpy(&bytes, text.data + at, sizeof bytes);
        if (!are_printable(bytes)) break;
    }
    while (at < text.len && text.data[at] >= ' ' && text.data[at] < 0x7f) at++;
    return at;
}

/* Copies what fits into a text that is all zero, but for the last byte.  What is no character becomes U+FFFD, a control
 * character a blank. */
static void copy_text(char *out, size_t size, struct span text) {
    size_t used = printable_run(span_head(text, size - 1));
    if (used > 0) memcpy(out, text.data, used);
    text = span_from(text, used);
    while (text.len > 0) {
        size_t len = utf8_length(text);
        struct span character = span_head(text, len);
        text = span_from(text, len == 0 ? 1 : len);
        if (len == 0)
            character = SPAN_LITERAL("\xef\xbf\xbd");
        else if (is_control(character))
            character = SPAN_LITERAL(" ");
        if (used + character.len >= size) break;
        memcpy(out + used, character.data, character.len);
        used += character.len;
    }
}

/* --- bounces --------------------------------------------------------------------------------------------------- */

static bool is_failure(enum outcome outcome) {
    return outcome == OUTCOME_BOUNCED || outcome == OUTCOME_DEFERRED;
}

static uint16_t class_number(const struct bounce_rules *bounces, const struct bounce_class *class_) {
    return (uint16_t)(class_ - bounce_class_at(bounces, 0));
}

struct recipient_tally {
    const struct bounce_rules *bounces;
    const struct message *message;
    const struct bounce_class *class_;   /* of the message's own answer; NULL: not classified */
    const struct smtp_reply *last_reply; /* many recipients get the same answer: it is classified once */
    enum stage last_stage;
    double last_weight;
    double weight;
    unsigned known;
};

/* stage: what the reply refused. */
static double weight_of(const struct recipient_tally *tally, enum stage stage, const struct smtp_reply *reply) {
    const struct message *message = tally->message;
    const struct bounce_class *class_ = tally->class_;
    if (class_ == NULL || stage != message->stage || !reply_equal(reply, &message->reply))
        class_ = bounce_classify(tally->bounces, stage, reply);
    return class_ == NULL ? 0 : class_->weight;
}

/* A recipient failed by the answer to its own RCPT, or together with the message. */
static double recipient_weight(struct recipient_tally *tally, const struct recipient *recipient) {
    bool own = reply_is_transient(&recipient->reply) || reply_is_permanent(&recipient->reply);
    const struct smtp_reply *reply = own ? &recipient->reply : &tally->message->reply;
    enum stage stage = own ? STAGE_RCPT : tally->message->stage;
    const struct smtp_reply *last = tally->last_reply;
    bool same = last != NULL && tally->last_stage == stage && reply_equal(last, reply);
    if (!same) tally->last_weight = weight_of(tally, stage, reply);
    tally->last_reply = reply;
    tally->last_stage = stage;
    return tally->last_weight;
}

static void tally_recipient(struct recipient_tally *tally, const struct recipient *recipient) {
    if (recipient->outcome == OUTCOME_DELIVERED) tally->known++;
    if (!is_failure(recipient->outcome)) return;
    tally->known++;
    tally->weight += recipient_weight(tally, recipient);
}

/* The recipients one after the other, without counting through the chain for each. */
static void tally_recipients(struct recipient_tally *tally) {
    uint32_t left = tally->message->recipient_count;
    for (const struct recipient_block *block = tally->message->recipients_first; block != NULL && left > 0;
         block = block->next)
        for (unsigned i = 0; i < RECIPIENTS_PER_BLOCK && left > 0; i++, left--)
            tally_recipient(tally, &block->recipients[i]);
}

static void fill_bounce(struct verdict *verdict, const struct bounce_rules *bounces, const struct message *message) {
    const struct bounce_class *class_ = NULL;
    if (is_failure(message->outcome)) class_ = bounce_classify(bounces, message->stage, &message->reply);
    if (class_ != NULL) verdict->bounce_class = class_number(bounces, class_);
    struct recipient_tally tally = {.bounces = bounces, .message = message, .class_ = class_};
    tally_recipients(&tally);
    if (tally.known > 0)
        verdict->bounce_weight = (float)(tally.weight / tally.known);
    else if (class_ != NULL)
        verdict->bounce_weight = (float)class_->weight;
}

/* --- rules ----------------------------------------------------------------------------------------------------- */

/* What was hidden cannot speak; of a message with a gap the headers at least must be there. */
static bool content_is_known(const struct message *message, const struct mail_summary *summary,
                             const struct rule_scan *scan) {
    if (summary == NULL || scan == NULL || !summary->headers_complete) return false;
    return message->visibility != VISIBILITY_ENCRYPTED && message->visibility != VISIBILITY_SERVER_ONLY;
}

/* Puts a rule in its place; the weakest falls off when there is no room. */
static void name_rule(struct verdict *verdict, const struct ruleset *rules, unsigned rule, bool *cut) {
    double points = ruleset_rule(rules, rule)->points;
    unsigned at = verdict->rule_count;
    while (at > 0 && ruleset_rule(rules, verdict->rules[at - 1])->points < points) at--;
    bool full = verdict->rule_count == LIMIT_VERDICT_RULES;
    *cut = *cut || full;
    if (at == LIMIT_VERDICT_RULES) return;
    unsigned last = full ? LIMIT_VERDICT_RULES - 1 : verdict->rule_count++;
    for (unsigned i = last; i > at; i--) verdict->rules[i] = verdict->rules[i - 1];
    verdict->rules[at] = (uint16_t)rule;
}

/* scan may be NULL: then only facts speak. */
static void fill_rules(struct verdict *verdict, const struct ruleset *rules, const struct rule_scan *scan,
                       const struct facts *facts, struct counters *counters) {
    double points[2] = {0, 0};
    bool cut = false;
    unsigned count = ruleset_count(rules);
    for (unsigned i = 0; i < count; i++) {
        if (scan != NULL ? !rule_scan_fired(scan, i) : !rule_holds(rules, i, facts)) continue;
        const struct rule *rule = ruleset_rule(rules, i);
        if (rule->group == RULE_CONTENT && !verdict->content_known) continue;
        points[rule->group] += rule->points;
        verdict->critical = verdict->critical || rule->critical;
        name_rule(verdict, rules, i, &cut);
    }
    verdict->content_points = (float)points[RULE_CONTENT];
    verdict->setup_points = (float)points[RULE_SETUP];
    if (cut) counters->rules_cut++;
}

/* --- all of it ------------------------------------------------------------------------------------------------- */

static void fill_names(struct verdict *verdict, const struct verdict_context *context, const struct message *message) {
    verdict->time = message->end;
    verdict->source = context->stream->client;
    verdict->destination = context->stream->server;
    verdict->visibility = (uint8_t)message->visibility;
    verdict->outcome = (uint8_t)message->outcome;
    verdict->stage = (uint8_t)message->stage;
    verdict->code = message->reply.code;
    verdict->enhanced = message->reply.enhanced;
    verdict->confidence = 1;
    copy_text(verdict->reply_text, sizeof verdict->reply_text, message->reply.text);
    verdict->reply_cut = message->reply.cut;
}

void verdict_make(struct verdict *verdict, const struct verdict_context *context, const struct message *message,
                  const struct mail_summary *summary, struct rule_scan *scan, struct counters *counters) {
    memset(verdict, 0, sizeof *verdict);
    fill_names(verdict, context, message);
    fill_bounce(verdict, context->bounces, message);
    verdict->content_known = content_is_known(message, summary, scan);
    if (summary != NULL) {
        copy_text(verdict->message_id, sizeof verdict->message_id, summary->message_id);
        copy_text(verdict->from_domain, sizeof verdict->from_domain, summary->from_domain);
    }
    struct facts facts;
    facts_collect(&facts, context->dialogue, message, summary);
    if (scan != NULL) rule_scan_facts(scan, &facts);
    fill_rules(verdict, context->rules, scan, &facts, counters);
}
