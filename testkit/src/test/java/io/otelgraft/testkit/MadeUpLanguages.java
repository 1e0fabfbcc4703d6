package io.otelgraft.testkit;

import io.otelgraft.spi.Agent;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Verdict;
import io.otelgraft.spi.Volume;
import java.util.List;

/** Languages that together use all of the editor. */
final class MadeUpLanguages {
  private MadeUpLanguages() {}

  static List<LanguagePlugin> all() {
    return List.of(new Quill(), new Ember(), new Vane(), new Kit());
  }

  /** Options apart by blanks, an agent that is a file, and one more part for it. */
  static final class Quill implements LanguagePlugin {
    static final ListVariable OPTIONS = ListVariable.of("QUILL_OPTIONS", " ", EmptyItem.NOTHING);

    @Override
    public Language language() {
      return Language.named("quill")
          .section("quill")
          .image("example.org/quill", "1.0")
          .joins(OPTIONS)
          .sets("QUILL_COLOUR")
          .otherAgents(
              AgentSign.variable("Inkwell", "INKWELL_TRACE"),
              AgentSign.podKey("Inkwell", "inkwell.example.com/quill"))
          .order(10)
          .operatorMountPath("/otel-auto-instrumentation-quill-{container}")
          .build();
    }

    @Override
    public void inject(Injection injection) {
      Agent agent = injection.agent(AgentSource.file(injection.section().image(), "/agent.q"));
      Agent part =
          agent.part("more", "more", AgentSource.directory("example.org/quill-more:1", "/more"));
      for (Target target : injection.targets()) {
        Container container = injection.edit(target);
        container
            .env()
            .append(OPTIONS, "-agent:" + agent.mountIn(container))
            .append(OPTIONS, "-more:" + part.mountIn(container))
            .setDefault("QUILL_COLOUR", "black");
      }
    }
  }

  /** A path whose empty item means something, a command to wrap, a protocol that it lacks. */
  static final class Ember implements LanguagePlugin {
    static final ListVariable PATH =
        ListVariable.of("EMBER_PATH", ":", EmptyItem.WORKING_DIRECTORY).beforeCommonEnv();
    private static final Reason ANOTHER_TRACER = Reason.of("AnotherTracer", "Two do harm.");
    private static final Reason NO_PLATFORM = Reason.of("NoPlatform", "There is no agent for it.");
    private static final Setting<String> PLATFORM =
        Setting.oneOf("ember-platform", "common", "none").defaultsTo("common").describe("Which.");

    @Override
    public Language language() {
      return Language.named("ember")
          .section("ember")
          .image("example.org/ember", "1.0")
          .annotations(PLATFORM)
          .joins(PATH)
          .protocols(Protocol.HTTP_PROTOBUF)
          .reasons(ANOTHER_TRACER, NO_PLATFORM)
          .order(20)
          .build();
    }

    @Override
    public void examine(Target target, Verdict verdict) {
      if (target.annotation(PLATFORM).filter("none"::equals).isPresent()) {
        verdict.refuse(NO_PLATFORM, "ember-platform: none", "choose another platform");
      } else if (target
          .env()
          .get(PATH.name())
          .flatMap(Variable::literal)
          .filter(path -> path.contains("tracer"))
          .isPresent()) {
        verdict.standDown(ANOTHER_TRACER, PATH.name());
      } else {
        verdict.note("burns");
      }
    }

    @Override
    public void inject(Injection injection) {
      Agent agent = injection.agent(AgentSource.directory(injection.section().image(), "/agent"));
      for (Target target : injection.targets()) {
        Container container = injection.edit(target);
        String home = agent.mountIn(container);
        container.env().prepend(PATH, home + "/start").append(PATH, home);
        container.env().setIfAbsent("EMBER_EXPORTER", "otlp to $(OTEL_EXPORTER_OTLP_ENDPOINT)");
        if (target.command().isPresent()) {
          container.wrapCommand(List.of(home + "/bin/ember"));
        }
      }
    }
  }

  /** A list with a compiled-in default; volumes and containers of its own. */
  static final class Vane implements LanguagePlugin {
    static final ListVariable DIRECTORIES =
        ListVariable.of("VANE_DIRECTORIES", ":", EmptyItem.COMPILED_IN_DEFAULT);

    @Override
    public Language language() {
      return Language.named("vane")
          .section("vane")
          .image("example.org/vane", "1.0")
          .joins(DIRECTORIES)
          .order(30)
          .build();
    }

    @Override
    public void inject(Injection injection) {
      Volume scratch = injection.scratch("conf");
      Container prepare = injection.init("prepare").command("prepare", "/conf");
      scratch.mount(prepare, "/conf");
      prepare.env().field("VANE_POD", "metadata.name");
      for (Target target : injection.targets()) {
        Container container = injection.edit(target);
        scratch.mount(container, "/vane-conf");
        container.env().append(DIRECTORIES, "/vane-conf");
        Container clone = injection.cloneOf(target, "look-at-" + target.name());
        clone.command("look");
        clone.env().copy(target, "PATH");
      }
    }
  }

  /** No agent at all. */
  static final class Kit implements LanguagePlugin {
    @Override
    public Language language() {
      return Language.named("kit").order(40).build();
    }
  }
}
