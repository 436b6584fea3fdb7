/*
 * A card by other people (libcacard's CAC) through our classes; tests/e2e/cac.sh puts it in and has
 * recorded what another program reads from it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCARDSSP_TEST_EXCHANGES is a file of lines "COMMAND ANSWER" in hexadecimal, in the order in which
 * the other program sent them.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "rig/rigctl.h"

#include "icccard.h"
#include "iccsteps.h"

#define MAX_BYTES 300

/* What the other program read we read, byte for byte. */
static void test_exchanges(void)
{
    BYTE command[MAX_BYTES], expected[MAX_BYTES], answer[MAX_BYTES];
    char line[4 * MAX_BYTES], first[2 * MAX_BYTES + 1], second[2 * MAX_BYTES + 1];
    const char *path = getenv("SCARDSSP_TEST_EXCHANGES");
    LONG length, got, count = 0;
    BSTR reader = reader_with_card();
    ISCard *card = create_card();
    FILE *file = path ? fopen(path, "r") : NULL;

    ok(file != NULL, "no exchanges\n");
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    while (file && fgets(line, sizeof(line), file) &&
           sscanf(line, "%600s %600s", first, second) == 2)
    {
        length = step_hex(second, expected);
        got = exchange_apdu(card, command, step_hex(first, command), answer, sizeof(answer));
        ok(got == length && !memcmp(answer, expected, length), "%s: %ld bytes, not %s\n", first,
           got, second);
        count++;
    }
    ok(count > 10, "%ld exchanges\n", count);
    if (file)
        fclose(file);
    ISCard_Release(card);
    SysFreeString(reader);
}

/* ---- the card service ---- */

#define PROPERTIES_OF_NAME(name_, objects) \
    {.op = STEP_PROPERTIES, .type = SC_TYPE_BY_NAME, .name = name_, .data = "", .out = objects}

static const struct step applications[] =
{
    CHANGE_DIR_NAME(L"A0000000790300"),
    CURRENT_DIR(L"#A0000000790300"),
    CHANGE_DIR_NAME(L"A0000000790100"),
    CURRENT_DIR(L"#A0000000790100"),
    PROPERTIES_OF_NAME(L"A0000000790101", "8407A0000000790101 A500"),
    PROPERTIES_OF_NAME(L"A0000000790102", "8407A0000000790102 A500"),
    CHANGE_DIR_NAME(L"A0000000790BAD", .hr = SCARD_E_DIR_NOT_FOUND),
    /* It has no files in the sense of ISO 7816-4. */
    OPEN(L"7001", .hr = SCARD_E_FILE_NOT_FOUND),
    DIRECTORY(SC_TYPE_ALL_FILES, L"", .hr = E_NOTIMPL),
    END_OF_STEPS
};

static const struct step codes[] =
{
    /* 6985 is what this card says to a wrong code. */
    VERIFY(0, "3132333435363739", .hr = SCARD_W_SECURITY_VIOLATION),
    VERIFY(0, "3132333435363738"),
    VERIFY(0, "3132333435363739", .hr = SCARD_W_SECURITY_VIOLATION),
    END_OF_STEPS
};

START_TEST(cac)
{
    CoInitialize(NULL);
    test_exchanges();
    create_services();
    attach(SHARED);
    run_steps("applications", applications);
    run_steps("codes", codes);
    release_services();
    CoUninitialize();
}
