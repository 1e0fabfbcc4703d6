package io.otelgraft.lang.go;

import io.otelgraft.spi.Container;
import io.otelgraft.spi.EnvView;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Go: an agent beside the application that finds its process by the path of its executable and
 * observes it through eBPF. The application's container stays as it is.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-go-instrumentation">OpenTelemetry
 *     Go Automatic Instrumentation</a>
 */
public final class GoPlugin implements LanguagePlugin {
  static final String TARGET = "OTEL_GO_AUTO_TARGET_EXE";

  private static final String AGENT = "agent";
  private static final String KERNEL_DEBUG = "kernel-debug";

  static final Setting<String> TARGET_ANNOTATION =
      Setting.text("otel-go-auto-target-exe")
          .describe("The path of the application's executable in its container: /app/main.");

  static final Setting<Map<String, Object>> SECURITY_CONTEXT =
      Setting.kubernetes("securityContext", "core/v1.SecurityContext")
          .describe(
              "The security context of the agent's container, in place of the one that has exactly"
                  + " the rights that the agent uses.");

  private static final Reason NO_TARGET =
      Reason.of("NoTargetExecutable", "the agent has to know which executable to observe.");

  private static final Reason SEVERAL_CONTAINERS =
      Reason.of(
          "SeveralContainers",
          "the agent observes one process, which it finds by its path among those of all"
              + " containers.");

  private static final Reason INIT_CONTAINER =
      Reason.of(
          "InitContainer", "the agent observes what runs beside it, which init containers do not.");

  /**
   * What v0.24 of the agent uses as root. Tried by taking away one after the other:
   *
   * <ul>
   *   <li>SYS_ADMIN: to mount a bpffs of its own, to load programs that write into the
   *       application's memory, which carries the trace's context on, and to open uprobes;
   *   <li>SYS_PTRACE: to find the executable of a process of another user, and to map memory into
   *       that process;
   *   <li>KILL: to ask whether a process of another user is there;
   *   <li>SYS_RESOURCE: to lock memory beyond the usual limit, for each processor of the node, and
   *       for maps on kernels before 5.11;
   *   <li>DAC_READ_SEARCH: to read executables that only their owner may read.
   * </ul>
   */
  private static final List<String> CAPABILITIES =
      List.of("DAC_READ_SEARCH", "KILL", "SYS_ADMIN", "SYS_PTRACE", "SYS_RESOURCE");

  @Override
  public Language language() {
    return Language.named("go")
        .title("Go")
        .documentation(URI.create("https://opentelemetry.io/docs/zero-code/go/autosdk/"))
        .section("go", SECURITY_CONTEXT)
        .image(
            "ghcr.io/open-telemetry/opentelemetry-go-instrumentation/autoinstrumentation-go",
            "v0.24.0")
        .annotations(TARGET_ANNOTATION)
        .needs(Need.ROOT, Need.CAPABILITIES, Need.HOST_KERNEL, Need.SHARED_PROCESSES)
        .reasons(NO_TARGET, SEVERAL_CONTAINERS, INIT_CONTAINER)
        .operatorNames(
            Map.of(AGENT, "opentelemetry-auto-instrumentation", KERNEL_DEBUG, KERNEL_DEBUG))
        .enabledByDefault(false)
        .order(50)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    if (target.isInit()) {
      verdict.refuse(
          INIT_CONTAINER, target.name(), "name a container that is not an init container");
    } else if (!target.companions().isEmpty()) {
      verdict.refuse(
          SEVERAL_CONTAINERS,
          target.name() + ", " + String.join(", ", target.companions()),
          "name one container in instrumentation.opentelemetry.io/go-container-names");
    } else if (target.annotation(TARGET_ANNOTATION).isEmpty() && !isGiven(target.env())) {
      verdict.refuse(
          NO_TARGET,
          "neither the annotation nor " + TARGET,
          "set the annotation instrumentation.opentelemetry.io/"
              + TARGET_ANNOTATION.key()
              + " to the path of the executable in container "
              + target.name());
    } else {
      verdict.note(
          "all containers of the pod share one process namespace, in which process 1 is none of"
              + " theirs");
    }
  }

  /** Whether the env names the executable; what a reference will yield is not known. */
  private static boolean isGiven(EnvView env) {
    return env.get(TARGET)
        .filter(variable -> variable.literal().map(path -> !path.isBlank()).orElse(true))
        .isPresent();
  }

  @Override
  public void inject(Injection injection) {
    Target target = injection.targets().getFirst();
    injection.because("observe the application's process");
    Container agent = injection.sidecar(AGENT);
    target.annotation(TARGET_ANNOTATION).ifPresent(path -> agent.env().setIfAbsent(TARGET, path));
    agent.describes(target);
    injection.because("find the application's process");
    injection.shareProcesses();
    injection.because("let the agent observe it");
    agent.securityContext(
        injection.section().get(SECURITY_CONTEXT).orElseGet(() -> context(injection)));
    if (injection.prefersPrivileged()) {
      injection.hostPath(KERNEL_DEBUG, "/sys/kernel/debug").mount(agent, "/sys/kernel/debug");
    }
  }

  private static Map<String, Object> context(Injection injection) {
    if (injection.prefersPrivileged()) {
      return Map.of("privileged", true, "runAsUser", 0);
    }
    return Map.of(
        "runAsUser",
        0,
        // Those of the pod are not for this container.
        "runAsNonRoot",
        false,
        "readOnlyRootFilesystem",
        true,
        // The profile that container runtimes have denies all mounts.
        "appArmorProfile",
        Map.of("type", "Unconfined"),
        "capabilities",
        Map.of("drop", List.of("ALL"), "add", CAPABILITIES));
  }
}
