/* yaml_document: a YAML file as a tree of nodes with their places.
 *
 * Three steps.  (1) One pass over the bytes refuses what libyaml would take long over, misplace, or accept in silence:
 * too many bytes, invalid UTF-8 (RFC 3629), control characters, tabs, odd line ends, and directives (libyaml compares
 * each %TAG with all before it).  (2) libyaml's events build the tree with an explicit stack; the first thing that is
 * not allowed ends it.  Anchors and aliases are refused, so the tree is a tree and no larger than its text.  libyaml
 * looks at most 1,024 characters ahead of the event it gives (a simple key), so stopping at a depth bounds its work on
 * nested brackets too.  (3) When a map ends its keys are sorted, and equal neighbours are duplicates.
 *
 * Nodes and strings lie in slabs that are freed together.  Problems may hold pieces of a hostile file: they are made
 * fit for a terminal before anybody sees them.
 *
 * This is the one file of scoring/ that may use <stdio.h> (through <yaml.h>): for vsnprintf, nothing else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/yaml_document.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <yaml.h>

#include "mailspan/limits.h"
#include "mailspan/utf8.h"

#define SLAB_BYTES ((size_t)64 << 10)
#define NAME_COMPARED_BYTES 64 /* of a key, when looking for the nearest known one */
#define DESCRIPTION_BYTES 64
#define DURATION_TEXT_BYTES 32

struct slab {
    struct slab *next;
    size_t used, size;
    uint64_t memory[];
};

struct yaml_document {
    char name[sizeof((struct problem *)0)->file];
    struct slab *slabs;
    const struct yaml_node *root;
    unsigned nodes;
};

/* --- problems -------------------------------------------------------------------------------------------------- */

