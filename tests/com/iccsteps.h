/*
 * Tables of calls to the card service: what is called, what comes back, and which commands the card
 * itself says that it got.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after icccard.h. Data are hexadecimal, or "@OFFSET+LENGTH" for the
 * pattern of the simulated card's files (tests/cards/profiles/README.md), or "=BYTE*LENGTH", or
 * "!KEY REST" for the proof that the holder of KEY gives for the last challenge, and REST after it.
 * What comes back may be "?LENGTH", any bytes.
 *
 * The log of a step is what went to the card, as check_log takes it.
 */

#ifndef TESTS_COM_ICCSTEPS_H
#define TESTS_COM_ICCSTEPS_H

enum step_op
{
    STEP_END,
    /* ISCardManage */
    STEP_LOCK, STEP_UNLOCK, STEP_RIG,
    /* ISCard, over the same handle */
    STEP_APPLICATION,
    /* ISCardFileAccess */
    STEP_CHANGE_DIR, STEP_CURRENT_DIR, STEP_DIRECTORY, STEP_OPEN, STEP_CLOSE, STEP_SEEK, STEP_READ,
    STEP_WRITE, STEP_CREATE, STEP_DELETE, STEP_INVALIDATE, STEP_REHABILITATE, STEP_PROPERTIES,
    STEP_CAPABILITIES, STEP_SET_PROPERTIES,
    /* ISCardVerify */
    STEP_VERIFY, STEP_CHANGE, STEP_UNBLOCK, STEP_RESET,
    /* ISCardAuth */
    STEP_CHALLENGE, STEP_INTERNAL, STEP_EXTERNAL, STEP_USER,
};

struct step
{
    enum step_op op;
    LONG type;         /* REFTYPE, FILETYPE, SEEKTYPE, disposition; the algorithm */
    const WCHAR *name; /* path; what comes back of GetCurrentDir and Directory */
    LONG count;        /* bytes, offset, reference of a code */
    const char *data;  /* goes in: content, code; objects or tags, blank between them */
    const char *more;  /* the second of it: new code, content of a new file, parameter */
    DWORD flags;
    const char *out; /* what comes back; "-" for an entry that is not there */
    HRESULT hr;
    const char *log; /* NULL: not looked at */
    int slot;        /* which of the open files */
};

/* Shorthands: what a step needs, then .hr, .log and others by name. */
#define RIG(words) {.op = STEP_RIG, .data = words}
#define LOCK() {.op = STEP_LOCK}
#define UNLOCK() {.op = STEP_UNLOCK}
/* The application, whose handle the services have, sends a command itself. */
#define APPLICATION(bytes) {.op = STEP_APPLICATION, .data = bytes}
#define CHANGE_DIR(path, ...) \
    {.op = STEP_CHANGE_DIR, .type = SC_TYPE_BY_ID, .name = path, __VA_ARGS__}
#define CHANGE_DIR_NAME(path, ...) \
    {.op = STEP_CHANGE_DIR, .type = SC_TYPE_BY_NAME, .name = path, __VA_ARGS__}
#define CURRENT_DIR(path, ...) {.op = STEP_CURRENT_DIR, .name = path, __VA_ARGS__}
#define DIRECTORY(kind, names, ...) {.op = STEP_DIRECTORY, .type = kind, .name = names, __VA_ARGS__}
#define OPEN(path, ...) {.op = STEP_OPEN, .type = SC_TYPE_BY_ID, .name = path, __VA_ARGS__}
#define OPEN_SFI(path, ...) \
    {.op = STEP_OPEN, .type = SC_TYPE_BY_SHORT_ID, .name = path, __VA_ARGS__}
#define CLOSE(...) {.op = STEP_CLOSE, __VA_ARGS__}
#define SEEK(offset, ...) \
    {.op = STEP_SEEK, .type = SC_SEEK_FROM_BEGINNING, .count = offset, __VA_ARGS__}
