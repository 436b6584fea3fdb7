/*
 * Card profiles written by users: what a text means, what is refused and why.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"
#include "icc/profiletext.h"

#define HEAD "name = T\natr = 3B00\n"

/* Parses a copy without a NUL behind it. */
static int32_t parse(const char *text, struct profiletext *out, struct profiletext_error *error)
{
    char *copy = test_memdup(text, strlen(text));
    int32_t result = profiletext_parse(copy, strlen(text), out, error);

    free(copy);
    return result;
}

static void check_parses(const char *text, struct profiletext *out)
{
    struct profiletext_error error;
    int32_t result = parse(text, out, &error);

    ok(!result && !error.line && !error.message[0], "%08x, line %u: %s\n", (unsigned)result,
       error.line, error.message);
}

static void test_minimum(void)
{
    struct profiletext text;
    static const uint8_t card[] = {0x3B, 0x01, 0xA5}, other[] = {0x3B, 0x01, 0xB5};
    static const uint8_t longer[] = {0x3B, 0x01, 0xA5, 0};
    struct icc_profile expected = icc_profile_iso;

    check_parses("\xEF\xBB\xBF# one\r\n\r\n name\t= My card # two\r\natr=3b01Ax", &text);
    ok(!strcmp(text.profile.name, "My card"), "name \"%s\"\n", text.profile.name);
    ok(icc_profile_matches(&text.profile, card, sizeof(card)), "the card does not fit\n");
    ok(!icc_profile_matches(&text.profile, other, sizeof(other)), "another card fits\n");
    ok(!icc_profile_matches(&text.profile, longer, sizeof(longer)), "a longer ATR fits\n");
    expected.name = text.profile.name;
    expected.atrs = text.profile.atrs;
    ok(!memcmp(&expected, &text.profile, sizeof(expected)), "it is not as iso else\n");
    ok(!parse(HEAD, &text, NULL), "without an error to fill\n");
}

static int same_instruction(const struct icc_instruction *a, const struct icc_instruction *b)
{
    return a->ins == b->ins && a->p1 == b->p1 && a->p2 == b->p2 && a->present == b->present &&
           a->admin == b->admin;
}

static void check_instructions(const struct icc_profile *a, const struct icc_profile *b)
{
    const struct icc_instruction *left[] =
    {
        &a->list.command, &a->chv.verify, &a->chv.change, &a->chv.disable, &a->chv.enable,
        &a->chv.unblock, &a->logout, &a->create_file, &a->delete_file, &a->deactivate, &a->activate
    };
    const struct icc_instruction *right[] =
    {
        &b->list.command, &b->chv.verify, &b->chv.change, &b->chv.disable, &b->chv.enable,
        &b->chv.unblock, &b->logout, &b->create_file, &b->delete_file, &b->deactivate, &b->activate
    };
    size_t i;

    for (i = 0; i < COUNT_OF(left); i++)
        ok(same_instruction(left[i], right[i]), "%s: instruction %u differs\n", b->name,
           (unsigned)i);
}

static void check_same(const struct icc_profile *a, const struct icc_profile *b)
{
    unsigned i;

    check_instructions(a, b);
    ok(a->class_count == b->class_count && a->select_form_count == b->select_form_count,
       "%s: counts\n", b->name);
    for (i = 0; i < b->class_count; i++)
        ok(a->classes[i].cla == b->classes[i].cla &&
               a->classes[i].switch_to == b->classes[i].switch_to,
           "%s: class %u\n", b->name, i);
    for (i = 0; i < b->select_form_count; i++)
        ok(a->select_forms[i].p2 == b->select_forms[i].p2 &&
               !a->select_forms[i].with_le == !b->select_forms[i].with_le,
           "%s: step %u\n", b->name, i);
    ok(a->admin_cla == b->admin_cla && a->response == b->response && a->select_p1 == b->select_p1 &&
           a->layout == b->layout && a->max_le == b->max_le && a->max_lc == b->max_lc &&
           a->data_unit == b->data_unit && a->create == b->create,
       "%s: values\n", b->name);
    ok(a->may_be_gsm == b->may_be_gsm && a->exact_record_le == b->exact_record_le &&
           a->interindustry == b->interindustry,
       "%s: flags\n", b->name);
    ok(a->list.count_in_p2 == b->list.count_in_p2 && a->list.le == b->list.le &&
           a->list.fid_at == b->list.fid_at && a->list.end_sw == b->list.end_sw,
       "%s: list\n", b->name);
    ok(a->chv.local_bit == b->chv.local_bit && a->chv.length == b->chv.length &&
           a->chv.padding == b->chv.padding && a->chv.bcd == b->chv.bcd &&
           a->chv.counted == b->chv.counted && a->chv.control == b->chv.control &&
           a->chv.query == b->chv.query && a->chv.unblock_bare == b->chv.unblock_bare &&
           a->chv.change_first == b->chv.change_first && a->chv.pinpad == b->chv.pinpad,
       "%s: codes\n", b->name);
}

