package io.otelgraft.core.resource;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the problems of one document. A message starts with, or holds, the path of what it is
 * about.
 */
final class Findings {

  private final List<Problem> problems = new ArrayList<>();

  /** See {@link Problem}. */
  void error(FieldPath at, String message, String fix) {
    problems.add(Problem.error(at.pointer(), message, fix));
  }

  /** See {@link Problem}. */
  void warning(FieldPath at, String message, String fix) {
    problems.add(Problem.warning(at.pointer(), message, fix));
  }

  void addAll(List<Problem> others) {
    problems.addAll(others);
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  boolean anyErrorUnder(FieldPath at) {
    String prefix = at.pointer() + "/";
    return problems.stream()
        .filter(Problem::isError)
        .map(problem -> problem.path() + "/")
        .anyMatch(path -> path.startsWith(prefix));
  }

  boolean anyError() {
    return problems.stream().anyMatch(Problem::isError);
  }
}
