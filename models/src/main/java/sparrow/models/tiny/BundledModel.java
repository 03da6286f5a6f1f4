package sparrow.models.tiny;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of the tiny bundled model. Weights are memory-mapped, so they must lie on disk: in a build tree they do; in
 * a jar they are unpacked once into the user's cache folder.
 */
public final class BundledModel {
    private static final List<String> FILES = List.of(
            "sparrow.json",
            "lm/config.json",
            "lm/generation_config.json",
            "lm/model.safetensors",
            "lm/tokenizer.model",
            "lm/tokenizer_config.json",
            "tokenizer/config.json",
            "tokenizer/preprocessor_config.json",
            "tokenizer/model.safetensors",
            "decoder/config.yaml",
            "decoder/flow.safetensors",
            "decoder/hift.safetensors",
            "heads/config.json",
            "heads/heads.safetensors");

    private BundledModel() {}

    /**
     * The model's folder.
     *
     * @throws IOException if it has to be unpacked and cannot be
     */
    public static Path folder() throws IOException {
        URL first = BundledModel.class.getResource(FILES.getFirst());
        if (first == null) throw new IOException("the bundled model is missing from this build");
        if (first.getProtocol().equals("file")) {
            try {
                return Path.of(first.toURI()).getParent();
            } catch (URISyntaxException e) {
                throw new IOException("bundled model: " + e.getMessage(), e);
            }
        }
        return unpacked(cache().resolve("bundled-" + fingerprint()));
    }

    /** Changes whenever a file of the model changes its size, so that a new build unpacks anew. */
    private static String fingerprint() throws IOException {
        long sum = 17;
        for (String file : FILES) {
            URL url = BundledModel.class.getResource(file);
            if (url == null) throw new IOException("bundled model: " + file + " is missing from this build");
            sum = 31 * sum + url.openConnection().getContentLengthLong();
        }
        return Long.toHexString(sum);
    }

    /** Unpacks beside the target and moves the whole folder, so that nobody ever sees half of it. */
    private static Path unpacked(Path target) throws IOException {
        if (Files.isDirectory(target)) return target;
        Files.createDirectories(target.getParent());
        Path partial = Files.createTempDirectory(target.getParent(), "unpacking");
        try {
            for (String file : FILES) {
                Path to = partial.resolve(file);
                Files.createDirectories(to.getParent());
                try (InputStream in = BundledModel.class.getResourceAsStream(file)) {
                    Files.copy(in, to);
                }
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another process was first: its copy is as good.
            delete(partial);
        } catch (IOException e) {
            delete(partial);
            throw e;
        }
        return target;
    }

    private static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        return xdg == null || xdg.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "sparrow")
                : Path.of(xdg, "sparrow");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
