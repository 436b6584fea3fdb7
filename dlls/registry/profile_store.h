/*
 * Card profiles that users have added: their places, and the choice for a card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * They are read from the directory that SCARDSSP_PROFILES names (files *.profile, ordered by name),
 * then from the registry (profile_value.h), HKEY_CURRENT_USER first. dlls/icc/PROFILES.md describes
 * the format. A faulty profile is left out, with one WARN.
 */

#ifndef REGISTRY_PROFILE_STORE_H
#define REGISTRY_PROFILE_STORE_H

#include <windows.h>

#include "icc/profile.h"

struct profile_store;

/* Reads all profiles; NULL when there are none. Freed by profile_store_free. */
struct profile_store *profile_store_load(void);

/*
 * The first profile that matches the ATR, or NULL; then the built-in ones decide. store may be
 * NULL. The profile lives as long as the store.
 */
const struct icc_profile *profile_store_find(const struct profile_store *store, const BYTE *atr,
                                             SIZE_T length);

void profile_store_free(struct profile_store *store); /* NULL is allowed */

#endif
