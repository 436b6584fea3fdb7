/*
 * The file system of a card, below ISCardFileAccess, ISCardVerify and ISCardAuth: one struct icc
 * for each attachment. It handles files and codes and sends APDUs through a callback; it knows no
 * COM.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Results are those of codes.h. NULL for an out parameter is SC_INVALID_ARGUMENT (COM returns
 * E_POINTER before it calls). Every function checks in this order: arguments, secure messaging, the
 * card. ICC_SECURE_MESSAGING gives SC_UNSUPPORTED_FEATURE: there are no keys, and sending in clear
 * what was to be protected would be wrong. Flags outside 0xFFFF are SC_INVALID_ARGUMENT; defined
 * flags without a meaning for a function are ignored. On failure out parameters are 0 or NULL.
 *
 * Text is UTF-16, length code units, under the grammar of path.h. Memory that a function returns is
 * freed with icc_free. Transactions are the caller's: it begins one at the first call of the
 * transmit callback within a function and ends it after the function has returned. Not thread-safe:
 * one call at a time. Results of the callback are returned unchanged; the selection is then
 * unknown.
 *
 * Relative steps are taken only from a known position: one that a command of ours has selected
 * within the same call, or since exclusive was set (icc_set_exclusive), with nothing in between
 * that can have moved the card. Otherwise files are selected from the MF, or by the name of their
 * application, which restarts the application and ends its codes: hold a lock over a verified code.
 * When a card does not say whether the selected file is a directory, READ BINARY finds out before a
 * step relies on it.
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

/* The bytes of one BER-TLV object. As an argument they are the caller's; size is as COM passed it,
 * so it may be wrong. */
struct icc_tlv
{
    int32_t size;
    const uint8_t *data;
};

/* A name that icc_directory found: NUL-terminated ASCII, as written by path_format. */
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
 * Sends a control code to the reader. code: GET_FEATURE_REQUEST in WinSCard's numbers, or a code
 * that the reader returned. *out_len: in, room; out, bytes. Returns SC_OK or the transport's
 * result.
 */
typedef int32_t (*icc_control)(void *context, uint32_t code, const uint8_t *in, size_t in_len,
                               uint8_t *out, size_t *out_len);

#define ICC_MAX_PROVEN 8

/* A place, known or not. */
struct icc_place
{
    int known;
    struct path path;
};

/* Facts learnt about the card in the reader; reset by icc_card_is_new. */
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
    uint8_t select_form;         /* index in profile->select_forms */
    enum icc_tristate has_path;  /* SELECT understands P1 = 08 */
    enum icc_tristate has_child; /* P1 = 01 */
    enum icc_tristate has_ef;    /* P1 = 02 */
    enum fcp_layout layout;      /* of answers to SELECT that are no template */
    uint16_t max_le, max_lc;
    uint16_t le_taken;                       /* the largest Le of READ BINARY that the card has
                                              * accepted */
    uint16_t le_taken_odd;                   /* the same for its odd form */
    unsigned gives_less : 1;                 /* a short answer does not mean the end of a file */
    enum icc_tristate odd_bare;              /* the odd READ BINARY gives no object around the
                                              * data */
    struct icc_place proven[ICC_MAX_PROVEN]; /* see icc_note_proven; next_proven: the oldest */
    uint8_t next_proven;
};

/* The selection on the card, as far as it is known; see position.h. */
struct icc_position
{
    struct icc_place df;
    struct icc_place ef; /* the file that commands for the current EF act on; possibly a DF while df
                          * is not known, as not all cards say what they have selected */
    uint32_t here;       /* the nameless directory in which its relative paths begin */
};

struct icc_file;

/*
 * One attachment. The caller provides the memory (which need not be zeroed), icc_init fills it; the
 * fields are for dlls/icc only.
 */
