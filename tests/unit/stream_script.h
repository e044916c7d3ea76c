/* Stream scripts: TCP connections that are written down segment by segment with what a listener must hear of them.
 * tests/unit/streams/ has them; both engines run all of them, each script three times: its segments as they stand, cut
 * into single bytes, and with neighbours put together.  At the end the same must have been heard.
 *
 *   stream NAME              begins one: from 192.0.2.1:40000 to 198.51.100.25:25, up to the next `stream`
 *   # ...                    a remark
 *   handshake                C syn, S synack, C ack
 *   goodbye                  C fin, S fin, C ack
 *   C: text                  the client's next segment (S: the server's); it acknowledges all that the other side sent
 *   C words: text            with words:
 *     syn synack ack fin rst   what it is; several may stand together
 *     at N                     N bytes behind its side's first byte, instead of next; counts for nothing later
 *     ackto N                  acknowledges what comes before the N-th byte of the other side
 *     noack                    acknowledges nothing
 *     snap N                   the capture has only its first N bytes
 *     fill N                   its text is N times x
 *     urg N, win N             urgent pointer, window
 *     as NAME                  is sent, but captured later:
 *   send NAME                captured now
 *   3 x C ...                three times
 *   lose C N                 N bytes that are sent and never captured
 *   start C N S N            initial sequence numbers, from here on (1000 and 5000 otherwise)
 *   wait N                   seconds
 *   hear TEXT                has been heard so far (stream_notes.h); before `finish` only looked at in segments as
 *                            they stand, because a grace counts segments
 *   native TEXT              the same of one engine, where they differ by design
 *   libnids TEXT
 *   count NAME N             a counter of the native engine; likewise, and one that counts no bytes also behind it
 *   finish                   the capture ends; stands in every script, with what was heard behind it
 *   only native              not for libnids
 *   uncut                    only its segments as they stand, because what they are cut into matters
 *   unread                   show what the sender had not read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_STREAM_SCRIPT_H
#define MAILSPAN_TEST_STREAM_SCRIPT_H

#include <glob.h>

#include "stream_notes.h"

#define SCRIPTS_MAX 256
#define SCRIPT_LINES_MAX 128
#define SCRIPT_LATER_MAX 16
#define SCRIPT_WHOLE_BYTES_MAX 60000

struct stream_script {
    char *name;
    char *file;
    bool only_native, unread, uncut;
    size_t count;
    unsigned number[SCRIPT_LINES_MAX]; /* of the line in its file */
    char *lines[SCRIPT_LINES_MAX];
};

struct stream_scripts {
    size_t count;
    struct stream_script scripts[SCRIPTS_MAX];
};

enum cut { CUT_SEGMENTS, CUT_BYTES, CUT_WHOLE };

struct later {
    char name[16];
    struct packet packet;
    enum stream_side side;
};

struct script_run {
    struct bench bench;
    enum cut cut;
    bool finished;
    uint32_t first[2]; /* sequence numbers of the first bytes */
    unsigned later_count;
    struct later later[SCRIPT_LATER_MAX];
    bool has_pending; /* CUT_WHOLE: what the next segment may be put behind */
    struct packet pending;
    enum stream_side pending_side;
    uint8_t pending_bytes[SCRIPT_WHOLE_BYTES_MAX];
    const struct stream_script *script;
    unsigned line;
};

/* --- reading them ------------------------------------------------------------------------------------------------ */

static inline void scripts_read_file(struct stream_scripts *all, const char *path) {
    FILE *file = fopen(path, "r");
    char line[512];
    unsigned number = 0;
    struct stream_script *script = NULL;
    if (file == NULL) abort();
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#') continue;
        if (strncmp(line, "stream ", 7) == 0) {
            if (all->count == SCRIPTS_MAX) abort();
            script = &all->scripts[all->count++];
            script->name = strdup(line + 7);
            script->file = strdup(path);
        } else if (script == NULL || script->count == SCRIPT_LINES_MAX) {
            fprintf(stderr, "%s:%u: no stream, or too long a one\n", path, number);
            abort();
        } else if (strcmp(line, "only native") == 0) {
            script->only_native = true;
        } else if (strcmp(line, "uncut") == 0) {
            script->uncut = true;
        } else if (strcmp(line, "unread") == 0) {
            script->unread = true;
        } else {
            script->number[script->count] = number;
            script->lines[script->count++] = strdup(line);
        }
    }
    fclose(file);
}

