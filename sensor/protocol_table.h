/* What the connections were that were no mail, counted by name.
 *
 * The names are nDPI's and three more, so there are few of them; the table is bounded all the same, and what does not
 * fit is counted under PROTOCOL_OTHERS.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROTOCOL_TABLE_H
#define MAILSPAN_PROTOCOL_TABLE_H

#include "mailspan/event.h"

#define PROTOCOL_UNKNOWN "Unknown" /* nDPI's own word for what it has no name for */
#define PROTOCOL_OTHERS "Others"
#define PROTOCOL_PROXY_HEADER "PROXY_Header" /* and nothing behind it */
#define PROTOCOL_NESTED_PROXY "Nested_Proxy" /* a tunnel in more tunnels than are looked into */

void protocol_table_add(struct protocol_table *table, const char *name);
void protocol_table_add_all(struct protocol_table *table, const struct protocol_table *from);

#endif
