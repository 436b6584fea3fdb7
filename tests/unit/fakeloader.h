/*
 * The loader under a stand-in for libpcsclite, by linker wraps of dlopen and the rest.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The stand-in includes this once, behind its functions, and gives before
 *     STANDIN(function)         the name of its own function
 *     open_library(path)        the handle of the library of that path, or NULL
 *     has_function(name)        whether the library has that function
 */

#ifndef TESTS_UNIT_FAKELOADER_H
#define TESTS_UNIT_FAKELOADER_H

#include <string.h>

#include "pcsc/unix/pcsclite.h"

void *__wrap_dlopen(const char *path, int flags);
void *__wrap_dlsym(void *handle, const char *name);
char *__wrap_dlerror(void);
int __wrap_dlclose(void *handle);

void *__wrap_dlopen(const char *path, int flags)
{
    (void)flags;
    return open_library(path);
}

void *__wrap_dlsym(void *handle, const char *name)
{
    (void)handle;
    if (!has_function(name))
        return NULL;
#define SYMBOL(function) \
    if (!strcmp(name, #function)) \
        return (void *)STANDIN(function);
    PCSC_FUNCTIONS(SYMBOL)
#undef SYMBOL
    return NULL;
}

char *__wrap_dlerror(void)
{
    static char text[] = "cannot open shared object file";
    return text;
}

int __wrap_dlclose(void *handle)
{
    (void)handle;
    return 0;
}

#endif