static inline struct stream_scripts *scripts_read(const char *pattern) {
    struct stream_scripts *all = calloc(1, sizeof *all);
    glob_t found;
    if (all == NULL || glob(pattern, 0, NULL, &found) != 0) abort();
    for (size_t i = 0; i < found.gl_pathc; i++) scripts_read_file(all, found.gl_pathv[i]);
    globfree(&found);
    return all;
}

static inline void scripts_free(struct stream_scripts *all) {
    for (size_t i = 0; i < all->count; i++) {
        for (size_t k = 0; k < all->scripts[i].count; k++) free(all->scripts[i].lines[k]);
        free(all->scripts[i].name);
        free(all->scripts[i].file);
    }
    free(all);
}

/* --- segments, cut ----------------------------------------------------------------------------------------------- */

/* Makes a segment, shows it, and frees it: a script cut into bytes has many. */
static inline void show_piece(struct script_run *run, enum stream_side side, const struct packet *like,
                              uint32_t sequence, uint8_t flags, struct span bytes, uint32_t missing) {
    struct talk *t = &run->bench.talk;
    nstime const now = t->now;
    struct packet p = talk_segment(t, side, sequence, like->acknowledgement, flags, bytes);
    uint8_t *tcp = t->datagrams[t->count - 1] + (ip_is_v4(&like->from.ip) ? 20 : 40);
    memcpy(tcp + 14, like->payload.data - 6, 2); /* the window; the payload stands behind 20 bytes of header */
    p.time = like->time;
    p.payload_length += missing;
    hear(&run->bench, p);
    free(t->datagrams[--t->count]);
    t->now = now;
}

static inline void show_bytes(struct script_run *run, enum stream_side side, const struct packet *p) {
    uint32_t sequence = p->sequence;
    uint8_t flags = p->flags & (uint8_t) ~(TCP_FIN | TCP_URG);
    for (size_t i = 0; i < p->payload.len; i++) {
        bool last = i + 1 == p->payload_length;
        show_piece(run, side, p, sequence, flags | (last ? p->flags & TCP_FIN : 0), span_slice(p->payload, i, 1), 0);
        sequence++;
    }
    uint32_t missing = p->payload_length - (uint32_t)p->payload.len;
    if (missing > 0) show_piece(run, side, p, sequence, flags | (p->flags & TCP_FIN), SPAN_EMPTY, missing);
}

static inline void show_pending(struct script_run *run) {
    if (!run->has_pending) return;
    run->has_pending = false;
    struct span bytes = span_of(run->pending_bytes, run->pending.payload.len);
    show_piece(run, run->pending_side, &run->pending, run->pending.sequence, run->pending.flags, bytes, 0);
}

/* Puts the segment behind the pending one when its sender might have sent both as one. */
static inline bool joins_pending(struct script_run *run, enum stream_side side, const struct packet *p) {
    struct packet *pending = &run->pending;
    size_t len = pending->payload.len;
    if (!run->has_pending || side != run->pending_side || p->sequence != pending->sequence + len ||
        p->acknowledgement != pending->acknowledgement || len + p->payload.len > SCRIPT_WHOLE_BYTES_MAX)
        return false;
    memcpy(run->pending_bytes + len, p->payload.data, p->payload.len);
    pending->payload.len += p->payload.len;
    pending->payload_length = (uint32_t)pending->payload.len;
    pending->flags |= p->flags;
    return true;
}

