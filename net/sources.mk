net-y := net/link.c net/stream.c net/tls.c net/http.c net/form.c
