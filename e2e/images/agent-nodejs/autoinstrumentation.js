// What `NODE_OPTIONS=--require` names: starts the SDK and every instrumentation, configured by OTEL_* variables.
require('@opentelemetry/auto-instrumentations-node/register');
