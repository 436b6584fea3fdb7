/*
 * Sets of keys as text, and undoing what they tell.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the text. What its set "now" has is taken for the registry.
 */

#include "fuzz.h"
#include "undo.h"

struct copy
{
    struct keytext_sink sink;
    char *bytes;
    size_t used, room;
};

static int put(struct keytext_sink *sink, const char *bytes, size_t size)
{
    struct copy *copy = (struct copy *)sink;

    if (copy->used + size > copy->room)
    {
        copy->room = 2 * copy->room + size;
        if (!(copy->bytes = realloc(copy->bytes, copy->room)))
            abort();
    }
    memcpy(copy->bytes + copy->used, bytes, size);
    copy->used += size;
    return 0;
}

static struct copy write_text(const struct keytext *text)
{
    struct copy copy = {.sink = {put}};

    CHECK(!keytext_write(text, &copy.sink));
    return copy;
}

/* What is written is read as the same, and written as the same again. */
static void check_written(const struct keytext *text)
{
    struct copy once = write_text(text), twice;
    struct keytext again = {0};
    unsigned line;
    size_t i;

    CHECK(!keytext_read(once.bytes, once.used, &again, &line));
    for (i = 0; i < KEYTEXT_SETS; i++)
        CHECK(again.there[i] == text->there[i] &&
              again.sets[i].key_count == text->sets[i].key_count);
    twice = write_text(&again);
    CHECK(once.used == twice.used && !memcmp(once.bytes, twice.bytes, once.used));
    keytext_free(&again);
    free(once.bytes);
    free(twice.bytes);
}

/* Each key is ours, and stands behind the one above it. */
static void check_set(const struct keyset *set)
{
    size_t i;

    for (i = 0; i < set->key_count; i++)
    {
        CHECK(keyset_ours(set->keys[i].path, set->keys[i].length));
        CHECK(keyset_find(set, &set->keys[i]) == &set->keys[i]);
        CHECK(!i || !keyset_below(&set->keys[i - 1], &set->keys[i]));
    }
}

/* A key that goes was not there before, and none is left below it; one that is set was. */
struct checker
{
    struct undo_steps steps;
    const struct keytext *text;
    const struct keyset *current;
    const struct keyset_key *removed;
};

static int check_remove(struct undo_steps *steps, const struct keyset_key *key)
{
    struct checker *checker = (struct checker *)steps;
    const struct keyset_key *end = checker->current->keys + checker->current->key_count;

    CHECK(!keyset_find(&checker->text->sets[KEYTEXT_BEFORE], key));
    CHECK(keyset_find(&checker->text->sets[KEYTEXT_WRITTEN], key));
    CHECK(key + 1 == end || !keyset_below(key + 1, key) || checker->removed == key + 1);
    checker->removed = key;
    return 0;
}

static int check_restore(struct undo_steps *steps, const struct keyset *before,
                         const struct keyset_key *key, const struct keyset *current,
                         const struct keyset_key *now)
{
    struct checker *checker = (struct checker *)steps;

    CHECK(before == &checker->text->sets[KEYTEXT_BEFORE] && keyset_find(before, key) == key);
    CHECK(keyset_find(current, key) == now);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keytext text = {0}, current = {0};
    struct checker checker = {{check_remove, check_restore}, &text, &current.sets[KEYTEXT_NOW],
                              NULL};
    unsigned line;
    size_t i;

    if (!keytext_read((const char *)data, size, &text, &line) &&
        !keytext_read((const char *)data, size, &current, &line))
    {
        for (i = 0; i < KEYTEXT_SETS; i++)
            check_set(&text.sets[i]);
        check_written(&text);
        CHECK(undo_restore(&text, checker.current, &checker.steps) >= 0);
        CHECK(!undo_begin(&text, checker.current));
        CHECK(!undo_record(&text, checker.current) && !text.changed);
        CHECK(!undo_end(&text, checker.current));
        check_written(&text);
    }
    keytext_free(&text);
    keytext_free(&current);
    return 0;
}
