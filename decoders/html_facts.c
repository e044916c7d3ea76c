/* Facts of the markup, counted while html_text passes over it.
 *
 *   <style>         --> html_sheet --\
 *   tag, attributes --> html_style --+--> html_stack: is text hidden here?
 *   text            --> bytes with ink, seen and hidden; words that something cuts
 *   <a href> text </a> --> html_link: the host it leads to, the host that it shows
 *
 * Between two letters that the eye sees side by side there can be tags (a bold part), empty elements, hidden text,
 * comments or characters without a width; `between` gathers which of them, and is judged by the next letter.  Mail
 * repeats its styles, so what the last few said is remembered by a hash: two styles with one hash would be one, which
 * hides nothing that cannot be hidden in simpler ways.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_facts.h"

#include "html_link.h"
#include "html_sheet.h"
#include "html_stack.h"
#include "mailspan/domain_org.h"
#include "mailspan/url_host.h"
#include "mailspan/utf8.h"
#include "mailspan/word_hash.h"
#include "word_sets.h"

#define LOOKS_REMEMBERED 16 /* a power of two; a newsletter has about a dozen styles */
#define KEYS_MAX 24         /* of one element: its tag, id and classes that a style sheet knows */
#define LINK_TEXT_BYTES 96  /* longer texts of links are sentences */
#define LINK_HOST_BYTES 128 /* its end: a label of 63 bytes and the longest suffix that is public */
#define PIXEL_MAX 2         /* pictures of this width or height are not there to be seen */

/* What lies between the last letter and what follows. */
enum {
    BETWEEN_TAG = 1 << 0,
    BETWEEN_EMPTY = 1 << 1,
    BETWEEN_HIDDEN = 1 << 2,
    BETWEEN_COMMENT = 1 << 3,
    BETWEEN_NO_WIDTH = 1 << 4,
    BETWEEN_SOFT_HYPHEN = 1 << 5,
};
#define BETWEEN_SPLIT (BETWEEN_EMPTY | BETWEEN_HIDDEN | BETWEEN_COMMENT | BETWEEN_NO_WIDTH)

struct remembered_look {
    uint32_t hash; /* 0: none */
    struct html_look look;
};

enum image_source { SOURCE_NONE, SOURCE_REMOTE, SOURCE_DATA, SOURCE_ATTACHED };

/* What the attributes of the tag at hand said.  Of two with one name browsers know the first alone. */
struct tag_said {
    struct html_look look;  /* of style */
    struct html_look hints; /* of colour and the like, which give way to it */
    uint32_t seen;          /* a bit for each enum html_attribute */
    bool classed, pixel, password, image, refresh, href, other_media;
    uint8_t source; /* enum image_source */
    uint8_t host_len;
};

struct html_facts {
    struct html_figures *figures;
    struct counters *counters;
    struct arena *arena;
    struct span from_domain;
    struct html_stack *stack;
    struct html_sheet *sheet; /* NULL: there is none, or no memory */
    struct word_set *words;   /* NULL: nobody compares them */
    uint64_t opened;          /* the inline element whose begin tag came last, while nothing is inside; 0: none */
    struct tag_said said;
    bool after_letter;
    bool in_hidden;   /* the last text with ink was hidden */
    bool style_sheet; /* there is one */
    bool sheet_open;  /* what is inside of <style> is for this screen */
    uint8_t key_count;
    uint16_t keys[KEYS_MAX]; /* of the tag at hand, what the sheet knows */
    bool in_link;            /* to http or https */
    uint8_t between;         /* BETWEEN_... since the last letter */
    uint8_t carry_len;       /* of a character that a cut goes through */
    uint8_t carry[UTF8_BYTES_MAX];
    uint8_t link_host_len, link_text_len;
    uint8_t host_count;
    uint16_t value_len;
    uint8_t value[LIMIT_URL_BYTES];
    struct html_style_reader style; /* of a style attribute in pieces */
    uint8_t host[LINK_HOST_BYTES];  /* of the tag's href, and then of the link */
    uint8_t link_text[LINK_TEXT_BYTES];
    uint16_t hosts[LIMIT_HTML_HOSTS]; /* hashes */
    struct remembered_look styles[LOOKS_REMEMBERED], sheet_looks[LOOKS_REMEMBERED];
};

