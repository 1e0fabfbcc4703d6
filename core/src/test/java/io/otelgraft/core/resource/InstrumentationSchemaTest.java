package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.LanguagePlugin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class InstrumentationSchemaTest {

  /** kubectl apply keeps the whole object in an annotation, and annotations end at 256 KiB. */
  private static final int ANNOTATION_LIMIT = 256 * 1024;

  /** The keywords that apiextensions.k8s.io/v1 knows and a structural schema may have anywhere. */
  private static final Set<String> ALLOWED =
      Set.of(
          "additionalProperties",
          "anyOf",
          "description",
          "enum",
          "format",
          "items",
          "maxItems",
          "maxLength",
          "maxProperties",
          "minLength",
          "pattern",
          "properties",
          "required",
          "type",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-list-type",
          "x-kubernetes-map-type",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-validations");

  private final ObjectNode definition = InstrumentationSchema.definition(Languages.catalogue());

  private JsonNode schema(String field) {
    return definition.at(
        "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties" + field);
  }

  private static List<String> names(JsonNode object) {
    return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
        .toList();
  }

  @Test
  @Compatibility({"1-definition", "1.2-conversion"})
  void group_names_and_columns_are_those_that_users_know() {
    assertThat(definition.at("/metadata/name").asText())
        .isEqualTo("instrumentations.opentelemetry.io");
    assertThat(definition.at("/spec/group").asText()).isEqualTo("opentelemetry.io");
    assertThat(definition.at("/spec/scope").asText()).isEqualTo("Namespaced");
    assertThat(definition.at("/spec/names"))
        .hasToString(
            "{\"kind\":\"Instrumentation\",\"listKind\":\"InstrumentationList\","
                + "\"plural\":\"instrumentations\",\"shortNames\":[\"otelinst\",\"otelinsts\"],"
                + "\"singular\":\"instrumentation\"}");
    assertThat(definition.at("/spec/versions")).hasSize(1);
    JsonNode version = definition.at("/spec/versions/0");
    assertThat(version.path("name").asText()).isEqualTo("v1alpha1");
    assertThat(version.path("served").asBoolean() && version.path("storage").asBoolean()).isTrue();
    assertThat(version.path("subresources")).hasToString("{\"status\":{}}");
    assertThat(version.path("additionalPrinterColumns").findValuesAsText("name"))
        .containsExactly("Age", "Endpoint", "Sampler", "Sampler Arg", "Ready");
    assertThat(version.path("additionalPrinterColumns").findValuesAsText("jsonPath"))
        .containsExactly(
            ".metadata.creationTimestamp",
            ".spec.exporter.endpoint",
            ".spec.sampler.type",
            ".spec.sampler.argument",
            ".status.conditions[?(@.type==\"Ready\")].status");
  }

  /** A default of the schema would be written into a user's resource. */
  @Test
  @Compatibility("1-no-defaults")
  void no_field_has_a_default() {
    assertThat(definition.findValues("default")).isEmpty();
    assertThat(ALLOWED).doesNotContain("default");
  }

  @Test
  void a_section_says_that_it_may_still_change_and_that_its_image_has_to_be_named() {
    JsonNode algol =
        InstrumentationSchema.definition(Catalogue.of(Languages.ALGOL))
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/algol");

    assertThat(algol.path("description").asText())
        .isEqualTo("Instrumentation of ALGOL. Experimental: it may still change.");
    assertThat(algol.at("/properties/image/description").asText())
        .isEqualTo(
            "Image of the agent, of which there is no default one. It has /algol/agent.a68.");
    assertThat(names(algol.get("properties")))
        .contains("resources", "volumeClaimTemplate", "volumeLimitSize");
  }

  @Test
  void fields_are_sorted_by_name_with_a_section_for_each_language_that_has_one() {
    assertThat(names(schema("")))
        .containsExactly(
            "agentDelivery",
            "allowedNamespaces",
            "cobol",
            "defaults",
            "env",
            "exporter",
            "imageEnv",
            "imagePullPolicy",
            "initContainerSecurityContext",
            "mode",
            "propagators",
            "resource",
            "rexx",
            "sampler",
            "snobol");
    assertThat(names(schema("/cobol/properties")))
        .containsExactly(
            "attrs",
            "configPath",
            "copybooks",
            "dialect",
            "env",
            "image",
            "resourceRequirements",
            "resources",
            "securityContext",
            "share",
            "toleration",
            "volumeClaimTemplate",
            "volumeLimitSize",
            "wrapCommand");
    assertThat(names(schema("/rexx/properties"))).containsExactly("env");
  }

  /** {@code *} stands for the section of a language. */
  @Test
  @Compatibility("1.1-fields")
  void every_field_that_users_of_the_operator_know_is_there() {
    List<String> fields =
        List.of(
            "exporter.endpoint",
            "exporter.tls.secretName",
            "exporter.tls.configMapName",
            "exporter.tls.ca_file",
            "exporter.tls.cert_file",
            "exporter.tls.key_file",
            "resource.resourceAttributes",
            "resource.addK8sUIDAttributes",
            "propagators",
            "sampler.type",
            "sampler.argument",
            "defaults.useLabelsForResourceAttributes",
            "env",
            "imagePullPolicy",
            "initContainerSecurityContext.runAsNonRoot",
            "*.image",
            "*.volumeClaimTemplate.spec",
            "*.volumeLimitSize",
            "*.env",
            "*.resources.limits",
            "*.resourceRequirements.limits");

    assertThat(fields)
        .allSatisfy(field ->
            assertThat(
                    schema("/" + field.replace("*", "cobol").replace(".", "/properties/"))
                        .isObject())
                .isTrue());
  }

  @Test
  void a_setting_becomes_what_it_was_declared_as() {
    assertThat(schema("/cobol/properties/dialect"))
        .hasToString(
            "{\"description\":\"The dialect.\",\"enum\":[\"ibm\",\"gnu\"],\"type\":\"string\"}");
    assertThat(schema("/cobol/properties/configPath"))
        .hasToString("{\"type\":\"string\",\"maxLength\":40,\"pattern\":\"^[A-Za-z0-9._/-]*$\"}");
    assertThat(schema("/cobol/properties/copybooks"))
        .hasToString(
            "{\"items\":{\"properties\":{\"dir\":{\"type\":\"string\",\"minLength\":1},"
                + "\"image\":{\"type\":\"string\",\"minLength\":1}},\"type\":\"object\","
                + "\"required\":[\"dir\",\"image\"]},\"type\":\"array\"}");
    assertThat(schema("/cobol/properties/toleration"))
        .hasToString("{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}");
  }

  @Test
  void attributes_may_be_a_map_or_a_list_which_only_an_open_node_can_say() {
    assertThat(names(schema("/resource/properties/resourceAttributes")))
        .containsExactly("description", "x-kubernetes-preserve-unknown-fields");
  }

  @Test
  @Compatibility("1.1-parentbased-jaeger-remote")
  void a_sampler_below_its_parent_can_be_stored() {
    assertThat(schema("/sampler/properties/type/enum").findValuesAsText("")).isEmpty();
    assertThat(schema("/sampler/properties/type/enum"))
        .extracting(JsonNode::asText)
        .contains("parentbased_jaeger_remote", "xray");
  }

  @Test
  void the_schema_is_structural() {
    List<String> broken = new ArrayList<>();
    structural(definition.at("/spec/versions/0/schema/openAPIV3Schema"), "", broken);
    assertThat(broken).isEmpty();
  }

  @Test
  void the_check_for_structure_sees_what_is_not() {
    for (String bad :
        List.of(
            "{\"properties\":{\"a\":{}}}",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/b\",\"type\":\"string\"}}}",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\"}}}",
            "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":{\"type\":\"string\"}}",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"default\":\"b\"}}}",
            "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}},"
                + "\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-list-map-keys\":[\"a\"]}")) {
      List<String> broken = new ArrayList<>();
      structural(Json.read(bad.getBytes(StandardCharsets.UTF_8)), "", broken);
      assertThat(broken).as(bad).isNotEmpty();
    }
  }

  /**
   * The rules of structural schemas.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">Specifying
   *     a structural schema</a>
   */
  private static void structural(JsonNode schema, String path, List<String> broken) {
    names(schema).stream()
        .filter(keyword -> !ALLOWED.contains(keyword))
        .forEach(keyword -> broken.add(path + " has " + keyword));
    boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      if (schema.has("type")
          || !schema
              .path("anyOf")
              .toString()
              .equals("[{\"type\":\"integer\"},{\"type\":\"string\"}]")) {
        broken.add(path + " is no int-or-string");
      }
      return;
    }
    if (schema.has("anyOf")) {
      broken.add(path + " has anyOf");
    }
    if (!schema.has("type") && !open) {
      broken.add(path + " has no type");
    }
    if (schema.path("type").asText().equals("array") != schema.has("items")) {
      broken.add(path + " is an array without items, or the reverse");
    }
    if (schema.has("properties") && schema.has("additionalProperties")) {
      broken.add(path + " has properties and additionalProperties");
    }
    JsonNode keys = schema.path("x-kubernetes-list-map-keys");
    if (schema.path("x-kubernetes-list-type").asText().equals("map") == keys.isEmpty()) {
      broken.add(path + " is a map without keys, or the reverse");
    }
    for (JsonNode key : keys) {
      // Not in a structural schema's own rules, but in the API server's validation: no default, so
      // required.
      if (IntStream.range(0, schema.at("/items/required").size())
          .noneMatch(i -> schema.at("/items/required").get(i).equals(key))) {
        broken.add(path + " has a key that is not required: " + key);
      }
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> structural(property.getValue(), path + "." + property.getKey(), broken));
    for (JsonNode required : schema.path("required")) {
      if (!schema.path("properties").has(required.asText())) {
        broken.add(path + " requires what it does not have: " + required);
      }
    }
    for (String part : List.of("items", "additionalProperties")) {
      if (schema.has(part)) {
        structural(schema.get(part), path + "." + part, broken);
      }
    }
  }

  /**
   * Settings of a plugin bring descriptions of their own, which the contract for plugins checks.
   */
  @Test
  void every_field_of_Graft_says_what_it_is_for() {
    List<String> silent = new ArrayList<>();
    silent(schema("").<ObjectNode>deepCopy().without("cobol"), "spec", silent);
    assertThat(silent).isEmpty();
  }

  private static void silent(JsonNode properties, String path, List<String> silent) {
    properties
        .properties()
        .forEach(property -> {
          String here = path + "." + property.getKey();
          JsonNode schema = property.getValue();
          if (schema.path("description").asText().isBlank()) {
            silent.add(here);
          }
          silent(schema.path("properties"), here, silent);
          silent(schema.at("/items/properties"), here, silent);
        });
  }

  @Test
  void kubectl_can_apply_the_definition_of_a_dozen_languages() {
    LanguagePlugin[] dozen =
        IntStream.range(0, 12)
            .mapToObj(i -> Languages.named("language-" + i, "language" + (char) ('a' + i)))
            .toArray(LanguagePlugin[]::new);

    byte[] json = Json.write(InstrumentationSchema.definition(Catalogue.of(dozen)));

    assertThat(json.length).isLessThan(ANNOTATION_LIMIT);
  }
}
