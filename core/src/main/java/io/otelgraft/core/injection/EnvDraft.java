package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment of one container while it is edited.
 *
 * <p>Of several entries of one name the last counts, as for the kubelet. Entries of the pod keep
 * their order; what is added stands by {@link Rank}, and before an entry that refers to it.
 */
final class EnvDraft {
  /** Prefix of the variable that keeps the pod's own source of an extended list variable. */
  static final String KEPT = "GRAFT_";

  private static final String KEEP_ENV_FROM = "let count what the pod gives";

  private static final JsonNode NOTHING = MissingNode.getInstance();

  private final String container;
  private final JsonNode original;
  private EnvFrom envFrom;
  private final boolean leadingBlank;
  private final List<Entry> entries;
  private final List<Overruled> overruled = new ArrayList<>(0);
  private Map<String, EnvVar> image = Map.of();
  private boolean changed;

  private static final class Entry {
    private final EnvVar variable;
    private final Rank rank;
    private final int index;
    private final Origin origin;
    private final JsonNode before;
    private boolean placed;
    private boolean ordered;

    Entry(EnvVar variable, Rank rank, int index, Origin origin, JsonNode before) {
      this.variable = variable;
      this.rank = rank;
      this.index = index;
      this.origin = origin;
      this.before = before;
    }

    boolean isNew() {
      return index < 0;
    }

    boolean isMoved() {
      return index >= 0 && rank != Rank.ORIGINAL;
    }

    /** Whether it counts whatever the kubelet finds. */
    boolean isSure() {
      return !isOptional(variable);
    }

    /** Whether its value depends on others. */
    boolean refers() {
      return !References.in(variable.literal().orElse("")).isEmpty();
    }

    boolean isChangedInPlace() {
      return index >= 0 && rank == Rank.ORIGINAL && origin != null;
    }
  }

