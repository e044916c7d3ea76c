/* Bounce classes: the built-in file with its examples, and what decides.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/bounce_internal.h"
#include "mailspan/yaml_document.h"
#include "rule_text.h"

static struct bounce_rules *rules, *small;
static struct span yaml;

static int load_rules(void **state) {
    (void)state;
    struct problem problem;
    yaml = test_file("rules/bounces.yaml");
    rules = bounce_rules_load("bounces.yaml", yaml, &problem);
    if (rules == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    struct span const words = test_file("rules/bounce_words.yaml");
    bool const fine = bounce_rules_add_words(rules, "bounce_words.yaml", words, true, &problem);
    free((void *)(uintptr_t)words.data);
    if (!fine) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    return 0;
}

static int free_rules(void **state) {
    (void)state;
    bounce_rules_free(rules);
    free((void *)(uintptr_t)yaml.data);
    return 0;
}

static struct smtp_reply reply_of(const char *text) {
    static uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    if (!smtp_reply_read(span_from_string(text), room, &reply)) fail_msg("no reply: %s", text);
    return reply;
}

static void assert_class(enum stage stage, const char *text, const char *expected) {
    struct smtp_reply reply = reply_of(text);
    const struct bounce_class *class_ = bounce_classify(rules, &(struct bounce_case){.stage = stage, .reply = &reply});
    const char *name = class_ == NULL ? "none" : class_->name;
    if (strcmp(name, expected) != 0) fail_msg("%s: %s, expected %s", text, name, expected);
}

/* That a text is for. */
static enum stage stage_of(const struct yaml_node *text) {
    const struct yaml_node *node = yaml_get(text, "stage");
    enum stage stage = STAGE_NONE;
    if (node != NULL) (void)stage_read(span_from_string(node->text), &stage);
    return stage;
}

/* Each text of the file, in its section or not, with the receiver that it is bound to: NULL, to none. */
typedef void visit_text(const struct yaml_node *text, const char *receiver);

static unsigned visit(const struct yaml_node *list, const char *receiver, visit_text *call) {
    unsigned count = 0;
    for (const struct yaml_node *text = list->first; text != NULL; text = text->next, count++) {
        const struct yaml_node *bound = yaml_get(text, "receiver");
        call(text, bound == NULL ? receiver : bound->text);
    }
    return count;
}

static unsigned visit_all(const struct yaml_node *texts, visit_text *call) {
    unsigned count = 0;
    for (const struct yaml_node *node = texts->first; node != NULL; node = node->next) {
        const struct yaml_node *bound = yaml_get(node, "receiver");
        assert_non_null(yaml_get(node, "section"));
        count += visit(yaml_get(node, "texts"), bound == NULL ? NULL : bound->text, call);
    }
    return count;
}

static const struct yaml_node *receivers;

/* By the example greeting of the file's list. */
static unsigned receiver_of(const char *name) {
    for (const struct yaml_node *node = receivers->first; node != NULL && name != NULL; node = node->next)
        if (strcmp(yaml_get(node, "name")->text, name) == 0)
            return bounce_receiver(rules, span_from_string(yaml_get(node, "example")->text));
    return 0;
}

/* By its words alone: with a code that says nothing, and without an enhanced code.  And by its own text, not by an
 * earlier one. */
static void check_example(const struct yaml_node *text, const char *receiver) {
    const char *example = yaml_get(text, "example")->text;
    enum stage stage = stage_of(text);
    struct smtp_reply reply = reply_of(example);
    struct bounce_case what = {
        .stage = stage == STAGE_NONE ? STAGE_RCPT : stage, .reply = &reply, .receiver = receiver_of(receiver)};
    reply.code = reply.code < 500 ? 499 : 599;
    reply.enhanced = (struct enhanced_code){0, 0, 0};
    struct bounce_finding found = bounce_explain(rules, &what);
    if (strcmp(found.class_->name, yaml_get(text, "class")->text) != 0)
        fail_msg("%s: %s by line %u", example, found.class_->name, found.line);
    if (found.line != yaml_get(text, "match")->line)
        fail_msg("%s: by line %u, expected %u", example, found.line, yaml_get(text, "match")->line);
}

static void every_example_is_known_by_its_words(void **state) {
    (void)state;
    struct problem problem;
    struct yaml_document *document = yaml_document_load("bounces.yaml", yaml, &problem);
    assert_non_null(document);
    receivers = yaml_get(yaml_document_root(document), "receivers");
    assert_true(visit_all(yaml_get(yaml_document_root(document), "texts"), check_example) > 150);
    yaml_document_free(document);
}

