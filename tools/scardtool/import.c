/*
 * scardtool import: what registry files and setup information files say of the card database.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The database becomes what regedit or SetupAPI of Windows would have made of it with that file.
 * What such a file asks for elsewhere is left out, and told.
 */

#include "scardtool.h"

#include <shlobj.h>
#include <wchar.h>

#include "changes.h"
#include "database.h"
#include "base/error.h"
#include "inffile.h"
#include "regfile.h"
#include "textfile.h"

#ifdef _WIN64
#define OWN_VIEW DATABASE_64
#else
#define OWN_VIEW DATABASE_32
#endif

/* Why entries are left out. */
enum left_out
{
    ELSEWHERE,
    DRIVER,
    DIRECTIVE,
    MALFORMED,
    LEFT_OUT_REASONS
};

static const WCHAR *const left_out_texts[LEFT_OUT_REASONS] =
{
    L"outside the card database", L"of the driver's own key (HKR)",
    L"of a setup program's other work", L"malformed",
};

struct work
{
    const struct arguments *arguments;
    const WCHAR *file;
    struct textfile text;
    struct database before, after;
    unsigned left_out[LEFT_OUT_REASONS];
    unsigned entries; /* of the database, done or malformed */
};

/* ---- reading ---- */

static BOOL is_inf(const WCHAR *name)
{
    int length = lstrlenW(name);

    return length > 4 && !lstrcmpiW(name + length - 4, L".inf");
}

/* The text of %id% in an .inf file; those that have anything to do with cards and their drivers. */
static const uint16_t *directory(void *context, int id)
{
    static WCHAR path[2 * MAX_PATH];
    const WCHAR *slash;

    path[0] = 0;
    switch (id)
    {
    case 1:
        slash = wcsrchr(context, '\\');
        if (slash && slash - (WCHAR *)context < MAX_PATH)
            lstrcpynW(path, context, (int)(slash - (WCHAR *)context) + 2);
        break;
    case 10: case 12: case 17: case 20: case 24: case 30:
        GetWindowsDirectoryW(path, MAX_PATH);
        if (id == 24 || id == 30)
            path[min(lstrlenW(path), 3)] = 0;
        lstrcatW(path, id == 12   ? L"\\system32\\drivers"
                       : id == 17 ? L"\\inf"
                       : id == 20 ? L"\\fonts"
                                  : L"");
        break;
    case 11: GetSystemDirectoryW(path, MAX_PATH); break;
    default:
        if (id >= 16384 && id < 16384 + 256)
            SHGetSpecialFolderPathW(NULL, path, id - 16384, FALSE);
    }
    return path[0] ? path : NULL;
}

static size_t widen(const uint8_t *bytes, size_t size, uint16_t *units)
{
    return MultiByteToWideChar(CP_ACP, 0, (const char *)bytes, (int)size, units, (int)size);
}

/* Old Macintosh text has no other line ends; SetupAPI takes it for one line. */
static void mend_line_ends(struct textfile *file)
{
    DWORD i;

    if (wcschr(file->text, '\n'))
        return;
    for (i = 0; i < file->length; i++)
        if (file->text[i] == '\r')
            file->text[i] = '\n';
}

static const char *read_inf(const struct work *work, enum database_view view, struct regops *ops,
                            unsigned *line)
{
    WCHAR path[MAX_PATH];
    struct inffile_options options =
    {
        .platform = view == DATABASE_64 && work->before.has_32 ? "ntamd64" : "ntx86",
        .section = option(work->arguments, L"--section"),
        .language = GetUserDefaultLangID(),
        .directory = directory,
        .context = path,
    };

    if (!GetFullPathNameW(work->file, ARRAYSIZE(path), path, NULL))
        path[0] = 0;
    return inffile_read(work->text.text, work->text.length, &options, ops, line);
}

/* *view may become the other one, for what is meant for 32-bit Windows only. */
static int read_file(struct work *work, enum database_view *view, struct regops *ops)
{
    struct regfile_options options = {.wide = work->text.wide, .widen = widen};
    const char *refused, *other;
    unsigned line = 0, ignored;

    if (!is_inf(work->file))
        refused = regfile_read(work->text.text, work->text.length, &options, ops);
    else if ((refused = read_inf(work, *view, ops, &line)) && !line && *view == DATABASE_64 &&
             work->before.has_32)
    {
        regops_free(ops);
        if (!(other = read_inf(work, DATABASE_32, ops, &ignored)))
        {
            *view = DATABASE_32;
            refused = NULL;
            warn(L"%ls: it is for 32-bit Windows, so the database of 32-bit programs gets it",
                 work->file);
        }
    }
    if (!refused)
        return EXIT_OK;
    if (line)
        return fail_text(L"%ls:%u: %hs", work->file, line, refused);
    return fail_text(L"%ls: %hs", work->file, refused);
}

