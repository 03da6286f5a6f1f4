package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.testing.Seeds;

class ListedMergesTest {
    static LongStream seeds() {
        return Seeds.drawn(20264);
    }

    private record Pair(String left, String right) {}

    /** Tokens grow from merges, get ids at random and, one in three times, a second merge that makes them. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mergesAsTheNaiveLoopDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> words = new ArrayList<>(List.of("a", "b", "c"));
        List<Pair> list = new ArrayList<>();
        while (list.size() < 40) {
            Pair pair = new Pair(words.get(random.nextInt(words.size())), words.get(random.nextInt(words.size())));
            String product = pair.left + pair.right;
            boolean known = words.contains(product);
            if (product.length() > 8 || list.contains(pair) || known && random.nextInt(3) > 0) continue;
            if (!known) words.add(product);
            list.add(pair);
        }
        Map<String, Integer> idOf = ids(words, random);
        ListedMerges merges = merges(idOf, list);

        for (int i = 0; i < 20; i++) {
            StringBuilder piece = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) piece.append("abc".charAt(random.nextInt(3)));

            assertThat(encoded(merges, piece.toString()))
                    .as(piece.toString())
                    .isEqualTo(naive(piece.toString(), list).stream()
                            .map(idOf::get)
                            .toList());
        }
    }

    @Test
    void goesByThePlaceOfAPairAndNotByTheIdOfItsToken() {
        Map<String, Integer> idOf = Map.of("a", 9, "b", 8, "ab", 0, "ba", 1, "aba", 2);
        ListedMerges merges = merges(idOf, List.of(new Pair("b", "a"), new Pair("a", "b"), new Pair("ab", "a")));

        assertThat(encoded(merges, "ab")).containsExactly(0);
        // a+ba would be a token, but only ab+a is a merge.
        assertThat(encoded(merges, "aba")).containsExactly(9, 1);
    }

    /** Ids whose pairs have one hash, 31 left + right, were looked through one by one: minutes for a file of megabytes. */
    @Test
    @Timeout(300)
    void pairsThatWereMadeToCollideAreFoundQuickly() {
        int count = 100_000;
        Map<Integer, byte[]> tokens = new HashMap<>();
        // Token 31 (count - i) stands right of token i; together they are another token.
        for (int i = 0; i < count; i++) {
            tokens.put(i, ("L" + i + ".").getBytes(StandardCharsets.ISO_8859_1));
            tokens.put(31 * (2 * count - i), ("R" + i + ".").getBytes(StandardCharsets.ISO_8859_1));
            tokens.put(100_000_000 + i, ("L" + i + ".R" + i + ".").getBytes(StandardCharsets.ISO_8859_1));
        }
        ListedMerges merges = new ListedMerges(new Vocabulary(tokens));

        for (int i = 0; i < count; i++) merges.add("L" + i + ".", "R" + i + ".");

        for (int i = 0; i < count; i++)
            assertThat(merges.rank(i, 31 * (2 * count - i))).isEqualTo(i);
    }

    /** The definition, word for word. */
    private static List<String> naive(String piece, List<Pair> list) {
        List<String> parts =
                new ArrayList<>(piece.chars().mapToObj(Character::toString).toList());
        while (true) {
            int best = -1;
            int lowest = list.size();
            for (int i = 0; i + 1 < parts.size(); i++) {
                int rank = list.indexOf(new Pair(parts.get(i), parts.get(i + 1)));
                if (rank >= 0 && rank < lowest) {
                    best = i;
                    lowest = rank;
                }
            }
            if (best < 0) return parts;
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
    }

    private static Map<String, Integer> ids(List<String> words, SplittableRandom random) {
        Map<String, Integer> idOf = new HashMap<>();
        for (String word : words) {
            int id = random.nextInt(1000);
            while (idOf.containsValue(id)) id++;
            idOf.put(word, id);
        }
        return idOf;
    }

    private static ListedMerges merges(Map<String, Integer> idOf, List<Pair> list) {
        Map<Integer, byte[]> tokens = new HashMap<>();
        idOf.forEach((word, id) -> tokens.put(id, word.getBytes(StandardCharsets.ISO_8859_1)));
        ListedMerges merges = new ListedMerges(new Vocabulary(tokens));
        for (Pair pair : list) merges.add(pair.left, pair.right);
        return merges;
    }

    private static List<Integer> encoded(ListedMerges merges, String piece) {
        List<Integer> ids = new ArrayList<>();
        merges.encode(piece.getBytes(StandardCharsets.ISO_8859_1), ids::add);
        return ids;
    }
}
