#include "net/link.h"

#include <string.h>
#include <time.h>

#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/tcpip.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>
#include <sodium.h>

#define MTU 1500
#define LONGEST_SLEEP_MS 1000

static struct netif wire;
static struct link_settings settings;
static uint8_t isn_key[crypto_shorthash_KEYBYTES];

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* lwIP's clock. */
u32_t sys_now(void);

u32_t
sys_now(void)
{
	return (u32_t)(now_ns() / 1000000);
}

uint32_t
antin_lwip_rand(void)
{
	return randombytes_random();
}

/* RFC 6528 3: a clock of 4 µs plus a keyed hash of the connection's name. */
uint32_t
antin_lwip_isn(const void *local_ip, uint16_t local_port, const void *remote_ip,
    uint16_t remote_port)
{
	uint8_t name[2 * sizeof(ip_addr_t) + 4] = { 0 };
	uint8_t hash[crypto_shorthash_BYTES];
	uint32_t offset;

	memcpy(name, local_ip, sizeof(ip_addr_t));
	memcpy(name + sizeof(ip_addr_t), remote_ip, sizeof(ip_addr_t));
	memcpy(name + 2 * sizeof(ip_addr_t), &local_port, 2);
	memcpy(name + 2 * sizeof(ip_addr_t) + 2, &remote_port, 2);
	crypto_shorthash(hash, name, sizeof(name), isn_key);
	memcpy(&offset, hash, sizeof(offset));
	return (uint32_t)(now_ns() / 4000) + offset;
}

static err_t
send_frame(struct netif *netif, struct pbuf *p)
{
	static uint8_t frame[MTU + 64];
	u16_t len;

	(void)netif;
	if (p->tot_len > sizeof(frame))
		return ERR_BUF;
	len = pbuf_copy_partial(p, frame, p->tot_len, 0);
	settings.send(settings.context, (struct bytes){ frame, len });
	return ERR_OK;
}

static err_t
wire_init(struct netif *netif)
{
	netif->name[0] = 'e';
	netif->name[1] = 'n';
	netif->output = etharp_output;
	netif->linkoutput = send_frame;
	netif->mtu = MTU;
	netif->hwaddr_len = ETH_HWADDR_LEN;
	memcpy(netif->hwaddr, settings.mac, ETH_HWADDR_LEN);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
	    NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

enum fail
link_open(const struct link_settings *from)
{
	ip4_addr_t address, netmask, gateway;
	ip_addr_t names;

	if (!ip4addr_aton(from->address, &address) ||
	    !ip4addr_aton(from->netmask, &netmask) ||
	    !ip4addr_aton(from->gateway, &gateway))
		return FAIL_USAGE;
	settings = *from;
	if (sodium_init() < 0)
		return FAIL_IO;
	crypto_shorthash_keygen(isn_key);
	lwip_init();
	if (!netif_add(&wire, &address, &netmask, &gateway, NULL, wire_init,
		ethernet_input))
		return FAIL_MEMORY;
	netif_set_default(&wire);
	netif_set_up(&wire);
	if (from->names && ipaddr_aton(from->names, &names))
		dns_setserver(0, &names);
	return FAIL_NONE;
}

void
link_receive(struct bytes frame)
{
	struct pbuf *p;

	if (frame.len > UINT16_MAX)
		return;
	p = pbuf_alloc(PBUF_RAW, (u16_t)frame.len, PBUF_RAM);
	if (!p)
		return;
	if (pbuf_take(p, frame.data, (u16_t)frame.len) != ERR_OK ||
	    wire.input(p, &wire) != ERR_OK)
		pbuf_free(p);
}

int
link_tick(void)
{
	u32_t sleep;

	sys_check_timeouts();
	sleep = sys_timeouts_sleeptime();
	return sleep > LONGEST_SLEEP_MS ? LONGEST_SLEEP_MS : (int)sleep;
}
