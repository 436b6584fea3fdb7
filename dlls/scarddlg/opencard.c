/*
 * The functions of scarddlg.dll: GetOpenCardName, SCardUIDlgSelectCard, SCardDlgExtendedError.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * scarddlg.dll itself consists of forwarders, as winscard.dll does. The structures of both
 * character sets have one layout, so those of UTF-16 stand for both here.
 */

#include "winscard/calls.h"

#include "base/module.h"
#include "choose.h"
#include "extended.h"
#include "selection.h"
#include "winscard/cards.h"
#include "winscard/strings.h"

C_ASSERT(sizeof(OPENCARDNAMEA) == sizeof(OPENCARDNAMEW));
C_ASSERT(sizeof(OPENCARDNAME_EXA) == sizeof(OPENCARDNAME_EXW));
C_ASSERT(sizeof(OPENCARD_SEARCH_CRITERIAA) == sizeof(OPENCARD_SEARCH_CRITERIAW));
C_ASSERT(SELECTION_MINIMAL == SC_DLG_MINIMAL_UI && SELECTION_SILENT == SC_DLG_NO_UI &&
         SELECTION_FORCED == SC_DLG_FORCE_UI);
C_ASSERT(SELECTION_NO_NAME == SCERR_NOCARDNAME && SELECTION_NO_SUPPORT == SCERR_NOGUIDS);
C_ASSERT(SELECTION_INTERFACES_MAX == CARDTYPE_INTERFACES_MAX);

/* A list that a caller gave. Without a size it ends by itself. */
struct given_list
{
    const WCHAR *strings;
    DWORD size;
};

static LONG take_list(const struct given_list *list, BOOL ansi, WCHAR **out)
{
    return strings_take_bounded(list->strings, list->size ? list->size : MAXDWORD, ansi, out);
}

struct given_texts
{
    struct given_list names, groups;
    const WCHAR *title, *description;
};

static LONG take_texts(struct choice *choice, const struct given_texts *given)
{
    LONG result = take_list(&given->names, choice->ansi, &choice->names);

    if (!result)
        result = take_list(&given->groups, choice->ansi, &choice->groups);
    if (!result)
        result = strings_take(given->title, choice->ansi, &choice->title);
    if (!result)
        result = strings_take(given->description, choice->ansi, &choice->description);
    return result;
}

static void free_texts(struct choice *choice)
{
    HeapFree(GetProcessHeap(), 0, choice->names);
    HeapFree(GetProcessHeap(), 0, choice->groups);
    HeapFree(GetProcessHeap(), 0, choice->title);
    HeapFree(GetProcessHeap(), 0, choice->description);
}

/* What SCardConnect would refuse is refused before anything is searched. */
static LONG check_routines(const struct routines *routines)
{
    if (routines->connect || !routines->share)
        return SCARD_S_SUCCESS;
    return card_check_connect(routines->share, routines->protocols);
}

static LONG check_choice(const struct choice *choice)
{
    LONG result = check_routines(&choice->final);

    if (!result && choice->check.check)
        result = check_routines(&choice->check);
    if (!result && choice->flag != SC_DLG_NO_UI && choice->owner && !IsWindow(choice->owner))
        result = SCARD_E_INVALID_VALUE;
    return result;
}

/* The context is held meanwhile, though a routine may release it. */
static LONG run(struct choice *choice, const struct given_texts *given)
{
    struct pcsc_context *context;
    LONG result;

    *choice->handle = 0;
    *choice->protocol = SCARD_PROTOCOL_UNDEFINED;
    if ((result = call_context(choice->context, FALSE, &context)))
        return result;
    if (!(result = check_choice(choice)) && !(result = take_texts(choice, given)))
        result = choose_card(choice);
    free_texts(choice);
    context_release(context);
    return result;
}

/* fill checks a structure and reads it. */
static LONG perform(void *structure, BOOL ansi,
                    LONG (*fill)(void *structure, struct choice *choice, struct given_texts *texts,
                                 DWORD *extended),
                    DWORD *extended)
{
    struct choice choice = {.ansi = ansi};
    struct given_texts texts = {{NULL, 0}, {NULL, 0}, NULL, NULL};
    LONG result;

    *extended = SCARD_E_INVALID_PARAMETER;
    if (!structure)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = fill(structure, &choice, &texts, extended)))
        return result;
    result = run(&choice, &texts);
    *extended = selection_extended(result);
    return result;
}

static LONG call(void *structure, BOOL ansi,
                 LONG (*fill)(void *structure, struct choice *choice, struct given_texts *texts,
                              DWORD *extended))
{
    DWORD extended = 0;
    LONG result;

    module_retain();
    result = perform(structure, ansi, fill, &extended);
    extended_set(extended);
    module_release();
    return result;
}

/* ---- SCardUIDlgSelectCard ---- */

static void read_criteria(const OPENCARD_SEARCH_CRITERIAW *criteria, struct choice *choice,
                          struct given_texts *texts)
{
    struct routines check = {
        .ansi = choice->ansi,
        .connect = criteria->lpfnConnect,
        .check = criteria->lpfnCheck,
        .disconnect = criteria->lpfnDisconnect,
        .user = criteria->pvUserData,
        .share = criteria->dwShareMode,
        .protocols = criteria->dwPreferredProtocols,
    };