static void every_greeting_is_its_receiver_s(void **state) {
    (void)state;
    struct problem problem;
    struct yaml_document *document = yaml_document_load("bounces.yaml", yaml, &problem);
    assert_non_null(document);
    unsigned number = 1;
    const struct yaml_node *node = yaml_get(yaml_document_root(document), "receivers")->first;
    for (; node != NULL; node = node->next, number++) {
        unsigned receiver = bounce_receiver(rules, span_from_string(yaml_get(node, "example")->text));
        if (receiver != number) fail_msg("%s: %u, expected %u", yaml_get(node, "example")->text, receiver, number);
        assert_string_equal(bounce_receiver_name(rules, receiver), yaml_get(node, "name")->text);
    }
    assert_true(number > 15);
    assert_int_equal(bounce_receiver(rules, SPAN_EMPTY), 0);
    assert_int_equal(bounce_receiver(rules, SPAN_LITERAL("mail.example.com ESMTP")), 0);
    assert_null(bounce_receiver_name(rules, 0));
    assert_null(bounce_receiver_name(rules, number));
    yaml_document_free(document);
}

/* What the words alone read otherwise, beside the examples of the file; and what looks alike and is something else. */
static const struct {
    enum stage stage;
    const char *reply, *class_;
} language_cases[] = {
    {STAGE_RCPT, "550 Postfach überfüllt", "mailbox_full"},
    {STAGE_RCPT, "550 Mailbox ist überfüllt", "mailbox_full"},
    {STAGE_RCPT, "550 תיבת הדואר מלאה", "mailbox_full"},
    {STAGE_RCPT, "550 メールボックスが満杯です", "mailbox_full"},
    {STAGE_RCPT, "550 Postilaatikko on täynnä", "mailbox_full"},
    {STAGE_RCPT, "550 मेलबॉक्स भरा हुआ है", "mailbox_full"},
    {STAGE_BODY, "550 Bericht te groot", "too_big"},
    {STAGE_BODY, "550 Сообщение слишком большое", "too_big"},
    {STAGE_BODY, "550 İleti çok büyük", "too_big"},
    {STAGE_BODY, "550 ההודעה גדולה מדי", "too_big"},
    {STAGE_BODY, "550 Το μήνυμα είναι πολύ μεγάλο", "too_big"},
    {STAGE_BODY, "550 Обнаружен вирус", "virus"},
    {STAGE_BODY, "550 바이러스가 발견되었습니다", "virus"},
    {STAGE_BODY, "550 נמצא וירוס", "virus"},
    {STAGE_BODY, "550 Βρέθηκε ιός", "virus"},
    {STAGE_DATA, "503 no valid recipients", "protocol_error"},
    {STAGE_DATA, "554 No valid recipients", "protocol_error"},
    {STAGE_RCPT, "550 Zuviele Empfänger", "too_many_recipients"},
    {STAGE_RCPT, "550 Demasiados destinatarios", "too_many_recipients"},
    {STAGE_RCPT, "550 Troppi destinatari", "too_many_recipients"},
    {STAGE_RCPT, "550 Zbyt wielu odbiorców", "too_many_recipients"},
    {STAGE_RCPT, "550 收件人过多", "too_many_recipients"},
    {STAGE_RCPT, "550 宛先が多すぎます", "too_many_recipients"},
    {STAGE_RCPT, "550 Çok fazla alıcı", "too_many_recipients"},
    {STAGE_RCPT, "550 För många mottagare", "too_many_recipients"},
    {STAGE_RCPT, "550 拒绝中继", "relay_denied"},
    {STAGE_RCPT, "550 禁止中继", "relay_denied"},
    {STAGE_RCPT, "550 Релей запрещён", "relay_denied"},
    {STAGE_RCPT, "550 Novo endereço: max@example.org", "moved"},
    {STAGE_RCPT, "550 Nuovo indirizzo: max@example.org", "moved"},
    {STAGE_RCPT, "550 Новый адрес: max@example.org", "moved"},
    {STAGE_RCPT, "550 Nowy adres: max@example.org", "moved"},
    {STAGE_RCPT, "550 Nieuw adres: max@example.org", "moved"},
    {STAGE_RCPT, "550 Domäne unbekannt", "no_such_domain"},
    {STAGE_RCPT, "550 Domaine inconnu", "no_such_domain"},
    {STAGE_RCPT, "550 El dominio no existe", "no_such_domain"},
    {STAGE_RCPT, "550 ドメインが存在しません", "no_such_domain"},
    {STAGE_RCPT, "550 Domínio inexistente", "no_such_domain"},
    {STAGE_RCPT, "550 Domena nie istnieje", "no_such_domain"},
    {STAGE_RCPT, "550 Получатель заблокировал отправителя", "recipient_refuses"},
    {STAGE_RCPT, "550 收件人拒收", "recipient_refuses"},
    {STAGE_RCPT, "550 Ruang penyimpanan penuh", "mailbox_full"},
    {STAGE_RCPT, "550 मेलबॉक्स की सीमा पार हो गई", "mailbox_full"},
    {STAGE_BODY, "550 संदेश स्पैम है", "spam_content"},
    {STAGE_BODY, "550 ข้อความนี้เป็นสแปม", "spam_content"},
    {STAGE_BODY, "550 พบไวรัส", "virus"},
    {STAGE_BODY, "550 Logiciel malveillant détecté", "virus"},
    {STAGE_BODY, "550 マルウェアが検出されました", "virus"},
    {STAGE_RCPT, "550 Aktarma reddedildi", "relay_denied"},
    {STAGE_RCPT, "451 그레이리스팅", "greylisted"},
    {STAGE_RCPT, "550 Usuario deshabilitado", "mailbox_disabled"},
    {STAGE_RCPT, "550 החשבון מושבת", "mailbox_disabled"},
    {STAGE_BODY, "554 Pętla pocztowa", "loop"},
    {STAGE_BODY, "554 Почтовый цикл", "loop"},
    {STAGE_BODY, "554 Tiempo de entrega agotado", "expired"},
    {STAGE_MAIL, "550 Zu viele Nachrichten pro Stunde", "rate_limited"},
    {STAGE_RCPT, "421 4.7.0 Trop de destinataires invalides, session interrompue", "too_many_connections"},
    {STAGE_RCPT, "550 Adresse inconnue, voir https://example.org/new", "no_such_user"},
    {STAGE_BODY, "550 Kein Virus, aber Spam", "spam_content"},
    {STAGE_BODY, "452 Espace disque du serveur saturé", "system_trouble"},
    {STAGE_BODY, "451 Fehler: Speicherplatz des Servers erschöpft", "system_trouble"},
    {STAGE_BODY, "550 Вирус не обнаружен, но письмо похоже на спам", "spam_content"},
    {STAGE_BODY, "550 未发现病毒，但是垃圾邮件", "spam_content"},
    {STAGE_RCPT, "550 Domena nie istnieje na tym serwerze, relay zabroniony", "relay_denied"},
    {STAGE_RCPT, "550 Postfach ist nicht überfüllt, sondern gesperrt", "mailbox_disabled"},
};

