/*
 * Reads the files of a card profile: df and ef blocks, access conditions, codes, keys, objects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "profile_parser.h"

#include <stdio.h>
#include <string.h>

static bool parse_condition(struct parser *p, char *word, struct condition *condition)
{
    char *rest = word, *token;
    unsigned long number;

    memset(condition, 0, sizeof(*condition));
    while ((token = strsep(&rest, "+")))
    {
        if (!strcmp(token, "always"))
            continue;
        if (!strcmp(token, "never"))
            condition->never = true;
        else if (!strncmp(token, "chv", 3))
        {
            if (!parser_number(p, token + 3, 31, &number))
                return false;
            condition->chv = (uint8_t)number;
        }
        else if (!strncmp(token, "key", 3))
        {
            if (!parser_number(p, token + 3, 31, &number))
                return false;
            condition->key = (uint8_t)number;
        }
        else
            return parser_fail(p, "a condition is always, never, chvN, keyN or chvN+keyN");
    }
    return true;
}

static bool set_access(struct parser *p)
{
    static const char *const names[OP_COUNT] = {"read", "update", "write", "erase", "append",
        "create", "delete", "activate", "deactivate", "put"};
    struct condition condition;
    char *rest = p->words[1], *token;

    if (!parse_condition(p, p->words[2], &condition))
        return false;
    while ((token = strsep(&rest, ",")))
    {
        bool all = !strcmp(token, "all"), found = false;
        unsigned op;

        for (op = 0; op < OP_COUNT; op++)
        {
            if (!all && strcmp(token, names[op]))
                continue;
            p->file->access[op] = condition;
            found = true;
        }
        if (!found)
            return parser_fail(p, "the operation is unknown");
    }
    return true;
}

static bool parse_fid(struct parser *p, uint16_t *fid)
{
    uint32_t value;

    if (strlen(p->words[1]) != 4)
        return parser_fail(p, "a file identifier has four digits");
    if (!parser_hex_number(p, p->words[1], 2, &value))
        return false;
    if (value == FILE_MF || value == 0x3fff || value == 0xffff)
        return parser_fail(p, "3F00, 3FFF and FFFF are reserved");
    if (file_child(p->file, (uint16_t)value))
        return parser_fail(p, "the directory has this file identifier already");
    *fid = (uint16_t)value;
    return true;
}

bool parser_name(struct parser *p, int word, struct card_file *file)
{
    struct bytes name = {0};
    bool ok = true;

    if (p->word_count > word)
    {
        if (p->word_count != word + 2 || strcmp(p->words[word], "name"))
            return parser_fail(p, "behind it there may be: name HEX");
        ok = parser_hex(p, p->words[word + 1], &name);
        if (ok && (!name.len || name.len > FILE_MAX_NAME))
            ok = parser_fail(p, "a DF name has 1 to 16 bytes");
    }
    if (ok && name.len)
        memcpy(file->name, name.data, name.len);
    if (ok)
        file->name_len = name.len;
    bytes_free(&name);
    return ok;
}

static bool begin_df(struct parser *p)
{
    uint16_t fid;

    if (!parse_fid(p, &fid))
        return false;
    p->file = file_create(p->file, FILE_DF, fid);
    return parser_name(p, 2, p->file);
}

static bool size_word(struct parser *p, int index, unsigned long max, unsigned long *value)
{
    if (index >= p->word_count)
        return parser_fail(p, "a size is missing");
    return parser_number(p, p->words[index], max, value);
}

static bool begin_record_ef(struct parser *p, enum file_structure structure, uint16_t fid)
{
    unsigned long size, count = 0, max;
    unsigned i;

    if (!size_word(p, 3, 65535, &size))
        return false;
    if (structure != FILE_LINEAR_VARIABLE && !size_word(p, 4, FILE_MAX_RECORDS, &count))
        return false;
    max = count;
    if (structure == FILE_LINEAR_VARIABLE || p->word_count > 5)
    {
        if (!size_word(p, p->word_count - 1, FILE_MAX_RECORDS, &max))
            return false;
        if (max < count)
            return parser_fail(p, "more records than there is room for");
    }
    if (!size || !max)
        return parser_fail(p, "a size is zero");
    p->file = file_create(p->file, structure, fid);
    file_set_records(p->file, (unsigned)max, size);
    p->file->record_count = (unsigned)count;
    for (i = 0; i < count; i++)
        bytes_add(&p->file->records[i], NULL, size);
    return true;
}

static bool begin_ef(struct parser *p)
{
    static const char *const names[] = {"df", "transparent", "linear-fixed", "linear-variable",
        "cyclic"};
    unsigned long size;
    unsigned i;
    uint16_t fid;

    if (!parse_fid(p, &fid))
        return false;
    p->fill = 0;
    for (i = FILE_TRANSPARENT; i <= FILE_CYCLIC; i++)
        if (!strcmp(p->words[2], names[i]))
            break;
    if (i > FILE_CYCLIC)
        return parser_fail(p, "the structure is unknown");
    if (i != FILE_TRANSPARENT)
        return begin_record_ef(p, (enum file_structure)i, fid);
    if (!size_word(p, 3, FILE_MAX_SIZE, &size))
        return false;
    p->file = file_create(p->file, FILE_TRANSPARENT, fid);
    bytes_add(&p->file->content, NULL, size);
    return true;
}

static bool set_sfi(struct parser *p)
{
    unsigned long sfi;

    if (!parser_number(p, p->words[1], 30, &sfi))
        return false;
    if (!sfi)
        return parser_fail(p, "a short identifier is 1 to 30");
    if (file_child_by_sfi(p->file->parent, (uint8_t)sfi))
        return parser_fail(p, "the directory has this short identifier already");
    p->file->sfi = (uint8_t)sfi;
    return true;
}

static bool set_byte(struct parser *p)
{
    uint32_t value;

    if (!parser_hex_number(p, p->words[1], 1, &value))
        return false;
    if (!strcmp(p->words[0], "lcs"))
        p->file->lcs = (uint8_t)value;
    else
        p->file->data_coding = (uint8_t)value;
    return true;
}

static bool set_fci(struct parser *p)
{
    int i;

    p->file->fci_fixed = true;
    for (i = 1; i < p->word_count; i++)
        if (!parser_hex(p, p->words[i], &p->file->fci))
            return false;
    return true;
}

static uint8_t pattern_byte(size_t i)
{
    return (uint8_t)(i * 7 + i / 256);
}

static bool pattern(struct parser *p, const char *word, struct bytes *out)
{
    unsigned long len, i;

    if (!parser_number(p, word, FILE_MAX_SIZE, &len))
        return false;
    for (i = 0; i < len; i++)
        bytes_add_u8(out, pattern_byte(i));
    return true;
}

/* Collects the words from 1 on: hexadecimal, or text after "text", or a length after "pattern". */
static bool content_words(struct parser *p, struct bytes *out)
{
    int i;

    if (!strcmp(p->words[1], "text") && p->word_count == 3)
    {
        bytes_add(out, p->words[2], strlen(p->words[2]));
        return true;
    }
    if (!strcmp(p->words[1], "pattern") && p->word_count == 3)
        return pattern(p, p->words[2], out);
    for (i = 1; i < p->word_count; i++)
        if (!parser_hex(p, p->words[i], out))
            return false;
    return true;
}

