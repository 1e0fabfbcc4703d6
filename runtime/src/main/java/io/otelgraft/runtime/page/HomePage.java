package io.otelgraft.runtime.page;

import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.RefusedPlugin;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.runtime.explanation.CatalogueJson;
import io.otelgraft.runtime.page.Decisions.Counts;
import io.otelgraft.runtime.page.Inventory.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The page at {@code /}.
 *
 * <p>Its script asks for the same page again and again, and takes over what has changed: the parts
 * with {@code data-live}, and the rows in {@code data-rows} by their ids. So there is one place
 * that makes markup, and it escapes.
 */
final class HomePage {

  private HomePage() {}

  static Html of(DecisionFilter filter, Decisions decisions, Inventory inventory) {
    return Layout.page(
        "Graft",
        Html.of(
            """
            <h1>What Graft does</h1>
            {}
            <div class="columns">
            {}
            <div class="aside">
            {}
            {}
            </div>
            </div>
            """,
            counts(decisions.counts()),
            decisions(filter, decisions),
            instrumentations(inventory),
            plugins(inventory.catalogue().get())));
  }

  private static Html counts(Counts counts) {
    List<Html> numbers = new ArrayList<>();
    for (Outcome outcome :
        List.of(Outcome.INJECTED, Outcome.REJECTED, Outcome.OBSERVED, Outcome.UNCHANGED)) {
      numbers.add(count(Words.badge(outcome), counts.byOutcome().get(outcome)));
    }
    numbers.add(count(Html.of("asked for nothing"), counts.notAsked()));
    if (counts.passedOver() > 0) {
      numbers.add(count(Html.of("too many to be kept"), counts.passedOver()));
    }
    return Html.of(
        "<dl id=\"counts\" class=\"counts\" data-live aria-label=\"Reviews since the start\">{}</dl>",
        Html.join(numbers));
  }

  private static Html count(Html what, long number) {
    return Html.of("<div><dt>{}</dt><dd>{}</dd></div>", what, Words.number(number));
  }

  private static Html decisions(DecisionFilter filter, Decisions decisions) {
    List<Kept> latest = decisions.latest(filter);
    return Html.of(
        """
        <section aria-labelledby="decisions-heading">
        <div class="bar">
        <h2 id="decisions-heading">Latest decisions</h2>
        <p class="live"><span id="news" role="status"></span>
        <button type="button" id="pause" hidden>Pause</button>
        <noscript>Reload the page to see newer ones.</noscript></p>
        </div>
        <form id="filter" role="search" aria-label="Decisions">
        <label>Outcome <select name="outcome"><option value="">all</option>{}</select></label>
        <label>Namespace <input name="namespace" value="{}" autocomplete="off" spellcheck="false"></label>
        <label>Text <input name="text" type="search" value="{}" autocomplete="off" spellcheck="false"></label>
        <button>Filter</button>
        </form>
        <table>
        <caption class="unseen">Latest decisions, the newest first</caption>
        <thead><tr><th scope="col">Time, UTC</th><th scope="col">Outcome</th>\
        <th scope="col">Decision</th><th scope="col" class="wide">Took</th></tr></thead>
        <tbody id="decisions" data-rows>
        {}</tbody>
        </table>
        {}
        </section>\
        """,
        options(filter),
        filter.namespace(),
        filter.text(),
        Html.join(latest.stream().map(HomePage::row).toList()),
        none(latest, decisions));
  }

  private static Html options(DecisionFilter filter) {
    return Html.join(
        Stream.of(Outcome.values())
            .map(outcome ->
                Html.of(
                    "<option value=\"{}\"{}>{}</option>",
                    DecisionFilter.word(outcome),
                    filter.outcome().filter(outcome::equals).isPresent()
                        ? Html.of(" selected")
                        : Html.NOTHING,
                    Words.of(outcome)))
            .toList());
  }

  private static Html none(List<Kept> latest, Decisions decisions) {
    if (!latest.isEmpty()) {
      return Html.of("<p id=\"none\" class=\"dim\" data-live hidden></p>");
    }
    return Html.of(
        "<p id=\"none\" class=\"dim\" data-live>{}</p>",
        decisions.latest(_ -> true).isEmpty()
            ? "Nothing has been decided yet. Pods that ask for nothing are counted, but not listed."
            : "No decision that is kept matches the filter.");
  }

  private static Html row(Kept kept) {
    return Html.of(
        """
        <tr id="decision-{}"><td>{}</td><td>{}</td>\
        <th scope="row"><a href="/decisions/{}">{}</a>{}<p>{}</p>{}</th>\
        <td class="wide number">{}</td></tr>
        """,
        kept.id(),
        Words.time(kept.at()),
        Words.badge(kept.outcome()),
        kept.id(),
        kept.title(),
        kept.dryRun() ? Html.of(" <span class=\"tag\">dry run</span>") : Html.NOTHING,
        kept.message(),
        warnings(kept),
        Words.milliseconds(kept.took()));
  }

