package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import sparrow.app.Main;

/** The files of {@code examples/deploy} name only routes, metrics and options that exist, and agree with each other. */
class DeployExamplesTest {
    private static final Path FOLDER = Repository.ROOT.resolve("examples/deploy");

    /** After the drain: 30 s for replies under way, and 10 s to end. */
    private static final int AFTER_DRAIN = 40;

    @TempDir
    private Path folder;

    private static String text(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    /** A value of a YAML document, by the keys and places that lead to it. */
    private static Object at(Object node, Object... path) {
        for (Object key : path) {
            node = key instanceof Integer place ? ((List<?>) node).get(place) : ((Map<?, ?>) node).get(key);
        }
        return node;
    }

    private static List<Object> documents(String name) throws IOException {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(text(name)).forEach(documents::add);
        return documents;
    }

    private static Object kubernetes(String kind, Object... path) throws IOException {
        Object document = documents("kubernetes.yaml").stream()
                .filter(one -> at(one, "kind").equals(kind))
                .findFirst()
                .orElseThrow();
        return at(document, path);
    }

    private static Object pod(Object... path) throws IOException {
        return at(kubernetes("Deployment", "spec", "template", "spec"), path);
    }

    private static List<String> words(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }

    private static List<String> unitCommand() throws IOException {
        String command = found("(?s)^ExecStart=\\S+ (.*?[^\\\\])$", text("sparrow.service"))
                .getFirst();
        return List.of(command.replace("\\\n", " ").split("\\s+"));
    }

    private static List<String> podCommand() throws IOException {
        return words(pod("containers", 0, "args"));
    }

    private static List<String> composeCommand() throws IOException {
        return words(at(documents("compose.yaml").getFirst(), "x-server", "command"));
    }

    private static List<String> imageCommand() throws IOException {
        return words(new Load(LoadSettings.builder().build())
                .loadFromString(found("^CMD (.*)$", text("Containerfile")).getFirst()));
    }

    private static CommandLine.ParseResult parsed(List<String> command) {
        CommandLine.ParseResult whole = Main.commandLine().parseArgs(command.toArray(String[]::new));
        assertThat(whole.subcommand().commandSpec().name()).isEqualTo("serve");
        return whole.subcommand();
    }

    private static int drain(List<String> command) {
        return parsed(command).matchedOptionValue("--set drain", 0);
    }

    @Test
    void theCommandLinesAreThoseOfServe() throws IOException {
        for (List<String> command : List.of(unitCommand(), podCommand(), composeCommand(), imageCommand())) {
            assertThat(parsed(command).matchedOptionValue("--host", "")).isEqualTo("0.0.0.0");
        }
    }

    /** Whoever runs the image and publishes its port must have chosen a key, or no key. */
    @Test
    void theImageDoesNotStartWithoutAKey() throws IOException {
        assertThat(parsed(imageCommand()).hasMatchedOption("--key")).isFalse();
    }

    @Test
    void everyFileGivesAServerTheTimeToDrain() throws IOException {
        int unit = Integer.parseInt(
                found("^TimeoutStopSec=(\\d+)$", text("sparrow.service")).getFirst());
        int pod = (int) pod("terminationGracePeriodSeconds");
        int preStop = (int) pod("containers", 0, "lifecycle", "preStop", "sleep", "seconds");
        String compose = (String) at(documents("compose.yaml").getFirst(), "x-server", "stop_grace_period");

        assertThat(unit).isGreaterThan(drain(unitCommand()) + AFTER_DRAIN);
        assertThat(pod).isGreaterThan(preStop + drain(podCommand()) + AFTER_DRAIN);
        assertThat(Integer.parseInt(compose.replaceFirst("s$", "")))
                .isGreaterThan(drain(composeCommand()) + AFTER_DRAIN);
    }

    @Test
    void probesAskTheRoutesThatAreMadeForThem() throws IOException {
        assertThat(pod("containers", 0, "startupProbe", "httpGet", "path")).isEqualTo("/readyz/requests");
        assertThat(pod("containers", 0, "readinessProbe", "httpGet", "path")).isEqualTo("/readyz/requests");
        assertThat(pod("containers", 0, "livenessProbe", "httpGet", "path")).isEqualTo("/healthz");
        assertThat(found("^ +http-check send .*uri (\\S+)", text("haproxy.cfg")))
                .containsExactly("/readyz", "/readyz/requests");
        String api = Page.read(Path.of("docs/server-api.md")).text();
        assertThat(api)
                .contains(
                        "| `GET /readyz` |", "| `GET /readyz/requests` |", "| `GET /healthz` |", "| `GET /metrics` |");
    }

    @ParameterizedTest
    @ValueSource(strings = {"haproxy.cfg", "sparrow.service", "Containerfile", "compose.yaml", "kubernetes.yaml"})
    void everyMetricAndHeadingExists(String name) throws IOException {
        Page operations = Page.read(Path.of("docs/server-operations.md"));

        assertThat(found("\\b(sparrow_[a-z_]+)", text(name)))
                .allSatisfy(metric -> assertThat(operations.text()).contains("`" + metric + "`"));
        assertThat(found("docs/server-operations\\.md, \"([^\"]+)\"", text(name)))
                .allSatisfy(heading -> assertThat(operations.text()).contains("\n## " + heading + "\n"));
    }

    @Test
    void theAutoscalerLeavesEachServerAFreePlace() throws IOException {
        Object metric = kubernetes("HorizontalPodAutoscaler", "spec", "metrics", 0, "pods");
        int calls = Integer.parseInt((String) at(metric, "target", "averageValue"));
        int sessions = parsed(podCommand()).matchedOptionValue("--sessions", 0);

        assertThat(at(metric, "metric", "name")).isEqualTo("sparrow_sessions_open");
        assertThat(calls).isPositive().isLessThan(sessions);
    }

    @Test
    void theAddressesOfTheBalancerAreThoseOfTheComposedServers() throws IOException {
        Object services = at(documents("compose.yaml").getFirst(), "services");
        for (String name : List.of("sparrow-1", "sparrow-2")) {
            Object address = at(services, name, "networks", "voice", "ipv4_address");
            assertThat(text("haproxy.cfg")).contains("server " + name + " " + address + ":8080\n");
        }
    }

    @Test
    void haproxyFindsNothingWrong() throws Exception {
        assumeThat(isThere("haproxy")).isTrue();

        assertThat(output("haproxy", "-c", "-f", FOLDER.resolve("haproxy.cfg").toString()))
                .doesNotContainIgnoringCase("warning", "alert");
    }

    @Test
    void systemdFindsNothingWrong() throws Exception {
        assumeThat(isThere("systemd-analyze")).isTrue();
        // The program need not be installed here.
        Path unit = folder.resolve("sparrow.service");
        Files.writeString(unit, text("sparrow.service").replace("/opt/sparrow/bin/sparrow", "/bin/true"));

        assertThat(output("systemd-analyze", "verify", unit.toString())).isEmpty();
    }

    private static boolean isThere(String program) {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    /** Both outputs of a program that ends well. */
    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
