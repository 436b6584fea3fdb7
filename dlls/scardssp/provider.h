/*
 * ISCardManage and the objects it creates: each is an object over an attachment.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_PROVIDER_H
#define SCARDSSP_PROVIDER_H

#include "attachment.h"
#include "object.h"

struct provider
{
    struct object object;
    struct attachment *attachment;
};

/* The attachment behind an interface pointer of a provider. */
struct attachment *provider_attachment(void *iface);

/*
 * Makes a provider over attachment (retained; NULL: an attachment of its own, not attached to any
 * card). E_OUTOFMEMORY.
 */
HRESULT provider_create(struct attachment *attachment, const void *vtbl,
                        const struct object_class *class, void **out);

/* Those of the object_class of all providers. */
void provider_abandon(struct object *object);
void provider_destroy(struct object *object);

HRESULT fileaccess_create_attached(struct attachment *attachment, ISCardFileAccess **out);
HRESULT auth_create_attached(struct attachment *attachment, ISCardAuth **out);
HRESULT verify_create_attached(struct attachment *attachment, ISCardVerify **out);

/*
 * One method of a provider. Arguments are checked before the card is looked for, and the checks are
 * icc's: where there is no card, an icc without one takes its place.
 */
struct visit
{
    struct object *object;   /* held */
    struct session *session; /* NULL: no card */
    struct icc *icc;         /* the session's, or the stand-in */
    struct icc stand_in;
    LONG refused; /* why there is no card */
};

/* From here to provider_leave the session's token is held: no object of the caller's is called, and
 * no memory of the caller's is touched that was not before. */
void provider_enter(void *iface, struct visit *visit);

/*
 * Ends a method whose flags (0: it has none) and result from icc are these. Without a card, in this
 * order: E_INVALIDARG and E_OUTOFMEMORY as icc found, SCARD_E_UNSUPPORTED_FEATURE for
 * SECURE_MESSAGING, why there is no card (SCARD_E_INVALID_HANDLE: not attached).
 */
HRESULT provider_leave(struct visit *visit, DWORD flags, LONG result);

/* Whether all bits are defined, for methods on open files, of which a stand-in knows none. */
BOOL provider_flags_ok(DWORD flags);

#endif
