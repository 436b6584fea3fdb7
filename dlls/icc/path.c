/*
 * The path grammar of ISCardFileAccess: file ids, DF names, short ids.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "iso7816/hex.h"
#include "iso7816/codes.h"
#include "path.h"

#define FID_RESERVED      0xFFFFu
#define SHORTEST_HEX_NAME 10

/* A piece of the caller's text. */
struct span
{
    const uint16_t *at;
    size_t length;
};

static int is_blank(uint16_t unit)
{
    return unit == ' ' || unit == '\t';
}

static int is_separator(uint16_t unit)
{
    return unit == '/' || unit == '\\' || unit == ':';
}

static struct span span_from(struct span span, size_t start)
{
    struct span rest = {span.at + start, span.length - start};

    return rest;
}

static struct span span_trim(struct span span)
{
    while (span.length && is_blank(span.at[0]))
        span = span_from(span, 1);
    while (span.length && is_blank(span.at[span.length - 1]))
        span.length--;
    return span;
}

/* Compares without regard to the case of letters; wanted is upper case ASCII. */
static int span_is(struct span span, const char *wanted)
{
    size_t i;

    if (span.length != strlen(wanted))
        return 0;
    for (i = 0; i < span.length; i++)
    {
        uint16_t unit = span.at[i];

        if (unit >= 'a' && unit <= 'z')
            unit = (uint16_t)(unit - 'a' + 'A');
        if (unit != (uint16_t)wanted[i])
            return 0;
    }
    return 1;
}

static int span_is_hex(struct span span)
{
    size_t i;

    for (i = 0; i < span.length; i++)
    {
        if (hex_digit(span.at[i]) < 0)
            return 0;
    }
    return span.length > 0;
}

/* At most four hex digits as a number. */
static uint16_t span_number(struct span span)
{
    unsigned value = 0;
    size_t i;

    for (i = 0; i < span.length; i++)
        value = value << 4 | (unsigned)hex_digit(span.at[i]);
    return (uint16_t)(value & 0xFFFF);
}

static int has_prefix_0x(struct span span)
{
    return span.length >= 2 && span.at[0] == '0' && (span.at[1] == 'x' || span.at[1] == 'X');
}

static size_t find_separator(struct span span)
{
    size_t i = 0;

    while (i < span.length && !is_separator(span.at[i]))
        i++;
    return i;
}

/* ---- names ---- */

/* 2 to 32 hex digits become the root's name. */
static int32_t set_hex_name(struct span span, struct path *out)
{
    size_t i;

    if (!span_is_hex(span) || span.length % 2 || span.length > 2 * PATH_MAX_NAME)
        return SC_INVALID_ARGUMENT;
    for (i = 0; i < span.length / 2; i++)
    {
        struct span pair = {span.at + 2 * i, 2};

        out->name[i] = (uint8_t)span_number(pair);
    }
    out->name_length = (uint8_t)(span.length / 2);
    out->root = PATH_FROM_NAME;
    return SC_OK;
}

/* ISO 8859-1 text becomes the root's name; a '*' at its end asks for the first that begins so. */
static int32_t set_text_name(struct span span, struct path *out)
{
    size_t i;

    if (span.length && span.at[span.length - 1] == '*')
    {
        out->partial_name = 1;
        span.length--;
    }
    if (!span.length || span.length > PATH_MAX_NAME)
        return SC_INVALID_ARGUMENT;
    for (i = 0; i < span.length; i++)
    {
        if (span.at[i] > 0xFF)
            return SC_INVALID_ARGUMENT;
        out->name[i] = (uint8_t)span.at[i];
    }
    out->name_length = (uint8_t)span.length;
    out->root = PATH_FROM_NAME;
    return SC_OK;
}

/* ---- components ---- */

/* What has been read of a path so far. */
struct parser
{
    struct path *out;
    int text_names; /* a first component that is no file id is a DF name */
    int any;        /* a component has been read */
    int separated;  /* the text began with a separator */
};

static int32_t add_fid(struct parser *parser, uint16_t fid)
{
    struct path *out = parser->out;
    int first = !parser->any;

    parser->any = 1;
    if (fid == FID_RESERVED)
        return SC_INVALID_ARGUMENT;
    if (fid == PATH_MF)
    {
        out->root = PATH_FROM_MF;
        return first ? SC_OK : SC_INVALID_ARGUMENT;
    }
    if (fid == PATH_CURRENT_DF)
        return first && !parser->separated ? SC_OK : SC_INVALID_ARGUMENT;
    if (out->count == PATH_MAX_COMPONENTS)
        return SC_INVALID_ARGUMENT;
    out->fids[out->count++] = fid;
    return SC_OK;
}

