/*
 * What the files of dlls/icc share: open files, sending, selecting.
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

/* Room for the answer to a short command, with some for cards that send more than was asked. */
#define ICC_REPLY_ROOM 1026u
/* Answers to SELECT that are kept with a file: more than one short answer can hold. */
#define ICC_ANSWER_ROOM 1024u
/* Offsets that P1 P2 can say (ISO 7816-4 7.2.2). */
#define ICC_MAX_SHORT_OFFSET 0x7FFFu

/* An answer: len bytes of data; sw is not among them. */
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
    struct path path; /* absolute, or relative where nothing is known; sfi: opened by it */
    uint32_t here;    /* which directory without a name a relative path begins in */
    uint32_t turn;    /* when it was opened, as in struct icc */
    struct fcp fcp;
    enum icc_tristate records; /* read in records; unknown: bytes until the card objects */
    uint32_t position;         /* bytes or records */
    uint32_t short_end; /* behind an answer that was shorter than asked for; 0: there was none */
    int is_new;         /* being filled after CREATE */
    size_t answer_len;
    uint8_t answer[ICC_ANSWER_ROOM]; /* to SELECT, as received */
};

/* What the caller of a selection wants to find. */
enum icc_want
{
    ICC_WANT_ANY,
    ICC_WANT_DF,
    ICC_WANT_EF
};

/* What a file is about to be used for. */
enum icc_access
{
    ICC_READING,
    ICC_WRITING
};

/* What a SELECT found. */
struct icc_target
{
    struct fcp fcp;
    int anywhere; /* P1 = 00 found it, which looks in other places too */
    size_t len;
    uint8_t answer[ICC_ANSWER_ROOM];
};

/* ---- life.c ---- */

/* To be called first by every function that may send: ends what was known for one call only. */
void icc_start_call(struct icc *icc);

/* SC_INVALID_ARGUMENT for undefined flags, SC_UNSUPPORTED_FEATURE for secure messaging. */
int32_t icc_check_flags(uint32_t flags);

/* Treats the card as one of profile's from now on. The class stays. */
void icc_use_profile(struct icc *icc, const struct icc_profile *profile);

/* Memory for callers, which icc_free wipes; NULL when there is none. icc_grow moves used bytes to
 * new memory and frees the old; on failure it returns NULL and the old stays. */
void *icc_alloc(size_t size);
void *icc_grow(void *memory, size_t used, size_t size);

/* ---- send.c ---- */

/* How a command is sent. */
#define ICC_SEND_SECRET 1u /* sent again after 6E00 only; reply and command are wiped */
#define ICC_SEND_ADMIN  2u /* with the profile's admin class first */
#define ICC_SEND_EXACT  4u /* ne bytes are wanted and no more, also when they are 256 */

/*
 * Sends one command under the card's class (cmd->cla is ignored), probing classes while none is
 * confirmed. Data longer than 255 bytes go extended or chained, or SC_UNSUPPORTED_FEATURE; a long
 * answer is asked for extended or by Le = 00.
 * room/reply as exchange_command, but *len counts data only. SC_OK when the card answered.
 */
int32_t icc_send_into(struct icc *icc, const struct apdu *cmd, unsigned how, uint8_t *reply,
                      size_t room, size_t *len, uint16_t *sw);

/* The same with a reply of fixed size. */
int32_t icc_send(struct icc *icc, const struct apdu *cmd, unsigned how, struct icc_reply *reply);

/* Sends an instruction of the profile: SC_UNSUPPORTED_FEATURE when the card has it not. */
int32_t icc_send_instruction(struct icc *icc, const struct icc_instruction *instruction,
                             struct apdu *cmd, unsigned how, struct icc_reply *reply);

/* The next smaller Le or Lc to try after 6700: 0 when there is none. Remembers it. */
uint16_t icc_lower_le(struct icc *icc, uint32_t tried);
uint16_t icc_lower_lc(struct icc *icc, uint32_t tried);

/* ---- refer.c ---- */

/* Parses text against the current directory; see struct icc_reference. */
struct icc_reference
{
    struct path written; /* as parsed */
    struct path path;    /* absolute, or relative when the current directory is not known; sfi
                           * as written */
};

/* Makes a relative path absolute when its directory turns out to be the MF, else it is
 * SC_DIR_NOT_FOUND. Sends SELECT for the directory above, once. The transport's errors. */
int32_t icc_settle_place(struct icc *icc, struct path *path);

/* Fills ref. Errors of path_parse and path_resolve; sends nothing. */
int32_t icc_refer(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                  struct icc_reference *ref);

/* icc_select for what ref names, with the ways out for cards without MF and for names. On success
 * ref->path is the path that worked. */
int32_t icc_select_reference(struct icc *icc, struct icc_reference *ref, enum icc_want want,
                             struct icc_target *out);

/* The same for a file or directory that is about to be changed: never in a directory that is not
 * known (icc_settle_place). */
int32_t icc_select_to_change(struct icc *icc, struct icc_reference *ref, struct icc_target *out);

/* ---- select.c ---- */

/*
 * Whether a directory without a name may still be current: one that was chosen, while nobody can
 * have left it since; what the application has chosen on its own connection, under a lock; else
 * the one that the card began in, if nothing of ours has left it.
 */
