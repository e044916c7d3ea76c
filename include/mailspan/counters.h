/* What was seen, and what was lost, by name.  One line adds a counter to the summary, to the documentation and to the
 * metrics; a loss that has no line here must not happen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COUNTERS_H
#define MAILSPAN_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* What was seen. */
#define MAILSPAN_TOTALS(X)                                                                      \
    X(packets, "frames read")                                                                   \
    X(bytes, "their bytes on the wire")                                                         \
    X(tcp_segments, "TCP segments found in them")                                               \
    X(frame_other, "frames without TCP (ARP, UDP, ICMP and the like)")                          \
    X(fragments, "IP fragments, which wait for the others of their datagram")                   \
    X(fragments_reassembled, "datagrams put together from IP fragments")                        \
    X(mail_segments, "TCP segments of flows that were looked at")                               \
    X(payload_bytes, "captured payload bytes of TCP segments on the ports looked at")           \
    X(stream_bytes, "bytes handed on in order")                                                 \
    X(duplicate_bytes, "bytes seen again (sent again, or doubled by the mirror)")               \
    X(flows, "TCP connections followed")                                                        \
    X(dialogues, "connections that were mail")                                                  \
    X(dialogues_encrypted, "of these, inside TLS: what was said there is not seen")             \
    X(messages, "mail transactions and refused greetings")                                      \
    X(auth_tries, "AUTH commands")                                                              \
    X(auth_refused, "AUTH commands that were refused")                                          \
    X(dialogues_proxied, "of these, through a proxy: CONNECT, SOCKS, a PROXY header")           \
    X(proxy_refused, "connections whose proxy refused to connect them")                         \
    X(messages_retried, "tries of a message that was there already: it is counted once")        \
    X(refusals_repeated, "the same refused greeting of one server again, which is not counted") \
    X(reports, "mails that tell of other mails: bounces, delays, successes, complaints")        \
    X(late_bounces, "recipients of messages sent that such a bounce spoke of")                  \
    X(complaints, "messages sent that somebody complained of")                                  \
    X(backscatter, "bounces and complaints of messages that their receiver did not send")       \
    X(replies_unclassified, "messages refused in words and codes of no known kind, late too")   \
    X(replies_by_code, "messages whose refusal is known by its reply code alone")               \
    X(flows_detected, "mail flows that nDPI found on other ports")                              \
    X(flows_not_mail, "flows that turned out to be something else")                             \
    X(text_slices, "slices read of texts behind their head, and beginnings of later parts")     \
    X(events, "decisions published")

