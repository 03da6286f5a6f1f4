package sparrow.bench.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of {@code sparrow bench load}.
 *
 * @param server address of the WebSocket
 * @param apiKey key for the authorization header
 * @param talkers numbers of concurrent talkers, each measured in turn
 * @param turns number of questions per talker
 * @param atMost time after which no question starts
 * @param bargeIn fraction of answers to interrupt
 * @param turnTaking side that detects the end of a question
 * @param history treatment of earlier turns
 * @param seed random seed for the choice of questions, their times and the interruptions
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
    /** Path of GPT-Live sessions on a server. */
    static final String LIVE = "/v1/live/sessions";

    boolean isLive() {
        return server.getPath().endsWith(LIVE);
    }

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
