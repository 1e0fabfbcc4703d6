package io.otelgraft.e2e.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.e2e.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletStandInIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path machine;

  private KubeletStandIn kubelet;

  @BeforeEach
  void an_agent_image_and_an_application_image() throws IOException {
    Path agent = Files.createDirectories(machine.resolve("agent"));
    Files.createDirectories(agent.resolve("autoinstrumentation").resolve("lib"));
    Files.writeString(
        agent.resolve("autoinstrumentation").resolve("lib").resolve("agent.txt"), "the agent\n");
    Path app = Files.createDirectories(machine.resolve("app"));
    Files.writeString(
        Files.createDirectories(app.resolve("srv").resolve("greeter")).resolve("main"),
        "the application\n");
    Files.copy(
        Path.of("/usr/bin/sleep"),
        Files.createDirectories(app.resolve("opt").resolve("greeter")).resolve("sleep"),
        StandardCopyOption.COPY_ATTRIBUTES);
    kubelet =
        KubeletStandIn.builder()
            .node(new Node("node-7", "127.0.0.1"))
            .host("collector.observability.svc", "127.0.0.9")
            .image("agent:1", Image.of(agent))
            .image(
                "app:1",
                Image.of(app)
                    .withEnv("FROM_IMAGE", "image")
                    .withEntrypoint("sh", "-c")
                    .withWorkingDirectory("/srv/greeter"))
            .object(
                Manifests.object(
                    "{kind: ConfigMap, metadata: {name: settings}, data: {a.conf: 'colour=red', b.conf: 'size=big'}}"))
            .object(
                Manifests.object(
                    "{kind: Secret, metadata: {name: keys}, stringData: {password: s3cret}}"))
            .build();
  }

  /** What the container {@code app} of a pod writes until it ends. */
  private String output(String pod) {
    try (RunningPod running = kubelet.run(Manifests.object(pod))) {
      RunningContainer app = running.container("app");
      assertThat(app.awaitExit(SOON)).as(app.log()).isZero();
      return app.log();
    }
  }

  @Test
  void what_an_init_container_copies_is_at_its_mount_path_in_the_application() {
    String output =
        output(
            """
            kind: Pod
            spec:
              initContainers:
                - name: copy
                  image: agent:1
                  command: [cp, -r, /autoinstrumentation/., /otel-auto-instrumentation]
                  volumeMounts: [{name: agent, mountPath: /otel-auto-instrumentation}]
                - name: second
                  image: app:1
                  args: ["echo after $(cat /mnt/here/lib/agent.txt) >> /mnt/here/lib/agent.txt"]
                  volumeMounts: [{name: agent, mountPath: /mnt/here}]
              containers:
                - name: app
                  image: app:1
                  args: ["cat /otel-auto-instrumentation/lib/agent.txt; cat main; ls /autoinstrumentation 2>&1 || true"]
                  volumeMounts: [{name: agent, mountPath: /otel-auto-instrumentation}]
              volumes: [{name: agent, emptyDir: {}}]
            """);
    assertThat(output)
        .startsWith("the agent\nafter the agent\nthe application\n")
        .as("the application does not see the agent's image")
        .contains("No such file or directory");
    assertThat(Path.of("/otel-auto-instrumentation")).as("on the machine itself").doesNotExist();
  }

  @Test
  void the_process_has_the_variables_of_the_pod_and_the_image_and_no_others() {
    assertThat(
            output(
                """
                kind: Pod
                metadata: {generateName: greeter-, namespace: shop}
                spec:
                  containers:
                    - name: app
                      image: app:1
                      command: [env]
                      env:
                        - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                        - {name: WHERE, value: '$(POD) on $(NODE), $(FROM_IMAGE)'}
                        - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                        - {name: LINES, value: "one\\ntwo 'quoted' $HOME \\"twice\\""}
                """))
        .matches(
            """
            (?s)(HOSTNAME=greeter-\\w{5}
            |FROM_IMAGE=image
            |PATH=[^
            ]*
            |POD=greeter-\\w{5}
            |WHERE=greeter-\\w{5} on \\$\\(NODE\\), \\$\\(FROM_IMAGE\\)
            |NODE=node-7
            |LINES=one
            two 'quoted' \\$HOME "twice"
            ){7}\
            """);
  }

  @Test
  void command_and_arguments_replace_those_of_the_image_with_references_expanded() {
    assertThat(
            output(
                """
                kind: Pod
                spec:
                  containers:
                    - name: app
                      image: app:1
                      workingDir: /not/there/yet
                      command: [printf, '%s\\n']
                      args: [$(GREETING) you, $$(GREETING), $(UNKNOWN), $(pwd)]
                      env: [{name: GREETING, value: hello}]
                """))
        .isEqualTo("hello you\n$(GREETING)\n$(UNKNOWN)\n$(pwd)\n");
  }

  @Test
  void volumes_of_every_kind_are_where_the_mounts_say() {
    assertThat(
            output(
                """
                kind: Pod
                metadata:
                  name: greeter-1
                  labels: {app: greeter, tier: front}
                spec:
                  hostAliases: [{ip: 127.0.0.8, hostnames: [alias.example]}]
                  containers:
                    - name: app
                      image: app:1
                      args:
                        - |
                          set -e
                          cat /etc/greeter/a.conf; echo
                          ls /etc/greeter
                          cat /srv/greeter/one.conf; echo
                          cat /var/run/secrets/greeter/deep/password; echo
                          cat /podinfo/labels; echo
                          echo data > /data/below/file
                          cat /all/greeter-1/file
                          cat /image/autoinstrumentation/lib/agent.txt
                          getent hosts collector.observability.svc alias.example | sed 's/  */ /'
                          test -e /etc/passwd
                      env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                      volumeMounts:
                        - {name: settings, mountPath: /etc/greeter}
                        - {name: settings, mountPath: /srv/greeter/one.conf, subPath: b.conf}
                        - {name: all, mountPath: /var/run/secrets/greeter}
                        - {name: info, mountPath: /podinfo}
                        - {name: data, mountPath: /all}
                        - {name: data, mountPath: /data/below, subPathExpr: $(POD)}
                        - {name: picture, mountPath: /image}
                  volumes:
                    - {name: settings, configMap: {name: settings}}
                    - name: all
                      projected:
                        sources:
                          - secret: {name: keys, items: [{key: password, path: deep/password}]}
                          - configMap: {name: nowhere, optional: true}
                    - name: info
                      downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
                    - {name: data, emptyDir: {}}
                    - {name: picture, image: {reference: "agent:1"}}
                """))
        .isEqualTo(
            """
            colour=red
            a.conf
            b.conf
            size=big
            s3cret
            app="greeter"
            tier="front"
            data
            the agent
            127.0.0.9 collector.observability.svc
            127.0.0.8 alias.example
            """);
  }

  @Test
  void neither_the_machine_nor_the_image_can_be_written() {
    assertThat(
            output(
                """
                kind: Pod
                spec:
                  containers:
                    - name: app
                      image: app:1
                      args:
                        - |
                          for place in /usr/graft /etc/graft /srv/greeter/main /settings/a.conf /read-only/x; do
                            (: > $place) 2>/dev/null && echo "$place was written"
                          done
                          : > /tmp/fine && : > /fine
                      volumeMounts:
                        - {name: settings, mountPath: /settings}
                        - {name: data, mountPath: /read-only, readOnly: true}
                  volumes:
                    - {name: settings, configMap: {name: settings}}
                    - {name: data, emptyDir: {}}
                """))
        .isEmpty();
    assertThat(Path.of("/tmp/fine")).doesNotExist();
  }

  @Test
  void what_is_mounted_from_an_image_can_be_read_and_neither_written_nor_run() throws IOException {
    Path program =
        Files.writeString(machine.resolve("agent").resolve("run"), "#!/bin/sh\necho ran\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(
            output(
                """
                kind: Pod
                spec:
                  containers:
                    - name: app
                      image: app:1
                      args:
                        - |
                          /agent/run 2>&1 | grep -o "Permission denied"
                          (: > /agent/run) 2>/dev/null || echo "not written"
                          sh /agent/run
                      volumeMounts: [{name: agent, mountPath: /agent}]
                  volumes: [{name: agent, image: {reference: "agent:1"}}]
                """))
        .isEqualTo("Permission denied\nnot written\nran\n");
  }

  @Test
  void an_init_container_that_fails_keeps_the_pod_from_starting_and_says_why() {
    assertThatThrownBy(() ->
            output(
                """
                kind: Pod
                spec:
                  initContainers:
                    - {name: broken, image: "agent:1", command: [cp, /nowhere, /tmp]}
                  containers:
                    - {name: app, image: "app:1", args: [echo started]}
                """))
        .isInstanceOf(PodFailedException.class)
        .hasMessageStartingWith(
            "Init:Error: init container broken, [cp, /nowhere, /tmp], ended with 1:")
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void what_a_pod_refers_to_must_exist() {
    String pod =
        """
        kind: Pod
        spec:
          containers:
            - name: app
              image: %s
              args: [echo started]
              volumeMounts: [{name: %s, mountPath: /data}]
          volumes: [{name: data, %s}]
        """;
    assertThatThrownBy(() -> output(pod.formatted("app:2", "data", "emptyDir: {}")))
        .isInstanceOf(PodFailedException.class)
        .hasMessageContaining("no image app:2; there are [");
    assertThatThrownBy(() -> output(pod.formatted("app:1", "other", "emptyDir: {}")))
        .isInstanceOf(PodFailedException.class)
        .hasMessage("Invalid value: volumeMounts name other not found in [data]");
    assertThatThrownBy(
            () -> output(pod.formatted("app:1", "data", "secret: {secretName: nowhere}")))
        .isInstanceOf(PodFailedException.class)
        .hasMessage("CreateContainerConfigError: no Secret default/nowhere");
    assertThatThrownBy(() -> output(pod.formatted("app:1", "data", "nfs: {server: example}")))
        .isInstanceOf(PodFailedException.class)
        .hasMessage("FailedMount: volume data: there is no nfs here");
  }

  @Test
  void containers_that_share_processes_see_each_other_and_nobody_else() {
    try (RunningPod running =
        kubelet.run(
            Manifests.object(
                """
                kind: Pod
                spec:
                  shareProcessNamespace: true
                  initContainers:
                    - {name: sidecar, image: "app:1", restartPolicy: Always, args: [exec sleep 1000]}
                  containers:
                    - name: app
                      image: app:1
                      args:
                        - |
                          until grep -q -s -a '[1]000' /proc/[0-9]*/cmdline; do sleep 0.1; done
                          ls -d /proc/[0-9]* 2>/dev/null | wc -l
                          tr '\\0' ' ' < /proc/1/cmdline
                """))) {
      RunningContainer app = running.container("app");
      assertThat(app.awaitExit(SOON)).as(app.log()).isZero();
      String[] lines = app.log().lines().toArray(String[]::new);
      assertThat(Integer.parseInt(lines[0])).isBetween(3, 8);
      assertThat(lines[1]).as("is of neither").isEqualTo("sleep infinity ");
    }
  }

  @Test
  void a_container_that_shares_processes_is_told_to_end_and_its_exit_code_is_known() {
    try (RunningPod running =
        kubelet.run(
            Manifests.object(
                """
                kind: Pod
                spec:
                  shareProcessNamespace: true
                  containers:
                    - {name: app, image: "app:1", args: ["trap 'exit 7' TERM; echo ready; while true; do sleep 0.1; done"]}
                """))) {
      RunningContainer app = running.container("app");
      await(() -> app.log().contains("ready"));
      app.terminate();
      assertThat(app.awaitExit(SOON)).isEqualTo(7);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  void what_a_process_has_loaded_is_known_by_the_names_that_it_has_in_the_container() {
    try (RunningPod running =
        kubelet.run(
            Manifests.object(
                """
                kind: Pod
                spec:
                  containers:
                    - {name: app, image: "app:1", command: [/opt/greeter/sleep, "1000"]}
                """))) {
      RunningContainer app = running.container("app");
      await(() -> app.loadedFiles().contains("/opt/greeter/sleep"));
      assertThat(app.loadedFiles()).doesNotHaveDuplicates().anyMatch(file -> file.contains("libc"));
    }
  }

  @Test
  void closing_a_pod_ends_its_processes_and_removes_its_files() {
    RunningPod running =
        kubelet.run(
            Manifests.object(
                """
                kind: Pod
                spec:
                  initContainers:
                    - {name: sidecar, image: "app:1", restartPolicy: Always, args: [exec sleep 1000]}
                  containers:
                    - {name: app, image: "app:1", args: ["sleep 1000; sleep 1000"]}
                """));
    RunningContainer sidecar = running.container("sidecar");
    RunningContainer app = running.container("app");
    assertThat(sidecar.isRunning()).isTrue();
    assertThat(app.isRunning()).isTrue();
    running.close();
    assertThat(sidecar.isRunning()).isFalse();
    assertThat(app.isRunning()).isFalse();
    assertThat(running.directory()).doesNotExist();
  }
}
