package io.otelgraft.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Graft;
import io.otelgraft.e2e.GraftServer;
import io.otelgraft.e2e.apiserver.ApiServerStandIn;
import io.otelgraft.e2e.images.Images;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's web page in a real browser, with reviews coming in. */
class WebPageIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path HOME = Path.of("../runtime/target/graft");
  private static final String HOSTILE = "<img src=x onerror=alert(1)>";

  /** The links to decisions, in the page. */
  private static final String LINKS = "[...document.querySelectorAll('#decisions a')]";

  private static final String INSTRUMENTATIONS =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop}
      spec: {exporter: {endpoint: "http://collector:4318"}}
      ---
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: broken, namespace: batch}
      spec: {mode: "<img src=x onerror=alert(2)>"}
      """;

  @TempDir private static Path folder;

  private static GraftServer graft;
  private static ApiServerStandIn cluster;
  private static String axe;

  @TempDir private Path profile;
  private Chromium browser;

  @BeforeAll
  static void a_server() throws IOException, InterruptedException {
    assumeTrue(
        Chromium.program().isPresent(),
        "could not run here: there is no Chromium, see e2e/prepare-browser");
    Path resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(resources.resolve("instrumentations.yaml"), INSTRUMENTATIONS);
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    try (Stream<Path> jars = Files.list(HOME.resolve("plugins"))) {
      for (Path jar : jars.toList()) {
        Files.copy(jar, plugins.resolve(jar.getFileName()));
      }
    }
    Files.writeString(plugins.resolve("half.jar"), "not the whole of it");
    graft =
        GraftServer.start(
            new Graft(HOME),
            resources,
            plugins,
            folder.resolve("certificate.pem"),
            folder.resolve("serve.log"));
    cluster = ApiServerStandIn.withWebhook("graft", graft.podWebhook(), graft.certificate());
    axe = Files.readString(new Images(Path.of("images"), System.out::println).axe());
  }

  @AfterAll
  static void stop() {
    if (graft != null) {
      graft.close();
    }
  }

  @BeforeEach
  void a_browser() throws IOException {
    browser = new Chromium(Chromium.program().orElseThrow(), profile);
    browser.show(1280, 900, "light");
    // Gives a message, not a hang, if a page that must not has run a script of a stranger.
    browser.send(
        "Page.addScriptToEvaluateOnNewDocument",
        Chromium.object().put("source", "window.alert = () => { throw new Error('alert'); };"));
  }

  @AfterEach
  void nothing_left_the_machine_and_the_console_is_clean() {
    if (browser == null) {
      return;
    }
    try {
      assertThat(browser.requests())
          .isNotEmpty()
          .allMatch(asked -> asked.getAuthority().equals(graft.page().getAuthority()));
      assertThat(browser.complaints()).isEmpty();
    } finally {
      browser.close();
    }
  }

  /** Somebody creates a pod that asks for Java. */
  private static void create(String name, String annotation)
      throws IOException, InterruptedException {
    ObjectNode pod = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata").put("name", name).put("namespace", "shop");
    metadata
        .putObject("annotations")
        .put("instrumentation.opentelemetry.io/inject-java", annotation);
    ObjectNode container = pod.putObject("spec").putArray("containers").addObject();
    container.put("name", "app").put("image", "shop/app:1");
    container.putArray("env").addObject().put("name", "PASSWORD").put("value", "hunter2");
    cluster.create(pod);
  }

  /** Waits until the page lists a pod. */
  private void awaitListed(String name) {
    browser.await(listed(name));
  }

  private static String listed(String name) {
    return LINKS + ".some(a => a.textContent === " + Chromium.quoted("Pod shop/" + name) + ")";
  }

  private String text(String selector) {
    return browser
        .evaluate("document.querySelector(" + Chromium.quoted(selector) + ").textContent")
        .asText();
  }

  @Test
  void a_decision_appears_by_itself_and_is_read_with_the_keyboard_alone() throws Exception {
    browser.open(graft.page());
    create("live", "true");
    awaitListed("live");
    browser.await("document.querySelector('#news').textContent.includes('new decision')");

    browser.tabTo("#decisions a");
    assertThat(browser.evaluate("document.activeElement.textContent").asText())
        .isEqualTo("Pod shop/live");
    browser.press("Enter");
    browser.await(
        "location.pathname.startsWith('/decisions/') && !!document.querySelector('.diff')");

    assertThat(text("h1")).isEqualTo("Pod shop/live");
    assertThat(text("pre")).contains("+ JAVA_TOOL_OPTIONS = -javaagent:");
    assertThat(text(".diff"))
        .contains("+    - name: JAVA_TOOL_OPTIONS\n")
        .contains("value: (hidden)")
        .doesNotContain("hunter2");
    String deepLink = browser.evaluate("location.href").asText();
    browser.open(graft.page());
    browser.open(URI.create(deepLink));
    assertThat(text("h1")).isEqualTo("Pod shop/live");
  }

  @Test
  void what_is_in_use_and_what_is_wrong_with_the_rest_stand_beside() {
    browser.open(graft.page());

    assertThat(text("#plugins")).contains("Java", "loaded", "Refused", "half.jar", "copy it again");
    assertThat(text("#instrumentations"))
        .contains("shop/standard", "in force", "batch/broken", "invalid", "spec.mode");
  }

  @Test
  void a_filter_applies_while_it_is_typed_and_stays_in_the_address() throws Exception {
    create("wanted", "true");
    create("other", "true");
    browser.open(graft.page());
    awaitListed("other");

    browser.tabTo("input[name=text]");
    browser.type("WANTED");
    browser.await("!(" + listed("other") + ")");
    awaitListed("wanted");
    assertThat(browser.evaluate("location.search").asText()).isEqualTo("?text=WANTED");
    assertThat(browser.evaluate("document.activeElement.name").asText()).isEqualTo("text");

    browser.open(URI.create(graft.page() + "?text=WANTED"));
    assertThat(browser.evaluate(listed("wanted")).asBoolean()).isTrue();
    assertThat(browser.evaluate(listed("other")).asBoolean()).isFalse();
  }

  @Test
  void while_it_is_paused_nothing_moves() throws Exception {
    browser.open(graft.page());
    browser.tabTo("#pause");
    browser.press(" ");
    assertThat(text("#pause")).isEqualTo("Resume");
    assertThat(text("#news")).isEqualTo("Paused");
    create("late", "true");
    // Longer than the page waits between two looks.
    browser.evaluate("new Promise(done => setTimeout(done, 3000))");
    assertThat(browser.evaluate(listed("late")).asBoolean()).isFalse();

    browser.press(" ");
    awaitListed("late");
  }

  @Test
  void the_place_of_the_reader_is_kept_while_others_come() throws Exception {
    create("read", "true");
    browser.open(graft.page());
    awaitListed("read");
    browser.tabTo("#decisions a");
    create("newer", "true");
    awaitListed("newer");

    assertThat(browser.evaluate("document.activeElement.textContent").asText())
        .isEqualTo("Pod shop/read");
  }

  @Test
  void hostile_names_stay_text_also_when_they_come_live() throws Exception {
    browser.open(graft.page());
    create(HOSTILE, HOSTILE);
    awaitListed(HOSTILE);

    assertThat(browser.evaluate("document.querySelectorAll('img').length").asInt()).isZero();
    assertThat(text("#instrumentations")).contains("<img src=x onerror=alert(2)>");
    browser.tabTo("#decisions a");
    browser.press("Enter");
    browser.await("location.pathname.startsWith('/decisions/') && !!document.querySelector('pre')");
    assertThat(text("h1")).isEqualTo("Pod shop/" + HOSTILE);
    assertThat(browser.evaluate("document.querySelectorAll('img').length").asInt()).isZero();
  }

  @Test
  void it_is_of_use_without_scripts() throws Exception {
    create("plain", "true");
    browser.scripts(false);
    browser.open(graft.page());

    assertThat(browser.evaluate(listed("plain")).asBoolean()).isTrue();
    assertThat(browser.evaluate("document.querySelector('#pause').hidden").asBoolean()).isTrue();
    assertThat(text("#plugins")).contains("Java", "loaded");
    browser.tabTo("input[name=text]");
    browser.type("no such pod");
    browser.press("Enter");
    browser.await("location.search.includes('text=no+such+pod')");
    browser.await("document.querySelectorAll('#decisions tr').length === 0");
  }

  @ParameterizedTest(name = "{0} pixels, {1}")
  @CsvSource({"1280, light", "1280, dark", "640, light", "360, dark"})
  void everybody_can_use_it(int width, String colours) throws Exception {
    create("seen", "true");
    create("refused", "nowhere");
    browser.show(width, 800, colours);
    browser.open(graft.page());
    assertUsable();
    for (String pod : List.of("seen", "refused")) {
      browser.open(graft.page());
      browser.open(
          URI.create(
              browser
                  .evaluate(LINKS + ".find(a => a.textContent === 'Pod shop/" + pod + "').href")
                  .asText()));
      assertUsable();
    }
  }

  /** No barrier that axe knows, and no line that one has to scroll sideways for. */
  private void assertUsable() {
    browser.evaluate(axe + "; undefined");
    JsonNode found =
        browser.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                + " 'best-practice']}).then(found => ({passes: found.passes.length, violations:"
                + " found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html +"
                + " ' ' + node.failureSummary).join(' | '))}))");
    List<String> violations = new ArrayList<>();
    found.path("violations").forEach(violation -> violations.add(violation.asText()));
    assertThat(violations).isEmpty();
    assertThat(found.path("passes").asInt()).isGreaterThan(10);
    assertThat(
            browser
                .evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                .asBoolean())
        .as("nothing stands out to the side")
        .isTrue();
  }
}
