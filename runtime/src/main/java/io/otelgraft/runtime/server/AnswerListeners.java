package io.otelgraft.runtime.server;

import java.util.List;
import java.util.function.Consumer;

/** All who are told of answers; each of them, whatever the others do. */
final class AnswerListeners implements AnswerListener {

  private static final System.Logger LOG = System.getLogger(AnswerListeners.class.getName());

  private final List<AnswerListener> listeners;

  AnswerListeners(List<AnswerListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void answered(Answered answered) {
    tell(listener -> listener.answered(answered));
  }

  @Override
  public void refused(Refusal refusal) {
    tell(listener -> listener.refused(refusal));
  }

  private void tell(Consumer<AnswerListener> news) {
    for (AnswerListener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener failed, the answer was sent", e);
      }
    }
  }
}
