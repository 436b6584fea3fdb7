/*
 * User-written card profiles: the keys and their values.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "code.h"
#include "iso7816/apdu.h"
#include "iso7816/hex.h"
#include "iso7816/ins.h"
#include "profilekeys.h"

/* A word that represents a value. */
struct profileoption
{
    const char *word;
    unsigned value;
};

enum flag
{
    FLAG_MAY_BE_GSM,
    FLAG_EXACT_RECORD,
    FLAG_INTERINDUSTRY,
    FLAG_LIST_COUNTS,
    FLAG_QUERY,
    FLAG_UNBLOCK_BARE,
    FLAG_CHANGE_FIRST,
    FLAG_PINPAD
};

static const struct profileoption answers[] =
{
    {"61", ICC_FOLLOW_61}, {"9F", ICC_FOLLOW_9F}, {"6C", ICC_CORRECT_6C}, {"67", ICC_CORRECT_67},
    {NULL, 0}
};

static const struct profileoption select_modes[] =
{
    {"child", ICC_P1_CHILD}, {"ef", ICC_P1_EF}, {"parent", ICC_P1_PARENT}, {"name", ICC_P1_NAME},
    {"path", ICC_P1_PATH}, {NULL, 0}
};

static const struct profileoption layouts[] =
{
    {"iso", FCP_LAYOUT_ISO}, {"gsm", FCP_LAYOUT_GSM}, {"flex", FCP_LAYOUT_FLEX},
    {"cyberflex", FCP_LAYOUT_CYBERFLEX}, {NULL, 0}
};

static const struct profileoption creations[] =
{
    {"none", ICC_CREATE_NONE}, {"iso", ICC_CREATE_FCP}, {"flex", ICC_CREATE_FLEX}, {NULL, 0}
};

static const struct icc_profile *const families[] =
{
    &icc_profile_iso, &icc_profile_flex, &icc_profile_cyberflex, &icc_profile_gsm,
    &icc_profile_class_c0
};

/* ---- words ---- */

/* Exactly that many hex digits, at most 4. */
static int hex_of(struct profileword word, size_t digits, unsigned *value)
{
    size_t i;

    *value = 0;
    if (word.len != digits)
        return 0;
    for (i = 0; i < digits; i++)
    {
        int digit = hex_digit(word.at[i]);

        if (digit < 0)
            return 0;
        *value = *value << 4 | (unsigned)digit;
    }
    return 1;
}

static int decimal_of(struct profileword word, unsigned *value)
{
    size_t i;

    *value = 0;
    if (!word.len || word.len > 5)
        return 0;
    for (i = 0; i < word.len; i++)
    {
        if (word.at[i] < '0' || word.at[i] > '9')
            return 0;
        *value = *value * 10 + (unsigned)(word.at[i] - '0');
    }
    return 1;
}

static const struct profileoption *option_of(const struct profileoption *options,
                                             struct profileword word)
{
    for (; options->word; options++)
    {
        if (profileword_is(word, options->word))
            return options;
    }
    return NULL;
}

static const struct icc_profile *family_of(struct profileword word)
{
    size_t i;

    for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
    {
        if (profileword_is(word, families[i]->name))
            return families[i];
    }
    return NULL;
}

static void *field(struct profileparser *parser, const struct profilekey *key)
{
    return (char *)&parser->out->profile + key->at;
}

/* ---- values of one word ---- */

static int read_byte(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;
    unsigned value;

    profileparser_word(parser, &word);
    if (!hex_of(word, 2, &value))
        return profileparser_fail(parser, "%s is not a byte of two hex digits.", word);
    *(uint8_t *)field(parser, key) = (uint8_t)value;
    return 1;
}

static int read_number(struct profileparser *parser, struct profileword *word,
                       const struct profilekey *key, unsigned *value)
{
    profileparser_word(parser, word);
    return decimal_of(*word, value) && *value >= key->low && *value <= key->high;
}

