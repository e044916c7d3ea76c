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
    {"this is the deliver program at ", NOTICE_PROGRAM},
    {"this is the email server at ", NOTICE_PROGRAM},
    {"machine generated message from mail service", NOTICE_PROGRAM},
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
    {"error occurred while trying to deliver", NOTICE_FAILS},
    {"did not receive a copy of your", NOTICE_FAILS},
    {"failed recipients", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"failed addresses", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"failure reasons", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"your message could not be sent", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"the user(s) account is ", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"nicht zugestellt", NOTICE_FAILS},
    {"nicht ausgeliefert", NOTICE_FAILS},
    {"n'a pas pu être remis", NOTICE_FAILS},
    {"no se pudo entregar", NOTICE_FAILS},
    {"no se ha podido entregar", NOTICE_FAILS},
    {"non è stato recapitato", NOTICE_FAILS},
    {"não pôde ser entregue", NOTICE_FAILS},
    {"не может быть доставлено", NOTICE_FAILS},
    {"送信に失敗しました", NOTICE_FAILS},
    {"邮件被退回", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"邮件无法发送到", NOTICE_FAILS | NOTICE_ANNOUNCES},
    {"无法送达", NOTICE_FAILS},
    /* it waits */
    {"has not yet been delivered", NOTICE_DELAYS},
    {"recipient has been delayed", NOTICE_DELAYS},
    {"message is delayed for", NOTICE_DELAYS},
    {"delivery attempts will continue", NOTICE_DELAYS},
    {"will be retried", NOTICE_DELAYS},
    {"will retry", NOTICE_DELAYS},
    {"this is a warning message only", NOTICE_DELAYS},
    {"has been postponed", NOTICE_DELAYS},
    {"this is just a warning", NOTICE_DELAYS},
    /* it was delivered */
    {"was successfully delivered", NOTICE_SUCCEEDS},
    {"successful delivery notifications", NOTICE_SUCCEEDS},
    {"was relayed to these", NOTICE_SUCCEEDS},
    {"was delivered to these", NOTICE_SUCCEEDS},
    /* addresses follow that this is said of */
    {"following address", NOTICE_ANNOUNCES},
    {"following recipient", NOTICE_ANNOUNCES},
    {"these recipients", NOTICE_ANNOUNCES},
    {"to some recipients", NOTICE_ANNOUNCES},
    {"following user", NOTICE_ANNOUNCES},
    {"the affected recipients", NOTICE_ANNOUNCES},
    {"delivery of email to this address", NOTICE_ANNOUNCES},
    {"addressed to email address", NOTICE_ANNOUNCES},
    {"one or more of its recipients", NOTICE_ANNOUNCES},
    {"one or more recipients", NOTICE_ANNOUNCES},
    {"of the intended recipients", NOTICE_ANNOUNCES},
    {"was not delivered to:", NOTICE_ANNOUNCES},
    {"had delivery problems", NOTICE_ANNOUNCES},
    {"had delivery errors", NOTICE_ANNOUNCES},
    {"addresses had permanent fatal errors", NOTICE_ANNOUNCES},
    {"folgenden empfänger", NOTICE_ANNOUNCES},
    {"folgende adresse", NOTICE_ANNOUNCES},
    {"destinataires suivants", NOTICE_ANNOUNCES},
    {"destinatarios siguientes", NOTICE_ANNOUNCES},
    {"siguientes destinatarios", NOTICE_ANNOUNCES},
    {"seguenti destinatari", NOTICE_ANNOUNCES},
    {"以下のメールアドレス", NOTICE_ANNOUNCES},
    /* a copy of the message follows, or its headers */
    {"--- below this line is a copy of the", NOTICE_COPY_FOLLOWS},
    {"message headers follow.", NOTICE_COPY_FOLLOWS},
    {"message headers follow:", NOTICE_COPY_FOLLOWS},
    {"copy of the message header", NOTICE_COPY_FOLLOWS},
    {"lines of your original message follow", NOTICE_COPY_FOLLOWS},
    {"原信件的一份拷贝", NOTICE_COPY_FOLLOWS},
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
    static const char *const words[] = {"if ", "unless ", "wenn ", "falls ", NULL};
    size_t begin = at;
    while (begin > 0 && text.data[begin - 1] != '.' && text.data[begin - 1] != ':') begin--;
    struct span before = span_trim(span_slice(text, begin, at - begin));
    if (span_starts_with_nocase(before, SPAN_LITERAL("when "))) return true;
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
    {"undeliverable address:", NOTICE_SURE | NOTICE_AT_START},
    {"user's mailbox is full:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON},
    {"rejected recipient ", NOTICE_SURE},
    {"recipient:", NOTICE_AT_START | NOTICE_LISTED},
    {"addressed to:", NOTICE_AT_START | NOTICE_LISTED},
    {"intended recipient:", NOTICE_AT_START | NOTICE_LISTED},
    {"final-recipient: rfc822;", NOTICE_AT_START | NOTICE_LISTED}, /* in a text */
    {"收件人", NOTICE_AT_START | NOTICE_LISTED},
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
    bool of_it; /* the words are part of the reason, and it is one only behind an address */
} reasons[] = {
    {"reason:", true, false},
    {"because:", true, false},
    {"error: ", true, false},
    {"------- failure reasons", true, false}, /* Notes */
    {"----- non-delivered information", true, false},
    {"error message:", true, false},
    {"error message below:", true, false},
    {"the response was:", true, false},
    {"technical details:", true, false},
    {"technical details of permanent failure:", true, false},
    {"technical details of temporary failure:", true, false},
    {"could not be delivered because of", true, false},
    {"received >>> ", true, false}, /* InterScan: what came from the other server */
    {"-------server message", true, false},
    {"the error that the other server returned was:", false, false},
    {"the response from the remote server was:", false, false},
    {"for the following reason:", false, false},
    {"for the following reasons:", false, false},
    {"the group you tried to contact ", false, false}, /* Google Groups */
    {"the problem appears to be :", true, false},      /* Mimecast */
    {"additional information follows :", true, false},
    {"diagnostic-code: smtp;", true, false},
    {"退信原因：", true, false},
    {"英文说明:", true, false},
    {"host ", true, true},
    {"smtp error from remote", true, true},
    {"has been postponed", true, true},
};

size_t notice_reason(struct span text, bool behind_address) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        struct span words = span_from_string(reasons[i].words);
        size_t at = report_find(text, words);
        if (at == text.len || (at > 0 && reasons[i].at_start)) continue;
        if (!reasons[i].of_it) return at + words.len;
        if (behind_address) return at;
    }
    return NOTICE_NO_REASON;
}
