/*
 * The calls of the file service, each with what the model says of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"

#define NO_FILE (-1)

/* A call under way. */
struct call
{
    struct fuzz *fuzz;
    struct client *client;
    const uint8_t *bytes; /* the step */
    struct model_spec spec;
    struct model_target target;
    int before; /* directory that the card is in */
    int32_t result;
};

static struct model *model_in(const struct call *call)
{
    return &call->fuzz->model;
}

static struct model_file *file_in(const struct call *call, int file)
{
    return &call->fuzz->model.files[file];
}

static struct model_order nothing(void)
{
    struct model_order order = {.kind = CHANGE_NONE, .file = NO_FILE};

    return order;
}

static void settle_nothing(const struct call *call)
{
    struct model_order order = nothing();

    model_settle(call->fuzz, &order);
}

static void tell_result(const struct call *call)
{
    model_tell(call->fuzz, "     = %08X\n", (unsigned)call->result);
}

/* Nothing came between that the service has to tell its caller. */
static bool is_quiet(const struct call *call)
{
    return !call->client->cut && !call->client->lost;
}

/* A failure where an ordinary service on an ordinary card succeeds. */
static void demand(const struct call *call, bool due, const char *what)
{
    if (due && is_quiet(call) && call->result != SC_OK)
        model_fail(call->fuzz, "refused", "%s has to succeed and gave %08X", what,
                   (unsigned)call->result);
}

static void read_path(struct call *call, const uint8_t *bytes, bool files)
{
    model_read_spec(call->fuzz, call->client, bytes, files, &call->spec);
    model_find(call->fuzz, call->client, &call->spec, call->before, &call->target);
}

/* The file that a path means: the directory's, by its short identifier, where that was named. */
static int target_file(const struct call *call, int directory)
{
    if (!call->spec.sfi)
        return directory;
    return model_child_by_sfi(model_in(call), directory, call->spec.sfi);
}

static bool is_directory(const struct call *call, int file)
{
    return file >= 0 && file_in(call, file)->structure == FILE_DF;
}

/* Whether the service must get to the target. */
static bool is_ordinary(const struct call *call)
{
    return call->target.certain && model_can_reach(call->fuzz, &call->target.place) &&
           (!call->spec.sfi || call->fuzz->can.short_ids);
}

/* The same where it does not matter what the target is: then only P1 = 00 finds it below a name. */
static bool is_ordinary_any(const struct call *call)
{
    return is_ordinary(call) && call->fuzz->can.has_mf;
}

/* ---- directories ---- */

/* Whether SELECT says what kind of file it is. T=0 has no way to do that beside 6283. */
static bool is_told(const struct call *call, int file)
{
    const struct abilities *can = &call->fuzz->can;

    return can->tells && !(can->t0 && model_is_blocked(model_in(call), file));
}

/* Where the card tells nothing a caller may take an EF for a directory, and has nothing of it. */
static bool fits_directory(const struct call *call, int file)
{
    return file >= 0 && (is_directory(call, file) || !is_told(call, file));
}

/* What P1 = 00 finds from a directory: what is in it and beside it, itself, the one above. */
static bool is_near(const struct model *model, int directory, int file)
{
    int above = directory >= 0 ? model->files[directory].parent : NO_FILE;
    int parent = model->files[file].parent;

    return parent == directory || file == directory || file == above ||
           (parent == above && above >= 0);
}

/* Where the service knows neither directory nor kind of step, the file that the card found counts,
 * if it is called so. */
static void take_loose(struct call *call, const char *kind)
{
    const struct model_spec *spec = &call->spec;
    const struct card *card = call->fuzz->card;
    /* What was selected before the call was not asked for by it. */
    bool asked = card->ef && call->fuzz->exchanges;
    int real = model_of(model_in(call), asked ? card->ef : card->df);
    int from = call->client->current.kind == PLACE_FILE
                   ? model_place_find(model_in(call), &call->client->current)
                   : call->before;
    bool known = call->client->current.kind == PLACE_FILE;
    unsigned ups;

    for (ups = spec->ups; known && ups && from >= 0; ups--)
        from = file_in(call, from)->parent;
    if (spec->count && file_in(call, real)->fid != spec->fids[spec->count - 1])
        model_fail(call->fuzz, kind, "the card is at %s, which was not asked for",
                   model_name(model_in(call), real));
    else if (spec->count == 1 && !is_near(model_in(call), from, real) &&
             (known || file_in(call, real)->parent))
        model_fail(call->fuzz, kind, "%s is nowhere near %s", model_name(model_in(call), real),
                   model_name(model_in(call), from));
    call->target.file = call->target.place.file = real;
    call->target.other = NO_FILE;
}

static void change_dir(struct call *call)
{
    struct fuzz *fuzz = call->fuzz;
    int real;

    read_path(call, call->bytes + 2, false);
    model_tell(fuzz, "ChangeDir(%d, \"%s\")\n", call->spec.type, call->spec.ascii);
    call->result =
        icc_change_dir(&call->client->icc, call->spec.type, call->spec.text, call->spec.length);
    tell_result(call);
    settle_nothing(call);
    demand(call, is_ordinary(call) && is_directory(call, call->target.file), "ChangeDir");
    if (call->result || fuzz->kind)
        return;
    call->client->astray = false;
    real = model_of(model_in(call), fuzz->card->df);
    if (call->target.loose)
    {
        take_loose(call, "chdir");
        call->client->current = call->target.place;
        return;
    }
    if (!fits_directory(call, call->target.file) && !fits_directory(call, call->target.other))
        model_fail(fuzz, "chdir", "ChangeDir to what is no directory");
    else if (is_directory(call, call->target.file) && real != call->target.file &&
             real != call->target.other)
        model_fail(fuzz, "chdir", "ChangeDir to %s, and the card is in %s",
                   model_name(model_in(call), call->target.file), model_name(model_in(call), real));
    if (call->target.place.kind == PLACE_FILE && real == call->target.other)
        call->target.place.file = real;
    call->client->current = call->target.place;
}

/* True when a canonical form may stand for where the client is. */
static bool may_be_current(const struct call *call, const char *text)
{
    const struct model_place *current = &call->client->current;
    char wanted[256];

    if (call->client->astray)
        return true;
    if (current->kind == PLACE_PATH)
    {
        model_place_text(current, wanted, sizeof(wanted));
        if (!strcmp(text, wanted))
            return true;
        return !*text && !current->by_name && !current->count && !call->fuzz->can.has_mf;
    }
    if (!*text)
        return true;
    if (current->kind == PLACE_UNKNOWN)
        return !strcmp(text, "3F00");
    /* Of what another client deleted the service does not hear: it is told where it was. */
    if (file_in(call, current->file)->gone)
        return *text == '#' || !strcmp(text, model_name(model_in(call), current->file));
    return model_find_text(model_in(call), text) == current->file;
}

