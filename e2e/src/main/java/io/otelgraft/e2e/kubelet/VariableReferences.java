package io.otelgraft.e2e.kubelet;

import java.util.Map;

/**
 * {@code $(NAME)} references, as the kubelet expands them in the values of environment variables,
 * in commands, in arguments and in {@code subPathExpr}.
 *
 * <p>The rules are those of the Kubernetes API reference for {@code EnvVar.value} and {@code
 * Container.command}: {@code $$} stands for one {@code $}, so that {@code $$(NAME)} yields the text
 * {@code $(NAME)}; a reference to a variable that is not defined stays as it is, as does everything
 * else that begins with a {@code $}. What a reference yields is not expanded again.
 */
final class VariableReferences {

  private VariableReferences() {}

  static String expand(String text, Map<String, String> variables) {
    StringBuilder expanded = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        expanded.append('$');
        at += 2;
      } else if (text.startsWith("$(", at)) {
        int close = text.indexOf(')', at);
        String name = close < 0 ? "" : text.substring(at + 2, close);
        String value = variables.get(name);
        if (close < 0) {
          expanded.append("$(");
          at += 2;
        } else {
          expanded.append(value == null ? "$(" + name + ")" : value);
          at = close + 1;
        }
      } else {
        expanded.append(text.charAt(at));
        at++;
      }
    }
    return expanded.toString();
  }
}
