/*
 * Tests of dlls/iso7816/path.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "icc/path.h"
#include "iso7816/codes.h"

#define BAD   SC_INVALID_ARGUMENT
#define ABOVE SC_DIR_NOT_FOUND
#define F4    "5001/5002/5003/5004"
#define F16   F4 "/" F4 "/" F4 "/" F4
#define U4    "../../../.."

/* What came out, written out: see describe(). */
struct row
{
    enum path_reference type;
    const char *text;
    int32_t result;
    const char *path;
};

static const struct row rows[] =
{
    /* by id */
    {PATH_BY_ID, "3F00", SC_OK, "mf"},
    {PATH_BY_ID, "3f00", SC_OK, "mf"},
    {PATH_BY_ID, "/", SC_OK, "mf"},
    {PATH_BY_ID, "\\", SC_OK, "mf"},
    {PATH_BY_ID, ":", SC_OK, "mf"},
    {PATH_BY_ID, " \t3F00 \t", SC_OK, "mf"},
    {PATH_BY_ID, "3F00/", SC_OK, "mf"},
    {PATH_BY_ID, "3F00/5000/0001", SC_OK, "mf 5000 0001"},
    {PATH_BY_ID, "3F00/5000/0001/", SC_OK, "mf 5000 0001"},
    {PATH_BY_ID, "3F0050000001", SC_OK, "mf 5000 0001"},
    {PATH_BY_ID, "3F00/50000001", SC_OK, "mf 5000 0001"},
    {PATH_BY_ID, "\\5000\\0001", SC_OK, "mf 5000 0001"},
    {PATH_BY_ID, ":3F00:2F00", SC_OK, "mf 2F00"},
    {PATH_BY_ID, ":3F00\\2F00/abCD", SC_OK, "mf 2F00 ABCD"},
    {PATH_BY_ID, "5000\\0001", SC_OK, "rel 5000 0001"},
    {PATH_BY_ID, "0001", SC_OK, "rel 0001"},
    {PATH_BY_ID, "0000", SC_OK, "rel 0000"},
    {PATH_BY_ID, "0x1", SC_OK, "rel 0001"},
    {PATH_BY_ID, "0X12", SC_OK, "rel 0012"},
    {PATH_BY_ID, "0x123/0xABCD", SC_OK, "rel 0123 ABCD"},
    {PATH_BY_ID, "0x3F00/5000", SC_OK, "mf 5000"},
    {PATH_BY_ID, "0x50000001", SC_OK, "rel 5000 0001"},
    {PATH_BY_ID, "..\\5001", SC_OK, "rel ^1 5001"},
    {PATH_BY_ID, "../..", SC_OK, "rel ^2"},
    {PATH_BY_ID, ".", SC_OK, "rel"},
    {PATH_BY_ID, "./5000/.", SC_OK, "rel 5000"},
    {PATH_BY_ID, "5000/..", SC_OK, "rel"},
    {PATH_BY_ID, "5000/../..", SC_OK, "rel ^1"},
    {PATH_BY_ID, "3F00/5000/../5100", SC_OK, "mf 5100"},
    {PATH_BY_ID, "/5000/..", SC_OK, "mf"},
    {PATH_BY_ID, "3FFF", SC_OK, "rel"},
    {PATH_BY_ID, "3FFF/0001", SC_OK, "rel 0001"},
    {PATH_BY_ID, "3FFF0001", SC_OK, "rel 0001"},
    {PATH_BY_ID, "#A000000001/0001", SC_OK, "#A000000001 0001"},
    {PATH_BY_ID, "#a0", SC_OK, "#A0"},
    {PATH_BY_ID, "/#A0/5000", SC_OK, "#A0 5000"},
    {PATH_BY_ID, "#000102030405060708090A0B0C0D0E0F", SC_OK,
     "#000102030405060708090A0B0C0D0E0F"},
    {PATH_BY_ID, "3F00/" F16, SC_OK, "mf 5001 5002 5003 5004 5001 5002 5003 5004 5001 5002 5003 "
     "5004 5001 5002 5003 5004"},
    {PATH_BY_ID, "3F00/" F16 "/5005", BAD, ""},
    {PATH_BY_ID, U4 "/" U4 "/" U4 "/" U4, SC_OK, "rel ^16"},
    {PATH_BY_ID, U4 "/" U4 "/" U4 "/" U4 "/..", BAD, ""},
    {PATH_BY_ID, "3F00/..", ABOVE, ""},
    {PATH_BY_ID, "/..", ABOVE, ""},
    {PATH_BY_ID, "3F00/5000/../..", ABOVE, ""},
    {PATH_BY_ID, "#A0/..", ABOVE, ""},
    {PATH_BY_ID, "", BAD, ""},
    {PATH_BY_ID, " \t ", BAD, ""},
    {PATH_BY_ID, "//", BAD, ""},
    {PATH_BY_ID, "5000//0001", BAD, ""},
    {PATH_BY_ID, "5000/0001//", BAD, ""},
    {PATH_BY_ID, "5000 /0001", BAD, ""},
    {PATH_BY_ID, "500", BAD, ""},
    {PATH_BY_ID, "50000", BAD, ""},
    {PATH_BY_ID, "500G", BAD, ""},
    {PATH_BY_ID, "0x", BAD, ""},
    {PATH_BY_ID, "0x12345", BAD, ""},
    {PATH_BY_ID, "...", BAD, ""},
    {PATH_BY_ID, "MF", BAD, ""},
    {PATH_BY_ID, "FFFF", BAD, ""},
    {PATH_BY_ID, "3F00/FFFF", BAD, ""},
    {PATH_BY_ID, "5000/3F00", BAD, ""},
    {PATH_BY_ID, "50003F00", BAD, ""},
    {PATH_BY_ID, "3F00/3F00", BAD, ""},
    {PATH_BY_ID, "./3F00", BAD, ""},
    {PATH_BY_ID, "#A0/3F00", BAD, ""},
    {PATH_BY_ID, "3F00/3FFF", BAD, ""},
    {PATH_BY_ID, "/3FFF", BAD, ""},
    {PATH_BY_ID, "5000/3FFF", BAD, ""},
    {PATH_BY_ID, "#", BAD, ""},
    {PATH_BY_ID, "#A", BAD, ""},
    {PATH_BY_ID, "#AG", BAD, ""},
    {PATH_BY_ID, "#000102030405060708090A0B0C0D0E0F10", BAD, ""},
    {PATH_BY_ID, "3F00/#A000000001", BAD, ""},
    {PATH_BY_ID, "#A0/#A0", BAD, ""},

    /* by name */
    {PATH_BY_NAME, "\"a/b:c\"", SC_OK, "#612F623A63"},
    {PATH_BY_NAME, "\"3F00\"", SC_OK, "#33463030"},
    {PATH_BY_NAME, "\"ab*\"", SC_OK, "#6162*"},
    {PATH_BY_NAME, "\"\"", BAD, ""},
    {PATH_BY_NAME, "\"*\"", BAD, ""},
    {PATH_BY_NAME, "\"12345678901234567\"", BAD, ""},
    {PATH_BY_NAME, "\"", SC_OK, "#22"},
    {PATH_BY_NAME, "3F00/5000", SC_OK, "mf 5000"},
    {PATH_BY_NAME, "3F005000", SC_OK, "mf 5000"},
    {PATH_BY_NAME, "3f00", SC_OK, "mf"},
    {PATH_BY_NAME, "3F00x", SC_OK, "#3346303078"},
    {PATH_BY_NAME, ".", SC_OK, "rel"},
    {PATH_BY_NAME, "..", SC_OK, "rel ^1"},
    {PATH_BY_NAME, "/", SC_OK, "mf"},
    {PATH_BY_NAME, "purse/0001", SC_OK, "#7075727365 0001"},
    {PATH_BY_NAME, "pur*/0001", SC_OK, "#707572* 0001"},
    {PATH_BY_NAME, "#A0/0001", SC_OK, "#A0 0001"},
    {PATH_BY_NAME, "5000/0001", SC_OK, "rel 5000 0001"},
    {PATH_BY_NAME, "5000/purse", BAD, ""},
    {PATH_BY_NAME, "mf", SC_OK, "mf"},
    {PATH_BY_NAME, "MF", SC_OK, "mf"},
    {PATH_BY_NAME, "MFx", SC_OK, "#4D4678"},
    {PATH_BY_NAME, "#A0", SC_OK, "#A0"},
    {PATH_BY_NAME, "#purse", BAD, ""},
    {PATH_BY_NAME, "A000000001", SC_OK, "#A000000001"},
    {PATH_BY_NAME, "000102030405060708090A0B0C0D0E0F", SC_OK,
     "#000102030405060708090A0B0C0D0E0F"},
    {PATH_BY_NAME, "A00000000", SC_OK, "#413030303030303030"},    /* 9 digits: text */
    {PATH_BY_NAME, "A0000000010", SC_OK, "#4130303030303030303130"}, /* odd: text */
    {PATH_BY_NAME, "50000001", SC_OK, "#3530303030303031"},
    {PATH_BY_NAME, "5000", SC_OK, "rel 5000 ?35303030"},
    {PATH_BY_NAME, "beef", SC_OK, "rel BEEF ?62656566"},
    {PATH_BY_NAME, "3FFF", SC_OK, "rel"},
    {PATH_BY_NAME, "FFFF", BAD, ""},
    {PATH_BY_NAME, " purse ", SC_OK, "#7075727365"},
    {PATH_BY_NAME, "my purse", SC_OK, "#6D79207075727365"},
    {PATH_BY_NAME, "p*", SC_OK, "#70*"},
    {PATH_BY_NAME, "*", BAD, ""},
    {PATH_BY_NAME, "1234567890abcdef", SC_OK, "#1234567890ABCDEF"},
    {PATH_BY_NAME, "1234567890abcdeg", SC_OK, "#31323334353637383930616263646567"},
    {PATH_BY_NAME, "1234567890abcdeg*", SC_OK, "#31323334353637383930616263646567*"},
    {PATH_BY_NAME, "1234567890abcdegh", BAD, ""},
    {PATH_BY_NAME, "", BAD, ""},

    /* by short id */
    {PATH_BY_SHORT_ID, "1", SC_OK, "rel s01"},
    {PATH_BY_SHORT_ID, "1e", SC_OK, "rel s1E"},
    {PATH_BY_SHORT_ID, "0x1E", SC_OK, "rel s1E"},
    {PATH_BY_SHORT_ID, "3F00/5000/01", SC_OK, "mf 5000 s01"},
    {PATH_BY_SHORT_ID, "5000:0x5", SC_OK, "rel 5000 s05"},
    {PATH_BY_SHORT_ID, "../2", SC_OK, "rel ^1 s02"},
    {PATH_BY_SHORT_ID, "/2", SC_OK, "mf s02"},
    {PATH_BY_SHORT_ID, "#A0/2", SC_OK, "#A0 s02"},
    {PATH_BY_SHORT_ID, "0", BAD, ""},
    {PATH_BY_SHORT_ID, "00", BAD, ""},
    {PATH_BY_SHORT_ID, "1F", BAD, ""},
    {PATH_BY_SHORT_ID, "FF", BAD, ""},
    {PATH_BY_SHORT_ID, "001", BAD, ""},
    {PATH_BY_SHORT_ID, "0x", BAD, ""},
    {PATH_BY_SHORT_ID, "0x001", BAD, ""},
    {PATH_BY_SHORT_ID, "G", BAD, ""},
    {PATH_BY_SHORT_ID, "5000/", BAD, ""},
    {PATH_BY_SHORT_ID, "500/1", BAD, ""},
    {PATH_BY_SHORT_ID, "purse/1", BAD, ""},
    {PATH_BY_SHORT_ID, "3F00/../1", ABOVE, ""},
    {PATH_BY_SHORT_ID, "", BAD, ""},

    {(enum path_reference)3, "3F00", BAD, ""},
};

