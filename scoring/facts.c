/* The facts that set-up rules judge, from what the decoders know.
 *
 * What was not seen is no fault: a fact about something missing holds only when the place where it would stand was
 * seen. Two domains are the same here when they are of one organisation (bounce.example.org and news.example.org;
 * domain_org.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/facts.h"

#include "mailspan/address.h"
#include "mailspan/domain_org.h"
#include "mailspan/mailbox.h"
#include "mailspan/text_signs.h"

#define CAPITAL_LETTERS_MIN 10
#define SIGNS_LOOKED_AT 16 /* "@" in a display name: each may cost a look into the list of suffixes */
#define EMPTY_TEXT_BYTES 10
#define FULL_TEXT_BYTES 100
#define IMAGE_ONLY_TEXT_BYTES 100 /* "trouble seeing this? click here", and how to leave the list */
#define LITTLE_TEXT_BYTES 2048    /* with HTML's tags; a message of a few lines */

struct fact_text {
    const char *name;
    const char *help;
};

static const struct fact_text fact_texts[FACT_COUNT] = {
#define X(name, help) {#name, help},
    MAILSPAN_FACTS(X)
#undef X
};

int fact_from_name(const char *name) {
    for (int i = 0; i < FACT_COUNT; i++)
        if (strcmp(fact_texts[i].name, name) == 0) return i;
    return -1;
}

const char *fact_name(enum fact fact) {
    return fact_texts[fact].name;
}

const char *fact_help(enum fact fact) {
    return fact_texts[fact].help;
}

bool fact_is_of_envelope(enum fact fact) {
    return fact < FACT_headers_seen;
}

bool fact_is_of_body(enum fact fact) {
    if (fact_is_of_source(fact)) return fact == FACT_source_alike || fact == FACT_source_alike_recipients;
    return fact >= FACT_parts;
}

bool fact_is_of_source(enum fact fact) {
    return strncmp(fact_texts[fact].name, "source_", 7) == 0;
}

static void set(struct facts *facts, enum fact fact, bool value) {
    facts->value[fact] = value ? 1 : 0;
}

static void set_number(struct facts *facts, enum fact fact, double value) {
    facts->value[fact] = value;
}

/* --- domains --------------------------------------------------------------------------------------------------- */

static struct span without_final_dot(struct span domain) {
    if (domain.len > 0 && domain.data[domain.len - 1] == '.') domain.len--;
    return domain;
}

/* domain is parent, or lies under it. */
static bool domain_ends_in(struct span domain, struct span parent) {
    domain = without_final_dot(domain);
    parent = without_final_dot(parent);
    if (parent.len == 0 || domain.len < parent.len) return false;
    if (!span_equal_nocase(span_from(domain, domain.len - parent.len), parent)) return false;
    return domain.len == parent.len || domain.data[domain.len - parent.len - 1] == '.';
}

/* Right of the last @, or empty. */
static struct span domain_of(struct span mailbox) {
    return span_from(mailbox, span_find_last(mailbox, '@') + 1);
}

/* The domain of an address in a display name, behind its "@": domain.tld; else empty. */
static struct span domain_behind(struct span display, size_t sign) {
    if (sign == 0 || !is_domain_byte(display.data[sign - 1])) return SPAN_EMPTY;
    struct span domain = span_from(display, sign + 1);
    size_t end = 0;
    while (end < domain.len && is_domain_byte(domain.data[end])) end++;
    domain = without_final_dot(span_head(domain, end));
    size_t dot = span_find(domain, '.');
    return dot > 0 && dot + 1 < domain.len ? domain : SPAN_EMPTY;
}

/* Whether a display name shows an address of somebody else, perhaps behind others. */
static bool shows_other_address(struct span display, struct span from_domain) {
    size_t sign = 0;
    for (unsigned signs = 0; signs < SIGNS_LOOKED_AT; signs++) {
        sign += span_find(span_from(display, sign), '@');
        if (sign >= display.len) return false;
        if (domain_orgs_differ(domain_behind(display, sign), from_domain)) return true;
        sign++;
    }
    return false;
}

/* --- the dialogue ---------------------------------------------------------------------------------------------- */

static bool is_localhost(struct span helo) {
    return domain_ends_in(helo, SPAN_LITERAL("localhost")) || domain_ends_in(helo, SPAN_LITERAL("localdomain")) ||
           domain_ends_in(helo, SPAN_LITERAL("localhost.localdomain"));
}

