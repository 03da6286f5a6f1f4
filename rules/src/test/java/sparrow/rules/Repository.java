package sparrow.rules;

import java.nio.file.Path;

/** Where this repository's files lie. */
final class Repository {
    static final Path ROOT =
            Path.of(System.getProperty("sparrow.testdata")).toAbsolutePath().getParent();

    private Repository() {}
}
