/*
 * TLV_TABLE of ISCardFileAccess: one BER-TLV data object in each entry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_TLVTABLE_H
#define SCARDSSP_TLVTABLE_H

#include "icc/icc.h"
#include "object.h"

/* More entries than a file can have properties. */
#define TLVTABLE_MAX 1024
/* More bytes in one object than any command carries. */
#define TLVTABLE_OBJECT_MAX 65536

/*
 * Copies the entries, with their bytes, for icc. *out is CoTaskMemAlloc'd, NULL when count is 0.
 * Returns E_INVALIDARG for a NULL table with entries, a count outside 0..TLVTABLE_MAX, or an entry
 * without bytes or with more than TLVTABLE_OBJECT_MAX; E_OUTOFMEMORY.
 */
HRESULT tlvtable_objects(const TLV_TABLE *table, LONG count, struct icc_tlv **out);

/* The same for a table that selects properties. *out is NULL when all are wanted: no table, no
 * entries, or SC_FL_GET_ALL_PROPERTIES. */
HRESULT tlvtable_filter(const TLV_TABLE *table, LONG count, SCARD_FLAGS flags,
                        struct icc_tlv **out);

/*
 * Returns the objects found to the caller: in the caller's table if it was a filter (bytes new from
 * CoTaskMemAlloc, NULL when nothing was found; the old bytes are not freed, as they may be static),
 * else in a new table *table of *count entries, each block CoTaskMemAlloc'd. hr is the result of
 * finding them; on failure a new table is NULL with count 0. Returns hr or E_OUTOFMEMORY.
 */
HRESULT tlvtable_answer(HRESULT hr, BOOL filtered, const struct icc_tlv *found, LONG found_count,
                        TLV_TABLE **table, LONG *count);

#endif
