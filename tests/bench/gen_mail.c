/* A message is a row of items (headers, part heads, text, HTML, attachment); each item writes one line when asked, and
 * nothing when it is over. Which items there are is the message's shape.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_mail.h"

#include "gen_html.h"

#include <string.h>
#include <time.h>

enum coding { CODING_NONE, CODING_QUOTED, CODING_BASE64 };

enum shape { SHAPE_PLAIN, SHAPE_ALTERNATIVE, SHAPE_ATTACHMENT, SHAPE_COUNT };

enum item {
    ITEM_HEADERS,
    ITEM_TEXT_HEAD,
    ITEM_TEXT,
    ITEM_HTML_HEAD,
    ITEM_HTML_STYLE,
    ITEM_HTML,
    ITEM_FILE_HEAD,
    ITEM_FILE,
    ITEM_CLOSE,
    ITEM_END
};

static const uint8_t shape_items[SHAPE_COUNT][8] = {
    [SHAPE_PLAIN] = {ITEM_HEADERS, ITEM_TEXT, ITEM_END},
    [SHAPE_ALTERNATIVE] = {ITEM_HEADERS, ITEM_TEXT_HEAD, ITEM_TEXT, ITEM_HTML_HEAD, ITEM_HTML_STYLE, ITEM_HTML,
                           ITEM_CLOSE, ITEM_END},
    [SHAPE_ATTACHMENT] = {ITEM_HEADERS, ITEM_TEXT_HEAD, ITEM_TEXT, ITEM_FILE_HEAD, ITEM_FILE, ITEM_CLOSE, ITEM_END},
};

/* Share of the bytes still wanted that the text takes: the HTML beside it says the same with six times the bytes, and
 * nobody writes more than some pages around an attachment. */
static const double shape_text_share[SHAPE_COUNT] = {1.0, 0.14, 0.15};
enum { ATTACHMENT_TEXT_BYTES_MAX = 3000 };

static const char *const coding_names[] = {"7bit", "quoted-printable", "base64"};

static void domain(struct text *t, uint64_t seed, uint32_t number) {
    uint64_t pick = random_mix(seed + number);
    text_word(t, pick);
    text_word(t, pick >> 8);
    text_number(t, number);
    text_string(t, (pick >> 16) % 4 != 0 ? ".example" : ".test");
}

void mail_source_domain(struct text *t, uint32_t source) {
    domain(t, 0x736F757263650000, source);
}

void mail_server_domain(struct text *t, uint32_t server) {
    domain(t, 0x7365727665720000, server);
}

void mail_sender(struct text *t, const struct mail_plan *plan) {
    text_word(t, random_mix(plan->source) >> (plan->number % 3 * 8));
    text_string(t, "@");
    mail_source_domain(t, plan->source);
}

void mail_recipient(struct text *t, const struct mail_plan *plan, unsigned index) {
    uint64_t pick = random_mix(plan->seed + 77 + index);
    text_word(t, pick);
    text_string(t, ".");
    text_word(t, pick >> 8);
    text_number(t, index + 1); /* keeps the recipients of a message apart */
    text_string(t, "@");
    mail_server_domain(t, plan->server);
}

void mail_message_id(struct text *t, const struct mail_plan *plan) {
    text_string(t, "<");
    text_hex(t, plan->seed, 12);
    text_string(t, ".");
    text_number(t, plan->number);
    text_string(t, "@");
    mail_source_domain(t, plan->source);
    text_string(t, ">");
}

static void boundary(struct text *t, const struct mail *m) {
    text_string(t, "=_part_");
    text_hex(t, m->plan.seed, 16);
}

static void date(struct text *t, uint64_t time_us) {
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm parts;
    char written[48];
    gmtime_r(&seconds, &parts);
    text_bytes(t, written, strftime(written, sizeof(written), "%a, %d %b %Y %H:%M:%S +0000", &parts));
}

static void some_words(struct text *t, struct random *r, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        text_string(t, i > 0 ? " " : "");
        text_word(t, random_next(r));
    }
}

