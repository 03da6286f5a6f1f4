package sparrow.study.layers;

import java.util.List;
import java.util.function.ToDoubleFunction;
import sparrow.app.report.Mean;

/**
 * The agreement of one layer with the last one, over some positions of all replies. Standard errors are over replies.
 *
 * @param positions their number
 * @param agreement share where its likeliest token is that of the last layer
 * @param topFive share where the last layer's choice is among its five likeliest tokens
 * @param entropy nats
 * @param divergence KL(p_L || p_l), nats
 */
public record Agreement(int positions, Mean agreement, Mean topFive, Mean entropy, Mean divergence) {
    private static final int FIVE = 5;

    /**
     * Over the positions of many replies.
     *
     * @param replies readings of the layer at the positions of each
     */
    static Agreement of(List<List<Reading>> replies) {
        return new Agreement(
                replies.stream().mapToInt(List::size).sum(),
                mean(replies, reading -> reading.rank() == 0 ? 1 : 0),
                mean(replies, reading -> reading.rank() != Reading.UNKNOWN && reading.rank() < FIVE ? 1 : 0),
                mean(replies, Reading::entropy),
                mean(replies, Reading::divergence));
    }

    private static Mean mean(List<List<Reading>> replies, ToDoubleFunction<Reading> value) {
        double[] sums = replies.stream()
                .mapToDouble(reply -> reply.stream().mapToDouble(value).sum())
                .toArray();
        return Mean.overReplies(sums, replies.stream().mapToInt(List::size).toArray());
    }
}
