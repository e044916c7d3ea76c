/* What both forms of `mailspan explain` say of a class: of a reply (explain.c, where these are), and of a mail
 * (explain_mail.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_EXPLAIN_CLASS_H
#define MAILSPAN_COMMANDS_EXPLAIN_CLASS_H

#include "mailspan/bounce.h"
#include "publish/json_text.h"

/* reply: what was classified. */
void explain_put_help(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_finding *found,
                      const struct smtp_reply *reply);
/* indent: before each line. */
void explain_print_help(const struct bounce_rules *bounces, const struct bounce_finding *found,
                        const struct smtp_reply *reply, const char *indent);
/* What decided, as the members "by", "rule", file_key, "line", and by words "words"; what: the case that was put. */
void explain_put_reason(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_case *what,
                        const struct bounce_finding *found, const char *file_key);
void explain_print_reason(const struct bounce_rules *bounces, const struct bounce_case *what,
                          const struct bounce_finding *found, const char *indent);
/* On a line of its own, with what could steer a terminal left out. */
void explain_print_plain(const char *label, struct span text);
/* Trying again is useless: so says the class, and the server does not say otherwise (4yz). */
bool explain_is_hard(const struct bounce_finding *found, const struct smtp_reply *reply);

#endif
