package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shape of pods: which fields exist and what may stand in them, from Kubernetes' OpenAPI
 * document (see {@code testkit/src/kubernetes/README.md}).
 *
 * <p>It accepts what the API server's decoder accepts under strict field validation, which is not
 * what a JSON Schema validator makes of that document: the server takes null for absent, refuses
 * {@code 1.0} as an integer, and checks neither {@code required} nor enumerations here (its
 * validation does, after defaults were filled in). A library of that kind would also bring a YAML
 * parser and a logging API onto the module path of every plugin's tests.
 */
final class PodSchema {
  private static final PodSchema INSTANCE = load();

  private final Map<String, Struct> structs;

  private PodSchema(Map<String, Struct> structs) {
    this.structs = structs;
  }

  /** Reports every unknown field and wrong type of a pod. */
  static void checkPod(Field pod) {
    INSTANCE.structs.get("Pod").check(pod);
  }

  /** The same for a pod template, as a Deployment has it. */
  static void checkTemplate(Field template) {
    INSTANCE.structs.get("PodTemplateSpec").check(template);
  }

  private interface Type {
    void check(Field field);
  }

  private record Struct(String name, Map<String, Type> fields) implements Type {
    @Override
    public void check(Field field) {
      if (!field.value().isObject()) {
        field.wrongType("an object (" + name + ")");
        return;
      }
      for (Map.Entry<String, JsonNode> entry : field.value().properties()) {
        Type type = fields.get(entry.getKey());
        Field child = field.child(entry.getKey());
        if (type == null) {
          child.unknown();
        } else if (child.isSet()) {
          type.check(child);
        }
      }
    }
  }

  private record ListOf(Type item) implements Type {
    @Override
    public void check(Field field) {
      if (!field.value().isArray()) {
        field.wrongType("a list");
        return;
      }
      field.items().stream().filter(Field::isSet).forEach(item::check);
    }
  }

  private record MapOf(Type value) implements Type {
    @Override
    public void check(Field field) {
      if (!field.value().isObject()) {
        field.wrongType("a map");
        return;
      }
      field.entries().stream().filter(Field::isSet).forEach(value::check);
    }
  }

  private enum Scalar implements Type {
    STRING("string", "a string") {
      @Override
      boolean accepts(JsonNode value) {
        return value.isTextual();
      }
    },
    BOOLEAN("boolean", "true or false") {
      @Override
      boolean accepts(JsonNode value) {
        return value.isBoolean();
      }
    },
    INT32("int32", "a whole number of 32 bits") {
      @Override
      boolean accepts(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
      }
    },
    INT64("int64", "a whole number of 64 bits") {
      @Override
      boolean accepts(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
      }
    },
    INT_OR_STRING("int-or-string", "a whole number of 32 bits or a string") {
      @Override
      boolean accepts(JsonNode value) {
        return INT32.accepts(value) || value.isTextual();
      }
    },
    QUANTITY("quantity", "a quantity such as 500m or 1Gi") {
      @Override
      boolean accepts(JsonNode value) {
        return Quantity.of(value).isPresent();
      }
    },
    TIME("time", "a time such as 2006-01-02T15:04:05Z") {
      @Override
      boolean accepts(JsonNode value) {
        // RFC 3339 wants the seconds, which the parser does not.
        return value.isTextual()
            && value.textValue().length() >= "2006-01-02T15:04:05Z".length()
            && isTime(value.textValue());
      }
    },
    ANY("any", "anything") {
      @Override
      boolean accepts(JsonNode value) {
        return true;
      }
    };

    private final String notation;
    private final String meaning;

    Scalar(String notation, String meaning) {
      this.notation = notation;
      this.meaning = meaning;
    }

    abstract boolean accepts(JsonNode value);

    @Override
    public void check(Field field) {
      if (!accepts(field.value())) {
        field.wrongType(meaning);
      }
    }

    private static boolean isTime(String text) {
      try {
        OffsetDateTime.parse(text);
        return true;
      } catch (DateTimeParseException e) {
        return false;
      }
    }
  }

  private static PodSchema load() {
    JsonNode document;
    try (InputStream in = PodSchema.class.getResourceAsStream("pod-schema.json")) {
      document = new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("pod-schema.json cannot be read", e);
    }
    Map<String, Type> types = new HashMap<>();
    for (Scalar scalar : Scalar.values()) {
      types.put(scalar.notation, scalar);
    }
    Map<String, Struct> structs = new LinkedHashMap<>();
    for (String name : (Iterable<String>) document.path("types")::fieldNames) {
      Struct struct = new Struct(name, new HashMap<>());
      structs.put(name, struct);
      types.put(name, struct);
    }
    structs.forEach((name, struct) ->
        document
            .path("types")
            .path(name)
            .properties()
            .forEach(field ->
                struct.fields().put(field.getKey(), type(field.getValue().textValue(), types))));
    return new PodSchema(structs);
  }

  private static Type type(String notation, Map<String, Type> types) {
    String inner = notation.substring(1, notation.length() - 1);
    Type type =
        switch (notation.charAt(0)) {
          case '[' -> new ListOf(type(inner, types));
          case '{' -> new MapOf(type(inner, types));
          default -> types.get(notation);
        };
    if (type == null) {
      throw new IllegalStateException("pod-schema.json refers to an unknown type " + notation);
    }
    return type;
  }
}
