/*
 * Listing the current directory, by some families' own commands and by EF.DIR.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * ISO 7816-4 has no list command. Other makers' commands are not tried, since the wrong card would
 * do something else.
 */

#include <stdio.h>
#include <string.h>

#include "internal.h"

#define EF_DIR      0x2F00
#define MAX_EF_DIR  32768u
#define MAX_RECORDS 254

int32_t icc_list(struct icc *icc, uint16_t *fids, size_t *count)
{
    const struct icc_list *list = &icc->card.profile->list;
    struct icc_reply reply;
    struct apdu cmd;
    unsigned n;

    *count = 0;
    if (!list->command.present)
        return SC_NOT_IMPLEMENTED;
    for (n = 1; *count < ICC_MAX_LIST && (!list->count_in_p2 || n <= 255); n++)
    {
        int32_t result;

        memset(&cmd, 0, sizeof(cmd));
        cmd.p1 = list->command.p1;
        cmd.p2 = list->count_in_p2 ? (uint8_t)n : list->command.p2;
        cmd.ne = list->le;
        result = icc_send_instruction(icc, &list->command, &cmd, 0, &reply);
        if (result || reply.sw == list->end_sw)
            return result;
        result = sw_result(reply.sw, FOR_LIST);
        if (result)
            return result;
        if (reply.len < list->fid_at + 2u)
            return SC_COMM_DATA_LOST;
        fids[(*count)++] =
            (uint16_t)(reply.bytes[list->fid_at] << 8 | reply.bytes[list->fid_at + 1]);
    }
    return SC_OK;
}

/* True when a file belongs in a list. One about which the card says nothing is just a file. */
static int fits(int32_t type, const struct fcp *fcp)
{
    if (type == ICC_TYPE_ALL)
        return 1;
    if (type == ICC_TYPE_DIRECTORIES || type == ICC_TYPE_DIRECTORY_FILE)
        return fcp->kind == FCP_KIND_DF;
    if (fcp->kind == FCP_KIND_DF)
        return 0;
    switch (type)
    {
    case ICC_TYPE_TRANSPARENT: return fcp->structure == FCP_TRANSPARENT;
    case ICC_TYPE_FIXED: return fcp->structure == FCP_LINEAR_FIXED;
    case ICC_TYPE_CYCLIC: return fcp->structure == FCP_CYCLIC;
    case ICC_TYPE_VARIABLE: return fcp->structure == FCP_LINEAR_VARIABLE;
    default: return 1;
    }
}

/* Determines what kind of file a child of the current directory is. It is no error when the card
 * does not say, but it is when an exchange fails. */
static int32_t look_at(struct icc *icc, uint16_t fid, struct fcp *fcp)
{
    struct path path = icc->current.path;
    struct icc_target target;
    int32_t result;

    memset(fcp, 0, sizeof(*fcp));
    if (path.count >= PATH_MAX_COMPONENTS)
        return SC_OK;
    path.fids[path.count++] = fid;
    icc_note_proven(icc, &path);
    result = icc_select(icc, &path, ICC_WANT_ANY, &target);
    if (result == SC_OK)
        *fcp = target.fcp;
    return icc->broken ? result : SC_OK;
}

/* Keeps those of the given type, then returns to the directory. */
static int32_t filter(struct icc *icc, int32_t type, uint16_t *fids, size_t *count)
{
    size_t i, kept = 0;

    if (type == ICC_TYPE_ALL)
        return SC_OK;
    for (i = 0; i < *count; i++)
    {
        struct fcp fcp;
        int32_t result = look_at(icc, fids[i], &fcp);

        if (result)
            return result;
        if (fits(type, &fcp))
            fids[kept++] = fids[i];
    }
    *count = kept;
    return icc_ensure_dir(icc, &icc->current.path);
}

static int32_t list_by_command(struct icc *icc, int32_t type, struct icc_name **names,
                               size_t *count)
{
    struct icc_target target;
    int32_t result = SC_OK;
    size_t found = 0, i;
    uint16_t *fids;

    /* There is no way back from a child to a directory without a name. */
    if (!icc->current.known && type != ICC_TYPE_ALL)
        return SC_DIR_NOT_FOUND;
    fids = icc_alloc(ICC_MAX_LIST * sizeof(*fids));
    if (!fids)
        return SC_OUT_OF_MEMORY;
    /* Selecting also makes the card restart its list. */
    if (icc->current.known)
        result = icc_select(icc, &icc->current.path, ICC_WANT_DF, &target);
    if (result == SC_OK)
        result = icc_ensure_current(icc);
    if (result == SC_OK)
        result = icc_list(icc, fids, &found);
    if (result == SC_OK)
        result = filter(icc, type, fids, &found);
    if (result == SC_OK && found)
    {
        *names = icc_alloc(found * sizeof(**names));
        result = *names ? SC_OK : SC_OUT_OF_MEMORY;
    }
    for (i = 0; result == SC_OK && i < found; i++)
        snprintf((*names)[i].text, sizeof((*names)[i].text), "%04X", fids[i]);
    *count = result == SC_OK ? found : 0;
    icc_free(fids);
    return result;
}

