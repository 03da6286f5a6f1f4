package sparrow.bench.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the benchmark.
 *
 * @param server address of the WebSocket
 * @param apiKey for its authorization header
 * @param talkers numbers of those that talk at once, one measurement each
 * @param turns questions of each talker
 * @param atMost no question begins later than this
 * @param bargeIn share of the answers that are interrupted
 * @param turnTaking the side that tells when a question is over
 * @param history the fate of earlier turns
 * @param seed of what is asked when, and what is interrupted
 */
public record LoadSettings(
        URI server,
        Optional<String> apiKey,
        List<Integer> talkers,
        int turns,
        Duration atMost,
        double bargeIn,
        TurnTaking turnTaking,
        History history,
        long seed) {
    public LoadSettings {
        talkers = List.copyOf(talkers);
        for (int count : talkers) {
            if (count < 1 || count > 1024) {
                throw new IllegalArgumentException("talkers: expected 1 to 1024, got " + count);
            }
        }
        if (turns < 1) throw new IllegalArgumentException("turns: expected 1 or more, got " + turns);
        if (!(bargeIn >= 0 && bargeIn <= 1)) {
            throw new IllegalArgumentException("barge-in: expected a probability from 0 to 1, got " + bargeIn);
        }
    }
}