struct icc
{
    struct exchange_link link;
    icc_control control;              /* NULL: the reader's keys cannot be used */
    const struct icc_profile *forced; /* a profile chosen by the caller, or NULL */
    int by_handle;
    int exclusive;
    uint32_t turn; /* counts the changes of exclusive */
    uint8_t atr[ATR_MAX];
    size_t atr_len;
    struct icc_card card;
    struct icc_place current; /* the logical current directory */
    int df_unnamed;           /* it is not known, but was selected on purpose: do not leave it */
    int chosen;               /* by_handle: the application may have chosen a directory itself */
    uint32_t here;            /* counts the directories without a name that were left */
    uint32_t home;            /* value of here when such a directory was chosen (or of the first
                               * one) */
    uint32_t home_turn;       /* value of turn then, or when the application moved it */
    unsigned steps;           /* successful SELECTs within this call */
    int32_t broken;           /* the result of an exchange that failed within this call; SC_OK: the
                               * card always answered */
    struct icc_position position;
    struct icc_file *files;
    uint32_t (*new_handle)(void); /* NULL: icc counts them itself */
    uint32_t last_handle;
    uint32_t generation;
};

/*
 * Sets up the state of a card. transmit and context as in exchange.h; atr may be NULL with atr_len
 * 0, and one that cannot be parsed counts as absent. With by_handle non-zero, the application also
 * has the connection and may have moved the card, so the current directory is unknown until
 * ChangeDir, GetCurrentDir, or a card that says that it is in its MF. Sends nothing; cannot fail.
 */
void icc_init(struct icc *icc, card_transmit transmit, void *context, enum apdu_protocol protocol,
              const uint8_t *atr, size_t atr_len, int by_handle);

/* Lets codes be entered at the reader's keys if the profile says so. control gets transmit's
 * context. */
void icc_set_control(struct icc *icc, icc_control control);

/*
 * Sets the source of file handles, so that several cards need not return equal ones: new_handle
 * returns a value it has never returned before, or 0 when none is left. Without it handles are
 * unique only within the icc.
 */
void icc_set_handles(struct icc *icc, uint32_t (*new_handle)(void));

/* Frees the file table. Sends nothing. icc_init may follow. */
void icc_fini(struct icc *icc);

/*
 * Call when the card may be another one (it was removed, or the ATR changed): open handles now
 * return SC_INVALID_HANDLE, the current directory is the initial one again, and all that was learnt
 * about the card is forgotten. Handle values are not reused.
 */
void icc_card_is_new(struct icc *icc, enum apdu_protocol protocol, const uint8_t *atr,
                     size_t atr_len);

/*
 * Call after a reset or a reconnect with the same card (protocol: the one now active): handles,
 * positions and directory remain; files are selected again at their next use.
 */
void icc_untrust(struct icc *icc, enum apdu_protocol protocol);

/*
 * Call after a reconnect that ended a reset of the card, no method being under way: it has started
 * in its MF. With by_handle relative paths begin where it is now, as after icc_init, unless
 * ChangeDir has chosen a directory: where the application had left it before is void.
 */
void icc_was_reset(struct icc *icc);

/*
 * exclusive non-zero: from now on nobody else can reach the card without a call of icc_was_moved
 * (exclusive connection, or a lock is held), so the selection persists between calls. Every change
 * of the value makes the position unknown. Call it with 0 before a lock is released, and for a
 * connection on which others cannot be seen.
 */
void icc_set_exclusive(struct icc *icc, int exclusive);

/*
 * Call when anybody else has sent something over the same connection since the last call of a
 * function here: the selection is then unknown. With by_handle that was the application, and
 * relative paths then begin where it has left the card, unless ChangeDir has chosen a directory.
 */
void icc_was_moved(struct icc *icc);

/*
 * Makes the card be treated according to profile, whatever its ATR, now and after icc_card_is_new;
 * NULL: by ATR again. profile must outlive the icc. Forgets what was learnt about the card.
 */
void icc_set_profile(struct icc *icc, const struct icc_profile *profile);

