/*
 * Probing a card: tables of public applications and file identifiers, and words for commands.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sources: ISO 7816-4 and -15, ETSI TS 102 221, EMV Book 1, FIPS 201, ICAO 9303, and the published
 * descriptions of the cards named.
 */

#include <stdio.h>
#include <string.h>

#include "cardprobe.h"
#include "iso7816/hex.h"
#include "iso7816/ins.h"

const struct cardprobe_application cardprobe_applications[] =
{
    {"A000000177504B43532D3135", "PKCS#15 of the Belgian eID", "Belgian eID"},
    {"A0000000300029057000AD13100101FF", "BELPIC, the Belgian eID", "Belgian eID"},
    {"4D61737465722E46696C65", "Master.File, the DNIe's MF", "DNIe"},
    {"A00000005945430100", "DF_BOERSE, Geldkarte", "Geldkarte"},
    {"A000000063504B43532D3135", "PKCS#15", "PKCS#15"},
    {"A0000000871002", "USIM", "UICC"},
    {"A0000000871004", "ISIM", "UICC"},
    {"A00000000300000001", "issuer's security domain, Visa", NULL},
    {"A000000151000000", "issuer's security domain, GlobalPlatform", NULL},
    {"315041592E5359532E4444463031", "1PAY.SYS.DDF01, EMV payment", "EMV"},
    {"325041592E5359532E4444463031", "2PAY.SYS.DDF01, contactless EMV payment", "EMV"},
    {"A000000308000010000100", "PIV", "PIV"},
    {"D27600012401", "OpenPGP", "OpenPGP"},
    {"A0000002471001", "travel document, ICAO 9303", "Travel document"},
    {"A000000167455349474E", "eSign", "eSign"},
    {"A000000397425446590201", "GIDS", "GIDS"},
    {"A000000116DB00", "CAC, its list of containers", "CAC"},
    {"A0000000790100", "CAC, its first certificate", "CAC"},
    {NULL, NULL, NULL}
};

const uint16_t cardprobe_mf_files[] =
{
    0x2F00, 0x2F01, 0x2F02, 0x2F05, 0x2F06, 0x2FE2, 0x0001, 0x0002, 0x0003, 0x0005, 0x5000, 0x5015,
    0x5100, 0x6000, 0x7F10, 0x7F20, 0xDF00, 0xDF01, 0xA000, 0
};

const uint16_t cardprobe_df_files[] =
{
    0x0001, 0x0002, 0x0003, 0x0004, 0x0101, 0x0102, 0x0104, 0x4031, 0x4033, 0x4035, 0x5031, 0x5032,
    0x5037, 0x5038, 0x6F07, 0x6F3A, 0x6FAD, 0x7004, 0
};

const struct cardprobe_application *cardprobe_application(const uint8_t *aid, size_t len)
{
    const struct cardprobe_application *at;
    char text[2 * CARDPROBE_MAX_NAME + 1];

    if (!len || len > CARDPROBE_MAX_NAME)
        return NULL;
    hex_format(aid, len, text, sizeof(text));
    for (at = cardprobe_applications; at->aid; at++)
        if (!strncmp(at->aid, text, strlen(at->aid)))
            return at;
    return NULL;
}

/* ---- commands ---- */

static void add_ids(const struct apdu *apdu, char *out)
{
    uint32_t i;

    for (i = 0; i + 2 <= apdu->nc && i < 16; i += 2)
        snprintf(out + strlen(out), CARDPROBE_NAME_ROOM - strlen(out), "%s%02X%02X", i ? "/" : "",
                 apdu->data[i], apdu->data[i + 1]);
}

static void add_application(const struct apdu *apdu, char *out)
{
    const struct cardprobe_application *known = cardprobe_application(apdu->data, apdu->nc);
    char hex[2 * CARDPROBE_MAX_NAME + 4];

    hex_format(apdu->data, apdu->nc, hex, sizeof(hex));
    snprintf(out + strlen(out), CARDPROBE_NAME_ROOM - strlen(out), "application %s by name",
             known ? known->name : hex);
}

static void name_select(const struct apdu *apdu, char *out)
{
    static const char *const ways[] =
    {
        " by file identifier", " as a directory in this one", " as a file in this directory"
    };

    strcpy(out, "SELECT ");
    if (apdu->p1 == 3)
        strcat(out, "the directory above");
    else if (!apdu->nc)
        strcat(out, "the MF without identifier");
    else if (apdu->p1 == 4)
        add_application(apdu, out);
    else
    {
        add_ids(apdu, out);
        strcat(out, apdu->p1 < 3 ? ways[apdu->p1] : " by path from the MF");
    }
    snprintf(out + strlen(out), CARDPROBE_NAME_ROOM - strlen(out), " (P2 %02X%s)", apdu->p2,
             apdu->ne ? ", Le" : "");
}

