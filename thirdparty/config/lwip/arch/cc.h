/* lwIP's view of compiler and C library: gcc and glibc, little endian. */
#ifndef ANTIN_LWIP_ARCH_CC_H
#define ANTIN_LWIP_ARCH_CC_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1

/* Keep htons() and friends to <arpa/inet.h>, ours are builtins. */
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

#define LWIP_PLATFORM_DIAG(x) do { printf x; } while (0)
#define LWIP_PLATFORM_ASSERT(x) do { \
        fprintf(stderr, "lwip: %s (%s:%d)\n", x, __FILE__, __LINE__); \
        abort(); \
    } while (0)

/* Supplied by the program. The addresses are `const ip_addr_t *`; the initial
 * sequence number must be RFC 6528's (clock + keyed hash of the four): a
 * client that reuses a port may trust that it grows. */
uint32_t antin_lwip_rand(void);
uint32_t antin_lwip_isn(const void *local_ip, uint16_t local_port,
                        const void *remote_ip, uint16_t remote_port);

#endif
