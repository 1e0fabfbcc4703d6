package io.otelgraft.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.spi.Setting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in annotations of pods and namespaces: any text, in each that is read. */
final class FuzzAnnotationsIT {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart-5d4f8c7b9d-x2x4z
        namespace: shop
        labels: {app: cart}
      spec:
        volumes: [{name: data, emptyDir: {}}]
        initContainers:
        - {name: first, image: 'shop/cart:1.2'}
        containers:
        - name: app
          image: shop/cart:1.2
          command: [run, '-x']
          env:
          - {name: A, value: $(B)}
          - {name: OTEL_RESOURCE_ATTRIBUTES, value: 'team=shop,k8s.pod.name=$(A)'}
          volumeMounts: [{name: data, mountPath: /data}]
          resources: {limits: {cpu: 500m, memory: 64Mi}}
        - name: worker
          image: registry:5000/worker
          envFrom: [{configMapRef: {name: c}}]
        - {name: istio-proxy, image: istio}
      """;

  static Stream<byte[]> seeds() {
    List<String> seeds = new ArrayList<>();
    for (LoadedPlugin plugin : Shop.CATALOGUE.languages()) {
      String asked = Annotated.entry(plugin.injectAnnotation(), "true");
      String names = Annotated.entry(plugin.containerNamesAnnotation(), "app, worker");
      seeds.add(asked);
      seeds.add(Annotated.entry(plugin.injectAnnotation(), "shop/other") + Annotated.NEXT + names);
      for (Setting<?> setting : plugin.language().annotations()) {
        List<String> values =
            setting.choices().isEmpty() ? List.of("x", "1", "app=/x") : setting.choices();
        for (String value : values) {
          seeds.add(
              asked + Annotated.NEXT + Annotated.entry(Annotations.PREFIX + setting.key(), value));
        }
      }
    }
    String asked = seeds.getFirst();
    for (String key : Annotated.KEYS) {
      for (String value : List.of("true", "app", "image-volume", "app/PATH=/bin:$HOME")) {
        seeds.add(asked + Annotated.NEXT + Annotated.entry(key, value));
        seeds.add(asked + Annotated.NAMESPACE + Annotated.entry(key, value));
      }
    }
    return seeds.stream().map(seed -> seed.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatever_annotations_say_is_answered_as_promised(byte[] text) {
    Annotated annotated = Annotated.read(text);
    ObjectNode pod = Fragments.yaml(POD);
    annotated.pod().forEach(pod.withObject("/metadata/annotations")::put);
    ObjectNode namespace =
        Fragments.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
    annotated.namespace().forEach(namespace.withObject("/metadata/annotations")::put);
    String resources =
        new String(Json.write(namespace), StandardCharsets.UTF_8) + "\n---\n" + Shop.RESOURCES;
    byte[] review = Review.of(pod, Optional.empty());
    Promise.isKept(() -> Breaches.of(Shop.PROMISES.in(resources, Shop.SETTINGS).ofPod(review)));
  }
}
