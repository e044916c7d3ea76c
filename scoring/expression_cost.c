/* See expression_cost.h.
 *
 * vectorscan's search takes a time for each byte that no text makes longer; its compiler may take long.  PCRE2 compiles
 * at once, and its search may go back over a text again and again: (a+)+b takes twice as long for each further "a" of a
 * text without a "b".  How bad that is nobody can say of an expression in general, so it is tried: on texts of one and
 * of two letters that the expression itself speaks of, in turns, behind the words that it begins with, and with an end
 * that fits nothing.  Whoever writes rules means no harm, and what is not found here has a limit on its steps in each
 * message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "expression_cost.h"

#include "matcher_check.h"

#define PROBE_BYTES \
    40 /* behind the beginning: a text as long cubed stays in the limit, and two to its power does not */
#define PROBE_LETTERS_MAX 24
#define PROBE_BEGINNING_BYTES 64
#define PROBE_HEAP_KIB 4096

struct probe {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    uint8_t letters[PROBE_LETTERS_MAX];
    unsigned letter_count;
    uint8_t text[PROBE_BEGINNING_BYTES + PROBE_BYTES + 1 + PROBE_LETTERS_MAX];
    size_t beginning; /* bytes of text that the expression begins with */
};

/* --- texts -------------------------------------------------------------------------------------------------------- */

static void add_letter(struct probe *probe, uint8_t letter) {
    for (unsigned i = 0; i < probe->letter_count; i++)
        if (probe->letters[i] == letter) return;
    if (probe->letter_count < PROBE_LETTERS_MAX) probe->letters[probe->letter_count++] = letter;
}

static uint8_t letter_of_escape(char escape) {
    if (escape == 'd') return '0';
    if (escape == 'w' || escape == 'D' || escape == 'S' || escape == 'N') return 'a';
    if (escape == 's' || escape == 'h' || escape == 'W') return ' ';
    if (escape == 'n') return '\n';
    return ascii_is_alpha((uint8_t)escape) || ascii_is_digit((uint8_t)escape) ? 'a' : (uint8_t)escape;
}

static bool is_plain(char c) {
    return strchr("\\^$.[]|()?*+{}", c) == NULL;
}

static void gather_letters(struct probe *probe, const char *text) {
    add_letter(probe, 'a');
    add_letter(probe, ' ');
    for (; *text != '\0'; text++) {
        if (*text == '\\' && text[1] != '\0')
            add_letter(probe, letter_of_escape(*++text));
        else if (is_plain(*text))
            add_letter(probe, (uint8_t)*text);
    }
}

/* The words that stand before anything else; the last letter may belong to what repeats it. */
static void take_beginning(struct probe *probe, const char *text) {
    if (strncmp(text, "(?i)", 4) == 0) text += 4;
    while (*text == '^') text++;
    while (probe->beginning < PROBE_BEGINNING_BYTES && *text != '\0' && is_plain(*text))
        probe->text[probe->beginning++] = (uint8_t)*text++;
    if (*text != '\0' && strchr("?*+{", *text) != NULL && probe->beginning > 0) probe->beginning--;
}

static bool takes_too_long(struct probe *probe, size_t beginning, uint8_t one, uint8_t other) {
    uint8_t *text = probe->text + beginning;
    for (unsigned i = 0; i < PROBE_BYTES; i += 2) {
        text[i] = one;
        text[i + 1] = other;
    }
    text[PROBE_BYTES] = 1;                                               /* no expression for mail speaks of it */
    memcpy(text + PROBE_BYTES + 1, probe->letters, probe->letter_count); /* what must be there somewhere is */
    size_t const len = beginning + PROBE_BYTES + 1 + probe->letter_count;
    int const found = pcre2_match(probe->code, probe->text, len, 0, 0, probe->data, probe->context);
    return found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_HEAPLIMIT;
}

static bool any_takes_too_long(struct probe *probe) {
    for (unsigned i = 0; i < probe->letter_count; i++)
        for (unsigned k = 0; k < probe->letter_count; k++)
            if (takes_too_long(probe, probe->beginning, probe->letters[i], probe->letters[k])) return true;
    return false;
}

static bool probe_make(struct probe *probe, const struct expression *expression) {
    *probe = (struct probe){.code = expression_code(expression),
                            .data = pcre2_match_data_create(1, NULL),
                            .context = pcre2_match_context_create(NULL)};
    if (probe->code == NULL || probe->data == NULL || probe->context == NULL) return false;
    (void)pcre2_set_match_limit(probe->context, LIMIT_EXPRESSION_STEPS);
    (void)pcre2_set_heap_limit(probe->context, PROBE_HEAP_KIB);
    gather_letters(probe, expression->text);
    take_beginning(probe, expression->text);
    return true;
}

/* With all that was spent so far, trying and compiling. */
static bool is_in_time(const struct expression *expression, int64_t all, struct problem *problem) {
    return all <= LIMIT_EXPRESSIONS_COMPILE_MS * INT64_C(1000000) ||
           yaml_problem(expression->file->document, expression->node, false, problem,
                        "the regular expressions up to this one take more than %d ms to try and to compile; expected "
                        "fewer, or with fewer and shorter repeats",
                        LIMIT_EXPRESSIONS_COMPILE_MS);
}

bool expression_stays_small(const struct expression *expression, struct compiled *compiled, struct problem *problem) {
    struct probe probe;
    bool const watched = compiled != NULL && compiled_has_watch(compiled);
    int64_t const begin = watched ? compiled_time(compiled) : 0;
    bool const made = probe_make(&probe, expression);
    bool const slow = made && any_takes_too_long(&probe);
    pcre2_code_free(probe.code);
    pcre2_match_data_free(probe.data);
    pcre2_match_context_free(probe.context);
    if (!made) return yaml_problem(expression->file->document, expression->node, false, problem, "not enough memory");
    if (!slow)
        return !watched || is_in_time(expression, compiled_spend(compiled, compiled_time(compiled) - begin), problem);
    return yaml_problem(expression->file->document, expression->node, false, problem,
                        "a text of %d bytes can take this regular expression more than a million steps; expected no "
                        "repeat inside of a repeat, or one that cannot begin in two ways, as (?>...)",
                        PROBE_BYTES);
}

/* --- compiling ---------------------------------------------------------------------------------------------------- */

static int64_t time_alone(const struct expression *expression, unsigned mode, struct compiled *compiled) {
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    int64_t const begin = compiled_time(compiled);
    if (hs_compile(expression->text, expression_flags(expression), mode, &any_processor, &database, &error) !=
        HS_SUCCESS)
        hs_free_compile_error(error); /* who compiles all of them says so */
    int64_t const end = compiled_time(compiled);
    hs_free_database(database);
    return end - begin;
}

bool expressions_compile_soon(const struct expression *expressions, unsigned count, unsigned mode,
                              struct compiled *compiled, struct problem *problem) {
    if (compiled == NULL || !compiled_has_watch(compiled)) return true;
    for (unsigned i = 0; i < count; i++) {
        const struct expression *expression = &expressions[i];
        int64_t const alone = time_alone(expression, mode, compiled), all = compiled_spend(compiled, alone);
        if (alone > LIMIT_EXPRESSION_COMPILE_MS * INT64_C(1000000))
            return yaml_problem(expression->file->document, expression->node, false, problem,
                                "the pattern library takes %lld ms to compile this regular expression alone; expected "
                                "at most %d: shorter counted repeats, or fewer",
                                (long long)(alone / 1000000), LIMIT_EXPRESSION_COMPILE_MS);
        if (!is_in_time(expression, all, problem)) return false;
    }
    return true;
}
