/*
 * scardtool: the lines and fields of a setup information file.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_INFLINES_H
#define SCARDTOOL_INFLINES_H

#include <stddef.h>
#include <stdint.h>

/* Units of a field, after which it is cut off, and after its %words% were filled in. */
#define INF_FIELD_MAX 4096

/* No such section, line or field. */
#define INF_NONE ((size_t)-1)

struct inf_field
{
    size_t text, length; /* in inf.text */
    unsigned cut : 1;    /* it was longer */
};

struct inf_line
{
    size_t key;          /* index of the field before the equals sign, or INF_NONE */
    size_t first, count; /* fields behind it */
    size_t next;         /* line of the section, or INF_NONE */
    unsigned number;     /* in the file, from 1 */
};

struct inf_section
{
    struct inf_field name;
    size_t first, last; /* lines */
};

struct inf
{
    uint16_t *text; /* of all fields, quotes and continuations gone, %words% as they are */
    size_t text_length, text_room;
    struct inf_field *fields;
    size_t field_count, field_room;
    struct inf_line *lines;
    size_t line_count, line_room;
    struct inf_section *sections;
    size_t section_count, section_room;
    size_t steps;      /* that are still allowed, against files made to take for ever */
    unsigned bad_line; /* where reading stopped */
};

/*
 * Divides the length units of a file; sections of one name become one. NULL, or a few words that
 * say why it is refused. inf_free afterwards in any case.
 */
const char *inf_read(struct inf *inf, const uint16_t *text, size_t length);
void inf_free(struct inf *inf);

/* All are found without regard to case. A line of one field and no key is found by that field. */
size_t inf_section(struct inf *inf, const uint16_t *name, size_t length);
/* The line of the section with that key, at or behind the line from. */
size_t inf_line(struct inf *inf, size_t from, const uint16_t *key, size_t length);
size_t inf_first_line(const struct inf *inf, size_t section);

/* Field index (from 0) of a line, NULL when there is none. */
const struct inf_field *inf_field(const struct inf *inf, size_t line, size_t index);

/* Uses up steps: 1 for a comparison. False (0) when there are no more. */
int inf_step(struct inf *inf, size_t count);

#endif
