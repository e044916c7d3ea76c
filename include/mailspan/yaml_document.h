/* A YAML file as a tree of nodes with their places, for the configuration and the rules.
 *
 * Read through libyaml's events, without recursion.  Refused, with the place: anchors, aliases, tags, duplicate keys,
 * several documents, keys that are no plain words, more than LIMIT_YAML_BYTES, _DEPTH or _NODES.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_YAML_DOCUMENT_H
#define MAILSPAN_YAML_DOCUMENT_H

#include "mailspan/problem.h"
#include "mailspan/span.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool quoted;           /* a scalar in quotes or a block: never null, a number or a truth value */
    const char *text;      /* scalar: its text, NUL-terminated, without NULs inside */
    const char *key;       /* child of a map: its key */
    unsigned line, column; /* of the node, from 1 */
    unsigned key_line, key_column;
    const struct yaml_node *first; /* list or map: the first child */
    const struct yaml_node *next;  /* the next sibling */
    unsigned count;                /* children */
};

struct yaml_document;

/* Parses text, which need not outlive the call.  name stands in problems.  NULL with *problem filled on any error; an
 * empty file is an empty map. */
struct yaml_document *yaml_document_load(const char *name, struct span text, struct problem *problem);
void yaml_document_free(struct yaml_document *document);
const struct yaml_node *yaml_document_root(const struct yaml_document *document);
const char *yaml_document_name(const struct yaml_document *document);

/* The child of a map with this key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Each reads one scalar; false with *problem filled when the node is no such thing.  expected completes
 * "expected ..." in the message. */
bool yaml_string(const struct yaml_document *document, const struct yaml_node *node, const char **value,
                 struct problem *problem);
bool yaml_integer(const struct yaml_document *document, const struct yaml_node *node, int64_t min, int64_t max,
                  int64_t *value, struct problem *problem);
bool yaml_number(const struct yaml_document *document, const struct yaml_node *node, double min, double max,
                 double *value, struct problem *problem);
bool yaml_boolean(const struct yaml_document *document, const struct yaml_node *node, bool *value,
                  struct problem *problem);
/* names: NULL-terminated; *value is the index of the one that the node has. */
bool yaml_choice(const struct yaml_document *document, const struct yaml_node *node, const char *const names[],
                 unsigned *value, struct problem *problem);
/* 90s, 15m, 1h, 7d, or a bare number of seconds. */
bool yaml_duration_s(const struct yaml_document *document, const struct yaml_node *node, int64_t min_s, int64_t max_s,
                     int64_t *value_s, struct problem *problem);

/* Fills *problem for the node (its key's place when at_key).  Always returns false, so callers can return it. */
bool yaml_problem(const struct yaml_document *document, const struct yaml_node *node, bool at_key,
                  struct problem *problem, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Every key of the map must be one of the NULL-terminated known ones; else the problem names it and the nearest known.
 */
bool yaml_known_keys(const struct yaml_document *document, const struct yaml_node *map, const char *const known[],
                     struct problem *problem);

#endif
