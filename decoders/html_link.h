/* The hosts that the texts of links show.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_LINK_H
#define MAILSPAN_HTML_LINK_H

#include "mailspan/span.h"

/* The host that a link's text shows: of a URL in it, or of a name that is all of it; else empty. */
struct span html_shown_host(struct span text);

#endif
