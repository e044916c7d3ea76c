/* The few declarations of CSS by which text is hidden, out of a style attribute.
 *
 *   style --(references, comments, escapes undone)--> "name: value" up to ";" --> a row of the table of properties
 *
 * A quote or a bracket keeps a ";" inside a value.  Of two declarations of one property the later counts; that is not
 * so where the first one is !important, which honest mail and hidden text both do without need.  Lengths are turned
 * into pixels roughly: what hides is far from any border.  "mso-hide: all" hides from Outlook alone, as the buttons of
 * honest newsletters do, and is no sign by itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_style.h"

#include "mailspan/utf8.h"

#define VALUE_BYTES 96        /* looked at of one value */
#define NAME_BYTES_MAX 16     /* "background-color" */
#define TINY_PX 1.5           /* letters of this size are no letters */
#define NO_ROOM_PX 1.5        /* ... a box */
#define FAR_OUTSIDE_PX (-400) /* no screen shows what lies there */
#define OPACITY_LOWEST 0.06

/* What is known so far of one style. */
struct reading {
    struct html_look *look;
    bool no_display, transparent, no_room, clips, outside;
};

/* --- numbers and colours ------------------------------------------------------------------------------------------ */

struct length {
    double number; /* as written */
    double px;
    bool has_unit;
    bool relative; /* to the size of letters around */
    size_t bytes;  /* 0: it is none */
};

static const struct {
    double px;
    char unit[4];
    bool relative;
} units[] = {
    {1, "px", false},    {1.333, "pt", false}, {16, "em", true},  {16, "rem", false}, {0.16, "%", true},
    {8, "ex", true},     {8, "ch", true},      {16, "pc", false}, {96, "in", false},  {37.8, "cm", false},
    {3.78, "mm", false}, {8, "vw", false},     {8, "vh", false},
};

/* Digits with one point; false when there are none. */
static bool number_read(struct span text, double *number, size_t *bytes) {
    double value = 0, place = 0;
    bool const negative = text.len > 0 && text.data[0] == '-';
    size_t at = negative || (text.len > 0 && text.data[0] == '+') ? 1 : 0;
    size_t digits = 0;
    for (; at < text.len; at++) {
        uint8_t c = text.data[at];
        if (c == '.' && place == 0) {
            place = 1;
            continue;
        }
        if (!ascii_is_digit(c)) break;
        digits++;
        value = place > 0 ? value + (c - '0') * (place /= 10) : value * 10 + (c - '0');
        if (value > 1e9) value = 1e9;
    }
    *number = negative ? -value : value;
    *bytes = at;
    return digits > 0;
}

static struct length length_read(struct span text) {
    struct length length = {.bytes = 0};
    size_t bytes;
    if (!number_read(text, &length.number, &bytes)) return length;
    length.px = length.number;
    length.bytes = bytes;
    struct span rest = span_from(text, bytes);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct span unit = span_from_string(units[i].unit);
        if (!span_starts_with(rest, unit)) continue;
        length.px = length.number * units[i].px;
        length.has_unit = true;
        length.relative = units[i].relative;
        length.bytes += unit.len;
        break;
    }
    return length;
}