static void current_dir(struct call *call)
{
    char text[PATH_MAX_TEXT + 1] = "";

    model_tell(call->fuzz, "GetCurrentDir()\n");
    call->result = icc_current_dir(&call->client->icc, text);
    model_tell(call->fuzz, "     = %08X, \"%s\"\n", (unsigned)call->result, text);
    settle_nothing(call);
    demand(call, call->client->current.kind == PLACE_PATH, "GetCurrentDir");
    if (call->result)
        return;
    if (!may_be_current(call, text))
    {
        char wanted[256] = "(unknown)";

        if (call->client->current.kind == PLACE_PATH)
            model_place_text(&call->client->current, wanted, sizeof(wanted));
        model_fail(call->fuzz, "curdir", "the current directory is %s, not \"%s\"", wanted, text);
    }
    if (call->client->current.kind == PLACE_UNKNOWN && *text && call->fuzz->can.has_mf)
    {
        memset(&call->client->current, 0, sizeof(call->client->current));
        call->client->current.kind = PLACE_PATH;
    }
}

/* ---- open files ---- */

/* One of those that are open, or one that is not. */
static struct model_handle *pick_handle(struct call *call)
{
    struct model_handle *handles = call->client->handles, *closed = handles;
    unsigned i, open = 0, n;

    for (i = 0; i < MODEL_MAX_HANDLES; i++)
        open += handles[i].value != 0;
    n = call->bytes[2] % (open + 1);
    for (i = 0; i < MODEL_MAX_HANDLES; i++)
    {
        if (!handles[i].value)
            closed = &handles[i];
        else if (!n--)
            return &handles[i];
    }
    return closed;
}

static bool is_alive(const struct call *call, const struct model_handle *handle)
{
    return handle->value && !handle->stale && !file_in(call, handle->file)->gone;
}

/* Some files count in units of several bytes. */
static bool is_aligned(const struct model_file *file, int64_t number)
{
    unsigned n = file->coding & 15;

    return n < 2 || number % (1 << (n - 1)) == 0;
}

/* Whether the service must get at what the handle is open on. */
static bool is_within_reach(const struct call *call, const struct model_handle *handle)
{
    const struct fuzz *fuzz = call->fuzz;

    return is_alive(call, handle) && model_can_reach(fuzz, &handle->place) &&
           (!handle->sfi || fuzz->can.short_ids) && !model_is_blocked(&fuzz->model, handle->file) &&
           handle->placed && is_aligned(file_in(call, handle->file), handle->position) &&
           (handle->position <= MODEL_EVEN || fuzz->can.family == FAMILY_ISO) &&
           file_in(call, handle->file)->structure != FILE_DF;
}

/* Whether the service can find out what the file counts in, if it needs to: where the card has not
 * told, by reading. */
static bool is_counted(const struct call *call, const struct model_handle *handle, size_t len,
                       size_t at_once)
{
    const struct abilities *can = &call->fuzz->can;

    if (can->family != FAMILY_ISO || (can->tells && !handle->sfi) ||
        (!handle->position && len <= at_once))
        return true;
    return can->lengths && !file_in(call, handle->file)->secret;
}

static void keep_handle(struct call *call, uint32_t value)
{
    struct model_handle *handle = NULL;
    int file = target_file(call, call->target.file);
    int other = target_file(call, call->target.other);
    int i;

    for (i = 0; i < MODEL_MAX_HANDLES && !handle; i++)
    {
        if (!call->client->handles[i].value)
            handle = &call->client->handles[i];
    }
    if (!handle)
    {
        icc_close(&call->client->icc, value);
        return;
    }
    memset(handle, 0, sizeof(*handle));
    handle->value = value;
    handle->file = file;
    if (other >= 0 && (file < 0 || model_of(model_in(call), call->fuzz->card->ef) == other))
        handle->file = other;
    handle->place = call->target.place;
    if (handle->place.kind == PLACE_FILE)
        handle->place.file = handle->file;
    handle->sfi = call->spec.sfi;
    handle->placed = true;
    handle->changes = file_in(call, handle->file)->changes;
}

static bool fits_open(const struct call *call, int file)
{
    return file >= 0 && (!is_directory(call, file) || !is_told(call, file));
}

static void open_file(struct call *call)
{
    uint32_t value = 0;
    int file, other;

    read_path(call, call->bytes + 2, true);
    model_tell(call->fuzz, "Open(%d, \"%s\")\n", call->spec.type, call->spec.ascii);
    call->result =
        icc_open(&call->client->icc, call->spec.type, call->spec.text, call->spec.length, &value);
    model_tell(call->fuzz, "     = %08X, handle %u\n", (unsigned)call->result, value);
    settle_nothing(call);
    file = target_file(call, call->target.file);
    other = target_file(call, call->target.other);
    demand(call,
           is_ordinary(call) && file >= 0 && !is_directory(call, file) &&
               (!call->spec.sfi || !model_is_blocked(model_in(call), file)),
           "Open");
    if (call->result || call->fuzz->kind)
        return;
    if (call->target.loose && !call->spec.sfi)
    {
        take_loose(call, "open");
        keep_handle(call, value);
    }
    else if (!fits_open(call, file) && !fits_open(call, other))
        model_fail(call->fuzz, "open", "Open found a file where there is none");
    else
        keep_handle(call, value);
}

static void close_file(struct call *call)
{
    struct model_handle *handle = pick_handle(call);

    model_tell(call->fuzz, "Close(%u)\n", handle->value);
    call->result = icc_close(&call->client->icc, handle->value);
    tell_result(call);
    settle_nothing(call);
    if ((call->result == SC_OK) != (handle->value != 0))
        model_fail(call->fuzz, "close", "Close gave %08X", (unsigned)call->result);
    handle->value = 0;
}

static void seek_file(struct call *call)
{
    struct model_handle *handle = pick_handle(call);
    const struct model_file *file = file_in(call, handle->file);
    int32_t type = call->bytes[3] % 3, offset = (int8_t)call->bytes[4] * 4 + call->bytes[5] % 4;
    int64_t wanted = offset;

    if (call->bytes[3] & 0x80)
        offset = (int32_t)(wanted = call->bytes[4] << 8 | call->bytes[5]);
    model_tell(call->fuzz, "Seek(%u, %d, %d)\n", handle->value, offset, type);
    call->result = icc_seek(&call->client->icc, handle->value, offset, type);
    tell_result(call);
    settle_nothing(call);
    if (call->result)
        return;
    if (!handle->value || handle->stale)
        model_fail(call->fuzz, "handle", "a handle that is not open is taken");
    if (type == ICC_SEEK_END)
        wanted += (int64_t)(file->structure == FILE_TRANSPARENT ? file->size : file->count);
    else if (type == ICC_SEEK_RELATIVE)
        wanted += handle->position;
    handle->placed = type == ICC_SEEK_BEGIN || (handle->placed && !file->gone);
    /* Others may have changed the number of records since the card told it. */
    if (type == ICC_SEEK_END && file->changes != handle->changes)
        handle->placed = false;
    /* Nor what unit the size is in, where the card does not tell what kind of file it is. */
    if (type == ICC_SEEK_END && file->structure != FILE_TRANSPARENT && !call->fuzz->can.tells)
        handle->placed = false;
    if (handle->placed && wanted < 0)
        model_fail(call->fuzz, "seek", "a position before the beginning");
    handle->position = wanted;
}

