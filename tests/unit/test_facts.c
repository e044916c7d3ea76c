/* Facts: what each is made of, and that what was not seen is no fault.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/facts.h"

static double fact(const struct dialogue_facts *dialogue, const struct message *message,
                   const struct mail_summary *content, enum fact which) {
    struct facts facts;
    facts_collect(&facts, dialogue, message, content);
    return facts.value[which];
}

static double helo_fact(const char *helo, enum fact which) {
    struct dialogue_facts dialogue = {.helo = span_from_string(helo)};
    struct message message = {.ordinal = 1};
    return fact(&dialogue, &message, NULL, which);
}

static double content_fact(const struct mail_summary *content, enum fact which) {
    struct dialogue_facts dialogue = {.helo = SPAN_LITERAL("mail.example.org")};
    struct message message = {.sender_seen = true, .sender = SPAN_LITERAL("news@bounce.example.org")};
    return fact(&dialogue, &message, content, which);
}

static void names_and_numbers_agree(void **state) {
    (void)state;
    assert_int_equal(fact_from_name("helo_missing"), FACT_helo_missing);
    assert_int_equal(fact_from_name("urls_punycode"), FACT_urls_punycode);
    assert_int_equal(fact_from_name("nothing"), -1);
    assert_string_equal(fact_name(FACT_date_missing), "date_missing");
    assert_string_equal(fact_help(FACT_date_missing), "no Date");
}

static void judges_helo(void **state) {
    (void)state;
    assert_true(helo_fact("[192.0.2.1]", FACT_helo_address_literal) == 1);
    assert_true(helo_fact("[192.0.2.1]", FACT_helo_bare_address) == 0);
    assert_true(helo_fact("[IPv6:2001:db8::1]", FACT_helo_no_dot) == 0);
    assert_true(helo_fact("192.0.2.1", FACT_helo_bare_address) == 1);
    assert_true(helo_fact("192.0.2.1", FACT_helo_no_dot) == 0);
    assert_true(helo_fact("server", FACT_helo_no_dot) == 1);
    assert_true(helo_fact("server.", FACT_helo_no_dot) == 1);
    assert_true(helo_fact("mail.example.org", FACT_helo_no_dot) == 0);
    assert_true(helo_fact("a.", FACT_helo_no_dot) == 1);
    assert_true(helo_fact("LocalHost", FACT_helo_localhost) == 1);
    assert_true(helo_fact("localhost.localdomain", FACT_helo_localhost) == 1);
    assert_true(helo_fact("box.localdomain", FACT_helo_localhost) == 1);
    assert_true(helo_fact("notlocalhost", FACT_helo_localhost) == 0);
    assert_true(helo_fact("", FACT_helo_missing) == 1);
}

static void what_was_not_seen_is_not_missing(void **state) {
    (void)state;
    struct message message = {.ordinal = 1};
    struct dialogue_facts dialogue = {.visibility = VISIBILITY_GAPPED};
    assert_true(fact(&dialogue, &message, NULL, FACT_helo_missing) == 0);
    assert_true(fact(&dialogue, &message, NULL, FACT_null_sender) == 0);
    struct message refused = {.ordinal = 1, .stage = STAGE_GREETING};
    struct dialogue_facts whole = {.visibility = VISIBILITY_CLEAR};
    assert_true(fact(&whole, &refused, NULL, FACT_helo_missing) == 0); /* 554 came first */
    assert_true(fact(&whole, &message, NULL, FACT_helo_missing) == 1);
    struct mail_summary content = {.headers_complete = false};
    assert_true(content_fact(&content, FACT_date_missing) == 0);
    content.headers_complete = true;
    assert_true(content_fact(&content, FACT_date_missing) == 1);
    assert_true(content_fact(&content, FACT_headers_seen) == 1);
    content.date_headers = 1;
    assert_true(content_fact(&content, FACT_date_missing) == 0);
}

