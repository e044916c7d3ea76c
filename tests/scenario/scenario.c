/* scenario: runs a story of sources and time through sample, policy and ledger, and checks what is said.
 *
 *     scenario FOLDER...     runs each FOLDER/NAME.scenario; needs to start where rules/policy.yaml is
 *
 * A scenario is lines of words; # starts a comment.  The clock starts at 0 and moves as the lines say.
 *
 *     sources N                      room for N sources (before anything else; 64 unless told)
 *     source ADDRESS                 whose messages the next lines are: a, b, c ... or a number
 *     send N KIND [every DURATION]   N messages, each so long after what was before (1s unless told)
 *     retry N KIND [every DURATION]  the last N messages, the oldest first, are tried again
 *     hear N bounce|complaint        a mail comes in for each of the last N messages, the newest first
 *     hear N backscatter             mails come in of messages that nobody sent
 *     come N [every DURATION]        N mails come in, which the next N messages of KIND forward or reply go on with
 *     wait DURATION                  time goes by; the clock is looked at at its end, as when no packet comes
 *     expect KIND [ADDRESS] [at DURATION] [level N] [until DURATION]
 *                                    the next thing said: warn, block, throttle, release, withheld
 *     silence                        nothing was said that was not expected
 *
 *     clock DURATION                 the clock is set to this, forward or back
 *     rules                          rules/content.yaml judges what the source did before (before anything else)
 *     like-spam N                    so many messages of the source's sample are like spam
 *
 * KIND of a message: good, spam, bounce, deferred, setup, encrypted, gapped (spam with a hole), critical, given-up
 * (MAIL and RSET), blind (only the server was seen, and not what it decided), probe (given up after its recipients were
 * refused), too-big (refused at MAIL), greeting (always the same server's greeting, refused), forward (another's mail,
 * refused; with the Message-ID of one that came in), reply (null sender, refused; to the sender of one that came in),
 * srs (as forward, to one of three mailboxes, and nothing came in), borderline (4 points), campaign (1 point; the same
 * text to somebody else each time), newsletter (the same, and one can unsubscribe), spoofed (a campaign under a new
 * From domain each time), guess (2.5 points; to two people of one domain in alphabetical order, one of whom is
 * refused). A DURATION is a number with s, m, h or d.  Whatever is said must be expected, in its order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../scoring/recipient_order.h"
#include "../unit/rule_text.h"
#include "../unit/verdicts.h"

#define SAID_MAX 256
#define SCENARIOS_MAX 64
#define SOURCES_DEFAULT 64

struct scenario {
    const char *path;
    unsigned line;
    struct policies *policies;
    struct ruleset *rules; /* NULL: there are none */
    struct source_table *table;
    struct counters counters;
    nstime now;
    struct ip_address ip;
    uint32_t sent, came, went_on; /* messages so far: sent, came in, and passed on of these */
    struct decision said[SAID_MAX];
    unsigned said_count, expected_count;
};

#define WRONG(scenario, ...)                                        \
    do {                                                            \
        print_error("%s:%u: ", (scenario)->path, (scenario)->line); \
        fail_msg(__VA_ARGS__);                                      \
    } while (0)

/* --- words ------------------------------------------------------------------------------------------------------ */

static const char *next_word(const struct scenario *scenario) {
    const char *word = strtok(NULL, " \t");
    if (word == NULL) WRONG(scenario, "a word is missing");
    return word;
}

static int64_t number_of(const struct scenario *scenario, const char *word, char **rest) {
    int64_t const number = strtoll(word, rest, 10);
    if (*rest == word || number < 0) WRONG(scenario, "'%s' is no number", word);
    return number;
}

static int64_t plain_number(const struct scenario *scenario) {
    char *rest;
    int64_t const number = number_of(scenario, next_word(scenario), &rest);
    if (*rest != '\0') WRONG(scenario, "'%s' follows a number", rest);
    return number;
}

/* "1h" or "1h+100s" */
static nstime duration(const struct scenario *scenario) {
    const char *word = next_word(scenario);
    nstime sum = 0;
    for (;;) {
        char *rest;
        int64_t const number = number_of(scenario, word, &rest);
        int64_t const unit = *rest == 's' ? 1 : *rest == 'm' ? 60 : *rest == 'h' ? 3600 : *rest == 'd' ? 86400 : 0;
        if (unit == 0) WRONG(scenario, "'%s' is no duration", word);
        sum += SECONDS(number * unit);
        if (rest[1] == '\0') return sum;
        if (rest[1] != '+') WRONG(scenario, "'%s' follows a duration", rest + 1);
        word = rest + 2;
    }
}

