/* Content-Type, Content-Transfer-Encoding and Content-Disposition (RFC 2045, 2183, 2231).  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MIME_HEADER_H
#define MAILSPAN_MIME_HEADER_H

#include "charset.h"

/* The value of a parameter, put together (RFC 2231 3), unquoted, and decoded to UTF-8 where it says its charset.  It
 * lives in the table's scratch.parameter.  False when there is none of this name. */
bool mime_parameter(struct charset_table *table, struct span field, struct span name, struct counters *counters,
                    struct span *value);

/* The same as it is written, without its quotes: for words of a protocol, which need no table.  Empty when there is
 * none, or only one in sections. */
struct span mime_parameter_word(struct span field, struct span name);

/* "text/html" of a Content-Type: the field's head up to its parameters, trimmed, as written; comments are left out. */
struct span mime_field_head(struct span field);

/* What a type is for us.  Types that are not well-formed are text (RFC 2045 5.2). */
enum part_kind mime_kind(struct span type);

#endif
