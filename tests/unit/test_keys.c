/*
 * Sets of keys, their text, and how what registering changed is undone.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "undo.h"
#include "test.h"

#define HEAD "; scardssp registry 1\n"
#define END  "; end\n"

/* ---- text ---- */

struct text_sink
{
    struct keytext_sink sink;
    size_t used;
    char bytes[65536];
};

static int put(struct keytext_sink *sink, const char *bytes, size_t size)
{
    struct text_sink *text = (struct text_sink *)sink;

    if (text->used + size >= sizeof(text->bytes))
        return -1;
    memcpy(text->bytes + text->used, bytes, size);
    text->used += size;
    text->bytes[text->used] = 0;
    return 0;
}

static const char *write_text(const struct keytext *text)
{
    static struct text_sink sink;

    sink.sink.put = put;
    sink.used = 0;
    ok(!keytext_write(text, &sink.sink), "the text is written\n");
    return sink.bytes;
}

/* Reads from a copy of exactly that size. */
static const char *read_text(const char *bytes, size_t size, struct keytext *text, unsigned *line)
{
    uint8_t *copy = test_memdup((const uint8_t *)bytes, size);
    const char *refused;

    memset(text, 0, sizeof(*text));
    refused = keytext_read((const char *)copy, size, text, line);
    free(copy);
    return refused;
}

static void must_read(const char *bytes, struct keytext *text)
{
    unsigned line;
    const char *refused = read_text(bytes, strlen(bytes), text, &line);

    ok(!refused, "line %u: %s\n", line, refused ? refused : "");
}

static void is_text(const char *what, const struct keytext *text, const char *wanted)
{
    const char *got = write_text(text);

    ok(!strcmp(got, wanted), "%s:\n%sand not\n%s\n", what, got, wanted);
}

/* Lines of Wine's own file, as version 0.1 kept them, and what is made of them. */
static void test_wine_lines(void)
{
    static const char input[] =
        "; set before\n"
        "WINE REGISTRY Version 2\n"
        ";; All keys relative to \\\\Machine\n\n"
        "#arch=win64\n\n"
        "[Hardware\\\\Description] 1700000000\n#time=1dd7e7408f152a0\n\"a\"=nonsense\n\n"
        "[Software\\\\Classes\\\\CLSID\\\\{1}] 1700000000\n"
        "#time=1dd7e7408f152a0\n"
        "@=\"A \\\"card\\\" of \\xc4\\x00e4\"\n"
        "\"none\"=hex(0):\n"
        "\"\\\\q\\\"\"=dword:000000ff\n"
        "\"bin\"=hex:00,01,02,\\\n  03,04\n"
        "\"odd\"=hex(1):41,00,42\n"
        "\"long\"=hex(4):01,02,03\n"
        "\"multi\"=str(7):\"a\\0b\\0\"\n"
        "\"exp\"=str(2):\"%A%\\\\\\n\\0331\\e\"\n\n"
        "[Software\\\\Classes\\\\\\[x\\]] 1\n\n"
        "[Software\\\\Wow6432Node\\\\Classes]\n#link\n"
        "\"SymbolicLinkValue\"=hex(6):5c,00\n\n"
        "[Software\\\\Microsoft\\\\Cryptography\\\\CalaisX]\n\"a\"=\"b\"\n";
    static const char wanted[] = HEAD "; set before\n"
                                      "[Software\\\\Classes\\\\\\[x\\]]\n"
                                      "[Software\\\\Classes\\\\CLSID\\\\{1}]\n"
                                      "@=\"A \\\"card\\\" of \\x00c4\\x00e4\"\n"
                                      "\"\\\\q\\\"\"=dword:000000ff\n"
                                      "\"bin\"=hex:00,01,02,03,04\n"
                                      "\"exp\"=str(2):\"%A%\\\\\\x000a\\x001b1\\x001b\"\n"
                                      "\"long\"=hex(4):01,02,03\n"
                                      "\"multi\"=hex(7):61,00,00,00,62,00,00,00,00,00\n"
                                      "\"none\"=hex(0):\n"
                                      "\"odd\"=hex(1):41,00,42\n"
                                      "[Software\\\\Wow6432Node\\\\Classes]\n"
                                      "\"SymbolicLinkValue\"=hex(6):5c,00\n" END;
    struct keytext text, again;

    must_read(input, &text);
    is_text("Wine's lines", &text, wanted);
    must_read(wanted, &again);
    is_text("our own lines", &again, wanted);
    keytext_free(&again);
    keytext_free(&text);
}

