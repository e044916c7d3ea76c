/* detection: what nDPI says a connection is, and what it reads in a TLS handshake.
 *
 * It stands between the stream and the dialogue and knows neither's engine.  For a connection whose port says nothing:
 *
 *   d = detection_begin(detector, info, &d)
 *   for each stream event:  answer = detection_data(d, side, bytes, now)  (or detection_gap)
 *     DETECT_MORE           the detection has kept the event; go on
 *     (the connection may end first: hand on the items, then the end)
 *     anything else         the detection is over: hand detection_replay's items to who is to have them, then this
 *                           event, which is not among them, yourself; then detection_end(d)
 *
 * For a connection whose port is mail's, only its opening is kept, until it is known to be mail:
 *
 *   d = detection_record_begin(detector, info, &d)
 *   for each stream event:  detection_record(d, side, bytes, now)  (or detection_record_gap)
 *   turned out to be something else: detection_name(d); in any case detection_end(d)
 *
 * When LIMIT_DETECTIONS are under way, the one that has been silent longest makes room: what is merely recorded first,
 * and where there is none, an undecided one, which is counted (detect_cut).  Its holder's pointer becomes NULL.
 *
 * One detector a thread.  Nothing here depends on other connections' bytes or on the addresses, so a replay gives the
 * same answers in any order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DETECT_NDPI_H
#define MAILSPAN_DETECT_NDPI_H

#include "mailspan/event.h"
#include "mailspan/stream.h"

struct detector;
struct detection;

enum detect_answer {
    DETECT_MORE,     /* not decided yet */
    DETECT_SMTP,     /* SMTP in clear, from the first byte kept */
    DETECT_TLS_MAIL, /* TLS that says it is mail's: by its port (465, 587) or its ClientHello (tls_mail.h) */
    DETECT_OTHER,    /* something else, or nDPI gave up */
};

struct detection_item {
    enum stream_side side;
    struct span bytes;   /* what the side said without interruption; lives until detection_end */
    uint64_t gap_length; /* not 0: a gap instead of bytes */
    nstime time;         /* of its first byte */
};

/* Allocates all that this file ever needs; nDPI's module is 6 MB, so make one only where any_port or TLS facts are
 * wanted.  NULL when there is not enough memory, or when nDPI is another version than the one compiled against. */
struct detector *detector_new(struct counters *counters, size_t detections_max);
void detector_free(struct detector *detector);
/* A detection had to make room for another one since the detector began. */
bool detector_ran_short(const struct detector *detector);
size_t detector_memory_bytes(const struct detector *detector);

/* holder: where the caller keeps it; *holder is set now, and to NULL when it has to make room. */
struct detection *detection_begin(struct detector *detector, const struct stream_info *info, struct detection **holder);
enum detect_answer detection_data(struct detection *detection, enum stream_side side, struct span bytes, nstime now);
enum detect_answer detection_gap(struct detection *detection, enum stream_side side, uint64_t length, nstime now);
/* The items kept, in order, i from 0; false behind the last. */
bool detection_replay(const struct detection *detection, unsigned i, struct detection_item *item);

struct detection *detection_record_begin(struct detector *detector, const struct stream_info *info,
                                         struct detection **holder);
/* False when not all of it could be kept: LIMIT_DETECT_BYTES, LIMIT_DETECT_ITEMS. */
bool detection_record(struct detection *detection, enum stream_side side, struct span bytes, nstime now);
bool detection_record_gap(struct detection *detection, enum stream_side side, uint64_t length, nstime now);
/* What nDPI calls the opening that was recorded: "HTTP", "SSH" ...; NULL when it has no name for it, or calls it SMTP
 * too.  nDPI is asked of more protocols here than when it looks for mail.  Lives as long as the detector. */
const char *detection_name(struct detection *detection);

/* nDPI's name for what it found ("SMTP", "HTTP"), "Unknown" when nothing; lives as long as the detector. */
const char *detection_protocol(const struct detection *detection);
/* Gives the detection back; its bytes, and what nDPI kept of them (it stores passwords), are wiped. */
void detection_end(struct detection *detection);

/* Fills *facts from the bytes that client and server sent from the first byte of TLS on (as much as was kept of them,
 * at most LIMIT_HELLO_BYTES each).  The version is the negotiated one, so it is empty without a whole ServerHello.
 * False (and all empty) when there is no whole ClientHello and no whole ServerHello. */
bool detector_tls_facts(struct detector *detector, const struct stream_info *info, struct span client_hello,
                        struct span server_hello, struct tls_facts *facts);

#endif
