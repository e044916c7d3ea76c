/* Whether the examples of rules/bounces.yaml hold: each must be known by the very text, or greeting, that it stands at.
 * An expression that nothing fits, or that stands behind a broader one, is found when it is written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_internal.h"

static bool complain(const struct bounce_rules *rules, const struct yaml_node *example, struct problem *problem,
                     const struct expression *by) {
    const struct yaml_document *document = rules->file.document;
    if (by == NULL)
        return yaml_problem(document, example, false, problem,
                            "does not fit the expression beside it; expected an example that it is meant for");
    return yaml_problem(document, example, false, problem,
                        "fits line %u before the expression beside it; expected an example that this one is first for",
                        by->node->line);
}

static bool text_holds(const struct bounce_rules *rules, const struct text_rule *text, struct problem *problem) {
    uint8_t bytes[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    struct plain_case room;
    if (!smtp_reply_read(span_from_string(text->example->text), bytes, &reply) || !reply_is_refusal(&reply))
        return yaml_problem(rules->file.document, text->example, false, problem,
                            "refuses nothing; expected a reply such as 550 5.1.1 User unknown");
    struct bounce_case const said = {.stage = text->stage == BOUNCE_ANY ? STAGE_RCPT : (enum stage)text->stage,
                                     .reply = &reply,
                                     .receiver = text->receiver};
    const struct text_rule *found = bounce_text_of(rules, bounce_plain(&said, &room));
    return found == text || complain(rules, text->example, problem, found == NULL ? NULL : &found->expression);
}

static bool receiver_holds(const struct bounce_rules *rules, unsigned i, struct problem *problem) {
    const struct named_rules *receivers = &rules->receivers;
    const struct yaml_node *example = receivers->rules[i].example;
    unsigned const found = bounce_receiver(rules, span_from_string(example->text));
    return found == i + 1 ||
           complain(rules, example, problem, found == 0 ? NULL : &receivers->rules[found - 1].expression);
}

bool bounce_examples_hold(const struct bounce_rules *rules, struct problem *problem) {
    for (unsigned i = 0; i < rules->text_count; i++)
        if (!text_holds(rules, &rules->texts[i], problem)) return false;
    for (unsigned i = 0; i < rules->receivers.count; i++)
        if (!receiver_holds(rules, i, problem)) return false;
    return true;
}
