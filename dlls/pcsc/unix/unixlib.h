/*
 * The wire between the two halves of the DLL: what the PE file asks and the unix library answers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One layout serves four compilers: only fixed widths, the 64-bit type aligned to 8 also on i386
 * System V, padding spelt out, every offset asserted below. So 64-bit, new and old WoW64 callers
 * share one function table. Pointers travel zero-extended in a uint64_t. Values are WinSCard's;
 * strings are UTF-8. The function itself always returns 0; the result of the card call is
 * head.result.
 */

#ifndef PCSC_UNIX_UNIXLIB_H
#define PCSC_UNIX_UNIXLIB_H

#include <stddef.h>
#include <stdint.h>

/* Raised with every change of this file; the halves refuse each other when theirs differ. */
#define UNIX_ABI 3u

/* Sizes in bytes of what travels inside a struct. */
#define UNIX_ATR_SIZE    36u   /* Windows's; pcsc-lite's is 33 */
#define UNIX_NAME_SIZE   128u  /* a reader's name with its NUL, pcsc-lite's MAX_READERNAME */
#define UNIX_GROUPS_SIZE 1024u /* a multi-string of groups */
#define UNIX_LIST_SIZE   8192u /* a multi-string of readers */
#define UNIX_TEXT_SIZE   512u
#define UNIX_PATH_SIZE   256u
#define UNIX_FILE_SIZE   4096u /* Linux's PATH_MAX */
#define UNIX_READERS_MAX 32u   /* readers of one wait */
/* The longest command, reply or control data: pcsc-lite's MAX_BUFFER_SIZE_EXTENDED. */
#define UNIX_DATA_MAX 65548u

typedef uint64_t __attribute__((aligned(8))) unix_u64;

enum unix_code
{
    UNIX_QUERY, /* always the first, in every ABI */
    UNIX_ESTABLISH,
    UNIX_RELEASE,
    UNIX_IS_VALID,
    UNIX_LIST_GROUPS,
    UNIX_LIST_READERS,
    UNIX_WAIT,
    UNIX_CANCEL,
    UNIX_CONNECT,
    UNIX_RECONNECT,
    UNIX_DISCONNECT,
    UNIX_BEGIN,
    UNIX_END,
    UNIX_CANCEL_BEGIN,
    UNIX_TRANSMIT,
    UNIX_STATUS,
    UNIX_CONTROL,
    UNIX_GET_ATTRIB,
    UNIX_SET_ATTRIB,
    UNIX_PRIVATE_FILE,
    UNIX_CODES
};

/* Begins every struct, in every ABI. */
struct unix_head
{
    uint32_t size;  /* in: of the whole struct */
    uint32_t abi;   /* in: the caller's UNIX_ABI; out, from UNIX_QUERY: the library's */
    int32_t result; /* out */
    /* in: names a BEGIN, STATUS or RECONNECT that a CANCEL_BEGIN with the same number ends, even
     * when it comes first. Numbers of one card grow, modulo 2^32; 0 is a call that nobody ends. */
    uint32_t ticket;
};

struct unix_query
{
    struct unix_head head;
    char library[UNIX_PATH_SIZE]; /* out: which libpcsclite is loaded, "" when none */
    char file[UNIX_PATH_SIZE];    /* out: the file that this name led to */
    char self[UNIX_PATH_SIZE];    /* out: the file of the unix half itself */
    char socket[UNIX_PATH_SIZE];  /* out: where pcscd is looked for */
    char text[UNIX_TEXT_SIZE];    /* out: cause and remedy when result is not 0 */
};

struct unix_establish
{
    struct unix_head head;
    unix_u64 context;          /* out */
    char text[UNIX_TEXT_SIZE]; /* out: as above */
};

/* RELEASE, IS_VALID, CANCEL. */
struct unix_context
{
    struct unix_head head;
    unix_u64 context;
};

/* LIST_GROUPS, LIST_READERS. */
struct unix_list
{
    struct unix_head head;
    unix_u64 context;
    uint32_t length; /* out: bytes of names, both NULs counted */
    uint32_t padding;
    char groups[UNIX_GROUPS_SIZE]; /* in: a multi-string, empty for all */
    char names[UNIX_LIST_SIZE];    /* out */
};

struct unix_reader_state
{
    uint32_t current;
    uint32_t event;
    uint32_t atr_length;
    uint8_t atr[UNIX_ATR_SIZE];
    char name[UNIX_NAME_SIZE];
};

struct unix_wait
{
    struct unix_head head;
    unix_u64 context;
    uint32_t timeout; /* milliseconds, 0xffffffff without end */
    uint32_t count;
    struct unix_reader_state states[UNIX_READERS_MAX];
};

struct unix_connect
{
    struct unix_head head;
    unix_u64 context;
    unix_u64 card; /* out */
    uint32_t share;
    uint32_t protocols;
    uint32_t protocol; /* out */
    uint32_t padding;
    char name[UNIX_NAME_SIZE];
};

struct unix_reconnect
{
    struct unix_head head;
    unix_u64 card;
    uint32_t share;
    uint32_t protocols;
    uint32_t disposition;
    uint32_t protocol; /* out */
};

/* DISCONNECT, BEGIN, END, CANCEL_BEGIN. */
struct unix_card
{
    struct unix_head head;
    unix_u64 card;
    uint32_t disposition;
    uint32_t padding;
};

