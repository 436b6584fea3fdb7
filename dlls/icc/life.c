/*
 * The life of a struct icc: initialisation, exchange of the card, and the ends of a known position.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "position.h"

/* The header of a block from icc_alloc. */
union block
{
    size_t size;
    long double align;
    void *align_pointer;
};

void *icc_alloc(size_t size)
{
    union block *block = malloc(sizeof(*block) + size);

    if (!block)
        return NULL;
    block->size = size;
    return block + 1;
}

void *icc_grow(void *memory, size_t used, size_t size)
{
    void *larger = icc_alloc(size);

    if (larger && used)
        memcpy(larger, memory, used);
    if (larger)
        icc_free(memory);
    return larger;
}

void icc_free(void *memory)
{
    union block *block = memory;

    if (!block)
        return;
    block--;
    wipe(block + 1, block->size);
    free(block);
}

void icc_use_profile(struct icc *icc, const struct icc_profile *profile)
{
    icc->card.profile = profile;
    icc->card.select_form_known = 0;
    icc->card.layout = profile->layout;
    icc->card.max_le = profile->max_le;
    icc->card.max_lc = profile->max_lc;
}

/* Forgets what was learnt about the card; its class is unconfirmed. */
static void card_reset(struct icc *icc)
{
    struct icc_card *card = &icc->card;
    struct atr atr;

    memset(card, 0, sizeof(*card));
    if (atr_parse(icc->atr, icc->atr_len, &atr))
        memset(&atr, 0, sizeof(atr));
    card->atr = atr;
    icc_use_profile(icc, icc->forced ? icc->forced : icc_profile_for_atr(icc->atr, icc->atr_len));
    card->cla = card->profile->classes[0].cla;
    card->chaining = atr.chaining;
    card->extended = atr.extended;
    card->no_mf = atr.no_mf;
}

static void keep_atr(struct icc *icc, const uint8_t *atr, size_t len)
{
    icc->atr_len = atr && len <= sizeof(icc->atr) ? len : 0;
    if (icc->atr_len)
        memcpy(icc->atr, atr, icc->atr_len);
}

/* A card starts in its MF (ISO 7816-4 7.1.1), unless others may have moved it. */
static void start_in_mf(struct icc *icc)
{
    memset(&icc->current, 0, sizeof(icc->current));
    position_lose(icc);
    icc->home = icc->here;
    icc->df_unnamed = icc->chosen = 0;
    icc->current.known = !icc->by_handle;
    icc->current.path.root = PATH_FROM_MF;
}

void icc_init(struct icc *icc, card_transmit transmit, void *context, enum apdu_protocol protocol,
              const uint8_t *atr, size_t atr_len, int by_handle)
{
    memset(icc, 0, sizeof(*icc));
    icc->link.transmit = transmit;
    icc->link.context = context;
    icc->link.protocol = protocol;
    icc->by_handle = by_handle;
    keep_atr(icc, atr, atr_len);
    card_reset(icc);
    start_in_mf(icc);
}

void icc_fini(struct icc *icc)
{
    icc_files_free(icc);
}

void icc_card_is_new(struct icc *icc, enum apdu_protocol protocol, const uint8_t *atr,
                     size_t atr_len)
{
    icc->link.protocol = protocol;
    icc->generation++;
    keep_atr(icc, atr, atr_len);
    card_reset(icc);
    start_in_mf(icc);
}

/* Others may have deleted what proved the places of directories, if this family's cards allow that:
 * then the same commands find other ones. */
static void doubt_places(struct icc *icc)
{
    unsigned i;

    for (i = 0; i < ICC_MAX_PROVEN && icc->card.profile->delete_file.present; i++)
        icc->card.proven[i].known = 0;
}

void icc_untrust(struct icc *icc, enum apdu_protocol protocol)
{
    icc->link.protocol = protocol;
    position_lose(icc);
    doubt_places(icc);
}

void icc_was_moved(struct icc *icc)
{
    position_lose(icc);
    doubt_places(icc);
    if (!icc->by_handle)
        return;
    icc->chosen = 1;
    icc->home_turn = icc->turn;
    if (!icc->df_unnamed)
        icc->home = icc->here;
}

void icc_was_reset(struct icc *icc)
{
    position_lose(icc);
    if (!icc->by_handle || icc->current.known || icc->df_unnamed)
        return;
    icc->chosen = 0;
    icc->home = icc->here;
}

/* Others may have moved the card: relative paths begin where they have left it, if they began where
 * it was before. */
static void begin_turn(struct icc *icc)
{
    int at_home = icc->here == icc->home;

    position_lose(icc);
    if (at_home && !icc->df_unnamed)
        icc->home = icc->here;
}

void icc_set_exclusive(struct icc *icc, int exclusive)
{
    if (!icc->exclusive != !exclusive)
    {
        position_forget(icc);
        doubt_places(icc);
        icc->turn++;
        if (icc->by_handle)
            begin_turn(icc);
    }
    icc->exclusive = exclusive != 0;
}

void icc_set_control(struct icc *icc, icc_control control)
{
    icc->control = control;
}

void icc_set_handles(struct icc *icc, uint32_t (*new_handle)(void))
{
    icc->new_handle = new_handle;
}

void icc_set_profile(struct icc *icc, const struct icc_profile *profile)
{
    icc->forced = profile;
    position_forget(icc);
    card_reset(icc);
}

void icc_start_call(struct icc *icc)
{
    if (!icc->exclusive)
    {
        position_forget(icc);
        doubt_places(icc);
    }
    icc->steps = 0;
    icc->broken = SC_OK;
}

int32_t icc_check_flags(uint32_t flags)
{
    if (flags & ~ICC_ALL_FLAGS)
        return SC_INVALID_ARGUMENT;
    return flags & ICC_SECURE_MESSAGING ? SC_UNSUPPORTED_FEATURE : SC_OK;
}