/* Each key, by saying of one built-in family what another one is. */
static void test_families(void)
{
    static const char flex[] =
        "name = flex\n"
        "base = class-c0\n"
        "atr = 3B951540FF6801020204\n"
        "classes = C0 00 A0=gsm\n"
        "admin-class = F0\n"
        "answers = 61 6C 67\n"
        "may-be-gsm = no\n"
        "list = a8 00 00 admin\nlist-length = 4\nlist-fid = 2\nlist-end = 6A82\n"
        "change = 24 admin\nunblock = 2C admin\n"
        "logout = 22 07 00 admin\n"
        "create-file = E0 admin\ndelete-file = E4 admin\n"
        "deactivate = 04 admin\nactivate = 44 admin\n"
        "create = flex\n";
    static const char iso[] =
        "atr = 3B951540FF6801020204\n"
        "name = iso\n"
        "base = flex\n"
        "classes = 00 C0=class-c0 A0=gsm\n"
        "admin-class = 01\n"
        "answers = 61 6C\n"
        "select = child ef parent name path\n"
        "select-ladder = 00+le 04+le 0C 00\n"
        "layout = iso\nexact-record-length = no\ninterindustry = yes\n"
        "max-read = 256\nmax-write = 255\ndata-unit = none\n"
        "list = none\n"
        "verify = 20\nchange = 24\ndisable = 26\nenable = 28\nunblock = 2C\n"
        "code-padding = none\ncode-local = 80\ncode-query = yes\n"
        "unblock-without-code = yes\nfirst-code = yes\n"
        "pinpad = yes\nlogout = none\n"
        "create = iso\ncreate-file = E0\ndelete-file = E4\ndeactivate = 04\nactivate = 44\n";
    static const char odd[] =
        HEAD "base = gsm\nclasses = FE\nselect = none\nanswers = none\nmax-read = 1\n"
             "max-write = 64\ndata-unit = 16384\ncode-padding = 255 00\ncode-encoding = bcd e\n"
             "pinpad = no\ncreate = none\nlist-counts = yes\n"
             "list-fid = 253\nlist-length = 255\nlist-end = 9404\nlist = 02 03 04\nverify = none\n"
             "code-local = 40\n";
    struct icc_profile expected = icc_profile_iso;
    struct profiletext text;

    check_parses(flex, &text);
    check_same(&text.profile, &icc_profile_flex);
    check_parses(iso, &text);
    expected.admin_cla = 1;
    expected.chv.pinpad = 1;
    expected.list = icc_profile_flex.list;
    expected.list.command = icc_profile_iso.list.command;
    check_same(&text.profile, &expected);
    check_parses(odd, &text);
    expected = icc_profile_gsm;
    expected.classes[0].cla = 0xFE;
    expected.response = 0;
    expected.max_le = 1;
    expected.max_lc = 64;
    expected.data_unit = 16384;
    expected.chv.length = 255;
    expected.chv.bcd = expected.chv.counted = 1;
    expected.chv.control = 0xE;
    expected.chv.local_bit = 0x40;
    memset(&expected.chv.verify, 0, sizeof(expected.chv.verify));
    expected.list = (struct icc_list){{2, 3, 4, 1, 0}, 1, 255, 253, 0x9404};
    check_same(&text.profile, &expected);
}

