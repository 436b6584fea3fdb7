/*
 * Probing a card: reading, lists of files, the state of a code.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "iso7816/ins.h"
#include "iso7816/sw.h"
#include "iso7816/tlv.h"
#include "iso7816/wipe.h"
#include "probesend.h"

#define EF_DIR          0x2F00
#define CLA_FLEX_DIR    0xF0
#define INS_DIR         0xA8
#define MAX_OFFSET      0x7FFFu
#define MAX_READ        256u
#define FILES_TO_READ   12u
#define RECORDS_TO_READ 8u
#define ENOUGH_TRIES    3u

/* ---- bytes ---- */

static int read_at(struct prober *prober, uint32_t offset, uint32_t ne, struct probe_answer *answer)
{
    struct apdu apdu;

    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_READ_BINARY;
    apdu.p1 = (uint8_t)(offset >> 8);
    apdu.p2 = (uint8_t)offset;
    apdu.ne = ne;
    return probe_send(prober, -1, &apdu, answer);
}

/* The same, keeping nothing but what the answer says. */
static int try_read(struct prober *prober, uint32_t offset, uint32_t ne, size_t *len,
                    uint16_t *first_sw, uint16_t *sw)
{
    struct probe_answer answer;
    int good = read_at(prober, offset, ne, &answer);

    *len = answer.len;
    *first_sw = answer.first_sw;
    *sw = answer.sw;
    wipe(&answer, sizeof(answer));
    return good;
}

static int is_read(uint16_t sw)
{
    return sw_is_success(sw) || sw == SW_END;
}

/* The most that READ BINARY gives at once, of a card that refuses 256 bytes of the file. Fewer than
 * that many bytes may be all that there are: then it stays unknown. */
static int find_most(struct prober *prober, const struct fcp *fcp)
{
    uint32_t taken = 0, refused = MAX_READ;
    uint16_t first_sw, sw;
    size_t len;

    while (refused - taken > 1)
    {
        uint32_t middle = (taken + refused) / 2;

        if (!try_read(prober, 0, middle, &len, &first_sw, &sw))
            return 0;
        if (is_read(first_sw) && len == middle)
            taken = middle;
        else
            refused = middle;
    }
    if (!taken)
        return 1;
    if (!fcp->has_size)
    {
        if (!try_read(prober, taken, 1, &len, &first_sw, &sw))
            return 0;
        if (!is_read(sw) || len != 1)
            return 1;
    }
    else if (fcp->size <= taken)
        return 1;
    prober->probe->max_read = taken;
    return 1;
}

/* What the card says behind the last byte. */
static int find_end(struct prober *prober, uint32_t size)
{
    uint16_t first_sw, sw;
    size_t len;

    if (prober->probe->end_sw || !size || size > MAX_OFFSET)
        return 1;
    if (!try_read(prober, size, 1, &len, &first_sw, &sw))
        return 0;
    if (!len)
        prober->probe->end_sw = first_sw;
    return 1;
}

/* The odd instruction, with the offset 0 in a data object. */
static int try_odd(struct prober *prober)
{
    struct probe_answer answer;
    struct apdu apdu;
    int good;

    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_READ_BINARY_ODD;
    apdu.data = (const uint8_t *)"\x54\x01";
    apdu.nc = 3;
    apdu.ne = 8;
    good = probe_send(prober, -1, &apdu, &answer);
    if (is_read(answer.sw))
        prober->probe->odd = CARDPROBE_YES;
    else if (probe_is_wrong_class(answer.sw))
        prober->probe->odd = CARDPROBE_NO;
    wipe(&answer, sizeof(answer));
    return good;
}

static void note_read(struct cardprobe *probe, size_t len, uint16_t first_sw)
{
    if (len > probe->read_whole)
        probe->read_whole = (unsigned)len;
    if (len >= MAX_READ)
        probe->max_read = MAX_READ;
    else if (!probe->short_sw)
        probe->short_sw = first_sw;
}

/* A file of bytes that is current. *records is set when it is one of records. */
static int read_bytes(struct prober *prober, const struct fcp *fcp, int *records)
{
    struct cardprobe *probe = prober->probe;
    uint16_t first_sw, sw;
    size_t len;

    *records = 0;
    if (!try_read(prober, 0, MAX_READ, &len, &first_sw, &sw))
        return 0;
    *records = sw == SW_WRONG_STRUCTURE || sw == SW_GSM_WRONG_STRUCTURE;
    if (sw == SW_SECURITY || sw == 0x9804)
        probe->protected_files++;
    if (is_read(sw) && len)
    {
        note_read(probe, len, first_sw);
        if (len < MAX_READ && !find_end(prober, fcp->has_size ? fcp->size : (uint32_t)len))
            return 0;
    }
    else if (sw != SW_WRONG_LENGTH)
        return 1;
    else if (!probe->max_read && !find_most(prober, fcp))
        return 0;
    return probe->odd != CARDPROBE_UNTRIED || try_odd(prober);
}

