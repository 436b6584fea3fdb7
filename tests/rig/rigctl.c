/*
 * What a PE test asks of its rig, through files in a directory that the rig watches.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rigctl.h"

/* The longest that a request may take: a person who moves a card is the slowest. */
#define PATIENCE_MS 70000

static BOOL write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");

    if (!file)
        return FALSE;
    fputs(text, file);
    return !fclose(file);
}

/* Waits for the answer's file, takes its first line and removes it. */
static BOOL read_answer(const char *name, char *answer, size_t size)
{
    DWORD start = GetTickCount();
    FILE *file;
    size_t got;

    while (!(file = fopen(name, "rb")))
    {
        if (GetTickCount() - start > PATIENCE_MS)
            return FALSE;
        Sleep(2);
    }
    got = fread(answer, 1, size - 1, file);
    fclose(file);
    DeleteFileA(name);
    answer[got] = 0;
    answer[strcspn(answer, "\r\n")] = 0;
    return TRUE;
}

int rig_is_there(void)
{
    return GetEnvironmentVariableA("SCARDSSP_TEST_RIG", NULL, 0) != 0;
}

int rig_request(const char *line, char *answer, size_t size)
{
    static LONG count;
    char directory[MAX_PATH], stem[MAX_PATH + 32], half[MAX_PATH + 48], whole[MAX_PATH + 48];
    BOOL answered;

    if (!GetEnvironmentVariableA("SCARDSSP_TEST_RIG", directory, sizeof(directory)))
    {
        snprintf(answer, size, "there is no rig; run the test by tools/rig");
        return -1;
    }
    snprintf(stem, sizeof(stem), "Z:%s/%lx-%lx", directory, GetCurrentProcessId(),
             InterlockedIncrement(&count));
    snprintf(half, sizeof(half), "%s.tmp", stem);
    snprintf(whole, sizeof(whole), "%s.request", stem);
    if (!write_file(half, line) || !MoveFileA(half, whole))
    {
        snprintf(answer, size, "%s cannot be written", whole);
        return -1;
    }
    snprintf(half, sizeof(half), "%s.answer", stem);
    answered = read_answer(half, answer, size);
    DeleteFileA(whole); /* not before: Wine still looks at a file that it just renamed */
    if (!answered)
    {
        snprintf(answer, size, "the rig does not answer");
        return -1;
    }
    return strncmp(answer, "ok", 2) ? -1 : 0;
}

unsigned long rig_slowness(void)
{
    char text[16];
    DWORD length = GetEnvironmentVariableA("SCARDSSP_TEST_SLOW", text, sizeof(text));
    unsigned long times = length && length < sizeof(text) ? strtoul(text, NULL, 10) : 1;

    return times ? times : 1;
}
