package sparrow.engine.reply;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * The amount of computation for one or more replies, including removed positions. A position is assigned to the
 * modality of the unit that it was expected to decide.
 *
 * @param text computation at text positions
 * @param speech computation at speech positions
 */
public record ComputeStats(Share text, Share speech) {
    /** Statistics without any computation. */
    public static final ComputeStats NONE = new ComputeStats(Share.NONE, Share.NONE);

    /**
     * The amount of computation for one modality.
     *
     * @param passes number of newest positions that exited after each layer; each of these positions read the weights
     *     of the layers up to its exit
     * @param positionLayers number of layers that positions passed through in these passes, summed over positions,
     *     including pending positions
     * @param drafted number of drafted tokens
     * @param accepted number of drafted tokens accepted by full depth
     */
    public record Share(SortedMap<Integer, Integer> passes, long positionLayers, int drafted, int accepted) {
        /** The share of a modality without any computation. */
        public static final Share NONE = new Share(new TreeMap<>(), 0, 0, 0);

        public Share {
            passes = Collections.unmodifiableSortedMap(new TreeMap<>(passes));
        }

        /**
         * Returns the number of layers whose weights were read, summed over passes, as if the batch contained only this
         * sequence.
         */
        public long layersRead() {
            return passes.entrySet().stream()
                    .mapToLong(pass -> (long) pass.getKey() * pass.getValue())
                    .sum();
        }

        /** Returns the sum of two shares. */
        public Share plus(Share other) {
            SortedMap<Integer, Integer> sum = new TreeMap<>(passes);
            other.passes.forEach((layer, count) -> sum.merge(layer, count, Integer::sum));
            return new Share(
                    sum, positionLayers + other.positionLayers, drafted + other.drafted, accepted + other.accepted);
        }
    }

    /** Returns the sum of both modalities. */
    public Share total() {
        return text.plus(speech);
    }

    /** Returns the sum of two statistics. */
    public ComputeStats plus(ComputeStats other) {
        return new ComputeStats(text.plus(other.text), speech.plus(other.speech));
    }

    /** Collects the {@link ComputeStats} and the {@link EarlyTokenAgreement} of a reply while it is decoded. */
    public static final class Counter {
        private final Map<Modality, Modal> shares = new EnumMap<>(Modality.class);
        private EarlyTokenAgreement agreement = EarlyTokenAgreement.NONE;

        private static final class Modal {
            private final SortedMap<Integer, Integer> passes = new TreeMap<>();
            private long positionLayers;
            private int drafted;
            private int accepted;

            Share stats() {
                return new Share(passes, positionLayers, drafted, accepted);
            }
        }

        /** Creates a counter whose counts are zero. */
        public Counter() {
            for (Modality modality : Modality.values()) shares.put(modality, new Modal());
        }

        /** Counts an exit of the newest position after a layer. */
        public void addExit(Modality modality, int layer) {
            shares.get(modality).passes.merge(layer, 1, Integer::sum);
        }

        /** Adds the number of layers that positions passed through, summed over positions. */
        public void addPositionLayers(Modality modality, long positionLayers) {
            shares.get(modality).positionLayers += positionLayers;
        }

        /** Counts a draft. */
        public void addDraft(Modality modality) {
            shares.get(modality).drafted++;
        }

        /** Counts a draft accepted by full depth. */
        public void addAccepted(Modality modality) {
            shares.get(modality).accepted++;
        }

        /**
         * Counts an early unit verified by full depth.
         *
         * @param agrees whether full depth would also have chosen the unit
         * @param nats difference between the full-depth log probabilities of the likeliest unit and this unit, in nats
         */
        public void addVerified(boolean agrees, double nats) {
            agreement = agreement.plus(agrees, nats);
        }

        /** Returns the amount of computation counted so far. */
        public ComputeStats stats() {
            return new ComputeStats(
                    shares.get(Modality.TEXT).stats(),
                    shares.get(Modality.SPEECH).stats());
        }

        /** Returns the agreement of the early units counted so far. */
        public EarlyTokenAgreement agreement() {
            return agreement;
        }
    }
}
