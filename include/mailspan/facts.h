/* facts: numbers that the decoders know about a message and its dialogue, named for the rules.
 *
 * A truth value is 0 or 1.  Adding a fact is a line here and a line in scoring/facts.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_FACTS_H
#define MAILSPAN_FACTS_H

#include "mailspan/dialogue.h"
#include "mailspan/mail.h"

#define MAILSPAN_FACTS(X)                                                                                       \
    X(helo_missing, "no HELO, EHLO or LHLO came before the message")                                            \
    X(helo_address_literal, "the HELO name is an address literal, [192.0.2.1]")                                 \
    X(helo_bare_address, "the HELO name is an IP address without brackets")                                     \
    X(helo_no_dot, "the HELO name has no dot")                                                                  \
    X(helo_localhost, "the HELO name is localhost or under localdomain")                                        \
    X(ehlo, "the client said EHLO, not HELO")                                                                   \
    X(tls, "the dialogue is inside TLS, or was so up to the mirror")                                            \
    X(tls_offered, "the receiver offered STARTTLS")                                                             \
    X(tls_refused, "the sender asked for STARTTLS, and the receiver refused it")                                \
    X(auth_in_clear, "AUTH was tried outside TLS")                                                              \
    X(auth_tries, "AUTH commands in its dialogue, until the message ended")                                     \
    X(auth_refused, "... that were refused")                                                                    \
    X(null_sender, "MAIL FROM:<>")                                                                              \
    X(recipients, "number of recipients")                                                                       \
    X(recipients_refused, "recipients refused for good (5yz)")                                                  \
    X(bare_newlines, "lines of the body end in a bare LF, or hold a bare CR")                                   \
    X(smuggling, "a dot alone between such: for some receivers the end of the data")                            \
    X(smuggled_commands, "... and a command stands behind it")                                                  \
    X(smuggled, "was said in the body of another message, and answered")                                        \
    X(chunked, "came by BDAT")                                                                                  \
    X(body_bytes, "size as sent; 0 when bytes that belong to it may be missing")                                \
    X(headers_seen, "the whole header section was seen")                                                        \
    X(header_count, "number of headers")                                                                        \
    X(date_missing, "no Date")                                                                                  \
    X(date_malformed, "a Date that is no date")                                                                 \
    X(date_hours_off, "hours between Date and the packet's time, without sign")                                 \
    X(message_id_missing, "no Message-ID")                                                                      \
    X(message_id_malformed, "a Message-ID that is none (RFC 5322 3.6.4)")                                       \
    X(message_id_elsewhere, "its domain is neither of From nor of MAIL FROM, Sender or the signature")          \
    X(from_missing, "no From")                                                                                  \
    X(from_malformed, "a From without an address")                                                              \
    X(from_headers, "number of From headers")                                                                   \
    X(from_addresses, "addresses in From")                                                                      \
    X(from_display_is_address, "the display name of From is an address of another domain")                      \
    X(reply_to_elsewhere, "Reply-To is of another domain than From")                                            \
    X(sender_elsewhere, "Sender is of another domain than From")                                                \
    X(envelope_from_differs, "MAIL FROM is of another domain than From")                                        \
    X(to_missing, "no To")                                                                                      \
    X(subject_missing, "no Subject")                                                                            \
    X(subject_bytes, "length of the decoded subject")                                                           \
    X(subject_capitals, "the subject has 10 letters or more and no small one")                                  \
    X(dkim_signatures, "number of DKIM-Signatures")                                                             \
    X(dkim_elsewhere, "the first DKIM-Signature is of another organisation's domain")                           \
    X(list_unsubscribe, "List-Unsubscribe is present")                                                          \
    X(one_click, "List-Unsubscribe-Post is present (RFC 8058)")                                                 \
    X(received_headers, "number of Received headers")                                                           \
    X(subject_invisible, "characters without a width in the subject")                                           \
    X(subject_mixed_script, "words of several scripts, or of plain and dressed ones")                           \
    X(subject_styled, "its letters dressed as symbols: bold, full-width, in circles")                           \
    X(subject_emoji, "its emoji")                                                                               \
    X(from_display_invisible, "characters without a width in From's display name")                              \
    X(from_display_mixed_script, "words of several scripts, or of plain and dressed ones")                      \
    X(from_display_styled, "its letters dressed as symbols")                                                    \
    X(from_display_emoji, "its emoji")                                                                          \
    X(parts, "MIME leaf parts")                                                                                 \
    X(html_only, "HTML text, and no plain text")                                                                \
    X(attachments, "parts that are attachments")                                                                \
    X(attachments_executable, "of these and of files with a name, programs")                                    \
    X(attachments_disguised, "... other content than name or type say")                                         \
    X(attachments_archive, "... archives and packed files")                                                     \
    X(attachments_archive_encrypted, "... that need a password")                                                \
    X(attachments_archive_executable, "... with a program inside")                                              \
    X(attachments_html, "... HTML, and SVG with a script or a link")                                            \
    X(attachments_macro, "... documents with macros")                                                           \
    X(attachments_pdf, "... PDF")                                                                               \
    X(attachments_pdf_active, "... PDF with a script")                                                          \
    X(attachments_encrypted_document, "... documents that need a password")                                     \
    X(attachments_image, "... images")                                                                          \
    X(images_inline, "images that HTML shows (Content-ID)")                                                     \
    X(images_square, "images that are square, 100 to 600 pixels wide")                                          \
    X(image_square_only, "such an image, and less than 2,048 bytes of text")                                    \
    X(text_bytes, "bytes of decoded text")                                                                      \
    X(text_cut, "there is more text than was read (limits.text_bytes)")                                         \
    X(urls, "URLs in the text")                                                                                 \
    X(urls_bare_ip, "URLs whose host is an IP address")                                                         \
    X(urls_punycode, "URLs whose host has an A-label, or letters that are looked up as one")                    \
    X(words_of_spam, "how much the words of subject and text speak for spam, as rules/content_words.yaml says") \
    X(html_visible_bytes, "bytes of HTML's text that are seen, without white space")                            \
    X(html_hidden_bytes, "... that are not: by display, size, colour, place and such")                          \
    X(html_hidden_blocks, "runs of hidden text")                                                                \
    X(html_hidden_behind, "hidden bytes behind the first text that is seen")                                    \
    X(html_words_split, "words cut by empty or hidden elements, comments, no width")                            \
    X(html_words_tagged, "words with any tag inside")                                                           \
    X(html_soft_hyphens, "soft hyphens between letters")                                                        \
    X(html_ascii_references, "references for ASCII letters and digits (&#80;)")                                 \
    X(html_links, "links to http and https")                                                                    \
    X(html_link_hosts, "different hosts of these")                                                              \
    X(html_link_text_elsewhere, "links whose text shows another organisation's host")                           \
    X(html_link_text_foreign, "... that is not From's organisation either")                                     \
    X(html_images, "pictures, without those of one or two pixels")                                              \
    X(html_images_linked, "... inside a link")                                                                  \
    X(html_images_remote, "... from http or https")                                                             \
    X(html_images_data, "... inside the HTML (data:)")                                                          \
    X(html_images_attached, "... in another part of the message (cid:)")                                        \
    X(html_image_pixels, "pictures of one or two pixels")                                                       \
    X(html_forms, "forms")                                                                                      \
    X(html_password_inputs, "fields for a password")                                                            \
    X(html_scripts, "scripts")                                                                                  \
    X(html_iframes, "inline frames")                                                                            \
    X(html_tables, "tables")                                                                                    \
    X(html_meta_refresh, "pages that lead on by themselves")                                                    \
    X(html_base_href, "addresses that links begin from")                                                        \
    X(html_empty_elements, "elements inside a line with nothing in them")                                       \
    X(html_unknown_tags, "tags that HTML does not have")                                                        \
    X(html_too_deep, "elements nested deeper than 96, or in more than 32 colours and sizes")                    \
    X(html_rules_lost, "style sheets have more rules of looks than there is room for")                          \
    X(html_comment_bytes, "bytes of comments")                                                                  \
    X(html_style_bytes, "bytes of style sheets")                                                                \
    X(image_only, "HTML with a picture and under 100 bytes of text that are seen")                              \
    X(image_only_linked, "... and a picture is inside a link")                                                  \
    X(urls_redirecting, "URLs with another URL behind the host")                                                \
    X(urls_named, "URLs with a name before the host (http://bank@evil.example/)")                               \
    X(urls_ports, "URLs with an odd port")                                                                      \
    X(urls_long_hosts, "URLs whose host is longer than 45 bytes")                                               \
    X(urls_hyphened_hosts, "URLs whose host has 3 hyphens or more")                                             \
    X(urls_digit_hosts, "URLs whose host has letters, and 5 digits or more")                                    \
    X(urls_deep_hosts, "URLs whose host has 6 labels or more")                                                  \
    X(urls_encoded_hosts, "URLs whose host is not written as it is looked up (%65vil.example)")                 \
    X(url_orgs, "organisations that URLs are of")                                                               \
    X(urls_of_from, "URLs of From's organisation, those of pictures too")                                       \
    X(urls_foreign_only, "there are URLs, and none is of From's organisation")                                  \
    X(html_plain_difference, "of 100 words of plain text, how many the HTML lacks")                             \
    X(plain_part_empty, "plain text without words beside HTML that has some")                                   \
    X(base64_needless, "texts in base64, though nearly all ASCII in short lines")                               \
    X(source_messages, "messages in its source's sample, with this one")                                        \
    X(source_messages_hour, "... in the last hour")                                                             \
    X(source_burst, "... in ten minutes, in multiples of its habit; 0: not known")                              \
    X(source_from_domains, "organisations in From of its source's last 32 with content")                        \
    X(source_subjects, "... subjects")                                                                          \
    X(source_subjects_alike, "... others whose subject is nearly this one")                                     \
    X(source_alike, "... others whose text is nearly this one")                                                 \
    X(source_alike_recipients, "... recipients of this text")                                                   \
    X(source_recipient_domains, "... domains of recipients")                                                    \
    X(source_recipients_alphabetical, "recipients in a row at one domain, in order")                            \
    X(source_recipients_refused, "... of these, refused for good (5yz)")

enum fact {
#define X(name, help) FACT_##name,
    MAILSPAN_FACTS(X)
#undef X
        FACT_COUNT
};

struct facts {
    double value[FACT_COUNT];
};

/* content may be NULL (nothing of the body was seen): then the facts about it are 0, headers_seen among them. */
void facts_collect(struct facts *facts, const struct dialogue_facts *dialogue, const struct message *message,
                   const struct mail_summary *content);

/* The fact of this name, or -1. */
int fact_from_name(const char *name);
const char *fact_name(enum fact fact);
const char *fact_help(enum fact fact);
/* Whether the fact is known of a message without content, too: those before headers_seen. */
bool fact_is_of_envelope(enum fact fact);
/* Whether the fact is about what is behind the headers: those from parts on; of the source's those that compare texts.
 */
bool fact_is_of_body(enum fact fact);
/* Whether the fact is about what its source did before: its name begins with source_.  Only the judge knows it. */
bool fact_is_of_source(enum fact fact);

#endif
