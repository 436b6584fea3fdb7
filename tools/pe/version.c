/*
 * The strings of a PE file's version resource. Every read is checked against the file's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The layout is that of Microsoft's pages "PE Format" (the .rsrc section) and "VS_VERSIONINFO".
 */

#include "version.h"

#define TYPE_VERSION 16
#define SUBDIRECTORY 0x80000000u

/* ---- the tree of resources ---- */

/*
 * The entry of a table of resources at offset: the one with that number, or with 0 the first. What
 * it leads to, relative to the tree, with SUBDIRECTORY for a table; 0 without one.
 */
static uint32_t find_entry(const struct pe_image *image, size_t offset, uint32_t id)
{
    size_t count, i, entry;

    if (!pe_inside(image, offset, 16))
        return 0;
    count = pe_get16(image, offset + 12) + pe_get16(image, offset + 14);
    if (!pe_inside(image, offset + 16, count * 8))
        return 0;
    for (i = 0; i < count; i++)
    {
        entry = offset + 16 + i * 8;
        if (!id || pe_get32(image, entry) == id)
            return pe_get32(image, entry + 4);
    }
    return 0;
}

/* Where the version resource lies, *size bytes; 0 when there is none. */
static size_t find_resource(const struct pe_image *image, size_t *size)
{
    uint32_t rva = pe_directory(image, PE_RESOURCES), next;
    size_t tree = rva ? pe_offset(image, rva) : image->size, data;
    int level;

    next = find_entry(image, tree, TYPE_VERSION);
    for (level = 0; level < 2; level++) /* the name, the language */
        next = next & SUBDIRECTORY ? find_entry(image, tree + (next & ~SUBDIRECTORY), 0) : 0;
    if (!next || (next & SUBDIRECTORY) || !pe_inside(image, tree + next, 16))
        return 0;
    data = pe_offset(image, pe_get32(image, tree + next));
    *size = pe_get32(image, tree + next + 4);
    return pe_inside(image, data, *size) ? data : 0;
}

/* ---- the resource ---- */

/* A node of the tree in it: its key, then its value, then others. Offsets in the file. */
struct node
{
    size_t start; /* of the resource, from which all is aligned */
    size_t key, value, value_end, children, end;
};

static size_t aligned(size_t start, size_t offset)
{
    return start + ((offset - start + 3) & ~(size_t)3);
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Reads the node at offset, which ends before end. 0 when there is none. */
static int read_node(const struct pe_image *image, size_t start, size_t offset, size_t end,
                     struct node *node)
{
    size_t length, value_size, at;

    if (offset > end || end - offset < 6)
        return 0;
    length = pe_get16(image, offset);
    value_size = pe_get16(image, offset + 2);
    if (pe_get16(image, offset + 4))
        value_size *= 2; /* text: counted in units */
    if (length < 6 || length > end - offset)
        return 0;
    node->start = start;
    node->end = offset + length;
    node->key = at = offset + 6;
    while (at + 2 <= node->end && pe_get16(image, at))
        at += 2;
    if (at + 2 > node->end)
        return 0;
    node->value = least(aligned(start, at + 2), node->end);
    node->value_end = node->value + least(value_size, node->end - node->value);
    node->children = least(aligned(start, node->value_end), node->end);
    return 1;
}

static int has_key(const struct pe_image *image, const struct node *node, const char *name)
{
    size_t at = node->key;

    while (*name && pe_get16(image, at) == (unsigned char)*name)
    {
        name++;
        at += 2;
    }
    return !*name && !pe_get16(image, at);
}

/* The first child of that name, or with NULL the first. It may be where the parent is. */
static int find_child(const struct pe_image *image, const struct node *parent, const char *name,
                      struct node *child)
{
    struct node node;
    size_t at, end = parent->end, start = parent->start;

    for (at = parent->children; read_node(image, start, at, end, &node);
         at = aligned(start, node.end))
        if (!name || has_key(image, &node, name))
        {
            *child = node;
            return 1;
        }
    return 0;
}

const uint8_t *pe_version_text(const struct pe_image *image, const char *name, size_t *count)
{
    size_t size, start = find_resource(image, &size), at;
    struct node node;

    if (!start || !read_node(image, start, start, start + size, &node) ||
        !find_child(image, &node, "StringFileInfo", &node) ||
        !find_child(image, &node, NULL, &node) || !find_child(image, &node, name, &node))
        return NULL;
    /* Some compilers count the value in bytes, and some count no zero. */
    for (at = node.value; at + 2 <= node.end && pe_get16(image, at); at += 2)
        ;
    *count = (at - node.value) / 2;
    return *count ? image->data + node.value : NULL;
}
