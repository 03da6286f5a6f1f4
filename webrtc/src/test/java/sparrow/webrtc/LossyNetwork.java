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
 * A network between two network namespaces, one for a server and one for its clients, which loses packets and delays the
 * others differently. It needs Linux, root and Python 3.
 */
final class LossyNetwork implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final String address;
    private final String serverNamespace;
    private final String clientNamespace;

    /**
     * Starts a network.
     *
     * @param loss the probability that a packet is lost, in each direction
     * @param jitterMs the maximum delay of a packet, in each direction
     * @param congestion the name of TCP's congestion control
     */
    LossyNetwork(double loss, int jitterMs, String congestion) throws Exception {
        process = start(
                ProcessBuilder.Redirect.INHERIT,
                "--loss=" + loss,
                "--jitter=" + jitterMs,
                "--congestion=" + congestion);
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) throw new IOException("the network did not start");
        String[] fields = line.split(" ");
        address = fields[0];
        serverNamespace = fields[1];
        clientNamespace = fields[2];
    }

    /** Returns the server's address. */
    String address() {
        return address;
    }

    private static Process start(ProcessBuilder.Redirect errors, String... options)
            throws IOException, URISyntaxException {
        Path script = Path.of(LossyNetwork.class.getResource("lossy-network.py").toURI());
        List<String> command = new ArrayList<>(List.of("python3", script.toString()));
        command.addAll(Arrays.asList(options));
        return new ProcessBuilder(command).redirectError(errors).start();
    }

    /** Returns whether a network can be started. */
    static boolean isSupported() throws URISyntaxException, InterruptedException {
        try {
            Process trial = start(ProcessBuilder.Redirect.DISCARD);
            trial.getOutputStream().close();
            return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no Python
        }
    }

    /** Returns a process of the server's side. */
    ProcessBuilder server(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + serverNamespace));
        all.addAll(Arrays.asList(command));
        return new ProcessBuilder(all);
    }

    /** Writes a program that runs another program on the clients' side. */
    Path client(Path program, Path folder) throws IOException {
        Path file = folder.resolve("client-" + program.getFileName());
        Files.writeString(file, "#!/bin/sh\nexec nsenter --net=" + clientNamespace + " " + program + " \"$@\"\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Ends the network, and returns how many packets it forwarded and lost. */
    String end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        String counts = output.readLine();
        process.waitFor(10, TimeUnit.SECONDS);
        return counts;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
