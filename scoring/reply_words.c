/* The words of a refusal, as a table of weights knows them (bounce_words.c).
 *
 * Every byte is the enemy's: what it cannot be is bounded by the room, which follows from LIMIT_REPLY_TEXT_BYTES.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "reply_words.h"

#include "mailspan/utf8.h"

#define LONG_WORD 8 /* with digits in it: an identifier, of which there is no second */

/* --- hashes ------------------------------------------------------------------------------------------------------- */

/* Up to 8 bytes as a number; with their count each has another. */
static uint64_t few_bytes(const uint8_t *bytes, size_t count) {
    uint32_t low = 0, high = 0;
    if (count >= 4) {
        memcpy(&low, bytes, 4);
        memcpy(&high, bytes + count - 4, 4);
    } else if (count > 0) {
        low = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[count / 2] << 8 | bytes[count - 1];
    }
    return (uint64_t)high << 32 | low;
}

/* Not secret, and only of this run.  Most words are of 8 bytes at most: one multiplication. */
static uint64_t hash_bytes(struct span text) {
    uint64_t hash = text.len * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t at = 0; at == 0 || at < text.len; at += 8) {
        size_t const left = text.len - at;
        hash = (hash ^ few_bytes(text.data + at, left < 8 ? left : 8)) * UINT64_C(0xbf58476d1ce4e5b9);
        hash ^= hash >> 32;
    }
    return hash;
}

/* The bytes of a word's first characters, or 0 when it has no more than these. */
static size_t start_length(struct span word) {
    unsigned characters = 0;
    uint8_t beyond_ascii = 0;
    if (word.len <= REPLY_START_CHARACTERS) return 0;
    for (size_t i = 0; i < REPLY_START_CHARACTERS; i++) beyond_ascii |= word.data[i];
    if (beyond_ascii < 0x80 && (word.data[REPLY_START_CHARACTERS] & 0xc0) != 0x80) return REPLY_START_CHARACTERS;
    for (size_t i = 0; i < word.len; i++)
        if ((word.data[i] & 0xc0) != 0x80 && ++characters > REPLY_START_CHARACTERS) return i;
    return 0;
}

/* Of a word, and of how it begins. */
static void hash_word(struct reply_word *word, const uint8_t *bytes) {
    struct span const whole = span_of(bytes, word->length);
    size_t const start = start_length(whole);
    word->hash = hash_bytes(whole);
    word->start = start == 0 ? 0 : hash_bytes(span_head(whole, start));
}

static uint64_t hash_mix(enum trait_kind kind, uint64_t first, uint64_t second) {
    uint64_t hash = (first + kind) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 29 ^ second) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

struct cutting {
    struct reply_words *out;
    unsigned begin;   /* of the word that is being written, in the room */
    unsigned digits;  /* in it */
    unsigned numbers; /* whole ones before it, with nothing but a dot between: four are an address */
    uint8_t before;   /* the byte before it */
};

static void put_word(struct reply_words *out, unsigned begin, bool says) {
    struct reply_word *word = &out->words[out->count];
    if (out->count == REPLY_WORDS_MAX - 1) { /* the last place is the end's */
        out->used = begin;
        return;
    }
    word->at = (uint16_t)begin;
    word->length = (uint16_t)(out->used - begin);
    hash_word(word, out->room + begin);
    word->says = says;
    out->count++;
}

/* What stands for a number, or another mark. */
static void write_mark(struct reply_words *out, unsigned begin, struct span text) {
    out->used = begin;
    if (text.len > 0) memcpy(out->room + begin, text.data, text.len);
    out->used += (unsigned)text.len;
    put_word(out, begin, false);
}

/* Numbers with dots between them are one word: a code, a version, an address. */
static void end_number(struct cutting *cut) {
    static const char *const names[] = {"n.n", "n.n.n", "ip"};
    struct reply_words *out = cut->out;
    cut->numbers = cut->before == '.' ? cut->numbers + 1 : 1;
    if (cut->numbers > 1 && cut->numbers < 5 && out->count > 1) {
        out->count--; /* the one before */
        write_mark(out, out->words[out->count].at, span_from_string(names[cut->numbers - 2]));
        if (cut->numbers == 4) cut->numbers = 0;
    } else if (cut->digits >= 3) {
        write_mark(out, cut->begin, SPAN_LITERAL("9"));
    } else {
        put_word(out, cut->begin, false);
    }
}

