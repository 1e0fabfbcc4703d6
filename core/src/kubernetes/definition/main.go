// Prints what an API server says of the stories of messages.txt, and fails if it would not take the
// definition. README.md in the folder above says when to run it.
package main

import (
	"context"
	"fmt"
	"log"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	definitions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/json"
	apicel "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

const document = `apiVersion: opentelemetry.io/v1alpha1
kind: Instrumentation
metadata: {name: shop, namespace: shop}
spec:
`

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: go run . DEFINITION.yaml MESSAGES.txt")
	}
	server := serverOf(os.Args[1])
	stories, err := os.ReadFile(os.Args[2])
	check(err)
	for _, story := range regexp.MustCompile(`(?m)^== `).Split(string(stories), -1)[1:] {
		title, body, _ := strings.Cut(story, "\n")
		fmt.Println("== " + title)
		for _, problem := range server.judge(objectOf(body)) {
			fmt.Println("> " + problem)
		}
	}
}

// objectOf reads a story without what Graft says of it.
func objectOf(story string) map[string]any {
	var lines []string
	for _, line := range strings.Split(story, "\n") {
		if !strings.HasPrefix(line, ">") {
			lines = append(lines, line)
		}
	}
	text := strings.Join(lines, "\n")
	if !strings.Contains(text, "apiVersion:") {
		text = document + "  " + strings.ReplaceAll(text, "\n", "\n  ")
	}
	var object map[string]any
	converted, err := yaml.YAMLToJSON([]byte(text))
	check(err)
	// Whole numbers stay whole, as in the API server.
	check(json.Unmarshal(converted, &object))
	return object
}

type server struct {
	structural *schema.Structural
	schema     validation.SchemaValidator
	rules      *cel.Validator
}

func serverOf(file string) server {
	text, err := os.ReadFile(file)
	check(err)
	var definition v1.CustomResourceDefinition
	check(yaml.UnmarshalStrict(text, &definition))
	v1.SetDefaults_CustomResourceDefinition(&definition)
	v1.SetDefaults_CustomResourceDefinitionSpec(&definition.Spec)
	// What the API server does on creation.
	definition.Status.StoredVersions = []string{definition.Spec.Versions[0].Name}
	var internal apiextensions.CustomResourceDefinition
	check(v1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&definition, &internal, nil))
	props := internal.Spec.Validation
	accept(&internal)
	accept(withMoreSections(&internal))
	structural, err := schema.NewStructural(props.OpenAPIV3Schema)
	check(err)
	validator, _, err := validation.NewSchemaValidator(props.OpenAPIV3Schema)
	check(err)
	return server{structural, validator, cel.NewValidator(structural, true, apicel.PerCallLimit)}
}

func accept(definition *apiextensions.CustomResourceDefinition) {
	if problems := definitions.ValidateCustomResourceDefinition(context.Background(), definition); len(problems) > 0 {
		log.Fatal(problems.ToAggregate())
	}
}

// withMoreSections is as large as a definition with two dozen languages: the estimated cost of all
// rules together has a limit, too.
func withMoreSections(definition *apiextensions.CustomResourceDefinition) *apiextensions.CustomResourceDefinition {
	large := definition.DeepCopy()
	properties := large.Spec.Validation.OpenAPIV3Schema.Properties["spec"].Properties
	for i := range 24 {
		properties[fmt.Sprintf("language%d", i)] = properties["cobol"]
	}
	return large
}

// judge does what the API server does on creation: drop what is unknown or null, then schema and rules.
func (s server) judge(object map[string]any) []string {
	var told []string
	if object["apiVersion"] != "opentelemetry.io/v1alpha1" {
		return []string{"no such version"}
	}
	pruning.Prune(object, s.structural, true)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, s.structural)
	problems := validation.ValidateCustomResource(nil, object, s.schema)
	if len(problems) == 0 {
		problems, _ = s.rules.Validate(context.Background(), nil, s.structural, object, nil, math.MaxInt64)
	}
	for _, problem := range problems {
		told = append(told, problem.Error())
	}
	slices.Sort(told) // the validator tells in no order
	return told
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
