package sparrow.app.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import sparrow.app.options.Numbers;

/**
 * The UDP port of calls.
 *
 * @param host the name or address at which clients reach the port, or empty if it is the server's address
 */
record CallAddress(Optional<String> host, int port) {
    /** Converts {@code PORT}, {@code HOST:PORT} or {@code [IPV6]:PORT}. */
    static final class Converter implements ITypeConverter<CallAddress> {
        @Override
        public CallAddress convert(String text) {
            int colon = text.lastIndexOf(':');
            int port = new Numbers.Port().convert(text.substring(colon + 1));
            return new CallAddress(colon < 0 ? Optional.empty() : Optional.of(text.substring(0, colon)), port);
        }
    }

    /**
     * Returns the address of the host.
     *
     * @throws IllegalArgumentException if the host has no address that clients can reach
     */
    InetAddress address() {
        String name = host.orElseThrow();
        try {
            // An empty name and a wildcard have addresses, which clients do not reach.
            InetAddress address = InetAddress.getByName(name);
            if (!name.isEmpty() && !address.isAnyLocalAddress() && !address.isMulticastAddress()) return address;
        } catch (UnknownHostException e) {
            // The exception below says the same.
        }
        throw new IllegalArgumentException(
                "--webrtc: expected a name or an address at which clients reach the server, got " + name + ":" + port);
    }
}
