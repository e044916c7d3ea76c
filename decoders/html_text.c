/* A cheap streaming reduction of HTML to text, for rules that look for words.
 *
 * No tree is built and nothing is kept but the name of the tag and of the attribute at hand.  What it does, after
 * HTML 5's tokenizer where that matters:
 *   - tags vanish, so "V<b></b>iagra" is one word; tags that begin a block give an empty line, those that begin a line
 * a newline, cells a blank;
 *   - comments vanish, <script> and <style> with what is inside;
 *   - character references are decoded: numbers, and the names in a short table; a no-break space becomes a blank, and
 *     characters without a width (soft hyphen, zero-width space and joiners) nothing;
 *   - values of href, src and action are handed on as addresses.
 * Text hidden by colour, size or style is text here; html_facts, where one is given, is told of all that vanishes. Long
 * runs of text are handed on where they lie; short ones, which lie between tags, are gathered, because whoever takes
 * them has a price for each.  Names of tags and attributes that lead nowhere are passed over whole where they are all
 * there; the states read what is cut, bare, or a link.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/html_text.h"

#include "html_facts.h"
#include "html_tags.h"
#include "mailspan/span_search.h"

enum html_state {
    IN_TEXT,
    IN_ENTITY,
    TAG_OPEN, /* behind "<" */
    TAG_NAME,
    TAG_SPACE, /* between attributes */
    ATTRIBUTE_NAME,
    ATTRIBUTE_END, /* behind its name, before "=" */
    VALUE_BEGIN,   /* behind "=" */
    VALUE,
    DECLARATION, /* "<!" or "<?", until ">" */
    COMMENT,
    RAW,      /* inside <script> or <style> */
    TEXT_END, /* inside <title> or the like, where its end tag may begin */
};

#define GATHERED_BYTES 1024
#define GATHERED_RUN_BYTES 256 /* longer runs are not copied */
#define SHORT_RUN_BYTES 16     /* so many are copied at once, where it does not matter what follows the run */

struct html_push {
    struct html_text *html;
    const struct html_sink *sink;
    struct html_facts *facts; /* the sink's */
    struct span source;
    size_t at;
    size_t gathered_len;                                /* GATHERED_BYTES at most */
    uint8_t gathered[GATHERED_BYTES + SHORT_RUN_BYTES]; /* text that was not handed on yet */
};

/* --- character references -------------------------------------------------------------------------------------- */

#define ENTITY_NAME_BYTES_MIN 2

struct entity_name {
    char name[8]; /* with NULs behind it, so that all of it is compared at once */
    uint16_t code_point;
};

static const struct entity_name entity_names[] = {
    {"nbsp", 0xa0},
    {"amp", '&'},
    {"lt", '<'},
    {"gt", '>'},
    {"quot", '"'},
    {"apos", '\''},
    {"copy", 0xa9},
    {"reg", 0xae},
    {"trade", 0x2122},
    {"shy", 0xad},
    {"zwnj", 0x200c},
    {"zwj", 0x200d},
    {"euro", 0x20ac},
    {"pound", 0xa3},
    {"yen", 0xa5},
    {"cent", 0xa2},
    {"sect", 0xa7},
    {"bull", 0x2022},
    {"middot", 0xb7},
    {"hellip", 0x2026},
    {"ndash", 0x2013},
    {"mdash", 0x2014},
    {"lsquo", 0x2018},
    {"rsquo", 0x2019},
    {"ldquo", 0x201c},
    {"rdquo", 0x201d},
    {"laquo", 0xab},
    {"raquo", 0xbb},
    {"ensp", 0x2002},
    {"emsp", 0x2003},
    {"thinsp", 0x2009},
    {"auml", 0xe4},
    {"ouml", 0xf6},
    {"uuml", 0xfc},
    {"Auml", 0xc4},
    {"Ouml", 0xd6},
    {"Uuml", 0xdc},
    {"szlig", 0xdf},
    {"agrave", 0xe0},
    {"aacute", 0xe1},
    {"acirc", 0xe2},
    {"atilde", 0xe3},
    {"aring", 0xe5},
    {"aelig", 0xe6},
    {"ccedil", 0xe7},
    {"egrave", 0xe8},
    {"eacute", 0xe9},
    {"ecirc", 0xea},
    {"euml", 0xeb},
    {"igrave", 0xec},
    {"iacute", 0xed},
    {"icirc", 0xee},
    {"iuml", 0xef},
    {"ntilde", 0xf1},
    {"ograve", 0xf2},
    {"oacute", 0xf3},
    {"ocirc", 0xf4},
    {"otilde", 0xf5},
    {"oslash", 0xf8},
    {"ugrave", 0xf9},
    {"uacute", 0xfa},
    {"ucirc", 0xfb},
    {"Eacute", 0xc9},
    {"Aacute", 0xc1},
    {"Oacute", 0xd3},
    {"Ccedil", 0xc7},
    /* What ASCII has: nobody needs them but to write an address that is not seen as one. */
    {"Tab", '\t'},
    {"NewLine", '\n'},
    {"excl", '!'},
    {"QUOT", '"'},
    {"num", '#'},
    {"dollar", '$'},
    {"percnt", '%'},
    {"AMP", '&'},
    {"lpar", '('},
    {"rpar", ')'},
    {"ast", '*'},
    {"midast", '*'},
    {"plus", '+'},
    {"comma", ','},
    {"period", '.'},
    {"sol", '/'},
    {"colon", ':'},
    {"semi", ';'},
    {"LT", '<'},
    {"equals", '='},
    {"GT", '>'},
    {"quest", '?'},
    {"commat", '@'},
    {"lsqb", '['},
    {"lbrack", '['},
    {"bsol", '\\'},
    {"rsqb", ']'},
    {"rbrack", ']'},
    {"Hat", '^'},
    {"lowbar", '_'},
    {"UnderBar", '_'},
    {"grave", '`'},
    {"lcub", '{'},
    {"lbrace", '{'},
    {"verbar", '|'},
    {"vert", '|'},
    {"rcub", '}'},
    {"rbrace", '}'},
};

