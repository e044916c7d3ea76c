/* The one file that knows nDPI (4.2: its API changes at 4.6, 4.10 and 5.0).
 *
 * nDPI wants packets and gets them made here around reassembled bytes: SYN, SYN/ACK, ACK, then one segment for each run
 * of bytes, with the right directions and sequence numbers.  They are IPv6 whatever the connection is, with an IPv4
 * address in its mapped form: nDPI keeps its caches (TLS certificates by server) and its guesses by address for IPv4
 * only, so one connection's answer never depends on another's.
 *
 * It also guesses by port, and lets a guess colour what it found: most ports are shown as odd ones.
 *
 * nDPI looks for SMTP in packets that end with a line end.  What one side says without interruption is one run, and
 * goes to nDPI when it ends with a line feed, holds a whole TLS record, is long, or the other side speaks: so how the
 * stream was cut makes no difference that matters.
 *
 * nDPI allocates while it runs (TLS buffers, URLs) and copies passwords about; all that it frees is wiped here first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/detect_ndpi.h"

#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>

#define message ndpi_message /* nDPI's header has a `struct message` too */
#include <ndpi/ndpi_api.h>
#undef message

#include "flow/tls_mail.h"
#include "mailspan/limits.h"

enum {
    IPV6_HEADER_BYTES = 40,
    TCP_HEADER_BYTES = 20,
    HEADERS_BYTES = IPV6_HEADER_BYTES + TCP_HEADER_BYTES,
    TLS_RECORD_HEADER_BYTES = 5,    /* type, version, length: RFC 8446 5.1 */
    TLS_HANDSHAKE_HEADER_BYTES = 4, /* type, length: RFC 8446 4 */
    TLS_RECORD_HANDSHAKE = 22,
    TLS_CLIENT_HELLO = 1,
    TLS_SERVER_HELLO = 2,
    RUN_LONG_BYTES = 1024, /* handed to nDPI without waiting for a line end */
    PACKET_PAYLOAD_MAX = LIMIT_HELLO_BYTES > LIMIT_DETECT_BYTES ? LIMIT_HELLO_BYTES : LIMIT_DETECT_BYTES,
    SMTPS_PORT = 465,
    SUBMISSION_PORT = 587,
    IMAPS_PORT = 993,
    POPS_PORT = 995,
    ODD_PORT = 40000, /* says nothing to nDPI */
};

/* What nDPI is asked for when it looks for mail: mail, and what else is common and speaks first or on odd ports.  What
 * is not among these ends as unknown, which is just as well. */
static const uint16_t protocols_wanted[] = {
    NDPI_PROTOCOL_MAIL_SMTP, NDPI_PROTOCOL_MAIL_SMTPS, NDPI_PROTOCOL_TLS,       NDPI_PROTOCOL_HTTP,
    NDPI_PROTOCOL_SSH,       NDPI_PROTOCOL_MAIL_POP,   NDPI_PROTOCOL_MAIL_IMAP, NDPI_PROTOCOL_FTP_CONTROL,
};

/* What it is asked for besides when something on a mail port has turned out to be no mail: what scanners and misplaced
 * services say there.  Only such as nDPI knows by more than a guess; test_detect_ndpi.c shows it random bytes. */
static const uint16_t protocols_named[] = {
    NDPI_PROTOCOL_HTTP_CONNECT, NDPI_PROTOCOL_SOCKS,     NDPI_PROTOCOL_REDIS, NDPI_PROTOCOL_MYSQL,
    NDPI_PROTOCOL_POSTGRES,     NDPI_PROTOCOL_MSSQL_TDS, NDPI_PROTOCOL_RDP,   NDPI_PROTOCOL_VNC,
    NDPI_PROTOCOL_SMBV1,        NDPI_PROTOCOL_SMBV23,    NDPI_PROTOCOL_IRC,   NDPI_PROTOCOL_USENET,
    NDPI_PROTOCOL_RTSP,         NDPI_PROTOCOL_SIP,       NDPI_PROTOCOL_RSYNC, NDPI_PROTOCOL_BITTORRENT,
    NDPI_PROTOCOL_LDAP,         NDPI_PROTOCOL_MONGODB,
};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A connection as nDPI is shown it. */
struct shown {
    struct ndpi_flow_struct flow;
    struct endpoint peer[2]; /* by enum stream_side */
    uint32_t next[2];        /* sequence numbers */
    bool open;               /* the handshake was shown */
    ndpi_protocol answer;
};

