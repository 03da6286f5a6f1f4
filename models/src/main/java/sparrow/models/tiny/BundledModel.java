package sparrow.models.tiny;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import sparrow.formats.weights.CacheFolder;

/**
 * The files of the tiny bundled model, which are an artifact of their own. Weights are memory-mapped, so they must lie on
 * disk: in a build tree they do; in a jar they are unpacked once into the user's cache folder.
 */
public final class BundledModel {
    /** The place of the files in the artifact. META-INF is no package, so that no module keeps them to itself. */
    private static final String ROOT = "META-INF/sparrow/tiny/";

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
            "heads/heads.safetensors",
            "heads/step-head.safetensors");

    private BundledModel() {}

    /**
     * The model's folder.
     *
     * @throws IllegalArgumentException in one line if the model is not on the class path
     * @throws IOException if it has to be unpacked and cannot be
     */
    public static Path folder() throws IOException {
        return folder(BundledModel.class.getClassLoader());
    }

    static Path folder(ClassLoader loader) throws IOException {
        return folder(loader, CacheFolder.ofUser());
    }

    /** @param cache where a folder is made for files that lie in a jar */
    static Path folder(ClassLoader loader, Path cache) throws IOException {
        URL first = loader.getResource(ROOT + FILES.getFirst());
        if (first == null) {
            throw new IllegalArgumentException("bundled model: not on the class path; expected the artifact"
                    + " io.github.sparrow-slm:sparrow-bundled there, or a model that is named");
        }
        if (first.getProtocol().equals("file")) {
            try {
                return Path.of(first.toURI()).getParent();
            } catch (URISyntaxException e) {
                throw new IOException("bundled model: " + e.getMessage(), e);
            }
        }
        return CacheFolder.filled(cache.resolve("bundled-" + fingerprint(loader)), partial -> {
            for (String file : FILES) {
                Path to = partial.resolve(file);
                Files.createDirectories(to.getParent());
                try (InputStream in = loader.getResourceAsStream(ROOT + file)) {
                    Files.copy(in, to);
                }
            }
        });
    }

    /** Depends on the content of every file, so that another model is unpacked into another folder. */
    private static String fingerprint(ClassLoader loader) throws IOException {
        long sum = 17;
        for (String file : FILES) {
            URL url = loader.getResource(ROOT + file);
            if (url == null) throw new IOException("bundled model: " + file + " is missing from its jar");
            sum = 31 * sum + checksum(url);
        }
        return Long.toHexString(sum);
    }

    /** The CRC-32 that the jar's directory keeps of the file, so that no file is read at each start. */
    private static long checksum(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection jar) return jar.getJarEntry().getCrc();
        CRC32 crc = new CRC32();
        try (InputStream in = connection.getInputStream()) {
            crc.update(in.readAllBytes());
        }
        return crc.getValue();
    }
}
