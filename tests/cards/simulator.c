/*
 * A card together with what a test wants it to do wrong.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "simulator.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool simulator_init(struct simulator *sim, const char *profile_path, struct bytes *error)
{
    sim->drop_after = -1;
    sim->inserted = true;
    sim->has_pad = true;
    return simulator_load(sim, profile_path, error);
}

void simulator_destroy(struct simulator *sim)
{
    simulator_clear(sim);
    card_destroy(sim->card);
    free(sim->profile_path);
    bytes_free(&sim->pad_code);
    bytes_free(&sim->pad_new_code);
    apdulog_close(&sim->log);
}

/* The path that name stands for; the caller frees it. */
static char *find_profile(const struct simulator *sim, const char *name)
{
    const char *slash = sim->profile_path ? strrchr(sim->profile_path, '/') : NULL;
    struct bytes path = {0};

    if (!strchr(name, '/') && access(name, R_OK))
    {
        if (slash)
            bytes_add(&path, sim->profile_path, (size_t)(slash - sim->profile_path) + 1);
        bytes_add(&path, name, strlen(name) + 1);
        if (!access((char *)path.data, R_OK))
            return (char *)path.data;
        path.len--;
        bytes_add(&path, ".card", sizeof(".card"));
        return (char *)path.data;
    }
    bytes_add(&path, name, strlen(name) + 1);
    return (char *)path.data;
}

bool simulator_load(struct simulator *sim, const char *name, struct bytes *error)
{
    char *path = find_profile(sim, name);
    struct profile *profile = profile_load(path, error);

    if (!profile)
    {
        free(path);
        return false;
    }
    card_destroy(sim->card);
    free(sim->profile_path);
    sim->card = card_create(profile);
    sim->profile_path = path;
    return true;
}

static void remove_script(struct simulator *sim)
{
    struct script *script = sim->scripts;

    sim->scripts = script->next;
    bytes_free(&script->answer);
    free(script);
}

static void execute(struct simulator *sim, const uint8_t *apdu, size_t len, struct bytes *out)
{
    struct session *session = sim->card->profile->session;

    if (!session)
        card_exchange(sim->card, apdu, len, out);
    else if (!session_answer(session, apdu, len, out))
        apdulog_event(&sim->log, "not in the session:");
}

static void answer(struct simulator *sim, const uint8_t *apdu, size_t len, struct bytes *out)
{
    const struct script *script = sim->scripts;

    if (!script || script->status_only)
        execute(sim, apdu, len, out);
    if (!script)
        return;
    if (script->status_only)
        out->len -= 2;
    bytes_add(out, script->answer.data, script->answer.len);
    remove_script(sim);
}

bool simulator_command(struct simulator *sim, const uint8_t *apdu, size_t len, struct bytes *out,
                       unsigned *delay_ms)
{
    size_t start = out->len;

    *delay_ms = 0;
    if (sim->drop_after >= 0 && sim->drop_after-- == 0)
    {
        apdulog_add(&sim->log, apdu, len, NULL, 0);
        apdulog_event(&sim->log, "dropped");
        sim->inserted = false;
        return false;
    }
    if (sim->delay_count)
    {
        *delay_ms = sim->delay_ms;
        if (sim->delay_count > 0)
            sim->delay_count--;
    }
    answer(sim, apdu, len, out);
    apdulog_add(&sim->log, apdu, len, out->data ? out->data + start : NULL, out->len - start);
    return true;
}

void simulator_reset(struct simulator *sim, const char *text)
{
    card_reset(sim->card);
    apdulog_event(&sim->log, text);
}

void simulator_add_script(struct simulator *sim, const uint8_t *data, size_t len, bool status_only)
{
    struct script *script = bytes_calloc(1, sizeof(*script)), **link = &sim->scripts;

    while (*link)
        link = &(*link)->next;
    *link = script;
    script->status_only = status_only;
    bytes_add(&script->answer, data, len);
}

void simulator_clear(struct simulator *sim)
{
    while (sim->scripts)
        remove_script(sim);
    sim->delay_ms = 0;
    sim->delay_count = 0;
    sim->drop_after = -1;
}

int64_t simulator_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
