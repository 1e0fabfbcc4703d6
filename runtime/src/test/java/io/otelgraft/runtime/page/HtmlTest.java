package io.otelgraft.runtime.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HtmlTest {

  @Test
  void text_can_end_neither_an_element_nor_an_attribute() {
    assertThat(Html.of("<p title=\"{}\">{}</p>", "\" onclick='x'", "</p><script> & {}"))
        .hasToString(
            "<p title=\"&quot; onclick=&#39;x&#39;\">&lt;/p&gt;&lt;script&gt; &amp; {}</p>");
  }

  @Test
  void markup_is_put_in_as_it_is_also_several_pieces() {
    Html items = Html.join(List.of(Html.of("<li>{}</li>", 1), Html.of("<li>{}</li>", "<2>")));

    assertThat(Html.of("<ul>{}</ul>", items)).hasToString("<ul><li>1</li><li>&lt;2&gt;</li></ul>");
  }

  @Test
  void a_template_whose_holes_do_not_fit_what_goes_in_is_a_mistake() {
    assertThatIllegalArgumentException().isThrownBy(() -> Html.of("<p>{}</p>", "a", "b"));
    assertThatIllegalArgumentException().isThrownBy(() -> Html.of("<p>{}{}</p>", "a"));
  }
}
