package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.Image;
import java.util.List;
import java.util.function.Function;

/**
 * An application of the demonstration. Its manifest stays as it is: where it listens, and whom it
 * asks, is in its image.
 *
 * @param language as annotations and, but for web servers, {@code telemetry.sdk.language} name it
 * @param title its name for people
 * @param manifest the file with its Deployment, in the checkout
 * @param image the reference of its image
 * @param files the files of that
 * @param port the variable that tells it where to listen
 * @param agent the reference of its agent's image
 * @param agentFiles the files of that
 */
record Application(
    String language,
    String title,
    String manifest,
    String image,
    Function<Images, Image> files,
    String port,
    String agent,
    Function<Images, Image> agentFiles) {

  private static final String AGENTS =
      "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-";

  /** The specification's example. Its agent is the one that is published, which speaks HTTP. */
  static final Application FLASK =
      new Application(
          "python",
          "Python",
          "docs/examples/flask.yaml",
          "my-flask-app:latest",
          Images::flaskApp,
          "FLASK_RUN_PORT",
          AGENTS + "python:latest",
          Images::pythonAgent);

  static final Application JAVA =
      new Application(
          "java",
          "Java",
          "e2e/manifests/greeter-java.yaml",
          "example.com/greeter-java:1.2",
          Images::javaApp,
          "PORT",
          AGENTS + "java:2.33.1",
          Images::javaAgent);

  static final Application EXPRESS =
      new Application(
          "nodejs",
          "Node.js",
          "e2e/manifests/greeter-nodejs.yaml",
          "example.com/greeter-nodejs:1.2",
          Images::expressApp,
          "PORT",
          AGENTS + "nodejs:0.78.0",
          Images::nodejsAgent);

  /** A web server, asked by itself: its agent's module is a stand-in, which passes nothing on. */
  static final Application HTTPD =
      new Application(
          "apache-httpd",
          "Apache HTTPD",
          "e2e/manifests/greeter-httpd.yaml",
          "example.com/greeter-httpd:1.2",
          Images::httpdApp,
          "PORT",
          AGENTS + "apache-httpd:1.0.4",
          Images::standInForWebServerAgent);

  /** Each asks the next one. */
  static final List<Application> CHAIN = List.of(FLASK, JAVA, EXPRESS);
}
