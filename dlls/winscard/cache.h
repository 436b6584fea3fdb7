/*
 * The cache of what cards hold.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef WINSCARD_CACHE_H
#define WINSCARD_CACHE_H

/* Wipes and frees all items. Only while the DLL is unloaded. */
void cache_cleanup(void);

#endif
