// Prints the Kubernetes types that an Instrumentation takes as they are, each as a structural schema
// without references: what CustomResourceDefinitions allow. README.md beside this file says when to run it.
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	module   = "k8s.io/kubernetes@v1.36.3"
	document = "api/openapi-spec/v3/api__v1_openapi.json"
	quantity = `^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`
)

var roots = []string{"EnvVar", "PersistentVolumeClaimTemplate", "ResourceRequirements", "SecurityContext"}

type schema = map[string]any

func main() {
	log.SetFlags(0)
	all := openapi()
	result := schema{}
	for _, name := range roots {
		result["core/v1."+name] = structural(all, schema{"$ref": "io.k8s.api.core.v1." + name})
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	check(encoder.Encode(result))
}

// structural copies a schema with what it refers to in place, and without what a
// CustomResourceDefinition may not say. Defaults go too: Graft never rewrites a spec.
func structural(all, from schema) schema {
	if parts, ok := from["allOf"].([]any); ok {
		to := structural(all, parts[0].(schema))
		if description, ok := from["description"].(string); ok {
			to["description"] = firstSentence(description)
		}
		return to
	}
	if ref, ok := from["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/components/schemas/")
		switch name[strings.LastIndexByte(name, '.')+1:] {
		case "Quantity":
			return schema{
				"anyOf":                      []schema{{"type": "integer"}, {"type": "string"}},
				"pattern":                    quantity,
				"x-kubernetes-int-or-string": true,
			}
		case "ObjectMeta":
			// Kubernetes takes nothing else in a template for a claim.
			texts := func(description string) schema {
				return schema{"type": "object", "additionalProperties": schema{"type": "string"}, "description": description}
			}
			return schema{"type": "object", "properties": schema{
				"annotations": texts("Annotations of the claim."), "labels": texts("Labels of the claim."),
			}}
		}
		return structural(all, all[name].(schema))
	}
	to := schema{}
	for key, value := range from {
		switch key {
		case "description":
			to[key] = firstSentence(value.(string))
		case "type", "format", "required", "enum",
			"x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type":
			to[key] = value
		case "items", "additionalProperties":
			to[key] = structural(all, value.(schema))
		case "properties":
			properties := schema{}
			for name, property := range value.(schema) {
				properties[name] = structural(all, property.(schema))
			}
			to[key] = properties
		case "default", "x-kubernetes-unions":
		default:
			log.Fatalf("cannot express %s: %v", key, value)
		}
	}
	return to
}

// firstSentence keeps the definition within what kubectl apply can annotate it with.
func firstSentence(text string) string {
	sentence, _, _ := strings.Cut(strings.Split(text, "\n")[0], ". ")
	return strings.TrimSuffix(sentence, ".") + "."
}

func openapi() schema {
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	check(err)
	var downloaded struct{ Dir string }
	check(json.Unmarshal(out, &downloaded))
	content, err := os.ReadFile(filepath.Join(downloaded.Dir, document))
	check(err)
	var all struct{ Components struct{ Schemas schema } }
	check(json.Unmarshal(content, &all))
	return all.Components.Schemas
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
