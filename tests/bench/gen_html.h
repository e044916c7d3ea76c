/* The HTML of a commercial mail: tables in tables, each cell with its style, links and pictures with long addresses; a
 * sixth of it is text that somebody reads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_HTML_H
#define GEN_HTML_H

#include "gen_text.h"

#define HTML_END "</table></td></tr></table></body></html>\r\n"

/* Lines of the head with its style sheet, from 0; behind the last one nothing is written. */
void html_style(struct text *t, unsigned line);

/* A row of the table, with text of words; host is whom links lead to. */
void html_line(struct text *t, struct random *r, struct random *words_random, const char *host);

#endif
