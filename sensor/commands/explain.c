/* mailspan explain: what a refusal means, by which line of which file, whose fault it is, and what to do; and why a
 * mail has its points.
 *
 *   mailspan explain --reply '550 5.1.1 no such user'... [--stage rcpt] [--receiver TEXT] [--json] [--config F]
 *   mailspan explain --replies FILE [--stage rcpt] [--config F]      a JSON line for each line
 *   mailspan explain MAIL... [--facts] [--json] [--config F]          what the rules say of mails (explain_mail.c)
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
#define WHY_BYTES 160
#define LINE_BYTES 49152 /* of JSON, where a byte takes six at most */

struct question {
    const char *config, *replies, *receiver;
    const char **said; /* each --reply */
    int said_count;
    char *const *mails;
    int mail_count;
    enum stage stage; /* STAGE_NONE: it is not said */
    bool json, facts;
};

static void print_usage(FILE *file) {
    (void)fputs(
        "usage: mailspan explain --reply TEXT... [--stage STAGE] [--receiver TEXT] [--json] [--config FILE]\n"
        "       mailspan explain --replies FILE [--stage STAGE] [--receiver TEXT] [--config FILE]\n"
        "       mailspan explain MAIL... [--facts] [--json] [--config FILE]\n"
        "  --reply TEXT      a refusal as a server gave it: '550 5.1.1 no such user'; of several lines, with the\n"
        "                    line breaks; each of more than one is answered\n"
        "  --replies FILE    of each line of this file (-: standard input), as JSON lines\n"
        "  MAIL              a file that holds a mail, or several (mbox), or a folder of such, to any depth (-: "
        "standard\n"
        "                    input): its points, each rule that gave some, what it found and where; and what it tells "
        "of\n"
        "                    other mails, if it is a bounce, a complaint or the like\n"
        "  --facts           also every fact that rules can ask for and that is not 0\n"
        "  --stage STAGE     what it answered: greeting, mail, rcpt, data, body; without: not known\n"
        "  --receiver TEXT   who said it: its greeting, such as 'mx.example.com ESMTP Postfix'; without: not known\n"
        "  --json            as a line of JSON, one for each reply or mail\n"
        "  --config FILE     by the rule files that this configuration names (without: the built-in ones)\n",
        file);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* What others wrote may steer a terminal, or turn text round. */
void explain_print_plain(const char *label, struct span text) {
    (void)printf("%s", label);
    while (text.len > 0) {
        uint32_t code_point;
        size_t length = utf8_next(text, &code_point);
        bool bad = hides_text(code_point) || (code_point == UTF8_REPLACEMENT && length == 1);
        if (bad)
            (void)putchar('?');
        else
            (void)printf("%.*s", (int)length, (const char *)text.data);
        text = span_from(text, length);
    }
    (void)putchar('\n');
}

static const char *by_name(enum bounce_by by) {
    static const char *const names[] = {[BOUNCE_BY_NOTHING] = "nothing",
                                        [BOUNCE_BY_TEXT] = "text",
                                        [BOUNCE_BY_WORDS] = "words",
                                        [BOUNCE_BY_ENHANCED] = "enhanced",
                                        [BOUNCE_BY_CODE] = "code"};
    return names[by];
}

static bool begins_with_code(struct span line) {
    bool const digits = line.len >= 3 && line.data[0] >= '2' && line.data[0] <= '5' && ascii_is_digit(line.data[1]) &&
                        ascii_is_digit(line.data[2]);
    return digits && (line.len == 3 || line.data[3] == '-' || ascii_is_blank(line.data[3]));
}

/* Of several lines: which one is not of the reply that the first begins.  False: the first begins none. */
static bool why_no_line(struct span said, char why[WHY_BYTES]) {
    struct span const code = span_head(said, 3);
    bool ended = false;
    for (unsigned number = 1; said.len > 0 || number == 1; number++) {
        size_t const end = span_find(said, '\n');
        struct span const line = span_head(said, end);
        bool const coded = begins_with_code(line);
        said = span_from(said, end < said.len ? end + 1 : end);
        if (number == 1 && !coded) return false;
        if (!coded || ended) {
            (void)snprintf(why, WHY_BYTES,
                           ended ? "its line %u is behind its last one; expected %.*s- at the beginning of each line "
                                   "but the last"
                                 : "its line %u begins with no code; expected %.*s- at the beginning of each line, and "
                                   "a blank in place of the - in the last",
                           number, (int)code.len, (const char *)code.data);
            return true;
        }
        ended = line.len == 3 || line.data[3] != '-';
    }
    return false;
}

static void say_why_none(struct span said, bool is_reply, char why[WHY_BYTES]) {
    if (is_reply)
        (void)snprintf(why, WHY_BYTES, "it refuses nothing; expected a code of 400 to 599");
    else if (!why_no_line(said, why))
        (void)snprintf(why, WHY_BYTES, "it is no reply; expected a code and text, such as 550 5.1.1 no such user");
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
    json_put_decimal(j, "passed_on", class_->passed_on, 3);
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
    bool has_code = reply != NULL && said.len > 1 && said.data[1] != '.'; /* else an enhanced one alone */
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
        char why[WHY_BYTES];
        say_why_none(said, reply != NULL, why);
        json_put_null(&j, "class");
        json_put_word(&j, "why", why);
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
    (void)printf("meaning  %s, %s; in a sample it weighs %g", explain_is_hard(found, reply) ? "for good" : "for now",
                 faults[class_->fault], class_->weight);
    if (class_->passed_on < class_->weight)
        (void)printf(", and %g of a message that was only passed on", class_->passed_on);
    (void)putchar('\n');
    explain_print_reason(bounces, what, found, "");
    if (found->section != NULL) (void)printf("section  %s\n", found->section);
    if (receiver != NULL) (void)printf("receiver %s\n", receiver);
    if (reply->cut) (void)printf("cut      only the first %d bytes of its text are read\n", LIMIT_REPLY_TEXT_BYTES);
    explain_print_help(bounces, found, reply, "");
}

/* Where each of several has its answer, it stands there. */
static void complain_of(const struct question *question, struct span said, bool is_reply) {
    char why[WHY_BYTES];
    say_why_none(said, is_reply, why);
    if (question->said_count > 1)
        (void)printf("class    none: %s\n", why);
    else
        (void)fprintf(stderr, "mailspan explain: %s\n", why);
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
        complain_of(question, said, is_reply);
    return found.class_ != NULL;
}

/* Each --reply; of more than one the text stands before its answer. */
static int answer_each(const struct bounce_rules *bounces, const struct question *question) {
    int code = EXIT_FINE;
    for (int i = 0; i < question->said_count; i++) {
        struct span const said = span_from_string(question->said[i]);
        bool const named = question->said_count > 1 && !question->json;
        if (named && i > 0) (void)putchar('\n');
        if (named) explain_print_plain("reply    ", said);
        if (!answer(bounces, question, said)) code = EXIT_FAILED;
    }
    return code;
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
        struct mails_question const mails = {question->mails, question->mail_count, question->json, question->facts,
                                             config.text_bytes};
        code = explain_mails(&knowledge, &mails);
    } else if (question->replies != NULL) {
        question->json = true;
        code = answer_file(knowledge.bounces, question);
    } else {
        code = answer_each(knowledge.bounces, question);
    }
    knowledge_free(&knowledge);
    config_free(&config);
    return code;
}