  private static Html warnings(Kept kept) {
    int count = kept.warnings().size();
    return count == 0
        ? Html.NOTHING
        : Html.of("<p class=\"doubtful\">{}</p>", count == 1 ? "1 warning" : count + " warnings");
  }

  private static Html instrumentations(Inventory inventory) {
    List<Entry> entries = inventory.instrumentations();
    List<String> unreadable = inventory.unreadable().get();
    return Html.of(
        """
        <section id="instrumentations" aria-labelledby="instrumentations-heading" data-live>
        <h2 id="instrumentations-heading">Instrumentations <span class="dim">{}</span></h2>
        {}
        {}
        </section>\
        """,
        entries.size(),
        unreadable.isEmpty()
            ? Html.NOTHING
            : Html.of(
                "<p class=\"bad\">Not readable, and therefore as before:</p><ul>{}</ul>",
                items(unreadable)),
        entries.isEmpty()
            ? Html.of("<p class=\"dim\">There is none: no pod can be injected.</p>")
            : Html.of(
                """
                <table>
                <caption class="unseen">Instrumentations</caption>
                <thead><tr><th scope="col">Namespace and name</th>\
                <th scope="col">Generation</th>\
                <th scope="col">State</th></tr></thead>
                <tbody>
                {}</tbody>
                </table>\
                """,
                Html.join(entries.stream().map(HomePage::row).toList())));
  }

  private static Html row(Entry entry) {
    List<String> problems = entry.problems().stream().map(Problem::toString).toList();
    return Html.of(
        "<tr><th scope=\"row\">{}{}</th><td>{}</td><td>{}</td></tr>\n",
        entry.reference(),
        problems.isEmpty() ? Html.NOTHING : Html.of("<ul>{}</ul>", items(problems)),
        entry.generation().isPresent() ? Long.toString(entry.generation().getAsLong()) : "–",
        switch (entry.state()) {
          case ACCEPTED -> Html.of("<span class=\"sign good\">in force</span>");
          case OUTDATED ->
              Html.of("<span class=\"doubtful\">invalid; the last accepted is in force</span>");
          case INVALID -> Html.of("<span class=\"bad\">invalid</span>");
        });
  }

  private static Html items(List<String> texts) {
    return Html.join(texts.stream().map(text -> Html.of("<li>{}</li>", text)).toList());
  }

  private static Html plugins(Catalogue catalogue) {
    return Html.of(
        """
        <section id="plugins" aria-labelledby="plugins-heading" data-live>
        <h2 id="plugins-heading">Plugins <span class="dim">{}</span></h2>
        {}
        {}
        </section>\
        """,
        catalogue.languages().size(),
        catalogue.refused().isEmpty()
            ? Html.NOTHING
            : Html.of(
                """
                <h3 class="bad">Refused</h3>
                <dl>{}</dl>
                <h3>Loaded</h3>\
                """,
                Html.join(catalogue.refused().stream().map(HomePage::refused).toList())),
        catalogue.languages().isEmpty()
            ? Html.of("<p class=\"bad\">There is none: no language can be injected.</p>")
            : Html.of(
                """
                <table>
                <caption class="unseen">Plugins that are loaded</caption>
                <thead><tr><th scope="col">Language</th><th scope="col">Version</th>\
                <th scope="col">State</th></tr></thead>
                <tbody>
                {}</tbody>
                </table>\
                """,
                Html.join(catalogue.languages().stream().map(HomePage::row).toList())));
  }

  private static Html row(LoadedPlugin plugin) {
    return Html.of(
        "<tr><th scope=\"row\">{} <code>{}</code><p>{}</p></th><td>{}</td><td>{}</td></tr>\n",
        plugin.language().title(),
        plugin.id(),
        CatalogueJson.image(plugin.language()).orElse(plugin.name()),
        plugin.version().isEmpty() ? "–" : plugin.version(),
        state(plugin));
  }

  private static Html state(LoadedPlugin plugin) {
    if (plugin.quarantined()) {
      return Html.of(
          "<span class=\"bad\">set aside: {}</span>", plugin.lastFailure().orElse("it failed"));
    }
    return plugin.lastFailure().isPresent()
        ? Html.of("<span class=\"doubtful\">loaded; {}</span>", plugin.lastFailure().get())
        : Html.of("<span class=\"good\">loaded</span>");
  }

  private static Html refused(RefusedPlugin refused) {
    return Html.of("<dt>{}</dt><dd>{}</dd>", refused.name(), refused.reason());
  }
}
