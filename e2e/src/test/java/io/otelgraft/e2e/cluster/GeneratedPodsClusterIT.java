package io.otelgraft.e2e.cluster;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.cluster.ApiServer.Answer;
import io.otelgraft.fuzz.GeneratedCase;
import io.otelgraft.lang.dotnet.DotnetPlugin;
import io.otelgraft.lang.go.GoPlugin;
import io.otelgraft.lang.httpd.HttpdPlugin;
import io.otelgraft.lang.java.JavaPlugin;
import io.otelgraft.lang.nginx.NginxPlugin;
import io.otelgraft.lang.nodejs.NodejsPlugin;
import io.otelgraft.lang.php.PhpPlugin;
import io.otelgraft.lang.python.PythonPlugin;
import io.otelgraft.lang.ruby.RubyPlugin;
import io.otelgraft.lang.sdk.SdkPlugin;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Pods that nobody thought of, as module {@code fuzz} generates them, given to a real API server as
 * dry runs: once where Graft is not asked, and once where it is, in namespaces that are the same
 * otherwise. Half of them hold their pods to the restricted standard.
 *
 * <p>Graft rejects none by itself here: what does not come through is the API server's doing.
 */
@ExtendWith(ClusterExtension.class)
final class GeneratedPodsClusterIT {

  /** How many are tried, however long that takes; unless set, as many as fit in the time. */
  private static final String COUNT = "graft.e2e.generated";

  private static final int ALL = 10_000;
  private static final Duration TIME = Duration.ofSeconds(100);

  private static final int CLIENTS = 8;

  /** Namespaces of each kind, each with Instrumentations and limits of its own. */
  private static final int SHOPS = 24;

  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String ASKED = "e2e.otelgraft.io/asked";

  private static final List<Language> LANGUAGES =
      Stream.of(
              new DotnetPlugin(),
              new GoPlugin(),
              new HttpdPlugin(),
              new JavaPlugin(),
              new NginxPlugin(),
              new NodejsPlugin(),
              new PhpPlugin(),
              new PythonPlugin(),
              new RubyPlugin(),
              new SdkPlugin())
          .map(LanguagePlugin::language)
          .toList();

  @RegisterExtension
  static final GraftInstallation GRAFT =
      GraftInstallation.with(
          "--set=settings.enabled-languages={%s}"
              .formatted(LANGUAGES.stream().map(Language::id).collect(joining(","))),
          "--set=settings.admission.on-error=allow",
          "--set=webhooks.pods.namespaceSelector.matchLabels.%s=yes"
              .formatted(ASKED.replace(".", "\\.")));