int icc_is_here(const struct icc *icc);

/*
 * Selects path (without its sfi) and says what was found. Always asks the card: from a position
 * that is known, else from the MF or the name. SC_FILE_NOT_FOUND or (want DF, or a component on
 * the way) SC_DIR_NOT_FOUND; SC_NO_FILE, SC_NO_DIR for the wrong kind; SC_UNSUPPORTED_FEATURE
 * when the card does not show whether a component on the way is a directory. What the card does not
 * say of the file itself (kind unknown) passes as what is wanted.
 */
int32_t icc_select(struct icc *icc, const struct path *path, enum icc_want want,
                   struct icc_target *out);

/* The card has shown that path is where it says, and all directories above it. */
void icc_note_proven(struct icc *icc, const struct path *path);

/* Makes path (without its sfi) the current DF of the card; sends nothing when it is known to be.
 * SC_OK only when it is sure to be. Errors of icc_select. */
int32_t icc_ensure_dir(struct icc *icc, const struct path *path);

/* ---- select_command.c ---- */

/* Selects the MF. out may be NULL. SC_DIR_NOT_FOUND, with card.no_mf set, when there is none. */
int32_t icc_select_mf(struct icc *icc, struct icc_target *out);

/* Confirms the class by SELECT MF where that is allowed, before something is sent once only. */
int32_t icc_confirm_class(struct icc *icc);

/* ---- file.c ---- */

/* How many of n bytes at an offset (in units of the file) to move at once when left are to be:
 * without odd instructions the last chunk has to begin at an offset that P1 P2 can say. */
uint32_t icc_cut_chunk(const struct icc *icc, const struct icc_file *file, uint32_t offset,
                       uint32_t n, size_t left);

/* Finds an open file of this card: SC_INVALID_ARGUMENT, SC_INVALID_HANDLE. */
int32_t icc_file_find(struct icc *icc, uint32_t handle, struct icc_file **file);

/* Makes the file's EF current, or for a file opened by short id its directory. SC_INVALID_HANDLE
 * when it cannot be sure that this is still the file that was opened. */
int32_t icc_file_ensure(struct icc *icc, struct icc_file *file, enum icc_access access);

/* True (1) when commands for file must name its short id (it is not the current EF). */
int icc_file_by_sfi(const struct icc *icc, const struct icc_file *file);

/* Makes a file that was opened by short id current, if it is not, with READ BINARY of one byte. */
int32_t icc_file_enter(struct icc *icc, struct icc_file *file);

/* Sets P1 and P2 to an offset, or to a short id and an offset; enters the file where that cannot
 * say the offset. SC_BAD_SEEK for an offset beyond ICC_MAX_SHORT_OFFSET. */
int32_t icc_file_address(struct icc *icc, struct icc_file *file, uint32_t offset, struct apdu *cmd);

/* P2 for a record that P1 names (4) or for the one written last (3). */
uint8_t icc_record_p2(const struct icc *icc, const struct icc_file *file, uint8_t mode);

/* The length in the file's own unit, bytes or records: 1 and *size when it is known. */
int icc_file_size(const struct icc_file *file, uint32_t *size);

/* The largest multiple of unit that is not above n; n when there is none. */
uint32_t icc_round_down(uint32_t n, uint32_t unit);

/* Opens path (sfi: by short id) as file, which is zeroed by the caller and in no list. */
int32_t icc_file_open(struct icc *icc, const struct path *path, struct icc_file *file);

/* True (1) when file is accessed in records. */
int icc_file_is_records(const struct icc_file *file);

/* True (1), once a file, when sw says that the file is not what it was taken for: it is now taken
 * for a record file. */
int icc_file_other_structure(struct icc_file *file, uint16_t sw);

/* Writes the data object 54 that names an offset (2 to 4 bytes); returns its length, at most 6. */
size_t icc_put_offset(uint8_t *out, uint32_t offset);

/* Frees all open files. */
void icc_files_free(struct icc *icc);

/* The open file of this card with a FID that is in the directory and has the short id of path. */
const struct icc_file *icc_file_by_short_id(const struct icc *icc, const struct path *path);

/* ---- read.c, write.c ---- */

/* Reads at most want bytes, or one record; *data is new memory, or NULL. The position follows. */
int32_t icc_file_read(struct icc *icc, struct icc_file *file, size_t want, uint8_t **data,
                      size_t *len);

/* Fills a new file from its beginning, record by record where it has records. */
int32_t icc_file_fill(struct icc *icc, struct icc_file *file, const uint8_t *data, size_t len);

/* ---- directory.c ---- */

#define ICC_MAX_LIST 512u

/* Lists the FIDs in the directory that was just selected. SC_NOT_IMPLEMENTED: no command. */
int32_t icc_list(struct icc *icc, uint16_t *fids, size_t *count);

/* ---- create.c ---- */

/* Whether size bytes at data are exactly one BER-TLV object, which *out becomes. */
int icc_is_object(const struct icc_tlv *object, struct tlv *out);

/* ---- invalidate.c ---- */

/* DEACTIVATE or ACTIVATE for the file that path names. */
int32_t icc_switch_file(struct icc *icc, struct icc_reference *ref, int activate);

#endif