#define READ(most, bytes, ...) {.op = STEP_READ, .count = most, .out = bytes, __VA_ARGS__}
#define WRITE(bytes, ...) {.op = STEP_WRITE, .count = -1, .data = bytes, __VA_ARGS__}
#define ERASE(bytes, ...) {.op = STEP_WRITE, .count = bytes, .flags = SC_FL_ERASE, __VA_ARGS__}
#define CREATE(path, objects, ...) \
    {.op = STEP_CREATE, .type = SC_TYPE_BY_ID, .name = path, .data = objects, __VA_ARGS__}
#define DELETE_FILE(path, ...) {.op = STEP_DELETE, .type = SC_TYPE_BY_ID, .name = path, __VA_ARGS__}
#define INVALIDATE(path, ...) {.op = STEP_INVALIDATE, .name = path, __VA_ARGS__}
#define REHABILITATE(path, ...) {.op = STEP_REHABILITATE, .name = path, __VA_ARGS__}
#define PROPERTIES(path, tags, ...) \
    {.op = STEP_PROPERTIES, .type = SC_TYPE_BY_ID, .name = path, .data = tags, __VA_ARGS__}
#define CAPABILITIES(tags, ...) {.op = STEP_CAPABILITIES, .data = tags, __VA_ARGS__}
#define SET_PROPERTIES(path, objects, ...) \
    {.op = STEP_SET_PROPERTIES, .type = SC_TYPE_BY_ID, .name = path, .data = objects, __VA_ARGS__}
#define VERIFY(ref, code, ...) {.op = STEP_VERIFY, .count = ref, .data = code, __VA_ARGS__}
#define CHANGE(ref, old, new, ...) \
    {.op = STEP_CHANGE, .count = ref, .data = old, .more = new, __VA_ARGS__}
#define UNBLOCK(ref, ...) {.op = STEP_UNBLOCK, .count = ref, __VA_ARGS__}
#define RESET_STATE(...) {.op = STEP_RESET, __VA_ARGS__}
#define CHALLENGE(length, ...) {.op = STEP_CHALLENGE, .count = length, __VA_ARGS__}
#define INTERNAL(algo, bytes, ...) {.op = STEP_INTERNAL, .type = algo, .data = bytes, __VA_ARGS__}
#define EXTERNAL(algo, bytes, ...) {.op = STEP_EXTERNAL, .type = algo, .data = bytes, __VA_ARGS__}
#define USER(algo, bytes, ...) {.op = STEP_USER, .type = algo, .data = bytes, __VA_ARGS__}
#define SEEK_FROM(origin, offset, ...) \
    {.op = STEP_SEEK, .type = origin, .count = offset, __VA_ARGS__}
#define END_OF_STEPS {.op = STEP_END}

#define MOST_DATA    70000
#define MOST_OBJECTS 64

TEST_USED static BOOL steps_without_log; /* the tables' logs are of another card */

/* ---- data ---- */

static BYTE step_challenge[256];
static LONG step_challenge_length;

static LONG step_hex(const char *text, BYTE *bytes)
{
    LONG length = 0;
    unsigned value;

    for (; *text; text++)
    {
        if (*text == ' ')
            continue;
        if (sscanf(text++, "%2x", &value) != 1)
            break;
        bytes[length++] = (BYTE)value;
    }
    return length;
}

/* The algorithm of the simulated card (tests/cards/profiles/README.md). bytes hold the key. */
static void step_prove(BYTE *bytes)
{
    LONG i;

    for (i = 0; i < step_challenge_length; i++)
        bytes[i % 8] ^= step_challenge[i];
    for (i = 0; i < 8; i++)
        bytes[i] = (BYTE)((bytes[i] << 1 | bytes[i] >> 7) + 17 * i);
}

/* What text stands for; its length. */
static LONG step_bytes(const char *text, BYTE *bytes)
{
    LONG length = 0, first, count;
    unsigned value;

    if (*text == '!')
    {
        length = step_hex(text + 1, bytes);
        step_prove(bytes);
        return length;
    }
    if (sscanf(text, "@%ld+%ld", &first, &count) == 2)
    {
        for (; length < count; length++)
            bytes[length] = (BYTE)((first + length) * 7 + (first + length) / 256);
        return count;
    }
    if (sscanf(text, "=%2x*%ld", &value, &count) == 2)
    {
        memset(bytes, value, count);
        return count;
    }
    return step_hex(text, bytes);
}

