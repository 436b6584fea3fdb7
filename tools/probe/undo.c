/*
 * What registering changed, and how to undo it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "undo.h"

/* The key that is at the same path in a set, if it stands there itself. */
static const struct keyset_key *listed(const struct keyset *set, const struct keyset_key *key)
{
    const struct keyset_key *found = keyset_find(set, key);

    return found && found->listed ? found : NULL;
}

/* Whether it is in both sets, with the same values. */
static int is_same(const struct keyset *set, const struct keyset_key *key,
                   const struct keyset *other)
{
    const struct keyset_key *found = keyset_find(other, key);

    return found && keyset_same(set, key, other, found);
}

/* ---- sets ---- */

/* One set takes the place of another, whose memory goes. */
static int replace(struct keyset *set, struct keyset *by, int failed)
{
    if (failed || keyset_sort(by))
    {
        keyset_free(by);
        return -1;
    }
    keyset_free(set);
    *set = *by;
    return 0;
}

static int copy_all(struct keyset *set, const struct keyset *from)
{
    struct keyset copy = {0};
    int failed = 0;
    size_t i;

    for (i = 0; !failed && i < from->key_count; i++)
        if (from->keys[i].listed)
            failed = keyset_copy(&copy, from, &from->keys[i]);
    return replace(set, &copy, failed);
}

static void drop(struct keytext *text, enum keytext_set which)
{
    keyset_free(&text->sets[which]);
    text->there[which] = 0;
}

/* Whether it came with a key below it that was written, as those above keys of 0.1 did. */
static int is_implied(const struct keytext *text, const struct keyset_key *key)
{
    const struct keyset_key *found = keyset_find(&text->sets[KEYTEXT_WRITTEN], key);

    return found && !found->listed && !key->count && !keyset_find(&text->sets[KEYTEXT_BEFORE], key);
}

/* What is there now, but keys that earlier runs wrote as they were before those. */
static int take_before(struct keytext *text, const struct keyset *current)
{
    struct keyset *before = &text->sets[KEYTEXT_BEFORE], fresh = {0};
    const struct keyset_key *key, *old;
    int failed = 0;
    size_t i;

    for (i = 0; !failed && i < current->key_count; i++)
    {
        key = &current->keys[i];
        if (listed(&text->sets[KEYTEXT_WRITTEN], key))
        {
            if ((old = keyset_find(before, key)))
                failed = keyset_copy(&fresh, before, old);
        }
        else if (!is_implied(text, key))
            failed = keyset_copy(&fresh, current, key);
    }
    return replace(before, &fresh, failed);
}

int undo_begin(struct keytext *text, const struct keyset *current)
{
    if (undo_record(text, current) || take_before(text, current) ||
        copy_all(&text->sets[KEYTEXT_NOW], current))
        return -1;
    text->there[KEYTEXT_BEFORE] = text->there[KEYTEXT_NOW] = 1;
    text->changed = 0;
    return 0;
}

int undo_record(struct keytext *text, const struct keyset *current)
{
    struct keyset *written = &text->sets[KEYTEXT_WRITTEN], fresh = {0};
    const struct keyset_key *key, *old;
    int failed = 0;
    size_t i;

    text->changed = 0;
    if (!text->there[KEYTEXT_NOW])
        return 0;
    for (i = 0; !failed && i < current->key_count; i++)
    {
        key = &current->keys[i];
        if (!is_same(current, key, &text->sets[KEYTEXT_NOW]))
        {
            text->changed = 1;
            failed = keyset_copy(&fresh, current, key);
        }
        else if ((old = listed(written, key)))
            failed = keyset_copy(&fresh, written, old);
    }
    if (replace(written, &fresh, failed))
        return -1;
    text->there[KEYTEXT_WRITTEN] = written->key_count != 0;
    drop(text, KEYTEXT_NOW);
    return 0;
}

int undo_end(struct keytext *text, const struct keyset *current)
{
    if (undo_record(text, current))
        return -1;
    if (text->there[KEYTEXT_UNREGISTERED])
        return 0;
    if (copy_all(&text->sets[KEYTEXT_UNREGISTERED], current))
        return -1;
    text->there[KEYTEXT_UNREGISTERED] = 1;
    return 0;
}

/* ---- undoing ---- */

/* Whether a key that was not there before can go, when nothing is left below it: it is as written,
 * or held keys that were written and has no values. */
static int is_ours(const struct keytext *text, const struct keyset *current,
                   const struct keyset_key *key)
{
    const struct keyset *written = &text->sets[KEYTEXT_WRITTEN];
    const struct keyset_key *found = keyset_find(written, key);

    if (!found || keyset_find(&text->sets[KEYTEXT_BEFORE], key) || keyset_is_link(current, key))
        return 0;
    if (found->listed && keyset_same(current, key, written, found))
        return 1;
    return !key->count && found + 1 < written->keys + written->key_count &&
           keyset_below(found + 1, found);
}

/*
 * Keys go from the last to the first, so those below one come before it. staying is the last key
 * that stays: what lies above it comes later, and nothing else does that is above one that stays.
 */
static long remove_keys(const struct keytext *text, const struct keyset *current,
                        struct undo_steps *steps)
{
    const struct keyset_key *key, *staying = NULL;
    long count = 0;
    size_t i;

    for (i = current->key_count; i--;)
    {
        key = &current->keys[i];
        if ((staying && keyset_below(staying, key)) || !is_ours(text, current, key))
            staying = key;
        else
        {
            count++;
            if (steps->remove(steps, key))
                staying = key;
        }
    }
    return count;
}

/* Keys that are as written get back what they had. */
static long set_keys(const struct keytext *text, const struct keyset *current,
                     struct undo_steps *steps)
{
    const struct keyset *before = &text->sets[KEYTEXT_BEFORE];
    const struct keyset *written = &text->sets[KEYTEXT_WRITTEN];
    const struct keyset_key *key, *old, *ours;
    long count = 0;
    size_t i;

    for (i = 0; i < current->key_count; i++)
    {
        key = &current->keys[i];
        ours = listed(written, key);
        old = keyset_find(before, key);
        if (!ours || !old || !keyset_same(current, key, written, ours) ||
            keyset_same(current, key, before, old) || keyset_is_link(current, key) ||
            keyset_is_link(before, old))
            continue;
        count++;
        steps->set(steps, before, old, current, key);
    }
    return count;
}

/* Keys that unregistering took along come back. */
static long bring_back(const struct keytext *text, const struct keyset *current,
                       struct undo_steps *steps)
{
    const struct keyset *before = &text->sets[KEYTEXT_BEFORE];
    const struct keyset *unregistered = &text->sets[KEYTEXT_UNREGISTERED];
    const struct keyset_key *key;
    long count = 0;
    size_t i;

    for (i = 0; i < before->key_count; i++)
    {
        key = &before->keys[i];
        if (keyset_find(current, key) || keyset_is_link(before, key) ||
            (text->there[KEYTEXT_UNREGISTERED] && !keyset_find(unregistered, key)))
            continue;
        count++;
        steps->set(steps, before, key, current, NULL);
    }
    return count;
}

long undo_restore(const struct keytext *text, const struct keyset *current,
                  struct undo_steps *steps)
{
    long count = remove_keys(text, current, steps);

    count += set_keys(text, current, steps);
    return count + bring_back(text, current, steps);
}

void undo_ended(struct keytext *text)
{
    drop(text, KEYTEXT_UNREGISTERED);
}
