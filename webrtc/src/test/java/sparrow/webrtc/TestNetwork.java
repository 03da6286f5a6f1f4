package sparrow.webrtc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network between two network namespaces, one for a server and one for its clients. It is made by a script of the
 * test resources that prints the server's address and both namespaces, and runs until its standard input is closed.
 * It needs Linux and root.
 */
final class TestNetwork implements AutoCloseable {
    private static final String LOSSY = "lossy-network.py";
    private static final String TRANSLATED = "nat-network.sh";

    private final Process process;
    private final BufferedReader output;
    private final String address;
    private final String serverNamespace;
    private final String clientNamespace;

    private TestNetwork(Process process) throws IOException {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) throw new IOException("the network did not start");
        String[] fields = line.split(" ");
        address = fields[0];
        serverNamespace = fields[1];
        clientNamespace = fields[2];
    }

    /**
     * Starts a network that loses packets and delays the others differently. It needs Python 3.
     *
     * @param loss the probability that a packet is lost, in each direction
     * @param jitterMs the maximum delay of a packet, in each direction
     * @param congestion the name of TCP's congestion control
     */
    static TestNetwork lossy(double loss, int jitterMs, String congestion) throws Exception {
        return new TestNetwork(start(
                ProcessBuilder.Redirect.INHERIT,
                "python3",
                LOSSY,
                "--loss=" + loss,
                "--jitter=" + jitterMs,
                "--congestion=" + congestion));
    }

    /** Starts a network with a router that translates the addresses of both sides. It needs {@code nft}. */
    static TestNetwork translated() throws Exception {
        return new TestNetwork(start(ProcessBuilder.Redirect.INHERIT, "sh", TRANSLATED));
    }

    private static Process start(ProcessBuilder.Redirect errors, String program, String script, String... options)
            throws IOException, URISyntaxException {
        Path file = Path.of(TestNetwork.class.getResource(script).toURI());
        List<String> command = new ArrayList<>(List.of(program, file.toString()));
        command.addAll(Arrays.asList(options));
        return new ProcessBuilder(command).redirectError(errors).start();
    }

    /** Returns whether a lossy network can be started. */
    static boolean hasLossy() throws URISyntaxException, InterruptedException {
        return runs("python3", LOSSY);
    }

    /** Returns whether a network with translated addresses can be started. */
    static boolean hasTranslated() throws URISyntaxException, InterruptedException {
        return runs("sh", TRANSLATED);
    }

    private static boolean runs(String program, String script) throws URISyntaxException, InterruptedException {
        try {
            Process trial = start(ProcessBuilder.Redirect.DISCARD, program, script);
            trial.getOutputStream().close();
            return trial.waitFor(1, TimeUnit.MINUTES) && trial.exitValue() == 0;
        } catch (IOException e) {
            return false; // the program is missing
        }
    }

    /** Returns the address at which clients reach the server. */
    String address() {
        return address;
    }

    /**
     * Starts a server's process, which runs until its standard input is closed.
     *
     * @param main a class of the tests whose main method prints when the server runs
     */
    Process server(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "nsenter",
                "--net=" + serverNamespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Writes a program that runs another program on the clients' side. */
    Path client(Path program, Path folder) throws IOException {
        Path file = folder.resolve("client-" + program.getFileName());
        Files.writeString(file, "#!/bin/sh\nexec nsenter --net=" + clientNamespace + " " + program + " \"$@\"\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Ends the network, and returns the last line of its script, which may be null. */
    String end() throws IOException {
        process.getOutputStream().close();
        String counts = output.readLine();
        process.onExit().join();
        return counts;
    }

    @Override
    public void close() throws IOException {
        end();
    }
}