static struct ip_address address_of(const struct scenario *scenario, const char *word) {
    if (word[0] >= 'a' && word[0] <= 'z' && word[1] == '\0') return ipv4(192, 0, 2, (uint8_t)(word[0] - 'a' + 1));
    char *rest;
    int64_t const number = number_of(scenario, word, &rest);
    return ipv4(10, 0, (uint8_t)(number >> 8), (uint8_t)number);
}

/* --- what happens ----------------------------------------------------------------------------------------------- */

static void say(struct scenario *scenario, const struct decision *decision) {
    if (scenario->said_count == SAID_MAX) WRONG(scenario, "too much was said");
    scenario->said[scenario->said_count++] = *decision;
}

static void release(struct scenario *scenario) {
    struct decision decision;
    while (ledger_expire(scenario->table, policies_active(scenario->policies), scenario->now, &decision))
        say(scenario, &decision);
}

static const char *const compared[] = {"borderline", "campaign", "newsletter", "spoofed", "guess"};

/* As the decoder carries it that the rule has fired. */
static uint64_t can_unsubscribe(const struct scenario *scenario) {
    struct rule_hits hits = {{0}};
    if (scenario->rules == NULL) WRONG(scenario, "there are no rules");
    for (unsigned i = 0; i < ruleset_count(scenario->rules); i++)
        if (strcmp(ruleset_rule(scenario->rules, i)->name, "CAN_UNSUBSCRIBE") == 0)
            hits.bits[i / 64] |= UINT64_C(1) << (i % 64);
    uint64_t const carried = ruleset_carried(scenario->rules, &hits);
    if (carried == 0) WRONG(scenario, "no rule asks for CAN_UNSUBSCRIBE");
    return carried;
}

static struct verdict message_of(const struct scenario *scenario, const char *kind) {
    struct ip_address const ip = scenario->ip;
    nstime const now = scenario->now;
    struct verdict gapped = verdict_spam(ip, now);
    gapped.visibility = VISIBILITY_GAPPED;
    struct verdict blind = verdict_given_up(ip, now), probe = verdict_given_up(ip, now);
    blind.visibility = VISIBILITY_SERVER_ONLY;
    blind.outcome = OUTCOME_UNKNOWN;
    probe.bounce_weight = 1;
    struct verdict too_big = verdict_bounced(ip, now, 0.1f);
    too_big.stage = STAGE_MAIL;
    struct verdict greeting = verdict_bounced(ip, now, 0.8f), passed_on = verdict_bounced(ip, now, 1);
    greeting.stage = STAGE_GREETING;
    passed_on.passed_on_weight = 0.2f;
    if (strcmp(kind, "good") == 0) return verdict_good(ip, now);
    if (strcmp(kind, "spam") == 0) return verdict_spam(ip, now);
    if (strcmp(kind, "bounce") == 0) return verdict_bounced(ip, now, 1);
    if (strcmp(kind, "deferred") == 0) return verdict_deferred(ip, now, 0.1f);
    if (strcmp(kind, "setup") == 0) return verdict_badly_set_up(ip, now);
    if (strcmp(kind, "encrypted") == 0) return verdict_encrypted(ip, now);
    if (strcmp(kind, "critical") == 0) return verdict_critical(ip, now);
    if (strcmp(kind, "given-up") == 0) return verdict_given_up(ip, now);
    if (strcmp(kind, "blind") == 0) return blind;
    if (strcmp(kind, "probe") == 0) return probe;
    if (strcmp(kind, "too-big") == 0) return too_big;
    if (strcmp(kind, "greeting") == 0) return greeting;
    passed_on.passes_on = PASSES_FORWARDED;
    if (strcmp(kind, "forward") == 0) return passed_on;
    passed_on.passes_on = PASSES_NULL;
    if (strcmp(kind, "reply") == 0) return passed_on;
    passed_on.passes_on = PASSES_SRS;
    if (strcmp(kind, "srs") == 0) return passed_on;
    struct verdict borderline = verdict_good(ip, now);
    borderline.content_points = strcmp(kind, "borderline") == 0 ? 4 : strcmp(kind, "guess") == 0 ? 2.5F : 1;
    if (strcmp(kind, "newsletter") == 0) borderline.carried = can_unsubscribe(scenario);
    for (unsigned i = 0; i < sizeof compared / sizeof *compared; i++)
        if (strcmp(kind, compared[i]) == 0) return borderline;
    if (strcmp(kind, "gapped") != 0) WRONG(scenario, "'%s' is no kind of message", kind);
    return gapped;
}

