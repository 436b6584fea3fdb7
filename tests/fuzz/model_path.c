/*
 * Paths as callers write them, and what they mean in the model.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"

/* Identifiers that calls name, those of no file among them. */
static const uint16_t some_fids[] = {0x0001, 0x5000, 0x5100, 0x0002, 0x2F05, 0x2F06, 0x0003,
                                     0x7F01, 0x7F02, 0x5200, 0x5300, 0x5400, 0x0004, 0x0006,
                                     0x0007, 0x2F00};
static const uint8_t some_names[][6] = {{0xA0, 0, 0, 0, 1, 2}, {0xA0, 0, 0, 0, 1, 3},
                                        {0xA0, 0, 0, 0, 1, 4}};
#define NAME_LENGTH 6u

/* ---- places ---- */

static int find_root(const struct model *model, const struct model_place *place)
{
    int i;

    if (!place->by_name)
        return 0;
    for (i = 0; i < model->count; i++)
    {
        const struct model_file *file = &model->files[i];

        if (!file->gone && file->name_len == place->name_len && file->name_len &&
            !memcmp(file->name, place->name, file->name_len))
            return i;
    }
    return -1;
}

static int descend(const struct model *model, int at, const uint16_t *fids, unsigned count)
{
    unsigned i;

    for (i = 0; i < count && at >= 0; i++)
        at = model_child(model, at, fids[i]);
    return at;
}

int model_place_find(const struct model *model, const struct model_place *place)
{
    if (place->kind == PLACE_FILE)
        return place->file >= 0 && !model->files[place->file].gone ? place->file : -1;
    if (place->kind == PLACE_UNKNOWN)
        return -1;
    return descend(model, find_root(model, place), place->fids, place->count);
}

/* Whether P1 = 00 might find another file than this child of its directory: of those beside the
 * directory, itself, or the one above. */
static bool is_ambiguous(const struct fuzz *fuzz, int file)
{
    const struct model *model = &fuzz->model;
    int directory = model->files[file].parent, above, other;
    uint16_t fid = model->files[file].fid;

    if (directory < 0)
        return false;
    above = model->files[directory].parent;
    if (fid == model->files[directory].fid || (above >= 0 && fid == model->files[above].fid))
        return true;
    other = model_child(model, above, fid);
    return other >= 0 &&
           (fuzz->can.family == FAMILY_ISO || model->files[other].structure == FILE_DF);
}

/* Steps by P1 = 00 from the root of a place. */
static bool can_step(const struct fuzz *fuzz, const struct model_place *place, int file)
{
    unsigned i;

    if (fuzz->can.by_child)
        return true;
    if (!fuzz->can.has_mf || !fuzz->can.tells || place->by_name)
        return false;
    for (i = 0; i < place->count; i++)
    {
        if (is_ambiguous(fuzz, file))
            return false;
        file = fuzz->model.files[file].parent;
    }
    return true;
}

bool model_can_reach(const struct fuzz *fuzz, const struct model_place *place)
{
    const struct abilities *can = &fuzz->can;
    int file = model_place_find(&fuzz->model, place);

    if (place->kind != PLACE_PATH || file < 0)
        return false;
    if (place->by_name)
        return can->names && (!place->count || can_step(fuzz, place, file));
    if (can->by_path && place->count && (can->tells || can->by_child))
        return true;
    return can->has_mf && (!place->count || can_step(fuzz, place, file));
}

void model_place_text(const struct model_place *place, char *out, size_t size)
{
    size_t at, i;

    at = (size_t)snprintf(out, size, place->by_name ? "#" : "3F00");
    for (i = 0; place->by_name && i < place->name_len; i++)
        at += (size_t)snprintf(out + at, size - at, "%02X", place->name[i]);
    for (i = 0; i < place->count; i++)
        at += (size_t)snprintf(out + at, size - at, "/%04X", place->fids[i]);
}

int model_find_text(const struct model *model, const char *text)
{
    struct model_place place = {.kind = PLACE_PATH};
    unsigned value;

    if (*text == '#')
    {
        place.by_name = true;
        for (text++;
             sscanf(text, "%2x", &value) == 1 && *text != '/' && place.name_len < FILE_MAX_NAME;
             text += 2)
            place.name[place.name_len++] = (uint8_t)value;
    }
    else if (strncmp(text, "3F00", 4))
        return -1;
    else
        text += 4;
    for (; *text == '/' && place.count < 24; text += 5)
    {
        if (sscanf(text + 1, "%4x", &value) != 1)
            return -1;
        place.fids[place.count++] = (uint16_t)value;
    }
    return *text ? -1 : model_place_find(model, &place);
}