/* A decimal number, as a byte. */
static int read_small(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;
    unsigned value;

    if (!read_number(parser, &word, key, &value))
        return profileparser_fail(parser, "%s is not a decimal number that this key takes.", word);
    *(uint8_t *)field(parser, key) = (uint8_t)value;
    return 1;
}

/* The same, as 16 bits. */
static int read_short(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;
    unsigned value;

    if (!read_number(parser, &word, key, &value))
        return profileparser_fail(parser, "%s is not a decimal number that this key takes.", word);
    *(uint16_t *)field(parser, key) = (uint16_t)value;
    return 1;
}

/* "none", or bytes, whose number is a power of 2. */
static int read_unit(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;
    unsigned value = 0;

    if (read_number(parser, &word, key, &value) && !(value & (value - 1)))
        parser->out->profile.data_unit = (uint16_t)value;
    else if (profileword_is(word, "none"))
        parser->out->profile.data_unit = 0;
    else
        return profileparser_fail(parser, "%s is neither none nor a data unit (1, 2, 4 .. 16384).",
                                  word);
    return 1;
}

static int read_status(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;
    unsigned value;

    profileparser_word(parser, &word);
    if (!hex_of(word, 4, &value) || (value >> 12 != 6 && value >> 12 != 9) || value == SW_OK)
        return profileparser_fail(parser, "%s is not a status word (6xxx or 9xxx, not 9000).",
                                  word);
    *(uint16_t *)field(parser, key) = (uint16_t)value;
    return 1;
}

static int read_choice(struct profileparser *parser, const struct profilekey *key, unsigned *value)
{
    const struct profileoption *option;
    struct profileword word;

    profileparser_word(parser, &word);
    if (!(option = option_of(key->options, word)))
        return profileparser_fail(parser, "%s is not a word that this key takes.", word);
    *value = option->value;
    return 1;
}

static int read_layout(struct profileparser *parser, const struct profilekey *key)
{
    unsigned value;

    if (!read_choice(parser, key, &value))
        return 0;
    parser->out->profile.layout = (enum fcp_layout)value;
    return 1;
}

static int read_create(struct profileparser *parser, const struct profilekey *key)
{
    unsigned value;

    if (!read_choice(parser, key, &value))
        return 0;
    parser->out->profile.create = (enum icc_create)value;
    return 1;
}

static void set_flag(struct icc_profile *profile, enum flag flag, int value)
{
    switch (flag)
    {
    case FLAG_MAY_BE_GSM: profile->may_be_gsm = value != 0; break;
    case FLAG_EXACT_RECORD: profile->exact_record_le = value != 0; break;
    case FLAG_INTERINDUSTRY: profile->interindustry = value != 0; break;
    case FLAG_LIST_COUNTS: profile->list.count_in_p2 = value != 0; break;
    case FLAG_QUERY: profile->chv.query = value != 0; break;
    case FLAG_UNBLOCK_BARE: profile->chv.unblock_bare = value != 0; break;
    case FLAG_CHANGE_FIRST: profile->chv.change_first = value != 0; break;
    case FLAG_PINPAD: profile->chv.pinpad = value != 0; break;
    }
}

static int read_flag(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;

    profileparser_word(parser, &word);
    if (!profileword_is(word, "yes") && !profileword_is(word, "no"))
        return profileparser_fail(parser, "%s is neither yes nor no.", word);
    set_flag(&parser->out->profile, (enum flag)key->at, profileword_is(word, "yes"));
    return 1;
}

/* ---- values of several words ---- */

static int read_name(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword name = parser->value;
    size_t i;

    if (name.len > PROFILETEXT_MAX_NAME)
        return profileparser_fail(parser, "The name %s is longer than 32 characters.", name);
    for (i = 0; i < name.len; i++)
    {
        if (name.at[i] < ' ' || name.at[i] > '~')
            return profileparser_fail(parser, "The name %s is not plain ASCII.", name);
    }
    memcpy(parser->out->name, name.at, name.len);
    parser->value.len = 0;
    return 1;
}

