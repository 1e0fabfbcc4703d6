package io.otelgraft.runtime.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.NearestName;
import io.otelgraft.core.resource.Setting;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.settings.EffectiveSettings.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads the settings: a file, then variables {@code GRAFT_…} of the environment, then {@code --set}
 * options; what comes later counts. A name that is not known is an error wherever it stands: a slip
 * of the pen must not change silently what happens to pods.
 */
public final class SettingsReader {

  /** The file that is read when none is named. */
  public static final Path SYSTEM_FILE = Path.of("/etc/graft/settings.yaml");

  /** The variable that names the file. */
  public static final String FILE_VARIABLE = "GRAFT_SETTINGS";

  private static final String PREFIX = "GRAFT_";

  /** What the launcher and the command line themselves read. */
  private static final Set<String> NO_SETTINGS =
      Set.of(FILE_VARIABLE, "GRAFT_PLUGINS", "GRAFT_JVM_OPTIONS", "GRAFT_AOT");

  private final Settings.Builder settings = Settings.builder();
  private final ServerSettings.Builder server = ServerSettings.builder();
  private final OperatorSettings.Builder operator = OperatorSettings.builder();
  private final Map<String, Given> given = new LinkedHashMap<>();

  private SettingsReader() {}

  /**
   * Reads all settings.
   *
   * @param file the file; empty for that which {@link #FILE_VARIABLE} names, else {@link
   *     #SYSTEM_FILE} if it exists
   * @param environment the environment
   * @param options {@code key=value}, in their order
   * @throws SettingsException for what cannot be read, is not known or has no such value
   */
  public static EffectiveSettings read(
      Optional<Path> file, Map<String, String> environment, List<String> options) {
    SettingsReader reader = new SettingsReader();
    file.or(() -> named(environment)).ifPresent(reader::readFile);
    reader.readEnvironment(environment);
    options.forEach(reader::readOption);
    return reader.effective();
  }

  /** All settings by name, in the order of the documentation. */
  public static List<Setting<?>> keys() {
    return Stream.<List<? extends Setting<?>>>of(
            Settings.keys(), ServerSettings.keys(), OperatorSettings.keys())
        .<Setting<?>>flatMap(List::stream)
        .toList();
  }

  private EffectiveSettings effective() {
    try {
      return new EffectiveSettings(settings.build(), server.build(), operator.build(), inOrder());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("settings", e.getMessage());
    }
  }

  private static Optional<Path> named(Map<String, String> environment) {
    String name = environment.getOrDefault(FILE_VARIABLE, "");
    if (!name.isEmpty()) {
      return Optional.of(Path.of(name));
    }
    return Optional.of(SYSTEM_FILE).filter(Files::exists);
  }

  private void readFile(Path file) {
    for (Document document : documents(file).list()) {
      readLevel(document, JsonPointer.empty(), "", document.tree());
    }
  }