/* What was lost, cut, or could not be understood. */
#define MAILSPAN_LOSSES(X)                                                                                       \
    X(kernel_drops, "frames the kernel dropped before the sensor could read them")                               \
    X(interface_drops, "frames the interface dropped before the kernel could have them")                         \
    X(frames_unread, "frames that nobody read: their decoder had died, or the end came first")                   \
    X(capture_cut, "captures that end in the middle of a frame")                                                 \
    X(frame_time_wrong, "frames left out, because their time is before 1970 or behind 2199")                     \
    X(frame_malformed, "frames whose headers do not fit their length")                                           \
    X(frame_unknown, "frames of a link type that is not decoded")                                                \
    X(frame_too_deep, "frames with more headers than LIMIT_FRAME_LAYERS or LIMIT_IPV6_EXTENSION_HEADERS")        \
    X(tunnel_untrusted, "frames of tunnels that capture.tunnels does not name")                                  \
    X(fragments_overlap, "datagrams dropped, because their fragments overlap or contradict each other")          \
    X(fragments_expired, "datagrams that missed fragments for LIMIT_FRAGMENT_WAIT_S, or at the end")             \
    X(fragments_evicted, "datagrams that missed fragments, forgotten to make room for newer ones")               \
    X(fragments_snapped, "IP fragments cut by the capture's snap length, which nothing can be made of")          \
    X(checksum_ip, "IPv4 datagrams left out for their header's checksum (capture.checksums: verify)")            \
    X(checksum_tcp, "TCP segments left out for their checksum (capture.checksums: verify)")                      \
    X(segment_snapped, "TCP segments cut by the capture's snap length")                                          \
    X(flow_evicted, "flows forgotten to make room for newer ones")                                               \
    X(flow_refused, "flows outside home_networks not followed, because the table was full of others")            \
    X(flow_idle, "flows forgotten because nothing came for LIMIT_FLOW_IDLE_S")                                   \
    X(gaps, "holes in streams that were never filled")                                                           \
    X(gap_bytes, "bytes of these holes")                                                                         \
    X(late_bytes, "bytes that came when they had been called a gap")                                             \
    X(segment_outside, "TCP segments outside any window, or that acknowledge nothing, or too much")              \
    X(outside_bytes, "their bytes")                                                                              \
    X(urgent_segments, "TCP segments with urgent data, of which a receiver may leave out a byte")                \
    X(before_start_bytes, "bytes before the place where their stream begins")                                    \
    X(after_end_bytes, "bytes behind the end of their side, or of a connection that is over")                    \
    X(reset_bytes, "bytes inside RST segments, which belong to no stream")                                       \
    X(no_flow_bytes, "bytes of no connection: begun before the capture on odd ports, a SYN not believed")        \
    X(unwanted_bytes, "bytes of connections that turned out to be no mail, or had no memory left")               \
    X(segment_pool_full, "out-of-order segments not kept, because the budget was used up")                       \
    X(unkept_bytes, "their bytes that were not kept")                                                            \
    X(queues_given_up, "flows whose holes were called gaps early, because that budget ran short")                \
    X(clock_jumps, "leaps of the capture's time that several frames agreed on")                                  \
    X(clock_doubted, "frames stamped far from those around them, taken at the time of these")                    \
    X(clock_back, "frames stamped before what came earlier, taken at that one's time")                           \
    X(overlap_conflict, "times that bytes sent again differed from the first copy (which counts)")               \
    X(engine_refused, "packets libnids cannot take (IPv6, fragments, 0.0.0.0/8, no handshake seen)")             \
    X(dialogue_memory, "connections not followed, because the arena pool was empty")                             \
    X(dialogues_cut, "dialogues ended early, because their source or the arena pool ran short of memory")        \
    X(line_cut, "SMTP lines longer than LIMIT_SMTP_LINE_BYTES")                                                  \
    X(commands_dropped, "commands beyond LIMIT_PIPELINE_COMMANDS without a reply")                               \
    X(replies_slipped, "replies that no such command can have: those before them were unpaired")                 \
    X(replies_unmatched, "replies that no command seen can have asked for")                                      \
    X(replies_malformed, "server lines that are no SMTP reply")                                                  \
    X(recipients_dropped, "recipients beyond LIMIT_RECIPIENTS")                                                  \
    X(messages_forced, "messages closed without their reply: LIMIT_MESSAGES_IN_FLIGHT")                          \
    X(message_memory, "things of a message not kept, because its arena or the pool was full")                    \
    X(header_cut, "header values longer than LIMIT_HEADER_VALUE_BYTES")                                          \
    X(headers_dropped, "headers beyond LIMIT_HEADERS")                                                           \
    X(header_name_long, "headers that end at a line with no colon in LIMIT_HEADER_NAME_BYTES: a name, or text")  \
    X(mime_depth, "MIME parts nested deeper than LIMIT_MIME_DEPTH")                                              \
    X(mime_parts, "MIME parts beyond LIMIT_MIME_PARTS")                                                          \
    X(html_depth, "elements of HTML nested deeper than LIMIT_HTML_DEPTH or _COLOURS, taken for visible")         \
    X(html_rules, "messages whose style sheets have more rules than LIMIT_HTML_SELECTORS or _LOOKS")             \
    X(markup_unread, "messages whose HTML was read as text alone, because memory was tight")                     \
    X(text_cut, "messages whose text was not read whole: limits.text_bytes")                                     \
    X(text_unread_bytes, "bytes of these texts, as they were sent, that were not read")                          \
    X(report_text_cut, "mails whose reports to programs are longer than LIMIT_REPORT_TEXT_BYTES")                \
    X(archives_cut, "archives whose names were not all seen: packed, or too many")                               \
    X(confirm_cut, "messages in which PCRE2 took too many steps over an expression")                             \
    X(report_recipients, "recipients in reports beyond LIMIT_REPORT_RECIPIENTS")                                 \
    X(charset_unknown, "texts in a charset that is not known")                                                   \
    X(urls_dropped, "URLs beyond LIMIT_URLS or longer than LIMIT_URL_BYTES")                                     \
    X(scans_abandoned, "messages searched no more: their rules were renewed LIMIT_GENERATIONS times")            \
    X(rules_cut, "verdicts with more rules than LIMIT_VERDICT_RULES names")                                      \
    X(detect_cut, "flows let go before nDPI had decided: LIMIT_DETECT_BYTES, _ITEMS, LIMIT_DETECTIONS")          \
    X(verdicts_dropped, "messages that are in no sample: the judge did not keep up, or time was up")             \
    X(notices_dropped, "late bounces and complaints that are counted nowhere, for the same reasons")             \
    X(dialogues_dropped, "dialogues that are not told, for the same reasons")                                    \
    X(messages_lost, "messages that are in no sample: a process died that had them")                             \
    X(flows_lost, "connections that nothing is told of: their decoder died, or its time was up")                 \
    X(records_unsound, "records of a decoder that no sound one writes: refused")                                 \
    X(sources_evicted, "sources forgotten to make room for newer ones")                                          \
    X(habits_evicted, "sources whose last messages were forgotten to make room for another's")                   \
    X(habits_begun_anew, "messages that were compared with none: their source's last ones had been forgotten")   \
    X(blocks_forgotten, "blocked sources among these: their releases are not published")                         \
    X(reports_gone, "reports of messages that are in no sample any more")                                        \
    X(reports_doubted, "reports not believed: not accepted, not seen whole, or of a stranger (docs/scoring.md)") \
    X(evidence_overwritten, "evidence rows overwritten by newer ones")                                           \
    X(events_dropped, "events that an output lost: no room, refused for good, or standard output failed")        \
    X(records_dropped, "other records that standard output did not take")

