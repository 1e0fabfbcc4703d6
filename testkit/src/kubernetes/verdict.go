package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corev1 "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/capabilities"
	podregistry "k8s.io/kubernetes/pkg/registry/core/pod"
	psa "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	v1 "k8s.io/api/core/v1"
)

// testCase is a pod, or with Template a pod template. Secured ones are held against the Pod Security
// Standards, too.
type testCase struct {
	Name     string
	Template bool
	Secured  bool
	Object   any
}

// verdict is a line of the output. Of a case in cases.json it has no object, for the reader knows it.
type verdict struct {
	Name       string    `json:"name"`
	Template   bool      `json:"template,omitempty"`
	Object     any       `json:"object,omitempty"`
	Decoding   []string  `json:"decoding,omitempty"`
	Problems   []problem `json:"problems,omitempty"`
	Qos        string    `json:"qos,omitempty"`
	Secured    bool      `json:"secured,omitempty"`
	Baseline   []string  `json:"baseline,omitempty"`
	Restricted []string  `json:"restricted,omitempty"`
}

type problem struct {
	Path   string `json:"path"`
	Kind   string `json:"kind"`
	Value  string `json:"value,omitempty"`
	Detail string `json:"detail,omitempty"`
}

var (
	strictDecoder = func() runtime.Decoder {
		info, _ := runtime.SerializerInfoForMediaType(legacyscheme.Codecs.SupportedMediaTypes(), "application/json")
		return legacyscheme.Codecs.DecoderToVersion(info.StrictSerializer, core.SchemeGroupVersion)
	}()
	evaluator = func() policy.Evaluator {
		e, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
		check(err)
		return e
	}()
)

func init() {
	// What every installer of clusters passes to the API server.
	capabilities.Setup(true, 0)
}

// judge does what the API server does on creation with strict field validation: decode, default,
// prepare, validate.
func judge(c testCase) verdict {
	v := verdict{Name: c.Name, Template: c.Template}
	object, kind := c.Object, "Pod"
	if c.Template {
		object, kind = map[string]any{"template": c.Object}, "PodTemplate"
	}
	body, err := json.Marshal(object)
	check(err)
	body = repetition.ReplaceAllFunc(body, repeat)
	decoded, _, err := strictDecoder.Decode(body, &schema.GroupVersionKind{Version: "v1", Kind: kind}, nil)
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		for _, e := range strict.Errors() {
			v.Decoding = append(v.Decoding, strings.ReplaceAll(e.Error(), `"template.`, `"`))
		}
		return v
	}
	if err != nil {
		v.Decoding = []string{err.Error()}
		return v
	}

	var errors field.ErrorList
	switch o := decoded.(type) {
	case *core.PodTemplate:
		podutil.DropDisabledTemplateFields(&o.Template, nil)
		opts := podutil.GetValidationOptionsFromPodTemplate(&o.Template, nil)
		errors = validation.ValidatePodTemplateSpec(&o.Template, nil, opts)
	case *core.Pod:
		complete(o)
		if c.Secured {
			v.secure(o)
		}
		podregistry.Strategy.PrepareForCreate(context.Background(), o)
		v.Qos = string(o.Status.QOSClass)
		errors = podregistry.Strategy.Validate(context.Background(), o)
	default:
		v.Decoding = []string{fmt.Sprintf("not a pod but a %T", o)}
	}
	for _, e := range errors {
		p := problem{Path: e.Field, Kind: e.Type.String(), Detail: e.Detail}
		if value, ok := e.BadValue.(string); ok {
			p.Value = value
		}
		v.Problems = append(v.Problems, p)
	}
	return v
}

// «x*253» in a case is a text of 253 x.
var repetition = regexp.MustCompile(`«(.)\*(\d+)»`)

func repeat(match []byte) []byte {
	parts := repetition.FindSubmatch(match)
	count, err := strconv.Atoi(string(parts[2]))
	check(err)
	return bytes.Repeat(parts[1], count)
}

// complete fills in what a pod has when validation sees it: rest.BeforeCreate's and the request's part, and the
// ServiceAccount admission's.
func complete(pod *core.Pod) {
	if pod.Namespace == "" {
		pod.Namespace = "default"
	}
	if pod.Name == "" && pod.GenerateName != "" {
		pod.Name = podregistry.Strategy.GenerateName(pod.GenerateName)
	}
	if pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
	}
	// The field manager drops entries that it cannot use before validation.
	pod.ManagedFields = nil
	// A class in the status would win over the computed one.
	pod.Status = core.PodStatus{}
}

func (v *verdict) secure(pod *core.Pod) {
	v.Secured = true
	var external v1.Pod
	check(corev1.Convert_core_Pod_To_v1_Pod(pod, &external, nil))
	v.Baseline = violations(psa.LevelBaseline, &external)
	v.Restricted = violations(psa.LevelRestricted, &external)
}

func violations(level psa.Level, pod *v1.Pod) []string {
	latest := psa.LevelVersion{Level: level, Version: psa.LatestVersion()}
	var found []string
	for _, r := range evaluator.EvaluatePod(latest, &pod.ObjectMeta, &pod.Spec) {
		if !r.Allowed {
			found = append(found, r.ForbiddenReason+": "+r.ForbiddenDetail)
		}
	}
	return found
}
