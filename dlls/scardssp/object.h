/*
 * IUnknown, IDispatch and the free-threaded marshaller of all eleven classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An object is a struct whose first member is a struct object; its interface pointer is the
 * object's address. Its vtable begins with OBJECT_METHODS.
 */

#ifndef SCARDSSP_OBJECT_H
#define SCARDSSP_OBJECT_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "scardssp.h"
#include "iccsp.h"

struct object;

/* One for each class; static data. */
struct object_class
{
    const char *name;    /* "ISCardCmd", for traces */
    const IID *iid;      /* the only interface beside IUnknown and IDispatch */
    const GUID *library; /* the LIBID that describes it */
    /* The last reference is gone, but methods may still be running: ends what they wait for. May be
     * NULL. */
    void (*abandon)(struct object *object);
    /* No method is running any more: frees everything, including the memory itself. */
    void (*destroy)(struct object *object);
};

struct object
{
    const void *vtbl;
    LONG refs;
    LONG holds; /* one for all references together, and one for each method in progress that called
                 * object_hold */
    const struct object_class *class;
    IUnknown *marshaller; /* made at the first request for IMarshal */
};

/* Initialises a zeroed object with one reference and counts it for DllCanUnloadNow. */
void object_init(struct object *object, const void *vtbl, const struct object_class *class);

/* Must be called by destroy before it frees: releases the marshaller and the module count. */
void object_fini(struct object *object);

/* Keeps the object's memory while another thread may release the last reference. */
void object_hold(struct object *object);
void object_let_go(struct object *object);

static inline struct object *object_held(void *iface)
{
    object_hold(iface);
    return iface;
}

static inline void object_end_method(struct object **object)
{
    object_let_go(*object);
}

/*
 * The last declaration in every method that waits for a card or another thread, or calls an
 * external object, before it is done with its own object: holds that until the method's end. An
 * exception that leaves the method also leaves the hold; the object is still abandoned with its
 * last reference.
 */
#define HOLD_OBJECT(iface) \
    struct object *held_object __attribute__((cleanup(object_end_method), unused)) = \
        object_held(iface)

/* The first seven methods of every interface. Invoke passes NULL for omitted pointers. */
HRESULT WINAPI object_QueryInterface(IDispatch *iface, REFIID riid, void **out);
ULONG WINAPI object_AddRef(IDispatch *iface);
ULONG WINAPI object_Release(IDispatch *iface);
HRESULT WINAPI object_GetTypeInfoCount(IDispatch *iface, UINT *count);
HRESULT WINAPI object_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **info);
HRESULT WINAPI object_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names, UINT count,
                                    LCID lcid, DISPID *ids);
HRESULT WINAPI object_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                             UINT *bad_argument);

/* The beginning of every vtable. Methods differ only in the type of their first argument. */
#define OBJECT_METHODS \
    (void *)object_QueryInterface, \
    (void *)object_AddRef, \
    (void *)object_Release, \
    (void *)object_GetTypeInfoCount, \
    (void *)object_GetTypeInfo, \
    (void *)object_GetIDsOfNames, \
    (void *)object_Invoke

/* Creators of the classes, each in the file of its class: a new object with one reference, or
 * E_OUTOFMEMORY (CSCard: also the transport's result). */
HRESULT bytebuffer_create(IByteBuffer **out);
HRESULT typeconv_create(ISCardTypeConv **out);
HRESULT cmd_create(ISCardCmd **out);
HRESULT iso7816_create(ISCardISO7816 **out);
HRESULT card_create(ISCard **out);
HRESULT database_create(ISCardDatabase **out);
HRESULT locate_create(ISCardLocate **out);
HRESULT manage_create(ISCardManage **out);
HRESULT fileaccess_create(ISCardFileAccess **out);
HRESULT auth_create(ISCardAuth **out);
HRESULT verify_create(ISCardVerify **out);

#endif
