/* Regular expressions of rule files: vectorscan finds, PCRE2 confirms what vectorscan cannot express.
 *
 * The dialect is PCRE's.  PCRE2 reads every expression first, because its messages say at which character something is
 * wrong.  Then vectorscan compiles all of them together; where it refuses one (back references, look-around, atomic
 * groups) that one is compiled again as a prefilter, which finds at least all that the expression finds, and PCRE2
 * keeps it to confirm.  PCRE2 runs without its just-in-time compiler, which wants writable and executable memory.
 *
 * An expression of plain ASCII is matched on bytes: "." is a byte, and case is ASCII's.  One that names other
 * characters is matched on UTF-8, with Unicode's classes and case.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "expressions.h"

#include "expression_cost.h"
#include "matcher_check.h"

#include <sodium.h>
#include <stdlib.h>

/* Whether the expression means characters and not bytes. */
static bool wants_utf8(const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        if ((uint8_t)*at >= 0x80) return true;
        if (*at != '\\') continue;
        at++;
        if (*at == '\0') return false;
        if (*at == 'p' || *at == 'P' || *at == 'X' || (*at == 'x' && at[1] == '{')) return true;
    }
    return false;
}

unsigned expression_flags(const struct expression *expression) {
    unsigned flags = HS_FLAG_SINGLEMATCH;
    if (expression->multiline) flags |= HS_FLAG_MULTILINE;
    if (expression->caseless) flags |= HS_FLAG_CASELESS;
    if (wants_utf8(expression->text)) flags |= HS_FLAG_UTF8 | HS_FLAG_UCP;
    if (expression->prefilter) flags |= HS_FLAG_PREFILTER;
    return flags;
}

static pcre2_code *pcre2_code_of(const struct expression *expression, int *error, size_t *offset) {
    uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    if (expression->steps_counted) options |= PCRE2_AUTO_CALLOUT;
    if (expression->multiline) options |= PCRE2_MULTILINE;
    if (expression->caseless) options |= PCRE2_CASELESS;
    if (wants_utf8(expression->text)) options |= PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF;
    return pcre2_compile((PCRE2_SPTR)expression->text, PCRE2_ZERO_TERMINATED, options, error, offset, NULL);
}

pcre2_code *expression_code(const struct expression *expression) {
    struct expression alone = *expression;
    int error = 0;
    size_t offset = 0;
    alone.steps_counted = false;
    return pcre2_code_of(&alone, &error, &offset);
}

/* Bytes that one character takes in the file, as the quotes around it have it. */
static size_t written_bytes(struct span source, char quote) {
    if (source.len == 0) return 0;
    if (quote == '\'' && source.data[0] == '\'') return 2;
    if (quote != '"' || source.data[0] != '\\' || source.len < 2) return 1;
    if (source.data[1] == 'x') return 4;
    if (source.data[1] == 'u') return 6;
    return source.data[1] == 'U' ? 10 : 2;
}

/* The column of the byte at offset of a node's text.  A block scalar, whose lines are elsewhere, keeps the node's. */
static unsigned column_of(struct span source, const struct yaml_node *node, size_t offset) {
    for (unsigned line = 1; line < node->line; line++) source = span_from(source, span_find(source, '\n') + 1);
    source = span_from(source, node->column - 1);
    if (source.len == 0 || source.data[0] == '|' || source.data[0] == '>') return node->column;
    char quote = node->quoted ? (char)source.data[0] : '\0';
    size_t at = node->quoted ? 1 : 0;
    for (size_t i = 0; i < offset; i++) at += written_bytes(span_from(source, at), quote);
    return node->column + (unsigned)at;
}

bool expression_problem(const struct expression_file *file, const struct yaml_node *node, size_t offset,
                        struct problem *problem, const char *what) {
    (void)yaml_problem(file->document, node, false, problem, "%s", what);
    problem->column = column_of(file->source, node, offset);
    return false;
}

