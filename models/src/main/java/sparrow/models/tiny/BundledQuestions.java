package sparrow.models.tiny;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Recorded sample questions for the bundled model. */
public final class BundledQuestions {
    private static final String ROOT = "META-INF/sparrow/questions/";

    private BundledQuestions() {}

    /**
     * Returns the WAV files of the questions by their text.
     *
     * @throws IOException if they cannot be read, or are not on the class path
     */
    public static SequencedMap<String, byte[]> all() throws IOException {
        SequencedMap<String, byte[]> all = new LinkedHashMap<>();
        for (String line : new String(bytes("questions.tsv"), StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.isEmpty()) continue;
            String[] fields = line.split("\t", 2);
            all.put(fields[1], bytes(fields[0]));
        }
        return all;
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = BundledQuestions.class.getClassLoader().getResourceAsStream(ROOT + file)) {
            if (in == null) throw new FileNotFoundException("bundled questions: " + file + " is not on the class path");
            return in.readAllBytes();
        }
    }
}
