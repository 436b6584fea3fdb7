/*
 * scardtool probe-card: a profile for a card of unknown kind.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The card is taken EXCLUSIVE unless --shared says otherwise, reset before and after: no program
 * finds itself in another directory, and none that has verified a code loses it unknowingly.
 */

#include "scardtool.h"

#include <winscard.h>

#include "base/error.h"
#include "cardprobe.h"
#include "icc/profiletext.h"
#include "iso7816/codes.h"
#include "limit.h"

/* The whole of it; a card that answers takes some seconds. */
#define PROBE_SECONDS 300

typedef LONG(WINAPI *transmit_function)(SCARDHANDLE, const SCARD_IO_REQUEST *, const BYTE *, DWORD,
                                        SCARD_IO_REQUEST *, BYTE *, DWORD *);

struct session
{
    BSTR reader;
    ISCard *card;
    SCARDHANDLE handle;
    transmit_function transmit;
    SCARD_IO_REQUEST pci;
    BYTE atr[ATR_MAX];
    LONG atr_length;
    ULONGLONG began;
    BOOL json, locked, timed_out;
};

static volatile LONG interrupted;

static BOOL WINAPI interrupt(DWORD event)
{
    (void)event;
    InterlockedExchange(&interrupted, 1);
    return TRUE;
}

/* ---- the card ---- */

/* Through the DLL's own SCardTransmit, which sends each command once and as it is. */
static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct session *session = context;
    DWORD length = (DWORD)*reply_len;
    LONG result;

    limit_begin(L"command", LIMIT_LOCK);
    result = session->transmit(session->handle, &session->pci, command, (DWORD)command_len, NULL,
                               reply, &length);
    limit_end();
    *reply_len = result ? 0 : length;
    return result;
}