static uint32_t entity_number(const char *text, uint8_t len) {
    bool hex = len > 1 && (text[1] == 'x' || text[1] == 'X');
    uint32_t value = 0;
    uint8_t digits = 0;
    for (uint8_t i = hex ? 2 : 1; i < len; i++, digits++) {
        uint8_t c = ascii_lower((uint8_t)text[i]);
        uint32_t digit;
        if (ascii_is_digit(c))
            digit = (uint32_t)(c - '0');
        else if (hex && c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a' + 10);
        else
            return 0;
        value = value * (hex ? 16 : 10) + digit;
        if (value > 0x10ffff) return 0;
    }
    return digits > 0 && (value < 0xd800 || value > 0xdfff) ? value : 0;
}

/* The code point, or 0 for no reference that is known. */
static uint32_t entity_value(const struct html_text *html) {
    char name[sizeof entity_names[0].name] = {0};
    if (html->entity_len > 1 && html->entity[0] == '#') return entity_number(html->entity, html->entity_len);
    if (html->entity_len < ENTITY_NAME_BYTES_MIN || html->entity_len > sizeof name) return 0;
    memcpy(name, html->entity, html->entity_len);
    for (size_t i = 0; i < sizeof entity_names / sizeof entity_names[0]; i++)
        if (memcmp(entity_names[i].name, name, sizeof name) == 0) return entity_names[i].code_point;
    return 0;
}

static bool is_letter_or_digit(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

static bool has_no_width(uint32_t c) {
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff || c == 0x34f;
}

static size_t utf8_encode(uint32_t c, uint8_t out[4]) {
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len; i-- > 1; c >>= 6) out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)(lead[len] | c);
    return len;
}

/* --- names of tags --------------------------------------------------------------------------------------------- */

/* What a byte is in a name: its letter, or what it ends: the name of an attribute, or also that of a tag. */
enum { LETTER_MASK = 0x3f, ENDS_ATTRIBUTE = 0x40, ENDS_TAG = 0x80 };

#define DIGITS 27, 28, 29, 30, 31, 32, 33, 34, 35, 36
#define LETTERS 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26

