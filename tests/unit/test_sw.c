/*
 * Tests of dlls/iso7816/sw.c against a table that was typed independently of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/codes.h"
#include "iso7816/sw.h"

#define COMMANDS 14

static const char *const commands[COMMANDS] =
{
    "general", "select", "select dir", "read binary", "read record", "write", "create", "list",
    "data object", "invalidate", "chv", "chv switch", "chv query", "authenticate"
};

/*
 * One letter per command, in the order of the enumeration:
 *   o ok                 u unexpected           l data lost           n no access
 *   w wrong code         v security violation   b blocked             a not authenticated
 *   p invalid parameter  c invalid code         f unsupported         m not implemented
 *   N no file            F file not found       D directory not found s bad seek
 *   e end of file        t write too many       M no memory           x file exists
 *   r not ready
 */
struct letter
{
    char letter;
    uint32_t result; /* as Windows numbers it, not by our names */
};

static const struct letter letters[] =
{
    {'o', 0}, {'u', 0x8010001F}, {'l', 0x8010002F}, {'n', 0x80100027}, {'w', 0x8010006B},
    {'v', 0x8010006A}, {'b', 0x8010006C}, {'a', 0x8010006F}, {'p', 0x80100004}, {'c', 0x8010002A},
    {'f', 0x80100022}, {'m', 120}, {'N', 0x80100026}, {'F', 0x80100024}, {'D', 0x80100023},
    {'s', 0x80100029}, {'e', 0x8010006D}, {'t', 0x80100028}, {'M', 0x80100006}, {'x', 80},
    {'r', 0x80100010},
};

struct line
{
    uint16_t low, high;
    const char *results;
};

