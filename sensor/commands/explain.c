/* mailspan explain: what a refusal means, by which line of which file, whose fault it is, and what to do.
 *
 *   mailspan explain --reply '550 5.1.1 no such user' [--stage rcpt] [--receiver TEXT] [--json] [--config F]
 *   mailspan explain --replies FILE [--stage rcpt] [--config F]      a JSON line for each line
 *   mailspan explain FILE.eml... [--json] [--config F]                what mails tell of others (explain_mail.c)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "commands/explain_class.h"
#include "commands/explain_mail.h"
#include "knowledge.h"
#include "publish/json_text.h"
#include "publish/wording.h"
#include "text_file.h"

#define RULE_BYTES_MAX 4096
#define ADVICE_BYTES_MAX 1024
#define LINE_BYTES 49152 /* of JSON, where a byte takes six at most */

struct question {
    const char *config, *reply, *replies, *receiver;
    char *const *mails;
    int mail_count;
    enum stage stage; /* STAGE_NONE: it is not said */
    bool json;
};

static void print_usage(FILE *file) {
    (void)fputs(
        "usage: mailspan explain --reply TEXT [--stage STAGE] [--receiver TEXT] [--json] [--config FILE]\n"
        "       mailspan explain --replies FILE [--stage STAGE] [--receiver TEXT] [--config FILE]\n"
        "       mailspan explain MAIL... [--json] [--config FILE]\n"
        "  --reply TEXT      a refusal as a server gave it: '550 5.1.1 no such user'; of several lines, with the\n"
        "                    line breaks\n"
        "  --replies FILE    of each line of this file (-: standard input), as JSON lines\n"
        "  MAIL              a file that holds one mail (-: standard input): which other mail it tells of, and what\n"
        "  --stage STAGE     what it answered: greeting, mail, rcpt, data, body; without: not known\n"
        "  --receiver TEXT   who said it: its greeting, such as 'mx.example.com ESMTP Postfix'; without: not known\n"
        "  --json            as a line of JSON\n"
        "  --config FILE     by the rule files that this configuration names (without: the built-in ones)\n",
        file);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static const char *by_name(enum bounce_by by) {
    static const char *const names[] = {[BOUNCE_BY_NOTHING] = "nothing",
                                        [BOUNCE_BY_TEXT] = "text",
                                        [BOUNCE_BY_WORDS] = "words",
                                        [BOUNCE_BY_ENHANCED] = "enhanced",
                                        [BOUNCE_BY_CODE] = "code"};
    return names[by];
}

static const char *why_none(bool is_reply) {
    return is_reply ? "it refuses nothing; expected a code of 400 to 599"
                    : "it is no reply; expected a code and text, such as 550 5.1.1 no such user";
}

static void put_string_or_null(struct json_text *j, const char *key, const char *string) {
    if (string == NULL)
        json_put_null(j, key);
    else
        json_put_text(j, key, span_head(span_from_string(string), ADVICE_BYTES_MAX));
}

void explain_put_help(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_finding *found,
                      const struct smtp_reply *reply) {
    struct bounce_blocklist list = bounce_blocklist_of(bounces, found->class_, reply->text);
    if (list.name.len == 0)
        json_put_null(j, "blocklist");
    else
        json_put_text(j, "blocklist", span_head(list.name, ADVICE_BYTES_MAX));
    put_string_or_null(j, "removal", list.url);
    put_string_or_null(j, "advice", list.advice != NULL ? list.advice : found->class_->advice);
}

void explain_print_help(const struct bounce_rules *bounces, const struct bounce_finding *found,
                        const struct smtp_reply *reply, const char *indent) {
    struct bounce_blocklist list = bounce_blocklist_of(bounces, found->class_, reply->text);
    if (list.name.len > 0) (void)printf("%slist     %.*s\n", indent, (int)list.name.len, (const char *)list.name.data);
    if (list.url != NULL) (void)printf("%sremoval  %s\n", indent, list.url);
    const char *advice = list.advice != NULL ? list.advice : found->class_->advice;
    if (advice != NULL) (void)printf("%sadvice   %s\n", indent, advice);
}

bool explain_is_hard(const struct bounce_finding *found, const struct smtp_reply *reply) {
    return found->class_->hard && !reply_is_transient(reply);
}

static void put_weighing(struct json_text *j, const struct bounce_weighing *weighing) {
    json_open(j, "words", '[');
    for (unsigned i = 0; i < weighing->count; i++) {
        json_open(j, NULL, '{');
        json_put_text(j, "say", span_from_string(weighing->words[i].text));
        json_put_decimal(j, "weight", weighing->words[i].weight, 3);
        json_put_unsigned(j, "line", weighing->words[i].line);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_put_word(j, "runner_up", weighing->next == NULL ? NULL : weighing->next->name);
    if (weighing->next != NULL) json_put_decimal(j, "behind", weighing->behind, 3);
}

void explain_put_reason(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_case *what,
                        const struct bounce_finding *found, const char *file_key) {
    struct bounce_weighing weighing;
    bool const by_words = bounce_explain_words(bounces, what, found, &weighing);
    const char *rule = weighing.count > 0 ? weighing.words[0].text : found->rule;
    json_put_word(j, "by", by_name(found->by));
    if (rule == NULL) {
        json_put_null(j, "rule");
        json_put_word(j, file_key, found->file);
        json_put_null(j, "line");
    } else {
        json_put_text(j, "rule", span_head(span_from_string(rule), RULE_BYTES_MAX));
        json_put_word(j, file_key, found->file);
        json_put_unsigned(j, "line", weighing.count > 0 ? weighing.words[0].line : found->line);
    }
    if (by_words) put_weighing(j, &weighing);
}

void explain_print_reason(const struct bounce_rules *bounces, const struct bounce_case *what,
                          const struct bounce_finding *found, const char *indent) {
    struct bounce_weighing weighing;
    if (found->by == BOUNCE_BY_NOTHING) {
        (void)printf("%sbecause  nothing in %s fits it\n", indent, bounce_rules_name(bounces));
    } else if (!bounce_explain_words(bounces, what, found, &weighing)) {
        const char *by = found->by == BOUNCE_BY_ENHANCED ? "enhanced code" : by_name(found->by);
        (void)printf("%sbecause  its %s fits %s:%u: %s\n", indent, by, found->file, found->line, found->rule);
    } else {
        (void)printf("%sbecause  its words speak for it most, by %s:\n", indent, found->file);
        for (unsigned i = 0; i < weighing.count; i++)
            (void)printf("%s         %+.2f %s (line %u)\n", indent, weighing.words[i].weight, weighing.words[i].text,
                         weighing.words[i].line);
        if (weighing.next != NULL)
            (void)printf("%snext     %s, %.2f behind it\n", indent, weighing.next->name, weighing.behind);
    }
}

static void put_class(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_case *what,
                      const struct bounce_finding *found) {
    const struct smtp_reply *reply = what->reply;
    const struct bounce_class *class_ = found->class_;
    json_put_word(j, "class", class_->name);
    json_put_word(j, "fault", fault_name(class_->fault));
    json_put_bool(j, "hard", explain_is_hard(found, reply));
    json_put_decimal(j, "weight", class_->weight, 3);
    explain_put_reason(j, bounces, what, found, "file");
    if (found->section == NULL)
        json_put_null(j, "section");
    else
        json_put_text(j, "section", span_head(span_from_string(found->section), RULE_BYTES_MAX));
    explain_put_help(j, bounces, found, reply);
}

/* NULL: not known, or not said. */
static const char *receiver_name(const struct bounce_rules *bounces, const struct question *question) {
    if (question->receiver == NULL) return NULL;
    return bounce_receiver_name(bounces, bounce_receiver(bounces, span_from_string(question->receiver)));
}

/* what->reply: NULL when it is none. */
static void print_json(const struct bounce_rules *bounces, const struct question *question, struct span said,
                       const struct bounce_case *what, const struct bounce_finding *found) {
    const struct smtp_reply *reply = what->reply;
    static char bytes[LINE_BYTES];
    char enhanced[24];
    struct json_text j = {.bytes = bytes, .capacity = sizeof bytes};
    bool has_code = reply != NULL && said.data[1] != '.'; /* else an enhanced one alone */
    json_start(&j);
    json_open(&j, NULL, '{');
    json_put_text(&j, "reply", span_head(said, LIMIT_SMTP_LINE_BYTES));
    json_put_word(&j, "stage", stage_name(question->stage));
    json_put_word(&j, "receiver", receiver_name(bounces, question));
    if (has_code)
        json_put_unsigned(&j, "code", reply->code);
    else
        json_put_null(&j, "code");
    json_put_word(&j, "enhanced", reply == NULL ? NULL : enhanced_to_text(&reply->enhanced, enhanced));
    if (reply != NULL) json_put_bool(&j, "cut", reply->cut);
    if (found->class_ == NULL) {
        json_put_null(&j, "class");
        json_put_word(&j, "why", why_none(reply != NULL));
    } else {
        put_class(&j, bounces, what, found);
    }
    json_close(&j, '}');
    (void)printf("%.*s\n", (int)j.length, j.bytes);
}

/* receiver: NULL: not known. */
static void print_text(const struct bounce_rules *bounces, const struct bounce_finding *found,
                       const struct bounce_case *what, const char *receiver) {
    const struct smtp_reply *reply = what->reply;
    static const char *const faults[] = {[FAULT_UNKNOWN] = "whose fault it is cannot be told",
                                         [FAULT_RECIPIENT] = "the recipient's fault",
                                         [FAULT_LIST] = "the fault of the sender's list of addresses",
                                         [FAULT_SENDER] = "the sender's fault",
                                         [FAULT_RECEIVER] = "the receiving server's fault"};
    const struct bounce_class *class_ = found->class_;
    (void)printf("class    %s\n", class_->name);
    (void)printf("meaning  %s, %s; in a sample it weighs %g\n", explain_is_hard(found, reply) ? "for good" : "for now",
                 faults[class_->fault], class_->weight);
    explain_print_reason(bounces, what, found, "");
    if (found->section != NULL) (void)printf("section  %s\n", found->section);
    if (receiver != NULL) (void)printf("receiver %s\n", receiver);
    if (reply->cut) (void)printf("cut      only the first %d bytes of its text are read\n", LIMIT_REPLY_TEXT_BYTES);
    explain_print_help(bounces, found, reply, "");
}

/* False: what was said is no refusal, which is told. */
static bool answer(const struct bounce_rules *bounces, const struct question *question, struct span said) {
    uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    struct bounce_finding found = {.class_ = NULL};
    bool is_reply = smtp_reply_read(said, room, &reply);
    unsigned receiver = question->receiver == NULL ? 0 : bounce_receiver(bounces, span_from_string(question->receiver));
    struct bounce_case const what = {.stage = question->stage, .reply = is_reply ? &reply : NULL, .receiver = receiver};
    if (is_reply) found = bounce_explain(bounces, &what);
    if (question->json)
        print_json(bounces, question, said, &what, &found);
    else if (found.class_ != NULL)
        print_text(bounces, &found, &what, bounce_receiver_name(bounces, receiver));
    else
        (void)fprintf(stderr, "mailspan explain: %s\n", why_none(is_reply));
    return found.class_ != NULL;
}

static int answer_lines(const struct bounce_rules *bounces, const struct question *question, FILE *file) {
    char *line = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&line, &room, file)) >= 0;) {
        if (length > 0 && line[length - 1] == '\n') length--;
        if (length > 0 && line[length - 1] == '\r') length--;
        (void)answer(bounces, question, span_of((const uint8_t *)line, (size_t)length));
    }
    free(line);
    return ferror(file) == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int answer_file(const struct bounce_rules *bounces, const struct question *question) {
    bool is_input = strcmp(question->replies, "-") == 0;
    FILE *file = is_input ? stdin : fopen(question->replies, "re");
    int code = file == NULL ? EXIT_FAILED : answer_lines(bounces, question, file);
    if (code != EXIT_FINE)
        (void)fprintf(stderr,
                      "mailspan explain: %s cannot be read: %s; expected a file with a reply on each line, or -\n",
                      is_input ? "standard input" : question->replies, strerror(errno));
    if (file != NULL && !is_input) (void)fclose(file);
    return code;
}

