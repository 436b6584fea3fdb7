/*
 * One call of each function of icc.h, with what must hold for its out parameters.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_ICC_CALLS_H
#define TESTS_UNIT_ICC_CALLS_H

#include "../cards/card.h"
#include "icc_script.h"

struct fault;

struct bench
{
    struct card *card;
    struct icc icc;
    uint32_t handle;
    const struct fault *fault; /* or NULL */
    unsigned transmits, fail_at;
    int hit;
};

/* run: makes the call and checks what came with its result, which it returns. */
struct call
{
    const char *name;
    const char *card;
    const char *open; /* a file to open before, or NULL */
    int32_t (*run)(struct bench *bench);
    int32_t expected;
    int repeats; /* a second time gives the same result */
    int silent;  /* nothing is sent to this card */
};

static int32_t run_change_dir(struct bench *bench)
{
    return icc_change_dir(&bench->icc, PATH_BY_ID, TEXT("3F00/5100/5101"));
}

static int32_t run_change_dir_name(struct bench *bench)
{
    return icc_change_dir(&bench->icc, PATH_BY_NAME, TEXT("#A00000000102"));
}

static int32_t run_open(struct bench *bench)
{
    uint32_t handle = 1;
    int32_t result = icc_open(&bench->icc, PATH_BY_ID, TEXT("3F00/5000/0002"), &handle);

    ok(!result == !!handle, "%08x with handle %u\n", (unsigned)result, (unsigned)handle);
    if (!result)
        EXPECT(icc_close(&bench->icc, handle), SC_OK);
    return result;
}

static int32_t run_open_short(struct bench *bench)
{
    uint32_t handle = 1;
    int32_t result = icc_open(&bench->icc, PATH_BY_SHORT_ID, TEXT("3F00/5000/01"), &handle);

    ok(!result == !!handle, "%08x with handle %u\n", (unsigned)result, (unsigned)handle);
    return result;
}

static int32_t run_seek(struct bench *bench)
{
    return icc_seek(&bench->icc, bench->handle, -1, ICC_SEEK_END);
}

/* From the start each time, so that a position that moved in a failure shows. */
static int32_t run_read(struct bench *bench)
{
    int32_t bytes = 600;
    uint8_t *data = (uint8_t *)1;
    int32_t result = icc_read(&bench->icc, bench->handle, &bytes, &data, 0);

    ok(result ? !bytes && !data : bytes == 600 && data, "%08x, %d bytes\n", (unsigned)result,
       bytes);
    if (!result)
    {
        icc_free(data);
        EXPECT(icc_seek(&bench->icc, bench->handle, -600, ICC_SEEK_RELATIVE), SC_OK);
    }
    return result;
}

static int32_t run_read_far(struct bench *bench)
{
    int32_t bytes = 600, result;
    uint8_t *data = (uint8_t *)1;

    EXPECT(icc_seek(&bench->icc, bench->handle, 32500, ICC_SEEK_BEGIN), SC_OK);
    result = icc_read(&bench->icc, bench->handle, &bytes, &data, 0);
    ok(result ? !bytes && !data : bytes == 600 && data, "%08x, %d bytes\n", (unsigned)result,
       bytes);
    icc_free(data);
    return result;
}

static int32_t run_read_record(struct bench *bench)
{
    int32_t bytes = 100, result;
    uint8_t *data = (uint8_t *)1;

    EXPECT(icc_seek(&bench->icc, bench->handle, 1, ICC_SEEK_BEGIN), SC_OK);
    result = icc_read(&bench->icc, bench->handle, &bytes, &data, 0);
    ok(result ? !bytes && !data : bytes == 16 && data && !memcmp(data, "record number 2.", 16),
       "%08x, %d bytes\n", (unsigned)result, bytes);
    icc_free(data);
    return result;
}

static int32_t write_at_start(struct bench *bench, int32_t length, uint32_t flags)
{
    static const uint8_t data[600] = {1, 2, 3};

    EXPECT(icc_seek(&bench->icc, bench->handle, 0, ICC_SEEK_BEGIN), SC_OK);
    return icc_write(&bench->icc, bench->handle, length, data, sizeof(data), flags);
}

static int32_t run_write(struct bench *bench)
{
    return write_at_start(bench, 390, 0);
}

static int32_t run_erase(struct bench *bench)
{
    return write_at_start(bench, 20, ICC_ERASE);
}

static int32_t run_write_record(struct bench *bench)
{
    return write_at_start(bench, 16, 0);
}

static int32_t run_create(struct bench *bench)
{
    static const uint8_t descriptor[] = {0x82, 1, 1}, size[] = {0x80, 2, 1, 44};
    static const uint8_t data[300] = {5};
    static const struct icc_tlv objects[] = {{3, descriptor}, {4, size}};

    return icc_create(&bench->icc, PATH_BY_ID, TEXT("3F00/5000/0010"), objects, 2, 0, data,
                      sizeof(data));
}