static bool is_control(uint32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

/* Whatever could steer a terminal, or is a piece of a character, becomes '?'. */
static void make_printable(char *text) {
    struct span rest = span_from_string(text);
    char *out = text;
    while (rest.len > 0) {
        uint32_t code_point;
        size_t len = utf8_next(rest, &code_point);
        if (utf8_length(rest) == 0 || is_control(code_point)) {
            *out++ = '?';
            rest = span_from(rest, len);
            continue;
        }
        memmove(out, rest.data, len);
        out += len;
        rest = span_from(rest, len);
    }
    *out = '\0';
}

static void problem_fill(struct problem *problem, const char *name, unsigned line, unsigned column, const char *format,
                         va_list arguments) {
    problem->line = line;
    problem->column = column;
    (void)snprintf(problem->file, sizeof problem->file, "%s", name);
    make_printable(problem->file);
    (void)vsnprintf(problem->what, sizeof problem->what, format, arguments);
    make_printable(problem->what);
}

__attribute__((format(printf, 5, 6))) static bool problem_at(struct problem *problem, const char *name, unsigned line,
                                                             unsigned column, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    problem_fill(problem, name, line, column, format, arguments);
    va_end(arguments);
    return false;
}

bool yaml_problem(const struct yaml_document *document, const struct yaml_node *node, bool at_key,
                  struct problem *problem, const char *format, ...) {
    unsigned line = 0, column = 0;
    if (node != NULL) {
        bool of_key = at_key && node->key != NULL;
        line = of_key ? node->key_line : node->line;
        column = of_key ? node->key_column : node->column;
    }
    va_list arguments;
    va_start(arguments, format);
    problem_fill(problem, document->name, line, column, format, arguments);
    va_end(arguments);
    return false;
}

/* --- memory ---------------------------------------------------------------------------------------------------- */

static void *document_alloc(struct yaml_document *document, size_t size) {
    size = (size + 7) & ~(size_t)7;
    struct slab *slab = document->slabs;
    if (slab == NULL || slab->size - slab->used < size) {
        size_t room = size > SLAB_BYTES ? size : SLAB_BYTES;
        slab = malloc(sizeof *slab + room);
        if (slab == NULL) return NULL;
        *slab = (struct slab){.next = document->slabs, .size = room};
        document->slabs = slab;
    }
    void *memory = (uint8_t *)slab->memory + slab->used;
    slab->used += size;
    memset(memory, 0, size);
    return memory;
}

static const char *document_text(struct yaml_document *document, const void *data, size_t len) {
    char *copy = document_alloc(document, len + 1);
    if (copy != NULL && len > 0) memcpy(copy, data, len);
    return copy;
}

void yaml_document_free(struct yaml_document *document) {
    if (document == NULL) return;
    while (document->slabs != NULL) {
        struct slab *slab = document->slabs;
        document->slabs = slab->next;
        free(slab);
    }
    free(document);
}

/* --- step 1: the bytes ----------------------------------------------------------------------------------------- */

struct place {
    unsigned line, column;
    bool after_return; /* the last character was CR: an LF now belongs to it */
};

static void place_advance(struct place *at, uint32_t code_point) {
    bool second_half = code_point == '\n' && at->after_return;
    at->after_return = code_point == '\r';
    if (second_half) return;
    if (code_point == '\n' || code_point == '\r') {
        at->line++;
        at->column = 1;
    } else {
        at->column++;
    }
}

/* What is wrong with a character, or NULL. */
static const char *character_fault(uint32_t code_point, const struct place *at) {
    if (code_point == '\n' || code_point == '\r') return NULL;
    if (code_point == '\t') return "a tab; expected spaces (in a double-quoted text, \\t)";
    if (code_point == 0) return "a NUL byte; expected a text file in UTF-8";
    if (code_point == 0x85 || code_point == 0x2028 || code_point == 0x2029)
        return "an unusual line end (U+0085, U+2028 or U+2029); expected plain line ends";
    if (is_control(code_point)) return "a control character; expected printable text (in a double-quoted text, \\xNN)";
    if (code_point == 0xfeff) return "a byte order mark inside the file; expected it at the start or nowhere";
    if (code_point == 0xfffe || code_point == 0xffff) return "a character that is none in Unicode; expected text";
    if (code_point == '%' && at->column == 1) return "a line that starts with '%' (a YAML directive); expected none";
    return NULL;
}

static bool text_is_sound(const char *name, struct span text, struct problem *problem) {
    if (text.len > LIMIT_YAML_BYTES)
        return problem_at(problem, name, 0, 0, "the file is %zu bytes long; expected at most %u", text.len,
                          LIMIT_YAML_BYTES);
    struct place at = {.line = 1, .column = 1};
    while (text.len > 0) {
        uint32_t code_point;
        size_t len = utf8_next(text, &code_point);
        if (utf8_length(text) == 0)
            return problem_at(problem, name, at.line, at.column, "the byte 0x%02x is no UTF-8; expected UTF-8 text",
                              text.data[0]);
        const char *fault = character_fault(code_point, &at);
        if (fault != NULL) return problem_at(problem, name, at.line, at.column, "%s", fault);
        place_advance(&at, code_point);
        text = span_from(text, len);
    }
    return true;
}

/* --- step 2: the events ---------------------------------------------------------------------------------------- */

struct frame {
    struct yaml_node *node; /* the list or map that is open */
    struct yaml_node *last; /* its last child */
    const char *key;        /* of a map: the key that waits for its value */
    unsigned key_line, key_column;
};

struct builder {
    struct yaml_document *document;
    struct problem *problem;
    struct frame stack[LIMIT_YAML_DEPTH];
    unsigned depth;
    unsigned documents;
};

static unsigned from_one(size_t counted_from_zero) {
    return (unsigned)counted_from_zero + 1;
}

static bool builder_problem(struct builder *b, yaml_mark_t mark, const char *what) {
    return problem_at(b->problem, b->document->name, from_one(mark.line), from_one(mark.column), "%s", what);
}

static struct frame *builder_top(struct builder *b) {
    return b->depth == 0 ? NULL : &b->stack[b->depth - 1];
}

static bool key_is_due(struct builder *b) {
    const struct frame *top = builder_top(b);
    return top != NULL && top->node->kind == YAML_MAP && top->key == NULL;
}

/* A new node, hung below the one that is open; NULL with the problem filled. */
static struct yaml_node *add_node(struct builder *b, enum yaml_kind kind, yaml_mark_t mark) {
    if (b->document->nodes >= LIMIT_YAML_NODES) {
        (void)problem_at(b->problem, b->document->name, from_one(mark.line), from_one(mark.column),
                         "more than %d values; expected a smaller file", LIMIT_YAML_NODES);
        return NULL;
    }
    struct yaml_node *node = document_alloc(b->document, sizeof *node);
    if (node == NULL) {
        (void)builder_problem(b, mark, "out of memory");
        return NULL;
    }
    b->document->nodes++;
    *node = (struct yaml_node){.kind = kind, .line = from_one(mark.line), .column = from_one(mark.column)};
    struct frame *top = builder_top(b);
    if (top == NULL) {
        b->document->root = node;
        return node;
    }
    node->key = top->key;
    node->key_line = top->key_line;
    node->key_column = top->key_column;
    top->key = NULL;
    if (top->last == NULL)
        top->node->first = node;
    else
        top->last->next = node;
    top->last = node;
    top->node->count++;
    return node;
}

static bool take_key(struct builder *b, const yaml_event_t *event, const char *text, size_t len) {
    struct frame *top = builder_top(b);
    if (len == 0) return builder_problem(b, event->start_mark, "an empty key; expected a name before ':'");
    if (strcmp(text, "<<") == 0)
        return builder_problem(b, event->start_mark, "a merge key '<<'; expected the keys themselves, written out");
    top->key = text;
    top->key_line = from_one(event->start_mark.line);
    top->key_column = from_one(event->start_mark.column);
    return true;
}

static bool take_scalar(struct builder *b, const yaml_event_t *event) {
    const void *data = event->data.scalar.value;
    size_t len = event->data.scalar.length;
    if (len > 0 && memchr(data, 0, len) != NULL)
        return builder_problem(b, event->start_mark, "a NUL in a text; expected text without \\0");
    const char *text = document_text(b->document, data, len);
    if (text == NULL) return builder_problem(b, event->start_mark, "out of memory");
    if (key_is_due(b)) return take_key(b, event, text, len);
    struct yaml_node *node = add_node(b, YAML_SCALAR, event->start_mark);
    if (node == NULL) return false;
    node->text = text;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return true;
}

static bool open_container(struct builder *b, enum yaml_kind kind, yaml_mark_t mark) {
    if (key_is_due(b)) return builder_problem(b, mark, "a list or map as a key; expected a name before ':'");
    if (b->depth == LIMIT_YAML_DEPTH)
        return problem_at(b->problem, b->document->name, from_one(mark.line), from_one(mark.column),
                          "lists and maps nested too deeply; expected at most %d levels", LIMIT_YAML_DEPTH);
    struct yaml_node *node = add_node(b, kind, mark);
    if (node == NULL) return false;
    b->stack[b->depth++] = (struct frame){.node = node};
    return true;
}

static int by_key_then_place(const void *left, const void *right) {
    const struct yaml_node *a = *(const struct yaml_node *const *)left;
    const struct yaml_node *b = *(const struct yaml_node *const *)right;
    int order = strcmp(a->key, b->key);
    if (order != 0) return order;
    if (a->key_line != b->key_line) return a->key_line < b->key_line ? -1 : 1;
    return a->key_column < b->key_column ? -1 : a->key_column > b->key_column;
}

/* The duplicate that stands first in the file, and in *original the key that it repeats. */
static const struct yaml_node *find_duplicate(const struct yaml_node **sorted, size_t count,
                                              const struct yaml_node **original) {
    const struct yaml_node *found = NULL;
    for (size_t i = 1; i < count; i++) {
        const struct yaml_node *node = sorted[i];
        if (strcmp(node->key, sorted[i - 1]->key) != 0) continue;
        bool earlier = found == NULL || node->key_line < found->key_line ||
                       (node->key_line == found->key_line && node->key_column < found->key_column);
        if (!earlier) continue;
        found = node;
        *original = sorted[i - 1];
    }
    return found;
}

/* --- step 3: duplicates ---------------------------------------------------------------------------------------- */

static bool keys_are_unique(struct builder *b, const struct yaml_node *map) {
    if (map->count < 2) return true;
    const struct yaml_node **sorted = calloc(map->count, sizeof *sorted);
    if (sorted == NULL) return problem_at(b->problem, b->document->name, map->line, map->column, "out of memory");
    size_t count = 0;
    for (const struct yaml_node *child = map->first; child != NULL; child = child->next) sorted[count++] = child;
    qsort(sorted, count, sizeof *sorted, by_key_then_place);
    const struct yaml_node *original = NULL;
    const struct yaml_node *duplicate = find_duplicate(sorted, count, &original);
    free(sorted);
    if (duplicate == NULL) return true;
    return problem_at(b->problem, b->document->name, duplicate->key_line, duplicate->key_column,
                      "the key '%.60s' stands twice; expected it once (first at line %u)", duplicate->key,
                      original->key_line);
}

static bool close_container(struct builder *b) {
    const struct yaml_node *node = b->stack[--b->depth].node;
    /* libyaml ends a container only after it began one, which pushed its node. */
    return node->kind != YAML_MAP || keys_are_unique(b, node);  // NOLINT(clang-analyzer-core.NullDereference)
}

static bool take_document_start(struct builder *b, const yaml_event_t *event) {
    if (b->documents++ == 0) return true;
    return builder_problem(b, event->start_mark, "a second document ('---'); expected one document in a file");
}

/* Anchors and tags, on whatever may carry them. */
static bool refuse_decoration(struct builder *b, const yaml_event_t *event) {
    const void *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor != NULL)
        return builder_problem(b, event->start_mark, "an anchor ('&'); expected a plain value, or the text in quotes");
    if (tag != NULL)
        return builder_problem(b, event->start_mark, "a tag ('!'); expected a plain value, or the text in quotes");
    return true;
}