struct run {
    enum stream_side side;
    uint16_t start, length; /* in the detection's bytes */
    uint16_t shown;         /* of length: nDPI has seen it */
    uint64_t gap_length;
    nstime time;
};

struct detection {
    struct detector *detector;
    struct detection *older, *newer; /* in its list, by when it last had something to say; older: in the free list */
    struct detection **holder;
    bool recorded; /* nDPI is asked in the end, if at all */
    struct stream_info info;
    struct shown shown;
    unsigned run_count;
    struct run runs[LIMIT_DETECT_ITEMS];
    uint16_t used;
    uint8_t bytes[LIMIT_DETECT_BYTES];
};

struct detection_list {
    struct detection *oldest, *newest;
};

struct detector {
    struct ndpi_detection_module_struct *module;
    struct counters *counters;
    struct detection *pool;
    struct detection *free;
    size_t pool_count;
    size_t fresh; /* of the pool: never used yet */
    bool ran_short;
    struct detection_list lists[2]; /* undecided, recorded */
    struct shown hello;
    uint8_t hello_bytes[LIMIT_HELLO_BYTES];
    uint8_t packet[HEADERS_BYTES + PACKET_PAYLOAD_MAX];
};

/* --- nDPI's memory ------------------------------------------------------------------------------------------- */

static void free_wiped(void *memory) {
    if (memory == NULL) return;
    sodium_memzero(memory, malloc_usable_size(memory));
    free(memory);
}