/* Wipes and frees memory that a function of this header returned; NULL is allowed. */
void icc_free(void *memory);

/* ---- ISCardFileAccess ---- */

/*
 * ChangeDir: selects a directory (type 0 or 1) and makes it current. Always asks the card unless
 * the directory is known to be selected. Errors: SC_INVALID_ARGUMENT (syntax, type 2),
 * SC_DIR_NOT_FOUND, SC_NO_DIR (it is an EF), the card's, the transport's; the current directory
 * then stays the same. If the card has left it and it cannot be selected again, what is relative to
 * it is refused from then on (SC_DIR_NOT_FOUND, SC_FILE_NOT_FOUND).
 */
int32_t icc_change_dir(struct icc *icc, int32_t type, const uint16_t *text, size_t length);

/*
 * GetCurrentDir: canonical text, NUL-terminated; out has room for PATH_MAX_TEXT + 1. It is "" when
 * the card has no MF and nothing has been selected yet. Sends SELECT MF only when the directory is
 * unknown.
 */
int32_t icc_current_dir(struct icc *icc, char *out);

/*
 * Open: selects an EF and returns a handle (non-zero, see icc_set_handles) with position 0. The
 * current directory does not change. The handle always refers to that file, or gives
 * SC_INVALID_HANDLE when the file could not be found again: in a directory without a name
 * (by_handle, cards without MF) it can be used until that directory is left, and only while
 * exclusive is set. Errors: SC_INVALID_ARGUMENT, SC_FILE_NOT_FOUND, SC_DIR_NOT_FOUND (also when the
 * path is relative to an unknown directory), SC_NO_FILE (it is a directory), SC_OUT_OF_MEMORY, the
 * card's, the transport's.
 */
int32_t icc_open(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                 uint32_t *handle);

/* Close: SC_INVALID_ARGUMENT for a handle that is not open. Sends nothing; also closes handles of
 * an earlier card. */
int32_t icc_close(struct icc *icc, uint32_t handle);

/*
 * Seek: moves the position, in bytes or (record files) records. Errors: SC_INVALID_ARGUMENT
 * (handle, type), SC_INVALID_HANDLE (handle of an earlier card), SC_BAD_SEEK (before the start,
 * past a known end, from an unknown end). Sends READ RECORD only to count records from the end.
 */
int32_t icc_seek(struct icc *icc, uint32_t handle, int32_t offset, int32_t type);

/*
 * Read: returns at most *bytes from the position (record files: one record) and advances it. *bytes
 * becomes the count; *data is new memory (NULL with SC_OK and *bytes 0: nothing was asked for). A
 * partial read is SC_OK when the file ended; a later transport error, or 69xx and 6Fxx from the
 * card, fails the whole: *bytes 0, *data NULL, position unchanged. SC_EOF at the end.
 * SC_UNSUPPORTED_FEATURE when the data unit, in which offsets count, is neither told by card or
 * profile nor shown by what can be read (see unit.c). Other errors: SC_INVALID_ARGUMENT,
 * SC_INVALID_HANDLE, SC_FILE_NOT_FOUND (deleted since), SC_BAD_SEEK, SC_OUT_OF_MEMORY, the card's,
 * the transport's.
 */
int32_t icc_read(struct icc *icc, uint32_t handle, int32_t *bytes, uint8_t **data, uint32_t flags);

/*
 * Write: writes the first length bytes of data (which has data_len) and advances the position, even
 * if a later chunk failed. At most one of ICC_REPLACE, ICC_ERASE, ICC_OR, ICC_AND. Erasing ignores
 * data; length 0 erases to the end. Returns SC_WRITE_TOO_MANY, before anything is sent, when a
 * known size would be exceeded; SC_UNSUPPORTED_FEATURE for OR and AND on files whose data coding
 * does not provide that, and for an unknown data unit, as icc_read, unless one command writes all
 * at position 0, or erases all. Other errors as icc_read.
 */
