{{/* What all names begin with. */}}
{{- define "graft.name" -}}
{{ .Values.fullnameOverride | default .Chart.Name }}
{{- end }}

{{- define "graft.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (ternary (include "graft.name" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{/* The labels by which Service, budget and spread find the pods; they can never change. */}}
{{- define "graft.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "graft.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: graft
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end }}

{{- define "graft.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Graft's settings: those that follow from other values, and over them those of the user. */}}
{{- define "graft.settings" -}}
{{- $name := include "graft.name" . -}}
{{- $settings := dict -}}
{{- if ne $name .Chart.Name -}}
{{-   $_ := set $settings "operator" (dict
        "service" (printf "%s-webhook" $name)
        "certificate-secret" (printf "%s-webhook-cert" $name)
        "webhooks" (list (printf "%s-mutation" $name) (printf "%s-validation" $name))
        "lease" $name) -}}
{{- end -}}
{{- if ne .Values.certificates.source "graft" -}}
{{-   $_ := set $settings "server" (dict "tls" (dict
        "certificate" "/run/graft/tls/tls.crt" "key" "/run/graft/tls/tls.key")) -}}
{{- end -}}
{{- mergeOverwrite $settings (deepCopy .Values.settings) | toYaml -}}
{{- end }}

{{- define "graft.webhookPort" -}}
{{ dig "server" "port" 9443 .Values.settings | int }}
{{- end }}

{{- define "graft.managementPort" -}}
{{ dig "management" "port" 8080 .Values.settings | int }}
{{- end }}

{{/* Whole seconds of a duration such as 500ms, 10s, 2m or 1h; what is begun counts. */}}
{{- define "graft.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" }}{{ div (add $number 999) 1000 }}
{{- else }}{{ mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) }}
{{- end -}}
{{- end }}

{{/* How long the kubelet waits: until Graft has stopped by itself, and some seconds more. */}}
{{- define "graft.gracePeriod" -}}
{{- $drain := include "graft.seconds" (dig "server" "drain-delay" "5s" .Values.settings) | int -}}
{{- $stop := include "graft.seconds" (dig "server" "stop-timeout" "10s" .Values.settings) | int -}}
{{ add $drain $stop 15 }}
{{- end }}

{{/* The Secret with the certificate that is served. */}}
{{- define "graft.certificateSecret" -}}
{{- if eq .Values.certificates.source "graft" -}}
{{ dig "operator" "certificate-secret" (printf "%s-webhook-cert" (include "graft.name" .)) .Values.settings }}
{{- else if eq .Values.certificates.source "cert-manager" -}}
{{ include "graft.name" . }}-serving-cert
{{- else -}}
{{ required "certificates.secret.name: name the Secret with the certificate of the webhooks" .Values.certificates.secret.name }}
{{- end -}}
{{- end }}

{{/* Namespaces whose pods never reach Graft: the system's, its own, and those that its settings exclude. */}}
{{- define "graft.namespaceSelector" -}}
{{- $names := list "kube-system" .Release.Namespace -}}
{{- range dig "excluded-namespaces" (list "kube-public" "kube-node-lease") .Values.settings -}}
{{-   if not (contains "*" .) }}{{ $names = append $names . }}{{ end -}}
{{- end -}}
{{- $selector := deepCopy .Values.webhooks.pods.namespaceSelector -}}
{{- $expressions := list (dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" (uniq $names)) -}}
{{- range dig "excluded-namespace-labels" list .Values.settings -}}
{{-   $label := splitn "=" 2 . -}}
{{-   if contains "=" . -}}
{{-     $expressions = append $expressions (dict "key" $label._0 "operator" "NotIn" "values" (list $label._1)) -}}
{{-   else -}}
{{-     $expressions = append $expressions (dict "key" $label._0 "operator" "DoesNotExist") -}}
{{-   end -}}
{{- end -}}
{{- $_ := set $selector "matchExpressions" (concat $expressions ($selector.matchExpressions | default list)) -}}
{{- toYaml $selector -}}
{{- end }}

{{/* How the API server reaches a path of the webhooks, and whom it trusts. Graft and cert-manager fill in the latter. */}}
{{- define "graft.clientConfig" -}}
service:
  name: {{ include "graft.name" .root }}-webhook
  namespace: {{ .root.Release.Namespace }}
  path: {{ .path }}
  port: 443
{{- if eq .root.Values.certificates.source "secret" }}
caBundle: {{ required "certificates.secret.caBundle: give the certificates of the CA, PEM" .root.Values.certificates.secret.caBundle | b64enc }}
{{- end }}
{{- end }}

{{- define "graft.webhookAnnotations" -}}
{{- if eq .Values.certificates.source "cert-manager" -}}
cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/{{ include "graft.certificateSecret" . }}
{{- end -}}
{{- end }}

{{- define "graft.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "graft.serviceAccount" . }}
    namespace: {{ .Release.Namespace }}
{{- end }}

{{/* A ClusterRole with its binding, for the feature `feature`, with rules `rules`. */}}
{{- define "graft.clusterRole" -}}
{{- $name := include "graft.name" .root -}}
{{- if .feature }}{{ $name = printf "%s-%s" $name .feature }}{{ end -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ $name }}
  labels:
    {{- include "graft.labels" .root | nindent 4 }}
rules:
{{ .rules }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ $name }}
  labels:
    {{- include "graft.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ $name }}
{{ include "graft.subjects" .root }}
{{- end }}

{{/* The same within the namespace of the release. */}}
{{- define "graft.role" -}}
{{- $name := printf "%s-%s" (include "graft.name" .root) .feature -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "graft.labels" .root | nindent 4 }}
rules:
{{ .rules }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "graft.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $name }}
{{ include "graft.subjects" .root }}
{{- end }}