static const struct line lines[] =
{
    /*               gen.  select  reads  writes     invalidate
                     |     |  dir  b  r   w cr list do |  chv sw q  auth */
    {0x6100, 0x61FF, "o" "oo" "oo" "oo" "o" "o" "o" "ooo" "o"},
    {0x6200, 0x6200, "u" "oo" "oo" "uu" "u" "u" "u" "uuu" "u"},
    {0x6201, 0x6201, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6202, 0x6280, "u" "oo" "oo" "uu" "u" "u" "u" "uuu" "u"},
    {0x6281, 0x6281, "l" "ll" "ll" "ll" "l" "l" "l" "lll" "l"},
    {0x6282, 0x6282, "u" "uu" "oo" "uu" "u" "u" "u" "uuu" "u"},
    {0x6283, 0x6283, "n" "oo" "nn" "nn" "n" "n" "n" "nnn" "n"},
    {0x6284, 0x6284, "u" "oo" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6285, 0x6285, "n" "nn" "nn" "nn" "n" "n" "n" "nnn" "n"},
    {0x6286, 0x6286, "u" "oo" "oo" "uu" "u" "u" "u" "uuu" "u"},
    {0x6287, 0x62FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6300, 0x6300, "u" "uu" "uu" "uu" "u" "u" "u" "wwa" "v"},
    {0x6301, 0x6380, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6381, 0x6381, "o" "oo" "oo" "oo" "o" "o" "o" "wwa" "v"},
    {0x6382, 0x63BF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x63C0, 0x63C0, "u" "uu" "uu" "oo" "u" "o" "u" "bbb" "b"},
    {0x63C1, 0x63CF, "u" "uu" "uu" "oo" "u" "o" "u" "wwa" "v"},
    {0x63D0, 0x66FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6700, 0x67FF, "p" "pp" "pp" "pp" "p" "p" "p" "ccc" "p"},
    {0x6800, 0x6800, "f" "ff" "ff" "ff" "f" "f" "f" "fff" "f"},
    {0x6801, 0x6880, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6881, 0x6882, "f" "ff" "ff" "ff" "f" "f" "f" "fff" "f"},
    {0x6883, 0x6883, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6884, 0x6884, "f" "ff" "ff" "ff" "f" "f" "f" "fff" "f"},
    {0x6885, 0x68FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6900, 0x6900, "v" "vv" "vv" "vv" "v" "v" "v" "vvv" "v"},
    {0x6901, 0x6980, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6981, 0x6981, "f" "ff" "ff" "ff" "f" "f" "f" "fff" "f"},
    {0x6982, 0x6982, "v" "vv" "vv" "vv" "v" "v" "v" "vvv" "v"},
    {0x6983, 0x6983, "b" "bb" "bb" "bb" "b" "b" "b" "bbb" "b"},
    {0x6984, 0x6984, "n" "nn" "nn" "nn" "n" "n" "n" "vvv" "v"},
    {0x6985, 0x6985, "v" "vv" "vv" "vv" "v" "v" "v" "vvv" "v"},
    {0x6986, 0x6986, "N" "NN" "NN" "NN" "N" "N" "N" "NNN" "N"},
    {0x6987, 0x6988, "f" "ff" "ff" "ff" "f" "f" "f" "fff" "f"},
    {0x6989, 0x69FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6A00, 0x6A00, "p" "pp" "pp" "pp" "p" "p" "p" "ppp" "p"},
    {0x6A01, 0x6A7F, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6A80, 0x6A80, "p" "pp" "pp" "pp" "p" "p" "p" "ccc" "p"},
    {0x6A81, 0x6A81, "f" "ff" "ff" "ff" "m" "f" "f" "fff" "f"},
    {0x6A82, 0x6A82, "F" "FD" "FF" "FF" "F" "F" "F" "FFF" "F"},
    {0x6A83, 0x6A83, "s" "ss" "se" "ss" "s" "s" "s" "sss" "s"},
    {0x6A84, 0x6A84, "t" "tt" "tt" "tM" "t" "t" "t" "ttt" "t"},
    {0x6A85, 0x6A87, "p" "pp" "sp" "pp" "p" "p" "p" "ppp" "p"},
    {0x6A88, 0x6A88, "p" "pp" "pp" "pp" "p" "F" "p" "ppp" "p"},
    {0x6A89, 0x6A8A, "x" "xx" "xx" "xx" "x" "x" "x" "xxx" "x"},
    {0x6A8B, 0x6AFF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6B00, 0x6B00, "p" "pp" "ss" "sp" "p" "p" "p" "ppp" "p"},
    {0x6B01, 0x6CFF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6D00, 0x6D00, "f" "ff" "ff" "ff" "m" "f" "f" "fff" "f"},
    {0x6D01, 0x6DFF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x6E00, 0x6E00, "f" "ff" "ff" "ff" "m" "f" "f" "fff" "f"},
    {0x6E01, 0x8FFF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9000, 0x9000, "o" "oo" "oo" "oo" "o" "o" "o" "ooo" "o"},
    {0x9001, 0x90FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9100, 0x920F, "o" "oo" "oo" "oo" "o" "o" "o" "ooo" "o"},
    {0x9210, 0x9210, "t" "tt" "tt" "tM" "t" "t" "t" "ttt" "t"},
    {0x9211, 0x92FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9300, 0x9300, "r" "rr" "rr" "rr" "r" "r" "r" "rrr" "r"},
    {0x9301, 0x93FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9400, 0x9400, "N" "NN" "NN" "NN" "N" "N" "N" "NNN" "N"},
    {0x9401, 0x9401, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9402, 0x9402, "s" "ss" "se" "ss" "s" "s" "s" "sss" "s"},
    {0x9403, 0x9403, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9404, 0x9404, "F" "FD" "FF" "FF" "F" "F" "F" "FFF" "F"},
    {0x9405, 0x9407, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9408, 0x9408, "f" "ff" "ff" "ff" "f" "f" "f" "fff" "f"},
    {0x9409, 0x9801, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9802, 0x9802, "p" "pp" "pp" "pp" "p" "F" "p" "ppp" "p"},
    {0x9803, 0x9803, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9804, 0x9804, "v" "vv" "vv" "vv" "v" "v" "v" "wwa" "v"},
    {0x9805, 0x9807, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9808, 0x9808, "v" "vv" "vv" "vv" "v" "v" "v" "vov" "v"},
    {0x9809, 0x980F, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9810, 0x9810, "n" "nn" "nn" "nn" "n" "n" "o" "nnn" "n"},
    {0x9811, 0x983F, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9840, 0x9840, "b" "bb" "bb" "bb" "b" "b" "b" "bbb" "b"},
    {0x9841, 0x9EFF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x9F00, 0x9FFF, "o" "oo" "oo" "oo" "o" "o" "o" "ooo" "o"},
    {0xA000, 0xFFFF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
    {0x0000, 0x60FF, "u" "uu" "uu" "uu" "u" "u" "u" "uuu" "u"},
};

static uint32_t result_of(char letter)
{
    size_t i;

    for (i = 0; i < COUNT_OF(letters); i++)
    {
        if (letters[i].letter == letter)
            return letters[i].result;
    }
    return 0xFFFFFFFF;
}

static unsigned char seen[65536];

static void check_line(const struct line *line)
{
    unsigned sw, command, wrong;

    ok(strlen(line->results) == COMMANDS, "line %04X has %zu letters\n", line->low,
       strlen(line->results));
    for (command = 0; command < COMMANDS; command++)
    {
        uint32_t expected = result_of(line->results[command]);

        wrong = 0;
        for (sw = line->low; sw <= line->high; sw++)
        {
            uint32_t result = (uint32_t)sw_result((uint16_t)sw, (enum sw_command)command);

            if (result != expected)
                wrong = wrong ? wrong : sw;
        }
        ok(!wrong, "%04X for %s gives %X, not %X\n", wrong, commands[command],
           (unsigned)sw_result((uint16_t)wrong, (enum sw_command)command), (unsigned)expected);
    }
    for (sw = line->low; sw <= line->high; sw++)
        seen[sw]++;
}

static void table(void)
{
    unsigned sw, missing = 0;
    size_t i;

    ok(FOR_AUTHENTICATE + 1 == COMMANDS, "the enumeration has grown\n");
    for (i = 0; i < COUNT_OF(lines); i++)
        check_line(&lines[i]);
    for (sw = 0; sw < 65536; sw++)
        missing += seen[sw] != 1;
    ok(!missing, "%u status words are in no line, or in two\n", missing);
}

static void success(void)
{
    unsigned sw, wrong = 0;

    for (sw = 0; sw < 65536; sw++)
    {
        int expected = sw == 0x9000 || (sw >= 0x6100 && sw <= 0x61FF) ||
                       (sw >= 0x9100 && sw <= 0x920F) || (sw >= 0x9F00 && sw <= 0x9FFF);

        wrong += sw_is_success((uint16_t)sw) != expected;
    }
    ok(!wrong, "%u wrong\n", wrong);
}

START_TEST(sw)
{
    table();
    success();
}
