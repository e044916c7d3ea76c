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
 * Text hidden by colour, size or style is text here.  Long runs of text are handed on where they lie; short ones, which
 * lie between tags, are gathered, because whoever takes them has a price for each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_text.h"

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
    RAW, /* inside <script> or <style> */
};

#define GATHERED_BYTES 1024
#define GATHERED_RUN_BYTES 256 /* longer runs are not copied */

struct html_push {
    struct html_text *html;
    const struct html_sink *sink;
    struct span source;
    size_t at;
    size_t gathered_len;
    uint8_t gathered[GATHERED_BYTES]; /* text that was not handed on yet */
};

#define NAMES_LONGEST 10

/* Names by their length, all of one length behind each other. */
typedef const char *const name_table[NAMES_LONGEST + 1];

#define NO_NAME SIZE_MAX

/* The name's number among those of its length, or NO_NAME. */
static size_t name_find(const char *name, size_t len, name_table table) {
    const char *at = len <= NAMES_LONGEST ? table[len] : NULL;
    if (at == NULL) return NO_NAME;
    for (size_t number = 0; *at != '\0'; at += len, number++)
        if (at[0] == name[0] && at[len - 1] == name[len - 1] && (len <= 2 || memcmp(at, name, len) == 0)) return number;
    return NO_NAME;
}

static bool name_in(const char *name, size_t len, name_table table) {
    return name_find(name, len, table) != NO_NAME;
}

/* --- character references -------------------------------------------------------------------------------------- */

struct entity_name {
    const char *name;
    uint16_t code_point;
};