static void judges_the_message(void **state) {
    (void)state;
    struct recipient_block second = {.recipients = {{.reply = {.code = 450}}}};
    struct recipient_block first = {.next = &second,
                                    .recipients = {{.reply = {.code = 250}}, {.reply = {.code = 550}}}};
    struct message message = {.sender_seen = true,
                              .recipients_first = &first,
                              .recipients_last = &second,
                              .recipient_count = 3,
                              .recipients_dropped = 2,
                              .bare_newlines = true,
                              .smuggling = true,
                              .body_bytes = 700};
    struct dialogue_facts dialogue = {.starttls_offered = true, .tls = TLS_STARTTLS, .auth_in_clear = true};
    assert_true(fact(&dialogue, &message, NULL, FACT_recipients) == 5);
    assert_true(fact(&dialogue, &message, NULL, FACT_recipients_refused) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_null_sender) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_bare_newlines) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_smuggling) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_smuggled_commands) == 0);
    assert_true(fact(&dialogue, &message, NULL, FACT_smuggled) == 0);
    message.smuggled_commands = message.smuggled = true;
    assert_true(fact(&dialogue, &message, NULL, FACT_smuggled_commands) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_smuggled) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_chunked) == 0);
    assert_true(fact(&dialogue, &message, NULL, FACT_body_bytes) == 700);
    assert_true(fact(&dialogue, &message, NULL, FACT_tls) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_tls_offered) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_tls_refused) == 0);
    dialogue.auth_tries = 7;
    dialogue.auth_refused = 6;
    assert_true(fact(&dialogue, &message, NULL, FACT_auth_tries) == 7);
    assert_true(fact(&dialogue, &message, NULL, FACT_auth_refused) == 6);
    struct dialogue_facts behind_tls = {.tls = TLS_NONE, .tls_elsewhere = true};
    assert_true(fact(&behind_tls, &message, NULL, FACT_tls) == 1);
    dialogue.starttls_refused = true;
    assert_true(fact(&dialogue, &message, NULL, FACT_tls_refused) == 1);
    assert_true(fact(&dialogue, &message, NULL, FACT_auth_in_clear) == 1);
}

/* Who judges such messages asks for no others. */
static void tells_of_messages_without_content(void **state) {
    (void)state;
    struct facts facts;
    struct message message = {.sender_seen = true, .body_bytes = 7, .recipients_dropped = 3, .chunked = true};
    struct dialogue_facts dialogue = {.helo = SPAN_LITERAL("x"), .ehlo = true, .tls = TLS_NONE, .auth_tries = 2};
    facts_collect(&facts, &dialogue, &message, NULL);
    assert_true(fact_is_of_envelope(FACT_helo_missing) && fact_is_of_envelope(FACT_body_bytes));
    for (unsigned i = 0; i < FACT_COUNT; i++) assert_true(facts.value[i] == 0 || fact_is_of_envelope((enum fact)i));
    assert_true(facts.value[FACT_recipients] == 3 && facts.value[FACT_helo_no_dot] == 1);
    assert_false(fact_is_of_envelope(FACT_headers_seen) || fact_is_of_envelope(FACT_source_messages));
}

static void compares_domains(void **state) {
    (void)state;
    struct mail_summary content = {.from_domain = SPAN_LITERAL("example.org")};
    assert_true(content_fact(&content, FACT_envelope_from_differs) == 0); /* bounce.example.org */
    assert_true(content_fact(&content, FACT_reply_to_elsewhere) == 0);
    assert_true(content_fact(&content, FACT_dkim_elsewhere) == 0);
    content.reply_to_domain = SPAN_LITERAL("Example.ORG.");
    assert_true(content_fact(&content, FACT_reply_to_elsewhere) == 0);
    content.reply_to_domain = SPAN_LITERAL("badexample.org");
    assert_true(content_fact(&content, FACT_reply_to_elsewhere) == 1);
    content.dkim_domain = SPAN_LITERAL("esp.example");
    assert_true(content_fact(&content, FACT_dkim_elsewhere) == 1);
    content.dkim_domain = SPAN_LITERAL("mail.example.org");
    assert_true(content_fact(&content, FACT_dkim_elsewhere) == 0);
    content.from_domain = SPAN_LITERAL("example.com");
    assert_true(content_fact(&content, FACT_envelope_from_differs) == 1);
}

