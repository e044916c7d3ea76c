/* Whether TLS that begins a connection says that mail is inside.
 *
 * What is said inside cannot be seen.  On port 465 TLS is mail by RFC 8314; anywhere else the ClientHello must give
 * ground to think so:
 *
 *   ALPN   names mail ("smtp", "esmtp": what Exim takes since 4.95), and then it is; or names something else, and then
 *          it is not
 *   SNI    without ALPN: the first label of the server's name holds the word smtp, smtps or mx, perhaps with a number
 *          ("smtp.example.org", "email-smtp.eu-west-1.example", "mx2.example.net").  Names such as "mail.example.org"
 *          are webmail's and IMAP's as well, and "mta-sts" is a web server: they say nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TLS_MAIL_H
#define MAILSPAN_TLS_MAIL_H

#include "mailspan/event.h"

bool tls_is_mail(const struct tls_facts *facts);

#endif
