/* See message_content.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "message_content.h"

struct content {
    struct mail_parser *parser;    /* NULL: there was no memory */
    struct rule_scan *scan;        /* NULL: the same, or no scan was free, or it was abandoned */
    struct report_reader *reports; /* NULL: nobody here can have sent what it may speak of, or there was no memory */
    struct mail_summary summary;
};

static struct content *content_of(struct connection_shared *shared, const struct stream_info *info,
                                  struct message *message) {
    if (message->user != NULL) return message->user;
    struct content *content = arena_alloc(&message->arena, sizeof *content);
    if (content == NULL) {
        shared->counters->message_memory++;
        return NULL;
    }
    content->parser = mail_parser_new(&message->arena, shared->charsets, shared->counters);
    content->scan = rule_scan_begin(shared->rules, &message->arena, shared->counters);
    if (config_is_home(shared->config, &info->server.ip))
        content->reports = report_reader_new(&message->arena, shared->counters);
    if (content->reports != NULL && message->sender_seen) report_reader_came_from(content->reports, message->sender);
    if (content->parser == NULL)
        shared->counters->message_memory++;
    else
        mail_limit_text(content->parser, shared->config->text_bytes);
    message->user = content;
    return content;
}

/* The scan, as long as there is one. */
static struct rule_scan *scan_of(struct content *content) {
    if (content->scan != NULL && rule_scan_rules(content->scan) == NULL) content->scan = NULL;
    return content->scan;
}

/* Whether what follows can be of a mail that tells of others. */
static bool wants_report(const struct content *content) {
    return content->reports != NULL && report_reader_wants_more(content->reports);
}

static void read_items(struct connection_shared *shared, struct message *message, struct content *content) {
    struct rule_scan *scan = scan_of(content);
    const struct ruleset *rules = scan == NULL ? shared->rules : rule_scan_rules(scan);
    struct mail_item item;
    while (mail_next(content->parser, &item)) {
        mail_summarize(&content->summary, &item, &message->arena, shared->counters);
        if (content->reports != NULL) report_reader_take(content->reports, &item);
        if (item.type == MAIL_HEADERS_END && !ruleset_wants_body(rules) && !wants_report(content)) {
            message->content_done = true;
            return;
        }
        if (scan != NULL) rule_scan_item(scan, &item, &content->summary);
    }
}

void message_content_read(struct connection_shared *shared, const struct stream_info *info,
                          const struct smtp_item *smtp) {
    if (smtp->message->content_done) return;
    struct content *content = content_of(shared, info, smtp->message);
    if (content == NULL || content->parser == NULL) return;
    if (smtp->type == SMTP_BODY) mail_push(content->parser, smtp->bytes);
    if (smtp->type == SMTP_BODY_GAP) mail_gap(content->parser, smtp->length);
    if (smtp->type == SMTP_BODY_GAP && content->reports != NULL) report_reader_gap(content->reports);
    if (smtp->type == SMTP_BODY_END) mail_finish(content->parser);
    read_items(shared, smtp->message, content);
}

const struct mail_summary *message_content_summary(const struct message *message) {
    const struct content *content = message->user;
    return content == NULL ? NULL : &content->summary;
}

const struct mail_report *message_content_report(const struct message *message) {
    const struct content *content = message->user;
    return content == NULL || content->reports == NULL ? NULL : report_reader_end(content->reports);
}

struct rule_scan *message_content_scan(const struct message *message) {
    struct content *content = message->user;
    return content == NULL ? NULL : scan_of(content);
}

void message_content_end(const struct message *message) {
    struct rule_scan *scan = message_content_scan(message);
    if (scan != NULL) rule_scan_end(scan);
}
