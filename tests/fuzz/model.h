/*
 * The judge of the card service: a plain model of a card's files, which knows nothing of dlls/icc.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dlls/icc drives the simulated card; the model is told what was asked of it, and says which file
 * and which bytes of it that is. After each call the whole tree of the card is compared with the
 * model: a success that brought or changed other bytes, and any change that was not asked for, is a
 * failure. A call that fails may do so, except where the card is an ordinary one and nothing
 * hindered it.
 */

#ifndef TESTS_FUZZ_MODEL_H
#define TESTS_FUZZ_MODEL_H

#include <stdbool.h>

#include "../cards/card.h"
#include "fuzz.h"
#include "icc/icc.h"

#define MODEL_MAX_FILES   64
#define MODEL_MAX_RECORDS 8
#define MODEL_MAX_RECORD  16
#define MODEL_MAX_HANDLES 6
#define MODEL_HEADER      6u /* bytes of an input before its steps */
#define MODEL_STEP        8u /* bytes of a step */
#define MODEL_MAX_STEPS   48
#define MODEL_BIG         33000u  /* bytes of the largest file */
#define MODEL_EVEN        0x7FFF  /* the last offset that READ BINARY with an even INS can name */
#define MODEL_MARK        0x9900u /* the object 85 of a file begins so */

struct model_record
{
    uint8_t bytes[MODEL_MAX_RECORD];
    size_t len;
};

struct model_file
{
    int parent; /* -1: the MF */
    bool gone;
    bool secret; /* never read */
    enum file_structure structure;
    uint16_t fid;
    uint8_t sfi, lcs, coding;
    uint8_t name[FILE_MAX_NAME];
    size_t name_len;
    uint8_t *bytes; /* transparent files: size of them */
    size_t size;
    struct model_record records[MODEL_MAX_RECORDS]; /* cyclic: newest first */
    unsigned count, max;
    size_t record_size;
    int tries;        /* left of the directory's code; -1: it has none */
    int mark;         /* what its object 85 holds; -1: it has none */
    unsigned changes; /* of the number of records */
    struct card_file *real;
};

/* The first file is the MF. */
struct model
{
    struct model_file files[MODEL_MAX_FILES];
    int count;
    uint8_t *room; /* for contents */
    size_t used;
};

/* A place as the caller knows it. */
struct model_place
{
    enum
    {
        PLACE_UNKNOWN, /* wherever the card is */
        PLACE_PATH,
        PLACE_FILE     /* this file, however it is called */
    } kind;
    bool by_name; /* a path below the DF called name, else below the MF */
    uint8_t name[FILE_MAX_NAME];
    size_t name_len;
    unsigned count;
    uint16_t fids[24];
    int file;
};

/* What a call may change on the card; with must it has to. */
struct model_order
{
    enum
    {
        CHANGE_NONE,
        CHANGE_BYTES,  /* [from, from + len) of file become bytes */
        CHANGE_RECORD, /* the record number (from 0) becomes bytes */
        CHANGE_ADD,    /* a record of bytes is appended; in a cyclic file it is the first */
        CHANGE_ANY,    /* whatever the file holds */
        CHANGE_LIFE,   /* the life cycle byte becomes lcs */
        CHANGE_TRIES,  /* tries of a code */
        CHANGE_MARK,   /* the object 85 becomes number */
        CHANGE_DELETE, /* file and all below */
        CHANGE_CREATE  /* a new file in the directory file, like made */
    } kind;
    int file;
    bool must;
    bool partly; /* CHANGE_DELETE: some of what is below may be left */
    size_t from, len;
    unsigned number;
    const uint8_t *bytes;
    uint8_t lcs;
    struct model_file made;
    int created; /* out: the new file, -1 none */
};

struct model_handle
{
    uint32_t value; /* 0: not open */
    int file;
    struct model_place place; /* of the file, or with sfi of its directory */
    uint8_t sfi;
    bool stale;  /* opened on an earlier card */
    bool placed; /* position is known */
    int64_t position;
    unsigned changes; /* of file when it was opened */
};

struct fuzz;

