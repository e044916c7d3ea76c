/* said: a connection as a list of what each side says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_SAID_H
#define MAILSPAN_TEST_SAID_H

#include "mailspan/span.h"
#include "mailspan/stream.h"

struct said {
    enum stream_side side;
    struct span bytes;
};
#define C(text) \
    { SIDE_CLIENT, SPAN_LITERAL(text) }
#define S(text) \
    { SIDE_SERVER, SPAN_LITERAL(text) }

#endif