/* ---- reading ---- */

/* The bytes that a read of want may bring, at most. */
static size_t readable(const struct model_file *file, int64_t position, size_t want,
                       const uint8_t **from)
{
    size_t have = 0;

    *from = NULL;
    if (file->structure == FILE_TRANSPARENT && position < (int64_t)file->size)
    {
        *from = file->bytes + position;
        have = file->size - (size_t)position;
    }
    else if (file->structure != FILE_TRANSPARENT && position < (int64_t)file->count)
    {
        *from = file->records[position].bytes;
        have = file->records[position].len;
    }
    return want < have ? want : have;
}

/* A read may bring less where the next byte cannot be named: beyond 32767 where there are no odd
 * instructions. */
static bool may_stop(const struct call *call, const struct model_handle *handle, size_t got)
{
    int64_t next = handle->position + (int64_t)got;

    return next > MODEL_EVEN && call->fuzz->can.family != FAMILY_ISO;
}

static void judge_read(struct call *call, const struct model_handle *handle, size_t want,
                       const uint8_t *data, size_t got)
{
    const struct model_file *file = file_in(call, handle->file);
    const char *name = model_name(model_in(call), handle->file);
    const uint8_t *from;
    size_t have, i;

    if (!handle->value || handle->stale)
        model_fail(call->fuzz, "handle", "a handle that is not open is taken");
    if (file->gone || !handle->placed || call->fuzz->kind)
        return;
    have = readable(file, handle->position, want, &from);
    if (!from || file->secret || file->structure == FILE_DF ||
        model_is_blocked(model_in(call), handle->file))
    {
        model_fail(call->fuzz, "read", "Read of %s brought %zu bytes, and there are none", name,
                   got);
        return;
    }
    for (i = 0; i < got && i < have && data[i] == from[i]; i++)
    {
    }
    if (i < got && i < have)
        model_fail(call->fuzz, "read", "Read of %s: byte %zu from position %d is %02X, not %02X",
                   name, i, (int)handle->position, data[i], from[i]);
    else if (got != have && !(got < have && may_stop(call, handle, got)))
        model_fail(call->fuzz, "length", "Read of %s from position %d brought %zu bytes, not %zu",
                   name, (int)handle->position, got, have);
}

static void read_file(struct call *call)
{
    struct model_handle *handle = pick_handle(call);
    const struct model_file *file = file_in(call, handle->file);
    int32_t want = call->bytes[3] | (call->bytes[4] & 3) << 8, bytes = want;
    bool due, inside;
    uint8_t *data = NULL;
    const uint8_t *from;

    model_tell(call->fuzz, "Read(%u, %d)\n", handle->value, want);
    call->result = icc_read(&call->client->icc, handle->value, &bytes, &data, 0);
    model_tell(call->fuzz, "     = %08X, %d bytes\n", (unsigned)call->result, bytes);
    settle_nothing(call);
    inside = !handle->placed || readable(file, handle->position, 1, &from) || !want;
    due = is_within_reach(call, handle) && !file->secret && inside && call->fuzz->can.fair_end &&
          is_counted(call, handle, (size_t)want, 256);
    demand(call, due, "Read");
    if (call->result == SC_EOF && due && is_quiet(call))
        model_fail(call->fuzz, "eof", "Read says the end, and there is more");
    if (call->result == SC_OK && want)
    {
        judge_read(call, handle, (size_t)want, data, (size_t)bytes);
        handle->position += file->structure == FILE_TRANSPARENT ? bytes : 1;
    }
    icc_free(data);
}

/* ---- writing ---- */

enum write_mode
{
    WRITE_REPLACE,
    WRITE_ERASE,
    WRITE_OR,
    WRITE_AND
};

static const uint32_t write_flags[] = {ICC_REPLACE, ICC_ERASE, ICC_OR, ICC_AND};
static const char *const write_names[] = {"REPLACE", "ERASE", "OR", "AND"};

static void combine(enum write_mode mode, uint8_t erased, const uint8_t *old, const uint8_t *data,
                    size_t len, uint8_t *out)
{
    size_t i;

    for (i = 0; i < len; i++)
    {
        switch (mode)
        {
        case WRITE_ERASE: out[i] = erased; break;
        case WRITE_OR: out[i] = old[i] | data[i]; break;
        case WRITE_AND: out[i] = old[i] & data[i]; break;
        default: out[i] = data[i];
        }
    }
}

static uint8_t erased_byte(const struct model_file *file)
{
    return (file->coding >> 5 & 3) == 3 ? 0xFF : 0x00;
}

static bool order_bytes(const struct model_file *file, int64_t position, enum write_mode mode,
                        const uint8_t *data, size_t len, uint8_t *out, struct model_order *order)
{
    size_t room = position < (int64_t)file->size ? file->size - (size_t)position : 0;
    bool fits = len <= room;

    if (mode == WRITE_ERASE && !len)
        len = room;
    if (len > room)
        len = room;
    order->kind = CHANGE_BYTES;
    order->from = (size_t)position;
    order->len = len;
    order->bytes = out;
    if (len)
        combine(mode, erased_byte(file), file->bytes + position, data, len, out);
    return fits;
}

static bool order_record(const struct model_file *file, int64_t position, enum write_mode mode,
                         const uint8_t *data, size_t len, uint8_t *out, struct model_order *order)
{
    const struct model_record *record = &file->records[position < file->count ? position : 0];

    if (len > MODEL_MAX_RECORD || (mode != WRITE_ERASE && len > file->record_size))
        return false;
    order->bytes = out;
    order->len = len;
    order->number = (unsigned)position;
    if (mode == WRITE_REPLACE &&
        (file->structure == FILE_CYCLIC ? position == 0 : position == file->count))
    {
        order->kind = CHANGE_ADD;
        memcpy(out, data, len);
        return file->structure == FILE_CYCLIC || file->count < file->max;
    }
    if (position >= file->count || file->structure == FILE_CYCLIC)
        return false;
    order->kind = CHANGE_RECORD;
    if (mode == WRITE_ERASE)
        order->len = file->structure == FILE_LINEAR_VARIABLE ? 0 : record->len;
    else if (mode != WRITE_REPLACE && len > record->len)
        return false;
    else if (mode != WRITE_REPLACE)
        order->len = record->len;
    memcpy(out, record->bytes,
           order->len < sizeof(record->bytes) ? order->len : sizeof(record->bytes));
    combine(mode, erased_byte(file), record->bytes, data, mode == WRITE_ERASE ? order->len : len,
            out);
    return true;
}