static const uint8_t name_bytes[256] = {
    ['0'] = DIGITS,
    ['A'] = LETTERS,
    ['a'] = LETTERS,
    ['\t'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['\n'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['\f'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['\r'] = ENDS_TAG | ENDS_ATTRIBUTE,
    [' '] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['/'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['>'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['='] = ENDS_ATTRIBUTE,
    [':'] = HTML_LETTER_COLON,
};

static unsigned name_letters(uint64_t name) {
    unsigned letters = 0;
    for (; name != 0; name >>= HTML_LETTER_BITS) letters++;
    return letters;
}

/* --- handing on ------------------------------------------------------------------------------------------------ */

static void flush(struct html_push *push) {
    size_t len = push->gathered_len;
    push->gathered_len = 0;
    if (len > 0) push->sink->text(push->sink->context, span_of(push->gathered, len));
}

static void make_room(struct html_push *push, size_t len) {
    if (__builtin_expect(len > GATHERED_BYTES - push->gathered_len, 0)) flush(push);
}

static void emit_text(struct html_push *push, struct span bytes) {
    make_room(push, bytes.len);
    if (bytes.len > GATHERED_RUN_BYTES) {
        flush(push);
        push->sink->text(push->sink->context, bytes);
        return;
    }
    if (bytes.len > 0) memcpy(push->gathered + push->gathered_len, bytes.data, bytes.len);
    push->gathered_len += bytes.len;
}

/* The text at hand is hidden, or is no more: what was gathered was not so. */
static void see(struct html_push *push, bool unseen) {
    if (__builtin_expect(unseen == push->html->unseen, 1)) return;
    flush(push);
    push->html->unseen = unseen;
    if (push->sink->unseen != NULL) push->sink->unseen(push->sink->context, unseen);
}

/* The source's text from at to end.  Short runs are most of what lies between tags. */
static void emit_run(struct html_push *push, size_t end) {
    const uint8_t *run = push->source.data + push->at;
    size_t len = end - push->at;
    if (len == 0) return;
    if (len > SHORT_RUN_BYTES || push->source.len - push->at < SHORT_RUN_BYTES) {
        if (push->facts != NULL) see(push, html_facts_text(push->facts, span_of(run, len)));
        emit_text(push, span_of(run, len));
        return;
    }
    if (push->facts != NULL) see(push, html_facts_short_text(push->facts, run, len));
    make_room(push, len);
    memcpy(push->gathered + push->gathered_len, run, SHORT_RUN_BYTES);
    push->gathered_len += len;
}

/* Addresses keep their place among the text. */
static void emit_link(struct html_push *push, struct span bytes) {
    flush(push);
    push->sink->link(push->sink->context, bytes);
}

static void end_link(struct html_push *push) {
    flush(push);
    push->sink->link_end(push->sink->context);
}

/* What browsers leave out of an address (WHATWG URL 4.4): tabs and line ends anywhere, what has no ink in front, and
 * behind a scheme all slashes but two.  A path may lose some, too, which leads to no other host. */
static bool is_left_out(struct html_text *html, uint8_t c) {
    if (c == '\t' || c == '\n' || c == '\r' || (c <= ' ' && !html->address_begun)) return true;
    html->address_begun = true;
    bool const slash = c == '/' || c == '\\';
    if (slash && html->slashes == 2) return true;
    html->slashes = slash ? (uint8_t)(html->slashes + 1) : 0;
    return false;
}

static void emit_address(struct html_push *push, struct span bytes) {
    while (bytes.len > 0) {
        size_t len = 0;
        while (len < bytes.len && !is_left_out(push->html, bytes.data[len])) len++;
        if (len > 0 && push->facts != NULL)
            html_facts_value(push->facts, push->html->attribute_kind, span_head(bytes, len));
        if (len > 0) emit_link(push, span_head(bytes, len));
        bytes = span_from(bytes, len + 1);
    }
}

static void emit(struct html_push *push, struct span bytes) {
    const struct html_text *html = push->html;
    if (bytes.len == 0) return;
    if (html->state < TAG_OPEN && !html->entity_in_value) {
        if (push->facts != NULL) see(push, html_facts_text(push->facts, bytes));
        emit_text(push, bytes);
    } else if (html->in_link) {
        emit_address(push, bytes);
    } else if (push->facts != NULL) {
        html_facts_value(push->facts, html->attribute_kind, bytes);
    }
}

/* --- the end of a reference ------------------------------------------------------------------------------------ */

/* A reference ended; complete: by its semicolon.  Inside a value, "&copy=1" is a query and no reference; a number is
 * one in any place. */
static void entity_end(struct html_push *push, bool complete) {
    struct html_text *html = push->html;
    bool const number = html->entity_len > 0 && html->entity[0] == '#';
    uint32_t c = complete || number || !html->entity_in_value ? entity_value(html) : 0;
    uint8_t bytes[4];
    if (c == 0) {
        emit(push, SPAN_LITERAL("&"));
        emit(push, span_of(html->entity, html->entity_len));
        if (complete) emit(push, SPAN_LITERAL(";"));
    } else if (!has_no_width(c)) {
        if (push->facts != NULL && number && c < 0x80 && is_letter_or_digit((uint8_t)c))
            html_facts_ascii_reference(push->facts);
        emit(push, span_of(bytes, utf8_encode(c == 0xa0 ? ' ' : c, bytes)));
    } else if (push->facts != NULL && !html->entity_in_value) {
        see(push, html_facts_text(push->facts, span_of(bytes, utf8_encode(c, bytes))));
    }
    html->entity_len = 0;
    html->state = html->entity_in_value ? VALUE : IN_TEXT;
    html->entity_in_value = false;
}

static void entity_begin(struct html_text *html, bool in_value) {
    html->state = IN_ENTITY;
    html->entity_len = 0;
    html->entity_in_value = in_value;
}

static bool is_hex_digit(uint8_t c) {
    c = ascii_lower(c);
    return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

/* Whether c goes on with the reference at hand: a number ends at what is no digit of it, a name at what is no letter.
 */
static bool entity_goes_on(const struct html_text *html, uint8_t c) {
    if (html->entity_len == 0) return c == '#' || is_letter_or_digit(c);
    if (html->entity[0] != '#') return is_letter_or_digit(c);
    bool const hex = html->entity_len > 1 && (html->entity[1] | 0x20) == 'x';
    return hex ? is_hex_digit(c) : ascii_is_digit(c) || (html->entity_len == 1 && (c | 0x20) == 'x');
}

/* "&#0" and "&#x0", where another zero says nothing new: there may be any number of them. */
static bool is_zero_so_far(const struct html_text *html) {
    return html->entity_len >= 2 && html->entity_len <= 3 && html->entity[0] == '#' &&
           html->entity[html->entity_len - 1] == '0' && (html->entity_len == 2 || (html->entity[1] | 0x20) == 'x');
}

/* Does not consume the byte that ends a reference, unless it is the semicolon. */
static void step_entity(struct html_push *push) {
    struct html_text *html = push->html;
    for (; push->at < push->source.len; push->at++) {
        uint8_t c = push->source.data[push->at];
        bool belongs = entity_goes_on(html, c);
        if (c == '0' && is_zero_so_far(html)) continue;
        if (!belongs || html->entity_len == HTML_ENTITY_BYTES) {
            if (c == ';') push->at++;
            entity_end(push, c == ';');
            return;
        }
        html->entity[html->entity_len++] = (char)c;
    }
}

/* --- tags ------------------------------------------------------------------------------------------------------ */

/* Where <style> and <script> may be closed at once, and have tags inside.  What is so deep that it is not counted stays
 * there. */
static void count_foreign(struct html_text *html, const struct html_tag_row *row) {
    bool const begins = html->tag == HTML_NAME_SVG || html->tag == HTML_NAME_MATH;
    if ((row->form & TAG_LEAVES) != 0 && !html->closing)
        html->foreign = 0;
    else if (begins && !html->closing && html->foreign < UINT8_MAX)
        html->foreign++;
    else if (begins && html->closing && html->foreign > 0 && html->foreign < UINT8_MAX)
        html->foreign--;
}

static void tag_end(struct html_push *push) {
    static const struct {
        uint8_t text[2];
        uint8_t len;
    } seen[] = {[SEEN_CELL] = {" ", 1}, [SEEN_LINE] = {"\n", 1}, [SEEN_PARAGRAPH] = {"\n\n", 2}, [SEEN_RAW] = {"", 0}};
    struct html_text *html = push->html;
    const struct html_tag_row *row = html_tag_find(html->tag);
    enum html_seen kind = row->seen;
    if (push->facts != NULL) html_facts_tag(push->facts, row, html->tag, html->closing);
    html->state = kind == SEEN_RAW && !html->closing && html->foreign == 0 ? RAW : IN_TEXT;
    html->text_only = (row->form & TAG_TEXT) != 0 && !html->closing;
    count_foreign(html, row);
    html->matched = 0;
    make_room(push, sizeof seen[kind].text);
    memcpy(push->gathered + push->gathered_len, seen[kind].text, sizeof seen[kind].text);
    push->gathered_len += seen[kind].len;
}

static void attribute_name_add(struct html_text *html, uint8_t c) {
    if (html->attribute_len < HTML_NAME_BYTES) html->attribute[html->attribute_len] = (char)ascii_lower(c);
    if (html->attribute_len <= HTML_NAME_BYTES)
        html->attribute_len++; /* one more than fits: then it is none that is known */
}

static void step_tag_open(struct html_push *push) {
    struct html_text *html = push->html;
    uint8_t c = push->source.data[push->at];
    if (ascii_is_alpha(c)) {
        html->state = TAG_NAME;
    } else if (c == '/' && !html->closing) {
        html->closing = true;
        push->at++;
    } else if (c == '!' || c == '?' || html->closing) {
        html->state = DECLARATION;
        html->matched = c == '!' && !html->closing ? 2 : 0; /* "</!--" begins no comment */
        if (c != '>') push->at++;
    } else {
        html->state = IN_TEXT;
        emit(push, SPAN_LITERAL("<"));
    }
}

/* The byte that ends the name is left to be read. */
static void step_tag_name(struct html_push *push) {
    struct html_text *html = push->html;
    for (; push->at < push->source.len; push->at++) {
        uint8_t c = push->source.data[push->at];
        if ((name_bytes[c] & ENDS_TAG) != 0) {
            html->state = TAG_SPACE;
            return;
        }
        html->tag = html_name_add(html->tag, c);
    }
}

/* Passes over white space; false where there is nothing behind it. */
static bool pass_space(struct html_push *push) {
    while (push->at < push->source.len && ascii_is_space(push->source.data[push->at])) push->at++;
    return push->at < push->source.len;
}

#define WORD7(a, b, c, d, e, f, g)                                                                          \
    ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | (uint64_t)(e) << 32 | \
     (uint64_t)(f) << 40 | (uint64_t)(g) << 48)

/* Up to seven bytes as a number, the first one lowest; room: how many there are to be read.  Setting 0x20 makes letters
 * small, and makes no other byte a letter. */
static uint64_t name_word(const uint8_t *name, size_t len, size_t room) {
    uint64_t word = 0;
    uint64_t const wanted = (UINT64_C(1) << 8 * len) - 1;
    if (room >= sizeof word)
        memcpy(&word, name, sizeof word);
    else
        memcpy(&word, name, len);
    return (word | UINT64_C(0x2020202020202020)) & wanted;
}

/* The factor was searched for, as that of the tags. */
#define ATTRIBUTE_PLACE_BITS 5
#define ATTRIBUTE_PLACE(word) ((word)*UINT64_C(0xf9341c68966baea1) >> (64 - ATTRIBUTE_PLACE_BITS))
#define ATTRIBUTE(kind, ...) [ATTRIBUTE_PLACE(WORD7(__VA_ARGS__))] = {WORD7(__VA_ARGS__), kind}

static const struct {
    uint64_t word;
    uint8_t kind;
} attributes[1 << ATTRIBUTE_PLACE_BITS] = {
    ATTRIBUTE(ATTRIBUTE_SRC, 's', 'r', 'c', 0, 0, 0, 0),
    ATTRIBUTE(ATTRIBUTE_HREF, 'h', 'r', 'e', 'f', 0, 0, 0),
    ATTRIBUTE(ATTRIBUTE_ACTION, 'a', 'c', 't', 'i', 'o', 'n', 0),
    ATTRIBUTE(ATTRIBUTE_STYLE, 's', 't', 'y', 'l', 'e', 0, 0),
    ATTRIBUTE(ATTRIBUTE_CLASS, 'c', 'l', 'a', 's', 's', 0, 0),
    ATTRIBUTE(ATTRIBUTE_HIDDEN, 'h', 'i', 'd', 'd', 'e', 'n', 0),
    ATTRIBUTE(ATTRIBUTE_BGCOLOR, 'b', 'g', 'c', 'o', 'l', 'o', 'r'),
    ATTRIBUTE(ATTRIBUTE_COLOR, 'c', 'o', 'l', 'o', 'r', 0, 0),
    ATTRIBUTE(ATTRIBUTE_TYPE, 't', 'y', 'p', 'e', 0, 0, 0),
    ATTRIBUTE(ATTRIBUTE_WIDTH, 'w', 'i', 'd', 't', 'h', 0, 0),
    ATTRIBUTE(ATTRIBUTE_HEIGHT, 'h', 'e', 'i', 'g', 'h', 't', 0),
    ATTRIBUTE(ATTRIBUTE_ID, 'i', 'd', 0, 0, 0, 0, 0),
    ATTRIBUTE(ATTRIBUTE_TEXT, 't', 'e', 'x', 't', 0, 0, 0),
    ATTRIBUTE(ATTRIBUTE_SIZE, 's', 'i', 'z', 'e', 0, 0, 0),
    ATTRIBUTE(ATTRIBUTE_MEDIA, 'm', 'e', 'd', 'i', 'a', 0, 0),
};

/* The attribute whose name text begins with. */
static enum html_attribute attribute_of(struct span text, size_t len) {
    if (len == 10) {
        struct span const name = span_head(text, len);
        if (span_equal_nocase(name, SPAN_LITERAL("background"))) return ATTRIBUTE_BACKGROUND;
        if (span_equal_nocase(name, SPAN_LITERAL("formaction"))) return ATTRIBUTE_ACTION;
        if (span_equal_nocase(name, SPAN_LITERAL("xlink:href"))) return ATTRIBUTE_HREF;
        return span_equal_nocase(name, SPAN_LITERAL("http-equiv")) ? ATTRIBUTE_HTTP_EQUIV : ATTRIBUTE_NONE;
    }
    if (len > 7) return ATTRIBUTE_NONE;
    uint64_t const word = name_word(text.data, len, text.len);
    size_t const place = ATTRIBUTE_PLACE(word);
    return attributes[place].word == word ? (enum html_attribute)attributes[place].kind : ATTRIBUTE_NONE;
}

/* Offset of the first byte that may end an attribute's name; text.len when there is none. */
static size_t attribute_name_end(struct span text) {
    size_t len = 0;
#ifdef __SSE2__
    if (text.len >= sizeof(__m128i)) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text.data);
        __m128i ends = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ')), bytes); /* all controls, to be quick */
        ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')));
        ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')));
        ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('>')));
        unsigned found = (unsigned)_mm_movemask_epi8(ends);
        if (found != 0) return (unsigned)__builtin_ctz(found);
        len = sizeof bytes;
    }
#endif
    while (len < text.len && (name_bytes[text.data[len]] & ENDS_ATTRIBUTE) == 0) len++;
    return len;
}

/* Where the attribute that begins the text ends, when all of it is there, its value has quotes, it leads nowhere and,
 * if somebody asks for it, has no character reference, as most do; else 0. */
static size_t plain_attribute_bytes(const struct html_push *push, struct span text) {
    size_t name = attribute_name_end(text);
    if (name == 0 || text.len - name < 3 || text.data[name] != '=') return 0;
    uint8_t quote = text.data[name + 1];
    if (quote != '"' && quote != '\'') return 0;
    enum html_attribute attribute = attribute_of(text, name);
    if (attribute_is_link(attribute)) return 0;
    struct span value = span_from(text, name + 2);
    size_t len = span_find(value, quote);
    if (len == value.len) return 0;
    if (attribute == ATTRIBUTE_NONE || push->facts == NULL) return name + 2 + len + 1;
    if (span_find(span_head(value, len), '&') < len) return 0;
    html_facts_attribute(push->facts, push->html->tag, attribute, span_head(value, len));
    return name + 2 + len + 1;
}

/* Passes over what lies between attributes and over plain ones.  Returns where that ends: at ">", at another attribute,
 * or with the text. */
static size_t pass_plain_attributes(const struct html_push *push, size_t at) {
    struct span const text = push->source;
    while (at < text.len && text.data[at] != '>') {
        bool between = (name_bytes[text.data[at]] & ENDS_TAG) != 0;
        size_t passed = between ? 1 : plain_attribute_bytes(push, span_from(text, at));
        if (passed == 0) break;
        at += passed;
    }
    return at;
}

static void step_tag_space(struct html_push *push) {
    struct html_text *html = push->html;
    push->at = pass_plain_attributes(push, push->at);
    if (push->at == push->source.len) return;
    uint8_t c = push->source.data[push->at++];
    if (c == '>') {
        tag_end(push);
    } else {
        html->attribute_len = 0;
        attribute_name_add(html, c);
        html->state = ATTRIBUTE_NAME;
    }
}

static void step_attribute_name(struct html_push *push) {
    struct html_text *html = push->html;
    for (; push->at < push->source.len; push->at++) {
        uint8_t c = push->source.data[push->at];
        if ((name_bytes[c] & ENDS_ATTRIBUTE) != 0) {
            html->state = ATTRIBUTE_END;
            return;
        }
        attribute_name_add(html, c);
    }
}

static void step_attribute_end(struct html_push *push) {
    struct html_text *html = push->html;
    if (!pass_space(push)) return;
    html->state = TAG_SPACE;
    html->attribute_kind = html->attribute_len > HTML_NAME_BYTES
                               ? ATTRIBUTE_NONE
                               : (uint8_t)attribute_of(span_of(html->attribute, HTML_NAME_BYTES), html->attribute_len);
    if (push->source.data[push->at] != '=') {
        if (push->facts != NULL) html_facts_attribute(push->facts, html->tag, html->attribute_kind, SPAN_EMPTY);
        return;
    }
    html->state = VALUE_BEGIN;
    push->at++;
}

static void step_value_begin(struct html_push *push) {
    struct html_text *html = push->html;
    uint8_t c = push->source.data[push->at];
    if (ascii_is_space(c)) {
        push->at++;
        return;
    }
    if (c == '>') {
        html->state = TAG_SPACE;
        if (push->facts != NULL) html_facts_attribute(push->facts, html->tag, html->attribute_kind, SPAN_EMPTY);
        return;
    }
    html->quote = c == '"' || c == '\'' ? c : 0;
    if (html->quote != 0) push->at++;
    html->in_link = attribute_is_link(html->attribute_kind);
    html->address_begun = false;
    html->slashes = 0;
    html->state = VALUE;
}

static void value_end(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->in_link) end_link(push);
    if (push->facts != NULL) html_facts_value_end(push->facts, html->tag, html->attribute_kind);
    html->in_link = false;
    html->state = TAG_SPACE;
}

