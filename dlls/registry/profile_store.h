/*
 * Card profiles that users have added: where they lie, and which one a card gets.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Looked for in the directory that SCARDSSP_PROFILES names (files *.profile, by name), then in the
 * registry (profile_value.h), HKEY_CURRENT_USER first. The form of the text is in
 * dlls/icc/PROFILES.md. What is wrong is left out, with one WARN.
 */

#ifndef REGISTRY_PROFILE_STORE_H
#define REGISTRY_PROFILE_STORE_H

#include <windows.h>

#include "icc/profile.h"

struct profile_store;

/* Reads all there are; NULL when there are none. Freed by profile_store_free. */
struct profile_store *profile_store_load(void);

/*
 * The first that fits the ATR, or NULL: then the built-in ones decide. store may be NULL. The
 * profile lives as long as the store.
 */
const struct icc_profile *profile_store_find(const struct profile_store *store, const BYTE *atr,
                                             SIZE_T length);

void profile_store_free(struct profile_store *store); /* NULL is fine */

#endif