static bool add_data(struct parser *p)
{
    struct bytes data = {0};
    bool ok = content_words(p, &data);

    if (ok && p->file->structure != FILE_TRANSPARENT)
        ok = parser_fail(p, "data is for transparent files; use record");
    if (ok && data.len > p->file->content.len - p->fill)
        ok = parser_fail(p, "more data than the file has room for");
    if (ok && data.len)
    {
        memcpy(p->file->content.data + p->fill, data.data, data.len);
        p->fill += data.len;
    }
    bytes_free(&data);
    return ok;
}

static bool set_record(struct parser *p)
{
    struct card_file *file = p->file;
    struct bytes data = {0};
    unsigned long number;
    bool ok;

    if (!file_has_records(file))
        return parser_fail(p, "the file has no records");
    if (!parser_number(p, p->words[1], FILE_MAX_RECORDS, &number))
        return false;
    if (!number || number > file->record_max || number > file->record_count + 1)
        return parser_fail(p, "no such record, or the one before it is missing");
    memmove(&p->words[1], &p->words[2], (size_t)(p->word_count - 2) * sizeof(p->words[0]));
    p->word_count--;
    ok = content_words(p, &data);
    if (ok && data.len > file->record_size)
        ok = parser_fail(p, "the record is too long");
    if (ok)
    {
        struct bytes *record = &file->records[number - 1];

        if (file->structure != FILE_LINEAR_VARIABLE && data.len < file->record_size)
            bytes_add(&data, NULL, file->record_size - data.len);
        bytes_clear(record);
        bytes_add(record, data.data, data.len);
        if (number > file->record_count)
            file->record_count = (unsigned)number;
    }
    bytes_free(&data);
    return ok;
}

