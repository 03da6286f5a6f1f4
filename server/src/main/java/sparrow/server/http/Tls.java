package sparrow.server.http;

import java.nio.file.Path;

/**
 * The certificate of a server.
 *
 * @param keystore a PKCS #12 file with its key and certificate
 * @param password of the file
 */
public record Tls(Path keystore, String password) {
    /** Omits the password. */
    @Override
    public String toString() {
        return "Tls[" + keystore + "]";
    }
}