static inline void show_whole(struct script_run *run, enum stream_side side, const struct packet *p) {
    bool plain =
        (p->flags & ~(TCP_PSH | TCP_FIN)) == TCP_ACK && p->payload.len == p->payload_length && p->payload.len > 0;
    if (plain && joins_pending(run, side, p)) {
        if ((p->flags & TCP_FIN) != 0) show_pending(run);
        return;
    }
    show_pending(run);
    if (!plain || (p->flags & TCP_FIN) != 0) {
        hear(&run->bench, *p);
        return;
    }
    run->pending = *p;
    run->pending_side = side;
    run->has_pending = true;
    memcpy(run->pending_bytes, p->payload.data, p->payload.len);
}

static inline void show(struct script_run *run, enum stream_side side, const struct packet *p) {
    if (run->cut == CUT_WHOLE) {
        show_whole(run, side, p);
    } else if (run->cut == CUT_BYTES && p->payload_length > 1 && (p->flags & (TCP_RST | TCP_SYN)) == 0) {
        show_bytes(run, side, p);
    } else {
        hear(&run->bench, *p);
    }
}

/* --- running one ------------------------------------------------------------------------------------------------- */

static inline void script_fails(struct script_run *run, const char *why) {
    static const char *const cuts[] = {"as it stands", "byte by byte", "whole"};
    run->bench.kind->destroy(run->bench.engine); /* libnids has one at a time, and the next script wants it */
    fail_msg("%s:%u: stream %s, %s: %s", run->script->file, run->script->number[run->line], run->script->name,
             cuts[run->cut], why);
}

struct segment_words {
    enum stream_side side;
    uint8_t flags;
    bool bare, is_at, is_ackto, snapped;
    uint32_t at, ackto, snap, urgent, window;
    char later[16];
    struct span text;
};

static inline bool read_word(struct segment_words *w, const char *word, const char *value, bool *took_value) {
    static const struct {
        const char *name;
        uint8_t flags;
    } kinds[] = {{"syn", TCP_SYN},           {"synack", TCP_SYN | TCP_ACK}, {"ack", TCP_ACK},
                 {"fin", TCP_FIN | TCP_ACK}, {"rst", TCP_RST | TCP_ACK},    {"push", TCP_PSH}};
    static char filling[70000];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(word, kinds[i].name) != 0) continue;
        w->flags |= kinds[i].flags;
        return true;
    }
    if (strcmp(word, "noack") == 0) {
        w->bare = true;
        return true;
    }
    if (value == NULL) return false;
    *took_value = true;
    uint32_t number = (uint32_t)strtoll(value, NULL, 10);
    if (strcmp(word, "at") == 0) {
        w->is_at = true;
        w->at = number;
    } else if (strcmp(word, "ackto") == 0) {
        w->is_ackto = true;
        w->ackto = number;
    } else if (strcmp(word, "snap") == 0) {
        w->snapped = true;
        w->snap = number;
    } else if (strcmp(word, "urg") == 0) {
        w->urgent = number;
    } else if (strcmp(word, "win") == 0) {
        w->window = number;
    } else if (strcmp(word, "as") == 0) {
        snprintf(w->later, sizeof w->later, "%s", value);
    } else if (strcmp(word, "fill") == 0 && number < sizeof filling) {
        memset(filling, 'x', sizeof filling);
        w->text = span_of(filling, number);
    } else {
        return false;
    }
    return true;
}

static inline bool read_segment(const char *line, struct segment_words *w, char *words) {
    *w = (struct segment_words){.side = line[0] == 'C' ? SIDE_CLIENT : SIDE_SERVER, .window = 65535};
    const char *colon = strchr(line, ':');
    size_t len = colon == NULL ? strlen(line) : (size_t)(colon - line);
    snprintf(words, 256, "%.*s", (int)(len - 1), line + 1);
    if (colon != NULL) w->text = span_from_string(colon[1] == ' ' ? colon + 2 : colon + 1);
    char *rest = NULL;
    char *word = strtok_r(words, " ", &rest);
    while (word != NULL) {
        char *value = strtok_r(NULL, " ", &rest);
        bool took_value = false;
        if (!read_word(w, word, value, &took_value)) return false;
        word = took_value ? strtok_r(NULL, " ", &rest) : value;
    }
    if (w->flags == 0 && !w->bare) w->flags = TCP_ACK | TCP_PSH;
    if (w->urgent > 0) w->flags |= TCP_URG;
    if (w->bare) w->flags &= (uint8_t)~TCP_ACK;
    return true;
}

