/* reply_words: the words of a refusal, and what a table of weights may say something about: a word, two beside each
 * other, how a word begins, and what was answered with which code.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_REPLY_WORDS_H
#define SCORING_REPLY_WORDS_H

#include "mailspan/bounce.h"
#include "mailspan/limits.h"

#define REPLY_WORDS_MAX (LIMIT_REPLY_TEXT_BYTES / 2 + 2) /* and where the text begins and ends */
#define REPLY_START_CHARACTERS 5 /* of a longer word: in most languages its ending says little */
#define REPLY_TRAITS_MAX (2 * REPLY_WORDS_MAX + LIMIT_REPLY_TEXT_BYTES / (REPLY_START_CHARACTERS + 1) + 7)
#define TRAIT_TEXT_BYTES 96

struct reply_word {
    uint16_t at; /* in the room below */
    uint16_t length;
    bool says; /* it is no number, address or mark */
    uint64_t hash;
    uint64_t start; /* that of its first characters; 0: it has no more than these */
};

/* As the table writes them: in lower case; "9" for a number of three digits or more, "n.n" and "n.n.n" for some with
 * dots between, "ip" for four, "h.h" for a host name that is not in a link, "9x" for a long word with digits in it;
 * each ideograph, kana or hangul is a word.  The first is "^", the last "$". */
struct reply_words {
    struct reply_word words[REPLY_WORDS_MAX];
    unsigned count;
    uint8_t room[2 * LIMIT_REPLY_TEXT_BYTES + 8];
    unsigned used;
};

enum trait_kind {
    TRAIT_WORD,  /* "quota" */
    TRAIT_START, /* "mailb*": a longer word begins so */
    TRAIT_PAIR,  /* "mailbox full", "^ mailbox", "full $" */
    TRAIT_CODE   /* "550", "5yz", "rcpt", "550 rcpt", "5yz rcpt", "5.1.1", "x.1.1" */
};

_Static_assert(REPLY_WORDS_MAX <= UINT8_MAX, "a trait names its words in a byte each");
struct trait {
    uint64_t hash; /* the same text and kind has the same; nothing is lost where others have it too */
    uint8_t kind;
    uint8_t first, second; /* of words; of TRAIT_CODE which of the seven it is */
    bool says;             /* there is a word in it, and not numbers alone */
};

struct reply_traits {
    struct reply_words words;
    struct trait traits[REPLY_TRAITS_MAX];
    unsigned count;
};

/* Of a refusal in whose text mailboxes and host names are hidden already; enhanced: its code, of class 0 when there is none. */
void reply_traits_find(const struct bounce_case *what, const struct enhanced_code *enhanced, struct reply_traits *out);

/* "550", "550 rcpt", "5yz" or "5yz rcpt": the code, or 5 for 5yz; STAGE_NONE where no stage stands. */
bool code_text_read(struct span text, unsigned *code, enum stage *stage);

/* Of a trait as the table writes it; false when it can be none. */
bool trait_hash(struct span text, bool is_code, uint64_t *hash);

/* As the table writes it, NUL-terminated and cut to the room. */
void trait_text(const struct bounce_case *what, const struct enhanced_code *enhanced, const struct reply_traits *traits,
                unsigned i, char text[TRAIT_TEXT_BYTES]);

#endif
