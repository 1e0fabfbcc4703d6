// A greeter: it serves /hello/NAME on PORT.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/hello/{name}", greet)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func greet(response http.ResponseWriter, request *http.Request) {
	name := request.PathValue("name")
	log.Println("greeting", name)
	fmt.Fprintln(response, "Go greets", name)
}
