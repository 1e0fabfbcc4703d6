package io.otelgraft.runtime.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.fixtures.ShowsReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The tests that name what they prove: an item of {@link CompatibilityItems}, by {@link
 * Compatibility} on a method or in the first comment of a golden pod, or a reason, by {@link
 * ShowsReason}. Read from the sources of all modules, as some are compiled after this one.
 */
public final class NamedTests {
  private static final Pattern COMMENT =
      Pattern.compile("# " + Compatibility.class.getSimpleName() + ": (.*)");

  /** The folders that a test runs: each has a folder for each story. */
  private static final Pattern STORIES =
      Pattern.compile(
          "(lang-[a-z]+|runtime|e2e)/src/test/resources/(golden|operator)/[^/]+/pod\\.yaml");

  private static final Set<String> KINDS_OF_TESTS =
      Set.of("Test", "ParameterizedTest", "TestFactory", "Property");

  private NamedTests() {}

  /**
   * A test that names what it proves.
   *
   * @param item the item's id, or the reason's code
   * @param name the class and method, or the folder of the pod
   * @param path of the source or folder, from the repository's root
   * @param runs whether JUnit runs it
   */
  public record NamedTest(String item, String name, String path, boolean runs)
      implements Comparable<NamedTest> {
    @Override
    public int compareTo(NamedTest other) {
      return (path + name + item).compareTo(other.path + other.name + other.item);
    }
  }

  /**
   * Those that name items, in an order that stays.
   *
   * @param root the root of the repository
   */
  public static Set<NamedTest> in(Path root) {
    Set<NamedTest> named = new TreeSet<>(methods(root, Compatibility.class));
    for (Path file : files(root)) {
      if (STORIES.matcher(root.relativize(file).toString()).matches()) {
        named.addAll(story(root, file));
      }
    }
    return named;
  }

  /**
   * Those that name reasons, in an order that stays.
   *
   * @param root the root of the repository
   */
  public static Set<NamedTest> ofReasons(Path root) {
    return new TreeSet<>(methods(root, ShowsReason.class));
  }

  private static List<Path> files(Path root) {
    try (Stream<Path> modules = Files.list(root)) {
      List<Path> files = new ArrayList<>();
      for (Path tests : modules.map(module -> module.resolve("src/test")).toList()) {
        if (Files.isDirectory(tests)) {
          try (Stream<Path> found = Files.walk(tests)) {
            found.filter(Files::isRegularFile).forEach(files::add);
          }
        }
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<NamedTest> story(Path root, Path pod) {
    Path folder = pod.getParent();
    return read(pod)
        .lines()
        .takeWhile(line -> line.startsWith("#"))
        .map(COMMENT::matcher)
        .filter(matcher -> matcher.matches())
        .flatMap(matcher -> Stream.of(matcher.group(1).split(",")))
        .map(id ->
            new NamedTest(
                id.strip(),
                folder.getFileName().toString(),
                root.relativize(folder).toString(),
                true))
        .toList();
  }

  private static List<NamedTest> methods(Path root, Class<?> annotation) {
    String name = annotation.getSimpleName();
    List<Path> sources =
        files(root).stream()
            .filter(file -> file.toString().endsWith(".java") && read(file).contains("@" + name))
            .toList();
    List<NamedTest> named = new ArrayList<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      JavacTask parser =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      for (CompilationUnitTree unit : parser.parse()) {
        Path source = Path.of(unit.getSourceFile().toUri());
        unit.accept(new Methods(name, root.relativize(source).toString(), named), "");
      }
      return named;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Collects what methods name; knows the class that it is in. */
  private static final class Methods extends TreeScanner<Void, String> {
    private final String annotation;
    private final String path;
    private final List<NamedTest> named;

    Methods(String annotation, String path, List<NamedTest> named) {
      this.annotation = annotation;
      this.path = path;
      this.named = named;
    }

    @Override
    public Void visitClass(ClassTree tree, String outer) {
      String name = tree.getSimpleName().toString();
      return super.visitClass(tree, outer.isEmpty() ? name : outer + "." + name);
    }

    @Override
    public Void visitMethod(MethodTree method, String owner) {
      boolean runs = false;
      List<String> ids = new ArrayList<>();
      for (AnnotationTree tree : method.getModifiers().getAnnotations()) {
        String name = tree.getAnnotationType().toString();
        runs |= KINDS_OF_TESTS.contains(name);
        if (name.equals(annotation)) {
          tree.accept(new Literals(), ids);
        }
      }
      for (String id : ids) {
        named.add(new NamedTest(id, owner + "." + method.getName(), path, runs));
      }
      return super.visitMethod(method, owner);
    }
  }

  private static final class Literals extends TreeScanner<Void, List<String>> {
    @Override
    public Void visitLiteral(LiteralTree literal, List<String> values) {
      values.add(String.valueOf(literal.getValue()));
      return null;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
