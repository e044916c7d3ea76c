/* What `mailspan explain MAIL...` has to say of one mail, and its two forms: for people (explain_text.c) and for
 * programs (explain_json.c).  What the mail tells of other mails is explain_report.c's in both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_EXPLAIN_TOLD_H
#define MAILSPAN_COMMANDS_EXPLAIN_TOLD_H

#include "knowledge.h"
#include "mailspan/mail_report.h"
#include "mailspan/verdict.h"
#include "publish/json_text.h"

#define TOLD_WORDS_MAX 8

struct told_rule {
    const struct rule *rule;
    unsigned index; /* of the rule, in its rule set */
};

struct told_mail {
    const struct knowledge *knowledge;
    const char *file;
    unsigned number; /* in its file, from 1 */
    bool sender_known;
    struct span sender; /* the SMTP sender */
    struct verdict verdict;
    struct facts facts;
    struct rule_hits hits;
    const struct mail_report *report;
    const struct counters *counters; /* of this mail alone */
    uint32_t text_bytes;             /* of its text that were read, decoded */
    unsigned rule_count;
    struct told_rule rules[LIMIT_RULES]; /* strongest first */
    struct rules_found *found;           /* of this mail */
    unsigned word_count;
    struct said_word words[TOLD_WORDS_MAX]; /* that speak most for spam */
};

bool told_is_spam_like(const struct told_mail *told);
bool told_is_badly_set_up(const struct told_mail *told);

#define TOLD_FOUND_BYTES 2048

/* Where a rule fired, and what was found there: the text that matched, or what a condition asked for, as "html_only 1,
 * urls 7"; of a rule without points also where that fired: "A_LINK (uri: http://192.0.2.1/) 1"; of the words that speak
 * for spam the strongest: "words_of_spam 3.2 (click here 0.9, offer 0.8)".  Empty: it is not known.
 */
void told_find(const struct told_mail *told, const struct told_rule *fired, struct rule_finding *finding,
               char found[TOLD_FOUND_BYTES]);

/* False: the line is longer than there is room. */
bool explain_put_mail(struct json_text *j, const struct told_mail *told, bool with_facts);
void explain_print_mail(const struct told_mail *told, bool with_facts, bool colour);

void explain_put_report(struct json_text *j, const struct told_mail *told);
void explain_print_report(const struct told_mail *told);

#endif
