package io.otelgraft.runtime.page;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.util.List;

/**
 * A piece of HTML in which no text can be mistaken for markup.
 *
 * <p>Markup is what stands in the source: Error Prone refuses a template that is not constant. What
 * comes in at run time goes through the holes of a template, and is escaped there unless it is
 * {@link Html} itself. A hole stands in the text of an element or in an attribute value between
 * double quotes, never in a script, a style, or where a URL begins.
 */
final class Html {

  static final Html NOTHING = new Html("");

  private static final String HOLE = "{}";

  private final String markup;

  private Html(String markup) {
    this.markup = markup;
  }

  /**
   * Fills a template.
   *
   * @param template markup with holes, {@code {}}
   * @param content what goes into the holes, in their order: {@link Html} as it is, all else as
   *     text
   * @throws IllegalArgumentException if there are more holes than content, or fewer
   */
  static Html of(@CompileTimeConstant String template, Object... content) {
    StringBuilder markup = new StringBuilder(template.length() + 32 * content.length);
    int from = 0;
    for (Object piece : content) {
      int hole = template.indexOf(HOLE, from);
      if (hole < 0) {
        throw new IllegalArgumentException("more content than holes in " + template);
      }
      markup.append(template, from, hole);
      if (piece instanceof Html html) {
        markup.append(html.markup);
      } else {
        escape(piece.toString(), markup);
      }
      from = hole + HOLE.length();
    }
    if (template.indexOf(HOLE, from) >= 0) {
      throw new IllegalArgumentException("more holes than content in " + template);
    }
    return new Html(markup.append(template, from, template.length()).toString());
  }

  /** One after the other. */
  static Html join(List<Html> pieces) {
    StringBuilder markup = new StringBuilder();
    pieces.forEach(piece -> markup.append(piece.markup));
    return new Html(markup.toString());
  }

  private static void escape(String text, StringBuilder markup) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> markup.append("&amp;");
        case '<' -> markup.append("&lt;");
        case '>' -> markup.append("&gt;");
        case '"' -> markup.append("&quot;");
        case '\'' -> markup.append("&#39;");
        default -> markup.append(c);
      }
    }
  }

  /** The markup. */
  @Override
  public String toString() {
    return markup;
  }
}
