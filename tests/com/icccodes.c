/*
 * ISCardVerify and ISCardAuth on an ISO 7816-4 card, over T=1 and T=0. The card's own log shows
 * that a code goes out once, and that nothing goes out that was not asked for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The codes and keys are those of tests/cards/profiles/iso.files.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "rig/rigctl.h"
#include "cardtest.h"
#include "icccard.h"
#include "iccsteps.h"

#define GOOD  "31323334"
#define GOOD2 "35363738"
#define WRONG "39393939"
#define KEY1  "0102030405060708"
#define KEY2  "1122334455667788"

/* The first of all: no class is confirmed yet, and a code is not what is tried it with. */
static const struct step verify_steps[] =
{
    VERIFY(1, GOOD, .log = "00A40000023F0000 0020000104" GOOD),
    VERIFY(1, GOOD, .log = "0020000104" GOOD),
    VERIFY(0, GOOD, .log = "0020000004" GOOD), /* the first of the MF */
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .log = "00200001"),
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV, .log = "0020000104" WRONG),
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .hr = SCARD_W_CARD_NOT_AUTHENTICATED,
           .log = "00200001"),
    VERIFY(1, "", .flags = SC_FL_IHV_CHECKONLY, .hr = SCARD_W_CARD_NOT_AUTHENTICATED),
    VERIFY(1, GOOD, .flags = SC_FL_IHV_CHECKONLY, .hr = E_INVALIDARG, .log = ""),
    VERIFY(1, NULL, .hr = E_POINTER, .log = ""),
    VERIFY(1, "", .hr = E_INVALIDARG, .log = ""),
    VERIFY(1, "=31*256", .hr = E_INVALIDARG, .log = ""),
    VERIFY(1, "3132", .hr = SCARD_E_INVALID_CHV, .log = "00200001023132"),
    VERIFY(7, GOOD, .hr = SCARD_E_INVALID_PARAMETER, .log = "0020000704" GOOD),
    VERIFY(-1, GOOD, .hr = E_INVALIDARG, .log = ""),
    VERIFY(256, GOOD, .hr = E_INVALIDARG, .log = ""),
    VERIFY(1, GOOD, .log = "0020000104" GOOD), /* which gives all tries back */
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV),
    VERIFY(1, WRONG, .hr = SCARD_W_WRONG_CHV),
    VERIFY(1, WRONG, .hr = SCARD_W_CHV_BLOCKED, .log = "0020000104" WRONG), /* 63C0 */
    VERIFY(1, GOOD, .hr = SCARD_W_CHV_BLOCKED, .log = "0020000104" GOOD),   /* 6983 */
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .hr = SCARD_W_CHV_BLOCKED, .log = "00200001"),
    UNBLOCK(1, .hr = SCARD_W_SECURITY_VIOLATION, .log = "002C0301"),
    END_OF_STEPS
};

