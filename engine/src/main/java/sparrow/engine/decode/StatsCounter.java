package sparrow.engine.decode;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/** Counts the {@link ComputeStats} and the {@link EarlyTokenAgreement} of a reply under way. */
public final class StatsCounter {
    private final Map<Modality, Share> shares = new EnumMap<>(Modality.class);
    private EarlyTokenAgreement agreement = EarlyTokenAgreement.NONE;

    private static final class Share {
        private final SortedMap<Integer, Integer> passes = new TreeMap<>();
        private long positionLayers;
        private int drafted;
        private int confirmed;

        ComputeStats.Share stats() {
            return new ComputeStats.Share(passes, positionLayers, drafted, confirmed);
        }
    }

    StatsCounter() {
        for (Modality modality : Modality.values()) shares.put(modality, new Share());
    }

    /** Counts a position that left after a layer when it was the newest. */
    void passed(Modality modality, int layer) {
        shares.get(modality).passes.merge(layer, 1, Integer::sum);
    }

    /** Counts layers that positions went through, so many in all. */
    void carried(Modality modality, long positionLayers) {
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

    ComputeStats stats() {
        return new ComputeStats(
                shares.get(Modality.TEXT).stats(), shares.get(Modality.SPEECH).stats());
    }

    EarlyTokenAgreement agreement() {
        return agreement;
    }
}