/* What the write may do. True when the card, if it is an ordinary one, has to do it. */
static bool order_write(struct call *call, const struct model_handle *handle, enum write_mode mode,
                        const uint8_t *data, size_t len, uint8_t *out, struct model_order *order)
{
    const struct model_file *file = file_in(call, handle->file);
    unsigned coding = file->coding >> 5 & 3;
    bool fits;

    if (!handle->value || handle->stale || (!len && mode != WRITE_ERASE))
        return false;
    order->file = handle->file;
    if (file->gone)
    {
        /* Another file of that path, if any. */
        order->file = model_place_find(model_in(call), &handle->place);
        if (handle->sfi)
            order->file = model_child_by_sfi(model_in(call), order->file, handle->sfi);
        order->kind = order->file >= 0 ? CHANGE_ANY : CHANGE_NONE;
        return false;
    }
    if (file->structure == FILE_DF || model_is_blocked(model_in(call), handle->file) ||
        (mode == WRITE_OR && coding != 2) || (mode == WRITE_AND && coding != 3))
        return false;
    if (!handle->placed)
    {
        order->kind = CHANGE_ANY;
        return false;
    }
    if (file->structure == FILE_TRANSPARENT)
        fits = order_bytes(file, handle->position, mode, data, len, out, order);
    else
        fits = order_record(file, handle->position, mode, data, len, out, order) &&
               call->fuzz->can.tells && !handle->sfi;
    if (mode != WRITE_REPLACE || file->structure == FILE_LINEAR_VARIABLE)
        return fits && mode != WRITE_ERASE && !handle->sfi;
    return fits && (file->structure == FILE_TRANSPARENT || len == file->record_size) &&
           (order->kind != CHANGE_ADD || call->fuzz->can.family == FAMILY_ISO);
}

/* Positions follow what was written; how much that was before a failure nobody tells. */
static void move_handle(const struct call *call, struct model_handle *handle, enum write_mode mode,
                        size_t len, const struct model_order *order)
{
    const struct model_file *file = file_in(call, handle->file);

    if (call->result)
    {
        if (handle->value && (call->client->cut || len > 64 || order->kind == CHANGE_ANY))
            handle->placed = false;
        return;
    }
    if (file->gone || !handle->placed)
        handle->placed = false;
    else if (file->structure != FILE_TRANSPARENT)
        handle->position += len || mode == WRITE_ERASE;
    else if (len)
        handle->position += (int64_t)len;
    /* Erased to the end: where that is, the service may not know. */
    else if (mode == WRITE_ERASE)
        handle->placed = false;
}

static void fill(uint8_t *data, size_t len, uint8_t seed)
{
    size_t i;

    for (i = 0; i < len; i++)
        data[i] = (uint8_t)(seed + i * 13 + (i >> 5));
}

static void write_file(struct call *call)
{
    struct model_handle *handle = pick_handle(call);
    const struct model_file *file = file_in(call, handle->file);
    uint8_t data[512], out[MODEL_BIG];
    enum write_mode mode = call->bytes[3] & 3;
    size_t len = call->bytes[4] | (call->bytes[3] & 0x20 ? 256u : 0u);
    struct model_order order = nothing();
    bool due;

    if (call->bytes[3] & 4)
        mode = WRITE_REPLACE;
    if (call->bytes[3] & 8)
        len = file->structure == FILE_TRANSPARENT ? len % 16 + 1 : file->record_size;
    if (mode == WRITE_ERASE && file->structure != FILE_TRANSPARENT)
        len = len ? 1 : 0;
    fill(data, len, call->bytes[5]);
    due = order_write(call, handle, mode, data, len, out, &order);
    if (order.kind == CHANGE_BYTES && order.from >= file->size)
        order.kind = CHANGE_NONE;
    model_tell(call->fuzz, "Write(%u, %zu bytes from %02X, %s)\n", handle->value, len,
               call->bytes[5], write_names[mode]);
    call->result =
        icc_write(&call->client->icc, handle->value, (int32_t)len, data, len, write_flags[mode]);
    tell_result(call);
    if (call->result == SC_OK && (len || mode == WRITE_ERASE))
    {
        if (!handle->value || handle->stale)
            model_fail(call->fuzz, "handle", "a handle that is not open is taken");
        else if (order.kind == CHANGE_NONE)
            model_fail(call->fuzz, "write", "a write that cannot be done succeeds");
        order.must = order.kind != CHANGE_ANY;
        if (order.must && file->structure == FILE_TRANSPARENT && len > order.len)
            model_fail(call->fuzz, "write", "a write past the end succeeds");
    }
    model_settle(call->fuzz, &order);
    demand(call, due && is_within_reach(call, handle) && is_counted(call, handle, len, 255),
           "Write");
    move_handle(call, handle, mode, len, &order);
}

/* ---- making and deleting ---- */

/* Where a card is at first. */
static void forget_place(struct client *client)
{
    memset(&client->current, 0, sizeof(client->current));
    client->astray = client->left = false;
    client->current.kind =
        client->by_handle || !client->fuzz->can.has_mf ? PLACE_UNKNOWN : PLACE_PATH;
}

/* The current directory, when the caller deleted it or one above, becomes the parent of what went.
 * That it is what was deleted under another name nobody may know. */
static void leave_deleted(struct call *call)
{
    const struct model_place *gone = &call->target.place;
    struct model_place *current = &call->client->current;

    if (current->kind == PLACE_FILE)
    {
        current->file = file_in(call, call->target.file)->parent;
        call->client->astray = true;
    }
    if (current->kind != PLACE_PATH || gone->kind != PLACE_PATH ||
        current->by_name != gone->by_name || current->name_len != gone->name_len ||
        memcmp(current->name, gone->name, gone->name_len) || current->count < gone->count)
        return;
    if (gone->count)
        current->count = gone->count - 1;
    else
        forget_place(call->client);
}

static bool has_children(const struct model *model, int file)
{
    int i;

    for (i = 0; i < model->count; i++)
    {
        if (!model->files[i].gone && model->files[i].parent == file)
            return true;
    }
    return false;
}

