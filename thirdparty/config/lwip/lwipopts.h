/* lwIP 2.2 as Ấn Tín wants it: one thread, raw API, IPv4 and IPv6. */
#ifndef ANTIN_LWIPOPTS_H
#define ANTIN_LWIPOPTS_H

#define NO_SYS                          1
#define SYS_LIGHTWEIGHT_PROT            0
#define LWIP_SOCKET                     0
#define LWIP_NETCONN                    0
#define LWIP_RAW                        0

/* Memory comes from malloc. lwIP then does NOT enforce the MEMP_NUM_ counts
 * (they only feed its sanity checks): the program limits its connections. */
#define MEM_ALIGNMENT                   8
#define MEM_LIBC_MALLOC                 1
#define MEMP_MEM_MALLOC                 1
#define MEMP_NUM_TCP_PCB                1024
#define MEMP_NUM_TCP_PCB_LISTEN         32
#define MEMP_NUM_TCP_SEG                16384
#define MEMP_NUM_UDP_PCB                32
#define MEMP_NUM_REASSDATA              32
#define MEMP_NUM_FRAG_PBUF              64
#define MEMP_NUM_ARP_QUEUE              64
#define MEMP_NUM_PBUF                   16384
#define PBUF_POOL_SIZE                  2048
#define IP_REASS_MAX_PBUFS              64

/* Link and IP. We are a host, never a router. */
#define LWIP_ETHERNET                   1
#define LWIP_ARP                        1
#define ARP_TABLE_SIZE                  64
#define ARP_QUEUEING                    1
#define ETHARP_SUPPORT_STATIC_ENTRIES   1
#define LWIP_IPV4                       1
#define LWIP_IPV6                       1
#define IP_FORWARD                      0
#define LWIP_IPV6_FORWARD               0
#define IPV6_FRAG_COPYHEADER            1   /* must be on where pointers are 64 bit */
#define LWIP_ND6_NUM_NEIGHBORS          32
#define LWIP_ND6_NUM_DESTINATIONS       64
#define LWIP_IPV6_AUTOCONFIG            1
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS  2
#define LWIP_ICMP                       1
#define LWIP_IGMP                       1   /* multicast DNS */
#define LWIP_IPV6_MLD                   1
#define LWIP_UDP                        1
#define LWIP_DHCP                       1
#define LWIP_AUTOIP                     0
#define LWIP_DNS                        1
#define DNS_MAX_SERVERS                 4
#define DNS_TABLE_SIZE                  16
#define LWIP_MDNS_RESPONDER             1
#define MDNS_MAX_SERVICES               4
#define LWIP_NUM_NETIF_CLIENT_DATA      1

#define LWIP_NETIF_HOSTNAME             1
#define LWIP_NETIF_STATUS_CALLBACK      1
#define LWIP_NETIF_LINK_CALLBACK        1
#define LWIP_NETIF_EXT_STATUS_CALLBACK  1

/* The virtio_net_hdr back ends leave sums to the kernel, netif by netif. */
#define LWIP_CHECKSUM_CTRL_PER_NETIF    1

/* TCP. Windows up to 512 KB; the write mark must stay clear of 64 KB. */
#define LWIP_TCP                        1
#define TCP_MSS                         1460
#define LWIP_WND_SCALE                  1
#define TCP_RCV_SCALE                   6
#define TCP_WND                         (512 * 1024)
#define TCP_SND_BUF                     (512 * 1024)
#define TCP_SND_QUEUELEN                4096
#define TCP_SNDLOWAT                    32768
#define TCP_OVERSIZE                    TCP_MSS
#define TCP_QUEUE_OOSEQ                 1
#define LWIP_TCP_SACK_OUT               1
#define LWIP_TCP_KEEPALIVE              1
#define TCP_LISTEN_BACKLOG              1   /* bounds half-open connections */
#define TCP_MSL                         1000UL /* TIME_WAIT is a list walked per segment: keep it short */

/* Ports, ids and sequence numbers come from our CSPRNG: lwIP's own initial
 * sequence number is a constant. Both functions are declared in arch/cc.h. */
#define LWIP_RAND()                     antin_lwip_rand()
#define LWIP_HOOK_TCP_ISN(lip, lport, rip, rport) antin_lwip_isn((lip), (lport), (rip), (rport))

#define LWIP_STATS                      0

#endif
