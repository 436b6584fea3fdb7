/*
 * The file system of a card, below ISCardFileAccess, ISCardVerify and ISCardAuth: one struct icc an
 * attachment. It knows files and codes, and sends APDUs through a callback; it knows no COM.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Results are those of result.h. NULL for an out parameter is SC_INVALID_ARGUMENT (COM answers
 * E_POINTER before it calls). Every function checks in this order: arguments, secure messaging
 * (ICC_SECURE_MESSAGING gives SC_UNSUPPORTED_FEATURE: there are no keys, and sending in clear what
 * was to be protected would be wrong), then the card. flags outside 0xFFFF are
 * SC_INVALID_ARGUMENT; defined flags without a meaning for a function are ignored. On failure out
 * parameters are 0 or NULL.
 *
 * Text is UTF-16, length code units, under the grammar of path.h. Memory that a function hands out
 * is freed with icc_free. Transactions are the caller's: it begins one at the first call of the
 * transmit callback within a function and ends it after the function returned. Not thread-safe: one
 * call at a time. Results of the callback are returned unchanged; what is selected is then unknown.
 *
 * Relative steps are taken only from a position that is known: one that a command of ours has
 * selected within the same call, or since exclusive was set (icc_set_exclusive), with nothing in
 * between that can have moved the card. Else files are selected from the MF, or by the name of
 * their application, which starts that anew and ends its codes: hold a lock over a verified code.
 * A card that does not say what it has selected is asked by READ BINARY whether it is a directory
 * before a step stands on it.
 */

#ifndef ICC_ICC_H
#define ICC_ICC_H

#include <stddef.h>
#include <stdint.h>

#include "iso7816/atr.h"
#include "iso7816/exchange.h"
#include "iso7816/fcp.h"
#include "iso7816/codes.h"
#include "path.h"
#include "profile.h"

/* SCARD_FLAGS of the type library. */
#define ICC_SECURE_MESSAGING   0x0001u
#define ICC_REPLACE            0x0002u
#define ICC_ERASE              0x0004u
#define ICC_OR                 0x0008u
#define ICC_AND                0x0010u
#define ICC_RECURSIVE          0x0020u
#define ICC_NON_RECURSIVE      0x0040u
#define ICC_GLOBAL             0x0080u
#define ICC_LOCAL              0x0100u
#define ICC_ENABLE             0x0200u
#define ICC_DISABLE            0x0400u
#define ICC_CHANGE             0x0800u
#define ICC_PREALLOCATE        0x1000u
#define ICC_GET_ALL_PROPERTIES 0x2000u
#define ICC_STAT_DEFAULT       0x4000u
#define ICC_CHECK_ONLY         0x8000u
#define ICC_ALL_FLAGS          0xFFFFu

/* SEEKTYPE of the type library. */
enum icc_seek_type
{
    ICC_SEEK_BEGIN = 0,
    ICC_SEEK_END = 1,
    ICC_SEEK_RELATIVE = 2
};

/* FILETYPE of the type library. */
enum icc_file_type
{
    ICC_TYPE_DIRECTORIES = 0,
    ICC_TYPE_FILES = 1,
    ICC_TYPE_ALL = 2,
    ICC_TYPE_DIRECTORY_FILE = 3,
    ICC_TYPE_TRANSPARENT = 4,
    ICC_TYPE_FIXED = 5,
    ICC_TYPE_CYCLIC = 6,
    ICC_TYPE_VARIABLE = 7
};

/* One BER-TLV object's bytes. In: the caller's; size as COM gave it, so it may be wrong. */
struct icc_tlv
{
    int32_t size;
    const uint8_t *data;
};

/* A name that icc_directory found: NUL-terminated ASCII, as path_format writes. */
struct icc_name
{
    char text[PATH_MAX_TEXT + 1];
};

enum icc_tristate
{
    ICC_UNKNOWN,
    ICC_NO,
    ICC_YES
};

/*
 * Sends a control code to the reader. code: GET_FEATURE_REQUEST in WinSCard's numbers, or one that
 * the reader named. *out_len: in, room; out, bytes. SC_OK or the transport's result.
 */