    choice->check = check;
    choice->interfaces.guids = (GUID *)criteria->rgguidInterfaces;
    choice->interfaces.count = criteria->cguidInterfaces;
    texts->names = (struct given_list){criteria->lpstrCardNames, criteria->nMaxCardNames};
    texts->groups = (struct given_list){criteria->lpstrGroupNames, criteria->nMaxGroupNames};
}

static void read_select(OPENCARDNAME_EXW *structure, struct choice *choice,
                        struct given_texts *texts)
{
    struct routines final = {
        .ansi = choice->ansi,
        .connect = structure->lpfnConnect,
        .user = structure->pvUserData,
        .share = structure->dwShareMode,
        .protocols = structure->dwPreferredProtocols,
    };

    choice->context = structure->hSCardContext;
    choice->owner = structure->hwndOwner;
    choice->flag = (LONG)selection_flag(structure->dwFlags);
    choice->icon = structure->hIcon;
    choice->final = final;
    choice->reader = (struct name_wanted){structure->lpstrRdr, &structure->nMaxRdr};
    choice->card = (struct name_wanted){structure->lpstrCard, &structure->nMaxCard};
    choice->protocol = &structure->dwActiveProtocol;
    choice->handle = &structure->hCardHandle;
    texts->title = structure->lpstrTitle;
    texts->description = structure->lpstrSearchDesc;
    if (structure->pOpenCardSearchCriteria)
        read_criteria(structure->pOpenCardSearchCriteria, choice, texts);
}

static LONG check_select(const OPENCARDNAME_EXW *structure, DWORD *extended)
{
    const OPENCARD_SEARCH_CRITERIAW *criteria;
    struct selection_form form = {.size = structure->dwStructSize, .due_size = sizeof(*structure)};

    if (form.size == form.due_size)
    {
        form.flags = structure->dwFlags;
        if ((criteria = structure->pOpenCardSearchCriteria))
        {
            form.has_criteria = TRUE;
            form.criteria_size = criteria->dwStructSize;
            form.due_criteria_size = sizeof(*criteria);
            form.has_interfaces = criteria->rgguidInterfaces != NULL;
            form.interfaces = criteria->cguidInterfaces;
        }
    }
    return selection_check(&form, (uint32_t *)extended);
}

static LONG fill_select(void *given, struct choice *choice, struct given_texts *texts,
                        DWORD *extended)
{
    LONG result = check_select(given, extended);

    if (!result)
        read_select(given, choice, texts);
    return result;
}

LONG WINAPI SCardUIDlgSelectCardA(OPENCARDNAME_EXA *structure)
{
    TRACE("%p", structure);
    CALL_RETURN(call(structure, TRUE, fill_select));
}

LONG WINAPI SCardUIDlgSelectCardW(OPENCARDNAME_EXW *structure)
{
    TRACE("%p", structure);
    CALL_RETURN(call(structure, FALSE, fill_select));
}

/* ---- GetOpenCardName ---- */

static void read_open(OPENCARDNAMEW *structure, struct choice *choice, struct given_texts *texts)
{
    struct routines routines = {
        .ansi = choice->ansi,
        .connect = structure->lpfnConnect,
        .check = structure->lpfnCheck,
        .disconnect = structure->lpfnDisconnect,
        .user = structure->pvUserData,
        .share = structure->dwShareMode,
        .protocols = structure->dwPreferredProtocols,
    };

    choice->one_set = TRUE;
    choice->context = structure->hSCardContext;
    choice->owner = structure->hwndOwner;
    choice->flag = (LONG)selection_flag(structure->dwFlags);
    choice->check = choice->final = routines;
    choice->interfaces.guids = (GUID *)structure->rgguidInterfaces;
    choice->interfaces.count = structure->cguidInterfaces;
    choice->reader = (struct name_wanted){structure->lpstrRdr, &structure->nMaxRdr};
    choice->card = (struct name_wanted){structure->lpstrCard, &structure->nMaxCard};
    choice->protocol = &structure->dwActiveProtocol;
    choice->handle = &structure->hCardHandle;
    texts->names = (struct given_list){structure->lpstrCardNames, structure->nMaxCardNames};
    texts->groups = (struct given_list){structure->lpstrGroupNames, structure->nMaxGroupNames};
    texts->title = structure->lpstrTitle;
}

static LONG check_open(const OPENCARDNAMEW *structure, DWORD *extended)
{
    struct selection_form form = {.size = structure->dwStructSize, .due_size = sizeof(*structure)};

    if (form.size == form.due_size)
    {
        form.flags = structure->dwFlags;
        form.has_interfaces = structure->rgguidInterfaces != NULL;
        form.interfaces = structure->cguidInterfaces;
    }
    return selection_check(&form, (uint32_t *)extended);
}

static LONG fill_open(void *given, struct choice *choice, struct given_texts *texts,
                      DWORD *extended)
{
    LONG result = check_open(given, extended);

    if (!result)
        read_open(given, choice, texts);
    return result;
}

LONG WINAPI GetOpenCardNameA(OPENCARDNAMEA *structure)
{
    TRACE("%p", structure);
    CALL_RETURN(call(structure, TRUE, fill_open));
}

LONG WINAPI GetOpenCardNameW(OPENCARDNAMEW *structure)
{
    TRACE("%p", structure);
    CALL_RETURN(call(structure, FALSE, fill_open));
}

LONG WINAPI SCardDlgExtendedError(void)
{
    return extended_get();
}
