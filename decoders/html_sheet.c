/* Style sheets, as far as they hide text.
 *
 *   "p.a, .b .c { name: value; ... }" --> selectors: {p .a}, {.c inside of .b} --> their look
 *
 * Selectors of tags, classes and ids are read, lists of them, and elements inside of others; no other relation, no
 * attribute, and of the pseudo classes those of links alone: what is written so is passed over.  Whether an element is
 * inside of another one is not known here: it is thought to be when there was such a one before.  What stands in
 * @media is for some screens only, and passed over, unless it is for all.  Rules hold for what comes behind them.
 *
 * Rules that say nothing of what is looked for take no room; where there is none left, sheet->lost tells it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_sheet.h"

#include "html_tags.h"
#include "mailspan/arena.h"

#define HASH_BEGIN 2166136261u
#define HASH_FACTOR 16777619u
#define FITS_MAX 16 /* selectors for one element: the heaviest */
#define WEIGHT_ID 256
#define WEIGHT_CLASS 16

enum sheet_state { SHEET_SELECTOR, SHEET_AT_RULE, SHEET_DECLARATIONS, SHEET_SKIP };

_Static_assert(sizeof(struct html_sheet) <= sizeof((struct arena_block *)0)->bytes, "a sheet fits an arena block");
_Static_assert(LIMIT_HTML_SELECTORS <= UINT8_MAX && LIMIT_HTML_LOOKS <= UINT8_MAX, "they are counted in bytes");

/* --- keys --------------------------------------------------------------------------------------------------------- */

static uint32_t hash_add(uint32_t hash, uint8_t c) {
    return (hash ^ ascii_lower(c)) * HASH_FACTOR; /* a page without a DOCTYPE has names in any case */
}

/* Never 0. */
static uint16_t folded(uint32_t hash) {
    uint16_t const key = (uint16_t)(hash ^ hash >> 16);
    return key == 0 ? 1 : key;
}

static uint16_t key_of(uint8_t kind, struct span name) {
    uint32_t hash = hash_add(HASH_BEGIN, kind);
    for (size_t i = 0; i < name.len; i++) hash = hash_add(hash, name.data[i]);
    return folded(hash);
}

uint16_t html_sheet_tag(uint64_t name) {
    return folded((uint32_t)(name * UINT64_C(0x9e3779b97f4a7c15) >> 32));
}

uint16_t html_sheet_class(struct span name) {
    return key_of('.', name);
}

uint16_t html_sheet_id(struct span name) {
    return key_of('#', name);
}

/* --- selectors ---------------------------------------------------------------------------------------------------- */

static void begin_selector(struct html_sheet *sheet) {
    sheet->selector = (struct selector_reading){.kind = 0};
}

static void add_key(struct selector_reading *reading, uint16_t key, unsigned weight) {
    struct sheet_selector *selector = &reading->selector;
    if (selector->count == SELECTOR_KEYS) {
        reading->strange = true;
        return;
    }
    selector->keys[selector->count++] = key;
    selector->weight = (uint16_t)(selector->weight + weight);
}

/* The name at hand is over. */
static void end_name(struct selector_reading *reading) {
    uint8_t const kind = reading->kind;
    uint16_t const key = folded(reading->hash);
    reading->kind = 0;
    if (kind == 't' && reading->tag != 0) add_key(reading, html_sheet_tag(reading->tag), 1);
    if (kind == '.') add_key(reading, key, WEIGHT_CLASS);
    if (kind == '#') add_key(reading, key, WEIGHT_ID);
    if (kind == ':' && key != key_of(':', SPAN_LITERAL("link")) && key != key_of(':', SPAN_LITERAL("visited")))
        reading->strange = true;
}

static void begin_name(struct selector_reading *reading, uint8_t kind) {
    reading->kind = kind;
    reading->hash = hash_add(HASH_BEGIN, kind);
    reading->tag = 0;
}

/* What was read stands around what comes. */
static void end_element(struct selector_reading *reading) {
    struct sheet_selector *selector = &reading->selector;
    reading->gap = false;
    if (selector->count == 0) return;
    bool const is_class = selector->weight - reading->left_weight >= WEIGHT_CLASS;
    if (reading->left == 0 || is_class || !reading->left_is_class) {
        reading->left = selector->keys[selector->count - 1];
        reading->left_is_class = is_class;
    }
    selector->count = 0;
    reading->left_weight = selector->weight;
}

static void name_byte(struct selector_reading *reading, uint8_t c) {
    if (reading->gap) end_element(reading);
    if (reading->kind == 0) begin_name(reading, 't');
    reading->hash = hash_add(reading->hash, c);
    if (reading->kind == 't') reading->tag = html_name_add(reading->tag, c);
}