static void languages_are_read(void **state) {
    (void)state;
    for (unsigned i = 0; i < sizeof language_cases / sizeof language_cases[0]; i++)
        assert_class(language_cases[i].stage, language_cases[i].reply, language_cases[i].class_);
}

/* RFC 3463, X.2.1: with 4yz it is disabled for a time only, as a busy one is.  What was done to it for longer is said.
 */
static void busy_mailboxes_are_nobody_s_fault(void **state) {
    (void)state;
    static const char *const replies[] = {
        "450 4.2.1 <a@example.com>: Recipient address rejected: Mailbox is busy",
        "450 4.2.1 Mailbox busy",
        "450 4.2.1 Mailbox is locked by another session",
        "450 4.2.1 Mailbox temporarily unavailable, please try again later",
        "450 4.2.1 Boîte aux lettres temporairement indisponible",
        "450 4.2.1 Buzón temporalmente no disponible",
        "451 4.2.1 Mailbox busy, try again later",
        "450 Mailbox busy",
        "450 <a@example.com> mailbox is in use",
        "450 4.2.0 Mailbox temporarily unavailable",
        "450 4.2.0 <a@example.com> - Recipient temporarily unavailable",
        "450 4.2.1 Mailbox temporarily disabled",
        "450 Requested mail action not taken: mailbox busy",
        "450 Requested mail action not taken: mailbox unavailable",
        "450 Requested mail action not taken: mailbox unavailable (e.g., mailbox busy or temporarily blocked for "
        "policy "
        "reasons)",
        "450 4.2.1 xyz",
        "421 4.2.0 xyz",
    };
    for (unsigned i = 0; i < sizeof replies / sizeof replies[0]; i++)
        assert_class(STAGE_RCPT, replies[i], "not_accepting");
    assert_class(STAGE_RCPT, "450 4.2.1 The email account that you tried to reach is disabled", "mailbox_disabled");
    assert_class(STAGE_RCPT, "450 4.2.1 Mailbox temporarily locked by administrator", "mailbox_disabled");
    assert_class(STAGE_RCPT, "450 4.2.1 Mailbox disabled, not accepting messages", "mailbox_disabled");
    assert_class(STAGE_RCPT, "450 4.2.1 Recipient's mailbox is temporarily disabled by administrator",
                 "mailbox_disabled");
    assert_class(STAGE_RCPT, "550 5.2.1 xyz", "mailbox_disabled");
    assert_class(STAGE_RCPT, "550 5.2.1 Mailbox temporarily disabled", "mailbox_disabled");
    assert_class(STAGE_RCPT,
                 "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional "
                 "messages from being delivered.",
                 "rate_limited");
    assert_class(STAGE_RCPT, "450 4.4.2 mailbox busy: too many messages arrive for bob at this moment", "rate_limited");
    assert_class(STAGE_RCPT, "450-Requested mail action not taken: mailbox unavailable. New sender, greylisting",
                 "greylisted");
    assert_class(STAGE_RCPT, "450 4.2.0 Mailbox unavailable: user above allotted storage", "mailbox_full");
}