_Static_assert(sizeof(struct html_facts) <= sizeof((struct arena_block *)0)->bytes, "the facts fit an arena block");
_Static_assert(sizeof(struct html_stack) <= sizeof((struct arena_block *)0)->bytes, "so does the stack");
_Static_assert(ATTRIBUTE_MEDIA < 32, "seen has a bit for each attribute");

static void count(uint16_t *counter) {
    if (*counter < UINT16_MAX) (*counter)++;
}

struct html_facts *html_facts_new(struct arena *arena, struct html_figures *figures, struct span from_domain,
                                  struct counters *counters) {
    struct html_facts *facts = arena_alloc(arena, sizeof *facts);
    struct html_stack *stack = arena_alloc(arena, sizeof *stack);
    if (facts == NULL || stack == NULL) {
        counters->message_memory++;
        return NULL;
    }
    facts->arena = arena;
    facts->stack = stack;
    facts->figures = figures;
    facts->counters = counters;
    facts->from_domain = from_domain;
    html_stack_begin(facts->stack);
    return facts;
}

void html_facts_tell_words(struct html_facts *facts, struct word_set *words) {
    facts->words = words;
}

/* --- links -------------------------------------------------------------------------------------------------------- */

static void count_host(struct html_facts *facts, struct span host) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < host.len; i++) hash = (hash ^ ascii_lower(host.data[i])) * 16777619u;
    uint16_t const folded = (uint16_t)(hash ^ hash >> 16);
    for (unsigned i = 0; i < facts->host_count; i++)
        if (facts->hosts[i] == folded) return;
    if (facts->host_count == LIMIT_HTML_HOSTS) return;
    facts->hosts[facts->host_count++] = folded;
    facts->figures->link_hosts = facts->host_count;
}

static void link_end(struct html_facts *facts) {
    if (!facts->in_link) return;
    facts->in_link = false;
    struct span const shown = html_shown_host(span_of(facts->link_text, facts->link_text_len));
    if (shown.len == 0 || !domain_orgs_differ(shown, span_of(facts->host, facts->link_host_len))) return;
    count(&facts->figures->link_text_elsewhere);
    if (!domain_orgs_equal(shown, facts->from_domain)) count(&facts->figures->link_text_foreign);
}

static void link_begin(struct html_facts *facts) {
    facts->in_link = facts->said.host_len > 0;
    if (!facts->in_link) return;
    facts->link_host_len = facts->said.host_len;
    facts->link_text_len = 0;
    count(&facts->figures->links);
    count_host(facts, span_of(facts->host, facts->link_host_len));
}

