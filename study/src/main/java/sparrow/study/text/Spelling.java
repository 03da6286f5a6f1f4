package sparrow.study.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Converts British spelling to American, according to the list in spellings.txt. */
final class Spelling {
    private static final Map<String, String> AMERICAN = read("spellings.txt");

    private Spelling() {}

    /** Returns the words separated by single spaces, with American spelling for words in the list. */
    static String american(String text) {
        return Letters.words(text).stream()
                .map(word -> AMERICAN.getOrDefault(word, word))
                .collect(Collectors.joining(" "));
    }

    private static Map<String, String> read(String resource) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Spelling.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