static void end_word(struct cutting *cut, uint8_t separator) {
    struct reply_words *out = cut->out;
    while (out->used > cut->begin && out->room[out->used - 1] == '\'') out->used--;
    unsigned const length = out->used - cut->begin;
    if (length > 0 && cut->digits == length) {
        end_number(cut);
    } else {
        cut->numbers = 0;
        if (length > LONG_WORD && cut->digits > 0)
            write_mark(out, cut->begin, SPAN_LITERAL("9x"));
        else if (length > 0)
            put_word(out, cut->begin, !span_equal(span_of(out->room + cut->begin, length), SPAN_LITERAL("x@x")));
    }
    if (length > 0 || separator != '.') cut->before = separator;
    if (length == 0) cut->numbers = 0;
    cut->begin = out->used;
    cut->digits = 0;
}

/* Of letters that have two cases: Latin, Greek, Cyrillic.  Both have the same length in UTF-8. */
static uint32_t lower(uint32_t c) {
    bool const by_32 = (c >= 0xc0 && c <= 0xde) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f);
    bool const even = (c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177);
    bool const odd = (c >= 0x139 && c <= 0x147) || (c >= 0x179 && c <= 0x17d);
    if (by_32) return c + 32;
    if (c >= 0x400 && c <= 0x40f) return c + 80;
    return c + ((even && c % 2 == 0) || (odd && c % 2 == 1) ? 1 : 0);
}

/* What is no letter: marks of Latin-1, general and ideographic punctuation, full-width marks. */
static bool is_separator(uint32_t c) {
    if (c < 0xc0) return c != 0xaa && c != 0xb5 && c != 0xba;
    bool const full_width = c >= 0xff00 && c <= 0xff65 && !(c >= 0xff10 && c <= 0xff19) &&
                            !(c >= 0xff21 && c <= 0xff3a) && !(c >= 0xff41 && c <= 0xff5a);
    return c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) || full_width ||
           c == UTF8_REPLACEMENT;
}

/* A character that is not ASCII. */
static void put_character(struct cutting *cut, uint32_t c) {
    struct reply_words *out = cut->out;
    if (c == 0x2019) { /* an apostrophe, as typographers like it */
        if (out->used > cut->begin) out->room[out->used++] = '\'';
        return;
    }
    bool const alone = c >= 0x2e80; /* ideographs, kana, hangul: no blanks stand between their words */
    if (alone || is_separator(c)) end_word(cut, ' ');
    if (is_separator(c)) return;
    out->used += (unsigned)utf8_encode(lower(c), out->room + out->used);
    if (alone) end_word(cut, ' ');
}

/* What a byte of a word is in lower case; 0: it is of none. */
static const uint8_t in_word[256] = {
    ['\''] = '\'', ['@'] = '@', ['_'] = '_', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
    ['5'] = '5',   ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['A'] = 'a', ['b'] = 'b',
    ['B'] = 'b',   ['c'] = 'c', ['C'] = 'c', ['d'] = 'd', ['D'] = 'd', ['e'] = 'e', ['E'] = 'e', ['f'] = 'f',
    ['F'] = 'f',   ['g'] = 'g', ['G'] = 'g', ['h'] = 'h', ['H'] = 'h', ['i'] = 'i', ['I'] = 'i', ['j'] = 'j',
    ['J'] = 'j',   ['k'] = 'k', ['K'] = 'k', ['l'] = 'l', ['L'] = 'l', ['m'] = 'm', ['M'] = 'm', ['n'] = 'n',
    ['N'] = 'n',   ['o'] = 'o', ['O'] = 'o', ['p'] = 'p', ['P'] = 'p', ['q'] = 'q', ['Q'] = 'q', ['r'] = 'r',
    ['R'] = 'r',   ['s'] = 's', ['S'] = 's', ['t'] = 't', ['T'] = 't', ['u'] = 'u', ['U'] = 'u', ['v'] = 'v',
    ['V'] = 'v',   ['w'] = 'w', ['W'] = 'w', ['x'] = 'x', ['X'] = 'x', ['y'] = 'y', ['Y'] = 'y', ['z'] = 'z',
    ['Z'] = 'z'};