static void collect_helo(struct facts *facts, const struct dialogue_facts *dialogue, bool refused_before) {
    struct span helo = dialogue->helo;
    set(facts, FACT_ehlo, dialogue->ehlo);
    if (helo.len == 0) {
        /* A client that is sent away by the greeting has no reason to say it. */
        set(facts, FACT_helo_missing, dialogue->visibility == VISIBILITY_CLEAR && !refused_before);
        return;
    }
    struct ip_address ip;
    bool literal = helo.data[0] == '[';
    bool address = !literal && ip_from_text(helo, &ip);
    set(facts, FACT_helo_address_literal, literal);
    set(facts, FACT_helo_bare_address, address);
    struct span name = without_final_dot(helo);
    set(facts, FACT_helo_no_dot, !literal && !address && span_find(name, '.') == name.len);
    set(facts, FACT_helo_localhost, is_localhost(helo));
}

static void collect_dialogue(struct facts *facts, const struct dialogue_facts *dialogue, bool refused_before) {
    collect_helo(facts, dialogue, refused_before);
    set(facts, FACT_tls, dialogue->tls != TLS_NONE || dialogue->tls_elsewhere);
    set(facts, FACT_tls_offered, dialogue->starttls_offered);
    set(facts, FACT_tls_refused, dialogue->starttls_refused);
    set(facts, FACT_auth_in_clear, dialogue->auth_in_clear);
    set_number(facts, FACT_auth_tries, dialogue->auth_tries);
    set_number(facts, FACT_auth_refused, dialogue->auth_refused);
}

static unsigned count_refused(const struct message *message) {
    unsigned refused = 0;
    for (const struct recipient_block *block = message->recipients_first; block != NULL; block = block->next) {
        /* Every block but the last is full; what is not used is zero. */
        for (unsigned i = 0; i < RECIPIENTS_PER_BLOCK; i++) refused += reply_is_permanent(&block->recipients[i].reply);
    }
    return refused;
}

static void collect_message(struct facts *facts, const struct message *message) {
    set(facts, FACT_null_sender, message->sender_seen && message->sender.len == 0);
    set_number(facts, FACT_recipients, (double)message->recipient_count + message->recipients_dropped);
    set_number(facts, FACT_recipients_refused, count_refused(message));
    set(facts, FACT_bare_newlines, message->bare_newlines);
    set(facts, FACT_smuggling, message->smuggling);
    set(facts, FACT_smuggled_commands, message->smuggled_commands);
    set(facts, FACT_smuggled, message->smuggled);
    set(facts, FACT_chunked, message->chunked);
    set_number(facts, FACT_body_bytes, message->body_size_lost ? 0 : (double)message->body_bytes);
}

/* --- the content ----------------------------------------------------------------------------------------------- */

/* Enough letters, and none is small.  Letters beyond ASCII are taken for small ones: their case is not known here. */
static bool is_shouted(struct span subject) {
    unsigned capitals = 0;
    for (size_t i = 0; i < subject.len; i++) {
        uint8_t c = subject.data[i];
        if (c >= 0x80 || (c >= 'a' && c <= 'z')) return false;
        if (c >= 'A' && c <= 'Z') capitals++;
    }
    return capitals >= CAPITAL_LETTERS_MIN;
}

/* Servers put their own names into it, so one of any of those that the message names will do. */
static bool is_nobodys_id(const struct mail_summary *content, const struct message *message) {
    struct span domain = domain_of(content->message_id);
    if (domain.len == 0) return false;
    domain.len--; /* the bracket */
    return domain_orgs_differ(domain, content->from_domain) && !domain_orgs_equal(domain, content->sender_domain) &&
           !domain_orgs_equal(domain, domain_of(message->sender)) && !domain_orgs_equal(domain, content->dkim_domain);
}

static void collect_from(struct facts *facts, const struct mail_summary *content, const struct message *message) {
    set_number(facts, FACT_from_headers, content->from_headers);
    set_number(facts, FACT_from_addresses, content->from_addresses);
    set(facts, FACT_from_malformed, content->from_bad);
    set(facts, FACT_from_display_is_address, shows_other_address(content->from_display, content->from_domain));
    set(facts, FACT_sender_elsewhere, domain_orgs_differ(content->sender_domain, content->from_domain));
    set(facts, FACT_message_id_elsewhere, is_nobodys_id(content, message));
    set(facts, FACT_reply_to_elsewhere, domain_orgs_differ(content->reply_to_domain, content->from_domain));
    set(facts, FACT_envelope_from_differs, domain_orgs_differ(domain_of(message->sender), content->from_domain));
    set(facts, FACT_dkim_elsewhere, domain_orgs_differ(content->dkim_domain, content->from_domain));
}

