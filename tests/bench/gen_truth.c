/* What was put into the capture, one JSON line for each message and each connection. Nothing here needs escaping.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_script.h"

#include <arpa/inet.h>

static void write_endpoints(const struct script *s, FILE *to) {
    char client[INET6_ADDRSTRLEN];
    char server[INET6_ADDRSTRLEN];
    int family = s->flow->ipv6 ? AF_INET6 : AF_INET;
    inet_ntop(family, s->flow->address[CLIENT], client, sizeof(client));
    inet_ntop(family, s->flow->address[SERVER], server, sizeof(server));
    fprintf(to, "\"client_ip\":\"%s\",\"client_port\":%u,\"server_ip\":\"%s\",\"server_port\":%u", client,
            s->flow->port[CLIENT], server, s->flow->port[SERVER]);
}

static void write_recipient(const struct dialogue *d, FILE *to, unsigned index, const char *outcome) {
    const struct refusal *answer = d->answer[index];
    unsigned code = answer != NULL ? answer->code : 250;
    const char *enhanced = answer != NULL ? answer->enhanced : d->server->rcpt_enhanced;
    if (answer != NULL && !d->mail_refused) {
        outcome = code >= 500 ? "bounced" : "deferred";
    } else if (outcome[0] == 'a') { /* aborted: nobody told what became of it */
        outcome = "unknown";
    }
    char room[256];
    struct text address = text_over(room, sizeof(room) - 1);
    mail_recipient(&address, &d->mail.plan, index);
    *address.at = '\0';
    fprintf(to, "%s{\"address\":\"%s\",\"outcome\":\"%s\",\"code\":%u,\"enhanced\":", index > 0 ? "," : "", room,
            outcome, code);
    fprintf(to, enhanced != NULL ? "\"%s\"}" : "null}", enhanced);
}

static void write_body_facts(const struct dialogue *d, FILE *to) {
    char room[256];
    struct text t = text_over(room, sizeof(room) - 1);
    if (d->body_sent == 0) {
        fputs("\"message_id\":null,\"from_domain\":null,\"body_bytes\":null", to);
        return;
    }
    mail_message_id(&t, &d->mail.plan);
    *t.at = '\0';
    fprintf(to, "\"message_id\":\"%s\",", room);
    t = text_over(room, sizeof(room) - 1);
    mail_source_domain(&t, d->mail.plan.source);
    *t.at = '\0';
    fprintf(to, "\"from_domain\":\"%s\",\"body_bytes\":%u", room, d->body_sent);
}

static void write_sender(const struct dialogue *d, FILE *to) {
    char room[256];
    struct text t = text_over(room, sizeof(room) - 1);
    if (!d->mail.plan.null_sender) {
        mail_sender(&t, &d->mail.plan);
    }
    *t.at = '\0';
    fprintf(to, ",\"sender\":\"%s\"", room);
}

void truth_message(const struct script *s, struct run *run, const char *outcome, const char *stage) {
    const struct dialogue *d = &s->mail;
    FILE *to = run->truth;
    if (to == NULL) {
        return;
    }
    fputs("{\"type\":\"message\",", to);
    write_endpoints(s, to);
    fprintf(to, ",\"ordinal\":%u,\"outcome\":\"%s\",\"stage\":\"%s\"", d->begun, outcome, stage);
    write_sender(d, to);
    fputs(",\"recipients\":[", to);
    for (unsigned i = 0; i < d->mail.plan.recipients; i++) {
        write_recipient(d, to, i, outcome);
    }
    fputs("],", to);
    write_body_facts(d, to);
    fprintf(to, ",\"frames\":[%llu,%llu]}\n", (unsigned long long)d->message_first,
            (unsigned long long)d->message_last);
}

void truth_greeting(const struct script *s, struct run *run, const struct refusal *answer) {
    if (run->truth == NULL) {
        return;
    }
    fputs("{\"type\":\"message\",", run->truth);
    write_endpoints(s, run->truth);
    fprintf(run->truth,
            ",\"ordinal\":1,\"outcome\":\"%s\",\"stage\":\"greeting\",\"sender\":null,\"recipients\":[],\"message_id\":"
            "null,"
            "\"from_domain\":null,\"body_bytes\":null,\"frames\":[%llu,%llu]}\n",
            answer->code >= 500 ? "bounced" : "deferred", (unsigned long long)s->frame, (unsigned long long)s->frame);
}

void truth_dialogue(const struct script *s, struct run *run, uint64_t frame_last) {
    const struct dialogue *d = &s->mail;
    if (run->truth == NULL) {
        return;
    }
    fputs("{\"type\":\"dialogue\",", run->truth);
    write_endpoints(s, run->truth);
    fprintf(run->truth, ",\"messages\":%u,\"end\":\"%s\",\"client\":\"%s\",\"server\":\"%s\"", d->begun, d->end,
            d->client->name, d->server->name);
    fprintf(run->truth, ",\"pipelining\":%s,\"chunking\":%s,\"replies_apart\":%s,\"frames\":[%llu,%llu]}\n",
            d->pipelining ? "true" : "false", d->chunking ? "true" : "false",
            d->server->replies_apart ? "true" : "false", (unsigned long long)d->dialogue_first,
            (unsigned long long)frame_last);
}

void truth_capture(struct run *run, const struct wire *w) {
    if (run->truth == NULL || !run->settings.loss_note) {
        return;
    }
    fprintf(run->truth,
            "{\"type\":\"capture\",\"seed\":%llu,\"frames\":%llu,\"bytes\":%llu,\"dialogues\":%llu,\"messages\":%u,"
            "\"lost_frames\":0}\n",
            (unsigned long long)run->settings.seed, (unsigned long long)w->frames, (unsigned long long)w->bytes,
            (unsigned long long)run->dialogues, run->messages_begun);
}