static void delete_file(struct call *call)
{
    static const uint32_t flags[] = {0, 0, ICC_RECURSIVE, ICC_NON_RECURSIVE};
    struct model_order order = nothing();
    uint32_t flag = flags[call->bytes[5] & 3];
    bool was_current, due;
    int file;

    read_path(call, call->bytes + 2, true);
    file = target_file(call, call->target.file);
    if (call->target.loose || (call->target.other >= 0 && call->target.other != call->target.file))
        return; /* one of two: nobody could judge it */
    if (file >= 0)
    {
        order.kind = CHANGE_DELETE;
        order.file = file;
        order.partly = flag == ICC_RECURSIVE;
    }
    due = file > 0 && is_ordinary_any(call) && !flag && !has_children(model_in(call), file) &&
          !call->spec.sfi && call->fuzz->can.family != FAMILY_GSM && call->spec.count &&
          model_can_reach(call->fuzz, &call->target.place);
    was_current = file >= 0 &&
                  model_is_within(model_in(call),
                                  model_place_find(model_in(call), &call->client->current), file);
    model_tell(call->fuzz, "Delete(%d, \"%s\", %X)\n", call->spec.type, call->spec.ascii, flag);
    call->result =
        icc_delete(&call->client->icc, call->spec.type, call->spec.text, call->spec.length, flag);
    tell_result(call);
    if (call->result == SC_OK && file < 0)
        model_fail(call->fuzz, "delete", "Delete of what is not there");
    order.must = call->result == SC_OK;
    model_settle(call->fuzz, &order);
    demand(call, due, "Delete");
    if (was_current && call->result == SC_OK)
        leave_deleted(call);
    /* It may be gone though the caller was told otherwise: then who knows where it is. */
    else if (was_current && file_in(call, file)->gone && call->client->by_handle)
    {
        call->client->current.kind = PLACE_UNKNOWN;
        call->client->astray = true;
    }
}

/* What Create is asked for. */
struct wish
{
    enum file_structure structure;
    bool named;       /* a directory with a name and no identifier */
    bool preallocate; /* without a size: as much as the data need */
    size_t size, record_size, records;
    uint8_t data[36];
    size_t len;
    uint8_t objects[32];
    struct icc_tlv list[2];
    int32_t count;
};

static size_t put(uint8_t *out, size_t at, uint8_t tag, unsigned value, unsigned width)
{
    out[at++] = tag;
    out[at++] = (uint8_t)width;
    while (width--)
        out[at++] = (uint8_t)(value >> 8 * width);
    return at;
}

/* Descriptor and size, as data objects. */
static void put_objects(struct wish *wish)
{
    static const uint8_t descriptors[] = {0x38, 0x01, 0x02, 0x04, 0x06};
    uint8_t *out = wish->objects;
    size_t at = put(out, 0, 0x82, descriptors[wish->structure], 1);

    if (wish->records)
    {
        out[1] = 5;
        out[at++] = 0;
        out[at++] = 0;
        out[at++] = (uint8_t)wish->record_size;
        out[at++] = (uint8_t)wish->records;
    }
    wish->list[0].data = out;
    wish->list[0].size = (int32_t)at;
    wish->list[1].data = out + at;
    wish->list[1].size = (int32_t)(put(out, at, 0x80, (unsigned)wish->size, 2) - at);
    wish->count = wish->preallocate ? 1 : 2;
}

static void read_wish(const uint8_t *bytes, struct wish *wish)
{
    static const enum file_structure structures[] =
    {
        FILE_TRANSPARENT, FILE_DF, FILE_TRANSPARENT, FILE_LINEAR_FIXED, FILE_CYCLIC,
        FILE_TRANSPARENT, FILE_DF, FILE_LINEAR_VARIABLE
    };
    unsigned kind = bytes[0] & 7;

    memset(wish, 0, sizeof(*wish));
    wish->structure = structures[kind];
    wish->size = bytes[1] % 32 + 1;
    wish->len = wish->structure == FILE_DF ? 0 : bytes[2] % 33;
    wish->named = kind == 6;
    wish->preallocate = kind == 5;
    if (wish->preallocate)
        wish->size = wish->len;
    if (wish->structure > FILE_TRANSPARENT)
    {
        wish->record_size = bytes[1] % 8 + 1;
        wish->records = bytes[1] / 8 % 4 + 1;
        wish->size = wish->record_size * wish->records;
        wish->len -= wish->len % wish->record_size;
    }
    fill(wish->data, wish->len, bytes[1]);
    put_objects(wish);
}

/* The records after the data were written, piece by piece. */
static void expect_records(const struct wish *wish, struct model_file *made)
{
    size_t pieces = wish->len / wish->record_size, i, at;

    made->max = (unsigned)wish->records;
    made->record_size = wish->record_size;
    made->count = made->max;
    if (wish->structure == FILE_LINEAR_VARIABLE)
        made->count = (unsigned)(pieces < made->max ? pieces : made->max);
    for (i = 0; i < made->count; i++)
        made->records[i].len = wish->record_size;
    for (i = 0; i < pieces; i++)
    {
        at = wish->structure == FILE_CYCLIC ? pieces - 1 - i : i;
        if (at < made->max)
            memcpy(made->records[at].bytes, wish->data + i * wish->record_size, wish->record_size);
    }
}

static void order_file(const struct wish *wish, uint16_t fid, const struct model_spec *spec,
                       struct model_file *made)
{
    made->fid = fid;
    made->structure = wish->structure;
    if (wish->structure == FILE_TRANSPARENT)
        made->size = wish->size;
    else if (wish->structure != FILE_DF)
        expect_records(wish, made);
    if (!wish->named)
        return;
    made->fid = 0;
    made->name_len = spec->name_len;
    memcpy(made->name, spec->name, spec->name_len);
}

/* Splits what a path names into directory and identifier; false when it has none. */
static bool split_target(struct call *call, int *directory, uint16_t *fid)
{
    struct model_spec parent = call->spec;
    struct model_target target;

    if (call->spec.sfi || !call->spec.count)
        return false;
    *fid = call->spec.fids[--parent.count];
    model_find(call->fuzz, call->client, &parent, call->before, &target);
    if (target.loose || (target.other >= 0 && target.other != target.file))
        return false;
    call->target = target;
    *directory = target.file;
    return true;
}

/* Where the new file goes; one that has but a name, into the current directory. */
static bool find_parent(struct call *call, const struct wish *wish, int *directory, uint16_t *fid)
{
    static const uint8_t relative[] = {2, 0, 0}, name[] = {4, 2, 0};

    if (!wish->named)
    {
        read_path(call, call->bytes + 2, false);
        return split_target(call, directory, fid);
    }
    if (call->client->current.kind != PLACE_PATH)
        return false;
    read_path(call, relative, false);
    if (!split_target(call, directory, fid))
        return false;
    model_read_spec(call->fuzz, call->client, name, false, &call->spec);
    return true;
}

static bool is_name_free(const struct call *call, const struct wish *wish)
{
    struct model_target target;

    if (!wish->named)
        return true;
    model_find(call->fuzz, call->client, &call->spec, call->before, &target);
    return target.file < 0;
}

/* Whether an ordinary service must make it. */
static bool is_due(const struct call *call, const struct wish *wish, int directory, uint16_t fid)
{
    return wish->len <= wish->size && wish->size && call->target.certain &&
           model_can_reach(call->fuzz, &call->target.place) && call->fuzz->can.tells &&
           call->fuzz->can.family == FAMILY_ISO && fid != FILE_MF && !wish->named &&
           wish->structure != FILE_LINEAR_VARIABLE &&
           !model_is_blocked(model_in(call), directory) && call->target.place.count < 16;
}

