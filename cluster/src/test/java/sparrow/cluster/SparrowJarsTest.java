package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars of each process. */
class SparrowJarsTest {
    private static final Path SPARK = Path.of("/s/jars/spark-core_2.13-4.2.0.jar");

    private final SparrowJars jars = new SparrowJars(
            Stream.of(
                            "/s/jars/jackson-core-2.21.2.jar",
                            "/s/jars/spark-core_2.13-4.2.0.jar",
                            "/h/app/target/sparrow.jar",
                            "/h/app/target/lib/sparrow-engine-0.1.0.jar",
                            "/h/app/target/lib/sparrow-server-0.1.0.jar",
                            "/h/app/target/lib/snakeyaml-engine-2.10.jar",
                            "/h/app/target/lib/jackson-core-2.23.0.jar",
                            "/h/study/target/lib/jackson-dataformat-cbor-2.23.0.jar",
                            "/h/app/target/lib/slf4j-jdk14-2.0.20.jar",
                            "/h/app/target/lib/picocli-4.7.7.jar",
                            "/h/study/target/sparrow-study.jar",
                            "/h/study/target/lib/snappy-java-1.1.10.8.jar",
                            "/h/study/target/lib/sphinx4-data-1.0.0.jar",
                            "/h/cluster/target/sparrow-cluster.jar")
                    .map(Path::of)
                    .toList(),
            SPARK);

    @Test
    void workersNeedNoCommandLineAndNothingThatSparkHas() {
        assertThat(jars.workers())
                .extracting(jar -> jar.getFileName().toString())
                .containsExactly(
                        "sparrow-engine-0.1.0.jar",
                        "snakeyaml-engine-2.10.jar",
                        "jackson-dataformat-cbor-2.23.0.jar",
                        "sparrow-study.jar",
                        "sphinx4-data-1.0.0.jar",
                        "sparrow-cluster.jar");
    }

    @Test
    void driverNeedsAllButWhatSparkHas() {
        assertThat(jars.driver())
                .extracting(jar -> jar.getFileName().toString())
                .containsExactly(
                        "sparrow.jar",
                        "sparrow-engine-0.1.0.jar",
                        "sparrow-server-0.1.0.jar",
                        "snakeyaml-engine-2.10.jar",
                        "jackson-dataformat-cbor-2.23.0.jar",
                        "picocli-4.7.7.jar",
                        "sparrow-study.jar",
                        "sphinx4-data-1.0.0.jar",
                        "sparrow-cluster.jar");
    }

    @Test
    void foldersAreNoJars() {
        SparrowJars folders = new SparrowJars(List.of(SPARK, Path.of("/h/engine/target/classes")), SPARK);

        assertThatIllegalArgumentException()
                .isThrownBy(folders::workers)
                .withMessage("expected Sparrow to run from jars, found class folders");
    }
}