static uint16_t *widen(const char *text, size_t len)
{
    uint16_t *wide = test_alloc(len * sizeof(*wide));
    size_t i;

    for (i = 0; i < len; i++)
        wide[i] = (unsigned char)text[i];
    return wide;
}

/* "rel", "mf" or "#name", then "*" for a partial name, " ^up", " FID"..., " sSFI", " ?name". */
static void describe(const struct path *path, char *out)
{
    size_t i;

    out += sprintf(out, "%s",
                   path->root == PATH_RELATIVE  ? "rel"
                   : path->root == PATH_FROM_MF ? "mf"
                                                : "#");
    for (i = 0; path->root == PATH_FROM_NAME && i < path->name_length; i++)
        out += sprintf(out, "%02X", path->name[i]);
    if (path->partial_name)
        out += sprintf(out, "*");
    if (path->up)
        out += sprintf(out, " ^%d", path->up);
    for (i = 0; i < path->count; i++)
        out += sprintf(out, " %04X", path->fids[i]);
    if (path->sfi)
        out += sprintf(out, " s%02X", path->sfi);
    if (path->maybe_name)
        out += sprintf(out, " ?");
    for (i = 0; path->root != PATH_FROM_NAME && i < path->name_length; i++)
        out += sprintf(out, "%02X", path->name[i]);
}

