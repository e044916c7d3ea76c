/* The sentences that mail servers write, as they stand in the texts of the servers and of big providers; one table for
 * each question that is asked of a line, and a row for each sentence.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_internal.h"

/* --- marks -------------------------------------------------------------------------------------------------------- */

#define SENTENCE(words, marks) \
    { words, sizeof(words) - 1, marks }

static const struct notice_sentence sentences[] = {
    /* a mail server's program names itself */
    SENTENCE("this is the qmail-send program at ", NOTICE_PROGRAM),
    SENTENCE("this is the dragonfly mail agent", NOTICE_PROGRAM),
    SENTENCE("this message was created automatically by mail delivery software", NOTICE_PROGRAM),
    SENTENCE("this is the mail system at host ", NOTICE_PROGRAM),
    SENTENCE("this is the mailer-daemon, ", NOTICE_PROGRAM),
    SENTENCE("this is the james mail server at ", NOTICE_PROGRAM),
    SENTENCE("this is an automatically generated delivery status notification", NOTICE_PROGRAM),
    SENTENCE("this is the deliver program at ", NOTICE_PROGRAM),
    SENTENCE("this is the email server at ", NOTICE_PROGRAM),
    SENTENCE("machine generated message from mail service", NOTICE_PROGRAM),
    /* a message came to nobody */
    SENTENCE("could not be delivered", NOTICE_FAILS),
    SENTENCE("could not deliver", NOTICE_FAILS),
    SENTENCE("cannot be delivered", NOTICE_FAILS),
    SENTENCE("can not be delivered", NOTICE_FAILS),
    SENTENCE("couldn't be delivered", NOTICE_FAILS),
    SENTENCE("could not be reached", NOTICE_FAILS),
    SENTENCE("was not delivered", NOTICE_FAILS),
    SENTENCE("wasn't delivered", NOTICE_FAILS),
    SENTENCE("was not able to be delivered", NOTICE_FAILS),
    SENTENCE("wasn't able to deliver", NOTICE_FAILS),
    SENTENCE("unable to deliver", NOTICE_FAILS),
    SENTENCE("error delivering your m", NOTICE_FAILS),
    SENTENCE("delivery has failed", NOTICE_FAILS),
    SENTENCE("delivery failed", NOTICE_FAILS),
    SENTENCE("did not reach ", NOTICE_FAILS),
    SENTENCE("failed permanently", NOTICE_FAILS),
    SENTENCE("had permanent fatal ", NOTICE_FAILS),
    SENTENCE("is undeliverable", NOTICE_FAILS),
    SENTENCE("was automatically rejected", NOTICE_FAILS),
    SENTENCE("was rejected by a remote", NOTICE_FAILS),
    SENTENCE("has been blocked", NOTICE_FAILS),
    SENTENCE("error occurred while trying to deliver", NOTICE_FAILS),
    SENTENCE("did not receive a copy of your", NOTICE_FAILS),
    SENTENCE("failed recipients", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("failed addresses", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("failure reasons", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("your message could not be sent", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("the user(s) account is ", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("had delivery problems", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("had delivery errors", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("that were incorrectly constructed", NOTICE_FAILS | NOTICE_ANNOUNCES), /* Exim, of what it was handed */
    SENTENCE("error: invalid user address", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("undeliverable to the following", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("undeliverable message", NOTICE_FAILS),
    SENTENCE("undeliverable recipient(s)", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("address(es) failed", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("addresses failed", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("message not delivered", NOTICE_FAILS),
    SENTENCE("has not been delivered", NOTICE_FAILS),
    SENTENCE("have not been delivered", NOTICE_FAILS),
    SENTENCE("not possible to deliver", NOTICE_FAILS),
    SENTENCE("recipient failed", NOTICE_FAILS),
    SENTENCE("recipients failed", NOTICE_FAILS),
    SENTENCE("recipient(s) failed", NOTICE_FAILS),
    SENTENCE("nicht zugestellt", NOTICE_FAILS),
    SENTENCE("nicht ausgeliefert", NOTICE_FAILS),
    /* German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, others; without what may be a capital
     * letter that is no ASCII, and without the apostrophe, which has two forms */
    SENTENCE("nicht übermittelt werden", NOTICE_FAILS),
    SENTENCE("nicht zustellbar", NOTICE_FAILS),
    SENTENCE("zustellung fehlgeschlagen", NOTICE_FAILS),
    SENTENCE("zustellung ist fehlgeschlagen", NOTICE_FAILS),
    SENTENCE("gruppen ist fehlgeschlagen", NOTICE_FAILS),
    SENTENCE("dauerhaft fehlgeschlagen", NOTICE_FAILS),
    SENTENCE("fehler bei der nachrichtenzustellung", NOTICE_FAILS),
    SENTENCE("a pas pu être remis", NOTICE_FAILS),
    SENTENCE("a pas pu être délivré", NOTICE_FAILS),
    SENTENCE("a pas pu être distribué", NOTICE_FAILS),
    SENTENCE("a pas pu être livré", NOTICE_FAILS),
    SENTENCE("a pas pu être transmis", NOTICE_FAILS),
    SENTENCE("a pas pu être acheminé", NOTICE_FAILS),
    SENTENCE("a pas été remis", NOTICE_FAILS),
    SENTENCE("a pas été délivré", NOTICE_FAILS),
    SENTENCE("a pas été distribué", NOTICE_FAILS),
    SENTENCE("chec de la remise", NOTICE_FAILS),
    SENTENCE("chec de la distribution", NOTICE_FAILS),
    SENTENCE("impossible de remettre", NOTICE_FAILS),
    SENTENCE("impossible de délivrer", NOTICE_FAILS),
    SENTENCE("no se pudo entregar", NOTICE_FAILS),
    SENTENCE("no se ha podido entregar", NOTICE_FAILS),
    SENTENCE("no pudo ser entregado", NOTICE_FAILS),
    SENTENCE("no ha podido ser entregado", NOTICE_FAILS),
    SENTENCE("no ha sido entregado", NOTICE_FAILS),
    SENTENCE("no se ha entregado", NOTICE_FAILS),
    SENTENCE("no fue entregado", NOTICE_FAILS),
    SENTENCE("error de entrega a ", NOTICE_FAILS),
    SENTENCE("ha fallado permanentemente", NOTICE_FAILS),
    SENTENCE("non è stato recapitato", NOTICE_FAILS),
    SENTENCE("non è stato consegnato", NOTICE_FAILS),
    SENTENCE("non è stato possibile consegnare", NOTICE_FAILS),
    SENTENCE("non è stato possibile recapitare", NOTICE_FAILS),
    SENTENCE("impossibile recapitare", NOTICE_FAILS),
    SENTENCE("impossibile consegnare", NOTICE_FAILS),
    SENTENCE("recapito non riuscito", NOTICE_FAILS),
    SENTENCE("consegna non riuscita", NOTICE_FAILS),
    SENTENCE("non può essere consegnato", NOTICE_FAILS),
    SENTENCE("non può essere recapitato", NOTICE_FAILS),
    SENTENCE("não pôde ser entregue", NOTICE_FAILS),
    SENTENCE("não pode ser entregue", NOTICE_FAILS),
    SENTENCE("não foi entregue", NOTICE_FAILS),
    SENTENCE("não foi possível entregar", NOTICE_FAILS),
    SENTENCE("falha na entrega a ", NOTICE_FAILS),
    SENTENCE("falha na entrega para ", NOTICE_FAILS),
    SENTENCE("a entrega falhou", NOTICE_FAILS),
    SENTENCE("niet worden bezorgd", NOTICE_FAILS),
    SENTENCE("niet bezorgd", NOTICE_FAILS),
    SENTENCE("niet worden afgeleverd", NOTICE_FAILS),
    SENTENCE("niet afgeleverd", NOTICE_FAILS),
    SENTENCE("groepen is mislukt", NOTICE_FAILS),
    SENTENCE("bezorging is mislukt", NOTICE_FAILS),
    SENTENCE("nie została dostarczona", NOTICE_FAILS),
    SENTENCE("nie mogła zostać dostarczona", NOTICE_FAILS),
    SENTENCE("nie może zostać dostarczona", NOTICE_FAILS),
    SENTENCE("nie może być dostarczona", NOTICE_FAILS),
    SENTENCE("nie można dostarczyć", NOTICE_FAILS),
    SENTENCE("nie udało się dostarczyć", NOTICE_FAILS),
    SENTENCE("nie powiodło się", NOTICE_FAILS),
    SENTENCE("kunde inte levereras", NOTICE_FAILS),
    SENTENCE("kunne ikke leveres", NOTICE_FAILS),
    SENTENCE("kunne ikke afleveres", NOTICE_FAILS),
    SENTENCE("nelze doručit", NOTICE_FAILS),
    SENTENCE("nepodařilo doručit", NOTICE_FAILS),
    SENTENCE("teslim edilemedi", NOTICE_FAILS),
    SENTENCE("не может быть доставлено", NOTICE_FAILS),
    SENTENCE("не может быть отправлено", NOTICE_FAILS),
    SENTENCE("не было доставлено", NOTICE_FAILS),
    SENTENCE("не доставлено", NOTICE_FAILS),
    SENTENCE("е удалось доставить", NOTICE_FAILS),
    SENTENCE("е удалось выполнить доставку", NOTICE_FAILS),
    SENTENCE("евозможно доставить", NOTICE_FAILS),
    SENTENCE("не може бути доставлен", NOTICE_FAILS),
    SENTENCE("送信に失敗しました", NOTICE_FAILS),
    SENTENCE("配信できません", NOTICE_FAILS),
    SENTENCE("配信できなかった", NOTICE_FAILS),
    SENTENCE("配信に失敗", NOTICE_FAILS),
    SENTENCE("配信されません", NOTICE_FAILS),
    SENTENCE("配送できません", NOTICE_FAILS),
    SENTENCE("配達できません", NOTICE_FAILS),
    SENTENCE("送信できません", NOTICE_FAILS),
    SENTENCE("お届けできません", NOTICE_FAILS),
    SENTENCE("배달할 수 없", NOTICE_FAILS),
    SENTENCE("전송할 수 없", NOTICE_FAILS),
    SENTENCE("배달하지 못", NOTICE_FAILS),
    SENTENCE("전송하지 못", NOTICE_FAILS),
    SENTENCE("邮件被退回", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("邮件无法发送到", NOTICE_FAILS | NOTICE_ANNOUNCES),
    SENTENCE("无法送达", NOTICE_FAILS),
    SENTENCE("未能送达", NOTICE_FAILS),
    SENTENCE("未送达", NOTICE_FAILS),
    SENTENCE("无法投递", NOTICE_FAILS),
    SENTENCE("投递失败", NOTICE_FAILS),
    SENTENCE("无法传递", NOTICE_FAILS),
    SENTENCE("未能传递", NOTICE_FAILS),
    SENTENCE("無法送達", NOTICE_FAILS),
    SENTENCE("未能送達", NOTICE_FAILS),
    SENTENCE("無法投遞", NOTICE_FAILS),
    SENTENCE("無法傳遞", NOTICE_FAILS),
    SENTENCE("傳送失敗", NOTICE_FAILS),
    /* it waits, or was not refused for good; again without what may be a capital letter that is no ASCII */
    SENTENCE("recipient has been delayed", NOTICE_DELAYS),
    SENTENCE("is delayed", NOTICE_DELAYS | NOTICE_OF_MAIL),
    SENTENCE("delivery attempts will continue", NOTICE_DELAYS),
    SENTENCE("will be retried", NOTICE_DELAYS),
    SENTENCE("will retry", NOTICE_DELAYS),
    SENTENCE("this is a warning message only", NOTICE_DELAYS),
    SENTENCE("has been postponed", NOTICE_DELAYS),
    SENTENCE("this is just a warning", NOTICE_DELAYS),
    SENTENCE("will continue to attempt", NOTICE_DELAYS),
    SENTENCE("will continue trying", NOTICE_DELAYS),
    SENTENCE("wird weiter versucht", NOTICE_DELAYS),
    SENTENCE("noch nicht zugestellt", NOTICE_DELAYS),
    SENTENCE("this is a warning only", NOTICE_DELAYS),
    SENTENCE("this is only a warning", NOTICE_DELAYS),
    SENTENCE("been delivered yet", NOTICE_DELAYS),
    SENTENCE("following recipients yet", NOTICE_DELAYS),
    SENTENCE("following recipient yet", NOTICE_DELAYS),
    SENTENCE("following addresses yet", NOTICE_DELAYS),
    SENTENCE("following address yet", NOTICE_DELAYS),
    SENTENCE("following recipient(s) yet", NOTICE_DELAYS),
    SENTENCE("not yet be delivered", NOTICE_DELAYS),
    SENTENCE("could not yet be", NOTICE_DELAYS),
    SENTENCE("cannot yet be", NOTICE_DELAYS),
    SENTENCE("not yet been delivered", NOTICE_DELAYS),
    SENTENCE("not been able to deliver your message yet", NOTICE_DELAYS),
    SENTENCE("will keep trying", NOTICE_DELAYS),
    SENTENCE("'ll keep trying", NOTICE_DELAYS),
    SENTENCE("’ll keep trying", NOTICE_DELAYS),
    SENTENCE("we keep trying", NOTICE_DELAYS),
    SENTENCE("will keep on trying", NOTICE_DELAYS),
    SENTENCE("keep trying to deliver", NOTICE_DELAYS),
    SENTENCE("continue to try", NOTICE_DELAYS),
    SENTENCE("continues to try", NOTICE_DELAYS),
    SENTENCE("continue to be attempted", NOTICE_DELAYS),
    SENTENCE("continue attempting", NOTICE_DELAYS),
    SENTENCE("attempted again", NOTICE_DELAYS),
    SENTENCE("will be reattempted", NOTICE_DELAYS),
    SENTENCE("will be tried again", NOTICE_DELAYS),
    SENTENCE("will try again", NOTICE_DELAYS),
    SENTENCE("'ll try again", NOTICE_DELAYS),
    SENTENCE("will try to deliver it again", NOTICE_DELAYS),
    SENTENCE("will attempt to deliver it again", NOTICE_DELAYS),
    SENTENCE("further attempts", NOTICE_DELAYS),
    SENTENCE("further delivery attempts", NOTICE_DELAYS),
    SENTENCE("more attempts will be", NOTICE_DELAYS),
    SENTENCE("still being retried", NOTICE_DELAYS),
    SENTENCE("still being attempted", NOTICE_DELAYS),
    SENTENCE("not need to resend", NOTICE_DELAYS),
    SENTENCE("no need to resend", NOTICE_DELAYS),
    SENTENCE("not be delivered immediately", NOTICE_DELAYS),
    SENTENCE("n't be delivered immediately", NOTICE_DELAYS),
    SENTENCE("n’t be delivered immediately", NOTICE_DELAYS),
    SENTENCE("will be delivered soon", NOTICE_DELAYS),
    SENTENCE("was not rejected", NOTICE_DELAYS),
    SENTENCE("delivered temporarily", NOTICE_DELAYS),
    SENTENCE("recipients has been delayed", NOTICE_DELAYS),
    SENTENCE("recipient(s) has been delayed", NOTICE_DELAYS),
    SENTENCE("delivery has been delayed", NOTICE_DELAYS),
    SENTENCE("message has been delayed", NOTICE_DELAYS),
    SENTENCE("still undelivered", NOTICE_DELAYS),
    SENTENCE("has been undeliverable for", NOTICE_DELAYS),
    SENTENCE("temporary problem delivering", NOTICE_DELAYS),
    SENTENCE("failed temporarily", NOTICE_DELAYS),
    SENTENCE("temporarily failed", NOTICE_DELAYS),
    SENTENCE("temporarily rejected", NOTICE_DELAYS),
    SENTENCE("temporarily deferred", NOTICE_DELAYS),
    SENTENCE("temporarily delayed", NOTICE_DELAYS),
    SENTENCE("temporarily refused", NOTICE_DELAYS),
    SENTENCE("temporarily undeliverable", NOTICE_DELAYS),
    SENTENCE("temporarily not be delivered", NOTICE_DELAYS),
    SENTENCE("temporarily not been delivered", NOTICE_DELAYS),
    SENTENCE("temporarily could not be delivered", NOTICE_DELAYS),
    SENTENCE("temporarily unable to deliver", NOTICE_DELAYS),
    SENTENCE("nur eine warnung", NOTICE_DELAYS),
    SENTENCE("weitere zustellversuche", NOTICE_DELAYS),
    SENTENCE("weitere versuche", NOTICE_DELAYS),
    SENTENCE("weiterer versuch", NOTICE_DELAYS),
    SENTENCE("weiterer zustellversuch", NOTICE_DELAYS),
    SENTENCE("erneut versucht", NOTICE_DELAYS),
    SENTENCE("wird es erneut versuchen", NOTICE_DELAYS),
    SENTENCE("werden es erneut versuchen", NOTICE_DELAYS),
    SENTENCE("weiterhin versucht", NOTICE_DELAYS),
    SENTENCE("versuchen es weiter", NOTICE_DELAYS),
    SENTENCE("versucht es weiter", NOTICE_DELAYS),
    SENTENCE("konnte noch nicht", NOTICE_DELAYS),
    SENTENCE("konnten noch nicht", NOTICE_DELAYS),
    SENTENCE("konnte bisher nicht", NOTICE_DELAYS),
    SENTENCE("konnten bisher nicht", NOTICE_DELAYS),
    SENTENCE("konnte bislang nicht", NOTICE_DELAYS),
    SENTENCE("bisher nicht zugestellt", NOTICE_DELAYS),
    SENTENCE("bislang nicht zugestellt", NOTICE_DELAYS),
    SENTENCE("vorübergehend nicht", NOTICE_DELAYS),
    SENTENCE("nicht sofort zugestellt", NOTICE_DELAYS),
    SENTENCE("simple avertissement", NOTICE_DELAYS),
    SENTENCE("a pas encore pu être", NOTICE_DELAYS),
    SENTENCE("a pas encore été", NOTICE_DELAYS),
    SENTENCE("nouvelles tentatives", NOTICE_DELAYS),
    SENTENCE("nouvelle tentative", NOTICE_DELAYS),
    SENTENCE("autres tentatives", NOTICE_DELAYS),
    SENTENCE("tentatives se poursuiv", NOTICE_DELAYS),
    SENTENCE("tentatives de remise se poursuiv", NOTICE_DELAYS),
    SENTENCE("essayerons encore", NOTICE_DELAYS),
    SENTENCE("essaierons encore", NOTICE_DELAYS),
    SENTENCE("nous réessayerons", NOTICE_DELAYS),
    SENTENCE("nous réessaierons", NOTICE_DELAYS),
    SENTENCE("sera retenté", NOTICE_DELAYS),
    SENTENCE("continuerons à essayer", NOTICE_DELAYS),
    SENTENCE("continuera à essayer", NOTICE_DELAYS),
    SENTENCE("continuera d'essayer", NOTICE_DELAYS),
    SENTENCE("continuera d’essayer", NOTICE_DELAYS),
    SENTENCE("continuera de ten", NOTICE_DELAYS),
    SENTENCE("continuera ses tentatives", NOTICE_DELAYS),
    SENTENCE("continuerons d'essayer", NOTICE_DELAYS),
    SENTENCE("continuerons d’essayer", NOTICE_DELAYS),
    SENTENCE("continuerons de ten", NOTICE_DELAYS),
    SENTENCE("temporairement pas pu être", NOTICE_DELAYS),
    SENTENCE("entregado todavía", NOTICE_DELAYS),
    SENTENCE("todavía no se ha", NOTICE_DELAYS),
    SENTENCE("todavía no ha sido", NOTICE_DELAYS),
    SENTENCE("todavía no ha podido", NOTICE_DELAYS),
    SENTENCE("todavía no se pudo", NOTICE_DELAYS),
    SENTENCE("todavía no pudo", NOTICE_DELAYS),
    SENTENCE("todavía no se entreg", NOTICE_DELAYS),
    SENTENCE("entregado aún", NOTICE_DELAYS),
    SENTENCE("aún no se ha", NOTICE_DELAYS),
    SENTENCE("aún no ha sido", NOTICE_DELAYS),
    SENTENCE("aún no ha podido", NOTICE_DELAYS),
    SENTENCE("aún no se pudo", NOTICE_DELAYS),
    SENTENCE("aún no pudo", NOTICE_DELAYS),
    SENTENCE("aún no se entreg", NOTICE_DELAYS),
    SENTENCE("seguirá intentando", NOTICE_DELAYS),
    SENTENCE("seguirá intentándo", NOTICE_DELAYS),
    SENTENCE("seguiremos intentando", NOTICE_DELAYS),
    SENTENCE("continuará intentando", NOTICE_DELAYS),
    SENTENCE("se volverá a intentar", NOTICE_DELAYS),
    SENTENCE("volveremos a intentar", NOTICE_DELAYS),
    SENTENCE("se reintentará", NOTICE_DELAYS),
    SENTENCE("nuevos intentos", NOTICE_DELAYS),
    SENTENCE("nuevo intento", NOTICE_DELAYS),
    SENTENCE("temporalmente no se ", NOTICE_DELAYS),
    SENTENCE("temporalmente no ha ", NOTICE_DELAYS),
    SENTENCE("temporalmente no pu", NOTICE_DELAYS),
    SENTENCE("stato ancora consegnato", NOTICE_DELAYS),
    SENTENCE("stato ancora recapitato", NOTICE_DELAYS),
    SENTENCE("ancora stato consegnato", NOTICE_DELAYS),
    SENTENCE("ancora stato recapitato", NOTICE_DELAYS),
    SENTENCE("stato ancora possibile", NOTICE_DELAYS),
    SENTENCE("non ancora consegnato", NOTICE_DELAYS),
    SENTENCE("non ancora recapitato", NOTICE_DELAYS),
    SENTENCE("altri tentativi", NOTICE_DELAYS),
    SENTENCE("ulteriori tentativi", NOTICE_DELAYS),
    SENTENCE("nuovi tentativi", NOTICE_DELAYS),
    SENTENCE("nuovo tentativo", NOTICE_DELAYS),
    SENTENCE("continuerà a tentare", NOTICE_DELAYS),
    SENTENCE("continuerà a provare", NOTICE_DELAYS),
    SENTENCE("verrà ritentat", NOTICE_DELAYS),
    SENTENCE("ainda não pôde", NOTICE_DELAYS),
    SENTENCE("ainda não pode", NOTICE_DELAYS),
    SENTENCE("ainda não foi", NOTICE_DELAYS),
    SENTENCE("continuará tentando", NOTICE_DELAYS),
    SENTENCE("continuaremos tentando", NOTICE_DELAYS),
    SENTENCE("continuará a tentar", NOTICE_DELAYS),
    SENTENCE("continuaremos a tentar", NOTICE_DELAYS),
    SENTENCE("tentará novamente", NOTICE_DELAYS),
    SENTENCE("tentaremos novamente", NOTICE_DELAYS),
    SENTENCE("será tentada novamente", NOTICE_DELAYS),
    SENTENCE("nova tentativa", NOTICE_DELAYS),
    SENTENCE("novas tentativas", NOTICE_DELAYS),
    SENTENCE("temporariamente não", NOTICE_DELAYS),
    SENTENCE("nog niet worden", NOTICE_DELAYS),
    SENTENCE("nog niet bezorgd", NOTICE_DELAYS),
    SENTENCE("nog niet afgeleverd", NOTICE_DELAYS),
    SENTENCE("verder geprobeerd", NOTICE_DELAYS),
    SENTENCE("opnieuw geprobeerd", NOTICE_DELAYS),
    SENTENCE("blijven proberen", NOTICE_DELAYS),
    SENTENCE("blijft proberen", NOTICE_DELAYS),
    SENTENCE("blijft het proberen", NOTICE_DELAYS),
    SENTENCE("blijven het proberen", NOTICE_DELAYS),
    SENTENCE("nieuwe poging", NOTICE_DELAYS),
    SENTENCE("nieuwe bezorgpoging", NOTICE_DELAYS),
    SENTENCE("tijdelijk niet", NOTICE_DELAYS),
    SENTENCE("mogła jeszcze zostać", NOTICE_DELAYS),
    SENTENCE("jeszcze nie została", NOTICE_DELAYS),
    SENTENCE("nie została jeszcze", NOTICE_DELAYS),
    SENTENCE("jeszcze nie mogła", NOTICE_DELAYS),
    SENTENCE("będą kontynuowane", NOTICE_DELAYS),
    SENTENCE("kolejne próby", NOTICE_DELAYS),
    SENTENCE("kolejna próba", NOTICE_DELAYS),
    SENTENCE("ponowna próba", NOTICE_DELAYS),
    SENTENCE("próby są ponawiane", NOTICE_DELAYS),
    SENTENCE("spróbuje ponownie", NOTICE_DELAYS),
    SENTENCE("spróbujemy ponownie", NOTICE_DELAYS),
    SENTENCE("tymczasowo nie", NOTICE_DELAYS),
    SENTENCE("ännu inte", NOTICE_DELAYS),
    SENTENCE("nya försök", NOTICE_DELAYS),
    SENTENCE("försöker igen", NOTICE_DELAYS),
    SENTENCE("endnu ikke", NOTICE_DELAYS),
    SENTENCE("ennå ikke", NOTICE_DELAYS),
    SENTENCE("nye forsøg", NOTICE_DELAYS),
    SENTENCE("nye forsøk", NOTICE_DELAYS),
    SENTENCE("vil prøve igjen", NOTICE_DELAYS),
    SENTENCE("vil prøve igen", NOTICE_DELAYS),
    SENTENCE("dosud nebyl", NOTICE_DELAYS),
    SENTENCE("zatím nebyl", NOTICE_DELAYS),
    SENTENCE("dosud nepodařilo", NOTICE_DELAYS),
    SENTENCE("zatím nepodařilo", NOTICE_DELAYS),
    SENTENCE("další pokus", NOTICE_DELAYS),
    SENTENCE("to zkusí znovu", NOTICE_DELAYS),
    SENTENCE("henüz teslim", NOTICE_DELAYS),
    SENTENCE("yeniden denenecek", NOTICE_DELAYS),
    SENTENCE("tekrar denenecek", NOTICE_DELAYS),
    SENTENCE("tekrar deneyecek", NOTICE_DELAYS),
    SENTENCE("пока не доставлен", NOTICE_DELAYS),
    SENTENCE("ещё не доставлен", NOTICE_DELAYS),
    SENTENCE("ока не удалось", NOTICE_DELAYS),
    SENTENCE("пока не может быть", NOTICE_DELAYS),
    SENTENCE("пытки доставки продолж", NOTICE_DELAYS),
    SENTENCE("пытки будут продолж", NOTICE_DELAYS),
    SENTENCE("пытки доставки будут продолж", NOTICE_DELAYS),
    SENTENCE("родолжит попытки", NOTICE_DELAYS),
    SENTENCE("ременно не доставл", NOTICE_DELAYS),
    SENTENCE("ременно не удал", NOTICE_DELAYS),
    SENTENCE("ременно не мож", NOTICE_DELAYS),
    SENTENCE("пытка будет повторена", NOTICE_DELAYS),
    SENTENCE("предпринята повторная попытка", NOTICE_DELAYS),
    SENTENCE("овторные попытки будут", NOTICE_DELAYS),
    SENTENCE("поки не доставлен", NOTICE_DELAYS),
    SENTENCE("ще не доставлен", NOTICE_DELAYS),
    SENTENCE("проби доставки трива", NOTICE_DELAYS),
    SENTENCE("まだ配信", NOTICE_DELAYS),
    SENTENCE("まだ配送", NOTICE_DELAYS),
    SENTENCE("まだお届け", NOTICE_DELAYS),
    SENTENCE("再送を試み", NOTICE_DELAYS),
    SENTENCE("再送信を試み", NOTICE_DELAYS),
    SENTENCE("再配信を試み", NOTICE_DELAYS),
    SENTENCE("引き続き配信", NOTICE_DELAYS),
    SENTENCE("引き続き再送", NOTICE_DELAYS),
    SENTENCE("再試行します", NOTICE_DELAYS),
    SENTENCE("再試行を続け", NOTICE_DELAYS),
    SENTENCE("配信を続け", NOTICE_DELAYS),
    SENTENCE("一時的に配信", NOTICE_DELAYS),
    SENTENCE("아직 배달", NOTICE_DELAYS),
    SENTENCE("아직 전송", NOTICE_DELAYS),
    SENTENCE("다시 시도합니다", NOTICE_DELAYS),
    SENTENCE("다시 시도할 것", NOTICE_DELAYS),
    SENTENCE("재시도합니다", NOTICE_DELAYS),
    SENTENCE("재시도할 예정", NOTICE_DELAYS),
    SENTENCE("계속 시도", NOTICE_DELAYS),
    SENTENCE("暂时无法投递", NOTICE_DELAYS),
    SENTENCE("暂时无法送达", NOTICE_DELAYS),
    SENTENCE("暂时无法发送", NOTICE_DELAYS),
    SENTENCE("暂时无法传递", NOTICE_DELAYS),
    SENTENCE("暂时未能", NOTICE_DELAYS),
    SENTENCE("尚未送达", NOTICE_DELAYS),
    SENTENCE("尚未投递", NOTICE_DELAYS),
    SENTENCE("仍未送达", NOTICE_DELAYS),
    SENTENCE("暂未送达", NOTICE_DELAYS),
    SENTENCE("继续尝试", NOTICE_DELAYS),
    SENTENCE("将重试", NOTICE_DELAYS),
    SENTENCE("将再次尝试", NOTICE_DELAYS),
    SENTENCE("会再次尝试", NOTICE_DELAYS),
    SENTENCE("将稍后重试", NOTICE_DELAYS),
    SENTENCE("会稍后重试", NOTICE_DELAYS),
    SENTENCE("暫時無法", NOTICE_DELAYS),
    SENTENCE("尚未送達", NOTICE_DELAYS),
    SENTENCE("尚未投遞", NOTICE_DELAYS),
    SENTENCE("繼續嘗試", NOTICE_DELAYS),
    SENTENCE("將重試", NOTICE_DELAYS),
    SENTENCE("將再次嘗試", NOTICE_DELAYS),
    SENTENCE("會再次嘗試", NOTICE_DELAYS),
    /* it is held: for who sent it, or who gets it, to say more */
    SENTENCE("in quarantine", NOTICE_DELAYS),
    SENTENCE("in quarantäne", NOTICE_DELAYS),
    SENTENCE("en cuarentena", NOTICE_DELAYS),
    SENTENCE("en quarantaine", NOTICE_DELAYS),
    SENTENCE("in quarantena", NOTICE_DELAYS),
    SENTENCE("em quarentena", NOTICE_DELAYS),
    SENTENCE("in quarantaine", NOTICE_DELAYS),
    SENTENCE("kwarantann", NOTICE_DELAYS),
    SENTENCE("в карантин", NOTICE_DELAYS),
    SENTENCE("awaits review", NOTICE_DELAYS),
    SENTENCE("awaits approval", NOTICE_DELAYS),
    SENTENCE("awaiting approval", NOTICE_DELAYS),
    SENTENCE("awaiting moderation", NOTICE_DELAYS),
    SENTENCE("awaiting review", NOTICE_DELAYS),
    SENTENCE("waiting for approval", NOTICE_DELAYS),
    SENTENCE("waits for approval", NOTICE_DELAYS),
    SENTENCE("until your manager approves", NOTICE_DELAYS),
    SENTENCE("until the moderator", NOTICE_DELAYS),
    SENTENCE("held for approval", NOTICE_DELAYS),
    SENTENCE("held for review", NOTICE_DELAYS),
    SENTENCE("held for moderation", NOTICE_DELAYS),
    SENTENCE("being held until", NOTICE_DELAYS),
    SENTENCE("ficará em espera", NOTICE_DELAYS),
    SENTENCE("confirm that you are human", NOTICE_DELAYS),
    SENTENCE("wartet auf freigabe", NOTICE_DELAYS),
    SENTENCE("erst freigeben", NOTICE_DELAYS),
    SENTENCE("erst freigegeben", NOTICE_DELAYS),
    SENTENCE("en attente de validation", NOTICE_DELAYS),
    SENTENCE("en attente de modération", NOTICE_DELAYS),
    SENTENCE("il est en attente", NOTICE_DELAYS),
    SENTENCE("d'abord être authentifi", NOTICE_DELAYS),
    SENTENCE("d’abord être authentifi", NOTICE_DELAYS),
    SENTENCE("pendiente de aprobación", NOTICE_DELAYS),
    SENTENCE("in attesa di approvazione", NOTICE_DELAYS),
    SENTENCE("wacht op goedkeuring", NOTICE_DELAYS),
    SENTENCE("保留され", NOTICE_DELAYS),
    SENTENCE("保留して", NOTICE_DELAYS),
    SENTENCE("保留しま", NOTICE_DELAYS),
    SENTENCE("一時保留", NOTICE_DELAYS),
    SENTENCE("被隔离", NOTICE_DELAYS),
    SENTENCE("等待审核", NOTICE_DELAYS),
    /* nothing more is tried: what is tried no more may stand beside words for what waits */
    SENTENCE("gave up", NOTICE_GIVES_UP),
    SENTENCE("have given up", NOTICE_GIVES_UP),
    SENTENCE("has given up", NOTICE_GIVES_UP),
    SENTENCE("'ve given up", NOTICE_GIVES_UP),
    SENTENCE("’ve given up", NOTICE_GIVES_UP),
    SENTENCE("been given up", NOTICE_GIVES_UP),
    SENTENCE("giving up after", NOTICE_GIVES_UP),
    SENTENCE(", giving up", NOTICE_GIVES_UP),
    SENTENCE("message has expired", NOTICE_GIVES_UP),
    SENTENCE("message expired", NOTICE_GIVES_UP),
    SENTENCE("envelope expired", NOTICE_GIVES_UP),
    SENTENCE("delivery time expired", NOTICE_GIVES_UP),
    SENTENCE("retry timeout exceeded", NOTICE_GIVES_UP),
    SENTENCE("retry time exceeded", NOTICE_GIVES_UP),
    SENTENCE("in the queue too long", NOTICE_GIVES_UP),
    SENTENCE("in queue too long", NOTICE_GIVES_UP),
    SENTENCE("not going to try again", NOTICE_GIVES_UP),
    SENTENCE("not try again", NOTICE_GIVES_UP),
    SENTENCE("not retry", NOTICE_GIVES_UP),
    SENTENCE("not be retried", NOTICE_GIVES_UP),
    SENTENCE("no longer be retried", NOTICE_GIVES_UP),
    SENTENCE("not be attempted again", NOTICE_GIVES_UP),
    SENTENCE("not be tried again", NOTICE_GIVES_UP),
    SENTENCE("not keep trying", NOTICE_GIVES_UP),
    SENTENCE("not continue to try", NOTICE_GIVES_UP),
    SENTENCE("not continue trying", NOTICE_GIVES_UP),
    SENTENCE("stopped trying", NOTICE_GIVES_UP),
    SENTENCE("stopped retrying", NOTICE_GIVES_UP),
    SENTENCE("no further attempts", NOTICE_GIVES_UP),
    SENTENCE("no further delivery attempts", NOTICE_GIVES_UP),
    SENTENCE("no more attempts", NOTICE_GIVES_UP),
    SENTENCE("no more delivery attempts", NOTICE_GIVES_UP),
    SENTENCE("keine weiteren versuche", NOTICE_GIVES_UP),
    SENTENCE("keine weiteren zustellversuche", NOTICE_GIVES_UP),
    SENTENCE("kein weiterer versuch", NOTICE_GIVES_UP),
    SENTENCE("kein weiterer zustellversuch", NOTICE_GIVES_UP),
    SENTENCE("nicht erneut versucht", NOTICE_GIVES_UP),
    SENTENCE("nicht weiterhin versucht", NOTICE_GIVES_UP),
    SENTENCE("versuche eingestellt", NOTICE_GIVES_UP),
    SENTENCE("zustellung wurde aufgegeben", NOTICE_GIVES_UP),
    SENTENCE("versuche wurden eingestellt", NOTICE_GIVES_UP),
    SENTENCE("aucune nouvelle tentative", NOTICE_GIVES_UP),
    SENTENCE("aucune autre tentative", NOTICE_GIVES_UP),
    SENTENCE("pas de nouvelle tentative", NOTICE_GIVES_UP),
    SENTENCE("pas de nouvelles tentatives", NOTICE_GIVES_UP),
    SENTENCE("plus de nouvelles tentatives", NOTICE_GIVES_UP),
    SENTENCE("ne sera pas retenté", NOTICE_GIVES_UP),
    SENTENCE("a abandonné", NOTICE_GIVES_UP),
    SENTENCE("no se volverá a intentar", NOTICE_GIVES_UP),
    SENTENCE("no se reintentará", NOTICE_GIVES_UP),
    SENTENCE("no se seguirá intentando", NOTICE_GIVES_UP),
    SENTENCE("no se realizarán", NOTICE_GIVES_UP),
    SENTENCE("no se harán", NOTICE_GIVES_UP),
    SENTENCE("no habrá nuevos intentos", NOTICE_GIVES_UP),
    SENTENCE("non verranno effettuati", NOTICE_GIVES_UP),
    SENTENCE("non saranno effettuati", NOTICE_GIVES_UP),
    SENTENCE("nessun altro tentativo", NOTICE_GIVES_UP),
    SENTENCE("nessun ulteriore tentativo", NOTICE_GIVES_UP),
    SENTENCE("nenhuma nova tentativa", NOTICE_GIVES_UP),
    SENTENCE("não haverá", NOTICE_GIVES_UP),
    SENTENCE("não serão feitas", NOTICE_GIVES_UP),
    SENTENCE("não continuará", NOTICE_GIVES_UP),
    SENTENCE("não tentará novamente", NOTICE_GIVES_UP),
    SENTENCE("desistiu de", NOTICE_GIVES_UP),
    SENTENCE("niet verder geprobeerd", NOTICE_GIVES_UP),
    SENTENCE("niet opnieuw geprobeerd", NOTICE_GIVES_UP),
    SENTENCE("niet meer geprobeerd", NOTICE_GIVES_UP),
    SENTENCE("geen nieuwe poging", NOTICE_GIVES_UP),
    SENTENCE("geen nieuwe bezorgpoging", NOTICE_GIVES_UP),
    SENTENCE("geen verdere pogingen", NOTICE_GIVES_UP),
    SENTENCE("pogingen zijn gestaakt", NOTICE_GIVES_UP),
    SENTENCE("nie będą kontynuowane", NOTICE_GIVES_UP),
    SENTENCE("nie będzie kolejnych prób", NOTICE_GIVES_UP),
    SENTENCE("nie spróbuje ponownie", NOTICE_GIVES_UP),
    SENTENCE("zaniechano", NOTICE_GIVES_UP),
    SENTENCE("inga fler försök", NOTICE_GIVES_UP),
    SENTENCE("inga nya försök", NOTICE_GIVES_UP),
    SENTENCE("ikke flere forsøg", NOTICE_GIVES_UP),
    SENTENCE("ikke flere forsøk", NOTICE_GIVES_UP),
    SENTENCE("попытки прекращены", NOTICE_GIVES_UP),
    SENTENCE("доставки прекращены", NOTICE_GIVES_UP),
    SENTENCE("больше не будут", NOTICE_GIVES_UP),
    SENTENCE("не будут продолж", NOTICE_GIVES_UP),
    SENTENCE("再送を中止", NOTICE_GIVES_UP),
    SENTENCE("再試行を中止", NOTICE_GIVES_UP),
    SENTENCE("再送しません", NOTICE_GIVES_UP),
    SENTENCE("再試行しません", NOTICE_GIVES_UP),
    SENTENCE("再送は行いません", NOTICE_GIVES_UP),
    SENTENCE("再試行は行いません", NOTICE_GIVES_UP),
    SENTENCE("配信を断念", NOTICE_GIVES_UP),
    SENTENCE("재시도하지 않", NOTICE_GIVES_UP),
    SENTENCE("다시 시도하지 않", NOTICE_GIVES_UP),
    SENTENCE("시도를 중단", NOTICE_GIVES_UP),
    SENTENCE("不再继续尝试", NOTICE_GIVES_UP),
    SENTENCE("不会继续尝试", NOTICE_GIVES_UP),
    SENTENCE("不再尝试", NOTICE_GIVES_UP),
    SENTENCE("不会再次尝试", NOTICE_GIVES_UP),
    SENTENCE("不再重试", NOTICE_GIVES_UP),
    SENTENCE("停止尝试", NOTICE_GIVES_UP),
    SENTENCE("已放弃", NOTICE_GIVES_UP),
    SENTENCE("不再繼續嘗試", NOTICE_GIVES_UP),
    SENTENCE("不再嘗試", NOTICE_GIVES_UP),
    SENTENCE("不會再次嘗試", NOTICE_GIVES_UP),
    SENTENCE("停止嘗試", NOTICE_GIVES_UP),
    SENTENCE("已放棄", NOTICE_GIVES_UP),
    /* it came, if otherwise than it was sent */
    SENTENCE("was delivered, but ", NOTICE_ARRIVES),
    SENTENCE("was delivered but ", NOTICE_ARRIVES),
    SENTENCE("was delivered unencrypted", NOTICE_ARRIVES),
    SENTENCE("was delivered without", NOTICE_ARRIVES),
    SENTENCE("was delivered, without", NOTICE_ARRIVES),
    SENTENCE("has been delivered, but ", NOTICE_ARRIVES),
    SENTENCE("been delivered unencrypted", NOTICE_ARRIVES),
    SENTENCE("been delivered without", NOTICE_ARRIVES),
    /* ... or came in the end */
    SENTENCE("now been delivered", NOTICE_SOLVED),
    SENTENCE("has been delivered since", NOTICE_SOLVED),
    SENTENCE("have been delivered since", NOTICE_SOLVED),
    SENTENCE("has since been delivered", NOTICE_SOLVED),
    SENTENCE("have since been delivered", NOTICE_SOLVED),
    SENTENCE("meanwhile been delivered", NOTICE_SOLVED),
    SENTENCE("delivered in the meantime", NOTICE_SOLVED),
    SENTENCE("message itself was delivered", NOTICE_SOLVED),
    SENTENCE("message itself has been delivered", NOTICE_SOLVED),
    SENTENCE("was delivered through", NOTICE_SOLVED),
    SENTENCE("was delivered via", NOTICE_SOLVED),
    SENTENCE("been delivered through", NOTICE_SOLVED),
    SENTENCE("been delivered via", NOTICE_SOLVED),
    SENTENCE("was sent through the secure", NOTICE_SOLVED),
    SENTENCE("was sent through a secure", NOTICE_SOLVED),
    SENTENCE("was sent via the secure", NOTICE_SOLVED),
    SENTENCE("was sent via a secure", NOTICE_SOLVED),
    SENTENCE("inzwischen zugestellt", NOTICE_SOLVED),
    SENTENCE("mittlerweile zugestellt", NOTICE_SOLVED),
    SENTENCE("a finalement été remis", NOTICE_SOLVED),
    SENTENCE("entre-temps été remis", NOTICE_SOLVED),
    SENTENCE("ya ha sido entregado", NOTICE_SOLVED),
    SENTENCE("ya se ha entregado", NOTICE_SOLVED),
    SENTENCE("inmiddels bezorgd", NOTICE_SOLVED),
    SENTENCE("alsnog bezorgd", NOTICE_SOLVED),
    SENTENCE("本文は配信済", NOTICE_SOLVED),
    SENTENCE("本文は配信され", NOTICE_SOLVED),
    /* a desk answers: what follows are the words of whom it answers */
    SENTENCE("received your request", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your message", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your e-mail", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your email", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your mail", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your ticket", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your inquiry", NOTICE_ACKNOWLEDGES),
    SENTENCE("received your enquiry", NOTICE_ACKNOWLEDGES),
    SENTENCE("your request has been received", NOTICE_ACKNOWLEDGES),
    SENTENCE("thank you for your request", NOTICE_ACKNOWLEDGES),
    SENTENCE("thank you for your message", NOTICE_ACKNOWLEDGES),
    SENTENCE("thank you for your e-mail", NOTICE_ACKNOWLEDGES),
    SENTENCE("thank you for your email", NOTICE_ACKNOWLEDGES),
    SENTENCE("thank you for your inquiry", NOTICE_ACKNOWLEDGES),
    SENTENCE("thank you for contacting", NOTICE_ACKNOWLEDGES),
    SENTENCE("thanks for contacting", NOTICE_ACKNOWLEDGES),
    SENTENCE("in response to the creation of", NOTICE_ACKNOWLEDGES),
    SENTENCE("ticket has been created", NOTICE_ACKNOWLEDGES),
    SENTENCE("ticket has been opened", NOTICE_ACKNOWLEDGES),
    SENTENCE("opened a ticket", NOTICE_ACKNOWLEDGES),
    SENTENCE("created a ticket", NOTICE_ACKNOWLEDGES),
    SENTENCE("ticket number", NOTICE_ACKNOWLEDGES),
    SENTENCE("case number", NOTICE_ACKNOWLEDGES),
    SENTENCE("haben ihre anfrage", NOTICE_ACKNOWLEDGES),
    SENTENCE("haben ihre nachricht erhalten", NOTICE_ACKNOWLEDGES),
    SENTENCE("danke für ihre anfrage", NOTICE_ACKNOWLEDGES),
    SENTENCE("dank für ihre anfrage", NOTICE_ACKNOWLEDGES),
    SENTENCE("dank für ihre nachricht", NOTICE_ACKNOWLEDGES),
    SENTENCE("dank für ihre e-mail", NOTICE_ACKNOWLEDGES),
    SENTENCE("ihre anfrage wurde", NOTICE_ACKNOWLEDGES),
    SENTENCE("ticketnummer", NOTICE_ACKNOWLEDGES),
    SENTENCE("merci de nous avoir contact", NOTICE_ACKNOWLEDGES),
    SENTENCE("avons bien reçu votre", NOTICE_ACKNOWLEDGES),
    SENTENCE("avons reçu votre", NOTICE_ACKNOWLEDGES),
    SENTENCE("merci pour votre message", NOTICE_ACKNOWLEDGES),
    SENTENCE("merci pour votre demande", NOTICE_ACKNOWLEDGES),
    SENTENCE("hemos recibido su", NOTICE_ACKNOWLEDGES),
    SENTENCE("gracias por contactar", NOTICE_ACKNOWLEDGES),
    SENTENCE("gracias por su mensaje", NOTICE_ACKNOWLEDGES),
    SENTENCE("abbiamo ricevuto", NOTICE_ACKNOWLEDGES),
    SENTENCE("grazie per averci contattat", NOTICE_ACKNOWLEDGES),
    SENTENCE("recebemos a sua", NOTICE_ACKNOWLEDGES),
    SENTENCE("recebemos sua", NOTICE_ACKNOWLEDGES),
    SENTENCE("obrigado por entrar em contato", NOTICE_ACKNOWLEDGES),
    SENTENCE("hebben uw bericht ontvangen", NOTICE_ACKNOWLEDGES),
    SENTENCE("hebben uw aanvraag", NOTICE_ACKNOWLEDGES),
    SENTENCE("bedankt voor uw bericht", NOTICE_ACKNOWLEDGES),
    SENTENCE("otrzymaliśmy", NOTICE_ACKNOWLEDGES),
    SENTENCE("dziękujemy za kontakt", NOTICE_ACKNOWLEDGES),
    SENTENCE("получили ваш", NOTICE_ACKNOWLEDGES),
    SENTENCE("спасибо за обращение", NOTICE_ACKNOWLEDGES),
    SENTENCE("已收到您的", NOTICE_ACKNOWLEDGES),
    SENTENCE("お問い合わせ", NOTICE_ACKNOWLEDGES),
    SENTENCE("dank für ihre kontaktaufnahme", NOTICE_ACKNOWLEDGES),
    SENTENCE("ihr anliegen", NOTICE_ACKNOWLEDGES),
    SENTENCE("sie schrieben:", NOTICE_ACKNOWLEDGES),
    SENTENCE("tagit emot ditt", NOTICE_ACKNOWLEDGES),
    SENTENCE("tagit emot din", NOTICE_ACKNOWLEDGES),
    SENTENCE("tack för ditt meddelande", NOTICE_ACKNOWLEDGES),
    SENTENCE("tack för att du kontakt", NOTICE_ACKNOWLEDGES),
    SENTENCE("tak for din henvendelse", NOTICE_ACKNOWLEDGES),
    SENTENCE("takk for din henvendelse", NOTICE_ACKNOWLEDGES),
    SENTENCE("お問合せ", NOTICE_ACKNOWLEDGES),
    SENTENCE("受け付けました", NOTICE_ACKNOWLEDGES),
    SENTENCE("受付いたしました", NOTICE_ACKNOWLEDGES),
    SENTENCE("受付しました", NOTICE_ACKNOWLEDGES),
    /* what somebody sends on follows */
    SENTENCE("--- forwarded message", NOTICE_ACKNOWLEDGES),
    SENTENCE("begin forwarded message", NOTICE_ACKNOWLEDGES),
    SENTENCE("-- weitergeleitete nachricht", NOTICE_ACKNOWLEDGES),
    SENTENCE("--- message transféré", NOTICE_ACKNOWLEDGES),
    SENTENCE("--- mensaje reenviado", NOTICE_ACKNOWLEDGES),
    SENTENCE("--- messaggio inoltrato", NOTICE_ACKNOWLEDGES),
    SENTENCE("--- mensagem encaminhada", NOTICE_ACKNOWLEDGES),
    SENTENCE("--- doorgestuurd bericht", NOTICE_ACKNOWLEDGES),
    /* what somebody wrote into a form follows */
    SENTENCE("filled in your form", NOTICE_FORM),
    SENTENCE("filled out your form", NOTICE_FORM),
    SENTENCE("filled in the contact form", NOTICE_FORM),
    SENTENCE("filled out the contact form", NOTICE_FORM),
    SENTENCE("through the contact form", NOTICE_FORM),
    SENTENCE("via the contact form", NOTICE_FORM),
    SENTENCE("über das kontaktformular", NOTICE_FORM),
    SENTENCE("via le formulaire de contact", NOTICE_FORM),
    /* it was delivered */
    SENTENCE("was successfully delivered", NOTICE_SUCCEEDS),
    SENTENCE("successful delivery notifications", NOTICE_SUCCEEDS),
    SENTENCE("was relayed to these", NOTICE_SUCCEEDS),
    SENTENCE("was delivered to these", NOTICE_SUCCEEDS),
    SENTENCE("was delivered to the following", NOTICE_SUCCEEDS),
    SENTENCE("has been delivered to the following", NOTICE_SUCCEEDS),
    SENTENCE("have been delivered to the following", NOTICE_SUCCEEDS),
    /* addresses follow that this is said of */
    SENTENCE("following address", NOTICE_ANNOUNCES),
    SENTENCE("following recipient", NOTICE_ANNOUNCES),
    SENTENCE("these recipients", NOTICE_ANNOUNCES),
    SENTENCE("to some recipients", NOTICE_ANNOUNCES),
    SENTENCE("following user", NOTICE_ANNOUNCES),
    SENTENCE("following mailbox", NOTICE_ANNOUNCES),
    SENTENCE("following destination", NOTICE_ANNOUNCES),
    SENTENCE("the affected recipients", NOTICE_ANNOUNCES),
    SENTENCE("delivery of email to this address", NOTICE_ANNOUNCES),
    SENTENCE("addressed to email address", NOTICE_ANNOUNCES),
    SENTENCE("one or more of its recipients", NOTICE_ANNOUNCES),
    SENTENCE("one or more recipients", NOTICE_ANNOUNCES),
    SENTENCE("of the intended recipients", NOTICE_ANNOUNCES),
    SENTENCE("not be delivered to:", NOTICE_ANNOUNCES),
    SENTENCE("not delivered to:", NOTICE_ANNOUNCES),
    SENTENCE("addresses had permanent fatal errors", NOTICE_ANNOUNCES),
    SENTENCE("folgenden empfänger", NOTICE_ANNOUNCES),
    SENTENCE("folgende adresse", NOTICE_ANNOUNCES),
    SENTENCE("folgenden adresse", NOTICE_ANNOUNCES),
    SENTENCE("folgende empfänger", NOTICE_ANNOUNCES),
    SENTENCE("diese empfänger", NOTICE_ANNOUNCES),
    SENTENCE("destinataires suivants", NOTICE_ANNOUNCES),
    SENTENCE("destinataire suivant", NOTICE_ANNOUNCES),
    SENTENCE("ces destinataires", NOTICE_ANNOUNCES),
    SENTENCE("adresses suivantes", NOTICE_ANNOUNCES),
    SENTENCE("adresse suivante", NOTICE_ANNOUNCES),
    SENTENCE("destinatarios siguientes", NOTICE_ANNOUNCES),
    SENTENCE("siguientes destinatarios", NOTICE_ANNOUNCES),
    SENTENCE("siguiente destinatario", NOTICE_ANNOUNCES),
    SENTENCE("estos destinatarios", NOTICE_ANNOUNCES),
    SENTENCE("siguientes direcciones", NOTICE_ANNOUNCES),
    SENTENCE("siguiente dirección", NOTICE_ANNOUNCES),
    SENTENCE("seguenti destinatari", NOTICE_ANNOUNCES),
    SENTENCE("seguente destinatario", NOTICE_ANNOUNCES),
    SENTENCE("questi destinatari", NOTICE_ANNOUNCES),
    SENTENCE("destinatari seguenti", NOTICE_ANNOUNCES),
    SENTENCE("seguenti indirizzi", NOTICE_ANNOUNCES),
    SENTENCE("seguente indirizzo", NOTICE_ANNOUNCES),
    SENTENCE("seguintes destinatários", NOTICE_ANNOUNCES),
    SENTENCE("seguinte destinatário", NOTICE_ANNOUNCES),
    SENTENCE("estes destinatários", NOTICE_ANNOUNCES),
    SENTENCE("seguintes endereços", NOTICE_ANNOUNCES),
    SENTENCE("seguinte endereço", NOTICE_ANNOUNCES),
    SENTENCE("volgende geadresseerde", NOTICE_ANNOUNCES),
    SENTENCE("volgende ontvanger", NOTICE_ANNOUNCES),
    SENTENCE("deze geadresseerden", NOTICE_ANNOUNCES),
    SENTENCE("deze ontvangers", NOTICE_ANNOUNCES),
    SENTENCE("volgende adres", NOTICE_ANNOUNCES),
    SENTENCE("następujących adresatów", NOTICE_ANNOUNCES),
    SENTENCE("następujących odbiorców", NOTICE_ANNOUNCES),
    SENTENCE("następującego odbiorcy", NOTICE_ANNOUNCES),
    SENTENCE("następujących adresów", NOTICE_ANNOUNCES),
    SENTENCE("następujący adres", NOTICE_ANNOUNCES),
    SENTENCE("tych adresatów", NOTICE_ANNOUNCES),
    SENTENCE("följande mottagare", NOTICE_ANNOUNCES),
    SENTENCE("følgende modtager", NOTICE_ANNOUNCES),
    SENTENCE("følgende mottaker", NOTICE_ANNOUNCES),
    SENTENCE("následujícím příjemcům", NOTICE_ANNOUNCES),
    SENTENCE("aşağıdaki alıcı", NOTICE_ANNOUNCES),
    SENTENCE("одному или нескольким получателям", NOTICE_ANNOUNCES),
    SENTENCE("одному или нескольким адресатам", NOTICE_ANNOUNCES),
    SENTENCE("следующим получателям", NOTICE_ANNOUNCES),
    SENTENCE("следующим адресатам", NOTICE_ANNOUNCES),
    SENTENCE("следующему получателю", NOTICE_ANNOUNCES),
    SENTENCE("следующим адресам", NOTICE_ANNOUNCES),
    SENTENCE("следующему адресу", NOTICE_ANNOUNCES),
    SENTENCE("以下のメールアドレス", NOTICE_ANNOUNCES),
    SENTENCE("以下の受信者", NOTICE_ANNOUNCES),
    SENTENCE("次の受信者", NOTICE_ANNOUNCES),
    SENTENCE("以下の宛先", NOTICE_ANNOUNCES),
    SENTENCE("次の宛先", NOTICE_ANNOUNCES),
    SENTENCE("下記の宛先", NOTICE_ANNOUNCES),
    SENTENCE("以下のアドレス", NOTICE_ANNOUNCES),
    SENTENCE("下記のアドレス", NOTICE_ANNOUNCES),
    SENTENCE("次のアドレス", NOTICE_ANNOUNCES),
    SENTENCE("下記のメールアドレス", NOTICE_ANNOUNCES),
    SENTENCE("以下收件人", NOTICE_ANNOUNCES),
    SENTENCE("下列收件人", NOTICE_ANNOUNCES),
    SENTENCE("这些收件人", NOTICE_ANNOUNCES),
    SENTENCE("以下地址", NOTICE_ANNOUNCES),
    SENTENCE("下列地址", NOTICE_ANNOUNCES),
    SENTENCE("다음 받는 사람", NOTICE_ANNOUNCES),
    SENTENCE("다음 수신자", NOTICE_ANNOUNCES),
    SENTENCE("다음 주소", NOTICE_ANNOUNCES),
    /* a copy of the message follows, or its headers */
    SENTENCE("--- below this line is a copy of the", NOTICE_COPY_FOLLOWS),
    SENTENCE("message headers follow.", NOTICE_COPY_FOLLOWS),
    SENTENCE("message headers follow:", NOTICE_COPY_FOLLOWS),
    SENTENCE("copy of the message header", NOTICE_COPY_FOLLOWS),
    SENTENCE("lines of your original message follow", NOTICE_COPY_FOLLOWS),
    SENTENCE("原信件的一份拷贝", NOTICE_COPY_FOLLOWS),
    SENTENCE("original message follows.", NOTICE_COPY_FOLLOWS),
    SENTENCE("original message headers:", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- this is a copy of the message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- this is a copy of your message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- original message", NOTICE_COPY_FOLLOWS),
    SENTENCE("---original message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- unsent message follows", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- returned message", NOTICE_COPY_FOLLOWS),
    SENTENCE("--- the header of the original message is following", NOTICE_COPY_FOLLOWS),
    SENTENCE("lines of the message follow", NOTICE_COPY_FOLLOWS),
    SENTENCE("truncated original message follows", NOTICE_COPY_FOLLOWS),
    /* what was said between the servers */
    SENTENCE("----- transcript of session follows", NOTICE_TRANSCRIPT),
    SENTENCE("--- session transcript ---", NOTICE_TRANSCRIPT),
    /* it was the reader who sent it */
    SENTENCE("your message", NOTICE_YOURS),
    SENTENCE("your e-mail", NOTICE_YOURS),
    SENTENCE("your email", NOTICE_YOURS),
    SENTENCE("your mail was", NOTICE_YOURS),
    SENTENCE("your mail to", NOTICE_YOURS),
    SENTENCE("your mail could", NOTICE_YOURS),
    SENTENCE("you sent", NOTICE_YOURS),
    SENTENCE("ihre nachricht", NOTICE_YOURS),
    SENTENCE("ihre e-mail", NOTICE_YOURS),
    SENTENCE("ihre mail ", NOTICE_YOURS),
    SENTENCE("deine nachricht", NOTICE_YOURS),
    SENTENCE("votre message", NOTICE_YOURS),
    SENTENCE("votre courriel", NOTICE_YOURS),
    SENTENCE("votre e-mail", NOTICE_YOURS),
    SENTENCE("su mensaje", NOTICE_YOURS),
    SENTENCE("tu mensaje", NOTICE_YOURS),
    SENTENCE("su correo", NOTICE_YOURS),
    SENTENCE("tuo messaggio", NOTICE_YOURS),
    SENTENCE("suo messaggio", NOTICE_YOURS),
    SENTENCE("sua mensagem", NOTICE_YOURS),
    SENTENCE("uw bericht", NOTICE_YOURS),
    SENTENCE("je bericht", NOTICE_YOURS),
    SENTENCE("twoja wiadomość", NOTICE_YOURS),
    SENTENCE("аше письмо", NOTICE_YOURS),
    SENTENCE("аше сообщение", NOTICE_YOURS),
    SENTENCE("您的邮件", NOTICE_YOURS),
    SENTENCE("您发送的邮件", NOTICE_YOURS),
    /* what follows in the sentence has not happened */
    SENTENCE("if", NOTICE_SUPPOSES),
    SENTENCE("unless", NOTICE_SUPPOSES),
    SENTENCE("whether", NOTICE_SUPPOSES),
    SENTENCE("in case", NOTICE_SUPPOSES),
    SENTENCE("wenn", NOTICE_SUPPOSES),
    SENTENCE("falls", NOTICE_SUPPOSES),
    SENTENCE("si votre", NOTICE_SUPPOSES),
    SENTENCE("si le message", NOTICE_SUPPOSES),
    SENTENCE("si su", NOTICE_SUPPOSES),
    SENTENCE("si el mensaje", NOTICE_SUPPOSES),
    SENTENCE("se il", NOTICE_SUPPOSES),
    SENTENCE("se a sua", NOTICE_SUPPOSES),
    SENTENCE("als uw", NOTICE_SUPPOSES),
    SENTENCE("als je", NOTICE_SUPPOSES),
    SENTENCE("jeśli", NOTICE_SUPPOSES),
    SENTENCE("jeżeli", NOTICE_SUPPOSES),
    SENTENCE("если", NOTICE_SUPPOSES),
    SENTENCE("Если", NOTICE_SUPPOSES),
    /* the title of the reader's message follows */
    SENTENCE("subject:", NOTICE_NAMES_TITLE),
    SENTENCE("betreff:", NOTICE_NAMES_TITLE),
    SENTENCE("objet :", NOTICE_NAMES_TITLE),
    SENTENCE("objet:", NOTICE_NAMES_TITLE),
    SENTENCE("asunto:", NOTICE_NAMES_TITLE),
    SENTENCE("oggetto:", NOTICE_NAMES_TITLE),
    SENTENCE("assunto:", NOTICE_NAMES_TITLE),
    SENTENCE("onderwerp:", NOTICE_NAMES_TITLE),
    SENTENCE("temat:", NOTICE_NAMES_TITLE),
    SENTENCE("тема:", NOTICE_NAMES_TITLE),
    SENTENCE("темой:", NOTICE_NAMES_TITLE),
    SENTENCE("ämne:", NOTICE_NAMES_TITLE),
    SENTENCE("emne:", NOTICE_NAMES_TITLE),
    SENTENCE("件名:", NOTICE_NAMES_TITLE),
    SENTENCE("件名：", NOTICE_NAMES_TITLE),
    SENTENCE("主题：", NOTICE_NAMES_TITLE),
    SENTENCE("主旨：", NOTICE_NAMES_TITLE),
    SENTENCE("제목:", NOTICE_NAMES_TITLE),
    SENTENCE("when", NOTICE_SUPPOSES_FIRST),
    SENTENCE("earlier", NOTICE_SUPPOSES_FIRST),
};

#define SENTENCES (sizeof sentences / sizeof sentences[0])

_Static_assert(SENTENCES <= NOTICE_SENTENCES_MAX, "each has a place in the index");

const struct notice_sentence *notice_sentence(unsigned i) {
    return i < SENTENCES ? &sentences[i] : NULL;
}

/* Of what ends with these two bytes. */
static size_t bucket_of(uint8_t before, uint8_t last) {
    return (ascii_lower(before) * 31u + ascii_lower(last)) % NOTICE_BUCKETS;
}

/* 0 fits any. */
static uint16_t tag_of(struct span words) {
    return words.len < 3 ? 0 : (uint16_t)(1 + ascii_lower(words.data[words.len - 3]) % 63);
}

void notice_index_make(struct notice_index *index) {
    memset(index, 0, sizeof *index);
    for (size_t i = SENTENCES; i > 0; i--) {
        struct span words = span_of((const uint8_t *)sentences[i - 1].words, sentences[i - 1].len);
        size_t bucket = bucket_of(words.data[words.len - 2], words.data[words.len - 1]);
        index->next[i] = index->first[bucket];
        index->first[bucket] = (uint16_t)((unsigned)tag_of(words) << NOTICE_ROW_BITS | i);
    }
}

/* A dot or colon inside a name or an address ends no sentence. */
static bool ends_sentence(struct span text, size_t at) {
    uint8_t c = text.data[at];
    return (c == '.' || c == ':' || c == '!' || c == '?') && (at + 1 == text.len || ascii_is_space(text.data[at + 1]));
}

struct span notice_sentence_head(struct span text) {
    for (size_t at = 0; at < text.len; at++)
        if (text.data[at] == '.' && ends_sentence(text, at)) return span_head(text, at);
    return text;
}

/* "----- Original message" begins its line. */
static bool is_ruled(struct span text, size_t line, size_t at) {
    while (line < at && (text.data[line] == '-' || text.data[line] == ' ')) line++;
    return line == at;
}

static bool is_word(struct span text, size_t at, size_t end) {
    uint8_t const before = at == 0 ? ' ' : text.data[at - 1];
    bool const begins = ascii_is_space(before) || before == '(' || before == '[' || before == '"' || before == '\'';
    return begins &&
           (end == text.len || ascii_is_space(text.data[end]) || text.data[end] == ',' || text.data[end] == '"');
}

/* A look at a text, from its left to its right. */
struct marking {
    struct span text;
    size_t line;     /* where its last line begins */
    size_t sentence; /* where the sentence at hand begins; text.len: before the text */
    unsigned known, marks;
    struct notice_sense *sense;
    bool titled; /* the line itself names a title: that ends with the line, whatever stands in it */
};

#define HAPPENED (NOTICE_FAILS | NOTICE_GIVES_UP | NOTICE_DELAYS | NOTICE_ARRIVES | NOTICE_SOLVED)
#define COUNT_BESIDE_A_TITLE (NOTICE_FAILS | NOTICE_ANNOUNCES | NOTICE_YOURS | NOTICE_PROGRAM)

/* "The train is delayed" is no notice. */
static bool names_mail(struct span before, size_t sentence) {
    static const char *const names[] = {"message", "mail", "delivery", NULL};
    struct span const words = span_from(before, sentence < before.len ? sentence : 0);
    for (const char *const *name = names; *name != NULL; name++)
        if (report_has(words, span_from_string(*name))) return true;
    return false;
}

/* The words stand in [at, end). */
static void note_sentence(struct marking *marking, size_t at, size_t end, unsigned marks) {
    if ((marks & NOTICE_NAMES_TITLE) != 0) {
        marking->sense->titled = marking->titled = true;
        return;
    }
    if (marking->sense->titled && (marks & ~(unsigned)COUNT_BESIDE_A_TITLE) != 0) return;
    if ((marks & (NOTICE_SUPPOSES | NOTICE_SUPPOSES_FIRST)) != 0) {
        bool first = at >= marking->sentence &&
                     span_trim(span_slice(marking->text, marking->sentence, at - marking->sentence)).len == 0;
        if (is_word(marking->text, at, end) && (first || (marks & NOTICE_SUPPOSES) != 0))
            marking->sense->supposed = true;
        return;
    }
    struct notice_sense *sense = marking->sense;
    if ((marks & HAPPENED) != 0 && sense->supposed) return;
    if ((marks & NOTICE_OF_MAIL) != 0 && !sense->yours && !names_mail(span_head(marking->text, at), marking->sentence))
        return;
    marks &= ~(unsigned)NOTICE_OF_MAIL;
    sense->failed |= (marks & NOTICE_FAILS) != 0;
    sense->yours |= (marks & NOTICE_YOURS) != 0;
    marks &= ~(unsigned)NOTICE_YOURS;
    if (sense->yours && sense->failed) marking->marks |= NOTICE_YOURS;
    if (marking->text.data[at] == '-' && !is_ruled(marking->text, marking->line, at)) return;
    marking->marks |= marks & ~marking->known;
}

/* Of those that end before the byte `end`. */
static void note_end(struct marking *marking, const struct notice_index *index, size_t end) {
    const uint8_t *bytes = marking->text.data;
    uint16_t const tag = tag_of(span_head(marking->text, end));
    uint16_t entry = index->first[bucket_of(bytes[end - 2], bytes[end - 1])];
    for (size_t row; (row = entry & ((1u << NOTICE_ROW_BITS) - 1)) != 0; entry = index->next[row]) {
        if (entry >> NOTICE_ROW_BITS != 0 && entry >> NOTICE_ROW_BITS != tag) continue;
        const struct notice_sentence *sentence = &sentences[row - 1];
        struct span words = span_of((const uint8_t *)sentence->words, sentence->len);
        unsigned const said = marking->marks | marking->known;
        bool const again = (said & NOTICE_YOURS) != 0 || (sentence->marks & NOTICE_FAILS) == 0;
        if (((sentence->marks & ~said) == 0 && again) || words.len > end) continue;
        if (span_equal_nocase(span_slice(marking->text, end - words.len, words.len), words))
            note_sentence(marking, end - words.len, end, sentence->marks);
    }
}

unsigned notice_marks(const struct notice_index *index, struct span text, size_t old, unsigned known,
                      struct notice_sense *sense) {
    struct marking marking = {.text = text,
                              .line = old > 0 ? old + 1 : 0,
                              .sentence = sense->begun ? text.len : old,
                              .known = known,
                              .sense = sense};
    bool begun = sense->begun;
    for (size_t end = old + 1; end <= text.len; end++) {
        if (end >= 2) note_end(&marking, index, end);
        if (!ends_sentence(text, end - 1)) continue;
        *sense = (struct notice_sense){.titled = marking.titled};
        begun = false;
        marking.sentence = end;
    }
    sense->begun = begun || span_trim(span_from(text, marking.sentence)).len > 0;
    return marking.marks;
}

size_t notice_failure(const struct notice_index *index, struct span text, size_t *begin) {
    for (size_t end = 2; end <= text.len; end++) {
        uint16_t entry = index->first[bucket_of(text.data[end - 2], text.data[end - 1])];
        for (size_t row; (row = entry & ((1u << NOTICE_ROW_BITS) - 1)) != 0; entry = index->next[row]) {
            const struct notice_sentence *sentence = &sentences[row - 1];
            struct span words = span_of((const uint8_t *)sentence->words, sentence->len);
            if ((sentence->marks & NOTICE_FAILS) == 0 || words.len > end) continue;
            if (!span_equal_nocase(span_slice(text, end - words.len, words.len), words)) continue;
            *begin = end - words.len;
            return end;
        }
    }
    return 0;
}

/* --- what stands before an address -------------------------------------------------------------------------------- */

#define OPENING(words, flags) \
    { words, sizeof(words) - 1, flags }

static const struct notice_opening openings[] = {
    OPENING("error delivering your mail to ", NOTICE_SURE | NOTICE_BEHIND_BLANK),
    OPENING("wasn't delivered to ", NOTICE_SURE),
    OPENING("was not delivered to ", NOTICE_SURE),
    OPENING("was not delivered to:", NOTICE_SURE | NOTICE_AT_START), /* Domino */
    OPENING("has not been delivered to ", NOTICE_SURE),
    OPENING("couldn't be delivered to ", NOTICE_SURE),
    OPENING("not be delivered to ", NOTICE_SURE),
    OPENING("delivery to ", NOTICE_THEN_FAILED),
    OPENING("unable to deliver message to ", NOTICE_SURE),
    OPENING("unable to deliver message to:", NOTICE_SURE),
    OPENING("unable to deliver your message to ", NOTICE_SURE),
    OPENING("could not be delivered to:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("failed recipient:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("failed address:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("unknown user:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("user mailbox exceeds allowed size:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("invalid final delivery userid:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("undeliverable to ", NOTICE_SURE | NOTICE_AT_START),
    OPENING("undeliverable address:", NOTICE_SURE | NOTICE_AT_START),
    OPENING("user's mailbox is full:", NOTICE_SURE | NOTICE_AT_START | NOTICE_IS_REASON),
    OPENING("rejected recipient ", NOTICE_SURE),
    OPENING("message not delivered to ", NOTICE_SURE | NOTICE_AT_START),
    OPENING("mail not delivered to ", NOTICE_SURE | NOTICE_AT_START),
    OPENING("failed to deliver to ", NOTICE_SURE | NOTICE_AT_START), /* CommuniGate */
    OPENING("nachricht wurde nicht an ", NOTICE_SURE),               /* Google */
    OPENING("a pas été remis à ", NOTICE_SURE),
    OPENING("a pas été distribué à ", NOTICE_SURE),
    OPENING("mensaje no se ha entregado a ", NOTICE_SURE),
    OPENING("messaggio non è stato recapitato a ", NOTICE_SURE),
    OPENING("mensagem não foi entregue a ", NOTICE_SURE),
    OPENING("mensagem não foi entregue para ", NOTICE_SURE),
    OPENING("bericht is niet bezorgd bij ", NOTICE_SURE),
    OPENING("nie została dostarczona na adres ", NOTICE_SURE),
    OPENING("recipient:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("empfänger:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("destinataire :", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("destinataire:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("destinatario:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("destinatário:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("ontvanger:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("odbiorca:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("Получатель:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("宛先:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("addressed to:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("intended recipient:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("final-recipient: rfc822;", NOTICE_AT_START | NOTICE_LISTED), /* in a text */
    OPENING("收件人", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("recipient address:", NOTICE_AT_START | NOTICE_LISTED | NOTICE_PAIRED),
    OPENING("rcpt to:", NOTICE_AT_START | NOTICE_LISTED),
    OPENING("generated by ", NOTICE_AT_START | NOTICE_LISTED), /* Exim: "save to /var/mail/kim", and for whom */
    OPENING("message to ", 0),                                 /* what stands around it says more */
    OPENING("mail to ", 0),                                    /* e-mail, email */
    OPENING("ihre nachricht an ", 0),
    OPENING("ihre e-mail an ", 0),
    OPENING("votre message à ", 0),
    OPENING("su mensaje a ", 0),
    OPENING("su mensaje para ", 0),
    OPENING("il messaggio inviato a ", 0),
    OPENING("sua mensagem para ", 0),
    OPENING("uw bericht aan ", 0),
    OPENING("аше письмо для ", 0),
    OPENING("аше сообщение для ", 0),
};

static size_t find_start(struct span text, struct span words) {
    return span_starts_with_nocase(text, words) ? 0 : text.len;
}

const struct notice_opening *notice_opening(struct span text, unsigned *after, size_t *at, size_t *behind) {
    for (; *after < sizeof openings / sizeof openings[0]; (*after)++) {
        const struct notice_opening *opening = &openings[*after];
        struct span words = span_of((const uint8_t *)opening->words, opening->len);
        *at = (opening->flags & NOTICE_AT_START) != 0 ? find_start(text, words) : report_find(text, words);
        if (*at == text.len) continue;
        *behind = *at + words.len;
        (*after)++;
        return opening;
    }
    return NULL;
}

/* --- what stands before a reason ---------------------------------------------------------------------------------- */

#define REASON_BYTES_MIN 5 /* of the shortest row */
#define REASON(words, at_start, of_it) \
    { words, sizeof(words) - 1, at_start, of_it }

static const struct {
    const char *words;
    uint8_t len;
    bool at_start;
    bool of_it; /* the words are part of the reason, and it is one only behind an address */
} reasons[] = {
    REASON("reason:", true, false),
    REASON("reason for failure:", true, false),
    REASON("grund:", true, false),
    REASON("raison :", true, false),
    REASON("raison:", true, false),
    REASON("motif :", true, false),
    REASON("motif:", true, false),
    REASON("motivo:", true, false),
    REASON("reden:", true, false),
    REASON("powód:", true, false),
    REASON("Причина:", true, false),
    REASON("理由:", true, false),
    REASON("because:", true, false),
    REASON("error: ", true, false),
    REASON("------- failure reasons", true, false), /* Notes */
    REASON("----- non-delivered information", true, false),
    REASON("error message:", true, false),
    REASON("error message below:", true, false),
    REASON("the response was:", true, false),
    REASON("technical details:", true, false),
    REASON("technical details of permanent failure:", true, false),
    REASON("technical details of temporary failure:", true, false),
    REASON("could not be delivered because of", true, false),
    REASON("received >>> ", true, false), /* InterScan: what came from the other server */
    REASON("-------server message", true, false),
    REASON("the error that the other server returned was:", false, false),
    REASON("the response from the remote server was:", false, false),
    REASON("for the following reason:", false, false),
    REASON("for the following reasons:", false, false),
    REASON("the group you tried to contact ", false, false), /* Google Groups */
    REASON("the problem appears to be :", true, false),      /* Mimecast */
    REASON("additional information follows :", true, false),
    REASON("diagnostic-code: smtp;", true, false),
    REASON("退信原因：", true, false),
    REASON("原因：", true, false),
    REASON("失败原因：", true, false),
    REASON("英文说明:", true, false),
    REASON("host ", true, true),
    REASON("smtp error from remote", true, true),
    REASON("has been postponed", true, true),
};

/* "550 why", "550-5.1.1 why": a reply at the start of a line. */
static bool is_refusal(struct span text) {
    return text.len > 4 && (text.data[0] == '4' || text.data[0] == '5') && text.data[1] >= '0' && text.data[1] <= '5' &&
           ascii_is_digit(text.data[2]) && (text.data[3] == ' ' || text.data[3] == '-');
}

size_t notice_reason(struct span text, bool behind_address) {
    if (text.len < REASON_BYTES_MIN) return NOTICE_NO_REASON;
    if (behind_address && is_refusal(text)) return 0;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        struct span words = span_of((const uint8_t *)reasons[i].words, reasons[i].len);
        size_t at = reasons[i].at_start ? find_start(text, words) : report_find(text, words);
        if (at == text.len) continue;
        if (!reasons[i].of_it) return at + words.len;
        if (behind_address) return at;
    }
    return NOTICE_NO_REASON;
}