static bool take_event(struct builder *b, const yaml_event_t *event) {
    if (!refuse_decoration(b, event)) return false;
    switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
            return take_document_start(b, event);
        case YAML_SCALAR_EVENT:
            return take_scalar(b, event);
        case YAML_SEQUENCE_START_EVENT:
            return open_container(b, YAML_LIST, event->start_mark);
        case YAML_MAPPING_START_EVENT:
            return open_container(b, YAML_MAP, event->start_mark);
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
            return close_container(b);
        case YAML_ALIAS_EVENT:
            return builder_problem(b, event->start_mark,
                                   "an alias ('*'); expected the value itself, or the text in quotes");
        case YAML_NO_EVENT:
        case YAML_STREAM_START_EVENT:
        case YAML_STREAM_END_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
    }
    return true;
}

/* What a person probably meant, by libyaml's complaint. */
static const char *expected_instead(const char *complaint) {
    static const struct {
        const char *complaint, *expected;
    } known[] = {
        {"mapping values are not allowed in this context",
         "one 'key: value' on a line, and quotes around text that has ': ' in it"},
        {"did not find expected key", "a key with the same indentation as its neighbours"},
        {"could not find expected ':'", "'key: value'"},
        {"did not find expected '-' indicator", "'- ' with the same indentation as its neighbours"},
        {"found character that cannot start any token", "quotes around text that begins with such a character"},
        {"found unexpected end of stream", "the closing quote"},
        {"found unknown escape character", "single quotes around text with backslashes"},
        {"did not find expected ',' or ']'", "',' or ']'"},
        {"did not find expected ',' or '}'", "',' or '}'"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(complaint, known[i].complaint) == 0) return known[i].expected;
    return "well-formed YAML";
}

static bool parser_problem(struct builder *b, const yaml_parser_t *parser) {
    const char *name = b->document->name;
    if (parser->error == YAML_MEMORY_ERROR) return problem_at(b->problem, name, 0, 0, "out of memory");
    const char *complaint = parser->problem == NULL ? "not well-formed" : parser->problem;
    unsigned line = from_one(parser->problem_mark.line), column = from_one(parser->problem_mark.column);
    if (parser->context == NULL)
        return problem_at(b->problem, name, line, column, "%s; expected %s", complaint, expected_instead(complaint));
    return problem_at(b->problem, name, line, column, "%s %s that starts at line %u; expected %s", complaint,
                      parser->context, from_one(parser->context_mark.line), expected_instead(complaint));
}

static bool take_events(struct builder *b, yaml_parser_t *parser) {
    for (;;) {
        yaml_event_t event;
        if (yaml_parser_parse(parser, &event) == 0) return parser_problem(b, parser);
        bool end = event.type == YAML_STREAM_END_EVENT;
        bool fine = take_event(b, &event);
        yaml_event_delete(&event);
        if (!fine) return false;
        if (end) return true;
    }
}

/* A file of comments, or of '---' and nothing, is an empty map. */
static bool settle_root(struct builder *b) {
    const struct yaml_node *root = b->document->root;
    bool nothing = root == NULL || (root->kind == YAML_SCALAR && !root->quoted && root->text[0] == '\0');
    if (!nothing) return true;
    b->document->root = NULL;
    return add_node(b, YAML_MAP, (yaml_mark_t){.line = 0, .column = 0}) != NULL;
}

static bool document_build(struct yaml_document *document, struct span text, struct problem *problem) {
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) return problem_at(problem, document->name, 0, 0, "out of memory");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    static const unsigned char nothing[1] = "";
    yaml_parser_set_input_string(&parser, text.len == 0 ? nothing : text.data, text.len);
    struct builder builder = {.document = document, .problem = problem};
    bool fine = take_events(&builder, &parser) && settle_root(&builder);
    yaml_parser_delete(&parser);
    return fine;
}

