/*
 * Functions that the files of dlls/icc share: open files, sending, selecting.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_INTERNAL_H
#define ICC_INTERNAL_H

#include "icc.h"
#include "iso7816/ins.h"
#include "iso7816/result.h"
#include "iso7816/sw.h"
#include "iso7816/tlv.h"
#include "iso7816/wipe.h"

/* Room for the answer to a short command, and more for cards that send more than requested. */
#define ICC_REPLY_ROOM 1026u
/* Room for the answer to SELECT that is kept with a file: more than one short answer can hold. */
#define ICC_ANSWER_ROOM 1024u
/* The largest offset that P1 P2 can express (ISO 7816-4 7.2.2). */
#define ICC_MAX_SHORT_OFFSET 0x7FFFu

/* An answer: len bytes of data, not including sw. */
struct icc_reply
{
    uint8_t bytes[ICC_REPLY_ROOM];
    size_t len;
    uint16_t sw;
};

/* An open file. */
struct icc_file
{
    struct icc_file *next;
    uint32_t handle;
    uint32_t generation;
    struct path path; /* absolute, or relative to an unknown directory; sfi: opened by it */
    uint32_t here;    /* the nameless directory in which a relative path begins */
    uint32_t turn;    /* value of turn in struct icc when it was opened */
    struct fcp fcp;
    uint32_t unit;             /* bytes in a data unit, found out by reading; 0: not yet */
    enum icc_tristate records; /* accessed by records; unknown: by bytes until the card objects */
    uint32_t position;         /* bytes or records */
    uint32_t short_end; /* end of an answer that was shorter than requested; 0: there was none */
    int is_new;         /* being filled after CREATE */
    size_t answer_len;
    uint8_t answer[ICC_ANSWER_ROOM]; /* to SELECT, as received */
};

/* The kind of file that the caller of a selection wants. */
enum icc_want
{
    ICC_WANT_ANY,
    ICC_WANT_DF,
    ICC_WANT_EF
};

/* The result of a SELECT. */
struct icc_target
{
    struct fcp fcp;
    int anywhere; /* found by P1 = 00, which also looks in other places */
    size_t len;
    uint8_t answer[ICC_ANSWER_ROOM];
};

/* ---- life.c ---- */

/* Must be called first by every function that may send: ends what was known for one call only. */
void icc_start_call(struct icc *icc);

/* Returns SC_INVALID_ARGUMENT for undefined flags, SC_UNSUPPORTED_FEATURE for secure messaging. */
int32_t icc_check_flags(uint32_t flags);

/* Treats the card according to profile from now on. The class stays. */
void icc_use_profile(struct icc *icc, const struct icc_profile *profile);

/* Allocate memory that icc_free wipes; NULL when there is none. icc_grow moves used bytes to new
 * memory and frees the old; on failure it returns NULL and the old stays. */
void *icc_alloc(size_t size);
void *icc_grow(void *memory, size_t used, size_t size);

/* ---- send.c ---- */

/* Ways of sending a command. */
#define ICC_SEND_SECRET 1u /* repeat only after 6E00; wipe reply and command */
#define ICC_SEND_ADMIN  2u /* use the profile's admin class first */
#define ICC_SEND_EXACT  4u /* exactly ne bytes are wanted, even when that is 256 */

/*
 * Sends one command under the card's class (cmd->cla is ignored), probing classes while none is
 * confirmed. Data longer than 255 bytes are sent extended or chained, else SC_UNSUPPORTED_FEATURE;
 * a long answer is requested by an extended Le or by Le = 00. room and reply as in
 * exchange_command, but *len counts data only. Returns SC_OK when the card answered.
 */
int32_t icc_send_into(struct icc *icc, const struct apdu *cmd, unsigned how, uint8_t *reply,
                      size_t room, size_t *len, uint16_t *sw);

/* The same with a reply of fixed size. */
int32_t icc_send(struct icc *icc, const struct apdu *cmd, unsigned how, struct icc_reply *reply);

/* Sends an instruction of the profile; SC_UNSUPPORTED_FEATURE when the card lacks it. */
int32_t icc_send_instruction(struct icc *icc, const struct icc_instruction *instruction,
                             struct apdu *cmd, unsigned how, struct icc_reply *reply);

/* The next smaller Le or Lc to try after 6700, which is remembered; 0 when there is none. */
uint16_t icc_lower_le(struct icc *icc, uint32_t tried);
uint16_t icc_lower_lc(struct icc *icc, uint32_t tried);