static struct path parsed(enum path_reference type, const char *text)
{
    uint16_t *wide = widen(text, strlen(text));
    struct path path;

    ok(path_parse(wide, strlen(text), type, &path) == SC_OK, "%s\n", text);
    free(wide);
    return path;
}

static void parsing(void)
{
    struct path path;
    char described[200];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        size_t len = strlen(rows[i].text);
        uint16_t *wide = widen(rows[i].text, len);
        int32_t result;

        memset(&path, 0xEE, sizeof(path));
        result = path_parse(wide, len, rows[i].type, &path);
        ok(result == rows[i].result, "%d \"%s\": result %x\n", rows[i].type, rows[i].text,
           (unsigned)result);
        describe(&path, described);
        if (result == SC_OK)
            ok(!strcmp(described, rows[i].path), "%d \"%s\": %s\n", rows[i].type, rows[i].text,
               described);
        else
            ok(test_all_zero(&path, sizeof(path)), "\"%s\": not cleared\n", rows[i].text);
        free(wide);
    }
}

static void wide_text(void)
{
    static const uint16_t latin[] = {0xE9, 't', 0xFF}, greek[] = {0x3B1, 'b'},
                          disguised[] = {'3' + 0x100, 'F', '0', '0'}, zero[] = {'a', 0, 'b'};
    struct path path;

    ok(path_parse(latin, 3, PATH_BY_NAME, &path) == SC_OK && path.name_length == 3 &&
           path.name[0] == 0xE9 && path.name[2] == 0xFF,
       "ISO 8859-1\n");
    ok(path_parse(greek, 2, PATH_BY_NAME, &path) == BAD, "beyond U+00FF\n");
    ok(path_parse(disguised, 4, PATH_BY_ID, &path) == BAD, "only the low bytes are digits\n");
    ok(path_parse(zero, 3, PATH_BY_NAME, &path) == SC_OK && path.name_length == 3,
       "a zero inside\n");
    ok(path_parse(zero, 3, PATH_BY_ID, &path) == BAD, "a zero inside\n");
    ok(path_parse(NULL, 4, PATH_BY_ID, &path) == BAD, "NULL\n");
    ok(path_parse(latin, 3, PATH_BY_NAME, NULL) == BAD, "no out\n");
}

