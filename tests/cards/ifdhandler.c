/*
 * libifdscardssp: an IFD handler for pcsc-lite whose readers are simcard programs on unix sockets.
 * It can what vpcd cannot: features, attributes, long commands, and a reader that goes away.
 *
 * DEVICENAME in reader.conf is the path of the socket (simcard --ifd PATH) behind "/dev/null:":
 * pcscd wants a device that exists, and simcard may come later than pcscd.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "ifd_client.h"
#include "ifd_protocol.h"

#include <ifdhandler.h>
#include <pthread.h>
#include <reader.h>
#include <string.h>

#define MAX_READERS 16

struct reader
{
    pthread_mutex_t lock;
    bool used;
    DWORD lun;
    struct ifd_client client;
    uint32_t insertion; /* the one that was reported as present */
    bool present;
    uint8_t atr[MAX_ATR_SIZE];
    DWORD atr_len;
    uint8_t setting[64]; /* of the one attribute that can be set */
    DWORD setting_len;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct reader readers[MAX_READERS];

/* The reader, locked, or NULL. The table is never locked while a card is asked: one slow card
 * must not hold up the reader beside it. */
static struct reader *find(DWORD lun)
{
    struct reader *reader = NULL;
    unsigned i;

    pthread_mutex_lock(&table_lock);
    for (i = 0; i < MAX_READERS && !reader; i++)
        if (readers[i].used && readers[i].lun == lun)
            reader = &readers[i];
    pthread_mutex_unlock(&table_lock);
    if (reader)
        pthread_mutex_lock(&reader->lock);
    return reader;
}

static RESPONSECODE to_response(int status)
{
    switch (status)
    {
    case READER_DONE: return IFD_SUCCESS;
    case READER_NO_CARD:
    case IFD_CLIENT_NOBODY: return IFD_ICC_NOT_PRESENT;
    case READER_UNPLUGGED: return IFD_NO_SUCH_DEVICE;
    case READER_UNKNOWN_CONTROL: return IFD_ERROR_NOT_SUPPORTED;
    default: return IFD_COMMUNICATION_ERROR;
    }
}

/* One request to simcard; its answer goes into out, which has room for *out_len bytes. */
static RESPONSECODE ask(struct reader *reader, uint8_t request, const void *data, size_t len,
                        void *out, DWORD *out_len)
{
    size_t room = *out_len, got = room;
    int status = ifd_client_ask(&reader->client, request, data, len, out, &got);

    *out_len = 0;
    if (status == READER_DONE && got > room)
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    if (status == READER_DONE)
        *out_len = got;
    return to_response(status);
}

static bool open_reader(struct reader *reader, DWORD lun, const char *path)
{
    memset(reader, 0, sizeof(*reader));
    if (!ifd_client_init(&reader->client, path))
        return false;
    pthread_mutex_init(&reader->lock, NULL);
    reader->lun = lun;
    reader->used = true;
    return true;
}

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
    RESPONSECODE result = IFD_COMMUNICATION_ERROR;
    const char *colon = strchr(DeviceName, ':');
    unsigned i;

    pthread_mutex_lock(&table_lock);
    for (i = 0; i < MAX_READERS && readers[i].used; i++)
    {
    }
    if (i < MAX_READERS && open_reader(&readers[i], Lun, colon ? colon + 1 : DeviceName))
        result = IFD_SUCCESS;
    pthread_mutex_unlock(&table_lock);
    return result;
}

RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
    (void)Lun;
    (void)Channel;
    return IFD_NOT_SUPPORTED; /* a reader is named by its socket */
}

RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
    struct reader *reader = find(Lun);

    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    ifd_client_close(&reader->client);
    reader->used = false;
    pthread_mutex_unlock(&reader->lock);
    return IFD_SUCCESS;
}

static RESPONSECODE give(const void *value, DWORD len, PDWORD length, PUCHAR out)
{
    DWORD room = *length;

    *length = len;
    if (room < len)
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    memcpy(out, value, len);
    return IFD_SUCCESS;
}

static RESPONSECODE get_attribute(struct reader *reader, DWORD tag, PDWORD length, PUCHAR value)
{
    static const uint8_t off = 0, on = 1, swallowed = 2, version[] = {0, 0, 0, 1};
    static const uint8_t max_input[] = {0x07, 0x00, 0x01, 0x00}, at_once = MAX_READERS;
    const struct
    {
        DWORD tag;
        const void *value;
        DWORD len;
    } attributes[] = {
        {TAG_IFD_ATR, reader->atr, reader->atr_len},
        {SCARD_ATTR_ATR_STRING, reader->atr, reader->atr_len},
        {TAG_IFD_SLOTS_NUMBER, &on, 1},
        {TAG_IFD_SIMULTANEOUS_ACCESS, &at_once, 1},
        {TAG_IFD_THREAD_SAFE, &on, 1},
        {TAG_IFD_SLOT_THREAD_SAFE, &off, 1},
        {SCARD_ATTR_VENDOR_NAME, "scardssp", 9},
        {SCARD_ATTR_VENDOR_IFD_TYPE, "test reader", 12},
        {SCARD_ATTR_VENDOR_IFD_VERSION, version, sizeof(version)},
        {SCARD_ATTR_VENDOR_IFD_SERIAL_NO, "0001", 5},
        {SCARD_ATTR_MAXINPUT, max_input, sizeof(max_input)},
        {SCARD_ATTR_ICC_PRESENCE, reader->present ? &swallowed : &off, 1},
        {SCARD_ATTR_ICC_INTERFACE_STATUS, reader->atr_len ? &on : &off, 1},
        {SCARD_ATTR_SUPRESS_T1_IFS_REQUEST, reader->setting, reader->setting_len},
    };
    size_t i;

    for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (attributes[i].tag == tag)
            return give(attributes[i].value, attributes[i].len, length, value);
    return IFD_ERROR_TAG;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
    struct reader *reader = find(Lun);
    RESPONSECODE result;

    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    result = get_attribute(reader, Tag, Length, Value);
    pthread_mutex_unlock(&reader->lock);
    return result;
}

