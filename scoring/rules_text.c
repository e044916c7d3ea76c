/* Searching the text of messages, which comes in any cut, by a rule set.
 *
 * Any number of messages are open at once, and their text comes in turns.  There is one open stream for each kind of
 * text: when another message has text, the stream is packed (hs_compress_stream: some ten bytes to a few hundred) into
 * the arena of the message that it belongs to, and unpacked when that one goes on.  So nothing is allocated outside of
 * arenas; a message whose arena is full is searched no further, which is counted.
 *
 * Text is gathered in one buffer for each kind, because packets bring a kilobyte at a time and each search has its
 * price.  It is searched when it is full, when another message has text, and at the end of a part: what has fired is
 * known when rule_scan_facts was called.
 *
 *   text -+-------------------------------------> raw buffer --> stream -+-> fired, or candidate when PCRE2 must
 * confirm
 *         \--(html_text)-+--> text_fold --> folded buffer --> stream ----/
 *                        \--> text_urls --> uris
 *
 * PCRE2 sees text in windows of CONFIRM_WINDOW_BYTES, each with the last CONFIRM_OVERLAP_BYTES of the one before, at
 * places that depend on the text alone and not on its cuts; a candidate is looked for in the window where it became one
 * and in all that follow.  What is longer than the overlap can be missed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule_scan.h"

_Static_assert(sizeof(struct confirm_window) <= sizeof((struct arena_block *)0)->bytes, "a window fits an arena block");

/* --- the stream --------------------------------------------------------------------------------------------------- */

static void go_blind(struct rule_scan *scan) {
    scan->blind = true;
    scan->counters->message_memory++;
}

/* Copies the packed stream into the scan's pieces, which grow when they must. */
static bool pieces_store(struct rule_scan *scan, struct text_state *state, struct span packed) {
    struct packed_piece **link = &state->packed;
    state->packed_len = (unsigned)packed.len;
    while (packed.len > 0) {
        if (*link == NULL) *link = arena_alloc(scan->arena, sizeof **link);
        if (*link == NULL) return false;
        struct span head = span_head(packed, PIECE_BYTES);
        memcpy((*link)->bytes, head.data, head.len);
        packed = span_from(packed, head.len);
        link = &(*link)->next;
    }
    return true;
}

static void pieces_load(const struct text_state *state, char *out) {
    size_t left = state->packed_len;
    for (const struct packed_piece *piece = state->packed; left > 0; piece = piece->next) {
        size_t len = left < PIECE_BYTES ? left : PIECE_BYTES;
        memcpy(out, piece->bytes, len);
        out += len;
        left -= len;
    }
}

/* Takes the stream away from its owner. */
static void stream_pack(struct ruleset *rules, enum text_kind kind) {
    struct text_search *search = &rules->texts[kind];
    struct rule_scan *owner = search->stream_owner;
    search->stream_owner = NULL;
    if (owner == NULL || !owner->texts[kind].used) return;
    size_t used = 0;
    bool good = hs_compress_stream(search->stream, search->packed, search->packed_bytes, &used) == HS_SUCCESS;
    if (!good || !pieces_store(owner, &owner->texts[kind], span_of(search->packed, used))) go_blind(owner);
}

static bool stream_take(struct rule_scan *scan, enum text_kind kind) {
    struct text_search *search = &scan->rules->texts[kind];
    struct text_state *state = &scan->texts[kind];
    if (scan->blind) return false;
    if (search->stream_owner == scan) return true;
    stream_pack(scan->rules, kind);
    hs_error_t error;
    if (state->used) {
        pieces_load(state, search->packed);
        error = hs_reset_and_expand_stream(search->stream, search->packed, state->packed_len, scan->rules->scratch,
                                           NULL, NULL);
    } else {
        error = hs_reset_stream(search->stream, 0, scan->rules->scratch, NULL, NULL);
    }
    if (error != HS_SUCCESS) {
        go_blind(scan);
        return false;
    }
    search->stream_owner = scan;
    state->used = true;
    return true;
}

/* Where the text's search reports to. */
static struct search text_search_of(struct rule_scan *scan, const struct text_state *state) {
    return (struct search){scan, state->window == NULL ? NULL : &state->window->candidates, NULL};
}

/* --- what PCRE2 sees ---------------------------------------------------------------------------------------------- */

static bool window_make(struct rule_scan *scan, struct text_state *state) {
    state->window = arena_alloc(scan->arena, sizeof *state->window);
    if (state->window != NULL) state->window->candidates.bits = arena_alloc(scan->arena, rule_bits_bytes(scan->rules));
    return state->window != NULL && state->window->candidates.bits != NULL;
}

static void window_confirm(struct rule_scan *scan, struct confirm_window *window) {
    rule_confirm(scan, &window->candidates, span_of(window->bytes, window->len));
    if (window->len < CONFIRM_WINDOW_BYTES) return;
    memmove(window->bytes, window->bytes + window->len - CONFIRM_OVERLAP_BYTES, CONFIRM_OVERLAP_BYTES);
    window->len = CONFIRM_OVERLAP_BYTES;
}

