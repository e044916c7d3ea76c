/* proxy: what a client says that has itself connected elsewhere through a proxy, and what the proxy answers.
 *
 *   HTTP CONNECT     RFC 9110 9.3.6, RFC 9112: a request, its headers, an answer with its headers
 *   SOCKS 4 and 4a   a request, an answer
 *   SOCKS 5          RFC 1928, with a user's name and password (RFC 1929)
 *
 * A pull parser for what comes before the tunnel.  Each side is read on its own, in any cut.  What the client says
 * behind its request before it has the answer is kept, a little of it.  Names and passwords are passed over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROXY_H
#define MAILSPAN_PROXY_H

#include "mailspan/limits.h"
#include "mailspan/stream.h"

enum proxy_protocol { PROXY_HTTP_CONNECT, PROXY_SOCKS4, PROXY_SOCKS5, PROXY_HEADER_V1, PROXY_HEADER_V2 };

/* What a connection was told of a proxy on its way; of several, the one that the others lie behind comes first. */
struct proxied {
    struct proxied *next;
    enum proxy_protocol protocol;
    bool addressed;                        /* of a header (proxy_header.h): it says for whom */
    struct endpoint client, server;        /* ... and this is that */
    char target[LIMIT_PROXY_TARGET_BYTES]; /* of a request; empty in a header */
};

enum proxy_answer {
    PROXY_NO,      /* this is no request to a proxy; what was said belongs to whoever reads the connection then */
    PROXY_MAYBE,   /* not known yet */
    PROXY_ASKED,   /* it is one: the request, or the answer to it, is not complete */
    PROXY_REFUSED, /* the proxy has refused, and may be asked again */
    PROXY_OPEN,    /* what comes next, from either side, goes through the tunnel */
};

/* A message of a side as it comes in. */
struct proxy_message {
    size_t have;
    uint8_t bytes[LIMIT_PROXY_MESSAGE_BYTES];
};

struct proxy {
    enum proxy_protocol protocol;
    enum proxy_answer answer;
    unsigned client_state, server_state; /* decoders/proxy.c knows which */
    bool begun;
    unsigned client_line_bytes, server_line_bytes; /* of a header line, its end left out */
    unsigned status;                               /* of the HTTP answer */
    struct proxy_message client, server;
    char target[LIMIT_PROXY_TARGET_BYTES]; /* "mx.example.org:25"; empty until the client has said it */
    uint16_t target_port;
    size_t early_bytes; /* what the client said behind its request, and how much of it is not here */
    uint64_t early_lost;
    uint8_t early[LIMIT_PROXY_EARLY_BYTES];
};

/* Whether a connection whose client speaks first may begin so. */
static inline bool proxy_may_begin(uint8_t first) {
    return first == 'C' || first == 4 || first == 5;
}

/* The proxy must be zeroed, its answer PROXY_MAYBE (proxy_begin), and is nobody's after PROXY_NO or PROXY_OPEN. */
static inline void proxy_begin(struct proxy *proxy) {
    memset(proxy, 0, sizeof *proxy);
    proxy->answer = PROXY_MAYBE;
}

/* Takes what it reads off *bytes: all of it, but with PROXY_OPEN what is left goes through the tunnel, behind `early`
 * of the client. */
enum proxy_answer proxy_push(struct proxy *proxy, enum stream_side side, struct span *bytes);
/* Bytes are missing.  While it is not certain that a proxy is asked: PROXY_NO.  Else what the side was to say counts as
 * said, a refusal or not being read from what follows. */
enum proxy_answer proxy_gap(struct proxy *proxy, enum stream_side side);

const char *proxy_protocol_name(enum proxy_protocol protocol); /* "http_connect", "socks4" ... "proxy_v2" */

#endif
