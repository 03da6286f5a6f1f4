package sparrow.study.layers;

import java.util.List;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.study.run.KeptReply;

/**
 * A reply at full depth, and the distributions of the layers along it, teacher-forced by the reply's own units.
 *
 * @param reply the reply
 * @param layers readings in ascending order of layers
 */
record ReplyReading(KeptReply reply, List<LayerReading> layers) {
    /**
     * The distributions of a layer at each position of a reply: lists of the components of {@link Reading}, with one
     * element per decided unit.
     *
     * @param layer layer, from 1
     */
    record LayerReading(
            int layer, List<Unit> choices, List<Integer> ranks, List<Float> entropies, List<Float> divergences) {
        LayerReading {
            choices = List.copyOf(choices);
            ranks = List.copyOf(ranks);
            entropies = List.copyOf(entropies);
            divergences = List.copyOf(divergences);
            int positions = choices.size();
            if (ranks.size() != positions || entropies.size() != positions || divergences.size() != positions) {
                throw new IllegalArgumentException("layer " + layer + ": expected lists of the same length");
            }
        }

        static LayerReading of(int layer, List<Reading> readings) {
            return new LayerReading(
                    layer,
                    readings.stream().map(Reading::choice).toList(),
                    readings.stream().map(Reading::rank).toList(),
                    readings.stream().map(Reading::entropy).toList(),
                    readings.stream().map(Reading::divergence).toList());
        }

        int positions() {
            return choices.size();
        }

        Reading at(int position) {
            return new Reading(
                    choices.get(position), ranks.get(position), entropies.get(position), divergences.get(position));
        }
    }

    ReplyReading {
        layers = List.copyOf(layers);
        for (LayerReading layer : layers) {
            if (layer.positions() != reply.units().size()) {
                throw new IllegalArgumentException("layer " + layer.layer() + ": expected as many positions as the "
                        + reply.units().size() + " units of its reply");
            }
        }
    }

    /** Returns the number of decided units, including the end token. */
    int positions() {
        return reply.units().size();
    }

    /** Returns the modality expected at a position. */
    Modality modality(int position) {
        return reply.modalities().charAt(position) == 'T' ? Modality.TEXT : Modality.SPEECH;
    }

    /** Returns a position's place within consecutive positions of its modality, from 1. */
    int chunkPosition(int position) {
        return reply.chunkPositions().get(position);
    }

    /**
     * Returns the reading of a layer.
     *
     * @throws IllegalArgumentException if the layer was not read
     */
    LayerReading after(int layer) {
        return layers.stream()
                .filter(reading -> reading.layer() == layer)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " was not read"));
    }
}