static void test_atrs(void)
{
    static const struct
    {
        const char *line, *pattern; /* NULL: refused */
    } rows[] =
    {
        {"3B 00", "3B00"},
        {"3bxX", "3bxX"},
        {"xx00", "xx00"},
        {"3B1234 / FFF00F", "3B1xx4"},
        {"3B 12\t34 /FF 0F F0", "3Bx23x"},
        {"3F 0 1", "3F01"},
        {"3B1234/FFFF", NULL},
        {"3B12/FFFF/FF", NULL},
        {"3B12/FFFx", NULL},
        {"3B12/FFFE", NULL},
        {"3B12/", NULL},
        {"/", NULL},
        {"3B", NULL},
        {"3B123", NULL},
        {"3B1G", NULL},
        {"4B12", NULL},
        {"3C12", NULL},
        {"3B00000000000000000000000000000000000000000000000000000000000000000", NULL},
        {"3B0000000000000000000000000000000000000000000000000000000000000000", /* 33 bytes */
         "3B0000000000000000000000000000000000000000000000000000000000000000"},
        {"3B000000000000000000000000000000000000000000000000000000000000000000", NULL},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        struct profiletext text;
        struct profiletext_error error;
        char line[200];
        int32_t result;

        snprintf(line, sizeof(line), "name=a\natr = %s\n", rows[i].line);
        result = parse(line, &text, &error);
        ok(result == (rows[i].pattern ? SC_OK : SC_INVALID_ARGUMENT), "%s: %08x %s\n", rows[i].line,
           (unsigned)result, error.message);
        if (rows[i].pattern && !result)
            ok(!strcmp(text.atrs[0], rows[i].pattern), "%s: %s\n", rows[i].line, text.atrs[0]);
    }
}

struct wrong
{
    const char *text;
    unsigned line;
    const char *message; /* a part of it */
};

