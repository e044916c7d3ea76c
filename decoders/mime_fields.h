/* What the headers of a part say about its content.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MIME_FIELDS_H
#define MAILSPAN_MIME_FIELDS_H

#include "charset.h"
#include "mime_scan.h"
#include "mime_transfer.h"

#define FILENAME_BYTES 255

enum mime_structure { MIME_LEAF, MIME_MULTIPART, MIME_MESSAGE };

struct mime_fields {
    struct part_info info;
    enum mime_structure structure;
    bool type_seen, encoding_seen, disposition_seen;
    bool gapped;                    /* bytes of these headers are missing */
    struct mime_boundary *boundary; /* of MIME_MULTIPART */
    char type[48], charset[32], encoding[20];
    uint8_t *filename; /* FILENAME_BYTES, taken when the first one comes */
};

/* Forgets the part before.  message: what says nothing is a message (in a multipart/digest), not text. */
void mime_fields_begin(struct mime_fields *fields, uint8_t depth, bool message);
/* One header of the part.  The first of a name counts. */
void mime_fields_note(struct mime_fields *fields, struct charset_table *table, struct arena *arena, struct span name,
                      struct span value, struct counters *counters);
/* All were noted: settles what the part is. */
void mime_fields_end(struct mime_fields *fields);

#endif