static int read_base(struct profileparser *parser, const struct profilekey *key)
{
    const struct icc_profile *family;
    struct profileword word;
    unsigned others = (parser->out->name[0] != '\0') + parser->atr_count;

    profileparser_word(parser, &word);
    if (!(family = family_of(word)))
        return profileparser_fail(parser, "%s is none of the built-in families.", word);
    if (parser->keys > others)
        return profileparser_fail(parser, "\"base\" must stand before all keys but name and atr.",
                                  word);
    parser->out->profile = *family;
    return 1;
}

/* "C0", or "A0=gsm": a card that accepts the class is of that family. */
static int read_class(struct profileparser *parser, struct profileword word, struct icc_class *out)
{
    struct profileword cla = word, family;
    unsigned value;

    out->switch_to = NULL;
    if (word.len > 2 && word.at[2] == '=')
    {
        cla.len = 2;
        family.at = word.at + 3;
        family.len = word.len - 3;
        if (!(out->switch_to = family_of(family)))
            return profileparser_fail(parser, "%s is none of the built-in families.", family);
    }
    /* PC/SC part 3 reserves FF for commands to the reader. */
    if (!hex_of(cla, 2, &value) || value == 0xFF)
        return profileparser_fail(parser, "%s is no class byte (00 to FE).", word);
    out->cla = (uint8_t)value;
    return 1;
}

static int read_classes(struct profileparser *parser, const struct profilekey *key)
{
    struct icc_profile *profile = &parser->out->profile;
    struct profileword word;

    for (profile->class_count = 0; profileparser_word(parser, &word); profile->class_count++)
    {
        if (profile->class_count == ICC_MAX_CLASSES)
            return profileparser_fail(parser, "There are at most 3 classes.", word);
        if (!read_class(parser, word, &profile->classes[profile->class_count]))
            return 0;
    }
    return 1;
}

static int read_admin_class(struct profileparser *parser, const struct profilekey *key)
{
    struct profileword word;
    struct icc_class class;

    profileparser_word(parser, &word);
    if (!read_class(parser, word, &class))
        return 0;
    if (!class.cla || class.switch_to)
        return profileparser_fail(parser, "%s is not a class byte for admin commands.", word);
    parser->out->profile.admin_cla = class.cla;
    return 1;
}

/* Words that represent bits, or "none". */
static int read_bits(struct profileparser *parser, const struct profilekey *key)
{
    const struct profileoption *option;
    struct profileword word;
    unsigned bits = 0, count;

    for (count = 0; profileparser_word(parser, &word); count++)
    {
        if (!count && profileword_is(word, "none"))
            break;
        if (!(option = option_of(key->options, word)))
            return profileparser_fail(parser, "%s is not a word that this key takes.", word);
        bits |= option->value;
    }
    *(uint8_t *)field(parser, key) = (uint8_t)bits;
    return 1;
}

/* "04+le" or "0C". */
static int read_select_forms(struct profileparser *parser, const struct profilekey *key)
{
    struct icc_profile *profile = &parser->out->profile;
    struct profileword word;

    for (profile->select_form_count = 0; profileparser_word(parser, &word);
         profile->select_form_count++)
    {
        struct profileword p2 = word;
        int with_le = word.len == 5 && !memcmp(word.at + 2, "+le", 3);
        unsigned value;

        if (with_le)
            p2.len = 2;
        if (!hex_of(p2, 2, &value))
            return profileparser_fail(parser, "%s is no step: P2 in hex, with or without +le.",
                                      word);
        if (profile->select_form_count == ICC_MAX_SELECT_FORMS)
            return profileparser_fail(parser, "There are at most 4 steps.", word);
        profile->select_forms[profile->select_form_count].p2 = (uint8_t)value;
        profile->select_forms[profile->select_form_count].with_le = (uint8_t)with_le;
    }
    return 1;
}

