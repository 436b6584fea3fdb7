/*
 * scardtool import: card types from registry files and setup information files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "error.h"
#include "textfile.h"
#include "types.h"

struct totals
{
    unsigned written, unchanged, refused;
};

static BOOL is_inf(const WCHAR *name)
{
    int length = lstrlenW(name);

    return length > 4 && !lstrcmpiW(name + length - 4, L".inf");
}

/* The pointers are set only now: the records moved while there came more. */
static unsigned parse(struct type_record *record, struct cardtype *type)
{
    unsigned i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
        record->values[i].data = record->data[i];
    return cardtype_parse(record->values, type);
}

static void warn_of_damage(const struct type_record *record, unsigned unusable)
{
    unsigned i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
        if (unusable & 1u << i)
            warn(L"%ls: the value \"%hs\" is damaged and left out", record->name,
                 cardtype_value_names[i]);
}

static int write_record(const struct arguments *arguments, const struct calais_list *present,
                        struct type_record *record, struct totals *totals)
{
    const struct calais_card *old = calais_find(present, record->name);
    struct cardtype type;
    LONG result;

    warn_of_damage(record, parse(record, &type));
    if (old && !old->is_default && !memcmp(&old->type, &type, sizeof(type)))
    {
        totals->unchanged++;
        report_type(arguments->json, record->name, L"unchanged");
        return EXIT_OK;
    }
    if (option(arguments, L"--dry-run"))
    {
        report_type(arguments->json, record->name, old ? L"would replace" : L"would add");
        return EXIT_OK;
    }
    /* A record that came with the DLL gives way without being asked for. */
    result = calais_add(record->name, &type,
                        option(arguments, L"--replace") || (old && old->is_default));
    if (result)
    {
        totals->refused++;
        return fail(error_hresult(result), L"%ls", record->name);
    }
    totals->written++;
    report_type(arguments->json, record->name, old ? L"replaced" : L"added");
    return EXIT_OK;
}

static int write_records(const struct arguments *arguments, struct type_records *records)
{
    struct totals totals = {0};
    struct calais_list present;
    int one, code = EXIT_OK;
    LONG result;
    DWORD i;

    if ((result = calais_load(&present)))
        return fail(error_hresult(result), L"the card types cannot be read");
    if (arguments->json)
        json_open(NULL, '[');
    for (i = 0; i < records->count; i++)
    {
        one = write_record(arguments, &present, &records->records[i], &totals);
        code = one ? one : code;
    }
    if (arguments->json)
        json_close(']');
    else
        out(L"%u written, %u unchanged, %u refused\n", totals.written, totals.unchanged,
            totals.refused);
    calais_unload(&present);
    return code;
}

static int run(const struct arguments *arguments)
{
    struct type_records records = {0};
    WCHAR *text;
    HRESULT hr;
    int code;

    if (FAILED(hr = textfile_read(arguments->texts[0], &text)))
        return fail(hr, L"%ls", arguments->texts[0]);
    if (is_inf(arguments->texts[0]))
        inffile_read(text, &records);
    else
        regfile_read(text, &records);
    CoTaskMemFree(text);
    if (records.count)
        code = write_records(arguments, &records);
    else
        code = fail_text(L"%ls holds no card type", arguments->texts[0]);
    records_free(&records);
    return code;
}

static const struct option options[] =
{
    {L"--replace", NULL, L"overwrite card types of the same names"},
    {L"--dry-run", NULL, L"only say what would be done"},
    {NULL, NULL, NULL},
};

const struct command command_import =
{
    L"import", L"FILE.reg|FILE.inf", L"add the card types of a file", 1, 1, options, run,
};