typedef int32_t (*icc_control)(void *context, uint32_t code, const uint8_t *in, size_t in_len,
                               uint8_t *out, size_t *out_len);

#define ICC_MAX_PROVEN 8

/* A place, or not known. */
struct icc_place
{
    int known;
    struct path path;
};

/* What was learnt of the card in the reader. Begins anew with icc_card_is_new. */
struct icc_card
{
    const struct icc_profile *profile;
    struct atr atr;
    uint8_t cla;
    unsigned cla_confirmed : 1;
    unsigned select_form_known : 1;
    unsigned chaining : 1;
    unsigned extended : 1;
    unsigned no_mf : 1;
    uint8_t select_form;         /* of profile->select_forms */
    enum icc_tristate has_path;  /* SELECT with P1 = 08 */
    enum icc_tristate has_child; /* P1 = 01 */
    enum icc_tristate has_ef;    /* P1 = 02 */
    enum fcp_layout layout;      /* of answers to SELECT that are no template */
    uint16_t max_le, max_lc;
    uint16_t le_taken;                       /* the largest Le of READ BINARY that was answered */
    uint16_t le_taken_odd;                   /* and of its odd form */
    unsigned gives_less : 1;                 /* a short answer is not the end of a file */
    struct icc_place proven[ICC_MAX_PROVEN]; /* see icc_note_proven; next: the oldest */
    uint8_t next_proven;
};

/* What is selected on the card, as far as it is known; see position.h. */
struct icc_position
{
    struct icc_place df;
    struct icc_place ef; /* what commands for the current EF act on; a DF perhaps while df is not
                          * known: not all cards say what they have selected */
    uint32_t here;       /* which directory without a name relative paths in it begin in */
};

struct icc_file;

/*
 * One attachment. Made by the caller (zeroing is not needed), filled by icc_init; the fields are
 * for dlls/icc alone.
 */
struct icc
{
    struct exchange_link link;
    icc_control control;              /* NULL: the reader's keys are out of reach */
    const struct icc_profile *forced; /* a profile chosen by the caller, or NULL */
    int by_handle;
    int exclusive;
    uint32_t turn; /* counts how often that has changed */
    uint8_t atr[ATR_MAX];
    size_t atr_len;
    struct icc_card card;
    struct icc_place current; /* the logical current directory */
    int df_unnamed;           /* it is not known, but was selected on purpose: leave it */
    uint32_t here;            /* counts the directories without a name that were left */
    uint32_t home;            /* here, when one was chosen (or the first one) */
    uint32_t home_turn;       /* and turn at that time */
    unsigned steps;           /* SELECTs that worked within this call */
    int32_t broken;           /* how an exchange within this call failed, or SC_OK: cards always
                               * answered */
    struct icc_position position;
    struct icc_file *files;
    uint32_t (*new_handle)(void); /* NULL: counted here */
    uint32_t last_handle;
    uint32_t generation;
};

/*
 * Sets up what is known of a card. transmit and context as in exchange.h; atr may be NULL with
 * atr_len 0 (then nothing is known of it; one that cannot be parsed counts as none). by_handle
 * non-zero: the application has the connection too and may have moved the card, so the current
 * directory is unknown until ChangeDir, GetCurrentDir, or a card that says that it is in its MF;
 * nothing is known from one call to the next. Sends nothing; cannot fail.
 */
void icc_init(struct icc *icc, card_transmit transmit, void *context, enum apdu_protocol protocol,
              const uint8_t *atr, size_t atr_len, int by_handle);

/* Lets codes be entered at the reader's keys, where the profile says so. context is transmit's. */
void icc_set_control(struct icc *icc, icc_control control);

/*
 * Where the handles of open files come from, so that several cards need not give out the same:
 * new_handle returns a value it has never returned before, or 0 when there is none left. Without it
 * they are unique within the icc alone.
 */
void icc_set_handles(struct icc *icc, uint32_t (*new_handle)(void));

