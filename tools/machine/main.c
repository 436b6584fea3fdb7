/*
 * scardssp-machine: tells what 32-bit code this machine runs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "machine.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEAM "SCARDSSP_TEST_MACHINE"

static const char usage[] =
    "Usage: scardssp-machine [--verbose] [i386-programs | 32-bit-code]\n"
    "\n"
    "Tells what 32-bit code this machine runs, by running some. Prints two lines:\n"
    "  i386-programs yes|no|emulated|unknown  whether the kernel starts i386 programs (which\n"
    "                                         Wine's old WoW64 needs); emulated: another\n"
    "                                         program runs them\n"
    "  32-bit-code yes|no|unknown             whether 32-bit code runs inside a 64-bit process\n"
    "                                         (which is all that new WoW64 needs)\n"
    "With an argument only that answer's word. unknown: it could not be tried.\n"
    "\n"
    "  -v, --verbose  what happened, to standard error\n"
    "  -h, --help     this text\n"
    "\n"
    "Tests set " SEAM " to answers that take the place of the machine's, for example\n"
    "\"i386-programs=no 32-bit-code=no\".\n"
    "\n"
    "Exit status: 0 answered; 1 the answer could not be written; 2 wrong usage.\n";

struct question
{
    const char *name;
    void (*ask)(struct machine_result *result);
};

static const struct question questions[] =
{
    {"i386-programs", machine_try_program},
    {"32-bit-code", machine_try_code},
};
#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

/* Asks the machine, or takes the given answer when it is none of -1; prints. */
static void answer(const struct question *question, int given, int alone, int verbose)
{
    struct machine_result result = {.answer = MACHINE_UNKNOWN, .why = "told by " SEAM};

    if (given < 0)
        question->ask(&result);
    else
        result.answer = (enum machine_answer)given;
    if (alone)
        printf("%s\n", machine_word(result.answer));
    else
        printf("%s %s\n", question->name, machine_word(result.answer));
    fflush(stdout);
    if (verbose)
        fprintf(stderr, "scardssp-machine: %s: %s\n", question->name, result.why);
}

/* The arguments. 0, or -1 for a wrong one. */
static int read_arguments(char **arguments, const struct question **only, int *verbose)
{
    size_t i;

    for (; *arguments; arguments++)
    {
        if (!strcmp(*arguments, "-v") || !strcmp(*arguments, "--verbose"))
        {
            *verbose = 1;
            continue;
        }
        for (i = 0; i < QUESTIONS && strcmp(*arguments, questions[i].name); i++)
            ;
        if (i == QUESTIONS || *only)
            return -1;
        *only = &questions[i];
    }
    return 0;
}

/* What is opened later is none of the three, which a started program gets. */
static void open_standard(void)
{
    int file;

    while ((file = open("/dev/null", O_RDWR)) >= 0 && file <= STDERR_FILENO)
        ;
    if (file >= 0)
        close(file);
}

int main(int argc, char **argv)
{
    const struct question *only = NULL;
    struct machine_seam seam;
    int given[QUESTIONS], verbose = 0;
    size_t i;

    open_standard();
    if (argc > 1 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")))
        return fputs(usage, stdout) < 0 || fflush(stdout);
    if (argc < 1 || read_arguments(argv + 1, &only, &verbose))
    {
        fputs(usage, stderr);
        return 2;
    }
    if (machine_read_seam(getenv(SEAM), &seam))
    {
        fprintf(stderr, "scardssp-machine: " SEAM " is \"%s\"; see --help\n", getenv(SEAM));
        return 2;
    }
    given[0] = seam.program;
    given[1] = seam.code;
    for (i = 0; i < QUESTIONS; i++)
    {
        if (!only || only == &questions[i])
            answer(&questions[i], given[i], only != NULL, verbose);
    }
    return fflush(stdout) || ferror(stdout);
}
