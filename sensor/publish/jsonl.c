/* JSON lines for programs: one object a line, told apart by `type`; every key is always there, null where not known.
 * docs/output.md says what stands where, docs/schema/ holds it.
 *
 * A line is made in one buffer of LIMIT_JSON_LINE_BYTES and written whole.  A message whose recipients do not fit
 * counts those left out in recipients_dropped, so a line is complete JSON in any case.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "json_record.h"
#include "publish.h"
#include "wording.h"

struct jsonl {
    FILE *file;        /* NULL: lines are only made */
    size_t line_bytes; /* of the last one */
    const struct wording *wording;
    int error; /* errno of the first write that failed */
    struct json_text json;
    char line[LIMIT_JSON_LINE_BYTES];
};

/* Room that a line keeps for what follows its recipients. */
#define TAIL_BYTES (192u << 10)

static struct json_text *begin_line(struct jsonl *jsonl, const char *type) {
    struct json_text *j = &jsonl->json;
    jsonl->line_bytes = 0;
    json_start(j);
    json_open(j, NULL, '{');
    json_put_word(j, "type", type);
    return j;
}

static void write_line(struct jsonl *jsonl, size_t length) {
    jsonl->line_bytes = length;
    if (jsonl->file == NULL || jsonl->error != 0) return;
    jsonl->line[length] = '\n';
    errno = 0;
    if (fwrite(jsonl->line, 1, length + 1, jsonl->file) != length + 1) jsonl->error = errno != 0 ? errno : EIO;
}

static void end_line(struct jsonl *jsonl) {
    json_close(&jsonl->json, '}');
    /* Too long (none is: TAIL_BYTES is more than any tail): not written, which the caller sees and counts. */
    if (!jsonl->json.full) write_line(jsonl, jsonl->json.length);
}

/* --- values that several lines have ------------------------------------------------------------------------------- */

static void put_text_or_null(struct json_text *j, const char *key, struct span text) {
    if (text.len == 0)
        json_put_null(j, key);
    else
        json_put_text(j, key, text);
}

static void put_code(struct json_text *j, const char *key, uint16_t code) {
    if (code == 0)
        json_put_null(j, key);
    else
        json_put_unsigned(j, key, code);
}

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

static void put_tls(struct json_text *j, const struct dialogue_record *record) {
    static const struct tls_facts nothing_read;
    const struct tls_facts *tls = record->tls == NULL ? &nothing_read : record->tls;
    if (record->facts->tls == TLS_NONE) {
        json_put_null(j, "tls");
        return;
    }
    json_open(j, "tls", '{');
    json_put_word(j, "mode", record->facts->tls == TLS_IMPLICIT ? "implicit" : "starttls");
    put_text_or_null(j, "version", span_from_string(tls->version));
    put_text_or_null(j, "sni", span_from_string(tls->sni));
    put_text_or_null(j, "ja3", span_from_string(tls->ja3));
    put_text_or_null(j, "alpn", span_from_string(tls->alpn));
    json_close(j, '}');
}

static void put_endpoint_or_null(struct json_text *j, const char *key, const struct endpoint *endpoint) {
    if (endpoint == NULL)
        json_put_null(j, key);
    else
        json_put_endpoint(j, key, endpoint);
}

