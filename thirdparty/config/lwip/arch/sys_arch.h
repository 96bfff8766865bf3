/* NO_SYS=1: there is nothing to map; the program supplies sys_now(). */
