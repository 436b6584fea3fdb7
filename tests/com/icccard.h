/*
 * The card service's objects over the rig's card, and what the card itself says that it got.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h, cardtest.h and rigctl.h.
 */

#ifndef TESTS_COM_ICCCARD_H
#define TESTS_COM_ICCCARD_H

#define SLOTS 4

static ISCardManage *manage;
static ISCardFileAccess *files;
static ISCardVerify *verify;
static ISCardAuth *auth;
static HSCARD_FILE step_files[SLOTS]; /* files that tables of iccsteps.h have open */
static char rig_answer[600000];

/* ---- the card ---- */

static void rig(const char *line)
{
    if (rig_request(line, rig_answer, sizeof(rig_answer)))
        ok(0, "%s: %s\n", line, rig_answer);
}

TEST_USED static void attach(SCARD_SHARE_MODES share)
{
    BSTR reader = reader_with_card();

    ok_hr(ISCardManage_AttachByIFD(manage, reader, share), S_OK);
    SysFreeString(reader);
    memset(step_files, 0, sizeof(step_files));
}

/* A new card of that profile, attached. */
TEST_USED static void use_card(const char *profile, SCARD_SHARE_MODES share)
{
    char line[64];

    ISCardManage_Detach(manage);
    rig("card eject");
    snprintf(line, sizeof(line), "card insert %s", profile);
    rig(line);
    attach(share);
}

TEST_USED static void create_services(void)
{
    manage = create_manage();
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardManage_CreateCHVerification(manage, &verify), S_OK);
    ok_hr(ISCardManage_CreateCardAuth(manage, &auth), S_OK);
}

TEST_USED static void release_services(void)
{
    ISCardManage_Detach(manage);
    ISCardFileAccess_Release(files);
    ISCardVerify_Release(verify);
    ISCardAuth_Release(auth);
    ISCardManage_Release(manage);
}

/* ---- what the card got ---- */

static int step_fits(const char *pattern, const char *command)
{
    for (; *pattern && *pattern != ' '; pattern++, command++)
    {
        if (*pattern == '*')
            return 1;
        if (*pattern != *command && (*pattern != '?' || *command == ':' || !*command))
            return 0;
    }
    return *command == ':';
}

static const char *next_word(const char *text)
{
    text += strcspn(text, " ");
    return text + strspn(text, " ");
}

static void check_commands(const char *log)
{
    const char *command = next_word(rig_answer);

    for (; *log; log = next_word(log), command = next_word(command))
    {
        if (!*command || !step_fits(log, command))
        {
            ok(0, "the card got \"%.80s\" where \"%.80s\" was expected\n", command, log);
            return;
        }
    }
    ok(!*command, "the card got \"%.80s\" after all that was expected\n", command);
}

/*
 * What the card got since its log was cleared: blank between commands, hexadecimal, '?' any digit,
 * "*" at the end of a command any rest; "" nothing; "#N" any N commands.
 */
TEST_USED static void check_log(const char *log)
{
    unsigned long count;
    const char *total;

    if (sscanf(log, "#%lu", &count) != 1)
    {
        rig("card dump");
        check_commands(log);
        return;
    }
    rig("card log");
    total = strstr(rig_answer, "total=");
    ok(total && strtoul(total + 6, NULL, 10) == count, "\"%.80s\" instead of %lu commands\n",
       rig_answer, count);
}

#endif
