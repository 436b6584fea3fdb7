/*
 * Reads a card profile: lines, words, blocks, and the settings of the card as a whole.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "profile_parser.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool parser_fail(struct parser *p, const char *message)
{
    if (!p->error->len)
        bytes_printf(p->error, "%s:%u: %s", p->file_name, p->line, message);
    return false;
}

bool parser_number(struct parser *p, const char *word, unsigned long max, unsigned long *value)
{
    char *end;

    errno = 0;
    *value = strtoul(word, &end, 0);
    if (errno || end == word || *end || *word == '-' || *value > max)
    {
        char message[128];

        snprintf(message, sizeof(message), "\"%.40s\" is not a number from 0 to %lu", word, max);
        return parser_fail(p, message);
    }
    return true;
}

bool parser_hex(struct parser *p, const char *word, struct bytes *out)
{
    if (bytes_add_hex(out, word))
        return true;
    return parser_fail(p, "not an even number of hexadecimal digits");
}

bool parser_hex_number(struct parser *p, const char *word, unsigned max_bytes, uint32_t *value)
{
    struct bytes b = {0};
    bool ok = parser_hex(p, word, &b);

    if (ok && (!b.len || b.len > max_bytes))
        ok = parser_fail(p, "too few or too many digits");
    if (ok)
        *value = bytes_be(b.data, b.len);
    bytes_free(&b);
    return ok;
}

static bool yes_no(struct parser *p, const char *word, bool *value)
{
    *value = !strcmp(word, "yes");
    if (*value || !strcmp(word, "no"))
        return true;
    return parser_fail(p, "yes or no expected");
}

/* ---- settings of the card ---- */

static bool set_name(struct parser *p)
{
    snprintf(p->profile->name, sizeof(p->profile->name), "%s", p->words[1]);
    return true;
}

static bool set_family(struct parser *p)
{
    static const char *const names[] = {"iso", "flex", "gsm", "cyberflex"};
    unsigned i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    {
        if (strcmp(p->words[1], names[i]))
            continue;
        p->profile->family = (enum card_family)i;
        return true;
    }
    return parser_fail(p, "family is iso, flex, gsm or cyberflex");
}

static bool set_protocol(struct parser *p)
{
    p->profile->t0 = !strcmp(p->words[1], "T0");
    if (p->profile->t0 || !strcmp(p->words[1], "T1"))
        return true;
    return parser_fail(p, "protocol is T0 or T1");
}

static bool set_atr(struct parser *p)
{
    int i;

    bytes_clear(&p->profile->atr);
    for (i = 1; i < p->word_count; i++)
        if (!parser_hex(p, p->words[i], &p->profile->atr))
            return false;
    if (p->profile->atr.len > 33)
        return parser_fail(p, "an ATR has at most 33 bytes");
    if (!strcmp(p->words[0], "atr") &&
        !profile_check_atr(p->profile->atr.data, p->profile->atr.len, p->profile->t0))
        return parser_fail(p, "the ATR is malformed, its check byte is wrong, or it does not offer "
                              "the protocol set above (atr-unchecked takes any)");
    return true;
}

static bool set_flag(struct parser *p)
{
    struct profile *f = p->profile;
    const struct
    {
        const char *name;
        bool *flag;
    } flags[] = {
        {"extended", &f->extended},         {"chaining", &f->chaining},
        {"no-le-61", &f->no_le_61},         {"counter", &f->counter},
        {"create-6f", &f->create_6f},       {"put-creates", &f->put_creates},
        {"full-61", &f->full_61},           {"select-siblings", &f->select_siblings},
        {"sfi-late", &f->sfi_late},         {"select-stops", &f->select_stops},
        {"parent-of-ef", &f->parent_of_ef}, {"parent-of-mf", &f->parent_of_mf},
    };
    unsigned i;

    for (i = 0; strcmp(flags[i].name, p->words[0]); i++)
    {
    }
    return yes_no(p, p->words[1], flags[i].flag);
}

