/* Facts of the markup, counted while html_text passes over it.
 *
 *   tag, attributes --> html_style --> html_stack: is text hidden here?
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
#include "html_stack.h"
#include "mailspan/domain_org.h"
#include "mailspan/utf8.h"
#include "mailspan/word_hash.h"
#include "word_sets.h"

#define STYLES_REMEMBERED 16 /* a power of two; a newsletter has about a dozen */
#define LINK_TEXT_BYTES 96   /* longer texts of links are sentences */
#define LINK_HOST_BYTES 128  /* its end: a label of 63 bytes and the longest suffix that is public */
#define PIXEL_MAX 2          /* pictures of this width or height are not there to be seen */

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

struct remembered_style {
    uint32_t hash; /* 0: none */
    uint16_t says;
    uint8_t ink[3], paper[3];
};

enum image_source { SOURCE_NONE, SOURCE_REMOTE, SOURCE_DATA, SOURCE_ATTACHED };

/* What the attributes of the tag at hand said.  Of two with one name browsers know the first alone. */
struct tag_said {
    struct html_look look;  /* of style */
    struct html_look hints; /* of colour and the like, which give way to it */
    uint16_t seen;          /* a bit for each enum html_attribute */
    bool classed, pixel, password, refresh, href;
    uint8_t source; /* enum image_source */
    uint8_t host_len;
};

struct html_facts {
    struct html_figures *figures;
    struct counters *counters;
    struct span from_domain;
    struct word_set *words; /* NULL: nobody compares them */
    uint64_t opened;        /* the inline element whose begin tag came last, while nothing is inside; 0: none */
    struct tag_said said;
    bool after_letter;
    bool in_hidden;    /* the last text with ink was hidden */
    bool style_sheet;  /* there is one, which may give classes a background */
    bool in_link;      /* to http or https */
    uint8_t between;   /* BETWEEN_... since the last letter */
    uint8_t carry_len; /* of a character that a cut goes through */
    uint8_t carry[UTF8_BYTES_MAX];
    uint8_t link_host_len, link_text_len;
    uint8_t host_count;
    uint16_t value_len;
    uint8_t value[HTML_STYLE_BYTES];
    uint8_t host[LINK_HOST_BYTES]; /* of the tag's href, and then of the link */
    uint8_t link_text[LINK_TEXT_BYTES];
    uint16_t hosts[LIMIT_HTML_HOSTS]; /* hashes */
    struct remembered_style styles[STYLES_REMEMBERED];
    struct html_stack stack;
};

_Static_assert(sizeof(struct html_facts) <= sizeof((struct arena_block *)0)->bytes, "the facts fit an arena block");
_Static_assert(ATTRIBUTE_HEIGHT < 16, "seen has a bit for each attribute");
_Static_assert(LIMIT_URL_BYTES <= HTML_STYLE_BYTES, "value has room for an address");

static void count(uint16_t *counter) {
    if (*counter < UINT16_MAX) (*counter)++;
}

