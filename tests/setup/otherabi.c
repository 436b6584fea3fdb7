/*
 * A scardssp.so of another ABI: it answers the first question and knows nothing else.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Without OTHER_ABI it is another program's library: it has no table at all.
 */

#include "pcsc/unix/unixlib.h"

#ifdef OTHER_ABI
static int32_t query(void *args)
{
    struct unix_head *head = args;

    head->abi = UNIX_ABI + 1;
    head->result = 0;
    return 0;
}

typedef int32_t (*unix_function)(void *args);
extern const unix_function __wine_unix_call_funcs[1], __wine_unix_call_wow64_funcs[1];
const unix_function __wine_unix_call_funcs[1] = {query};
const unix_function __wine_unix_call_wow64_funcs[1] = {query};
#else
extern const int nothing;
const int nothing = UNIX_ABI;
#endif