struct client
{
    struct fuzz *fuzz;
    struct icc icc;
    char name;
    bool by_handle;
    bool foreign;  /* by a handle of which nobody sees what the application sends */
    unsigned seen; /* moves of its connection when its last call ended */
    bool astray;   /* what was current may be gone, by another name */
    bool cut;      /* something came between within the call */
    bool left;     /* its own commands have left the directory that others had chosen */
    int32_t lost;  /* what each exchange gives until the client connects again */
    struct model_place current;
    struct model_handle handles[MODEL_MAX_HANDLES];
};

/* What the card can do. */
struct abilities
{
    enum card_family family;
    bool t0, tricky, tells, has_mf, by_path, by_child, names, short_ids, near_only, sizes, fair_end;
    bool lengths; /* READ BINARY tells by its answer how much is left */
};

struct fuzz
{
    struct model model;
    struct card *card;
    uint8_t header[MODEL_HEADER];
    struct abilities can;
    struct client clients[2];
    int owner;                /* the client that nobody else can come between, -1 none */
    bool one_handle;          /* both clients are attached to the same one */
    unsigned moves[2];        /* what was sent over each client's connection */
    unsigned insertions;      /* cards so far */
    unsigned exchanges;       /* in this call */
    unsigned fault_at, fault; /* what happens at which exchange of the next call; 0 nothing */
    FILE *story;
    unsigned step;
    const char *kind; /* of the failure, NULL none */
    char failure[512];
};

/* ---- fuzz_model.c ---- */

/* Notes the first failure. kind is one of few constant strings. */
void model_fail(struct fuzz *fuzz, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Writes to the story, if one is told. */
void model_tell(struct fuzz *fuzz, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sends for dlls/icc. */
int32_t model_transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                       size_t *reply_len);

/* ---- model_tree.c ---- */

/* A new card, and the model of it, as the header says. */
void model_insert(struct fuzz *fuzz);
/* Compares the card with the model, which then becomes like the card. */
void model_settle(struct fuzz *fuzz, struct model_order *order);
int model_child(const struct model *model, int directory, uint16_t fid);
int model_child_by_sfi(const struct model *model, int directory, uint8_t sfi);
int model_of(const struct model *model, const struct card_file *real);
/* Deactivated, itself or a directory above. */
bool model_is_blocked(const struct model *model, int file);
bool model_is_within(const struct model *model, int file, int directory);
/* Path of a file in the tree, for people. */
const char *model_name(const struct model *model, int file);

/* ---- model_path.c ---- */

/* A path as a caller writes it, decoded from three bytes of input. */
struct model_spec
{
    int32_t type;
    enum
    {
        SPEC_RELATIVE,
        SPEC_FROM_MF,
        SPEC_FROM_NAME
    } root;
    unsigned ups, count;
    uint16_t fids[24];
    uint8_t name[FILE_MAX_NAME];
    size_t name_len;
    uint8_t sfi;
    uint16_t text[256];
    size_t length;
    char ascii[256];
};

/* What a spec means. */
struct model_target
{
    struct model_place place; /* with sfi of the directory */
    int file;                 /* -1: there is none */
    int other;                /* may be meant as well, where nobody can tell; -1 none */
    bool certain;
    bool loose; /* whatever the card finds by P1 = 00 from where it is */
};

void model_read_spec(struct fuzz *fuzz, const struct client *client, const uint8_t *bytes,
                     bool files, struct model_spec *spec);
/* before: where the card is when the call begins. */
void model_find(const struct fuzz *fuzz, const struct client *client, const struct model_spec *spec,
                int before, struct model_target *target);
int model_place_find(const struct model *model, const struct model_place *place);
/* Whether an ordinary service gets to this place on this card. */
bool model_can_reach(const struct fuzz *fuzz, const struct model_place *place);
/* The canonical form (GetCurrentDir). */
void model_place_text(const struct model_place *place, char *out, size_t size);
/* The file that a canonical form means, -1 none. */
int model_find_text(const struct model *model, const char *text);

/* ---- model_calls.c ---- */

/* One step of the input. */
void model_step(struct fuzz *fuzz, const uint8_t *bytes);
/* The client's service begins anew on the card. */
void model_attach(struct client *client);
/* What was sent over the client's connection. */
unsigned *model_moves(struct client *client);
/* From now on, or no more, nobody else's command can come between this client's. */
void model_own(struct client *client, bool own);

#endif
