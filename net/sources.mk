net-y := net/link.c net/stream.c net/tls.c net/request.c net/http.c net/form.c net/fetch.c net/client.c