static nstime step_of(const struct scenario *scenario) {
    const char *every = strtok(NULL, " \t");
    if (every != NULL && strcmp(every, "every") != 0) WRONG(scenario, "expected 'every', got '%s'", every);
    return every == NULL ? SECONDS(1) : duration(scenario);
}

static void judge(struct scenario *scenario, struct source *source) {
    struct decision decision;
    if (ledger_judge(scenario->table, source, policies_active(scenario->policies), 0, scenario->now, &decision))
        say(scenario, &decision);
}

static void pass_time(struct scenario *scenario, nstime step) {
    scenario->now += step;
    release(scenario);
}

static uint64_t hash_of(const char *what, uint32_t number) {
    char text[32];
    int const length = snprintf(text, sizeof text, "%s %" PRIu32, what, number);
    return sent_hash(span_of(text, (size_t)length));
}

/* Each message has its own Message-ID, and its own recipient. */
static struct sent envelope_of(struct scenario *scenario, const struct verdict *verdict, uint32_t number) {
    struct sent sent = {.message_id = hash_of("message", number), .sender = hash_of("sender", 0)};
    uint64_t mailbox = hash_of("mailbox", number);
    if (verdict->stage == STAGE_GREETING) return (struct sent){.kept = 0};
    if (verdict->passes_on == PASSES_FORWARDED) sent.message_id = hash_of("came", scenario->went_on++);
    if (verdict->passes_on == PASSES_NULL) mailbox = hash_of("writer", scenario->went_on++);
    if (verdict->passes_on == PASSES_SRS) mailbox = hash_of("target", number % 3);
    sent.everyone = mailbox;
    sent.recipients = sent.kept = 1;
    sent.mailboxes[0] = (struct sent_mailbox){.mailbox = mailbox,
                                              .outcome = verdict->outcome,
                                              .percent = (uint8_t)(verdict->bounce_weight * 100),
                                              .passed_on_percent = (uint8_t)(verdict->passed_on_weight * 100)};
    return sent;
}

/* By what such messages are compared with each other. */
static struct habit_marks marks_of(const char *kind, uint32_t number) {
    struct habit_marks marks = {.from_org = 1};
    if (strcmp(kind, "guess") == 0) {
        for (uint32_t i = 2 * number; i < 2 * number + 2; i++) {
            uint8_t const mailbox[] = {(uint8_t)('a' + i / 676 % 26), (uint8_t)('a' + i / 26 % 26),
                                       (uint8_t)('a' + i % 26), '@', 'x'};
            recipient_order_add(&marks.recipients, span_of(mailbox, sizeof mailbox), i % 2 == 1);
        }
    } else if (strcmp(kind, "borderline") != 0) {
        marks.body = UINT64_C(0x1234567812345678);
        marks.subject = 0x12345678;
    }
    if (strcmp(kind, "spoofed") == 0) marks.from_org = number + 1;
    return marks;
}

static void add_message(struct scenario *scenario, const char *kind, uint32_t number) {
    struct verdict const verdict = message_of(scenario, kind);
    struct sent sent = envelope_of(scenario, &verdict, number);
    for (unsigned i = 0; i < sizeof compared / sizeof *compared; i++)
        if (strcmp(kind, compared[i]) == 0) sent.marks = marks_of(kind, number);
    judge(scenario, source_table_add(scenario->table, &verdict, &sent));
}

static void send_messages(struct scenario *scenario) {
    int64_t const count = plain_number(scenario);
    const char *kind = next_word(scenario);
    nstime const step = step_of(scenario);
    for (int64_t i = 0; i < count; i++) {
        pass_time(scenario, step);
        add_message(scenario, kind, scenario->sent++);
    }
}

static void retry_messages(struct scenario *scenario) {
    int64_t const count = plain_number(scenario);
    const char *kind = next_word(scenario);
    nstime const step = step_of(scenario);
    if (count > scenario->sent) WRONG(scenario, "so many were not sent");
    for (int64_t i = count; i > 0; i--) {
        pass_time(scenario, step);
        add_message(scenario, kind, scenario->sent - (uint32_t)i);
    }
}

