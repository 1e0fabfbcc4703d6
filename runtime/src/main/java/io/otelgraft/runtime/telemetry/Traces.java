package io.otelgraft.runtime.telemetry;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Answered.TraceHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Graft's own traces: a span for each review, in the trace of the API server if that has one. They
 * are made of what is known once the answer is sent, so that no answer waits for them. Nothing of
 * OpenTelemetry is loaded before one of these is.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">Semantic conventions
 *     for HTTP spans</a>
 */
final class Traces implements AutoCloseable {

  /** A wait of less would be but a line more to read. */
  private static final Duration WORTH_A_SPAN = Duration.ofMillis(1);

  private static final Duration LAST_EXPORT = Duration.ofSeconds(2);
  private static final String SCOPE = "io.otelgraft";

  private static final AttributeKey<String> SERVICE_NAME = stringKey("service.name");
  private static final AttributeKey<String> SERVICE_VERSION = stringKey("service.version");
  private static final AttributeKey<String> METHOD = stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = stringKey("http.route");
  private static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
  private static final AttributeKey<String> PATH = stringKey("url.path");
  private static final AttributeKey<String> SCHEME = stringKey("url.scheme");
  private static final AttributeKey<String> ERROR = stringKey("error.type");
  private static final AttributeKey<String> NAMESPACE = stringKey("k8s.namespace.name");
  private static final AttributeKey<String> OUTCOME = stringKey("graft.outcome");
  private static final AttributeKey<String> REASON = stringKey("graft.reason");
  private static final AttributeKey<List<String>> LANGUAGES = stringArrayKey("graft.languages");
  private static final AttributeKey<Long> CATALOGUE = longKey("graft.catalogue.generation");
  private static final AttributeKey<String> UID = stringKey("graft.request.uid");
  private static final AttributeKey<String> OPERATION = stringKey("graft.request.operation");
  private static final AttributeKey<String> KIND = stringKey("graft.request.kind");
  private static final AttributeKey<String> NAME = stringKey("graft.request.name");
  private static final AttributeKey<Boolean> DRY_RUN = booleanKey("graft.request.dry_run");

  private static final TextMapGetter<TraceHeaders> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceHeaders headers) {
          return List.of("traceparent", "tracestate");
        }

        @Override
        public String get(TraceHeaders headers, String key) {
          return key.equals("traceparent") ? headers.parent() : headers.state();
        }
      };

  private final OpenTelemetrySdk openTelemetry;
  private final Tracer tracer;

  Traces(OpenTelemetrySdk openTelemetry, String version) {
    this.openTelemetry = openTelemetry;
    this.tracer =
        openTelemetry
            .getTracerProvider()
            .tracerBuilder(SCOPE)
            .setInstrumentationVersion(version)
            .build();
  }

  /**
   * Sends traces as OpenTelemetry's environment variables say.
   *
   * @param version Graft's
   * @throws IllegalArgumentException if OpenTelemetry cannot use what it is told there
   */
  static Traces to(TraceExport export, String version) {
    try {
      OpenTelemetrySdk openTelemetry =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesCustomizer(_ -> export.properties())
              .addResourceCustomizer((resource, given) -> named(resource, given, version))
              .addSpanExporterCustomizer(
                  (exporter, _) -> new ToldOnce(exporter, export.destination()))
              .build()
              .getOpenTelemetrySdk();
      return new Traces(openTelemetry, version);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Resource named(Resource resource, ConfigProperties given, String version) {
    Resource graft = Resource.create(Attributes.of(SERVICE_VERSION, version));
    Resource named = graft.merge(resource);
    boolean isNamed =
        given.getString("otel.service.name") != null
            || given.getMap("otel.resource.attributes").containsKey(SERVICE_NAME.getKey());
    return isNamed ? named : named.merge(Resource.create(Attributes.of(SERVICE_NAME, "graft")));
  }

  /**
   * Records an answer.
   *
   * @return by what its span is found; empty if it is not sampled
   */
  Optional<SpanIds> record(Answered answered) {
    Instant begin = answered.at();
    Instant end = begin.plus(answered.took());
    Span span =
        tracer
            .spanBuilder("POST " + answered.path())
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent(answered))
            .setStartTimestamp(begin)
            .startSpan();
    SpanContext context = span.getSpanContext();
    if (!context.isSampled()) {
      return Optional.empty();
    }
    describe(span, answered);
    if (answered.waited().compareTo(WORTH_A_SPAN) >= 0) {
      Context inside = Context.root().with(span);
      Instant turn = begin.plus(answered.waited());
      child("wait for a turn", inside, begin, turn);
      child("decide", inside, turn, end);
    }
    span.end(end);
    return Optional.of(new SpanIds(context.getTraceId(), context.getSpanId()));
  }

  private static Context parent(Answered answered) {
    return answered
        .trace()
        .map(headers ->
            W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS))
        .orElse(Context.root());
  }

  private void child(String name, Context parent, Instant begin, Instant end) {
    tracer.spanBuilder(name).setParent(parent).setStartTimestamp(begin).startSpan().end(end);
  }

  private static void describe(Span span, Answered answered) {
    Answer answer = answered.answer();
    Result result = Result.of(answer);
    span.setAttribute(METHOD, "POST");
    span.setAttribute(ROUTE, answered.path());
    span.setAttribute(PATH, answered.path());
    span.setAttribute(SCHEME, "https");
    span.setAttribute(STATUS, (long) answer.status());
    span.setAttribute(OUTCOME, result.outcome());
    answer
        .decision()
        .ifPresent(decision -> {
          span.setAttribute(REASON, result.reason());
          span.setAttribute(
              LANGUAGES, decision.injected().stream().map(Injected::language).toList());
          span.setAttribute(CATALOGUE, decision.catalogue());
        });
    answer
        .subject()
        .ifPresent(subject -> {
          span.setAttribute(UID, subject.uid());
          span.setAttribute(OPERATION, subject.operation());
          span.setAttribute(KIND, subject.kind());
          span.setAttribute(NAMESPACE, subject.namespace());
          span.setAttribute(NAME, subject.name());
          span.setAttribute(DRY_RUN, answer.dryRun());
        });
    if (result.isFailure()) {
      // To reject a pod is no error of this server; to fail is, though the response says 200.
      span.setAttribute(ERROR, result.reason());
      span.setStatus(StatusCode.ERROR);
    }
  }

  /** Sends what has not been sent, if that is possible at once. */
  @Override
  public void close() {
    openTelemetry.shutdown().join(LAST_EXPORT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
