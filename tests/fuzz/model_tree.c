/*
 * The files of the card and the model's copy of them: made from one table, compared after each
 * call.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdarg.h>

#include "model.h"

#define ROOM  65536u
#define TRIES 3

/* A file to be made; fid is used on plain cards when it is not 0. size: bytes, or of a record. */
struct seed
{
    int parent;
    enum file_structure structure;
    uint16_t tricky, fid;
    uint8_t sfi;
    uint16_t size;
    uint8_t count;
    uint8_t coding;
    bool secret;
    const char *name;
};

/* Directories come in pairs that differ in nothing but what their files hold. Tricky cards have
 * directories of one identifier above, below and beside each other. */
static const struct seed seeds[] =
{
    {-1, FILE_DF, 0x3F00, 0, 0, 0, 0, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x2F00, 0, 30, 40, 0, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x2F05, 0, 5, 40, 0, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x2F06, 0, 6, 40, 0, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {0, FILE_LINEAR_FIXED, 0x0002, 0, 2, 8, 3, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x0003, 0, 9, 40, 0, 0, true, NULL},
    {0, FILE_DF, 0x5000, 0, 0, 0, 0, 0, false, NULL}, /* 7 */
    {7, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {7, FILE_LINEAR_FIXED, 0x0002, 0, 2, 8, 3, 0, false, NULL},
    {7, FILE_TRANSPARENT, 0x2F05, 0, 5, 40, 0, 0, false, NULL},
    {7, FILE_TRANSPARENT, 0x2F06, 0, 6, 40, 0, 0, false, NULL},
    {7, FILE_TRANSPARENT, 0x0003, 0, 9, 40, 0, 0, true, NULL},
    {7, FILE_DF, 0x5100, 0x5200, 0, 0, 0, 0, false, NULL}, /* 13 */
    {13, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {0, FILE_DF, 0x5100, 0, 0, 0, 0, 0, false, NULL}, /* 15 */
    {15, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {15, FILE_DF, 0x5000, 0x5300, 0, 0, 0, 0, false, NULL}, /* 17 */
    {17, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {0, FILE_LINEAR_VARIABLE, 0x0004, 0, 4, 10, 3, 0, false, NULL},
    {0, FILE_CYCLIC, 0x0006, 0, 7, 6, 3, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x000B, 0, 11, 24, 0, 0x41, false, NULL}, /* OR */
    {0, FILE_TRANSPARENT, 0x000C, 0, 12, 24, 0, 0x61, false, NULL}, /* AND */
    {0, FILE_DF, 0x7F01, 0, 0, 0, 0, 0, false, "\xA0\0\0\0\1\2"}, /* 23 */
    {23, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {23, FILE_LINEAR_FIXED, 0x0002, 0, 2, 8, 3, 0, false, NULL},
    {23, FILE_TRANSPARENT, 0x2F05, 0, 5, 40, 0, 0, false, NULL},
    {23, FILE_DF, 0x5000, 0x5400, 0, 0, 0, 0, false, NULL}, /* 27 */
    {27, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {0, FILE_DF, 0x7F02, 0, 0, 0, 0, 0, false, "\xA0\0\0\0\1\3"}, /* 29 */
    {29, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {29, FILE_LINEAR_FIXED, 0x0002, 0, 2, 8, 3, 0, false, NULL},
    {29, FILE_TRANSPARENT, 0x2F05, 0, 5, 40, 0, 0, false, NULL},
    {29, FILE_DF, 0x5000, 0x5400, 0, 0, 0, 0, false, NULL}, /* 33 */
    {33, FILE_TRANSPARENT, 0x0001, 0, 1, 400, 0, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x000D, 0, 13, 64, 0, 0x02, false, NULL}, /* counts in pairs of bytes */
    /* On some cards only: a large file; some that look the same whatever they count in. */
    {0, FILE_TRANSPARENT, 0x7002, 0, 0, MODEL_BIG, 0, 0, false, NULL},
    {0, FILE_TRANSPARENT, 0x000E, 0, 14, 700, 0, 0x0F, false, NULL},
    {0, FILE_TRANSPARENT, 0x000F, 0, 15, 608, 0, 0x0F, true, NULL},
};

#define BIG   36
#define ALIKE 37

#define NAME_LENGTH 6u
#define SEEDS       ((int)(sizeof(seeds) / sizeof(seeds[0])))

/* EF.DIR names both applications. */
static const uint8_t applications[] =
{
    0x61, 8, 0x4F, 6, 0xA0, 0, 0, 0, 1, 2, 0x61, 8, 0x4F, 6, 0xA0, 0, 0, 0, 1, 3
};

static uint8_t noise(int file, size_t at, unsigned card)
{
    return (uint8_t)((unsigned)file * 37 + at * 7 + at / 32 + card * 101 + 1);
}

/* What repeats itself at the beginning of files that look alike: one byte to their end, or several
 * for a while. */
static size_t alike_period(const struct fuzz *fuzz)
{
    static const size_t periods[] = {1, 1, 2, 3, 4, 5, 7, 255};

    return periods[fuzz->header[5] >> 5];
}

/* What they count in: bytes, or 2, 4, 8, 16, 32, 64 of them. */
static uint8_t alike_coding(const struct fuzz *fuzz)
{
    unsigned bits = fuzz->header[4] >> 3 & 7;

    return (uint8_t)(bits ? bits : 1);
}

static void plant_content(struct fuzz *fuzz, int index, const struct seed *seed)
{
    struct model_file *file = &fuzz->model.files[index];
    struct card_file *real = file->real;
    unsigned i;
    size_t at;

    if (seed->structure == FILE_TRANSPARENT)
    {
        size_t period = seed >= seeds + ALIKE ? alike_period(fuzz) : 0;

        file->bytes = fuzz->model.room + fuzz->model.used;
        file->size = seed->size;
        fuzz->model.used += seed->size;
        for (at = 0; at < file->size; at++)
            file->bytes[at] = period && (at < 320 || period == 1)
                                  ? (uint8_t)(at % period)
                                  : noise(index, at, fuzz->insertions);
        if (seed->fid == 0 && seed->tricky == 0x2F00)
        {
            memcpy(file->bytes, applications, sizeof(applications));
            memset(file->bytes + sizeof(applications), 0xFF, file->size - sizeof(applications));
        }
        bytes_add(&real->content, file->bytes, file->size);
        return;
    }
    if (seed->structure == FILE_DF)
        return;
    file->record_size = seed->size;
    file->count = seed->count;
    file->max = seed->count + (fuzz->can.family == FAMILY_ISO);
    file_set_records(real, file->max, file->record_size);
    real->record_count = file->count;
    for (i = 0; i < file->count; i++)
    {
        struct model_record *record = &file->records[i];

        record->len = file->structure == FILE_LINEAR_VARIABLE ? seed->size - i : seed->size;
        for (at = 0; at < record->len; at++)
            record->bytes[at] = noise(index, 16 * i + at, fuzz->insertions);
        bytes_add(&real->records[i], record->bytes, record->len);
    }
}

static void plant_code(struct model_file *file)
{
    struct chv *chv;

    file->tries = -1;
    if (file->structure != FILE_DF)
        return;
    chv = file_add_chv(file->real, 1);
    bytes_add(&chv->code, "1111", 4);
    chv->code.data[3] = (uint8_t)('0' + (file->real->fid & 7));
    chv->tries = chv->tries_left = TRIES;
    file->tries = TRIES;
}

static struct card_file *plant(struct fuzz *fuzz, int index, const struct seed *seed,
                               struct card_file *parent)
{
    struct model_file *file = &fuzz->model.files[index];
    bool ids = !(fuzz->header[1] & 0x20) && fuzz->can.family == FAMILY_ISO;

    memset(file, 0, sizeof(*file));
    file->parent = seed->parent;
    file->structure = seed->structure;
    if (fuzz->can.family == FAMILY_GSM && file->structure == FILE_LINEAR_VARIABLE)
        file->structure = FILE_LINEAR_FIXED;
    file->fid = seed->fid && !fuzz->can.tricky ? seed->fid : seed->tricky;
    file->sfi = ids ? seed->sfi : 0;
    file->lcs = LCS_ACTIVATED;
    if (fuzz->can.family == FAMILY_ISO)
        file->coding = seed >= seeds + ALIKE ? alike_coding(fuzz) : seed->coding;
    /* Where the card does not tell what WRITE does, nobody could know. */
    if (!fuzz->can.tells)
        file->coding &= 0x0F;
    file->secret = seed->secret;
    file->real = file_create(parent, file->structure, file->fid);
    file->real->sfi = file->sfi;
    file->real->data_coding = file->coding;
    file->real->access[OP_READ].never = file->secret;
    if (seed->name && fuzz->can.names)
    {
        file->name_len = file->real->name_len = NAME_LENGTH;
        memcpy(file->name, seed->name, NAME_LENGTH);
        memcpy(file->real->name, seed->name, NAME_LENGTH);
    }
    file->mark = fuzz->header[3] & 0x10 ? index : -1;
    if (file->mark >= 0)
    {
        struct data_object *object = file_add_object(file->real, 0x85);

        object->in_fci = true;
        bytes_add_be(&object->value, MODEL_MARK | (unsigned)index, 2);
    }
    plant_code(file);
    plant_content(fuzz, index, seed);
    return file->real;
}

/* ---- the card ---- */

static void refuse(struct profile *profile, int p1, int p2, uint16_t sw)
{
    struct refusal *refusal = bytes_calloc(1, sizeof(*refusal));

    refusal->next = profile->refusals;
    refusal->ins = 0xA4;
    refusal->p1 = p1;
    refusal->p2 = p2;
    refusal->sw = sw;
    profile->refusals = refusal;
}

/* What ISO cards differ in. Others have to be as their makers say. */
static void set_iso_select(struct profile *profile, uint8_t bits, uint8_t more,
                           struct abilities *can)
{
    if (bits & 0x02)
    {
        refuse(profile, -1, 0x00, 0x6A86);
        refuse(profile, -1, 0x04, 0x6A86);
        can->tells = false;
    }
    if (bits & 0x04)
    {
        refuse(profile, 0, -1, 0x6A86);
        can->has_mf = false;
    }
    if (bits & 0x08)
    {
        refuse(profile, 8, -1, more & 0x80 ? 0x6A82 : 0x6A86);
        can->by_path = false;
    }
    if (bits & 0x10)
    {
        refuse(profile, 1, -1, 0x6A86);
        refuse(profile, 2, -1, 0x6A86);
        can->by_child = false;
    }
    can->short_ids = !(bits & 0x20);
    profile->select_siblings = (bits & 0x40) != 0;
    profile->select_stops = (bits & 0x80) != 0;
    profile->select_df_as_ef = more & 0x80 ? 0x6981 : 0x6A82;
}

/* What is known of SELECT P1 = 03 is that cards differ in it. */
static void set_iso_parent(struct profile *profile, uint8_t bits)
{
    profile->parent_of_ef = bits & 0x01;
    profile->parent_of_mf = (bits & 0x02) != 0;
    if (bits & 0x04)
        refuse(profile, 3, -1, bits & 0x08 ? 0x6A82 : 0x6A86);
}

static void set_iso_reading(struct profile *profile, uint8_t bits, struct abilities *can)
{
    static const uint16_t ends[] = {0x6B00, 0x6C00, 0x6700, 0x6282};
    static const uint16_t shorts[] = {0x6282, 0x9000, 0x6C00, 0x6700};

    profile->read_end = ends[bits & 3];
    profile->read_short = shorts[bits >> 2 & 3];
    profile->full_61 = (bits & 0x10) != 0;
    if (bits & 0x20)
    {
        profile->fci_hidden |= 1u << 0 | 1u << 1;
        can->sizes = false;
    }
    if (bits & 0x40)
        profile->fci_hidden |= 1u << 2;
    if (bits & 0x80)
        profile->fci_hidden |= 1u << 3;
    if (bits & 0xC0)
        can->tells = false;
    can->fair_end = can->sizes || profile->read_short != 0x6700;
    can->lengths = can->t0 || profile->read_short != 0x6700;
}

static struct profile *make_profile(struct fuzz *fuzz)
{
    static const enum card_family families[] = {FAMILY_ISO, FAMILY_ISO, FAMILY_ISO, FAMILY_ISO,
                                                FAMILY_ISO, FAMILY_FLEX, FAMILY_CYBERFLEX,
                                                FAMILY_GSM};
    struct profile *profile = profile_create();
    struct abilities *can = &fuzz->can;
    const uint8_t *header = fuzz->header;

    memset(can, 0, sizeof(*can));
    can->family = profile->family = families[header[0] & 7];
    can->t0 = profile->t0 = (header[0] & 7) > 2;
    can->tricky = header[1] & 1;
    can->tells = can->has_mf = can->by_path = can->by_child = can->names = true;
    can->sizes = can->fair_end = can->lengths = true;
    profile->sfi_late = (header[3] & 0x04) != 0;
    profile->delete_nonempty = header[3] & 0x08 ? 0x6985 : 0;
    if (profile->family == FAMILY_ISO)
    {
        set_iso_select(profile, header[1], header[3], can);
        set_iso_reading(profile, header[2], can);
        set_iso_parent(profile, header[4]);
    }
    else
        can->by_path = can->by_child = can->names = can->short_ids = false;
    can->near_only = profile->family != FAMILY_ISO || profile->select_siblings;
    return profile;
}

void model_insert(struct fuzz *fuzz)
{
    static uint8_t room[ROOM];
    struct profile *profile = make_profile(fuzz);
    int i, count = 0;

    card_destroy(fuzz->card);
    fuzz->insertions++;
    fuzz->model.room = room;
    fuzz->model.used = 0;
    for (i = 0; i < SEEDS; i++)
    {
        const struct seed *seed = &seeds[i];
        struct card_file *parent = i ? fuzz->model.files[seed->parent].real : NULL;

        if (i < BIG || fuzz->header[i == BIG ? 3 : 5] & (i == BIG ? 0x40 : 0x08))
            plant(fuzz, count++, seed, parent);
    }
    fuzz->model.count = count;
    profile->mf = fuzz->model.files[0].real;
    fuzz->card = card_create(profile);
}

/* ---- looking around ---- */

int model_child(const struct model *model, int directory, uint16_t fid)
{
    int i;

    for (i = 0; i < model->count; i++)
    {
        if (!model->files[i].gone && model->files[i].parent == directory &&
            model->files[i].fid == fid && directory >= 0)
            return i;
    }
    return -1;
}

int model_child_by_sfi(const struct model *model, int directory, uint8_t sfi)
{
    int i;

    for (i = 0; i < model->count; i++)
    {
        if (!model->files[i].gone && model->files[i].parent == directory && sfi &&
            model->files[i].sfi == sfi && directory >= 0)
            return i;
    }
    return -1;
}

int model_of(const struct model *model, const struct card_file *real)
{
    int i;

    for (i = 0; i < model->count; i++)
    {
        if (!model->files[i].gone && model->files[i].real == real)
            return i;
    }
    return -1;
}

bool model_is_blocked(const struct model *model, int file)
{
    for (; file >= 0; file = model->files[file].parent)
    {
        if (model->files[file].lcs != LCS_ACTIVATED)
            return true;
    }
    return false;
}

bool model_is_within(const struct model *model, int file, int directory)
{
    while (file >= 0 && file != directory)
        file = model->files[file].parent;
    return file >= 0;
}

const char *model_name(const struct model *model, int file)
{
    static char text[4][160];
    static unsigned turn;
    char *out = text[turn++ % 4];
    int chain[24], n = 0;
    size_t at = 0;

    if (file < 0)
        return "(none)";
    for (; file >= 0 && n < 24; file = model->files[file].parent)
        chain[n++] = file;
    while (n--)
        at += (size_t)snprintf(out + at, 160 - at, "%s%04X", at ? "/" : "",
                               model->files[chain[n]].fid);
    return out;
}

/* ---- comparing ---- */

static void wrong_byte(struct fuzz *fuzz, int file, const char *what, size_t at, unsigned was,
                       unsigned is, bool ordered)
{
    model_fail(fuzz, ordered ? "write" : "change", "%s: %s%zu was %02X, is %02X%s",
               model_name(&fuzz->model, file), what, at, was, is,
               ordered ? "; that is not what was written" : ", and nobody wrote there");
}

static void settle_bytes(struct fuzz *fuzz, int index, const struct model_order *order)
{
    struct model_file *file = &fuzz->model.files[index];
    const struct bytes *content = &file->real->content;
    bool mine = order->file == index && order->kind == CHANGE_BYTES;
    size_t i;

    if (content->len != file->size)
    {
        model_fail(fuzz, "size", "%s has %zu bytes, had %zu", model_name(&fuzz->model, index),
                   content->len, file->size);
        return;
    }
    if (order->file == index && order->kind == CHANGE_ANY)
        memcpy(file->bytes, content->data, file->size);
    if (!mine && (!file->size || !memcmp(file->bytes, content->data, file->size)))
        return;
    for (i = 0; i < file->size; i++)
    {
        bool inside = mine && i >= order->from && i - order->from < order->len;
        uint8_t is = content->data[i];
        bool fits = is == file->bytes[i];

        if (inside)
            fits = is == order->bytes[i - order->from] || (!order->must && fits);
        if (!fits)
        {
            wrong_byte(fuzz, index, "byte ", i, file->bytes[i], is, inside);
            return;
        }
    }
    memcpy(file->bytes, content->data, file->size);
}

static bool same_record(const struct model_record *record, const struct bytes *real)
{
    return record->len == real->len &&
           (!real->len || !memcmp(record->bytes, real->data, real->len));
}

/* What the records should be. */
static void apply_order(struct model_file *file, const struct model_order *order)
{
    struct model_record *record = &file->records[order->number];

    if (order->kind == CHANGE_ADD)
    {
        record = &file->records[file->count];
        if (file->count < file->max)
            file->count++;
        if (file->structure == FILE_CYCLIC)
        {
            record = file->records;
            memmove(record + 1, record, (file->count - 1) * sizeof(*record));
        }
    }
    record->len = order->len;
    memcpy(record->bytes, order->bytes, order->len);
}

static bool are_records(const struct model_file *file)
{
    unsigned i;

    if (file->real->record_count != file->count)
        return false;
    for (i = 0; i < file->count; i++)
    {
        if (!same_record(&file->records[i], &file->real->records[i]))
            return false;
    }
    return true;
}

static void take_records(struct model_file *file)
{
    unsigned i;

    file->count = file->real->record_count;
    for (i = 0; i < file->count; i++)
    {
        file->records[i].len = file->real->records[i].len;
        if (file->records[i].len)
            memcpy(file->records[i].bytes, file->real->records[i].data, file->records[i].len);
    }
}

static void settle_records(struct fuzz *fuzz, int index, const struct model_order *order)
{
    struct model_file *file = &fuzz->model.files[index], wanted = *file;
    bool mine = order->file == index && (order->kind == CHANGE_RECORD || order->kind == CHANGE_ADD);
    unsigned i;

    if (order->file == index && order->kind == CHANGE_ANY)
        take_records(file);
    if (mine)
    {
        apply_order(&wanted, order);
        if (are_records(&wanted))
        {
            if (wanted.count != file->count)
                wanted.changes++;
            *file = wanted;
            return;
        }
        if (order->must)
        {
            model_fail(fuzz, "write", "%s: the record was not written as told",
                       model_name(&fuzz->model, index));
            return;
        }
    }
    if (are_records(file))
        return;
    if (file->real->record_count != file->count)
        model_fail(fuzz, "change", "%s has %u records, had %u; nobody wrote there",
                   model_name(&fuzz->model, index), file->real->record_count, file->count);
    for (i = 0; i < file->count && i < file->real->record_count; i++)
    {
        if (!same_record(&file->records[i], &file->real->records[i]))
            model_fail(fuzz, "change", "%s: record %u changed, and nobody wrote there",
                       model_name(&fuzz->model, index), i + 1);
    }
}

static void settle_mark(struct fuzz *fuzz, int index, const struct model_order *order)
{
    struct model_file *file = &fuzz->model.files[index];
    const struct bytes *value = &file->real->objects->value;
    int mark = (int)(bytes_be(value->data, value->len) & 0xFF);
    bool mine = order->kind == CHANGE_MARK && order->file == index;

    if (mine ? mark != (int)order->number && (order->must || mark != file->mark)
             : mark != file->mark)
        model_fail(fuzz, "mark", "object 85 of %s was %02X, is %02X",
                   model_name(&fuzz->model, index), (unsigned)file->mark, (unsigned)mark);
    file->mark = mark;
}

static void settle_file(struct fuzz *fuzz, int index, const struct model_order *order)
{
    struct model_file *file = &fuzz->model.files[index];
    struct card_file *real = file->real;
    bool life = order->file == index && order->kind == CHANGE_LIFE;

    if (real->structure != file->structure || real->sfi != file->sfi ||
        real->data_coding != file->coding)
        model_fail(fuzz, "change", "%s is another kind of file now",
                   model_name(&fuzz->model, index));
    if (life ? real->lcs != order->lcs && (order->must || real->lcs != file->lcs)
             : real->lcs != file->lcs)
        model_fail(fuzz, "life", "%s has life cycle %02X, had %02X%s",
                   model_name(&fuzz->model, index), real->lcs, file->lcs,
                   life ? "" : ", and nobody switched it");
    file->lcs = real->lcs;
    if (real->chvs && real->chvs->tries_left != (unsigned)file->tries)
    {
        if (order->file != index || order->kind != CHANGE_TRIES)
            model_fail(fuzz, "tries", "the code of %s has %u tries left, had %d: it went there",
                       model_name(&fuzz->model, index), real->chvs->tries_left, file->tries);
        file->tries = real->chvs->tries_left;
    }
    if (file->mark >= 0)
        settle_mark(fuzz, index, order);
    if (file->structure == FILE_TRANSPARENT)
        settle_bytes(fuzz, index, order);
    else if (file->structure != FILE_DF)
        settle_records(fuzz, index, order);
}

static void mark_gone(struct model *model, int file)
{
    int i;

    for (i = 0; i < model->count; i++)
    {
        if (!model->files[i].gone && model_is_within(model, i, file))
        {
            model->files[i].real = NULL;
            if (i != file)
                model->files[i].gone = true;
        }
    }
    model->files[file].gone = true;
}

static void take_missing(struct fuzz *fuzz, int index, const struct model_order *order)
{
    bool mine = order->kind == CHANGE_DELETE &&
                (index == order->file ||
                 (order->partly && model_is_within(&fuzz->model, index, order->file)));

    if (!mine)
        model_fail(fuzz, "delete", "%s is gone, and nobody deleted it",
                   model_name(&fuzz->model, index));
    mark_gone(&fuzz->model, index);
}

static bool is_ordered(const struct model_order *order, int directory, const struct card_file *real)
{
    const struct model_file *made = &order->made;

    return order->kind == CHANGE_CREATE && order->file == directory && order->created < 0 &&
           (made->name_len || real->fid == made->fid) && real->structure == made->structure &&
           real->name_len == made->name_len && !memcmp(real->name, made->name, made->name_len) &&
           real->record_max == made->max && real->record_size == made->record_size;
}

/* A file that was created: its first bytes are the order's, the rest is erased. */
static void take_new(struct fuzz *fuzz, int directory, struct card_file *real,
                     struct model_order *order)
{
    struct model *model = &fuzz->model;
    struct model_file *file = &model->files[model->count];

    if (!is_ordered(order, directory, real) || model->count == MODEL_MAX_FILES)
    {
        model_fail(fuzz, "create", "%s has a new file %04X that nobody created",
                   model_name(model, directory), real->fid);
        return;
    }
    order->created = model->count;
    *file = order->made;
    file->parent = directory;
    file->fid = real->fid;
    file->lcs = LCS_ACTIVATED;
    file->coding = real->data_coding;
    file->sfi = real->sfi;
    file->tries = file->mark = -1;
    file->real = real;
    file->bytes = model->room + model->used;
    if (file->size > ROOM - model->used)
        abort();
    memset(file->bytes, 0, file->size);
    model->used += file->size;
    model->count++;
}

static void settle_new(struct fuzz *fuzz, struct model_order *order)
{
    struct model_order fill = {.kind = CHANGE_BYTES, .file = order->created, .must = order->must,
                               .len = order->len, .bytes = order->bytes};

    if (fuzz->model.files[order->created].structure > FILE_TRANSPARENT)
        fill.kind = order->must ? CHANGE_NONE : CHANGE_ANY;
    settle_file(fuzz, order->created, &fill);
}

static void settle_directory(struct fuzz *fuzz, int directory, struct model_order *order)
{
    struct model *model = &fuzz->model;
    struct card_file *child = model->files[directory].real->children;
    int i, count = model->count;

    settle_file(fuzz, directory, order);
    for (i = 0; i < count && !fuzz->kind; i++)
    {
        if (model->files[i].gone || model->files[i].parent != directory)
            continue;
        if (!child || child->fid != model->files[i].fid)
        {
            take_missing(fuzz, i, order);
            continue;
        }
        model->files[i].real = child;
        child = child->next;
        if (model->files[i].structure == FILE_DF)
            settle_directory(fuzz, i, order);
        else
            settle_file(fuzz, i, order);
    }
    for (; child && !fuzz->kind; child = child->next)
        take_new(fuzz, directory, child, order);
}

void model_settle(struct fuzz *fuzz, struct model_order *order)
{
    if (fuzz->kind)
        return;
    order->created = -1;
    settle_directory(fuzz, 0, order);
    if (fuzz->kind)
        return;
    if (order->kind == CHANGE_CREATE && order->created >= 0)
        settle_new(fuzz, order);
    if (order->must && order->kind == CHANGE_DELETE && !fuzz->model.files[order->file].gone)
        model_fail(fuzz, "delete", "%s was not deleted", model_name(&fuzz->model, order->file));
    if (order->must && order->kind == CHANGE_CREATE && order->created < 0)
        model_fail(fuzz, "create", "the file was not created");
}