  private static Documents documents(Path file) {
    try {
      return Documents.read(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new SettingsException(
          file.toString(),
          "there is no such settings file; correct --settings or " + FILE_VARIABLE);
    } catch (IOException e) {
      throw new SettingsException(
          file.toString(), "cannot read the settings file: " + e.getMessage());
    } catch (DocumentException e) {
      String where = e.position().map(position -> file + ":" + position).orElse(file.toString());
      throw new SettingsException(where, e.problem());
    }
  }

  private void readLevel(Document document, JsonPointer at, String prefix, ObjectNode level) {
    for (Map.Entry<String, JsonNode> member : level.properties()) {
      String name = prefix + member.getKey();
      JsonPointer pointer = at.appendProperty(member.getKey());
      String where = document.name() + ":" + document.position(pointer);
      Optional<Setting<?>> key = key(name);
      if (key.isPresent()) {
        set(key.get(), member.getValue(), where);
      } else if (member.getValue() instanceof ObjectNode next && isPrefix(name)) {
        readLevel(document, pointer, name + ".", next);
      } else {
        throw new SettingsException(where, unknown(name));
      }
    }
  }

  private void readEnvironment(Map<String, String> environment) {
    Map<String, Setting<?>> keys = new TreeMap<>();
    keys().forEach(key -> keys.put(key.environmentVariable(), key));
    new TreeMap<>(environment)
        .forEach((variable, value) -> {
          Setting<?> key = keys.get(variable);
          String where = "environment variable " + variable;
          if (key != null) {
            set(key, value(key, value, where), where);
          } else if (variable.startsWith(PREFIX)
              && !NO_SETTINGS.contains(variable)
              && !isServiceLink(variable)) {
            throw new SettingsException(
                where, "no such setting" + NearestName.hint(variable, keys.keySet()));
          }
        });
  }

  /**
   * Whether a variable is one of those by which Kubernetes tells pods about services: {@code
   * GRAFT_WEBHOOK_PORT_443_TCP} where a service is called graft-webhook.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">Environment
   *     variables</a>
   */
  private static boolean isServiceLink(String variable) {
    return variable.endsWith("_SERVICE_HOST")
        || variable.contains("_SERVICE_PORT")
        || variable.endsWith("_PORT")
        || variable.contains("_PORT_");
  }

  private void readOption(String option) {
    int equals = option.indexOf('=');
    if (equals < 1) {
      throw new SettingsException(
          "--set " + option, "write --set KEY=VALUE; graft settings lists the keys");
    }
    String where = "--set " + option;
    String name = option.substring(0, equals);
    String value = option.substring(equals + 1);
    Optional<Setting<?>> key = key(name);
    if (key.isPresent()) {
      set(key.get(), value(key.get(), value, where), "--set");
      return;
    }
    Setting<?> map =
        keys().stream()
            .filter(
                known -> known.type() == Setting.Type.MAP && name.startsWith(known.name() + "."))
            .findFirst()
            .orElseThrow(() -> new SettingsException(where, unknown(name)));
    set(map, tree().put(name.substring(map.name().length() + 1), value), "--set");
  }

  /** The value that a text stands for: the entries of a map are {@code name=value}, by commas. */
  private static JsonNode value(Setting<?> key, String text, String where) {
    if (key.type() != Setting.Type.MAP) {
      return JsonNodeFactory.instance.textNode(text);
    }
    ObjectNode entries = tree();
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new SettingsException(
            where, "\"%s\" is not NAME=VALUE[,NAME=VALUE…]".formatted(entry.strip()));
      }
      entries.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
    }
    return entries;
  }

  private void set(Setting<?> key, JsonNode value, String where) {
    try {
      assign(key, value);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(where, e.getMessage());
    }
    if (key.type() == Setting.Type.MAP) {
      value
          .properties()
          .forEach(entry -> give(key.name() + "." + entry.getKey(), entry.getValue(), where));
    } else {
      give(key.name(), value, where);
    }
  }

  private void assign(Setting<?> key, JsonNode value) {
    assign(Settings.keys(), settings, key, value);
    assign(ServerSettings.keys(), server, key, value);
    assign(OperatorSettings.keys(), operator, key, value);
  }

  private static <B> void assign(
      List<Setting<B>> keys, B builder, Setting<?> wanted, JsonNode value) {
    for (Setting<B> key : keys) {
      if (key.equals(wanted)) {
        key.set(builder, value);
      }
    }
  }

  private void give(String name, JsonNode value, String where) {
    String text =
        value.isArray()
            ? String.join(
                ",",
                StreamSupport.stream(value.spliterator(), false).map(JsonNode::asText).toList())
            : value.asText();
    given.put(name, new Given(name, text, where));
  }

  private List<Given> inOrder() {
    List<Given> ordered = new ArrayList<>(given.size());
    for (Setting<?> key : keys()) {
      for (Given one : given.values()) {
        if (one.name().equals(key.name())
            || (key.type() == Setting.Type.MAP && one.name().startsWith(key.name() + "."))) {
          ordered.add(one);
        }
      }
    }
    return ordered;
  }

  private static Optional<Setting<?>> key(String name) {
    return keys().stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private static boolean isPrefix(String name) {
    return keys().stream().anyMatch(key -> key.name().startsWith(name + "."));
  }

  private static String unknown(String name) {
    return "unknown setting "
        + name
        + NearestName.hint(name, keys().stream().map(Setting::name).toList());
  }

  private static ObjectNode tree() {
    return JsonNodeFactory.instance.objectNode();
  }
}