static void window_end(struct rule_scan *scan, struct confirm_window *window) {
    window_confirm(scan, window);
    window->len = 0;
    window->candidates.any = false;
    memset(window->candidates.bits, 0, rule_bits_bytes(scan->rules));
}

/* --- searching ---------------------------------------------------------------------------------------------------- */

/* Scans bytes that fit what the window still takes, and confirms when it is full. */
static void scan_stream(struct rule_scan *scan, enum text_kind kind, struct span bytes) {
    struct ruleset *rules = scan->rules;
    struct text_state *state = &scan->texts[kind];
    struct search search = text_search_of(scan, state);
    (void)hs_scan_stream(rules->texts[kind].stream, (const char *)bytes.data, (unsigned)bytes.len, 0, rules->scratch,
                         rule_on_match, &search);
    struct confirm_window *window = state->window;
    if (window == NULL) return;
    memcpy(window->bytes + window->len, bytes.data, bytes.len);
    window->len += bytes.len;
    if (window->len == CONFIRM_WINDOW_BYTES) window_confirm(scan, window);
}

static void scan_text(struct rule_scan *scan, enum text_kind kind, struct span text) {
    struct text_state *state = &scan->texts[kind];
    const struct text_search *search = &scan->rules->texts[kind];
    if (search->database == NULL || text.len == 0 || !stream_take(scan, kind)) return;
    if (search->confirms && state->window == NULL && !window_make(scan, state)) {
        state->window = NULL;
        go_blind(scan);
        return;
    }
    while (text.len > 0) {
        size_t room = state->window == NULL ? text.len : CONFIRM_WINDOW_BYTES - state->window->len;
        scan_stream(scan, kind, span_head(text, room));
        text = span_from(text, room);
    }
}

void rule_words_say(struct rule_scan *scan, struct span text, bool over) {
    const struct content_words *words = scan->rules->words;
    if (words == NULL) return;
    if (text.len > 0 && !said_words_push(&scan->said, words, scan->arena, text)) scan->counters->message_memory++;
    if (over) said_words_end(&scan->said, words);
}

/* What of the buffer was not told yet. */
static void tell_words(struct rule_scan *scan) {
    const struct text_search *search = &scan->rules->texts[TEXT_FOLDED];
    struct span const text = span_from(span_of(search->buffer, search->buffered), scan->told);
    rule_words_say(scan, text, false);
    scan->told = search->buffered;
}

static void buffer_flush(struct rule_scan *scan, enum text_kind kind) {
    struct text_search *search = &scan->rules->texts[kind];
    struct span const text = span_of(search->buffer, search->buffered);
    if (kind == TEXT_FOLDED) {
        tell_words(scan);
        scan->told = 0;
        fingerprint_push(&scan->fingerprint, text);
    }
    scan_text(scan, kind, text);
    search->buffered = 0;
}

/* What another scan left in the buffer is searched first. */
static void buffer_take(struct rule_scan *scan, enum text_kind kind) {
    struct text_search *search = &scan->rules->texts[kind];
    if (search->buffer_owner == scan) return;
    if (search->buffer_owner != NULL) buffer_flush(search->buffer_owner, kind);
    search->buffer_owner = scan;
}

static void on_url(void *context, struct span url) {
    struct rule_scan *scan = context;
    struct mail_summary *summary = scan->summary;
    if (summary != NULL &&
        !url_figures_take(&summary->url_figures, url, (struct url_written){scan->urls.bare, scan->urls.encoded},
                          summary->from_domain))
        scan->counters->urls_dropped++;
    rule_scan_url(scan, url);
}

static void on_text(void *context, struct span text) {
    struct rule_scan *scan = context;
    struct text_search *search = &scan->rules->texts[TEXT_FOLDED];
    text_urls_push(&scan->urls, text, on_url, scan);
    buffer_take(scan, TEXT_FOLDED);
    while (text.len > 0) {
        size_t room = RULE_TEXT_BUFFER_BYTES - search->buffered;
        if (room < TEXT_FOLD_ROOM_BYTES) {
            buffer_flush(scan, TEXT_FOLDED);
            room = RULE_TEXT_BUFFER_BYTES;
        }
        search->buffered += text_fold(&scan->fold, &text, search->buffer + search->buffered, room);
    }
}

/* Lines as they are, but that they end in a newline alone. */
static void on_raw_text(struct rule_scan *scan, struct span text) {
    struct text_search *search = &scan->rules->texts[TEXT_RAW];
    if (search->database == NULL) return;
    buffer_take(scan, TEXT_RAW);
    while (text.len > 0) {
        if (search->buffered == RULE_TEXT_BUFFER_BYTES) buffer_flush(scan, TEXT_RAW);
        struct span const run =
            span_head(span_head(text, span_find(text, '\r')), RULE_TEXT_BUFFER_BYTES - search->buffered);
        if (run.len > 0) memcpy(search->buffer + search->buffered, run.data, run.len);
        search->buffered += run.len;
        text = span_from(text, run.len);
        if (text.len > 0 && text.data[0] == '\r') text = span_from(text, 1);
    }
}