/* ---- what a path means ---- */

static bool climb(struct model_place *place, unsigned ups, bool *above)
{
    *above = false;
    if (ups > place->count + (place->by_name ? 1u : 0u))
        return false;
    if (ups > place->count)
    {
        memset(place, 0, sizeof(*place));
        place->kind = PLACE_PATH;
        *above = true;
    }
    else
        place->count -= ups;
    return true;
}

static void find_unknown(const struct fuzz *fuzz, const struct model_spec *spec, int before,
                         struct model_target *target)
{
    if (spec->ups || before < 0)
        return;
    target->loose = !fuzz->can.by_child;
    target->file = descend(&fuzz->model, before, spec->fids, spec->count);
    target->other = descend(&fuzz->model, 0, spec->fids, spec->count);
    if (target->file < 0)
        target->file = target->other;
}

static void find_below_file(const struct fuzz *fuzz, const struct client *client,
                            const struct model_spec *spec, struct model_target *target)
{
    const struct model *model = &fuzz->model;
    int at = model_place_find(model, &client->current);
    unsigned ups;

    target->loose = !fuzz->can.by_child;
    for (ups = spec->ups; ups && at >= 0; ups--)
        at = model->files[at].parent;
    target->file = descend(model, at, spec->fids, spec->count);
}

void model_find(const struct fuzz *fuzz, const struct client *client, const struct model_spec *spec,
                int before, struct model_target *target)
{
    struct model_place place = {.kind = PLACE_PATH};
    bool above = false;
    unsigned i;

    memset(target, 0, sizeof(*target));
    target->file = target->other = -1;
    if (spec->root == SPEC_FROM_NAME)
    {
        place.by_name = true;
        place.name_len = spec->name_len;
        memcpy(place.name, spec->name, spec->name_len);
    }
    else if (spec->root == SPEC_RELATIVE)
        place = client->current;
    if (place.kind == PLACE_PATH)
    {
        if (!climb(&place, spec->ups, &above))
            return;
        for (i = 0; i < spec->count && place.count < 24; i++)
            place.fids[place.count++] = spec->fids[i];
        target->place = place;
        target->file = model_place_find(&fuzz->model, &place);
        /* A card without MF has nothing that a first directory could be relative to. */
        target->certain = !above && place.count <= 16 &&
                          (fuzz->can.has_mf || spec->root != SPEC_RELATIVE || place.by_name ||
                           client->current.count);
        return;
    }
    if (place.kind == PLACE_UNKNOWN)
        find_unknown(fuzz, spec, before, target);
    else
        find_below_file(fuzz, client, spec, target);
    target->place.kind = PLACE_FILE;
    target->place.file = target->file;
}

/* ---- how callers write ---- */

/* Appends to the text, in front of it a separator where one is due. */
static void add(struct model_spec *spec, char sep, const char *word)
{
    size_t at = spec->length, len = strlen(word);

    if (at && spec->ascii[at - 1] != sep)
        spec->ascii[at++] = sep;
    memcpy(spec->ascii + at, word, len + 1);
    spec->length = at + len;
}

/* style: bit 0 the separator, bit 1 the MF by a separator alone. */
static void render(struct model_spec *spec, uint8_t style)
{
    char sep = style & 1 ? '\\' : '/', word[2 * FILE_MAX_NAME + 2] = "#";
    size_t i;

    if (spec->root == SPEC_FROM_MF && (style & 2) && spec->count)
        spec->ascii[spec->length++] = sep;
    else if (spec->root == SPEC_FROM_MF)
        add(spec, sep, "3F00");
    for (i = 0; i < spec->name_len; i++)
        snprintf(word + 1 + 2 * i, 3, "%02X", spec->name[i]);
    if (spec->root == SPEC_FROM_NAME)
        add(spec, sep, word);
    for (i = 0; i < spec->ups; i++)
        add(spec, sep, "..");
    for (i = 0; i < spec->count; i++)
    {
        snprintf(word, sizeof(word), "%04X", spec->fids[i]);
        add(spec, sep, word);
    }
    snprintf(word, sizeof(word), "%02X", spec->sfi);
    if (spec->sfi)
        add(spec, sep, word);
    if (!spec->length)
        add(spec, sep, ".");
    for (i = 0; i < spec->length; i++)
        spec->text[i] = (uint8_t)spec->ascii[i];
}

