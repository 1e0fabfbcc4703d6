package io.otelgraft.runtime.tls;

/** Files of which no certificate can be served; the message says which, why, and what to do. */
public final class UnusableCertificate extends Exception {

  private static final long serialVersionUID = 1L;

  UnusableCertificate(String message) {
    super(message, null, false, false);
  }
}