static void test_refused(void)
{
#define KEY HEAD "; set now\n[Software\\\\Classes]\n"
    static const struct
    {
        const char *text, *reason;
        unsigned line;
    } rows[] =
    {
        {HEAD, "cut off", 1},
        {KEY "@=\"a\"\n", "cut off", 4},
        {KEY END "[Software\\\\Classes]\n", "follows its end", 4},
        {"; scardssp registry 2\n; end\n", "newer", 1},
        {"[Software\\\\Classes]\n", "no set", 1},
        {HEAD "; set then\n" END, "no such set", 2},
        {HEAD "; set now\n; set now\n" END, "twice", 3},
        {HEAD "; set now\n[Software\\\\Classes\n" END, "no end", 3},
        {KEY "\"a=1\n" END, "no end", 4},
        {KEY "\"a\\", "no end", 4},
        {KEY "\"a\"\n" END, "no value", 4},
        {KEY "\"a\"=\n" END, "no data", 4},
        {KEY "\"a\"=\"b\n" END, "no end", 4},
        {KEY "\"a\"=\"b\"c\n" END, "follows a text", 4},
        {KEY "\"a\"=\"\\x\"\n" END, "no end", 4},
        {KEY "\"a\"=dword:\n" END, "no number", 4},
        {KEY "\"a\"=dword:123456789\n" END, "no number", 4},
        {KEY "\"a\"=hex(:00\n" END, "type", 4},
        {KEY "\"a\"=str(1)\n" END, "type", 4},
        {KEY "\"a\"=hex:0,1g\n" END, "no bytes", 4},
        {KEY "\"a\"=hex:00 01\n" END, "no bytes", 4},
        {KEY "\"a\"=hex:00,\\", "cut off", 4},
        {KEY "a=1\n" END, "neither", 4},
    };
#undef KEY
    struct keytext text;
    const char *refused;
    unsigned line;
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        refused = read_text(rows[i].text, strlen(rows[i].text), &text, &line);
        ok(refused && strstr(refused, rows[i].reason) && line == rows[i].line, "row %zu: %s, %u\n",
           i, refused ? refused : "taken", line);
        keytext_free(&text);
    }
    ok(!read_text("", 0, &text, &line), "nothing at all\n");
    keytext_free(&text);
}

/* However it is cut off or changed, nothing outside is read and nothing is lost, which the
 * sanitizer sees; a part of our own text is never taken for the whole. */
static void test_changed(void)
{
    static const char whole[] = HEAD
        "; set before\n[Software\\\\Classes\\\\a\\x00e4]\n@=\"b\\\"\"\n\"c\"=hex(7):00,01\n"
        "; set written\n[Software\\\\scardssp]\n\"d\"=dword:00000001\n\"e\"=str(2):\"f\"\n" END;
    char changed[sizeof(whole)];
    struct keytext text;
    unsigned line;
    size_t i, j;

    for (i = 1; i < sizeof(whole) - 1; i++)
    {
        ok(read_text(whole, i, &text, &line) || i >= sizeof(whole) - 2 || i < 22, "%zu bytes\n", i);
        keytext_free(&text);
    }
    for (i = 0; i < 40000; i++)
    {
        memcpy(changed, whole, sizeof(whole));
        for (j = test_random() % 6 + 1; j; j--)
            changed[test_random() % (sizeof(whole) - 1)] = (char)(test_random() >> 9);
        read_text(changed, sizeof(whole) - 1, &text, &line);
        keytext_free(&text);
    }
}

/* ---- order ---- */

