/**
 * AdmissionReview in, {@link io.otelgraft.core.admission.Decision} and response out.
 *
 * <p>{@link io.otelgraft.core.admission.Reviewer} speaks with the API server, {@link
 * io.otelgraft.core.admission.Admission} decides about pods, {@link
 * io.otelgraft.core.admission.PodTemplate} finds them in manifests.
 */
package io.otelgraft.core.admission;