static int is_for_codes(const struct icc_profile *profile,
                        const struct icc_instruction *instruction)
{
    const struct icc_chv *chv = &profile->chv;

    return instruction == &chv->verify || instruction == &chv->change ||
           instruction == &chv->disable || instruction == &chv->enable ||
           instruction == &chv->unblock;
}

/* Traces must hide the data; what ENVELOPE and GET RESPONSE carry, they may show. */
static int is_hidden(uint8_t ins)
{
    struct apdu apdu = {.ins = ins};

    return (ins & 0xFE) != INS_ENVELOPE && (ins & 0xFE) != INS_GET_RESPONSE &&
           apdu_is_secret(&apdu);
}

/* "none", or INS [P1 P2] [admin]. */
static int read_instruction(struct profileparser *parser, const struct profilekey *key)
{
    struct icc_instruction *out = field(parser, key);
    struct profileword word, first = parser->value;
    unsigned bytes[3] = {0}, count = 0, admin = 0;

    while (!admin && profileparser_word(parser, &word))
    {
        if (!count && profileword_is(word, "none"))
        {
            memset(out, 0, sizeof(*out));
            return 1;
        }
        admin = count && profileword_is(word, "admin");
        if (!admin && (count == 3 || !hex_of(word, 2, &bytes[count++])))
            return profileparser_fail(parser, "%s is no part of: none, or INS [P1 P2] [admin].",
                                      word);
    }
    /* ISO 7816-3 12.2.1: 6X and 9X would be status bytes. */
    if (count == 2 || bytes[0] >> 4 == 6 || bytes[0] >> 4 == 9)
        return profileparser_fail(parser, "An instruction is INS (not 6x, 9x) or INS P1 P2.", word);
    if (is_for_codes(&parser->out->profile, out) && !is_hidden((uint8_t)bytes[0]))
    {
        first.len = 2;
        return profileparser_fail(parser, "%s is no instruction for codes: traces would show them.",
                                  first);
    }
    if (admin && !parser->admin_line)
        parser->admin_line = parser->line;
    out->ins = (uint8_t)bytes[0];
    out->p1 = (uint8_t)bytes[1];
    out->p2 = (uint8_t)bytes[2];
    out->present = 1;
    out->admin = admin & 1;
    return 1;
}

/* "ascii", "bcd", "bcd CONTROL" or "format-2", which is "bcd 2" with a padding of its own. */
static int read_encoding(struct profileparser *parser, const struct profilekey *key)
{
    static const struct profileword padding = {"code-padding", sizeof("code-padding") - 1};
    struct icc_chv *chv = &parser->out->profile.chv;
    struct profileword word;
    unsigned control;

    profileparser_word(parser, &word);
    chv->bcd = !profileword_is(word, "ascii");
    chv->counted = 0;
    chv->control = 0;
    if (profileword_is(word, "format-2"))
    {
        if (parser->said[profilekey_find(padding)])
            return profileparser_fail(parser, "%s has a padding of its own.", word);
        chv->counted = 1;
        chv->control = ICC_FORMAT_2;
        chv->length = ICC_FORMAT_2_LENGTH;
        chv->padding = 0xFF;
        parser->own_padding = 1;
        return 1;
    }
    if (chv->bcd && !profileword_is(word, "bcd"))
        return profileparser_fail(parser, "%s is none of ascii, bcd and format-2.", word);
    if (!chv->bcd || !profileparser_word(parser, &word))
        return 1;
    if (!hex_of(word, 1, &control))
        return profileparser_fail(parser, "%s is no hex digit to stand before the length.", word);
    chv->counted = 1;
    chv->control = (uint8_t)control;
    return 1;
}