/* SCARD_ATTR_SUPRESS_T1_IFS_REQUEST takes any bytes, to be read back; nothing else can be set. */
RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
    struct reader *reader = find(Lun);
    RESPONSECODE result = IFD_ERROR_TAG;

    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    if (Tag == SCARD_ATTR_SUPRESS_T1_IFS_REQUEST && Length <= sizeof(reader->setting))
    {
        memcpy(reader->setting, Value, Length);
        reader->setting_len = Length;
        result = IFD_SUCCESS;
    }
    pthread_mutex_unlock(&reader->lock);
    return result;
}

/* The card speaks what its profile says; pcscd chose by the ATR. */
RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1,
                                       UCHAR PTS2, UCHAR PTS3)
{
    (void)Lun;
    (void)Flags;
    (void)PTS1;
    (void)PTS2;
    (void)PTS3;
    return Protocol == SCARD_PROTOCOL_T0 || Protocol == SCARD_PROTOCOL_T1
               ? IFD_SUCCESS
               : IFD_PROTOCOL_NOT_SUPPORTED;
}

static RESPONSECODE power(struct reader *reader, uint8_t request)
{
    DWORD len = sizeof(reader->atr);
    RESPONSECODE result = ask(reader, request, NULL, 0, reader->atr, &len);

    reader->atr_len = len;
    return result == IFD_ICC_NOT_PRESENT ? IFD_ERROR_POWER_ACTION : result;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
    struct reader *reader = find(Lun);
    RESPONSECODE result = IFD_NOT_SUPPORTED;

    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    if (Action == IFD_POWER_DOWN)
        result = power(reader, READER_POWER_DOWN);
    else if (Action == IFD_RESET)
        result = power(reader, READER_RESET);
    else if (Action == IFD_POWER_UP)
        result = power(reader, READER_POWER_UP);
    if (result == IFD_SUCCESS)
        result = give(reader->atr, reader->atr_len, AtrLength, Atr);
    else
        *AtrLength = 0;
    pthread_mutex_unlock(&reader->lock);
    return result;
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
                               PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
    struct reader *reader = find(Lun);
    RESPONSECODE result;

    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    if (RecvPci)
        RecvPci->Protocol = SendPci.Protocol;
    result = ask(reader, READER_TRANSMIT, TxBuffer, TxLength, RxBuffer, RxLength);
    pthread_mutex_unlock(&reader->lock);
    return result;
}

RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength,
                         PUCHAR RxBuffer, DWORD RxLength, LPDWORD pdwBytesReturned)
{
    uint8_t data[4 + 4096] = {(uint8_t)(dwControlCode >> 24), (uint8_t)(dwControlCode >> 16),
        (uint8_t)(dwControlCode >> 8), (uint8_t)dwControlCode};
    struct reader *reader;
    RESPONSECODE result;

    *pdwBytesReturned = 0;
    if (TxLength > sizeof(data) - 4)
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    reader = find(Lun);
    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    if (TxLength)
        memcpy(data + 4, TxBuffer, TxLength);
    *pdwBytesReturned = RxLength;
    result = ask(reader, READER_CONTROL, data, 4 + TxLength, RxBuffer, pdwBytesReturned);
    pthread_mutex_unlock(&reader->lock);
    return result;
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
    struct reader *reader = find(Lun);
    uint8_t count[4] = {0};
    DWORD len = sizeof(count);
    RESPONSECODE result;
    uint32_t insertion;

    if (!reader)
        return IFD_COMMUNICATION_ERROR;
    result = ask(reader, READER_PRESENCE, NULL, 0, count, &len);
    insertion =
        (uint32_t)count[0] << 24 | (uint32_t)count[1] << 16 | (uint32_t)count[2] << 8 | count[3];
    if (result == IFD_SUCCESS)
    {
        /* A card that went and came between two looks was absent all the same. */
        result = reader->present && insertion != reader->insertion ? IFD_ICC_NOT_PRESENT
                                                                   : IFD_ICC_PRESENT;
        reader->insertion = insertion;
    }
    reader->present = result == IFD_ICC_PRESENT;
    if (!reader->present)
        reader->atr_len = 0;
    pthread_mutex_unlock(&reader->lock);
    return result;
}
