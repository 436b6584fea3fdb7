/*
 * Probing a card: the class, the ways of SELECT, and which files there are.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cardprobe.h"

#include <string.h>

#include "iso7816/codes.h"
#include "iso7816/hex.h"
#include "iso7816/ins.h"
#include "iso7816/wipe.h"
#include "probesend.h"

#define MF          0x3F00
#define RAW_MINIMUM 14u
#define NO_PLACE    (-1)

/* In the order in which they are tried. Under T=0, where SELECT has no Le, the last one is the
 * first. */
static const struct icc_select_form all_forms[CARDPROBE_FORMS] =
{
    {0x00, 1}, {0x04, 1}, {0x0C, 0}, {0x00, 0}
};

/* ---- one SELECT ---- */

static int is_template(const struct probe_answer *answer)
{
    uint8_t tag = answer->len ? answer->data[0] : 0;

    return tag == 0x62 || tag == 0x64 || tag == 0x6F;
}

/* The layout of an answer that is no template, by the type of the file in it; ISO: of none. */
static enum fcp_layout raw_layout(const struct probe_answer *answer, int is_mf)
{
    if (answer->len < RAW_MINIMUM || is_template(answer))
        return FCP_LAYOUT_ISO;
    switch (answer->data[6])
    {
    case 0x38: return FCP_LAYOUT_FLEX;
    case 0x20: return FCP_LAYOUT_CYBERFLEX;
    case 0x01: return is_mf ? FCP_LAYOUT_GSM : FCP_LAYOUT_ISO;
    default: return FCP_LAYOUT_ISO;
    }
}

static void learn_layout(struct cardprobe *probe, const struct probe_answer *answer, int is_mf)
{
    enum fcp_layout layout = raw_layout(answer, is_mf);

    if (layout == FCP_LAYOUT_ISO || probe->raw)
        return;
    probe->raw = 1;
    probe->layout = layout;
}

static int select_form(struct prober *prober, struct icc_select_form form, uint8_t p1,
                       const uint8_t *data, size_t len, struct probe_answer *answer)
{
    struct apdu apdu;
    int is_mf = !p1 && (!len || (len == 2 && !memcmp(data, "\x3F\x00", 2)));

    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_SELECT;
    apdu.p1 = p1;
    apdu.p2 = form.p2;
    apdu.data = len ? data : NULL;
    apdu.nc = (uint32_t)len;
    /* Under T=0 a command with data has no Le, and one without is to have no answer. */
    apdu.ne = form.with_le && (len || prober->host->protocol != APDU_T0) ? 256 : 0;
    prober->here = NO_PLACE;
    if (!probe_send(prober, -1, &apdu, answer))
        return 0;
    if (probe_found(answer->sw))
        learn_layout(prober->probe, answer, is_mf);
    return 1;
}

int probe_select(struct prober *prober, uint8_t p1, const uint8_t *data, size_t len,
                 struct fcp *fcp, uint16_t *sw)
{
    struct probe_answer answer;

    if (!select_form(prober, prober->probe->form, p1, data, len, &answer))
        return 0;
    fcp_parse(answer.data, probe_found(answer.sw) ? answer.len : 0, prober->probe->layout, fcp);
    *sw = answer.sw;
    return 1;
}

int probe_select_fid(struct prober *prober, uint8_t p1, uint16_t fid, struct fcp *fcp, uint16_t *sw)
{
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};

    return probe_select(prober, p1, data, sizeof(data), fcp, sw);
}

/* ---- first contact ---- */

/* What all forms of SELECT are tried with: the first that is found. */
struct target
{
    uint8_t p1;
    uint8_t data[CARDPROBE_MAX_NAME];
    size_t len;
};

/* Number n of what a card may have; 0 when there are no more. */
static int target_number(unsigned n, struct target *target)
{
    static const struct target first[] =
    {
        {0, {0x3F, 0x00}, 2}, {0, {0}, 0}, {8, {0x2F, 0x00}, 2}, {2, {0x2F, 0x00}, 2}
    };
    const struct cardprobe_application *application;

    if (n < sizeof(first) / sizeof(first[0]))
    {
        *target = first[n];
        return 1;
    }
    application = &cardprobe_applications[n - sizeof(first) / sizeof(first[0])];
    target->p1 = 4;
    return application->aid &&
           !hex_parse(application->aid, target->data, sizeof(target->data), &target->len);
}

/* How much the card tells of what it has found. */
static uint8_t told_by(const struct probe_answer *answer, enum fcp_layout layout)
{
    struct fcp fcp;

    fcp_parse(answer->data, answer->len, layout, &fcp);
    if (fcp.kind != FCP_KIND_UNKNOWN || fcp.has_size)
        return 2;
    return answer->len != 0;
}