/* Those at the start of text, of which there is one; returns how many. */
static size_t put_bytes(struct cutting *cut, struct span text) {
    uint8_t *room = cut->out->room + cut->out->used;
    size_t length = 0;
    unsigned digits = 0;
    for (uint8_t c; length < text.len && (c = in_word[text.data[length]]) != 0; length++) {
        room[length] = c;
        digits += ascii_is_digit(c);
    }
    cut->digits += digits;
    cut->out->used += (unsigned)length;
    return length;
}

/* "h.h" stands for a host name (reply_plain.c). */
static bool is_host_mark(struct span text, size_t at) {
    static const char mark[] = "h.h";
    size_t const end = at + sizeof mark - 1;
    if (end > text.len || memcmp(text.data + at, mark, sizeof mark - 1) != 0) return false;
    uint8_t const behind = end == text.len ? ' ' : text.data[end]; /* "h.h's policy" */
    return !ascii_is_alpha(behind) && !ascii_is_digit(behind) && behind != '_' && behind < 0x80;
}

static void find_words(struct span text, struct reply_words *out) {
    struct cutting cut = {.out = out, .before = ' '};
    out->count = 0;
    write_mark(out, 0, SPAN_LITERAL("^"));
    cut.begin = out->used;
    for (size_t at = 0, length; at < text.len; at += length) {
        uint8_t const c = text.data[at];
        length = 1;
        if (c == 'h' && out->used == cut.begin && is_host_mark(text, at)) {
            end_word(&cut, ' ');
            write_mark(out, cut.begin, SPAN_LITERAL("h.h"));
            cut.begin = out->used;
            length = 3;
        } else if (c >= 0x80) {
            uint32_t code_point;
            length = utf8_next(span_from(text, at), &code_point);
            put_character(&cut, code_point);
        } else if (in_word[c] == 0) {
            end_word(&cut, c);
        } else if (c != '\'' || out->used > cut.begin) {
            length = put_bytes(&cut, span_from(text, at));
        }
    }
    end_word(&cut, ' ');
    struct reply_word *end = &out->words[out->count];
    *end = (struct reply_word){.at = (uint16_t)out->used, .length = 1, .hash = hash_bytes(SPAN_LITERAL("$"))};
    out->room[out->used++] = '$';
    out->count++;
}

/* --- traits ------------------------------------------------------------------------------------------------------- */

enum code_trait {
    CODE_WHOLE,
    CODE_DIGIT,
    CODE_STAGE,
    CODE_AT_STAGE,
    CODE_DIGIT_AT_STAGE,
    CODE_ENHANCED,
    CODE_DETAIL,
    CODE_TRAITS
};

/* Numbers and not their digits are hashed: this is done for each refusal. */
static uint64_t hash_code(enum code_trait which, unsigned code, unsigned stage, const struct enhanced_code *enhanced) {
    uint64_t const said = which == CODE_ENHANCED || which == CODE_DETAIL
                              ? (uint64_t)(which == CODE_DETAIL ? 0 : enhanced->class_) << 32 |
                                    (uint64_t)enhanced->subject << 16 | enhanced->detail
                          : which == CODE_DIGIT || which == CODE_DIGIT_AT_STAGE ? code / 100
                          : which == CODE_STAGE                                 ? 0
                                                                                : code;
    bool const staged = which == CODE_STAGE || which == CODE_AT_STAGE || which == CODE_DIGIT_AT_STAGE;
    return hash_mix(TRAIT_CODE, said, (uint64_t)which << 8 | (staged ? stage : 0));
}

static void put_trait(struct reply_traits *out, enum trait_kind kind, unsigned first, unsigned second, uint64_t hash) {
    const struct reply_word *words = out->words.words;
    bool const says = kind != TRAIT_CODE && (words[first].says || words[second].says);
    out->traits[out->count++] = (struct trait){hash, (uint8_t)kind, (uint8_t)first, (uint8_t)second, says};
}