/* HTTP on port 25 is "SMTP" of some sort to nDPI, so it is not shown the port, but where TLS takes its name from it. */
static uint16_t port_to_show(uint16_t port) {
    return port == SMTPS_PORT || port == SUBMISSION_PORT || port == IMAPS_PORT || port == POPS_PORT ? port : ODD_PORT;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion" /* inside nDPI's macro */
/* nDPI leaves out what a flow is said not to be already. */
static void only_wanted(struct ndpi_flow_struct *flow) {
    for (size_t i = 0; i < COUNT(protocols_named); i++)
        NDPI_BITMASK_ADD(flow->excluded_protocol_bitmask, protocols_named[i]);
}
#pragma GCC diagnostic pop

static void shown_begin(struct shown *shown, const struct endpoint *client, const struct endpoint *server, bool named) {
    memset(shown, 0, sizeof *shown);
    if (!named) only_wanted(&shown->flow);
    shown->peer[SIDE_CLIENT] = (struct endpoint){client->ip, ODD_PORT + 1};
    shown->peer[SIDE_SERVER] = (struct endpoint){server->ip, port_to_show(server->port)};
    shown->next[SIDE_CLIENT] = shown->next[SIDE_SERVER] = 1;
}

static void shown_end(struct shown *shown) {
    ndpi_free_flow_data(&shown->flow);
    sodium_memzero(shown, sizeof *shown);
}

/* --- packets ------------------------------------------------------------------------------------------------- */

static uint8_t *put_be16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static uint8_t *put_be32(uint8_t *at, uint32_t value) {
    return put_be16(put_be16(at, value >> 16), value);
}

static void write_packet(struct detector *detector, const struct shown *shown, enum stream_side side, uint8_t flags,
                         struct span payload) {
    const struct endpoint *from = &shown->peer[side];
    const struct endpoint *to = &shown->peer[side_other(side)];
    uint8_t *ip = detector->packet;
    memset(ip, 0, HEADERS_BYTES);
    ip[0] = 6 << 4;
    (void)put_be16(ip + 4, (uint32_t)(TCP_HEADER_BYTES + payload.len));
    ip[6] = 6; /* TCP */
    ip[7] = 64;
    memcpy(ip + 8, from->ip.bytes, 16);
    memcpy(ip + 24, to->ip.bytes, 16);
    uint8_t *tcp = ip + IPV6_HEADER_BYTES;
    uint8_t *at = put_be16(put_be16(tcp, from->port), to->port);
    at = put_be32(at, shown->next[side]);
    (void)put_be32(at, (flags & TCP_ACK) != 0 ? shown->next[side_other(side)] : 0);
    tcp[12] = 5 << 4;
    tcp[13] = flags;
    (void)put_be16(tcp + 14, UINT16_MAX);
    if (payload.len > 0) memcpy(tcp + TCP_HEADER_BYTES, payload.data, payload.len);
}

static void show_packet(struct detector *detector, struct shown *shown, enum stream_side side, uint8_t flags,
                        struct span payload, nstime now) {
    payload = span_head(payload, PACKET_PAYLOAD_MAX);
    write_packet(detector, shown, side, flags, payload);
    uint64_t const now_ms = now > 0 ? (uint64_t)(now / NS_PER_MS) : 0;
    shown->answer = ndpi_detection_process_packet(detector->module, &shown->flow, detector->packet,
                                                  (unsigned short)(HEADERS_BYTES + payload.len), now_ms);
    shown->next[side] += (uint32_t)payload.len + ((flags & TCP_SYN) != 0 ? 1 : 0);
}

static void show_bytes(struct detector *detector, struct shown *shown, enum stream_side side, struct span bytes,
                       nstime now) {
    if (!shown->open) {
        shown->open = true;
        show_packet(detector, shown, SIDE_CLIENT, TCP_SYN, SPAN_EMPTY, now);
        show_packet(detector, shown, SIDE_SERVER, TCP_SYN | TCP_ACK, SPAN_EMPTY, now);
        show_packet(detector, shown, SIDE_CLIENT, TCP_ACK, SPAN_EMPTY, now);
    }
    show_packet(detector, shown, side, TCP_ACK | TCP_PSH, bytes, now);
}

/* --- the answer ---------------------------------------------------------------------------------------------- */

static bool is_wanted(uint16_t protocol) {
    for (size_t i = 0; i < COUNT(protocols_wanted); i++)
        if (protocols_wanted[i] == protocol) return true;
    for (size_t i = 0; i < COUNT(protocols_named); i++)
        if (protocols_named[i] == protocol) return true;
    return protocol == NDPI_PROTOCOL_MAIL_POPS || protocol == NDPI_PROTOCOL_MAIL_IMAPS; /* nDPI's word for TLS there */
}

/* nDPI names a service by host ("Google") over a protocol ("SMTP"): the protocol is what counts here. */
static uint16_t protocol_of(ndpi_protocol answer) {
    if (is_wanted(answer.app_protocol)) return answer.app_protocol;
    if (is_wanted(answer.master_protocol)) return answer.master_protocol;
    return NDPI_PROTOCOL_UNKNOWN;
}

static bool nothing_left(const struct ndpi_flow_struct *flow) {
    for (size_t i = 0; i < COUNT(protocols_wanted); i++) {
        uint16_t const protocol = protocols_wanted[i];
        if (protocol == NDPI_PROTOCOL_MAIL_SMTPS) continue; /* has no detector of its own: TLS renames itself */
        if (NDPI_COMPARE_PROTOCOL_TO_BITMASK(flow->excluded_protocol_bitmask, protocol) == 0) return false;
    }
    return true;
}

/* TLS is mail's if its ClientHello says so, which may have to come first. */
static enum detect_answer judge_tls(struct detection *detection) {
    const struct run *run = &detection->runs[0];
    struct tls_facts facts;
    if (detection->run_count == 0 || run->side != SIDE_CLIENT || run->gap_length > 0) return DETECT_OTHER;
    struct span const hello = span_of(detection->bytes + run->start, run->length);
    if (detector_tls_facts(detection->detector, &detection->info, hello, SPAN_EMPTY, &facts))
        return tls_is_mail(&facts) ? DETECT_TLS_MAIL : DETECT_OTHER;
    return detection->run_count > 1 ? DETECT_OTHER : DETECT_MORE;
}

static enum detect_answer judge(struct detection *detection) {
    switch (protocol_of(detection->shown.answer)) {
        case NDPI_PROTOCOL_MAIL_SMTP:
            return DETECT_SMTP;
        case NDPI_PROTOCOL_MAIL_SMTPS:
            return DETECT_TLS_MAIL;
        case NDPI_PROTOCOL_TLS:
            return judge_tls(detection);
        case NDPI_PROTOCOL_UNKNOWN:
            return nothing_left(&detection->shown.flow) ? DETECT_OTHER : DETECT_MORE;
        default:
            return DETECT_OTHER;
    }
}

static enum detect_answer cut(struct detection *detection) {
    detection->detector->counters->detect_cut++;
    return DETECT_OTHER;
}

/* --- runs ---------------------------------------------------------------------------------------------------- */

static struct span run_pending(const struct detection *detection, const struct run *run) {
    return span_of(detection->bytes + run->start + run->shown, (size_t)run->length - run->shown);
}

static bool run_is_ready(const struct detection *detection, const struct run *run) {
    struct span const pending = run_pending(detection, run);
    if (pending.len == 0) return false;
    if (pending.len >= RUN_LONG_BYTES || pending.data[pending.len - 1] == '\n') return true;
    struct reader r = reader_of(pending);
    if (reader_u8(&r) != TLS_RECORD_HANDSHAKE) return false;
    reader_skip(&r, 2);
    uint16_t const record_bytes = reader_be16(&r);
    return !r.failed && reader_left(&r) >= record_bytes;
}

static enum detect_answer run_show(struct detection *detection, struct run *run, nstime now) {
    struct span const pending = run_pending(detection, run);
    if (pending.len == 0) return DETECT_MORE;
    run->shown = run->length;
    show_bytes(detection->detector, &detection->shown, run->side, pending, now);
    return judge(detection);
}

/* --- the lists, oldest first --------------------------------------------------------------------------------- */

static struct detection_list *list_of(const struct detection *detection) {
    return &detection->detector->lists[detection->recorded];
}

static void list_put(struct detection *detection) {
    struct detection_list *list = list_of(detection);
    detection->newer = NULL;
    detection->older = list->newest;
    *(list->newest == NULL ? &list->oldest : &list->newest->newer) = detection;
    list->newest = detection;
}

static void list_take(struct detection *detection) {
    struct detection_list *list = list_of(detection);
    *(detection->older == NULL ? &list->oldest : &detection->older->newer) = detection->newer;
    *(detection->newer == NULL ? &list->newest : &detection->newer->older) = detection->older;
}

static void list_touch(struct detection *detection) {
    if (detection->newer == NULL) return;
    list_take(detection);
    list_put(detection);
}

/* --- what is kept -------------------------------------------------------------------------------------------- */

static struct run *last_run(struct detection *detection) {
    return detection->run_count == 0 ? NULL : &detection->runs[detection->run_count - 1];
}

/* A run that `side` may go on with, or a new one; NULL when there are LIMIT_DETECT_ITEMS already. */
static struct run *run_for(struct detection *detection, enum stream_side side, nstime now) {
    struct run *run = last_run(detection);
    if (run != NULL && run->side == side && run->gap_length == 0) return run;
    if (detection->run_count == LIMIT_DETECT_ITEMS) return NULL;
    run = &detection->runs[detection->run_count++];
    *run = (struct run){.side = side, .start = detection->used, .time = now};
    return run;
}

/* Takes back what was added by the call that decided: its caller hands that on itself. */
static void run_shorten(struct detection *detection, struct run *run, size_t bytes) {
    run->length = (uint16_t)(run->length - bytes);
    if (run->shown > run->length) run->shown = run->length;
    detection->used = (uint16_t)(detection->used - bytes);
    if (run->length == 0) detection->run_count--;
}

/* Keeps what there is room for; NULL when no turn is left. */
static struct run *run_keep(struct detection *detection, enum stream_side side, struct span *bytes, nstime now) {
    struct run *run = run_for(detection, side, now);
    if (run == NULL) return NULL;
    *bytes = span_head(*bytes, (size_t)LIMIT_DETECT_BYTES - detection->used);
    if (bytes->len > 0) memcpy(detection->bytes + detection->used, bytes->data, bytes->len);
    detection->used = (uint16_t)(detection->used + bytes->len);
    run->length = (uint16_t)(run->length + bytes->len);
    return run;
}

static bool run_keep_gap(struct detection *detection, enum stream_side side, uint64_t length, nstime now) {
    if (detection->run_count == LIMIT_DETECT_ITEMS) return false;
    struct run *run = &detection->runs[detection->run_count++];
    *run = (struct run){.side = side, .start = detection->used, .gap_length = length, .time = now};
    return true;
}

enum detect_answer detection_data(struct detection *detection, enum stream_side side, struct span bytes, nstime now) {
    list_touch(detection);
    if (bytes.len == 0) return DETECT_MORE;
    struct run *run = last_run(detection);
    if (run != NULL && run->side != side) { /* the turn goes to the other side: the run is whole */
        enum detect_answer const answer = run_show(detection, run, now);
        if (answer != DETECT_MORE) return answer;
    }
    struct span kept = bytes;
    run = run_keep(detection, side, &kept, now);
    if (run == NULL) return cut(detection);
    bool const full = kept.len < bytes.len;
    enum detect_answer answer = DETECT_MORE;
    if (full || run_is_ready(detection, run)) answer = run_show(detection, run, now);
    if (answer == DETECT_MORE && full) answer = cut(detection);
    if (answer != DETECT_MORE) run_shorten(detection, run, kept.len);
    return answer;
}

enum detect_answer detection_gap(struct detection *detection, enum stream_side side, uint64_t length, nstime now) {
    list_touch(detection);
    struct run *run = last_run(detection);
    enum detect_answer answer = run == NULL ? DETECT_MORE : run_show(detection, run, now);
    if (answer != DETECT_MORE) return answer;
    if (!run_keep_gap(detection, side, length, now)) return cut(detection);
    detection->shown.next[side] += (uint32_t)length;
    return DETECT_MORE;
}

bool detection_record(struct detection *detection, enum stream_side side, struct span bytes, nstime now) {
    list_touch(detection);
    struct span kept = bytes;
    return bytes.len == 0 || (run_keep(detection, side, &kept, now) != NULL && kept.len == bytes.len);
}

bool detection_record_gap(struct detection *detection, enum stream_side side, uint64_t length, nstime now) {
    list_touch(detection);
    return run_keep_gap(detection, side, length, now);
}

bool detection_replay(const struct detection *detection, unsigned i, struct detection_item *item) {
    if (i >= detection->run_count) return false;
    const struct run *run = &detection->runs[i];
    *item = (struct detection_item){.side = run->side,
                                    .bytes = span_of(detection->bytes + run->start, run->length),
                                    .gap_length = run->gap_length,
                                    .time = run->time};
    return true;
}

const char *detection_protocol(const struct detection *detection) {
    return ndpi_get_proto_name(detection->detector->module, protocol_of(detection->shown.answer));
}

/* Shows nDPI the runs of both sides, or of one alone. */
static uint16_t name_of_runs(struct detection *detection, bool client, bool server) {
    struct shown *shown = &detection->shown;
    uint16_t found = NDPI_PROTOCOL_UNKNOWN;
    shown_end(shown);
    shown_begin(shown, &detection->info.client, &detection->info.server, true);
    for (unsigned i = 0; i < detection->run_count && found == NDPI_PROTOCOL_UNKNOWN; i++) {
        const struct run *run = &detection->runs[i];
        if (run->side == SIDE_CLIENT ? !client : !server) continue;
        shown->next[run->side] += (uint32_t)run->gap_length;
        if (run->length == 0) continue;
        show_bytes(detection->detector, shown, run->side, span_of(detection->bytes + run->start, run->length),
                   run->time);
        found = protocol_of(shown->answer);
    }
    return found;
}

const char *detection_name(struct detection *detection) {
    uint16_t found = name_of_runs(detection, true, true);
    /* A client that takes a mail server for something else: its words alone say what for. */
    if (found == NDPI_PROTOCOL_UNKNOWN || found == NDPI_PROTOCOL_MAIL_SMTP)
        found = name_of_runs(detection, true, false);
    if (found == NDPI_PROTOCOL_UNKNOWN || found == NDPI_PROTOCOL_MAIL_SMTP) return NULL;
    return ndpi_get_proto_name(detection->detector->module, found);
}

/* --- the pool ------------------------------------------------------------------------------------------------ */

static struct detection *take_free(struct detector *detector) {
    struct detection *detection = detector->free;
    if (detection != NULL) {
        detector->free = detection->older;
    } else if (detector->fresh > 0) {
        detection = &detector->pool[detector->pool_count - detector->fresh--];
    }
    return detection;
}

/* The one that has been silent longest is given up; a flow that is only recorded loses nothing but its name. */
static void make_room(struct detector *detector) {
    detector->ran_short = true;
    struct detection *victim = detector->lists[true].oldest;
    if (victim == NULL) {
        victim = detector->lists[false].oldest;
        detector->counters->detect_cut++;
    }
    *victim->holder = NULL;
    detection_end(victim);
}

static struct detection *begin(struct detector *detector, const struct stream_info *info, struct detection **holder,
                               bool recorded) {
    struct detection *detection = take_free(detector);
    if (detection == NULL) {
        make_room(detector);
        detection = take_free(detector);
    }
    detection->detector = detector;
    detection->holder = holder;
    detection->recorded = recorded;
    detection->run_count = 0;
    detection->used = 0;
    detection->info = *info;
    if (!recorded) shown_begin(&detection->shown, &info->client, &info->server, false);
    list_put(detection);
    *holder = detection;
    return detection;
}

struct detection *detection_begin(struct detector *detector, const struct stream_info *info,
                                  struct detection **holder) {
    return begin(detector, info, holder, false);
}

struct detection *detection_record_begin(struct detector *detector, const struct stream_info *info,
                                         struct detection **holder) {
    return begin(detector, info, holder, true);
}

void detection_end(struct detection *detection) {
    struct detector *detector = detection->detector;
    list_take(detection);
    if (!detection->recorded || detection->shown.open) {
        shown_end(&detection->shown);
        sodium_memzero(detector->packet, sizeof detector->packet);
    }
    /* What decided was taken back (run_shorten), and lies behind `used`. */
    sodium_memzero(detection->bytes, detection->recorded ? detection->used : sizeof detection->bytes);
    detection->older = detector->free;
    detector->free = detection;
}

/* --- TLS facts ----------------------------------------------------------------------------------------------- */

/* Finds the first handshake message in the records and writes it as one record of its own: nDPI then sees it whole
 * however the records were cut, and sees nothing of what follows it (certificates).  An empty span when the message is
 * of another type or not whole. */
static struct span hello_alone(struct detector *detector, struct span tls, uint8_t type) {
    uint8_t *out = detector->hello_bytes;
    size_t const room = sizeof detector->hello_bytes - TLS_RECORD_HEADER_BYTES;
    size_t have = 0, need = TLS_HANDSHAKE_HEADER_BYTES;
    struct reader r = reader_of(tls);
    while (have < need) {
        uint8_t const record_type = reader_u8(&r);
        uint16_t const version = reader_be16(&r);
        size_t const record_bytes = reader_be16(&r);
        if (r.failed || record_type != TLS_RECORD_HANDSHAKE || version >> 8 != 3 || record_bytes == 0)
            return SPAN_EMPTY;
        struct span const piece = reader_bytes(&r, record_bytes < reader_left(&r) ? record_bytes : reader_left(&r));
        size_t const fits = piece.len < room - have ? piece.len : room - have;
        if (fits == 0) return SPAN_EMPTY;
        memcpy(out + TLS_RECORD_HEADER_BYTES + have, piece.data, fits);
        have += fits;
        if (have < TLS_HANDSHAKE_HEADER_BYTES) continue;
        struct reader message = reader_of(span_of(out + TLS_RECORD_HEADER_BYTES, have));
        if (reader_u8(&message) != type) return SPAN_EMPTY;
        need = TLS_HANDSHAKE_HEADER_BYTES + reader_be24(&message);
    }
    out[0] = TLS_RECORD_HANDSHAKE;
    (void)put_be16(out + 1, 0x0301); /* what most ClientHellos have there; nDPI and JA3 do not look */
    (void)put_be16(out + 3, (uint32_t)need);
    return span_of(out, TLS_RECORD_HEADER_BYTES + need);
}

static void copy_text(char *to, size_t size, const char *from) {
    size_t len = from == NULL ? 0 : strlen(from);
    if (len > size - 1) len = size - 1;
    if (len > 0) memcpy(to, from, len);
    to[len] = '\0';
}

/* nDPI's ssl_version after the ServerHello: its supported_versions extension, or the older field (RFC 8446 4.2.1). */
static const char *version_name(uint16_t version) {
    switch (version) {
        case 0x0300:
            return "SSLv3";
        case 0x0301:
            return "TLSv1";
        case 0x0302:
            return "TLSv1.1";
        case 0x0303:
            return "TLSv1.2";
        case 0x0304:
            return "TLSv1.3";
        default:
            return "";
    }
}

bool detector_tls_facts(struct detector *detector, const struct stream_info *info, struct span client_hello,
                        struct span server_hello, struct tls_facts *facts) {
    memset(facts, 0, sizeof *facts);
    struct shown *shown = &detector->hello;
    struct endpoint const server = {info->server.ip, SMTPS_PORT}; /* STARTTLS or not */
    shown_begin(shown, &info->client, &server, false);
    struct span const client = hello_alone(detector, client_hello, TLS_CLIENT_HELLO);
    bool const has_client = client.len > 0;
    if (has_client) {
        show_bytes(detector, shown, SIDE_CLIENT, client, info->start);
        copy_text(facts->sni, sizeof facts->sni, shown->flow.host_server_name);
        copy_text(facts->ja3, sizeof facts->ja3, shown->flow.protos.tls_quic.ja3_client);
        copy_text(facts->alpn, sizeof facts->alpn, shown->flow.protos.tls_quic.alpn);
    }
    struct span const hello = hello_alone(detector, server_hello, TLS_SERVER_HELLO);
    bool const has_server = hello.len > 0;
    if (has_server) {
        show_bytes(detector, shown, SIDE_SERVER, hello, info->start);
        if (shown->flow.protos.tls_quic.ja3_server[0] != '\0') /* nDPI took it for a ServerHello */
            copy_text(facts->version, sizeof facts->version, version_name(shown->flow.protos.tls_quic.ssl_version));
    }
    shown_end(shown);
    return has_client || has_server;
}

/* --- the detector -------------------------------------------------------------------------------------------- */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion" /* inside nDPI's macro */
static void select_protocols(struct ndpi_detection_module_struct *module) {
    NDPI_PROTOCOL_BITMASK mask;
    NDPI_BITMASK_RESET(mask);
    for (size_t i = 0; i < COUNT(protocols_wanted); i++) NDPI_BITMASK_ADD(mask, protocols_wanted[i]);
    for (size_t i = 0; i < COUNT(protocols_named); i++) NDPI_BITMASK_ADD(mask, protocols_named[i]);
    ndpi_set_protocol_detection_bitmask2(module, &mask);
}
#pragma GCC diagnostic pop

struct detector *detector_new(struct counters *counters, size_t detections_max) {
    if (sodium_init() < 0) return NULL;
    if (ndpi_detection_get_sizeof_ndpi_flow_struct() != sizeof(struct ndpi_flow_struct)) return NULL;
    set_ndpi_free(free_wiped);
    set_ndpi_flow_free(free_wiped);
    struct detector *detector = calloc(1, sizeof *detector);
    if (detector == NULL) return NULL;
    detector->counters = counters;
    detector->pool = calloc(detections_max, sizeof *detector->pool);
    detector->pool_count = detector->fresh = detections_max;
    detector->module = ndpi_init_detection_module(ndpi_dont_load_tor_hosts | ndpi_dont_init_libgcrypt);
    if (detector->pool == NULL || detector->module == NULL) {
        detector_free(detector);
        return NULL;
    }
    select_protocols(detector->module);
    ndpi_finalize_initialization(detector->module);
    return detector;
}

/* Detections that were not ended are wiped with it. */
void detector_free(struct detector *detector) {
    if (detector == NULL) return;
    if (detector->pool != NULL) {
        for (size_t i = 0; i < detector->pool_count - detector->fresh; i++) shown_end(&detector->pool[i].shown);
        sodium_memzero(detector->pool, (detector->pool_count - detector->fresh) * sizeof *detector->pool);
    }
    free(detector->pool);
    if (detector->module != NULL) ndpi_exit_detection_module(detector->module);
    free(detector);
}

bool detector_ran_short(const struct detector *detector) {
    return detector->ran_short;
}

size_t detector_memory_bytes(const struct detector *detector) {
    size_t const module_bytes = (size_t)6 << 20; /* measured at start; it does not grow */
    return sizeof *detector + module_bytes + detector->pool_count * sizeof *detector->pool;
}
