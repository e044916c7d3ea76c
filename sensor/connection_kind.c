/* Whether a connection is mail, and what it is else.
 *
 * A port alone proves nothing: of a connection to a mail port the opening is kept until the client has said something
 * that only SMTP has, and nDPI is asked of it when that does not come.  On any other port nDPI decides, and what it
 * needed for that is handed on.  TLS where nobody expects it must say itself that it is mail's (flow/tls_mail.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_state.h"
#include "flow/tls_mail.h"
#include "protocol_table.h"

#define PORT_SMTPS 465 /* RFC 8314: TLS from the first byte */

void connection_end_detections(struct connection *c) {
    if (c->detection != NULL) detection_end(c->detection);
    if (c->opening != NULL) detection_end(c->opening);
    c->detection = c->opening = NULL;
}

enum stream_interest connection_let_go(struct connection *c, const char *name) {
    if (c->stage != OTHER) {
        c->shared->counters->flows_not_mail++;
        protocol_table_add(c->shared->not_mail, name == NULL ? PROTOCOL_UNKNOWN : name);
    }
    c->stage = OTHER;
    connection_end_detections(c);
    return STREAM_ENOUGH;
}

/* --- a port that is not mail's -------------------------------------------------------------------------------------
 */

void connection_enter_kind(struct connection *c) {
    struct stream_info info = c->info;
    info.server.port = c->port;
    c->stage = connection_on_mail_port(c) ? SPEAKING : DETECTING;
    if (c->shared->detector == NULL) return;
    if (c->stage == DETECTING) {
        detection_begin(c->shared->detector, &info, &c->detection);
    } else if (!c->info.midstream) {
        detection_record_begin(c->shared->detector, &info, &c->opening);
    }
}

/* What nDPI needed, in order. */
static enum stream_interest replay(struct connection *c) {
    enum stream_interest interest = STREAM_GO_ON;
    struct detection_item item;
    for (unsigned i = 0; interest == STREAM_GO_ON && detection_replay(c->detection, i, &item); i++) {
        struct piece piece = {item.side, item.bytes, item.gap_length, STREAM_UNREAD_UNKNOWN, item.time};
        interest = connection_read(c, &piece);
    }
    return interest;
}

bool connection_detect(struct connection *c, const struct piece *piece, enum stream_interest *interest) {
    *interest = STREAM_ENOUGH;
    if (c->detection == NULL) { /* it had to make room */
        connection_let_go(c, NULL);
        return false;
    }
    enum detect_answer answer = piece->gap_length > 0
                                    ? detection_gap(c->detection, piece->side, piece->gap_length, piece->time)
                                    : detection_data(c->detection, piece->side, piece->bytes, piece->time);
    if (answer == DETECT_MORE) *interest = STREAM_GO_ON;
    if (answer == DETECT_OTHER) connection_let_go(c, detection_protocol(c->detection));
    if (answer == DETECT_MORE || answer == DETECT_OTHER) return false;
    c->tls_is_mail = answer == DETECT_TLS_MAIL;
    if (connection_start_dialogue(c)) {
        c->shared->counters->flows_detected++;
        *interest = replay(c);
    }
    connection_end_detections(c);
    return *interest == STREAM_GO_ON;
}

/* --- a mail port ---------------------------------------------------------------------------------------------------
 */

static const char *name_of_opening(struct connection *c) {
    if (c->asked_name != NULL) return c->asked_name;
    return c->opening == NULL ? NULL : detection_name(c->opening);
}

bool connection_record(struct connection *c, const struct piece *piece) {
    if (c->opening == NULL) return true;
    if (piece->gap_length > 0) return detection_record_gap(c->opening, piece->side, piece->gap_length, piece->time);
    return detection_record(c->opening, piece->side, piece->bytes, piece->time);
}

enum stream_interest connection_no_smtp(struct connection *c) {
    const char *name = name_of_opening(c);
    if (c->stage == SPEAKING) c->stage = NAMING;
    return name != NULL || c->opening == NULL ? connection_let_go(c, name) : STREAM_GO_ON;
}

/* The opening is kept until the client has said something that only SMTP has, or as long as there is room; but what an
 * early talker says decides nothing. */
enum stream_interest connection_look_at_opening(struct connection *c, bool kept) {
    if (c->stage == NAMING && (!kept || c->opening == NULL)) return connection_let_go(c, name_of_opening(c));
    if (c->opening == NULL) return STREAM_GO_ON;
    if (!dialogue_is_certain(c->dialogue) && (kept || dialogue_is_open(c->dialogue))) return STREAM_GO_ON;
    connection_settle(c);
    connection_end_detections(c);
    return c->stage == OTHER ? STREAM_ENOUGH : STREAM_GO_ON;
}

/* TLS from the first byte is mail's on 465, and on a port that the operator calls mail's, where STARTTLS has not its
 * place (RFC 3207, 6409; 2525 is 587's stand-in).  Anywhere else it must say so. */
static bool is_tls_port(const struct connection *c) {
    if (c->port == PORT_SMTPS) return true;
    return c->port != 25 && c->port != 587 && c->port != 2525 && connection_on_mail_port(c);
}

enum stream_interest connection_judge_tls(struct connection *c) {
    struct tls_facts facts;
    if (c->tls_is_mail || dialogue_facts(c->dialogue)->tls != TLS_IMPLICIT) return STREAM_GO_ON;
    if (dialogue_is_open(c->dialogue)) return STREAM_GO_ON; /* the server's first word will tell whether it is TLS */
    struct span hello = span_of(c->hello[SIDE_CLIENT], c->hello_bytes[SIDE_CLIENT]);
    if (is_tls_port(c) || c->shared->detector == NULL) {
        c->tls_is_mail = true;
    } else if (detector_tls_facts(c->shared->detector, &c->info, hello, SPAN_EMPTY, &facts)) {
        if (!tls_is_mail(&facts)) return connection_let_go(c, "TLS");
        c->tls_is_mail = true;
    } else if (hello.len == LIMIT_HELLO_BYTES || c->hello_bytes[SIDE_SERVER] > 0) {
        return connection_let_go(c, "TLS");
    }
    return STREAM_GO_ON;
}

void connection_settle(struct connection *c) {
    const struct dialogue_facts *facts = dialogue_facts(c->dialogue);
    bool is_mail = c->stage != NAMING && dialogue_is_mail(c->dialogue);
    if (c->stage == OTHER || facts->messages > 0 || dialogue_is_certain(c->dialogue)) return;
    if (facts->tls == TLS_IMPLICIT) {
        if (!c->tls_is_mail && !is_tls_port(c)) connection_let_go(c, "TLS");
        return;
    }
    /* Where a client says nothing, a server that makes sense is believed. */
    const char *name = c->client_spoke || !is_mail ? name_of_opening(c) : NULL;
    if (name != NULL || !is_mail) connection_let_go(c, name);
}
