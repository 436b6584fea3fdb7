/*
 * Selecting: the forms of SELECT, the values of P1, paths, names, directories.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"

/* Answers to SELECT, SW included. */
#define MF_FCI \
    "6F0A83023F008A0105820138" \
    "9000"
#define DF_FCI \
    "6F0A830250008A0105820138" \
    "9000"
#define DF2_FCI \
    "6F0A830251008A0105820138" \
    "9000"
#define EF_FCI \
    "6F118302000180020190820101880108" \
    "8A0105" \
    "9000"

enum action
{
    END_OF_SCENARIO,
    OPEN,       /* icc_open of kind and path */
    CHANGE_DIR, /* icc_change_dir of kind and path */
    ASK_DIR,    /* nothing but the look at the current directory */
    EXCLUSIVE,  /* the connection is exclusive from here */
    SHARED,     /* or no longer */
    NEW_CARD,   /* icc_card_is_new */
    UNTRUST,    /* icc_untrust */
};

/* One thing that the application does, and all that the card is to get for it. */
struct step
{
    const char *name;
    enum action action;
    int kind; /* PATH_BY_... */
    const char *path;
    int32_t expected;
    const char *dir; /* the current directory afterwards; NULL: not looked at */
    const struct row *rows;
    size_t count;
};

#define SENDS(...) \
    .rows = (const struct row[]){__VA_ARGS__}, \
    .count = COUNT_OF(((const struct row[]){__VA_ARGS__}))

#define SENDS_NOTHING .rows = NULL, .count = 0

/* A card, fresh from the reader, and what is done with it. */
struct scenario
{
    const char *name;
    int by_handle; /* the connection is the application's own */
    struct step steps[20];
};

/* The forms that P2 and Le have. What worked is kept: the second Open goes there at once. */
static const struct scenario forms[] =
{
    {"P2=00", 0, {
        {"first", OPEN, PATH_BY_ID, "3F00/5000/0001", SC_OK,
            SENDS({"00A40800045000000100", EF_FCI})},
        {"again", OPEN, PATH_BY_ID, "3F00/5000/0002", SC_OK,
            SENDS({"00A40800045000000200", "9000"})},
    }},
    {"P2=04", 0, {
        {"first", OPEN, PATH_BY_ID, "3F00/5000/0001", SC_OK,
            SENDS({"00A40800045000000100", "6A86"},
                  {"00A40804045000000100", EF_FCI})},
        {"again", OPEN, PATH_BY_ID, "3F00/5000/0002", SC_OK,
            SENDS({"00A40804045000000200", "9000"})},
    }},
    {"P2=0C", 0, {
        {"first", OPEN, PATH_BY_ID, "3F00/5000/0001", SC_OK,
            SENDS({"00A40800045000000100", "6A81"},
                  {"00A40804045000000100", "6700"},
                  {"00A4080C0450000001", "9000"})},
        {"again", OPEN, PATH_BY_ID, "3F00/5000/0002", SC_OK,
            SENDS({"00A4080C0450000002", "9000"})},
    }},
    {"no Le", 0, {
        {"first", OPEN, PATH_BY_ID, "3F00/5000/0001", SC_OK,
            SENDS({"00A40800045000000100", "6A80"},
                  {"00A40804045000000100", "6B00"},
                  {"00A4080C0450000001", "6A87"},
                  {"00A408000450000001", "9000"})},
        {"again", OPEN, PATH_BY_ID, "3F00/5000/0002", SC_OK,
            SENDS({"00A408000450000002", "9000"})},
    }},
};

