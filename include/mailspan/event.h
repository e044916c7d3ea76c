/* event: what the sensor says of what it saw, and to whom.
 *
 * The pipeline tells each output the same records; an output is one file in sensor/publish/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_EVENT_H
#define MAILSPAN_EVENT_H

#include "mailspan/config.h"
#include "mailspan/counters.h"
#include "mailspan/decision.h"
#include "mailspan/dialogue.h"
#include "mailspan/health.h"
#include "mailspan/mail.h"
#include "mailspan/mail_report.h"
#include "mailspan/proxy.h"
#include "mailspan/unclassified.h"
#include "mailspan/verdict.h"

/* What nDPI read in the handshake; empty strings where it read nothing. */
struct tls_facts {
    char version[16]; /* "TLSv1.3" */
    char sni[128];
    char ja3[33];
    char alpn[64];
};

struct dialogue_record {
    const struct stream_info *stream;
    const struct dialogue_facts *facts;
    enum dialogue_end end;
    const struct tls_facts *tls;   /* NULL when there was no TLS */
    const struct proxied *proxied; /* that it went through; NULL: none */
};

struct message_record {
    const struct stream_info *stream;
    const struct message *message;
    const struct mail_summary *summary; /* NULL: no content was seen */
    const struct verdict *verdict;
    const struct mail_report *report; /* NULL: nothing of the kind was looked for */
    const struct sent *sent;          /* as the verdict; what later mail is tied to it by */
    struct span greeting;             /* of the server; empty: not seen */
    struct span helo;                 /* of the client; likewise */
};

/* Connections that were no mail, by nDPI's name for what they were. */
struct protocol_count {
    char name[LIMIT_PROTOCOL_NAME_BYTES];
    uint64_t flows;
};

struct protocol_table {
    unsigned count;
    struct protocol_count rows[LIMIT_PROTOCOLS]; /* most flows first, then by name */
};

struct summary_record {
    const struct counters *counters;
    const struct protocol_table *not_mail;
    uint64_t by_outcome[5];    /* messages, by enum outcome */
    uint64_t by_visibility[5]; /* messages, by enum visibility */
    double seconds;            /* of wall time that the run took; below 0: this, and the memory, are not told */
    nstime first, last;        /* packet times; 0 when there was no packet */
    const struct unclassified *unclassified[LIMIT_UNCLASSIFIED_TOLD]; /* most often seen first */
    unsigned unclassified_count;
    size_t memory_bytes; /* reserved by tables and pools */
};

/* What every output needs to word its records. */
struct wording {
    const struct config *config;
    const struct ruleset *rules;
    const struct bounce_rules *bounces;
    uint8_t privacy_key[32];
};

struct output {
    void *context;
    void (*dialogue)(void *context, const struct dialogue_record *record);
    void (*message)(void *context, const struct message_record *record);
    void (*notice)(void *context, const struct notice *notice, enum notice_finding finding);
    void (*event)(void *context, const struct decision *decision);
    void (*health)(void *context, const struct health_record *record);
    void (*source)(void *context, const struct source_table *table, const struct source *source);
    void (*summary)(void *context, const struct summary_record *record);
}; /* any function may be NULL */

#endif
