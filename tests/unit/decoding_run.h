/* decoding_run: captures of pcaps/ through a decoding or a part of one, and what it tells as text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_DECODING_RUN_H
#define MAILSPAN_TEST_DECODING_RUN_H

#include <pcap/pcap.h>
#include <stdlib.h>

#include "capture/capture.h"
#include "decoding.h"
#include "packets.h"
#include "publish/publish.h"

static struct config config;
static struct knowledge knowledge;
static struct wording wording;

/* Few rules: that is soon done.  more: lines of YAML. */
static inline void load_config(const char *more) {
    char text[512];
    struct problem problem;
    int length = snprintf(text, sizeof text,
                          "rules: {content: content.yaml, bounces: bounces.yaml}\n"
                          "privacy: {addresses: full, subjects: full}\n%s",
                          more);
    config_default(&config);
    if (!config_parse(&config, "test", "tests/replay/small_rules", span_of((uint8_t *)text, (size_t)length),
                      &problem) ||
        !knowledge_load(&config, &knowledge, &problem)) {
        (void)fprintf(stderr, "%s:%u: %s\n", problem.file, problem.line, problem.what);
        abort();
    }
    wording_init(&wording, &config, knowledge.rules, knowledge.bounces);
}

static inline void unload_config(void) {
    knowledge_free(&knowledge);
    config_free(&config);
}

static inline void complain(const char *text) {
    (void)fprintf(stderr, "%s\n", text);
    abort();
}

/* Each frame of pcaps/NAME, and then the decoding's end: some of them stay until then. */
static inline void each_frame(const char *name, struct counters *counters,
                              void (*frame)(void *context, const struct frame_seen *frame), void *context,
                              struct decoding *decoding) {
    char path[128];
    unsigned failed = 0;
    struct frame_seen seen;
    (void)snprintf(path, sizeof path, "pcaps/%s", name);
    char *names[] = {path};
    struct capture_files *files = capture_files_open(names, 1, complain, &failed);
    while (capture_files_next(files, &seen, counters)) frame(context, &seen);
    decoding_finish(decoding);
    capture_files_close(files);
}

/* A handmade packet as a frame. */
static inline struct frame_seen raw_frame(struct packet packet) {
    return (struct frame_seen){.link_type = DLT_RAW,
                               .wire_length = (uint32_t)packet.datagram.len,
                               .time = packet.time,
                               .captured = packet.datagram};
}

#endif
