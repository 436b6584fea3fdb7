/*
 * scardssp-probe --registry: what registering changes, kept as text and undone.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

#include <string.h>

#include "registry.h"

/* A key may hold but keys that go, and be seen to be ours then. */
#define PASSES_MAX 4

static int refuse(const WCHAR *format, ...)
{
    WCHAR line[256];
    va_list args;

    va_start(args, format);
    wvsprintfW(line, format, args);
    va_end(args);
    out(L"registry.error=%ls\n", line);
    return EXIT_FAILED;
}

/* ---- text ---- */

struct output
{
    struct keytext_sink sink;
    size_t used;
    BOOL failed;
    char bytes[65536];
};

static void flush(struct output *output)
{
    DWORD written;

    if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), output->bytes, (DWORD)output->used, &written,
                   NULL) ||
        written != output->used)
        output->failed = TRUE;
    output->used = 0;
}

/* size is small, see keytext.c. */
static int put(struct keytext_sink *sink, const char *bytes, size_t size)
{
    struct output *output = CONTAINING_RECORD(sink, struct output, sink);

    if (output->used + size > sizeof(output->bytes))
        flush(output);
    memcpy(output->bytes + output->used, bytes, size);
    output->used += size;
    return output->failed ? -1 : 0;
}

static int print(const struct keytext *text)
{
    struct output *output = CoTaskMemAlloc(sizeof(*output));
    BOOL failed = !output;

    if (output)
    {
        output->sink.put = put;
        output->used = 0;
        output->failed = FALSE;
        failed = keytext_write(text, &output->sink) != 0;
        flush(output);
        failed = failed || output->failed;
    }
    CoTaskMemFree(output);
    return failed ? EXIT_FAILED : EXIT_OK;
}

/* ---- commands ---- */

static int save(struct keytext *text, struct keyset *current)
{
    text->sets[KEYTEXT_NOW] = *current;
    text->there[KEYTEXT_NOW] = 1;
    memset(current, 0, sizeof(*current));
    return print(text);
}

static int begin(struct keytext *text, struct keyset *current)
{
    return undo_begin(text, current) ? refuse(L"there is not enough memory") : print(text);
}

static int record(struct keytext *text, struct keyset *current)
{
    return undo_record(text, current) ? refuse(L"there is not enough memory") : print(text);
}

static int end(struct keytext *text, struct keyset *current)
{
    return undo_end(text, current) ? refuse(L"there is not enough memory") : print(text);
}

/* What is still to be done is told, and done no more. */
static int say_remove(struct undo_steps *steps, const struct keyset_key *key)
{
    (void)steps;
    out(L"registry.left=%.*ls\n", (int)key->length, (const WCHAR *)key->path);
    return -1;
}

static int say_set(struct undo_steps *steps, const struct keyset *before,
                   const struct keyset_key *key, const struct keyset *current,
                   const struct keyset_key *now)
{
    (void)before;
    (void)current;
    (void)now;
    return say_remove(steps, key);
}

static int restore(struct keytext *text, struct keyset *current)
{
    struct undo_steps steps = {registry_remove, registry_set}, saying = {say_remove, say_set};
    int pass;

    if (!text->there[KEYTEXT_BEFORE])
        return refuse(L"it does not tell what was before");
    for (pass = 0; pass < PASSES_MAX; pass++)
    {
        if (!undo_restore(text, current, &steps))
            break;
        keyset_free(current);
        if (registry_read(current))
            return refuse(L"the registry cannot be read");
    }
    if (undo_restore(text, current, &saying))
        return EXIT_FAILED;
    undo_ended(text);
    return print(text);
}

static const struct
{
    const WCHAR *name;
    BOOL input;
    int (*run)(struct keytext *text, struct keyset *current);
} commands[] =
{
    {L"save", FALSE, save}, {L"begin", TRUE, begin}, {L"record", TRUE, record},
    {L"end", TRUE, end}, {L"restore", TRUE, restore},
};

static int read_input(struct keytext *text)
{
    size_t size;
    BYTE *bytes = read_all(GetStdHandle(STD_INPUT_HANDLE), &size);
    const char *refused;
    unsigned line;

    if (!bytes)
        return refuse(L"the standard input cannot be read");
    refused = keytext_read((const char *)bytes, size, text, &line);
    CoTaskMemFree(bytes);
    return refused ? refuse(L"line %u: %hs", line, refused) : EXIT_OK;
}

static int run(unsigned command)
{
    struct keytext text = {0};
    struct keyset current = {0};
    int code = EXIT_OK;
    LONG result;

    if (commands[command].input)
        code = read_input(&text);
    if (code == EXIT_OK && (result = registry_read(&current)))
        code = refuse(L"the registry cannot be read (%ld)", result);
    if (code == EXIT_OK)
        code = commands[command].run(&text, &current);
    keyset_free(&current);
    keytext_free(&text);
    return code;
}

int probe_registry(const WCHAR *command)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (!lstrcmpW(commands[i].name, command))
            return run(i);
    refuse(L"there is no such command");
    return EXIT_USAGE;
}
