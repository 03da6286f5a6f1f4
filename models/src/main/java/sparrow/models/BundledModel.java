package sparrow.models;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import sparrow.formats.CacheFolder;

/**
 * The files of the tiny bundled model and its sample questions, from the artifact {@code sparrow-bundled}. Weights are
 * memory-mapped and must be on disk, so files in a jar are unpacked once into the user's cache folder.
 */
final class BundledModel {
    /**
     * Folder of the files in the artifact. It is in META-INF, which is not a package and is therefore not encapsulated
     * by a module.
     */
    private static final String ROOT = "META-INF/sparrow/tiny/";

    private static final String QUESTIONS = "META-INF/sparrow/questions/";

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
     * Returns the model's folder.
     *
     * @throws IllegalArgumentException if the model is not on the class path
     * @throws IOException if the model cannot be unpacked
     */
    static Path folder() throws IOException {
        return folder(BundledModel.class.getClassLoader());
    }

    static Path folder(ClassLoader loader) throws IOException {
        return folder(loader, CacheFolder.ofUser());
    }

    /** @param cache the folder into which files from a jar are unpacked */
    static Path folder(ClassLoader loader, Path cache) throws IOException {
        URL first = loader.getResource(ROOT + FILES.getFirst());
        if (first == null) {
            throw new IllegalArgumentException("bundled model: not on the class path; expected the artifact"
                    + " io.github.sparrow-slm:sparrow-bundled, or a model folder");
        }
        if (first.getProtocol().equals("file")) {
            try {
                return Path.of(first.toURI()).getParent();
            } catch (URISyntaxException e) {
                throw new IOException("bundled model: " + e.getMessage(), e);
            }
        }
        return CacheFolder.filledAnywhere(cache.resolve("bundled-" + fingerprint(loader)), partial -> {
            for (String file : FILES) {
                Path to = partial.resolve(file);
                Files.createDirectories(to.getParent());
                try (InputStream in = loader.getResourceAsStream(ROOT + file)) {
                    Files.copy(in, to);
                }
            }
        });
    }

    /** Returns a hash of the contents of all files, so that each version of the model has its own folder. */
    private static String fingerprint(ClassLoader loader) throws IOException {
        long sum = 17;
        for (String file : FILES) {
            URL url = loader.getResource(ROOT + file);
            if (url == null) throw new IOException("bundled model: " + file + " is missing from its jar");
            sum = 31 * sum + checksum(url);
        }
        return Long.toHexString(sum);
    }

    /**
     * Returns a file's CRC-32. For a file in a jar, the checksum is read from the jar's directory without reading the
     * file.
     */
    private static long checksum(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection jar) return jar.getJarEntry().getCrc();
        CRC32 crc = new CRC32();
        try (InputStream in = connection.getInputStream()) {
            crc.update(in.readAllBytes());
        }
        return crc.getValue();
    }

    /**
     * Returns the WAV files of the sample questions, keyed by the question text.
     *
     * @throws IOException if the files cannot be read, or are not on the class path
     */
    static SequencedMap<String, byte[]> questions() throws IOException {
        SequencedMap<String, byte[]> all = new LinkedHashMap<>();
        for (String line : new String(bytes("questions.tsv"), StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.isEmpty()) continue;
            String[] fields = line.split("\t", 2);
            all.put(fields[1], bytes(fields[0]));
        }
        return all;
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = BundledModel.class.getClassLoader().getResourceAsStream(QUESTIONS + file)) {
            if (in == null) throw new FileNotFoundException("bundled questions: " + file + " is not on the class path");
            return in.readAllBytes();
        }
    }
}