static bool fill_file(struct parser *p)
{
    struct bytes *content = &p->file->content;
    struct bytes unit = {0};
    size_t i;

    if (p->file->structure != FILE_TRANSPARENT)
        return parser_fail(p, "fill is for transparent files");
    if (!strcmp(p->words[1], "pattern"))
    {
        for (i = 0; i < content->len; i++)
            content->data[i] = pattern_byte(i);
        return true;
    }
    if (!parser_hex(p, p->words[1], &unit))
        return false;
    for (i = 0; unit.len && i < content->len; i++)
        content->data[i] = unit.data[i % unit.len];
    bytes_free(&unit);
    return true;
}

/* ---- codes, keys, objects ---- */

static bool chv_option(struct parser *p, struct chv *chv, char *name, char *value)
{
    unsigned long tries;

    if (!strcmp(name, "code"))
    {
        bytes_clear(&chv->code);
        bytes_add(&chv->code, value, strlen(value));
    }
    else if (!strcmp(name, "code-hex"))
    {
        bytes_clear(&chv->code);
        return parser_hex(p, value, &chv->code);
    }
    else if (!strcmp(name, "puk"))
        bytes_add(&chv->puk, value, strlen(value));
    else if (!strcmp(name, "puk-hex"))
        return parser_hex(p, value, &chv->puk);
    else if (!strcmp(name, "reset"))
        return parse_condition(p, value, &chv->reset);
    else if (!strcmp(name, "enabled"))
        chv->enabled = !strcmp(value, "yes");
    else if (!strcmp(name, "tries") || !strcmp(name, "puk-tries"))
    {
        if (!parser_number(p, value, 15, &tries))
            return false;
        if (*name == 't')
            chv->tries = chv->tries_left = (uint8_t)tries;
        else
            chv->puk_tries = chv->puk_left = (uint8_t)tries;
    }
    else
        return parser_fail(p, "the option of chv is unknown");
    return true;
}

static bool add_chv(struct parser *p)
{
    unsigned long number;
    struct chv *chv;
    int i;

    if (!parser_number(p, p->words[1], 31, &number))
        return false;
    if (!number)
        return parser_fail(p, "codes are numbered from 1");
    if (p->word_count % 2)
        return parser_fail(p, "options of chv come in pairs");
    for (chv = p->file->chvs; chv; chv = chv->next)
        if (chv->number == number)
            return parser_fail(p, "the directory has this chv already");
    chv = file_add_chv(p->file, (uint8_t)number);
    for (i = 2; i < p->word_count; i += 2)
        if (!chv_option(p, chv, p->words[i], p->words[i + 1]))
            return false;
    if (chv->code.len < p->profile->chv_min || chv->code.len > p->profile->chv_max)
        return parser_fail(p, "the code is shorter or longer than chv-length says");
    return true;
}