/* A quoted value that nobody asks for. */
static void skip_value(struct html_push *push) {
    push->at += span_find(span_from(push->source, push->at), push->html->quote);
    if (push->at == push->source.len) return;
    push->at++;
    value_end(push);
}

/* How much of a value without quotes there is before its end, or, where somebody asks for it, before a character
 * reference. */
static size_t bare_value_bytes(struct span rest, bool asked) {
    size_t len = 0;
    while (len < rest.len && !ascii_is_space(rest.data[len]) && rest.data[len] != '>' &&
           !(asked && rest.data[len] == '&'))
        len++;
    return len;
}

static void step_value(struct html_push *push) {
    struct html_text *html = push->html;
    bool const asked = html->attribute_kind != ATTRIBUTE_NONE;
    if (html->quote != 0 && !asked) {
        skip_value(push);
        return;
    }
    struct span rest = span_from(push->source, push->at);
    size_t len = html->quote != 0 ? span_find_either(rest, html->quote, '&') : bare_value_bytes(rest, asked);
    if (asked) emit(push, span_head(rest, len));
    push->at += len;
    if (len == rest.len) return;
    if (asked && rest.data[len] == '&') {
        push->at++;
        entity_begin(html, true);
        return;
    }
    if (html->quote != 0) push->at++;
    value_end(push);
}

