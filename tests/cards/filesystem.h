/*
 * The files of the simulated card: a tree of DFs and EFs with their codes, keys and data objects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_FILESYSTEM_H
#define SIMCARD_FILESYSTEM_H

#include "bytes.h"

#define FILE_MAX_SIZE    0x100000u /* bytes of a transparent file */
#define FILE_MAX_RECORDS 254u
#define FILE_MAX_NAME    16u
#define FILE_MF          0x3f00u

enum file_structure
{
    FILE_DF,
    FILE_TRANSPARENT,
    FILE_LINEAR_FIXED,
    FILE_LINEAR_VARIABLE,
    FILE_CYCLIC
};

/* What an access condition guards. */
enum file_operation
{
    OP_READ,
    OP_UPDATE,
    OP_WRITE,
    OP_ERASE,
    OP_APPEND,
    OP_CREATE,
    OP_DELETE,
    OP_ACTIVATE,
    OP_DEACTIVATE,
    OP_PUT,
    OP_COUNT
};

/* Life cycle status bytes (ISO 7816-4, 5.3.3.2). */
enum
{
    LCS_CREATION = 0x01,
    LCS_INITIALISATION = 0x03,
    LCS_DEACTIVATED = 0x04,
    LCS_ACTIVATED = 0x05,
    LCS_TERMINATED = 0x0c
};

/* All that is set is needed; chv and key are numbers looked up from the file upwards, 0 none. */
struct condition
{
    bool never;
    uint8_t chv;
    uint8_t key;
};

struct chv
{
    struct chv *next;
    uint8_t number; /* 1 to 31 */
    struct bytes code;
    struct bytes puk; /* empty: no resetting code */
    uint8_t tries, tries_left;
    uint8_t puk_tries, puk_left;
    bool enabled;
    bool verified;
    struct condition reset; /* for RESET RETRY COUNTER without a resetting code */
};

struct key
{
    struct key *next;
    uint8_t number; /* 1 to 31 */
    uint8_t value[8];
    uint8_t tries, tries_left;
    bool authenticated;
};

struct data_object
{
    struct data_object *next;
    uint32_t tag;
    struct bytes value;
    struct condition get, put;
    bool in_fci;
};

struct card_file
{
    struct card_file *parent, *children, *next;
    enum file_structure structure;
    uint16_t fid;
    uint8_t lcs;
    uint8_t sfi;         /* 1 to 30, 0 none */
    uint8_t data_coding; /* data coding byte of tag 82 */
    uint8_t name[FILE_MAX_NAME];
    size_t name_len;
    struct condition access[OP_COUNT];
    struct bytes fci; /* when fci_fixed: the whole answer to SELECT instead of the true one */
    bool fci_fixed;
    struct data_object *objects;
    struct chv *chvs;      /* DFs only */
    struct key *keys;      /* DFs only */
    struct bytes content;  /* transparent */
    struct bytes *records; /* record_count of record_max; cyclic: newest first */
    unsigned record_count, record_max;
    size_t record_size; /* fixed size, or the largest of a variable one */
};

/* Creates an activated file and links it as the last child of parent (NULL: a root). */
struct card_file *file_create(struct card_file *parent, enum file_structure structure,
                              uint16_t fid);
/* Unlinks and frees the file and all below it. NULL is allowed. */
void file_destroy(struct card_file *file);
/* Gives a record file room for max records (max <= FILE_MAX_RECORDS) of at most size bytes. */
void file_set_records(struct card_file *file, unsigned max, size_t size);

bool file_is_df(const struct card_file *file);
bool file_has_records(const struct card_file *file);
/* The DF of an EF, a DF itself. */
struct card_file *file_df(struct card_file *file);
/* True when file is df or lies below it. */
bool file_is_within(const struct card_file *file, const struct card_file *df);
/* Deactivated or terminated, itself or a DF above it. */
bool file_is_blocked(const struct card_file *file);
struct card_file *file_child(const struct card_file *df, uint16_t fid);
struct card_file *file_child_by_sfi(const struct card_file *df, uint8_t sfi);
/* The next file of the tree in depth-first order, NULL after the last. */
struct card_file *file_walk(struct card_file *file);
/* The byte value that erased memory reads as: FF where WRITE is a logical AND, else 00. */
uint8_t file_erased_value(const struct card_file *file);

/* Bytes of content, and of content with structure (2 bytes a record, 16 a file). */
size_t file_size(const struct card_file *file);
size_t file_total_size(const struct card_file *file);
/* Bytes that the tree below and including file takes. */
size_t file_tree_size(struct card_file *file);

/* Nearest CHV, key or data object of that number: file's DF first, then upwards. */
struct chv *file_find_chv(const struct card_file *file, uint8_t number);
struct key *file_find_key(const struct card_file *file, uint8_t number);
struct data_object *file_find_object(const struct card_file *file, uint32_t tag);
/* Adds an empty one to file itself. */
struct chv *file_add_chv(struct card_file *file, uint8_t number);
struct key *file_add_key(struct card_file *file, uint8_t number);
struct data_object *file_add_object(struct card_file *file, uint32_t tag);
/* Forgets what was verified in this DF alone. */
void file_clear_security(struct card_file *df);

#endif