static void check_format(const char *text, const char *expected)
{
    struct path path = parsed(PATH_BY_ID, text);
    char out[PATH_MAX_TEXT + 1];
    size_t len = path_format(&path, out);

    ok(len == strlen(expected) && !strcmp(out, expected), "%s: %s\n", text, out);
}

static void formatting(void)
{
    char *out = test_alloc(PATH_MAX_TEXT + 1);
    struct path path = parsed(PATH_BY_SHORT_ID, "#000102030405060708090A0B0C0D0E0F/" F16 "/1e");
    size_t len = path_format(&path, out);

    ok(len <= PATH_MAX_TEXT && strlen(out) == len, "the longest: %zu\n", len);
    ok(!strcmp(out, "#000102030405060708090A0B0C0D0E0F/" F16 "/1E"), "the longest: %s\n", out);
    free(out);
    check_format("/", "3F00");
    check_format("\\5000:51ab", "3F00/5000/51AB");
    check_format("#a00000000102", "#A00000000102");
    check_format("#A00000000102\\5000", "#A00000000102/5000");
    check_format("5000", "");
    check_format("..", "");
}

struct resolution
{
    const char *current, *path;
    int32_t result;
    const char *out;
};

static const struct resolution resolutions[] =
{
    {"3F00", "5000", SC_OK, "mf 5000"},
    {"3F00/5000", "5100/0001", SC_OK, "mf 5000 5100 0001"},
    {"3F00/5000", "../5100", SC_OK, "mf 5100"},
    {"3F00/5000/5100", "../../0001", SC_OK, "mf 0001"},
    {"3F00/5000", ".", SC_OK, "mf 5000"},
    {"3F00/5000", "3F00/0001", SC_OK, "mf 0001"},
    {"3F00/5000", "#A0/0001", SC_OK, "#A0 0001"},
    {"#A0/5000", "../0001", SC_OK, "#A0 0001"},
    {"#A0/5000", "/", SC_OK, "mf"},
    {"3F00", "..", ABOVE, "rel"},
    {"#A0", "..", ABOVE, "rel"},
    {"3F00/5000", "../../5000", ABOVE, "rel"},
    {"3F00/" F16, ".", SC_OK, "mf 5001 5002 5003 5004 5001 5002 5003 5004 5001 5002 5003 5004 "
     "5001 5002 5003 5004"},
    {"3F00/" F16, "5005", BAD, "rel"},
    {"5000", "0001", BAD, "rel"},
    {"5000", "3F00", SC_OK, "mf"},
};

