// A greeter: it serves /hello/NAME on PORT of HOST.
package main

import (
	"cmp"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/hello/{name}", greet)
	host := cmp.Or(os.Getenv("HOST"), "127.0.0.1")
	log.Fatal(http.ListenAndServe(host+":"+os.Getenv("PORT"), nil))
}

func greet(response http.ResponseWriter, request *http.Request) {
	name := request.PathValue("name")
	log.Println("greeting", name)
	fmt.Fprintln(response, "Go greets", name)
}
