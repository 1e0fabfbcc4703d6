package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What injection makes of a pod.
 *
 * @param pod the pod, or pod template, as it is to be; shares unchanged parts with the original
 * @param patch the operations that make it of the original, in order
 * @param journal what was done and why
 */
public record EditedPod(ObjectNode pod, List<PatchOperation> patch, Journal journal) {}
