/* The report for people: each event as it happens, and at the end the sources, worst first, and what was lost.
 *
 * Says nothing of single dialogues and messages; they are in the JSON lines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <unistd.h>

#include "publish.h"
#include "text_table.h"
#include "wording.h"

#define REPORT_SOURCES 100                       /* in the table: nobody reads more; the JSON lines hold all */
#define REPORT_SOURCES_KEPT (4 * REPORT_SOURCES) /* before the better ones are thrown out */

struct source_line {
    struct ip_address ip;
    enum source_state state;
    uint64_t messages;
    struct scores scores;
};

#define REPORT_GUESSERS 20     /* sources whose AUTH was refused, in the list of these */
#define REPORT_GUESSES_MIN 10u /* refusals: fewer are a password that somebody has changed */

struct guesser {
    struct ip_address ip;
    struct auth_figures auth;
};

struct report {
    FILE *file;
    const struct wording *wording;
    bool colour;
    uint64_t sources;
    size_t kept;
    struct source_line lines[REPORT_SOURCES_KEPT];
    struct text_row rows[REPORT_SOURCES];
    uint64_t guessers_seen;
    size_t guessers_kept;
    struct guesser guessers[REPORT_GUESSERS]; /* most refusals first */
};

/* "2026-01-02 03:04:05" */
static const char *clock_text(nstime time, char text[TIME_TEXT_BYTES]) {
    time_to_text(time, text);
    text[10] = ' ';
    text[19] = '\0';
    return text;
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static const char *kind_colour(enum decision_kind kind) {
    switch (kind) {
        case DECISION_BLOCK:
            return "1;31";
        case DECISION_THROTTLE:
            return "1;33";
        case DECISION_WARN:
            return "33";
        case DECISION_RELEASE:
            return "32";
        case DECISION_WITHHELD:
            return "36";
        case DECISION_NONE:
            break;
    }
    return "0";
}

static void print_headline(struct report *report, const struct decision *decision) {
    char ip[PREFIX_TEXT_BYTES], time[TIME_TEXT_BYTES], until[TIME_TEXT_BYTES], kind[16];
    if (decision->prefix_bits == 128)
        ip_to_text(&decision->ip, ip);
    else
        prefix_to_text(&decision->ip, decision->prefix_bits, ip);
    snprintf(kind, sizeof kind, "%s", decision_kind_name(decision->kind));
    for (char *at = kind; *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z') *at = (char)(*at - ('a' - 'A'));
    const char *on = report->colour ? kind_colour(decision->kind) : "";
    const char *would = decision_is_shadow(decision) ? "WOULD " : "";
    fprintf(report->file, "%s%s%s%s%s %s%s  %s UTC", report->colour ? "\033[" : "", on, report->colour ? "m" : "",
            would, kind, ip, report->colour ? "\033[0m" : "", clock_text(decision->time, time));
    if (decision->kind == DECISION_BLOCK || decision->kind == DECISION_THROTTLE) {
        fprintf(report->file, "  level %u, %s, %s%s", decision->level, action_name(decision->action),
                decision->expires == 0 ? "without end" : "until ",
                decision->expires == 0 ? "" : clock_text(decision->expires, until));
        if (decision->expires != 0) fputs(" UTC", report->file);
    }
    fputc('\n', report->file);
}

static void print_score(FILE *file, const char *name, const struct score *score, const char *end) {
    fprintf(file, "%s %.1f (%.1f to %.1f)%s", name, score->value, score->low, score->high, end);
}

static void print_sample(FILE *file, const struct decision *decision) {
    const struct scores *s = &decision->scores;
    char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];
    fputs("  scores   ", file);
    print_score(file, "content", &s->content, ", ");
    print_score(file, "set-up", &s->setup, ", ");
    print_score(file, "bounce", &s->bounce, ", ");
    print_score(file, "total", &s->total, "\n");
    fprintf(file, "  sample   %u messages", s->messages);
    if (s->messages > 0) fprintf(file, " from %s to %s UTC", clock_text(s->oldest, from), clock_text(s->newest, to));
    fprintf(file, ": %u delivered", s->delivered);
    if (s->in_part > 0) fprintf(file, " (%u of them in part)", s->in_part);
    fprintf(file, ", %u deferred, %u bounced, %u aborted, %u unknown\n", s->deferred, s->bounced, s->aborted,
            s->unknown);
    if (s->gapped + s->one_sided + s->encrypted > 0)
        fprintf(file, "  not seen %u gapped, %u one-sided, %u encrypted\n", s->gapped, s->one_sided, s->encrypted);
    if (s->uninformative > 0)
        fprintf(file, "  beside   %u messages told nothing: %u gapped, %u one-sided, %u encrypted\n", s->uninformative,
                s->uninformative_gapped, s->uninformative_one_sided, s->uninformative_encrypted);
    if (s->auth.refused > 0)
        fprintf(file, "  AUTH     %u of %u tries refused in %u dialogues, %u of them without success or mail\n",
                s->auth.refused, s->auth.tries, s->auth.dialogues, s->auth.fruitless);
    if (decision->policy != NULL) fprintf(file, "  policy   %s (%s)\n", decision->policy->name, decision->policy->hash);
}

/* "NO_DKIM +1.5, URL_IP +2 and 5 more +1.3"; the last are those that do not fit here or there. */
static void word_rules(const struct wording *wording, const struct verdict *verdict, char *text, size_t capacity) {
    size_t at = 0;
    unsigned more = verdict->unnamed_count;
    double points = (double)verdict->unnamed_points;
    text[0] = '\0';
    for (unsigned i = 0; i < verdict->rule_count && i < LIMIT_VERDICT_RULES; i++) {
        const struct rule *rule = word_rule(wording, verdict->rules[i]);
        if (rule == NULL) continue;
        if (capacity - at < LIMIT_RULE_NAME_BYTES + 48) {
            more++;
            points += rule->points;
            continue;
        }
        at += (size_t)snprintf(text + at, capacity - at, "%s%.*s %+.4g", at > 0 ? ", " : "", LIMIT_RULE_NAME_BYTES,
                               rule->name, rule->points);
    }
    if (more > 0) snprintf(text + at, capacity - at, " and %u more %+.4g", more, points);
}

static const char *word_what_became(const struct verdict *verdict) {
    if (verdict->told_by == TOLD_BY_BOUNCE) return "bounced later";
    if (verdict->told_by == TOLD_BY_COMPLAINT) return "complained of";
    return outcome_name((enum outcome)verdict->outcome);
}

static void fill_evidence(struct text_row *row, const struct wording *wording, const struct verdict *verdict) {
    char ip[IP_TEXT_BYTES], code[24], time[TIME_TEXT_BYTES];
    struct word_buffer buffer;
    const char *enhanced = enhanced_to_text(&verdict->enhanced, code), *class = word_bounce_class(wording, verdict);
    bool v6 = !ip_is_v4(&verdict->destination.ip);
    *row = (struct text_row){.colour = NULL};
    snprintf(row->cells[0], TEXT_CELL_BYTES, "%s", clock_text(verdict->time, time));
    snprintf(row->cells[1], TEXT_CELL_BYTES, "%s%s%s:%u", v6 ? "[" : "", ip_to_text(&verdict->destination.ip, ip),
             v6 ? "]" : "", verdict->destination.port);
    snprintf(row->cells[2], TEXT_CELL_BYTES, "%s", word_what_became(verdict));
    snprintf(row->cells[3], TEXT_CELL_BYTES, "%s", class == NULL ? "-" : class);
    text_escape(row->cells[4], TEXT_CELL_BYTES, span_from_string(verdict->from_domain[0] ? verdict->from_domain : "-"),
                40);
    text_escape(row->cells[5], TEXT_CELL_BYTES, span_from_string(verdict->message_id[0] ? verdict->message_id : "-"),
                60);
    word_rules(wording, verdict, row->cells[6], TEXT_CELL_BYTES);
    if (row->cells[6][0] == '\0') strcpy(row->cells[6], "-");
    if (verdict->code == 0) return;
    int at = snprintf(row->note, sizeof row->note, "%u%s%s ", verdict->code, enhanced == NULL ? "" : " ",
                      enhanced == NULL ? "" : enhanced);
    text_escape(row->note + at, sizeof row->note - (size_t)at, word_evidence_text(wording, verdict, &buffer), 120);
}

static void on_event(void *context, const struct decision *decision) {
    struct report *report = context;
    static const struct text_table table = {
        .columns = 7,
        .titles = {"time (UTC)", "to", "outcome", "bounce class", "From", "Message-ID", "rules"},
        .indent = "    ",
    };
    char reason[4 * sizeof decision->reason];
    unsigned rows = decision->evidence_count < LIMIT_EVENT_EVIDENCE ? decision->evidence_count : LIMIT_EVENT_EVIDENCE;
    print_headline(report, decision);
    fprintf(report->file, "  why      %s\n",
            text_escape(reason, sizeof reason, span_from_string(decision->reason), sizeof reason));
    print_sample(report->file, decision);
    for (unsigned i = 0; i < rows; i++) fill_evidence(&report->rows[i], report->wording, decision->evidence[i]);
    if (rows > 0) {
        fputs("  evidence\n", report->file);
        text_table_print(report->file, &table, report->rows, rows);
    }
    fputc('\n', report->file);
    fflush(report->file);
}

/* --- sources ------------------------------------------------------------------------------------------------------ */

/* Worst first: by state, total, messages; then by address, so that the order is the same in every run. */
static int compare_lines(const void *left, const void *right) {
    const struct source_line *a = left, *b = right;
    if (a->state != b->state) return a->state > b->state ? -1 : 1;
    if (a->scores.total.value > b->scores.total.value) return -1;
    if (a->scores.total.value < b->scores.total.value) return 1;
    if (a->messages != b->messages) return a->messages > b->messages ? -1 : 1;
    return memcmp(&a->ip, &b->ip, sizeof a->ip);
}

static void sort_lines(struct report *report) {
    qsort(report->lines, report->kept, sizeof report->lines[0], compare_lines);
    if (report->kept > REPORT_SOURCES) report->kept = REPORT_SOURCES;
}

/* Sources come in the order of their addresses, and so stay those with as many refusals. */
static void keep_guesser(struct report *report, const struct ip_address *ip, const struct auth_figures *auth) {
    if (auth->refused < REPORT_GUESSES_MIN) return;
    report->guessers_seen++;
    size_t at = report->guessers_kept;
    while (at > 0 && report->guessers[at - 1].auth.refused < auth->refused) at--;
    if (at == REPORT_GUESSERS) return;
    if (report->guessers_kept < REPORT_GUESSERS) report->guessers_kept++;
    memmove(&report->guessers[at + 1], &report->guessers[at],
            (report->guessers_kept - at - 1) * sizeof report->guessers[0]);
    report->guessers[at] = (struct guesser){.ip = *ip, .auth = *auth};
}

static void print_guessers(const struct report *report) {
    char ip[IP_TEXT_BYTES], time[TIME_TEXT_BYTES];
    if (report->guessers_kept == 0) return;
    fputs("Passwords guessed? AUTH refused to\n", report->file);
    for (size_t i = 0; i < report->guessers_kept; i++) {
        const struct guesser *g = &report->guessers[i];
        fprintf(report->file, "  %s  %u of %u tries in %u dialogues, %u of them without success or mail; last %s UTC\n",
                ip_to_text(&g->ip, ip), g->auth.refused, g->auth.tries, g->auth.dialogues, g->auth.fruitless,
                clock_text(g->auth.refused_last, time));
    }
    if (report->guessers_seen > report->guessers_kept)
        fprintf(report->file, "  and %llu sources more\n",
                (unsigned long long)(report->guessers_seen - report->guessers_kept));
    fputc('\n', report->file);
}

static void on_source(void *context, const struct source_table *table, const struct source *source) {
    struct report *report = context;
    if (report->kept == REPORT_SOURCES_KEPT) sort_lines(report);
    struct source_line *line = &report->lines[report->kept++];
    line->ip = *source_ip(source);
    line->state = source_standing((struct source *)source)->state; /* read only */
    line->messages = source_messages(source);
    source_scores(table, source, &line->scores);
    keep_guesser(report, &line->ip, &line->scores.auth);
    report->sources++;
}

static void print_later(FILE *file, const struct counters *c) {
    if (c->messages_retried + c->refusals_repeated > 0)
        fprintf(file,
                "tries     %llu were of messages that were there already, %llu of a greeting refused just before\n",
                (unsigned long long)c->messages_retried, (unsigned long long)c->refusals_repeated);
    if (c->reports == 0) return;
    fprintf(file,
            "later     %llu mails told of others: %llu recipients of messages sent failed, %llu messages were "
            "complained of; backscatter %llu\n",
            (unsigned long long)c->reports, (unsigned long long)c->late_bounces, (unsigned long long)c->complaints,
            (unsigned long long)c->backscatter);
}

static void put_number(struct text_row *row, unsigned column, double value, int decimals) {
    snprintf(row->cells[column], TEXT_CELL_BYTES, "%.*f", decimals, value);
}

static void fill_source(struct text_row *row, const struct source_line *line) {
    static const char *const colours[] = {NULL, "33", "33", "31"}; /* by enum source_state */
    const struct scores *s = &line->scores;
    char ip[IP_TEXT_BYTES];
    *row = (struct text_row){.colour = colours[line->state]};
    snprintf(row->cells[0], TEXT_CELL_BYTES, "%s", ip_to_text(&line->ip, ip));
    snprintf(row->cells[1], TEXT_CELL_BYTES, "%llu", (unsigned long long)line->messages);
    put_number(row, 2, s->delivered, 0);
    put_number(row, 3, s->deferred, 0);
    put_number(row, 4, s->bounced, 0);
    put_number(row, 5, (double)s->aborted + s->unknown, 0);
    put_number(row, 6, s->uninformative, 0);
    put_number(row, 7, s->content.value, 1);
    put_number(row, 8, s->setup.value, 1);
    put_number(row, 9, s->bounce.value, 1);
    put_number(row, 10, s->total.value, 1);
    snprintf(row->cells[11], TEXT_CELL_BYTES, "%.1f to %.1f", s->total.low, s->total.high);
    snprintf(row->cells[12], TEXT_CELL_BYTES, "%s", source_state_name(line->state));
}

static void print_sources(struct report *report) {
    const struct text_table table = {
        .columns = 13,
        .titles = {"source", "messages", "delivered", "deferred", "bounced", "other", "beside", "content", "set-up",
                   "bounce", "total", "95 %", "state"},
        .right = {false, true, true, true, true, true, true, true, true, true, true, false, false},
        .indent = "",
        .coloured = report->colour,
    };
    sort_lines(report);
    for (size_t i = 0; i < report->kept; i++) fill_source(&report->rows[i], &report->lines[i]);
    if (report->kept == 0)
        fputs("No source sent a message.\n\n", report->file);
    else
        text_table_print(report->file, &table, report->rows, report->kept);
    if (report->sources > report->kept)
        fprintf(report->file, "and %llu sources more, all better than these; --format jsonl shows every one\n",
                (unsigned long long)(report->sources - report->kept));
    if (report->kept > 0)
        fputs("(outcomes are of the sample, beside it what told nothing, messages of all time)\n\n", report->file);
}

/* --- summary ------------------------------------------------------------------------------------------------------ */

static void print_shares(FILE *file, const char *title, const uint64_t counts[5], const char *(*name)(unsigned)) {
    fprintf(file, "%s", title);
    const char *between = " ";
    for (unsigned i = 0; i < 5; i++) {
        if (counts[i] == 0) continue;
        fprintf(file, "%s%llu %s", between, (unsigned long long)counts[i], name(i));
        between = ", ";
    }
    fputs(between[0] == ',' ? "\n" : " none\n", file);
}

static void print_not_mail(FILE *file, const struct protocol_table *table, uint64_t flows) {
    if (flows == 0 || table == NULL) return;
    fprintf(file, "no mail   %llu connections were something else: ", (unsigned long long)flows);
    for (unsigned i = 0; i < table->count; i++)
        fprintf(file, "%s%llu %s", i > 0 ? ", " : "", (unsigned long long)table->rows[i].flows, table->rows[i].name);
    fputc('\n', file);
}

static const char *name_of_outcome(unsigned i) {
    return outcome_name((enum outcome)i);
}

static const char *name_of_visibility(unsigned i) {
    return visibility_name((enum visibility)i);
}

static void print_loss(FILE *file, const char *name, uint64_t count, const char *help, bool *any) {
    if (count == 0) return;
    if (!*any) fputs("lost, cut, or not understood:\n", file);
    *any = true;
    fprintf(file, "  %12llu  %-20s %s\n", (unsigned long long)count, name, help);
}

static void on_health(void *context, const struct health_record *record) {
    struct report *report = context;
    char time[TIME_TEXT_BYTES];
    fprintf(report->file, "SENSOR %s: %s  %s UTC\n", record->subject, record->reason, clock_text(record->time, time));
    fflush(report->file);
}

static void print_unclassified(const struct report *report, const struct summary_record *summary) {
    char text[4 * VERDICT_TEXT_BYTES];
    struct word_buffer buffer;
    if (summary->unclassified_count == 0) return;
    fprintf(report->file,
            "refusals of no known kind: %llu; those most often seen, which a text in the rules could name:\n",
            (unsigned long long)summary->counters->replies_unclassified);
    for (unsigned i = 0; i < summary->unclassified_count; i++) {
        const struct unclassified *row = summary->unclassified[i];
        const char *stage = stage_name((enum stage)row->first.stage);
        struct span said = word_evidence_text(report->wording, &row->first, &buffer);
        fprintf(report->file, "  %12llu  %-8s ", (unsigned long long)row->count, stage == NULL ? "later" : stage);
        if (row->first.code != 0) fprintf(report->file, "%u ", row->first.code);
        fprintf(report->file, "%s\n", text_escape(text, sizeof text, said, VERDICT_TEXT_BYTES));
    }
}

static void on_summary(void *context, const struct summary_record *summary) {
    struct report *report = context;
    const struct counters *c = summary->counters;
    char first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES];
    FILE *file = report->file;
    bool any = false;
    print_sources(report);
    print_guessers(report);
    if (c->packets > 0)
        fprintf(file, "capture   %s to %s UTC\n", clock_text(summary->first, first), clock_text(summary->last, last));
    fprintf(file, "read      %llu packets, %llu bytes, %llu flows, %llu dialogues, %llu messages\n",
            (unsigned long long)c->packets, (unsigned long long)c->bytes, (unsigned long long)c->flows,
            (unsigned long long)c->dialogues, (unsigned long long)c->messages);
    print_shares(file, "outcomes ", summary->by_outcome, name_of_outcome);
    print_shares(file, "seen     ", summary->by_visibility, name_of_visibility);
    if (c->tcp_segments > c->mail_segments)
        fprintf(file, "elsewhere %llu TCP segments of other ports or of no known connection were not looked into\n",
                (unsigned long long)(c->tcp_segments - c->mail_segments));
    if (c->duplicate_bytes > 0)
        fprintf(file, "again     %llu bytes were seen more than once: sent again, or doubled by the mirror\n",
                (unsigned long long)c->duplicate_bytes);
    if (c->fragments > 0)
        fprintf(file, "fragments %llu of IP, put together to %llu datagrams\n", (unsigned long long)c->fragments,
                (unsigned long long)c->fragments_reassembled);
    if (c->dialogues_encrypted > 0)
        fprintf(file, "hidden    %llu of %llu dialogues went on inside TLS; the messages in them are not among these\n",
                (unsigned long long)c->dialogues_encrypted, (unsigned long long)c->dialogues);
    print_later(file, c);
    print_not_mail(file, summary->not_mail, c->flows_not_mail);
    print_unclassified(report, summary);
    fprintf(file, "events    %llu\n", (unsigned long long)c->events);
    if (summary->seconds >= 0) fprintf(file, "took      %.2f s", summary->seconds);
    if (summary->seconds > 0) fprintf(file, ", %.0f packets/s", (double)c->packets / summary->seconds);
    if (summary->seconds >= 0) fprintf(file, ", %.1f MiB reserved\n", (double)summary->memory_bytes / 1048576.0);
#define X(name, help) print_loss(file, #name, c->name, help, &any);
    MAILSPAN_LOSSES(X)
#undef X
    if (!any) fputs("nothing was lost, cut, or not understood\n", file);
    fflush(file);
}

/* ------------------------------------------------------------------------------------------------------------------ */

struct report *report_new(FILE *file, const struct wording *wording, bool colour) {
    struct report *report = calloc(1, sizeof *report);
    if (report == NULL) return NULL;
    report->file = file;
    report->wording = wording;
    report->colour = colour;
    return report;
}

void report_free(struct report *report) {
    free(report);
}

struct output report_output(struct report *report) {
    return (struct output){
        .context = report, .event = on_event, .health = on_health, .source = on_source, .summary = on_summary};
}

bool report_wants_colour(FILE *file) {
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no_color != NULL && no_color[0] != '\0') return false; /* no-color.org */
    return isatty(fileno(file)) == 1 && (terminal == NULL || strcmp(terminal, "dumb") != 0);
}