static void put_proxied(struct json_text *j, const struct proxied *proxied) {
    if (proxied == NULL) {
        json_put_null(j, "proxied");
        return;
    }
    json_open(j, "proxied", '[');
    for (; proxied != NULL; proxied = proxied->next) {
        json_open(j, NULL, '{');
        json_put_word(j, "protocol", proxy_protocol_name(proxied->protocol));
        put_text_or_null(j, "target", span_from_string(proxied->target));
        put_endpoint_or_null(j, "client", proxied->addressed ? &proxied->client : NULL);
        put_endpoint_or_null(j, "server", proxied->addressed ? &proxied->server : NULL);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct jsonl *jsonl = context;
    const struct dialogue_facts *facts = record->facts;
    struct json_text *j = begin_line(jsonl, "dialogue");
    json_put_time(j, "time", facts->start);
    json_put_time(j, "end_time", facts->end);
    json_put_endpoint(j, "client", &record->stream->client);
    json_put_endpoint(j, "server", &record->stream->server);
    put_proxied(j, record->proxied);
    json_put_word(j, "visibility", visibility_name(facts->visibility));
    put_code(j, "greeting_code", facts->greeting.code);
    put_text_or_null(j, "helo", facts->helo);
    put_tls(j, record);
    json_put_unsigned(j, "messages", facts->messages);
    json_open(j, "auth", '{');
    json_put_unsigned(j, "tries", facts->auth_tries);
    json_put_unsigned(j, "refused", facts->auth_refused);
    json_close(j, '}');
    json_put_word(j, "end", dialogue_end_name(record->end));
    json_open(j, "gaps", '{');
    json_put_unsigned(j, "count", facts->gaps);
    json_put_unsigned(j, "bytes", facts->gap_bytes);
    json_close(j, '}');
    end_line(jsonl);
}

/* --- message ------------------------------------------------------------------------------------------------------ */

static void put_reply(struct json_text *j, const struct wording *wording, const struct smtp_reply *reply) {
    char enhanced[24];
    struct word_buffer buffer;
    put_code(j, "code", reply->code);
    json_put_word(j, "enhanced", enhanced_to_text(&reply->enhanced, enhanced));
    if (reply->code == 0)
        json_put_null(j, "text");
    else
        json_put_text(j, "text", word_reply(wording, reply, &buffer));
}

static bool refuses(const struct smtp_reply *reply) {
    return reply_is_transient(reply) || reply_is_permanent(reply);
}

/* The reply that decided over a recipient, for its bounce class: the refusal of its RCPT, else what was said of the
 * whole message. */
static const struct smtp_reply *deciding_reply(const struct message *message, const struct recipient *recipient,
                                               enum stage *stage) {
    *stage = STAGE_RCPT;
    if (refuses(&recipient->reply)) return &recipient->reply;
    *stage = STAGE_BODY;
    if (message->final_reply.code != 0) return &message->final_reply;
    *stage = STAGE_DATA;
    if (refuses(&message->data_reply)) return &message->data_reply;
    *stage = STAGE_RCPT;
    return &recipient->reply;
}

/* Many recipients of a message get the same answer: what it names is looked for once. */
struct answer {
    const struct smtp_reply *reply; /* NULL: none yet */
    const struct bounce_class *class;
    unsigned receiver;     /* who answered */
    struct span helo;      /* of whom he answered */
    struct span subject;   /* of the message */
    struct span blocklist; /* in the reply; empty: none */
    struct word_buffer buffer;
};

static const struct bounce_class *class_of(const struct wording *wording, const struct message *message,
                                           const struct recipient *recipient, struct answer *last) {
    enum stage stage;
    const struct smtp_reply *reply = deciding_reply(message, recipient, &stage);
    if (wording->bounces == NULL || recipient->outcome == OUTCOME_UNKNOWN) return NULL;
    struct client_said const said = {
        .helo = last->helo, .sender = message->sender, .recipient = recipient->mailbox, .subject = last->subject};
    struct bounce_case const what = {.stage = stage, .reply = reply, .receiver = last->receiver, .said = said};
    const struct bounce_class *class_ = bounce_classify(wording->bounces, &what);
    if (last->reply == NULL || last->class != class_ || !reply_equal(last->reply, reply))
        last->blocklist =
            class_ == NULL ? SPAN_EMPTY : word_blocklist(wording, class_, word_reply(wording, reply, &last->buffer));
    last->reply = reply;
    last->class = class_;
    return last->class;
}

static void put_recipient(struct json_text *j, const struct wording *wording, const struct message *message,
                          const struct recipient *recipient, struct answer *last) {
    struct word_buffer buffer;
    const struct bounce_class *class = class_of(wording, message, recipient, last);
    json_open(j, NULL, '{');
    json_put_text(j, "address", word_mailbox(wording, recipient->mailbox, &buffer));
    json_put_word(j, "outcome", outcome_name(recipient->outcome));
    put_reply(j, wording, &recipient->reply); /* to its RCPT, whatever became of the message */
    json_put_word(j, "bounce_class", class == NULL ? NULL : class->name);
    put_text_or_null(j, "blocklist", class == NULL ? SPAN_EMPTY : last->blocklist);
    json_close(j, '}');
}

static void put_recipients(struct json_text *j, const struct wording *wording, const struct message_record *record) {
    const struct message *message = record->message;
    uint32_t left = message->recipient_count;
    struct answer last;
    last.reply = NULL; /* its buffer is not to be cleared for each message */
    last.receiver = wording->bounces == NULL ? 0 : bounce_receiver(wording->bounces, record->greeting);
    last.helo = record->helo;
    last.subject = record->summary == NULL ? SPAN_EMPTY : record->summary->subject;
    json_open(j, "recipients", '[');
    for (const struct recipient_block *block = message->recipients_first; block != NULL; block = block->next) {
        for (unsigned i = 0; i < RECIPIENTS_PER_BLOCK && left > 0; i++, left--) {
            size_t length = j->length;
            bool comma = j->comma;
            put_recipient(j, wording, message, &block->recipients[i], &last);
            if (!j->full && j->capacity - j->length >= TAIL_BYTES) continue;
            j->length = length; /* it does not fit: taken back, and counted with those after it */
            j->comma = comma;
            j->full = false;
            goto end;
        }
    }
end:
    json_close(j, ']');
    json_put_unsigned(j, "recipients_dropped", (uint64_t)message->recipients_dropped + left);
}

static void put_content(struct json_text *j, const struct wording *wording, const struct mail_summary *summary) {
    struct word_buffer buffer;
    if (summary == NULL) {
        json_put_null(j, "message_id");
        json_put_null(j, "from_domain");
        json_put_null(j, "subject");
        return;
    }
    put_text_or_null(j, "message_id", summary->message_id);
    put_text_or_null(j, "from_domain", summary->from_domain);
    if (summary->subject_headers == 0)
        json_put_null(j, "subject");
    else
        json_put_text(j, "subject", word_subject(wording, summary->subject, &buffer));
}

/* What a refusal weighs in the bounce share: as the source's own mail, and as another's. */
static void put_weight(struct json_text *j, float own, float passed_on) {
    json_open(j, "weight", '{');
    json_put_decimal(j, "own", (double)own, 3);
    json_put_decimal(j, "passed_on", (double)passed_on, 3);
    json_close(j, '}');
}

static void put_verdict(struct json_text *j, const struct wording *wording, const struct verdict *verdict) {
    json_open(j, "points", '{');
    json_put_decimal(j, "content", (double)verdict->content_points, 2);
    json_put_decimal(j, "setup", (double)verdict->setup_points, 2);
    json_close(j, '}');
    put_weight(j, verdict->bounce_weight, verdict->passed_on_weight);
    json_open(j, "rules", '[');
    for (unsigned i = 0; i < verdict->rule_count && i < LIMIT_VERDICT_RULES; i++) {
        const struct rule *rule = word_rule(wording, verdict->rules[i]);
        if (rule != NULL) json_put_word(j, NULL, rule->name);
    }
    json_close(j, ']');
    json_put_more_rules(j, verdict);
    json_put_decimal(j, "confidence", (double)verdict->confidence, 2);
}

static void put_envelope(struct json_text *j, const struct wording *wording, const struct message_record *record) {
    const struct message *message = record->message;
    struct word_buffer buffer;
    if (message->sender_seen)
        json_put_text(j, "sender", word_mailbox(wording, message->sender, &buffer));
    else
        json_put_null(j, "sender");
    put_recipients(j, wording, record);
    if (message->reply.code == 0) {
        json_put_null(j, "reply");
        return;
    }
    json_open(j, "reply", '{');
    put_reply(j, wording, &message->reply);
    json_close(j, '}');
}

/* What is odd in its form; every word is a fact of docs/rules.md, too. */
static void put_anomalies(struct json_text *j, const struct message *message) {
    json_open(j, "anomalies", '[');
    if (message->bare_newlines) json_put_word(j, NULL, "bare_newlines");
    if (message->smuggling) json_put_word(j, NULL, "smuggling");
    if (message->smuggled_commands) json_put_word(j, NULL, "smuggled_commands");
    if (message->smuggled) json_put_word(j, NULL, "smuggled");
    json_close(j, ']');
}

static void put_passes_on(struct json_text *j, uint8_t signs) {
    static const char *const names[] = PASSES_NAMES;
    json_open(j, "passes_on", '[');
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((signs >> i & 1) != 0) json_put_word(j, NULL, names[i]);
    json_close(j, ']');
}

static void put_report_recipient(struct json_text *j, const struct wording *wording, const struct mail_report *report,
                                 const struct report_recipient *recipient) {
    struct word_buffer buffer;
    char enhanced[24];
    struct enhanced_code const quoted = report_enhanced(recipient);
    const struct bounce_class *class_ = NULL;
    if (recipient->kind == REPORT_BOUNCE && wording->bounces != NULL) {
        struct smtp_reply refusal;
        struct bounce_case const what = bounce_report_case(wording->bounces, recipient, &refusal);
        class_ = bounce_classify(wording->bounces, &what);
    }
    json_open(j, NULL, '{');
    json_put_text(j, "address", word_mailbox(wording, recipient->mailbox, &buffer));
    json_put_word(j, "kind", report_kind_name(report->kind == REPORT_COMPLAINT ? REPORT_COMPLAINT : recipient->kind));
    put_code(j, "code", recipient->reply.code);
    json_put_word(j, "enhanced", enhanced_to_text(&quoted, enhanced));
    if (recipient->reply.text.len == 0)
        json_put_null(j, "text");
    else
        json_put_text(j, "text", word_reply(wording, &recipient->reply, &buffer));
    json_put_word(j, "stage", stage_name(recipient->stage));
    json_put_word(j, "bounce_class", class_ == NULL ? NULL : class_->name);
    json_close(j, '}');
}

/* What it says of other mail. */
static void put_report(struct json_text *j, const struct wording *wording, const struct mail_report *report) {
    const struct report_recipient *recipient;
    if (report == NULL || report->kind == REPORT_NONE) {
        json_put_null(j, "report");
        return;
    }
    json_open(j, "report", '{');
    json_put_word(j, "kind", report_kind_name(report->kind));
    put_text_or_null(j, "message_id", report->message_id);
    put_text_or_null(j, "feedback_type", report->feedback_type);
    json_open(j, "recipients", '[');
    for (unsigned i = 0; (recipient = report_recipient(report, i)) != NULL; i++)
        put_report_recipient(j, wording, report, recipient);
    json_close(j, ']');
    json_put_unsigned(j, "recipients_dropped", report->recipients_dropped);
    json_close(j, '}');
}

static void put_class(struct json_text *j, const struct wording *wording, const struct message_record *record) {
    struct word_buffer buffer;
    bool const delivered =
        record->verdict->outcome == OUTCOME_DELIVERED; /* some were refused: they say so themselves */
    const struct bounce_class *class_ = delivered ? NULL : bounce_class_of(wording, record->verdict);
    struct span list = SPAN_EMPTY;
    if (class_ != NULL) list = word_blocklist(wording, class_, word_reply(wording, &record->message->reply, &buffer));
    json_put_word(j, "bounce_class", class_ == NULL ? NULL : class_->name);
    put_text_or_null(j, "blocklist", list);
}

static void on_message(void *context, const struct message_record *record) {
    struct jsonl *jsonl = context;
    const struct message *message = record->message;
    struct json_text *j = begin_line(jsonl, "message");
    json_put_time(j, "time", message->start);
    json_put_time(j, "end_time", message->end);
    json_put_endpoint(j, "client", &record->stream->client);
    json_put_endpoint(j, "server", &record->stream->server);
    json_put_unsigned(j, "ordinal", message->ordinal);
    json_put_word(j, "visibility", visibility_name(message->visibility));
    json_put_word(j, "outcome", outcome_name(message->outcome));
    json_put_word(j, "stage", stage_name(message->stage));
    put_envelope(j, jsonl->wording, record);
    put_class(j, jsonl->wording, record);
    if (message->body_size_lost) {
        json_put_null(j, "body_bytes");
    } else {
        json_put_unsigned(j, "body_bytes", message->body_bytes);
    }
    put_anomalies(j, message);
    put_content(j, jsonl->wording, record->summary);
    put_verdict(j, jsonl->wording, record->verdict);
    put_passes_on(j, record->verdict->passes_on);
    put_report(j, jsonl->wording, record->report);
    end_line(jsonl);
}

/* --- notice ------------------------------------------------------------------------------------------------------- */

/* More may have stood behind its text. */
static bool is_full(const struct notice *notice) {
    return strlen(notice->reply_text) + UTF8_BYTES_MAX >= sizeof notice->reply_text;
}

static void on_notice(void *context, const struct notice *notice, enum notice_finding finding) {
    struct jsonl *jsonl = context;
    char ip[IP_TEXT_BYTES], enhanced[24];
    struct word_buffer buffer;
    const struct bounce_rules *bounces = jsonl->wording->bounces;
    bool const classed =
        notice->kind == REPORT_BOUNCE && bounces != NULL && notice->bounce_class < bounce_class_count(bounces);
    struct json_text *j = begin_line(jsonl, "notice");
    json_put_time(j, "time", notice->time);
    json_put_word(j, "ip", ip_to_text(&notice->source.ip, ip));
    json_put_endpoint(j, "brought_by", &notice->brought_by);
    json_put_word(j, "kind", report_kind_name((enum report_kind)notice->kind));
    json_put_word(j, "finding", notice_finding_name(finding));
    put_text_or_null(j, "message_id", span_from_string(notice->message_id_text));
    if (notice->recipient[0] == '\0')
        json_put_null(j, "recipient");
    else
        json_put_text(j, "recipient", word_mailbox(jsonl->wording, span_from_string(notice->recipient), &buffer));
    put_code(j, "code", notice->code);
    json_put_word(j, "enhanced", enhanced_to_text(&notice->enhanced, enhanced));
    if (notice->reply_text[0] == '\0')
        json_put_null(j, "text");
    else
        json_put_text(j, "text",
                      word_reply_text(jsonl->wording, span_from_string(notice->reply_text),
                                      notice->reply_cut || is_full(notice), &buffer));
    json_put_word(j, "bounce_class", classed ? bounce_class_at(bounces, notice->bounce_class)->name : NULL);
    put_weight(j, notice->weight, notice->passed_on_weight);
    end_line(jsonl);
}

static void flush(struct jsonl *jsonl) {
    if (jsonl->file != NULL && fflush(jsonl->file) != 0 && jsonl->error == 0) jsonl->error = errno;
}

/* --- event, source, summary --------------------------------------------------------------------------------------- */

static void on_event(void *context, const struct decision *decision) {
    struct jsonl *jsonl = context;
    size_t length = event_json(jsonl->wording, decision, jsonl->line, sizeof jsonl->line - 1);
    if (length > 0) write_line(jsonl, length);
    flush(jsonl); /* somebody acts on it: now */
}

static void on_health(void *context, const struct health_record *record) {
    struct jsonl *jsonl = context;
    size_t length = health_json(jsonl->wording, record, jsonl->line, sizeof jsonl->line - 1);
    if (length > 0) write_line(jsonl, length);
    flush(jsonl);
}

static void put_source_sample(struct json_text *j, const struct scores *scores) {
    json_open(j, "sample", '{');
    json_put_unsigned(j, "size", scores->messages);
    json_put_time(j, "from", scores->oldest);
    json_put_time(j, "to", scores->newest);
    json_close(j, '}');
    json_put_scores(j, scores);
    json_put_outcomes(j, scores);
    unsigned unseen = scores->gapped + scores->one_sided + scores->encrypted;
    json_open(j, "visibilities", '{');
    json_put_unsigned(j, "clear", scores->messages > unseen ? scores->messages - unseen : 0);
    json_put_unsigned(j, "gapped", scores->gapped);
    json_put_unsigned(j, "one_sided", scores->one_sided);
    json_put_unsigned(j, "encrypted", scores->encrypted);
    json_close(j, '}');
    json_put_beside(j, scores);
}

static void on_source(void *context, const struct source_table *table, const struct source *source) {
    struct jsonl *jsonl = context;
    const struct ip_address *ip = source_ip(source);
    const struct standing *standing = source_standing((struct source *)source); /* read only */
    uint8_t bits = ip_is_v4(ip) ? 128 : jsonl->wording->config->ipv6_prefix_bits;
    char text[IP_TEXT_BYTES], prefix[PREFIX_TEXT_BYTES];
    struct scores scores;
    source_scores(table, source, &scores);
    struct json_text *j = begin_line(jsonl, "source");
    json_put_word(j, "ip", ip_to_text(ip, text));
    json_put_word(j, "prefix", prefix_to_text(ip, bits, prefix));
    json_put_word(j, "state", source_state_name(standing->state));
    json_put_unsigned(j, "level", standing->level);
    json_put_time(j, "expires", standing->expires);
    json_put_unsigned(j, "messages", source_messages(source));
    put_source_sample(j, &scores);
    end_line(jsonl);
}

static void put_counters(struct json_text *j, const struct counters *counters) {
#define X(name, help) json_put_unsigned(j, #name, counters->name);
    MAILSPAN_TOTALS(X)
    json_open(j, "losses", '{');
    MAILSPAN_LOSSES(X)
    json_close(j, '}');
#undef X
}

static void put_not_mail(struct json_text *j, const struct protocol_table *table) {
    json_open(j, "not_mail", '{');
    for (unsigned i = 0; table != NULL && i < table->count; i++)
        json_put_unsigned(j, table->rows[i].name, table->rows[i].flows);
    json_close(j, '}');
}

static void put_unclassified(struct json_text *j, const struct wording *wording, const struct summary_record *summary) {
    struct word_buffer buffer;
    char enhanced[24];
    json_open(j, "unclassified", '[');
    for (unsigned i = 0; i < summary->unclassified_count; i++) {
        const struct unclassified *row = summary->unclassified[i];
        json_open(j, NULL, '{');
        json_put_unsigned(j, "count", row->count);
        json_put_word(j, "stage", stage_name((enum stage)row->first.stage));
        put_code(j, "code", row->first.code);
        json_put_word(j, "enhanced", enhanced_to_text(&row->first.enhanced, enhanced));
        json_put_text(j, "text", word_evidence_text(wording, &row->first, &buffer));
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* Of a replay these are not told: the same capture gives the same line. */
static void put_run(struct json_text *j, const struct summary_record *summary) {
    if (summary->seconds < 0) {
        json_put_null(j, "seconds");
        json_put_null(j, "packets_per_second");
        json_put_null(j, "memory_bytes");
        return;
    }
    double rate = summary->seconds > 0 ? (double)summary->counters->packets / summary->seconds : 0;
    json_put_decimal(j, "seconds", summary->seconds, 6);
    json_put_decimal(j, "packets_per_second", rate, 0);
    json_put_unsigned(j, "memory_bytes", summary->memory_bytes);
}

static void on_summary(void *context, const struct summary_record *summary) {
    struct jsonl *jsonl = context;
    struct json_text *j = begin_line(jsonl, "summary");
    json_put_time(j, "first_time", summary->first);
    json_put_time(j, "last_time", summary->last);
    put_run(j, summary);
    json_open(j, "outcomes", '{');
    for (unsigned i = 0; i < 5; i++) json_put_unsigned(j, outcome_name((enum outcome)i), summary->by_outcome[i]);
    json_close(j, '}');
    json_open(j, "visibilities", '{');
    for (unsigned i = 0; i < 5; i++)
        json_put_unsigned(j, visibility_name((enum visibility)i), summary->by_visibility[i]);
    json_close(j, '}');
    put_not_mail(j, summary->not_mail);
    put_unclassified(j, jsonl->wording, summary);
    put_counters(j, summary->counters);
    end_line(jsonl);
    flush(jsonl);
}

/* ------------------------------------------------------------------------------------------------------------------ */

struct jsonl *jsonl_new(FILE *file, const struct wording *wording) {
    struct jsonl *jsonl = malloc(sizeof *jsonl);
    if (jsonl == NULL) return NULL;
    jsonl->file = file;
    jsonl->line_bytes = 0;
    jsonl->wording = wording;
    jsonl->error = 0;
    jsonl->json = (struct json_text){.bytes = jsonl->line, .capacity = sizeof jsonl->line - 1}; /* and a newline */
    return jsonl;
}

void jsonl_free(struct jsonl *jsonl) {
    if (jsonl == NULL) return;
    if (jsonl->file != NULL) fflush(jsonl->file);
    free(jsonl);
}

struct output jsonl_output(struct jsonl *jsonl) {
    return (struct output){.context = jsonl,
                           .dialogue = on_dialogue,
                           .message = on_message,
                           .notice = on_notice,
                           .event = on_event,
                           .health = on_health,
                           .source = on_source,
                           .summary = on_summary};
}

struct span jsonl_line(const struct jsonl *jsonl) {
    return span_of(jsonl->line, jsonl->line_bytes);
}

int jsonl_error(const struct jsonl *jsonl) {
    return jsonl->error;
}
