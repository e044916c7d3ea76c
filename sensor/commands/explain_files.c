/* See explain_files.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/explain_files.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/commands.h"

#define PATH_SHOWN_BYTES 512

struct file_walk {
    explain_file *explain;
    void *context;
    unsigned files, links; /* in the folder at hand: handed on; symbolic links, which are not */
    unsigned complaints;
    int code;
};

/* A file's name may hold what steers a terminal. */
static const char *plain_name(const char *name, char shown[PATH_SHOWN_BYTES]) {
    size_t length = 0;
    for (; name[length] != '\0' && length + 1 < PATH_SHOWN_BYTES; length++) {
        unsigned char const c = (unsigned char)name[length];
        shown[length] = (char)(c < 0x20 || c == 0x7f ? '?' : c);
    }
    shown[length] = '\0';
    return shown;
}

static void complain(struct file_walk *walk, const char *name, const char *what) {
    char shown[PATH_SHOWN_BYTES];
    (void)fprintf(stderr, "mailspan explain: %s %s\n", plain_name(name, shown), what);
    walk->complaints++;
    walk->code = EXIT_FAILED;
}

static void complain_of_reading(struct file_walk *walk, const char *name, int error) {
    char what[160];
    (void)snprintf(what, sizeof what, "cannot be read: %s; expected a file that holds mail, a folder of such, or -",
                   strerror(error));
    complain(walk, name, what);
}

/* flags: of open, beside those that it always has. */
static void open_and_explain(struct file_walk *walk, const char *name, int flags) {
    int const descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
    if (descriptor < 0) {
        complain_of_reading(walk, name, errno);
        return;
    }
    walk->files++;
    if (!walk->explain(walk->context, name, descriptor)) walk->code = EXIT_FAILED;
    (void)close(descriptor);
}

static int by_name(const FTSENT **a, const FTSENT **b) {
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* In a folder a FIFO would be waited for, and a link may lead anywhere, even when the folder changes meanwhile. */
static void visit_entry(struct file_walk *walk, FTS *folder, FTSENT *entry) {
    bool const hidden = entry->fts_level > FTS_ROOTLEVEL && entry->fts_name[0] == '.';
    if (hidden && entry->fts_info == FTS_D) (void)fts_set(folder, entry, FTS_SKIP);
    if (hidden) return;
    switch (entry->fts_info) {
        case FTS_F:
            open_and_explain(walk, entry->fts_path, O_NOFOLLOW | O_NONBLOCK);
            break;
        case FTS_SL:
        case FTS_SLNONE:
            walk->links++;
            break;
        case FTS_DEFAULT:
            complain(walk, entry->fts_path, "is no file; expected files and folders in a folder");
            break;
        case FTS_DNR:
        case FTS_ERR:
        case FTS_NS:
            complain_of_reading(walk, entry->fts_path, entry->fts_errno);
            break;
        default:
            break;
    }
}

static void walk_folder(struct file_walk *walk, const char *name) {
    char *const paths[] = {(char *)(size_t)name, NULL};
    FTS *folder = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
    walk->files = walk->links = walk->complaints = 0;
    errno = folder == NULL ? errno : 0;
    if (folder != NULL)
        for (FTSENT *entry; ferror(stdout) == 0 && (entry = fts_read(folder)) != NULL;)
            visit_entry(walk, folder, entry);
    if (errno != 0 && ferror(stdout) == 0) complain_of_reading(walk, name, errno);
    if (folder != NULL) (void)fts_close(folder);
    char shown[PATH_SHOWN_BYTES];
    if (walk->links > 0)
        (void)fprintf(stderr, "mailspan explain: %s: %u symbolic links are not followed\n", plain_name(name, shown),
                      walk->links);
    if (walk->files == 0 && walk->complaints == 0) complain(walk, name, "holds no file; expected files with mail");
}

int explain_each_file(char *const *names, int count, explain_file *explain, void *context) {
    struct file_walk walk = {.explain = explain, .context = context, .code = EXIT_FINE};
    for (int i = 0; i < count && ferror(stdout) == 0; i++) {
        struct stat status;
        if (strcmp(names[i], "-") == 0) {
            if (!explain(context, "-", STDIN_FILENO)) walk.code = EXIT_FAILED;
        } else if (stat(names[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            walk_folder(&walk, names[i]);
        } else {
            open_and_explain(&walk, names[i], 0);
        }
    }
    return walk.code;
}