/* ---- records ---- */

static int read_record(struct prober *prober, unsigned number, uint8_t p2, uint32_t ne,
                       struct probe_answer *answer)
{
    struct apdu apdu;

    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_READ_RECORD;
    apdu.p1 = (uint8_t)number;
    apdu.p2 = p2;
    apdu.ne = ne;
    return probe_send(prober, -1, &apdu, answer);
}

/* The first record of the current file: whether Le may say "all there is". */
static int read_first_record(struct prober *prober, const struct fcp *fcp)
{
    struct cardprobe *probe = prober->probe;
    struct probe_answer answer;
    int good = read_record(prober, 1, 4, MAX_READ, &answer);

    if (good && is_read(answer.sw))
    {
        probe->records = CARDPROBE_YES;
        /* 6Cxx is followed at the price of a command; the length itself is cheaper. */
        probe->record_le_00 = answer.first_sw == answer.sw ? CARDPROBE_YES : CARDPROBE_NO;
    }
    else if (good && answer.sw == SW_WRONG_LENGTH && fcp->has_record_length &&
             fcp->record_length < MAX_READ)
    {
        good = read_record(prober, 1, 4, fcp->record_length, &answer);
        if (good && is_read(answer.sw))
        {
            probe->records = CARDPROBE_YES;
            probe->record_le_00 = CARDPROBE_NO;
        }
    }
    else if (good && (answer.sw == SW_SECURITY || answer.sw == 0x9804))
        probe->protected_files++;
    wipe(&answer, sizeof(answer));
    return good;
}

/* ---- all files ---- */

static int is_of_records(const struct fcp *fcp)
{
    return fcp->structure == FCP_LINEAR_FIXED || fcp->structure == FCP_LINEAR_VARIABLE ||
           fcp->structure == FCP_CYCLIC;
}

/* One by its short identifier, where SELECT told that it has one. */
static int try_short_id(struct prober *prober, const struct cardprobe_file *file)
{
    struct cardprobe *probe = prober->probe;
    struct probe_answer answer;
    struct apdu apdu;
    uint16_t sw;
    int good;

    if (!probe_enter(prober, file->place, &sw))
        return 0;
    if (!probe_found(sw))
        return 1;
    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = is_of_records(&file->fcp) ? INS_READ_RECORD : INS_READ_BINARY;
    apdu.p1 = is_of_records(&file->fcp) ? 1 : (uint8_t)(0x80 | file->fcp.sfi);
    apdu.p2 = is_of_records(&file->fcp) ? (uint8_t)(file->fcp.sfi << 3 | 4) : 0;
    apdu.ne = is_of_records(&file->fcp) ? MAX_READ : 1;
    good = probe_send(prober, -1, &apdu, &answer);
    if (is_read(answer.sw))
        probe->short_id = CARDPROBE_YES;
    else if (answer.sw != SW_SECURITY && answer.sw != SW_NO_RECORD)
        probe->short_id = CARDPROBE_NO;
    wipe(&answer, sizeof(answer));
    return good;
}

/* True when reading file may tell what is not known yet. */
static int is_worth_reading(const struct cardprobe *probe, const struct fcp *fcp)
{
    if (is_of_records(fcp))
        return probe->records == CARDPROBE_UNTRIED;
    if (fcp->has_size && fcp->size > MAX_READ)
        return !probe->max_read;
    return !probe->max_read || !probe->end_sw || !probe->short_sw;
}

static int read_file(struct prober *prober, const struct cardprobe_file *file)
{
    int records = is_of_records(&file->fcp);
    uint16_t sw;

    if (!probe_open(prober, file, &sw))
        return 0;
    if (!probe_found(sw))
        return 1;
    if (!records && !read_bytes(prober, &file->fcp, &records))
        return 0;
    return !records || prober->probe->records != CARDPROBE_UNTRIED ||
           read_first_record(prober, &file->fcp);
}

