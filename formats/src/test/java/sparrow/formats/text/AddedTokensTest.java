package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AddedTokensTest {
    @Test
    void findsTheLongestAsASearchThroughAllOfThemDoes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 300; round++) {
            Map<Integer, String> tokens = new HashMap<>();
            while (tokens.size() < 1 + random.nextInt(12)) tokens.put(tokens.size(), word(random, 1, 4));
            AddedTokens added = new AddedTokens(tokens);
            String text = word(random, 12, 12);
            for (int at = 0; at < text.length(); at++) {
                String rest = text.substring(at);
                String expected = tokens.values().stream()
                        .filter(rest::startsWith)
                        .max((a, b) -> Integer.compare(a.length(), b.length()))
                        .orElse(null);

                assertThat(added.longestAt(text, at)).isEqualTo(expected);
            }
        }
    }

    private static String word(SplittableRandom random, int least, int most) {
        StringBuilder word = new StringBuilder();
        int length = random.nextInt(least, most + 1);
        while (word.length() < length) word.append("ab\uffff".charAt(random.nextInt(3)));
        return word.toString();
    }

    /** Once this took 135 GB of substrings, and with them 23 s. */
    @Tag("full")
    @Test
    @Timeout(300)
    void fourThousandLengthsTakeNoSubstrings() {
        Map<Integer, String> tokens = new HashMap<>();
        for (int length = 1; length <= 4000; length++) tokens.put(length, "a".repeat(length) + "b");
        AddedTokens added = new AddedTokens(tokens);
        String text = "a".repeat(20_000);
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        for (int at = 0; at < text.length(); at++)
            assertThat(added.longestAt(text, at)).isNull();

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(1L << 30);
    }
}