struct yaml_document *yaml_document_load(const char *name, struct span text, struct problem *problem) {
    *problem = (struct problem){.line = 0};
    if (span_starts_with(text, SPAN_LITERAL("\xef\xbb\xbf"))) text = span_from(text, 3);
    if (!text_is_sound(name, text, problem)) return NULL;
    struct yaml_document *document = calloc(1, sizeof *document);
    if (document == NULL) {
        (void)problem_at(problem, name, 0, 0, "out of memory");
        return NULL;
    }
    (void)snprintf(document->name, sizeof document->name, "%s", name);
    if (document_build(document, text, problem)) return document;
    yaml_document_free(document);
    return NULL;
}

const struct yaml_node *yaml_document_root(const struct yaml_document *document) {
    return document->root;
}

const char *yaml_document_name(const struct yaml_document *document) {
    return document->name;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key) {
    if (map == NULL || map->kind != YAML_MAP) return NULL;
    for (const struct yaml_node *child = map->first; child != NULL; child = child->next)
        if (strcmp(child->key, key) == 0) return child;
    return NULL;
}

/* --- scalars --------------------------------------------------------------------------------------------------- */

static bool is_null(const struct yaml_node *node) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != YAML_SCALAR || node->quoted) return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(node->text, words[i]) == 0) return true;
    return false;
}

