/* handover: a configuration with all that its rule files say, from a process that may open files to those that may not.
 *
 *   the one    config_source_read, knowledge_texts_read, knowledge_load_texts -> handover_pack -> handover_cut_piece
 *   the other  handover_join_piece -> handover_unpack -> config_parse, knowledge_load_texts   (handover_open is both)
 *
 * Texts are handed on, not structures, and read once more: that takes milliseconds.  What takes a second, compiling the
 * expressions, is not done again: the compiled databases are handed on with them.
 *
 * Both ends are the same program on the same machine, and who reads trusts who writes; a checksum tells what is damaged
 * or incomplete, and every length is checked all the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HANDOVER_H
#define MAILSPAN_HANDOVER_H

#include "knowledge.h"
#include "mailspan/compiled.h"

struct handover {
    uint32_t generation; /* counts what was handed over since the sensor was started, which had 0 */
    struct config_source config;
    struct knowledge_texts texts;
    struct compiled *compiled;
};

/* Overwrites user and password of redis.url in the text, for processes that are not to know them; what is left is a
 * configuration still.  False when they do not stand there as they are (they may be written with escapes): such a text
 * is not to be handed to these. */
bool handover_hide_password(struct config_source *source);
/* *blob is to be given to handover_blob_free.  False: longer than LIMIT_HANDOVER_BYTES, or not enough memory. */
bool handover_pack(const struct handover *handover, struct span *blob);
/* The texts borrow from blob; compiled is closed.  False with *problem filled; else handover_unpacked_free. */
bool handover_unpack(struct span blob, struct handover *handover, struct problem *problem);
void handover_unpacked_free(struct handover *handover);
/* Wiped: there may be a password in it. */
void handover_blob_free(struct span blob);

/* --- what a process runs by ----------------------------------------------------------------------------------------
 */

struct generation {
    uint32_t number;
    struct config config;
    struct knowledge knowledge;
};

/* Reads the file and what it names, and checks all of it: what the sensor would run by from now on, in the place of
 * running.  compiled is where expressions may be already, and keeps those of this one.  What *handover has is packed,
 * and then freed by handover_read_free.  NULL with *problem filled. */
struct generation *handover_read(const char *path, uint32_t number, const struct config *running,
                                 struct compiled *compiled, struct handover *handover, struct problem *problem);
void handover_read_free(struct handover *handover);

/* The same out of a blob, in a process that runs by running.  Opens no file and compiles nothing. */
struct generation *handover_open(struct span blob, const struct config *running, struct problem *problem);
/* ... whose next blobs are to be read with compiled, which has the databases of this one from now on, and no others. */
struct generation *handover_take(struct span blob, const struct config *running, struct compiled *compiled,
                                 struct problem *problem);
void generation_free(struct generation *generation);

/* --- in pieces -----------------------------------------------------------------------------------------------------
 */

#define HANDOVER_PIECE_BYTES (16u << 10)
#define HANDOVER_NUMBER_BYTES 4
#define HANDOVER_ANSWER_BYTES 320

/* Writes the piece of the blob that begins at *at, and moves *at behind it; returns its length, 0 behind the last. */
size_t handover_cut_piece(struct span blob, size_t *at, uint8_t piece[HANDOVER_PIECE_BYTES]);

/* Every message about a handover says of which generation it is, behind its kind: an answer that comes late is not one
 * to what was handed over since. */
void handover_write_number(uint32_t number, uint8_t bytes[HANDOVER_NUMBER_BYTES]);
/* 0, which is nobody's that was handed over: there is none.  *rest is what follows. */
uint32_t handover_read_number(struct span bytes, struct span *rest);
/* A message of this kind with a text behind the number; returns its length. */
size_t handover_write_answer(uint8_t kind, uint32_t number, const char *why, uint8_t answer[HANDOVER_ANSWER_BYTES]);

struct handover_joiner;

enum handover_joined {
    HANDOVER_MORE, /* follows */
    HANDOVER_WHOLE,
    HANDOVER_BROKEN, /* a piece is missing, or this is none: what came so far is forgotten */
};

struct handover_joiner *handover_joiner_new(void); /* NULL: not enough memory */
void handover_joiner_free(struct handover_joiner *joiner);
/* HANDOVER_WHOLE: *blob lives until the next call, or handover_joiner_clear.  A first piece begins anew. */
enum handover_joined handover_join_piece(struct handover_joiner *joiner, struct span piece, struct span *blob);
/* Gives the memory of what came back. */
void handover_joiner_clear(struct handover_joiner *joiner);

#endif
