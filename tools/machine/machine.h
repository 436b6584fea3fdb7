/*
 * What 32-bit code this machine runs, found out by running some.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include <stddef.h>

enum machine_answer
{
    MACHINE_NO,
    MACHINE_YES,
    MACHINE_EMULATED, /* runs, but by a program that binfmt_misc starts for it */
    MACHINE_UNKNOWN,  /* could not be tried */
};

struct machine_result
{
    enum machine_answer answer;
    char why[128]; /* what happened, one line for people */
};

/*
 * Whether the kernel starts i386 ELF programs, which old WoW64 is: starts one. Native and emulated
 * are told apart by what the kernel says the process executes, /proc/PID/exe; without /proc the
 * answer is unknown. Needs no place of its own: where programs in memory are refused, directories
 * that take programs are tried (TMPDIR, /tmp, /var/tmp, /dev/shm, XDG_RUNTIME_DIR, HOME); when all
 * of them refuse to execute anything, the answer is unknown. Takes at most 20 seconds a try.
 */
void machine_try_program(struct machine_result *result);

/*
 * Whether 32-bit code runs inside a 64-bit process, which new WoW64 does: a child process jumps to
 * the selector that Linux has for it, loads a value by the 32-bit data segment, and jumps back.
 * Never MACHINE_EMULATED. Always MACHINE_NO on other processors than x86_64.
 */
void machine_try_code(struct machine_result *result);

/* "no", "yes", "emulated" or "unknown". */
const char *machine_word(enum machine_answer answer);

/* The answer of that word in the first size characters of text, -1 when it is none. */
int machine_answer_of(const char *text, size_t size);

/* Answers that a test gives in place of the machine. */
struct machine_seam
{
    int program, code; /* enum machine_answer, or -1: not given */
};

/*
 * Reads "i386-programs=WORD 32-bit-code=WORD" (either, both or neither; blanks or commas between).
 * text may be NULL. 0 when it is nothing else, else -1.
 */
int machine_read_seam(const char *text, struct machine_seam *seam);

#endif
