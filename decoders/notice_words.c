/* The sentences that mail servers write, as they stand in the texts of the servers and of big providers; one table for
 * each question that is asked of a line, and a row for each sentence.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

/* --- marks -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *words;
    unsigned marks;
} sentences[] = {
    /* a mail server's program names itself */
    {"this is the qmail-send program at ", NOTICE_PROGRAM},
    {"this is the dragonfly mail agent", NOTICE_PROGRAM},
    {"this message was created automatically by mail delivery software", NOTICE_PROGRAM},
    {"this is the mail system at host ", NOTICE_PROGRAM},
    {"this is the mailer-daemon, ", NOTICE_PROGRAM},
    {"this is the james mail server at ", NOTICE_PROGRAM},
    {"this is an automatically generated delivery status notification", NOTICE_PROGRAM},
    /* a message came to nobody */
    {"could not be delivered", NOTICE_FAILS},
    {"could not deliver", NOTICE_FAILS},
    {"cannot be delivered", NOTICE_FAILS},
    {"can not be delivered", NOTICE_FAILS},
    {"couldn't be delivered", NOTICE_FAILS},
    {"could not be reached", NOTICE_FAILS},
    {"was not delivered", NOTICE_FAILS},
    {"wasn't delivered", NOTICE_FAILS},
    {"was not able to be delivered", NOTICE_FAILS},
    {"wasn't able to deliver", NOTICE_FAILS},
    {"unable to deliver", NOTICE_FAILS},
    {"error delivering your m", NOTICE_FAILS},
    {"delivery has failed", NOTICE_FAILS},
    {"delivery failed", NOTICE_FAILS},
    {"did not reach ", NOTICE_FAILS},
    {"failed permanently", NOTICE_FAILS},
    {"had permanent fatal ", NOTICE_FAILS},
    {"had delivery problems", NOTICE_FAILS},
    {"had delivery errors", NOTICE_FAILS},
    {"is undeliverable", NOTICE_FAILS},
    {"was automatically rejected", NOTICE_FAILS},
    {"was rejected by a remote", NOTICE_FAILS},
    {"has been blocked", NOTICE_FAILS},
    {"nicht zugestellt", NOTICE_FAILS},
    {"nicht ausgeliefert", NOTICE_FAILS},
    {"n'a pas pu \xc3\xaatre remis", NOTICE_FAILS},
    {"no se pudo entregar", NOTICE_FAILS},
    {"no se ha podido entregar", NOTICE_FAILS},
    {"non \xc3\xa8 stato recapitato", NOTICE_FAILS},
    {"n\xc3\xa3o p\xc3\xb4"
     "de ser entregue",
     NOTICE_FAILS},
    {"\xd0\xbd\xd0\xb5 \xd0\xbc\xd0\xbe\xd0\xb6\xd0\xb5\xd1\x82 \xd0\xb1\xd1\x8b\xd1\x82\xd1\x8c "
     "\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe",
     NOTICE_FAILS}, /* не может быть доставлено */
    {"\xe9\x80\x81\xe4\xbf\xa1\xe3\x81\xab\xe5\xa4\xb1\xe6\x95\x97\xe3\x81\x97\xe3\x81\xbe\xe3\x81\x97\xe3\x81\x9f",
     NOTICE_FAILS}, /* 送信に失敗しました */
    /* it waits */
    {"has not yet been delivered", NOTICE_DELAYS},
    {"recipient has been delayed", NOTICE_DELAYS},
    {"message is delayed for", NOTICE_DELAYS},
    {"delivery attempts will continue", NOTICE_DELAYS},
    {"will be retried", NOTICE_DELAYS},
    {"will retry", NOTICE_DELAYS},
    {"this is a warning message only", NOTICE_DELAYS},
    /* it was delivered */
    {"was successfully delivered", NOTICE_SUCCEEDS},
    {"successful delivery notifications", NOTICE_SUCCEEDS},
    {"was relayed to these", NOTICE_SUCCEEDS},
    {"was delivered to these", NOTICE_SUCCEEDS},
    /* addresses follow that this is said of */
    {"following address", NOTICE_ANNOUNCES},
    {"following recipient", NOTICE_ANNOUNCES},
    {"these recipients", NOTICE_ANNOUNCES},
    {"one or more of its recipients", NOTICE_ANNOUNCES},
    {"one or more recipients", NOTICE_ANNOUNCES},
    {"of the intended recipients", NOTICE_ANNOUNCES},
    {"was not delivered to:", NOTICE_ANNOUNCES},
    {"had delivery problems", NOTICE_ANNOUNCES},
    {"had delivery errors", NOTICE_ANNOUNCES},
    {"addresses had permanent fatal errors", NOTICE_ANNOUNCES},
    {"folgenden empf\xc3\xa4nger", NOTICE_ANNOUNCES},
    {"folgende adresse", NOTICE_ANNOUNCES},
    {"destinataires suivants", NOTICE_ANNOUNCES},
    {"destinatarios siguientes", NOTICE_ANNOUNCES},
    {"siguientes destinatarios", NOTICE_ANNOUNCES},
    {"seguenti destinatari", NOTICE_ANNOUNCES},
    {"\xe4\xbb\xa5\xe4\xb8\x8b\xe3\x81\xae\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab\xe3\x82\xa2\xe3\x83\x89\xe3\x83\xac"
     "\xe3\x82\xb9",
     NOTICE_ANNOUNCES}, /* 以下のメールアドレス */
    /* a copy of the message follows, or its headers */
    {"--- below this line is a copy of the", NOTICE_COPY_FOLLOWS},
    {"message headers follow.", NOTICE_COPY_FOLLOWS},
    {"original message follows.", NOTICE_COPY_FOLLOWS},
    {"original message headers:", NOTICE_COPY_FOLLOWS},
    {"--- this is a copy of the message", NOTICE_COPY_FOLLOWS},
    {"--- this is a copy of your message", NOTICE_COPY_FOLLOWS},
    {"--- original message", NOTICE_COPY_FOLLOWS},
    {"---original message", NOTICE_COPY_FOLLOWS},
    {"--- unsent message follows", NOTICE_COPY_FOLLOWS},
    {"--- returned message", NOTICE_COPY_FOLLOWS},
    {"--- the header of the original message is following", NOTICE_COPY_FOLLOWS},
    {"lines of the message follow", NOTICE_COPY_FOLLOWS},
    /* what was said between the servers */
    {"----- transcript of session follows", NOTICE_TRANSCRIPT},
    {"--- session transcript ---", NOTICE_TRANSCRIPT},
};

