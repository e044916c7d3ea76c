/* How large an image is, by its header: PNG, GIF, JPEG (ITU T.81), WebP (RFC 9649), BMP.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_kind.h"

static void set_size(struct content_look *look, uint32_t width, uint32_t height) {
    if (width > UINT16_MAX || height > UINT16_MAX) return;
    look->found.width = (uint16_t)width;
    look->found.height = (uint16_t)height;
}

bool content_png(struct content_look *look, struct span head) {
    if (span_starts_with(span_from(head, 12), SPAN_LITERAL("IHDR")))
        set_size(look, be32_at(head, 16), be32_at(head, 20));
    return true;
}

bool content_gif(struct content_look *look, struct span head) {
    set_size(look, le16_at(head, 6), le16_at(head, 8));
    return true;
}

static bool is_start_of_frame(uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Segments up to the one that says the size; behind a long one, as Exif's can be, it stays unknown. */
bool content_jpeg(struct content_look *look, struct span head) {
    size_t at = 2;
    while (at + 9 <= head.len && head.data[at] == 0xFF) {
        uint8_t marker = head.data[at + 1];
        if (marker == 0xFF) { /* fill */
            at++;
            continue;
        }
        if (is_start_of_frame(marker)) {
            set_size(look, be16_at(head, at + 7), be16_at(head, at + 5));
            break;
        }
        uint32_t len = be16_at(head, at + 2);
        if (len < 2) break;
        at += 2 + len;
    }
    return true;
}

bool content_webp(struct content_look *look, struct span head) {
    if (!span_starts_with(head, SPAN_LITERAL("RIFF")) || head.len < 30)
        return span_starts_with(head, SPAN_LITERAL("RIFF"));
    if (head.data[15] == ' ') set_size(look, le16_at(head, 26) & 0x3FFF, le16_at(head, 28) & 0x3FFF);
    if (head.data[15] == 'L') {
        uint32_t bits = le32_at(head, 21);
        set_size(look, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    }
    if (head.data[15] == 'X')
        set_size(look, (le32_at(head, 24) & 0xFFFFFF) + 1, (le32_at(head, 26) >> 8 & 0xFFFFFF) + 1);
    return true;
}

/* Two letters are no signature: the header behind them must have one of its lengths. */
bool content_bmp(struct content_look *look, struct span head) {
    uint32_t len = le32_at(head, 14);
    if (len == 12) {
        set_size(look, le16_at(head, 18), le16_at(head, 20));
        return true;
    }
    if (len != 40 && len != 52 && len != 56 && len != 64 && len != 108 && len != 124) return false;
    uint32_t height = le32_at(head, 22);
    set_size(look, le32_at(head, 18), height >> 31 != 0 ? 0 - height : height);
    return true;
}
