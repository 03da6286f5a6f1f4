package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.cluster.ClusterSettings.Executors;

/** The configuration of Spark, and its refusals. */
class SparkSettingsTest {
    private static final ClusterMaster HERE = ClusterMaster.parse("spark://127.0.0.1:7077");
    private static final ClusterMaster ELSEWHERE = ClusterMaster.parse("spark://192.0.2.1:7077");

    @Test
    void executorsAreAskedForAsTold() throws Exception {
        Executors executors = new Executors(
                OptionalInt.of(16),
                Optional.of("8g"),
                Optional.of("/opt/jdk-25"),
                List.of("-Dsparrow.vectorBits=256"),
                List.of(Path.of("/x/a.jar"), Path.of("/x/b.jar")));
        Map<String, String> own = Map.of("spark.executor.extraJavaOptions", "-Dx=y", "spark.jars", "/x/own.jar");

        SparkConf conf = SparkSettings.of(settings(HERE, own, executors, true));

        assertThat(conf.get("spark.executor.cores")).isEqualTo("16");
        assertThat(conf.get("spark.task.cpus")).isEqualTo("16");
        assertThat(conf.get("spark.executor.memory")).isEqualTo("8g");
        assertThat(conf.get("spark.executorEnv.JAVA_HOME")).isEqualTo("/opt/jdk-25");
        assertThat(conf.get("spark.executor.extraJavaOptions"))
                .isEqualTo("-Dx=y --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                        + " -Dsparrow.vectorBits=256");
        assertThat(conf.get("spark.jars")).isEqualTo("/x/own.jar,/x/a.jar,/x/b.jar");
    }

    @Test
    void coresOfTheConfigurationHoldWhereNoneAreAskedFor() throws Exception {
        SparkConf conf = SparkSettings.of(settings(HERE, Map.of("spark.executor.cores", "4")));

        assertThat(conf.get("spark.task.cpus")).isEqualTo("4");
    }

    @ParameterizedTest
    @CsvSource({
        "spark.speculation, true, false",
        "spark.dynamicAllocation.enabled, true, false",
        "spark.task.maxFailures, 4, 3",
        "spark.driver.maxResultSize, 1g, 0",
        "spark.task.cpus, 2, 1",
        "spark.master, yarn, spark://127.0.0.1:7077"
    })
    void whatTheWorkReliesOnIsNotChanged(String key, String value, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkSettings.of(settings(HERE, Map.of(key, value))))
                .withMessage("Spark's setting " + key + ": expected " + expected + ", which is required, got " + value);
    }

    @Test
    void masterElsewhereNeedsASecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkSettings.of(settings(ELSEWHERE, Map.of())))
                .withMessage(
                        "spark://192.0.2.1:7077 without a secret lets any program run code on your machines: expected"
                                + " spark.authenticate=true and spark.authenticate.secret in the file of --set spark-properties, or"
                                + " --set cluster-auth=false");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkSettings.of(settings(ELSEWHERE, Map.of("spark.authenticate", "true"))))
                .withMessage("spark.authenticate is true, but there is no spark.authenticate.secret: expected it in the"
                        + " file of --set spark-properties");
    }

    @Test
    void masterElsewhereIsTakenWithASecretOrWhereNoneIsWanted() throws Exception {
        Map<String, String> secret = Map.of("spark.authenticate", "true", "spark.authenticate.secret", "s");

        assertThat(SparkSettings.of(settings(ELSEWHERE, secret)).get("spark.master"))
                .isEqualTo("spark://192.0.2.1:7077");
        assertThat(SparkSettings.of(settings(ELSEWHERE, Map.of(), Executors.defaults(), false))
                        .contains("spark.driver.bindAddress"))
                .isFalse();
    }

    @Test
    void onThisMachineNobodyElseIsListenedTo() throws Exception {
        assertThat(SparkSettings.of(settings(HERE, Map.of())).get("spark.driver.bindAddress"))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void submitIsForSparkSubmit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkSettings.of(settings(new ClusterMaster.Submitted(), Map.of())))
                .withMessage(
                        "submit is for commands started by spark-submit: expected its setting spark.master, found none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"spark://", "spark://host", "spark://host:x", "spark://host:70000", "spark://a:1,b:2", "mesos"})
    void otherMastersAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClusterMaster.parse(text))
                .withMessage("expected local, spark://HOST:PORT or submit, got \"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yarn", "k8s://https://host:6443"})
    void otherKindsOfClustersAreReachedBySparkSubmit(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClusterMaster.parse(text))
                .withMessageEndingWith("is reached by spark-submit --master " + text + " and --on submit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.7", "4.1.2", "unknown"})
    void olderSparkIsRefused(String version) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkVersion.check(version))
                .withMessage("Apache Spark: expected 4.2 or newer, found " + version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2.0", "4.10.1", "5.0.0-SNAPSHOT"})
    void newerSparkIsTaken(String version) {
        SparkVersion.check(version);
    }

    private static ClusterSettings settings(ClusterMaster master, Map<String, String> configuration) {
        return settings(master, configuration, Executors.defaults(), true);
    }

    private static ClusterSettings settings(
            ClusterMaster master, Map<String, String> configuration, Executors executors, boolean authenticated) {
        return new ClusterSettings(master, configuration, executors, Duration.ofSeconds(5), authenticated);
    }
}
