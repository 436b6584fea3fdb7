/*
 * The layout of unixlib.h as one compiler sees it, for check-unixlayout: compiled to assembly,
 * where every offset and size stands as a comment. Nothing of it is run.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pcsc/unix/unixlib.h"

#define FIELD(name, field, offset) \
    __asm__ volatile ("#LAYOUT " #name "." #field " %c0 %c1" \
                      : : "i"(offsetof(struct name, field)), \
                          "i"(sizeof(((struct name *)0)->field)));
#define SIZE(name, bytes) \
    __asm__ volatile ("#LAYOUT " #name " %c0 %c1" \
                      : : "i"(sizeof(struct name)), "i"(_Alignof(struct name)));

void layout(void);

void layout(void)
{
    UNIX_FIELDS(FIELD, SIZE)
}