/* Short ones, and those whose words stand for another class in most other replies. */
static const struct {
    enum stage stage;
    const char *reply, *class_;
} misread_cases[] = {
    {STAGE_RCPT, "550 Previous (cached) callout verification failure", "bad_sender"}, /* Exim's, of the sender */
    {STAGE_RCPT, "550 Previous (cached) callout verification failure for recipient", "no_such_user"},
    {STAGE_RCPT, "550 <a@example.com>: recipient verify failed: previous (cached) callout verification failure",
     "no_such_user"},
    {STAGE_RCPT, "550 Absender unbekannt", "bad_sender"},
    {STAGE_RCPT, "550 Expéditeur inconnu", "bad_sender"},
    {STAGE_RCPT, "550 Remitente desconocido", "bad_sender"},
    {STAGE_RCPT, "550 El remitente no existe", "bad_sender"},
    {STAGE_RCPT, "550 Unbekannter Absender", "bad_sender"},
    {STAGE_RCPT, "550 Отправитель неизвестен", "bad_sender"},
    {STAGE_RCPT, "550 发件人不存在", "bad_sender"},
    {STAGE_RCPT, "550 Afzender onbekend", "bad_sender"},
    {STAGE_RCPT, "550 Nadawca nieznany", "bad_sender"},
    {STAGE_RCPT, "550 L'expéditeur est inconnu", "bad_sender"},
    {STAGE_RCPT, "550 Mittente sconosciuto.", "bad_sender"},
    {STAGE_RCPT, "550 送信者が不正です", "bad_sender"},
    {STAGE_RCPT, "550 発信者不明", "bad_sender"},
    {STAGE_RCPT, "450 Expéditeur inconnu pour l'instant, repassez dans 10 minutes", "greylisted"},
    {STAGE_RCPT, "550 Empfänger unbekannt", "no_such_user"},
    {STAGE_RCPT, "550 宛先不明", "no_such_user"},
    {STAGE_BODY, "550 宛先不明", "no_such_user"},
    {STAGE_RCPT, "554 5.7.1 Service unavailable; Helo command [x.example] blocked using dbl.spamhaus.org",
     "blocklisted"},
    {STAGE_RCPT, "554 5.7.1 Service unavailable; Sender address [a@spam.example] blocked using dbl.spamhaus.org",
     "blocklisted"},
    {STAGE_RCPT, "554 5.7.1 Service unavailable; Sender address [a@spam.example] blocked using bl.example.org",
     "blocklisted"},
    {STAGE_RCPT,
     "421 4.7.1 Service unavailable; Client host [192.0.2.1] blocked using grey.rbl - Rechazo temporal, intentelo mas "
     "tarde por favor...Greylisting in action, please try again later",
     "greylisted"},
    {STAGE_BODY, "550 5.7.1 Virus scan could not be completed", "system_trouble"},
    {STAGE_BODY, "550 5.7.1 Virus scanner could not be reached", "system_trouble"},
    {STAGE_BODY, "550 5.7.1 Virus scan: message contains a virus and could not be cleaned", "virus"},
    {STAGE_RCPT, "550 La casilla está inhabilitada", "mailbox_disabled"},
    {STAGE_RCPT, "550 Casilla inhabilitada", "mailbox_disabled"},
    {STAGE_RCPT, "550 La cuenta está inhabilitada", "mailbox_disabled"},
    {STAGE_RCPT, "552 La casilla está llena", "mailbox_full"},
    {STAGE_RCPT,
     "550 5.1.1 <a@example.com>: Recipient address rejected: undeliverable address: host mx.example.com[192.0.2.1] "
     "said: 550 5.2.2 mailbox full",
     "mailbox_full"},
    {STAGE_RCPT,
     "550 5.1.1 <a@example.com>: Recipient address rejected: undeliverable address: host mx.example.com[192.0.2.1] "
     "said: 552 <a@example.com>: Mailbox is full (in reply to RCPT TO command)",
     "mailbox_full"},
    {STAGE_RCPT,
     "550 5.1.1 <a@example.com>: Recipient address rejected: undeliverable address: host mx.example.com[192.0.2.1] "
     "said: 550 5.1.1 User unknown",
     "no_such_user"},
    {STAGE_RCPT,
     "550 5.1.7 <b@example.com>: Sender address rejected: undeliverable address: host mx.example.com[192.0.2.1] said: "
     "550 5.2.2 mailbox full",
     "bad_sender"},
    {STAGE_RCPT, "550 5.7.193 UserNotFound - external Teams", "no_such_user"},
    {STAGE_BODY, "554 Denied [Sanesecurity.Phishing.Fake.1234]", "spam_content"},
    {STAGE_BODY, "554 Denied [Sanesecurity.Malware.2231]", "virus"},
    {STAGE_BODY, "550 sender blocked by user", "recipient_refuses"},
    {STAGE_MAIL, "550 Sender (a@example.com) blocked by recipient domain's sender policy", "bad_sender"},
    {STAGE_MAIL, "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user b", "bad_sender"},
    {STAGE_BODY, "550 Rejected by sender policy", "policy"},
    {STAGE_BODY, "550 Rejected by sender policy framework", "spf_failed"},
};

