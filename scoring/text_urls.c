/* Finding URLs in text.
 *
 * The colon is the rarest sign of a URL, so colons are searched and the letters before them looked at.  From there a
 * URL goes on to the first byte that ends it: a space, a control, or one of <>"`{}|\^ (RFC 3986 knows none of
 * them).  Punctuation at its end, which belongs to the sentence, is not cut off: rules look at hosts and beginnings.
 * A URL is copied together, because it may come in several cuts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_urls.h"

enum url_state { SEARCH, SLASH_ONE, SLASH_TWO, IN_URL, IN_LINK };

static const bool ends_url[256] = {
    [0 ... ' '] = true, ['<'] = true, ['>'] = true,  ['"'] = true, ['`'] = true,  ['{'] = true,
    ['}'] = true,       ['|'] = true, ['\\'] = true, ['^'] = true, [0x7f] = true,
};

static bool url_ends_at(uint8_t c) {
    return ends_url[c];
}

static void url_add(struct text_urls *urls, struct span bytes) {
    if (urls->url == NULL && !urls->full) {
        urls->url = arena_alloc(urls->arena, LIMIT_URL_BYTES);
        urls->full = urls->url == NULL;
    }
    if (urls->full) return;
    bytes = span_head(bytes, (size_t)(LIMIT_URL_BYTES - urls->len));
    if (bytes.len > 0) memcpy(urls->url + urls->len, bytes.data, bytes.len);
    urls->len = (uint16_t)(urls->len + bytes.len);
}

/* The scheme that ends the tail, or an empty span. */
static struct span scheme_before(const struct text_urls *urls) {
    static const char *const schemes[] = {"https", "http", "ftp"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct span scheme = span_from_string(schemes[i]);
        if (scheme.len > urls->tail_len) continue;
        size_t begin = urls->tail_len - scheme.len;
        if (!span_equal(span_slice(span_of(urls->tail, urls->tail_len), begin, scheme.len), scheme)) continue;
        if (begin > 0 && (ascii_is_alpha(urls->tail[begin - 1]) || ascii_is_digit(urls->tail[begin - 1]))) continue;
        return scheme;
    }
    return SPAN_EMPTY;
}

static void tail_keep(struct text_urls *urls, struct span text) {
    if (text.len > sizeof urls->tail) text = span_from(text, text.len - sizeof urls->tail);
    if (text.len == 0) return;
    size_t keep = sizeof urls->tail - text.len;
    if (keep > urls->tail_len) keep = urls->tail_len;
    memmove(urls->tail, urls->tail + urls->tail_len - keep, keep);
    for (size_t i = 0; i < text.len; i++) urls->tail[keep + i] = ascii_lower(text.data[i]);
    urls->tail_len = (uint8_t)(keep + text.len);
}

/* Goes on to behind the next colon.  Returns how many bytes that took. */
static size_t search(struct text_urls *urls, struct span text) {
    size_t colon = span_find(text, ':');
    tail_keep(urls, span_head(text, colon));
    if (colon == text.len) return colon;
    struct span scheme = scheme_before(urls);
    if (scheme.len > 0) {
        urls->len = 0;
        url_add(urls, scheme);
        url_add(urls, SPAN_LITERAL("://"));
        urls->state = SLASH_ONE;
    }
    tail_keep(urls, SPAN_LITERAL(":"));
    return colon + 1;
}

static void url_finish(struct text_urls *urls, url_found *found, void *context) {
    if (urls->state >= IN_URL && urls->len > 0) found(context, span_of(urls->url, urls->len));
    urls->state = SEARCH;
    urls->len = 0;
    urls->tail_len = 0;
}

static size_t go_on(struct text_urls *urls, struct span text, url_found *found, void *context) {
    size_t end = 0;
    while (end < text.len && !url_ends_at(text.data[end])) end++;
    url_add(urls, span_head(text, end));
    if (end < text.len) url_finish(urls, found, context);
    return end;
}

void text_urls_push(struct text_urls *urls, struct span text, url_found *found, void *context) {
    if (urls->state == IN_LINK) url_finish(urls, found, context);
    size_t at = 0;
    while (at < text.len) {
        if (urls->state == SEARCH) {
            at += search(urls, span_from(text, at));
        } else if (urls->state == IN_URL) {
            at += go_on(urls, span_from(text, at), found, context);
        } else if (text.data[at] == '/') {
            urls->state++;
            at++;
        } else {
            urls->state = SEARCH;
        }
    }
}

void text_urls_link(struct text_urls *urls, struct span bytes, url_found *found, void *context) {
    if (urls->state != IN_LINK) {
        url_finish(urls, found, context);
        urls->state = IN_LINK;
    }
    url_add(urls, bytes);
}

void text_urls_end(struct text_urls *urls, url_found *found, void *context) {
    url_finish(urls, found, context);
}
