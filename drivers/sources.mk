drivers-y := drivers/ether.c drivers/ether_tap.c drivers/ether_slirp.c