static IByteBuffer *step_buffer(const char *text)
{
    static BYTE bytes[MOST_DATA];

    return text ? create_buffer(bytes, step_bytes(text, bytes)) : NULL;
}

static void step_release(IByteBuffer *buffer)
{
    if (buffer)
        IByteBuffer_Release(buffer);
}

/* The bytes that came back are those of text. */
static void check_bytes(const char *text, const BYTE *bytes, LONG length)
{
    static BYTE expected[MOST_DATA];
    LONG count = *text == '?' ? atol(text + 1) : step_bytes(text, expected);

    ok(length == count, "%ld bytes instead of %ld\n", length, count);
    if (length == count && length && *text != '?')
        ok_bytes(bytes, expected, length);
}

/* What a call hands out; text NULL: anything. */
static void check_out(const struct step *step, HRESULT hr, LONG count, IByteBuffer *buffer)
{
    static BYTE bytes[MOST_DATA];
    LONG length = buffer ? buffer_bytes(buffer, bytes, sizeof(bytes)) : 0;

    if (hr != S_OK)
        ok(!count, "it failed with %ld bytes\n", count);
    else if (step->out)
    {
        ok(count == length, "%ld bytes announced, %ld there\n", count, length);
        check_bytes(step->out, bytes, length);
    }
}

/* ---- tables of objects ---- */

/* The objects of text, which lie in bytes. */
static LONG step_table(const char *text, TLV_TABLE *table, BYTE *bytes)
{
    char word[2000];
    LONG count = 0;
    int used;

    while (text && sscanf(text, "%1999s%n", word, &used) == 1)
    {
        table[count].byData = bytes;
        table[count].cbSize = step_bytes(word, bytes);
        bytes += table[count++].cbSize;
        text += used;
    }
    return count;
}

static void check_table(const char *text, const TLV_TABLE *table, LONG count)
{
    char word[2000];
    LONG i;
    int used;

    for (i = 0; sscanf(text, "%1999s%n", word, &used) == 1; i++, text += used)
    {
        if (i >= count)
            continue;
        if (!strcmp(word, "-"))
            ok(!table[i].byData && !table[i].cbSize, "object %ld is there\n", i);
        else
            check_bytes(word, table[i].byData, table[i].cbSize);
    }
    ok(i == count, "%ld objects instead of %ld\n", count, i);
}

static HRESULT step_properties(const struct step *step, BSTR name)
{
    static BYTE bytes[4000];
    TLV_TABLE given[MOST_OBJECTS], *table = NULL;
    LONG i, count = step_table(step->data, given, bytes);
    HRESULT hr;

    if (count)
        table = given;
    if (step->op == STEP_PROPERTIES)
        hr = ISCardFileAccess_GetProperties(files, step->type, name, &table, &count, step->flags);
    else
        hr = ISCardFileAccess_GetFileCapabilities(files, &table, &count, step->flags);
    if (FAILED(hr))
        return hr;
    if (step->out)
        check_table(step->out, table, count);
    for (i = 0; i < count; i++)
        CoTaskMemFree(table[i].byData);
    if (table != given)
        CoTaskMemFree(table);
    return hr;
}

static HRESULT step_create(const struct step *step, BSTR name)
{
    static BYTE bytes[4000];
    TLV_TABLE given[MOST_OBJECTS], *table = given;
    LONG count = step_table(step->data, given, bytes);
    IByteBuffer *content = step_buffer(step->more);
    HRESULT hr;

    hr = ISCardFileAccess_Create(files, step->type, name, &table, &count, step->flags, content);
    step_release(content);
    return hr;
}

static HRESULT step_set_properties(const struct step *step, BSTR name)
{
    static BYTE bytes[4000];
    TLV_TABLE given[MOST_OBJECTS];
    LONG count = step_table(step->data, given, bytes);

    return ISCardFileAccess_SetProperties(files, step->type, name, given, count, step->flags);
}

/* ---- ISCardFileAccess ---- */

