/* What each character looks like to Mailspan and to ICU, a line each: skeleton_compare.py reads them.
 *
 *   code point, script (ISO 15924), our skeleton, ICU's (UTS #39); in hexadecimal digits of their UTF-8, or -
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include "mailspan/text_signs.h"
#include "mailspan/utf8.h"

static void print_bytes(const uint8_t *bytes, size_t count) {
    printf(" ");
    for (size_t i = 0; i < count; i++) printf("%02x", bytes[i]);
    if (count == 0) printf("-");
}

int main(void) {
    UErrorCode error = U_ZERO_ERROR;
    USpoofChecker *checker = uspoof_open(&error);
    if (U_FAILURE(error)) return 1;
    for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
        uint8_t bytes[UTF8_BYTES_MAX], ours[16];
        char theirs[256];
        if (c >= 0xd800 && c < 0xe000) continue;
        int32_t const length = (int32_t)utf8_encode(c, bytes);
        int32_t const theirs_length =
            uspoof_getSkeletonUTF8(checker, 0, (const char *)bytes, length, theirs, sizeof theirs, &error);
        UScriptCode const script = uscript_getScript((UChar32)c, &error);
        if (U_FAILURE(error)) return 1;
        size_t const ours_length = text_skeleton(span_of(bytes, (size_t)length), ours, sizeof ours);
        printf("%x %s", c, uscript_getShortName(script));
        print_bytes(ours, ours_length);
        print_bytes((const uint8_t *)theirs, (size_t)theirs_length);
        printf("\n");
    }
    uspoof_close(checker);
    return ferror(stdout);
}
