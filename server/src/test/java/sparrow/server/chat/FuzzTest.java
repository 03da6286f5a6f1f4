package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.ConversationPool;
import sparrow.server.Running;
import sparrow.server.Wire;

/**
 * Whatever is sent, the answer says what is wrong with it and nothing of the server's inside; {@code -Dsparrow.fuzz=100000} sends
 * more.
 */
@Tag("full")
class FuzzTest {
    private static final int BODIES = Integer.getInteger("sparrow.fuzz", 1000);

    /** What most bodies need a long way to get wrong. */
    private static final String[] SEEDS = {
        "{\"model\":\"sparrow-tiny\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
        "{\"model\":\"sparrow-tiny\",\"max_tokens\":1,\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":["
                + "{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]},"
                + "{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"}]}",
        "{\"model\":\"sparrow-tiny\",\"max_tokens\":1,\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":"
                + "\"wav\"},\"temperature\":0.5,\"top_p\":0.9,\"seed\":7,\"sparrow\":{\"exit\":\"even:12\"},"
                + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\","
                + "\"data\":\"UklGRiQAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQAAAAA=\"}}]}]}",
        "{\"model\":\"sparrow-tiny\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\","
                + "\"input_audio\":{\"format\":\"opus\",\"data\":\"T2dnUwACAAAAAAAAAAA=\"}}]}]}",
    };

    private static final String[] PIECES = {
        "null",
        "true",
        "-1",
        "1e999",
        "0.1",
        "\"\"",
        "[]",
        "{}",
        "\"user\"",
        "\"assistant\"",
        "\"even:99\"",
        "\"\\u0000\"",
        "9223372036854775808",
        "\"\\ud800\"",
        "[[[[[[[[",
        "}",
        ",",
        ":",
        "\"audio_x\"",
        "\"format\"",
    };

    private static Running running;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @Test
    void everyBodyGetsAnAnswerOfTheDocumentedKind() {
        for (int seed = 0; seed < BODIES; seed++) {
            byte[] body = body(new SplittableRandom(seed));

            Wire.Said said = wire.send("POST", "/v1/chat/completions", body, "content-type", "application/json");

            assertThat(said.status()).as("seed %d: %s", seed, said.text()).isIn(200, 400, 404);
            assertThat(said.text()).as("seed %d", seed).doesNotContain("Exception", "\tat ", "java.");
            if (said.status() != 200) {
                assertThat(said.message()).as("seed %d", seed).isNotBlank().doesNotContain("\n");
            }
        }
        ConversationPool.Status after = running.pool.status();
        assertThat(after.waiting()).isZero();
    }

    private static byte[] body(SplittableRandom random) {
        String seed = SEEDS[random.nextInt(SEEDS.length)];
        return switch (random.nextInt(4)) {
            case 0 -> damagedBytes(seed, random);
            case 1 -> seed.substring(0, random.nextInt(seed.length())).getBytes(StandardCharsets.UTF_8);
            case 2 -> anotherValue(seed, random).getBytes(StandardCharsets.UTF_8);
            default -> withoutAField(seed, random).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] damagedBytes(String seed, SplittableRandom random) {
        byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(1, 6); i > 0; i--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        return bytes;
    }

    /** A value, from a colon to the next comma or brace, becomes another. */
    private static String anotherValue(String seed, SplittableRandom random) {
        int from = seed.indexOf(':', random.nextInt(seed.length()));
        if (from < 0) return seed;
        int to = from + 1;
        while (to < seed.length() && ",}]".indexOf(seed.charAt(to)) < 0) to++;
        return seed.substring(0, from + 1) + PIECES[random.nextInt(PIECES.length)] + seed.substring(to);
    }

    private static String withoutAField(String seed, SplittableRandom random) {
        int from = seed.indexOf('"', random.nextInt(seed.length()));
        if (from < 0) return seed;
        return seed.substring(0, from) + "\"x" + seed.substring(from + 1);
    }
}