static int32_t add_parent(struct parser *parser)
{
    struct path *out = parser->out;

    parser->any = 1;
    if (out->count)
    {
        out->fids[--out->count] = 0;
        return SC_OK;
    }
    if (out->root != PATH_RELATIVE)
        return SC_DIR_NOT_FOUND;
    if (out->up == PATH_MAX_COMPONENTS)
        return SC_INVALID_ARGUMENT;
    out->up++;
    return SC_OK;
}

/* Whether component is written as file ids: groups of four digits, or 0x and up to four. */
static int is_fids(struct span component)
{
    struct span digits = has_prefix_0x(component) ? span_from(component, 2) : component;

    if (!span_is_hex(digits))
        return 0;
    return digits.length % 4 == 0 || (has_prefix_0x(component) && digits.length < 4);
}

static int32_t add_fids(struct parser *parser, struct span component)
{
    struct span digits = has_prefix_0x(component) ? span_from(component, 2) : component;

    while (digits.length)
    {
        struct span group = {digits.at, digits.length < 4 ? digits.length : 4};
        int32_t result = add_fid(parser, span_number(group));

        if (result != SC_OK)
            return result;
        digits = span_from(digits, group.length);
    }
    return SC_OK;
}

static int32_t add_component(struct parser *parser, struct span component)
{
    if (span_is(component, "."))
    {
        parser->any = 1;
        return SC_OK;
    }
    if (span_is(component, ".."))
        return add_parent(parser);
    if (is_fids(component))
        return add_fids(parser, component);
    if (!component.length || parser->any)
        return SC_INVALID_ARGUMENT;
    parser->any = 1;
    if (component.at[0] == '#')
        return set_hex_name(span_from(component, 1), parser->out);
    return parser->text_names ? set_text_name(component, parser->out) : SC_INVALID_ARGUMENT;
}

/* text is not empty. */
static int32_t parse_components(struct span text, int text_names, struct path *out)
{
    struct parser parser = {out, text_names, 0, 0};

    if (is_separator(text.at[0]))
    {
        parser.separated = 1;
        out->root = PATH_FROM_MF;
        text = span_from(text, 1);
    }
    while (text.length)
    {
        size_t end = find_separator(text);
        struct span component = {text.at, end};
        int32_t result = add_component(&parser, component);

        if (result != SC_OK)
            return result;
        text = span_from(text, end < text.length ? end + 1 : end);
    }
    return SC_OK;
}

/* ---- the three kinds of reference ---- */