/* ---- refer.c ---- */

/* A caller's text, parsed and resolved against the current directory. */
struct icc_reference
{
    struct path written; /* as parsed */
    struct path path;    /* absolute, or relative when the current directory is unknown; sfi as
                          * written */
};

/* True (1) when relative paths begin where the card is, without asking whether that is its MF: the
 * application has chosen that directory since exclusive was set, and asking would leave it. */
int icc_is_chosen(const struct icc *icc);

/* Makes a relative path absolute if its directory turns out to be the MF, else returns
 * SC_DIR_NOT_FOUND. Sends SELECT for the directory above, once. Other errors are the
 * transport's. */
int32_t icc_settle_place(struct icc *icc, struct path *path);

/* Makes the current directory current on the card. One that cannot be selected (without a name, or
 * the MF of a card that lets nobody select it) must be where the application has left the card
 * since exclusive was set, with no command of ours after that, even one that failed:
 * SC_DIR_NOT_FOUND. Other errors are those of icc_ensure_dir. */
int32_t icc_ensure_current(struct icc *icc);

/* Fills in ref. Errors of path_parse and path_resolve; sends nothing. */
int32_t icc_refer(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                  struct icc_reference *ref);

/* icc_select for the file that ref names, with alternatives for cards without MF and for names. On
 * success ref->path is the path that worked. */
int32_t icc_select_reference(struct icc *icc, struct icc_reference *ref, enum icc_want want,
                             struct icc_target *out);

/* The same for a file or directory that is to be changed, never in an unknown directory
 * (icc_settle_place). */
int32_t icc_select_to_change(struct icc *icc, struct icc_reference *ref, struct icc_target *out);

/* ---- select.c ---- */

/*
 * True when a directory without a name may still be current: a chosen one, if nobody can have left
 * it since; the one that the application has chosen on its own connection, under a lock; else the
 * card's initial one, if no command of ours has left it.
 */
int icc_is_here(const struct icc *icc);

/*
 * Selects path (without its sfi) and returns what was found. Always asks the card: from a known
 * position, else from the MF or the name. Returns SC_FILE_NOT_FOUND, or SC_DIR_NOT_FOUND for a
 * wanted DF or another component of the path; SC_NO_FILE, SC_NO_DIR for the wrong kind;
 * SC_UNSUPPORTED_FEATURE when the card does not reveal whether a component of the path is a
 * directory. If it does not reveal the kind of the file itself (unknown), the file is accepted.
 */
int32_t icc_select(struct icc *icc, const struct path *path, enum icc_want want,
                   struct icc_target *out);

/* Notes that the card has proven the place of path and of all directories above it. */
void icc_note_proven(struct icc *icc, const struct path *path);

/* Makes path (without its sfi) the current DF of the card; sends nothing when it is known to be.
 * Returns SC_OK only when that is certain. Errors of icc_select. */
int32_t icc_ensure_dir(struct icc *icc, const struct path *path);

/* ---- select_command.c ---- */

/* Selects the MF. out may be NULL. Returns SC_DIR_NOT_FOUND, with card.no_mf set, when there is
 * none. */
int32_t icc_select_mf(struct icc *icc, struct icc_target *out);

/* Confirms the class by SELECT MF, where that is allowed, before a command that is sent only
 * once. */
int32_t icc_confirm_class(struct icc *icc);

/* ---- file.c ---- */

/* How many of n bytes at an offset (in the file's units) to transfer at once when left bytes
 * remain. Without odd instructions the last chunk must begin at an offset that P1 P2 can
 * express. */
uint32_t icc_cut_chunk(const struct icc *icc, const struct icc_file *file, uint32_t offset,
                       uint32_t n, size_t left);

/* Finds an open file of this card. Returns SC_INVALID_ARGUMENT or SC_INVALID_HANDLE when it is
 * none. */
int32_t icc_file_find(struct icc *icc, uint32_t handle, struct icc_file **file);

/* Makes the file's EF current or, for a file opened by short id, its directory. Returns
 * SC_INVALID_HANDLE when it may not be the file that was opened. */
int32_t icc_file_ensure(struct icc *icc, struct icc_file *file);

/* True (1) when commands for file must name its short id, as it is not the current EF. */
int icc_file_by_sfi(const struct icc *icc, const struct icc_file *file);