static bool set_sw(struct parser *p)
{
    struct profile *f = p->profile;
    const struct
    {
        const char *name;
        uint16_t *sw;
    } words[] = {
        {"select-df-as-ef", &f->select_df_as_ef},
        {"delete-nonempty", &f->delete_nonempty},
        {"read-end", &f->read_end},
        {"read-short", &f->read_short},
    };
    uint32_t sw;
    unsigned i;

    if (!parser_hex_number(p, p->words[1], 2, &sw))
        return false;
    for (i = 0; strcmp(words[i].name, p->words[0]); i++)
    {
    }
    *words[i].sw = (uint16_t)sw;
    return true;
}

static bool hide_objects(struct parser *p)
{
    uint32_t tag;
    int i;

    for (i = 1; i < p->word_count; i++)
    {
        if (!parser_hex_number(p, p->words[i], 1, &tag))
            return false;
        if (tag < 0x80 || tag > 0x8f)
            return parser_fail(p, "only 80 to 8F can be hidden");
        p->profile->fci_hidden |= 1u << (tag & 15);
    }
    return true;
}

static bool set_chv_length(struct parser *p)
{
    unsigned long min, max;

    if (!parser_number(p, p->words[1], 255, &min) || !parser_number(p, p->words[2], 255, &max))
        return false;
    if (!min || min > max)
        return parser_fail(p, "the least length is 1 and not above the greatest");
    p->profile->chv_min = (unsigned)min;
    p->profile->chv_max = (unsigned)max;
    return true;
}

static bool set_number(struct parser *p)
{
    unsigned long value;

    if (!parser_number(p, p->words[1], 0x1000000, &value))
        return false;
    if (!strcmp(p->words[0], "memory"))
        p->profile->memory = value;
    else if (!strcmp(p->words[0], "max-read"))
        p->profile->max_read = value;
    else if (value > 255)
        return parser_fail(p, "at most 255");
    else if (!strcmp(p->words[0], "algorithm"))
        p->profile->algorithm = (unsigned)value;
    else
        p->profile->challenge_length = (unsigned)value;
    return true;
}

static bool byte_or_any(struct parser *p, const char *word, int *value)
{
    uint32_t number;

    *value = -1;
    if (!strcmp(word, "*"))
        return true;
    if (!parser_hex_number(p, word, 1, &number))
        return false;
    *value = (int)number;
    return true;
}

static bool add_refusal(struct parser *p)
{
    struct refusal *refusal = bytes_calloc(1, sizeof(*refusal)), **link = &p->profile->refusals;
    uint32_t ins, sw;

    while (*link)
        link = &(*link)->next;
    *link = refusal;
    if (!parser_hex_number(p, p->words[1], 1, &ins))
        return false;
    if (!byte_or_any(p, p->words[2], &refusal->p1))
        return false;
    if (!byte_or_any(p, p->words[3], &refusal->p2))
        return false;
    if (!parser_hex_number(p, p->words[4], 2, &sw))
        return false;
    refusal->ins = (uint8_t)ins;
    refusal->sw = (uint16_t)sw;
    return true;
}

static bool begin_mf(struct parser *p)
{
    if (p->profile->mf)
        return parser_fail(p, "there is one mf only");
    p->profile->mf = p->file = file_create(NULL, FILE_DF, FILE_MF);
    return parser_name(p, 1, p->file);
}

static bool include_file(struct parser *p)
{
    const char *slash = strrchr(p->file_name, '/');
    struct bytes path = {0};
    struct parser inner = *p;
    bool ok;

    if (p->depth >= 8)
        return parser_fail(p, "includes are nested too deeply");
    if (slash && p->words[1][0] != '/')
        bytes_add(&path, p->file_name, (size_t)(slash - p->file_name) + 1);
    bytes_add(&path, p->words[1], strlen(p->words[1]) + 1);
    inner.file_name = (const char *)path.data;
    inner.depth++;
    ok = parser_read_file(&inner);
    p->file = inner.file;
    bytes_free(&path);
    return ok;
}