static void header_received(struct mail *m, struct text *t) {
    text_string(t, "Received: from localhost (localhost [127.0.0.1])\r\n\tby mail.");
    mail_source_domain(t, m->plan.source);
    text_string(t, " (Postfix) with ESMTP id ");
    text_hex(t, random_next(&m->random), 10);
    text_string(t, "\r\n\tfor <");
    mail_recipient(t, &m->plan, 0);
    text_string(t, ">; ");
    date(t, m->plan.time_us);
    text_string(t, "\r\n");
}

static void header_signature(struct mail *m, struct text *t) {
    text_string(t, "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=");
    mail_source_domain(t, m->plan.source);
    text_string(t, ";\r\n\ts=mail; t=");
    text_number(t, m->plan.time_us / 1000000);
    text_string(t, "; h=from:to:subject:date:message-id:mime-version;\r\n\tbh=");
    text_base64_letters(t, &m->random, 43);
    text_string(t, "=;\r\n\tb=");
    text_base64_letters(t, &m->random, 64);
    text_string(t, "\r\n\t ");
    text_base64_letters(t, &m->random, 22);
    text_string(t, "==\r\n");
}

static void header_from(struct mail *m, struct text *t) {
    text_string(t, "From: ");
    if (m->plan.null_sender) {
        text_string(t, "Mail Delivery System <MAILER-DAEMON@");
        mail_source_domain(t, m->plan.source);
    } else {
        some_words(t, &m->random, 2);
        text_string(t, " <");
        mail_sender(t, &m->plan);
    }
    text_string(t, ">\r\n");
}

static void header_to(struct mail *m, struct text *t) {
    text_string(t, "To: ");
    for (unsigned i = 0; i < m->plan.recipients; i++) {
        text_string(t, i > 0 ? ",\r\n\t" : "");
        mail_recipient(t, &m->plan, i);
    }
    text_string(t, "\r\n");
}

static void header_subject(struct mail *m, struct text *t) {
    uint32_t kind = random_below(&m->random, 10);
    text_string(t, "Subject: ");
    if (kind == 0) {
        text_string(t, "=?utf-8?Q?Gr=C3=BC=C3=9Fe_und_");
        text_word(t, random_next(&m->random));
        text_string(t, "_f=C3=BCr_");
        text_word(t, random_next(&m->random));
        text_string(t, "?=");
    } else if (kind == 1) {
        char plain[96];
        char encoded[160];
        size_t length = (size_t)(words_write(&m->random, plain, 30) - plain);
        text_string(t, "=?utf-8?B?");
        text_bytes(t, encoded, base64_encode((const uint8_t *)plain, length, encoded));
        text_string(t, "?=");
    } else {
        some_words(t, &m->random, random_between(&m->random, 3, 8));
    }
    text_string(t, "\r\n");
}

static void header_date(struct mail *m, struct text *t) {
    text_string(t, "Date: ");
    date(t, m->plan.time_us);
    text_string(t, "\r\n");
}

static void header_message_id(struct mail *m, struct text *t) {
    text_string(t, "Message-ID: ");
    mail_message_id(t, &m->plan);
    text_string(t, "\r\nMIME-Version: 1.0\r\n");
}

