package io.otelgraft.cluster;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.exception.WatchExpiredException;
import io.kubernetes.client.informer.impl.DefaultSharedIndexInformer;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesListObject;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.kubernetes.client.util.generic.options.ListOptions;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All objects of a kind, kept in memory as the API server tells. It goes on after a restart of the
 * API server, after versions have expired, and after a cut; until then what was known last stays.
 * Thread-safe.
 */
public final class Informer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Informer.class.getName());

  private final ApiResource resource;
  private final Connection connection;
  private final SharedIndexInformer<DynamicKubernetesObject> informer;

  private Informer(
      ApiResource resource,
      Connection connection,
      SharedIndexInformer<DynamicKubernetesObject> informer) {
    this.resource = resource;
    this.connection = connection;
    this.informer = informer;
  }

  static Informer start(ApiResource resource, DynamicKubernetesApi api, Runnable changed) {
    Connection connection = new Connection(resource, api);
    SharedIndexInformer<DynamicKubernetesObject> informer =
        new DefaultSharedIndexInformer<>(
            DynamicKubernetesObject.class,
            connection,
            0,
            new Cache<>(),
            (_, thrown) -> connection.failed(thrown));
    informer.setTransform(Informer::withoutBookkeeping);
    informer.addEventHandler(new Changes(changed));
    informer.run();
    return new Informer(resource, connection, informer);
  }

  /** What only the API server and kubectl need is half of a small object. */
  private static KubernetesObject withoutBookkeeping(KubernetesObject object) {
    if (object instanceof DynamicKubernetesObject dynamic
        && dynamic.getRaw().get("metadata") instanceof JsonObject metadata) {
      metadata.remove("managedFields");
      if (metadata.get("annotations") instanceof JsonObject annotations) {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
      }
    }
    return object;
  }

  /** What it follows. */
  public ApiResource resource() {
    return resource;
  }

  /** Whether all objects that there were at the start are known. */
  public boolean isFilled() {
    return informer.hasSynced();
  }

  /**
   * Since when the API server has told nothing, as it cannot be reached or refuses.
   *
   * @return empty while it tells; from the start until it first told, the start
   */
  public Optional<Instant> cutOffSince() {
    return Optional.ofNullable(connection.cut).map(Cut::since);
  }

  /** What went wrong last, while cut off; else empty. */
  public Optional<String> trouble() {
    return Optional.ofNullable(connection.cut).flatMap(Cut::trouble);
  }

  /**
   * Has all objects read anew, about a second from now: for where they are told in another way than
   * before although none of them changed, as after a change of their definition. Until then what is
   * known stays.
   */
  public void readAnew() {
    connection.readAnew();
  }

  /** Each object that is known, in no order. */
  public void each(Consumer<Known> consumer) {
    for (DynamicKubernetesObject object : informer.getIndexer().list()) {
      consumer.accept(new Known(object));
    }
  }

  /** An object that is known; read only if somebody asks for it. */
  public static final class Known {
    private final DynamicKubernetesObject object;

    private Known(DynamicKubernetesObject object) {
      this.object = object;
    }

    /**
     * Whether it is what another one is, as the API server told it once. Its version does not say
     * so: after a change of the definition the API server tells the same version with other fields.
     */
    @SuppressWarnings("ReferenceEquality") // which object was told is the question
    public boolean isStill(Known other) {
      return object == other.object;
    }

    /** Its namespace; the empty string if it stands in none. */
    public String namespace() {
      return Optional.ofNullable(object.getMetadata().getNamespace()).orElse("");
    }

    /** Its name. */
    public String name() {
      return object.getMetadata().getName();
    }

    /** The object as a tree that is the caller's own. */
    public ObjectNode tree() {
      return Json.read(object.getRaw().toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    connection.closed = true;
    informer.stop();
  }

  /** Tells that something changed, whatever it was. */
  private record Changes(Runnable changed)
      implements ResourceEventHandler<DynamicKubernetesObject> {

    @Override
    public void onAdd(DynamicKubernetesObject added) {
      changed.run();
    }

    @Override
    public void onUpdate(DynamicKubernetesObject before, DynamicKubernetesObject after) {
      changed.run();
    }

    @Override
    public void onDelete(DynamicKubernetesObject deleted, boolean finalStateUnknown) {
      changed.run();
    }
  }

  /**
   * That the API server tells nothing.
   *
   * @param trouble empty before it was ever reached
   */
  private record Cut(Instant since, Optional<String> trouble) {}

  /** Lists and watches, and remembers whether that works. */
  private static final class Connection
      implements ListerWatcher<DynamicKubernetesObject, DynamicKubernetesListObject> {
    private final ApiResource resource;
    private final DynamicKubernetesApi api;
    private volatile Cut cut = new Cut(Instant.now(), Optional.empty());
    private volatile Guarded watching;
    private volatile boolean closed;

    /** How often everything was to be read anew, and how often when the last list began. */
    private final AtomicInteger wanted = new AtomicInteger();

    private volatile int listed;

    Connection(ApiResource resource, DynamicKubernetesApi api) {
      this.resource = resource;
      this.api = api;
    }

    @Override
    public DynamicKubernetesListObject list(CallGeneratorParams given) throws ApiException {
      ListOptions options = new ListOptions();
      options.setResourceVersion(given.resourceVersion);
      listed = wanted.get();
      try {
        DynamicKubernetesListObject list =
            api.list(options)
                .onFailure((code, status) -> {
                  throw new ApiException(code, status.getMessage());
                })
                .getObject();
        list.getItems().forEach(this::name);
        return list;
      } catch (ApiException | RuntimeException e) {
        failed(e);
        throw e;
      }
    }

    /** In a list, only custom resources say what they are, and the client asks each object. */
    private void name(DynamicKubernetesObject listed) {
      JsonObject object = listed.getRaw();
      object.addProperty("apiVersion", resource.apiVersion());
      object.addProperty("kind", resource.kind());
    }

    @Override
    public Watchable<DynamicKubernetesObject> watch(CallGeneratorParams given) throws ApiException {
      ListOptions options = new ListOptions();
      options.setResourceVersion(given.resourceVersion);
      options.setTimeoutSeconds(given.timeoutSeconds);
      try {
        Watchable<DynamicKubernetesObject> watch = api.watch(options);
        Guarded guarded = new Guarded(watch);
        watching = guarded;
        restored();
        return guarded;
      } catch (ApiException | RuntimeException e) {
        // The reflector tries again without a word.
        failed(e);
        throw e;
      }
    }

    void readAnew() {
      wanted.incrementAndGet();
      Guarded current = watching;
      if (current != null) {
        current.end();
      }
    }

    private synchronized void restored() {
      if (cut != null) {
        boolean again = cut.trouble.isPresent();
        LOG.log(
            again ? INFO : DEBUG,
            resource + ": the API server tells what changes" + (again ? " again" : ""));
        cut = null;
      }
    }

    synchronized void failed(Throwable thrown) {
      if (closed) {
        return;
      }
      String why = described(thrown);
      if (cut == null || cut.trouble.isEmpty()) {
        LOG.log(
            WARNING,
            resource + ": the API server cannot be followed; what is known stays in force: " + why);
      }
      cut = new Cut(cut == null ? Instant.now() : cut.since, Optional.of(why));
    }

    /** In one line: the client writes what an API server says over several. */
    private static String described(Throwable thrown) {
      String text = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
      String line = text.lines().findFirst().orElse("").replace("Message: ", "");
      return thrown instanceof ApiException refusal && refusal.getCode() != 0
          ? refusal.getCode() + ", " + line
          : line;
    }

    /**
     * A watch that breaks is a cut; one that the API server ends is not, as the next follows, nor
     * one that is given up so that a list follows.
     */
    private final class Guarded implements Watchable<DynamicKubernetesObject> {
      private final Watchable<DynamicKubernetesObject> watch;

      Guarded(Watchable<DynamicKubernetesObject> watch) {
        this.watch = watch;
      }

      void end() {
        try {
          watch.close();
        } catch (IOException e) {
          LOG.log(DEBUG, resource + ": a watch that is given up does not close", e);
        }
      }

      @Override
      public boolean hasNext() {
        return unlessExpired(watch::hasNext);
      }

      @Override
      public Watch.Response<DynamicKubernetesObject> next() {
        return unlessExpired(watch::next);
      }

      private void requireCurrent() {
        if (wanted.get() != listed) {
          throw new WatchExpiredException();
        }
      }

      private <T> T unlessExpired(Supplier<T> step) {
        // It may have been given up before it began, and then nobody ends it.
        requireCurrent();
        T result;
        try {
          result = step.get();
        } catch (RuntimeException e) {
          requireCurrent();
          failed(e);
          throw e;
        }
        // A watch that is closed may just end, and the next one would go on without a list.
        requireCurrent();
        return result;
      }

      @Override
      public Iterator<Watch.Response<DynamicKubernetesObject>> iterator() {
        return this;
      }

      @Override
      public void close() throws IOException {
        watch.close();
      }
    }
  }
}
