/*
 * scardtool: writing registry files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "regfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes in a line, as regedit breaks them about there. */
#define BYTES_IN_LINE 20

void regtext_free(struct regtext *text)
{
    free(text->units);
    memset(text, 0, sizeof(*text));
}

static void put_units(struct regtext *text, const uint16_t *units, size_t count)
{
    uint16_t *grown;
    size_t room = 2 * (text->length + count) + 256;

    if (text->failed || !count)
        return;
    if (count > text->room - text->length)
    {
        if (!(grown = realloc(text->units, room * sizeof(*grown))))
        {
            text->failed = 1;
            return;
        }
        text->units = grown;
        text->room = room;
    }
    memcpy(text->units + text->length, units, count * sizeof(*units));
    text->length += count;
}

static void put(struct regtext *text, const char *ascii)
{
    uint16_t unit;

    for (; *ascii; ascii++)
    {
        unit = (uint8_t)*ascii;
        put_units(text, &unit, 1);
    }
}

void regtext_header(struct regtext *text)
{
    put(text, "Windows Registry Editor Version 5.00\r\n");
}

static void put_quoted(struct regtext *text, const uint16_t *units, size_t count)
{
    size_t i;

    put(text, "\"");
    for (i = 0; i < count; i++)
    {
        if (units[i] == '\n' || units[i] == '\r')
        {
            put(text, units[i] == '\n' ? "\\n" : "\\r");
            continue;
        }
        if (units[i] == '"' || units[i] == '\\')
            put(text, "\\");
        put_units(text, &units[i], 1);
    }
    put(text, "\"");
}

static int is_line(const uint16_t *units)
{
    for (; *units; units++)
        if (*units == '\r' || *units == '\n')
            return 0;
    return 1;
}

/* Ended by a NUL, and by that one only. */
static int is_plain_text(const struct regop *op)
{
    size_t i;

    if (op->type != REGOPS_SZ || op->size < 2 || op->size % 2)
        return 0;
    for (i = 0; i + 2 < op->size; i += 2)
        if (!op->data[i] && !op->data[i + 1])
            return 0;
    return !op->data[i] && !op->data[i + 1];
}

static void put_string(struct regtext *text, const struct regop *op)
{
    uint16_t *units = malloc(op->size);

    if (!units)
    {
        text->failed = 1;
        return;
    }
    memcpy(units, op->data, op->size);
    put_quoted(text, units, op->size / 2 - 1);
    free(units);
}

static void put_bytes(struct regtext *text, const struct regop *op)
{
    char piece[32];
    size_t i;

    if (op->type == REGOPS_BINARY)
        put(text, "hex:");
    else
    {
        snprintf(piece, sizeof(piece), "hex(%x):", (unsigned)op->type);
        put(text, piece);
    }
    for (i = 0; i < op->size; i++)
    {
        snprintf(piece, sizeof(piece), "%02x%s", op->data[i], i + 1 < op->size ? "," : "");
        put(text, piece);
        if (i % BYTES_IN_LINE == BYTES_IN_LINE - 1 && i + 1 < op->size)
            put(text, "\\\r\n  ");
    }
}

static void put_value(struct regtext *text, const struct regop *op)
{
    char piece[32];
    uint32_t number;

    if (*op->name)
        put_quoted(text, op->name, regops_length(op->name));
    else
        put(text, "@");
    put(text, "=");
    if (op->kind == REGOP_DELETE_VALUE)
        put(text, "-");
    else if (is_plain_text(op))
        put_string(text, op);
    else if (op->type == REGOPS_DWORD && op->size == sizeof(number))
    {
        memcpy(&number, op->data, sizeof(number));
        snprintf(piece, sizeof(piece), "dword:%08x", (unsigned)number);
        put(text, piece);
    }
    else
        put_bytes(text, op);
    put(text, "\r\n");
}

static void put_key(struct regtext *text, const struct regop *op)
{
    put(text, op->kind == REGOP_DELETE_KEY ? "\r\n[-" : "\r\n[");
    put(text, regops_root_name(op->root));
    if (*op->path)
        put(text, "\\");
    put_units(text, op->path, regops_length(op->path));
    put(text, "]\r\n");
}

int regtext_op(struct regtext *text, const struct regop *op, const struct regop *before)
{
    int is_value = op->kind == REGOP_SET || op->kind == REGOP_DELETE_VALUE;

    if ((!is_value && op->kind != REGOP_KEY && op->kind != REGOP_DELETE_KEY) || op->flags ||
        !regops_root_name(op->root) || !is_line(op->path) ||
        (op->kind == REGOP_DELETE_KEY && !*op->path))
        return 0;
    if (!is_value || !before || before->root != op->root || before->path != op->path)
        put_key(text, op);
    if (is_value)
        put_value(text, op);
    return 1;
}
