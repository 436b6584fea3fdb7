/*
 * Probing a card: the text of its profile, with the reason of each line.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cardprobe.h"
#include "icc/profiletext.h"
#include "iso7816/hex.h"

struct writer
{
    char *text;
    size_t cap, used;
    int full;
};

static void put(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct writer *writer, const char *format, ...)
{
    size_t room = writer->cap - writer->used;
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(writer->text + writer->used, room, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= room)
        writer->full = 1;
    else
        writer->used += (size_t)length;
}

/* ---- what the card is called ---- */

/* The application whose card is known by it, or NULL. */
static const struct cardprobe_application *known_card(const struct cardprobe *probe)
{
    unsigned i;

    for (i = 0; i < probe->place_count; i++)
    {
        const struct cardprobe_place *place = &probe->places[i];
        const struct cardprobe_application *known =
            cardprobe_application(place->name, place->name_len);

        if (known && known->card)
            return known;
    }
    return NULL;
}

static void put_name(struct writer *writer, const struct cardprobe *probe,
                     const struct cardprobe_options *options)
{
    const struct cardprobe_application *known = known_card(probe);
    size_t i;

    if (options->name)
        put(writer, "name          = %s\n", options->name);
    else if (known)
        put(writer, "name          = %s card\n", known->card);
    else
    {
        put(writer, "name          = Card ");
        for (i = 0; i < probe->atr_len && i < 12; i++)
            put(writer, "%02X", probe->atr_bytes[i]);
        put(writer, "\n");
    }
}

static void put_atr(struct writer *writer, const struct cardprobe *probe)
{
    size_t i;

    put(writer,
        "# Where cards of the kind differ (versions, serial numbers), put x for any digit.\n"
        "atr           =");
    for (i = 0; i < probe->atr_len; i++)
        put(writer, " %02X", probe->atr_bytes[i]);
    put(writer, "\n");
}

/* ---- SELECT ---- */

static void put_base(struct writer *writer, const struct cardprobe *probe)
{
    const char *why = "Its answers fit this family";

    if (probe->by_atr != &icc_profile_iso)
        why = "Its ATR is one of this family";
    else if (probe->base == &icc_profile_iso)
        why = "Nothing speaks for another family";
    put(writer, "# %s.\nbase          = %s\n", why, probe->base->name);
}

static void put_classes(struct writer *writer, const struct cardprobe *probe)
{
    unsigned i;

    put(writer, "# %s\nclasses       =",
        probe->class_count > 1 ? "The first one was used; the card takes the others too."
                               : "The card takes it; others were not needed.");
    for (i = 0; i < probe->class_count; i++)
        put(writer, " %02X", probe->classes[i]);
    put(writer, "\n");
}

static void put_answers(struct writer *writer, const struct cardprobe *probe)
{
    static const char *const words[] = {"61", "9F", "6C", "67"};
    uint8_t all = (uint8_t)(probe->base->response | probe->seen), bit;

    if (all == probe->base->response)
        return;
    put(writer, "# It answered so, and to follow it led on.\nanswers       =");
    for (bit = 0; bit < 4; bit++)
        if (all >> bit & 1)
            put(writer, " %s", words[bit]);
    put(writer, "\n");
}

static void put_ladder(struct writer *writer, const struct cardprobe *probe)
{
    static const char *const told[] = {"nothing of the file", "something of the file",
                                       "what the file is"};
    unsigned i;

    put(writer, "# Of the ways to ask SELECT for information:");
    for (i = 0; i < probe->form_count; i++)
        put(writer, "%s %02X%s tells %s", i ? "," : "", probe->forms[i].form.p2,
            probe->forms[i].form.with_le ? " with Le" : "", told[probe->forms[i].told]);
    put(writer, ".\nselect-ladder =");
    for (i = 0; i < probe->form_count; i++)
        put(writer, " %02X%s", probe->forms[i].form.p2, probe->forms[i].form.with_le ? "+le" : "");
    put(writer, "\n");
}

static const char *verdict(enum cardprobe_known known)
{
    return known == CARDPROBE_YES ? "yes" : known == CARDPROBE_NO ? "no" : "not known";
}

