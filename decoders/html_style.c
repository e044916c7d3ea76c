/* The few declarations of CSS by which text is hidden, out of a style attribute or a style sheet.
 *
 *   style --(comments, escapes undone)--> "name: value" up to ";" --> a row of the table of properties --> look
 *
 * A quote or a bracket keeps a ";" inside a value.  Of two declarations of one property the later counts, unless the
 * first one alone is !important.  Lengths are turned into pixels roughly: what hides is far from any border.
 * "mso-hide: all" hides from Outlook alone, as the buttons of honest newsletters do, and is no sign by itself.
 *
 * Most styles are plain and come in one piece; these are read where they lie, others a byte at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_style.h"

#include "mailspan/span_search.h"

#define VALUE_BYTES HTML_STYLE_VALUE_BYTES
#define NO_ROOM_PX 1.5        /* ... a box */
#define FAR_OUTSIDE_PX (-400) /* no screen shows what lies there */
#define OPACITY_LOWEST 0.06

#define LOOK_FIRST_BITS 0x01111111u
#define LOOK_ALL_BITS 15 /* of what the first bit is said */

/* --- looks -------------------------------------------------------------------------------------------------------- */

void html_look_over(struct html_look *look, const struct html_look *over) {
    uint32_t const stays = look->fixed & ~over->fixed;
    uint32_t const says = over->says & ~(stays * LOOK_ALL_BITS);
    if ((says & LOOK_INK) != 0) look->ink = over->ink;
    if ((says & LOOK_PAPER) != 0) look->paper = over->paper;
    if ((says & LOOK_SIZE) != 0) look->size = over->size;
    look->says = (look->says & ~((says & LOOK_FIRST_BITS) * LOOK_ALL_BITS)) | says;
    look->fixed |= over->fixed;
}

void html_look_end(struct html_look *look) {
    uint32_t const boxed = LOOK_NO_ROOM | LOOK_CLIPS;
    bool const gone =
        (look->says & (LOOK_NO_DISPLAY | LOOK_TRANSPARENT | LOOK_OUTSIDE)) != 0 || (look->says & boxed) == boxed;
    if (gone) look->says |= LOOK_GONE;
}

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
    rest = span_from(text, length.bytes);
    if (rest.len > 0 && ascii_is_alpha(rest.data[0])) length.bytes = 0; /* of no unit that is known */
    return length;
}

