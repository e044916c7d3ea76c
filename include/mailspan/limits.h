/* Every bound of the program, with its reason.  Nothing that the wire can make larger is missing here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_LIMITS_H
#define MAILSPAN_LIMITS_H

/* --- packets ------------------------------------------------------------------------------------------------- */
#define LIMIT_FRAME_LAYERS 24 /* headers peeled off one frame: a mirrored core's tags, labels and tunnels are half */
#define LIMIT_IPV6_EXTENSION_HEADERS 8 /* RFC 8200 names six; each at most twice is already odd */
#define LIMIT_FRAGMENT_DATAGRAMS 1024  /* waiting for fragments at once, 1.2 KiB each: few paths make any */
#define LIMIT_FRAGMENT_BYTES (4 << 20) /* of their bytes: 64 of the largest, and two blocks of 2 KiB for each slot */
#define LIMIT_FRAGMENT_WAIT_S 30       /* as Linux waits; RFC 8200 4.5 allows 60 */
#define LIMIT_FRAGMENT_COPY_S 2        /* a mirror's second copy comes this soon, the same number again does not */
#define LIMIT_CLOCK_SLACK_S 2          /* frames of several queues and interfaces are so much out of order */
#define LIMIT_CLOCK_LEAP_S 10          /* ahead of the frames before: believed at once */
#define LIMIT_CLOCK_BACK_S 60          /* behind them: a clock that was set right; waits for the time to come again */
#define LIMIT_CLOCK_AGREE 3            /* frames that must agree on a longer leap */
#define LIMIT_CLOCK_AGREE_BACK 8       /* ... and on one back, which ends every connection */
#define LIMIT_CLOCK_HELD 16            /* frames that wait until this is known: at times twice as many as must agree */
#define LIMIT_CLOCK_HELD_BYTES (1u << 20) /* ... and their bytes: 64 KiB each */

/* --- flows and streams --------------------------------------------------------------------------------------- */
#define LIMIT_FLOWS_DEFAULT 65536               /* connections remembered at once; 256 bytes each while idle */
#define LIMIT_FLOWS_MAX 4194304                 /* what a configuration may ask for: 1 GiB of idle flows, 14 of pools */
#define LIMIT_SEGMENT_BYTES_PER_FLOW 512        /* out-of-order bytes of all flows together: 32 MiB by default */
#define LIMIT_SEGMENT_POOL_BYTES_MIN (8u << 20) /* ... and with few flows no less: each may have a whole window */
#define LIMIT_SEGMENTS_PER_FLOW 256    /* out-of-order segments of one flow: a window of 360 KiB at 1,448 bytes each */
#define LIMIT_HOLE_GRACE_SEGMENTS 24   /* later segments that must pass a hole before it is called a gap */
#define LIMIT_HOLE_GRACE_S 3           /* ... or this long: a retransmission timer's first doubling (RFC 6298) */
#define LIMIT_RESET_GRACE_S 3          /* the silence in which a server's RST counts, or one behind a server's end */
#define LIMIT_RESET_CLIENT_S 60        /* ... a client's: a server that never had it may think about the mail so long */
#define LIMIT_HOLE_UNCERTAIN_S 120     /* what nobody acknowledged or sent again for so long (7 doublings) stays away */
#define LIMIT_GAP_BYTES_MAX (1u << 30) /* a jump in sequence numbers beyond a 1 GiB window (RFC 7323) is no gap */
#define LIMIT_FLOW_IDLE_S \
    600 /* RFC 5321 4.5.3.2: ten minutes after the final dot; or after silence settled something */