struct unix_transmit
{
    struct unix_head head;
    unix_u64 card;
    unix_u64 command; /* address */
    unix_u64 reply;   /* address */
    uint32_t command_length;
    uint32_t reply_length; /* in: room; out: bytes */
};

struct unix_status
{
    struct unix_head head;
    unix_u64 card;
    uint32_t state;
    uint32_t protocol;
    uint32_t atr_length;
    uint8_t atr[UNIX_ATR_SIZE];
};

struct unix_control
{
    struct unix_head head;
    unix_u64 card;
    unix_u64 in;  /* address */
    unix_u64 out; /* address */
    uint32_t code;
    uint32_t in_length;
    uint32_t out_length; /* in: room; out: bytes */
    uint32_t padding;
};

/* GET_ATTRIB, SET_ATTRIB. */
struct unix_attrib
{
    struct unix_head head;
    unix_u64 card;
    unix_u64 value; /* address; 0 asks for the length */
    uint32_t attribute;
    uint32_t length; /* get: in room, out bytes; set: in bytes */
};

struct unix_private_file
{
    struct unix_head head;
    unix_u64 inode;            /* out */
    char name[UNIX_FILE_SIZE]; /* in: a path of this system's */
    char text[UNIX_TEXT_SIZE]; /* out: what is wrong with it when result is not 0 */
};

/* UNIX_FIELDS(X, S): X(struct, field, offset) for every field, S(struct, size) for every struct.
 * The assertions below and the layout test are made of it. */
#define UNIX_FIELDS(X, S) \
    X(unix_head, size, 0) X(unix_head, abi, 4) X(unix_head, result, 8) \
    X(unix_head, ticket, 12) S(unix_head, 16) \
    X(unix_query, head, 0) X(unix_query, library, 16) X(unix_query, file, 272) \
    X(unix_query, self, 528) X(unix_query, socket, 784) X(unix_query, text, 1040) \
    S(unix_query, 1552) \
    X(unix_establish, head, 0) X(unix_establish, context, 16) X(unix_establish, text, 24) \
    S(unix_establish, 536) \
    X(unix_context, head, 0) X(unix_context, context, 16) S(unix_context, 24) \
    X(unix_list, head, 0) X(unix_list, context, 16) X(unix_list, length, 24) \
    X(unix_list, padding, 28) X(unix_list, groups, 32) X(unix_list, names, 1056) \
    S(unix_list, 9248) \
    X(unix_reader_state, current, 0) X(unix_reader_state, event, 4) \
    X(unix_reader_state, atr_length, 8) X(unix_reader_state, atr, 12) \
    X(unix_reader_state, name, 48) S(unix_reader_state, 176) \
    X(unix_wait, head, 0) X(unix_wait, context, 16) X(unix_wait, timeout, 24) \
    X(unix_wait, count, 28) X(unix_wait, states, 32) S(unix_wait, 5664) \
    X(unix_connect, head, 0) X(unix_connect, context, 16) X(unix_connect, card, 24) \
    X(unix_connect, share, 32) X(unix_connect, protocols, 36) X(unix_connect, protocol, 40) \
    X(unix_connect, padding, 44) X(unix_connect, name, 48) S(unix_connect, 176) \
    X(unix_reconnect, head, 0) X(unix_reconnect, card, 16) X(unix_reconnect, share, 24) \
    X(unix_reconnect, protocols, 28) X(unix_reconnect, disposition, 32) \
    X(unix_reconnect, protocol, 36) S(unix_reconnect, 40) \
    X(unix_card, head, 0) X(unix_card, card, 16) X(unix_card, disposition, 24) \
    X(unix_card, padding, 28) S(unix_card, 32) \
    X(unix_transmit, head, 0) X(unix_transmit, card, 16) X(unix_transmit, command, 24) \
    X(unix_transmit, reply, 32) X(unix_transmit, command_length, 40) \
    X(unix_transmit, reply_length, 44) S(unix_transmit, 48) \
    X(unix_status, head, 0) X(unix_status, card, 16) X(unix_status, state, 24) \
    X(unix_status, protocol, 28) X(unix_status, atr_length, 32) X(unix_status, atr, 36) \
    S(unix_status, 72) \
    X(unix_control, head, 0) X(unix_control, card, 16) X(unix_control, in, 24) \
    X(unix_control, out, 32) X(unix_control, code, 40) X(unix_control, in_length, 44) \
    X(unix_control, out_length, 48) X(unix_control, padding, 52) S(unix_control, 56) \
    X(unix_attrib, head, 0) X(unix_attrib, card, 16) X(unix_attrib, value, 24) \
    X(unix_attrib, attribute, 32) X(unix_attrib, length, 36) S(unix_attrib, 40) \
    X(unix_private_file, head, 0) X(unix_private_file, inode, 16) \
    X(unix_private_file, name, 24) X(unix_private_file, text, 4120) S(unix_private_file, 4632)

#define UNIX_ASSERT_OFFSET(name, field, offset) \
    _Static_assert(offsetof(struct name, field) == (offset), #name "." #field);
#define UNIX_ASSERT_SIZE(name, bytes) _Static_assert(sizeof(struct name) == (bytes), #name);
UNIX_FIELDS(UNIX_ASSERT_OFFSET, UNIX_ASSERT_SIZE)

#endif