static void short_words_are_not_misread(void **state) {
    (void)state;
    for (unsigned i = 0; i < sizeof misread_cases / sizeof misread_cases[0]; i++)
        assert_class(misread_cases[i].stage, misread_cases[i].reply, misread_cases[i].class_);
}

/* A local part that stands without its domain: providers' codes count where providers have them. */
static void local_parts_are_no_codes(void **state) {
    (void)state;
    static const char *const local_parts[] = {"attr31",       "ib101",      "ofr_417",      "storagetransientexception",
                                              "spamcop",      "abusix",     "njabl",        "cxbl",
                                              "sc-001",       "ou-002",     "dy-001",       "pol-p6",
                                              "vs1-ip",       "rcp-p2",     "sendasdenied", "tenantattribution",
                                              "rbl-rejected", "urlbl011",   "ofr_514",      "bl000010",
                                              "aup#In-1600",  "p=mailloop", "no=1000726",   "resolver.grp.x"};
    for (unsigned i = 0; i < sizeof local_parts / sizeof local_parts[0]; i++) {
        char said[128];
        (void)snprintf(said, sizeof said, "550 No such user %s", local_parts[i]);
        assert_class(STAGE_RCPT, said, "no_such_user");
        (void)snprintf(said, sizeof said, "550 5.1.1 <%s>: User unknown", local_parts[i]);
        assert_class(STAGE_RCPT, said, "no_such_user");
    }
}

/* His host's name is the sender's choice, too, but in a link it is the receiver's. */
static void hosts_say_nothing(void **state) {
    (void)state;
    assert_class(STAGE_RCPT,
                 "554 5.7.1 Service unavailable; Client host [attr31.example.com] blocked using bl.example.org",
                 "blocklisted");
    assert_class(STAGE_RCPT, "450 4.7.1 greylisted; client sorbs.example.com[192.0.2.3]", "greylisted");
    assert_class(STAGE_GREETING, "554 storagetransientexception.example.com: bad reputation", "bad_reputation");
    assert_class(STAGE_RCPT, "550 resolver.fwd.loop.example.com: user unknown", "no_such_user");
    assert_class(STAGE_BODY, "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large", "too_big"); /* no host */
    assert_class(STAGE_RCPT, "554 5.7.1 see https://www.spamhaus.org/query/ip/192.0.2.1", "blocklisted");
}

/* A receiver may quote the address of a page that the message links to, and its writer chose the path: only at the host
 * of whoever gives such a code is it one. */
static void paths_of_links_say_nothing(void **state) {
    (void)state;
    static const char *const paths[] = {
        "spamhaus.org/returnc/pub/192.0.2.53",
        "support.google.com/mail/?p=NoSuchUser",
        "mail/?p=DisabledUser",
        "mail/?p=BlockedMessage",
        "mail/?p=RfcMessageNonCompliant",
        "mail/?p=MaxSizeError",
        "mail/?p=UnsolicitedIPError",
        "mail/?p=BadCredentials",
        "mail/?p=MailLoop",
        "resolver.fwd.loop;x",
        "resolver.rst.recipsizelimit;x",
        "resolver.adr.reciplimit;x",
        "HL:ICC",
        "MI:SFQ",
        "RP:RCL",
        "en/error-messages?ip=192.0.2.1&c=quot",
        "en/error-messages?ip=192.0.2.1&c=rdns",
        "help?no=1000729",
        "help?no=1000742",
        "response_codes?ip=192.0.2.1#RCP-P2",
        "response_codes?ip=192.0.2.1#DNS-P3",
        "smtp-error-codes.php#RL000001",
        "smtp-error-codes.php#CN000001",
        "smtp-error-codes.php#PTR1",
        "pobox.com/~djb/docs/smtplf",
        "spamcop",
        "support.proofpoint.com/dnsbl-lookup.cgi",
    };
    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char said[160];
        (void)snprintf(said, sizeof said, "550 5.7.1 Message looks like spam: http://win.example/%s", paths[i]);
        assert_class(STAGE_BODY, said, "spam_content");
    }
    assert_class(STAGE_RCPT, "554 5.7.1 Service unavailable; see http://check.spamhaus.org/returnc/pub/192.0.2.53",
                 "system_trouble");
}

/* Codes alone are no words, even beside one that is known. */
static void no_word_speaks(void **state) {
    (void)state;
    struct smtp_reply const reply = reply_of("550 Het bericht");
    struct bounce_case const what = {.stage = STAGE_BODY, .reply = &reply};
    struct bounce_finding const found = bounce_explain(rules, &what);
    assert_int_equal(found.by, BOUNCE_BY_CODE);
    assert_string_equal(found.class_->name, "policy");
}

