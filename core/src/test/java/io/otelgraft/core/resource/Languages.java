package io.otelgraft.core.resource;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Variable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Languages that nobody ships, for the tests. */
final class Languages {

  /** An item of a list setting. */
  record Copybook(String image, String dir) {}

  static final Setting<String> CONFIG =
      Setting.text("configPath").pattern("[A-Za-z0-9._/-]*", 40).defaultsTo("/etc/cobol.conf");
  static final Setting<String> DIALECT =
      Setting.oneOf("dialect", "ibm", "gnu").defaultsTo("gnu").describe("The dialect.");
  static final Setting<Boolean> WRAP = Setting.flag("wrapCommand");
  static final Setting<BigDecimal> SHARE = Setting.number("share");
  static final Setting<List<Variable>> ATTRS = Setting.variables("attrs");
  static final Setting<Map<String, Object>> SECURITY =
      Setting.kubernetes("securityContext", "core/v1.SecurityContext");
  static final Setting<Map<String, Object>> TOLERATION =
      Setting.kubernetes("toleration", "core/v1.Toleration");
  static final Setting<String> BOOK_IMAGE = Setting.text("image").required();
  static final Setting<String> BOOK_DIR = Setting.text("dir").required();
  static final Setting<List<Copybook>> COPYBOOKS =
      Setting.list(
          "copybooks",
          item ->
              new Copybook(item.get(BOOK_IMAGE).orElseThrow(), item.get(BOOK_DIR).orElseThrow()),
          BOOK_IMAGE,
          BOOK_DIR);

  /** A language with settings of every shape. */
  static final LanguagePlugin COBOL =
      new LanguagePlugin() {
        @Override
        public Language language() {
          return Language.named("cobol")
              .title("COBOL")
              .section(
                  "cobol", CONFIG, DIALECT, WRAP, SHARE, ATTRS, SECURITY, TOLERATION, COPYBOOKS)
              .image("registry.example/cobol-agent", "1.2.0")
              .resources(ResourceDefaults.of("50m", "64Mi", "500m", "256Mi"))
              .build();
        }

        @Override
        public void validate(Section section, Problems problems) {
          List<Copybook> books = section.get(COPYBOOKS).orElse(List.of());
          if (section.get(DIALECT).orElseThrow().equals("ibm") && !books.isEmpty()) {
            problems.error(
                "copybooks[0].dir",
                "is of no use to the dialect ibm",
                "remove copybooks, or choose gnu");
          }
          section
              .env("COBOL_DEBUG")
              .ifPresent(_ -> problems.warn("env", "has COBOL_DEBUG, which is slow", "remove it"));
        }
      };

  /** A language that only has env in its section. */
  static final LanguagePlugin REXX =
      () -> Language.named("rexx").title("Rexx").section("rexx").build();

  /** A language without a section. */
  static final LanguagePlugin SDK = () -> Language.named("plain-sdk").build();

  /** A language whose plugin cannot validate. */
  static final LanguagePlugin BROKEN =
      new LanguagePlugin() {
        @Override
        public Language language() {
          return Language.named("snobol")
              .section("snobol")
              .image("registry.example/snobol", "4")
              .build();
        }

        @Override
        public void validate(Section section, Problems problems) {
          throw new IllegalStateException("no pattern matches");
        }
      };

  /** An experimental language with an agent whose image is not published. */
  static final LanguagePlugin ALGOL =
      () ->
          Language.named("algol")
              .title("ALGOL")
              .section("algol")
              .noDefaultImage("/algol/agent.a68")
              .experimental()
              .build();

  private Languages() {}

  static Catalogue catalogue() {
    return Catalogue.of(COBOL, REXX, SDK, BROKEN);
  }

  /** A language of the specification, by its id, with an agent's image. */
  static LanguagePlugin named(String id) {
    return named(id, id);
  }

  static LanguagePlugin named(String id, String section) {
    return () ->
        Language.named(id).section(section).image("registry.example/" + id, "1.0.0").build();
  }
}