static void put_select(struct writer *writer, const struct cardprobe *probe)
{
    const struct
    {
        const char *word;
        uint8_t bit;
        enum cardprobe_known known;
    } values[] = {
        {"child", ICC_P1_CHILD, probe->child},    {"ef", ICC_P1_EF, probe->ef},
        {"parent", ICC_P1_PARENT, probe->parent}, {"name", ICC_P1_NAME, probe->by_name},
        {"path", ICC_P1_PATH, probe->path},
    };
    unsigned i, count = 0;

    put(writer, "# Tried:");
    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        put(writer, "%s %s %s", i ? "," : "", values[i].word, verdict(values[i].known));
    put(writer, ". What is not known is as in the base.\nselect        =");
    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
    {
        if (values[i].known == CARDPROBE_NO ||
            (values[i].known == CARDPROBE_UNTRIED && !(probe->base->select_p1 & values[i].bit)))
            continue;
        put(writer, " %s", values[i].word);
        count++;
    }
    put(writer, count ? "\n" : " none\n");
}

static void put_layout(struct writer *writer, const struct cardprobe *probe)
{
    static const char *const layouts[] = {"iso", "gsm", "flex", "cyberflex"};

    if (probe->raw && probe->layout != probe->base->layout)
        put(writer,
            "# The answers to SELECT are no templates; the type of the MF is of this one.\n"
            "layout        = %s\n",
            layouts[probe->layout]);
}

/* ---- reading ---- */

static void put_reading(struct writer *writer, const struct cardprobe *probe)
{
    if (probe->max_read && probe->max_read < 256)
        put(writer,
            "# READ BINARY of more is refused, though the file has more.\n"
            "max-read      = %u\n",
            probe->max_read);
    if (probe->records == CARDPROBE_YES && probe->record_le_00 == CARDPROBE_NO &&
        !probe->base->exact_record_le)
        put(writer, "# READ RECORD without the record's length was refused.\n"
                    "exact-record-length = yes\n");
}

static void put_codes(struct writer *writer, const struct cardprobe *probe)
{
    unsigned first = probe->query_sw[0], second = probe->query_sw[1];

    if (!first)
        put(writer,
            "# Whether VERIFY without data asks for the state of a code was not tried, as it "
            "may cost a try\n# (--code-query tries it): code-query is as in the base.\n");
    else if (probe->query == CARDPROBE_YES)
        put(writer,
            "# VERIFY without data tells the state (%04X), and costs no try.\n"
            "code-query    = yes\n",
            first);
    else if (first >> 4 == 0x63C && !second)
        put(writer,
            "# VERIFY without data was answered by %04X; with so few tries it was not "
            "asked again, to see whether\n# that was one.\ncode-query    = no\n",
            first);
    else if (first >> 4 == 0x63C)
        put(writer,
            "# VERIFY without data counts as a try: %04X, then %04X.\n"
            "code-query    = no\n",
            first, second);
    else
        put(writer, "# VERIFY without data was answered by %04X.\ncode-query    = no\n", first);
    put(writer, "# How codes go to the card is not tried, ever. If its maker says that they are "
                "padded or coded:\n# code-encoding, code-padding, code-local.\n");
}

/* ---- what was found and is no line ---- */

static void put_sw(struct writer *writer, const char *what, uint16_t sw)
{
    char meaning[CARDPROBE_NAME_ROOM];

    if (!sw)
        return;
    cardprobe_meaning(sw, meaning);
    put(writer, "#   %s: %04X (%s)\n", what, sw, meaning);
}

static void put_applications(struct writer *writer, const struct cardprobe *probe)
{
    char hex[2 * CARDPROBE_MAX_NAME + 4];
    unsigned i;

    for (i = 0; i < probe->place_count; i++)
    {
        const struct cardprobe_place *place = &probe->places[i];
        const struct cardprobe_application *known =
            cardprobe_application(place->name, place->name_len);

        if (!place->name_len)
            continue;
        hex_format(place->name, place->name_len, hex, sizeof(hex));
        put(writer, "#   application #%s%s%s\n", hex, known ? ": " : "", known ? known->name : "");
    }
}