#define LIMIT_FLOW_HALF_OPEN_S 30 /* a SYN without an answer */
#define LIMIT_FLOW_CLOSED_S 60    /* a closed flow is known for so long: twice a segment's usual lifetime */
#define LIMIT_DETECT_BYTES 2048   /* of both directions, kept while it is not known what a flow is */
#define LIMIT_DETECT_ITEMS 16     /* turns kept for the same reason; nDPI says SMTP by its eighth packet */
#define LIMIT_DETECTIONS 4096     /* connections that this is kept of at once; 4 KiB each, touched when used */
#define LIMIT_PROTOCOLS 32        /* names of what was no mail; nDPI is asked for 26, and TLS has three */
#define LIMIT_PROTOCOL_NAME_BYTES 24
#define LIMIT_PROXY_MESSAGE_BYTES 560 /* a request line, or a SOCKS request with two names of 255 bytes */
#define LIMIT_PROXY_TARGET_BYTES 263  /* a name (RFC 1035 2.3.4), ":", a port and a NUL */
#define LIMIT_PROXY_EARLY_BYTES 512   /* what a client says into a tunnel before it is there */
#define LIMIT_PROXY_HEADER_BYTES 107  /* kept of a PROXY header: a line of version 1; addresses of version 2 take 52 */
#define LIMIT_PROXY_DEPTH 3           /* proxies told of in front of one dialogue: tunnels in tunnels, and headers */
#define LIMIT_HELD_BYTES 1400         /* held back until it is known whom it is for; with its turns, an arena block */
#define LIMIT_HELD_TURNS 10           /* a header, a greeting, EHLO and its reply are four */

/* --- SMTP dialogue ------------------------------------------------------------------------------------------- */
#define LIMIT_EARLY_BYTES 1500        /* kept of what a client says at once that begins like TLS */
#define LIMIT_UNANSWERED_BYTES 262144 /* said with no word from the server: more than one reads before it greets */
#define LIMIT_SMTP_LINE_BYTES 1024    /* kept of a command or reply line; RFC 5321 4.5.3.1.4 says 512, extensions add */
#define LIMIT_REPLY_PATIENCE_S 10    /* a client that goes on after such a silence has given up waiting for the reply */
#define LIMIT_SMUGGLED_BYTES 1900    /* kept behind what other servers may take for the end of the data: an envelope */
#define LIMIT_PIPELINE_COMMANDS 2048 /* commands waiting for a reply; a group of 1,000 recipients fits */
#define LIMIT_REPLY_TEXT_BYTES 200   /* kept of one reply's text, all its lines together */
#define LIMIT_RECIPIENTS 1000        /* kept with an outcome each; RFC 5321 4.5.3.1.8 asks for 100 */
#define LIMIT_MESSAGES_IN_FLIGHT 32  /* messages of a dialogue that still wait for a reply */
#define LIMIT_ADDRESS_BYTES 320      /* a mailbox: RFC 5321 4.5.3.1.1, 64 + "@" + 255 */
#define LIMIT_HELO_BYTES 255         /* RFC 5321 4.5.3.1.2 */
#define LIMIT_HELLO_BYTES 2032       /* of each side's first TLS bytes, kept until nDPI has read them: an arena block */

/* --- message ------------------------------------------------------------------------------------------------- */
#define LIMIT_ARENA_BLOCK_BYTES 2048           /* memory of a message grows in such steps */
#define LIMIT_MESSAGE_ARENA_BYTES (256u << 10) /* of one message; what does not fit is cut and counted */
#define LIMIT_ENVELOPE_ARENA_BYTES \
    (LIMIT_MESSAGE_ARENA_BYTES / 2)     /* recipients and replies; the rest is the content's */
#define LIMIT_ARENA_BYTES_PER_FLOW 3072 /* of all messages and dialogues together: 192 MiB by default */
#define LIMIT_ARENA_POOL_BYTES_MIN \
    (48u << 20)                             /* ... and with few flows no less: 16 times the most a dialogue may have */