/* The node as a problem names it: "a list", "nothing", "'text'". */
static const char *describe(const struct yaml_node *node, char description[DESCRIPTION_BYTES]) {
    if (node->kind == YAML_LIST) return "a list";
    if (node->kind == YAML_MAP) return "a map";
    if (is_null(node)) return "nothing";
    (void)snprintf(description, DESCRIPTION_BYTES, "'%.40s'%s", node->text, node->quoted ? " in quotes" : "");
    return description;
}

bool yaml_string(const struct yaml_document *document, const struct yaml_node *node, const char **value,
                 struct problem *problem) {
    char description[DESCRIPTION_BYTES];
    if (node->kind != YAML_SCALAR || is_null(node))
        return yaml_problem(document, node, false, problem, "%s; expected text", describe(node, description));
    *value = node->text;
    return true;
}

/* Digits only; false when there is none, too many, or a leading zero (which some would read as octal). */
static bool parse_digits(struct span text, uint64_t *value) {
    if (text.len == 0 || text.len > 18 || (text.len > 1 && text.data[0] == '0')) return false;
    *value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.data[i])) return false;
        *value = *value * 10 + (uint64_t)(text.data[i] - '0');
    }
    return true;
}

/* The text of an unquoted scalar without its sign; empty for anything else. */
static struct span unsigned_text(const struct yaml_node *node, bool *negative) {
    *negative = false;
    if (node->kind != YAML_SCALAR || node->quoted) return SPAN_EMPTY;
    struct span text = span_from_string(node->text);
    if (text.len > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        *negative = text.data[0] == '-';
        text = span_from(text, 1);
    }
    return text;
}

