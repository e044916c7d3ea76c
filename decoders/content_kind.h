/* What content is by its first bytes, and its last ones.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CONTENT_KIND_H
#define MAILSPAN_CONTENT_KIND_H

#include "mailspan/attachment.h"
#include "mailspan/limits.h"

struct content_look {
    struct part_content found;
    uint16_t names;        /* in an archive, looked at so far */
    uint16_t open;         /* last bytes of the head that begin something: they are wanted again in front of the tail */
    uint32_t listed;       /* ... in the list that a ZIP ends with */
    uint32_t listed_total; /* ... and how many that list says it has */
    bool list_seen;
};

/* The first bytes; with end, all there are. */
void content_look_head(struct content_look *look, struct span head, bool end);
/* Whether more of the first bytes say more of this kind. */
bool content_wants_more(const struct content_look *look);
/* Whether the last bytes say more of this kind. */
bool content_wants_tail(const struct content_look *look);
/* tail: the last bytes; in front of them the open ones, when nothing is between. */
void content_look_tail(struct content_look *look, struct span tail);

/* ISO 9660 and UDF say what they are behind 32 KiB that they leave to others. */
#define CONTENT_DEEP_AT 32769
#define CONTENT_DEEP_BYTES 5
bool content_wants_deep(const struct content_look *look, struct span head);
void content_look_deep(struct content_look *look, const uint8_t word[CONTENT_DEEP_BYTES]);

/* --- for the kinds (content_archive.c, content_text.c, content_image.c) --------------------------------------------
 */

/* Each is given the head of what its signature fits; false: it is something else after all. */
bool content_zip(struct content_look *look, struct span head);
bool content_rar4(struct content_look *look, struct span head);
bool content_rar5(struct content_look *look, struct span head);
bool content_cab(struct content_look *look, struct span head);
bool content_tar(struct content_look *look, struct span head);
bool content_gzip(struct content_look *look, struct span head);
bool content_seven_zip(struct content_look *look, struct span head);
void content_zip_tail(struct content_look *look, struct span tail);
void content_seven_zip_tail(struct content_look *look, struct span tail);

bool content_png(struct content_look *look, struct span head);
bool content_gif(struct content_look *look, struct span head);
bool content_jpeg(struct content_look *look, struct span head);
bool content_webp(struct content_look *look, struct span head);
bool content_bmp(struct content_look *look, struct span head);

/* HTML, SVG, XML, mail and such, which have no fixed first bytes.  False when it is none. */
bool content_text(struct content_look *look, struct span head);

static inline uint32_t le16_at(struct span s, size_t at) {
    return at > s.len || s.len - at < 2 ? 0 : (uint32_t)(s.data[at] | s.data[at + 1] << 8);
}

static inline uint32_t le32_at(struct span s, size_t at) {
    return le16_at(s, at) | le16_at(s, at + 2) << 16;
}

static inline uint32_t be16_at(struct span s, size_t at) {
    return at > s.len || s.len - at < 2 ? 0 : (uint32_t)(s.data[at] << 8 | s.data[at + 1]);
}

static inline uint32_t be32_at(struct span s, size_t at) {
    return be16_at(s, at) << 16 | be16_at(s, at + 2);
}

/* Offset of the first such bytes at `from` or behind, or s.len.  Their first byte should be a rare one. */
static inline size_t span_find_bytes(struct span s, size_t from, struct span bytes) {
    struct span rest = span_from(s, from);
    while (rest.len >= bytes.len) {
        rest = span_from(rest, span_find(rest, bytes.data[0]));
        if (span_starts_with(rest, bytes)) return (size_t)(rest.data - s.data);
        rest = span_from(rest, 1);
    }
    return s.len;
}

/* Whether s has such bytes; small letters in `lower` stand for capitals, too. */
bool span_has_nocase(struct span s, struct span lower);

#endif
