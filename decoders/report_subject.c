/* What a mail's own headers say of it: From, whether a mail server signs; and the subject, in the words of the big
 * providers and programs, in the large languages.
 *
 * Letters that are no ASCII are held as they are: where a word begins with one that may be a capital, the row leaves it
 * out ("втоответ").
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

bool report_from_server(struct span value) {
    static const char *const names[] = {"mailer-daemon", "postmaster", "post_master", "mail-daemon",
                                        "maildaemon",    "mdaemon",    NULL};
    static const char *const people[] = {"mail delivery s", "delivery subsystem", "mail administrator", NULL};
    struct mail_address from;
    struct span local = value; /* dma: MAILER-DAEMON <> */
    struct span shown = value.len > 0 && value.data[0] == '"' ? span_from(value, 1) : value;
    if (mail_addresses(value, &from) > 0) local = from.local;
    for (const char *const *name = names; *name != NULL; name++)
        if (span_starts_with_nocase(local, span_from_string(*name))) return true;
    for (const char *const *name = people; *name != NULL; name++)
        if (span_starts_with_nocase(shown, span_from_string(*name))) return true;
    return span_starts_with_nocase(local, SPAN_LITERAL("MicrosoftExchange"));
}

/* A message came to nobody. */
static const char *const undelivered[] = {"undeliver",
                                          "delivery",
                                          "not delivered",
                                          "returned mail",
                                          "failure notice",
                                          "returned to sender",
                                          "could not be sent",
                                          "unzustellbar",
                                          "nicht zugestellt",
                                          "message not deliver",
                                          "mail failure",
                                          "not be delivered",
                                          "chec de la remise",
                                          "non remis",
                                          "non recapit",
                                          "mancato recapito",
                                          "no se puede entreg",
                                          "no entregado",
                                          "não entreg",
                                          "niet bezorgd",
                                          "onbestelbaar",
                                          "niedostarcz",
                                          "nie dostarcz",
                                          "едостав",
                                          "е достав",
                                          "配信不能",
                                          "配信エラー",
                                          "メールエラー",
                                          "退信",
                                          "未送达",
                                          NULL};

/* An autoresponder's own words, or somebody's who is not in the office. */
static const char *const answers[] = {"abwesen",
                                      "ausencia",
                                      "ausência",
                                      "assente",
                                      "afwezig",
                                      "nieobecn",
                                      "тсутств",
                                      "frånvaro",
                                      "fraværende",
                                      "absence du",
                                      "absence :",
                                      "out of office",
                                      "out of the office",
                                      "automatic reply",
                                      "autoreply",
                                      "auto-reply",
                                      "auto reply",
                                      "autoresponse",
                                      "away from my mail",
                                      "away from the office",
                                      "away until",
                                      "automatische antwort",
                                      "nicht im büro",
                                      "absent du bureau",
                                      "absente du bureau",
                                      "ponse automatique",
                                      "message d'absence",
                                      "fuera de la oficina",
                                      "fuera de oficina",
                                      "respuesta automática",
                                      "fuori sede",
                                      "fuori ufficio",
                                      "risposta automatica",
                                      "fora do escritório",
                                      "resposta automática",
                                      "automatisch antwoord",
                                      "buiten kantoor",
                                      "automatyczna odpowiedź",
                                      "odpowiedź automatyczna",
                                      "autoodpowiedź",
                                      "poza biurem",
                                      "втоответ",
                                      "втоматический ответ",
                                      "втоматична відповідь",
                                      "ет на рабочем месте",
                                      "不在通知",
                                      "不在のお知らせ",
                                      "自動応答",
                                      "自動返信",
                                      "自动回复",
                                      "自动答复",
                                      "自動回覆",
                                      "不在办公室",
                                      "부재중",
                                      "자동 응답",
                                      "자동응답",
                                      "자동 회신",
                                      "autosvar",
                                      "automatiskt svar",
                                      "automatisk svar",
                                      "automaattinen vastaus",
                                      "automatická odpověď",
                                      "otomatik yanıt",
                                      "utomatikus válasz",
                                      "ăspuns automat",
                                      "תשובה אוטומטית",
                                      "מענה אוטומטי",
                                      "υτόματη απάντηση",
                                      NULL};

/* Somebody may be away; or a shop has an offer for his holidays. */
static const char *const away[] = {"vacation", "away from", "holiday", "absence", "urlaub", "on leave", "en congé",
                                   "ausente",  "отпуск",    "休暇",    "休假",    "外出",   "휴가",     NULL};

/* Which bytes stand beside each other in a subject, by a hash: nearly all phrases can be told by it not to be there. */
struct pairs {
    uint64_t bits[16];
};

static unsigned pair_of(const uint8_t *at) {
    return (ascii_lower(at[0]) * 37u + ascii_lower(at[1])) % 1024;
}

static void pairs_take(struct pairs *pairs, struct span text) {
    *pairs = (struct pairs){{0}};
    for (size_t i = 0; i + 1 < text.len; i++) {
        unsigned const pair = pair_of(text.data + i);
        pairs->bits[pair / 64] |= UINT64_C(1) << (pair % 64);
    }
}

/* No phrase is shorter than two bytes. */
static bool may_have(const struct pairs *pairs, const char *phrase) {
    unsigned const pair = pair_of((const uint8_t *)phrase);
    return (pairs->bits[pair / 64] >> (pair % 64) & 1) != 0;
}

/* Where the first of them stands; text.len: nowhere. */
static size_t first_of(struct span text, const struct pairs *pairs, const char *const *phrases) {
    size_t first = text.len;
    for (; *phrases != NULL; phrases++) {
        if (!may_have(pairs, *phrases)) continue;
        size_t at = report_find(text, span_from_string(*phrases));
        if (at < first) first = at;
    }
    return first;
}

/* Sent on, or answered: what it speaks of is another mail's. */
static bool is_of_another(struct span subject) {
    static const char *const prefixes[] = {"fwd:", "fw:", "wg:",   "tr:",  "rv:",  "enc:", "doorst:", "re:",
                                           "aw:",  "sv:", "antw:", "odp:", "转发", "回复", NULL};
    for (const char *const *prefix = prefixes; *prefix != NULL; prefix++)
        if (span_starts_with_nocase(subject, span_from_string(*prefix))) return true;
    return false;
}

/* "[Ticket#12] ...", "[#12] ...": a desk's. */
static bool is_of_a_desk(struct span subject) {
    struct span tag = span_head(subject, span_find(subject, ']'));
    size_t hash = span_find(tag, '#');
    return subject.len > 0 && subject.data[0] == '[' && tag.len < subject.len && hash + 1 < tag.len &&
           ascii_is_digit(tag.data[hash + 1]);
}

bool report_subject_of_another(struct span subject) {
    return is_of_another(subject) || is_of_a_desk(subject);
}

/* What comes first is the mail's own, and the rest the subject of what it answers or returns. */
enum report_subject report_subject(struct span subject) {
    struct pairs pairs;
    pairs_take(&pairs, subject);
    size_t const failed = first_of(subject, &pairs, undelivered), answered = first_of(subject, &pairs, answers);
    if (answered < failed) return SUBJECT_ANSWERS;
    if (first_of(subject, &pairs, away) < failed) return SUBJECT_AWAY;
    if (failed == subject.len || report_subject_of_another(subject)) return SUBJECT_OTHER;
    return SUBJECT_UNDELIVERED;
}