int probe_reads(struct prober *prober)
{
    const struct cardprobe *probe = prober->probe;
    unsigned i, read = 0;

    for (i = 0; i < probe->file_count && read < FILES_TO_READ; i++)
    {
        if (!is_worth_reading(probe, &probe->files[i].fcp))
            continue;
        if (!read_file(prober, &probe->files[i]))
            return 0;
        read++;
    }
    for (i = 0; i < probe->file_count && probe->short_id == CARDPROBE_UNTRIED; i++)
        if (probe->files[i].fcp.has_sfi && !try_short_id(prober, &probe->files[i]))
            return 0;
    return 1;
}

/* ---- EF.DIR ---- */

/* The identifiers (4F, in templates 61 or alone) in some bytes of EF.DIR. */
static void take_names(const uint8_t *bytes, size_t len, struct cardprobe_place *names,
                       unsigned most, unsigned *count)
{
    struct tlv_cursor cursor = {bytes, len};
    struct tlv object, name;

    while (*count < most && tlv_next(&cursor, &object))
    {
        name = object;
        if (object.tag == 0x61 && !tlv_find(object.value, object.length, 0x4F, &name))
            continue;
        if (name.tag != 0x4F || !name.length || name.length > CARDPROBE_MAX_NAME)
            continue;
        memset(&names[*count], 0, sizeof(names[*count]));
        memcpy(names[*count].name, name.value, name.length);
        names[(*count)++].name_len = (uint8_t)name.length;
    }
}

static int read_names(struct prober *prober, int records, struct cardprobe_place *names,
                      unsigned most, unsigned *count)
{
    struct probe_answer answer;
    unsigned number = 1;
    int good;

    do
    {
        good = records ? read_record(prober, number, 4, MAX_READ, &answer)
                       : read_at(prober, 0, MAX_READ, &answer);
        if (!good || !is_read(answer.sw))
            break;
        take_names(answer.data, answer.len, names, most, count);
    } while (records && ++number <= RECORDS_TO_READ);
    wipe(&answer, sizeof(answer));
    return good;
}

int probe_directory(struct prober *prober, struct cardprobe_place *names, unsigned most,
                    unsigned *count)
{
    const struct cardprobe *probe = prober->probe;
    const struct cardprobe_file *file = probe->files;
    uint16_t sw;

    *count = 0;
    for (; file < probe->files + probe->file_count && file->fid != EF_DIR; file++)
        ;
    if (file == probe->files + probe->file_count)
        return 1;
    if (!probe_open(prober, file, &sw))
        return 0;
    return !probe_found(sw) || read_names(prober, is_of_records(&file->fcp), names, most, count);
}

/* ---- lists, codes ---- */

int probe_list(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    int flex = probe->layout == FCP_LAYOUT_FLEX;
    struct probe_answer answer;
    struct apdu apdu;
    uint16_t sw;

    if (!probe->raw || (!flex && probe->layout != FCP_LAYOUT_CYBERFLEX) || !probe->place_count ||
        probe->mf_by_fid != CARDPROBE_YES)
        return 1;
    prober->here = -1; /* the list begins with SELECT */
    if (!probe_enter(prober, 0, &sw))
        return 0;
    if (!probe_found(sw))
        return 1;
    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_DIR;
    apdu.p2 = flex ? 0 : 1;
    apdu.ne = flex ? 4 : 6;
    if (!probe_send(prober, flex ? CLA_FLEX_DIR : probe->cla, &apdu, &answer))
        return 0;
    probe->list = is_read(answer.sw) && answer.len == apdu.ne ? CARDPROBE_YES : CARDPROBE_NO;
    return 1;
}

int probe_query(struct prober *prober)
{
    struct cardprobe *probe = prober->probe;
    struct probe_answer answer;
    struct apdu apdu;
    uint16_t sw;
    unsigned i;

    if (!prober->options->code_query)
        return 1;
    if (probe->place_count && !probe_enter(prober, 0, &sw))
        return 0;
    memset(&apdu, 0, sizeof(apdu));
    apdu.ins = INS_VERIFY;
    apdu.p2 = 1;
    probe->query = CARDPROBE_NO;
    for (i = 0; i < 2; i++)
    {
        if (!probe_send(prober, -1, &apdu, &answer))
            return 0;
        probe->query_sw[i] = answer.sw;
        if (answer.sw == SW_OK)
            probe->query = CARDPROBE_YES;
        /* With fewer it stays unknown whether the question was a try, so it is not asked again. */
        if (answer.sw >> 4 != 0x63C || (answer.sw & 15u) < ENOUGH_TRIES)
            return 1;
    }
    if (probe->query_sw[0] == probe->query_sw[1])
        probe->query = CARDPROBE_YES;
    return 1;
}
