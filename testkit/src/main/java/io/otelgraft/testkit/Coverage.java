package io.otelgraft.testkit;

import io.otelgraft.core.injection.Edit;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** What of a declaration is seen at work in the stories. */
final class Coverage {
  private final Language language;
  private final Set<String> given = new ConcurrentSkipListSet<>();
  private final List<Trial> trials;

  Coverage(LanguagePlugin plugin, List<GoldenFiles> stories) {
    this.language = plugin.language();
    Listening listening = new Listening(plugin, given);
    this.trials = stories.stream().map(golden -> golden.story().with(List.of(listening))).toList();
  }

  /** Reasons that are given and not declared, or declared and never given. */
  List<String> reasons() {
    Set<String> declared = new TreeSet<>();
    language.reasons().forEach(reason -> declared.add(reason.code()));
    List<String> breaches = new ArrayList<>();
    for (String code : given) {
      if (!declared.contains(code)) {
        breaches.add("the reason " + code + " is given, but not declared");
      }
    }
    for (String code : declared) {
      if (!given.contains(code)) {
        breaches.add("the reason " + code + " is declared, but no story shows when it is given");
      }
    }
    return breaches;
  }

  /** List variables that are never extended. */
  List<String> listVariables() {
    List<String> breaches = new ArrayList<>();
    if (trials.stream().noneMatch(Trial::isInjected)) {
      breaches.add("no story ends in an injection; they end in:");
      trials.forEach(trial -> breaches.add(trial.story() + ": " + trial.decision().message()));
    }
    for (ListVariable variable : language.listVariables()) {
      if (trials.stream().noneMatch(trial -> sets(trial, variable.name()))) {
        breaches.add(
            "the list variable " + variable + " is declared, but no story shows it extended");
      }
    }
    return breaches;
  }

  /** Variables that the plugin sets and does not declare, or declares and never sets. */
  List<String> variables() {
    Set<String> set = new TreeSet<>();
    for (Trial trial : trials) {
      Set<String> targets = trial.targets();
      for (Edit edit : trial.edits()) {
        if (edit.part() == Edit.Part.VARIABLE
            && edit.source().equals("language " + language.id())
            && targets.contains(edit.container())) {
          set.add(edit.name());
        }
      }
    }
    language
        .listVariables()
        .forEach(variable -> {
          set.remove(variable.name());
          set.remove("GRAFT_" + variable.name());
        });
    List<String> breaches = new ArrayList<>();
    for (String name : set) {
      if (!language.variables().contains(name)) {
        breaches.add("the variable " + name + " is set, but not declared");
      }
    }
    for (String name : language.variables()) {
      if (!set.contains(name)) {
        breaches.add("the variable " + name + " is declared, but no story shows it set");
      }
    }
    return breaches;
  }

  private static boolean sets(Trial trial, String variable) {
    return trial.isInjected()
        && trial.decision().journal().edits().stream()
            .anyMatch(edit -> edit.part() == Edit.Part.VARIABLE && edit.name().equals(variable));
  }

  /** The plugin, with somebody listening to the reasons that it gives. */
  private record Listening(LanguagePlugin plugin, Set<String> given) implements LanguagePlugin {
    @Override
    public Language language() {
      return plugin.language();
    }

    @Override
    public void validate(Section section, Problems problems) {
      plugin.validate(section, problems);
    }

    @Override
    public void examine(Target target, Verdict verdict) {
      plugin.examine(
          target,
          new Verdict() {
            @Override
            public void note(String text) {
              verdict.note(text);
            }

            @Override
            public void standDown(Reason reason, String found) {
              given.add(reason.code());
              verdict.standDown(reason, found);
            }

            @Override
            public void refuse(Reason reason, String found, String fix) {
              given.add(reason.code());
              verdict.refuse(reason, found, fix);
            }
          });
    }

    @Override
    public void inject(Injection injection) {
      plugin.inject(injection);
    }
  }
}
