package sparrow.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import sparrow.study.folder.FileDigest;

/** All that lies in a folder. */
public final class FolderContent {
    private FolderContent() {}

    /** Digests of all files, by name: equal if every byte is. */
    public static Map<String, String> of(Path folder) throws IOException {
        return but("", folder);
    }

    /** The same without files whose names match a pattern. */
    public static Map<String, String> but(String leftOut, Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.matches(leftOut)) files.put(name, FileDigest.sha256(file));
            }
        }
        return files;
    }

    /** Copies all of it to a folder that is not there, or that is empty. */
    public static void copy(Path folder, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Path copied = to.resolve(folder.relativize(file));
                if (Files.isDirectory(file)) Files.createDirectories(copied);
                else Files.copy(file, copied);
            }
        }
    }
}