/* "none", or the length of codes and the byte to pad them with. */
static int read_padding(struct profileparser *parser, const struct profilekey *key)
{
    struct icc_chv *chv = &parser->out->profile.chv;
    struct profileword word;
    unsigned length, byte;

    profileparser_word(parser, &word);
    if (parser->own_padding)
        return profileparser_fail(parser, "%s: format-2 has a padding of its own.", word);
    chv->length = chv->padding = 0;
    if (profileword_is(word, "none"))
        return 1;
    if (!decimal_of(word, &length) || length < 1 || length > 255)
        return profileparser_fail(parser, "%s is no length of codes (1 to 255, or none).", word);
    profileparser_word(parser, &word);
    if (!hex_of(word, 2, &byte))
        return profileparser_fail(parser, "%s is no byte to fill codes with.", word);
    chv->length = (uint8_t)length;
    chv->padding = (uint8_t)byte;
    return 1;
}

/* ---- the table ---- */

#define AT(member) offsetof(struct icc_profile, member)
#define INSTRUCTION(name, member) {name, read_instruction, AT(member), 0, 0, NULL, 0}
#define FLAG(name, flag) {name, read_flag, flag, 0, 0, NULL, 0}

const struct profilekey profilekeys[] =
{
    {"name", read_name, 0, 0, 0, NULL, 0},
    {"base", read_base, 0, 0, 0, NULL, 0},
    {"atr", profileparser_atr, 0, 0, 0, NULL, 1},
    {"classes", read_classes, 0, 0, 0, NULL, 0},
    {"admin-class", read_admin_class, 0, 0, 0, NULL, 0},
    {"answers", read_bits, AT(response), 0, 0, answers, 0},
    {"select", read_bits, AT(select_p1), 0, 0, select_modes, 0},
    {"select-ladder", read_select_forms, 0, 0, 0, NULL, 0},
    {"layout", read_layout, 0, 0, 0, layouts, 0},
    FLAG("may-be-gsm", FLAG_MAY_BE_GSM),
    FLAG("exact-record-length", FLAG_EXACT_RECORD),
    FLAG("interindustry", FLAG_INTERINDUSTRY),
    {"max-read", read_short, AT(max_le), 1, 256, NULL, 0},
    {"max-write", read_short, AT(max_lc), 1, 255, NULL, 0},
    {"data-unit", read_unit, 0, 1, 16384, NULL, 0},
    INSTRUCTION("list", list.command),
    FLAG("list-counts", FLAG_LIST_COUNTS),
    {"list-length", read_small, AT(list.le), 2, 255, NULL, 0},
    {"list-fid", read_small, AT(list.fid_at), 0, 253, NULL, 0},
    {"list-end", read_status, AT(list.end_sw), 0, 0, NULL, 0},
    INSTRUCTION("verify", chv.verify),
    INSTRUCTION("change", chv.change),
    INSTRUCTION("disable", chv.disable),
    INSTRUCTION("enable", chv.enable),
    INSTRUCTION("unblock", chv.unblock),
    {"code-encoding", read_encoding, 0, 0, 0, NULL, 0},
    {"code-padding", read_padding, 0, 0, 0, NULL, 0},
    {"code-local", read_byte, AT(chv.local_bit), 0, 0, NULL, 0},
    FLAG("code-query", FLAG_QUERY),
    FLAG("unblock-without-code", FLAG_UNBLOCK_BARE),
    FLAG("first-code", FLAG_CHANGE_FIRST),
    FLAG("pinpad", FLAG_PINPAD),
    INSTRUCTION("logout", logout),
    {"create", read_create, 0, 0, 0, creations, 0},
    INSTRUCTION("create-file", create_file),
    INSTRUCTION("delete-file", delete_file),
    INSTRUCTION("deactivate", deactivate),
    INSTRUCTION("activate", activate),
    {NULL, NULL, 0, 0, 0, NULL, 0}
};

int profilekey_find(struct profileword name)
{
    int i;

    for (i = 0; profilekeys[i].name; i++)
    {
        if (profileword_is(name, profilekeys[i].name))
            return i;
    }
    return -1;
}