bool yaml_integer(const struct yaml_document *document, const struct yaml_node *node, int64_t min, int64_t max,
                  int64_t *value, struct problem *problem) {
    char description[DESCRIPTION_BYTES];
    bool negative;
    uint64_t magnitude = 0;
    bool fine = parse_digits(unsigned_text(node, &negative), &magnitude);
    int64_t number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    if (!fine || number < min || number > max)
        return yaml_problem(document, node, false, problem, "%s; expected a whole number from %" PRId64 " to %" PRId64,
                            describe(node, description), min, max);
    *value = number;
    return true;
}

/* digits[.digits], at most 15 of them together: then one division of exact numbers gives the nearest double, and no
 * locale has a say. */
static bool parse_decimal(struct span text, double *value) {
    uint64_t whole = 0;
    double scale = 1;
    size_t digits = 0;
    bool point = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (!ascii_is_digit(text.data[i]) || ++digits > 15) return false;
        whole = whole * 10 + (uint64_t)(text.data[i] - '0');
        if (point) scale *= 10;
    }
    *value = (double)whole / scale;
    return digits > 0 && text.data[text.len - 1] != '.';
}

/* 1e-3: what other readers of YAML take for a number. */
static bool has_exponent(const struct yaml_node *node) {
    bool negative;
    double mantissa;
    struct span const text = unsigned_text(node, &negative);
    size_t const small = span_find(text, 'e'), at = small < text.len ? small : span_find(text, 'E');
    return at < text.len && parse_decimal(span_head(text, at), &mantissa);
}

bool yaml_number(const struct yaml_document *document, const struct yaml_node *node, double min, double max,
                 double *value, struct problem *problem) {
    char description[DESCRIPTION_BYTES];
    bool negative;
    double magnitude = 0;
    bool fine = parse_decimal(unsigned_text(node, &negative), &magnitude);
    double number = negative ? -magnitude : magnitude;
    if (!fine || number < min || number > max)
        return yaml_problem(document, node, false, problem, "%s; expected a number from %g to %g%s",
                            describe(node, description), min, max, has_exponent(node) ? ", without an exponent" : "");
    *value = number;
    return true;
}

bool yaml_boolean(const struct yaml_document *document, const struct yaml_node *node, bool *value,
                  struct problem *problem) {
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true}, {"false", false}, {"yes", true}, {"no", false}, {"on", true}, {"off", false}};
    if (node->kind == YAML_SCALAR && !node->quoted) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (!span_equal_nocase(span_from_string(node->text), span_from_string(words[i].word))) continue;
            *value = words[i].value;
            return true;
        }
    }
    char description[DESCRIPTION_BYTES];
    return yaml_problem(document, node, false, problem, "%s; expected true or false", describe(node, description));
}

/* --- durations ------------------------------------------------------------------------------------------------- */

static const struct {
    char letter;
    int64_t seconds;
} duration_units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

#define DURATION_UNITS (sizeof duration_units / sizeof duration_units[0])

static const char *duration_to_text(int64_t seconds, char text[DURATION_TEXT_BYTES]) {
    size_t unit = 0;
    while (unit < DURATION_UNITS - 1 && (seconds == 0 || seconds % duration_units[unit].seconds != 0)) unit++;
    (void)snprintf(text, DURATION_TEXT_BYTES, "%" PRId64 "%c", seconds / duration_units[unit].seconds,
                   duration_units[unit].letter);
    return text;
}