/* --- what vanishes --------------------------------------------------------------------------------------------- */

/* Passes over what is not the byte c.  False when nothing is left. */
static bool pass_to(struct html_push *push, uint8_t c) {
    push->at += span_find(span_from(push->source, push->at), c);
    return push->at < push->source.len;
}

/* What of a comment's end is there: a ">" ends it behind "--" and "--!", and at its start: "<!-->" and "<!--->". */
enum { COMMENT_DASH = 1, COMMENT_DASHES, COMMENT_BANG, COMMENT_START, COMMENT_START_DASH };

static void step_declaration(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->matched == 0 && !pass_to(push, '>')) return;
    uint8_t c = push->source.data[push->at++];
    if (html->matched >= 2 && c == '-') {
        if (++html->matched < 4) return;
        html->state = COMMENT;
        html->matched = COMMENT_START;
        return;
    }
    html->matched = 0;
    if (c != '>') return;
    html->state = IN_TEXT;
    if (push->facts != NULL) html_facts_comment(push->facts, 0, true); /* what it is to a browser */
}

static uint8_t comment_dash(uint8_t matched) {
    if (matched == COMMENT_START) return COMMENT_START_DASH;
    return matched == 0 || matched == COMMENT_BANG ? COMMENT_DASH : COMMENT_DASHES;
}