static void put_file(struct writer *writer, const struct cardprobe *probe,
                     const struct cardprobe_file *file)
{
    static const char *const structures[] = {"a file", "bytes", "records of one length",
                                             "records", "cyclic records", "data objects"};
    const struct cardprobe_place *place = &probe->places[file->place];
    char hex[2 * CARDPROBE_MAX_NAME + 4];

    hex_format(place->name, place->name_len, hex, sizeof(hex));
    put(writer, "#   %s%s", place->name_len ? "#" : "3F00", hex);
    if (place->fid)
        put(writer, "/%04X", place->fid);
    put(writer, "/%04X: %s", file->fid, structures[file->fcp.structure]);
    if (file->fcp.has_size)
        put(writer, ", size %lu", (unsigned long)file->fcp.size);
    if (file->fcp.has_record_length)
        put(writer, ", records of %u bytes", file->fcp.record_length);
    if (fcp_data_unit(&file->fcp) > 1)
        put(writer, ", offsets in units of %lu bytes", (unsigned long)fcp_data_unit(&file->fcp));
    if (file->fcp.has_sfi)
        put(writer, ", short identifier %u", file->fcp.sfi);
    put(writer, "\n");
}

/* scardtool atr tells more. */
static void put_atr_findings(struct writer *writer, const struct atr *atr)
{
    unsigned i;

    put(writer, "#   the ATR offers");
    for (i = 0; i < 15; i++)
        if (atr->protocols >> i & 1)
            put(writer, " T=%u", i);
    put(writer, "%s%s%s%s\n", atr->chaining ? ", command chaining" : "",
        atr->extended ? ", extended lengths" : "", atr->no_mf ? ", no MF" : "",
        atr->faults ? "; it has faults" : "");
}

static void put_findings(struct writer *writer, const struct cardprobe *probe)
{
    unsigned i;

    put(writer,
        "#\n# What was found besides:\n#   T=%d; the MF by 3F00 %s, without identifier %s\n",
        probe->protocol == APDU_T0 ? 0 : 1, verdict(probe->mf_by_fid), verdict(probe->mf_bare));
    if (probe->file_count)
        put(writer, "#   SELECT tells sizes: %s; files below a directory by identifier: %s\n",
            verdict(probe->sizes), verdict(probe->by_fid));
    put_sw(writer, "READ BINARY of more than there is", probe->short_sw);
    put_sw(writer, "READ BINARY behind the last byte", probe->end_sw);
    if (probe->read_whole)
        put(writer, "#   READ BINARY gave %u bytes at once\n", probe->read_whole);
    put(writer, "#   short identifiers: %s; READ BINARY by the odd instruction: %s\n",
        verdict(probe->short_id), verdict(probe->odd));
    put_atr_findings(writer, &probe->atr);
    if (probe->protected_files)
        put(writer, "#   %u of the files read are protected\n", probe->protected_files);
    put_applications(writer, probe);
    for (i = 0; i < probe->file_count; i++)
        put_file(writer, probe, &probe->files[i]);
}

size_t cardprobe_write(const struct cardprobe *probe, const struct cardprobe_options *options,
                       char *text, size_t cap)
{
    struct writer writer = {text, cap, 0, 0};

    if (probe->atr_len < 2 || (probe->atr_bytes[0] != 0x3B && probe->atr_bytes[0] != 0x3F))
        return 0;
    put(&writer, "# Made by scardtool probe-card from what a card answered to %u commands.\n",
        probe->commands);
    put_name(&writer, probe, options);
    put_base(&writer, probe);
    put_atr(&writer, probe);
    put_classes(&writer, probe);
    put_answers(&writer, probe);
    put_select(&writer, probe);
    put_ladder(&writer, probe);
    put_layout(&writer, probe);
    put_reading(&writer, probe);
    put_codes(&writer, probe);
    put_findings(&writer, probe);
    return writer.full ? 0 : writer.used;
}
