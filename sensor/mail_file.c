/* See mail_file.h.
 *
 * In an mbox bytes are held back until it is known that no mbox line begins in them; a piece ends before such a line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail_file.h"

#include <errno.h>
#include <unistd.h>

/* --- reading ------------------------------------------------------------------------------------------------------ */

static struct span waiting(const struct mail_file *file) {
    return span_of(file->bytes + file->begin, file->end - file->begin);
}

/* Makes room behind what waits; the last bytes that were handed on stay before it. */
static void move_down(struct mail_file *file) {
    if (file->begin <= MAIL_FILE_BEFORE_BYTES) return;
    size_t const by = file->begin - MAIL_FILE_BEFORE_BYTES;
    memmove(file->bytes, file->bytes + by, file->end - by);
    file->begin -= by;
    file->end -= by;
    file->seen = file->seen > by ? file->seen - by : 0;
}

/* What ends lines says the first line that ends.  A CR that is the last byte may have an LF behind it. */
static void find_out_lines(struct mail_file *file) {
    struct span const read = waiting(file);
    size_t const cr = span_find(read, '\r');
    if (span_find(read, '\n') < read.len)
        file->lines = LINES_BY_LF;
    else if (cr + 1 < read.len || (cr < read.len && file->over))
        file->lines = LINES_BY_CR;
}

/* Lines that CR alone ends: a mail parser knows none, because SMTP has none (RFC 5321 2.3.8). */
static void end_lines_by_lf(struct mail_file *file) {
    if (file->lines == LINES_UNKNOWN) find_out_lines(file);
    if (file->lines == LINES_UNKNOWN) return;
    if (file->seen < file->begin) file->seen = file->begin;
    for (; file->lines == LINES_BY_CR && file->seen < file->end; file->seen++)
        if (file->bytes[file->seen] == '\r') file->bytes[file->seen] = '\n';
    file->seen = file->end;
}

/* Reads until so many bytes wait, or the file is over. */
static void fill(struct mail_file *file, size_t wanted) {
    while (!file->over && file->end - file->begin < wanted) {
        move_down(file);
        ssize_t const got = read(file->descriptor, file->bytes + file->end, sizeof file->bytes - file->end);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) file->error = errno;
        if (got <= 0) file->over = true;
        if (got > 0) file->end += (size_t)got;
    }
    end_lines_by_lf(file);
}

/* --- mbox lines --------------------------------------------------------------------------------------------------- */

static bool is_one_of(struct span word, const char *words) {
    for (; *words != '\0' && word.len == 3; words += 3)
        if (memcmp(word.data, words, 3) == 0) return true;
    return false;
}

static struct span next_word(struct span *rest) {
    while (rest->len > 0 && rest->data[0] == ' ') *rest = span_from(*rest, 1);
    struct span const word = span_head(*rest, span_find(*rest, ' '));
    *rest = span_from(*rest, word.len);
    return word;
}

/* "From ", a sender, "Thu Aug 22 12:46:39 2002": an ordinary line that begins with From has no such date.  *length is
 * with its end; *sender is without blanks. */
static bool is_mbox_line(struct span text, size_t *length, struct span *sender) {
    text = span_head(text, MAIL_FILE_LINE_BYTES);
    size_t const end = span_find(text, '\n');
    struct span rest = span_head(text, end);
    if (end == text.len || !span_starts_with(rest, SPAN_LITERAL("From "))) return false;
    rest = span_from(rest, strlen("From "));
    struct span const name = next_word(&rest);
    if (name.len == 0) return false;
    for (struct span word = next_word(&rest); word.len > 0; word = next_word(&rest)) {
        if (!is_one_of(word, "MonTueWedThuFriSatSun")) continue;
        if (!is_one_of(next_word(&rest), "JanFebMarAprMayJunJulAugSepOctNovDec")) return false;
        struct span const day = next_word(&rest), time = next_word(&rest);
        *length = end + 1;
        *sender = name;
        return day.len > 0 && ascii_is_digit(day.data[0]) && span_find(time, ':') < time.len;
    }
    return false;
}