/* A code of a directory: GLOBAL and LOCAL. */
static const struct step local_steps[] =
{
    VERIFY(1, GOOD, .flags = SC_FL_IHV_GLOBAL, .log = "00A40000023F0000 0020000104" GOOD),
    VERIFY(0x81, GOOD, .flags = SC_FL_IHV_GLOBAL, .hr = E_INVALIDARG, .log = ""),
    VERIFY(1, GOOD, .flags = SC_FL_IHV_GLOBAL | SC_FL_IHV_LOCAL, .hr = E_INVALIDARG, .log = ""),
    VERIFY(2, GOOD2, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_E_INVALID_PARAMETER),
    CHANGE_DIR(L"5000"),
    /* Somebody else may have left the directory, which the reference is relative to. */
    VERIFY(2, GOOD2, .flags = SC_FL_IHV_LOCAL, .log = "00A4080002500000 0020008204" GOOD2),
    VERIFY(0x82, GOOD2, .log = "0020008204" GOOD2),
    VERIFY(1, GOOD, .flags = SC_FL_IHV_GLOBAL, .log = "0020000104" GOOD),
    LOCK(),
    CHANGE_DIR(L"."),
    VERIFY(2, GOOD2, .flags = SC_FL_IHV_LOCAL, .log = "0020008204" GOOD2),
    OPEN(L"0006"),
    READ(8, "5345435245543200"),
    CLOSE(),
    CHANGE_DIR(L"3F00"),
    CHANGE_DIR_NAME(L"#A00000000102"),
    /* A directory that was selected by its name would lose its state by another SELECT. */
    VERIFY(2, GOOD2, .flags = SC_FL_IHV_LOCAL, .log = "0020008204" GOOD2),
    OPEN(L"0006"),
    READ(8, "5345435245543200"),
    CLOSE(),
    UNLOCK(),
    /* Now another one may be selected, and would count the try. */
    VERIFY(2, GOOD2, .flags = SC_FL_IHV_LOCAL, .log = "00A40400* 0020008204" GOOD2),
    VERIFY(2, WRONG, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_W_WRONG_CHV),
    VERIFY(2, WRONG, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_W_WRONG_CHV),
    VERIFY(2, WRONG, .flags = SC_FL_IHV_LOCAL, .hr = SCARD_W_CHV_BLOCKED),
    /* The one who holds CHV 1 may give the tries back. */
    UNBLOCK(2, .type = 1, .flags = SC_FL_IHV_LOCAL, .hr = E_INVALIDARG, .log = ""),
    UNBLOCK(2, .flags = SC_FL_IHV_LOCAL | SC_FL_IHV_CHECKONLY, .hr = E_INVALIDARG, .log = ""),
    UNBLOCK(2, .flags = SC_FL_IHV_LOCAL, .log = "00A40400* 002C0382"),
    VERIFY(2, GOOD2, .flags = SC_FL_IHV_LOCAL, .log = "00A40400* 0020008204" GOOD2),
    END_OF_STEPS
};

static const struct step change_steps[] =
{
    CHANGE(1, GOOD, "35353535", .log = "00A40000023F0000 0024000108" GOOD "35353535"),
    CHANGE(1, GOOD, "35353535", .hr = SCARD_W_WRONG_CHV, .log = "0024000108" GOOD "35353535"),
    CHANGE(1, "35353535", GOOD, .flags = SC_FL_IHV_CHANGE, .log = "0024000108*"),
    CHANGE(1, NULL, "36363636", .log = "002401010436363636"), /* CHV 1 is verified */
    CHANGE(1, "36363636", GOOD),
    CHANGE(1, NULL, NULL, .hr = E_INVALIDARG, .log = ""),
    CHANGE(1, "", "", .hr = E_INVALIDARG, .log = ""),
    CHANGE(1, GOOD, NULL, .hr = E_INVALIDARG, .log = ""),
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_CHANGE, .hr = E_INVALIDARG, .log = ""),
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_CHANGE | SC_FL_IHV_DISABLE, .hr = E_INVALIDARG,
           .log = ""),
    CHANGE(1, NULL, GOOD, .flags = SC_FL_IHV_ENABLE, .hr = E_INVALIDARG, .log = ""),
    CHANGE(1, GOOD, GOOD, .flags = SC_FL_IHV_ENABLE | SC_FL_IHV_DISABLE, .hr = E_INVALIDARG,
           .log = ""),
    CHANGE(1, GOOD, GOOD, .flags = SC_FL_IHV_CHECKONLY, .hr = E_INVALIDARG, .log = ""),
    CHANGE(1, "=31*200", "=32*100", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""),

    /* Enabled already (6985): VERIFY decides. */
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_ENABLE,
           .log = "0028000104" GOOD " 0020000104" GOOD),
    CHANGE(1, WRONG, NULL, .flags = SC_FL_IHV_ENABLE, .hr = SCARD_W_WRONG_CHV,
           .log = "0028000104" WRONG " 0020000104" WRONG),
    CHANGE(1, WRONG, NULL, .flags = SC_FL_IHV_DISABLE, .hr = SCARD_W_WRONG_CHV,
           .log = "0026000104" WRONG),
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_DISABLE, .log = "0026000104" GOOD),
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .log = "00200001"), /* not needed */
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_DISABLE,
           .log = "0026000104" GOOD " 0020000104" GOOD),
    CHANGE(1, GOOD, "37373737", .flags = SC_FL_IHV_ENABLE | SC_FL_IHV_CHANGE,
           .log = "0028000104" GOOD " 0024000108" GOOD "37373737"),
    CHANGE(1, "37373737", GOOD, .flags = SC_FL_IHV_DISABLE,
           .log = "0024000108*" " 0026000104" GOOD),
    CHANGE(1, GOOD, NULL, .flags = SC_FL_IHV_ENABLE),
    CHANGE_DIR(L"5000"),
    CHANGE(2, GOOD2, GOOD, .flags = SC_FL_IHV_LOCAL, .log = "00A4080002500000 0024008208*"),
    VERIFY(2, GOOD, .flags = SC_FL_IHV_LOCAL),

    VERIFY(1, GOOD),
    RESET_STATE(.log = ""),
    VERIFY(1, NULL, .flags = SC_FL_IHV_CHECKONLY, .hr = SCARD_W_CARD_NOT_AUTHENTICATED),
    CURRENT_DIR(L"3F00/5000"),
    RESET_STATE(.flags = SC_FL_IHV_GLOBAL),
    RESET_STATE(.flags = SC_FL_IHV_LOCAL),
    END_OF_STEPS
};