/* Frees the file table. Sends nothing. icc_init may follow. */
void icc_fini(struct icc *icc);

/*
 * The card may be another one (removed, or the ATR changed): open handles answer
 * SC_INVALID_HANDLE from now on, the current directory is the first one again, and what was learnt
 * of the card is forgotten. Handle values are not reused.
 */
void icc_card_is_new(struct icc *icc, enum apdu_protocol protocol, const uint8_t *atr,
                     size_t atr_len);

/*
 * After a reset or a reconnect with the same card (protocol: the one now active): handles,
 * positions and directory stay, files are selected again at their next use.
 */
void icc_untrust(struct icc *icc, enum apdu_protocol protocol);

/*
 * exclusive non-zero: from now on nobody else can reach the card (exclusive connection, or a lock
 * that is held), so what is selected stays so between calls. Nothing is known whenever the value
 * changes. Call with 0 before a lock is given up. With by_handle the application can still move
 * the card: only handles that were opened in a directory without a name can be read then.
 */
void icc_set_exclusive(struct icc *icc, int exclusive);

/*
 * Makes the card be treated as profile says, whatever its ATR, now and after icc_card_is_new; NULL:
 * by ATR again. profile must outlive the icc. Forgets what was learnt of the card.
 */
void icc_set_profile(struct icc *icc, const struct icc_profile *profile);

/* Wipes and frees memory that a function of this header handed out; NULL is fine. */
void icc_free(void *memory);

/* ---- ISCardFileAccess ---- */

/*
 * ChangeDir: selects a directory (type 0 or 1) and makes it current. Always asks the card unless
 * it is known to be there. Errors: SC_INVALID_ARGUMENT (syntax, type 2),
 * SC_DIR_NOT_FOUND, SC_NO_DIR (it is an EF), the card's, the transport's; the current directory
 * then stays.
 */
int32_t icc_change_dir(struct icc *icc, int32_t type, const uint16_t *text, size_t length);

/*
 * GetCurrentDir: canonical text, NUL-terminated; out has room for PATH_MAX_TEXT + 1. "" when the
 * card has no MF and nothing was selected yet. Sends SELECT MF only when the directory is unknown.
 */
int32_t icc_current_dir(struct icc *icc, char *out);

/*
 * Open: selects an EF and hands out a handle (non-zero, see icc_set_handles), position 0.
 * The current directory does not change. The handle stays that file, or is SC_INVALID_HANDLE where
 * nobody could find it again: in a directory without a name (by_handle, cards without MF) it can be
 * used until that has been left, with by_handle to read and under a lock only.
 * Errors: SC_INVALID_ARGUMENT, SC_FILE_NOT_FOUND,
 * SC_DIR_NOT_FOUND (also: relative to a directory that is not known), SC_NO_FILE (it is a
 * directory), SC_OUT_OF_MEMORY, the card's, the transport's.
 */
int32_t icc_open(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                 uint32_t *handle);

/* Close: SC_INVALID_ARGUMENT for a handle that is not open. Sends nothing; handles of an earlier
 * card close too. */
int32_t icc_close(struct icc *icc, uint32_t handle);

/*
 * Seek: moves the position, in bytes or (record files) records. Errors: SC_INVALID_ARGUMENT
 * (handle, type), SC_INVALID_HANDLE (handle of an earlier card), SC_BAD_SEEK (before the start,
 * past a known end, from an end that is unknown). Sends READ RECORD only to count records from the
 * end.
 */
int32_t icc_seek(struct icc *icc, uint32_t handle, int32_t offset, int32_t type);

/*
 * Read: at most *bytes from the position (record files: one record), which moves on. *bytes
 * becomes the count; *data is new memory (NULL with SC_OK and *bytes 0: nothing was asked for).
 * A part is SC_OK when the file ended; a transport error, or 69xx and 6Fxx from the card, later
 * on fails the whole: *bytes 0, *data NULL, position unchanged. SC_EOF at the end.
 * Errors besides: SC_INVALID_ARGUMENT, SC_INVALID_HANDLE, SC_FILE_NOT_FOUND (gone since),
 * SC_BAD_SEEK, SC_OUT_OF_MEMORY, the card's, the transport's.
 */