static HRESULT read_atr(struct session *session)
{
    IByteBuffer *buffer = NULL;
    BYTE *bytes = NULL;
    HRESULT hr = ISCard_get_Atr(session->card, &buffer);

    if (SUCCEEDED(hr))
        hr = buffer_bytes(buffer, ATR_MAX, &bytes, &session->atr_length);
    if (SUCCEEDED(hr))
        memcpy(session->atr, bytes, session->atr_length);
    CoTaskMemFree(bytes);
    if (buffer)
        IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT open_card(struct session *session, BOOL shared)
{
    SCARD_SHARE_MODES mode = shared ? SHARED : EXCLUSIVE;
    SCARD_PROTOCOLS protocol = T0;
    HRESULT hr;

    limit_begin(L"card", LIMIT_LOCK);
    hr = ISCard_AttachByReader(session->card, session->reader, mode, T0 | T1);
    if (SUCCEEDED(hr) && shared)
    {
        hr = ISCard_LockSCard(session->card);
        session->locked = SUCCEEDED(hr);
    }
    if (SUCCEEDED(hr))
        hr = ISCard_ReAttach(session->card, mode, RESET);
    limit_end();
    if (SUCCEEDED(hr))
        hr = ISCard_get_Protocol(session->card, &protocol);
    if (SUCCEEDED(hr))
        hr = ISCard_get_CardHandle(session->card, &session->handle);
    session->pci.dwProtocol = protocol == T1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0;
    session->pci.cbPciLength = sizeof(session->pci);
    return SUCCEEDED(hr) ? read_atr(session) : hr;
}

static void disconnect(struct session *session)
{
    if (!session->card)
        return;
    limit_begin(L"card", LIMIT_SERVICE);
    if (session->locked)
        ISCard_UnlockSCard(session->card, RESET);
    ISCard_Detach(session->card, RESET);
    limit_end();
    release_card(session->card);
}

static int attach(struct session *session, BOOL shared)
{
    HMODULE dll;
    HRESULT hr = create_object(&CLSID_CSCard, &IID_ISCard, (void **)&session->card);

    if (FAILED(hr))
        return fail(hr, L"probe-card");
    dll = GetModuleHandleW(L"scardssp.dll");
    session->transmit = dll ? (void *)GetProcAddress(dll, "ScardsspTransmit") : NULL;
    if (!session->transmit)
        return fail_text(L"the registered scardssp.dll is another one, without ScardsspTransmit");
    hr = open_card(session, shared);
    if (hr == SCARD_E_SHARING_VIOLATION)
    {
        fail(hr, L"%ls", session->reader);
        return fail_text(shared ? L"that program keeps the card to itself: end it first"
                                : L"another program uses the card: end it, or give --shared, which "
                                  L"resets the card under it");
    }
    return FAILED(hr) ? fail(hr, L"%ls", session->reader) : EXIT_OK;
}

/* ---- what is said ---- */

static int stopped(void *context)
{
    struct session *session = context;

    session->timed_out = GetTickCount64() - session->began > PROBE_SECONDS * 1000;
    return session->timed_out || interrupted;
}

/* Lines of comment, so that the whole output is a profile. */
static void say_sending(void *context, const struct cardprobe_step *step)
{
    struct session *session = context;

    if (session->json)
        return;
    out(L"# %u. %hs: ", step->number, step->name);
    out_hex(step->command, step->command_len);
}

static void say_json(const struct cardprobe_step *step)
{
    BYTE sw[2] = {(BYTE)(step->sw >> 8), (BYTE)step->sw};
    WCHAR text[CARDPROBE_NAME_ROOM];

    json_open(NULL, '{');
    json_hex(L"command", step->command, step->command_len);
    wsprintfW(text, L"%hs", step->name);
    json_text(L"name", text);
    json_hex(L"sw", sw, step->result ? 0 : sizeof(sw));
    json_number(L"length", (long)step->data_len);
    wsprintfW(text, L"%hs", step->meaning);
    json_text(L"meaning", text);
    json_close();
}

static void say_answered(void *context, const struct cardprobe_step *step)
{
    struct session *session = context;

    if (session->json)
        say_json(step);
    else if (step->result)
        out(L" -> no answer\n");
    else if (step->data_len)
        out(L" -> %04X, %hs, %u bytes\n", step->sw, step->meaning, (unsigned)step->data_len);
    else
        out(L" -> %04X, %hs\n", step->sw, step->meaning);
}

/* Why there is no profile; the exit code. */
static int explain(const struct session *session, const struct cardprobe *probe,
                   const struct cardprobe_options *options)
{
    char meaning[CARDPROBE_NAME_ROOM];

    switch (probe->end)
    {
    case CARDPROBE_FAILED:
        return fail(error_hresult(probe->result), L"%ls, at command %u", session->reader,
                    probe->commands);
    case CARDPROBE_LIMIT:
        return fail_text(L"the card wanted more than %u commands: its answers have no end",
                         CARDPROBE_MAX_COMMANDS);
    case CARDPROBE_STOPPED:
        return session->timed_out
                   ? fail_text(L"the card took more than %u seconds; no profile is made",
                               PROBE_SECONDS)
                   : fail_text(L"interrupted; no profile is made");
    default: break;
    }
    cardprobe_meaning(probe->last_sw, meaning);
    return fail_text(
        L"no SELECT found anything on this card (the last one: %04X, %hs), so there is "
        L"nothing to make a profile of%ls",
        probe->last_sw, meaning,
        options->other_classes ? L"" : L"; --other-classes tries other class bytes");
}

/* ---- where it goes ---- */

static int deliver(const struct session *session, const WCHAR *output, BOOL force, const char *text,
                   size_t length)
{
    static WCHAR wide[CARDPROBE_TEXT_ROOM];
    int code = output ? write_file(output, force, text, length) : EXIT_OK;

    if (session->json)
    {
        MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, ARRAYSIZE(wide));
        json_text(L"profile", wide);
    }
    else if (!output)
        out_bytes(text, length);
    else if (!code)
        out(L"# The profile is in %ls; this puts it into the prefix:\n"
            L"# scardtool profile add \"%ls\"\n",
            output, output);
    return code;
}

/* ---- the whole ---- */

static int probe_session(struct session *session, const struct arguments *arguments,
                         const struct cardprobe_options *options)
{
    static struct cardprobe probe;
    static struct profiletext profile;
    static char text[CARDPROBE_TEXT_ROOM];
    struct profiletext_error error;
    struct cardprobe_host host =
    {
        transmit, say_sending, say_answered, stopped, session,
        session->pci.dwProtocol == SCARD_PROTOCOL_T1 ? APDU_T1 : APDU_T0
    };
    const WCHAR *output = option(arguments, L"--output");
    size_t length;

    session->began = GetTickCount64();
    if (session->json)
        json_open(L"commands", '[');
    cardprobe_run(&probe, &host, options, session->atr, session->atr_length);
    if (session->json)
        json_close();
    if (probe.end != CARDPROBE_DONE)
    {
        if (session->json)
            json_text(L"profile", NULL);
        return explain(session, &probe, options);
    }
    length = cardprobe_write(&probe, options, text, sizeof(text));
    if (!length || profiletext_parse(text, length, &profile, &error))
    {
        if (session->json)
            json_text(L"profile", NULL);
        return fail_text(L"no profile can be made of what the card answered");
    }
    return deliver(session, output, option(arguments, L"--force") != NULL, text, length);
}

