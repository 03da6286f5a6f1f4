package sparrow.engine.decode;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/** Counts the {@link Effort} of a reply under way. */
final class EffortCount {
    private final Map<Modality, Count> counts = new EnumMap<>(Modality.class);

    private static final class Count {
        private final SortedMap<Integer, Integer> passes = new TreeMap<>();
        private long rowLayers;
        private int drafted;
        private int confirmed;

        Effort.Share share() {
            return new Effort.Share(passes, rowLayers, drafted, confirmed);
        }
    }

    EffortCount() {
        for (Modality modality : Modality.values()) counts.put(modality, new Count());
    }

    /** A head was asked about the newest position. */
    void pass(Modality modality, int layer) {
        counts.get(modality).passes.merge(layer, 1, Integer::sum);
    }

    /** Positions went through layers, so many in all. */
    void rowLayers(Modality modality, long count) {
        counts.get(modality).rowLayers += count;
    }

    void drafted(Modality modality) {
        counts.get(modality).drafted++;
    }

    void confirmed(Modality modality) {
        counts.get(modality).confirmed++;
    }

    Effort effort() {
        return new Effort(
                counts.get(Modality.TEXT).share(), counts.get(Modality.SPEECH).share());
    }
}
