/*
 * scardssp-probe --overrides: by which Wine takes a DLL of the prefix before its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The standard input has lines of fields with tabs between them, and "end" as its last line:
 *     value KEY NAME [WAS]  the override of the DLL NAME (without .dll) in KEY, which is
 *                           DllOverrides or AppDefaults\PROGRAM\DllOverrides below Wine's key of
 *                           the user; WAS is what it was before: absent, or TYPE:BYTES, a number
 *                           and hexadecimal digits
 *     key KEY               a key that was not there: one of those, or of those above them
 *
 * look prints the same for the values of the input as they are, and the keys that are not there;
 * set makes each value ours; restore makes of it what it was, if it is ours still, and removes the
 * keys that are empty then. It prints lines "restored KEY NAME", or "changed" for what somebody
 * changed since.
 */

#include "probe.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define WINE_KEY   L"Software\\Wine"
#define ALL        L"DllOverrides"
#define PROGRAMS   L"AppDefaults"
#define NATIVE     L"native,builtin"
#define LINES_MAX  4096
#define FIELDS_MAX 4
#define DATA_MAX   65536

struct line
{
    WCHAR *fields[FIELDS_MAX]; /* L"" for those that are not there */
};

struct input
{
    WCHAR *text;
    unsigned count;
    struct line lines[LINES_MAX];
};

static int refuse(const WCHAR *why)
{
    out(L"overrides.error=%ls\n", why);
    return EXIT_FAILED;
}

/* ---- values ---- */

struct value
{
    BOOL there;
    DWORD type, size;
    BYTE data[DATA_MAX];
};

static HKEY open_key(const WCHAR *path, REGSAM access)
{
    HKEY wine, key = NULL;

    if (RegOpenKeyExW(HKEY_CURRENT_USER, WINE_KEY, 0, KEY_READ, &wine))
        return NULL;
    if (RegOpenKeyExW(wine, path, 0, access, &key))
        key = NULL;
    RegCloseKey(wine);
    return key;
}

/* FALSE when it cannot be read. */
static BOOL read_value(const struct line *line, struct value *value)
{
    HKEY key = open_key(line->fields[1], KEY_READ);
    LONG result = ERROR_FILE_NOT_FOUND;

    value->size = sizeof(value->data);
    if (key)
    {
        result =
            RegQueryValueExW(key, line->fields[2], NULL, &value->type, value->data, &value->size);
        RegCloseKey(key);
    }
    value->there = !result;
    return !result || result == ERROR_FILE_NOT_FOUND;
}