/* ---- entries ---- */

/* HKLM\key "value", as far as there is room. */
static void entry_text(const struct regop *op, WCHAR *text, size_t room)
{
    const char *root = regops_root_short(op->root);

    if (!root)
        root = regops_root_name(op->root);
    _snwprintf(text, room, L"%hs%ls%.300ls%ls%ls%.200ls%ls", root ? root : "", root ? L"\\" : L"",
               op->path, root && op->name[0] ? L" " : L"", op->name[0] ? L"\"" : L"", op->name,
               op->name[0] ? L"\"" : L"");
    text[room - 1] = 0;
}

static void leave_out(struct work *work, const struct regop *op, enum left_out why)
{
    WCHAR text[600];

    work->left_out[why]++;
    entry_text(op, text, ARRAYSIZE(text));
    if (work->arguments->json)
    {
        json_open(NULL, '{');
        json_text(L"name", text);
        json_text(L"result", L"left out");
        json_number(L"line", op->line);
        json_text(L"why", left_out_texts[why]);
        json_close();
    }
    else if (option(work->arguments, L"--left-out"))
        out(L"%ls:%u: %ls: left out, %ls\n", work->file, op->line, text, left_out_texts[why]);
}

static void complain(struct work *work, const struct regop *op, const WCHAR *why)
{
    WCHAR text[600];

    work->left_out[MALFORMED]++;
    entry_text(op, text, ARRAYSIZE(text));
    warn(L"%ls:%u: %ls: %ls; left out", work->file, op->line, text[0] ? text : L"an entry", why);
}

/* A key that only stands above entries. */
static BOOL is_only_key(const struct regops *ops, size_t i)
{
    const struct regop *op = &ops->ops[i];

    return op->kind == REGOP_KEY &&
           ((i + 1 < ops->count && ops->ops[i + 1].path == op->path) ||
            (op->root == REGOP_LOCAL_MACHINE && database_is_above(op->path)));
}

static enum left_out why_not(const struct regop *op)
{
    if (op->kind == REGOP_DIRECTIVE)
        return DIRECTIVE;
    return op->root == REGOP_DRIVER ? DRIVER : ELSEWHERE;
}

static LONG do_entry(struct work *work, const struct regops *ops, size_t i, enum database_view own)
{
    const struct regop *op = &ops->ops[i];
    enum database_view view;
    const WCHAR *path = database_path(&work->after, op, own, &view);
    WCHAR why[128];
    LONG result;

    if (op->kind == REGOP_SECTION)
    {
        if (!work->arguments->json)
            out(L"%ls: section %ls\n", work->file, op->name);
        return ERROR_SUCCESS;
    }
    work->entries += path != NULL;
    if (op->kind == REGOP_UNREAD && (path || op->root == REGOP_NO_ROOT))
    {
        swprintf(why, ARRAYSIZE(why), L"%hs", op->why);
        complain(work, op, why);
        return ERROR_SUCCESS;
    }
    if (!path)
    {
        if (!is_only_key(ops, i))
            leave_out(work, op, why_not(op));
        return ERROR_SUCCESS;
    }
    result =
        database_apply(&work->after, op, view, path, option(work->arguments, L"--replace") != NULL);
    if (result != ERROR_INVALID_NAME && result != ERROR_TOO_MANY_NAMES)
        return result;
    complain(work, op,
             result == ERROR_INVALID_NAME ? L"its name is too long for a key"
                                          : L"there are too many");
    return ERROR_SUCCESS;
}

static int do_view(struct work *work, enum database_view view)
{
    struct regops ops;
    LONG result = ERROR_SUCCESS;
    size_t i;
    int code;

    regops_init(&ops);
    code = read_file(work, &view, &ops);
    for (i = 0; !code && i < ops.count && !result; i++)
        result = do_entry(work, &ops, i, view);
    regops_free(&ops);
    return result ? fail(error_hresult(result), L"%ls", work->file) : code;
}

/* ---- the whole ---- */

