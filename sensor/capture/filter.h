/* filter: which frames the kernel hands over at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CAPTURE_FILTER_H
#define MAILSPAN_CAPTURE_FILTER_H

#include "mailspan/config.h"

#define CAPTURE_FILTER_RUNS_MAX 128 /* of ports that follow one another; more make a program that is too long */
#define CAPTURE_FILTER_INSTRUCTIONS_MAX 4096 /* BPF_MAXINSNS of Linux */

/* An expression in libpcap's language (pcap-filter(7)) that passes every frame of the link type (a DLT_ number) in
 * which the configuration lets the decoder find a segment of a mail port.  The caller frees it. NULL: every frame is
 * wanted, or no expression can say which; *why then says it in a few words ("not enough memory" among them). */
char *capture_filter_text(const struct config *config, int link_type, const char **why);

#endif