static const struct step auth_steps[] =
{
    LOCK(),
    CHANGE_DIR(L"5000"),
    CHALLENGE(0, .out = "?8", .log = "0084000008"),
    CHALLENGE(4, .out = "?4", .log = "0084000004"),
    CHALLENGE(256, .out = "?8", .log = "0084000000"), /* the card has 8 */
    CHALLENGE(257, .hr = E_INVALIDARG, .log = ""),
    CHALLENGE(-1, .hr = E_INVALIDARG, .log = ""),
    CHALLENGE(8, .type = 9, .hr = SCARD_E_INVALID_PARAMETER, .log = "0084090008"),

    /* EXTERNAL AUTHENTICATE opens file 0007, but only right after its challenge. */
    OPEN(L"0007"),
    WRITE("01", .hr = SCARD_W_SECURITY_VIOLATION),
    CHALLENGE(8, .out = "?8"),
    EXTERNAL(0, "!" KEY1, .more = "01", .log = "0082000108*"),
    WRITE("01"),
    EXTERNAL(0, "!" KEY1, .more = "01", .hr = SCARD_W_SECURITY_VIOLATION, .log = "0082000108*"),
    CHALLENGE(8, .out = "?8"),
    EXTERNAL(0x0100, "!" KEY1, .log = "0082000108*"), /* P2 from the algorithm */
    CHALLENGE(8, .out = "?8"),
    EXTERNAL(0x0200, "!" KEY1, .more = "01", .log = "0082000108*"), /* the parameter wins */
    CHALLENGE(8, .out = "?8"),
    CHANGE_DIR(L"3F00"),
    EXTERNAL(0, "!" KEY1, .more = "01", .hr = SCARD_W_SECURITY_VIOLATION), /* voided */
    CHALLENGE(8),
    EXTERNAL(0, "!" KEY1, .more = "02", .hr = SCARD_W_SECURITY_VIOLATION), /* 63C2 */
    CHALLENGE(8),
    EXTERNAL(0, "!" KEY1, .more = "02", .hr = SCARD_W_SECURITY_VIOLATION),
    CHALLENGE(8),
    EXTERNAL(0, "!" KEY1, .more = "02", .hr = SCARD_W_CHV_BLOCKED), /* 63C0 */
    CHALLENGE(8),
    EXTERNAL(0, "!" KEY2, .more = "02", .hr = SCARD_W_CHV_BLOCKED, .log = "0082000208*"),
    EXTERNAL(0, KEY1, .more = "07", .hr = SCARD_E_INVALID_PARAMETER), /* 6A88 */
    EXTERNAL(0, "", .hr = E_INVALIDARG, .log = ""),
    EXTERNAL(0, NULL, .hr = E_POINTER, .log = ""),
    EXTERNAL(0, KEY1, .more = "0102", .hr = E_INVALIDARG, .log = ""),
    EXTERNAL(0x10000, KEY1, .hr = E_INVALIDARG, .log = ""),
    EXTERNAL(-1, KEY1, .hr = E_INVALIDARG, .log = ""),

    INTERNAL(0, "0011223344556677", .more = "01", .out = "023764A1C6FB2875",
             .log = "0088000108001122334455667700"),
    INTERNAL(0, "0011223344556677", .more = "01", .count = 8, .out = "023764A1C6FB2875",
             .log = "0088000108001122334455667708"),
    INTERNAL(0x0100, "0011223344556677", .out = "023764A1C6FB2875"),
    INTERNAL(0, "00", .more = "07", .hr = SCARD_E_INVALID_PARAMETER),
    INTERNAL(0, "", .hr = E_INVALIDARG, .log = ""),
    INTERNAL(0, NULL, .hr = E_INVALIDARG, .log = ""),
    INTERNAL(0, "00", .count = -1, .hr = E_INVALIDARG, .log = ""),
    INTERNAL(0, "=00*256", .hr = SCARD_E_UNSUPPORTED_FEATURE, .log = ""), /* no long commands */

    /* User_Auth: a code, a proof, or both sides prove. */
    USER(0, GOOD, .more = "01", .out = "", .log = "0020000104" GOOD),
    USER(0, WRONG, .more = "01", .hr = SCARD_W_WRONG_CHV, .log = "0020000104" WRONG),
    USER(0, "", .hr = E_INVALIDARG, .log = ""),
    CHALLENGE(8, .out = "?8"),
    USER(0x0100, "!" KEY1, .out = "", .log = "0082000108*"),
    CHALLENGE(8, .out = "?8"),
    USER(0x0100, "!" KEY1 "A0A1A2A3A4A5A6A7", .count = 8, .out = "43586582879CA9D6",
         .log = "0082000110*"),
    USER(0x0100, KEY1, .count = 8, .hr = SCARD_W_SECURITY_VIOLATION),
    UNLOCK(),
    END_OF_STEPS
};