static unsigned form_limit(const struct prober *prober)
{
    return prober->host->protocol == APDU_T0 ? CARDPROBE_FORMS - 1 : CARDPROBE_FORMS;
}

/* Tries all forms with the target. *wrong is set when the card does not know the class or the
 * instruction. */
static int try_forms(struct prober *prober, const struct target *target, int *found, int *wrong)
{
    struct cardprobe *probe = prober->probe;
    unsigned i;

    *found = *wrong = 0;
    for (i = 0; i < form_limit(prober); i++)
    {
        struct cardprobe_form *form = &probe->forms[i];
        struct probe_answer answer;

        form->form = all_forms[i];
        if (!select_form(prober, form->form, target->p1, target->data, target->len, &answer))
            return 0;
        *wrong = !i && probe_is_wrong_class(answer.sw);
        if (*wrong)
            return 1;
        form->works = probe_found(answer.sw) ? CARDPROBE_YES : CARDPROBE_NO;
        form->told = form->works == CARDPROBE_YES ? told_by(&answer, probe->layout) : 0;
        *found |= form->works == CARDPROBE_YES;
    }
    return 1;
}

/* Puts the forms that work in front, those that tell most first. */
static void sort_forms(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    struct cardprobe_form sorted[CARDPROBE_FORMS];
    unsigned limit = form_limit(prober), i;
    int told;

    memset(sorted, 0, sizeof(sorted));
    for (told = 2; told >= 0; told--)
        for (i = 0; i < limit; i++)
            if (probe->forms[i].works == CARDPROBE_YES && probe->forms[i].told == told)
                sorted[probe->form_count++] = probe->forms[i];
    memcpy(probe->forms, sorted, sizeof(sorted));
    probe->form = probe->forms[0].form;
}

/* In the class in force. */
static int contact(struct prober *prober, int *found, int *wrong)
{
    struct cardprobe *probe = prober->probe;
    struct target target;
    unsigned n;

    *found = *wrong = 0;
    for (n = 0; !*found && target_number(n, &target); n++)
    {
        if (!try_forms(prober, &target, found, wrong))
            return 0;
        if (n == 0)
            probe->mf_by_fid = *found ? CARDPROBE_YES : CARDPROBE_NO;
        if (n == 1)
            probe->mf_bare = *found ? CARDPROBE_YES : CARDPROBE_NO;
        if (n == 2 && *found)
            probe->path = CARDPROBE_YES;
        if (*wrong && !n)
            return 1;
    }
    if (*found)
        sort_forms(prober);
    return 1;
}

static int find_class(struct prober *prober, int *found)
{
    static const uint8_t others[] = {0x00, 0xA0, 0xC0, 0x80};
    struct cardprobe *probe = prober->probe;
    unsigned count = probe->by_atr->class_count, i;
    int wrong = 1;

    *found = 0;
    for (i = 0; i < count && wrong; i++)
    {
        probe->cla = probe->by_atr->classes[i].cla;
        if (!contact(prober, found, &wrong))
            return 0;
    }
    for (i = 0; i < sizeof(others) && wrong && prober->options->other_classes; i++)
    {
        probe->cla = others[i];
        if (!contact(prober, found, &wrong))
            return 0;
    }
    probe->classes[probe->class_count++] = probe->cla;
    return 1;
}

/* The other class bytes, once each; a profile has room for three. */
static int try_classes(struct prober *prober)
{
    static const uint8_t others[] = {0x00, 0xA0, 0xC0, 0x80};
    struct cardprobe *probe = prober->probe;
    struct probe_answer answer;
    struct apdu apdu;
    unsigned i;

    for (i = 0; i < sizeof(others) && prober->options->other_classes; i++)
    {
        if (others[i] == probe->cla || probe->class_count == ICC_MAX_CLASSES)
            continue;
        memset(&apdu, 0, sizeof(apdu));
        apdu.ins = INS_SELECT;
        apdu.p2 = probe->form.p2;
        apdu.data = (const uint8_t *)"\x3F\x00";
        apdu.nc = 2;
        prober->here = NO_PLACE;
        if (!probe_send(prober, others[i], &apdu, &answer))
            return 0;
        if (probe_found(answer.sw))
            probe->classes[probe->class_count++] = others[i];
    }
    return 1;
}

/* ---- places ---- */

