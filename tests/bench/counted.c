/* Replays captures one after the other through one pipeline, as if each came a second behind the one before, and has
 * callgrind write after each what that capture cost.  So the start is paid once: setting a pipeline up takes longer
 * than most captures. Prints for each, as a line of JSON, what was lost in it.  Captures should have sources of their
 * own, and end what they begin.
 *
 *   valgrind --tool=callgrind --callgrind-out-file=OUT bench_counted FILE...      OUT.1 is of the first, and so on
 *
 * Linked as the unit tests are, without optimization across files, so that a function's cost stays in its file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include "capture/capture.h"
#include "commands/outputs.h"
#include "pipeline.h"

struct counted {
    struct config config;
    struct knowledge knowledge;
    struct pipeline *pipeline;
    struct outputs *outputs;
    struct counters before; /* as they stood when the capture began */
    nstime end;             /* of the one before, as it was moved */
};

/* What rose. */
static void print_counters(const char *name, const struct counters *before, const struct counters *now) {
    const char *comma = "";
    (void)printf("{\"file\":\"%s\",\"messages\":%llu,\"losses\":{", name,
                 (unsigned long long)(now->messages - before->messages));
#define X(name, help)                                                                                \
    if (now->name > before->name) {                                                                  \
        (void)printf("%s\"" #name "\":%llu", comma, (unsigned long long)(now->name - before->name)); \
        comma = ",";                                                                                 \
    }
    MAILSPAN_LOSSES(X)
#undef X
    (void)puts("}}");
}

static bool open_pipeline(struct counted *c, int nowhere) {
    struct output list[OUTPUTS_MAX];
    c->pipeline = pipeline_new(&c->config, &c->knowledge);
    if (c->pipeline == NULL) return false;
    struct outputs_settings settings = {.config = &c->config,
                                        .knowledge = &c->knowledge,
                                        .counters = pipeline_counters(c->pipeline),
                                        .packet_time = pipeline_time(c->pipeline),
                                        .format = FORMAT_JSONL,
                                        .fd = nowhere,
                                        .all_records = true,
                                        .say = say};
    c->outputs = outputs_open(&settings);
    unsigned count = c->outputs == NULL ? 0 : outputs_list(c->outputs, list);
    for (unsigned i = 0; i < count; i++) pipeline_add_output(c->pipeline, list[i]);
    return c->outputs != NULL;
}

static void read_frames(struct counted *c, struct capture_files *files) {
    struct frame_seen frame;
    nstime move = 0;
    bool first = true;
    while (capture_files_next(files, &frame, pipeline_counters(c->pipeline))) {
        if (first && c->end > 0) move = c->end + NS_PER_S - frame.time;
        first = false;
        frame.time += move;
        c->end = frame.time;
        pipeline_frame(c->pipeline, &frame);
    }
    (void)outputs_turn(c->outputs);
}

static bool count_file(struct counted *c, char *name) {
    unsigned failed = 0;
    struct capture_files *files = capture_files_open(&name, 1, say, &failed);
    bool const fine = files != NULL && failed == 0;
    if (fine) {
        c->before = *pipeline_counters(c->pipeline);
        CALLGRIND_ZERO_STATS;
        read_frames(c, files);
        CALLGRIND_DUMP_STATS_AT(name);
        print_counters(name, &c->before, pipeline_counters(c->pipeline));
    }
    capture_files_close(files);
    return fine;
}

int main(int argc, char **argv) {
    struct counted c = {.end = 0};
    struct problem problem;
    int const nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); /* where the lines go */
    config_default(&c.config);
    if (nowhere < 0 || !knowledge_load(&c.config, &c.knowledge, &problem) || !open_pipeline(&c, nowhere)) {
        (void)fputs("bench_counted: not enough memory, or the built-in rules cannot be loaded\n", stderr);
        return 1;
    }
    bool fine = true;
    for (int i = 1; i < argc && fine; i++) fine = count_file(&c, argv[i]);
    pipeline_finish(c.pipeline);
    outputs_close(c.outputs);
    pipeline_free(c.pipeline);
    knowledge_free(&c.knowledge);
    config_free(&c.config);
    (void)close(nowhere);
    return fine ? 0 : 1;
}