static BOOL write_value(const struct line *line, DWORD type, const void *data, DWORD size)
{
    HKEY wine, key;
    LONG result = RegCreateKeyExW(HKEY_CURRENT_USER, WINE_KEY, 0, NULL, 0, KEY_READ | KEY_WRITE,
                                  NULL, &wine, NULL);

    if (result)
        return FALSE;
    result = RegCreateKeyExW(wine, line->fields[1], 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    RegCloseKey(wine);
    if (result)
        return FALSE;
    result = RegSetValueExW(key, line->fields[2], 0, type, data, size);
    RegCloseKey(key);
    return !result;
}

static BOOL delete_value(const struct line *line)
{
    HKEY key = open_key(line->fields[1], KEY_WRITE);
    LONG result = key ? RegDeleteValueW(key, line->fields[2]) : ERROR_FILE_NOT_FOUND;

    if (key)
        RegCloseKey(key);
    return !result || result == ERROR_FILE_NOT_FOUND;
}

static BOOL is_native(const struct value *value)
{
    return value->there && value->type == REG_SZ && value->size == sizeof(NATIVE) &&
           !memcmp(value->data, NATIVE, sizeof(NATIVE));
}

static int digit(WCHAR c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads WAS; FALSE when it is none. */
static BOOL parse_value(const WCHAR *text, struct value *value)
{
    WCHAR *end;
    int high, low;

    value->there = lstrcmpW(text, L"absent") != 0;
    if (!value->there)
        return TRUE;
    value->type = wcstoul(text, &end, 10);
    if (end == text || *end++ != ':')
        return FALSE;
    for (value->size = 0; *end; end += 2)
    {
        high = digit(end[0]);
        low = high < 0 ? -1 : digit(end[1]);
        if (low < 0 || value->size == DATA_MAX)
            return FALSE;
        value->data[value->size++] = (BYTE)(high << 4 | low);
    }
    return TRUE;
}

static BOOL same_value(const struct value *one, const struct value *other)
{
    return one->there == other->there &&
           (!one->there || (one->type == other->type && one->size == other->size &&
                            !memcmp(one->data, other->data, one->size)));
}

/* ---- input ---- */

static BOOL starts_with(const WCHAR *text, const WCHAR *start)
{
    return !wcsncmp(text, start, lstrlenW(start));
}

/* What is behind AppDefaults\PROGRAM, NULL when there is no such start. */
static const WCHAR *behind_program(const WCHAR *key)
{
    const WCHAR *name = key + lstrlenW(PROGRAMS L"\\");

    if (!starts_with(key, PROGRAMS L"\\") || !*name || *name == '\\')
        return NULL;
    while (*name && *name != '\\')
        name++;
    return name;
}

static BOOL is_value_key(const WCHAR *key)
{
    const WCHAR *rest = behind_program(key);

    return !lstrcmpW(key, ALL) || (rest && !lstrcmpW(rest, L"\\" ALL));
}

static BOOL is_key(const WCHAR *key)
{
    const WCHAR *rest = behind_program(key);

    return is_value_key(key) || !lstrcmpW(key, PROGRAMS) || (rest && !*rest);
}

static BOOL is_dll_name(const WCHAR *name)
{
    const WCHAR *at = name;

    while ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9'))
        at++;
    return at > name && !*at;
}

/* What comes from a file of the prefix changes nothing but overrides. */
static BOOL is_sound(const struct line *line)
{
    if (!lstrcmpW(line->fields[0], L"value"))
        return is_value_key(line->fields[1]) && is_dll_name(line->fields[2]);
    return !lstrcmpW(line->fields[0], L"key") && is_key(line->fields[1]) && !line->fields[2][0];
}

static void split(WCHAR *text, struct line *line)
{
    static WCHAR none[] = L"";
    unsigned i;

    for (i = 0; i < FIELDS_MAX; i++)
    {
        line->fields[i] = text ? text : none;
        if (text && i + 1 < FIELDS_MAX && (text = wcschr(text, '\t')))
            *text++ = 0;
    }
}

/* FALSE without the line "end", or with one that makes no sense. */
static BOOL read_lines(struct input *input)
{
    WCHAR *at = input->text, *end;

    while ((end = wcschr(at, '\n')))
    {
        *end = 0;
        if (end > at && end[-1] == '\r')
            end[-1] = 0;
        if (!lstrcmpW(at, L"end"))
            return !end[1];
        if (input->count == LINES_MAX)
            return FALSE;
        split(at, &input->lines[input->count]);
        if (!is_sound(&input->lines[input->count++]))
            return FALSE;
        at = end + 1;
    }
    return FALSE;
}

static BOOL read_input(struct input *input)
{
    size_t size;
    BYTE *bytes = read_all(GetStdHandle(STD_INPUT_HANDLE), &size);
    int length = bytes && size < INT_MAX
                     ? MultiByteToWideChar(CP_UTF8, 0, (char *)bytes, (int)size, NULL, 0)
                     : 0;

    if (length && (input->text = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
    {
        MultiByteToWideChar(CP_UTF8, 0, (char *)bytes, (int)size, input->text, length);
        input->text[length] = 0;
    }
    CoTaskMemFree(bytes);
    return input->text && read_lines(input);
}

static BOOL is_value(const struct line *line)
{
    return !lstrcmpW(line->fields[0], L"value");
}

/* ---- commands ---- */

/* The keys on the way to a value that are not there. */
static void say_missing(const struct line *line)
{
    WCHAR *at = line->fields[1], *end;
    HKEY key;

    do
    {
        if ((end = wcschr(at, '\\')))
            *end = 0;
        if ((key = open_key(line->fields[1], KEY_READ)))
            RegCloseKey(key);
        else
            out(L"key\t%ls\n", line->fields[1]);
        if (end)
        {
            *end = '\\';
            at = end + 1;
        }
    } while (end);
}

static int look(struct input *input, struct value *value, struct value *unused)
{
    const struct line *line;
    unsigned i;
    DWORD j;

    (void)unused;
    for (i = 0; i < input->count; i++)
    {
        line = &input->lines[i];
        if (!is_value(line))
            continue;
        if (!read_value(line, value))
            return refuse(L"an override cannot be read");
        say_missing(line);
        out(L"value\t%ls\t%ls\t", line->fields[1], line->fields[2]);
        if (!value->there)
            out(L"absent");
        else
            out(L"%lu:", value->type);
        for (j = 0; value->there && j < value->size; j++)
            out(L"%02x", value->data[j]);
        out(L"\n");
    }
    out(L"end\n");
    return EXIT_OK;
}

static int set(struct input *input, struct value *value, struct value *unused)
{
    unsigned i;

    (void)unused;
    for (i = 0; i < input->count; i++)
    {
        if (!is_value(&input->lines[i]))
            continue;
        if (!read_value(&input->lines[i], value) ||
            (!is_native(value) && !write_value(&input->lines[i], REG_SZ, NATIVE, sizeof(NATIVE))))
            return refuse(L"an override cannot be written");
    }
    out(L"end\n");
    return EXIT_OK;
}

static BOOL restore_value(const struct line *line, struct value *value, struct value *was)
{
    BOOL good;

    if (!parse_value(line->fields[3], was) || !read_value(line, value))
        return FALSE;
    if (!is_native(value) || same_value(value, was))
    {
        out(L"%ls\t%ls\t%ls\n", same_value(value, was) ? L"restored" : L"changed", line->fields[1],
            line->fields[2]);
        return TRUE;
    }
    good = was->there ? write_value(line, was->type, was->data, was->size) : delete_value(line);
    if (good)
        out(L"restored\t%ls\t%ls\n", line->fields[1], line->fields[2]);
    return good;
}

/* What others put there stays. */
static void remove_if_empty(const WCHAR *path)
{
    DWORD keys = 1, values = 1;
    HKEY key = open_key(path, KEY_READ), wine;

    if (!key)
        return;
    if (RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL))
        keys = 1;
    RegCloseKey(key);
    if (keys || values || RegOpenKeyExW(HKEY_CURRENT_USER, WINE_KEY, 0, KEY_WRITE, &wine))
        return;
    RegDeleteKeyW(wine, path);
    RegCloseKey(wine);
}

/* The deepest first. */
static int by_length(const void *one, const void *other)
{
    return lstrlenW(((const struct line *)other)->fields[1]) -
           lstrlenW(((const struct line *)one)->fields[1]);
}

static int restore(struct input *input, struct value *value, struct value *was)
{
    unsigned i;

    for (i = 0; i < input->count; i++)
        if (is_value(&input->lines[i]) && !restore_value(&input->lines[i], value, was))
            return refuse(L"an override cannot be put back");
    qsort(input->lines, input->count, sizeof(input->lines[0]), by_length);
    for (i = 0; i < input->count; i++)
        if (!is_value(&input->lines[i]))
            remove_if_empty(input->lines[i].fields[1]);
    out(L"end\n");
    return EXIT_OK;
}

static const struct
{
    const WCHAR *name;
    int (*run)(struct input *input, struct value *value, struct value *other);
} commands[] = {{L"look", look}, {L"set", set}, {L"restore", restore}};

static int run(unsigned command)
{
    struct input *input = CoTaskMemAlloc(sizeof(*input));
    struct value *values = CoTaskMemAlloc(2 * sizeof(*values));
    int code;

    if (input)
        memset(input, 0, sizeof(*input));
    if (!input || !values)
        code = refuse(L"there is not enough memory");
    else if (!read_input(input))
        code = refuse(L"what is kept of the overrides is damaged");
    else
        code = commands[command].run(input, &values[0], &values[1]);
    if (input)
        CoTaskMemFree(input->text);
    CoTaskMemFree(input);
    CoTaskMemFree(values);
    return code;
}

int probe_overrides(const WCHAR *command)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (!lstrcmpW(commands[i].name, command))
            return run(i);
    refuse(L"there is no such command");
    return EXIT_USAGE;
}
