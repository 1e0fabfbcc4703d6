package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.demo.Agent.StandIn;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * An application of the demonstration. Its manifest stays as it is: where it listens, and whom it
 * asks, is in its image, or in what its pod refers to.
 *
 * <p>To show another language takes a constant here, in {@link #CHAIN} or {@link #ALONE}, the files
 * of its images, and what {@code e2e/prepare} says where these cannot be had.
 *
 * @param language as annotations name it
 * @param sdk as {@code telemetry.sdk.language} names it
 * @param title its name for people
 * @param manifest the file with its Deployment, in the checkout
 * @param objects files with what its pod refers to, in which {@code 8080} stands for its port
 * @param image the reference of its image
 * @param files the files of that
 * @param port the variable that tells it where to listen
 * @param agent what instruments it; empty when it does that itself
 * @param remarks what to know about it, in lines
 */
record Application(
    String language,
    String sdk,
    String title,
    String manifest,
    List<String> objects,
    String image,
    Function<Images, Image> files,
    String port,
    Optional<Agent> agent,
    List<String> remarks) {

  private static final String OPERATOR =
      "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-";

  /** The specification's example. Its agent is the one that is published, which speaks HTTP. */
  static final Application FLASK =
      new Builder("python", "Python")
          .manifest("docs/examples/flask.yaml")
          .image("my-flask-app:latest", Images::flaskApp)
          .port("FLASK_RUN_PORT")
          .agent(Agent.in(OPERATOR + "python:latest", Images::pythonAgent))
          .build();

  static final Application JAVA =
      new Builder("java", "Java")
          .greeter("java", Images::javaApp)
          .agent(Agent.in(OPERATOR + "java:2.33.1", Images::javaAgent))
          .build();

  static final Application EXPRESS =
      new Builder("nodejs", "Node.js")
          .greeter("nodejs", Images::expressApp)
          .agent(Agent.in(OPERATOR + "nodejs:0.78.0", Images::nodejsAgent))
          .build();

  static final Application OWN_SDK =
      new Builder("sdk", "Python with its own SDK")
          .sdk("python")
          .greeter("sdk", Images::pythonAppWithSdk)
          .remark(
              "OpenTelemetry's SDK is part of the application: it gets configuration, and no agent.")
          .build();

  static final Application GO =
      new Builder("go", "Go")
          .greeter("go", Images::goApp)
          .agent(
              Agent.beside(
                  "ghcr.io/open-telemetry/opentelemetry-go-instrumentation/autoinstrumentation-go:v0.24.0",
                  Images::goAgent))
          .remark(
              "Its agent is a sidecar that observes the process through eBPF; an operator switches it on,")
          .remark("as here: graft serve --set enabled-languages=go")
          .build();

  static final Application HTTPD =
      new Builder("apache-httpd", "Apache HTTPD")
          .greeter("httpd", Images::httpdApp)
          .sdk("rust")
          .agent(webServerModule("libmod_apache_otel.so"))
          .remark(
              "The module comes from no package registry. What is loaded here takes its directives, and")
          .remark(
              "reports each request through the OpenTelemetry SDK for Rust; the server is a real one.")
          .build();

  static final Application NGINX =
      new Builder("nginx", "nginx")
          .greeter("nginx", Images::nginxApp)
          .sdk("rust")
          .objects("e2e/manifests/servers.yaml")
          .agent(webServerModule("ngx_http_opentelemetry_module.so"))
          .remark("The same stand-in as a module of a real nginx.")
          .build();

  static final Application DOTNET =
      new Builder("dotnet", ".NET")
          .greeter("dotnet", Images::dotnetApp)
          .agent(
              Agent.in(OPERATOR + "dotnet:1.16.0", Images::dotnetAgentStandIn)
                  .as(
                      new StandIn(
                          "its agent's profiler and startup hook",
                          List.of(
                              "libcoreclr.so",
                              "OpenTelemetry.AutoInstrumentation.Native.so",
                              "OpenTelemetry.AutoInstrumentation.StartupHook.dll"),
                          false)))
          .remark(
              "The agent comes from no package registry. What a real CoreCLR loads here in its place says")
          .remark("that it runs, and reports nothing.")
          .build();

  static final Application PHP =
      new Builder("php", "PHP")
          .greeter("php", Images::servedPhpApp)
          .agent(
              Agent.in(
                      "registry.example.com/autoinstrumentation-php:1.2.1",
                      images -> images.standInForPhpAgent("agent"))
                  .as(
                      new StandIn(
                          "its agent's extension and packages", List.of("opentelemetry.so"), true)))
          .remark(
              "Experimental: no image of this agent is published, so the Instrumentation names one. A real PHP")
          .remark(
              "loads the stand-in, which reports each request in OTLP's JSON, where the agent sends protobuf.")
          .build();

  static final Application RUBY =
      new Builder("ruby", "Ruby")
          .greeter("ruby", Images::rubyApp)
          .agent(
              Agent.in(
                      "registry.example.com/autoinstrumentation-ruby:0.1.0",
                      images -> images.standInForRubyAgent("agent"))
                  .as(new StandIn("its agent's gems", List.of(), true)))
          .remark(
              "Experimental as well. A real Ruby runs the stand-in before the application, where it changes")
          .remark(
              "the class Greeter as it is defined, as the agent does with libraries, and reports each call.")
          .build();

  /**
   * Each asks the next one. Go comes last: its agent reads a trace's context wherever it runs, but
   * writes one into a request only where the kernel is not locked down.
   */
  static final List<Application> CHAIN = List.of(FLASK, JAVA, EXPRESS, OWN_SDK, GO);

  /** Asked by themselves: their agents are stand-ins, which pass no context on. */
  static final List<Application> ALONE = List.of(HTTPD, NGINX, DOTNET, PHP, RUBY);

  private static Agent webServerModule(String file) {
    return Agent.in(OPERATOR + "apache-httpd:1.0.4", Images::standInForWebServerAgent)
        .as(new StandIn("its agent's module", List.of(file), true));
  }

  /** What stands in for its agent; empty when it has the agent itself, or none. */
  Optional<StandIn> standIn() {
    return agent.flatMap(Agent::standIn);
  }

  /** Whether its agent is a container that observes it. */
  boolean isObserved() {
    return agent.filter(Agent::isBeside).isPresent();
  }

  /** An application of which some things are not said yet. */
  static final class Builder {

    private final String language;
    private final String title;
    private String sdk;
    private String manifest;
    private List<String> objects = List.of();
    private String image;
    private Function<Images, Image> files;
    private String port = "PORT";
    private Optional<Agent> agent = Optional.empty();
    private final List<String> remarks = new ArrayList<>();

    Builder(String language, String title) {
      this.language = language;
      this.title = title;
      this.sdk = language;
    }

    /** One of {@code e2e/manifests}. */
    Builder greeter(String name, Function<Images, Image> files) {
      return manifest("e2e/manifests/greeter-" + name + ".yaml")
          .image("example.com/greeter-" + name + ":1.2", files);
    }

    Builder sdk(String sdk) {
      this.sdk = sdk;
      return this;
    }

    Builder manifest(String manifest) {
      this.manifest = manifest;
      return this;
    }

    Builder objects(String... files) {
      this.objects = List.of(files);
      return this;
    }

    Builder image(String image, Function<Images, Image> files) {
      this.image = image;
      this.files = files;
      return this;
    }

    Builder port(String port) {
      this.port = port;
      return this;
    }

    Builder agent(Agent agent) {
      this.agent = Optional.of(agent);
      return this;
    }

    Builder remark(String line) {
      remarks.add(line);
      return this;
    }

    Application build() {
      return new Application(
          language, sdk, title, manifest, objects, image, files, port, agent, List.copyOf(remarks));
    }
  }
}
