package sparrow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of the pages about the server. */
public final class ServerPages {
    private ServerPages() {}

    /** docs/server-api.md */
    public static String api() throws IOException {
        return text("docs/server-api.md");
    }

    /** docs/server-operations.md */
    public static String operations() throws IOException {
        return text("docs/server-operations.md");
    }

    private static String text(String page) throws IOException {
        return Files.readString(Path.of(System.getProperty("sparrow.testdata")).resolveSibling(page));
    }
}