static void create_file(struct call *call)
{
    struct model_order order = nothing();
    struct wish wish;
    uint16_t fid = 0;
    int directory = NO_FILE;
    bool due;

    read_wish(call->bytes + 5, &wish);
    if (call->fuzz->model.count == MODEL_MAX_FILES || !find_parent(call, &wish, &directory, &fid))
        return;
    if (is_directory(call, directory) && is_name_free(call, &wish) &&
        (wish.named || model_child(model_in(call), directory, fid) < 0))
    {
        order.kind = CHANGE_CREATE;
        order.file = directory;
        order_file(&wish, fid, &call->spec, &order.made);
        order.bytes = wish.data;
        order.len = wish.len < wish.size ? wish.len : wish.size;
    }
    due = order.kind == CHANGE_CREATE && is_due(call, &wish, directory, fid);
    model_tell(call->fuzz, "Create(%d, \"%s\", structure %d of %zu, %zu bytes)\n", call->spec.type,
               call->spec.ascii, wish.structure, wish.size, wish.len);
    call->result = icc_create(
        &call->client->icc, call->spec.type, call->spec.text, call->spec.length, wish.list,
        wish.count, wish.preallocate ? ICC_PREALLOCATE : 0, wish.len ? wish.data : NULL, wish.len);
    tell_result(call);
    if (call->result == SC_OK && order.kind == CHANGE_NONE)
        model_fail(call->fuzz, "create", "Create where that cannot be");
    order.must = call->result == SC_OK;
    model_settle(call->fuzz, &order);
    call->target.place.fids[call->target.place.count++] = fid;
    due =
        due && (!wish.len || order.created < 0 || model_can_reach(call->fuzz, &call->target.place));
    demand(call, due, "Create");
}

static void switch_file(struct call *call)
{
    struct model_order order = nothing();
    bool on = call->bytes[5] & 1, due;
    int file;

    read_path(call, call->bytes + 2, false);
    file = call->target.file;
    if (call->target.loose || (call->target.other >= 0 && call->target.other != file))
        return;
    if (file >= 0)
    {
        order.kind = CHANGE_LIFE;
        order.file = file;
        order.lcs = on ? LCS_ACTIVATED : LCS_DEACTIVATED;
    }
    due = file > 0 && is_ordinary_any(call) &&
          (call->fuzz->can.family != FAMILY_GSM || !is_directory(call, file));
    model_tell(call->fuzz, "%s(\"%s\")\n", on ? "Rehabilitate" : "Invalidate", call->spec.ascii);
    call->result = on ? icc_rehabilitate(&call->client->icc, call->spec.text, call->spec.length, 0)
                      : icc_invalidate(&call->client->icc, call->spec.text, call->spec.length, 0);
    tell_result(call);
    if (call->result == SC_OK && file < 0)
        model_fail(call->fuzz, "life", "a file is switched that is not there");
    order.must = call->result == SC_OK;
    model_settle(call->fuzz, &order);
    demand(call, due, "switching the file");
}

/* ---- looking ---- */

/* The client's current directory. Where nobody can tell which it is, it is the one that others have
 * left the card in, but none after a command of the client's own has left that. */
static int current_directory(const struct call *call)
{
    const struct client *client = call->client;

    if (client->current.kind == PLACE_UNKNOWN && !client->left)
        return call->before;
    return model_place_find(model_in(call), &client->current);
}

static bool is_listed(const struct icc_name *names, size_t count, uint16_t fid)
{
    char text[8];
    size_t i;

    snprintf(text, sizeof(text), "%04X", fid);
    for (i = 0; i < count && strcmp(names[i].text, text); i++)
    {
    }
    return i < count;
}

static bool fits_type(const struct model_file *file, int32_t type)
{
    switch (type)
    {
    case ICC_TYPE_ALL: return true;
    case ICC_TYPE_FILES: return file->structure != FILE_DF;
    case ICC_TYPE_TRANSPARENT: return file->structure == FILE_TRANSPARENT;
    case ICC_TYPE_FIXED: return file->structure == FILE_LINEAR_FIXED;
    case ICC_TYPE_CYCLIC: return file->structure == FILE_CYCLIC;
    case ICC_TYPE_VARIABLE: return file->structure == FILE_LINEAR_VARIABLE;
    default: return file->structure == FILE_DF;
    }
}

/* A DF with the FID of its directory or of the one above, which ISO 7816-4 5.3.1.1 does not allow:
 * a card that selects by P1 = 00 alone cannot be asked for it. */
static bool is_ambiguous(const struct model *model, const struct model_file *file)
{
    int above = file->parent, levels;

    for (levels = 0; levels < 2 && above >= 0; levels++, above = model->files[above].parent)
        if (model->files[above].fid == file->fid)
            return file->structure == FILE_DF;
    return false;
}

static void judge_list(struct call *call, int directory, int32_t type, const struct icc_name *names,
                       size_t count)
{
    const struct model *model = model_in(call);
    size_t expected = 0;
    int i;

    for (i = 0; i < model->count; i++)
    {
        const struct model_file *file = &model->files[i];

        if (file->gone || file->parent != directory || !fits_type(file, type))
            continue;
        if (!is_listed(names, count, file->fid) && type != ICC_TYPE_ALL &&
            is_ambiguous(model, file))
            continue;
        expected++;
        if (!is_listed(names, count, file->fid))
            model_fail(call->fuzz, "list", "Directory(%d) of %s does not name %04X", type,
                       model_name(model, directory), file->fid);
    }
    if (expected != count)
        model_fail(call->fuzz, "list", "Directory(%d) of %s names %zu files, not %zu", type,
                   model_name(model, directory), count, expected);
}

static void judge_applications(struct call *call, const struct icc_name *names, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
    {
        if (strcmp(names[i].text, "#A00000000102") && strcmp(names[i].text, "#A00000000103"))
            model_fail(call->fuzz, "list", "Directory names %s, which EF.DIR does not",
                       names[i].text);
    }
}

static void list_directory(struct call *call)
{
    int32_t type = call->bytes[2] % 8;
    int directory = current_directory(call);
    enum card_family family = call->fuzz->can.family;
    struct icc_name *names = NULL;
    size_t count = 0;

    model_tell(call->fuzz, "Directory(%d)\n", type);
    call->result = icc_directory(&call->client->icc, type, &names, &count);
    model_tell(call->fuzz, "     = %08X, %zu names\n", (unsigned)call->result, count);
    settle_nothing(call);
    if (call->result == SC_OK && call->client->current.kind != PLACE_FILE &&
        (family == FAMILY_FLEX || family == FAMILY_CYBERFLEX))
    {
        if (directory < 0)
            model_fail(call->fuzz, "list", "Directory(%d) of a directory that was left", type);
        else
            judge_list(call, directory, type, names, count);
    }
    else if (call->result == SC_OK && family == FAMILY_ISO && !file_in(call, 1)->gone &&
             file_in(call, 1)->bytes[4] == 0xA0 && file_in(call, 1)->bytes[14] == 0xA0 &&
             file_in(call, 1)->bytes[20] == 0xFF)
        judge_applications(call, names, count);
    icc_free(names);
}

