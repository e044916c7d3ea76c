/* Rules with a regular expression.  What a missing header means is from Mail::SpamAssassin::Plugin::Check: it is
 * searched as the empty text, or as what [if-unset: ...] says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_run.h"

static void looks_where_spamassassin_looks(void **state) {
    (void)state;
    import_becomes("body A /x y/i", "A", "    look_at: [subject, body]\n    match: '(?i)x y'\n");
    import_becomes("body A /x/\ntflags A nosubject", "A", "    look_at: body\n    match: 'x'\n");
    import_becomes("rawbody A /<b>/m", "A", "    look_at: raw\n    match: '(?m)<b>'\n");
    import_becomes("uri A m{^https?://a'b/}", "A", "    look_at: uri\n    match: '^https?://a''b/'\n");
    import_becomes("header A Subject =~ /x/", "A", "    look_at: header Subject\n    match: 'x'\n");
    import_becomes("header A From:addr=~/x/", "A", "    look_at: header From:addr\n    match: 'x'\n");
    import_becomes("header A From:name =~ /x/", "A", "    look_at: header From:name\n    match: 'x'\n");
    import_becomes("header A Subject:raw =~ /x/", "A", "    look_at: header Subject:raw\n    match: 'x'\n");
    import_becomes("header A ALL =~ /^X-Y:/m", "A", "    look_at: headers\n    match: '(?m)^X-Y:'\n");
    import_becomes("header A ToCc =~ /x/", "A", "    look_at: [header To, header Cc]\n    match: 'x'\n");
    import_becomes("header A MESSAGEID =~ /x/", "A",
                   "    look_at: [header X-Message-Id, header Resent-Message-Id, header X-Original-Message-ID, header "
                   "Message-Id]\n    match: 'x'\n");
    import_becomes("header A exists:MessageID", "A", "    look_at: header MessageID\n    points: 1\n");
    import_becomes("header A exists:X-Y", "A", "    look_at: header X-Y\n    points: 1\n");
    import_becomes("mimeheader A Content-Type =~ /zip/", "A", "    look_at: mime Content-Type\n    match: 'zip'\n");
    import_becomes("replace_tag O [o0]\nreplace_rules A\nbody A /l<O>ng/", "A",
                   "    look_at: [subject, body]\n    match: 'l[o0]ng'\n");
}

static void knows_missing_headers(void **state) {
    (void)state;
    import_becomes("header A Cc !~ /x/", "A_FOUND",
                   "    look_at: header Cc\n    match: 'x'\n    points: 0\n  - name: A\n    when: \"not A_FOUND\"\n");
    import_becomes(
        "header A Cc =~ /^(?:x|unset)/ [if-unset: unset]", "__THERE_IS_CC",
        "    look_at: header Cc\n    points: 0\n  - name: A_FOUND\n    look_at: header Cc\n"
        "    match: '^(?:x|unset)'\n    points: 0\n  - name: A\n    when: \"A_FOUND or not __THERE_IS_CC\"\n");
    import_becomes("header A Cc !~ /^x/ [if-unset: x]", "__THERE_IS_CC",
                   "    look_at: header Cc\n    points: 0\n  - name: A_FOUND\n    look_at: header Cc\n"
                   "    match: '^x'\n    points: 0\n  - name: A\n    when: \"__THERE_IS_CC and not A_FOUND\"\n");
}

static void knows_blank_headers(void **state) {
    (void)state;
    import_becomes("header A Cc =~ /^\\s*$/", "A_FOUND",
                   "    look_at: header Cc\n    match: '\\S'\n    points: 0\n  - name: A\n    when: \"not A_FOUND\"\n");
    import_becomes(
        "header A Cc =~ /^$/ [if-unset: x]", "__THERE_IS_CC",
        "    look_at: header Cc\n    points: 0\n  - name: A_FOUND\n    look_at: header Cc\n    match: '\\S'\n"
        "    points: 0\n  - name: A\n    when: \"__THERE_IS_CC and not A_FOUND\"\n");
    import_becomes("header A Cc !~ /^\\s*$/", "A", "    look_at: header Cc\n    match: '\\S'\n    points: 1\n");
}

static void asks_once_for_a_header(void **state) {
    struct import_run run;
    (void)state;
    import_run(&run, "header A Cc !~ /^x/ [if-unset: x]\nheader B Cc !~ /^x/ [if-unset: x]\n");
    assert_int_equal(import_written(&run.set), 5);
    const char *first = strstr(run.out.bytes, "name: __THERE_IS_CC\n");
    assert_non_null(first);
    assert_null(strstr(first + 1, "name: __THERE_IS_CC\n"));
    import_run_end(&run);
}

static void refuses_what_ours_cannot_see(void **state) {
    (void)state;
    import_refuses("full A /x/", "looks at the message as it came (full)");
    import_refuses("header A X-Spam-Relays-External =~ /x/",
                   "looks at what SpamAssassin makes of Received (X-Spam-Relays)");
    import_refuses("header A EnvelopeFrom =~ /x/", "looks at the envelope's sender (EnvelopeFrom)");
    import_refuses("header A Received:first =~ /x/", "asks for a part of a header that ours does not have (:first)");
    import_refuses("header A From:addr:domain =~ /x/",
                   "asks for a part of a header that ours does not have (:addr:domain)");
    import_refuses("header A received =~ /^from/", "is anchored in the first or last of several headers");
    import_refuses("header A ALL:raw =~ /x/", "looks at all headers as they came (ALL:raw)");
    import_refuses("header A exists:ALL", "always fires: there are headers");
    import_refuses("header A X.Y =~ /x/", "a header's name with signs that ours cannot have");
    import_refuses("header A From", "no test of a header; expected NAME =~ and a regular expression");
    import_refuses("header A From =~ /^/", "always fires: the expression matches everything");
    import_refuses("header A From !~ /.*/", "never fires: the expression matches everything");
    import_refuses("header A From =~ /^(?!x)/", "its expression matches the empty text");
    import_refuses("body A /x*/", "its expression matches the empty text");
    import_refuses("body A /(x/", "the regular expression is wrong at its character 3: missing closing parenthesis");
    import_refuses("body A x", "no regular expression; expected one between / and /, or m{ and }");
    import_refuses("rawbody A /(?:x{1000}y){20}/", "its repetitions multiply to too many places");
    import_refuses("mimeheader A Content-Type !~ /x/", "!~ of a MIME header, which SpamAssassin 4.0.1 fires always");
    import_refuses("mimeheader A Content-Type =~ /x/\ntflags A range=1", "counts parts (tflags range or concat)");
    import_refuses("mimeheader A ALL =~ /x/", "asks for a part of a header that ours does not have");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_where_spamassassin_looks),
        cmocka_unit_test(knows_missing_headers),
        cmocka_unit_test(knows_blank_headers),
        cmocka_unit_test(asks_once_for_a_header),
        cmocka_unit_test(refuses_what_ours_cannot_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