int32_t icc_read(struct icc *icc, uint32_t handle, int32_t *bytes, uint8_t **data, uint32_t flags);

/*
 * Write: the first length bytes of data (of which there are data_len), which the position follows,
 * also when a later chunk failed. At most one of ICC_REPLACE, ICC_ERASE, ICC_OR, ICC_AND. Erasing
 * ignores data; length 0 erases to the end. SC_WRITE_TOO_MANY before anything is sent when a
 * known size would be exceeded; SC_UNSUPPORTED_FEATURE for OR and AND on files whose data coding
 * does not say so. Other errors as icc_read.
 */
int32_t icc_write(struct icc *icc, uint32_t handle, int32_t length, const uint8_t *data,
                  size_t data_len, uint32_t flags);

/*
 * Create: makes the file that text names from count objects (each one whole BER-TLV; one object 62
 * or 6F is sent as given), then writes data (may be NULL with data_len 0) into it.
 * Errors: SC_INVALID_ARGUMENT (objects that do not parse or contradict text, no descriptor 82,
 * data for a directory), SC_WRITE_TOO_MANY (data larger than the declared size; nothing sent),
 * SC_FILE_EXISTS, SC_DIR_NOT_FOUND, SC_NO_MEMORY (card full), SC_UNSUPPORTED_FEATURE, the
 * card's, the transport's. When only the writing failed the file stays.
 */
int32_t icc_create(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                   const struct icc_tlv *objects, int32_t count, uint32_t flags,
                   const uint8_t *data, size_t data_len);

/*
 * Delete: never the MF (SC_INVALID_ARGUMENT). ICC_RECURSIVE empties a directory that the card
 * refuses to delete, where its files can be listed; ICC_NON_RECURSIVE refuses a directory that is
 * not empty (SC_NO_ACCESS) or cannot be listed (SC_UNSUPPORTED_FEATURE); both are
 * SC_INVALID_ARGUMENT, and so is a part of a name. The file is seen to be there first. Neither this
 * nor Create, Invalidate, Rehabilitate and SetProperties change anything in a directory that is not
 * known (SC_DIR_NOT_FOUND). A current directory that went becomes its parent.
 */
int32_t icc_delete(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                   uint32_t flags);

/*
 * Directory: the names in the current directory that are of type (enum icc_file_type; others
 * SC_INVALID_ARGUMENT). *names is an array of *count, NULL when there are none.
 * SC_NOT_IMPLEMENTED when the card has no command for it (ISO 7816-4 has none).
 */
int32_t icc_directory(struct icc *icc, int32_t type, struct icc_name **names, size_t *count);

/* Invalidate, Rehabilitate: DEACTIVATE FILE (not the MF: SC_INVALID_ARGUMENT), ACTIVATE FILE. */
int32_t icc_invalidate(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags);
int32_t icc_rehabilitate(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags);

/*
 * GetProperties: the data objects of a file's control information. With filter_count <= 0, filter
 * NULL, or ICC_GET_ALL_PROPERTIES all of them in the card's order; else one entry for each filter
 * (whose bytes begin with a tag), in the filter's order, size 0 and data NULL where there is none.
 * *found is one allocation, entries and bytes together; NULL when *found_count is 0.
 */
int32_t icc_properties(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                       const struct icc_tlv *filter, int32_t filter_count, uint32_t flags,
                       struct icc_tlv **found, int32_t *found_count);

/*
 * GetFileCapabilities: the same for the file opened last of those still open (else the current
 * directory), and the ATR's card service data (43) and card capabilities (47).
 */
int32_t icc_capabilities(struct icc *icc, const struct icc_tlv *filter, int32_t filter_count,
                         uint32_t flags, struct icc_tlv **found, int32_t *found_count);

/*
 * SetProperties: PUT DATA for each of count objects in order, up to the first error. Objects that
 * are identity or structure (62 6F 80 81 82 83) are SC_UNSUPPORTED_FEATURE; 8A with 04/06 or 05/07
 * deactivates or activates. SC_INVALID_ARGUMENT for count <= 0, bad objects, 3-byte tags.
 */