static void end_selector(struct html_sheet *sheet) {
    struct selector_reading *reading = &sheet->selector;
    end_name(reading);
    struct sheet_selector selector = reading->selector;
    bool const good = !reading->strange && (selector.count > 0 || reading->left != 0 || selector.look == '*');
    uint16_t const root[] = {html_sheet_tag(HTML_NAME_HTML), html_sheet_tag(HTML_NAME_BODY)};
    selector.around = reading->left == root[0] || reading->left == root[1] ? 0 : reading->left;
    begin_selector(sheet);
    if (!good) return;
    if (sheet->count == LIMIT_HTML_SELECTORS)
        sheet->lost = true;
    else
        sheet->selectors[sheet->count++] = selector;
}

static void selector_byte(struct html_sheet *sheet, uint8_t c) {
    struct selector_reading *reading = &sheet->selector;
    bool const blank = ascii_is_space(c) || c == '>' || c == '<' || c == '!'; /* "<!--" means nothing */
    if (blank || c == '*' || c == '.' || c == '#' || c == ':' || c == ',') end_name(reading);
    if (blank) {
        reading->gap = reading->gap || reading->selector.count > 0 || reading->selector.look == '*';
    } else if (c == ',') {
        end_selector(sheet);
    } else if (c == '.' || c == '#' || c == ':') {
        if (reading->gap) end_element(reading);
        begin_name(reading, c);
    } else if (c == '*') {
        if (reading->gap) end_element(reading);
        reading->selector.look = '*';
    } else if (ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '_' || c >= 0x80) {
        name_byte(reading, c);
    } else {
        reading->strange = true;
    }
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

/* Its place among the looks; LIMIT_HTML_LOOKS: there is no room. */
static uint8_t keep_look(struct html_sheet *sheet, const struct html_look *look) {
    for (uint8_t at = 0; at < sheet->look_count; at++)
        if (memcmp(&sheet->looks[at], look, sizeof *look) == 0) return at;
    if (sheet->look_count == LIMIT_HTML_LOOKS) return LIMIT_HTML_LOOKS;
    sheet->looks[sheet->look_count] = *look;
    return sheet->look_count++;
}

static uint64_t bit_of(uint16_t key) {
    return UINT64_C(1) << (key & 63);
}

/* The selectors of the rule at hand have their look. */
static void end_rule(struct html_sheet *sheet) {
    uint8_t const first = sheet->rule;
    const struct html_look *said = &sheet->reader.look;
    uint8_t const look = said->says == 0 || first == sheet->count ? LIMIT_HTML_LOOKS : keep_look(sheet, said);
    if (look == LIMIT_HTML_LOOKS) {
        sheet->lost = sheet->lost || (said->says != 0 && first < sheet->count);
        sheet->count = first;
    }
    for (unsigned at = first; at < sheet->count; at++) {
        struct sheet_selector *selector = &sheet->selectors[at];
        selector->look = look;
        if (selector->around != 0) sheet->around |= bit_of(selector->around);
        for (unsigned i = 0; i < selector->count; i++) sheet->keys |= bit_of(selector->keys[i]);
        sheet->any = sheet->any || selector->count == 0;
    }
    sheet->rule = sheet->count;
    sheet->state = SHEET_SELECTOR;
}

static void begin_declarations(struct html_sheet *sheet) {
    end_selector(sheet);
    memset(&sheet->reader, 0, sizeof sheet->reader);
    sheet->state = SHEET_DECLARATIONS;
}

/* Whether what stands in the block of this rule is for every screen. */
static bool is_for_all(struct span rule) {
    static const struct span all[] = {SPAN_LITERAL("media all"), SPAN_LITERAL("media screen"),
                                      SPAN_LITERAL("media only screen")};
    rule = span_trim(rule);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (span_equal_nocase(rule, all[i])) return true;
    return false;
}

static void at_rule_byte(struct html_sheet *sheet, uint8_t c, bool plain) {
    if (plain && c == ';') {
        sheet->state = SHEET_SELECTOR;
    } else if (plain && c == '{') {
        bool const enters = sheet->blocks < UINT8_MAX && is_for_all(span_of(sheet->at_rule, sheet->at_len));
        sheet->state = enters ? SHEET_SELECTOR : SHEET_SKIP;
        sheet->blocks = (uint8_t)(sheet->blocks + enters);
        sheet->braces = 1;
    } else if (sheet->at_len < sizeof sheet->at_rule) {
        sheet->at_rule[sheet->at_len++] = ascii_is_space(c) ? ' ' : c;
    }
}

static void skip_byte(struct html_sheet *sheet, uint8_t c) {
    if (c == '{' && sheet->braces < UINT8_MAX) sheet->braces++;
    if (c == '}' && --sheet->braces == 0) sheet->state = SHEET_SELECTOR;
}

static void rule_byte(struct html_sheet *sheet, uint8_t c, bool plain) {
    if (!plain)
        name_byte(&sheet->selector, c);
    else if (c == '@') {
        sheet->state = SHEET_AT_RULE;
        sheet->at_len = 0;
    } else if (c == '{') {
        begin_declarations(sheet);
        return;
    } else if (c == '}') {
        if (sheet->blocks > 0) sheet->blocks--;
    } else {
        selector_byte(sheet, c);
        return;
    }
    if (!plain) return;
    begin_selector(sheet);
    sheet->count = sheet->rule;
}

static void take_byte(struct html_sheet *sheet, uint8_t c, bool plain) {
    if (sheet->state == SHEET_SELECTOR)
        rule_byte(sheet, c, plain);
    else if (sheet->state == SHEET_AT_RULE)
        at_rule_byte(sheet, c, plain);
    else if (plain)
        skip_byte(sheet, c);
}

/* Letters, digits and such. */
static void take_run(struct html_sheet *sheet, struct span run) {
    if (sheet->state == SHEET_SKIP) return;
    for (size_t at = 0; at < run.len; at++) {
        if (sheet->state == SHEET_SELECTOR)
            name_byte(&sheet->selector, run.data[at]);
        else
            at_rule_byte(sheet, run.data[at], true);
    }
}

void html_sheet_push(struct html_sheet *sheet, struct span bytes) {
    size_t at = 0;
    while (at < bytes.len) {
        if (sheet->state == SHEET_DECLARATIONS) {
            bool over = false;
            at += html_style_push(&sheet->reader, span_from(bytes, at), true, &over);
            if (!over) return;
            html_style_end(&sheet->reader);
            end_rule(sheet);
            continue;
        }
        size_t const run = css_run(&sheet->lex, span_from(bytes, at));
        take_run(sheet, span_slice(bytes, at, run));
        at += run;
        if (at == bytes.len) return;
        struct css_step const step = css_next(&sheet->lex, bytes.data[at]);
        at += !step.again;
        if (step.kind != CSS_NOTHING) take_byte(sheet, step.c, step.kind == CSS_PLAIN);
    }
}

/* What is open ends with the sheet (CSS Syntax 3, 5.4.4); the end tag is no part of it. */
void html_sheet_end(struct html_sheet *sheet) {
    struct html_style_reader *reader = &sheet->reader;
    if (sheet->state == SHEET_DECLARATIONS) {
        reader->name_len = (uint8_t)span_find(span_of(reader->name, reader->name_len), '<');
        reader->value_len = (uint8_t)span_find(span_of(reader->value, reader->value_len), '<');
        html_style_end(reader);
        end_rule(sheet);
    }
    begin_selector(sheet);
    sheet->count = sheet->rule;
    sheet->state = SHEET_SELECTOR;
    sheet->blocks = 0;
    sheet->lex = (struct css_lex){.state = 0};
}

/* --- elements ----------------------------------------------------------------------------------------------------- */

bool html_sheet_see(struct html_sheet *sheet, uint16_t key) {
    bool any = false;
    if ((sheet->around & bit_of(key)) == 0) return false;
    for (unsigned at = 0; at < sheet->rule; at++) {
        struct sheet_selector *selector = &sheet->selectors[at];
        if (selector->around != key || selector->inside) continue;
        selector->inside = any = true;
    }
    return any;
}

static bool has_key(const uint16_t *keys, unsigned count, uint16_t key) {
    for (unsigned i = 0; i < count; i++)
        if (keys[i] == key) return true;
    return false;
}

static bool fits(const struct sheet_selector *selector, const uint16_t *keys, unsigned count) {
    for (unsigned i = 0; i < selector->count; i++)
        if (!has_key(keys, count, selector->keys[i])) return false;
    return selector->around == 0 || selector->inside;
}

/* Lighter selectors first, and of one weight those that came first. */
struct html_look html_sheet_look(const struct html_sheet *sheet, const uint16_t *keys, unsigned count) {
    const struct sheet_selector *sorted[FITS_MAX + 1];
    struct html_look look = {.says = 0};
    unsigned fitting = 0;
    for (unsigned at = 0; at < sheet->rule; at++) {
        const struct sheet_selector *selector = &sheet->selectors[at];
        if (!fits(selector, keys, count)) continue;
        unsigned place = fitting++;
        for (; place > 0 && sorted[place - 1]->weight > selector->weight; place--) sorted[place] = sorted[place - 1];
        sorted[place] = selector;
        if (fitting > FITS_MAX) memmove(sorted, sorted + 1, --fitting * sizeof sorted[0]);
    }
    for (unsigned at = 0; at < fitting; at++) html_look_over(&look, &sheet->looks[sorted[at]->look]);
    return look;
}
