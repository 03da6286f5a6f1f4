package sparrow.train.harvest;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;

/**
 * Positions of replies, in some order.
 *
 * @param replies of the store
 * @param reply number of each position's reply
 * @param at place of each position in its reply
 */
public record Positions(List<StoredReply> replies, int[] reply, int[] at) {
    /**
     * All positions of some replies, in the order of the store.
     *
     * @param wanted of the numbers of replies
     * @param vocabulary of the head: one that knows no text is not asked at text positions
     */
    public static Positions of(List<StoredReply> replies, IntPredicate wanted, HeadVocabulary vocabulary) {
        IntStream.Builder reply = IntStream.builder();
        IntStream.Builder at = IntStream.builder();
        for (int number = 0; number < replies.size(); number++) {
            if (!wanted.test(number)) continue;
            for (int position = 0; position < replies.get(number).positions(); position++) {
                StoredReply decided = replies.get(number);
                boolean known = switch (vocabulary) {
                    case FULL -> !decided.isFrame(position);
                    case SPEECH -> decided.modality(position) == Modality.SPEECH && !decided.isFrame(position);
                    case FRAMES -> decided.isFrame(position);
                };
                if (!known) continue;
                reply.add(number);
                at.add(position);
            }
        }
        return new Positions(replies, reply.build().toArray(), at.build().toArray());
    }

    public int size() {
        return reply.length;
    }

    /** These positions in an order that the random numbers choose. */
    public Positions shuffled(SplittableRandom random) {
        int[] order = IntStream.range(0, size()).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return new Positions(
                replies,
                IntStream.of(order).map(i -> reply[i]).toArray(),
                IntStream.of(order).map(i -> at[i]).toArray());
    }

    /** Positions {@code from} to {@code to} (exclusive) of this order. */
    public Positions range(int from, int to) {
        return new Positions(replies, Arrays.copyOfRange(reply, from, to), Arrays.copyOfRange(at, from, to));
    }

    /** True if a position's reply has one this many places later. */
    public boolean hasAhead(int i, int places) {
        return at[i] + places < replies.get(reply[i]).positions();
    }

    /** The positions so many places further on; the last of the reply where it has none there. */
    public Positions ahead(int places) {
        int[] further = IntStream.range(0, size())
                .map(i -> Math.min(at[i] + places, replies.get(reply[i]).positions() - 1))
                .toArray();
        return new Positions(replies, reply, further);
    }

    /** The token that a position decided in its reply. */
    public int token(int i) {
        return replies.get(reply[i]).token(at[i]);
    }

    /** The codes of the frame that a position decided in its reply. */
    public int[] codes(int i) {
        return replies.get(reply[i]).codes(at[i]);
    }

    public Modality modality(int i) {
        return replies.get(reply[i]).modality(at[i]);
    }

    /** The last layer's greedy choice. */
    public int choice(int i) {
        return replies.get(reply[i]).choice(at[i]);
    }

    /** Writes the hidden states after a layer, [positions, width]. */
    public void states(int layer, float[] to, int width) {
        for (int i = 0; i < size(); i++) replies.get(reply[i]).state(layer, at[i], to, i * width);
    }

    public StoredReply stored(int i) {
        return replies.get(reply[i]);
    }
}