/* "If messages to this address cannot be delivered, ...": nothing has happened yet. */
static bool is_supposed(struct span text, size_t at) {
    static const char *const words[] = {"if ", "when ", "unless ", "wenn ", "falls ", NULL};
    size_t begin = at;
    while (begin > 0 && text.data[begin - 1] != '.' && text.data[begin - 1] != ':') begin--;
    struct span before = span_slice(text, begin, at - begin);
    for (const char *const *word = words; *word != NULL; word++) {
        size_t found = report_find(before, span_from_string(*word));
        if (found < before.len && (found == 0 || ascii_is_space(before.data[found - 1]))) return true;
    }
    return false;
}

unsigned notice_marks(struct span text) {
    unsigned marks = 0;
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if ((sentences[i].marks & ~marks) == 0) continue; /* it says nothing new */
        size_t at = report_find(text, span_from_string(sentences[i].words));
        if (at == text.len || ((sentences[i].marks & NOTICE_FAILS) != 0 && is_supposed(text, at))) continue;
        marks |= sentences[i].marks;
    }
    return marks;
}

/* --- what stands before an address -------------------------------------------------------------------------------- */

static const struct notice_opening openings[] = {
    {"error delivering your mail to ", NOTICE_SURE | NOTICE_BEHIND_BLANK},
    {"your message wasn't delivered to ", NOTICE_SURE},
    {"your message couldn't be delivered to ", NOTICE_SURE},
    {"your message could not be delivered to ", NOTICE_SURE},
    {"unable to deliver message to ", NOTICE_SURE},
    {"unable to deliver message to:", NOTICE_SURE},
    {"unable to deliver your message to ", NOTICE_SURE},
    {"could not be delivered to:", NOTICE_SURE | NOTICE_AT_START},
    {"failed recipient:", NOTICE_SURE | NOTICE_AT_START},
    {"failed address:", NOTICE_SURE | NOTICE_AT_START},
    {"unknown user:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON},
    {"user mailbox exceeds allowed size:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON},
    {"invalid final delivery userid:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON},
    {"undeliverable to ", NOTICE_SURE | NOTICE_AT_START},
    {"recipient:", NOTICE_AT_START | NOTICE_LISTED},
    {"recipient address:", NOTICE_AT_START | NOTICE_LISTED},
    {"rcpt to:", NOTICE_AT_START | NOTICE_LISTED},
    {"your message to ", 0}, /* what stands around it says more */
    {"your mail to ", 0},
    {"your e-mail to ", 0},
    {"your email to ", 0},
};

const struct notice_opening *notice_opening(struct span text, unsigned *after, size_t *behind) {
    for (; *after < sizeof openings / sizeof openings[0]; (*after)++) {
        const struct notice_opening *opening = &openings[*after];
        struct span words = span_from_string(opening->words);
        size_t at = (opening->flags & NOTICE_AT_START) == 0 ? report_find(text, words)
                    : span_starts_with_nocase(text, words)  ? 0
                                                            : text.len;
        if (at == text.len || ((opening->flags & NOTICE_SURE) != 0 && is_supposed(text, at))) continue;
        *behind = at + words.len;
        (*after)++;
        return opening;
    }
    return NULL;
}

/* --- what stands before a reason ---------------------------------------------------------------------------------- */

static const struct {
    const char *words;
    bool at_start;
} reasons[] = {
    {"reason:", true},
    {"because:", true},
    {"error message:", true},
    {"error message below:", true},
    {"the response was:", true},
    {"technical details:", true},
    {"technical details of permanent failure:", true},
    {"technical details of temporary failure:", true},
    {"could not be delivered because of", true},
    {"received >>> ", true}, /* InterScan: what came from the other server */
    {"-------server message", true},
    {"the error that the other server returned was:", false},
    {"the response from the remote server was:", false},
    {"for the following reason:", false},
    {"for the following reasons:", false},
    {"the group you tried to contact ", false}, /* Google Groups */
};

size_t notice_reason(struct span text) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        struct span words = span_from_string(reasons[i].words);
        size_t at = report_find(text, words);
        if (at < text.len && (at == 0 || !reasons[i].at_start)) return at + words.len;
    }
    return NOTICE_NO_REASON;
}