#define LIMIT_DIALOGUE_BLOCKS_MAX 640       /* of one dialogue with its messages, while there is plenty: 1.25 MiB */
#define LIMIT_DIALOGUE_BLOCKS_MIN 32        /* ... whatever the pool says, as long as it has any: 64 KiB */
#define LIMIT_DIALOGUE_FREE_SHARE 128       /* ... between these: this part of the blocks that are free */
#define LIMIT_SOURCE_BLOCKS_MIN 256         /* of all dialogues of one source, whatever the pool says */
#define LIMIT_SHORT_MAILBOX_BYTES 64        /* longer mailboxes are not kept while memory is tight */
#define LIMIT_HEADER_NAME_BYTES 128         /* Gmail refuses mail with names of more than 100 */
#define LIMIT_HEADER_VALUE_BYTES 1800       /* kept of one unfolded value; fits an arena block */
#define LIMIT_HEADERS 256                   /* looked at in one message; the rest is counted */
#define LIMIT_SUBJECT_BYTES 256             /* kept of the decoded subject */
#define LIMIT_MESSAGE_ID_BYTES 250          /* kept of a Message-ID; RFC 5322 2.1.1 advises lines under 78 */
#define LIMIT_DOMAIN_BYTES 255              /* RFC 1035 2.3.4 */
#define LIMIT_MIME_DEPTH 8                  /* nested multiparts and message/rfc822 */
#define LIMIT_MIME_PARTS 64                 /* parts looked at in one message */
#define LIMIT_MIME_BOUNDARY_BYTES 70        /* RFC 2046 5.1.1 */
#define LIMIT_LOOK_PAGE_BYTES 2040          /* a part's first bytes, or last ones: two of these, each an arena block */
#define LIMIT_TEXT_BYTES_DEFAULT 65536      /* decoded text of one message that is read */
#define LIMIT_TEXT_BYTES_MIN 4096           /* ... at least: what fingerprints are made of */
#define LIMIT_TEXT_BYTES_MAX 1048576        /* ... at most: 5 ms of a processor for each such message */
#define LIMIT_TEXT_FREE_TIMES 3             /* as often as much of comments, styles and scripts is read beside */
#define LIMIT_TEXT_SLICES 64                /* of a text that is not read whole: as many as there may be parts */
#define LIMIT_FINGERPRINT_BYTES (2u << 10)  /* of it that its fingerprint is made of: some 330 words */
#define LIMIT_REPORT_RECIPIENTS 32          /* kept of one report; servers that report in bulk write one for each */
#define LIMIT_REPORT_LINE_BYTES 998         /* kept of a line of a report, and of an unfolded field: RFC 5322 2.1.1 */
#define LIMIT_REPORT_TEXT_BYTES (32u << 10) /* of its status fields and such, beside: 32 recipients of 1 KiB each */
#define LIMIT_HTML_DEPTH 96                 /* open elements of HTML whose look is known; tables in tables have 60 */
#define LIMIT_HTML_COLOURS 32               /* changes of colour or size around one text */
#define LIMIT_HTML_WAITING 8                /* <font> and the like whose block ended; the three in an arena block */
#define LIMIT_HTML_SELECTORS 80             /* of style sheets, whose rules say something of how text is seen */
#define LIMIT_HTML_LOOKS 32                 /* ... different ones of these rules; both in an arena block */
#define LIMIT_HTML_HOSTS 64                 /* hosts of links that are told apart: as many as URLs are taken */
#define LIMIT_URLS 64                       /* taken from one message */
#define LIMIT_URL_BYTES 512
#define LIMIT_URL_HOSTS 16 /* hosts of URLs whose organisation is looked up, a microsecond each */

/* --- rules --------------------------------------------------------------------------------------------------- */
#define LIMIT_RULES 4096 /* in one rule set: the fired set is a bit array in every message; SpamAssassin has 3,000 */
#define LIMIT_EXPRESSION_STEPS 1000000     /* of PCRE2 on a text of forty bytes, tried when it is loaded */
#define LIMIT_EXPRESSION_COMPILE_MS 1000   /* of processor time, of one expression alone; the built-in ones take 20 */
#define LIMIT_EXPRESSIONS_COMPILE_MS 60000 /* of all of a rule set, trials included; SpamAssassin's: seconds */
#define LIMIT_CONTENT_WORDS 8192           /* listed as speaking for spam or against it */
#define LIMIT_WORDS_BYTES \
    2048 /* of subject and text in which they are looked for: spam says it first, and each byte costs */
#define LIMIT_CONDITION_STEPS 512 /* numbers, names and operators of one "when" */
#define LIMIT_CONDITION_DEPTH 64  /* of its brackets and operators that wait for what is behind them */
#define LIMIT_RULE_NAME_BYTES 48
#define LIMIT_VERDICT_RULES 48     /* named in one verdict, strongest first: of 983 old spams the worst fires 28 */
#define LIMIT_BOUNCE_CLASSES 64    /* in one file of bounce rules */
#define LIMIT_BOUNCE_NAMES 64      /* receivers that a refusal may be bound to; blocklists */
#define LIMIT_UNCLASSIFIED 64      /* shapes of refusals of no known kind that are counted */
#define LIMIT_UNCLASSIFIED_TOLD 10 /* of them, at the end */
#define LIMIT_BOUNCE_MEMORY 64     /* refusals whose class is remembered; a power of two: 16 KiB */
#define LIMIT_COMPILED                                                                            \
    (LIMIT_RULES + 5)       /* databases: each header, URLs, text, replies, receivers, blocklists \
                             */
