/*
 * What a card of unknown kind is asked, and the card profile that follows from its answers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Knows nothing of Windows and does no input or output but by its host. What is sent is SELECT,
 * READ BINARY, READ RECORD, GET RESPONSE, Schlumberger's DIR and, when it is asked for, VERIFY
 * without data; cardprobe_may_send is the one place that decides it. The contents of files are
 * wiped at once: a probe keeps lengths and file information, and the identifiers of applications.
 */

#ifndef SCARDTOOL_CARDPROBE_H
#define SCARDTOOL_CARDPROBE_H

#include <stddef.h>
#include <stdint.h>

#include "icc/profile.h"
#include "iso7816/atr.h"
#include "iso7816/exchange.h"
#include "iso7816/fcp.h"

#define CARDPROBE_MAX_COMMANDS 600u
#define CARDPROBE_MAX_PLACES   16u
#define CARDPROBE_MAX_FILES    48u
#define CARDPROBE_MAX_NAME     16u /* bytes of an application's identifier */
#define CARDPROBE_FORMS        4u
#define CARDPROBE_NAME_ROOM    112u   /* of the name of a command, with its NUL */
#define CARDPROBE_TEXT_ROOM    16384u /* of a profile's text, with its NUL */

enum cardprobe_known
{
    CARDPROBE_UNTRIED, /* or it said nothing */
    CARDPROBE_NO,
    CARDPROBE_YES
};

enum cardprobe_end
{
    CARDPROBE_DONE,
    CARDPROBE_NOTHING, /* no SELECT found anything: there is nothing to make a profile of */
    CARDPROBE_LIMIT,   /* the card wanted more commands than are allowed */
    CARDPROBE_STOPPED, /* the host said so */
    CARDPROBE_FAILED   /* a command did not get through: result */
};

/* One command and its answer. Valid during the call that gets it. */
struct cardprobe_step
{
    unsigned number; /* from 1 */
    const uint8_t *command;
    size_t command_len;
    const char *name; /* in words, ASCII */
    /* For answered only. */
    int32_t result; /* of transmit; the rest is 0 when it is not SC_OK */
    uint16_t sw;
    size_t data_len;     /* bytes in front of SW1 SW2 */
    const char *meaning; /* of sw, in words, ASCII */
};

struct cardprobe_host
{
    card_transmit transmit; /* exchange.h; each command exactly once */
    /* Called before a command is sent, and after its answer. NULL: nobody wants to know. */
    void (*sending)(void *context, const struct cardprobe_step *step);
    void (*answered)(void *context, const struct cardprobe_step *step);
    int (*stopped)(void *context); /* true (1): no further command. NULL: never */
    void *context;
    enum apdu_protocol protocol;
};

struct cardprobe_options
{
    unsigned code_query : 1;    /* VERIFY without data: some cards count it as a try */
    unsigned other_classes : 1; /* class bytes that the card gave no reason to try */
    const char *name;           /* of the profile; NULL: what was found */
};

/* A directory: an application by its identifier, or one below the MF. */
struct cardprobe_place
{
    uint8_t name[CARDPROBE_MAX_NAME];
    uint8_t name_len; /* 0: it is the MF or below it */
    uint16_t fid;     /* in the MF; 0: the MF or the application itself */
};

struct cardprobe_file
{
    uint8_t place; /* of the directory that it is in */
    uint16_t fid;
    struct fcp fcp;
};

/* A way to ask SELECT for file information. */
struct cardprobe_form
{
    struct icc_select_form form;
    enum cardprobe_known works;
    uint8_t told; /* 0 nothing, 1 something, 2 what kind of file or its size */
};

/* What was found. All zero before. */
struct cardprobe
{
    /* How it ended. */
    enum cardprobe_end end;
    int32_t result;
    unsigned commands;
    uint16_t last_sw;
    /* The card. */
    uint8_t atr_bytes[ATR_MAX];
    size_t atr_len;
    struct atr atr;
    enum apdu_protocol protocol;
    const struct icc_profile *by_atr; /* the built-in family of this ATR */
    const struct icc_profile *base;   /* the one that its answers fit */
    enum fcp_layout layout;
    unsigned raw : 1; /* SELECT answers are no templates */
    uint8_t cla;
    uint8_t classes[ICC_MAX_CLASSES]; /* that it takes; cla is the first */
    unsigned class_count;
    uint8_t seen; /* ICC_FOLLOW_, ICC_CORRECT_ of answers that led on */
    struct cardprobe_form forms[CARDPROBE_FORMS];
    unsigned form_count;
    struct icc_select_form form; /* that is used */
    enum cardprobe_known mf_by_fid, mf_bare;
    enum cardprobe_known by_fid, child, ef, parent, by_name, path; /* values of P1 */
    enum cardprobe_known sizes;                                    /* SELECT tells them */
    /* Reading. */
    unsigned max_read;   /* 0: not known */
    unsigned read_whole; /* bytes that READ BINARY gave at once, at most */
    uint16_t short_sw;   /* READ BINARY of more than there is; 0: not seen */
    uint16_t end_sw;     /* READ BINARY behind the last byte; 0: not seen */
    enum cardprobe_known short_id;
    enum cardprobe_known odd; /* READ BINARY with the odd instruction */
    enum cardprobe_known records, record_le_00;
    enum cardprobe_known list; /* Schlumberger's DIR */
    unsigned protected_files;
    /* Codes. */
    enum cardprobe_known query;
    uint16_t query_sw[2];
    /* Files. */
    struct cardprobe_place places[CARDPROBE_MAX_PLACES];
    unsigned place_count;
    struct cardprobe_file files[CARDPROBE_MAX_FILES];
    unsigned file_count;
};

/*
 * Asks the card and fills *probe, whose end says how it ended; *probe is complete only with
 * CARDPROBE_DONE. atr: len bytes, 0 to ATR_MAX. The card must have been reset, and nobody else
 * may use it meanwhile. It is left in any directory.
 */
void cardprobe_run(struct cardprobe *probe, const struct cardprobe_host *host,
                   const struct cardprobe_options *options, const uint8_t *atr, size_t len);

/* True (1) when a probe may send this command. */
int cardprobe_may_send(const struct apdu *apdu, const struct cardprobe_options *options);

/*
 * Writes the profile of a probe that is done, with comments, NUL-terminated; its lines end in \n.
 * Returns its length; 0 when it does not fit into cap (at least 1), or when the ATR is none.
 */
size_t cardprobe_write(const struct cardprobe *probe, const struct cardprobe_options *options,
                       char *text, size_t cap);

/* ---- words and tables ---- */

/* The name of a command in words, into CARDPROBE_NAME_ROOM bytes. */
void cardprobe_name(const struct apdu *apdu, char *out);
/* What a status word says, into CARDPROBE_NAME_ROOM bytes. */
void cardprobe_meaning(uint16_t sw, char *out);

struct cardprobe_application
{
    const char *aid; /* hex */
    const char *name;
    const char *card; /* what a card with it may be called in a profile; NULL: it tells nothing */
};
/* Ended by a NULL aid. */
extern const struct cardprobe_application cardprobe_applications[];
/* That of an identifier or of its beginning, or NULL. */
const struct cardprobe_application *cardprobe_application(const uint8_t *aid, size_t len);

/* File identifiers that public cards use, ended by 0. */
extern const uint16_t cardprobe_mf_files[], cardprobe_df_files[];

#endif
