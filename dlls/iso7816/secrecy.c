/*
 * The rule of what may be shown, in a trace or recording, of a connection's exchanges.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "secrecy.h"

#include <string.h>

#include "ins.h"
#include "codes.h"

#define CLA_CHAINED  0x10
#define CLA_GSM      0xA0
#define CLA_FLEX     0xC0
#define CLA_FLEX_ADM 0xF0

#define DIRECTORY 0x3F00
/* The length of the header in Cryptoflex's CREATE FILE: two bytes, size, identifier and more. */
#define FLEX_HEADER 16u

/* A command, as it is judged. */
struct subject
{
    struct apdu apdu; /* the inner one of an ENVELOPE that could be opened */
    unsigned valid : 1;
    unsigned envelope : 1;
    unsigned opened : 1;
};

/* A piece of a longer command is not opened: it may look like a command by chance. */
static void look(const struct secrecy *secrecy, const uint8_t *command, size_t len,
                 struct subject *subject)
{
    struct apdu inner;

    memset(subject, 0, sizeof(*subject));
    subject->valid = apdu_parse(command, len, &subject->apdu) == SC_OK;
    subject->envelope = (subject->apdu.ins & 0xFE) == INS_ENVELOPE;
    subject->opened = subject->envelope && !secrecy->pieces && apdu_inside(&subject->apdu, &inner);
    if (subject->opened)
        subject->apdu = inner;
}

static uint8_t even(const struct subject *subject)
{
    return subject->apdu.ins & 0xFE;
}

/* True for a class of the basic channel without secure messaging or chaining. */
static int is_plain(const struct subject *subject)
{
    uint8_t cla = subject->apdu.cla;

    return cla == 0x00 || cla == 0x80 || cla == CLA_GSM || cla == CLA_FLEX || cla == CLA_FLEX_ADM;
}

static uint16_t get_16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* ---- the families and their files ---- */

static int is_flex(const struct secrecy *secrecy, const struct subject *subject)
{
    return secrecy->flex || subject->apdu.cla == CLA_FLEX || subject->apdu.cla == CLA_FLEX_ADM;
}

/* True for a path through a SIM's or USIM's own directories: TELECOM, GSM, DCS 1800, the current
 * application. */
static int is_mobile_path(const struct apdu *apdu)
{
    uint32_t i;

    for (i = 0; apdu->p1 != 0x04 && apdu->nc % 2 == 0 && i < apdu->nc; i += 2)
    {
        uint16_t file = get_16(apdu->data + i);

        if (file == 0x7F10 || file == 0x7F20 || file == 0x7F21 || file == 0x7FFF)
            return 1;
    }
    return 0;
}

/* A USIM's application names begin with the number of 3GPP or ETSI. */
static int is_mobile(const struct secrecy *secrecy, const struct subject *subject)
{
    static const uint8_t providers[2][5] = {{0xA0, 0, 0, 0, 0x87}, {0xA0, 0, 0, 0, 0x09}};
    const struct apdu *apdu = &subject->apdu;

    return secrecy->mobile || apdu->cla == CLA_GSM ||
           (apdu->ins == INS_SELECT &&
            (is_mobile_path(apdu) || (apdu->nc >= 5 && (!memcmp(apdu->data, providers[0], 5) ||
                                                        !memcmp(apdu->data, providers[1], 5)))));
}

static int is_flex_secret(uint16_t file)
{
    return file == 0x0000 || file == 0x0100 || file == 0x0001 || file == 0x0011 || file == 0x0012;
}

static int is_mobile_secret(uint16_t file)
{
    static const uint16_t files[] =
    {
        0x6F20, 0x6F52, 0x6F08, 0x6F09, 0x6FE4, 0x4F20, 0x4F52, 0x4F03, 0x4F04, 0x4F05, 0x4F46
    };
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
    {
        if (files[i] == file)
            return 1;
    }
    return 0;
}

/* True for commands that work on the current EF: reading, writing, searching, erasing, counting. */
static int touches_file(const struct subject *subject)
{
    static const uint8_t instructions[] =
    {
        INS_ERASE_RECORD, INS_ERASE_BINARY, 0x30, 0x32, INS_SEARCH_BINARY, INS_SEARCH_RECORD,
        INS_READ_BINARY, INS_READ_RECORD, INS_WRITE_BINARY, INS_WRITE_RECORD, INS_UPDATE_BINARY,
        INS_UPDATE_RECORD, INS_APPEND_RECORD
    };

    return memchr(instructions, even(subject), sizeof(instructions)) != NULL;
}

/* Only for 3GPP's short identifiers: Cryptoflex has offsets in that byte. */
static int enters_file(const struct subject *subject)
{
    switch (even(subject))
    {
    case INS_READ_BINARY:
    case INS_WRITE_BINARY:
    case INS_UPDATE_BINARY:
    case INS_ERASE_BINARY:
    case INS_SEARCH_BINARY: return (subject->apdu.p1 & 0x80) != 0;
    case INS_READ_RECORD:
    case INS_WRITE_RECORD:
    case INS_UPDATE_RECORD:
    case INS_APPEND_RECORD:
    case INS_ERASE_RECORD:
    case INS_SEARCH_RECORD: return (subject->apdu.p2 & 0xF8) != 0;
    default: return 0;
    }
}

/* The odd instructions for bytes have an identifier in P1 P2 (ISO 7816-4 7.2.2). */
static int names_file(const struct subject *subject)
{
    switch (subject->apdu.ins)
    {
    case INS_ERASE_BINARY_ODD:
    case INS_SEARCH_BINARY | 1:
    case INS_READ_BINARY_ODD:
    case INS_WRITE_BINARY_ODD:
    case INS_UPDATE_BINARY_ODD: return subject->apdu.p1 || subject->apdu.p2;
    default: return 0;
    }
}

