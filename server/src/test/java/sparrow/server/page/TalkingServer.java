package sparrow.server.page;

import java.net.URI;
import java.util.Optional;

/** A server with the page and the bundled model behind it. */
interface TalkingServer extends AutoCloseable {
    /** Where the page is. */
    URI address();

    @Override
    void close();

    /** A server for this test: the one whose address the property {@code sparrow.browser.server} holds. */
    static Optional<TalkingServer> start() {
        String address = System.getProperty("sparrow.browser.server", "");
        return address.isEmpty() ? Optional.empty() : Optional.of(new Running(URI.create(address)));
    }

    /** One that runs already, and goes on running. */
    record Running(URI address) implements TalkingServer {
        @Override
        public void close() {}
    }
}