static HRESULT step_directory(const struct step *step)
{
    WCHAR names[2000] = L"";
    SAFEARRAY *array = NULL;
    HRESULT hr = ISCardFileAccess_Directory(files, step->type, &array);
    LONG i, last = -1;
    BSTR name;

    ok(!array == FAILED(hr), "%#lx with %p\n", hr, array);
    if (!array)
        return hr;
    SafeArrayGetUBound(array, 1, &last);
    for (i = 0; i <= last; i++)
    {
        SafeArrayGetElement(array, &i, &name);
        lstrcatW(names, i ? L" " : L"");
        lstrcatW(names, name);
        SysFreeString(name);
    }
    SafeArrayDestroy(array);
    ok(!step->name || !lstrcmpW(names, step->name), "\"%ls\", not \"%ls\"\n", names, step->name);
    return hr;
}

static HRESULT step_current_dir(const struct step *step)
{
    BSTR dir = NULL;
    HRESULT hr = ISCardFileAccess_GetCurrentDir(files, &dir);

    ok(hr != S_OK || (dir && !lstrcmpW(dir, step->name)), "%ls, not %ls\n", dir, step->name);
    SysFreeString(dir);
    return hr;
}

static HRESULT step_read(const struct step *step)
{
    IByteBuffer *buffer = NULL;
    LONG count = step->count;
    HRESULT hr = ISCardFileAccess_Read(files, step_files[step->slot], &count, &buffer, step->flags);

    check_out(step, hr, count, buffer);
    ok(hr == S_OK || !buffer, "it failed with a buffer\n");
    step_release(buffer);
    return hr;
}

static HRESULT step_write(const struct step *step)
{
    static BYTE bytes[MOST_DATA];
    IByteBuffer *buffer = step_buffer(step->data);
    LONG count = step->count == -1 ? step_bytes(step->data, bytes) : step->count;
    HRESULT hr = ISCardFileAccess_Write(files, step_files[step->slot], count, buffer, step->flags);

    step_release(buffer);
    return hr;
}

static HRESULT step_file(const struct step *step, BSTR name)
{
    HSCARD_FILE *file = &step_files[step->slot];

    switch (step->op)
    {
    case STEP_CHANGE_DIR: return ISCardFileAccess_ChangeDir(files, step->type, name);
    case STEP_CURRENT_DIR: return step_current_dir(step);
    case STEP_DIRECTORY: return step_directory(step);
    case STEP_OPEN: return ISCardFileAccess_Open(files, step->type, name, file);
    case STEP_CLOSE: return ISCardFileAccess_Close(files, *file);
    case STEP_SEEK: return ISCardFileAccess_Seek(files, *file, step->count, step->type);
    case STEP_READ: return step_read(step);
    case STEP_WRITE: return step_write(step);
    case STEP_CREATE: return step_create(step, name);
    case STEP_DELETE: return ISCardFileAccess_Delete(files, step->type, name, step->flags);
    case STEP_INVALIDATE: return ISCardFileAccess_Invalidate(files, name, step->flags);
    case STEP_REHABILITATE: return ISCardFileAccess_Rehabilitate(files, name, step->flags);
    case STEP_PROPERTIES:
    case STEP_CAPABILITIES: return step_properties(step, name);
    default: return step_set_properties(step, name);
    }
}

/* ---- ISCardVerify, ISCardAuth ---- */

static HRESULT step_code(const struct step *step)
{
    IByteBuffer *code = step_buffer(step->data), *new_code = step_buffer(step->more);
    LONG ref = step->count;
    HRESULT hr;

    switch (step->op)
    {
    case STEP_VERIFY:
        hr = ISCardVerify_Verify(verify, code, step->flags, &ref);
        ok(ref == step->count, "the reference became %ld\n", ref);
        break;
    case STEP_CHANGE: hr = ISCardVerify_ChangeCode(verify, code, new_code, step->flags, ref); break;
    case STEP_UNBLOCK: hr = ISCardVerify_Unblock(verify, step->type, step->flags, ref); break;
    default: hr = ISCardVerify_ResetSecurityState(verify, step->flags);
    }
    step_release(code);
    step_release(new_code);
    return hr;
}

