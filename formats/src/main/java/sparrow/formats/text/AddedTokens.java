package sparrow.formats.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds added tokens in text, which byte-pair encoding does not split. The leftmost match is found, or the longest of
 * several leftmost matches.
 */
final class AddedTokens {
    private final Map<String, Integer> idOf = new HashMap<>();
    private final BitSet firstChars = new BitSet();
    /** Tokens sorted by characters, so that tokens with a common prefix are adjacent and shorter tokens come first. */
    private final String[] sorted;

    AddedTokens(Map<Integer, String> contents) {
        contents.forEach((id, content) -> {
            idOf.put(content, id);
            firstChars.set(content.charAt(0));
        });
        sorted = idOf.keySet().stream().sorted().toArray(String[]::new);
    }

    /** Returns the id of a token, or null if there is no such token. */
    Integer id(String content) {
        return idOf.get(content);
    }

    /** Returns the longest token that begins at an index of the text, or null if there is none. */
    String longestAt(String text, int index) {
        if (!firstChars.get(text.charAt(index))) return null;
        String longest = null;
        // Tokens from begin to end match the text so far and have at least one more character.
        int begin = 0;
        int end = sorted.length;
        for (int at = 0; begin < end && index + at < text.length(); at++) {
            int next = text.charAt(index + at);
            begin = first(begin, end, at, next);
            end = first(begin, end, at, next + 1);
            if (begin < end && sorted[begin].length() == at + 1) longest = sorted[begin++];
        }
        return longest;
    }

    /**
     * Returns the index of the first token whose character at {@code at} is greater than or equal to {@code character}.
     * Most calls exclude only a few tokens at each end, so a galloping search is used from both ends.
     */
    private int first(int begin, int end, int at, int character) {
        int below = begin - 1;
        int above = end;
        for (int step = 1; above - below > 1; step <<= 1) {
            int low = Math.min(below + step, above - 1);
            if (sorted[low].charAt(at) >= character) {
                above = low;
                break;
            }
            below = low;
            int high = Math.max(above - step, below + 1);
            if (high >= above) break;
            if (sorted[high].charAt(at) < character) {
                below = high;
                break;
            }
            above = high;
        }
        while (above - below > 1) {
            int middle = (below + above) >>> 1;
            if (sorted[middle].charAt(at) < character) below = middle;
            else above = middle;
        }
        return above;
    }
}
