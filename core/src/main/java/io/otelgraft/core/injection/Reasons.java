package io.otelgraft.core.injection;

/**
 * The reasons of decisions that do not come from a plugin: codes in CamelCase, the same in the
 * metric, the event, the log and the user's guide.
 */
public final class Reasons {
  /** The pod was injected. */
  public static final String INJECTED = "Injected";

  /** Neither the pod nor its namespace asks for a language. */
  public static final String NOT_ANNOTATED = "NotAnnotated";

  /** The operator's settings exclude the namespace. */
  public static final String NAMESPACE_EXCLUDED = "NamespaceExcluded";

  /** The pod was injected before. */
  public static final String ALREADY_INJECTED = "AlreadyInjected";

  /** The pod exists, and what injection adds cannot be added to it any more. */
  public static final String POD_EXISTS = "PodExists";

  /** The pod belongs to the system: a mirror pod or one of a critical priority class. */
  public static final String SYSTEM_POD = "SystemPod";

  /** The pod runs on Windows, where the agents do not. */
  public static final String WINDOWS_POD = "WindowsPod";

  /** The pod has a shape that the API server will not accept. */
  public static final String MALFORMED_POD = "MalformedPod";

  /** No plugin provides the language. */
  public static final String UNKNOWN_LANGUAGE = "UnknownLanguage";

  /** No plugin provides the language, but a jar was refused, or another replica may have it. */
  public static final String PLUGIN_MISSING = "PluginMissing";

  /** The plugin failed; the pod is admitted without its language. */
  public static final String PLUGIN_FAILED = "PluginFailed";

  /** The operator switched the language off. */
  public static final String LANGUAGE_DISABLED = "LanguageDisabled";

  /** The Instrumentation does not exist. */
  public static final String INSTRUMENTATION_NOT_FOUND = "InstrumentationNotFound";

  /** The Instrumentation does not seem to exist, but that could not be confirmed. */
  public static final String INSTRUMENTATION_UNCONFIRMED = "InstrumentationUnconfirmed";

  /** The Instrumentation was deleted while pods used it. */
  public static final String INSTRUMENTATION_DELETED = "InstrumentationDeleted";

  /** Several Instrumentations are there, and the annotation does not name one. */
  public static final String INSTRUMENTATION_AMBIGUOUS = "InstrumentationAmbiguous";

  /** No generation of the Instrumentation was ever valid. */
  public static final String INSTRUMENTATION_INVALID = "InstrumentationInvalid";

  /** The newest generation of the Instrumentation is not valid; an earlier one is in force. */
  public static final String INSTRUMENTATION_OUTDATED = "InstrumentationOutdated";

  /** The annotations name a container that the pod does not have. */
  public static final String CONTAINER_NOT_FOUND = "ContainerNotFound";

  /** Several languages, several containers, and nothing says which is for which. */
  public static final String CONTAINERS_UNCLEAR = "ContainersUnclear";

  /** An annotation has a value that is not one of its values. */
  public static final String ANNOTATION_INVALID = "AnnotationInvalid";

  /** A list comes from a label or annotation that is not there, and would get an empty item. */
  public static final String EMPTY_REFERENCE = "EmptyReference";

  /** A list comes from a key that nobody sees here, and gets an empty item if that is empty. */
  public static final String EMPTY_ITEM_POSSIBLE = "EmptyItemPossible";

  /** What the language needs is forbidden: by the pod, its namespace's level, or the operator. */
  public static final String NEEDS_FORBIDDEN = "NeedsForbidden";

  /**
   * The agent's volume is a claim, which is named after the pod, and the pod's name is too long.
   */
  public static final String CLAIM_NAME_TOO_LONG = "ClaimNameTooLong";

  /** A sidecar that is no native one goes on when the pod's own containers have ended. */
  public static final String SIDECAR_OUTLIVES = "SidecarOutlives";

  /** Another agent is in the container already, or its injector was asked to put it there. */
  public static final String ANOTHER_AGENT = "AnotherAgent";

  /** All containers of the pod are sidecars of a mesh or the like, and none is named. */
  public static final String ONLY_SIDECARS = "OnlySidecars";

  /** Nobody names an image of the agent, and the language has no default one. */
  public static final String NO_AGENT_IMAGE = "NoAgentImage";

  /** A copy of a container is needed, and the container names no image that it would run. */
  public static final String NO_CONTAINER_IMAGE = "NoContainerImage";

  /** The OpenTelemetry Operator's default image gave way to Graft's. */
  public static final String OPERATOR_DEFAULT_REPLACED = "OperatorDefaultReplaced";

  /** The OpenTelemetry Operator's default image stays: the upgrade to Graft's is blocked. */
  public static final String UPGRADE_BLOCKED = "UpgradeBlocked";

  /** The operator does not allow the image of something that is to be added. */
  public static final String IMAGE_NOT_ALLOWED = "ImageNotAllowed";

  /** The Instrumentation is not for pods of the namespace. */
  public static final String INSTRUMENTATION_NOT_ALLOWED = "InstrumentationNotAllowed";

  /** The Instrumentation is used by pods of another namespace, and does not say which it allows. */
  public static final String INSTRUMENTATION_SHARED = "InstrumentationShared";

  /** What the plugin has to tell. */
  public static final String NOTE = "Note";

  /** The image may set a variable that is extended, which nobody sees from here. */
  public static final String IMAGE_ENV_UNSEEN = "ImageEnvUnseen";

  /** Compute resources that the resource gives would change the QoS class or budget of the pod. */
  public static final String RESOURCES_LEFT_OUT = "ResourcesLeftOut";

  /** The cluster cannot mount agents from their images, or is not known to. */
  public static final String IMAGE_VOLUMES_UNAVAILABLE = "ImageVolumesUnavailable";

  /** The agent is copied, as it cannot do what it needs in an image volume. */
  public static final String AGENT_COPIED = "AgentCopied";

  /** The security context that the resource gives would let what is added do more than the pod. */
  public static final String SECURITY_CONTEXT_TIGHTENED = "SecurityContextTightened";

  /** Compute resources of what is added were changed to what the namespace's LimitRange allows. */
  public static final String RESOURCES_LIMITED = "ResourcesLimited";

  /** With what would be added, the namespace's LimitRange would not admit the pod. */
  public static final String LIMIT_RANGE_EXCEEDED = "LimitRangeExceeded";

  /** The agent's files count against a limit of the pod's that could not be raised by as much. */
  public static final String EPHEMERAL_STORAGE_SHORT = "EphemeralStorageShort";

  /** The cluster did not say who controls the pod's owner, so attributes of that are left out. */
  public static final String OWNER_UNTOLD = "OwnerUntold";

  /** The resource says how the agent's volume is to be, and the language has none. */
  public static final String VOLUME_UNUSED = "VolumeUnused";

  /** Graft itself failed; the pod is admitted unchanged. */
  public static final String GRAFT_FAILED = "GraftFailed";

  private Reasons() {}
}