static bool has_tag(const struct icc_tlv *found, int32_t count, uint8_t tag, uint8_t len,
                    const uint8_t **value)
{
    int32_t i;

    for (i = 0; i < count; i++)
    {
        if (found[i].size == len + 2 && found[i].data[0] == tag && found[i].data[1] == len)
        {
            *value = found[i].data + 2;
            return true;
        }
    }
    return false;
}

static void judge_properties(struct call *call, int file, const struct icc_tlv *found,
                             int32_t count)
{
    const struct model_file *wanted = file_in(call, file);
    const uint8_t *value;

    if (has_tag(found, count, 0x83, 2, &value) && (value[0] << 8 | value[1]) != wanted->fid)
        model_fail(call->fuzz, "properties", "GetProperties of %s tells of %02X%02X",
                   model_name(model_in(call), file), value[0], value[1]);
    if (wanted->mark >= 0 && call->fuzz->can.family == FAMILY_ISO &&
        has_tag(found, count, 0x85, 2, &value) && value[1] != wanted->mark)
        model_fail(call->fuzz, "properties", "GetProperties of %s tells of file %d, not %d",
                   model_name(model_in(call), file), value[1], wanted->mark);
}

static void get_properties(struct call *call)
{
    struct icc_tlv *found = NULL;
    int32_t count = 0;
    int file;

    read_path(call, call->bytes + 2, false);
    file = call->target.file;
    model_tell(call->fuzz, "GetProperties(%d, \"%s\")\n", call->spec.type, call->spec.ascii);
    call->result = icc_properties(&call->client->icc, call->spec.type, call->spec.text,
                                  call->spec.length, NULL, 0, 0, &found, &count);
    tell_result(call);
    settle_nothing(call);
    demand(call, is_ordinary_any(call) && file >= 0, "GetProperties");
    if (call->target.loose)
        ;
    else if (call->result == SC_OK && file < 0)
        model_fail(call->fuzz, "properties", "GetProperties of what is not there");
    else if (call->result == SC_OK && call->target.other < 0)
        judge_properties(call, file, found, count);
    icc_free(found);
}

/* The file opened last of those still open, or the current directory. */
static int described_file(const struct call *call)
{
    const struct model_handle *newest = NULL, *handle;

    for (handle = call->client->handles; handle < call->client->handles + MODEL_MAX_HANDLES;
         handle++)
    {
        if (handle->value && !handle->stale && (!newest || handle->value > newest->value))
            newest = handle;
    }
    if (!newest)
        return model_place_find(model_in(call), &call->client->current);
    return is_alive(call, newest) ? newest->file : NO_FILE;
}

static void get_capabilities(struct call *call)
{
    struct icc_tlv *found = NULL;
    int32_t count = 0;
    int file = described_file(call);

    model_tell(call->fuzz, "GetFileCapabilities()\n");
    call->result = icc_capabilities(&call->client->icc, NULL, 0, 0, &found, &count);
    tell_result(call);
    settle_nothing(call);
    /* What the card told at Open may have changed since. */
    if (call->result == SC_OK && file >= 0 && file_in(call, file)->mark == file)
        judge_properties(call, file, found, count);
    icc_free(found);
}

static void set_properties(struct call *call)
{
    struct model_order order = nothing();
    uint8_t object[] = {0x85, 2, MODEL_MARK >> 8, call->bytes[5]};
    struct icc_tlv list = {sizeof(object), object};
    int file;

    read_path(call, call->bytes + 2, false);
    file = call->target.file;
    if (call->target.loose || call->target.other >= 0 ||
        (file >= 0 && file_in(call, file)->mark < 0))
        return;
    if (file >= 0)
    {
        order.kind = CHANGE_MARK;
        order.file = file;
        order.number = call->bytes[5];
    }
    model_tell(call->fuzz, "SetProperties(%d, \"%s\", 85 02 99 %02X)\n", call->spec.type,
               call->spec.ascii, call->bytes[5]);
    call->result = icc_set_properties(&call->client->icc, call->spec.type, call->spec.text,
                                      call->spec.length, &list, 1, 0);
    tell_result(call);
    if (call->result == SC_OK && file < 0)
        model_fail(call->fuzz, "properties", "SetProperties of what is not there");
    order.must = call->result == SC_OK;
    model_settle(call->fuzz, &order);
    demand(call, file >= 0 && is_ordinary_any(call) && call->fuzz->can.family == FAMILY_ISO,
           "SetProperties");
}

/* ---- codes ---- */

/* The directory whose code a local reference means: the current one, or one above. */
static int local_code(const struct call *call)
{
    int at = current_directory(call);

    while (at > 0 && (is_directory(call, at) ? file_in(call, at)->tries < 0 : true))
        at = file_in(call, at)->parent;
    return at > 0 ? at : NO_FILE;
}

/* Verify, or ChangeCode of a code into itself, which tries it too. */
static void verify(struct call *call)
{
    const uint8_t *bytes;
    bool local = call->bytes[2] & 1, change = call->bytes[2] & 2;
    uint32_t flags = local ? ICC_LOCAL : ICC_GLOBAL;
    struct model_order order = nothing();
    char code[5] = "1110";
    int owner;

    code[3] = (char)('0' + (call->bytes[3] & 7));
    owner = local ? local_code(call) : 0;
    model_tell(call->fuzz, "%s(%s, %s)\n", change ? "ChangeCode" : "Verify", code,
               local ? "LOCAL" : "GLOBAL");
    bytes = (const uint8_t *)code;
    call->result = change ? icc_change_code(&call->client->icc, bytes, 4, bytes, 4, flags, 1)
                          : icc_verify(&call->client->icc, bytes, 4, flags, 1);
    tell_result(call);
    order.kind = CHANGE_TRIES;
    order.file = owner;
    if (call->result == SC_OK && (owner < 0 || (file_in(call, owner)->fid & 7) != code[3] - '0'))
        model_fail(call->fuzz, "verify", "a wrong code is taken, or by another directory");
    model_settle(call->fuzz, &order);
}

/* ---- what others do ---- */

static enum apdu_protocol protocol_of(const struct fuzz *fuzz)
{
    return fuzz->can.t0 ? APDU_T0 : APDU_T1;
}

static void connect_again(struct client *client)
{
    client->lost = SC_OK;
    icc_untrust(&client->icc, protocol_of(client->fuzz));
}

/* By this client, or by somebody else; then both may learn of it at once, or at their next call. */
static void reset_by(struct call *call)
{
    struct fuzz *fuzz = call->fuzz;
    bool self = call->bytes[2] & 1, told = call->bytes[2] & 2;
    struct client *client;

    /* Nobody resets a card that another has locked. */
    if (fuzz->owner >= 0 && (!self || call->client != &fuzz->clients[fuzz->owner]))
        return;
    model_tell(fuzz, "the card is reset by %s\n", self ? "this client" : "another");
    card_reset(fuzz->card);
    for (client = fuzz->clients; client < fuzz->clients + 2; client++)
    {
        if (self ? client == call->client : told)
            connect_again(client);
        else
            client->lost = SC_RESET_CARD;
    }
}