static void test_order(void)
{
    static const char input[] =
        HEAD "; set now\n"
             "[Software\\\\Classes\\\\b\\\\c]\n\"x\"=\"1\"\n\"X\"=\"2\"\n"
             "[Software\\\\Classes\\\\B ]\n"
             "[Software\\\\Classes\\\\a]\n\"old\"=\"1\"\n"
             "[SOFTWARE\\\\classes\\\\A]\n\"new\"=\"1\"\n\"Also\"=\"2\"\n" END;
    static const char wanted[] =
        HEAD "; set now\n[SOFTWARE\\\\classes\\\\A]\n\"Also\"=\"2\"\n\"new\"=\"1\"\n"
             "[Software\\\\Classes\\\\b\\\\c]\n\"X\"=\"2\"\n[Software\\\\Classes\\\\B ]\n" END;
    struct keytext text;
    const struct keyset *set = &text.sets[KEYTEXT_NOW];
    size_t i;

    must_read(input, &text);
    is_text("order", &text, wanted);
    ok(set->key_count == 5, "with the keys above: %zu\n", set->key_count);
    for (i = 0; i < set->key_count; i++)
        ok(keyset_find(set, &set->keys[i]) == &set->keys[i], "key %zu is found\n", i);
    ok(keyset_below(&set->keys[3], &set->keys[2]) && !keyset_below(&set->keys[4], &set->keys[2]),
       "below\n");
    ok(!set->keys[0].listed && !set->keys[2].listed && set->keys[3].listed, "implied\n");
    keytext_free(&text);
}

static void test_limits(void)
{
    static uint16_t path[KEYSET_PATH_MAX + 1];
    struct keyset set = {0};
    size_t i;

    for (i = 0; i < COUNT_OF(path); i++)
        path[i] = 'a';
    ok(keyset_add_value(&set, path, 1, 3, "a", 1), "a value without a key\n");
    ok(keyset_add(&set, path, 0), "a key without a name\n");
    ok(keyset_add(&set, path, KEYSET_PATH_MAX + 1), "too long a path\n");
    ok(!keyset_add(&set, path, KEYSET_PATH_MAX), "the longest\n");
    ok(keyset_add_value(&set, path, KEYSET_NAME_MAX + 1, 3, "a", 1), "too long a name\n");
    ok(keyset_add_value(&set, path, 1, 3, "a", (size_t)KEYSET_DATA_MAX + 1), "too long a value\n");
    ok(!keyset_sort(&set) && set.key_count == 1 && !set.keys[0].count, "nothing of them stays\n");
    keyset_free(&set);
    ok(!keyset_sort(&set) && !keyset_find(&set, &(struct keyset_key){.path = path, .length = 1}),
       "an empty set\n");
}

/* ---- undoing ---- */

/* The registry in its place: steps change next, which begins as a copy of current. */
struct model
{
    struct undo_steps steps;
    struct keyset next;
    int refuse; /* nothing can be changed */
};

static int model_change(struct model *model, const struct keyset_key *leave,
                        const struct keyset *from, const struct keyset_key *key)
{
    struct keyset fresh = {0};
    size_t i;

    if (model->refuse)
        return -1;
    for (i = 0; i < model->next.key_count; i++)
        if (!leave || model->next.keys[i].length != leave->length ||
            memcmp(model->next.keys[i].path, leave->path, leave->length * 2))
            keyset_copy(&fresh, &model->next, &model->next.keys[i]);
    if (key)
        keyset_copy(&fresh, from, key);
    keyset_free(&model->next);
    model->next = fresh;
    return 0;
}

static int model_remove(struct undo_steps *steps, const struct keyset_key *key)
{
    return model_change((struct model *)steps, key, NULL, NULL);
}

static int model_set(struct undo_steps *steps, const struct keyset *before,
                     const struct keyset_key *key, const struct keyset *current,
                     const struct keyset_key *now)
{
    (void)current;
    return model_change((struct model *)steps, now, before, key);
}

/* Restores until nothing is left; the registry as text. */
static const char *restore(const struct keytext *text, const char *registry)
{
    struct keytext current = {0};
    struct model model = {.steps = {model_remove, model_set}};
    const char *result;
    int pass;

    must_read(registry, &current);
    model_change(&model, NULL, NULL, NULL);
    for (pass = 0; pass < 3; pass++)
    {
        size_t i;

        for (i = 0; i < current.sets[KEYTEXT_NOW].key_count; i++)
            keyset_copy(&model.next, &current.sets[KEYTEXT_NOW],
                        &current.sets[KEYTEXT_NOW].keys[i]);
        undo_restore(text, &current.sets[KEYTEXT_NOW], &model.steps);
        keyset_free(&current.sets[KEYTEXT_NOW]);
        current.sets[KEYTEXT_NOW] = model.next;
        memset(&model.next, 0, sizeof(model.next));
        ok(!keyset_sort(&current.sets[KEYTEXT_NOW]), "sorted\n");
    }
    ok(!undo_restore(text, &current.sets[KEYTEXT_NOW], &model.steps),
       "nothing is left to be done\n");
    result = write_text(&current);
    keytext_free(&current);
    return result;
}