  /** What pods refer to, apart from what their namespace has. */
  private static final String OF_THE_CLUSTER =
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Namespace, metadata: {name: away, labels: {test: generated}}}
      - apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: high, labels: {test: generated}}
        value: 1000
      - apiVersion: node.k8s.io/v1
        kind: RuntimeClass
        metadata: {name: gvisor, labels: {test: generated}}
        handler: runsc
      - apiVersion: node.k8s.io/v1
        kind: RuntimeClass
        metadata: {name: kata, labels: {test: generated}}
        handler: kata
        overhead: {podFixed: {cpu: 250m, memory: 120Mi}}
      """;

  /**
   * Two namespaces that differ in one thing: whether Graft is asked.
   *
   * @param number odd ones are held to the restricted standard
   */
  private record Shop(int number) {

    String without() {
      return "generated-%d-without".formatted(number);
    }

    String with() {
      return "generated-%d-with".formatted(number);
    }

    boolean isRestricted() {
      return number % 2 == 1;
    }

    /** The namespaces, and what is in them, but for Instrumentations. */
    void addTo(ArrayNode objects) {
      for (String name : List.of(without(), with())) {
        ObjectNode namespace =
            Manifests.object("{apiVersion: v1, kind: Namespace, metadata: {labels: {}}}");
        List<ObjectNode> limits = new ArrayList<>();
        for (ObjectNode generated : resources(name)) {
          switch (generated.path("kind").asText()) {
            case "Namespace" -> namespace = generated;
            case "LimitRange" -> limits.add(generated);
            default -> {
              // An Instrumentation.
            }
          }
        }
        namespace
            .withObject("/metadata")
            .put("name", name)
            .withObject("/labels")
            .put("test", "generated")
            .put(ASKED, name.equals(with()) ? "yes" : "no")
            .put(
                "pod-security.kubernetes.io/enforce", isRestricted() ? "restricted" : "privileged");
        objects.add(namespace);
        objects.add(
            Manifests.object(
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: cart, namespace: %s}}"
                    .formatted(name)));
        limits.stream()
            .filter(each -> each.at("/metadata/namespace").asText().equals(name))
            .forEach(objects::add);
      }
    }

    Stream<ObjectNode> instrumentations() {
      return resources(with()).stream()
          .filter(each -> each.path("kind").asText().equals("Instrumentation"));
    }

    private List<ObjectNode> resources(String namespace) {
      return GeneratedCase.resources(number, LANGUAGES, namespace);
    }
  }

  private static List<Shop> shops(Kubectl kubectl) {
    List<Shop> shops = Stream.iterate(0, i -> i + 1).limit(SHOPS).map(Shop::new).toList();
    kubectl.runWithInput(OF_THE_CLUSTER, "apply", "--filename=-");
    ObjectNode objects = Manifests.object("{apiVersion: v1, kind: List, items: []}");
    shops.forEach(shop -> shop.addTo(objects.withArray("/items")));
    kubectl.runWithInput(objects.toString(), "apply", "--filename=-");
    ObjectNode instrumentations = Manifests.object("{apiVersion: v1, kind: List, items: []}");
    shops.stream()
        .flatMap(Shop::instrumentations)
        .forEach(instrumentations.withArray("/items")::add);
    // What the API server refuses, no cluster has.
    String applied = kubectl.attemptWithInput(instrumentations.toString(), "apply", "--filename=-");
    assertThat(applied.lines().filter(line -> line.endsWith(" created")).count())
        .as("Instrumentations that are accepted, of %s", applied)
        .isGreaterThan(SHOPS / 2);
    // Until then, no pod is admitted.
    List<String> accounts =
        shops.stream()
            .flatMap(shop -> Stream.of(shop.without(), shop.with()))
            .map(namespace -> namespace + "/default")
            .toList();
    GRAFT.release().await(() -> all(kubectl, "serviceaccounts", "").containsAll(accounts), SOON);
    // Then Graft has judged all of them.
    GRAFT
        .release()
        .await(
            () ->
                all(kubectl, "instrumentations", " {.status.observedGeneration}").stream()
                    .noneMatch(one -> one.endsWith(" ")),
            SOON);
    return shops;
  }

  /** {@code NAMESPACE/NAME} of all objects of a kind, with more that is in them. */
  private static List<String> all(Kubectl kubectl, String kind, String more) {
    return kubectl
        .run(
            "get",
            kind,
            "--all-namespaces",
            "--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}%s{'\\n'}{end}"
                .formatted(more))
        .lines()
        .toList();
  }

  @AfterAll
  static void leave_the_cluster_as_it_was(Cluster cluster) {
    cluster
        .kubectl()
        .run(
            "delete",
            "namespaces,priorityclasses,runtimeclasses",
            "--selector=test=generated",
            "--wait=false");
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void what_an_API_server_admits_it_admits_with_what_Graft_adds(Cluster cluster)
      throws InterruptedException, ExecutionException {
    List<Shop> shops = shops(cluster.kubectl());
    Optional<Integer> wanted = Optional.ofNullable(Integer.getInteger(COUNT));
    Instant end = wanted.isPresent() ? Instant.MAX : Instant.now().plus(TIME);
    Tally tally = new Tally();
    AdmissionLatency before = AdmissionLatency.of(cluster.kubectl(), "mpod.kb.io");
    AtomicLong seeds = new AtomicLong();
    try (ApiServer server = ApiServer.of(cluster.kubectl());
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        ends.add(
            clients.submit(() -> {
              long seed = seeds.incrementAndGet();
              while (seed <= wanted.orElse(ALL) && Instant.now().isBefore(end)) {
                tally.add(tried(seed, shops.get((int) (seed % SHOPS)), server));
                seed = seeds.incrementAndGet();
              }
            }));
      }
      for (Future<?> client : ends) {
        client.get();
      }
    }
    System.out.printf(
        "%s%s; each time that Graft was asked took %s%n",
        tally,
        tally.all < ALL
            ? "; that is not all %1$d: -D%2$s=%1$d tries them".formatted(ALL, COUNT)
            : "",
        AdmissionLatency.of(cluster.kubectl(), "mpod.kb.io").since(before));
    assertThat(tally.failures).isEmpty();
    // Nothing holds because nothing is tried.
    assertThat(tally.share("privileged injected")).as("%% injected, of %s", tally).isGreaterThan(8);
    assertThat(tally.share("restricted injected")).as("%% injected, of %s", tally).isGreaterThan(2);
  }

  /** What became of a pod without Graft, and with it. */
  private record Tried(long seed, Shop shop, Answer without, Answer with) {}

  private static Tried tried(long seed, Shop shop, ApiServer server) {
    return new Tried(
        seed,
        shop,
        server.tryOut(shop.without(), GeneratedCase.pod(seed, LANGUAGES, shop.without())),
        server.tryOut(shop.with(), GeneratedCase.pod(seed, LANGUAGES, shop.with())));
  }

  /** How often what has come of it. */
  private static final class Tally {
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int all;

    synchronized void add(Tried tried) {
      all++;
      String level = tried.shop().isRestricted() ? "restricted" : "privileged";
      if (!tried.without().created()) {
        count(level + " refused anyway");
      } else if (isInjected(tried.with())) {
        count(level + " injected");
      } else {
        count(level + " admitted as it was");
      }
      if (isWorse(tried.without(), tried.with())) {
        failures.add(
            "seed %d: without Graft %s; with it %s; the pod: %s"
                .formatted(
                    tried.seed(),
                    tried.without(),
                    tried.with(),
                    GeneratedCase.pod(tried.seed(), LANGUAGES, tried.shop().with())));
      } else if (tried.without().created() && !qos(tried.with()).equals(qos(tried.without()))) {
        failures.add(
            "seed %d: its QoS class was %s and is %s"
                .formatted(tried.seed(), qos(tried.without()), qos(tried.with())));
      }
    }

    /**
     * Refused is worse than admitted, and an API server that fails than one that refuses. The other
     * way is nobody's harm: a pod without any limit, which a LimitRange refuses for that, has one
     * with the container that delivers an agent.
     */
    private static boolean isWorse(Answer without, Answer with) {
      return without.created() ? !with.created() : with.code() >= 500;
    }

    private void count(String what) {
      counts.merge(what, 1, Integer::sum);
    }

    double share(String what) {
      return counts.getOrDefault(what, 0) * 100.0 / all;
    }

    private static boolean isInjected(Answer answer) {
      return answer.object().at("/metadata/annotations").has("otelgraft.io/injected");
    }

    private static String qos(Answer answer) {
      return answer.object().at("/status/qosClass").asText();
    }

    @Override
    public String toString() {
      return all + " generated pods: " + counts;
    }
  }
}