static const struct scenario by_path[] =
{
    /* A card without path selection: stepwise, and remembered. */
    {"no selection by path", 0, {
        {"first", OPEN, PATH_BY_ID, "3F0050000001", SC_OK,
            SENDS({"00A40800045000000100", "6A82"},
                  {"00A40000023F0000", MF_FCI},
                  {"00A4010002500000", DF_FCI},
                  {"00A4020002000100", EF_FCI})},
        {"remembered", OPEN, PATH_BY_ID, "3F0050000002", SC_FILE_NOT_FOUND,
            SENDS({"00A40000023F0000", MF_FCI},
                  {"00A4010002500000", DF_FCI},
                  {"00A4020002000200", "6A82"})},
        {"missing directory", OPEN, PATH_BY_ID, "3F0050010002", SC_DIR_NOT_FOUND,
            SENDS({"00A40000023F0000", MF_FCI},
                  {"00A4010002500100", "6A82"})},
    }},
    /* A card that has shown that it knows paths is believed; the parent says what is missing. */
    {"not found", 0, {
        {"first", OPEN, PATH_BY_ID, "3F0050000001", SC_OK,
            SENDS({"00A40800045000000100", EF_FCI})},
        {"file", OPEN, PATH_BY_ID, "3F0050000002", SC_FILE_NOT_FOUND,
            SENDS({"00A40800045000000200", "6A82"},
                  {"00A4080002500000", DF_FCI})},
        {"directory", OPEN, PATH_BY_ID, "3F0050010002", SC_DIR_NOT_FOUND,
            SENDS({"00A40800045001000200", "6A82"},
                  {"00A4080002500100", "6A82"})},
        {"ChangeDir", CHANGE_DIR, PATH_BY_ID, "5001", SC_DIR_NOT_FOUND, "3F00",
            SENDS({"00A4080002500100", "6A82"})},
    }},
    /* P1 01 and 02 fall back to 00; the MF without data. */
    {"other values of P1", 0, {
        {"EF", OPEN, PATH_BY_ID, "3F00/5000/0001", SC_OK,
            SENDS({"00A40800045000000100", "6A86"},
                  {"00A40804045000000100", "6A86"},
                  {"00A4080C0450000001", "6A86"},
                  {"00A408000450000001", "6A86"},
                  {"00A40000023F0000", "6A86"},
                  {"00A40004023F0000", "6A86"},
                  {"00A4000C023F00", "6A86"},
                  {"00A40000023F00", "6A86"},
                  {"00A4000000", MF_FCI},
                  {"00A4010002500000", "6A81"},
                  {"00A4000002500000", DF_FCI},
                  {"00A4020002000100", "6D00"},
                  {"00A4000002000100", EF_FCI},
                  /* That P1 looks beside 5000 too: is it in the MF? */
                  {"00A40000023F0000", "6A80"},
                  {"00A4000000", MF_FCI},
                  {"00A4000002000100", "6A82"},
                  {"00A4080002500000", "6A86"},
                  {"00A4000002500000", DF_FCI},
                  {"00A4000002000100", EF_FCI})},
        {"EF that is a DF", OPEN, PATH_BY_ID, "3F00/5000", SC_NO_FILE,
            SENDS({"00A40000023F0000", "6A80"},
                  {"00A4000000", MF_FCI},
                  {"00A4000002500000", DF_FCI})},
    }},
    /* 6981 from P1=02 means a directory; another file found by P1=00 is not the one asked for. */
    {"wrong FID", 0, {
        {"EF", OPEN, PATH_BY_ID, "0001", SC_FILE_NOT_FOUND,
            SENDS({"00A4080002000100", "6A82"},
                  {"00A40000023F0000", MF_FCI},
                  {"00A4020002000100", "6981"},
                  {"00A4000002000100", "6F04830200029000"})},
    }},
    {"warnings", 0, {
        {"6283", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4080002000100", "6F07" "82010183020001" "6283"})},
        /* Not ISO control information: that it claims a directory does not count. */
        {"6284", OPEN, PATH_BY_ID, "0002", SC_OK,
            SENDS({"00A4080002000200", "6F07" "82013883020002" "6284"})},
        {"61xx", OPEN, PATH_BY_ID, "0003", SC_OK,
            SENDS({"00A4080002000300", "610B"},
                  {"00C000000B", "6F09" "82010183020003" "8000" "9000"})},
        {"6982", OPEN, PATH_BY_ID, "0004", SC_SECURITY_VIOLATION,
            SENDS({"00A4080002000400", "6982"})},
    }},
    /* A card without MF (payment cards answer 6A86): what is relative stays so. */
    {"no MF", 0, {
        {"first", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4080002000100", "6A82"},
                  {"00A40000023F0000", "6A82"},
                  {"00A4020002000100", EF_FCI})},
        {"known", OPEN, PATH_BY_ID, "0002", SC_OK, "",
            SENDS({"00A4020002000200", EF_FCI})},
    }},
};

