package sparrow.models.tiny;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sparrow.engine.weights.CacheFolder;

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
        return CacheFolder.filled(CacheFolder.ofUser().resolve("bundled-" + fingerprint(loader)), partial -> {
            for (String file : FILES) {
                Path to = partial.resolve(file);
                Files.createDirectories(to.getParent());
                try (InputStream in = loader.getResourceAsStream(ROOT + file)) {
                    Files.copy(in, to);
                }
            }
        });
    }

    /** Changes whenever a file of the model changes its size, so that a new build unpacks anew. */
    private static String fingerprint(ClassLoader loader) throws IOException {
        long sum = 17;
        for (String file : FILES) {
            URL url = loader.getResource(ROOT + file);
            if (url == null) throw new IOException("bundled model: " + file + " is missing from its jar");
            sum = 31 * sum + url.openConnection().getContentLengthLong();
        }
        return Long.toHexString(sum);
    }
}
