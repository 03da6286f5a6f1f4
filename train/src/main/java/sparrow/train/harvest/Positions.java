package sparrow.train.harvest;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;

/**
 * A sequence of positions in replies.
 *
 * @param replies replies of the store
 * @param reply index of each position's reply
 * @param at index of each position in its reply
 */
public record Positions(List<StoredReply> replies, int[] reply, int[] at) {
    /**
     * Returns all positions of the selected replies, in store order.
     *
     * @param wanted determines which reply numbers are included
     * @param vocabulary vocabulary of the head; text positions are omitted if it contains no text
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

    /** Returns these positions in a random order. */
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

    /** Returns positions {@code from} (inclusive) to {@code to} (exclusive). */
    public Positions range(int from, int to) {
        return new Positions(replies, Arrays.copyOfRange(reply, from, to), Arrays.copyOfRange(at, from, to));
    }

    /** Returns whether a position's reply also contains the position that is the given number of places later. */
    public boolean hasAhead(int i, int places) {
        return at[i] + places < replies.get(reply[i]).positions();
    }

    /**
     * Returns, for each position, the position that is the given number of places later, or the last position of the
     * reply if there is none.
     */
    public Positions ahead(int places) {
        int[] further = IntStream.range(0, size())
                .map(i -> Math.min(at[i] + places, replies.get(reply[i]).positions() - 1))
                .toArray();
        return new Positions(replies, reply, further);
    }

    /** Returns the token that a position decided. */
    public int token(int i) {
        return replies.get(reply[i]).token(at[i]);
    }

    /** Returns the codes of the frame that a position decided. */
    public int[] codes(int i) {
        return replies.get(reply[i]).codes(at[i]);
    }

    public Modality modality(int i) {
        return replies.get(reply[i]).modality(at[i]);
    }

    /** Returns the last layer's greedy choice at a position. */
    public int choice(int i) {
        return replies.get(reply[i]).choice(at[i]);
    }

    /** Writes the hidden states of all positions after a layer, [positions, width]. */
    public void states(int layer, float[] to, int width) {
        for (int i = 0; i < size(); i++) replies.get(reply[i]).state(layer, at[i], to, i * width);
    }

    public StoredReply stored(int i) {
        return replies.get(reply[i]);
    }
}