static const struct scenario directories[] =
{
    {"up and down", 0, {
        {"start", ASK_DIR, .dir = "3F00", SENDS_NOTHING},
        {"down", CHANGE_DIR, PATH_BY_ID, "5000", SC_OK, "3F00/5000",
            SENDS({"00A4080002500000", DF_FCI})},
        {"deeper", CHANGE_DIR, PATH_BY_ID, "5100", SC_OK, "3F00/5000/5100",
            SENDS({"00A40800045000510000", DF2_FCI})},
        {"up", CHANGE_DIR, PATH_BY_ID, "..", SC_OK, "3F00/5000",
            SENDS({"00A4080002500000", DF_FCI})},
        {"a file", CHANGE_DIR, PATH_BY_ID, "0001", SC_NO_DIR, "3F00/5000",
            SENDS({"00A40800045000000100", EF_FCI},
                  {"00A4080002500000", DF_FCI})},
        {"above the MF", CHANGE_DIR, PATH_BY_ID, "../../..", SC_DIR_NOT_FOUND, SENDS_NOTHING},
        {"a short FID", CHANGE_DIR, PATH_BY_SHORT_ID, "01", SC_INVALID_ARGUMENT, SENDS_NOTHING},
        {"no FID", CHANGE_DIR, PATH_BY_ID, "xyz", SC_INVALID_ARGUMENT, SENDS_NOTHING},
        {"bad kind", CHANGE_DIR, 3, "5000", SC_INVALID_ARGUMENT, SENDS_NOTHING},
        {"no path", CHANGE_DIR, PATH_BY_ID, NULL, SC_INVALID_ARGUMENT, SENDS_NOTHING},
        {"MF", CHANGE_DIR, PATH_BY_NAME, "MF", SC_OK, "3F00",
            SENDS({"00A40000023F0000", MF_FCI})},
        {"exclusive", EXCLUSIVE, SENDS_NOTHING},
        {"trusted", CHANGE_DIR, PATH_BY_ID, "5000", SC_OK,
            SENDS({"00A4080002500000", DF_FCI})},
        {"the same", CHANGE_DIR, PATH_BY_ID, "3F00/5000", SC_OK, SENDS_NOTHING},
        {"here", CHANGE_DIR, PATH_BY_ID, ".", SC_OK, SENDS_NOTHING},
    }},
    {"names", 0, {
        {"name", CHANGE_DIR, PATH_BY_NAME, "#A00000000102", SC_OK, "#A00000000102",
            SENDS({"00A4040006A0000000010200", "6F08" "8406A00000000102" "9000"})},
        /* Somebody else may have been there in between. */
        {"again", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4040006A0000000010200", "9000"},
                  {"00A4020002000100", EF_FCI})},
        {"exclusive", EXCLUSIVE, SENDS_NOTHING},
        {"alone", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4040006A0000000010200", "9000"},
                  {"00A4020002000100", EF_FCI})},
        {"below", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4020002000100", EF_FCI})},
        /* What is not found moves nothing. */
        {"not below", OPEN, PATH_BY_ID, "0002", SC_FILE_NOT_FOUND,
            SENDS({"00A4020002000200", "6A82"})},
        {"below again", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4020002000100", EF_FCI})},
        {"moved", UNTRUST, SENDS_NOTHING},
        {"above", CHANGE_DIR, PATH_BY_ID, "..", SC_OK, "3F00",
            SENDS({"00A4040006A0000000010200", "9000"},
                  {"00A4030000", MF_FCI})},
    }},
    /* Four hex digits: a FID first, else the text as a name. */
    {"FID or name", 0, {
        {"name", CHANGE_DIR, PATH_BY_NAME, "4142", SC_OK, "#34313432",
            SENDS({"00A4080002414200", "6A82"},
                  {"00A40000023F0000", MF_FCI},
                  {"00A4010002414200", "6A82"},
                  {"00A40400043431343200", "9000"})},
    }},
};

