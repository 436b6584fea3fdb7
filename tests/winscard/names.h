/*
 * The names that winscard.dll exports.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h.
 */

#ifndef TESTS_WINSCARD_NAMES_H
#define TESTS_WINSCARD_NAMES_H

/* In the order of Windows XP's ordinals. */
TEST_USED static const char *const winscard_names[] =
{
    "ClassInstall32", "SCardAccessNewReaderEvent", "SCardReleaseAllEvents",
    "SCardReleaseNewReaderEvent", "SCardAccessStartedEvent", "SCardAddReaderToGroupA",
    "SCardAddReaderToGroupW", "SCardBeginTransaction", "SCardCancel", "SCardConnectA",
    "SCardConnectW", "SCardControl", "SCardDisconnect", "SCardEndTransaction",
    "SCardEstablishContext", "SCardForgetCardTypeA", "SCardForgetCardTypeW", "SCardForgetReaderA",
    "SCardForgetReaderGroupA", "SCardForgetReaderGroupW", "SCardForgetReaderW", "SCardFreeMemory",
    "SCardGetAttrib", "SCardGetCardTypeProviderNameA", "SCardGetCardTypeProviderNameW",
    "SCardGetProviderIdA", "SCardGetProviderIdW", "SCardGetStatusChangeA", "SCardGetStatusChangeW",
    "SCardIntroduceCardTypeA", "SCardIntroduceCardTypeW", "SCardIntroduceReaderA",
    "SCardIntroduceReaderGroupA", "SCardIntroduceReaderGroupW", "SCardIntroduceReaderW",
    "SCardIsValidContext", "SCardListCardsA", "SCardListCardsW", "SCardListInterfacesA",
    "SCardListInterfacesW", "SCardListReaderGroupsA", "SCardListReaderGroupsW",
    "SCardListReadersA", "SCardListReadersW", "SCardLocateCardsA", "SCardLocateCardsByATRA",
    "SCardLocateCardsByATRW", "SCardLocateCardsW", "SCardReconnect", "SCardReleaseContext",
    "SCardReleaseStartedEvent", "SCardRemoveReaderFromGroupA", "SCardRemoveReaderFromGroupW",
    "SCardSetAttrib", "SCardSetCardTypeProviderNameA", "SCardSetCardTypeProviderNameW",
    "SCardState", "SCardStatusA", "SCardStatusW", "SCardTransmit", "g_rgSCardRawPci",
    "g_rgSCardT0Pci", "g_rgSCardT1Pci"
};

/* Vista's, 8's and 10's. */
TEST_USED static const char *const winscard_later_names[] =
{
    "SCardGetTransmitCount", "SCardReadCacheA", "SCardReadCacheW", "SCardWriteCacheA",
    "SCardWriteCacheW", "SCardGetReaderIconA", "SCardGetReaderIconW",
    "SCardGetReaderDeviceInstanceIdA", "SCardGetReaderDeviceInstanceIdW",
    "SCardListReadersWithDeviceInstanceIdA", "SCardListReadersWithDeviceInstanceIdW",
    "SCardGetDeviceTypeIdA", "SCardGetDeviceTypeIdW", "SCardAudit", "SCardPciRaw", "SCardPciT0",
    "SCardPciT1"
};

#endif