static void pass_comment(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->matched == 0 && !pass_to(push, '-')) return;
    uint8_t c = push->source.data[push->at++];
    if (c == '-') {
        html->matched = comment_dash(html->matched);
        return;
    }
    if (c == '>' && html->matched >= COMMENT_DASHES) html->state = IN_TEXT;
    html->matched = c == '!' && html->matched == COMMENT_DASHES ? COMMENT_BANG : 0;
}

static void step_comment(struct html_push *push) {
    size_t const begin = push->at;
    pass_comment(push);
    if (push->facts != NULL) html_facts_comment(push->facts, push->at - begin, push->html->state == IN_TEXT);
}

/* Whether c goes on with what was matched of "</script". */
static bool raw_end_goes_on(const struct html_text *html, uint8_t c) {
    if (html->matched < 2) return c == (html->matched == 0 ? '<' : '/');
    if (html->matched >= name_letters(html->tag) + 2) return false;
    unsigned letters_behind = name_letters(html->tag) + 1 - html->matched;
    return (name_bytes[c] & LETTER_MASK) == (html->tag >> letters_behind * HTML_LETTER_BITS & LETTER_MASK);
}

/* Whether "</script" is complete, and ends here. */
static bool is_raw_end(const struct html_text *html, uint8_t c) {
    return html->matched == name_letters(html->tag) + 2 && (name_bytes[c] & ENDS_TAG) != 0;
}

