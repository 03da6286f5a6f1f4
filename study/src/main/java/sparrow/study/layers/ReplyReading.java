package sparrow.study.layers;

import java.util.List;
import sparrow.engine.interleave.Modality;
import sparrow.study.run.KeptReply;

/**
 * One reply at full depth as every layer would have had it: the units are the reply's own, the layers are only asked
 * (teacher forcing).
 *
 * @param reply as it was decided
 * @param layers from the lowest to the last
 */
record ReplyReading(KeptReply reply, List<LayerReading> layers) {
    ReplyReading {
        layers = List.copyOf(layers);
        for (LayerReading layer : layers) {
            if (layer.positions() != reply.units().size()) {
                throw new IllegalArgumentException("layer " + layer.layer() + ": expected as many positions as the "
                        + reply.units().size() + " units of its reply");
            }
        }
    }

    /** Decided units, the end token included. */
    int positions() {
        return reply.units().size();
    }

    /** The modality that was expected at a position. */
    Modality modality(int position) {
        return reply.modalities().charAt(position) == 'T' ? Modality.TEXT : Modality.SPEECH;
    }

    /** Place of a position in the run of its modality, from 1. */
    int chunkPosition(int position) {
        return reply.chunkPositions().get(position);
    }

    /**
     * The reading of a layer.
     *
     * @throws IllegalArgumentException if it was not read
     */
    LayerReading after(int layer) {
        return layers.stream()
                .filter(reading -> reading.layer() == layer)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " was not read"));
    }
}
