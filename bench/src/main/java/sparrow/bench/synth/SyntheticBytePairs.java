package sparrow.bench.synth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A byte-pair vocabulary of any size that replaces a published vocabulary, whose tokens must not be copied. The
 * vocabulary contains all bytes, then the words of given texts with all their prefixes, and then strings of lower-case
 * letters. The given texts are split into about as many tokens as with a real vocabulary, so that prompts have a
 * realistic length.
 */
final class SyntheticBytePairs {
    private static final Pattern WORD = Pattern.compile(" ?\\p{Alpha}+");

    private final List<byte[]> tokens = new ArrayList<>();
    private final List<Merge> merges = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    /**
     * Two tokens that are merged into a new token.
     *
     * @param left bytes of the new token except its last byte
     * @param right last byte of the new token
     */
    public record Merge(byte[] left, byte[] right) {}

    /**
     * Creates a vocabulary of the given size.
     *
     * @param size number of tokens, at least 256
     * @param texts texts whose words become tokens
     * @throws IllegalArgumentException if there are not enough strings for the size
     */
    public SyntheticBytePairs(int size, List<String> texts) {
        for (int value = 0; value < 256; value++) add(String.valueOf((char) value));
        for (String text : texts) {
            Matcher words = WORD.matcher(text);
            while (words.find()) {
                for (int end = 2; end <= words.group().length() && tokens.size() < size; end++) {
                    add(words.group().substring(0, end));
                }
            }
        }
        List<String> shorter = List.of(
                "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
                "v", "w", "x", "y", "z");
        while (tokens.size() < size) {
            List<String> longer = new ArrayList<>();
            for (String begin : shorter) {
                for (char letter = 'a'; letter <= 'z' && tokens.size() < size; letter++) {
                    add(begin + letter);
                    longer.add(begin + letter);
                }
            }
            shorter = longer;
        }
        if (tokens.size() != size) throw new IllegalArgumentException("size: expected 256 or more, got " + size);
    }

    private void add(String latin1) {
        if (!known.add(latin1)) return;
        byte[] token = latin1.getBytes(StandardCharsets.ISO_8859_1);
        tokens.add(token);
        if (latin1.length() == 1) return;
        int last = latin1.length() - 1;
        merges.add(new Merge(
                latin1.substring(0, last).getBytes(StandardCharsets.ISO_8859_1),
                latin1.substring(last).getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Returns the bytes of each token by id. */
    public List<byte[]> tokens() {
        return tokens;
    }

    /** Returns the merges in order; each creates a token of two or more bytes. */
    public List<Merge> merges() {
        return merges;
    }
}
