package sparrow.study.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BigramsTest {
    /** Sums of a few doubles. */
    private static final double ROUNDING = 1e-12;

    @Test
    void countsWhatFollowsWhat() {
        Bigrams bigrams = bigrams("a b", "a c", "a b");

        // 9 words and ends; after "a", of 3 counts, half of one is kept back from each of "b" and "c".
        assertThat(bigrams.probability("a")).isEqualTo(3 / 9.0);
        assertThat(bigrams.probability("a", "b")).isCloseTo(1.5 / 3, within(ROUNDING));
        assertThat(bigrams.probability("a", "c")).isCloseTo(0.5 / 3, within(ROUNDING));
        // What is left, 1/3, goes to "a" and the end as 3 to 3.
        assertThat(bigrams.probability("a", "a")).isCloseTo(1 / 6.0, within(ROUNDING));
        assertThat(bigrams.probability("a", Bigrams.END)).isCloseTo(1 / 6.0, within(ROUNDING));
    }

    static LongStream seeds() {
        return new SplittableRandom(20261124).longs(50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isADistributionAfterEveryWord(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> vocabulary = List.of("a", "b", "c", "d", "e").subList(0, random.nextInt(1, 6));
        List<List<String>> sentences = new ArrayList<>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            sentences.add(Stream.generate(() -> vocabulary.get(random.nextInt(vocabulary.size())))
                    .limit(random.nextInt(1, 9))
                    .toList());
        }
        Bigrams bigrams = Bigrams.of(sentences);

        List<String> said = sentences.stream().flatMap(List::stream).distinct().toList();
        List<String> next = Stream.concat(said.stream(), Stream.of(Bigrams.END)).toList();
        for (String previous :
                Stream.concat(said.stream(), Stream.of(Bigrams.START)).toList()) {
            double sum = next.stream()
                    .mapToDouble(word -> bigrams.probability(previous, word))
                    .sum();
            assertThat(sum).as("after %s", previous).isCloseTo(1, within(ROUNDING));
        }
    }

    @Test
    void writesArpa(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bigrams.arpa");

        bigrams("a b", "a c", "a b").write(file);

        // Back-off weights: after "a", 2 halves of 3 counts for the words that are 6 of 9; at the start, 1 half of 3.
        assertThat(Files.readAllLines(file))
                .startsWith("\\data\\", "ngram 1=5", "ngram 2=5", "", "\\1-grams:")
                .contains("-99.000000 <s> -0.602060", "-0.477121 a -0.301030", "-0.477121 </s> 0.000000")
                .contains("\\2-grams:", "-0.301030 a b", "-0.778151 a c", "-0.079181 <s> a")
                .endsWith("", "\\end\\");
    }

    @Test
    void doesNotDependOnTheOrderOfSentences(@TempDir Path folder) throws IOException {
        bigrams("a b", "c d", "b").write(folder.resolve("one"));
        bigrams("b", "a b", "c d").write(folder.resolve("other"));

        assertThat(folder.resolve("one")).hasSameTextualContentAs(folder.resolve("other"));
    }

    @Test
    void needsAWord() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bigrams.of(List.of(List.of())))
                .withMessage("language model: expected sentences, got no word");
    }

    private static Bigrams bigrams(String... sentences) {
        return Bigrams.of(Arrays.stream(sentences)
                .map(sentence -> List.of(sentence.split(" ")))
                .toList());
    }
}
