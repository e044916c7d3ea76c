/* fingerprint: two texts that say nearly the same have nearly the same one (docs/scoring.md).
 *
 * A text is the set of its words, in whatever order.  Each word is hashed into one of 16 bins, and of each bin the
 * greatest hash is kept; the fingerprint is four bits of each (one permutation hashing, b bits of each minimum).  Two
 * sets with the share J in common agree in about J of the bins, and by chance in a sixteenth of the others.
 *
 * What is another in each copy of a campaign is left out: what holds a digit, mail addresses, and all of a URL but its
 * host.  Case does not count.  Text without blanks between its words (Chinese, Japanese, Korean) is pairs of
 * characters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_FINGERPRINT_H
#define MAILSPAN_FINGERPRINT_H

#include "mailspan/word_hash.h"

#define FINGERPRINT_BINS 16
#define FINGERPRINT_PENDING 8 /* words of a run without blanks that wait for its end; more are taken as they are */
#define FINGERPRINT_WORDS_MIN 3
#define FINGERPRINT_NEAR 8         /* bins in which near texts agree at least */
#define SUBJECT_FINGERPRINT_NEAR 4 /* ... of the eight of a subject */

/* Text in any cut.  Zeroed memory is the state before the first byte. */
struct fingerprint {
    struct word_bytes word; /* the word at hand */
    uint32_t character;     /* hash of the character before, where characters are words; 0: none */
    uint32_t bytes;         /* seen, at most LIMIT_FINGERPRINT_BYTES */
    uint32_t words;
    uint16_t greatest[FINGERPRINT_BINS]; /* 0: no word fell into it */
    uint32_t pending[FINGERPRINT_PENDING];
    uint8_t pending_count;
    uint8_t run;            /* enum run_kind: what the run without blanks at hand is */
    uint8_t url_mark;       /* how much of "://" was just seen */
    uint8_t character_left; /* bytes of the character at hand that follow */
    uint8_t sign_left;      /* ... of a sign beyond ASCII */
};

void fingerprint_push(struct fingerprint *fingerprint, struct span text);
/* A part of the text is over: its last word ends here. */
void fingerprint_break(struct fingerprint *fingerprint);
/* 0: there are too few words to say anything. */
uint64_t fingerprint_of(const struct fingerprint *fingerprint);

/* Of a decoded subject, of the triples of its letters: eight bins.  0: it has no letters. */
uint32_t fingerprint_subject(struct span subject);

/* Of how many bins (16, or 8 of a subject) they have the same; the 0 of a text that has none is near nothing. */
static inline unsigned fingerprint_agree(uint64_t a, uint64_t b) {
    uint64_t differ = a ^ b;
    differ |= differ >> 1;
    differ |= differ >> 2;
    differ = (differ & UINT64_C(0x0101010101010101)) + (differ >> 4 & UINT64_C(0x0101010101010101));
    return 16 - (unsigned)(differ * UINT64_C(0x0101010101010101) >> 56); /* the bytes' sum */
}

static inline bool fingerprint_is_near(uint64_t a, uint64_t b) {
    return a != 0 && b != 0 && fingerprint_agree(a, b) >= FINGERPRINT_NEAR;
}

static inline bool fingerprint_subject_is_near(uint32_t a, uint32_t b) {
    return a != 0 && b != 0 && fingerprint_agree(a, b) - 8 >= SUBJECT_FINGERPRINT_NEAR; /* its upper half is zero */
}

#endif
