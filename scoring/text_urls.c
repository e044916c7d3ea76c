/* Finding URLs in text.
 *
 * A colon, and a dot behind a "w", are the rarest signs of a URL, so these are searched and the letters before them
 * looked at.  From there a URL goes on to the first byte that ends it: a space, a control, or one of <>"`{}|\^ (RFC
 * 3986 knows none of them).  Punctuation at its end, which belongs to the sentence, is not cut off: rules look at hosts
 * and beginnings. A URL is copied together, because it may come in several cuts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_urls.h"

#include "mailspan/url_host.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BARE_BEGINNING SPAN_LITERAL("http://www.")

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
    static const char *const schemes[] = {"https", "http", "ftp", "mailto"};
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

/* Whether the tail ends in a "www" that begins a word: not in www.www., x@www., -www. and such. */
static bool www_before(const struct text_urls *urls) {
    struct span const tail = span_of(urls->tail, urls->tail_len);
    if (tail.len < 3 || !span_equal(span_from(tail, tail.len - 3), SPAN_LITERAL("www"))) return false;
    if (tail.len == 3) return true;
    uint8_t const before = tail.data[tail.len - 4];
    return !ascii_is_alpha(before) && !ascii_is_digit(before) && before < 0x80 && strchr("./@-_:%", before) == NULL;
}

/* Where the next colon is, or dot behind a "w"; text.len when there is none. */
static size_t find_mark(const struct text_urls *urls, struct span text) {
    uint8_t const last = urls->tail_len == 0 ? 0 : urls->tail[urls->tail_len - 1];
    if (text.len > 0 && (text.data[0] == ':' || (text.data[0] == '.' && last == 'w'))) return 0;
    size_t at = 1;
#ifdef __SSE2__
    __m128i const colon = _mm_set1_epi8(':'), dot = _mm_set1_epi8('.'), w = _mm_set1_epi8('w');
    for (; at < text.len && text.len - at >= sizeof(__m128i); at += sizeof(__m128i)) {
        __m128i const here = _mm_loadu_si128((const __m128i *)(const void *)(text.data + at));
        __m128i const before = _mm_loadu_si128((const __m128i *)(const void *)(text.data + at - 1));
        __m128i const small = _mm_or_si128(before, _mm_set1_epi8(0x20));
        __m128i const www = _mm_and_si128(_mm_cmpeq_epi8(here, dot), _mm_cmpeq_epi8(small, w));
        unsigned const marks = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(here, colon), www));
        if (marks != 0) return at + (unsigned)__builtin_ctz(marks);
    }
#endif
    for (; at < text.len; at++)
        if (text.data[at] == ':' || (text.data[at] == '.' && ascii_lower(text.data[at - 1]) == 'w')) return at;
    return text.len;
}

static void url_begin(struct text_urls *urls, struct span beginning, enum url_state state) {
    urls->len = 0;
    urls->bare = urls->encoded = false;
    urls->state = (uint8_t)state;
    url_add(urls, beginning);
}

/* Goes on to behind the next mark.  Returns how many bytes that took. */
static size_t search(struct text_urls *urls, struct span text) {
    size_t const mark = find_mark(urls, text);
    tail_keep(urls, span_head(text, mark));
    if (mark == text.len) return mark;
    struct span const scheme = text.data[mark] == ':' ? scheme_before(urls) : SPAN_EMPTY;
    if (text.data[mark] == '.' && www_before(urls)) {
        url_begin(urls, BARE_BEGINNING, IN_URL);
        urls->bare = true;
    } else if (span_equal(scheme, SPAN_LITERAL("mailto"))) {
        url_begin(urls, SPAN_LITERAL("mailto:"), IN_URL);
    } else if (scheme.len > 0) {
        url_begin(urls, scheme, SLASH_ONE);
        url_add(urls, SPAN_LITERAL("://"));
    }
    tail_keep(urls, span_slice(text, mark, 1));
    return mark + 1;
}

/* Whether anything stands behind what begins it. */
static bool says_something(const struct text_urls *urls) {
    return urls->len > (urls->bare ? BARE_BEGINNING.len : 0);
}

/* What a link names, as browsers read it (WHATWG URL 4.4): "\" is "/" before a query, and behind the scheme two of them
 * are thought to be there. */
static void link_finish(struct text_urls *urls) {
    struct span const link = span_of(urls->url, urls->len);
    size_t const colon = span_find(link, ':');
    struct span const scheme = span_head(link, colon);
    bool const web = colon < link.len && (span_equal_nocase(scheme, SPAN_LITERAL("http")) ||
                                          span_equal_nocase(scheme, SPAN_LITERAL("https")));
    if (!web && (link.len == 0 || (link.data[0] != '/' && link.data[0] != '\\'))) return;
    for (size_t i = 0; i < urls->len && urls->url[i] != '?' && urls->url[i] != '#'; i++)
        if (urls->url[i] == '\\') urls->url[i] = '/';
    size_t const rest = colon + 1;
    if (!web || rest >= urls->len || urls->url[rest] == '?' || urls->url[rest] == '#') return;
    size_t slashes = 0;
    while (slashes < 2 && rest + slashes < urls->len && urls->url[rest + slashes] == '/') slashes++;
    size_t const missing = 2 - slashes, room = LIMIT_URL_BYTES - rest;
    size_t kept = urls->len - rest;
    if (missing == 0 || room < missing) return;
    if (kept > room - missing) kept = room - missing;
    memmove(urls->url + rest + missing, urls->url + rest, kept);
    memset(urls->url + rest, '/', missing);
    urls->len = (uint16_t)(rest + missing + kept);
}

/* The host as it is looked up: so facts and rules see one, however it is written. */
static void host_decode(struct text_urls *urls) {
    bool written_otherwise = false;
    for (size_t i = 0; i < urls->len; i++) written_otherwise |= urls->url[i] == '%' || urls->url[i] >= 0x80;
    if (!written_otherwise) return;
    struct url_authority const found = url_authority_read(span_of(urls->url, urls->len));
    if (found.host.len == 0 || found.schemeless) return;
    size_t const begin = (size_t)(found.host.data - urls->url), end = begin + found.host.len;
    size_t const len = url_host_decode(urls->url + begin, found.host.len);
    urls->encoded = len < found.host.len;
    memmove(urls->url + begin + len, urls->url + end, urls->len - end);
    urls->len = (uint16_t)(urls->len - found.host.len + len);
}

static void url_finish(struct text_urls *urls, url_found *found, void *context) {
    if (urls->state == IN_LINK && !urls->full) link_finish(urls);
    if (urls->state >= IN_URL && !urls->full) host_decode(urls);
    if (urls->state >= IN_URL && says_something(urls)) found(context, span_of(urls->url, urls->len));
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
        url_begin(urls, SPAN_EMPTY, IN_LINK);
    }
    url_add(urls, bytes);
}

void text_urls_end(struct text_urls *urls, url_found *found, void *context) {
    url_finish(urls, found, context);
}