/* Neither lies under the other; and a suffix that both have makes nobody their neighbour. */
static void compares_organisations(void **state) {
    (void)state;
    struct mail_summary content = {.from_domain = SPAN_LITERAL("news.shop.co.uk"),
                                   .reply_to_domain = SPAN_LITERAL("help.Shop.co.uk"),
                                   .dkim_domain = SPAN_LITERAL("mailer.co.uk")};
    assert_true(content_fact(&content, FACT_reply_to_elsewhere) == 0);
    assert_true(content_fact(&content, FACT_dkim_elsewhere) == 1);
    content.dkim_domain = SPAN_LITERAL("co.uk");
    assert_true(content_fact(&content, FACT_dkim_elsewhere) == 1);
}

static double display_fact(const char *display) {
    struct mail_summary content = {.from_domain = SPAN_LITERAL("example.org"),
                                   .from_display = span_from_string(display)};
    return content_fact(&content, FACT_from_display_is_address);
}

static void looks_into_the_display_name(void **state) {
    (void)state;
    assert_true(display_fact("") == 0);
    assert_true(display_fact("Jane Doe") == 0);
    assert_true(display_fact("jane@example.org") == 0);
    assert_true(display_fact("jane@bank.example") == 1);
    assert_true(display_fact("Bank <service@bank.example>") == 1);
    assert_true(display_fact("@jane") == 0);
    assert_true(display_fact("Help @ service@bank.example") == 1);
    assert_true(display_fact("jane@example.org, service@bank.example") == 1);
    assert_true(display_fact("jane@example.org, me@example.org") == 0);
    assert_true(display_fact("@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@") == 0);
    assert_true(display_fact("jane@home") == 0);
    assert_true(display_fact("jane@") == 0);
    assert_true(display_fact("me @ bank.example") == 0);
}

static double subject_fact(const char *subject) {
    struct mail_summary content = {.subject = span_from_string(subject)};
    return content_fact(&content, FACT_subject_capitals);
}

static void knows_a_shouted_subject(void **state) {
    (void)state;
    assert_true(subject_fact("BUY THIS NOW") == 1); /* 10 letters */
    assert_true(subject_fact("BUY IT NOW 1") == 0); /* 8 */
    assert_true(subject_fact("BUY THIS NOw") == 0);
    assert_true(subject_fact("GROSSE \xc3\x9c"
                             "BERRASCHUNG") == 0);
}

static void measures_the_date(void **state) {
    (void)state;
    struct dialogue_facts dialogue = {.start = 0};
    struct message message = {.start = 1000 * 3600 * NS_PER_S};
    struct mail_summary content = {.date = 994 * 3600 * NS_PER_S};
    assert_true(fact(&dialogue, &message, &content, FACT_date_hours_off) == 6);
    content.date = 1012 * 3600 * NS_PER_S;
    assert_true(fact(&dialogue, &message, &content, FACT_date_hours_off) == 12);
    content.date = 0;
    content.date_bad = true;
    assert_true(fact(&dialogue, &message, &content, FACT_date_hours_off) == 0);
    assert_true(fact(&dialogue, &message, &content, FACT_date_malformed) == 1);
}

static void counts_parts(void **state) {
    (void)state;
    struct mail_summary content = {.html_parts = 1,
                                   .parts = 2,
                                   .list_unsubscribe = SPAN_LITERAL("<x>"),
                                   .one_click = true,
                                   .attachments = 1,
                                   .text_bytes = 99,
                                   .text_cut = true,
                                   .dkim_signatures = 2,
                                   .received_headers = 3,
                                   .headers = 12};
    assert_true(content_fact(&content, FACT_html_only) == 1);
    assert_true(content_fact(&content, FACT_list_unsubscribe) == 1);
    assert_true(content_fact(&content, FACT_one_click) == 1);
    assert_true(content_fact(&content, FACT_text_bytes) == 99);
    assert_true(content_fact(&content, FACT_text_cut) == 1);
    assert_true(content_fact(&content, FACT_dkim_signatures) == 2);
    assert_true(content_fact(&content, FACT_received_headers) == 3);
    assert_true(content_fact(&content, FACT_header_count) == 12);
    assert_true(content_fact(&content, FACT_parts) == 2);
    assert_true(content_fact(&content, FACT_attachments) == 1);
    content.plain_parts = 1;
    assert_true(content_fact(&content, FACT_html_only) == 0);
}