#define K(name)   "[Software\\\\Classes\\\\" name "]\n"
#define NOW(keys) HEAD "; set now\n[Software\\\\Classes]\n" keys END

/* What is there before, after registering, when uninstalling begins, after unregistering, and what
 * restoring makes of it. */
static const struct
{
    const char *what, *before, *registered, *later, *unregistered, *restored;
} undos[] =
{
    {"new keys go, with those above them",
     NOW(K("a")),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n"),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n"),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n"),
     NOW(K("a"))},
    {"values get what they were",
     NOW(K("a") "@=\"old\"\n\"b\"=hex(7):00\n"),
     NOW(K("a") "@=\"new\"\n\"c\"=\"d\"\n"),
     NOW(K("a") "@=\"new\"\n\"c\"=\"d\"\n"),
     NOW(K("a") "@=\"new\"\n\"c\"=\"d\"\n"),
     NOW(K("a") "@=\"old\"\n\"b\"=hex(7):00\n")},
    {"what others changed since stays",
     NOW(K("a") "@=\"old\"\n"),
     NOW(K("a") "@=\"new\"\n" K("n") "@=\"1\"\n"),
     NOW(K("a") "@=\"theirs\"\n" K("n") "@=\"theirs\"\n"),
     NOW(K("a") "@=\"theirs\"\n" K("n") "@=\"theirs\"\n"),
     NOW(K("a") "@=\"theirs\"\n" K("n") "@=\"theirs\"\n")},
    {"keys of others below ours stay, with those above",
     NOW(K("a")),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n" K("n\\\\y")),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n" K("n\\\\x\\\\mine") "@=\"2\"\n" K("n\\\\y")),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n" K("n\\\\x\\\\mine") "@=\"2\"\n" K("n\\\\y")),
     NOW(K("a") K("n") K("n\\\\x") "@=\"1\"\n" K("n\\\\x\\\\mine") "@=\"2\"\n")},
    {"what unregistering took along comes back",
     NOW(K("a") K("a\\\\b") "@=\"1\"\n" K("gone") "@=\"2\"\n"),
     NOW(K("a") "@=\"ours\"\n" K("a\\\\b") "@=\"1\"\n" K("gone") "@=\"2\"\n"),
     NOW(K("a") "@=\"ours\"\n" K("a\\\\b") "@=\"1\"\n"),
     NOW(),
     NOW(K("a") K("a\\\\b") "@=\"1\"\n")},
    {"a key whose values unregistering took goes when it held ours",
     NOW(K("a")),
     NOW(K("a") K("n") "@=\"1\"\n" K("n\\\\x") "@=\"1\"\n" K("m") "@=\"1\"\n"),
     NOW(K("a") K("n") "@=\"1\"\n" K("n\\\\x") "@=\"1\"\n" K("m") "@=\"1\"\n"),
     NOW(K("a") K("m") K("n")),
     NOW(K("a") K("m"))},
};

static void take(struct keytext *text, int (*step)(struct keytext *, const struct keyset *),
                 const char *registry)
{
    struct keytext current;

    must_read(registry, &current);
    ok(!step(text, &current.sets[KEYTEXT_NOW]), "memory\n");
    keytext_free(&current);
}

static void is_registry(const char *what, const char *got, const char *wanted)
{
    ok(!strcmp(got, wanted), "%s:\n%sand not\n%s\n", what, got, wanted);
}

