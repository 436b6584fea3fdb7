/*
 * The record commands of the simulated card (ISO 7816-4, 7.3).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

#include <string.h>

/* P2 of the record commands: b8-b4 SFI, b3-b1 how P1 names the record. */
enum
{
    MODE_FIRST,
    MODE_LAST,
    MODE_NEXT,
    MODE_PREVIOUS,
    MODE_NUMBER,
    MODE_NUMBER_TO_LAST,
    MODE_LAST_TO_NUMBER
};

static uint16_t record_file(struct card *card, const struct command *c, enum file_operation op,
                            struct card_file **file)
{
    uint8_t sfi = c->p2 >> 3;
    uint16_t sw;

    if (sfi == 31 || c->p1 == 0xff)
        return SW_WRONG_P1P2;
    sw = card_working_file(card, sfi, file);
    if (sw != SW_OK)
        return sw;
    if (!file_has_records(*file))
        return SW_WRONG_STRUCTURE;
    return card_check(card, *file, op);
}

/* With an identifier only records that begin with it (SIMPLE-TLV) count. */
static bool record_fits(const struct card_file *file, unsigned number, uint8_t identifier)
{
    const struct bytes *record = &file->records[number - 1];

    return !identifier || (record->len && record->data[0] == identifier);
}

static unsigned step_record(struct card *card, const struct card_file *file, unsigned mode,
                            uint8_t identifier)
{
    bool backwards = mode == MODE_LAST || mode == MODE_PREVIOUS;
    bool wraps = card->profile->family == FAMILY_GSM && file->structure == FILE_CYCLIC;
    unsigned start = mode == MODE_NEXT || mode == MODE_PREVIOUS ? card->record : 0;
    unsigned n = start, count = file->record_count, steps;

    for (steps = 0; steps < count; steps++)
    {
        if (backwards)
            n = n ? n - 1 : count;
        else
            n++;
        if (wraps && (!n || n > count))
            n = backwards ? count : 1;
        if (!n || n > count)
            return 0;
        if (record_fits(file, n, identifier))
            return n;
    }
    return 0;
}

/* The number of the record that P1 and P2 name; naming one by number leaves the record pointer. */
static uint16_t find_record(struct card *card, const struct card_file *file,
                            const struct command *c, unsigned *number)
{
    unsigned mode = c->p2 & 7;

    if (mode > MODE_LAST_TO_NUMBER)
        return SW_WRONG_P1P2;
    if (mode >= MODE_NUMBER)
        *number = c->p1 ? c->p1 : card->record;
    else
        *number = step_record(card, file, mode, c->p1);
    if (!*number || *number > file->record_count)
        return SW_NO_RECORD;
    if (mode < MODE_NUMBER)
        card->record = *number;
    return SW_OK;
}

static void add_records(struct bytes *out, const struct card_file *file, unsigned number,
                        bool backwards)
{
    unsigned i;

    for (i = number; i <= file->record_count; i++)
    {
        unsigned n = backwards ? file->record_count + number - i : i;

        bytes_add(out, file->records[n - 1].data, file->records[n - 1].len);
    }
}

uint16_t command_read_record(struct card *card, const struct command *c, struct bytes *out)
{
    unsigned mode = c->p2 & 7, number;
    struct card_file *file;
    uint16_t sw;

    if (!c->ne)
        return SW_WRONG_LENGTH;
    sw = record_file(card, c, OP_READ, &file);
    if (sw == SW_OK)
        sw = find_record(card, file, c, &number);
    if (sw != SW_OK)
        return sw;
    if (mode > MODE_NUMBER)
        add_records(out, file, number, mode == MODE_LAST_TO_NUMBER);
    else
        bytes_add(out, file->records[number - 1].data, file->records[number - 1].len);
    if (card->profile->t0 || c->le_all)
        return SW_OK;
    if (out->len < c->ne)
        return SW_END;
    out->len = c->ne;
    return SW_OK;
}

