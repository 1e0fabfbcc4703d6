package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trees as the maps and lists that plugins see, and back. Nothing of a plugin gets into a tree: any
 * value that is not a type of JSON is refused.
 */
final class Plain {

  private Plain() {}

  /**
   * An object as an unmodifiable map in its order. Members that are null are left out, as the API
   * server does.
   */
  static Map<String, Object> map(JsonNode object) {
    Map<String, Object> map = new LinkedHashMap<>();
    object
        .properties()
        .forEach(member -> {
          if (!member.getValue().isNull()) {
            map.put(member.getKey(), value(member.getValue()));
          }
        });
    return Collections.unmodifiableMap(map);
  }

  private static Object value(JsonNode node) {
    if (node.isObject()) {
      return map(node);
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>(node.size());
      for (JsonNode item : node) {
        if (!item.isNull()) {
          items.add(value(item));
        }
      }
      return Collections.unmodifiableList(items);
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNumber() ? node.numberValue() : node.asText();
  }

  /**
   * A map as an object, in the order of the keys: many a map has none, or another one in each
   * process, and the same pod has to become the same bytes.
   *
   * @throws IllegalArgumentException if it holds what JSON does not have
   */
  static ObjectNode tree(Map<?, ?> map) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(map).forEach((key, value) -> object.set((String) key, node(value)));
    return object;
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case Map<?, ?> map -> tree(map);
      case List<?> list -> {
        ArrayNode array = nodes.arrayNode(list.size());
        list.forEach(item -> array.add(node(item)));
        yield array;
      }
      case String text -> nodes.textNode(text);
      case Boolean flag -> nodes.booleanNode(flag);
      case Integer number -> nodes.numberNode(number);
      case Long number -> nodes.numberNode(number);
      case BigInteger number -> nodes.numberNode(number);
      case BigDecimal number -> nodes.numberNode(number);
      case Double number -> nodes.numberNode(number);
      default ->
          throw new IllegalArgumentException(
              "a " + value.getClass().getName() + " is no value of JSON");
    };
  }
}