static void test_undo(void)
{
    struct keytext text;
    size_t i;

    for (i = 0; i < COUNT_OF(undos); i++)
    {
        memset(&text, 0, sizeof(text));
        take(&text, undo_begin, undos[i].before);
        take(&text, undo_record, undos[i].registered);
        ok(text.changed, "%s: changed\n", undos[i].what);
        /* Once more, when all is as registering left it. */
        take(&text, undo_begin, undos[i].registered);
        take(&text, undo_record, undos[i].registered);
        ok(!text.changed && !text.there[KEYTEXT_NOW], "%s: not changed\n", undos[i].what);
        take(&text, undo_end, undos[i].later);
        /* Interrupted, and begun again. */
        take(&text, undo_end, undos[i].unregistered);
        is_registry(undos[i].what, restore(&text, undos[i].unregistered), undos[i].restored);
        keytext_free(&text);
    }
}

/* Stopped after each step: what comes next records what was written. */
static void test_interrupted(void)
{
    static const char before[] = NOW(K("a") "@=\"old\"\n");
    static const char half[] = NOW(K("a") "@=\"new\"\n");
    static const char all[] = NOW(K("a") "@=\"new\"\n" K("n") "@=\"1\"\n");
    struct keytext text = {0};

    take(&text, undo_begin, before);
    take(&text, undo_begin, half);
    take(&text, undo_record, all);
    take(&text, undo_end, all);
    is_registry("install twice", restore(&text, all), before);
    keytext_free(&text);

    memset(&text, 0, sizeof(text));
    take(&text, undo_begin, before);
    take(&text, undo_end, half);
    is_registry("uninstall after half of it", restore(&text, half), before);
    undo_ended(&text);
    ok(!text.there[KEYTEXT_UNREGISTERED], "ended\n");
    keytext_free(&text);

    memset(&text, 0, sizeof(text));
    take(&text, undo_begin, before);
    take(&text, undo_record, all);
    is_registry("install undone at once", restore(&text, NOW(K("n") "@=\"1\"\n")), before);
    keytext_free(&text);
}

/* Version 0.1 left keys without values out, where others are below them. */
static void test_version_0_1(void)
{
    static const char kept[] = "; set before\n"
                               "[Software\\\\Classes\\\\a\\\\b] 1700000000\n#time=1\n@=\"old\"\n\n"
                               "; set written\n"
                               "[Software\\\\Classes\\\\a\\\\b]\n@=\"new\"\n\n"
                               "[Software\\\\Classes\\\\n\\\\x\\\\y]\n@=\"1\"\n\n";
    static const char now[] =
        NOW(K("a") K("a\\\\b") "@=\"new\"\n" K("n") K("n\\\\x") K("n\\\\x\\\\y") "@=\"1\"\n");
    struct keytext text;

    must_read(kept, &text);
    take(&text, undo_end, now);
    is_registry("uninstall", restore(&text, now), NOW(K("a") K("a\\\\b") "@=\"old\"\n"));
    keytext_free(&text);
    must_read(kept, &text);
    take(&text, undo_begin, now);
    take(&text, undo_record, now);
    take(&text, undo_end, now);
    is_registry("install once more", restore(&text, now), NOW(K("a") K("a\\\\b") "@=\"old\"\n"));
    keytext_free(&text);
}

/* Links are neither changed nor removed, and what cannot be changed leaves all above it. */
static void test_untouched(void)
{
#define LINK "\"SymbolicLinkValue\"=hex(6):5c,00\n"
    static const char kept[] =
        "; set before\n" K("a") LINK K("b") "@=\"1\"\n; set written\n" K("a") "@=\"1\"\n" K("b")
            LINK K("c") LINK K("n\\\\x") "@=\"1\"\n";
    static const char now[] =
        NOW(K("a") "@=\"1\"\n" K("b") LINK K("c") LINK K("n") K("n\\\\x") "@=\"1\"\n");
#undef LINK
    struct model model = {.steps = {model_remove, model_set}, .refuse = 1};
    struct keytext text, current;

    must_read(kept, &text);
    must_read(now, &current);
    ok(undo_restore(&text, &current.sets[KEYTEXT_NOW], &model.steps) == 1, "one step is tried\n");
    keytext_free(&text);
    keytext_free(&current);
}

START_TEST(keys)
{
    test_wine_lines();
    test_refused();
    test_changed();
    test_order();
    test_limits();
    test_undo();
    test_interrupted();
    test_version_0_1();
    test_untouched();
}
