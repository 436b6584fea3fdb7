/*
 * Probing a card: one command with its whole answer. Shared by the parts of the probe alone.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_PROBESEND_H
#define SCARDTOOL_PROBESEND_H

#include "cardprobe.h"

#define PROBE_ANSWER_ROOM 1024u

/* A probe at work. */
struct prober
{
    struct cardprobe *probe;
    const struct cardprobe_host *host;
    const struct cardprobe_options *options;
    int here;               /* the place that is current for certain, else -1 */
    unsigned names_refused; /* SELECT by name: answers that were about P1 */
};

/* All that a command gave. */
struct probe_answer
{
    uint8_t data[PROBE_ANSWER_ROOM]; /* what is more is dropped */
    size_t len;
    uint16_t first_sw; /* of the command as it was meant */
    uint16_t sw;       /* the last one */
};

/*
 * Sends a command in the class in force, or in cla when it is 0 to 255, and follows what asks for
 * it: 61xx and 9Fxx by GET RESPONSE a few times, 6Cxx and 67xx once by the right Le (of VERIFY
 * nothing). Returns 1; 0 when the probe is at its end, which probe->end says then. *answer is
 * filled in either case, and is the caller's to wipe when it has contents of files.
 */
int probe_send(struct prober *prober, int cla, const struct apdu *apdu,
               struct probe_answer *answer);

/* ---- cardprobe.c ---- */

/* SELECT with that P1 and form. *fcp is what it told, raw or not. As probe_send. */
int probe_select(struct prober *prober, uint8_t p1, const uint8_t *data, size_t len,
                 struct fcp *fcp, uint16_t *sw);
int probe_select_fid(struct prober *prober, uint8_t p1, uint16_t fid, struct fcp *fcp,
                     uint16_t *sw);
/* Makes a directory current, or a file. As probe_send; *sw says whether it was found. */
int probe_enter(struct prober *prober, unsigned place, uint16_t *sw);
int probe_open(struct prober *prober, const struct cardprobe_file *file, uint16_t *sw);

/* ---- probereads.c: each part of the probe as probe_send ---- */

/* What reading the files that were found tells. */
int probe_reads(struct prober *prober);
/* The applications that EF.DIR names, most times; *count of them, CARDPROBE_MAX_NAME bytes each. */
int probe_directory(struct prober *prober, struct cardprobe_place *names, unsigned most,
                    unsigned *count);
/* Schlumberger's command that lists files. */
int probe_list(struct prober *prober);
/* The state of code 1, once; and again when there are tries enough to see whether that was one. */
int probe_query(struct prober *prober);

/* ---- answers ---- */

/* True (1) when SELECT has found something. */
int probe_found(uint16_t sw);
/* True (1) when another P1, P2 or Le may help. */
int probe_is_about_form(uint16_t sw);
/* True (1) when the class or the instruction is not the card's. */
int probe_is_wrong_class(uint16_t sw);

#endif