static int32_t parse_by_name(struct span text, struct path *out)
{
    struct span four = {text.at, text.length < 4 ? text.length : 4};
    int32_t result;

    if (text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"')
    {
        struct span inner = {text.at + 1, text.length - 2};

        return set_text_name(inner, out);
    }
    if (find_separator(text) < text.length || span_is(four, "3F00") || span_is(text, ".") ||
        span_is(text, ".."))
        return parse_components(text, 1, out);
    if (span_is(text, "MF"))
    {
        out->root = PATH_FROM_MF;
        return SC_OK;
    }
    if (text.at[0] == '#')
        return set_hex_name(span_from(text, 1), out);
    if (span_is_hex(text) && text.length % 2 == 0 && text.length >= SHORTEST_HEX_NAME &&
        text.length <= 2 * PATH_MAX_NAME)
        return set_hex_name(text, out);
    if (text.length != 4 || !span_is_hex(text))
        return set_text_name(text, out);
    result = parse_components(text, 0, out);
    if (result == SC_OK && out->count)
    {
        set_text_name(text, out);
        out->root = PATH_RELATIVE;
        out->maybe_name = 1;
    }
    return result;
}

static int32_t parse_by_short_id(struct span text, struct path *out)
{
    struct span head = text, last;
    uint16_t sfi;

    while (head.length && !is_separator(head.at[head.length - 1]))
        head.length--;
    last = span_from(text, head.length);
    if (has_prefix_0x(last))
        last = span_from(last, 2);
    if (!span_is_hex(last) || last.length > 2)
        return SC_INVALID_ARGUMENT;
    sfi = span_number(last);
    if (sfi < 1 || sfi > 30)
        return SC_INVALID_ARGUMENT;
    out->sfi = (uint8_t)sfi;
    return head.length ? parse_components(head, 0, out) : SC_OK;
}

int32_t path_parse(const uint16_t *text, size_t length, enum path_reference type, struct path *out)
{
    struct span span = {text, length};
    int32_t result = SC_INVALID_ARGUMENT;

    if (!out)
        return SC_INVALID_ARGUMENT;
    memset(out, 0, sizeof(*out));
    if (!text)
        return SC_INVALID_ARGUMENT;
    span = span_trim(span);
    if (!span.length)
        return SC_INVALID_ARGUMENT;
    if (type == PATH_BY_ID)
        result = parse_components(span, 0, out);
    else if (type == PATH_BY_NAME)
        result = parse_by_name(span, out);
    else if (type == PATH_BY_SHORT_ID)
        result = parse_by_short_id(span, out);
    if (result != SC_OK)
        memset(out, 0, sizeof(*out));
    return result;
}

/* ---- what is done with paths ---- */

int32_t path_resolve(const struct path *current, const struct path *path, struct path *out)
{
    struct path result;

    if (path->root != PATH_RELATIVE)
    {
        result = *path;
        *out = result;
        return SC_OK;
    }
    result = *current;
    result.sfi = path->sfi;
    if (current->root == PATH_RELATIVE)
    {
        memset(out, 0, sizeof(*out));
        return SC_INVALID_ARGUMENT;
    }
    if (path->up > current->count)
    {
        memset(out, 0, sizeof(*out));
        return SC_DIR_NOT_FOUND;
    }
    result.count = (uint8_t)(current->count - path->up);
    memset(result.fids + result.count, 0,
           (PATH_MAX_COMPONENTS - (size_t)result.count) * sizeof(result.fids[0]));
    if (path->count > PATH_MAX_COMPONENTS - result.count)
    {
        memset(out, 0, sizeof(*out));
        return SC_INVALID_ARGUMENT;
    }
    memcpy(result.fids + result.count, path->fids, path->count * sizeof(path->fids[0]));
    result.count = (uint8_t)(result.count + path->count);
    *out = result;
    return SC_OK;
}

static int same_root(const struct path *a, const struct path *b)
{
    if (a->root != b->root)
        return 0;
    return a->root != PATH_FROM_NAME ||
           (a->name_length == b->name_length && a->partial_name == b->partial_name &&
            !memcmp(a->name, b->name, a->name_length));
}

int path_equal(const struct path *a, const struct path *b)
{
    return same_root(a, b) && a->up == b->up && a->count == b->count && a->sfi == b->sfi &&
           !memcmp(a->fids, b->fids, a->count * sizeof(a->fids[0]));
}

int path_within(const struct path *outer, const struct path *inner)
{
    if (outer->root == PATH_RELATIVE || !same_root(outer, inner))
        return 0;
    if (outer->sfi)
        return path_equal(outer, inner);
    return outer->count <= inner->count &&
           !memcmp(outer->fids, inner->fids, outer->count * sizeof(outer->fids[0]));
}

void path_parent(const struct path *path, struct path *out)
{
    struct path result = *path;

    if (result.sfi)
        result.sfi = 0;
    else if (result.count)
        result.fids[--result.count] = 0;
    *out = result;
}

static char *put_hex(char *at, unsigned value, int digits)
{
    static const char alphabet[] = "0123456789ABCDEF";

    while (digits--)
        *at++ = alphabet[value >> (4 * digits) & 0xF];
    return at;
}

size_t path_format(const struct path *path, char *out)
{
    char *at = out;
    size_t i;

    if (path->root == PATH_FROM_MF)
    {
        at = put_hex(at, PATH_MF, 4);
    }
    else if (path->root == PATH_FROM_NAME)
    {
        *at++ = '#';
        for (i = 0; i < path->name_length; i++)
            at = put_hex(at, path->name[i], 2);
    }
    else
    {
        *at = 0;
        return 0;
    }
    for (i = 0; i < path->count; i++)
    {
        *at++ = '/';
        at = put_hex(at, path->fids[i], 4);
    }
    if (path->sfi)
    {
        *at++ = '/';
        at = put_hex(at, path->sfi, 2);
    }
    *at = 0;
    return (size_t)(at - out);
}
