/*
 * The commands of the simulated card. Each function returns the status word and appends the data of
 * its answer to out; data with an error status are dropped by the dispatcher.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_COMMANDS_H
#define SIMCARD_COMMANDS_H

#include "card.h"

enum
{
    SW_OK = 0x9000,
    SW_END = 0x6282,
    SW_DEACTIVATED = 0x6283,
    SW_TERMINATED = 0x6285,
    SW_WRONG_LENGTH = 0x6700,
    SW_CHANNEL = 0x6881,
    SW_SECURE_MESSAGING = 0x6882,
    SW_LAST_EXPECTED = 0x6883,
    SW_CHAINING = 0x6884,
    SW_WRONG_STRUCTURE = 0x6981,
    SW_SECURITY = 0x6982,
    SW_BLOCKED = 0x6983,
    SW_UNUSABLE = 0x6984,
    SW_CONDITIONS = 0x6985,
    SW_NO_EF = 0x6986,
    SW_WRONG_DATA = 0x6a80,
    SW_NOT_SUPPORTED = 0x6a81,
    SW_NOT_FOUND = 0x6a82,
    SW_NO_RECORD = 0x6a83,
    SW_NO_SPACE = 0x6a84,
    SW_WRONG_P1P2 = 0x6a86,
    SW_NO_REFERENCE = 0x6a88,
    SW_FILE_EXISTS = 0x6a89,
    SW_NAME_EXISTS = 0x6a8a,
    SW_WRONG_OFFSET = 0x6b00,
    SW_WRONG_INS = 0x6d00,
    SW_WRONG_CLA = 0x6e00
};

typedef uint16_t command_function(struct card *card, const struct command *c, struct bytes *out);

/* Which classes know an instruction, and which way data go. */
enum
{
    CLASS_ISO = 1,     /* 00 */
    CLASS_FLEX_C0 = 2,
    CLASS_FLEX_F0 = 4,
    CLASS_GSM = 8,     /* A0 */
    TAKES_DATA = 16,
    GIVES_DATA = 32,
    CLASS_CYBERFLEX = 128, /* 00 too */
    SHORT_READ = 64 /* fewer bytes than there are may be asked for */
};

struct instruction
{
    uint8_t ins;
    unsigned flags;
    command_function *execute;
};

/* NULL when no family knows ins in that class. */
const struct instruction *commands_find(uint8_t ins, unsigned class_flag);

command_function command_select;
command_function command_read_binary;
command_function command_read_binary_odd;
command_function command_update_binary; /* also WRITE BINARY */
command_function command_update_binary_odd;
command_function command_erase_binary;
command_function command_erase_binary_odd;
command_function command_read_record;
command_function command_update_record; /* also WRITE RECORD */
command_function command_append_record;
command_function command_erase_record;
command_function command_create_file;
command_function command_delete_file;
command_function command_life_cycle; /* DEACTIVATE and ACTIVATE FILE */
command_function command_verify;
command_function command_change_reference;
command_function command_reset_counter;
command_function command_requirement; /* ENABLE and DISABLE VERIFICATION REQUIREMENT */
command_function command_get_challenge;
command_function command_internal_authenticate;
command_function command_external_authenticate;
command_function command_get_data;
command_function command_put_data;
command_function command_get_response;
command_function command_manage_channel;
command_function command_envelope;
command_function command_gsm_select;
command_function command_gsm_status;
command_function command_flex_select;
command_function command_flex_create;
command_function command_flex_directory;
command_function command_flex_logout;
command_function command_cyberflex_directory;

/* Finds the file that SELECT, DELETE and the like name (ISO 7816-4, table 39); nothing is
 * selected. */
uint16_t select_resolve(struct card *card, uint8_t p1, uint8_t occurrence, const uint8_t *data,
                        size_t len, struct card_file **file);
/* By FID alone: the MF, a child of the current DF, the DF itself, its parent; DFs beside it too
 * when siblings is set (GSM 11.11, 8.1), all files beside it when the profile says so. NULL when
 * there is none. */
struct card_file *select_by_fid(struct card *card, uint16_t fid, bool siblings);
/* SELECT as cards older than ISO 7816-4 know it, by FID alone: *file is current then, on SW_OK. */
uint16_t select_nearby(struct card *card, const struct command *c, struct card_file **file);
/* Makes a file current as SELECT does and gives 9000, 6283 or 6285. */
uint16_t select_file(struct card *card, struct card_file *file);
/* Control parameters that the card tells, as data objects, without the template around them. */
void fci_add_parameters(const struct card *card, struct bytes *out, struct card_file *file);
/* The raw answers of GSM 11.11 (9.2.1) and of Cryptoflex and Cyberflex cards. */
void raw_fci_gsm(struct card *card, struct card_file *file, struct bytes *out);
void raw_fci_flex(struct card *card, struct card_file *file, struct bytes *out);
/* Their first bytes: size and FID. */
void raw_fci_head(struct card *card, const struct card_file *file, struct bytes *out);
/* SW1 when Le is not the length of the answer. */
uint8_t wrong_le(const struct card *card);
/* Turns a status word of ISO 7816-4 into that of GSM 11.11, 9.4; ins is the command's. */
uint16_t gsm_status_word(uint16_t sw, uint8_t ins);

/* Puts len bytes of data into old in the way of ins (D.: WRITE by the data coding byte; DC/D6/D7:
 * replace). 9000, 6A81 or 6985; then nothing was changed. */
uint16_t write_bytes(const struct card_file *file, bool update, uint8_t *old, const uint8_t *data,
                     size_t len);

/* Answer of the test algorithm described in profiles/README.md; out has 8 bytes. */
void auth_compute(const uint8_t key[8], const uint8_t *data, size_t len, uint8_t *out);

#endif