static void reconnect(struct call *call)
{
    model_tell(call->fuzz, "Reconnect\n");
    connect_again(call->client);
}

static void exchange_card(struct call *call)
{
    struct fuzz *fuzz = call->fuzz;
    int i, n;

    model_tell(fuzz, "another card of the same kind\n");
    model_insert(fuzz);
    for (i = 0; i < 2; i++)
    {
        struct client *client = &fuzz->clients[i];

        icc_card_is_new(&client->icc, protocol_of(fuzz), client->icc.atr, client->icc.atr_len);
        client->lost = SC_OK;
        forget_place(client);
        for (n = 0; n < MODEL_MAX_HANDLES; n++)
        {
            client->handles[n].stale = true;
            client->handles[n].file = 0;
        }
    }
}

/* Detach, and AttachByHandle or AttachByIFD again. That handles of before are not given out once
 * more is the business of the layer above. */
static void attach_again(struct call *call)
{
    model_tell(call->fuzz, "Detach, Attach\n");
    if (call->fuzz->owner == (int)(call->client - call->fuzz->clients))
        call->fuzz->owner = -1;
    icc_fini(&call->client->icc);
    model_attach(call->client);
    call->client->lost = SC_OK;
    memset(call->client->handles, 0, sizeof(call->client->handles));
}

/* A third program, or for AttachByHandle the application itself, selects a file. */
static void select_by_other(struct call *call)
{
    struct fuzz *fuzz = call->fuzz;
    int file, n = call->bytes[2] % fuzz->model.count;
    struct client *user = NULL;
    struct card_file *real;

    if (fuzz->owner >= 0 && !fuzz->clients[fuzz->owner].by_handle)
        return;
    /* Over the client's own handle, or any other connection. */
    if (fuzz->owner >= 0)
        user = &fuzz->clients[fuzz->owner];
    else if (call->client->by_handle && (call->bytes[3] & 1))
        user = call->client;
    if (user)
        ++*model_moves(user);
    for (file = n; fuzz->model.files[file].gone; file = (file + 1) % fuzz->model.count)
    {
    }
    real = fuzz->model.files[file].real;
    card_select(fuzz->card, file_df(real), file_is_df(real) ? NULL : real);
    model_tell(fuzz, "%s selects %s\n", user ? "the application" : "another",
               model_name(&fuzz->model, file));
}

unsigned *model_moves(struct client *client)
{
    struct fuzz *fuzz = client->fuzz;

    return &fuzz->moves[fuzz->one_handle ? 0 : client - fuzz->clients];
}

/* Two who have one handle can both hold the lock. */
static bool can_own(const struct client *client)
{
    int self = (int)(client - client->fuzz->clients);

    return client->fuzz->owner < 0 || client->fuzz->owner == self;
}

/* As the layer above does: what cannot be seen is never trusted. */
void model_own(struct client *client, bool own)
{
    int self = (int)(client - client->fuzz->clients);

    if (own)
        client->fuzz->owner = self;
    else if (client->fuzz->owner == self)
        client->fuzz->owner = -1;
    icc_set_exclusive(&client->icc, own && !client->foreign);
}

/* The same: what others have sent over the connection since the client's last call is told. */
static void notice_others(struct client *client)
{
    if (client->foreign || client->seen == *model_moves(client))
        return;
    icc_was_moved(&client->icc);
    client->left = false;
}

static void set_exclusive(struct call *call)
{
    bool value = call->bytes[2] & 1;

    if (value && !can_own(call->client))
        return;
    model_own(call->client, value);
    model_tell(call->fuzz, "exclusive: %d\n", value);
}

static void arm_fault(struct call *call)
{
    call->fuzz->fault_at = 1 + call->bytes[2] % 6;
    call->fuzz->fault = 1 + call->bytes[3] % 2;
    model_tell(call->fuzz, "at exchange %u of the next call %s\n", call->fuzz->fault_at,
               call->fuzz->fault == 1 ? "the card is reset by another" : "the answer is lost");
}

/* ---- steps ---- */

void model_attach(struct client *client)
{
    static const uint8_t flex[] = {0x3B, 0x95, 0x15, 0x40, 0x20, 0x68, 0x01, 0x02, 0x00, 0x00};
    static const uint8_t cyberflex[] = {0x3B, 0x16, 0x94, 0x81, 0x10, 0x06, 0x01, 0x81, 0x3F};
    enum card_family family = client->fuzz->can.family;
    const uint8_t *atr = family == FAMILY_FLEX        ? flex
                         : family == FAMILY_CYBERFLEX ? cyberflex
                                                      : NULL;
    size_t len = family == FAMILY_FLEX ? sizeof(flex) : atr ? sizeof(cyberflex) : 0;

    icc_init(&client->icc, model_transmit, client, protocol_of(client->fuzz), atr, len,
             client->by_handle);
    client->seen = client->by_handle ? 0 : *model_moves(client);
    forget_place(client);
}

typedef void step_function(struct call *call);

static step_function *const steps[] =
{
    change_dir, change_dir, change_dir, open_file, open_file, open_file, open_file, read_file,
    read_file, read_file, write_file, write_file, write_file, seek_file, close_file, create_file,
    delete_file, delete_file, switch_file, list_directory, get_properties, verify, current_dir,
    select_by_other, select_by_other, reset_by, reconnect, exchange_card, set_exclusive,
    set_exclusive, arm_fault, seek_file, set_properties, get_capabilities, attach_again
};

/* Steps that are not the client's own. */
static bool is_outside(step_function *step)
{
    return step == select_by_other || step == reset_by || step == exchange_card ||
           step == arm_fault || step == reconnect;
}

void model_step(struct fuzz *fuzz, const uint8_t *bytes)
{
    struct call call = {.fuzz = fuzz, .bytes = bytes};
    step_function *step = steps[bytes[0] % (sizeof(steps) / sizeof(steps[0]))];
    int self = bytes[1] & 1;

    call.client = &fuzz->clients[self];
    if (fuzz->owner >= 0 && fuzz->owner != self && !is_outside(step) && !fuzz->one_handle)
        return;
    call.client->cut = false;
    call.before = model_of(&fuzz->model, fuzz->card->df);
    fuzz->exchanges = 0;
    if (!is_outside(step) || step == reconnect)
        model_tell(fuzz, "%u. %c: ", fuzz->step, call.client->name);
    else
        model_tell(fuzz, "%u. ", fuzz->step);
    if (!is_outside(step))
        notice_others(call.client);
    step(&call);
    if (!is_outside(step))
    {
        call.client->seen = *model_moves(call.client);
        call.client->left |= model_of(&fuzz->model, fuzz->card->df) != call.before;
    }
    if (step != arm_fault)
        fuzz->fault = 0;
}
