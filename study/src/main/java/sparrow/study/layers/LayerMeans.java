package sparrow.study.layers;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import sparrow.engine.exit.Modality;

/**
 * How one layer compares with the last one, over some positions of all replies.
 *
 * @param positions how many
 * @param agreement share where its likeliest token is that of the last layer
 * @param topFive share where the last layer's choice is among its five likeliest tokens
 * @param entropy nats
 * @param divergence KL(p_L || p_l), nats
 */
public record LayerMeans(int positions, Mean agreement, Mean topFive, Mean entropy, Mean divergence) {
    private static final int FIVE = 5;

    /** Which positions of a reply count. */
    interface Positions {
        boolean has(ReplyReading reply, int position);

        /** Those that were expected to decide a token of one modality. */
        static Positions of(Modality modality) {
            return (reply, position) -> reply.modality(position) == modality;
        }

        /** Those of them at one place of their chunks, from 1. */
        default Positions at(int chunkPosition) {
            return (reply, position) -> has(reply, position) && reply.chunkPosition(position) == chunkPosition;
        }
    }

    /**
     * Over the positions of many replies.
     *
     * @param layer its place among the layers that were read, from 0
     */
    static LayerMeans of(List<ReplyReading> replies, int layer, Positions which) {
        List<List<Reading>> readings =
                replies.stream().map(reply -> readings(reply, layer, which)).toList();
        return new LayerMeans(
                readings.stream().mapToInt(List::size).sum(),
                mean(readings, reading -> reading.rank() == 0 ? 1 : 0),
                mean(readings, reading -> reading.rank() != Reading.UNKNOWN && reading.rank() < FIVE ? 1 : 0),
                mean(readings, Reading::entropy),
                mean(readings, Reading::divergence));
    }

    private static List<Reading> readings(ReplyReading reply, int layer, Positions which) {
        return IntStream.range(0, reply.positions())
                .filter(at -> which.has(reply, at))
                .mapToObj(reply.layers().get(layer)::at)
                .toList();
    }

    private static Mean mean(List<List<Reading>> replies, ToDoubleFunction<Reading> value) {
        double[] sums = replies.stream()
                .mapToDouble(reply -> reply.stream().mapToDouble(value).sum())
                .toArray();
        return Mean.of(sums, replies.stream().mapToInt(List::size).toArray());
    }
}
