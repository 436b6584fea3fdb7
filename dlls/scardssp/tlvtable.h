/*
 * TLV_TABLE of ISCardFileAccess: one BER-TLV data object an entry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_TLVTABLE_H
#define SCARDSSP_TLVTABLE_H

#include "icc/icc.h"
#include "object.h"

/* More entries than any file can have properties. */
#define TLVTABLE_MAX 1024
/* Bytes of one: more than any command carries. */
#define TLVTABLE_OBJECT_MAX 65536

/*
 * The same entries for icc; the bytes stay the caller's. *out is CoTaskMemAlloc'd, NULL when count
 * is 0. E_INVALIDARG for a NULL table with entries, a count outside 0..TLVTABLE_MAX, or an entry
 * without bytes; E_OUTOFMEMORY.
 */
HRESULT tlvtable_objects(const TLV_TABLE *table, LONG count, struct icc_tlv **out);

/* A table that says which properties are wanted; *out is NULL when all are: no table, no entries,
 * or SC_FL_GET_ALL_PROPERTIES. Else as tlvtable_objects. */
HRESULT tlvtable_filter(const TLV_TABLE *table, LONG count, SCARD_FLAGS flags,
                        struct icc_tlv **out);

/*
 * Gives what was found to the caller: into its own table when it was a filter (bytes new from
 * CoTaskMemAlloc, NULL where nothing was found; the old bytes are not freed, they may be static),
 * else as a new table in *table, *count entries, each block CoTaskMemAlloc'd. hr is what finding
 * gave; on failure an asked-for new table is NULL with count 0. Returns hr or E_OUTOFMEMORY.
 */
HRESULT tlvtable_answer(HRESULT hr, BOOL filtered, const struct icc_tlv *found, LONG found_count,
                        TLV_TABLE **table, LONG *count);

#endif
