package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

const lineDeadline = 30 * time.Second

// identity is who answers.
type identity struct {
	Pod       string `json:"pod"`
	Namespace string `json:"namespace"`
}

type answer struct {
	identity
	Host    string         `json:"host"`
	Path    string         `json:"path"`
	Headers map[string]any `json:"headers"`
}

// ServeHTTP answers /healthz with 200 and any other path with a JSON answer. The path holds the query too.
func (pod identity) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	if request.URL.Path == "/healthz" {
		response.WriteHeader(http.StatusOK)
		return
	}
	response.Header().Set("Content-Type", "application/json")
	body := answer{identity: pod, Host: request.Host, Path: request.URL.RequestURI(), Headers: headers(request.Header)}
	if err := json.NewEncoder(response).Encode(body); err != nil {
		log.Print(err)
	}
}

// headers maps lower-cased names to their value, or to the list of values of a header that came more than once.
func headers(received http.Header) map[string]any {
	seen := make(map[string]any, len(received))
	for name, values := range received {
		if len(values) == 1 {
			seen[strings.ToLower(name)] = values[0]
		} else {
			seen[strings.ToLower(name)] = values
		}
	}
	return seen
}

func (pod identity) serveLines(address string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go pod.answerLines(connection)
	}
}

// answerLines sends each line back behind the pod's name and the client's address: "<pod> <client> <line>".
func (pod identity) answerLines(connection net.Conn) {
	defer connection.Close()
	lines := bufio.NewScanner(connection)
	for {
		if err := connection.SetDeadline(time.Now().Add(lineDeadline)); err != nil || !lines.Scan() {
			return
		}
		if _, err := fmt.Fprintf(connection, "%s %s %s\n", pod.Pod, connection.RemoteAddr(), lines.Text()); err != nil {
			return
		}
	}
}