static HRESULT step_auth(const struct step *step)
{
    IByteBuffer *buffer = step_buffer(step->data), *param = step_buffer(step->more);
    LONG count = step->count;
    HRESULT hr;

    switch (step->op)
    {
    case STEP_CHALLENGE:
        hr = ISCardAuth_GetChallenge(auth, step->type, param, &count, &buffer);
        ok(FAILED(hr) || buffer, "no buffer\n");
        step_challenge_length = buffer ? buffer_bytes(buffer, step_challenge, 256) : 0;
        break;
    case STEP_INTERNAL: hr = ISCardAuth_ICC_Auth(auth, step->type, param, &count, &buffer); break;
    case STEP_USER: hr = ISCardAuth_User_Auth(auth, step->type, param, &count, &buffer); break;
    default: hr = ISCardAuth_APP_Auth(auth, step->type, param, buffer); count = 0;
    }
    /* What is given comes back untouched where the card answers nothing. */
    if (step->op != STEP_EXTERNAL)
        check_out(step, hr, count, count ? buffer : NULL);
    step_release(buffer);
    step_release(param);
    return hr;
}

/* ---- all ---- */

static ISCard *step_host; /* whose handle the services have */
/* Sends a command over the services' handle when that is no ISCard's; its status word. */
static WORD (*step_send)(const BYTE *apdu, LONG length, HRESULT *hr);

static HRESULT step_application(const struct step *step)
{
    BYTE bytes[MOST_DATA];
    LONG length = step_bytes(step->data, bytes);
    HRESULT hr;
    WORD sw = step_send ? step_send(bytes, length, &hr) : send_apdu(step_host, bytes, length, &hr);

    ok(hr != S_OK || sw == 0x9000, "%04x\n", sw);
    return hr;
}

static HRESULT step_do(const struct step *step)
{
    BSTR name = step->name ? SysAllocString(step->name) : NULL;
    HRESULT hr;

    switch (step->op)
    {
    case STEP_RIG:
        rig(step->data);
        hr = S_OK;
        break;
    case STEP_APPLICATION: hr = step_application(step); break;
    case STEP_LOCK: hr = ISCardManage_SCardLock(manage); break;
    case STEP_UNLOCK: hr = ISCardManage_SCardUnlock(manage, step->type); break;
    case STEP_VERIFY:
    case STEP_CHANGE:
    case STEP_UNBLOCK:
    case STEP_RESET: hr = step_code(step); break;
    case STEP_CHALLENGE:
    case STEP_INTERNAL:
    case STEP_EXTERNAL:
    case STEP_USER: hr = step_auth(step); break;
    default: hr = step_file(step, name);
    }
    SysFreeString(name);
    return hr;
}

/* Does the steps of table, up to END_OF_STEPS; what says which table it is. */
TEST_USED static void run_steps(const char *what, const struct step *table)
{
    const struct step *step;
    HRESULT hr;

    for (step = table; step->op != STEP_END; step++)
    {
        BOOL logged = step->log && !steps_without_log;

        test_push("%s, step %ld", what, (long)(step - table));
        if (logged)
            rig("card log-clear");
        hr = step_do(step);
        ok(hr == step->hr, "%#lx instead of %#lx\n", hr, step->hr);
        if (logged)
            check_log(step->log);
    }
    test_pop();
}

/* The services over a handle that an ISCard has. */
TEST_USED static void run_as_guest(const char *what, SCARD_SHARE_MODES share,
                                   const struct step *steps)
{
    BSTR reader = reader_with_card();
    HSCARD handle = 0;

    step_host = create_card();
    ISCardManage_Detach(manage);
    ok_hr(ISCard_AttachByReader(step_host, reader, share, T0 | T1), S_OK);
    ISCard_get_CardHandle(step_host, &handle);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    run_steps(what, steps);
    ISCardManage_Detach(manage);
    ISCard_Detach(step_host, LEAVE);
    ISCard_Release(step_host);
    step_host = NULL;
    SysFreeString(reader);
}

#endif