bool expression_check(struct expression *expression, struct problem *problem) {
    int error = 0;
    size_t offset = 0;
    if (expression->file->checked) return true;
    pcre2_code *code = pcre2_code_of(expression, &error, &offset);
    if (code != NULL) {
        uint32_t matches_empty = 0;
        (void)pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &matches_empty);
        pcre2_code_free(code);
        if (matches_empty == 0) return true;
        return yaml_problem(expression->file->document, expression->node, false, problem,
                            "the regular expression matches the empty text; expected one that needs a character");
    }
    PCRE2_UCHAR message[200] = {0};
    if (pcre2_get_error_message(error, message, sizeof message) < 0 && message[0] == '\0') message[0] = '?';
    (void)yaml_problem(expression->file->document, expression->node, false, problem,
                       "the regular expression is wrong at its character %zu: %s", offset + 1, (const char *)message);
    problem->column = column_of(expression->file->source, expression->node, offset);
    return false;
}

/* Vectorscan refused the expression: once it becomes a prefilter, the second time it is a problem. */
static bool make_prefilter(struct expression *expression, const char *message, struct compiled *compiled,
                           struct problem *problem) {
    if (expression->prefilter)
        return yaml_problem(expression->file->document, expression->node, false, problem,
                            "the pattern library cannot compile this regular expression: %s", message);
    int error = 0;
    size_t offset = 0;
    expression->confirm = pcre2_code_of(expression, &error, &offset);
    expression->prefilter = true;
    if (expression->confirm != NULL)
        return expression->file->checked || expression_stays_small(expression, compiled, problem);
    return yaml_problem(expression->file->document, expression->node, false, problem, "not enough memory");
}

struct compile_arrays {
    const char **texts;
    unsigned *flags;
    unsigned *ids;
};

static bool arrays_make(struct compile_arrays *arrays, unsigned count) {
    arrays->texts = calloc(count, sizeof *arrays->texts);
    arrays->flags = calloc(count, sizeof *arrays->flags);
    arrays->ids = calloc(count, sizeof *arrays->ids);
    return arrays->texts != NULL && arrays->flags != NULL && arrays->ids != NULL;
}

static void arrays_free(struct compile_arrays *arrays) {
    free(arrays->texts);
    free(arrays->flags);
    free(arrays->ids);
}

/* One try to compile them all.  *refused is the one that vectorscan does not take, or NULL when it says of none. */
static hs_database_t *try_compile(struct expression *expressions, unsigned count, unsigned mode,
                                  const struct compile_arrays *arrays, hs_compile_error_t **error) {
    for (unsigned i = 0; i < count; i++) {
        arrays->texts[i] = expressions[i].text;
        arrays->flags[i] = expression_flags(&expressions[i]);
        arrays->ids[i] = expressions[i].id;
    }
    hs_database_t *database = NULL;
    if (hs_compile_multi(arrays->texts, arrays->flags, arrays->ids, count, mode, &any_processor, &database, error) !=
        HS_SUCCESS)
        return NULL;
    return database;
}

/* Whether the parser alone refuses it: quicker to ask than a whole compilation. */
static bool is_expressible(const struct expression *expression) {
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;
    bool good = hs_expression_info(expression->text, expression_flags(expression), &info, &error) == HS_SUCCESS;
    free(info);
    hs_free_compile_error(error);
    return good;
}

/* One was refused: the others that the parser alone refuses become prefilters with it, so that there is one more round
 * for all of them.  Where none is refused, which is the rule, nothing is parsed twice. */
static bool make_prefilters(struct expression *expressions, unsigned count, struct compiled *compiled,
                            struct problem *problem) {
    for (unsigned i = 0; i < count; i++) {
        if (expressions[i].prefilter || is_expressible(&expressions[i])) continue;
        if (!make_prefilter(&expressions[i], "", compiled, problem)) return false;
    }
    return true;
}

/* Compiles; each round turns those that were refused into prefilters, so there are at most count + 1 rounds. */
static hs_database_t *compile_rounds(struct expression *expressions, unsigned count, unsigned mode,
                                     const struct compile_arrays *arrays, struct compiled *compiled,
                                     struct problem *problem) {
    for (unsigned round = 0; round <= count; round++) {
        hs_compile_error_t *error = NULL;
        hs_database_t *database = try_compile(expressions, count, mode, arrays, &error);
        if (database != NULL) return database;
        int index = error != NULL ? error->expression : -1;
        struct expression *refused = &expressions[index >= 0 && (unsigned)index < count ? index : 0];
        const char *message = error != NULL && error->message != NULL ? error->message : "not enough memory";
        bool again = false;
        if (index >= 0)
            again = make_prefilter(refused, message, compiled, problem) &&
                    make_prefilters(expressions, count, compiled, problem);
        else
            (void)yaml_problem(refused->file->document, refused->node, false, problem,
                               "the pattern library cannot compile these regular expressions: %s", message);
        hs_free_compile_error(error);
        if (!again) return NULL;
    }
    return NULL;
}