static void name_read(const struct apdu *apdu, char *out)
{
    unsigned bytes = (unsigned)apdu->ne;

    if (apdu->ins == INS_READ_RECORD && apdu->p2 >> 3)
        snprintf(out, CARDPROBE_NAME_ROOM, "READ RECORD %u by short identifier %u, %u bytes",
                 apdu->p1, apdu->p2 >> 3, bytes);
    else if (apdu->ins == INS_READ_RECORD)
        snprintf(out, CARDPROBE_NAME_ROOM, "READ RECORD %u, %u bytes", apdu->p1, bytes);
    else if (apdu->ins == INS_READ_BINARY_ODD)
        snprintf(out, CARDPROBE_NAME_ROOM, "READ BINARY by the odd instruction, %u bytes", bytes);
    else if (apdu->p1 & 0x80)
        snprintf(out, CARDPROBE_NAME_ROOM, "READ BINARY by short identifier %u, %u bytes",
                 apdu->p1 & 0x1Fu, bytes);
    else
        snprintf(out, CARDPROBE_NAME_ROOM, "READ BINARY, %u bytes from %u", bytes,
                 (unsigned)apdu->p1 << 8 | apdu->p2);
}

void cardprobe_name(const struct apdu *apdu, char *out)
{
    switch (apdu->ins)
    {
    case INS_SELECT: name_select(apdu, out); break;
    case INS_READ_BINARY:
    case INS_READ_BINARY_ODD:
    case INS_READ_RECORD: name_read(apdu, out); break;
    case INS_GET_RESPONSE:
        snprintf(out, CARDPROBE_NAME_ROOM, "GET RESPONSE, %u bytes", (unsigned)apdu->ne);
        break;
    case INS_VERIFY:
        snprintf(out, CARDPROBE_NAME_ROOM, "VERIFY without data: the state of code %u", apdu->p2);
        break;
    default: strcpy(out, "DIR: a file of the directory"); break;
    }
}

/* ---- status words ---- */

static const struct
{
    uint16_t sw;
    const char *meaning;
} meanings[] =
{
    {SW_OK, "done"},
    {SW_END, "the file ends there"},
    {SW_DEACTIVATED, "found, deactivated"},
    {SW_FCI_FORMAT, "found, information in no form of ISO 7816-4"},
    {SW_WRONG_LENGTH, "wrong length"},
    {SW_WRONG_STRUCTURE, "the file is of another structure"},
    {SW_SECURITY, "protected"},
    {0x6983, "the code is blocked"},
    {SW_CONDITIONS, "not now"},
    {SW_NO_EF, "no file is selected"},
    {SW_WRONG_DATA, "wrong data"},
    {SW_NOT_SUPPORTED, "no such function"},
    {SW_NOT_FOUND, "not found"},
    {SW_NO_RECORD, "no such record"},
    {SW_WRONG_P1P2, "wrong P1 P2"},
    {SW_LC_P1P2, "the length does not fit P1 P2"},
    {SW_NO_REFERENCE, "no such code or object"},
    {SW_WRONG_OFFSET, "wrong offset, or P1 P2"},
    {SW_WRONG_INS, "no such instruction"},
    {SW_WRONG_CLA, "no such class"},
    {SW_NO_DIAGNOSIS, "refused without a reason"},
    {SW_GSM_NO_EF, "no file is selected"},
    {0x9402, "wrong offset or record"},
    {SW_GSM_NOT_FOUND, "not found"},
    {SW_GSM_WRONG_STRUCTURE, "the file is of another structure"},
    {0x9804, "protected"},
};

void cardprobe_meaning(uint16_t sw, char *out)
{
    unsigned low = sw & 0xFF, i;

    for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
    {
        if (meanings[i].sw != sw)
            continue;
        snprintf(out, CARDPROBE_NAME_ROOM, "%s", meanings[i].meaning);
        return;
    }
    if (sw >> 8 == 0x61 || sw >> 8 == 0x9F)
        snprintf(out, CARDPROBE_NAME_ROOM, "done, %u bytes wait", low ? low : 256);
    else if (sw >> 8 == 0x6C || sw >> 8 == 0x67)
        snprintf(out, CARDPROBE_NAME_ROOM, "the right length is %u", low);
    else if (sw >> 4 == 0x63C)
        snprintf(out, CARDPROBE_NAME_ROOM, "%u tries are left", sw & 15u);
    else
        snprintf(out, CARDPROBE_NAME_ROOM, sw >> 8 == 0x62 ? "done, with a warning" : "refused");
}
