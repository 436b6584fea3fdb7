/*
 * SELECT of the simulated card (ISO 7816-4, 7.1.1).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "cardtlv.h"
#include "commands.h"

#include <string.h>

struct card_file *select_by_fid(struct card *card, uint16_t fid, bool siblings)
{
    struct card_file *df = card->df, *found;

    if (fid == FILE_MF)
        return card->profile->mf;
    found = file_child(df, fid);
    if (found)
        return found;
    if (df->fid == fid)
        return df;
    if (!df->parent)
        return NULL;
    if (df->parent->fid == fid)
        return df->parent;
    if (!siblings && !card->profile->select_siblings)
        return NULL;
    found = file_child(df->parent, fid);
    return found && (file_is_df(found) || card->profile->select_siblings) ? found : NULL;
}

uint16_t select_nearby(struct card *card, const struct command *c, struct card_file **file)
{
    if (c->p1 || c->p2)
        return SW_WRONG_P1P2;
    if (c->nc != 2)
        return SW_WRONG_LENGTH;
    *file = select_by_fid(card, (uint16_t)bytes_be(c->data, 2), true);
    if (!*file)
        return SW_NOT_FOUND;
    select_file(card, *file);
    return SW_OK;
}

static bool name_matches(const struct card_file *df, const uint8_t *name, size_t len, bool exact)
{
    if (!df->name_len || len > df->name_len || (exact && len != df->name_len))
        return false;
    return !memcmp(df->name, name, len);
}

/* Occurrence 0 first, 1 last, 2 next, 3 previous; next and previous count from the current DF. */
static struct card_file *by_name(struct card *card, const uint8_t *name, size_t len,
                                 unsigned occurrence)
{
    struct card_file *file, *first = NULL, *last = NULL, *before = NULL, *after = NULL;
    struct card_file *exact = NULL;
    bool passed = false, current_matches = name_matches(card->df, name, len, false);

    for (file = card->profile->mf; file; file = file_walk(file))
    {
        if (file == card->df)
        {
            passed = true;
            if (!current_matches)
                continue;
        }
        if (!name_matches(file, name, len, false))
            continue;
        if (!first)
            first = file;
        last = file;
        if (!exact && name_matches(file, name, len, true))
            exact = file;
        if (file == card->df)
            continue;
        if (!passed)
            before = file;
        else if (!after)
            after = file;
    }
    if (occurrence == 0)
        return exact ? exact : first;
    if (occurrence == 1)
        return last;
    if (!current_matches)
        return occurrence == 2 ? first : last;
    return occurrence == 2 ? after : before;
}

static struct card_file *by_path(struct card_file *from, const uint8_t *path, size_t len)
{
    for (; from && len; path += 2, len -= 2)
        from = file_is_df(from) ? file_child(from, (uint16_t)bytes_be(path, 2)) : NULL;
    return from;
}

/* Goes down the path for as long as there are DFs. */
static void stop_on_path(struct card *card, const uint8_t *path, size_t len)
{
    struct card_file *at = card->profile->mf, *next;

    for (; len >= 2; path += 2, len -= 2, at = next)
    {
        next = file_child(at, (uint16_t)bytes_be(path, 2));
        if (!next || !file_is_df(next))
            break;
    }
    card_select(card, at, NULL);
}

/* Cards differ in what is above an EF, and above the MF. NULL: nothing is. */
static struct card_file *parent_of_current(const struct card *card)
{
    if (card->ef && card->profile->parent_of_ef)
        return card->df;
    if (!card->df->parent && card->profile->parent_of_mf)
        return card->df;
    return card->df->parent;
}

static uint16_t resolve_fid(struct card *card, uint8_t p1, const uint8_t *data, size_t len,
                            struct card_file **file)
{
    if (!len && !p1)
    {
        *file = card->profile->mf;
        return SW_OK;
    }
    if (len != 2)
        return SW_WRONG_LENGTH;
    *file = p1 ? file_child(card->df, (uint16_t)bytes_be(data, 2))
               : select_by_fid(card, (uint16_t)bytes_be(data, 2), false);
    if (!*file)
        return SW_NOT_FOUND;
    if (p1 == 1 && !file_is_df(*file))
        return SW_NOT_FOUND;
    if (p1 == 2 && file_is_df(*file))
        return card->profile->select_df_as_ef;
    return SW_OK;
}

uint16_t select_resolve(struct card *card, uint8_t p1, uint8_t occurrence, const uint8_t *data,
                        size_t len, struct card_file **file)
{
    *file = NULL;
    if (occurrence && p1 != 4)
        return SW_NOT_SUPPORTED;
    switch (p1)
    {
    case 0x00:
    case 0x01:
    case 0x02: return resolve_fid(card, p1, data, len, file);
    case 0x03:
        if (len)
            return SW_WRONG_LENGTH;
        *file = parent_of_current(card);
        break;
    case 0x04:
        if (!len || len > FILE_MAX_NAME)
            return SW_WRONG_LENGTH;
        *file = by_name(card, data, len, occurrence);
        break;
    case 0x08:
    case 0x09:
        if (!len || len % 2)
            return SW_WRONG_LENGTH;
        *file = by_path(p1 == 8 ? card->profile->mf : card->df, data, len);
        break;
    default: return SW_WRONG_P1P2;
    }
    return *file ? SW_OK : SW_NOT_FOUND;
}

uint16_t select_file(struct card *card, struct card_file *file)
{
    card_select(card, file_df(file), file_is_df(file) ? NULL : file);
    if (file->lcs >= LCS_TERMINATED)
        return SW_TERMINATED;
    return file_is_blocked(file) ? SW_DEACTIVATED : SW_OK;
}

static void add_answer(const struct card *card, struct bytes *out, struct card_file *file,
                       uint8_t p2)
{
    static const uint32_t templates[] = {0x6f, 0x62, 0x64};
    struct bytes value = {0};

    if (file->fci_fixed)
    {
        bytes_add(out, file->fci.data, file->fci.len);
        return;
    }
    if ((p2 & 0x0c) != 0x08)
        fci_add_parameters(card, &value, file);
    else if (file->name_len)
        cardtlv_add(&value, 0x84, file->name, file->name_len);
    cardtlv_add(out, templates[p2 >> 2 & 3], value.data, value.len);
    bytes_free(&value);
}

uint16_t command_select(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    uint16_t sw;

    if (c->p2 & 0xf0)
        return SW_WRONG_P1P2;
    sw = select_resolve(card, c->p1, c->p2 & 3, c->data, c->nc, &file);
    if (sw == SW_NOT_FOUND && c->p1 == 8 && card->profile->select_stops)
        stop_on_path(card, c->data, c->nc);
    if (sw != SW_OK)
        return sw;
    sw = select_file(card, file);
    if ((c->p2 & 0x0c) != 0x0c)
        add_answer(card, out, file, c->p2);
    return sw;
}
