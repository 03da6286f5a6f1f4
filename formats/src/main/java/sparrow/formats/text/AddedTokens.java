package sparrow.formats.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Finds the tokens that stand outside byte-pair encoding: the longest at the leftmost place. */
final class AddedTokens {
    private final Map<String, Integer> idOf = new HashMap<>();
    private final BitSet firstChars = new BitSet();
    /** In the order of their characters: those that begin alike are neighbours, the shorter one first. */
    private final String[] sorted;

    AddedTokens(Map<Integer, String> contents) {
        contents.forEach((id, content) -> {
            idOf.put(content, id);
            firstChars.set(content.charAt(0));
        });
        sorted = idOf.keySet().stream().sorted().toArray(String[]::new);
    }

    /** The id of exactly this token, or null. */
    Integer id(String content) {
        return idOf.get(content);
    }

    /** The longest token that begins at this index of the text, or null. */
    String longestAt(String text, int index) {
        if (!firstChars.get(text.charAt(index))) return null;
        String longest = null;
        // Tokens from begin to end have the text's characters up to here, and at least one more of their own.
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
     * The first of these tokens whose character at {@code at} is this one or one after it. Most steps leave out few tokens
     * at either end, so the search goes inwards from both, in steps that double.
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