static void looks_at_characters(void **state) {
    (void)state;
    struct mail_summary content = {
        .subject = SPAN_LITERAL("P\xd0\xb0yPal\xe2\x80\x8b\xe2\x80\x8b \xef\xbc\xb0 \xf0\x9f\x8e\x81"),
        .from_display = SPAN_LITERAL("\xc2\xad"
                                     "B\xd0\xb0nk B\xce\xbfnk \xef\xbc\xb0\xef\xbc\xb0")};
    assert_true(content_fact(&content, FACT_subject_invisible) == 2);
    assert_true(content_fact(&content, FACT_subject_mixed_script) == 1);
    assert_true(content_fact(&content, FACT_subject_styled) == 1);
    assert_true(content_fact(&content, FACT_subject_emoji) == 1);
    assert_true(content_fact(&content, FACT_from_display_invisible) == 1);
    assert_true(content_fact(&content, FACT_from_display_mixed_script) == 2);
    assert_true(content_fact(&content, FACT_from_display_styled) == 2);
    assert_true(content_fact(&content, FACT_from_display_emoji) == 0);
}

/* Each number comes out under its own name. */
static void tells_the_markup(void **state) {
    (void)state;
    struct mail_summary content = {.html_parts = 1};
    content.html.too_deep = 30;
    content.html.rules_lost = 31;
    content.html.visible_bytes = 1;
    content.html.hidden_bytes = 2;
    content.html.hidden_behind = 3;
    content.html.hidden_blocks = 4;
    content.html.words_split = 5;
    content.html.words_tagged = 6;
    content.html.soft_hyphens = 7;
    content.html.ascii_references = 8;
    content.html.links = 9;
    content.html.link_hosts = 10;
    content.html.link_text_elsewhere = 11;
    content.html.link_text_foreign = 12;
    content.html.images = 13;
    content.html.images_linked = 14;
    content.html.images_remote = 15;
    content.html.images_data = 16;
    content.html.images_attached = 17;
    content.html.image_pixels = 18;
    content.html.forms = 19;
    content.html.password_inputs = 20;
    content.html.scripts = 21;
    content.html.iframes = 22;
    content.html.tables = 23;
    content.html.meta_refresh = 24;
    content.html.base_href = 25;
    content.html.empty_elements = 26;
    content.html.unknown_tags = 27;
    content.html.comment_bytes = 28;
    content.html.style_bytes = 29;
    assert_true(content_fact(&content, FACT_html_visible_bytes) == 1);
    assert_true(content_fact(&content, FACT_html_hidden_bytes) == 2);
    assert_true(content_fact(&content, FACT_html_hidden_behind) == 3);
    assert_true(content_fact(&content, FACT_html_hidden_blocks) == 4);
    assert_true(content_fact(&content, FACT_html_words_split) == 5);
    assert_true(content_fact(&content, FACT_html_words_tagged) == 6);
    assert_true(content_fact(&content, FACT_html_soft_hyphens) == 7);
    assert_true(content_fact(&content, FACT_html_ascii_references) == 8);
    assert_true(content_fact(&content, FACT_html_links) == 9);
    assert_true(content_fact(&content, FACT_html_link_hosts) == 10);
    assert_true(content_fact(&content, FACT_html_link_text_elsewhere) == 11);
    assert_true(content_fact(&content, FACT_html_link_text_foreign) == 12);
    assert_true(content_fact(&content, FACT_html_images) == 13);
    assert_true(content_fact(&content, FACT_html_images_linked) == 14);
    assert_true(content_fact(&content, FACT_html_images_remote) == 15);
    assert_true(content_fact(&content, FACT_html_images_data) == 16);
    assert_true(content_fact(&content, FACT_html_images_attached) == 17);
    assert_true(content_fact(&content, FACT_html_image_pixels) == 18);
    assert_true(content_fact(&content, FACT_html_forms) == 19);
    assert_true(content_fact(&content, FACT_html_password_inputs) == 20);
    assert_true(content_fact(&content, FACT_html_scripts) == 21);
    assert_true(content_fact(&content, FACT_html_iframes) == 22);
    assert_true(content_fact(&content, FACT_html_tables) == 23);
    assert_true(content_fact(&content, FACT_html_meta_refresh) == 24);
    assert_true(content_fact(&content, FACT_html_base_href) == 25);
    assert_true(content_fact(&content, FACT_html_empty_elements) == 26);
    assert_true(content_fact(&content, FACT_html_unknown_tags) == 27);
    assert_true(content_fact(&content, FACT_html_comment_bytes) == 28);
    assert_true(content_fact(&content, FACT_html_style_bytes) == 29);
    assert_true(content_fact(&content, FACT_html_too_deep) == 30);
    assert_true(content_fact(&content, FACT_html_rules_lost) == 31);
}

