/*
 * The harness of every test program, native or PE: checks, skips, marks of evidence, exact buffers,
 * noise that repeats itself, one summary line.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One program has one START_TEST(name) { ... } and includes this header, in the file of that line
 * and in no other. The words are those of Wine's tests, and so are the messages: each ends in "\n".
 * A native program runs where it was built, a PE one under Wine and on Windows, in both widths.
 * Both take the arguments
 *     --log FILE   write everything to FILE instead of the standard output
 *     --quiet      no trace lines
 *     --facts      at the end, for each line with checks that are guesses, how many of them held:
 *                  "guess FILE:LINE PASSED FAILED", for tools/conformance-diff
 *     --help       these arguments
 * The last line is "N passed, N failed, N skipped"; the exit code is 0 when nothing failed, else 1;
 * a program that has checked and skipped nothing has failed.
 * The checks may be used from any thread.
 */

#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#endif

/* What a checked fact rests on. A failure names it: a wrong guess may be corrected in the test. */
enum fact
{
    GUESS,      /* an inference, or a choice of this project; what a new thread begins with */
    DOCUMENTED, /* Microsoft's documentation, ISO 7816, PC/SC */
    NATIVE,     /* the original DLL: its type library, or a program that was written against it */
    FACT_KINDS
};

static FILE *test_output;
static long test_counts[FACT_KINDS][2]; /* [fact][passed] */
static long test_todos, test_skips;
static int test_quiet, test_under_wine, test_tells_facts;
static uint32_t test_seed = 0x7816;
static const char *test_argument;       /* the first one that is no option; NULL */
static __thread int test_todo;          /* inside todo_wine */
static __thread enum fact test_fact;    /* the mark of the checks that follow */
static __thread char test_context[256]; /* "row 3: ", set by test_push */

static const char *const test_fact_names[FACT_KINDS] = {"guess", "documented", "native"};

#define TEST_USED                __attribute__((unused))
#define TEST_PRINTF(text, first) __attribute__((format(printf, text, first), unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- what tests call ---- */

/* Counts a check, and says whether it was good. The message is printed when the condition is false,
 * which is known before anything of the message is: ok(f(), "error %lu\n", GetLastError()). */
#define ok(condition, ...) \
    __extension__({ \
        int ok_good_ = !!(condition); \
        test_check(__FILE__, __LINE__, ok_good_, __VA_ARGS__); \
    })

/* The checks that follow in this thread rest on NATIVE, DOCUMENTED or GUESS (the default). */
#define fact(kind) ((void)(test_fact = (kind)))

/* The checks in the next statement or block are known to fail under Wine; success is a failure. */
#define todo_wine todo_if(test_under_wine)
#define todo_if(condition) \
    for (int todo_end = (test_todo += !!(condition), 1), todo_was = !!(condition); todo_end; \
         test_todo -= todo_was, todo_end = 0)

/* A wrong answer that the original DLL is known to give; never accepted under Wine. */
#define broken(condition) (!test_under_wine && (condition))

/* Something could not be tested: says why, and counts. win_skip: may happen on Windows only. */
#define skip(...)     test_skip(__FILE__, __LINE__, 0, __VA_ARGS__)
#define win_skip(...) test_skip(__FILE__, __LINE__, 1, __VA_ARGS__)

/* A remark; counts for nothing. */
#define trace(...) test_trace(__FILE__, __LINE__, __VA_ARGS__)

/* Shorthands: an HRESULT or LONG, and an unsigned number, against what is expected. */
#define ok_hr(got, expected) \
    do { \
        int32_t ok_got_ = (got), ok_expected_ = (expected); \
        ok(ok_got_ == ok_expected_, "%s: got %#x, expected %#x\n", #got, (unsigned)ok_got_, \
           (unsigned)ok_expected_); \
    } while (0)