static inline struct packet make_segment(struct script_run *run, const struct segment_words *w) {
    struct talk *t = &run->bench.talk;
    enum stream_side other = side_other(w->side);
    uint32_t sequence = w->is_at ? run->first[w->side] + w->at : t->next[w->side];
    uint32_t acknowledgement = w->is_ackto ? run->first[other] + w->ackto : t->next[other];
    struct packet p = talk_segment(t, w->side, sequence, acknowledgement, w->flags, w->text);
    uint8_t *tcp = t->datagrams[t->count - 1] + 20;
    talk_put16(tcp + 14, w->window);
    talk_put16(tcp + 18, w->urgent);
    if (!w->is_at) t->next[w->side] += (uint32_t)w->text.len + ((w->flags & (TCP_SYN | TCP_FIN)) != 0);
    return w->snapped ? talk_snapped(p, w->snap) : p;
}

static inline void run_segment(struct script_run *run, const char *line) {
    struct segment_words w;
    char words[256];
    if (!read_segment(line, &w, words)) script_fails(run, "no such word");
    struct packet p = make_segment(run, &w);
    if (w.later[0] == '\0') {
        show(run, w.side, &p);
        return;
    }
    assert_true(run->later_count < SCRIPT_LATER_MAX);
    struct later *later = &run->later[run->later_count++];
    memcpy(later->name, w.later, sizeof later->name);
    later->packet = p;
    later->side = w.side;
}

static inline void run_send(struct script_run *run, const char *name) {
    for (unsigned i = 0; i < run->later_count; i++) {
        struct later *later = &run->later[i];
        if (strcmp(later->name, name) != 0) continue;
        later->packet.time = run->bench.talk.now;
        run->bench.talk.now += run->bench.talk.step;
        show(run, later->side, &later->packet);
        return;
    }
    script_fails(run, "no such segment");
}

static inline void check_heard(struct script_run *run, const char *expected) {
    char why[2048];
    if (!run->finished && run->cut != CUT_SEGMENTS) return;
    const char *heard = run->finished ? notes_text(&run->bench.notes) : run->bench.notes.text;
    if (strcmp(heard, expected) == 0) return;
    snprintf(why, sizeof why, "\n  heard    %.900s\n  expected %.900s", heard, expected);
    script_fails(run, why);
}

