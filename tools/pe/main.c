/*
 * scardssp-pe: what scardssp-setup and the build want to know of PE files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iso7816/text.h"
#include "version.h"

#define HEADERS_MAX (1u << 20)   /* as far as headers are looked for */
#define FILE_MAX    (256u << 20) /* more than any DLL of Wine's */
#define TEXT_MAX    256

static const char usage[] =
    "Usage: scardssp-pe COMMAND FILE...\n"
    "\n"
    "  width FILE     prints 32 or 64\n"
    "  version FILE   prints the FileVersion of its version resource\n"
    "  product FILE   prints the ProductName there\n"
    "  builtin FILE   whether Wine takes it for one of its own, by the mark at offset 0x40\n"
    "  ours FILE      the same, and it is a DLL of scardssp\n"
    "  mark FILE...   marks each so, in place of its DOS program\n"
    "  marked FILE... whether each is marked so, and is a PE file\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 done, or yes; 1 no, or it cannot be told; 2 wrong usage.\n";

static int refuse(const char *path, const char *why)
{
    fprintf(stderr, "scardssp-pe: %s: %s\n", path, why);
    return 1;
}

/* ---- the file ---- */

/* At most room bytes of the file; free()d by the caller. NULL with errno set. */
static uint8_t *read_bytes(int file, size_t room, size_t *size)
{
    size_t have = 1 << 16;
    uint8_t *bytes = malloc(have), *larger;
    ssize_t got = 1;

    for (*size = 0; bytes && got && *size < room; *size += (size_t)got)
    {
        if (*size == have)
        {
            if (!(larger = realloc(bytes, have *= 2)))
                break;
            bytes = larger;
        }
        do
            got = read(file, bytes + *size, have - *size);
        while (got < 0 && errno == EINTR);
        if (got < 0)
            break;
    }
    if (bytes && (!got || *size >= room))
        return bytes;
    free(bytes);
    return NULL;
}

static uint8_t *read_file(const char *path, size_t room, size_t *size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t *bytes = file < 0 ? NULL : read_bytes(file, room, size);

    if (!bytes)
        refuse(path, strerror(errno));
    if (file >= 0)
        close(file);
    return bytes;
}

/* ---- questions ---- */

static int say_width(const char *path, const uint8_t *data, size_t size)
{
    struct pe_image image;
    const char *refused = pe_open(data, size, &image);

    if (refused)
        return refuse(path, refused);
    printf("%u\n", image.bits);
    return 0;
}

/* A string of the version resource as UTF-8, whatever stands there; "" without. */
static void version_text(const uint8_t *data, size_t size, const char *name, char *text)
{
    uint16_t units[TEXT_MAX];
    struct pe_image image;
    const uint8_t *at;
    size_t count = 0, i;

    at = pe_open(data, size, &image) ? NULL : pe_version_text(&image, name, &count);
    if (count > TEXT_MAX)
        count = TEXT_MAX;
    for (i = 0; at && i < count; i++)
        units[i] = (uint16_t)(at[2 * i] | at[2 * i + 1] << 8);
    text_show(units, at ? count : 0, "", text, 6 * TEXT_MAX + 1);
}

static int say_text(const char *path, const uint8_t *data, size_t size, const char *name)
{
    char text[6 * TEXT_MAX + 1];

    version_text(data, size, name, text);
    if (!text[0])
        return refuse(path, "it has no such string");
    printf("%s\n", text);
    return 0;
}

static int say_version(const char *path, const uint8_t *data, size_t size)
{
    return say_text(path, data, size, "FileVersion");
}

static int say_product(const char *path, const uint8_t *data, size_t size)
{
    return say_text(path, data, size, "ProductName");
}

static int is_builtin(const char *path, const uint8_t *data, size_t size)
{
    (void)path;
    return !pe_is_builtin(data, size);
}

static int is_ours(const char *path, const uint8_t *data, size_t size)
{
    char text[6 * TEXT_MAX + 1];

    (void)path;
    version_text(data, size, "ProductName", text);
    return !pe_is_builtin(data, size) || strcmp(text, "scardssp");
}

/* ---- the mark ---- */

static int is_marked(const char *path, const uint8_t *data, size_t size)
{
    struct pe_image image;
    const char *refused = pe_open(data, size, &image);

    if (refused)
        return refuse(path, refused);
    if (!pe_inside(&image, PE_MARK_AT, PE_MARK_SIZE) ||
        memcmp(data + PE_MARK_AT, PE_MARK, PE_MARK_SIZE))
        return refuse(path, "it is not marked as one of Wine's");
    return 0;
}

static int write_mark(const char *path)
{
    int file = open(path, O_WRONLY | O_CLOEXEC), result = 1;

    if (file >= 0 && pwrite(file, PE_MARK, PE_MARK_SIZE, PE_MARK_AT) == PE_MARK_SIZE)
        result = 0;
    if (file >= 0 && close(file))
        result = 1;
    return result ? refuse(path, strerror(errno)) : 0;
}

static int mark(const char *path, const uint8_t *data, size_t size)
{
    struct pe_image image;
    const char *refused = pe_open(data, size, &image);

    if (refused)
        return refuse(path, refused);
    if (image.header < PE_MARK_AT + PE_MARK_SIZE)
        return refuse(path, "it has no room for the mark before its PE header");
    return write_mark(path);
}

static const struct
{
    const char *name;
    size_t room; /* bytes that it wants to see of a file */
    int many;    /* files */
    int (*run)(const char *path, const uint8_t *data, size_t size);
} commands[] =
{
    {"width", HEADERS_MAX, 0, say_width},
    {"version", FILE_MAX, 0, say_version},
    {"product", FILE_MAX, 0, say_product},
    {"builtin", HEADERS_MAX, 0, is_builtin},
    {"ours", FILE_MAX, 0, is_ours},
    {"mark", HEADERS_MAX, 1, mark},
    {"marked", HEADERS_MAX, 1, is_marked},
};

static int run(size_t command, const char *path)
{
    size_t size;
    uint8_t *data = read_file(path, commands[command].room, &size);
    int result;

    if (!data)
        return 1;
    result = commands[command].run(path, data, size);
    free(data);
    return result;
}

int main(int argc, char **argv)
{
    size_t i, count = sizeof(commands) / sizeof(commands[0]);
    int result = 0, file;

    if (argc == 2 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")))
        return fputs(usage, stdout) < 0 || fflush(stdout);
    for (i = 0; argc > 2 && i < count && strcmp(argv[1], commands[i].name); i++)
        ;
    if (argc < 3 || i == count || (argc > 3 && !commands[i].many))
    {
        fputs(usage, stderr);
        return 2;
    }
    for (file = 2; file < argc; file++)
        result |= run(i, argv[file]);
    return fflush(stdout) || ferror(stdout) || result;
}