struct counters {
#define X(name, help) uint64_t name;
    MAILSPAN_TOTALS(X)
    MAILSPAN_LOSSES(X)
#undef X
};

static inline void counters_add(struct counters *counters, const struct counters *more) {
#define X(name, help) counters->name += more->name;
    MAILSPAN_TOTALS(X)
    MAILSPAN_LOSSES(X)
#undef X
}

/* What a dialogue counts, for itself until it is known to be mail: lines of another protocol are no loss. */
#define MAILSPAN_DIALOGUE_COUNTERS(X) \
    X(messages)                       \
    X(dialogue_memory)                \
    X(line_cut)                       \
    X(commands_dropped)               \
    X(replies_slipped)                \
    X(replies_unmatched)              \
    X(replies_malformed)              \
    X(recipients_dropped)             \
    X(messages_forced)                \
    X(message_memory)

struct dialogue_counters {
#define X(name) uint64_t name;
    MAILSPAN_DIALOGUE_COUNTERS(X)
#undef X
};

/* Adds what was counted since the last time.  (`messages` can have gone down; then the sum does.) */
static inline void counters_take(struct counters *counters, struct dialogue_counters *from) {
#define X(name) counters->name += from->name;
    MAILSPAN_DIALOGUE_COUNTERS(X)
#undef X
    *from = (struct dialogue_counters){.messages = 0};
}

/* What the native engine promises: when it has finished, every payload byte that it was shown has been handed on, or
 * is lost under one name.  (libnids drops bytes without a word, so its engine cannot.) */
static inline bool counters_account_for_all_bytes(const struct counters *c) {
    uint64_t seen_before = c->duplicate_bytes + c->late_bytes + c->before_start_bytes;
    uint64_t no_place = c->outside_bytes + c->after_end_bytes + c->reset_bytes + c->no_flow_bytes;
    uint64_t not_taken = c->unwanted_bytes + c->unkept_bytes;
    return c->payload_bytes == c->stream_bytes + seen_before + no_place + not_taken;
}

#endif