/* Some write "-" or "???@???" where they do not know the sender. */
static void note_sender(struct mail_file *file, struct span sender) {
    file->sender = NULL;
    if (sender.len > MAIL_FILE_SENDER_BYTES || sender.data[0] == '-' || sender.data[0] == '?') return;
    if (span_equal_nocase(sender, SPAN_LITERAL("MAILER-DAEMON"))) sender.len = 0;
    memcpy(file->sender_text, sender.data, sender.len);
    file->sender_text[sender.len] = '\0';
    file->sender = file->sender_text;
}

/* Whether the line before byte `at` is empty: it lies there, for at least MAIL_FILE_BEFORE_BYTES are kept. */
static bool is_behind_empty_line(const struct mail_file *file, size_t at) {
    if (at < 2 || file->bytes[at - 1] != '\n') return false;
    if (file->bytes[at - 2] == '\n') return true;
    return at >= 3 && file->bytes[at - 2] == '\r' && file->bytes[at - 3] == '\n';
}

/* Where the next mbox line begins; `end` when none does. */
static size_t find_mbox_line(const struct mail_file *file, size_t end) {
    for (size_t at = file->begin; (at += span_find(span_of(file->bytes + at, end - at), 'F')) < end; at++) {
        size_t length;
        struct span sender;
        if (is_behind_empty_line(file, at) && is_mbox_line(span_of(file->bytes + at, file->end - at), &length, &sender))
            return at;
    }
    return end;
}

/* --- mails -------------------------------------------------------------------------------------------------------- */

void mail_file_begin(struct mail_file *file, int descriptor) {
    file->descriptor = descriptor;
    file->error = 0;
    file->number = 0;
    file->sender = NULL;
    file->over = file->is_mbox = file->mail_over = false;
    file->lines = LINES_UNKNOWN;
    file->begin = file->end = file->seen = 0;
}

/* What is no part of the mail. */
static void skip_leading(struct mail_file *file) {
    struct span const mark = SPAN_LITERAL("\xef\xbb\xbf");
    fill(file, mark.len);
    if (span_starts_with(waiting(file), mark)) file->begin += mark.len;
    for (;;) {
        while (file->begin < file->end && (file->bytes[file->begin] == '\n' || file->bytes[file->begin] == '\r'))
            file->begin++;
        if (file->begin < file->end || file->over) return;
        fill(file, 1);
    }
}

static bool take_mbox_line(struct mail_file *file) {
    size_t length;
    struct span sender;
    fill(file, MAIL_FILE_LINE_BYTES);
    if (!is_mbox_line(waiting(file), &length, &sender)) return false;
    note_sender(file, sender);
    file->begin += length;
    return true;
}

bool mail_file_next(struct mail_file *file) {
    if (file->number == 0) {
        skip_leading(file);
        file->is_mbox = take_mbox_line(file);
        file->number = 1;
        return file->error == 0;
    }
    while (!file->mail_over) (void)mail_file_piece(file);
    if (!file->is_mbox || !take_mbox_line(file)) return false;
    file->mail_over = false;
    file->number++;
    return true;
}

/* Whether a last CR ends a line is not known as long as no line has ended. */
static bool ends_in_doubt(const struct mail_file *file, struct span piece) {
    return !file->over && file->lines == LINES_UNKNOWN && piece.data[piece.len - 1] == '\r';
}

/* Of an mbox so much is held back that each line in what is handed on can be told. */
struct span mail_file_piece(struct mail_file *file) {
    if (file->mail_over) return SPAN_EMPTY;
    fill(file, file->is_mbox ? 2 * MAIL_FILE_LINE_BYTES : 1);
    struct span piece = waiting(file);
    if (file->is_mbox && !file->over) piece.len -= MAIL_FILE_LINE_BYTES;
    if (ends_in_doubt(file, piece)) {
        if (piece.len == 1) fill(file, 2);
        piece = piece.len == 1 ? waiting(file) : span_head(piece, piece.len - 1);
    }
    size_t const end = file->begin + piece.len;
    if (file->is_mbox) piece.len = find_mbox_line(file, end) - file->begin;
    file->begin += piece.len;
    file->mail_over = piece.len == 0;
    return piece;
}
