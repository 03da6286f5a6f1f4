package sparrow.train;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;
import sparrow.formats.BadFileException;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoredReply;
import sparrow.train.optimiser.Hyperparameters;

/**
 * The positions for training and for measurement. Complete replies are held out because positions of one reply are too
 * similar.
 *
 * @param training positions for training
 * @param heldOut positions of replies that are not used for training
 */
record Split(Positions training, Positions heldOut) {
    /**
     * Splits the positions of a store. The seed determines the held-out replies.
     *
     * @param trained vocabulary that determines which positions are used
     * @throws BadFileException if there are too few replies for a split
     */
    static Split of(HarvestStore store, HeadVocabulary trained, Hyperparameters hyperparameters) {
        List<StoredReply> replies = store.replies();
        BitSet heldOut = heldOut(replies.size(), hyperparameters);
        Split split = new Split(
                Positions.of(replies, number -> !heldOut.get(number), trained),
                Positions.of(replies, heldOut::get, trained));
        if (split.training().size() == 0 || split.heldOut().size() == 0) {
            throw new BadFileException(
                    store.folder(),
                    "expected positions both to train on and to hold out, found " + replies.size() + " replies with "
                            + store.positions(Modality.SPEECH) + " speech and " + store.positions(Modality.TEXT)
                            + " text positions");
        }
        return split;
    }

    private static BitSet heldOut(int replies, Hyperparameters hyperparameters) {
        int count = (int) Math.max(1, Math.round(hyperparameters.heldOut() * replies));
        int[] order = IntStream.range(0, replies).toArray();
        SplittableRandom random = new SplittableRandom(hyperparameters.seed());
        BitSet chosen = new BitSet();
        for (int i = 0; i < Math.min(count, replies); i++) {
            int other = random.nextInt(i, replies);
            int taken = order[other];
            order[other] = order[i];
            chosen.set(taken);
        }
        return chosen;
    }
}