static void pass_raw(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->matched == 0 && !pass_to(push, '<')) return;
    uint8_t c = push->source.data[push->at];
    if (is_raw_end(html, c)) {
        html->closing = true;
        html->state = TAG_SPACE;
        return;
    }
    html->matched = raw_end_goes_on(html, c) ? (uint8_t)(html->matched + 1) : c == '<' ? 1 : 0;
    push->at++;
}

/* What was taken for the beginning of an end tag, and is text. */
static void emit_matched(struct html_push *push) {
    struct html_text *html = push->html;
    uint8_t text[2 + HTML_LETTERS_MAX] = "</";
    unsigned const letters = name_letters(html->tag);
    for (unsigned i = 2; i < html->matched; i++)
        text[i] = (uint8_t)('a' - 1 + (html->tag >> (letters + 1 - i) * HTML_LETTER_BITS & LETTER_MASK));
    html->state = IN_TEXT;
    emit(push, span_of(text, html->matched));
    html->matched = 0;
}

/* Does not consume the byte by which it is known. */
static void step_text_end(struct html_push *push) {
    struct html_text *html = push->html;
    uint8_t c = push->source.data[push->at];
    if (is_raw_end(html, c)) {
        html->closing = true;
        html->state = TAG_SPACE;
    } else if (raw_end_goes_on(html, c)) {
        html->matched++;
        push->at++;
    } else {
        emit_matched(push);
    }
}