/* Only the whole header section can tell that something is not there. */
static void collect_missing(struct facts *facts, const struct mail_summary *content) {
    bool seen = content->headers_complete;
    set(facts, FACT_headers_seen, seen);
    set(facts, FACT_date_missing, seen && content->date_headers == 0);
    set(facts, FACT_message_id_missing, seen && content->message_id_headers == 0);
    set(facts, FACT_from_missing, seen && content->from_headers == 0);
    set(facts, FACT_to_missing, seen && content->to_headers == 0);
    set(facts, FACT_subject_missing, seen && content->subject_headers == 0);
}

static void collect_date(struct facts *facts, const struct mail_summary *content, nstime now) {
    set(facts, FACT_date_malformed, content->date_bad);
    if (content->date == 0 || now == 0) return;
    double hours = ((double)content->date - (double)now) / ((double)NS_PER_S * 3600);
    set_number(facts, FACT_date_hours_off, hours < 0 ? -hours : hours);
}

/* By the rows of `enum attached`. */
static const enum fact attached_facts[ATTACHED_COUNT] = {
    [ATTACHED_EXECUTABLE] = FACT_attachments_executable,
    [ATTACHED_DISGUISED] = FACT_attachments_disguised,
    [ATTACHED_ARCHIVE] = FACT_attachments_archive,
    [ATTACHED_ARCHIVE_ENCRYPTED] = FACT_attachments_archive_encrypted,
    [ATTACHED_ARCHIVE_EXECUTABLE] = FACT_attachments_archive_executable,
    [ATTACHED_HTML] = FACT_attachments_html,
    [ATTACHED_MACRO] = FACT_attachments_macro,
    [ATTACHED_PDF] = FACT_attachments_pdf,
    [ATTACHED_PDF_ACTIVE] = FACT_attachments_pdf_active,
    [ATTACHED_DOCUMENT_ENCRYPTED] = FACT_attachments_encrypted_document,
    [ATTACHED_IMAGE] = FACT_attachments_image,
    [ATTACHED_IMAGE_INLINE] = FACT_images_inline,
    [ATTACHED_IMAGE_SQUARE] = FACT_images_square,
};

static void collect_attached(struct facts *facts, const struct mail_summary *content) {
    for (int i = 0; i < ATTACHED_COUNT; i++) set_number(facts, attached_facts[i], content->attached[i]);
    bool square = content->attached[ATTACHED_IMAGE_SQUARE] > 0;
    set(facts, FACT_image_square_only, square && content->text_bytes < LITTLE_TEXT_BYTES);
}

static void collect_content(struct facts *facts, const struct mail_summary *content) {
    set_number(facts, FACT_header_count, content->headers);
    set(facts, FACT_message_id_malformed, content->message_id_bad);
    set_number(facts, FACT_subject_bytes, (double)content->subject.len);
    set(facts, FACT_subject_capitals, is_shouted(content->subject));
    set_number(facts, FACT_dkim_signatures, content->dkim_signatures);
    set(facts, FACT_list_unsubscribe, content->list_unsubscribe.len > 0);
    set(facts, FACT_one_click, content->one_click);
    set_number(facts, FACT_received_headers, content->received_headers);
    set_number(facts, FACT_parts, content->parts);
    set(facts, FACT_html_only, content->html_parts > 0 && content->plain_parts == 0);
    set_number(facts, FACT_attachments, content->attachments);
    collect_attached(facts, content);
    set_number(facts, FACT_text_bytes, content->text_bytes);
    set(facts, FACT_text_cut, content->text_cut);
}

/* What stands for the same in two parts, or is written in a way that it does not need. */
static void collect_versions(struct facts *facts, const struct mail_summary *content) {
    bool const both = content->plain_parts > 0 && content->html_parts > 0;
    bool const empty = content->plain.ink < EMPTY_TEXT_BYTES && content->html.visible_bytes >= FULL_TEXT_BYTES;
    set_number(facts, FACT_html_plain_difference, both ? content->text_difference : 0);
    set(facts, FACT_plain_part_empty, both && empty);
    set_number(facts, FACT_base64_needless, content->base64_needless);
}

