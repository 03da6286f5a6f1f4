package sparrow.engine.reply;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * The computation of the units of one or more replies, removed positions included. Positions count by what they were
 * expected to decide.
 */
public record ComputeStats(Share text, Share speech) {
    /** Nothing was computed. */
    public static final ComputeStats NONE = new ComputeStats(Share.NONE, Share.NONE);

    /**
     * The computation of one modality.
     *
     * @param passes positions that a head was asked about when they were the newest, by its layer: each was a reading of the
     *     layers up to there
     * @param positionLayers layers that positions went through in these passes, pending ones included
     * @param drafted tokens that were drafted
     * @param confirmed those of them that stayed
     */
    public record Share(SortedMap<Integer, Integer> passes, long positionLayers, int drafted, int confirmed) {
        /** Nothing was computed. */
        public static final Share NONE = new Share(new TreeMap<>(), 0, 0, 0);

        public Share {
            passes = Collections.unmodifiableSortedMap(new TreeMap<>(passes));
        }

        /** Layers whose weights were read, one reading for each pass, as if the sequence had been alone. */
        public long layersRead() {
            return passes.entrySet().stream()
                    .mapToLong(pass -> (long) pass.getKey() * pass.getValue())
                    .sum();
        }

        /** Both together. */
        public Share plus(Share other) {
            SortedMap<Integer, Integer> sum = new TreeMap<>(passes);
            other.passes.forEach((layer, count) -> sum.merge(layer, count, Integer::sum));
            return new Share(
                    sum, positionLayers + other.positionLayers, drafted + other.drafted, confirmed + other.confirmed);
        }
    }

    /** Both modalities together. */
    public Share total() {
        return text.plus(speech);
    }

    /** Both together. */
    public ComputeStats plus(ComputeStats other) {
        return new ComputeStats(text.plus(other.text), speech.plus(other.speech));
    }

    /** Counts the {@link ComputeStats} and the {@link EarlyTokenAgreement} of a reply while it is decoded. */
    public static final class Counter {
        private final Map<Modality, Modal> shares = new EnumMap<>(Modality.class);
        private EarlyTokenAgreement agreement = EarlyTokenAgreement.NONE;

        private static final class Modal {
            private final SortedMap<Integer, Integer> passes = new TreeMap<>();
            private long positionLayers;
            private int drafted;
            private int confirmed;

            Share stats() {
                return new Share(passes, positionLayers, drafted, confirmed);
            }
        }

        /** Begins at nothing. */
        public Counter() {
            for (Modality modality : Modality.values()) shares.put(modality, new Modal());
        }

        /** Counts a position that left after a layer when it was the newest. */
        public void passed(Modality modality, int layer) {
            shares.get(modality).passes.merge(layer, 1, Integer::sum);
        }

        /** Counts layers that positions went through, so many in all. */
        public void carried(Modality modality, long positionLayers) {
            shares.get(modality).positionLayers += positionLayers;
        }

        /** Counts a draft. */
        public void drafted(Modality modality) {
            shares.get(modality).drafted++;
        }

        /** Counts a draft that full depth confirmed. */
        public void confirmed(Modality modality) {
            shares.get(modality).confirmed++;
        }

        /**
         * Counts an early unit that full depth was asked about.
         *
         * @param right whether full depth would have chosen it too
         * @param nats how much less likely than its favourite full depth finds it
         */
        public void verified(boolean right, double nats) {
            agreement = agreement.plus(right, nats);
        }

        /** The computation so far. */
        public ComputeStats stats() {
            return new ComputeStats(
                    shares.get(Modality.TEXT).stats(),
                    shares.get(Modality.SPEECH).stats());
        }

        /** The agreement so far. */
        public EarlyTokenAgreement agreement() {
            return agreement;
        }
    }
}