static void compares_versions(void **state) {
    (void)state;
    struct mail_summary content = {.html_parts = 1, .plain_parts = 1, .text_difference = 80, .base64_needless = 2};
    content.plain.ink = 9;
    content.html.visible_bytes = 100;
    assert_true(content_fact(&content, FACT_html_plain_difference) == 80);
    assert_true(content_fact(&content, FACT_plain_part_empty) == 1);
    assert_true(content_fact(&content, FACT_base64_needless) == 2);
    content.plain.ink = 10;
    assert_true(content_fact(&content, FACT_plain_part_empty) == 0);
    content.plain.ink = 0;
    content.plain_parts = 0;
    assert_true(content_fact(&content, FACT_plain_part_empty) == 0);
    assert_true(content_fact(&content, FACT_html_plain_difference) == 0);
}

static void tells_the_urls(void **state) {
    (void)state;
    struct mail_summary content = {.url_figures = {.redirecting = 1, .named = 2, .ports = 3, .long_hosts = 4}};
    struct url_figures *urls = &content.url_figures;
    urls->hyphened_hosts = 5;
    urls->digit_hosts = 6;
    urls->deep_hosts = 7;
    urls->orgs = 8;
    urls->shown = 12;
    urls->bare_ip = 11;
    urls->punycode = 10;
    urls->encoded_hosts = 13;
    assert_true(content_fact(&content, FACT_urls_encoded_hosts) == 13);
    assert_true(content_fact(&content, FACT_urls) == 12);
    assert_true(content_fact(&content, FACT_urls_bare_ip) == 11);
    assert_true(content_fact(&content, FACT_urls_punycode) == 10);
    assert_true(content_fact(&content, FACT_urls_redirecting) == 1);
    assert_true(content_fact(&content, FACT_urls_named) == 2);
    assert_true(content_fact(&content, FACT_urls_ports) == 3);
    assert_true(content_fact(&content, FACT_urls_long_hosts) == 4);
    assert_true(content_fact(&content, FACT_urls_hyphened_hosts) == 5);
    assert_true(content_fact(&content, FACT_urls_digit_hosts) == 6);
    assert_true(content_fact(&content, FACT_urls_deep_hosts) == 7);
    assert_true(content_fact(&content, FACT_url_orgs) == 8);
    assert_true(content_fact(&content, FACT_urls_foreign_only) == 0);
    urls->urls = 9;
    assert_true(content_fact(&content, FACT_urls_foreign_only) == 0); /* whose is From? */
    urls->from_org = 1;
    assert_true(content_fact(&content, FACT_urls_foreign_only) == 1);
    urls->of_from = 1;
    assert_true(content_fact(&content, FACT_urls_of_from) == 1);
    assert_true(content_fact(&content, FACT_urls_foreign_only) == 0);
}

