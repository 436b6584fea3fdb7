/*
 * Answers as words, and those that a test gives.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "machine.h"

#include <string.h>

static const char *const words[] =
{
    [MACHINE_NO] = "no",
    [MACHINE_YES] = "yes",
    [MACHINE_EMULATED] = "emulated",
    [MACHINE_UNKNOWN] = "unknown",
};

const char *machine_word(enum machine_answer answer)
{
    return words[answer];
}

int machine_answer_of(const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
    {
        if (strlen(words[i]) == size && !memcmp(words[i], text, size))
            return (int)i;
    }
    return -1;
}

/* One NAME=WORD of size characters. 0, or -1. */
static int read_given(const char *text, size_t size, struct machine_seam *seam)
{
    const char *equals = memchr(text, '=', size);
    size_t name;
    int answer;

    if (!equals)
        return -1;
    name = (size_t)(equals - text);
    if ((answer = machine_answer_of(equals + 1, size - name - 1)) < 0)
        return -1;
    if (name == strlen("i386-programs") && !memcmp(text, "i386-programs", name))
        seam->program = answer;
    else if (name == strlen("32-bit-code") && !memcmp(text, "32-bit-code", name) &&
             answer != MACHINE_EMULATED)
        seam->code = answer;
    else
        return -1;
    return 0;
}

int machine_read_seam(const char *text, struct machine_seam *seam)
{
    size_t size;

    seam->program = seam->code = -1;
    for (; text && *text; text += size)
    {
        if ((size = strspn(text, " ,")))
            continue;
        size = strcspn(text, " ,");
        if (read_given(text, size, seam))
            return -1;
    }
    return 0;
}
