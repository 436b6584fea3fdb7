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

struct profilestore;

/* Reads all profiles; NULL when there are none. Freed by profilestore_free. */
struct profilestore *profilestore_load(void);

/*
 * The first profile that matches the ATR, or NULL; then the built-in ones decide. store may be
 * NULL. The profile lives as long as the store.
 */
const struct icc_profile *profilestore_find(const struct profilestore *store, const BYTE *atr,
                                            SIZE_T length);

void profilestore_free(struct profilestore *store); /* NULL is allowed */

#endif
