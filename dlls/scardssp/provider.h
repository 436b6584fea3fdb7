/*
 * Providers: ISCardManage and its child objects, each an object over an attachment.
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
 * Makes a provider over attachment, which is retained. With NULL it gets an attachment of its own,
 * not attached to any card. Returns E_OUTOFMEMORY on failure.
 */
HRESULT provider_create(struct attachment *attachment, const void *vtbl,
                        const struct object_class *class, void **out);

/* For the object_class of every provider. */
void provider_abandon(struct object *object);
void provider_destroy(struct object *object);

HRESULT fileaccess_create_attached(struct attachment *attachment, ISCardFileAccess **out);
HRESULT auth_create_attached(struct attachment *attachment, ISCardAuth **out);
HRESULT verify_create_attached(struct attachment *attachment, ISCardVerify **out);

/*
 * One method of a provider. Arguments are checked before the card is looked for, and icc makes
 * these checks: without a card, a stand-in icc takes its place.
 */
struct visit
{
    struct object *object;   /* held */
    struct session *session; /* NULL: no card */
    struct icc *icc;         /* the session's, or stand_in */
    struct icc stand_in;
    LONG refused; /* why there is no card */
};

/* From here to provider_leave the session's token is held: no external object is called, and no
 * memory of the caller's is touched for the first time. */
void provider_enter(void *iface, struct visit *visit);

/*
 * Ends a method with these flags (0: it has none) and this result of icc. Without a card, returns
 * the first that applies: E_INVALIDARG or E_OUTOFMEMORY from icc; SCARD_E_UNSUPPORTED_FEATURE for
 * SECURE_MESSAGING; the reason why there is no card (SCARD_E_INVALID_HANDLE: not attached).
 */
HRESULT provider_leave(struct visit *visit, DWORD flags, LONG result);

/* True when all bits are defined; for methods on open files, which a stand-in does not have. */
BOOL provider_flags_ok(DWORD flags);

#endif
