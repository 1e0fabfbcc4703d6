package io.otelgraft.runtime.page;

/** A page that says one thing. */
final class MessagePage {

  private MessagePage() {}

  static Html of(String title, String message) {
    return Layout.page(
        title + " · Graft",
        Html.of(
            """
            <h1>{}</h1>
            <p>{}</p>
            <p><a href="/">All decisions</a></p>
            """,
            title,
            message));
  }
}