static int32_t run_create_dir(struct bench *bench)
{
    static const uint8_t descriptor[] = {0x82, 1, 0x38};
    static const struct icc_tlv objects[] = {{3, descriptor}};

    return icc_create(&bench->icc, PATH_BY_ID, TEXT("3F00/5000/5010"), objects, 1, 0, NULL, 0);
}

static int32_t run_delete(struct bench *bench)
{
    return icc_delete(&bench->icc, PATH_BY_ID, TEXT("3F00/5100/0001"), 0);
}

static int32_t run_delete_all(struct bench *bench)
{
    return icc_delete(&bench->icc, PATH_BY_ID, TEXT("3F00/5100"), ICC_RECURSIVE);
}

static int32_t run_directory(struct bench *bench)
{
    struct icc_name *names = (struct icc_name *)1;
    size_t count = 1;
    int32_t result = icc_directory(&bench->icc, ICC_TYPE_DIRECTORIES, &names, &count);

    ok(result ? !names && !count : names && count, "%08x, %u names\n", (unsigned)result,
       (unsigned)count);
    icc_free(names);
    return result;
}

static int32_t run_current_dir(struct bench *bench)
{
    char text[PATH_MAX_TEXT + 1] = "?";
    int32_t result = icc_current_dir(&bench->icc, text);

    ok(result ? !text[0] : !strcmp(text, "3F00"), "%08x, %s\n", (unsigned)result, text);
    return result;
}

static int32_t run_invalidate(struct bench *bench)
{
    return icc_invalidate(&bench->icc, TEXT("3F00/5000/0001"), 0);
}

static int32_t run_rehabilitate(struct bench *bench)
{
    return icc_rehabilitate(&bench->icc, TEXT("3F00/5000/000A"), 0);
}

static int32_t check_found(int32_t result, struct icc_tlv *found, int32_t count)
{
    ok(result ? !found && !count : found && count > 0, "%08x, %d found\n", (unsigned)result, count);
    icc_free(found);
    return result;
}

static int32_t run_properties(struct bench *bench)
{
    struct icc_tlv *found = (struct icc_tlv *)1;
    int32_t count = 1;
    int32_t result =
        icc_properties(&bench->icc, PATH_BY_ID, TEXT("3F00/5000/0002"), NULL, 0, 0, &found, &count);

    return check_found(result, found, count);
}

static int32_t run_capabilities(struct bench *bench)
{
    struct icc_tlv *found = (struct icc_tlv *)1;
    int32_t count = 1;
    int32_t result = icc_capabilities(&bench->icc, NULL, 0, 0, &found, &count);

    return check_found(result, found, count);
}

static int32_t run_set_properties(struct bench *bench)
{
    static const uint8_t object[] = {0x8A, 1, 4};
    static const struct icc_tlv objects[] = {{3, object}};

    return icc_set_properties(&bench->icc, PATH_BY_ID, TEXT("3F00/5000/0001"), objects, 1, 0);
}

static const uint8_t code1[] = {'1', '2', '3', '4'}, other_code[] = {'9', '9', '9', '9'};

static int32_t run_verify(struct bench *bench)
{
    return icc_verify(&bench->icc, code1, sizeof(code1), 0, 1);
}

static int32_t run_check_only(struct bench *bench)
{
    return icc_verify(&bench->icc, NULL, 0, ICC_CHECK_ONLY, 1);
}

static int32_t run_change_code(struct bench *bench)
{
    return icc_change_code(&bench->icc, code1, 4, other_code, 4, ICC_CHANGE, 1);
}

static int32_t run_enable(struct bench *bench)
{
    return icc_change_code(&bench->icc, code1, 4, NULL, 0, ICC_DISABLE, 1);
}

static int32_t run_unblock(struct bench *bench)
{
    return icc_unblock(&bench->icc, 0, 0, 1);
}

static int32_t run_reset_security(struct bench *bench)
{
    return icc_reset_security(&bench->icc, 0);
}

static int32_t check_out(int32_t result, int32_t length, uint8_t *out)
{
    ok(result ? !length && !out : length > 0 && out, "%08x, %d bytes\n", (unsigned)result, length);
    icc_free(out);
    return result;
}

static int32_t run_challenge(struct bench *bench)
{
    uint8_t *out = (uint8_t *)1;
    int32_t length = 8;
    int32_t result = icc_get_challenge(&bench->icc, 0, NULL, 0, &length, &out);

    return check_out(result, length, out);
}

static int32_t run_internal(struct bench *bench)
{
    uint8_t *out = (uint8_t *)1;
    int32_t length = 0;
    int32_t result = icc_internal_authenticate(&bench->icc, 0x0100, NULL, 0, (uint8_t *)"12345678",
                                               8, &length, &out);

    return check_out(result, length, out);
}

static int32_t run_external(struct bench *bench)
{
    return icc_external_authenticate(&bench->icc, 0x0100, NULL, 0, (uint8_t *)"12345678", 8);
}

/* Longer than a short command, so that it takes memory of its own. */
static int32_t run_external_long(struct bench *bench)
{
    static const uint8_t data[300] = {0};

    return icc_external_authenticate(&bench->icc, 0x0100, NULL, 0, data, sizeof(data));
}