/* --- what was compiled before ------------------------------------------------------------------------------------ */

static void hash_number(crypto_generichash_state *state, uint64_t number) {
    (void)crypto_generichash_update(state, (const uint8_t *)&number, sizeof number);
}

static void hash_text(crypto_generichash_state *state, const char *text) {
    hash_number(state, strlen(text));
    (void)crypto_generichash_update(state, (const uint8_t *)text, strlen(text));
}

/* For which the library compiles. */
#if defined(__x86_64__)
#define PROCESSORS "x86-64"
#elif defined(__aarch64__)
#define PROCESSORS "aarch64"
#elif defined(__powerpc64__)
#define PROCESSORS "ppc64"
#else
#define PROCESSORS "another"
#endif

/* Before any of them has become a prefilter: which ones do follows from the rest. */
static void make_key(const struct expression *expressions, unsigned count, unsigned mode,
                     uint8_t key[COMPILED_KEY_BYTES]) {
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, COMPILED_KEY_BYTES);
    hash_text(&state, hs_version());
    hash_text(&state, PROCESSORS);
    hash_number(&state, mode);
    hash_number(&state, count);
    for (unsigned i = 0; i < count; i++) {
        hash_number(&state, expressions[i].id);
        hash_number(&state, expression_flags(&expressions[i]));
        hash_text(&state, expressions[i].text);
    }
    (void)crypto_generichash_final(&state, key, COMPILED_KEY_BYTES);
}

#define PREFILTERED_BYTES (LIMIT_RULES / 8)

static size_t bits_bytes(unsigned count) {
    return (count + 7) / 8;
}

/* A database of the other mode would be a mistake of ours; the library tells them apart. */
static bool has_mode(const hs_database_t *database, unsigned mode) {
    size_t bytes;
    return (hs_stream_size(database, &bytes) == HS_SUCCESS) == (mode == HS_MODE_STREAM);
}

static bool restore(struct expression *expressions, unsigned count, unsigned mode, const struct compiled_database *kept,
                    struct compiled *compiled, hs_database_t **database, struct problem *problem) {
    bool good = kept->prefiltered.len == bits_bytes(count) &&
                hs_deserialize_database((const char *)kept->bytes.data, kept->bytes.len, database) == HS_SUCCESS;
    if (!good) *database = NULL;
    if (!good || !has_mode(*database, mode))
        return yaml_problem(expressions[0].file->document, expressions[0].node, false, problem,
                            "the compiled form of these regular expressions is damaged, or there is no memory for it");
    for (unsigned i = 0; i < count; i++) {
        bool prefiltered = (kept->prefiltered.data[i / 8] >> (i % 8) & 1) != 0;
        if (prefiltered && !expressions[i].prefilter && !make_prefilter(&expressions[i], "", compiled, problem))
            return false;
    }
    return true;
}

/* What came with the program may be for another library or processor: then all is as if it had not come. */
static bool restore_brought(struct expression *expressions, unsigned count, unsigned mode,
                            const uint8_t key[COMPILED_KEY_BYTES], struct compiled *compiled,
                            hs_database_t **database) {
    struct problem nobody_s;
    const struct compiled_database *brought = compiled_find_brought(compiled, key);
    if (brought == NULL) return false;
    if (restore(expressions, count, mode, brought, compiled, database, &nobody_s)) {
        compiled_note_brought(compiled);
        return true;
    }
    hs_free_database(*database);
    *database = NULL;
    for (unsigned i = 0; i < count; i++) {
        pcre2_code_free(expressions[i].confirm);
        expressions[i].confirm = NULL;
        expressions[i].prefilter = false;
    }
    return false;
}

