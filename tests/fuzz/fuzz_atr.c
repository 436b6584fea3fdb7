/*
 * Answers to reset.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: an ATR.
 */

#include "iso7816/atr.h"
#include "fuzz.h"
#include "icc/profile.h"
#include "iso7816/codes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct icc_profile *profile = icc_profile_for_atr(data, size);
    struct atr atr;
    int32_t result = atr_parse(data, size, &atr);

    CHECK(profile == &icc_profile_iso || icc_profile_matches(profile, data, size));
    CHECK(atr_matches(data, data, data, size));
    if (result)
    {
        CHECK(result == SC_INVALID_ARGUMENT && fuzz_zero(&atr, sizeof(atr)));
        return 0;
    }
    CHECK(size >= 2 && size <= ATR_MAX && (data[0] == 0x3B || data[0] == 0x3F));
    if (!(atr.faults & (ATR_TCK_MISSING | ATR_TCK_NEEDLESS | ATR_BYTES_BEHIND)))
        CHECK(atr_length(data) == size);
    CHECK(atr.historical_length == (data[1] & 15));
    CHECK(atr.protocols && atr.first_protocol < 16);
    CHECK(!atr.has_capabilities || (atr.capabilities_length >= 1 && atr.capabilities_length <= 3));
    CHECK(atr.has_tck || !(atr.faults & (ATR_TCK_WRONG | ATR_TCK_NEEDLESS | ATR_BYTES_BEHIND)));
    CHECK(!atr.has_tck || !(atr.faults & ATR_TCK_MISSING));
    CHECK(!(atr.faults & ATR_TCK_WRONG) == (!atr.has_tck || atr.tck == atr.right_tck));
    CHECK(atr.has_global || !(atr.faults & ATR_GLOBAL_FIRST));
    CHECK(atr.has_capabilities || (!atr.chaining && !atr.extended));
    CHECK(atr.has_service_data || !atr.no_mf);
    return 0;
}
