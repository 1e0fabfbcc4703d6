// Makes what the test kit's PodValidity rests on out of Kubernetes' own sources; README.md beside this
// file says when to run it.
//
//	go run . schema         the pruned OpenAPI schema of a pod
//	go run . verdicts       what Kubernetes' validation says about each case of cases.json
//	go run . random N SEED  the same for N pods that are mutated at random
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
)

func main() {
	log.SetFlags(0)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)

	switch args := os.Args[1:]; {
	case len(args) == 1 && args[0] == "schema":
		encoder.SetIndent("", " ")
		check(encoder.Encode(podSchema()))
	case len(args) == 1 && args[0] == "verdicts":
		for _, c := range readCases() {
			check(encoder.Encode(judge(c)))
		}
	case len(args) == 3 && args[0] == "random":
		count, err := strconv.Atoi(args[1])
		check(err)
		seed, err := strconv.ParseUint(args[2], 10, 64)
		check(err)
		for _, c := range randomCases(count, seed) {
			v := judge(c)
			v.Object = c.Object
			check(encoder.Encode(v))
		}
	default:
		log.Fatal("usage: go run . schema | verdicts | random N SEED")
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(file string, into any) {
	content, err := os.ReadFile(file)
	check(err)
	if err := decode(content, into); err != nil {
		check(fmt.Errorf("%s: %w", file, err))
	}
}

// decode keeps the spelling of numbers.
func decode(content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	return decoder.Decode(into)
}