/* Connections of the application: it may have moved the card, which is asked whether it is in
 * its MF. */
static const struct scenario by_handle[] =
{
    {"by handle", 1, {
        {"above the MF", OPEN, PATH_BY_ID, "../0001", SC_DIR_NOT_FOUND, SENDS_NOTHING},
        {"first", OPEN, PATH_BY_ID, "0001", SC_OK,
            SENDS({"00A4030000", "6A82"},
                  {"00A4080002000100", EF_FCI})},
        {"second", OPEN, PATH_BY_ID, "0002", SC_OK, "3F00",
            SENDS({"00A4080002000200", EF_FCI})},
        /* Not even an exclusive connection is trusted, for the application has it too. */
        {"exclusive", EXCLUSIVE, SENDS_NOTHING},
        {"down", CHANGE_DIR, PATH_BY_ID, "5000", SC_OK,
            SENDS({"00A4080002500000", DF_FCI})},
        {"again", CHANGE_DIR, PATH_BY_ID, ".", SC_OK,
            SENDS({"00A4080002500000", DF_FCI})},
        {"another card", NEW_CARD, SENDS_NOTHING},
        {"shared", SHARED, SENDS_NOTHING},
        {"elsewhere", OPEN, PATH_BY_ID, "0001", SC_DIR_NOT_FOUND,
            SENDS({"00A4030000", MF_FCI})},
        {"still elsewhere", CHANGE_DIR, PATH_BY_ID, "5000", SC_DIR_NOT_FOUND, SENDS_NOTHING},
        {"asked", ASK_DIR, .dir = "3F00", SENDS({"00A40000023F0000", MF_FCI})},
        {"asked again", ASK_DIR, .dir = "3F00", SENDS_NOTHING},
        {"a third card", NEW_CARD, SENDS_NOTHING},
        {"exclusive again", EXCLUSIVE, SENDS_NOTHING},
        /* Nobody knows, but nobody else can move it either. */
        {"nobody", CHANGE_DIR, PATH_BY_ID, "5000", SC_OK, "#41424344",
            SENDS({"00A4030000", "6A81"},
                  {"00A4030400", "6A81"},
                  {"00A4030C", "6A81"},
                  {"00A40300", "6A81"},
                  {"00A4010002500000", "6F0D" "83025000" "8404" "41424344" "820138" "9000"})},
    }},
};

static void take_action(const struct step *step, struct icc *icc, const char *name)
{
    const uint16_t *path = step->path ? wide(step->path) : NULL;
    size_t length = step->path ? strlen(step->path) : 0;
    int32_t result = step->expected;
    uint32_t handle = 7;

    switch (step->action)
    {
    case OPEN:
        result = icc_open(icc, step->kind, path, length, &handle);
        ok(result == SC_OK || !handle, "%s: handle %u\n", name, (unsigned)handle);
        break;
    case CHANGE_DIR: result = icc_change_dir(icc, step->kind, path, length); break;
    case EXCLUSIVE:
    case SHARED: icc_set_exclusive(icc, step->action == EXCLUSIVE); break;
    case NEW_CARD: icc_card_is_new(icc, APDU_T1, (const uint8_t *)"\x3B\x00", 2); break;
    case UNTRUST: icc_untrust(icc, APDU_T1); break;
    case ASK_DIR:
    case END_OF_SCENARIO: break;
    }
    ok(result == step->expected, "%s: gave %08x, expected %08x\n", name, (unsigned)result,
       (unsigned)step->expected);
}