/* ---- EF.DIR ---- */

struct name_list
{
    struct icc_name *names;
    size_t count, room;
};

static int32_t add_name(struct name_list *list, const struct path *path)
{
    if (list->count == list->room)
    {
        size_t room = list->room ? 2 * list->room : 8;
        struct icc_name *larger =
            icc_grow(list->names, list->count * sizeof(*larger), room * sizeof(*larger));

        if (!larger)
            return SC_OUT_OF_MEMORY;
        list->names = larger;
        list->room = room;
    }
    path_format(path, list->names[list->count++].text);
    return SC_OK;
}

/* The place of an application template: its identifier 4F, else its path 51. Returns 0 when it has
 * neither. */
static int application_path(const struct tlv *application, struct path *path)
{
    struct tlv object;
    size_t i;

    memset(path, 0, sizeof(*path));
    if (tlv_find(application->value, application->length, 0x4F, &object) && object.length &&
        object.length <= PATH_MAX_NAME)
    {
        path->root = PATH_FROM_NAME;
        path->name_length = (uint8_t)object.length;
        memcpy(path->name, object.value, object.length);
        return 1;
    }
    if (!tlv_find(application->value, application->length, 0x51, &object) || object.length % 2 ||
        object.length < 2 || object.length > 2 * (PATH_MAX_COMPONENTS + 1))
        return 0;
    path->root = PATH_FROM_MF;
    for (i = 0; i < object.length; i += 2)
    {
        uint16_t fid = (uint16_t)(object.value[i] << 8 | object.value[i + 1]);

        if (i == 0 && fid == PATH_MF)
            continue;
        if (path->count == PATH_MAX_COMPONENTS)
            return 0;
        path->fids[path->count++] = fid;
    }
    return 1;
}

static int32_t add_applications(struct name_list *list, const uint8_t *bytes, size_t len)
{
    struct tlv_cursor cursor = {bytes, len};
    struct tlv object;
    struct path path;

    while (cursor.left && cursor.at[0] != 0x00 && cursor.at[0] != 0xFF &&
           tlv_next(&cursor, &object))
    {
        int32_t result = SC_OK;

        if (object.tag == 0x61 && application_path(&object, &path))
            result = add_name(list, &path);
        if (result)
            return result;
    }
    return SC_OK;
}

static int32_t read_applications(struct icc *icc, struct icc_file *file, struct name_list *list)
{
    int32_t result;
    int rounds;

    for (rounds = 0; rounds < MAX_RECORDS; rounds++)
    {
        uint8_t *data = NULL;
        size_t len = 0;

        result = icc_file_read(icc, file, MAX_EF_DIR, &data, &len);
        if (result == SC_OK)
            result = add_applications(list, data, len);
        icc_free(data);
        if (result)
            return result == SC_EOF ? SC_OK : result;
        if (!icc_file_is_records(file))
            break;
    }
    return SC_OK;
}

/* EF.DIR (ISO 7816-4 8.2.1.1) lists the applications, which are directories. */
static int32_t list_applications(struct icc *icc, struct icc_name **names, size_t *count)
{
    struct name_list list = {NULL, 0, 0};
    struct icc_file file;
    struct path path;
    int32_t result;

    memset(&file, 0, sizeof(file));
    memset(&path, 0, sizeof(path));
    path.root = PATH_FROM_MF;
    path.fids[path.count++] = EF_DIR;
    result = icc_file_open(icc, &path, &file);
    if (result == SC_FILE_NOT_FOUND || result == SC_DIR_NOT_FOUND || result == SC_NO_FILE)
        return SC_NOT_IMPLEMENTED;
    if (result == SC_OK)
        result = read_applications(icc, &file, &list);
    if (result || !list.count)
    {
        icc_free(list.names);
        return result;
    }
    *names = list.names;
    *count = list.count;
    return SC_OK;
}

int32_t icc_directory(struct icc *icc, int32_t type, struct icc_name **names, size_t *count)
{
    int32_t result;
    int is_mf;

    if (names)
        *names = NULL;
    if (count)
        *count = 0;
    if (!names || !count || type < ICC_TYPE_DIRECTORIES || type > ICC_TYPE_VARIABLE)
        return SC_INVALID_ARGUMENT;
    icc_start_call(icc);
    /* Only the class reveals a family that the ATR did not. */
    result = icc_confirm_class(icc);
    if (result)
        return result;
    if (icc->card.profile->list.command.present)
        return list_by_command(icc, type, names, count);
    is_mf = icc->current.known && icc->current.path.root == PATH_FROM_MF &&
            icc->current.path.count == 0;
    if (is_mf && (type == ICC_TYPE_DIRECTORIES || type == ICC_TYPE_DIRECTORY_FILE))
        return list_applications(icc, names, count);
    return SC_NOT_IMPLEMENTED;
}
