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

struct fitting {
    const struct bounce_rules *rules;
    const struct text_rule *text;
    struct span said;
    bool fits;
};

static int on_fit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    struct fitting *fitting = context;
    const struct expression *expression = &fitting->text->expression;
    if (id != expression->id) return 0;
    fitting->fits =
        expression->confirm == NULL || pcre2_match(expression->confirm, fitting->said.data, fitting->said.len, 0, 0,
                                                   fitting->rules->match_data, fitting->rules->match_context) >= 0;
    return 0;
}

/* Of these very bytes, whoever says them and whenever. */
static bool fits(const struct bounce_rules *rules, const struct text_rule *text, struct span said) {
    struct fitting fitting = {rules, text, said, false};
    if (said.len > 0 && said.len <= UINT32_MAX)
        (void)hs_scan(rules->database, (const char *)said.data, (unsigned)said.len, 0, rules->scratch, on_fit,
                      &fitting);
    return fitting.fits;
}

/* What keeps a text from an example that it does not fit. */
static const char *hindrance(const struct bounce_rules *rules, const struct text_rule *text,
                             const struct smtp_reply *reply, struct span without_mailboxes) {
    if (text->only != 0 && text->only != reply->code / 100u)
        return text->only == 4 ? "is no 4yz reply, as 'only' beside it says; expected one"
                               : "is no 5yz reply, as 'only' beside it says; expected one";
    if (fits(rules, text, without_mailboxes))
        return "fits the expression beside it by a host name alone; in place of each that is not in a link an "
               "expression sees h.h";
    if (fits(rules, text, reply->text))
        return "fits the expression beside it by a mailbox alone; in place of each an expression sees x@x";
    if (!fits(rules, text, span_from_string(text->example->text)))
        return "does not fit the expression beside it; expected an example that it is meant for";
    if (reply->cut) return "fits the expression beside it too far behind; an expression sees the first 200 bytes";
    return "fits the expression beside it by its code alone; an expression sees the words behind the codes";
}
_Static_assert(LIMIT_REPLY_TEXT_BYTES == 200, "the bytes that are told above");

static bool fits_all(const struct bounce_rules *rules, const struct text_rule *text, const char *const *said) {
    while (*said != NULL && fits(rules, text, span_from_string(*said))) said++;
    return *said == NULL;
}

/* Bytes of four kinds, and none that two of these have; or sentences of six causes, in which there are no two words the
 * same: what fits all of one asks for no words. */
static bool fits_everything(const struct bounce_rules *rules, const struct text_rule *text) {
    static const char *const bytes[] = {"kxqjwvzk", "70417041", "#%=~#%=~", "\u05d0\u05d3\u05d2\u05d0", NULL};
    static const char *const causes[] = {"unknown user",
                                         "mailbox over quota",
                                         "blocked using zen",
                                         "relay access denied",
                                         "greylisted, try again",
                                         "no reverse DNS entry",
                                         NULL};
    return fits_all(rules, text, bytes) || fits_all(rules, text, causes);
}

static bool text_holds(const struct bounce_rules *rules, const struct text_rule *text, struct problem *problem) {
    uint8_t bytes[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    struct plain_case room;
    if (fits_everything(rules, text))
        return yaml_problem(rules->file.document, text->expression.node, false, problem,
                            "the regular expression fits every text; expected one for some words");
    if (!smtp_reply_read(span_from_string(text->example->text), bytes, &reply) || !reply_is_refusal(&reply))
        return yaml_problem(rules->file.document, text->example, false, problem,
                            "refuses nothing; expected a reply such as 550 5.1.1 User unknown");
    struct bounce_case const said = {.stage = text->stage == BOUNCE_ANY ? STAGE_RCPT : (enum stage)text->stage,
                                     .reply = &reply,
                                     .receiver = text->receiver};
    struct plain_case bare_room;
    const struct bounce_case *plain = bounce_without_mailboxes(&said, &room);
    const struct text_rule *found = bounce_text_of(rules, bounce_without_hosts(plain, &bare_room));
    if (found == text) return true;
    if (found != NULL && found < text) return complain(rules, text->example, problem, &found->expression);
    return yaml_problem(rules->file.document, text->example, false, problem, "%s",
                        hindrance(rules, text, &reply, plain->reply->text));
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
