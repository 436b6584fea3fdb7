/*
 * Runs a fuzz target over the inputs that are kept: one check an input, and one for each beginning
 * of an input.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * fuzz_NAME [FILE or DIRECTORY...]; without arguments the directory corpus/NAME beside this file,
 * which srcdir leads to.
 */

#include <dirent.h>
#include <libgen.h>

#include "fuzz.h"

#define ROOM_FOR_INPUT 65536

#pragma weak fuzz_options

static unsigned long passed, failed;
static int input_failed;

void fuzz_failed(void)
{
    input_failed = 1;
}

static void run(const char *name, const uint8_t *bytes, size_t size)
{
    /* Exactly that size, so that the sanitizer sees the first byte read past it. */
    uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        exit(1);
    if (size)
        memcpy(copy, bytes, size);
    input_failed = 0;
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    if (input_failed)
    {
        printf("%s: failed with its first %zu bytes\n", name, size);
        failed++;
    }
    else
        passed++;
}

static void replay_file(const char *path)
{
    static uint8_t bytes[ROOM_FOR_INPUT];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0, part;

    if (!file)
    {
        perror(path);
        failed++;
        return;
    }
    fclose(file);
    run(path, bytes, size);
    for (part = 0; part < size && part < 512; part++)
        run(path, bytes, part);
}

static void replay_directory(const char *path, DIR *directory)
{
    struct dirent *entry;

    while ((entry = readdir(directory)))
    {
        char name[4096];

        if (entry->d_name[0] == '.')
            continue;
        if (snprintf(name, sizeof(name), "%s/%s", path, entry->d_name) < (int)sizeof(name))
            replay_file(name);
    }
    closedir(directory);
}

static void replay(const char *path)
{
    DIR *directory = opendir(path);

    if (directory)
        replay_directory(path, directory);
    else
        replay_file(path);
}

int main(int argc, char **argv)
{
    const char *srcdir = getenv("srcdir"), *name = basename(argv[0]);
    char corpus[4096];
    int i, code = fuzz_options ? fuzz_options(argc, argv) : -1;

    if (code >= 0)
        return code;
    if (!strncmp(name, "fuzz_", 5))
        name += 5;
    snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name);
    if (argc < 2)
        replay(corpus);
    for (i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%lu passed, %lu failed, 0 skipped\n", passed, failed);
    return failed || !passed;
}
