package io.otelgraft.runtime.page;

/** What all pages have around them. */
final class Layout {

  private Layout() {}

  /** A page with a title, which also says where one is in a row of tabs. */
  static Html page(String title, Html main) {
    return Html.of(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/page.css">
        <script src="/page.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header><a class="home" href="/">Graft</a></header>
        <main id="main" tabindex="-1">
        {}</main>
        </body>
        </html>
        """,
        title,
        main);
  }
}
