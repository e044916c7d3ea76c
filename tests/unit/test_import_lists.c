/* Lists of addresses, and the functions that ask for them, as Mail::SpamAssassin's plugins FreeMail and WLBLEval 4.0.1
 * read them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_regex.h"
#include "import_run.h"

static const char rules[] =
    "freemail_domains Mail.example gmx.*\n"
    "freemail_domains my-mail.?b\n"
    "enlist_addrlist (BANKS) *@bank.example *@*.bank.example\n"
    "enlist_addrlist (BANKS) a.b+c@other.example x?@y.example\n"
    "header FREE eval:check_freemail_from()\n"
    "score FREE 2.5\n"
    "header FREE_REPLY eval:check_freemail_header('Reply-To')\n"
    "header FREE_DIGIT eval:check_freemail_header('Reply-To:addr', '\\d@')\n"
    "header FREE_ENVELOPE eval:check_freemail_header('EnvelopeFrom')\n"
    "header BANK eval:check_from_in_list('BANKS')\n"
    "header NO_BANK eval:check_from_in_list('NONE')\n"
    "meta BOTH FREE && BANK\n";

static const struct import_rule *rule_of(const struct import_run *run, const char *name) {
    const struct import_rule *rule = import_set_find(&run->set, span_from_string(name));
    if (rule == NULL) fail_msg("no rule %s", name);
    return rule;
}

static void assert_fits(const struct import_rule *rule, const char *address, bool expected) {
    assert_non_null(rule->match);
    if (import_regex_matches(rule->match, span_from_string(address)) != expected)
        fail_msg("%s: %s", rule->match, address);
}

static void domains_of_free_mail(void **state) {
    (void)state;
    static const char *const in[] = {"a@mail.example", "a@MAIL.EXAMPLE", "a@gmx.net", "a@my-mail.ab"};
    static const char *const out[] = {"a@xmail.example", "a@mail.example.org", "a@mailxexample", "a@gmx.co.uk",
                                      "a@my-mail..b",    "a@my-mail.b",        "mail.example",   "a@b.gmx.net"};
    struct import_run run;
    import_run(&run, rules);
    const struct import_rule *rule = rule_of(&run, "__FREE_1");
    assert_string_equal(rule->look_at,
                        "[header From:addr, header Resent-From:addr, header Envelope-Sender:addr, header "
                        "X-Envelope-From:addr, header Return-Path:addr]");
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) assert_fits(rule, in[i], true);
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) assert_fits(rule, out[i], false);
    assert_string_equal(rule_of(&run, "FREE")->when, "__FREE_1");
    assert_true(import_points(rule_of(&run, "FREE")) == 2.5);
    assert_int_equal(rule_of(&run, "FREE")->line, 5);
    assert_int_equal(rule->line, 5); /* it stands where the rule does that it was made for */
    import_run_end(&run);
}

static void addresses_of_a_list(void **state) {
    (void)state;
    static const char *const in[] = {"x@bank.example", "x@a.b.bank.example", "A.B+c@other.example", "x1@y.example"};
    static const char *const out[] = {"x@bank.example.org",  "x@thebank.example", "xa.b+c@other.example",
                                      "aXb+c@other.example", "x12@y.example",     "ax1@y.example"};
    struct import_run run;
    import_run(&run, rules);
    const struct import_rule *rule = rule_of(&run, "__BANK_1");
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) assert_fits(rule, in[i], true);
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) assert_fits(rule, out[i], false);
    assert_int_equal(rule_of(&run, "NO_BANK")->state, IMPORT_REFUSED);
    assert_int_equal(rule_of(&run, "BOTH")->state, IMPORT_CONVERTED);
    import_run_end(&run);
}

static void other_headers(void **state) {
    (void)state;
    struct import_run run;
    import_run(&run, rules);
    assert_string_equal(rule_of(&run, "__FREE_REPLY_1")->look_at, "header Reply-To:addr");
    assert_string_equal(rule_of(&run, "__FREE_DIGIT_ALSO")->look_at, "header Reply-To:addr");
    assert_string_equal(rule_of(&run, "FREE_DIGIT")->when, "__FREE_DIGIT_1 and __FREE_DIGIT_ALSO");
    assert_fits(rule_of(&run, "__FREE_DIGIT_ALSO"), "anna7@gmx.net", true);
    assert_fits(rule_of(&run, "__FREE_DIGIT_ALSO"), "7anna@gmx.net", false);
    assert_int_equal(rule_of(&run, "FREE_ENVELOPE")->state, IMPORT_REFUSED); /* the envelope is not seen here */
    import_run_end(&run);
}

/* Each domain is in one piece, and no piece is too long for PCRE2. */
static void a_long_list_is_cut(void **state) {
    (void)state;
    static char text[200000];
    char name[32], address[64];
    size_t used = 0;
    for (unsigned i = 0; i < 3000; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "freemail_domains domain-%04u.example\n", i);
    (void)snprintf(text + used, sizeof text - used, "header FREE eval:check_freemail_from()\n");
    struct import_run run;
    import_run(&run, text);
    for (unsigned i = 0; i < 3000; i += 71) {
        unsigned fitting = 0, pieces = 1;
        (void)snprintf(address, sizeof address, "a@domain-%04u.example", i);
        for (;; pieces++) {
            (void)snprintf(name, sizeof name, "__FREE_%u", pieces);
            const struct import_rule *piece = import_set_find(&run.set, span_from_string(name));
            if (piece == NULL) break;
            assert_int_equal(piece->state, IMPORT_CONVERTED);
            fitting += import_regex_matches(piece->match, span_from_string(address));
        }
        assert_int_equal(fitting, 1);
        assert_true(pieces > 5);
    }
    import_run_end(&run);
}

static void without_a_list_they_are_functions(void **state) {
    (void)state;
    struct import_run run;
    import_run(&run,
               "header FREE eval:check_freemail_from()\nheader OTHER eval:check_freemail_body()\n"
               "freemail_domains\nheader __TAKEN_1 Subject =~ /x/\n");
    assert_int_equal(rule_of(&run, "FREE")->state, IMPORT_REFUSED);
    import_run_end(&run);
    import_run(&run,
               "freemail_domains a.example\nheader FREE eval:check_freemail_from()\nheader __FREE_1 Subject =~ /x/\n");
    assert_int_equal(rule_of(&run, "FREE")->state, IMPORT_REFUSED); /* what a file says is not said over */
    assert_string_equal(rule_of(&run, "__FREE_1")->look_at, "header Subject");
    import_run_end(&run);
    import_run(&run, "enlist_addrlist BANKS *@bank.example\n");
    assert_string_equal(run.told, "1:17: no name of a list; expected it in parentheses\n");
    import_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains_of_free_mail),
        cmocka_unit_test(addresses_of_a_list),
        cmocka_unit_test(other_headers),
        cmocka_unit_test(a_long_list_is_cut),
        cmocka_unit_test(without_a_list_they_are_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