static const struct wrong wrong_rows[] =
{
    {"", 1, "no \"name\""},
    {"\n\n# nothing\n", 3, "no \"name\""},
    {"name = a\n", 1, "no \"atr\""},
    {"atr = 3B00\n", 1, "no \"name\""},
    {HEAD "hello\n", 3, "\"hello\" is not of the form"},
    {HEAD "= 5\n", 3, "no key \"\""},
    {HEAD "\x01Name = 5\n", 3, "no key \"?Name\""},
    {HEAD "a-very-long-key-that-nobody-has = 5\n", 3, "\"a-very-long-key-that-nob...\""},
    {HEAD "name = b\n", 3, "given before"},
    {HEAD "classes =\n", 3, "has no value"},
    {HEAD "classes = # 00\n", 3, "has no value"},
    {HEAD "may-be-gsm = maybe\n", 3, "\"maybe\" is neither"},
    {HEAD "may-be-gsm = yes no\n", 3, "\"no\" is more"},
    {HEAD "base = visa\n", 3, "\"visa\" is none"},
    {HEAD "select = none\nbase = gsm\n", 4, "must stand before"},
    {HEAD "classes = 00 C0 A0 80\n", 3, "at most 3"},
    {HEAD "classes = FF\n", 3, "no class byte"},
    {HEAD "classes = A0=\n", 3, "\"\" is none"},
    {HEAD "classes = 0=iso\n", 3, "no class byte"},
    {HEAD "admin-class = 00\n", 3, "admin"},
    {HEAD "admin-class = F0=gsm\n", 3, "admin"},
    {HEAD "admin-class = F0 F1\n", 3, "more than"},
    {HEAD "answers = 61 62\n", 3, "\"62\" is not a word"},
    {HEAD "answers = 61 none\n", 3, "\"none\" is not a word"},
    {HEAD "answers = none 61\n", 3, "\"61\" is more"},
    {HEAD "select = mf\n", 3, "\"mf\""},
    {HEAD "select-ladder = 00-le\n", 3, "no step"},
    {HEAD "select-ladder = 00 00 00 00 00\n", 3, "at most 4"},
    {HEAD "layout = der\n", 3, "\"der\""},
    {HEAD "max-read = 0\n", 3, "\"0\" is not a decimal"},
    {HEAD "max-read = 257\n", 3, "decimal"},
    {HEAD "max-read = 4294967297\n", 3, "decimal"},
    {HEAD "max-write = 256\n", 3, "decimal"},
    {HEAD "max-write = 0x10\n", 3, "decimal"},
    {HEAD "data-unit = 0\n", 3, "\"0\" is neither none"},
    {HEAD "data-unit = 3\n", 3, "data unit"},
    {HEAD "data-unit = 32768\n", 3, "data unit"},
    {HEAD "data-unit = byte\n", 3, "data unit"},
    {HEAD "list-end = 9\n", 3, "status word"},
    {HEAD "list-end = 0000\n", 3, "status word"},
    {HEAD "list-end = 9000\n", 3, "status word"},
    {HEAD "list = A8\n# more\n", 3, "\"list-length\""},
    {HEAD "list = A8\nlist-end = 6A82\nlist-length = 4\nlist-fid = 3\n", 3, "\"list-length\""},
    {HEAD "verify = 20 00\n", 3, "INS P1 P2"},
    {HEAD "verify = 20 00 00 00\n", 3, "\"00\" is no part"},
    {HEAD "verify = admin\n", 3, "\"admin\" is no part"},
    {HEAD "verify = none admin\n", 3, "\"admin\" is more"},
    {HEAD "verify = 61\n", 3, "not 6x, 9x"},
    {HEAD "verify = 9F\n", 3, "not 6x, 9x"},
    {HEAD "verify = 18\n", 3, "\"18\" is no instruction for codes"},
    {HEAD "verify = D6 00 00\n", 3, "\"D6\" is no instruction for codes"},
    {HEAD "change = 04\n", 3, "for codes"},
    {HEAD "disable = 22\n", 3, "for codes"},
    {HEAD "enable = C0\n", 3, "for codes"},
    {HEAD "unblock = C2\n", 3, "for codes"},
    {HEAD "verify = 20 admin\nchange = 24\n", 3, "admin-class"},
    {HEAD "code-padding = 8\n", 3, "fill codes"},
    {HEAD "code-encoding = ebcdic\n", 3, "\"ebcdic\" is none of"},
    {HEAD "code-encoding = bcd 10\n", 3, "\"10\" is no hex digit"},
    {HEAD "code-encoding = bcd 2 2\n", 3, "\"2\" is more"},
    {HEAD "code-encoding = ascii 2\n", 3, "\"2\" is more"},
    {HEAD "code-encoding = format-2\ncode-padding = 8 FF\n", 4, "padding of its own"},
    {HEAD "code-padding = 8 FF\ncode-encoding = format-2\n", 4, "padding of its own"},
    {HEAD "code-padding = 0 FF\n", 3, "no length"},
    {HEAD "code-padding = 256 FF\n", 3, "no length"},
    {HEAD "code-local = 8\n", 3, "two hex digits"},
    {HEAD "create = fcp\n", 3, "\"fcp\""},
    {"name = 123456789012345678901234567890123\natr = 3B00\n", 1, "longer than 32"},
    {"name = \xC3\xA4\natr = 3B00\n", 1, "\"??\" is not plain"},
};

static void test_wrong(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(wrong_rows); i++)
    {
        const struct wrong *row = &wrong_rows[i];
        struct profiletext_error error;
        struct profiletext text;
        int32_t result;

        memset(&text, 0xA5, sizeof(text));
        result = parse(row->text, &text, &error);
        ok(result == SC_INVALID_ARGUMENT && error.line == row->line &&
               strstr(error.message, row->message),
           "%s: %08x, line %u, \"%s\"\n", row->text, (unsigned)result, error.line, error.message);
        ok(test_all_zero(&text, sizeof(text)), "%s: something is left\n", row->text);
    }
}