static int32_t run_user(struct bench *bench)
{
    uint8_t *out = (uint8_t *)1;
    int32_t length = 5;
    int32_t result =
        icc_user_authenticate(&bench->icc, 0, (const uint8_t *)"\1", 1, code1, 4, &length, &out);

    ok(!out && !length, "%d bytes of nothing\n", length);
    return result;
}

#define ISO_CARD  "iso-t1"
#define FLEX_CARD "flex"

static const struct call calls[] =
{
    {"ChangeDir", ISO_CARD, NULL, run_change_dir, SC_OK, 1, 0},
    {"ChangeDir, T=0", "iso-t0", NULL, run_change_dir, SC_OK, 1, 0},
    {"ChangeDir by name", ISO_CARD, NULL, run_change_dir_name, SC_OK, 1, 0},
    {"GetCurrentDir", ISO_CARD, NULL, run_current_dir, SC_OK, 1, 0},
    {"Open", ISO_CARD, NULL, run_open, SC_OK, 1, 0},
    {"Open, T=0", "iso-t0", NULL, run_open, SC_OK, 1, 0},
    {"Open, flex", FLEX_CARD, NULL, run_open, SC_OK, 1, 0},
    {"Open by short id", ISO_CARD, NULL, run_open_short, SC_OK, 1, 0},
    {"Seek", ISO_CARD, "3F00/5000/0003", run_seek, SC_OK, 1, 1},
    {"Read", ISO_CARD, "3F00/7001", run_read, SC_OK, 1, 0},
    {"Read, T=0", "iso-t0", "3F00/7001", run_read, SC_OK, 1, 0},
    {"Read beyond 32 KiB", ISO_CARD, "3F00/7002", run_read_far, SC_OK, 1, 0},
    {"Read a record", ISO_CARD, "3F00/5000/0002", run_read_record, SC_OK, 1, 0},
    {"Read a record, flex", FLEX_CARD, "3F00/5000/0002", run_read_record, SC_OK, 1, 0},
    {"Write", ISO_CARD, "3F00/5000/0001", run_write, SC_OK, 1, 0},
    {"Write, flex", FLEX_CARD, "3F00/5000/0002", run_write_record, SC_OK, 1, 0},
    {"Write, erasing", ISO_CARD, "3F00/5000/0001", run_erase, SC_OK, 1, 0},
    {"Write a record", ISO_CARD, "3F00/5000/0002", run_write_record, SC_OK, 1, 0},
    {"Create", ISO_CARD, NULL, run_create, SC_OK, 0, 0},
    {"Create a directory", ISO_CARD, NULL, run_create_dir, SC_OK, 0, 0},
    {"Delete", ISO_CARD, NULL, run_delete, SC_OK, 0, 0},
    {"Delete, recursive", ISO_CARD, NULL, run_delete_all, SC_OK, 0, 0},
    {"Directory", ISO_CARD, NULL, run_directory, SC_OK, 1, 0},
    {"Directory, flex", FLEX_CARD, NULL, run_directory, SC_OK, 1, 0},
    {"Invalidate", ISO_CARD, NULL, run_invalidate, SC_OK, 1, 0},
    {"Rehabilitate", ISO_CARD, NULL, run_rehabilitate, SC_OK, 1, 0},
    {"GetProperties", ISO_CARD, NULL, run_properties, SC_OK, 1, 0},
    {"GetFileCapabilities", ISO_CARD, "3F00/5000/0001", run_capabilities, SC_OK, 1, 1},
    {"SetProperties", ISO_CARD, NULL, run_set_properties, SC_OK, 1, 0},
    {"Verify", ISO_CARD, NULL, run_verify, SC_OK, 1, 0},
    {"Verify, only checking", ISO_CARD, NULL, run_check_only, SC_NOT_AUTHENTICATED, 1, 0},
    {"ChangeCode", ISO_CARD, NULL, run_change_code, SC_OK, 0, 0},
    {"ChangeCode, disabling", ISO_CARD, NULL, run_enable, SC_OK, 1, 0},
    {"Unblock", ISO_CARD, NULL, run_unblock, SC_SECURITY_VIOLATION, 1, 0},
    {"ResetSecurityState", ISO_CARD, NULL, run_reset_security, SC_UNSUPPORTED_FEATURE, 1,
     1},
    {"ResetSecurityState, flex", FLEX_CARD, NULL, run_reset_security, SC_OK, 1, 0},
    {"GetChallenge", ISO_CARD, NULL, run_challenge, SC_OK, 1, 0},
    {"ICC_Auth", ISO_CARD, NULL, run_internal, SC_OK, 1, 0},
    {"APP_Auth", ISO_CARD, NULL, run_external, SC_SECURITY_VIOLATION, 1, 0},
    {"APP_Auth, long", "big", NULL, run_external_long, SC_INVALID_PARAMETER, 1, 0},
    {"User_Auth", ISO_CARD, NULL, run_user, SC_OK, 1, 0},
};

#endif