static void knows_mail_of_pictures(void **state) {
    (void)state;
    struct mail_summary content = {.html_parts = 1, .html = {.images = 1, .visible_bytes = 99}};
    assert_true(content_fact(&content, FACT_image_only) == 1);
    assert_true(content_fact(&content, FACT_image_only_linked) == 0);
    content.html.images_linked = 1;
    assert_true(content_fact(&content, FACT_image_only_linked) == 1);
    content.html.visible_bytes = 100;
    assert_true(content_fact(&content, FACT_image_only) == 0);
    assert_true(content_fact(&content, FACT_image_only_linked) == 0);
    content.html = (struct html_figures){.images = 0, .image_pixels = 1};
    assert_true(content_fact(&content, FACT_image_only) == 0);
}

/* Each count of the summary is the fact of its name. */
static void counts_attachments(void **state) {
    (void)state;
    static const struct {
        enum attached sign;
        enum fact fact;
    } rows[] = {
        {ATTACHED_EXECUTABLE, FACT_attachments_executable},
        {ATTACHED_DISGUISED, FACT_attachments_disguised},
        {ATTACHED_ARCHIVE, FACT_attachments_archive},
        {ATTACHED_ARCHIVE_ENCRYPTED, FACT_attachments_archive_encrypted},
        {ATTACHED_ARCHIVE_EXECUTABLE, FACT_attachments_archive_executable},
        {ATTACHED_HTML, FACT_attachments_html},
        {ATTACHED_MACRO, FACT_attachments_macro},
        {ATTACHED_PDF, FACT_attachments_pdf},
        {ATTACHED_PDF_ACTIVE, FACT_attachments_pdf_active},
        {ATTACHED_DOCUMENT_ENCRYPTED, FACT_attachments_encrypted_document},
        {ATTACHED_IMAGE, FACT_attachments_image},
        {ATTACHED_IMAGE_INLINE, FACT_images_inline},
        {ATTACHED_IMAGE_SQUARE, FACT_images_square},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], ATTACHED_COUNT);
    struct mail_summary content = {.headers_complete = true};
    for (int i = 0; i < ATTACHED_COUNT; i++) content.attached[rows[i].sign] = (uint16_t)(i + 1);
    for (int i = 0; i < ATTACHED_COUNT; i++) {
        assert_true(content_fact(&content, rows[i].fact) == i + 1);
        assert_true(fact_is_of_body(rows[i].fact));
    }
}

static void judges_a_square_image_with_little_text(void **state) {
    (void)state;
    struct mail_summary content = {.text_bytes = 100};
    assert_true(content_fact(&content, FACT_image_square_only) == 0);
    content.attached[ATTACHED_IMAGE_SQUARE] = 1;
    assert_true(content_fact(&content, FACT_image_square_only) == 1);
    content.text_bytes = 2048;
    assert_true(content_fact(&content, FACT_image_square_only) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_numbers_agree),
        cmocka_unit_test(judges_helo),
        cmocka_unit_test(what_was_not_seen_is_not_missing),
        cmocka_unit_test(judges_the_message),
        cmocka_unit_test(tells_of_messages_without_content),
        cmocka_unit_test(compares_domains),
        cmocka_unit_test(compares_organisations),
        cmocka_unit_test(looks_into_the_display_name),
        cmocka_unit_test(knows_a_shouted_subject),
        cmocka_unit_test(measures_the_date),
        cmocka_unit_test(counts_parts),
        cmocka_unit_test(looks_at_characters),
        cmocka_unit_test(tells_the_markup),
        cmocka_unit_test(compares_versions),
        cmocka_unit_test(tells_the_urls),
        cmocka_unit_test(knows_mail_of_pictures),
        cmocka_unit_test(counts_attachments),
        cmocka_unit_test(judges_a_square_image_with_little_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