static const struct {
    struct span name;
    uint32_t rgb;
} colours[] = {
    {SPAN_LITERAL("white"), 0xffffff},       {SPAN_LITERAL("black"), 0x000000},
    {SPAN_LITERAL("gray"), 0x808080},        {SPAN_LITERAL("grey"), 0x808080},
    {SPAN_LITERAL("silver"), 0xc0c0c0},      {SPAN_LITERAL("red"), 0xff0000},
    {SPAN_LITERAL("maroon"), 0x800000},      {SPAN_LITERAL("yellow"), 0xffff00},
    {SPAN_LITERAL("olive"), 0x808000},       {SPAN_LITERAL("lime"), 0x00ff00},
    {SPAN_LITERAL("green"), 0x008000},       {SPAN_LITERAL("aqua"), 0x00ffff},
    {SPAN_LITERAL("cyan"), 0x00ffff},        {SPAN_LITERAL("teal"), 0x008080},
    {SPAN_LITERAL("blue"), 0x0000ff},        {SPAN_LITERAL("navy"), 0x000080},
    {SPAN_LITERAL("fuchsia"), 0xff00ff},     {SPAN_LITERAL("magenta"), 0xff00ff},
    {SPAN_LITERAL("purple"), 0x800080},      {SPAN_LITERAL("orange"), 0xffa500},
    {SPAN_LITERAL("snow"), 0xfffafa},        {SPAN_LITERAL("whitesmoke"), 0xf5f5f5},
    {SPAN_LITERAL("ivory"), 0xfffff0},       {SPAN_LITERAL("azure"), 0xf0ffff},
    {SPAN_LITERAL("ghostwhite"), 0xf8f8ff},  {SPAN_LITERAL("mintcream"), 0xf5fffa},
    {SPAN_LITERAL("floralwhite"), 0xfffaf0}, {SPAN_LITERAL("lightgray"), 0xd3d3d3},
    {SPAN_LITERAL("lightgrey"), 0xd3d3d3},   {SPAN_LITERAL("gainsboro"), 0xdcdcdc},
};

struct colour {
    uint32_t rgb;
    bool known, clear;
};

