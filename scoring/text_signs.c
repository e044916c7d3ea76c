/* Characters by what they look like.
 *
 * One table of ranges, written from Unicode's charts: each says of which kind its characters are and which ASCII letter
 * they look like.  It has letters of alphabets that are in use, and no more: a confusable that is missing costs a rule,
 * one too many costs an honest name.  Look-alikes count by words, because a single foreign letter among
 * others (a Greek letter as a unit, a Russian word with a Latin one beside it) is honest, and one inside a word is not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/text_signs.h"

#include "mailspan/utf8.h"

#define MIXED_LETTERS_MIN 3 /* of a word: units of two letters mix scripts */

enum kind {
    KIND_OTHER, /* also letters of scripts that look like no other */
    KIND_SPACE,
    KIND_INVISIBLE,
    KIND_MARK, /* stands on the letter before */
    KIND_DIGIT,
    KIND_LATIN,
    KIND_CYRILLIC,
    KIND_GREEK,
    KIND_ARMENIAN,
    KIND_CHEROKEE,
    KIND_STYLED,
    KIND_EMOJI,
};

/* What the characters of a range look like. */
enum look {
    AS_IT_IS,
    AS_LETTER,  /* all of them: the letter */
    IN_TURN,    /* the letters of `like`, one after the other; "." looks like none */
    ALPHABET,   /* a to z */
    ALPHABETS,  /* A to Z, a to z, and again */
    DIGITS,     /* 0 to 9, and again */
    ONE_TO_NINE /* 1 to 9, and again */
};

