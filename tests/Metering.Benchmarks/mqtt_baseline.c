/* The raw C pipeline that `bench mqtt` is held against: MQTT 5 over a plain socket, QoS 1, 100 bytes a message, at most 100
   unacknowledged, packets batched into one send(). No library, no threads, no error recovery: what the wire and the broker
   allow. Usage: mqtt_baseline PORT USER PASSWORD TOPIC COUNT; prints the messages a second. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW = 100, PAYLOAD = 100, CHUNK = 65536 };

static unsigned char out[CHUNK], in[CHUNK];

static size_t text(unsigned char *to, const char *s) {
    size_t n = strlen(s);
    to[0] = (unsigned char)(n >> 8);
    to[1] = (unsigned char)n;
    memcpy(to + 2, s, n);
    return n + 2;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void all(int fd, const unsigned char *bytes, size_t n) {
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, 0);
        if (sent <= 0) { perror("send"); exit(1); }
        bytes += sent;
        n -= (size_t)sent;
    }
}

int main(int argc, char **argv) {
    if (argc != 6) { fprintf(stderr, "usage: mqtt_baseline PORT USER PASSWORD TOPIC COUNT\n"); return 64; }
    long count = atol(argv[5]);
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) { perror("connect"); return 69; }

    unsigned char *p = out + 2;                     /* remaining length < 128 */
    p += text(p, "MQTT");
    *p++ = 5; *p++ = 0xC2; *p++ = 0; *p++ = 60; *p++ = 0;   /* version, user+password+clean start, keep-alive, no properties */
    p += text(p, argv[2]);
    p += text(p, argv[2]);
    p += text(p, argv[3]);
    out[0] = 0x10; out[1] = (unsigned char)(p - out - 2);
    all(fd, out, (size_t)(p - out));
    if (recv(fd, in, sizeof in, 0) < 4 || in[0] != 0x20 || in[3] != 0) { fprintf(stderr, "refused\n"); return 69; }

    size_t topic = strlen(argv[4]), remaining = 2 + topic + 2 + 1 + PAYLOAD, held = 0;
    long sent = 0, acked = 0;
    double begin = now();
    while (acked < count) {
        unsigned char *w = out;
        while (sent < count && sent - acked < WINDOW) {
            *w++ = 0x32;
            *w++ = (unsigned char)(remaining % 128 | 128);
            *w++ = (unsigned char)(remaining / 128);
            w += text(w, argv[4]);
            *w++ = (unsigned char)((sent % 65535 + 1) >> 8);
            *w++ = (unsigned char)(sent % 65535 + 1);
            *w++ = 0;
            memset(w, 'x', PAYLOAD);
            w += PAYLOAD;
            sent++;
        }
        if (w > out) all(fd, out, (size_t)(w - out));
        ssize_t got = recv(fd, in + held, sizeof in - held, 0);
        if (got <= 0) { perror("recv"); return 1; }
        held += (size_t)got;
        size_t at = 0;
        while (held - at >= 2 && held - at >= 2u + in[at + 1]) {
            if (in[at] == 0x40) acked++;
            at += 2u + in[at + 1];
        }
        memmove(in, in + at, held - at);
        held -= at;
    }
    printf("%.0f\n", (double)count / (now() - begin));
    close(fd);
    return 0;
}
