package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import sparrow.webrtc.TestClient;

/**
 * The release's image is built with the Containerfile, started as its user, asked and stopped. The base image consists of
 * the programs of this machine that the launcher calls, so that no registry is needed. Buildah also needs none of the
 * kernel's containers.
 */
@EnabledIfSystemProperty(
        named = "sparrow.release",
        matches = "true",
        disabledReason = "-Prelease runs it, as root with buildah, because it needs the release's zip")
class ImageTest {
    private static final String BASE = "localhost/sparrow-test-base";
    private static final String IMAGE = "localhost/sparrow-test";
    private static final String USER = "65532:65532";

    /** The files of a Java runtime whose libraries belong to the base image, as the C library's packages contain them. */
    private static final String RUNTIME = Path.of(System.getProperty("java.home"), "bin/java") + " "
            + Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");

    /** Below the limits of this machine, which Podman's defaults can exceed. */
    private static final List<String> LIMITS = List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024");

    @TempDir
    private Path folder;

    @BeforeEach
    void buildImage() throws Exception {
        assumeThat(Path.of("/usr/bin/buildah")).exists();
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Path base = Files.createDirectory(folder.resolve("base"));
        sh("for program in /bin/sh /usr/bin/dirname /usr/bin/readlink /bin/mkdir /bin/chown; do"
                + " for file in $program $(ldd $program " + RUNTIME + " | grep -o '[[:space:]]/[^ ]*'); do"
                + " mkdir -p " + base + "$(dirname $file) && cp -L $file " + base + "$file; done; done;"
                + " mkdir -p -m 1777 " + base + "/tmp; mkdir -p " + base + "/var/cache");
        Files.writeString(folder.resolve("Base"), "FROM scratch\nCOPY . /\n");
        buildah("build", "-t", BASE, "-f", folder.resolve("Base").toString(), base.toString());
        Path image = Files.createDirectory(folder.resolve("image"));
        Path deploy = Repository.ROOT.resolve("examples/deploy/Containerfile");
        sh("cd " + image + " && " + System.getProperty("java.home") + "/bin/jar -xf " + zip()
                + " && chmod a+x */bin/sparrow */runtime/bin/* */runtime/lib/jspawnhelper");
        buildah(
                "build",
                "--isolation",
                "chroot",
                "--build-arg",
                "BASE=" + BASE,
                "-t",
                IMAGE,
                "-f",
                deploy + "",
                image + "");
    }

    @AfterEach
    void deleteImages() throws Exception {
        if (Files.exists(folder.resolve("store"))) buildah("rm", "--all");
    }

