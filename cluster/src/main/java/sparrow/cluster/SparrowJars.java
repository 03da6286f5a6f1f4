package sparrow.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Selects the jars of a class path that each kind of process needs. Jars that Spark provides are omitted: Spark's own
 * jars, SLF4J, and Jackson except its CBOR format.
 */
final class SparrowJars {
    /** Jar names for executors, including speech recognisers and audio metrics. */
    private static final Pattern WORKERS = Pattern.compile(
            "(sparrow-(tensor|formats|engine|speech|models|bundled|onnx|study|train|cluster)|snakeyaml-engine|jackson-dataformat-cbor"
                    + "|onnxruntime|sphinx4-(core|data)|whisper-jni)(-[0-9].*)?\\.jar");

    private static final Pattern SPARKS =
            Pattern.compile("(jackson-(annotations|core|databind)-|slf4j-|snappy-java-).*");

    private final List<Path> jars;
    private final Path spark;

    /**
     * Creates the selection.
     *
     * @param jars jars of the class path
     * @param spark one of Spark's jars; all jars in its folder belong to Spark
     */
    SparrowJars(List<Path> jars, Path spark) {
        this.jars = List.copyOf(jars);
        this.spark = spark.getParent();
    }

    /** Returns the jars of this process's class path. */
    static SparrowJars ofThisProcess() {
        List<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .map(Path::toAbsolutePath)
                .toList();
        return new SparrowJars(jars, spark(jars));
    }

    private static Path spark(List<Path> jars) {
        return jars.stream()
                .filter(jar -> jar.getFileName().toString().startsWith("spark-core_"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Apache Spark is not on the class path"));
    }

    /** Returns the jars that executors need. */
    List<Path> workers() {
        List<Path> found =
                ours().filter(jar -> WORKERS.matcher(name(jar)).matches()).toList();
        if (found.isEmpty())
            throw new IllegalArgumentException("expected Sparrow to run from jars, found class folders");
        return found;
    }

    /** Returns the jars that the command line needs. */
    List<Path> driver() {
        return ours().filter(jar -> !SPARKS.matcher(name(jar)).matches()).toList();
    }

    private Stream<Path> ours() {
        return jars.stream().filter(jar -> !spark.equals(jar.getParent()));
    }

    private static String name(Path jar) {
        return jar.getFileName().toString();
    }
}