static void test_bounds(void)
{
    char *text = test_alloc(PROFILETEXT_MAX_SIZE + 1);
    struct profiletext_error error;
    struct profiletext out;
    size_t used = strlen(HEAD);
    unsigned i;

    memset(text, '\n', PROFILETEXT_MAX_SIZE + 1);
    memcpy(text, HEAD, used);
    EXPECT(profiletext_parse(text, PROFILETEXT_MAX_SIZE, &out, &error), SC_OK);
    EXPECT(profiletext_parse(text, PROFILETEXT_MAX_SIZE + 1, &out, &error), SC_INVALID_ARGUMENT);
    memset(text + used, '#', PROFILETEXT_MAX_LINE);
    EXPECT(profiletext_parse(text, 1000, &out, &error), SC_OK);
    text[used + PROFILETEXT_MAX_LINE] = '#';
    EXPECT(profiletext_parse(text, 1000, &out, &error), SC_INVALID_ARGUMENT);
    ok(error.line == 3, "line %u\n", error.line);
    EXPECT(profiletext_parse("n\0a\0", 4, &out, &error), SC_INVALID_ARGUMENT);
    ok(strstr(error.message, "UTF-16") != NULL, "%s\n", error.message);
    EXPECT(profiletext_parse(NULL, 5, &out, &error), SC_INVALID_ARGUMENT);
    EXPECT(profiletext_parse(text, 5, NULL, &error), SC_INVALID_ARGUMENT);

    used = (size_t)sprintf(text, "name = many\n");
    for (i = 0; i <= PROFILETEXT_MAX_ATRS; i++)
    {
        ok(!i || !profiletext_parse(text, used, &out, NULL), "%u ATRs\n", i);
        used += (size_t)sprintf(text + used, "atr = 3B%02X\n", i);
    }
    EXPECT(profiletext_parse(text, used, &out, &error), SC_INVALID_ARGUMENT);
    ok(error.line == PROFILETEXT_MAX_ATRS + 2, "line %u\n", error.line);
    free(text);
}

/* Texts with one byte changed: never astray, and a refusal always says something. */
static void test_changed(void)
{
    static const char base[] =
        HEAD "base = flex\nclasses = 00 C0=class-c0\nselect-ladder = 04+le 0C\n"
             "list = A8 00 00 admin\ncode-padding = 8 FF\natr = 3B12 / FF0F\n";
    int i;

    for (i = 0; i < 20000; i++)
    {
        char *text = test_memdup(base, sizeof(base) - 1);
        size_t size = test_random() % sizeof(base);
        struct profiletext_error error;
        struct profiletext out;

        text[test_random() % (sizeof(base) - 1)] = (char)test_random();
        text[test_random() % (sizeof(base) - 1)] = " =#\n0x/"[test_random() % 7];
        text = realloc(text, size ? size : 1);
        if (profiletext_parse(text, size, &out, &error))
            ok(error.line && error.message[0], "refused without a word\n");
        else
            ok(out.profile.atrs == out.patterns && out.patterns[0], "not whole\n");
        free(text);
    }
}

/* A profile at work: its forms of SELECT, its padding, its logout. */
static void test_at_work(void)
{
    static const char example[] =
        "name = Example\natr = 3B00\nselect = none\nselect-ladder = 0C\n"
        "code-padding = 8 FF\ncode-query = no\nlogout = 2E 01 02\nclasses = 80\n";
    static const struct row rows[] =
    {
        {"80A4000C023F00", "9000"},
        {"8020000108" "31323334FFFFFFFF", "9000"},
        {"802E0102", "9000"},
    };
    static const uint8_t atr[] = {0x3B, 0};
    struct profiletext text;
    struct script script;
    struct icc icc;

    check_parses(example, &text);
    START(&script, rows);
    icc_init(&icc, script_transmit, &script, APDU_T1, atr, sizeof(atr), 0);
    icc_set_profile(&icc, &text.profile);
    EXPECT(icc_verify(&icc, (const uint8_t *)"1234", 4, 0, 1), SC_OK);
    EXPECT(icc_verify(&icc, (const uint8_t *)"123456789", 9, 0, 1), SC_INVALID_CHV);
    EXPECT(icc_verify(&icc, NULL, 0, ICC_CHECK_ONLY, 1), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_reset_security(&icc, 0), SC_OK);
    END(&script);
    icc_fini(&icc);
}

START_TEST(profiletext)
{
    test_minimum();
    test_families();
    test_atrs();
    test_wrong();
    test_bounds();
    test_changed();
    test_at_work();
}
