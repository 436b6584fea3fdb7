/*
 * Command APDUs: encoding and parsing of ISO 7816-4 cases 1 to 4, short and extended.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_APDU_H
#define ISO7816_APDU_H

#include <stddef.h>
#include <stdint.h>

/* The four cases of ISO 7816-4 5.1: 1 nothing, 2 Le, 3 data, 4 data and Le. */
enum apdu_case
{
    APDU_CASE_1 = 1,
    APDU_CASE_2,
    APDU_CASE_3,
    APDU_CASE_4
};

/* The protocol that bytes are encoded for. Anything but T=0 is encoded as for T=1. */
enum apdu_protocol
{
    APDU_T0 = 1,
    APDU_T1 = 2
};

/* Upper bounds: header, extended Lc, 65535 data bytes, extended Le. */
#define APDU_MAX_LC      65535u
#define APDU_MAX_NE      65536u
#define APDU_MAX_COMMAND (4u + 3u + APDU_MAX_LC + 2u)
/* 65536 data bytes and SW1 SW2. */
#define APDU_MAX_REPLY (APDU_MAX_NE + 2u)

/* A parsed command APDU. It owns nothing: data points into the caller's bytes. */
struct apdu
{
    uint8_t cla, ins, p1, p2;
    const uint8_t *data; /* nc bytes; NULL when nc is 0 */
    uint32_t nc;         /* number of data bytes, 0..65535; 0 means no Lc field */
    uint32_t ne;         /* number of expected bytes, 0..65536; 0 means no Le field */
    int extended;        /* non-zero: length fields are (or were) in extended form */
};

/* The case that follows from nc and ne. */
enum apdu_case apdu_case_of(const struct apdu *apdu);

/* True (1) when nc > 255 or ne > 256, which short length fields cannot express. */
int apdu_needs_extended(const struct apdu *apdu);

/*
 * Encodes in T=1 form, which is the ISO 7816-4 form: case 1 is four bytes, Le 256 is 00; extended
 * when the lengths require it or apdu->extended is set. *len receives the number of bytes.
 * apdu->data must not overlap out.
 * Returns SC_OK; SC_INVALID_ARGUMENT for NULL, nc > 65535, ne > 65536 or data NULL with nc > 0;
 * SC_INSUFFICIENT_BUFFER when cap is too small. On failure nothing is written and *len is 0.
 */
int32_t apdu_encode(const struct apdu *apdu, uint8_t *out, size_t cap, size_t *len);

/*
 * Encodes what is sent under protocol. T=1: as apdu_encode. T=0 (ISO 7816-3 12.2): case 1 gets
 * P3=00, case 4 loses its Le, Ne above 256 is sent as 00, and apdu->extended is ignored; nc above
 * 255 is SC_INVALID_ARGUMENT (such a command needs ENVELOPE). Other errors are those of
 * apdu_encode.
 */
int32_t apdu_encode_for(const struct apdu *apdu, enum apdu_protocol protocol, uint8_t *out,
                        size_t cap, size_t *len);

/*
 * Parses bytes in ISO 7816-4 form, in the short and extended forms of all cases. A fifth byte that
 * is the last one is an Le (case 2). out->data points into bytes.
 * Returns SC_OK, or SC_INVALID_ARGUMENT for fewer than 4 bytes, a length field that disagrees with
 * len, an extended Lc of 0, or NULL; *out is all zero then.
 */
int32_t apdu_parse(const uint8_t *bytes, size_t len, struct apdu *out);

/*
 * Fills *inner with the command inside an ENVELOPE, at any depth, or with a copy of any other
 * command. Returns 0 when the inner command cannot be determined: it does not parse or has no data
 * (it may be the last piece of a longer one), or the ENVELOPE is chained or secured, or has INS C3
 * or a proprietary class.
 */
int apdu_inside(const struct apdu *apdu, struct apdu *inner);

/*
 * True (1) when the data of this command, or of its reply, may hold a secret, whatever was sent
 * before it (secrecy.h knows more). In doubt it does:
 * - INS 20 to 2F except MANAGE SECURITY ENVIRONMENT: VERIFY, CHANGE REFERENCE DATA, RESET RETRY
 *   COUNTER, DISABLE and ENABLE VERIFICATION REQUIREMENT (GSM and Cryptoflex classes too), PERFORM
 *   SECURITY OPERATION (a deciphered session key), biometric commands;
 * - EXTERNAL (MUTUAL), INTERNAL and GENERAL AUTHENTICATE (RUN GSM ALGORITHM has the same number),
 *   GENERATE KEY PAIR, PUT KEY, PUT DATA, STORE DATA (E2 in a proprietary class), makers' WRITE KEY
 *   (D4, F4), PERFORM USER OPERATION (a SIM's TERMINAL RESPONSE); the odd instructions like the
 *   even ones;
 * - GET RESPONSE, which fetches the reply to a command that is not visible here; a caller that
 *   knows that command asks about it instead;
 * - secure messaging by the class bits (b4 b3; b6 of the further interindustry classes), and
 *   classes whose bits have no certain meaning (20 to 3F, E0 to FE but F0);
 * - all but a few known commands in the classes B0 (the MUSCLE applet), F0 (Cryptoflex) and FF (the
 *   reader's own: LOAD KEYS, direct commands, UPDATE BINARY, with which storage cards get keys).
 * A chained command is judged by its INS, an ENVELOPE by its inner command; it is secret when
 * apdu_inside cannot determine that. NULL is secret.
 */
int apdu_is_secret(const struct apdu *apdu);

/* The name of an interindustry instruction ("SELECT", "READ BINARY"), or NULL. Static storage. */
const char *apdu_instruction_name(uint8_t ins);

#endif