static int probe_reader(struct session *session, const struct arguments *arguments,
                        const struct cardprobe_options *options)
{
    int code = attach(session, option(arguments, L"--shared") != NULL);

    if (!code)
    {
        if (session->json)
        {
            json_open(NULL, '{');
            json_text(L"reader", session->reader);
            json_hex(L"atr", session->atr, session->atr_length);
        }
        else
        {
            out(L"# %ls, ATR ", session->reader);
            out_hex(session->atr, session->atr_length);
            out(L"; scardtool atr tells more of it.\n");
        }
        code = probe_session(session, arguments, options);
        if (session->json)
            json_close();
    }
    disconnect(session);
    return code;
}

/* True when there is a user who says yes. Whoever redirects either stream is asked nothing. */
static BOOL ask(const WCHAR *question)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE), output = GetStdHandle(STD_OUTPUT_HANDLE);
    char answer[80];
    DWORD mode, got = 0;

    if (!GetConsoleMode(input, &mode) || !GetConsoleMode(output, &mode))
        return FALSE;
    out(L"%ls [y/N] ", question);
    return ReadFile(input, answer, sizeof(answer), &got, NULL) && got &&
           (answer[0] == 'y' || answer[0] == 'Y');
}

/* The bytes of a name for a profile, or FALSE. */
static BOOL take_name(const WCHAR *wide, char name[3 * PROFILETEXT_MAX_NAME + 1])
{
    struct profiletext_error error;
    static struct profiletext profile;
    char text[4 * PROFILETEXT_MAX_NAME + 32];

    if (!WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, 3 * PROFILETEXT_MAX_NAME + 1, NULL, NULL))
        return FALSE;
    if (strpbrk(name, "#\r\n"))
        return FALSE;
    wsprintfA(text, "name = %s\natr = 3B00\n", name);
    return !profiletext_parse(text, strlen(text), &profile, &error);
}

static void choose(const struct arguments *arguments, struct cardprobe_options *options)
{
    options->code_query =
        option(arguments, L"--code-query") != NULL ||
        (!arguments->json &&
         ask(L"May the card be asked for the state of code 1, by VERIFY without data? Some cards "
             L"count that as a wrong try; two may be used."));
    options->other_classes = option(arguments, L"--other-classes") != NULL;
}

static int run(const struct arguments *given)
{
    const WCHAR *output = option(given, L"--output"), *name = option(given, L"--name");
    char narrow[3 * PROFILETEXT_MAX_NAME + 1];
    struct cardprobe_options options = {0, 0, NULL};
    struct arguments arguments = *given;
    struct session session = {.json = given->json};
    int code;

    if (name && !take_name(name, narrow))
        return fail_usage(L"%ls cannot be the name of a profile", name);
    options.name = name ? narrow : NULL;
    if (output && !option(given, L"--force") &&
        GetFileAttributesW(output) != INVALID_FILE_ATTRIBUTES)
        return fail_text(L"%ls is there already; --force writes over it", output);
    if (given->count && option(given, L"--reader"))
        return fail_usage(L"the reader is given twice");
    if (given->count && given->option_count == MAX_VALUES)
        return fail_usage(L"more than %d options", MAX_VALUES);
    if (given->count)
    {
        arguments.options[arguments.option_count] = L"--reader";
        arguments.values[arguments.option_count++] = given->texts[0];
    }
    choose(&arguments, &options);
    SetConsoleCtrlHandler(interrupt, TRUE);
    if (!(session.reader = choose_reader(&arguments, &code)))
        return code;
    code = probe_reader(&session, &arguments, &options);
    SysFreeString(session.reader);
    return code;
}

static const struct option options[] =
{
    READER_OPTION,
    {L"--output", L"FILE", L"write the profile to FILE, which must not be there"},
    {L"--force", NULL, L"write over FILE"},
    {L"--name", L"NAME", L"the profile's name; default: what was found"},
    {L"--code-query", NULL, L"ask for the state of code 1 too: some cards count that as a try"},
    {L"--other-classes", NULL, L"try class bytes that the card gave no reason to try"},
    {L"--shared", NULL, L"also while another program uses the card, which is reset under it"},
    {NULL, NULL, NULL},
};

const struct command command_probe_card =
{
    L"probe-card", L"[READER]", L"write the profile of an unknown card, by reading alone",
    0, 1, options, run,
};