    private static Path zip() throws IOException {
        try (Stream<Path> files = Files.list(Repository.ROOT.resolve("app/target"))) {
            return files.filter(file -> file.getFileName().toString().matches("sparrow-.*-Linux-.*\\.zip"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void startsAnswersAndEndsWithSigterm() throws Exception {
        assertThat(answer(List.of())).noneMatch(line -> line.contains("cannot be written"));
    }

    /** As with Kubernetes or DynamicUser without a cache folder. */
    @Test
    void startsWithoutACacheFolderAndSaysSo() throws Exception {
        List<String> lines = answer(List.of("--env", "XDG_CACHE_HOME=", "--env", "HOME=/"));

        assertThat(lines)
                .anySatisfy(
                        line -> assertThat(line).contains("/.cache/sparrow cannot be written", "unpacked into /tmp/"));
    }

    /** As in a restricted pod, with published ports, which are a NAT. Prints the image's size and the time to start. */
    @Test
    void podmanPublishesItsPortsAndStopsItWith0() throws Exception {
        List<String> podman = podman();
        int port = freePort();
        int calls = freePort();
        List<String> run = new ArrayList<>(podman);
        run.addAll(List.of("run", "--detach", "--read-only", "--cap-drop", "all"));
        run.addAll(LIMITS);
        run.addAll(List.of("--security-opt", "no-new-privileges", "--publish", "127.0.0.1:" + port + ":8080"));
        run.addAll(List.of("--publish", "127.0.0.1:" + calls + ":" + calls + "/udp", IMAGE));
        run.addAll(List.of("serve", "--host", "0.0.0.0", "--key", "none", "--webrtc", "localhost:" + calls));
        long begin = System.nanoTime();
        String container = output(run).lines().toList().getLast();
        try {
            URI server = URI.create("http://127.0.0.1:" + port);
            awaitReady(podman, container, server);
            double seconds = (System.nanoTime() - begin) / 1e9;
            assertThat(chat(port)).isEqualTo(200);
            assertThat(TestClient.ask(server, Repository.ROOT.resolve("examples/q11.wav")))
                    .isEqualTo("there are sixty minutes in an hour.");
            output(with(podman, "stop", "--time", "300", container));
            assertThat(output(with(podman, "inspect", "--format", "{{.State.ExitCode}}", container)))
                    .isEqualTo("0\n");
            System.out.printf(
                    "image: %d MB and a base of %d MB; ready %.1f s after podman run%n",
                    (size(podman, IMAGE) - size(podman, BASE)) / 1_000_000, size(podman, BASE) / 1_000_000, seconds);
        } finally {
            output(with(podman, "rm", "--force", "--time", "0", container));
        }
    }

    /** Returns podman with the first runtime that can run the image here. */
    private List<String> podman() throws Exception {
        assumeThat(Path.of("/usr/bin/podman")).exists();
        List<String> failures = new ArrayList<>();
        for (String runtime : List.of("crun", "runc")) {
            List<String> podman = new ArrayList<>(command(List.of("--runtime", runtime)));
            podman.set(0, "podman");
            Process trial = new ProcessBuilder(with(
                            with(podman, "run", "--rm"),
                            with(LIMITS, IMAGE, "--version").toArray(String[]::new)))
                    .redirectErrorStream(true)
                    .start();
            failures.add(new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            if (trial.waitFor() == 0) return podman;
        }
        abort("podman cannot run containers here: " + failures);
        return List.of();
    }

    private static void awaitReady(List<String> podman, String container, URI server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/readyz")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    HttpResponse<Void> ready = client.send(request, HttpResponse.BodyHandlers.discarding());
                    if (ready.statusCode() == 200) return;
                } catch (IOException e) {
                    // The server does not listen yet.
                }
                assertThat(output(with(podman, "inspect", "--format", "{{.State.Running}}", container)))
                        .as(output(with(podman, "logs", container)))
                        .isEqualTo("true\n");
            }
        }
    }

    private static long size(List<String> podman, String image) throws Exception {
        return Long.parseLong(output(with(podman, "image", "inspect", "--format", "{{.Size}}", image))
                .strip());
    }

    private static List<String> with(List<String> command, String... arguments) {
        return Stream.concat(command.stream(), Stream.of(arguments)).toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts the image's command, asks one question, and stops it. Returns the printed lines. */
    private List<String> answer(List<String> environment) throws Exception {
        String container = buildah("from", IMAGE).strip();
        int port = freePort();
        List<String> run = new ArrayList<>(List.of("run", "--isolation", "chroot", "--user", USER));
        run.addAll(environment);
        run.addAll(List.of(container, "--", "/opt/sparrow/bin/sparrow", "serve", "--key", "none", "--port", "" + port));
        Process server =
                new ProcessBuilder(command(run)).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            do {
                String line = out.readLine();
                assertThat(line).as("a line after " + lines).isNotNull();
                lines.add(line);
            } while (!lines.getLast().contains("answers at"));
            assertThat(chat(port)).isEqualTo(200);
            ProcessHandle java = server.descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("/runtime/bin/java"))
                    .findFirst()
                    .orElseThrow();
            java.destroy();
            assertThat(server.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(server.exitValue()).as(lines.toString()).isZero();
        } finally {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
        return lines;
    }

    private static int chat(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"model": "sparrow-tiny", "max_tokens": 5, "messages": [{"role": "user", "content": "hello"}]}
                        """))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    /** Images and containers are in a folder of their own, which needs no overlay file system. */
    private List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "buildah", "--root", folder + "/store", "--runroot", folder + "/run", "--storage-driver", "vfs"));
        command.addAll(arguments);
        return command;
    }

    private String buildah(String... arguments) throws Exception {
        return output(command(List.of(arguments)));
    }

    private static void sh(String script) throws Exception {
        output(List.of("sh", "-ec", script));
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
