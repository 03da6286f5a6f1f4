package sparrow.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import sparrow.study.run.FileDigest;

/** All that lies in a folder, by name: equal if every byte is. */
public final class FolderContent {
    private FolderContent() {}

    public static Map<String, String> of(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), FileDigest.sha256(file));
            }
        }
        return files;
    }
}