static void text_part_head(struct mail *m, struct text *t) {
    text_string(t, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ");
    text_string(t, coding_names[m->text_coding]);
    text_string(t, "\r\n\r\n");
}

/* The last header, and the empty line behind it. */
static void header_type(struct mail *m, struct text *t) {
    if (m->shape == SHAPE_PLAIN) {
        text_part_head(m, t);
        return;
    }
    text_string(t, m->shape == SHAPE_ALTERNATIVE ? "Content-Type: multipart/alternative;\r\n\tboundary=\""
                                                 : "Content-Type: multipart/mixed;\r\n\tboundary=\"");
    boundary(t, m);
    text_string(t, "\"\r\n\r\nThis is a message in several parts.\r\n");
}

typedef void header_writer(struct mail *m, struct text *t);

static header_writer *const header_rows[] = {header_received, header_signature, header_from,       header_to,
                                             header_subject,  header_date,      header_message_id, header_type};

static size_t line_of_headers(struct mail *m, char *out) {
    if (m->line == sizeof(header_rows) / sizeof(header_rows[0])) {
        return 0;
    }
    struct text t = text_over(out, MAIL_LINE_BYTES_MAX);
    header_rows[m->line++](m, &t);
    return text_length(&t);
}

/* Heads and the closing boundary are one "line" each. */
static size_t line_of_boundary(struct mail *m, char *out) {
    if (m->line++ > 0) {
        return 0;
    }
    uint8_t item = shape_items[m->shape][m->item];
    struct text t = text_over(out, MAIL_LINE_BYTES_MAX);
    text_string(&t, item == ITEM_CLOSE && m->shape == SHAPE_ALTERNATIVE ? HTML_END : "");
    text_string(&t, item == ITEM_TEXT_HEAD ? "--" : "\r\n--");
    boundary(&t, m);
    text_string(&t, item == ITEM_CLOSE ? "--\r\n" : "\r\n");
    if (item == ITEM_TEXT_HEAD) {
        text_part_head(m, &t);
    } else if (item == ITEM_HTML_HEAD) {
        text_string(&t, "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n");
    } else if (item == ITEM_FILE_HEAD) {
        text_string(&t,
                    "Content-Type: application/pdf; name=\"report.pdf\"\r\nContent-Disposition: attachment;\r\n"
                    "\tfilename=\"report.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    }
    return text_length(&t);
}

static size_t line_of_plain(struct mail *m, char *out) {
    uint32_t kind = random_below(&m->random, 256);
    if (kind < 32) {
        memcpy(out, "\r\n", 2);
        return 2;
    }
    char *at = out;
    if (kind == 32) {
        memcpy(at, "...", 3); /* has to be stuffed when it is sent with DATA */
        at += 3;
    }
    at = words_write(&m->words, at, 56 + kind % 12);
    memcpy(at, "\r\n", 2);
    return (size_t)(at + 2 - out);
}

static size_t line_of_quoted(struct mail *m, char *out) {
    uint32_t kind = random_below(&m->random, 8);
    char *at = out;
    if (kind < 3) {
        memcpy(at, "caf=C3=A9 f=C3=BCr ", 18);
        at += 18;
    }
    at = words_write(&m->words, at, 62 - (size_t)(at - out));
    if (kind < 7) {
        memcpy(at, " =", 2); /* the paragraph goes on */
        at += 2;
    }
    memcpy(at, "\r\n", 2);
    return (size_t)(at + 2 - out);
}

/* 57 bytes make a line of 76 letters; only the last line of a part may be shorter, and ends it. */
static size_t line_of_base64(struct mail *m, const uint8_t *bytes, size_t last_bytes, char *out) {
    bool last = m->made_bytes + 78 >= m->part_end;
    size_t letters = base64_encode(bytes, last ? last_bytes : 57, out);
    memcpy(out + letters, "\r\n", 2);
    if (last) {
        m->part_end = 0;
    }
    return letters + 2;
}

static size_t line_of_text(struct mail *m, char *out) {
    if (m->made_bytes >= m->part_end) {
        return 0;
    }
    if (m->text_coding == CODING_QUOTED) {
        return line_of_quoted(m, out);
    }
    if (m->text_coding == CODING_NONE) {
        return line_of_plain(m, out);
    }
    char plain[57 + WORDS_SLACK_BYTES];
    words_write(&m->words, plain, 57);
    memcpy(plain + 55, "\r\n", 2);
    return line_of_base64(m, (const uint8_t *)plain, 55, out);
}

static size_t line_of_style(struct mail *m, char *out) {
    struct text t = text_over(out, MAIL_LINE_BYTES_MAX);
    html_style(&t, m->line++);
    return text_length(&t);
}

static size_t line_of_html(struct mail *m, char *out) {
    if (m->made_bytes >= m->part_end) {
        return 0;
    }
    char host[64];
    struct text name = text_over(host, sizeof(host) - 1);
    mail_source_domain(&name, m->plan.source);
    *name.at = '\0';
    struct text t = text_over(out, MAIL_LINE_BYTES_MAX);
    html_line(&t, &m->random, &m->words, host);
    return text_length(&t);
}

static size_t line_of_file(struct mail *m, char *out) {
    if (m->made_bytes >= m->part_end) {
        return 0;
    }
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof(bytes); i += 8) {
        uint64_t eight = random_next(&m->random);
        memcpy(bytes + i, &eight, 8);
    }
    if (m->line == 0) {
        memcpy(bytes, "%PDF-1.4\n", 9);
        m->line = 1;
    }
    return line_of_base64(m, bytes, 40, out);
}

typedef size_t line_writer(struct mail *m, char *out);

static line_writer *const item_lines[] = {
    [ITEM_HEADERS] = line_of_headers,    [ITEM_TEXT_HEAD] = line_of_boundary, [ITEM_TEXT] = line_of_text,
    [ITEM_HTML_HEAD] = line_of_boundary, [ITEM_HTML_STYLE] = line_of_style,   [ITEM_HTML] = line_of_html,
    [ITEM_FILE_HEAD] = line_of_boundary, [ITEM_FILE] = line_of_file,          [ITEM_CLOSE] = line_of_boundary,
};

static void enter_item(struct mail *m) {
    uint32_t wanted = m->plan.bytes > m->made_bytes ? m->plan.bytes - m->made_bytes : 0;
    double share = shape_items[m->shape][m->item] == ITEM_TEXT ? shape_text_share[m->shape] : 1.0;
    m->line = 0;
    m->part_end = m->made_bytes + (uint32_t)(wanted * share);
    if (m->shape == SHAPE_ATTACHMENT && share < 1 && m->part_end > m->made_bytes + ATTACHMENT_TEXT_BYTES_MAX) {
        m->part_end = m->made_bytes + ATTACHMENT_TEXT_BYTES_MAX;
    }
    m->words = (struct random){random_mix(m->plan.seed)}; /* text and HTML say the same */
}

/* The next line as sent, or 0 at the end of the message. */
static size_t next_line(struct mail *m, char *out) {
    const uint8_t *items = shape_items[m->shape];
    while (items[m->item] != ITEM_END) {
        size_t length = item_lines[items[m->item]](m, out);
        if (length > 0) {
            if (out[0] == '.' && m->plan.dot_stuffed) {
                memmove(out + 1, out, length++);
            }
            m->made_bytes += (uint32_t)length;
            return length;
        }
        m->item++;
        enter_item(m);
    }
    return 0;
}

void mail_start(struct mail *m, const struct mail_plan *plan) {
    m->random = (struct random){plan->seed};
    m->plan = *plan;
    m->made_bytes = m->part_end = 0;
    m->item = m->line = 0;
    m->carried = 0;
    double shape = random_unit(&m->random);
    double attachment_share = plan->bytes > 24576 ? 0.6 : 0.02; /* it is attachments and markup that make mail big */
    double plain_share = plan->bytes > 12288 ? 0.05 : 0.3;
    m->shape = shape < attachment_share ? SHAPE_ATTACHMENT : shape < 1 - plain_share ? SHAPE_ALTERNATIVE : SHAPE_PLAIN;
    double coding = random_unit(&m->random);
    m->text_coding = coding < 0.2 ? CODING_QUOTED : coding < 0.28 ? CODING_BASE64 : CODING_NONE;
}

size_t mail_write(struct mail *m, char *out, size_t bytes_max) {
    size_t written = m->carried < bytes_max ? m->carried : bytes_max;
    memcpy(out, m->carry, written);
    if (written < m->carried) {
        memmove(m->carry, m->carry + written, m->carried - written);
        m->carried = (uint16_t)(m->carried - written);
        return written;
    }
    m->carried = 0;
    while (written < bytes_max) {
        size_t length = next_line(m, out + written);
        if (length == 0) {
            return written;
        }
        written += length;
    }
    m->carried = (uint16_t)(written - bytes_max);
    memcpy(m->carry, out + bytes_max, m->carried);
    return bytes_max;
}

uint32_t mail_measure(const struct mail_plan *plan) {
    struct mail trial;
    char line[MAIL_LINE_BYTES_MAX + 1];
    mail_start(&trial, plan);
    while (next_line(&trial, line) > 0) {
    }
    return trial.made_bytes;
}