static bool add_key(struct parser *p)
{
    struct bytes value = {0};
    unsigned long number, tries = 10;
    struct key *key;
    bool ok;

    if (!parser_number(p, p->words[1], 31, &number))
        return false;
    if (!number)
        return parser_fail(p, "keys are numbered from 1");
    if (p->word_count == 5 && strcmp(p->words[3], "tries"))
        return parser_fail(p, "key N HEX, or key N HEX tries N");
    if (p->word_count == 4)
        return parser_fail(p, "key N HEX, or key N HEX tries N");
    if (p->word_count == 5 && !parser_number(p, p->words[4], 15, &tries))
        return false;
    ok = parser_hex(p, p->words[2], &value);
    if (ok && value.len != sizeof(key->value))
        ok = parser_fail(p, "a key has 8 bytes");
    if (ok)
    {
        key = file_add_key(p->file, (uint8_t)number);
        memcpy(key->value, value.data, value.len);
        key->tries = key->tries_left = (uint8_t)tries;
    }
    bytes_free(&value);
    return ok;
}

static bool add_object(struct parser *p)
{
    struct data_object *object;
    uint32_t tag;
    int i;

    if (!parser_hex_number(p, p->words[1], 2, &tag))
        return false;
    object = file_add_object(p->file, tag);
    if (!strcmp(p->words[2], "pattern"))
    {
        if (p->word_count < 4)
            return parser_fail(p, "pattern takes a length");
        if (!pattern(p, p->words[3], &object->value))
            return false;
        i = 4;
    }
    else
    {
        if (strcmp(p->words[2], "-") && !parser_hex(p, p->words[2], &object->value))
            return false;
        i = 3;
    }
    for (; i < p->word_count; i++)
    {
        if (!strcmp(p->words[i], "fci"))
            object->in_fci = true;
        else if (i + 1 == p->word_count)
            return parser_fail(p, "fci, get CONDITION, put CONDITION");
        else if (!strcmp(p->words[i], "get"))
        {
            if (!parse_condition(p, p->words[++i], &object->get))
                return false;
        }
        else if (!strcmp(p->words[i], "put"))
        {
            if (!parse_condition(p, p->words[++i], &object->put))
                return false;
        }
        else
            return parser_fail(p, "fci, get CONDITION, put CONDITION");
    }
    return true;
}

bool parser_check_file(struct parser *p)
{
    struct card_file *file = p->file;
    unsigned op;

    for (op = 0; op < OP_COUNT; op++)
    {
        const struct condition *c = &file->access[op];

        if (c->chv && !file_find_chv(file, c->chv))
            return parser_fail(p, "an access condition names a chv that is not there");
        if (c->key && !file_find_key(file, c->key))
            return parser_fail(p, "an access condition names a key that is not there");
    }
    return true;
}

const struct directive parser_file_directives[] = {
    {"df", IN_DF, 1, 3, begin_df},
    {"ef", IN_DF, 3, 5, begin_ef},
    {"access", IN_DF | IN_EF, 2, 2, set_access},
    {"sfi", IN_EF, 1, 1, set_sfi},
    {"lcs", IN_DF | IN_EF, 1, 1, set_byte},
    {"data-coding", IN_DF | IN_EF, 1, 1, set_byte},
    {"fci", IN_DF | IN_EF, 0, 40, set_fci},
    {"data", IN_EF, 1, 40, add_data},
    {"record", IN_EF, 2, 40, set_record},
    {"fill", IN_EF, 1, 1, fill_file},
    {"chv", IN_DF, 3, 17, add_chv},
    {"key", IN_DF, 2, 4, add_key},
    {"object", IN_DF | IN_EF, 2, 8, add_object},
};
const size_t parser_file_directive_count =
    sizeof(parser_file_directives) / sizeof(parser_file_directives[0]);