static void look_at_dir(struct icc *icc, const char *expected, const char *name)
{
    char dir[PATH_MAX_TEXT + 1];
    int32_t result = icc_current_dir(icc, dir);

    ok(result == SC_OK && !strcmp(dir, expected), "%s: directory %s (%08x), expected %s\n", name,
       dir, (unsigned)result, expected);
}

static void run_scenario(const struct scenario *scenario)
{
    const struct step *step = scenario->steps;
    struct script script;
    struct icc icc;

    script_start(&script, scenario->name, NULL, 0);
    if (scenario->by_handle)
        script_icc_atr(&icc, &script, APDU_T1, "3B00", 1);
    else
        script_icc(&icc, &script);
    for (; step->action != END_OF_SCENARIO; step++)
    {
        char name[200];

        snprintf(name, sizeof(name), "%s: %s", scenario->name, step->name);
        script_start(&script, name, step->rows, step->count);
        take_action(step, &icc, name);
        if (step->dir)
            look_at_dir(&icc, step->dir, name);
        END(&script);
    }
    icc_fini(&icc);
}

static void test_scenarios(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(forms); i++)
        run_scenario(&forms[i]);
    for (i = 0; i < COUNT_OF(by_path); i++)
        run_scenario(&by_path[i]);
    for (i = 0; i < COUNT_OF(directories); i++)
        run_scenario(&directories[i]);
    for (i = 0; i < COUNT_OF(by_handle); i++)
        run_scenario(&by_handle[i]);
}

/* After real answers no other form is tried, whatever they are. */
static void test_real_answers(void)
{
    static const struct
    {
        const char *sw;
        int32_t result;
    } cases[] = {
        {"6982", SC_SECURITY_VIOLATION}, {"6985", SC_SECURITY_VIOLATION},
        {"6285", SC_NO_ACCESS},          {"6F00", SC_UNEXPECTED},
        {"6581", SC_UNEXPECTED},         {"!80100069", SC_REMOVED_CARD},
        {"90", SC_COMM_DATA_LOST},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        const struct row row = {"00A40800045000000100", cases[i].sw};
        const struct scenario scenario =
        {
            cases[i].sw, 0,
            {{"open", OPEN, PATH_BY_ID, "\\5000\\0001", cases[i].result, .rows = &row, .count = 1}}
        };

        run_scenario(&scenario);
    }
}

/* A card that is gone, by whatever name, is not asked to go back. */
static void test_card_gone(void)
{
    static const char *const answers[] = {"!80100069", "!8010000C", "!80100017", "!80100009"};
    struct row rows[] =
    {
        {"00A40800045000510000", "6A86"},
        {"00A40804045000510000", "6A86"},
        {"00A4080C0450005100", "6A86"},
        {"00A408000450005100", "6A86"},
        {"00A40000023F0000", MF_FCI},
        {"00A4010002500000", DF_FCI},
        {"00A4010002510000", NULL},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(answers); i++)
    {
        const struct scenario scenario =
        {
            answers[i], 0,
            {{"down", CHANGE_DIR, PATH_BY_ID, "5000/5100",
                (int32_t)strtoul(answers[i] + 1, NULL, 16), .rows = rows, .count = COUNT_OF(rows)}}
        };

        rows[COUNT_OF(rows) - 1].answer = answers[i];
        run_scenario(&scenario);
    }
}

START_TEST(icc_select)
{
    test_scenarios();
    test_real_answers();
    test_card_gone();
}