void reply_traits_find(const struct bounce_case *what, const struct enhanced_code *enhanced, struct reply_traits *out) {
    find_words(span_head(what->reply->text, LIMIT_REPLY_TEXT_BYTES), &out->words);
    const struct reply_word *words = out->words.words;
    unsigned const count = out->words.count;
    out->count = 0;
    for (unsigned i = 1; i + 1 < count; i++) put_trait(out, TRAIT_WORD, i, i, hash_mix(TRAIT_WORD, words[i].hash, 0));
    for (unsigned i = 1; i + 1 < count; i++)
        if (words[i].says && words[i].start != 0)
            put_trait(out, TRAIT_START, i, i, hash_mix(TRAIT_START, words[i].start, 0));
    for (unsigned i = 0; i + 1 < count; i++)
        put_trait(out, TRAIT_PAIR, i, i + 1, hash_mix(TRAIT_PAIR, words[i].hash, words[i + 1].hash));
    for (unsigned which = 0; which < CODE_TRAITS; which++) {
        bool const coded = which == CODE_ENHANCED || which == CODE_DETAIL;
        bool const staged = which == CODE_STAGE || which == CODE_AT_STAGE || which == CODE_DIGIT_AT_STAGE;
        if ((coded && enhanced->class_ == 0) || (staged && stage_name(what->stage) == NULL)) continue;
        put_trait(out, TRAIT_CODE, which, which, hash_code(which, what->reply->code, what->stage, enhanced));
    }
}

bool code_text_read(struct span text, unsigned *code, enum stage *stage) {
    struct span const digits = span_head(text, 3), rest = span_from(text, 3);
    if (digits.len < 3 || (digits.data[0] != '4' && digits.data[0] != '5')) return false;
    *code = digits.data[0] - '0';
    if (!span_equal(span_from(digits, 1), SPAN_LITERAL("yz"))) {
        if (!ascii_is_digit(digits.data[1]) || !ascii_is_digit(digits.data[2])) return false;
        *code = 100 * *code + 10u * (digits.data[1] - '0') + (digits.data[2] - '0');
    }
    *stage = STAGE_NONE;
    return rest.len == 0 || (ascii_is_blank(rest.data[0]) && stage_read(span_trim(rest), stage));
}

/* "5.1.1", or "x.1.1". */
static bool enhanced_hash(struct span text, uint64_t *hash) {
    struct enhanced_code enhanced;
    uint8_t digits[12];
    if (text.len == 0 || text.len > sizeof digits) return false;
    bool const any = text.data[0] == 'x';
    memcpy(digits, text.data, text.len);
    if (any) digits[0] = '5';
    if (enhanced_code_parse(span_of(digits, text.len), &enhanced) != text.len || enhanced.class_ < 4) return false;
    *hash = hash_code(any ? CODE_DETAIL : CODE_ENHANCED, 0, 0, &enhanced);
    return true;
}

static bool code_hash(struct span text, uint64_t *hash) {
    enum stage stage;
    unsigned code;
    if (stage_read(text, &stage)) {
        *hash = hash_code(CODE_STAGE, 0, stage, NULL);
        return true;
    }
    if (!code_text_read(text, &code, &stage)) return enhanced_hash(text, hash);
    bool const any = code < 10;
    enum code_trait const whole = any ? CODE_DIGIT : CODE_WHOLE, staged = any ? CODE_DIGIT_AT_STAGE : CODE_AT_STAGE;
    *hash = hash_code(stage == STAGE_NONE ? whole : staged, any ? 100 * code : code, stage, NULL);
    return true;
}