static inline void check_count(struct script_run *run, const char *name, uint64_t expected) {
    char why[128];
    const char *tail = strrchr(name, '_');
    bool bytes = tail != NULL && strcmp(tail, "_bytes") == 0;
    if (run->bench.kind != &stream_native || (run->cut != CUT_SEGMENTS && !(bytes && run->finished))) return;
#define X(counter, help)                                                                                \
    if (strcmp(name, #counter) == 0) {                                                                  \
        if (run->bench.counters.counter == expected) return;                                            \
        snprintf(why, sizeof why, "%s is %llu", name, (unsigned long long)run->bench.counters.counter); \
        script_fails(run, why);                                                                         \
    }
    MAILSPAN_TOTALS(X)
    MAILSPAN_LOSSES(X)
#undef X
    script_fails(run, "no such counter");
}

static inline void set_start(struct script_run *run, uint32_t client, uint32_t server) {
    uint32_t const isn[2] = {client, server};
    for (unsigned side = 0; side < 2; side++) {
        run->bench.talk.next[side] = isn[side];
        run->first[side] = isn[side] + 1;
    }
}

/* Lines that look at what happened, or are no segments. */
static inline bool run_other_line(struct script_run *run, const char *line) {
    bool native = run->bench.kind == &stream_native;
    char name[64], side;
    unsigned long number, second;
    if (strncmp(line, "hear", 4) == 0) {
        check_heard(run, line[4] == ' ' ? line + 5 : "");
    } else if (strncmp(line, "native", 6) == 0) {
        if (native) check_heard(run, line[6] == ' ' ? line + 7 : "");
    } else if (strncmp(line, "libnids", 7) == 0) {
        if (!native) check_heard(run, line[7] == ' ' ? line + 8 : "");
    } else if (sscanf(line, "count %63s %lu", name, &number) == 2) {
        check_count(run, name, number);
    } else if (sscanf(line, "lose %c %lu", &side, &number) == 2) {
        talk_lose(&run->bench.talk, side == 'C' ? SIDE_CLIENT : SIDE_SERVER, (uint32_t)number);
    } else if (sscanf(line, "start C %lu S %lu", &number, &second) == 2) {
        set_start(run, (uint32_t)number, (uint32_t)second);
    } else if (sscanf(line, "wait %lu", &number) == 1) {
        show_pending(run);
        pass_time(&run->bench, &run->bench.talk, (int64_t)number);
    } else if (sscanf(line, "send %15s", name) == 1) {
        run_send(run, name);
    } else if (strcmp(line, "finish") == 0) {
        show_pending(run);
        bench_finish(&run->bench);
        run->finished = true;
    } else {
        return false;
    }
    return true;
}

static inline void run_line(struct script_run *run, const char *line) {
    unsigned times;
    int at = 0;
    if (sscanf(line, "%u x %n", &times, &at) == 1 && at > 0) {
        for (unsigned i = 0; i < times; i++) run_line(run, line + at); /* once: no line begins with two numbers */
    } else if (strcmp(line, "handshake") == 0) {
        run_line(run, "C syn");
        run_line(run, "S synack");
        run_line(run, "C ack");
    } else if (strcmp(line, "goodbye") == 0) {
        run_line(run, "C fin");
        run_line(run, "S fin");
        run_line(run, "C ack");
    } else if (!run_other_line(run, line)) {
        if (line[0] != 'C' && line[0] != 'S') script_fails(run, "no such line");
        run_segment(run, line);
    }
}

static inline void script_run_cut(const struct stream_script *script, const struct stream_engine_kind *kind,
                                  enum cut cut) {
    struct script_run *run = calloc(1, sizeof *run);
    assert_non_null(run);
    run->script = script;
    run->cut = cut;
    bench_start(&run->bench, kind, 64);
    run->bench.notes.show_unread = script->unread;
    set_start(run, 1000, 5000);
    for (run->line = 0; run->line < script->count; run->line++) run_line(run, script->lines[run->line]);
    run->line = (unsigned)script->count - 1;
    if (!run->finished) script_fails(run, "does not finish");
    bench_end(&run->bench);
    free(run);
}

static inline void script_run(const struct stream_script *script, const struct stream_engine_kind *kind) {
    for (enum cut cut = CUT_SEGMENTS; cut <= (script->uncut ? CUT_SEGMENTS : CUT_WHOLE); cut++)
        script_run_cut(script, kind, cut);
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

struct script_test {
    const struct stream_script *script;
    const struct stream_engine_kind *kind;
};

static inline void script_test_run(void **state) {
    const struct script_test *test = *state;
    script_run(test->script, test->kind);
}

/* Runs a program's own tests, and each script as a test of its name. */
static inline int scripts_run_with(const struct stream_engine_kind *kind, const struct CMUnitTest *tests,
                                   size_t count) {
    static struct script_test states[SCRIPTS_MAX];
    static struct CMUnitTest all[SCRIPTS_MAX + 128];
    struct stream_scripts *scripts = scripts_read("tests/unit/streams/*.txt");
    if (count > 128) abort();
    memcpy(all, tests, count * sizeof *tests);
    for (size_t i = 0; i < scripts->count; i++) {
        const struct stream_script *script = &scripts->scripts[i];
        if (script->only_native && kind != &stream_native) continue;
        states[i] = (struct script_test){script, kind};
        all[count++] =
            (struct CMUnitTest){.name = script->name, .test_func = script_test_run, .initial_state = &states[i]};
    }
    int const failed = _cmocka_run_group_tests(kind->name, all, count, NULL, NULL);
    scripts_free(scripts);
    return failed;
}

#endif