#define ok_uint(got, expected) \
    do { \
        unsigned long ok_got_ = (unsigned long)(got), ok_expected_ = (unsigned long)(expected); \
        ok(ok_got_ == ok_expected_, "%s: got %#lx, expected %#lx\n", #got, ok_got_, ok_expected_); \
    } while (0)
#define ok_bytes(got, expected, length) \
    test_compare(__FILE__, __LINE__, #got, (got), (expected), (length))

/* The text printed before each message until test_pop, for rows of a table. Not nested. */
TEST_PRINTF(1, 2) static void test_push(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(test_context, sizeof(test_context) - 2, format, args);
    va_end(args);
    test_context[sizeof(test_context) - 3] = 0;
    strcat(test_context, ": ");
}

TEST_USED static void test_pop(void)
{
    test_context[0] = 0;
}

/* The body of the program. COM is the test's own affair. */
#define START_TEST(name) \
    static void test_main_##name(void); \
    int main(int argc, char **argv) \
    { \
        return test_run(argc, argv, test_main_##name); \
    } \
    static void test_main_##name(void)

/* ---- buffers ---- */

/* size bytes of heap, exactly, so that a sanitizer sees the first byte touched past them. */
TEST_USED static void *test_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);

    if (!memory)
    {
        printf("out of memory\n");
        exit(1);
    }
    return memory;
}

/* A copy of exactly that size. Free it with free(). */
TEST_USED static void *test_memdup(const void *bytes, size_t size)
{
    void *copy = test_alloc(size);

    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

TEST_USED static unsigned test_digit(char c)
{
    const char *digits = "0123456789ABCDEF";
    const char *at = strchr(digits, c);

    if (!at || !c)
    {
        printf("bad hex digit in a table\n");
        exit(1);
    }
    return (unsigned)(at - digits);
}

/* Bytes written in upper case hex, blanks allowed, in a buffer of exactly that size to be freed. */
TEST_USED static uint8_t *test_bytes(const char *hex, size_t *size)
{
    uint8_t *all = test_alloc(strlen(hex) / 2 + 1), *exact;

    for (*size = 0; *hex; hex++)
    {
        if (*hex == ' ')
            continue;
        all[(*size)++] = (uint8_t)(test_digit(hex[0]) << 4 | test_digit(hex[1]));
        hex++;
    }
    exact = test_memdup(all, *size);
    free(all);
    return exact;
}

/* The same numbers in every run (xorshift). */
TEST_USED static uint32_t test_random(void)
{
    test_seed ^= test_seed << 13;
    test_seed ^= test_seed >> 17;
    test_seed ^= test_seed << 5;
    return test_seed;
}

/* size random bytes in a buffer of exactly that size to be freed. */
TEST_USED static uint8_t *test_noise(size_t size)
{
    uint8_t *bytes = test_alloc(size);
    size_t i;

    for (i = 0; i < size; i++)
        bytes[i] = (uint8_t)(test_random() >> 11);
    return bytes;
}

/* True (1) when all size bytes of memory are zero. */
TEST_USED static int test_all_zero(const void *memory, size_t size)
{
    const uint8_t *at = memory;

    while (size--)
    {
        if (*at++)
            return 0;
    }
    return 1;
}

#ifdef _WIN32
/* The blocks in use on all heaps (CoTaskMemAlloc's, GlobalAlloc's, malloc's), for leak
 * checks: compare before and after many rounds, with some room for caches. */
TEST_USED static DWORD test_heap_blocks(void)
{
    PROCESS_HEAP_ENTRY entry;
    HANDLE heaps[64];
    DWORD i, heap_count, count = 0;

    heap_count = GetProcessHeaps(64, heaps);
    for (i = 0; i < heap_count && i < 64; i++)
    {
        memset(&entry, 0, sizeof(entry));
        HeapLock(heaps[i]);
        while (HeapWalk(heaps[i], &entry))
            if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
                count++;
        HeapUnlock(heaps[i]);
    }
    return count;
}
#endif

/* ---- behind it ---- */

static void test_count(long *counter)
{
    __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

/* The lines with guesses and how many of them did not hold, and did; only with --facts. */
#define TEST_GUESSES_MAX 4096
static struct
{
    const char *file;
    int line;
    long counts[2];
} test_guesses[TEST_GUESSES_MAX];
static int test_guesses_lock;

static void test_note_guess(const char *file, int line, int good)
{
    unsigned at = (unsigned)line % TEST_GUESSES_MAX, tried;

    while (__atomic_exchange_n(&test_guesses_lock, 1, __ATOMIC_ACQUIRE))
        ;
    for (tried = 0; tried < TEST_GUESSES_MAX; tried++, at = (at + 1) % TEST_GUESSES_MAX)
        if (!test_guesses[at].line ||
            (test_guesses[at].line == line && !strcmp(test_guesses[at].file, file)))
            break;
    if (tried < TEST_GUESSES_MAX)
    {
        test_guesses[at].file = file;
        test_guesses[at].line = line;
        test_guesses[at].counts[good]++;
    }
    __atomic_store_n(&test_guesses_lock, 0, __ATOMIC_RELEASE);
}

/* The name without folders, which depend on where it was built. */
static const char *test_base_name(const char *file)
{
    const char *name = file;

    for (; *file; file++)
        if (*file == '/' || *file == '\\')
            name = file + 1;
    return name;
}

static void test_tell_guesses(void)
{
    unsigned i;

    for (i = 0; i < TEST_GUESSES_MAX; i++)
        if (test_guesses[i].line)
            fprintf(test_output, "guess %s:%d %ld %ld\n", test_base_name(test_guesses[i].file),
                    test_guesses[i].line, test_guesses[i].counts[1], test_guesses[i].counts[0]);
}

TEST_USED static void test_vprint(const char *file, int line, const char *what, const char *format,
                                  va_list args)
{
    char text[2048];
    size_t length;
    int used;

    used = snprintf(text, sizeof(text) - 1, "%s:%d: %s%s", test_base_name(file), line, what,
                    test_context);
    if (used < 0 || used >= (int)sizeof(text) - 1)
        used = 0;
    vsnprintf(text + used, sizeof(text) - 1 - used, format, args);
    /* One that was too long: what follows, the summary above all, begins a line of its own. */
    length = strlen(text);
    if (!length || text[length - 1] != '\n')
        strcpy(text + length, "\n");
    /* One call a line, so that threads do not mix. */
    fputs(text, test_output);
    fflush(test_output);
}

TEST_PRINTF(4, 5)
static int test_check(const char *file, int line, int good, const char *format, ...)
{
    char what[64];
    va_list args;

    if (test_tells_facts && test_fact == GUESS)
        test_note_guess(file, line, good);
    if (test_todo && !good)
    {
        test_count(&test_todos);
        if (test_quiet)
            return good;
        strcpy(what, "todo: ");
    }
    else if (!test_todo && good)
    {
        test_count(&test_counts[test_fact][1]);
        return good;
    }
    else
    {
        test_count(&test_counts[test_fact][0]);
        snprintf(what, sizeof(what), "%s [%s]: ", good ? "todo succeeded" : "failed",
                 test_fact_names[test_fact]);
    }
    va_start(args, format);
    test_vprint(file, line, what, format, args);
    va_end(args);
    return good;
}

TEST_PRINTF(4, 5)
static void test_skip(const char *file, int line, int windows_only, const char *format, ...)
{
    int fails = windows_only && test_under_wine;
    va_list args;

    test_count(fails ? &test_counts[test_fact][0] : &test_skips);
    va_start(args, format);
    test_vprint(file, line, fails ? "failed: skipped under Wine: " : "skipped: ", format, args);
    va_end(args);
}

TEST_PRINTF(3, 4)
static void test_trace(const char *file, int line, const char *format, ...)
{
    va_list args;

    if (test_quiet)
        return;
    va_start(args, format);
    test_vprint(file, line, "", format, args);
    va_end(args);
}

TEST_USED static int test_compare(const char *file, int line, const char *name, const void *got,
                                  const void *expected, size_t length)
{
    const uint8_t *a = got, *b = expected;
    size_t i;

    if (!got && length)
        return test_check(file, line, 0, "%s: NULL instead of %lu bytes\n", name,
                          (unsigned long)length);
    for (i = 0; i < length && a[i] == b[i]; i++)
        ;
    if (i == length)
        return test_check(file, line, 1, "same\n");
    return test_check(file, line, 0, "%s: byte %lu of %lu is %02x, expected %02x\n", name,
                      (unsigned long)i, (unsigned long)length, a[i], b[i]);
}

/* Prints what there was; returns the exit code. */
TEST_USED static int test_summary(void)
{
    long passed = 0, failed = 0;
    int i;

    if (test_tells_facts)
        test_tell_guesses();
    for (i = 0; i < FACT_KINDS; i++)
    {
        failed += test_counts[i][0];
        passed += test_counts[i][1];
        if (!test_quiet && (test_counts[i][0] || test_counts[i][1]))
            fprintf(test_output, "%s facts: %ld of %ld hold\n", test_fact_names[i],
                    test_counts[i][1], test_counts[i][0] + test_counts[i][1]);
    }
    if (test_todos)
        fprintf(test_output, "%ld known failures (todo_wine)\n", test_todos);
    fprintf(test_output, "%ld passed, %ld failed, %ld skipped\n", passed, failed, test_skips);
    fflush(test_output);
    return failed || !(passed + test_todos + test_skips);
}

#ifdef _WIN32
TEST_USED static LONG WINAPI test_crashed(EXCEPTION_POINTERS *info)
{
    fprintf(test_output, "%sfailed: unhandled exception %#lx at %p\n", test_context,
            (long)info->ExceptionRecord->ExceptionCode, info->ExceptionRecord->ExceptionAddress);
    test_count(&test_counts[test_fact][0]);
    test_summary();
    TerminateProcess(GetCurrentProcess(), 3);
    return EXCEPTION_EXECUTE_HANDLER;
}
#endif

TEST_USED static void test_prepare(void)
{
#ifdef _WIN32
    test_under_wine = GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") != NULL;
    SetUnhandledExceptionFilter(test_crashed);
#endif
}

TEST_USED static int test_run(int argc, char **argv, void (*body)(void))
{
    int i;

    test_output = stdout;
    for (i = 1; i < argc; i++)
    {
        if (!strcmp(argv[i], "--help"))
        {
            printf("Usage: %s [--quiet] [--facts] [--log FILE]\n\n"
                   "The last line is \"N passed, N failed, N skipped\".\n"
                   "  --quiet      no remarks\n"
                   "  --facts      at the end each line with guesses: how many held, and did not\n"
                   "  --log FILE   write to FILE\n",
                   argv[0]);
            return 0;
        }
        if (!strcmp(argv[i], "--quiet"))
            test_quiet = 1;
        else if (!strcmp(argv[i], "--facts"))
            test_tells_facts = 1;
        else if (!strcmp(argv[i], "--log") && i + 1 < argc)
        {
            if (!(test_output = fopen(argv[++i], "w")))
            {
                fprintf(stderr, "cannot write %s\n", argv[i]);
                return 2;
            }
        }
        else if (!test_argument)
            test_argument = argv[i];
    }
    test_prepare();
    body();
    return test_summary();
}

#endif
