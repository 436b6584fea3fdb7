/*
 * The files of the simulated card: a tree of DFs and EFs with their codes, keys and data objects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "filesystem.h"

#include <stdlib.h>
#include <string.h>

/* Appends node to the list at *head; every list node begins with its next pointer. */
#define LIST_APPEND(head, node) \
    do \
    { \
        while (*(head)) (head) = &(*(head))->next; \
        *(head) = (node); \
    } while (0)

struct card_file *file_create(struct card_file *parent, enum file_structure structure, uint16_t fid)
{
    struct card_file *file = bytes_calloc(1, sizeof(*file));
    struct card_file **link;

    file->structure = structure;
    file->fid = fid;
    file->lcs = LCS_ACTIVATED;
    file->parent = parent;
    if (parent)
    {
        link = &parent->children;
        LIST_APPEND(link, file);
    }
    return file;
}

static void free_objects(struct card_file *file)
{
    while (file->objects)
    {
        struct data_object *object = file->objects;

        file->objects = object->next;
        bytes_free(&object->value);
        free(object);
    }
}

static void free_secrets(struct card_file *file)
{
    while (file->chvs)
    {
        struct chv *chv = file->chvs;

        file->chvs = chv->next;
        bytes_free(&chv->code);
        bytes_free(&chv->puk);
        free(chv);
    }
    while (file->keys)
    {
        struct key *key = file->keys;

        file->keys = key->next;
        free(key);
    }
}

void file_destroy(struct card_file *file)
{
    struct card_file **link;
    unsigned i;

    if (!file)
        return;
    while (file->children)
        file_destroy(file->children);
    if (file->parent)
    {
        link = &file->parent->children;
        while (*link != file)
            link = &(*link)->next;
        *link = file->next;
    }
    free_objects(file);
    free_secrets(file);
    for (i = 0; i < file->record_max; i++)
        bytes_free(&file->records[i]);
    free(file->records);
    bytes_free(&file->content);
    bytes_free(&file->fci);
    free(file);
}

void file_set_records(struct card_file *file, unsigned max, size_t size)
{
    file->records = bytes_calloc(max ? max : 1, sizeof(*file->records));
    file->record_max = max;
    file->record_size = size;
}

bool file_is_df(const struct card_file *file)
{
    return file->structure == FILE_DF;
}

bool file_has_records(const struct card_file *file)
{
    return file->structure >= FILE_LINEAR_FIXED;
}

struct card_file *file_df(struct card_file *file)
{
    return file_is_df(file) ? file : file->parent;
}

bool file_is_within(const struct card_file *file, const struct card_file *df)
{
    while (file && file != df)
        file = file->parent;
    return file != NULL;
}

bool file_is_blocked(const struct card_file *file)
{
    for (; file; file = file->parent)
    {
        if (file->lcs >= LCS_TERMINATED)
            return true;
        if (file->lcs >= LCS_DEACTIVATED && !(file->lcs & 1))
            return true;
    }
    return false;
}

struct card_file *file_child(const struct card_file *df, uint16_t fid)
{
    struct card_file *file;

    for (file = df->children; file && file->fid != fid; file = file->next)
    {
    }
    return file;
}

struct card_file *file_child_by_sfi(const struct card_file *df, uint8_t sfi)
{
    struct card_file *file;

    for (file = df->children; file; file = file->next)
        if (!file_is_df(file) && file->sfi == sfi)
            return file;
    return NULL;
}

struct card_file *file_walk(struct card_file *file)
{
    if (file->children)
        return file->children;
    while (file && !file->next)
        file = file->parent;
    return file ? file->next : NULL;
}

uint8_t file_erased_value(const struct card_file *file)
{
    return (file->data_coding >> 5 & 3) == 3 ? 0xff : 0x00;
}

size_t file_size(const struct card_file *file)
{
    size_t size = 0;
    unsigned i;

    switch (file->structure)
    {
    case FILE_DF: return 0;
    case FILE_TRANSPARENT: return file->content.len;
    case FILE_LINEAR_FIXED:
    case FILE_CYCLIC: return file->record_max * file->record_size;
    case FILE_LINEAR_VARIABLE:
        for (i = 0; i < file->record_count; i++)
            size += file->records[i].len;
        break;
    }
    return size;
}

size_t file_total_size(const struct card_file *file)
{
    return file_size(file) + (file_has_records(file) ? 2u * file->record_max : 0);
}

size_t file_tree_size(struct card_file *file)
{
    struct card_file *child;
    size_t size = 16 + file_total_size(file);

    for (child = file->children; child; child = child->next)
        size += file_tree_size(child);
    return size;
}

struct chv *file_find_chv(const struct card_file *file, uint8_t number)
{
    struct chv *chv;

    for (; file; file = file->parent)
        for (chv = file->chvs; chv; chv = chv->next)
            if (chv->number == number)
                return chv;
    return NULL;
}

struct key *file_find_key(const struct card_file *file, uint8_t number)
{
    struct key *key;

    for (; file; file = file->parent)
        for (key = file->keys; key; key = key->next)
            if (key->number == number)
                return key;
    return NULL;
}

struct data_object *file_find_object(const struct card_file *file, uint32_t tag)
{
    struct data_object *object;

    for (; file; file = file->parent)
        for (object = file->objects; object; object = object->next)
            if (object->tag == tag)
                return object;
    return NULL;
}

struct chv *file_add_chv(struct card_file *file, uint8_t number)
{
    struct chv *chv = bytes_calloc(1, sizeof(*chv)), **link = &file->chvs;

    chv->number = number;
    chv->enabled = true;
    chv->tries = chv->tries_left = 3;
    chv->puk_tries = chv->puk_left = 10;
    chv->reset.never = true;
    LIST_APPEND(link, chv);
    return chv;
}

struct key *file_add_key(struct card_file *file, uint8_t number)
{
    struct key *key = bytes_calloc(1, sizeof(*key)), **link = &file->keys;

    key->number = number;
    key->tries = key->tries_left = 10;
    LIST_APPEND(link, key);
    return key;
}

struct data_object *file_add_object(struct card_file *file, uint32_t tag)
{
    struct data_object *object = bytes_calloc(1, sizeof(*object)), **link = &file->objects;

    object->tag = tag;
    LIST_APPEND(link, object);
    return object;
}

void file_clear_security(struct card_file *df)
{
    struct chv *chv;
    struct key *key;

    for (chv = df->chvs; chv; chv = chv->next)
        chv->verified = false;
    for (key = df->keys; key; key = key->next)
        key->authenticated = false;
}
