package sparrow.models.tiny;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folder of files that this program can make again. */
final class CacheFolder {
    /** Begins the name of a folder whose content is still being unpacked. */
    static final String UNPACKING = "unpacking";

    /** Unpacking takes seconds: what is older was left by a process that was killed. */
    private static final Duration LEFT = Duration.ofHours(1);

    private CacheFolder() {}

    /**
     * The folder of a user, by the XDG base directory specification. {@code HOME} goes before the home that the Java
     * machine knows, which it takes from the system's file of users and not from the environment.
     *
     * @param environment the process's variables
     * @param userHome the home of the Java machine
     */
    static Path of(Map<String, String> environment, String userHome) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The specification: relative paths are to be ignored.
        if (Path.of(xdg).isAbsolute()) return Path.of(xdg, "sparrow");
        String home = environment.getOrDefault("HOME", "");
        return Path.of(Path.of(home).isAbsolute() ? home : userHome, ".cache", "sparrow");
    }

    /** Removes what killed processes have left while they unpacked. */
    static void removeLeftBehind(Path cache) throws IOException {
        FileTime before = FileTime.from(Instant.now().minus(LEFT));
        List<Path> unpacking;
        try (Stream<Path> entries = Files.list(cache)) {
            unpacking = entries.filter(entry -> entry.getFileName().toString().startsWith(UNPACKING))
                    .toList();
        }
        for (Path folder : unpacking) {
            if (Files.getLastModifiedTime(folder).compareTo(before) < 0) delete(folder);
        }
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