int32_t icc_set_properties(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                           const struct icc_tlv *objects, int32_t count, uint32_t flags);

/* ---- ISCardVerify; every copy of a code is wiped ---- */

/*
 * Verify: code of 1 to 255 bytes, sent as given; ref 0..255. Without a code the reader asks at its
 * own keys, when the profile says that it may: SC_TIMEOUT, SC_CANCELLED_BY_USER; else it is
 * SC_INVALID_ARGUMENT. With ICC_CHECK_ONLY there is no code,
 * and SC_NOT_AUTHENTICATED says that one is wanted. Errors: SC_INVALID_ARGUMENT, SC_WRONG_CHV,
 * SC_CHV_BLOCKED, SC_INVALID_CHV (wrong length), SC_UNSUPPORTED_FEATURE, the card's, the
 * transport's. A code is sent once; a second time only after 6E00, which no card counts.
 */
int32_t icc_verify(struct icc *icc, const uint8_t *code, size_t code_len, uint32_t flags,
                   int32_t ref);

/*
 * ChangeCode: with ICC_ENABLE switches verification on, then changes old_code to new_code (when
 * given), then with ICC_DISABLE switches it off; stops at the first error. Not both flags, not
 * ICC_CHECK_ONLY, not without anything to do: SC_INVALID_ARGUMENT. Both codes empty: the reader
 * asks for what is to be done, as for icc_verify. Errors as icc_verify.
 */
int32_t icc_change_code(struct icc *icc, const uint8_t *old_code, size_t old_len,
                        const uint8_t *new_code, size_t new_len, uint32_t flags, int32_t ref);

/* Unblock: RESET RETRY COUNTER without data; data must be 0 (it is never taken for a pointer). */
int32_t icc_unblock(struct icc *icc, int32_t data, uint32_t flags, int32_t ref);

/*
 * ResetSecurityState, the part that a command can do. SC_OK: the card has dropped its security
 * state. SC_UNSUPPORTED_FEATURE: it has no command for it, so the caller resets the card (and
 * calls icc_untrust) - unless flags has ICC_SECURE_MESSAGING: the caller looks at that first.
 */
int32_t icc_reset_security(struct icc *icc, uint32_t flags);

/* ---- ISCardAuth: sends nothing but its own command (and SELECT MF once, while the card's class
 * is unknown and the connection is ours) ----
 *
 * algo 0..FFFF: low byte P1, high byte P2 when param is empty; param: none or one byte, P2. Others
 * are SC_INVALID_ARGUMENT. */

/* GetChallenge: *length 0 means 8; in 0..256, out the count in *data. */
int32_t icc_get_challenge(struct icc *icc, int32_t algo, const uint8_t *param, size_t param_len,
                          int32_t *length, uint8_t **data);

/* ICC_Auth, INTERNAL AUTHENTICATE: *length in: most bytes wanted, 0 for all; out: bytes in *out. */
int32_t icc_internal_authenticate(struct icc *icc, int32_t algo, const uint8_t *param,
                                  size_t param_len, const uint8_t *data, size_t data_len,
                                  int32_t *length, uint8_t **out);

/* APP_Auth, EXTERNAL AUTHENTICATE: data must not be empty (some cards count that as a try). */
int32_t icc_external_authenticate(struct icc *icc, int32_t algo, const uint8_t *param,
                                  size_t param_len, const uint8_t *data, size_t data_len);

/*
 * User_Auth. algo 0: VERIFY, errors as icc_verify, *length becomes 0 and *out NULL
 * (the caller leaves its buffer alone). Else *length > 0: MUTUAL AUTHENTICATE with the answer in
 * *out; *length 0: EXTERNAL AUTHENTICATE.
 */
int32_t icc_user_authenticate(struct icc *icc, int32_t algo, const uint8_t *param, size_t param_len,
                              const uint8_t *data, size_t data_len, int32_t *length, uint8_t **out);

#endif