int32_t icc_write(struct icc *icc, uint32_t handle, int32_t length, const uint8_t *data,
                  size_t data_len, uint32_t flags);

/*
 * Create: makes the file that text names from count objects (each one a whole BER-TLV; a single
 * object 62 or 6F is sent as given), then writes data (may be NULL with data_len 0) into it.
 * Errors: SC_INVALID_ARGUMENT (objects that do not parse or contradict text, no descriptor 82, data
 * for a directory), SC_WRITE_TOO_MANY (data larger than the declared size; nothing sent),
 * SC_FILE_EXISTS, SC_DIR_NOT_FOUND, SC_NO_MEMORY (card full), SC_UNSUPPORTED_FEATURE, the card's,
 * the transport's. When only the writing fails, the file stays.
 */
int32_t icc_create(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                   const struct icc_tlv *objects, int32_t count, uint32_t flags,
                   const uint8_t *data, size_t data_len);

/*
 * Delete: never the MF (SC_INVALID_ARGUMENT). ICC_RECURSIVE empties a directory that the card
 * refuses to delete, if its files can be listed; ICC_NON_RECURSIVE refuses a directory that is not
 * empty (SC_NO_ACCESS) or cannot be listed (SC_UNSUPPORTED_FEATURE). Both together are
 * SC_INVALID_ARGUMENT, and so is a partial name. The file's existence is checked first. Like
 * Create, Invalidate, Rehabilitate and SetProperties, it changes nothing in an unknown directory
 * (SC_DIR_NOT_FOUND). If the current directory is deleted, its parent becomes current.
 */
int32_t icc_delete(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                   uint32_t flags);

/*
 * Directory: the names in the current directory that are of type (enum icc_file_type; others are
 * SC_INVALID_ARGUMENT). *names is an array of *count, NULL when there are none. Returns
 * SC_NOT_IMPLEMENTED when the card has no command for it (ISO 7816-4 has none), SC_DIR_NOT_FOUND
 * when the current directory has been left and cannot be selected again.
 */
int32_t icc_directory(struct icc *icc, int32_t type, struct icc_name **names, size_t *count);

/* Invalidate, Rehabilitate: DEACTIVATE FILE (not the MF: SC_INVALID_ARGUMENT), ACTIVATE FILE. */
int32_t icc_invalidate(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags);
int32_t icc_rehabilitate(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags);

/*
 * GetProperties: the data objects of a file's control information. With filter_count <= 0, filter
 * NULL, or ICC_GET_ALL_PROPERTIES, returns all of them in the card's order; else one entry for each
 * filter (whose bytes begin with a tag), in the filter's order, with size 0 and data NULL when
 * there is no such object. *found is one allocation, entries and bytes together; NULL when
 * *found_count is 0.
 */
int32_t icc_properties(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                       const struct icc_tlv *filter, int32_t filter_count, uint32_t flags,
                       struct icc_tlv **found, int32_t *found_count);

/*
 * GetFileCapabilities: the same for the most recently opened file that is still open (else the
 * current directory), and the ATR's card service data (43) and card capabilities (47).
 */
int32_t icc_capabilities(struct icc *icc, const struct icc_tlv *filter, int32_t filter_count,
                         uint32_t flags, struct icc_tlv **found, int32_t *found_count);

/*
 * SetProperties: sends PUT DATA for each of count objects in order, up to the first error. Objects
 * that define identity or structure (62 6F 80 81 82 83) are SC_UNSUPPORTED_FEATURE; 8A with 04/06
 * or 05/07 deactivates or activates. Returns SC_INVALID_ARGUMENT for count <= 0, malformed objects
 * and 3-byte tags.
 */
int32_t icc_set_properties(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                           const struct icc_tlv *objects, int32_t count, uint32_t flags);

/* ---- ISCardVerify; every copy of a code is wiped ---- */

