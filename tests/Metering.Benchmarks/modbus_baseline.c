/* The baseline of "metering bench modbus": libmodbus on the same wires, at the same time, against the same servers.
 *   server PORT          serves registers over TCP (libmodbus)
 *   responder            makes a pseudo-terminal, prints its path, answers 8-byte requests of unit 1 for 10 registers
 *   tcp PORT COUNT       reads 10 registers COUNT times, prints requests/s and CPU us per request
 *   rtu PATH COUNT       the same on a serial line
 * gcc -O2 -o modbus_baseline modbus_baseline.c -lmodbus */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { REGISTERS = 10, REQUEST = 8 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int serve(int port)
{
    modbus_t *bus = modbus_new_tcp("127.0.0.1", port);
    modbus_mapping_t *map = modbus_mapping_new(0, 0, 1000, 1000);
    int listener = modbus_tcp_listen(bus, 4);
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    if (listener < 0) return 1;
    for (int address = 0; address < 1000; address++) map->tab_registers[address] = address * 37;
    while (modbus_tcp_accept(bus, &listener) >= 0) {
        int length;
        while ((length = modbus_receive(bus, request)) >= 0)
            if (length > 0) modbus_reply(bus, request, length, map);
        modbus_close(bus);
    }
    return 1;
}

static uint16_t crc(const uint8_t *bytes, int length)
{
    uint16_t value = 0xFFFF;
    while (length--) {
        value ^= *bytes++;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xA001 : value >> 1;
    }
    return value;
}

static int respond(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY), length = 0;
    if (master < 0 || grantpt(master) || unlockpt(master)) return 1;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY); /* kept, so that nobody's closing hangs the line up */
    struct termios mode;
    tcgetattr(slave, &mode);
    cfmakeraw(&mode);
    tcsetattr(slave, TCSANOW, &mode);
    uint8_t request[REQUEST], reply[5 + 2 * REGISTERS] = {1, 3, 2 * REGISTERS};
    for (int index = 0; index < REGISTERS; index++) {
        reply[3 + 2 * index] = (uint8_t)(index * 37 >> 8);
        reply[4 + 2 * index] = (uint8_t)(index * 37);
    }
    uint16_t check = crc(reply, 3 + 2 * REGISTERS);
    reply[3 + 2 * REGISTERS] = (uint8_t)check;
    reply[4 + 2 * REGISTERS] = (uint8_t)(check >> 8);
    printf("%s\n", ptsname(master));
    fflush(stdout);
    for (;;) {
        ssize_t count = read(master, request + length, (size_t)(REQUEST - length));
        if (count <= 0) return 1;
        length += (int)count;
        if (length == REQUEST) {
            length = 0;
            if (write(master, reply, sizeof reply) != sizeof reply) return 1;
        }
    }
}

static int ask(modbus_t *bus, int count)
{
    uint16_t values[REGISTERS];
    modbus_set_slave(bus, 1);
    modbus_set_response_timeout(bus, 5, 0);
    if (modbus_connect(bus)) { fprintf(stderr, "%s\n", modbus_strerror(errno)); return 1; }
    double start = 0, cpu = 0;
    for (int request = -count / 10; request < count; request++) {
        if (request == 0) { start = seconds(); cpu = cpu_seconds(); }
        if (modbus_read_registers(bus, 0, REGISTERS, values) != REGISTERS || values[9] != 333) {
            fprintf(stderr, "%s\n", modbus_strerror(errno));
            return 1;
        }
    }
    double elapsed = seconds() - start;
    printf("%.1f %.3f\n", count / elapsed, (cpu_seconds() - cpu) * 1e6 / count);
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 3 && !strcmp(arguments[1], "server")) return serve(atoi(arguments[2]));
    if (count == 2 && !strcmp(arguments[1], "responder")) return respond();
    if (count == 4 && !strcmp(arguments[1], "tcp")) return ask(modbus_new_tcp("127.0.0.1", atoi(arguments[2])), atoi(arguments[3]));
    if (count == 4 && !strcmp(arguments[1], "rtu")) return ask(modbus_new_rtu(arguments[2], 115200, 'N', 8, 1), atoi(arguments[3]));
    fprintf(stderr, "usage: modbus_baseline server PORT | responder | tcp PORT COUNT | rtu PATH COUNT\n");
    return 64;
}
