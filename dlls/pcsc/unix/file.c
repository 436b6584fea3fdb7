/*
 * Files that hold what is nobody else's business: traces and records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "card.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRIVATE (S_IRUSR | S_IWUSR)

/* What is wrong with an open file, or NULL. */
static const char *find_fault(const struct stat *status)
{
    if (!S_ISREG(status->st_mode))
        return "it is no regular file";
    if (status->st_uid != geteuid())
        return "it belongs to another user";
    if (status->st_nlink != 1)
        return "the file has other names too";
    return NULL;
}

/* What open's errno says of a name. */
static const char *explain(int error)
{
    switch (error)
    {
    case ELOOP:
    case EMLINK: return "it is a symbolic link";
    case EISDIR:
    case ENXIO: return "it is no regular file"; /* a pipe that nobody reads */
    default: return strerror(error);
    }
}

/* What is wrong with the file, whose mode is narrowed, or NULL. */
static const char *make_private(int file, struct stat *status)
{
    const char *fault;

    if (fstat(file, status))
        return strerror(errno);
    if ((fault = find_fault(status)))
        return fault;
    if ((status->st_mode & 07777) != PRIVATE && fchmod(file, PRIVATE))
        return strerror(errno);
    return NULL;
}

int32_t private_file(struct unix_private_file *params)
{
    const char *fault;
    struct stat status;
    int file;

    params->inode = 0;
    params->text[0] = 0;
    if (!memchr(params->name, 0, sizeof(params->name)))
        return SC_INVALID_PARAMETER;
    /* A pipe or a device must not make us wait, nor a terminal become ours. */
    file = open(params->name,
                O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                PRIVATE);
    fault = file < 0 ? explain(errno) : make_private(file, &status);
    if (file >= 0)
        close(file);
    if (fault)
    {
        snprintf(params->text, sizeof(params->text), "%s", fault);
        return SC_NO_ACCESS;
    }
    params->inode = status.st_ino;
    return SC_OK;
}