/*
 * Verify: code has 1 to 255 bytes, sent as given; ref is 0..255. Without a code the reader asks for
 * it at its own keys, if the profile allows that (SC_TIMEOUT, SC_CANCELLED_BY_USER); otherwise it
 * is SC_INVALID_ARGUMENT. With ICC_CHECK_ONLY there is no code, and SC_NOT_AUTHENTICATED says that
 * one is required. With ICC_LOCAL the code is the current directory's, which is made current first;
 * SC_DIR_NOT_FOUND when it has been left and cannot be selected again. Other errors:
 * SC_INVALID_ARGUMENT, SC_WRONG_CHV, SC_CHV_BLOCKED, SC_INVALID_CHV (wrong length),
 * SC_UNSUPPORTED_FEATURE, the card's, the transport's. A code is sent once; a second time only
 * after 6E00, which no card counts.
 */
int32_t icc_verify(struct icc *icc, const uint8_t *code, size_t code_len, uint32_t flags,
                   int32_t ref);

/*
 * ChangeCode: with ICC_ENABLE first switches verification on; then changes old_code to new_code (if
 * given); then, with ICC_DISABLE, switches verification off. Stops at the first error. Both flags,
 * ICC_CHECK_ONLY, or nothing to do are SC_INVALID_ARGUMENT. With both codes empty, the reader asks
 * for what is needed, as for icc_verify. Errors as icc_verify.
 */
int32_t icc_change_code(struct icc *icc, const uint8_t *old_code, size_t old_len,
                        const uint8_t *new_code, size_t new_len, uint32_t flags, int32_t ref);

/* Unblock: RESET RETRY COUNTER without data; data must be 0 (it is never treated as a pointer). */
int32_t icc_unblock(struct icc *icc, int32_t data, uint32_t flags, int32_t ref);

/*
 * ResetSecurityState, as far as a command can do it. SC_OK: the card has dropped its security
 * state. SC_UNSUPPORTED_FEATURE: it has no command for that, so the caller resets the card and
 * calls icc_untrust, unless flags has ICC_SECURE_MESSAGING, which the caller checks first.
 */
int32_t icc_reset_security(struct icc *icc, uint32_t flags);

/* ---- ISCardAuth: sends only its own command (and SELECT MF once, while the card's class is
 * unknown and the connection is ours) ----
 *
 * algo 0..FFFF: low byte P1, high byte P2 when param is empty; param: empty, or one byte for P2.
 * Anything else is SC_INVALID_ARGUMENT. */

/* GetChallenge: *length in: 0..256, 0 means 8; out: the count in *data. */
int32_t icc_get_challenge(struct icc *icc, int32_t algo, const uint8_t *param, size_t param_len,
                          int32_t *length, uint8_t **data);

/* ICC_Auth, INTERNAL AUTHENTICATE: *length in: the most bytes wanted, 0 for all; out: bytes in
 * *out. */
int32_t icc_internal_authenticate(struct icc *icc, int32_t algo, const uint8_t *param,
                                  size_t param_len, const uint8_t *data, size_t data_len,
                                  int32_t *length, uint8_t **out);

/* APP_Auth, EXTERNAL AUTHENTICATE: data must not be empty (some cards count that as a try). */
int32_t icc_external_authenticate(struct icc *icc, int32_t algo, const uint8_t *param,
                                  size_t param_len, const uint8_t *data, size_t data_len);

/*
 * User_Auth. algo 0: VERIFY, errors as icc_verify; *length becomes 0 and *out NULL (the caller
 * leaves its buffer alone). Otherwise, *length > 0: MUTUAL AUTHENTICATE with the answer in *out;
 * *length 0: EXTERNAL AUTHENTICATE.
 */
int32_t icc_user_authenticate(struct icc *icc, int32_t algo, const uint8_t *param, size_t param_len,
                              const uint8_t *data, size_t data_len, int32_t *length, uint8_t **out);

#endif
