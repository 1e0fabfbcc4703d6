package io.otelgraft.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.InjectedPods;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.kubelet.Image;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that is started with what was injected runs an agent made for the purpose. */
class JvmAttachmentIT {

  @TempDir private static Path machine;

  private static KubeletStandIn kubelet;

  @BeforeAll
  static void images() throws Exception {
    Path agent = Files.createDirectories(machine.resolve("agent"));
    agentJar(agent.resolve("javaagent.jar"));
    Path app = Files.createDirectories(machine.resolve("image").resolve("app"));
    try (JarOutputStream jar =
        jar(app.resolve("app.jar"), Attributes.Name.MAIN_CLASS, Application.class)) {
      add(jar, Application.class);
    }
    kubelet =
        KubeletStandIn.builder()
            .image("example.com/agent:1", Image.of(agent))
            .image(
                "example.com/app:1",
                Image.of(app.getParent())
                    .withEnv(
                        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin")
                    .withEntrypoint("java", "-jar", "/app/app.jar"))
            .build();
  }

  /** An agent is one file: Byte Buddy has to be in it. */
  private static void agentJar(Path file) throws Exception {
    Path byteBuddy =
        Path.of(ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarOutputStream jar = jar(file, new Attributes.Name("Premain-Class"), MarkingAgent.class);
        JarFile library = new JarFile(byteBuddy.toFile())) {
      add(jar, MarkingAgent.class);
      for (Enumeration<JarEntry> entries = library.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith("net/") && !entry.isDirectory()) {
          jar.putNextEntry(new JarEntry(entry.getName()));
          library.getInputStream(entry).transferTo(jar);
        }
      }
    }
  }

  private static JarOutputStream jar(Path file, Attributes.Name attribute, Class<?> value)
      throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(attribute, value.getName());
    OutputStream out = Files.newOutputStream(file);
    return new JarOutputStream(out, manifest);
  }

  private static void add(JarOutputStream jar, Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    jar.putNextEntry(new JarEntry(name));
    try (InputStream bytes = type.getModule().getResourceAsStream(name)) {
      bytes.transferTo(jar);
    }
  }

  private static ObjectNode injected() {
    return InjectedPods.of(
        Manifests.object(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: greeter-1
              namespace: shop
              annotations:
                instrumentation.opentelemetry.io/inject-java: "true"
            spec:
              containers:
                - name: app
                  image: example.com/app:1
                  args: [for, $(POD_NAME), $$(POD_NAME)]
                  env:
                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: JAVA_TOOL_OPTIONS, value: -Down.option=of-$(POD_NAME)}
            """),
        Manifests.object(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata:
              name: instrumentation
              namespace: shop
            spec:
              java:
                image: example.com/agent:1
            """));
  }

  private static String output(ObjectNode pod) {
    try (RunningPod running = kubelet.run(pod)) {
      RunningContainer app = running.container("app");
      int code = app.awaitExit(Duration.ofSeconds(60));
      assertThat(code).as(app.log()).isZero();
      return app.log();
    }
  }

  @Test
  void the_agent_runs_and_changes_a_class_and_the_options_that_were_there_still_count() {
    assertThat(output(injected()).lines())
        // The JDK's, on Byte Buddy's use of Unsafe.
        .filteredOn(line -> !line.startsWith("WARNING: "))
        .containsExactly(
            "Picked up JAVA_TOOL_OPTIONS: -Down.option=of-greeter-1"
                + " -javaagent:/otel-auto-instrumentation/javaagent.jar",
            "premain ran",
            "greeting: changed by the agent",
            "own.option: of-greeter-1",
            "arguments: for greeter-1 $(POD_NAME)");
  }

  @Test
  void without_the_option_that_names_it_the_agent_does_nothing() {
    ObjectNode pod = injected();
    for (JsonNode variable : Manifests.container(pod, "app").path("env")) {
      if (variable.path("name").asText().equals("JAVA_TOOL_OPTIONS")) {
        ((ObjectNode) variable).put("value", "-Down.option=alone");
      }
    }
    assertThat(output(pod))
        .contains("greeting: as it was written", "own.option: alone")
        .doesNotContain("premain ran");
  }
}
