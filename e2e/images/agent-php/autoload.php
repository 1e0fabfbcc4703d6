<?php

const OPENTELEMETRY_STAND_IN = true;

// Stands in for the autoloader of OpenTelemetry's packages for PHP: reports each request as a span, over OTLP in JSON, as
// the variables say. Like the SDK, it finds them in the environment, else in the ini files.
$setting = static fn (string $name): string => getenv($name) ?: (string) get_cfg_var($name);
if ($setting('OTEL_PHP_AUTOLOAD_ENABLED') !== 'true') {
    return;
}
// What a command writes is its own.
if (PHP_SAPI !== 'cli') {
    $endpoint = $setting('OTEL_EXPORTER_OTLP_ENDPOINT');
    file_put_contents('php://stderr', "stand-in for the agent's packages: sends to $endpoint\n");
}
register_shutdown_function(static function () use ($setting): void {
    $attributes = static fn (array $pairs): array => array_map(
        static fn (string $key, string $value): array => ['key' => $key, 'value' => ['stringValue' => $value]],
        array_keys($pairs),
        $pairs
    );
    $resource = [
        'service.name' => $setting('OTEL_SERVICE_NAME'),
        'telemetry.sdk.language' => 'php',
        'telemetry.sdk.name' => 'stand-in',
    ];
    foreach (array_filter(explode(',', $setting('OTEL_RESOURCE_ATTRIBUTES'))) as $pair) {
        [$key, $value] = explode('=', $pair, 2);
        $resource[$key] = rawurldecode($value);
    }
    $path = $_SERVER['REQUEST_URI'] ?? $_SERVER['argv'][0];
    $span = [
        'traceId' => bin2hex(random_bytes(16)),
        'spanId' => bin2hex(random_bytes(8)),
        'name' => $_SERVER['REQUEST_METHOD'] ?? basename($path),
        'kind' => 2,
        'startTimeUnixNano' => \OpenTelemetry\stand_in_began(),
        'endTimeUnixNano' => sprintf('%d', microtime(true) * 1e9),
        'attributes' => $attributes(['url.path' => $path, 'php.sapi' => PHP_SAPI]),
    ];
    file_get_contents($setting('OTEL_EXPORTER_OTLP_ENDPOINT') . '/v1/traces', false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/json',
        'content' => json_encode(['resourceSpans' => [[
            'resource' => ['attributes' => $attributes($resource)],
            'scopeSpans' => [['scope' => ['name' => 'stand-in'], 'spans' => [$span]]],
        ]]]),
    ]]));
});