/* Runs of white space are one blank, and none in front. */
static void link_text(struct html_facts *facts, struct span text) {
    for (size_t at = 0; at < text.len && facts->link_text_len < LINK_TEXT_BYTES; at++) {
        uint8_t const c = text.data[at];
        bool const space = c <= ' ',
                   blank = facts->link_text_len == 0 || facts->link_text[facts->link_text_len - 1] == ' ';
        if (space && blank) continue;
        facts->link_text[facts->link_text_len++] = space ? ' ' : c;
    }
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static void add_ink(struct html_facts *facts, bool hidden, size_t bytes) {
    struct html_figures *figures = facts->figures;
    if (bytes == 0) return;
    if (!hidden) {
        figures->visible_bytes += (uint32_t)bytes;
        facts->in_hidden = false;
        return;
    }
    figures->hidden_bytes += (uint32_t)bytes;
    if (figures->visible_bytes > 0) figures->hidden_behind += (uint32_t)bytes;
    if (!facts->in_hidden) count(&figures->hidden_blocks);
    facts->in_hidden = true;
    facts->between |= BETWEEN_HIDDEN;
}

/* A letter comes right behind another one, with something between. */
static void judge_between(struct html_facts *facts) {
    unsigned const between = facts->between;
    if ((between & BETWEEN_SPLIT) != 0) count(&facts->figures->words_split);
    if ((between & BETWEEN_TAG) != 0) count(&facts->figures->words_tagged);
    if (between == BETWEEN_SOFT_HYPHEN) count(&facts->figures->soft_hyphens);
}

/* Visible text that begins and ends with these bytes, with nothing between its letters. */
static void add_run(struct html_facts *facts, uint8_t first, uint8_t last) {
    if (facts->between != 0 && facts->after_letter && ascii_is_alpha(first)) judge_between(facts);
    facts->after_letter = ascii_is_alpha(last);
    facts->between = 0;
}

/* Bytes over " "; false when there are any beyond ASCII. */
static bool count_ascii_ink(struct span text, size_t *ink) {
    size_t at = 0;
    uint8_t beyond = 0;
    *ink = 0;
#ifdef __SSE2__
    __m128i const blank = _mm_set1_epi8(' ');
    __m128i sum = _mm_setzero_si128(), high = _mm_setzero_si128();
    for (; text.len - at >= sizeof blank; at += sizeof blank) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.data + at));
        __m128i inked = _mm_and_si128(_mm_cmpgt_epi8(bytes, blank), _mm_set1_epi8(1));
        sum = _mm_add_epi64(sum, _mm_sad_epu8(inked, _mm_setzero_si128()));
        high = _mm_or_si128(high, bytes);
    }
    if (_mm_movemask_epi8(high) != 0) return false;
    *ink = (size_t)_mm_cvtsi128_si64(sum) + (size_t)_mm_cvtsi128_si64(_mm_srli_si128(sum, 8));
#endif
    for (; at < text.len; at++) {
        beyond |= text.data[at];
        *ink += text.data[at] > ' ';
    }
    return beyond < 0x80;
}

enum character_kind { CHARACTER_INK, CHARACTER_SPACE, CHARACTER_NO_WIDTH, CHARACTER_SOFT_HYPHEN };

/* Of characters beyond ASCII.  Sorted; what is not here has ink. */
static const struct {
    uint32_t first, last;
    enum character_kind kind;
} kinds[] = {
    {0x80, 0xa0, CHARACTER_SPACE},          {0xad, 0xad, CHARACTER_SOFT_HYPHEN},  {0x34f, 0x34f, CHARACTER_NO_WIDTH},
    {0x61c, 0x61c, CHARACTER_NO_WIDTH},     {0x115f, 0x1160, CHARACTER_SPACE},    {0x1680, 0x1680, CHARACTER_SPACE},
    {0x17b4, 0x17b5, CHARACTER_NO_WIDTH},   {0x180b, 0x180e, CHARACTER_NO_WIDTH}, {0x2000, 0x200a, CHARACTER_SPACE},
    {0x200b, 0x200f, CHARACTER_NO_WIDTH},   {0x2028, 0x2029, CHARACTER_SPACE},    {0x202a, 0x202e, CHARACTER_NO_WIDTH},
    {0x202f, 0x202f, CHARACTER_SPACE},      {0x205f, 0x205f, CHARACTER_SPACE},    {0x2060, 0x206f, CHARACTER_NO_WIDTH},
    {0x2800, 0x2800, CHARACTER_SPACE},      {0x3000, 0x3000, CHARACTER_SPACE},    {0x3164, 0x3164, CHARACTER_SPACE},
    {0xfe00, 0xfe0f, CHARACTER_NO_WIDTH},   {0xfeff, 0xfeff, CHARACTER_NO_WIDTH}, {0xffa0, 0xffa0, CHARACTER_SPACE},
    {0xe0000, 0xe0fff, CHARACTER_NO_WIDTH},
};

static enum character_kind kind_of(uint32_t c) {
    size_t at = 0;
    while (at < sizeof kinds / sizeof kinds[0] && kinds[at].last < c) at++;
    return at < sizeof kinds / sizeof kinds[0] && kinds[at].first <= c ? kinds[at].kind : CHARACTER_INK;
}

