package sparrow.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which parts {@code ./sparrow} starts for which command: a copy of it, with a JDK that only prints what it is given. */
class LauncherTest {
    private static final Path LAUNCHER = Repository.ROOT.resolve("sparrow");
    private static final Path OF_RELEASE = Repository.ROOT.resolve("app/src/release/bin/sparrow");

    @TempDir
    private Path folder;

    private record Started(int code, List<String> arguments, String err) {
        List<String> classPath() {
            return List.of(arguments.get(arguments.indexOf("-cp") + 1).split(":"));
        }
    }

    @BeforeEach
    void pretendThatAllIsBuilt() throws IOException {
        assumeThat(File.separator).isEqualTo("/");
        Files.copy(LAUNCHER, folder.resolve("sparrow"));
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String program : List.of("java", "javac")) {
            Path file = Files.writeString(bin.resolve(program), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        for (String jar : List.of(
                "app/target/sparrow.jar",
                "onnx/target/sparrow-onnx.jar",
                "study/target/sparrow-study.jar",
                "train/target/sparrow-train.jar",
                "cluster/target/sparrow-cluster.jar",
                "bench/target/sparrow-bench.jar",
                "onednn/target/sparrow-onednn.jar",
                "webrtc/target/sparrow-webrtc.jar",
                "incubator/gpu/target/sparrow-gpu.jar",
                "cluster/target/spark/jars/spark-core.jar",
                "distribution/jars/spark-core.jar")) {
            Path file = folder.resolve(jar);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    @Test
    void clusterComesWithSparkBeforeEverythingElse() throws Exception {
        Started started = start(Map.of(), "study", "compare", "--on", "spark://127.0.0.1:7077");

        assertThat(started.classPath())
                .containsExactly(
                        folder + "/cluster/target/spark/jars/*",
                        folder + "/app/target/sparrow.jar",
                        folder + "/app/target/lib/*",
                        folder + "/onnx/target/sparrow-onnx.jar",
                        folder + "/onnx/target/lib/*",
                        folder + "/study/target/sparrow-study.jar",
                        folder + "/study/target/lib/*",
                        folder + "/train/target/sparrow-train.jar",
                        folder + "/train/target/lib/*",
                        folder + "/cluster/target/sparrow-cluster.jar",
                        folder + "/cluster/target/lib/*");
        assertThat(started.arguments())
                .contains(
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider");
        assertThat(started.arguments())
                .endsWith("sparrow.app.Main", "study", "compare", "--on", "spark://127.0.0.1:7077");
    }

    @Test
    void distributionOfSparkIsTakenWhereOneIsNamed() throws Exception {
        Started started =
                start(Map.of("SPARK_HOME", folder.resolve("distribution").toString()), "heads", "train", "--on=local");

        assertThat(started.classPath())
                .startsWith(folder + "/distribution/jars/*", folder + "/app/target/sparrow.jar")
                .contains(folder + "/cluster/target/sparrow-cluster.jar")
                .doesNotContain(folder + "/cluster/target/spark/jars/*");
    }

    @Test
    void distributionThatIsNotThereIsRefused() throws Exception {
        Started started = start(Map.of("SPARK_HOME", "/nowhere"), "study", "layers", "--on", "local");

        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err())
                .isEqualTo("sparrow: expected the jars of Apache Spark in /nowhere/jars (SPARK_HOME)\n");
    }

    @Test
    void nothingOfSparkIsThereWithoutACluster() throws Exception {
        for (String[] command : List.of(
                new String[] {"study", "compare", "--only", "on"},
                new String[] {"heads", "train"},
                new String[] {"ask", "--on", "local"},
                new String[] {"--help"})) {
            Started started = start(Map.of("SPARK_HOME", "/nowhere"), command);

            assertThat(started.code()).isZero();
            assertThat(started.classPath()).noneMatch(entry -> entry.contains("cluster") || entry.contains("spark/"));
            assertThat(started.arguments())
                    .noneMatch(argument -> argument.contains("unsafe-memory") || argument.contains("slf4j"));
        }
    }

    @Test
    void partsThatStandAloneComeBesideTheOthers() throws Exception {
        assertThat(start(Map.of(), "info", "--devices", "--set", "matrix=onednn")
                        .classPath())
                .containsExactly(
                        folder + "/app/target/sparrow.jar",
                        folder + "/app/target/lib/*",
                        folder + "/bench/target/sparrow-bench.jar",
                        folder + "/bench/target/lib/*",
                        folder + "/onednn/target/sparrow-onednn.jar",
                        folder + "/onednn/target/lib/*",
                        folder + "/incubator/gpu/target/sparrow-gpu.jar",
                        folder + "/incubator/gpu/target/lib/*");
    }

    @Test
    void callsComeWhereTheServerAcceptsThem() throws Exception {
        for (String line : List.of("serve --webrtc 8080", "serve --webrtc=0 --host ::1")) {
            assertThat(start(Map.of(), line.split(" ")).classPath())
                    .as(line)
                    .containsExactly(
                            folder + "/app/target/sparrow.jar",
                            folder + "/app/target/lib/*",
                            folder + "/webrtc/target/sparrow-webrtc.jar",
                            folder + "/webrtc/target/lib/*");
        }
        for (String line : List.of("serve", "ask --webrtc 1")) {
            assertThat(start(Map.of(), line.split(" ")).classPath())
                    .as(line)
                    .noneMatch(entry -> entry.contains("webrtc"));
        }
    }

    @Test
    void nativeProductsComeWhereTheyAreBuiltAndPay() throws Exception {
        String jar = folder + "/onednn/target/sparrow-onednn.jar";
        Path cpu = Path.of("/proc/cpuinfo");
        boolean pays = Files.exists(cpu) && Files.readString(cpu).matches("(?s).* (avx512_bf16|amx_bf16)[ \\n].*");
        for (String line : List.of(
                "ask --model m q.wav", "serve --model=m", "chat --model m", "info m", "info --set matrix=auto")) {
            assertThat(start(Map.of(), line.split(" ")).classPath().contains(jar))
                    .as(line)
                    .isEqualTo(pays);
        }
        for (String line : List.of(
                "ask q.wav", "forward --model m", "ask --model m --set matrix=java", "bench decode --model m")) {
            assertThat(start(Map.of(), line.split(" ")).classPath()).as(line).doesNotContain(jar);
        }

        Files.delete(Path.of(jar));
        assertThat(start(Map.of(), "ask", "--model", "m").code()).isZero();
        assertThat(start(Map.of(), "ask", "--set", "matrix=auto").code()).isZero();
        assertThat(start(Map.of(), "ask", "--set", "matrix=onednn").code()).isEqualTo(2);
    }

    @Test
    void benchmarksComeWhereTheyAreAskedFor() throws Exception {
        assertThat(start(Map.of(), "bench", "decode", "--rounds", "1").classPath())
                .containsExactly(
                        folder + "/app/target/sparrow.jar",
                        folder + "/app/target/lib/*",
                        folder + "/bench/target/sparrow-bench.jar",
                        folder + "/bench/target/lib/*");
        assertThat(start(Map.of(), "synth", "--like", "m").classPath())
                .contains(folder + "/bench/target/sparrow-bench.jar");
        for (String line : List.of("--help", "help settings", "help bench load")) {
            assertThat(start(Map.of(), line.split(" ")).classPath())
                    .as(line)
                    .contains(folder + "/bench/target/sparrow-bench.jar");
        }
        assertThat(start(Map.of(), "ask", "q.wav").classPath()).noneMatch(entry -> entry.contains("bench"));
    }

    @Test
    void recognisersComeWhereOneIsAskedFor() throws Exception {
        String laboratory = folder + "/study/target/sparrow-study.jar";
        assertThat(start(Map.of(), "serve", "--transcribe", "whisper:a.bin").classPath())
                .contains(laboratory);
        assertThat(start(Map.of(), "serve").classPath()).doesNotContain(laboratory);
        assertThat(start(Map.of(), "transcribe", "q.wav").classPath()).doesNotContain(laboratory);
    }

    @Test
    void devicesComeWhereOneIsAskedFor() throws Exception {
        for (String line : List.of(
                "info --devices", "ask --device auto q.wav", "forward --device gpu", "ask --device=opencl:0 q.wav")) {
            assertThat(start(Map.of(), line.split(" ")).classPath())
                    .as(line)
                    .contains(folder + "/incubator/gpu/target/sparrow-gpu.jar");
        }
        for (String line :
                List.of("info", "ask q.wav", "bench decode", "serve --port 1", "chat", "ask --device=cpu q.wav")) {
            assertThat(start(Map.of(), line.split(" ")).classPath()).as(line).noneMatch(entry -> entry.contains("gpu"));
        }
    }

    @Test
    void devicesAreMissedOnlyWhereOneIsAskedFor() throws Exception {
        Files.delete(folder.resolve("incubator/gpu/target/sparrow-gpu.jar"));

        assertThat(start(Map.of(), "ask", "q.wav").code()).isZero();
        assertThat(start(Map.of(), "ask", "--device", "gpu", "q.wav").code()).isEqualTo(2);
    }

    @Test
    void helpBuildsNoLaboratory() throws Exception {
        pretendThatMavenBuilds();
        String path = folder.resolve("jdk/bin") + ":" + System.getenv("PATH");

        Started started = start(Map.of("SPARROW_NO_BUILD", "", "PATH", path), "--help");

        assertThat(started.err())
                .contains(
                        "sparrow: further commands: study, heads, bench, synth (built at their first use, then listed below)\n");
        assertThat(started.classPath()).noneMatch(entry -> entry.contains("study") || entry.contains("bench"));
    }

    /** With an older Java first on the path, too. */
    @Test
    void everyArtifactOfTheLibraryIsInstalledWithTheJdkThatTheLauncherFinds() throws Exception {
        pretendThatMavenBuilds();
        Files.writeString(folder.resolve("mvnw"), """
                #!/bin/sh
                echo "$JAVA_HOME $*" >called
                echo "[INFO] Installing /build/models/target/sparrow-models.jar to /home/.m2/sparrow-models.jar"
                echo "[INFO] Installing /build/pom.xml to /home/.m2/sparrow-models.pom"
                """);
        String path = folder.resolve("jdk/bin") + ":" + System.getenv("PATH");

        Started started = start(Map.of("PATH", path), "install");

        assertThat(started.code()).as(started.err()).isZero();
        assertThat(started.arguments()).containsExactly("/home/.m2/sparrow-models.jar");
        String called = Files.readString(folder.resolve("called"));
        assertThat(called).startsWith(folder.resolve("jdk") + " ").contains(" install ");
        List<String> installed =
                List.of(called.replaceAll("(?s).* -pl (\\S+) .*", "$1").split(","));
        List<String> named = Pattern.compile("(?m)^\\| `sparrow-([a-z0-9]+)` \\|")
                .matcher(Files.readString(Repository.ROOT.resolve("docs/library.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(named)
                .contains("models", "gpu", "engine")
                .allSatisfy(artifact -> assertThat(installed)
                        .anyMatch(module -> module.equals(artifact)
                                || module.equals("incubator/" + artifact)
                                || List.of("tensor", "formats", "engine", "speech")
                                        .contains(artifact)));
    }

    @Test
    void aTestRunEndsWithItsNumbersAndShowsWhatFailedTestsPrinted() throws Exception {
        pretendThatMavenBuilds();
        Files.writeString(folder.resolve("mvnw"), """
                #!/bin/sh
                mkdir -p app/target/surefire-reports engine/target/surefire-reports
                cat >app/target/surefire-reports/TEST-sparrow.app.ATest.xml <<'END'
                <testsuite name="sparrow.app.ATest" time="0.1" tests="3" errors="0" skipped="1" failures="1">
                  <testcase name="holds" classname="sparrow.app.ATest" time="0"/>
                  <testcase name="isSkipped" classname="sparrow.app.ATest" time="0"><skipped/></testcase>
                  <testcase name="fails" classname="sparrow.app.ATest" time="0">
                    <failure message="no">java.lang.AssertionError: no</failure>
                    <system-out><![CDATA[the log of what fails
                ]]></system-out>
                  </testcase>
                </testsuite>
                END
                cat >engine/target/surefire-reports/TEST-sparrow.engine.BTest.xml <<'END'
                <testsuite name="sparrow.engine.BTest" time="0.1"
                    tests="2" errors="0" skipped="0" failures="0">
                  <testcase name="one" classname="sparrow.engine.BTest"><system-out><![CDATA[a provoked stack trace
                ]]></system-out></testcase>
                  <testcase name="two" classname="sparrow.engine.BTest"/>
                </testsuite>
                END
                echo "$@"
                """);
        String path = folder.resolve("jdk/bin") + ":" + System.getenv("PATH");

        Started started = start(Map.of("PATH", path), "test");

        // Maven tests each module, even if a test has failed.
        assertThat(started.code()).isOne();
        assertThat(started.arguments())
                .anyMatch(line -> line.contains("-Dmaven.test.failure.ignore=true"))
                .contains("--- printed by sparrow.app.ATest.fails")
                .contains("failed: sparrow.app.ATest.fails")
                .anyMatch(line -> line.contains("the log of what fails"))
                .noneMatch(line -> line.contains("provoked"))
                .endsWith("3 passed, 1 failed, 1 skipped");
    }

    /** What the Maven wrapper prints without a network, and what Maven prints if only the wrapper was downloaded. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wget: Failed to fetch https://example.org/apache-maven-3.9.9-bin.zip",
                "curl: Failed to fetch https://example.org/apache-maven-3.9.9-bin.zip",
                "[ERROR] Non-resolvable import POM: Could not transfer artifact a:b:pom:1 from/to central: Unknown host"
            })
    void aFirstBuildWithoutANetworkIsOneLine(String printed) throws Exception {
        pretendThatMavenBuilds();
        Files.delete(folder.resolve("app/target/sparrow.jar"));
        Files.writeString(folder.resolve("mvnw"), """
                #!/bin/sh
                echo "[ERROR] one of many lines" >&2
                echo '%s' >&2
                exit 1
                """.formatted(printed));
        String path = folder.resolve("jdk/bin") + ":" + System.getenv("PATH");

        Started started = start(Map.of("PATH", path, "SPARROW_NO_BUILD", ""), "ask", "q.wav");

        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err().lines().skip(1))
                .singleElement()
                .asString()
                .startsWith("sparrow: could not download from Maven Central")
                .endsWith("target/build.log");
    }

    /** With ignored test failures, Maven also ignores a test JVM that ended before its tests. */
    @Test
    void aTestRunFailsIfATestJvmHasEndedEarly() throws Exception {
        pretendThatMavenBuilds();
        Files.writeString(folder.resolve("mvnw"), """
                #!/bin/sh
                echo "[ERROR] The forked VM terminated without properly saying goodbye. VM crash or System.exit called?"
                """);
        String path = folder.resolve("jdk/bin") + ":" + System.getenv("PATH");

        assertThat(start(Map.of("PATH", path), "test").code()).isOne();
    }

    @Test
    void clusterThatIsNotBuiltIsSaidToBeMissing() throws Exception {
        Files.delete(folder.resolve("cluster/target/sparrow-cluster.jar"));

        Started started = start(Map.of(), "study", "compare", "--on", "local");

        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err())
                .isEqualTo("sparrow: SPARROW_NO_BUILD is set, but " + folder
                        + "/cluster/target/sparrow-cluster.jar is not built\n");
    }

    @Test
    void serversGiveTheMemoryOfAPeakBack() throws Exception {
        assertThat(start(Map.of(), "serve").arguments())
                .contains("-XX:+UseG1GC", "-XX:G1PeriodicGCInterval=30000")
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(start(Map.of(), "ask", "q.wav").arguments())
                .contains("-XX:+UseSerialGC")
                .doesNotContain("-XX:+UseG1GC");
        assertThat(start(Map.of("SPARROW_JAVA_OPTS", "-XX:+UseZGC"), "serve").arguments())
                .contains("-XX:+UseZGC")
                .doesNotContain("-XX:+UseSerialGC", "-XX:+UseG1GC");
    }

    @Test
    void serversOfAReleaseDoSoToo() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("release/bin"));
        Path launcher = Files.copy(OF_RELEASE, bin.resolve("sparrow"));
        Path runtime = Files.createDirectories(folder.resolve("release/runtime/bin"));
        Files.copy(folder.resolve("jdk/bin/java"), runtime.resolve("java"));

        assertThat(start(launcher, Map.of(), "serve").arguments())
                .contains("-XX:+UseG1GC", "-XX:G1PeriodicGCInterval=30000")
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(start(launcher, Map.of(), "ask", "q.wav").arguments())
                .contains("-XX:+UseSerialGC")
                .doesNotContain("-XX:+UseG1GC");
        assertThat(start(launcher, Map.of("SPARROW_JAVA_OPTS", "-XX:+UseZGC"), "serve")
                        .arguments())
                .contains("-XX:+UseZGC")
                .doesNotContain("-XX:+UseSerialGC", "-XX:+UseG1GC");
    }

    /** A server that runs, or just starts, finds its jars whole although another command builds the same checkout anew. */
    @Test
    void aBuildTouchesNoJarThatRuns() throws Exception {
        pretendThatMavenBuilds();

        List<String> first = startAfterBuilding();
        List<String> again = startAfterBuilding();
        assertThat(again).isEqualTo(first);
        assertThat(Path.of(first.getFirst())).hasContent("build 1");
        changeSource();
        List<String> second = startAfterBuilding();

        assertThat(Path.of(first.getFirst())).hasContent("build 1");
        assertThat(Path.of(second.getFirst())).hasContent("build 2");
        assertThat(Path.of(second.getLast()).resolveSibling("library.jar")).hasContent("build 2");
        changeSource();
        startAfterBuilding();
        assertThat(Path.of(first.getFirst())).doesNotExist();
        assertThat(Path.of(second.getFirst())).hasContent("build 2");
    }

    private List<String> startAfterBuilding() throws Exception {
        String path = folder.resolve("jdk/bin") + ":" + System.getenv("PATH");
        Started started = start(Map.of("SPARROW_NO_BUILD", "", "PATH", path), "serve");
        assertThat(started.code()).as(started.err()).isZero();
        return started.classPath();
    }

    /** A Maven that writes its number into its jars, over what is there. */
    private void pretendThatMavenBuilds() throws IOException {
        Files.createFile(folder.resolve("pom.xml"));
        for (String module : List.of("tensor", "formats", "engine", "speech", "bundled", "models", "server", "app")) {
            Files.createDirectories(folder.resolve(module + "/src/main"));
            Files.createFile(folder.resolve(module + "/pom.xml"));
        }
        Path maven = Files.writeString(folder.resolve("mvnw"), """
                #!/bin/sh
                echo x >>count
                mkdir -p app/target/lib
                for jar in app/target/sparrow.jar app/target/lib/library.jar; do
                    printf 'build %d' "$(wc -l <count)" >"$jar"
                done
                """);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Path none = Files.writeString(folder.resolve("jdk/bin/mvn"), "#!/bin/sh\nexit 1\n");
        assertThat(none.toFile().setExecutable(true)).isTrue();
    }

    /** Newer than the last build, whose time has whole seconds on some systems. */
    private void changeSource() throws IOException {
        Files.setLastModifiedTime(
                folder.resolve("app/src/main"), FileTime.from(Instant.now().plusSeconds(2)));
    }

    private Started start(Map<String, String> environment, String... arguments) throws Exception {
        return start(folder.resolve("sparrow"), environment, arguments);
    }

    private Started start(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList();
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectError(err.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().remove("SPARROW_JAVA_OPTS");
        builder.environment().put("SPARROW_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> out = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        return new Started(process.waitFor(), out, Files.readString(err));
    }
}