static int digit_of(uint8_t c) {
    if (ascii_is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 3, 4, 6 or 8 digits; the last or the last two of 4 and 8 say how opaque it is. */
static struct colour hex_colour(struct span digits) {
    struct colour colour = {.known = false};
    uint32_t value = 0;
    size_t len = 0;
    for (; len < digits.len && len < 8 && digit_of(digits.data[len]) >= 0; len++)
        value = value << 4 | (uint32_t)digit_of(digits.data[len]);
    bool const is_short = len == 3 || len == 4;
    colour.known = is_short || len == 6 || len == 8;
    if (len == 4 || len == 8) {
        colour.clear = (value & (is_short ? 0xf : 0xff)) == 0;
        value >>= is_short ? 4 : 8;
    }
    colour.rgb = is_short ? (value >> 8 & 0xf) * 0x110000 | (value >> 4 & 0xf) * 0x1100 | (value & 0xf) * 0x11 : value;
    return colour;
}

/* rgb(1, 2, 3), rgba(1 2 3 / 0). */
static struct colour rgb_colour(struct span text) {
    struct colour colour = {.known = false};
    double channels[4] = {0, 0, 0, 1};
    unsigned count = 0;
    for (size_t at = 0; at < text.len && text.data[at] != ')' && count < 4;) {
        size_t bytes;
        double number;
        if (!number_read(span_from(text, at), &number, &bytes)) {
            at++;
            continue;
        }
        channels[count] = number;
        at += bytes;
        if (at < text.len && text.data[at] == '%') channels[count] *= count < 3 ? 2.55 : 0.01;
        count++;
    }
    for (unsigned i = 0; i < 3; i++)
        colour.rgb = colour.rgb << 8 | (channels[i] < 0     ? 0u
                                        : channels[i] > 255 ? 255u
                                                            : (uint32_t)(channels[i] + 0.5));
    colour.known = count >= 3;
    colour.clear = channels[3] < OPACITY_LOWEST;
    return colour;
}

/* The colour that a value begins with. */
static struct colour colour_read(struct span text) {
    if (text.len > 0 && text.data[0] == '#') return hex_colour(span_from(text, 1));
    if (span_starts_with(text, SPAN_LITERAL("rgb"))) return rgb_colour(span_from(text, span_find(text, '(') + 1));
    if (span_starts_with(text, SPAN_LITERAL("transparent"))) return (struct colour){.known = true, .clear = true};
    size_t letters = 0;
    while (letters < text.len && ascii_is_alpha(text.data[letters])) letters++;
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
        if (span_equal_nocase(span_head(text, letters), colours[i].name))
            return (struct colour){.rgb = colours[i].rgb, .known = true};
    return (struct colour){.known = false};
}

static void say(struct html_look *look, unsigned bits, bool yes) {
    look->says = (uint16_t)(yes ? look->says | bits : look->says & ~bits);
}

static void say_ink(struct html_look *look, struct colour colour) {
    say(look, LOOK_INK, true);
    say(look, LOOK_INK_STRANGE, !colour.known);
    say(look, LOOK_CLEAR_INK, colour.clear);
    look->ink = colour.rgb;
}

static void say_paper(struct html_look *look, struct colour colour) {
    say(look, LOOK_PAPER, !colour.clear); /* one sees through to what was there before */
    say(look, LOOK_PAPER_STRANGE, !colour.known);
    look->paper = colour.rgb;
}

/* --- properties --------------------------------------------------------------------------------------------------- */

static bool is_any_of(struct span value, const struct span *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(value, words[i])) return true;
    return false;
}

#define IS_ANY_OF(value, words) is_any_of(value, words, sizeof(words) / sizeof(words)[0])

/* A value that the property does not have leaves what was said before (CSS 2.1 4.2). */
static void read_display(struct reading *reading, struct span value) {
    static const struct span shown[] = {
        SPAN_LITERAL("block"),        SPAN_LITERAL("inline"),        SPAN_LITERAL("inline-block"),
        SPAN_LITERAL("list-item"),    SPAN_LITERAL("flex"),          SPAN_LITERAL("inline-flex"),
        SPAN_LITERAL("grid"),         SPAN_LITERAL("inline-grid"),   SPAN_LITERAL("contents"),
        SPAN_LITERAL("flow-root"),    SPAN_LITERAL("table"),         SPAN_LITERAL("inline-table"),
        SPAN_LITERAL("table-row"),    SPAN_LITERAL("table-cell"),    SPAN_LITERAL("table-row-group"),
        SPAN_LITERAL("table-column"), SPAN_LITERAL("table-caption"), SPAN_LITERAL("table-header-group"),
        SPAN_LITERAL("initial"),      SPAN_LITERAL("inherit"),       SPAN_LITERAL("table-footer-group"),
        SPAN_LITERAL("unset"),        SPAN_LITERAL("revert"),        SPAN_LITERAL("table-column-group"),
    };
    if (span_equal(value, SPAN_LITERAL("none")))
        reading->no_display = true;
    else if (IS_ANY_OF(value, shown))
        reading->no_display = false;
}

static void read_visibility(struct reading *reading, struct span value) {
    static const struct span unseen[] = {SPAN_LITERAL("hidden"), SPAN_LITERAL("collapse")};
    static const struct span seen[] = {SPAN_LITERAL("visible"), SPAN_LITERAL("initial")};
    bool const hides = IS_ANY_OF(value, unseen);
    if (!hides && !IS_ANY_OF(value, seen)) return;
    say(reading->look, LOOK_VISIBILITY, true);
    say(reading->look, LOOK_UNSEEN, hides);
}

static void read_opacity(struct reading *reading, struct span value) {
    struct length length = length_read(value);
    double const share = length.has_unit ? length.number / 100 : length.number;
    if (length.bytes > 0) reading->transparent = share < OPACITY_LOWEST;
}

static void say_size(struct html_look *look, struct length length) {
    bool const tiny = length.px < TINY_PX;
    if (length.relative && !tiny) return; /* of what is around: that may be nothing */
    say(look, LOOK_SIZE, true);
    say(look, LOOK_TINY, tiny);
}

static void read_font_size(struct reading *reading, struct span value) {
    static const struct span sizes[] = {SPAN_LITERAL("xx-small"), SPAN_LITERAL("x-small"),   SPAN_LITERAL("small"),
                                        SPAN_LITERAL("medium"),   SPAN_LITERAL("large"),     SPAN_LITERAL("x-large"),
                                        SPAN_LITERAL("xx-large"), SPAN_LITERAL("xxx-large"), SPAN_LITERAL("initial")};
    struct length length = length_read(value);
    if (IS_ANY_OF(value, sizes)) length = (struct length){.px = 16, .bytes = value.len};
    if (length.bytes > 0) say_size(reading->look, length); /* "smaller", "inherit": of what is around */
}

/* "bold 14px/20px Arial": the first number that is no weight. */
static void read_font(struct reading *reading, struct span value) {
    while (value.len > 0) {
        struct length length = length_read(value);
        if (length.bytes > 0 && (length.has_unit || length.number == 0)) {
            say_size(reading->look, length);
            return;
        }
        value = span_trim(span_from(value, span_find(value, ' ')));
    }
}

static void read_room(struct reading *reading, struct span value) {
    struct length length = length_read(value);
    if (length.bytes > 0 && length.px < NO_ROOM_PX) reading->no_room = true;
}

static void read_overflow(struct reading *reading, struct span value) {
    reading->clips = span_starts_with(value, SPAN_LITERAL("hidden")) || span_starts_with(value, SPAN_LITERAL("clip"));
}

static void read_place(struct reading *reading, struct span value) {
    struct length length = length_read(value);
    if (length.bytes > 0 && length.px < FAR_OUTSIDE_PX) reading->outside = true;
}

static void read_clip(struct reading *reading, struct span value) {
    if (span_starts_with(value, SPAN_LITERAL("rect(0"))) reading->outside = true;
}

/* Ink is inherited; the others come to that, or say no colour. */
static void read_ink(struct reading *reading, struct span value) {
    static const struct span around[] = {SPAN_LITERAL("inherit"), SPAN_LITERAL("currentcolor"), SPAN_LITERAL("unset"),
                                         SPAN_LITERAL("revert"), SPAN_LITERAL("revert-layer")};
    if (IS_ANY_OF(value, around))
        say(reading->look, LOOK_INK | LOOK_INK_STRANGE | LOOK_CLEAR_INK, false);
    else
        say_ink(reading->look, colour_read(value));
}

/* Without a colour of its own one sees through to what is behind. */
static void read_paper(struct reading *reading, struct span value) {
    static const struct span clear[] = {SPAN_LITERAL("none"), SPAN_LITERAL("inherit"), SPAN_LITERAL("initial"),
                                        SPAN_LITERAL("unset"), SPAN_LITERAL("revert")};
    if (IS_ANY_OF(value, clear))
        say_paper(reading->look, (struct colour){.known = true, .clear = true});
    else
        say_paper(reading->look, colour_read(value));
}

static void read_picture(struct reading *reading, struct span value) {
    if (!span_equal(value, SPAN_LITERAL("none"))) say_paper(reading->look, (struct colour){.known = false});
}

/* Words of a background that say nothing of its colour; numbers do not, either. */
static bool is_of_picture(struct span word) {
    static const struct span words[] = {
        SPAN_LITERAL("none"),   SPAN_LITERAL("repeat"), SPAN_LITERAL("no-repeat"), SPAN_LITERAL("repeat-x"),
        SPAN_LITERAL("scroll"), SPAN_LITERAL("fixed"),  SPAN_LITERAL("local"),     SPAN_LITERAL("repeat-y"),
        SPAN_LITERAL("top"),    SPAN_LITERAL("bottom"), SPAN_LITERAL("center"),    SPAN_LITERAL("left"),
        SPAN_LITERAL("right"),  SPAN_LITERAL("cover"),  SPAN_LITERAL("contain"),   SPAN_LITERAL("/"),
    };
    return IS_ANY_OF(word, words) || length_read(word).bytes > 0;
}

static struct span without_picture_words(struct span value) {
    for (;;) {
        struct span const word = span_head(value, span_find(value, ' ')), rest = span_from(value, word.len);
        if (rest.len == 0 || !is_of_picture(word)) return is_of_picture(word) ? SPAN_LITERAL("none") : value;
        value = span_trim(rest);
    }
}

/* "#fff url(x.png)": a picture, or what is no colour, is no colour that is known. */
static void read_background(struct reading *reading, struct span value) {
    bool const picture = memmem(value.data, value.len, "url", 3) != NULL || memmem(value.data, value.len, "grad", 4);
    if (picture)
        read_picture(reading, value);
    else
        read_paper(reading, without_picture_words(value));
}

/* By their first letter. */
static const struct property {
    struct span name;
    void (*read)(struct reading *reading, struct span value);
} properties['z' - 'a' + 1][5] = {
    ['b' - 'a'] = {{SPAN_LITERAL("background-color"), read_paper},
                   {SPAN_LITERAL("background"), read_background},
                   {SPAN_LITERAL("background-image"), read_picture}},
    ['c' - 'a'] = {{SPAN_LITERAL("color"), read_ink}, {SPAN_LITERAL("clip"), read_clip}},
    ['d' - 'a'] = {{SPAN_LITERAL("display"), read_display}},
    ['f' - 'a'] = {{SPAN_LITERAL("font-size"), read_font_size}, {SPAN_LITERAL("font"), read_font}},
    ['h' - 'a'] = {{SPAN_LITERAL("height"), read_room}},
    ['l' - 'a'] = {{SPAN_LITERAL("left"), read_place}},
    ['m' - 'a'] = {{SPAN_LITERAL("max-width"), read_room},
                   {SPAN_LITERAL("max-height"), read_room},
                   {SPAN_LITERAL("margin-left"), read_place},
                   {SPAN_LITERAL("margin-top"), read_place}},
    ['o' - 'a'] = {{SPAN_LITERAL("overflow"), read_overflow}, {SPAN_LITERAL("opacity"), read_opacity}},
    ['t' - 'a'] = {{SPAN_LITERAL("text-indent"), read_place}, {SPAN_LITERAL("top"), read_place}},
    ['v' - 'a'] = {{SPAN_LITERAL("visibility"), read_visibility}},
    ['w' - 'a'] = {{SPAN_LITERAL("width"), read_room}},
};

/* Lower case, without "!important". */
static struct span plain_value(struct span value, uint8_t out[VALUE_BYTES]) {
    value = span_trim(span_head(value, VALUE_BYTES));
    for (size_t i = 0; i < value.len; i++) out[i] = ascii_lower(value.data[i]);
    value = span_of(out, value.len);
    return span_trim(span_head(value, span_find(value, '!')));
}

static void read_declaration(struct reading *reading, struct span name, struct span value) {
    uint8_t plain[VALUE_BYTES];
    name = span_trim(name);
    uint8_t const letter = name.len == 0 ? 0 : ascii_lower(name.data[0]);
    if (letter < 'a' || letter > 'z') return;
    for (const struct property *property = properties[letter - 'a']; property->read != NULL; property++) {
        if (name.len != property->name.len || !span_equal_nocase(name, property->name)) continue;
        value = plain_value(value, plain);
        if (value.len > 0) property->read(reading, value);
        return;
    }
}

/* Where the declaration that text begins with ends: at a ";" outside of quotes and brackets. */
static size_t guarded_bytes(struct span text) {
    uint8_t quote = 0;
    unsigned brackets = 0;
    for (size_t at = 0; at < text.len; at++) {
        uint8_t const c = text.data[at];
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(')
            brackets++;
        else if (c == ')' && brackets > 0)
            brackets--;
        else if (c == ';' && brackets == 0)
            return at;
    }
    return text.len;
}

/* The same; guarded: there are quotes or brackets in the style. */
static size_t declaration_bytes(struct span text, bool guarded) {
    return guarded ? guarded_bytes(text) : span_find(text, ';');
}

/* --- what a style is written with --------------------------------------------------------------------------------- */

static size_t ascii_add(uint8_t *out, uint32_t c) {
    *out = c < 0x80 && c >= ' ' ? (uint8_t)c : '?'; /* no property has any other */
    return 1;
}

/* "&#58;", "&#x3a;" and without the semicolon: the number and how long it is; 0 when it is none. */
static size_t reference_read(struct span text, uint32_t *c) {
    if (text.len < 3 || text.data[0] != '&' || text.data[1] != '#') return 0;
    bool const hex = (text.data[2] | 0x20) == 'x';
    size_t const begin = hex ? 3 : 2;
    size_t at = begin;
    *c = 0;
    for (; at < text.len && at < begin + 8; at++) {
        int digit = digit_of(text.data[at]);
        if (digit < 0 || (!hex && digit > 9)) break;
        *c = *c * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (at == begin) return 0;
    return at < text.len && text.data[at] == ';' ? at + 1 : at;
}

/* "\64 " (CSS 2.1 4.1.3): up to six digits and one blank; else the character itself. */
static size_t escape_read(struct span text, uint32_t *c) {
    size_t at = 1;
    *c = 0;
    for (; at < text.len && at < 7 && digit_of(text.data[at]) >= 0; at++)
        *c = *c * 16 + (uint32_t)digit_of(text.data[at]);
    if (at == 1) {
        *c = text.len > 1 ? text.data[1] : ' ';
        return 2;
    }
    return at < text.len && ascii_is_space(text.data[at]) ? at + 1 : at;
}

static size_t comment_bytes(struct span text) {
    const uint8_t *end = text.len < 4 ? NULL : memmem(text.data + 2, text.len - 2, "*/", 2);
    return end == NULL ? text.len : (size_t)(end + 2 - text.data);
}

/* References first, as HTML does, then what CSS has. */
static struct span undo_references(struct span style, uint8_t *out) {
    size_t len = 0;
    for (size_t at = 0; at < style.len;) {
        uint32_t c;
        size_t const bytes = style.data[at] == '&' ? reference_read(span_from(style, at), &c) : 0;
        if (bytes > 0)
            len += ascii_add(out + len, c);
        else
            out[len++] = style.data[at];
        at += bytes > 0 ? bytes : 1;
    }
    return span_of(out, len);
}

/* out may be where the style is: nothing grows. */
static struct span undo_css(struct span style, uint8_t *out) {
    size_t len = 0;
    for (size_t at = 0; at < style.len;) {
        struct span rest = span_from(style, at);
        uint32_t c;
        if (rest.data[0] == '\\') {
            at += escape_read(rest, &c);
            len += ascii_add(out + len, c);
        } else if (rest.data[0] == '/' && rest.len > 1 && rest.data[1] == '*') {
            at += comment_bytes(rest);
        } else {
            out[len++] = rest.data[0];
            at++;
        }
    }
    return span_of(out, len);
}

static bool has_byte(struct span text, uint8_t c) {
    return span_find(text, c) < text.len;
}

void html_style_read(struct html_look *look, struct span style) {
    uint8_t plain[HTML_STYLE_BYTES];
    struct reading reading = {.look = look};
    *look = (struct html_look){.says = 0};
    style = span_head(style, HTML_STYLE_BYTES);
    if (style.len == 0) return;
    if (has_byte(style, '&')) style = undo_references(style, plain);
    if (has_byte(style, '\\') || has_byte(style, '*')) style = undo_css(style, plain);
    bool const guarded = has_byte(style, '(') || has_byte(style, '"') || has_byte(style, '\'');
    while (style.len > 0) {
        struct span declaration = span_head(style, declaration_bytes(style, guarded));
        size_t const colon = span_find(declaration, ':');
        read_declaration(&reading, span_head(declaration, colon), span_from(declaration, colon + 1));
        style = span_from(style, declaration.len + 1);
    }
    bool const gone =
        reading.no_display || reading.transparent || reading.outside || (reading.no_room && reading.clips);
    if (gone) say(look, LOOK_GONE, true);
}

static struct colour attribute_colour(struct span value) {
    uint8_t plain[VALUE_BYTES];
    value = plain_value(value, plain);
    struct colour colour = colour_read(value);
    return colour.known ? colour : hex_colour(value);
}

void html_paper_read(struct html_look *look, struct span value) {
    say_paper(look, attribute_colour(value));
}

void html_ink_read(struct html_look *look, struct span value) {
    say_ink(look, attribute_colour(value));
}
