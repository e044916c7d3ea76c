/* Tests of what subjects say.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../decoders/report_internal.h"
#include "report_run.h"

static void test_subjects(void **state) {
    (void)state;
    static const struct {
        const char *subject;
        enum report_subject says;
    } cases[] = {
        {"", SUBJECT_OTHER},
        {"Your order", SUBJECT_OTHER},
        {"Undeliverable: Your order", SUBJECT_UNDELIVERED},
        {"FAILURE NOTICE", SUBJECT_UNDELIVERED},
        {"Unzustellbar: Ihre Bestellung", SUBJECT_UNDELIVERED},
        {"Échec de la remise : votre commande", SUBJECT_UNDELIVERED},
        {"Недоставленное сообщение", SUBJECT_UNDELIVERED},
        {"系统退信", SUBJECT_UNDELIVERED},
        /* another mail's */
        {"Fwd: Undeliverable: Your order", SUBJECT_OTHER},
        {"Re: Undelivered Mail", SUBJECT_OTHER},
        {"Return: Undelivered Mail", SUBJECT_UNDELIVERED},
        {"[Ticket#123] Mail could not be delivered", SUBJECT_OTHER},
        {"[#", SUBJECT_OTHER},
        {"[#] undelivered", SUBJECT_UNDELIVERED},
        {"[Warning] undelivered #1]", SUBJECT_UNDELIVERED},
        /* in whose words it begins */
        {"Undeliverable: Out of office", SUBJECT_UNDELIVERED},
        {"Undeliverable: Holiday offers", SUBJECT_UNDELIVERED},
        {"Out of office: Delivery of your order", SUBJECT_ANSWERS},
        {"Urlaub: Re: Delivery", SUBJECT_AWAY},
        {"Re: Bob is OUT OF THE OFFICE", SUBJECT_ANSWERS},
        {"Abwesenheitsnotiz: Re: Ihre Bestellung", SUBJECT_ANSWERS},
        {"Away until May 5", SUBJECT_ANSWERS},
        {"Abwesenheit", SUBJECT_ANSWERS},
        {"Absent du bureau : Re: votre commande", SUBJECT_ANSWERS},
        {"Réponse automatique : votre commande", SUBJECT_ANSWERS},
        {"RÉPONSE AUTOMATIQUE", SUBJECT_ANSWERS},
        {"Respuesta automática: Su pedido", SUBJECT_ANSWERS},
        {"Risposta automatica: Ordine", SUBJECT_ANSWERS},
        {"Resposta automática: Pedido", SUBJECT_ANSWERS},
        {"Automatisch antwoord: Bestelling", SUBJECT_ANSWERS},
        {"Odpowiedź automatyczna: Zamówienie", SUBJECT_ANSWERS},
        {"Автоответ: заказ", SUBJECT_ANSWERS},
        {"不在通知", SUBJECT_ANSWERS},
        {"自動返信: ご注文", SUBJECT_ANSWERS},
        {"自动回复: 订单", SUBJECT_ANSWERS},
        {"부재중 알림", SUBJECT_ANSWERS},
        {"Absence : votre commande", SUBJECT_ANSWERS},
        {"Răspuns automat: Undeliverable", SUBJECT_ANSWERS},
        {"תשובה אוטומטית: Delivery", SUBJECT_ANSWERS},
        {"Αυτόματη απάντηση: Undeliverable", SUBJECT_ANSWERS},
        {"In the absence of Bob", SUBJECT_AWAY},
        {"Отсутствую до понедельника", SUBJECT_ANSWERS},
        {"Summer holiday offers", SUBJECT_AWAY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct guarded guarded = guard_copy(span_from_string(cases[i].subject));
        enum report_subject const says = report_subject(guarded.bytes);
        guard_free(&guarded);
        if (says != cases[i].says) fail_msg("%s: %u", cases[i].subject, says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_subjects)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