static bool keep(const struct expression *expressions, unsigned count, const uint8_t key[COMPILED_KEY_BYTES],
                 const hs_database_t *database, struct compiled *compiled) {
    uint8_t prefiltered[PREFILTERED_BYTES] = {0};
    char *bytes = NULL;
    size_t length = 0;
    if (bits_bytes(count) > sizeof prefiltered) return false;
    for (unsigned i = 0; i < count; i++)
        if (expressions[i].prefilter) prefiltered[i / 8] = (uint8_t)(prefiltered[i / 8] | 1u << (i % 8));
    if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS) return false;
    struct compiled_database kept = {.prefiltered = span_of(prefiltered, bits_bytes(count)),
                                     .bytes = span_of((const uint8_t *)bytes, length)};
    memcpy(kept.key, key, sizeof kept.key);
    bool good = compiled_add(compiled, &kept);
    free(bytes);
    return good;
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

/* Asked at each start, though nothing may be compiled: it is the processor's code that loses matches. */
static bool check_library(const struct expression *expressions, struct compiled *compiled, struct problem *problem) {
    if (compiled != NULL && compiled_is_sound(compiled)) return true;
    if (!matcher_is_sound())
        return yaml_problem(expressions[0].file->document, expressions[0].node, false, problem,
                            "the pattern library (libhs %s) loses matches on this processor; expected a sound build of "
                            "it: on Debian, libhyperscan5 in place of libvectorscan5",
                            hs_version());
    if (compiled != NULL) compiled_note_sound(compiled);
    return true;
}

static bool compile(struct expression *expressions, unsigned count, unsigned mode, struct compiled *compiled,
                    hs_database_t **database, struct problem *problem) {
    struct compile_arrays arrays = {.texts = NULL};
    bool good = arrays_make(&arrays, count);
    if (good)
        *database = compile_rounds(expressions, count, mode, &arrays, compiled, problem);
    else
        (void)yaml_problem(expressions[0].file->document, expressions[0].node, false, problem, "not enough memory");
    arrays_free(&arrays);
    return *database != NULL;
}

/* Out of what was compiled before, or compiled now and kept. */
static bool take_or_compile(struct expression *expressions, unsigned count, unsigned mode, struct compiled *compiled,
                            hs_database_t **database, struct problem *problem) {
    uint8_t key[COMPILED_KEY_BYTES];
    make_key(expressions, count, mode, key);
    const struct compiled_database *kept = compiled_find(compiled, key);
    if (kept != NULL) return restore(expressions, count, mode, kept, compiled, database, problem);
    if (restore_brought(expressions, count, mode, key, compiled, database)) return true;
    if (compiled_is_closed(compiled))
        return yaml_problem(expressions[0].file->document, expressions[0].node, false, problem,
                            "the compiled form of these regular expressions is missing");
    if (!expressions_compile_soon(expressions, count, mode, compiled, problem) ||
        !compile(expressions, count, mode, compiled, database, problem))
        return false;
    if (keep(expressions, count, key, *database, compiled)) return true;
    return yaml_problem(expressions[0].file->document, expressions[0].node, false, problem,
                        "not enough memory to keep what was compiled");
}

static bool make_database(struct expression *expressions, unsigned count, unsigned mode, struct compiled *compiled,
                          hs_database_t **database, struct problem *problem) {
    bool asked = compiled != NULL && compiled_is_closed(compiled); /* by whoever filled it */
    if (!asked && !check_library(expressions, compiled, problem)) return false;
    if (compiled == NULL) return compile(expressions, count, mode, compiled, database, problem);
    return take_or_compile(expressions, count, mode, compiled, database, problem);
}

bool expressions_compile(struct expression *expressions, unsigned count, unsigned mode, struct compiled *compiled,
                         hs_database_t **database, hs_scratch_t **scratch, struct problem *problem) {
    *database = NULL;
    if (count == 0) return true;
    if (!make_database(expressions, count, mode, compiled, database, problem)) return false;
    if (hs_alloc_scratch(*database, scratch) == HS_SUCCESS) return true;
    return yaml_problem(expressions[0].file->document, expressions[0].node, false, problem,
                        "the pattern library cannot allocate its scratch memory");
}