  /**
   * Begins with a container's env.
   *
   * @param leadingBlank whether the first item of a list separated by blanks gets a blank before
   *     it, as the OpenTelemetry Operator writes it
   */
  EnvDraft(String container, JsonNode env, JsonNode envFrom, boolean leadingBlank) {
    this.container = container;
    this.leadingBlank = leadingBlank;
    this.original = env;
    this.envFrom = new EnvFrom(envFrom);
    this.entries = new ArrayList<>(env.size() + 16);
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i) instanceof ObjectNode entry) {
        EnvVar variable = new EnvVar(entry.path("name").asText(), entry);
        entries.add(new Entry(variable, Rank.ORIGINAL, i, null, NOTHING));
      } else {
        throw new MalformedPodException(
            "container " + container + ": env[" + i + "] is not an object");
      }
    }
  }

  /** The position of the entry that counts for a name, or -1. */
  private int find(String name) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).variable.name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Tells what the image sets, which counts where the pod has no entry of its own. */
  void imageGives(Map<String, EnvVar> variables) {
    image = variables;
  }

  boolean has(String name) {
    return find(name) >= 0;
  }

  /** The names that its values refer to. */
  List<String> referred() {
    List<String> names = new ArrayList<>(4);
    for (Entry entry : entries) {
      names.addAll(References.in(entry.variable.literal().orElse("")));
    }
    return names;
  }

  /** Sets a variable unless the pod has it, be it in a source of {@code envFrom}. */
  void setIfAbsent(EnvVar variable, Rank rank, Origin origin) {
    if (setUnlessListed(variable, rank, origin)) {
      Origin byPod = new Origin(origin.language(), KEEP_ENV_FROM, "envFrom of the pod");
      String name = variable.name();
      for (EnvVar entry : envFrom.entries(name, name)) {
        entries.add(new Entry(entry, rank, -1, byPod, NOTHING));
      }
    }
  }

  /**
   * Sets a variable that others refer to, such as the pod's own name, unless the pod lists it. Its
   * name is none that people choose, so no source is asked for it.
   */
  void setFact(EnvVar variable, Rank rank, Origin origin) {
    setUnlessListed(variable, rank, origin);
  }

  private boolean setUnlessListed(EnvVar variable, Rank rank, Origin origin) {
    int at = find(variable.name());
    if (at < 0 && image.containsKey(variable.name())) {
      overruled.add(new Overruled(container, variable, origin.source(), "the image"));
      return false;
    }
    if (at < 0) {
      entries.add(new Entry(variable, rank, -1, origin, NOTHING));
      changed = true;
    } else if (!entries.get(at).variable.entry().equals(variable.entry())) {
      Origin winner = entries.get(at).origin;
      overruled.add(
          new Overruled(
              container, variable, origin.source(), winner == null ? "the pod" : winner.source()));
    }
    return at < 0;
  }

  /** Adds an entry, whether or not there is one of that name, unless it is there as it is. */
  void setBeside(EnvVar variable, Rank rank, Origin origin) {
    for (Entry entry : entries) {
      if (entry.variable.equals(variable)) {
        return;
      }
    }
    entries.add(new Entry(variable, rank, -1, origin, NOTHING));
    changed = true;
  }

  /**
   * Takes over what another container of the pod is told to report and as whom, sources of {@code
   * envFrom} included. What was set here before counts before it, and as this container's own.
   */
  void takeOver(TargetEnv from, Origin origin) {
    entries.replaceAll(
        entry -> new Entry(entry.variable, Rank.ORIGINAL, entry.index, entry.origin, entry.before));
    Set<String> own = new HashSet<>();
    entries.forEach(entry -> own.add(entry.variable.name()));
    for (EnvVar variable : from.telling()) {
      if (!own.contains(variable.name())) {
        entries.add(new Entry(variable, Rank.ORIGINAL, -1, origin, NOTHING));
        changed = true;
      }
    }
    envFrom = from.envFrom();
  }

  /** Lets sources that were taken over give a variable that nothing sets. */
  void giveFromSources(String name, Origin origin) {
    if (!has(name)) {
      for (EnvVar entry : envFrom.entries(name, name)) {
        entries.add(new Entry(entry, Rank.TELEMETRY, -1, origin, NOTHING));
      }
    }
  }

  /** Puts an entry in the place of the one that counts, which it has taken into account. */
  void replace(EnvVar variable, Rank rank, Origin origin) {
    int at = find(variable.name());
    if (at < 0) {
      entries.add(new Entry(variable, rank, -1, origin, NOTHING));
    } else {
      Entry old = entries.get(at);
      EnvVar merged =
          variable.literal().map(value -> holding(old.variable, value)).orElse(variable);
      entries.set(at, new Entry(merged, rank, old.index, origin, shown(old.variable)));
    }
    changed = true;
  }

  /** Extends a list variable by an item, whatever holds its value now. */
  void extend(ListVariable list, String item, boolean atEnd, Origin origin) {
    String name = list.name();
    int at = find(name);
    Rank rank = list.standsBeforeCommonEnv() ? Rank.EARLY : Rank.LANGUAGE;
    if (at < 0) {
      String value =
          envFrom.mayHold(name)
              ? join(keep(list, item, rank, origin), list.separator(), item, atEnd)
              : alone(list, item, atEnd);
      entries.add(new Entry(EnvVar.of(name, value), rank, -1, origin, NOTHING));
    } else {
      Entry old = entries.get(at);
      String held = old.variable.literal().orElseGet(() -> keep(list, item, old.rank, origin));
      EnvVar joined = holding(old.variable, join(held, list.separator(), item, atEnd));
      JsonNode before = old.origin == null ? shown(old.variable) : old.before;
      Entry extended = new Entry(joined, old.rank, old.index, origin, before);
      int now = entries.indexOf(old);
      if (now >= 0) {
        entries.set(now, extended);
      } else {
        entries.add(extended);
      }
    }
    changed = true;
  }

  /** The item where the variable is not set, which a default that was compiled in stays beside. */
  private String alone(ListVariable list, String item, boolean atEnd) {
    String ofImage = ofImage(list.name());
    if (!ofImage.isEmpty()) {
      return join(ofImage, list.separator(), item, atEnd);
    }
    if (list.emptyItem() == EmptyItem.COMPILED_IN_DEFAULT) {
      return atEnd ? list.separator() + item : item + list.separator();
    }
    return join("", list.separator(), item, atEnd);
  }

  private String ofImage(String name) {
    EnvVar variable = image.get(name);
    return variable == null ? "" : variable.literal().orElse("");
  }

  /** An entry with another value, and what else there is in it. */
  private static EnvVar holding(EnvVar variable, String value) {
    ObjectNode entry = variable.entry().deepCopy();
    entry.remove("valueFrom");
    return new EnvVar(variable.name(), entry.put("value", value));
  }

  private String join(String held, String separator, String item, boolean atEnd) {
    if (held.isEmpty()) {
      return leadingBlank && separator.isBlank() ? separator + item : item;
    }
    return atEnd ? held + separator + item : item + separator + held;
  }

  /**
   * Keeps what the kubelet will find under a name under another one, and refers to that.
   *
   * <p>Of several entries the last counts whose source is there. So all are kept that may turn out
   * to count, in their order, behind one that is sure to: a value of the pod, or one that stands in
   * where there is none. Without that, the reference would stay in the value as it is written.
   */
  private String keep(ListVariable list, String item, Rank rank, Origin origin) {
    String kept = nameForKept(list);
    List<Entry> held = new ArrayList<>(entries);
    held.removeIf(entry -> !entry.variable.name().equals(list.name()));
    boolean added = !held.isEmpty() && held.getFirst().isNew();
    int sure = held.size() - 1;
    while (sure >= 0 && !held.get(sure).isSure()) {
      sure--;
    }
    List<EnvVar> chain = new ArrayList<>();
    if (sure < 0) {
      String ofImage = ofImage(list.name());
      chain.add(EnvVar.of(kept, ofImage.isEmpty() ? standIn(list, item) : ofImage));
      if (!added) {
        chain.addAll(envFrom.entries(list.name(), kept));
      }
    } else if (held.get(sure).variable.literal().filter(String::isEmpty).isPresent()) {
      chain.add(EnvVar.of(kept, standIn(list, item)));
    } else if (added || sure == held.size() - 1) {
      chain.add(named(kept, held.get(sure).variable));
    } else {
      // Not the value itself: what it refers to may mean something else by now.
      chain.add(EnvVar.of(kept, "$(" + list.name() + ")"));
    }
    for (Entry entry : held.subList(sure + 1, held.size())) {
      chain.add(named(kept, entry.variable));
    }
    int at = held.isEmpty() ? entries.size() : entries.indexOf(held.getLast());
    if (added) {
      at = entries.indexOf(held.getFirst());
      entries.removeAll(held);
    }
    for (EnvVar variable : chain) {
      entries.add(at++, new Entry(variable, rank, -1, origin, NOTHING));
    }
    return "$(" + kept + ")";
  }

  private static EnvVar named(String name, EnvVar variable) {
    return new EnvVar(name, variable.entry().deepCopy().put("name", name));
  }

  /** Whether an entry counts for nothing where its source does not exist. */
  static boolean isOptional(EnvVar variable) {
    for (JsonNode source : variable.entry().path("valueFrom")) {
      if (source.path("optional").asBoolean(false)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What a reference yields when its source turns out not to exist: nothing, or, where an empty
   * item would put the working directory into the list, the item once more.
   */
  private static String standIn(ListVariable list, String item) {
    return list.emptyItem() == EmptyItem.WORKING_DIRECTORY ? item : "";
  }

  /** A name that the container has not given to something else. */
  private String nameForKept(ListVariable list) {
    String wanted = KEPT + list.name();
    String name = wanted;
    for (int i = 2; has(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /** The env as the pod has it. */
  JsonNode original() {
    return original;
  }

  List<Overruled> overruled() {
    return overruled;
  }

  boolean isChanged() {
    return changed;
  }

  /** Entries by rank; a name that Graft sets stands before an entry that refers to it. */
  private List<Entry> ordered() {
    List<Entry> byRank = new ArrayList<>(entries);
    byRank.sort(Comparator.comparing(entry -> entry.rank));
    Map<String, List<Entry>> byName = new HashMap<>();
    for (Entry entry : byRank) {
      entry.placed = false;
      entry.ordered = false;
      if (entry.isNew() || entry.isMoved()) {
        byName.computeIfAbsent(entry.variable.name(), name -> new ArrayList<>(1)).add(entry);
      }
    }
    List<Entry> ordered = new ArrayList<>(byRank.size());
    for (Entry entry : byRank) {
      place(entry, byName, ordered);
    }
    return ordered;
  }

  private static void place(Entry first, Map<String, List<Entry>> byName, List<Entry> ordered) {
    if (!first.placed && !first.refers()) {
      first.placed = true;
      first.ordered = true;
      ordered.add(first);
      return;
    }
    // A stack of its own: a chain of references may be longer than that of the thread.
    Deque<Entry> waiting = new ArrayDeque<>();
    waiting.push(first);
    while (!waiting.isEmpty()) {
      Entry entry = waiting.peek();
      if (!entry.placed) {
        entry.placed = true;
        pushReferred(entry, byName, waiting);
      } else {
        waiting.pop();
        if (!entry.ordered) {
          entry.ordered = true;
          ordered.add(entry);
        }
      }
    }
  }

  /** Puts what an entry refers to on the stack, so that it comes off in its order. */
  private static void pushReferred(
      Entry entry, Map<String, List<Entry>> byName, Deque<Entry> waiting) {
    List<String> names = References.in(entry.variable.literal().orElse(""));
    for (String name : names.reversed()) {
      for (Entry candidate : byName.getOrDefault(name, List.of()).reversed()) {
        if (!candidate.placed && (candidate.isNew() || candidate.index < entry.index)) {
          waiting.push(candidate);
        }
      }
    }
  }

  /**
   * Ends the editing: the env as it is to be, the operations that make it so, and the journal.
   *
   * @param path JSON pointer of the env in the pod
   */
  ArrayNode finish(String path, List<PatchOperation> patch, List<Edit> journal) {
    List<Entry> ordered = ordered();
    ArrayNode env = JsonNodeFactory.instance.arrayNode(ordered.size());
    for (int i = 0; i < ordered.size(); i++) {
      Entry entry = ordered.get(i);
      env.add(entry.variable.entry());
      if (entry.origin != null) {
        journal.add(edit(path + "/" + i, entry));
      }
    }
    if (original.isEmpty()) {
      patch.add(PatchOperation.add(path, env));
      return env;
    }
    for (int i = original.size() - 1; i >= 0; i--) {
      if (moved(ordered, i)) {
        patch.add(PatchOperation.remove(path + "/" + i));
      }
    }
    for (int i = 0; i < ordered.size(); i++) {
      Entry entry = ordered.get(i);
      if (entry.isNew() || entry.isMoved()) {
        patch.add(PatchOperation.add(path + "/" + i, entry.variable.entry()));
      }
    }
    for (int i = 0; i < ordered.size(); i++) {
      if (ordered.get(i).isChangedInPlace()) {
        patch.add(PatchOperation.replace(path + "/" + i, ordered.get(i).variable.entry()));
      }
    }
    return env;
  }

  private static boolean moved(List<Entry> entries, int index) {
    for (Entry entry : entries) {
      if (entry.index == index) {
        return entry.isMoved();
      }
    }
    return false;
  }

  private Edit edit(String path, Entry entry) {
    Origin origin = entry.origin;
    return new Edit(
        path,
        container,
        Edit.Part.VARIABLE,
        entry.variable.name(),
        shown(entry.variable),
        origin.language(),
        origin.rule(),
        origin.source(),
        entry.before);
  }

  private static JsonNode shown(EnvVar variable) {
    return variable
        .literal()
        .<JsonNode>map(TextNode::valueOf)
        .orElseGet(() -> variable.entry().get("valueFrom"));
  }
}
