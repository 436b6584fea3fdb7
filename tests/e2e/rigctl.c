/*
 * What a PE test asks of its rig, over a loopback connection.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <winsock2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rigctl.h"

static SOCKET connect_rig(void)
{
    struct sockaddr_in address = {0};
    const char *port = getenv("SCARDSSP_TEST_RIG_PORT");
    SOCKET rig;
    WSADATA data;

    if (!port || WSAStartup(MAKEWORD(2, 2), &data))
        return INVALID_SOCKET;
    rig = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_family = AF_INET;
    address.sin_port = htons((u_short)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (rig == INVALID_SOCKET || !connect(rig, (struct sockaddr *)&address, sizeof(address)))
        return rig;
    closesocket(rig);
    return INVALID_SOCKET;
}

int rig_request(const char *line, char *answer, size_t size)
{
    SOCKET rig = connect_rig();
    size_t used = 0;
    char text[1024];
    int got;

    if (rig == INVALID_SOCKET)
    {
        snprintf(answer, size, "there is no rig; run the test by tools/rig");
        return -1;
    }
    snprintf(text, sizeof(text), "%s\n", line);
    send(rig, text, (int)strlen(text), 0);
    while (used < size - 1 && (got = recv(rig, answer + used, (int)(size - 1 - used), 0)) > 0)
        used += got;
    answer[used] = 0;
    closesocket(rig);
    answer[strcspn(answer, "\r\n")] = 0;
    return strncmp(answer, "ok", 2) ? -1 : 0;
}
