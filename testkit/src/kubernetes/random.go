package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
)

// randomCases mutates the pods of pods.json: values are removed, doubled, renamed, replaced by awkward
// ones and by what stands in the same place of another pod. The same seed gives the same cases.
func randomCases(count int, seed uint64) []testCase {
	m := mutator{random: rand.New(rand.NewPCG(seed, seed)), donors: map[string][]any{}, fields: map[string][]string{}}
	pods := readPods()
	names := slices.Sorted(maps.Keys(pods))
	for _, name := range names {
		m.learn("", pods[name])
	}
	var result []testCase
	for i := range count {
		name := pick(&m, names)
		c := testCase{Name: fmt.Sprintf("%s %d/%d", name, seed, i), Template: m.random.IntN(5) == 0, Secured: true, Object: copyOf(pods[name])}
		if c.Template {
			c.Object = template(c.Object)
		}
		for range 1 + m.random.IntN(3) {
			m.mutate(c.Object)
		}
		result = append(result, c)
	}
	return result
}

type mutator struct {
	random  *rand.Rand
	donors  map[string][]any    // by place: a path without indices
	fields  map[string][]string // the fields seen in the objects at a place
	scalars []any
}

// spot is a value's position: what holds it, and how to change it there.
type spot struct {
	place  string
	value  any
	set    func(any)
	remove func()
	rename func(string)
}

func (m *mutator) learn(place string, value any) {
	m.donors[place] = append(m.donors[place], value)
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(m.fields[place], key) {
				m.fields[place] = append(m.fields[place], key)
			}
			m.learn(child(place, key), v[key])
		}
	case []any:
		for _, item := range v {
			m.learn(place+"/*", item)
		}
	default:
		m.scalars = append(m.scalars, v)
	}
}

// child is a field's place; all containers are of one kind.
func child(place, key string) string {
	return place + "/" + strings.Replace(key, "initContainers", "containers", 1)
}

func (m *mutator) mutate(object any) {
	var spots []spot
	collect("", object, func(any) {}, &spots)
	if len(spots) == 0 {
		return
	}
	s := pick(m, spots)
	switch m.random.IntN(7) {
	case 0:
		s.remove()
	case 1:
		s.set(copyOf(m.like(s.value, awkward)))
	case 2:
		s.set(copyOf(m.like(s.value, m.scalars)))
	case 3:
		if donors := m.donors[s.place]; len(donors) > 0 {
			s.set(copyOf(pick(m, donors)))
		}
	case 4:
		if list, ok := s.value.([]any); ok && len(list) > 0 {
			s.set(append(slices.Clone(list), copyOf(pick(m, list))))
		} else if s.rename != nil && m.random.IntN(3) == 0 {
			if key, ok := pick(m, awkward).(string); ok {
				s.rename(key)
			}
		}
	default:
		if fields := m.fields[s.place]; len(fields) > 0 {
			if object, ok := s.value.(map[string]any); ok {
				key := pick(m, fields)
				object[key] = copyOf(pick(m, m.donors[child(s.place, key)]))
			}
		}
	}
}

// like picks a value of the same type, most of the time: others do not get past the decoder.
func (m *mutator) like(value any, from []any) any {
	picked := pick(m, from)
	for tries := 0; tries < 20 && reflect.TypeOf(picked) != reflect.TypeOf(value) && m.random.IntN(20) > 0; tries++ {
		picked = pick(m, from)
	}
	return picked
}

func collect(place string, value any, replace func(any), spots *[]spot) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			set := func(n any) { v[key] = n }
			*spots = append(*spots, spot{child(place, key), v[key], set, func() { delete(v, key) },
				func(other string) { v[other] = v[key]; delete(v, key) }})
			collect(child(place, key), v[key], set, spots)
		}
	case []any:
		for i, item := range v {
			set := func(n any) { v[i] = n }
			*spots = append(*spots, spot{place + "/*", item, set, func() { replace(slices.Delete(slices.Clone(v), i, i+1)) }, nil})
			collect(place+"/*", item, set, spots)
		}
	}
}

func pick[T any](m *mutator, from []T) T { return from[m.random.IntN(len(from))] }

var awkward = []any{
	"", " ", "a", "A", "a.b", "a_b", "-a", "a-", "a/b", "a/b/c", "/a", "../a", "a/../b", "..a", ".", "..", "a b", "é", "a=b", "tab\t",
	strings.Repeat("x", 15), strings.Repeat("x", 16), strings.Repeat("x", 63), strings.Repeat("x", 64), strings.Repeat("x", 253), strings.Repeat("x", 254),
	"1.2.3.4", "01.2.3.4", "::ffff:1.2.3.4", "::1", "1:2", "fe80::1%eth0",
	"0", "1", "-1", "+1", "1.5", "1e3", "1E", "100m", "1n", "1Gi", "1.5Ki", "10Zi", "1Ki1", "0x1", ".5", "1.", "-0", "9223372036854775808",
	"Always", "Never", "None", "In", "Exists", "linux", "windows", "v1", "true",
	"kubernetes.io/a", "requests.example.test/a", "hugepages-2Mi", "hugepages-1Ki", "hugepages-x", "cpu", "memory", "storage", "pods", "example.test/device",
	"metadata.name", "metadata.labels", "metadata.labels['app']", "metadata.labels['a b']", "metadata.annotations['A/b']", "spec.host", "spec.nodeName", "spec.restartPolicy", "status.podIPs",
	"limits.cpu", "requests.hugepages-2Mi", "limits.pods", "localhost/profile", "unconfined", "CAP_SYS_ADMIN", "2020-01-01T00:00:00Z",
	json.Number("0"), json.Number("1"), json.Number("-1"), json.Number("15"), json.Number("300"), json.Number("512"), json.Number("65535"), json.Number("65536"),
	json.Number("2147483647"), json.Number("2147483648"), json.Number("4294967297"), json.Number("9223372036854775808"), json.Number("0.5"), json.Number("1.0"), json.Number("1e3"),
	true, false, nil, map[string]any{}, []any{}, []any{nil}, []any{""}, map[string]any{"x": "y"}, map[string]any{"x": nil},
}