static const struct range {
    uint32_t first, last;
    enum kind kind;
    enum look look;
    const char *like;
} ranges[] = {
    {0x80, 0x9f, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0xa0, 0xa0, KIND_SPACE, AS_IT_IS, NULL},
    {0xad, 0xad, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0xc0, 0xc6, KIND_LATIN, AS_LETTER, "a"},
    {0xc7, 0xcf, KIND_LATIN, IN_TURN, "ceeeeiiii"},
    {0xd0, 0xd6, KIND_LATIN, IN_TURN, "dnooooo"},
    {0xd8, 0xdf, KIND_LATIN, IN_TURN, "ouuuuyps"},
    {0xe0, 0xe6, KIND_LATIN, AS_LETTER, "a"},
    {0xe7, 0xef, KIND_LATIN, IN_TURN, "ceeeeiiii"},
    {0xf0, 0xf6, KIND_LATIN, IN_TURN, "dnooooo"},
    {0xf8, 0xff, KIND_LATIN, IN_TURN, "ouuuuypy"},
    {0x100, 0x105, KIND_LATIN, AS_LETTER, "a"},
    {0x106, 0x10d, KIND_LATIN, AS_LETTER, "c"},
    {0x10e, 0x111, KIND_LATIN, AS_LETTER, "d"},
    {0x112, 0x11b, KIND_LATIN, AS_LETTER, "e"},
    {0x11c, 0x123, KIND_LATIN, AS_LETTER, "g"},
    {0x124, 0x127, KIND_LATIN, AS_LETTER, "h"},
    {0x128, 0x133, KIND_LATIN, AS_LETTER, "i"},
    {0x134, 0x135, KIND_LATIN, AS_LETTER, "j"},
    {0x136, 0x138, KIND_LATIN, AS_LETTER, "k"},
    {0x139, 0x142, KIND_LATIN, AS_LETTER, "l"},
    {0x143, 0x14b, KIND_LATIN, AS_LETTER, "n"},
    {0x14c, 0x153, KIND_LATIN, AS_LETTER, "o"},
    {0x154, 0x159, KIND_LATIN, AS_LETTER, "r"},
    {0x15a, 0x161, KIND_LATIN, AS_LETTER, "s"},
    {0x162, 0x167, KIND_LATIN, AS_LETTER, "t"},
    {0x168, 0x173, KIND_LATIN, AS_LETTER, "u"},
    {0x174, 0x175, KIND_LATIN, AS_LETTER, "w"},
    {0x176, 0x178, KIND_LATIN, AS_LETTER, "y"},
    {0x179, 0x17e, KIND_LATIN, AS_LETTER, "z"},
    {0x17f, 0x17f, KIND_LATIN, AS_LETTER, "s"},
    {0x180, 0x1af, KIND_LATIN, IN_TURN, "bbbb...cc.ddd....ffg..iikkl..nnooo..pp.....ttttu"},
    {0x1b0, 0x1df, KIND_LATIN, IN_TURN, "u.vyyzz.........l....d..l..n.aaiioouuuuuuuuuu.aa"},
    {0x1e0, 0x20f, KIND_LATIN, IN_TURN, "aa..ggggkkoooo..j.d.gg..nnaa..ooaaaaeeeeiiiioooo"},
    {0x210, 0x23f, KIND_LATIN, IN_TURN, "rrrruuuusstt..hhnd..zzaaeeooooooooyylnt...acclts"},
    {0x240, 0x24f, KIND_LATIN, IN_TURN, "z..b..eejj.qrryy"},
    {0x250, 0x27f, KIND_LATIN, IN_TURN, ".a.b.cdd........ggg...h.iiilll...mnnn.......rrr."},
    {0x280, 0x2af, KIND_LATIN, IN_TURN, "r.s.....t..u...yzz.......b.ghj.lq..............."},
    {0x300, 0x34e, KIND_MARK, AS_IT_IS, NULL},
    {0x34f, 0x34f, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x350, 0x36f, KIND_MARK, AS_IT_IS, NULL},
    {0x370, 0x390, KIND_GREEK, IN_TURN, "......................a.ehi.o.y.i"},
    {0x391, 0x3a9, KIND_GREEK, IN_TURN, "ab..ezhoik.mn.o.p..ty.x.."}, /* capitals */
    {0x3aa, 0x3b0, KIND_GREEK, IN_TURN, "iya.niu"},
    {0x3b1, 0x3c9, KIND_GREEK, IN_TURN, "a.y...noik..v.o.p.o.u...w"},
    {0x3ca, 0x3ce, KIND_GREEK, IN_TURN, "iuouw"},
    {0x3cf, 0x3f1, KIND_GREEK, AS_IT_IS, NULL},
    {0x3f2, 0x3f3, KIND_GREEK, IN_TURN, "cj"},
    {0x3f4, 0x3ff, KIND_GREEK, AS_IT_IS, NULL},
    {0x400, 0x40f, KIND_CYRILLIC, IN_TURN, "ee...siij...k.y."},
    {0x410, 0x42f, KIND_CYRILLIC, IN_TURN, "abb..e.3..k.mho.pctyox......b..."},
    {0x430, 0x44f, KIND_CYRILLIC, IN_TURN, "a..r.e....k...o.pc.y.x......b..."},
    {0x450, 0x45f, KIND_CYRILLIC, IN_TURN, "ee.r.siij..hk.y."},
    {0x460, 0x48f, KIND_CYRILLIC, IN_TURN, "ww................oovvvv....ww................pp"},
    {0x490, 0x4bf, KIND_CYRILLIC, IN_TURN, ".r.r.r..3.kkkkkk..h.......cct.yyyyxx......hh.e.e"},
    {0x4c0, 0x4ff, KIND_CYRILLIC, IN_TURN, "l..kk..h.h...m.laaaa..ee......3.......oooooo..yyyyyy...r...rxxxx"},
    {0x500, 0x52f, KIND_CYRILLIC, IN_TURN, "dd..........gg.............qww....h...hhh......."},
    {0x531, 0x556, KIND_ARMENIAN, IN_TURN, "............................u.s.....o."},
    {0x561, 0x587, KIND_ARMENIAN, IN_TURN, "w.q..q.........h.......n...nu...g..fo.."},
    {0x61c, 0x61c, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x115f, 0x1160, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x13a0, 0x13cf, KIND_CHEROKEE, IN_TURN, "drt..i...yaje......w...m...h.yo.g.hz........u..b"},
    {0x13d0, 0x13f5, KIND_CHEROKEE, IN_TURN, "..r.ws...vs...lc..p...kd...o......hgb."},
    {0x180b, 0x180e, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x1c80, 0x1c88, KIND_CYRILLIC, AS_IT_IS, NULL},
    {0x1d00, 0x1d25, KIND_STYLED, IN_TURN, "a..bcd.e..jklm.o........p..tu...vwz..."}, /* small capitals */
    {0x1dc0, 0x1dff, KIND_MARK, AS_IT_IS, NULL},
    {0x1e00, 0x1e3f, KIND_LATIN, IN_TURN, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"},
    {0x1e40, 0x1e7f, KIND_LATIN, IN_TURN, "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"},
    {0x1e80, 0x1ebf, KIND_LATIN, IN_TURN, "wwwwwwwwwwxxxxyyzzzzzzhtwya...s.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"},
    {0x1ec0, 0x1eff, KIND_LATIN, IN_TURN, "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy....yy"},
    {0x1f00, 0x1f3f, KIND_GREEK, IN_TURN, "aaaaaaaaaaaaaaaa........eeeeee..nnnnnnnnhhhhhhhhiiiiiiiiiiiiiiii"},
    {0x1f40, 0x1f7f, KIND_GREEK, IN_TURN, "oooooo..oooooo..uuuuuuuu.y.y.y.ywwwwwwww........aa..nniioouuww.."},
    {0x1f80, 0x1fbf, KIND_GREEK, IN_TURN, "aaaaaaaaaaaaaaaannnnnnnnhhhhhhhhwwwwwwww........aaaaa.aaaaaaa.i."},
    {0x1fc0, 0x1fff, KIND_GREEK, IN_TURN, "..nnn.nneehhh...iiii..iiiiii....uuuuppuuyyyyp.....www.wwoo......"},
    {0x2000, 0x200a, KIND_SPACE, AS_IT_IS, NULL},
    {0x200b, 0x200f, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x2028, 0x2029, KIND_SPACE, AS_IT_IS, NULL},
    {0x202a, 0x202e, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x202f, 0x202f, KIND_SPACE, AS_IT_IS, NULL},
    {0x205f, 0x205f, KIND_SPACE, AS_IT_IS, NULL},
    {0x2060, 0x206f, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x20d0, 0x20ff, KIND_MARK, AS_IT_IS, NULL},
    {0x2100, 0x2149, KIND_OTHER, IN_TURN, "..c.......ghhhh.iill.n...pqrrr......z...z.kabc.eef.mo....i...y.......ddeij"},
    {0x2160, 0x2160, KIND_STYLED, AS_LETTER, "i"}, /* Roman numbers that are one letter */
    {0x2164, 0x2164, KIND_STYLED, AS_LETTER, "v"},
    {0x2169, 0x2169, KIND_STYLED, AS_LETTER, "x"},
    {0x216c, 0x216f, KIND_STYLED, IN_TURN, "lcdm"},
    {0x2170, 0x2170, KIND_STYLED, AS_LETTER, "i"},
    {0x2174, 0x2174, KIND_STYLED, AS_LETTER, "v"},
    {0x2179, 0x2179, KIND_STYLED, AS_LETTER, "x"},
    {0x217c, 0x217f, KIND_STYLED, IN_TURN, "lcdm"},
    {0x2460, 0x2468, KIND_STYLED, ONE_TO_NINE, NULL}, /* in circles */
    {0x249c, 0x24b5, KIND_STYLED, ALPHABET, NULL},    /* in brackets */
    {0x24b6, 0x24e9, KIND_STYLED, ALPHABETS, NULL},
    {0x2600, 0x27bf, KIND_EMOJI, AS_IT_IS, NULL},
    {0x2b00, 0x2bff, KIND_EMOJI, AS_IT_IS, NULL},
    {0x3000, 0x3000, KIND_SPACE, AS_IT_IS, NULL},
    {0x3164, 0x3164, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0xa4d0, 0xa4f7, KIND_OTHER, IN_TURN, "bpddt.gk.jc.zf.mnlsr..vh..wxy.a.e.iou..."},
    {0xa640, 0xa69f, KIND_CYRILLIC, AS_IT_IS, NULL},
    {0xa722, 0xa730, KIND_LATIN, AS_IT_IS, NULL},
    {0xa731, 0xa731, KIND_LATIN, AS_LETTER, "s"},
    {0xa732, 0xa78a, KIND_LATIN, AS_IT_IS, NULL},
    {0xab70, 0xabaf, KIND_CHEROKEE, IN_TURN, "drt..i...yaje......w...m...h.yo.g.hz........u..b..r.ws...vs...lc"},
    {0xabb0, 0xabbf, KIND_CHEROKEE, IN_TURN, "..p...kd...o...."},
    {0xfe00, 0xfe0f, KIND_MARK, AS_IT_IS, NULL}, /* variants, as emoji have them */
    {0xfe20, 0xfe2f, KIND_MARK, AS_IT_IS, NULL},
    {0xfeff, 0xfeff, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0xff10, 0xff19, KIND_STYLED, DIGITS, NULL}, /* full width */
    {0xff21, 0xff3a, KIND_STYLED, ALPHABET, NULL},
    {0xff41, 0xff5a, KIND_STYLED, ALPHABET, NULL},
    {0xffa0, 0xffa0, KIND_INVISIBLE, AS_IT_IS, NULL},
    {0x1d400, 0x1d6a3, KIND_STYLED, ALPHABETS, NULL}, /* mathematical, thirteen times */
    {0x1d6a4, 0x1d6a5, KIND_STYLED, IN_TURN, "ij"},
    {0x1d6a8, 0x1d6e1, KIND_OTHER, IN_TURN, "ab..ezhoik.mn.o.p..ty.x...a.y...noik..v.o.p.o.u...w...k.p."},
    {0x1d6e2, 0x1d71b, KIND_OTHER, IN_TURN, "ab..ezhoik.mn.o.p..ty.x...a.y...noik..v.o.p.o.u...w...k.p."},
    {0x1d71c, 0x1d755, KIND_OTHER, IN_TURN, "ab..ezhoik.mn.o.p..ty.x...a.y...noik..v.o.p.o.u...w...k.p."},
    {0x1d756, 0x1d78f, KIND_OTHER, IN_TURN, "ab..ezhoik.mn.o.p..ty.x...a.y...noik..v.o.p.o.u...w...k.p."},
    {0x1d790, 0x1d7c9, KIND_OTHER, IN_TURN, "ab..ezhoik.mn.o.p..ty.x...a.y...noik..v.o.p.o.u...w...k.p."},
    {0x1d7ce, 0x1d7ff, KIND_STYLED, DIGITS, NULL},
    {0x1f000, 0x1f10f, KIND_EMOJI, AS_IT_IS, NULL},
    {0x1f110, 0x1f129, KIND_STYLED, ALPHABET, NULL}, /* in brackets, squares, circles */
    {0x1f130, 0x1f149, KIND_STYLED, ALPHABET, NULL},
    {0x1f150, 0x1f169, KIND_STYLED, ALPHABET, NULL},
    {0x1f170, 0x1f189, KIND_STYLED, ALPHABET, NULL},
    {0x1f18e, 0x1faff, KIND_EMOJI, AS_IT_IS, NULL},
    {0xe0000, 0xe0fff, KIND_INVISIBLE, AS_IT_IS, NULL},
};

#define RANGES (sizeof ranges / sizeof ranges[0])

/* The range that a character beyond ASCII is in; NULL when nothing is said of it. */
static const struct range *range_of(uint32_t c) {
    size_t low = 0, high = RANGES;
    while (low < high) {
        size_t const middle = low + (high - low) / 2;
        if (ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < RANGES && ranges[low].first <= c ? &ranges[low] : NULL;
}

static enum kind kind_of(uint32_t c) {
    if (c < 0x80) {
        if (ascii_is_alpha((uint8_t)c)) return KIND_LATIN;
        if (ascii_is_digit((uint8_t)c)) return KIND_DIGIT;
        return c <= ' ' ? KIND_SPACE : KIND_OTHER;
    }
    const struct range *range = range_of(c);
    return range == NULL ? KIND_OTHER : range->kind;
}

/* The ASCII letter or digit that it looks like; 0 for none. */
static uint8_t letter_like(uint32_t c) {
    const struct range *range = range_of(c);
    if (range == NULL) return 0;
    uint32_t const at = c - range->first;
    switch (range->look) {
        case AS_IT_IS:
            return 0;
        case AS_LETTER:
            return (uint8_t)range->like[0];
        case IN_TURN:
            return range->like[at] == '.' ? 0 : (uint8_t)range->like[at];
        case ALPHABET:
        case ALPHABETS:
            return (uint8_t)('a' + at % 26);
        case DIGITS:
            return (uint8_t)('0' + at % 10);
        case ONE_TO_NINE:
            return (uint8_t)('1' + at % 9);
    }
    return 0;
}

/* Kinds seen in the word so far, as bits. */
struct word {
    unsigned kinds;
    unsigned letters;
};

static void word_end(struct word *word, struct text_signs *signs) {
    unsigned const latin = 1u << KIND_LATIN, styled = 1u << KIND_STYLED;
    unsigned const alike = 1u << KIND_CYRILLIC | 1u << KIND_GREEK | 1u << KIND_ARMENIAN | 1u << KIND_CHEROKEE;
    unsigned const others = word->kinds & alike;
    bool const several = (others & (others - 1)) != 0; /* more than one of them */
    bool const mixed = ((word->kinds & latin) != 0 && (word->kinds & (alike | styled)) != 0) || several;
    if (mixed && word->letters >= MIXED_LETTERS_MIN) signs->mixed_words++;
    *word = (struct word){0, 0};
}

void text_signs_read(struct text_signs *signs, struct span text) {
    struct word word = {0, 0};
    *signs = (struct text_signs){.invisible = 0};
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        at += utf8_next(span_from(text, at), &c);
        enum kind const kind = kind_of(c);
        signs->invisible += kind == KIND_INVISIBLE;
        signs->styled += kind == KIND_STYLED;
        signs->emoji += kind == KIND_EMOJI;
        if (kind >= KIND_LATIN && kind <= KIND_STYLED) {
            word.kinds |= 1u << kind;
            word.letters++;
        } else if (kind == KIND_OTHER || kind == KIND_SPACE || kind == KIND_EMOJI) {
            word_end(&word, signs);
        }
    }
    word_end(&word, signs);
}

size_t text_skeleton(struct span text, uint8_t *room, size_t room_bytes) {
    size_t used = 0;
    bool blank = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        struct span const rest = span_from(text, at);
        size_t len = utf8_next(rest, &c);
        at += len;
        enum kind const kind = kind_of(c);
        if (kind == KIND_INVISIBLE || kind == KIND_MARK || kind == KIND_EMOJI) continue;
        if (kind == KIND_SPACE) {
            blank = used > 0;
            continue;
        }
        uint8_t letter = c < 0x80 ? ascii_lower((uint8_t)c) : letter_like(c);
        if (letter != 0) len = 1;
        if (used + blank + len > room_bytes) break;
        if (blank) room[used++] = ' ';
        blank = false;
        memcpy(room + used, letter != 0 ? &letter : rest.data, len);
        used += len;
    }
    return used;
}
