package sparrow.server.http;

import java.nio.file.Path;

/**
 * The TLS certificate of a server.
 *
 * @param keystore a PKCS #12 file that contains the key and the certificate
 * @param password the file's password
 */
public record Tls(Path keystore, String password) {
    /** Returns a description that omits the password. */
    @Override
    public String toString() {
        return "Tls[" + keystore + "]";
    }
}
