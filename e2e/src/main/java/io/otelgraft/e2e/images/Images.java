package io.otelgraft.e2e.images;

import io.otelgraft.e2e.kubelet.Image;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The images of the real agents, and of small applications to instrument, with their files obtained
 * from the package registries.
 *
 * <p>The agents are laid out as the images that the OpenTelemetry project publishes have them. The
 * applications listen on this machine's loopback address only, unless {@code HOST} names another.
 * Their files are kept in {@code $GRAFT_CACHE/images}, by default {@code ~/.cache/graft/images},
 * and made when first asked for, which takes some ten seconds each. {@code e2e/prepare} installs
 * the tools that this needs.
 */
public final class Images {

  /** Where an image has its programs. */
  static final String TOOLS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final ImageFiles files;

  /**
   * The images of a checkout.
   *
   * @param recipes the folder {@code e2e/images}
   * @param progress is told what takes long, in a line each
   */
  public Images(Path recipes, Consumer<String> progress) {
    this.files =
        new ImageFiles(
            recipes.toAbsolutePath().resolveSibling("made"), recipes, Map.of(), progress);
  }

  /** The Java agent: {@code /javaagent.jar}. */
  public Image javaAgent() {
    return Image.of(files.made("agent-java"));
  }

  /**
   * The Python agent as it is published: {@code /autoinstrumentation} for glibc, {@code
   * /autoinstrumentation-musl}. It exports over HTTP only.
   */
  public Image pythonAgent() {
    return Image.of(files.made("agent-python"));
  }

  /** A Python agent that somebody built with the gRPC exporter as well. */
  public Image pythonAgentWithGrpc() {
    return Image.of(files.made("agent-python-grpc"));
  }

  /** The Node.js agent: {@code /autoinstrumentation}. */
  public Image nodejsAgent() {
    return Image.of(files.made("agent-nodejs"));
  }

  /** The Go agent: {@code /otel-go-instrumentation}. */
  public Image goAgent() {
    return Image.of(files.made("agent-go")).withEntrypoint("/otel-go-instrumentation");
  }

  /**
   * No .NET agent, but a profiler and a startup hook that say that they run, laid out as the images
   * of the agent from 1.16.0 on: {@code /autoinstrumentation}.
   */
  public Image dotnetAgentStandIn() {
    return Image.of(files.made("dotnet").resolve("agent"));
  }

  /** The same as {@link #dotnetAgentStandIn}, laid out as the images before 1.16.0. */
  public Image dotnetAgentStandInBefore116() {
    return Image.of(files.made("dotnet").resolve("agent-before-1.16"));
  }

