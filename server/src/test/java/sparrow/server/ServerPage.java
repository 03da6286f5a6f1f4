package sparrow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What docs/server.md says. */
public final class ServerPage {
    private ServerPage() {}

    public static String text() throws IOException {
        return Files.readString(Path.of(System.getProperty("sparrow.testdata")).resolveSibling("docs/server.md"));
    }
}