static int touches_secret(const struct secrecy *secrecy, const struct subject *subject)
{
    int flex = is_flex(secrecy, subject), mobile = is_mobile(secrecy, subject);

    if (!touches_file(subject) || !(flex || mobile))
        return 0;
    if (!secrecy->known || !is_plain(subject) || names_file(subject) ||
        (mobile && enters_file(subject)))
        return 1;
    return (flex && is_flex_secret(secrecy->file)) || (mobile && is_mobile_secret(secrecy->file));
}

/* ---- judging ---- */

/* True when it fetches the previous command's answer, and not over a secured channel. */
static int fetches(const struct subject *subject)
{
    struct apdu other = subject->apdu;

    other.ins = INS_READ_BINARY;
    return subject->valid && !subject->envelope && even(subject) == INS_GET_RESPONSE &&
           !apdu_is_secret(&other);
}

static int hides(const struct secrecy *secrecy, const struct subject *subject)
{
    if (fetches(subject))
        return !secrecy->answer;
    return !subject->valid || (subject->envelope && !subject->opened) ||
           apdu_is_secret(&subject->apdu) || touches_secret(secrecy, subject);
}

int secrecy_hides(const struct secrecy *secrecy, const uint8_t *command, size_t len)
{
    struct subject subject;

    look(secrecy, command, len, &subject);
    return hides(secrecy, &subject);
}

int secrecy_possible(const struct apdu *apdu)
{
    struct subject subject = {.valid = 1};

    if (!apdu || !apdu_inside(apdu, &subject.apdu))
        return 1;
    return apdu_is_secret(&subject.apdu) || touches_file(&subject);
}

/* ---- following ---- */

static int is_success(uint16_t sw)
{
    return sw == SW_OK || sw >> 8 == 0x61 || sw >> 8 == 0x9F || sw >> 8 == 0x62;
}

static void move_to(struct secrecy *secrecy, uint16_t file)
{
    secrecy->file = file;
    secrecy->known = !secrecy->others;
}

static void follow_select(struct secrecy *secrecy, const struct apdu *apdu)
{
    if (!apdu->nc || (apdu->p1 == 0x04 && apdu->nc > 2))
        move_to(secrecy, DIRECTORY);
    else if (apdu->nc % 2 == 0)
        move_to(secrecy, get_16(apdu->data + apdu->nc - 2));
    else
        secrecy->known = 0;
}

/* The position is known after a successful SELECT or Cryptoflex's CREATE FILE. */
static void follow_position(struct secrecy *secrecy, const struct subject *subject, uint16_t sw)
{
    int sure = subject->valid && is_plain(subject) && is_success(sw);

    switch (even(subject))
    {
    case INS_SELECT:
        if (sure && subject->apdu.ins == INS_SELECT)
            follow_select(secrecy, &subject->apdu);
        else
            secrecy->known = 0;
        break;
    case INS_CREATE_FILE:
        if (sure && is_flex(secrecy, subject) && subject->apdu.nc >= FLEX_HEADER)
            move_to(secrecy, get_16(subject->apdu.data + 4));
        else
            secrecy->known = 0;
        break;
    case INS_ACTIVATE_FILE:
    case INS_DEACTIVATE_FILE: /* with data they select the file as well */
        if (!subject->valid || subject->apdu.nc)
            secrecy->known = 0;
        break;
    case INS_MANAGE_CHANNEL:
    case INS_DELETE_FILE:
    case INS_TERMINATE_DF:
    case INS_TERMINATE_EF: secrecy->known = 0; break;
    default:
        if (!subject->valid || names_file(subject) || (secrecy->mobile && enters_file(subject)))
            secrecy->known = 0;
    }
}

static void follow_pieces(struct secrecy *secrecy, const struct subject *subject)
{
    if (!subject->envelope)
        secrecy->pieces = secrecy->pieces && fetches(subject);
    else if (!subject->opened)
        secrecy->pieces = subject->apdu.nc != 0;
    if (subject->envelope && !subject->opened)
        secrecy->known = 0;
}

void secrecy_follow(struct secrecy *secrecy, const uint8_t *command, size_t len,
                    const uint8_t *reply, size_t reply_len)
{
    uint16_t sw = reply_len >= 2 ? get_16(reply + reply_len - 2) : 0;
    struct subject subject;
    int hidden;

    look(secrecy, command, len, &subject);
    hidden = hides(secrecy, &subject);
    /* After a wrong Le the answer can still be fetched. */
    if (!fetches(&subject) || sw >> 8 != 0x6C)
        secrecy->answer = !hidden && (sw >> 8 == 0x61 || sw >> 8 == 0x9F);
    if (sw && sw != SW_WRONG_CLA && sw != SW_WRONG_INS)
    {
        secrecy->flex = is_flex(secrecy, &subject) != 0;
        secrecy->mobile = is_mobile(secrecy, &subject) != 0;
    }
    follow_position(secrecy, &subject, sw);
    follow_pieces(secrecy, &subject);
}

void secrecy_start(struct secrecy *secrecy, unsigned flags)
{
    memset(secrecy, 0, sizeof(*secrecy));
    secrecy->flex = (flags & SECRECY_FLEX) != 0;
    secrecy->others = (flags & SECRECY_OTHERS) != 0;
}

void secrecy_forget(struct secrecy *secrecy)
{
    secrecy->known = 0;
    secrecy->answer = 0;
    secrecy->pieces = 0;
}