static uint16_t check_length(const struct card_file *file, size_t len)
{
    if (!len)
        return SW_WRONG_LENGTH;
    if (file->structure == FILE_LINEAR_VARIABLE)
        return len > file->record_size ? SW_WRONG_LENGTH : SW_OK;
    return len == file->record_size ? SW_OK : SW_WRONG_LENGTH;
}

/* A new newest record; the oldest makes room when there is none left. */
static void push_cyclic(struct card_file *file, const uint8_t *data, size_t len)
{
    struct bytes moved;

    if (file->record_count < file->record_max)
        file->record_count++;
    moved = file->records[file->record_count - 1];
    memmove(&file->records[1], &file->records[0],
            (file->record_count - 1) * sizeof(file->records[0]));
    bytes_clear(&moved);
    bytes_add(&moved, data, len);
    file->records[0] = moved;
}

static uint16_t write_record(struct card_file *file, bool update, struct bytes *record,
                             const struct command *c)
{
    if (!update)
    {
        if (c->nc > record->len)
            return SW_WRONG_LENGTH;
        return write_bytes(file, false, record->data, c->data, c->nc);
    }
    bytes_clear(record);
    bytes_add(record, c->data, c->nc);
    return SW_OK;
}

uint16_t command_update_record(struct card *card, const struct command *c, struct bytes *out)
{
    bool update = c->ins == 0xdc;
    unsigned mode = c->p2 & 7, number;
    struct card_file *file;
    uint16_t sw;

    (void)out;
    if (mode > MODE_NUMBER || (mode < MODE_NUMBER && c->p1))
        return SW_WRONG_P1P2;
    sw = record_file(card, c, update ? OP_UPDATE : OP_WRITE, &file);
    if (sw == SW_OK)
        sw = check_length(file, c->nc);
    if (sw != SW_OK)
        return sw;
    if (file->structure == FILE_CYCLIC)
    {
        if (mode != MODE_PREVIOUS)
            return SW_WRONG_STRUCTURE;
        push_cyclic(file, c->data, c->nc);
        card->record = 1;
        return SW_OK;
    }
    sw = find_record(card, file, c, &number);
    return sw == SW_OK ? write_record(file, update, &file->records[number - 1], c) : sw;
}

uint16_t command_append_record(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    uint16_t sw;

    (void)out;
    if (c->p1 || c->p2 & 7)
        return SW_WRONG_P1P2;
    sw = record_file(card, c, OP_APPEND, &file);
    if (sw == SW_OK)
        sw = check_length(file, c->nc);
    if (sw != SW_OK)
        return sw;
    if (file->structure == FILE_CYCLIC)
    {
        push_cyclic(file, c->data, c->nc);
        card->record = 1;
        return SW_OK;
    }
    if (file->record_count == file->record_max)
        return SW_NO_SPACE;
    bytes_clear(&file->records[file->record_count]);
    bytes_add(&file->records[file->record_count], c->data, c->nc);
    card->record = ++file->record_count;
    return SW_OK;
}

uint16_t command_erase_record(struct card *card, const struct command *c, struct bytes *out)
{
    unsigned mode = c->p2 & 7, number, last;
    struct card_file *file;
    uint16_t sw;

    (void)out;
    if (c->nc)
        return SW_WRONG_LENGTH;
    if (mode != MODE_NUMBER && mode != MODE_NUMBER_TO_LAST)
        return SW_WRONG_P1P2;
    sw = record_file(card, c, OP_ERASE, &file);
    if (sw == SW_OK && file->structure == FILE_CYCLIC)
        sw = SW_WRONG_STRUCTURE;
    if (sw == SW_OK)
        sw = find_record(card, file, c, &number);
    if (sw != SW_OK)
        return sw;
    for (last = mode == MODE_NUMBER ? number : file->record_count; number <= last; number++)
    {
        struct bytes *record = &file->records[number - 1];

        if (file->structure == FILE_LINEAR_VARIABLE)
            bytes_clear(record);
        else
            memset(record->data, file_erased_value(file), record->len);
    }
    return SW_OK;
}
