package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// schemaDocument is what PodSchema.java reads: one entry for each type that a pod or a pod template
// reaches. A type is "string", "boolean", "int32", "int64", "quantity", "int-or-string", "time", "any",
// the name of another entry, or one of these in [list] or {map} brackets.
type schemaDocument struct {
	Source string                       `json:"source"`
	Types  map[string]map[string]string `json:"types"`
}

const document = "api/openapi-spec/v3/api__v1_openapi.json"

func podSchema() schemaDocument {
	module := goList("{{.Dir}}")
	var openapi struct {
		Components struct{ Schemas map[string]openapiType }
	}
	read(filepath.Join(module, document), &openapi)

	result := schemaDocument{
		Source: "k8s.io/kubernetes@" + goList("{{.Version}}") + " " + document,
		Types:  map[string]map[string]string{},
	}
	todo := []string{"io.k8s.api.core.v1.Pod", "io.k8s.api.core.v1.PodTemplateSpec"}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if result.Types[simpleName(name)] != nil {
			continue
		}
		fields := map[string]string{}
		for field, t := range openapi.Components.Schemas[name].Properties {
			fields[field] = t.resolve(openapi.Components.Schemas, &todo)
		}
		result.Types[simpleName(name)] = fields
	}
	return result
}

type openapiType struct {
	Ref                  string `json:"$ref"`
	Type                 string
	Format               string
	Properties           map[string]openapiType
	Items                *openapiType
	AdditionalProperties *openapiType
	AllOf                []openapiType
	OneOf                []openapiType
}

// resolve names the type and appends the entries that it refers to.
func (t openapiType) resolve(all map[string]openapiType, todo *[]string) string {
	switch {
	case len(t.AllOf) == 1:
		return t.AllOf[0].resolve(all, todo)
	case t.Ref != "":
		name := strings.TrimPrefix(t.Ref, "#/components/schemas/")
		if len(all[name].Properties) == 0 {
			return all[name].leaf(simpleName(name))
		}
		*todo = append(*todo, name)
		return simpleName(name)
	case t.Type == "array":
		return "[" + t.Items.resolve(all, todo) + "]"
	case t.AdditionalProperties != nil:
		return "{" + t.AdditionalProperties.resolve(all, todo) + "}"
	default:
		return t.leaf("")
	}
}

func (t openapiType) leaf(name string) string {
	switch {
	case name == "Quantity":
		return "quantity"
	case t.Format == "int-or-string":
		return t.Format
	case t.Format == "date-time":
		return "time"
	case t.Type == "integer" && t.Format != "":
		return t.Format
	case t.Type == "string" || t.Type == "boolean":
		return t.Type
	case t.Type == "object":
		return "any"
	}
	check(&os.PathError{Op: "cannot express", Path: name, Err: os.ErrInvalid})
	return ""
}

func simpleName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func goList(format string) string {
	out, err := exec.Command("go", "list", "-m", "-f", format, "k8s.io/kubernetes").Output()
	check(err)
	return strings.TrimSpace(string(out))
}