static void add_place(struct cardprobe *probe, const uint8_t *name, size_t len, uint16_t fid)
{
    struct cardprobe_place *place = &probe->places[probe->place_count];

    if (probe->place_count == CARDPROBE_MAX_PLACES)
        return;
    memset(place, 0, sizeof(*place));
    if (len)
        memcpy(place->name, name, len);
    place->name_len = (uint8_t)len;
    place->fid = fid;
    probe->place_count++;
}

static int has_mf(const struct cardprobe *probe)
{
    return probe->mf_by_fid == CARDPROBE_YES || probe->mf_bare == CARDPROBE_YES;
}

/* Below an MF that cannot be selected, and is there for paths all the same. */
static int is_by_path(const struct cardprobe *probe, const struct cardprobe_place *place)
{
    return !place->name_len && !has_mf(probe);
}

/* The root of a place: its application, or the MF. */
static int enter_root(struct prober *prober, const struct cardprobe_place *place, uint16_t *sw)
{
    struct fcp fcp;

    *sw = SW_OK;
    if (place->name_len)
        return probe_select(prober, 4, place->name, place->name_len, &fcp, sw);
    if (is_by_path(prober->probe, place))
        return 1;
    if (prober->probe->mf_by_fid == CARDPROBE_YES)
        return probe_select_fid(prober, 0, MF, &fcp, sw);
    return probe_select(prober, 0, NULL, 0, &fcp, sw);
}

int probe_enter(struct prober *prober, unsigned number, uint16_t *sw)
{
    const struct cardprobe_place *place = &prober->probe->places[number];
    const struct cardprobe *probe = prober->probe;
    int by_path =
        is_by_path(probe, place) || (probe->by_fid == CARDPROBE_NO && probe->path == CARDPROBE_YES);
    uint8_t p1 = by_path ? 8 : probe->by_fid == CARDPROBE_NO ? 1 : 0;
    struct fcp fcp;

    *sw = SW_OK;
    if (prober->here == (int)number)
        return 1;
    if (!enter_root(prober, place, sw))
        return 0;
    if (probe_found(*sw) && place->fid && !probe_select_fid(prober, p1, place->fid, &fcp, sw))
        return 0;
    prober->here = probe_found(*sw) ? (int)number : NO_PLACE;
    return 1;
}

/* Selects what the current place has, by the first value of P1 that the card understands. */
static int select_here(struct prober *prober, uint16_t fid, struct fcp *fcp, uint16_t *sw)
{
    struct cardprobe *probe = prober->probe;
    int here = prober->here;
    const struct cardprobe_place *place = &probe->places[here];
    uint8_t path[4] = {(uint8_t)(place->fid >> 8), (uint8_t)place->fid, (uint8_t)(fid >> 8),
                       (uint8_t)fid};
    size_t skip = place->fid ? 0 : 2;

    *sw = SW_WRONG_P1P2;
    if (probe->by_fid != CARDPROBE_NO && !is_by_path(probe, place))
    {
        if (!probe_select_fid(prober, 0, fid, fcp, sw))
            return 0;
        if (probe->by_fid == CARDPROBE_UNTRIED && probe_found(*sw))
            probe->by_fid = CARDPROBE_YES;
        if (probe->by_fid == CARDPROBE_UNTRIED && probe_is_about_form(*sw))
            probe->by_fid = CARDPROBE_NO;
    }
    if (probe_is_about_form(*sw) && !place->name_len && probe->path != CARDPROBE_NO)
    {
        if (!probe_select(prober, 8, path + skip, sizeof(path) - skip, fcp, sw))
            return 0;
        if (probe_found(*sw))
            probe->path = CARDPROBE_YES;
    }
    if (probe_is_about_form(*sw) && probe->ef != CARDPROBE_NO && !is_by_path(probe, place))
    {
        if (!probe_select_fid(prober, 2, fid, fcp, sw))
            return 0;
        if (probe_found(*sw))
            probe->ef = CARDPROBE_YES;
    }
    if (probe_found(*sw) && fcp->has_fid && fcp->fid != fid)
        *sw = SW_NOT_FOUND;
    /* A refused SELECT leaves the card where it is, nearly always. */
    if (!probe_found(*sw))
        prober->here = here;
    return 1;
}

int probe_open(struct prober *prober, const struct cardprobe_file *file, uint16_t *sw)
{
    struct fcp fcp;

    if (!probe_enter(prober, file->place, sw))
        return 0;
    if (!probe_found(*sw))
        return 1;
    if (!select_here(prober, file->fid, &fcp, sw))
        return 0;
    if (probe_found(*sw))
        prober->here = file->place;
    return 1;
}

