package sparrow.app.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import sparrow.server.http.Tls;

/**
 * Creates a self-signed certificate with the JDK's keytool. The certificate allows encryption, but no authentication.
 */
final class SelfSigned {
    private static final String VARIABLE = "SPARROW_SELF_SIGNED";

    private SelfSigned() {}

    /**
     * Creates a keystore in a new folder, which the caller must delete.
     *
     * @param host the host that the server listens on
     * @throws IOException if the keystore cannot be created
     */
    static Tls keystore(String host) throws IOException {
        Path folder = Files.createTempDirectory("sparrow-tls");
        Path file = folder.resolve("server.p12");
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        ProcessBuilder keytool = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "sparrow",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "365",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1" + (isAddress(host) ? ",ip:" + host : ",dns:" + host),
                "-storetype",
                "PKCS12",
                "-storepass:env",
                VARIABLE,
                "-keystore",
                file.toString()));
        keytool.environment().put(VARIABLE, password);
        keytool.redirectErrorStream(true);
        run(keytool);
        return new Tls(file, password);
    }

    /** Deletes a keystore and its folder. */
    static void remove(Tls made) throws IOException {
        Files.deleteIfExists(made.keystore());
        Files.deleteIfExists(made.keystore().getParent());
    }

    private static boolean isAddress(String host) {
        return host.matches("[0-9.]+") || host.contains(":");
    }

    private static void run(ProcessBuilder keytool) throws IOException {
        Process process = keytool.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) throw new IOException("keytool could not create a certificate: " + output);
        } catch (InterruptedException e) {
            process.destroy();
            throw new IOException("interrupted while a certificate was created", e);
        }
    }
}
