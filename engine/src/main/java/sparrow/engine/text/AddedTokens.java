package sparrow.engine.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Finds the tokens that stand outside byte-pair encoding: the longest at the leftmost place. */
final class AddedTokens {
    private final Map<String, Integer> idOf = new HashMap<>();
    private final BitSet firstChars = new BitSet();
    /** Lengths that occur, the longest first. There are few, whatever the number of tokens. */
    private final int[] lengths;

    AddedTokens(Map<Integer, String> contents) {
        contents.forEach((id, content) -> {
            idOf.put(content, id);
            firstChars.set(content.charAt(0));
        });
        lengths = contents.values().stream()
                .mapToInt(content -> -content.length())
                .distinct()
                .sorted()
                .map(length -> -length)
                .toArray();
    }

    /** The id of exactly this token, or null. */
    Integer id(String content) {
        return idOf.get(content);
    }

    /** The longest token that begins at this index of the text, or null. */
    String longestAt(String text, int index) {
        if (!firstChars.get(text.charAt(index))) return null;
        for (int length : lengths) {
            if (length > text.length() - index) continue;
            String candidate = text.substring(index, index + length);
            if (idOf.containsKey(candidate)) return candidate;
        }
        return null;
    }
}
