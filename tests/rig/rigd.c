/*
 * The rig's ear: takes requests of tests as files in a directory and lets a script serve them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A test writes NAME.tmp and renames it to NAME.request; the script's first line of output becomes
 * NAME.answer in the same way; the test removes both. Files, because Wine 8.0 has no sockets for
 * 32-bit programs in new WoW64.
 */

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINE   1024
#define MAX_ANSWER 0x80000 /* room for a dump of all commands that a card remembers */
#define MAX_WORDS  16

extern char **environ;

static void split(char *line, char **words)
{
    int count = 1; /* words[0] is the script */
    char *word, *rest = NULL;

    for (word = strtok_r(line, " \r\n", &rest); word && count < MAX_WORDS - 1;
         word = strtok_r(NULL, " \r\n", &rest))
        words[count++] = word;
    words[count] = NULL;
}

/* Runs the script with the words of line; the first line it prints goes into answer. */
static void serve(const char *script, char *line, char *answer)
{
    posix_spawn_file_actions_t actions;
    char *words[MAX_WORDS] = {(char *)script};
    size_t used = 0;
    int out[2], status;
    ssize_t got;
    pid_t pid;

    strcpy(answer, "error the script cannot be run\n");
    split(line, words);
    if (pipe2(out, O_CLOEXEC))
        return;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    if (!posix_spawn(&pid, script, &actions, NULL, words, environ))
    {
        close(out[1]);
        out[1] = -1;
        /* A background program of the script may keep the pipe open: the newline ends it. */
        while (used < MAX_ANSWER - 1 &&
               (got = read(out[0], answer + used, MAX_ANSWER - 1 - used)) > 0)
        {
            used += got;
            answer[used] = 0;
            if (memchr(answer, '\n', used))
                break;
        }
        waitpid(pid, &status, 0);
    }
    if (out[1] >= 0)
        close(out[1]);
    close(out[0]);
    posix_spawn_file_actions_destroy(&actions);
}

static int read_request(const char *name, char *line)
{
    int file = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t got;

    if (file < 0)
        return -1;
    got = read(file, line, MAX_LINE - 1);
    close(file);
    if (got < 0)
        return -1;
    line[got] = 0;
    return 0;
}

static void write_answer(const char *name, size_t stem, const char *answer)
{
    char half[NAME_MAX + 16], whole[NAME_MAX + 16];
    FILE *file;

    snprintf(half, sizeof(half), "%.*s.half", (int)stem, name);
    snprintf(whole, sizeof(whole), "%.*s.answer", (int)stem, name);
    if (!(file = fopen(half, "w")))
        return;
    fputs(answer, file);
    fclose(file);
    if (rename(half, whole))
        perror(whole);
}

static void serve_file(const char *script, const char *name)
{
    static char answer[MAX_ANSWER];
    char line[MAX_LINE];
    const char *end = strrchr(name, '.');

    if (!end || strcmp(end, ".request") || read_request(name, line))
        return;
    serve(script, line, answer);
    write_answer(name, end - name, answer);
}

int main(int argc, char **argv)
{
    char buffer[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)]
        __attribute__((aligned(__alignof__(struct inotify_event))));
    const struct inotify_event *event;
    ssize_t got, at;
    int watch;

    if (argc != 3)
        return fprintf(stderr, "Usage: rigd DIRECTORY SCRIPT\n"), 2;
    watch = inotify_init1(IN_CLOEXEC);
    if (chdir(argv[1]) || inotify_add_watch(watch, ".", IN_MOVED_TO) < 0)
        return perror(argv[1]), 1;
    while ((got = read(watch, buffer, sizeof(buffer))) > 0)
        for (at = 0; at < got; at += sizeof(*event) + event->len)
        {
            event = (const struct inotify_event *)(buffer + at);
            serve_file(argv[2], event->name);
        }
    return 1;
}