/* Twice, one of both would be passed over without a word. */
static bool set_once(const char **value, const char *option) {
    if (*value == NULL) {
        *value = optarg;
        return true;
    }
    (void)fprintf(stderr, "mailspan explain: --%s '%s' and '%s'; expected it once\n", option, *value, optarg);
    return false;
}

enum { READ = -1 };

/* READ, or the exit code. */
static int read_options(int argc, char **argv, struct question *question) {
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"reply", required_argument, NULL, 'r'},
                                          {"replies", required_argument, NULL, 'R'},
                                          {"stage", required_argument, NULL, 's'},
                                          {"receiver", required_argument, NULL, 'v'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"facts", no_argument, NULL, 'f'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    const char *stage = NULL;
    optind = 0; /* glibc: start over, whoever scanned arguments before */
    for (int letter; (letter = getopt_long(argc, argv, "h", known, NULL)) != -1;) {
        if (letter == 'c') {
            if (!set_once(&question->config, "config")) return EXIT_USAGE;
        } else if (letter == 'r') {
            question->said[question->said_count++] = optarg;
        } else if (letter == 'R') {
            if (!set_once(&question->replies, "replies")) return EXIT_USAGE;
        } else if (letter == 'v') {
            if (!set_once(&question->receiver, "receiver")) return EXIT_USAGE;
        } else if (letter == 'j') {
            question->json = true;
        } else if (letter == 'f') {
            question->facts = true;
        } else if (letter == 's') {
            if (!set_once(&stage, "stage") || !read_stage(optarg, &question->stage)) return EXIT_USAGE;
        } else {
            print_usage(letter == 'h' ? stdout : stderr);
            return letter == 'h' ? EXIT_FINE : EXIT_USAGE;
        }
    }
    question->mails = argv + optind;
    question->mail_count = argc - optind;
    return READ;
}

/* One thing is asked, and what belongs to it; else what is wrong is said. */
static bool is_one_question(const struct question *question) {
    int const asked = (question->said_count > 0) + (question->replies != NULL) + (question->mail_count > 0);
    bool const of_mails = question->mail_count > 0,
               of_replies = question->stage != STAGE_NONE || question->receiver != NULL;
    if (asked == 1 && !(of_mails ? of_replies : question->facts)) return true;
    if (asked == 1 && question->facts && !of_mails)
        (void)fputs("mailspan explain: --facts belongs to mails; a reply has none\n", stderr);
    else if (asked == 1)
        (void)fputs(
            "mailspan explain: --stage and --receiver belong to --reply or --replies; a mail says itself what was "
            "refused\n",
            stderr);
    else if (question->mail_count > 0)
        (void)fprintf(stderr, "mailspan explain: unexpected argument '%s'\n", question->mails[0]);
    else
        (void)fputs("mailspan explain: expected --reply TEXT, --replies FILE or mails, one of them\n", stderr);
    print_usage(stderr);
    return false;
}

int command_explain(int argc, char **argv) {
    struct question question = {.stage = STAGE_NONE, .said = calloc((size_t)argc + 1, sizeof *question.said)};
    if (question.said == NULL) {
        (void)fputs("mailspan explain: not enough memory\n", stderr);
        return EXIT_FAILED;
    }
    int code = read_options(argc, argv, &question);
    if (code == READ) code = is_one_question(&question) ? explain(&question) : EXIT_USAGE;
    free(question.said);
    return code;
}