#define LIMIT_GENERATIONS 4 /* of rules that messages in flight were begun with: older scans are given up */
#define LIMIT_HANDOVER_BYTES (64u << 20) /* configuration, rules and databases; all that is read may have 20 MiB */
#define LIMIT_YAML_BYTES (4u << 20)      /* of one configuration or rule file */
#define LIMIT_YAML_DEPTH 16
#define LIMIT_YAML_NODES 200000

/* --- scoring ------------------------------------------------------------------------------------------------- */
#define LIMIT_SAMPLE_MESSAGES 100   /* the sliding sample of a source */
#define LIMIT_BLOCK_AHEAD_S 3600    /* what began so long after now was begun by a clock that was wrong */
#define LIMIT_SOURCES_DEFAULT 65536 /* 100 MiB of samples */
#define LIMIT_SOURCES_MAX 1048576   /* 1.5 GiB of samples */
#define LIMIT_EVIDENCE_DEFAULT \
    65536                          /* evidence rows of all sources together, half a KiB each, the oldest overwritten */
#define LIMIT_EVIDENCE_MAX 4194304 /* what a configuration may ask for: 2 GiB of rows */
#define LIMIT_EVENT_EVIDENCE 10    /* rows in one event */
#define LIMIT_SENT_MAILBOXES 8     /* recipients of a message that later mail finds; few have more */
#define LIMIT_SENT_DEFAULT 131072  /* keys of messages sent, two or three a message: 6 MiB with what came in */
#define LIMIT_SENT_MAX 16777216    /* what a configuration may ask for: 576 MiB */
#define LIMIT_SENT_LOOKS 16        /* keys of one hash that are looked at: a list's posts have one Message-ID */
#define LIMIT_STRANGERS_NOTICES 5  /* believed of one network that the messages were not sent to, of each source */
#define LIMIT_NOTICES_WAITING 256  /* late bounces of messages that are not known: they may not have ended yet */
#define LIMIT_NOTICE_WAIT_S 60     /* ... so long; a server that delivers before it answers takes seconds */
#define LIMIT_HABITS_MESSAGES 32   /* of a source that are compared with each other */
#define LIMIT_HABITS_SHARE 10      /* unless told one source in so many has these, those that sent last */
#define LIMIT_HABITS_MIN 1024      /* ... and in a small table no fewer */
#define LIMIT_REPEAT_S 3600        /* the same refused greeting of one server is one message in so long */

/* --- processes ----------------------------------------------------------------------------------------------- */
#define LIMIT_VERDICT_QUEUE_BYTES (8u << 20) /* of one decoder, waiting for the judge: 10,000 verdicts */
#define LIMIT_PROCESS_GROWTH_BYTES                                                    \
    (512u << 20) /* of a process, beyond its tables: libraries and what they allocate \
                  */

/* --- publishing ---------------------------------------------------------------------------------------------- */
#define LIMIT_OUTBOX_EVENTS 65536        /* events waiting for Redis */
#define LIMIT_OUTBOX_BYTES (64u << 20)   /* of these events: 1 KiB each on average, 10 KiB where all have evidence */
#define LIMIT_JSON_LINE_BYTES (1u << 20) /* of one line on standard output */
#define LIMIT_OUTPUT_BYTES (8u << 20)    /* waiting for standard output's reader: a few seconds of every record */

/* --- processes (docs/processes.md) ----------------------------------------------------------------------------- */
#define LIMIT_CHILD_SILENT_S 10 /* without a sign of life, of which there is one each second: it hangs */
#define LIMIT_CHILD_START_S 30  /* ... until its first one: tables of a million flows are made meanwhile */
#define LIMIT_RESTART_DELAY_S 1 /* behind the first end; doubled with each further one */
#define LIMIT_RESTART_DELAY_MAX_S 60
#define LIMIT_RESTART_QUIET_S 120 /* who ran for so long begins with the first delay again */

#endif