/* Asks for a kind that SELECT did not tell: a directory cannot be read. */
static int find_kind(struct prober *prober, struct fcp *fcp)
{
    struct probe_answer answer;
    struct apdu apdu;

    if (fcp->kind != FCP_KIND_UNKNOWN)
        return 1;
    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_READ_BINARY;
    apdu.ne = 1;
    if (!probe_send(prober, -1, &apdu, &answer))
        return 0;
    fcp->kind = answer.sw == SW_NO_EF || answer.sw == SW_NOT_FOUND || answer.sw == SW_GSM_NO_EF
                    ? FCP_KIND_DF
                    : FCP_KIND_EF;
    wipe(&answer, sizeof(answer));
    return 1;
}

static int note_file(struct prober *prober, unsigned place, uint16_t fid, struct fcp *fcp)
{
    struct cardprobe *probe = prober->probe;
    struct cardprobe_file *file = &probe->files[probe->file_count];

    if (!find_kind(prober, fcp))
        return 0;
    if (fcp->kind == FCP_KIND_DF)
    {
        if (!probe->places[place].name_len && !probe->places[place].fid)
            add_place(probe, NULL, 0, fid);
        prober->here = NO_PLACE;
        return 1;
    }
    prober->here = (int)place;
    if (fcp->has_size)
        probe->sizes = CARDPROBE_YES;
    else if (probe->sizes == CARDPROBE_UNTRIED)
        probe->sizes = CARDPROBE_NO;
    file->place = (uint8_t)place;
    file->fid = fid;
    file->fcp = *fcp;
    probe->file_count++;
    return 1;
}

/* Looks for the file identifiers that public cards have, in one directory. */
static int look_into(struct prober *prober, unsigned place)
{
    struct cardprobe *probe = prober->probe;
    int is_mf = !probe->places[place].name_len && !probe->places[place].fid;
    const uint16_t *fid = is_mf ? cardprobe_mf_files : cardprobe_df_files;
    struct fcp fcp;
    uint16_t sw;

    for (; *fid && probe->file_count < CARDPROBE_MAX_FILES; fid++)
    {
        if (!probe_enter(prober, place, &sw))
            return 0;
        if (!probe_found(sw))
            return 1;
        if (!select_here(prober, *fid, &fcp, &sw))
            return 0;
        if (probe_found(sw) && !note_file(prober, place, *fid, &fcp))
            return 0;
    }
    return 1;
}

/* ---- applications ---- */

/* One whose name begins so counts. */
static int has_place(const struct cardprobe *probe, const uint8_t *name, size_t len)
{
    unsigned i;

    for (i = 0; i < probe->place_count; i++)
        if (probe->places[i].name_len >= len && !memcmp(probe->places[i].name, name, len))
            return 1;
    return 0;
}

static int try_name(struct prober *prober, const uint8_t *name, size_t len)
{
    struct cardprobe *probe = prober->probe;
    struct fcp fcp;
    uint16_t sw;

    if (!len || has_place(probe, name, len) || probe->by_name == CARDPROBE_NO)
        return 1;
    if (!probe_select(prober, 4, name, len, &fcp, &sw))
        return 0;
    if (probe_found(sw))
    {
        probe->by_name = CARDPROBE_YES;
        add_place(probe, name, len, 0);
    }
    /* One such answer may be about the name. */
    else if (probe->by_name == CARDPROBE_UNTRIED &&
             (sw == SW_WRONG_P1P2 || sw == SW_WRONG_OFFSET || sw == SW_NOT_SUPPORTED) &&
             ++prober->names_refused == 3)
        probe->by_name = CARDPROBE_NO;
    return 1;
}

static int try_names(struct prober *prober)
{
    const struct cardprobe_application *at;
    struct cardprobe_place named[8];
    unsigned count = 0, i;

    if (!probe_directory(prober, named, 8, &count))
        return 0;
    for (i = 0; i < count; i++)
        if (!try_name(prober, named[i].name, named[i].name_len))
            return 0;
    for (at = cardprobe_applications; at->aid; at++)
    {
        uint8_t aid[CARDPROBE_MAX_NAME];
        size_t len;

        if (!hex_parse(at->aid, aid, sizeof(aid), &len) && !try_name(prober, aid, len))
            return 0;
    }
    return 1;
}

/* ---- the values of P1 ---- */

/* What was found otherwise is there: not to find it means not to know this P1. */
static void settle(enum cardprobe_known *known, uint16_t sw)
{
    if (probe_found(sw))
        *known = CARDPROBE_YES;
    else if (probe_is_about_form(sw) || probe_is_wrong_class(sw) || sw == SW_NOT_FOUND ||
             sw == SW_GSM_NOT_FOUND)
        *known = CARDPROBE_NO;
}

