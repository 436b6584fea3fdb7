/*
 * Sources of the time compile with our header: the type names of the SDK's, as Microsoft's
 * documentation of the interfaces and mingw-w64's header have them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <winscard.h>

#include "scardssp.h"
#include "test.h"

/* Never run: that the compiler takes them without a warning is the test. */
TEST_USED static HRESULT read_binary(LPSCARDISO7816 iso, LPSCARD card, BYTE length, LPSCARDCMD *cmd,
                                     LPBYTEBUFFER *reply)
{
    HRESULT hr = ISCardISO7816_ReadBinary(iso, 0, 0, length, cmd);

    if (SUCCEEDED(hr))
        hr = ISCard_Transaction(card, cmd);
    if (SUCCEEDED(hr))
        hr = ISCardCmd_get_ApduReply(*cmd, reply);
    return hr;
}

TEST_USED static HRESULT find_card(LPSCARDLOCATE locate, LPSCARDINFO *info)
{
    return ISCardLocate_FindCard(locate, SHARED, T0, 0, info);
}

TEST_USED static HRESULT count_bytes(LPSCARDTYPECONV conv, LPBYTEBUFFER buffer, LPBYTEARRAY *bytes,
                                     LPSTATSTRUCT stat)
{
    HRESULT hr = ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, bytes);

    return SUCCEEDED(hr) ? IByteBuffer_Stat(buffer, stat, 0) : hr;
}

TEST_USED static HRESULT readers_of(LPSCARDDATABASE database, LPSAFEARRAY *readers)
{
    return ISCardDatabase_ListReaders(database, 0, readers);
}

TEST_USED static HRESULT connection_of(LPSCARD card, LPHSCARD handle, LPHSCARDCONTEXT context)
{
    HRESULT hr = ISCard_get_CardHandle(card, handle);

    return SUCCEEDED(hr) ? ISCard_get_Context(card, context) : hr;
}

#define SAME(name, type) \
    ok(_Generic((name)0, type: 1, default: 0), "%s is another type than %s\n", #name, #type)

START_TEST(sdknames)
{
    fact(NATIVE);
    SAME(PHSCARD, HSCARD *);
    SAME(PHSCARDCONTEXT, HSCARDCONTEXT *);
    SAME(PBYTEARRAY, BYTEARRAY *);
    SAME(PCBYTEARRAY, const BYTEARRAY *);
    SAME(LPCBYTEARRAY, const BYTEARRAY *);
    SAME(PSCARDINFO, SCARDINFO *);
    SAME(LPCBYTEBUFFER, const IByteBuffer *);
    SAME(LPSMARTCARD, ISCard *);
    SAME(LPSCARDISO, ISCardISO7816 *);
    SAME(LPSCARDLOC, ISCardLocate *);
    SAME(LPSCARDTYPECONV, ISCardTypeConv *);
    ok_uint(CB_BYTEARRAY, sizeof(void *) == 8 ? 24 : 12);
    ok_uint(CB_STATSTRUCT, 20);
}