/* CSS Color 4, 6.1.  Sorted. */
static const struct {
    char name[21]; /* the longest has 20 letters */
    uint32_t rgb;
} colours[] = {
    {"aliceblue", 0xf0f8ff},
    {"antiquewhite", 0xfaebd7},
    {"aqua", 0x00ffff},
    {"aquamarine", 0x7fffd4},
    {"azure", 0xf0ffff},
    {"beige", 0xf5f5dc},
    {"bisque", 0xffe4c4},
    {"black", 0x000000},
    {"blanchedalmond", 0xffebcd},
    {"blue", 0x0000ff},
    {"blueviolet", 0x8a2be2},
    {"brown", 0xa52a2a},
    {"burlywood", 0xdeb887},
    {"cadetblue", 0x5f9ea0},
    {"chartreuse", 0x7fff00},
    {"chocolate", 0xd2691e},
    {"coral", 0xff7f50},
    {"cornflowerblue", 0x6495ed},
    {"cornsilk", 0xfff8dc},
    {"crimson", 0xdc143c},
    {"cyan", 0x00ffff},
    {"darkblue", 0x00008b},
    {"darkcyan", 0x008b8b},
    {"darkgoldenrod", 0xb8860b},
    {"darkgray", 0xa9a9a9},
    {"darkgreen", 0x006400},
    {"darkgrey", 0xa9a9a9},
    {"darkkhaki", 0xbdb76b},
    {"darkmagenta", 0x8b008b},
    {"darkolivegreen", 0x556b2f},
    {"darkorange", 0xff8c00},
    {"darkorchid", 0x9932cc},
    {"darkred", 0x8b0000},
    {"darksalmon", 0xe9967a},
    {"darkseagreen", 0x8fbc8f},
    {"darkslateblue", 0x483d8b},
    {"darkslategray", 0x2f4f4f},
    {"darkslategrey", 0x2f4f4f},
    {"darkturquoise", 0x00ced1},
    {"darkviolet", 0x9400d3},
    {"deeppink", 0xff1493},
    {"deepskyblue", 0x00bfff},
    {"dimgray", 0x696969},
    {"dimgrey", 0x696969},
    {"dodgerblue", 0x1e90ff},
    {"firebrick", 0xb22222},
    {"floralwhite", 0xfffaf0},
    {"forestgreen", 0x228b22},
    {"fuchsia", 0xff00ff},
    {"gainsboro", 0xdcdcdc},
    {"ghostwhite", 0xf8f8ff},
    {"gold", 0xffd700},
    {"goldenrod", 0xdaa520},
    {"gray", 0x808080},
    {"green", 0x008000},
    {"greenyellow", 0xadff2f},
    {"grey", 0x808080},
    {"honeydew", 0xf0fff0},
    {"hotpink", 0xff69b4},
    {"indianred", 0xcd5c5c},
    {"indigo", 0x4b0082},
    {"ivory", 0xfffff0},
    {"khaki", 0xf0e68c},
    {"lavender", 0xe6e6fa},
    {"lavenderblush", 0xfff0f5},
    {"lawngreen", 0x7cfc00},
    {"lemonchiffon", 0xfffacd},
    {"lightblue", 0xadd8e6},
    {"lightcoral", 0xf08080},
    {"lightcyan", 0xe0ffff},
    {"lightgoldenrodyellow", 0xfafad2},
    {"lightgray", 0xd3d3d3},
    {"lightgreen", 0x90ee90},
    {"lightgrey", 0xd3d3d3},
    {"lightpink", 0xffb6c1},
    {"lightsalmon", 0xffa07a},
    {"lightseagreen", 0x20b2aa},
    {"lightskyblue", 0x87cefa},
    {"lightslategray", 0x778899},
    {"lightslategrey", 0x778899},
    {"lightsteelblue", 0xb0c4de},
    {"lightyellow", 0xffffe0},
    {"lime", 0x00ff00},
    {"limegreen", 0x32cd32},
    {"linen", 0xfaf0e6},
    {"magenta", 0xff00ff},
    {"maroon", 0x800000},
    {"mediumaquamarine", 0x66cdaa},
    {"mediumblue", 0x0000cd},
    {"mediumorchid", 0xba55d3},
    {"mediumpurple", 0x9370db},
    {"mediumseagreen", 0x3cb371},
    {"mediumslateblue", 0x7b68ee},
    {"mediumspringgreen", 0x00fa9a},
    {"mediumturquoise", 0x48d1cc},
    {"mediumvioletred", 0xc71585},
    {"midnightblue", 0x191970},
    {"mintcream", 0xf5fffa},
    {"mistyrose", 0xffe4e1},
    {"moccasin", 0xffe4b5},
    {"navajowhite", 0xffdead},
    {"navy", 0x000080},
    {"oldlace", 0xfdf5e6},
    {"olive", 0x808000},
    {"olivedrab", 0x6b8e23},
    {"orange", 0xffa500},
    {"orangered", 0xff4500},
    {"orchid", 0xda70d6},
    {"palegoldenrod", 0xeee8aa},
    {"palegreen", 0x98fb98},
    {"paleturquoise", 0xafeeee},
    {"palevioletred", 0xdb7093},
    {"papayawhip", 0xffefd5},
    {"peachpuff", 0xffdab9},
    {"peru", 0xcd853f},
    {"pink", 0xffc0cb},
    {"plum", 0xdda0dd},
    {"powderblue", 0xb0e0e6},
    {"purple", 0x800080},
    {"rebeccapurple", 0x663399},
    {"red", 0xff0000},
    {"rosybrown", 0xbc8f8f},
    {"royalblue", 0x4169e1},
    {"saddlebrown", 0x8b4513},
    {"salmon", 0xfa8072},
    {"sandybrown", 0xf4a460},
    {"seagreen", 0x2e8b57},
    {"seashell", 0xfff5ee},
    {"sienna", 0xa0522d},
    {"silver", 0xc0c0c0},
    {"skyblue", 0x87ceeb},
    {"slateblue", 0x6a5acd},
    {"slategray", 0x708090},
    {"slategrey", 0x708090},
    {"snow", 0xfffafa},
    {"springgreen", 0x00ff7f},
    {"steelblue", 0x4682b4},
    {"tan", 0xd2b48c},
    {"teal", 0x008080},
    {"thistle", 0xd8bfd8},
    {"tomato", 0xff6347},
    {"turquoise", 0x40e0d0},
    {"violet", 0xee82ee},
    {"wheat", 0xf5deb3},
    {"white", 0xffffff},
    {"whitesmoke", 0xf5f5f5},
    {"yellow", 0xffff00},
    {"yellowgreen", 0x9acd32},
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

/* Up to four numbers up to the bracket; shares say of which of them "%" stands behind. */
static unsigned channels_read(struct span text, double channels[4], bool shares[4]) {
    unsigned count = 0;
    for (size_t at = 0; at < text.len && text.data[at] != ')' && count < 4;) {
        size_t bytes;
        double number;
        if (!number_read(span_from(text, at), &number, &bytes)) {
            at++;
            continue;
        }
        at += bytes;
        channels[count] = number;
        shares[count] = at < text.len && text.data[at] == '%';
        count++;
    }
    return count;
}

static uint32_t channel_of(double value) {
    return value < 0 ? 0u : value > 255 ? 255u : (uint32_t)(value + 0.5);
}

static uint32_t rgb_of(const double channels[4], const bool shares[4]) {
    uint32_t rgb = 0;
    for (unsigned i = 0; i < 3; i++) rgb = rgb << 8 | channel_of(shares[i] ? channels[i] * 2.55 : channels[i]);
    return rgb;
}

static double bounded(double value, double max) {
    return value < 0 ? 0 : value > max ? max : value;
}

/* CSS Color 4, 7.1: hue in degrees, how coloured and how light in hundredths. */
static uint32_t rgb_of_hsl(const double channels[4]) {
    uint32_t rgb = 0;
    double const coloured = bounded(channels[1], 100) / 100, light = bounded(channels[2], 100) / 100;
    double const reach = coloured * (light < 0.5 ? light : 1 - light);
    double hue = channels[0] / 30 - 12 * (double)(int64_t)(channels[0] / 360);
    if (hue < 0) hue += 12;
    for (unsigned i = 0; i < 3; i++) {
        double k = hue + (i == 0 ? 0 : i == 1 ? 8 : 4);
        if (k >= 12) k -= 12;
        double const rise = k - 3 < 9 - k ? k - 3 : 9 - k;
        rgb = rgb << 8 | channel_of(255 * (light - reach * (rise > 1 ? 1 : rise < -1 ? -1 : rise)));
    }
    return rgb;
}

/* rgb(1, 2, 3), rgba(1 2 3 / 0), hsl(120deg 50% 50%). */
static struct colour function_colour(struct span text, bool hsl) {
    double channels[4] = {0, 0, 0, 1};
    bool shares[4] = {false};
    unsigned const count = channels_read(text, channels, shares);
    double const opaque = shares[3] ? channels[3] / 100 : channels[3];
    return (struct colour){.rgb = hsl ? rgb_of_hsl(channels) : rgb_of(channels, shares),
                           .known = count >= 3,
                           .clear = opaque < OPACITY_LOWEST};
}

static struct colour named_colour(struct span name) {
    size_t low = 0, high = name.len == 0 ? 0 : sizeof colours / sizeof colours[0];
    while (low < high) {
        size_t const middle = (low + high) / 2;
        struct span const here = span_from_string(colours[middle].name);
        int order = memcmp(name.data, here.data, name.len < here.len ? name.len : here.len);
        if (order == 0) order = name.len < here.len ? -1 : name.len > here.len;
        if (order == 0) return (struct colour){.rgb = colours[middle].rgb, .known = true};
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (struct colour){.known = false};
}

/* The colour that a value begins with, which is in small letters. */
static struct colour colour_read(struct span text) {
    bool const hsl = span_starts_with(text, SPAN_LITERAL("hsl"));
    if (text.len > 0 && text.data[0] == '#') return hex_colour(span_from(text, 1));
    if (hsl || span_starts_with(text, SPAN_LITERAL("rgb")))
        return function_colour(span_from(text, span_find(text, '(') + 1), hsl);
    if (span_starts_with(text, SPAN_LITERAL("transparent"))) return (struct colour){.known = true, .clear = true};
    size_t letters = 0;
    while (letters < text.len && ascii_is_alpha(text.data[letters])) letters++;
    return named_colour(span_head(text, letters));
}

static void say(struct html_look *look, uint32_t bits) {
    look->says |= bits;
}

static void say_ink(struct html_look *look, struct colour colour) {
    say(look, LOOK_INK | (colour.known ? 0 : LOOK_INK_STRANGE) | (colour.clear ? LOOK_CLEAR_INK : 0));
    look->ink = colour.rgb;
}

static void say_paper(struct html_look *look, struct colour colour) {
    say(look, LOOK_PAPER | (colour.known ? 0 : LOOK_PAPER_STRANGE) | (colour.clear ? LOOK_PAPER_AROUND : 0));
    look->paper = colour.rgb;
}

static uint32_t size_of(double value, double of_one) {
    return (uint32_t)bounded(value * of_one + 0.5, UINT16_MAX);
}

static void say_px(struct html_look *look, double px) {
    look->size = size_of(px, LOOK_SIZE_PX);
    say(look, LOOK_SIZE | (look->size < LOOK_SIZE_TINY ? LOOK_TINY : 0));
}

static void say_share(struct html_look *look, double share) {
    say(look, LOOK_SIZE | LOOK_SIZE_SHARE);
    look->size = size_of(share, LOOK_SIZE_WHOLE);
}

/* --- properties --------------------------------------------------------------------------------------------------- */

static bool is_any_of(struct span value, const struct span *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(value, words[i])) return true;
    return false;
}

#define IS_ANY_OF(value, words) is_any_of(value, words, sizeof(words) / sizeof(words)[0])

/* A value that the property does not have leaves what was said before (CSS 2.1 4.2). */
static void read_display(struct html_look *look, struct span value) {
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
        say(look, LOOK_DISPLAY | LOOK_NO_DISPLAY);
    else if (IS_ANY_OF(value, shown))
        say(look, LOOK_DISPLAY);
}

static void read_visibility(struct html_look *look, struct span value) {
    static const struct span unseen[] = {SPAN_LITERAL("hidden"), SPAN_LITERAL("collapse")};
    static const struct span seen[] = {SPAN_LITERAL("visible"), SPAN_LITERAL("initial")};
    bool const hides = IS_ANY_OF(value, unseen);
    if (hides || IS_ANY_OF(value, seen)) say(look, LOOK_VISIBILITY | (hides ? LOOK_UNSEEN : 0));
}

static void read_opacity(struct html_look *look, struct span value) {
    struct length length = length_read(value);
    double const share = length.has_unit ? length.number / 100 : length.number;
    if (length.bytes > 0) say(look, LOOK_OPACITY | (share < OPACITY_LOWEST ? LOOK_TRANSPARENT : 0));
}

static void say_size(struct html_look *look, struct length length) {
    if (length.relative)
        say_share(look, length.px * LOOK_SIZE_PX / LOOK_SIZE_MEDIUM);
    else
        say_px(look, length.px);
}

static void read_font_size(struct html_look *look, struct span value) {
    static const struct {
        char name[10];
        uint8_t px;
    } sizes[] = {{"xx-small", 9}, {"x-small", 10},  {"small", 13},     {"medium", 16}, {"large", 18},
                 {"x-large", 24}, {"xx-large", 32}, {"xxx-large", 48}, {"initial", 16}};
    struct length const length = length_read(value);
    if (length.bytes > 0 && length.number >= 0) say_size(look, length);
    if (span_equal(value, SPAN_LITERAL("smaller"))) say_share(look, 1 / 1.2);
    if (span_equal(value, SPAN_LITERAL("larger"))) say_share(look, 1.2);
    if (span_equal(value, SPAN_LITERAL("inherit")) || span_equal(value, SPAN_LITERAL("unset"))) say_share(look, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (span_equal(value, span_from_string(sizes[i].name))) say_px(look, sizes[i].px);
}

/* "bold 14px/20px Arial": the first number that is no weight. */
static void read_font(struct html_look *look, struct span value) {
    while (value.len > 0) {
        struct length length = length_read(value);
        if (length.bytes > 0 && (length.has_unit || length.number == 0)) {
            say_size(look, length);
            return;
        }
        value = span_trim(span_from(value, span_find(value, ' ')));
    }
}

/* A share of what is around is no room only when it is nothing. */
static void read_room(struct html_look *look, struct span value) {
    struct length length = length_read(value);
    bool const share = length.bytes > 0 && value.data[length.bytes - 1] == '%';
    if (length.bytes > 0 && (share ? length.number == 0 : length.px < NO_ROOM_PX)) say(look, LOOK_NO_ROOM);
}

static void read_overflow(struct html_look *look, struct span value) {
    bool const clips = span_starts_with(value, SPAN_LITERAL("hidden")) || span_starts_with(value, SPAN_LITERAL("clip"));
    say(look, LOOK_OVERFLOW | (clips ? LOOK_CLIPS : 0));
}

static void read_place(struct html_look *look, struct span value) {
    struct length length = length_read(value);
    if (length.bytes > 0 && length.px < FAR_OUTSIDE_PX) say(look, LOOK_OUTSIDE);
}

static void read_clip(struct html_look *look, struct span value) {
    if (span_starts_with(value, SPAN_LITERAL("rect(0"))) say(look, LOOK_OUTSIDE);
}

/* Functions that are not known here, and names of the system's colours, are colours, too.  Anything else is none, and
 * leaves what was said before. */
static bool may_be_colour(struct span value) {
    static const struct span systems[] = {SPAN_LITERAL("canvas"), SPAN_LITERAL("window"), SPAN_LITERAL("button"),
                                          SPAN_LITERAL("-")};
    if (memchr(value.data, '(', value.len) != NULL) return true;
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        if (span_starts_with(value, systems[i])) return true;
    return false;
}

/* Ink is inherited; the others come to that, or say no colour. */
static void read_ink(struct html_look *look, struct span value) {
    static const struct span around[] = {SPAN_LITERAL("inherit"), SPAN_LITERAL("currentcolor"), SPAN_LITERAL("unset"),
                                         SPAN_LITERAL("revert"), SPAN_LITERAL("revert-layer")};
    if (IS_ANY_OF(value, around)) {
        say(look, LOOK_INK | LOOK_INK_AROUND);
        return;
    }
    struct colour const colour = colour_read(value);
    bool const one_word = span_find(value, ' ') == value.len;
    if ((colour.known && one_word) || may_be_colour(value)) say_ink(look, colour);
}

/* Without a colour of its own one sees through to what is behind. */
static void read_paper(struct html_look *look, struct span value) {
    static const struct span clear[] = {SPAN_LITERAL("none"), SPAN_LITERAL("inherit"), SPAN_LITERAL("initial"),
                                        SPAN_LITERAL("unset"), SPAN_LITERAL("revert")};
    struct colour const colour =
        IS_ANY_OF(value, clear) ? (struct colour){.known = true, .clear = true} : colour_read(value);
    if (colour.known || may_be_colour(value)) say_paper(look, colour);
}

static void read_picture(struct html_look *look, struct span value) {
    if (!span_equal(value, SPAN_LITERAL("none"))) say_paper(look, (struct colour){.known = false});
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
static void read_background(struct html_look *look, struct span value) {
    bool const picture = memmem(value.data, value.len, "url", 3) != NULL || memmem(value.data, value.len, "grad", 4);
    if (picture)
        read_picture(look, value);
    else
        read_paper(look, without_picture_words(value));
}

/* By their first letter. */
static const struct property {
    struct span name;
    void (*read)(struct html_look *look, struct span value);
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

/* Lower case. */
static struct span plain_value(struct span value, uint8_t out[VALUE_BYTES]) {
    value = span_trim(span_head(span_trim(value), VALUE_BYTES));
    for (size_t i = 0; i < value.len; i++) out[i] = ascii_is_space(value.data[i]) ? ' ' : ascii_lower(value.data[i]);
    return span_of(out, value.len);
}

/* What else stands behind a "!" makes the declaration none (CSS Syntax 3, 5.4.6). */
static void read_value(struct html_look *look, const struct property *property, struct span value) {
    uint8_t plain[VALUE_BYTES];
    struct html_look one = {.says = 0};
    value = plain_value(value, plain);
    size_t const end = span_find(value, '!');
    bool const important = end < value.len;
    if (important && !span_equal(span_trim(span_from(value, end + 1)), SPAN_LITERAL("important"))) return;
    value = span_trim(span_head(value, end));
    if (value.len == 0) return;
    property->read(&one, value);
    if (important) one.fixed = one.says & LOOK_FIRST_BITS;
    html_look_over(look, &one);
}

static void read_declaration(struct html_look *look, struct span name, struct span value) {
    name = span_trim(name);
    uint8_t const letter = name.len == 0 ? 0 : ascii_lower(name.data[0]);
    if (letter < 'a' || letter > 'z') return;
    for (const struct property *property = properties[letter - 'a']; property->read != NULL; property++) {
        if (name.len != property->name.len || !span_equal_nocase(name, property->name)) continue;
        read_value(look, property, value);
        return;
    }
}

/* --- what CSS is written with ------------------------------------------------------------------------------------- */

enum lex_state { LEX_PLAIN, LEX_SLASH, LEX_COMMENT, LEX_STAR, LEX_BACKSLASH, LEX_ESCAPE, LEX_ADDRESS };

#define LETTERS_URL 0x75726c

static struct css_step step_of(uint8_t c, enum css_kind kind, bool again) {
    return (struct css_step){.c = c, .kind = (uint8_t)kind, .again = again};
}

/* "\64 " (CSS 2.1 4.1.3): up to six digits and one blank; else the character itself. */
static struct css_step escape_next(struct css_lex *lex, uint8_t c) {
    int const digit = digit_of(c);
    if (digit >= 0 && lex->digits < 6) {
        lex->escape = lex->escape * 16 + (uint32_t)digit;
        lex->digits++;
        lex->state = LEX_ESCAPE;
        return step_of(0, CSS_NOTHING, false);
    }
    lex->state = LEX_PLAIN;
    if (lex->digits == 0) return step_of(c, c == '\n' ? CSS_NOTHING : CSS_LITERAL, false);
    bool const ascii = lex->escape >= ' ' && lex->escape < 0x80; /* no property has any other */
    return step_of(ascii ? (uint8_t)lex->escape : '?', CSS_LITERAL, !ascii_is_space(c));
}

/* A comment is nothing; in an address there is none. */
static struct css_step comment_next(struct css_lex *lex, uint8_t c) {
    if (lex->state == LEX_SLASH && c != '*') {
        lex->state = LEX_PLAIN;
        return step_of('/', CSS_PLAIN, true);
    }
    if (lex->state == LEX_STAR && c == '/')
        lex->state = LEX_PLAIN;
    else
        lex->state = lex->state != LEX_SLASH && c == '*' ? LEX_STAR : LEX_COMMENT;
    return step_of(0, CSS_NOTHING, false);
}

/* A line's end ends what no quote does (CSS Syntax 3, 4.3.5). */
static struct css_step quoted_next(struct css_lex *lex, uint8_t c) {
    if (c == '\\') {
        lex->state = LEX_BACKSLASH;
        return step_of(0, CSS_NOTHING, false);
    }
    if (c == lex->quote || c == '\n') lex->quote = 0;
    return step_of(c, CSS_LITERAL, false);
}

static struct css_step address_next(struct css_lex *lex, uint8_t c) {
    bool const quoted = (c == '"' || c == '\'') && (lex->last & 0xff) == '(';
    if (quoted) lex->quote = c;
    if (quoted || c == ')') lex->state = LEX_PLAIN;
    if (!ascii_is_space(c)) lex->last = c;
    return step_of(c, c == ')' ? CSS_PLAIN : CSS_LITERAL, false);
}

static struct css_step plain_next(struct css_lex *lex, uint8_t c) {
    if (lex->quote != 0) return quoted_next(lex, c);
    if (c == '\\' || c == '/') {
        lex->state = c == '/' ? LEX_SLASH : LEX_BACKSLASH;
        return step_of(0, CSS_NOTHING, false);
    }
    bool const quote = c == '"' || c == '\'';
    if (quote) lex->quote = c;
    if (c == '(' && (lex->last & 0xffffff) == LETTERS_URL) lex->state = LEX_ADDRESS;
    lex->last = lex->last << 8 | ascii_lower(c);
    return step_of(c, quote ? CSS_LITERAL : CSS_PLAIN, false);
}

struct css_step css_next(struct css_lex *lex, uint8_t c) {
    switch ((enum lex_state)lex->state) {
        case LEX_PLAIN:
            return plain_next(lex, c);
        case LEX_SLASH:
        case LEX_COMMENT:
        case LEX_STAR:
            return comment_next(lex, c);
        case LEX_BACKSLASH:
            lex->digits = 0;
            lex->escape = 0;
            return escape_next(lex, c);
        case LEX_ESCAPE:
            return escape_next(lex, c);
        case LEX_ADDRESS:
            break;
    }
    return address_next(lex, c);
}

#define RUN_DIGITS 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
#define RUN_LETTERS 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1

static const uint8_t of_runs[256] = {
    ['0'] = RUN_DIGITS, ['A'] = RUN_LETTERS, ['a'] = RUN_LETTERS, ['-'] = 1, ['_'] = 1, ['%'] = 1,
};

size_t css_run(struct css_lex *lex, struct span bytes) {
    size_t len = 0;
    if (lex->state != LEX_PLAIN || lex->quote != 0) return 0;
    while (len < bytes.len && of_runs[bytes.data[len]] != 0) len++;
    for (size_t at = len < 3 ? 0 : len - 3; at < len; at++) lex->last = lex->last << 8 | ascii_lower(bytes.data[at]);
    return len;
}

/* --- declarations ------------------------------------------------------------------------------------------------- */

static void drop_declaration(struct html_style_reader *reader) {
    reader->in_value = false;
    reader->brackets = reader->name_len = reader->value_len = 0;
}

static void end_declaration(struct html_style_reader *reader) {
    struct span const name = span_of(reader->name, reader->name_len);
    read_declaration(&reader->look, name, span_of(reader->value, reader->value_len));
    drop_declaration(reader);
}

/* Runs of white space are one blank, and none in front. */
static void add_to(uint8_t *text, uint8_t *len, size_t room, uint8_t c) {
    if (ascii_is_space(c)) c = ' ';
    if (*len < room && !(c == ' ' && (*len == 0 || text[*len - 1] == ' '))) text[(*len)++] = c;
}

static void add_run(struct html_style_reader *reader, struct span run) {
    uint8_t *len = reader->in_value ? &reader->value_len : &reader->name_len;
    run = span_head(run, (reader->in_value ? sizeof reader->value : sizeof reader->name) - *len);
    if (run.len > 0) memcpy((reader->in_value ? reader->value : reader->name) + *len, run.data, run.len);
    *len = (uint8_t)(*len + run.len);
}

static void add_byte(struct html_style_reader *reader, uint8_t c) {
    if (reader->in_value)
        add_to(reader->value, &reader->value_len, sizeof reader->value, c);
    else
        add_to(reader->name, &reader->name_len, sizeof reader->name, c);
}

/* What stands in brackets parts nothing; a block of its own, which CSS has inside of others, is passed over. */
static void add_bracket(struct html_style_reader *reader, uint8_t c) {
    bool const opens = c == '(' || c == '{';
    add_byte(reader, c);
    if (opens && reader->brackets < UINT8_MAX)
        reader->brackets++;
    else if (!opens && reader->brackets > 0 && --reader->brackets == 0 && c == '}')
        drop_declaration(reader);
}

size_t html_style_push(struct html_style_reader *reader, struct span bytes, bool in_sheet, bool *over) {
    size_t at = 0;
    while (at < bytes.len) {
        size_t const run = css_run(&reader->lex, span_from(bytes, at));
        if (run > 0) add_run(reader, span_slice(bytes, at, run));
        at += run;
        if (at == bytes.len) break;
        struct css_step const step = css_next(&reader->lex, bytes.data[at]);
        bool const plain = step.kind == CSS_PLAIN, parts = plain && reader->brackets == 0;
        at += !step.again;
        if (parts && step.c == '}' && in_sheet) {
            *over = true;
            return at;
        }
        if (parts && step.c == ';')
            end_declaration(reader);
        else if (parts && step.c == ':' && !reader->in_value)
            reader->in_value = true;
        else if (plain && (step.c == '(' || step.c == ')' || step.c == '{' || step.c == '}'))
            add_bracket(reader, step.c);
        else if (step.kind != CSS_NOTHING)
            add_byte(reader, step.c);
    }
    return at;
}

void html_style_end(struct html_style_reader *reader) {
    struct css_step const step = css_next(&reader->lex, ' '); /* what an escape waited for */
    if (step.kind != CSS_NOTHING) add_byte(reader, step.c);
    end_declaration(reader);
}

/* Whether there is nothing but names and values. */
static bool is_plain(struct span style) {
    return span_find_either(style, '(', '\\') == style.len && span_find_either(style, '"', '\'') == style.len &&
           span_find_either(style, '*', '{') == style.len;
}

static void read_all(struct html_look *look, struct span style) {
    struct html_style_reader reader = {.look = *look};
    bool over;
    (void)html_style_push(&reader, style, false, &over);
    html_style_end(&reader);
    *look = reader.look;
}

void html_style_read(struct html_look *look, struct span style) {
    *look = (struct html_look){.says = 0};
    if (!is_plain(style)) {
        read_all(look, style);
        return;
    }
    while (style.len > 0) {
        struct span declaration = span_head(style, span_find(style, ';'));
        size_t const colon = span_find(declaration, ':');
        if (declaration.len > VALUE_BYTES) /* of blanks, perhaps */
            read_all(look, declaration);
        else
            read_declaration(look, span_head(declaration, colon), span_from(declaration, colon + 1));
        style = span_from(style, declaration.len + 1);
    }
}

/* --- attributes --------------------------------------------------------------------------------------------------- */

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

/* HTML 5, 15.3.4: 1 to 7; with a sign from 3 on. */
void html_size_read(struct html_look *look, struct span value) {
    static const uint8_t px[] = {10, 13, 16, 18, 24, 32, 48};
    double number;
    size_t bytes;
    value = span_trim(value);
    if (value.len == 0 || !number_read(value, &number, &bytes)) return;
    if (!ascii_is_digit(value.data[0])) number += 3;
    say_px(look, px[(unsigned)bounded(number - 1, sizeof px - 1)]);
}