static void step_raw(struct html_push *push) {
    size_t const begin = push->at;
    pass_raw(push);
    if (push->facts != NULL)
        html_facts_raw(push->facts, push->html->tag, span_slice(push->source, begin, push->at - begin));
}

/* --- text ------------------------------------------------------------------------------------------------------ */

/* Where the next tag and the next reference begin.  Both are searched once for the text between them, so that a run of
 * "&" costs no more than other text. */
struct marks {
    size_t tag;
    size_t entity;
};

/* Reads a tag's name from what stands behind "<".  Returns where it ends; 0 when it is not all there. */
static size_t tag_name_bytes(struct html_text *html, struct span text) {
    size_t const begin = text.len > 0 && text.data[0] == '/' ? 1 : 0;
    if (begin == text.len || !ascii_is_alpha(text.data[begin])) return 0;
    size_t at = begin;
    uint64_t name = 0;
    for (; at < text.len && (name_bytes[text.data[at]] & ENDS_TAG) == 0; at++)
        name = name << HTML_LETTER_BITS | (name_bytes[text.data[at]] & LETTER_MASK);
    if (at == text.len) return 0;
    html->tag = at - begin > HTML_LETTERS_MAX ? HTML_NAME_TOO_LONG : name;
    html->closing = begin > 0;
    return at;
}

/* Behind "<".  Nearly all names are there in one piece. */
static void begin_tag(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->text_only) {
        html->state = TEXT_END;
        html->matched = 1;
        return;
    }
    size_t name = tag_name_bytes(html, span_from(push->source, push->at));
    if (name > 0) {
        html->state = TAG_SPACE;
        push->at += name;
        step_tag_space(push);
        return;
    }
    html->state = TAG_OPEN;
    html->closing = false;
    html->tag = 0;
}

/* The next "<" from at on that begins a tag, or may, because nothing has come behind it; others are text. */
static size_t find_tag(struct span source, size_t at) {
    for (;; at++) {
        at += span_find(span_from(source, at), '<');
        if (at + 1 >= source.len) return at;
        uint8_t const c = source.data[at + 1];
        if (ascii_is_alpha(c) || c == '/' || c == '!' || c == '?') return at;
    }
}

static void step_text(struct html_push *push, struct marks *next) {
    struct html_text *html = push->html;
    struct span source = push->source;
    while (html->state == IN_TEXT && push->at < source.len) {
        if (next->tag < push->at) next->tag = find_tag(source, push->at);
        if (next->entity < push->at) next->entity = push->at + span_find(span_from(source, push->at), '&');
        size_t end = next->tag < next->entity ? next->tag : next->entity;
        emit_run(push, end);
        push->at = end;
        if (end == source.len) return;
        push->at++;
        if (end == next->tag)
            begin_tag(push);
        else
            entity_begin(html, false);
    }
}

/* What is gathered has room, and no content yet. */
static void begin(struct html_push *push, struct html_text *html, struct span source, const struct html_sink *sink) {
    push->html = html;
    push->sink = sink;
    push->facts = sink->facts;
    push->source = source;
    push->at = 0;
    push->gathered_len = 0;
}

void html_text_push(struct html_text *html, struct span source, const struct html_sink *sink) {
    struct html_push push;
    if (source.len == 0) return;
    begin(&push, html, source, sink);
    struct marks next = {find_tag(source, 0), span_find(source, '&')};
    while (push.at < source.len) {
        switch ((enum html_state)html->state) {
            case IN_TEXT:
                step_text(&push, &next);
                break;
            case IN_ENTITY:
                step_entity(&push);
                break;
            case TAG_OPEN:
                step_tag_open(&push);
                break;
            case TAG_NAME:
                step_tag_name(&push);
                break;
            case TAG_SPACE:
                step_tag_space(&push);
                break;
            case ATTRIBUTE_NAME:
                step_attribute_name(&push);
                break;
            case ATTRIBUTE_END:
                step_attribute_end(&push);
                break;
            case VALUE_BEGIN:
                step_value_begin(&push);
                break;
            case VALUE:
                step_value(&push);
                break;
            case DECLARATION:
                step_declaration(&push);
                break;
            case COMMENT:
                step_comment(&push);
                break;
            case RAW:
                step_raw(&push);
                break;
            case TEXT_END:
                step_text_end(&push);
                break;
        }
    }
    flush(&push);
}

void html_text_end(struct html_text *html, const struct html_sink *sink) {
    struct html_push push;
    begin(&push, html, SPAN_EMPTY, sink);
    if (html->state == IN_ENTITY) entity_end(&push, false);
    if (html->state == TEXT_END) emit_matched(&push);
    if (html->state == TAG_OPEN && !html->closing) emit_text(&push, SPAN_LITERAL("<"));
    flush(&push);
    if (html->in_link) end_link(&push);
    if (push.facts != NULL) html_facts_end(push.facts);
    *html = (struct html_text){0};
}