/* CreateInterface gives objects of the same attachment. */
static void test_create_interface(void)
{
    IUnknown *made = NULL;
    BSTR name = SysAllocString(L"CHVerification"), reader = reader_with_card();
    IByteBuffer *code;
    LONG ref = 1;

    ok_hr(ISCardManage_CreateInterface(manage, NULL, name, NULL, &made), S_OK);
    code = create_buffer((const BYTE *)"1234", 4);
    ok_hr(ISCardVerify_Verify((ISCardVerify *)made, code, SC_FL_NO_FLAGS, &ref), S_OK);
    ok_hr(ISCardVerify_Verify((ISCardVerify *)made, code, SC_FL_NO_FLAGS, NULL), S_OK);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok_hr(ISCardVerify_Verify((ISCardVerify *)made, code, SC_FL_NO_FLAGS, &ref),
          SCARD_E_INVALID_HANDLE);
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ok_hr(ISCardVerify_Verify((ISCardVerify *)made, code, SC_FL_NO_FLAGS, &ref), S_OK);
    IUnknown_Release(made);
    IByteBuffer_Release(code);
    SysFreeString(name);
    SysFreeString(reader);
}

static void test_card(const char *profile)
{
    static const struct
    {
        const char *what;
        const struct step *steps;
    } tables[] =
    {
        {"verify", verify_steps},
        {"local", local_steps},
        {"change", change_steps},
        {"auth", auth_steps},
    };
    unsigned i;

    for (i = 0; i < ARRAYSIZE(tables); i++)
    {
        use_card(profile, SHARED); /* a new one: tries are counted */
        run_steps(tables[i].what, tables[i].steps);
    }
}

START_TEST(icccodes)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    create_services();
    test_card("iso-t1");
    use_card("iso-t1", SHARED);
    test_create_interface();
    steps_without_log = TRUE;
    test_card("iso-t0");
    release_services();
    CoUninitialize();
}