static bool parse_duration(struct span text, int64_t *seconds) {
    int64_t factor = 1;
    for (size_t i = 0; text.len > 0 && i < DURATION_UNITS; i++) {
        if (text.data[text.len - 1] != (uint8_t)duration_units[i].letter) continue;
        factor = duration_units[i].seconds;
        text.len--;
        break;
    }
    uint64_t number = 0;
    if (!parse_digits(text, &number) || number > (uint64_t)(INT64_MAX / factor)) return false;
    *seconds = (int64_t)number * factor;
    return true;
}

bool yaml_duration_s(const struct yaml_document *document, const struct yaml_node *node, int64_t min_s, int64_t max_s,
                     int64_t *value_s, struct problem *problem) {
    bool negative;
    int64_t seconds = 0;
    struct span text = unsigned_text(node, &negative);
    if (!negative && parse_duration(text, &seconds) && seconds >= min_s && seconds <= max_s) {
        *value_s = seconds;
        return true;
    }
    char description[DESCRIPTION_BYTES], min_text[DURATION_TEXT_BYTES], max_text[DURATION_TEXT_BYTES];
    return yaml_problem(
        document, node, false, problem, "%s; expected a duration such as 90s, 15m, 1h or 7d, from %s to %s",
        describe(node, description), duration_to_text(min_s, min_text), duration_to_text(max_s, max_text));
}

/* --- names ----------------------------------------------------------------------------------------------------- */

/* Levenshtein's distance without regard to case, of the first NAME_COMPARED_BYTES. */
static size_t edit_distance(const char *left, const char *right) {
    struct span a = span_head(span_from_string(left), NAME_COMPARED_BYTES);
    struct span b = span_head(span_from_string(right), NAME_COMPARED_BYTES);
    size_t row[NAME_COMPARED_BYTES + 1];
    for (size_t j = 0; j <= b.len; j++) row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = diagonal + (ascii_lower(a.data[i - 1]) != ascii_lower(b.data[j - 1]));
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.len];
}

/* The name that is most like text, or NULL when none is much like it. */
static const char *nearest_name(const char *text, const char *const names[]) {
    const char *nearest = NULL;
    size_t best = strlen(text) / 3 + 2;
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t distance = edit_distance(text, names[i]);
        if (distance >= best || distance >= strlen(names[i])) continue;
        best = distance;
        nearest = names[i];
    }
    return nearest;
}

/* "unknown key 'prots' (did you mean 'ports'?); expected one of: a, b, c" */
static bool unknown_name(const struct yaml_document *document, const struct yaml_node *node, bool at_key,
                         const char *what, const char *const names[], struct problem *problem) {
    const char *text = at_key ? node->key : node->text;
    char list[384];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; names[i] != NULL && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", names[i]);
    const char *nearest = nearest_name(text, names);
    if (nearest == NULL)
        return yaml_problem(document, node, at_key, problem, "unknown %s '%.40s'; expected one of: %s", what, text,
                            list);
    return yaml_problem(document, node, at_key, problem, "unknown %s '%.40s' (did you mean '%s'?); expected one of: %s",
                        what, text, nearest, list);
}

bool yaml_choice(const struct yaml_document *document, const struct yaml_node *node, const char *const names[],
                 unsigned *value, struct problem *problem) {
    const char *text = NULL;
    if (!yaml_string(document, node, &text, problem) || text == NULL) return false;
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *value = i;
        return true;
    }
    return unknown_name(document, node, false, "value", names, problem);
}

static bool name_is_known(const char *name, const char *const known[]) {
    for (size_t i = 0; known[i] != NULL; i++)
        if (strcmp(name, known[i]) == 0) return true;
    return false;
}

bool yaml_known_keys(const struct yaml_document *document, const struct yaml_node *map, const char *const known[],
                     struct problem *problem) {
    char description[DESCRIPTION_BYTES];
    if (map->kind != YAML_MAP)
        return yaml_problem(document, map, false, problem, "%s; expected a map, 'key: value' on each line",
                            describe(map, description));
    for (const struct yaml_node *child = map->first; child != NULL; child = child->next)
        if (!name_is_known(child->key, known)) return unknown_name(document, child, true, "key", known, problem);
    return true;
}