static void add_character(struct html_facts *facts, bool hidden, struct span bytes) {
    uint32_t c;
    (void)utf8_next(bytes, &c);
    switch (kind_of(c)) {
        case CHARACTER_INK:
            add_ink(facts, hidden, bytes.len);
            if (!hidden) add_run(facts, 0, 0);
            break;
        case CHARACTER_SPACE:
            if (!hidden) add_run(facts, 0, 0);
            break;
        case CHARACTER_NO_WIDTH:
            facts->between |= BETWEEN_NO_WIDTH;
            return;
        case CHARACTER_SOFT_HYPHEN:
            facts->between |= BETWEEN_SOFT_HYPHEN;
            return;
    }
    if (hidden) return;
    if (facts->in_link) link_text(facts, bytes);
    if (facts->words != NULL) word_set_add(facts->words, bytes);
}

static void add_ascii(struct html_facts *facts, bool hidden, struct span text, size_t ink) {
    add_ink(facts, hidden, ink);
    if (hidden) return;
    add_run(facts, text.data[0], text.data[text.len - 1]);
    if (facts->in_link) link_text(facts, text);
    if (facts->words != NULL) word_set_add(facts->words, text);
}

/* How many bytes the character has whose first one this is. */
static size_t character_bytes(uint8_t lead) {
    return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

/* The next byte of a character that the cut goes through. */
static void carry_add(struct html_facts *facts, bool hidden, uint8_t c) {
    facts->carry[facts->carry_len++] = c;
    if (facts->carry_len < character_bytes(facts->carry[0])) return;
    add_character(facts, hidden, span_of(facts->carry, facts->carry_len));
    facts->carry_len = 0;
}

static size_t ascii_bytes(struct span text) {
    size_t len = 0;
    while (len < text.len && text.data[len] < 0x80) len++;
    return len;
}

static void add_characters(struct html_facts *facts, bool hidden, struct span text) {
    while (text.len > 0) {
        size_t len = facts->carry_len > 0 ? 0 : ascii_bytes(text);
        if (len > 0) {
            size_t ink;
            (void)count_ascii_ink(span_head(text, len), &ink);
            add_ascii(facts, hidden, span_head(text, len), ink);
        } else if (facts->carry_len > 0 || text.len < character_bytes(text.data[0])) {
            len = 1;
            carry_add(facts, hidden, text.data[0]);
        } else {
            len = character_bytes(text.data[0]);
            add_character(facts, hidden, span_head(text, len));
        }
        text = span_from(text, len);
    }
}

bool html_facts_text(struct html_facts *facts, struct span text) {
    size_t ink;
    if (facts->stack->waiting > 0) html_stack_go_on(facts->stack);
    unsigned const is = html_stack_is(facts->stack);
    facts->opened = 0;
    if ((is & ELEMENT_SILENT) != 0) return true;
    bool const hidden = (is & ELEMENT_HIDDEN) != 0;
    if (facts->carry_len == 0 && count_ascii_ink(text, &ink))
        add_ascii(facts, hidden, text, ink);
    else
        add_characters(facts, hidden, text);
    return hidden;
}

#ifdef __SSE2__
static unsigned bits_set(unsigned bits) {
    bits -= bits >> 1 & 0x5555;
    bits = (bits & 0x3333) + (bits >> 2 & 0x3333);
    bits = (bits + (bits >> 4)) & 0x0f0f;
    return (bits + (bits >> 8)) & 0x1f;
}
#endif

/* Most text is short and is seen: counted without a loop. */
bool html_facts_short_text(struct html_facts *facts, const uint8_t *text, size_t len) {
#ifdef __SSE2__
    unsigned const wanted = (1u << len) - 1;
    __m128i const bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    unsigned const beyond = (unsigned)_mm_movemask_epi8(bytes) & wanted;
    unsigned const odd = html_stack_is(facts->stack) & (ELEMENT_SILENT | ELEMENT_HIDDEN);
    if ((beyond | odd | facts->carry_len | facts->stack->waiting) == 0) {
        unsigned const inked = (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(' '))) & wanted;
        facts->opened = 0;
        add_ascii(facts, false, span_of(text, len), bits_set(inked));
        return false;
    }
#endif
    return html_facts_text(facts, span_of(text, len));
}

void html_facts_ascii_reference(struct html_facts *facts) {
    count(&facts->figures->ascii_references);
}

void html_facts_comment(struct html_facts *facts, size_t bytes, bool over) {
    facts->figures->comment_bytes += (uint32_t)bytes;
    if (over) facts->between |= BETWEEN_COMMENT;
}

