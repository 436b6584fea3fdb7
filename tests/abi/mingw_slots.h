/*
 * The methods of the seven base interfaces by name, for one table a header and language.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_ABI_MINGW_SLOTS_H
#define TESTS_ABI_MINGW_SLOTS_H

#include <stddef.h>

/* One method: its name and the offset of its slot in the vtable. */
struct slot
{
    const char *name;
    size_t offset;
};

#ifdef __cplusplus
extern "C"
{
#endif
    /* As our header has them; as mingw-w64's has them for C; for C++. Each ends with a NULL. */
    extern const struct slot slots_ours[], slots_mingw[];
    const struct slot *slots_mingw_cxx(void);
#ifdef __cplusplus
}
#endif

#define SLOTS \
    SLOT(IByteBuffer, get_Stream) SLOT(IByteBuffer, put_Stream) SLOT(IByteBuffer, Clone) \
    SLOT(IByteBuffer, Commit) SLOT(IByteBuffer, CopyTo) SLOT(IByteBuffer, Initialize) \
    SLOT(IByteBuffer, LockRegion) SLOT(IByteBuffer, Read) SLOT(IByteBuffer, Revert) \
    SLOT(IByteBuffer, Seek) SLOT(IByteBuffer, SetSize) SLOT(IByteBuffer, Stat) \
    SLOT(IByteBuffer, UnlockRegion) SLOT(IByteBuffer, Write) \
    SLOT(ISCardTypeConv, ConvertByteArrayToByteBuffer) \
    SLOT(ISCardTypeConv, ConvertByteBufferToByteArray) \
    SLOT(ISCardTypeConv, ConvertByteBufferToSafeArray) \
    SLOT(ISCardTypeConv, ConvertSafeArrayToByteBuffer) \
    SLOT(ISCardTypeConv, CreateByteArray) SLOT(ISCardTypeConv, CreateByteBuffer) \
    SLOT(ISCardTypeConv, CreateSafeArray) SLOT(ISCardTypeConv, FreeIStreamMemoryPtr) \
    SLOT(ISCardTypeConv, GetAtIStreamMemory) SLOT(ISCardTypeConv, SizeOfIStream) \
    SLOT(ISCardCmd, get_Apdu) SLOT(ISCardCmd, put_Apdu) SLOT(ISCardCmd, get_ApduLength) \
    SLOT(ISCardCmd, get_ApduReply) SLOT(ISCardCmd, put_ApduReply) \
    SLOT(ISCardCmd, get_ApduReplyLength) SLOT(ISCardCmd, put_ApduReplyLength) \
    SLOT(ISCardCmd, get_ClassId) SLOT(ISCardCmd, put_ClassId) SLOT(ISCardCmd, get_Data) \
    SLOT(ISCardCmd, put_Data) SLOT(ISCardCmd, get_InstructionId) \
    SLOT(ISCardCmd, put_InstructionId) SLOT(ISCardCmd, get_LeField) SLOT(ISCardCmd, get_P1) \
    SLOT(ISCardCmd, put_P1) SLOT(ISCardCmd, get_P2) SLOT(ISCardCmd, put_P2) \
    SLOT(ISCardCmd, get_P3) SLOT(ISCardCmd, get_ReplyStatus) SLOT(ISCardCmd, put_ReplyStatus) \
    SLOT(ISCardCmd, get_ReplyStatusSW1) SLOT(ISCardCmd, get_ReplyStatusSW2) \
    SLOT(ISCardCmd, get_Type) SLOT(ISCardCmd, get_Nad) SLOT(ISCardCmd, put_Nad) \
    SLOT(ISCardCmd, get_ReplyNad) SLOT(ISCardCmd, put_ReplyNad) SLOT(ISCardCmd, BuildCmd) \
    SLOT(ISCardCmd, Clear) SLOT(ISCardCmd, Encapsulate) SLOT(ISCardCmd, get_AlternateClassId) \
    SLOT(ISCardCmd, put_AlternateClassId) \
    SLOT(ISCardISO7816, AppendRecord) SLOT(ISCardISO7816, EraseBinary) \
    SLOT(ISCardISO7816, ExternalAuthenticate) SLOT(ISCardISO7816, GetChallenge) \
    SLOT(ISCardISO7816, GetData) SLOT(ISCardISO7816, GetResponse) \
    SLOT(ISCardISO7816, InternalAuthenticate) SLOT(ISCardISO7816, ManageChannel) \
    SLOT(ISCardISO7816, PutData) SLOT(ISCardISO7816, ReadBinary) \
    SLOT(ISCardISO7816, ReadRecord) SLOT(ISCardISO7816, SelectFile) \
    SLOT(ISCardISO7816, SetDefaultClassId) SLOT(ISCardISO7816, UpdateBinary) \
    SLOT(ISCardISO7816, UpdateRecord) SLOT(ISCardISO7816, Verify) \
    SLOT(ISCardISO7816, WriteBinary) SLOT(ISCardISO7816, WriteRecord) \
    SLOT(ISCard, get_Atr) SLOT(ISCard, get_CardHandle) SLOT(ISCard, get_Context) \
    SLOT(ISCard, get_Protocol) SLOT(ISCard, get_Status) SLOT(ISCard, AttachByHandle) \
    SLOT(ISCard, AttachByReader) SLOT(ISCard, Detach) SLOT(ISCard, LockSCard) \
    SLOT(ISCard, ReAttach) SLOT(ISCard, Transaction) SLOT(ISCard, UnlockSCard) \
    SLOT(ISCardDatabase, GetProviderCardId) SLOT(ISCardDatabase, ListCardInterfaces) \
    SLOT(ISCardDatabase, ListCards) SLOT(ISCardDatabase, ListReaderGroups) \
    SLOT(ISCardDatabase, ListReaders) \
    SLOT(ISCardLocate, ConfigureCardGuidSearch) SLOT(ISCardLocate, ConfigureCardNameSearch) \
    SLOT(ISCardLocate, FindCard)

#endif