/* A directory below the MF: as a child of it, and back. */
static int try_directories(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    struct fcp fcp;
    uint16_t sw;
    unsigned i;

    for (i = 0; i < probe->place_count && !probe->places[i].fid; i++)
        ;
    if (i == probe->place_count || !has_mf(probe))
        return 1;
    if (!probe_enter(prober, 0, &sw) ||
        !probe_select_fid(prober, 1, probe->places[i].fid, &fcp, &sw))
        return 0;
    settle(&probe->child, sw);
    if (!probe_enter(prober, i, &sw))
        return 0;
    if (!probe_found(sw))
        return 1;
    if (!probe_select(prober, 3, NULL, 0, &fcp, &sw))
        return 0;
    settle(&probe->parent, sw);
    return 1;
}

/* A file, as one of its directory and by its path from the MF. */
static int try_file(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    const struct cardprobe_file *file = NULL;
    const struct cardprobe_place *place;
    uint8_t path[4];
    struct fcp fcp;
    uint16_t sw;
    unsigned i;

    /* The deeper one tells more of paths. */
    for (i = 0; i < probe->file_count; i++)
        if (!file || probe->places[probe->files[i].place].fid)
            file = &probe->files[i];
    if (!file)
        return 1;
    place = &probe->places[file->place];
    /* Leaves its directory current, whichever way led there. */
    if (!probe_open(prober, file, &sw))
        return 0;
    if (!probe_found(sw))
        return 1;
    if (!probe_select_fid(prober, 2, file->fid, &fcp, &sw))
        return 0;
    settle(&probe->ef, sw);
    if (place->name_len)
        return 1;
    path[0] = (uint8_t)(place->fid >> 8);
    path[1] = (uint8_t)place->fid;
    path[2] = (uint8_t)(file->fid >> 8);
    path[3] = (uint8_t)file->fid;
    i = place->fid ? 0 : 2;
    if (!probe_select(prober, 8, path + i, sizeof(path) - i, &fcp, &sw))
        return 0;
    settle(&probe->path, sw);
    return 1;
}

/* ---- the whole ---- */

/* The family that the answers fit. */
static const struct icc_profile *family_of(const struct cardprobe *probe)
{
    if (probe->by_atr != &icc_profile_iso)
        return probe->by_atr;
    if (probe->cla == 0xA0)
        return &icc_profile_gsm;
    if (probe->raw && probe->layout == FCP_LAYOUT_CYBERFLEX)
        return &icc_profile_cyberflex;
    if (probe->raw && probe->layout == FCP_LAYOUT_FLEX && probe->list == CARDPROBE_YES)
        return &icc_profile_flex;
    return probe->cla == 0xC0 ? &icc_profile_class_c0 : &icc_profile_iso;
}

static int look_for_files(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    unsigned i;

    if (has_mf(probe) || probe->path == CARDPROBE_YES)
    {
        add_place(probe, NULL, 0, 0);
        if (!look_into(prober, 0))
            return 0;
    }
    if (!try_names(prober))
        return 0;
    for (i = 0; i < probe->place_count; i++)
        if ((probe->places[i].name_len || probe->places[i].fid) && !look_into(prober, i))
            return 0;
    return 1;
}

static int run(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    int found;

    if (!find_class(prober, &found))
        return 0;
    if (!found)
    {
        probe->end = CARDPROBE_NOTHING;
        return 0;
    }
    if (!look_for_files(prober) || !try_directories(prober) || !try_file(prober) ||
        !probe_reads(prober) || !probe_list(prober) || !try_classes(prober) || !probe_query(prober))
        return 0;
    probe->base = family_of(probe);
    return 1;
}

void cardprobe_run(struct cardprobe *probe, const struct cardprobe_host *host,
                   const struct cardprobe_options *options, const uint8_t *atr, size_t len)
{
    struct prober prober = {probe, host, options, NO_PLACE, 0};

    memset(probe, 0, sizeof(*probe));
    if (len > ATR_MAX)
        len = ATR_MAX;
    if (len)
        memcpy(probe->atr_bytes, atr, len);
    probe->atr_len = len;
    atr_parse(atr, len, &probe->atr);
    probe->protocol = host->protocol;
    probe->by_atr = icc_profile_for_atr(len ? atr : NULL, len);
    probe->layout = probe->by_atr->layout;
    probe->form = all_forms[0];
    if (run(&prober))
        probe->end = CARDPROBE_DONE;
}