/* Makes a file that was opened by short id current, if it is not, by READ BINARY of one byte. */
int32_t icc_file_enter(struct icc *icc, struct icc_file *file);

/* Sets P1 and P2 to an offset, or to a short id and an offset; enters the file if these cannot
 * express the offset. Returns SC_BAD_SEEK for an offset beyond ICC_MAX_SHORT_OFFSET. */
int32_t icc_file_address(struct icc *icc, struct icc_file *file, uint32_t offset, struct apdu *cmd);

/* The last three bits of P2 in commands for records: P1 is the record's number; the record before
 * the current one, which is the one written last. */
#define ICC_RECORD_NUMBER   4
#define ICC_RECORD_PREVIOUS 3

/* P2 with one of these, or 0. */
uint8_t icc_record_p2(const struct icc *icc, const struct icc_file *file, uint8_t mode);

/* The length in the file's own unit, bytes or records: returns 1 and *size when it is known. */
int icc_file_size(const struct icc_file *file, uint32_t *size);

/* The largest multiple of unit that is not above n; n when there is none. */
uint32_t icc_round_down(uint32_t n, uint32_t unit);

/* Opens path (sfi: by short id) as file, which the caller has zeroed and which is in no list. */
int32_t icc_file_open(struct icc *icc, const struct path *path, struct icc_file *file);

/* True (1) when file is accessed in records. */
int icc_file_is_records(const struct icc_file *file);

/* True (1), once for each file, when sw says that the file is not a transparent one: it is then
 * treated as a record file. */
int icc_file_other_structure(struct icc_file *file, uint16_t sw);

/* Writes the data object 54 with an offset (2 to 4 bytes); returns its length, at most 6. */
size_t icc_put_offset(uint8_t *out, uint32_t offset);

/* Frees all open files. */
void icc_files_free(struct icc *icc);

/* The open file of this card that has a FID, is in path's directory and has path's short id. */
const struct icc_file *icc_file_by_short_id(const struct icc *icc, const struct path *path);

/* ---- read.c, write.c ---- */

/* Reads at most want bytes, or one record, and advances the position; *data is new memory, or
 * NULL. */
int32_t icc_file_read(struct icc *icc, struct icc_file *file, size_t want, uint8_t **data,
                      size_t *len);

/* Fills a new file from its beginning, record by record if it has records. */
int32_t icc_file_fill(struct icc *icc, struct icc_file *file, const uint8_t *data, size_t len);

/* READ BINARY of *n bytes at an offset in the file's units, which need not be known; the odd
 * instruction lowers *n to what it can bring. Errors are the transport's. */
int32_t icc_file_read_at(struct icc *icc, struct icc_file *file, uint32_t offset, uint32_t *n,
                         struct icc_reply *reply);

/* True (1) when a READ BINARY that is not the first one was refused because the file, or the part
 * of it that can be reached (odd: by the odd instruction), has ended. */
int icc_file_is_end(const struct icc_file *file, uint16_t sw, int odd);

/* ---- unit.c ---- */

/* Bytes in a data unit of file, in which offsets count: as found out, else as told by the card or
 * the profile, else 1. */
uint32_t icc_file_unit(const struct icc *icc, const struct icc_file *file);

/*
 * Must be called before any offset but 0 is used, with the file ensured: where neither card nor
 * profile has told the data unit, it is found out by reading. Returns SC_UNSUPPORTED_FEATURE when
 * that shows none, or more than one; when the file could not be read, *refusal is what the card
 * said to that, else 0. May find out that it is a file of records, which has no units. Other errors
 * are the transport's.
 */
int32_t icc_file_know_unit(struct icc *icc, struct icc_file *file, uint16_t *refusal);

/* ---- directory.c ---- */

#define ICC_MAX_LIST 512u

/* Lists the FIDs in the directory that was just selected. Returns SC_NOT_IMPLEMENTED when there is
 * no command for it. */
int32_t icc_list(struct icc *icc, uint16_t *fids, size_t *count);

/* ---- create.c ---- */

/* True when size bytes at data are exactly one BER-TLV object, which is stored in *out. */
int icc_is_object(const struct icc_tlv *object, struct tlv *out);

/* ---- invalidate.c ---- */

/* DEACTIVATE or ACTIVATE for the file that ref names. */
int32_t icc_switch_file(struct icc *icc, struct icc_reference *ref, int activate);

#endif