static void hear_of_messages(struct scenario *scenario) {
    int64_t const count = plain_number(scenario);
    const char *kind = next_word(scenario);
    bool const sent = strcmp(kind, "backscatter") != 0, complaint = strcmp(kind, "complaint") == 0;
    if (sent && !complaint && strcmp(kind, "bounce") != 0) WRONG(scenario, "'%s' is nothing that comes in", kind);
    if (count > scenario->sent) WRONG(scenario, "so many were not sent");
    for (uint32_t i = 1; i <= (uint32_t)count; i++) {
        pass_time(scenario, SECONDS(1));
        struct notice notice = {.time = scenario->now, .source.ip = scenario->ip, .weight = 1, .passed_on_weight = 1};
        notice.brought_by.ip = ipv4(198, 51, 100, 25); /* whom the messages went to (verdicts.h) */
        notice.kind = complaint ? REPORT_COMPLAINT : REPORT_BOUNCE;
        notice.message_id = hash_of(sent ? "message" : "nobody's", scenario->sent - i);
        enum notice_finding finding;
        struct source *source = source_table_hear(scenario->table, &notice, &finding);
        if (finding == NOTICE_COUNTED) judge(scenario, source);
    }
}

static void let_messages_in(struct scenario *scenario) {
    int64_t const count = plain_number(scenario);
    nstime const step = step_of(scenario);
    scenario->went_on = scenario->came;
    for (int64_t i = 0; i < count; i++, scenario->came++) {
        pass_time(scenario, step);
        struct sent const sent = {.message_id = hash_of("came", scenario->came),
                                  .sender = hash_of("writer", scenario->came)};
        source_table_came_in(scenario->table, &scenario->ip, &sent);
    }
}

/* --- what was said ---------------------------------------------------------------------------------------------- */

static double hours_of(nstime time) {
    return (double)(time - TEST_START) / (double)HOURS(1);
}

static void expect_detail(const struct scenario *scenario, const struct decision *decision, const char *word) {
    if (strcmp(word, "at") == 0) {
        nstime const at = TEST_START + duration(scenario);
        if (decision->time != at) WRONG(scenario, "said at %.4f h, not %.4f h", hours_of(decision->time), hours_of(at));
    } else if (strcmp(word, "until") == 0) {
        nstime const until = TEST_START + duration(scenario);
        if (decision->expires != until)
            WRONG(scenario, "until %.4f h, not %.4f h", hours_of(decision->expires), hours_of(until));
    } else if (strcmp(word, "level") == 0) {
        int64_t const level = plain_number(scenario);
        if (decision->level != level) WRONG(scenario, "level %u, not %" PRId64, decision->level, level);
    } else {
        struct ip_address const ip = address_of(scenario, word);
        if (!ip_equal(&decision->ip, &ip)) WRONG(scenario, "not said of %s", word);
    }
}

static void expect(struct scenario *scenario) {
    const char *kind = next_word(scenario);
    if (scenario->expected_count == scenario->said_count) WRONG(scenario, "expected %s, nothing was said", kind);
    const struct decision *decision = &scenario->said[scenario->expected_count++];
    if (strcmp(decision_kind_name(decision->kind), kind) != 0)
        WRONG(scenario, "expected %s, got %s at %.4f h: %s", kind, decision_kind_name(decision->kind),
              hours_of(decision->time), decision->reason);
    for (const char *word; (word = strtok(NULL, " \t")) != NULL;) expect_detail(scenario, decision, word);
}

static void expect_silence(const struct scenario *scenario) {
    if (scenario->expected_count == scenario->said_count) return;
    const struct decision *decision = &scenario->said[scenario->expected_count];
    WRONG(scenario, "not expected: %s at %.4f h: %s", decision_kind_name(decision->kind), hours_of(decision->time),
          decision->reason);
}

/* --- running ---------------------------------------------------------------------------------------------------- */

static void make_room(struct scenario *scenario, size_t sources_max) {
    struct sample_settings settings = settings_for_tests(sources_max, 1024);
    settings.rules = scenario->rules;
    source_table_free(scenario->table);
    scenario->table = source_table_new(&settings, &scenario->counters);
    assert_non_null(scenario->table);
}