static void collect_urls(struct facts *facts, const struct url_figures *urls) {
    set_number(facts, FACT_urls, urls->shown);
    set_number(facts, FACT_urls_bare_ip, urls->bare_ip);
    set_number(facts, FACT_urls_punycode, urls->punycode);
    set_number(facts, FACT_urls_redirecting, urls->redirecting);
    set_number(facts, FACT_urls_named, urls->named);
    set_number(facts, FACT_urls_ports, urls->ports);
    set_number(facts, FACT_urls_long_hosts, urls->long_hosts);
    set_number(facts, FACT_urls_hyphened_hosts, urls->hyphened_hosts);
    set_number(facts, FACT_urls_digit_hosts, urls->digit_hosts);
    set_number(facts, FACT_urls_deep_hosts, urls->deep_hosts);
    set_number(facts, FACT_urls_encoded_hosts, urls->encoded_hosts);
    set_number(facts, FACT_url_orgs, urls->orgs);
    set_number(facts, FACT_urls_of_from, urls->of_from);
    set(facts, FACT_urls_foreign_only, urls->from_org != 0 && urls->urls > 0 && urls->of_from == 0);
}

static void collect_signs(struct facts *facts, const struct mail_summary *content) {
    struct text_signs subject, name;
    text_signs_read(&subject, content->subject);
    text_signs_read(&name, content->from_display);
    set_number(facts, FACT_subject_invisible, subject.invisible);
    set_number(facts, FACT_subject_mixed_script, subject.mixed_words);
    set_number(facts, FACT_subject_styled, subject.styled);
    set_number(facts, FACT_subject_emoji, subject.emoji);
    set_number(facts, FACT_from_display_invisible, name.invisible);
    set_number(facts, FACT_from_display_mixed_script, name.mixed_words);
    set_number(facts, FACT_from_display_styled, name.styled);
    set_number(facts, FACT_from_display_emoji, name.emoji);
}

static void collect_markup(struct facts *facts, const struct html_figures *html) {
    set_number(facts, FACT_html_words_split, html->words_split);
    set_number(facts, FACT_html_words_tagged, html->words_tagged);
    set_number(facts, FACT_html_soft_hyphens, html->soft_hyphens);
    set_number(facts, FACT_html_ascii_references, html->ascii_references);
    set_number(facts, FACT_html_forms, html->forms);
    set_number(facts, FACT_html_password_inputs, html->password_inputs);
    set_number(facts, FACT_html_scripts, html->scripts);
    set_number(facts, FACT_html_iframes, html->iframes);
    set_number(facts, FACT_html_tables, html->tables);
    set_number(facts, FACT_html_meta_refresh, html->meta_refresh);
    set_number(facts, FACT_html_base_href, html->base_href);
    set_number(facts, FACT_html_empty_elements, html->empty_elements);
    set_number(facts, FACT_html_unknown_tags, html->unknown_tags);
    set_number(facts, FACT_html_too_deep, html->too_deep);
    set_number(facts, FACT_html_rules_lost, html->rules_lost);
    set_number(facts, FACT_html_comment_bytes, html->comment_bytes);
    set_number(facts, FACT_html_style_bytes, html->style_bytes);
}

static void collect_html(struct facts *facts, const struct html_figures *html) {
    bool const image_only = html->images > 0 && html->visible_bytes < IMAGE_ONLY_TEXT_BYTES;
    set_number(facts, FACT_html_visible_bytes, html->visible_bytes);
    set_number(facts, FACT_html_hidden_bytes, html->hidden_bytes);
    set_number(facts, FACT_html_hidden_blocks, html->hidden_blocks);
    set_number(facts, FACT_html_hidden_behind, html->hidden_behind);
    set_number(facts, FACT_html_links, html->links);
    set_number(facts, FACT_html_link_hosts, html->link_hosts);
    set_number(facts, FACT_html_link_text_elsewhere, html->link_text_elsewhere);
    set_number(facts, FACT_html_link_text_foreign, html->link_text_foreign);
    set_number(facts, FACT_html_images, html->images);
    set_number(facts, FACT_html_images_linked, html->images_linked);
    set_number(facts, FACT_html_images_remote, html->images_remote);
    set_number(facts, FACT_html_images_data, html->images_data);
    set_number(facts, FACT_html_images_attached, html->images_attached);
    set_number(facts, FACT_html_image_pixels, html->image_pixels);
    set(facts, FACT_image_only, image_only);
    set(facts, FACT_image_only_linked, image_only && html->images_linked > 0);
    collect_markup(facts, html);
}

void facts_collect(struct facts *facts, const struct dialogue_facts *dialogue, const struct message *message,
                   const struct mail_summary *content) {
    *facts = (struct facts){{0}};
    collect_dialogue(facts, dialogue, message->stage == STAGE_GREETING);
    collect_message(facts, message);
    if (content == NULL) return;
    collect_missing(facts, content);
    collect_from(facts, content, message);
    collect_date(facts, content, message->start != 0 ? message->start : message->end);
    collect_content(facts, content);
    collect_signs(facts, content);
    collect_versions(facts, content);
    collect_urls(facts, &content->url_figures);
    collect_html(facts, &content->html);
}
