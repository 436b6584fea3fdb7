/*
 * scardtool: what a file of text asks of the registry, in its order.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The readers of registry files and of setup information files make such lists out of hostile
 * text. They and this know nothing of Windows: text is UTF-16 in uint16_t.
 */

#ifndef SCARDTOOL_REGOPS_H
#define SCARDTOOL_REGOPS_H

#include <stddef.h>
#include <stdint.h>

/* A file that asks for more entries, or whose entries need more bytes, is refused. */
#define REGOPS_COUNT_MAX  500000
#define REGOPS_MEMORY_MAX 0x4000000

/* Types of registry values (winnt.h). */
enum regops_type
{
    REGOPS_NONE = 0,
    REGOPS_SZ = 1,
    REGOPS_EXPAND_SZ = 2,
    REGOPS_BINARY = 3,
    REGOPS_DWORD = 4,
    REGOPS_LINK = 6,
    REGOPS_MULTI_SZ = 7
};

enum regop_kind
{
    REGOP_KEY,           /* make the key */
    REGOP_DELETE_KEY,    /* with all that is below it */
    REGOP_SET,           /* a value, and make its key */
    REGOP_DELETE_VALUE,
    REGOP_APPEND,        /* the strings of data to a value of type MULTI_SZ that is there */
    REGOP_DELETE_STRING, /* the string in data from such a value */
    /* What cannot be done: */
    REGOP_UNREAD,        /* an entry that is malformed; why says how */
    REGOP_DIRECTIVE,     /* work of a setup program: path is its section, name the directive */
    REGOP_SECTION        /* nothing to do: the entries of the section name follow */
};

enum regop_root
{
    REGOP_LOCAL_MACHINE,
    REGOP_CURRENT_USER,
    REGOP_CLASSES_ROOT,
    REGOP_USERS,
    REGOP_CURRENT_CONFIG,
    REGOP_DYN_DATA,
    REGOP_DRIVER,  /* HKR: the key of the driver that is being installed */
    REGOP_NO_ROOT, /* path is what stands in the place of root and key */
    REGOP_ROOTS
};

/* Conditions. */
#define REGOP_IF_KEY      0x01 /* when the key is there; it is not made */
#define REGOP_IF_VALUE    0x02
#define REGOP_IF_NO_VALUE 0x04
/* Which registry view is meant; neither: that of the program. */
#define REGOP_VIEW_64 0x08
#define REGOP_VIEW_32 0x10

struct regop
{
    enum regop_kind kind;
    enum regop_root root;
    unsigned flags;
    unsigned line;        /* in the file, from 1 */
    const uint16_t *path; /* below the root, never NULL; entries of one key share the pointer */
    const uint16_t *name; /* of the value, "" for the key's default one */
    uint32_t type;
    const uint8_t *data; /* as the registry stores it */
    size_t size;         /* bytes */
    const char *why;
};

struct regops
{
    struct regop *ops;
    size_t count;
    /* The rest is private. */
    size_t room, memory;
    struct regops_block *blocks;
    const char *refused;
};

/* Begins an empty list; regops_free ends one, whatever became of it. */
void regops_init(struct regops *ops);
void regops_free(struct regops *ops);

/*
 * Memory that lives as long as the list, aligned for any type. NULL when there is no more; the list
 * is refused then: regops_refused says why in a few words, and is NULL else.
 */
void *regops_alloc(struct regops *ops, size_t size);
const char *regops_refused(const struct regops *ops);

/* Copies of length units, NUL-terminated, and of bytes; NULL as above. */
const uint16_t *regops_text(struct regops *ops, const uint16_t *text, size_t length);
const uint8_t *regops_bytes(struct regops *ops, const void *bytes, size_t size);

/* Appends *op, whose pointers are the list's own or static; path or name NULL become "". */
void regops_add(struct regops *ops, const struct regop *op);

/* ---- text ---- */

size_t regops_length(const uint16_t *text);
/* Compares without regard to case (Latin, Greek and Cyrillic letters): true (1) when equal. */
int regops_same(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length);
/* The same with ASCII text. */
int regops_is(const uint16_t *text, size_t length, const char *ascii);

/* "HKEY_LOCAL_MACHINE" and "HKLM"; NULL when a root has no such name. */
const char *regops_root_name(enum regop_root root);
const char *regops_root_short(enum regop_root root);

#endif