/* To whom mail goes is its sender's choice: what a mailbox is called says nothing of why it was refused. */
static void mailboxes_say_nothing(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "550 5.1.1 <mailbox.full.17@far.example>: Recipient address rejected: User unknown",
                 "no_such_user");
    assert_class(STAGE_RCPT, "550 5.1.1 <kim@spamhaus.org>: User unknown", "no_such_user");
    assert_class(STAGE_RCPT, "550 <spf@example.net> user unknown", "no_such_user");
    assert_class(STAGE_RCPT, "550 quota.exceeded@example.net user unknown", "no_such_user");
    assert_class(STAGE_RCPT, "552 <a@example.net> mailbox is full, see <https://mx.example/?b@example.net>",
                 "mailbox_full");
    assert_class(STAGE_RCPT, "552 5.2.2 <a@example.net>: mailbox is full",
                 "mailbox_full");                                   /* what stands beside does */
    assert_class(STAGE_BODY, "554 @ mailbox full", "mailbox_full"); /* no mailbox */
    /* The list refuses the receiver's resolver, and does not list the sender. */
    assert_class(STAGE_RCPT,
                 "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; Error: open "
                 "resolver; https://www.spamhaus.org/returnc/pub/192.0.2.53",
                 "system_trouble");
    assert_class(STAGE_BODY, "554 5.7.1 Mail rejected: URL in message listed at dbl.spamhaus.org", "spam_content");
}

static void codes_stand_in_the_text(void **state) {
    (void)state;
    assert_class(STAGE_BODY, "554 xyz (#5.1.1)", "no_such_user"); /* qmail */
    assert_class(STAGE_BODY, "554 xyz #5.2.2", "mailbox_full");
    assert_class(STAGE_RCPT, "550 xyz (#5.4.6 - abc)", "loop");
    assert_class(STAGE_BODY, "550 550 5.2.2 xyz", "mailbox_full"); /* said twice */
    assert_class(STAGE_BODY, "550 mx1 5.2.2 xyz", "mailbox_full");
    assert_class(STAGE_BODY, "550 xyz (#4.2.2)", "mailbox_full"); /* contradicts the code, but not in what it is of */
    assert_class(STAGE_RCPT, "550 4.2.2 xyz", "mailbox_full");
    assert_class(STAGE_RCPT, "450 5.2.2 xyz", "mailbox_full");
    assert_class(STAGE_RCPT, "550 2.2.2 xyz", "no_such_user"); /* of a success: none */
    assert_class(STAGE_RCPT, "550 [5.2.2] xyz", "mailbox_full");
    assert_class(STAGE_RCPT, "550 (5.2.2) xyz", "mailbox_full");
    assert_class(STAGE_RCPT, "550 5.2.2: xyz", "mailbox_full");
    assert_class(STAGE_RCPT, "550 xyz [5.2.2].", "mailbox_full");
    assert_class(STAGE_RCPT, "550 xyz xyz xyz 5.2.2 xyz", "no_such_user"); /* a number, in the middle */
    assert_class(STAGE_RCPT, "550 xyz 192.5.2.2", "no_such_user");
    assert_class(STAGE_BODY, "550 5.1.1 xyz #5.2.2", "no_such_user"); /* the reply's own comes first */
    assert_class(STAGE_BODY, "554 qa qb qc qd 5.2.2 xyz", "policy");  /* too far behind to be a code */
    assert_class(STAGE_BODY, "554 xyz (#5.1.)", "policy");
    assert_class(STAGE_BODY, "554 xyz #", "policy");
}

static void a_text_is_bound_to_who_says_it(void **state) {
    (void)state;
    static const char file[] =
        "classes:\n"
        "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
        "  - {name: a, fault: list, hard: true, weight: 1}\n"
        "  - {name: b, fault: sender, hard: true, weight: 1}\n"
        "receivers:\n"
        "  - {name: one, match: 'esmtp one', example: x ESMTP One}\n"
        "  - {name: two, match: 'esmtp', example: x ESMTP}\n"
        "texts:\n"
        "  - {class: a, receiver: one, match: 'no', example: 550 no}\n"
        "  - section: Two's words\n"
        "    receiver: two\n"
        "    texts:\n"
        "      - {class: b, match: 'no', example: 550 no}\n"
        "      - {class: b, receiver: one, match: 'yes', example: 550 yes}\n";
    struct problem problem;
    small = bounce_rules_load("small.yaml", span_from_string(file), &problem);
    assert_non_null(small);
    struct smtp_reply no = reply_of("550 No");
    unsigned one = bounce_receiver(small, SPAN_LITERAL("mx ESMTP ONE"));
    unsigned two = bounce_receiver(small, SPAN_LITERAL("mx ESMTP three"));
    assert_int_equal(one, 1);
    assert_int_equal(two, 2);
    assert_string_equal(
        bounce_classify(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &no, .receiver = one})->name, "a");
    assert_string_equal(
        bounce_classify(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &no, .receiver = two})->name, "b");
    assert_string_equal(bounce_classify(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &no})->name,
                        "unclassified");
    struct bounce_finding found =
        bounce_explain(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &no, .receiver = two});
    assert_string_equal(found.section, "Two's words");
    assert_null(
        bounce_explain(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &no, .receiver = one}).section);
    assert_int_equal(
        bounce_explain(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &no, .receiver = one}).line, 9);
    bounce_rules_free(small);
}

