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
#include <strings.h>
#include <unistd.h>

#include "exports.h"
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
    "  wines FILE     whether Wine put it into a prefix, so marked or to keep the place\n"
    "  forwarder FILE whether it is one of scardssp's DLLs that forward to the one above,\n"
    "                 which Wine takes for somebody else's\n"
    "  resolved FILE DLL\n"
    "                 whether all that FILE forwards to a DLL of that name is in DLL\n"
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

static int has_our_product(const uint8_t *data, size_t size)
{
    char text[6 * TEXT_MAX + 1];

    version_text(data, size, "ProductName", text);
    return !strcmp(text, "scardssp");
}

static int is_ours(const char *path, const uint8_t *data, size_t size)
{
    (void)path;
    return !pe_is_builtin(data, size) || !has_our_product(data, size);
}

static int is_wines(const char *path, const uint8_t *data, size_t size)
{
    (void)path;
    return !pe_is_wines(data, size);
}

static int is_forwarder(const char *path, const uint8_t *data, size_t size)
{
    struct pe_exports exports;
    struct pe_image image;
    size_t length;

    (void)path;
    return pe_is_wines(data, size) || !has_our_product(data, size) || pe_open(data, size, &image) ||
           pe_exports_open(&image, &exports) || !exports.name_count ||
           !pe_exports_forwarder(&exports, 0, &length);
}

/* ---- forwarders ---- */

/* The name behind MODULE and a dot, when the text forwards to the DLL of that path: MODULE is its
 * file name without .dll. NULL else. */
static const char *forwarded_to(const char *text, size_t length, const char *path, size_t *rest)
{
    const char *file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *end = strrchr(file, '.');
    size_t module = end ? (size_t)(end - file) : strlen(file);

    if (length <= module + 1 || text[module] != '.' || strncasecmp(text, file, module))
        return NULL;
    *rest = length - module - 1;
    return text + module + 1;
}

/* The first function that forwards to the DLL at path and is not there is told. */
static int compare(const char *file, const struct pe_exports *from, const char *path,
                   const struct pe_exports *to)
{
    const char *text, *name;
    size_t i, length, rest, count = 0;

    for (i = 0; i < from->name_count; i++)
    {
        text = pe_exports_forwarder(from, i, &length);
        if (!text || !(name = forwarded_to(text, length, path, &rest)))
            continue;
        count++;
        if (pe_exports_have(to, name, rest))
            continue;
        printf("%.*s\n", (int)rest, name);
        return 1;
    }
    return count ? 0 : refuse(file, "it forwards nothing to that DLL");
}

static const char *open_exports(const uint8_t *data, size_t size, struct pe_image *image,
                                struct pe_exports *exports)
{
    const char *refused = pe_open(data, size, image);

    return refused ? refused : pe_exports_open(image, exports);
}

static int is_resolved(const char *file, const char *path)
{
    struct pe_image from_image, to_image;
    struct pe_exports from, to;
    const char *refused;
    size_t from_size = 0, to_size = 0;
    uint8_t *from_data = read_file(file, FILE_MAX, &from_size);
    uint8_t *to_data = from_data ? read_file(path, FILE_MAX, &to_size) : NULL;
    int result = 1;

    if (to_data)
    {
        if ((refused = open_exports(from_data, from_size, &from_image, &from)))
            refuse(file, refused);
        else if ((refused = open_exports(to_data, to_size, &to_image, &to)))
            refuse(path, refused);
        else
            result = compare(file, &from, path, &to);
    }
    free(from_data);
    free(to_data);
    return result;
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
    {"wines", HEADERS_MAX, 0, is_wines},
    {"forwarder", FILE_MAX, 0, is_forwarder},
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

    if (argc == 4 && !strcmp(argv[1], "resolved"))
    {
        result = is_resolved(argv[2], argv[3]);
        return fflush(stdout) || ferror(stdout) || result;
    }
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