void html_facts_raw(struct html_facts *facts, uint64_t tag, struct span bytes) {
    if (html_tag_find(tag)->tag != HTML_STYLE) return;
    facts->figures->style_bytes += (uint32_t)bytes.len;
    if (facts->sheet_open) html_sheet_push(facts->sheet, bytes);
}

/* --- attributes --------------------------------------------------------------------------------------------------- */

static uint64_t load64(const uint8_t *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Two lanes of sixteen bytes, the last ones once more; never 0. */
static uint32_t style_hash(struct span style) {
    uint64_t one = style.len, two = 0;
    uint8_t few[32] = {0};
    if (style.len < sizeof few) {
        memcpy(few, style.data, style.len);
        style = span_of(few, sizeof few);
    }
    for (size_t at = 0; at + sizeof few < style.len; at += sizeof few) {
        const uint8_t *here = style.data + at;
        one = word_hash_of(one, load64(here), load64(here + 8));
        two = word_hash_of(two, load64(here + 16), load64(here + 24));
    }
    const uint8_t *end = style.data + style.len - sizeof few;
    one = word_hash_of(one, load64(end), load64(end + 8));
    two = word_hash_of(two, load64(end + 16), load64(end + 24));
    return (uint32_t)(word_hash_of(0, one, two) >> 32) | 1;
}

/* In one of two places; a new one takes the older one's.  NULL: it is not remembered, and *look has its place. */
static bool remember(struct remembered_look looks[LOOKS_REMEMBERED], uint32_t hash, struct html_look **look) {
    struct remembered_look *pair = &looks[hash >> 8 & (LOOKS_REMEMBERED - 2)];
    struct remembered_look *found = pair[0].hash == hash ? &pair[0] : &pair[1];
    *look = &found->look;
    if (found->hash == hash) return true;
    pair[1] = pair[0];
    pair[0].hash = hash;
    *look = &pair[0].look;
    return false;
}

static void take_style(struct html_facts *facts, struct span style) {
    struct html_look *look;
    if (style.len == 0) return;
    if (!remember(facts->styles, style_hash(style), &look)) html_style_read(look, style);
    facts->said.look = *look;
}

static void add_key(struct html_facts *facts, uint16_t key) {
    if (html_sheet_see(facts->sheet, key)) memset(facts->sheet_looks, 0, sizeof facts->sheet_looks);
    if (html_sheet_knows(facts->sheet, key) && facts->key_count < KEYS_MAX) facts->keys[facts->key_count++] = key;
}

static void take_classes(struct html_facts *facts, struct span names) {
    facts->said.classed = true;
    while (facts->sheet != NULL && names.len > 0) {
        size_t len = 0;
        while (len < names.len && !ascii_is_space(names.data[len])) len++;
        if (len > 0) add_key(facts, html_sheet_class(span_head(names, len)));
        names = span_from(names, len + 1);
    }
}

static void take_href(struct html_facts *facts, enum html_tag tag, struct span value) {
    facts->said.href = true;
    if (tag != HTML_A && tag != HTML_AREA) return;
    uint8_t room[LIMIT_URL_BYTES];
    struct span host = span_head(url_authority_read(value).host, sizeof room);
    if (host.len > 0) memcpy(room, host.data, host.len);
    host = span_of(room, url_host_decode(room, host.len));
    link_end(facts); /* a link ends where the next begins; its host makes room */
    if (host.len > sizeof facts->host) host = span_from(host, host.len - sizeof facts->host);
    facts->said.host_len = (uint8_t)host.len;
    if (host.len > 0) memcpy(facts->host, host.data, facts->said.host_len);
}

static void take_source(struct html_facts *facts, struct span value) {
    value = span_trim(value);
    if (span_starts_with_nocase(value, SPAN_LITERAL("data:")))
        facts->said.source = SOURCE_DATA;
    else if (span_starts_with_nocase(value, SPAN_LITERAL("cid:")))
        facts->said.source = SOURCE_ATTACHED;
    else if (span_starts_with_nocase(value, SPAN_LITERAL("http")) || span_starts_with(value, SPAN_LITERAL("//")))
        facts->said.source = SOURCE_REMOTE;
}

/* <input type=image> is one, too, and its type may stand behind its source. */
static bool may_be_image(uint64_t name) {
    uint8_t const tag = html_tag_find(name)->tag;
    return tag == HTML_IMG || tag == HTML_INPUT;
}

static void take_measure(struct html_facts *facts, struct span value) {
    value = span_trim(value);
    bool const digits = value.len > 0 && ascii_is_digit(value.data[0]);
    bool const more = value.len > 1 && (ascii_is_digit(value.data[1]) || value.data[1] == '%');
    if (digits && !more && value.data[0] - '0' <= PIXEL_MAX) facts->said.pixel = true;
}

static bool has_paper(enum html_tag tag) {
    return tag == HTML_BODY || tag == HTML_TABLE || tag == HTML_ROWS || tag == HTML_ROW || tag == HTML_CELL;
}

/* Colours and the like in attributes, which only some elements have (HTML 5, 15.3). */
static void take_hint(struct html_facts *facts, enum html_tag tag, enum html_attribute attribute, struct span value) {
    struct html_look look = {.says = 0};
    if (attribute == ATTRIBUTE_HIDDEN) look.says = LOOK_DISPLAY | LOOK_NO_DISPLAY;
    if (attribute == ATTRIBUTE_COLOR && tag == HTML_FONT) html_ink_read(&look, value);
    if (attribute == ATTRIBUTE_SIZE && tag == HTML_FONT) html_size_read(&look, value);
    if (attribute == ATTRIBUTE_TEXT && tag == HTML_BODY) html_ink_read(&look, value);
    if (attribute == ATTRIBUTE_BGCOLOR && has_paper(tag)) html_paper_read(&look, value);
    if (attribute == ATTRIBUTE_BACKGROUND && has_paper(tag)) look.says = LOOK_PAPER | LOOK_PAPER_STRANGE;
    html_look_over(&facts->said.hints, &look);
}

static bool is_this_screen(struct span media) {
    return media.len == 0 || span_equal_nocase(media, SPAN_LITERAL("all")) ||
           span_equal_nocase(media, SPAN_LITERAL("screen"));
}

/* Whether it stands in the tag for the first time. */
static bool is_first(struct html_facts *facts, enum html_attribute attribute) {
    unsigned const bit = 1u << attribute;
    bool const first = (facts->said.seen & bit) == 0;
    facts->said.seen |= bit;
    return first;
}

void html_facts_attribute(struct html_facts *facts, uint64_t tag, enum html_attribute attribute, struct span value) {
    if (!is_first(facts, attribute)) return;
    if (attribute == ATTRIBUTE_STYLE) { /* mostly */
        take_style(facts, value);
        return;
    }
    value = span_head(value, sizeof facts->value); /* as much as there is of one that came in pieces */
    switch (attribute) {
        case ATTRIBUTE_CLASS:
            take_classes(facts, value);
            return;
        case ATTRIBUTE_ID:
            if (facts->sheet != NULL) add_key(facts, html_sheet_id(value));
            return;
        case ATTRIBUTE_MEDIA:
            facts->said.other_media = !is_this_screen(span_trim(value));
            return;
        case ATTRIBUTE_HREF:
            take_href(facts, html_tag_find(tag)->tag, value);
            return;
        case ATTRIBUTE_SRC:
            if (may_be_image(tag)) take_source(facts, value);
            return;
        case ATTRIBUTE_HIDDEN:
        case ATTRIBUTE_BGCOLOR:
        case ATTRIBUTE_BACKGROUND:
        case ATTRIBUTE_COLOR:
        case ATTRIBUTE_SIZE:
        case ATTRIBUTE_TEXT:
            take_hint(facts, html_tag_find(tag)->tag, attribute, value);
            return;
        case ATTRIBUTE_TYPE:
            facts->said.password = span_equal_nocase(span_trim(value), SPAN_LITERAL("password"));
            facts->said.image = span_equal_nocase(span_trim(value), SPAN_LITERAL("image"));
            return;
        case ATTRIBUTE_HTTP_EQUIV:
            facts->said.refresh = span_equal_nocase(span_trim(value), SPAN_LITERAL("refresh"));
            return;
        case ATTRIBUTE_WIDTH:
        case ATTRIBUTE_HEIGHT:
            if (may_be_image(tag)) take_measure(facts, value);
            return;
        case ATTRIBUTE_STYLE:
        case ATTRIBUTE_ACTION:
        case ATTRIBUTE_NONE:
            return;
    }
}

void html_facts_value(struct html_facts *facts, enum html_attribute attribute, struct span bytes) {
    bool over;
    if (attribute == ATTRIBUTE_STYLE) {
        (void)html_style_push(&facts->style, bytes, false, &over);
        return;
    }
    bytes = span_head(bytes, sizeof facts->value - facts->value_len);
    if (bytes.len > 0) memcpy(facts->value + facts->value_len, bytes.data, bytes.len);
    facts->value_len = (uint16_t)(facts->value_len + bytes.len);
}

void html_facts_value_end(struct html_facts *facts, uint64_t tag, enum html_attribute attribute) {
    if (attribute == ATTRIBUTE_STYLE) {
        html_style_end(&facts->style);
        if (is_first(facts, attribute)) facts->said.look = facts->style.look;
        memset(&facts->style, 0, sizeof facts->style);
        return;
    }
    html_facts_attribute(facts, tag, attribute, span_of(facts->value, facts->value_len));
    facts->value_len = 0;
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

static void count_image(struct html_facts *facts) {
    struct html_figures *figures = facts->figures;
    if (facts->said.pixel) {
        count(&figures->image_pixels);
        return;
    }
    count(&figures->images);
    if (facts->in_link) count(&figures->images_linked);
    if (facts->said.source == SOURCE_REMOTE) count(&figures->images_remote);
    if (facts->said.source == SOURCE_DATA) count(&figures->images_data);
    if (facts->said.source == SOURCE_ATTACHED) count(&figures->images_attached);
    facts->after_letter = false;
}

/* Names with a ":" are of another name space, as Office writes them. */
static bool is_unknown(const struct html_tag_row *row, uint64_t name) {
    if (row->name != 0) return false;
    for (; name != 0; name >>= HTML_LETTER_BITS)
        if ((name & ((1u << HTML_LETTER_BITS) - 1)) == HTML_LETTER_COLON) return false;
    return true;
}

static void count_tag(struct html_facts *facts, const struct html_tag_row *row) {
    struct html_figures *figures = facts->figures;
    const struct tag_said *said = &facts->said;
    switch ((enum html_tag)row->tag) {
        case HTML_A:
        case HTML_AREA:
            link_end(facts);
            link_begin(facts);
            if (row->tag == HTML_AREA) facts->in_link = false;
            break;
        case HTML_BASE:
            if (said->href) count(&figures->base_href);
            break;
        case HTML_FORM:
            count(&figures->forms);
            break;
        case HTML_IFRAME:
            count(&figures->iframes);
            break;
        case HTML_IMG:
            count_image(facts);
            break;
        case HTML_INPUT:
            if (said->password) count(&figures->password_inputs);
            if (said->image) count_image(facts);
            break;
        case HTML_META:
            if (said->refresh) count(&figures->meta_refresh);
            break;
        case HTML_SCRIPT:
            count(&figures->scripts);
            break;
        case HTML_TABLE:
            count(&figures->tables);
            break;
        default:
            break;
    }
}

/* A sheet without memory is one of which nothing is known. */
static void begin_sheet(struct html_facts *facts) {
    facts->sheet_open = false;
    if (facts->said.other_media) return;
    facts->style_sheet = true;
    if (facts->sheet == NULL) facts->sheet = arena_alloc(facts->arena, sizeof *facts->sheet);
    if (facts->sheet == NULL) facts->counters->message_memory++;
    facts->sheet_open = facts->sheet != NULL;
}

static void end_sheet(struct html_facts *facts) {
    if (!facts->sheet_open) return;
    html_sheet_end(facts->sheet);
    if (facts->sheet->lost && facts->figures->rules_lost == 0) {
        facts->counters->html_rules++;
        count(&facts->figures->rules_lost);
    }
    memset(facts->sheet_looks, 0, sizeof facts->sheet_looks);
    facts->sheet_open = false;
}

/* What the sheet says of the tag at hand. */
static void add_sheet_look(struct html_facts *facts, uint64_t name, struct html_look *look) {
    add_key(facts, html_sheet_tag(name));
    uint32_t hash = facts->key_count;
    struct html_look *sheet_look;
    if (facts->key_count == 0 && !facts->sheet->any) return;
    for (unsigned i = 0; i < facts->key_count; i++) hash = (hash ^ facts->keys[i]) * 16777619u;
    if (!remember(facts->sheet_looks, hash | 1, &sheet_look))
        *sheet_look = html_sheet_look(facts->sheet, facts->keys, facts->key_count);
    if (sheet_look->says != 0) html_look_over(look, sheet_look);
}

/* Hints in attributes, then the sheet, then the style: each over those before it (CSS Cascade 4, 6). */
static struct html_look look_of(struct html_facts *facts, const struct html_tag_row *row, uint64_t name) {
    struct html_look look = facts->said.hints;
    if (facts->sheet != NULL) add_sheet_look(facts, name, &look);
    if (look.says == 0)
        look = facts->said.look;
    else
        html_look_over(&look, &facts->said.look);
    if (row->tag == HTML_CELL || row->tag == HTML_ROW) look.says &= ~(uint32_t)LOOK_NO_ROOM; /* they grow */
    html_look_end(&look);
    return look;
}

static void begin_tag(struct html_facts *facts, const struct html_tag_row *row, uint64_t name) {
    if (row->tag > HTML_COUNTED) count_tag(facts, row);
    if (is_unknown(row, name)) count(&facts->figures->unknown_tags);
    bool const unknown = facts->style_sheet && (facts->sheet == NULL || facts->sheet->lost);
    struct html_look const look = look_of(facts, row, name);
    if (!html_stack_open(facts->stack, row, name, &look, unknown && facts->said.classed)) {
        facts->counters->html_depth++;
        count(&facts->figures->too_deep);
    }
    if (row->tag == HTML_STYLE) begin_sheet(facts);
    bool const is_inline = (row->form & ~(unsigned)(TAG_LEAVES | TAG_FORMATS)) == TAG_INLINE;
    facts->opened = is_inline && (row->tag == HTML_OTHER || row->tag == HTML_FONT) ? name : 0;
}

static void end_tag(struct html_facts *facts, const struct html_tag_row *row, uint64_t name) {
    if (facts->opened == name) {
        count(&facts->figures->empty_elements);
        facts->between |= BETWEEN_EMPTY;
    }
    facts->opened = 0;
    if (row->tag == HTML_A) link_end(facts);
    if (row->tag == HTML_STYLE) end_sheet(facts);
    html_stack_close(facts->stack, row, name);
}

void html_facts_tag(struct html_facts *facts, const struct html_tag_row *row, uint64_t name, bool closing) {
    facts->carry_len = 0; /* no character goes on behind a tag */
    if (closing)
        end_tag(facts, row, name);
    else
        begin_tag(facts, row, name);
    if ((row->form & TAG_BLOCK) != 0) {
        facts->after_letter = false;
        if (facts->words != NULL) word_set_part(facts->words);
    } else if (row->tag != HTML_WBR) {
        facts->between |= BETWEEN_TAG;
    }
    facts->said = (struct tag_said){.host_len = 0};
    facts->key_count = 0;
}

void html_facts_end(struct html_facts *facts) {
    link_end(facts);
    html_stack_begin(facts->stack);
    facts->opened = 0;
    facts->said = (struct tag_said){.host_len = 0};
    end_sheet(facts);
    if (facts->sheet != NULL) memset(facts->sheet, 0, sizeof *facts->sheet);
    memset(facts->sheet_looks, 0, sizeof facts->sheet_looks);
    memset(&facts->style, 0, sizeof facts->style);
    facts->after_letter = facts->in_hidden = facts->style_sheet = false;
    facts->key_count = 0;
    facts->between = facts->carry_len = 0;
    facts->value_len = 0;
}