static bool end_block(struct parser *p)
{
    if (!parser_check_file(p))
        return false;
    p->fill = 0;
    p->file = p->file->parent;
    return true;
}

static const struct directive directives[] = {
    {"name", IN_CARD, 1, 1, set_name},
    {"family", IN_CARD, 1, 1, set_family},
    {"protocol", IN_CARD, 1, 1, set_protocol},
    {"atr", IN_CARD, 1, 40, set_atr},
    {"atr-unchecked", IN_CARD, 1, 40, set_atr},
    {"extended", IN_CARD, 1, 1, set_flag},
    {"chaining", IN_CARD, 1, 1, set_flag},
    {"no-le-61", IN_CARD, 1, 1, set_flag},
    {"counter", IN_CARD, 1, 1, set_flag},
    {"create-6f", IN_CARD, 1, 1, set_flag},
    {"put-creates", IN_CARD, 1, 1, set_flag},
    {"select-df-as-ef", IN_CARD, 1, 1, set_sw},
    {"delete-nonempty", IN_CARD, 1, 1, set_sw},
    {"read-end", IN_CARD, 1, 1, set_sw},
    {"read-short", IN_CARD, 1, 1, set_sw},
    {"full-61", IN_CARD, 1, 1, set_flag},
    {"select-siblings", IN_CARD, 1, 1, set_flag},
    {"select-stops", IN_CARD, 1, 1, set_flag},
    {"parent-of-ef", IN_CARD, 1, 1, set_flag},
    {"parent-of-mf", IN_CARD, 1, 1, set_flag},
    {"sfi-late", IN_CARD, 1, 1, set_flag},
    {"fci-hide", IN_CARD, 1, 16, hide_objects},
    {"chv-length", IN_CARD, 2, 2, set_chv_length},
    {"challenge-length", IN_CARD, 1, 1, set_number},
    {"algorithm", IN_CARD, 1, 1, set_number},
    {"memory", IN_CARD, 1, 1, set_number},
    {"max-read", IN_CARD, 1, 1, set_number},
    {"refuse", IN_CARD, 4, 4, add_refusal},
    {"mf", IN_CARD, 0, 2, begin_mf},
    {"include", IN_CARD | IN_DF, 1, 1, include_file},
    {"end", IN_DF | IN_EF, 0, 0, end_block},
};

/* ---- lines ---- */

static bool split_words(struct parser *p, char *line)
{
    p->word_count = 0;
    for (;;)
    {
        while (*line == ' ' || *line == '\t')
            line++;
        if (!*line || *line == '#')
            return true;
        if (p->word_count == PARSER_MAX_WORDS)
            return parser_fail(p, "too many words");
        if (*line == '"')
        {
            p->words[p->word_count++] = ++line;
            line = strchr(line, '"');
            if (!line)
                return parser_fail(p, "a quotation mark is missing");
        }
        else
        {
            p->words[p->word_count++] = line;
            line += strcspn(line, " \t");
        }
        if (*line)
            *line++ = 0;
    }
}

static const struct directive *find(const struct directive *table, size_t count, const char *word)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!strcmp(table[i].word, word))
            return &table[i];
    return NULL;
}

static bool parse_line(struct parser *p, char *line)
{
    const struct directive *d;
    unsigned where = !p->file ? IN_CARD : file_is_df(p->file) ? IN_DF : IN_EF;
    char message[128];

    if (!split_words(p, line))
        return false;
    if (!p->word_count)
        return true;
    d = find(directives, sizeof(directives) / sizeof(directives[0]), p->words[0]);
    if (!d)
        d = find(parser_file_directives, parser_file_directive_count, p->words[0]);
    if (!d)
        snprintf(message, sizeof(message), "\"%.40s\" is unknown", p->words[0]);
    else if (!(d->where & where))
        snprintf(message, sizeof(message), "\"%.40s\" does not belong here", p->words[0]);
    else if (p->word_count - 1 < d->min_args || p->word_count - 1 > d->max_args)
        snprintf(message, sizeof(message), "\"%.40s\" takes %d to %d words, not %d", p->words[0],
                 d->min_args, d->max_args, p->word_count - 1);
    else
        return d->parse(p);
    return parser_fail(p, message);
}

