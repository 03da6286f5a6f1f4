package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.testing.Seeds;

class TokenRanksTest {
    static LongStream seeds() {
        return Seeds.drawn(20263);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mergesAsTheNaiveLoopDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Integer> ranks = ranks(random);
        TokenRanks pairs = new TokenRanks(vocabulary(ranks));

        for (int i = 0; i < 20; i++) {
            String piece = word(random, random.nextInt(1, 40));
            List<Integer> ids = new ArrayList<>();
            pairs.encode(piece.getBytes(StandardCharsets.ISO_8859_1), ids::add);

            assertThat(ids).as(piece).isEqualTo(naive(piece, ranks));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLastMergeOfATokenIsThatOfTheLoopWithoutIt(long seed) {
        Map<String, Integer> ranks = ranks(new SplittableRandom(seed));
        TokenRanks pairs = new TokenRanks(vocabulary(ranks));

        ranks.forEach((word, rank) -> {
            if (word.length() == 1) return;
            Map<String, Integer> lower = new HashMap<>(ranks);
            lower.values().removeIf(other -> other >= rank);

            int[] parts = pairs.lastParts(rank);

            assertThat(Arrays.stream(parts).boxed().toList()).as(word).isEqualTo(naive(word, lower));
        });
    }

    /** The definition, word for word. */
    private static List<Integer> naive(String piece, Map<String, Integer> ranks) {
        if (ranks.containsKey(piece)) return List.of(ranks.get(piece));
        List<String> parts =
                new ArrayList<>(piece.chars().mapToObj(Character::toString).toList());
        while (true) {
            int lowest = -1;
            for (int i = 0; i + 1 < parts.size(); i++) {
                Integer rank = ranks.get(parts.get(i) + parts.get(i + 1));
                if (rank == null) continue;
                if (lowest < 0 || rank < ranks.get(parts.get(lowest) + parts.get(lowest + 1))) lowest = i;
            }
            if (lowest < 0) return parts.stream().map(ranks::get).toList();
            parts.set(lowest, parts.get(lowest) + parts.remove(lowest + 1));
        }
    }

    private static Map<String, Integer> ranks(SplittableRandom random) {
        Map<String, Integer> ranks = new HashMap<>();
        for (int i = 0; i < 3; i++) ranks.put(String.valueOf((char) ('a' + i)), i);
        while (ranks.size() < 40) ranks.putIfAbsent(word(random, random.nextInt(2, 6)), ranks.size());
        return ranks;
    }

    private static Vocabulary vocabulary(Map<String, Integer> ranks) {
        Map<Integer, byte[]> tokens = new HashMap<>();
        ranks.forEach((word, rank) -> tokens.put(rank, word.getBytes(StandardCharsets.ISO_8859_1)));
        return new Vocabulary(tokens);
    }

    private static String word(SplittableRandom random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) word.append((char) ('a' + random.nextInt(3)));
        return word.toString();
    }
}