static void resolving(void)
{
    char described[200];
    struct path current, path, out;
    size_t i;

    for (i = 0; i < COUNT_OF(resolutions); i++)
    {
        const struct resolution *row = &resolutions[i];
        int32_t result;

        current = parsed(PATH_BY_ID, row->current);
        path = parsed(PATH_BY_ID, row->path);
        result = path_resolve(&current, &path, &out);
        describe(&out, described);
        ok(result == row->result && !strcmp(described, row->out), "%s + %s: %x %s\n", row->current,
           row->path, (unsigned)result, described);
        result = path_resolve(&current, &path, &current);
        ok(result == row->result && !memcmp(&current, &out, sizeof(out)),
           "%s + %s into the first\n", row->current, row->path);
        current = parsed(PATH_BY_ID, row->current);
        result = path_resolve(&current, &path, &path);
        ok(result == row->result && !memcmp(&path, &out, sizeof(out)), "%s + %s into the second\n",
           row->current, row->path);
    }
    current = parsed(PATH_BY_ID, "3F00/5000");
    path = parsed(PATH_BY_SHORT_ID, "5100/3");
    path_resolve(&current, &path, &out);
    describe(&out, described);
    ok(!strcmp(described, "mf 5000 5100 s03"), "short id: %s\n", described);
    path = parsed(PATH_BY_NAME, "5100");
    path_resolve(&current, &path, &out);
    describe(&out, described);
    ok(!strcmp(described, "mf 5000 5100"), "maybe a name: %s\n", described);
}

struct relation
{
    const char *outer, *inner;
    int equal, within;
};

static const struct relation relations[] =
{
    {"3F00", "3F00", 1, 1}, {"3F00", "/", 1, 1}, {"3F00", "3F00/5000", 0, 1},
    {"3F00/5000", "3F00", 0, 0}, {"3F00/5000", "3F00/5000/0001", 0, 1},
    {"3F00/5000", "3F00/5001/0001", 0, 0}, {"#A0", "#A0/5000", 0, 1}, {"#A0", "#A1/5000", 0, 0},
    {"#A0", "#A000", 0, 0}, {"#A0", "3F00", 0, 0}, {"3F00", "#A0", 0, 0},
    {"5000", "5000", 1, 0}, {"5000", "../5000", 0, 0},
};

