package io.otelgraft.runtime.page;

import io.otelgraft.runtime.explanation.Phrase;
import java.util.ArrayList;
import java.util.List;

/** The page of one decision: all that there is to tell of it. */
final class DecisionPage {

  private DecisionPage() {}

  static Html of(Kept kept) {
    return Layout.page(
        kept.title() + " " + Words.of(kept.outcome()) + " · Graft",
        Html.of(
            """
            <p><a href="/">All decisions</a></p>
            <h1>{}</h1>
            <p class="outcome">{}{}</p>
            <p>{}</p>
            {}
            {}
            <section aria-labelledby="review-heading">
            <h2 id="review-heading">Review</h2>
            <dl class="facts">{}</dl>
            <p><a href="/api/decisions/{}">The same as JSON</a></p>
            </section>
            """,
            kept.title(),
            Words.badge(kept.outcome()),
            kept.dryRun() ? Html.of(" <span class=\"tag\">dry run</span>") : Html.NOTHING,
            kept.message(),
            warnings(kept.warnings()),
            kept.decision()
                .map(decision -> details(Details.of(decision, kept.pods())))
                .orElse(Html.NOTHING),
            facts(kept),
            kept.id()));
  }

  private static Html warnings(List<String> warnings) {
    return warnings.isEmpty()
        ? Html.NOTHING
        : Html.of(
            """
            <section aria-labelledby="warnings-heading">
            <h2 id="warnings-heading">Warnings</h2>
            <ul>{}</ul>
            </section>\
            """,
            Html.join(warnings.stream().map(text -> Html.of("<li>{}</li>", text)).toList()));
  }

  private static Html details(Details details) {
    return Html.of(
        """
        <section aria-labelledby="explanation-heading">
        <h2 id="explanation-heading">Explanation</h2>
        <pre>{}</pre>
        </section>
        <section aria-labelledby="difference-heading">
        <h2 id="difference-heading">Difference</h2>
        {}
        </section>\
        """,
        Html.join(details.explanation().stream().map(DecisionPage::phrase).toList()),
        details.diff().isEmpty()
            ? Html.of("<p>The pod is not changed.</p>")
            : Html.of(
                """
                <p class="dim">Values of variables that the pod brought with it are hidden.</p>
                <pre class="diff">{}</pre>\
                """,
                Html.join(details.diff().lines().map(DecisionPage::line).toList())));
  }

  private static Html phrase(Phrase phrase) {
    String text = phrase.text();
    return switch (phrase.tone()) {
      case PLAIN -> Html.of("{}", text);
      case STRONG -> Html.of("<b>{}</b>", text);
      case DIM -> Html.of("<span class=\"dim\">{}</span>", text);
      case GOOD -> Html.of("<span class=\"good\">{}</span>", text);
      case DOUBTFUL -> Html.of("<span class=\"doubtful\">{}</span>", text);
      case BAD -> Html.of("<span class=\"bad\">{}</span>", text);
      case NAME -> Html.of("<span class=\"name\">{}</span>", text);
    };
  }

  private static Html line(String line) {
    if (line.startsWith("+")) {
      return Html.of("<ins>{}</ins>\n", line);
    }
    if (line.startsWith("-")) {
      return Html.of("<del>{}</del>\n", line);
    }
    return line.startsWith("@@")
        ? Html.of("<span class=\"dim\">{}</span>\n", line)
        : Html.of("{}\n", line);
  }

  private static Html facts(Kept kept) {
    List<Html> facts = new ArrayList<>();
    facts.add(fact("Reason", kept.reason()));
    facts.add(fact("Languages", String.join(", ", kept.languages())));
    facts.add(fact("Arrived", Words.date(kept.at())));
    facts.add(fact("Took", Words.milliseconds(kept.took())));
    facts.add(fact("Operation", kept.subject().operation()));
    facts.add(fact("Asked by", kept.subject().user()));
    facts.add(fact("Review", kept.subject().uid()));
    return Html.join(facts);
  }

  /** A line of the list; nothing where there is nothing to say. */
  private static Html fact(String name, Object value) {
    return value.toString().isEmpty()
        ? Html.NOTHING
        : Html.of("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
  }
}
