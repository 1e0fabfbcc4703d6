package io.otelgraft.core.admission;

/**
 * What a review is about, in words for a log line. What the API server did not say is the empty
 * string.
 *
 * @param uid the review's own, by which the API server's audit log knows it
 * @param operation {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code CONNECT}
 * @param kind the object's kind: {@code Pod}
 * @param namespace the object's namespace
 * @param name the object's name. That of a pod which a controller makes is generated after its
 *     admission: then what it will begin with, {@code cart-7d4b9c6f5-}
 * @param user the name of who asks: {@code system:serviceaccount:kube-system:replicaset-controller}
 */
public record Subject(
    String uid, String operation, String kind, String namespace, String name, String user) {

  /** {@code CREATE Pod shop/cart-7d4b9c6f5-}. */
  @Override
  public String toString() {
    return operation + " " + kind + " " + namespace + "/" + name;
  }
}