static const struct entity_name entity_names[] = {
    {"nbsp", 0xa0},     {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"copy", 0xa9},     {"reg", 0xae},      {"trade", 0x2122}, {"shy", 0xad},     {"zwnj", 0x200c},  {"zwj", 0x200d},
    {"euro", 0x20ac},   {"pound", 0xa3},    {"yen", 0xa5},     {"cent", 0xa2},    {"sect", 0xa7},    {"bull", 0x2022},
    {"middot", 0xb7},   {"hellip", 0x2026}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ldquo", 0x201c},  {"rdquo", 0x201d},  {"laquo", 0xab},   {"raquo", 0xbb},   {"ensp", 0x2002},  {"emsp", 0x2003},
    {"thinsp", 0x2009}, {"auml", 0xe4},     {"ouml", 0xf6},    {"uuml", 0xfc},    {"Auml", 0xc4},    {"Ouml", 0xd6},
    {"Uuml", 0xdc},     {"szlig", 0xdf},    {"agrave", 0xe0},  {"aacute", 0xe1},  {"acirc", 0xe2},   {"atilde", 0xe3},
    {"aring", 0xe5},    {"aelig", 0xe6},    {"ccedil", 0xe7},  {"egrave", 0xe8},  {"eacute", 0xe9},  {"ecirc", 0xea},
    {"euml", 0xeb},     {"igrave", 0xec},   {"iacute", 0xed},  {"icirc", 0xee},   {"iuml", 0xef},    {"ntilde", 0xf1},
    {"ograve", 0xf2},   {"oacute", 0xf3},   {"ocirc", 0xf4},   {"otilde", 0xf5},  {"oslash", 0xf8},  {"ugrave", 0xf9},
    {"uacute", 0xfa},   {"ucirc", 0xfb},    {"Eacute", 0xc9},  {"Aacute", 0xc1},  {"Oacute", 0xd3},  {"Ccedil", 0xc7},
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
    if (html->entity_len > 1 && html->entity[0] == '#') return entity_number(html->entity, html->entity_len);
    for (size_t i = 0; i < sizeof entity_names / sizeof entity_names[0]; i++) {
        const struct entity_name *known = &entity_names[i];
        if (strlen(known->name) == html->entity_len && memcmp(known->name, html->entity, html->entity_len) == 0)
            return known->code_point;
    }
    return 0;
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

/* --- handing on ------------------------------------------------------------------------------------------------ */

static void flush(struct html_push *push) {
    size_t len = push->gathered_len;
    push->gathered_len = 0;
    if (len > 0) push->sink->text(push->sink->context, span_of(push->gathered, len));
}

static void emit_text(struct html_push *push, struct span bytes) {
    if (bytes.len > GATHERED_BYTES - push->gathered_len || bytes.len > GATHERED_RUN_BYTES) flush(push);
    if (bytes.len > GATHERED_RUN_BYTES) {
        push->sink->text(push->sink->context, bytes);
        return;
    }
    if (bytes.len > 0) memcpy(push->gathered + push->gathered_len, bytes.data, bytes.len);
    push->gathered_len += bytes.len;
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

static void emit(struct html_push *push, struct span bytes) {
    const struct html_text *html = push->html;
    if (bytes.len == 0) return;
    if (html->state < TAG_OPEN && !html->entity_in_value)
        emit_text(push, bytes);
    else if (html->in_link)
        emit_link(push, bytes);
}

/* --- the end of a reference ------------------------------------------------------------------------------------ */

/* A reference ended; complete: by its semicolon.  Inside a value, "&copy=1" is a query and no reference. */
static void entity_end(struct html_push *push, bool complete) {
    struct html_text *html = push->html;
    uint32_t c = complete || !html->entity_in_value ? entity_value(html) : 0;
    uint8_t bytes[4];
    if (c == 0) {
        emit(push, SPAN_LITERAL("&"));
        emit(push, span_of(html->entity, html->entity_len));
        if (complete) emit(push, SPAN_LITERAL(";"));
    } else if (!has_no_width(c)) {
        emit(push, span_of(bytes, utf8_encode(c == 0xa0 ? ' ' : c, bytes)));
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

/* Does not consume the byte that ends a reference, unless it is the semicolon. */
static void step_entity(struct html_push *push) {
    struct html_text *html = push->html;
    uint8_t c = push->source.data[push->at];
    bool belongs = ascii_is_alpha(c) || ascii_is_digit(c) || (c == '#' && html->entity_len == 0);
    if (belongs && html->entity_len < HTML_ENTITY_BYTES) {
        html->entity[html->entity_len++] = (char)c;
        push->at++;
        return;
    }
    if (c == ';') push->at++;
    entity_end(push, c == ';');
}

/* --- tags ------------------------------------------------------------------------------------------------------ */

/* What the reader sees of a tag: a paragraph (2), a line (1), or a cell (0) begins. */
static void emit_tag(struct html_push *push) {
    static name_table names = {[1] = "p",
                               [2] = "brtdtrthlidtddh1h2h3h4h5h6hrulol",
                               [3] = "divpre",
                               [4] = "bodyheadform",
                               [5] = "tabletitleinput",
                               [6] = "centerfooterheaderselectoptionbutton",
                               [7] = "sectionarticle",
                               [8] = "textarea",
                               [10] = "blockquote"};
    static name_table newlines = {[1] = "2",   [2] = "1010111222222222", [3] = "22", [4] = "222",
                                  [5] = "220", [6] = "222110",           [7] = "22", [8] = "0",
                                  [10] = "2"};
    static const struct span seen[] = {
        {(const uint8_t *)" ", 1}, {(const uint8_t *)"\n", 1}, {(const uint8_t *)"\n\n", 2}};
    const struct html_text *html = push->html;
    size_t number = name_find(html->tag, html->tag_len, names);
    if (number == NO_NAME) return;
    const char *counts = newlines[html->tag_len];
    if (counts != NULL) emit_text(push, seen[counts[number] - '0']);
}

static void tag_end(struct html_push *push) {
    static name_table raw = {[5] = "style", [6] = "script"};
    struct html_text *html = push->html;
    emit_tag(push);
    html->state = !html->closing && name_in(html->tag, html->tag_len, raw) ? RAW : IN_TEXT;
    html->matched = 0;
}

static void name_add(char name[HTML_NAME_BYTES], uint8_t *len, uint8_t c) {
    if (*len < HTML_NAME_BYTES) name[*len] = (char)ascii_lower(c);
    if (*len <= HTML_NAME_BYTES) (*len)++; /* one more than fits: then it is no name that is known */
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
        html->matched = c == '!' ? 2 : 0;
        if (c != '>') push->at++;
    } else {
        html->state = IN_TEXT;
        emit(push, SPAN_LITERAL("<"));
    }
}

/* What ends a name: of a tag, or only of an attribute. */
enum { ENDS_TAG = 1, ENDS_ATTRIBUTE = 2 };

static const uint8_t name_ends[256] = {
    ['\t' ... '\r'] = ENDS_TAG | ENDS_ATTRIBUTE,
    [' '] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['/'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['>'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['='] = ENDS_ATTRIBUTE,
};

/* Reads on in a name.  True when its end was found, which is left to be read. */
static bool name_read(struct html_push *push, char name[HTML_NAME_BYTES], uint8_t *len, uint8_t end) {
    for (; push->at < push->source.len; push->at++) {
        uint8_t c = push->source.data[push->at];
        if ((name_ends[c] & end) != 0) return true;
        name_add(name, len, c);
    }
    return false;
}

static void step_tag_name(struct html_push *push) {
    struct html_text *html = push->html;
    if (name_read(push, html->tag, &html->tag_len, ENDS_TAG)) html->state = TAG_SPACE;
}

/* Passes over white space; false where there is nothing behind it. */
static bool pass_space(struct html_push *push) {
    while (push->at < push->source.len && ascii_is_space(push->source.data[push->at])) push->at++;
    return push->at < push->source.len;
}

static bool is_link_name(struct span name) {
    return span_equal_nocase(name, SPAN_LITERAL("href")) || span_equal_nocase(name, SPAN_LITERAL("src")) ||
           span_equal_nocase(name, SPAN_LITERAL("action"));
}

/* Where the attribute that begins the text ends, when all of it is there, its value has quotes and it leads nowhere, as
 * most do; else 0. */
static size_t plain_attribute_bytes(struct span text) {
    size_t name = 0;
    while (name < text.len && (name_ends[text.data[name]] & ENDS_ATTRIBUTE) == 0) name++;
    if (name == 0 || text.len - name < 3 || text.data[name] != '=') return 0;
    uint8_t quote = text.data[name + 1];
    if ((quote != '"' && quote != '\'') || is_link_name(span_head(text, name))) return 0;
    struct span value = span_from(text, name + 2);
    size_t len = span_find(value, quote);
    return len < value.len ? name + 2 + len + 1 : 0;
}

static void step_tag_space(struct html_push *push) {
    struct html_text *html = push->html;
    size_t passed;
    do {
        if (!pass_space(push)) return;
        passed = plain_attribute_bytes(span_from(push->source, push->at));
        push->at += passed;
    } while (passed > 0);
    uint8_t c = push->source.data[push->at++];
    if (c == '>') {
        tag_end(push);
    } else if (c != '/') {
        html->attribute_len = 0;
        name_add(html->attribute, &html->attribute_len, c);
        html->state = ATTRIBUTE_NAME;
    }
}

static void step_attribute_name(struct html_push *push) {
    struct html_text *html = push->html;
    if (name_read(push, html->attribute, &html->attribute_len, ENDS_ATTRIBUTE)) html->state = ATTRIBUTE_END;
}

static void step_attribute_end(struct html_push *push) {
    struct html_text *html = push->html;
    if (!pass_space(push)) return;
    html->state = TAG_SPACE;
    if (push->source.data[push->at] != '=') return;
    html->state = VALUE_BEGIN;
    push->at++;
}

static void step_value_begin(struct html_push *push) {
    static name_table links = {[3] = "src", [4] = "href", [6] = "action"};
    struct html_text *html = push->html;
    uint8_t c = push->source.data[push->at];
    if (ascii_is_space(c)) {
        push->at++;
        return;
    }
    if (c == '>') {
        html->state = TAG_SPACE;
        return;
    }
    html->quote = c == '"' || c == '\'' ? c : 0;
    if (html->quote != 0) push->at++;
    html->in_link = name_in(html->attribute, html->attribute_len, links);
    html->state = VALUE;
}

static void value_end(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->in_link) end_link(push);
    html->in_link = false;
    html->state = TAG_SPACE;
}

/* A quoted value that nobody wants, such as a style. */
static void skip_value(struct html_push *push) {
    push->at += span_find(span_from(push->source, push->at), push->html->quote);
    if (push->at == push->source.len) return;
    push->at++;
    value_end(push);
}

/* How much of a value without quotes there is before its end, or, in a link, before a character reference. */
static size_t bare_value_bytes(struct span rest, bool in_link) {
    size_t len = 0;
    while (len < rest.len && !ascii_is_space(rest.data[len]) && rest.data[len] != '>' &&
           !(in_link && rest.data[len] == '&'))
        len++;
    return len;
}

static void step_value(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->quote != 0 && !html->in_link) {
        skip_value(push);
        return;
    }
    struct span rest = span_from(push->source, push->at);
    size_t len = html->quote != 0 ? span_find_either(rest, html->quote, '&') : bare_value_bytes(rest, html->in_link);
    emit(push, span_head(rest, len));
    push->at += len;
    if (len == rest.len) return;
    if (rest.data[len] == '&') {
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

static void step_declaration(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->matched == 0 && !pass_to(push, '>')) return;
    uint8_t c = push->source.data[push->at++];
    if (html->matched >= 2 && c == '-') {
        if (++html->matched < 4) return;
        html->state = COMMENT;
        html->matched = 2; /* "<!-->" is a whole comment */
        return;
    }
    html->matched = 0;
    if (c == '>') html->state = IN_TEXT;
}

static void step_comment(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->matched == 0 && !pass_to(push, '-')) return;
    uint8_t c = push->source.data[push->at++];
    if (c == '-') {
        if (html->matched < 2) html->matched++;
        return;
    }
    if (c == '>' && html->matched == 2) html->state = IN_TEXT;
    html->matched = 0;
}

static void step_raw(struct html_push *push) {
    struct html_text *html = push->html;
    if (html->matched == 0 && !pass_to(push, '<')) return;
    uint8_t c = ascii_lower(push->source.data[push->at]);
    if (html->matched == html->tag_len + 2) { /* "</script" is complete */
        html->closing = true;
        html->state = TAG_SPACE;
        return;
    }
    uint8_t wanted = html->matched == 0 ? '<' : html->matched == 1 ? '/' : (uint8_t)html->tag[html->matched - 2];
    html->matched = c == wanted ? (uint8_t)(html->matched + 1) : c == '<' ? 1 : 0;
    push->at++;
}

/* --- text ------------------------------------------------------------------------------------------------------ */

/* Both marks are searched once for the text between them, so that a run of "&" costs no more than other text. */
static void step_text(struct html_push *push, size_t *next_tag, size_t *next_entity) {
    struct html_text *html = push->html;
    struct span source = push->source;
    if (*next_tag < push->at) *next_tag = push->at + span_find(span_from(source, push->at), '<');
    if (*next_entity < push->at) *next_entity = push->at + span_find(span_from(source, push->at), '&');
    size_t end = *next_tag < *next_entity ? *next_tag : *next_entity;
    emit(push, span_slice(source, push->at, end - push->at));
    push->at = end;
    if (end >= source.len) return;
    push->at++;
    if (end == *next_entity) {
        entity_begin(html, false);
        return;
    }
    html->state = TAG_OPEN;
    html->closing = false;
    html->tag_len = 0;
}

/* What is gathered has room, and no content yet. */
static void begin(struct html_push *push, struct html_text *html, struct span source, const struct html_sink *sink) {
    push->html = html;
    push->sink = sink;
    push->source = source;
    push->at = 0;
    push->gathered_len = 0;
}

void html_text_push(struct html_text *html, struct span source, const struct html_sink *sink) {
    struct html_push push;
    if (source.len == 0) return;
    begin(&push, html, source, sink);
    size_t next_tag = span_find(source, '<');
    size_t next_entity = span_find(source, '&');
    while (push.at < source.len) {
        switch ((enum html_state)html->state) {
            case IN_TEXT:
                step_text(&push, &next_tag, &next_entity);
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
        }
    }
    flush(&push);
}

void html_text_end(struct html_text *html, const struct html_sink *sink) {
    struct html_push push;
    begin(&push, html, SPAN_EMPTY, sink);
    if (html->state == IN_ENTITY) entity_end(&push, false);
    if (html->state == TAG_OPEN && !html->closing) emit_text(&push, SPAN_LITERAL("<"));
    flush(&push);
    if (html->in_link) end_link(&push);
    *html = (struct html_text){0};
}
