/*
 * Contexts: opening, closing, listing readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "card.h"

#include <stdlib.h>
#include <string.h>

static int32_t destroy_context(struct table_object *object)
{
    struct context *context = (struct context *)object;

    native_context_put(context->native);
    free(context);
    return SC_OK;
}

int32_t context_establish(struct unix_establish *params)
{
    struct context *context;
    int32_t result;

    params->context = 0;
    params->text[0] = 0;
    if (!pcsc_load(params->text, sizeof(params->text)))
        return SC_NO_SERVICE;
    if (!(context = calloc(1, sizeof(*context))))
        return SC_NO_MEMORY;
    object_init(&context->object, destroy_context);
    if (!(context->native = native_context_open(&result)))
    {
        free(context);
        return pcsc_explain(result, params->text, sizeof(params->text));
    }
    if ((params->context = table_add(TABLE_CONTEXT, &context->object)))
        return SC_OK;
    object_put(&context->object);
    return SC_NO_MEMORY;
}

static int is_card_of(const struct table_object *object, uint64_t context)
{
    return ((const struct card *)object)->context == context;
}

int32_t context_release(struct unix_context *params)
{
    struct table_object *object = table_remove(TABLE_CONTEXT, params->context);
    struct table_object *card;

    if (!object)
        return SC_INVALID_HANDLE;
    while ((card = table_remove_if(TABLE_CARD, is_card_of, params->context)))
        card_kill((struct card *)card, SCARD_LEAVE_CARD);
    context_stop((struct context *)object);
    return object_put(object);
}

/* A native context to list something over, for give_free: the context's own, else a new one. */
static struct native_context *take_free(struct context *context, int32_t *result)
{
    *result = SC_OK;
    return native_context_trylock(context->native) ? context->native : native_context_open(result);
}

static void give_free(struct context *context, struct native_context *native)
{
    if (native == context->native)
        native_context_unlock(native);
    else
        native_context_put(native);
}

int32_t context_is_valid(struct unix_context *params)
{
    struct context *context = (struct context *)table_get(TABLE_CONTEXT, params->context);
    int valid;

    if (!context)
        return SC_INVALID_HANDLE;
    valid = native_context_is_valid(context->native);
    object_put(&context->object);
    return valid ? SC_OK : SC_INVALID_HANDLE;
}

/* Checks a list that the library wrote into UNIX_LIST_SIZE bytes; an unterminated one is an
 * error. */
static int32_t take_list(int32_t result, char *names, DWORD length, uint32_t *out)
{
    if (!result &&
        (length < 2 || length > UNIX_LIST_SIZE || names[length - 1] || names[length - 2]))
        result = SC_INTERNAL_ERROR;
    *out = result ? 0 : (uint32_t)length;
    if (result)
        names[0] = names[1] = 0;
    return result;
}

int32_t context_list_groups(struct unix_list *params)
{
    struct context *context = (struct context *)table_get(TABLE_CONTEXT, params->context);
    DWORD length = sizeof(params->names);
    struct native_context *native;
    int32_t result;

    params->length = 0;
    if (!context)
        return SC_INVALID_HANDLE;
    if ((native = take_free(context, &result)))
    {
        result = map_result(MAP_CALL_OTHER,
                            pcsc()->SCardListReaderGroups(native->context, params->names, &length));
        give_free(context, native);
    }
    result = take_list(result, params->names, length, &params->length);
    object_put(&context->object);
    return result;
}

int32_t native_context_readers(struct native_context *native, char *names, uint32_t *length)
{
    DWORD size = UNIX_LIST_SIZE;
    int32_t result =
        map_result(MAP_CALL_OTHER, pcsc()->SCardListReaders(native->context, NULL, names, &size));

    return take_list(result, names, size, length);
}

int32_t context_list_readers(struct unix_list *params)
{
    struct context *context = (struct context *)table_get(TABLE_CONTEXT, params->context);
    struct native_context *native;
    int32_t result = SC_NO_READERS;

    params->length = 0;
    if (!context)
        return SC_INVALID_HANDLE;
    if (map_groups(params->groups, sizeof(params->groups)) &&
        (native = take_free(context, &result)))
    {
        result = native_context_readers(native, params->names, &params->length);
        give_free(context, native);
    }
    object_put(&context->object);
    return result;
}