/* --- the question ------------------------------------------------------------------------------------------------- */

static bool read_stage(const char *word, enum stage *stage) {
    if (stage_read(span_from_string(word), stage)) return true;
    (void)fprintf(stderr, "mailspan explain: no stage '%s'; expected greeting, mail, rcpt, data or body\n", word);
    return false;
}

static int explain(struct question *question) {
    struct config config;
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem = {.what = "not enough memory for the rules"};
    int code = EXIT_FAILED;
    config_default(&config);
    if ((question->config != NULL && !config_load(&config, question->config, &problem)) ||
        !knowledge_load(&config, &knowledge, &problem)) {
        problem_print(&problem);
    } else if (question->mail_count > 0) {
        code = explain_mails(knowledge.bounces, question->mails, question->mail_count, question->json);
    } else if (question->replies != NULL) {
        question->json = true;
        code = answer_file(knowledge.bounces, question);
    } else {
        code = answer(knowledge.bounces, question, span_from_string(question->reply)) ? EXIT_FINE : EXIT_FAILED;
    }
    knowledge_free(&knowledge);
    config_free(&config);
    return code;
}

int command_explain(int argc, char **argv) {
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'},   {"reply", required_argument, NULL, 'r'},
        {"replies", required_argument, NULL, 'R'},  {"stage", required_argument, NULL, 's'},
        {"receiver", required_argument, NULL, 'v'}, {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0}};
    struct question question = {.stage = STAGE_NONE};
    optind = 0; /* glibc: start over, whoever scanned arguments before */
    for (int letter; (letter = getopt_long(argc, argv, "h", known, NULL)) != -1;) {
        if (letter == 'c') {
            question.config = optarg;
        } else if (letter == 'r') {
            question.reply = optarg;
        } else if (letter == 'R') {
            question.replies = optarg;
        } else if (letter == 'v') {
            question.receiver = optarg;
        } else if (letter == 'j') {
            question.json = true;
        } else if (letter == 's') {
            if (!read_stage(optarg, &question.stage)) return EXIT_USAGE;
        } else {
            print_usage(letter == 'h' ? stdout : stderr);
            return letter == 'h' ? EXIT_FINE : EXIT_USAGE;
        }
    }
    question.mails = argv + optind;
    question.mail_count = argc - optind;
    int asked = (question.reply != NULL) + (question.replies != NULL) + (question.mail_count > 0);
    if (asked == 1 && (question.mail_count == 0 || (question.stage == STAGE_NONE && question.receiver == NULL)))
        return explain(&question);
    if (asked == 1)
        (void)fputs(
            "mailspan explain: --stage and --receiver belong to --reply or --replies; a mail says itself what was "
            "refused\n",
            stderr);
    else if (question.mail_count > 0)
        (void)fprintf(stderr, "mailspan explain: unexpected argument '%s'\n", argv[optind]);
    else
        (void)fputs("mailspan explain: expected --reply TEXT, --replies FILE or mails, one of them\n", stderr);
    print_usage(stderr);
    return EXIT_USAGE;
}
