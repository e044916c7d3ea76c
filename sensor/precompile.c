/* precompile: a program of the build.  Compiles the expressions of the built-in rules for any processor, and writes the
 * databases to one file, and to another one the C that puts them into the program.
 *
 *   precompile DATABASES CODE
 *
 * DATABASES is named in CODE as it is named here.  The assembler reads it (.incbin), because a C compiler takes long
 * for an array of a megabyte.  That is an assembler statement outside of all functions, which optimization across files
 * can tear from the names in it: CODE is compiled without.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <stdio.h>

#include "knowledge.h"
#include "mailspan/embedded.h"
#include "text_file.h"

static bool compile_rules(struct compiled *compiled) {
    struct config config;
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem;
    config_default(&config);
    compiled_note_sound(compiled); /* nothing is searched for here, so this processor may be one that loses matches */
    bool fine = knowledge_load_compiled(&config, compiled, &knowledge, &problem);
    if (!fine) problem_print(&problem);
    knowledge_free(&knowledge);
    config_free(&config);
    return fine;
}

static bool write_databases(const struct compiled *compiled, FILE *file) {
    for (unsigned i = 0; i < compiled_count(compiled); i++) {
        struct span bytes = compiled_at(compiled, i)->bytes;
        if (fwrite(bytes.data, 1, bytes.len, file) != bytes.len) return false;
    }
    return true;
}

static void write_bytes(struct span bytes, FILE *file) {
    for (size_t i = 0; i < bytes.len; i++) (void)fprintf(file, "0x%02x,", bytes.data[i]);
}

static bool write_code(const struct compiled *compiled, const char *databases, FILE *file) {
    unsigned count = compiled_count(compiled);
    size_t offset = 0;
    (void)fprintf(file,
                  "/* Made by the build; do not edit. */\n"
                  "#include \"mailspan/embedded.h\"\n"
                  "__asm__(\".pushsection .rodata\\n.balign 64\\nmailspan_databases:\\n\"\n"
                  "        \".incbin \\\"%s\\\"\\n.popsection\\n\");\n"
                  "extern const uint8_t mailspan_databases[] __attribute__((visibility(\"hidden\")));\n",
                  databases);
    for (unsigned i = 0; i < count; i++) {
        (void)fprintf(file, "static const uint8_t prefiltered_%u[] = {", i);
        write_bytes(compiled_at(compiled, i)->prefiltered, file);
        (void)fprintf(file, "};\n");
    }
    (void)fprintf(file, "static const struct compiled_database databases[] = {\n");
    for (unsigned i = 0; i < count; i++) {
        const struct compiled_database *database = compiled_at(compiled, i);
        (void)fprintf(file, "    {{");
        write_bytes(span_of(database->key, sizeof database->key), file);
        (void)fprintf(file, "},\n     {prefiltered_%u, sizeof prefiltered_%u}, {mailspan_databases + %zu, %zu}},\n", i,
                      i, offset, database->bytes.len);
        offset += database->bytes.len;
    }
    (void)fprintf(file,
                  "};\n"
                  "const struct compiled_database *embedded_databases(unsigned *count) {\n"
                  "    *count = %u;\n"
                  "    return databases;\n"
                  "}\n",
                  count);
    return ferror(file) == 0;
}

static bool write_both(const struct compiled *compiled, const char *databases_path, const char *code_path) {
    FILE *databases = fopen(databases_path, "wb");
    FILE *code = fopen(code_path, "w");
    bool fine = databases != NULL && code != NULL && write_databases(compiled, databases) &&
                write_code(compiled, databases_path, code);
    if (databases != NULL && fclose(databases) != 0) fine = false;
    if (code != NULL && fclose(code) != 0) fine = false;
    if (!fine) (void)fprintf(stderr, "precompile: cannot write %s and %s\n", databases_path, code_path);
    return fine;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        (void)fputs("usage: precompile DATABASES CODE\n", stderr);
        return 2;
    }
    struct compiled *compiled = compiled_new();
    bool fine =
        sodium_init() >= 0 && compiled != NULL && compile_rules(compiled) && write_both(compiled, argv[1], argv[2]);
    compiled_free(compiled);
    return fine ? 0 : 1;
}
