package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Where the test of the Java side reads the same files.
const resources = "../test/resources/io/otelgraft/testkit/kubernetes/"

// readCases gives the pods of pods.json as they are, then each of cases.json: a pod with some values set
// and some removed, by JSON pointer ("-" appends to a list).
func readCases() []testCase {
	pods := readPods()
	var result []testCase
	for _, name := range slices.Sorted(maps.Keys(pods)) {
		result = append(result, testCase{Name: name, Secured: true, Object: pods[name]})
		result = append(result, testCase{Name: name + ", as a template", Template: true, Object: template(pods[name])})
	}
	var cases []struct {
		Name     string
		Of       string
		Template bool
		Set      map[string]any
		Remove   []string
	}
	read(resources+"cases.json", &cases)
	for _, c := range cases {
		pod, ok := pods[c.Of]
		if !ok {
			check(fmt.Errorf("%s: there is no pod %q", c.Name, c.Of))
		}
		object := copyOf(pod)
		if c.Template {
			object = template(pod)
		}
		for _, pointer := range c.Remove {
			edit(object, pointer, nil, true)
		}
		for _, pointer := range slices.Sorted(maps.Keys(c.Set)) {
			edit(object, pointer, c.Set[pointer], false)
		}
		result = append(result, testCase{Name: c.Name, Template: c.Template, Secured: c.Of == "restricted", Object: object})
	}
	return result
}

func readPods() map[string]any {
	var pods map[string]any
	read(resources+"pods.json", &pods)
	return pods
}

func template(pod any) any {
	t := copyOf(pod).(map[string]any)
	for _, field := range []string{"apiVersion", "kind", "status"} {
		delete(t, field)
	}
	return t
}

func edit(object any, pointer string, value any, remove bool) {
	steps := strings.Split(pointer, "/")[1:]
	for i, step := range steps {
		steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
	}
	var assign func(any)
	for i, step := range steps {
		last := i == len(steps)-1
		switch parent := object.(type) {
		case map[string]any:
			if last && remove {
				if _, there := parent[step]; !there {
					check(fmt.Errorf("nothing to remove at %s", pointer))
				}
				delete(parent, step)
				return
			}
			if last {
				parent[step] = value
				return
			}
			if parent[step] == nil {
				parent[step] = map[string]any{}
			}
			object, assign = parent[step], func(v any) { parent[step] = v }
		case []any:
			if step == "-" {
				assign(append(parent, value))
				return
			}
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(parent) {
				check(fmt.Errorf("no %s in a list of %d: %s", step, len(parent), pointer))
			}
			if last && remove {
				assign(slices.Delete(parent, index, index+1))
				return
			}
			if last {
				parent[index] = value
				return
			}
			object, assign = parent[index], func(v any) { parent[index] = v }
		default:
			check(fmt.Errorf("nothing at %s", pointer))
		}
	}
}

func copyOf(value any) any {
	content, err := json.Marshal(value)
	check(err)
	var result any
	check(decode(content, &result))
	return result
}