static void relating(void)
{
    struct path a, b;
    size_t i;

    for (i = 0; i < COUNT_OF(relations); i++)
    {
        a = parsed(PATH_BY_ID, relations[i].outer);
        b = parsed(PATH_BY_ID, relations[i].inner);
        ok(path_equal(&a, &b) == relations[i].equal, "%s = %s\n", relations[i].outer,
           relations[i].inner);
        ok(path_within(&a, &b) == relations[i].within, "%s in %s\n", relations[i].inner,
           relations[i].outer);
    }
    a = parsed(PATH_BY_SHORT_ID, "3F00/1");
    b = parsed(PATH_BY_SHORT_ID, "3F00/2");
    ok(!path_equal(&a, &b) && !path_within(&a, &b) && path_within(&a, &a), "short ids\n");
    b = parsed(PATH_BY_ID, "3F00");
    ok(path_within(&b, &a) && !path_within(&a, &b), "a short id and its directory\n");
    a = parsed(PATH_BY_NAME, "abc*");
    b = parsed(PATH_BY_NAME, "abc");
    ok(!path_equal(&a, &b), "a partial name is another one\n");
}

static void parents(void)
{
    static const char *const pairs[][2] =
    {
        {"3F00/5000/0001", "mf 5000"}, {"3F00/0001", "mf"}, {"#A0/0001", "#A0"}, {"3F00", "mf"},
        {"#A0", "#A0"},
    };
    struct path path, parent;
    char described[200];
    size_t i;

    for (i = 0; i < COUNT_OF(pairs); i++)
    {
        path = parsed(PATH_BY_ID, pairs[i][0]);
        path_parent(&path, &parent);
        describe(&parent, described);
        ok(!strcmp(described, pairs[i][1]), "%s: %s\n", pairs[i][0], described);
        path_parent(&path, &path);
        ok(path_equal(&path, &parent), "in place\n");
    }
    path = parsed(PATH_BY_SHORT_ID, "3F00/5000/2");
    path_parent(&path, &parent);
    describe(&parent, described);
    ok(!strcmp(described, "mf 5000"), "of a short id: %s\n", described);
}

/* Whatever parses has a canonical form, which names the same place. */
static void check_hostile(const char *text, size_t len, enum path_reference type)
{
    uint16_t *wide = widen(text, len);
    struct path path, again, root = {PATH_FROM_MF, {0}, 0, 0, 0, 0, 0, {0}, 0};
    char out[PATH_MAX_TEXT + 1];

    if (path_parse(wide, len, type, &path) == SC_OK && path_resolve(&root, &path, &path) == SC_OK)
    {
        uint16_t *canonical;
        size_t canonical_len = path_format(&path, out);

        canonical = widen(out, canonical_len);
        path.partial_name = 0;
        ok(path_parse(canonical, canonical_len, path.sfi ? PATH_BY_SHORT_ID : PATH_BY_ID, &again) ==
                   SC_OK &&
               path_equal(&path, &again),
           "%.*s: %s\n", (int)len, text, out);
        free(canonical);
    }
    free(wide);
}

static void hostile(void)
{
    static const char alphabet[] = "0123F05/\\:.#x*\" \tFAMF..3F00//";
    char text[64];
    size_t i, k, len;
    int type;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        for (len = 0; len <= strlen(rows[i].text); len++)
        {
            for (type = 0; type < 3; type++)
                check_hostile(rows[i].text, len, (enum path_reference)type);
        }
    }
    for (i = 0; i < 40000; i++)
    {
        len = test_random() % sizeof(text);
        len = i % 2 ? len : len % 12;
        for (k = 0; k < len; k++)
            text[k] = alphabet[test_random() % (sizeof(alphabet) - 1)];
        for (k = 0; i % 4 == 0 && k < len; k++)
            text[k] = (char)(test_random() & 0x7F);
        check_hostile(text, len, (enum path_reference)(test_random() % 3));
    }
}

START_TEST(path)
{
    parsing();
    wide_text();
    formatting();
    resolving();
    relating();
    parents();
    hostile();
}