static void on_html_link(void *context, struct span bytes) {
    struct rule_scan *scan = context;
    text_urls_link(&scan->urls, bytes, on_url, scan);
}

static void on_html_link_end(void *context) {
    struct rule_scan *scan = context;
    text_urls_end(&scan->urls, on_url, scan);
}

/* White space that waits in front of hidden text parts words, too. */
static void on_unseen(void *context, bool unseen) {
    struct rule_scan *scan = context;
    buffer_take(scan, TEXT_FOLDED);
    tell_words(scan);
    if (unseen && scan->fold.space != 0) rule_words_say(scan, SPAN_LITERAL(" "), false);
    scan->said.unseen = unseen;
}

static struct html_sink html_sink_of(struct rule_scan *scan) {
    return (struct html_sink){scan, on_text, on_html_link, on_html_link_end, scan->html_facts, on_unseen};
}

/* --- a part's begin and end --------------------------------------------------------------------------------------- */

/* Unless it was counted that its text is searched no more. */
static void count_lost_urls(struct rule_scan *scan) {
    if (!scan->urls.full || scan->urls_lost || scan->blind) return;
    scan->urls_lost = true;
    scan->counters->message_memory++;
}

static void stream_end(struct rule_scan *scan, enum text_kind kind) {
    struct text_search *search = &scan->rules->texts[kind];
    struct text_state *state = &scan->texts[kind];
    struct search reports_to = text_search_of(scan, state);
    if (state->used && stream_take(scan, kind))
        (void)hs_reset_stream(search->stream, 0, scan->rules->scratch, rule_on_match, &reports_to);
    if (state->window != NULL) window_end(scan, state->window);
}

void rule_text_end(struct rule_scan *scan) {
    struct text_search *folded = &scan->rules->texts[TEXT_FOLDED];
    if (!scan->in_part) return;
    scan->in_part = false;
    struct html_sink sink = html_sink_of(scan);
    if (scan->in_html) html_text_end(&scan->html, &sink);
    for (enum text_kind kind = 0; kind < TEXT_KINDS; kind++) {
        buffer_take(scan, kind);
        buffer_flush(scan, kind);
    }
    scan->said.unseen = false;
    folded->buffered = text_fold_end(&scan->fold, folded->buffer);
    buffer_flush(scan, TEXT_FOLDED);
    rule_words_say(scan, SPAN_EMPTY, true);
    fingerprint_break(&scan->fingerprint);
    text_urls_end(&scan->urls, on_url, scan);
    count_lost_urls(scan);
    for (enum text_kind kind = 0; kind < TEXT_KINDS; kind++) {
        scan->rules->texts[kind].buffer_owner = NULL;
        stream_end(scan, kind);
    }
}

uint64_t rule_scan_fingerprint(const struct rule_scan *scan) {
    return fingerprint_of(&scan->fingerprint);
}

void rule_text_leave(struct rule_scan *scan) {
    for (enum text_kind kind = 0; kind < TEXT_KINDS; kind++) {
        struct text_search *search = &scan->rules->texts[kind];
        if (search->stream_owner == scan) search->stream_owner = NULL;
        scan->texts[kind].used = false;
    }
}

void rule_scan_text(struct rule_scan *scan, unsigned part, bool html, struct span text) {
    const struct ruleset *rules = scan->rules;
    if (rules->texts[TEXT_FOLDED].database == NULL && rules->texts[TEXT_RAW].database == NULL && rules->uris == NULL &&
        rules->words == NULL && scan->summary == NULL)
        return; /* no rule looks at text */
    if (scan->in_part && (part != scan->part || html != scan->in_html)) rule_text_end(scan);
    scan->in_part = true;
    scan->in_html = html;
    scan->part = part;
    on_raw_text(scan, text);
    if (html) {
        struct html_sink sink = html_sink_of(scan);
        html_text_push(&scan->html, text, &sink);
    } else {
        on_text(scan, text);
    }
}

/* What comes next is of the same part, and stands somewhere behind what came: no expression matches across.  Which
 * elements are open there is not known, so of its markup nothing is told: what was not seen is no fault. */
static void leave_text(struct rule_scan *scan) {
    rule_text_end(scan);
    scan->html_facts = NULL;
}

void rule_scan_item(struct rule_scan *scan, const struct mail_item *item, struct mail_summary *summary) {
    scan->summary = summary;
    switch (item->type) {
        case MAIL_HEADER:
            rule_scan_header(scan, item);
            break;
        case MAIL_PART_BEGIN: /* what is attached is no page that opens with the message */
            scan->html_facts = item->info->attachment ? NULL : summary->html_facts;
            break;
        case MAIL_TEXT:
            if (item->jump) leave_text(scan);
            if (item->info->kind != PART_REPORT)
                rule_scan_text(scan, item->part, item->info->kind == PART_HTML, item->text);
            break;
        case MAIL_PART_END: /* what waits for more text is looked at now */
            rule_text_end(scan);
            break;
        case MAIL_HEADERS_END:
            break;
    }
}