/* As find_words would cut it; or one of its marks. */
static bool can_be_word(struct span word, struct span edge) {
    static const char *const marks[] = {"9", "9x", "ip", "n.n", "n.n.n", "h.h"};
    struct reply_words cut;
    if (span_equal(word, edge)) return true;
    for (unsigned i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (span_equal(word, span_from_string(marks[i]))) return true;
    if (word.len > LIMIT_REPLY_TEXT_BYTES) return false;
    find_words(word, &cut);
    return cut.count == 3 && span_equal(word, span_of(cut.room + cut.words[1].at, cut.words[1].length));
}

/* "mailb*". */
static bool start_hash(struct span text, uint64_t *hash) {
    struct span const start = span_head(text, text.len - 1);
    uint8_t longer[4 * REPLY_START_CHARACTERS + 1];
    if (start.len == 0 || start.len >= sizeof longer) return false;
    memcpy(longer, start.data, start.len);
    longer[start.len] = 'x';
    struct span const word = span_of(longer, start.len + 1);
    if (start_length(word) != start.len || !can_be_word(word, SPAN_EMPTY)) return false;
    *hash = hash_mix(TRAIT_START, hash_bytes(start), 0);
    return true;
}

bool trait_hash(struct span text, bool is_code, uint64_t *hash) {
    if (is_code) return code_hash(text, hash);
    if (text.len > 1 && text.data[text.len - 1] == '*') return start_hash(text, hash);
    size_t const blank = span_find(text, ' ');
    struct span const first = span_head(text, blank), second = span_from(text, blank + 1);
    bool const two = blank < text.len;
    if (!can_be_word(first, SPAN_LITERAL("^")) || (two && !can_be_word(second, SPAN_LITERAL("$")))) return false;
    *hash =
        two ? hash_mix(TRAIT_PAIR, hash_bytes(first), hash_bytes(second)) : hash_mix(TRAIT_WORD, hash_bytes(first), 0);
    return true;
}

/* A text that is being written, NUL-terminated and cut to TRAIT_TEXT_BYTES. */
struct writing {
    char *text;
    size_t used;
};

static void write_span(struct writing *w, struct span part) {
    size_t const left = TRAIT_TEXT_BYTES - 1 - w->used;
    size_t const length = part.len < left ? part.len : left;
    if (length > 0) memcpy(w->text + w->used, part.data, length);
    w->used += length;
    w->text[w->used] = '\0';
}

static void write_number(struct writing *w, unsigned number) {
    uint8_t digits[10];
    size_t at = sizeof digits;
    do digits[--at] = (uint8_t)('0' + number % 10);
    while ((number /= 10) > 0);
    write_span(w, span_of(digits + at, sizeof digits - at));
}

static void write_code(struct writing *w, const struct bounce_case *what, const struct enhanced_code *enhanced,
                       enum code_trait which) {
    bool const coded = which == CODE_ENHANCED || which == CODE_DETAIL;
    bool const any = which == CODE_DIGIT || which == CODE_DIGIT_AT_STAGE;
    if (which == CODE_DETAIL)
        write_span(w, SPAN_LITERAL("x"));
    else if (coded)
        write_number(w, enhanced->class_);
    else if (which != CODE_STAGE)
        write_number(w, any ? what->reply->code / 100u : what->reply->code);
    if (any) write_span(w, SPAN_LITERAL("yz"));
    if (coded) {
        write_span(w, SPAN_LITERAL("."));
        write_number(w, enhanced->subject);
        write_span(w, SPAN_LITERAL("."));
        write_number(w, enhanced->detail);
    }
    if (which == CODE_AT_STAGE || which == CODE_DIGIT_AT_STAGE) write_span(w, SPAN_LITERAL(" "));
    if (which == CODE_STAGE || which == CODE_AT_STAGE || which == CODE_DIGIT_AT_STAGE)
        write_span(w, span_from_string(stage_name(what->stage)));
}

static void write_word_of(struct writing *w, const struct reply_words *words, unsigned i) {
    write_span(w, span_of(words->room + words->words[i].at, words->words[i].length));
}

void trait_text(const struct bounce_case *what, const struct enhanced_code *enhanced, const struct reply_traits *traits,
                unsigned i, char text[TRAIT_TEXT_BYTES]) {
    const struct trait *trait = &traits->traits[i];
    struct writing w = {text, 0};
    text[0] = '\0';
    if (trait->kind == TRAIT_CODE) {
        write_code(&w, what, enhanced, trait->first);
        return;
    }
    if (trait->kind == TRAIT_START) {
        const struct reply_word *word = &traits->words.words[trait->first];
        struct span const whole = span_of(traits->words.room + word->at, word->length);
        write_span(&w, span_head(whole, start_length(whole)));
        write_span(&w, SPAN_LITERAL("*"));
        return;
    }
    write_word_of(&w, &traits->words, trait->first);
    if (trait->kind == TRAIT_WORD) return;
    write_span(&w, SPAN_LITERAL(" "));
    write_word_of(&w, &traits->words, trait->second);
}