static void name_root(struct model_spec *spec, const uint8_t *name, size_t len)
{
    spec->root = SPEC_FROM_NAME;
    spec->name_len = len;
    memcpy(spec->name, name, len);
}

/* The path of a file; from the last directory with a name when by_name. */
static void to_file(const struct model *model, int file, bool by_name, struct model_spec *spec)
{
    int chain[24], n = 0;

    spec->root = SPEC_FROM_MF;
    for (; file > 0 && n < 24; file = model->files[file].parent)
    {
        if (by_name && model->files[file].name_len)
        {
            name_root(spec, model->files[file].name, model->files[file].name_len);
            break;
        }
        chain[n++] = file;
    }
    while (n--)
        spec->fids[spec->count++] = model->files[chain[n]].fid;
}

/* Relative to the current directory, if the file lies below. */
static bool from_current(const struct model *model, const struct client *client, int file,
                         struct model_spec *spec)
{
    int at = model_place_find(model, &client->current), above = file;
    unsigned depth = 0;

    if (at < 0 || !model_is_within(model, file, at))
        return false;
    for (; above != at; above = model->files[above].parent)
        depth++;
    for (spec->count = depth; depth; file = model->files[file].parent)
        spec->fids[--depth] = model->files[file].fid;
    return true;
}

static int pick(const struct model *model, uint8_t byte)
{
    int i, n = 0;

    for (i = 0; i < model->count; i++)
        n += !model->files[i].gone;
    n = byte % n;
    for (i = 0; model->files[i].gone || n--; i++)
    {
    }
    return i;
}

static uint16_t some_fid(uint8_t byte)
{
    return some_fids[byte % (sizeof(some_fids) / sizeof(some_fids[0]))];
}

static void read_short_id(const struct fuzz *fuzz, const struct client *client,
                          const uint8_t *bytes, struct model_spec *spec)
{
    const struct model *model = &fuzz->model;
    int file = pick(model, bytes[1]);

    spec->sfi = model->files[file].sfi ? model->files[file].sfi : (uint8_t)(1 + bytes[1] % 30);
    spec->type = PATH_BY_SHORT_ID;
    if (bytes[0] & 16)
        return;
    if (file && model->files[file].sfi)
        file = model->files[file].parent;
    if ((bytes[0] & 32) || !from_current(model, client, file, spec))
        to_file(model, file, bytes[2] & 1, spec);
}

void model_read_spec(struct fuzz *fuzz, const struct client *client, const uint8_t *bytes,
                     bool files, struct model_spec *spec)
{
    const struct model *model = &fuzz->model;
    int file = pick(model, bytes[1]);

    memset(spec, 0, sizeof(*spec));
    spec->type = bytes[0] >> 3 & 1 ? PATH_BY_NAME : PATH_BY_ID;
    switch (bytes[0] & 7)
    {
    case 0: to_file(model, file, bytes[2] & 1, spec); break;
    case 1:
        if (!from_current(model, client, file, spec))
            to_file(model, file, bytes[2] & 1, spec);
        break;
    case 2:
        spec->fids[spec->count++] = some_fid(bytes[1]);
        if (bytes[2] & 0x80)
            spec->fids[spec->count++] = some_fid(bytes[2]);
        break;
    case 3:
        spec->root = SPEC_FROM_MF;
        spec->fids[spec->count++] = some_fid(bytes[1]);
        if (bytes[2] & 0x80)
            spec->fids[spec->count++] = some_fid(bytes[2]);
        break;
    case 4:
        name_root(spec, some_names[bytes[1] % 3], NAME_LENGTH);
        if (bytes[2] & 0x80)
            spec->fids[spec->count++] = some_fid(bytes[2]);
        break;
    case 5:
        spec->ups = 1 + (bytes[1] & 1);
        if (bytes[2] & 0x80)
            spec->fids[spec->count++] = some_fid(bytes[2]);
        break;
    case 6:
        if (files)
        {
            read_short_id(fuzz, client, bytes, spec);
            break;
        }
        /* fall through */
    default:
        to_file(model, file, bytes[0] & 32, spec);
        spec->fids[spec->count++] = some_fid(bytes[2]);
    }
    render(spec, bytes[0] >> 6);
}
