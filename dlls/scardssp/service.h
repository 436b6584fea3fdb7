/*
 * ISCardManage and the objects it creates: each is an object over an attachment.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_SERVICE_H
#define SCARDSSP_SERVICE_H

#include "attachment.h"
#include "object.h"

struct service
{
    struct object object;
    struct attachment *attachment;
};

/* The attachment behind an interface pointer of a service. */
struct attachment *service_attachment(void *iface);

/*
 * Makes a service over attachment (retained; NULL: an attachment of its own, not attached to any
 * card). E_OUTOFMEMORY.
 */
HRESULT service_create(struct attachment *attachment, const void *vtbl,
                       const struct object_class *class, void **out);

/* The destroy function of all services. */
void service_destroy(struct object *object);

HRESULT fileaccess_create_attached(struct attachment *attachment, ISCardFileAccess **out);
HRESULT auth_create_attached(struct attachment *attachment, ISCardAuth **out);
HRESULT verify_create_attached(struct attachment *attachment, ISCardVerify **out);

/*
 * Checks the SCARD_FLAGS of any method: E_INVALIDARG for undefined bits,
 * SCARD_E_UNSUPPORTED_FEATURE for SECURE_MESSAGING (no keys are known, and sending in clear what
 * was to be protected would be wrong), else S_OK.
 */
HRESULT service_check_flags(DWORD flags);

#endif