static void load_rules(struct scenario *scenario) {
    struct problem problem;
    struct rules_source const source = {RULE_CONTENT, "rules/content.yaml", test_file("rules/content.yaml")};
    scenario->rules = ruleset_load(&source, 1, &problem);
    if (scenario->rules == NULL) fail_msg("%s:%u: %s", problem.file, problem.line, problem.what);
    free((void *)(uintptr_t)source.text.data);
    make_room(scenario, SOURCES_DEFAULT);
}

static void expect_like_spam(const struct scenario *scenario) {
    struct scores scores = {.messages = 0};
    struct source *source = source_table_find(scenario->table, &scenario->ip);
    int64_t const expected = plain_number(scenario);
    if (source != NULL) source_scores(scenario->table, source, &scores);
    if (scores.spam_like != expected) WRONG(scenario, "%u are like spam, not %" PRId64, scores.spam_like, expected);
}

static void run_line(struct scenario *scenario, char *line) {
    line[strcspn(line, "#\r\n")] = '\0';
    const char *word = strtok(line, " \t");
    if (word == NULL) return;
    if (strcmp(word, "sources") == 0) {
        make_room(scenario, (size_t)plain_number(scenario));
    } else if (strcmp(word, "source") == 0) {
        scenario->ip = address_of(scenario, next_word(scenario));
    } else if (strcmp(word, "send") == 0) {
        send_messages(scenario);
    } else if (strcmp(word, "retry") == 0) {
        retry_messages(scenario);
    } else if (strcmp(word, "hear") == 0) {
        hear_of_messages(scenario);
    } else if (strcmp(word, "come") == 0) {
        let_messages_in(scenario);
    } else if (strcmp(word, "wait") == 0) {
        scenario->now += duration(scenario);
        release(scenario);
    } else if (strcmp(word, "clock") == 0) {
        scenario->now = TEST_START + duration(scenario);
        release(scenario);
    } else if (strcmp(word, "rules") == 0) {
        load_rules(scenario);
    } else if (strcmp(word, "like-spam") == 0) {
        expect_like_spam(scenario);
    } else if (strcmp(word, "expect") == 0) {
        expect(scenario);
    } else if (strcmp(word, "silence") == 0) {
        expect_silence(scenario);
    } else {
        WRONG(scenario, "'%s' is no word of a scenario", word);
    }
}

static struct policies *load_policies(void) {
    static char text[65536];
    FILE *file = fopen("rules/policy.yaml", "r");
    if (file == NULL) fail_msg("rules/policy.yaml: cannot be read; start in the project's folder");
    size_t const length = fread(text, 1, sizeof text, file);
    fclose(file);
    struct problem problem;
    struct policies *policies = policies_load("rules/policy.yaml", span_of(text, length), &problem);
    if (policies == NULL) fail_msg("%s:%u: %s", problem.file, problem.line, problem.what);
    return policies;
}

static void run_scenario(void **state) {
    struct scenario scenario = {.path = *state, .now = TEST_START, .ip = ipv4(192, 0, 2, 1)};
    char line[512];
    FILE *file = fopen(scenario.path, "r");
    assert_non_null(file);
    scenario.policies = load_policies();
    make_room(&scenario, SOURCES_DEFAULT);
    while (fgets(line, sizeof line, file) != NULL) {
        scenario.line++;
        run_line(&scenario, line);
    }
    expect_silence(&scenario);
    fclose(file);
    source_table_free(scenario.table);
    ruleset_free(scenario.rules);
    policies_free(scenario.policies);
}

static int is_scenario(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".scenario") == 0;
}

static size_t collect(const char *folder, struct CMUnitTest *tests, size_t count) {
    struct dirent **entries;
    int const found = scandir(folder, &entries, is_scenario, alphasort);
    if (found < 0) return count;
    for (int i = 0; i < found; i++) {
        char *path = NULL;
        if (count < SCENARIOS_MAX && asprintf(&path, "%s/%s", folder, entries[i]->d_name) > 0)
            tests[count++] = (struct CMUnitTest){.name = path, .test_func = run_scenario, .initial_state = path};
        free(entries[i]);
    }
    free(entries);
    return count;
}

int main(int argc, char **argv) {
    static struct CMUnitTest tests[SCENARIOS_MAX];
    size_t count = 0;
    for (int i = 1; i < argc; i++) count = collect(argv[i], tests, count);
    if (count == 0) {
        fprintf(stderr, "usage: scenario FOLDER...\nNo .scenario file was found; name the folder that holds them.\n");
        return 2;
    }
    int const failed = _cmocka_run_group_tests("scenarios", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) free(tests[i].initial_state);
    return failed;
}
