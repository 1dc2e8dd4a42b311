// The backend of the tests and the demo: it tells who answered, and what reached it.
//
//	echo [--http 8080,8081] [--tcp 9000] [--drain 6s]
//
// Flags have the environment's values as defaults: HTTP_PORTS, TCP_PORTS, DRAIN. POD_NAME and
// POD_NAMESPACE come from the downward API. On SIGTERM it goes on answering for the drain time, so
// that balancers can forget it first, then lets the requests in flight end.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const inFlightDeadline = 20 * time.Second

func main() {
	httpPorts := flag.String("http", fromEnv("HTTP_PORTS", "8080"), "ports that answer HTTP, separated by commas")
	tcpPorts := flag.String("tcp", fromEnv("TCP_PORTS", ""), "ports that answer a line of text over TCP, separated by commas")
	drain := flag.Duration("drain", drainFromEnv(), "how long to go on answering after SIGTERM")
	flag.Parse()

	pod := identity{Pod: fromEnv("POD_NAME", hostname()), Namespace: fromEnv("POD_NAMESPACE", "default")}
	var servers []*http.Server
	for _, port := range ports(*httpPorts) {
		server := &http.Server{Addr: ":" + port, Handler: pod, ReadHeaderTimeout: 30 * time.Second}
		servers = append(servers, server)
		go serve(server)
	}
	for _, port := range ports(*tcpPorts) {
		go pod.serveLines(":" + port)
	}

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	<-stop.Done()
	time.Sleep(*drain)
	end(servers)
}

func serve(server *http.Server) {
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}

func end(servers []*http.Server) {
	deadline, cancel := context.WithTimeout(context.Background(), inFlightDeadline)
	defer cancel()
	for _, server := range servers {
		if err := server.Shutdown(deadline); err != nil {
			log.Print(err)
		}
	}
}

func ports(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func drainFromEnv() time.Duration {
	drain, err := time.ParseDuration(fromEnv("DRAIN", "0s"))
	if err != nil {
		log.Fatal(err)
	}
	return drain
}

func fromEnv(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	return name
}
