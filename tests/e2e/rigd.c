/*
 * The rig's ear: takes requests of tests on a loopback port and lets a script serve them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One connection a request: a line in, the script's last line out ("ok ..." or "error ...").
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINE 1024
#define MAX_WORDS 16

extern char **environ;

static int listen_on(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(server, (struct sockaddr *)&address, sizeof(address)) || listen(server, 8))
        return -1;
    return server;
}

/* Reads up to the newline, which is taken off. Returns 0 when there was a line. */
static int read_line(int client, char *line)
{
    size_t used = 0;
    ssize_t got;

    while (used < MAX_LINE - 1 && (got = read(client, line + used, MAX_LINE - 1 - used)) > 0)
    {
        used += got;
        line[used] = 0;
        if (strchr(line, '\n'))
        {
            *strchr(line, '\n') = 0;
            return 0;
        }
    }
    return -1;
}

static void split(char *line, char **words)
{
    int count = 1; /* words[0] is the script */
    char *word, *rest = NULL;

    for (word = strtok_r(line, " \r", &rest); word && count < MAX_WORDS - 1;
         word = strtok_r(NULL, " \r", &rest))
        words[count++] = word;
    words[count] = NULL;
}

/* Runs the script with the words; its output goes into answer. */
static void serve(const char *script, char *line, char *answer)
{
    posix_spawn_file_actions_t actions;
    char *words[MAX_WORDS] = {(char *)script};
    size_t used = 0;
    int out[2], status;
    ssize_t got;
    pid_t pid;

    strcpy(answer, "error the script cannot be run");
    split(line, words);
    if (pipe(out))
        return;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    posix_spawn_file_actions_addclose(&actions, out[1]);
    if (!posix_spawn(&pid, script, &actions, NULL, words, environ))
    {
        close(out[1]);
        out[1] = -1;
        /* A background program of the script may keep the pipe open: the newline ends it. */
        while (used < MAX_LINE - 1 && (got = read(out[0], answer + used, MAX_LINE - 1 - used)) > 0)
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

int main(int argc, char **argv)
{
    char line[MAX_LINE], answer[MAX_LINE];
    int server, client;

    if (argc != 3)
        return fprintf(stderr, "Usage: rigd PORT SCRIPT\n"), 2;
    if ((server = listen_on(atoi(argv[1]))) < 0)
        return perror("rigd"), 1;
    while ((client = accept4(server, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    {
        if (!read_line(client, line))
        {
            serve(argv[2], line, answer);
            if (write(client, answer, strlen(answer)) < 0)
                perror("rigd");
        }
        close(client);
    }
    return 0;
}