  /**
   * An application in C# with a CoreCLR 8 for amd64, {@code dotnet /app/App.dll}. It says that it
   * runs, and serves {@code /hello/NAME} on {@code PORT} if that is set, else ends.
   */
  public Image dotnetApp() {
    return Image.of(files.made("dotnet").resolve("app"))
        .withEnv("PATH", "/opt/dotnet:" + TOOLS)
        .withEnv("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .withEntrypoint("dotnet", "/app/App.dll");
  }

  /**
   * An application in Java, {@code java -jar /app/app.jar}. It serves {@code /hello/NAME} on {@code
   * PORT}, and asks the service at the URL {@code NEXT} for the same if that is set.
   */
  public Image javaApp() {
    return Image.of(files.made("app-java"))
        .withEnv("PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + TOOLS)
        .withEntrypoint("java", "-jar", "/app/app.jar");
  }

  /**
   * An application in Python with Flask in a virtual environment of its own, {@code python -m flask
   * run} in {@code /app}. It serves {@code /hello/NAME} on {@code FLASK_RUN_PORT}, else 5000, and
   * asks the service at the URL {@code NEXT} for the same if that is set.
   */
  public Image flaskApp() {
    return Image.of(files.made("app-flask"))
        .withEnv("PATH", "/app/venv/bin:" + TOOLS)
        .withEntrypoint("python", "-m", "flask", "run")
        .withWorkingDirectory("/app");
  }

  /**
   * An application in Python that brings OpenTelemetry's SDK, {@code python app.py} in {@code
   * /app}. It serves {@code /hello/NAME} on {@code PORT}, and asks the service at the URL {@code
   * NEXT} for the same if that is set.
   */
  public Image pythonAppWithSdk() {
    return Image.of(files.made("app-python-sdk"))
        .withEnv("PATH", "/app/venv/bin:" + TOOLS)
        .withEntrypoint("python", "app.py")
        .withWorkingDirectory("/app");
  }

  /**
   * An application in Node.js with Express, {@code node app.js} in {@code /app}. It serves {@code
   * /hello/NAME} on {@code PORT}, and asks the service at the URL {@code NEXT} for the same if that
   * is set.
   */
  public Image expressApp() {
    return Image.of(files.made("app-express"))
        .withEntrypoint("node", "app.js")
        .withWorkingDirectory("/app");
  }

  /**
   * An application in Go, {@code /app/greeter}. It serves {@code /hello/NAME} on {@code PORT} and
   * asks nobody: the agent does not load beside a client where the kernel is locked down.
   */
  public Image goApp() {
    return Image.of(files.made("app-go")).withEntrypoint("/app/greeter");
  }

  /**
   * A stand-in for the agent of Apache HTTPD and nginx, laid out as it is: {@code
   * /opt/opentelemetry}. Its modules take the agent's directives and report each request over gRPC
   * through the OpenTelemetry SDK for Rust.
   */
  public Image standInForWebServerAgent() {
    return Image.of(files.made("agent-webserver"));
  }

  /**
   * An application of files that Apache HTTPD serves, laid out as the official image, with this
   * machine's program. It serves {@code /hello/you} on {@code PORT}.
   */
  public Image httpdApp() {
    return Image.of(files.made("app-httpd"))
        .withEnv("HOST", "127.0.0.1")
        .withEntrypoint("apache2", "-DFOREGROUND", "-f", "/usr/local/apache2/conf/httpd.conf");
  }

  /**
   * nginx with a configuration laid out as in the official image, with this machine's program. It
   * serves what is added in {@code /etc/nginx/conf.d}.
   */
  public Image nginxApp() {
    return Image.of(files.made("app-nginx")).withEntrypoint("nginx", "-g", "daemon off;");
  }

  /**
   * A stand-in for the agent for PHP, for this machine's version: an extension in C and what is
   * written in PHP. Together they report each request, and each command, over OTLP in JSON.
   *
   * @param variant {@code agent}; or one that is of no use: {@code for-another-php}, {@code
   *     mislabelled}, which is for another version than it says, and {@code broken}, whose PHP
   *     fails
   */
  public Image standInForPhpAgent(String variant) {
    return Image.of(files.made("agent-php").resolve(variant));
  }

  /**
   * An application in PHP, {@code php /app/app.php}, with this machine's PHP. It says which
   * settings it runs with, and ends; served, it greets at {@code /hello/NAME}. {@code
   * /app/serve-fpm} serves it over FastCGI on {@code PORT}, with an empty environment for workers.
   */
  public Image phpApp() {
    return Image.of(files.made("app-php")).withEntrypoint("php", "/app/app.php");
  }

  /** The same application, which PHP itself serves on {@code PORT}. */
  public Image servedPhpApp() {
    return phpApp().withEntrypoint("sh", "-c", "exec php -S 127.0.0.1:$PORT -t /app/public");
  }

  /**
   * A stand-in for the agent for Ruby: gems beside those of a bundle, of which one changes a class
   * of the application as it is defined and reports its calls over OTLP in JSON.
   *
   * @param variant {@code agent}, laid out as for the OpenTelemetry Operator; {@code
   *     agent-by-libc}, as for the OpenTelemetry injector; or one that is of no use: {@code
   *     broken}, which lacks a file, {@code for-another-ruby} and {@code empty}
   */
  public Image standInForRubyAgent(String variant) {
    return Image.of(files.made("agent-ruby").resolve(variant));
  }

  /**
   * An application in Ruby, {@code ruby app.rb} in {@code /app}, with this machine's Ruby and a
   * bundle. It serves {@code /hello/NAME} on {@code PORT}.
   */
  public Image rubyApp() {
    return Image.of(files.made("app-ruby"))
        .withEntrypoint("ruby", "app.rb")
        .withWorkingDirectory("/app");
  }

  /** No image: the script of axe-core, which finds what keeps people from using a web page. */
  public Path axe() {
    return files.made("axe").resolve("axe.min.js");
  }
}