static bool parse_text(struct parser *p, const char *text)
{
    char *line;

    for (p->line = 1; (line = bytes_next_line(&text)); p->line++)
    {
        bool ok = parse_line(p, line);

        free(line);
        if (!ok)
            return false;
    }
    return true;
}

/* The text of a file with a NUL behind it. */
static bool read_file(struct parser *p, struct bytes *text)
{
    char chunk[4096];
    size_t got;
    FILE *stream = fopen(p->file_name, "r");
    bool ok;

    p->line = 0;
    if (!stream)
        return parser_fail(p, strerror(errno));
    while ((got = fread(chunk, 1, sizeof(chunk), stream)) > 0)
        bytes_add(text, chunk, got);
    ok = !ferror(stream);
    fclose(stream);
    bytes_add_u8(text, 0);
    return ok || parser_fail(p, "cannot be read");
}

bool parser_read_file(struct parser *p)
{
    struct bytes text = {0};
    bool ok = read_file(p, &text) && parse_text(p, (const char *)text.data);

    bytes_free(&text);
    return ok;
}

struct profile *profile_create(void)
{
    struct profile *profile = bytes_calloc(1, sizeof(*profile));

    profile->counter = true;
    profile->select_df_as_ef = 0x6a82;
    profile->read_end = 0x6b00;
    profile->read_short = 0x6282;
    profile->chv_min = 4;
    profile->chv_max = 8;
    profile->memory = 0x100000;
    return profile;
}

static bool finish(struct parser *p)
{
    if (p->file)
        return parser_fail(p, "\"end\" is missing");
    if (!p->profile->mf)
        return parser_fail(p, "there is no mf");
    if (!p->profile->atr.len)
        return parser_fail(p, "there is no atr");
    if (file_tree_size(p->profile->mf) > p->profile->memory)
        return parser_fail(p, "the files do not fit into the memory of the card");
    return true;
}

/* A card without files, whose answers are recorded ones. */
static bool use_session(struct parser *p, const char *text)
{
    struct session *session = session_parse(p->file_name, text, p->error);
    struct bytes card = {0};
    bool ok;

    if (!(p->profile->session = session))
        return false;
    bytes_printf(&card, "name session\nprotocol %s\natr ", session_is_t0(session) ? "T0" : "T1");
    bytes_add_hex_text(&card, session_atr(session)->data, session_atr(session)->len);
    bytes_printf(&card, "\nmf\nend\n");
    bytes_add_u8(&card, 0);
    ok = parse_text(p, (const char *)card.data);
    bytes_free(&card);
    return ok;
}

struct profile *profile_load(const char *path, struct bytes *error)
{
    struct parser p = {.file_name = path, .error = error, .profile = profile_create()};
    struct bytes text = {0};
    bool ok = read_file(&p, &text);

    if (ok && !strncmp((char *)text.data, SESSION_FIRST_LINE, strlen(SESSION_FIRST_LINE)))
        ok = use_session(&p, (char *)text.data);
    else if (ok)
        ok = parse_text(&p, (char *)text.data);
    bytes_free(&text);
    if (ok && finish(&p))
        return p.profile;
    profile_destroy(p.profile);
    return NULL;
}

struct profile *profile_parse(const char *name, const char *text, struct bytes *error)
{
    struct parser p = {.file_name = name, .error = error, .profile = profile_create()};

    if (parse_text(&p, text) && finish(&p))
        return p.profile;
    profile_destroy(p.profile);
    return NULL;
}

void profile_destroy(struct profile *profile)
{
    if (!profile)
        return;
    while (profile->refusals)
    {
        struct refusal *refusal = profile->refusals;

        profile->refusals = refusal->next;
        free(refusal);
    }
    file_destroy(profile->mf);
    session_destroy(profile->session);
    bytes_free(&profile->atr);
    free(profile);
}