static void every_class_is_there(void **state) {
    (void)state;
    static const char *const names[] = {"unclassified",
                                        "no_such_user",
                                        "no_such_domain",
                                        "mailbox_full",
                                        "mailbox_disabled",
                                        "recipient_refuses",
                                        "moved",
                                        "too_big",
                                        "spam_content",
                                        "virus",
                                        "bad_content",
                                        "policy",
                                        "blocklisted",
                                        "bad_reputation",
                                        "no_ptr",
                                        "spf_failed",
                                        "dkim_failed",
                                        "dmarc_failed",
                                        "unauthenticated",
                                        "login_failed",
                                        "bad_sender",
                                        "rate_limited",
                                        "too_many_connections",
                                        "too_many_recipients",
                                        "relay_denied",
                                        "greylisted",
                                        "tls_required",
                                        "not_accepting",
                                        "protocol_error",
                                        "bad_message",
                                        "system_trouble",
                                        "network",
                                        "loop",
                                        "expired"};
    assert_int_equal(bounce_class_count(rules), sizeof names / sizeof names[0]);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(bounce_class_at(rules, i)->name, names[i]);
        assert_true(i == 0 || bounce_class_at(rules, i)->advice != NULL);
    }
    assert_null(bounce_class_at(rules, 99));
    assert_int_equal(bounce_class_at(rules, 1)->fault, FAULT_LIST);
    assert_true(bounce_class_at(rules, 1)->hard && bounce_class_at(rules, 1)->weight == 1);
    assert_true(bounce_class_at(rules, 3)->weight == 0 && !bounce_class_at(rules, 3)->hard);
    assert_string_equal(fault_name(FAULT_RECEIVER), "receiver");
}

static void words_decide_first(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "550 5.0.0 Mailbox is full", "mailbox_full");
    assert_class(STAGE_RCPT, "550 5.1.1 Blocked, see zen.spamhaus.org", "blocklisted");
    assert_class(STAGE_RCPT, "550 Unrouteable address", "no_such_user"); /* Exim */
    assert_class(STAGE_RCPT, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "no_such_user");
    assert_class(STAGE_RCPT, "550 Requested action not taken: mailbox unavailable", "no_such_user");
    assert_class(STAGE_RCPT, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "relay_denied");
    assert_class(STAGE_BODY, "554 5.7.1 Message rejected under suspicion of SPAM", "spam_content");
    assert_class(STAGE_BODY, "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
                 "spf_failed");
    assert_class(STAGE_MAIL, "451 4.7.500 Server busy. Please try again later from [192.0.2.1]", "not_accepting");
    assert_class(STAGE_GREETING, "554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster", "bad_reputation");
    assert_class(STAGE_BODY, "421 4.7.28 Our system has detected an unusual rate of unsolicited mail",
                 "bad_reputation");
}

static void then_enhanced_codes_then_codes(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "550 5.1.1 xyz", "no_such_user");
    assert_class(STAGE_RCPT, "450 4.2.2 xyz", "mailbox_full");
    assert_class(STAGE_BODY, "550 5.7.26 xyz", "unauthenticated");
    assert_class(STAGE_MAIL, "550 5.7.30 xyz", "tls_required"); /* RFC 8689 */
    assert_class(STAGE_BODY, "550 5.7.1 xyz", "policy");
    assert_class(STAGE_RCPT, "550 5.0.0 xyz", "no_such_user"); /* 5.0.0 says nothing: the code at its stage */
    assert_class(STAGE_RCPT, "550 2.1.1 xyz", "no_such_user");
    assert_class(STAGE_RCPT, "550 xyz", "no_such_user");
    assert_class(STAGE_BODY, "550 xyz", "policy");
    assert_class(STAGE_GREETING, "554 xyz", "bad_reputation");
    assert_class(STAGE_BODY, "552 xyz", "too_big");
    assert_class(STAGE_RCPT, "552 xyz", "mailbox_full");
    assert_class(STAGE_DATA, "451 xyz", "system_trouble");
    assert_class(STAGE_RCPT, "472 xyz", "system_trouble");
    assert_class(STAGE_MAIL, "599 xyz", "unclassified");
    assert_class(STAGE_RCPT, "503", "protocol_error");
}

static void other_replies_have_no_class(void **state) {
    (void)state;
    assert_class(STAGE_RCPT, "250 2.1.5 user unknown", "none");
    assert_class(STAGE_DATA, "354 go on", "none");
    struct smtp_reply none = {0};
    assert_null(bounce_classify(rules, &(struct bounce_case){.stage = STAGE_NONE, .reply = &none}));
}

/* Of each recipient that has its mail the class is asked as well: nobody looks at the text, which may lie anywhere. */
static void texts_of_other_replies_are_not_read(void **state) {
    (void)state;
    uint16_t const codes[] = {0, 220, 250, 354, 399, 600};
    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct smtp_reply const reply = {.code = codes[i], .text = span_of(NULL, 40)};
        struct bounce_case const what = {
            .stage = STAGE_RCPT, .reply = &reply, .said.recipient = SPAN_LITERAL("somebody@example.net")};
        enum bounce_by by = BOUNCE_BY_TEXT;
        assert_null(bounce_classify_by(rules, &what, &by));
        assert_int_equal(by, BOUNCE_BY_NOTHING);
    }
}

