/*
 * Instruction bytes and status words by name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * apdu.c has the names of instructions for people, sw.c what status words mean as results.
 */

#ifndef ISO7816_INS_H
#define ISO7816_INS_H

/* ISO 7816-4, -8 and -9; GlobalPlatform's PUT KEY. */
#define INS_DEACTIVATE_FILE             0x04
#define INS_ERASE_RECORD                0x0C
#define INS_ERASE_BINARY                0x0E
#define INS_ERASE_BINARY_ODD            0x0F
#define INS_PERFORM_USER_OPERATION      0x14
#define INS_VERIFY                      0x20
#define INS_MANAGE_SECURITY_ENVIRONMENT 0x22
#define INS_CHANGE_REFERENCE_DATA       0x24
#define INS_DISABLE_VERIFICATION        0x26
#define INS_ENABLE_VERIFICATION         0x28
#define INS_RESET_RETRY_COUNTER         0x2C
#define INS_ACTIVATE_FILE               0x44
#define INS_GENERATE_KEY_PAIR           0x46
#define INS_MANAGE_CHANNEL              0x70
#define INS_EXTERNAL_AUTHENTICATE       0x82
#define INS_GET_CHALLENGE               0x84
#define INS_GENERAL_AUTHENTICATE        0x86
#define INS_INTERNAL_AUTHENTICATE       0x88
#define INS_SEARCH_BINARY               0xA0
#define INS_SEARCH_RECORD               0xA2
#define INS_SELECT                      0xA4
#define INS_READ_BINARY                 0xB0
#define INS_READ_BINARY_ODD             0xB1
#define INS_READ_RECORD                 0xB2
#define INS_GET_RESPONSE                0xC0
#define INS_ENVELOPE                    0xC2
#define INS_GET_DATA                    0xCA
#define INS_WRITE_BINARY                0xD0
#define INS_WRITE_BINARY_ODD            0xD1
#define INS_WRITE_RECORD                0xD2
#define INS_UPDATE_BINARY               0xD6
#define INS_UPDATE_BINARY_ODD           0xD7
#define INS_PUT_KEY                     0xD8
#define INS_PUT_DATA                    0xDA
#define INS_UPDATE_RECORD               0xDC
#define INS_CREATE_FILE                 0xE0
#define INS_APPEND_RECORD               0xE2
#define INS_DELETE_FILE                 0xE4
#define INS_TERMINATE_DF                0xE6
#define INS_TERMINATE_EF                0xE8

/* ISO 7816-4 5.1.3. */
#define SW_OK              0x9000
#define SW_END             0x6282 /* the file ended before Le bytes */
#define SW_DEACTIVATED     0x6283
#define SW_FCI_FORMAT      0x6284 /* the answer is not in the form of ISO 7816-4 */
#define SW_FILE_FULL       0x6381 /* the last write has filled the file */
#define SW_WRONG_LENGTH    0x6700
#define SW_WRONG_STRUCTURE 0x6981 /* the command is not for files of this structure */
#define SW_SECURITY        0x6982 /* the security status is not satisfied */
#define SW_CONDITIONS      0x6985 /* the conditions of use are not satisfied */
#define SW_NO_EF           0x6986 /* there is no current EF */
#define SW_WRONG_DATA      0x6A80 /* wrong parameters in the data */
#define SW_NOT_SUPPORTED   0x6A81 /* the function */
#define SW_NOT_FOUND       0x6A82 /* the file or application */
#define SW_NO_RECORD       0x6A83
#define SW_LC_TLV          0x6A85 /* Lc does not fit the TLV structure */
#define SW_WRONG_P1P2      0x6A86
#define SW_LC_P1P2         0x6A87 /* Lc does not fit P1 P2 */
#define SW_NO_REFERENCE    0x6A88 /* the data object, key or code */
#define SW_WRONG_OFFSET    0x6B00 /* P1 P2, which mostly are an offset */
#define SW_WRONG_LE        0x6C00 /* with the right one in its low byte */
#define SW_WRONG_INS       0x6D00
#define SW_WRONG_CLA       0x6E00
#define SW_NO_DIAGNOSIS    0x6F00

/* GSM 11.11 9.4. */
#define SW_GSM_NO_EF           0x9400 /* there is no current EF */
#define SW_GSM_NOT_FOUND       0x9404
#define SW_GSM_WRONG_STRUCTURE 0x9408 /* the command is not for files of this structure */

#endif