static void print_left_out(const struct work *work)
{
    const WCHAR *before = L"left out: ";
    BOOL hint = FALSE;
    unsigned i;

    for (i = 0; i < LEFT_OUT_REASONS; i++)
    {
        if (!work->left_out[i])
            continue;
        out(L"%ls%u %ls", before, work->left_out[i], left_out_texts[i]);
        before = L", ";
        hint |= i != MALFORMED; /* of those each had a warning */
    }
    if (before[0] == ',')
        out(hint && !option(work->arguments, L"--left-out") ? L" (--left-out lists them)\n"
                                                            : L"\n");
}

/* When the registry fails half way, what was there before comes back as far as it can. */
static int write(const struct work *work)
{
    LONG result = database_write(&work->before, &work->after);
    struct database now;

    if (!result)
        return EXIT_OK;
    if (!database_load(&now))
    {
        database_write(&now, &work->before);
        database_free(&now);
    }
    return fail(error_hresult(result), L"the card database cannot be written");
}

static int finish(struct work *work)
{
    BOOL dry = option(work->arguments, L"--dry-run") != NULL;
    struct changes_totals totals;
    int code = EXIT_OK;

    if (!work->entries)
    {
        if (!work->arguments->json)
            print_left_out(work);
        return fail_text(L"%ls holds nothing of the card database", work->file);
    }
    if (!dry)
        code = write(work);
    if (code)
        return code;
    if (changes_report(work->arguments->json, dry, &work->before, &work->after, &totals))
        return fail(E_OUTOFMEMORY, L"%ls", work->file);
    if (work->arguments->json)
        return EXIT_OK;
    out(L"%u written, %u removed, %u unchanged\n", totals.written, totals.removed,
        totals.unchanged);
    print_left_out(work);
    return EXIT_OK;
}

/* The views that --view names, from the first on. */
static int chosen_views(const struct arguments *arguments, enum database_view *first,
                        enum database_view *last)
{
    const WCHAR *text = option(arguments, L"--view");

    *first = *last = OWN_VIEW;
    if (!text)
        return EXIT_OK;
    if (lstrcmpW(text, L"64") && lstrcmpW(text, L"32") && lstrcmpW(text, L"both"))
        return fail_usage(L"--view takes 64, 32 or both");
    *first = lstrcmpW(text, L"32") ? DATABASE_64 : DATABASE_32;
    *last = lstrcmpW(text, L"64") ? DATABASE_32 : DATABASE_64;
    return EXIT_OK;
}

static int import(struct work *work, enum database_view first, enum database_view last)
{
    enum database_view view;
    LONG result;
    int code = EXIT_OK;

    if ((result = database_load(&work->before)) ||
        (result = database_copy(&work->before, &work->after)))
        return fail(error_hresult(result), L"the card database cannot be read");
    if (!work->before.has_32)
        first = last = DATABASE_64;
    for (view = first; !code && view <= last; view++)
        code = do_view(work, view);
    return code ? code : finish(work);
}

static int run(const struct arguments *arguments)
{
    struct work work = {.arguments = arguments, .file = arguments->texts[0]};
    enum database_view first, last;
    HRESULT hr;
    int code;

    if ((code = chosen_views(arguments, &first, &last)))
        return code;
    if (option(arguments, L"--section") && !is_inf(work.file))
        return fail_usage(L"only .inf files have sections");
    if (FAILED(hr = textfile_read(work.file, &work.text)))
        return fail(hr, L"%ls", work.file);
    if (is_inf(work.file))
        mend_line_ends(&work.text);
    if (arguments->json)
        json_open(NULL, '[');
    code = import(&work, first, last);
    if (arguments->json)
        json_close();
    database_free(&work.before);
    database_free(&work.after);
    CoTaskMemFree(work.text.text);
    return code;
}

static const struct option options[] =
{
    {L"--dry-run", NULL, L"only say what would be done"},
    {L"--left-out", NULL, L"list what the file asks for elsewhere, which is not done"},
    {L"--replace", NULL, L"card types of the file lose the values that they had"},
    {L"--section", L"NAME", L"section of an .inf file; default: DefaultInstall, or its devices'"},
    {L"--view", L"WHICH", L"64, 32 or both registry views; default: the program's own"},
    {NULL, NULL, NULL},
};

const struct command command_import =
{
    L"import", L"FILE.reg|FILE.inf", L"do what a file says of card types", 1, 1, options, run,
};