static void any_bytes_are_a_text(void **state) {
    (void)state;
    uint8_t bytes[256];
    for (unsigned i = 0; i < 256; i++) bytes[i] = (uint8_t)(255 - i);
    struct smtp_reply reply = {.code = 599, .text = span_of(bytes, sizeof bytes)};
    assert_string_equal(bounce_classify(rules, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &reply})->name,
                        "unclassified");
}

static void assert_why(const char *text, enum stage stage, const char *name, enum bounce_by by, const char *rule,
                       unsigned line) {
    struct smtp_reply reply = reply_of(text);
    struct bounce_finding found = bounce_explain(small, &(struct bounce_case){.stage = stage, .reply = &reply});
    assert_string_equal(found.class_->name, name);
    assert_int_equal(found.by, by);
    assert_int_equal(found.line, line);
    if (rule == NULL)
        assert_null(found.rule);
    else
        assert_string_equal(found.rule, rule);
}

static void says_what_decided(void **state) {
    (void)state;
    static const char file[] =
        "classes:\n"
        "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
        "  - name: a\n"
        "    fault: list\n"
        "    hard: true\n"
        "    weight: 1\n"
        "    enhanced: [x.1.*, 5.2.1]\n"
        "    codes:\n"
        "      - 4yz\n"
        "      - 550 rcpt\n"
        "  - {name: b, fault: sender, hard: true, weight: 1, enhanced: [x.1.7]}\n"
        "texts:\n"
        "  - {class: b, match: 'go ?away', example: 550 go away}\n"
        "  - {class: a, match: 'away', example: 550 away}\n"
        "  - {class: b, match: 'here', stage: mail, example: 550 here}\n"
        "  - {class: a, match: 'here', example: 550 here}\n";
    struct problem problem;
    small = bounce_rules_load("small.yaml", span_from_string(file), &problem);
    assert_non_null(small);
    assert_string_equal(bounce_rules_name(small), "small.yaml");
    assert_why("550 5.1.1 Go Away", STAGE_RCPT, "b", BOUNCE_BY_TEXT, "go ?away", 13);
    assert_why("550 5.1.1 far away", STAGE_RCPT, "a", BOUNCE_BY_TEXT, "away", 14);
    assert_why("550 nobody here", STAGE_MAIL, "b", BOUNCE_BY_TEXT, "here", 15);
    assert_why("550 nobody here", STAGE_RCPT, "a", BOUNCE_BY_TEXT, "here", 16);
    assert_why("550 nobody here", STAGE_NONE, "a", BOUNCE_BY_TEXT, "here", 16);
    assert_why("550 5.1.1 x", STAGE_RCPT, "a", BOUNCE_BY_ENHANCED, "x.1.*", 7);
    assert_why("550 5.1.7 x", STAGE_RCPT, "b", BOUNCE_BY_ENHANCED, "x.1.7", 11);
    assert_why("550 5.2.1 x", STAGE_RCPT, "a", BOUNCE_BY_ENHANCED, "5.2.1", 7);
    assert_why("450 4.2.1 x", STAGE_RCPT, "a", BOUNCE_BY_CODE, "4yz", 9);
    assert_why("550 x", STAGE_RCPT, "a", BOUNCE_BY_CODE, "550 rcpt", 10);
    assert_why("550 x", STAGE_NONE, "unclassified", BOUNCE_BY_NOTHING, NULL, 0);
    struct smtp_reply fine = reply_of("250 far away");
    assert_null(bounce_explain(small, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &fine}).class_);
    bounce_rules_free(small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_known_by_its_words),
        cmocka_unit_test(every_greeting_is_its_receiver_s),
        cmocka_unit_test(languages_are_read),
        cmocka_unit_test(short_words_are_not_misread),
        cmocka_unit_test(busy_mailboxes_are_nobody_s_fault),
        cmocka_unit_test(local_parts_are_no_codes),
        cmocka_unit_test(hosts_say_nothing),
        cmocka_unit_test(paths_of_links_say_nothing),
        cmocka_unit_test(no_word_speaks),
        cmocka_unit_test(mailboxes_say_nothing),
        cmocka_unit_test(codes_stand_in_the_text),
        cmocka_unit_test(a_text_is_bound_to_who_says_it),
        cmocka_unit_test(every_class_is_there),
        cmocka_unit_test(words_decide_first),
        cmocka_unit_test(then_enhanced_codes_then_codes),
        cmocka_unit_test(other_replies_have_no_class),
        cmocka_unit_test(texts_of_other_replies_are_not_read),
        cmocka_unit_test(any_bytes_are_a_text),
        cmocka_unit_test(says_what_decided),
    };
    return cmocka_run_group_tests(tests, load_rules, free_rules);
}