struct html_facts *html_facts_new(struct arena *arena, struct html_figures *figures, struct span from_domain,
                                  struct counters *counters) {
    struct html_facts *facts = arena_alloc(arena, sizeof *facts);
    if (facts == NULL) {
        counters->message_memory++;
        return NULL;
    }
    facts->figures = figures;
    facts->counters = counters;
    facts->from_domain = from_domain;
    html_stack_begin(&facts->stack);
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

void html_facts_text(struct html_facts *facts, struct span text) {
    unsigned const is = html_stack_is(&facts->stack);
    size_t ink;
    if (text.len == 0) return;
    facts->opened = 0;
    if ((is & ELEMENT_SILENT) != 0) return;
    bool const hidden = (is & ELEMENT_HIDDEN) != 0;
    if (facts->carry_len == 0 && count_ascii_ink(text, &ink))
        add_ascii(facts, hidden, text, ink);
    else
        add_characters(facts, hidden, text);
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
void html_facts_short_text(struct html_facts *facts, const uint8_t *text, size_t len) {
#ifdef __SSE2__
    unsigned const wanted = (1u << len) - 1;
    __m128i const bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    unsigned const beyond = (unsigned)_mm_movemask_epi8(bytes) & wanted;
    unsigned const odd = html_stack_is(&facts->stack) & (ELEMENT_SILENT | ELEMENT_HIDDEN);
    if ((beyond | odd | facts->carry_len) == 0 && len > 0) {
        unsigned const inked = (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(' '))) & wanted;
        facts->opened = 0;
        add_ascii(facts, false, span_of(text, len), bits_set(inked));
        return;
    }
#endif
    html_facts_text(facts, span_of(text, len));
}

void html_facts_ascii_reference(struct html_facts *facts) {
    count(&facts->figures->ascii_references);
}

void html_facts_comment(struct html_facts *facts, size_t bytes, bool over) {
    facts->figures->comment_bytes += (uint32_t)bytes;
    if (over) facts->between |= BETWEEN_COMMENT;
}

void html_facts_raw(struct html_facts *facts, uint64_t tag, size_t bytes) {
    if (html_tag_find(tag)->tag != HTML_STYLE) return;
    facts->figures->style_bytes += (uint32_t)bytes;
    facts->style_sheet = true;
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

/* What a style says in place of what was said before. */
static void look_over(struct html_look *look, const struct html_look *over) {
    unsigned gone = 0;
    if ((over->says & LOOK_INK) != 0) {
        look->ink = over->ink;
        gone |= LOOK_INK_STRANGE | LOOK_CLEAR_INK;
    }
    if ((over->says & LOOK_PAPER) != 0) {
        look->paper = over->paper;
        gone |= LOOK_PAPER_STRANGE;
    }
    look->says = (uint16_t)((look->says & ~gone) | over->says);
}

static void put_colour(uint8_t bytes[3], uint32_t colour) {
    for (unsigned i = 0; i < 3; i++) bytes[i] = (uint8_t)(colour >> (16 - 8 * i));
}

static uint32_t colour_of(const uint8_t bytes[3]) {
    return (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
}

/* What a style says, in one of two places; a new one takes the older one's. */
static struct html_look remembered_look(struct html_facts *facts, uint32_t hash, struct span style) {
    struct remembered_style *pair = &facts->styles[hash >> 8 & (STYLES_REMEMBERED - 2)];
    const struct remembered_style *found = pair[0].hash == hash ? &pair[0] : &pair[1];
    struct html_look look = {.says = 0};
    if (found->hash == hash)
        return (struct html_look){.ink = colour_of(found->ink), .paper = colour_of(found->paper), .says = found->says};
    html_style_read(&look, style);
    pair[1] = pair[0];
    pair[0] = (struct remembered_style){.hash = hash, .says = look.says};
    put_colour(pair[0].ink, look.ink);
    put_colour(pair[0].paper, look.paper);
    return look;
}

static void take_style(struct html_facts *facts, struct span style) {
    style = span_head(style, HTML_STYLE_BYTES);
    if (style.len == 0) return;
    facts->said.look = remembered_look(facts, style_hash(style), style);
}

static void take_href(struct html_facts *facts, enum html_tag tag, struct span value) {
    facts->said.href = true;
    if (tag != HTML_A && tag != HTML_AREA) return;
    struct span host = html_url_host(value);
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

static void take_measure(struct html_facts *facts, struct span value) {
    value = span_trim(value);
    bool const digits = value.len > 0 && ascii_is_digit(value.data[0]);
    bool const more = value.len > 1 && (ascii_is_digit(value.data[1]) || value.data[1] == '%');
    if (digits && !more && value.data[0] - '0' <= PIXEL_MAX) facts->said.pixel = true;
}

static bool colours_ink(enum html_tag tag) {
    return tag == HTML_FONT;
}

static bool has_paper(enum html_tag tag) {
    return tag == HTML_BODY || tag == HTML_TABLE || tag == HTML_ROWS || tag == HTML_ROW || tag == HTML_CELL;
}

/* Colours in attributes, which only some elements have (HTML 5, 15.3). */
static void take_hint(struct html_facts *facts, enum html_tag tag, enum html_attribute attribute, struct span value) {
    struct html_look look = {.says = 0};
    if (attribute == ATTRIBUTE_HIDDEN) look.says = LOOK_GONE;
    if (attribute == ATTRIBUTE_COLOR && colours_ink(tag)) html_ink_read(&look, value);
    if (attribute == ATTRIBUTE_BGCOLOR && has_paper(tag)) html_paper_read(&look, value);
    if (attribute == ATTRIBUTE_BACKGROUND && has_paper(tag)) look.says = LOOK_PAPER | LOOK_PAPER_STRANGE;
    look_over(&facts->said.hints, &look);
}

/* Whether it stands in the tag for the first time. */
static bool is_first(struct html_facts *facts, enum html_attribute attribute) {
    unsigned const bit = 1u << attribute;
    bool const first = (facts->said.seen & bit) == 0;
    facts->said.seen = (uint16_t)(facts->said.seen | bit);
    return first;
}

void html_facts_attribute(struct html_facts *facts, uint64_t tag, enum html_attribute attribute, struct span value) {
    if (!is_first(facts, attribute)) return;
    value = span_head(value, sizeof facts->value); /* as much as there is of one that came in pieces */
    if (attribute == ATTRIBUTE_STYLE) {            /* mostly */
        take_style(facts, value);
        return;
    }
    switch (attribute) {
        case ATTRIBUTE_CLASS:
            facts->said.classed = true;
            return;
        case ATTRIBUTE_HREF:
            take_href(facts, html_tag_find(tag)->tag, value);
            return;
        case ATTRIBUTE_SRC:
            if (tag == HTML_NAME_IMG) take_source(facts, value);
            return;
        case ATTRIBUTE_HIDDEN:
        case ATTRIBUTE_BGCOLOR:
        case ATTRIBUTE_BACKGROUND:
        case ATTRIBUTE_COLOR:
            take_hint(facts, html_tag_find(tag)->tag, attribute, value);
            return;
        case ATTRIBUTE_TYPE:
            facts->said.password = span_equal_nocase(span_trim(value), SPAN_LITERAL("password"));
            return;
        case ATTRIBUTE_HTTP_EQUIV:
            facts->said.refresh = span_equal_nocase(span_trim(value), SPAN_LITERAL("refresh"));
            return;
        case ATTRIBUTE_WIDTH:
        case ATTRIBUTE_HEIGHT:
            if (tag == HTML_NAME_IMG) take_measure(facts, value);
            return;
        case ATTRIBUTE_STYLE:
        case ATTRIBUTE_ACTION:
        case ATTRIBUTE_NONE:
            return;
    }
}

void html_facts_value(struct html_facts *facts, struct span bytes) {
    bytes = span_head(bytes, sizeof facts->value - facts->value_len);
    if (bytes.len > 0) memcpy(facts->value + facts->value_len, bytes.data, bytes.len);
    facts->value_len = (uint16_t)(facts->value_len + bytes.len);
}

void html_facts_value_end(struct html_facts *facts, uint64_t tag, enum html_attribute attribute) {
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

static void begin_tag(struct html_facts *facts, const struct html_tag_row *row, uint64_t name) {
    if (row->tag > HTML_COUNTED) count_tag(facts, row);
    if (is_unknown(row, name)) count(&facts->figures->unknown_tags);
    bool const styled = facts->said.classed && facts->style_sheet;
    if (facts->said.hints.says != 0) {
        look_over(&facts->said.hints, &facts->said.look);
        facts->said.look = facts->said.hints;
    }
    if (!html_stack_open(&facts->stack, row, name, &facts->said.look, styled)) facts->counters->html_depth++;
    bool const is_inline = (row->form & ~(unsigned)TAG_LEAVES) == TAG_INLINE;
    facts->opened = is_inline && (row->tag == HTML_OTHER || row->tag == HTML_FONT) ? name : 0;
}

static void end_tag(struct html_facts *facts, const struct html_tag_row *row, uint64_t name) {
    if (facts->opened == name) {
        count(&facts->figures->empty_elements);
        facts->between |= BETWEEN_EMPTY;
    }
    facts->opened = 0;
    if (row->tag == HTML_A) link_end(facts);
    html_stack_close(&facts->stack, row, name);
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
}

void html_facts_end(struct html_facts *facts) {
    link_end(facts);
    html_stack_begin(&facts->stack);
    facts->opened = 0;
    facts->said = (struct tag_said){.host_len = 0};
    facts->after_letter = facts->in_hidden = facts->style_sheet = false;
    facts->between = facts->carry_len = 0;
    facts->value_len = 0;
}
