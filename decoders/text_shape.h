/* What decoded text looks like from far away: ink, bytes beyond ASCII, the length of its lines.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEXT_SHAPE_H
#define MAILSPAN_TEXT_SHAPE_H

#include "mailspan/mail.h"

/* Text in any cut. */
void text_shape_add(struct text_shape *shape, struct span text);

#endif
