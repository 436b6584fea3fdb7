/*
 * libpcsclite, loaded at run time, and the explanations for when it does not work.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE /* for dladdr */
#include "pcsclite.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unixlib.h"
#include "guard.h"
#include "map.h"

#define LIBRARY      "libpcsclite.so.1"
#define REAL_LIBRARY "libpcsclite_real.so.1"
#define SOCKET       "/run/pcscd/pcscd.comm"

#ifdef __x86_64__
#define TRIPLET "x86_64-linux-gnu"
#else
#define TRIPLET "i386-linux-gnu"
#endif

static pthread_mutex_t load_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct pcsc functions;
static char library[UNIX_PATH_SIZE];
static const void *function; /* any of the library's */
static int loaded;           /* atomic */

/* Looks up all functions of an open library; returns the name of the first missing one, or NULL. */
static const char *resolve(void *handle)
{
#define PCSC_RESOLVE(name) \
    if (!(*(void **)&functions.name = dlsym(handle, #name))) \
        return #name;
    PCSC_FUNCTIONS(PCSC_RESOLVE)
#undef PCSC_RESOLVE
    return NULL;
}

static int try_library(const char *path, char *text, size_t size)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const char *missing;

    if (!handle)
    {
        const char *reason = dlerror();
        snprintf(text, size, "%s", reason ? reason : path);
        return 0;
    }
    if ((missing = resolve(handle)))
    {
        snprintf(text, size, "%s has no function %s", path, missing);
        dlclose(handle);
        return 0;
    }
    snprintf(library, sizeof(library), "%s", path);
    function = *(void **)&functions.SCardListReaders;
    guard_library(&functions);
    return 1;
}

static int try_host(void)
{
    static const char *const dirs[] =
    {
        "/run/host/usr/lib/" TRIPLET "/", "/run/host/usr/lib64/", "/run/host/usr/lib/"
    };
    char path[UNIX_PATH_SIZE], text[UNIX_TEXT_SIZE];
    unsigned i;

    for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
    {
        /* A newer libpcsclite is a shell that looks for the real library by its bare name, and
         * finds it once it is loaded. An older one has no such file. */
        snprintf(path, sizeof(path), "%s%s", dirs[i], REAL_LIBRARY);
        dlopen(path, RTLD_NOW | RTLD_LOCAL);
        snprintf(path, sizeof(path), "%s%s", dirs[i], LIBRARY);
        if (try_library(path, text, sizeof(text)))
            return 1;
    }
    return 0;
}

static int load(char *text, size_t size)
{
    const char *path = getenv("SCARDSSP_PCSCLITE");
    char reason[UNIX_TEXT_SIZE / 2];

    if (path && *path)
    {
        if (try_library(path, reason, sizeof(reason)))
            return 1;
        snprintf(text, size,
                 "the library that SCARDSSP_PCSCLITE names cannot be used (%s): "
                 "correct or unset the variable",
                 reason);
        return 0;
    }
    if (try_library(LIBRARY, reason, sizeof(reason)) || try_host())
        return 1;
    snprintf(text, size,
             "pcsc-lite's %u-bit library cannot be loaded (%s): install the package "
             "libpcsclite1%s",
             (unsigned)sizeof(void *) * 8, reason, sizeof(void *) == 4 ? ":i386" : "");
    return 0;
}

static int is_loaded(void)
{
    return __atomic_load_n(&loaded, __ATOMIC_ACQUIRE);
}

const struct pcsc *pcsc_load(char *text, size_t size)
{
    int done;

    if (size)
        text[0] = 0;
    pthread_mutex_lock(&load_mutex);
    if (!(done = is_loaded()) && (done = load(text, size)))
        __atomic_store_n(&loaded, 1, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&load_mutex);
    return done ? &functions : NULL;
}

const struct pcsc *pcsc(void)
{
    return &functions;
}

const char *pcsc_library(void)
{
    return is_loaded() ? library : "";
}

void pcsc_file_of(const void *address, char *path, size_t size)
{
    Dl_info info;

    snprintf(path, size, "%s", dladdr(address, &info) && info.dli_fname ? info.dli_fname : "");
}

void pcsc_file(char *path, size_t size)
{
    path[0] = 0;
    if (is_loaded())
        pcsc_file_of(function, path, size);
}

const char *pcsc_socket(void)
{
    const char *name = getenv("PCSCLITE_CSOCK_NAME");

    return name && *name ? name : SOCKET;
}

/* Connects to pcscd's socket. Returns the errno, 0 on success. */
static int probe_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd, error = 0;

    if (strlen(pcsc_socket()) >= sizeof(address.sun_path))
        return ENAMETOOLONG;
    strcpy(address.sun_path, pcsc_socket());
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        return errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
        error = errno;
    close(fd);
    return error;
}

static int32_t explain_socket(char *text, size_t size)
{
    const char *name = pcsc_socket();
    int error = probe_socket();

    switch (error)
    {
    case ENOENT:
    case ENOTDIR:
        snprintf(text, size,
                 "no smart card service: %s does not exist; install and start "
                 "pcscd (systemctl enable --now pcscd.socket), or let the container see the "
                 "socket",
                 name);
        return SC_NO_SERVICE;
    case ECONNREFUSED:
        snprintf(text, size,
                 "no smart card service: nobody listens at %s; start pcscd "
                 "(systemctl restart pcscd.socket)",
                 name);
        return SC_NO_SERVICE;
    case EACCES:
    case EPERM:
        snprintf(text, size,
                 "the smart card service may not be used: no permission for %s; "
                 "let this user connect to it",
                 name);
        return SC_SECURITY_VIOLATION;
    default:
        snprintf(text, size,
                 "the smart card service at %s does not answer as libpcsclite "
                 "expects (error %d); see pcscd's log, and whether both are of one version",
                 name, error);
        return SC_NO_SERVICE;
    }
}

int32_t pcsc_explain(int32_t result, char *text, size_t size)
{
    switch (result)
    {
    case SC_NO_SERVICE: return explain_socket(text, size);
    case SC_SECURITY_VIOLATION:
        /* libpcsclite returns this whenever the daemon closes the connection, also when it ends. */
        if (probe_socket())
            return explain_socket(text, size);
        snprintf(text, size,
                 "pcscd closed the connection: polkit (action "
                 "org.debian.pcsc-lite.access_pcsc) allows local, active sessions only, or "
                 "pcscd has all the connections that it takes, or it failed; scardssp-setup "
                 "doctor tells which");
        return result;
    case SC_INTERNAL_ERROR:
        /* The shell in newer versions returns this for every call when the real library is
         * missing. */
        snprintf(text, size,
                 "%s failed inside; when it is only the shell of " REAL_LIBRARY
                 ", that file is missing: reinstall the package libpcsclite1",
                 library);
        return SC_NO_SERVICE;
    default:
        snprintf(text, size, "SCardEstablishContext failed with 0x%08x", (unsigned)result);
        return result;
    }
}
